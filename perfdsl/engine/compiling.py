"""Graph → program: what is known of the data decides which nodes are left, how each is computed, and when."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle

from perfdsl.engine import codegen, cones
from perfdsl.engine.frame import Key, columns_of, texts_of
from perfdsl.engine.kernel import Code, home
from perfdsl.engine.late import Late
from perfdsl.engine.program import Instruction, Part, Pass, Program, Stage
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowed import Held, Narrowed
from perfdsl.graph.narrowing import narrowed, stage_of
from perfdsl.graph.ops import ACROSS, Column, Constant, NodeId, Settle
from perfdsl.graph.ranges import Limits, Stored
from perfdsl.graph.types import SCALAR, Grain
from perfdsl.text.records import replace


def widened(known: Mapping[Key, Held]) -> dict[Key, Held]:
    """``known``, with numbers up to the next power of two, so that data a little larger still fit."""
    return {
        key: replace(one, stored=_widened(one.stored)) if one.stored is not None else one for key, one in known.items()
    }


def joined(known: Mapping[Key, Held], before: Mapping[Key, Held]) -> dict[Key, Held]:
    """What is ``known``, or was ``before``."""
    return {
        key: Held(one.states | before[key].states, _joined(one.stored, before[key].stored))
        for key, one in known.items()
    }


def _joined(one: Stored | None, other: Stored | None) -> Stored | None:
    if one is None or other is None or one.digits < other.digits:  # these data cannot be put in as many digits
        return one
    times = 10 ** (one.digits - other.digits)
    return Stored(min(one.low, other.low * times), max(one.high, other.high * times), one.digits)


def _widened(stored: Stored) -> Stored:
    return Stored(-_outward(-stored.low), _outward(stored.high), stored.digits)


def _outward(number: int) -> int:
    """The power of two less one above a number, the power of two at or below the size of a negative one, negated."""
    if number >= 0:
        return (1 << number.bit_length()) - 1
    return -(1 << (-number).bit_length() - 1)


def compiled(
    graph: Graph,
    wanted: frozenset[NodeId],
    known: Mapping[Key, Held],
    rows: Mapping[Grain, int],
    limits: Limits,
    doubted: frozenset[NodeId] = frozenset(),
) -> Program:
    """The program that computes ``wanted``. ``doubted``: divisions whose divisor was found not to be positive."""
    narrow = narrowed(graph, graph.needed(wanted), known, rows, limits, doubted)
    asked = frozenset(narrow.place[node] for node in wanted)
    # what was simplified away on the word of a guard stands only as long as the guard is looked at
    live = narrow.graph.needed(asked | frozenset(narrow.guards))
    return Program(
        narrowed=narrow,
        wanted=wanted,
        doubted=doubted,
        known=known,
        rows=rows,
        columns=columns_of(narrow.graph, live),
        texts=texts_of(narrow.graph),
        settles={old: new for old, new in narrow.place.items() if isinstance(graph.nodes[old].op, Settle)},
        stages=_staged(narrow, live, asked),
    )


def _staged(made: Narrowed, live: Iterable[NodeId], asked: frozenset[NodeId]) -> tuple[Stage, ...]:
    graph = made.graph
    nodes, at = graph.nodes, dict[NodeId, int]()
    looking, sources, whole, last = set[NodeId](), set[NodeId](), set(asked), dict[NodeId, int]()
    unshared = set(asked)
    for node in live:
        op, reads = nodes[node].op, nodes[node].reads
        at[node] = stage_of(nodes[node], nodes, at)
        last.update(dict.fromkeys((node, *reads), at[node]) | {read: max(last[read], at[node]) for read in reads})
        if isinstance(op, ACROSS):
            looking.add(node)
            whole.update((node, *reads))
            unshared.update(reads)
        elif isinstance(op, (Column, Constant)):
            sources.add(node)
        else:
            whole.update(read for read in reads if read not in sources and _kept(graph, at, node, read))
            unshared.update(read for read in reads if nodes[read].type.grain != nodes[node].type.grain)
    shared = looking - unshared
    stages = []
    for stage in range(max(at.values(), default=0) + 1):
        here = [node for node in at if at[node] == stage and node not in sources]
        across = [node for node in here if node in looking]
        ends = stage == max(at.values(), default=0)
        for node in asked & sources if ends else ():
            across.append(node)
        by_grain: dict[Grain, list[NodeId]] = {SCALAR: []}
        for node in here:
            if node not in looking:
                by_grain.setdefault(nodes[node].type.grain, []).append(node)
        columns = [read for node in across for read in nodes[node].reads if read in sources]
        drops = [node for node in whole if node in columns or (node not in sources and last[node] == stage)]
        stages.append(
            Stage(
                {grain: row_pass(made, group, sources, whole) for grain, group in by_grain.items() if group},
                tuple(_waves(made, dict.fromkeys([*columns, *across]), shared)),
                tuple(node for node in drops if node not in asked or (node in sources and not ends)),
            )
        )
    return tuple(stages)


def _waves(made: Narrowed, nodes: Iterable[NodeId], shared: Container[NodeId]) -> Iterator[tuple[Instruction, ...]]:
    left = list(nodes)
    while left:
        waiting = set(left)
        ready = [node for node in left if waiting.isdisjoint(made.graph.nodes[node].reads)]
        yield tuple(replace(instruction(made, node), shared=node in shared) for node in ready)
        left = [node for node in left if node not in set(ready)]


def _kept(graph: Graph, at: Mapping[NodeId, int], node: NodeId, read: NodeId) -> bool:
    """Whether ``read`` lives longer than a block: till a later stage, or for rows of another grain."""
    return at[read] != at[node] or graph.nodes[read].type.grain != graph.nodes[node].type.grain


def row_pass(made: Narrowed, group: Sequence[NodeId], sources: set[NodeId], whole: set[NodeId]) -> Pass:
    """What computes ``group``, nodes of one grain that look at no other row. ``sources``: columns, read as they are
    needed; ``whole``: nodes that are kept for all rows."""
    late = cones.cones(made, group, whole)
    own = {node: cones.own(made, group, (*inner, node), whole) for node, inner in late.items()}
    inside = {each for node, inner in late.items() for each in (*own[node], *inner)}
    reads_of = {node: made.graph.nodes[node].reads for node in group if node not in inside}
    reads_of |= {node: cones.outside(made, (*own[node], *inner, node)) for node, inner in late.items()}
    kinds = {node: Late if node in late else Code if codegen.simple(made, node) else Instruction for node in reads_of}
    parts = list(_parted(reads_of, kinds))
    reads = [dict.fromkeys(read for node in part for read in reads_of[node]) for _, part in parts]
    here = [set(part) for _, part in parts]
    crossing = {
        node for node in group if any(node in read and node not in own for read, own in zip(reads, here, strict=True))
    }
    last = {node: place for place, read in enumerate(reads) for node in read}
    made_parts: list[Part] = []
    for place, (kind, part) in enumerate(parts):
        if kind is Code:
            stored = [node for node in part if node in whole or node in crossing]
            made_parts.append(codegen.compiled(made, part, stored))
            continue
        if kind is Late:
            lines = partial(instruction, made)
            made_parts += [cones.compiled(made, node, late[node], own[node], lines) for node in part]
        else:
            columns = [read for read in reads[place] if read in sources]
            stay = {node for node in part if node in whole or last.get(node, place) > place}
            made_parts.append(_lines(made, [*columns, *part], stay))
    given = dict.fromkeys(read for each in reads for read in each if read not in reads_of and read not in sources)
    kept = {node: home(made.graph, made.plan, node) for node in group if node in whole}
    # what is kept for all rows is there for other parts as well
    goes = {node: kept.get(node) or home(made.graph, made.plan, node, here=True) for node in sorted(crossing)}
    return Pass(tuple(made_parts), tuple(given), kept, goes)


def _parted(
    reads_of: Mapping[NodeId, Sequence[NodeId]], kinds: Mapping[NodeId, type]
) -> Iterator[tuple[type, list[NodeId]]]:
    """(kind, nodes) one after another: as few parts as their order allows."""
    left = dict.fromkeys(sorted(reads_of))
    for kind in cycle((Code, Instruction, Late)):
        if not left:
            return
        part: dict[NodeId, None] = {}
        for node in left:
            if kinds[node] is kind and all(read not in left or read in part for read in reads_of[node]):
                part[node] = None
        if part:
            yield kind, list(part)
        left = {node: None for node in left if node not in part}


def _lines(made: Narrowed, nodes: Iterable[NodeId], stay: set[NodeId]) -> tuple[Instruction, ...]:
    """One line a node; operands go when they are read for the last time, but for those that ``stay``."""
    graph, nodes = made.graph, tuple(nodes)
    last: dict[NodeId, NodeId] = {}
    for node in nodes:
        last.update(dict.fromkeys((node, *graph.nodes[node].reads), node))
    drops: dict[NodeId, list[NodeId]] = {}
    for node, reader in last.items():
        if node in nodes and node not in stay:
            drops.setdefault(reader, []).append(node)
    return tuple(instruction(made, node, drops.get(node, ())) for node in nodes)


def instruction(made: Narrowed, node: NodeId, drops: Iterable[NodeId] = ()) -> Instruction:
    """The line that computes ``node`` and then lets go of ``drops``."""
    op = made.graph.nodes[node].op
    return Instruction(node, op, tuple(drops), made.guards.get(node))
