"""Rows of a ledger that bring points: which of them count, for whom, and what each is worth.

The order is that of the stages: rows that meet the conditions and are not excused (窗口), each with its rate and its
worth (points × 数量, capped by 每次最多, × 折算 × 归属, twice that under 加倍), the same matter once (去重), the cap of a
rate, the cap of the whole. A rate with more cells (省级 文件) goes before one with some of them (省级).

同一事项 has two readings, and there is no default: 只计最高一次 counts, of the rows of one matter, the one with the most
points (rows that are equally high share the matter between them); 各计各的 counts every row. 跨加分项有效 and a 去重 block
dedupe across items as well: the matter counts in the item where it is highest (equally high: in the one whose code
comes first, or as the block says), or in the one that the block lists first.

A cell is read in this order: those of the rate, those of the matter, 数量, 折算. The first that is 不涉及 or weaker lays the
row aside; one that nobody knows leaves the score open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

from perfdsl.clauses.kind import Event, Events, Facts, Scope, Setting, Unknown, constant
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
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId, Rank, Reduce
from perfdsl.model.expression import Condition, Expression
from perfdsl.model.item import Award, Clause, Item, LedgerUse
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import WEAKER, State
from perfdsl.model.table import Table
from perfdsl.model.units import POINTS, RATIO, Ties, ValueType, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Slot, Take, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, replace

ONCE, EACH = "highest_once", "each_counts"

TELLS = ("编号", "文号", "名称")
"""How columns that tell a matter are called; not the only names, but the first that are proposed."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a row with these ``cells`` (column, value) brings, and the cap on all such rows.

    ``award`` None: the points stand in the row.
    """

    cells: tuple[tuple[str, str], ...]
    award: Award | None
    most: Expression | None = None

    @property
    def level(self) -> str:
        """The cells in words: 省级文件."""
        return "".join(value for _, value in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Clause):
    """What all kinds that count rows have.

    ``excused`` rows are not counted (不计). ``quantity`` is a column that multiplies the points. ``shared`` and
    ``shares`` say which part counts (主办按 100%；"" is 其余); ``owners`` are columns that name the units a row belongs
    to, each for its part of ``owner_shares``, and ``owner_rule`` what a unit gets that stands in two of them.
    ``doubled``: units of which it holds get twice the points. ``row_most`` caps a row, ``none`` is what no row gives.
    ``same_matter`` is ``highest_once`` or ``each_counts``, ``matter`` the columns that tell a matter; ``across`` set:
    also among the items that have the same (``across_bonus``, or the code of a 去重 block).
    """

    use: LedgerUse
    excused: Condition | None = None
    quantity: str = ""
    shared: tuple[str, ...] = ()
    shares: tuple[Expression, ...] = ()
    owners: tuple[str, ...] = ()
    owner_shares: tuple[Expression, ...] = ()
    owner_rule: str | None = None
    doubled: Condition | None = None
    row_most: Expression | None = None
    none: Award | None = None
    same_matter: str | None = None
    matter: tuple[str, ...] = ()
    across: str | None = None
    cap: str | None = None
    most: Expression | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None

    @property
    def rows(self) -> LedgerUse:
        """The ledger's rows that are looked at, for each unit that they belong to."""
        parts = tuple(
            (name, constant(part) or Fraction(0)) for name, part in zip(self.owners, self.owner_shares, strict=False)
        )
        once = self.owner_rule != "unit_each"
        return replace(self.use, excused=self.excused, owners=parts, once=once)

    @property
    def given(self) -> str:
        """The column in which the points of a row stand, "" where the rule says them."""
        return ""

    @property
    def losing(self) -> bool:
        """Whether the phrase says that points are lost."""
        return False

    def rates(self, rulebook: Rulebook) -> tuple[Rate, ...]:
        """The rates in the order written."""
        raise NotImplementedError


EACH_MOST = slot("each_most", {"amount": "row_most"}, required=False)
"""每次最多 3 分."""

NONE = slot("none_occurred", {"award": "none"}, required=False)
"""未发生不得分."""

BOUNDS: tuple[Slot, ...] = (slot("at_most", {"amount": "most"}, required=False), CAP, FLOOR, EACH_MOST, NONE)
"""How far the whole goes, and each row."""

TAKES = (
    Take("ledger_use", into="use", required=True),
    Take("excused_rows", into="excused", inside="ledger_use"),
    Take("row_count", into="quantity"),
    Take("shares", slots=(slot("share", {"who": "shared", "amount": "shares"}, many=True, kind=("choice", "rest")),)),
    Take(
        "belongs",
        slots=(
            slot("share", {"who": "owners", "amount": "owner_shares"}, many=True, kind="name"),
            fixed("unit_once", "unit_each", into="owner_rule", required=False),
        ),
    ),
    Take("doubled", into="doubled"),
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
)
"""The fields that every kind reads which counts rows."""


def loses(clause: Rows, item: Item) -> bool:
    """Whether the rows take points away."""
    return takes_away(item) or clause.losing


# ---- what the ledger knows


def column_of(words: Iterable[str], table: Table | None) -> list[str]:
    """Columns among whose choices all ``words`` are."""
    wanted = set(words)
    return [] if table is None else [one.name for one in table.columns if one.choices and wanted <= set(one.choices)]


def columns_of(rates: Sequence[Rate]) -> list[str]:
    """The columns that decide on the rate, in the order in which they are read."""
    return list(dict.fromkeys(column for rate in rates for column, _ in rate.cells))


def narrower(rate: Rate, rates: Sequence[Rate]) -> list[Rate]:
    """The rates that go before ``rate``: those with all its cells and more."""
    return [other for other in rates if set(rate.cells) < set(other.cells)]


def parts_of(clause: Rows, rulebook: Rulebook) -> list[tuple[str, Mapping[str, Fraction], Fraction]]:
    """折算: (column, value → part, part of the others)."""
    table = rulebook.table(clause.use.ledger)
    said = {who: constant(part) or Fraction(0) for who, part in zip(clause.shared, clause.shares, strict=False)}
    rest = said.pop("", Fraction(1))
    found: dict[str, dict[str, Fraction]] = {}
    for who, part in said.items():
        for column in column_of([who], table)[:1]:
            found.setdefault(column, {})[who] = part
    return [(column, parts, rest) for column, parts in found.items()]


# ---- by hand


@dataclass(frozen=True, slots=True)
class Met:
    """A row that has a rate, and its matter."""

    event: Event
    rate: Rate
    matter: tuple[object, ...]


def score_by_hand(clause: Rows, facts: Facts) -> Fraction:
    """Write what each row is worth beside it, strike out the same matter, add up rate by rate, cap."""
    rows = rows_by_hand(clause, facts)
    # a row that cannot be counted has not happened
    if clause.none is not None and not [worth_by_hand(clause, row, facts) for row in rows]:
        return worth(clause.none, facts)
    rows = won_by_hand(clause, rows, facts)
    shares = shares_by_hand(clause, rows, facts)
    total = Fraction(0)
    for rate in clause.rates(facts.rulebook):
        of_rate = sum((share for row, share in zip(rows, shares, strict=True) if row.rate == rate), Fraction(0))
        if rate.most is not None:
            most = facts.number(rate.most)
            of_rate = max(-most, min(most, of_rate))
        total += of_rate
    if not loses(clause, facts.item):
        return capped_by_hand(clause, total, facts)
    if clause.most is not None:
        total = max(total, -facts.number(clause.most))
    return floored_by_hand(clause, start(facts) + total, facts)


def rows_by_hand(clause: Rows, facts: Facts) -> list[Met]:
    """The rows that have a rate, each with it."""
    told = clause.same_matter == ONCE or clause.across is not None
    found = []
    for event in facts.events(clause.rows):
        rate = rate_by_hand(clause, event, facts.rulebook)
        if rate is not None:
            found.append(Met(event, rate, tuple(event[name] for name in clause.matter) if told else ()))
    return found


def rate_by_hand(clause: Rows, event: Event, rulebook: Rulebook) -> Rate | None:
    """The rate of a row: of those that its cells have, the one that says most of it."""
    rates = clause.rates(rulebook)
    cells = {column: str(event[column]) for column in columns_of(rates)}
    fitting = [rate for rate in rates if all(cells[column] == value for column, value in rate.cells)]
    return max(fitting, key=lambda rate: len(rate.cells), default=None)


def worth_by_hand(clause: Rows, row: Met, facts: Facts) -> Fraction:
    """Points of a row for the unit, negative where they are taken away."""
    event = row.event
    if row.rate.award is not None:
        value = worth(row.rate.award, facts)
    else:
        value = Fraction(str(event[clause.given])) * (-1 if loses(clause, facts.item) else 1)
    if clause.quantity:
        value *= Fraction(str(event[clause.quantity]))
    if clause.row_most is not None:
        most = facts.number(clause.row_most)
        value = max(-most, min(most, value))
    for column, parts, rest in parts_of(clause, facts.rulebook):
        value *= parts.get(str(event[column]), rest)
    if clause.owners:
        value *= event.share
    return value * 2 if clause.doubled is not None and facts.holds(clause.doubled) else value


def won_by_hand(clause: Rows, rows: list[Met], facts: Facts) -> list[Met]:
    """Strike out the rows whose matter counts in another item."""
    if clause.across is None:
        return rows
    by_order = dedupe_rule(clause, facts.rulebook) == "listed_first"
    rivals = [(before, other, desk, rows_by_hand(other, desk)) for before, other, desk in facts.rivals()]

    def beaten(row: Met) -> bool:
        """Whether one of the others has the matter; what nobody knows of one of them matters only if no other does."""
        unknown: Unknown | None = None
        for before, other, desk, theirs in rivals:
            same = [one for one in theirs if one.matter == row.matter]
            if not same or (by_order and not before):
                continue
            try:
                best = max(abs(worth_by_hand(other, one, desk)) for one in same)  # a row that has no worth is no rival
                own = best if by_order else abs(worth_by_hand(clause, row, facts))
            except Unknown as found:
                unknown = found
                continue
            if own < best or (own == best and before):
                return True
        if unknown is not None:
            raise unknown
        return False

    return [row for row in rows if not beaten(row)]


def shares_by_hand(clause: Rows, rows: Sequence[Met], facts: Facts) -> list[Fraction]:
    """What each row brings after the same matter was counted once."""
    values = [worth_by_hand(clause, row, facts) for row in rows]
    if clause.same_matter != ONCE:
        return values
    best: dict[object, Fraction] = defaultdict(Fraction)
    for row, value in zip(rows, values, strict=True):
        best[row.matter] = max(best[row.matter], abs(value))
    equal = Counter(row.matter for row, value in zip(rows, values, strict=True) if abs(value) == best[row.matter])
    return [
        value / equal[row.matter] if abs(value) == best[row.matter] else Fraction(0)
        for row, value in zip(rows, values, strict=True)
    ]


def dedupe_rule(clause: Rows, rulebook: Rulebook) -> str:
    """Where a matter counts that stands in several items: ``highest_once`` or ``listed_first``."""
    block = rulebook.dedupe(clause.across or "")
    return ONCE if block is None else block.rule


# ---- in the graph


def score_node(clause: Rows, scope: Scope) -> NodeId:
    """start + Σ over rates of the rows' points, capped."""
    graph, rates = scope.graph, clause.rates(scope.rulebook)
    events = won(clause, known(clause, scope.events(clause.rows), scope), scope)
    share = share_node(clause, events, scope)
    parts = [rate_node(clause, rate, events, share, scope) for rate in rates]
    total = parts[0] if len(parts) == 1 else graph.apply(Fn.ADD, *parts)
    if not loses(clause, scope.item):
        score = capped(clause, total, scope)
    else:
        if clause.most is not None:
            total = graph.apply(Fn.GREATEST, total, graph.apply(Fn.NEGATE, points(scope, clause.most)))
        score = floored(clause, graph.apply(Fn.ADD, start_node(scope), total), scope)
    if clause.none is not None:
        rows = rated(clause, scope)
        told = clause.matter if clause.same_matter == ONCE else ()
        names = [*told, *read_for_worth(clause, scope.rulebook)]
        count = scope.per_unit(rows, in_turn([rows.column(name) for name in names], graph.number(1), scope), rows.where)
        nothing = graph.apply(Fn.EQUAL, count, graph.number(0))
        score = graph.choose((nothing, award_node(clause.none, scope)), otherwise=score)
    return if_known(clause, score, scope)


def in_turn(cells: Sequence[NodeId], value: NodeId, scope: Scope) -> NodeId:
    """``value`` where all ``cells`` have one; else the state of the first that has none."""
    graph = scope.graph
    for cell in reversed(cells):
        if graph.type(cell).states - {State.VALUE}:
            value = graph.choose((graph.apply(Fn.EQUAL, cell, cell), value), otherwise=value)
    return value


def all_of(conditions: Sequence[NodeId], scope: Scope) -> NodeId:
    """Whether all hold."""
    return conditions[0] if len(conditions) == 1 else scope.graph.apply(Fn.AND, *conditions)


def has_cells(rate: Rate, events: Events, scope: Scope) -> NodeId:
    """Whether a row has the cells of ``rate``."""
    graph = scope.graph
    equal = [
        graph.apply(Fn.EQUAL, events.column(column), graph.constant(value, ValueType.TEXT))
        for column, value in rate.cells
    ]
    return all_of(equal, scope)


def in_rate(clause: Rows, rate: Rate, events: Events, scope: Scope) -> NodeId | None:
    """Whether a row is counted by ``rate``; None where every row is."""
    graph, rates = scope.graph, clause.rates(scope.rulebook)
    tests = [has_cells(rate, events, scope)] if rate.cells else []
    tests += [graph.apply(Fn.NOT, has_cells(other, events, scope)) for other in narrower(rate, rates)]
    if not tests:
        return None
    columns = columns_of(rates)
    if len(columns) == 1:
        return all_of(tests, scope)
    return in_turn([events.column(name) for name in columns], all_of(tests, scope), scope)


def rated(clause: Rows, scope: Scope) -> Events:
    """The rows that have a rate."""
    events, graph = scope.events(clause.rows), scope.graph
    tests = [in_rate(clause, rate, events, scope) for rate in clause.rates(scope.rulebook)]
    if None in tests:
        return events
    there = [test for test in tests if test is not None]
    some = there[0] if len(there) == 1 else graph.apply(Fn.OR, *there)
    return replace(events, where=graph.apply(Fn.AND, events.where, some))


def worth_node(clause: Rows, rate: Rate, events: Events, scope: Scope) -> NodeId:
    """:func:`worth_by_hand` in the graph: a plain number where every row of the rate is worth the same."""
    graph = scope.graph
    cells: list[NodeId] = []
    if rate.award is not None:
        value = award_node(rate.award, scope)
    else:
        cells.append(value := events.column(clause.given))
        value = graph.apply(Fn.NEGATE, value) if loses(clause, scope.item) else value
    if clause.quantity:
        cells.append(count := events.column(clause.quantity))
        unit = graph.type(count).unit or RATIO
        value = graph.apply(Fn.MULTIPLY, value, graph.apply(Fn.DIVIDE, count, graph.number(1, unit)))
    if clause.row_most is not None:
        most = points(scope, clause.row_most)
        value = graph.apply(Fn.LEAST, most, graph.apply(Fn.GREATEST, graph.apply(Fn.NEGATE, most), value))
    for column, parts, rest in parts_of(clause, scope.rulebook):
        cells.append(cell := events.column(column))
        cases = [
            (graph.apply(Fn.EQUAL, cell, graph.constant(who, ValueType.TEXT)), graph.number(part))
            for who, part in parts.items()
        ]
        value = graph.apply(Fn.MULTIPLY, value, graph.choose(*cases, otherwise=graph.number(rest)))
    if events.share is not None:
        value = graph.apply(Fn.MULTIPLY, value, events.share)
    if clause.doubled is not None:
        held = scope.condition(clause.doubled)
        weak = [state for state in WEAKER if state in graph.type(held).states]
        if weak:
            held = graph.choose((graph.has(held, *weak), graph.truth(False)), otherwise=held)
        times = graph.choose((held, graph.number(2)), otherwise=graph.number(1))
        value = graph.apply(Fn.MULTIPLY, value, scope.at_rows(events, times))
    return in_turn(cells, value, scope)


def read_for_worth(clause: Rows, rulebook: Rulebook) -> list[str]:
    """The columns that say what a row is worth, in the order in which they are read."""
    named = [name for name in (clause.given, clause.quantity) if name]
    return [*named, *(column for column, _, _ in parts_of(clause, rulebook))]


def height_node(clause: Rows, events: Events, scope: Scope) -> NodeId:
    """How many points a row is about, given or taken."""
    graph = scope.graph
    cases, plain = [], graph.number(0, POINTS)
    for rate in clause.rates(scope.rulebook):
        height = graph.apply(Fn.ABSOLUTE, worth_node(clause, rate, events, scope))
        test = in_rate(clause, rate, events, scope)
        if test is None:
            plain = height
        else:
            cases.append((test, height))
    if cases:
        return graph.choose(*cases, otherwise=plain)
    return graph.choose((events.where, plain), otherwise=graph.number(0, POINTS))


def height_of_matter(clause: Rows, events: Events, scope: Scope) -> NodeId:
    """The same of a row whose matter is told: the cells of the matter are read first, so that a row that they lay aside
    leaves nothing open, whatever nobody knows of its worth."""
    return in_turn([events.column(name) for name in clause.matter], height_node(clause, events, scope), scope)


def share_node(clause: Rows, events: Events, scope: Scope) -> NodeId | None:
    """1 for a row that counts, 1/n where n rows are equally high, 0 for the others; None where all count."""
    if clause.same_matter != ONCE:
        return None
    graph = scope.graph
    key = (events.unit, *(events.column(name) for name in clause.matter))
    height = height_of_matter(clause, events, scope)
    place = graph.add(Rank(height, events.where, key, True, Ties.COMPETITION))
    first = graph.apply(Fn.AND, events.where, graph.apply(Fn.EQUAL, place, graph.number(1)))
    equal = graph.aggregate(Reduce.COUNT, height, where=first, key=key)
    # dividing by max(count, 1) keeps the branch that is not taken from being reported as a zero divisor
    share = graph.apply(Fn.DIVIDE, graph.number(1), graph.apply(Fn.GREATEST, equal, graph.number(1)))
    return graph.choose((first, share), otherwise=graph.number(0))


def rate_node(clause: Rows, rate: Rate, events: Events, share: NodeId | None, scope: Scope) -> NodeId:
    """Points of one rate for each unit."""
    graph = scope.graph
    of = worth_node(clause, rate, events, scope)
    if share is not None:
        of = in_turn([share], graph.apply(Fn.MULTIPLY, share, of), scope)
    test = in_rate(clause, rate, events, scope)
    where = events.where if test is None else graph.apply(Fn.AND, events.where, test)
    total = scope.per_unit(events, of, where)
    if rate.most is None:
        return total
    most = points(scope, rate.most)
    return graph.apply(Fn.LEAST, most, graph.apply(Fn.GREATEST, graph.apply(Fn.NEGATE, most), total))


def unknown_matter(clause: Rows, events: Events, scope: Scope) -> NodeId | None:
    """Whether nobody knows a row's matter; None where the rule does not ask for it."""
    if clause.same_matter != ONCE and clause.across is None:
        return None
    graph = scope.graph
    unknown = [graph.has(events.column(name), State.MISSING, State.PENDING) for name in clause.matter]
    return unknown[0] if len(unknown) == 1 else graph.apply(Fn.OR, *unknown)


def known(clause: Rows, events: Events, scope: Scope) -> Events:
    """The rows whose matter is known: one that is not must not leave the rows of other units open."""
    unknown = unknown_matter(clause, events, scope)
    if unknown is None:
        return events
    graph = scope.graph
    return replace(events, where=graph.apply(Fn.AND, events.where, graph.apply(Fn.NOT, unknown)))


def if_known(clause: Rows, score: NodeId, scope: Scope) -> NodeId:
    """``score``, 待定 where nobody knows the matter of one of the unit's rows; across items, whether it counts at all."""
    graph, others = scope.graph, scope.rivals() if clause.across is not None else ()
    cases = []
    for one, desk in ((clause, scope), *((other, desk) for _, other, desk in others)):
        rows, unknown = rated(one, desk), unknown_matter(one, desk.events(one.rows), desk)
        if clause.across is not None:
            cases.append(graph.has(desk.per_unit(rows, graph.number(1), rows.where), State.MISSING, State.PENDING))
        if unknown is not None:
            count = desk.per_unit(rows, graph.number(1), graph.apply(Fn.AND, rows.where, unknown))
            cases.append(graph.apply(Fn.LESS, graph.number(0), count))
    nothing = graph.nothing(State.PENDING, score)
    return graph.choose(*((case, nothing) for case in cases), otherwise=score) if cases else score


def won(clause: Rows, events: Events, scope: Scope) -> Events:
    """The rows whose matter does not count in another item."""
    if clause.across is None:
        return events
    graph, by_order = scope.graph, dedupe_rule(clause, scope.rulebook) == "listed_first"
    height, where = height_of_matter(clause, events, scope), events.where
    at = (events.unit, *(events.column(name) for name in clause.matter))
    for before, other, desk in scope.rivals():
        if by_order and not before:
            continue
        theirs = known(other, desk.events(other.rows), desk)
        if len(other.rates(desk.rulebook)) > 1 or other.rates(desk.rulebook)[0].cells:
            theirs = replace(theirs, where=graph.apply(Fn.AND, theirs.where, rated(other, desk).where))
        key = (theirs.unit, *(theirs.column(name) for name in other.matter))
        best = graph.aggregate(
            Reduce.GREATEST, height_of_matter(other, theirs, desk), where=theirs.where, key=key, at=at, to=events.grain
        )
        if by_order:
            taken = graph.apply(Fn.NOT, graph.apply(Fn.EQUAL, best, best))
            free = graph.choose((graph.has(best, State.ABSENT), graph.truth()), otherwise=taken)
        else:
            higher = graph.apply(Fn.LESS if before else Fn.LESS_EQUAL, best, height)
            higher = in_turn([height], higher, scope)
            free = graph.choose((graph.has(best, State.ABSENT), graph.truth()), otherwise=higher)
        where = graph.apply(Fn.AND, where, free)
    return replace(events, where=where)


# ---- words


def extras_in_words(clause: Rows) -> str:
    """What is said beside the rates: 按件数，每次最多 3 分，主办按 100% …"""
    said = [f"每行分值乘以{clause.quantity}"] if clause.quantity else []
    if clause.row_most is not None:
        said.append(f"每行最多 {amount(clause.row_most)} 分")
    for who, part in zip(clause.shared, clause.shares, strict=False):
        written = amount(part)
        said.append(f"{who or '其余'}{'减半' if '半' in written else f'按 {written}'}")
    said += [f"{who}按 {amount(part)}" for who, part in zip(clause.owners, clause.owner_shares, strict=False)]
    if clause.doubled is not None and clause.doubled.span is not None:
        said.append(f"{clause.doubled.span.text}的加倍")
    if clause.excused is not None and clause.excused.span is not None:
        said.append(f"{clause.excused.span.text}的不计")
    matter = {ONCE: "同一事项只计最高一次", EACH: "各计各的"}.get(clause.same_matter or "", "")
    said += [matter] if matter else []
    return f"（{'；'.join(said)}）" if said else ""


# ---- checks


def check_rows(clause: Rows, setting: Setting) -> Iterator[Problem]:
    """The columns that are read, the same matter, and how far it goes."""
    table = setting.rulebook.table(clause.use.ledger)
    yield from check_columns(clause, table)
    yield from check_shares(clause, table)
    yield from check_owners(clause, table)
    yield from check_matter(clause, setting)
    yield from check_points(clause.row_most, clause.span)
    if clause.none is not None and clause.across is not None:
        yield scoring.contradiction(clause.span, "未发生", "同一事项可能计入别的项")
    if loses(clause, setting.item):
        yield from check_taking(clause, setting)
    else:
        yield from check_nothing_lost(clause, setting)
        yield from check_cap(clause, setting)


def check_columns(clause: Rows, table: Table | None) -> Iterator[Problem]:
    """数量 and 每行分值 are columns of numbers, the latter in 分."""
    for label, name in (("数量", clause.quantity), ("每行分值", clause.given)):
        column = table.column(name) if table is not None and name else None
        if not name or table is None:
            continue
        fits = column is not None and column.kind is ValueType.NUMBER
        if not fits or (label == "每行分值" and column is not None and column.unit != POINTS):
            numbers = [one.name for one in table.columns if one.kind is ValueType.NUMBER]
            yield scoring.row_column_unfit(clause.span, label, name, table.name, numbers)


def check_shares(clause: Rows, table: Table | None) -> Iterator[Problem]:
    """Every value of a column that is shared has its part."""
    said = [who for who in clause.shared if who]
    for who in said:
        if len(column_of([who], table)) != 1:
            yield scoring.level_unknown(clause.span, [who], clause.use.ledger, column_of([who], table))
            return
    if table is None:
        return
    written = [f"{who}按 {amount(part)}" for who, part in zip(clause.shared, clause.shares, strict=False) if who]
    columns = list(dict.fromkeys(column_of([who], table)[0] for who in said))
    left = {name: _left_of(name, said, table) for name in columns}
    if "" not in clause.shared:
        for name in columns:
            if left[name]:
                yield scoring.share_unstated(clause.span, name, left[name], written)
    elif not columns or sum(1 for name in columns if left[name]) > 1:
        part = clause.shares[clause.shared.index("")]
        others = [f"{value}按 {amount(part)}" for name in columns for value in left[name]]
        mend = "折算：" + "；".join([*written, *others])
        rows = [f"{name} {left[name][0]}" for name in columns if left[name]]
        size = constant(part) or Fraction(0)
        worth_ = (decimal(2 * size ** len(rows)), decimal(2 * size))
        yield scoring.rest_of_which_column(clause.span, columns, rows, amount(part), worth_, mend)


def _left_of(column: str, said: Sequence[str], table: Table) -> list[str]:
    """The values of a column for which no part is written."""
    found = table.column(column)
    return [choice for choice in found.choices if choice not in said] if found is not None else []


def check_owners(clause: Rows, table: Table | None) -> Iterator[Problem]:
    """归属 names columns of units, and says what a unit gets that stands in two of them."""
    if table is None:
        return
    units = [column.name for column in table.columns if column.of_units]
    for name in clause.owners:
        if name != "单位" and name not in units:
            yield scoring.owner_unstated(clause.span, table.name, units)
            return
    if not clause.owners and table.column("单位") is None:
        yield scoring.owner_unstated(clause.span, table.name, units)
    elif len(clause.owners) > 1 and clause.owner_rule is None:
        yield scoring.owner_twice_unstated(clause.span, clause.owners)


def matter_columns(table: Table | None) -> list[str]:
    """Columns that may tell a matter, the likeliest first: 事项编号, 文号, 项目名称, any other words but units.

    A column with choices holds a level or a type, which many matters share.
    """
    if table is None:
        return []
    texts = [one for one in table.columns if one.kind is ValueType.TEXT and not one.choices and not one.of_units]
    words = [one.name for one in texts if one.name != "单位"]
    return sorted(words, key=lambda name: next((i for i, end in enumerate(TELLS) if name.endswith(end)), len(TELLS)))


def check_matter(clause: Rows, setting: Setting) -> Iterator[Problem]:
    """Wherever the ledger can tell matters apart, the rule says how the same one counts, and by which column."""
    columns = matter_columns(setting.rulebook.table(clause.use.ledger))
    if clause.same_matter is None and columns:
        awards = [rate.award for rate in clause.rates(setting.rulebook)]
        found = [constant(award.points) for award in awards if award is not None]
        numbers = [number for number in found if number is not None][:2]
        both = numbers if len(numbers) > 1 else numbers * 2
        once, each = (decimal(max(both)), decimal(sum(both, Fraction(0)))) if both else ("…", "…")
        yield scoring.same_matter_unstated(clause.span, columns[0], once, each)
    elif (clause.same_matter == ONCE or clause.across is not None) and not clause.matter:
        yield scoring.matter_unstated(clause.span, columns)
    elif clause.same_matter == EACH and clause.across is None and clause.matter:
        yield scoring.contradiction(clause.span, "各计各的", f"按{'、'.join(clause.matter)}")


def check_rates(clause: Rows, rates: Sequence[Rate], table: Table | None, unit: str) -> Iterator[Problem]:
    """No row fits two rates of which neither says more of it; rows that fit none are pointed out."""
    for level, times in Counter(rate.level for rate in rates).items():
        if times > 1:
            yield scoring.level_twice(clause.span, level)
    columns = columns_of(rates)
    if not columns or table is None:
        return
    found = [table.column(name) for name in columns]
    choices = [one.choices if one is not None else () for one in found]
    left = []
    for values in product(*choices):
        row = dict(zip(columns, values, strict=True))
        fitting = [rate for rate in rates if all(row[column] == value for column, value in rate.cells)]
        if not fitting:
            left.append("".join(values))
        for one, other in combinations(fitting, 2):
            more = max(fitting, key=lambda rate: len(rate.cells))
            if set(one.cells) <= set(other.cells) or set(other.cells) <= set(one.cells):
                continue
            if not set(one.cells) | set(other.cells) <= set(more.cells):
                told = [(rate.level, amount(rate.award.points) if rate.award else "…") for rate in (one, other)]
                yield scoring.two_rates_fit(clause.span, "、".join(values), told[0], told[1])
                return
    if left:
        yield scoring.level_without_points(clause.span, left, unit or "次")


def losing_awards(awards: Iterable[Award]) -> bool:
    """Whether the phrase takes points away."""
    return any(award.kind in LOSSES for award in awards)
