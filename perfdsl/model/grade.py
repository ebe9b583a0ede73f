"""Grades: ordered names, thresholds, quotas."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from perfdsl.model.expression import Condition
from perfdsl.model.item import Meta
from perfdsl.model.units import Mode
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span

UNDETERMINED = "不定等次"
"""What stands in the place of a grade while a case is open; it is below every grade and above none."""

UNIT = "单位"
"""范围 of a rule that acts on the unit's own grade."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between ``low`` and ``high``; a missing end is open to infinity."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_in: bool = True
    high_in: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)

    def __contains__(self, number: Fraction) -> bool:
        above = self.low is None or number > self.low or (self.low_in and number == self.low)
        below = self.high is None or number < self.high or (self.high_in and number == self.high)
        return above and below


class QuotaKind(Enum):
    """How a quota is given."""

    SHARE = "比例"
    COUNT = "名额"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many units: a share of the base, or a number."""

    kind: QuotaKind
    amount: Fraction


class QuotaBase(Enum):
    """名额基数: the units of which a share is taken."""

    RANKED = "参加排名的单位数"
    APPRAISED = "参加考核的单位数"
    QUALIFIED = "符合条件的单位数"


class TieAtCut(Enum):
    """名额末位同分."""

    ALL_IN = "一并计入"
    ALL_OUT = "一并不计入"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade. ``band`` of the total; None where the table says 其余 (all that no other grade takes).

    ``also`` is a further condition, ``position`` (名次) an interval of ranks. ``forced`` (末位 5%): so many units from
    the end of the ranking get this grade or a worse one, whatever their totals.
    """

    name: str
    band: Interval | None = None
    quota: Quota | None = None
    also: Condition | None = None
    position: Interval | None = None
    forced: Quota | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GradeScheme:
    """等次: ``grades`` from the best to the worst.

    A unit beyond the quota of a grade, or that misses its further condition, is looked at for the next one
    (超出名额：列入下一等次); ``overflow`` False: the rulebook does not say so, and the check asks.
    ``promoted`` names a yes/no fact: units promoted to the best grade outside its quota (专项晋级). ``categories``: the
    units that are graded by it; empty: all that no other scheme names.
    """

    name: str
    grades: tuple[Grade, ...]
    by_category: bool
    base: QuotaBase | None = None
    rounding: Mode | None = None
    tie: TieAtCut | None = None
    promoted: Condition | None = None
    overflow: bool = True
    categories: tuple[str, ...] = ()
    meta: Meta = Meta()
    citation: Citation = field(default=Citation(), compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def order(self) -> tuple[str, ...]:
        """Grade names, best first."""
        return tuple(grade.name for grade in self.grades)
