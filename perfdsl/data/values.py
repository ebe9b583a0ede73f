"""Text → value. Exact, and strict: what could be read in two ways is not read.

``Decimal`` takes ``1_000``, ``NaN`` and Arabic-Indic digits, ``int`` takes full-width ones, ``isdigit`` takes ②; so a
pattern of our own decides what is a number, before anything is built from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from fractions import Fraction

from perfdsl.data.columns import Cell
from perfdsl.data.raw import clean, key
from perfdsl.model.table import TableColumn
from perfdsl.model.units import MEASURE_WORDS, RATIO, ValueType, decimal, unit_of
from perfdsl.text.near import nearest
from perfdsl.text.records import dataclass
from perfdsl.text.source import folded
from perfdsl.text.truth import FALSE_WORDS, TRUE_WORDS

WHOLE_DIGITS, DECIMAL_DIGITS = 18, 12
"""The widest number; longer ones are typing mistakes or left-overs of binary arithmetic."""

YEARS = range(1900, 2101)

_LONGEST = 64
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]+))?(%|‰)?")
# the others are compiled when one is met that is not plain; re keeps them
_GROUPED = r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?[%‰]?"
_WITH_TAIL = r"([+-]?[0-9]+(?:\.[0-9]+)?) ?([^0-9 .,%+-]{1,6})"
_SCIENTIFIC = r"([+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?)[eE]([+-]?[0-9]{1,2})"
_DATE = (
    r"([0-9]{4})(?: ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]|-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2})|([0-9]{2})([0-9]{2}))(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_QUARTER = r"(?:[0-9]{4}(?:年|[-/.])?)?(?:第|Q)?([一二三四1-4])(?:季度?)?"
_HALF = r"(?:[0-9]{4}年?)?([上下12])(?:半年)?"
_MONTH = r"(?:[0-9]{4} ?(?:年 ?|[-/.]|(?=[0-9]{2}$)))?([0-9]{1,2}) ?(?:月份?)?"
_SERIAL = r"[3-6][0-9]{4}"
_TIMES = {"万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 1000}

PLACEHOLDERS = frozenset(["/", "//", "\\", "-", "--", "—", "——", "_", "无", "N/A", "n/a", "NA", "na"])
"""What officers put into a cell to say that nothing belongs there, without saying why (keys)."""


class Note(Enum):
    """What was tidied up or looks odd; said once a column, with the first cells."""

    EDGES = "去掉了看不见的空格"
    WIDTH = "全角字符按半角读入"
    SIGN = "带百分号的数按百分数读入"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Read:
    """A value that was understood."""

    value: Cell
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text that is none: what should stand there, and what to write instead if we can tell."""

    expected: str
    mend: str = ""


def number(text: str, column: TableColumn) -> Read | Wrong:
    """A number as written → its value in the column's base unit."""
    plain = folded(text)
    match = _NUMBER.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None or not (match[2] or match[3]):
        return Wrong(expected_number(column), mended_number(plain, column))
    sign, whole, decimals, mark = match[1], match[2].lstrip("0"), (match[3] or "").rstrip("0"), match[4]
    if len(whole) > WHOLE_DIGITS or len(decimals) > DECIMAL_DIGITS:
        return Wrong(
            f"不超过 {WHOLE_DIGITS} 位整数、{DECIMAL_DIGITS} 位小数的数",
            "公式算出来的数请用 ROUND 写明保留几位，如 =ROUND(A1/B1,4)" if len(decimals) > DECIMAL_DIGITS else "",
        )
    written = Fraction(int(f"{sign}{whole}{decimals}" if whole or decimals else "0"), 10 ** len(decimals))
    notes: tuple[Note, ...] = (Note.WIDTH,) if plain != text else ()
    if mark:
        return _marked(written, mark, column, notes)
    if column.unit_word == "%":
        notes += (Note.LOW,) if 0 < abs(written) < 1 else (Note.HIGH,) if abs(written) > 1000 else ()
    return Read(written * column.factor, notes)


def _marked(written: Fraction, mark: str, column: TableColumn, notes: tuple[Note, ...]) -> Read | Wrong:
    """``98%`` and ``3‰``: only where a ratio belongs, and not where a difference of two ratios does."""
    if column.unit not in (None, RATIO) or "百分点" in column.unit_word:
        return Wrong(expected_number(column), decimal(written) if "百分点" in column.unit_word else "")
    value = written / (100 if mark == "%" else 1000)
    if column.unit_word not in ("%", "‰"):
        notes += (Note.SIGN,)
    elif abs(value) > 10:
        notes += (Note.HIGH,)
    return Read(value, notes)


def expected_number(column: TableColumn) -> str:
    """What a cell of a number column should hold, in words."""
    if column.unit_word == "%":
        return "百分数（如 98 或 98%）"
    return f"数字（单位：{column.unit_word}，不写进单元格）" if column.unit_word else "数字"


def mended_number(plain: str, column: TableColumn) -> str:
    """The number that was probably meant, as text to paste; empty where we cannot tell."""
    if len(plain) > _LONGEST:
        return ""
    if re.fullmatch(_GROUPED, plain):
        return plain.replace(",", "")
    squeezed = "".join(plain.split())
    if squeezed != plain and _NUMBER.fullmatch(squeezed):
        return squeezed
    if plain.endswith(".") and plain[:-1].isascii() and plain[:-1].isdigit():
        return plain[:-1]
    if match := re.fullmatch(_SCIENTIFIC, plain):
        return _pasted(Fraction(match[1]) * Fraction(10) ** int(match[2]))
    match = re.fullmatch(_WITH_TAIL, plain)
    return _pasted(_without_unit(Fraction(match[1]), match[2], column)) if match else ""


def _without_unit(value: Fraction, tail: str, column: TableColumn) -> Fraction | None:
    """``1.2`` ``万`` in a column of 元 → 12000."""
    unit, factor = unit_of(tail)
    if tail == column.unit_word or (not column.unit_word and tail in {*MEASURE_WORDS, "分"}):
        return value
    if column.unit is not None and unit == column.unit:
        return value * factor / column.factor
    for word, times in _TIMES.items():
        if tail.startswith(word) and tail.removeprefix(word) in ("", column.unit_word):
            if column.unit_word.startswith(tail):
                return value
            return value * times if column.factor == 1 else None
    return None


def _pasted(value: Fraction | None) -> str:
    if value is None:
        return ""
    text = decimal(value)
    whole, _, decimals = text.lstrip("-").partition(".")
    return text if len(whole) <= WHOLE_DIGITS and len(decimals) <= DECIMAL_DIGITS and "/" not in text else ""


def month(text: str, _column: TableColumn) -> Read | Wrong:
    """``1``, ``1月``, ``2025年1月``, ``2025-01`` or a date → the month as a number."""
    plain = folded(text)
    match = re.fullmatch(_MONTH, plain) if len(plain) <= _LONGEST else None
    found = int(match[1]) if match else 0
    if not match and isinstance(day := read_date(text, _column), Read) and isinstance(day.value, date):
        found = day.value.month
    return Read(Fraction(found)) if 1 <= found <= 12 else Wrong("月份，1 至 12", "1月")


def quarter(text: str, _column: TableColumn) -> Read | Wrong:
    """``1``, ``一季度``, ``第1季度``, ``2025年第一季度``, ``Q1`` → the quarter as a number."""
    match = re.fullmatch(_QUARTER, folded(text).replace(" ", "").upper()) if len(text) <= _LONGEST else None
    return Read(Fraction("一二三四1234".index(match[1]) % 4 + 1)) if match else Wrong("季度，1 至 4", "一季度")


def half(text: str, _column: TableColumn) -> Read | Wrong:
    """``1``, ``上半年``, ``2025年下半年`` → the half-year as a number."""
    match = re.fullmatch(_HALF, folded(text).replace(" ", "")) if len(text) <= _LONGEST else None
    return Read(Fraction("上下12".index(match[1]) % 2 + 1)) if match else Wrong("上半年或下半年", "上半年")


def read_date(text: str, _column: TableColumn) -> Read | Wrong:
    """``2025年7月31日``, ``2025-07-31``, ``2025/7/31``, ``2025.7.31``, ``20250731``; a time of day is left out."""
    plain = folded(text)
    match = re.fullmatch(_DATE, plain) if len(plain) <= _LONGEST else None
    if match is None:
        serial = date(1899, 12, 30).toordinal() + int(plain) if re.fullmatch(_SERIAL, plain) else 0
        return Wrong("日期（如 2025年7月31日）", date.fromordinal(serial).isoformat() if serial else "")
    year, month_, day = (int(part) for part in match.groups() if part is not None)
    if year not in YEARS:
        return Wrong(f"{YEARS[0]} 年至 {YEARS[-1]} 年的日期")
    try:
        return Read(date(year, month_, day), (Note.WIDTH,) if plain != text else ())
    except ValueError:
        return Wrong(f"真有的日期（{year}年没有{month_}月{day}日）")


def boolean(text: str, _column: TableColumn) -> Read | Wrong:
    """是/否 and the other pairs."""
    word = key(text).upper()
    if word in TRUE_WORDS:
        return Read(True)
    return Read(False) if word in FALSE_WORDS else Wrong("“是”或“否”（也可以写 有/无、√/×、1/0）")


def words(text: str, column: TableColumn) -> Read | Wrong:
    """Text; with choices, one of them. Nothing that is merely like a choice is taken for it."""
    plain = clean(text)
    notes = (Note.EDGES,) if plain != text else ()
    plain = next((now for was, now in column.reworded if key(was) == key(plain)), plain)
    if not column.choices or plain in column.choices:
        return Read(plain, notes)
    same = next((choice for choice in column.choices if key(choice) == key(plain)), None)
    if same is not None:
        return Read(same, (*notes, Note.WIDTH))
    shown = "、".join(column.choices[:8]) + ("等" if len(column.choices) > 8 else "")
    return Wrong(f"可选内容之一：{shown}", nearest(plain, column.choices) or "")


PERIOD_READERS: dict[str, Callable[[str, TableColumn], Read | Wrong]] = {
    "月份": month,
    "季度": quarter,
    "半年": half,
}
"""How the columns are read that number the periods of a year."""

READERS: dict[ValueType, Callable[[str, TableColumn], Read | Wrong]] = {
    ValueType.NUMBER: number,
    ValueType.BOOL: boolean,
    ValueType.DATE: read_date,
    ValueType.TEXT: words,
    ValueType.GRADE: words,
}
