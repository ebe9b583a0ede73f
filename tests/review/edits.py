"""One change of one number, word or reading in a rulebook, drawn from a seed, kind by kind; what is made still compiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from math import ceil
from typing import Any

from generated.chance import Chance

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.ladder import Ladder
from perfdsl.compile.check import CHECKS
from perfdsl.compile.dedupe import settled
from perfdsl.compile.lower import lower
from perfdsl.data.columns import Dataset
from perfdsl.data.load import load
from perfdsl.graph.infer import GraphTypeError
from perfdsl.model.expression import ColumnRef, InGrade, Number
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaKind, TieAtCut
from perfdsl.model.item import Clause
from perfdsl.model.rounding import Rounding
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import UNIT_GRAIN, UNITS, RowOf, RuleCell, Table, TableColumn, TableRole, ToYear
from perfdsl.model.units import RATIO, Mode, Unit, ValueType, decimal
from perfdsl.model.walking import nodes, rebuilt
from perfdsl.text.problem import Severity

Edit = Callable[[Rulebook, Chance], tuple[Rulebook, str] | None]
"""A rulebook with one edit, and what it was; None where there is nothing to edit."""
TRIES = 20


def edited(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """``book`` with one number, day, or yes and no other, anywhere in it."""
    numbers = Numbers(PARTS)
    return next((made for _ in range(TRIES) if (made := numbers(book, chance)) is not None), None)


def edited_as(kind: str, book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """``book`` with one edit of ``kind`` that compiles."""
    for _ in range(TRIES):
        made = KINDS[kind](book, chance)
        if made is not None and made[0] != book and compiles(made[0], book):
            return made
    return None


def compiles(new: Rulebook, old: Rulebook) -> bool:
    """Whether ``new`` has a graph, the checks find nothing 必须改 that they do not find in ``old``, and somebody can write
    it: what a 去重 block settles for an item is not otherwise there."""
    if settled(new.items, new.dedupes) != new.items:
        return False
    try:
        if not _wrong(new) <= _wrong(old):
            return False
        lower(new)
    except (GraphTypeError, KeyError, ValueError, AssertionError, TypeError, IndexError, StopIteration):
        return False
    return True


def _wrong(book: Rulebook) -> Counter[str]:
    return Counter(one.code for check in CHECKS for one in check(book) if one.severity is Severity.MUST)


# ---- 附表 in the rulebook


def seated(book: Rulebook, data: Dataset) -> Rulebook:
    """``book`` with the cells that ``data`` have for its 附表, as it stands in print."""
    return replace(book, tables=tuple(_filled(table, data) for table in book.tables))


def _filled(table: Table, data: Dataset) -> Table:
    if table.role is not TableRole.RULE or table.row_of not in (RowOf.UNIT, RowOf.UNIT_ITEM):
        return table
    of_units = table.row_of is RowOf.UNIT
    found = data[UNIT_GRAIN if of_units else table.name]
    names = [f"{table.name}.{column.name}" if of_units else column.name for column in table.columns]
    cells = [found.columns[name].cells for name in names]
    written = [[_written(one, column) for one in every] for column, every in zip(table.columns, cells, strict=True)]
    return replace(table, rows=tuple(tuple(map(RuleCell, row)) for row in zip(*written, strict=True)))


def _written(cell: tuple[State, Any], column: TableColumn) -> str:
    state, value = cell
    match value:
        case _ if state is not State.VALUE:
            return "" if state is State.MISSING else state.chinese
        case bool():
            return "是" if value else "否"
        case Fraction():
            return decimal(value / column.factor)
        case date():
            return value.isoformat()
    return str(value)


def on(book: Rulebook, data: Dataset) -> Dataset:
    """``data`` with the 附表 that ``book`` prints in the place of theirs."""
    printed = [table for table in book.tables if table.rows]
    if not any(table.name == UNITS for table in printed):
        return data
    ruled = load(None, printed).dataset
    units = replace(data[UNIT_GRAIN], columns={**data[UNIT_GRAIN].columns, **ruled[UNIT_GRAIN].columns})
    return {**data, **{name: table for name, table in ruled.items() if name != UNIT_GRAIN}, UNIT_GRAIN: units}


# ---- numbers, words, days, wherever they stand

PARTS = ("items", "vetoes", "scheme", "applications", "roundings", "total")
NEVER = frozenset({"kind", "code", "name", "span", "citation", "meta", "unit", "table", "column", "level", "written"})
NEVER |= {"ledger", "what", "grades", "factor", "digits", "along", "version"}
EDITED = {"Remainder", "Ties", "Mode", "AwardKind", "QuotaRounding", "Cut"}
COUNTED = frozenset({"places", "years", "counts"})
WHOLE = frozenset({"件", "人", "名次"})
ANSWERED = (State.NIL, State.NOT_DUE, State.NONE, State.ABSENT, State.MISSING)


@dataclass(frozen=True)
class Numbers:
    """Edits a number, a day, a yes or no, a rounding, anywhere in some parts of a rulebook."""

    parts: tuple[str, ...]

    def __call__(self, book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
        places = [place for part in self.parts for place in _places(getattr(book, part), (part,))]
        if not places:
            return None
        path = chance.one(places)
        value = _at(book, path)
        new = _other(value, chance, counted=_counted(book, path))
        if path[-3:-2] == ("answers",) and new in dict(_at(book, path[:-2])):
            return None  # the state has an answer already
        if new is None or new == value:
            return None
        made = _put(book, path, new)
        if _upside_down(_at(made, path[:-1])) or _counts_twice(_at(made, path[:3])):
            return None
        return made, f"{'.'.join(map(str, path))}: {value} -> {new}"


def _counted(book: Rulebook, path: tuple[Any, ...]) -> bool:
    """Whether a number counts something: places, years, cases, people."""
    holder = _at(book, path[:-1])
    unit = holder.unit if isinstance(holder, Number) else None
    return bool(COUNTED & {*path}) or (unit is not None and str(unit) in WHOLE)


def _upside_down(holder: Any) -> bool:
    """Whether nothing lies between the ends of an interval: nobody can write it."""
    if not isinstance(holder, Interval) or holder.low is None or holder.high is None:
        return False
    return holder.low > holder.high or (holder.low == holder.high and not (holder.low_in and holder.high_in))


def _counts_twice(clause: Any) -> bool:
    """Whether a ladder of years is for a grade of several years: nobody can write it, its lines say how many."""
    return isinstance(clause, Ladder) and clause.run is None


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from _places(one, (*path, i))
    elif is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Rounding):
            yield path
            return
        for one in fields(value):
            if one.name not in NEVER:
                yield from _places(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, (Fraction, bool, date, int)) or (isinstance(value, Enum) and type(value).__name__ in EDITED):
        yield path


def _other(value: Any, chance: Chance, counted: bool) -> Any:
    """Another value of its kind; what is ``counted`` stays whole: there are no three quarters of a case."""
    match value:
        case bool():
            return not value
        case Fraction():
            by = chance.one((Fraction(1), Fraction(1, 2), value / 2, -value / 4))
            by = Fraction(ceil(by)) if counted else by
            return value + by if value + by > 0 else None
        case State():
            return chance.one(ANSWERED)
        case int():
            return value + 1
        case date():
            return value + timedelta(chance.one((-20, -1, 1, 30)))
        case Rounding():
            if chance.yes():
                return replace(value, digits=value.digits + 1)
            return replace(value, mode=Mode.DOWN if value.mode is not Mode.DOWN else Mode.HALF_UP)
        case Enum():
            return chance.one([one for one in type(value) if one is not value])
    return None


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], _put(value[step], rest, new), *value[step + 1 :])
    return replace(value, **{step: _put(getattr(value, step), rest, new)})


def _instead(book: Rulebook, part: str, old: Any, new: Any) -> Rulebook:
    """``book`` with ``new`` where ``old`` stands in one of its parts."""
    made: Rulebook = replace(book, **{part: rebuilt(getattr(book, part), lambda one: new if one is old else one)})
    return made


# ---- readings of clauses


@dataclass(frozen=True)
class Readings:
    """Edits one of the readings that an author has to choose between, in the clauses of some parts."""

    parts: tuple[str, ...]
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def __call__(self, book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
        found = [
            (part, clause, choice)
            for part in self.parts
            for clause in nodes(getattr(book, part))
            if isinstance(clause, Clause)
            for choice in BY_KEY[clause.kind].choices
            if (not self.only or choice.field in self.only) and choice.field not in self.but and choice.chosen(clause)
        ]
        if not found:
            return None
        part, clause, choice = chance.one(found)
        value, written = chance.one([one for one in choice.readings if one[0] not in choice.numbered] or [("", "")])
        if not written or choice.chosen(clause) == written:
            return None
        new = choice.with_reading(clause, value)
        return _instead(book, part, clause, new), f"{clause.kind}: {choice.chosen(clause)} -> {written}"


# ---- 附表 and columns


def cell(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """A cell of a 附表: another number, or what stands in another row."""
    found = [
        (table, row, at)
        for table in book.tables
        for at, column in enumerate(table.columns)
        if column.name not in ("单位", "编号")
        for row in range(len(table.rows))
    ]
    if not found:
        return None
    table, row, at = chance.one(found)
    was, column = table.rows[row][at].text, table.columns[at]
    text = chance.one([one[at].text for one in table.rows])
    if column.kind is ValueType.NUMBER and was[:1].isdigit() and chance.yes(0.6):
        number = Fraction(was)
        text = decimal(number * chance.one((Fraction(9, 10), Fraction(11, 10), Fraction(1, 2), Fraction(2))))
    cells = (*table.rows[row][:at], RuleCell(text), *table.rows[row][at + 1 :])
    new = replace(table, rows=(*table.rows[:row], cells, *table.rows[row + 1 :]))
    told = f"{table.name}.{table.rows[row][0].text}.{column.name}: {was} -> {text}"
    return _instead(book, "tables", table, new), told


def size_of_column(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """The size in which a column of a 附表 is written (元 → 万元, 比率 → %), the cells as they are."""
    found = [
        (table, column)
        for table in book.tables
        for column in table.columns
        if table.rows and column.kind is ValueType.NUMBER and column.unit is not None
    ]
    if not found:
        return None
    table, column = chance.one(found)
    ratio = column.unit == RATIO
    new = replace(column, factor=Fraction(1, 100) if ratio else Fraction(10), unit_word="%" if ratio else "十")
    return _instead(book, "tables", column, new), f"{table.name}.{column.name}: × {new.factor}"


def to_year(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """How the periods of a column become the year's value."""
    read = {(one.table, one.column) for one in nodes(book) if isinstance(one, ColumnRef)}
    found = [
        column
        for table in book.tables
        for column in table.columns
        if column.to_year is not None and (table.name, column.name) in read
    ]
    if not found:
        return None
    column = chance.one(found)
    way = chance.one([one for one in ToYear if one is not column.to_year])
    return _instead(book, "tables", column, replace(column, to_year=way)), f"{column.name}: {column.to_year} -> {way}"


def measure(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """A measure word, wherever it is written; no number is another."""
    made: Rulebook = rebuilt(book, lambda one: Unit(("起",)) if one == Unit(("件",)) else one)
    return made, "件 -> 起"


def given(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """The range or the step of scores that people give."""
    limited = [
        one
        for item in book.walk()
        if (one := item.scoring) is not None and {BY_KEY[one.kind].limits, BY_KEY[one.kind].row_limits} != {None}
    ]
    ends = [
        (clause, name, end)
        for clause in limited
        for name in ("grid", "low", "high", "least", "most")
        if isinstance(end := getattr(clause, name, None), (Number, Fraction))
    ]
    if not ends:
        return None
    clause, name, end = chance.one(ends)
    put: Any
    value = end.value if isinstance(end, Number) else end
    new = value + chance.one((Fraction(1, 2), Fraction(-1, 2), Fraction(1), value / 2))
    put = replace(end, value=new) if isinstance(end, Number) else new
    return _instead(book, "items", clause, replace(clause, **{name: put})), f"{clause.kind}.{name}: {value} -> {new}"


# ---- categories, grades


def category(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """What a category says: its full mark, whether it is ranked or appraised, the grade it is given, places of its own."""
    if not book.categories:
        return None
    one = chance.one(book.categories)
    order = scheme.order if (scheme := book.scheme_of(one.name)) is not None else ()
    alone = {"treated_as": "", "takes_places": None, "excluded": False}
    options: list[dict[str, Any]] = [{"full": Fraction(chance.whole(60, 120))}, {"ranked": not one.ranked, **alone}]
    if not one.ranked:
        options.append({"excluded": not one.excluded, "treated_as": "", "takes_places": None})
        if order:
            options.append({"treated_as": chance.one(order), "takes_places": chance.yes(), "excluded": False})
    limited = [grade for grade in (scheme.grades if scheme is not None else ()) if grade.quota is not None]
    if limited:
        options.append({"quotas": ((chance.one(limited).name, Quota(QuotaKind.COUNT, Fraction(chance.whole(0, 3)))),)})
    more = chance.one(options)
    return _instead(book, "categories", one, replace(one, **more)), f"{one.name}: {more}"


def _graded(book: Rulebook, chance: Chance, fits: Callable[[Grade], bool]) -> tuple[GradeScheme, int] | None:
    found = [(one, at) for one in book.schemes for at, grade in enumerate(one.grades) if fits(grade)]
    return chance.one(found) if found else None


def _schemed(book: Rulebook, old: GradeScheme, new: GradeScheme) -> Rulebook:
    return _instead(_instead(book, "scheme", old, new), "other_schemes", old, new)


def line(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """A line of the total between two grades, on both sides of it; or the places that a grade has."""
    found = _graded(book, chance, lambda grade: bool(grade.position or (grade.band and grade.band.low is not None)))
    if found is None:
        return None
    scheme, at = found
    grade = scheme.grades[at]
    by = chance.one((Fraction(1), Fraction(-1), Fraction(2), Fraction(-3)))
    if grade.position is not None:
        grades = [replace(grade, position=_moved(grade.position, high=by))]
        below = [
            replace(one, position=_moved(one.position, low=by))
            for one in scheme.grades[at + 1 : at + 2]
            if one.position
        ]
    else:
        assert grade.band is not None
        flipped = chance.yes(0.3)
        low, inside = (grade.band.low, not grade.band.low_in) if flipped else (grade.band.low + by, grade.band.low_in)  # type: ignore[operator]
        grades = [replace(grade, band=replace(grade.band, low=low, low_in=inside))]
        below = [
            replace(one, band=replace(one.band, high=low, high_in=not inside))
            for one in scheme.grades[at + 1 : at + 2]
            if one.band is not None
        ]
    rest = scheme.grades[at + 1 + len(below) :]
    new = replace(scheme, grades=(*scheme.grades[:at], *grades, *below, *rest))
    return _schemed(
        book, scheme, new
    ), f"{grade.name}: {grade.band or grade.position} -> {grades[0].band or grades[0].position}"


def _moved(one: Interval | None, low: Fraction = Fraction(0), high: Fraction = Fraction(0)) -> Interval:
    assert one is not None
    return replace(
        one,
        low=None if one.low is None else one.low + abs(low),
        high=None if one.high is None else one.high + abs(high),
    )


def quota(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """How many places a grade has, of whom, cut how, for each category or for all."""
    found = _graded(book, chance, lambda grade: bool(grade.quota or grade.forced))
    if found is None:
        return None
    scheme, at = found
    grade = scheme.grades[at]
    name = chance.one([name for name in ("quota", "forced") if getattr(grade, name) is not None])
    was = getattr(grade, name)
    whole = was.kind is QuotaKind.COUNT
    options = [
        (
            "amount",
            replace(was, amount=was.amount + (chance.one((1, 2)) if whole else Fraction(chance.one((5, 10)), 100))),
        ),
        ("amount", replace(was, amount=max(Fraction(0), was.amount - (1 if whole else Fraction(5, 100))))),
        ("kind", Quota(QuotaKind.SHARE, Fraction(1, 5)) if whole else Quota(QuotaKind.COUNT, Fraction(2))),
    ]
    told, new = chance.one(options)
    made = replace(scheme, grades=(*scheme.grades[:at], replace(grade, **{name: new}), *scheme.grades[at + 1 :]))
    match chance.whole(0, 5):
        case 0 if scheme.base is not None:
            made = replace(scheme, base=chance.one([one for one in type(scheme.base) if one is not scheme.base]))
            return _schemed(book, scheme, made), f"base: {scheme.base} -> {made.base}"
        case 1 if scheme.rounding is not None:
            made = replace(scheme, rounding=chance.one([one for one in Mode if one is not scheme.rounding]))
            return _schemed(book, scheme, made), f"rounding: {scheme.rounding} -> {made.rounding}"
        case 2 if book.categories:
            made = replace(scheme, by_category=not scheme.by_category)
            return _schemed(book, scheme, made), f"by_category: {made.by_category}"
    return _schemed(book, scheme, made), f"{grade.name}.{name}.{told}: {was} -> {new}"


def equals(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """Equal totals: at the last place of a quota, in the ranking, by which they are told apart."""
    found = _graded(book, chance, lambda grade: bool(grade.quota or grade.forced))
    if found is not None and found[0].tie is not None and chance.yes(0.6):
        scheme = found[0]
        tie = chance.one([one for one in TieAtCut if one is not scheme.tie])
        return _schemed(book, scheme, replace(scheme, tie=tie)), f"tie: {scheme.tie} -> {tie}"
    if book.breaks and chance.yes():
        one = book.breaks[0]
        return replace(book, breaks=book.breaks[1:]), f"同分：先比 {one.of} -> 不比"
    if book.ties is None:
        return None
    ties = chance.one([one for one in type(book.ties) if one is not book.ties])
    return replace(book, ties=ties), f"ties: {book.ties} -> {ties}"


def refill(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """Who gets a place that becomes free: 递补 or not; whether a category that stands apart uses places."""
    treated = [one for one in book.categories if one.takes_places is not None]
    if treated and chance.yes(0.3):
        one = chance.one(treated)
        new = replace(one, takes_places=not one.takes_places)
        return _instead(book, "categories", one, new), f"{one.name}: takes_places {new.takes_places}"
    return Readings(("vetoes",), only=frozenset({"quota"}))(book, chance)


# ---- vetoes, applications


def consequence(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """后果: another grade, more grades down, another effect, whether the unit is still ranked, whom it is for."""
    if not book.vetoes:
        return None
    rule = chance.one(book.vetoes)
    clause: Any = rule.clause
    scheme = book.scheme_of("")
    order = scheme.order if scheme is not None else ()
    options: list[dict[str, Any]] = []
    if clause.grades and order:
        options += [
            {"grades": (chance.one(order),)},
            {"effect": chance.one(("set", "no_better")), "grades": clause.grades[:1]},
        ]
    if isinstance(clause.count, Number):
        options.append({"count": replace(clause.count, value=clause.count.value + 1)})
        options.append({"effect": "no_better", "grades": order[-1:], "count": None})
    if clause.rank is not None:
        options.append({"rank": "unranked" if clause.rank == "keeps_rank" else "keeps_rank"})
    if clause.effect == "item_zero":
        options.append({"effect": "total_zero", "codes": ()})
    if clause.effect == "total_zero":
        options.append(
            {"effect": "item_zero", "codes": (chance.one([one.code for one in book.walk() if one.scoring]),)}
        )
    if clause.applies is not None:
        options.append({"applies": None})
    if not options:
        return None
    more = chance.one(options)
    new = replace(rule, clause=replace(clause, **more))
    return _instead(book, "vetoes", rule, new), f"{rule.code} {clause.kind}: {more}"


def application(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """结果运用: what each grade gets, whom it is for, how it is read."""
    if not book.applications:
        return None
    rule = chance.one(book.applications)
    clause: Any = rule.clause
    held: tuple[Any, ...]
    options: list[dict[str, Any]] = []
    for name in ("numbers", "shares", "measures"):
        held = getattr(clause, name, ())
        if len(held) > 1:
            options.append({name: (held[1], held[0], *held[2:])})
    if clause.whom is not None:
        whom = chance.one([other.clause.whom for other in book.applications if other.clause.whom is not None])  # type: ignore[attr-defined]
        options.append({"whom": whom})
        named = [one for one in nodes(clause.whom) if isinstance(one, InGrade)]
        if named:
            one = chance.one(named)
            order = [name for scheme in book.schemes for name in scheme.order]
            grades = (*one.grades[:-1], chance.one(order))
            options.append(
                {"whom": rebuilt(clause.whom, lambda node: replace(one, grades=grades) if node is one else node)}
            )
    if not options or chance.yes(0.4):
        parts = ("applications",)
        return Numbers(parts)(book, chance) if chance.yes() else Readings(parts)(book, chance)
    more = chance.one(options)
    new = replace(rule, clause=replace(clause, **more))
    return _instead(book, "applications", rule, new), f"{rule.code} {clause.kind}: {more}"


PRINTED = frozenset({"附表的格", "列的大小"})
"""Kinds for which the 附表 stand in the rulebook."""
LATE = frozenset({"类别", "分数线", "名额", "同分", "递补", "否决的情形", "否决的后果", "结果运用"})
"""Kinds that only show where most totals are there."""
SILENT = frozenset({"计量单位"})
"""Kinds that change no result whatever."""
KINDS: Mapping[str, Edit] = {
    "指标的数": Numbers(("items",)),
    "指标的读法": Readings(("items",)),
    "给分范围": given,
    "总分和小数": Numbers(("total", "roundings")),
    "附表的格": cell,
    "列的大小": size_of_column,
    "列的全年": to_year,
    "计量单位": measure,
    "类别": category,
    "分数线": line,
    "名额": quota,
    "同分": equals,
    "递补": refill,
    "否决的情形": Numbers(("vetoes",)),
    "否决的后果": consequence,
    "结果运用": application,
}
