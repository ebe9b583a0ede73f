"""An evaluation → what is published of it."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256

from perfdsl.model import outputs
from perfdsl.model.item import GROUPS, Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rounding import Rounding
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import UNITS
from perfdsl.model.units import decimal
from perfdsl.reports.findings import (
    ApplicationFinding,
    FileFinding,
    ItemFinding,
    OwedFinding,
    ResultsFinding,
    RulebookFinding,
    UnitFinding,
)
from perfdsl.text.catalogue import running
from perfdsl.text.problem import Problem
from perfdsl.workspace.evaluate import Evaluation

UNIT_GRAIN = "单位"


def results(evaluation: Evaluation, engine: str = "columnar") -> ResultsFinding:
    """Everything that a run publishes."""
    book = evaluation.book
    units = tuple(_unit(evaluation, i) for i in range(len(evaluation.units)))
    return ResultsFinding(
        rulebook=rulebook(evaluation),
        units=units,
        problems=(*evaluation.opened.problems, *evaluation.problems, *_waiting(evaluation)),
        owed=_owed(evaluation),
        files=tuple(FileFinding(one.file, one.sha256, one.rows, one.encoding) for one in evaluation.files),
        grades=book.scheme.order if book.scheme else (),
        assumed=evaluation.assumed,
        engine=engine,
        pending=tuple(
            unit for i, unit in enumerate(evaluation.units) if evaluation.cell(outputs.TOTAL, i)[0] is State.PENDING
        ),
    )


def _owed(evaluation: Evaluation) -> tuple[OwedFinding, ...]:
    """What is still to be handed in; a datum that no item asks of the unit is owed by nobody. Months are counted once."""
    places = {unit: i for i, unit in enumerate(evaluation.units)}
    found = {}
    for one in evaluation.owed:
        states = [cells[places[one.unit]][1] for code in one.items for cells in _states_about(evaluation, code)]
        if not states or any(state != State.ABSENT.chinese for state in states):
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
    source = evaluation.opened.source
    raw = source.path.read_bytes() if source.path else source.text.encode()
    return RulebookFinding(book.name, book.version, book.status.value if book.status else "", sha256(raw).hexdigest())


def _waiting(evaluation: Evaluation) -> list[Problem]:
    """Items that are 待定 for some unit, with how many."""
    found = []
    for item in evaluation.book.walk():
        if item.scoring is None:
            continue
        cells = evaluation.outcome.get(outputs.score(item.code), ())
        count = sum(state is State.PENDING for state, _ in cells)
        if count:
            found.append(running.unanswered(item.citation, count, len(cells)))
    return found


def _unit(evaluation: Evaluation, i: int) -> UnitFinding:
    book = evaluation.book
    return UnitFinding(
        unit=evaluation.units[i],
        code=_roster(evaluation, "单位代码", i),
        category=_roster(evaluation, "类别", i),
        total=published(evaluation.cell(outputs.TOTAL, i), book.roundings.total),
        rank=_optional(evaluation, outputs.RANK, i),
        grade=_optional(evaluation, outputs.GRADE, i),
        items=tuple(_items(evaluation, i)),
        vetoes=tuple(
            rule.name for rule in book.vetoes if evaluation.cell(outputs.veto(rule.code), i) == (State.VALUE, True)
        ),
        applications=tuple(
            ApplicationFinding(rule.code, rule.name, _optional(evaluation, outputs.application(rule.code), i))
            for rule in book.applications
        ),
    )


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
    )


def _state_word(cell: Cell, said: object) -> str:
    """What the item's facts are, in a word; a score that could not be worked out from facts at hand is 待定 itself."""
    if said is None or (said == State.VALUE.chinese and cell[0] is not State.VALUE):
        return cell[0].chinese
    return str(said)


def rounding_of(book: Rulebook, item: Item) -> Rounding | None:
    """How the item's score is rounded; a sum that is not rounded again is printed with the digits of its parts."""
    if item.rounding is not None:
        return item.rounding
    own = book.roundings.group if item.level in GROUPS else book.roundings.score
    return own or book.roundings.score


def published(cell: Cell, rounding: Rounding | None = None) -> str | None:
    """A cell as it is printed: numbers with the published digits, None where there is no value."""
    state, value = cell
    if state is not State.VALUE:
        return None
    if isinstance(value, bool):
        return "是" if value else None
    if isinstance(value, Fraction):
        return decimal(value, max(rounding.digits, 0) if rounding else None)
    return str(value)


def published_full(cell: Cell, rounding: Rounding | None) -> str | None:
    """A full mark: as declared; one that was moved by redistribution, with two digits more than scores have."""
    state, value = cell
    if state is not State.VALUE or not isinstance(value, Fraction):
        return None
    exact = decimal(value)
    if "/" not in exact:
        return exact
    digits = (max(rounding.digits, 0) if rounding else 2) + 2
    scaled = value * 10**digits
    return decimal(
        Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**digits), digits
    )


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
    items = {item.code: item for item in book.walk()}
    if what == "score":
        return published(cell, rounding_of(book, items[code])) or ""
    if what == "full":
        return published_full(cell, rounding_of(book, items[code])) or ""
    if what == "value":
        return published(cell, book.roundings.value) or ""
    return published(cell) or ""
