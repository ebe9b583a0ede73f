"""Count quota: so many pieces earn the point's marks, more earn extra (定额 1 篇，定额内每篇 1 分，超出定额每篇加 2 分).

A row of a 要点 table. The indicator above says what becomes of the extra (超出部分：计入本指标，不封顶) and whether the
extra of one row makes up for what another lacks (相互抵补：不抵补). With 可抵补 nobody has written how, so it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared.bounds import CAP_CHOICE, check_points
from perfdsl.clauses.shared.measures import called, like, measured, points, unit_word
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import decimal, unit_of
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuota(Clause):
    """``within`` points for each of the first ``norm`` pieces, ``extra`` for each beyond (None: nothing).

    ``beyond`` is 计入本指标, ``cap`` 不封顶 and ``most`` how far it goes; ``offset`` is 不抵补 or 可抵补.
    """

    norm: Expression
    unit: str
    within: Expression
    extra: Expression | None = None
    beyond: str | None = None
    cap: str | None = None
    most: Expression | None = None
    offset: str | None = None


FORM = Form(
    name=Word("count_quota", "定额计分", english="count-quota"),
    takes=(
        Take("quota_points", slots=(slot("points", {"amount": "norm"}),), required=True),
        Take(
            "within_norm",
            slots=(slot("rate", {"unit": "unit", "award.points": "within"}, award__kind=("get", "add"), level=""),),
            required=True,
        ),
        Take(
            "beyond_norm",
            slots=(slot("rate", {"award.points": "extra"}, award__kind=("get", "add"), level=""),),
        ),
        Take(
            "beyond",
            slots=(
                fixed("within_item", into="beyond"),
                fixed("uncapped", into="cap", required=False),
                slot("at_most", {"amount": "most"}, required=False),
            ),
        ),
        Take("offset", slots=(fixed("no_offset", "offset", into="offset"),)),
    ),
)


def check(clause: CountQuota, setting: Setting) -> Iterable[Problem]:
    """The norm fills the point's marks; what lies beyond is settled."""
    norm, within, full = constant(clause.norm), constant(clause.within), setting.item.full
    value, unit = measured(setting.item.value), measured(clause.norm)
    if value is not None and unit is not None and value != unit:
        yield scoring.unlike_units(clause.span, "指标值和定额", called(value), called(unit))
    piece = unit_of(clause.unit)[0]
    if unit is not None and unit != piece:
        yield scoring.unlike_units(clause.span, "定额和每一件", called(unit), called(piece))
    if norm is not None and within is not None and full is not None and norm * within != full:
        product = f"{decimal(norm)} × {decimal(within)} = {decimal(norm * within)} 分"
        yield scoring.accumulate_not_full(clause.span, product, decimal(full))
    if clause.extra is not None:
        yield from check_beyond(clause)


def check_beyond(clause: CountQuota) -> Iterable[Problem]:
    """Where the extra goes, how far, and whether it makes up for others."""
    extra = amount(clause.extra)
    if clause.beyond is None or (clause.cap is None and clause.most is None):
        yield scoring.beyond_unstated(
            clause.span,
            "超出定额的分计入哪里、有没有上限",
            f"每{clause.unit}加 {extra} 分，可以使本指标超过分值吗？",
            ("超出部分：计入本指标，最高 3 分", "超出部分：计入本指标，不封顶"),
        )
    elif clause.cap is not None and clause.most is not None:
        yield scoring.contradiction(clause.span, "不封顶", f"最高 {amount(clause.most)} 分")
    yield from check_points(clause.most, clause.span)
    if clause.offset != "no_offset":
        said = "可抵补的，怎样抵补" if clause.offset == "offset" else "一项超出能不能抵另一项不足"
        yield scoring.beyond_unstated(
            clause.span, said, "能抵的，抵几分、先抵哪一项，都会改变得分", ("相互抵补：不抵补",)
        )


def lower(clause: CountQuota, scope: Scope) -> NodeId:
    """min(count, norm) × within + max(count - norm, 0) × extra."""
    graph = scope.graph
    norm = like(scope, clause.norm, scope.value)
    unit, factor = unit_of(clause.unit)
    one = graph.number(factor, unit)
    inside = graph.apply(Fn.DIVIDE, graph.apply(Fn.LEAST, scope.value, norm), one)
    score = graph.apply(Fn.MULTIPLY, inside, points(scope, clause.within))
    if clause.extra is None:
        return score
    over = graph.apply(Fn.SUBTRACT, graph.apply(Fn.GREATEST, scope.value, norm), norm)
    more = graph.apply(Fn.MULTIPLY, graph.apply(Fn.DIVIDE, over, one), points(scope, clause.extra))
    if clause.most is not None:
        more = graph.apply(Fn.LEAST, more, points(scope, clause.most))
    return graph.apply(Fn.ADD, score, more)


def by_hand(clause: CountQuota, facts: Facts) -> Fraction:
    """The pieces within the norm, and those beyond it."""
    piece = unit_of(clause.unit)[1]
    value: Fraction = facts.value
    count, norm = value / piece, facts.number(clause.norm) / piece
    if count <= norm or clause.extra is None:
        return min(count, norm) * facts.number(clause.within)
    more = (count - norm) * facts.number(clause.extra)
    if clause.most is not None:
        more = min(more, facts.number(clause.most))
    return norm * facts.number(clause.within) + more


def sentence(clause: CountQuota, item: Item) -> str:
    """定额 1 篇，每篇 1 分；超出的每篇加 2 分."""
    extra = f"；超出的每{clause.unit}加 {amount(clause.extra)} 分" if clause.extra is not None else ""
    return f"定额 {amount(clause.norm)}，每{clause.unit} {amount(clause.within)} 分{extra}"


KIND = Kind(
    key="count_quota",
    form=FORM,
    node=CountQuota,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: clause.unit or unit_word(clause.norm),
    cap=lambda clause: clause.most,
    runs_over=lambda clause: bool(clause.beyond) and clause.cap == "uncapped",
    choices=(CAP_CHOICE,),
)
