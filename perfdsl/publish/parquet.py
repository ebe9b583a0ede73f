"""Results as Parquet: scores as DECIMAL with the digits that are published, states beside them. Needs the ``large`` extra."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from perfdsl.publish.stamp import short
from perfdsl.publish.table import place
from perfdsl.reports.findings import ResultsFinding, UnitFinding
from perfdsl.text.digits import Digits

Row = Sequence[str | None]
LONG, WIDE = "得分明细.parquet", "得分总表.parquet"


class NoLibrary(Exception):
    """The library that writes Parquet is not installed; the message says how to get it."""


def needed() -> None:
    """See that Parquet can be written.

    Raises:
        NoLibrary: DuckDB is not installed.
    """
    try:
        import duckdb  # noqa: F401
    except ImportError:
        raise NoLibrary(
            "写 Parquet 要用 DuckDB，这里没有装。先运行 pip install 'perfdsl[large]'，或者改用 --format csv、json"
        ) from None


def files(finding: ResultsFinding, aside: Path) -> dict[str, bytes]:
    """得分明细 (one row a unit and item) and 得分总表 (one row a unit); ``aside`` is a folder to make them in.

    Raises:
        NoLibrary: DuckDB is not installed.
        OSError: there is no room in ``aside``.
    """
    needed()
    return {LONG: long(finding, aside), WIDE: wide(finding, aside)}


def long(finding: ResultsFinding, aside: Path) -> bytes:
    """One row a unit and item; a score that does not exist is null, and its state says why."""
    head, numbers = long_head()
    return _written(finding, head, long_rows(finding.units), numbers, aside)


def long_head() -> tuple[tuple[str, ...], frozenset[str]]:
    """The columns of :func:`long`, and which are numbers."""
    numbers = ("得分", "分值")
    return ("单位", "类别", "编号", "上级", "名称", "种类", *numbers, "状态", "条款"), frozenset(numbers)


def long_rows(units: Iterable[UnitFinding]) -> Iterator[Row]:
    """The rows of :func:`long`."""
    return (
        (
            *(unit.unit, unit.category, item.code, item.parent, item.name, item.kind),
            *(item.score, item.full, "待定" if item.waiting else item.state, item.article),
        )
        for unit in units
        for item in unit.items
    )


def wide(finding: ResultsFinding, aside: Path) -> bytes:
    """One row a unit in the order of ranks; each item's score in a column with the digits of its own."""
    head, numbers = wide_head(finding.units)
    categories = {unit.category: i for i, unit in reversed(list(enumerate(finding.units)))}
    units = sorted(finding.units, key=lambda unit: (categories[unit.category], place(unit)))
    return _written(finding, head, wide_rows(units), numbers, aside)


def wide_head(units: Sequence[UnitFinding]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The columns of :func:`wide`, and which are numbers."""
    names = _told_apart([f"{item.code} {item.name}" for item in units[0].items] if units else [])
    known = ("基本分", "总分", "名次")
    head = ("单位", "类别", *known, "总分状态", "名次状态", "等次", "等次状态", "否决限等", *names)
    return head, frozenset((*known, *names))


def wide_rows(units: Iterable[UnitFinding]) -> Iterator[Row]:
    """The rows of :func:`wide`."""
    return (
        (
            *(unit.unit, unit.category, unit.base, unit.total, unit.rank, unit.total_state, unit.rank_state),
            *(unit.grade, unit.grade_state, "、".join(unit.vetoes), *(item.score for item in unit.items)),
        )
        for unit in units
    )


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names of columns; DuckDB takes ``a01`` and ``A01`` for one."""
    taken: set[str] = set()
    found = []
    for name in names:
        free, times = name, 1
        while free.lower() in taken:
            times += 1
            free = f"{name} ({times})"
        taken.add(free.lower())
        found.append(free)
    return found


def _written(
    finding: ResultsFinding, head: Sequence[str], rows: Iterable[Row], numbers: frozenset[str], aside: Path
) -> bytes:
    """The file; every row is stamped where something was assumed, or the year is not over."""
    import duckdb

    mark = short(finding.assumed, finding.as_of)
    if mark:
        head, rows = ("说明", *head), ((mark, *row) for row in rows)
    sizes = {at: Digits() for at, name in enumerate(head) if name in numbers}
    text, made = aside / "rows.csv", aside / "rows.parquet"
    with text.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([str(at) for at in range(len(head))])
        for row in rows:
            for at, size in sizes.items():
                size.see(row[at])
            writer.writerow(["" if cell is None else cell for cell in row])
    types = {at: size.type for at, size in sizes.items()}
    wanted = ", ".join(f'"{at}"::{types.get(at, "VARCHAR")} AS {_quoted(name)}' for at, name in enumerate(head))
    source = f"read_csv({_text(text)}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        try:
            connection.execute(f"COPY (SELECT {wanted} FROM {source}) TO {_text(made)} (FORMAT parquet)")
        except duckdb.IOException as error:
            raise _as_told(str(error)) from error
    return made.read_bytes()


def _as_told(sentence: str) -> OSError:
    """What DuckDB says of a file, with the number that the system gave: DuckDB has its words alone."""
    known = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EROFS, errno.EACCES)
    return OSError(next((one for one in known if os.strerror(one) in sentence), errno.EIO), sentence)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
