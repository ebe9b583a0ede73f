"""What can be wrong with a grade scheme: bands that leave a total out or hold it twice, quotas half stated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, floor

from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaKind
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import grading
from perfdsl.text.problem import Problem

Banded = Sequence[tuple[Grade, Interval]]


def check(scheme: GradeScheme, setting: InRulebook) -> Iterable[Problem]:
    """Names, order, bands, quotas."""
    yield from check_names(scheme)
    yield from check_bands(scheme, setting.rulebook)
    yield from check_quotas(scheme, setting.rulebook)
    last = scheme.grades[-1] if scheme.grades else None
    if last and (last.quota or last.position or last.also):
        yield grading.last_grade_conditional(last.span or scheme.span, last.name)


def check_names(scheme: GradeScheme) -> Iterable[Problem]:
    """There are grades, each once."""
    if not scheme.grades:
        yield grading.no_grades(scheme.span)
    seen: set[str] = set()
    for grade in scheme.grades:
        if grade.name in seen:
            yield grading.grade_twice(grade.span or scheme.span, grade.name)
        seen.add(grade.name)


# ---- quotas --------------------------------------------------------------------------------------------------------


def check_quotas(scheme: GradeScheme, rulebook: Rulebook) -> Iterable[Problem]:
    """Base, rounding, tie at the cut, what is beyond; and a ranking to go by."""
    given = [(grade, quota) for grade in scheme.grades for quota in (grade.quota, grade.forced)]
    limited = [(grade, quota) for grade, quota in given if quota is not None]
    for grade, quota in limited:
        if problem := _impossible(grade, quota):
            yield problem
    shares = [(grade, quota.amount) for grade, quota in limited if quota.kind is QuotaKind.SHARE]
    if shares and scheme.base is None:
        yield grading.quota_base_unstated(scheme.span, shares[0][0].name, shares[0][1])
    if shares and scheme.rounding is None:
        yield grading.quota_rounding_unstated(scheme.span, shares[0][0].name, shares[0][1])
    if limited and scheme.tie is None:
        yield grading.quota_tie_unstated(scheme.span, limited[0][0].name)
    if limited and not scheme.overflow:
        yield grading.quota_over_unstated(scheme.span, limited[0][0].name)
    by_rank = [grade for grade in scheme.grades if grade.quota or grade.position or grade.forced]
    if by_rank and rulebook.ties is None:
        yield grading.quota_without_ranking(scheme.span, by_rank[0].name)


def _impossible(grade: Grade, quota: Quota) -> Problem | None:
    if quota.kind is QuotaKind.SHARE:
        return None if 0 <= quota.amount <= 1 else grading.bad_quota(grade.span, grade.name, _percent(quota.amount))
    whole = quota.amount >= 0 and quota.amount.denominator == 1
    return None if whole else grading.bad_quota(grade.span, grade.name, f"{decimal(quota.amount)} 个")


def _percent(share: Fraction) -> str:
    return f"{decimal(share * 100)}%"


# ---- bands ---------------------------------------------------------------------------------------------------------


def check_bands(scheme: GradeScheme, rulebook: Rulebook) -> Iterable[Problem]:
    """Every possible total lies in one band, and better grades ask for more."""
    banded = [(grade, grade.band) for grade in scheme.grades if grade.band is not None]
    rests = [grade for grade in scheme.grades if _is_rest(grade)]
    if not banded:
        return
    if len(rests) > 1:
        yield grading.rest_twice(rests[1].span or scheme.span, rests[0].name, rests[1].name)
    for (above, high), (below, low) in pairwise(banded):
        if high.low is None or (low.low is not None and low.low > high.low):
            yield grading.grades_out_of_order(below.span or scheme.span, above.name, below.name)
            return
    yield from _overlaps(scheme, banded, rulebook)
    if not rests:
        yield from _gaps(scheme, banded, rulebook)


def _is_rest(grade: Grade) -> bool:
    return grade.band is None and grade.quota is None and grade.position is None


def _overlaps(scheme: GradeScheme, banded: Banded, rulebook: Rulebook) -> Iterable[Problem]:
    totals = _totals([band for _, band in banded], rulebook)
    for (better, high), (worse, low) in combinations(banded, 2):
        if (both := next((total for total in totals if total in high and total in low), None)) is not None:
            start = f"{decimal(low.low)} 分以上" if low.low is not None else ""
            end = f"不足 {decimal(high.low)} 分" if high.low is not None else ""
            mend = f"| {worse.name} | {start + end or '其余'} | 不限 |"
            place = worse.span or scheme.span
            yield grading.band_overlap(place, decimal(both), better.name, worse.name, mend=mend, other=better.span)


def _gaps(scheme: GradeScheme, banded: Banded, rulebook: Rulebook) -> Iterable[Problem]:
    """Totals that lie in no band, one for each stretch of them."""
    below: tuple[Grade, Interval] | None = None
    in_gap = False
    totals = _totals([band for _, band in banded], rulebook)
    for place, total in enumerate(totals):
        if found := _holding(total, banded):
            below, in_gap = found, False
        elif not in_gap:
            in_gap = True
            later = (_holding(higher, banded) for higher in totals[place:])
            yield _gap(scheme, total, below, next((found for found in later if found), None))


def _gap(
    scheme: GradeScheme, total: Fraction, below: tuple[Grade, Interval] | None, above: tuple[Grade, Interval] | None
) -> Problem:
    low = f"{decimal(below[1].low)} 分以上" if below and below[1].low is not None else ""
    high = f"不足 {decimal(above[1].low)} 分" if above and above[1].low is not None else ""
    grade = (below or above or (scheme.grades[-1], Interval()))[0]
    if below is None and above is not None:
        high = f"不足 {decimal(above[1].high)} 分" if above[1].high is not None else ""
    mend = _row(grade, low + high)
    if below is not None and above is not None and total == above[1].low:  # the edge itself: it belongs to either
        upper = f"不足 {decimal(above[1].high)} 分" if above[1].high is not None else ""
        mend = (
            f"{_row(above[0], f'不低于 {decimal(total)} 分{upper}')}\n{_row(grade, f'{low}不高于 {decimal(total)} 分')}"
        )
    return grading.band_gap(
        grade.span or scheme.span,
        decimal(total),
        f"“{below[0].name}”" if below else "",
        f"“{above[0].name}”" if above else "",
        mend=mend,
    )


def _row(grade: Grade, band: str) -> str:
    """The row of a grade with another band, all else as it was written."""
    written = grade.band.span.text.strip() if grade.band is not None and grade.band.span is not None else ""
    row = grade.span.text.strip() if grade.span is not None else ""
    if written and row.count(written) == 1 and row.startswith("|"):
        return re.sub(" +", " ", row.replace(written, band or "其余"))
    return f"| {grade.name} | {band or '其余'} | 不限 |"


def _holding(total: Fraction, banded: Banded) -> tuple[Grade, Interval] | None:
    return next(((grade, band) for grade, band in banded if total in band), None)


def _totals(bands: Sequence[Interval], rulebook: Rulebook) -> list[Fraction]:
    """Totals to try, as they are published: at every edge, beside it, and between each two.

    What holds for these holds for every total, since no edge lies between two of them.
    """
    digits = rulebook.roundings.total.digits if rulebook.roundings.total else None
    lowest, highest = _bounds(rulebook)
    edges = sorted({edge for band in bands for edge in (band.low, band.high) if edge is not None})
    edges = sorted({*edges, *(edge for edge in (lowest, highest) if edge is not None)})
    unit = Fraction(10) ** -(digits or 0)
    tries = {edges[0] - unit, edges[-1] + unit, *edges} if edges else {Fraction(0)}
    if digits is None:
        tries |= {(low + high) / 2 for low, high in pairwise(edges)}
    else:
        tries |= {near for edge in edges for near in _published(edge, unit)}
        tries = {total for total in tries if (total / unit).denominator == 1}
    return sorted(
        total for total in tries if (lowest is None or lowest <= total) and (highest is None or total <= highest)
    )


def _published(edge: Fraction, unit: Fraction) -> tuple[Fraction, ...]:
    """The totals next to ``edge`` that can be published."""
    return (ceil(edge / unit) * unit, (ceil(edge / unit) - 1) * unit, (floor(edge / unit) + 1) * unit)


def _bounds(rulebook: Rulebook) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest total there can be."""
    rule = rulebook.total
    negative = rule.deductions or any(item.least < 0 for item in rulebook.walk())
    least = rule.least if rule.least is not None or negative else Fraction(0)
    most = rule.most if rule.most is not None or rule.bonuses else rulebook.full
    return least, most
