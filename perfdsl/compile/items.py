"""Blocks and rows → items.

A row of a 要点 table, of a 附表 of members and a block with fields are the same thing here: a bag of fields. A
计分办法 lends its fields to whoever calls it, with its parameters filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.clauses.kind import Kind
from perfdsl.compile import match
from perfdsl.compile.bands import Edges, band
from perfdsl.compile.context import Context, Fact, Parameters, squeezed
from perfdsl.compile.expressions import Reader, Typed, quantity
from perfdsl.model.expression import AllOf, ColumnRef, Condition, Expression, Number, Population
from perfdsl.model.item import (
    Answer,
    AnswerKind,
    Award,
    AwardKind,
    Clause,
    Item,
    LedgerUse,
    Level,
    Meta,
)
from perfdsl.model.rounding import Rounding
from perfdsl.model.states import State
from perfdsl.model.table import FACTS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import RATIO, Mode, ValueType, unit_of
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import FieldNode, Phrase, Row, Segment, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import totals
from perfdsl.text.citation import Citation
from perfdsl.text.form import Shape
from perfdsl.text.source import Span, folded

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
ANSWERS = {
    "group_mean": AnswerKind.GROUP_MEAN,
    "redistribute": AnswerKind.REDISTRIBUTE,
    "smaller_full": AnswerKind.SMALLER_FULL,
    "return": AnswerKind.RETURN,
    "skip": AnswerKind.SKIP,
}
POPULATIONS = {
    "same_category": Population.CATEGORY,
    "ranked_units": Population.RANKED,
    "all_units": Population.ALL,
}
MODES = {"half_up": Mode.HALF_UP, "half_even": Mode.HALF_EVEN, "down": Mode.DOWN, "up": Mode.UP}

COMMON = frozenset(
    [
        "article",
        "basis",
        "official",
        "reason",
        "replaces",
        "scorer",
        "responsible",
        "source",
        "frequency",
        "weight",
        "value",
        "target",
        "direction",
        "population",
        "score",
        "points",
        "applies",
        "absent",
        "missing",
        "nil",
        "none",
        "not_due",
        "exempt",
        "requires",
        "own_rounding",
        "within",
        "taken_from",
        "facts",
    ]
)
"""Fields that any item may carry; the others belong to a kind."""

INHERITED = frozenset(("scorer", "source", "beyond", "offset", "direction", "population"))
"""Fields of an indicator that hold for its 要点 where they say nothing else."""

NUMBERED = re.compile(r"^\s*(?:[（(]?([0-9]+(?:\.[0-9]+)*|[一二三四五六七八九十]+|[A-Z])[）)]?[、.．]\s*)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands and what is known of it before its fields are read."""

    level: Level
    code: str
    name: str
    owner: str
    full: Fraction | None
    least: Fraction
    weight: Fraction | None
    citation: Citation
    span: Span
    inherited: Bag = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """What the rulebook's header settles for all items."""

    edges: Edges
    population: Population | None
    with_self: bool | None
    has_categories: bool


def without_number(name: str) -> tuple[str, str]:
    """A printed number and the name behind it: ``1.四个到位`` → ``("1", "四个到位")``."""
    found = NUMBERED.match(folded(name))
    if found is None:
        return "", name.strip()
    return found.group(1), name[found.end() :].strip()


def bag(block_fields: Iterable[FieldNode], context: Context) -> dict[str, FieldNode]:
    """Fields by key; a field that stands twice is reported and the first one holds."""
    found: dict[str, FieldNode] = {}
    for one in block_fields:
        if one.key in found and one.key != "facts":
            context.say(say.field_twice(one.label.span, one.label.text, found[one.key].label.span))
        found.setdefault(one.key, one)
    return found


@dataclass
class ItemMaker:
    """Makes the item of one block or row."""

    context: Context
    setup: Setup

    # ---- an item with its scoring

    def leaf(self, place: Place, own: Bag, parameters: Parameters) -> Item:
        """The item at ``place`` with the fields ``own``; a method it calls lends the rest."""
        own, parameters, method = self._with_method(place, own, parameters)
        reader = self.reader(own, parameters)
        value, target = self._value_and_target(reader, own)
        clauses = self._clauses(own.get("score"), parameters)
        children = self._points(place, own, parameters)
        clause, kind = self._clause(place, own, clauses, reader, bool(children))
        fact = None
        if value is None and kind is not None and clause is not None:
            fact = self._fact(place, kind, clause, own)
        made = Item(
            level=place.level,
            code=place.code,
            name=place.name,
            full=place.full,
            least=place.least,
            weight=place.weight,
            children=children,
            combine=clause if kind is not None and kind.combines else None,
            value=value.expression if value else fact,
            kind=value.kind if value else (fact.kind if fact else ValueType.NUMBER),
            target=target.expression if target else None,
            higher_is_better=self._direction({**place.inherited, **own}, parameters),
            population=self._population({**place.inherited, **own}),
            scoring=clause if kind is not None and not kind.combines else None,
            applies=self._condition(reader, own, "applies"),
            exempt=self._condition(reader, own, "exempt"),
            requires=self._requires(reader, own),
            answers=self._answers(own, clause),
            rounding=self._own_rounding(own),
            method=method,
            meta=self.meta(own),
            citation=place.citation,
            span=place.span,
        )
        self._leftover(own, kind)
        return made

    def combining(self, place: Place, own: Bag) -> Clause | None:
        """How the children of a group become its score, where its 计分 says so."""
        reader = self.reader(own, {})
        clause, _ = self._clause(place, own, self._clauses(own.get("score"), {}), reader, True)
        return clause

    def part_of(self, own: Bag) -> Condition | None:
        """适用 of a group: the other units are not scored by this part at all, so 不涉及 can only be 不计分."""
        held = self._condition(self.reader(own, {}), own, "applies")
        if "absent" in own:
            answer = self._answer(own["absent"].value)
            if answer is not None and answer.kind is not AnswerKind.SKIP:
                self.context.say(say.group_answer(own["absent"].value.span))
        return held

    def row_leaf(self, place: Place, own: Bag, table: Table, target: TableColumn | None) -> Item:
        """The rule for a row of ``table``: its columns are meant first, its 目标值 is the target."""
        reader = replace(self.reader(own, {}), ledger=table)
        if target is not None:
            reference = ColumnRef(table.name, target.name, target.kind, target.unit, span=place.span)
            reader.own["target"] = Typed(reference, target.kind, target.unit)
        value, _ = self._value_and_target(reader, own)
        made = reader.own.get("target")
        clause, kind = self._clause(place, own, self._clauses(own.get("score"), {}), reader, False)
        self._leftover(own, kind)
        return Item(
            level=place.level,
            code=place.code,
            name=place.name,
            value=value.expression if value else None,
            target=made.expression if made else None,
            higher_is_better=self._direction(own, {}),
            scoring=clause,
            answers=self._answers(own, clause),
            citation=place.citation,
            span=place.span,
        )

    def reader(self, own: Bag, parameters: Parameters) -> Reader:
        """A reader for the expressions of one item."""
        return Reader(
            self.context,
            parameters,
            population=self._population(own),
            with_self=self.setup.with_self,
        )

    def _with_method(self, place: Place, own: Bag, parameters: Parameters) -> tuple[Bag, Parameters, str]:
        score = own.get("score")
        if score is None:
            return own, parameters, ""
        segments = (one for clause in self._clauses(score, parameters) or () for one in clause)
        call = next((one for one in segments if isinstance(one, nodes.MethodCall)), None)
        if call is None:
            return own, parameters, ""
        block = self.context.methods[call.name]
        names = [part.strip() for note in block.notes for part in note.text.split("、")]
        if call.arguments and len(names) != len(call.arguments):
            self.context.say(say.arguments_differ(call.span, call.name, names, len(call.arguments)))
        if not call.arguments:
            for name in names:
                if name not in parameters:
                    self.context.say(say.argument_missing(call.span, call.name, name))
        given = dict(parameters) | dict(zip(names, call.arguments, strict=False))
        lent = {one.key: one for one in block.fields}
        mine = {key: one for key, one in own.items() if key != "score"}
        return lent | mine, given, call.name

    def _value_and_target(self, reader: Reader, own: Bag) -> tuple[Typed | None, Typed | None]:
        """指标值 and 目标值; either may be written with the other, so the one that stands alone is read first."""
        given = own.get("value")
        target_first = given is not None and "目标值" in squeezed(given.value.text)
        for key in ("target", "value") if target_first else ("value", "target"):
            typed = self._typed(reader, own, key)
            if typed is not None:
                reader.own[key] = typed
        return reader.own.get("value"), reader.own.get("target")

    def _typed(self, reader: Reader, own: Bag, key: str) -> Typed | None:
        field_node = own.get(key)
        if field_node is None:
            return None
        node = self.context.read("expression", field_node.value, reader.parameters)
        return None if node is None else reader.expression(node)  # type: ignore[arg-type]

    def _condition(self, reader: Reader, own: Bag, key: str) -> Condition | None:
        field_node = own.get(key)
        if field_node is None:
            return None
        node = self.context.read("condition", field_node.value, reader.parameters)
        return None if node is None else reader.condition(node)  # type: ignore[arg-type]

    def _requires(self, reader: Reader, own: Bag) -> tuple[Condition, Answer] | None:
        field_node = own.get("requires")
        if field_node is None:
            return None
        text = field_node.value.text
        cut = text.find("否则")
        if cut < 0:
            self.context.say(say.requires_otherwise(field_node.value.span))
            return None
        head = text[:cut].rstrip(" ，,")
        condition = Written(head, field_node.value.span.part(0, len(head)))
        phrase = Written(text[cut + 2 :], field_node.value.span.part(cut + 2, len(text)))
        node = self.context.read("condition", condition, reader.parameters)
        held = None if node is None else reader.condition(node)  # type: ignore[arg-type]
        answer = self._answer(phrase)
        return (held, answer) if held is not None and answer is not None else None

    # ---- phrases

    def _clauses(self, score: FieldNode | None, parameters: Parameters) -> Clauses | None:
        """The parts of a 计分 between ；, each a run of segments; None where it could not be read (and was reported)."""
        if score is None or not score.value.text.strip():
            return ()
        node = self.context.read("phrase", score.value, parameters)
        return node.clauses if isinstance(node, Phrase) else None

    def _clause(
        self, place: Place, own: Bag, clauses: Clauses | None, reader: Reader, has_children: bool
    ) -> tuple[Clause | None, Kind | None]:
        score = own.get("score")
        if clauses is None:
            return None, None
        if any(isinstance(one, nodes.Word) and one.key == "open" for clause in clauses for one in clause):
            self.context.say(say.left_open(score.value.span if score else place.span))
            return None, None
        kinds = self._kinds_for(own, bool(clauses), has_children)
        if not clauses and not kinds:
            if not has_children:
                missing = score is not None or place.level is not Level.STEP
                if missing and not (score is not None and not score.value.text.strip()):
                    self.context.say(say.scoring_missing(place.span, place.name))
            return None, None
        fits = match.best(kinds, clauses, lambda value: self.plain(value, reader))
        if len(fits) > 1 and score is not None:
            self.context.say(say.scoring_ambiguous(score.value.span, [one.kind.form.name.canonical for one in fits]))
            return None, None
        if not fits[0].whole:
            span = score.value.span if score else place.span
            self.context.say(say.scoring_unreadable(span, fits[0].kind.form.name.canonical, *_told(fits[0])))
            return None, None
        kind, values = fits[0].kind, dict(fits[0].fields)
        if not self._take(kind, own, reader, values, place):
            return None, kind
        span = score.value.span if score else place.span
        return kind.node(kind=kind.key, span=span, **values), kind

    def _kinds_for(self, own: Bag, has_phrase: bool, has_children: bool) -> list[Kind]:
        scoring = [
            kind
            for kind in self.context.kinds
            if not kind.form.header and kind.combines == has_children and not set(kind.form.without) & set(own)
        ]
        if has_phrase:
            asked = [
                kind for kind in scoring if any(slot.required for slot in kind.form.pattern) or not kind.form.takes
            ]
            return [kind for kind in asked if all(take.key in own for take in kind.form.takes if take.required)]
        return [
            kind
            for kind in scoring
            if not any(slot.required for slot in kind.form.pattern)
            and any(take.required for take in kind.form.takes)
            and all(take.key in own for take in kind.form.takes if take.required)
        ]

    def _take(self, kind: Kind, own: Bag, reader: Reader, values: dict[str, object], place: Place) -> bool:
        whole = True
        for take in kind.form.takes:
            given = own.get(take.key) or place.inherited.get(take.key)
            if given is None:
                continue
            if take.items:
                values[take.items] = tuple(self._yes_no(item, place, own) for item in given.items)
            if take.slots:
                node = self.context.read("phrase", given.value, reader.parameters)
                if not isinstance(node, Phrase):
                    whole = False
                    continue
                fitted = match.fit(kind, take.slots, node.clauses, lambda value: self.plain(value, reader))
                if not fitted.whole:
                    self.context.say(say.field_unreadable(given.value.span, given.label.text, *_told(fitted)))
                    whole = False
                values.update(fitted.fields)
            elif take.into:
                made = self._taken(take.key, given, reader)
                whole = whole and made is not None
                values[take.into] = made
        if kind.form.table:
            rows = own["score"].rows if "score" in own else ()
            whole = self._table(kind, rows, own, values) and whole
        return whole

    def _taken(self, key: str, given: FieldNode, reader: Reader) -> object:
        label = self.context.vocabulary.labels.get(key)
        shape = label.shape if label else Shape.PHRASE
        if shape is Shape.EXPRESSION:
            node = self.context.read("expression", given.value, reader.parameters)
            typed = None if node is None else reader.expression(node)  # type: ignore[arg-type]
            return typed.expression if typed else None
        if shape is Shape.CONDITION:
            node = self.context.read("condition", given.value, reader.parameters)
            return None if node is None else reader.condition(node)  # type: ignore[arg-type]
        if key == "ledger_use":
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

    def _table(self, kind: Kind, rows: Sequence[Row], own: Bag, values: dict[str, object]) -> bool:
        headings = kind.form.table
        score = own.get("score")
        if len(rows) < 2:
            span = score.value.span if score else None
            self.context.say(say.table_rows_missing(span, [h.word.canonical if h.word else "…" for h in headings]))
            return False
        head = rows[0]
        places: list[int] = []
        free = [
            i
            for i, cell in enumerate(head.cells)
            if not any(h.word and squeezed(cell.text) in set(h.word.spellings) for h in headings)
        ]
        for heading in headings:
            if heading.word is None:
                at = free[0] if free else None
            else:
                spellings = set(heading.word.spellings)
                at = next((i for i, cell in enumerate(head.cells) if squeezed(cell.text) in spellings), None)
            if at is None:
                self.context.say(say.heading_missing(head.span, heading.word.canonical if heading.word else "比例"))
                return False
            places.append(at)
        whole = True
        for heading, at in zip(headings, places, strict=True):
            cells = []
            for row in rows[1:]:
                made = self._cell(heading.shape, row.cells[at] if at < len(row.cells) else Written("", row.span))
                whole = whole and made is not False
                cells.append(made)
            values[heading.into] = tuple(cells)
        return whole

    def _cell(self, shape: str, cell: Written) -> object:
        if shape == "band":
            return band(cell, self.context, self.setup.edges)
        if shape == "amount":
            node = self.context.read("quantity", cell)
            return quantity(node).expression if isinstance(node, nodes.Quantity) else False
        return cell.text.strip()

    def plain(self, value: object, reader: Reader) -> object:
        """What a segment holds, in the model's words."""
        match value:
            case nodes.Award(kind, points):
                return Award(AwardKind(kind), None if points is None else self._amount(points, reader))
            case nodes.Quantity() | nodes.Name() | nodes.Own() | nodes.Arithmetic() | nodes.Function():
                return self._amount(value, reader)
            case nodes.ItemNumber() | nodes.TableCell() | nodes.Total():
                return self._amount(value, reader)
            case tuple():
                return tuple(self.plain(part, reader) for part in value)
        return value

    def _amount(self, node: nodes.ExpressionNode, reader: Reader) -> Expression:
        typed = reader.expression(node)
        return typed.expression if typed else Number(Fraction(0), RATIO)

    # ---- facts

    def _fact(self, place: Place, kind: Kind, clause: Clause, own: Bag) -> ColumnRef | None:
        fact = kind.fact_of(clause)
        if fact is None:
            return None
        what = str(getattr(clause, "what", "") or "")
        word = kind.fact_unit(clause) if fact is ValueType.NUMBER else ""
        return self.fact(place, what or place.name, fact, word, own)

    def fact(self, place: Place, name: str, kind: ValueType, word: str, own: Bag) -> ColumnRef:
        """The column for a fact that a phrase names; declared columns of the same name are that fact."""
        declared = [
            (table, column)
            for table, column in self.context.columns_called(name)
            if table.role is TableRole.FACT and table.row_of in (RowOf.UNIT, RowOf.MONTH)
        ]
        if declared:
            table, column = declared[0]
            return ColumnRef(table.name, column.name, column.kind, column.unit, span=place.span)
        unit = unit_of(word)[0] if kind is ValueType.NUMBER and word else (RATIO if kind is ValueType.NUMBER else None)
        source = own.get("source") or own.get("scorer") or place.inherited.get("scorer")
        made = Fact(
            name,
            place.owner or place.name,
            place.code,
            kind,
            unit,
            word,
            source.value.text.strip() if source else "",
            place.span,
        )
        self.context.facts[made.key] = made
        return ColumnRef(FACTS, made.key, kind, unit, span=place.span)

    def _yes_no(self, item: Written, place: Place, own: Bag) -> ColumnRef:
        named = replace(place, code=f"{place.code}·{item.text.strip()}", owner=place.name)
        return self.fact(named, item.text.strip().rstrip("。；;"), ValueType.BOOL, "", own)

    # ---- points

    def _points(self, place: Place, own: Bag, parameters: Parameters) -> tuple[Item, ...]:
        given = own.get("points")
        if given is None:
            return ()
        if given.rows:
            return tuple(self._point_rows(place, own, given, parameters))
        node = self.context.read("phrase", given.value, parameters)
        return tuple(self._inline_points(place, own, given, node, parameters)) if isinstance(node, Phrase) else ()

    def _point_rows(self, place: Place, own: Bag, given: FieldNode, parameters: Parameters) -> Iterable[Item]:
        keys = [self.heading_key(cell) for cell in given.rows[0].cells]
        for row in given.rows[1:]:
            fields = {
                key: FieldNode(key, head, cell, span=cell.span)
                for key, head, cell in zip(keys, given.rows[0].cells, row.cells, strict=False)
                if key and cell.text.strip()
            }
            yield self._point(place, own, fields, row.span, parameters)

    def _point(self, place: Place, own: Bag, fields: dict[str, FieldNode], span: Span, parameters: Parameters) -> Item:
        name_field = fields.pop("point", None)
        name = without_number(name_field.value.text)[1] if name_field else ""
        if not name:
            self.context.say(say.point_without_name(span))
        full = self.points_of(fields.pop("column_points", None))
        inherited = {key: one for key, one in own.items() if key in INHERITED}
        return self.leaf(self._below(place, name, full, span, inherited), fields, parameters)

    def _below(self, place: Place, name: str, full: Fraction | None, span: Span, inherited: Bag) -> Place:
        code = f"{place.code}·{name}"
        citation = replace(place.citation, code=place.code, name=f"{place.name}·{name}", line=span.line)
        return Place(Level.POINT, code, name, place.name, full, Fraction(0), None, citation, span, inherited)

    def _inline_points(
        self, place: Place, own: Bag, given: FieldNode, phrase: Phrase, parameters: Parameters
    ) -> Iterable[Item]:
        for clause in phrase.clauses:
            head = clause[0]
            if not isinstance(head, nodes.Points) or not head.name or not isinstance(head.amount, nodes.Quantity):
                self.context.say(say.point_without_name(head.span))
                continue
            last = clause[-1].span
            rest = Span(last.source, clause[1].span.start, last.end) if len(clause) > 1 else None
            fields = {}
            if rest is not None:
                written = Written(rest.text, rest)
                fields["score"] = FieldNode("score", given.label, written, span=rest)
            inherited = {key: one for key, one in own.items() if key in INHERITED}
            span = head.span.to(last)
            yield self.leaf(self._below(place, head.name, head.amount.number, span, inherited), fields, parameters)

    def heading_key(self, cell: Written) -> str:
        """The key of a table heading: one of the columns, or a field's label."""
        text = squeezed(cell.text)
        key = self.context.column_key(text)
        if key == "points":
            return "column_points"
        if key:
            return key
        label = self.context.label_key(text)
        if label:
            return label
        self.context.say(say.heading_unknown(cell.span, cell.text, None))
        return ""

    def points_of(self, field_node: FieldNode | None) -> Fraction | None:
        """分值 of a row: a number, with or without 分."""
        if field_node is None:
            return None
        node = self.context.read("quantity", field_node.value)
        if isinstance(node, nodes.Quantity) and node.unit in ("", "分"):
            return node.number
        if node is not None:
            self.context.say(say.points_unreadable(field_node.value.span))
        return None

    # ---- the small fields

    def _direction(self, own: Bag, parameters: Parameters) -> bool | None:
        given = own.get("direction")
        if given is None:
            return None
        keys = self.words(given.value)
        if "higher_better" in keys:
            return True
        if "lower_better" in keys:
            return False
        if keys is not None:
            self.context.say(say.direction_unreadable(given.value.span))
        return None

    def words(self, value: Written) -> tuple[str, ...]:
        """The keys of the fixed phrases in ``value``."""
        node = self.context.read("phrase", value)
        if not isinstance(node, Phrase):
            return ()
        return tuple(one.key for one in node.segments if isinstance(one, nodes.Word))

    def _population(self, own: Bag) -> Population | None:
        given = own.get("population")
        if given is not None:
            return next((POPULATIONS[key] for key in self.words(given.value) if key in POPULATIONS), None)
        if self.setup.population is not None:
            return self.setup.population
        return None if self.setup.has_categories else Population.ALL

    def _answers(self, own: Bag, clause: Clause | None) -> tuple[tuple[State, Answer], ...]:
        found: dict[State, Answer] = dict(getattr(clause, "answers", None) or {})
        for key, state in STATES.items():
            if key in own:
                answer = self._answer(own[key].value)
                if answer is not None:
                    found[state] = answer
        for state, answer in tuple(found.items()):
            if answer.kind is AnswerKind.AS and answer.state is not None:
                if answer.state not in found:
                    span = own[next(key for key, one in STATES.items() if one is state)].value.span
                    self.context.say(say.answer_nowhere(span, state.chinese, answer.state.chinese))
                    del found[state]
                else:
                    found[state] = found[answer.state]
        return tuple(sorted(found.items()))

    def _answer(self, value: Written) -> Answer | None:
        node = self.context.read("phrase", value)
        if not isinstance(node, Phrase):
            return None
        keys = [one.key for one in node.segments if isinstance(one, nodes.Word)]
        for segment in node.segments:
            match segment:
                case nodes.Award(kind="full"):
                    return Answer(AnswerKind.FULL)
                case nodes.Award(kind="zero"):
                    return Answer(AnswerKind.ZERO)
                case nodes.Award(kind="get", points=nodes.Quantity(number)):
                    return Answer(AnswerKind.POINTS, number)
                case nodes.TreatAs(state=state) if state:
                    return Answer(AnswerKind.AS, state=STATES[state])
        known = [ANSWERS[key] for key in ("return", *ANSWERS) if key in keys]
        if known:
            return Answer(known[0])
        self.context.say(say.answer_unreadable(value.span))
        return None

    def _own_rounding(self, own: Bag) -> Rounding | None:
        given = own.get("own_rounding")
        if given is None:
            return None
        node = self.context.read("phrase", given.value)
        if not isinstance(node, Phrase):
            return None
        digits = next((one.digits for one in node.segments if isinstance(one, nodes.Rounding)), None)
        mode = next((MODES[one.key] for one in node.segments if isinstance(one, nodes.Word) and one.key in MODES), None)
        if digits is None or mode is None:
            self.context.say(say.rounding_incomplete(given.value.span))
            return None
        return Rounding(digits, mode)

    def meta(self, own: Bag) -> Meta:
        """What the block says that no computation reads."""

        def text(key: str) -> str:
            return own[key].value.text.strip() if key in own else ""

        def names(key: str) -> tuple[str, ...]:
            return tuple(part.strip() for part in re.split("[、，,]", text(key)) if part.strip())

        scorer = names("scorer")
        together = self.context.vocabulary.spellings("agreed") & set(scorer)
        if together:
            self.context.say(say.scored_together(own["scorer"].value.span, [one for one in scorer if one not in together]))
        return Meta(
            article=text("article"),
            scorer=tuple(one for one in scorer if one not in together),
            responsible=names("responsible"),
            source=names("source"),
            basis=text("basis"),
            official_text=text("official"),
            reason=text("reason"),
            replaces=names("replaces"),
        )

    def _leftover(self, own: Bag, kind: Kind | None) -> None:
        taken = {take.key for take in kind.form.takes} if kind else set()
        if kind is None:
            return
        for key, one in own.items():
            if key not in COMMON and key not in taken and key not in INHERITED:
                self.context.say(say.field_unused(one.label.span, one.label.text))


def _told(fitted: match.Fit) -> tuple[list[Span], list[str]]:
    return [one.span for one in fitted.over], [slot.shape for slot in fitted.missing]


def rename_facts(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` with the provisional column names of facts replaced, wherever they stand."""
    if isinstance(value, ColumnRef) and value.column in names:
        return replace(value, column=names[value.column])
    if isinstance(value, tuple):
        parts = tuple(rename_facts(part, names) for part in value)
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, (type, Span)):
        changed = {
            one.name: new
            for one in fields(value)
            if (new := rename_facts(old := getattr(value, one.name), names)) is not old
        }
        return replace(value, **changed) if changed else value
    return value


__all__ = ["Bag", "ItemMaker", "Place", "Setup", "bag", "date", "rename_facts", "totals", "without_number"]
