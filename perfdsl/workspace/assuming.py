"""暂按: what may be given for the time being for what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from perfdsl.clauses import BY_KEY
from perfdsl.model.item import Answer, AnswerKind, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.text.records import replace

Assumption = Literal["", "不得分", "得满分", "不计分"]
"""What --assume-pending (暂按) may be; "" for nothing."""

ASSUMPTIONS: Mapping[str, Answer] = {
    "不得分": Answer(AnswerKind.ZERO),
    "得满分": Answer(AnswerKind.FULL),
    "不计分": Answer(AnswerKind.SKIP),
}


def assuming(book: Rulebook, answer: Answer) -> Rulebook:
    """The rulebook with ``answer`` for every state that it leaves open."""

    def one(item: Item) -> Item:
        through = BY_KEY[item.scoring.kind].with_rules if item.scoring is not None else None
        scoring = item.scoring if through is None else through(item.scoring, one)
        open_states = [
            state
            for state in State
            if state is not State.VALUE and ((given := item.answer(state)) is None or given.kind is AnswerKind.RETURN)
        ]
        answers = tuple(pair for pair in item.answers if pair[0] not in open_states)
        more = tuple((state, answer) for state in open_states) if item.scoring is not None else ()
        children = tuple(one(child) for child in item.children)
        return replace(item, answers=tuple(sorted((*answers, *more))), scoring=scoring, children=children)

    return replace(book, items=tuple(one(item) for item in book.items))
