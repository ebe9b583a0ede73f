"""The usual unit that cases start from where there are no data: it has every result, and is looked at no oftener than needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from generated.books import UNITS, case

from perfdsl.engine.results import Results
from perfdsl.graph.ops import NodeId
from perfdsl.model import outputs
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.text.records import replace
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text
from perfdsl.workspace.review.baseline import Standard
from perfdsl.workspace.review.bench import NEW, Bench
from perfdsl.workspace.review.pools import Pools
from perfdsl.workspace.review.samples import Population, Sample, made_up
from review.edits import seated
from review.test_years import HEAD, falling

ROWS = "  | 单位 | 曾用名 |\n  | 甲局 |  |\n"


def usual(count: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, Cell]]:
    """How often the usual unit of ``count`` indicators is looked at, and the results that it has."""
    share = 100 // count
    items = "".join(falling(f"事项{number}", share, f"A{number:02d}", "100 件") for number in range(1, count + 1))
    opened = open_text(Source("试点.perf", HEAD.format(year=2025) + ROWS + items))
    assert opened.rulebook is not None
    assert opened.sound, opened.problems
    bench = Bench(opened.rulebook, opened.rulebook)
    looked = 0
    looked_at = Bench.looked_at

    def counted(
        self: Bench, populations: Sequence[Population], nodes: Sequence[NodeId]
    ) -> tuple[Results, Mapping[NodeId, NodeId]] | None:
        nonlocal looked
        looked += 1
        return looked_at(self, populations, nodes)

    monkeypatch.setattr(Bench, "looked_at", counted)
    base = Standard(bench).put(made_up(bench.layout, {}, [2024]))
    monkeypatch.setattr(Bench, "looked_at", looked_at)
    names = [one for one in bench.names if one == outputs.TOTAL or one.startswith("score:")]
    nodes = {one: node for one in names if (node := bench.node(NEW, one)) is not None}
    cells = bench.watched([(Sample(base),)], nodes.values())
    assert cells is not None
    return looked, {one: cells[node][0] for one, node in nodes.items()}


def test_the_usual_unit_has_all_and_costs_the_same_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    few, _ = usual(2, monkeypatch)
    many, results = usual(20, monkeypatch)
    assert {state for state, _ in results.values()} == {State.VALUE}
    assert few == many


VETO = """\
一票否决 弄虚作假【F01】
  情形之一：
    · 编造数据
    · 拒不接受核查
  后果：等次定为 “不合格”
  名额：空出的由下一名递补
  名次：保留名次
等次 年度等次
  | 等次   | 总分       | 名额 |
  | 合格   | 60 分以上  | 不限 |
  | 不合格 | 不足 60 分 | 不限 |
"""


def test_no_veto_applies_to_the_usual_unit() -> None:
    """Each of two cells brings the veto about: no single one takes it away."""
    text = HEAD.format(year=2025) + ROWS + falling("培训", 100, "A01", "100 件") + VETO
    opened = open_text(Source("试点.perf", text))
    assert opened.rulebook is not None
    assert opened.sound, opened.problems
    bench = Bench(opened.rulebook, opened.rulebook)
    base = Standard(bench).put(made_up(bench.layout, Pools(bench, bench.names).cells, [2024]))
    assert bench.read(Sample(base))[outputs.veto("F01")] == ((State.VALUE, False),)


def test_a_usual_unit_is_the_same_whoever_was_made_before() -> None:
    """A deviation of a sample: by itself a unit has no total, so each is looked at beside another one."""
    made = case(11, UNITS)
    book = seated(made.book, made.data)
    bench = Bench(book, book)
    bases = [base for base in bench.ruled()[:4] if base.cells]
    assert len(bases) == 4
    standard = Standard(bench)
    for base in bases:
        blank = made_up(bench.layout, Pools(bench, bench.names).cells, [2024])
        blank = replace(blank, name=base.name)
        assert standard.put(blank) == Standard(bench).put(blank)
