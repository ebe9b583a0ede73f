"""Turns: the first time so many points, the second so many, from the third on so many each (按次数递增).

    计分：第 1 次扣 1 分；第 2 次扣 2 分；第 3 次起每次扣 3 分，扣完本指标为止

With 台账 the times are its rows (the same matter once, or each row); without, a number that somebody reports, called
like the item. Only how often matters, not in which order. What comes after the last that is written must be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.ledger import SAME_MATTER
from perfdsl.clauses.shared.awards import LOSSES, award_node, start, start_node, takes_away, worth
from perfdsl.clauses.shared.bounds import (
    CAP,
    CAP_CHOICE,
    CAP_FIELD,
    FLOOR,
    FLOOR_CHOICES,
    FLOOR_FIELD,
    capped,
    capped_by_hand,
    check_cap,
    check_nothing_lost,
    check_taking,
    floored,
    floored_by_hand,
)
from perfdsl.clauses.shared.measures import called, measured, points, unit_word
from perfdsl.clauses.shared.rows import EACH, ONCE, matter_columns
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.expression import Condition, Expression
from perfdsl.model.item import Award, Clause, Item, LedgerUse
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, ValueType, decimal, unit_of
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns(Clause):
    """``awards[i]`` is for the ``turns[i]``-th time; one that is ``onward`` for every time from then on."""

    turns: tuple[Expression, ...]
    awards: tuple[Award, ...]
    onward: tuple[bool, ...]
    use: LedgerUse | None = None
    excused: Condition | None = None
    same_matter: str | None = None
    matter: tuple[str, ...] = ()
    cap: str | None = None
    most: Expression | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None

    @property
    def rows(self) -> LedgerUse | None:
        """The rows that are counted."""
        if self.use is None:
            return None
        return LedgerUse(self.use.ledger, self.use.where, self.excused)

    @property
    def losing(self) -> bool:
        """Whether points are lost."""
        return any(award.kind in LOSSES for award in self.awards)

    @property
    def unit(self) -> str:
        """What one time is called."""
        return unit_word(self.turns[0]) or "次"


FORM = Form(
    name=Word("turns", "按次数递增", english="by-turns"),
    pattern=(
        slot(
            "nth",
            {"at": "turns", "award": "awards", "onward": "onward"},
            many=True,
            award__kind=("get", "add", "deduct"),
            places="False",
        ),
        slot("at_most", {"amount": "most"}, required=False),
        CAP,
        FLOOR,
    ),
    takes=(
        Take("ledger_use", into="use"),
        Take("excused_rows", into="excused", inside="ledger_use"),
        Take(
            "same_matter",
            slots=(fixed(ONCE, EACH, into="same_matter"), slot("by", {"names": "matter"}, required=False)),
        ),
        CAP_FIELD,
        FLOOR_FIELD,
    ),
)


def loses(clause: Turns, item: Item) -> bool:
    """Whether the times take points away."""
    return takes_away(item) or clause.losing


# ---- by hand


def by_hand(clause: Turns, facts: Facts) -> Fraction:
    """Go through the times one by one, and write beside each what it brings."""
    times = times_by_hand(clause, facts)
    total = ZERO
    for turn, award, onward in zip(clause.turns, clause.awards, clause.onward, strict=True):
        nth = number(turn)
        if times >= nth:
            total += worth(award, facts) * (times - nth + 1 if onward else 1)
    if not loses(clause, facts.item):
        return capped_by_hand(clause, total, facts)
    if clause.most is not None:
        total = max(total, -facts.number(clause.most))
    return floored_by_hand(clause, start(facts) + total, facts)


def times_by_hand(clause: Turns, facts: Facts) -> Fraction:
    """How often it happened."""
    if clause.rows is None:
        value: Fraction = facts.value
        return value / unit_of(clause.unit)[1]
    events = facts.events(clause.rows)
    if clause.same_matter != ONCE:
        return Fraction(len(events))
    return Fraction(len({tuple(event[name] for name in clause.matter) for event in events}))


def number(turn: Expression) -> Fraction:
    """Which time it is."""
    found = constant(turn)
    return ZERO if found is None else found / unit_of(unit_word(turn))[1]


# ---- in the graph


def lower(clause: Turns, scope: Scope) -> NodeId:
    """Σ over the turns that came of what they bring."""
    graph, times = scope.graph, times_node(clause, scope)
    parts = []
    for turn, award, onward in zip(clause.turns, clause.awards, clause.onward, strict=True):
        nth = graph.number(number(turn))
        came = graph.apply(Fn.LESS_EQUAL, nth, times)
        many = graph.number(1)
        if onward:
            many = graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, times, graph.number(1)), nth)
        brings = graph.apply(Fn.MULTIPLY, many, award_node(award, scope))
        parts.append(graph.choose((came, brings), otherwise=graph.number(0, POINTS)))
    total = parts[0] if len(parts) == 1 else graph.apply(Fn.ADD, *parts)
    if not loses(clause, scope.item):
        return capped(clause, total, scope)
    if clause.most is not None:
        total = graph.apply(Fn.GREATEST, total, graph.apply(Fn.NEGATE, points(scope, clause.most)))
    return floored(clause, graph.apply(Fn.ADD, start_node(scope), total), scope)


def times_node(clause: Turns, scope: Scope) -> NodeId:
    """:func:`times_by_hand` in the graph: matters are counted by the first of their rows."""
    graph = scope.graph
    if clause.rows is None:
        unit, factor = unit_of(clause.unit)
        return graph.apply(Fn.DIVIDE, scope.value, graph.number(factor, unit))
    events = scope.events(clause.rows)
    if clause.same_matter != ONCE:
        return scope.per_unit(events, graph.number(1), events.where)
    cells = [events.column(name) for name in clause.matter]
    unknown = [graph.has(cell, State.MISSING, State.PENDING) for cell in cells]
    unsure = unknown[0] if len(unknown) == 1 else graph.apply(Fn.OR, *unknown)
    where = graph.apply(Fn.AND, events.where, graph.apply(Fn.NOT, unsure))
    same = [graph.apply(Fn.EQUAL, cell, cell) for cell in cells]
    there = same[0] if len(same) == 1 else graph.apply(Fn.AND, *same)
    weight = graph.choose((there, graph.number(1)), otherwise=graph.number(1))
    rows = graph.aggregate(Reduce.COUNT, weight, where=where, key=(events.unit, *cells))
    share = graph.apply(Fn.DIVIDE, weight, graph.apply(Fn.GREATEST, rows, graph.number(1)))
    times = scope.per_unit(events, share, where)
    open_rows = scope.per_unit(events, graph.number(1), graph.apply(Fn.AND, events.where, unsure))
    open_ = graph.apply(Fn.LESS, graph.number(0), open_rows)
    return graph.choose((open_, graph.nothing(State.PENDING, times)), otherwise=times)


# ---- words and checks


def sentence(clause: Turns, item: Item) -> str:
    """第 1 次扣 1 分；第 2 次起每次扣 2 分."""
    said = []
    for turn, award, onward in zip(clause.turns, clause.awards, clause.onward, strict=True):
        verb = f"扣 {amount(award.points)} 分" if takes_away(item) else in_words(award)
        each = f"起每{clause.unit}" if onward else ""
        said.append(f"第 {decimal(number(turn))} {clause.unit}{each}{verb}")
    matter = {ONCE: "（同一事项只计一次）", EACH: "（各计各的）"}.get(clause.same_matter or "", "")
    return "；".join(said) + matter


def check(clause: Turns, setting: Setting) -> Iterable[Problem]:
    """One after the other from the first, and an end; what is counted is measured like a time."""
    before = clause.awards[0]
    for at, (turn, award) in enumerate(zip(clause.turns, clause.awards, strict=True), start=1):
        if number(turn) != at:
            yield scoring.turn_unstated(clause.span, at, amount(before.points), clause.unit)
            return
        before = award
    if clause.onward.count(True) != 1 or not clause.onward[-1]:
        yield scoring.turn_unstated(clause.span, len(clause.turns) + 1, amount(before.points), clause.unit)
        return
    if len({award.kind in LOSSES for award in clause.awards}) > 1:
        yield scoring.contradiction(clause.span, "加分", "扣分")
    value, piece = measured(setting.item.value), unit_of(clause.unit)[0]
    if clause.use is None and value is not None and value != piece:
        yield scoring.unlike_units(clause.span, "指标值和每一次", called(value), called(piece))
    yield from check_matter(clause, setting)
    if loses(clause, setting.item):
        yield from check_taking(clause, setting)
    else:
        yield from check_nothing_lost(clause, setting)
        yield from check_cap(clause, setting)


def check_matter(clause: Turns, setting: Setting) -> Iterable[Problem]:
    """Whether the rows of one matter are one time, and what tells a matter."""
    if clause.use is None:
        if clause.same_matter is not None or clause.excused is not None:
            yield scoring.contradiction(clause.span, "同一事项、不计", "没有台账")
        return
    columns = matter_columns(setting.rulebook.table(clause.use.ledger))
    if clause.same_matter is None and columns:
        first, second = (amount(award.points) for award in (clause.awards * 2)[:2])
        yield scoring.same_matter_unstated(clause.span, columns[0], first, f"{first} + {second}")
    elif clause.same_matter == ONCE and not clause.matter:
        yield scoring.matter_unstated(clause.span, columns)
    elif clause.same_matter == EACH and clause.matter:
        yield scoring.contradiction(clause.span, "各计各的", f"按{'、'.join(clause.matter)}")


KIND = Kind(
    key="turns",
    form=FORM,
    node=Turns,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact_by=lambda clause: ValueType.NUMBER if clause.use is None else None,
    fact_unit=lambda clause: clause.unit,
    reads_events=True,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(
        SAME_MATTER,
        CAP_CHOICE,
        *FLOOR_CHOICES,
    ),
)
