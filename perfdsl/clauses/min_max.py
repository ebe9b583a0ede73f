"""Range method: from the worst to the best of the units (极值法).

    score = full × (base + (1 - base) × (x - worst) ÷ (best - worst))

Best and worst are those of the units of the 比较范围, in the item's 方向; without 基础分 the worst gets 0. Where all have the same
value there is no range: the rule says whether all get the full mark or the least.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.awards import check_gives
from perfdsl.clauses.shared.measures import measured
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, percent
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

SPREAD = {"spread_full": "最好的与最差的相等时得满分", "spread_least": "最好的与最差的相等时得最低分"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MinMax(Clause):
    """``base`` is the share of the full mark that the worst gets (one amount, or none for 0); ``spread`` what equal values give."""

    base: tuple[Expression, ...] = ()
    spread: str | None = None


FORM = Form(
    name=Word("min_max", "极值法", english="range"),
    phrases=(Word("by_range", "按极值法", ("按极值法计分", "按极差法", "按极差标准化"), "by-range"),),
    pattern=(
        fixed("by_range"),
        slot("word", {"amounts": "base"}, required=False, key="base_share"),
        fixed("spread_full", "spread_least", into="spread", required=False),
    ),
)


def base_of(clause: MinMax) -> Fraction:
    """The share of the full mark that the worst gets."""
    return (constant(clause.base[0]) if clause.base else None) or Fraction(0)


def check(clause: MinMax, setting: Setting) -> Iterable[Problem]:
    """A direction, a full mark, and what equal values give."""
    item = setting.item
    yield from check_gives("按极值法", setting)
    if item.higher_is_better is None:
        yield scoring.direction_unstated(item.span)
    if item.full is None:
        yield scoring.full_missing(item.span or clause.span)
    if clause.base and (len(clause.base) != 1 or measured(clause.base[0]) != RATIO or not 0 <= base_of(clause) < 1):
        yield scoring.contradiction(clause.span, f"基础分占 {amount(clause.base[0])}", "基础分要写满分的百分之几")
    if clause.spread is None:
        yield ranking.no_proportion(clause.span, "各单位的指标值都相等时，最好的也是最差的", tuple(SPREAD.values()))


def lower(clause: MinMax, scope: Scope) -> NodeId:
    """full × (base + (1 - base) × (x - worst) ÷ (best - worst))."""
    graph, peers = scope.graph, scope.peers
    high = scope.item.higher_is_better is not False
    best, worst = (
        graph.aggregate(reduce, scope.value, where=peers.where, key=peers.group)
        for reduce in ((Reduce.GREATEST, Reduce.LEAST) if high else (Reduce.LEAST, Reduce.GREATEST))
    )
    base, one = graph.number(base_of(clause)), graph.number(1)
    width = graph.apply(Fn.SUBTRACT, best, worst)
    unit = graph.type(width).unit or RATIO
    none = graph.apply(Fn.EQUAL, width, graph.number(0, unit))
    if clause.spread is not None:
        width = graph.choose((none, graph.number(1, unit)), otherwise=width)
    share = graph.apply(Fn.DIVIDE, graph.apply(Fn.SUBTRACT, scope.value, worst), width)
    part = graph.apply(Fn.ADD, base, graph.apply(Fn.MULTIPLY, graph.apply(Fn.SUBTRACT, one, base), share))
    if clause.spread is not None:
        part = graph.choose((none, one if clause.spread == "spread_full" else base), otherwise=part)
    score = graph.apply(Fn.MULTIPLY, scope.full, part)
    return graph.choose((peers.where, score), otherwise=graph.nothing(State.ABSENT, score))


def by_hand(clause: MinMax, facts: Facts) -> Fraction | None:
    """Find the two ends, and see how far from the worse one the value lies. Who is not compared has no score."""
    if not facts.among_peers:
        return None
    ends = min(facts.peers), max(facts.peers)
    worst, best = ends if facts.higher_is_better else (ends[1], ends[0])
    base = base_of(clause)
    if best == worst:
        if clause.spread is None:
            raise Undecided("最好的与最差的相等")
        return facts.full * (Fraction(1) if clause.spread == "spread_full" else base)
    reached: Fraction = (facts.value - worst) / (best - worst)
    return facts.full * base + facts.full * (1 - base) * reached


def sentence(clause: MinMax, item: Item) -> str:
    """按极值法得分，基础分占 60%，最好的与最差的相等时得满分."""
    base = f"，基础分占 {percent(base_of(clause))}" if clause.base else ""
    spread = f"，{SPREAD[clause.spread]}" if clause.spread is not None else ""
    return f"按极值法得分{base}{spread}"


KIND = Kind(
    key="min_max",
    form=FORM,
    node=MinMax,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    cross_unit=True,
    choices=(Choice("spread", "各单位都相等时得几分", tuple(SPREAD.items()), "K268"),),
)
