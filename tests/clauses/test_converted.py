"""按比例折算，原满分 1000 分，最高得满分."""

from __future__ import annotations

from typing import Any

from scope import Trial, amount, both, codes, fact, item, numbers, scores

from perfdsl.clauses.converted import Converted
from perfdsl.model.item import Answer, AnswerKind, Item
from perfdsl.model.states import State


def clause(**fields: Any) -> Converted:
    return Converted(kind="converted", **({"out_of": (amount("1000 分"),), "cap": "full_at_most"} | fields))


def made(given: Converted, **changes: Any) -> Item:
    answers = ((State.MISSING, Answer(AnswerKind.RETURN)),)
    given_: dict[str, Any] = {"full": "70", "value": fact("实际", "分"), "answers": answers}
    return item(given, **(given_ | changes))


def test_a_share_of_another_full_mark() -> None:
    # 905.5 ÷ 1000 × 70 = 63.385; 1010 would be 70.7
    both(Trial(made(clause()), numbers("905.5", "1010", "0")), scores("63.385", "70", "0"))
    both(Trial(made(clause(cap="uncapped")), numbers("1010")), scores("70.7"))
    both(Trial(made(clause(cap=None, most=amount("65 分"))), numbers("950", "500")), scores("65", "35"))


def test_problems() -> None:
    assert codes(made(clause())) == []
    assert codes(made(clause(out_of=()))) == ["K289"]
    assert codes(made(clause(cap=None))) == ["K289"]
    assert codes(made(clause(), answers=())) == ["K289"]
    assert codes(made(clause(), full=None)) == ["K242"]
    assert codes(made(clause(most=amount("60 分"), cap="uncapped"))) == ["K247"]
