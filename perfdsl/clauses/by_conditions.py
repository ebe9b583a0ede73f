"""Decision table: points by several conditions together (按两项条件, with a table below).

Each column but 得分 is one condition: a column of the data, 指标值, another item's number, or, where nothing of that name
is declared, a fact named by the heading. A cell is 完成 or 未完成 (达标, 是, 有 …) of a yes/no fact, one of the choices
of a column, a band of numbers, or 不论. A row of nothing but 其余 takes what no other row takes.

Every combination must have one row: those without a row are listed, and so are those that two rows claim. There is no
order among the rows, so that none of them can hide another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice, product

from perfdsl.clauses.bands import check_awards_of, told
from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared.awards import signed, signed_node
from perfdsl.clauses.shared.measures import counted, measured, shown
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import (
    ColumnRef,
    Compare,
    Comparison,
    Condition,
    Expression,
    Holds,
    TextLiteral,
)
from perfdsl.model.grade import Interval
from perfdsl.model.item import Clause, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import Unit, ValueType
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Heading, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

Cell = bool | str | Interval | None
"""What a cell asks for; None is 不论."""

LISTED = 5
"""So many combinations are told."""
MOST = 20000
"""So many combinations are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByConditions(Clause):
    """``facts`` are the conditions, column by column; ``cells`` what each row asks of them, ``gives`` what it gives.

    ``heads`` are the headings as written. ``rest`` is what 其余 gives.
    """

    facts: tuple[Expression, ...]
    heads: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    gives: tuple[Expression, ...]
    rest: Expression | None = None


FORM = Form(
    name=Word("by_conditions", "按条件表", english="by-conditions"),
    phrases=(
        Word(
            "by_conditions",
            "按各项条件",
            ("按两项条件", "按三项条件", "按四项条件", "按几项条件", "按条件表", "按判定表"),
            "by-conditions",
        ),
    ),
    pattern=(fixed("by_conditions"),),
    table=(
        Heading("cells", "case", heads="facts"),
        Heading("gives", "amount", Word("gives", "得分", ("加分", "扣分"), "gives")),
    ),
)


# ---- meaning, twice


def test_node(cell: Cell, fact: Expression, scope: Scope) -> NodeId | None:
    """Whether a fact is as the cell asks; None where it asks nothing."""
    graph = scope.graph
    match cell:
        case None:
            return None
        case bool():
            held = scope.condition(Holds(fact))
            return held if cell else graph.apply(Fn.NOT, held)
        case str():
            return graph.apply(Fn.EQUAL, scope.number(fact), graph.constant(cell, ValueType.TEXT))
        case Interval(low, high, low_in, high_in):
            value = scope.number(fact)
            unit = graph.type(value).unit
            parts = []
            if low is not None:
                end = graph.constant(low, ValueType.NUMBER, unit)
                parts.append(graph.apply(Fn.LESS_EQUAL if low_in else Fn.LESS, end, value))
            if high is not None:
                end = graph.constant(high, ValueType.NUMBER, unit)
                parts.append(graph.apply(Fn.LESS_EQUAL if high_in else Fn.LESS, value, end))
            return parts[0] if len(parts) == 1 else graph.apply(Fn.AND, *parts)


def lower(clause: ByConditions, scope: Scope) -> NodeId:
    """choose(row's tests → its points, …, rest)."""
    graph = scope.graph
    cases = []
    for cells, gives in zip(clause.cells, clause.gives, strict=True):
        tests = [test_node(cell, fact, scope) for cell, fact in zip(cells, clause.facts, strict=True)]
        asked = [test for test in tests if test is not None]
        met = graph.truth() if not asked else asked[0] if len(asked) == 1 else graph.apply(Fn.AND, *asked)
        cases.append((met, signed_node(gives, scope)))
    nothing = graph.nothing(State.PENDING, cases[0][1])
    return graph.choose(*cases, otherwise=nothing if clause.rest is None else signed_node(clause.rest, scope))


def by_hand(clause: ByConditions, facts: Facts) -> Fraction:
    """Run down the rows, and stop at the one all of whose cells are as they are."""
    for cells, gives in zip(clause.cells, clause.gives, strict=True):
        if all(as_asked(cell, fact, facts) for cell, fact in zip(cells, clause.facts, strict=True)):
            return signed(gives, facts)
    if clause.rest is None:
        raise Undecided("没有一行符合")
    return signed(clause.rest, facts)


def as_asked(cell: Cell, fact: Expression, facts: Facts) -> bool:
    """Whether a fact is as the cell asks."""
    if cell is None:
        return True
    if isinstance(cell, bool):
        return facts.holds(Holds(fact)) is cell
    if isinstance(cell, str):
        return facts.holds(is_word(fact, cell))
    return facts.number(fact) in cell


def is_word(fact: Expression, word: str) -> Condition:
    """A text is ``word``."""
    return Comparison(Compare.EQUAL, fact, TextLiteral(word))


def sentence(clause: ByConditions, item: Item) -> str:
    """按各项条件：年度目标 完成、累计进度 未完成得 40 分；…"""
    rows = []
    for cells, gives in zip(clause.cells, clause.gives, strict=True):
        asked = [
            f"{head} {said(cell, fact)}" for head, cell, fact in zip(clause.heads, cells, clause.facts, strict=True)
        ]
        rows.append(f"{'、'.join(asked)}得 {amount(gives)} 分")
    if clause.rest is not None:
        rows.append(f"其余得 {amount(clause.rest)} 分")
    return f"按各项条件：{'；'.join(rows)}"


def said(cell: Cell, fact: Expression) -> str:
    """A cell in words."""
    if cell is None:
        return "不论"
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return f"“{cell}”" if isinstance(cell, str) else told(cell, measured(fact))


# ---- checks


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of what a fact can be that every cell takes whole or not at all: its example, and how it is told."""

    example: bool | str | Fraction
    told: str
    written: str

    def meets(self, cell: Cell) -> bool:
        """Whether the cell takes it."""
        if cell is None:
            return True
        if isinstance(cell, Interval):
            return isinstance(self.example, Fraction) and self.example in cell
        return self.example == cell


def check(clause: ByConditions, setting: Setting) -> Iterable[Problem]:
    """Every combination in one row, every award within the full mark."""
    rest = () if clause.rest is None else (clause.rest,)
    yield from check_awards_of((*clause.gives, *rest), clause.span, setting)
    columns = [
        list(atoms(fact, [cells[at] for cells in clause.cells], setting.rulebook))
        for at, fact in enumerate(clause.facts)
    ]
    for one, other in combinations(range(len(clause.cells)), 2):
        both = [
            next(
                (atom for atom in column if atom.meets(clause.cells[one][at]) and atom.meets(clause.cells[other][at])),
                None,
            )
            for at, column in enumerate(columns)
        ]
        shared = [atom for atom in both if atom is not None]
        if len(shared) == len(columns):
            gives = (amount(clause.gives[one]), amount(clause.gives[other]))
            yield scoring.conditions_overlap(
                clause.span, in_words(clause, shared), gives, (str(one + 1), str(other + 1))
            )
    left = [
        found
        for found in islice(product(*columns), MOST)
        if not any(all(a.meets(c) for a, c in zip(found, cells, strict=True)) for cells in clause.cells)
    ]
    if left and clause.rest is None:
        rows = [f"| {' | '.join(atom.written for atom in found)} | 0 |" for found in left[:LISTED]]
        yield scoring.conditions_missing(
            clause.span, [in_words(clause, found) for found in left[:LISTED]], len(left), rows
        )
    elif not left and clause.rest is not None:
        yield scoring.band_unreachable(clause.span, "其余", "别的行已经包括了所有的情形")


def in_words(clause: ByConditions, found: Sequence[Atom]) -> str:
    """A combination in words."""
    return "、".join(f"{head} {atom.told}" for head, atom in zip(clause.heads, found, strict=True))


def atoms(fact: Expression, cells: Sequence[Cell], rulebook: Rulebook) -> Iterator[Atom]:
    """What a fact can be, cut wherever one of the cells ends."""
    words = [cell for cell in cells if isinstance(cell, str)]
    intervals = [cell for cell in cells if isinstance(cell, Interval)]
    if words:
        for word in dict.fromkeys((*choices(fact, rulebook), *words)):
            yield Atom(word, f"“{word}”", word)
    elif intervals:
        yield from pieces(intervals, measured(fact))
    elif any(cell is not None for cell in cells):
        yield Atom(True, "是", "是")
        yield Atom(False, "否", "否")
    else:
        yield Atom("", "不论", "不论")


def choices(fact: Expression, rulebook: Rulebook) -> tuple[str, ...]:
    """What may stand in the column."""
    table = rulebook.table(fact.table) if isinstance(fact, ColumnRef) else None
    column = table.column(fact.column) if table is not None and isinstance(fact, ColumnRef) else None
    return column.choices if column is not None else ()


def pieces(intervals: Sequence[Interval], unit: Unit | None) -> Iterator[Atom]:
    """The ends of the intervals, and what lies between them."""
    ends = sorted({end for one in intervals for end in (one.low, one.high) if end is not None})
    if not ends:
        yield Atom(Fraction(0), "不论", "不论")
        return
    at = [shown(end, unit) for end in ends]
    if ends[0] != 0:  # what is counted or a rate does not go below 0, and a table need not speak of it
        yield Atom(ends[0] - 1, f"不足 {at[0]}", f"不足 {at[0]}")
    for n, end in enumerate(ends):
        yield Atom(end, f"正好 {at[n]}", at[n])
        if n + 1 < len(ends) and not (unit is not None and counted(unit) and ends[n + 1] - end <= 1):
            between = f"超过 {at[n]} 不足 {at[n + 1]}"
            yield Atom((end + ends[n + 1]) / 2, between, between)
    yield Atom(ends[-1] + 1, f"超过 {at[-1]}", f"超过 {at[-1]}")


KIND = Kind(
    key="by_conditions",
    form=FORM,
    node=ByConditions,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact=None,
)
