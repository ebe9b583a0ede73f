"""Numbers of pieces (件, 人, 次) and days that the data cannot mean: fewer than none, a part of a piece, more than the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.individual import row_unit
from perfdsl.clauses.shared.inside import with_rules
from perfdsl.clauses.shared.measures import measured
from perfdsl.compile.grains import UNIT_GRAIN, key_of
from perfdsl.data.columns import UNIT_COLUMN, DataColumn, Dataset, DataTable
from perfdsl.data.convert import called
from perfdsl.model.expression import Call, ColumnRef, Expression, Fn, ItemRef, Number
from perfdsl.model.grade import Interval
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, FACTS_OF, RowOf, Table, TableColumn, TableRole, ToYear
from perfdsl.model.units import RATIO, ValueType, decimal, unit_of
from perfdsl.model.walking import nodes
from perfdsl.text.catalogue import data as say
from perfdsl.text.catalogue.data import Place
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, replace

if TYPE_CHECKING:
    import numpy.typing as npt

KEYS, UNIT_WORD = (UNIT_COLUMN, "编号"), "计量单位"
"""What tells the rows of a 附表 of 个性指标 apart, and the column with the unit of each."""

SHOWN = 5
"""Cells and units that a message names."""

Ratio = tuple[ColumnRef, ColumnRef]
"""A part, and the whole that it is of."""


Counted = tuple[str, str, Table, TableColumn]
"""A column that holds numbers of pieces: its grain and its name there, its table and how it is declared."""


class Pieces:
    """The columns of ``book`` that hold numbers of pieces or amounts of time.

    ``before``: those of another rulebook, most of whose tables are the same.
    """

    def __init__(self, book: Rulebook, before: Pieces | None = None) -> None:
        self.book = book
        known = before._by_table if before is not None else {}
        self._by_table: dict[int, tuple[Counted, ...]] = {
            id(table): known[id(table)] if id(table) in known else tuple(_counting(table)) for table in book.tables
        }

    @property
    def columns(self) -> Iterator[Counted]:
        """Each of them, table by table."""
        for table in self.book.tables:
            yield from self._by_table[id(table)]

    @cached_property
    def taken_for_whole(self) -> frozenset[tuple[str, str]]:
        """(grain, column) of which only whole numbers are taken."""
        return frozenset(_taken_for_whole(self.book))

    def checked(self, dataset: Dataset) -> tuple[Dataset, Problems]:
        """The data with every number of pieces or of days 待定 that is less than none, or that is no whole number of pieces
        where the rule takes it for one (it says nothing of a begun piece); other parts of a piece are asked about."""
        said: list[Problem] = []
        for grain, name, table, column in self.columns:
            held = dataset[grain].columns.get(name) if grain in dataset else None
            if held is None or held.kind is not ValueType.NUMBER or _all_plain(held):
                continue
            wrong: list[int] = []
            for unit_word, among in _counted(self.book, dataset, table, column):
                below = [] if column.signed else _rows(held, among, lambda value: value < 0)
                whole = unit_of(unit_word)[0].counts_pieces  # half a day is one
                parts = _rows(held, among, lambda value: value.denominator != 1) if whole else []
                if below:
                    said.append(say.fewer_than_none(*_told(column, unit_word, held, below)))
                if parts and (grain, name) in self.taken_for_whole:
                    said.append(say.part_of_a_piece(*_told(column, unit_word, held, parts)))
                    below = sorted({*below, *parts})
                elif parts and table.role is not TableRole.RULE:  # a plan or a step may be half a piece
                    said.append(say.part_of_a_piece_perhaps(*_told(column, unit_word, held, parts)))
                wrong += below
            if wrong:
                states = held.states.copy()
                states[wrong] = State.PENDING
                columns = {**dataset[grain].columns, name: replace(held, states=states)}
                dataset = {**dataset, grain: DataTable(grain, dataset[grain].rows, columns)}
        return dataset, tuple(said)


def _counting(table: Table) -> Iterator[Counted]:
    for column in table.columns:
        if column.unit is not None and (column.unit.counts_from_none or column.unit == row_unit()):
            yield *key_of(table, column.name), table, column


def _counted(
    book: Rulebook, dataset: Dataset, table: Table, column: TableColumn
) -> Iterator[tuple[str, frozenset[int] | None]]:
    """(unit word, rows) of what is counted in a column; None for all rows. In the facts of 个性指标 each row has the unit
    that its row of the 附表 says."""
    if column.unit is not None and column.unit.counts_from_none:
        yield column.unit_word, None
        return
    rules, held = book.table(table.name.removesuffix(FACTS_OF)), dataset[table.name].columns
    wanted = (*KEYS, UNIT_WORD)
    if rules is None or any(name not in held for name in KEYS) or any(rules.column(name) is None for name in wanted):
        return
    names = [one.name for one in rules.columns]
    rows_of = [[row[names.index(name)].text.strip() for name in wanted] for row in rules.rows]
    words = {(unit, number): word for unit, number, word in rows_of}
    found: dict[str, set[int]] = {}
    for row, ((_, unit), (_, number)) in enumerate(zip(*(held[name].cells for name in KEYS), strict=True)):
        word = words.get((str(unit), str(number)), "")
        if word and unit_of(word)[1] == 1 and unit_of(word)[0].counts_from_none:  # 万人 may have a fraction
            found.setdefault(word, set()).add(row)
    for word, rows in found.items():
        yield word, frozenset(rows)


def _rows(column: DataColumn, among: frozenset[int] | None, wrong: Callable[[Fraction], bool]) -> list[int]:
    rows = column.rows_where(lambda value: isinstance(value, Fraction) and wrong(value))
    return rows if among is None else [row for row in rows if row in among]


def _all_plain(column: DataColumn) -> bool:
    """Whether no cell is negative or has a fraction, as nearly always."""
    return not column.digits and column.bounds is not None and column.bounds[0] >= 0


def _told(
    column: TableColumn, unit_word: str, held: DataColumn, rows: Sequence[int]
) -> tuple[Place, str, str, str, int, str]:
    """Where it stands first, the column, its unit, what stands there, how many cells, which."""
    value = held.value(rows[0])
    assert isinstance(value, Fraction)
    first = held.addresses[rows[0]] if held.addresses else None
    cells = "、".join(held.addresses[row].cell for row in rows[:SHOWN]) if held.addresses else ""
    where = cells + ("等" if cells and len(rows) > SHOWN else "")
    return first, called(column), unit_word, decimal(value / column.factor), len(rows), where


def _taken_for_whole(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(grain, column) of the numbers of pieces whose rule says nothing of a begun step, since there can be none."""
    for ref in (ref for item in book.walk() for ref in taken_for_whole(item)):
        table = book.table(ref.table)
        if table is not None:
            yield key_of(table, ref.column)


def taken_for_whole(item: Item) -> Iterator[ColumnRef]:
    """What an item, or a rule inside it, measures in steps without a word on a begun one."""
    for one in with_rules((item,)):
        scoring = one.scoring
        if scoring is not None and any(
            choice.code == "K203" and getattr(scoring, choice.field) is None for choice in BY_KEY[scoring.kind].choices
        ):
            yield from (ref for ref in nodes((one.value, one.target)) if isinstance(ref, ColumnRef))


# ---- a part of a whole


def parts_greater(book: Rulebook, dataset: Dataset) -> Iterator[Problem]:
    """A question for each share (办结件数 ÷ 应办件数, measured by at most 100 %) whose part is greater than the whole."""
    for part, whole in dict.fromkeys(_shares(book, dataset)):
        over, under = _yearly(book, dataset, part), _yearly(book, dataset, whole)
        if over is None or under is None or over.periods != under.periods:
            continue
        rows = np.flatnonzero(over.known & under.known & (over.values > under.values)).tolist()
        if not rows:
            continue
        units = _units(dataset)
        cells = [_most_off(over, under, row) for row in rows[:SHOWN]]
        shown = [
            f"{units[row] if units else ''} {over.told(row, cell)}，{under.told(row, cell)}".strip()
            for row, cell in zip(rows, cells, strict=False)
        ]
        first = over.held.addresses[cells[0]] if over.held.addresses else None
        yield say.part_above_whole(first, called(over.column), called(under.column), shown, len(rows))


def _most_off(over: Year, under: Year, row: int) -> int:
    """The cell of a unit in which the part is most above the whole: its only one, or that of a period."""
    periods = slice(row * over.periods, (row + 1) * over.periods)
    mine: npt.NDArray[Any] = over.held.values[periods]
    theirs: npt.NDArray[Any] = under.held.values[periods]
    return row * over.periods + int((mine - theirs).argmax())


def _units(dataset: Dataset) -> tuple[str, ...]:
    columns = dataset[UNIT_GRAIN].columns if UNIT_GRAIN in dataset else {}
    held = next((column for name, column in columns.items() if name.endswith(f".{UNIT_COLUMN}")), None)
    return () if held is None else tuple(str(value) for _, value in held.cells)


def _shares(book: Rulebook, dataset: Dataset) -> Iterator[Ratio]:
    """The quotients of two reported numbers of like pieces by which somebody is measured that go no further than 100 %."""
    items = {item.code: item for item in book.walk()}
    for item in items.values():
        if not _stops_at_whole(item, book, dataset):
            continue
        read = [item, *(items[one.code] for one in nodes(item.value) if isinstance(one, ItemRef) and one.code in items)]
        for each in read:
            for call in nodes(each.value):
                match call:
                    case Call(fn=Fn.DIVIDE, args=(ColumnRef() as part, ColumnRef() as whole)):
                        if part.unit is not None and part.unit == whole.unit and part.unit.counts_pieces:
                            table = book.table(whole.table)
                            if table is not None and table.role is not TableRole.RULE:
                                yield part, whole


def _stops_at_whole(item: Item, book: Rulebook, dataset: Dataset) -> bool:
    """Whether what an item asks for lies at or below 100 %, so that more than that is not foreseen."""
    if item.scoring is None or measured(item.value) != RATIO:
        return False
    if item.target is not None:
        most = _most(item.target, book, dataset)
        return most is not None and most <= 1 and (most < 1 or item.higher_is_better is not False)
    if item.scoring.kind == "proportional":
        return getattr(item.scoring, "cap", None) != "uncapped"
    levels = [one.value for one in nodes(item.scoring) if isinstance(one, Number) and one.unit == RATIO]
    bands = [one for one in nodes(item.scoring) if isinstance(one, Interval)]
    if any(band.low is not None and band.low >= 1 and not (band.low == 1 and band.low_in) for band in bands):
        return False
    levels += [end for band in bands for end in (band.low, band.high) if end is not None]
    asked = [level for level in levels if level >= Fraction(1, 2)]  # smaller ones are steps
    return bool(asked) and max(asked) <= 1


def _most(target: Expression, book: Rulebook, dataset: Dataset) -> Fraction | None:
    """The greatest target that some unit has."""
    if isinstance(target, Number):
        return target.value
    if isinstance(target, ColumnRef) and (table := book.table(target.table)) is not None:
        grain, name = key_of(table, target.column)
        held = dataset[grain].columns.get(name) if grain in dataset else None
        if held is not None and held.bounds is not None:
            return Fraction(held.bounds[1], 10**held.digits)
    return None


@dataclass(frozen=True, eq=False)
class Year:
    """Numbers of a column for the year, one a unit. ``held`` has one cell a unit, or one a unit and period."""

    column: TableColumn
    held: DataColumn
    values: npt.NDArray[Any]
    known: npt.NDArray[np.bool_]
    periods: int = 1

    def told(self, row: int, cell: int) -> str:
        """A number with its cell; of a year's sum, the cell to look at first."""
        place = str(self.held.addresses[cell]) if self.held.addresses else ""
        if self.periods > 1:
            place = "全年合计" + (f"，先看 {place}" if place else "")
        number = decimal(Fraction(int(self.values[row])) / self.column.factor)
        return f"{number} {self.column.unit_word}" + (f"（{place}）" if place else "")


def _yearly(book: Rulebook, dataset: Dataset, ref: ColumnRef) -> Year | None:
    """The numbers of the units for the year; None where they are no whole numbers, or not of the unit alone."""
    table = book.table(ref.table)
    column = table.column(ref.column) if table is not None else None
    if table is None or column is None:
        return None
    grain, name = key_of(table, ref.column)
    held = dataset[grain].columns.get(name) if grain in dataset else None
    if held is None or held.kind is not ValueType.NUMBER or held.digits or held.values.dtype == object:
        return None
    known = held.states == State.VALUE
    values = np.where(known, held.values, 0)
    if table.row_of is RowOf.UNIT:
        return Year(column, held, values, known)
    if table.row_of in CADENCES and column.to_year is ToYear.SUM:
        periods = CADENCES[table.row_of].periods
        whole = (values.reshape(-1, periods).sum(axis=1), known.reshape(-1, periods).all(axis=1))
        return Year(column, held, *whole, periods)
    return None
