"""A ladder over consecutive years (连续 2 年不合格 …): what is done grows with the years that the unit has had the grade.

Both cities with a law on performance have one: the first year a circular and no honours, the second no promotion, the
third transfer or dismissal. Two things are said in no text and must be written: whether the measures of the lower
steps go on beside the higher one, and whether the count begins anew after the last step.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from perfdsl.clauses.kind import Choice, Kind
from perfdsl.clauses.shared import applying
from perfdsl.clauses.shared.applying import Applying, Facts, Scope
from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.graph.ops import Band, Lookup, NodeId
from perfdsl.model.expression import InGrade
from perfdsl.model.grade import Interval
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Heading, Take, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

PAST = "历年等次"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Applying):
    """``years`` beside ``measures``; ``whom`` is one grade test. ``again`` 起算, ``steps`` 叠加."""

    years: tuple[Interval | None, ...] = ()
    measures: tuple[str, ...] = ()
    again: str | None = None
    steps: str | None = None

    @property
    def rungs(self) -> tuple[int, ...]:
        """The first year of each line."""
        return tuple(int(one.low) if one is not None and one.low is not None else 0 for one in self.years)

    @property
    def run(self) -> InGrade | None:
        """The grade whose years are counted, so many that the last step is reached."""
        if not isinstance(self.whom, InGrade) or self.whom.years != 1:
            return None
        return InGrade(self.whom.grades, max(self.rungs, default=1), self.again == "restart")

    def told(self, rung: int) -> str:
        """What is done on a step."""
        return "；".join(self.measures[: rung + 1]) if self.steps == "all_steps" else self.measures[rung]


FORM = Form(
    name=applying.WORD,
    header="application",
    phrases=(
        Word("only_this_step", "只执行本档", (), "only-this-step"),
        Word("all_steps", "连同以前各档", (), "all-steps"),
    ),
    takes=(
        Take("whom", into="whom", required=True),
        Take("procedure", into="procedure"),
        Take("again", slots=(fixed("restart", "not_again", into="again"),)),
        Take("steps", slots=(fixed("only_this_step", "all_steps", into="steps"),)),
        *applying.COMMON[3:],
    ),
    table=(
        Heading("years", "band", Word("years", "年数", (), "years")),
        Heading("measures", "text", Word("measure", "措施", (), "measure")),
    ),
)


def check(clause: Ladder, setting: InRulebook) -> Iterable[Problem]:
    """One grade, years one after the other, a measure for each, and the two readings."""
    yield from applying.check_common(clause, setting)
    book = setting.rulebook
    if clause.run is None:
        yield grading.bad_table(clause.span, "按连续年数给措施，对象要写一个等次", "对象：等次 为 “不合格”")
    if book.period is None or book.table(PAST) is None:
        told = f"按连续年数给措施，要有{'考核期' if book.period is None else '数据表“历年等次”'}"
        mend = (
            "考核期：2025年1月1日至2025年12月31日"
            if book.period is None
            else "数据 历年等次（每个单位多行）\n  列：单位、年度（年）、等次"
        )
        yield grading.bad_table(clause.span, told, mend)
    rungs = clause.rungs
    if not rungs or rungs[0] < 1 or any(later <= earlier for earlier, later in pairwise(rungs)):
        yield grading.bad_table(
            clause.span, "年数要从少到多，每行写几年或几年以上", "| 1 年 | …… |\n| 2 年 | …… |\n| 3 年以上 | …… |"
        )
        return
    if clause.again is None:
        yield grading.ladder_restart_unstated(clause.span, rungs[-1])
    if clause.steps is None and len(rungs) > 1:
        yield grading.ladder_adds_unstated(clause.span, clause.measures[0], clause.measures[1])


def lower(clause: Ladder, scope: Scope) -> NodeId:
    """The words of the highest step that the years reach; 不涉及 below the first."""
    graph, run = scope.graph, clause.run
    assert run is not None
    words = [graph.constant(clause.told(rung), ValueType.TEXT) for rung in range(len(clause.rungs))]
    lows = [Fraction(year) for year in clause.rungs]
    highs = [*lows[1:], None]
    bands = [Band(word, low, high) for word, low, high in zip(words, lows, highs, strict=True)]
    none = Band(graph.nothing(State.ABSENT, words[0]), None, lows[0])
    return graph.add(Lookup(scope.years_in(run), (none, *bands)))


def by_hand(clause: Ladder, facts: Facts) -> str | None:
    """Count the years back from this one, and climb as many steps as they allow."""
    assert clause.run is not None
    years = facts.years_in(clause.run)
    reached = [rung for rung, first in enumerate(clause.rungs) if first <= years]
    return clause.told(reached[-1]) if reached else None


def sentence(clause: Ladder, rule: object) -> str:
    """1 年：通报；2 年：……."""
    return "；".join(f"连续 {year} 年：{told}" for year, told in zip(clause.rungs, clause.measures, strict=False))


KIND = Kind(
    key="ladder",
    form=FORM,
    node=Ladder,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
    choices=(
        Choice(
            "again",
            "到最高一档以后怎样起算",
            (("restart", "起算：计一次后重新起算"), ("not_again", "起算：不重新起算")),
            "K394",
        ),
        Choice(
            "steps",
            "高一档的措施代替低一档的，还是一并执行",
            (("only_this_step", "叠加：只执行本档"), ("all_steps", "叠加：连同以前各档")),
            "K395",
        ),
    ),
)
