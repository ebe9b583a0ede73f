"""Individual indicators: the unit's own rows of a 附表, each scored by the 计分办法 that it names (个性指标).

What is common to all rows is text, what differs is the 附表: code, name, points, target, method. The item's score is
the sum of its rows' scores, each rounded like any published score.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from perfdsl.clauses.kind import Kind, Setting
from perfdsl.graph.ops import NodeId
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import Unit
from perfdsl.text.catalogue import totals
from perfdsl.text.form import Form, Word
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual(Clause):
    """``table``: the 附表 of rows; ``facts``: the table of what was reached; ``methods``: name → rule for a row.

    ``each``: what every unit's points must add up to, where the rule says so.
    """

    table: str
    facts: str
    methods: tuple[tuple[str, Item], ...]
    each: Fraction | None = None


def row_unit() -> Unit:
    """The unit of a row's target and value: whatever its 计量单位 says, the same for both."""
    return Unit(("行内计量单位",))


FORM = Form(name=Word("individual", "个性指标", english="individual"), header="individual")


def check(clause: Individual, setting: Setting) -> Iterable[Problem]:
    """Every unit's rows add up to the same."""
    table = setting.rulebook.table(clause.table)
    expected = clause.each if clause.each is not None else setting.item.full
    if table is None or expected is None:
        return
    names = [column.name for column in table.columns]
    sums: dict[str, Fraction] = {}
    for row in table.rows:
        unit, points = row[names.index("单位")].text, row[names.index("分值")].text
        try:
            sums[unit] = sums.get(unit, Fraction(0)) + Fraction(points)
        except (ValueError, ZeroDivisionError):
            continue
    for unit, total in sums.items():
        if total != expected:
            yield totals.individual_differs(setting.item.span, unit, expected, total)


def lower(clause: Individual, scope: Any) -> NodeId:
    """Sum over the unit's rows of the row's score."""
    node: NodeId = scope.sum_of_rows(clause)
    return node


def by_hand(clause: Individual, facts: Any) -> Fraction | None:
    """Score each row by its method and add up; a unit without rows that count has no score."""
    scores = facts.row_scores(clause)
    return sum(scores, Fraction(0)) if scores else None


def sentence(clause: Individual, item: Item) -> str:
    """各行按其计分办法得分，合计."""
    return f"附表“{clause.table}”中本单位各行按其计分办法得分，合计"


KIND = Kind(
    key="individual",
    form=FORM,
    node=Individual,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    with_rules=lambda clause, through: replace(
        clause, methods=tuple((name, through(rule)) for name, rule in clause.methods)
    ),
)
