"""The zip around an xlsx, opened with suspicion.

A workbook comes from thirty offices by USB stick. What a zip says about its own sizes may be a lie, an XML part may
declare entities that grow to gigabytes, and a password or a macro makes a file of another kind altogether. So every
part is streamed through a counter into expat, and what is refused is refused before anything is built from it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from posixpath import dirname, join, normpath
from xml.parsers import expat

from perfdsl.data.refused import Refused
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.records import dataclass

MAX_EXPANDED = 64 * 1024 * 1024
"""Bytes of one part of a workbook after unpacking: some two million cells, more than a sheet may have."""

MAX_PARTS = 2_000
"""Files inside a workbook."""

_CHUNK = 256 * 1024

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do with one XML part; element names come without their prefix."""

    start: Callable[[str, Attributes], None]
    end: Callable[[str], None] = lambda _name: None
    text: Callable[[str], None] | None = None


def local(name: str) -> str:
    """``x:row`` → ``row``."""
    return name.rpartition(":")[2]


class Package:
    """The parts of one workbook file called ``name``.

    Raises:
        Refused: damaged, too many parts, encrypted, with macros, or not a workbook at all.
    """

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, EOFError, OSError):
            raise Refused(say.damaged(Address(name), "压缩结构不完整")) from None
        self._parts = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        if len(self._zip.infolist()) > MAX_PARTS:
            raise Refused(say.too_big(Address(name), f"里面有 {len(self._zip.infolist())} 个部件，最多 {MAX_PARTS} 个"))
        if any(info.flag_bits & 1 for info in self._parts.values()):
            raise Refused(say.locked_with_password(Address(name)))
        if any(part.lower().endswith("vbaproject.bin") for part in self._parts):
            raise Refused(say.with_macros(Address(name)))
        if not any(part.startswith("xl/") and part.endswith(".xml") for part in self._parts):
            raise Refused(say.not_a_table_file(Address(name), "不是 xlsx 工作簿"))

    def has(self, part: str) -> bool:
        """Whether the workbook has this part."""
        return part in self._parts

    def walk(self, part: str, handler: Handler) -> None:
        """Stream one part through ``handler``.

        Raises:
            Refused: a DOCTYPE, more bytes than allowed, or damaged.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype

        def first(name: str, attributes: Attributes) -> None:
            if ":" in name:
                parser.StartElementHandler = lambda name, attributes: handler.start(local(name), attributes)
                parser.EndElementHandler = lambda name: handler.end(local(name))
            else:
                parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
            handler.start(local(name), attributes)

        parser.StartElementHandler = first
        if handler.text:
            parser.CharacterDataHandler = handler.text
        try:
            self._feed(parser, part)
        except expat.ExpatError as error:
            raise Refused(say.damaged(Address(self.name), f"部件 {part} 第 {error.lineno} 行读不通")) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise Refused(say.damaged(Address(self.name), f"部件 {part} 解不开")) from None

    def _feed(self, parser: expat.XMLParserType, part: str) -> None:
        read = 0
        with self._zip.open(self._parts[part]) as stream:
            while chunk := stream.read(_CHUNK):
                read += len(chunk)
                if read > MAX_EXPANDED:
                    raise Refused(say.too_big(Address(self.name), f"解压后超过 {MAX_EXPANDED // 1048576} MB"))
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise Refused(say.too_big(Address(self.name), "里面有表格软件不会写的 DOCTYPE 声明"))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (last word of its type, part it leads to)."""
        found: dict[str, tuple[str, str]] = {}
        base = dirname(part)

        def start(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else normpath(join(base, target))
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

        rels = join(base, "_rels", f"{part.rpartition('/')[2]}.rels")
        if self.has(rels):
            self.walk(rels, Handler(start))
        return found
