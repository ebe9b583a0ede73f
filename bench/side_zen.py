"""The row-local part of W200 in zen-engine, in two forms: a decision, as users write it, and bare compiled expressions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import zen
from exact import Column, local, score_key
from side_openfisca import COLUMNS
from w200 import Indicator, Numbers, indicators

Row = Mapping[str, float]


def names(one: Indicator) -> tuple[str, ...]:
    """Names of the columns of an indicator."""
    return tuple(f"c{one.number:03d}_{place}" for place in range(len(COLUMNS.get(one.kind, ("实绩",)))))


class Decision:
    """One decision with one node of 170 expressions, evaluated for each unit."""

    name = "zen-engine（决策）"

    def __init__(self) -> None:
        written = [{"id": score_key(one), "key": score_key(one), "value": _expression(one)} for one in _mine()]
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "score", "type": "expressionNode", "name": "score", "content": {"expressions": written}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ]
        edges = [
            {"id": "1", "sourceId": "in", "targetId": "score", "type": "edge"},
            {"id": "2", "sourceId": "score", "targetId": "out", "type": "edge"},
        ]
        told = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
        self.decision = zen.ZenEngine().create_decision(json.dumps(told))

    def given(self, found: Numbers) -> list[dict[str, float]]:
        columns = _columns(found)
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def run(self, given: list[dict[str, float]]) -> list[Mapping[str, Any]]:
        return [self.decision.evaluate(row)["result"] for row in given]

    def answers(self, given: list[dict[str, float]], made: list[Mapping[str, Any]]) -> Iterable[Column]:
        for one in _mine():
            key = score_key(one)
            yield key, np.array([round(float(row[key]) * 100) for row in made])


class Expressions:
    """Each expression compiled once and handed nothing but its own numbers: the fastest form there is."""

    name = "zen-engine（单个算式）"

    def __init__(self) -> None:
        self.compiled = [zen.compile_expression(_expression(one)) for one in _mine()]

    def given(self, found: Numbers) -> list[list[dict[str, float]]]:
        columns = _columns(found)
        return [
            [dict(zip(names(one), row, strict=True)) for row in zip(*(columns[n] for n in names(one)), strict=True)]
            for one in _mine()
        ]

    def run(self, given: list[list[dict[str, float]]]) -> list[list[Any]]:
        return [[one.evaluate(row) for row in rows] for one, rows in zip(self.compiled, given, strict=True)]

    def answers(self, given: list[list[dict[str, float]]], made: list[list[Any]]) -> Iterable[Column]:
        for one, values in zip(_mine(), made, strict=True):
            yield score_key(one), np.array([round(float(value) * 100) for value in values])


def _mine() -> list[Indicator]:
    return [one for one in indicators() if local(one)]


def _columns(found: Numbers) -> dict[str, list[float]]:
    return {
        name: (found.columns[f"{word}{one.number:03d}"] / 10**one.digits).tolist()
        for one in _mine()
        for name, word in zip(names(one), COLUMNS.get(one.kind, ("实绩",)), strict=True)
    }


def _expression(one: Indicator) -> str:
    full, (of, *others) = one.cents / 100, names(one)
    match one.kind:
        case "share":
            points = f"min([{full}, {of} / {others[0]} * {full}])"
        case "between":
            way = f"{full} * ({of} - {others[0]}) / ({others[1]} - {others[0]})"
            points = f"min([{full}, max([0, {way}])])"
        case "weighted":
            points = f"min([{full}, (3 * {of} + 7 * {others[0]}) / (10 * {others[1]}) * {full}])"
        case "bands":
            found = "0"
            for place in reversed(range(len(one.edges))):
                found = f"({of} >= {one.edges[place]} ? {one.share(place) / 100} : {found})"
            return found
        case _:
            points = f"max([0, {full} - ceil(max([0, {of} - {one.allowed}])) * {one.lost / 100}])"
    return f"round({points}, 2)"
