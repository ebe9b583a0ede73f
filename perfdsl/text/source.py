"""A rulebook file as text: decoding, and places in it.

Offsets count characters of ``Source.text``. The text is the file's own but for line ends, so an offset always
points at what the officer typed; characters that Word and WPS put in by themselves are folded one for one in
:func:`folded`, which keeps every offset true.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from perfdsl.text import files
from perfdsl.text.digest import digest
from perfdsl.text.records import dataclass, field

MAX_BYTES = 2 * 1024 * 1024
"""A rulebook larger than this is not a rulebook (the longest one surveyed has 60 KB)."""

TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".et"})
"""Endings of tables, none of whose lines is a clause."""

SOFT_BREAKS = "\v\u2028\u2029\x85"
"""Line breaks inside a paragraph, as Word pastes them."""

BLANKS = " \t\u00a0\u3000\u2002\u2003\u2009\u202f"
"""Blanks of every width; all mean the same."""

_FULL = "，。：；（）％＝＞＜＋－／＊！？｜＃～．＠" + "".join(chr(c) for c in range(0xFF10, 0xFF1A))
_HALF = ",。:;()%=><+-/*!?|#~.@" + "0123456789"
_LETTERS = {chr(0xFF21 + i): chr(0x41 + i) for i in range(26)} | {chr(0xFF41 + i): chr(0x61 + i) for i in range(26)}
_FOLD = str.maketrans(
    dict(zip(_FULL, _HALF, strict=True))
    | _LETTERS
    | dict.fromkeys(BLANKS, " ")
    | {
        "\u2212": "-",
        "–": "-",
        "⩾": "≥",
        "≧": "≥",
        "⩽": "≤",
        "≦": "≤",
        "∶": ":",
        "﹣": "-",
        "·": "·",
        "•": "·",
        "．": ".",
        "［": "[",
        "］": "]",
        "〖": "【",
        "〗": "】",
    }
)


def folded(text: str) -> str:
    """``text`` with widths and variants made equal, character for character (the length never changes)."""
    return text.translate(_FOLD)


@dataclass(frozen=True, eq=False)
class Source:
    """One rulebook's text. ``name`` is how messages call it; ``notices`` say what was repaired in reading.

    ``raw`` are the bytes that were read; None for a text that came from no file. ``part``: another file includes it.
    """

    name: str
    text: str
    path: Path | None = None
    notices: tuple[str, ...] = ()
    raw: bytes | None = field(default=None, repr=False)
    part: bool = False

    @property
    def cited(self) -> str:
        """Its name where a place in it must say which file it is: "" for the rulebook's own."""
        return self.name if self.part else ""

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes as they were read."""
        return digest(self.text.encode() if self.raw is None else self.raw)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    @cached_property
    def folded(self) -> str:
        """The text with widths made equal; offsets are those of ``text``."""
        return folded(self.text)

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of ``offset``, both from 1; columns count characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1), without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (excluded) of a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, from 1."""
        return self.source.place(self.start)[1]

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the first character of this one to the last of ``other``."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def part(self, start: int, end: int) -> Span:
        """Characters ``start`` to ``end`` of this span."""
        return Span(self.source, self.start + start, self.start + end)


class Unreadable(Exception):
    """A file that cannot be read as text; ``str()`` is the Chinese sentence to show."""


class Unwritable(Unreadable):
    """A file that cannot be written, or not whole; ``str()`` is the Chinese sentence to show."""


def decode(raw: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Bytes of a text file → text and notices: BOM, else UTF-8, else GB18030, else refuse.

    Raises:
        Unreadable: NUL bytes (a binary file), or bytes that are neither UTF-8 nor GB18030.
    """
    for bom, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(bom):
            try:
                return _lines(raw[len(bom) :].decode(codec)), ()
            except UnicodeDecodeError as error:
                raise Unreadable(
                    f"{name}：文件开头标着 {codec}，第 {error.start + 1} 个字节却不是，文件可能损坏"
                ) from None
    if b"\0" in raw:
        raise Unreadable(f"{name}：不是文本文件（可能是 Word 或 Excel 文件改了扩展名），请另存为纯文本")
    try:
        return _lines(raw.decode("utf-8")), ()
    except UnicodeDecodeError:
        pass
    try:
        return _lines(raw.decode("gb18030")), (f"{name}：按 GB18030（国标编码）读入，整理时另存为 UTF-8",)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"{name}：第 {error.start + 1} 个字节既不是 UTF-8 也不是国标编码，请用记事本或 WPS 另存为 UTF-8 文本"
        ) from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(path: Path, limit: int, what: str) -> bytes:
    """The bytes of ``path``.

    Raises:
        Unreadable: not there, a folder, locked by another program, no permission, or more than ``limit`` bytes.
    """
    try:
        if path.is_dir():
            files.note_bytes(path, None)
            raise Unreadable(f"{path}：是文件夹，这里要的是{what}")
        if path.stat().st_size > limit:
            files.unknown(path)
            raise Unreadable(
                f"{path}：有 {path.stat().st_size / 1048576:.1f} MB，{what}最多 {limit // 1048576} MB，请查看是否误选了文件"
            )
        raw = path.read_bytes()
        files.note_bytes(path, raw)
        return raw
    except FileNotFoundError:
        files.note_bytes(path, None)
        raise Unreadable(f"{path}：没有这个文件，请核对文件名和所在文件夹") from None
    except PermissionError:
        files.note_bytes(path, None)
        raise Unreadable(f"{path}：打不开，可能正被 WPS/Excel 打开，请关闭后重试") from None
    except OSError as error:
        files.unknown(path)
        raise Unreadable(f"{path}：读不出来（{error.strerror or error}）") from None


def read_source(path: Path, name: str | None = None, part: bool = False) -> Source:
    """The rulebook file ``path`` as a :class:`Source`.

    Raises:
        Unreadable: see :func:`read_bytes` and :func:`decode`; or it is a table.
    """
    shown = name or str(path)
    raw = read_bytes(path, MAX_BYTES, "考评办法文件")
    if path.suffix.lower() in TABLES:
        raise Unreadable(
            f"{shown}：这是表，不是考评办法。考评办法是 .perf 文件，附表、数据放在它旁边同名文件夹的 “附表”、“数据” 里"
        )
    text, notices = decode(raw, shown)
    return Source(shown, text, path, notices, raw, part)
