"""Readings that are chosen outside the clauses: in the first block, in the table of grades, in the fields of items.

``CHOICES`` has them by the class of the model's node. Kinds that share one of them take it from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from perfdsl.clauses.kind import Choice
from perfdsl.model.expression import Across, AcrossUnits, Percentile, Population
from perfdsl.model.grade import GradeScheme, Interval, QuotaBase, TieAtCut
from perfdsl.model.item import Answer, AnswerKind, Item
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Category, Combine, Rulebook, TotalRule
from perfdsl.model.states import State
from perfdsl.model.units import Mode, Ties
from perfdsl.text.numbers import decimal
from perfdsl.text.records import replace

MODES = (
    (Mode.HALF_UP, "四舍五入"),
    (Mode.HALF_EVEN, "四舍六入五成双"),
    (Mode.DOWN, "舍去尾数"),
    (Mode.UP, "进一"),
)
POPULATIONS = tuple((one, one.value) for one in Population)
MODE = Choice("mode", "其间的得分怎样取舍", tuple((mode.value, told) for mode, told in MODES), "K246")
"""Of a clause that rounds on the way."""


def _edges(bands: tuple[Any, ...]) -> str | None:
    """Which band has the number that two of them share: the one above it, or the one below."""
    lows = [band.low_in for band in bands if isinstance(band, Interval) and band.low is not None]
    highs = [not band.high_in for band in bands if isinstance(band, Interval) and band.high is not None]
    starts = {band.low for band in bands if isinstance(band, Interval)} - {None}
    shared = {band.high for band in bands if isinstance(band, Interval)} & starts
    if not shared or len(found := set(lows + highs)) > 1:
        return None
    return "above" if found.pop() else "below"


def _turned(band: Any, value: str) -> Any:
    return replace(band, low_in=value == "above", high_in=value != "above") if isinstance(band, Interval) else band


EDGE_READINGS = (("above", "界限上的数归数大的一档（以上含本数）"), ("below", "界限上的数归数小的一档（以上不含本数）"))
EDGES = Choice(
    "bands",
    "界限上的数归哪一档",
    EDGE_READINGS,
    "K161",
    now=lambda clause: _edges(clause.bands),
    put=lambda clause, value: replace(clause, bands=tuple(_turned(band, value) for band in clause.bands)),
)
"""Of a table of bands."""


def _scheme_edges(scheme: GradeScheme) -> str | None:
    return _edges(tuple(grade.band for grade in scheme.grades))


def _with_edges(scheme: GradeScheme, value: str) -> GradeScheme:
    grades = tuple(replace(grade, band=_turned(grade.band, value)) for grade in scheme.grades)
    return replace(scheme, grades=grades)


def _limited(field: str) -> Callable[[GradeScheme], Any]:
    """The field of a table of grades that has shares of the units as quotas."""

    def now(scheme: GradeScheme) -> Any:
        return getattr(scheme, field) if any(grade.quota or grade.forced for grade in scheme.grades) else None

    return now


ANSWERS = tuple(
    (kind, told)
    for kind, told in (
        (AnswerKind.ZERO, "不得分"),
        (AnswerKind.FULL, "得满分"),
        (AnswerKind.REDISTRIBUTE, "分值按比例调到同一级指标"),
        (AnswerKind.SKIP, "不计分"),
    )
)
"""What can be put in the place of any answer. 得 n 分, 视为… and what asks people to act are told, and not tried."""


def _given(answer: Answer) -> str:
    """How an answer that is none of :data:`ANSWERS` is written."""
    match answer.kind:
        case AnswerKind.POINTS if answer.points < 0:
            return f"扣 {decimal(-answer.points)} 分"
        case AnswerKind.POINTS:
            return f"得 {decimal(answer.points)} 分"
        case AnswerKind.AS if answer.state is not None:
            return f"视为{answer.state.chinese}"
    told: str = answer.kind.value
    return told


def _answered(state: State) -> Choice:
    def now(item: Item) -> AnswerKind | None:
        answer = item.answer(state)
        return answer.kind if answer is not None else None

    def put(item: Item, value: AnswerKind) -> Item:
        given = tuple((one, replace(answer, kind=value) if one is state else answer) for one, answer in item.answers)
        return replace(item, answers=given)

    code = "K309" if state is State.ABSENT else "K505"

    def listed(item: Item) -> str | None:
        answer = item.answer(state)
        return _given(answer) if answer is not None else None

    return Choice("answers", f"{state.chinese}的给什么", ANSWERS, code, now, put, listed)


def answer_of(item: Item, choice: Choice) -> Answer | None:
    """The answer that a choice of :data:`ANSWERED` is about."""
    return item.answer(next(state for state, one in ANSWERED.items() if one is choice))


ANSWERED = {state: _answered(state) for state in State if state is not State.VALUE}


def _stage(field: str, told: str) -> Choice:
    def like(roundings: Roundings) -> Rounding:
        return roundings.total or roundings.score or roundings.group or Rounding(2, Mode.HALF_UP)

    def put(roundings: Roundings, value: str) -> Roundings:
        changed: dict[str, Any] = {field: like(roundings) if value == "rounded" else None}
        return replace(roundings, **changed)

    def assumed(roundings: Roundings, value: str) -> str:
        rounding = like(roundings)
        return f"按 {rounding.digits} 位小数、{dict(MODES)[rounding.mode]}试" if value == "rounded" else ""

    return Choice(
        field,
        f"{told}取舍不取舍",
        (("rounded", f"{told}取舍"), ("exact", f"{told}不取舍")),
        "K303",
        now=lambda roundings: "exact" if getattr(roundings, field) is None else "rounded",
        put=put,
        assumed=assumed,
    )


def _stage_mode(field: str, told: str) -> Choice:
    return Choice(
        field,
        f"{told}怎样取舍",
        MODES,
        "K304",
        now=lambda roundings: getattr(getattr(roundings, field), "mode", None),
        put=lambda roundings, value: replace(roundings, **{field: replace(getattr(roundings, field), mode=value)}),
    )


DIGITS = tuple((digits, f"保留 {digits} 位") for digits in (1, 2, 3))
"""What is tried in the place of the digits of a published number; other digits are told, and not tried."""


def _stage_digits(field: str, told: str) -> Choice:
    def now(roundings: Roundings) -> int | None:
        return getattr(getattr(roundings, field), "digits", None)

    return Choice(
        field,
        f"{told}保留几位小数",
        DIGITS,
        "K303",
        now=now,
        put=lambda roundings, value: replace(roundings, **{field: replace(getattr(roundings, field), digits=value)}),
        listed=lambda roundings: f"保留 {digits} 位" if (digits := now(roundings)) is not None else None,
    )


STAGES = (("value", "指标值"), ("score", "指标得分"), ("group", "各级指标得分"), ("total", "总分"))
OWN_ROUNDING = (
    Choice(
        "rounding",
        "这一项的得分保留几位小数",
        DIGITS,
        "K151",
        now=lambda item: item.rounding.digits if item.rounding is not None else None,
        put=lambda item, value: replace(item, rounding=replace(item.rounding, digits=value)),
        listed=lambda item: f"保留 {item.rounding.digits} 位" if item.rounding is not None else None,
    ),
    Choice(
        "rounding",
        "这一项的得分怎样取舍",
        MODES,
        "K151",
        now=lambda item: item.rounding.mode if item.rounding is not None else None,
        put=lambda item, value: replace(item, rounding=replace(item.rounding, mode=value)),
    ),
)
"""取舍 of an item of its own."""

CHOICES: Mapping[type[Any], tuple[Choice, ...]] = {
    Rulebook: (
        Choice(
            "ties",
            "总分相同，后面的名次怎样排",
            (
                (Ties.COMPETITION, "并列占位（1、2、2、4）"),
                (Ties.DENSE, "并列不占位（1、2、2、3）"),
                (Ties.AVERAGE, "取平均名次（1、2.5、2.5、4）"),
            ),
            "K215",
        ),
    ),
    Roundings: (
        *(_stage(field, told) for field, told in STAGES),
        *(_stage_digits(field, told) for field, told in STAGES),
        *(_stage_mode(field, told) for field, told in STAGES),
        Choice(
            "carry_exact",
            "取舍以后，后面的计算用哪个数",
            ((False, "后续计算用取舍后的值"), (True, "后续计算用未取舍的值")),
            "K302",
        ),
    ),
    TotalRule: (
        Choice("combine", "各一级指标得分怎样合成", tuple((one, one.value) for one in Combine), "K305"),
        Choice(
            "most",
            "总分有没有上限",
            (("most", "总分有上限"), ("uncapped", "总分不封顶")),
            "K307",
            now=lambda rule: "most" if rule.most is not None else "uncapped" if rule.uncapped else None,
            put=lambda rule, value: replace(rule, most=None, uncapped=True),
            numbered=("most",),
        ),
        Choice(
            "least",
            "总分有没有下限",
            (("least", "总分有下限"), ("no_floor", "总分不保底")),
            "K307",
            now=lambda rule: "least" if rule.least is not None else "no_floor" if rule.no_floor else None,
            put=lambda rule, value: replace(rule, least=None, no_floor=True),
            numbered=("least",),
        ),
    ),
    Category: (
        Choice(
            "takes_places",
            "单列的单位占不占名额",
            ((False, "不占名额"), (True, "占用名额")),
            "K379",
        ),
    ),
    GradeScheme: (
        Choice("grades", "等次分数段界限上的数归哪一档", EDGE_READINGS, "K161", now=_scheme_edges, put=_with_edges),
        Choice("base", "名额按哪些单位算", tuple((one, one.value) for one in QuotaBase), "K351", now=_limited("base")),
        Choice("rounding", "名额不是整数时怎样取整", MODES, "K352", now=_limited("rounding")),
        Choice("tie", "名额末位同分怎样办", tuple((one, one.value) for one in TieAtCut), "K353", now=_limited("tie")),
    ),
    Item: (
        Choice("population", "和哪些单位比", POPULATIONS, "K314"),
        *OWN_ROUNDING,
        *ANSWERED.values(),
    ),
    AcrossUnits: (
        Choice(
            "fn",
            "对各单位取平均，简单平均还是加权平均",
            ((Across.MEAN, "简单平均"), (Across.WEIGHTED_MEAN, "加权平均")),
            "K129",
            put=lambda node, value: replace(node, fn=Across.MEAN, weight=None),
            numbered=(Across.WEIGHTED_MEAN,),
            needs="要写明按什么加权，才能试",
        ),
        Choice("with_self", "对各单位取数，含不含本单位", ((True, "含本单位"), (False, "不含本单位")), "K129"),
        Choice("population", "对各单位取数，在哪些单位里取", POPULATIONS, "K129"),
        Choice(
            "method",
            "百分位落在两个单位之间怎样取",
            tuple((one, one.value) for one in Percentile),
            "K190",
            now=lambda node: node.method if node.fn.name in ("PERCENTILE", "MEDIAN") else None,
        ),
        Choice(
            "sample",
            "标准差除以 n 还是 n－1",
            ((False, "按总体"), (True, "按样本")),
            "K254",
            now=lambda node: node.sample if node.fn.name == "DEVIATION" else None,
        ),
    ),
}
"""Class of a node → what its author chose."""
