"""Vetoes, limits, grades and applications: blocks → rules."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from perfdsl.clauses.grades import FORM as GRADES
from perfdsl.clauses.kind import Kind
from perfdsl.clauses.shared.population import holds_for
from perfdsl.compile.about import meta_of
from perfdsl.compile.amounts import COUNTED, SHARES
from perfdsl.compile.bands import Rest, Word, band
from perfdsl.compile.context import Context
from perfdsl.compile.dashes import dashes
from perfdsl.compile.expressions import Reader
from perfdsl.compile.fields import ABOUT, WHEN, Bag, bag, report_unused, taken_by
from perfdsl.compile.functions import MODES
from perfdsl.compile.header import notes_of
from perfdsl.compile.items import ItemMaker, Place
from perfdsl.model.expression import Condition, Holds
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.item import Level
from perfdsl.model.rulebook import Category, Rule
from perfdsl.model.units import ValueType
from perfdsl.syntax import nodes
from perfdsl.syntax.lexer import Lexer, Value, lexicon
from perfdsl.syntax.nodes import Block, Row, Written
from perfdsl.syntax.shapes import reads
from perfdsl.text.catalogue import names as say
from perfdsl.text.citation import Citation
from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass

BASES = {
    "ranked_count": QuotaBase.RANKED,
    "appraised_count": QuotaBase.APPRAISED,
    "qualified_count": QuotaBase.QUALIFIED,
}
TIES = {"all_in": TieAtCut.ALL_IN, "all_out": TieAtCut.ALL_OUT}

CONDITION_BEGINS = frozenset(("LEDGER", "TABLE", "TOTAL", "SCORE", "OWN", "GRADE", "CONSECUTIVE", "FUNCTION", "NOT"))
"""Words with which a condition begins."""


def citation_of(block: Block, fields: Bag) -> Citation:
    """The place of a block as officers name it."""
    article = fields["article"].value.text.strip() if "article" in fields else ""
    code = block.code.text if block.code else ""
    return Citation(article, code, block.name.text, block.span.line, block.span.source.cited)


@dataclass
class RuleMaker:
    """Makes the rules that stand outside the item tree."""

    context: Context
    items: ItemMaker

    def rule(self, block: Block, kind: Kind) -> Rule | None:
        """A veto, a limit or an application."""
        fields = bag(block.fields, self.context)
        code = block.code.text if block.code else block.name.text
        citation = citation_of(block, fields)
        place = Place(Level.INDICATOR, code, block.name.text, "", None, Fraction(0), None, citation, block.span)
        reader = self.items.reader(fields, {})
        values: dict[str, object] = {}
        whole = True
        for take in kind.form.takes:
            if take.required and take.key not in fields:
                self.context.say(say.field_missing(block.span, block.name.text, self._label(take.key)))
                whole = False
        readers = self.items.fields
        whole = readers.take(kind, fields, reader, values, lambda item: self._case(item, place, fields)) and whole
        if kind.form.table:
            whole = readers.table(kind, rows_of(block), block.span, values) and whole
        report_unused(fields, (ABOUT - WHEN) | taken_by(kind), self.context)
        for note in block.notes:
            self.context.say(say.field_unused(note.span, note.text))
        if not whole:
            return None
        clause = kind.node(kind=kind.key, span=block.span, **values)
        meta = meta_of(fields, self.context, kind, rows_of(block))
        return Rule(code, block.name.text, clause, meta, citation, block.span)

    def _label(self, key: str) -> str:
        label = self.context.vocabulary.labels.get(key)
        return label.word.canonical if label else key

    def _case(self, item: Written, place: Place, fields: Bag) -> Condition | None:
        """One of 情形之一: a condition where it reads as one, else a yes/no fact in the author's words."""
        name = item.text.strip().rstrip("。；;")
        if not self.context.columns_called(name):
            if reads("condition", item, self.context.vocabulary, self.context.names) is not None:
                return self.items.fields.condition(self.items.reader(fields, {}), item)
            if self._half_a_condition(item):
                self.context.read("condition", item)
                return None
        column = self.items.yes_no(item, place, fields)
        if column.kind is not ValueType.BOOL:
            self.context.say(say.not_yes_or_no(item.span, name))
            return None
        return Holds(column, span=item.span)

    def _half_a_condition(self, item: Written) -> bool:
        """Whether the words begin like a condition, with a word of the language or the name of a column, or set a limit."""
        lexer = Lexer(Value(item), lexicon(self.context.vocabulary, self.context.names))
        text = lexer.value.text
        if not text:
            return True
        name = lexer.lexicon.declared.get(lexer.lexicon.longest(lexer.lexicon.names, lexer.value, 0), "")
        columns = [column for _, column in self.context.columns_called(name)]
        if any(column.kind is ValueType.BOOL for column in columns) and name == text:
            return False
        words = lexer.lexicon.longest(lexer.lexicon.words, lexer.value, 0)
        meaning = self.context.vocabulary.meanings.get(words)
        opens = meaning is not None and meaning.terminal in CONDITION_BEGINS and len(words) >= len(name)
        return opens or bool(columns) or lexer.bounded(0, len(text))

    def scheme(self, block: Block, categories: Sequence[Category] = ()) -> tuple[GradeScheme | None, bool]:
        """The 等次 block, and whether all its cells could be read."""
        fields = bag(block.fields, self.context)
        rows = rows_of(block)
        if len(rows) < 2:
            self.context.say(say.table_rows_missing(block.span, ["等次", "总分", "名额"]))
            return None, False
        keys = [self.context.column_key(cell.text) for cell in rows[0].cells]
        for key, cell in zip(keys, rows[0].cells, strict=True):
            if key not in ("grade", "total", "quota", "also", "position", "forced"):
                self.context.say(say.heading_unknown(cell.span, cell.text, None))
        before = len(self.context.problems)
        grades = tuple(self._grade(dict(zip(keys, row.cells, strict=False)), row) for row in rows[1:])
        whole = len(self.context.problems) == before
        self.context.say(*self._dashes(block, keys, rows))
        flags = set()
        for one in notes_of(block, self.context):
            if isinstance(one, nodes.Word) and one.key in ("by_category", "together"):
                flags.add(one.key)
            else:
                self.context.say(say.field_unused(one.span, one.span.text))

        def chosen(key: str, *known: str) -> str | None:
            if key not in fields:
                return None
            before = len(self.context.problems)
            found = self.items.fields.words(fields[key].value)
            if len(self.context.problems) == before and (len(found) != 1 or found[0] not in known):
                words = [self.context.vocabulary.canonical("PHRASE", one) for one in known]
                span, label = fields[key].value.span, fields[key].label.text
                self.context.say(say.field_unreadable(span, label, [span], [], words))
            return next((one for one in found if one in known), None)

        reader = self.items.reader(fields, {})
        base = chosen("quota_base", *BASES)
        rounding, tie = chosen("quota_rounding", *MODES), chosen("quota_tie", *TIES)
        over, promoted = chosen("quota_over", "next_grade"), fields.get("promoted")
        report_unused(fields, (ABOUT - WHEN) | {"applies"} | {take.key for take in GRADES.takes}, self.context)
        scheme = GradeScheme(
            name=block.name.text,
            grades=grades,
            by_category="by_category" in flags,
            base=BASES[base] if base else None,
            rounding=MODES[rounding] if rounding else None,
            tie=TIES[tie] if tie else None,
            promoted=self.items.fields.condition(reader, promoted.value) if promoted else None,
            overflow=over is not None,
            categories=self._meant(fields, reader, categories),
            meta=meta_of(fields, self.context),
            citation=citation_of(block, fields),
            span=block.span,
        )
        return scheme, whole

    def _meant(self, fields: Bag, reader: Reader, categories: Sequence[Category]) -> tuple[str, ...]:
        """The categories that 适用 names; it may look at nothing else."""
        if "applies" not in fields:
            return ()
        condition = self.items.fields.condition(reader, fields["applies"].value)
        if condition is None:
            return ()
        held = {category.name: holds_for(condition, category.name) for category in categories}
        if None in held.values() or True not in held.values():
            value = fields["applies"].value
            label = fields["applies"].label.text
            self.context.say(say.field_unreadable(value.span, label, [value.span], [], ["类别 为 “区县”"]))
        return tuple(name for name, holds in held.items() if holds)

    def _dashes(self, block: Block, keys: list[str], rows: tuple[Row, ...]) -> Problems:
        """What the totals, as printed, say twice or not at all."""
        if "total" not in keys:
            return ()
        at, name = keys.index("total"), keys.index("grade") if "grade" in keys else 0
        cells = [(row.cells[name].text, row.cells[at]) for row in rows[1:] if len(row.cells) > max(at, name)]
        return tuple(dashes(cells, block.word.span, self.context, self.items.setup.edges))

    def _grade(self, cells: dict[str, Written], row: Row) -> Grade:
        blank = Written("", row.span)
        name = cells.get("grade", blank).text.strip()
        also = cells.get("also", blank)
        condition = None
        if also.text.strip():
            condition = self.items.fields.condition(self.items.reader({}, {}), also)
        return Grade(
            name,
            self._range(cells.get("total", blank), ("", "分"), rest=True),
            self._quota(cells.get("quota", blank)),
            condition,
            self._range(cells.get("position", blank), ("", "名", "位"), rest=False),
            self._quota(cells.get("forced", blank)),
            span=row.span,
        )

    def _range(self, cell: Written, units: tuple[str, ...], rest: bool) -> Interval | None:
        """A range of totals or ranks; None where there is none, and for 其余 where that may stand."""
        if not cell.text.strip():
            return None
        found = band(cell, self.context, self.items.setup.edges, units)
        if isinstance(found, Word) or (isinstance(found, Rest) and not rest):
            self.context.say(say.not_a_band(cell.span, cell.text))
        return found if isinstance(found, Interval) else None

    def _quota(self, cell: Written) -> Quota | None:
        text = cell.text.strip()
        if not text or text in self.context.vocabulary.spellings("unlimited"):
            return None
        node = self.context.read("quantity", cell)
        if not isinstance(node, nodes.Quantity):
            return None
        found = quota_of(node)
        if found is None:
            self.context.say(say.quota_unit(node.span, decimal(node.number)))
        return found


def quota_of(amount: object) -> Quota | None:
    """A share or a number of places; None where it is neither."""
    if not isinstance(amount, nodes.Quantity):
        return None
    if amount.unit in SHARES:
        return Quota(QuotaKind.SHARE, amount.number * SHARES[amount.unit])
    return Quota(QuotaKind.COUNT, amount.number) if amount.unit in COUNTED else None


def rows_of(block: Block) -> tuple[Row, ...]:
    """The table of a block: under its header, or under its last field that has one."""
    return block.rows or next((one.rows for one in reversed(block.fields) if one.rows), ())
