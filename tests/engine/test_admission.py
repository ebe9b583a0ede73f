"""A machine that does not divide as the proof assumes is refused before its first number."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from time import process_time
from typing import Any

import numpy as np
import pytest

from perfdsl.engine import admission, columnar
from perfdsl.engine.admission import NotAdmitted, admit, admit_tiers, near_ties, quotient
from perfdsl.engine.columnar import run
from perfdsl.graph.builder import Builder
from perfdsl.graph.ranges import LIMITS


def test_this_machine_is_admitted_in_a_few_milliseconds() -> None:
    admission.admitted.cache_clear()
    took = []
    for _ in range(20):
        begin = process_time()
        admission.admitted()
        took.append(process_time() - begin)
        admission.admitted.cache_clear()
    assert min(took) < 0.005


def test_the_table_stands_at_halves_and_beside_them() -> None:
    beside = [abs(Fraction(p, q) % 1 - Fraction(1, 2)) for p, q in near_ties()]
    assert beside.count(Fraction(0)) > 10
    assert all(off <= Fraction(3, 2 * q) for off, (_, q) in zip(beside, near_ties(), strict=True))
    assert max(p for p, _ in near_ties()) > LIMITS.single * 0.99


def test_quotients_are_worked_out_without_dividing_doubles() -> None:
    for p, q in near_ties():
        found = quotient(p, q)
        off = abs(Fraction(found) - Fraction(p, q))
        around = (np.nextafter(found, np.inf), np.nextafter(found, -np.inf))
        assert all(off <= abs(Fraction(float(other)) - Fraction(p, q)) for other in around)


def one_bit_high_at_the_last(p: Any, q: Any) -> Any:
    found = p / q
    found[-1] = np.nextafter(found[-1], np.inf)
    return found


@pytest.mark.parametrize(
    "divide",
    [
        lambda p, q: p * (1 / q),
        lambda p, q: np.nextafter(p / q, np.inf),
        lambda p, q: np.nextafter(p / q, 0.0),
        lambda p, q: (p.astype(np.float32) / q.astype(np.float32)).astype(np.float64),
        one_bit_high_at_the_last,
    ],
    ids=["reciprocal", "upwards", "downwards", "single", "one bit"],
)
def test_a_crippled_division_is_refused(divide: admission.Divide) -> None:
    with pytest.raises(NotAdmitted, match="这台机器的除法不准"):
        admit(divide)


def test_a_run_is_refused_where_division_is_crippled(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        admit(lambda p, q: p * (1 / q))

    builder = Builder({})
    builder.output("one", builder.number(1))
    assert run(builder.graph(), {}).output("one")[0][1] == 1
    monkeypatch.setattr(columnar, "admitted", refuse)
    with pytest.raises(NotAdmitted):
        run(builder.graph(), {})


def test_a_tier_that_is_left_one_bit_too_late_is_seen() -> None:
    admit_tiers()
    with pytest.raises(NotAdmitted, match="取整成了"):
        admit_tiers(replace(LIMITS, single=2 * LIMITS.single))
    with pytest.raises(NotAdmitted, match="取整成了"):
        admit_tiers(replace(LIMITS, wide=4 * LIMITS.wide))  # twice is still right: the proof leaves one bit to spare
    admit_tiers(replace(LIMITS, single=LIMITS.single // 2, wide=LIMITS.wide // 2))
