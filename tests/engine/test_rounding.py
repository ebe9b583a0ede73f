"""Rounding in every tier, where it is hardest: on ties, and one part in 10^18 beside them."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from naive import round_one

from perfdsl.data.columns import DataColumn, DataTable, column
from perfdsl.engine.columnar import planned, run
from perfdsl.engine.rounding import floor_or_ceil, whole
from perfdsl.engine.values import Number, fractions
from perfdsl.graph.builder import Builder
from perfdsl.graph.exact import rounded
from perfdsl.graph.ops import Fn
from perfdsl.graph.ranges import LIMITS, Limits, Tier
from perfdsl.graph.types import NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, ValueType

LADDERS = {
    Tier.SINGLE: LIMITS,
    Tier.WIDE: Limits(single=1),
    Tier.EXACT: Limits(single=1, wide=1),
}


def round_column(
    over: list[Fraction], under: list[Fraction] | None, digits: int, mode: Mode, limits: Limits
) -> tuple[list[object], Tier]:
    """``over`` ÷ ``under`` rounded by the engine, and the tier it took."""
    columns = {"p": column("p", ValueType.NUMBER, [(State.VALUE, v) for v in over])}
    if under is not None:
        columns["q"] = column("q", ValueType.NUMBER, [(State.VALUE, v) for v in under])
    builder = Builder({("u", name): NodeType("u", ValueType.NUMBER, RATIO) for name in columns})
    of = builder.column("u", "p")
    if under is not None:
        of = builder.apply(Fn.DIVIDE, of, builder.column("u", "q"))
    node = builder.rounded(of, digits, mode)
    results = run(builder.graph(), {"u": DataTable("u", len(over), columns)}, frozenset({node}), limits)
    return [value for _, value in results.cells(node)], results.plan.steps[node].tier


# ---- by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        # 1.005  1.015  1.0149 -1.005  2.675  0.004 -0.001
        (Mode.HALF_UP, "1.01 1.02 1.01 -1.01 2.68 0 0"),
        (Mode.HALF_EVEN, "1 1.02 1.01 -1 2.68 0 0"),
        (Mode.DOWN, "1 1.01 1.01 -1 2.67 0 0"),
        (Mode.UP, "1.01 1.02 1.02 -1.01 2.68 0.01 -0.01"),
    ],
)
@pytest.mark.parametrize("limits", LADDERS.values(), ids=lambda limits: f"single={limits.single}")
def test_by_hand(mode: Mode, expected: str, limits: Limits) -> None:
    given = [Fraction(v, 10000) for v in (10050, 10150, 10149, -10050, 26750, 40, -10)]
    found, _ = round_column(given, None, 2, mode, limits)
    assert found == [Fraction(text) for text in expected.split()]


# ---- every tie -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("digits", range(5))
@pytest.mark.parametrize("tier", LADDERS)
def test_every_tie_and_its_neighbours(mode: Mode, digits: int, tier: Tier) -> None:
    last = Fraction(1, 10**digits)
    ties = [(k + Fraction(1, 2)) * last for k in range(-60, 60)]
    grid = [v + step * last / 1000 for v in ties for step in (-1, 0, 1)] + [k * last for k in range(-60, 60)]
    found, taken = round_column(grid, None, digits, mode, LADDERS[tier])
    assert taken is tier
    assert found == [round_one(v, digits, mode) for v in grid]


@pytest.mark.parametrize("mode", Mode)
def test_tens_and_hundreds(mode: Mode) -> None:
    grid = [Fraction(v) for v in range(-260, 260, 5)]
    for limits in LADDERS.values():
        assert round_column(grid, None, -2, mode, limits)[0] == [round_one(v, -2, mode) for v in grid]
        assert round_column(grid, None, -1, mode, limits)[0] == [round_one(v, -1, mode) for v in grid]


@pytest.mark.parametrize("mode", Mode)
def test_digits_that_are_already_there_need_no_division(mode: Mode) -> None:
    grid = [Fraction(v, 100) for v in range(-50, 50)]
    found, tier = round_column(grid, None, 3, mode, LIMITS)
    assert (found, tier) == (grid, Tier.INTEGER)


# ---- as near to a tie as a fraction can come -------------------------------------------------------------------


def near_ties(bits: int, count: int, seed: int) -> list[tuple[int, int]]:
    """Pairs p, q below 2^bits with 2p = (2k + 1) q, or one more or one less."""
    source = random.Random(seed)
    pairs: list[tuple[int, int]] = []
    while len(pairs) < count:
        q = source.getrandbits(source.randint(1, bits - 1)) | 1
        k = source.getrandbits(source.randint(0, max(bits - q.bit_length() - 1, 0)))
        p = ((2 * k + 1) * q + source.choice([-3, -1, 1, 3])) // 2
        if source.random() < 0.3:  # a true tie needs an even denominator
            p, q = (2 * k + 1) * q, 2 * q
        if 0 < p < 2**bits and 0 < q < 2**bits:
            pairs.append((source.choice([p, -p]), q))
    return pairs


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("tier", "bits"), [(Tier.SINGLE, 52), (Tier.WIDE, 52), (Tier.WIDE, 58), (Tier.WIDE, 61)])
def test_near_ties_at_the_edge_of_each_tier(mode: Mode, tier: Tier, bits: int) -> None:
    pairs = near_ties(bits, 4000, bits)
    number = Number(np.array([p for p, _ in pairs]), np.array([q for _, q in pairs]))
    assert whole(number, mode, tier).tolist() == [round_one(Fraction(p, q), 0, mode) for p, q in pairs]


@pytest.mark.parametrize(("tier", "bits"), [(Tier.SINGLE, 52), (Tier.WIDE, 61), (Tier.EXACT, 61)])
def test_floor_and_ceil_at_the_edge_of_each_tier(tier: Tier, bits: int) -> None:
    source = random.Random(bits)
    pairs = []
    for _ in range(4000):
        q = source.getrandbits(source.randint(1, bits)) or 1
        k = source.getrandbits(bits) // q
        p = min(max(k * q + source.choice([-1, 0, 1]), 0), 2**bits - 1)
        pairs.append((source.choice([p, -p]), q))
    number = Number(np.array([p for p, _ in pairs]), np.array([q for _, q in pairs]))
    if tier is Tier.EXACT:
        number = Number(fractions(number))
    assert floor_or_ceil(number, False, tier).tolist() == [p // q for p, q in pairs]
    assert floor_or_ceil(number, True, tier).tolist() == [-(-p // q) for p, q in pairs]


def test_the_first_tier_is_wrong_one_step_beyond_its_limit() -> None:
    """So the limit is not caution: with single=2^53 instead of 2^52 the same near ties come out wrong."""
    p, q = [], []
    for k in range(1, 4000):
        # just below the tie: quotient about 2^52, so that neighbouring doubles are one half apart
        q.append(Fraction(2 * k + 1, 1))
        p.append(Fraction((2**53 - 1 - 2 * k) // (2 * k + 1) * (2 * k + 1) + k))
    right = [round_one(a / b, 0, Mode.HALF_UP) for a, b in zip(p, q, strict=True)]
    found, tier = round_column(p, q, 0, Mode.HALF_UP, LIMITS)
    assert (found, tier) == (right, Tier.WIDE)
    found, tier = round_column(p, q, 0, Mode.HALF_UP, Limits(single=2**53))
    assert tier is Tier.SINGLE
    assert found != right


def test_beyond_the_second_tier_the_engine_goes_to_fractions_by_itself() -> None:
    p, q = [Fraction(2**61 - 1), Fraction(3)], [Fraction(3), Fraction(2)]
    assert round_column(p, q, 2, Mode.HALF_UP, LIMITS) == (
        [Fraction(76861433640456465033, 100), Fraction("1.5")],
        Tier.EXACT,
    )


# ---- which tier ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("largest", "tier"),
    [(2**52 - 1, Tier.SINGLE), (2**52, Tier.WIDE), (2**61 - 1, Tier.WIDE), (2**61, Tier.EXACT), (2**62, Tier.EXACT)],
)
def test_the_tier_follows_from_the_largest_number(largest: int, tier: Tier) -> None:
    values = np.array([-largest, 7])
    data = {
        "u": DataTable(
            "u",
            2,
            {
                "p": DataColumn("p", ValueType.NUMBER, values, np.zeros(2, np.uint8)),
                "q": DataColumn("q", ValueType.NUMBER, np.array([3, 2]), np.zeros(2, np.uint8)),
            },
        )
    }
    builder = Builder({("u", name): NodeType("u", ValueType.NUMBER, RATIO) for name in "pq"})
    quotient = builder.apply(Fn.DIVIDE, builder.column("u", "p"), builder.column("u", "q"))
    node = builder.rounded(quotient, 0)
    builder.output("r", node)
    step = planned(builder.graph(), data).steps[node]
    assert step.tier is tier
    assert (f"2^{largest.bit_length()}" in step.reason) is (largest < 2**62)
    cells = [value for _, value in run(builder.graph(), data).output("r")]
    assert cells == [round_one(Fraction(-largest, 3), 0, Mode.HALF_UP), Fraction(4)]


def test_rounding_is_monotone() -> None:
    """The bounds of a rounded number are its rounded bounds, which holds only if this does."""
    grid = [Fraction(v, 7) for v in range(-40, 40)]
    for mode in Mode:
        for digits in (-1, 0, 1):
            assert all(rounded(a, digits, mode) <= rounded(b, digits, mode) for a, b in pairwise(grid))
            assert [rounded(v, digits, mode) for v in grid] == [round_one(v, digits, mode) for v in grid]
