"""The auditor's reading and the graph agree on every cell of rulebooks that nobody wrote.

Set ``PERFDSL_SEEDS=1000:1500`` to look at other rulebooks than those of every day.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generated.books import STRATEGIES, case
from generated.compare import both, differences
from generated.hits import ENOUGH, table, wanted
from generated.leaves import COMBINES
from generated.rulings import GIVES, LIMITS
from generated.shrink import differs_like, first, smallest, told
from generated.survey import shared_out
from perfdsl.clauses import KINDS

DAILY, BOOKS = 18, 400
"""Rulebooks of every day and of the full run, in which everything must be met often enough."""
OTHERS = {"application", "measure", "grades", "scoped_grade", *GIVES}


def test_every_kind_has_a_strategy() -> None:
    made = {*STRATEGIES, *COMBINES, *LIMITS, *OTHERS}
    assert made == {kind.key for kind in KINDS}, "a kind needs a strategy in tests/generated"


@pytest.mark.parametrize("books", [DAILY, pytest.param(BOOKS, marks=pytest.mark.full)])
def test_engines_agree_on_generated_rulebooks(books: int) -> None:
    low, _, high = os.environ.get("PERFDSL_SEEDS", f"0:{books}").partition(":")
    found = shared_out(range(int(low), int(high)))
    print(f"\n{int(high) - int(low)} rulebooks, {found.cells} cells compared\n{table(found.hits)}")
    assert not found.failures, "\n\n".join(found.failures)
    if int(high) - int(low) >= BOOKS:
        rare = {name: found.hits[name] for name in wanted() if found.hits[name] < ENOUGH}
        assert not rare, f"met too rarely: {rare}"


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(10**6, 10**9), st.integers(1, 12))
def test_engines_agree_on_few_units(seed: int, units: int) -> None:
    ran = both(case(seed, units))
    if differences(ran):
        raise AssertionError(told(both(smallest(ran.case, differs_like(first(ran))))))
