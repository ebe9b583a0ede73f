"""The frame, names, vocabulary: what stands where, and what survives pasting."""

from __future__ import annotations

import re
from datetime import date

import pytest
from syntax_rulebooks import PASTED, REGISTRY, SHORT, frame, words, written

from perfdsl.syntax.build import Builder
from perfdsl.syntax.names import columns, declared, entries, period, points, split
from perfdsl.syntax.nodes import Tree
from perfdsl.syntax.vocabulary import grammar_dir, vocabulary, words_lark
from perfdsl.text.form import Form, Heading, Label, Shape, Word
from perfdsl.workspace.opening import words as whole_vocabulary


def good(text: str) -> Tree:
    tree, problems = frame(text)
    assert not problems, [(p.code, p.message) for p in problems]
    return tree


def codes(text: str) -> list[str]:
    return [problem.code for problem in frame(text)[1]]


def test_a_whole_rulebook() -> None:
    tree = good(REGISTRY)
    assert [block.kind for block in tree.blocks] == [
        "rulebook", "schedule", "ledger", "data", "group1", "indicator", "indicator", "indicator", "method", "bonus",
        "veto", "grades",
    ]  # fmt: skip
    rulebook, *_ = tree.blocks
    assert rulebook.name.text == "临江市2026年度部门绩效考评"
    assert [note.text for note in rulebook.notes] == ["100 分"]
    assert rulebook.code is not None
    assert rulebook.code.text == "临江@2026"
    indicator = tree.blocks[5]
    assert indicator.name.text == "1.办件提速（河道、热线）"
    assert indicator.span.line == 20
    score = indicator.field("score")
    assert score is not None
    assert score.value.text.startswith("达到得满分；")
    assert indicator.field("cap") is None
    bands = tree.blocks[7].field("score")
    assert bands is not None
    assert [[cell.text for cell in row.cells] for row in bands.rows][2] == ["80% 以上不足 95%", "20"]
    assert [item.text for item in tree.blocks[10].fields[0].items] == ["瞒报", "谎报", "漏报"]
    assert len(tree.blocks[11].rows) == 4
    assert [(one.code, one.reason) for one in tree.acknowledged] == [("K301", "原文如此")]


def test_pasted_from_word_and_excel() -> None:
    tree, problems = frame(PASTED)
    assert [problem.code for problem in problems] == ["K010"]
    assert [block.kind for block in tree.blocks] == ["rulebook", "ledger", "indicator"]
    assert tree.blocks[1].field("columns") is not None
    indicator = tree.blocks[2]
    assert indicator.name.text == "安全（10分）〔2025〕"
    assert indicator.code is not None
    assert indicator.code.text == "A1"
    rows = indicator.fields[-1].rows
    assert [cell.text for cell in rows[1].cells] == ["台账齐全", "４", "达标得满分，否则不得分"]


def test_english_words() -> None:
    tree = good(SHORT)
    assert [block.kind for block in tree.blocks] == ["rulebook", "ledger", "indicator"]
    assert tree.blocks[2].name.text == "clean-water"


@pytest.mark.parametrize(
    ("header", "name", "notes", "code"),
    [
        ("指标 23.治安（河道警长）（3 分）【四.23】", "23.治安（河道警长）", ["3 分"], "四.23"),
        ("指标 甲【A1】（3 分）", "甲", ["3 分"], "A1"),
        ("指标 甲（3 分）［Ａ1］", "甲", ["3 分"], "A1"),
        ("指标 甲（3 分）〖A1〗", "甲", ["3 分"], "A1"),
        ("指标 甲（2 分，最低 −0.5 分）", "甲", ["2 分，最低 −0.5 分"], None),
        ("指标 甲（权重 50%）（100 分）", "甲", ["权重 50%", "100 分"], None),
        ("指标 成本（未列分值）", "成本", ["未列分值"], None),
        ("指标 甲（乙）", "甲（乙）", [], None),
        ("指标 “甲（3 分）”（5 分）", "甲（3 分）", ["5 分"], None),
        ("指标：甲（3 分）", "甲", ["3 分"], None),
        ("指标甲（3 分）", "甲", ["3 分"], None),
        ("考核指标\t甲", "甲", [], None),
        ("计分办法 比例扣分（每档扣分、封顶分）", "比例扣分", ["每档扣分、封顶分"], None),
        ("附表 体系（每个要点一行，文件 “体系.xlsx”）", "体系", ["每个要点一行，文件 “体系.xlsx”"], None),
        ("数据 甲（每个单位一行，市委编办、市统计局）", "甲", ["每个单位一行，市委编办、市统计局"], None),
        ("数据 甲（编办、统计局）", "甲", ["编办、统计局"], None),
        ("指标 )甲)（1 分", ")甲)（1 分", [], None),
        ("指标 甲）（1 分）", "甲）", ["1 分"], None),
        ("指标 甲 ）", "甲 ）", [], None),
    ],
)
def test_headers(header: str, name: str, notes: list[str], code: str | None) -> None:
    block = frame(header + "\n")[0].blocks[0]
    assert block.name.text == name
    assert [note.text for note in block.notes] == notes
    assert (block.code.text if block.code else None) == code


def test_what_is_no_header() -> None:
    for line in ("指标体系", "indicators", "指标体系：见附件"):
        assert codes(line + "\n") in (["K010"], ["K011"])
    assert codes("数椐 办件（每个单位一行）\n  列：甲\n指标 乙（1 分）\n") == ["K012"]
    assert codes("（三）\n") == ["K010"]
    assert codes("完全陌生的开头（10 分）\n") == ["K012"]
    assert codes("指标 甲\n完全 陌生\n") == ["K010"]


def test_fields_of_an_unknown_header_are_left_out() -> None:
    tree, problems = frame("指标 甲（1 分）\n一级指表 乙（1 分）\n  计分：待定\n  风马牛：丙\n指标 丁（1 分）\n")
    assert [block.name.text for block in tree.blocks] == ["甲", "丁"]
    assert tree.blocks[0].fields == ()
    assert [str(problem.citation) for problem in problems] == ["（第 2 行）", "（第 4 行）"]


def test_rows_belong_to_a_field_that_waits_for_them() -> None:
    tree = good("等次 甲\n  名额取整：四舍五入\n  | 等次 | 总分 |\n  | 优 | 90 分以上 |\n  情形之一：\n  | a | b |\n")
    (block,) = tree.blocks
    assert len(block.rows) == 2
    assert [len(field.rows) for field in block.fields] == [0, 1]
    assert len(good("等次 甲\n  | 等次 | 总分 |\n").blocks[0].rows) == 1


def test_cells() -> None:
    tree = good("等次 甲\n  | 等次 | “a|b” |\n  |  |  |\n  | 优 | 良\n")
    assert [[cell.text for cell in row.cells] for row in tree.blocks[0].rows] == [
        ["等次", "“a|b”"],
        ["", ""],
        ["优", "良"],
    ]


def test_rows_with_tabs_keep_blank_cells() -> None:
    tree = good("等次 甲\n等次\t总分\t名额\n优秀\t\t30%\n\t60 分以上\t不限\n合格\t60 分以上\n")
    cells = [[cell.text for cell in row.cells] for row in tree.blocks[0].rows]
    assert cells[1:] == [["优秀", "", "30%"], ["", "60 分以上", "不限"], ["合格", "60 分以上", ""]]
    assert [block.kind for block in good("指标\t甲\t\n").blocks] == ["indicator"]


def test_soft_breaks() -> None:
    tree = good("指标 甲（1 分）\v  计分：达到\u2028得满分\u2028  原文：乙\n")
    assert [(field.key, field.value.text) for field in tree.blocks[0].fields] == [
        ("score", "达到 得满分"),
        ("official", "乙"),
    ]


def test_comments() -> None:
    text = "指标 甲（1 分）# 一\n  原文：3#泊位 # 二\n  计分：“#”为准 ＃ 三\n注：四\n  评分单位：乙 注：五\n  条款：备注：六\n"
    tree = good(text)
    assert [field.value.text for field in tree.blocks[0].fields] == ["3#泊位", "“#”为准", "乙", "备注：六"]
    assert codes("# 已知悉：没有编号\n") == ["K018"]
    assert good("＃ 已知悉 K017：写明了\n").acknowledged[0].line == 1


def test_empty_and_odd_files() -> None:
    assert good("").blocks == ()
    assert good("\n\n# 只有说明\n").blocks == ()
    assert frame("\ufeff指标 甲（1 分）")[1][0].code == "K001"


def test_spans_point_at_what_was_typed() -> None:
    tree = good("指标  按时办结率 （20 分） 【A02】\n  目标 值：  ９８％  # 注\n")
    block = tree.blocks[0]
    assert block.name.span.text == "按时办结率"
    assert block.notes[0].span.text == "20 分"
    assert block.fields[0].value.span.text == "９８％"
    assert block.fields[0].span.line == 2


# ---- names


def test_declared_names() -> None:
    names = declared(good(REGISTRY))
    assert {
        "办件量",
        "12345热线办结率",
        "PM2.5浓度",
        "单位",
        "通报",
        "归档率",
        "整改",
        "每档扣分",
        "2.案卷",
    } <= names.names
    assert names.choices >= {"乡镇", "部门", "省级", "市级"}
    assert names.methods == {"逐点扣"}
    assert names.objects == {"未按期办结"}
    assert {"件", "%", "微克/立方米"} <= names.units
    assert "每月" not in names.units


def test_declared_in_tables_and_categories() -> None:
    text = (
        "类别 区县（100 分）\n指标 甲（3 分）\n  要点：\n  | 要点 | 分值 | 计分 |\n  | “一” | 1 | 每发生 2 起漏报扣 1 分 |\n"
        "  |  | 2 | 每有扣 |\n  | 三 |  |  |\n指标 乙（1 分）\n  计分：每有 1e9 件甲扣 1 分；每有 1 件；每有\n  情形之一：\n    · 丙\n"
    )
    names = declared(frame(text)[0])
    assert {"一", "三", "甲", "乙"} == names.names
    assert names.choices == {"区县"}
    assert names.objects == {"漏报"}
    assert declared(Tree(frame(text)[0].source)).objects == frozenset()


def test_points_of_a_field() -> None:
    field = (
        good("指标 甲（3 分）\n  要点：1 分 「达标率」，达到得满分；2分“标识”，达到得满分；没有名称\n")
        .blocks[0]
        .fields[0]
    )
    assert [point.text for point in points(field)] == ["达标率", "标识"]


def test_columns() -> None:
    found, problems = columns(
        written("按时办结件数（件，每月）、类型（“事故”、其他），目标额（亿元，可填“/”表示不涉及）、“单位”。")
    )
    assert not problems
    assert [column.name.text for column in found] == ["按时办结件数", "类型", "目标额", "单位"]
    assert found[1].choices == ("事故", "其他")
    assert [column.unit for column in found] == ["件", "", "亿元", ""]
    assert found[0].choices == ()
    assert [note.text for note in found[2].notes] == ["亿元", "可填“/”表示不涉及"]
    assert [p.code for p in columns(written("（件）、甲（乙）丙、丁）"))[1]] == ["K047"] * 3


def test_entries() -> None:
    names, tail = entries(written("环保局、水文局，结果一致方可计分；再说"))
    assert [name.text for name in names] == ["环保局", "水文局"]
    assert tail is not None
    assert tail.text == "结果一致方可计分；再说"
    assert entries(written("市水利局"))[1] is None
    assert entries(written(""))[0] == ()
    assert [part.text for part in split(written("“甲、乙”、丙（丁、戊）"), "、")] == ["“甲、乙”", "丙（丁、戊）"]


@pytest.mark.parametrize(
    "text", ["2025年1月1日至2025年12月31日", "2025 年 1 月 1 日 到 2025年12月31号。", "２０２５年1月1日—2025年12月31日"]
)
def test_period(text: str) -> None:
    assert period(written(text)) == ((date(2025, 1, 1), date(2025, 12, 31)), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("全年", "K034"),
        ("自2025年1月1日至2025年12月31日", "K034"),
        ("2025年1月1日、2025年12月31日", "K034"),
        ("2025年13月1日至2025年12月31日", "K033"),
    ],
)
def test_no_period(text: str, code: str) -> None:
    found, problems = period(written(text))
    assert found is None
    assert [problem.code for problem in problems] == [code]


# ---- vocabulary


def test_the_real_registry_has_one_meaning_for_each_spelling() -> None:
    real = whole_vocabulary()
    assert real.headers["indicator"].canonical == "指标"
    assert real.canonical("GET") == "得"
    assert real.canonical("PHRASE", "meet") == "达到得满分"
    assert "达标得满分" in real.spellings("meet")
    assert real.spellings("没有") == frozenset()


def test_words_lark_is_fresh() -> None:
    assert (grammar_dir() / "words.lark").read_text(encoding="utf-8") == words_lark(whole_vocabulary())


def test_forms_bring_words() -> None:
    form = Form(
        name=Word("efficacy", "功效系数法", ("功效法",), "efficacy"),
        header="efficacy_block",
        phrases=(Word("efficacy", "按功效系数"), Word("meet", "达到得满分", ("够线得满分",))),
        labels=(
            Label(Word("allowed", "不允许值"), Shape.EXPRESSION),
            Label(Word("score", "计分", ("评法",)), Shape.PHRASE),
        ),
        table=(Heading("at", "band", Word("mark", "档位")), Heading("own", "band")),
    )
    made = vocabulary([form])
    assert made.header_spellings["功效法"].key == "efficacy_block"
    assert made.label_spellings["评法"].key == "score"
    assert made.labels["allowed"].shape is Shape.EXPRESSION
    assert made.column_spellings["档位"].key == "mark"
    assert made.meanings["够线得满分"].key == "meet"
    assert made.phrases["efficacy"].canonical == "按功效系数"
    assert made.headers["efficacy_block"].canonical == "功效系数法"
    again = vocabulary([form, *[Form(name=Word("z", "z"))]])
    assert words_lark(again) == words_lark(made)


@pytest.mark.parametrize(
    "form",
    [
        Form(name=Word("x", "x"), phrases=(Word("other", "达到得满分"),)),
        Form(name=Word("x", "x"), labels=(Label(Word("other", "计分"), Shape.PHRASE),)),
        Form(name=Word("x", "x"), labels=(Label(Word("score", "计分"), Shape.TEXT),)),
        Form(name=Word("x", "指标"), header="other"),
        Form(name=Word("x", "x"), table=(Heading("a", "band", Word("other", "得分")),)),
    ],
)
def test_a_spelling_with_two_meanings_is_our_mistake(form: Form) -> None:
    with pytest.raises(AssertionError):
        vocabulary([form])


def test_every_rule_of_the_grammar_has_its_method() -> None:
    rules = re.findall(r"^([a-z]\w*):", (grammar_dir() / "shapes.lark").read_text(encoding="utf-8"), re.MULTILINE)
    assert [rule for rule in rules if not hasattr(Builder, rule)] == []


def test_units_and_words_come_from_one_place() -> None:
    assert {"分", "%", "个百分点", "件"} <= words().units
    assert words().terminals["NUMBER"] == "数"


def test_no_word_is_declared_over_another() -> None:
    """A key that stands twice in a section would silently lose the words of the first."""
    section, twice = "", []
    seen: set[tuple[str, str]] = set()
    for line in (grammar_dir() / "keywords.yaml").read_text(encoding="utf-8").splitlines():
        if top := re.match(r"([a-z_]+):", line):
            section = top[1]
        elif key := re.match(r" {2}([a-z_0-9]+): ", line):
            if (section, key[1]) in seen:
                twice.append((section, key[1]))
            seen.add((section, key[1]))
    assert seen
    assert twice == []
