"""Escalation: each time costs (or gives) points, and times in a row cost more (月度排名末位，每次扣 0.4 分，连续的加倍).

It scores a period: 情形 says what is a time. 加倍 is read in three ways, and real rules mean each of them: the second
time in a row costs twice as much and the third three times (0.4, 0.8, 1.2); every time twice the one before (0.4, 0.8,
1.6); or from the second on always twice (5, 10, 10). A period in which it does not happen ends the run. Whether a run goes
on over the turn of the year is written as well; where it does, the run at the end of last year is a fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from perfdsl.clauses.kind import Choice, Kind, Setting
from perfdsl.clauses.shared.awards import LOSSES, takes_away
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId
from perfdsl.model.expression import Condition, Expression
from perfdsl.model.item import Award, Clause, Item, Level
from perfdsl.model.units import RATIO
from perfdsl.text.catalogue import timing
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

LINEAR, DOUBLING, TWICE = "by_run", "doubling", "twice_from_second"
MOST_IN_A_ROW = 48
"""Longer runs than four years of months are a mistake in the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation(Clause):
    """``way`` is ``by_run`` (k times), ``doubling`` (2, 4, 8 times) or ``twice_from_second``; ``most`` caps one time.

    ``across`` is ``fresh`` (每年重新起算) or ``carried``, with the run at the end of last year in ``before``.
    """

    award: Award
    when: Condition
    unit: str = "次"
    way: str | None = None
    across: str | None = None
    before: tuple[Expression, ...] = ()
    most: Expression | None = None


FORM = Form(
    name=Word("escalation", "连续加重", english="escalation"),
    phrases=(
        Word(LINEAR, "连续的按连续次数成倍计", ("连续的按连续次数成倍扣", "连续的按连续次数成倍加"), "times-the-run"),
        Word(DOUBLING, "连续的每次比上次翻一番", (), "doubled-each-time"),
        Word(TWICE, "连续第二次起每次加倍", ("连续两次以上的每次加倍",), "twice-from-the-second-on"),
        Word("doubled", "连续的加倍", ("连续的加倍扣分", "连续的加倍扣", "连续加倍"), "doubled"),
        Word("fresh", "每年重新起算", (), "afresh-each-year"),
        Word("carried", "连同上年末的", (), "carried-over-from"),
    ),
    pattern=(
        slot("rate", {"award": "award", "unit": "unit"}, award__kind=("deduct", "add", "get")),
        fixed(LINEAR, DOUBLING, TWICE, "doubled", into="way"),
        slot("word", {"key": "across", "amounts": "before"}, required=False, key=("fresh", "carried")),
        slot("at_most", {"amount": "most"}, required=False),
    ),
    takes=(Take("when", into="when", required=True),),
)


def check(clause: Escalation, setting: Setting) -> Iterable[Problem]:
    """It stands where points are given or taken, in a rule for a period, and has one reading."""
    if setting.item.level not in (Level.BONUS, Level.DEDUCTION) or not setting.item.code.count("·"):
        yield timing.escalation_misplaced(clause.span)
    shown = amount(clause.award.points)
    if clause.way == "doubled":
        yield timing.doubled_unclear(clause.span, shown)
    if clause.across is None or (clause.across == "carried") is not bool(clause.before):
        yield timing.turn_of_year(clause.span)


def times(way: str | None, run: int) -> int:
    """How many times the points of one time the ``run``-th in a row costs."""
    if way == LINEAR:
        return run
    return 2 ** (run - 1) if way == DOUBLING else min(run, 2)


def lower(clause: Escalation, scope: Any) -> NodeId:
    """points × times(run); the run of last year counts on where this year's goes back to the first period."""
    graph = scope.graph
    run, period = scope.run(clause.when)
    if clause.across == "carried":
        longer = graph.apply(Fn.ADD, run, count(scope, clause.before[0]))
        unbroken = graph.apply(Fn.AND, graph.apply(Fn.EQUAL, run, period), graph.apply(Fn.LESS, graph.number(0), run))
        run = graph.choose((unbroken, longer), otherwise=run)
    bands = [Band(graph.number(0), Fraction(0), Fraction(0), high_in=True)]
    bands += [
        Band(graph.number(times(clause.way, n)), Fraction(n), Fraction(n), high_in=True)
        for n in range(1, MOST_IN_A_ROW)
    ]
    assert clause.award.points is not None  # the form takes awards of points only
    each = points(scope, clause.award.points)
    worth: NodeId = graph.apply(Fn.MULTIPLY, graph.add(Lookup(run, tuple(bands))), each)
    if clause.most is not None:
        worth = graph.apply(Fn.LEAST, worth, points(scope, clause.most))
    return graph.apply(Fn.NEGATE, worth) if loses(clause, scope.item) else worth


def count(scope: Any, expression: Expression) -> NodeId:
    """A number of times, without its measure word."""
    graph, node = scope.graph, scope.number(expression)
    unit = graph.type(node).unit
    plain = unit is not None and not unit.over
    bare: NodeId = node if plain else graph.apply(Fn.DIVIDE, node, graph.number(1, unit or RATIO))
    return bare


def by_hand(clause: Escalation, facts: Any) -> Fraction:
    """Count back to the last period in which it did not happen, last year included where the rule says so."""
    run, period = facts.run(clause.when)
    if run == 0:
        return Fraction(0)
    if clause.across == "carried" and run == period:
        run += int(facts.number(clause.before[0]))
    worth: Fraction = facts.number(clause.award.points) * times(clause.way, run)
    if clause.most is not None:
        worth = min(worth, facts.number(clause.most))
    return -worth if loses(clause, facts.item) else worth


def loses(clause: Escalation, item: Item) -> bool:
    """Whether points are taken away."""
    return takes_away(item) or clause.award.kind in LOSSES


def sentence(clause: Escalation, item: Item) -> str:
    """每次扣 0.4 分，连续的按连续次数成倍（0.4、0.8、1.2 分），中断后重新起算."""
    verb = "扣" if loses(clause, item) else "加"
    ways = {LINEAR: "按连续次数成倍", DOUBLING: "每次比上次翻一番", TWICE: "第二次起每次加倍"}
    over = "，连同上年末的连续次数" if clause.across == "carried" else "，每年重新起算"
    most = f"，每次最多{verb} {amount(clause.most)} 分" if clause.most is not None else ""
    return f"每{clause.unit}{verb} {amount(clause.award.points)} 分，连续的{ways.get(clause.way or '', '')}{over}{most}"


KIND = Kind(
    key="escalation",
    form=FORM,
    node=Escalation,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    choices=(
        Choice(
            "way",
            "连续的怎样加倍",
            (
                (LINEAR, "连续的按连续次数成倍计"),
                (DOUBLING, "连续的每次比上次翻一番"),
                (TWICE, "连续第二次起每次加倍"),
            ),
            "K464",
        ),
        Choice(
            "across", "跨年接不接着算", (("fresh", "每年重新起算"), ("carried", "连同上年末的 上年末连续次数")), "K465"
        ),
    ),
)
