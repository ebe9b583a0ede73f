"""The published JSON of ``run --format json`` as models, and its JSON Schema (``docs/schema/results.json``).

Numbers are strings that hold exact decimals. Additions are free: a reader passes over what it does not know. A change
of what is here needs a new major of ``format_version``.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[
    str,
    Field(
        pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?$",
        description="精确的数，写成文字：9.80；除不尽又不取舍的写成分数：2/3",
    ),
]
Severity = Literal["必须改", "请确认", "提示"]
Kind = Literal["一级指标", "二级指标", "三级指标", "指标", "要点", "过程指标", "加分项", "扣分项"]
State = Literal["有值", "零报告", "未报", "不涉及", "未发生", "未到期", "待定"]


class Document(BaseModel):
    """What every part of the document is: as written, nothing converted."""

    model_config = ConfigDict(strict=True, frozen=True)


class Rulebook(Document):
    """哪一份考评办法."""

    name: str
    version: str
    status: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="办法文件的 SHA-256")]


class Item(Document):
    """一个单位的一项得分；一级、二级指标也各是一项，总分可由各项重新加出."""

    code: str
    parent: str | None = Field(description="上级的编号，最上一级为 null")
    name: str
    kind: Kind
    score: Number | None = Field(description="没有得分为 null（见 state），扣分为负数")
    full: Number | None = Field(description="分值；加减分没有上限的为 null")
    article: str
    line: int = Field(ge=0)
    state: State


class Application(Document):
    """结果运用：这个单位得到什么，不适用的为 null."""

    code: str
    name: str
    value: str | None
    text: str = Field(default="", description="措施的原话；只给数的没有这一项")
    ways: list[str] = Field(default=[], description="方式：综合运用、直接运用、当前运用 …；没有写的没有这一项")
    since: str = Field(default="", description="期限的起算日，2026-01-31；没有期限或不知道哪一天的没有这一项")
    due: str = Field(default="", description="期限的最后一日，2026-02-28；没有期限或不知道哪一天的没有这一项")


class ScopedGrade(Document):
    """对象等次：班子、负责人的等次，没有的为 null."""

    name: str
    grade: str | None


class Unit(Document):
    """一个单位."""

    unit: str
    code: str
    category: str
    total: Number | None
    rank: Number | None = Field(description="不参加排名的、总分待定的为 null")
    grade: str | None
    scoped_grades: list[ScopedGrade] = Field(default=[], description="办法里没有“对象等次”的没有这一项")
    items: list[Item]
    vetoes: list[str]
    applications: list[Application]


class Address(Document):
    """数据里的一格."""

    file: str
    sheet: str
    cell: str


class Related(Document):
    """问题说到的另一处."""

    file: str
    line: int
    column: int
    length: int
    note: str


class Problem(Document):
    """一个问题：办法里的有 line 和 column，数据里的有 address."""

    code: Annotated[str, Field(pattern="^K[0-9]{3}$")]
    severity: Severity
    message: str
    file: str | None
    line: int | None
    column: int | None
    address: Address | None
    place: str
    text: str | None
    length: int | None
    why: str
    mend: str
    related: list[Related]


class AsOf(Document):
    """截至某一天：到那天已到期的几项、共几分，未到期的编号."""

    date: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    due_items: int
    due_points: str
    not_due: list[str]


class Results(Document):
    """一次试算的全部结果."""

    format_version: Annotated[str, Field(pattern=r"^1\.[0-9]+$")]
    rulebook: Rulebook
    provisional: bool = Field(description="有待定的项目是暂按某种办法给的")
    assumed: str | None = Field(default=None, description="暂按什么给；没有暂按的没有这一项")
    as_of: AsOf | None = Field(default=None, description="截至某一天的试算；全年的没有这一项")
    units: list[Unit]
    problems: list[Problem]


def json_schema() -> str:
    """The JSON Schema, the same bytes each time."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Results.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
