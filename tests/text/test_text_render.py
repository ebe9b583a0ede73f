"""Drawing problems: carets under wide characters, places in officers' words, JSON for programs."""

from __future__ import annotations

from dataclasses import replace

from perfdsl.text.citation import Address, Citation
from perfdsl.text.problem import CATALOGUE, Problem, Related, Severity
from perfdsl.text.render import place, render, summary, to_json, visible, width
from perfdsl.text.source import Source, Span

SOURCE = Source("2025.perf", "一票否决 重大事故【F01】\n  后果：等次定为 “不合格”\n\t目标值：⼈９８%\u202e长\n")


def problem(text: str, **more: object) -> Problem:
    at = SOURCE.text.index(text)
    made = Problem("K031", Severity.MUST, "两处规定不同", Span(SOURCE, at, at + len(text)))
    return replace(made, **more)  # type: ignore[arg-type]


def caret(drawn: str) -> tuple[int, int]:
    line = next(line for line in drawn.split("\n") if "^" in line)
    return width(line[: line.index("^")]), line.count("^")


def test_caret_stands_under_wide_characters() -> None:
    drawn = render((problem("等次定为 “不合格”"),))
    shown = next(line for line in drawn.split("\n") if line.startswith("2 │"))
    assert caret(drawn) == (width(shown[: shown.index("等")]), width("等次定为 “不合格”"))
    assert caret(drawn) == (4 + 8, 17)


def test_caret_after_tabs_radicals_and_hidden_characters() -> None:
    drawn = render((problem("长"),))
    shown = next(line for line in drawn.split("\n") if line.startswith("3 │"))
    assert "?" in shown
    assert "\t" not in shown
    assert caret(drawn) == (width(shown[: shown.index("长")]), 2)


def test_caret_at_the_end_of_a_line_is_one_wide() -> None:
    empty = replace(problem("等次"), span=Span(SOURCE, 17, 17))
    assert caret(render((empty,)))[1] >= 1
    end = replace(problem("等次"), span=Span(SOURCE, len(SOURCE.text), len(SOURCE.text)))
    assert caret(render((end,)))[1] == 1


def test_count_first_then_place_and_mend() -> None:
    other = problem("一票否决", severity=Severity.CONFIRM)
    cited = problem(
        "等次定为", citation=Citation("第十二条", "F01", "重大事故", 2), mend="后果：甲\n或者乙", why="先后没有写明"
    )
    drawn = render((cited, other))
    assert drawn.startswith("共 2 处，其中必须改 1 处，请确认 1 处\n")
    assert "必须改 K031：两处规定不同" in drawn
    assert "┌ 第十二条 F01 重大事故（第 2 行）  2025.perf" in drawn
    assert "└ 怎么改：后果：甲" in drawn
    assert "└ 怎么改：或者乙" in drawn
    assert "为什么：先后没有写明" in drawn
    assert "第 1 行" in place(other)


def test_related_places_are_shown() -> None:
    at = SOURCE.text.index("重大事故")
    drawn = render((problem("等次定为", related=(Related(Span(SOURCE, at, at + 4), "名称在这里"),)),))
    assert "├ 2025.perf 第 1 行：名称在这里" in drawn
    assert drawn.count("^") == 8 + 8


def test_cells_have_addresses() -> None:
    address = Address("实绩.xlsx", "实绩", "C17")
    made = Problem("K401", Severity.HINT, "没有填", address=address)
    assert place(made) == "实绩.xlsx 工作表“实绩” C17"
    assert "┌ 实绩.xlsx" in render((made,))
    assert place(replace(made, citation=Citation(code="A1"))) == "实绩.xlsx 工作表“实绩” C17（A1）"
    assert place(Problem("K500", Severity.HINT, "没有地方")) == ""
    assert "┌" not in render((Problem("K500", Severity.HINT, "没有地方"),))


def test_long_lines_are_cut_around_the_place() -> None:
    source = Source("长.perf", "字" * 300 + "错" + "字" * 300)
    drawn = render((replace(problem("等次"), span=Span(source, 300, 301)),))
    shown = next(line for line in drawn.split("\n") if line.startswith("1 │"))
    assert len(shown) < 120
    assert caret(drawn) == (width(shown[: shown.index("错")]), 2)


def test_colour_and_nothing() -> None:
    assert "\033[1;31m必须改 K031\033[0m" in render((problem("等次"),), color=True)
    assert render(()) == "没有发现问题\n"
    assert summary((problem("等次"),)) == "共 1 处，其中必须改 1 处"


def test_widths() -> None:
    assert width("甲a，") == 5
    assert width("e\u0301") == 1
    assert visible("a\nb\x07") == "a b?"


def test_json_has_the_published_keys() -> None:
    at = SOURCE.text.index("重大事故")
    (record,) = to_json((problem("等次定为", related=(Related(Span(SOURCE, at, at + 4), "这里"),)),))
    assert record["code"] == "K031"
    assert record["severity"] == "必须改"
    assert (record["file"], record["line"], record["column"], record["address"]) == ("2025.perf", 2, 6, None)
    assert record["related"] == [{"file": "2025.perf", "line": 1, "column": 6, "length": 4, "note": "这里"}]
    (record,) = to_json((Problem("K401", Severity.HINT, "没有填", address=Address("实绩.csv", "", "C17")),))
    assert record["file"] == "实绩.csv"
    assert record["address"] == {"file": "实绩.csv", "sheet": "", "cell": "C17"}
    assert (record["line"], record["column"], record["text"]) == (None, None, None)
    (record,) = to_json((Problem("K500", Severity.HINT, "没有地方"),))
    assert record["file"] is None


def test_words_of_ours_fit_a_chinese_console() -> None:
    for entry in CATALOGUE.values():
        (entry.title + entry.text).encode("cp936")
    render((problem("等次定为"),)).encode("cp936")
