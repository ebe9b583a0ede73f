"""Late rounding: sums of many quotients, rounded once, against plain fractions; ties on purpose."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from perfdsl.data.columns import DataColumn, DataTable
from perfdsl.engine import late
from perfdsl.engine.columnar import run
from perfdsl.engine.late import Late
from perfdsl.graph.builder import Builder
from perfdsl.graph.exact import rounded
from perfdsl.graph.ops import Fn, Round
from perfdsl.graph.ranges import Limits, Tier
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, ValueType
from perfdsl.text.records import replace

PARTS, ROWS = 12, 3000
WIDEST = late.WIDEST


def columns(seed: int) -> dict[str, DataColumn]:
    """Numerators and denominators, half of the denominators round, so that many sums lie just where rounding turns."""
    chance = np.random.default_rng(seed)
    present = np.zeros(ROWS, dtype=np.uint8)
    found = {}
    for part in range(PARTS):
        nice = chance.choice([8, 16, 25, 32, 40, 125, 200], ROWS)
        odd = chance.integers(3, 999, ROWS)
        row_is_nice = np.arange(ROWS) % 2 == 0
        found[f"q{part}"] = np.where(row_is_nice, nice, odd)
        found[f"p{part}"] = chance.integers(-500, 1500, ROWS)
    return {name: DataColumn(name, ValueType.NUMBER, values, present, 0) for name, values in found.items()}


@pytest.mark.parametrize(
    ("widest", "by_denominators"), [(WIDEST, True), (WIDEST, False), (2.0**26, False), (1.0, False)]
)
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("digits", [0, 2, 4])
def test_sums_of_quotients_are_rounded_exactly(
    mode: Mode, digits: int, widest: float, by_denominators: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "WIDEST", widest)
    data = columns(digits)
    build = Builder({("u", name): NodeType("u", ValueType.NUMBER, RATIO, ALL_STATES) for name in data})
    one = build.number(1)
    shares = [
        build.apply(Fn.LEAST, build.apply(Fn.DIVIDE, build.column("u", f"p{i}"), build.column("u", f"q{i}")), one)
        for i in range(PARTS)
    ]
    total = build.apply(
        Fn.SUBTRACT, build.apply(Fn.ADD, *shares[:-1]), build.apply(Fn.MULTIPLY, shares[-1], build.number(3))
    )
    node = build.rounded(total, digits, mode)
    unsure: list[int] = []
    left: list[int] = []
    by_fractions: list[int] = []
    whole, turning, exactly = late._whole, late._turning, late._exact_rows

    def counted(*args: object) -> object:
        found = whole(*args)  # type: ignore[arg-type]
        unsure.append(int(found[1].sum()))
        return found

    def on_turns(number: Any, under: Any, op: Any, error: float) -> Any:
        found, undecided = turning(number, under, op, error)
        if not by_denominators:
            undecided[:] = True
        left.append(int(undecided.sum()))
        return np.where(undecided, 7, found), undecided

    def too_wide(frame: Any, each: Late, at: Any, lines: Any) -> Any:
        by_fractions.append(len(at))
        return exactly(frame, each, at, lines)

    monkeypatch.setattr(late, "_whole", counted)
    monkeypatch.setattr(late, "_turning", on_turns)
    monkeypatch.setattr(late, "_exact_rows", too_wide)
    results = run(build.graph(), {"u": DataTable("u", ROWS, data)}, frozenset({node}))
    parts = [part for stage in results.program.stages for todo in stage.rows.values() for part in todo.parts]
    assert [part for part in parts if isinstance(part, Late)]
    assert results.plan.steps[node].tier is Tier.LATE
    assert "误差界" in results.plan.steps[node].reason
    values = {name: one.values.tolist() for name, one in data.items()}
    for row, (_, found) in enumerate(results.cells(node)):
        each = [min(Fraction(values[f"p{i}"][row], values[f"q{i}"][row]), Fraction(1)) for i in range(PARTS)]
        assert found == rounded(sum(each[:-1], Fraction(0)) - 3 * each[-1], digits, mode), row
    # rows whose denominators are round may be ties and need fractions, the others do not
    assert 0 < sum(unsure) < ROWS * 0.55
    if by_denominators:
        assert sum(left) <= sum(unsure) * 0.01
        return
    # what round denominators have in common is small; but no integer lies below 1/2
    assert left == unsure
    if widest == WIDEST:
        assert sum(by_fractions) <= sum(unsure) * 0.01
    elif widest == 1.0:
        assert sum(by_fractions) == sum(unsure)


@pytest.mark.parametrize("factor", [1, 8])
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("digits", [0, 2])
def test_denominators_decide_only_what_they_must(mode: Mode, digits: int, factor: int) -> None:
    """Numbers on turns and as near to them as their denominators let them, with doubles that are off by all they may."""
    chance = random.Random(digits)
    half = Fraction(1, 2) if mode in (Mode.HALF_UP, Mode.HALF_EVEN) else Fraction(0)
    decided: list[tuple[bool, bool]] = []
    for _ in range(4000):
        turn = chance.randint(1, 10**6) - half
        under = chance.choice([1, 2, 3, 8, 125, 1000, 99991, 2**20, 10**9 + 7, 2**52 + 1]) * (2 if half else 1)
        beside = chance.choice([0, 0, 1, -1, 2]) * Fraction(1, under)
        # a denominator of the number before it is scaled
        number, error = turn + beside, 2.0 ** -chance.randint(4, 40)
        off = min(Fraction(error), abs(beside) + Fraction(error) / 2) * (-1 if beside > 0 else 1)
        if abs(beside) > 2 * error or under * 10**digits >= 2**53:
            continue
        sign = chance.choice([1, -1])
        found, left = late._turning(
            np.array([sign * float(number + off)]),
            np.array([float(under * 10**digits)]),
            Round(0, digits, mode),
            (error + 2.0**-30) / factor,
        )
        right = found[0] == rounded(sign * number, 0, mode)
        assert left[0] or right or factor > 1, (number, under, error)
        decided.append((bool(left[0]), bool(right)))
    # a bound that is too small would be wrong
    assert ((False, False) in decided) == (factor > 1)
    assert (False, True) in decided


def test_a_denominator_that_is_no_double_decides_nothing() -> None:
    """What it has in common with the scale makes it no smaller."""
    for under in (2.0**53, 2.0**60):
        _, left = late._turning(np.array([0.5]), np.array([under]), Round(0, 15, Mode.HALF_UP), 2.0**-50)
        assert left.all()


def test_a_denominator_may_be_too_large_for_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all rows can be written over: known where it is a whole double, else larger than any; sums, products, choices."""
    rows, chance = 500, np.random.default_rng(3)
    present = np.zeros(rows, dtype=np.uint8)
    made = {f"p{i}": chance.integers(1, 1000, rows) for i in range(6)}
    small, large = (chance.choice([4, 9, 25, 49, 121], (6, rows)), chance.integers(10**5, 10**6, (6, rows)))
    made |= {f"q{i}": np.where(np.arange(rows) < 250, small[i], large[i]) for i in range(6)}
    data = {name: DataColumn(name, ValueType.NUMBER, values, present, 0) for name, values in made.items()}
    build = Builder({("u", name): NodeType("u", ValueType.NUMBER, RATIO, ALL_STATES) for name in data})
    shares = [build.apply(Fn.DIVIDE, build.column("u", f"p{i}"), build.column("u", f"q{i}")) for i in range(6)]
    many = build.apply(Fn.LESS, build.number(500), build.column("u", "p0"))
    chosen = build.choose((many, shares[0]), otherwise=shares[1])
    product = build.apply(Fn.MULTIPLY, build.apply(Fn.LEAST, shares[2], shares[3]), shares[3])
    total = build.apply(Fn.ADD, chosen, build.apply(Fn.NEGATE, product), shares[4], shares[5])
    node = build.rounded(total, 2)
    seen: list[Any] = []

    def none_on_turns(number: Any, under: Any, op: object, error: float) -> Any:
        seen.append(under.tolist())
        return number, np.ones(rows, bool)

    monkeypatch.setattr(late, "_whole", lambda number, mode, error: (number, np.ones(rows, bool)))
    monkeypatch.setattr(late, "_turning", none_on_turns)
    cells = run(build.graph(), {"u": DataTable("u", rows, data)}, frozenset({node})).cells(node)
    [unders] = seen
    known = 0
    for row, (under, (_, found)) in enumerate(zip(unders, cells, strict=True)):
        each = [Fraction(int(made[f"p{i}"][row]), int(made[f"q{i}"][row])) for i in range(6)]
        first = each[0] if made["p0"][row] > 500 else each[1]
        exact = first - min(each[2], each[3]) * each[3] + each[4] + each[5]
        assert found == rounded(exact, 2, Mode.HALF_UP), row
        if under < 2.0**53:
            assert (exact * int(under)).denominator == 1, row
            known += 1
    assert 250 <= known < rows


def test_a_smaller_error_would_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rows that doubles cannot decide, ties go wrong: the error is no ornament."""
    chance = random.Random(1)
    rows = 400
    present = np.zeros(rows, dtype=np.uint8)
    q = np.array([chance.choice([3, 7, 11, 13]) for _ in range(rows)])
    halves = np.array([2 * chance.randint(0, 500) + 1 for _ in range(rows)])
    made = {"a": halves * q, "b": 200 * q}  # a ÷ b is an odd number of half hundredths
    for i in range(8):
        made[f"p{i}"], made[f"q{i}"] = np.full(rows, i + 1) * 7, q * (i + 3)
    data = {name: DataColumn(name, ValueType.NUMBER, values, present, 0) for name, values in made.items()}
    build = Builder({("u", name): NodeType("u", ValueType.NUMBER, RATIO, ALL_STATES) for name in data})
    parts = [build.apply(Fn.DIVIDE, build.column("u", f"p{i}"), build.column("u", f"q{i}")) for i in range(8)]
    back = [build.apply(Fn.NEGATE, part) for part in parts]
    tie = build.apply(Fn.DIVIDE, build.column("u", "a"), build.column("u", "b"))
    node = build.rounded(build.apply(Fn.ADD, *parts, tie, *back), 2)
    expected = [rounded(Fraction(int(n), 200), 2, Mode.HALF_UP) for n in halves]

    def scores() -> list[object]:
        return [
            value for _, value in run(build.graph(), {"u": DataTable("u", rows, data)}, frozenset({node})).cells(node)
        ]

    assert scores() == expected
    whole = late._whole
    monkeypatch.setattr(
        late, "_whole", lambda number, mode, error: (whole(number, mode, error)[0], np.zeros(rows, bool))
    )
    assert scores() != expected


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("block", [2**16, 37])
def test_what_is_summed_is_computed_where_it_is_needed(block: int, zero: bool) -> None:
    """Differences below the line, conditions, and blocks: rows that are looked at again are those of their block."""
    data = columns(7)
    some = zero & (np.arange(ROWS) % 50 == 9)
    data["p0"] = replace(data["p0"], values=np.where(some, 0, np.abs(data["p0"].values) + 1))
    build = Builder({("u", name): NodeType("u", ValueType.NUMBER, RATIO, ALL_STATES) for name in data})
    p, q = ([build.column("u", f"{letter}{i}") for i in range(PARTS)] for letter in "pq")
    below = build.apply(Fn.SUBTRACT, build.apply(Fn.ADD, p[0], q[1]), q[1])  # what is positive only the data tell
    shares = [build.apply(Fn.DIVIDE, over, under) for over, under in zip(p[1:], q[1:], strict=True)]
    many = build.apply(Fn.LESS, build.number(500), p[1])
    chosen = build.choose((many, shares[0]), otherwise=build.apply(Fn.NEGATE, shares[1]))
    last = build.apply(Fn.DIVIDE, q[0], below)
    node = build.rounded(build.apply(Fn.ADD, chosen, *shares[2:], last), 2)
    results = run(build.graph(), {"u": DataTable("u", ROWS, data)}, frozenset({node}), Limits(block=block))
    values = {name: one.values.tolist() for name, one in data.items()}
    for row, (state, found) in enumerate(results.cells(node)):
        under = values["p0"][row]
        if not under:
            assert state is State.PENDING, row
            continue
        each = [Fraction(values[f"p{i}"][row], values[f"q{i}"][row]) for i in range(1, PARTS)]
        first = each[0] if values["p1"][row] > 500 else -each[1]
        exact = first + sum(each[2:], Fraction(0)) + Fraction(values["q0"][row], under)
        assert found == rounded(exact, 2, Mode.HALF_UP), row
    if not zero:
        assert results.plan.steps[node].tier is Tier.LATE
