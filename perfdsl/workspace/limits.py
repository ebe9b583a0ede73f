"""Cells that a rule sets limits to: scores given by people (range and step), and steps (more than nothing)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.shared.inside import with_rules
from perfdsl.compile.grains import UNIT_GRAIN, key_of
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.model.expression import ColumnRef
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import ValueType, decimal
from perfdsl.text.catalogue import data, running, scoring
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import replace
from perfdsl.workspace.counts import Pieces, taken_for_whole

Bounds = tuple[Fraction, Fraction, Fraction | None]
"""Least, most and step of a score."""


def given_scores(book: Rulebook) -> dict[tuple[str, str], Bounds]:
    """(grain, column) → the range and the step of a score that people give; of a column that several items read what all
    of them permit."""
    found: dict[tuple[str, str], Bounds] = {}

    def narrowed(key: tuple[str, str], bounds: Bounds) -> None:
        found[key] = both(found.get(key, bounds), bounds)

    for _, name, bounds in _score_limits(book):
        narrowed((UNIT_GRAIN, name), bounds)
    for ledger, column, least, most in _row_limits(book):
        narrowed((ledger, column), (least, most, None))
    return found


def both(one: Bounds, other: Bounds) -> Bounds:
    """What keeps to two ranges and steps, from the least to the most that does; the least is above the most if nothing."""
    least, most, steps = max(one[0], other[0]), min(one[1], other[1]), [end for end in (one, other) if end[2]]
    if not steps:
        return least, most, None
    start, _, step = steps[0]
    assert step
    if len(steps) > 1:
        met = _met((start, step), (other[0], other[2] or step))
        if met is None:
            return least, least - 1, None
        start, step = met
    return start + ceil((least - start) / step) * step, start + floor((most - start) / step) * step, step


def _met(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction] | None:
    """Where two rows of steps (where it starts, how wide) meet, as such a row itself; None: nowhere."""
    under = lcm(*(number.denominator for number in (*one, *other)))
    (start, step), (end, wide) = ((int(a * under), int(b * under)) for a, b in (one, other))
    shared = gcd(step, wide)
    if (end - start) % shared:
        return None
    turns = (end - start) // shared * pow(step // shared, -1, wide // shared) % (wide // shared)
    return Fraction(start + turns * step, under), Fraction(lcm(step, wide), under)


def checked_scores(book: Rulebook, dataset: Dataset) -> tuple[Dataset, Problems]:
    """The data with every score 待定 that does not keep to its range and step, every step of nothing and every number of
    pieces that can be none 待定, and what there is to say of them."""
    return Limits(book).checked(dataset)


class Limits:
    """What the rules of ``book`` set limits to; found once for all data that are held against it.

    ``before``: those of another rulebook, most of whose tables are the same.
    """

    def __init__(self, book: Rulebook, before: Limits | None = None) -> None:
        self.given = given_scores(book)
        self._rows = tuple(dict.fromkeys(_row_limits(book)))
        self._steps = tuple(dict.fromkeys(_steps(book)))
        self._pieces: Pieces = Pieces(book, before._pieces if before is not None else None)
        self._scores = tuple(_score_limits(book))

    @property
    def steps(self) -> frozenset[tuple[str, str]]:
        """(grain, column) of the steps, of which only more than nothing is taken."""
        return frozenset(self._steps)

    @property
    def whole(self) -> frozenset[tuple[str, str]]:
        """(grain, column) of which only whole numbers are taken."""
        return self._pieces.taken_for_whole

    def numbers(self, dataset: Dataset) -> tuple[Dataset, Problems]:
        """The data with every step of nothing and every number of pieces that can be none 待定."""
        dataset, steps = _checked_steps(self._steps, dataset)
        dataset, counts = self._pieces.checked(dataset)
        return dataset, (*steps, *counts)

    def checked(self, dataset: Dataset) -> tuple[Dataset, Problems]:
        """See :func:`checked_scores`."""
        dataset, rows = _checked_rows(self._rows, dataset)
        dataset, numbers = self.numbers(dataset)
        problems = [*rows, *numbers]
        table = dataset.get(UNIT_GRAIN)
        if table is None:
            return dataset, tuple(problems)
        changed: dict[str, DataColumn] = {}
        for item, name, bounds in self._scores:
            if name not in table.columns:
                continue
            column, said = _checked(item, changed.get(name, table.columns[name]), bounds)
            problems += said
            if said:
                changed[name] = column
        if not changed:
            return dataset, tuple(problems)
        columns = {**table.columns, **changed}
        return {**dataset, UNIT_GRAIN: DataTable(UNIT_GRAIN, table.rows, columns)}, tuple(problems)


def limiting(book: Rulebook, known: dict[int, tuple[Item, bool]]) -> Rulebook:
    """``book`` with only the items that may set limits to cells: it says of data what the whole book says.

    ``known``: what was found out of items before, by their ``id``; of this book's it is added.
    """
    found = []
    for item in book.walk():
        before = known.get(id(item))
        if before is None or before[0] is not item:
            before = known[id(item)] = item, _may_limit(item)
        if before[1]:
            found.append(item.alone)
    return replace(book, items=tuple(found))


def _may_limit(item: Item) -> bool:
    kind = BY_KEY[item.scoring.kind] if item.scoring else None
    if kind is not None and (kind.limits is not None or kind.row_limits is not None):
        return True
    return any(_step_columns(item)) or any(taken_for_whole(item))


def checked_steps(book: Rulebook, dataset: Dataset) -> tuple[Dataset, Problems]:
    """The data with every cell 待定 that is a step (每低 档差 扣 1 分) of nothing or less, and a problem for each."""
    return _checked_steps(tuple(dict.fromkeys(_steps(book))), dataset)


def _checked_steps(steps: Sequence[tuple[str, str]], dataset: Dataset) -> tuple[Dataset, Problems]:
    problems: list[Problem] = []
    for grain, name in steps:
        table = dataset.get(grain)
        column = table.columns.get(name) if table is not None else None
        if table is None or column is None or column.kind is not ValueType.NUMBER:
            continue
        wrong = _rows(column, lambda value: value <= 0)
        if not wrong:
            continue
        for row in wrong:
            address = column.addresses[row] if column.addresses else None
            problems.append(scoring.step_of_nothing(address, decimal(_number(column, row))))
        columns = {**table.columns, name: _pending(column, wrong)}
        dataset = {**dataset, grain: DataTable(grain, table.rows, columns)}
    return dataset, tuple(problems)


def _steps(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(grain, column) of every step that stands in a column."""
    for column in (column for item in book.walk() for column in _step_columns(item)):
        table = book.table(column.table)
        if table is not None:
            yield key_of(table, column.column)


def _step_columns(item: Item) -> Iterator[ColumnRef]:
    for one in with_rules((item,)):
        for clause in (one.scoring, one.combine):
            for name in BY_KEY[clause.kind].steps if clause is not None else ():
                held = getattr(clause, name)
                yield from (
                    each for each in (held if isinstance(held, tuple) else (held,)) if isinstance(each, ColumnRef)
                )


def _score_limits(book: Rulebook) -> Iterator[tuple[Item, str, Bounds]]:
    """(item, column of the units, range and step) of every score that people give."""
    for item in book.walk():
        kind = BY_KEY[item.scoring.kind] if item.scoring else None
        if kind is not None and kind.limits is not None and isinstance(item.value, ColumnRef):
            yield item, f"{item.value.table}.{item.value.column}", kind.limits(item.scoring, item)


def _row_limits(book: Rulebook) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """(ledger, column, least, most) of the points that rows have."""
    for item in book.walk():
        kind = BY_KEY[item.scoring.kind] if item.scoring else None
        if kind is not None and kind.row_limits is not None and (bounds := kind.row_limits(item.scoring)) is not None:
            yield item.scoring.use.ledger, *bounds  # type: ignore[union-attr]


def _checked_rows(
    limits: Sequence[tuple[str, str, Fraction, Fraction]], dataset: Dataset
) -> tuple[Dataset, list[Problem]]:
    """The ledgers with every row's points 待定 that do not keep to their range, and a problem for each."""
    problems: list[Problem] = []
    for name, points, least, most in limits:
        table = dataset.get(name)
        if table is None or points not in table.columns:
            continue
        column = table.columns[points]
        wrong = _out_of(column, (least, most, None))
        if not wrong:
            continue
        for row in wrong:
            address = column.addresses[row] if column.addresses else None
            told = (decimal(_number(column, row)), decimal(least), decimal(most))
            problems.append(data.row_points_out_of_range(address, points, *told))
        columns = {**table.columns, points: _pending(column, wrong)}
        dataset = {**dataset, name: DataTable(name, table.rows, columns)}
    return dataset, problems


def _checked(item: Item, column: DataColumn, bounds: Bounds) -> tuple[DataColumn, list[Problem]]:
    least, most, step = bounds
    said = []
    wrong = _out_of(column, bounds)
    for row in wrong:
        address = column.addresses[row] if column.addresses else None
        told = (decimal(_number(column, row)), decimal(least), decimal(most), decimal(step) if step else "")
        said.append(running.score_out_of_range(address, item.name, *told))
    return _pending(column, wrong), said


def within(column: DataColumn, bounds: Bounds) -> DataColumn:
    """``column`` with every score 待定 that does not keep to its range and step; itself where all do."""
    return _pending(column, _out_of(column, bounds))


def _pending(column: DataColumn, rows: Sequence[int]) -> DataColumn:
    if not rows:
        return column
    states = column.states.copy()
    states[rows] = State.PENDING
    return replace(column, states=states)


def _out_of(column: DataColumn, bounds: Bounds) -> list[int]:
    return _rows(column, lambda value: not _keeps(value, bounds))


def _rows(column: DataColumn, wrong: Callable[[Fraction], bool]) -> list[int]:
    return column.rows_where(lambda value: isinstance(value, Fraction) and wrong(value))


def _number(column: DataColumn, row: int) -> Fraction:
    value = column.value(row)
    assert isinstance(value, Fraction)
    return value


def _keeps(value: Fraction, bounds: Bounds) -> bool:
    least, most, step = bounds
    return least <= value <= most and (step is None or (value - least) % step == 0)
