"""The free columns of a table of conditions: headings that name what is asked, and cells that say what it must be.

A heading is read as an expression where it reads like one (a declared column, 指标值, 得分【A01】, 能耗 ÷ 目标值). Any other
heading names a fact of its own, whose kind the cells tell: yes or no, or one of the words that stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from perfdsl.compile.bands import Rest, Unread, Word, band
from perfdsl.compile.context import Context, squeezed
from perfdsl.compile.edges import Edges
from perfdsl.compile.expressions import Reader, Typed
from perfdsl.model.expression import Expression
from perfdsl.model.grade import Interval
from perfdsl.model.units import ValueType
from perfdsl.syntax.nodes import Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import scoring
from perfdsl.text.records import dataclass, replace
from perfdsl.text.truth import FALSE_WORDS, TRUE_WORDS

ANY = frozenset(["不论", "任意", "均可", "不限", "unlimited", "—", "－", "-", ""])
"""Cells that ask nothing."""
REST = frozenset(["其余", "其他", "其余情形", "其他情形", "rest"])
SIGNS = ("【", "（", "(", "+", "－", "×", "÷", "*", "/", "“")
"""What only an expression has."""

Case = bool | str | Interval | None
MakeFact = Callable[[Written, ValueType, tuple[str, ...]], Expression]


@dataclass(frozen=True, slots=True)
class Cases:
    """The columns as a clause keeps them: what is asked, how it was headed, row by row what it must be."""

    facts: tuple[Expression, ...]
    heads: tuple[str, ...]
    cells: tuple[tuple[Case, ...], ...]
    rest: int | None = None


def is_rest(cells: Sequence[Written]) -> bool:
    """Whether a row is 其余 throughout."""
    return bool(cells) and all(squeezed(cell.text) in REST | ANY for cell in cells) and any(
        squeezed(cell.text) in REST for cell in cells
    )  # fmt: skip


def cases(
    heads: Sequence[Written],
    rows: Sequence[Sequence[Written]],
    reader: Reader,
    edges: Edges,
    make: MakeFact,
) -> Cases | None:
    """The free columns; None where something was reported."""
    context = reader.context
    rests = [at for at, row in enumerate(rows) if is_rest(row)]
    plain = [row for at, row in enumerate(rows) if at not in rests]
    columns: list[tuple[Expression, tuple[Case, ...]]] = []
    before = len(context.problems)
    for at, head in enumerate(heads):
        made = _column(head, [row[at] for row in plain], reader, edges, make)
        if made is not None:
            columns.append(made)
    for extra in rests[1:]:
        context.say(scoring.word_twice(rows[extra][0].span, "其余", ("上一行的分", "这一行的分")))
    if len(context.problems) > before or len(columns) < len(heads):
        return None
    cells = tuple(zip(*(column for _, column in columns), strict=True)) if columns else ()
    return Cases(
        tuple(fact for fact, _ in columns),
        tuple(head.text.strip() for head in heads),
        cells,
        rests[0] if rests else None,
    )


def _column(
    head: Written, cells: Sequence[Written], reader: Reader, edges: Edges, make: MakeFact
) -> tuple[Expression, tuple[Case, ...]] | None:
    typed = named(head, reader)
    if isinstance(typed, Reported):
        return None
    words = [squeezed(cell.text) for cell in cells if squeezed(cell.text) not in ANY]
    yes_no = all(word in TRUE_WORDS | FALSE_WORDS for word in words)
    if typed is None:
        numbers = [
            cell for cell, word in zip(cells, (squeezed(c.text) for c in cells), strict=True) if word[:1].isdigit()
        ]
        if numbers and not yes_no:
            reader.context.say(say.unit_missing(head.span, head.text))
            return None
        kind = ValueType.BOOL if yes_no else ValueType.TEXT
        fact: Expression = make(head, kind, () if yes_no else tuple(dict.fromkeys(words)))
    else:
        kind, fact = typed.kind, typed.expression
    read = [_cell(cell, kind, reader.context, edges) for cell in cells]
    return None if any(isinstance(one, Unread) for one in read) else (fact, tuple(read))  # type: ignore[arg-type]


class Reported:
    """A heading that reads like an expression and could not be read."""


def named(head: Written, reader: Reader) -> Typed | Reported | None:
    """What a heading names; None where nothing is declared of that name."""
    context, text = reader.context, squeezed(head.text)
    known = (reader.parameters, [column.name for table in context.tables.values() for column in table.columns])
    own = {squeezed(one) for key in ("value", "target", "full") for one in _own_words(context, key)}
    is_expression = any(sign in text for sign in SIGNS) or text in own or any(text in names for names in known)
    if not is_expression:
        return None
    node = context.read("expression", head, reader.parameters)
    typed = None if node is None else reader.expression(node)  # type: ignore[arg-type]
    return Reported() if typed is None else typed


def _own_words(context: Context, key: str) -> Iterable[str]:
    for word in context.vocabulary.words["OWN"]:
        if word.key == key:
            yield from word.spellings


def _cell(cell: Written, kind: ValueType, context: Context, edges: Edges) -> Case | Unread:
    text = squeezed(cell.text)
    if text in ANY:
        return None
    if kind is ValueType.BOOL:
        if text in TRUE_WORDS | FALSE_WORDS:
            return text in TRUE_WORDS
        context.say(say.case_unreadable(cell.span, cell.text, "完成、未完成，是、否，达标、未达标，或 不论"))
        return Unread()
    if kind is ValueType.TEXT:
        return cell.text.strip().strip('“”"')
    if kind is ValueType.NUMBER:
        match band(cell, context, edges):
            case Interval() as interval:
                return replace(interval, span=cell.span)
            case Word() | Rest():
                pass
            case _:
                return Unread()
    context.say(say.case_unreadable(cell.span, cell.text, "90% 以上、不足 90%，或 不论"))
    return Unread()
