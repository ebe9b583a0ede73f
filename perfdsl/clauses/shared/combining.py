"""Scores of children as one number: only the children that have a score are looked at."""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Scope, Setting, constant
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Level
from perfdsl.model.states import UNKNOWN, WEAKER, State
from perfdsl.model.units import POINTS
from perfdsl.text.catalogue import scoring
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span


def wanted(least: Expression | None) -> int:
    """How many children must have a score (至少 2 项); one, where the rule says nothing."""
    number = constant(least)
    return 1 if number is None else int(number)


def present(scope: Scope) -> NodeId:
    """How many children have a score."""
    graph = scope.graph
    one, none = graph.number(1), graph.number(0)
    return added(scope, [graph.choose((graph.has(child, *WEAKER), none), otherwise=one) for child in scope.children])


def total(scope: Scope) -> NodeId:
    """Sum of the scores that are there."""
    graph, zero = scope.graph, scope.graph.number(0, POINTS)
    return added(scope, [graph.choose((graph.has(child, *WEAKER), zero), otherwise=child) for child in scope.children])


def added(scope: Scope, parts: list[NodeId]) -> NodeId:
    """The sum of ``parts``."""
    return parts[0] if len(parts) == 1 else scope.graph.apply(Fn.ADD, *parts)


def if_enough(scope: Scope, least: Expression | None, score: NodeId) -> NodeId:
    """``score`` where enough children have one, else 不涉及; 待定 where one of them is open."""
    graph = scope.graph
    open_ = [graph.has(child, *UNKNOWN) for child in scope.children if graph.type(child).states & set(UNKNOWN)]
    cases = [(child, graph.nothing(State.PENDING, score)) for child in open_]
    enough = graph.apply(Fn.LESS_EQUAL, graph.number(wanted(least)), present(scope))
    return graph.choose(*cases, (enough, score), otherwise=graph.nothing(State.ABSENT, score))


def check_least(least: Expression | None, setting: Setting, span: Span | None) -> Iterable[Problem]:
    """至少 n 项 is a whole number, and there are so many children."""
    there = sum(1 for child in setting.item.children if child.level is not Level.STEP)
    if least is None:
        return
    number = constant(least)
    if number is None or number.denominator != 1 or number < 1:
        yield scoring.whole_number_wanted(span, "至少几项")
    elif number > there:
        yield scoring.too_many_wanted(span, str(number), str(there))


def enough(children: int, least: Expression | None) -> bool:
    """Whether ``children`` scores are enough."""
    number = constant(least)
    return children >= (1 if number is None else number)
