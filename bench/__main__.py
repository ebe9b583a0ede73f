"""``python bench`` measures everything and writes bench/RESULTS.md; ``python bench --quick`` measures less and only prints.

Sides of a comparison run in one process and in turns, and medians are compared: ratios travel from machine to machine,
seconds do not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import diff
import late
import memory
import start
from figures import goals_table, lines_table
from machine import described
from pairs import Row, table
from peers import LATE_UNITS, LONG_LEDGER, MILLION, Bench

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Measure, print, write; what has been measured is written after each part, so that a run cut short leaves it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="在三分钟以内；不写 RESULTS.md")
    quick = asked.parse_args().quick
    head = f"# 测速\n\n{HOW}\n\n机器：{described()}。\n"
    bench = Bench(lambda what: print(what, file=sys.stderr, flush=True))
    rows: list[Row] = []
    for part in few(bench) if quick else everything(bench, rows):
        part()
        if not quick:
            RESULTS.write_text(told(head, bench, rows), encoding="utf-8")
    print(told(head, bench, rows))
    if any(row.ratio > row.most for row in rows) or bench.measured["wrong"] or bench.measured["reference"]:
        sys.exit("有错的格，或者有一项超过了限度")


def few(bench: Bench) -> list[Callable[[], object]]:
    """In three minutes."""
    return [
        lambda: bench.whole_rulebook(100, 15),
        lambda: bench.whole_rulebook(10_000, 5),
        lambda: bench.row_local(100, 15),
        lambda: bench.row_local(10_000, 5),
        lambda: bench.rows_of_python(10_000, 1),
        lambda: bench.late(late.measured(10_000, 1)),
        lambda: bench.events(10_000, 100_000, 2, True),
        lambda: bench.judged(10_000, 500),
        lambda: bench.reference(30),
    ]


def everything(bench: Bench, rows: list[Row]) -> list[Callable[[], object]]:
    """What the goals ask for; ``rows`` takes what is measured beside them."""
    return [
        lambda: bench.whole_rulebook(100, 15),
        lambda: bench.whole_rulebook(10_000, 5),
        lambda: bench.whole_rulebook(100_000, 5),
        lambda: bench.row_local(100, 15),
        lambda: bench.row_local(10_000, 5),
        lambda: bench.row_local(100_000, 5),
        lambda: bench.rows_of_python(10_000, 1),
        lambda: bench.spark(100_000, 1),
        lambda: bench.million(3),
        lambda: bench.memory(memory.added(MILLION)),
        lambda: bench.judged(10_000, 10_000),
        lambda: bench.reference(200),
        lambda: bench.late(late.measured(LATE_UNITS, 25)),
        lambda: started(bench, rows),
        lambda: rows.extend(diff.rows()),
        lambda: bench.events(100_000, LONG_LEDGER, 5, True),
    ]


STARTED = ("version", "help", "check cold", "check cached", "run unchanged", "run", "run anew")
"""Goals of the rows of :mod:`start`, in their order."""


def started(bench: Bench, rows: list[Row]) -> None:
    """Start-up and checking."""
    bench.say("启动和校核")
    found = start.rows()
    bench.measured |= {key: row.ratio for key, row in zip(STARTED, found, strict=True)}
    rows.extend(found)


def told(head: str, bench: Bench, rows: list[Row]) -> str:
    """All of it in Markdown."""
    bench.finished()
    remarks = "\n".join(f"* {remark}" for remark in bench.remarks)
    parts = [
        head,
        f"## 各项指标\n\n{goals_table(bench.measured, bench.work)}\n",
        f"## W200：200 项、总分、名次、等次\n\n{lines_table(bench.lines)}\n",
        f"## W200 里只看本单位的 170 项\n\n{lines_table(bench.local)}\n",
        *([f"## 启动、校核、对照\n\n{table(rows)}\n"] if rows else []),
        f"## 说明\n\n{remarks}\n",
    ]
    return "\n".join(parts)


HOW = """\
`make bench` 写成。相比的各方在同一个进程里轮流量，取中位数；看倍数，不看秒。数据全部虚构，一半的任务数是整数，好让许多得分正落在两个数中间。
“错的”是与精确结果不同的格数；“处理器秒”把各线程加在一起，机器忙的时候更可靠。手写的各方和我们一样，从内存里的列算起，到全部得分、一级指标得分、总分、类别内名次、等次为止。"""

if __name__ == "__main__":
    main()
