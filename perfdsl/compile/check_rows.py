"""Rules for the rows of 个性指标: a row knows its own numbers and those of its unit, and no other row."""

from __future__ import annotations

from collections.abc import Iterator

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.individual import Individual
from perfdsl.model.expression import AcrossUnits, ColumnRef, OwnRef
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.walking import nodes
from perfdsl.text.catalogue import totals
from perfdsl.text.problem import Problem


def rows_stand_alone(book: Rulebook) -> Iterator[Problem]:
    """No row is compared with the rows of other units, which are about something else, and none has a ledger."""
    for item in book.walk():
        if isinstance(item.scoring, Individual):
            for name, rule in item.scoring.methods:
                yield from _alone(item.scoring, name, rule)


def _alone(clause: Individual, name: str, rule: Item) -> Iterator[Problem]:
    kind = BY_KEY[rule.scoring.kind] if rule.scoring is not None else None
    if rule.scoring is not None and kind is not None and (kind.cross_unit or kind.reads_events):
        what = "没有台账可数" if kind.reads_events else "不能和别的单位比"
        yield totals.row_compared(rule.scoring.span or rule.span, name, what)
    for one in nodes((rule.value, rule.target, rule.scoring, rule.exempt, rule.requires)):
        if isinstance(one, AcrossUnits) and any(_of_row(clause, part) for part in nodes((one.of, one.weight))):
            yield totals.row_compared(one.span or rule.span, name, "这一行的数不能对各单位取")


def _of_row(clause: Individual, part: object) -> bool:
    """Whether it is a number that each row has its own of."""
    return isinstance(part, OwnRef) or (isinstance(part, ColumnRef) and part.table in (clause.table, clause.facts))
