"""Rank list with a switch by the number of units: one list for many, another where there are few.

按名次得 3、1.5、0 分，以后每名递减 0.5 分；单位数不超过 5 个的，按名次得 3、0 分，以后每名递减 1 分. The number of units is that of the
units that are placed: those of the 比较范围 that have a value. Who is left out does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses import rank_list
from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.rank_list import RankList
from perfdsl.clauses.shared import placing
from perfdsl.clauses.shared.awards import turned, turned_node
from perfdsl.clauses.shared.placing import EQUAL_CHOICE, EQUAL_RANK, TIES_CHOICE
from perfdsl.clauses.shared.population import largest
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSwitch(Clause):
    """``points``, ``less``, ``rest`` for many units; ``few_points``, ``few_less``, ``few_rest`` for at most ``few`` of them."""

    points: tuple[Fraction, ...]
    few: tuple[Expression, ...]
    few_points: tuple[Fraction, ...] | None = None
    less: tuple[Expression, ...] = ()
    rest: str | None = None
    few_less: tuple[Expression, ...] | None = None
    few_rest: str | None = None
    equal: str | None = None
    ties: str | None = None

    @property
    def many_list(self) -> RankList:
        """The rule for many units."""
        return RankList(
            kind="rank_list", points=self.points, less=self.less, rest=self.rest,
            equal=self.equal, ties=self.ties, span=self.span,
        )  # fmt: skip

    @property
    def few_list(self) -> RankList:
        """The rule for few units."""
        return RankList(
            kind="rank_list", points=self.few_points or (Fraction(0),), less=self.few_less or (), rest=self.few_rest,
            equal=self.equal, ties=self.ties, span=self.span,
        )  # fmt: skip


FORM = Form(
    name=Word("rank_switch", "名次分随单位数", english="by-rank-and-number-of-units"),
    pattern=(
        slot("rank_list", {"points": "points"}, end=""),
        slot("word", {"amounts": "less"}, required=False, key="less_each"),
        fixed("rest_nothing", into="rest", required=False),
        slot(
            "word",
            {"amounts": "few"},
            key="few_units",
            then=(
                slot("rank_list", {"points": "few_points"}, end=""),
                slot("word", {"amounts": "few_less"}, required=False, key="less_each"),
                fixed("rest_nothing", into="few_rest", required=False),
            ),
        ),
    ),
    takes=(EQUAL_RANK,),
)


def limit_of(clause: RankSwitch) -> Fraction:
    """Up to how many units are few."""
    return (constant(clause.few[0]) if clause.few else None) or Fraction(0)


def check(clause: RankSwitch, setting: Setting) -> Iterable[Problem]:
    """Two lists, a number to part them, and a word for the places behind each."""
    limit = limit_of(clause)
    if not clause.few_points or limit.denominator != 1 or limit < 1:
        yield ranking.switch_unfit(clause.span)
        return
    yield from placing.check_places(clause, setting, points=placing.shown(clause.points))
    yield from rank_list.check_list(clause.many_list, setting)
    yield from rank_list.check_list(clause.few_list, setting)
    units = largest(setting.item, setting.rulebook)
    if clause.rest is None and not clause.less and units is not None and units > len(clause.points):
        yield scoring.more_units_than_places(clause.span, str(units), str(len(clause.points)))
    if clause.few_rest is None and not clause.few_less and limit > len(clause.few_points):
        yield scoring.more_units_than_places(clause.span, str(limit), str(len(clause.few_points)))


def lower(clause: RankSwitch, scope: Scope) -> NodeId:
    """choose(count ≤ few → the short list, else the long one)."""
    graph = scope.graph
    few = graph.apply(Fn.LESS_EQUAL, placing.size_node(scope), graph.number(limit_of(clause)))
    score = graph.choose(
        (few, rank_list.points_node(clause.few_list, scope)),
        otherwise=rank_list.points_node(clause.many_list, scope),
    )
    return placing.settled_node(clause, turned_node(score, scope), scope)


def by_hand(clause: RankSwitch, facts: Facts) -> Fraction | None:
    """Count the units that are placed, take the list that is for so many, look the place up."""
    if not facts.among_peers:
        return None
    used = clause.few_list if len(facts.peers) <= limit_of(clause) else clause.many_list
    return turned(rank_list.points_by_hand(used, facts), facts)


def sentence(clause: RankSwitch, item: Item) -> str:
    """按名次得 3、1.5、0 分；单位数不超过 5 个的，按名次得 3、0 分."""
    few = f"单位数不超过 {amount(clause.few[0])} 的" if clause.few else ""
    return f"{rank_list.told(clause.many_list)}；{few}，{rank_list.told(clause.few_list)}{placing.in_words(clause)}"


KIND = Kind(
    key="rank_switch",
    form=FORM,
    node=RankSwitch,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    cross_unit=True,
    choices=(EQUAL_CHOICE, TIES_CHOICE),
)
