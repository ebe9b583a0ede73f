"""A rulebook without a change and with it, side by side, ready to be tried on cases."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from copy import copy
from fractions import Fraction
from functools import cached_property

from perfdsl.clauses.individual import row_unit
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import Dataset
from perfdsl.data.load import load
from perfdsl.engine.columnar import Engine
from perfdsl.engine.results import Results
from perfdsl.graph.graph import Graph
from perfdsl.graph.infer import GraphTypeError
from perfdsl.graph.ops import Aggregate, Apply, Choose, Column, Fetch, Fn, NodeId, Op, Rank
from perfdsl.graph.types import SCALAR
from perfdsl.model.outputs import Cell, Outcome, score
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import FACTS_OF, UNITS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import Unit, ValueType, unit_of
from perfdsl.text.records import dataclass, replace
from perfdsl.workspace.counts import UNIT_WORD
from perfdsl.workspace.evaluate import as_published
from perfdsl.workspace.limits import Bounds
from perfdsl.workspace.review.auditing import LayOut
from perfdsl.workspace.review.populous import populous
from perfdsl.workspace.review.samples import MISSING, Base, Layout, Population, Row, Sample, from_data, laid_out
from perfdsl.workspace.review.shelf import Reach, Shelf, members

OLD, NEW = 0, 1
NUMBER = "编号"
SLOW = 60
"""Populations that are tried one after another where they cannot be tried at once."""
CALL = 200
"""What one operation costs before its first row, in rows; so much it is by measurement."""
BY_HAND = 20
"""What a row costs the auditor's reading, in rows of the engine."""


@dataclass(frozen=True, slots=True)
class Result:
    """A result of a unit on both sides. ``unit`` is its place in the population; None: there is no such result."""

    unit: int
    name: str
    old: Cell | None
    new: Cell | None


Pair = tuple[Cell, Cell]
"""A result on the old side and on the new one."""


class Bench:
    """``old`` without the change, ``new`` with it.

    ``tried`` counts cases, ``work`` what was computed for them: the rows of every operation that ran. ``whole``: see
    :meth:`of_whole`.

    Raises:
        GraphTypeError, KeyError, AssertionError, ValueError: one of them cannot be run.
    """

    def __init__(self, old: Rulebook, new: Rulebook, shelf: Shelf | None = None) -> None:
        self.old, self.new = old, new
        self.layout = Layout(replace(new, tables=_all_tables(old, new)))
        if shelf is None or not shelf.holds(self.layout.book):  # cases are laid out in the kinds of the layout
            shelf = Shelf(old, new, self.layout.book)
        self.shelf = shelf
        self.sides = self.shelf.outputs(old), self.shelf.outputs(new)
        self.graph = self.shelf.graph
        self.tried = self.work = 0
        self.whole = False
        self._engines: dict[tuple[int, frozenset[NodeId] | None], Engine] = {}
        self._populous: dict[frozenset[str], Graph | None] = {}
        self._observing: dict[tuple[NodeId, ...], Graph | None] = {}
        self._near: dict[tuple[str, ...], tuple[NodeId, ...]] = {}
        self._parted: dict[tuple[str, ...], tuple[frozenset[NodeId], frozenset[NodeId]]] = {}

    # ---- what differs

    def apart_from(self, codes: Container[str]) -> Bench:
        """The same, without the outputs of the clauses of ``codes``."""
        found = copy(self)
        for name in ("names", "differing"):
            vars(found)[name] = tuple(one for one in getattr(self, name) if one.partition(":")[2] not in codes)
        return found

    def node(self, side: int, name: str) -> NodeId | None:
        """The node of an output of one side."""
        return self.sides[side].get(name)

    def measure(self, name: str) -> Unit | None:
        """The unit of an output: the new side's, where that has it."""
        node = next((found for side in (NEW, OLD) if (found := self.node(side, name)) is not None), None)
        return self.graph.nodes[node].type.unit if node is not None else None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every output of either side, but the states, which only explain."""
        old, new = self.sides
        found = [*old, *(name for name in new if name not in old)] if old.keys() != new.keys() else old
        return tuple([name for name in found if not name.startswith("state:")])

    @cached_property
    def tables_differ(self) -> bool:
        """Whether cells of a 附表 differ."""
        return any(
            table.rows != (other.rows if (other := self.old.table(table.name)) else ()) for table in self.new.tables
        )

    @cached_property
    def regraded(self) -> bool:
        """Whether grades are called otherwise, or are others: a place in their order is not the same grade."""
        return self.old.grade_names != self.new.grade_names

    @cached_property
    def differing(self) -> tuple[str, ...]:
        """Outputs that are not computed by the same node. With other cells in a 附表: those that read it; with another
        range of a score that people give as well; with other names of grades: the grades."""
        if not self.tables_differ and not self.touched:
            old, new = self.sides
            grades = self.regraded
            return tuple(
                name for name in self.names if old.get(name) != new.get(name) or (grades and self._is_grade(name))
            )
        return tuple(
            name
            for name in self.names
            if self.node(OLD, name) != self.node(NEW, name)
            or any(key in self.touched for key in self.columns([name]))
            or (self.regraded and self._is_grade(name))
        )

    def _is_grade(self, name: str) -> bool:
        nodes = [node for side in (OLD, NEW) if (node := self.node(side, name)) is not None]
        return any(self.graph.nodes[node].type.value is ValueType.GRADE for node in nodes)

    @cached_property
    def begun(self) -> frozenset[tuple[str, str]]:
        """(grain, column) of numbers of pieces of which one side alone takes a part of one."""
        return self.shelf.limits(self.old).whole ^ self.shelf.limits(self.new).whole

    @cached_property
    def named_parts(self) -> Mapping[tuple[str, str], Fraction]:
        """(grain, column) of numbers of pieces beside which the rules of either side name a part of one → its last digit."""
        old, new = (self.shelf.named_parts.of(book) for book in (self.old, self.new))
        return {key: min(side[key] for side in (old, new) if key in side) for key in (*old, *new)}

    @cached_property
    def counts(self) -> bool:
        """Whether what differs reads numbers of pieces."""
        columns = (self.layout.declared(*key) for key in self.columns(self.differing))
        units = (one.unit for one in columns if one is not None and one.unit is not None)
        return any(unit.counts_pieces or unit == row_unit() for unit in units)

    def of_whole(self) -> Bench:
        """The same, for cases in which numbers of pieces are whole ones, but where the rules name a part of one."""
        found = copy(self)
        found.whole = True
        return found

    def is_countable(self, population: Population) -> bool:
        """Whether no cell that was changed holds a part of a piece (0.5 次), where cases must not."""
        return not self.whole or not any(any(self.parts_of_pieces(one)) for one in population)

    def parts_of_pieces(self, one: Sample) -> Iterator[tuple[str, str]]:
        """(grain, column) of the changed cells that hold a part of a piece, where no rule names one."""
        for name, cell in one.cells.items():
            if _is_part(cell) and self._counts((UNIT_GRAIN, name), one, {}) and cell != one.base.cells.get(name):
                yield UNIT_GRAIN, name
        for table, rows in one.rows.items():
            base = one.base.rows.get(table, ())
            for place, row in enumerate(rows):
                before = base[place] if place < len(base) else {}
                for name, cell in row.items():
                    if _is_part(cell) and cell != before.get(name) and self._counts((table, name), one, row):
                        yield table, name

    def _counts(self, key: tuple[str, str], one: Sample, row: Row) -> bool:
        """Whether a column holds numbers of pieces, and no rule names a part of one."""
        declared = self.layout.declared(*key)
        if declared is None or declared.unit is None or key in self.named_parts:
            return False
        if declared.unit != row_unit():
            return declared.unit.counts_pieces
        return unit_of(self.row_word(key[0], one, row))[0].counts_pieces

    def row_word(self, table: str, one: Sample, row: Row) -> str:
        """In what a row of 个性指标, or of their facts, is measured: as the row of the 附表 says; "" where it says nothing."""
        rules = one.of(table.removesuffix(FACTS_OF))
        words = (rule.get(UNIT_WORD, MISSING) for rule in rules if rule.get(NUMBER) == row.get(NUMBER))
        return next((str(word) for state, word in words if state is State.VALUE), "")

    @cached_property
    def touched(self) -> frozenset[tuple[str, str]]:
        """(grain, column) of the cells of 附表 that differ, and of scores, steps and parts of pieces that one side alone
        takes."""
        found = {key for key, sides in self.given.items() if len(sides) < 2 or sides[0] != sides[1]}
        old, new = self.shelf.limits(self.old), self.shelf.limits(self.new)
        found |= self.begun | (old.steps ^ new.steps)
        for table in self.new.tables:
            before = self.old.table(table.name)
            olds = before.rows if before is not None else ()
            if before is None or table.rows == olds:
                continue
            at = {column.name: i for i, column in enumerate(before.columns)}
            for place, column in enumerate(table.columns):
                mine = [row[place].text for row in table.rows]
                if column.name not in at or mine != [row[at[column.name]].text for row in olds]:
                    per_unit = table.row_of is RowOf.UNIT
                    found.add((UNIT_GRAIN, f"{table.name}.{column.name}") if per_unit else (table.name, column.name))
                    if (
                        column.name == UNIT_WORD
                    ):  # no rule reads it, but what is counted in it can be less than none or not
                        found |= {(facts, one.name) for facts, one in self._facts_of(table)}
        return frozenset(found)

    def _facts_of(self, table: Table) -> Iterator[tuple[str, TableColumn]]:
        """The numbers that are measured in the unit that each row of a 附表 names."""
        facts = self.new.table(f"{table.name}{FACTS_OF}")
        for column in facts.columns if facts is not None else ():
            if column.unit == row_unit():
                yield facts.name, column  # type: ignore[union-attr]

    def near(self, names: Iterable[str]) -> tuple[NodeId, ...]:
        """The nodes under those at which the two sides part: what the change itself looks at, and what decides whether it
        counts."""
        names = tuple(names)
        if names not in self._near:
            lowest, _ = self._parting(names)
            self._near[names] = self.under({*lowest, *self.guards(names)}) if lowest else self.cone(names)
        return self._near[names]

    def guards(self, names: Iterable[str], across: bool = False) -> dict[NodeId, bool]:
        """Condition of the same row, the same on both sides → what it must be for a difference not to be left out.
        ``across``: of any row that a difference comes to, by way of a number of places or a rank as well."""
        lowest, apart = self._parting(tuple(names))
        nodes = self.graph.nodes
        reached = {node: nodes[node].type.grain for node in lowest}
        found: dict[NodeId, bool] = {}
        for node in sorted(apart):
            grain, op = nodes[node].type.grain, nodes[node].op
            come = (one in reached and (across or reached[one] == grain) for one in self.shelf.below(node))
            if node not in reached and not any(come):
                continue
            reached[node] = grain
            for when, taken in _let_through(op, reached):
                if when not in apart:
                    found.setdefault(when, taken)
        return found

    def one_sided(self, names: Iterable[str]) -> Iterator[NodeId]:
        """Conditions of a unit that both sides have, and only one of them looks at where the two part."""
        names = tuple(names)
        lowest, _ = self._parting(names)
        read = [
            {
                below
                for node in lowest.intersection(members(self.reach(side, names)))
                for below in self.shelf.below(node)
            }
            for side in (OLD, NEW)
        ]
        for node in sorted(read[0] ^ read[1]):
            kind = self.graph.nodes[node].type
            if kind.grain == UNIT_GRAIN and kind.value is ValueType.BOOL:
                yield node

    def choices(self, names: Iterable[str]) -> Iterator[tuple[NodeId, tuple[NodeId, ...]]]:
        """(value, those that may stand in its place) wherever a condition decides that the two sides do not share: where
        they are alike, it does not matter which is taken."""
        _, apart = self._parting(tuple(names))
        for node in sorted(apart):
            op = self.graph.nodes[node].op
            if not isinstance(op, Choose):
                continue
            for place, (when, value) in enumerate(op.cases):
                others = (*(one for _, one in op.cases[place + 1 :]), op.otherwise)
                if when in apart and apart.isdisjoint((value, *others)):
                    yield value, others

    def pairs(self, names: Iterable[str]) -> Iterator[tuple[NodeId, NodeId]]:
        """Nodes of the two sides that stand at the same place under outputs, and are not the same or read other cells."""
        every, nodes, below = tuple(names), self.graph.nodes, self.shelf.below
        todo = [(self.node(OLD, name), self.node(NEW, name)) for name in every]
        done: set[tuple[NodeId, NodeId]] = set()
        moved: dict[NodeId, bool] = {}
        for node in self.cone(every) if self.touched else ():
            op = nodes[node].op
            moved[node] = (getattr(op, "grain", ""), getattr(op, "name", "")) in self.touched or any(
                moved.get(one, False) for one in below(node)
            )
        while todo:
            one, other = todo.pop()
            if one is None or other is None or (one, other) in done or (one == other and not moved.get(one, False)):
                continue
            done.add((one, other))
            types = nodes[one].type, nodes[other].type
            if types[0].value is not types[1].value or types[0].grain != types[1].grain:
                continue
            if types[0].value is not ValueType.TEXT:
                yield one, other
            if type(nodes[one].op) is type(nodes[other].op) and len(below(one)) == len(below(other)):
                todo += zip(below(one), below(other), strict=True)

    def _parting(self, names: tuple[str, ...]) -> tuple[frozenset[NodeId], frozenset[NodeId]]:
        """The nodes nearest to the data at which the two sides part, and all that only one side has."""
        if names not in self._parted:
            sides = self.reach(OLD, names), self.reach(NEW, names)
            apart, shelf = frozenset(members(sides[0] ^ sides[1])), self.shelf
            lowest = {
                node
                for node in apart
                if shelf.reads(node) and not any(one in apart and shelf.reads(one) for one in shelf.below(node))
            }
            if self.touched:
                both = members(sides[0] | sides[1])
                columns = shelf.columns(sides[0] | sides[1])
                lowest |= {node for node, op in columns if (op.grain, op.name) in self.touched}
                for _ in range(2):
                    lowest |= {node for node in both if any(one in lowest for one in shelf.below(node))}
            self._parted[names] = frozenset(lowest), apart
        return self._parted[names]

    @property
    def both(self) -> tuple[str, ...]:
        """Those of :attr:`differing` that both sides have."""
        return tuple(name for name in self.differing if None not in (self.node(OLD, name), self.node(NEW, name)))

    def reach(self, side: int, names: Iterable[str]) -> Reach:
        """All nodes that outputs depend on, on one side."""
        return self.shelf.reach(node for name in names if (node := self.node(side, name)) is not None)

    def size(self, name: str) -> int:
        """How many nodes an output depends on, on both sides."""
        return (self.reach(OLD, [name]) | self.reach(NEW, [name])).bit_count()

    def cone(self, names: Iterable[str]) -> tuple[NodeId, ...]:
        """All nodes that outputs depend on, on both sides, in order."""
        names = tuple(names)
        return tuple(members(self.reach(OLD, names) | self.reach(NEW, names)))

    def under(self, nodes: Iterable[NodeId]) -> tuple[NodeId, ...]:
        """``nodes`` and all that they depend on, in order."""
        return tuple(members(self.shelf.reach(nodes)))

    def columns(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(grain, column) that outputs read."""
        names = tuple(names)
        among = self.reach(OLD, names) | self.reach(NEW, names)
        return tuple((op.grain, op.name) for _, op in self.shelf.columns(among))

    @cached_property
    def every(self) -> Reach:
        """All nodes of both sides."""
        return self.shelf.whole(self.old) | self.shelf.whole(self.new)

    @cached_property
    def grouping(self) -> frozenset[tuple[str, str]]:
        """(grain, column) by which rows are grouped. One that nobody knows may be in any group, of every case that is
        tried in the same run: cases have none of these."""
        keys: set[NodeId] = set()
        for op in self.shelf.crossing(self.every):
            keys |= {*op.key, *op.at} if isinstance(op, (Aggregate, Fetch)) else {*op.group}
        return frozenset((op.grain, op.name) for _, op in self.shelf.columns(self.shelf.reach(keys)))

    @cached_property
    def given(self) -> dict[tuple[str, str], list[Bounds]]:
        """(grain, column) → the ranges and steps of a score that people give; others are 待定."""
        sides = [self.shelf.limits(book).given for book in (self.old, self.new)]
        return {key: [side[key] for side in sides if key in side] for key in (*sides[0], *sides[1])}

    def across(self, names: Iterable[str]) -> bool:
        """Whether outputs depend on other units."""
        return self.crosses(n for name in names for side in (OLD, NEW) if (n := self.node(side, name)) is not None)

    def crosses(self, nodes: Iterable[NodeId]) -> bool:
        """Whether nodes depend on other units."""
        return any(
            isinstance(op, Rank) or (isinstance(op, Aggregate) and self.graph.nodes[op.of].type.grain == UNIT_GRAIN)
            for op in self.shelf.crossing(self.shelf.reach(nodes))
        )

    # ---- trying

    @cached_property
    def members(self) -> tuple[Dataset, Dataset]:
        """Tables that are not tied to units, on both sides."""
        return self._members(self.old), self._members(self.new)

    def _members(self, book: Rulebook) -> Dataset:
        tables = [table for table in book.tables if table.row_of is RowOf.MEMBER]
        if not tables:
            return {}
        found = load(None, tables).dataset
        return {table.name: found[table.name] for table in tables if table.name in found}

    def apart(self, populations: Sequence[Population]) -> bool:
        """Whether the sides have other tables."""
        return (self.tables_differ and self.members[0] != self.members[1]) or any(
            one.base.new_cells or one.base.new_rows for every in populations for one in every
        )

    def datasets(
        self,
        populations: Sequence[Population],
        wanted: frozenset[tuple[str, str]] | None = None,
        plain: bool = False,
    ) -> tuple[Dataset, Dataset]:
        """The tables of both sides."""
        known = self.shelf.columns_of_one
        old = laid_out(populations, self.layout, self.members[OLD], False, wanted, plain, known)
        if not self.apart(populations):
            return old, old
        return old, laid_out(populations, self.layout, self.members[NEW], True, wanted, plain, known)

    def run(self, populations: Sequence[Population], names: Sequence[str]) -> list[list[Result]]:
        """For each population the results of ``names`` that differ."""
        self.tried += len(populations)
        graph = self._graph(names)
        if graph is None:
            found: list[list[Result]] = [[] for _ in populations]
            for place, one in enumerate(populations[:SLOW]):
                found[place] = self._run(self._asked(names), [one], names, plain=True)[0]
            return found
        return self._run(graph, populations, names)

    def _asked(self, names: Sequence[str]) -> Graph:
        sides = (OLD, NEW)
        asked = {
            f"{side}|{name}": node for side in sides for name in names if (node := self.node(side, name)) is not None
        }
        return Graph(self.graph.nodes, asked)

    def _graph(self, names: Sequence[str]) -> Graph | None:
        key = frozenset(names)
        if key not in self._populous:
            grains = {UNIT_GRAIN, *(table.name for table in self.layout.row_tables)}
            try:
                self._populous[key] = populous(self._asked(names), grains, UNIT_GRAIN, self.layout.owners())
            except (GraphTypeError, KeyError, AssertionError):
                self._populous[key] = None
        return self._populous[key]

    def watched(self, populations: Sequence[Population], nodes: Iterable[NodeId]) -> dict[NodeId, list[Cell]] | None:
        """Cells of ``nodes`` for populations of one unit each; None where they cannot be run at once, or none is there."""
        ran = self.looked_at(populations, nodes)
        if ran is None:
            return None
        new, at = ran
        return {node: list(new.cells(place, UNIT_GRAIN)) for node, place in at.items()}

    def among(self, units: Sequence[Sample], nodes: Iterable[NodeId], company: int) -> dict[NodeId, list[Cell]] | None:
        """Cells of ``nodes`` for units of which each stands among ``company`` like it, itself one of them; None as above."""
        ran = self.watched([(one,) * company for one in units], nodes)
        return {node: every[::company] for node, every in ran.items()} if ran is not None else None

    def looked_at(
        self, populations: Sequence[Population], nodes: Iterable[NodeId]
    ) -> tuple[Results, Mapping[NodeId, NodeId]] | None:
        """The new side run, and where each of ``nodes`` that is one value or one a unit stands in it; None as for :meth:`watched`."""
        asked = [node for node in nodes if self.graph.nodes[node].type.grain in (SCALAR, UNIT_GRAIN)]
        made = self._of_nodes(asked) if populations else None
        if made is None:
            return None
        self.tried += len(populations)
        (new,) = self._ran(made, populations, None, False, (NEW,))
        return new, {node: made.outputs[f"{node}"] for node in asked}

    def observed(
        self, populations: Sequence[Population], nodes: Sequence[NodeId]
    ) -> tuple[tuple[Results, Results], Mapping[NodeId, NodeId]] | None:
        """Both sides run, and where each of ``nodes`` stands in them; None where they cannot be run at once, or none is there."""
        made = self._of_nodes(nodes) if populations else None
        if made is None:
            return None
        self.tried += len(populations)
        return self.computed(made, populations), {node: made.outputs[f"{node}"] for node in nodes}

    def _of_nodes(self, nodes: Sequence[NodeId]) -> Graph | None:
        """The graph of many populations that has ``nodes``."""
        key = tuple(nodes)
        if key not in self._observing:
            named = Graph(self.graph.nodes, {f"{node}": node for node in nodes})
            grains = {UNIT_GRAIN, *(table.name for table in self.layout.row_tables)}
            try:
                self._observing[key] = populous(named, grains, UNIT_GRAIN, self.layout.owners())
            except (GraphTypeError, KeyError, AssertionError):
                self._observing[key] = None
        return self._observing[key]

    def computed(
        self,
        graph: Graph,
        populations: Sequence[Population],
        wanted: frozenset[NodeId] | None = None,
        plain: bool = False,
    ) -> tuple[Results, Results]:
        """Both sides run."""
        old, new = self._ran(graph, populations, wanted, plain, (OLD, NEW))
        return old, new

    def _ran(
        self,
        graph: Graph,
        populations: Sequence[Population],
        wanted: frozenset[NodeId] | None,
        plain: bool,
        sides: Sequence[int],
    ) -> list[Results]:
        nodes = graph.needed(wanted)
        needed = frozenset((op.grain, op.name) for node in nodes if isinstance(op := graph.nodes[node].op, Column))
        both = self.datasets(populations, needed, plain)
        engine = self._engine(graph, wanted)
        found: list[Results] = []
        as_read = True
        for side in sides:
            data, said = self.shelf.limits((self.old, self.new)[side]).checked(both[side])
            as_read = as_read and not said
            if found and as_read and both[OLD] is both[NEW]:
                found.append(found[0])
                continue
            rows = graph.rows({name: table.rows for name, table in data.items()})
            self.work += sum(CALL + rows[graph.nodes[node].type.grain] for node in nodes)
            found.append(engine.run(data))
        return found

    def _engine(self, graph: Graph, wanted: frozenset[NodeId] | None) -> Engine:
        """One engine for a graph and what is asked of it: its program is good for many populations."""
        key = id(graph), wanted
        if key not in self._engines or self._engines[key].graph is not graph:
            self._engines[key] = Engine(graph, wanted)
        return self._engines[key]

    def _run(
        self, graph: Graph, populations: Sequence[Population], names: Sequence[str], plain: bool = False
    ) -> list[list[Result]]:
        results = self.computed(graph, populations, plain=plain)
        found: list[list[Result]] = [[] for _ in populations]
        places = [(group, place) for group, every in enumerate(populations) for place in range(len(every))]
        for name in names:
            sides = []
            for side, book in ((OLD, self.old), (NEW, self.new)):
                node = graph.outputs.get(f"{side}|{name}")
                sides.append(None if node is None else as_published(book, name, results[side].cells(node, UNIT_GRAIN)))
            old, new = sides
            for at, (group, place) in enumerate(places):
                a, b = old[at] if old is not None else None, new[at] if new is not None else None
                if unlike(a, b):
                    found[group].append(Result(place, name, a, b))
        return found

    def confirmed(self, population: Population) -> list[Result]:
        """What the reference engine says of one population: the results that differ."""
        data = self._by_hand(population)
        usual = self._usual(population[0]) if len(population) == 1 and data[0] is data[1] else None
        one, other = self.shelf.auditor.outcomes((self.old, self.new), data, usual)
        found = []
        for name in (name for name in self.names if name in one or name in other):
            a, b = one.get(name), other.get(name)
            for unit in range(len(population)):
                mine, theirs = a[unit] if a is not None else None, b[unit] if b is not None else None
                if unlike(mine, theirs):
                    found.append(Result(unit, name, mine, theirs))
        return found

    def summed(self, population: Population, codes: tuple[Collection[str], Collection[str]]) -> tuple[Pair, ...]:
        """What the reference engine says that the scores of ``codes`` (old side, new side) come to, unit by unit; an item
        that is not for a unit adds nothing, one that nobody knows leaves the sum unknown."""
        outcomes = self.shelf.auditor.outcomes((self.old, self.new), self._by_hand(population), None)
        sides = [
            [outcome[name] for code in mine if (name := score(code)) in outcome]
            for outcome, mine in zip(outcomes, codes, strict=True)
        ]
        olds, news = ([_sum(cells[unit] for cells in side) for unit in range(len(population))] for side in sides)
        return tuple(zip(olds, news, strict=True))

    def _by_hand(self, population: Population) -> tuple[Dataset, Dataset]:
        """The tables of both sides, for the reference engine."""
        self.work += self.every.bit_count() * len(population) * BY_HAND
        return self.datasets([population], plain=True)

    def read(self, one: Sample) -> Outcome:
        """What the reference engine says of a single unit under the rulebook with the change."""
        new = self.datasets([(one,)], plain=True)[NEW]
        return self.shelf.auditor.outcome(self.new, new, self._usual(one))

    def _usual(self, one: Sample) -> tuple[Sample, Layout, LayOut]:
        columns = self.shelf.columns_of_one
        return (
            one,
            self.layout,
            lambda book, unit: laid_out([(unit,)], self.layout, self._members(book), plain=True, known=columns),
        )

    # ---- units of the 附表

    def ruled(self) -> list[Base]:
        """The units that the 附表 speak of, with their cells on both sides; none where they have no rows."""
        return list(self._ruled)

    @cached_property
    def _ruled(self) -> tuple[Base, ...]:
        old, new = self._of_rules(self.old), self._of_rules(self.new)
        theirs = {base.name: base for base in new or ()}
        return tuple(_paired(base, theirs.get(base.name)) for base in old or ())

    def _of_rules(self, book: Rulebook) -> Sequence[Base] | None:
        """The units of the 附表 of ``book``; of tables that several rulebooks share they are made once."""
        tables = tuple(
            table
            for table in book.tables
            if table.role is TableRole.RULE and table.rows and table.row_of is not RowOf.MEMBER
        )
        key = tuple(map(id, tables))
        if key not in self.shelf.ruled:
            named = any(table.name == UNITS for table in tables)
            layout = Layout(replace(book, tables=tables))
            self.shelf.ruled[key] = tables, from_data(load(None, tables).dataset, layout) if named else None
        return self.shelf.ruled[key][1]

    def with_rules(self, bases: Sequence[Base]) -> list[Base]:
        """``bases`` with the cells that the 附表 of both sides have for them."""
        if not self.tables_differ:
            return list(bases)
        ruled = {base.name: base for base in self.ruled()}
        found = []
        for base in bases:
            mine = ruled.get(base.name)
            if mine is None:
                found.append(base)
                continue
            cells, rows = {**base.cells, **mine.cells}, {**base.rows, **mine.rows}
            found.append(replace(base, cells=cells, rows=rows, new_cells=mine.new_cells, new_rows=mine.new_rows))
        return found


def _paired(old: Base, new: Base | None) -> Base:
    if new is None:
        return old
    cells = {key: cell for key, cell in new.cells.items() if old.cells.get(key) != cell}
    rows = {key: every for key, every in new.rows.items() if old.rows.get(key) != every}
    return replace(old, new_cells=cells, new_rows=rows)


def _all_tables(old: Rulebook, new: Rulebook) -> tuple[Table, ...]:
    mine = {table.name: table for table in new.tables}
    for table in old.tables:
        if table.name not in mine:
            mine[table.name] = table
            continue
        known = {column.name for column in mine[table.name].columns}
        more = tuple(column for column in table.columns if column.name not in known)
        mine[table.name] = replace(mine[table.name], columns=(*mine[table.name].columns, *more))
    return tuple(mine.values())


def unlike(old: Cell | None, new: Cell | None) -> bool:
    """Whether a result differs; one that is not there is like one that says nothing: no value, 0, no."""
    if old is None or new is None:
        there = old if old is not None else new
        return there is not None and there[0] is State.VALUE and there[1] not in (False, Fraction(0), "", None)
    if old[0] is not new[0]:
        return True
    return old[0] is State.VALUE and (type(old[1]) is bool) == (type(new[1]) is bool) and old[1] != new[1]


def _sum(cells: Iterable[Cell]) -> Cell:
    """The sum of the numbers; else the strongest state, as where there is none."""
    every = list(cells)
    values = [value for state, value in every if state is State.VALUE and isinstance(value, Fraction)]
    if not values or any(state in UNKNOWN for state, _ in every):
        return max((state for state, _ in every), default=State.ABSENT), None
    return State.VALUE, sum(values, start=Fraction(0))


def _is_part(cell: Cell) -> bool:
    return isinstance(cell[1], Fraction) and cell[1].denominator != 1


def _let_through(op: Op, wanted: Container[NodeId]) -> Iterator[tuple[NodeId, bool]]:
    """What the conditions of a choice must be for the first of its values that is ``wanted`` to be taken, and those beside
    one that is ``wanted`` for it to decide."""
    match op:
        case Choose(cases):
            for when, value in cases:
                yield when, value in wanted
                if value in wanted:
                    return
        case Apply(Fn.AND | Fn.OR as fn, args):
            yield from ((one, fn is Fn.AND) for one in args if one not in wanted)
