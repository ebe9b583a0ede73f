"""Programs that are kept: said in JSON and made again they run alike, and what they give does not tell who ran before."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from generated.books import case

from perfdsl.compile.lower import lower
from perfdsl.data.columns import DataColumn, Dataset
from perfdsl.engine.columnar import run
from perfdsl.engine.program import Program
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import NodeId
from perfdsl.model.units import ValueType
from perfdsl.workspace.graphs import deciding
from perfdsl.workspace.packing import packed, unpacked

SEEDS = range(*map(int, os.environ.get("PERFDSL_SEEDS", "9030:9040").split(":")))
MET: Counter[str] = Counter()
"""What became of programs."""


class Shelf:
    """A shelf whose programs go through JSON each time, as on the disk."""

    def __init__(self) -> None:
        self.told = ""

    def find(self) -> Program | None:
        MET["asked"] += 1
        if not self.told:
            return None
        program: Program = unpacked(json.loads(self.told), ())
        return program

    def keep(self, program: Program) -> None:
        MET["put there"] += 1
        self.told = json.dumps(packed(program, ()))


def moved(data: Dataset, chance: Random) -> Dataset:
    """Other data of the same shape: each number column in another order, some of them larger, with zeros, or with less."""
    found = dict(data)
    for grain, table in data.items():
        columns = {name: _moved(column, chance) for name, column in table.columns.items()}
        found[grain] = replace(table, columns=columns)
    return found


def _moved(column: DataColumn, chance: Random) -> DataColumn:
    if column.kind is not ValueType.NUMBER or column.values.dtype == object or not len(column.values):
        return column
    by = chance.randrange(len(column.values))
    values, states = np.roll(column.values, by), np.roll(column.states, by)
    match chance.randrange(60):
        case 0:
            values = np.maximum(values, 1) * 3
        case 1:
            values = np.where(np.arange(len(values)) % 2, values, 0)
        case 2:
            states = np.zeros_like(states)
    return replace(column, values=values, states=states)


def told(graph: Graph, data: Dataset, wanted: frozenset[NodeId], shelf: Shelf | None) -> Any:
    """All that a run says: every cell, what was wrong, what decided the grades."""
    results = run(graph, data, wanted, shelf=shelf)
    cells = {node: results.cells(node, graph.nodes[node].type.grain) for node in wanted}
    return cells, results.faults, {node: results.decided(node).tolist() for node in results.settled}


@pytest.mark.parametrize("seed", SEEDS)
def test_who_ran_before_makes_no_difference(seed: int) -> None:
    made, chance, shelf = case(seed, 7), Random(seed), Shelf()
    graph = lower(made.book)
    wanted = frozenset(graph.outputs.values()) | deciding(graph)
    for data in (made.data, *(moved(made.data, chance) for _ in range(4))):
        cells, faults, settled = told(graph, data, wanted, shelf)
        assert (cells, faults, settled) == told(graph, data, wanted, None)
        MET["with faults"] += bool(faults)
        MET["cells"] += sum(map(len, cells.values()))


def test_it_met_what_can_happen() -> None:
    if not MET:
        pytest.skip("needs the test before it")
    print(dict(MET))
    taken_again = MET["asked"] - MET["put there"]
    assert taken_again > MET["asked"] // 4
    assert MET["put there"] > MET["asked"] // 4
    assert MET["with faults"]


def test_a_program_for_other_nodes_is_not_taken() -> None:
    made, shelf = case(9000, 7), Shelf()
    graph = lower(made.book)
    some, every = frozenset(list(graph.outputs.values())[:1]), frozenset(graph.outputs.values())
    for wanted in (some, every, some):
        assert told(graph, made.data, wanted, shelf) == told(graph, made.data, wanted, None)
