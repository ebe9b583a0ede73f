"""An evaluation → what is published of it."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.model import outputs
from perfdsl.model.expression import Number
from perfdsl.model.item import Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNIT_GRAIN, UNITS
from perfdsl.model.units import RATIO, ValueType, decimal
from perfdsl.reports.findings import (
    ApplicationFinding,
    AsOfFinding,
    FileFinding,
    ItemFinding,
    OwedFinding,
    ResultsFinding,
    RulebookFinding,
    ScopedFinding,
    UnitFinding,
    WaitFinding,
)
from perfdsl.reports.grading import Reasons
from perfdsl.reports.waiting import pending, waits
from perfdsl.reports.words import published, published_full, rounding_of, shown
from perfdsl.text.catalogue import running
from perfdsl.text.problem import Problem
from perfdsl.workspace.evaluate import Evaluation

__all__ = ["published", "published_full", "published_output", "results", "rounding_of", "rulebook"]


def results(evaluation: Evaluation, engine: str = "columnar", *, items: bool = True) -> ResultsFinding:
    """Everything that a run publishes; without ``items`` what the screen shows of it: where each unit stands, and why."""
    book = evaluation.book
    waiting, reasons = waits(evaluation), Reasons(evaluation)
    return ResultsFinding(
        rulebook=rulebook(evaluation),
        units=tuple(
            _unit(evaluation, i, reasons.why(i), waiting.get(i, ()), items=items) for i in range(len(evaluation.units))
        ),
        problems=(*evaluation.opened.problems, *evaluation.problems, *_waiting(evaluation)),
        owed=_owed(evaluation),
        files=_files(evaluation),
        grades=book.grade_names,
        assumed=evaluation.assumed,
        engine=engine,
        pending=pending(evaluation),
        incomplete=tuple(sorted(evaluation.incomplete)),
        unreadable=evaluation.unreadable,
        as_of=as_of(evaluation),
    )


def units(evaluation: Evaluation) -> tuple[UnitFinding, ...]:
    """What each unit gets, without reasons for grades and without what it waits for: those look at other units."""
    return tuple(_unit(evaluation, i, "", ()) for i in range(len(evaluation.units)))


def standings(evaluation: Evaluation) -> tuple[UnitFinding, ...]:
    """Where each unit stands, and why, without its items: a comparison of 3,000 units × 200 items does not print them."""
    waiting, reasons = waits(evaluation), Reasons(evaluation)
    return tuple(
        _unit(evaluation, i, reasons.why(i), waiting.get(i, ()), items=False) for i in range(len(evaluation.units))
    )


def as_of(evaluation: Evaluation) -> AsOfFinding | None:
    """The day as of which the run was made, what was due by then, and what was not."""
    found = evaluation.as_of
    if found is None:
        return None
    from perfdsl.workspace.as_of import written

    return AsOfFinding(
        written(found.day),
        found.day.isoformat(),
        len(found.due),
        decimal(found.points),
        tuple(f"{item.code} {item.name}" for item in found.not_due),
    )


def _files(evaluation: Evaluation) -> tuple[FileFinding, ...]:
    """The files that the rulebook includes, those of the 附表 beside it, then those of the data."""
    included = [FileFinding(one.name, one.sha256, 0, "") for one in evaluation.opened.parts]
    schedules = [FileFinding(one.name, one.sha256, one.rows, "") for one in evaluation.opened.schedules]
    return (
        *included,
        *schedules,
        *(FileFinding(one.file, one.sha256, one.rows, one.encoding) for one in evaluation.files),
    )


def _owed(evaluation: Evaluation) -> tuple[OwedFinding, ...]:
    """What is still to be handed in; a datum that no item asks of the unit is owed by nobody. Months are counted once."""
    places = {unit: i for i, unit in enumerate(evaluation.units)}
    found = {}
    for one in evaluation.owed:
        states = [cells[places[one.unit]][1] for code in one.items for cells in _states_about(evaluation, code)]
        gone = (State.ABSENT.chinese, State.NOT_DUE.chinese)
        if not states or any(state not in gone for state in states):
            found[one.source, one.unit, one.column] = OwedFinding(one.source, one.unit, one.column, tuple(one.items))
    return tuple(found.values())


def _states_about(evaluation: Evaluation, code: str) -> list[tuple[Cell, ...]]:
    """The states of an item, of its 要点, or of the item that a fact below it belongs to."""
    about = [
        item.code
        for item in evaluation.book.walk()
        if item.scoring is not None
        and (item.code == code or item.code.startswith(f"{code}·") or code.startswith(f"{item.code}·"))
    ]
    return [evaluation.outcome[outputs.state(one)] for one in about if outputs.state(one) in evaluation.outcome]


def rulebook(evaluation: Evaluation) -> RulebookFinding:
    """Which rulebook it was."""
    book = evaluation.book
    status = book.status.value if book.status else ""
    return RulebookFinding(book.name, book.version, status, evaluation.opened.sha256, _year(book))


def _year(book: Rulebook) -> str:
    """The year that the results are of: that of the 考核期, else the one in the version; "" where neither says it."""
    if book.period is not None:
        return str(book.period.last.year)
    found = re.search("20[0-9]{2}", book.version)
    return found.group() if found else ""


def _waiting(evaluation: Evaluation) -> list[Problem]:
    """Items that are 待定 for some unit, with how many; all of them are where there are no data, and that was said."""
    found: list[Problem] = []
    if evaluation.without_data:
        return found
    for item in evaluation.book.walk():
        if item.scoring is None:
            continue
        cells = evaluation.outcome.get(outputs.score(item.code), ())
        count = sum(state is State.PENDING for state, _ in cells)
        if count:
            found.append(running.unanswered(item.citation, count, len(cells)))
    return found


def _unit(
    evaluation: Evaluation, i: int, why: str, waiting: tuple[WaitFinding, ...], *, items: bool = True
) -> UnitFinding:
    book = evaluation.book
    return UnitFinding(
        unit=evaluation.units[i],
        code=_roster(evaluation, "单位代码", i),
        category=_roster(evaluation, "类别", i),
        total=published(evaluation.cell(outputs.TOTAL, i), book.roundings.total),
        rank=_optional(evaluation, outputs.RANK, i),
        grade=_optional(evaluation, outputs.GRADE, i),
        items=tuple(_items(evaluation, i)) if items else (),
        vetoes=tuple(
            rule.name for rule in book.vetoes if evaluation.cell(outputs.veto(rule.code), i) == (State.VALUE, True)
        ),
        applications=tuple(_application(evaluation, rule, i) for rule in book.applications),
        base=published(evaluation.cell(outputs.BASE, i), book.roundings.total),
        total_state=state_of(evaluation, outputs.TOTAL, i),
        rank_state=state_of(evaluation, outputs.RANK, i),
        grade_state=state_of(evaluation, outputs.GRADE, i),
        why=why,
        waits=waiting,
        scoped=tuple(_scoped(evaluation, rule.name, i) for rule in book.scopes),
    )


def _scoped(evaluation: Evaluation, name: str, i: int) -> ScopedFinding:
    output = outputs.scoped(name)
    return ScopedFinding(name, _optional(evaluation, output, i), state_of(evaluation, output, i))


def state_of(evaluation: Evaluation, name: str, i: int) -> str:
    """The state of an output in its word; 不涉及 where the rulebook has no such output."""
    if name not in evaluation.outcome:
        return State.ABSENT.chinese
    return evaluation.cell(name, i)[0].chinese


def _application(evaluation: Evaluation, rule: Rule, i: int) -> ApplicationFinding:
    from perfdsl.clauses.shared.ruling import WAY_WORDS as WAYS  # loads for a rulebook that has applications

    cell = evaluation.cell(outputs.application(rule.code), i)
    applies = cell[0] is State.VALUE and cell[1] is not False
    value = published(cell) if applies else None
    clause: Any = rule.clause
    since, last = _term(evaluation, rule, i) if applies else ("", "")
    return ApplicationFinding(
        rule.code,
        rule.name,
        value,
        (value and (as_written(rule, cell) or as_measured(rule, cell))) or value,
        text=(clause.action or value or "") if applies and isinstance(cell[1], (bool, str)) else "",
        ways=tuple(WAYS[key] for key in clause.ways if key in WAYS),
        since=since,
        due=last,
    )


def _term(evaluation: Evaluation, rule: Rule, i: int) -> tuple[str, str]:
    """起算日 and the last day of 期限."""
    from perfdsl.clauses.measure import Measure
    from perfdsl.reports.dues import due

    name = outputs.since(rule.code)
    if name not in evaluation.outcome or not isinstance(rule.clause, Measure):
        return "", ""
    day = evaluation.cell(name, i)[1]
    if not isinstance(day, date):
        return "", ""
    last = due(rule.clause, day, evaluation.book)
    return day.isoformat(), last.isoformat() if last is not None else ""


def as_measured(rule: Rule, cell: Cell) -> str:
    """A number that was worked out, in the measure of what the rule gives (300000 → 30 万元); "" where it has none."""
    numbers = [one for name in ("numbers", "starts", "ends") for one in getattr(rule.clause, name, ())]
    units = {one.unit for one in numbers if isinstance(one, Number) and one.unit != RATIO}
    if len(units) != 1 or not isinstance(cell[1], Fraction):
        return ""
    return shown(cell, ValueType.NUMBER, units.pop())


def as_written(rule: Rule, cell: Cell) -> str:
    """A number as the rule wrote it (``1.0``, ``25%``); "" where it was not written so."""
    numbers = [one for one in getattr(rule.clause, "numbers", ()) if isinstance(one, Number)]
    return next((one.written for one in numbers if one.value == cell[1]), "")


def _items(evaluation: Evaluation, i: int) -> list[ItemFinding]:
    book = evaluation.book
    found: list[ItemFinding] = []

    def visit(item: Item, parent: str | None) -> None:
        if outputs.score(item.code) in evaluation.outcome:
            found.append(_item(evaluation, item, parent, i))
        for child in item.children:
            visit(child, item.code)

    for item in book.items:
        visit(item, None)
    return found


def _item(evaluation: Evaluation, item: Item, parent: str | None, i: int) -> ItemFinding:
    book = evaluation.book
    cell = evaluation.cell(outputs.score(item.code), i)
    state = evaluation.outcome.get(outputs.state(item.code))
    word = _state_word(cell, state[i][1] if state is not None else None)
    full = evaluation.outcome.get(outputs.full(item.code))
    return ItemFinding(
        code=item.code,
        parent=parent,
        name=item.name,
        kind=item.level.value,
        score=published(cell, rounding_of(book, item)),
        full=published_full(full[i], rounding_of(book, item)) if full else None,
        article=item.meta.article,
        line=item.citation.line,
        state=word,
        waiting=cell[0] >= BLOCKING,
    )


def _state_word(cell: Cell, said: object) -> str:
    """What the item's facts are, in a word; a score that could not be worked out from facts at hand is 待定 itself."""
    if said is None or (said == State.VALUE.chinese and cell[0] is not State.VALUE):
        return cell[0].chinese
    return str(said)


def _optional(evaluation: Evaluation, name: str, i: int) -> str | None:
    if name not in evaluation.outcome:
        return None
    return published(evaluation.cell(name, i))


def _roster(evaluation: Evaluation, column: str, i: int) -> str:
    table = evaluation.dataset[UNIT_GRAIN].columns.get(f"{UNITS}.{column}")
    if table is None:
        return ""
    state, value = table.cells[i]
    return str(value) if state is State.VALUE else ""


def published_output(evaluation: Evaluation, name: str, i: int) -> str:
    """The cell of any output as it is printed, "" where there is no value (what case files compare)."""
    book = evaluation.book
    cell = evaluation.cell(name, i)
    what, _, code = name.partition(":")
    if name in (outputs.TOTAL, outputs.BASE):
        return published(cell, book.roundings.total) or ""
    if what in ("veto", "application") and cell[1] is False:
        return ""
    if what == "value":
        return published(cell, book.roundings.value) or ""
    if what not in ("score", "full"):
        return published(cell) or ""
    item = next(item for item in book.walk() if item.code == code)
    shape = published if what == "score" else published_full
    return shape(cell, rounding_of(book, item)) or ""
