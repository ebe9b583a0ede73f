"""What is wrong with the data of a comparison, which are read for both rulebooks at once and not for one alone."""

from __future__ import annotations

from perfdsl.model.rulebook import Rulebook
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem, Problems
from perfdsl.workspace.counts import parts_greater
from perfdsl.workspace.filling import Filling
from perfdsl.workspace.limits import checked_scores

UNREAD = "K422"


def of_columns(said: Problems, whole: Problems) -> Problems:
    """``said`` of data as one rulebook reads them, told as the comparison does, of which ``whole`` is said: of columns that
    the other rulebook asks for it is not that they are not read, but what is wrong with their cells."""
    unread = {one.address for one in whole if one.code == UNREAD}
    read = {_column(one.address) for one in said if one.code == UNREAD and one.address not in unread}
    kept = tuple(one for one in said if one.code != UNREAD or one.address in unread)
    return (*kept, *_others(kept, tuple(one for one in whole if _column(one.address) in read)))


def of_fill(said: Problems, filling: Filling, book: Rulebook) -> Problems:
    """What more there is to say than ``said`` of the data that fill up others: of the cells by themselves, and of what they
    are to the rules of ``book``."""
    before = _judged(book, filling, own=True)
    wrong = tuple(one for one in _judged(book, filling) if one not in before)
    return _others(said, (*filling.problems, *wrong))


def _judged(book: Rulebook, filling: Filling, own: bool = False) -> Problems:
    dataset, problems = checked_scores(book, (filling.own if own else filling.loaded).dataset)
    return (*problems, *parts_greater(book, dataset))


def _others(said: Problems, more: Problems) -> Problems:
    """Those of ``more`` that say another thing of a cell than ``said``."""
    known = {_what(one) for one in said}
    return tuple(one for one in more if _what(one) not in known)


def _what(problem: Problem) -> tuple[str, object]:
    return problem.code, problem.address or problem.message


def _column(address: Address | None) -> tuple[str, str, str] | None:
    """The column that a cell stands in."""
    if address is None or not address.cell:
        return None
    return address.file, address.sheet, address.cell.rstrip("0123456789")
