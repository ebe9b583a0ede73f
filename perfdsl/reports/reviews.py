"""What a comparison of two rulebooks (对照) hands to ``publish``: frozen values, numbers already as published strings.

A signed number carries its sign (＋0.50, －2.00, 0.00); text that is empty says that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfdsl.reports.findings import RulebookFinding
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass

CLASSES = (
    "仅措辞",
    "证明等价",
    "影响得分",
    "影响名次",
    "影响等次",
    "影响范围",
    "影响结果运用",
    "不能判定",
)
"""What a change can do, from the least to the most."""

UNTOUCHED = CLASSES[:2]
"""Classes of a change that moves nothing."""


@dataclass(frozen=True, slots=True)
class SideFinding:
    """One of the two rulebooks. ``file`` as the user wrote it; ``data`` the place of its data, "" where none was run."""

    rulebook: RulebookFinding
    file: str
    data: str = ""


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """One thing that was written differently.

    ``where`` is the label or the place (计分, 分值, 附表 “年度目标” 甲县 办结率目标); ``old`` and ``new`` the text on both
    sides, "" where there was or is none; ``words`` tells it in words (最高由 5 分改为 3 分).
    """

    where: str
    old: str
    new: str
    words: str


@dataclass(frozen=True, slots=True)
class ClassFinding:
    """One class of a change. ``direct``: the clause's own result; else through totals, quotas, other units."""

    name: str
    direct: bool = True


@dataclass(frozen=True, slots=True)
class CaseCell:
    """A cell of a witness: what it holds, and what the baseline holds where the two differ ("" where they do not)."""

    column: str
    value: str
    baseline: str = ""


@dataclass(frozen=True, slots=True)
class CaseUnit:
    """A unit of a witness. ``results`` are (what, old, new) of those results that differ; of items that were cut otherwise
    first what they come to, whether it differs or not. ``base``: where its other cells come from, "" where from no unit."""

    unit: str
    cells: tuple[CaseCell, ...]
    results: tuple[tuple[str, str, str], ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class WitnessFinding:
    """The smallest case found whose result differs; ``sentence`` tells it in one line.

    ``tried`` counts the cases that were looked at. No ``units``: none was found, and ``sentence`` says so.
    """

    sentence: str
    units: tuple[CaseUnit, ...] = ()
    tried: int = 0


@dataclass(frozen=True, slots=True)
class ChangeFinding:
    """One change. ``number`` counts from 1 in the order of the new rulebook.

    ``how``: 新增, 删除, 修改, 改名, 移动, 拆分, 合并, 附表. ``block`` is the header word (指标, 加分项, 附表, 开头 …).
    ``guessed``: the two clauses were put together since they look alike. ``sentence`` is the whole change in words, with its
    article. ``official`` are the old and the new 条文 (原文, else the fields as written). ``basis`` says how the classes were
    found (证明, 试算 …). ``needs`` are numbers of changes without which this one says nothing. ``impact``: what it does
    alone, in words; ``duties`` who does another part now (评分单位, 责任单位, 数据来源, 认定单位; 认定, where more than the unit
    is written otherwise); ``units`` how many units' totals it moves alone, ``reached`` how many get another total, place, grade,
    veto or application by it, ``regraded`` how many another grade (alone, or this year as the last change).
    """

    number: int
    how: str
    block: str
    code: str
    name: str
    article: str
    sentence: str
    fields: tuple[FieldFinding, ...] = ()
    old_code: str = ""
    old_name: str = ""
    old_article: str = ""
    guessed: bool = False
    official: tuple[str, str] = ("", "")
    reason: str = ""
    classes: tuple[ClassFinding, ...] = ()
    basis: str = ""
    needs: tuple[int, ...] = ()
    units: int = 0
    reached: int = 0
    regraded: int = 0
    impact: str = ""
    witness: WitnessFinding | None = None
    duties: tuple[str, ...] = ()

    @property
    def dutiful(self) -> bool:
        """Whether nothing but who does what is another."""
        others = [one for one in self.fields if one.where != "原文"]
        return bool(self.duties) and self.idle and self.how == "修改" and len(others) == len(self.duties)

    @property
    def idle(self) -> bool:
        """Whether it is known to move nothing."""
        return bool(self.classes) and all(one.name in UNTOUCHED for one in self.classes)


@dataclass(frozen=True, slots=True)
class EffectFinding:
    """A line of a unit's ledger: ``change`` is its number (0: the data), ``alone`` 单独影响, ``together`` 叠加影响.

    ``alone`` is "" where the change cannot be run by itself on the data there are. ``parts`` of the data: (code of
    the item, its name where the code does not say it, by how much its own score moves), the greatest first; sums, caps and
    rounding are not in them.
    """

    change: int
    name: str
    alone: str
    together: str
    parts: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnitShift:
    """One unit, before (old rules, old data) and after (new rules, new data).

    ``presence``: 两年都有, 只在新的一份, 只在旧的一份; a unit that takes another one in is another unit than before, though it
    keeps its name. A total, rank or grade that does not exist or is open is ""; ``open`` says
    why. ``was_category`` is the category before, "" where it is the same. ``effects`` add up to ``delta`` exactly; there are none where one of the totals is missing. ``why`` says why the
    grade changed; ``edge`` how near the unit stands to another grade; ``held`` that its total is enough for a better one and the
    places were full, where it is not near the last of them; ``rank_span`` the places that are possible where part of
    it is not known (第 3–5 名), "" where there is one. ``applications`` are (name, old, new) of those that change.
    """

    unit: str
    category: str
    presence: str
    total: tuple[str, str]
    delta: str
    rank: tuple[str, str]
    grade: tuple[str, str]
    effects: tuple[EffectFinding, ...] = ()
    why: str = ""
    edge: str = ""
    rank_span: str = ""
    applications: tuple[tuple[str, str, str], ...] = ()
    open: str = ""
    held: str = ""
    was_category: str = ""

    @property
    def regraded(self) -> bool:
        """Whether the grade is another one; a unit of one year only has nothing to compare."""
        return all(self.grade) and self.grade[0] != self.grade[1]

    @property
    def waiting(self) -> bool:
        """Whether it is there in both years, and one of its totals is not."""
        return self.presence == "两年都有" and not all(self.total)


@dataclass(frozen=True, slots=True)
class ReachFinding:
    """A unit that a change gives another result, on the run that shows what the change does (``way``, in words).

    ``total``, ``rank``, ``grade`` without the change and with it, "" where there is none; ``delta`` the difference of the
    totals, "" where one of them is missing. ``others`` are (what, old, new) of vetoes and applications that differ.
    """

    change: int
    way: str
    unit: str
    total: tuple[str, str]
    delta: str
    rank: tuple[str, str]
    grade: tuple[str, str]
    others: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuotaShift:
    """The places of a grade within a group (category, or 全部). ``last``: the lowest total that still got one.

    ``places`` as the rule gives them (30%), ``seats`` how many that are ("" where nothing was run), ``bases`` of how many
    units they are a share. ``cuts`` say how it came
    that more or fewer units got a place than there are, "" where as many did: 末位 3 个单位同分 90.00，一并计入，实评 16 个.
    """

    group: str
    grade: str
    places: tuple[str, str]
    taken: tuple[int, int]
    last: tuple[str, str]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    seats: tuple[str, str] = ("", "")
    cuts: tuple[str, str] = ("", "")
    bases: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class SquareCell:
    """One corner of 新旧办法 × 新旧数据. ``note`` says what is left out, or why it could not be run."""

    rules: str
    data: str
    units: int
    mean: str
    grades: tuple[tuple[str, int], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImpactFinding:
    """What the change does to units. ``comparable`` tells what is compared (100 分中 87 分可比；…).

    ``shapley``: what changes do together is shared out exactly (精确分摊), and not step by step (叠加影响). ``reach``: every
    unit that a change reaches, change by change.
    """

    comparable: str
    square: tuple[SquareCell, ...]
    shifts: tuple[UnitShift, ...]
    quotas: tuple[QuotaShift, ...]
    method: str
    filled: str = ""
    shapley: bool = False
    reach: tuple[ReachFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """A whole comparison.

    ``overview`` is the sentence that comes first. ``unaffected``: what was looked at and is the same, said explicitly.
    ``renumbered`` are (old code, new code, name) of clauses that only changed their number. ``checklist`` is for the one
    who signs. ``anonymous``: names of units are replaced. ``patch`` makes the new rulebook of the old one, as plain JSON
    values; None where it would name what is not to be named.
    """

    old: SideFinding
    new: SideFinding
    overview: str
    changes: tuple[ChangeFinding, ...]
    renumbered: tuple[tuple[str, str, str], ...] = ()
    unaffected: tuple[str, ...] = ()
    impact: ImpactFinding | None = None
    checklist: tuple[str, ...] = ()
    problems: Problems = ()
    anonymous: bool = False
    patch: Mapping[str, object] | None = None

    @property
    def same(self) -> bool:
        """Whether the two mean the same."""
        return not self.changes
