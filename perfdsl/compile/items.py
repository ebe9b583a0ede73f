"""Blocks and rows → items.

A row of a 要点 table, of a 附表 of members and a block with fields are the same thing here: a bag of fields. A
计分办法 lends its fields to whoever calls it, with its parameters filled in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from perfdsl.clauses import BY_KEY, periodic
from perfdsl.clauses.kind import Kind, constant
from perfdsl.compile import amounts, match
from perfdsl.compile.about import meta_of, parts_of
from perfdsl.compile.context import Context, Fact, Parameters, squeezed
from perfdsl.compile.due import due_day
from perfdsl.compile.edges import DECLARED, Edges, included
from perfdsl.compile.expressions import OF_UNITS, POPULATIONS, SELF, Reader, Typed, not_a_number
from perfdsl.compile.fields import (
    ABOUT,
    COEFFICIENT,
    INHERITED,
    ITEM,
    ROW,
    STATES,
    Bag,
    Clauses,
    FieldReader,
    parts,
    report_unused,
    taken_by,
)
from perfdsl.compile.functions import MODES
from perfdsl.compile.inputs import expressions_in
from perfdsl.compile.tables import key_columns
from perfdsl.model.expression import AcrossUnits, ColumnRef, Condition, Expression, Number, OwnRef, Population
from perfdsl.model.item import Answer, AnswerKind, Clause, Coefficient, Item, Level
from perfdsl.model.rounding import Rounding
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, FACTS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import RATIO, Ties, ValueType, unit_of
from perfdsl.model.walking import nodes as walked
from perfdsl.model.walking import rebuilt
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import Block, FieldNode, Phrase, Row, Segment, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import scoring, timing, totals
from perfdsl.text.citation import Citation
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.source import Span, folded

ANSWERS = {
    "group_mean": AnswerKind.GROUP_MEAN,
    "redistribute": AnswerKind.REDISTRIBUTE,
    "smaller_full": AnswerKind.SMALLER_FULL,
    "return": AnswerKind.RETURN,
    "skip": AnswerKind.SKIP,
}
OF_THE_ITEM = frozenset({AnswerKind.GROUP_MEAN, AnswerKind.REDISTRIBUTE, AnswerKind.SMALLER_FULL})
"""Answers that look at other units or other items, which a row of 个性指标 has none like it among."""
TOGETHER: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "agreed": ("agreed", {}),
    "scorers_mean": ("mean_of", {}),
    "scorers_low": ("larger_of", {"which": "smaller_of"}),
    "scorers_high": ("larger_of", {"which": "larger_of"}),
}
"""Word → the kind, with its fields, that makes one score of the scorers' own."""
HEADED = {"加分": Level.BONUS, "扣分": Level.DEDUCTION}
"""A heading of points → the one level at which it says what it says."""
BY_PERIOD = {"by_month": RowOf.MONTH, "by_quarter": RowOf.QUARTER, "by_half": RowOf.HALF}
"""按月计分, 按季计分, 按半年计分 → the table whose rows are scored."""

NUMBERED = re.compile(r"^\s*(?:[（(]?([0-9]+(?:\.[0-9]+)*|[一二三四五六七八九十]+|[A-Z])[）)]?[、.．]\s*)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands and what is known of it before its fields are read.

    ``scorer``: whose own score this is, where several score an item each on their own.
    """

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
    most: Expression | None = None
    weights: tuple[tuple[str, Fraction], ...] = ()
    scorer: str = ""
    rows: Table | None = None
    """The table of periods, where the item scores its rows (按月计分)."""


@dataclass(frozen=True, slots=True)
class Called:
    """The fields of an item with those of the 计分办法 it calls. ``broken``: the call was wrong, and reported."""

    own: Bag
    parameters: Parameters
    name: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """What the rulebook's header settles for all items."""

    edges: Edges
    population: Population | None
    with_self: bool | None
    has_categories: bool
    peers_with_self: bool | None = None
    mean_population: Population | None = None
    ties: Ties | None = None


def without_number(name: str) -> tuple[str, str]:
    """A printed number and the name behind it: ``1.四个到位`` → ``("1", "四个到位")``."""
    found = NUMBERED.match(folded(name))
    if found is None:
        return "", name.strip()
    return found.group(1), name[found.end() :].strip()


@dataclass
class ItemMaker:
    """Makes the item of one block or row."""

    context: Context
    setup: Setup

    @cached_property
    def fields(self) -> FieldReader:
        """Reads the fields of clauses."""
        return FieldReader(self.context, self.setup.edges)

    # ---- an item with its scoring

    def leaf(self, place: Place, own: Bag, parameters: Parameters, also: frozenset[str] = ITEM) -> Item:
        """The item at ``place`` with the fields ``own``; a method it calls lends the rest.

        ``also`` are the fields that such a block may carry besides those that its clause takes.
        """
        apart = self._scorers(own)
        if apart is not None:
            return self._by_scorers(place, own, parameters, also, *apart)
        called, mine = self.with_method(own, parameters), own
        own, parameters = called.own, called.parameters
        if place.rows is None and (by := next((key for key in BY_PERIOD if key in own), "")):
            return self._by_period(place, own, parameters, also, by)
        reader = self.reader({**place.inherited, **own}, parameters)
        if place.rows is not None:
            reader.ledger = place.rows
        self._value_and_target(reader, own)
        value, target = reader.own.get("value"), reader.own.get("target")
        clauses = None if called.broken else self._clauses(own.get("score"), parameters)
        children = self._points(place, own, parameters)
        clause, kind = self._clause(place, own, clauses, reader, "points" in own)
        fact = None
        if "value" not in own and kind is not None and clause is not None:
            fact = self._fact(place, kind, clause, own)
        answers = self.answers(own, kind, clause, place.level)
        direction = self._direction({**place.inherited, **own})
        applies, exempt = self._condition(reader, own, "applies"), self._condition(reader, own, "exempt")
        requires = self._requires(reader, own)
        coefficient = self.coefficient(reader, own)
        unread = {
            "weight": "weight" in own and place.weight is None,
            "score": clauses is None or (clause is None and bool(clauses)),
            "value": "value" in own and value is None,
            "target": "target" in own and target is None,
            "direction": "direction" in own and direction is None,
            "applies": "applies" in own and applies is None,
            "exempt": "exempt" in own and exempt is None,
            "requires": "requires" in own and requires is None,
            "absent": "absent" in own and all(state is not State.ABSENT for state, _ in answers),
        }
        self._leftover(own, kind, also, clauses, "points" in own)
        made = Item(
            level=place.level,
            code=place.code,
            name=place.name,
            full=place.full,
            least=place.least,
            weight=place.weight,
            weights=place.weights,
            most=place.most,
            children=children,
            combine=clause if kind is not None and kind.combines else None,
            value=value.expression if value else fact,
            kind=value.kind if value else (fact.kind if fact else ValueType.NUMBER),
            target=target.expression if target else None,
            higher_is_better=direction,
            population=self._population({**place.inherited, **own}),
            scoring=clause if kind is not None and not kind.combines else None,
            applies=applies,
            exempt=exempt,
            requires=requires,
            answers=answers,
            coefficient=coefficient,
            rounding=self.own_rounding(own),
            due=due_day(own, self.context),
            method=called.name,
            meta=meta_of(own, self.context, kind, mine["score"].rows if "score" in mine else ()),
            unread=frozenset(key for key, lost in unread.items() if lost),
            citation=place.citation,
            span=place.span,
        )
        if "weight" in own and (place.level is Level.POINT or "weight" not in mine):
            self._no_use(own, "weight")
        self._without_effect(made, own)
        return made

    def _without_effect(self, made: Item, own: Bag) -> None:
        """Fields that could be read, but that nothing of this item looks at."""
        if "score" in made.unread or "value" in made.unread:
            return
        if made.children:  # what is scored is each 要点, and has its own
            self._no_use(own, "exempt", "requires", *(key for key in STATES if key != "absent"))
            answer = made.answer(State.ABSENT)
            if "absent" in own and answer is not None and answer.kind is not AnswerKind.SKIP:
                self.context.say(say.group_answer(own["absent"].value.span, f"有要点的“{made.name}”"))
        elif made.scoring is not None and not asks_for_something(made):
            self._no_use(own, *(key for key in STATES if key != "absent" or made.applies is None))
        below = [one for child in made.walk() for one in (child.scoring, child.combine) if one is not None]
        taken = frozenset[str]().union(*(taken_by(BY_KEY[one.kind]) for one in below))
        self._no_use(own, *({"beyond", "offset"} - taken))
        compares = any(BY_KEY[one.kind].cross_unit for one in below)
        if "population" in own and not compares and not any(isinstance(one, AcrossUnits) for one in walked(made)):
            self._no_use(own, "population")

    def _no_use(self, own: Bag, *keys: str) -> None:
        for key in keys:
            if key in own:
                self.context.say(say.field_unused(own[key].label.span, own[key].label.text))

    # ---- several scorers of one item

    def _scorers(self, own: Bag) -> tuple[tuple[str, ...], str] | None:
        """Who scores the item each on their own, and how that becomes one score (a key of :data:`TOGETHER`)."""
        given = own.get("scorer")
        names = parts_of(given.value.text) if given is not None else ()
        words = self.context.vocabulary
        if given is None or not words.spellings("separately") & set(names):
            return None
        how = [key for key in TOGETHER if words.spellings(key) & set(names)]
        said = {spelling for key in ("separately", *TOGETHER) for spelling in words.spellings(key)}
        scorers = tuple(name for name in names if name not in said)
        if len(how) == 1 and len(scorers) > 1:
            return scorers, how[0]
        self.context.say(totals.scorers_unstated(given.value.span, scorers, "3", "5"))
        return None

    def _by_scorers(
        self,
        place: Place,
        own: Bag,
        parameters: Parameters,
        also: frozenset[str],
        scorers: tuple[str, ...],
        how: str,
    ) -> Item:
        """An item of one part a scorer, each with the same rule and a fact of its own, and how they become one."""
        given = own["scorer"]
        alone = {key: one for key, one in own.items() if key not in ("scorer", "article", "official", *COEFFICIENT)}
        children = []
        for name in scorers:
            at = given.value.text.find(name)
            written = Written(name, given.value.span.part(at, at + len(name)) if at >= 0 else given.value.span)
            below = self._below(place, name, place.full, place.span, place.inherited)
            fields = alone | {"scorer": FieldNode("scorer", given.label, written, span=given.span)}
            child = self.leaf(
                replace(below, level=place.level, least=place.least, scorer=name), fields, parameters, also
            )
            if (child.scoring is not None and child.value is None) or "value" in own:
                self.context.say(totals.scorers_alike(given.value.span, place.name))
                break
            children.append(child)
        key, fields_of = TOGETHER[how]
        clause = BY_KEY[key].node(kind=key, span=given.value.span, **fields_of)
        return Item(
            level=place.level,
            code=place.code,
            name=place.name,
            full=place.full,
            least=place.least,
            weight=place.weight,
            weights=place.weights,
            children=tuple(children),
            combine=clause if len(children) == len(scorers) else None,
            coefficient=self.coefficient(self.reader(own, parameters), own),
            rounding=self.own_rounding(own),
            due=due_day(own, self.context),
            meta=replace(meta_of({k: one for k, one in own.items() if k != "scorer"}, self.context), scorer=scorers),
            unread=frozenset() if len(children) == len(scorers) else frozenset({"score", "value"}),
            citation=place.citation,
            span=place.span,
        )

    def _by_period(self, place: Place, own: Bag, parameters: Parameters, also: frozenset[str], by: str) -> Item:
        """The item at ``place`` whose rule scores each period; 适用, 系数, 取舍 and what it says of itself are of the year."""
        of_year = {
            key: one for key, one in own.items() if key in ABOUT | {"absent", "applies", "own_rounding", "within"}
        }
        given, values = own[by], dict[str, object]()
        reader = self.reader({**place.inherited, **own}, parameters)
        kind = periodic.KIND
        before = len(self.context.problems)
        whole = self.fields.take(kind, {by: given}, reader, values, lambda item: None)
        unread = len(self.context.problems) > before or not whole
        table = self.periods(BY_PERIOD[by])
        each = values.get("each")
        full = place.full
        if isinstance(each, tuple) and each:
            full = constant(each[0])
        elif values.get("way") == periodic.SUM:
            full = None if place.level in (Level.BONUS, Level.DEDUCTION) else place.full
        yearly = (by, "applies", "own_rounding", "due", "frequency", *COEFFICIENT)
        inner = {key: one for key, one in own.items() if key not in yearly}
        code = f"{place.code}·{self.context.vocabulary.labels[by].word.canonical}"
        rule = self.leaf(replace(place, code=code, full=full, rows=table), inner, parameters, also)
        clause = None
        if rule.scoring is not None and not unread:
            scored = BY_KEY[rule.scoring.kind]
            if scored.reads_events:
                self.context.say(timing.not_by_period(given.value.span, "台账", "台账里按日期写条件"))
            clause = periodic.Periodic(kind=kind.key, span=given.value.span, table=table.name, rule=rule, **values)  # type: ignore[arg-type]
        if rule.children:
            self.context.say(timing.not_by_period(given.value.span, "要点", "每个要点单写一项指标"))
        answers = tuple(pair for pair in rule.answers if pair[0] is State.ABSENT)
        applies = self._condition(replace(reader, ledger=None), own, "applies")
        lost = {"applies"} if "applies" in own and applies is None else set[str]()
        return Item(
            level=place.level,
            code=place.code,
            name=place.name,
            full=place.full,
            least=place.least,
            weight=place.weight,
            weights=place.weights,
            population=rule.population,
            scoring=clause,
            applies=applies,
            answers=answers,
            coefficient=self.coefficient(reader, own),
            rounding=self.own_rounding(own),
            due=due_day(own, self.context),
            meta=meta_of(of_year, self.context),
            unread=rule.unread | lost | ({"score"} if clause is None else set()),
            citation=place.citation,
            span=place.span,
        )

    def periods(self, row_of: RowOf) -> Table:
        """The table of facts by the month, quarter or half-year; made where nothing was declared in it yet."""
        cadence = CADENCES[row_of]
        found = self.context.tables.get(cadence.table)
        if found is None:
            found = Table(cadence.table, TableRole.FACT, row_of, key_columns(row_of))
            self.context.tables = {**self.context.tables, cadence.table: found}
        return found

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
        reader = replace(self.reader(own, {}), ledger=table, own={})
        if target is not None:
            reference = ColumnRef(table.name, target.name, target.kind, target.unit, span=place.span)
            reader.own["target"] = Typed(reference, target.kind, target.unit)
        self._value_and_target(reader, own)
        value, made = reader.own.get("value"), reader.own.get("target")
        clauses = self._clauses(own.get("score"), {})
        clause, kind = self._clause(place, own, clauses, reader, False)
        answers = self.answers(own, kind, clause)
        for key, state in STATES.items():
            answer = dict(answers).get(state)
            if key in own and answer is not None and answer.kind in OF_THE_ITEM:
                self.context.say(totals.row_answer(own[key].value.span, place.name, answer.kind.value))
        self._leftover(own, kind, ROW, clauses, False)
        row = Item(
            level=place.level,
            code=place.code,
            name=place.name,
            value=value.expression if value else None,
            target=made.expression if made else None,
            higher_is_better=self._direction(own),
            scoring=clause,
            exempt=self._condition(reader, own, "exempt"),
            requires=self._requires(reader, own),
            answers=answers,
            rounding=self.own_rounding(own),
            citation=place.citation,
            span=place.span,
        )
        self._without_effect(row, own)
        return row

    def reader(self, own: Bag, parameters: Parameters) -> Reader:
        """A reader for the expressions of one item."""
        return Reader(
            self.context,
            parameters,
            population=self._population(own),
            with_self=self._with_self(own),
            mean_population=None if self._said(own, POPULATIONS) else self.setup.mean_population,
            mean_with_self=None if self._said(own, SELF) else self.setup.with_self,
            ties=self.setup.ties,
            edges=self.setup.edges,
        )

    def value_of(self, own: Bag, parameters: Parameters, what: str) -> Typed | None:
        """指标值 or 目标值 of an item with the fields ``own``, for items that read it; problems are its own business."""
        before = len(self.context.problems)
        called = self.with_method(own, parameters)
        reader = self.reader(called.own, called.parameters)
        self._value_and_target(reader, called.own)
        circles = [one for one in self.context.problems[before:] if one.code == "K115"]
        del self.context.problems[before:]
        self.context.say(*circles)
        return reader.own.get(what)

    def with_method(self, own: Bag, parameters: Parameters) -> Called:
        """``own`` with what the 计分办法 lends that its 计分 calls, if it calls one."""
        score = own.get("score")
        if score is None:
            return Called(own, parameters)
        segments = (one for clause in self._clauses(score, parameters) or () for one in clause)
        call = next((one for one in segments if isinstance(one, nodes.MethodCall)), None)
        if call is None:
            return Called(own, parameters)
        block = self.context.methods[call.name]
        names = parameters_of(block)
        broken = False
        if call.arguments and len(names) != len(call.arguments):
            self.context.say(say.arguments_differ(call.span, call.name, names, len(call.arguments)))
            broken = True
        if not call.arguments:
            for name in names:
                if name not in parameters:
                    self.context.say(say.argument_missing(call.span, call.name, name))
                    broken = True
        given = dict(parameters) | dict(zip(names, call.arguments, strict=False))
        lent = {one.key: one for one in block.fields}
        mine = {key: one for key, one in own.items() if key != "score"}
        return Called(lent | mine, given, call.name, broken)

    def _value_and_target(self, reader: Reader, own: Bag) -> None:
        """指标值 and 目标值; either may be written with the other, so the one that stands alone is read first."""
        read: dict[str, Any] = {}
        for key in ("value", "target"):
            if key in own:
                read[key] = self.context.read("expression", own[key].value, reader.parameters)
        target_first = any(isinstance(one, nodes.Own) and one.what == "target" for one in parts(read.get("value")))
        for key in ("target", "value") if target_first else ("value", "target"):
            typed = reader.expression(read[key]) if read.get(key) is not None else None
            if typed is not None:
                reader.own[key] = typed
        value, target = reader.own.get("value"), reader.own.get("target") if "target" in read else None
        if (
            value is not None
            and target is not None
            and value.kind is ValueType.NUMBER
            and target.kind is ValueType.TEXT
        ):
            self.context.say(not_a_number(own["target"].value.span, target))

    def _condition(self, reader: Reader, own: Bag, key: str) -> Condition | None:
        return self.fields.condition(reader, own[key].value) if key in own else None

    def _requires(self, reader: Reader, own: Bag) -> tuple[Condition, Answer] | None:
        field_node = own.get("requires")
        if field_node is None:
            return None
        node: Any = self.context.read("condition", field_node.value, reader.parameters)
        if node is None:
            return None
        if not isinstance(node, nodes.Requirement):
            self.context.say(say.requires_otherwise(field_node.value.span))
            return None
        held = reader.condition(node.condition)
        answer = self._awarded(node.otherwise)
        if answer is None:
            self.context.say(say.answer_unreadable(node.otherwise.span))
        return (held, answer) if held is not None and answer is not None else None

    def coefficient(self, reader: Reader, own: Bag) -> Coefficient | None:
        """系数, to whom it is given, and where the score stops that it is multiplied with."""
        given = own.get("coefficient")
        if given is None:
            for key in ("coefficient_when", "coefficient_cap"):
                if key in own:
                    self.context.say(say.field_unused(own[key].label.span, own[key].label.text))
            return None
        typed = self.fields.typed(reader, given.value)
        when = self._condition(reader, own, "coefficient_when")
        if typed is None or ("coefficient_when" in own and when is None):
            return None
        if typed.kind is not ValueType.NUMBER or (typed.unit or RATIO) != RATIO:
            self.context.say(say.not_a_number(given.value.span, str(typed.unit or typed.kind.chinese)))
            return None
        cap: str | None = None
        most = None
        if "coefficient_cap" in own:
            node = self.context.read("phrase", own["coefficient_cap"].value)
            for one in node.segments if isinstance(node, Phrase) else ():
                match one:
                    case nodes.Word(key="full_at_most" | "uncapped" as word):
                        cap = word
                    case nodes.AtMost(amount=nodes.Quantity() as amount):
                        most = amounts.points(amount, self.context)
                    case _:
                        self.context.say(say.segment_unused(one.span))
        return Coefficient(typed.expression, when, cap, most)

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
        span = score.value.span if score else place.span
        if any(isinstance(one, nodes.Word) and one.key == "open" for clause in clauses for one in clause):
            self.context.say(say.left_open(span))
            return None, None
        clauses = self._edged(clauses)
        if clauses is None:
            return None, None
        kinds = self._kinds_for(own, bool(clauses), has_children)
        if not clauses and not kinds:
            if not has_children:
                missing = score is not None or place.level is not Level.STEP
                if missing and not (score is not None and not score.value.text.strip()):
                    self.context.say(say.scoring_missing(place.span, place.name))
            return None, None
        before = len(self.context.problems)
        fits = match.best(kinds, clauses, lambda value: self.fields.plain(value, reader))
        if len(fits) > 1 and score is not None:
            self.context.say(say.scoring_ambiguous(span, [one.kind.form.name.canonical for one in fits]))
            return None, None
        kind, values = fits[0].kind, dict(fits[0].fields)
        if not fits[0].whole:
            ledger = self._without_ledger(own, clauses)
            if ledger is not None:
                self.context.say(ledger)
                return None, None
            told = match.told(fits[0], kind.form.pattern, self.context.vocabulary, place.full)
            could = match.instead(fits[0], place.full)
            self.context.say(say.scoring_unreadable(span, kind.form.name.canonical, *told, could))
            return None, None
        taken = {**place.inherited, **own}
        whole = self.fields.take(kind, taken, reader, values, lambda item: self.yes_no(item, place, own))
        if kind.form.table:

            def make(head: Written, fact: ValueType, choices: tuple[str, ...]) -> ColumnRef:
                return self.fact(place, head.text.strip(), fact, "", own, choices)

            rows = score.rows if score else ()
            whole = self.fields.table(kind, rows, span, values, reader, make) and whole
            self._headed_otherwise(kind, rows, place)
        if not whole or len(self.context.problems) > before:
            return None, kind
        return kind.node(kind=kind.key, span=span, **values), kind

    def _headed_otherwise(self, kind: Kind, rows: Sequence[Row], place: Place) -> None:
        """Points under 扣分 are taken off in a 扣分项, where nothing else stands; elsewhere nobody knows from what."""
        spelt = {said for one in kind.form.table if one.word and one.into == "gives" for said in one.word.spellings}
        head = rows[0].cells if rows else ()
        at = next((at for at, cell in enumerate(head) if squeezed(cell.text) in spelt), None)
        if at is None or HEADED.get(squeezed(head[at].text), place.level) is place.level:
            return
        below = (each.text.strip().removesuffix("分").strip() for row in rows[1:] for each in row.cells[at : at + 1])
        points = next((one for one in below if one[:1].isdigit() and one != "0"), "")
        if points:
            told = head[at].span, squeezed(head[at].text), place.level.value, points
            self.context.say(scoring.gives_headed_otherwise(*told))

    def _edged(self, clauses: Clauses) -> Clauses | None:
        """95% 以上得满分, as 本数 declares it: 不低于, or 超过; None where it does not."""

        def edged(one: Segment) -> Segment | None:
            if not (isinstance(one, nodes.Reach) and one.op in DECLARED and one.against is not None):
                return one
            written = one.span.text[: one.award.span.start - one.span.start].strip()
            inside = included(one.op, written, self.setup.edges)
            if inside is None:
                self.context.say(say.edge_unstated(one.span, written, one.against.span.text))
                return None
            more = one.op == "or_more"
            return replace(one, op=("ge" if inside else "gt") if more else ("le" if inside else "lt"))

        made = [[edged(one) for one in clause] for clause in clauses]
        whole = [[one for one in clause if one is not None] for clause in made]
        return whole if whole == made else None

    def _without_ledger(self, own: Bag, clauses: Clauses) -> Problem | None:
        """Rates by level (国家级每次 3 分) count the rows of a ledger: which one must be said."""
        rates = [one for clause in clauses for one in clause if isinstance(one, nodes.Rate)]
        if "ledger_use" in own or not rates or not all(one.level for one in rates):
            return None
        tables = self.context.tables.values()
        levels = {one.level for one in rates}
        near = next(
            (
                one.name
                for one in tables
                if one.row_of is RowOf.EVENT and levels & {c for x in one.columns for c in x.choices}
            ),
            None,
        )
        return say.ledger_unsaid(rates[0].span, near)

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

    # ---- facts

    def _fact(self, place: Place, kind: Kind, clause: Clause, own: Bag) -> ColumnRef | None:
        fact = kind.fact_of(clause)
        if fact is None:
            return None
        what = kind.fact_name(clause)
        word = kind.fact_unit(clause) if fact is ValueType.NUMBER else ""
        return self.fact(place, what or place.name, fact, word, own)

    def fact(
        self, place: Place, name: str, kind: ValueType, word: str, own: Bag, choices: tuple[str, ...] = ()
    ) -> ColumnRef:
        """The column for a fact that a phrase names; declared columns of the same name are that fact."""
        if place.scorer:
            name = f"{place.owner}·{place.scorer}" if name == place.name else f"{name}·{place.scorer}"
        declared = [
            (table, column)
            for table, column in self.context.columns_called(name)
            if table.role is TableRole.FACT
            and (table.row_of in OF_UNITS if place.rows is None else table.name == place.rows.name)
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
            self.context.in_chinese(source) if source else "",
            place.span,
            choices,
            FACTS if place.rows is None else place.rows.name,
        )
        self.context.facts[made.key] = made
        return ColumnRef(made.table, made.key, kind, unit, span=place.span)

    def yes_no(self, item: Written, place: Place, own: Bag) -> ColumnRef:
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
        citation = replace(
            place.citation, code=place.code, name=f"{place.name}·{name}", line=span.line, file=span.source.cited
        )
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
            full = amounts.points(head.amount, self.context)
            yield self.leaf(self._below(place, head.name, full, span, inherited), fields, parameters)

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

    def _direction(self, own: Bag) -> bool | None:
        given = own.get("direction")
        if given is None:
            return None
        before = len(self.context.problems)
        keys = self.fields.words(given.value)
        if "higher_better" in keys:
            return True
        if "lower_better" in keys:
            return False
        if len(self.context.problems) == before:
            self.context.say(say.direction_unreadable(given.value.span))
        return None

    def _with_self(self, own: Bag) -> bool | None:
        """比较范围：同类别，不含本单位: of the item, else of the rulebook."""
        return next((SELF[key] for key in self._said(own, SELF)), self.setup.peers_with_self)

    def _said(self, own: Bag, words: Collection[str]) -> list[str]:
        """Those of ``words`` that the item's own 比较范围 says."""
        given = own.get("population")
        return [key for key in self.fields.words(given.value) if key in words] if given is not None else []

    def _population(self, own: Bag) -> Population | None:
        given = own.get("population")
        if given is not None:
            return next((POPULATIONS[key] for key in self.fields.words(given.value) if key in POPULATIONS), None)
        for population in (self.setup.population, self.setup.mean_population):
            if population is not None:
                return population
        return None if self.setup.has_categories else Population.ALL

    def answers(
        self, own: Bag, kind: Kind | None = None, clause: Clause | None = None, level: Level | None = None
    ) -> tuple[tuple[State, Answer], ...]:
        """What each state gives, as written; where 视为 leads is followed by whoever needs it, and checked once."""
        found: dict[State, Answer] = {}
        if kind is not None and clause is not None:
            found.update(kind.answers(clause))
        for key, state in STATES.items():
            if key in own:
                answer = self._answer(own[key].value, level)
                if answer is not None:
                    found[state] = answer
        return tuple(sorted(found.items()))

    def _answer(self, value: Written, level: Level | None = None) -> Answer | None:
        node = self.context.read("phrase", value)
        if not isinstance(node, Phrase):
            return None
        keys = [one.key for one in node.segments if isinstance(one, nodes.Word)]
        for segment in node.segments:
            match segment:
                case nodes.Award("deduct", nodes.Quantity() as taken) if level is Level.DEDUCTION:
                    points = amounts.points(taken, self.context)
                    return None if points is None else Answer(AnswerKind.POINTS, -points, span=value.span)
                case nodes.Award() if (answer := self._awarded(segment)) is not None:
                    return replace(answer, span=value.span)
                case nodes.TreatAs(state=state) if state:
                    return Answer(AnswerKind.AS, state=STATES[state], span=value.span)
        known = [ANSWERS[key] for key in ("return", *ANSWERS) if key in keys]
        if known:
            return Answer(known[0], span=value.span)
        self.context.say(say.answer_unreadable(value.span))
        return None

    def _awarded(self, award: nodes.Award) -> Answer | None:
        match award:
            case nodes.Award(kind="full"):
                return Answer(AnswerKind.FULL)
            case nodes.Award(kind="zero"):
                return Answer(AnswerKind.ZERO)
            case nodes.Award(kind="get", points=nodes.Quantity() as given):
                points = amounts.points(given, self.context)
                return None if points is None else Answer(AnswerKind.POINTS, points)
        return None

    def own_rounding(self, own: Bag) -> Rounding | None:
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

    def _leftover(
        self, own: Bag, kind: Kind | None, also: frozenset[str], clauses: Clauses | None, has_children: bool
    ) -> None:
        """What neither the block nor its clause reads; where the clause is not known, what no clause could read."""
        if kind is not None:
            taken = taken_by(kind)
        elif has_children and clauses is not None:
            taken = frozenset()
        else:
            taken = frozenset[str]().union(*(taken_by(one) for one in self.context.kinds if not one.form.header))
        report_unused(own, also | INHERITED | taken, self.context)


def asks_for_something(item: Item) -> bool:
    """Whether the score stands on a number that may not be there: 指标值, 目标值 or an amount that is worked out."""
    amounts_ = (one for one in expressions_in(item.scoring) if not isinstance(one, (Number, OwnRef)))
    return item.value is not None or item.target is not None or next(amounts_, None) is not None


def parameters_of(block: Block) -> tuple[str, ...]:
    """The names of a 计分办法's parameters."""
    return tuple(part.strip() for note in block.notes for part in note.text.split("、"))


def rename_facts(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` with the provisional column names of facts replaced, wherever they stand."""

    def named(node: Any) -> Any:
        known = isinstance(node, ColumnRef) and node.column in names
        return replace(node, column=names[node.column]) if known else node

    return rebuilt(value, named)
