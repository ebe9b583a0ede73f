"""The headings of the data as a screen of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perfdsl.publish.widths import columns
from perfdsl.reports.findings import TableFinding

HEAD = ("栏目", "填什么", "谁提供", "频次", "用于")


def text(tables: Sequence[TableFinding]) -> str:
    """One block a table; a column of the screen that nobody fills is left out."""
    return "\n\n".join(_table(table) for table in tables) + "\n" if tables else "不需要数据\n"


def as_json(tables: Sequence[TableFinding]) -> dict[str, Any]:
    """The same for programs: ``columns``, a list of tables, each with its columns."""
    return {
        "columns": [
            {
                "table": table.name,
                "role": table.role,
                "row_of": table.row_of,
                "columns": [
                    {
                        "name": one.name,
                        "holds": one.holds,
                        "source": one.source,
                        "frequency": one.frequency,
                        "items": list(one.items),
                    }
                    for one in table.columns
                ],
            }
            for table in tables
        ]
    }


def _table(table: TableFinding) -> str:
    rows = [(one.name, one.holds, one.source, one.frequency, "、".join(one.items)) for one in table.columns]
    used = [i for i in range(len(HEAD)) if i < 2 or any(row[i] for row in rows)]
    shown = [[row[i] for i in used] for row in (HEAD, *rows)]
    return f"{table.role} {table.name}（{table.row_of}，文件名或工作表名 “{table.name}”）\n" + columns(shown)
