"""Pay by the total inside a grade: 起 at the lower end of the grade's band, 止 at the upper, in proportion between.

The shape of SASAC's rules for heads of enterprises: E 0; D from 0 to 1 times the base, C from 1 to 1.5, B from 1.5 to 2,
A from 2 to 3, each (score − start of the grade) ÷ (start of the next − start of the grade) of the way. The band of the
best grade ends where the total can go no further, that of the last begins where it starts. A unit whose grade is not
that of its total (places, vetoes, limits) lies outside the band; what it gets must be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Kind, constant
from perfdsl.clauses.shared import applying
from perfdsl.clauses.shared.applying import Facts, Giving, Scope
from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.grade import Interval
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Heading, Take, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PayScale(Giving):
    """``starts`` and ``ends`` stand beside ``grades``; ``outside`` 段外 is ``nearest_end`` or ``not_paid``."""

    grades: tuple[str, ...] = ()
    starts: tuple[Expression, ...] = ()
    ends: tuple[Expression, ...] = ()
    outside: str | None = None


FORM = Form(
    name=applying.WORD,
    header="application",
    phrases=(
        Word("nearest_end", "按最近的端点计", (), "nearest-end"),
        Word("not_paid", "不计发", (), "not-paid"),
    ),
    takes=(*applying.GIVING, Take("outside", slots=(fixed("nearest_end", "not_paid", into="outside"),))),
    table=(
        Heading("grades", "text", Word("grade", "等次", (), "grade")),
        Heading("starts", "amount", Word("from", "起", ("起点",), "from")),
        Heading("ends", "amount", Word("to", "止", ("止点",), "to")),
    ),
)


def stretch(book: Rulebook, name: str) -> Interval | None:
    """The totals of a grade, from its lower end to its upper; None where it has none or they have no end."""
    scheme = next((scheme for scheme in book.schemes if name in scheme.order), None)
    band = next((grade.band for grade in scheme.grades if grade.name == name), None) if scheme else None
    if band is None:
        return None
    low = band.low if band.low is not None else book.total.least if book.total.least is not None else Fraction(0)
    high = band.high if band.high is not None else book.total.most if book.total.most is not None else book.full
    return Interval(low, high) if high is not None and low < high else None


def check(clause: PayScale, setting: InRulebook) -> Iterable[Problem]:
    """Every grade once, a stretch of totals for each that rises, what lies outside."""
    yield from applying.check_grade_table(clause, clause.grades, setting)
    yield from applying.check_giving(clause, setting, (*clause.starts, *clause.ends))
    book = setting.rulebook
    for name, start, end in zip(clause.grades, clause.starts, clause.ends, strict=False):
        if constant(start) is None or constant(end) is None:
            yield grading.application_not_number(start.span or clause.span, name)
        elif constant(start) != constant(end) and stretch(book, name) is None:
            told = f"“{name}”要按分数插值，等次表里没有它的起止分数，或总分没有上限"
            yield grading.bad_table(
                clause.span, told, "等次表里写分数段，“总分”一栏写最高分：总分：基本分，总分最高 100 分"
            )
    apart = any(category.treated_as for category in book.categories)
    limited = any(
        grade.quota or grade.position or grade.forced or grade.also
        for scheme in book.schemes
        for grade in scheme.grades
    )
    moved = any(scheme.promoted is not None for scheme in book.schemes)
    if clause.outside is None and clause.grades and (book.vetoes or limited or apart or moved):
        yield grading.outside_band_unstated(clause.span, clause.grades[0])


def lower(clause: PayScale, scope: Scope) -> NodeId:
    """起 + (止 − 起) × how far the total has come, by grade."""
    graph = scope.graph
    total = applying.plain(scope, scope.total)
    bands = []
    for name, start, end in zip(clause.grades, clause.starts, clause.ends, strict=True):
        low, high = constant(start) or Fraction(0), constant(end) or Fraction(0)
        between = stretch(scope.rulebook, name)
        pay = graph.number(low)
        if between is not None and between.low is not None and between.high is not None and low != high:
            come = graph.apply(Fn.SUBTRACT, total, graph.number(between.low))
            part = graph.apply(Fn.DIVIDE, come, graph.number(between.high - between.low))
            kept = graph.apply(Fn.GREATEST, graph.apply(Fn.LEAST, part, graph.number(1)), graph.number(0))
            way = graph.apply(Fn.MULTIPLY, kept, graph.number(high - low))
            pay = graph.apply(Fn.ADD, pay, way)
            if clause.outside == "not_paid":
                inside = graph.apply(Fn.EQUAL, kept, part)
                pay = graph.choose((inside, pay), otherwise=graph.number(0))
        bands.append(Band(pay, key=scope.grades.index(name)))
    return applying.given(clause, scope, graph.add(Lookup(scope.grade, tuple(bands))))


def by_hand(clause: PayScale, facts: Facts) -> Fraction | None:
    """Find the grade's line, see how far from its lower end to its upper the total has come, and go as far from 起 to 止."""
    if not applying.is_for(clause, facts) or facts.grade is None:
        return None
    line = list(clause.grades).index(facts.grade)
    low, high = constant(clause.starts[line]) or Fraction(0), constant(clause.ends[line]) or Fraction(0)
    between = stretch(facts.rulebook, facts.grade)
    if low == high or between is None or between.low is None or between.high is None:
        return applying.worked_out(clause, facts, low)
    if facts.total is None:
        return None
    if facts.total < between.low:
        pay = Fraction(0) if clause.outside == "not_paid" else low
    elif facts.total > between.high:
        pay = Fraction(0) if clause.outside == "not_paid" else high
    else:
        pay = low + (high - low) * (facts.total - between.low) / (between.high - between.low)
    return applying.worked_out(clause, facts, pay)


def sentence(clause: PayScale, rule: object) -> str:
    """“A” 从 2 到 3；“B” 从 1.5 到 2，按总分在等次分数段内的位置插值."""
    lines = zip(clause.grades, clause.starts, clause.ends, strict=False)
    each = [
        f"“{name}” 从 {decimal(constant(start) or Fraction(0))} 到 {decimal(constant(end) or Fraction(0))}"
        for name, start, end in lines
    ]
    return "；".join(each) + "，按总分在等次分数段内的位置插值" + applying.tail(clause)


KIND = Kind(
    key="pay_scale",
    form=FORM,
    node=PayScale,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
    choices=(
        Choice(
            "outside",
            "总分不在等次分数段内的怎样计发",
            (("nearest_end", "段外：按最近的端点计"), ("not_paid", "段外：不计发")),
            "K392",
        ),
    ),
)
