"""Items: everything that has points. 一级指标, 指标, 要点, 过程指标, 加分项 and 扣分项 are one kind of thing."""

from __future__ import annotations

from datetime import date
from enum import Enum
from fractions import Fraction

from perfdsl.model.expression import Condition, Expression, Population
from perfdsl.model.rounding import Rounding
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What a clause kind's file makes of a phrase: the base of its node.

    ``kind`` is the key of the kind in the registry. ``span`` is where the phrase stands.
    """

    kind: str
    span: Span | None = field(default=None, compare=False, repr=False)


class AwardKind(Enum):
    """What a phrase gives or takes."""

    FULL = "full"
    ZERO = "zero"
    GET = "get"
    ADD = "add"
    DEDUCT = "deduct"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Award:
    """得满分, 不得分, 得 x 分, 加 x 分, 扣 x 分, 倒扣 x 分."""

    kind: AwardKind
    points: Expression | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A small table of numbers under a field: ``names`` in the first column (headed ``head``), ``cells`` row by row
    under the headings ``columns``."""

    head: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Expression, ...], ...]

    def column(self, heading: str) -> tuple[Expression, ...]:
        """The cells under one heading."""
        at = self.columns.index(heading)
        return tuple(row[at] for row in self.cells)


@dataclass(frozen=True, slots=True)
class LedgerUse:
    """The rows of a ledger that a clause looks at.

    ``excused`` rows are not counted (不计：申请日期不晚于 … 且 批准 为 “是”); nobody can tell whether one is excused: it
    leaves the score open, 不涉及 or weaker: it is not. ``owners`` are the columns that name the units a row belongs to,
    each with its part (属地单位按 100%、主管部门按 100%); none: the column 单位, whole. ``once``: a unit that stands in
    several of them has the row once, by its largest part.
    """

    ledger: str
    where: Condition
    excused: Condition | None = None
    owners: tuple[tuple[str, Fraction], ...] = ()
    once: bool = True

    @property
    def belongs(self) -> tuple[tuple[str, Fraction], ...]:
        """The columns of ``owners``, the largest part first."""
        return tuple(sorted(self.owners, key=lambda owner: -owner[1]))


class Level(Enum):
    """What an item is called."""

    GROUP1 = "一级指标"
    GROUP2 = "二级指标"
    GROUP3 = "三级指标"
    INDICATOR = "指标"
    POINT = "要点"
    STEP = "过程指标"
    BONUS = "加分项"
    DEDUCTION = "扣分项"


GROUPS = frozenset({Level.GROUP1, Level.GROUP2, Level.GROUP3})


class AnswerKind(Enum):
    """What a state gives, where a rule answers it."""

    FULL = "得满分"
    ZERO = "不得分"
    POINTS = "得…分"
    GROUP_MEAN = "得同类平均分"
    REDISTRIBUTE = "分值按比例调到同一级指标"
    SMALLER_FULL = "按折算满分"
    SKIP = "不计分"
    RETURN = "退回补报"
    AS = "视为…"


@dataclass(frozen=True, slots=True)
class Answer:
    """``points`` for POINTS, ``state`` for AS."""

    kind: AnswerKind
    points: Fraction = Fraction(0)
    state: State | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """系数: what a score is multiplied with, where ``when`` holds (always, if None).

    ``cap`` is ``full_at_most`` or ``uncapped``, None where the rule does not say; ``most`` a number of points.
    """

    of: Expression
    when: Condition | None = None
    cap: str | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What an item says about itself that no computation reads. ``headings``: the author's own, over the columns of its table."""

    article: str = ""
    scorer: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    basis: str = ""
    official_text: str = ""
    reason: str = ""
    replaces: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the tree.

    ``full`` is the declared 分值 (None where none is declared), ``least`` how low the score may go, ``weight`` the
    权重 of a group. ``most`` caps a 加分项 or 扣分项 whose cap is worked out (最高 基本分 × 8%). An item has ``children`` and ``combine`` (how their scores become its own), or a ``scoring``.
    ``value`` is its 指标值 and ``kind`` the type of that; ``higher_is_better`` None where the rule does not say.
    ``exempt`` is 免扣: no points are lost while it holds. ``requires`` is 前提 and what is given otherwise.
    ``due`` is the day by which it can first be asked for (到期, else the end of the first period of its 频次).
    ``coefficient`` multiplies its score; ``weights`` are its 权重 by category, where they differ (``weight`` is then
    that of the first). ``rounding`` is set where the item states its own digits. ``floored``: the sum of the children stops at 0,
    since one of them is deducted until the group is used up (扣完本一级指标为止). ``unread`` are the fields that are
    written but could not be read, and were reported: what follows from their absence is not asked about.
    """

    level: Level
    code: str
    name: str
    full: Fraction | None = None
    least: Fraction = Fraction(0)
    weight: Fraction | None = None
    most: Expression | None = None
    children: tuple[Item, ...] = ()
    combine: Clause | None = None
    value: Expression | None = None
    kind: ValueType = ValueType.NUMBER
    target: Expression | None = None
    higher_is_better: bool | None = None
    population: Population | None = None
    scoring: Clause | None = None
    applies: Condition | None = None
    exempt: Condition | None = None
    requires: tuple[Condition, Answer] | None = None
    answers: tuple[tuple[State, Answer], ...] = ()
    rounding: Rounding | None = None
    due: date | None = None
    floored: bool = False
    coefficient: Coefficient | None = None
    weights: tuple[tuple[str, Fraction], ...] = ()
    method: str = ""
    meta: Meta = Meta()
    unread: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    citation: Citation = field(default=Citation(), compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def alone(self) -> Item:
        """This item without what stands below it; itself, where nothing does."""
        return replace(self, children=()) if self.children else self

    def answer(self, state: State) -> Answer | None:
        """What the rule gives for ``state``."""
        return next((answer for asked, answer in self.answers if asked is state), None)

    def bearers(self) -> tuple[Item, ...]:
        """The items below whose 分值 add up to this one's: scored ones, and those that combine their children."""
        found: list[Item] = []
        for child in self.children:
            if child.level in (Level.INDICATOR, Level.POINT) and (child.scoring or child.combine):
                found.append(child)
            elif child.level is not Level.STEP:
                found.extend(child.bearers())
        return tuple(found)

    def scored_below(self) -> tuple[Item, ...]:
        """The items with a scoring of their own at or below this one."""
        return tuple(item for item in self.walk() if item.scoring is not None)

    def walk(self) -> tuple[Item, ...]:
        """This item and all below it, from the top."""
        found = [self]
        for child in self.children:
            if child.children:
                found += child.walk()
            else:
                found.append(child)
        return tuple(found)
