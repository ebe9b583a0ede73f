"""Count loss: points off for each piece (每有 1 件未按期办结扣 1 分，扣完本指标为止; 每起扣 2 分，最多扣 10 分).

An indicator starts from its full mark, or from what the phrase gives for none (未发生得满分, 全部完成加 0.5 分);
a deduction starts from 0. Two phrasings, one meaning: :data:`KIND` counts an object, :data:`RATE_KIND` a unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared import counting
from perfdsl.clauses.shared.awards import answers, award_node, check_award, check_one_of, start, start_node, worth
from perfdsl.clauses.shared.bounds import (
    FLOOR,
    FLOOR_CHOICES,
    FLOOR_FIELD,
    MOST_LOST,
    check_floor,
    floor_in_words,
    floored,
    floored_by_hand,
)
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.stepping import REMAINDER_CHOICE, WHOLE_STEPS, remainder_slot
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Answer, Award, AwardKind, Clause, Item, Level
from perfdsl.model.states import State
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import totals
from perfdsl.text.form import Form, Slot, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLoss(Clause):
    """``points`` off for each ``each`` (or one of ``unit``) of ``what``.

    ``none`` is what 未发生 gives, ``all_done`` what ``done`` (全部完成) gives; the loss starts there.
    """

    points: Expression
    each: Expression | None = None
    unit: str = ""
    what: str = ""
    none: Award | None = None
    done: str = ""
    all_done: Award | None = None
    remainder: str | None = None
    under: Expression | None = None
    counted_as: Expression | None = None
    most: Expression | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None

    @property
    def from_(self) -> Award | None:
        """What none gives, where the phrase says it."""
        return self.none if self.none is not None else self.all_done

    @property
    def answers(self) -> dict[State, Answer]:
        """未发生得满分 answers the state too."""
        return answers(State.NONE, self.none)


def _form(name: Word, piece: Slot) -> Form:
    return Form(
        name=name,
        pattern=(
            fixed("meet", required=False),
            slot("none_occurred", {"award": "none"}, required=False),
            slot(
                "statement",
                {"text": "done", "award": "all_done"},
                required=False,
                award__kind=("full", "get", "add"),
            ),
            piece,
            remainder_slot(),
            MOST_LOST,
            FLOOR,
        ),
        takes=(FLOOR_FIELD,),
        without=("ledger_use",),
    )


def check(clause: CountLoss, setting: Setting) -> Iterable[Problem]:
    """A piece that can be counted, a floor with its scope, a start within the full mark."""
    yield from counting.check_counting(clause, setting, "扣")
    yield from check_floor(clause, setting)
    yield from check_one_of(clause.none, clause.all_done, ("未发生", clause.done), clause.span)
    if setting.item.level is Level.BONUS and clause.from_ is None:
        full = setting.item.full
        loss = counting.in_words(clause, clause.what, "扣") + floor_in_words(clause, amount(clause.most))
        yield totals.bonus_only_loses(clause.span, setting.item.name, decimal(full) if full is not None else "", loss)
    if clause.from_ is not None and clause.from_.kind is not AwardKind.FULL:
        yield from check_award(clause.from_, setting)


def lower(clause: CountLoss, scope: Scope) -> NodeId:
    """start - min(most, pieces × points), not below the floor."""
    graph = scope.graph
    lost = graph.apply(Fn.MULTIPLY, counting.pieces_node(clause, scope), points(scope, clause.points))
    if clause.most is not None:
        lost = graph.apply(Fn.LEAST, lost, points(scope, clause.most))
    begin = start_node(scope) if clause.from_ is None else award_node(clause.from_, scope)
    return floored(clause, graph.apply(Fn.SUBTRACT, begin, lost), scope)


def by_hand(clause: CountLoss, facts: Facts) -> Fraction:
    """Take the points of every piece off what none would give, and stop where the rule stops."""
    lost = counting.pieces_by_hand(clause, facts) * facts.number(clause.points)
    if clause.most is not None:
        lost = min(lost, facts.number(clause.most))
    begin = start(facts) if clause.from_ is None else worth(clause.from_, facts)
    return floored_by_hand(clause, begin - lost, facts)


def sentence(clause: CountLoss, item: Item) -> str:
    """未发生得满分；每有 1 件未按期办结扣 1 分，扣完本指标为止."""
    begin = ""
    if clause.from_ is not None:
        begin = f"{clause.done if clause.none is None else '未发生'}{in_words(clause.from_)}；"
    loss = counting.in_words(clause, clause.what, "扣")
    return begin + loss + floor_in_words(clause, amount(clause.most))


KIND = Kind(
    key="count_loss",
    form=_form(Word("count_loss", "逐件扣分", english="count-loss"), counting.count_slot("deduct")),
    node=CountLoss,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.remainder not in WHOLE_STEPS,
    fact_unit=counting.fact_unit,
    fact_name=lambda clause: clause.what,
    answers=lambda clause: clause.answers,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(
        REMAINDER_CHOICE,
        *FLOOR_CHOICES,
    ),
)

RATE_KIND = Kind(
    key="rate_loss",
    form=_form(Word("rate_loss", "按次扣分", english="rate-loss"), counting.rate_slot("deduct")),
    node=CountLoss,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.remainder not in WHOLE_STEPS,
    fact_unit=counting.fact_unit,
    choices=(
        REMAINDER_CHOICE,
        *FLOOR_CHOICES,
    ),
)
