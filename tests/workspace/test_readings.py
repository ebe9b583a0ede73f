"""The register of readings: what is chosen, and how many units another reading would move."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfdsl.clauses import KINDS
from perfdsl.clauses.shared.readings import CHOICES
from perfdsl.publish.choices import Register, json_schema
from perfdsl.publish.pages import entries
from perfdsl.tools.cli import group
from perfdsl.workspace import readings
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.together import Source

HOME = Path(__file__).parents[2]
CITY = HOME / "rulebooks" / "示例市" / "2025.perf"
FORMS = sorted((HOME / "rulebooks" / "写法").glob("*/例.perf"))
SAMPLE = [*FORMS[::15], HOME / "rulebooks" / "写法" / "X04" / "例.perf"]
"""X04: 连续 counts from before, which another reading asks for and nobody wrote."""
BOOK = """\
考评办法 示例市读法举例（10 分）【示例市读@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 10 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
  | 丙县 |
一级指标 工作（10 分）【A】
指标 办结率（10 分）【A01】
  条款：第三条
  数据：办结率（%）
  指标值：办结率
  目标值：90%
  方向：越高越好
  计分：每低 1 个百分点扣 1 分，不足 1 个百分点的不计，扣完本指标为止
"""
FACTS = "单位,办结率\n甲县,90%\n乙县,88%\n丙县,88.5%\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "读法.perf"
    path.write_text(BOOK, encoding="utf-8")
    data = tmp_path / "数据"
    data.mkdir()
    (data / "实绩.csv").write_text(FACTS, encoding="utf-8")
    return path


def register(book: Path, *more: str) -> Register:
    ran = CliRunner().invoke(group, ["docs", str(book), "--choices", "--format", "json", *more])
    assert ran.exit_code == 0, ran.output
    return Register.model_validate_json(ran.stdout)


def test_a_begun_step(book: Path) -> None:
    """甲县 10, 乙县 10 - 2 = 8, 丙县 (1.5 steps) 10 - 1 = 9. Pro rata 丙县 has 8.5: places stay. Counted as a step it has
    8, like 乙县: 乙县 then shares place 2, which moves 乙县 from 3 to 2."""
    found = register(book, "--data", str(book.parent / "数据"))
    assert found.units == 3
    step = next(one for one in found.choices if one.problem == "K203")
    assert (step.chosen, step.article, step.code, step.line) == ("不足的不计", "第三条", "A01", 19)
    others = {one.reading: one for one in step.others}
    assert (others["不足的按比例计"].score, others["不足的按比例计"].rank) == (["丙县"], [])
    assert (others["不足的按一档计"].score, others["不足的按一档计"].rank) == (["丙县"], ["乙县"])


def test_readings_that_no_data_tell_apart(book: Path) -> None:
    """A01 is the only indicator of A, so that 扣完本指标为止 and 扣完本一级指标为止 stop the same sum; 方向 and steps do not."""
    found = register(book, "--data", str(book.parent / "数据"))
    never = {(one.asks, other.reading) for one in found.choices for other in one.others if other.never}
    assert not any(other.never and other.score for one in found.choices for other in one.others)
    assert not any(asks == "不足一档怎样计" for asks, _ in never)


def test_few_at_once_or_all(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rulebooks share a graph changes nothing."""
    data = str(book.parent / "数据")
    together = register(book, "--data", data)
    monkeypatch.setattr(readings, "AT_ONCE", 1)
    assert register(book, "--data", data) == together


def test_without_data_nothing_is_tried(book: Path) -> None:
    found = register(book)
    assert found.units is None
    assert not any(other.tried for one in found.choices for other in one.others)
    assert {one.problem for one in found.choices} >= {"K203", "K207", "K215", "K304", "K307"}


def test_every_choice_names_a_problem() -> None:
    codes = {one.code for one in entries()}
    every = [one for kind in KINDS for one in kind.choices] + [one for found in CHOICES.values() for one in found]
    assert [one.asks for one in every if one.code not in codes] == []


def test_three_counts_of_a_city() -> None:
    """Counted by hand in 实绩-区县.csv and 附表/年度目标.csv.

    A304, each 1% above the limit, 不足 1% 的按 1% 计: only 古驿县 is above it (10 against 9, 1/9 = 11.11%). It loses
    12 × 0.05 = 0.6; pro rata 0.556, without the begun one 0.55: one unit by either.
    A303, each point below 98%, pro rata: 白石区 133/136 = 97.79%, 松涛区 79/82 = 96.34%, 芦荻县 134/139 = 96.40%,
    枫谷县 60/63 = 95.24%, 古驿县 40/44 = 90.91%, 茶岭县 117/125 = 93.6%, 金稻市 126/145 = 86.90% are below, none by whole
    points; all others are above: seven units by either.
    A303, 未发生 gives the full mark, and 零报告 is read so: only 青岚区 has 零报告.
    """
    opened = open_rulebook(CITY)
    assert opened.rulebook is not None
    wanted = [("A304", "不足一档怎样计"), ("A303", "不足一档怎样计"), ("A303", "未发生的给什么")]
    found = [one for one in readings.readings(opened.rulebook) if (one.citation.code, one.choice.asks) in wanted]
    moved = readings.tried(
        opened.rulebook, found, Source(opened.data_folder or CITY.with_suffix("") / "数据", CITY.parent)
    )
    scores = {
        (one.citation.code, one.choice.asks, told): set(other.score)
        for one, others in zip(found, moved, strict=True)
        for (_, told), other in zip(one.others, others, strict=True)
    }
    below = {"白石区", "松涛区", "芦荻县", "枫谷县", "古驿县", "茶岭县", "金稻市"}
    assert scores == {
        ("A304", "不足一档怎样计", "不足的按比例计"): {"古驿县"},
        ("A304", "不足一档怎样计", "不足的不计"): {"古驿县"},
        ("A303", "不足一档怎样计", "不足的不计"): below,
        ("A303", "不足一档怎样计", "不足的按一档计"): below,
        ("A303", "未发生的给什么", "不得分"): {"青岚区"},
        ("A303", "未发生的给什么", "分值按比例调到同一级指标"): {"青岚区"},
        ("A303", "未发生的给什么", "不计分"): {"青岚区"},
    }


def test_what_is_chosen_is_listed_though_it_cannot_be_tried(book: Path) -> None:
    """得 3 分, 退回补报 and 视为… are chosen; a bound of the total needs a number."""
    text = BOOK.replace("最高 10 分，最低 0 分", "不封顶，最低 0 分")
    book.write_text(text + "  未报：退回补报\n  未发生：得 3 分\n  零报告：视为未发生\n", encoding="utf-8")
    found = {one.asks: one for one in register(book, "--data", str(book.parent / "数据")).choices}
    assert found["未报的给什么"].chosen == "退回补报"
    assert found["未发生的给什么"].chosen == "得 3 分"
    assert found["零报告的给什么"].chosen == "视为未发生"
    most = found["总分有没有上限"]
    assert (most.chosen, [(one.reading, one.not_alone) for one in most.others]) == (
        "总分不封顶",
        [("总分有上限", "要写明是多少，才能试")],
    )


def test_a_number_that_is_assumed_is_told(book: Path) -> None:
    """The total's digits are tried for 指标值 too; to leave a rounding out needs no number."""
    found = {one.asks: one for one in register(book).choices}
    assert [one.reading for one in found["指标值取舍不取舍"].others] == ["指标值取舍（按 2 位小数、四舍五入试）"]
    assert [one.reading for one in found["总分取舍不取舍"].others] == ["总分不取舍"]


def test_digits_of_what_is_published(book: Path) -> None:
    """丙县 88.25%: 10 - 1.75 = 8.25. With 1 digit 8.3, with 3 still 8.25. All others are whole."""
    text = BOOK.replace("不足 1 个百分点的不计", "不足 1 个百分点的按比例计")
    book.write_text(text, encoding="utf-8")
    (book.parent / "数据" / "实绩.csv").write_text(FACTS.replace("88.5%", "88.25%"), encoding="utf-8")
    found = {one.asks: one for one in register(book, "--data", str(book.parent / "数据")).choices}
    for stage in ("指标得分", "总分"):
        one = found[f"{stage}保留几位小数"]
        assert (one.chosen, one.problem, one.line) == ("保留 2 位", "K303", 3)
        assert {other.reading: other.score for other in one.others} == {"保留 1 位": ["丙县"], "保留 3 位": []}
    assert "指标值保留几位小数" not in found and "各级指标得分保留几位小数" not in found  # 不取舍的


def test_digits_that_are_not_among_those_tried_are_told(book: Path) -> None:
    """取舍 of the item goes before that of all items; 4 digits are told, and fewer are tried."""
    text = BOOK.replace("总分均保留 2 位，四舍五入", "总分均保留 4 位，四舍五入")
    book.write_text(text + "  取舍：保留 0 位，进一\n", encoding="utf-8")
    found = {one.asks: one for one in register(book, "--data", str(book.parent / "数据")).choices}
    assert found["总分保留几位小数"].chosen == "保留 4 位"
    assert [one.reading for one in found["总分保留几位小数"].others] == ["保留 1 位", "保留 2 位", "保留 3 位"]
    digits, mode = found["这一项的得分保留几位小数"], found["这一项的得分怎样取舍"]
    assert (digits.chosen, digits.code, digits.article, digits.problem) == ("保留 0 位", "A01", "第三条", "K151")
    assert (mode.chosen, [one.score for one in mode.others]) == ("进一", [[], [], []])  # 10, 8, 9


def test_a_simple_mean_and_a_weighted_one(book: Path) -> None:
    """90, 88, 86 with weights 1, 1, 2: 350 / 4 = 87.5, simple 88. 丙县 is 1.5 below, or 2: 8.5 or 8; the others are not."""
    columns = "  列：单位、户数（户）\n  | 单位 | 户数 |\n  | 甲县 | 1    |\n  | 乙县 | 1    |\n  | 丙县 | 2    |\n"
    text = BOOK.replace("  列：单位\n  | 单位 |\n  | 甲县 |\n  | 乙县 |\n  | 丙县 |\n", columns)
    text = text.replace("不足 1 个百分点的不计", "不足 1 个百分点的按比例计")
    (book.parent / "数据" / "实绩.csv").write_text("单位,办结率\n甲县,90%\n乙县,88%\n丙县,86%\n", encoding="utf-8")
    asks, data = "对各单位取平均，简单平均还是加权平均", str(book.parent / "数据")
    by_weight = text.replace("目标值：90%", "目标值：加权平均（办结率、按户数、全部单位、含本单位）")
    book.write_text(by_weight, encoding="utf-8")
    found = {one.asks: one for one in register(book, "--data", data).choices}
    assert (found[asks].chosen, found[asks].code) == ("加权平均", "A01")
    assert [(one.reading, one.score) for one in found[asks].others] == [("简单平均", ["丙县"])]
    book.write_text(text.replace("目标值：90%", "目标值：平均（办结率、全部单位、含本单位）"), encoding="utf-8")
    found = {one.asks: one for one in register(book, "--data", data).choices}
    assert found[asks].chosen == "简单平均"
    assert [(one.reading, one.not_alone) for one in found[asks].others] == [("加权平均", "要写明按什么加权，才能试")]


EDGES = """\
考评办法 示例市本数举例（20 分）【示例市本@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以内均含本数；不足不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 20 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、户数（户）
  | 单位 | 户数 |
  | 甲县 | 5    |
  | 乙县 | 4    |
  | 丙县 | 6    |
台账 事故（每个事项一行）
  列：单位、事项编号
一级指标 工作（20 分）【A】
指标 办结率（10 分）【A01】
  数据：办结率（%）
  指标值：办结率
  计分：90% 以上得满分，否则不得分
指标 服务（10 分）【A02】
  适用：户数 5 户以上
  不涉及：得满分
  计分：分档
    | 服务                | 得分 |
    | 90 分以上           | 10   |
    | 60 分以上不足 90 分 | 6    |
    | 不足 60 分          | 0    |
  数据：服务（分）
  指标值：服务
降等 事故【F01】
  情形：台账 “事故” 中 事项编号 不为 “0” 的 1 起以上
  后果：降 1 个等次
等次 年度等次（全部单位一起评定）
  | 等次 | 名次     |
  | 优秀 | 3 名以内 |
  | 合格 |          |
"""


def test_the_edges_of_the_whole_rulebook(book: Path) -> None:
    """A01: 甲县 has 90%, the others 95%: 甲县 loses 10. A02: for 甲县 (5 户) and 丙县; 60 is 6, then 0; 90 is 10, then 6;
    甲县 has 60 and is not asked any more: 10 instead of 6; 丙县 has 90: 6 instead of 10; nothing for 乙县.
    Totals 16, 20, 20 and places 3, 1, 1, then 10, 20, 16 and 3, 1, 2. 乙县 has one accident, which lowers its grade, and
    then does not. 3 名以内 without its number leaves 甲县 out.
    """
    book.write_text(EDGES, encoding="utf-8")
    data = book.parent / "数据"
    (data / "实绩.csv").write_text("单位,办结率,服务\n甲县,90%,60\n乙县,95%,0\n丙县,95%,90\n", encoding="utf-8")
    (data / "事故.csv").write_text("单位,事项编号\n乙县,1\n", encoding="utf-8")
    found = {one.asks: one for one in register(book, "--data", str(data)).choices}
    above, within = found["以上含不含本数"], found["以内含不含本数"]
    assert (above.chosen, above.problem, above.line) == ("以上含本数", "K161", 4)
    (other,) = above.others
    assert (other.reading, other.not_alone, other.score) == ("以上不含本数", "", ["甲县", "丙县"])
    assert (other.rank, other.grade) == (["丙县"], ["乙县"])
    (other,) = within.others
    assert (other.reading, other.score, other.rank, other.grade) == ("以内不含本数", [], [], ["甲县"])
    assert "以下含不含本数" not in found


def test_edges_turned_twice_are_those_written(book: Path) -> None:
    book.write_text(EDGES, encoding="utf-8")
    was = open_rulebook(book).rulebook
    assert was is not None
    for reading in (one for one in readings.readings(was) if one.choice.asks.endswith("含不含本数")):
        for value, _ in reading.others:
            other = readings.with_reading(was, reading, value)
            assert other != was
            assert readings.with_reading(other, reading, not value) == was


def test_readings_of_the_whole_stand_where_they_are_written(book: Path) -> None:
    """小数 in line 3, 总分 in line 4, 同分 in line 5: none of them in the line of the name."""
    found = {(one.problem, one.line) for one in register(book).choices if not one.code}
    assert {line for _, line in found} == {3, 4, 5}
    assert {("K303", 3), ("K307", 4), ("K215", 5)} <= found


def test_text_and_markdown_say_first_what_moves_most(book: Path) -> None:
    """No grades here: the step moves 丙县's score and 乙县's place (above)."""
    data = ["--data", str(book.parent / "数据")]
    text = CliRunner().invoke(group, ["docs", str(book), "--choices", *data]).stdout
    lines = text.splitlines()
    assert lines[0].endswith("用 3 个单位的数据试过")
    assert lines[1].startswith("  换了只变名次或得分 ")
    assert "  不足一档怎样计？现在：不足的不计（K203）" in lines
    assert "    换成“不足的按一档计”：会变名次 1 个（乙县）、得分 1 个（丙县）" in lines
    assert text.index("不足一档怎样计？") < text.index("换了没有单位会变（")
    page = CliRunner().invoke(group, ["docs", str(book), "--choices", "--format", "md", *data]).stdout
    assert page.startswith("# 示例市读法举例@2025 读法登记：")
    assert page.index("## 换了只变名次或得分（") < page.index("## 换了没有单位会变（")
    text.encode("cp936")


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.parent.name)
def test_forms(path: Path) -> None:
    explained(path)


@pytest.mark.full
@pytest.mark.parametrize("path", [*FORMS, CITY], ids=lambda path: path.parent.name)
def test_all_forms(path: Path) -> None:
    explained(path)


def explained(path: Path) -> None:
    """Nothing is 要和别处一起改 without the problem that says so."""
    opened = open_rulebook(path)
    if opened.rulebook is None or not opened.sound:
        pytest.skip("必须改")
    found = readings.readings(opened.rulebook)
    folder = next(iter(sorted(path.with_suffix("").glob("数据*"))), None)
    moved = readings.tried(opened.rulebook, found, Source(folder, opened.folder))
    told = [(one.chosen, other) for one, others in zip(found, moved, strict=True) for other in others]
    assert [(chosen, other.alone) for chosen, other in told if other.alone and other.alone[0] != "K"] == []


@pytest.mark.parametrize("path", sorted((HOME / "rulebooks").glob("*/*.perf")), ids=lambda path: path.stem)
def test_every_rulebook_has_a_register(path: Path) -> None:
    ran = CliRunner().invoke(group, ["docs", str(path), "--choices"])
    assert ran.exit_code in (0, 1), ran.exception


def test_the_schema_is_fresh() -> None:
    made = (HOME / "docs" / "schema" / "choices.json").read_text(encoding="utf-8")
    assert made == json_schema()
    assert json.loads(made)["title"] == "Register"
