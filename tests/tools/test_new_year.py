"""The next year's draft: what moves, what stays, what is to be looked at."""

from __future__ import annotations

import difflib
import re
import shutil
from pathlib import Path

import pytest
from running import RULEBOOKS, perfdsl

SMALL = """\
# 2024 年起试行
考评办法 试2024年度办法（10 分）【试@2024】
  文件：《试办法》（试发〔2024〕1号）
  状态：印发稿
  考核期：2024年1月1日至2024年12月31日
  有效期：2024年2月29日至2025年2月28日
  修改理由：新设  # 会议定的
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
指标 总结（10 分）【A01】
  计分：２０２４年12月20日前报送得满分，逾期或未报送不得分
  未报：不得分
  原文：2024年12月20日前报送。
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_city(here: Path) -> None:
    shutil.copytree(RULEBOOKS / "示例市", here / "示例市")
    ran = perfdsl("转年度", "示例市@2025", "2026")
    assert ran.code == 0, ran.err
    old = (here / "示例市/2025.perf").read_text(encoding="utf-8").splitlines()
    new = (here / "示例市/2026.perf").read_text(encoding="utf-8").splitlines()
    changes = list(difflib.unified_diff(old, new, n=0, lineterm=""))
    assert [one for one in changes if one.startswith("+") and not one.startswith("+++")] == [
        "+考评办法 示例市2026年度综合绩效考评（100 分）【示例市@2026】",
        "+  状态：征求意见稿",
        "+  年度：2026",
        "+  上年度：示例市@2025",
        "+  考核期：2026年1月1日至2026年12月31日",
        "+  计分：2026年12月20日前报送得满分，逾期或未报送不得分",
        "+  计分：2026年6月30日前公开得满分，逾期得 0.5 分",
    ]
    gone = [one[1:].strip() for one in changes if one.startswith("-") and not one.startswith("---")]
    moved = ("考评办法", "状态：", "年度：", "上年度：", "考核期：", "计分：")
    assert {one.partition("：")[0] for one in gone if not one.startswith(moved)} == {"文件", "修改理由", "上年对应"}
    assert not (here / "示例市/2026/数据").exists()
    for name in ("单位名册.csv", "个性指标.csv", "年度目标.csv"):
        copied = here / "示例市/2026/附表" / name
        assert copied.read_bytes() == (here / "示例市/2025/附表" / name).read_bytes()
    line = new.index("  计分：2026年12月20日前报送得满分，逾期或未报送不得分") + 1
    assert f"第 {line} 行 2025年12月20日 → 2026年12月20日" in ran.out
    official = next(at for at, one in enumerate(new, 1) if "各单位应于 2025年12月20日前" in one)
    assert f"第 {official} 行 各单位应于 2025年12月20日前" in ran.out
    assert "【Y03】连续优秀 连续 3 年等次" in ran.out
    assert "【A303】信访积案化解率 目标值：98%" in ran.out
    assert "年度目标.csv（由 " in ran.out
    assert "必须改" not in ran.err
    checked = perfdsl("check", "示例市@2026")
    assert checked.code == 0
    again = perfdsl("new-year", "示例市@2025", "2026")
    assert again.code == 3
    assert "已经有了，没有写" in again.err
    assert perfdsl("new-year", "示例市@2025", "2026", "--force").code == 0


OTHER = (
    "条款",
    "原文",
    "依据",
    "评分单位",
    "责任单位",
    "数据来源",
    "数据",
    "列",
    "同分",
    "同名次",
    "年度",
    "上年度",
    "考核期",
)
"""Fields whose numbers nobody decides on every year, or that say them again (原文)."""


def test_every_number_that_is_to_be_decided_on_is_listed(here: Path) -> None:
    """Line by line, by another reading than the command's: what is written in a rule and holds a digit is in a list."""
    shutil.copytree(RULEBOOKS / "示例市", here / "示例市")
    ran = perfdsl("转年度", "示例市@2025", "2026")
    listed = {int(found) for found in re.findall(r"^  第 ([0-9]+) 行 ", ran.out, re.MULTILINE)}
    block, told = "", 0
    for at, line in enumerate((here / "示例市/2026.perf").read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith((" ", "#")):
            block = line.split(" ")[0]
        label = line.strip().partition("：")[0]
        plain = re.sub("【[^】]*】|“[^”]*”", "", line)
        if line.startswith("  ") and label not in OTHER and block != "附表" and re.search("[0-9]", plain):
            assert at in listed, line
            told += 1
    assert told > 90
    for said in (
        "第 182 行 【A301】空气质量优良天数比例 计分 90% 以上：得分 3",
        "【F22】党建得分过低 情形：得分【D】低于 9 分",
        "年度等次 优秀：总分 90 分以上，名额 30%",
        "【K02】通报批评：最多扣 3 分",
        "全办法 总分：基本分 + 加分 － 扣分，加分最高 5 分，总分最高 105 分，最低 0 分",
        "附表 “年度目标” 的 “办结率目标”：62 格，96% 至 98%",
        "附表 “个性指标” 的 “分值”：186 格，5 至 8 分",
        "【D104】党务公开 计分：2026年6月30日前公开得满分，逾期得 0.5 分",
    ):
        assert said in ran.out


def test_small(here: Path) -> None:
    Path("试2024.perf").write_text(SMALL, encoding="utf-8")
    ran = perfdsl("new-year", "试2024.perf", "2025")
    assert ran.code == 0, ran.err
    # 29 February 2024 is 28 February 2025; the comments stay; what was open stays open; the quoted text is listed
    assert Path("试2025.perf").read_text(encoding="utf-8") == (
        SMALL.replace("试2024年度办法（10 分）【试@2024】", "试2025年度办法（10 分）【试@2025】\n  上年度：试@2024")
        .replace("  文件：《试办法》（试发〔2024〕1号）\n", "")
        .replace("印发稿", "征求意见稿")
        .replace("2024年1月1日至2024年12月31日", "2025年1月1日至2025年12月31日")
        .replace("2024年2月29日至2025年2月28日", "2025年2月28日至2026年2月28日")
        .replace("修改理由：新设  # 会议定的", "# 会议定的")
        .replace("２０２４年12月20日前报送得", "2025年12月20日前报送得")
    )
    assert "第 1 行 # 2024 年起试行" in ran.out


def test_rows_of_a_schedule_are_read_from_the_copy(here: Path) -> None:
    """A 附表 that names its file: the draft names the copy, and says so; one beside the rulebook is that of both years."""
    rows = "附表 单位名册（每个单位一行）\n  列：单位\n  | 单位 |\n  | 甲县 |\n"
    own, beside = "文件 “试2024/附表/单位2024.csv”", "文件 “单位.csv”"
    assert rows in SMALL
    for name, kept in (("试2024/附表/单位2024.csv", own), ("单位.csv", beside)):
        table = f"附表 单位名册（每个单位一行，{kept}）\n  列：单位\n"
        Path("试2024.perf").write_text(SMALL.replace(rows, table), encoding="utf-8")
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("单位\n甲县\n", encoding="utf-8")
        ran = perfdsl("new-year", "试2024.perf", "2025", "--force")
        assert ran.code == 0, ran.err
        text = Path("试2025.perf").read_text(encoding="utf-8")
        if kept is own:
            assert "附表 单位名册（每个单位一行，文件 “试2025/附表/单位2024.csv”）" in text
            assert "附表的文件：试2024/附表/单位2024.csv → 试2025/附表/单位2024.csv" in ran.out
            assert Path("试2025/附表/单位2024.csv").exists()
        else:
            assert f"每个单位一行，{beside}" in text
            assert "第 11 行 附表 “单位名册” 读的 单位.csv 没有复制，两年读的是同一份" in ran.out


def test_refusals(here: Path) -> None:
    Path("试.perf").write_text(SMALL, encoding="utf-8")
    earlier = perfdsl("new-year", "试.perf", "2024")
    assert earlier.code == 3
    assert "新年度要在它以后" in earlier.err
    for year in ("明年", "二〇二七", "1999"):
        ran = perfdsl("new-year", "试.perf", year)
        assert ran.code == 2 and "新年度 要写阿拉伯数字，2000 至 2099" in ran.err
    assert perfdsl("new-year", "没有.perf", "2025").code == 3
    same = perfdsl("new-year", "试.perf", "2025", "--out", "试.perf", "--force")
    assert same.code == 3
    assert Path("试.perf").read_text(encoding="utf-8") == SMALL
    Path("共用.perf").write_text("类别 区县\n", encoding="utf-8")
    assert "没有考评办法" in perfdsl("new-year", "共用.perf", "2025").err
    assert perfdsl("new-year", "试.perf", "2026", "--out", "草稿/明年.perf").code in (0, 1)
    assert Path("草稿/明年.perf").exists()
