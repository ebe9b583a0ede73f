"""个性指标: an item whose parts are the unit's own rows of a 附表, each scored by the 计分办法 that it names.

A row is an item of its own: its 目标值 and 分值 stand in it, what was reached stands in the table of facts, under the
same 编号. It goes through the same steps as any item, and its score is rounded as its 计分办法 says, else like any
published score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfdsl.clauses.individual import Individual
from perfdsl.model.item import Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rounding import rounded
from perfdsl.reference.cells import PENDING, has_value, known, number
from perfdsl.reference.desk import Desk
from perfdsl.reference.expressions import At, evaluate
from perfdsl.reference.items import answered, decided
from perfdsl.reference.papers import NOT_REPORTED, Row

if TYPE_CHECKING:
    from perfdsl.reference.office import Office

CODE, METHOD, POINTS = "编号", "计分办法", "分值"


def row_scores(office: Office, item: Item, clause: Individual, unit: int) -> list[Cell]:
    """The score of each of the unit's rows."""
    return [_row(office, item, clause, unit, row) for row in office.papers.rows_of(clause.table, unit)]


def _row(office: Office, item: Item, clause: Individual, unit: int, row: Row) -> Cell:
    full = row.get(POINTS, NOT_REPORTED)
    method = dict(clause.methods).get(str(row.get(METHOD, NOT_REPORTED)[1]))
    if method is None or not has_value(full):
        return PENDING
    rows = {clause.table: row, clause.facts: _reached(office, clause, unit, row)}
    own = {"full": full}
    if method.target is not None:
        own["target"] = evaluate(method.target, At(office, unit, method, rows, own))
    if method.value is not None:
        own["value"] = evaluate(method.value, At(office, unit, method, rows, own))
    found = decided(Desk(office, unit, method, rows, own))
    cell = found.cell
    if cell is None:
        assert found.answer is not None
        cell = answered(office, method, unit, found.answer, number(full))
    if not has_value(cell):
        return cell
    return known(rounded(number(cell), method.rounding or item.rounding or office.rulebook.roundings.score))


def _reached(office: Office, clause: Individual, unit: int, row: Row) -> Row:
    """The row of facts that has the row's 编号; one that nobody handed in is 未报, one that stands twice 待定."""
    same = [fact for fact in office.papers.rows_of(clause.facts, unit) if fact.get(CODE) == row.get(CODE)]
    if len(same) > 1:
        return dict.fromkeys(same[0], PENDING)
    return same[0] if same else {}
