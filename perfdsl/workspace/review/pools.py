"""What a cell might hold that matters to a rule: the numbers, words and days that the rule itself names, and their edges."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import floor

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import places
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Apply, Column, Constant, Fn, Lookup, NodeId, Round
from perfdsl.model.outputs import Cell
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import TableColumn
from perfdsl.model.units import RATIO, Unit, ValueType
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.samples import CATEGORY, Base, step

Key = tuple[str, str]
COMPARED = (Fn.LESS, Fn.LESS_EQUAL, Fn.EQUAL)
STATES = (State.MISSING, State.NONE, State.ABSENT, State.NIL, State.NOT_DUE)
"""States that a cell can be given by whoever fills it in, or by the day up to which it is computed."""
OTHER = "其他"
"""A word that no rule names, for columns that may hold any."""
SHARES = (Fraction(1, 2), Fraction(4, 5), Fraction(9, 10), Fraction(97, 100), Fraction(103, 100), Fraction(6, 5))
SMALL = (0, 1, 2, 3, 5, 7, 10)


class Pools:
    """Cells for every column that outputs read. ``bases``: where real cells are taken from."""

    def __init__(
        self, bench: Bench, names: Sequence[str], bases: Sequence[Base] = (), cone: tuple[NodeId, ...] | None = None
    ) -> None:
        self.bench, self.graph = bench, bench.graph
        self.cone = bench.cone(names) if cone is None else cone
        periods = _periods(bench)
        read = [(op.grain, op.name) for node in self.cone if isinstance(op := self.graph.nodes[node].op, Column)]
        self.tables = tuple(dict.fromkeys(grain for grain, _ in read))  # of some only the rows are counted
        self.keys = tuple(
            key for key in read if not key[1].endswith(".单位") and key[1] != "单位" and key not in periods
        )
        self.bases = bases
        self._made: dict[Hashable, list[Cell]] = {}

    @cached_property
    def _direct(self) -> dict[Key, list[object]]:
        return _direct(self.graph, self.cone)

    @cached_property
    def _plain(self) -> dict[object, object]:
        return _constants(self.graph, self.cone)

    @cached_property
    def _by_unit(self) -> dict[object, list[Fraction]]:
        found: dict[object, list[Fraction]] = {}
        for value, unit in self._plain.items():
            if isinstance(value, Fraction):
                found.setdefault(unit, []).append(value)
        return found

    @cached_property
    def steps(self) -> dict[Key, Fraction]:
        """Column → one step of its digits."""
        return {key: self._step(key) for key in self.keys}

    @cached_property
    def cells(self) -> dict[Key, list[Cell]]:
        """Column → the cells that it might hold."""
        return {key: self._pool(key) for key in self.keys}

    def declared(self, key: Key) -> TableColumn | None:
        """How a column is declared."""
        return self.bench.layout.declared(*key)

    def _step(self, key: Key) -> Fraction:
        steps = [each for _, _, each in self.bench.given.get(key, ()) if each is not None]
        if steps:
            return min(steps)
        one = step(self.declared(key), self._digits(key))
        counts = self.counts(key)
        if counts:
            named = self.bench.named_parts.get(key)
            one = min(one, named) if named is not None else max(one, Fraction(1))
        return one / 2 if not self.bench.whole and (counts or key in self.bench.begun) else one

    def counts(self, key: Key) -> bool:
        """Whether a column holds numbers of pieces."""
        declared = self.declared(key)
        return declared is not None and declared.unit is not None and declared.unit.counts_pieces

    def _real(self, key: Key) -> list[Cell]:
        grain, name = key
        if grain == UNIT_GRAIN:
            return [base.cells[name] for base in self.bases if name in base.cells]
        return [row[name] for base in self.bases for row in base.rows.get(grain, ()) if name in row]

    def _digits(self, key: Key) -> int | None:
        numbers = [cell[1] for cell in self._real(key) if isinstance(cell[1], Fraction)]
        if not numbers:
            return None
        declared = self.declared(key)
        floor = places(declared.factor) if declared is not None and declared.factor < 1 else 0
        if declared is not None and declared.factor > 1:
            return None
        return max(floor, *(places(number) for number in numbers))

    def first(self, key: Key) -> Cell:
        """The first of the cells of a column; of numbers the others are not made for it."""
        declared = self.declared(key)
        apart = self.bases or self.bench.whole or key[1] == "年度" or key in self.bench.given
        if declared is not None and declared.kind is ValueType.NUMBER and not apart:
            near = self._close(key, declared.unit, declared.factor) or [Fraction(0)]
            if near[0] >= 0 and _finite(near[0]):
                return State.VALUE, near[0]
        return self._pool(key)[0]

    def _close(self, key: Key, unit: Unit | None, factor: Fraction) -> list[Fraction]:
        """The numbers that a column is held against, then those of the same unit that stand in the rules."""
        near = [value for value in self._direct.get(key, ()) if isinstance(value, Fraction)]
        near += self._by_unit.get(unit, ())
        return [value for value in near if abs(value) <= 2] if unit == RATIO and factor < 1 else near

    def _pool(self, key: Key) -> list[Cell]:
        declared = self.declared(key)
        kind = declared.kind if declared is not None else ValueType.TEXT
        direct = self._direct.get(key, [])
        match kind:
            case ValueType.BOOL:
                cells = _cells([True, False])
            case ValueType.TEXT | ValueType.GRADE:
                cells = _cells(self._words(key, declared, direct))
            case ValueType.DATE:
                cells = _cells(self._days(direct))
            case ValueType.NUMBER:
                cells = self._numbers(key)
        if key[1] == CATEGORY:
            return cells
        known = key in self.bench.grouping
        return cells + [(state, None) for state in STATES if not (known and state in UNKNOWN)]

    def _words(self, key: Key, declared: TableColumn | None, direct: Sequence[object]) -> list[object]:
        if key == (UNIT_GRAIN, CATEGORY):
            known: list[object] = [one.name for one in self.bench.new.categories]
            known += declared.choices if declared is not None else ()
            return list(dict.fromkeys(known))
        found: list[object] = [one for one in direct if isinstance(one, str)]
        if declared is not None and declared.choices:
            return list(dict.fromkeys((*found, *declared.choices)))
        real = [cell[1] for cell in self._real(key) if isinstance(cell[1], str)]
        if declared is not None and declared.kind is ValueType.GRADE:
            return list(dict.fromkeys((*found, *real, *self.bench.new.grade_names)))
        if found:
            return [*dict.fromkeys((*found, *real[:6], OTHER))]
        found += real[:20] or [*(one for one in self._plain if isinstance(one, str)), *self.bench.new.grade_names]
        return found or ["甲"]

    def _days(self, direct: Sequence[object]) -> list[object]:
        period = self.bench.new.period
        days = [one for one in direct if isinstance(one, date)]
        days += [one for one in self._plain if isinstance(one, date)]
        found: list[date] = []
        if period is not None:
            found.append(period.first + (min(period.last, period.first + timedelta(365)) - period.first) / 2)
            days += [period.first, period.last]
        for day in days:
            if date.min < day < date.max - timedelta(1):
                found += [day, day - timedelta(1), day + timedelta(1)]
        return list(found) or [date(2025, 6, 30)]

    def _numbers(self, key: Key) -> list[Cell]:
        declared = self.declared(key)
        unit = declared.unit if declared is not None else None
        factor = declared.factor if declared is not None else Fraction(1)
        one = self.steps[key]
        if key[1] == "年度" and self.bench.new.period is not None:
            year = self.bench.new.period.last.year
            return _cells(Fraction(year - back) for back in range(6))
        if key in self.bench.given:
            return _cells(self._given(key))
        near = tuple(self._close(key, unit, factor)[:40])
        real = tuple(sorted({cell[1] for cell in self._real(key) if isinstance(cell[1], Fraction)}))
        whole = self.bench.whole and self.counts(key) and key not in self.bench.named_parts
        asked = near, factor, one, real, whole
        if asked not in self._made:
            self._made[asked] = _cells(self._near(*asked))
        return self._made[asked]

    @staticmethod
    def _near(
        near: Sequence[Fraction], factor: Fraction, one: Fraction, real: Sequence[Fraction], whole: bool
    ) -> list[Fraction]:
        """``near`` and a step to either side, some of what there is, and round numbers."""
        found: list[Fraction] = []
        for value in near:
            found += [value, value - one, value + one]
        found += real[:: max(1, len(real) // 12)]
        found += [small * factor for small in SMALL]
        if real:
            middle = real[len(real) // 2]
            found += [floor(middle * share / one) * one for share in SHARES]
        found += [factor * 100, factor * 50, factor * Fraction(90), factor * 33 + one]
        lowest = min([Fraction(0), *real])
        return [
            value
            for value in found
            if value >= lowest and _finite(value) and (not whole or value.denominator == 1 or value in real)
        ]

    def _given(self, key: Key) -> list[Fraction]:
        """Scores that somebody may give: near the most, near the least, between."""
        found = []
        for least, most, each in self.bench.given[key]:
            one = self.steps[key] if each is None else each
            whole = floor((most - least) / one)
            found += [least + one * n for n in (whole - 1, whole, whole // 2, 0, 1) if 0 <= n <= whole]
        return found


def _cells(values: Iterable[object]) -> list[Cell]:
    return [(State.VALUE, value) for value in dict.fromkeys(values)]  # type: ignore[misc]


def _periods(bench: Bench) -> frozenset[Key]:
    """The columns that number the rows of a unit (月份, 季度): it has one row of each, whatever stands in it."""
    tables = bench.layout.row_tables
    return frozenset((table.name, table.row_of.cadence.along) for table in tables if table.row_of.cadence is not None)


def spread(pool: Sequence[Cell], count: int) -> list[Cell]:
    """About ``count`` of the values of a pool, from all over it."""
    values = [cell for cell in pool if cell[0] is State.VALUE]
    return values[:: max(1, len(values) // count)][: count + 1]


def _finite(value: Fraction) -> bool:
    try:
        places(value)
    except ValueError:
        return False
    return True


def _direct(graph: Graph, cone: Iterable[NodeId]) -> dict[Key, list[object]]:
    """(grain, column) → constants that it is compared with or looked up by, itself."""
    found: dict[Key, list[object]] = {}
    for node in cone:
        op = graph.nodes[node].op
        if isinstance(op, Apply) and op.fn in COMPARED:
            sides = [graph.nodes[arg].op for arg in op.args]
            for one, other in (sides, sides[::-1]):
                if isinstance(one, Column) and isinstance(other, Constant) and other.value is not None:
                    found.setdefault((one.grain, one.name), []).append(other.value)
        elif isinstance(op, Lookup) and isinstance(of := graph.nodes[op.of].op, Column):
            for band in op.bands:
                ends = (band.key, band.low, band.high)
                found.setdefault((of.grain, of.name), []).extend(end for end in ends if end is not None)
    return found


def _constants(graph: Graph, cone: Iterable[NodeId]) -> dict[object, object]:
    """Constant → its unit."""
    found: dict[object, object] = {}
    for node in cone:
        op = graph.nodes[node].op
        if isinstance(op, Constant) and op.value is not None and not isinstance(op.value, bool):
            found.setdefault(op.value, graph.nodes[node].type.unit)
        elif isinstance(op, Lookup):
            unit = graph.nodes[op.of].type.unit
            for band in op.bands:
                for end in (band.low, band.high):
                    if end is not None:
                        found.setdefault(end, unit)
    return found


def edges(graph: Graph, cone: Iterable[NodeId]) -> list[tuple[NodeId, NodeId | Fraction]]:
    """(node, what it is compared with) of every place where the result of a number turns: an edge, a cap, a whole step."""
    found: dict[tuple[NodeId, NodeId | Fraction], None] = {}
    for node in cone:
        op = graph.nodes[node].op
        if isinstance(op, Apply) and op.fn in (*COMPARED, Fn.LEAST, Fn.GREATEST) and len(op.args) == 2:
            one, other = op.args
            if graph.nodes[one].type.value is ValueType.NUMBER:
                found[one, other] = None
        elif isinstance(op, Lookup) and graph.nodes[op.of].type.value is ValueType.NUMBER:
            for band in op.bands:
                for end in (band.low, band.high):
                    if end is not None:
                        found[op.of, end] = None
    return list(found)


def whole_edges(graph: Graph, cone: Iterable[NodeId]) -> list[tuple[NodeId, Fraction]]:
    """(node, how fine) of what is cut to whole steps; a rounding turns in the middle of its last digit."""
    found: dict[tuple[NodeId, Fraction], None] = {}
    for node in cone:
        op = graph.nodes[node].op
        if isinstance(op, Apply) and op.fn in (Fn.FLOOR, Fn.CEIL):
            found[op.args[0], Fraction(1)] = None
        elif isinstance(op, Round):
            found[op.of, Fraction(1, 2) / Fraction(10) ** op.digits] = None
    return list(found)
