"""The register of readings as text, Markdown and JSON; the JSON as models, and its schema (``docs/schema/choices.json``)."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field

from perfdsl.publish.manual import markdown
from perfdsl.publish.schema import Document
from perfdsl.reports.findings import ChoiceFinding, ChoicesFinding, OtherReading

FORMAT_VERSION = "1.0"
FIRST = 3


class Other(Document):
    """没有选的一种读法；带数据时，换成它会变的单位."""

    reading: str
    tried: bool = Field(description="用数据试过")
    never: bool = Field(description="两种读法的算式相同，不影响任何单位")
    not_alone: str = Field(description="不能单独换的原因；能换的为空")
    score: list[str]
    rank: list[str]
    grade: list[str]
    applications: list[str]


class Chosen(Document):
    """选定的一种读法."""

    code: str
    name: str
    article: str
    line: int = Field(ge=0)
    asks: str
    chosen: str
    problem: Annotated[str, Field(pattern="^K[0-9]{3}$", description="没有写明时程序问的问题")]
    others: list[Other]


class Register(Document):
    """一份考评办法的读法登记."""

    format_version: Annotated[str, Field(pattern=r"^1\.[0-9]+$")]
    name: str
    version: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    units: int | None = Field(description="单位数；没有数据的为 null")
    choices: list[Chosen]


def as_json(found: ChoicesFinding) -> str:
    """Everything, all units by name."""
    made = Register(
        format_version=FORMAT_VERSION,
        name=found.name,
        version=found.version,
        sha256=found.sha256,
        units=found.units,
        choices=[_chosen(one) for one in found.choices],
    )
    return json.dumps(made.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def _chosen(one: ChoiceFinding) -> Chosen:
    return Chosen(
        code=one.code,
        name=one.name,
        article=one.article,
        line=one.line,
        asks=one.asks,
        chosen=one.chosen,
        problem=one.problem,
        others=[
            Other(
                reading=other.reading,
                tried=other.tried,
                never=other.proved,
                not_alone=other.alone,
                score=list(other.score),
                rank=list(other.rank),
                grade=list(other.grade),
                applications=list(other.applied),
            )
            for other in one.others
        ],
    )


def json_schema() -> str:
    """The JSON Schema, the same bytes each time."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Register.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def text(found: ChoicesFinding) -> str:
    """Reading by reading, in the order of the lines."""
    lines = [_head(found)]
    for one in found.choices:
        lines += ["", _place(one), f"  {one.asks}：{one.chosen}（{one.problem}）"]
        lines += [f"    另一读法：{_told(other)}" for other in one.others]
    return "\n".join(lines) + "\n"


def as_markdown(found: ChoicesFinding) -> str:
    """One table."""
    rows = [
        (_place(one), one.asks, one.chosen, "<br>".join(_told(other) for other in one.others), one.problem)
        for one in found.choices
    ]
    return f"# {_head(found)}\n\n" + markdown([("条款", "问题", "选定的读法", "另一读法", "编号"), *rows])


def _head(found: ChoicesFinding) -> str:
    tried = f"，用 {found.units} 个单位的数据试过" if found.units is not None else ""
    return f"{found.name}@{found.version} 读法登记：{len(found.choices)} 处{tried}"


def _place(one: ChoiceFinding) -> str:
    said = " ".join(part for part in (one.article, one.code, one.name) if part) or "开头"
    return f"{said}（第 {one.line} 行）"


def _told(other: OtherReading) -> str:
    if not other.tried:
        return other.reading
    if other.alone:
        return f"{other.reading}：不能单独换（{other.alone}）"
    if other.proved:
        return f"{other.reading}：不影响任何单位（算式相同）"
    kinds = (("得分", other.score), ("名次", other.rank), ("等次", other.grade), ("结果运用", other.applied))
    said = [f"{word} {len(units)} 个（{_names(units)}）" for word, units in kinds if units]
    return f"{other.reading}：" + ("会变 " + "、".join(said) if said else "没有单位会变")


def _names(units: tuple[str, ...]) -> str:
    return "、".join(units[:FIRST]) + (" 等" if len(units) > FIRST else "")
