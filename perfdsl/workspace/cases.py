"""验算: rulebooks with data and expected results, compared cell by cell as published strings.

A case file is a YAML list beside a rulebook (``2025/验算.yaml``); every scalar in it is text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from perfdsl.model import outputs
from perfdsl.text.problem import Severity
from perfdsl.text.records import dataclass
from perfdsl.text.source import Unreadable, decode, read_bytes
from perfdsl.workspace.as_of import outside
from perfdsl.workspace.evaluate import ASSUMPTIONS, Assumption, Engine, Evaluation, evaluate
from perfdsl.workspace.opening import Opened, open_rulebook

CASE_FILE = "验算.yaml"
MAX_BYTES = 16 * 1024 * 1024


class CaseSpec(BaseModel):
    """One case. ``must`` is the exact list of 必须改 that checking must give: code and a part of the message."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str = Field(alias="名称")
    rulebook: str = Field(alias="办法")
    data: str = Field(default="", alias="数据")
    expected: str = Field(default="", alias="预期")
    assume: Assumption = Field(default="", alias="暂按")
    until: date | None = Field(default=None, alias="截至")
    must: list[str] = Field(default_factory=list, alias="必须改")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A cell that came out otherwise than expected ("" stands for none)."""

    unit: str
    column: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case. ``trouble`` says why it could not be compared, or which 必须改 were not as expected."""

    file: str
    name: str
    compared: int
    mismatches: tuple[Mismatch, ...]
    trouble: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.mismatches and not self.trouble


Published = Callable[[Evaluation, str, int], str]
"""How a cell of an output is printed, "" for none."""


def find(where: Path) -> list[Path]:
    """The case files at or below ``where``.

    Raises:
        Unreadable: there are none.
    """
    found = [where] if where.is_file() else sorted(where.rglob(CASE_FILE))
    if not found:
        raise Unreadable(f"{where}：没有找到 {CASE_FILE}")
    return found


def run_cases(where: Path, published: Published, engine: Engine = "columnar") -> Iterator[CaseResult]:
    """Every case at or below ``where``, one after another."""
    for path in find(where):
        for spec in specs(path):
            yield _run(path, spec, published, engine)


def specs(path: Path) -> list[CaseSpec]:
    """The cases that a case file lists.

    Raises:
        Unreadable: it cannot be read, is no list of cases, or lists none.
    """
    text, _ = decode(read_bytes(path, MAX_BYTES, "验算文件"), path.name)
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)
        found = [CaseSpec.model_validate(one) for one in loaded or []]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "、".join(str(part) for part in first["loc"])
        place = f"“{where}” " if where else ""
        raise Unreadable(f"{path}：验算文件读不懂：{place}{_wrong(first)}") from None
    except (yaml.YAMLError, TypeError, RecursionError) as error:
        raise Unreadable(f"{path}：验算文件读不懂：{(str(error) or '太深').splitlines()[0]}") from None
    if not found:
        raise Unreadable(f"{path}：验算文件里一个验算也没有，至少写名称、办法、预期")
    return found


def _wrong(error: ErrorDetails) -> str:
    match error["type"]:
        case "literal_error":
            return f"只能写 {'、'.join(ASSUMPTIONS)}，写的是 “{error['input']}”"
        case "missing":
            return "没有写"
        case "extra_forbidden":
            return "没有这一栏"
    return "写法不对"


def _run(path: Path, spec: CaseSpec, published: Published, engine: Engine) -> CaseResult:
    opened = open_rulebook(path.parent / spec.rulebook)
    trouble = list(_unexpected(opened, spec.must))
    if not spec.expected:
        return CaseResult(str(path), spec.name, 0, (), tuple(trouble))
    if not opened.sound:
        return CaseResult(str(path), spec.name, 0, (), (*trouble, "有必须改的问题，不能试算"))
    if spec.until is not None and opened.rulebook is not None:
        problem = outside(opened.rulebook, spec.until)
        if problem is not None:
            return CaseResult(str(path), spec.name, 0, (), (*trouble, f"{problem.code} {problem.message}"))
    data = path.parent / spec.data if spec.data else None
    evaluation = evaluate(opened, data, engine=engine, assume=spec.assume, until=spec.until)
    trouble += [f"{one.code} {one.message}" for one in evaluation.problems if one.severity is Severity.MUST]
    compared, mismatches, more = _compare(evaluation, path.parent / spec.expected, published)
    return CaseResult(str(path), spec.name, compared, tuple(mismatches), (*trouble, *more))


def _unexpected(opened: Opened, must: list[str]) -> Iterator[str]:
    """必须改 that were not expected, and expected ones that were not found."""
    left = list(must)
    for problem in opened.problems:
        if problem.severity is not Severity.MUST:
            continue
        told = f"{problem.code} {problem.message}"
        hit = next((one for one in left if _fits(one, problem.code, told)), None)
        if hit is None:
            line = f"（第 {problem.span.line} 行）" if problem.span else ""
            yield f"没有料到的必须改：{told}{line}"
        else:
            left.remove(hit)
    for one in left:
        yield f"料到的必须改没有出现：{one}"


def _fits(expected: str, code: str, told: str) -> bool:
    wanted, _, part = expected.partition(" ")
    return wanted == code and part in told


NAMED = re.compile("^(得分|指标值|分值|状态|结果运用|否决|等次)【(.+)】$")
PLAIN = {"总分": outputs.TOTAL, "基本分": outputs.BASE, "名次": outputs.RANK, "等次": outputs.GRADE}
CODED = {
    "得分": outputs.score,
    "指标值": outputs.value,
    "分值": outputs.full,
    "状态": outputs.state,
    "结果运用": outputs.application,
    "否决": outputs.veto,
    "等次": outputs.scoped,
}


def output_of(heading: str) -> str | None:
    """The output that a heading of an expected file means: ``得分【A01】`` → ``score:A01``."""
    if heading in PLAIN:
        return PLAIN[heading]
    found = NAMED.match(heading)
    return CODED[found.group(1)](found.group(2)) if found else None


def _compare(evaluation: Evaluation, path: Path, published: Published) -> tuple[int, list[Mismatch], list[str]]:
    text, _ = decode(read_bytes(path, MAX_BYTES, "预期文件"), path.name)
    try:
        rows = [row for row in csv.reader(StringIO(text)) if any(row)]
    except csv.Error as error:
        return 0, [], [f"预期文件读不懂：{error}"]
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0, [], ["预期文件里没有可以核对的数：第一行是表头（单位、总分、得分【A01】…），一个单位一行"]
    head, body = rows[0], rows[1:]
    names = {heading: name for heading in head[1:] if (name := output_of(heading)) in evaluation.outcome}
    unknown = [heading for heading in head[1:] if heading not in names]
    if unknown:
        return 0, [], [f"预期文件的表头没有对应的结果：{'、'.join(unknown)}"]
    places = {unit: i for i, unit in enumerate(evaluation.units)}
    mismatches: list[Mismatch] = []
    trouble: list[str] = []
    compared = 0
    for row in body:
        if row[0] not in places:
            trouble.append(f"预期文件里的单位不在名册里：{row[0]}")
        elif len(row) != len(head):
            trouble.append(f"预期文件 “{row[0]}” 一行有 {len(row)} 格，表头有 {len(head)} 格")
        else:
            compared += len(row) - 1
            mismatches += _row(evaluation, places[row[0]], zip(head[1:], row[1:], strict=True), names, published)
    return compared, mismatches, trouble


def _row(
    evaluation: Evaluation,
    place: int,
    cells: Iterable[tuple[str, str]],
    names: Mapping[str, str | None],
    published: Published,
) -> Iterator[Mismatch]:
    for heading, expected in cells:
        found = published(evaluation, names[heading] or "", place)
        if found != expected:
            yield Mismatch(evaluation.units[place], heading, expected, found)


def totals(results: Iterable[CaseResult]) -> tuple[int, int, int]:
    """(cases, compared cells, mismatches)."""
    all_results = list(results)
    return (
        len(all_results),
        sum(one.compared for one in all_results),
        sum(len(one.mismatches) for one in all_results),
    )
