"""A comparison as one HTML file: it asks for nothing, needs no script, and prints on A4 as a paper of the office.

The page is ``templates/review.html``; a file is the same bytes each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from perfdsl.publish import review_charts as charts
from perfdsl.publish import review_parts as parts
from perfdsl.publish.review_words import Run, changed_words
from perfdsl.reports.reviews import ChangeFinding, ImpactFinding, QuotaShift, ReviewFinding, SquareCell, UnitShift
from perfdsl.text.records import dataclass
from perfdsl.text.render import place

if TYPE_CHECKING:
    from jinja2 import Template

GRAVEST, ROOM = 6, 84
"""So many changes stand at the head of the page, each in so many columns."""
CARDS = 80
"""So many units get a waterfall: those whose grade changes, then those that move most."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the 修订对照表: both texts in runs, changed ones marked."""

    change: ChangeFinding
    old: list[Run]
    new: list[Run]


@dataclass(frozen=True, slots=True)
class Card:
    """A unit with its waterfall."""

    unit: UnitShift
    chart: charts.Chart


@dataclass(frozen=True, slots=True)
class Pictures:
    """All charts, how many units have no place in both, and how many have no waterfall."""

    slopes: list[tuple[str, charts.Chart]]
    unranked: int
    strips: list[tuple[QuotaShift, charts.Chart]]
    cards: list[Card]
    left_out: int


def page(finding: ReviewFinding) -> str:
    """The whole file."""
    return _template().render(
        finding=finding,
        impact=finding.impact,
        shifts=parts.grouped(finding.impact.shifts) if finding.impact is not None else [],
        rows=[_row(one) for one in finding.changes],
        years=parts.years(finding),
        codes=parts.codes(finding.changes),
        titles=parts.titles(finding.changes),
        reach=parts.reach(finding.impact.reach) if finding.impact is not None else {},
        pictures=_pictures(finding, finding.impact) if finding.impact is not None else None,
        square=_square(finding.impact.square) if finding.impact is not None else None,
        facts=_facts(finding),
        gravest=parts.gravest(finding.changes, GRAVEST),
        ROOM=ROOM,
        place=place,
        parts=parts,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    room = Environment(
        loader=PackageLoader("perfdsl.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return room.get_template("review.html")


def _row(change: ChangeFinding) -> Row:
    old, new = parts.official(change)
    return Row(change, *changed_words(old, new))


def _facts(finding: ReviewFinding) -> list[tuple[str, str]]:
    """The counts at the head of the page."""
    moving = sum(map(parts.moves, finding.changes))
    facts = [("条修订", str(len(finding.changes))), ("条影响结果", str(moving))]
    if finding.impact is not None:
        shifts = finding.impact.shifts
        facts += [
            ("个单位得分上升", str(len(parts.gained(shifts)))),
            ("个单位得分下降", str(len(parts.lost(shifts)))),
            ("个单位等次变化", str(len(parts.regraded(shifts)))),
        ]
    return facts


def _pictures(finding: ReviewFinding, impact: ImpactFinding) -> Pictures:
    years = parts.years(finding)
    titles = parts.titles(finding.changes)
    shifts = parts.grouped(impact.shifts)
    groups = list(dict.fromkeys(one.category for one in shifts if all(one.rank)))
    unranked = [one for one in shifts if one.category not in groups]
    slopes = [
        (
            group,
            charts.slope(
                [one for one in shifts if one.category == group],
                f"places-{i}",
                f"{group}名次：{years[0]} 到 {years[1]}",
                years,
            ),
        )
        for i, group in enumerate(groups)
    ]
    told = [one for one in shifts if one.effects]
    order = sorted(told, key=lambda one: (one not in parts.regraded(told), -abs(parts.delta(one))))
    kept = set(map(id, order[:CARDS]))
    cards = [
        Card(unit, charts.waterfall(unit, titles, f"unit-{i}", years, parts.shared(impact)))
        for i, unit in enumerate(one for one in told if id(one) in kept)
    ]
    strips = [(one, charts.strip(one, f"quota-{i}", years)) for i, one in enumerate(parts.quotas(impact.quotas))]
    return Pictures(slopes, len(unranked), strips, cards, len(told) - len(cards))


@dataclass(frozen=True, slots=True)
class Square:
    """新旧办法 × 新旧数据: rows are rules, columns are data."""

    rules: list[str]
    data: list[str]
    cells: dict[tuple[str, str], SquareCell]


def _square(found: Sequence[SquareCell]) -> Square:
    return Square(
        list(dict.fromkeys(one.rules for one in found)),
        list(dict.fromkeys(one.data for one in found)),
        {(one.rules, one.data): one for one in found},
    )
