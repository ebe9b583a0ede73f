"""The published JSON of ``diff --format json`` as models, and its JSON Schema (``docs/schema/diff.json``).

Numbers are strings that hold exact decimals (-2.00); what is not there is null. Additions are free: a reader passes over
what it does not know. A change of what is here needs a new major of ``format_version``.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from perfdsl.publish.schema import Document, Number, Problem

How = Literal["新增", "删除", "修改", "改名", "移动", "拆分", "合并", "附表"]
ClassName = Literal["仅措辞", "证明等价", "影响得分", "影响名次", "影响等次", "影响范围", "影响结果运用", "不能判定"]
Presence = Literal["两年都有", "只在新的一份", "只在旧的一份"]


class Side(Document):
    """对照的一份考评办法."""

    name: str
    version: str
    year: str = Field(description="年度，没有写的为空")
    status: str
    sha256: str
    file: str
    data: str | None = Field(description="数据所在，没有试算的为 null")


class Clause(Document):
    """一条条款：在旧的一份、或者新的一份里."""

    code: str
    name: str
    article: str
    text: str = Field(description="条文：原文；没有写原文的为空")


class FieldChange(Document):
    """写得不同的一处；没有的一边为空."""

    where: str
    old: str
    new: str
    words: str


class ChangeClass(Document):
    """修订的类别；direct 为 false 的是经过总分、名额或其他单位的影响."""

    name: ClassName
    direct: bool


class Cell(Document):
    """最小例的一格；baseline 是通常的数，相同的为 null."""

    column: str
    value: str
    baseline: str | None


class Result(Document):
    """前后不同的一个结果."""

    what: str
    old: str | None
    new: str | None


class CaseOfUnit(Document):
    """最小例里的一个单位."""

    unit: str
    base: str | None = Field(description="没有写出的格取自哪里，不照哪个单位的为 null")
    cells: list[Cell]
    results: list[Result]


class Witness(Document):
    """结果不同的最小的情形；没有找到的 units 为空，见 sentence."""

    sentence: str
    units: list[CaseOfUnit]
    tried: int = Field(ge=0, description="试了多少个例子")


class Change(Document):
    """一条修订."""

    number: int = Field(ge=1)
    how: How
    block: str
    sentence: str
    old: Clause | None = Field(description="新增的为 null")
    new: Clause | None = Field(description="删除的为 null")
    fields: list[FieldChange]
    guessed: bool = Field(description="新旧两条只是看着像对应上的")
    reason: str
    classes: list[ChangeClass]
    basis: str
    duties: list[str] = Field(
        default=[], description="换了谁来做的：评分单位、责任单位、数据来源、认定单位；不只换了单位的写认定"
    )
    needs: list[int] = Field(description="须一并修订的各条的 number")
    units: int = Field(ge=0, description="单独影响多少个单位的总分")
    reached: int = Field(ge=0, description="单独影响多少个单位的总分、名次、等次、否决或结果运用")
    impact: str
    witness: Witness | None


class Renumbered(Document):
    """只改了编号的."""

    old: str
    new: str
    name: str


class Moved(Document):
    """数据变动使一项的得分变了多少."""

    code: str
    name: str = Field(description="编号里已经写明的为空")
    moved: Number


class Effect(Document):
    """归因账的一行；change 为 0 的是数据变动. 各行的 together 之和等于 delta."""

    change: int = Field(ge=0)
    name: str
    alone: Number | None = Field(description="单独影响，不能单独算的为 null")
    together: Number = Field(description="叠加影响，或精确分摊")
    items: tuple[Moved, ...] = Field(description="数据变动由哪几项得分变动引起；汇总、封顶、取舍不在内")


class Shift(Document):
    """一个单位的前后."""

    unit: str
    category: str
    presence: Presence
    old_total: Number | None
    new_total: Number | None
    delta: Number | None
    old_rank: str | None
    new_rank: str | None
    rank_span: str | None
    old_grade: str | None
    new_grade: str | None
    effects: list[Effect]
    why: str
    edge: str = Field(description="离等次线多近，压在线上的也写")
    held: str = Field(default="", description="总分够更高的等次，名额满了")
    old_category: str | None = Field(default=None, description="上年的类别；没有变的为 null")
    applications: list[Result]
    open: str


class Quota(Document):
    """一个等次在一组里的名额."""

    group: str
    grade: str
    old_places: str | None
    new_places: str | None
    old_seats: str | None = Field(description="名额是多少个")
    new_seats: str | None
    old_cut: str = Field(description="实评比名额多或少的原因（末位同分、空出）")
    new_cut: str
    old_taken: int
    new_taken: int
    old_last: str | None = Field(description="评上的末位总分")
    new_last: str | None
    entered: list[str]
    left: list[str]


class Reach(Document):
    """一条修订影响到的一个单位：没有这条修订、有这条修订的结果. 没有的为 null，待定一类写状态的词."""

    change: int = Field(ge=1, description="修订的 number")
    way: str = Field(description="在哪一年的数据上、别的修订改了没有")
    unit: str
    old_total: str | None
    new_total: str | None
    delta: Number | None = Field(description="总分之差；有一边没有总分的为 null")
    old_rank: str | None
    new_rank: str | None
    old_grade: str | None
    new_grade: str | None
    others: list[Result] = Field(description="不同的否决、结果运用")


class GradeCount(Document):
    """多少个单位评上这个等次."""

    grade: str
    units: int


class Corner(Document):
    """新旧办法 × 新旧数据的一格."""

    rules: str
    data: str
    units: int
    mean: Number | None
    grades: list[GradeCount]
    note: str


class Impact(Document):
    """对各单位的影响."""

    comparable: str
    method: str
    shapley: bool = Field(description="together 是精确分摊（Shapley 值），不是按次序的叠加影响")
    filled: str
    square: list[Corner]
    units: list[Shift]
    quotas: list[Quota]
    reach: list[Reach] = Field(default=[], description="每条修订影响到的各个单位")


class Terms(Document):
    """旧办法先换成新办法的说法：编号（旧 → 新）、列名（表、旧、新）、日期后移的年数、改了名称的单位（附表、旧、新）、
    改了名称的类别（旧 → 新）、随它改名的等次表（旧 → 新）、填类别的各列里的词（表、列、旧、新）."""

    codes: dict[str, str]
    columns: list[tuple[str, str, str]]
    years: int
    units: list[tuple[str, str, str]]
    categories: dict[str, str] = Field(default={})
    schemes: dict[str, str] = Field(default={})
    words: list[tuple[str, str, str, str]] = Field(default=[])


class Part(Document):
    """办法里不同的一处：old、new 是模型里的内容，没有的为 null."""

    key: list[str]
    old: Any
    new: Any


class Patch(Document):
    """由旧办法得出新办法所需的全部：换说法以后，逐处换成 new. 对象里的 $ 是类名，is 是内容，省略的栏取默认."""

    terms: Terms
    parts: list[Part]
    order: list[list[str]] = Field(description="没有编号的各处的先后；不变的为空")


class Review(Document):
    """两份考评办法的对照."""

    format_version: Literal["1.0"] = Field(description="增加的内容不改版本，改动才改第一位")
    old: Side
    new: Side
    same: bool
    anonymous: bool
    overview: str
    changes: list[Change]
    renumbered: list[Renumbered]
    unaffected: list[str]
    impact: Impact | None = Field(description="没有试算的为 null")
    checklist: list[str]
    problems: list[Problem]
    patch: Patch | None = Field(default=None, description="匿名的为 null")


def json_schema() -> str:
    """The JSON Schema, the same bytes each time."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Review.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
