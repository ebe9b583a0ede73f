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
    """没有选的一种读法；带数据时，换成它会变的单位；试的时候另设的数写在读法里."""

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
    """How much hangs on the readings; then one by one, first those that move most. Without data in the order of the lines."""
    lines = [_head(found)]
    if found.units is not None:
        lines += [f"  {said}" for said in _summary(found)]
    for title, chosen in _parts(found):
        lines += ["", f"{title}（{len(chosen)} 处）"] if title else []
        for one in chosen:
            lines += ["", _place(one), f"  {one.asks}？现在：{one.chosen}（{one.problem}）"]
            lines += [f"    换成“{other.reading}”{_told(other)}" for other in one.others]
    return "\n".join(lines) + "\n"


def as_markdown(found: ChoicesFinding) -> str:
    """The same, a table for each part."""
    lines = [f"# {_head(found)}", ""]
    if found.units is not None:
        lines += [*(f"- {said}" for said in _summary(found)), ""]
    for title, chosen in _parts(found):
        rows = [
            (
                _place(one),
                one.asks,
                one.chosen,
                "<br>".join(f"{other.reading}{_told(other)}" for other in one.others),
                one.problem,
            )
            for one in chosen
        ]
        lines += [f"## {title}（{len(chosen)} 处）", ""] if title else []
        lines += [markdown([("条款", "问题", "现在的读法", "换一种读法", "编号"), *rows])]
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(found: ChoicesFinding) -> str:
    tried = f"，用 {found.units} 个单位的数据试过" if found.units is not None else ""
    return f"{found.name}@{found.version} 读法登记：{len(found.choices)} 处{tried}"


def _parts(found: ChoicesFinding) -> list[tuple[str, list[ChoiceFinding]]]:
    """Readings by what hangs on them, those that would move most units first; one part without a title, without data."""
    if found.units is None:
        return [("", list(found.choices))]
    parts: dict[str, list[ChoiceFinding]] = {title: [] for title in PARTS}
    for one in found.choices:
        parts[_part(one)].append(one)
    return [(title, sorted(chosen, key=_most, reverse=True)) for title, chosen in parts.items() if chosen]


PARTS = ("换了会变等次或结果运用", "换了只变名次或得分", "换了没有单位会变", "不能单独换")


def _part(one: ChoiceFinding) -> str:
    grades, scores, nothing, alone = PARTS
    if any(other.grade or other.applied for other in one.others):
        return grades
    if any(other.units for other in one.others):
        return scores
    return nothing if any(other.tried and not other.alone for other in one.others) else alone


def _most(one: ChoiceFinding) -> tuple[int, ...]:
    """By the other reading that moves most: units whose grade or 结果运用 moves, then all units."""
    return max(((len({*other.grade, *other.applied}), len(other.units)) for other in one.others), default=(0, 0))


def _summary(found: ChoicesFinding) -> list[str]:
    parts = _parts(found)
    said = ["；".join(f"{title} {len(chosen)} 处" for title, chosen in parts)]
    title, chosen = parts[0] if parts else ("", [])
    if title == PARTS[0]:
        first = "；".join(f"{_short(one)} {one.asks}（{_most(one)[0]} 个单位）" for one in chosen[:FIRST])
        said.append(f"等次、结果运用变得最多的：{first}")
    never = sum(1 for one in found.choices for other in one.others if other.proved)
    if never:
        said.append(f"另有 {never} 种读法与现在的算式相同，换了不影响任何单位")
    return said


def _short(one: ChoiceFinding) -> str:
    return " ".join(part for part in (one.article, one.code) if part) or "开头"


def _place(one: ChoiceFinding) -> str:
    said = " ".join(part for part in (one.article, one.code, one.name) if part) or "开头"
    return f"{said}（第 {one.line} 行）"


def _told(other: OtherReading) -> str:
    """What follows the name of another reading."""
    if other.alone:
        return f"：{other.alone}" if not other.tried else f"：不能单独换（{other.alone}）"
    if not other.tried:
        return ""
    if other.proved:
        return "：不影响任何单位（算式相同）"
    kinds = (("等次", other.grade), ("结果运用", other.applied), ("名次", other.rank), ("得分", other.score))
    said = [f"{word} {len(units)} 个（{_names(units)}）" for word, units in kinds if units]
    return "：" + ("会变" + "、".join(said) if said else "没有单位会变")


def _names(units: tuple[str, ...]) -> str:
    return "、".join(units[:FIRST]) + (" 等" if len(units) > FIRST else "")
