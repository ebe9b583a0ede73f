"""What is not scored, explained for a unit: a veto, a limit, a drop (情形、依据的格、后果), and how its grade came about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfdsl.clauses import BY_KEY
from perfdsl.model import outputs
from perfdsl.model.rulebook import Rule
from perfdsl.model.states import BLOCKING, State
from perfdsl.reports.findings import RuleExplanation, Step
from perfdsl.reports.grading import Reasons
from perfdsl.reports.results import published
from perfdsl.reports.waiting import told as waits_for
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.graphs import traced

if TYPE_CHECKING:
    from perfdsl.reports.explain import Teller

GRADE = "等次"
"""What is asked for to have the grade explained."""
PLACE = {"backfill": "空出的名额由下一名递补", "no_backfill": "空出的名额不递补"}
RANK = {"keeps_rank": "保留名次", "unranked": "不参加排名"}


def called(rule: Rule) -> str:
    """一票否决, 限等 …: the header word of a rule."""
    return BY_KEY[rule.clause.kind].form.name.canonical


def rule(asked: Rule, teller: Teller) -> RuleExplanation:
    """Whether a veto, a limit or a drop holds for the unit that is told of, the cells that decide, and what follows."""
    evaluation, trace, unit = teller.evaluation, teller.trace, teller.place
    cell, node = evaluation.cell(outputs.veto(asked.code), unit), trace.graph.outputs[outputs.veto(asked.code)]
    open_ = cell[0] >= BLOCKING
    also = (getattr(asked.clause, "quota", None), getattr(asked.clause, "rank", None))
    more = [words[key] for words, key in zip((PLACE, RANK), also, strict=True) if key in words]
    return RuleExplanation(
        name=asked.name,
        place=f"{called(asked)} {evaluation.opened.citation(asked.span, asked.citation)}",
        verdict="待定" if open_ else "成立" if cell == (State.VALUE, True) else "不成立",
        says=tuple(_case(asked)),
        follows="，".join([_effect(asked), *more]),
        official=asked.meta.official_text,
        steps=() if open_ else tuple(teller.case(node, "\n".join(_case(asked)))),
        waits=waits_for(trace, trace.causes(node, unit), unit, teller.show_others) if open_ else (),
    )


def _effect(asked: Rule) -> str:
    return BY_KEY[asked.clause.kind].sentence(asked.clause, asked).removeprefix(f"{called(asked)}：")


def concerning(evaluation: Evaluation, unit: int) -> list[Rule]:
    """The rules that hold for a unit, or of which nobody can tell yet."""
    cells = ((one, evaluation.cell(outputs.veto(one.code), unit)) for one in evaluation.book.vetoes)
    return [one for one, cell in cells if cell[0] >= BLOCKING or cell == (State.VALUE, True)]


def _case(asked: Rule) -> Iterator[str]:
    """情形 as written, each of 情形之一 on a line of its own."""
    clause = asked.clause
    for label, one in (("适用", getattr(clause, "applies", None)), ("情形", getattr(clause, "when", None))):
        if one is not None and one.span is not None:
            yield f"{label}：{one.span.text}"
    among = [one.span.text for one in getattr(clause, "any_of", ()) if one.span is not None]
    if among:
        yield f"情形之一：{'；'.join(among)}"


def grade(evaluation: Evaluation, unit: int, show_others: bool) -> RuleExplanation | None:
    """How the grade came about, grade by grade from the best; None where there is none to explain."""
    reasons = Reasons(evaluation)
    scheme = reasons.cuts.scheme(unit)
    if scheme is None or outputs.GRADE not in evaluation.outcome:
        return None
    cell = evaluation.cell(outputs.GRADE, unit)
    waits: tuple[str, ...] = ()
    if cell[0] >= BLOCKING:
        trace = traced(evaluation, [outputs.GRADE])
        waits = waits_for(trace, trace.causes(trace.graph.outputs[outputs.GRADE], unit), unit, show_others)
    return RuleExplanation(
        name=scheme.name,
        place=f"{GRADE} {evaluation.opened.citation(scheme.span, scheme.citation)}",
        verdict=published(cell) or ("待定" if waits else "不评等次"),
        says=(f"规则：{BY_KEY['grades'].sentence(scheme, scheme)}",),
        steps=() if waits else tuple(_ladder(evaluation, reasons, unit)),
        waits=waits,
    )


def _ladder(evaluation: Evaluation, reasons: Reasons, unit: int) -> Iterator[Step]:
    """Points and rank; each grade down to the one that took the unit, with its line, its places and who is kept out."""
    total = published(evaluation.cell(outputs.TOTAL, unit), evaluation.book.roundings.total)
    yield Step(0, "总分", total or "没有总分")
    if outputs.RANK in evaluation.outcome:
        yield Step(0, "名次", _rank(evaluation, reasons, unit))
    for name, said in reasons.ladder(unit):
        yield Step(0, f"“{name}”：{said}", "")
    for one in concerning(evaluation, unit):
        held = evaluation.cell(outputs.veto(one.code), unit)[0] is State.VALUE
        yield Step(0, f"{called(one)} {one.code} {one.name}：{'成立' if held else '待定'}，{_effect(one)}", "")
    if evaluation.book.vetoes and not concerning(evaluation, unit):
        yield Step(0, "否决、限等、降等：没有一条成立", "")


def _rank(evaluation: Evaluation, reasons: Reasons, unit: int) -> str:
    """第 15 名（42 个单位排名，并列 3 个）."""
    ranks = [cell for one in reasons.cuts.kin(unit) if (cell := evaluation.cell(outputs.RANK, one))[0] is State.VALUE]
    mine = evaluation.cell(outputs.RANK, unit)
    if mine[0] is not State.VALUE:
        return "不参加排名"
    level = f"，并列 {ranks.count(mine)} 个" if ranks.count(mine) > 1 else ""
    return f"第 {published(mine)} 名（{len(ranks)} 个单位排名{level}）"
