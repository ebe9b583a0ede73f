"""What a careful colleague asks of vetoes, grades and applications taken together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.measure import Measure
from perfdsl.clauses.shared.ruling import RuleClause
from perfdsl.model import expression as model
from perfdsl.model.item import LedgerUse, Level
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.units import decimal
from perfdsl.model.walking import inside
from perfdsl.text.catalogue import grading
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

OPPOSITE = (
    ("表扬", "批评"),
    ("上浮", "下浮"),
    ("增加", "减少"),
    ("增加", "核减"),
    ("优先", "暂停"),
    ("提拔", "不得提拔"),
)
"""Words of measures that are not done to the same unit."""

Use = tuple[str, str, model.Condition | None, Span | None]
"""A fact that costs the unit something: (the fact in words, where, which rows of it, the place)."""


# ---- one fact, several punishments


def nothing_punished_twice(book: Rulebook) -> Iterator[Problem]:
    """A matter that is deducted for, vetoed and applied at once is asked about, with the list."""
    found: dict[str, list[Use]] = {}
    for use in _uses(book):
        found.setdefault(use[0], []).append(use)
    for fact, uses in found.items():
        met = [one for one in uses if any(_adds(one, other) and _overlap(one[2], other[2]) for other in uses)]
        if met:
            yield grading.punished_twice(met[0][3], fact, list(dict.fromkeys(where for _, where, _, _ in met)))


def _adds(one: Use, other: Use) -> bool:
    """Whether two punishments add up: of several vetoes and limits only the worst holds (黄牌、红牌)."""
    return one[1] != other[1] and not (_limits(one) and _limits(other))


def _limits(use: Use) -> bool:
    return not use[1].startswith(("扣分项", "结果运用"))


def _uses(book: Rulebook) -> Iterator[Use]:
    for rule in book.vetoes:
        clause = rule.clause
        if isinstance(clause, RuleClause) and clause.kind not in ("promote", "undetermined"):
            yield from _facts(clause.case if clause.when or clause.any_of else None, _named(rule), rule.span)
    for rule in book.applications:
        yield from _facts(getattr(rule.clause, "whom", None), _named(rule), rule.span)
    for item in book.walk():
        if item.level is Level.DEDUCTION and item.scoring is not None:
            yield from _facts(item.scoring, f"扣分项 “{item.name}”", item.span)


def _named(rule: Rule) -> str:
    return f"{BY_KEY[rule.clause.kind].form.name.canonical} “{rule.name}”"


def _facts(value: Any, where: str, span: Span | None) -> Iterator[Use]:
    match value:
        case model.Happened(ledger=ledger, where=rows):
            yield f"台账 “{ledger}”", where, rows, span
        case LedgerUse(ledger, rows):
            yield f"台账 “{ledger}”", where, rows, span
        case model.Holds(of=model.ColumnRef(column=column)):
            yield f"“{column}”", where, None, span
        case model.Not():
            return
        case _:
            for part in inside(value):
                yield from _facts(part, where, span)


def _overlap(one: model.Condition | None, other: model.Condition | None) -> bool:
    """Whether a row can be meant by both: no column is held to values that the other does not allow."""
    mine, theirs = _values(one), _values(other)
    return all(mine[column] & theirs[column] for column in mine.keys() & theirs.keys())


def _values(condition: model.Condition | None) -> Mapping[str, frozenset[str]]:
    """Column → the only values that a condition allows it."""
    match condition:
        case model.Comparison(model.Compare.EQUAL, model.ColumnRef(column=column), model.TextLiteral(value)):
            return {column: frozenset({value})}
        case model.AllOf(parts):
            found: dict[str, frozenset[str]] = {}
            for part in parts:
                for column, values in _values(part).items():
                    found[column] = found.get(column, values) & values
            return found
        case model.AnyOf(parts):
            each = [_values(part) for part in parts]
            common = set(each[0]).intersection(*each[1:]) if each else set()
            return {column: frozenset[str]().union(*(one[column] for one in each)) for column in common}
    return {}


# ---- measures that contradict each other


def measures_agree(book: Rulebook) -> Iterator[Problem]:
    """No grade is praised and blamed at once."""
    measures = [
        (rule, clause, clause.whom)
        for rule in book.applications
        if isinstance(clause := rule.clause, Measure) and isinstance(clause.whom, model.InGrade)
    ]
    for (one, first, of), (other, second, also) in combinations(measures, 2):
        shared = [name for name in of.grades if name in also.grades and of.years == also.years]
        words = _contradiction(first.action, second.action)
        if shared and words:
            told = f"“{shared[0]}”的单位，“{one.name}”是{words[0]}，“{other.name}”是{words[1]}"
            yield grading.measures_contradict(other.span, told, "对象：等次 为 “……”（两条的等次不重叠）")


def _contradiction(one: str, other: str) -> tuple[str, str] | None:
    for good, bad in OPPOSITE:
        for first, second in ((good, bad), (bad, good)):
            if first in one and second in other and second not in one and first not in other:
                return first, second
    return None


# ---- grades that nobody can reach


def grades_are_reachable(book: Rulebook) -> Iterator[Problem]:
    """No threshold above the greatest total, no grade without a place."""
    most = book.total.most if book.total.most is not None else None if book.total.bonuses else book.full
    for scheme in book.schemes:
        raised = {name for rule in book.vetoes if rule.clause.kind == "promote" for name in _grades(rule)}
        for grade in scheme.grades:
            if grade.name in raised:
                continue
            low = grade.band.low if grade.band else None
            if (
                low is not None
                and most is not None
                and (low > most or (low == most and not (grade.band and grade.band.low_in)))
            ):
                why = f"要 {decimal(low)} 分，总分最高 {decimal(most)} 分"
                yield grading.grade_unreachable(grade.span or scheme.span, grade.name, why)
            elif grade.quota is not None and grade.quota.amount == 0:
                yield grading.grade_unreachable(grade.span or scheme.span, grade.name, "名额是 0")


def _grades(rule: Rule) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(rule.clause, "grades", ())
    return found


CHECKS = (nothing_punished_twice, measures_agree, grades_are_reachable)
