"""What a comparison says of units: applications that come and go, grades under another name, places that are possible."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.publish.review_markdown import page
from perfdsl.publish.review_parts import quota
from perfdsl.publish.review_text import text
from perfdsl.reports.diff import diff
from perfdsl.reports.reviews import ImpactFinding, ReviewFinding, UnitShift
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.whole import review

BOOK = """\
# 虚构
考评办法 试点办法（100 分）【试点@{year}】
  状态：印发稿
  考核期：{year}年1月1日至{year}年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分 + 加分 － 扣分，加分最高 5 分，总分最高 105 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲局 |
  | 乙局 |
指标 培训（100 分）【A01】
  数据：培训数（件）
  指标值：培训数
  目标值：100 件
  方向：越高越好
  计分：达到得满分；每少 10 件扣 2 分，不足 10 件的不计，扣完本指标为止
{more}等次 年度等次
  | 等次 | 总分 |
  | {best} | 90 分以上 |
  | 一般 | 不足 90 分 |
{ends}"""
BONUS = """\
加分项 宣传（最高 5 分）【J01】
  数据：宣传数（件）
  计分：每有 1 件宣传数加 1 分
"""
CUT = """\
扣分项 通报（最多扣 3 分）【K01】
  数据：通报数（次）
  计分：每有 1 次通报数扣 1 分
"""
MONEY = """\
结果运用 奖金【Y01】
  方式：综合运用、直接运用、当前运用
  | 等次 | 奖金系数 |
  | {best} | 1.2 |
  | 一般 | 1.0 |
"""


VETO = """\
一票否决 培训不足【F01】
  情形：指标值【A01】低于 50 件
  后果：等次定为 “一般”
  名次：保留名次
"""


def compared(folder: Path, old: str, new: str, data: tuple[str, str | None]) -> ReviewFinding:
    """The comparison of two rulebooks on 实绩 of the two years; without new data, None."""
    opened, places = [], []
    for year, book, facts in zip((2024, 2025), (old, new), data, strict=True):
        path = folder / f"{year}.perf"
        path.write_text(book, encoding="utf-8")
        place = folder / str(year) / "数据"
        if facts is not None:
            place.mkdir(parents=True)
            (place / "实绩.csv").write_text(facts, encoding="utf-8")
        opened.append(open_rulebook(path))
        assert opened[-1].sound, opened[-1].problems
        places.append(place if facts is not None else None)
    return diff(review(opened[0], opened[1], *places), ("旧", "新"))


def impact(folder: Path, old: str, new: str, data: tuple[str, str | None]) -> ImpactFinding:
    """What is said of the units."""
    found = compared(folder, old, new, data).impact
    assert found is not None
    return found


def book(year: int, more: str = "", ends: str = "", best: str = "优秀") -> str:
    return BOOK.format(year=year, more=more, ends=ends.format(best=best), best=best)


def by_unit(found: ImpactFinding) -> dict[str, UnitShift]:
    return {one.unit: one for one in found.shifts}


FACTS = "单位,培训数\n甲局,100\n乙局,40\n"


def test_an_application_that_goes_is_told(tmp_path: Path) -> None:
    found = by_unit(impact(tmp_path, book(2024, ends=MONEY), book(2025), (FACTS, FACTS)))
    assert found["甲局"].applications == (("奖金", "1.2", ""),)
    assert found["乙局"].applications == (("奖金", "1.0", ""),)


def test_a_mean_place_stands_among_the_places(tmp_path: Path) -> None:
    old, new = (
        book(year).replace("并列占位（1、2、2、4）", "取平均名次").replace("  | 乙局 |\n", "  | 乙局 |\n  | 丙局 |\n")
        for year in (2024, 2025)
    )
    facts = "单位,培训数\n甲局,40\n乙局,100\n丙局,100\n"
    found = impact(tmp_path, old, new.replace("扣 2 分", "扣 1 分"), (facts, facts))
    assert [one.unit for one in found.shifts] == ["丙局", "乙局", "甲局"]


def test_a_grade_under_another_name(tmp_path: Path) -> None:
    found = by_unit(impact(tmp_path, book(2024), book(2025, best="先进"), (FACTS, FACTS)))
    assert found["甲局"].why == "“优秀”改称“先进”"
    assert found["乙局"].why == ""


def test_grades_that_no_table_has_together_are_neither_better_nor_worse(tmp_path: Path) -> None:
    """Two grades become three with other names: nobody knows whether 先进 of three is more than 优秀 of two."""
    three = book(2025, best="先进").replace("不足 90 分 |", "85 分以上不足 90 分 |\n  | 较差 | 不足 85 分 |")
    found = by_unit(impact(tmp_path, book(2024), three, (FACTS, FACTS.replace("40", "0"))))
    assert found["甲局"].why.startswith("由“优秀”改为“先进”；")
    assert found["乙局"].why.startswith("由“一般”降为“较差”；")


@pytest.mark.parametrize(
    ("more", "said", "spans"),
    [
        # 100 and 88 of the training: what is missing may bring 乙局 5 points or take 3 from 甲局, not 12
        (BONUS, "另有加分 5 分无上年数据；1 条修订（J01 宣传）所用的数据上年没有，没有试算", ("第 1 名", "第 2 名")),
        (CUT, "另有扣分 3 分无上年数据；1 条修订（K01 通报）所用的数据上年没有，没有试算", ("第 1 名", "第 2 名")),
        (
            BONUS + CUT,
            "另有加分 5 分无上年数据；另有扣分 3 分无上年数据；2 条修订（J01 宣传、K01 通报）所用的数据上年没有，没有试算",
            ("第 1 名", "第 2 名"),
        ),
    ],
)
def test_what_is_missing_stands_apart(tmp_path: Path, more: str, said: str, spans: tuple[str, str]) -> None:
    found = impact(tmp_path, book(2024), book(2025, more=more), (FACTS, None))
    assert found.comparable == said
    assert (by_unit(found)["甲局"].rank_span, by_unit(found)["乙局"].rank_span) == spans


def test_a_deduction_can_turn_the_places(tmp_path: Path) -> None:
    """100 and 98: up to 3 points may be taken from either."""
    facts = "单位,培训数\n甲局,100\n乙局,90\n"
    found = by_unit(impact(tmp_path, book(2024), book(2025, more=CUT), (facts, None)))
    assert (found["甲局"].rank_span, found["乙局"].rank_span) == ("第 1–2 名", "第 1–2 名")


def test_places_on_the_old_data_alone(tmp_path: Path) -> None:
    """The January case: who would lose 优秀 under the new rule, 100 and 94 points, one place of two."""
    quota = BOOK.replace(
        "等次 年度等次\n  | 等次 | 总分 |\n  | {best} | 90 分以上 |\n  | 一般 | 不足 90 分 |\n",
        "等次 年度等次\n  名额基数：参加排名的单位数\n  名额取整：四舍五入\n  名额末位同分：一并计入\n  超出名额：列入下一等次\n"
        "  | 等次 | 总分 | 名额 |\n  | 优秀 | 90 分以上 | {best} |\n  | 一般 | 不足 90 分 | 不限 |\n",
    )
    old, new = (quota.format(year=year, more="", ends="", best=best) for year, best in ((2024, "100%"), (2025, "50%")))
    found = impact(tmp_path, old, new, ("单位,培训数\n甲局,100\n乙局,70\n", None))
    (one,) = found.quotas
    assert (one.places, one.taken, one.entered, one.left) == (("100%", "50%"), (2, 1), (), ("乙局",))
    assert one.last == ("乙局 94.00", "甲局 100.00")


def test_a_veto_is_told_on_the_data_of_both_years(tmp_path: Path) -> None:
    """乙局 comes under it this year, with 100 - 5 × 2 points: why it falls is the veto and not the ten points."""
    old, new = (BOOK.format(year=y, more=more, best="优秀", ends="") for y, more in ((2024, ""), (2025, VETO)))
    found = compared(tmp_path, old, new, ("单位,培训数\n甲局,100\n乙局,100\n", "单位,培训数\n甲局,100\n乙局,45\n"))
    assert [change.impact for change in found.changes] == [
        "在旧数据上：没有单位受影响。在新数据上，其他修订都改了以后再改这一条：1 个单位等次变化（乙局 优秀 → 一般）"
    ]
    assert found.impact is not None
    assert found.impact.shifts[1].why == (
        "由“优秀”降为“一般”；今年：一票否决 “培训不足”，等次定为“一般”，列入 “一般”；上年：总分 100.00，“优秀” 90 分以上"
    )


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        # 乙局 with 88 points is 一般 anyhow
        ("", VETO, "1 个单位触发的否决、限制变化，总分、名次、等次都不变"),
        (VETO, VETO.replace("保留名次", "不参加排名"), "1 个单位的名次不同（含有无、待定）"),
        (
            "",
            VETO.replace("保留名次", "不参加排名"),
            "1 个单位的名次不同（含有无、待定）；1 个单位触发的否决、限制变化",
        ),
    ],
)
def test_what_differs_beside_totals(was: str, now: str, said: str, tmp_path: Path) -> None:
    (change,) = compared(tmp_path, book(2024, more=was), book(2025, more=now), (FACTS, None)).changes
    assert change.impact == said


def test_only_the_points_of_a_group_are_others(tmp_path: Path) -> None:
    """They are the sum of what stands below, and no score reads them. 学习 alone: 98 + 10 and 96 + 10 are cut to 105."""
    whole = BOOK.format(year=2024, more="", best="优秀", ends="")
    leaf = whole[whole.index("指标 培训") : whole.index("等次 年度")]

    def grouped(year: int, points: int) -> str:
        first = f"一级指标 业务（{points} 分）【A】\n{leaf.replace('100 分', f'{points} 分', 1)}"
        second = f"一级指标 队伍（{100 - points} 分）【B】\n{leaf.replace('100 分', f'{100 - points} 分', 1)}"
        second = second.replace("【A01】", "【B01】").replace("指标 培训", "指标 学习").replace("培训数", "学习数")
        return whole.replace("2024", str(year)).replace(leaf, first + second)

    facts = "单位,培训数,学习数\n甲局,100,90\n乙局,80,100\n"
    found = compared(tmp_path, grouped(2024, 60), grouped(2025, 50), (facts, facts))
    assert {change.name: change.impact for change in found.changes} == {
        "业务": "公布的分值不同，没有单位的得分因此变化",
        "培训": "2 个单位的总分变动，最多降 10.00；2 个单位等次变化（甲局 优秀 → 一般、乙局 优秀 → 一般）",
        "队伍": "公布的分值不同，没有单位的得分因此变化",
        "学习": "2 个单位的总分变动，最多升 9.00；1 个单位名次变化",
    }


LEDGER = """\
台账 推广（每个事项一行）
  列：单位、事项编号、推广层次（国家、省）、发文日期
加分项 推广（最高 5 分）【J02】
  台账：推广，发文日期在考核期内
  同一事项：只计最高一次，按事项编号
  计分：国家每次 2 分；省每次 1 分
"""


@pytest.mark.parametrize(
    ("was", "now", "table"), [("培训数", "培训件数", "实绩"), ("推广层次", "推广级别", "推广")], ids=["item", "ledger"]
)
def test_a_heading_that_is_called_otherwise(tmp_path: Path, was: str, now: str, table: str) -> None:
    """The rules mean the same; who fills in the data has to know."""
    old = book(2024, LEDGER)
    new = book(2025, LEDGER.replace(was, now)).replace(was, now)
    found = compared(tmp_path, old, new, (FACTS, FACTS.replace(was, now)))
    told = f"数据 “{table}” 的栏目改名（“{was}” 改为 “{now}”）：报送的文件，表头照新的改，并核对还是同一件事"
    assert found.same and found.overview == f"两份办法含义相同，没有修订（只有{told}）"
    assert told in found.checklist


def test_a_column_that_goes_and_another_that_comes(tmp_path: Path) -> None:
    """A date may be another fact: nobody calls it renamed."""
    new = book(2025, LEDGER.replace("发文日期", "认定日期"))
    found = compared(tmp_path, book(2024, LEDGER), new, (FACTS, FACTS))
    assert not found.same and not any("栏目改名" in one for one in found.checklist)
    assert any("增减了报送的栏目" in one for one in found.checklist)


def test_who_has_no_total_is_not_said_to_have_the_same(tmp_path: Path) -> None:
    found = compared(tmp_path, book(2024), book(2025), (FACTS, FACTS.replace("乙局,40", "乙局,-40")))
    assert found.same
    said = text(found)
    assert "1 个单位总分不变，1 个单位没有比较" in said
    assert "可比口径：两边的数据口径一致，各项规则全部可比；另有 1 个单位有一边没有总分，没有比较" in said.replace(
        "\n  ", ""
    )
    assert "各单位总分都不变" not in said
    assert "不能直接比较 1 个单位：乙局" in said
    assert "\n问题\n" in said
    assert {line.split()[0] for line in said.partition("\n各单位\n")[2].splitlines()[1:3]} == {"甲局", "乙局"}


def test_places_that_nobody_can_tell_are_open(tmp_path: Path) -> None:
    some = book(2024).replace("  | 等次 | 总分 |\n  | 优秀 | 90 分以上 |\n  | 一般 | 不足 90 分 |\n", PLACES)
    nobody = "单位,培训数\n甲局,\n乙局,\n"
    (one,) = impact(tmp_path, some, some.replace("2024", "2025"), (FACTS, nobody)).quotas
    assert quota(one).startswith("全部单位“优秀”：名额 1 → 待定（50%），评上 1 → 待定")


PLACES = """\
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 总分 | 名额 |
  | 优秀 | 90 分以上 | 50% |
  | 一般 | 不足 90 分 | 不限 |
"""


KINDS = """\
类别 市直（100 分）
类别 单列（100 分，不参加排名）
"""


def test_a_hundredth_that_costs_the_grade_is_counted(tmp_path: Path) -> None:
    """90.00 → 89.99: the grade, and how many units have it."""
    old = book(2024).replace("每少 10 件扣 2 分，不足 10 件的不计", "每少 1 件扣 0.1 分")
    new = old.replace("2024", "2025").replace("每少 1 件扣 0.1 分", "每少 1 件扣 0.1001 分")
    facts = "单位,培训数\n甲局,100\n乙局,0\n"
    found = compared(tmp_path, old, new, (facts, facts))
    assert "1 个单位总分变动（升 0、降 1），1 个等次变化（优秀 2 → 1、一般 0 → 1）" in found.overview
    assert found.impact is not None
    assert by_unit(found.impact)["乙局"].total == ("90.00", "89.99")
    assert by_unit(found.impact)["乙局"].edge == "差 0.01 分到“优秀”的分数线"
    assert by_unit(found.impact)["甲局"].edge == ""


def test_who_stands_on_the_line_is_told(tmp_path: Path) -> None:
    """90.00 of 90 分以上 has it; where 超过 90 分 is asked for, 90.00 is not enough and 0.00 is missing."""
    facts = "单位,培训数\n甲局,100\n乙局,50\n"
    found = compared(tmp_path, book(2024), book(2025), (facts, facts))
    assert found.impact is not None
    assert by_unit(found.impact)["乙局"].edge == "总分 90.00 正好压在“优秀”的分数线上"
    assert "1 个单位离等次线很近，或者正好压线：乙局" in found.checklist
    folder = tmp_path / "超过"
    folder.mkdir()
    over = book(2025).replace("90 分以上", "超过 90 分").replace("不足 90 分", "90 分以下")
    edge = by_unit(impact(folder, book(2024), over, (facts, facts)))["乙局"].edge
    assert edge == "总分正好是“优秀”的分数线 90.00，超过才够"


def test_who_leaves_the_ranking_is_told_first(tmp_path: Path) -> None:
    """A unit that becomes 单列 has no place and no grade any more: nobody entered or left by a quota."""
    roster = "  列：单位\n  | 单位 |\n  | 甲局 |\n  | 乙局 |\n"
    old = book(2024).replace(
        f"附表 单位名册（每个单位一行）\n{roster}",
        f"{KINDS}附表 单位名册（每个单位一行）\n  列：单位、类别\n  | 单位 | 类别 |\n  | 甲局 | 市直 |\n  | 乙局 | 市直 |\n",
    )
    new = old.replace("2024", "2025").replace("| 乙局 | 市直 |", "| 乙局 | 单列 |")
    found = compared(tmp_path, old, new, (FACTS, FACTS))
    assert "乙局由“市直”改为“单列”，不再排名，1 个不再评等次" in found.overview
    assert found.impact is not None
    assert by_unit(found.impact)["乙局"].was_category == "市直"
    assert by_unit(found.impact)["甲局"].was_category == ""
    bare = tmp_path / "没有类别"
    bare.mkdir()
    gone = compared(bare, old, book(2025), (FACTS, FACTS))
    assert "原为“市直”，现在没有类别" in gone.overview


def test_data_that_lack_a_unit_are_told_as_such(tmp_path: Path) -> None:
    """Neither the rulebook nor the other unit is to blame."""
    some = book(2024).replace("目标值：100 件", "目标值：平均（培训数、全部单位、含本单位）")
    found = compared(tmp_path, some, some.replace("2024", "2025"), (FACTS, "单位,培训数\n甲局,100\n"))
    assert found.impact is not None
    said = by_unit(found.impact)
    assert said["乙局"].open == "新数据上总分待定：培训数 没有填"
    assert said["甲局"].open == "新数据上总分待定：乙局 的培训数 没有填"
    assert "新办法没有总分" not in text(found) and "今年没有总分" not in text(found)


def test_what_cannot_be_compared_at_all_is_told(tmp_path: Path) -> None:
    new = book(2025).replace("培训", "巡查").replace("【A01】", "【A02】")
    found = impact(tmp_path, book(2024), new, (FACTS, FACTS.replace("培训", "巡查")))
    assert found.comparable.startswith("100 分全都不可比；")


def test_grades_that_are_open_are_not_counted(tmp_path: Path) -> None:
    some = book(2024).replace("  | 等次 | 总分 |\n  | 优秀 | 90 分以上 |\n  | 一般 | 不足 90 分 |\n", PLACES)
    found = compared(tmp_path, some, some.replace("2024", "2025"), (FACTS, "单位,培训数\n甲局,100\n乙局,\n"))
    assert found.impact is not None
    assert quota(found.impact.quotas[0]).startswith("全部单位“优秀”：名额 1 → 待定（50%），评上 1 → 待定")
    assert "优秀 1 →" not in found.overview


def test_what_follows_another_change_is_not_called_untouched(tmp_path: Path) -> None:
    """A01 keeps its words and follows 小数; J01 counts whole points."""
    old, new = (
        book(2024, more=BONUS),
        book(2025, more=BONUS).replace("指标得分、总分均保留 2 位", "指标得分、总分均保留 0 位"),
    )
    new = new.replace("扣 2 分，不足 10 件的不计", "扣 2 分，不足 10 件的按比例计")
    old = old.replace("扣 2 分，不足 10 件的不计", "扣 2 分，不足 10 件的按比例计")
    facts = "单位,培训数,宣传数\n甲局,99,1\n乙局,40,2\n"
    found = compared(tmp_path, old, new, (facts, facts))
    assert (
        found.unaffected[0] == "得分规则没有：2 项里条文没有改的 2 项（A01、J01），算法里用到改了的规定，得分可能随之变"
    )


def test_places_by_the_old_roster_are_called_so(tmp_path: Path) -> None:
    some = book(2024).replace("  | 等次 | 总分 |\n  | 优秀 | 90 分以上 |\n  | 一般 | 不足 90 分 |\n", PLACES)
    found = impact(tmp_path, some, some.replace("2024", "2025").replace("  | 乙局 |\n", "  | 丙局 |\n"), (FACTS, None))
    assert [one.group for one in found.quotas] == ["全部单位（按旧名册）"]


def test_items_under_a_group_of_another_name_stay_untouched(tmp_path: Path) -> None:
    def grouped(year: int, name: str) -> str:
        return book(year).replace("指标 培训（", f"一级指标 {name}（100 分）【A】\n指标 培训（")

    found = compared(tmp_path, grouped(2024, "学习"), grouped(2025, "学习和培训"), (FACTS, FACTS))
    assert [one.how for one in found.changes] == ["改名"]
    assert found.unaffected[0] == "1 项得分规则中 1 项没有修订，算法也没有变"


def test_data_without_a_column_are_not_called_comparable(tmp_path: Path) -> None:
    found = compared(
        tmp_path, book(2024), book(2025).replace("扣 2 分", "扣 1 分"), ("单位,旧名\n甲局,1\n乙局,2\n", FACTS)
    )
    assert found.impact is not None
    assert found.impact.comparable.startswith("没有可比的：没有一个单位两边都有总分")
    assert "全部可比" not in found.impact.comparable


def test_a_problem_of_the_data_says_whose_they_are(tmp_path: Path) -> None:
    facts = FACTS.replace("40", "四十")
    found = compared(tmp_path, book(2024), book(2025), (facts, facts))
    assert [one.message.partition("：")[0] for one in found.problems if one.address is not None] == ["旧数据", "新数据"]


def test_a_reason_that_was_there_before_is_none_for_this_change(tmp_path: Path) -> None:
    old = book(2024).replace("  数据：培训数", "  修改理由：数据报送方式变了\n  数据：培训数")
    kept, new = (old.replace("2024", "2025").replace("扣 2 分", "扣 1 分") for _ in range(2))
    new = new.replace("数据报送方式变了", "扣得太重")
    (change,) = compared(tmp_path, old, kept, (FACTS, FACTS)).changes
    assert change.reason == ""
    (tmp_path / "再").mkdir()
    (change,) = compared(tmp_path / "再", old, new, (FACTS, FACTS)).changes
    assert change.reason == "扣得太重"


def test_one_folder_of_data_that_both_years_read_is_told_of_once(tmp_path: Path) -> None:
    facts = FACTS.replace("40", "四十")
    paths = [tmp_path / f"{year}.perf" for year in (2024, 2025)]
    for path, year in zip(paths, (2024, 2025), strict=True):
        path.write_text(book(year), encoding="utf-8")
    place = tmp_path / "数据"
    place.mkdir()
    (place / "实绩.csv").write_text(facts, encoding="utf-8")
    found = diff(review(open_rulebook(paths[0]), open_rulebook(paths[1]), place, place), ("旧", "新"))
    (problem,) = [one for one in found.problems if one.address is not None]
    assert problem.message.startswith("“培训数”")


def test_markdown_counts_the_units_of_a_change_as_the_screen_does(tmp_path: Path) -> None:
    """A quota moves grades and no total."""
    some = book(2024).replace("  | 等次 | 总分 |\n  | 优秀 | 90 分以上 |\n  | 一般 | 不足 90 分 |\n", PLACES)
    new = some.replace("2024", "2025").replace("50%", "100%")
    facts = "单位,培训数\n甲局,100\n乙局,85\n"
    found = compared(tmp_path, some, new, (facts, facts))
    (change,) = found.changes
    assert change.units == 0 and change.reached == 1
    row = next(line for line in page(found).splitlines() if line.startswith("| 1 "))
    assert row.endswith("| 1 |")


def test_the_checklist_says_what_it_leaves_out(tmp_path: Path) -> None:
    found = compared(tmp_path, book(2024), book(2025).replace("90 分", "80 分"), (FACTS, FACTS))
    assert "第 1 条没有写修改理由（附表和不影响结果的不在内）" in found.checklist
    assert any(one.endswith("其余影响得分的，总分正在线上的单位等次也会变") for one in found.checklist)
