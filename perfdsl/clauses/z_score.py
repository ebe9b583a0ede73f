"""Z-score: so many points for each standard deviation above the mean (标准分法).

标准分法，基准 75 分，每个标准差 10 分，按总体，标准差为零的得 75 分，最高得满分，最低 0 分: the mean of the population gets the
base, one deviation above it 10 points more. Offices write 标准分 and leave three things out: whether the squares are
divided by n or by n - 1 (按总体, 按样本), what everybody gets where all values are equal, and where the points end.

The deviation is a 实数; the score is exact to the last published digit all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.awards import check_gives
from perfdsl.clauses.shared.between import BOTTOM, bounded, bounded_by_hand, check_ends, ends_in_words
from perfdsl.clauses.shared.bounds import CAP, MOST, check_points
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import RATIO
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ZScore(Clause):
    """``base`` is what the mean gets, ``each`` what a deviation is worth, ``zero`` what all get where there is none.

    ``deviation`` is ``as_population`` (÷ n) or ``as_sample`` (÷ n - 1).
    """

    base: tuple[Expression, ...] = ()
    each: tuple[Expression, ...] = ()
    deviation: str | None = None
    zero: tuple[Expression, ...] = ()
    cap: str | None = None
    most: Expression | None = None
    least: Expression | None = None
    bottom: str | None = None


FORM = Form(
    name=Word("z_score", "标准分法", english="z-score"),
    phrases=(
        Word("standard_score", "标准分法", ("按标准分", "按标准分计分"), "standard-score"),
        Word("mean_gets", "基准", ("平均水平得", "均值得"), "mean-gets"),
        Word("each_deviation", "每个标准差", ("每一个标准差", "每 1 个标准差"), "each-deviation"),
        Word("no_deviation", "标准差为零的得", ("标准差是零的得", "没有差别的得"), "no-deviation-gets"),
    ),
    pattern=(
        fixed("standard_score"),
        slot("word", {"amounts": "base"}, key="mean_gets", required=False),
        slot("word", {"amounts": "each"}, key="each_deviation", required=False),
        fixed("as_population", "as_sample", into="deviation", required=False),
        slot("word", {"amounts": "zero"}, key="no_deviation", required=False),
        CAP,
        MOST,
        *BOTTOM,
    ),
)


def check(clause: ZScore, setting: Setting) -> Iterable[Problem]:
    """A base, a worth, a divisor, an answer for no deviation, a direction, both ends."""
    item = setting.item
    for given, words in ((clause.base, "基准 75 分"), (clause.each, "每个标准差 10 分")):
        if len(given) != 1:
            yield scoring.z_score_incomplete(clause.span, f"没有写明{words.split(' ')[0]}几分", words)
        yield from check_points(next(iter(given), None), clause.span)
    yield from check_points(next(iter(clause.zero), None), clause.span)
    base = constant(clause.base[0]) if len(clause.base) == 1 else None
    if clause.deviation is None:
        yield scoring.deviation_unstated(clause.span)
    if len(clause.zero) != 1:
        yield scoring.no_deviation_unstated(clause.span, Fraction(75) if base is None else base)
    if item.higher_is_better is None:
        yield scoring.direction_unstated(item.span)
    yield from check_gives("标准分法", setting)
    yield from check_ends(clause, setting, "标准分")


def lower(clause: ZScore, scope: Scope) -> NodeId:
    """base + each × (value - mean) ÷ √variance, within its ends; ``zero`` where the variance is 0."""
    graph, peers, of = scope.graph, scope.peers, scope.value

    def over_peers(fn: Reduce, what: NodeId) -> NodeId:
        return graph.aggregate(fn, what, where=peers.where, key=peers.group)

    count, total = over_peers(Reduce.COUNT, of), over_peers(Reduce.SUM, of)
    squares = over_peers(Reduce.SUM, graph.apply(Fn.MULTIPLY, of, of))
    some = graph.apply(Fn.GREATEST, count, graph.number(1))
    mean = graph.apply(Fn.DIVIDE, total, some)
    spread = graph.apply(Fn.SUBTRACT, squares, graph.apply(Fn.MULTIPLY, total, mean))
    less = graph.number(1 if clause.deviation == "as_sample" else 0)
    none = graph.apply(Fn.EQUAL, count, graph.number(0))
    # where nobody is compared with there is no score, and no zero divisor to report
    under = graph.choose((none, graph.number(1)), otherwise=graph.apply(Fn.SUBTRACT, count, less))
    variance = graph.apply(Fn.DIVIDE, spread, under)
    unit = graph.type(variance).unit or RATIO
    equal = graph.apply(Fn.EQUAL, variance, graph.number(0, unit))
    safe = graph.choose((equal, graph.number(1, unit)), otherwise=variance)
    gap = graph.apply(Fn.SUBTRACT, *((mean, of) if scope.item.higher_is_better is False else (of, mean)))
    steps = graph.apply(Fn.DIVIDE, gap, graph.apply(Fn.POWER, safe, graph.number(Fraction(1, 2))))
    gain = graph.apply(Fn.MULTIPLY, steps, points(scope, clause.each[0]))
    score = bounded(clause, graph.apply(Fn.ADD, points(scope, clause.base[0]), gain), scope)
    chosen = graph.choose((equal, points(scope, clause.zero[0])), otherwise=score)
    return graph.choose((none, graph.nothing(State.ABSENT, chosen)), otherwise=chosen)


def by_hand(clause: ZScore, facts: Facts) -> Fraction | None:
    """Take the mean, the squares of the distances from it, their mean's root; count the roots to the own value."""
    values = facts.peers
    if not values:
        return None
    mean = sum(values, start=Fraction(0)) / len(values)
    squares = sum(((value - mean) * (value - mean) for value in values), start=Fraction(0))
    divisor = len(values) - 1 if clause.deviation == "as_sample" else len(values)
    if divisor == 0:
        raise Undecided("只有一个单位，没有样本标准差")
    if squares == 0:
        return facts.number(clause.zero[0])
    away = facts.value - mean if facts.higher_is_better else mean - facts.value
    steps = away / facts.root(squares / divisor)
    score = facts.number(clause.base[0]) + facts.number(clause.each[0]) * steps
    return bounded_by_hand(clause, score, facts)


def sentence(clause: ZScore, item: Item) -> str:
    """平均水平得 75 分，每高 1 个标准差（按总体）加 10 分，标准差为零的得 75 分，最高得满分，最低 0 分."""
    base, each, zero = (amount(one[0]) if one else "…" for one in (clause.base, clause.each, clause.zero))
    way = "低" if item.higher_is_better is False else "高"
    how = {"as_population": "（按总体）", "as_sample": "（按样本）"}.get(clause.deviation or "", "")
    start = f"平均水平得 {base} 分，每{way} 1 个标准差{how}加 {each} 分，标准差为零的得 {zero} 分"
    return start + ends_in_words(clause)


KIND = Kind(
    key="z_score",
    form=FORM,
    node=ZScore,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    real=True,
    cross_unit=True,
    cap=lambda clause: clause.most,
    choices=(
        Choice("deviation", "标准差除以 n 还是 n－1", (("as_population", "按总体"), ("as_sample", "按样本")), "K254"),
        Choice("cap", "高于满分的怎样计", (("full_at_most", "最高得满分"), ("uncapped", "不封顶")), "K209"),
        Choice("bottom", "负数怎样计", (("", "最低 0 分"), ("no_floor", "不保底")), "K255"),
    ),
)
