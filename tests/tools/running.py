"""The command line as the officer meets it: ``answer()`` in this process, with streams of bytes and an exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from perfdsl.tools.start import answer

HOME = Path(__file__).parents[2]
RULEBOOKS = HOME / "rulebooks"


@dataclass(frozen=True)
class Ran:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The result, read as JSON."""
        return json.loads(self.out)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The problems of a result in JSON."""
        found: list[dict[str, Any]] = self.json["problems"]
        return found

    def only(self, code: str) -> dict[str, Any]:
        """The one problem with ``code``."""
        found = [one for one in self.problems if one["code"] == code]
        assert len(found) == 1, [(one["code"], one["message"]) for one in self.problems]
        return found[0]


def perfdsl(*arguments: str | Path, stdin: bytes = b"", encoding: str = "utf-8") -> Ran:
    """Run a command in this process."""
    out, err = io.BytesIO(), io.BytesIO()
    streams: dict[str, Any] = {
        "stdout": io.TextIOWrapper(out, encoding, write_through=True),
        "stderr": io.TextIOWrapper(err, encoding, write_through=True),
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), "utf-8"),
        "argv": ["perfdsl", *map(str, arguments)],
    }
    code = 0
    with patch.multiple(sys, **streams):
        try:
            answer()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    ran = Ran(code, out.getvalue().decode(encoding), err.getvalue().decode(encoding))
    assert "Traceback" not in ran.out + ran.err
    return ran


def apart(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own, where environment and streams matter."""
    return subprocess.run(
        [sys.executable, "-m", "perfdsl", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
        timeout=120,
    )


BOOK = """\
考评办法 试点办法（100 分）【试点@2025】
  状态：{status}
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分 + 加分，总分最高 103 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、类别（区县、市直）、曾用名
  | 单位 | 类别 | 曾用名 |
  | 甲局 | 市直 |  |
  | 乙局 | 市直 | 乙委 |
  | 丙县 | 区县 |  |
台账 表彰（每个事项一行）
  列：单位、事项编号、级别（国家级、省级）、认定日期
指标 按时办结率（60 分）【A01】
  条款：第五条第（一）项
  评分单位：市政务局
  数据：办结件数（件）、应办件数（件）
  指标值：办结件数 ÷ 应办件数
  目标值：98%
  方向：越高越好
  计分：达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的不计，扣完本指标为止
指标 满意度（30 分）【A02】
  条款：第五条第（二）项
  数据：满意率（%）、等级（好、差）
  指标值：满意率
  方向：越高越好
  比较范围：全部单位
  计分：最高者得满分，其余按与最高者的比例
指标 培训（10 分）【A03】
  条款：第五条第（三）项
  计分：人工评分，0.5 分一档，写明理由
加分项 表彰（最高 3 分）【J01】
  条款：第六条
  台账：表彰，认定日期在考核期内
  同一事项：只计最高一次，按事项编号
  计分：国家级每次 2 分；省级每次 1 分
等次 年度等次
  条款：第七条
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 总分 | 名额 |
  | 优秀 | 90 分以上 | 30% |
  | 合格 | 不足 90 分 | 不限 |
"""
FACTS = "单位,办结件数,应办件数,满意率,等级,培训\n甲局,98,100,90%,好,9.5\n乙局,90,100,80%,好,8\n丙县,100,100,60%,差,7\n"
HONOURS = "单位,事项编号,级别,认定日期\n甲局,BZ-1,省级,2025-03-01\n"


def project(folder: Path, facts: str | bytes | None = FACTS, honours: str | None = HONOURS, book: str = BOOK) -> Path:
    """A rulebook with three units, its data beside it. ``facts`` None: no file of 实绩."""
    data = folder / "试点" / "数据"
    data.mkdir(parents=True, exist_ok=True)
    path = folder / "试点.perf"
    path.write_text(book.replace("{status}", "印发稿"), encoding="utf-8")
    if facts is not None:
        (data / "实绩.csv").write_bytes(facts if isinstance(facts, bytes) else facts.encode())
    if honours is not None:
        (data / "表彰.csv").write_text(honours, encoding="utf-8")
    return path
