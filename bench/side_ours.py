"""W200 by perfdsl: the rulebook as text, the columnar engine, and the reference."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from exact import Column, group_of, local, score_key
from w200 import GRADES, PER_GROUP, Numbers, dataset, indicators, lay_out

from perfdsl.compile.lower import lower
from perfdsl.data.columns import Dataset
from perfdsl.engine.columnar import Engine
from perfdsl.engine.results import Results
from perfdsl.engine.values import Vector
from perfdsl.graph.graph import Graph
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.reference import evaluate
from perfdsl.workspace.opening import open_rulebook


def outputs(only_local: bool = False) -> Mapping[str, str]:
    """Key of :mod:`exact` → output of the rulebook."""
    codes = {
        one.number: f"{'ABCDEFGHIJ'[group_of(one.number)]}{one.number % PER_GROUP + 1:02d}" for one in indicators()
    }
    found = {score_key(one): f"score:{codes[one.number]}" for one in indicators() if local(one) or not only_local}
    if only_local:
        return found
    return (
        found | {f"g{g}": f"score:{c}" for g, c in enumerate("ABCDEFGHIJ")} | {k: k for k in ("total", "rank", "grade")}
    )


@cache
def rulebook() -> Rulebook:
    """W200 from its text."""
    with tempfile.TemporaryDirectory() as folder:
        opened = open_rulebook(lay_out(Path(folder)))
    assert opened.rulebook is not None
    return opened.rulebook


@cache
def graph() -> Graph:
    """W200, compiled."""
    return lower(rulebook())


class Ours:
    """The columnar engine; it keeps its program from run to run, as a service does."""

    name = "perfdsl"

    def __init__(self, only_local: bool = False) -> None:
        self.outputs = outputs(only_local)
        self.wanted = frozenset(graph().outputs[name] for name in self.outputs.values())
        self.engine = Engine(graph(), self.wanted)

    def given(self, found: Numbers) -> Dataset:
        return dataset(found)

    def run(self, given: Dataset) -> Results:
        return self.engine.run(given)

    def cold(self, given: Dataset) -> Results:
        """A run of a program that has yet to be made."""
        return Engine(graph(), self.wanted).run(given)

    def answers(self, given: Dataset, made: Results) -> Iterable[Column]:
        for key, name in self.outputs.items():
            yield key, integers(key, made.vector(graph().outputs[name]))


def integers(key: str, vector: Vector) -> Any:
    """The published integers of an output; -1 where there is no value."""
    values = np.asarray(vector.values, dtype=np.int64)
    if key not in ("rank", "grade"):
        under = np.asarray(vector.under, dtype=np.int64)
        values, rest = np.divmod(values * 100, under)
        values = np.where(rest == 0, values, -1)
    return np.where(vector.states == int(State.VALUE), values, -1)


class Reference:
    """The auditor's reading: fractions, unit by unit."""

    name = "perfdsl 对照算法"

    def given(self, found: Numbers) -> Dataset:
        return dataset(found)

    def run(self, given: Dataset) -> Mapping[str, Any]:
        return evaluate(rulebook(), given)

    def answers(self, given: Dataset, made: Mapping[str, Any]) -> Iterable[Column]:
        order = [name for name, _ in GRADES]
        for key, name in outputs().items():
            values = [value if state is State.VALUE else None for state, value in made[name]]
            if key == "grade":
                yield key, np.array([order.index(value) if value in order else -1 for value in values])
            else:
                times = 1 if key == "rank" else 100
                yield key, np.array([-1 if value is None else int(value * times) for value in values])
