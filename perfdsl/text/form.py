"""Words and forms: what a field, a header or a clause kind is called, and the shape of what stands in it.

A clause kind is data here: lexer, formatter, highlighter, reference and diff read its :class:`Form` and change
for none. The shapes are a closed set, the start rules of ``grammar/shapes.lark``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from perfdsl.text.records import dataclass


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
    LEDGER = "ledger"  # 表彰，认定日期在考核期内
    PERIOD = "period"  # 2025年1月1日至2025年12月31日


@dataclass(frozen=True, slots=True)
class Label:
    """A field: its word and the shape of its value."""

    word: Word
    shape: Shape
    required: bool = False
    table: bool = False
    """Whether rows of a table may stand below it although a value stands on its line."""

    @property
    def key(self) -> str:
        """What the machine calls the field."""
        return self.word.key


@dataclass(frozen=True, slots=True)
class Slot:
    """One segment of a phrase: which it is, and where what it says goes.

    ``shape`` is the segment's rule in ``grammar/shapes.lark`` (``step``, ``remainder``, ``at_most`` …). ``where``
    narrows it: attribute → values of it that fit (``("way", ("below",))``). ``into`` names the clause's field for
    each attribute that is kept (``("award.points", "points")``). A slot with ``many`` takes every segment that
    fits; its fields hold tuples.

    ``then`` are slots for segments that belong to this one: they stand after it, before the next ；, and say
    something of it alone (``其他每起 0.5 分，最多扣 1 分``). With ``many`` their fields hold one entry for each
    segment of this slot, None where nothing was said.
    """

    shape: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    into: tuple[tuple[str, str], ...] = ()
    required: bool = True
    many: bool = False
    then: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """A field that a kind reads: the value as a whole goes ``into`` a clause's field, or its segments into ``slots``.

    ``key`` is the label's key, of keywords.yaml or of the form's own ``labels``; in a row of 要点 it is the
    heading's key. List items below the field are yes/no facts and go into ``items``. ``inside`` is the key of the
    field that names a ledger: its columns are meant first. A table of numbers below the field (names in its first
    column, one or several columns of amounts) goes into ``numbers``.
    """

    key: str
    into: str = ""
    items: str = ""
    slots: tuple[Slot, ...] = ()
    required: bool = False
    inside: str = ""
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the table under 计分. ``word`` None: the heading is the author's own (比例, 完成率).

    ``shape`` is ``band``, ``amount``, ``expression``, ``case`` or ``text``; the cells go ``into`` a field, one tuple a column.

    With ``heads`` it stands for every column that no other heading takes: each heading names something that has a value,
    or a fact of its own, and these go into the field ``heads``; the cells go ``into`` a field row by row. A ``case`` is
    what such a value may be asked to be: 是 or 否 in any of their words, a word, a band, or 不论.
    With ``many`` a field gets all columns that no other heading takes, each as (heading, cells).
    """

    into: str
    shape: str
    word: Word | None = None
    heads: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a clause kind looks on paper.

    ``header`` is the key of the header word for kinds that are blocks of their own (一票否决); a way of scoring has
    none and stands in a 计分. ``pattern`` is what its phrase holds; ``phrases`` are fixed phrases that belong to
    this kind alone; ``labels`` are fields that only it has, ``takes`` what it reads of the fields; ``table`` are
    the columns of the table that stands below. ``without`` are keys of fields beside which the phrase means
    another kind (``每次 3 分`` beside 台账 counts the rows of the ledger).
    """

    name: Word
    header: str = ""
    phrases: tuple[Word, ...] = ()
    pattern: tuple[Slot, ...] = ()
    labels: tuple[Label, ...] = ()
    takes: tuple[Take, ...] = ()
    table: tuple[Heading, ...] = ()
    without: tuple[str, ...] = ()


def slot(
    shape: str,
    into: dict[str, str] | None = None,
    *,
    required: bool = True,
    many: bool = False,
    then: tuple[Slot, ...] = (),
    **where: str | tuple[str, ...],
) -> Slot:
    """A :class:`Slot` in few words; ``award__kind="deduct"`` narrows ``award.kind``."""
    fits = tuple(
        (name.replace("__", "."), (value,) if isinstance(value, str) else value) for name, value in where.items()
    )
    return Slot(shape, fits, tuple((into or {}).items()), required, many, then)


def fixed(*keys: str, into: str = "", required: bool = True) -> Slot:
    """A slot for a fixed phrase with one of ``keys``; with ``into`` the clause keeps which."""
    return Slot("word", (("key", keys),), (("key", into),) if into else (), required)
