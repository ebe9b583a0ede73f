"""Which numbers are rounded late (:mod:`perfdsl.engine.late`), what each is made of, and how far doubles of it are off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from perfdsl.engine import codegen
from perfdsl.engine.late import EPSILON, Late
from perfdsl.engine.program import Instruction
from perfdsl.graph.narrowed import Narrowed
from perfdsl.graph.ops import Apply, Choose, Column, Constant, Fn, NodeId, Round
from perfdsl.graph.ranges import Form, Tier
from perfdsl.graph.types import ONLY_VALUES, SCALAR

LARGEST = 2.0**51
"""Whole numbers up to here, and halves of them, are doubles."""
KEEPING = frozenset({Fn.ADD, Fn.SUBTRACT, Fn.MULTIPLY, Fn.NEGATE, Fn.LEAST, Fn.GREATEST})


def cones(made: Narrowed, group: Sequence[NodeId], whole: Iterable[NodeId]) -> dict[NodeId, tuple[NodeId, ...]]:
    """Of ``group``, what is rounded late → the inner numbers that it needs, in their order.

    Inner numbers are read by none but one another and what is rounded.
    """
    nodes, kept = made.graph.nodes, set(whole)
    readers: dict[NodeId, set[NodeId]] = {node: set() for node in group}
    for node in group:
        for read in nodes[node].reads:
            if read in readers:
                readers[read].add(node)
    inner = {node for node in group if node not in kept and _is_inner(made, node)}
    rounds = {node for node in group if _is_rounded(made, node)}
    while True:
        good = {node for node in inner if readers[node] <= inner | rounds and _stands_on(made, node, inner)}
        ends = {node for node in rounds if nodes[node].reads[0] in good}
        if (good, ends) == (inner, rounds):
            break
        inner, rounds = good, ends
    found = {}
    for node in group:
        if node in rounds:
            needed = {node}
            for each in reversed(group):
                if each in inner and not readers[each].isdisjoint(needed):
                    needed.add(each)
            found[node] = tuple(each for each in group if each in needed and each != node)
    return found


def own(
    made: Narrowed, group: Sequence[NodeId], inner: Iterable[NodeId], whole: Iterable[NodeId]
) -> tuple[NodeId, ...]:
    """Of ``group``, simple nodes that are there for the numbers ``inner`` alone, in their order."""
    nodes, mine, kept = made.graph.nodes, set(inner), set(whole)
    readers: dict[NodeId, set[NodeId]] = {node: set() for node in group}
    for node in group:
        for read in nodes[node].reads:
            if read in readers:
                readers[read].add(node)
    found = []
    for node in reversed(group):
        if node not in mine and node not in kept and readers[node] <= mine and codegen.simple(made, node):
            mine.add(node)
            found.append(node)
    return tuple(reversed(found))


def outside(made: Narrowed, nodes: Iterable[NodeId]) -> tuple[NodeId, ...]:
    """What ``nodes`` read that is none of them."""
    mine = set(nodes)
    reads = dict.fromkeys(read for each in mine for read in made.graph.nodes[each].reads)
    return tuple(read for read in reads if read not in mine)


def _is_inner(made: Narrowed, node: NodeId) -> bool:
    step, type_, op = made.plan.steps[node], made.graph.nodes[node].type, made.graph.nodes[node].op
    if step.range is None or step.range.form is Form.FIXED or step.range.bounds is None or type_.real:
        return False
    if type_.states != ONLY_VALUES or type_.grain == SCALAR or not _is_small(made, node):
        return False
    return isinstance(op, Choose) or (isinstance(op, Apply) and op.fn in KEEPING)


def _stands_on(made: Narrowed, node: NodeId, inner: set[NodeId]) -> bool:
    """Whether what ``node`` reads is inner too, or a number that is held as integers, or a condition."""
    return all(read in inner or _is_leaf(made, read) for read in made.graph.nodes[node].reads)


def _is_leaf(made: Narrowed, node: NodeId) -> bool:
    range_ = made.plan.steps[node].range
    if made.graph.nodes[node].type.states != ONLY_VALUES:
        return False
    return range_ is None or (range_.form is not Form.EXACT and _is_small(made, node))


def _is_rounded(made: Narrowed, node: NodeId) -> bool:
    op, step = made.graph.nodes[node].op, made.plan.steps[node]
    if not isinstance(op, Round) or step.tier is not Tier.EXACT or step.real or op.digits < 0:
        return False
    range_ = step.range
    return range_ is not None and range_.form is Form.FIXED and range_.over < LARGEST


def _is_small(made: Narrowed, node: NodeId) -> bool:
    return _size(made, node) < LARGEST


def _size(made: Narrowed, node: NodeId) -> float:
    """No value of ``node`` is larger; a little more than the bounds say, for they are fractions."""
    range_ = made.plan.steps[node].range
    assert range_ is not None and range_.bounds is not None
    return float(max(abs(range_.bounds[0]), abs(range_.bounds[1]))) * (1 + EPSILON)


def compiled(
    made: Narrowed,
    node: NodeId,
    inner: Sequence[NodeId],
    own: Sequence[NodeId],
    line: Callable[[NodeId], Instruction],
) -> Late:
    """``node`` with its ``inner`` numbers and its ``own`` nodes, as :func:`cones` and :func:`own` found them."""
    op, error = made.graph.nodes[node].op, dict[NodeId, float]()
    assert isinstance(op, Round)
    for each in inner:
        for read in made.graph.nodes[each].reads:
            if read not in error and made.plan.steps[read].range is not None:
                error[read] = _size(made, read) * 4 * EPSILON  # two conversions and a division
        error[each] = _error(made, each, error)
    scale = 10.0**op.digits
    most = (_size(made, op.of) + error[op.of]) * scale * (1 + EPSILON)
    off = error[op.of] * scale * (1 + EPSILON) + most * EPSILON
    off = (off + (most + 1) * EPSILON) * (1 + EPSILON)  # a half is added
    reads = outside(made, (*inner, node))
    given = [read for read in outside(made, (*own, *inner, node)) if not _is_source(made, read)]
    return Late(
        node,
        tuple(inner),
        codegen.about(made, node, own, inner, op.of, scale),
        off,
        codegen.denominator(made, node, own, inner, op.of),
        tuple(given),
        tuple(line(read) for read in reads if _is_source(made, read)),
        codegen.compiled(made, own, reads),
        tuple(line(each) for each in (*inner, node)),
    )


def _is_source(made: Narrowed, node: NodeId) -> bool:
    return isinstance(made.graph.nodes[node].op, (Column, Constant))


def _error(made: Narrowed, node: NodeId, error: Mapping[NodeId, float]) -> float:
    op = made.graph.nodes[node].op
    match op:
        case Choose(cases=cases, otherwise=otherwise):
            return max(error[value] for value in (otherwise, *(value for _, value in cases)))
        case Apply(fn=Fn.ADD | Fn.SUBTRACT, args=args):
            sizes = sum(_size(made, arg) + error[arg] for arg in args)
            return (sum(error[arg] for arg in args) + len(args) * sizes * EPSILON) * (1 + EPSILON)
        case Apply(fn=Fn.MULTIPLY, args=args):
            size, off = _size(made, args[0]), error[args[0]]
            for arg in args[1:]:
                other, its = _size(made, arg), error[arg]
                off = (size * its + other * off + off * its + (size + off) * (other + its) * EPSILON) * (1 + EPSILON)
                size *= other
            return off
        case Apply(args=args):
            return max(error[arg] for arg in args)
        case _:
            raise AssertionError(op)
