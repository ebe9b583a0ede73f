"""Files as text, places in them, citations, near names, the catalogue's rules."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.text.citation import Address, Citation, cell_name
from perfdsl.text.form import Shape, Word, fixed, slot
from perfdsl.text.near import nearest
from perfdsl.text.numbers import decimal, percent
from perfdsl.text.problem import Severity, entry, say
from perfdsl.text.source import MAX_BYTES, Source, Span, Unreadable, decode, folded, read_source


@pytest.mark.parametrize(
    ("raw", "text", "notices"),
    [
        ("指标 甲\r\n乙\r".encode(), "指标 甲\n乙\n", 0),
        (b"\xef\xbb\xbf" + "甲".encode(), "甲", 0),
        (b"\xff\xfe" + "甲".encode("utf-16-le"), "甲", 0),
        (b"\xfe\xff" + "甲".encode("utf-16-be"), "甲", 0),
        ("指标 㛃".encode("gb18030"), "指标 㛃", 1),
    ],
)
def test_decoding(raw: bytes, text: str, notices: int) -> None:
    decoded, told = decode(raw, "试")
    assert decoded == text
    assert len(told) == notices


@pytest.mark.parametrize("raw", [b"PK\0\0", b"\xff\xff\xff", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00"])
def test_what_is_no_text(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(raw, "试")


def test_reading_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "甲.perf"
    file.write_text("指标 甲\n", encoding="utf-8")
    assert read_source(file, "甲.perf").text == "指标 甲\n"
    assert read_source(file).name == str(file)
    with pytest.raises(Unreadable, match="没有这个文件"):
        read_source(tmp_path / "无.perf")
    with pytest.raises(Unreadable, match="文件夹"):
        read_source(tmp_path)
    big = tmp_path / "大.perf"
    big.write_bytes(b"a" * (10 * 1024 * 1024))
    assert MAX_BYTES < 10 * 1024 * 1024
    with pytest.raises(Unreadable, match="MB"):
        read_source(big)

    def refuse(error: OSError) -> None:
        def read(self: Path) -> bytes:
            raise error

        monkeypatch.setattr(Path, "read_bytes", read)

    refuse(PermissionError())
    with pytest.raises(Unreadable, match="打不开"):
        read_source(file)
    refuse(OSError(5, "Input/output error"))
    with pytest.raises(Unreadable, match="读不出来"):
        read_source(file)


def test_places() -> None:
    source = Source("试", "甲乙\n丙，丁\n")
    span = Span(source, 3, 4)
    assert (span.line, span.column, span.text) == (2, 1, "丙")
    assert span.to(Span(source, 0, 1)).text == "甲乙\n丙"
    assert Span(source, 3, 6).part(1, 2).text == "，"
    assert source.line(2) == "丙，丁"
    assert source.line(3) == ""
    assert source.folded == "甲乙\n丙,丁\n"
    assert folded("１２％（Ａ）") == "12%(A)"


def test_citations() -> None:
    assert str(Citation("第五条", "A02", "按时办结率", 41)) == "第五条 A02 按时办结率（第 41 行）"
    assert str(Citation(code="A02")) == "A02"
    assert str(Address("实绩.csv", "", "C17")) == "实绩.csv C17"
    assert [cell_name(1, number) for number in (1, 26, 27, 703)] == ["A1", "Z1", "AA1", "AAA1"]


def test_nearest() -> None:
    assert nearest("市发改委", ["市发展改革委", "市水利局"]) == "市发展改革委"
    assert nearest("完全不同", ["甲"]) is None
    assert nearest("计份", ["不计", "计分"]) == "计分"  # as like by count, but in its place


def test_words_and_slots() -> None:
    assert list(Word("a", "甲", ("乙",), "c").spellings) == ["甲", "乙", "c"]
    assert list(Word("a", "甲").spellings) == ["甲"]
    assert slot("step", {"way": "way"}, award__kind="deduct").where == (("award.kind", ("deduct",)),)
    assert fixed("meet", "full", into="met").into == (("key", "met"),)
    assert Shape("ledger") is Shape.LEDGER


def test_a_code_is_never_given_twice() -> None:
    with pytest.raises(AssertionError):
        entry("K001", Severity.HINT, "又一次", "again", bad="", good="")(lambda: say(None, ""))


def test_exact_numbers_as_people_read_them() -> None:
    assert decimal(Fraction(-5, 4)) == "-1.25"
    assert decimal(Fraction(2, 3)) == "2/3"
    assert decimal(Fraction(3), 2) == "3.00"
    assert decimal(Fraction(7)) == "7"
    assert percent(Fraction(123, 125)) == "98.4%"
