"""Yes or no: points for a statement that is true (按时报送得满分，否则不得分).

The statement is in the author's words; the fact is a yes or no about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.awards import award_node, check_award, check_otherwise, worth
from perfdsl.clauses.shared.measures import zero
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import NodeId
from perfdsl.model.item import Award, Clause, Item
from perfdsl.model.units import ValueType
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Clause):
    """``award`` where ``text`` is true, ``otherwise`` where it is not."""

    text: str
    award: Award
    otherwise: Award | None = None


FORM = Form(
    name=Word("yes_no", "是否计分", english="yes-no"),
    pattern=(
        slot("statement", {"text": "text", "award": "award"}),
        slot("otherwise", {"award": "otherwise"}, required=False),
    ),
)


def check(clause: YesNo, setting: Setting) -> Iterable[Problem]:
    """What no gives must be written."""
    yield from check_award(clause.award, setting)
    yield from check_otherwise(clause.otherwise, setting)


def lower(clause: YesNo, scope: Scope) -> NodeId:
    """choose(fact → award, otherwise)."""
    graph = scope.graph
    no = zero(scope) if clause.otherwise is None else award_node(clause.otherwise, scope)
    return graph.choose((scope.value, award_node(clause.award, scope)), otherwise=no)


def by_hand(clause: YesNo, facts: Facts) -> Fraction:
    """Yes: the award. No: what the rule says (a bonus not earned is 0)."""
    if facts.value:
        return worth(clause.award, facts)
    return Fraction(0) if clause.otherwise is None else worth(clause.otherwise, facts)


def sentence(clause: YesNo, item: Item) -> str:
    """按时报送得满分，否则不得分."""
    rest = f"，否则{in_words(clause.otherwise)}" if clause.otherwise is not None else ""
    return f"{clause.text}{in_words(clause.award)}{rest}"


KIND = Kind(
    key="yes_no",
    form=FORM,
    node=YesNo,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact=ValueType.BOOL,
)
