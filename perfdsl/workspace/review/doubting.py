"""Why the data of a comparison may be those of another year: their days, their units, the same numbers twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from perfdsl.compile.grains import key_of
from perfdsl.data.columns import UNIT_COLUMN, Cell, DataColumn
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, RATERS, TableRole
from perfdsl.text.catalogue.data import UNKNOWN_NAMES, doubts
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.review.units import roster
from perfdsl.workspace.review.whole import Review

ENOUGH = 20
"""Two years in which so many cells are reported do not have the same in all of them by chance."""
KEYS = frozenset({UNIT_COLUMN, "编号", "事项编号", "年度", *RATERS, *(cadence.along for cadence in CADENCES.values())})
"""Columns that say which row it is: the same every year."""

Row = tuple[tuple[State, Cell | None], ...]


def doubtful(review: Review) -> tuple[str, ...]:
    """Why the data of a side may be those of another year, in words."""
    said = []
    for side, ran in (("旧", review.before), ("新", review.after)):
        found = () if ran is None else doubts(ran.problems, more="")
        said += [f"{side}{one}" for one in found]
    if review.before is None or review.after is None:
        return tuple(said)
    old, new = review.comparison.old, review.comparison.new
    left = set(roster(old)) - set(roster(new)) - set(review.same_unit.values())
    unknown = [one.message for one in review.after.problems if one.code in UNKNOWN_NAMES]
    if there := {unit for unit in left if any(message.startswith(f"“{unit}”") for message in unknown)}:
        said.append(f"新数据里 {len(there)} 个单位只在旧名册上，像是以前年度的")
    years = [book.period.last.year if book.period is not None else 0 for book in (old, new)]
    if years[0] != years[1] and not any(review.filled) and (count := _repeated(review, review.before, review.after)):
        whole = len(review.same_unit) == len(review.before.units) == len(review.after.units)
        said.append(f"{'' if whole else '两年都有的单位，'}新数据和旧数据一模一样（{count} 格）")
    return tuple(said)


def _repeated(review: Review, before: Evaluation, after: Evaluation) -> int:
    """How many cells tell something and are the same in both years; 0 where any cell of the facts differs, a table or a
    column is filled in one year only, or they are few. What is the same in all rows (0, 否, 满分) tells nothing."""
    old, new = _facts(before, review.comparison.terms.columns), _facts(after, {})
    if {name: held.keys() for name, held in old.items()} != {name: held.keys() for name, held in new.items()}:
        return 0
    called = {was: unit for unit, was in review.same_unit.items()}
    count = 0
    lengths = {name: max(len(one.states) for one in columns.values()) for name, columns in new.items()}
    for name in sorted(lengths, key=lengths.__getitem__):  # ledgers may be long
        columns = sorted(new[name])
        rows = _rows(new[name], columns, {unit: unit for unit in review.same_unit})
        if rows != _rows(old[name], columns, called):
            return 0
        for at, column in enumerate(columns):
            there = [(row[at][1], times) for row, times in rows.items() if row[at][0] is State.VALUE]
            if column not in KEYS and len({value for value, _ in there}) > 1:
                count += sum(times for _, times in there)
    return count if count >= ENOUGH else 0


def _facts(ran: Evaluation, renamed: Mapping[tuple[str, str], str]) -> dict[str, dict[str, DataColumn]]:
    """Table of facts → its columns in which something is filled, by the names that the new rulebook gives them."""
    found: dict[str, dict[str, DataColumn]] = {}
    for table in ran.book.tables:
        for column in table.columns if table.role is not TableRole.RULE else ():
            grain, key = key_of(table, column.name)
            held = ran.dataset[grain].columns.get(key) if grain in ran.dataset else None
            if held is not None and (held.states == State.VALUE).any():
                found.setdefault(table.name, {})[renamed.get((table.name, column.name), column.name)] = held
    return {name: columns for name, columns in found.items() if columns.keys() - KEYS}


def _rows(held: Mapping[str, DataColumn], columns: Sequence[str], called: Mapping[str, str]) -> Counter[Row]:
    """The rows in any order, their units as ``called``; those of other units are left out."""
    rows = zip(*(held[name].cells for name in columns), strict=True)
    if UNIT_COLUMN not in columns:
        return Counter(rows)
    at = columns.index(UNIT_COLUMN)
    return Counter(
        (*row[:at], (row[at][0], called[unit]), *row[at + 1 :]) for row in rows if (unit := str(row[at][1])) in called
    )
