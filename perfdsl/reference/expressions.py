"""Expressions and conditions, worked out for one unit (or one row of a ledger).

Arithmetic and comparison are strict: where an operand has no value, the strongest of the operands' states is the
answer. A divisor of 0 is 未发生 where the item says what 未发生 gives (there was nothing to count), else 待定. In
且 a no decides whatever the rest, in 或 a yes; otherwise the strongest state stands.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from perfdsl.model.expression import (
    Across,
    AcrossUnits,
    AllOf,
    AnyOf,
    Call,
    ColumnRef,
    Compare,
    Comparison,
    Condition,
    DateLiteral,
    DueDay,
    Expression,
    Filled,
    Fn,
    Happened,
    Holds,
    InGrade,
    ItemRef,
    MeanOf,
    Not,
    Number,
    OwnRef,
    Past,
    Percentile,
    Placed,
    Progress,
    Rising,
    Rounded,
    RuleHolds,
    Single,
    TextLiteral,
    Undue,
    WorkingDays,
)
from perfdsl.model.item import Item, LedgerUse
from perfdsl.model.outputs import Cell
from perfdsl.model.states import BLOCKING, State, strongest
from perfdsl.reference.cells import (
    ABSENT,
    PENDING,
    blocking_state,
    blocks,
    has_value,
    known,
    number,
    numbers,
    rounded_cell,
)
from perfdsl.reference.history import past, rising
from perfdsl.reference.papers import NOT_REPORTED, Row
from perfdsl.reference.ranking import place, placed
from perfdsl.reference.reals import ln, power
from perfdsl.reference.years import in_grade
from perfdsl.text.numbers import OutOfDomain, Unsettled
from perfdsl.text.records import dataclass, field, replace

if TYPE_CHECKING:
    from perfdsl.reference.office import Office


COMPARE: dict[Compare, Callable[[Any, Any], bool]] = {
    Compare.LESS: operator.lt,
    Compare.LESS_EQUAL: operator.le,
    Compare.EQUAL: operator.eq,
    Compare.NOT_EQUAL: operator.ne,
    Compare.GREATER_EQUAL: operator.ge,
    Compare.GREATER: operator.gt,
}


@dataclass(frozen=True)
class At:
    """Where an expression is worked out: for which unit, inside which item, on which rows of which tables.

    ``own`` are 指标值, 目标值 and 分值 where they are not the item's, but those of a row that it scores.
    """

    office: Office
    unit: int
    item: Item | None = None
    rows: Mapping[str, Row] = field(default_factory=dict)
    own: Mapping[str, Cell] = field(default_factory=dict)


def evaluate(expression: Expression, at: At) -> Cell:
    """The value of an expression."""
    match expression:
        case Number(value):
            return known(value)
        case TextLiteral(text):
            return known(text)
        case Progress():
            return known(Fraction(1))
        case Undue():
            return State.NOT_DUE, None
        case DateLiteral(day):
            return State.VALUE, day
        case ColumnRef(table, column):
            if table in at.rows:
                return at.rows[table].get(column, NOT_REPORTED)
            return at.office.papers.cell(table, column, at.unit)
        case Past():
            return past(expression, at)
        case Rising(now):
            return rising(expression, evaluate(now, at), at)
        case WorkingDays(start, end):
            return _working_days(evaluate(start, at), evaluate(end, at), at)
        case DueDay(count, table):
            return _due_day(count, table, at)
        case Single():
            from perfdsl.reference.periods import single

            return single(expression, at)
        case ItemRef("period", code):
            from perfdsl.reference.periods import period_score

            applies = at.office.applies(at.office.items[code], at.unit)
            if applies != (State.VALUE, True):
                return applies if blocks(applies) else ABSENT
            return period_score(at.office, at.office.items[code], at.unit, dict(at.rows))
        case OwnRef(what):
            assert at.item is not None
            return at.own[what] if what in at.own else of_item(what, at.item, at)
        case ItemRef(what, code):
            if code:
                return of_item(what, at.office.items[code], at)
            of_unit = {"rank": at.office.rank, "base": at.office.base}.get(what, at.office.total)
            return of_unit(at.unit)
        case Call(fn, args):
            return _call(fn, [evaluate(arg, at) for arg in args], at.item)
        case Rounded(of, rounding):
            return rounded_cell(evaluate(of, at), rounding)
        case MeanOf(parts, least):
            return _mean_of([evaluate(part, at) for part in parts], least)
        case AcrossUnits():
            return _across(expression, at)
    raise AssertionError(expression)


def of_item(what: str, item: Item, at: At) -> Cell:
    """指标值, 目标值, 得分 or 分值 of an item."""
    match what:
        case "value":
            return at.office.value(item, at.unit)
        case "target":
            return at.office.target(item, at.unit)
        case "score":
            return at.office.used_score(item, at.unit)
        case "full":
            return known(item.full or Fraction(0))
    raise AssertionError(what)


def _call(fn: Fn, cells: Sequence[Cell], item: Item | None) -> Cell:
    if fn is Fn.HARMONIC:  # a sum of 1 ÷ each: a share that cannot be worked out is 待定, as in any division
        cells = [PENDING if cell == known(Fraction(0)) else cell for cell in cells]
    if (state := strongest(cell[0] for cell in cells)) is not State.VALUE:
        return state, None
    try:
        return _worked(fn, [cell[1] for cell in cells], item)
    except (OutOfDomain, Unsettled):
        return PENDING


def _worked(fn: Fn, values: list[Any], item: Item | None) -> Cell:
    match fn:
        case Fn.ADD:
            return known(sum(values[1:], start=values[0]))
        case Fn.SUBTRACT:
            left, right = values
            return known(Fraction((left - right).days) if isinstance(left, date) else left - right)
        case Fn.MULTIPLY:
            product = Fraction(1)
            for value in values:
                product *= value
            return known(product)
        case Fn.DIVIDE:
            return _divided(values[0], values[1], item)
        case Fn.NEGATE:
            return known(-values[0])
        case Fn.LEAST:
            return State.VALUE, min(values)
        case Fn.GREATEST:
            return State.VALUE, max(values)
        case Fn.ABSOLUTE:
            return known(abs(values[0]))
        case Fn.POWER:
            return PENDING if values[0] == 0 and values[1] < 0 else known(power(values[0], values[1]))
        case Fn.LN:
            return known(ln(values[0]))
        case Fn.GEOMETRIC:
            return known(_geometric(values))
        case Fn.HARMONIC:
            return _harmonic(values)


def _geometric(values: Sequence[Fraction]) -> Fraction:
    """The n-th roots of n numbers, multiplied; any 0 makes it 0."""
    found = Fraction(1)
    for value in values:
        found *= power(value, Fraction(1, len(values)))
    return found


def _harmonic(values: Sequence[Fraction]) -> Cell:
    """The number whose share of 1 is the mean of the others'."""
    mean = sum((1 / value for value in values), start=Fraction(0)) / len(values)
    return known(1 / mean) if mean else PENDING


def _mean_of(cells: Sequence[Cell], least: int | None) -> Cell:
    """Of those that are there, where so many are asked for; of all else."""
    there = numbers(cells)
    if len(there) < (len(cells) if least is None else least) or any(cell == PENDING for cell in cells):
        return strongest(cell[0] for cell in cells), None
    return known(sum(there, start=Fraction(0)) / len(there))


def _working_days(start: Cell, end: Cell, at: At) -> Cell:
    """Count the days that are worked, one after the other, from the day after the first to the last."""
    calendar = at.office.papers.rulebook.calendar
    assert calendar is not None
    first, last = start[1], end[1]
    known_days = [day for day in (first, last) if isinstance(day, date)]
    uncovered = any(not calendar.covers(day) for day in known_days)
    if (state := strongest((start[0], end[0], State.PENDING if uncovered else State.VALUE))) is not State.VALUE:
        return state, None
    assert isinstance(first, date) and isinstance(last, date)
    day, count = first, 0
    while day < last:
        day += timedelta(1)
        count += calendar.works(day)
    return known(Fraction(count))


def _due_day(count: int, table: str, at: At) -> Cell:
    """Leaf on from the last day of the period."""
    book = at.office.papers.rulebook
    declared = book.table(table)
    assert declared is not None and declared.row_of.cadence is not None
    assert book.calendar is not None and book.period is not None
    cadence = declared.row_of.cadence
    period = int(number(at.rows[table][cadence.along]))
    last_month = period * cadence.months
    day = date(book.period.last.year, last_month, monthrange(book.period.last.year, last_month)[1])
    while count:
        day += timedelta(1)
        if not book.calendar.covers(day):
            return PENDING
        count -= book.calendar.works(day)
    return State.VALUE, day


def _divided(over: Fraction, under: Fraction, item: Item | None) -> Cell:
    if under != 0:
        return known(over / under)
    answered = item is not None and item.answer(State.NONE) is not None
    return (State.NONE, None) if answered else PENDING


def _deviation(values: Sequence[Fraction], sample: bool) -> Cell:
    """The root of the mean of the squares of the distances from the mean."""
    mean = sum(values, start=Fraction(0)) / len(values)
    squares = sum(((value - mean) * (value - mean) for value in values), start=Fraction(0))
    divisor = len(values) - 1 if sample else len(values)
    return known(power(squares / divisor, Fraction(1, 2))) if divisor else PENDING


def _across(asked: AcrossUnits, at: At) -> Cell:
    """Write down what the units of the population have, the least first, and read the answer off the list."""
    office = at.office
    units, open_ = office.population(asked.population, at.unit, at.item)
    desks = {unit: At(office, unit, at.item, office.same_period(at.rows, unit)) for unit in units}
    cells = {unit: evaluate(asked.of, desks[unit]) for unit in units}
    if asked.fn is Across.RANK:
        return _place(asked, at, cells, open_)
    weights = {}
    if asked.weight is not None:
        weights = {unit: evaluate(asked.weight, desks[unit]) for unit in units}
    if not asked.with_self:
        units = [unit for unit in units if unit != at.unit]
    asked_for = [cell for unit in units for cell in (cells[unit], *([weights[unit]] if weights else []))]
    pairs = [(cells[unit], weights.get(unit, known(Fraction(1)))) for unit in units]
    open_pairs = [(strongest((one[0], other[0])), None) for one, other in pairs]
    if asked_for and (state := blocking_state([*open_pairs, (open_ or State.VALUE, None)])) is not None:
        return state, None
    if open_ is not None:
        return open_, None
    have = sorted((number(one), number(other)) for one, other in pairs if has_value(one) and has_value(other))
    if not have:
        return ABSENT
    values = [value for value, _ in have]
    match asked.fn:
        case Across.MEAN:
            return known(sum(values, start=Fraction(0)) / len(values))
        case Across.WEIGHTED_MEAN:
            whole = sum((weight for _, weight in have), start=Fraction(0))
            parts = sum((value * weight for value, weight in have), start=Fraction(0))
            return known(parts / whole) if whole else PENDING
        case Across.DEVIATION:
            return _deviation(values, asked.sample)
        case Across.SUM:
            return known(sum(values, start=Fraction(0)))
        case Across.LEAST:
            return known(values[0])
        case Across.GREATEST:
            return known(values[-1])
        case Across.PERCENTILE if asked.method is Percentile.NEAREST:
            return known(values[max(ceil(len(values) * asked.share), 1) - 1])
    at_share = (len(values) - 1) * (Fraction(1, 2) if asked.fn is Across.MEDIAN else asked.share)
    low, high = values[floor(at_share)], values[ceil(at_share)]
    return known(low + (high - low) * (at_share - floor(at_share)))


def _place(asked: AcrossUnits, at: At, cells: Mapping[int, Cell], open_: State | None) -> Cell:
    """The unit's place among those that have a value; one that has none, or is not of them, has no place."""
    own = cells.get(at.unit)
    if own is None:
        applies = known(True) if at.item is None else at.office.applies(at.office.owner(at.item), at.unit)
        if not blocks(applies) or not at.office.stands_in(asked.population, at.unit):
            return ABSENT
    elif not has_value(own) and not blocks(own):
        return ABSENT
    if (state := blocking_state([*cells.values(), (open_ or State.VALUE, None)])) is not None:
        return state, None
    mine, values = number(cells[at.unit]), numbers(cells.values())
    if not asked.greatest_first:
        mine, values = -mine, [-value for value in values]
    return known(place(mine, values, asked.ties))


# ---- conditions ----------------------------------------------------------------------------------------------------


def holds(condition: Condition, at: At) -> Cell:
    """Whether a condition is met: yes, no, or a state that leaves it open."""
    match condition:
        case Comparison(op, left, right):
            return _compared(op, evaluate(left, at), evaluate(right, at))
        case Holds(of):
            return evaluate(of, at)
        case Filled(of):
            state, _ = evaluate(of, at)
            return PENDING if state is State.PENDING else known(state is State.VALUE)
        case AllOf(parts):
            return _logic((holds(part, at) for part in parts), decisive=False)
        case AnyOf(parts):
            return _logic((holds(part, at) for part in parts), decisive=True)
        case Not(part):
            state, value = holds(part, at)
            return (state, not value) if state is State.VALUE else (state, None)
        case Happened(along=along) if along:
            return _in_a_row(condition, at)
        case Happened(ledger, where, least):
            rows = matching(ledger, where, at)
            return (rows, None) if isinstance(rows, State) else known(len(rows) >= least)
        case InGrade():
            return in_grade(condition, at.office, at.unit)
        case Placed():
            return placed(condition, at.office, at.unit)
        case RuleHolds(code):
            return at.office.rule_holds(code, at.unit)
    raise AssertionError(condition)


def _in_a_row(condition: Happened, at: At) -> Cell:
    """Walk along the rows; whoever cannot be known leaves the run open until one does not meet the condition."""
    rows = [row for row in at.office.papers.rows_of(condition.ledger, at.unit) if has_value(row[condition.along])]
    rows.sort(key=lambda row: number(row[condition.along]))
    longest, run, last = 0, 0, None
    open_: State | None = None
    found: State | None = None
    places = Counter(number(row[condition.along]) for row in rows)
    for row in rows:
        if last is None or number(row[condition.along]) != last + 1:
            run, open_ = 0, None
        last = number(row[condition.along])
        cell = holds(condition.where, replace(at, rows={**at.rows, condition.ledger: row}))
        if places[last] > 1:
            cell = PENDING  # two rows for one year: nothing says which of them counts
        if blocks(cell):
            open_ = strongest((cell[0], open_ or State.VALUE))
        elif not has_value(cell) or not cell[1]:
            run, open_ = 0, None
        else:
            run += 1
        if open_ is not None:
            found = strongest((open_, found or State.VALUE))
        longest = max(longest, run)
    return (found, None) if found is not None else known(longest >= condition.least)


def _compared(op: Compare, left: Cell, right: Cell) -> Cell:
    state = strongest((left[0], right[0]))
    if state is not State.VALUE:
        return state, None
    try:
        return known(COMPARE[op](left[1], right[1]))
    except Unsettled:
        return PENDING


def _logic(parts: Iterable[Cell], *, decisive: bool) -> Cell:
    cells = list(parts)
    if any(cell == (State.VALUE, decisive) for cell in cells):
        return known(decisive)
    state = strongest(cell[0] for cell in cells)
    return known(not decisive) if state is State.VALUE else (state, None)


def both_hold(parts: Iterable[Cell]) -> Cell:
    """Whether all of several conditions hold."""
    return _logic(parts, decisive=False)


def belonging(use: LedgerUse, at: At) -> list[tuple[Row, Fraction]] | State:
    """The rows that a clause looks at for the unit, each with the part that counts for it.

    A row is excused where that condition is met; where nobody can tell, the score is open.
    """
    found, cells = [], []
    for row, part in _of_unit(use, at):
        inside = replace(at, rows={**at.rows, use.ledger: row})
        tests = [_said(use.where, inside)]
        if use.excused is not None:
            excused = _said(use.excused, inside)
            tests.append((State.VALUE, not excused[1]) if has_value(excused) else excused)
        cell = both_hold(tests)
        cells.append(cell)
        if has_value(cell) and cell[1]:
            found.append((row, part))
    return blocking_state(cells) or found


def _said(condition: Condition, at: At) -> Cell:
    """Whether a row meets a condition; one that is 不涉及 or weaker for the row is not met by it."""
    cell = holds(condition, at)
    return known(False) if State.VALUE < cell[0] < BLOCKING else cell


def _of_unit(use: LedgerUse, at: At) -> list[tuple[Row, Fraction]]:
    papers = at.office.papers
    if not use.owners:
        return [(row, Fraction(1)) for row in papers.rows_of(use.ledger, at.unit)]
    found = []
    for row in papers.rows(use.ledger):
        mine = [part for name, part in use.belongs if row.get(name) == papers.names[at.unit]]
        found += [(row, part) for part in (mine[:1] if use.once else mine)]
    return found


def matching(ledger: str, where: Condition, at: At) -> list[Row] | State:
    """The unit's rows of a ledger that meet ``where``, or the state of the row of which nobody can tell.

    A row of which the condition is 不涉及 or weaker does not meet it.
    """
    found = []
    cells = []
    for row in at.office.papers.rows_of(ledger, at.unit):
        cell = holds(where, replace(at, rows={**at.rows, ledger: row}))
        cells.append(cell)
        if has_value(cell) and cell[1]:
            found.append(row)
    return blocking_state(cells) or found
