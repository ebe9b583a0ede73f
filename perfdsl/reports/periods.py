"""The explanation of a score by the month (quarter, half-year): each period with its value, its rule and its cells.

Periods that follow each other and tell the same stand on one line: a year of 12 months is to be read by people.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.periodic import Periodic
from perfdsl.graph import ops
from perfdsl.graph.ops import NodeId
from perfdsl.model import outputs
from perfdsl.model.item import Item
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import Cadence
from perfdsl.model.units import POINTS, ValueType
from perfdsl.reports.findings import Step
from perfdsl.reports.words import shown
from perfdsl.text.records import replace

if TYPE_CHECKING:
    from perfdsl.reports.explain import Teller

Told = tuple[str, str, tuple[Step, ...]]
"""The state that a period's value is in ("" for one that is there), what the period comes to, and how."""


def each_in_words(item: Item) -> str:
    """；每月：达到得满分，否则不得分, for an item that is scored by the period."""
    clause = item.scoring
    if not isinstance(clause, Periodic) or clause.rule.scoring is None:
        return ""
    return f"；{clause.cadence.word}：{BY_KEY[clause.rule.scoring.kind].sentence(clause.rule.scoring, clause.rule)}"


def by_period(teller: Teller, item: Item, node: NodeId, op: ops.Aggregate, depth: int) -> Iterator[Step]:
    """The sum of the periods' scores, and each of them; of their number only how many they are."""
    clause, trace = item.scoring, teller.trace
    assert isinstance(clause, Periodic)
    cadence, word = clause.cadence, clause.cadence.word.removeprefix("每")
    if op.fn is not ops.Reduce.SUM:
        return
    count = len(trace.members(node, teller.place))
    yield Step(depth, f"{count} 个{word}得分之和", shown(trace.cell(node, teller.place), ValueType.NUMBER, POINTS))
    periods = trace.evaluation.dataset[clause.table].columns[cadence.along].cells
    numbers = {row: int(at) for row in trace.rows_of(node, teller.place) if isinstance(at := periods[row][1], Fraction)}
    rule = replace(clause.rule, code=item.code)
    told = [
        (numbers[row], _told(teller, rule, clause.table, op.of, row))
        for row in sorted(numbers, key=numbers.__getitem__)
    ]
    for _, run in groupby(told, key=lambda one: _without_cells(one[1])):
        yield from _run(list(run), cadence, depth + 1)


def _told(teller: Teller, rule: Item, table: str, node: NodeId, row: int) -> Told:
    trace = teller.trace
    steps = tuple(teller.at_row(table, row).steps_of(node, rule))
    value = trace.graph.inner.get(outputs.value(rule.code))
    known = value is not None and trace.knows(value) and trace.node(value).type.grain == table
    state = trace.cell(value, row)[0] if known and value is not None else State.VALUE
    said = "" if state is State.VALUE else state.chinese
    cell = trace.cell(node, row)
    left_out = State.VALUE < cell[0] < BLOCKING
    return said, "不计" if left_out else shown(cell, ValueType.NUMBER, POINTS), steps


def _without_cells(told: Told) -> tuple[str, str, tuple[tuple[int, str, str], ...]]:
    state, value, steps = told
    return state, value, tuple((step.depth, step.text, step.value) for step in steps)


def _run(run: list[tuple[int, Told]], cadence: Cadence, depth: int) -> Iterator[Step]:
    """One period, or several in a row that tell the same."""
    first, last = cadence.called(run[0][0]), cadence.called(run[-1][0])
    state, value, steps = run[0][1]
    which = first if len(run) == 1 else f"{first}至{last}，{cadence.word}"
    yield Step(depth, f"{which}（{state}）" if state else which, value)
    for at, step in enumerate(steps):
        cells = [told[2][at].address for _, told in run if told[2][at].address]
        address = f"{cells[0]} 等 {len(cells)} 格" if len(set(cells)) > 1 else next(iter(cells), "")
        yield replace(step, depth=step.depth + depth + 1, address=address)
