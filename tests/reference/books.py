"""Small rulebooks and years, written in Python for the tests of the auditor's reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from perfdsl.clauses.manual import Manual
from perfdsl.clauses.meet_or_zero import MeetOrZero
from perfdsl.data.columns import DataColumn, Dataset, DataTable, column
from perfdsl.model.expression import ColumnRef, Condition, Holds
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.item import Answer, AnswerKind, Award, AwardKind, Item, Level
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Combine, Rulebook, TotalRule
from perfdsl.model.states import State
from perfdsl.model.table import FACTS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import POINTS, Mode, Ties, ValueType
from perfdsl.reference import evaluate

Plain = Fraction | bool | str | date | State | int | None

GIVEN = Manual(kind="manual")
"""人工评分: the value is the score, so that a test says what each unit earns."""
MEET = MeetOrZero(kind="meet_or_zero", otherwise=Award(AwardKind.ZERO))
CENTS = Rounding(2, Mode.HALF_UP)
MISSING, PENDING, ABSENT, NONE, NIL = State.MISSING, State.PENDING, State.ABSENT, State.NONE, State.NIL


def fact(name: str, kind: ValueType = ValueType.NUMBER) -> ColumnRef:
    """A fact of the unit."""
    return ColumnRef(FACTS, name, kind, POINTS if kind is ValueType.NUMBER else None)


def yes(name: str) -> Condition:
    """A yes/no fact of the unit."""
    return Holds(fact(name, ValueType.BOOL))


def answers(**given: AnswerKind) -> tuple[tuple[State, Answer], ...]:
    """``absent=AnswerKind.FULL`` and so on."""
    return tuple((State[name.upper()], Answer(kind)) for name, kind in given.items())


def item(code: str, full: int | None = 10, **fields: object) -> Item:
    """An indicator whose score is given by people, in the fact of its own name."""
    stated: dict[str, object] = {
        "level": Level.INDICATOR,
        "name": code,
        "full": None if full is None else Fraction(full),
        "value": fact(code),
        "scoring": GIVEN,
    }
    return Item(code=code, **(stated | fields))  # type: ignore[arg-type]


def group(code: str, *children: Item, **fields: object) -> Item:
    """A 一级指标."""
    stated: dict[str, object] = {"level": Level.GROUP1, "name": code, "children": children}
    return Item(code=code, **(stated | fields))  # type: ignore[arg-type]


def book(*items: Item, **fields: object) -> Rulebook:
    """A rulebook: scores and total to 2 digits, half up; competition ranks."""
    stated: dict[str, object] = {
        "full": Fraction(100),
        "roundings": Roundings(score=CENTS, total=CENTS),
        "total": TotalRule(Combine.SUM, bonuses=True, deductions=True),
        "ties": Ties.COMPETITION,
    }
    return Rulebook("示例", "2025", items=items, **(stated | fields))  # type: ignore[arg-type]


def scheme(share: Fraction | None = None, **fields: object) -> GradeScheme:
    """优秀 90 以上 (within a quota), 良好 80, 合格 60, 不合格."""
    quota = None if share is None else Quota(QuotaKind.SHARE, share)
    grades = (
        Grade("优秀", Interval(Fraction(90)), quota),
        Grade("良好", Interval(Fraction(80), Fraction(90))),
        Grade("合格", Interval(Fraction(60), Fraction(80))),
        Grade("不合格", Interval(None, Fraction(60))),
    )
    stated: dict[str, object] = {
        "by_category": False,
        "base": QuotaBase.RANKED,
        "rounding": Mode.HALF_UP,
        "tie": TieAtCut.ALL_IN,
    }
    return GradeScheme("年度等次", grades, **(stated | fields))  # type: ignore[arg-type]


def cell(plain: Plain) -> tuple[State, Fraction | bool | str | date | None]:
    """A number, a text, a truth value, or the state in its place."""
    if isinstance(plain, State):
        return plain, None
    if isinstance(plain, int) and not isinstance(plain, bool):
        return State.VALUE, Fraction(plain)
    return State.VALUE, plain


def _column(name: str, given: Sequence[Plain]) -> DataColumn:
    cells = [cell(one) for one in given]
    values = [value for _, value in cells if value is not None]
    kind = ValueType.NUMBER
    if any(isinstance(value, bool) for value in values):
        kind = ValueType.BOOL
    elif any(isinstance(value, str) for value in values):
        kind = ValueType.TEXT
    elif any(isinstance(value, date) for value in values):
        kind = ValueType.DATE
    return column(name, kind, cells)


def year(
    facts: Mapping[str, Sequence[Plain]],
    categories: Sequence[str] = (),
    ledgers: Mapping[str, Mapping[str, Sequence[Plain]]] | None = None,
) -> Dataset:
    """Facts of the units, and ledgers; the units are called 甲, 乙, 丙 … and so on."""
    count = len(next(iter(facts.values())))
    names = [chr(ord("A") + i) for i in range(count)] if count <= 26 else [f"U{i:03}" for i in range(count)]
    columns = {"单位名册.单位": _column("单位", names)}
    if categories:
        columns["单位名册.类别"] = _column("类别", list(categories))
    columns |= {f"{FACTS}.{name}": _column(name, given) for name, given in facts.items()}
    tables = {"单位": DataTable("单位", count, columns)}
    for name, given in (ledgers or {}).items():
        rows = len(next(iter(given.values())))
        tables[name] = DataTable(name, rows, {head: _column(head, cells) for head, cells in given.items()})
    return tables


def table(name: str, row_of: RowOf, *columns: TableColumn) -> Table:
    """A table of facts."""
    return Table(name, TableRole.FACT, row_of, columns)


def found(rulebook: Rulebook, data: Dataset, name: str) -> list[object]:
    """One output of all units: values, or the state where there is none; whole numbers as int."""
    cells = evaluate(rulebook, data)[name]
    return [_readable(value) if state is State.VALUE else state for state, value in cells]


def _readable(value: object) -> object:
    whole = isinstance(value, Fraction) and value.denominator == 1
    return int(value) if whole else value  # type: ignore[call-overload]


def number(text: str) -> Fraction:
    """A number as written."""
    return Fraction(text)
