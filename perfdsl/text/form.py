"""Words and forms: what a field, a header or a clause kind is called, and the shape of what stands in it.

A clause kind is data here: lexer, formatter, highlighter, reference and diff read its :class:`Form` and change
for none. The shapes are a closed set, the start rules of ``grammar/shapes.lark``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the language. ``key`` is what the machine calls it; every spelling means the same.

    The formatter prints ``canonical`` (or ``english`` in an English rulebook).
    """

    key: str
    canonical: str
    accepted: tuple[str, ...] = ()
    english: str = ""

    @property
    def spellings(self) -> Iterator[str]:
        """Every way to write it."""
        yield self.canonical
        yield from self.accepted
        if self.english:
            yield self.english


class Shape(Enum):
    """The closed set of value shapes; each is a start rule of ``grammar/shapes.lark``."""

    TEXT = "text"  # free words, kept as written
    NAMES = "names"  # 市水利局、市环保局
    COLUMNS = "columns"  # 按时办结件数（件，每月）、类型（事故、其他）
    EXPRESSION = "expression"  # 固投完成额 ÷ 固投目标额
    CONDITION = "condition"  # 类别 为 “区县” 且 得分 ≥ 60
    PHRASE = "phrase"  # 达到得满分；每低 1 个百分点扣 0.5 分，扣完本指标为止
    PERIOD = "period"  # 2025年1月1日至2025年12月31日


@dataclass(frozen=True, slots=True)
class Label:
    """A field: its word and the shape of its value."""

    word: Word
    shape: Shape
    required: bool = False

    @property
    def key(self) -> str:
        """What the machine calls the field."""
        return self.word.key


@dataclass(frozen=True, slots=True)
class Slot:
    """One segment of a kind's phrase.

    ``shape`` is the segment's rule in ``grammar/shapes.lark`` (``step``, ``remainder``, ``at_most`` …).
    ``word`` narrows it to one word where the shape carries one (the key of a :class:`Word`).
    ``many`` allows the segment to stand more than once.
    """

    shape: str
    word: str = ""
    required: bool = True
    many: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a clause kind looks on paper.

    ``header`` is the key of the header word for kinds that are blocks of their own (加分项, 一票否决); a way of
    scoring an indicator has none and stands in its 计分. ``pattern`` is what its phrase must hold;
    ``phrases`` are fixed phrases that belong to this kind alone; ``labels`` are fields that only it has.
    """

    name: Word
    header: str = ""
    labels: tuple[Label, ...] = ()
    phrases: tuple[Word, ...] = ()
    pattern: tuple[Slot, ...] = ()
    columns: tuple[Word, ...] = ()  # headings of a table that stands under 计分
