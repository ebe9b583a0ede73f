"""Charts of a comparison as inline SVG with real text: places before and after, a unit's waterfall, a quota's strip.

Colours and fonts come from the page; where things stand is all that is worked out here. A chart shows what it can show
legibly, and says how many it leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise

from perfdsl.publish import review_parts as parts
from perfdsl.reports.reviews import EffectFinding, QuotaShift, UnitShift
from perfdsl.text.records import dataclass
from perfdsl.text.render import width

EM = 11
"""Size of the letters in a chart; a Chinese character is as wide."""

ROWS = 60
"""So many units in one chart of places: more cannot be read, nor printed on one page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, and what it does not show ("" where it shows all)."""

    svg: str
    left_out: str = ""


def text(x: float, y: float, said: str, cls: str = "", anchor: str = "start", whole: str = "") -> str:
    """A piece of text; ``whole`` is what a reader sees who stays on it with the mouse."""
    kind = f' class="{cls}"' if cls else ""
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    tip = f"<title>{escape(whole)}</title>" if whole and whole != said else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}{where}>{tip}{escape(said)}</text>'


def line(a: tuple[float, float], b: tuple[float, float], cls: str) -> str:
    """A straight line."""
    return f'<line x1="{a[0]:g}" y1="{a[1]:g}" x2="{b[0]:g}" y2="{b[1]:g}" class="{cls}"/>'


def picture(size: tuple[float, float], name: str, title: str, body: Sequence[str], cls: str) -> str:
    """The SVG element with its accessible title."""
    wide, high = size
    return (
        f'<svg class="{cls}" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" role="img" '
        f'aria-labelledby="{name}"><title id="{name}">{escape(title)}</title>{"".join(body)}</svg>'
    )


def fitted(said: str, room: float) -> str:
    """``said`` cut to ``room``; what is cut off shows as …."""
    most = int(room / EM * 2)
    if width(said) <= most:
        return said
    used, kept = 0, ""
    for character in said:
        used += width(character)
        if used > most - 2:
            break
        kept += character
    return kept + "…"


def direction(value: Fraction | None) -> str:
    """The class of what rises, falls, stays."""
    return "same" if not value else "rise" if value > 0 else "fall"


# ———— places before and after ————

SLOPE, STEP, TOP = 860, 18, 40
LEFT, RIGHT = 366, 494
"""Where the two columns of dots stand."""

FAR, NAME = 74, 248
"""How far from its dot a name begins, and how much room it has."""


def slope(shifts: Sequence[UnitShift], name: str, title: str, years: tuple[str, str]) -> Chart:
    """Every unit's place on both sides, joined by a line; ties stand below each other with the same number."""
    ranked = [one for one in shifts if any(one.rank) or one.rank_span]
    shown = _shown(ranked)
    sides = [_side(shown, 0), _side(shown, 1)]
    at = [{id(unit): TOP + i * STEP for i, unit in enumerate(side)} for side in sides]
    high = TOP + max(map(len, sides), default=0) * STEP
    body = [
        text(LEFT, 16, years[0], "head", "end"),
        text(RIGHT, 16, years[1], "head"),
        *_grades(sides[0], 0),
        *_grades(sides[1], 1),
    ]
    for unit in sorted(shown, key=lambda one: one.regraded):
        if id(unit) in at[0] and id(unit) in at[1]:
            ends = (LEFT + 8, at[0][id(unit)] - 4), (RIGHT - 8, at[1][id(unit)] - 4)
            body.append(line(*ends, f"move {_way(unit)}{' strong' if unit.regraded else ''}"))
    for which, side in enumerate(sides):
        for unit in side:
            body += _label(unit, which, at[which][id(unit)])
    out = len(ranked) - len(shown)
    told = f"另有 {out} 个单位名次变动较小，没有画出" if out else ""
    return Chart(picture((SLOPE, high), name, title, body, "slope"), told)


def _shown(ranked: Sequence[UnitShift]) -> list[UnitShift]:
    """All, or those that matter most: another grade first, then the longest way."""
    if len(ranked) <= ROWS:
        return list(ranked)
    chosen = sorted(ranked, key=lambda one: (not one.regraded, -abs(_climb(one) or 0)))[:ROWS]
    kept = set(map(id, chosen))
    return [one for one in ranked if id(one) in kept]


def _climb(unit: UnitShift) -> Fraction | None:
    """How many places a unit went up."""
    old, new = map(parts.number, unit.rank)
    return old - new if old is not None and new is not None else None


def _way(unit: UnitShift) -> str:
    return direction(_climb(unit))


def _side(shown: Sequence[UnitShift], which: int) -> list[UnitShift]:
    """The units of one side in the order of places; an open place comes last."""
    there = [one for one in shown if one.rank[which] or (which == 1 and one.rank_span)]
    return sorted(there, key=lambda one: _order(one, which))


def _order(unit: UnitShift, which: int) -> tuple[bool, Fraction]:
    rank = parts.number(unit.rank[which])
    return rank is None, rank or Fraction()


def _label(unit: UnitShift, which: int, y: float) -> list[str]:
    """Place, total, name from the dot outwards; on the old side mirrored."""
    strong = " strong" if unit.regraded else ""
    cls = f"{_way(unit)}{strong}" if all(unit.rank) else "alone"
    rank = unit.rank[which] or fitted(unit.rank_span, FAR - 4)
    where, anchor, sign = ((LEFT, "end", -1), (RIGHT, "start", 1))[which]
    name = fitted(unit.unit, NAME)
    dot = f'<circle cx="{where + (8, -8)[which]}" cy="{y - 4:g}" r="3" class="dot {cls}"/>'
    return [
        dot,
        text(where, y, rank, f"rank {cls}", anchor),
        text(where + sign * 28, y, unit.total[which], "total", anchor) if unit.rank[which] else "",
        text(where + sign * FAR, y, name, cls, anchor, unit.unit),
    ]


def _grades(side: Sequence[UnitShift], which: int) -> list[str]:
    """At the outer edge the grade where its run of units begins, with a hair line between two runs."""
    x, anchor = ((0, "start"), (SLOPE, "end"))[which]
    body = []
    before = ""
    for i, unit in enumerate(side):
        grade = unit.grade[which] or "待定"
        y = TOP + i * STEP
        if grade != before:
            body.append(text(x, y, grade, "grade", anchor))
            if before:
                ends = ((0, LEFT + 4), (RIGHT - 4, SLOPE))[which]
                body.append(line((ends[0], y - 13.5), (ends[1], y - 13.5), "edge"))
        before = grade
    return body


# ———— a unit's waterfall ————

FALL, ROW = 344, 17
BARS = (134, 226)
"""Where the bars stand: names to the left, 单独 and 叠加 (or its exact share) to the right."""


def waterfall(
    unit: UnitShift, names: dict[int, str], name: str, years: tuple[str, str], shared: str = "叠加影响"
) -> Chart:
    """From the old total to the new one, a bar a change; the numbers beside it are the ledger (``shared``: the second)."""
    effects = [one for one in unit.effects if parts.number(one.together) or parts.number(one.alone)]
    start = parts.number(unit.total[0]) or Fraction()
    sums = [start]
    for one in effects:
        sums.append(sums[-1] + (parts.number(one.together) or 0))
    low, high = min(sums), max(sums)
    body = [text(288, 10, "单独影响", "head", "end"), text(FALL, 10, shared, "head", "end")]

    def across(value: Fraction) -> float:
        room = BARS[1] - BARS[0] - 4
        return round(BARS[0] + 2 + (float((value - low) / (high - low)) * room if high > low else room / 2), 1)

    y = 10 + ROW
    body += _total(f"{years[0]} 总分", unit.total[0], across(start), y)
    for one, (before, after) in zip(effects, pairwise(sums), strict=True):
        y += ROW
        body += _bar(one, names.get(one.change) or one.name, (across(before), across(after)), y)
    y += ROW
    body += _total(f"{years[1]} 总分", unit.total[1], across(sums[-1]), y)
    body.insert(2, line((0, y - ROW + 5), (FALL, y - ROW + 5), "edge"))
    title = f"{unit.unit}：总分 {parts.total(unit)}，{unit.delta}"
    return Chart(picture((FALL, y + 6), name, title, body, "fall"))


def _total(label: str, value: str, x: float, y: float) -> list[str]:
    return [
        text(0, y, fitted(label, BARS[0] - 8), "strong"),
        line((x, y - 11), (x, y + 3), "mark"),
        text(FALL, y, value, "strong number", "end"),
    ]


def _bar(effect: EffectFinding, label: str, ends: tuple[float, float], y: float) -> list[str]:
    cls = direction(parts.number(effect.together))
    left, right = sorted(ends)
    return [
        text(0, y, fitted(label, BARS[0] - 8), whole=label),
        line((ends[0], y - 14), (ends[0], y - 10), "join"),
        f'<rect x="{left:g}" y="{y - 10:g}" width="{max(right - left, 1):g}" height="10" class="bar {cls}"/>',
        text(288, y, effect.alone or "—", "number quiet", "end"),
        text(FALL, y, effect.together, f"number {cls}", "end"),
    ]


# ———— a quota's strip ————

STRIP = 344
BOXES = 20
"""Up to so many places are drawn one by one."""


def strip(one: QuotaShift, name: str, years: tuple[str, str]) -> Chart:
    """Places before and after: outlined what there is (where it is a number), filled what was taken."""
    seats = parts.seats(one)
    most = max([*one.taken, *(int(places) for places in seats if places.isdigit())], default=1) or 1
    body: list[str] = []
    for which in (0, 1):
        y = 14 + which * 20
        places = int(seats[which]) if seats[which].isdigit() else 0
        body.append(text(0, y, years[which], "strong"))
        body += _boxes(places, one.taken[which], most, y)
        told = f"{f'名额 {seats[which]}，' if seats[which] else ''}评上 {one.taken[which]}"
        body.append(text(STRIP, y, told, "number", "end"))
    return Chart(picture((STRIP, 40), name, parts.quota(one), body, "strip"))


def _boxes(places: int, taken: int, most: int, y: float) -> list[str]:
    start, room = 60, 160
    size = room / most
    if most > BOXES:
        return [
            f'<rect x="{start}" y="{y - 10:g}" width="{size * places:g}" height="11" class="box"/>',
            f'<rect x="{start}" y="{y - 10:g}" width="{size * taken:g}" height="11" class="box full"/>',
        ]
    side = min(size - 2, 16)
    return [
        f'<rect x="{start + i * (side + 2):g}" y="{y - 10:g}" width="{side:g}" height="11" '
        f'class="box{" full" if i < taken else ""}{" over" if i >= places and places else ""}"/>'
        for i in range(max(places, taken))
    ]
