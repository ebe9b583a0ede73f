"""Scores by the period: the rule looks at one unit and one month (quarter, half-year), as it would at a year.

What other units have is theirs of the same period. A period that nobody reported is answered like a year that nobody
reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl.clauses.periodic import Periodic
from perfdsl.model.expression import ColumnRef, Condition, Single
from perfdsl.model.item import AnswerKind, Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rounding import rounded
from perfdsl.reference.cells import ABSENT, PENDING, Open, blocking_state, blocks, has_value, known, number, numbers
from perfdsl.reference.desk import Desk
from perfdsl.reference.expressions import At, evaluate, holds
from perfdsl.reference.items import Decided, answered, calculated, decided
from perfdsl.reference.papers import NOT_REPORTED, Row, sorted_by
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.reference.office import Office


@dataclass
class PeriodDesk(Desk):
    """The facts of one unit, one item and one period."""

    @property
    def peers(self) -> Sequence[Fraction]:
        units, open_ = self.office.population(self.item.population, self.unit, self.item)
        if open_ is not None:
            raise Open(open_)
        cells = [desk(self.office, self.item, unit, self.rows).value_cell for unit in units]
        if (state := blocking_state(cells)) is not None:
            raise Open(state)
        return numbers(cells)

    def run(self, condition: Condition) -> tuple[int, int]:
        """Through how many periods in a row the condition holds, this one back, and the number of the period."""
        table = next(name for name in self.rows if self.office.along(name))
        along = self.office.along(table)
        here = int(number(self.rows[table][along]))
        rows = {int(number(row[along])): row for row in self.office.papers.rows_of(table, self.unit)}
        run, open_ = 0, None
        while here - run >= 1:
            own = desk(self.office, self.item, self.unit, {**self.rows, table: rows[here - run]})
            cell = holds(condition, own.at)
            if blocks(cell):
                open_ = max(cell[0], open_ or cell[0])
            elif not has_value(cell) or not cell[1]:
                break
            run += 1
        if open_ is not None:
            raise Open(open_)
        return run, here


def period_scores(office: Office, item: Item, unit: int) -> list[Cell]:
    """The score of each of the unit's periods, in their order."""
    clause = item.scoring
    assert isinstance(clause, Periodic)
    periods = sorted_by(office.papers.rows_of(clause.table, unit), clause.cadence.along)
    return [period_score(office, item, unit, {clause.table: row}) for row in periods]


def period_score(office: Office, item: Item, unit: int, rows: dict[str, Row]) -> Cell:
    """The score of the period whose row stands in ``rows``."""
    clause = item.scoring
    assert isinstance(clause, Periodic)
    found = _decided(office, clause.rule, unit, rows)
    cell = found.cell
    if cell is None:
        assert found.answer is not None
        if found.answer.kind is AnswerKind.GROUP_MEAN:
            cell = _group_mean(office, clause, unit, rows)
        else:
            cell = answered(office, clause.rule, unit, found.answer)
    return known(rounded(number(cell), clause.rounding)) if has_value(cell) else cell


def desk(office: Office, rule: Item, unit: int, rows: object) -> PeriodDesk:
    """The desk of ``unit`` for the period of ``rows``, which may be another unit's."""
    assert isinstance(rows, dict)
    own_rows = office.same_period(rows, unit)
    own: dict[str, Cell] = {}
    if rule.target is not None:
        own["target"] = evaluate(rule.target, At(office, unit, rule, own_rows, own))
    if rule.value is not None:
        cell = evaluate(rule.value, At(office, unit, rule, own_rows, own))
        rounding = office.rulebook.roundings.value
        if has_value(cell) and isinstance(cell[1], Fraction) and calculated(rule):
            cell = known(rounded(number(cell), rounding))
        own["value"] = cell
    return PeriodDesk(office, unit, rule, own_rows, own)


def _decided(office: Office, rule: Item, unit: int, rows: dict[str, Row]) -> Decided:
    return decided(desk(office, rule, unit, rows))


def _group_mean(office: Office, clause: Periodic, unit: int, rows: dict[str, Row]) -> Cell:
    """Mean of what the units of the same category earned on their own in the period."""
    found = [_decided(office, clause.rule, peer, rows).cell for peer in office.same_category(unit)]
    cells = [cell for cell in found if cell is not None]
    if blocking_state(cells) is not None:
        return PENDING
    own = [rounded(points, clause.rounding) for points in numbers(cells)]
    return known(sum(own, start=Fraction(0)) / len(own)) if own else ABSENT


def single(expression: Single, at: At) -> Cell:
    """当期数: the running total of the period less that of the one before."""
    of: ColumnRef = expression.of
    row = at.rows[of.table]
    total, along = row.get(of.column, NOT_REPORTED), at.office.along(of.table)
    if number(row[along]) == 1:
        return total
    earlier = [
        one for one in at.office.papers.rows_of(of.table, at.unit) if number(one[along]) == number(row[along]) - 1
    ]
    before = earlier[0].get(of.column, NOT_REPORTED) if earlier else NOT_REPORTED
    if has_value(total) and has_value(before):
        return known(number(total) - number(before))
    return max(total[0], before[0]), None
