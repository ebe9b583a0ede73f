"""Satisfaction: answers with coefficients (满意 100%、较满意 80% …), their sum divided by the valid votes.

A table of ballots has one row a unit and voter; the table below the phrase says what each answer counts, and which
answers are no valid votes (不了解 is not 不满意). 满意率 is the same with coefficients of 1 and 0 alone. Where only the
numbers of votes are known, the rows name their columns instead of answers.

The index is a share. What it is multiplied with (× 100 分, × 分值) is written, since both are meant by somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Event, Events, Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared import voting
from perfdsl.clauses.shared.awards import turned, turned_node
from perfdsl.clauses.shared.measures import amount_in, measured
from perfdsl.clauses.shared.voting import Votes
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression, Number, OwnRef
from perfdsl.model.grade import Interval
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import State
from perfdsl.model.table import Table
from perfdsl.model.units import POINTS, RATIO, ValueType, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Heading, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, replace
from perfdsl.text.source import Span

INVALID = "无效"
Counts = Interval | str | None
"""What an answer counts: a number (an interval of one point), or the word 无效."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction(Votes):
    """``which`` is ``index`` or ``rate``. ``options`` as they are given, and what each ``counts``."""

    which: str
    options: tuple[str, ...]
    counts: tuple[Counts, ...]

    @property
    def valid(self) -> dict[str, Fraction]:
        """Coefficient of each answer that is a valid vote."""
        pairs = zip(self.options, self.counts, strict=True)
        return {answer: count.low for answer, count in pairs if isinstance(count, Interval) and count.low is not None}


FORM = Form(
    name=Word("satisfaction", "满意度", english="satisfaction"),
    phrases=(
        *voting.PHRASES,
        Word("index", "满意度指数", ("满意指数", "群众满意度指数"), "satisfaction-index"),
        Word("rate", "满意率", ("满意度得票率",), "satisfaction-rate"),
        Word("invalid", INVALID, ("无效票", "不计票"), "invalid"),
    ),
    pattern=(slot("word", {"key": "which", "amounts": "times"}, key=("index", "rate")), *voting.DROPPING),
    labels=voting.LABELS,
    takes=voting.REQUIRED,
    table=(
        Heading("options", "text", Word("answer", "评价", ("票种", "选项"), "answer")),
        Heading("counts", "band", Word("coefficient", "系数", ("折算系数", "权数"), "coefficient")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Clause):
    """The same of counted votes: ``votes`` are their columns."""

    which: str
    votes: tuple[Expression, ...]
    counts: tuple[Counts, ...]
    times: tuple[Expression, ...] = ()

    @property
    def valid(self) -> list[tuple[Expression, Fraction]]:
        """Column and coefficient of the valid votes."""
        pairs = zip(self.votes, self.counts, strict=True)
        return [(column, count.low) for column, count in pairs if isinstance(count, Interval) and count.low is not None]


COUNTED_FORM = Form(
    name=Word("satisfaction_counted", "按票数的满意度", english="satisfaction-of-counted-votes"),
    pattern=(slot("word", {"key": "which", "amounts": "times"}, key=("index", "rate")),),
    table=(
        Heading("votes", "expression", Word("votes", "票数", ("得票数", "票数列"), "votes")),
        Heading("counts", "band", Word("coefficient", "系数", ("折算系数", "权数"), "coefficient")),
    ),
    without=("vote_table",),
)
NAMES = {"index": "满意度指数", "rate": "满意率"}


# ---- the table of ballots


def answer_column(clause: Satisfaction, table: Table | None) -> str:
    """The column of the ballots that holds the answer: the one whose choices are the answers."""
    for one in table.columns if table is not None else ():
        if one.kind is ValueType.TEXT and one.choices and set(clause.options) & set(one.choices):
            return one.name
    return ""


def lower(clause: Satisfaction, scope: Scope) -> NodeId:
    """The mean of the answers' coefficients, of ballots; or of counted votes."""
    graph = scope.graph
    name = answer_column(clause, voting.table_of(clause, scope.rulebook))

    def is_answer(events: Events, answer: str) -> NodeId:
        return graph.apply(Fn.EQUAL, events.column(name), graph.constant(answer, ValueType.TEXT))

    def worth(events: Events) -> NodeId:
        cases = [(is_answer(events, answer), graph.number(count)) for answer, count in clause.valid.items()]
        return graph.choose(*cases, otherwise=graph.nothing(State.PENDING, graph.number(0)))

    def votes(events: Events) -> NodeId:
        void = [is_answer(events, answer) for answer in clause.options if answer not in clause.valid]
        some = void[0] if len(void) == 1 else graph.apply(Fn.OR, *void)
        return graph.apply(Fn.NOT, some)

    return voting.score_node(clause, scope, worth, votes if len(clause.valid) < len(clause.options) else None)


def by_hand(clause: Satisfaction, facts: Facts) -> Fraction:
    """Count the answers, weigh them, divide by the valid votes."""
    name = answer_column(clause, voting.table_of(clause, facts.rulebook))

    def worth(event: Event) -> Fraction:
        answer = str(event[name])
        if answer not in clause.valid:
            raise Undecided(f"{answer} 没有写系数")
        return clause.valid[answer]

    def is_vote(event: Event) -> bool:
        return str(event[name]) in clause.valid or event[name] not in clause.options

    if len(clause.valid) == len(clause.options):
        return voting.score_by_hand(clause, facts, worth)
    return voting.score_by_hand(clause, facts, worth, is_vote)


# ---- counted votes


def counted_node(clause: Counted, scope: Scope) -> NodeId:
    """Σ votes × coefficient ÷ Σ valid votes."""
    graph = scope.graph
    valid = [(scope.number(votes), graph.number(count)) for votes, count in clause.valid]
    unit = graph.type(valid[0][0]).unit or RATIO
    total = graph.apply(Fn.ADD, *(votes for votes, _ in valid)) if len(valid) > 1 else valid[0][0]
    parts = [graph.apply(Fn.MULTIPLY, votes, count) for votes, count in valid]
    over = graph.apply(Fn.ADD, *parts) if len(parts) > 1 else parts[0]
    none = graph.apply(Fn.EQUAL, total, graph.number(0, unit))
    index = graph.apply(Fn.DIVIDE, over, graph.choose((none, graph.number(1, unit)), otherwise=total))
    index = graph.choose((none, graph.nothing(State.PENDING, index)), otherwise=index)
    for factor in clause.times:
        index = graph.apply(Fn.MULTIPLY, index, amount_in(scope, factor, POINTS))
    return turned_node(index, scope)


def counted_by_hand(clause: Counted, facts: Facts) -> Fraction:
    """Weigh the votes, divide by those that are valid."""
    votes = [(facts.number(column), count) for column, count in clause.valid]
    valid = sum((number for number, _ in votes), Fraction(0))
    if valid == 0:
        raise Undecided("没有有效票")
    index = sum((number * count for number, count in votes), Fraction(0)) / valid
    for factor in clause.times:
        index *= facts.number(factor)
    return turned(index, facts)


# ---- words and checks


def sentence(clause: Satisfaction, item: Item) -> str:
    """满意度指数 × 分值：满意 × 1、较满意 × 0.8，除以有效票."""
    told = "、".join(f"{answer} × {decimal(count)}" for answer, count in clause.valid.items())
    void = [answer for answer in clause.options if answer not in clause.valid]
    counts = f"（{told}，除以有效票{'，' + '、'.join(void) + '无效' if void else ''}）"
    return voting.votes_in_words(clause, f"{NAMES[clause.which]}{counts}")


def check(clause: Satisfaction, setting: Setting) -> Iterable[Problem]:
    """Every answer counts something, the index becomes points, a rate knows only 1 and 0."""
    if not clause.times:
        yield scoring.index_unscaled(clause.span, setting.item.full)
    yield from check_counts(clause.which, clause.options, clause.counts, clause.span)
    if clause.spread_ops:
        yield scoring.ballots_unfit(clause.span, "评价不是打分，不能写不低于几分的最多几个", "无效票：全部同分的票")
    if clause.valid:
        yield from voting.check_votes(clause, setting)
        yield from check_answers(clause, setting)


def check_counts(which: str, names: Sequence[str], counts: Sequence[Counts], span: Span | None) -> Iterator[Problem]:
    """Each row has a coefficient or is 无效, those of a rate are 1 or 0, and some votes are valid."""
    valid = []
    for name, count in zip(names, counts, strict=True):
        if isinstance(count, Interval):
            valid.append(count.low)
        elif count != INVALID:
            yield scoring.ballots_unfit(span, f"“{name}” 的系数读不懂", f"| {name} | 60% |，或 | {name} | 无效 |")
    if which == "rate" and any(count not in (0, 1) for count in valid):
        yield scoring.ballots_unfit(span, "满意率的系数只能是 1 或 0", "改写：满意度指数 × 分值")
    if not valid:
        yield scoring.ballots_unfit(span, "没有一种评价是有效票", "| 满意 | 1 |")


def check_answers(clause: Satisfaction, setting: Setting) -> Iterator[Problem]:
    """The answers are the choices of one column."""
    table = voting.table_of(clause, setting.rulebook)
    name = answer_column(clause, table)
    column = table.column(name) if table is not None and name else None
    if column is None:
        words = "、".join(clause.options)
        yield scoring.ballots_unfit(
            clause.span, f"打分表里没有可以填 {words} 的一列", f"列：单位、票号、评价（{words}）"
        )
    elif left := [choice for choice in column.choices if choice not in clause.options]:
        rows = "\n".join(f"加一行：| {choice} | 无效 |" for choice in left)
        yield scoring.ballots_unfit(clause.span, f"可以填{'、'.join(left)}，没有写系数，也没有写无效", rows)


def check_counted(clause: Counted, setting: Setting) -> Iterable[Problem]:
    """The index becomes points; some votes are valid; all are counted alike."""
    if not clause.times:
        yield scoring.index_unscaled(clause.span, setting.item.full)
    names = [amount(column) for column in clause.votes]
    yield from check_counts(clause.which, names, clause.counts, clause.span)
    units = {measured(column) for column in clause.votes}
    if len(units) > 1:
        yield scoring.ballots_unfit(clause.span, "各列票数的计量单位不一样", "数据：满意票数（票）、较满意票数（票）")


def counted_in_words(clause: Counted, item: Item) -> str:
    """满意率（满意票数 × 1，除以有效票） × 分值."""
    told = "、".join(f"{amount(column)} × {decimal(count)}" for column, count in clause.valid)
    return f"{NAMES[clause.which]}（{told}，除以有效票）" + "".join(f" × {amount(one)}" for one in clause.times)


TIMES_CHOICE = Choice(
    "times",
    "指数折算成几分",
    (("100", "满意度指数 × 100"), ("full", "满意度指数 × 分值")),
    "K282",
    now=lambda clause: (
        "full" if any(isinstance(one, OwnRef) for one in clause.times) else "100" if clause.times else None
    ),
    put=lambda clause, value: replace(
        clause, times=(OwnRef("full", POINTS) if value == "full" else Number(Fraction(100), RATIO, "100"),)
    ),
)

KIND = Kind(
    key="satisfaction",
    form=FORM,
    node=Satisfaction,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    choices=(
        TIMES_CHOICE,
        *voting.CHOICES,
    ),
)
COUNTED_KIND = Kind(
    key="satisfaction_counted",
    form=COUNTED_FORM,
    node=Counted,
    check=check_counted,
    lower=counted_node,
    by_hand=counted_by_hand,
    sentence=counted_in_words,
    fact=None,
    choices=(TIMES_CHOICE,),
)
