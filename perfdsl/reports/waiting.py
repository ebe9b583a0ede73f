"""What waits for what: every published cell that is 待定, down to the cell that nobody filled in."""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.model import outputs
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNIT_GRAIN, split_key
from perfdsl.reports.findings import WaitFinding
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.graphs import Cause, Trace, traced

SHOWN = 3
"""How many causes are named."""


def pending(evaluation: Evaluation) -> tuple[str, ...]:
    """The units of which something published is 待定."""
    published = [evaluation.outcome[name] for name in evaluation.outcome if outputs.is_published(name)]
    return tuple(unit for i, unit in enumerate(evaluation.units) if any(cells[i][0] >= BLOCKING for cells in published))


def waits(evaluation: Evaluation) -> dict[int, tuple[WaitFinding, ...]]:
    """For each unit that waits (its place): what waits, and for what."""
    names = [
        name
        for name in evaluation.outcome
        if outputs.is_published(name) and any(state >= BLOCKING for state, _ in evaluation.outcome[name])
    ]
    if not names:
        return {}
    trace = traced(evaluation, names)
    words = {name: word for name in names if (word := _word(evaluation, name))}
    found = {}
    for i in range(len(evaluation.units)):
        held = tuple(
            WaitFinding(word, told(trace, trace.causes(trace.graph.outputs[name], i), i))
            for name, word in words.items()
            if evaluation.cell(name, i)[0] >= BLOCKING
        )
        if held:
            found[i] = held
    return found


def totals(evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    """Unit whose total waits → for what."""
    cells = evaluation.outcome.get(outputs.TOTAL, ())
    places = [i for i, (state, _) in enumerate(cells) if state >= BLOCKING]
    if not places:
        return {}
    trace = traced(evaluation, [outputs.TOTAL])
    node = trace.graph.outputs[outputs.TOTAL]
    return {evaluation.units[i]: told(trace, trace.causes(node, i), i) for i in places}


def _word(evaluation: Evaluation, name: str) -> str:
    """How people call an output; sums in between (一级指标, 基本分) are left to the total."""
    what, _, code = name.partition(":")
    match what:
        case "score":
            item = next(item for item in evaluation.book.walk() if item.code == code)
            return f"{item.code} {item.name}" if item.scoring is not None else ""
        case "veto":
            return next(rule.name for rule in evaluation.book.vetoes if rule.code == code)
        case "application":
            return next(rule.name for rule in evaluation.book.applications if rule.code == code)
    return {outputs.TOTAL: "总分", outputs.RANK: "名次", outputs.GRADE: "等次"}.get(what, "")


def told(trace: Trace, causes: Iterable[Cause], unit: int, names: bool = True) -> tuple[str, ...]:
    """The causes in words, the unit's own first; other units by name only with ``names``."""
    ordered = sorted(causes, key=lambda one: (one.unit != unit, one.unit or 0, one.grain, one.column, str(one.address)))
    words = list(dict.fromkeys(_told(trace, one, unit, names) for one in ordered))
    return (*words[:SHOWN], f"等 {len(words)} 处") if len(words) > SHOWN else tuple(words)


def _told(trace: Trace, cause: Cause, unit: int, names: bool) -> str:
    others = cause.unit is not None and cause.unit != unit
    whose = "" if not others else f"{trace.evaluation.units[cause.unit or 0]} 的" if names else "另一单位的"
    tables = [table.name for table in trace.evaluation.book.tables]
    column = split_key(cause.column, tables)[1] if cause.grain == UNIT_GRAIN else cause.column
    where = f" ← {cause.address}" if cause.address is not None and (names or not others) else ""
    match cause.what:
        case "cell":
            lacks = "没有填" if cause.state is State.MISSING else "待定（填的不能用，或写明待定）"
            return f"{whose}{column} {lacks}{where}"
        case "open" if any(one.table == cause.grain for one in trace.evaluation.files):
            return f"“{cause.grain}” 有读不出来、不知道是谁的行，会是哪个单位的不能定"
        case "open":
            return f"“{cause.grain}” 没有文件"
        case "row":
            if not cause.which:
                return f"{whose}“{cause.grain}” 没有对应的一行"
            row = cause.unit if cause.unit is not None else unit
            name = "另一单位" if others and not names else trace.evaluation.units[row]
            return f"“{cause.grain}” 没有 {name} {cause.which} 的一行（要填 “{column}”）"
        case "zero":
            return f"{whose}除数是 0"
        case "domain":
            return f"{whose}数不能开方或取对数"
        case "unsettled":
            return f"{whose}数与界限分不出大小"
        case "band":
            return f"{whose}没有一档对得上"
    return f"{whose}规则没有写明给什么"
