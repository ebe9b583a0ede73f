"""Rows of which something is not known: what is certain all the same, and what is not. Worked by hand, by both engines."""

from __future__ import annotations

from pathlib import Path

from test_periodic import HEAD, both, scores

from perfdsl.model.states import State

LEDGER = """\
台账 事项（每个事项一行）
  列：单位、事项编号、级别（省级、市级）、件数（件，可填“/”表示不涉及）、角色（主办、协办）
"""
BONUS = """\
指标 举例分（10 分）【A01】
  计分：人工评分，0.5 分一档，限于 0 至 10 分，写明理由
加分项 大件【J01】
  台账：事项，件数多于 2 件
  同一事项：各计各的
  上限：不封顶
  计分：按台账对照
    | 级别 | 角色 | 得分 |
    | 省级 | 主办 | 3    |
    | 省级 | 其余 | 2    |
    | 市级 | 其余 | 1    |
"""
FACTS = "单位,举例分\n甲县,5\n乙县,5\n丙局,5"


def test_a_row_that_does_not_count_leaves_nothing_open(tmp_path: Path) -> None:
    """甲县: 3 件, 省级 主办, 3 分; its other row has no 件数 to ask for, so nobody needs its 角色. 乙县: 角色 is needed."""
    rows = "单位,事项编号,级别,件数,角色\n甲县,1,省级,3,主办\n甲县,2,市级,/,\n乙县,3,省级,4,\n丙局,4,市级,2,主办"
    found = both(tmp_path, BONUS + LEDGER, 实绩=FACTS, 事项=rows)
    assert scores(found, "J01") == ["3", State.PENDING, "0"]


def test_what_excuses_a_row_is_asked_of_rows_that_would_count(tmp_path: Path) -> None:
    """The second row of 甲县 is not about anybody's 级别, so nobody asks how many 件 it has; that of 乙县 would count."""
    kept = BONUS.replace("台账：事项，件数多于 2 件", "台账：事项，级别 为 “省级”\n  不计：件数少于 2 件")
    ledger = LEDGER.replace("级别（省级、市级）", "级别（省级、市级，可填“/”表示不涉及）").replace(
        "，可填“/”表示不涉及）、角色", "）、角色"
    )
    rows = "单位,事项编号,级别,件数,角色\n甲县,1,省级,3,主办\n甲县,2,/,,协办\n乙县,3,省级,,主办\n丙局,4,市级,2,主办"
    found = both(tmp_path, kept + ledger, 实绩=FACTS, 事项=rows)
    assert scores(found, "J01") == ["3", State.PENDING, "0"]


STREAK = """\
指标 举例分（10 分）【A01】
  计分：人工评分，0.5 分一档，限于 0 至 10 分，写明理由
等次 年度等次（全部单位一起评定）
  | 等次   | 总分         |
  | 优秀   | 5 分以上     |
  | 不合格 | 不足 5 分    |
一票否优 连差【F01】
  情形：数据 “年评” 中 结果 为 “差” 的连续 2 年以上
  后果：不得评为 “优秀”
  名额：空出的不递补
数据 年评（每个单位多行）
  列：单位、年度、结果（好、差）
"""


def test_two_rows_for_one_year_leave_a_run_open(tmp_path: Path) -> None:
    """甲县: 2023 and 2024 差, two years in a row. 乙县 has 2024 twice. 丙局: a gap between its two years breaks the run."""
    years = "单位,年度,结果\n甲县,2023,差\n甲县,2024,差\n乙县,2023,差\n乙县,2024,差\n乙县,2024,好\n丙局,2022,差\n丙局,2024,差"
    found = both(tmp_path, STREAK, 实绩=FACTS, 年评=years)
    assert found["veto:F01"] == ((State.VALUE, True), (State.PENDING, None), (State.VALUE, False))


ACROSS = """\
指标 举例分（10 分）【A01】
  计分：人工评分，0.5 分一档，限于 0 至 10 分，写明理由
加分项 甲类【J01】
  台账：核定，级别 为 “省级”、“市级”
  同一事项：只计最高一次，按事项编号，跨加分项有效
  上限：不封顶
  每行分值：核定分
  计分：按每行分值得分，限于 0 至 9 分
加分项 乙类【J02】
  台账：核定
  同一事项：只计最高一次，按事项编号，跨加分项有效
  上限：不封顶
  计分：省级每次 3 分；市级每次 1 分
加分项 丙类【J03】
  台账：核定
  同一事项：只计最高一次，按事项编号，跨加分项有效
  上限：不封顶
  计分：省级每次 2 分；市级每次 1 分
台账 核定（每个事项一行）
  列：单位、事项编号、级别（省级、市级）、核定分（分）
"""


def test_what_another_item_takes_for_certain_is_taken(tmp_path: Path) -> None:
    """The 省级 matter of 甲县 brings 3 in J02, more than the 2 of J03, whatever J01 would give for it."""
    rows = "单位,事项编号,级别,核定分\n甲县,1,省级,\n乙县,2,市级,2"
    found = both(tmp_path, ACROSS, 实绩=FACTS, 核定=rows)
    assert scores(found, "J03") == ["0", "0", "0"]
    assert scores(found, "J01") == [State.PENDING, "2", "0"]
    assert scores(found, "J02") == [State.PENDING, "0", "0"]


ZERO = """\
指标 专项（4 分）【A01】
  计分：人工评分，0.5 分一档，限于 0 至 4 分，写明理由
  不涉及：不计分
指标 举例分（6 分）【A02】
  计分：人工评分，0.5 分一档，限于 0 至 6 分，写明理由
等次 年度等次（全部单位一起评定）
  | 等次   | 总分      |
  | 优秀   | 5 分以上  |
  | 不合格 | 不足 5 分 |
一票否决 造假【F01】
  情形之一：
    · 编造数据
  后果：【A01】不得分
  名次：保留名次
"""


def test_a_case_that_takes_points_nobody_has_leaves_the_grade_alone(tmp_path: Path) -> None:
    """编造数据 is blank for 甲县 and 乙县. 甲县 has no score in A01 that it could take: 5 分, 优秀, come what may."""
    facts = "单位,专项,举例分,编造数据\n甲县,不涉及,5,\n乙县,4,5,\n丙局,4,3,是"
    found = both(tmp_path, ZERO, 实绩=facts)
    assert [state for state, _ in found["veto:F01"]] == [State.MISSING, State.MISSING, State.VALUE]
    assert scores(found, "A01") == [State.ABSENT, State.PENDING, "0"]
    assert found["grade"] == ((State.VALUE, "优秀"), (State.PENDING, None), (State.VALUE, "不合格"))


def test_a_row_without_a_matter_leaves_nothing_open(tmp_path: Path) -> None:
    """The second row of 甲县 has no 事项编号: it is laid aside before anybody asks how many 件 it is about."""
    ledger = ACROSS.replace("事项编号、级别", "事项编号（文字，可填“/”表示未发生）、件数（件）、级别").replace(
        "  每行分值：核定分", "  数量：件数\n  每行分值：核定分"
    )
    rows = "单位,事项编号,件数,级别,核定分\n甲县,1,2,省级,4\n甲县,/,,省级,3\n乙县,2,,市级,2"
    found = both(tmp_path, ledger, 实绩=FACTS, 核定=rows)
    assert scores(found, "J01") == ["8", State.PENDING, "0"]


TOLD_APART = """\
指标 举例分（10 分）【A01】
  计分：人工评分，0.5 分一档，限于 0 至 10 分，写明理由
等次 年度等次（全部单位一起评定）
  名额取整：四舍五入
  名额末位同分：一并不计入
  名额基数：参加排名的单位数
  超出名额：列入下一等次
  | 等次   | 总分      | 末位 |
  | 优秀   | 5 分以上  |      |
  | 合格   | 3 分以上不足 5 分 | 1 个 |
  | 不合格 | 不足 3 分 |      |
数据 实绩
  列：任务数（件）
"""


def test_an_open_rank_leaves_the_grades_open(tmp_path: Path) -> None:
    """甲县 and 乙县 are equal, and nobody knows the 任务数 of 乙县: who of them is the last, kept from 优秀, is open."""
    head = HEAD.replace("同分：并列占位（1、2、2、4）", "同分：先比 任务数（从高到低），仍相同的并列占位")
    found = both(tmp_path, TOLD_APART, head, 实绩="单位,举例分,任务数\n甲县,6,3\n乙县,6,\n丙局,8,1")
    assert [state for state, _ in found["total"]] == [State.VALUE] * 3
    assert [state for state, _ in found["grade"]] == [State.PENDING] * 3


BALLOTS = """\
指标 推选（10 分）【A01】
  打分表：推选票
  计分：按票上名次计分，每票第一名 10 分，以后每名递减 1 分
  无效票：不低于 9 分的至少 2 个
  层别权重：没有票的层别不得分
    | 层别 | 权重 |
    | 领导 | 50%  |
    | 代表 | 50%  |
数据 推选票（每个单位每个评委一行）
  列：单位、评委、层别（领导、代表）、名次（名次）
"""


def test_a_row_of_which_nobody_knows_the_layer_leaves_its_ballot_open(tmp_path: Path) -> None:
    """Whether 评委1 gave two of the best places is asked of all its rows, that of 乙县 among them."""
    rows = ("甲县,1,领导,1", "乙县,1,,5", "甲县,2,领导,1", "丙局,2,领导,2", "乙县,3,代表,2", "丙局,3,代表,1")
    found = both(tmp_path, BALLOTS, 推选票="\n".join(("单位,评委,层别,名次", *rows)))
    # 丙局: 9 × 50% + 10 × 50%
    assert scores(found) == [State.PENDING, State.PENDING, "19/2"]
