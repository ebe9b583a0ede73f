"""A rulebook: the root of the model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction

from perfdsl.model.calendar import Calendar
from perfdsl.model.expression import Expression
from perfdsl.model.grade import UNDETERMINED, GradeScheme, Quota
from perfdsl.model.item import Clause, Item, Meta
from perfdsl.model.ordering import by_code
from perfdsl.model.rounding import Roundings
from perfdsl.model.table import Table
from perfdsl.model.units import Ties
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span


class Status(Enum):
    """状态. Only a draft may leave things open (待定)."""

    CONSULTATION = "征求意见稿"
    SUBMITTED = "送审稿"
    ISSUED = "印发稿"

    @property
    def draft(self) -> bool:
        """Whether 待定 is allowed."""
        return self is not Status.ISSUED


@dataclass(frozen=True, slots=True)
class Period:
    """考核期 or 有效期, both days included; the last day of one without an end is ``date.max``."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def calendar_year(self) -> bool:
        """Whether it is a year from January to December, whose months, quarters and halves have their usual numbers."""
        return self.first == date(self.first.year, 1, 1) and self.last == date(self.first.year, 12, 31)

    @property
    def whole_months(self) -> bool:
        """Whether it begins with the first day of a month and ends with the last of one."""
        return self.first.day == 1 and (self.last == date.max or (self.last + timedelta(1)).day == 1)

    def months_until(self, day: date) -> int:
        """How many of its months, the first counted from the first day on, are over at the end of ``day``."""
        return (day.year - self.first.year) * 12 + day.month - self.first.month + ((day + timedelta(1)).day == 1)

    def __str__(self) -> str:
        shown = f"{self.first.year}年{self.first.month}月{self.first.day}日"
        if self.last == date.max:
            return f"{shown}起"
        return f"{shown}至{self.last.year}年{self.last.month}月{self.last.day}日"


class Combine(Enum):
    """How the top level becomes the base score."""

    SUM = "各一级指标得分之和"
    WEIGHTED = "各一级指标得分 × 权重 之和"
    MEAN = "各一级指标得分的平均"
    LEAST = "各一级指标得分的最低者"


@dataclass(frozen=True, slots=True)
class TotalRule:
    """总分: base score + bonuses - deductions, within bounds; ``uncapped`` and ``no_floor`` say that there is none.

    ``share_missing``: a group that does not exist for a unit gives its weight to the others in proportion, and
    at least ``at_least`` groups must exist, or there is no total. ``each_100``: it is said that every group has 100 points.
    """

    combine: Combine
    bonuses: bool
    deductions: bool
    most: Fraction | None = None
    least: Fraction | None = None
    most_bonus: Fraction | None = None
    most_deduction: Fraction | None = None
    share_missing: bool = False
    at_least: int = 0
    uncapped: bool = False
    no_floor: bool = False
    each_100: bool = False


@dataclass(frozen=True, slots=True)
class TieBreak:
    """同分：先比 …: of units with the same total the one with more (or less) of ``of`` stands first.

    Whoever has no such number (不涉及 and weaker states) stands behind those who have one.
    """

    of: Expression
    greatest_first: bool = True


@dataclass(frozen=True, slots=True)
class Category:
    """类别. ``full`` its own full mark; ``ranked`` False: 不参加排名; ``excluded``: 不参加考核, no total either.

    ``quotas`` are places of grades that it has instead of those of the table of grades.
    ``treated_as`` is the grade it is given; ``takes_places``: it uses places of that grade (None: not written).
    """

    name: str
    full: Fraction | None = None
    ranked: bool = True
    treated_as: str = ""
    takes_places: bool | None = None
    excluded: bool = False
    quotas: tuple[tuple[str, Quota], ...] = ()
    meta: Meta = Meta()
    citation: Citation = field(default=Citation(), compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A block that is neither item nor grade scheme: a veto, a limit, an application. ``clause`` says what it does."""

    code: str
    name: str
    clause: Clause
    meta: Meta = Meta()
    citation: Citation = field(default=Citation(), compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dedupe:
    """去重: a matter that stands in several of ``items`` (codes, in the order written) counts in one of them.

    ``rule`` is ``highest_once`` (where it brings most, given or taken) or ``listed_first`` (in the first item that has
    it); ``tie`` ``first`` or ``last`` of those that are equally high. ``matter`` are the columns that tell a matter.
    """

    code: str
    name: str
    items: tuple[str, ...]
    matter: tuple[str, ...]
    rule: str
    tie: str = "first"
    meta: Meta = Meta()
    citation: Citation = field(default=Citation(), compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    def before(self, one: str, other: str) -> bool:
        """Whether item ``one`` goes before ``other`` where they are equal."""
        first = self.items.index(one) < self.items.index(other)
        return first is (self.tie == "first")


@dataclass(frozen=True, slots=True)
class Method:
    """计分办法: a rule written once for many members; its parameters are names."""

    name: str
    parameters: tuple[str, ...]
    text: str
    citation: Citation = field(default=Citation(), compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A whole rulebook. Order of ``items``, ``vetoes`` and ``applications`` is by code: the file's order means nothing.

    ``unread`` are fields of the first block (and ``grades``) that are written but could not be read, and were reported.
    ``ungraded`` are its tables of grades where the day is too early for grades (截至): they still say who is ranked with whom.
    """

    name: str
    version: str
    full: Fraction | None
    roundings: Roundings
    total: TotalRule
    ties: Ties | None = None
    breaks: tuple[TieBreak, ...] = ()
    status: Status | None = None
    document: str = ""
    previous: str = ""
    period: Period | None = None
    validity: Period | None = None
    categories: tuple[Category, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[Item, ...] = ()
    vetoes: tuple[Rule, ...] = ()
    scheme: GradeScheme | None = None
    other_schemes: tuple[GradeScheme, ...] = ()
    ungraded: tuple[GradeScheme, ...] = ()
    scopes: tuple[Rule, ...] = ()
    applications: tuple[Rule, ...] = ()
    methods: tuple[Method, ...] = ()
    dedupes: tuple[Dedupe, ...] = ()
    calendar: Calendar | None = None
    meta: Meta = Meta()
    unread: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def schemes(self) -> tuple[GradeScheme, ...]:
        """Every table of grades."""
        return (*((self.scheme,) if self.scheme else ()), *self.other_schemes)

    @property
    def groupings(self) -> tuple[GradeScheme, ...]:
        """What says who is ranked with whom: the tables of grades, also where none are given yet (``ungraded``, 截至)."""
        return self.schemes or self.ungraded

    def grouping_of(self, category: str) -> GradeScheme | None:
        """That of ``groupings`` for the units of ``category``."""
        return _scheme_of(self.groupings, category)

    @property
    def grade_names(self) -> tuple[str, ...]:
        """Every grade that a unit may have, each once; the last is 不定等次 where a rule gives it."""
        names = dict.fromkeys(name for scheme in self.schemes for name in scheme.order)
        open_case = any(rule.clause.kind == "undetermined" for rule in self.vetoes)
        return (*names, UNDETERMINED) if open_case else tuple(names)

    def scheme_of(self, category: str) -> GradeScheme | None:
        """The table of grades for the units of ``category``."""
        return _scheme_of(self.schemes, category)

    def walk(self) -> Iterator[Item]:
        """Every item, from the top."""
        for item in self.items:
            yield from item.walk()

    def dedupe(self, code: str) -> Dedupe | None:
        """The 去重 block with this code."""
        return next((block for block in self.dedupes if block.code == code), None)

    def before(self, group: str, one: str, other: str) -> bool:
        """Whether a matter that is equally high in items ``one`` and ``other`` of ``group`` counts in ``one``."""
        block = self.dedupe(group)
        return by_code(one) < by_code(other) if block is None else block.before(one, other)

    def table(self, name: str) -> Table | None:
        """The table called ``name``."""
        return next((table for table in self.tables if table.name == name), None)

    def category(self, name: str) -> Category | None:
        """The category called ``name``."""
        return next((category for category in self.categories if category.name == name), None)


def _scheme_of(schemes: tuple[GradeScheme, ...], category: str) -> GradeScheme | None:
    named = next((scheme for scheme in schemes if category in scheme.categories), None)
    return named or next((scheme for scheme in schemes if not scheme.categories), None)
