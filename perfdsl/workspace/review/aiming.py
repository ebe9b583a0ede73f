"""Cases in which a number meets an end exactly: what the rules compare is worked back to the cells it is made of.

A change of an edge shows only where a number lies on it, and a mean or a root lies on a given number for very few cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, prod

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.ops import Apply, Choose, Column, Constant, Fn, Lookup, NodeId, Round
from perfdsl.model.states import State
from perfdsl.text.records import dataclass
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.samples import Population, Sample

STARTS = 24
"""Units that are tried to be brought to each end."""
MOST_ENDS = 40
MOST_PIECES = 10_000
COMPARING = (Fn.LESS, Fn.LESS_EQUAL, Fn.EQUAL)
Numbers = Mapping[NodeId, Fraction | None]


@dataclass
class Aiming:
    """Makes the units of one group of outputs meet the ends that its rules name."""

    making: Making

    def cases(self) -> Iterator[Population]:
        """Units at the ends near the change, from the baseline and from others."""
        making = self.making
        ends = list(dict.fromkeys(self._ends()))[:MOST_ENDS]
        starts = [Sample(base) for base in making.bases[:2]]
        starts += [making.wild(making.random.choice(making.bases)) for _ in range(STARTS)]
        for start in starts if ends else ():
            yield from ((made,) for made in self.brought(start, ends))

    def brought(self, start: Sample, ends: Sequence[tuple[NodeId, Fraction]]) -> list[Sample]:
        """``start`` with one of ``ends`` met, for each that a cell, or a quotient of two numbers of pieces, brings about."""
        numbers = self._numbers(start, [node for node, _ in ends])
        made = [self._brought(start, node, end, numbers) for node, end in ends]
        return [one for one in made if one is not None]

    def _ends(self) -> Iterator[tuple[NodeId, Fraction]]:
        """(node, number that it is compared with), of what the change itself looks at first."""
        bench = self.making.bench
        for node in self.making.pools.cone:
            op = bench.graph.nodes[node].op
            if isinstance(op, Lookup):
                ends = {end for band in op.bands for end in (band.low, band.high) if end is not None}
                yield from ((op.of, end) for end in sorted(ends))
            elif isinstance(op, Apply) and op.fn in COMPARING:
                for one, other in (op.args, op.args[::-1]):
                    fixed = bench.graph.nodes[other].op
                    if isinstance(fixed, Constant) and isinstance(fixed.value, Fraction):
                        yield one, fixed.value

    def _numbers(self, start: Sample, nodes: list[NodeId]) -> Numbers:
        """What the numbers below ``nodes`` are for a unit; None where one is not there."""
        bench = self.making.bench
        under = [node for node in bench.under(nodes) if bench.graph.nodes[node].type.unit is not None]
        found = bench.watched([(start,)], under)
        if found is None:
            return {}
        cells = {node: cells[0] for node, cells in found.items()}
        return {node: value if isinstance(value, Fraction) else None for node, (_, value) in cells.items()}

    def _brought(self, start: Sample, node: NodeId, end: Fraction, numbers: Numbers) -> Sample | None:
        """``start`` with one cell other, so that ``node`` is ``end``, or two where pieces are divided; None where that does
        not do it."""
        op = self.making.bench.graph.nodes[node].op
        if isinstance(op, Column):
            fits = op.grain == UNIT_GRAIN and _ending(end) and (UNIT_GRAIN, op.name) in self.making.pools.cells
            made = start.put(op.name, (State.VALUE, end)) if fits else None
            return made if made is not None and self.making.bench.is_countable((made,)) else None
        for below, target in back(op, end, numbers):
            made = self._brought(start, below, target, numbers)
            if made is not None:
                return made
        match op:
            case Apply(Fn.DIVIDE, (above, below)):
                return self._divided(start, above, below, end, numbers)
        return None

    def _divided(self, start: Sample, above: NodeId, below: NodeId, end: Fraction, numbers: Numbers) -> Sample | None:
        """The same for a quotient by a number of pieces: so many of them that the number above comes out whole (489 of 500)."""
        op = self.making.bench.graph.nodes[below].op
        pools, now = self.making.pools, numbers.get(below)
        if not isinstance(op, Column) or op.grain != UNIT_GRAIN or not now or end.denominator > MOST_PIECES:
            return None
        if (UNIT_GRAIN, op.name) not in pools.cells or not pools.counts((UNIT_GRAIN, op.name)):
            return None
        whole = max(1, ceil(now / end.denominator)) * Fraction(end.denominator)
        if whole == now:
            return None
        made = start.put(op.name, (State.VALUE, whole))
        return self._brought(made, above, end * whole, {**numbers, below: whole})


def back(op: object, end: Fraction, numbers: Numbers) -> Iterator[tuple[NodeId, Fraction]]:
    """(operand, what it must be, the others as they are, for the result to be ``end``)."""
    match op:
        case Round(of):
            yield of, end
        case Choose(cases, otherwise):
            yield from ((value, end) for value in (*(value for _, value in cases), otherwise))
        case Apply(Fn.NEGATE, (of,)):
            yield of, -end
        case Apply(Fn.ABSOLUTE | Fn.LEAST | Fn.GREATEST, args):
            yield from ((arg, end) for arg in args)
        case Apply(Fn.POWER, (of, exponent)):
            power = numbers.get(exponent)
            if power and (1 / power).denominator == 1:
                yield of, end ** int(1 / power)
        case Apply(fn, args):
            for place, arg in enumerate(args):
                others = [numbers.get(one) for i, one in enumerate(args) if i != place]
                known = [one for one in others if one is not None]
                if len(known) == len(others) and (target := _operand(fn, place, end, known)) is not None:
                    yield arg, target


def _operand(fn: Fn, place: int, end: Fraction, others: list[Fraction]) -> Fraction | None:
    match fn:
        case Fn.ADD:
            return end - sum(others)
        case Fn.SUBTRACT:
            return end + others[0] if place == 0 else others[0] - end
        case Fn.MULTIPLY:
            return end / prod(others) if all(others) else None
        case Fn.DIVIDE if place == 0:
            return end * others[0]
        case Fn.DIVIDE:
            return others[0] / end if end else None
    return None


def _ending(number: Fraction) -> bool:
    """Whether it can be typed: a finite decimal."""
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return rest == 1
