"""Versions on the command line: 目录, finding a rulebook by name or day, 上年度, 引用."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import RULEBOOKS, perfdsl

HEAD = """\
考评办法 {title}（10 分）【{code}】
  状态：{status}
{fields}\
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
"""
REST = """\
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
指标 工作（10 分）【A01】
  计分：达到得满分，否则不得分
  未报：不得分
"""


def book(
    folder: Path, file: str, code: str, *fields: str, rest: str = REST, status: str = "印发稿", title: str = "试办法"
) -> Path:
    """A small rulebook in ``folder``."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(title=title, code=code, status=status, fields="".join(f"  {one}\n" for one in fields))
    path.write_text(head + rest, encoding="utf-8")
    return path


def year(number: int) -> str:
    return f"考核期：{number}年1月1日至{number}年12月31日"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- 目录


def test_list(here: Path) -> None:
    book(here, "rulebooks/试/2024.perf", "试@2024", year(2024))
    book(here, "rulebooks/试/2025.perf", "试@2025", year(2025), "上年度：试@2024", "有效期：2025年3月1日起")
    (here / "rulebooks/试/2025/数据").mkdir(parents=True)
    (here / "rulebooks/试/2025/数据/实绩.csv").write_text("单位,工作\n甲县,是\n", encoding="utf-8")
    (here / "rulebooks/试/共用.perf").write_text("类别 区县\n", encoding="utf-8")
    ran = perfdsl("list", "--problems")
    assert ran.code == 0
    assert [line.split() for line in ran.out.splitlines()] == [
        ["办法", "版本", "年度", "状态", "有效", "上年度", "数据", "问题", "文件"],
        ["试", "2024", "2024", "印发稿", "2024.1.1-2024.12.31", "没有", "试/2024.perf"],
        ["试", "2025", "2025", "印发稿", "2025.3.1起", "试@2024", "有", "没有", "试/2025.perf"],
    ]
    ran = perfdsl("list")
    assert ran.code == 0
    assert ran.out.splitlines()[0].split() == ["办法", "版本", "年度", "状态", "有效", "上年度", "数据", "文件"]
    found = perfdsl("目录", "rulebooks", "--格式", "json").json
    assert found["format_version"] == "1.0"
    assert [(one["name"], one["version"], one["validity"], one["data"]) for one in found["rulebooks"]] == [
        ("试", "2024", "", False),
        ("试", "2025", "2025年3月1日起", True),
    ]
    assert (found["rulebooks"][0]["problems"], found["rulebooks"][0]["included"]) == (None, None)
    counted = perfdsl("list", "--format", "json", "--问题").json["rulebooks"][1]
    assert counted["problems"] == {"必须改": 0, "请确认": 0, "提示": 0}


def test_list_tells_what_is_wrong(here: Path) -> None:
    book(here, "甲.perf", "试@2025")
    book(here, "乙.perf", "试@2025", rest=REST.replace("10 分", "9 分"))
    (here / "丙.perf").write_bytes(b"\0\0")
    quick = perfdsl("list", ".")
    ran = perfdsl("list", ".", "--problems")
    for one in (quick, ran):
        assert one.code == 1
        assert "试@2025 有几份：乙.perf、甲.perf" in one.out
        assert "丙.perf：不是文本文件" in one.out
    assert "必须改" not in quick.out
    assert "必须改 1、重名" in ran.out


def test_list_of_nothing(here: Path) -> None:
    assert perfdsl("list").out == "没有找到考评办法\n"
    assert (perfdsl("list", "没有").code, perfdsl("list", "没有").err) == (3, "读不了：没有：没有这个文件夹\n")
    book(here, "甲.perf", "试@2025")
    assert perfdsl("list", "甲.perf").err == "读不了：甲.perf：是文件，这里要的是文件夹\n"


def test_the_rulebooks_that_are_shipped(here: Path) -> None:
    """Two files never claim the same version, and every file can be read."""
    found = perfdsl("list", RULEBOOKS, "--format", "json").json["rulebooks"]
    assert [one["file"] for one in found if one["same_name_and_version"] or one["unreadable"]] == []


# ---- finding one


def test_by_name(here: Path) -> None:
    book(here, "rulebooks/试/2024.perf", "试@2024", title="甲市2024年度办法")
    book(here, "rulebooks/试/2025.perf", "试@2025", title="甲市2025年度办法")
    assert "甲市2025年度办法：没有发现问题" in perfdsl("check", "试@2025").out
    assert "甲市2024年度办法：没有发现问题" in perfdsl("check", "【试@2024】").out
    assert "甲市2024年度办法：没有发现问题" in perfdsl("check", "甲市2024年度办法").out
    assert perfdsl("run", "试@2025").out.startswith("甲市2025年度办法（印发稿）")
    assert perfdsl("explain", "试@2025", "--unit", "甲县").out.startswith("甲县  总分 0.00")
    assert perfdsl("graph", "试@2025").code == 0
    ran = perfdsl("run", "试@2023")
    assert (ran.code, ran.err) == (3, "读不了：没有找到 “试@2023”，这个办法有：试@2024、试@2025\n")
    assert perfdsl("run", "试办@2025").err == "读不了：没有找到办法 “试办”，找到的有：试@2024、试@2025\n"
    ran = perfdsl("run", "试")
    assert ran.code == 3 and "“试” 有 2 个版本，请写明哪一个，或用 --on 写日期" in ran.err


def test_a_file_comes_first(here: Path) -> None:
    book(here, "试@2025", "别的@1", title="就是这个文件")
    book(here, "甲.perf", "试@2025", title="名称相同的")
    assert "就是这个文件" in perfdsl("check", "试@2025").out


def test_two_files_with_one_name(here: Path) -> None:
    book(here, "甲.perf", "试@2025")
    book(here, "副本/甲.perf", "试@2025")
    ran = perfdsl("run", "试@2025")
    assert ran.code == 3
    assert "“试@2025” 有 2 份，不知道是哪一份" in ran.err
    assert "甲.perf" in ran.err and str(Path("副本/甲.perf")) in ran.err
    assert "；直接写要用的那个文件的路径，或把多出来的（备份、副本）移到别的文件夹" in ran.err
    assert perfdsl("check", str(Path("副本/甲.perf"))).code == 0


def test_by_day(here: Path) -> None:
    book(here, "2024.perf", "试@2024", year(2024), "有效期：2024年3月1日至2025年2月28日", title="二四")
    book(here, "2025.perf", "试@2025", year(2025), "有效期：2025年3月1日起", title="二五")
    book(here, "2026.perf", "试@2026", year(2026), status="征求意见稿", title="二六")
    assert "二四：" in perfdsl("check", "试@2025-02-28").out
    assert "二五：" in perfdsl("check", "试@2025-03-01").out
    assert "二五：" in perfdsl("check", "试@2026年6月30日").out, "a draft is not in force"
    assert "二五：" in perfdsl("check", "试", "--on", "2025年6月30日").out
    assert "2024年2月29日没有有效的 “试”，这个办法有：试@2024" in perfdsl("check", "试", "--日期", "2024-2-29").err
    book(here, "2025修订.perf", "试@2025修订", "有效期：2025年7月1日至2025年12月31日", title="修订")
    ran = perfdsl("check", "试@2025-07-01")
    assert ran.code == 3 and "2025年7月1日有 2 份 “试” 有效" in ran.err


def test_by_day_with_drafts_alone(here: Path) -> None:
    book(here, "2025.perf", "试@2025", year(2025), status="征求意见稿")
    assert "没有印发的 “试”，只有稿子，要用就写明版本：试@2025" in perfdsl("run", "试@2025-06-30").err


def test_wrong_use_of_a_day(here: Path) -> None:
    path = book(here, "2025.perf", "试@2025", year(2025))
    assert perfdsl("check", "试", "--on", "六月").err == "用法不对：--on 后面写日期，例如 2025-06-30，写的是 “六月”\n"
    assert "不用 --on" in perfdsl("check", path, "--on", "2025-06-30").err
    assert perfdsl("check", "没有.perf").err.startswith("读不了：没有.perf：没有这个文件")


# ---- 上年度


def said(path: Path) -> list[tuple[str, str]]:
    """(code, message) of what checking says."""
    return [(one["code"], one["message"]) for one in perfdsl("check", path, "--format", "json").problems]


def test_previous_is_found(here: Path) -> None:
    book(here, "试/2024.perf", "试@2024", year(2024))
    assert said(book(here, "试/2025.perf", "试@2025", year(2025), "上年度：试@2024")) == []
    assert said(book(here, "另一处/2025.perf", "试@2025", year(2025), "上年度：【试@2024】")) == []


def test_previous_is_missing(here: Path) -> None:
    book(here, "试/2023.perf", "试@2023")
    book(here, "别处/2023.perf", "别的@2023")
    assert said(book(here, "试/2025.perf", "试@2025", "上年度：试@2024")) == [
        ("K520", "没有找到上年度的办法 “试@2024”；这里有的是 试@2023")
    ]
    (here / "试" / "2025" / "数据").mkdir(parents=True)
    (here / "试" / "2025" / "数据" / "实绩.csv").write_text("单位,工作\n甲县,是\n", encoding="utf-8")
    assert perfdsl("run", "试/2025.perf").code == 0


def test_a_code_that_the_year_before_does_not_have(here: Path) -> None:
    """上年对应 of every block, in every kind of brackets, several in one line; drafts of one year speak of the year before
    both."""
    two = REST + "指标 培训（0 分）【A02】\n  计分：达到得满分，否则不得分\n  未报：不得分\n"
    book(here, "试/2024.perf", "试@2024", year(2024), rest=two)

    def with_line(name: str, code: str, previous: str, written: str) -> list[tuple[str, str]]:
        rest = REST.replace("  未报：不得分\n", f"  未报：不得分\n  上年对应：{written}\n")
        return said(book(here, f"试/{name}.perf", code, year(2025), f"上年度：{previous}", rest=rest))

    lacks = ("K524", "上年度的办法 “试@2024” 里没有编号 A12，是不是 A02？")
    assert with_line("2025", "试@2025", "试@2024", "【A02】、［A01］、A02") == []
    assert with_line("2025", "试@2025", "试@2024", "【A12】、【A01】") == [lacks]
    assert with_line("稿", "试@2025征求意见", "试@2024", "[A02]") == []
    assert with_line("2025", "试@2025", "试@2025征求意见", "【A02】") == []


def test_previous_in_a_circle(here: Path) -> None:
    first = book(here, "2024.perf", "试@2024", "上年度：试@2025")
    second = book(here, "2025.perf", "试@2025", "上年度：试@2024")
    assert said(first) == [("K521", "上年度成圈：试@2024 的上年度是 试@2025，试@2025 的上年度是 试@2024")]
    assert said(second) == [("K521", "上年度成圈：试@2025 的上年度是 试@2024，试@2024 的上年度是 试@2025")]
    assert said(book(here, "2026.perf", "试@2026", "上年度：试@2026"))[0][0] == "K521"
    assert said(book(here, "2027.perf", "试@2027", "上年度：试@2025")) == [], "the two of the circle say it"


def test_previous_is_later(here: Path) -> None:
    book(here, "2026.perf", "试@2026", year(2026))
    assert said(book(here, "2025.perf", "试@2025", "年度：2025", "上年度：试@2026")) == [
        ("K522", "上年度 “试@2026” 是2026年1月1日至2026年12月31日，晚于本办法的2025 年度")
    ]


def test_an_issued_text_may_follow_its_own_draft(here: Path) -> None:
    book(here, "稿.perf", "试@2025征求意见", year(2025), status="征求意见稿")
    assert said(book(here, "2025.perf", "试@2025", year(2025), "上年度：试@2025征求意见")) == []


def test_previous_twice(here: Path) -> None:
    book(here, "2024.perf", "试@2024")
    book(here, "2024副本.perf", "试@2024")
    assert said(book(here, "2025.perf", "试@2025", "上年度：试@2024")) == [
        ("K523", "“试@2024” 有 2 份：2024.perf、2024副本.perf")
    ]


def test_previous_twice_in_the_folders_beside(here: Path) -> None:
    """Copies of one name in several folders are told apart by these."""
    for folder in ("备份", "旧稿", *(f"副本{n}" for n in range(5))):
        (here / folder).mkdir()
        book(here / folder, "2024.perf", "试@2024")
    home = here / "正稿"
    home.mkdir()
    ((code, told),) = said(book(home, "2025.perf", "试@2025", "上年度：试@2024"))
    assert code == "K523" and told.startswith("“试@2024” 有 7 份：") and told.endswith(" 等")
    assert told.count("../") == 5 and "../副本0/2024.perf" in told


def test_previous_and_validity_that_cannot_be_read(here: Path) -> None:
    path = book(here, "2025.perf", "试@2025", "上年度：去年的办法", "有效期：两年")
    assert said(path) == [("K196", "“去年的办法” 不是 名称@版本"), ("K197", "“两年” 不是一段日期")]
    path = book(here, "2025.perf", "试@2025", "有效期：2025年2月30日起")
    assert [code for code, _ in said(path)] == ["K033"]


# ---- 状态


def test_only_drafts_leave_things_open(here: Path) -> None:
    rest = REST.replace("计分：达到得满分，否则不得分", "计分：待定").replace("  未报：不得分\n", "")
    draft = perfdsl("check", book(here, "稿.perf", "试@2025稿", rest=rest, status="送审稿"))
    assert (draft.code, "提示 K146" in draft.out) == (0, True)
    issued = perfdsl("check", book(here, "定.perf", "试@2025", rest=rest))
    assert (issued.code, "必须改 K146" in issued.out) == (1, True)


# ---- 引用

SHARED = """\
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
计分办法 比例扣分（每档扣分）
  计分：达到得满分；每低 1 个百分点扣 每档扣分 分，不足 1 个百分点的按比例计，扣完本指标为止
"""
ITEM = """\
指标 办结（10 分）【A01】
  数据：按时办结（件）、应办（件）
  指标值：按时办结 ÷ 应办
  方向：越高越好
  目标值：98%
  计分：比例扣分 0.5
  未发生：得满分
  未报：不得分
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_definitions_are_shared(here: Path) -> None:
    """95 of 100 is 3 points of a hundred below 98%: 3 × 0.5 = 1.5 off, 8.50 left."""
    write(here / "共用" / "定义.perf", SHARED)
    path = book(here, "2025.perf", "试@2025", "引用：共用/定义.perf", rest=ITEM)
    write(here / "2025" / "数据" / "实绩.csv", "单位,按时办结,应办\n甲县,95,100\n乙县,98,100\n")
    assert said(path) == []
    units = perfdsl("run", path, "--format", "json").json["units"]
    assert [(one["unit"], one["total"]) for one in units] == [("甲县", "8.50"), ("乙县", "10.00")]


def test_items_stand_under_the_header_that_includes_them(here: Path) -> None:
    """A header of the included file does not draw in what follows where it is included."""
    write(here / "定义.perf", SHARED)
    write(here / "服务.perf", "二级指标 服务（10 分）【A1】\n" + ITEM.replace("A01", "A101"))
    rest = (
        "一级指标 履职（15 分）【A】\n  引用：“服务.perf”\n指标 学习（5 分）【A9】\n  计分：达到得满分，否则不得分\n"
        "  未报：不得分\n"
    )
    path = book(here, "2025.perf", "试@2025", "引用：定义.perf", rest=rest)
    path.write_text(path.read_text(encoding="utf-8").replace("（10 分）【试", "（15 分）【试"), encoding="utf-8")
    assert said(path) == []
    items = perfdsl("run", path, "--format", "json").json["units"][0]["items"]
    assert [(one["code"], one["parent"]) for one in items] == [
        ("A", None),
        ("A1", "A"),
        ("A101", "A1"),
        ("A9", "A"),
    ]


def test_a_problem_names_the_file_and_its_line(here: Path) -> None:
    write(here / "共用" / "指标.perf", "# 第一行\n" + ITEM.replace("÷ 应办", "÷ 应办数"))
    path = book(here, "2025.perf", "试@2025", "引用：共用/指标.perf、定义.perf", rest="")
    write(here / "定义.perf", SHARED)
    ran = perfdsl("check", path)
    assert ran.code == 1
    assert "┌ A01 办结（共用/指标.perf 第 4 行）\n" in ran.out
    assert "4 │   指标值：按时办结 ÷ 应办数\n" in ran.out
    problem = perfdsl("check", path, "--format", "json").only("K040")
    assert (problem["file"], problem["line"]) == ("共用/指标.perf", 4)
    explained = perfdsl("explain", _right(here, path), "--unit", "甲县").out
    assert "A01 办结（共用/指标.perf 第 2 行）" in explained


def _right(here: Path, path: Path) -> Path:
    write(here / "共用" / "指标.perf", "# 第一行\n" + ITEM)
    return path


def test_what_is_known_is_silenced_in_its_own_file(here: Path) -> None:
    """A note silences its own file's line, not the line with the same number of another file."""
    write(here / "定义.perf", SHARED)
    known = "# 已知悉 K310：每次都这样\n"
    ledger = "台账 表彰（每个事项一行）\n  列：单位、事项编号、认定日期\n"
    bonus = "加分项 表彰【J01】\n  台账：表彰\n  同一事项：各计各的\n  计分：每次 20 分\n  上限：不封顶\n"
    write(here / "加分.perf", ledger + bonus)
    path = book(here, "2025.perf", "试@2025", "引用：定义.perf、加分.perf", rest=ITEM)
    path.write_text(path.read_text(encoding="utf-8").replace("总分：基本分", "总分：基本分 + 加分，不封顶"), "utf-8")
    assert "K310" in [code for code, _ in said(path)]
    write(here / "加分.perf", ledger + known + bonus)
    assert "K310" not in [code for code, _ in said(path)]


def test_the_hash_covers_what_is_included(here: Path) -> None:
    def sha() -> str:
        return str(perfdsl("run", path, "--format", "json").json["rulebook"]["sha256"])

    write(here / "定义.perf", SHARED)
    path = book(here, "2025.perf", "试@2025", "引用：定义.perf", rest=ITEM)
    write(here / "2025" / "数据" / "实绩.csv", "单位,按时办结,应办\n甲县,98,100\n")
    before = sha()
    assert sha() == before
    write(here / "定义.perf", SHARED.replace("乙县", "丙县"))
    after = sha()
    assert after != before
    ran = perfdsl("run", path, "--out", "结果")
    assert ran.code == 0
    assert '"file": "定义.perf"' in (here / "结果" / "结果.清单.json").read_text(encoding="utf-8")


def test_formatting_leaves_it(here: Path) -> None:
    """The field stays, the other file stays, and names that only the other file declares are known."""
    shared = write(here / "定义.perf", SHARED + "数据 报表（每个单位一行）\n  列：单位、办结率（%）\n")
    rest = "指标 办结（10 分）【A01】\n  指标值:办结率\n  计分:不低于98%得满分,否则不得分\n  未报：不得分\n"
    path = book(here, "2025.perf", "试@2025", "引用：定义.perf", rest=rest)
    kept = shared.read_text(encoding="utf-8")
    assert perfdsl("fmt", path).code == 0
    text = path.read_text(encoding="utf-8")
    assert "  引用：定义.perf\n" in text and "  计分：不低于 98% 得满分，否则不得分\n" in text
    assert shared.read_text(encoding="utf-8") == kept


@pytest.mark.parametrize(
    "name",
    ["../外面.perf", "共用/../../外面.perf", "/etc/外面.perf", "C:/外面.perf", "..\\外面.perf", "链接/外面.perf"],
)
def test_nothing_outside_the_folder_is_read(here: Path, name: str) -> None:
    write(here / "外面.perf", SHARED)
    (here / "办法").mkdir()
    (here / "办法" / "链接").symlink_to(here)
    path = book(here, "办法/2025.perf", "试@2025", f"引用：{name}")
    assert [code for code, _ in said(path)] == ["K510"]


def test_a_file_below_may_include_one_beside_it(here: Path) -> None:
    write(here / "共用" / "全部.perf", "# 只有定义\n类别 区县\n" + SHARED.replace("列：单位", "列：单位、类别"))
    write(here / "共用" / "指标.perf", "一级指标 履职（10 分）【A】\n  引用：../另外/办结.perf\n")
    write(here / "另外" / "办结.perf", ITEM)
    path = book(here, "2025.perf", "试@2025", "引用：共用/全部.perf、共用/指标.perf", rest="")
    text = (here / "共用" / "全部.perf").read_text(encoding="utf-8")
    rows = text.replace("| 单位 |", "| 单位 | 类别 |").replace("县 |\n", "县 | 区县 |\n")
    write(here / "共用" / "全部.perf", rows)
    assert said(path) == []


def test_circles(here: Path) -> None:
    write(here / "甲.perf", "一级指标 履职（10 分）【A】\n  引用：乙.perf\n")
    write(here / "乙.perf", ITEM + "一级指标 另外（10 分）【B】\n  引用：甲.perf\n")
    path = book(here, "2025.perf", "试@2025", "引用：甲.perf")
    assert ("K512", "引用成圈：2025.perf → 甲.perf → 乙.perf → 甲.perf") in said(path)
    assert said(book(here, "2025.perf", "试@2025", "引用：2025.perf"))[0][0] == "K512"


def test_twice(here: Path) -> None:
    write(here / "定义.perf", SHARED)
    write(here / "指标.perf", ITEM)
    path = book(here, "2025.perf", "试@2025", "引用：定义.perf、指标.perf、定义.perf", rest="")
    assert said(path) == [], "definitions are read once"
    path = book(here, "2025.perf", "试@2025", "引用：定义.perf、指标.perf、指标.perf", rest="")
    assert said(path) == [("K515", "“指标.perf” 引用了两次，其中的指标会算两次")]


def test_bombs(here: Path) -> None:
    """Many files, deep files, large files: told once each, never read on."""
    for number in range(60):
        write(here / f"类{number}.perf", f"类别 第{number}类\n")
    names = "、".join(f"类{number}.perf" for number in range(60))
    wide = said(book(here, "2025.perf", "试@2025", f"引用：{names}"))
    assert [code for code, _ in wide].count("K513") == 10
    for number in range(20):
        write(here / f"层{number}.perf", f"一级指标 第{number}层（10 分）【L{number}】\n  引用：层{number + 1}.perf\n")
    deep = [code for code, _ in said(book(here, "2025.perf", "试@2025", "引用：层0.perf"))]
    assert deep.count("K513") == 1
    large = "# " + "很长的说明" * 100 + "\n"
    for number in range(3):
        write(here / f"大{number}.perf", large * 500)
    found = [code for code, _ in said(book(here, "2025.perf", "试@2025", "引用：大0.perf、大1.perf、大2.perf"))]
    assert found.count("K513") == 1


def test_files_that_cannot_be_included(here: Path) -> None:
    path = book(here, "2025.perf", "试@2025", "引用：没有.perf")
    assert said(path) == [("K511", "引用的 “没有.perf” 读不了：没有这个文件，请核对文件名和所在文件夹")]
    assert said(book(here, "2025.perf", "试@2025", "引用：目标.xlsx"))[0][0] == "K516"
    (here / "坏.perf").write_bytes(b"\0")
    assert said(book(here, "2025.perf", "试@2025", "引用：坏.perf"))[0][0] == "K511"
    book(here, "别的.perf", "别的@1")
    assert ("K514", "引用的文件是另一份考评办法") in said(book(here, "2025.perf", "试@2025", "引用：别的.perf"))
    write(here / "否决.perf", "一票否决 事故【F01】\n  情形之一：\n    · 发生事故\n  后果：等次定为 “不合格”\n")
    found = said(book(here, "2025.perf", "试@2025", "引用：否决.perf"))
    assert found == [("K514", "引用的文件里不能有 “一票否决”")]
    ran = perfdsl(
        "check", "-", "--format", "json", stdin=book(here, "2025.perf", "试@2025", "引用：甲.perf").read_bytes()
    )
    assert ran.only("K517")["message"] == "不知道到哪里去找 “甲.perf”"


def test_only_headers_include(here: Path) -> None:
    write(here / "定义.perf", SHARED)
    rest = REST.replace("  未报：", "  引用：定义.perf\n  未报：")
    assert [code for code, _ in said(book(here, "2025.perf", "试@2025", rest=rest))] == ["K141"]


def test_a_part_alone_says_what_to_check(here: Path) -> None:
    ran = perfdsl("check", write(here / "定义.perf", SHARED))
    assert ran.code == 1 and "供引用的文件不单独校核，校核引用它的办法" in ran.out
