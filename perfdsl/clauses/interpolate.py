"""Interpolate: points at two ends, and a straight line between them.

达到 A 得 x 分；未达到 B 得 y 分；其间按插值从 p 分到 q 分，保留 0 位，四舍五入，限于 0 至 9 分. The worse end is the one that is
not reached (未达到, 不优于, 低于 …), the better end the one that is (达到, 优于 …): p belongs to the worse end's line,
q to the better one's. Between the ends

    score = p + (q - p) × (value - worse) ÷ (better - worse)

rounded and kept within its limits where the rule says so; what the ends themselves give is not rounded. x need not
be q: a hospital just short of the benchmark may round up to what the benchmark gives.

Where both conditions can hold at once (the two lines are columns, and for some unit they may be crossed), the rule
must say 依次判断: the conditions are then asked in the order written. In that order a crossed pair never reaches the
line between; without it a pair of numbers is compared here.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared import comparing
from perfdsl.clauses.shared.awards import award_node, check_award, check_gives, scored, worth
from perfdsl.clauses.shared.measures import points, unit_word
from perfdsl.clauses.shared.readings import MODE
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, Clause, Item
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.states import State
from perfdsl.model.units import Mode, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

MODES = {"half_up": Mode.HALF_UP, "half_even": Mode.HALF_EVEN, "down": Mode.DOWN, "up": Mode.UP}


@dataclass(frozen=True, slots=True)
class End:
    """One of the two conditions as written."""

    op: str
    against: Expression | None
    award: Award


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpolate(Clause):
    """``ops``, ``againsts`` and ``awards`` are the conditions in the order written.

    ``start`` and ``end`` are p and q; ``digits``, ``mode``, ``low`` and ``high`` hold between the ends.
    """

    ops: tuple[str, ...]
    againsts: tuple[Expression | None, ...]
    awards: tuple[Award, ...]
    start: Expression
    end: Expression
    digits: int | None = None
    mode: str | None = None
    low: Expression | None = None
    high: Expression | None = None
    in_order: str | None = None

    @property
    def ends(self) -> tuple[End, ...]:
        """The conditions in the order written."""
        return tuple(map(End, self.ops, self.againsts, self.awards))

    def rounding(self) -> Rounding | None:
        """保留 0 位，四舍五入."""
        return None if self.digits is None or self.mode is None else Rounding(self.digits, MODES[self.mode])


FORM = Form(
    name=Word("interpolate", "按插值", english="interpolate"),
    phrases=(Word("in_order", "依次判断", ("按顺序判断", "依次适用"), "in-order"),),
    pattern=(
        slot(
            "reach",
            {"op": "ops", "against": "againsts", "award": "awards"},
            many=True,
            op=comparing.OPS,
        ),
        slot("between", {"start": "start", "end": "end"}),
        slot("rounding", {"digits": "digits"}, required=False),
        fixed(*MODES, into="mode", required=False),
        slot("within", {"low": "low", "high": "high"}, required=False),
        fixed("in_order", into="in_order", required=False),
    ),
)


def good(end: End, higher_is_better: bool) -> bool:
    """Whether the condition is met on the better side of its line."""
    return (comparing.plain(end.op, higher_is_better) in ("ge", "gt")) == higher_is_better


def worse_and_better(clause: Interpolate, higher_is_better: bool) -> tuple[End, End]:
    """The two ends, the worse first. The check has made sure that there is one of each."""
    one, other = clause.ends
    return (other, one) if good(one, higher_is_better) else (one, other)


# ---- meaning, twice


def lower(clause: Interpolate, scope: Scope) -> NodeId:
    """choose(first condition → its award, second → its award, line between)."""
    graph, high = scope.graph, scope.item.higher_is_better is not False
    cases = []
    for end in clause.ends:
        line = comparing.against_node(end.against, scope)
        held = comparing.compare_nodes(end.op, scope.value, line, scope)
        cases.append((held, award_node(end.award, scope)))
    worse, better = (comparing.against_node(end.against, scope) for end in worse_and_better(clause, high))
    return graph.choose(*cases, otherwise=between_node(clause, worse, better, scope))


def between_node(clause: Interpolate, worse: NodeId, better: NodeId, scope: Scope) -> NodeId:
    """The line between the ends, rounded, kept within its limits."""
    graph = scope.graph
    start, end = points(scope, clause.start), points(scope, clause.end)
    far = graph.apply(Fn.SUBTRACT, scope.value, worse)
    rise = graph.apply(Fn.MULTIPLY, graph.apply(Fn.SUBTRACT, end, start), far)
    score = graph.apply(Fn.ADD, start, graph.apply(Fn.DIVIDE, rise, width_node(worse, better, scope)))
    rounding = clause.rounding()
    if rounding is not None:
        score = graph.rounded(score, rounding.digits, rounding.mode)
    if clause.low is not None and clause.high is not None:
        score = graph.apply(Fn.GREATEST, points(scope, clause.low), score)
        score = graph.apply(Fn.LEAST, points(scope, clause.high), score)
    return score


def width_node(worse: NodeId, better: NodeId, scope: Scope) -> NodeId:
    """better − worse; 待定 where the lines meet, said here so that a value on neither line is no zero divisor."""
    graph = scope.graph
    width = graph.apply(Fn.SUBTRACT, better, worse)
    none = graph.apply(Fn.EQUAL, better, worse)
    return graph.choose((none, graph.nothing(State.PENDING, width)), otherwise=width)


def by_hand(clause: Interpolate, facts: Facts) -> Fraction:
    """Ask the conditions as they are written; whoever meets none lies on the line between."""
    for end in clause.ends:
        against = comparing.against_by_hand(end.against, facts)
        if comparing.compares(end.op, facts.value, against, facts):
            return worth(end.award, facts)
    ends = worse_and_better(clause, facts.item.higher_is_better is not False)
    worse, better = (comparing.against_by_hand(end.against, facts) for end in ends)
    if worse == better:
        raise Undecided("两头是同一个数，其间没有数")
    share = (facts.value - worse) / (better - worse)
    start, end_ = facts.number(clause.start), facts.number(clause.end)
    score = rounded(start + (end_ - start) * share, clause.rounding())
    if clause.low is not None and clause.high is not None:
        score = min(max(score, facts.number(clause.low)), facts.number(clause.high))
    return score


def sentence(clause: Interpolate, item: Item) -> str:
    """达到 0.9 得 10 分；未达到 0.5 得 0 分；其间按插值从 0.5 分到 9.5 分."""
    ends = [f"{comparing.in_words(end.op, end.against)}{in_words(end.award)}" for end in clause.ends]
    line = f"其间按插值从 {amount(clause.start)} 分到 {amount(clause.end)} 分"
    digits = f"，保留 {clause.digits} 位" if clause.rounding() is not None else ""
    within = f"，限于 {amount(clause.low)} 至 {amount(clause.high)} 分" if clause.low is not None else ""
    return "；".join((*ends, line + digits + within))


# ---- checks


def check(clause: Interpolate, setting: Setting) -> Iterable[Problem]:
    """Two ends, a worse and a better one, that do not cross; a rounding that is whole."""
    item = setting.item
    for end in clause.ends:
        yield from comparing.check_against(end.op, end.against, setting, clause.span)
        yield from check_award(end.award, setting)
    yield from check_line(clause, setting)
    yield from check_gives("按插值得分", setting)
    if item.higher_is_better is None:
        if not any(end.op in comparing.DIRECTED for end in clause.ends):
            yield scoring.direction_unstated(item.span)
        return
    yield from check_ends(clause, item, item.higher_is_better)


def check_line(clause: Interpolate, setting: Setting) -> Iterable[Problem]:
    """Digits and mode go together, and the limits fit the full mark."""
    if (clause.digits is None) != (clause.mode is None):
        yield scoring.rounding_half_stated(clause.span)
    full = setting.item.full
    top = constant(clause.high)
    if top is None:
        top = max((n for n in (constant(clause.start), constant(clause.end)) if n is not None), default=None)
        rounding = clause.rounding()
        top = None if top is None else rounded(top, rounding)
    if top is not None and full is not None and top > full and scored(setting.item):
        yield scoring.award_above_full(clause.span, decimal(top), decimal(full))
    start, end = constant(clause.start), constant(clause.end)
    if start is not None and end is not None and start > end:
        what = f"“从 {decimal(start)} 分到 {decimal(end)} 分”是从差的一头数到好的一头，越好得分越低"
        yield scoring.ends_unfit(clause.span, what)


def check_ends(clause: Interpolate, item: Item, higher_is_better: bool) -> Iterable[Problem]:
    """There is a worse and a better end, and they do not cross unless the order is said."""
    sides = [good(end, higher_is_better) for end in clause.ends]
    if sorted(sides) != [False, True]:
        what = f"插值要有两头，一头差、一头好，这里写了 {len(sides)} 头"
        if len(sides) == 2:
            what = "插值的两头要一头差（未达到……）、一头好（达到……），这里两头在同一边"
        yield scoring.ends_unfit(clause.span, what)
        return
    worse, better = worse_and_better(clause, higher_is_better)
    low, high = (constant(_line(end, item)) for end in (worse, better))
    told = [comparing.in_words(end.op, end.against) for end in (worse, better)]
    if low is not None and high is not None:
        width = high - low if higher_is_better else low - high
        both = width < 0 or (width == 0 and _both_closed(worse, better, higher_is_better))
        if both and clause.in_order is None:
            yield scoring.order_unstated(clause.span, *told)
        elif width <= 0:
            yield scoring.ends_unfit(clause.span, f"“{told[1]}”不比“{told[0]}”好，两头之间没有数")
    elif clause.in_order is None and _line(worse, item) != _line(better, item):
        yield scoring.order_unstated(clause.span, *(comparing.in_words(end.op, end.against) for end in clause.ends))


def _line(end: End, item: Item) -> Expression | None:
    return item.target if end.against is None else end.against


def _both_closed(worse: End, better: End, higher_is_better: bool) -> bool:
    closed = ("ge", "le")
    return all(comparing.plain(end.op, higher_is_better) in closed for end in (worse, better))


KIND = Kind(
    key="interpolate",
    form=FORM,
    node=Interpolate,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.rounding() is None,
    fact_unit=lambda clause: next((unit_word(one) for one in clause.againsts if unit_word(one)), ""),
    choices=(MODE,),
)
