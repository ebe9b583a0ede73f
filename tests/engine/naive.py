"""An interpreter of graphs that shares nothing with the engine: one row at a time, Python fractions, no numpy.

Its 实数 are those of the reference.

It is written from the table of ``perfdsl/model/states.py``; where a comment of the table leaves a choice, the
choice stands here in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.data.columns import Dataset
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import (
    Aggregate,
    Apply,
    Choose,
    Column,
    Constant,
    EffectKind,
    Fetch,
    Fn,
    Lookup,
    NodeId,
    Op,
    Rank,
    Reduce,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.model.states import State
from perfdsl.model.units import Mode, Ties
from perfdsl.reference.reals import ln, power
from perfdsl.text.numbers import OutOfDomain

Cell = tuple[State, Any]
Cells = list[Cell]
PENDING: Cell = (State.PENDING, None)
ABSENT: Cell = (State.ABSENT, None)


@dataclass
class Naive:
    """Cells of every node, row by row."""

    graph: Graph
    data: Dataset
    cells: list[Cells] = field(default_factory=list)
    decided: dict[NodeId, list[int]] = field(default_factory=dict)
    faults: dict[NodeId, list[int]] = field(default_factory=dict)

    def run(self) -> Naive:
        self.rows = self.graph.rows({grain: table.rows for grain, table in self.data.items()})
        for node, made in enumerate(self.graph.nodes):
            self.node = node
            self.cells.append(READ[type(made.op)](self, made.op))
        return self

    def on(self, node: NodeId, rows: int) -> Cells:
        """Cells of ``node``; a scalar is repeated."""
        cells = self.cells[node]
        return cells * rows if self.graph.nodes[node].type.grain == "" else cells

    def height(self, *nodes: NodeId) -> int:
        grains = {self.graph.nodes[node].type.grain for node in nodes} - {""}
        return self.rows[grains.pop()] if grains else 1

    def table(self, *nodes: NodeId) -> list[list[Cell]]:
        """Rows of the cells of ``nodes``."""
        height = self.height(*nodes)
        if not nodes:
            return [[] for _ in range(height)]
        return [list(row) for row in zip(*(self.on(node, height) for node in nodes), strict=True)]


def strongest(cells: Sequence[Cell]) -> State:
    return max((state for state, _ in cells), default=State.VALUE)


def blocks(state: State) -> bool:
    return state in (State.MISSING, State.PENDING)


def value(of: Any) -> Cell:
    return State.VALUE, of


# ---- row by row ------------------------------------------------------------------------------------------------


def column(naive: Naive, op: Column) -> Cells:
    return list(naive.data[op.grain].columns[op.name].cells)


def constant(naive: Naive, op: Constant) -> Cells:
    return [(op.state, op.value)]


def apply(naive: Naive, op: Apply) -> Cells:
    return [apply_row(naive, op, row, at) for at, row in enumerate(naive.table(*op.args))]


def apply_row(naive: Naive, op: Apply, row: list[Cell], at: int) -> Cell:
    if op.fn is Fn.HAS:
        return value(row[0][0] in op.states)
    if op.fn in (Fn.AND, Fn.OR):
        if value(op.fn is Fn.OR) in row:
            return value(op.fn is Fn.OR)
        return (strongest(row), None) if strongest(row) else value(op.fn is Fn.AND)
    if strongest(row):
        return strongest(row), None
    values = [v for _, v in row]
    if op.fn is Fn.DIVIDE and values[1] == 0:
        naive.faults.setdefault(naive.node, []).append(at)
        return PENDING
    try:
        return value(FUNCTIONS[op.fn](*values))
    except (ZeroDivisionError, OutOfDomain):
        naive.faults.setdefault(naive.node, []).append(at)
        return PENDING


def subtract(a: Any, b: Any) -> Fraction:
    return Fraction((a - b).days) if isinstance(a, date) else a - b


def product(*values: Fraction) -> Fraction:
    result = Fraction(1)
    for v in values:
        result *= v
    return result


FUNCTIONS: dict[Fn, Callable[..., Any]] = {
    Fn.ADD: lambda *values: sum(values, Fraction(0)),
    Fn.SUBTRACT: subtract,
    Fn.MULTIPLY: product,
    Fn.DIVIDE: lambda a, b: a / b,
    Fn.NEGATE: lambda a: -a,
    Fn.ABSOLUTE: abs,
    Fn.LEAST: lambda *values: min(values),
    Fn.GREATEST: lambda *values: max(values),
    Fn.FLOOR: lambda a: Fraction(a.__floor__()),
    Fn.CEIL: lambda a: -Fraction((-a).__floor__()),
    Fn.POWER: power,
    Fn.LN: ln,
    Fn.LESS: lambda a, b: a < b,
    Fn.LESS_EQUAL: lambda a, b: a <= b,
    Fn.EQUAL: lambda a, b: a == b,
    Fn.NOT: lambda a: not a,
}


def choose(naive: Naive, op: Choose) -> Cells:
    nodes = [node for case in op.cases for node in case]
    found = []
    for row in naive.table(*nodes, op.otherwise):
        *cases, answer = row
        for condition, chosen in zip(cases[::2], cases[1::2], strict=True):
            if condition[0]:
                answer = (condition[0], None)
                break
            if condition[1]:
                answer = chosen
                break
        found.append(answer)
    return found


def lookup(naive: Naive, op: Lookup) -> Cells:
    found = []
    for of, *given in naive.table(op.of, *(band.gives for band in op.bands)):
        answer = PENDING
        if of[0]:
            answer = (of[0], None)
        else:
            for band, gives in zip(op.bands, given, strict=True):
                if in_band(band, of[1]):
                    answer = gives
                    break
        found.append(answer)
    return found


def in_band(band: Any, of: Any) -> bool:
    if band.key is not None:
        return bool(of == band.key)
    if band.low is not None and (of < band.low or (of == band.low and not band.low_in)):
        return False
    return band.high is None or of < band.high or (of == band.high and band.high_in)


def round_(naive: Naive, op: Round) -> Cells:
    return [(s, None if s else round_one(v, op.digits, op.mode)) for s, v in naive.cells[op.of]]


def round_one(number: Fraction, digits: int, mode: Mode) -> Fraction:
    """By looking at both neighbours and their distances."""
    unit = Fraction(1, 10**digits) if digits >= 0 else Fraction(10**-digits)
    size = abs(number)
    below = size // unit * unit
    above = below if below == size else below + unit
    nearer = (size - below) - (above - size)
    if mode is Mode.DOWN:
        picked = below
    elif mode is Mode.UP:
        picked = above
    elif nearer != 0:
        picked = above if nearer > 0 else below
    elif mode is Mode.HALF_UP:
        picked = above
    else:
        picked = below if below / unit % 2 == 0 else above
    return picked if number > 0 else -picked


def settle(naive: Naive, op: Settle) -> Cells:
    found = []
    decided = naive.decided.setdefault(naive.node, [])
    for start, *conditions in naive.table(op.start, *(case.when for case in op.cases)):
        decided.append(-1)
        if any(blocks(state) for state, _ in (start, *conditions)):
            found.append(PENDING)
        elif start[0]:
            found.append((start[0], None))
        else:
            grade = start[1]
            for place, (case, condition) in enumerate(zip(op.cases, conditions, strict=True)):
                after = effect(case.effect, case.amount, grade, len(op.order) - 1)
                if condition == value(True) and after != grade:
                    grade, decided[-1] = after, place
            found.append(value(grade))
    return found


def effect(kind: EffectKind, amount: int, grade: int, worst: int) -> int:
    return {
        EffectKind.SET: amount,
        EffectKind.AT_MOST: max(grade, amount),
        EffectKind.AT_LEAST: min(grade, amount),
        EffectKind.DROP: min(grade + amount, worst),
    }[kind]


# ---- across rows -----------------------------------------------------------------------------------------------


def fetch(naive: Naive, op: Fetch) -> Cells:
    source = naive.table(op.of, *op.key)
    found: Cells = []
    for at in naive.table(*op.at):
        if strongest(at):
            found.append((strongest(at), None))
            continue
        hits = [of for of, *key in source if key == at]
        found.append((State.MISSING, None) if not hits else hits[0] if len(hits) == 1 else PENDING)
    return found


def aggregate(naive: Naive, op: Aggregate) -> Cells:
    source = naive.table(op.of, op.where, *op.key)
    height = naive.rows[op.to]
    asking = [list(row) for row in zip(*(naive.on(at, height) for at in op.at), strict=True)] or [[]] * height
    found: Cells = []
    for at in asking:
        if strongest(at):
            found.append((strongest(at), None))
        else:
            read, block = group_of(source, at)
            found.append((block, None) if block else fact(op.fn, [cell[1] for cell in read]))
    return found


def group_of(source: list[list[Cell]], at: list[Cell]) -> tuple[list[Cell], State]:
    """(cells that count in the group ``at``, the state that blocks it). Rows are (of, where, *key)."""
    read: list[Cell] = []
    block = State.VALUE
    for of, where, *key in source:
        state = takes_part(of[0], where)
        if blocks(strongest(key)) and (state is None or blocks(state)):
            block = max(block, strongest(key), state or State.VALUE)  # it may belong here
        elif key == at:
            if state is None:
                read.append(of)
            elif blocks(state):
                block = max(block, state)
    return read, block


def takes_part(of: State, where: Cell) -> State | None:
    """None for a row that counts, 未报 or 待定 for one that blocks, a weaker state for one left out."""
    if blocks(where[0]):
        return where[0]
    if where == value(True):
        return of or None
    return State.VALUE


def fact(fn: Reduce, values: list[Any]) -> Cell:
    if fn is Reduce.COUNT:
        return value(Fraction(len(values)))
    if fn is Reduce.SUM:
        return value(sum(values, Fraction(0)))
    if not values:
        return ABSENT
    return value(min(values) if fn is Reduce.LEAST else max(values))


def rank(naive: Naive, op: Rank) -> Cells:
    directions = [op.greatest_first, *(first for _, first in op.then)]
    measures = [op.of, *(node for node, _ in op.then)]
    rows = naive.table(op.where, *measures, *op.group)
    split = [(row[0], row[1 : 1 + len(measures)], row[1 + len(measures) :]) for row in rows]
    source = [[(strongest(m), tuple(v for _, v in m)), where, *key] for where, m, key in split]
    everywhere = max((group_of([row], [ABSENT])[1] for row in source), default=State.VALUE)
    found: Cells = []
    for of, where, *key in source:
        state = takes_part(of[0], where)
        counts = state is None
        if not (counts or blocks(state or State.VALUE)) or (strongest(key) and not blocks(strongest(key))):
            found.append(ABSENT)
        elif blocks(strongest(key)):
            found.append((everywhere, None))
        else:
            read, block = group_of(source, key)
            found.append(
                (block, None) if block else value(place(of[1], [cell[1] for cell in read], directions, op.ties))
            )
    return found


def place(of: tuple[Any, ...], others: list[tuple[Any, ...]], directions: list[bool], ties: Ties) -> Fraction:
    before = [other for other in others if stands_before(other, of, directions)]
    equal = others.count(of)
    if ties is Ties.DENSE:
        return Fraction(len(set(before)) + 1)
    if ties is Ties.COMPETITION:
        return Fraction(len(before) + 1)
    places = range(len(before) + 1, len(before) + equal + 1)
    return Fraction(sum(places), equal)


def stands_before(a: tuple[Any, ...], b: tuple[Any, ...], directions: list[bool]) -> bool:
    for x, y, greatest_first in zip(a, b, directions, strict=True):
        if x != y:
            return bool(x > y) if greatest_first else bool(x < y)
    return False


def streak(naive: Naive, op: Streak) -> Cells:
    rows = naive.table(op.of, op.along, *op.group)
    return [streak_row(rows, row, op.limit) for row in rows]


def streak_row(rows: list[list[Cell]], row: list[Cell], limit: int | None) -> Cell:
    _, along, *group = row
    if not stands(along, group):
        return strongest([along, *group]), None
    block = State.VALUE
    for _, other_along, *other_group in rows:
        unsure = strongest([other_along, *other_group])
        near = blocks(strongest(other_group)) or other_group == group
        if stands(other_along, other_group) and blocks(unsure) and near:
            block = max(block, unsure)
    length, met = (0, State.VALUE) if strongest([along, *group]) else walk(rows, along[1], group)
    if block or met:
        return max(block, met), None
    return value(Fraction(length if limit is None or not length else (length - 1) % limit + 1))


def stands(along: Cell, group: list[Cell]) -> bool:
    """Whether the row stands somewhere, be it unknown where."""
    return all(not state or blocks(state) for state in (along[0], strongest(group)))


def walk(rows: list[list[Cell]], at: Fraction, group: list[Cell]) -> tuple[int, State]:
    """(length of the run that ends ``at``, strongest state met in it), walked backwards."""
    length, met = 0, State.VALUE
    while here := [of for of, *where in rows if where == [value(at), *group]]:
        if len(here) > 1:
            return 0, State.PENDING  # which of them comes last is not known
        if blocks(here[0][0]):
            met = max(met, here[0][0])
        elif here[0] != value(True):
            break
        length, at = length + 1, at - 1
    return length, met


def stack(naive: Naive, op: Stack) -> Cells:
    return [cell for part in op.parts for cell in naive.cells[part]]


READ: dict[type[Op], Callable[[Naive, Any], Cells]] = {
    Column: column,
    Constant: constant,
    Apply: apply,
    Choose: choose,
    Lookup: lookup,
    Round: round_,
    Settle: settle,
    Fetch: fetch,
    Aggregate: aggregate,
    Rank: rank,
    Streak: streak,
    Stack: stack,
}
