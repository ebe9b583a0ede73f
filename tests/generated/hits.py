"""What was met how often: kinds and states, fields, rounding, edges, ties, answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from generated.compare import Both, watched
from generated.leaves import COMBINES
from perfdsl.clauses import BY_KEY, KINDS
from perfdsl.clauses.periodic import Periodic
from perfdsl.graph.ops import Apply, Lookup, Round
from perfdsl.model import outputs
from perfdsl.model.expression import Across, AcrossUnits, Condition, Expression, Percentile, Population
from perfdsl.model.grade import QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.item import AnswerKind, Item, Level
from perfdsl.model.rulebook import Combine, Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.states import BY_CHINESE, State
from perfdsl.model.table import UNIT_GRAIN, ToYear
from perfdsl.model.units import Mode, Ties

Hits = Counter[str]
ENOUGH = 100
DIGITS = range(-1, 5)
NOT_COUNTED = frozenset({"kind", "span", "citation", "meta", "code", "name", "children", "answers", "method"})
WORDLESS = frozenset({"heads", "text", "what", "done", "decided", "action", "procedure", "reason", "unit"})
"""Fields of words that nothing computes with: counted once, whatever they say."""


def count(found: Both) -> Hits:
    """All that one case met."""
    hits: Hits = Counter()
    units = found.case.data[UNIT_GRAIN].rows
    book = found.case.book
    for item in book.walk():
        _item(found, item, hits, units)
    _operations(found, hits)
    _whole(found, hits, units)
    for part in (book.items, book.scheme, book.vetoes, book.applications):
        for one in expressions(part):
            hits[called(one)] += units
            if isinstance(one, AcrossUnits):
                hits[f"across {one.fn.name} {one.with_self}"] += units
                hits[f"across {one.population.name}"] += units
                hits[f"across {one.method.name}"] += units * (one.fn is Across.PERCENTILE)
    for table in book.tables:
        for column in table.columns:
            if column.to_year is not None:
                hits[f"month {column.to_year.name}"] += units
    return hits


def _item(found: Both, item: Item, hits: Hits, units: int) -> None:
    for name in non_default(item):
        hits[f"item {name}"] += units
    hits[f"level {item.level.name}"] += units
    clause = item.scoring or item.combine
    if clause is None:
        return
    if isinstance(clause, Periodic) and clause.rule.scoring is not None:
        for name in non_default(clause.rule.scoring):
            hits[f"field {clause.rule.scoring.kind} {name}"] += units
    for name in non_default(clause):
        hits[f"field {clause.kind} {name}"] += units
    if item.population is not None and BY_KEY[clause.kind].cross_unit:
        hits[f"population {item.population.name}"] += units
    for state, _ in found.by_graph[outputs.score(item.code)]:
        hits[f"score {clause.kind} {state.name}"] += 1
    if item.scoring is None:
        for state, _ in found.by_graph[outputs.score(item.code)]:
            hits[f"kind {clause.kind} {state.name}"] += 1
        return
    for (_, word), full in zip(
        found.by_graph[outputs.state(item.code)], found.by_graph[outputs.full(item.code)], strict=True
    ):
        state = BY_CHINESE[str(word)]
        hits[f"kind {clause.kind} {state.name}"] += 1
        if (answer := item.answer(state)) is not None:
            hits[f"answer {answer.kind.name}"] += 1
        if full[1] is not None and full[1] != item.full:
            hits["full mark moved"] += 1


def _operations(found: Both, hits: Hits) -> None:
    """Roundings by mode and digits, halves among them; values on the edges of bands and comparisons."""
    graph, results = found.graph, found.results
    for node in graph.needed():
        op = graph.nodes[node].op
        if isinstance(op, Round):
            for state, value in results.cells(op.of, UNIT_GRAIN):
                if state is State.VALUE and isinstance(value, Fraction):
                    hits[f"round {op.mode.name} {op.digits}"] += 1
                    rest = abs(value) * Fraction(10) ** op.digits % 1
                    hits[f"half {op.mode.name}"] += rest == Fraction(1, 2)
                    hits[f"negative {op.mode.name}"] += value < 0 and rest != 0
        elif isinstance(op, Lookup):
            ends = {end for band in op.bands for end in (band.low, band.high) if end is not None}
            hits["edge of a band"] += sum(
                value in ends for _, value in results.cells(op.of, UNIT_GRAIN) if value is not None
            )
        elif isinstance(op, Apply) and watched(graph, node):
            left, right = (results.cells(arg, UNIT_GRAIN) for arg in op.args)
            if len(left) == len(right):
                hits[f"edge {op.fn.name}"] += sum(
                    one == other and one[0] is State.VALUE for one, other in zip(left, right, strict=True)
                )
    hits["zero divisor"] += sum(len(fault.rows) for fault in results.faults)


def _whole(found: Both, hits: Hits, units: int) -> None:
    book = found.case.book
    for name in ("value", "score", "group", "total"):
        if getattr(book.roundings, name) is None:
            hits[f"not rounded {name}"] += units
    if book.roundings.carry_exact:
        hits["carry_exact"] += units
    hits[f"combine {book.total.combine.name}"] += units
    for name in non_default(book.total):
        hits[f"total {name}"] += units
    for category in book.categories:
        for name in non_default(category):
            hits[f"category {name}"] += units // len(book.categories)
    for state, _ in found.by_graph[outputs.TOTAL]:
        hits[f"total is {state.name}"] += 1
    _ranks(found, hits)
    if book.scheme is not None:
        _grades(found, hits, units)
    for rule in (*book.vetoes, *book.applications, *book.scopes):
        for name in non_default(rule.clause):
            hits[f"field {rule.clause.kind} {name}"] += units
    for rule in (*book.vetoes, *book.applications):
        name = outputs.veto(rule.code) if rule in book.vetoes else outputs.application(rule.code)
        for state, value in found.by_graph[name]:
            said = str(value) if isinstance(value, bool) else state.name
            hits[f"kind {rule.clause.kind} {said}"] += 1


def _ranks(found: Both, hits: Hits) -> None:
    book = found.case.book
    assert book.ties is not None
    for rank, times in Counter(value for _, value in found.by_graph[outputs.RANK]).items():
        if rank is not None and times > 1:
            hits[f"tie {book.ties.name}"] += times


def _grades(found: Both, hits: Hits, units: int) -> None:
    scheme = found.case.book.scheme
    assert scheme is not None
    hits["kind grades VALUE"] += sum(state is State.VALUE for state, _ in found.by_graph[outputs.GRADE])
    hits["kind grades PENDING"] += sum(state is State.PENDING for state, _ in found.by_graph[outputs.GRADE])
    hits["kind grades ABSENT"] += sum(state is State.ABSENT for state, _ in found.by_graph[outputs.GRADE])
    for name in non_default(scheme):
        hits[f"scheme {name.split(' ')[0]}"] += units
    totals = Counter(value for _, value in found.by_graph[outputs.TOTAL])
    for grade in scheme.grades:
        if grade.band is not None and grade.band.low is not None:
            hits[f"total on an edge {grade.band.low_in}"] += totals[grade.band.low]
        for name in non_default(grade):
            hits[f"grade {name}"] += units
        if grade.quota is not None:
            hits[f"quota {grade.quota.kind.name}"] += units
            if grade.quota.kind is QuotaKind.SHARE and scheme.base and scheme.rounding:
                hits[f"quota base {scheme.base.name}"] += units
                hits[f"quota rounded {scheme.rounding.name}"] += units
    if any(grade.quota for grade in scheme.grades) and scheme.tie:
        hits[f"tie at a cut {scheme.tie.name}"] += _tied_at_cut(found)


def _tied_at_cut(found: Both) -> int:
    """Units that share a rank beside which the grade changes."""
    by_rank: dict[Fraction, set[object]] = defaultdict(set)
    times: Counter[Fraction] = Counter()
    for (_, rank), (_, grade) in zip(found.by_graph[outputs.RANK], found.by_graph[outputs.GRADE], strict=True):
        if isinstance(rank, Fraction) and grade is not None:
            by_rank[rank].add(grade)
            times[rank] += 1
    ranks = sorted(by_rank)
    return sum(
        times[rank]
        for n, rank in enumerate(ranks)
        if times[rank] > 1 and any(by_rank[other] != by_rank[rank] for other in ranks[max(n - 1, 0) : n + 2])
    )


# ---- fields and expressions


def non_default(part: Any) -> Iterator[str]:
    """Fields that say something, those of closed words with the word."""
    for one in fields(part):
        value = getattr(part, one.name)
        if one.name in NOT_COUNTED or (one.default is not MISSING and value == one.default):
            continue
        if isinstance(value, str) and one.name not in WORDLESS:
            yield f"{one.name} {value}"
        yield one.name


def expressions(part: Any) -> Iterator[Expression | Condition]:
    """Every expression and condition, however nested."""
    if isinstance(part, tuple):
        for one in part:
            yield from expressions(one)
    elif is_dataclass(part) and not isinstance(part, type):
        if isinstance(part, (Expression, Condition)):
            yield part
        for field in fields(part):
            if field.name not in ("span", "citation", "meta"):
                yield from expressions(getattr(part, field.name))


def called(one: Expression | Condition) -> str:
    """The kind of an expression, with what it is about."""
    about = [
        getattr(one, name)
        for name in ("what", "fn", "op", "population", "with_self", "restart", "first")
        if hasattr(one, name)
    ]
    shown = (about_.name if isinstance(about_, Enum) else str(about_) for about_ in about)
    return " ".join(("expression", type(one).__name__, *shown))


# ---- what must have been met


def wanted() -> list[str]:
    """Everything that must be met often enough."""
    found = [f"kind {kind} {state.name}" for kind in _scoring() for state in _states(kind)]
    found += [f"score {kind} {state}" for kind in ROWS_ONLY for state in ("VALUE", "ABSENT", "PENDING")]
    found += [f"kind {kind} {state}" for kind in COMBINES for state in ("VALUE", "ABSENT", "PENDING")]
    found += [f"kind {kind.key} {said}" for kind in _limits() for said in ("True", "False", "PENDING")]
    found += ["kind application VALUE", "kind application ABSENT", "kind application PENDING"]
    found += ["kind measure True", "kind measure False", "kind measure PENDING"]
    found += ["kind grades VALUE", "kind grades PENDING", "kind grades ABSENT", "total is VALUE", "total is PENDING"]
    for kind in KINDS:
        found += [f"field {kind.key} {one.name}" for one in fields(kind.node) if _counted(kind.key, one.name)]
    found += [f"answer {kind.name}" for kind in AnswerKind]
    found += [f"round {mode.name} {digits}" for mode in Mode for digits in DIGITS]
    found += [f"{what} {mode.name}" for mode in Mode for what in ("half", "negative", "quota rounded")]
    found += [f"not rounded {name}" for name in ("value", "score", "group", "total")]
    found += [f"tie {ties.name}" for ties in Ties] + [f"tie at a cut {tie.name}" for tie in TieAtCut]
    found += [f"quota {kind.name}" for kind in QuotaKind] + [f"quota base {base.name}" for base in QuotaBase]
    found += [f"combine {combine.name}" for combine in Combine] + [f"population {one.name}" for one in Population]
    found += [f"level {level.name}" for level in Level if level is not Level.GROUP3]
    found += [f"month {how.name}" for how in ToYear] + list(PLAIN)
    found += [f"across {one.name} {own}" for one in Across for own in (True, False) if own or one is not Across.RANK]
    found += [f"across {one.name}" for one in (*Population, *Percentile)]
    return found


PLAIN = (
    "carry_exact", "edge of a band", "edge LESS", "edge LESS_EQUAL", "zero divisor", "full mark moved",
    "item applies", "item coefficient", "item weights", "item exempt", "item requires", "item rounding", "item floored", "item least",
    "total most", "total least", "total most_bonus", "total most_deduction", "total share_missing", "total at_least",
    "category full", "category ranked", "category treated_as",
    "grade band", "grade quota", "grade also", "grade position", "scheme promoted", "scheme by_category",
    "expression ItemRef value", "expression ItemRef score", "expression ItemRef target", "expression ItemRef full",
    "expression ItemRef total", "expression ItemRef rank", "expression Placed True", "expression Placed False",
    "expression InGrade True", "expression InGrade False", "expression Happened",
    "expression Single", "expression ItemRef period", "expression WorkingDays", "expression DueDay",
    "expression Past", "expression Rising",
    "expression Call POWER", "expression Call LN", "expression Call GEOMETRIC", "expression Call HARMONIC",
    "expression MeanOf", "expression Rounded",
    "expression AllOf", "expression AnyOf", "expression Not", "expression Filled", "total on an edge True", "total on an edge False",
)  # fmt: skip


NEVER = {
    "bar_top": {"count", "codes"},
    "cap_grade": {"count", "codes"},
    "drop_grade": {"codes"},
    "promote": {"count", "codes", "scope"},
    "undetermined": {"effect", "grades", "count", "codes", "rank"},
    "veto": {"count"},
    "borda": {"times"},
    "satisfaction": {"spread_ops", "spread_edges", "spread_bounds", "spread_counts"},
    "ladder": {"action"},
    "count_gain": {"unit"},
    "count_loss": {"unit"},
    "rate_gain": {"each", "what"},
    "rate_loss": {"each", "what"},
}
"""Fields of a shared dataclass that the kind's own phrase never fills, or that its check refuses."""


def _counted(kind: str, name: str) -> bool:
    # 总分不低于 0 分 only repeats the total's own bound: the check compares them, nothing is computed
    if name in ("kind", "span", "total_least"):
        return False
    return kind != "grades" and name not in NEVER.get(kind, ())


def _scoring() -> list[str]:
    return [kind.key for kind in KINDS if kind.stage is Stage.ITEM and not kind.combines and kind.key not in INSIDE]


ROWS_ONLY = (
    "ledger",
    "ledger_points",
    "ledger_table",
    "turns",
    "individual",
    "periodic",
    "raters",
    "satisfaction",
    "borda",
)
"""Kinds whose item has no value of its own."""

INSIDE = ("escalation",)
"""Kinds that only stand in the rule of a period."""


def _states(kind: str) -> list[State]:
    """States that the gate of a kind can be in; a clause that reads rows has no value of its own."""
    return [State.VALUE, State.ABSENT] if kind in ROWS_ONLY else list(State)


def _limits() -> list[Any]:
    return [kind for kind in KINDS if kind.stage in (Stage.ELIGIBILITY, Stage.ADJUSTMENT)]


def table(hits: Hits) -> str:
    """All hits, the rarest of those that are wanted first."""
    asked = wanted()
    rows = sorted((hits[name], name) for name in asked)
    rest = sorted((name, number) for name, number in hits.items() if name not in set(asked))
    lines = [f"{number:8}  {name}" for number, name in rows]
    return "\n".join([*lines, "not asked for:", *(f"{number:8}  {name}" for name, number in rest)])


__all__ = ["ENOUGH", "Hits", "Rulebook", "count", "table", "wanted"]
