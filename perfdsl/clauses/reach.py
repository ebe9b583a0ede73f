"""Reach: points for a value on one side of a line (大于 0 得满分，否则不得分; 不高于目标值得满分，否则不得分).

Whether the line itself belongs to the good side is in the word: 不低于 includes it, 超过 does not (持平得不得分).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared import comparing
from perfdsl.clauses.shared.awards import award_node, check_award, check_otherwise, worth
from perfdsl.clauses.shared.measures import unit_word, zero
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, Clause, Item
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach(Clause):
    """``op`` against ``against`` (None: the target) gives ``award``, everything else ``otherwise``."""

    op: str
    award: Award
    against: Expression | None = None
    otherwise: Award | None = None


FORM = Form(
    name=Word("reach", "过线计分", english="reach"),
    pattern=(
        slot("reach", {"op": "op", "against": "against", "award": "award"}, op=comparing.OPS),
        slot("otherwise", {"award": "otherwise"}, required=False),
    ),
)


def check(clause: Reach, setting: Setting) -> Iterable[Problem]:
    """Something to compare with, and what the other side gives."""
    yield from comparing.check_against(clause.op, clause.against, setting, clause.span)
    yield from check_award(clause.award, setting)
    yield from check_otherwise(clause.otherwise, setting)


def lower(clause: Reach, scope: Scope) -> NodeId:
    """choose(value op against → award, otherwise)."""
    other = comparing.against_node(clause.against, scope)
    held = comparing.compare_nodes(clause.op, scope.value, other, scope)
    award = award_node(clause.award, scope)
    other = zero(scope) if clause.otherwise is None else award_node(clause.otherwise, scope)
    return scope.graph.choose((held, award), otherwise=other)


def by_hand(clause: Reach, facts: Facts) -> Fraction:
    """On the good side: the award. On the other: what the rule says (a bonus not earned is 0)."""
    against = comparing.against_by_hand(clause.against, facts)
    if comparing.compares(clause.op, facts.value, against, facts):
        return worth(clause.award, facts)
    return Fraction(0) if clause.otherwise is None else worth(clause.otherwise, facts)


def sentence(clause: Reach, item: Item) -> str:
    """不高于目标值得满分，否则不得分."""
    line = comparing.in_words(clause.op, clause.against)
    rest = f"，否则{in_words(clause.otherwise)}" if clause.otherwise is not None else ""
    return f"{line}{in_words(clause.award)}{rest}"


KIND = Kind(
    key="reach",
    form=FORM,
    node=Reach,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact_unit=lambda clause: unit_word(clause.against),
)
