"""Where places end: ties at the last place, places that stay free, places used outside the ranking, and what is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import perfdsl

from perfdsl.publish import review_parts as parts
from perfdsl.reports.diff import diff
from perfdsl.reports.results import results
from perfdsl.reports.reviews import ImpactFinding
from perfdsl.workspace import evaluate, open_rulebook
from perfdsl.workspace.review.whole import review

BOOK = """\
# 虚构
考评办法 名额办法（100 分）【名额@{year}】
  状态：印发稿
  考核期：{year}年1月1日至{year}年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：{ties}
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲局 |
  | 乙局 |
  | 丙局 |
  | 丁局 |
  | 戊局 |
指标 培训（100 分）【A01】
  数据：培训数（分）、案件数（件）
  指标值：培训数
  计分：按指标值得分，最高得满分，最低 0 分
限等 案件【F21】
  情形：案件数超过 5 件
  后果：等次不高于 “良好”
  名额：空出的{freed}
等次 年度等次
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：{tie}
  超出名额：列入下一等次
  | 等次 | 总分 | 名额 |
  | 优秀 | 90 分以上 | {quota} |
  | 良好 | 不足 90 分 | 不限 |
"""


def book(year: int = 2025, tie: str = "一并计入", **more: str) -> str:
    given = {"ties": "并列占位（1、2、2、4）", "freed": "由下一名递补", "quota": "40%", **more}
    return BOOK.format(year=year, tie=tie, **given)


def facts(*scores: str, cases: str = "00000") -> str:
    rows = zip("甲乙丙丁戊", scores, cases, strict=True)
    return "单位,培训数,案件数\n" + "".join(f"{unit}局,{score},{case}\n" for unit, score, case in rows)


LEVEL = facts("95", "90", "90", "90", "80")


def placed(folder: Path, text: str, data: str, year: int = 2025) -> Path:
    path = folder / f"{year}.perf"
    path.write_text(text, encoding="utf-8")
    (folder / str(year) / "数据").mkdir(parents=True)
    (folder / str(year) / "数据" / "实绩.csv").write_text(data, encoding="utf-8")
    return path


def why(folder: Path, text: str, data: str) -> dict[str, str]:
    opened = open_rulebook(placed(folder, text, data))
    assert opened.sound, opened.problems
    return {unit.unit: unit.why for unit in results(evaluate(opened, None)).units}


def test_a_tie_that_lets_more_in_is_told_to_those_who_are_level(tmp_path: Path) -> None:
    found = why(tmp_path, book(), LEVEL)
    quota = "“优秀” 90 分以上，名额 5 × 40% = 2 个"
    assert found["甲局"] == f"总分 95.00，{quota}以内"
    told = f"总分 90.00，{quota}，末位 3 个单位同分 90.00，一并计入，实评 4 个"
    assert [found[unit] for unit in ("乙局", "丙局", "丁局")] == [told] * 3
    text = perfdsl("explain", tmp_path / "2025.perf", "--unit", "丙局").out
    assert f"为什么：{told}" in text


def test_a_tie_that_keeps_places_free_is_told_to_all_who_get_none(tmp_path: Path) -> None:
    found = why(tmp_path, book(tie="一并不计入"), LEVEL)
    quota = "名额 5 × 40% = 2 个"
    told = f"够 “优秀” 线，{quota}，末位 3 个单位同分 90.00，一并不计入，实评 1 个，列入 “良好”"
    assert found["乙局"] == found["丁局"] == told
    assert found["甲局"].endswith(f"{quota}以内")


def test_a_tie_that_the_rule_breaks_is_told_to_the_one_behind(tmp_path: Path) -> None:
    text = book(ties="先比 案件数（低者在前），仍相同的并列占位")
    found = why(tmp_path, text, facts("95", "92", "92", "91", "60", cases="01000"))
    full = "够 “优秀” 线，名额 5 × 40% = 2 个已满"
    assert found["乙局"] == f"{full}，总分与末位相同，按同分办法排在后面，列入 “良好”"
    assert found["丁局"] == f"{full}，列入 “良好”"


def test_a_place_that_stays_free_is_told(tmp_path: Path) -> None:
    text = book(freed="不递补")
    found = why(tmp_path, text, facts("95", "94", "93", "92", "60", cases="90000"))
    assert found["丙局"] == "够 “优秀” 线，名额 5 × 40% = 2 个已满（1 个空出，不递补，实评 1 个），列入 “良好”"


@pytest.mark.parametrize("scores", [("95", "94", "80", "70", "60"), ("95", "94", "93", "70", "60")])
def test_where_as_many_come_in_as_there_are_places_nothing_is_added(tmp_path: Path, scores: tuple[str, ...]) -> None:
    found = why(tmp_path, book(), facts(*scores))
    assert not any("实评" in one for one in found.values())
    assert found["乙局"] == "总分 94.00，“优秀” 90 分以上，名额 5 × 40% = 2 个以内"


# ---- in a comparison


def compared(folder: Path, old: str, new: str, before: str, after: str | None) -> ImpactFinding:
    books = [
        open_rulebook(placed(folder, text, data or before, year))
        for year, text, data in ((2024, old, before), (2025, new, after))
    ]
    assert all(one.sound for one in books), [one.problems for one in books]
    places = [folder / year / "数据" for year in ("2024", "2025")]
    found = diff(review(books[0], books[1], places[0], places[1] if after else None), ("旧", "新")).impact
    assert found is not None
    return found


def edges(found: ImpactFinding) -> dict[str, str]:
    return {one.unit: one.edge for one in found.shifts}


@pytest.mark.parametrize("after", [LEVEL, None])
def test_the_strip_of_a_quota_shows_places_and_the_tie(tmp_path: Path, after: str | None) -> None:
    """On the new data, and on the old data alone."""
    found = compared(tmp_path, book(2024, quota="80%"), book(2025), LEVEL, after)
    (one,) = found.quotas
    assert (one.places, one.seats, one.taken) == (("80%", "40%"), ("4", "2"), (4, 4))
    assert one.cuts == ("", "末位 3 个单位同分 90.00，一并计入，实评 4 个")
    said = parts.quota(one)
    assert said.startswith("全部单位“优秀”：名额 4 → 2（80% → 40%），评上 4，末位")
    assert "；新：末位 3 个单位同分 90.00，一并计入，实评 4 个" in said


def test_places_of_a_draft_without_data_of_its_own(tmp_path: Path) -> None:
    """What the old data cannot show is left out of the rules that are run; the places are those of the run."""
    more = "加分项 宣传（最高 5 分）【J01】\n  数据：宣传数（件）\n  计分：每有 1 件宣传数加 1 分\n限等 案件"
    new = (
        book(2025)
        .replace("限等 案件", more)
        .replace("总分：基本分", "总分：基本分 + 加分，加分最高 5 分，总分最高 105 分")
    )
    new = new.replace("90 分", "{line} 分")
    (one,) = compared(tmp_path, book(2024), new.format(line="90"), LEVEL, None).quotas
    assert one.seats == ("2", "2") and one.taken == (4, 4)


@pytest.mark.parametrize("after", [True, False])
def test_both_reasons_of_a_grade_are_told(tmp_path: Path, after: bool) -> None:
    data = facts("95", "94", "93", "92", "60")
    found = compared(tmp_path, book(2024, quota="80%"), book(2025), data, data if after else None)
    why = {one.unit: one.why for one in found.shifts}["丙局"]
    new, old = ("今年", "上年") if after else ("新办法", "旧办法")
    assert why == (
        f"由“优秀”降为“良好”；{new}：够 “优秀” 线，名额 5 × 40% = 2 个已满，列入 “良好”；"
        f"{old}：总分 93.00，“优秀” 90 分以上，名额 5 × 80% = 4 个以内"
    )


NEAR = facts("95", "92", "91.8", "89.9", "60")


def test_what_is_missing_where_the_places_are_full(tmp_path: Path) -> None:
    """Points to the last place, not to the line alone; a tie with the last comes in together, or may not."""
    found = edges(compared(tmp_path, book(2024), book(2025), NEAR, NEAR))
    assert found["丙局"] == "“优秀”名额 2 个已满，差 0.20 分追平末位 92.00（追平的一并计入）"
    assert found["丁局"] == "差 0.10 分到“优秀”的分数线，“优秀”名额 2 个已满（末位 92.00）"
    assert found["甲局"] == found["戊局"] == ""


def test_a_tie_with_the_last_need_not_be_enough(tmp_path: Path) -> None:
    out = book(2025, tie="一并不计入")
    assert edges(compared(tmp_path, book(2024), out, NEAR, NEAR))["丙局"].endswith("92.00（追平的不一定进入）")


def test_places_are_free_and_those_who_are_level_stay_out(tmp_path: Path) -> None:
    out = book(2025, tie="一并不计入")
    found = edges(compared(tmp_path, book(2024), out, LEVEL, LEVEL))
    told = "“优秀”名额 2 个，末位 3 个单位同分 90.00，一并不计入，实评 1 个，总分超过 90.00 才进入"
    assert found["乙局"] == found["丁局"] == told


def test_the_line_is_enough_where_a_place_is_free(tmp_path: Path) -> None:
    data = facts("95", "89.9", "80", "70", "60")
    assert edges(compared(tmp_path, book(2024), book(2025), data, data))["乙局"] == "差 0.10 分到“优秀”的分数线"


def test_points_do_not_help_who_is_barred(tmp_path: Path) -> None:
    """Neither to the line nor to the last place: a limit keeps the unit out."""
    data = facts("95", "92", "91.8", "89.9", "60", cases="00990")
    found = edges(compared(tmp_path, book(2024), book(2025), data, data))
    assert found["丙局"] == found["丁局"] == ""


def test_the_same_tie_on_both_sides_is_told_once(tmp_path: Path) -> None:
    (one,) = compared(tmp_path, book(2024), book(2025), LEVEL, LEVEL).quotas
    assert parts.quota(one).count("一并计入") == 1 and "旧：" not in parts.quota(one)


def test_who_is_over_the_line_and_far_from_the_last_place_is_told(tmp_path: Path) -> None:
    """90.5 is enough for 优秀, two had more: not near, and not to be left blank."""
    data = facts("95", "92", "90.5", "89", "60")
    found = {one.unit: one for one in compared(tmp_path, book(2024), book(2025), data, data).shifts}
    assert found["丙局"].held == "够“优秀”的分数线，名额 2 个已满（末位 92.00，差 1.50 分）"
    assert found["丙局"].edge == ""
    assert [found[unit].held for unit in ("甲局", "乙局", "丁局", "戊局")] == [""] * 4
    assert parts.remark(found["丙局"], {}) == found["丙局"].held
