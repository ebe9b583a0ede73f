"""The score of an item that has a scoring of its own: who is scored, on what, and what is given where nothing is.

In this order:

1. 适用 of all above the item: a unit that the part is not for is not scored by it at all. 适用 of the item itself: a
   unit that it does not apply to is 不涉及, and gets what the item answers.
2. The gate: the strongest state among 指标值, 目标值 and every amount in the phrase. 有值 goes on; another state gives
   what the rule answers (得满分, 不得分, 得 x 分, 得同类平均分, 视为 another state, or no score at all), and where the
   rule does not answer it, the score is 待定. Where it is open whether the item applies, no answer is asked for:
   answers are for what is known to concern the unit.
3. 前提 that is not met gives its answer. 4. 免扣 that is met gives full marks. 5. The clause, by hand.

A condition that is 不涉及 or weaker is not met; one that is 未报 or 待定 makes the score 待定.

得同类平均分 is the mean of the scores that the units of the same category earned on their own, each rounded as the
item is, before any redistribution. A unit whose score is still open makes that mean 待定.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfdsl.model.expression import ColumnRef, Condition, Expression
from perfdsl.model.item import Answer, AnswerKind, Item, LedgerUse
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State, strongest
from perfdsl.model.walking import inside
from perfdsl.reference.cells import ABSENT, PENDING, Open, blocking_state, has_value, known, numbers, rounded_cell
from perfdsl.reference.desk import Desk, met, worked_by_hand
from perfdsl.reference.expressions import At, evaluate, holds
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.reference.office import Office

NO_SCORE = frozenset({AnswerKind.SKIP, AnswerKind.REDISTRIBUTE, AnswerKind.SMALLER_FULL})
"""Answers that take the item away from the unit."""


@dataclass(frozen=True)
class Decided:
    """``gate`` is the state before any answer. ``cell`` is what the unit earns on its own, or, where the rule
    answers instead, None beside the ``answer``."""

    gate: State
    cell: Cell | None
    answer: Answer | None = None


@dataclass(frozen=True)
class Earned:
    """What a unit earns on an item, before redistribution, bounds and rounding; ``gone_by`` is the answer that took
    the item away."""

    gate: State
    cell: Cell
    gone_by: AnswerKind | None = None


def decided(desk: Desk) -> Decided:
    """Walk the five steps."""
    item, gate = desk.item, gate_state(desk)
    part_of, applies = desk.office.part_of(item, desk.unit), desk.office.applies(item, desk.unit)
    if blocking_state([part_of, applies]) is not None:
        return Decided(gate, PENDING)
    if part_of != (State.VALUE, True):
        return Decided(gate, None, Answer(AnswerKind.SKIP))
    if gate is not State.VALUE:
        answer = answer_to(item, gate)
        return Decided(gate, PENDING if answer is None else None, answer)
    assert item.scoring is not None
    try:
        if item.requires is not None and not met(holds(item.requires[0], desk.at)):
            answer = followed(item, item.requires[1])
            return Decided(gate, PENDING if answer is None else None, answer)
        if item.exempt is not None and met(holds(item.exempt, desk.at)):
            return Decided(gate, known(desk.full))
    except Open:
        return Decided(gate, PENDING)
    return Decided(gate, worked_by_hand(item.scoring, desk))


def earned(office: Office, item: Item, unit: int) -> Earned:
    """What the unit earns, or what the rule gives instead."""
    found = decided(Desk(office, unit, item))
    if found.cell is not None:
        return Earned(found.gate, found.cell)
    assert found.answer is not None
    gone_by = found.answer.kind if found.answer.kind in NO_SCORE else None
    return Earned(found.gate, answered(office, item, unit, found.answer), gone_by)


# ---- the gate ------------------------------------------------------------------------------------------------------


def gate_state(desk: Desk) -> State:
    """The state that decides whether there is a score."""
    applies = desk.office.applies(desk.item, desk.unit)
    if applies != (State.VALUE, True):
        return applies[0] if blocking_state([applies]) else State.ABSENT
    cells = [evaluate(expression, desk.at) for expression in expressions_in(desk.item.scoring)]
    return strongest(cell[0] for cell in (*cells, desk.value_cell, desk.target_cell))


def expressions_in(part: Any) -> Iterator[Expression]:
    """Every expression inside a clause; what a ledger's rows must meet, and the rules for rows, are asked row by row."""
    if isinstance(part, Expression):
        yield part
    elif not isinstance(part, (LedgerUse, Item, Condition)):
        for one in inside(part):
            yield from expressions_in(one)


# ---- answers -------------------------------------------------------------------------------------------------------


def answer_to(item: Item, state: State) -> Answer | None:
    """What the rule gives for ``state``; None where it gives nothing."""
    return followed(item, item.answer(state))


def followed(item: Item, answer: Answer | None) -> Answer | None:
    """``answer``, 视为 followed to its end. 退回补报 and an end that is nowhere are no answer: the score is open."""
    for _ in State:
        if answer is None or answer.kind is not AnswerKind.AS:
            return None if answer is not None and answer.kind is AnswerKind.RETURN else answer
        answer = item.answer(answer.state or State.PENDING)
    return None


def answered(office: Office, item: Item, unit: int, answer: Answer, full: Fraction | None = None) -> Cell:
    """The score that an answer gives; ``full`` in place of the item's full mark."""
    match answer.kind:
        case AnswerKind.SKIP | AnswerKind.REDISTRIBUTE | AnswerKind.SMALLER_FULL:
            return ABSENT
        case AnswerKind.FULL:
            return known(full if full is not None else item.full or Fraction(0))
        case AnswerKind.ZERO:
            return known(Fraction(0))
        case AnswerKind.POINTS:
            return known(answer.points)
        case AnswerKind.GROUP_MEAN:
            return group_mean(office, item, unit)
        case AnswerKind.RETURN | AnswerKind.AS:
            return PENDING


def group_mean(office: Office, item: Item, unit: int) -> Cell:
    """Mean of what the units of the same category earned on their own."""
    rounding = item.rounding or office.rulebook.roundings.score
    found = [decided(Desk(office, peer, item)).cell for peer in office.same_category(unit)]
    cells = [cell for cell in found if cell is not None]
    if blocking_state(cells) is not None:
        return PENDING
    rounded = [rounded_cell(known(points), rounding) for points in numbers(cells)]
    if blocking_state(rounded) is not None:
        return PENDING
    own = numbers(rounded)
    return known(sum(own, start=Fraction(0)) / len(own)) if own else ABSENT


def published_value(office: Office, item: Item, unit: int) -> Cell:
    """指标值 as it is published and used: rounded where the rulebook says so; 不涉及 where the item does not apply."""
    applies = office.applies(item, unit)
    if applies != (State.VALUE, True):
        return (applies[0], None) if blocking_state([applies]) else ABSENT
    assert item.value is not None
    cell = evaluate(item.value, At(office, unit, item))
    rounding = office.rulebook.roundings.value
    if rounding is None or not has_value(cell) or not isinstance(cell[1], Fraction) or not calculated(item):
        return cell
    return rounded_cell(cell, rounding)


def calculated(item: Item) -> bool:
    """Whether 指标值 is worked out; what was reported as it is stays as it was reported."""
    return not isinstance(item.value, ColumnRef)
