"""结果运用 with 对象 and 措施."""

from __future__ import annotations

import pytest
from rules import UNITS, Facts, codes, fact, plain, scheme, scope, setting

from perfdsl.clauses import measure
from perfdsl.clauses.measure import Measure
from perfdsl.data.columns import DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.model.states import State
from perfdsl.model.units import ValueType

FAILED = fact("未完成")


def clause(**fields: object) -> Measure:
    stated: dict[str, object] = {"whom": FAILED, "action": "约谈主要负责人"}
    return Measure(kind="measure", **(stated | fields))  # type: ignore[arg-type]


def test_lower_and_by_hand() -> None:
    """What does not concern a unit is not met; what nobody reported stays open."""
    cells = [(State.VALUE, True), (State.VALUE, False), (State.ABSENT, None), (State.MISSING, None)]
    asked = scope("未完成")
    asked.graph.output("found", measure.lower(clause(), asked))  # type: ignore[arg-type]
    data = {UNITS: DataTable(UNITS, 4, {"未完成": column("未完成", ValueType.BOOL, cells)})}
    assert plain(run(asked.graph.graph(), data).output("found")) == [True, False, False, State.MISSING]
    assert measure.by_hand(clause(), Facts(frozenset({FAILED})))
    assert not measure.by_hand(clause(), Facts())


@pytest.mark.parametrize(("fields", "expected"), [({}, []), ({"whom": None}, ["K388"]), ({"action": " "}, ["K389"])])
def test_check(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(measure.check(clause(**fields), setting(scheme()))) == expected


def test_sentence() -> None:
    assert measure.sentence(clause(), None) == "约谈主要负责人"
