"""Parquet files and large CSV: the same cells as from small files, and a word for all that no cell can hold."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from data_builders import BOOL, DATE, TWO, facts, ledger, number, only, said, text
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdsl.data import cells as cells_module
from perfdsl.data import scratch
from perfdsl.data.load import Loaded, load
from perfdsl.model.states import State
from perfdsl.model.table import UNIT_GRAIN, RowOf, Table, TableColumn

PRAISE = ledger(
    "表彰",
    text("单位"),
    text("事项编号"),
    text("级别", "国家级", "省级"),
    TableColumn("认定日期", DATE),
    number("金额", "万元"),
    number("占比", "%", optional=True),
    TableColumn("牵头", BOOL),
)
NAMES = tuple(column.name for column in PRAISE.columns)
TYPES = ("VARCHAR", "VARCHAR", "VARCHAR", "DATE", "DECIMAL(12,3)", "DOUBLE", "BOOLEAN")
GOOD = ("市水利局", "S1", "省级", date(2025, 3, 1), Decimal("12.345"), 98.5, True)


@pytest.fixture(autouse=True, params=["held", "on the disk"])
def where_it_lies(request: pytest.FixtureRequest) -> Iterator[None]:
    """All of this file with memory enough, and with so little that nothing is held and three rows make a block."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "on the disk":
            for name, size in (("HELD", 0), ("BLOCK", 3), ("TEXTS", 2)):
                patch.setattr(scratch, name, size)
        yield


def parquet(path: Path, names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    connection = duckdb.connect()
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in zip(names, types, strict=True))
    connection.execute(f"CREATE TABLE t ({columns})")
    if rows:
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", [list(row) for row in rows])
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def praise(folder: Path, *rows: Sequence[object], types: Sequence[str] = TYPES, table: Table = PRAISE) -> Loaded:
    parquet(folder / f"{table.name}.parquet", NAMES, types, rows)
    return load(folder, [TWO, table])


def changed(name: str, value: object) -> list[object]:
    return [value if one == name else old for one, old in zip(NAMES, GOOD, strict=True)]


def typed(name: str, type_: str) -> list[str]:
    return [type_ if one == name else old for one, old in zip(NAMES, TYPES, strict=True)]


def column(loaded: Loaded, name: str, grain: str = "表彰") -> list[object]:
    return [value if state is State.VALUE else state for state, value in loaded.dataset[grain].columns[name].cells]


def test_every_type_comes_exactly(tmp_path: Path) -> None:
    loaded = praise(tmp_path, GOOD, changed("金额", None), changed("占比", 0.1 + 99))
    assert column(loaded, "金额") == [Fraction("12.345") * 10000, State.MISSING, Fraction("12.345") * 10000]
    assert column(loaded, "占比") == [Fraction("0.985"), Fraction("0.985"), Fraction("0.991")]
    assert column(loaded, "认定日期") == [date(2025, 3, 1)] * 3
    assert column(loaded, "牵头") == [True] * 3
    assert column(loaded, "级别") == ["省级"] * 3
    assert said(loaded.problems) == ["K437 表彰.parquet 第 2 行“金额”"]
    assert loaded.files[1].rows == 3 if len(loaded.files) > 1 else loaded.files[0].rows == 3


CELLS = st.tuples(
    st.sampled_from(["市水利局", "市环保局", "市生态环境局", "查无此局"]),
    st.sampled_from(["S1", "S2", "S10", " S2 ", "\u200bS1", "", "市发〔2025〕1号", "待定", "未报", "不涉及", None]),
    st.sampled_from(["国家级", "省级", "国家 级", "县级", "不涉及", None]),
    st.sampled_from(
        [date(2025, 1, 1), date(1900, 1, 1), date(2100, 12, 31), date(2101, 1, 1), date(1899, 12, 31), None]
    ),
    st.one_of(st.none(), st.decimals(min_value=-(10**8), max_value=10**8, places=3, allow_nan=False)),
    st.sampled_from([0.5, 98.0, 1e-7, 98.125, 1500.0, None]),
    st.sampled_from([True, False, None]),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(CELLS, min_size=1, max_size=8), optional=st.booleans(), cut=st.integers(0, 8))
def test_a_ledger_means_the_same_as_parquet_and_as_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]], optional: bool, cut: int
) -> None:
    """In one file of Parquet or in two, which need not have the same texts."""
    columns = (replace(one, optional=optional and one.name != "单位") for one in PRAISE.columns)
    table = ledger("表彰", *columns)
    first, second = tmp_path_factory.mktemp("parquet"), tmp_path_factory.mktemp("csv")
    if 0 < cut < len(rows):
        parquet(first / "表彰乙.parquet", NAMES, TYPES, rows[cut:])
    from_parquet = praise(first, *(rows[:cut] or rows), table=table)
    with (second / "表彰.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        writer.writerows([["" if one is None else _written(one) for one in row] for row in rows])
    from_csv = load(second, [TWO, table])
    for name in NAMES:
        assert column(from_parquet, name) == column(from_csv, name), name
        words = from_parquet.dataset["表彰"].columns[name].words
        assert tuple(words) == tuple(from_csv.dataset["表彰"].columns[name].words), name
    assert from_parquet.incomplete == from_csv.incomplete
    codes = [{one.code for one in loaded.problems} for loaded in (from_parquet, from_csv)]
    odd = {"国家 级", " S2 ", "\u200bS1", ""}  # of a large file, rows are the same only to the letter
    if odd & {cell for row in rows for cell in row[1:3]} or 0 < cut < len(rows):
        codes = [one - {"K445"} for one in codes]
    assert codes[0] == codes[1]


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return str(value)


def test_a_word_that_stands_for_another_now(tmp_path: Path) -> None:
    """Closed words or any: the level is called otherwise now."""
    for level in (text("级别", "甲", "乙"), text("级别")):
        known = replace(level, reworded=(("A", "甲"),))
        columns = tuple(known if one.name == "级别" else one for one in PRAISE.columns)
        loaded = praise(tmp_path, changed("级别", "A"), changed("级别", "甲"), table=replace(PRAISE, columns=columns))
        assert column(loaded, "级别") == ["甲", "甲"]


@pytest.mark.parametrize("name", ["rowid", "ROWID", "code", "said", "first", "h", "rows", "part", "c1", "at", "·名次"])
@pytest.mark.parametrize("used", [False, True])
def test_a_heading_may_be_any_word(tmp_path: Path, name: str, used: bool) -> None:
    """Also one that the database has a meaning for; whether a rule reads it or not."""
    rows = [changed("事项编号", f"S{at}") for at in range(6)]
    table = ledger("表彰", *PRAISE.columns, *([text(name)] if used else []))
    numbers = [3, 3, 100, 2, 1, 1]
    parquet(
        tmp_path / "表彰.parquet",
        (*NAMES, name),
        (*TYPES, "VARCHAR" if used else "BIGINT"),
        [[*row, number] for row, number in zip(rows, numbers, strict=True)],
    )
    loaded = load(tmp_path, [TWO, table])
    assert column(loaded, "事项编号") == [f"S{at}" for at in range(6)]
    assert loaded.dataset["表彰"].rows == 6
    if used:
        assert column(loaded, name) == [str(number) for number in numbers]
    assert [one for one in said(loaded.problems) if "K422" not in one] == []


@pytest.mark.parametrize("optional", [False, True])
def test_a_day_without_end_is_not_a_blank_one(tmp_path: Path, optional: bool) -> None:
    columns = (replace(one, optional=optional and one.name == "认定日期") for one in PRAISE.columns)
    table = ledger("表彰", *columns)
    loaded = praise(tmp_path, GOOD, changed("认定日期", "infinity"), table=table)
    assert column(loaded, "认定日期") == [date(2025, 3, 1), State.PENDING]
    assert said(loaded.problems) == ["K427 表彰.parquet 第 2 行“认定日期”"]


def test_an_address_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    loaded = praise(tmp_path, GOOD, changed("单位", "查无此局"), changed("事项编号", "S3"))
    addresses = loaded.dataset["表彰"].columns["级别"].addresses
    assert str(addresses[1]) == "表彰.parquet 第 3 行“级别”"
    assert len(addresses) == 2 + 2  # a row of nobody leaves the ledger open for both units
    assert str(addresses[3]) == ""


@pytest.mark.parametrize(
    ("name", "type_", "value", "expected"),
    [
        ("占比", "DOUBLE", float("nan"), "K427 表彰.parquet 第 2 行“占比”"),
        ("占比", "DOUBLE", float("inf"), "K427 表彰.parquet 第 2 行“占比”"),
        ("占比", "DOUBLE", 0.1 + 0.2, "K427 表彰.parquet 第 2 行“占比”"),
        ("金额", "DOUBLE", float("-inf"), "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "DOUBLE", 1e300, "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "DECIMAL(38,13)", Decimal("0.0000000000001"), "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "DECIMAL(18,13)", Decimal("0.0000000000001"), "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "BIGINT", 2**63 - 1, "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "DATE", date(2025, 1, 1), "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "BOOLEAN", True, "K427 表彰.parquet 第 2 行“金额”"),
        ("金额", "VARCHAR", "一百", "K427 表彰.parquet 第 2 行“金额”"),
        ("认定日期", "DATE", date(2101, 1, 1), "K427 表彰.parquet 第 2 行“认定日期”"),
        ("认定日期", "INTEGER", 45000, "K427 表彰.parquet 第 2 行“认定日期”"),
        ("级别", "VARCHAR", "县级", "K428 表彰.parquet 第 2 行“级别”"),
    ],
)
def test_a_bad_cell_is_told_with_its_row_and_is_pending(
    tmp_path: Path, name: str, type_: str, value: object, expected: str
) -> None:
    good = [None if one == name else old for one, old in zip(NAMES, GOOD, strict=True)]
    table = ledger("表彰", *(replace(one, optional=one.name == name) for one in PRAISE.columns))
    loaded = praise(tmp_path, good, changed(name, value), types=typed(name, type_), table=table)
    assert column(loaded, name) == [State.ABSENT, State.PENDING]
    assert expected in said(loaded.problems)


def test_many_bad_cells_are_told_in_part(tmp_path: Path) -> None:
    rows = [changed("级别", f"第{place}级") for place in range(30)]
    problems = praise(tmp_path, *rows).problems
    assert len([one for one in problems if one.code == "K428"]) == 20
    assert "还有 10 种" in only(problems, "K472").message


def test_rows_that_are_the_same_are_told(tmp_path: Path) -> None:
    loaded = praise(tmp_path, GOOD, changed("事项编号", "S2"), GOOD, GOOD)
    problem = only(loaded.problems, "K445")
    assert str(problem.address) == "表彰.parquet 第 3 行"
    assert "表彰.parquet 第 1 行" in problem.message
    assert loaded.dataset["表彰"].rows == 4


@pytest.mark.parametrize("type_", ["VARCHAR[]", "BLOB", "STRUCT(a INTEGER)", "TIMESTAMP WITH TIME ZONE", "TIME"])
def test_a_column_that_no_cell_can_hold_refuses_the_file(tmp_path: Path, type_: str) -> None:
    loaded = praise(tmp_path, changed("事项编号", None), types=typed("事项编号", type_))
    assert said(loaded.problems) == ["K471 表彰.parquet 列“事项编号”"]
    assert loaded.unreadable
    assert column(loaded, "事项编号") == [State.MISSING] * 2  # open for every unit, never an empty ledger


def test_a_damaged_file_is_not_read_in_part(tmp_path: Path) -> None:
    path = parquet(tmp_path / "表彰.parquet", NAMES, TYPES, [changed("事项编号", f"S{one}") for one in range(100)])
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    loaded = load(tmp_path, [TWO, PRAISE])
    assert said(loaded.problems) == ["K404 表彰.parquet"]
    assert "表彰" in loaded.incomplete


def test_a_text_called_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "表彰.parquet").write_text("单位,级别\n", encoding="utf-8")
    assert said(load(tmp_path, [TWO, PRAISE]).problems) == ["K404 表彰.parquet"]


def test_without_the_extra_the_line_to_install_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet(tmp_path / "表彰.parquet", NAMES, TYPES, [GOOD])
    monkeypatch.setitem(sys.modules, "duckdb", None)
    loaded = load(tmp_path, [TWO, PRAISE])
    problem = only(loaded.problems, "K470")
    assert "pip install 'perfdsl[large]'" in str(problem.mend)
    assert loaded.unreadable


def test_duckdb_is_imported_only_for_a_large_file(tmp_path: Path) -> None:
    told = (
        "import sys; from pathlib import Path; import perfdsl.data.load, perfdsl.tools.cli;"
        f"perfdsl.data.load.load(Path({str(tmp_path)!r}), []); print('duckdb' in sys.modules)"
    )
    (tmp_path / "表.csv").write_text("单位\n", encoding="utf-8")
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_a_table_of_units_is_laid_on_the_roster(tmp_path: Path) -> None:
    table = facts(number("办结件数", "件"), number("投资", "元"))
    rows = [("市环保局", 3, Decimal("1234567.89")), ("市水利局", None, Decimal("-0.01"))]
    parquet(tmp_path / "实绩.parquet", ("单位", "办结件数", "投资"), ("VARCHAR", "INTEGER", "DECIMAL(12,2)"), rows)
    loaded = load(tmp_path, [TWO, table])
    assert column(loaded, "实绩.办结件数", UNIT_GRAIN) == [State.MISSING, Fraction(3)]
    assert column(loaded, "实绩.投资", UNIT_GRAIN) == [Fraction("-0.01"), Fraction("1234567.89")]
    assert str(loaded.dataset[UNIT_GRAIN].columns["实绩.投资"].addresses[0]) == "实绩.parquet 第 2 行“投资”"


def large_csv(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str = "表彰.csv") -> Loaded:
    monkeypatch.setattr(cells_module, "MAX_FILE", 10)
    (folder / name).write_bytes(content)
    return load(folder, [TWO, PRAISE])


LINES = (
    "单位,事项编号,级别,认定日期,金额,占比,牵头\n"
    '市水利局,"S,1",省级,2025年3月1日,1.50,98%,是\n'
    "市水利局,0012,不涉及,2025-03-02,未报,,否\n"
)


def test_a_large_csv_is_read_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = large_csv(tmp_path, monkeypatch, LINES.encode())
    assert column(loaded, "事项编号") == ["S,1", "0012"]
    assert column(loaded, "级别") == ["省级", State.ABSENT]
    assert column(loaded, "认定日期") == [date(2025, 3, 1), date(2025, 3, 2)]
    assert column(loaded, "金额") == [Fraction(15000), State.MISSING]
    assert column(loaded, "占比") == [Fraction("0.98"), State.ABSENT]
    assert said(loaded.problems) == []
    assert str(loaded.dataset["表彰"].columns["级别"].addresses[0]) == "表彰.csv 第 2 行“级别”"


@pytest.mark.parametrize(
    "content",
    [LINES.encode("gb18030"), (LINES + '市水利局,"S3\n').encode(), (LINES + "市水利局,S3,省级\n").encode()],
    ids=["another encoding", "an open quotation mark", "a short line"],
)
def test_a_large_csv_that_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    assert said(large_csv(tmp_path, monkeypatch, content).problems) == ["K404 表彰.csv"]


def test_a_large_tsv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = LINES.replace('"S,1"', "S1").replace(",", "\t").encode()
    assert column(large_csv(tmp_path, monkeypatch, content, "表彰.tsv"), "事项编号") == ["S1", "0012"]


def test_files_of_both_ways_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "表彰-下半年.csv").write_text(LINES, encoding="utf-8")
    loaded = praise(tmp_path, GOOD)
    assert "K473 表彰.parquet" in said(loaded.problems)
    assert "表彰" in loaded.incomplete


def test_two_files_of_other_types_lie_under_one_another(tmp_path: Path) -> None:
    parquet(tmp_path / "表彰-1.parquet", NAMES, TYPES, [GOOD])
    parquet(tmp_path / "表彰-2.parquet", NAMES, typed("金额", "VARCHAR"), [changed("金额", "0.00005")])
    loaded = load(tmp_path, [TWO, PRAISE])
    assert column(loaded, "金额") == [Fraction(123450), Fraction("0.5")]
    addresses = loaded.dataset["表彰"].columns["金额"].addresses
    assert [str(one) for one in addresses] == ["表彰-1.parquet 第 1 行“金额”", "表彰-2.parquet 第 1 行“金额”"]


def test_shared_duty_in_a_large_ledger(tmp_path: Path) -> None:
    table = Table(
        "双责",
        PRAISE.role,
        RowOf.EVENT,
        (text("属地", of_units=True), text("主管", of_units=True, optional=True), text("编号")),
    )
    rows = [("市水利局", None, "1"), ("市环保局", "市水利局", "2"), (None, None, "3")]
    parquet(tmp_path / "双责.parquet", ("属地", "主管", "编号"), ("VARCHAR",) * 3, rows)
    loaded = load(tmp_path, [TWO, table])
    assert column(loaded, "主管", "双责")[:2] == [State.ABSENT, "市水利局"]
    assert column(loaded, "属地", "双责")[:2] == ["市水利局", "市生态环境局"]
    assert "K450 双责.parquet 第 3 行" in said(loaded.problems)
    assert "双责" in loaded.incomplete
    assert loaded.dataset["双责"].rows == 3 + 2
