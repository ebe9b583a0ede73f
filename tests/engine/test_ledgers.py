"""Ledgers that are counted give what the columnar engine gives, cell for cell; what cannot be counted is left to it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdsl.compile.lower import lower
from perfdsl.data import scratch
from perfdsl.data.columns import Cell, DataColumn, DataTable, column
from perfdsl.engine import columnar, ledgers, runs, tally
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Aggregate
from perfdsl.graph.ranges import LIMITS
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

TEXT, NUMBER, DATE = ValueType.TEXT, ValueType.NUMBER, ValueType.DATE
UNITS = ("市水利局", "市交通局", "甲县")

BOOK = """\
考评办法 示例市2025年度试点考评（10 分）【示例市试点@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、不低于均含本数；不足、低于均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 + 加分 － 扣分，加分最高 6 分，总分最高 16 分，最低 0 分
  同分：并列占位（1、2、2、4）
  平均：全部单位，各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位代码、单位
台账 表彰（每个事项一行）
  列：单位、事项编号、级别（国家级、省级、市级）、认定日期、人数（人）、核定分（分）、名次（名）、同高（分）
指标 完成情况（10 分）【A01】
  计分：每有 1 件差错扣 0.25 分，扣完本指标为止
{award}
等次 年度等次（全部单位一起评定）
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 总分                | 名额 |
  | 优秀 | 10 分以上           | 30%  |
  | 良好 | 5 分以上不足 10 分  | 不限 |
  | 合格 | 不足 5 分           | 不限 |
"""
GAIN = "加分项 表彰奖励（最高 6 分）【J01】\n  台账：表彰，认定日期在考核期内\n"
ONCE = "  同一事项：只计最高一次，按事项编号\n"
AWARDS = {
    "highest once": GAIN + ONCE + "  计分：国家级每次 2 分；省级每次 1 分；市级每次 0.5 分\n",
    "equal rates, one with a cap": GAIN
    + ONCE
    + "  计分：国家级每次 0.7 分，最多得 2 分；省级每次 0.7 分；市级每次 0.1 分\n",
    "every day": GAIN.replace("，认定日期在考核期内", "")
    + ONCE
    + "  计分：国家级每次 2 分；省级每次 1 分；市级每次 0.5 分\n",
    "every day, points of the row": GAIN.replace("，认定日期在考核期内", "")
    + ONCE
    + "  计分：按每行分值得分，限于 0.5 至 3 分\n  每行分值：核定分\n",
    "by place": GAIN
    + ONCE
    + "  数量：名次\n  计分：国家级每名 0.2 分；省级每名 0.1 分；市级每名 0.05 分；每次最多 3 分\n",
    "each": GAIN + "  同一事项：各计各的\n  计分：国家级每次 2 分；省级每次 1 分；市级每次 0.5 分\n",
    "some levels": GAIN + ONCE + "  计分：国家级每次 2 分；省级每次 1 分\n",
    "people": GAIN
    + ONCE
    + "  数量：人数\n  计分：国家级每人 0.2 分；省级每人 0.1 分；市级每人 0.05 分；每次最多 3 分\n",
    "points of the row": GAIN + ONCE + "  计分：按每行分值得分，限于 0.5 至 3 分\n  每行分值：核定分\n",
    "two that look away": GAIN
    + ONCE
    + "  计分：国家级每次 2 分；省级每次 1 分\n"
    + GAIN.replace("表彰奖励", "另一项奖励").replace("J01", "J02")
    + ONCE
    + "  计分：市级每次 1 分\n",
    "two items": GAIN
    + ONCE
    + "  计分：国家级每次 2 分；省级每次 1 分；市级每次 0.5 分\n"
    + "扣分项 逾期扣分（最多扣 3 分）【K01】\n  台账：表彰，认定日期在考核期内\n  同一事项：各计各的\n"
    + "  计分：国家级每次 0.1 分；省级每次 0.2 分；市级每次 0.3 分\n",
}


@cache
def graph_of(name: str) -> Graph:
    opened = open_text(Source("试点.perf", BOOK.format(award=AWARDS[name])))
    assert opened.rulebook is not None and opened.sound, [one.message for one in opened.problems]
    return lower(opened.rulebook)


STATED = st.sampled_from([State.VALUE] * 30 + list(State))
CELLS: dict[str, tuple[ValueType, st.SearchStrategy[Any]]] = {
    "单位": (TEXT, st.sampled_from([*UNITS, "查无此局"])),
    "事项编号": (TEXT, st.sampled_from(["S1", "S2", "S3"])),
    "级别": (TEXT, st.sampled_from(["国家级", "省级", "市级"])),
    "认定日期": (DATE, st.sampled_from([date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)])),
    "人数": (NUMBER, st.integers(0, 40).map(Fraction)),
    "核定分": (NUMBER, st.sampled_from([Fraction(n, 4) for n in range(2, 13)])),
    "名次": (NUMBER, st.integers(1, 4).map(Fraction)),
    "同高": (NUMBER, st.integers(1, 4).map(Fraction)),
}
Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def data(draw: Draw, calm: bool) -> dict[str, DataTable]:
    """Three units and some events; ``calm``: every cell has a value."""
    rows = draw(st.integers(0 if not calm else 1, 12))
    columns = {}
    for name, (kind, values) in CELLS.items():
        states = st.just(State.VALUE) if calm else STATED
        cells: list[tuple[State, Cell | None]] = [(draw(states), draw(values)) for _ in range(rows)]
        columns[name] = column(name, kind, [(s, v if s is State.VALUE else None) for s, v in cells])
    return {"表彰": DataTable("表彰", rows, columns), "单位": of_units()}


def of_units() -> DataTable:
    named = column("单位名册.单位", TEXT, [(State.VALUE, one) for one in UNITS])
    mistakes = column("实绩.差错", NUMBER, [(State.VALUE, Fraction(n)) for n in (0, 3, 7)])
    return DataTable("单位", len(UNITS), {one.name: one for one in (named, mistakes)})


@pytest.mark.parametrize("name", AWARDS)
@settings(max_examples=25, deadline=None)
@given(drawn=st.data())
def test_counted_or_not_every_cell_is_the_same(name: str, drawn: st.DataObject) -> None:
    found = drawn.draw(data(calm=drawn.draw(st.booleans())))
    graph = graph_of(name)
    theirs, ours = columnar.run(graph, found), runs.run(graph, found, least_rows=0)
    with pytest.MonkeyPatch.context() as patch:
        little_memory(patch)
        on_disk = runs.run(graph, found, least_rows=0)
    for output in graph.outputs:
        assert ours.output(output, "单位") == theirs.output(output, "单位"), output
        assert on_disk.output(output, "单位") == theirs.output(output, "单位"), output
    assert ours.faults == on_disk.faults == theirs.faults


def little_memory(patch: pytest.MonkeyPatch) -> None:
    """So little that three rows make a block, two are counted at a time and nothing is held."""
    patch.setattr(scratch, "HELD", 0)
    for name, size in (("IN_MEMORY", 0), ("BLOCK", 3), ("ROUND", 2), ("AT_A_TIME", 2)):
        patch.setattr(tally, name, size)


@pytest.mark.parametrize("units", [1, 7, 4000])
@pytest.mark.parametrize("matters", [2, 40_000, 1 << 30])
def test_on_the_disk_the_same_is_counted_as_in_memory(
    units: int, matters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes of 32 and of 64 bits; units with many rows, with few and with none; kinds without a say, heights that tie."""
    monkeypatch.setattr(scratch, "HELD", 1 << 12)
    monkeypatch.setattr(tally, "AT_A_TIME", 5_000)
    monkeypatch.setattr(tally, "BLOCK", 4_096)
    chance = np.random.default_rng(units * matters)
    rows = 60_000
    unit = np.minimum(chance.geometric(min(1.0, 3 / units), rows) - 1, units - 1)
    matter = np.minimum(chance.geometric(1e-3, rows), min(matters, 40_000)) - 1
    matter *= matters // min(matters, 40_000)
    table = DataTable(
        "台账",
        rows,
        {
            name: integers(name, of)
            for name, of in (("单位", unit), ("编号", matter), ("类", chance.integers(0, 6, rows)))
        },
    )
    keys = (tally.Digit("单位", 0, units), tally.Digit("编号", 0, matters))
    kinds = (tally.Digit("类", 0, 6),)
    ranked = tally.Tally(keys, kinds, np.array([0, 1, 2, -1, 3, 4]), np.array([5, 5, 2, 0, -1]))
    plain = tally.Tally(keys[:1], kinds, np.array([0, 1, 1, -1, 2, 0]), np.array([-1, -1, -1]))
    none = tally.Tally(keys, kinds, np.full(6, -1), np.zeros(0, np.int64))
    with ThreadPoolExecutor(2) as pool:
        held, laid = (carry(table, (ranked, plain, none), pool) for carry in (tally.in_memory, tally.on_disk))
    for one, other, lines in zip(held, laid, (rows, rows, 0), strict=True):
        mine, theirs = one.ways, other.ways
        assert [mine.kind.tolist(), mine.place.tolist(), mine.equals.tolist()] == [
            theirs.kind.tolist(),
            theirs.place.tolist(),
            theirs.equals.tolist(),
        ]
        worth = chance.integers(-1000, 1000, len(mine.kind))
        assert one.sums(worth).tolist() == other.sums(worth).tolist()
        counted = int(one.sums(np.ones(len(mine.kind), np.int64)).sum())
        assert 0.7 * lines <= counted <= lines
    ways = held[0].ways
    assert set(ways.place.tolist()) == {tally.HIGHEST, tally.LOWER, tally.OUT}
    assert ways.equals.max() > 1


def integers(name: str, values: np.ndarray[Any, Any]) -> DataColumn:
    return DataColumn(name, NUMBER, values.astype(np.int64), np.zeros(len(values), np.uint8))


def test_a_full_disk_stops_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Full())
    little_memory(monkeypatch)
    cells: dict[str, Cell] = {"单位": "甲县", "事项编号": "S1", "级别": "省级", "认定日期": date(2025, 5, 1)}
    with pytest.raises(scratch.NoRoom, match="临时文件夹"):
        runs.run(graph_of("highest once"), ledger_of([cells] * 4), least_rows=0)


def facts_of_units(graph: Graph) -> set[int]:
    """The facts that units take from the ledger."""
    needed = graph.needed(frozenset(graph.outputs.values()))
    return {node for node in needed if isinstance(op := graph.nodes[node].op, Aggregate) and op.to == "单位"}


def ledger_facts(graph: Graph) -> set[int]:
    """Those that are taken from rows of the ledger, not from units."""
    made = facts_of_units(graph)
    return {
        n
        for n in made
        if isinstance(op := graph.nodes[n].op, Aggregate) and graph.nodes[op.key[0]].type.grain == "表彰"
    }


@pytest.mark.parametrize("name", AWARDS)
@settings(max_examples=8, deadline=None)
@given(found=data(calm=True))
def test_a_ledger_in_which_every_cell_has_a_value_is_counted(name: str, found: dict[str, DataTable]) -> None:
    graph = graph_of(name)
    made = ledgers.counted(graph, found, frozenset(graph.outputs.values()), LIMITS, 0)[0]
    assert set(made) >= ledger_facts(graph) != set()


def test_facts_that_came_to_the_same_are_all_taken_from_what_was_counted() -> None:
    """Two items that no row of this ledger can be worth anything in: their sums are one node of the narrower graph."""
    graph = graph_of("two that look away")
    cells: dict[str, Cell] = {"单位": "甲县", "事项编号": "S1", "级别": "省级", "认定日期": date(2024, 5, 1)}
    found = ledger_of([cells] * 3)
    made = ledgers.counted(graph, found, frozenset(graph.outputs.values()), LIMITS, 0)[0]
    assert set(made) >= ledger_facts(graph)
    assert len({column.name for column in made.values()}) < len(made)


@pytest.mark.parametrize(
    ("name", "column_", "state"),
    [
        ("highest once", "级别", State.ABSENT),
        ("people", "人数", State.NIL),
        ("points of the row", "核定分", State.NONE),
    ],
)
def test_cells_without_a_value_that_leave_their_row_out_are_counted(name: str, column_: str, state: State) -> None:
    graph = graph_of(name)
    some: dict[str, Cell] = {"单位": "甲县", "事项编号": "S1", "级别": "省级", "认定日期": date(2025, 5, 1)}
    found = ledger_of([some] * 3)
    table = found["表彰"]
    states = np.array([state, State.VALUE, state], np.uint8)
    columns = {**table.columns, column_: replace(table.columns[column_], states=states)}
    found["表彰"] = replace(table, columns=columns)
    assert set(ledgers.counted(graph, found, frozenset(graph.outputs.values()), LIMITS, 0)[0]) >= ledger_facts(graph)
    assert runs.run(graph, found, least_rows=0).output("score:J01") == columnar.run(graph, found).output("score:J01")


def test_a_column_in_which_nobody_wrote_a_word_is_left_to_the_engine() -> None:
    graph = graph_of("each")
    cells: dict[str, Cell] = {"单位": "甲县", "事项编号": "S1", "级别": "省级", "认定日期": date(2025, 5, 1)}
    found = ledger_of([cells] * 2)
    table = found["表彰"]
    found["表彰"] = replace(table, columns={**table.columns, "级别": column("级别", TEXT, [(State.MISSING, None)] * 2)})
    assert not set(ledgers.counted(graph, found, frozenset(graph.outputs.values()), LIMITS, 0)[0]) & ledger_facts(graph)
    assert runs.run(graph, found, least_rows=0).output("score:J01") == columnar.run(graph, found).output("score:J01")


def ledger_of(rows: list[dict[str, Cell]]) -> dict[str, DataTable]:
    rest: dict[str, Cell] = {"人数": Fraction(1), "核定分": Fraction(1), "名次": Fraction(1), "同高": Fraction(1)}
    columns = {
        name: column(name, kind, [(State.VALUE, {**rest, **row}[name]) for row in rows])
        for name, (kind, _) in CELLS.items()
    }
    return {"表彰": DataTable("表彰", len(rows), columns), "单位": of_units()}


def test_a_small_ledger_is_left_to_the_engine() -> None:
    graph = graph_of("highest once")
    found = {
        "表彰": DataTable("表彰", 0, {name: column(name, kind, []) for name, (kind, _) in CELLS.items()}),
        "单位": of_units(),
    }
    assert ledgers.counted(graph, found, frozenset(graph.outputs.values()), LIMITS, 1)[0] == {}


def test_the_results_are_those_of_the_graph_that_was_asked() -> None:
    graph = graph_of("highest once")
    cells: dict[str, Cell] = {"单位": "甲县", "事项编号": "S1", "级别": "省级", "认定日期": date(2025, 5, 1)}
    found = ledger_of([cells] * 3)
    results = runs.run(graph, found, least_rows=0)
    assert results.graph is graph
    none, one = (State.VALUE, Fraction(0)), (State.VALUE, Fraction(1))
    assert results.output("score:J01") == (none, none, one)
