"""From earned points to the total: redistribution, bounds, rounding, sums of the tree, bonuses and deductions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl.clauses.shared.ruling import Ruling
from perfdsl.model.item import GROUPS, AnswerKind, Item, Level
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Combine, Rule
from perfdsl.model.states import State, strongest
from perfdsl.reference.cells import ABSENT, PENDING, blocking_state, has_value, known, number, numbers, rounded_cell
from perfdsl.reference.desk import Desk, worked_by_hand
from perfdsl.reference.expressions import At, evaluate, holds
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.reference.office import Office

SCORED = frozenset({Level.INDICATOR, Level.POINT})
"""Levels whose full marks are shared out where an item does not concern a unit."""
OUTSIDE = frozenset({Level.BONUS, Level.DEDUCTION, Level.STEP})
"""Levels that are no part of 基本分."""


@dataclass(frozen=True)
class Score:
    """A score before and after rounding."""

    exact: Cell
    published: Cell


def score(office: Office, item: Item, unit: int) -> Score:
    """The score of any item."""
    exact = _leaf(office, item, unit) if item.scoring is not None else _group(office, item, unit)
    if item.scoring is None:
        exact = multiplied(office, item, unit, exact)
    exact = _bounded(office, item, unit, exact)
    rounding = office.rulebook.roundings.group if item.level in GROUPS else office.rulebook.roundings.score
    published = rounded_cell(exact, item.rounding or rounding)
    rules = [rule for rule in office.rulebook.vetoes if item.code in getattr(rule.clause, "codes", ())]
    return Score(_zeroed(office, rules, unit, exact), _zeroed(office, rules, unit, published))


def _zeroed(office: Office, rules: Sequence[Rule], unit: int, cell: Cell) -> Cell:
    """A score or total after the vetoes that make it 0; where there is none, it stays none."""
    found = [office.ruling(rule, unit) for rule in rules]
    if cell[0] is State.ABSENT:
        return cell
    if any(isinstance(one, Ruling) and one.applies for one in found):
        return known(Fraction(0))
    return PENDING if any(isinstance(one, State) for one in found) else cell


def _leaf(office: Office, item: Item, unit: int) -> Cell:
    cell = multiplied(office, item, unit, office.earned(item, unit).cell)
    return known(number(cell) * office.factor(item, unit)) if has_value(cell) else cell


def multiplied(office: Office, item: Item, unit: int, cell: Cell) -> Cell:
    """A score times 系数, if the unit is given it; a coefficient that is not known leaves the score open."""
    given = item.coefficient
    if given is None or not has_value(cell):
        return cell
    at = At(office, unit, item)
    if given.when is not None:
        held = holds(given.when, at)
        if blocking_state([held]) is not None:
            return PENDING
        if not (has_value(held) and held[1]):
            return cell
    times = evaluate(given.of, at)
    if not has_value(times):
        return PENDING
    points = number(cell) * number(times)
    if given.cap == "full_at_most":
        points = min(points, item.full or Fraction(0))
    return known(points if given.most is None else min(points, given.most))


def _bounded(office: Office, item: Item, unit: int, cell: Cell) -> Cell:
    """加分项 give from 0 to their cap, 扣分项 take at most it."""
    if item.level not in (Level.BONUS, Level.DEDUCTION) or (item.full is None and item.most is None):
        return cell
    cap = known(item.full) if item.full is not None else evaluate(item.most, At(office, unit, item))  # type: ignore[arg-type]
    if (state := strongest((cell[0], cap[0]))) is not State.VALUE:
        return state, None
    if item.level is Level.BONUS:
        return known(max(Fraction(0), min(number(cell), number(cap))))
    return known(min(Fraction(0), max(number(cell), -number(cap))))


def _group(office: Office, item: Item, unit: int) -> Cell:
    """The scores of the children, combined as the rule says or added up; what is 不涉及 is left out."""
    children = office.summed(item)
    if not children:
        return _left_open(office, item, unit)
    cells = [office.used_score(child, unit) for child in children]
    if blocking_state(cells) is not None:
        return PENDING
    total = added(cells) if item.combine is None else worked_by_hand(item.combine, Desk(office, unit, item))
    if item.floored and has_value(total):
        return known(max(Fraction(0), number(total)))
    return total


def _left_open(office: Office, item: Item, unit: int) -> Cell:
    """An item whose 计分 is 待定: nobody's score is known, but it is nothing to units that it does not apply to."""
    applies = office.applies(item, unit)
    return PENDING if applies == (State.VALUE, True) or blocking_state([applies]) else ABSENT


def added(cells: Sequence[Cell]) -> Cell:
    """The sum of what is there; 不涉及 where there are parts and none is there."""
    if blocking_state(cells) is not None:
        return PENDING
    points = numbers(cells)
    return known(sum(points, start=Fraction(0))) if points or not cells else ABSENT


# ---- redistribution ------------------------------------------------------------------------------------------------


def factor(office: Office, top: Item, unit: int) -> Fraction:
    """By how much the points of the items of a 一级指标 grow, since others of them do not concern the unit.

    What those would have given is shared out in proportion: full marks of all ÷ full marks of those that are scored.
    A score that is still open counts as scored. An item that combines its 要点 counts once, with its own full mark.
    """
    scored, moved = Fraction(0), Fraction(0)
    for bearer in top.bearers():
        if not bearer.full:
            continue
        results = [office.earned(leaf, unit) for leaf in bearer.scored_below()]
        if any(result.cell[0] is not State.ABSENT for result in results):
            scored += bearer.full
        elif any(result.gone_by is AnswerKind.REDISTRIBUTE for result in results):
            moved += bearer.full
    return (scored + moved) / scored if scored else Fraction(1)


def full_mark(office: Office, item: Item, unit: int) -> Cell:
    """The full mark that holds for the unit; an item that it has no score for has none."""
    if item.full is None:
        return ABSENT
    if item.scoring is None or item.level not in SCORED:
        return known(item.full)
    if office.score(item, unit).published[0] is State.ABSENT:
        return ABSENT
    return known(item.full * office.factor(item, unit))


# ---- base and total ------------------------------------------------------------------------------------------------


def base(office: Office, unit: int) -> Cell:
    """基本分: the top level combined, and scaled up where 按折算满分 took items away."""
    roots = [item for item in office.rulebook.items if item.level not in OUTSIDE]
    cells = [office.used_score(item, unit) for item in roots]
    rule = office.rulebook.total
    if sum(cell[0] is not State.ABSENT for cell in cells) < rule.at_least:
        return ABSENT
    match rule.combine:
        case Combine.SUM:
            whole = added(cells)
        case Combine.MEAN:
            whole = added(cells)
            count = len(numbers(cells))
            whole = known(number(whole) / count) if has_value(whole) and count else whole
        case Combine.LEAST:
            whole = added(cells)
            whole = known(min(numbers(cells))) if has_value(whole) and numbers(cells) else whole
        case Combine.WEIGHTED:
            whole = _weighted([weight_of(office, item, unit) for item in roots], cells, rule.share_missing)
    return _to_full(office, unit, whole)


def weight_of(office: Office, item: Item, unit: int) -> Fraction:
    """权重; where they differ by category, that of the unit's."""
    if not item.weights:
        return item.weight or Fraction(0)
    return dict(item.weights).get(str(office.papers.category_name(unit)[1]), Fraction(0))


def _weighted(weights: Sequence[Fraction], cells: Sequence[Cell], share_missing: bool) -> Cell:
    """Σ score × weight; where the rule says so, the weights of groups that are not there go to the others."""
    parts = [
        known(number(cell) * weight) if has_value(cell) else cell for cell, weight in zip(cells, weights, strict=True)
    ]
    whole = added(parts)
    if not share_missing or not has_value(whole):
        return whole
    here = sum((weight for cell, weight in zip(cells, weights, strict=True) if has_value(cell)), start=Fraction(0))
    return known(number(whole) * sum(weights) / here) if here else whole


def _to_full(office: Office, unit: int, whole: Cell) -> Cell:
    """按折算满分: points ÷ (full mark less what it loses by the items taken away) × full mark.

    A point of an item is worth in the full mark what it is worth in the base. Of the lowest 一级指标 there is no such
    worth; there 按折算满分 stands only at items that are 一级指标 themselves, and what is left is complete.
    """
    if not has_value(whole) or office.rulebook.total.combine is Combine.LEAST:
        return whole
    lost = Fraction(0)
    for root in office.rulebook.items:
        if root.level not in OUTSIDE and (taken := office.taken_away(root, unit)):
            lost += taken * _worth(office, root, unit)
    if not lost:
        return whole
    full = category_full(office, unit)
    return known(number(whole) * full / (full - lost)) if full != lost else PENDING


def taken_away(office: Office, root: Item, unit: int) -> Fraction:
    """The full marks at or below a root that 按折算满分 takes away from the unit."""
    found = Fraction(0)
    for item in root.scored_below():
        counts = item.level not in OUTSIDE and item.full is not None
        if counts and office.earned(item, unit).gone_by is AnswerKind.SMALLER_FULL:
            found += item.full or Fraction(0)
    return found


def _worth(office: Office, root: Item, unit: int) -> Fraction:
    """What one point of a 一级指标 is worth in the base; nothing where it is gone and the others stand in for it."""
    rule = office.rulebook.total
    if rule.combine is Combine.SUM:
        return Fraction(1)
    own = weight_of(office, root, unit)
    if rule.combine is Combine.WEIGHTED and not rule.share_missing:
        return own
    roots = [item for item in office.rulebook.items if item.level not in OUTSIDE]
    there = [item for item in roots if has_value(office.used_score(item, unit))]
    if root not in there:
        return Fraction(0)
    if rule.combine is Combine.MEAN:
        return Fraction(1, len(there))
    here = sum((weight_of(office, item, unit) for item in there), start=Fraction(0))
    everywhere = sum((weight_of(office, item, unit) for item in roots), start=Fraction(0))
    return own * everywhere / here if here else Fraction(0)


def category_full(office: Office, unit: int) -> Fraction:
    """The full mark of the unit's category, else the rulebook's."""
    category = office.papers.category(unit)
    own = category.full if category is not None else None
    return own if own is not None else office.rulebook.full or Fraction(0)


def total(office: Office, unit: int) -> Cell:
    """总分: 基本分, plus bonuses, less deductions, kept within its bounds, rounded."""
    rule = office.rulebook.total
    parts = [office.base(unit)]
    if rule.bonuses:
        parts.append(_outside(office, unit, Level.BONUS, None, rule.most_bonus))
    if rule.deductions:
        parts.append(_outside(office, unit, Level.DEDUCTION, rule.most_deduction, None))
    state = strongest(cell[0] for cell in parts)
    if state is not State.VALUE:
        return _total_zeroed(office, unit, PENDING if blocking_state(parts) is not None else (state, None))
    points = sum(numbers(parts), start=Fraction(0))
    if rule.most is not None:
        points = min(points, rule.most)
    if rule.least is not None:
        points = max(points, rule.least)
    return _total_zeroed(office, unit, rounded_cell(known(points), office.rulebook.roundings.total))


def _total_zeroed(office: Office, unit: int, cell: Cell) -> Cell:
    rules = [rule for rule in office.rulebook.vetoes if getattr(rule.clause, "effect", None) == "total_zero"]
    return _zeroed(office, rules, unit, cell)


def _outside(office: Office, unit: int, level: Level, down_to: Fraction | None, up_to: Fraction | None) -> Cell:
    """All 加分项 (or 扣分项, whose scores are negative) of the whole; those that do not concern the unit give 0."""
    items = [item for item in office.rulebook.items if item.level is level]
    cells = [office.used_score(item, unit) for item in items]
    if blocking_state(cells) is not None:
        return PENDING
    points = sum(numbers(cells), start=Fraction(0))
    if down_to is not None:
        points = max(points, -down_to)
    if up_to is not None:
        points = min(points, up_to)
    return known(points)
