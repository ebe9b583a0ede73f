"""The tree: inert, and true to what was written.

A node of a value shape is named after its rule in ``grammar/shapes.lark``. What a later stage learns goes into the
model, never back into a node. Spans are not part of equality.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Source, Span


def _place() -> Span:
    return field(compare=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


# ---- the frame: what `rulebook.lark` finds


@dataclass(frozen=True, slots=True)
class Written:
    """Words as they stand in the source."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells without the bars."""

    cells: tuple[Written, ...]
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class FieldNode:
    """``label：value`` and what hangs below it. ``key`` is the label's key in keywords.yaml or in a form."""

    key: str
    label: Written
    value: Written
    items: tuple[Written, ...] = ()
    rows: tuple[Row, ...] = ()
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Block:
    """A header and everything up to the next one.

    ``kind`` is the header word's key. ``notes`` are the trailing （…） that read as notes, ``code`` what stands in
    【】. ``rows`` are table rows that stand directly under the header's fields without belonging to one.
    """

    kind: str
    word: Written
    name: Written
    notes: tuple[Written, ...] = ()
    code: Written | None = None
    fields: tuple[FieldNode, ...] = ()
    rows: tuple[Row, ...] = ()
    span: Span = _place()

    def field(self, key: str) -> FieldNode | None:
        """The first field called ``key``."""
        return next((field for field in self.fields if field.key == key), None)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """``# 已知悉 K123：理由``: silences one code at one place (the line's own, or the next line's)."""

    code: str
    reason: str
    line: int
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Part:
    """A file that was included (引用): ``within`` is the file whose block names it."""

    source: Source = field(compare=False, repr=False)
    within: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed file. ``blocks`` in the order of the file; ``vocabulary`` the words it was read with.

    The blocks of an included file stand behind the block that includes it; ``parts`` are those files in that order.
    ``meant``: places of fields that were misspelt, and the key of the label that was probably meant.
    """

    source: Source = field(compare=False, repr=False)
    blocks: tuple[Block, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()
    parts: tuple[Part, ...] = ()
    meant: tuple[tuple[Span, str], ...] = ()
    vocabulary: object = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The file itself, then the included ones."""
        return (self.source, *(part.source for part in self.parts))

    def within(self, source: Source) -> Source | None:
        """The file that includes ``source``; None for the file itself."""
        return next((part.within for part in self.parts if part.source is source), None)


# ---- value shapes: what `shapes.lark` finds


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Base of all shape nodes."""

    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number with its unit word ("" if none). The number is as written: 98% is 98 with ``%``."""

    number: Fraction
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A declared name (a column, an item, a parameter), with a unit word where one follows (``每档扣分 分``)."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Own(Node):
    """指标值, 目标值 or 分值 of the item itself: ``what`` is ``value``, ``target`` or ``full``."""

    what: str


Amount = Quantity | Name | Own


@dataclass(frozen=True, slots=True)
class Day(Node):
    """``2018年7月31日``."""

    day: date


@dataclass(frozen=True, slots=True)
class Quoted(Node):
    """``“…”``."""

    text: str


@dataclass(frozen=True, slots=True)
class ItemNumber(Node):
    """``得分【1.21】``, ``指标值【A1】``: ``what`` is ``score``, ``value``, ``target`` or ``full``."""

    what: str
    code: str


@dataclass(frozen=True, slots=True)
class Total(Node):
    """总分."""


@dataclass(frozen=True, slots=True)
class BaseScore(Node):
    """基本分."""


@dataclass(frozen=True, slots=True)
class TableCell(Node):
    """附表 “table” 的 “column”: the unit's cell of a 附表."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``op`` is ``add``, ``subtract``, ``multiply``, ``divide`` or ``negate`` (one operand)."""

    op: str
    operands: tuple[ExpressionNode, ...]


@dataclass(frozen=True, slots=True)
class Rank(Node):
    """名次: the unit's place by total."""


@dataclass(frozen=True, slots=True)
class Function(Node):
    """``name`` is a FUNCTION key of keywords.yaml, or ``within`` (限于). ``weight`` is what stands behind 按, ``options``
    keys of words; ``kept`` is 保留 2 位, ``present`` 至少 2 项有数.
    """

    name: str
    arguments: tuple[ExpressionNode, ...]
    weight: ExpressionNode | None = None
    options: tuple[str, ...] = ()
    kept: Rounding | None = None
    present: Present | None = None


ExpressionNode = (
    Quantity | Name | Own | Day | Quoted | ItemNumber | Total | BaseScore | Rank | TableCell | Arithmetic | Function
)


@dataclass(frozen=True, slots=True)
class Weighted(Node):
    """``按 常住人口``: what a mean is weighted by."""

    of: ExpressionNode


@dataclass(frozen=True, slots=True)
class Option(Node):
    """A word that says how a function is taken; ``key`` is its PHRASE key."""

    key: str


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``op`` is a COMPARE key of keywords.yaml (``ge``, ``gt``, ``le``, ``lt``, ``eq``, ``ne``, ``reach`` …)."""

    op: str
    left: ExpressionNode
    right: ExpressionNode


@dataclass(frozen=True, slots=True)
class IsOneOf(Node):
    """``左 为 “甲”、“乙”`` (or 不为)."""

    left: ExpressionNode
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InPeriod(Node):
    """``认定日期在考核期内``."""

    left: ExpressionNode


@dataclass(frozen=True, slots=True)
class InDays(Node):
    """``发生日期在 2024年12月1日至2025年11月30日内``, both days included."""

    left: ExpressionNode
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ByDay(Node):
    """``申请日期在 2025年10月31日前``: that day included, as in a deadline."""

    left: ExpressionNode
    day: date


@dataclass(frozen=True, slots=True)
class Filled(Node):
    """``有 文号``, ``没有 文号``: whether the cell of a column is filled in."""

    of: Name
    negated: bool = False


@dataclass(frozen=True, slots=True)
class EventCount(Node):
    """``台账 “事故” 中 … 的 1 起以上，…``: at least ``least`` rows of the ledger meet all of ``where``.

    ``consecutive``: so many in a row (``数据 “月报” 中 … 的连续 2 个月以上``).
    """

    ledger: str
    where: tuple[ConditionNode, ...]
    least: Quantity
    consecutive: bool = False


@dataclass(frozen=True, slots=True)
class GradeIs(Node):
    """``连续 3 年等次为 “优秀”``; ``years`` None: this year. ``options`` are the keys of words that follow."""

    grades: tuple[str, ...]
    years: Quantity | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed(Node):
    """``名次在前 5 名（并列的一并计入）``: ``way`` is ``first`` or ``last``, ``tie`` is ``in``, ``out`` or ""."""

    way: str
    count: Quantity
    tie: str = ""


@dataclass(frozen=True, slots=True)
class RuleHolds(Node):
    """``【F01】成立``: the veto, limit or drop applies to the unit."""

    code: str


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``op`` is ``all``, ``any`` or ``not``."""

    op: str
    parts: tuple[ConditionNode, ...]


ConditionNode = (
    Comparison | IsOneOf | InPeriod | InDays | ByDay | Filled | EventCount | GradeIs | RuleHolds | Placed | Logic
)


@dataclass(frozen=True, slots=True)
class Requirement(Node):
    """``是否有经济效益 为 “是”，否则不得分``: a condition that says what is given where it does not hold."""

    condition: ConditionNode
    otherwise: Award


@dataclass(frozen=True, slots=True)
class Ledger(Node):
    """``表彰，认定日期在考核期内``: a ledger and the conditions its rows must meet."""

    name: str
    where: tuple[ConditionNode, ...]


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """One edge: ``op`` is a COMPARE key, ``under``, ``or_more`` or ``or_less``."""

    op: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Band(Node):
    """A cell of a band table: its edges, or 其余 (``rest``), or one ``exact`` value (a quantity or a word)."""

    bounds: tuple[Bound, ...] = ()
    rest: bool = False
    exact: Quantity | str | None = None


@dataclass(frozen=True, slots=True)
class LooseBand(Node):
    """``80-90``, ``80 至 90``: does not say to whom the edges belong."""

    low: Quantity
    high: Quantity


# ---- segments of a phrase


@dataclass(frozen=True, slots=True)
class Award(Node):
    """``kind`` is ``full`` (得满分), ``zero`` (不得分), ``get``, ``add``, ``deduct`` or ``reverse`` (倒扣)."""

    kind: str
    points: Amount | None = None


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A fixed phrase by its key, with the amounts that follow it; ``times`` where × stands between."""

    key: str
    amounts: tuple[Amount, ...] = ()
    times: bool = False


@dataclass(frozen=True, slots=True)
class Reach(Node):
    """``不高于目标值得满分``. ``against`` None: the target."""

    op: str
    against: Amount | None
    award: Award


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """``按时报送得满分``: a yes/no fact in free words."""

    text: str
    award: Award


@dataclass(frozen=True, slots=True)
class Deadline(Node):
    """``2018年7月31日前印发得满分``."""

    day: date
    text: str
    award: Award


@dataclass(frozen=True, slots=True)
class Overdue(Node):
    """``逾期或未印发不得分``."""

    award: Award


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """``否则不得分``, ``否则倒扣 1 分``."""

    award: Award


@dataclass(frozen=True, slots=True)
class Even(Node):
    """``持平得 1.5 分``."""

    award: Award


@dataclass(frozen=True, slots=True)
class NoneOccurred(Node):
    """``未发生得满分``."""

    award: Award


@dataclass(frozen=True, slots=True)
class Step(Node):
    """``每低 1 个百分点扣 0.5 分``: ``way`` is ``below`` or ``above``; ``gap`` says how far, where it must be said."""

    way: str
    each: Amount
    award: Award
    gap: ExpressionNode | None = None


@dataclass(frozen=True, slots=True)
class Gap(Node):
    """``低多少 = （目标值 - 指标值） ÷ 目标值``; ends up in its :class:`Step`."""

    formula: ExpressionNode


@dataclass(frozen=True, slots=True)
class Count(Node):
    """``每有 1 件未按期办结扣 1 分``; ``what`` is the fact that is counted ("" if unnamed)."""

    each: Amount
    what: str
    award: Award


@dataclass(frozen=True, slots=True)
class Rate(Node):
    """``每篇 1 分``, ``国家级每次 3 分``: ``level`` is the ledger's value it holds for ("" for all).

    ``more`` are further values that the row must have (``省级文件每件 2 分``).
    """

    unit: str
    award: Award
    level: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EachMost(Node):
    """``每次最多 3 分``: the cap on one row."""

    unit: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Share(Node):
    """``主办按 100%``, ``二等奖减半``: which part of the points counts for ``who``; 其余 is ``kind`` ``rest``."""

    who: str
    amount: Amount
    kind: str


@dataclass(frozen=True, slots=True)
class Nth(Node):
    """``第 1 次扣 1 分``, ``第 3 次起每次扣 3 分`` (``onward``), ``第 2 至 5 名得 8 分`` (up to ``to``; ``places``)."""

    at: Amount
    award: Award
    onward: bool = False
    to: Amount | None = None
    places: bool = False


@dataclass(frozen=True, slots=True)
class Remainder(Node):
    """``不足 1 个百分点的按 1 个百分点计``: ``treat`` is ``pro_rata``, ``not_counted`` or ``count_as``."""

    under: Amount
    treat: str
    counted_as: Amount | None = None


@dataclass(frozen=True, slots=True)
class Accumulate(Node):
    """``按 12 个月累计``."""

    count: Amount


@dataclass(frozen=True, slots=True)
class AtMost(Node):
    """``最多扣 2 分``, ``总分最高 105 分``: ``subject`` "", ``total``, ``bonus`` or ``deduction``; amount None: full marks."""

    amount: ExpressionNode | None
    subject: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """``最低 0 分``, ``总分不低于 0 分``."""

    amount: Amount
    subject: str = ""


@dataclass(frozen=True, slots=True)
class RankList(Node):
    """``按名次得 60、57、54 分``; ``后 3 名从末位起依次扣 3、2、1 分``.

    ``end`` is ``top``, ``bottom`` or "" for a list of all places; ``count`` how many are meant, ``turn`` the key of 依次, or
    ``each`` where all get the same; ``verb`` is ``get``, ``add`` or ``deduct``.
    """

    points: tuple[Fraction, ...]
    end: str = ""
    count: Fraction = Fraction(0)
    turn: str = ""
    verb: str = "get"


@dataclass(frozen=True, slots=True)
class Best(Node):
    """``第一名 6 分``, ``最高者得满分``: ``which`` is ``first``, ``highest`` or ``lowest``."""

    which: str
    award: Award


@dataclass(frozen=True, slots=True)
class Grid(Node):
    """``0.5 分一档``."""

    step: Amount


@dataclass(frozen=True, slots=True)
class Points(Node):
    """``10 分``, ``1 分 “达标率”``."""

    amount: Amount
    name: str = ""


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``其间按插值从 0.5 分到 9.5 分``."""

    start: Amount
    end: Amount


@dataclass(frozen=True, slots=True)
class Within(Node):
    """``限于 0 至 9 分``."""

    low: Amount
    high: Amount


@dataclass(frozen=True, slots=True)
class Rounding(Node):
    """``指标得分、总分均保留 2 位``: subjects ``value``, ``point``, ``score``, ``group``, ``total``; digits None: 不取舍."""

    subjects: tuple[str, ...]
    digits: int | None


@dataclass(frozen=True, slots=True)
class TotalSum(Node):
    """``基本分 + 加分 - 扣分``."""

    bonus: bool
    deduction: bool


@dataclass(frozen=True, slots=True)
class SumFormula(Node):
    """``基本分 = 得分【A】 × 60% + …``."""

    formula: ExpressionNode


@dataclass(frozen=True, slots=True)
class Inclusive(Node):
    """``以上、以下、不低于均含本数``: the words, as written."""

    words: tuple[str, ...]
    inclusive: bool


@dataclass(frozen=True, slots=True)
class TreatAs(Node):
    """``视为未发生`` (a state's key) or ``视同 “优秀”`` (a grade)."""

    state: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Effect(Node):
    """``不得评为 “优秀”``: ``kind`` is ``bar``, ``set``, ``no_better``, ``direct`` or ``drop`` (``count`` grades).

    ``【A01】不得分`` is ``item_zero`` with ``codes``.
    """

    kind: str
    grades: tuple[str, ...] = ()
    count: Amount | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weight(Node):
    """``权重 50%``."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class File(Node):
    """``文件 “指标体系表.xlsx”``."""

    name: str


@dataclass(frozen=True, slots=True)
class By(Node):
    """``依事项编号``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread(Node):
    """``不低于 90 分的最多 3 个``: of several values, at most (``bound`` ``most``) or at least so many lie beyond an edge."""

    op: str
    edge: Amount
    bound: str
    count: Amount


@dataclass(frozen=True, slots=True)
class Present(Node):
    """``至少 2 项``."""

    count: Amount


@dataclass(frozen=True, slots=True)
class MethodCall(Node):
    """``比例扣分 0.1``: a 计分办法 and its arguments in order."""

    name: str
    arguments: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class TableUse(Node):
    """``附表 “指标参数” 中 域 为 “临床”``."""

    table: str
    where: ConditionNode | None = None


@dataclass(frozen=True, slots=True)
class TieBreak(Node):
    """``先比 得分【A01】``, ``再比 信访件数``: what equal totals are told apart by."""

    of: ExpressionNode


Segment = (
    Word
    | TieBreak
    | Award
    | Reach
    | Statement
    | Deadline
    | Overdue
    | Otherwise
    | Even
    | NoneOccurred
    | Step
    | Count
    | Rate
    | EachMost
    | Share
    | Nth
    | Remainder
    | Accumulate
    | AtMost
    | AtLeast
    | RankList
    | Best
    | Grid
    | Points
    | Between
    | Within
    | Rounding
    | TotalSum
    | SumFormula
    | Inclusive
    | TreatAs
    | Effect
    | Weight
    | File
    | By
    | Present
    | Spread
    | MethodCall
    | TableUse
)


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """Clauses parted by ；, each of segments parted by ，."""

    clauses: tuple[tuple[Segment, ...], ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments, whatever clause they stand in."""
        return tuple(segment for clause in self.clauses for segment in clause)
