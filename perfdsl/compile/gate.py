"""The shell around a score: which state its inputs are in, and what the rule gives for it.

A kind sees values only. 适用, 前提 and the answers to 未报, 不涉及, 未发生 … are the same for all kinds and stand here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from perfdsl.clauses.kind import Kind
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.inputs import inputs_of
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.item import Answer, AnswerKind, Item
from perfdsl.model.states import State
from perfdsl.model.units import ValueType

if TYPE_CHECKING:
    from perfdsl.compile.lower import Lowering


def may_give(kind: AnswerKind, item: Item) -> bool:
    """Whether a state of the item, or a 前提 that is not met, is answered so."""
    unmet = item.requires[1] if item.requires is not None else None
    return (unmet is not None and unmet.kind is kind) or any(answer.kind is kind for _, answer in item.answers)


WITHOUT_VALUE = tuple(state for state in sorted(State, reverse=True) if state is not State.VALUE)
"""The states in which there is no value, the strongest first."""


class Gate:
    """Around a score: which state its inputs are in, and what the rule gives for it."""

    def __init__(self, lowering: Lowering, item: Item, kind: Kind, raw: NodeId) -> None:
        self.lowering = lowering
        self.builder = lowering.builder
        self.item = item
        self.raw = raw
        self.inputs = inputs_of(lowering, item)
        self.part_of = self._open(lowering.part_of(item))
        self.applies = self._open(None if item.applies is None else lowering.own_applies(item, item.applies))
        self.requires = self._open(None if item.requires is None else lowering.met(item.requires[0], item))

    def _open(self, condition: NodeId | None) -> NodeId | None:
        """A condition of which a fact is 未报 leaves the score open: it is not the item itself that is unreported."""
        builder = self.builder
        if condition is None or State.MISSING not in builder.type(condition).states:
            return condition
        missing = builder.has(condition, State.MISSING)
        return builder.choose((missing, builder.nothing(State.PENDING, condition)), otherwise=condition)

    def _followed(self, answer: Answer | None) -> Answer | None:
        """``answer``, 视为 another state followed to what the rule gives for that one."""
        for _ in State:
            if answer is None or answer.kind is not AnswerKind.AS:
                return answer
            answer = self.item.answer(answer.state or State.PENDING)
        return None

    def _any(self, state: State) -> NodeId | None:
        builder = self.builder
        found = [builder.has(node, state) for node in self.inputs if state in builder.type(node).states]
        if not found:
            return None
        return found[0] if len(found) == 1 else builder.apply(Fn.OR, *found)

    @cached_property
    def _inputs_in(self) -> list[tuple[State, NodeId]]:
        """(state, whether an input is in it), the strongest first."""
        return [(state, node) for state in WITHOUT_VALUE if (node := self._any(state)) is not None]

    @cached_property
    def states(self) -> tuple[tuple[State, NodeId, Answer | None], ...]:
        """(state, whether it is the one that decides, what it gives), the strongest first; asked in this order.

        前提 that is not met comes last: it has an answer like a state, but says nothing about the value.
        """
        builder, item = self.builder, self.item
        found: list[tuple[State, NodeId, Answer | None]] = []
        with builder.origin(item.citation):  # whoever asks first
            if self.part_of is not None:
                found.append((State.ABSENT, builder.apply(Fn.NOT, self.part_of), Answer(AnswerKind.SKIP)))
            if self.applies is not None:
                found.append(
                    (State.ABSENT, builder.apply(Fn.NOT, self.applies), self._followed(item.answer(State.ABSENT)))
                )
            found += [(state, node, self._followed(item.answer(state))) for state, node in self._inputs_in]
            if self.requires is not None and item.requires is not None:
                found.append((State.VALUE, builder.apply(Fn.NOT, self.requires), self._followed(item.requires[1])))
        return tuple(found)

    @property
    def word(self) -> NodeId:
        """The state that decides, in its word; that of 适用 where nobody can tell whether the item applies."""
        builder = self.builder
        asked: list[tuple[State, NodeId]] = []
        applies = self.lowering.applies(self.item)
        if applies is not None:
            open_states = [state for state in (State.PENDING, State.MISSING) if state in builder.type(applies).states]
            asked += [(state, builder.has(applies, state)) for state in open_states]
            asked.append((State.ABSENT, builder.apply(Fn.NOT, applies)))
        asked += self._inputs_in
        cases = [(node, builder.constant(state.chinese, ValueType.TEXT)) for state, node in asked]
        value = builder.constant(State.VALUE.chinese, ValueType.TEXT)
        return builder.choose(*cases, otherwise=value) if cases else value

    @cached_property
    def own_score(self) -> NodeId:
        """The score of units that are scored on their own; whom an answer serves is 不涉及 here, the rest 待定."""
        with self.builder.origin(self.item.citation):  # whoever asks first
            return self._with(self._kept_out)

    def _kept_out(self, answer: Answer | None) -> NodeId:
        undecided = answer is None or answer.kind is AnswerKind.RETURN
        return self._pending if undecided else self._absent

    @cached_property
    def _pending(self) -> NodeId:
        return self.builder.nothing(State.PENDING, self.raw)

    @cached_property
    def _absent(self) -> NodeId:
        return self.builder.nothing(State.ABSENT, self.raw)

    def _with(self, gives: Callable[[Answer | None], NodeId]) -> NodeId:
        cases = [(node, gives(answer)) for _, node, answer in self.states]
        if State.MISSING in self.builder.type(self.raw).states:
            # what is missing elsewhere (a peer's value, a cell of the ledger) leaves this score open, not unreported
            missing = self.builder.has(self.raw, State.MISSING)
            cases.append((missing, self._pending))
        return self.builder.choose(*cases, otherwise=self.raw) if cases else self.raw

    def answered(self, own: NodeId) -> NodeId:
        """The score with every answer of the rule; a state without an answer is 待定."""
        return self._with(lambda answer: self._given(answer, own))

    def _given(self, answer: Answer | None, own: NodeId) -> NodeId:
        if answer is None:
            return self._pending
        if answer.kind is AnswerKind.GROUP_MEAN:
            lowering = self.lowering
            rounding = self.item.rounding or lowering.book.roundings.score
            key: tuple[NodeId, ...] = (lowering.category,) if lowering.has_categories else ()
            cadence, grain = lowering.by_period(self.item), lowering.grain_of(self.item)
            if cadence is not None:
                published = lowering.rounded(own, lowering.period_rounding(self.item))
                key = tuple(lowering.expressions.on_rows(node, grain) for node in key)
                return self.builder.mean(published, key=(self.builder.column(grain, cadence.along), *key), to=grain)
            published = lowering.rounded(own, rounding)
            return self.builder.mean(published, key=key, to=UNIT_GRAIN)
        return self.lowering.answer(answer, self.item, self.raw)

    def absent_by(self) -> dict[AnswerKind, NodeId]:
        """For each answer that takes the item away: whether it is what happened."""
        builder = self.builder
        found: dict[AnswerKind, list[NodeId]] = {}
        before: list[NodeId] = []
        for _, node, answer in self.states:
            if answer is not None and answer.kind in (AnswerKind.REDISTRIBUTE, AnswerKind.SMALLER_FULL):
                stronger = [builder.apply(Fn.NOT, one) for one in before]
                found.setdefault(answer.kind, []).append(builder.apply(Fn.AND, node, *stronger) if stronger else node)
            before.append(node)
        return {kind: nodes[0] if len(nodes) == 1 else builder.apply(Fn.OR, *nodes) for kind, nodes in found.items()}
