"""A comparison as text: the first screen fits, says who and why without a cut, and every line keeps to its width."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from review_sample import CHANGES, sample

from perfdsl.publish import review_text
from perfdsl.publish.review_parts import case, items, legend
from perfdsl.publish.review_text import HEIGHT, WIDTH, clipped, first_screen, lines_of, text
from perfdsl.reports.reviews import CaseCell, CaseUnit, EffectFinding, FieldFinding
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
    assert any("另有 " in line and "条，见下" in line for line in lines)


def test_every_change_stands_on_the_first_screen_with_old_and_new() -> None:
    screen = unbroken(first_screen(sample()))
    for line in (
        "~  2 B101 重点工作任务完成率  分值：8 分 → 6 分；评分单位：市政府办公室 → 市政府督查室影响得分；间接名次、等次；11 个单位",
        "+  4 B203 机关数字化应用  新增：",
        "-  9 A106 粮食面积目标完成率  删除：",
        "~ 12 等次  名额：35% → 30%；名额取整：进一 → 四舍五入影响等次；间接结果运用；1 个单位",
        "云泽区 ＋2.20（90.60 → 92.80，名次 2 → 1）：B203 机关数字化应用 ＋3.00",
        "松涛区 －3.36",
        "松涛区 优秀 → 良好：删除粮食面积目标完成率（－2.00）、加分上限调低（－0.50），由区县第 1 名降到第 2 名，退出优秀",
        "市直“优秀”：名额 3 → 2，评上 2，末位 93.80 → 92.69；进入 市住房和城乡建设局；退出 市发展和改革委员会",
        "市教育局（2025 年按时办结率没有报",
        "未受影响：一票否决",
    ):
        assert line in screen
    assert "…" not in screen


def test_the_signs_that_stand_there_are_told() -> None:
    assert legend(CHANGES) == "+ 新增，- 删除，~ 修改，= 改名，> 移动，< 拆分，& 合并"
    few = [one for one in CHANGES if one.how in ("新增", "附表")]
    assert f"修订 {len(few)} 条（旧 → 新；+ 新增，~ 修改）\n" in first_screen(replace(sample(), changes=tuple(few)))


def test_where_no_units_were_counted_the_class_alone_chooses() -> None:
    bare = tuple(replace(CHANGES[i % 4], number=i + 1, units=0, reached=0, regraded=0) for i in range(40))
    told = unbroken(first_screen(replace(sample(), changes=bare, impact=None)))
    assert re.search("以上 [0-9]+ 条按影响的类别先列，另有 [0-9]+ 条，见下\n", told)
    assert "单位最多的" not in told


def test_a_unit_that_nothing_explains_has_no_colon() -> None:
    finding = sample()
    assert finding.impact is not None
    shifts = tuple(replace(one, effects=(), why="") for one in finding.impact.shifts)
    told = first_screen(replace(finding, impact=replace(finding.impact, shifts=shifts)))
    assert "  云泽区 ＋2.20（90.60 → 92.80，名次 2 → 1）\n" in told


def unbroken(screen: str) -> str:
    """The screen without the ends of the lines that go on."""
    return re.sub(r"\n {2,5}(?! )", "", screen)


def test_fields_are_left_out_as_a_whole_and_said_to_be() -> None:
    """There is room for some of a dozen cells on two lines: the rest is a number."""
    many = tuple(FieldFinding(f"单位{i} 类别", "市直", "单列", "") for i in range(12))
    (change,) = [one for one in CHANGES if one.how == "附表"]
    screen = first_screen(replace(sample(), changes=(replace(change, fields=many),)))
    assert re.search(r"单位0 类别：市直 → 单列；.*；等 12 处影响得分", unbroken(screen))
    assert "…" not in screen


def test_a_unit_that_goes_does_not_become_the_one_that_comes() -> None:
    rows = FieldFinding("附表 “名册”", "丙县", "丁县", "增加 1 行（丁县），删去 1 行（丙县）")
    (change,) = [one for one in CHANGES if one.how == "附表"]
    screen = first_screen(replace(sample(), changes=(replace(change, fields=(rows,)),)))
    assert "增加 1 行（丁县），删去 1 行（丙县）" in unbroken(screen)
    assert "丙县 → 丁县" not in screen


def test_a_clause_under_another_name_is_called_by_both() -> None:
    (change,) = [one for one in CHANGES if one.code == "B101"]
    screen = unbroken(first_screen(replace(sample(), changes=(replace(change, old_name="重点任务完成率"),))))
    assert "B101 重点任务完成率 → 重点工作任务完成率  分值：8 分 → 6 分" in screen


def test_a_unit_of_each_step_of_the_grades_comes_first() -> None:
    """Three move from 良好 to 优秀 before one falls: the fall is among the three that are shown."""
    finding = sample()
    assert finding.impact is not None
    by = {one.unit: one for one in finding.impact.shifts}
    up, down = by["云泽区"], by["松涛区"]
    shifts = (*(replace(up, unit=f"单位{i}") for i in range(1, 6)), down)
    screen = first_screen(replace(finding, impact=replace(finding.impact, shifts=shifts)))
    graded = screen.partition("等次变化 6 个单位，先列")[2]
    assert graded.index("单位1 良好 → 优秀") < graded.index("松涛区 优秀 → 良好")
    assert "单位5 良好" not in graded


def test_who_enters_is_said_once() -> None:
    finding = sample()
    told = replace(finding, overview=f"{finding.overview}；市直：市住房和城乡建设局进入“优秀”")
    assert "；进入 市住房和城乡建设局" in unbroken(first_screen(finding))
    assert "进入 市住房和城乡建设局" not in unbroken(first_screen(told))


def test_what_the_data_change_is_told_by_names() -> None:
    effect = EffectFinding(0, "数据变动", "＋9.48", "＋9.48", (("E01", "年度重点任务", "＋4.39"), ("B2·甲", "", "－3")))
    assert items(effect) == "（E01 年度重点任务 ＋4.39、B2·甲 －3）"


def test_details_tell_every_change_and_every_unit() -> None:
    finding = sample()
    told = text(finding)
    assert finding.impact is not None
    for change in finding.changes:
        assert f"{change.number}. {change.sentence[:20]}" in told
    for unit in finding.impact.shifts:
        assert told.count(unit.unit) >= 1
    assert "须一并 第 1 条" in told
    assert "□ B102 尾数改法已征求评分单位意见" in told
    told.encode("cp936")


def test_a_case_that_moves_everything_tells_the_first_results() -> None:
    results = tuple((f"“第{i}项”得分", "1.00", "1.001") for i in range(30))
    told = case(CaseUnit("甲单位", (), results))
    assert "“第7项”得分 1.00 → 1.001，等 30 项" in told
    assert "第8项" not in told
    assert "等" not in case(CaseUnit("甲单位", (), results[:8]))


def test_no_change_is_one_sentence() -> None:
    told = text(replace(sample(), changes=(), impact=None, overview="两份的含义相同", unaffected=("全部 80 条",)))
    assert told.splitlines()[2] == "两份的含义相同"
    assert "逐条" not in told


def test_a_line_is_cut_by_width_and_never_inside_a_number() -> None:
    assert width(clipped("办结率" * 40, 21)) <= 21
    assert clipped("办结率", 6) == "办结率"
    lines = lines_of("得" * 39 + "1234.56 分", 3)
    assert lines == ["得" * 39, "  1234.56 分"]
    for torn in ("B101 重点", "“优秀”", "＋5.80", "-0.300", "2024-07-01"):
        assert lines_of("得" * 39 + torn, 3) == ["得" * 39, f"  {torn}"]


def test_a_unit_of_a_case_that_only_stands_there_says_so() -> None:
    """No empty line: its data are as they were, and its results do not change."""
    assert case(CaseUnit("乙单位", ())) == "乙单位：数据照原样；结果不变"
    assert case(CaseUnit("乙单位", (CaseCell("培训数", "9 件"),))) == "乙单位：培训数 9 件；结果不变"


def test_a_long_list_is_broken_without_looking_at_all_of_it_for_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change may reach 3,000 units: what is looked at grows with the list, not with its square."""
    looked = 0

    def counted(said: str) -> int:
        nonlocal looked
        looked += len(said)
        return width(said)

    monkeypatch.setattr(review_text, "width", counted)
    said = "、".join(f"示例市第{i}综合行政执法局" for i in range(500))
    broken = lines_of(said, 10_000, 8)
    assert "".join(line.strip() for line in broken) == said
    assert looked < 4 * len(said)
