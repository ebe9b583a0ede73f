"""What lies on the auditor's desk for one unit and one item: the facts that a clause kind asks for by hand.

Whatever is asked for is there, or the work stops: :class:`Open` is raised where something is 未报 or 待定. A row of
a ledger of which a cell that is needed is 不涉及 (or weaker) is laid aside, and the work begins again without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.individual import Individual
from perfdsl.clauses.periodic import Periodic
from perfdsl.model.expression import Condition, Expression, Population
from perfdsl.model.item import Clause, Item, LedgerUse
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.reference.cells import ABSENT, PENDING, Open, blocking_state, blocks, has_value, known, number, numbers
from perfdsl.reference.expressions import At, belonging, evaluate, holds
from perfdsl.reference.papers import Row
from perfdsl.reference.reals import power
from perfdsl.text.numbers import OutOfDomain, Real, Unsettled
from perfdsl.text.records import dataclass, field, replace

if TYPE_CHECKING:
    from perfdsl.reference.office import Office


NOTHING_ASKED: Cell = (State.VALUE, None)


class LaidAside(Exception):
    """A row of a ledger that cannot be counted, since a cell that is needed is 不涉及 or weaker."""

    def __init__(self, row: Row, aside: list[Row]) -> None:
        super().__init__()
        self.row = row
        self.aside = aside


@dataclass(frozen=True)
class Line:
    """A row of a ledger as the kinds read it."""

    row: Row
    aside: list[Row]
    share: Fraction = Fraction(1)

    def __getitem__(self, column: str) -> Any:
        cell = self.row.get(column, (State.MISSING, None))
        if blocks(cell):
            raise Open(cell[0])
        if cell[1] is None:
            raise LaidAside(self.row, self.aside)
        return cell[1]


@dataclass
class Desk:
    """The facts of one unit and one item (:class:`perfdsl.clauses.kind.Facts`).

    ``rows`` and ``own`` are for scores that are worked out row by row (个性指标): the rows that are scored, and their
    own 指标值, 目标值 and 分值 in place of the item's.
    """

    office: Office
    unit: int
    item: Item
    rows: Mapping[str, Row] = field(default_factory=dict)
    own: Mapping[str, Cell] = field(default_factory=dict)
    aside: list[Row] = field(default_factory=list)
    others: dict[str, Desk] = field(default_factory=dict)

    @property
    def at(self) -> At:
        """Where this item's expressions are worked out."""
        return At(self.office, self.unit, self.item, self.rows, self.own)

    @property
    def value_cell(self) -> Cell:
        """指标值, or the state in its place; 有值 where the item has none to ask for."""
        if "value" in self.own or self.item.value is None:
            return self.own.get("value", NOTHING_ASKED)
        return self.office.value(self.item, self.unit)

    @property
    def target_cell(self) -> Cell:
        """目标值, or the state in its place; 有值 where the item has none."""
        if "target" in self.own or self.item.target is None:
            return self.own.get("target", NOTHING_ASKED)
        return self.office.target(self.item, self.unit)

    @property
    def rulebook(self) -> Rulebook:
        return self.office.rulebook

    @property
    def full(self) -> Fraction:
        return number(self.own["full"]) if "full" in self.own else self.item.full or Fraction(0)

    @property
    def least(self) -> Fraction:
        return self.item.least

    @property
    def value(self) -> Any:
        return _there(self.value_cell)

    @property
    def target(self) -> Fraction:
        return number(known(_there(self.target_cell)))

    @property
    def has_target(self) -> bool:
        return self.item.target is not None or "target" in self.own

    @property
    def higher_is_better(self) -> bool:
        return bool(self.item.higher_is_better)

    @property
    def peers(self) -> Sequence[Fraction]:
        units, open_ = self.office.population(self.item.population, self.unit, self.item)
        if open_ is not None:
            raise Open(open_)
        cells = [self.office.value(self.item, unit) for unit in units]
        if (state := blocking_state(cells)) is not None:
            raise Open(state)
        return numbers(cells)

    @property
    def among_peers(self) -> bool:
        return self.item.population is not Population.RANKED or self.office.papers.ranked(self.unit)

    @property
    def children(self) -> Sequence[Fraction]:
        cells = [self.office.used_score(child, self.unit) for child in self.office.summed(self.item)]
        if (state := blocking_state(cells)) is not None:
            raise Open(state)
        return numbers(cells)

    def number(self, expression: Expression) -> Fraction:
        return number(known(_there(evaluate(expression, self.at))))

    def root(self, of: Fraction) -> Fraction:
        return power(of, Fraction(1, 2))

    def holds(self, condition: Condition) -> bool:
        return met(holds(condition, self.at))

    def events(self, use: LedgerUse) -> Sequence[Line]:
        rows = belonging(use, self.at)
        if isinstance(rows, State):
            raise Open(rows)
        return [Line(row, self.aside, part) for row, part in rows if not any(row is gone for gone in self.aside)]

    def sheets(self, use: LedgerUse) -> Sequence[tuple[Callable[[], bool], Line]]:
        found = []
        for unit in self.office.papers.units:
            at = replace(self.at, unit=unit)
            for row in self.office.papers.rows_of(use.ledger, unit):
                if not any(row is gone for gone in self.aside):
                    found.append((_counting(use, row, at), Line(row, self.aside)))
        return found

    def rivals(self) -> Sequence[tuple[bool, Clause, Desk]]:
        """Other items in which the same matter may count instead."""
        book, own = self.office.rulebook, self.item.code
        group = getattr(self.item.scoring, "across", None)
        return [
            (book.before(group, other.code, own), other.scoring, self._beside(other))
            for other in book.walk()
            if group is not None
            and other.scoring is not None
            and other.code != own
            and getattr(other.scoring, "across", None) == group
        ]

    def _beside(self, other: Item) -> Desk:
        """The desk of another item; what is laid aside there is not laid aside here."""
        if other.code not in self.others:
            self.others[other.code] = Desk(self.office, self.unit, other)
        return self.others[other.code]

    def row_scores(self, clause: Individual) -> Sequence[Fraction]:
        """Scores of the unit's own rows, for 个性指标."""
        cells = self.office.row_scores(self.item, clause, self.unit)
        if (state := blocking_state(cells)) is not None:
            raise Open(state)
        return numbers(cells)

    def period_scores(self, clause: Periodic) -> Sequence[Fraction]:
        """Scores of the unit's periods that have one."""
        cells = self.office.period_scores(self.item, self.unit)
        if (state := blocking_state(cells)) is not None:
            raise Open(state)
        return numbers(cells)


def _counting(use: LedgerUse, row: Row, at: At) -> Callable[[], bool]:
    """The question whether a row meets the conditions of ``use``."""
    return lambda: met(holds(use.where, replace(at, rows={**at.rows, use.ledger: row})))


def _there(cell: Cell) -> Any:
    if cell[1] is None:
        raise Open(cell[0])
    return cell[1]


def met(cell: Cell) -> bool:
    """Whether a condition is met: 不涉及 and weaker states are not; 未报 and 待定 leave it open.

    Raises:
        Open: nobody can tell.
    """
    if blocks(cell):
        raise Open(cell[0])
    return has_value(cell) and bool(cell[1])


def worked_by_hand(clause: Clause, desk: Desk) -> Cell:
    """The score that ``clause`` gives on the facts of ``desk``: 不涉及 where it gives none, 待定 where it cannot."""
    while True:
        try:
            points = BY_KEY[clause.kind].by_hand(clause, desk)
        except LaidAside as gone:
            gone.aside.append(gone.row)
        except (Open, ZeroDivisionError, OutOfDomain, Unsettled):  # the kinds' Undecided is a ZeroDivisionError
            return PENDING
        else:
            return ABSENT if points is None else known(points if isinstance(points, Real) else Fraction(points))
