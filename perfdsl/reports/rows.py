"""Rows of a ledger that do not count, and why: what is not in a score is asked about as often as what is.

Read off the conditions of the sums that make the score, row by row: the first condition that does not hold is the
reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfdsl.graph import ops
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.graph.types import SCALAR
from perfdsl.model import outputs
from perfdsl.model.item import Item
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNIT_GRAIN
from perfdsl.model.units import ValueType
from perfdsl.reports.findings import Step
from perfdsl.reports.words import shown
from perfdsl.workspace.graphs import Trace, made_for

TOLD = 12
"""So many rows that do not count are told one by one."""
NO_RATE = "没有写几分"


def left_out(trace: Trace, item: Item, place: int) -> Iterator[Step]:
    """The unit's rows of the item's ledger that do not count in its score."""
    sums = [node for node in _sums(trace, item) if trace.knows(node)]
    if not sums:
        return
    found = []
    for row in sorted({row for node in sums for row in trace.rows_of(node, place)}):
        reasons = [reason for node in sums if (reason := _why(trace, node, row)) is not None]
        if len(reasons) == len(sums):
            # a row of another level is out of this sum for its level alone: the other reasons say more
            told = [reason for reason in reasons if not reason.endswith(NO_RATE)] or reasons
            found.append((row, told[0] if len(set(told)) == 1 or not told[0].endswith(NO_RATE) else NO_RATE))
    grain = trace.grain(trace.group_fact(sums[0]))
    for row, reason in found[:TOLD]:
        yield Step(0, f"不计的一行：{reason}", "", str(trace.address_of(grain, row) or ""))
    if len(found) > TOLD:
        yield Step(0, f"还有 {len(found) - TOLD} 行不计", "")


def uncounted(trace: Trace, node: NodeId, place: int, depth: int) -> Iterator[Step]:
    """The unit's rows of a ledger that a count or a sum leaves out, and why."""
    grain = trace.grain(trace.group_fact(node))
    found = [(row, reason) for row in trace.rows_of(node, place) if (reason := _why(trace, node, row)) is not None]
    for row, reason in found[:TOLD]:
        yield Step(
            depth, f"不计的一行：{reason.removesuffix(f'，{NO_RATE}')}", "", str(trace.address_of(grain, row) or "")
        )
    if len(found) > TOLD:
        yield Step(depth, f"还有 {len(found) - TOLD} 行不计", "")


def cells_of(trace: Trace, node: NodeId, row: int) -> str:
    """The cells of a row that a condition reads: ``事故类型 较大责任事故、发生日期 2025年3月1日``."""
    return _cells(trace, (node,), row)


def _sums(trace: Trace, item: Item) -> Iterator[NodeId]:
    """The sums over rows of a ledger that bring the item's points."""
    needed = trace.graph.needed(frozenset({trace.graph.outputs[outputs.score(item.code)]}))
    for node in sorted(needed):
        made = trace.node(node)
        if isinstance(made.op, ops.Aggregate) and made.op.fn is ops.Reduce.SUM and made_for(made, item):
            points = made.type.unit is not None and made.type.unit.over == ("分",)
            if points and made.type.grain == UNIT_GRAIN and trace.grain(made.op) not in (UNIT_GRAIN, SCALAR):
                yield node


def _why(trace: Trace, node: NodeId, row: int) -> str | None:
    """Why the row does not count in the sum; None where it does."""
    op = trace.node(node).op
    assert isinstance(op, ops.Aggregate)
    state, held = trace.cell(op.where, row)
    if state >= BLOCKING:
        return "算不算数还看不出来"
    if state is not State.VALUE or not held:
        return _reason(trace, op.where, row)
    state, value = trace.cell(op.of, row)
    if state >= BLOCKING:
        return "几分还看不出来"
    if state is not State.VALUE:
        return "有一格填的是不涉及一类的状态"
    of = trace.node(op.of).op
    while isinstance(of, ops.Choose):
        of = trace.node(trace.taken(of, row)[0]).op
    if value == 0 and isinstance(of, ops.Apply) and of.fn is Fn.MULTIPLY and trace.cell(of.args[0], row)[1] == 0:
        return "同一事项已按更高的一行计"
    return None


def _reason(trace: Trace, node: NodeId, row: int) -> str:
    """What makes a condition fail on a row."""
    op = trace.node(node).op
    match op:
        case ops.Stack():
            return _reason(trace, *trace.part(op, row))
        case ops.Choose():
            value, when = trace.taken(op, row)
            return _reason(trace, value if when is not None or value != node else node, row)
        case ops.Apply(Fn.AND, args):
            failing = next((arg for arg in args if trace.cell(arg, row) != (State.VALUE, True)), args[0])
            return _reason(trace, failing, row)
        case ops.Apply(Fn.NOT, (inner,)):
            return _held(trace, inner, row)
        case ops.Apply(Fn.HAS, (of,)):
            return f"没有填“{_called(trace, of)}”"
        case ops.Apply(Fn.LESS | Fn.LESS_EQUAL, (one, other)):
            if any(isinstance(trace.node(arg).op, ops.Aggregate) for arg in (one, other)):
                return "同一事项计入别的项"
            return f"{_cells(trace, (one, other), row)}，不符合条件"
        case ops.Apply(Fn.EQUAL, args):
            texts = all(trace.node(arg).type.value is ValueType.TEXT for arg in args)
            return f"{_cells(trace, args, row)}，{NO_RATE}" if texts else f"{_cells(trace, args, row)}，不符合条件"
        case ops.Apply(Fn.OR):
            return f"{_cells(trace, (node,), row)}，几个条件一个也不符合"
        case ops.Column():
            return f"{_cells(trace, (node,), row)}，不符合条件"
    return "不符合条件"


def _held(trace: Trace, node: NodeId, row: int) -> str:
    """What holds of a row that must not hold."""
    op = trace.node(node).op
    match op:
        case ops.Choose():
            return _held(trace, trace.taken(op, row)[0], row)
        case ops.Apply(Fn.EQUAL, (one, other)):
            if all(isinstance(trace.node(arg).op, ops.Column) for arg in (one, other)):
                return "同一单位只计一次"
            if isinstance(trace.node(one).op, ops.Aggregate):
                return "同一事项计入别的项"
            return f"{_cells(trace, (one, other), row)}，{NO_RATE}"
        case ops.Apply(Fn.AND | Fn.OR, args):
            return f"{_cells(trace, args, row)}，属于不计的"
    return f"{_cells(trace, (node,), row)}，属于不计的"


def _called(trace: Trace, node: NodeId) -> str:
    op = trace.node(node).op
    return op.name if isinstance(op, ops.Column) else "这一格"


def _cells(trace: Trace, nodes: tuple[NodeId, ...], row: int) -> str:
    """The cells that a condition reads: 认定日期 2024年12月31日."""
    told: list[str] = []
    todo = list(nodes)
    while todo:
        node = todo.pop(0)
        made = trace.node(node)
        if isinstance(made.op, ops.Stack):
            part, at = trace.part(made.op, row)
            told += [one for one in [_cell(trace, part, at)] if one]
        elif isinstance(made.op, ops.Column):
            told.append(_cell(trace, node, row))
        elif not isinstance(made.op, (ops.Aggregate, ops.Rank, ops.Fetch)):
            todo = [*made.op.operands(), *todo]
    return "、".join(dict.fromkeys(told)) or "这一行"


def _cell(trace: Trace, node: NodeId, row: int) -> str:
    made = trace.node(node)
    if not isinstance(made.op, ops.Column):
        return ""
    return f"{made.op.name} {shown(trace.cell(node, row), made.type.value, made.type.unit)}"
