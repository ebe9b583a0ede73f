"""A comparison as one HTML file: it asks for nothing, runs nothing, and every chart is text that can be read."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from review_sample import CHANGES, sample

from perfdsl.publish import review_charts as charts
from perfdsl.publish import review_markdown, review_text
from perfdsl.publish.review_html import CARDS, page
from perfdsl.publish.review_words import changed_words
from perfdsl.reports.reviews import QuotaShift
from perfdsl.text.render import width

VOID = {"meta", "br", "col", "line", "rect", "circle", "img", "input", "link", "hr"}


class Reader(HTMLParser):
    """What is in a page: elements with their attributes, text by element, and whether it is well nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.texts.setdefault(self.open[-1], []).append(data.strip())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [found for name, found in self.elements if name == tag]


@pytest.mark.parametrize("units", [0, 60])
def test_the_page_is_whole_and_asks_for_nothing(units: int) -> None:
    text = page(sample(units))
    read = Reader(text)
    assert read.open == []
    assert "http://" not in text
    assert "https://" not in text
    assert "url(" not in text
    assert "@import" not in text
    names = {tag for tag, _ in read.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "video", "audio"}
    for tag, attributes in read.elements:
        if tag == "a":  # leads to a place in the page, and asks for nothing
            assert str(attributes["href"]).startswith("#")
        asked = {"src", "srcset", "xlink:href"} | (set() if tag == "a" else {"href"})
        assert not asked & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag


def test_ids_are_used_once_and_every_chart_has_its_title() -> None:
    read = Reader(page(sample(60)))
    ids = [found["id"] for _, found in read.elements if "id" in found]
    assert len(ids) == len(set(ids))
    for chart in read.of("svg"):
        assert chart["role"] == "img"
        assert chart["aria-labelledby"] in ids
    assert len(read.of("svg")) == 2 + 2 + 70


def test_charts_hold_real_text() -> None:
    texts = Reader(page(sample())).texts
    drawn = " ".join(texts["text"])
    for word in ("云泽区", "92.80", "良好", "数据变动", "－2.00", "B203 机关数字化应用", "名额 3，评上 2"):
        assert word in drawn
    assert "云泽区：总分 90.60 → 92.80，＋2.20" in texts["title"]


def test_every_change_is_a_row_with_both_texts_and_the_changed_words_marked() -> None:
    read = Reader(page(sample()))
    rows = [str(found["id"]) for found in read.of("tr") if str(found.get("id", "")).startswith("change-")]
    assert rows == [f"change-{one.number}" for one in CHANGES]
    assert {"98%", "52", "8"} <= set(read.texts["del"])
    assert {"96%", "48", "6", "不扣分"} <= set(read.texts["ins"])
    heads = read.texts["th"]
    at = heads.index("序号")
    assert heads[at : at + 6] == ["序号", "条款", "原条文", "新条文", "修改理由", "影响"]


def test_the_gravest_changes_stand_before_who_moved() -> None:
    """Each a line that leads to its row; of more than there is room for, how many there are besides."""
    text = page(sample())
    head = text[: text.index('<div class="two">')]
    told = re.findall(r'<li><a href="#change-(\d+)">\1</a><span>(.+?)</span><small>(.+?)</small></li>', head)
    assert len(told) == 6
    assert (
        "2",
        "B101 重点工作任务完成率  分值：8 分 → 6 分；评分单位：市政府办公室 → 市政府督查室",
        "影响得分；间接名次、等次；11 个单位",
    ) in told
    assert f"以上是涉及等次和单位最多的 6 条，另有 {len(CHANGES) - 6} 条，见" in head
    bare = tuple(replace(one, units=0, reached=0, regraded=0) for one in CHANGES)
    assert "以上 6 条按影响的类别先列，另有" in page(replace(sample(), changes=bare))
    few = page(replace(sample(), changes=CHANGES[:3]))
    assert few.count('<li><a href="#change-') == 3
    assert "主要修订" not in few


def test_why_a_unit_moved_stands_apart_from_its_place() -> None:
    text = page(sample())
    whys = re.findall(r"<small>[^<]*·[^<]*</small></li>", text[text.index('<div class="two">') :])
    assert whys
    assert all(" · " in one for one in whys)


def test_it_says_what_an_officer_looks_for() -> None:
    text = page(sample())
    for said in (
        "内部资料",
        "修改 5 条、新增 1 条",
        "未受影响",
        "一票否决、一票否优、限等 6 条没有修改",
        "市教育局（2025 年按时办结率没有报",
        "第 3–5 名",
        "可比口径：100 分中 87 分可比",
        "签发前核对",
        "叠加影响：按编号先后",
        "须与第 1 项一并修订",
        "看着像对应上的，请核对",
        "没有找到总分不同的单位",
    ):
        assert said in text


def test_it_is_made_to_be_printed() -> None:
    text = page(sample())
    for rule in ("size: A4", "A4 landscape", "table-header-group", "break-inside: avoid", "counter(page)"):
        assert rule in text


def test_the_same_comparison_gives_the_same_bytes() -> None:
    assert page(sample(20)) == page(sample(20))


def test_what_the_rulebook_says_is_never_markup() -> None:
    nasty = '<b onclick="x">&</b>'
    change = replace(CHANGES[1], name=nasty, reason=nasty, official=(nasty, nasty + "新"), sentence=nasty, impact=nasty)
    finding = sample()
    assert finding.impact is not None
    unit = replace(finding.impact.shifts[0], unit=nasty)
    impact = replace(finding.impact, shifts=(unit, *finding.impact.shifts[1:]))
    text = page(replace(finding, changes=(change,), overview=nasty, impact=impact))
    assert "<b onclick" not in text
    assert Reader(text).open == []


def test_without_data_there_are_no_charts_and_without_changes_no_table() -> None:
    assert not Reader(page(replace(sample(), impact=None))).of("svg")
    text = page(replace(sample(), changes=(), impact=None, overview="两份的含义相同"))
    assert "两份的含义相同" in text
    assert "修订对照表" not in text


def labels(svg: str) -> list[tuple[float, float, str, str]]:
    """x, y, anchor and text of every label of a chart."""
    found = re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)"(?: class="[^"]*")?(?: text-anchor="(\w+)")?>(?:<title>.*?</title>)?(.*?)</text>',
        svg,
    )
    return [(float(x), float(y), anchor or "start", said) for x, y, anchor, said in found]


@pytest.mark.parametrize("units", [0, 60, 400])
def test_no_two_labels_of_a_chart_overlap(units: int) -> None:
    """By the estimate of a letter's width that the charts use; the browser's letters are never wider."""
    text = page(sample(units))
    for svg in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        lines: dict[float, list[tuple[float, float, str]]] = {}
        for x, y, anchor, said in labels(svg):
            wide = width(said) * charts.EM / 2
            left = x - wide if anchor == "end" else x
            lines.setdefault(y, []).append((left, left + wide, said))
        assert len(set(lines)) > 1
        for found in lines.values():
            found.sort()
            for one, other in itertools.pairwise(found):
                assert one[1] <= other[0] + 1, (one, other)


def test_units_beyond_the_first_have_no_waterfall_and_that_is_said() -> None:
    text = page(sample(200))
    assert text.count('<figure class="card">') == CARDS
    assert f"另有 {210 - CARDS} 个单位见表格文件" in text


def test_units_beyond_a_page_are_counted_not_drawn() -> None:
    finding = sample(400)
    assert finding.impact is not None
    group = [one for one in finding.impact.shifts if one.category == "市直"]
    chart = charts.slope(group, "x", "市直", ("2024", "2025"))
    assert chart.left_out == f"另有 {len(group) - charts.ROWS} 个单位名次变动较小，没有画出"
    assert "市发展和改革委员会" in chart.svg


def test_the_strip_of_a_quota_says_its_share_and_its_tie() -> None:
    """As many boxes as there are places, one more for who came in beyond them."""
    finding = sample()
    assert finding.impact is not None
    one = QuotaShift(
        "市直",
        "优秀",
        ("35%", "30%"),
        (3, 3),
        ("91.00", "90.00"),
        (),
        (),
        ("3", "2"),
        ("", "末位 2 个单位同分 90.00，一并计入，实评 3 个"),
    )
    shown = page(replace(finding, impact=replace(finding.impact, quotas=(one,))))
    assert "市直 · 优秀（35% → 30%）" in shown and "新：末位 2 个单位同分 90.00，一并计入，实评 3 个" in shown
    assert charts.strip(one, "x", ("2024", "2025")).svg.count('class="box full over"') == 1


def test_the_second_number_says_how_it_was_shared() -> None:
    finding = sample()
    assert finding.impact is not None
    assert "叠加影响" in page(finding) and "精确分摊" not in page(finding)
    exact = replace(finding, impact=replace(finding.impact, shapley=True))
    for shown in (page(exact), review_markdown.page(exact), review_text.text(exact)):
        assert "精确分摊" in shown and "单独影响 | 叠加影响" not in shown


def test_a_waterfall_goes_from_the_old_total_to_the_new_one() -> None:
    finding = sample()
    assert finding.impact is not None
    unit = finding.impact.shifts[0]
    svg = charts.waterfall(unit, {}, "x", ("2024", "2025")).svg
    ends = [tuple(map(float, found)) for found in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)]
    marks = [float(found) for found in re.findall(r'<line x1="([\d.]+)"[^>]*class="mark"', svg)]
    assert len(ends) == len(unit.effects)
    # 90.60 → 91.45 → 89.95 → 90.00 → 93.00 → 91.80 → 92.80: from 89.95 to 93.00 are 3.05 points
    scale = (charts.BARS[1] - charts.BARS[0] - 4) / 3.05
    assert [wide / scale for _, wide in ends] == pytest.approx([0.85, 1.5, 0.05, 3.0, 1.2, 1.0], abs=0.01)
    assert (marks[1] - marks[0]) / scale == pytest.approx(2.20, abs=0.01)


def test_a_strip_of_many_places_is_a_bar() -> None:
    one = QuotaShift("市直", "优秀", ("900", "800"), (900, 790), ("90.00", ""), (), ())
    svg = charts.strip(one, "x", ("2024", "2025")).svg
    assert svg.count("<rect") == 4
    assert "名额 800，评上 790" in svg


def test_changed_words_are_whole_numbers() -> None:
    assert changed_words("目标 98%，扣 0.5 分", "目标 96%，扣 0.25 分") == (
        [("目标 ", False), ("98%", True), ("，扣 ", False), ("0.5", True), (" 分", False)],
        [("目标 ", False), ("96%", True), ("，扣 ", False), ("0.25", True), (" 分", False)],
    )
    assert changed_words("最低 －0.5 分", "最低 －0.6 分")[0] == [("最低 ", False), ("－0.5", True), (" 分", False)]
    assert changed_words("", "新增") == ([], [("新增", False)])
    assert changed_words("甲的乙", "丙的丁") == ([("甲的乙", True)], [("丙的丁", True)])
    assert charts.direction(Fraction()) == "same"
