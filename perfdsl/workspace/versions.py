"""Which rulebook is which: names, versions, the one in force on a day, the one before.

A rulebook is known by its 【名称@版本】; a year is a file. Looking through folders reads the first block of each file
and nothing more, so that a folder of many years is looked through at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from perfdsl.compile.header import STATUSES
from perfdsl.model.rulebook import Period, Status
from perfdsl.syntax.characters import plain
from perfdsl.syntax.lines import Line, lines
from perfdsl.syntax.names import period, validity
from perfdsl.syntax.nodes import Written
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import versions as say
from perfdsl.text.files import kind, real, seen_in
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass
from perfdsl.text.source import Source, Unreadable, folded, read_source

ENDING = ".perf"
DEEPEST = 6
MOST_FOLDERS = 2000
LONGEST_CHAIN = 100
REFERENCE = re.compile(r"[^@\s【】]+@[^@\s【】]+")
_DAY = re.compile(r"(20[0-9]{2})(?:-|年)([0-9]{1,2})(?:-|月)([0-9]{1,2})日?")
_YEAR = re.compile("20[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a rulebook as its first block says it. ``name`` and ``version`` are the parts of 【名称@版本】.

    ``title`` is the name that is printed; ``previous`` the version before, as written; ``problem`` why the file could
    not be read ("" where it could).
    """

    path: Path
    name: str
    version: str
    title: str = ""
    status: Status | None = None
    year: str = ""
    period: Period | None = None
    validity: Period | None = None
    previous: str = ""
    problem: str = ""

    @property
    def called(self) -> str:
        """``示例市@2025``."""
        return f"{self.name}@{self.version}" if self.version else self.name

    @property
    def force(self) -> Period | None:
        """When it is in force: its 有效期, else its 考核期."""
        return self.validity or self.period

    @property
    def order(self) -> tuple[date, int]:
        """Where it stands among the versions of its name: by period, else by year."""
        first = self.period.first if self.period else date(int(self.year), 1, 1) if self.year else date.min
        return first, int(self.year or 0)


# ---- reading the first block


def edition(source: Source, vocabulary: Vocabulary) -> Edition | None:
    """What the first block of ``source`` says; None where it has no 考评办法."""
    head: Line | None = None
    given: dict[str, Written] = {}
    for line in lines(source, vocabulary):
        if line.kind == "header":
            if head is not None:
                break
            head = line if line.key == "rulebook" else None
        elif head is not None and line.kind == "field" and line.rest is not None:
            given.setdefault(line.key, line.rest)
    if head is None or head.rest is None:
        return None
    return _edition(source, head, given, vocabulary)


def _edition(source: Source, head: Line, given: dict[str, Written], vocabulary: Vocabulary) -> Edition:
    assert head.rest is not None
    title = head.rest.text
    code = head.codes[0].text.strip() if head.codes else ""
    year = folded(given["year"].text).strip() if "year" in given else ""
    name, at, version = code.rpartition("@")
    version = version if code else year
    found = _YEAR.search(year) or _YEAR.search(version) or _YEAR.search(title)
    days = period(given["period"])[0] if "period" in given else None
    valid = validity(given["validity"])[0] if "validity" in given else None
    return Edition(
        path=source.path or Path(source.name),
        name=name if at else title,
        version=version,
        title=title,
        status=_status(given.get("status"), vocabulary),
        year=found.group() if found else "",
        period=Period(*days) if days else None,
        validity=Period(valid[0], valid[1] or date.max) if valid else None,
        previous=_reference(given["previous"].text) if "previous" in given else "",
    )


def _status(written: Written | None, vocabulary: Vocabulary) -> Status | None:
    if written is None:
        return None
    meaning = vocabulary.meanings.get(plain(written.text).rstrip("。"))
    return STATUSES.get(meaning.word.key) if meaning is not None else None


def _reference(text: str) -> str:
    return folded(text).strip(' 。.【】“”"《》').replace(" ", "")


# ---- looking through folders


def editions(folder: Path, vocabulary: Vocabulary, depth: int = DEEPEST) -> list[Edition]:
    """Every rulebook in ``folder`` and ``depth`` levels below it, by name and year; hidden folders are left out.

    A file that cannot be read stands among them, with why.
    """
    found = [made for path in files(folder, depth) if (made := _read(path, vocabulary)) is not None]
    return sorted(found, key=lambda one: (one.name, one.order, one.version, str(one.path)))


def files(folder: Path, depth: int = DEEPEST) -> Iterator[Path]:
    """The files that may hold a rulebook."""
    level = len(folder.parts)
    for count, (at, below, names) in enumerate(os.walk(folder)):
        here = Path(at)
        seen_in(here)
        deep = len(here.parts) - level >= depth or count >= MOST_FOLDERS
        below[:] = [] if deep else sorted(one for one in below if not one.startswith((".", "__")))
        yield from (here / name for name in sorted(names) if name.endswith(ENDING) and not name.startswith("."))


def _read(path: Path, vocabulary: Vocabulary) -> Edition | None:
    try:
        return edition(read_source(path), vocabulary)
    except Unreadable as error:
        return Edition(path, path.stem, "", problem=str(error).partition("：")[2] or str(error))


def gathered(folders: Iterable[tuple[Path, int]], vocabulary: Vocabulary) -> list[Edition]:
    """The rulebooks of several (folder, depth), each file once."""
    seen: set[Path] = set()
    found: list[Edition] = []
    for folder, depth in folders:
        for one in editions(folder, vocabulary, depth) if kind(folder) == "folder" else ():
            whole = Path(real(one.path))
            if whole not in seen:
                seen.add(whole)
                found.append(one)
    return found


# ---- choosing one


GIVE_PATH = "直接写要用的那个文件的路径，或把多出来的（备份、副本）移到别的文件夹，或在它的题头改版本号"
"""What to do about several files of one edition."""


def chosen(reference: str, known: Sequence[Edition], on: date | None = None) -> Edition:
    """The rulebook that ``reference`` means: ``示例市@2025``, ``示例市@2025-06-30`` or, with ``on``, ``示例市``.

    A day picks the issued version in force: the one whose 有效期 (else 考核期) holds it.

    Raises:
        Unreadable: there is none, or more than one; the message lists what there is.
    """
    name, at, version = _reference(reference).rpartition("@")
    name = name if at else _reference(reference)
    version = version if at else ""
    mine = [one for one in known if name in (one.name, one.title) and not one.problem]
    if not mine:
        raise Unreadable(f"没有找到办法 “{name}”{_listed('，找到的有：', known)}")
    exact = [one for one in mine if one.version == version] if at else []
    if len(exact) > 1:
        raise Unreadable(f"“{reference}” 有 {len(exact)} 份，不知道是哪一份{_places('：', exact)}；{GIVE_PATH}")
    if exact and on is None:
        return exact[0]
    day = on or day_in(version)
    if day is not None:
        return in_force(name, exact or mine, day)
    if at:
        raise Unreadable(f"没有找到 “{reference}”{_listed('，这个办法有：', mine)}")
    if len(mine) == 1:
        return mine[0]
    raise Unreadable(f"“{name}” 有 {len(mine)} 个版本，请写明哪一个，或用 --on 写日期{_places('：', mine)}")


def in_force(name: str, known: Sequence[Edition], day: date) -> Edition:
    """The issued version in force on ``day``.

    Raises:
        Unreadable: none is, more than one is, or only a draft would be.
    """
    holds = [one for one in known if one.force is not None and day in one.force]
    issued = [one for one in holds if one.status is not None and not one.status.draft]
    shown = f"{day.year}年{day.month}月{day.day}日"
    if len(issued) == 1:
        return issued[0]
    if issued:
        raise Unreadable(
            f"{shown}有 {len(issued)} 份 “{name}” 有效，不知道用哪一份{_places('：', issued)}；{GIVE_PATH}"
        )
    if holds:
        raise Unreadable(f"{shown}没有印发的 “{name}”，只有稿子，要用就写明版本{_places('：', holds)}")
    raise Unreadable(f"{shown}没有有效的 “{name}”{_places('，这个办法有：', known)}")


def day_in(text: str) -> date | None:
    """The day that ``2025-06-30`` or ``2025年6月30日`` means; None where it is no day."""
    found = _DAY.fullmatch(folded(text).strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _listed(lead: str, known: Sequence[Edition]) -> str:
    names = list(dict.fromkeys(one.called for one in known if not one.problem))
    shown = "、".join(names[:8]) + ("…" if len(names) > 8 else "")
    return f"{lead}{shown}" if names else "；在当前文件夹和 rulebooks 文件夹里一份办法也没有找到"


def _places(lead: str, known: Sequence[Edition]) -> str:
    shown = [f"{one.called}（{one.path}{f'，{one.force}' if one.force else ''}）" for one in known[:8]]
    return lead + "、".join(shown) + ("…" if len(known) > 8 else "")


# ---- the year before


class Beside:
    """The rulebooks of the folder of ``path`` and, for what is not there, of the folders next to it."""

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.home = Path(real(path)).parent
        found = gathered(((self.home, 0), (self.home.parent, 1)), vocabulary)
        self.known = [one for one in found if not one.problem]

    def called(self, name: str) -> list[Edition]:
        """The files that claim ``name`` (``示例市@2024``); a copy in another folder does not count beside one here."""
        found = [one for one in self.known if one.called == name]
        return [one for one in found if one.path.parent == self.home] or found

    def names(self, own: Edition) -> list[str]:
        """The others that may have been meant: of this folder, or with the same name."""
        near = [one for one in self.known if one.name == own.name or one.path.parent == self.home]
        return list(dict.fromkeys(one.called for one in near if one.called != own.called))


def _seen(path: Path, beside: Path) -> str:
    """A file as it is found from the folder of another."""
    return Path(os.path.relpath(path, Path(real(beside)).parent)).as_posix()


def previous(source: Source, written: Written, vocabulary: Vocabulary) -> tuple[Edition | None, Problems]:
    """The version before, as 上年度 says it, and what is wrong with that: not name@version, not to be found, in a circle,
    not earlier. None where it is not known which file it is."""
    own = edition(source, vocabulary)
    if own is None or source.path is None:
        return None, ()
    if not REFERENCE.fullmatch(own.previous):
        year = str(int(own.year) - 1) if own.year else "2024"
        return None, (say.previous_unreadable(written.span, written.text, f"{own.name}@{year}"),)
    if own.previous == own.called:
        return None, (say.previous_in_a_circle(written.span, [own.called, own.called]),)
    known = Beside(source.path, vocabulary)
    found = known.called(own.previous)
    if not found:
        return None, (say.previous_missing(written.span, own.previous, known.names(own)),)
    if len(found) > 1:
        return None, (say.previous_twice(written.span, own.previous, [_seen(one.path, source.path) for one in found]),)
    if circle := _circle(own, known):
        return None, (say.previous_in_a_circle(written.span, circle),)
    if date.min not in (found[0].order[0], own.order[0]) and found[0].order > own.order:
        its, mine = _when(found[0]), _when(own)
        return None, (say.previous_not_earlier(written.span, own.previous, its, mine),)
    return found[0], ()


def _circle(own: Edition, known: Beside) -> list[str]:
    """The versions of a circle that starts and ends with ``own``; empty where the years end."""
    path, at = [own.called], own
    while len(path) < LONGEST_CHAIN:
        if not at.previous:
            return []
        path.append(at.previous)
        if at.previous == own.called:
            return path
        if at.previous in path[:-1]:
            return []  # a circle further back: those files say so
        found = known.called(at.previous)
        if not found:
            return []
        at = found[0]
    return []


def _when(one: Edition) -> str:
    return str(one.period) if one.period else f"{one.year} 年度" if one.year else "没有写年度的"


__all__ = ["Beside", "Edition", "chosen", "day_in", "edition", "editions", "gathered", "in_force", "previous"]
