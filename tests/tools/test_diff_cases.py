"""The cases that a comparison shows: small, in an officer's words, and the same in every run, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import BOOK, RULEBOOKS, apart, perfdsl, project

CHANGES = (
    ("目标值：98%", "目标值：97%"),
    ("加分项 表彰（最高 3 分）", "加分项 表彰（最高 2 分）"),
    ("名额基数：参加排名的单位数", "名额基数：参加考核的单位数"),
    ("| 优秀 | 90 分以上 | 30% |\n  | 合格 | 不足 90 分 |", "| 优秀 | 88 分以上 | 40% |\n  | 合格 | 不足 88 分 |"),
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "目标值：98%",
            "目标值：97%",
            "只有甲单位（以甲局的旧数据为底）一个单位时，办结件数 为 97 件：总分 100.00 → 100.50；基本分 99.00 → 99.50",
        ),
        (
            "加分项 表彰（最高 3 分）",
            "加分项 表彰（最高 2 分）",
            "只有甲单位（以乙局的旧数据为底）一个单位时，“表彰”加 2 行（级别 国家级，认定日期 2025-07-02）：总分 97.00 → 96.00；"
            "“表彰”得分 3.00 → 2.00",
        ),
        (
            "名额取整：四舍五入",
            "名额取整：进一",
            "只有甲单位（以乙局的旧数据为底）一个单位时，办结件数 为 90 件、应办件数 为 100 件、满意率 为 80%：等次 合格 → 优秀",
        ),
        (
            "人工评分，0.5 分一档",
            "人工评分，0.25 分一档",
            "只有甲单位（以甲局的旧数据为底）一个单位时，培训 为 9.75 分：总分 待定 → 100.75；等次 待定 → 合格",
        ),
    ],
    ids=["a number moved by one step", "new rows told once", "a quota", "a step of a score that people give"],
)
def test_a_case_in_one_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in BOOK
    pair = project(tmp_path / "旧"), project(tmp_path / "新", book=BOOK.replace(old, new))
    (change,) = perfdsl("diff", *pair, "--format", "json").json["changes"]
    assert change["witness"]["sentence"] == said


def test_a_total_that_hangs_on_nobody_else_is_not_said_to_be_of_a_unit_alone(tmp_path: Path) -> None:
    """满意度 by bands: 甲局 has the same total whoever else is there."""
    best = "  比较范围：全部单位\n  计分：最高者得满分，其余按与最高者的比例\n"
    book = BOOK.replace(best, "  计分：分档\n    | 满意率 | 得分 |\n    | 90% 以上 | 30 |\n    | 不足 90% | 0 |\n")
    pair = (
        project(tmp_path / "旧", book=book),
        project(tmp_path / "新", book=book.replace("目标值：98%", "目标值：97%")),
    )
    (change,) = perfdsl("diff", *pair, "--format", "json").json["changes"]
    assert change["witness"]["sentence"].startswith("甲单位（以")


def test_without_data_a_usual_unit_has_all_results(tmp_path: Path) -> None:
    """Else no change would show in its total or its grade."""
    book = BOOK.replace("名额取整：四舍五入", "名额取整：进一").replace("总分最高 103 分", "总分最高 101 分")
    pair = project(tmp_path / "旧"), project(tmp_path / "新", book=book)
    changes = perfdsl("diff", *pair, "--no-data", "--format", "json").json["changes"]
    assert [one["classes"][0]["name"] for one in changes] == ["影响得分", "影响等次"]
    assert not any("待定" in str(one["witness"]) for one in changes)


DOTTED = """\
# 虚构
考评办法 试点办法（100 分）【试点@{year}】
  状态：印发稿
  考核期：{year}年1月1日至{year}年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲局 |
附表 表2.1（每个单位一行）
  列：单位、目标（件）
  | 单位 | 目标 |
  | 甲局 | {target} |
指标 培训（100 分）【A01】
  数据：培训数（件）
  指标值：培训数
  目标值：附表 “表2.1” 的 “目标”
  方向：越高越好
  计分：达到得满分；每少 10 件扣 {rate} 分，不足 10 件的不计，扣完本指标为止
"""


def test_the_name_of_a_schedule_may_hold_a_dot(tmp_path: Path) -> None:
    """Cases name the column and put numbers in it: a 附表 called 表2.1 is not a table 表2 with a column 1.目标."""
    pair = tmp_path / "2024.perf", tmp_path / "2025.perf"
    for path, target, rate in zip(pair, (100, 101), (2, 3), strict=True):
        path.write_text(DOTTED.format(year=path.stem, target=target, rate=rate), encoding="utf-8")
    changes = perfdsl("diff", *pair, "--no-data", "--format", "json").json["changes"]
    assert [one["classes"][0]["name"] for one in changes] == ["影响得分", "影响得分"]
    for one in changes:
        cells = {cell["column"]: cell["value"] for unit in one["witness"]["units"] for cell in unit["cells"]}
        assert "培训数" in cells and cells.keys() <= {"培训数", "目标"}, one["witness"]
        assert all(value.endswith(" 件") for value in cells.values()), one["witness"]


@pytest.mark.full
@pytest.mark.parametrize("more", [(), ("--no-data",)], ids=["data", "no data"])
def test_every_change_of_two_years_is_decided(more: tuple[str, ...]) -> None:
    pair = RULEBOOKS / "示例市" / "2024.perf", RULEBOOKS / "示例市" / "2025.perf"
    changes = perfdsl("diff", *pair, *more, "--format", "json").json["changes"]
    idle = {"仅措辞", "证明等价"}
    assert changes
    for one in changes:
        classes = {each["name"] for each in one["classes"]}
        assert classes, one["number"]
        assert "不能判定" not in classes, one["number"]
        assert classes <= idle or one["witness"]["units"], one["number"]


def told(seed: str, old: Path, new: Path) -> bytes:
    """The comparison as JSON, in a process that puts sets in another order."""
    ran = apart("diff", old, new, "--format", "json", PYTHONHASHSEED=seed)
    assert ran.returncode == 0, ran.stderr.decode()
    assert b'"witness": {' in ran.stdout
    return ran.stdout


def test_two_runs_are_one(tmp_path: Path) -> None:
    book = BOOK
    for old, new in CHANGES:
        assert old in book
        book = book.replace(old, new)
    pair = project(tmp_path / "旧"), project(tmp_path / "新", book=book)
    assert told("1", *pair) == told("2", *pair)


@pytest.mark.full
def test_two_runs_of_two_years_are_one() -> None:
    pair = RULEBOOKS / "示例市" / "2024.perf", RULEBOOKS / "示例市" / "2025.perf"
    assert told("1", *pair) == told("2", *pair)
