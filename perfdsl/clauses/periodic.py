"""Scores by the period: the rule of the item scores each month (quarter, half-year), and the year is their mean or sum.

按月计分：各月得分保留 2 位，四舍五入，全年取各月得分的平均. The rule is an item of its own that looks at one unit and one
period: its facts are that period's, what it compares with other units is theirs of the same period, and 未报, 未发生
and so on are answered period by period. A period that has no score (不涉及, 不计分) is left out of the mean.

Two things are read both ways and must be written: whether a period's score is rounded before the year is taken, and,
where the year is the sum, what one period is worth.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from perfdsl.clauses.kind import Choice, Kind, Setting, constant
from perfdsl.clauses.shared.awards import takes_away
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.expression import Expression
from perfdsl.model.item import AnswerKind, Clause, Item, Level
from perfdsl.model.rounding import Rounding
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, Cadence
from perfdsl.model.units import Mode, decimal
from perfdsl.text.catalogue import timing
from perfdsl.text.form import Form, Slot, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, replace

MEAN, SUM = "mean_of_periods", "sum_of_periods"
MODES = {"half_up": Mode.HALF_UP, "half_even": Mode.HALF_EVEN, "down": Mode.DOWN, "up": Mode.UP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic(Clause):
    """``rule`` scores one row of ``table``. ``way`` is ``mean_of_periods`` or ``sum_of_periods``.

    ``subjects`` None: nothing is said of rounding a period's score; ``digits`` None with subjects: 不取舍.
    ``each`` is what one period is worth (每月满分 1 分).
    """

    table: str
    rule: Item
    way: str | None = None
    subjects: tuple[str, ...] | None = None
    digits: int | None = None
    mode: str | None = None
    each: tuple[Expression, ...] = ()

    @property
    def rounding(self) -> Rounding | None:
        """How a period's score is rounded."""
        return None if self.digits is None or self.mode is None else Rounding(self.digits, MODES[self.mode])

    @property
    def cadence(self) -> Cadence:
        """The periods of ``table``."""
        return next(cadence for cadence in CADENCES.values() if cadence.table == self.table)


SLOTS: tuple[Slot, ...] = (
    slot("rounding", {"digits": "digits", "subjects": "subjects"}, required=False),
    fixed(*MODES, into="mode", required=False),
    slot("word", {"amounts": "each"}, required=False, key="each_period"),
    fixed(MEAN, SUM, into="way", required=False),
)

FORM = Form(
    name=Word("periodic", "分期计分", english="by-period"),
    header="indicator",  # it is said in a field of its own (按月计分), never matched against a 计分
    takes=tuple(Take(key, slots=SLOTS) for key in ("by_month", "by_quarter", "by_half")),
)


def check(clause: Periodic, setting: Setting) -> Iterable[Problem]:
    """How the year is taken, how a period is rounded, what it is worth; nothing that is only known of the year."""
    cadence, item = clause.cadence, setting.item
    word = cadence.word.removeprefix("每")
    if clause.way is None:
        yield timing.periods_to_year_unstated(clause.span, word)
    if clause.subjects is None or (clause.digits is not None and clause.mode is None):
        yield timing.period_rounding_unstated(clause.span, word)
    outside = item.level in (Level.BONUS, Level.DEDUCTION)
    counted = 1 if clause.way == MEAN else cadence.periods
    if not outside and (clause.way == SUM or clause.each):
        each = constant(clause.each[0]) if len(clause.each) == 1 else None
        if each is None:
            full = decimal(item.full / cadence.periods) if item.full is not None else "1"
            yield timing.period_worth_unstated(
                clause.span, word, cadence.periods, full, decimal(item.full or Fraction(1))
            )
        elif item.full is not None and each * counted != item.full:
            shown = [decimal(number) for number in (each, each * counted, item.full)]
            yield timing.periods_differ(clause.span, word, counted, *shown)
    for _, answer in clause.rule.answers:
        if answer.kind in (AnswerKind.REDISTRIBUTE, AnswerKind.SMALLER_FULL):
            yield timing.period_answer(answer.span or clause.span, answer.kind.value, word)


def lower(clause: Periodic, scope: Any) -> NodeId:
    """sum ÷ count over the unit's periods that have a score, or their sum; 不涉及 where none has one."""
    graph, score = scope.graph, scope.period_scores(clause)
    count = scope.per_period(clause.table, Reduce.COUNT, score)
    year = scope.per_period(clause.table, Reduce.SUM, score)
    if clause.way == MEAN:
        # dividing by max(count, 1) keeps the branch that is not taken from being reported as a zero divisor
        year = graph.apply(Fn.DIVIDE, year, graph.apply(Fn.GREATEST, count, graph.number(1)))
    none = graph.apply(Fn.EQUAL, count, graph.number(0))
    node: NodeId = graph.choose((none, graph.nothing(State.ABSENT, year)), otherwise=year)
    return node


def by_hand(clause: Periodic, facts: Any) -> Fraction | None:
    """Score each period by the rule, add up, and divide by how many they are if the year is their mean."""
    scores = facts.period_scores(clause)
    if not scores:
        return None
    total = sum(scores, Fraction(0))
    return total / len(scores) if clause.way == MEAN else total


def sentence(clause: Periodic, item: Item) -> str:
    """每月按下面的规则计分（不取舍），全年取各月得分的平均."""
    word = clause.cadence.word.removeprefix("每")
    kept = f"保留 {clause.digits} 位" if clause.digits is not None else "不取舍"
    way = "的平均" if clause.way == MEAN else "之和"
    return f"每{word}{'扣' if takes_away(item) else '计'}分一次（{kept}），全年取各{word}得分{way}"


KIND = Kind(
    key="periodic",
    form=FORM,
    node=Periodic,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    with_rules=lambda clause, through: replace(clause, rule=through(clause.rule)),
    choices=(
        Choice("way", "全年怎样取", ((MEAN, "全年取各月得分的平均"), (SUM, "全年取各月得分之和")), "K290"),
        Choice(
            "subjects",
            "各期得分先不先取舍",
            (("period", "各月得分保留 2 位，四舍五入"), ("", "各月得分不取舍")),
            "K291",
            now=lambda clause: None if clause.subjects is None else "" if clause.digits is None else "period",
            put=lambda clause, value: replace(
                clause, digits=2 if value else None, mode="half_up" if value else None, subjects=("period",)
            ),
        ),
    ),
)
