"""Ratio to the first: the best unit gets so many points, the others in proportion to it.

第一名 6 分，其余按与第一名的比例; 最高者得满分，其余按与最高者的比例. Where lower is better the share is best ÷ value. 最高者
and 最低者 say the direction themselves, 第一名 needs 方向.

Where values can be 0 or less the rule says what that gives: a negative value nothing (负值不得分) or points off in
proportion (负值按比例倒扣); a first of 0 or less nobody anything (第一名不大于 0 时都不得分) or the first alone its points
(第一名不大于 0 时只有第一名得分). Where the name of the fact gave no reason to ask and there is such a value all the same,
the score is 待定.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared.awards import award_node, check_award, worth
from perfdsl.clauses.shared.population import can_be_negative
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.item import Award, Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, RATIO
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

BEST = {"first": "第一名", "highest": "最高者", "lowest": "最低者"}
NEGATIVE = ("负值不得分", "负值按比例倒扣")
NOTHING = ("第一名不大于 0 时都不得分", "第一名不大于 0 时只有第一名得分")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioToFirst(Clause):
    """``which``: ``first``, ``highest`` or ``lowest``; it gets ``award``.

    ``negative`` is ``negative_nothing`` or ``negative_signed``, ``nothing`` (a first of 0 or less) ``first_nobody`` or
    ``first_alone``; None where the rule does not say.
    """

    which: str
    award: Award
    negative: str | None = None
    nothing: str | None = None


FORM = Form(
    name=Word("ratio_to_first", "按与第一名的比例", english="ratio-to-best"),
    phrases=(
        Word(
            "ratio_rest",
            "其余按与第一名的比例",
            ("其余按与第一名之比", "其余按与第一名的比例得分", "其余按与第一名的比例计分"),
            "rest-by-ratio-to-first",
        ),
        Word(
            "ratio_rest_highest",
            "其余按与最高者的比例",
            ("其余按与最高者之比", "其余按与最高者的比例得分", "其余按与最高者的比例计分"),
            "rest-by-ratio-to-highest",
        ),
        Word(
            "ratio_rest_lowest",
            "其余按与最低者的比例",
            ("其余按与最低者之比", "其余按与最低者的比例得分", "其余按与最低者的比例计分"),
            "rest-by-ratio-to-lowest",
        ),
        Word("negative_nothing", NEGATIVE[0], ("负增长不得分", "负数不得分"), "negative-gets-nothing"),
        Word("negative_signed", NEGATIVE[1], ("负增长按比例倒扣", "负数按比例倒扣"), "negative-in-proportion"),
        Word("first_nobody", NOTHING[0], ("第一名不大于 0 的都不得分",), "none-if-best-is-not-positive"),
        Word("first_alone", NOTHING[1], ("第一名不大于 0 的只有第一名得分",), "best-alone-if-not-positive"),
    ),
    pattern=(
        slot("best", {"which": "which", "award": "award"}, which=("first", "highest", "lowest")),
        fixed("ratio_rest", "ratio_rest_highest", "ratio_rest_lowest"),
        fixed("negative_nothing", "negative_signed", into="negative", required=False),
        fixed("first_nobody", "first_alone", into="nothing", required=False),
    ),
)


def low_first(clause: RatioToFirst, item: Item) -> bool:
    """Whether the lowest value is the best."""
    return clause.which == "lowest" or (clause.which == "first" and item.higher_is_better is False)


def check(clause: RatioToFirst, setting: Setting) -> Iterable[Problem]:
    """A direction, and one only; what values of 0 and less give, where there can be such."""
    item = setting.item
    yield from check_award(clause.award, setting)
    if clause.which == "first" and item.higher_is_better is None:
        yield scoring.direction_unstated(item.span)
        return
    if clause.which == "highest" and item.higher_is_better is False:
        yield scoring.contradiction(clause.span, "最高者", "越低越好")
    elif clause.which == "lowest" and item.higher_is_better is True:
        yield scoring.contradiction(clause.span, "最低者", "越高越好")
    low, negative = low_first(clause, item), can_be_negative(item.value, item)
    if negative and not low and clause.negative is None:
        yield ranking.no_proportion(clause.span, "指标值是负数的单位，按比例没有正的得分", NEGATIVE)
    if (negative or low) and clause.nothing is None:
        why = "最好的是 0 时没有比例可算" if low else "第一名也是 0 或负数时没有比例可算"
        yield ranking.no_proportion(clause.span, why, NOTHING)
    if low and clause.negative is not None:
        yield scoring.contradiction(clause.span, "负值怎样计", "越低越好（第一名大于 0 时没有负值）")


def lower(clause: RatioToFirst, scope: Scope) -> NodeId:
    """award × value ÷ best, or award × best ÷ value where lower is better; apart from a best of 0 or less."""
    graph, peers, low = scope.graph, scope.peers, low_first(clause, scope.item)
    reduce = Reduce.LEAST if low else Reduce.GREATEST
    best = graph.aggregate(reduce, scope.value, where=peers.where, key=peers.group)
    unit = graph.type(best).unit or RATIO
    none, award = graph.number(0, unit), award_node(clause.award, scope)
    bad = graph.apply(Fn.LESS_EQUAL, best, none)
    # without an answer a best of 0 or less is made a zero divisor: reported, and 待定
    instead = none if clause.nothing is None else graph.number(1, unit)
    sound = graph.choose((bad, instead), otherwise=best)
    if low:
        value = graph.choose((bad, instead), otherwise=scope.value)
        score = graph.apply(Fn.DIVIDE, graph.apply(Fn.MULTIPLY, award, sound), value)
    else:
        value = scope.value
        if clause.negative == "negative_nothing":
            value = graph.apply(Fn.GREATEST, value, none)
        elif clause.negative is None:
            below = graph.apply(Fn.LESS, value, none)
            value = graph.choose((below, graph.nothing(State.PENDING, value)), otherwise=value)
        score = graph.apply(Fn.DIVIDE, graph.apply(Fn.MULTIPLY, award, value), sound)
    if clause.nothing is None:
        return score
    zero = graph.number(0, POINTS)
    given = zero
    if clause.nothing == "first_alone":
        given = graph.choose((graph.apply(Fn.EQUAL, scope.value, best), award), otherwise=zero)
    return graph.choose((bad, given), otherwise=score)


def by_hand(clause: RatioToFirst, facts: Facts) -> Fraction | None:
    """Find the best value, and take the share of its points. Without anybody to compare with there is no score."""
    if not facts.peers:
        return None
    low = low_first(clause, facts.item)
    best = min(facts.peers) if low else max(facts.peers)
    award = worth(clause.award, facts)
    value: Fraction = facts.value
    if best <= 0:
        if clause.nothing is None:
            raise Undecided(f"{BEST[clause.which]}的指标值不大于 0，没有比例可算")
        return award if clause.nothing == "first_alone" and value == best else Fraction(0)
    if low:
        return award * best / value
    if value < 0 and clause.negative is None:
        raise Undecided("指标值是负数，没有写明得几分")
    return Fraction(0) if value < 0 and clause.negative == "negative_nothing" else award * value / best


def sentence(clause: RatioToFirst, item: Item) -> str:
    """第一名得 6 分，其余按与第一名的比例."""
    best = BEST[clause.which]
    negative = {"negative_nothing": f"，{NEGATIVE[0]}", "negative_signed": f"，{NEGATIVE[1]}"}.get(
        clause.negative or "", ""
    )
    nothing = {"first_nobody": f"，{NOTHING[0]}", "first_alone": f"，{NOTHING[1]}"}.get(clause.nothing or "", "")
    return f"{best}{in_words(clause.award)}，其余按与{best}的比例{negative}{nothing}"


KIND = Kind(
    key="ratio_to_first",
    form=FORM,
    node=RatioToFirst,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    cross_unit=True,
    choices=(
        Choice(
            "negative",
            "指标值是负数的得几分",
            (("negative_nothing", NEGATIVE[0]), ("negative_signed", NEGATIVE[1])),
            "K268",
        ),
        Choice(
            "nothing",
            "第一名是 0 或负数时怎样计",
            (("first_nobody", NOTHING[0]), ("first_alone", NOTHING[1])),
            "K268",
        ),
    ),
)
