"""原文 against the fields: the numbers of the official wording must stand in the fields, and those of 计分 in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from perfdsl.syntax.lexer import chinese_number
from perfdsl.syntax.nodes import Block, FieldNode, Tree
from perfdsl.text.catalogue import remarks as say
from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem
from perfdsl.text.source import folded

OFFICIAL = "official"
TALK = frozenset(("article", "basis", "reason", "replaces", "document", "scorer", "responsible", "source", OFFICIAL))
"""Fields that say where a rule comes from and who works with it; their numbers are no part of it."""
SCORING = frozenset(("score", "points", "checklist", "quota", "cap", "floor"))

_NOT_AMOUNTS = re.compile(
    r"〔[^〕]*〕|\[[^\]]*\]|《[^》]*》|【[^】]*】|第?[0-9零〇一二三四五六七八九十百]+(?:号|条|款|项(?=[^目]|$)|期)"
    r"|[0-9]{4}年(?:度)?|[0-9]{1,2}月(?:[0-9]{1,2}[日号]?)?|^[ ]*[0-9]+[.、]|\([一二三四五六七八九十0-9]+\)"
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CHINESE = re.compile(r"百分之([零〇一二两三四五六七八九十百]+)|([零〇一二两三四五六七八九十百千]+)")
USUAL = frozenset((Fraction(0), Fraction(1), Fraction(100)))
"""Numbers that are often left unsaid: 每有 1 件 is 每件."""


def official_wording(tree: Tree) -> Iterator[Problem]:
    """Numbers that the two do not share, for each block that has both."""
    methods = [number for block in tree.blocks if block.kind == "method" for number in _of_block(block, TALK)]
    for block in tree.blocks:
        official = block.field(OFFICIAL)
        if official is None or block.kind == "rulebook":
            continue
        held = {*_of_block(block, TALK), *_spelt(_texts(block, TALK)), *methods}
        wanted = dict.fromkeys(numbers(official.value.text))
        missing = [one for one in wanted if not _there(one, held)]
        if missing:
            yield say.official_number(official.value.span, [_shown(one, official.value.text) for one in missing])
            continue
        said = {*wanted, *_spelt([official.value.text])}
        scored = dict.fromkeys(_of_block(block, TALK, SCORING))
        if not any(one in said for one in scored):
            continue  # the wording speaks of something else
        full = set(_numbers_of(note.text for note in block.notes))
        left = [one for one in scored if not _there(one, said) and one not in USUAL and one not in full]
        if left:
            field = block.field("score") or official
            yield say.official_number(field.value.span, [decimal(one) for one in left], scored=True)


def numbers(text: str) -> list[Fraction]:
    """The amounts that a sentence names in figures; numbers of documents, articles and days are none."""
    plain = _NOT_AMOUNTS.sub(" ", re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", folded(text)))
    return [Fraction(found) for found in _NUMBER.findall(plain)]


def _there(number: Fraction, held: Iterable[Fraction]) -> bool:
    return number in held or number / 100 in held or number * 100 in held


def _spelt(texts: Iterable[str]) -> Iterator[Fraction]:
    """The amounts that are written in Chinese figures."""
    for text in texts:
        for hundredth, plain in _CHINESE.findall(text):
            number = chinese_number(hundredth or plain)
            if number is not None:
                yield Fraction(number)


def _of_block(block: Block, without: frozenset[str], only: frozenset[str] | None = None) -> Iterator[Fraction]:
    yield from _numbers_of(_texts(block, without, only))


def _numbers_of(texts: Iterable[str]) -> Iterator[Fraction]:
    for text in texts:
        for found in _NUMBER.findall(folded(text)):
            yield Fraction(found)


def _texts(block: Block, without: frozenset[str], only: frozenset[str] | None = None) -> Iterator[str]:
    if only is None:
        yield from (note.text for note in block.notes)
        yield from (cell.text for row in block.rows for cell in row.cells)
        yield block.name.text
    for field in block.fields:
        if field.key not in without and (only is None or field.key in only):
            yield from _field(field)


def _field(field: FieldNode) -> Iterator[str]:
    yield field.value.text
    yield from (item.text for item in field.items)
    yield from (cell.text for row in field.rows for cell in row.cells)


def _shown(number: Fraction, text: str) -> str:
    """The number as it is written."""
    found = next((one for one in _NUMBER.findall(folded(text)) if Fraction(one) == number), decimal(number))
    percent = re.search(rf"(?<![0-9.]){re.escape(found)}[ ]*(%|％|个百分点|分|件|次|天)", folded(text))
    unit = percent.group(1) if percent else ""
    return f"{found} {unit}" if unit and unit not in "%％" else found + unit
