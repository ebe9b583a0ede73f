"""Tree → model.

Several passes, since a name may be used before it is declared: tables first, then codes and methods, the header,
the items from the top down, the rules, and at last the column names of the facts that phrases name by themselves,
which are bare where they are the only ones and qualified by their item where two share a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count, zip_longest
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Kind
from perfdsl.compile import amounts
from perfdsl.compile.about import meta_of
from perfdsl.compile.calendar import calendar
from perfdsl.compile.context import Coded, Context, Fact, ValueOf, squeezed
from perfdsl.compile.dedupe import deduped
from perfdsl.compile.due import due_day, progress
from perfdsl.compile.expressions import FIRST
from perfdsl.compile.fields import READ, Bag, FieldReader, bag, report_unused
from perfdsl.compile.header import Header, header, notes_of, points_in
from perfdsl.compile.individual import individual
from perfdsl.compile.items import ItemMaker, Place, Setup, parameters_of, rename_facts, without_number
from perfdsl.compile.match import shape_of
from perfdsl.compile.members import member_fields, members
from perfdsl.compile.rules import RuleMaker, citation_of, quota_of, rows_of
from perfdsl.compile.tables import ROLES, RowsOf, no_files, tables
from perfdsl.model.expression import Expression, Number
from perfdsl.model.grade import UNDETERMINED, GradeScheme, Quota
from perfdsl.model.item import GROUPS, Item, Level
from perfdsl.model.ordering import by_code
from perfdsl.model.rulebook import Category, Method, Rule, Rulebook, TieBreak
from perfdsl.model.stages import Stage
from perfdsl.model.table import RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import POINTS, ValueType, unit_of
from perfdsl.syntax import nodes
from perfdsl.syntax.lexer import Names
from perfdsl.syntax.names import declared
from perfdsl.syntax.nodes import Block, Tree
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import ranking, scoring, totals
from perfdsl.text.problem import Problems
from perfdsl.text.records import replace
from perfdsl.text.source import Source, Span

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
OUTSIDE = (Level.BONUS, Level.DEDUCTION)
GRADING = (Stage.ELIGIBILITY, Stage.GRADE, Stage.ADJUSTMENT, Stage.CONFIRMATION)
"""Stages whose rules act on grades."""
DEPTH = {Level.GROUP1: 1, Level.GROUP2: 2, Level.GROUP3: 3}


def start(tree: Tree, vocabulary: Vocabulary, kinds: Sequence[Kind], names: Names | None = None) -> Context:
    """A context for ``tree``, with its declared ``names``."""
    return Context(tree.source, vocabulary, names or declared(tree), tuple(kinds))


def resolve(
    tree: Tree,
    vocabulary: Vocabulary,
    kinds: Sequence[Kind],
    rows_of: RowsOf = no_files,
    names: Names | None = None,
) -> tuple[Rulebook | None, Problems]:
    """The rulebook that ``tree`` means, and everything that is wrong with it; None where there is no rulebook at all.

    ``rows_of`` reads the 附表 that lie in files. ``names``: those that ``tree`` declares, where they are known.
    """
    context = start(tree, vocabulary, kinds, names)
    _blocks_are_read(tree, context)
    heads = [block for block in tree.blocks if block.kind == "rulebook"]
    if not heads:
        context.say(say.no_rulebook(tree.source))
        return None, tuple(context.problems)
    for extra in heads[1:]:
        context.say(say.second_rulebook(extra.span, heads[0].span))
    return _Resolver(context, tree, rows_of).rulebook(heads[0]), tuple(context.problems)


def _blocks_are_read(tree: Tree, context: Context) -> None:
    """Every block has a reader; a second table of grades has none."""
    ruled = {kind.form.header for kind in context.kinds if kind.form.header}
    known = {"rulebook", "category", "method", "dedupe", *LEVELS, *ROLES, *ruled}
    for block in tree.blocks:
        if block.kind not in known:
            context.say(say.block_unused(block.word.span, block.word.text, "删去这一段"))
    for extra in _schemes(tree)[1]:
        mend = "合成一张等次表，或每张写明用于哪些类别：适用：类别 为 “区县”"
        context.say(say.block_unused(extra.span, extra.word.text, mend))


def _schemes(tree: Tree) -> tuple[list[Block], list[Block]]:
    """The tables of grades, and those that nothing tells apart from the first."""
    read: list[Block] = []
    extra: list[Block] = []
    for block in [block for block in tree.blocks if block.kind == "grades"]:
        alone = block.field("applies") is None
        (extra if alone and any(one.field("applies") is None for one in read) else read).append(block)
    return read, extra


class _Resolver:
    """One resolving of one tree."""

    def __init__(self, context: Context, tree: Tree, rows_of: RowsOf) -> None:
        self.context = context
        self.tree = tree
        self.context.tables = tables(tree, context, rows_of)
        self.context.methods = {block.name.text: block for block in tree.blocks if block.kind == "method"}
        self.context.codes = self._codes()
        self.context.type_of = self._type_of
        self._types: dict[tuple[str, str], ValueOf | None] = {}
        self._reading: list[str] = []

    def rulebook(self, head: Block) -> Rulebook:
        context = self.context
        words = FieldReader(context, {}).words
        top = header(head, context, words, self._weighted())
        context.period = (top.period.first, top.period.last) if top.period else None
        context.period_said = head.field("period") is not None
        context.calendar = calendar(self.tree, context)
        context.progress = progress(head, context)
        categories = self._categories()
        context.grades = self._grade_names()
        headers = [kind.form.header for kind in context.kinds if kind.form.header and kind.stage in GRADING]
        context.rule_codes = tuple(code_of(block) for block in self.tree.blocks if block.kind in headers)
        context.applied = {
            code_of(block): whom.value.text if (whom := block.field("whom")) is not None else ""
            for block in self.tree.blocks
            if block.kind == "application"
        }
        self.items = ItemMaker(context, self._setup(top, len(categories) > 1))
        context.codes = {**self._rows_with_codes(), **context.codes}
        self.year = top.year
        roots, self.dedupes = deduped(self.tree, context, self._tree())
        breaks = self._breaks(head, top)
        maker = RuleMaker(context, self.items)
        rules = self._rules(maker)
        made = [maker.scheme(block, categories) for block in _schemes(self.tree)[0]]
        schemes = [part for scheme, _ in made if scheme is not None for part in self._parted(scheme, categories)]
        book = self._assemble(head, top, categories, roots, rules, schemes)
        book = replace(book, breaks=breaks)
        if not all(whole for _, whole in made):
            book = replace(book, unread=book.unread | {"grades"})
        return self._named(self._single(book))

    def _breaks(self, head: Block, top: Header) -> tuple[TieBreak, ...]:
        """先比 …，再比 …: what equal totals are told apart by, and what becomes of those that are still equal."""
        given = head.field("ties")
        if given is None:
            return ()
        before = len(self.context.problems)
        node = self.context.read("phrase", given.value)
        del self.context.problems[before:]  # they are said where the header is read
        segments = node.segments if isinstance(node, nodes.Phrase) else ()
        found: list[TieBreak] = []
        for one, after in zip_longest(segments, segments[1:]):
            if isinstance(one, nodes.TieBreak):
                made = self._break(one, after.key if isinstance(after, nodes.Word) else "")
                found += [] if made is None else [made]
        if found and top.ties is None:
            self.context.say(ranking.still_tied(given.value.span))
        return tuple(found)

    def _break(self, node: nodes.TieBreak, word: str) -> TieBreak | None:
        typed = self.items.reader({}, {}).expression(node.of)
        if typed is None:
            return None
        if typed.kind is not ValueType.NUMBER:
            self.context.say(say.not_a_number(node.of.span, typed.kind.chinese))
            return None
        score = isinstance(node.of, nodes.ItemNumber) and node.of.what == "score"
        if word not in FIRST and not score and not isinstance(node.of, nodes.Total | nodes.BaseScore):
            self.context.say(ranking.break_direction(node.span, node.of.span.text))
            return None
        return TieBreak(typed.expression, FIRST.get(word, True))

    @staticmethod
    def _setup(top: Header, has_categories: bool) -> Setup:
        return Setup(
            top.edges, top.population, top.with_self, has_categories, top.peers_with_self, top.mean_population, top.ties
        )

    def _weighted(self) -> bool:
        """Whether the top of the tree has 权重, as a note or as a field."""
        top = [block for block in self.tree.blocks if block.kind == "group1"]
        top = top or [block for block in self.tree.blocks if block.kind == "indicator"]
        return any(block.field("weight") is not None or self._weight_notes(block) for block in top)

    def _weight_notes(self, block: Block) -> list[nodes.Weight]:
        before = len(self.context.problems)
        found = [one for one in notes_of(block, self.context) if isinstance(one, nodes.Weight)]
        del self.context.problems[before:]  # they are said where the block is read
        return found

    def _assemble(
        self,
        head: Block,
        top: Header,
        categories: tuple[Category, ...],
        roots: tuple[Item, ...],
        rules: dict[Stage, list[Rule]],
        schemes: Sequence[GradeScheme],
    ) -> Rulebook:
        found = [rule for stage in GRADING for rule in rules.get(stage, [])]
        scopes = [rule for rule in found if rule.clause.kind == "scoped_grade"]
        limits = [rule for rule in found if rule not in scopes]
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
            validity=top.validity,
            categories=categories,
            tables=tuple(sorted(self.context.tables.values(), key=lambda table: table.name)),
            items=roots,
            vetoes=tuple(sorted(limits, key=lambda rule: by_code(rule.code))),
            scheme=schemes[0] if schemes else None,
            other_schemes=tuple(schemes[1:]),
            scopes=tuple(scopes),
            applications=tuple(sorted(rules.get(Stage.APPLICATION, []), key=lambda rule: by_code(rule.code))),
            methods=self._methods(),
            dedupes=self.dedupes,
            calendar=self.context.calendar,
            meta=meta_of(bag(head.fields, self.context), self.context),
            unread=top.unread,
            span=head.span,
        )

    # ---- names first

    def _codes(self) -> dict[str, Coded]:
        found: dict[str, Coded] = {}
        for block in self.tree.blocks:
            if block.code is None or block.kind == "rulebook":
                continue
            code = block.code.text
            if code in found:
                self.context.say(say.code_twice(block.code.span, code, found[code].span))
            own = {one.key: one for one in reversed(block.fields)}
            found.setdefault(code, Coded(block.name.text, block.code.span, own))
        return found

    def _rows_with_codes(self) -> dict[str, Coded]:
        """The indicators that are rows of a 附表 (来自): their codes can be named as well."""
        found: dict[str, Coded] = {}
        for block in self.tree.blocks:
            given = block.field("taken_from") if block.kind in LEVELS and LEVELS[block.kind] in GROUPS else None
            if given is not None:
                before = len(self.context.problems)
                rows = dict(member_fields(self.items, given.value, without_number(block.name.text)[1], code_of(block)))
                del self.context.problems[before:]  # they are said where the group is read
                found.update(rows)
        return found

    def _type_of(self, code: str, what: str) -> ValueOf | None:
        """Type of the 指标值 or 目标值 of ``code``, read on demand; a circle is reported once, where it closes."""
        if (code, what) in self._types:
            return self._types[code, what]
        coded = self.context.codes[code]
        if code in self._reading:
            steps = [*self._reading[self._reading.index(code) :], code]
            self.context.say(say.circle(coded.span, [f"【{step}】" for step in steps]))
            return ValueOf(None)
        self._reading.append(code)
        own = self.items.with_method(coded.fields, coded.parameters).own
        typed = self.items.value_of(coded.fields, coded.parameters, what) if what in own else None
        self._reading.pop()
        made = ValueOf(typed.kind, typed.unit) if typed else ValueOf(None) if what in own else None
        self._types[code, what] = made
        return made

    def _single(self, book: Rulebook) -> Rulebook:
        """Each code once: what comes second under the same one is reported, and goes on under a code of its own."""
        seen: dict[str, Span | None] = {}

        def single(thing: Item | Rule, told: bool) -> str:
            if thing.code not in seen:
                seen[thing.code] = thing.span
                return thing.code
            if not told and thing.name and not self._said_twice(thing.code):
                point = isinstance(thing, Item) and thing.level is Level.POINT
                self.context.say(say.called_twice(thing.span, thing.name, seen[thing.code], point))
            return next(code for n in count(2) if (code := f"{thing.code}（{n}）") not in seen)

        def items(given: Sequence[Item], told: bool) -> Iterator[Item]:
            for one in given:
                code = single(one, told)
                seen.setdefault(code, one.span)
                below = tuple(items(one.children, told or code != one.code))
                yield replace(one, code=code, children=below)

        def rules(given: Sequence[Rule]) -> Iterator[Rule]:
            for one in given:
                code = single(one, False)
                seen.setdefault(code, one.span)
                yield replace(one, code=code)

        return replace(
            book,
            items=tuple(items(book.items, False)),
            vetoes=tuple(rules(book.vetoes)),
            applications=tuple(rules(book.applications)),
        )

    def _said_twice(self, code: str) -> bool:
        return sum(block.code is not None and block.code.text == code for block in self.tree.blocks) > 1

    def _grade_names(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for block in _schemes(self.tree)[0]:
            rows = rows_of(block)
            head = rows[0].cells if rows else ()
            at = next((i for i, cell in enumerate(head) if self.context.column_key(cell.text) == "grade"), 0)
            found |= dict.fromkeys(row.cells[at].text.strip() for row in rows[1:] if len(row.cells) > at)
        if any(block.kind == "undetermined" for block in self.tree.blocks):
            found[UNDETERMINED] = None
        return tuple(found)

    @staticmethod
    def _parted(scheme: GradeScheme, categories: Sequence[Category]) -> Iterator[GradeScheme]:
        """The scheme, and one of its own for each category that states other places (类别 …：名额)."""
        own = [
            category
            for category in categories
            if category.quotas and (category.name in scheme.categories or not scheme.categories)
        ]
        left = tuple(name for name in scheme.categories if name not in {category.name for category in own})
        if left or not scheme.categories:
            yield replace(scheme, categories=left)
        for category in own:
            quotas = dict(category.quotas)
            grades = tuple(replace(grade, quota=quotas.get(grade.name, grade.quota)) for grade in scheme.grades)
            name = f"{scheme.name}（{category.name}）"
            yield replace(scheme, name=name, grades=grades, categories=(category.name,))

    def _categories(self) -> tuple[Category, ...]:
        found = []
        for block in self.tree.blocks:
            if block.kind != "category":
                continue
            fields = bag(block.fields, self.context)
            report_unused(fields, READ[block.kind], self.context)
            notes = notes_of(block, self.context)
            self._notes_read(notes, "points", "unranked", "excluded")
            flags = {one.key for one in notes if isinstance(one, nodes.Word)}
            grade, takes = "", None
            if "grade_given" in fields:
                node = self.context.read("phrase", fields["grade_given"].value)
                if isinstance(node, nodes.Phrase):
                    grade = next((one.grade for one in node.segments if isinstance(one, nodes.TreatAs)), "")
                    said = {one.key for one in node.segments if isinstance(one, nodes.Word)}
                    takes = "takes_quota" in said if said & {"takes_quota", "no_quota"} else None
            found.append(
                Category(
                    block.name.text,
                    points_in(notes),
                    not flags & {"unranked", "excluded"},
                    grade,
                    takes,
                    "excluded" in flags,
                    self._quotas(fields),
                    meta=meta_of(fields, self.context),
                    citation=citation_of(block, fields),
                    span=block.span,
                )
            )
        return tuple(sorted(found, key=lambda category: by_code(category.name)))

    def _quotas(self, fields: Bag) -> tuple[tuple[str, Quota], ...]:
        """名额 of a category: ``5 个 “优秀”；10 个 “良好”``."""
        if "quota" not in fields:
            return ()
        node = self.context.read("phrase", fields["quota"].value)
        found = []
        for one in node.segments if isinstance(node, nodes.Phrase) else ():
            quota = quota_of(one.amount) if isinstance(one, nodes.Points) else None
            grades = self._grade_names()
            if quota is None or not isinstance(one, nodes.Points) or one.name not in grades:
                label = fields["quota"].label.text
                self.context.say(say.field_unreadable(one.span, label, [one.span], [], ["5 个 “优秀”；20% “良好”"]))
            else:
                found.append((one.name, quota))
        return tuple(found)

    def _methods(self) -> tuple[Method, ...]:
        made = []
        for name, block in sorted(self.context.methods.items()):
            names = parameters_of(block)
            text = "\n".join(
                f"{one.key}：{self.context.in_chinese(one)}" for one in sorted(block.fields, key=lambda one: one.key)
            )
            made.append(Method(name, names, text, citation_of(block, {}), block.span))
        return tuple(made)

    # ---- the tree of items

    def _tree(self) -> tuple[Item, ...]:
        """Blocks in the order of the file → items; each stands under the last header of a higher level.

        A header of an included file holds for that file alone: what follows where it is included is not drawn under it.
        """
        below: dict[int, list[Block]] = {}
        roots: list[Block] = []
        scopes: list[tuple[Source, dict[int, Block]]] = [(self.tree.source, {})]
        for block in self.tree.blocks:
            level = LEVELS.get(block.kind)
            if level is None:
                continue
            scopes = self._scopes(scopes, block.span.source)
            groups = scopes[-1][1]
            parent = self._parent(block, level, groups)
            (roots if parent is None else below.setdefault(id(parent), [])).append(block)
            if level in GROUPS:
                kept = {depth: group for depth, group in groups.items() if depth < DEPTH[level]}
                scopes[-1] = (block.span.source, {**kept, DEPTH[level]: block})
        return self._sorted(self._item(block, below, None) for block in roots)

    def _scopes(
        self, scopes: list[tuple[Source, dict[int, Block]]], source: Source
    ) -> list[tuple[Source, dict[int, Block]]]:
        """The files that a block of ``source`` stands in, from the outside in, with the headers open in each."""
        path = [source]
        while (host := self.tree.within(path[-1])) is not None:
            path.append(host)
        found: list[tuple[Source, dict[int, Block]]] = []
        for depth, one in enumerate(reversed(path)):
            kept = depth < len(scopes) and scopes[depth][0] is one and len(found) == depth
            found.append(scopes[depth] if kept else (one, dict(found[-1][1])))
        return found

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
                    if (LEVELS.get(one.kind) in GROUPS or self._gathers(one, block))
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

    @staticmethod
    def _gathers(one: Block, block: Block) -> bool:
        """Whether a 加分项 or 扣分项 without a 计分 of its own is a group of such items."""
        return one is not block and one.kind == block.kind and one.field("ledger_use") is None and _is_group(one)

    def _sorted(self, made: Any) -> tuple[Item, ...]:
        return tuple(sorted((item for item in made if item is not None), key=lambda item: by_code(item.code)))

    def _item(self, block: Block, below: Mapping[int, list[Block]], parent: Block | None) -> Item | None:
        level = LEVELS[block.kind]
        fields = bag(block.fields, self.context)
        place = self._place(block, level, fields)
        self._agrees(block, level, parent)
        if block.kind == "individual":
            report_unused(fields, READ[block.kind], self.context)
            return individual(self.items, place, fields, block)
        if level not in GROUPS and not (id(block) in below and level in OUTSIDE):
            return self.items.leaf(place, fields, {}, READ[block.kind])
        children = [self._item(child, below, block) for child in below.get(id(block), [])]
        if "taken_from" in fields:
            children.extend(members(self.items, place, fields))
        if not children and "taken_from" not in fields:
            self.context.say(say.group_empty(place.span, place.name))
        return self._group(place, fields, self._sorted(children), parent is None)

    def _group(self, place: Place, fields: Bag, children: tuple[Item, ...], top: bool) -> Item:
        own = {
            key: one
            for key, one in fields.items()
            if key != "taken_from" and not (key == "within" and place.level in OUTSIDE)
        }
        combine = self.items.combining(replace(place, inherited={}), own) if "score" in own else None
        report_unused(own, READ["group1"], self.context)
        scored = [below.scoring for child in children for below in child.walk()]
        # 扣完本一级指标为止 goes on through 二级指标 and below, and stops at the 一级指标
        drained = any(clause is not None and BY_KEY[clause.kind].drains_group(clause) for clause in scored)
        floored = drained and place.level in GROUPS and (top or place.level is Level.GROUP1)
        return Item(
            level=place.level,
            code=place.code,
            name=place.name,
            full=place.full,
            least=place.least,
            weight=place.weight,
            most=place.most,
            children=children,
            combine=combine,
            floored=floored,
            coefficient=self.items.coefficient(self.items.reader(own, {}), own),
            weights=place.weights,
            applies=self.items.part_of(own),
            rounding=self.items.own_rounding(own),
            due=due_day(own, self.context),
            meta=meta_of(own, self.context),
            citation=place.citation,
            span=place.span,
            unread=frozenset({"weight"} if "weight" in own and place.weight is None else ()),
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
        weights: tuple[tuple[str, Fraction], ...] = ()
        most = None
        outside = level in OUTSIDE
        for one in notes:
            match one:
                case nodes.AtMost(amount=nodes.Quantity() as amount) if outside:
                    if amount.unit in amounts.SHARES:
                        self.context.say(totals.cap_share_unstated(amount.span, amount.span.text))
                        full = amount.number  # some cap, so that none is asked for again
                    else:
                        full = amounts.points(amount, self.context)
                case nodes.AtMost(amount=amount) if amount is not None and outside:
                    most = self._cap(amount)
                case nodes.AtLeast(amount=amount):
                    least = amounts.points(amount, self.context) or least
                case nodes.Weight(amount=amount):
                    weight = amounts.share(amount, self.context)
        self._notes_read(notes, "points", "at_least", "weight", "no_points", *(("at_most",) if outside else ()))
        if "weight" in fields:
            if weight is not None:
                self.context.say(say.field_twice(fields["weight"].label.span, "权重", block.span))
            if fields["weight"].rows:
                weight, weights = self._weights_of_table(fields["weight"])
            else:
                node = self.context.read("quantity", fields["weight"].value)
                weight = amounts.share(node, self.context) if node is not None else None
        if full is None and level is Level.INDICATOR and not any(isinstance(one, nodes.Points) for one in notes):
            self.context.say(say.points_missing(block.span, name))
        citation = citation_of(block, fields)
        place = Place(level, code, name, "", full, least, weight, replace(citation, name=name), block.span, most=most)
        return replace(place, weights=weights)

    def _cap(self, amount: nodes.ExpressionNode) -> Expression | None:
        """最高 基本分 × 8%: a cap that is worked out."""
        typed = self.items.reader({}, {}).expression(amount)
        if typed is None or typed.unit == POINTS:
            return typed.expression if typed else None
        self.context.say(scoring.points_wanted(amount.span, amount.span.text))
        return None

    def _weights_of_table(self, given: nodes.FieldNode) -> tuple[Fraction | None, tuple[tuple[str, Fraction], ...]]:
        """The 权重 that a table gives: by year that of this year, by category the first one and all of them."""
        table = self.items.fields.numbers(given)
        if table is None:
            return None, ()
        cells = dict(zip(table.names, map(_share, table.column(table.columns[0])), strict=True))
        head = self.context.in_canonical_word(table.head)
        if head == "类别":
            return next(iter(cells.values())), tuple(cells.items())
        year = self.year.removesuffix("年")
        found = next((cell for name, cell in cells.items() if name.removesuffix("年") == year), None)
        if head != "年度" or found is None:
            self.context.say(totals.weight_of_year_missing(given.label.span, year, table.head, list(cells)))
        return found, ()

    def _notes_read(self, notes: Sequence[nodes.Segment], *read: str) -> None:
        """What a header's notes say that its block does not read."""
        for one in notes:
            if (one.key if isinstance(one, nodes.Word) else shape_of(one)) not in read:
                self.context.say(say.field_unused(one.span, one.span.text))
            elif isinstance(one, nodes.Points):
                amounts.points(one.amount, self.context)

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
        rows = rows_of(block)
        heads = {squeezed(cell.text) for cell in rows[0].cells} if rows else set()

        def likeness(kind: Kind) -> tuple[int, int, int, int, str]:
            taken = {take.key for take in kind.form.takes}
            asked = {take.key for take in kind.form.takes if take.required}
            words = [set(heading.word.spellings) for heading in kind.form.table if heading.word]
            named = sum(bool(spellings & heads) for spellings in words)
            fits = int(bool(kind.form.table) == has_rows)
            fields = len(keys & taken) - len(keys - taken) - 2 * len(asked - keys)
            return (fits, 2 * named - len(words), fields, -len(taken), kind.key)

        return max(kinds, key=likeness)

    # ---- the names of facts, when all are known

    def _named(self, book: Rulebook) -> Rulebook:
        facts = self.context.facts
        taken = Counter((fact.table, fact.name) for fact in facts.values())
        reserved = {(table.name, column.name) for table in book.tables for column in table.columns}
        names = {
            key: fact.name
            if taken[fact.table, fact.name] == 1 and (fact.table, fact.name) not in reserved
            else f"{fact.owner}·{fact.name}"
            for key, fact in facts.items()
        }
        renamed: Rulebook = rename_facts(replace(book, tables=()), names)
        made = book.tables
        for where in sorted({fact.table for fact in facts.values()}):
            columns = tuple(self._column(fact, names[key]) for key, fact in facts.items() if fact.table == where)
            made = _with_facts(made, columns, where)
        return replace(renamed, tables=made)

    def _column(self, fact: Fact, name: str) -> TableColumn:
        also = tuple(dict.fromkeys((f"{fact.owner}·{fact.name}", f"【{fact.code}】{fact.name}")))
        factor = unit_of(fact.unit_word)[1] if fact.unit_word else Fraction(1)
        return TableColumn(
            name,
            fact.kind,
            fact.unit,
            factor,
            fact.unit_word,
            choices=fact.choices,
            source=fact.source,
            for_items=(fact.code,),
            also=tuple(one for one in also if one != name),
            span=fact.span,
        )


def _with_facts(tables: tuple[Table, ...], columns: tuple[TableColumn, ...], name: str) -> tuple[Table, ...]:
    ordered = tuple(sorted(columns, key=lambda column: by_code(column.name)))
    known = next((table for table in tables if table.name == name), None)
    if known is None:
        unit = TableColumn("单位", ValueType.TEXT)
        made = Table(name, TableRole.FACT, RowOf.UNIT, (unit, *ordered))
        return tuple(sorted((*tables, made), key=lambda table: table.name))
    widened = replace(known, columns=(*known.columns, *ordered))
    return tuple(widened if table is known else table for table in tables)


def _is_group(block: Block) -> bool:
    """Whether nothing in the block says how it is scored."""
    return not any(one.key in ("score", "points", "checklist", "value") for one in block.fields)


def _share(cell: Expression) -> Fraction:
    """A cell of a table of weights."""
    return cell.value if isinstance(cell, Number) else Fraction(0)


def code_of(block: Block) -> str:
    """A block's code: what stands in 【】, else its printed number."""
    return block.code.text if block.code else without_number(block.name.text)[0]
