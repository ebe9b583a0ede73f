"""The language as it is shown in its reference: how each segment is written, and blocks of rulebooks that use it.

Nothing here says what a word means: words and forms come from the vocabulary and the registry, examples from
rulebooks whose results the tests hold against results worked by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from perfdsl.clauses import KINDS
from perfdsl.compile.match import takes
from perfdsl.compile.tables import FREQUENCIES, OPTIONAL, SIGNED, TO_YEAR
from perfdsl.model.table import ToYear
from perfdsl.syntax.frame import parse
from perfdsl.syntax.lexer import Names
from perfdsl.syntax.nodes import Block, Phrase, Segment, Written
from perfdsl.syntax.shapes import read
from perfdsl.syntax.vocabulary import grammar_dir
from perfdsl.text.form import Slot
from perfdsl.text.records import dataclass
from perfdsl.text.source import Source, Span, read_source
from perfdsl.workspace.coverage import clauses_in, coverage
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.opened import block_at
from perfdsl.workspace.opening import open_rulebook, words

OTHERS = ("示例市/2025.perf", "示例市/2024.perf", "十项全能/十项全能.perf")
"""Rulebooks beside those of entries whose results are held against results worked by hand."""
LONGEST = 24
"""Lines of a block that is shown by preference; a longer one only where there is no other."""

SAMPLES = (
    "得 3 分",
    "达到得满分",
    "未达到不得分",
    "不低于 90% 得满分",
    "达到目标值得满分",
    "按时报送得满分",
    "2025年12月20日前报送得满分",
    "逾期不得分",
    "否则不得分",
    "持平得 1.5 分",
    "未发生得满分",
    "未发生不得分",
    "每低 1 个百分点扣 0.5 分",
    "每超 1 个百分点加 0.5 分",
    "每有 1 件扣 1 分",
    "每有 1 件加 1 分",
    "每次得 1 分",
    "每次扣 1 分",
    "国家级每次 3 分",
    "每次最多 3 分",
    "主办按 100%",
    "主管部门按 50%",
    "第 1 名得 10 分",
    "第 1 至 3 名得 10 分",
    "第 1 次扣 1 分",
    "不足 1 个百分点的按比例计",
    "按 12 个月累计",
    "最高 3 分",
    "最高加 3 分",
    "最多扣 3 分",
    "最低 0 分",
    "总分最低 0 分",
    "按名次得 3、2、1 分",
    "前 3 名依次加 3、2、1 分",
    "第一名得满分",
    "最后一名得 1 分",
    "最高者得满分",
    "0.5 分一档",
    "2 篇",
    "其间按插值从 1 分到 3 分",
    "限于 0 至 9 分",
    "保留 0 位",
    "不得评为 “优秀”",
    "等次定为 “不合格”",
    "等次不高于 “良好”",
    "等次降 1 个等次",
    "直接评为 “优秀”",
    "【A01】不得分",
    "按事项编号",
    "至少 2 项",
    "不低于 90 分的最多 3 个",
)
"""Segments as they are written, one or several for each shape; a test holds every slot of the registry against them."""

NAMES = Names(
    names=frozenset({"主管部门", "事项编号"}),
    choices=frozenset({"国家级", "主办"}),
    objects=frozenset({"按时报送", "报送", "合格"}),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A block in both languages (a line: in Chinese). ``path`` is the file's, as seen from the folder above the rulebooks."""

    path: str
    chinese: str
    english: str


# ---- how a segment is written


def ways(slot: Slot) -> tuple[tuple[str, str], ...]:
    """How the segment of a slot is written, in Chinese and English."""
    if slot.shape == "word":
        keys = next((allowed for name, allowed in slot.where if name == "key"), ())
        phrases = words().phrases
        return tuple((phrases[key].canonical, phrases[key].english) for key in keys)
    found = [(text, english) for text, english, segment in _samples() if takes(slot, segment)]
    kinds = next((len(allowed) for name, allowed in slot.where if name.endswith("kind")), 1)
    return tuple(found[: max(1, kinds)])


@lru_cache(maxsize=1)
def _samples() -> tuple[tuple[str, str, Segment], ...]:
    english = in_english(SAMPLES)
    made = []
    for text, spelt in zip(SAMPLES, english, strict=True):
        node, _ = read("phrase", _written(text), words(), NAMES)
        if isinstance(node, Phrase):
            made.append((text, spelt, node.clauses[0][0]))
    return tuple(made)


def in_english(phrases: Iterable[str]) -> list[str]:
    """Phrases in the English words of the language; a phrase that does not read alone stays as it is."""
    head = "台账 事项（每个事项一行）\n  列：级别（国家级、省级）、角色（主办、协办）、主管部门、事项编号\n"
    made = []
    for phrase in phrases:
        text = formatted(Source("", f"{head}指标 甲（9 分）\n  计分：{phrase}\n"), "en")[0].splitlines()[-1]
        made.append(text.split("：", 1)[-1].split(":", 1)[-1].strip())
    return made


_TO_YEAR = {
    ToYear.SUM: "全年的数：各期相加",
    ToYear.MEAN: "全年的数：各期的平均",
    ToYear.LAST: "全年的数：最后一期的",
    ToYear.RUNNING: "各期填的是从年初起的累计数，全年取最后一期",
}
NOTES = {
    OPTIONAL: "空着不算漏报",
    SIGNED: "几件、几人的增减，可以填负数",
    "曾用名 “旧名”": "以前叫什么：表头写旧名的也读，和上年对照时是同一栏",
    **dict.fromkeys(
        sorted(FREQUENCIES, key=["每日", "每周", "每旬", "每月", "每季", "每季度", "每半年", "每年"].index),
        "多久报一次",
    ),
    **{note: _TO_YEAR[way] for note, way in TO_YEAR.items()},
}
"""What may stand in the brackets behind a column besides unit, source and choices, and what it says."""


def column_notes() -> tuple[str, ...]:
    """The notes of a column, in the order of :data:`NOTES`."""
    return tuple(NOTES)


def unit_groups() -> tuple[tuple[str, ...], ...]:
    """The measure words known without declaration, as keywords.yaml groups them."""
    loaded = yaml.load((grammar_dir() / "keywords.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return tuple(tuple(group) for group in loaded["units"])


def _written(text: str) -> Written:
    return Written(text, Span(Source("", text), 0, len(text)))


# ---- examples


def examples(root: Path, manual: Path) -> Mapping[str, Shown]:
    """Clause kind → the block that shows it best: of an entry that names it, short, in a rulebook that is run.

    A kind that no rulebook uses has the example of its section in the manual.
    """
    wanted = {kind.key: kind for kind in KINDS}
    found: dict[str, tuple[tuple[bool, bool, int], Path, int, str]] = {}
    for path, named in _paths(root):
        opened = open_rulebook(path)
        own = [block for block in opened.tree.blocks if block.span.source is opened.source]
        texts = _cut(opened.source.text, own)
        scheme = [("grades", block) for block in own if block.kind == "grades"]
        clauses = [(one.kind, one.span) for one in clauses_in(opened) if one.span is not None]
        for key, block in (*((key, block_at(span, own)) for key, span in clauses), *scheme):
            if key not in wanted or block is None:
                continue
            at = own.index(block)
            length = texts[at].count("\n")
            rank = (key not in named, length > LONGEST, length)
            if key not in found or rank < found[key][0]:
                found[key] = (rank, path, at, texts[at])
    made = {key: Shown(_below(path, root), text, _english(path)[at]) for key, (_, path, at, text) in found.items()}
    sections = dict(_fences(manual))
    for key, kind in wanted.items():
        text = sections.get(kind.form.name.canonical)
        if key not in made and text is not None:
            made[key] = _shown(text, manual)
    return made


def function_lines(root: Path, manual: Path) -> Mapping[str, Shown]:
    """Function → the shortest line that uses it, of a rulebook that is run or of an example of the manual."""
    found: dict[str, tuple[tuple[bool, int], str, str]] = {}
    texts = [(_below(path, root), read_source(path, path.name).text) for path, _ in _paths(root)]
    texts += [(f"docs/{manual.name}", text) for _, text in _fences(manual, whole=True)]
    for word in words().words["FUNCTION"]:
        spelt = "|".join(map(re.escape, (word.canonical, *word.accepted)))
        used = re.compile(rf"(?<![\u4e00-\u9fff])(?:{spelt})（")
        for path, text in texts:
            for line in map(str.strip, text.splitlines()):
                rank = (path.startswith("docs"), len(line))
                told = "：" in line and not line.startswith(("#", "|", "原文", "列：", "依据")) and used.search(line)
                if told and (word.key not in found or rank < found[word.key][0]):
                    found[word.key] = (rank, path, line)
    return {key: Shown(path, line, "") for key, (_, path, line) in found.items()}


RECIPES = "拿不准怎样写的规则"
"""The chapter of the manual on rules that take several words together."""


def frame(manual: Path) -> Shown:
    """What the parts that the manual shows stand below."""
    found = re.search(r"^```perf 框\n(.*?)^```$", manual.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return _shown(found[1] if found else "", manual)


def recipes(manual: Path) -> Iterator[tuple[str, tuple[str | Shown, ...]]]:
    """(heading, its text and the rulebook parts in it) of each section of the manual's chapter on :data:`RECIPES`."""
    text = manual.read_text(encoding="utf-8")
    chapter = re.search(rf"^# \S*{RECIPES}\n(.*?)(?=^# |\Z)", text, re.MULTILINE | re.DOTALL)
    for section in re.split("^## ", chapter[1] if chapter else "", flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        parts = re.split(r"^```perf 片段\n(.*?)^```$\n", body, flags=re.MULTILINE | re.DOTALL)
        yield heading, tuple(_shown(part, manual) if at % 2 else part for at, part in enumerate(parts))


def _shown(text: str, manual: Path) -> Shown:
    return Shown(f"docs/{manual.name}", text, formatted(Source("", text), "en")[0])


def _paths(root: Path) -> Iterator[tuple[Path, frozenset[str]]]:
    """Rulebooks that are run, with the kinds that their entry names; those of entries first."""
    for one in coverage(root / "写法"):
        if one.entry is not None and one.example is not None:
            yield one.example, frozenset(one.entry.ways)
    for name in OTHERS:
        if (root / name).is_file():
            yield root / name, frozenset()


def _fences(manual: Path, whole: bool = False) -> Iterator[tuple[str, str]]:
    """(heading, text) of each part of a rulebook that the manual shows and that checks clean, the first one last.

    With ``whole`` also the whole rulebooks that it shows.
    """
    notes = r"(?:片段|\S+\.perf)" if whole else "片段"
    found = []
    for section in re.split("^#+ ", manual.read_text(encoding="utf-8"), flags=re.MULTILINE):
        heading = section.split("\n", 1)[0].strip()
        parts = re.findall(rf"^```perf {notes}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        found += [(heading, text) for text in parts]
    yield from reversed(found)


def _below(path: Path, root: Path) -> str:
    return (Path(root.name) / path.resolve().relative_to(root.resolve())).as_posix()


@lru_cache(maxsize=128)
def _english(path: Path) -> list[str]:
    """The blocks of a rulebook in English words."""
    text = formatted(read_source(path, path.name), "en")[0]
    return _cut(text, parse(Source("", text), words())[0].blocks)


def _cut(text: str, blocks: Sequence[Block]) -> list[str]:
    """Each block with its lines; blank lines and comments before the next one are left out."""
    lines = text.splitlines()
    starts = [block.span.line - 1 for block in blocks]
    made = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        part = lines[start:end]
        while part and (not part[-1].strip() or part[-1].lstrip().startswith("#")):
            part.pop()
        made.append("".join(f"{line}\n" for line in part))
    return made
