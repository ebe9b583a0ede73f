"""Formatting of a rulebook with what it includes."""

from __future__ import annotations

from pathlib import Path

from perfdsl.text.source import read_source
from perfdsl.workspace.formatting import formatted

HIDDEN = "\u200b"
BOOK = f"""\
# 虚构
考评办法 试点办法（10 分）【试点@2025】
  引用：共用.perf
指标 办结率（10 分）【A01】
  数据：办{HIDDEN}结数（件）、受理数（件）
  指标值：办结数 ÷ 受理数
  计分：达到得满分，否则不得分
"""


def test_characters_that_nobody_sees_are_gone_at_once(tmp_path: Path) -> None:
    """A name that is declared with one of them is the same name without."""
    path = tmp_path / "办法.perf"
    (tmp_path / "共用.perf").write_text("类别 市直\n", encoding="utf-8")
    path.write_text(BOOK, encoding="utf-8")
    once, _ = formatted(read_source(path, path.name))
    assert "指标值：办结数 ÷ 受理数" in once
    path.write_text(once, encoding="utf-8")
    assert formatted(read_source(path, path.name))[0] == once
