"""Measure: what is done with the units that meet a condition (结果运用：对象 … 措施 …)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfdsl.clauses.application import WORD
from perfdsl.clauses.kind import Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import ApplicationFacts, ApplicationScope, InRulebook
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Condition
from perfdsl.model.item import Clause
from perfdsl.model.stages import Stage
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Take
from perfdsl.text.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Clause):
    """``whom`` 对象, ``action`` 措施, ``procedure`` 办理, ``ways`` 方式."""

    whom: Condition | None = None
    action: str = ""
    procedure: str = ""
    ways: tuple[str, ...] = ()


FORM = Form(
    name=WORD,
    header="application",
    takes=(
        Take("whom", into="whom", required=True),
        Take("action", into="action", required=True),
        Take("procedure", into="procedure"),
        ruling.WAY,
    ),
)


def check(clause: Measure, setting: InRulebook) -> Iterable[Problem]:
    """Whom it concerns and what is done."""
    if clause.whom is None:
        yield grading.whom_unstated(clause.span)
    if not clause.action.strip():
        yield grading.action_unstated(clause.span)


def lower(clause: Measure, scope: ApplicationScope) -> NodeId:
    """Whether the unit is one of 对象."""
    assert clause.whom is not None
    return ruling.met(scope, clause.whom)


def by_hand(clause: Measure, facts: ApplicationFacts) -> bool:
    """Is the unit one of 对象?"""
    return clause.whom is not None and facts.holds(clause.whom)


def sentence(clause: Measure, rule: object) -> str:
    """The measure in the rule's own words."""
    return clause.action


KIND = Kind(
    key="measure",
    form=FORM,
    node=Measure,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
)
