"""The officers' manual: every example in it is run, and nothing of the language is missing from it.

Fenced blocks: ``perf 名.perf`` is a whole rulebook, ``perf 框`` the frame, ``perf 片段`` a part that stands below the
frame, ``perf 片段 开头`` fields that replace the frame's of the same name, ``perf 会问 K203`` a part of which checking says just that.
``perf 被引用 定义.perf`` is a file that the example above includes. Below stand its files (``csv 数据/实绩.csv``, ``csv 数据/全部.xlsx 实绩`` for one sheet, ``yaml 数据/data.yaml``), a table
whose first columns are 数据/实绩.csv and whose last ones are results, a table “不涉及 写成” with what other words in that
field would give or what is asked about them, and ``text`` blocks that begin with a command; a line ``……`` in one stands
for lines left out.

``python tests/test_manual.py`` makes the generated tables of the manual anew.
"""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from perfdsl.clauses import KINDS
from perfdsl.publish.manual import refilled
from perfdsl.publish.pages import entries
from perfdsl.text.problem import Severity
from perfdsl.tools.cli import group
from perfdsl.tools.verbs import ALIASES, COMMANDS
from perfdsl.workspace.opening import open_rulebook, words
from perfdsl.workspace.wordlist import manual_tables

MANUAL = Path(__file__).parents[1] / "docs" / "手册.md"
README = Path(__file__).parents[1] / "README.md"
ASKED = "程序问"
RESULTS = ("得分", "总分", "名次", "等次", "领导班子等次", "结果运用")
FENCE = re.compile(r"^```(\w+) ?(.*)$")


@dataclass
class Example:
    """One ``perf`` block and what stands below it. ``note`` is what follows ``perf`` (a file name, 片段, 会问 …)."""

    line: int
    note: str
    text: str
    files: list[tuple[str, str]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    variants: list[list[list[str]]] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.note if self.note.endswith(".perf") else "例.perf"


def blocks() -> Iterator[tuple[int, str, str, str]]:
    """(line, language, note, text) of each fenced block and of each table (language ``|``)."""
    lines = MANUAL.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        start, found = at + 1, FENCE.match(lines[at])
        if found:
            end = next(i for i in range(at + 1, len(lines)) if lines[i] == "```")
            yield start, found[1], found[2].strip(), "".join(f"{line}\n" for line in lines[at + 1 : end])
            at = end
        elif lines[at].startswith("|"):
            end = next((i for i in range(at, len(lines)) if not lines[i].startswith("|")), len(lines))
            yield start, "|", "", "\n".join(lines[at:end])
            at = end - 1
        elif lines[at].startswith("#"):
            yield start, "#", "", lines[at].lstrip("#").strip()
        at += 1


def varied(one: Example, table: list[list[str]], row: list[str]) -> Example:
    """``one`` with the field that ``table`` varies as ``row`` has it, and what that row says of one unit."""
    label = table[0][0].removesuffix(" 写成")
    text, count = re.subn(f"(  {label}：).*", lambda found: found[1] + row[0], one.text)
    assert count == 1, label
    results = [] if table[0][1] == ASKED else [[table[0][1:], row[1:]]]
    return replace(one, text=text, tables=[*one.tables[:1], *results], variants=[], sessions=[])


def _result(head: str) -> tuple[str, str] | None:
    """What a heading asks of the results: (得分, code), (总分, "") …"""
    found = re.fullmatch(f"({'|'.join(RESULTS)})(?:【(.+)】)?", head)
    return (found[1], found[2] or "") if found else None


def examples() -> list[Example]:
    """Every example of the manual, in order. A heading ends what belongs to the one before."""
    found: list[Example] = []
    current: Example | None = None
    for line, language, note, text in blocks():
        if language == "perf" and note.startswith("被引用 "):
            assert current is not None, f"第 {line} 行：这一块不属于任何例子"
            current.files.append((f"../{note.removeprefix('被引用 ')}", text))
        elif language == "perf":
            current = Example(line, note, text)
            found.append(current)
        elif language == "#":
            current = None
        elif current is None:
            assert language == "|" or not note, f"第 {line} 行：这一块不属于任何例子"
        elif language in ("csv", "yaml"):
            current.files.append((note, text))
        elif language == "text":
            current.sessions.append(text)
        elif language == "|":
            rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines()]
            if rows[0][0] == "单位" and _result(rows[0][-1]):
                current.tables.append([rows[0], *rows[2:]])
            elif rows[0][0].endswith("写成"):
                current.variants.append([rows[0], *rows[2:]])
    return found


EXAMPLES = examples()
FRAME = next(one.text for one in EXAMPLES if one.note == "框")


SOMETHING = "指标 工作（10 分）【A01】\n  计分：达到得满分，否则不得分\n"


def whole(one: Example) -> str:
    """The rulebook of an example: a part stands below the frame, fields alone replace those of the frame's header."""
    if one.note.endswith(".perf"):
        return one.text
    if one.note == "框":
        return one.text + SOMETHING
    if one.note != "片段 开头":
        return FRAME + one.text
    header, _, rest = FRAME.partition("附表")
    mine = {_label(line): line for line in one.text.splitlines()}
    lines = [mine.pop(_label(line), line) for line in header.splitlines()]
    return "\n".join([*lines, *mine.values()]) + f"\n附表{rest}{SOMETHING}"


def _label(line: str) -> str:
    return re.split("[：:]", line.strip())[0]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _lay(one: Example, folder: Path) -> Path:
    """Write the rulebook of ``one`` and its files."""
    path = folder / one.name
    _write(path, whole(one))
    beside = path.with_suffix("")
    books: dict[str, list[tuple[str, str]]] = {}
    for name, text in one.files:
        file, _, sheet = name.partition(" ")
        if file.endswith(".xlsx"):
            books.setdefault(file, []).append((sheet, text))
        else:
            _write(beside / file, text)
    for file, sheets in books.items():
        (beside / file).parent.mkdir(parents=True, exist_ok=True)
        book = Workbook(write_only=True)
        for sheet, text in sheets:
            made = book.create_sheet(sheet)
            for row in csv.reader(text.splitlines()):
                made.append(row)
        book.save(beside / file)
    for table in one.tables[:1]:
        given = [at for at, head in enumerate(table[0]) if _result(head) is None]
        if len(given) > 1:
            _write(beside / "数据" / "实绩.csv", "".join(",".join(row[at] for at in given) + "\n" for row in table))
    (beside / "数据").mkdir(parents=True, exist_ok=True)
    return path


def perfdsl(command: str) -> str:
    """What a command prints, on both channels."""
    return CliRunner().invoke(group, shlex.split(command)).output


def said(path: Path) -> list[tuple[str, str]]:
    """What checking says (code, message), hints left out."""
    return [(one.code, one.message) for one in open_rulebook(path).problems if one.severity is not Severity.HINT]


LEFT_OUT = re.compile("^……\n", re.MULTILINE)


def shown_in(output: str, printed: str) -> bool:
    """Whether the lines of ``output`` stand in ``printed`` in this order, with others only where a line ``……`` is."""
    pieces = LEFT_OUT.split(output)
    if not printed.startswith(pieces[0]) or not printed.endswith(pieces[-1]):
        return False
    at = 0
    for piece in pieces:
        found = printed.find(piece, at)
        if found < 0 or (piece and found and printed[found - 1] != "\n"):
            return False
        at = found + len(piece)
    return True


def test_lines_are_left_out_only_where_it_is_said() -> None:
    printed = "a\nb\nc\n"
    assert shown_in("a\n……\nc\n", printed) and shown_in("……\nb\n……\n", printed)
    assert not shown_in("a\nc\n……\n", printed) and not shown_in("……\nc\n……\nb\n……\n", printed)
    assert not shown_in("b\n……\n", printed) and not shown_in("……\nb\n", printed)


def codes(path: Path) -> list[str]:
    """The codes of what checking says."""
    return [code for code, _ in said(path)]


def calculated(path: Path) -> dict[str, dict[tuple[str, str], str]]:
    """Unit → what was asked for → how it is printed; a score that is not there says its state."""
    found = json.loads(CliRunner().invoke(group, ["run", str(path), "--format", "json"]).stdout)
    made: dict[str, dict[tuple[str, str], str]] = {}
    for unit in found["units"]:
        cells = {("总分", ""): unit["total"], ("名次", ""): unit["rank"], ("等次", ""): unit["grade"]}
        for one in unit.get("scoped_grades", []):
            cells[f"{one['name']}等次", ""] = one["grade"]
        cells |= {("结果运用", one["code"]): one["value"] for one in unit["applications"]}
        for item in unit["items"]:
            cells["得分", item["code"]] = item["score"] or item["state"]
        made[unit["unit"]] = {key: cell or "—" for key, cell in cells.items()}
    return made


def first_code(one: Example) -> str:
    """The code of the first item of an example, whose score is meant by a bare 得分."""
    return next(iter(re.findall("^(?:指标|加分项|扣分项|个性指标) .*【(.+)】", one.text, re.MULTILINE)), "")


def results_of(one: Example, path: Path) -> list[list[list[str]]]:
    """The result tables of ``one`` with what was calculated in the place of what is written."""
    if not one.tables:
        return []
    found = calculated(path)
    made = []
    for table in one.tables:
        rows = [table[0]]
        for row in table[1:]:
            cells = []
            for head, cell in zip(table[0], row, strict=True):
                asked = _result(head)
                if asked and asked[0] == "得分" and not asked[1]:
                    asked = ("得分", first_code(one))
                cells.append(found[row[0]].get(asked, "—") if asked else cell)
            rows.append(cells)
        made.append(rows)
    return made


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: f"第{one.line}行")
def test_an_example_is_what_it_says(one: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = _lay(one, tmp_path)
    expected = one.note.removeprefix("会问").split() if one.note.startswith("会问") else []
    assert codes(path) == expected
    assert results_of(one, path) == one.tables
    for table in one.variants:
        for row in table[1:]:
            other = varied(one, table, row)
            _lay(other, tmp_path)
            if table[0][1] == ASKED:
                assert said(path) == [(row[2], row[1])]
            else:
                assert codes(path) == []
                assert results_of(other, path)[1] == [table[0][1:], row[1:]]
    for session in one.sessions:
        command, _, output = session.partition("\n")
        assert command.startswith("$ perfdsl "), f"第 {one.line} 行：输出的第一行应为命令"
        printed = perfdsl(command.removeprefix("$ perfdsl "))
        if "……\n" in output:
            assert shown_in(output, printed), printed
        else:
            assert printed == output


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: f"第{one.line}行")
def test_an_example_is_in_canonical_layout(one: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = _lay(one, tmp_path)
    perfdsl(f"fmt {one.name}")
    assert path.read_text(encoding="utf-8") == whole(one)


# ---- nothing is missing


def headings() -> set[str]:
    """Every word that a heading of the manual names."""
    lines = MANUAL.read_text(encoding="utf-8").splitlines()
    return {word for line in lines if line.startswith("#") for word in re.split("[、，：]", line.lstrip("# "))}


def test_every_way_of_scoring_and_every_kind_of_block_has_its_section() -> None:
    named = {kind.form.name.canonical for kind in KINDS} | {word.canonical for word in words().headers.values()}
    assert named - headings() == set()


def test_every_field_has_its_section() -> None:
    assert {label.word.canonical for label in words().labels.values()} - headings() == set()


def test_every_column_of_a_table_in_a_block_is_mentioned() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    assert [word.canonical for word in words().columns.values() if word.canonical not in text] == []


def test_every_phrase_that_belongs_to_one_way_of_scoring_is_mentioned() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    assert [word.canonical for kind in KINDS for word in kind.form.phrases if word.canonical not in text] == []


def test_every_command_and_option_is_mentioned() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    said = set(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)))
    missing = []
    for alias, name in ALIASES.items():
        command = group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        options = [spelling for one in command.params if one.param_type_name == "option" for spelling in one.opts]
        missing += [spelling for spelling in (name, alias, *options) if spelling not in said]
    assert missing == []
    assert COMMANDS


def test_the_problems_it_names_exist() -> None:
    known = {entry.code for entry in entries()}
    assert set(re.findall(r"\bK[0-9]{3}\b", MANUAL.read_text(encoding="utf-8"))) - known == set()


def test_the_files_of_an_out_folder_are_those_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = next(one for one in EXAMPLES if one.note.endswith(".perf"))
    _lay(one, tmp_path)
    perfdsl(f"run {one.name} --out 结果")
    section = MANUAL.read_text(encoding="utf-8").split("## 结果文件夹", 1)[1].split("\n#", 1)[0]
    listed = re.findall(r"^\| `(.+?)` \| (.*?) \|", section, re.MULTILINE)
    assert {name for name, _ in listed} == {path.name for path in (tmp_path / "结果").iterdir()}
    for name, columns in listed:
        if name.endswith(".csv"):
            first = (tmp_path / "结果" / name).read_text(encoding="utf-8-sig").splitlines()[0]
            assert first.startswith(columns.split("，再")[0].replace("、", ",")), name


def test_the_generated_tables_are_fresh() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    assert refilled(text, manual_tables()) == text


def test_it_can_be_printed_everywhere_and_is_found_from_the_readme() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    text.encode("cp936")
    assert re.findall("报错|解析|字段|节点|缺省|空值|枚举|标识符", text) == []
    assert "docs/手册.md" in README.read_text(encoding="utf-8")


if __name__ == "__main__":
    MANUAL.write_text(refilled(MANUAL.read_text(encoding="utf-8"), manual_tables()), encoding="utf-8", newline="\n")
