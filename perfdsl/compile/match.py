"""Segments of a phrase → the clause of the one kind that takes them all.

A kind matches where every segment finds a slot and every required slot a segment; the order of segments means
nothing. The forms are made so that no phrase fits two kinds (a test over the registry).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from perfdsl.clauses.kind import Kind
from perfdsl.model.item import Award, AwardKind
from perfdsl.syntax.habits import line_between, meant
from perfdsl.syntax.nodes import Node, Segment
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.form import Slot
from perfdsl.text.records import dataclass
from perfdsl.text.source import Span

Plain = Callable[[object], object]
"""Turns what a node holds (amounts, awards) into the model's words."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How far a kind fits: the fields it would get, the segments left over, the slots left empty."""

    kind: Kind
    fields: dict[str, object]
    over: tuple[Segment, ...]
    missing: tuple[Slot, ...]

    @property
    def whole(self) -> bool:
        """Whether the kind takes everything and lacks nothing."""
        return not self.over and not self.missing


def shape_of(node: Node) -> str:
    """The rule a node comes from: ``AtMost`` → ``at_most``."""
    return _shape(type(node).__name__)


@cache
def _shape(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def takes(slot: Slot, segment: Segment) -> bool:
    """Whether ``segment`` is what ``slot`` is for."""
    if shape_of(segment) != slot.shape:
        return False
    return all(str(_attribute(segment, name)) in allowed for name, allowed in slot.where)


def fit(kind: Kind, slots: Sequence[Slot], clauses: Sequence[Sequence[Segment]], plain: Plain) -> Fit:
    """Lay the segments of ``clauses`` (parts between ；) into ``slots``."""
    fields: dict[str, object] = {}
    over: list[Segment] = []
    filled: set[int] = set()
    for clause in clauses:
        behind: Slot | None = None
        for segment in clause:
            if behind is not None and _said_of(behind, segment, fields, plain):
                continue
            place = _slot_for(slots, filled, segment)
            if place is None:
                over.append(segment)
                continue
            filled.add(place)
            behind = slots[place]
            _lay(behind, segment, fields, plain)
    missing = tuple(slot for i, slot in enumerate(slots) if slot.required and i not in filled)
    return Fit(kind, fields, tuple(over), missing)


def _lay(slot: Slot, segment: Segment, fields: dict[str, object], plain: Plain) -> None:
    """What ``segment`` says into the fields of ``slot``; what may be said of it alone starts as None."""
    for name, into in slot.into:
        value = plain(_attribute(segment, name))
        fields[into] = (*_tuple(fields.get(into)), value) if slot.many else value
    for later in slot.then:
        for _, into in later.into:
            fields[into] = (*_tuple(fields.get(into)), None) if slot.many else None


def _said_of(slot: Slot, segment: Segment, fields: dict[str, object], plain: Plain) -> bool:
    """Whether ``segment`` says something of the segment before it alone; then it is laid."""
    for later in slot.then:
        if takes(later, segment) and all(_open(fields, into, slot.many) for _, into in later.into):
            for name, into in later.into:
                value = plain(_attribute(segment, name))
                fields[into] = (*_tuple(fields[into])[:-1], value) if slot.many else value
            return True
    return False


def _open(fields: dict[str, object], into: str, many: bool) -> bool:
    return (_tuple(fields[into])[-1] if many else fields[into]) is None


def _slot_for(slots: Sequence[Slot], filled: set[int], segment: Segment) -> int | None:
    fitting = [i for i, slot in enumerate(slots) if takes(slot, segment) and (slot.many or i not in filled)]
    return min(fitting, key=lambda i: (-len(slots[i].where), i), default=None)


EXAMPLES = {
    "award": "得满分",
    "reach": "不高于目标值得满分",
    "statement": "按时报送得满分",
    "deadline": "2025年12月20日前报送得满分",
    "overdue": "逾期不得分",
    "otherwise": "否则不得分",
    "even": "持平得 1.5 分",
    "none_occurred": "未发生得满分",
    "step": "每低 1 个百分点扣 0.5 分",
    "count": "每有 1 件扣 1 分",
    "rate": "每次 1 分",
    "each_most": "每次最多 3 分",
    "share": "主办按 100%",
    "nth": "第 1 次扣 1 分",
    "remainder": "不足 1 个百分点的按比例计",
    "accumulate": "按 12 个月累计",
    "at_most": "最高 3 分",
    "at_least": "最低 0 分",
    "rank_list": "按名次得 3、2、1 分",
    "best": "最高者得满分",
    "grid": "0.5 分一档",
    "points": "2 篇",
    "between": "其间按插值从 1 分到 3 分",
    "within": "限于 0 至 9 分",
    "rounding": "保留 0 位",
    "effect": "不得评为 “优秀”",
    "by": "按事项编号",
    "present": "至少 2 项",
    "spread": "不低于 90 分的最多 3 个",
}
"""A way to write each shape of segment, for messages."""


def told(
    fitted: Fit, slots: Sequence[Slot], words: Vocabulary, full: Fraction | None = None
) -> tuple[list[Span], list[str], list[str]]:
    """What is over, what is missing, and all that could stand there, in words. ``full``: the points of the item."""
    could = dict.fromkeys(one for slot in slots for one in in_words(slot, words))
    line = _line(fitted, full)
    lacking = [
        line if line and slot.shape == "between" else " 或 ".join(in_words(slot, words)) for slot in fitted.missing
    ]
    return [one.span for one in fitted.over], lacking, list(could)


def instead(fitted: Fit, full: Fraction | None) -> str:
    """What says the segments that are over in words that fit; "" where nobody can tell."""
    if told := fitted.over and (_each(fitted) or _levels(fitted)):
        return told
    if len(fitted.over) != 1:
        return ""
    line = _line(fitted, full)
    return meant(fitted.over[0].span.text, line) if line and len(fitted.missing) == 1 else _else(fitted)


def _line(fitted: Fit, full: Fraction | None) -> str:
    """The line that lacks between two ends, with what those give; "" where nothing of the kind lacks."""
    if all(slot.shape != "between" for slot in fitted.missing):
        return ""
    awards = [one for one in _tuple(fitted.fields.get("awards")) if isinstance(one, Award)]
    return line_between([points for one in awards if (points := _worth(one, full)) is not None])


_ONE = re.compile("(?:发现|发生|出现|查实|有)?\\s*[一1]\\s*(?:起|次|件|项|例|人次|个|处|篇|份|天|日)")
"""One of something, where 每 is forgotten: it would be counted once however many there are."""


def _each(fitted: Fit) -> str:
    """每发现一起, where 发现一起扣 1 分 is read as a thing that is so or not."""
    laid = str(fitted.fields.get("text", "")) if shape_of(fitted.over[0]) != "statement" else ""
    over = [one.span.text for one in fitted.over if shape_of(one) == "statement"]
    found = next((one for one in (*over, laid) if _ONE.match(one)), "")
    if not found:
        return ""
    return f"每{found}" if [found] == over else f"“{found}……”写成“每{found}……”"


def _levels(fitted: Fit) -> str:
    """分档 by a column of words, where several statements give points: 优秀得 10 分，良好得 8 分."""
    over = [(_attribute(one, "text"), _attribute(one, "award.kind")) for one in fitted.over]
    first, kinds = fitted.fields.get("text"), {kind for _, kind in over}
    if not isinstance(first, str) or not kinds <= {"get", "full"} or not kinds:
        return ""
    names = [first, *(str(text) for text, _ in over)]
    return f"各种情形各得几分的，加：数据：等级（{'、'.join(names)}）、指标值：等级，计分写：分档，下面一行一种：| {names[0]} | …… |"


_DENIALS = ("未", "没", "不", "逾期", "否")
"""What the opposite of a condition begins with; 被通报不得分 is another condition."""


def _else(fitted: Fit) -> str:
    """否则不得分, where 未完成不得分 is all that is over beside what gives points when it holds."""
    over = fitted.over[0]
    could = any(slot.shape == "otherwise" for slot in fitted.kind.form.pattern) and "otherwise" not in fitted.fields
    denies = over.span.text.startswith(_DENIALS) and not re.search("[0-9]", over.span.text)
    nothing = denies and not fitted.missing and _attribute(over, "award.kind") == "zero"
    return "否则不得分" if could and nothing else ""


def _worth(award: Award, full: Fraction | None) -> Fraction | None:
    if award.kind is AwardKind.FULL:
        return full
    number = Fraction(0) if award.kind is AwardKind.ZERO else getattr(award.points, "value", None)
    return number if isinstance(number, Fraction) else None


def in_words(slot: Slot, words: Vocabulary) -> list[str]:
    """How the segment of a slot may be written."""
    if slot.shape == "word":
        keys = next((allowed for name, allowed in slot.where if name == "key"), ())
        return [words.canonical("PHRASE", key) for key in keys]
    if slot.shape == "effect":
        kinds = next((allowed for name, allowed in slot.where if name == "kind"), ("bar",))
        shown = {
            "bar": "不得评为 “优秀”",
            "set": "等次定为 “不合格”",
            "no_better": "等次不高于 “良好”",
            "drop": "降 1 个等次",
            "item_zero": "【A01】不得分",
            "total_zero": words.canonical("PHRASE", "total_zero"),
        }
        return [shown[kind] for kind in kinds]
    way = next((allowed for name, allowed in slot.where if name == "way"), ())
    if slot.shape == "step" and way == ("above",):
        return ["每超 1 个百分点加 0.5 分"]
    return [EXAMPLES.get(slot.shape, "固定用语")]


def _attribute(node: object, name: str) -> Any:
    for part in name.split("."):
        node = getattr(node, part, None)
    return node


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def best(kinds: Sequence[Kind], clauses: Sequence[Sequence[Segment]], plain: Plain) -> list[Fit]:
    """The kinds that take ``clauses`` whole; where none does, the one that comes nearest."""
    shapes = {shape_of(segment) for clause in clauses for segment in clause}
    able = [kind for kind in kinds if kind.needs <= shapes <= kind.takes]
    whole = [one for kind in able if (one := fit(kind, kind.form.pattern, clauses, plain)).whole]
    if whole:
        return whole
    fits = [fit(kind, kind.form.pattern, clauses, plain) for kind in kinds]
    return sorted(fits, key=lambda one: (len(one.over) + len(one.missing), len(one.over), one.kind.key))[:1]
