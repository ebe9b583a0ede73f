"""Proofs by cases: what can never matter is seen, what can is never called the same."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from generated.books import case
from generated.chance import Chance

from perfdsl.data.columns import DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Band, EffectKind, Fn, Lookup, NodeId, Rank, Reduce, Settle, SettleCase
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Ties, ValueType
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.known import after
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.proving import Prover
from perfdsl.workspace.review.together import UNFIT
from review.edits import edited
from review.test_witnesses import UNITS, changes_results, seeds

Made = Callable[[Builder], NodeId]
EVERY_DAY, EDITS = 4, 2
SIZES = (1, 1, 4, 12)
"""How many units are worked by hand together."""


def same(old: Made, new: Made) -> bool:
    """Whether two results of a unit are proved to be the same."""
    types = {("单位", "值"): NodeType("单位", ValueType.NUMBER, RATIO, ALL_STATES)}
    builder = Builder(types | {("单位", "级别"): NodeType("单位", ValueType.TEXT, None, ALL_STATES)})
    sides = [old(builder), new(builder)]
    builder.output("0|r", sides[0])
    builder.output("1|r", sides[1])
    graph = builder.graph()
    bench = SimpleNamespace(
        graph=graph,
        shelf=SimpleNamespace(below=lambda node: graph.nodes[node].reads),
        node=lambda side, name: sides[side],
        differing=("r",) if sides[0] != sides[1] else (),
        touched=frozenset(),
        tables_differ=False,
        regraded=False,
        apart=lambda populations: False,
    )
    return Prover(cast(Any, bench)).equivalent()


def value(graph: Builder) -> NodeId:
    return graph.column("单位", "值")


def within(graph: Builder, low: int, high: int) -> NodeId:
    """The value, from ``low`` to ``high``."""
    most = graph.apply(Fn.LEAST, value(graph), graph.number(high))
    return graph.apply(Fn.GREATEST, most, graph.number(low))


def capped(most: int) -> Made:
    return lambda graph: graph.apply(Fn.LEAST, within(graph, 0, 5), graph.number(most))


def test_a_cap_that_nothing_reaches() -> None:
    assert same(capped(6), capped(7))
    assert same(capped(5), capped(6))
    assert not same(capped(4), capped(5))


@pytest.mark.parametrize(("twice", "alike"), [(False, True), (True, False)])
def test_a_sum_in_another_cut(twice: bool, alike: bool) -> None:
    def parts(graph: Builder) -> tuple[NodeId, NodeId, NodeId]:
        one, other = within(graph, 0, 3), within(graph, 1, 5)
        return one, other, graph.column("单位", "值")

    def flat(graph: Builder) -> NodeId:
        return graph.apply(Fn.ADD, *parts(graph))

    def cut(graph: Builder) -> NodeId:
        one, other, third = parts(graph)
        return graph.apply(Fn.ADD, third, graph.apply(Fn.ADD, other, other if twice else one))

    assert same(flat, cut) is alike


@pytest.mark.parametrize(("asked", "alike"), [(State.ABSENT, True), (State.MISSING, False)])
def test_what_is_answered_before_is_not_there_after(asked: State, alike: bool) -> None:
    """不涉及 counts as 0, so a sum of it is never 不涉及, and an answer to that says nothing; 未报 is something else."""

    def one(graph: Builder) -> NodeId:
        of = value(graph)
        return graph.apply(
            Fn.ADD, graph.choose((graph.has(of, State.ABSENT), graph.number(0)), otherwise=of), graph.number(1)
        )

    def answered(graph: Builder) -> NodeId:
        made = one(graph)
        return graph.choose((graph.has(made, asked), graph.number(7)), otherwise=made)

    assert same(one, answered) is alike


@pytest.mark.parametrize(("second", "alike"), [(State.ABSENT, True), (State.MISSING, False)])
def test_a_choice_that_goes_on_with_a_choice(second: State, alike: bool) -> None:
    """What the first condition took the second does not see again."""

    def plainly(graph: Builder) -> NodeId:
        of = value(graph)
        return graph.choose((graph.has(of, State.ABSENT), graph.number(0)), otherwise=of)

    def again(graph: Builder) -> NodeId:
        of = value(graph)
        inner = graph.choose((graph.has(of, second), graph.number(5)), otherwise=of)
        return graph.choose((graph.has(of, State.ABSENT), graph.number(0)), otherwise=inner)

    assert same(plainly, again) is alike


@pytest.mark.parametrize(
    ("mode", "one", "other", "alike"),
    [
        (Mode.DOWN, 8, 9, True),
        (Mode.DOWN, 9, 10, False),
        (Mode.HALF_UP, 3, 4, True),
        (Mode.HALF_UP, 4, 5, False),
        (Mode.HALF_EVEN, 4, 5, True),  # a half goes to 0 tens
        (Mode.UP, 8, 9, True),
        (Mode.UP, 10, 11, False),
    ],
)
def test_a_rounding_that_swallows_the_difference(mode: Mode, one: int, other: int, alike: bool) -> None:
    def tens(most: int) -> Made:
        return lambda graph: graph.rounded(within(graph, 0, most), -1, mode)

    assert same(tens(one), tens(other)) is alike


@pytest.mark.parametrize(("end", "alike"), [(126, True), (125, True), (124, False)])
def test_a_row_that_an_earlier_row_takes(end: int, alike: bool) -> None:
    def rows(high: int) -> Made:
        def made(graph: Builder) -> NodeId:
            first = graph.apply(Fn.LESS_EQUAL, graph.number(125), value(graph))
            second = graph.apply(Fn.LESS, value(graph), graph.number(high))
            return graph.choose((first, graph.number(1)), (second, graph.number(2)), otherwise=graph.number(3))

        return made

    assert same(rows(125), rows(end)) is alike


@pytest.mark.parametrize(("low_in", "alike"), [(True, True), (False, False)])
def test_an_end_that_an_earlier_band_has(low_in: bool, alike: bool) -> None:
    """[…, 5] → 1, then [5, …) → 2: 5 is the first one's; where the first ends below 5, it is not."""

    def bands(second_in: bool) -> Made:
        def made(graph: Builder) -> NodeId:
            one, two, none = graph.number(1), graph.number(2), graph.number(0)
            first = Band(one, high=Fraction(5), high_in=low_in)
            return graph.add(Lookup(value(graph), (first, Band(two, low=Fraction(5), low_in=second_in), Band(none))))

        return made

    assert same(bands(True), bands(False)) is alike


@pytest.mark.parametrize(("edge", "alike"), [(Fraction(5, 2), True), (Fraction(3), True), (Fraction(7, 2), False)])
def test_what_is_counted_is_whole(edge: Fraction, alike: bool) -> None:
    def fewer(than: Fraction) -> Made:
        def made(graph: Builder) -> NodeId:
            count = graph.aggregate(Reduce.COUNT, value(graph))
            return graph.apply(Fn.LESS, count, graph.number(than))

        return made

    assert same(fewer(Fraction(3)), fewer(edge)) is alike


@pytest.mark.parametrize(("ties", "alike"), [(Ties.COMPETITION, True), (Ties.DENSE, True), (Ties.AVERAGE, False)])
def test_all_alike_share_the_first_place(ties: Ties, alike: bool) -> None:
    def among(first: int) -> Made:
        def made(graph: Builder) -> NodeId:
            there = graph.has(value(graph), State.VALUE)
            return graph.apply(Fn.LESS, graph.add(Rank(graph.number(5), there, (), True, ties)), graph.number(first))

        return made

    assert same(among(20), among(15)) is alike


@pytest.mark.parametrize(("end", "alike"), [(2, True), (5, False)])
def test_a_number_that_two_comparisons_share(end: int, alike: bool) -> None:
    """Nothing is shared out where the score is there: it is 5, and neither 1 nor 2; where it is not, neither side knows."""

    def compared(to: int) -> Made:
        def made(graph: Builder) -> NodeId:
            gone = graph.has(value(graph), State.ABSENT)
            score = graph.choose((gone, graph.nothing(State.ABSENT, value(graph))), otherwise=graph.number(5))
            asked = graph.choose((gone, graph.number(0)), otherwise=graph.number(10))
            shared = graph.choose((gone, graph.number(10)), otherwise=asked)
            more = graph.apply(Fn.ADD, shared, graph.number(1))
            fewer = graph.apply(Fn.ADD, asked, graph.number(1))
            raised = graph.apply(Fn.MULTIPLY, score, graph.apply(Fn.DIVIDE, more, fewer))
            return graph.apply(Fn.EQUAL, raised, graph.number(to))

        return made

    assert same(compared(1), compared(end)) is alike


@pytest.mark.parametrize(("least", "alike"), [(1, True), (0, False)])
def test_a_number_divided_by_itself(least: int, alike: bool) -> None:
    """It is 1, unless it can be 0."""

    def by_itself(graph: Builder) -> NodeId:
        return graph.apply(Fn.DIVIDE, within(graph, least, 5), within(graph, least, 5))

    def one(graph: Builder) -> NodeId:
        there = graph.has(value(graph), State.VALUE)
        return graph.choose((there, graph.number(1)), otherwise=by_itself(graph))

    assert same(by_itself, one) is alike


LEVELS = ("省级", "市级", "县级")


def by_level(graph: Builder, level: NodeId, county: int) -> NodeId:
    """3 points for 省级, 2 for 市级, ``county`` for 县级."""
    points = zip(LEVELS, (3, 2, county), strict=True)
    return graph.add(Lookup(level, tuple(Band(graph.number(gives), key=word) for word, gives in points)))


def is_any(graph: Builder, level: NodeId, words: tuple[str, ...]) -> NodeId:
    return graph.apply(Fn.OR, *(graph.apply(Fn.EQUAL, level, graph.constant(word, ValueType.TEXT)) for word in words))


@pytest.mark.parametrize(("words", "alike"), [(LEVELS[:2], True), (LEVELS[1:], False)])
@pytest.mark.parametrize("decided", [False, True])
def test_a_word_that_a_condition_rules_out(words: tuple[str, ...], alike: bool, decided: bool) -> None:
    """Points for two of three levels; ``decided``: where nobody knows the level there are none, as for all others."""

    def points(county: int) -> Made:
        def made(graph: Builder) -> NodeId:
            level = graph.column("单位", "级别")
            among = is_any(graph, level, words)
            if decided:
                there = graph.has(among, State.VALUE)
                among = graph.choose((graph.apply(Fn.NOT, there), graph.truth(False)), otherwise=among)
            return graph.choose((among, by_level(graph, level, county)), otherwise=graph.number(0))

        return made

    assert same(points(1), points(0)) is alike


@pytest.mark.parametrize(("given", "alike"), [("市级", True), ("县级", False)])
def test_a_word_that_nothing_gives(given: str, alike: bool) -> None:
    """Above 5 it is 省级, else what is ``given``: the points of 县级 matter only where that is given."""

    def points(county: int) -> Made:
        def made(graph: Builder) -> NodeId:
            words = (graph.constant(word, ValueType.TEXT) for word in ("省级", given))
            high = graph.apply(Fn.LESS, graph.number(5), value(graph))
            one, other = words
            return by_level(graph, graph.choose((high, one), otherwise=other), county)

        return made

    assert same(points(1), points(0)) is alike


ORDER = ("优秀", "良好", "合格")


@pytest.mark.parametrize(
    ("effect", "amount", "always", "alike"),
    [
        (EffectKind.AT_MOST, 1, True, True),
        (EffectKind.AT_MOST, 1, False, False),
        (EffectKind.DROP, 1, True, True),
        (EffectKind.SET, 0, True, False),
        (EffectKind.SET, 2, True, True),
        (EffectKind.AT_LEAST, 1, True, False),
    ],
)
@pytest.mark.parametrize("asked", [Fn.LESS_EQUAL, Fn.EQUAL])
def test_a_grade_that_nobody_can_have(effect: EffectKind, amount: int, always: bool, alike: bool, asked: Fn) -> None:
    """Points for 优秀, from which an effect that comes always, or above 5, leads away or not."""

    def points(most: int) -> Made:
        def made(graph: Builder) -> NodeId:
            best = graph.constant(0, ValueType.GRADE)
            when = graph.truth() if always else graph.apply(Fn.LESS, graph.number(5), value(graph))
            grade = graph.add(Settle(best, (SettleCase(when, effect, amount),), ORDER))
            has = graph.apply(asked, grade, best)
            paid = graph.add(Lookup(grade, tuple(Band(graph.number((most, 1, 0)[at]), key=at) for at in range(3))))
            return graph.choose((has, graph.number(most)), otherwise=paid)

        return made

    assert same(points(3), points(2)) is alike


@pytest.mark.parametrize("effect", EffectKind)
def test_effects_are_those_of_the_engine(effect: EffectKind) -> None:
    for amount in range(3):
        builder = Builder({("单位", "等次"): NodeType("单位", ValueType.GRADE, None, ALL_STATES)})
        case_ = SettleCase(builder.truth(), effect, amount)
        builder.output("等次", builder.add(Settle(builder.column("单位", "等次"), (case_,), ORDER)))
        cells = [(State.VALUE, grade) for grade in ORDER]
        table = DataTable("单位", 3, {"等次": column("等次", ValueType.GRADE, cells, order=ORDER)})
        ran = run(builder.graph(), {"单位": table}).output("等次", "单位")
        assert [place for _, place in ran] == [after(effect, amount, grade, 2) for grade in range(3)]


def test_a_state_that_cannot_be_there_is_no_case() -> None:
    def answered(points: int) -> Made:
        def made(graph: Builder) -> NodeId:
            known = graph.choose((graph.has(value(graph), State.MISSING), graph.number(0)), otherwise=value(graph))
            return graph.choose((graph.has(known, State.MISSING), graph.number(points)), otherwise=known)

        return made

    def open_(points: int) -> Made:
        return lambda graph: graph.choose(
            (graph.has(value(graph), State.MISSING), graph.number(points)), otherwise=value(graph)
        )

    assert same(answered(1), answered(2))
    assert not same(open_(1), open_(2))


def test_what_is_assumed_of_a_unit_says_nothing_of_the_others() -> None:
    """Where this unit has less than 5, the sum of all may still count others that have more."""

    def summed(edge: int) -> Made:
        def made(graph: Builder) -> NodeId:
            more = graph.apply(Fn.LESS_EQUAL, graph.number(edge), value(graph))
            total = graph.aggregate(Reduce.COUNT, value(graph), where=more)
            low = graph.apply(Fn.LESS, value(graph), graph.number(5))
            return graph.choose((low, total), otherwise=graph.number(0))

        return made

    assert not same(summed(5), summed(6))


def unproved(seeds: range) -> tuple[int, int]:
    """How many edits were proved to change nothing; none of them may change a result of the generated data."""
    found = proved = 0
    for seed in seeds:
        made, chance = case(seed, UNITS), Chance(seed + 10**6)
        for _ in range(EDITS):
            edit = edited(made.book, chance)
            if edit is None:
                continue
            try:
                bench = Bench(made.book, edit[0])
            except UNFIT:
                continue
            if not bench.differing:
                continue
            found += 1
            if Prover(bench).equivalent():
                proved += 1
                assert not changes_results(made, edit[0]), f"seed {seed}: {edit[1]}"
    print(f"\n{found} edits that are computed otherwise, {proved} proved to change nothing")
    return found, proved


def test_no_edit_that_changes_a_result_is_proved_away() -> None:
    found, _ = unproved(range(15, 15 + EVERY_DAY))
    assert found


@pytest.mark.full
def test_no_edit_of_many_that_changes_a_result_is_proved_away() -> None:
    found, proved = unproved(range(100, 300))
    assert found > 200
    assert proved


def by_hand(over: range) -> tuple[int, int]:
    """How many first edits are proved to change nothing, and for how many units of any cells both rulebooks were worked by
    hand; none of them may have another result."""
    proved = units = 0
    for seed in over:
        made = case(seed, UNITS)
        edit = edited(made.book, Chance(seed + 10**6))
        if edit is None:
            continue
        bench = Bench(made.book, edit[0])
        if bench.differing and not Prover(bench).equivalent():
            continue
        proved += 1
        making = Making(bench, bench.with_rules(bench.ruled()), False, Random(seed), bench.names)
        for size in SIZES:
            people = tuple(making.wild(making.random.choice(making.bases)) for _ in range(size))
            assert not bench.confirmed(people), f"seed {seed}: {edit[1]}"
            units += size
    print(f"\n{proved} edits proved to change nothing, the same by hand for {units} units")
    return proved, units


def test_what_is_proved_holds_by_hand() -> None:
    proved, units = by_hand(range(6))
    assert proved > 1
    assert units > 30


@pytest.mark.full
def test_what_is_proved_holds_by_hand_for_many() -> None:
    proved, _ = by_hand(seeds(150))
    assert proved
