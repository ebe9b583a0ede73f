"""Converted: a score out of one full mark made a score out of another (按满分 100 分折算).

A superior's assessment comes as so many points of a full mark of its own. It counts value ÷ that full mark × 分值. Two
things are not left to guessing: what a unit gets whose score never came (未报), and, since bonus points carry such scores
beyond their full mark, whether the conversion stops at the item's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared.awards import turned, turned_node
from perfdsl.clauses.shared.bounds import CAP, MOST, cap_in_words, capped, capped_by_hand, check_cap
from perfdsl.clauses.shared.measures import like
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted(Clause):
    """``out_of`` holds the full mark of the score that comes from elsewhere; ``cap`` and ``most`` where it stops."""

    out_of: tuple[Expression, ...] = ()
    cap: str | None = None
    most: Expression | None = None


FORM = Form(
    name=Word("converted", "按满分折算", english="converted"),
    phrases=(
        Word("converted", "按比例折算", ("折算计分", "按满分折算", "折算成本项分值"), "converted"),
        Word("original_full", "原满分", ("原分值", "原总分"), "original-full"),
    ),
    pattern=(
        fixed("converted"),
        slot("word", {"amounts": "out_of"}, key="original_full", required=False),
        CAP,
        MOST,
    ),
)


def check(clause: Converted, setting: Setting) -> Iterable[Problem]:
    """A full mark to convert from, an end, an answer for a score that never came."""
    item = setting.item
    full, of = item.full, constant(clause.out_of[0]) if clause.out_of else None
    if full is None:
        yield scoring.full_missing(item.span or clause.span)
        return
    if not clause.out_of or (of is not None and of <= 0):
        asked = f"没有写明按多少分的满分折算：96 分，原满分 100 分折成 {decimal(96 * full / 100)} 分，原满分 120 分折成 {decimal(96 * full / 120)} 分"
        yield scoring.conversion_incomplete(clause.span, asked, ["按比例折算，原满分 100 分，最高得满分"])
    elif clause.cap is None and clause.most is None:
        over = (of or Fraction(100)) * Fraction(21, 20)
        made = over * full / (of or Fraction(100))
        asked = f"原得分超过原满分的没有写明怎样折算：得 {decimal(over)} 分的，计 {decimal(full)} 分还是 {decimal(made)} 分？"
        both = ("最高得满分", "不封顶")
        yield scoring.conversion_incomplete(clause.span, asked, [f"{sentence(clause, item)}，{end}" for end in both])
    else:
        yield from check_cap(clause, setting)
    if item.answer(State.MISSING) is None:
        asked = f"{item.name}：没有原得分的单位怎样给分，没有写明"
        yield scoring.conversion_incomplete(
            clause.span, asked, ["加一行：未报：退回补报", "加一行：未报：得同类平均分"]
        )


def lower(clause: Converted, scope: Scope) -> NodeId:
    """value ÷ its full mark × 分值, capped."""
    graph = scope.graph
    share = graph.apply(Fn.DIVIDE, scope.value, like(scope, clause.out_of[0], scope.value))
    return turned_node(capped(clause, graph.apply(Fn.MULTIPLY, share, scope.full), scope), scope)


def by_hand(clause: Converted, facts: Facts) -> Fraction:
    """What share of its own full mark it is, of ours."""
    value: Fraction = facts.value
    share = value / facts.number(clause.out_of[0])
    return turned(capped_by_hand(clause, share * facts.full, facts), facts)


def sentence(clause: Converted, item: Item) -> str:
    """按比例折算，原满分 100 分，最高得满分."""
    of = amount(clause.out_of[0]) if clause.out_of else "…"
    return f"按比例折算，原满分 {of} 分{cap_in_words(clause, amount(clause.most))}"


KIND = Kind(
    key="converted",
    form=FORM,
    node=Converted,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: "分",
    cap=lambda clause: clause.most,
    choices=(Choice("cap", "超过原满分的怎样折算", (("full_at_most", "最高得满分"), ("uncapped", "不封顶")), "K289"),),
)
