"""Ledger points: so many points for each row of a ledger, by its level (国家级每次 3 分；省级每次 2 分).

Under 加分项 the points are given, under 扣分项 taken away; in an indicator the verb says it, and a loss starts from
the full mark. The order is that of the stages: rows that meet the conditions (窗口), the same matter once (去重), the
cap of a level (其他每起 0.5 分，最多扣 1 分), the cap of the whole.

同一事项 has two readings, and there is no default: 只计最高一次 counts, of the rows of one matter, the one with the most
points (rows that are equally high share the matter between them); 各计各的 counts every row. 跨加分项有效 dedupes
across items as well: the matter counts in the item where it is highest, and, where two are equally high, in the one
whose code comes first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from perfdsl.clauses.kind import Event, Events, Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared.awards import LOSSES, award_node, start, start_node, takes_away, worth
from perfdsl.clauses.shared.bounds import (
    CAP,
    CAP_FIELD,
    FLOOR,
    FLOOR_FIELD,
    capped,
    capped_by_hand,
    check_cap,
    check_nothing_lost,
    check_points,
    check_taking,
    floored,
    floored_by_hand,
)
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Fn, NodeId, Rank, Reduce
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, AwardKind, Clause, Item, LedgerUse
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import Table
from perfdsl.model.units import POINTS, Ties, ValueType, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem

ONCE, EACH = "highest_once", "each_counts"

TELLS = ("编号", "文号", "名称")
"""How columns that tell a matter are called; not the only names, but the first that are proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger(Clause):
    """``levels``, ``awards`` and ``units`` are the rates as written (国家级每次 3 分); a level "" is any row.

    ``most_each`` caps single levels, ``most`` and ``cap`` the whole. ``same_matter`` is ``highest_once`` or
    ``each_counts``, ``matter`` the columns that tell a matter; ``across`` set: also among the items that say so.
    """

    use: LedgerUse
    levels: tuple[str, ...]
    awards: tuple[Award, ...]
    units: tuple[str, ...] = ()
    most_each: tuple[Expression | None, ...] = ()
    same_matter: str | None = None
    matter: tuple[str, ...] = ()
    across: str | None = None
    cap: str | None = None
    most: Expression | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rates in the order written."""
        caps = self.most_each or (None,) * len(self.levels)
        return tuple(map(Rate, self.levels, self.awards, caps))


@dataclass(frozen=True, slots=True)
class Rate:
    """What a row of one level is worth, and the cap on all rows of the level."""

    level: str
    award: Award
    most: Expression | None


FORM = Form(
    name=Word("ledger", "按台账计分", english="by-ledger"),
    pattern=(
        slot(
            "rate",
            {"level": "levels", "award": "awards", "unit": "units"},
            many=True,
            award__kind=("get", "add", "deduct"),
            then=(slot("at_most", {"amount": "most_each"}, required=False),),
        ),
        slot("at_most", {"amount": "most"}, required=False),
        CAP,
        FLOOR,
    ),
    takes=(
        Take("ledger_use", into="use", required=True),
        Take(
            "same_matter",
            slots=(
                fixed(ONCE, EACH, into="same_matter"),
                slot("by", {"names": "matter"}, required=False),
                fixed("across_bonus", into="across", required=False),
            ),
        ),
        CAP_FIELD,
        FLOOR_FIELD,
    ),
)


def loses(clause: Ledger, item: Item) -> bool:
    """Whether the rows take points away."""
    return takes_away(item) or any(award.kind in LOSSES for award in clause.awards)


def level_columns(clause: Ledger, rulebook: Rulebook) -> list[str]:
    """Columns of the ledger among whose choices all levels are."""
    table, levels = rulebook.table(clause.use.ledger), set(clause.levels) - {""}
    if table is None:
        return []
    return [column.name for column in table.columns if column.choices and levels <= set(column.choices)]


# ---- by hand


def by_hand(clause: Ledger, facts: Facts) -> Fraction:
    """Write what each row is worth beside it, strike out the same matter, add up level by level, cap."""
    rows = won_by_hand(clause, rows_by_hand(clause, facts), facts)
    shares = shares_by_hand(clause, rows, facts)
    total = Fraction(0)
    for rate in clause.rates:
        of_level = sum((share for (_, one), share in zip(rows, shares, strict=True) if one == rate), Fraction(0))
        if rate.most is not None:
            most = facts.number(rate.most)
            of_level = max(-most, min(most, of_level))
        total += of_level
    if not loses(clause, facts.item):
        return capped_by_hand(clause, total, facts)
    if clause.most is not None:
        total = max(total, -facts.number(clause.most))
    return floored_by_hand(clause, start(facts) + total, facts)


def rows_by_hand(clause: Ledger, facts: Facts) -> list[tuple[Event, Rate]]:
    """The rows that have a rate, each with it."""
    return [(event, rate) for event in facts.events(clause.use) if (rate := rate_of(event, clause, facts.rulebook))]


def won_by_hand(clause: Ledger, rows: list[tuple[Event, Rate]], facts: Facts) -> list[tuple[Event, Rate]]:
    """Strike out the rows whose matter counts in another item."""
    if clause.across is None:
        return rows
    for before, other, desk in facts.rivals():
        best: dict[object, Fraction] = {}
        for event, rate in rows_by_hand(other, desk):
            matter = matter_of(event, other)
            best[matter] = max(best.get(matter, Fraction(0)), abs(worth(rate.award, desk)))
        rows = [
            (event, rate)
            for event, rate in rows
            if (rival := best.get(matter_of(event, clause))) is None
            or abs(worth(rate.award, facts)) > rival
            or (abs(worth(rate.award, facts)) == rival and not before)
        ]
    return rows


def matter_of(event: Event, clause: Ledger) -> tuple[object, ...]:
    """What tells the matter of a row."""
    return tuple(event[name] for name in clause.matter)


def rate_of(event: Event, clause: Ledger, rulebook: Rulebook) -> Rate | None:
    """The rate of a row: that of its level, or the one for all rows."""
    columns = level_columns(clause, rulebook)
    rates = {rate.level: rate for rate in reversed(clause.rates)}
    if "" in rates:
        return rates[""]
    return rates.get(str(event[columns[0]]))


def shares_by_hand(clause: Ledger, rows: Sequence[tuple[Event, Rate]], facts: Facts) -> list[Fraction]:
    """What each row brings after the same matter was counted once."""
    values = [worth(rate.award, facts) for _, rate in rows]
    if clause.same_matter != ONCE:
        return values
    matters = [tuple(event[name] for name in clause.matter) for event, _ in rows]
    best: dict[object, Fraction] = defaultdict(Fraction)
    for matter, value in zip(matters, values, strict=True):
        best[matter] = max(best[matter], abs(value))
    equal = Counter(m for m, value in zip(matters, values, strict=True) if abs(value) == best[m])
    return [
        value / equal[matter] if abs(value) == best[matter] else Fraction(0)
        for matter, value in zip(matters, values, strict=True)
    ]


# ---- in the graph


def lower(clause: Ledger, scope: Scope) -> NodeId:
    """start + Σ over levels of the rows' points, capped."""
    graph, events = scope.graph, won(clause, known(clause, scope.events(clause.use), scope), scope)
    share = share_node(clause, events, scope)
    parts = [level_node(clause, rate, events, share, scope) for rate in clause.rates]
    total = parts[0] if len(parts) == 1 else graph.apply(Fn.ADD, *parts)
    if not loses(clause, scope.item):
        return if_known(clause, capped(clause, total, scope), scope)
    if clause.most is not None:
        total = graph.apply(Fn.GREATEST, total, graph.apply(Fn.NEGATE, points(scope, clause.most)))
    return if_known(clause, floored(clause, graph.apply(Fn.ADD, start_node(scope), total), scope), scope)


def unknown_matter(clause: Ledger, events: Events, scope: Scope) -> NodeId | None:
    """Whether nobody knows a row's matter; None where the rule does not ask for it."""
    if clause.same_matter != ONCE and clause.across is None:
        return None
    graph = scope.graph
    unknown = [graph.has(events.column(name), State.MISSING, State.PENDING) for name in clause.matter]
    return unknown[0] if len(unknown) == 1 else graph.apply(Fn.OR, *unknown)


def known(clause: Ledger, events: Events, scope: Scope) -> Events:
    """The rows whose matter is known: one that is not must not leave the rows of other units open."""
    unknown = unknown_matter(clause, events, scope)
    if unknown is None:
        return events
    graph = scope.graph
    return replace(events, where=graph.apply(Fn.AND, events.where, graph.apply(Fn.NOT, unknown)))


def if_known(clause: Ledger, score: NodeId, scope: Scope) -> NodeId:
    """``score``, 待定 where nobody knows the matter of one of the unit's rows; across items, whether it counts at all."""
    graph, others = scope.graph, scope.rivals() if clause.across is not None else ()
    cases = []
    for one, desk in ((clause, scope), *((other, desk) for _, other, desk in others)):
        rows, unknown = rated(one, desk), unknown_matter(one, desk.events(one.use), desk)
        if clause.across is not None:
            cases.append(graph.has(desk.per_unit(rows, graph.number(1), rows.where), State.MISSING, State.PENDING))
        if unknown is not None:
            count = desk.per_unit(rows, graph.number(1), graph.apply(Fn.AND, rows.where, unknown))
            cases.append(graph.apply(Fn.LESS, graph.number(0), count))
    nothing = graph.nothing(State.PENDING, score)
    return graph.choose(*((case, nothing) for case in cases), otherwise=score) if cases else score


def rated(clause: Ledger, scope: Scope) -> Events:
    """The rows that have a rate."""
    events, graph = scope.events(clause.use), scope.graph
    levels = [in_level(clause, rate, events, scope) for rate in clause.rates if rate.level]
    if len(levels) < len(clause.rates):
        return events
    some = levels[0] if len(levels) == 1 else graph.apply(Fn.OR, *levels)
    return replace(events, where=graph.apply(Fn.AND, events.where, some))


def won(clause: Ledger, events: Events, scope: Scope) -> Events:
    """The rows whose matter does not count in another item."""
    if clause.across is None:
        return events
    graph = scope.graph
    height, where = height_node(clause, events, scope), events.where
    at = (events.unit, *(events.column(name) for name in clause.matter))
    for before, other, desk in scope.rivals():
        theirs = known(other, desk.events(other.use), desk)
        key = (theirs.unit, *(theirs.column(name) for name in other.matter))
        best = graph.aggregate(
            Reduce.GREATEST, height_node(other, theirs, desk), where=theirs.where, key=key, at=at, to=events.grain
        )
        higher = graph.apply(Fn.LESS if before else Fn.LESS_EQUAL, best, height)
        free = graph.choose((graph.has(best, State.ABSENT), graph.truth()), otherwise=higher)
        where = graph.apply(Fn.AND, where, free)
    return replace(events, where=where)


def level_node(clause: Ledger, rate: Rate, events: Events, share: NodeId | None, scope: Scope) -> NodeId:
    """Points of one level for each unit."""
    graph = scope.graph
    award = award_node(rate.award, scope)
    of = award if share is None else graph.apply(Fn.MULTIPLY, share, award)
    where = graph.apply(Fn.AND, events.where, in_level(clause, rate, events, scope)) if rate.level else events.where
    total = scope.per_unit(events, of, where)
    if rate.most is None:
        return total
    most = points(scope, rate.most)
    return graph.apply(Fn.LEAST, most, graph.apply(Fn.GREATEST, graph.apply(Fn.NEGATE, most), total))


def in_level(clause: Ledger, rate: Rate, events: Events, scope: Scope) -> NodeId:
    """Whether a row is of the rate's level."""
    column = events.column(level_columns(clause, scope.rulebook)[0])
    return scope.graph.apply(Fn.EQUAL, column, scope.graph.constant(rate.level, ValueType.TEXT))


def share_node(clause: Ledger, events: Events, scope: Scope) -> NodeId | None:
    """1 for a row that counts, 1/n where n rows are equally high, 0 for the others; None where all count."""
    if clause.same_matter != ONCE:
        return None
    graph = scope.graph
    key = (events.unit, *(events.column(name) for name in clause.matter))
    height = height_node(clause, events, scope)
    place = graph.add(Rank(height, events.where, key, True, Ties.COMPETITION))
    first = graph.apply(Fn.AND, events.where, graph.apply(Fn.EQUAL, place, graph.number(1)))
    equal = graph.aggregate(Reduce.COUNT, height, where=first, key=key)
    # dividing by max(count, 1) keeps the branch that is not taken from being reported as a zero divisor
    share = graph.apply(Fn.DIVIDE, graph.number(1), graph.apply(Fn.GREATEST, equal, graph.number(1)))
    return graph.choose((first, share), otherwise=graph.number(0))


def height_node(clause: Ledger, events: Events, scope: Scope) -> NodeId:
    """How many points a row is about, given or taken."""
    graph = scope.graph
    heights = [(rate, graph.apply(Fn.ABSOLUTE, award_node(rate.award, scope))) for rate in clause.rates]
    plain = next((height for rate, height in heights if not rate.level), graph.number(0, POINTS))
    cases = [(in_level(clause, rate, events, scope), height) for rate, height in heights if rate.level]
    if cases:
        return graph.choose(*cases, otherwise=plain)
    return graph.choose((events.where, plain), otherwise=graph.number(0, POINTS))


# ---- words


def sentence(clause: Ledger, item: Item) -> str:
    """国家级每次 3 分；省级每次 2 分（同一事项只计最高一次）."""
    units = clause.units or ("次",) * len(clause.levels)
    verb = "扣" if takes_away(item) else "得"
    parts = []
    for rate, unit in zip(clause.rates, units, strict=True):
        said = (
            in_words(rate.award) if rate.award.kind is not AwardKind.GET else f"{verb} {amount(rate.award.points)} 分"
        )
        most = f"，最多{verb} {amount(rate.most)} 分" if rate.most is not None else ""
        parts.append(f"{rate.level}每{unit}{said}{most}")
    matter = {ONCE: "（同一事项只计最高一次）", EACH: "（各计各的）"}.get(clause.same_matter or "", "")
    return "；".join(parts) + matter


# ---- checks


def check(clause: Ledger, setting: Setting) -> Iterable[Problem]:
    """Levels that the ledger knows, the same matter, and how far it goes."""
    yield from check_levels(clause, setting.rulebook)
    yield from check_matter(clause, setting)
    kinds = {award.kind in LOSSES for award in clause.awards}
    if len(kinds) > 1:
        yield scoring.contradiction(clause.span, "加分", "扣分")
    for most in clause.most_each:
        yield from check_points(most, clause.span)
    if loses(clause, setting.item):
        yield from check_taking(clause, setting)
    else:
        yield from check_nothing_lost(clause, setting)
        yield from check_cap(clause, setting)


def check_levels(clause: Ledger, rulebook: Rulebook) -> Iterator[Problem]:
    """Every level once, all in one column; levels without points are pointed out."""
    for level, times in Counter(clause.levels).items():
        if times > 1:
            yield scoring.level_twice(clause.span, level)
    named = tuple(dict.fromkeys(level for level in clause.levels if level))
    if not named:
        return
    if "" in clause.levels:
        yield scoring.contradiction(clause.span, f"{named[0]}每次", "不分级别的每次")
    columns = level_columns(clause, rulebook)
    if len(columns) != 1:
        yield scoring.level_unknown(clause.span, named, clause.use.ledger, columns)
        return
    table = rulebook.table(clause.use.ledger)
    column = table.column(columns[0]) if table is not None else None
    left = [choice for choice in column.choices if choice not in named] if column is not None else []
    if left and "" not in clause.levels:
        yield scoring.level_without_points(clause.span, left, clause.units[0] if clause.units else "次")


def matter_columns(table: Table | None) -> list[str]:
    """Columns that may tell a matter, the likeliest first: 事项编号, 文号, 项目名称, any other words but 单位.

    A column with choices holds a level or a type, which many matters share.
    """
    if table is None:
        return []
    words = [one.name for one in table.columns if one.kind is ValueType.TEXT and not one.choices and one.name != "单位"]
    return sorted(words, key=lambda name: next((i for i, end in enumerate(TELLS) if name.endswith(end)), len(TELLS)))


def check_matter(clause: Ledger, setting: Setting) -> Iterator[Problem]:
    """Wherever the ledger can tell matters apart, the rule says how the same one counts, and by which column."""
    columns = matter_columns(setting.rulebook.table(clause.use.ledger))
    if clause.same_matter is None and columns:
        numbers = [number for award in clause.awards if (number := constant(award.points)) is not None][:2]
        both = numbers if len(numbers) > 1 else numbers * 2
        once, each = (decimal(max(both)), decimal(sum(both, Fraction(0)))) if both else ("…", "…")
        yield scoring.same_matter_unstated(clause.span, columns[0], once, each)
    elif (clause.same_matter == ONCE or clause.across is not None) and not clause.matter:
        yield scoring.matter_unstated(clause.span, columns)
    elif clause.same_matter == EACH and clause.across is None and clause.matter:
        yield scoring.contradiction(clause.span, "各计各的", f"按{'、'.join(clause.matter)}")


KIND = Kind(
    key="ledger",
    form=FORM,
    node=Ledger,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
)
