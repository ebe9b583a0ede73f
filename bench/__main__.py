"""``python bench`` measures everything and writes bench/RESULTS.md; ``python bench --quick`` measures less and only prints.

Sides of a comparison run in one process and in turns, and medians are compared: ratios travel from machine to machine,
seconds do not.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import diff
import late
import memory
import start
from figures import goals_table, lines_table
from machine import described
from pairs import table
from peers import MILLION, Bench

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Measure, print, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="在三分钟以内；不写 RESULTS.md")
    quick = asked.parse_args().quick
    told = f"# 测速\n\n{HOW}\n\n机器：{described()}。\n"
    bench = Bench(lambda what: print(what, file=sys.stderr, flush=True))
    bench.judged(10_000, 500 if quick else 10_000)
    bench.reference(30 if quick else 300)
    bench.whole_rulebook(100, 15)
    bench.whole_rulebook(10_000, 5)
    bench.row_local(100, 15)
    bench.row_local(10_000, 5)
    bench.rows_of_python(10_000, 1)
    if not quick:
        bench.whole_rulebook(100_000, 5)
        bench.row_local(100_000, 5)
        bench.million(3)
        bench.memory(memory.added(MILLION))
        started = start.rows()
        bench.measured |= {key: row.ratio for key, row in zip(STARTED, started, strict=True)}
    if quick:
        bench.events(10_000, 100_000, 2, True)
    else:
        bench.events(100_000, 10 * MILLION, 1, False)
    bench.late(late.measured(10_000 if quick else 100_000, 1))
    bench.finished()
    told += f"\n## 各项指标\n\n{goals_table(bench.measured)}\n"
    told += f"\n## W200：200 项、总分、名次、等次\n\n{lines_table(bench.lines)}\n"
    told += f"\n## W200 里只看本单位的 170 项\n\n{lines_table(bench.local)}\n"
    told += "\n## 说明\n\n" + "\n".join(f"* {remark}" for remark in bench.remarks) + "\n"
    slow = []
    if not quick:
        rows = diff.rows()
        slow = [row for row in rows if row.ratio > row.most]
        told += f"\n## 启动、校核、对照\n\n{table([*started, *rows])}\n"
        RESULTS.write_text(told, encoding="utf-8")
    print(told)
    if slow or bench.measured["wrong"] or bench.measured["reference"]:
        sys.exit("有错的格，或者有一项超过了限度")


STARTED = ("version", "help", "check cold", "check cached", "run")
"""Goals of the rows of :mod:`start`, in their order."""
HOW = """\
`make bench` 写成。相比的各方在同一个进程里轮流量，取中位数；看倍数，不看秒。数据全部虚构，一半的任务数是整数，好让许多得分正落在两个数中间。
“错的”是与精确结果不同的格数；手写的各方和我们一样，从内存里的列算起，到全部得分、一级指标得分、总分、类别内名次、等次为止。"""

if __name__ == "__main__":
    main()
