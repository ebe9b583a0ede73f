"""The roster: which units there are, and by which names they may come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from re import split

from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.data.heads import Part
from perfdsl.data.raw import RawCell, clean, key
from perfdsl.model.table import UNITS
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span

FORMER = "曾用名"
"""The roster's column of former names, several separated by 、."""

_SUMS = ("合计", "总计", "小计", "平均", "全市", "注", "填表", "审核", "备注", "说明")


@dataclass(frozen=True, eq=False)
class Roster:
    """The units in their order. ``loose`` finds a name in spite of width and blanks, ``former`` by what it was."""

    units: tuple[str, ...]
    loose: Mapping[str, int]
    former: Mapping[str, int]

    def find(self, written: str) -> tuple[int | None, bool]:
        """(position of the unit, whether by a former name); None where nobody is called so."""
        word = key(written)
        if word in self.loose:
            return self.loose[word], False
        return self.former.get(word), True


def roster_of(parts: Sequence[Part]) -> tuple[Roster, list[tuple[Part, int]], Problems]:
    """Rows of 单位名册 → the roster, (part, position of its row) of each unit, and what is wrong."""
    units: list[str] = []
    rows: list[tuple[Part, int]] = []
    loose: dict[str, int] = {}
    first: dict[str, RawCell] = {}
    said: list[Problem] = []
    for part in parts:
        if UNIT_COLUMN not in part.at:
            said.append(say.no_key_column(part.where, UNITS, UNIT_COLUMN))
            continue
        for number, row in enumerate(part.rows):
            cell = part.cell(row, UNIT_COLUMN)
            name = clean(cell.text)
            if not name:
                said.append(say.no_key(cell.place, UNIT_COLUMN, ""))
            elif key(name) in loose:
                said.append(say.roster_clash(cell.place, name, f"在 {first[key(name)].address} 已经有了"))
            else:
                loose[key(name)] = len(units)
                first[key(name)] = cell
                units.append(name)
                rows.append((part, number))
    former, clashes = _former_names(rows, loose, units)
    return Roster(tuple(units), loose, former), rows, (*said, *clashes)


def _former_names(
    rows: Sequence[tuple[Part, int]], loose: Mapping[str, int], units: Sequence[str]
) -> tuple[dict[str, int], list[Problem]]:
    former: dict[str, int] = {}
    said: list[Problem] = []
    for unit, (part, number) in enumerate(rows):
        cell = part.cell(part.rows[number], FORMER)
        for name in split("[、，,；;\n]", clean(cell.text)):
            word = key(name)
            if not word or word in ("/", "无", "-", "—"):
                continue
            other = loose.get(word, former.get(word, unit))
            if other != unit:
                said.append(
                    say.roster_clash(cell.place, name, f"既是“{units[unit]}”的曾用名，又是“{units[other]}”的名称")
                )
            elif word not in loose:
                former[word] = unit
    return former, said


def roster_from_data(parts: Iterable[Part]) -> Roster:
    """Where there is no roster: the units in the order in which the data name them."""
    loose: dict[str, int] = {}
    units: list[str] = []
    for part in parts:
        if UNIT_COLUMN not in part.at:
            continue
        for row in part.rows:
            name = clean(part.cell(row, UNIT_COLUMN).text)
            if name and not name.startswith(_SUMS) and key(name) not in loose:
                loose[key(name)] = len(units)
                units.append(name)
    return Roster(tuple(units), loose, {})


@dataclass(eq=False)
class Finder:
    """Finds the unit of each row. What is wrong with a name is said once a row, a former name once in all."""

    roster: Roster
    said: list[Problem] = field(default_factory=list)
    _former: dict[str, tuple[Address | Span | None, int, int]] = field(default_factory=dict)

    def unit(self, cell: RawCell) -> int | None:
        """Position of the unit that ``cell`` names; None, and a problem, where there is none."""
        written = clean(cell.text)
        if not written:
            self.said.append(say.no_key(cell.place, UNIT_COLUMN, ""))
            return None
        found, by_former_name = self.roster.find(written)
        if found is None:
            self.said.append(self._unknown(cell, written))
        elif by_former_name:
            place, _, count = self._former.get(written, (cell.place, found, 0))
            self._former[written] = (place, found, count + 1)
        return found

    def _unknown(self, cell: RawCell, written: str) -> Problem:
        parts = [part for part in split("[、，,；;/]", written) if part.strip()]
        if len(parts) > 1 and all(self.roster.find(part)[0] is not None for part in parts):
            advice = "一行只写一个单位：" + "、".join(part.strip() for part in parts) + " 各占一行"
            return say.unknown_unit(cell.place, written, None, advice)
        if written.startswith(_SUMS):
            return say.unknown_unit(cell.place, written, None, "合计、平均、备注一类的行请删去，它们不是单位")
        return say.unknown_unit(cell.place, written, nearest(written, self.roster.units))

    def problems(self) -> Problems:
        """All that was said, former names last."""
        names = self.roster.units
        former = (say.former_name(place, name, names[unit], n) for name, (place, unit, n) in self._former.items())
        return (*self.said, *former)
