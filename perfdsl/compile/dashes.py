"""Grade tables as they are printed: 80-94, 60-80. Each dash is asked about where it stands (K160).

Here the table is looked at as a whole: read with both ends, which totals stand in two grades and which in none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from perfdsl.compile.bands import band
from perfdsl.compile.context import Context
from perfdsl.compile.edges import Edges
from perfdsl.model.grade import Interval
from perfdsl.syntax.nodes import LooseBand, Written
from perfdsl.text.catalogue import totals
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass
from perfdsl.text.source import Span


@dataclass(frozen=True, slots=True)
class _Range:
    """A row: its grade and its totals, both ends included where it is printed with a dash."""

    grade: str
    low: Fraction | None
    high: Fraction | None
    dash: bool
    low_in: bool = True
    high_in: bool = True


def dashes(rows: Sequence[tuple[str, Written]], span: Span, context: Context, edges: Edges) -> Iterator[Problem]:
    """The grade table with rows (name, totals) read as printed; nothing where no row has a dash."""
    before = len(context.problems)
    found = [one for name, cell in rows if (one := _range(name, cell, context, edges)) is not None]
    del context.problems[before:]  # they are said where the cells are read
    if not any(one.dash for one in found):
        return
    found.sort(key=lambda one: (one.low is not None, one.low), reverse=True)
    twice, nowhere = [], []
    for upper, lower in pairwise(found):
        if not (upper.dash or lower.dash) or upper.low is None or lower.high is None:
            continue
        if lower.high == upper.low and not (lower.high_in and upper.low_in):
            continue
        if lower.high >= upper.low:
            twice.append((upper.low, min(lower.high, upper.high or lower.high), upper.grade, lower.grade))
        else:
            nowhere.append((lower.high, upper.low))
    if twice or nowhere:
        edges_ = [(one.grade, one.low) for one in found]
        yield totals.printed_dashes(span, twice, nowhere, edges_)


def _range(name: str, cell: Written, context: Context, edges: Edges) -> _Range | None:
    if not cell.text.strip():
        return None
    node = context.read("band", cell)
    if isinstance(node, LooseBand):
        return _Range(name, node.low.number, node.high.number, True)
    read = band(cell, context, edges, ("", "分"))
    if not isinstance(read, Interval):
        return None
    return _Range(name, read.low, read.high, False, read.low_in, read.high_in)


__all__ = ["dashes"]
