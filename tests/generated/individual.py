"""个性指标: the unit's own rows, each by the method that it names."""

from __future__ import annotations

from fractions import Fraction

from generated.leaves import Leaf, Place, clause
from generated.maker import Maker, points
from generated.stock import ROWS, ROWS_DONE
from perfdsl.clauses.individual import Individual, row_unit
from perfdsl.model.expression import Call, ColumnRef, Fn, Number, OwnRef
from perfdsl.model.item import Answer, AnswerKind, Award, AwardKind, Clause, Item, Level
from perfdsl.model.rounding import Rounding
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, ValueType
from perfdsl.text.citation import Citation


def individual(maker: Maker, place: Place) -> Leaf:
    """Rows by three methods."""
    maker.stock.rows = True
    methods = tuple((name, method(maker, name)) for name in ("甲法", "乙法", "丙法"))
    scoring = Individual(
        kind="individual", table=ROWS, facts=ROWS_DONE, methods=methods, each=maker.chance.maybe(place.full)
    )
    return Leaf(scoring)


def method(maker: Maker, name: str) -> Item:
    """A rule for a row."""
    chance, unit = maker.chance, row_unit()
    target = ColumnRef(ROWS, "目标值", ValueType.NUMBER, unit)
    done = ColumnRef(ROWS_DONE, "完成值", ValueType.NUMBER, unit)
    kinds = (AnswerKind.FULL, AnswerKind.ZERO, AnswerKind.POINTS, AnswerKind.SKIP)
    states = (State.NIL, State.NOT_DUE, State.NONE, State.ABSENT, State.MISSING)
    answers = tuple(
        (state, Answer(chance.one(kinds), Fraction(1))) for state in states if maker.calm or chance.yes(0.7)
    )
    otherwise = Answer(chance.one(kinds), Fraction(1, 2))
    return Item(
        Level.POINT,
        f"行·{name}·{maker.stock.number()}",
        name,
        value=Call(Fn.ADD, (done, done)) if chance.yes(0.2) else done,
        target=target,
        higher_is_better=name != "乙法",
        scoring=rule(maker, name),
        answers=answers,
        exempt=maker.condition(0.2) if chance.yes(0.2) else None,
        requires=(maker.condition(0.8), otherwise) if chance.yes(0.25) else None,
        rounding=chance.maybe(Rounding(chance.whole(0, 2), chance.one(list(Mode))), 0.3),
        citation=Citation(code=name),
    )


def rule(maker: Maker, name: str) -> Clause:
    """How a row is scored."""
    if name == "甲法":
        return clause("meet_or_zero", otherwise=Award(AwardKind.ZERO))
    if name == "乙法":
        return clause("proportional", cap=maker.chance.one(("full_at_most", "uncapped")))
    value, target = OwnRef("value", row_unit()), OwnRef("target", row_unit())
    gap = Call(Fn.DIVIDE, (Call(Fn.SUBTRACT, (target, value)), target))
    each = Number(Fraction(1, 20), RATIO, "5 个百分点")
    return clause(
        "step_down", way="below", each=each, points=points(Fraction(1, 2)), gap=gap, floor="until_item",
        remainder=maker.chance.one(("pro_rata", "not_counted", "count_as")),
    )  # fmt: skip
