"""What the changes of a comparison share is worked out once, and what no case needs is not worked out at all."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from generated.books import case

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import Lowering
from perfdsl.data.columns import DataColumn, Dataset
from perfdsl.data.load import load
from perfdsl.engine.columnar import Engine
from perfdsl.engine.results import Results
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.model.table import UNITS, TableRole
from perfdsl.model.units import ValueType
from perfdsl.text.records import replace
from perfdsl.text.source import Source
from perfdsl.workspace.opened import Opened
from perfdsl.workspace.opening import open_rulebook, open_text
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.pools import Key, Pools
from perfdsl.workspace.review.populous import POPULATION
from perfdsl.workspace.review.samples import (
    MISSING,
    NAME,
    NOBODY,
    OWN,
    Base,
    Layout,
    OfOne,
    Sample,
    from_data,
    laid_out,
    made_up,
)
from perfdsl.workspace.review.whole import computed_alike, review
from review.test_years import HEAD, falling

ROOT = Path(__file__).resolve().parents[2]
COUNT = 20


def book(target: str) -> Opened:
    """A rulebook of 20 indicators, of which the last has this target."""
    items = "".join(
        falling(f"事项{number}", 100 // COUNT, f"A{number:02d}", target if number == COUNT else "100 件")
        for number in range(1, COUNT + 1)
    )
    return open_text(Source("试点.perf", HEAD.format(year=2025) + items))


def test_every_rulebook_is_lowered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lowered = []
    name = Lowering.name

    def counted(self: Lowering) -> None:
        lowered.append(self.book)
        name(self)

    monkeypatch.setattr(Lowering, "name", counted)
    found = review(book("100 件"), book("90 件"))
    assert len(computed_alike(found.hybrids)) == COUNT - 1
    assert len(lowered) == len({id(one) for one in lowered}) <= 4  # both ends, without the change, with it


GRADED = """\
指标 复核（20 分）【A09】
  数据：复核数（优、差）
  指标值：复核数
  计分：分档
  | 复核数 | 得分 |
  | 优 | 20 |
  | 差 | 0 |
"""


def test_a_rulebook_that_cannot_be_lowered_leaves_nothing_to_the_next() -> None:
    """Where 复核数 is a number, A05 and A09 of the new rulebook do not go together: the usual unit has no such outputs."""
    head = HEAD.format(year=2025).replace("100 分", "60 分")
    counted, graded = falling("培训", 20, "A01", "100 件"), falling("复核", 20, "A09", "100 件")
    others = falling("报送", 20, "A03", "100 件"), falling("走访", 20, "A05", "100 件")
    times = counted.replace("指标值：培训数", "指标值：培训数 × 1")
    old, new = (
        open_text(Source("试点.perf", head + items))
        for items in (counted + others[0] + graded, times + others[1] + GRADED)
    )
    found = review(old, new)
    assert found.verdicts[1].classes == (("证明等价", True),)
    by_name = {one.name or one.old_name: found.verdicts[one.number].classes[0][0] for one in found.comparison.changes}
    assert by_name == {"培训": "证明等价", "报送": "影响得分", "走访": "影响得分", "复核": "不能判定"}


def test_no_cells_are_thought_of_for_ways_that_are_never_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    thought: list[Key] = []
    pool = Pools._pool

    def counted(self: Pools, key: Key) -> list[Cell]:
        thought.append(key)
        return pool(self, key)

    monkeypatch.setattr(Pools, "_pool", counted)
    found = review(book("100 件"), book("90 件"))
    assert [one.witness is not None for one in found.verdicts.values()] == [True]
    assert len(thought) <= COUNT + 2  # the usual unit has a cell in every column; the change looks at one


def test_what_is_looked_at_on_the_new_side_is_computed_there_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = case(3, 4).book
    bench = Bench(rulebook, rulebook)
    base = Making(bench, [], False, Random(0), bench.names).bases[0]
    name = next(iter(base.cells))
    unit = Sample(replace(base, new_cells={name: MISSING}))
    ran = 0
    run = Engine.run

    def counted(self: Engine, data: Dataset) -> Results:
        nonlocal ran
        ran += 1
        return run(self, data)

    monkeypatch.setattr(Engine, "run", counted)
    nodes = [node for one in bench.names if (node := bench.node(1, one)) is not None]
    before = bench.work
    new = bench.watched([(unit,)], nodes)
    work = bench.work - before
    both = bench.observed([(unit,)], nodes)
    assert new is not None
    assert both is not None
    assert ran == 3
    assert bench.work - before == 3 * work
    assert all(new[node] == list(both[0][1].cells(both[1][node], UNIT_GRAIN)) for node in new)


def test_the_facts_of_rows_of_a_table_of_rules_are_those_of_their_unit() -> None:
    rulebook = open_rulebook(ROOT / "rulebooks" / "示例市" / "2025.perf").rulebook
    assert rulebook is not None
    layout = Layout(rulebook)
    rules = [table for table in rulebook.tables if table.role is TableRole.RULE]
    ruled = from_data(load(None, rules).dataset, layout)[0]
    made = laid_out([(Sample(made_up(layout, {}, [2024], ruled)),)], layout, {})
    owners = made["个性指标实绩"].columns[NAME].cells
    assert owners == made["个性指标"].columns[NAME].cells
    assert {*owners} == {*made[UNIT_GRAIN].columns[f"{UNITS}.{NAME}"].cells}


@pytest.mark.parametrize("new", [False, True])
def test_tables_are_laid_out_as_if_cell_by_cell(new: bool) -> None:
    told = rows = 0
    for seed in range(12):
        rulebook = case(seed, 4).book
        bench = Bench(rulebook, rulebook)
        making = Making(bench, [], False, Random(seed), bench.names)
        base = making.bases[0]
        name = next(iter(base.cells))
        bases = [base, replace(base, new_cells={name: MISSING})]
        units = [making.wild(base) for base in bases for _ in range(4)] + [Sample(base) for base in bases]
        units += list(making.varied(Sample(base)))[:40]
        found = laid_out([(one,) for one in units], bench.layout, bench.members[0], new)
        for key, declared in bench.layout.unit_columns:
            if declared is not None:
                assert found[UNIT_GRAIN].columns[key].cells == tuple(one.cell(key, new) for one in units)
                told += 1
        owners = [cell[1] for cell in found[UNIT_GRAIN].columns[f"{UNITS}.{NAME}"].cells]
        assert len({*owners}) == len(units)
        for table in bench.layout.row_tables:
            expected = [
                (owner, row) for owner, one in zip(owners, units, strict=True) for row in one.of(table.name, new)
            ]
            rows += len(expected)
            for name, column in found[table.name].columns.items():
                declared = table.column(name)
                names_units = name == NAME or (declared is not None and declared.of_units)
                if name != POPULATION:
                    cells = [
                        (owner, row.get(name, (State.VALUE, OWN) if name == NAME else MISSING))
                        for owner, row in expected
                    ]
                    assert column.cells == tuple(
                        (State.VALUE, owner)
                        if cell[1] == OWN
                        else (State.VALUE, f"{NOBODY}{cell[1]}")
                        if names_units and cell[0] is State.VALUE
                        else cell
                        for owner, cell in cells
                    )
    assert told > 50
    assert rows > 500


def test_columns_of_one_cell_are_made_once_for_each_cell_and_kind() -> None:
    rulebook = case(3, 4).book
    bench = Bench(rulebook, rulebook)
    base = Making(bench, [], False, Random(0), bench.names).bases[0]
    name = next(key for key, cell in base.cells.items() if cell != MISSING)
    table, column = bench.layout.split(name)
    declared = bench.layout.declared(UNIT_GRAIN, name)
    assert declared is not None
    other = replace(declared, kind=next(kind for kind in ValueType if kind is not declared.kind))
    tables = tuple(
        replace(one, columns=tuple(other if each.name == column else each for each in one.columns))
        if one.name == table
        else one
        for one in rulebook.tables
    )
    known: OfOne = {}

    def made(one: Base, layout: Layout, count: int = 1) -> DataColumn:
        """The column ``name``; all of them hold the cells and are of the kind that they must."""
        units = [Sample(one)] * count
        found = laid_out([(unit,) for unit in units], layout, bench.members[0], known=known)[UNIT_GRAIN].columns
        for key, column in layout.unit_columns:
            if column is not None:
                assert found[key].kind is column.kind
                assert found[key].cells == tuple(unit.cell(key) for unit in units)
        return found[name]

    first = made(base, bench.layout)
    assert made(base, bench.layout) is first
    made(base, bench.layout, count=3)
    missing = replace(base, cells={**base.cells, name: MISSING})
    assert made(missing, bench.layout) is not first
    assert made(missing, Layout(replace(bench.layout.book, tables=tables))).kind is other.kind
    assert made(base, bench.layout) is first
