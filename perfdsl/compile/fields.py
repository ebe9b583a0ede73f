"""The fields of blocks and rows: which of them each block reads, and what a clause takes from them.

A field that its block does not read is reported in one place, :func:`report_unused`: what is written and does nothing
looks like a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from perfdsl.clauses.kind import Kind
from perfdsl.compile import match
from perfdsl.compile.bands import Cell, Rest, Unread, Word, band
from perfdsl.compile.case_tables import MakeFact, cases
from perfdsl.compile.context import Context, squeezed
from perfdsl.compile.edges import Edges
from perfdsl.compile.expressions import Reader, Typed, not_a_number, quantity
from perfdsl.model.expression import AllOf, Condition, Expression
from perfdsl.model.grade import Interval
from perfdsl.model.item import Award, AwardKind, LedgerUse, Numbers
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import FieldNode, Phrase, Row, Segment, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Heading, Shape, Slot
from perfdsl.text.records import dataclass, fields, is_dataclass
from perfdsl.text.source import Span

Bag = Mapping[str, FieldNode]
"""The fields of a block or row, by key."""

Clauses = Sequence[Sequence[Segment]]
"""The parts of a phrase between ；, each a run of segments."""

STATES = {
    "absent": State.ABSENT,
    "missing": State.MISSING,
    "nil": State.NIL,
    "none": State.NONE,
    "not_due": State.NOT_DUE,
}

INHERITED = frozenset(("scorer", "source", "beyond", "offset", "direction", "population"))
"""Fields of an indicator that hold for its 要点 where they say nothing else."""

ABOUT = frozenset(
    ("article", "basis", "official", "reason", "replaces", "scorer", "responsible", "source", "frequency", "due")
)
"""What any block may say about itself."""

WHEN = frozenset({"due", "frequency"})
"""What only an item has: the day by which it is asked for."""

COEFFICIENT = frozenset({"coefficient", "coefficient_when", "coefficient_cap"})

ITEM = (
    ABOUT
    | frozenset(STATES)
    | {"weight", "value", "target", "direction", "population", "score", "points"}
    | {"applies", "exempt", "requires", "own_rounding", "facts"}
    | COEFFICIENT
)
ROW = ITEM - COEFFICIENT - {"weight", "points", "applies", "facts", "due", "frequency"}
"""What a 计分办法 says of a row of 个性指标: the row brings its own points and unit, the rest is of the whole item."""
GROUP = ABOUT | COEFFICIENT | {"weight", "score", "applies", "absent", "own_rounding", "taken_from", "include"}
HEAD = (ABOUT - WHEN) | {"document", "status", "year", "period", "previous", "bounds", "rounding", "total", "ties"}
VERSION = frozenset({"validity", "include"})
"""What the first block says of the version, and which files belong to it."""

READ: Mapping[str, frozenset[str]] = {
    "rulebook": HEAD | VERSION | {"units", "mean", "population", "progress"},
    "category": ABOUT - WHEN | {"grade_given", "quota"},
    "schedule": ABOUT - WHEN | {"columns", "covers"},
    "data": ABOUT - WHEN | {"columns"},
    "ledger": ABOUT - WHEN | {"columns"},
    "group1": GROUP,
    "group2": GROUP,
    "group3": GROUP,
    "indicator": ITEM,
    "step": ITEM,
    "individual": ABOUT | {"weight", "score", "own_rounding", "facts", "taken_from"},
    "bonus": ITEM | {"within"},
    "deduction": ITEM | {"within"},
}
"""Block kind → the fields that it reads whatever its clause; the others belong to a clause kind."""


def bag(block_fields: Iterable[FieldNode], context: Context) -> dict[str, FieldNode]:
    """Fields by key; a field that stands twice is reported and the first one holds."""
    found: dict[str, FieldNode] = {}
    for one in block_fields:
        if one.key in found and one.key not in ("facts", "columns", "include"):
            context.say(say.field_twice(one.label.span, one.label.text, found[one.key].label.span))
        found.setdefault(one.key, one)
    return found


def taken_by(kind: Kind) -> frozenset[str]:
    """The fields that a clause of ``kind`` reads."""
    return frozenset(take.key for take in kind.form.takes)


def report_unused(own: Bag, read: Collection[str], context: Context) -> None:
    """Every field of ``own`` that is not among those ``read``."""
    for key, one in own.items():
        if key not in read:
            context.say(say.field_unused(one.label.span, one.label.text))


def parts(value: Any) -> Iterator[nodes.Node]:
    """A node and everything in it."""
    if isinstance(value, tuple):
        for one in value:
            yield from parts(one)
    elif isinstance(value, nodes.Node):
        yield value
        for one in fields(value) if is_dataclass(value) else ():
            if one.name != "span":
                yield from parts(getattr(value, one.name))


REST, REST_IN_ENGLISH = "其余", "rest"
"""What a row of words says of all other cases."""


@dataclass
class FieldReader:
    """Reads fields into what a clause keeps."""

    context: Context
    edges: Edges

    def words(self, value: Written) -> tuple[str, ...]:
        """The keys of the fixed phrases in ``value``."""
        node = self.context.read("phrase", value)
        if not isinstance(node, Phrase):
            return ()
        return tuple(one.key for one in node.segments if isinstance(one, nodes.Word))

    def typed(self, reader: Reader, value: Written) -> Typed | None:
        """``value`` as an expression."""
        node = self.context.read("expression", value, reader.parameters)
        return None if node is None else reader.expression(node)  # type: ignore[arg-type]

    def condition(self, reader: Reader, value: Written) -> Condition | None:
        """``value`` as a condition that says nothing of what is given otherwise."""
        node = self.context.read("condition", value, reader.parameters)
        if isinstance(node, nodes.Requirement):
            self.context.say(say.otherwise_here(node.span))
            return None
        return None if node is None else reader.condition(node)  # type: ignore[arg-type]

    # ---- what a clause takes

    def take(
        self, kind: Kind, own: Bag, reader: Reader, values: dict[str, object], case: Callable[[Written], object]
    ) -> bool:
        """The fields that ``kind`` takes into ``values``; False where something was reported. ``case`` reads a list item."""
        whole = True
        for take in kind.form.takes:
            given = own.get(take.key)
            if given is None:
                continue
            if take.items:
                made = [case(item) for item in given.items]
                values[take.items] = tuple(one for one in made if one is not None)
                whole = whole and None not in made
            if take.numbers:
                values[take.numbers] = self.numbers(given)
                whole = whole and values[take.numbers] is not None
            if take.slots and (given.value.text.strip() or not take.numbers):
                whole = self._slots(kind, take.slots, given, reader, values) and whole
            elif take.into:
                inside = self._inside(take.inside, own, reader) if take.inside else reader
                values[take.into] = None if inside is None else self._taken(take.key, given, inside)
                whole = whole and values[take.into] is not None
        return whole

    def _inside(self, key: str, own: Bag, reader: Reader) -> Reader | None:
        """A reader for the rows of the ledger that the field ``key`` names."""
        named = self.context.read("ledger", own[key].value) if key in own else None
        return reader.inside(named.name, named.span) if isinstance(named, nodes.Ledger) else None

    def numbers(self, given: FieldNode) -> Numbers | None:
        """The table of numbers below a field; None where something was reported."""
        if len(given.rows) < 2 or len(given.rows[0].cells) < 2:
            self.context.say(say.table_rows_missing(given.value.span, ["…", given.label.text]))
            return None
        head, *lines = given.rows
        cells = []
        for row in lines:
            if len(row.cells) < len(head.cells):
                self.context.say(say.heading_missing(row.span, head.cells[len(row.cells)].text))
                return None
            cells.append(tuple(self._cell("amount", cell) for cell in row.cells[1 : len(head.cells)]))
        if any(isinstance(one, Unread) for row in cells for one in row):
            return None
        return Numbers(
            squeezed(head.cells[0].text),
            tuple(row.cells[0].text.strip() for row in lines),
            tuple(cell.text.strip() for cell in head.cells[1:]),
            tuple(cells),  # type: ignore[arg-type]
        )

    def _slots(
        self, kind: Kind, slots: Sequence[Slot], given: FieldNode, reader: Reader, values: dict[str, object]
    ) -> bool:
        node = self.context.read("phrase", given.value, reader.parameters)
        if not isinstance(node, Phrase):
            return False
        before = len(self.context.problems)
        fitted = match.fit(kind, slots, node.clauses, lambda value: self.plain(value, reader))
        if not fitted.whole:
            told = match.told(fitted, slots, self.context.vocabulary)
            self.context.say(say.field_unreadable(given.value.span, given.label.text, *told))
        for key, new in fitted.fields.items():
            old = values.get(key)
            if old is not None and old != new:  # the phrase says it, too, and otherwise
                said = given.value.text.strip()
                self.context.say(
                    scoring.contradiction(given.value.span, self._written(old), f"{given.label.text}：{said}")
                )
        values.update(fitted.fields)
        return len(self.context.problems) == before

    def _written(self, value: object) -> str:
        """A part of a phrase in the author's words."""
        if isinstance(value, Expression):
            return value.span.text if value.span is not None else "计分里写的"
        word = self.context.vocabulary.phrases.get(str(value))
        return word.canonical if word is not None else str(value)

    def _taken(self, key: str, given: FieldNode, reader: Reader) -> object:
        label = self.context.vocabulary.labels.get(key)
        shape = label.shape if label else Shape.PHRASE
        if shape is Shape.EXPRESSION:
            typed = self.typed(reader, given.value)
            return typed.expression if typed else None
        if shape is Shape.CONDITION:
            return self.condition(reader, given.value)
        if shape is Shape.LEDGER:
            return self.ledger(given.value, reader)
        return given.value.text.strip()

    def ledger(self, value: Written, reader: Reader) -> LedgerUse | None:
        """``表彰，认定日期在考核期内`` → the ledger and its conditions."""
        node = self.context.read("ledger", value)
        if not isinstance(node, nodes.Ledger):
            return None
        inside = reader.inside(node.name, node.span)
        if inside is None:
            return None
        where = [inside.condition(part) for part in node.where]
        whole = tuple(part for part in where if part is not None)
        return LedgerUse(node.name, AllOf(whole)) if len(whole) == len(where) else None

    def table(
        self,
        kind: Kind,
        rows: Sequence[Row],
        span: Span,
        values: dict[str, object],
        reader: Reader | None = None,
        make: MakeFact | None = None,
    ) -> bool:
        """The table below a phrase into ``values``, a tuple a column; False where something was reported.

        ``reader`` and ``make`` read the headings of conditions, and make the facts that they name.
        """
        headings = kind.form.table
        open_ = next((heading for heading in headings if heading.heads), None)
        if open_ is not None and reader is not None and make is not None:
            return self._cases(open_, headings, rows, span, values, reader, make)
        if len(rows) < 2:
            self.context.say(say.table_rows_missing(span, [h.word.canonical if h.word else "…" for h in headings]))
            return False
        head = rows[0]
        places: list[list[int]] = []
        free = [
            i
            for i, cell in enumerate(head.cells)
            if not any(h.word and squeezed(cell.text) in set(h.word.spellings) for h in headings)
        ]
        for heading in headings:
            if heading.word is None:
                at = free if heading.many else free[:1]
            else:
                spellings = set(heading.word.spellings)
                at = [i for i, cell in enumerate(head.cells) if squeezed(cell.text) in spellings][:1]
            if not at:
                self.context.say(say.heading_missing(head.span, heading.word.canonical if heading.word else "比例"))
                return False
            places.append(at)
        for unread in (cell for i, cell in enumerate(head.cells) if not any(i in at for at in places)):
            self.context.say(say.heading_unknown(unread.span, unread.text, None))
        whole = True
        for heading, at in zip(headings, places, strict=True):
            columns = [
                tuple(
                    self._cell(heading.shape, row.cells[i] if i < len(row.cells) else Written("", row.span), reader)
                    for row in rows[1:]
                )
                for i in at
            ]
            whole = whole and not any(isinstance(one, Unread) for made in columns for one in made)
            named = [(head.cells[i].text.strip(), made) for i, made in zip(at, columns, strict=True)]
            values[heading.into] = tuple(named) if heading.many else columns[0]
        return whole

    def _cases(
        self,
        open_: Heading,
        headings: Sequence[Heading],
        rows: Sequence[Row],
        span: Span,
        values: dict[str, object],
        reader: Reader,
        make: MakeFact,
    ) -> bool:
        """A table of conditions: ``open_`` stands for every column that no other heading takes."""
        others = [heading for heading in headings if heading is not open_ and heading.word is not None]
        if len(rows) < 2:
            self.context.say(say.table_rows_missing(span, ["…", *(h.word.canonical for h in others if h.word)]))
            return False
        head, *lines = rows
        places = {}
        for heading in others:
            assert heading.word is not None
            spellings = set(heading.word.spellings)
            at = next((i for i, cell in enumerate(head.cells) if squeezed(cell.text) in spellings), None)
            if at is None:
                self.context.say(say.heading_missing(head.span, heading.word.canonical))
                return False
            places[heading.into] = at
        free = [i for i in range(len(head.cells)) if i not in places.values()]
        if not free:
            self.context.say(say.heading_missing(head.span, "年度目标"))
            return False
        blank = [
            [row.cells[i] if i < len(row.cells) else Written("", row.span) for i in range(len(head.cells))]
            for row in lines
        ]
        found = cases(
            [head.cells[i] for i in free], [[row[i] for i in free] for row in blank], reader, self.edges, make
        )
        if found is None:
            return False
        values |= {open_.into: found.cells, open_.heads: found.facts, "heads": found.heads}
        whole = True
        for heading in others:
            read = [self._cell(heading.shape, row[places[heading.into]]) for row in blank]
            whole = whole and not any(isinstance(one, Unread) for one in read)
            if found.rest is not None:
                values["rest"] = read.pop(found.rest)
            values[heading.into] = tuple(read)
        return whole

    def _cell(self, shape: str, cell: Written, reader: Reader | None = None) -> object:
        if shape == "expression" and reader is not None:
            typed = self.typed(reader, cell)
            return Unread() if typed is None else typed.expression
        if shape == "band":
            return _kept(band(cell, self.context, self.edges))
        if shape == "amount":
            node = self.context.read("quantity", cell)
            return quantity(node).expression if isinstance(node, nodes.Quantity) else Unread()
        text = cell.text.strip()
        return REST if text == REST_IN_ENGLISH else text

    # ---- what a segment holds

    def plain(self, value: object, reader: Reader) -> object:
        """What a segment holds, in the model's words; an amount that could not be read is None, and reported."""
        match value:
            case nodes.Award(kind, points):
                return Award(AwardKind(kind), None if points is None else self._amount(points, reader))
            case nodes.Quantity() | nodes.Name() | nodes.Own() | nodes.Arithmetic() | nodes.Function():
                return self._amount(value, reader)
            case nodes.ItemNumber() | nodes.TableCell() | nodes.Total() | nodes.BaseScore():
                return self._amount(value, reader)
            case tuple():
                return tuple(self.plain(part, reader) for part in value)
        return value

    def _amount(self, node: nodes.ExpressionNode, reader: Reader) -> Expression | None:
        typed = reader.expression(node)
        if typed is not None and typed.kind is ValueType.TEXT:
            self.context.say(not_a_number(node.span, typed))
            return None
        return typed.expression if typed else None


def _kept(cell: Cell) -> object:
    """A cell of a band table as the clause keeps it: an interval, a word, None for 其余."""
    match cell:
        case Word(text):
            return text
        case Rest():
            return None
        case Interval() | Unread():
            return cell
