"""A comparison as text: the first screen fits, says who and why, and every line keeps to its width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from review_sample import CHANGES, sample

from perfdsl.publish.review_text import HEIGHT, WIDTH, clipped, first_screen, lines_of, text
from perfdsl.text.render import width


@pytest.mark.parametrize("units", [0, 60, 1000])
def test_the_first_screen_fits(units: int) -> None:
    lines = first_screen(sample(units)).splitlines()
    assert len(lines) <= HEIGHT
    assert max(map(width, lines)) <= WIDTH


def test_the_first_screen_fits_with_many_changes_and_groups() -> None:
    finding = sample(60)
    assert finding.impact is not None
    many = tuple(replace(CHANGES[i % len(CHANGES)], number=i + 1) for i in range(90))
    impact = replace(finding.impact, quotas=finding.impact.quotas * 6)
    lines = first_screen(replace(finding, changes=many, overview=finding.overview * 9, impact=impact)).splitlines()
    assert len(lines) <= HEIGHT
    assert any("另有 " in line and "条影响较小" in line for line in lines)


def test_every_change_stands_on_the_first_screen_with_old_and_new() -> None:
    screen = first_screen(sample())
    for line in (
        "~  2 B101 重点工作任务完成率  分值：8 分 → 6 分；等 2 处",
        "+  4 B203 机关数字化应用  新增：",
        "-  9 A106 粮食面积目标完成率  删除：",
        "~ 12 等次  名额：35% → 30%；等 2 处",
        "云泽区 ＋2.20（90.60 → 92.80，名次 2 → 1）：B203 ＋3.00",
        "松涛区 －3.36",
        "市直“优秀”：名额 3 → 2",
        "市教育局（2025 年按时办结率没有报",
        "未受影响：一票否决",
    ):
        assert line in screen


def test_details_tell_every_change_and_every_unit() -> None:
    finding = sample()
    told = text(finding)
    assert finding.impact is not None
    for change in finding.changes:
        assert f"{change.number}. {change.sentence[:20]}" in told
    for unit in finding.impact.shifts:
        assert told.count(unit.unit) >= 1
    assert "须一并 第 1 项" in told
    assert "□ B102 尾数改法已征求评分单位意见" in told
    told.encode("cp936")


def test_no_change_is_one_sentence() -> None:
    told = text(replace(sample(), changes=(), impact=None, overview="两份的含义相同", unaffected=("全部 80 条",)))
    assert told.splitlines()[1] == "两份的含义相同"
    assert "逐条" not in told


def test_a_line_is_cut_by_width_and_never_inside_a_number() -> None:
    assert width(clipped("办结率" * 40, 21)) <= 21
    assert clipped("办结率", 6) == "办结率"
    lines = lines_of("得" * 49 + "1234.56 分", 3)
    assert lines == ["得" * 49, "  1234.56 分"]
