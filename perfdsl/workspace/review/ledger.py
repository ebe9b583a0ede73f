"""What each change does to each unit, adding up exactly.

The way from the old result to the new one goes in single steps: on the old data one change after the other, in the order of
the rulebook (what a change needs goes before it); then the data change under the rules reached so far; then, on the new
data, the changes that the old data say nothing about. Each step is what its change does together with those before it
(叠加影响); the steps add up to the whole difference whatever the rules are. What a change does alone (单独影响) is measured
against the old rulebook, on the same data as its step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.data.roster import FORMER
from perfdsl.model import outputs
from perfdsl.model.expression import ColumnRef, Happened
from perfdsl.model.item import Item, LedgerUse, Level
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import UNITS, RowOf, RuleCell, Table, TableRole, split_key
from perfdsl.model.walking import nodes
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.review.changes import Change
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.parts import row_keys
from perfdsl.workspace.review.together import Source, Together
from perfdsl.workspace.review.units import roster, same_units

MOST_PLAYERS = 10
"""Exact Shapley values need a run for every subset of the changes that act on each other."""

RULING = frozenset({"veto", "scheme", "scope", "application", "category"})
"""Kinds of parts that say what follows from the scores."""


class TooMany(ValueError):
    """More changes act on each other than exact Shapley values can be worked out for; ``args[0]`` is how many."""


@dataclass(frozen=True)
class UnitLedger:
    """One unit that stands on both sides: ``delta`` = sum of ``together`` + ``data``.

    ``alone`` and ``together``: number of the change → points; ``alone`` None: by itself it leaves the total open.
    ``data_alone``: the new data under the old rules, None where these leave the total open or there are no new data.
    ``data_of``: code of an item → how its own score moves in the step of the data; what sums, caps and rounding make of it is in ``data``.
    ``shapley`` is empty unless it was asked for.
    """

    unit: str
    before: Fraction
    after: Fraction
    alone: Mapping[int, Fraction | None]
    together: Mapping[int, Fraction]
    data: Fraction
    data_alone: Fraction | None = None
    data_of: Mapping[str, Fraction] = field(default_factory=dict)
    shapley: Mapping[int, Fraction] = field(default_factory=dict)

    @property
    def delta(self) -> Fraction:
        """New total less old total."""
        return self.after - self.before

    @property
    def residual(self) -> Fraction:
        """What the lines do not account for: 0."""
        return self.delta - sum(self.together.values(), start=Fraction(0)) - self.data


class Sides:
    """The rulebooks of a comparison on the data of both years.

    Book 0 of each side is the old rulebook. ``late`` are changes that read what the old data do not hold; they are tried
    on the new data, and left out where there are none (可比口径).
    """

    def __init__(self, hybrids: Hybrids, old: Source, new: Source | None) -> None:
        self.hybrids = hybrids
        self.comparison = hybrids.comparison
        self.order = tuple(_ordered(hybrids))
        self.late = frozenset(_late(hybrids, old))
        self.early = tuple(number for number in self.order if number not in self.late)
        self.last = tuple(number for number in self.order if number in self.late) if new is not None else ()
        self._books: dict[tuple[str, frozenset[int]], int] = {}
        self._lists: dict[str, list[Rulebook]] = {"old": [], "new": []}
        self.old, self.new = old, new
        self._sources = {"old": old, "new": new}
        self._ran: dict[str, Together] = {}
        self._plan()

    def _plan(self) -> None:
        self.ask("old", ())
        for number in self.early:
            self.ask("old", self.needs(number))
            self.ask("old", self.needs(number) | {number})
        for chosen in _steps(self.early):
            self.ask("old", chosen)
        if self._sources["new"] is None:
            return
        self.ask("new", ())
        done = frozenset(self.early)
        self.ask("new", done)
        for number in self.last:
            mine = done | self.hybrids.closed([number])
            self.ask("new", mine - {number})
            self.ask("new", mine)
        for chosen in _steps(self.last):
            self.ask("new", done | chosen)
        for number in self.early:
            for chosen in self.this_year(number) or ():
                self.ask("new", chosen)

    def needs(self, number: int) -> frozenset[int]:
        """What ``number`` cannot do without, itself not among them."""
        return self.hybrids.closed([number]) - {number}

    def step(self, number: int) -> tuple[str, frozenset[int], frozenset[int]] | None:
        """(side, without, with) of the run that shows what ``number`` does; None where no data can show it."""
        if number not in self.order:
            return None
        if number not in self.late:
            before = self.needs(number)
            return "old", before, before | {number}
        if not self.has_new:
            return None
        after = frozenset(self.early) | self.hybrids.closed([number])
        return "new", after - {number}, after

    def this_year(self, number: int) -> tuple[frozenset[int], frozenset[int]] | None:
        """(without, with) of the run of the new rules on the new data that shows what ``number`` does there.

        Only the new data may show it: a veto that nobody met last year, a cap that nobody reached. None where they are not
        there, or where :meth:`step` is on them anyway.
        """
        if not self.has_new or number not in self.early:
            return None
        every = frozenset((*self.early, *self.last))
        return frozenset(one for one in every if number not in self.hybrids.closed([one])), every

    def rules(self, number: int) -> bool:
        """Whether ``number`` says what follows from the scores, which the ledger of points does not tell."""
        return any(patch.key[0] in RULING for patch in self.hybrids.by_number[number].patches)

    def ask(self, side: str, chosen: Collection[int]) -> int:
        """Which book of ``side`` has the ``chosen`` changes; it is made if it is new."""
        key = (side, frozenset(chosen))
        if key not in self._books:
            if side in self._ran:
                raise AssertionError("asked for after the run")
            book = self.seated(side, key[1])
            self._books[key] = len(self._lists[side])
            self._lists[side].append(book)
        return self._books[key]

    def seated(self, side: str, chosen: Collection[int]) -> Rulebook:
        """The rulebook with the ``chosen`` changes, for the units and the dates of ``side``."""
        book = self.hybrids.book(chosen, old_year=side == "old")
        old, new = self.comparison.before, self.comparison.new
        same = same_units(new, roster(old), roster(new))
        if side == "new":
            return seated(book, new, roster(old), same)
        return seated(book, old, roster(new), {was: unit for unit, was in same.items()})

    def together(self, side: str) -> Together:
        """The books of a side, run."""
        if side not in self._ran:
            source = self._sources[side]
            assert source is not None
            self._ran[side] = Together(self._lists[side], source, tolerant=True)
        return self._ran[side]

    @property
    def has_new(self) -> bool:
        """Whether there are new data."""
        return self._sources["new"] is not None

    def cells(self, side: str, chosen: Collection[int], name: str) -> tuple[Cell, ...]:
        """An output of the old rulebook with the ``chosen`` changes, on the data of ``side``."""
        return self.together(side).cells(self.ask(side, chosen), name)

    def has(self, side: str, chosen: Collection[int], name: str) -> bool:
        """Whether there is such an output."""
        return self.together(side).has(self.ask(side, chosen), name)

    def names(self, side: str, chosen: Collection[int]) -> tuple[str, ...]:
        """The outputs that there are."""
        return self.together(side).names(self.ask(side, chosen))

    def totals(self, side: str, chosen: Collection[int]) -> dict[str, Fraction | None]:
        """Unit → total; None where there is none, as for all where the rules do not go together."""
        if not self.has(side, chosen, outputs.TOTAL):
            return dict.fromkeys(self.together(side).units)
        return self.numbers(side, chosen, outputs.TOTAL)

    def numbers(self, side: str, chosen: Collection[int], name: str) -> dict[str, Fraction | None]:
        """Unit → its number in an output."""
        return dict(zip(self.together(side).units, map(number, self.cells(side, chosen, name)), strict=True))


def number(cell: Cell) -> Fraction | None:
    """The number of a cell that has one."""
    state, value = cell
    return value if state is State.VALUE and isinstance(value, Fraction) else None


def ledgers(sides: Sides, same_unit: Mapping[str, str], shapley: bool = False) -> dict[str, UnitLedger]:
    """Unit (as the new roster calls it) → its ledger, for units whose totals exist at every step.

    ``same_unit``: unit of the new roster → the same unit in the old one. Without new data the last step is the old
    rulebook with all changes that the old data can be asked for.

    Raises:
        TooMany: ``shapley``, and too many changes act on each other.
    """
    early, done = sides.early, frozenset(sides.early)
    chain = [sides.totals("old", chosen) for chosen in ((), *_steps(early))]
    alone = {n: (sides.totals("old", sides.needs(n)), sides.totals("old", sides.needs(n) | {n})) for n in early}
    steps_on_new = (frozenset[int](), *_steps(sides.last)) if sides.has_new else ()
    late_chain = [sides.totals("new", done | chosen) for chosen in steps_on_new] or [chain[-1]]
    under_old = sides.totals("new", ()) if sides.has_new else {}
    late_alone = {}
    for n in sides.last:
        mine = done | sides.hybrids.closed([n])
        late_alone[n] = (sides.totals("new", mine - {n}), sides.totals("new", mine))
    scored = list(_scored(sides)) if sides.has_new else []
    found = {}
    for unit, was in same_unit.items():
        olds = [step.get(was) for step in chain]
        news = [step.get(unit if sides.has_new else was) for step in late_chain]
        steps = [*olds, *news]
        if any(one is None for one in steps):
            continue
        found[unit] = UnitLedger(
            unit=unit,
            before=_sure(olds[0]),
            after=_sure(news[-1]),
            alone={
                **{n: _by_itself(a.get(was), b.get(was)) for n, (a, b) in alone.items()},
                **{n: _by_itself(a.get(unit), b.get(unit)) for n, (a, b) in late_alone.items()},
            },
            together={
                **{n: _sure(olds[i + 1]) - _sure(olds[i]) for i, n in enumerate(early)},
                **{n: _sure(news[i + 1]) - _sure(news[i]) for i, n in enumerate(sides.last)},
            },
            data=_sure(news[0]) - _sure(olds[-1]),
            data_alone=_by_itself(olds[0], under_old.get(unit)),
            data_of={
                code: moved for code, one, other in scored if (moved := _by_itself(one.get(was), other.get(unit)))
            },
        )
    return _with_shapley(sides, same_unit, found) if shapley else found


def _scored(sides: Sides) -> Iterator[tuple[str, dict[str, Fraction | None], dict[str, Fraction | None]]]:
    """(code of an item, unit → its score on the old data, on the new ones) under the rules reached when the data change."""
    done = frozenset(sides.early)
    for item in _adding(sides.hybrids.book(done).items):
        name = outputs.score(item.code)
        if sides.has("old", done, name) and sides.has("new", done, name):
            yield item.code, sides.numbers("old", done, name), sides.numbers("new", done, name)


def _adding(items: Iterable[Item]) -> Iterator[Item]:
    """The items whose scores are added up: of one that combines those below it (过程指标, 要点) itself alone."""
    for item in items:
        if item.level is Level.STEP:
            continue
        if item.scoring is not None or item.combine is not None:
            yield item
        else:
            yield from _adding(item.children)


def _sure(value: Fraction | None) -> Fraction:
    assert value is not None
    return value


def _by_itself(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return after - before if before is not None and after is not None else None


def _steps(order: Sequence[int]) -> Iterator[frozenset[int]]:
    for count in range(1, len(order) + 1):
        yield frozenset(order[:count])


def _ordered(hybrids: Hybrids) -> Iterator[int]:
    """The changes in the order of the rulebook, each behind what it needs."""
    tried = {change.number for change in hybrids.tried}
    done: set[int] = set()

    def visit(number: int, above: frozenset[int]) -> Iterator[int]:
        if number in done or number in above:
            return
        for need in sorted(hybrids.needs.get(number, ())):
            yield from visit(need, above | {number})
        if number not in done and number in tried:
            done.add(number)
            yield number

    for change in hybrids.tried:
        yield from visit(change.number, frozenset())


# ---- what the old data do not hold


def _late(hybrids: Hybrids, old: Source) -> set[int]:
    """Changes that read a column or a table that the old rulebook did not ask for and the old data do not hold."""
    comparison = hybrids.comparison
    known = {(table.name, column.name) for table in comparison.before.tables for column in table.columns}
    tables = {table.name for table in comparison.before.tables}
    facts = {table.name for table in comparison.new.tables if table.role is not TableRole.RULE}
    held = _held(hybrids, old)
    late = set()
    for change in hybrids.tried:
        for table, column in read_by(change):
            new = table not in tables or (column and (table, column) not in known)
            if table in facts and new and (table, column) not in held:
                late.add(change.number)
    while more := {
        change.number for change in hybrids.tried if change.number not in late and hybrids.needs[change.number] & late
    }:
        late |= more
    return late


def _held(hybrids: Hybrids, old: Source) -> frozenset[tuple[str, str]]:
    """(table, column) of which the old data hold at least one value."""
    book = hybrids.book((), old_year=True)
    dataset = old.load(book.tables).dataset
    found = set()
    tables = [table.name for table in book.tables]
    for grain, table in dataset.items():
        for column in table.columns.values():
            if (column.states == State.VALUE).any():
                name, rest = split_key(column.name, tables) if grain == UNIT_GRAIN else (grain, column.name)
                found.add((name or grain, rest))
                found.add((name or grain, ""))
    per_unit = {table.name for table in book.tables if table.row_of is RowOf.UNIT}
    return frozenset((table, column) for table, column in found if column or table not in per_unit)


def read_by(change: Change) -> frozenset[tuple[str, str]]:
    """(table, column) that the new side of a change reads; a ledger as a whole has no column."""
    found = set()
    for patch in change.patches:
        for node in nodes(patch.new):
            if isinstance(node, ColumnRef):
                found.add((node.table, node.column))
            elif isinstance(node, (LedgerUse, Happened)):
                found.add((node.ledger, ""))
    return frozenset(found)


# ---- the roster of a year


def seated(book: Rulebook, own: Rulebook, elsewhere: Collection[str], same: Mapping[str, str]) -> Rulebook:
    """``book`` with the units of ``own``; what it says itself of a unit stays.

    ``elsewhere`` are the units of the other rulebook, ``same`` says what that calls a unit of ``own``. Of a unit that is not
    there at all, ``own`` has the word.
    """
    here, there = roster(own), frozenset(elsewhere)
    return replace(book, tables=tuple(_seated(table, own, here, there, same) for table in book.tables))


def _seated(table: Table, own: Rulebook, here: Sequence[str], there: frozenset[str], same: Mapping[str, str]) -> Table:
    declared = own.table(table.name)
    if table.role is not TableRole.RULE or declared is None or not declared.rows or not here or not there:
        return table
    if table.row_of is RowOf.UNIT_ITEM:
        return _with_own(table, declared, frozenset(unit for unit in here if same.get(unit, unit) not in there))
    if table.row_of is not RowOf.UNIT:
        return table
    units, back = frozenset(here), {was: unit for unit, was in same.items()}

    def rows_of(one: Table) -> dict[str, Sequence[RuleCell]]:
        """The unit as it is called here → its row, whichever name that uses."""
        keys = (key if key in units else back.get(key, key) for key in row_keys(one))
        return dict(zip(keys, one.rows, strict=True))

    mine, theirs = rows_of(table), rows_of(declared)
    at = {column.name: i for i, column in enumerate(declared.columns)}
    rows = []
    for key in dict.fromkeys((*theirs, *(here if table.name != UNITS else ()))):
        if key in mine:
            cells = {column.name: cell for column, cell in zip(table.columns, mine[key], strict=True)}
        elif key in theirs and (table.name == UNITS or same.get(key, key) not in there):
            cells = {one.name: theirs[key][at[one.name]] for one in table.columns if one.name in at}
        else:
            continue
        cells[UNIT_COLUMN] = RuleCell(key)
        if table.name == UNITS and FORMER in {column.name for column in table.columns}:
            known = theirs[key][at[FORMER]].text if key in theirs and FORMER in at else ""
            cells[FORMER] = RuleCell("、".join(dict.fromkeys(filter(None, (known, *_other_name(key, same))))))
        rows.append(tuple(cells.get(one.name, RuleCell("")) for one in table.columns))
    return replace(table, rows=tuple(rows))


def _with_own(table: Table, declared: Table, alone: Collection[str]) -> Table:
    """``table``, of several rows a unit, with those that ``declared`` has of the units ``alone``."""
    ours, at = ({column.name: i for i, column in enumerate(one.columns)} for one in (table, declared))
    if not alone or UNIT_COLUMN not in ours or UNIT_COLUMN not in at:
        return table
    kept = [row for row in table.rows if row[ours[UNIT_COLUMN]].text.strip() not in alone]
    rows = [row for row in declared.rows if row[at[UNIT_COLUMN]].text.strip() in alone]
    own = [tuple(row[at[one.name]] if one.name in at else RuleCell("") for one in table.columns) for row in rows]
    return replace(table, rows=(*kept, *own))


def _other_name(unit: str, same: Mapping[str, str]) -> tuple[str, ...]:
    """What the other side calls a unit, where that is another name: the 附表 of either side may use it."""
    other = same.get(unit, unit)
    return (other,) if other != unit else ()


# ---- exact Shapley values


def _with_shapley(sides: Sides, same_unit: Mapping[str, str], found: Mapping[str, UnitLedger]) -> dict[str, UnitLedger]:
    """Average over all orders of those changes on the old data that reach the total; the others do nothing.

    Late changes stand behind the data change and are averaged among themselves no further than their order. No pair of
    changes is taken for independent by what some of the runs say: a cap may bind only where several of them meet.

    Raises:
        TooMany: more than :data:`MOST_PLAYERS` reach it.
    """
    players = _moving(sides)
    if len(players) > MOST_PLAYERS:
        raise TooMany(len(players))
    rest = frozenset(sides.early) - frozenset(players)
    subsets = [frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size)]
    worth = dict(zip(subsets, _worths(sides, [chosen | rest for chosen in subsets]), strict=True))
    known = [unit for unit in found if all(one.get(same_unit[unit]) is not None for one in worth.values())]
    made = dict(found)  # a unit whose total some of the changes leave open has no shares
    for unit in known:
        one = found[unit]
        shares = {n: _share(n, players, worth, same_unit[unit]) for n in players}
        made[unit] = replace(one, shapley={**one.together, **shares})
    return made


Worths = Mapping[str, Fraction | None]
"""Unit → total."""


def _moving(sides: Sides) -> list[int]:
    """The changes that reach the total at all: by themselves, behind those before them, or behind all others."""
    every = frozenset(sides.early)
    without = Together(
        [sides.seated("old", chosen) for chosen in (every, *(every - {n} for n in sides.early))],
        sides.old,
        tolerant=True,
    )
    ran = sides.together("old")

    def differs(runs: Together, one: int, other: int) -> bool:
        known = runs.has(one, outputs.TOTAL) and runs.has(other, outputs.TOTAL)
        return not known or runs.node(one, outputs.TOTAL) != runs.node(other, outputs.TOTAL)

    found = []
    for place, n in enumerate(sides.early):
        alone, before = sides.needs(n), frozenset(sides.early[:place])
        pairs = [(sides.ask("old", one), sides.ask("old", one | {n})) for one in (alone, before)]
        if any(differs(ran, *pair) for pair in pairs) or differs(without, 0, place + 1):
            found.append(n)
    return found


def _worths(sides: Sides, asked: Sequence[frozenset[int]]) -> list[Worths]:
    """The totals on the old data with each of the sets of changes; a change without what it needs is not made."""
    hybrids, books = sides.hybrids, list[Rulebook]()
    places: dict[frozenset[int], int] = {}
    for chosen in asked:
        usable = hybrids.usable(chosen)
        if usable not in places:
            places[usable] = len(books)
            books.append(sides.seated("old", usable))
    ran = Together(books, sides.old, tolerant=True)
    found: list[Worths] = []
    for chosen in asked:
        place = places[hybrids.usable(chosen)]
        has = ran.has(place, outputs.TOTAL)
        cells = map(number, ran.cells(place, outputs.TOTAL)) if has else [None] * len(ran.units)
        found.append(dict(zip(ran.units, cells, strict=True)))
    return found


def _share(player: int, players: Sequence[int], worth: Mapping[frozenset[int], Worths], unit: str) -> Fraction:
    others = [n for n in players if n != player]
    total = Fraction(0)
    for size in range(len(others) + 1):
        weight = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(players)))
        for chosen in combinations(others, size):
            before, after = worth[frozenset(chosen)].get(unit), worth[frozenset((*chosen, player))].get(unit)
            total += weight * (_sure(after) - _sure(before))
    return total
