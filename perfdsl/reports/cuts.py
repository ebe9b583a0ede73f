"""Where the places of a grade end: how many there are, who got one, who was level at the last.

A quota that reads 30% says little by itself: one place more is given where the last are level (一并计入), places stay
free where these stay out together, or where a limit keeps its place (不递补). All of it is read off the nodes that gave the
places; nothing is counted again.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from perfdsl.model import outputs
from perfdsl.model.grade import GradeScheme, TieAtCut
from perfdsl.model.states import State
from perfdsl.model.table import UNITS
from perfdsl.model.units import decimal
from perfdsl.reports.words import published
from perfdsl.text.records import dataclass
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.graphs import Grading, Places, Trace, gradings, kept


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of a grade's places within a group. Units are their places in the roster, the best first.

    ``count``: how many places the ranking gives out; ``won``: who got one of them; ``empty``: those of ``won`` whom a
    limit keeps out, and whose place stays free. ``level``: the units that are level at the last place and came in
    together beyond the count, or stayed out together; ``taken_in`` says which. ``at``: what they have alike (同分 90.00); ``of_level`` are the
    same units, to be asked for one. ``base``: of how many units the count is a share, "" where it is none.
    """

    count: int
    won: tuple[int, ...]
    empty: tuple[int, ...] = ()
    level: tuple[int, ...] = ()
    taken_in: bool = False
    at: str = ""
    of_level: frozenset[int] = frozenset()
    base: str = ""

    @property
    def given(self) -> int:
        """How many units got the grade by a place."""
        return len(self.won) - len(self.empty)

    @property
    def full(self) -> bool:
        """Whether no place is left."""
        return len(self.won) >= self.count

    @property
    def words(self) -> str:
        """末位 3 个单位同分 90.00，一并计入，实评 16 个; "" where as many units got a place as there are."""
        said = []
        if self.level:
            both = TieAtCut.ALL_IN if self.taken_in else TieAtCut.ALL_OUT
            said.append(f"末位 {len(self.level)} 个单位{self.at}，{both.value}")
        if self.empty:
            said.append(f"{len(self.empty)} 个空出，不递补")
        return "，".join([*said, f"实评 {self.given} 个"]) if said else ""


class Cuts:
    """The cuts of one evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.book = evaluation.book
        trace = kept(evaluation)
        found = gradings(trace.graph) if trace is not None else ()
        self.trace: Trace | None = trace if len(found) == len(self.book.schemes) else None
        self.tables: tuple[Grading, ...] = found if self.trace is not None else ()
        self._found: dict[tuple[int, int, str], Cut | None] = {}

    def category(self, unit: int) -> str:
        """The unit's category; "" where there are none."""
        column = self.evaluation.dataset["单位"].columns.get(f"{UNITS}.类别")
        return str(column.cells[unit][1]) if column is not None else ""

    def scheme(self, unit: int) -> GradeScheme | None:
        """The table of grades for the unit."""
        schemes = self.book.schemes
        return self.book.scheme_of(self.category(unit)) if len(schemes) > 1 else self.book.scheme

    def places(self, scheme: GradeScheme, place: int) -> Places | None:
        """The nodes of a grade's places; None where they are not limited."""
        if self.trace is None:
            return None
        found = self.tables[self.book.schemes.index(scheme)].places
        return found[place] if place < len(found) else None

    def cut(self, scheme: GradeScheme, place: int, unit: int) -> Cut | None:
        """The end of the places of the grade at ``place`` in the unit's group; None where they are not limited."""
        key = (self.book.schemes.index(scheme), place, self._group(scheme, unit))
        if key not in self._found:
            self._found[key] = self._made(scheme, place, unit)
        return self._found[key]

    def of_group(self, scheme: GradeScheme, place: int, category: str) -> Cut | None:
        """The same for a category ("" for all units); None where it has no unit in the ranking."""
        units = range(len(self.evaluation.units))
        mine = (unit for unit in units if self.scheme(unit) is scheme and self._group(scheme, unit) == category)
        first = next((unit for unit in mine if self._rank(unit) is not None), None)
        return self.cut(scheme, place, first) if first is not None else None

    def kin(self, unit: int) -> tuple[int, ...]:
        """The units that share places with it, itself among them."""
        scheme, units = self.scheme(unit), range(len(self.evaluation.units))
        if scheme is None:
            return tuple(units)
        group = self._group(scheme, unit)
        return tuple(one for one in units if self.scheme(one) is scheme and self._group(scheme, one) == group)

    def true(self, node: int, unit: int) -> bool:
        """Whether a node of the trace holds for the unit."""
        assert self.trace is not None
        return self.trace.cell(node, unit) == (State.VALUE, True)

    def _group(self, scheme: GradeScheme, unit: int) -> str:
        return self.category(unit) if scheme.by_category else ""

    def _rank(self, unit: int) -> Fraction | None:
        found = self.evaluation.outcome.get(outputs.RANK)
        value = found[unit][1] if found is not None else None
        return Fraction(value) if isinstance(value, (Fraction, int)) else None

    def _made(self, scheme: GradeScheme, place: int, unit: int) -> Cut | None:
        nodes = self.places(scheme, place)
        if nodes is None or self.trace is None:
            return None
        state, count = self.trace.cell(nodes.count, unit)
        if state is not State.VALUE or not isinstance(count, (Fraction, int)):
            return None
        trace = self.trace
        ranks = {
            one: rank
            for one in self.kin(unit)
            if self.true(nodes.rivals, one) and (rank := self._rank(one)) is not None
        }
        rivals = sorted(ranks, key=lambda one: (ranks[one], one))
        won = tuple(one for one in rivals if self.true(nodes.wins, one))
        first = self.tables[self.book.schemes.index(scheme)].first
        empty = tuple(one for one in won if trace.cell(first, one) != (State.VALUE, place))
        places = max(floor(count), 0)
        level: tuple[int, ...] = ()
        if scheme.tie is TieAtCut.ALL_IN and len(won) > places:
            level = tuple(one for one in won if ranks[one] == ranks[won[-1]])
        elif scheme.tie is not TieAtCut.ALL_IN and len(won) < places and len(won) < len(rivals):
            best = min(ranks[one] for one in rivals if one not in won)
            level = tuple(one for one in rivals if ranks[one] == best)
        base = trace.cell(nodes.base, unit)[1] if nodes.base is not None and nodes.share is not None else None
        return Cut(
            places,
            won,
            empty,
            level,
            scheme.tie is TieAtCut.ALL_IN,
            self._alike(level),
            frozenset(level),
            decimal(Fraction(base)) if isinstance(base, (Fraction, int)) else "",
        )

    def _alike(self, units: tuple[int, ...]) -> str:
        """同分 90.00; 同名次 where they are level with other totals."""
        rounding = self.book.roundings.total
        totals = {published(self.evaluation.cell(outputs.TOTAL, unit), rounding) for unit in units}
        return f"同分 {totals.pop()}" if len(totals) == 1 else "同名次"
