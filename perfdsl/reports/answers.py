"""What stands above an item's own rule: why it is not the unit's, what its state gives, whose points it has besides.

One line each, with the field of the rulebook that says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfdsl.graph import ops
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import SCALAR
from perfdsl.model import outputs
from perfdsl.model.expression import ColumnRef
from perfdsl.model.item import AnswerKind, Item
from perfdsl.model.states import BY_CHINESE, State
from perfdsl.model.table import UNIT_GRAIN
from perfdsl.model.walking import nodes
from perfdsl.reports.findings import Step
from perfdsl.reports.words import plain, shown
from perfdsl.text.citation import Citation
from perfdsl.text.source import Span
from perfdsl.workspace.graphs import Trace


def not_for(trace: Trace, item: Item, place: int) -> Item | None:
    """The item or the outermost group above it whose 适用 leaves the unit out."""
    found = [one for one in _upwards(trace, item) if _excludes(trace, one, place)]
    return found[-1] if found else None


def answered(trace: Trace, item: Item, place: int) -> Iterator[Step]:
    """Why a state decides the score and what the rule gives for it: 不涉及（适用 …，本单位 …），按 “不涉及：得满分”."""
    cells = trace.evaluation.outcome.get(outputs.state(item.code))
    state = BY_CHINESE.get(str(cells[place][1]), State.VALUE) if cells else State.VALUE
    where = not_for(trace, item, place) if state is State.ABSENT else None
    gives = "、".join(_given(where or item, state))
    if where is None:
        if gives:
            yield Step(0, f"{state.chinese}，按 {gives}", "")
        return
    assert where.applies is not None and where.applies.span is not None
    whose = "" if where is item else f"{where.code} {where.name} 的 "
    text = f"不涉及，{whose}{_quoted('适用', where.applies.span)}"
    told = dict(_cells(trace, where, place))
    own = f"，本单位 {'、'.join(told)}" if told else ""
    yield Step(0, f"{text}{own}" + (f"；按 {gives}" if gives else ""), "", next(filter(None, told.values()), ""))


def shared(trace: Trace, item: Item, node: NodeId, place: int) -> str:
    """Whose points went to the others of the 一级指标, where ``node`` is by how much those of the item grew; else ""."""
    if node != _factor(trace, item):
        return ""
    top = list(_upwards(trace, item))[-1]
    gone = [
        f"{one.code} {one.name} {full} 分不涉及，按 {'、'.join(_given(one, State.ABSENT))}"
        for one in top.walk()
        if (answer := one.answer(State.ABSENT)) is not None
        and answer.kind is AnswerKind.REDISTRIBUTE
        and trace.evaluation.cell(outputs.score(one.code), place)[0] is State.ABSENT
        and (full := plain(one.full) if one.full is not None else "")
    ]
    return "；".join(gone)


def _factor(trace: Trace, item: Item) -> NodeId | None:
    """By how much the full mark of the item grows for the unit."""
    full = trace.graph.outputs.get(outputs.full(item.code))
    made = trace.node(full).op if full is not None else None
    moved = trace.node(made.otherwise).op if isinstance(made, ops.Choose) else made
    return moved.args[1] if isinstance(moved, ops.Apply) and moved.fn is ops.Fn.MULTIPLY else None


def _upwards(trace: Trace, item: Item) -> Iterator[Item]:
    """The item and the groups in which it stands, outwards."""
    yield item
    above = [
        one for one in trace.evaluation.book.walk() if one is not item and any(below is item for below in one.walk())
    ]
    yield from reversed(above)


def _excludes(trace: Trace, item: Item, place: int) -> bool:
    node = trace.graph.inner.get(outputs.applies(item.code))
    if node is None or not trace.knows(node) or trace.node(node).type.grain not in (SCALAR, UNIT_GRAIN):
        return False
    return trace.cell(node, place) == (State.VALUE, False)


def _given(item: Item, state: State) -> Iterator[str]:
    """What the item gives for a state, as written; where it is 视为 another one, what that gives as well."""
    for _ in State:
        answer = item.answer(state)
        if answer is None:
            return
        if answer.span is not None:
            yield _quoted(state.chinese, answer.span)
        if answer.kind is not AnswerKind.AS or answer.state is None:
            return
        state = answer.state


def _quoted(label: str, span: Span) -> str:
    written = span.text.strip().replace("“", "‘").replace("”", "’")
    return f"“{label}：{written}”{Citation(line=span.line, file=span.source.cited)}"


def _cells(trace: Trace, item: Item, place: int) -> Iterator[tuple[str, str]]:
    """The unit's own cells that 适用 asks for, and where they stand."""
    columns = trace.evaluation.dataset[UNIT_GRAIN].columns
    for ref in nodes(item.applies):
        name = f"{ref.table}.{ref.column}" if isinstance(ref, ColumnRef) else ""
        if name in columns:
            value = shown(columns[name].cells[place], ref.kind, ref.unit)
            yield f"{ref.column} {value}", str(trace.address(UNIT_GRAIN, name, place) or "")
