"""Vetoes, limits, grades and applications: blocks → rules."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from perfdsl.clauses.kind import Kind
from perfdsl.compile import match
from perfdsl.compile.bands import band
from perfdsl.compile.context import Context
from perfdsl.compile.header import notes_of
from perfdsl.compile.items import MODES, Bag, ItemMaker, Place, bag
from perfdsl.model.expression import Condition, Holds
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.item import Level
from perfdsl.model.rulebook import Rule
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import Block, FieldNode, Phrase, Row, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.citation import Citation

BASES = {
    "ranked_count": QuotaBase.RANKED,
    "appraised_count": QuotaBase.APPRAISED,
    "qualified_count": QuotaBase.QUALIFIED,
}
TIES = {"all_in": TieAtCut.ALL_IN, "all_out": TieAtCut.ALL_OUT}
META = frozenset(["article", "basis", "official", "reason", "replaces", "scorer", "responsible", "source", "decided"])


def citation_of(block: Block, fields: Bag) -> Citation:
    """The place of a block as officers name it."""
    article = fields["article"].value.text.strip() if "article" in fields else ""
    return Citation(article, block.code.text if block.code else "", block.name.text, block.span.line)


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
            given = fields.get(take.key)
            if given is None:
                if take.required:
                    self.context.say(say.field_missing(block.span, block.name.text, self._label(take.key)))
                    whole = False
                continue
            if take.items:
                made = [self._case(item, place, fields) for item in given.items]
                values[take.items] = tuple(one for one in made if one is not None)
                whole = whole and all(one is not None for one in made)
            if take.slots:
                node = self.context.read("phrase", given.value)
                if not isinstance(node, Phrase):
                    whole = False
                    continue
                fitted = match.fit(kind, take.slots, node.clauses, lambda value: self.items.plain(value, reader))
                if not fitted.whole:
                    spans, names = [one.span for one in fitted.over], [slot.shape for slot in fitted.missing]
                    self.context.say(say.field_unreadable(given.value.span, given.label.text, spans, names))
                    whole = False
                values.update(fitted.fields)
            elif take.into:
                values[take.into] = self.items._taken(take.key, given, reader)
                whole = whole and values[take.into] is not None
        if kind.form.table:
            rows = block.rows or next((one.rows for one in reversed(block.fields) if one.rows), ())
            score = FieldNode("score", block.word, block.name, rows=rows, span=block.span)
            whole = self.items._table(kind, rows, {"score": score}, values) and whole
        taken = {take.key for take in kind.form.takes}
        for key, one in fields.items():
            if key not in taken and key not in META:
                self.context.say(say.field_unused(one.label.span, one.label.text))
        if not whole:
            return None
        clause = kind.node(kind=kind.key, span=block.span, **values)
        return Rule(code, block.name.text, clause, self.items.meta(fields), citation, block.span)

    def _label(self, key: str) -> str:
        label = self.context.vocabulary.labels.get(key)
        return label.word.canonical if label else key

    def _case(self, item: Written, place: Place, fields: Bag) -> Condition | None:
        """One of 情形之一: a condition where it reads as one, else a yes/no fact in the author's words."""
        text = item.text.strip().rstrip("。；;")
        if text.startswith(("台账", "附表", "总分", "得分", "指标值", "等次", "连续")):
            node = self.context.read("condition", item)
            return None if node is None else self.items.reader(fields, {}).condition(node)  # type: ignore[arg-type]
        column = self.items._yes_no(item, place, fields)
        return Holds(column, span=item.span)

    def scheme(self, block: Block) -> GradeScheme | None:
        """The 等次 block."""
        fields = bag(block.fields, self.context)
        rows = block.rows or next((one.rows for one in reversed(block.fields) if one.rows), ())
        if len(rows) < 2:
            self.context.say(say.table_rows_missing(block.span, ["等次", "总分", "名额"]))
            return None
        keys = [self.context.column_key(cell.text) for cell in rows[0].cells]
        for key, cell in zip(keys, rows[0].cells, strict=True):
            if key not in ("grade", "total", "quota", "also", "position"):
                self.context.say(say.heading_unknown(cell.span, cell.text, None))
        grades = [self._grade(dict(zip(keys, row.cells, strict=False)), row) for row in rows[1:]]
        flags = {one.key for one in notes_of(block, self.context) if isinstance(one, nodes.Word)}

        def chosen(key: str) -> tuple[str, ...]:
            return self.items.words(fields[key].value) if key in fields else ()

        if "next_grade" not in chosen("quota_over") and "quota_over" in fields:
            self.context.say(say.field_unreadable(fields["quota_over"].value.span, "超出名额", [], []))
        reader = self.items.reader(fields, {})
        known = {"quota_base", "quota_rounding", "quota_tie", "quota_over", "promoted"} | META
        for key, one in fields.items():
            if key not in known:
                self.context.say(say.field_unused(one.label.span, one.label.text))
        return GradeScheme(
            name=block.name.text,
            grades=tuple(one for one in grades if one is not None),
            by_category="by_category" in flags,
            base=next((BASES[key] for key in chosen("quota_base") if key in BASES), None),
            rounding=next((MODES[key] for key in chosen("quota_rounding") if key in MODES), None),
            tie=next((TIES[key] for key in chosen("quota_tie") if key in TIES), None),
            promoted=self.items._condition(reader, fields, "promoted"),
            overflow="quota_over" in fields,
            citation=citation_of(block, fields),
            span=block.span,
        )

    def _grade(self, cells: dict[str, Written], row: Row) -> Grade | None:
        blank = Written("", row.span)
        name = cells.get("grade", blank).text.strip()
        total = cells.get("total", blank)
        found = band(total, self.context, self.items.setup.edges) if total.text.strip() else None
        also = cells.get("also", blank)
        condition = None
        if also.text.strip():
            node = self.context.read("condition", also)
            condition = None if node is None else self.items.reader({}, {}).condition(node)  # type: ignore[arg-type]
        position = cells.get("position", blank)
        places = band(position, self.context, self.items.setup.edges) if position.text.strip() else None
        return Grade(
            name,
            found if isinstance(found, Interval) else None,
            self._quota(cells.get("quota", blank)),
            condition,
            places if isinstance(places, Interval) else None,
            span=row.span,
        )

    def _quota(self, cell: Written) -> Quota | None:
        text = cell.text.strip()
        if not text or text in self.context.vocabulary.spellings("unlimited"):
            return None
        node = self.context.read("quantity", cell)
        if not isinstance(node, nodes.Quantity):
            return None
        if node.unit == "%":
            return Quota(QuotaKind.SHARE, node.number / 100)
        return Quota(QuotaKind.COUNT, node.number)
