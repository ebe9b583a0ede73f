"""A ledger that grows does not fill memory, and every score is what SQL in whole numbers says (全部虚构)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

BOOK = """\
# 全部虚构
考评办法 示例市2025年度大台账考评（10 分）【示例市大台账@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、不低于均含本数；不足、低于均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 ＋ 加分 － 扣分，总分最高 40 分，最低 0 分
  同分：并列占位（1、2、2、4）
  平均：全部单位，各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位代码、单位
台账 表彰（每个事项一行）
  列：单位、事项编号、级别（国家级、省级、市级）、认定日期、核定分（分）
指标 完成情况（10 分）【A01】
  计分：每有 1 件差错扣 0.25 分，扣完本指标为止
加分项 表彰奖励（最高 30 分）【J01】
  台账：表彰，认定日期在考核期内
  同一事项：只计最高一次，按事项编号
  计分：国家级每次 0.009 分；省级每次 0.005 分；市级每次 0.001 分
扣分项 核定扣分（最多扣 20 分）【K01】
  台账：表彰，认定日期在考核期内，级别为 “市级”
  同一事项：各计各的
  每行分值：核定分
  计分：按每行分值扣分，限于 0 至 1 分，最多扣 20 分
"""
UNITS = 700
LEVELS = "CASE hash(i * 3 + 1) % 3 WHEN 0 THEN '国家级' WHEN 1 THEN '省级' ELSE '市级' END"
PROGRAM = """\
import sys, threading, time
from perfdsl.data import parquet
from perfdsl.engine import tally
from perfdsl.tools.cli import main

def held():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))

def watch():
    global most
    while True:
        most = max(most, held())
        time.sleep(0.02)

parquet.MEMORY, tally.IN_MEMORY, most = "200MB", 0, held()
threading.Thread(target=watch, daemon=True).start()
try:
    main()
finally:
    print(most, file=sys.stderr)
"""


def ledger(folder: Path, rows: int) -> Path:
    """So many events of a fifth as many matters; a few units have twice as many rows as the others."""
    folder.mkdir()
    units = [f"单位{at:03}" for at in range(UNITS)]
    (folder / "单位名册.csv").write_text(
        "单位代码,单位\n" + "".join(f"D{at},{unit}\n" for at, unit in enumerate(units)), encoding="utf-8"
    )
    (folder / "实绩.csv").write_text("单位,差错\n" + "".join(f"{unit},1\n" for unit in units), encoding="utf-8")
    duckdb.execute(
        f"COPY (SELECT '单位' || lpad((hash(i) % {UNITS + 50} % {UNITS})::VARCHAR, 3, '0') AS 单位, "
        f"'S' || (hash(i + 7000000000) % {rows // 5})::VARCHAR AS 事项编号, {LEVELS} AS 级别, "
        "DATE '2024-12-01' + (hash(i * 5 + 2) % 420)::INT AS 认定日期, "
        f"((hash(i * 7 + 3) % 30) / 1000)::DECIMAL(8, 3) AS 核定分 FROM range({rows}) AS t(i)) "
        f"TO '{folder / '表彰.parquet'}' (FORMAT parquet)"
    )
    return folder


def by_sql(data: Path) -> dict[str, tuple[int, int]]:
    """Hundredths of J01 and K01 of each unit, in whole numbers from beginning to end."""
    inside = f"read_parquet('{data / '表彰.parquet'}') WHERE year(认定日期) = 2025"
    found = duckdb.execute(
        f"""
        WITH gain AS (SELECT 单位, max(CASE 级别 WHEN '国家级' THEN 9 WHEN '省级' THEN 5 ELSE 1 END) AS rate
                      FROM {inside} GROUP BY 单位, 事项编号),
             gains AS (SELECT 单位, least(sum(rate), 30000) AS gain FROM gain GROUP BY 单位),
             losses AS (SELECT 单位, least(sum((核定分 * 1000)::BIGINT), 20000) AS loss
                        FROM {inside} AND 级别 = '市级' GROUP BY 单位)
        SELECT 单位, (gain + 5) // 10, -((loss + 5) // 10) FROM gains JOIN losses USING (单位)
        """
    ).fetchall()
    return {unit: (int(gain), int(loss)) for unit, gain, loss in found}


def run(book: Path, data: Path, out: Path) -> int:
    """Kilobytes of memory that are not files, at most."""
    arguments = ["run", str(book), "--data", str(data), "--out", str(out), "--format", "parquet", "--no-cache"]
    ran = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stderr.split()[-1])


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="只有 Linux 说得出占了多少内存")
def test_four_times_the_rows_take_little_more_memory(tmp_path: Path) -> None:
    book = tmp_path / "办法.perf"
    book.write_text(BOOK, encoding="utf-8")
    held = {}
    for rows in (3_000_000, 12_000_000):
        data, out = ledger(tmp_path / f"{rows}", rows), tmp_path / f"结果{rows}"
        held[rows] = run(book, data, out)
        made = duckdb.execute(
            'SELECT 单位, ("J01 表彰奖励" * 100)::BIGINT, ("K01 核定扣分" * 100)::BIGINT FROM read_parquet($1)',
            [str(out / "得分总表.parquet")],
        ).fetchall()
        expected = by_sql(data)
        assert {unit: (gain, loss) for unit, gain, loss in made} == expected
        assert len(expected) == UNITS
        capped = [gain for gain, _ in expected.values() if gain == 3000]
        assert 0 < len(capped) < UNITS or rows == 12_000_000
    more, columns = (held[12_000_000] - held[3_000_000]) / 1024, 9 * 5 * 8
    print(f"内存最多 {held[3_000_000] / 1024:.0f} MB（300 万行）、{held[12_000_000] / 1024:.0f} MB（1,200 万行）")
    assert more < columns / 2, f"{more:.0f} MB more for {columns} MB of columns"
