"""The 考评办法 block → what it settles for the whole rulebook."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from perfdsl.compile import amounts
from perfdsl.compile.context import Context
from perfdsl.compile.expressions import POPULATIONS, SELF, TIES
from perfdsl.compile.fields import READ, bag, report_unused
from perfdsl.compile.functions import MODES
from perfdsl.model.expression import Population
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Combine, Period, Status, TotalRule
from perfdsl.model.units import Ties
from perfdsl.syntax import nodes
from perfdsl.syntax.names import period, validity
from perfdsl.syntax.nodes import Block, Phrase, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import totals
from perfdsl.text.records import dataclass, replace

STATUSES = {"consultation": Status.CONSULTATION, "submitted": Status.SUBMITTED, "issued": Status.ISSUED}
COMBINES = {"sum_weighted": Combine.WEIGHTED, "sum_mean": Combine.MEAN, "sum_least": Combine.LEAST}


@dataclass(frozen=True, slots=True)
class Header:
    """What the first block says."""

    name: str
    version: str
    full: Fraction | None
    status: Status | None
    document: str
    previous: str
    year: str
    period: Period | None
    validity: Period | None
    edges: dict[str, bool]
    roundings: Roundings
    total: TotalRule
    ties: Ties | None
    with_self: bool | None
    peers_with_self: bool | None
    population: Population | None
    mean_population: Population | None
    unread: frozenset[str]


def header(block: Block, context: Context, words: Callable[[Written], tuple[str, ...]], has_weights: bool) -> Header:
    """The header of a rulebook; what is missing and must not be guessed is reported."""
    fields = bag(block.fields, context)
    report_unused(fields, READ[block.kind], context)
    unread: set[str] = set()

    def text(key: str) -> str:
        return fields[key].value.text.strip() if key in fields else ""

    def keys(key: str) -> tuple[str, ...]:
        if key not in fields:
            return ()
        before = len(context.problems)
        found = words(fields[key].value)
        if len(context.problems) > before:
            unread.add(key)
        return found

    span = None
    if "period" in fields:
        found, problems = period(fields["period"].value)
        context.say(*problems)
        span = Period(*found) if found else None
    valid = None
    if "validity" in fields:
        days, problems = validity(fields["validity"].value)
        context.say(*problems)
        valid = Period(days[0], days[1] or date.max) if days else None
    status = next((STATUSES[key] for key in keys("status") if key in STATUSES), None)
    mean = keys("mean")
    version = block.code.text.split("@")[-1] if block.code else text("year")
    total = _total(fields, block, context, has_weights, unread)
    ties = keys("ties")
    among = keys("population")
    year = text("year") or (re.search("20[0-9]{2}", version) or re.search("20[0-9]{2}", block.name.text) or [""])[0]
    return Header(
        name=block.name.text,
        version=version,
        full=_full(block, context),
        status=status,
        document=text("document"),
        previous=text("previous"),
        year=year,
        period=span,
        validity=valid,
        edges=_edges(fields, context),
        roundings=_roundings(fields, block, context),
        total=total,
        ties=next((TIES[key] for key in ties if key in TIES), None),
        with_self=next((SELF[key] for key in mean if key in SELF), None),
        peers_with_self=next((SELF[key] for key in among if key in SELF), None),
        population=next((POPULATIONS[key] for key in among if key in POPULATIONS), None),
        mean_population=next((POPULATIONS[key] for key in mean if key in POPULATIONS), None),
        unread=frozenset(unread),
    )


def notes_of(block: Block, context: Context) -> tuple[nodes.Segment, ...]:
    """All segments of a header's notes."""
    found: list[nodes.Segment] = []
    for note in block.notes:
        node = context.read("phrase", note)
        if isinstance(node, Phrase):
            found.extend(node.segments)
    return tuple(found)


def points_in(segments: tuple[nodes.Segment, ...]) -> Fraction | None:
    """分值 among a header's notes."""
    for one in segments:
        if isinstance(one, nodes.Points) and isinstance(one.amount, nodes.Quantity) and one.amount.unit in ("分", ""):
            return one.amount.number
    return None


def _full(block: Block, context: Context) -> Fraction | None:
    return points_in(notes_of(block, context))


def _edges(fields: dict[str, nodes.FieldNode], context: Context) -> dict[str, bool]:
    if "bounds" not in fields:
        return {}
    node = context.read("phrase", fields["bounds"].value)
    found: dict[str, bool] = {}
    if isinstance(node, Phrase):
        for one in node.segments:
            if isinstance(one, nodes.Inclusive):
                for word in one.words:
                    fixed = {
                        "不低于": True,
                        "不少于": True,
                        "不超过": True,
                        "不高于": True,
                        "超过": False,
                        "低于": False,
                        "高于": False,
                        "不足": False,
                        "不满": False,
                    }.get(word)
                    if fixed is not None and fixed is not one.inclusive:
                        context.say(say.edge_contradicts(one.span, word, fixed))
                    found[word] = one.inclusive
    return found


def _roundings(fields: dict[str, nodes.FieldNode], block: Block, context: Context) -> Roundings:
    given = fields.get("rounding")
    if given is None:
        context.say(totals.rounding_missing(block.span))
        return Roundings()
    node = context.read("phrase", given.value)
    if not isinstance(node, Phrase):
        return Roundings()
    found: dict[str, Rounding | None] = {}
    open_subjects: list[tuple[str, int]] = []
    carry = False
    for one in node.segments:
        if isinstance(one, nodes.Rounding):
            for subject in one.subjects or ("score", "total"):
                if one.digits is None:
                    found[subject] = None
                else:
                    open_subjects.append((subject, one.digits))
        elif isinstance(one, nodes.Word) and one.key in MODES:
            found.update({subject: Rounding(digits, MODES[one.key]) for subject, digits in open_subjects})
            open_subjects = []
        elif isinstance(one, nodes.Word) and one.key == "carry_exact":
            carry = True
        else:
            context.say(say.segment_unused(one.span))
    for subject, _ in open_subjects:
        context.say(totals.mode_unstated(given.value.span, subject))
    for subject in ("score", "total"):
        if subject not in found and not open_subjects and not (subject == "score" and "point" in found):
            context.say(totals.digits_unstated(given.value.span, subject))
    score = found.get("score", found.get("point"))
    return Roundings(found.get("value"), score, found.get("group"), found.get("total"), carry)


def _total(
    fields: dict[str, nodes.FieldNode], block: Block, context: Context, has_weights: bool, unread: set[str]
) -> TotalRule:
    given = fields.get("total")
    rule = TotalRule(Combine.WEIGHTED if has_weights else Combine.SUM, False, False)
    if given is None:
        context.say(totals.composition_missing(block.span))
        return rule
    before = len(context.problems)
    node = context.read("phrase", given.value)
    said = False
    for one in node.segments if isinstance(node, Phrase) else ():
        match one:
            case nodes.TotalSum(bonus, deduction):
                rule, said = replace(rule, bonuses=bonus, deductions=deduction), True
            case nodes.Word(key=key) if key in COMBINES:
                rule, said = replace(rule, combine=COMBINES[key]), True
            case nodes.Word(key="share_weights"):
                rule = replace(rule, share_missing=True)
            case nodes.Word(key="uncapped"):
                rule = replace(rule, uncapped=True)
            case nodes.Word(key="no_floor"):
                rule = replace(rule, no_floor=True)
            case nodes.Word(key="each_100"):
                rule = replace(rule, each_100=True)
            case nodes.Present(count):
                rule = replace(rule, at_least=amounts.whole(count, context) or 0)
            case nodes.AtMost(amount, subject) if amount is not None:
                place = {"bonus": "most_bonus", "deduction": "most_deduction"}.get(subject, "most")
                rule = replace(rule, **{place: amounts.points(amount, context)})  # type: ignore[arg-type]
            case nodes.AtLeast(amount, "" | "total"):
                rule = replace(rule, least=amounts.points(amount, context))
            case _:
                context.say(say.segment_unused(one.span))
    if len(context.problems) > before:
        unread.add("total")
    elif not said:
        context.say(totals.composition_missing(given.value.span))
    return rule
