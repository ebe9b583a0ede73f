"""Tree → model.

Several passes, since a name may be used before it is declared: tables first, then codes and methods, the header,
the items from the top down, the rules, and at last the column names of the facts that phrases name by themselves,
which are bare where they are the only ones and qualified by their item where two share a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from perfdsl.clauses.kind import Kind
from perfdsl.compile.context import Context, Fact
from perfdsl.compile.expressions import Reader
from perfdsl.compile.header import Header, header, notes_of, points_in
from perfdsl.compile.individual import individual
from perfdsl.compile.items import Bag, ItemMaker, Place, Setup, bag, rename_facts, without_number
from perfdsl.compile.members import members
from perfdsl.compile.rules import RuleMaker, citation_of
from perfdsl.compile.tables import RowsOf, no_files, tables
from perfdsl.model.expression import Mean
from perfdsl.model.item import GROUPS, Item, Level
from perfdsl.model.ordering import by_code
from perfdsl.model.rulebook import Category, Method, Rule, Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.table import FACTS, UNITS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import Unit, ValueType, unit_of
from perfdsl.syntax import nodes
from perfdsl.syntax.names import declared
from perfdsl.syntax.nodes import Block, Tree
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import totals
from perfdsl.text.problem import Problems

LEVELS = {
    "group1": Level.GROUP1,
    "group2": Level.GROUP2,
    "group3": Level.GROUP3,
    "indicator": Level.INDICATOR,
    "individual": Level.INDICATOR,
    "step": Level.STEP,
    "bonus": Level.BONUS,
    "deduction": Level.DEDUCTION,
}
GROUP_FIELDS = frozenset(
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
        "score",
        "applies",
        "absent",
        "own_rounding",
        "taken_from",
    ]
)
"""Fields that a 一级指标 may carry."""
DEPTH = {Level.GROUP1: 1, Level.GROUP2: 2, Level.GROUP3: 3}


def start(tree: Tree, vocabulary: Vocabulary, kinds: Sequence[Kind]) -> Context:
    """A context for ``tree``, with its declared names."""
    return Context(tree.source, vocabulary, declared(tree), tuple(kinds))


def resolve(
    tree: Tree, vocabulary: Vocabulary, kinds: Sequence[Kind], rows_of: RowsOf = no_files
) -> tuple[Rulebook | None, Problems]:
    """The rulebook that ``tree`` means, and everything that is wrong with it; None where there is no rulebook at all.

    ``rows_of`` reads the 附表 that lie in files.
    """
    context = start(tree, vocabulary, kinds)
    heads = [block for block in tree.blocks if block.kind == "rulebook"]
    if not heads:
        context.say(say.no_rulebook(tree.source))
        return None, tuple(context.problems)
    for extra in heads[1:]:
        context.say(say.second_rulebook(extra.span, heads[0].span))
    return _Resolver(context, tree, rows_of).rulebook(heads[0]), tuple(context.problems)


class _Resolver:
    """One resolving of one tree."""

    def __init__(self, context: Context, tree: Tree, rows_of: RowsOf) -> None:
        self.context = context
        self.tree = tree
        self.context.tables = tables(tree, context, rows_of)
        self.context.methods = {block.name.text: block for block in tree.blocks if block.kind == "method"}
        self.context.codes = self._codes()
        self.context.value_type = self._value_type
        self._types: dict[str, tuple[ValueType, Unit | None] | None] = {}
        self._reading: list[str] = []

    def rulebook(self, head: Block) -> Rulebook:
        context = self.context
        weighted = any(
            isinstance(one, nodes.Weight)
            for block in self.tree.blocks
            if block.kind == "group1"
            for one in notes_of(block, context)
        )
        plain = ItemMaker(context, Setup({}, None, None, False))
        top = header(head, context, plain.words, weighted)
        context.period = (top.period.first, top.period.last) if top.period else None
        categories = self._categories()
        context.grades = self._grade_names()
        self.items = ItemMaker(context, Setup(top.edges, top.population, top.with_self, len(categories) > 1))
        roots = self._tree()
        maker = RuleMaker(context, self.items)
        rules = self._rules(maker)
        scheme_block = next((block for block in self.tree.blocks if block.kind == "grades"), None)
        scheme = maker.scheme(scheme_block) if scheme_block else None
        book = self._assemble(head, top, categories, roots, rules, scheme)
        return self._named(book)

    def _assemble(
        self,
        head: Block,
        top: Header,
        categories: tuple[Category, ...],
        roots: tuple[Item, ...],
        rules: dict[Stage, list[Rule]],
        scheme: Any,
    ) -> Rulebook:
        limits = rules.get(Stage.ELIGIBILITY, []) + rules.get(Stage.ADJUSTMENT, [])
        return Rulebook(
            name=top.name,
            version=top.version,
            full=top.full,
            roundings=top.roundings,
            total=top.total,
            ties=top.ties,
            status=top.status,
            document=top.document,
            previous=top.previous,
            period=top.period,
            mean_with_self=top.with_self,
            mean_population=top.population,
            categories=categories,
            tables=tuple(sorted(self.context.tables.values(), key=lambda table: table.name)),
            items=roots,
            vetoes=tuple(sorted(limits, key=lambda rule: by_code(rule.code))),
            scheme=scheme,
            applications=tuple(sorted(rules.get(Stage.APPLICATION, []), key=lambda rule: by_code(rule.code))),
            methods=self._methods(),
            meta=self.items.meta(bag(head.fields, self.context)),
            span=head.span,
        )

    # ---- names first

    def _codes(self) -> dict[str, Block]:
        found: dict[str, Block] = {}
        for block in self.tree.blocks:
            if block.code is None or block.kind == "rulebook":
                continue
            code = block.code.text
            if code in found:
                self.context.say(say.code_twice(block.code.span, code, found[code].span))
            found.setdefault(code, block)
        return found

    def _value_type(self, code: str) -> tuple[ValueType, Unit | None] | None:
        """Type of the 指标值 of ``code``, read on demand; a circle is reported once, where it closes."""
        if code in self._types:
            return self._types[code]
        block = self.context.codes[code]
        if code in self._reading:
            self.context.say(say.circle(block.span, [*self._reading[self._reading.index(code) :], code]))
            return None
        self._reading.append(code)
        before = len(self.context.problems)
        field = block.field("value")
        typed = None
        if field is not None:
            node = self.context.read("expression", field.value)
            reader = self.items.reader(bag(block.fields, self.context), {})
            typed = None if node is None else reader.expression(node)  # type: ignore[arg-type]
            circles = [one for one in self.context.problems[before:] if one.code == "K115"]
            del self.context.problems[before:]
            self.context.say(*circles)
        self._reading.pop()
        self._types[code] = (typed.kind, typed.unit) if typed else None
        return self._types[code]

    def _grade_names(self) -> tuple[str, ...]:
        for block in self.tree.blocks:
            if block.kind == "grades":
                rows = block.rows or next((one.rows for one in reversed(block.fields) if one.rows), ())
                return tuple(row.cells[0].text.strip() for row in rows[1:] if row.cells)
        return ()

    def _categories(self) -> tuple[Category, ...]:
        found = []
        for block in self.tree.blocks:
            if block.kind != "category":
                continue
            fields = bag(block.fields, self.context)
            notes = notes_of(block, self.context)
            flags = {one.key for one in notes if isinstance(one, nodes.Word)}
            grade = ""
            if "grade_given" in fields:
                node = self.context.read("phrase", fields["grade_given"].value)
                if isinstance(node, nodes.Phrase):
                    grade = next((one.grade for one in node.segments if isinstance(one, nodes.TreatAs)), "")
            found.append(
                Category(
                    block.name.text,
                    points_in(notes),
                    not flags & {"unranked", "excluded"},
                    grade,
                    citation_of(block, fields),
                    block.span,
                )
            )
        return tuple(sorted(found, key=lambda category: by_code(category.name)))

    def _methods(self) -> tuple[Method, ...]:
        made = []
        for name, block in sorted(self.context.methods.items()):
            names = tuple(part.strip() for note in block.notes for part in note.text.split("、"))
            text = "\n".join(f"{one.key}：{one.value.text.strip()}" for one in block.fields)
            made.append(Method(name, names, text, citation_of(block, {}), block.span))
        return tuple(made)

    # ---- the tree of items

    def _tree(self) -> tuple[Item, ...]:
        """Blocks in the order of the file → items; each stands under the last header of a higher level."""
        groups: dict[int, Block] = {}
        below: dict[int, list[Block]] = {}
        roots: list[Block] = []
        for block in self.tree.blocks:
            level = LEVELS.get(block.kind)
            if level is None:
                continue
            parent = self._parent(block, level, groups)
            (roots if parent is None else below.setdefault(id(parent), [])).append(block)
            if level in GROUPS:
                groups = {depth: group for depth, group in groups.items() if depth < DEPTH[level]}
                groups[DEPTH[level]] = block
        return self._sorted(self._item(block, below, None) for block in roots)

    def _parent(self, block: Block, level: Level, groups: Mapping[int, Block]) -> Block | None:
        if level in (Level.BONUS, Level.DEDUCTION):
            within = block.field("within")
            if within is None:
                return None
            name = within.value.text.strip().strip('“”"【】')
            found = next(
                (
                    one
                    for one in self.tree.blocks
                    if LEVELS.get(one.kind) in GROUPS
                    and name in (one.name.text, without_number(one.name.text)[1], code_of(one))
                ),
                None,
            )
            if found is None:
                self.context.say(say.group_unknown(within.value.span, name))
            return found
        depth = DEPTH.get(level, 9)
        above = [one for one in groups if one < depth]
        return groups[max(above)] if above else None

    def _sorted(self, made: Any) -> tuple[Item, ...]:
        return tuple(sorted((item for item in made if item is not None), key=lambda item: by_code(item.code)))

    def _item(self, block: Block, below: Mapping[int, list[Block]], parent: Block | None) -> Item | None:
        level = LEVELS[block.kind]
        fields = bag(block.fields, self.context)
        place = self._place(block, level, fields)
        self._agrees(block, level, parent)
        if block.kind == "individual":
            return individual(self.items, place, fields, block)
        if level not in GROUPS:
            return self.items.leaf(place, fields, {})
        children = [self._item(child, below, block) for child in below.get(id(block), [])]
        if "taken_from" in fields:
            children.extend(members(self.items, place, fields))
        return self._group(place, fields, self._sorted(children))

    def _group(self, place: Place, fields: Bag, children: tuple[Item, ...]) -> Item:
        own = {key: one for key, one in fields.items() if key != "taken_from"}
        if not children and "taken_from" not in fields:
            self.context.say(say.group_empty(place.span, place.name))
        combine = self.items.combining(replace(place, inherited={}), own) if "score" in own else None
        for key, one in own.items():
            if key not in GROUP_FIELDS:
                self.context.say(say.field_unused(one.label.span, one.label.text))
        floored = any(
            getattr(child.scoring, "floor", None) == "until_group" for one in children for child in one.walk()
        )
        return Item(
            level=place.level,
            code=place.code,
            name=place.name,
            full=place.full,
            least=place.least,
            weight=place.weight,
            children=children,
            combine=combine,
            floored=floored,
            applies=self.items.part_of(own),
            rounding=self.items._own_rounding(own),
            meta=self.items.meta(own),
            citation=place.citation,
            span=place.span,
        )

    def _place(self, block: Block, level: Level, fields: Bag) -> Place:
        notes = notes_of(block, self.context)
        number, name = without_number(block.name.text)
        code = block.code.text if block.code else number or name
        full = points_in(notes)
        if full is not None and level in (Level.BONUS, Level.DEDUCTION):
            self.context.say(totals.label_outside(block.name.span, name, full))
            full = None
        least = Fraction(0)
        weight = None
        for one in notes:
            match one:
                case nodes.AtMost(amount=nodes.Quantity(amount)) if level in (Level.BONUS, Level.DEDUCTION):
                    full = amount
                case nodes.AtLeast(amount=nodes.Quantity(amount)):
                    least = amount
                case nodes.Weight(amount=nodes.Quantity(amount, unit)):
                    weight = amount / 100 if unit == "%" else amount
        if "weight" in fields and weight is None:
            node = self.context.read("quantity", fields["weight"].value)
            if isinstance(node, nodes.Quantity):
                weight = node.number / 100 if node.unit == "%" else node.number
        unscored = any(isinstance(one, nodes.Word) and one.key == "no_points" for one in notes)
        if full is None and level is Level.INDICATOR:
            self.context.say(say.points_missing(block.span, name, unscored))
        citation = citation_of(block, fields)
        return Place(level, code, name, "", full, least, weight, replace(citation, name=name), block.span)

    def _agrees(self, block: Block, level: Level, parent: Block | None) -> None:
        """A code begins with its parent's; a block pasted under the wrong header is told where it belongs."""
        if parent is None or block.code is None or level is Level.STEP:
            return
        above = code_of(parent)
        if not above or block.code.text.startswith(above):
            return
        owner = next(
            (
                one
                for one in self.tree.blocks
                if LEVELS.get(one.kind) in GROUPS and code_of(one) and block.code.text.startswith(code_of(one))
            ),
            None,
        )
        self.context.say(
            say.code_disagrees(
                block.code.span, block.code.text, above, owner.span if owner else None, owner.name.text if owner else ""
            )
        )

    def _rules(self, maker: RuleMaker) -> dict[Stage, list[Rule]]:
        found: dict[Stage, list[Rule]] = {}
        for block in self.tree.blocks:
            kinds = [kind for kind in self.context.kinds if kind.form.header == block.kind and block.kind]
            if not kinds or block.kind in LEVELS or block.kind == "grades":
                continue
            kind = self._which(block, kinds)
            rule = maker.rule(block, kind)
            if rule is not None:
                found.setdefault(kind.stage, []).append(rule)
        return found

    def _which(self, block: Block, kinds: Sequence[Kind]) -> Kind:
        """Of the kinds that share a header word, the one whose fields and table are there."""
        has_rows = bool(block.rows or any(one.rows for one in block.fields))
        keys = {one.key for one in block.fields}

        def likeness(kind: Kind) -> tuple[int, int, str]:
            taken = {take.key for take in kind.form.takes}
            return (int(bool(kind.form.table) == has_rows), len(keys & taken) - len(keys - taken), kind.key)

        return max(kinds, key=likeness)

    # ---- the names of facts, when all are known

    def _named(self, book: Rulebook) -> Rulebook:
        facts = self.context.facts
        taken = Counter(fact.name for fact in facts.values())
        reserved = {column.name for table in book.tables if table.name == FACTS for column in table.columns}
        names = {
            key: fact.name if taken[fact.name] == 1 and fact.name not in reserved else f"{fact.owner}·{fact.name}"
            for key, fact in facts.items()
        }
        columns = tuple(self._column(fact, names[key]) for key, fact in facts.items())
        renamed: Rulebook = rename_facts(replace(book, tables=()), names)
        return replace(renamed, tables=_with_facts(book.tables, columns))

    def _column(self, fact: Fact, name: str) -> TableColumn:
        also = tuple(dict.fromkeys((f"{fact.owner}·{fact.name}", f"【{fact.code}】{fact.name}")))
        factor = unit_of(fact.unit_word)[1] if fact.unit_word else Fraction(1)
        return TableColumn(
            name,
            fact.kind,
            fact.unit,
            factor,
            fact.unit_word,
            source=fact.source,
            for_items=(fact.code,),
            also=tuple(one for one in also if one != name),
            span=fact.span,
        )


def _with_facts(tables: tuple[Table, ...], columns: tuple[TableColumn, ...]) -> tuple[Table, ...]:
    if not columns:
        return tables
    ordered = tuple(sorted(columns, key=lambda column: by_code(column.name)))
    known = next((table for table in tables if table.name == FACTS), None)
    if known is None:
        unit = TableColumn("单位", ValueType.TEXT)
        made = Table(FACTS, TableRole.FACT, RowOf.UNIT, (unit, *ordered))
        return tuple(sorted((*tables, made), key=lambda table: table.name))
    widened = replace(known, columns=(*known.columns, *ordered))
    return tuple(widened if table is known else table for table in tables)


def code_of(block: Block) -> str:
    """A block's code: what stands in 【】, else its printed number."""
    return block.code.text if block.code else without_number(block.name.text)[0]


__all__ = ["UNITS", "Mean", "Reader", "resolve", "start"]
