"""Why a unit has its scores: sentence, article, operations, cells.

The numbers are those of the graph's own nodes, so nothing is computed a second time for the explanation; the
sentence is the clause kind's. What changes nothing (a rounding that rounds nothing, a bound that does not bind, an
operand that is 0) is left out: an explanation is read by people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from perfdsl.clauses import BY_KEY, bands
from perfdsl.clauses.individual import Individual, row_unit
from perfdsl.graph import ops
from perfdsl.graph.graph import Node
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import SCALAR
from perfdsl.model import outputs
from perfdsl.model.calendar import WORKING_DAYS
from perfdsl.model.grade import Interval
from perfdsl.model.item import Item, Level
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Combine, Rule
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import CADENCES, UNIT_GRAIN, UNITS, split_key
from perfdsl.model.units import POINTS, RATIO, ValueType
from perfdsl.reports import rulings
from perfdsl.reports.answers import answered, not_for, shared
from perfdsl.reports.findings import ItemExplanation, Step, UnitExplanation
from perfdsl.reports.grading import Reasons
from perfdsl.reports.periods import by_period, each_in_words
from perfdsl.reports.results import as_of, as_written, published, published_full, rounding_of, state_of
from perfdsl.reports.rows import cells_of, left_out, uncounted
from perfdsl.reports.waiting import told as waits_for
from perfdsl.reports.words import FUNCTIONS, MODES, REDUCE, percentage_points, plain, shown
from perfdsl.text.records import dataclass, replace
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.graphs import Trace, made_for, traced

SIGNS = {ops.Fn.ADD: "+", ops.Fn.SUBTRACT: "－", ops.Fn.MULTIPLY: "×", ops.Fn.DIVIDE: "÷"}
COMPARED = {
    ops.Fn.LESS: ("低于", "高于"),
    ops.Fn.LESS_EQUAL: ("不高于", "不低于"),
    ops.Fn.EQUAL: ("等于", "等于"),
}
"""How two values are compared; the second word where the bound stands first."""
BOUND = {ops.Fn.LEAST: "最高", ops.Fn.GREATEST: "最低"}
FACTS = 4
"""So many cells are shown of a score that hangs on them without a calculation."""
BEST = 3
"""So many of the best are shown of those who are compared."""
MET = {"step_down": "已达标，不扣", "step_up": "没有超过，不加", "reach": "没有超过，不加", "up_and_down": "不加不扣"}
"""A target that was met, or a bar that was not passed, in the words of the rule's kind."""
KEYS = ("单位", *(cadence.along for cadence in CADENCES.values()))
"""What says which row it is, and is no fact that a score hangs on."""
ROWS = 4
"""So many rows of a table are shown one by one; of more, the values stand on one line."""


def _times(item: Item) -> str:
    """系数, as written, behind the sentence of the rule that it multiplies."""
    given = item.coefficient
    if given is None:
        return ""
    of = given.of.span.text if given.of.span else "系数"
    when = f"（{given.when.span.text} 的）" if given.when is not None and given.when.span else ""
    most = f"最高 {plain(given.most)} 分" if given.most is not None else ""
    stops = {"full_at_most": "最高得满分", "uncapped": "不封顶"}.get(given.cap or "", most)
    return f"；得分再乘系数 {of}{when}" + (f"，{stops}" if stops else "")


def explained(evaluation: Evaluation) -> list[Item]:
    """The items that can be explained: those that have a score."""
    return [item for item in evaluation.book.walk() if outputs.score(item.code) in evaluation.outcome]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be explained: items, vetoes, limits and drops, and the grade (``graded``)."""

    items: Sequence[Item] = ()
    rules: Sequence[Rule] = ()
    graded: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.rules or self.graded)


def asked(evaluation: Evaluation, code: str) -> Asked:
    """What is called ``code``, by its code or its name; 等次 is the grade."""
    book = evaluation.book
    return Asked(
        [item for item in explained(evaluation) if code in (item.code, item.name)],
        [rule for rule in book.vetoes if code in (rule.code, rule.name)],
        outputs.GRADE in evaluation.outcome and code in (rulings.GRADE, *(scheme.name for scheme in book.schemes)),
    )


def known(evaluation: Evaluation) -> list[str]:
    """The codes and names that can be asked for."""
    named = [(one.code, one.name) for one in explained(evaluation)]
    named += [(one.code, one.name) for one in evaluation.book.vetoes]
    return [*(code for code, _ in named), *(name for _, name in named), rulings.GRADE]


def explain(
    evaluation: Evaluation,
    unit: str,
    items: Sequence[Item],
    *,
    rules: Sequence[Rule] = (),
    graded: bool = False,
    whole: bool = True,
    show_others: bool = False,
) -> UnitExplanation:
    """The explanation of ``items``, ``rules`` and, if ``graded``, of the grade for ``unit``.

    ``whole``: how the total came about as well, and the vetoes, limits and drops that hold or are open. Other units go by
    name only with ``show_others``.
    """
    place = evaluation.units.index(unit)
    if whole:
        rules = rulings.concerning(evaluation, place)
    wanted = [outputs.score(item.code) for item in items] + [outputs.veto(rule.code) for rule in rules]
    trace = traced(evaluation, wanted)
    teller = Teller(trace, place, show_others)
    grade = rulings.grade(evaluation, place, show_others) if graded else None
    concerned = [item for item in items if not whole or teller.concerns(item)]
    left_out = [item for item in items if item not in concerned and item.scoring is not None]
    return UnitExplanation(
        unit=unit,
        total=published(evaluation.cell(outputs.TOTAL, place), evaluation.book.roundings.total),
        rank=_published(evaluation, outputs.RANK, place),
        grade=_published(evaluation, outputs.GRADE, place),
        items=tuple(teller.item(item) for item in concerned),
        closing=tuple(_closing(evaluation, place, left_out, show_others)) if whole else (),
        provisional=evaluation.assumed,
        total_state=state_of(evaluation, outputs.TOTAL, place),
        rank_state=state_of(evaluation, outputs.RANK, place),
        grade_state=state_of(evaluation, outputs.GRADE, place),
        why=Reasons(evaluation).why(place),
        as_of=as_of(evaluation),
        rules=(*(rulings.rule(rule, teller) for rule in rules), *((grade,) if grade is not None else ())),
    )


def _published(evaluation: Evaluation, name: str, place: int) -> str | None:
    return published(evaluation.cell(name, place)) if name in evaluation.outcome else None


def _closing(evaluation: Evaluation, place: int, left_out: Sequence[Item], names: bool) -> Iterator[str]:
    """How the total came about, what else waits, and what follows from the grade."""
    book = evaluation.book
    base = published(evaluation.cell(outputs.BASE, place), book.roundings.total)
    for word, level in (("加分", Level.BONUS), ("扣分", Level.DEDUCTION)):
        items = [item for item in book.items if item.level is level]
        scores = [
            published(evaluation.cell(outputs.score(item.code), place), rounding_of(book, item)) for item in items
        ]
        if items:
            pairs = zip(items, scores, strict=True)
            yield f"{word}：" + "，".join(f"{item.name} {score or '没有'}" for item, score in pairs)
    how = "" if book.total.combine is Combine.SUM else f"（{book.total.combine.value}）"
    yield f"基本分 {base or '待定'}{how}"
    if left_out:
        yield "不涉及：" + "、".join(f"{item.code} {item.name}" for item in left_out)
    ends = [name for name in (outputs.TOTAL, outputs.RANK, outputs.GRADE) if name in evaluation.outcome]
    open_ends = [name for name in ends if evaluation.cell(name, place)[0] >= BLOCKING]
    if open_ends:
        trace = traced(evaluation, open_ends)
        words = {outputs.TOTAL: "总分", outputs.RANK: "名次", outputs.GRADE: "等次"}
        for name in open_ends:
            causes = waits_for(trace, trace.causes(trace.graph.outputs[name], place), place, names)
            yield f"{words[name]}待定：{'；'.join(causes)}"
    for rule in book.applications:
        cell = evaluation.cell(outputs.application(rule.code), place)
        if cell[0] is State.VALUE and cell[1] is not False:
            yield f"结果运用 {rule.name}：{as_written(rule, cell) or published(cell)}"


class Teller:
    """Tells the nodes of one unit; of one of its periods, where ``rows`` says which row of a table that is.

    ``rows`` holds for each grain the row that is told of; of other grains only group facts are.
    """

    def __init__(self, trace: Trace, place: int, show_others: bool, rows: Mapping[str, int] | None = None) -> None:
        self.trace = trace
        self.evaluation = trace.evaluation
        self.place = place
        self.show_others = show_others
        self.rows = {SCALAR: place, UNIT_GRAIN: place, **(rows or {})}
        self.named: dict[NodeId, str] = {}
        self.kind = ""
        self.of_case = False

    def at_row(self, table: str, row: int) -> Teller:
        """One that tells of a row of the unit, too."""
        return Teller(self.trace, self.place, self.show_others, {table: row})

    def concerns(self, item: Item) -> bool:
        """Whether the unit has the item at all."""
        return self.evaluation.cell(outputs.score(item.code), self.place)[0] is not State.ABSENT

    def item(self, item: Item) -> ItemExplanation:
        """One item."""
        evaluation, book = self.evaluation, self.evaluation.book
        clause = item.scoring or item.combine
        sentence = BY_KEY[clause.kind].sentence(clause, item) if clause else "各项得分之和"
        state = evaluation.outcome.get(outputs.state(item.code))
        full = evaluation.outcome.get(outputs.full(item.code))
        cell = evaluation.cell(outputs.score(item.code), self.place)
        node = self.trace.graph.outputs[outputs.score(item.code)]
        causes = self.trace.causes(node, self.place) if cell[0] >= BLOCKING else ()
        return ItemExplanation(
            code=item.code,
            name=item.name,
            place=str(evaluation.opened.citation(item.span, item.citation)),
            score=published(cell, rounding_of(book, item)),
            full=published_full(full[self.place], rounding_of(book, item)) if full else None,
            state=_state(cell, str(state[self.place][1]) if state else State.VALUE.chinese),
            sentence=sentence + each_in_words(item) + _times(item),
            official=item.meta.official_text,
            steps=tuple(self._steps(item) if item.scoring else self._parts(item) if self.concerns(item) else ()),
            waits=waits_for(self.trace, causes, self.place, self.show_others),
        )

    def case(self, node: NodeId, written: str) -> Iterator[Step]:
        """The cells that decide whether a case holds; scores and values that it names (``written``) are not taken apart."""
        mine = Teller(self.trace, self.place, self.show_others)
        mine.named, mine.of_case = self._names_in(written), True
        yield from list(mine._walk(node, None, 0, set())) or mine._cells_of(node, lambda _: True)

    def _names_in(self, written: str) -> dict[NodeId, str]:
        """The scores and values that a text names (得分【E01】)."""
        found: dict[NodeId, str] = {}
        for item in self.evaluation.book.walk():
            if f"【{item.code}】" in written:
                for what, name in (("得分", outputs.score(item.code)), ("指标值", outputs.value(item.code))):
                    if f"{what}【{item.code}】" in written and name in self.trace.graph.outputs:
                        found.setdefault(self.trace.graph.outputs[name], f"{what}【{item.code}】{item.name}")
        return found

    def _parts(self, item: Item) -> Iterator[Step]:
        """The scores that a sum is made of."""
        book = self.evaluation.book
        for child in item.children:
            if child.level is not Level.STEP and self.concerns(child):
                cell = self.evaluation.cell(outputs.score(child.code), self.place)
                yield Step(0, f"{child.code} {child.name}", published(cell, rounding_of(book, child)) or "待定")

    def _steps(self, item: Item) -> Iterator[Step]:
        yield from answered(self.trace, item, self.place)
        if self.concerns(item):
            left_out = not_for(self.trace, item, self.place) is not None
            yield from self.steps_of(self.trace.graph.outputs[outputs.score(item.code)], item, not left_out)

    def steps_of(self, node: NodeId, item: Item, facts: bool = True) -> Iterator[Step]:
        """How the score at ``node`` came about by the rule of ``item``. ``facts``: with the cells, where nothing is computed."""
        self.named = self._names(item)
        self.kind = item.scoring.kind if item.scoring is not None else ""
        if (decided := self._decided_before(node, item)) is not None:
            yield Step(0, decided, "")
            return
        yield from list(self._walk(node, item, 0, set())) or (self._facts(node, item) if facts else ())
        if item.scoring is not None and BY_KEY[item.scoring.kind].reads_events:
            yield from left_out(self.trace, item, self.place)

    def _decided_before(self, node: NodeId, item: Item) -> str | None:
        """前提 that is not met, or 免扣 that holds: what decides before the rule itself is asked."""
        for condition, says in (
            (item.requires and item.requires[0], "前提不满足"),
            (item.exempt, "符合免扣条件，不扣"),
        ):
            if condition is None or condition.span is None:
                continue
            when = self._first_choice(node, says == "前提不满足")
            if when is not None:
                return f"{says}：{condition.span.text}"
        return None

    def _first_choice(self, node: NodeId, negated: bool) -> NodeId | None:
        """The condition by which the shell around a score chose, if it is a negated one (or one that is not)."""
        while self.trace.knows(node):
            op = self.trace.node(node).op
            if isinstance(op, ops.Round):
                node = op.of
            elif isinstance(op, ops.Choose):
                node, when = self.trace.taken(op, self._row(node))
                if when is None:
                    continue
                test = self.trace.node(when).op
                is_negated = isinstance(test, ops.Apply) and test.fn is ops.Fn.NOT
                return when if is_negated is negated and self._cell(node)[0] is State.VALUE else None
            elif (inner := self._through(node)) is not None:
                node = inner
            else:
                return None
        return None

    def _facts(self, node: NodeId, item: Item) -> Iterator[Step]:
        """The unit's cells that a score without a calculation hangs on: a yes or no, a level, a date."""
        yield from self._cells_of(node, lambda at: made_for(at, item))

    def _cells_of(self, node: NodeId, told: Callable[[Node], bool]) -> Iterator[Step]:
        """The unit's cells below a node that are to be ``told``."""
        grain = self.trace.node(node).type.grain
        keys = (f"{UNITS}.",) if grain == UNIT_GRAIN else KEYS
        found = [
            at
            for at in self.trace.graph.needed(frozenset({node}))
            if isinstance(op := self.trace.node(at).op, ops.Column)
            and op.grain == grain
            and not op.name.startswith(keys)
            and told(self.trace.node(at))
        ]
        for at in found[:FACTS]:
            text, address = self._told(at, None)
            yield Step(0, text, self._value(at), address)

    def _names(self, item: Item) -> dict[NodeId, str]:
        """The nodes that have a name in the rule: 指标值 of this item, scores and values of others."""
        found: dict[NodeId, str] = {}
        by_period = self.rows.keys() - {SCALAR, UNIT_GRAIN}
        for name, node in (*self.trace.graph.outputs.items(), *(self.trace.graph.inner.items() if by_period else ())):
            what, _, code = name.partition(":")
            if not self.trace.knows(node):
                continue
            if what == "value":
                inner = self._told_by(node)
                if not isinstance(self.trace.node(inner).op, (ops.Constant, ops.Column)):
                    found.setdefault(inner, "指标值" if code == item.code else f"指标值【{code}】")
            elif what in ("score", "each") and code != item.code:
                found.setdefault(node, f"得分【{code}】")
        return found

    def _told_by(self, node: NodeId) -> NodeId:
        """The node whose number it is, past the branches that were taken."""
        while (
            self.trace.knows(node)
            and not (self.of_case and node in self.named)
            and (inner := self._through(node)) is not None
        ):
            node = inner
        return node

    # ---- one node after the other

    def _walk(self, node: NodeId, item: Item | None, depth: int, seen: set[NodeId]) -> Iterator[Step]:
        """The nodes that made this number, from the result down to the cells; branches not taken are left out."""
        node = self._told_by(node)
        if self.of_case and node in self.named:
            yield Step(depth, self.named[node], self._value(node))
            return
        op = self.trace.node(node).op
        if isinstance(op, ops.Constant) or node in seen:
            return
        seen.add(node)
        if self._nothing_lost(node):
            yield Step(depth, MET.get(self.kind, "不足 0 的按 0 计"), "")
            lost = op.args[-1] if isinstance(op, ops.Apply) and op.fn is ops.Fn.SUBTRACT else node
            if (inner := self._difference(lost)) is not None:
                yield from self._walk(inner, item, depth, seen)
            return
        if isinstance(op, ops.Aggregate) and (ledger := self._without_rows(node, op)):
            yield Step(depth, f"“{ledger}” 里没有本单位要计的", "")
            yield from self._uncounted(node, depth)
            return
        if (
            item is not None
            and isinstance(op, ops.Aggregate)
            and op.of == self.trace.graph.inner.get(outputs.each_period(item.code))
        ):
            yield from by_period(self, item, node, op, depth)
            return
        if isinstance(op, ops.Fetch) and self._kept(node):
            yield self._fetched(op, depth)
            return
        text, address = self._told(node, item)
        if item is not None and (gone := shared(self.trace, item, node, self.place)):
            text = f"{text}（{gone}）"
        name = self.named.get(node, "")
        yield Step(depth, f"{name}（{text}）" if name and text else name or text, self._value(node), address)
        if name.startswith("得分"):
            return
        if isinstance(op, ops.Aggregate):
            yield from self._group(node, op, item, depth + 1)
            yield from self._uncounted(node, depth)
            return
        if isinstance(op, ops.Rank):
            yield from self._peers(node, op, depth + 1)
            return
        for operand in dict.fromkeys(self._operands(op)):
            yield from self._walk(operand, item, depth + 1, seen)

    def _without_rows(self, node: NodeId, op: ops.Aggregate) -> str:
        """The table of which no row counts for the unit; "" where there is one."""
        grain = self.trace.grain(op)
        return grain if grain not in self.rows and not self.trace.members(node, self._row(node)) else ""

    def _uncounted(self, node: NodeId, depth: int) -> Iterator[Step]:
        """The unit's rows of a ledger that a case does not count, and why; those of an item's score are told with it."""
        if self.of_case and self.trace.grain(self.trace.group_fact(node)) not in self.rows:
            yield from uncounted(self.trace, node, self.place, depth)

    def _operands(self, op: ops.Op) -> tuple[NodeId, ...]:
        """What is told below; parts of a sum that are 0 are left out."""
        if isinstance(op, ops.Apply) and op.fn is ops.Fn.ADD:
            return tuple(arg for arg in op.args if self._cell(arg) != (State.VALUE, Fraction(0))) or op.args[:1]
        if isinstance(op, ops.Lookup):
            of = self.trace.node(op.of).op
            return () if isinstance(of, ops.Column) and of.name in KEYS else (op.of,)
        if isinstance(op, ops.Streak):
            return (op.of,)
        if isinstance(op, ops.Apply) and (days := self._worked_between(op)) is not None:
            return days
        return tuple(op.operands())

    def _worked_between(self, op: ops.Apply) -> tuple[NodeId, NodeId] | None:
        """The two days that working days are counted between: so many up to the one less so many up to the other."""
        if op.fn is not ops.Fn.SUBTRACT or self.trace.node(op.args[0]).type.unit != WORKING_DAYS:
            return None
        until, since = (self._counted_day(arg) for arg in op.args)
        return (until, since) if until is not None and since is not None else None

    def _counted_day(self, node: NodeId) -> NodeId | None:
        """The day up to which working days are counted."""
        op = self.trace.node(node).op
        if not isinstance(op, ops.Apply):
            return None
        first = self.trace.node(op.args[0])
        if op.fn is ops.Fn.SUBTRACT and first.type.value is ValueType.DATE:
            return op.args[0]
        return next((day for arg in op.args if (day := self._counted_day(arg)) is not None), None)

    def _through(self, node: NodeId) -> NodeId | None:
        """The node that tells the same: the branch that was taken, what was multiplied by 1 or rounded to itself."""
        op = self.trace.node(node).op
        if self.trace.node(node).type.grain not in self.rows:
            return None
        match op:
            case ops.Choose():
                return self.trace.taken(op, self._row(node))[0]
            case ops.Fetch(of) if self._kept(node) and self.trace.node(of).type.grain == UNIT_GRAIN:
                return of  # a row of the unit's reads what is the unit's
            case ops.Round() if self._cell(op.of) == self._cell(node):
                return op.of
            case ops.Apply(ops.Fn.MULTIPLY, (one, factor)) if self._is_one(factor):
                return one
            case ops.Apply(ops.Fn.HAS, (one,)):
                return one
            case ops.Lookup(of) if (
                self.trace.node(node).type.unit == RATIO and self._is_count(of) and self._cell(of) == self._cell(node)
            ):
                return of  # so many times in a row count so many times
            case ops.Apply(ops.Fn.LEAST | ops.Fn.GREATEST, args):
                return self._unbounded(op, args)
            case ops.Apply(ops.Fn.ADD):
                left = self._operands(op)
                return left[0] if len(left) == 1 else None
            case ops.Apply(ops.Fn.SUBTRACT, (one, other)) if self._cell(other) == (State.VALUE, Fraction(0)):
                return None if self._nothing_lost(node) else one
        return None

    def _unbounded(self, op: ops.Apply, args: tuple[NodeId, ...]) -> NodeId | None:
        """The one operand that is no plain number, where the bounds beside it do not bind."""
        free = [arg for arg in args if not isinstance(self.trace.node(arg).op, ops.Constant)]
        if not free:
            return args[0]
        if len(free) != 1:
            return None
        bounds = [self._cell(arg)[1] for arg in args if arg != free[0]]
        own = self._cell(free[0])[1]
        beaten = max if op.fn is ops.Fn.GREATEST else min
        return free[0] if own is not None and beaten([own, *bounds]) == own else None  # type: ignore[type-var]

    def _is_one(self, node: NodeId) -> bool:
        op = self.trace.node(node).op
        divides = isinstance(op, ops.Apply) and op.fn is ops.Fn.DIVIDE
        return divides and self.trace.node(node).type.unit == RATIO and self._cell(node) == (State.VALUE, Fraction(1))

    def _nothing_lost(self, node: NodeId) -> bool:
        """Whether it is how far a target was missed, and it was not: steps below 0 count as none."""
        op = self.trace.node(node).op
        match op:
            case ops.Apply(ops.Fn.SUBTRACT, (kept, lost)):
                nothing = self._cell(lost) == (State.VALUE, Fraction(0)) and self._difference(lost) is not None
                return nothing and not self._gained(kept)
            case ops.Apply(ops.Fn.GREATEST, args) if self.trace.node(node).type.unit != POINTS:
                return self._cell(node)[1] == 0 and any(self._cell(arg)[1] != 0 for arg in args)
        return False

    def _gained(self, node: NodeId) -> bool:
        """Whether steps above a target have added to it (每低 1 个百分点加 0.1 分)."""
        op = self.trace.node(self._told_by(node)).op
        return (isinstance(op, ops.Apply) and op.fn is ops.Fn.ADD) or self._difference(node) is not None

    def _difference(self, node: NodeId) -> NodeId | None:
        """The difference that a count of steps is made of; what a difference of 0 is taken from."""
        node = self._told_by(node)
        match self.trace.node(node).op:
            case ops.Apply(ops.Fn.SUBTRACT, (one, other)):
                return self._difference(other) if self._cell(one) == (State.VALUE, Fraction(0)) else node
            case ops.Apply(ops.Fn.FLOOR | ops.Fn.CEIL | ops.Fn.DIVIDE | ops.Fn.MULTIPLY | ops.Fn.NEGATE, args):
                return self._difference(args[0])
            case ops.Apply(ops.Fn.GREATEST | ops.Fn.LEAST, args):
                return next((found for arg in args if (found := self._difference(arg)) is not None), None)
        return None

    # ---- words

    def _row(self, node: NodeId) -> int:
        return self.rows[self.trace.node(node).type.grain]

    def _kept(self, node: NodeId) -> bool:
        """Whether it is of a row of the unit's, and not of the unit."""
        grain = self.trace.node(node).type.grain
        return grain in self.rows and grain not in (SCALAR, UNIT_GRAIN)

    def _cell(self, node: NodeId) -> Cell:
        if self.trace.node(node).type.grain in self.rows:
            return self.trace.cell(node, self._row(node))
        return (State.ABSENT, None)

    def _is_gap(self, node: NodeId) -> bool:
        """Whether it is the difference of two ratios: told in 个百分点."""
        op = self.trace.node(self._told_by(node)).op
        if self.trace.node(node).type.unit != RATIO or self.trace.node(node).type.value is not ValueType.NUMBER:
            return False
        return isinstance(op, ops.Apply) and op.fn is ops.Fn.SUBTRACT and not any(map(self._is_count, op.args))

    def _is_count(self, node: NodeId) -> bool:
        """Whether it is a plain number, so many steps or rows, and no ratio."""
        node = self._told_by(node)
        match self.trace.node(node).op:
            case ops.Apply(ops.Fn.FLOOR | ops.Fn.CEIL | ops.Fn.LN):
                return True
            case ops.Apply(ops.Fn.ADD, args) if all(
                isinstance(self.trace.node(self._told_by(arg)).op, ops.Constant) for arg in args
            ):
                return True
            case ops.Apply(ops.Fn.GREATEST | ops.Fn.LEAST | ops.Fn.ADD | ops.Fn.NEGATE, args):
                return any(map(self._is_count, args))
            case ops.Apply(ops.Fn.DIVIDE, (over, under)):
                step = self.trace.node(under).op
                if not isinstance(step, ops.Constant):
                    return False
                if node not in self.named and (self.kind.startswith(("count", "rate")) or self._is_single(step)):
                    return True
                gap = self._difference(over)
                made = self.trace.node(gap).op if gap is not None else None
                return isinstance(made, ops.Apply) and under not in made.args
            case ops.Aggregate(ops.Reduce.COUNT) | ops.Rank() | ops.Streak():
                return True
            case ops.Lookup(of) if self.trace.node(node).type.unit == RATIO:
                return self._is_count(of)
        return False

    def _is_single(self, step: ops.Constant) -> bool:
        """1 件, 1 月: to divide by it is to count."""
        return step.value == 1 and step.unit != RATIO

    def _chosen_number(self, node: NodeId) -> bool:
        """A number that a condition picked (1 for 是, 0 for 否), which is no ratio."""
        made = self.trace.node(self._told_by(node)).op
        if made is self.trace.node(node).op or not isinstance(made, ops.Constant):
            return False
        return isinstance(made.value, Fraction) and made.value.denominator == 1

    def _value(self, node: NodeId) -> str:
        type_ = self.trace.node(node).type
        if type_.grain not in self.rows:
            return ""
        cell = self._cell(node)
        if isinstance(cell[1], Fraction) and type_.unit == RATIO and type_.value is ValueType.NUMBER:
            if self._is_gap(node):
                return percentage_points(cell[1])
            if self._is_count(node) or (node not in self.named and self._chosen_number(node)):
                return plain(cell[1])
        return shown(cell, type_.value, type_.unit)

    def _told(self, node: NodeId, item: Item | None) -> tuple[str, str]:
        made = self.trace.node(node)
        match made.op:
            case ops.Column(grain, name):
                address = self.trace.address(grain, name, self.rows[grain]) if grain in self.rows else None
                tables = [table.name for table in self.evaluation.book.tables]
                called = split_key(name, tables)[1] if grain == UNIT_GRAIN else name
                return f"数据 “{called}”", str(address or "")
            case ops.Apply() as op if (days := self._worked_between(op)) is not None:
                return f"{self._value(days[1])} 之后到 {self._value(days[0])}，按工作日历", ""
            case ops.Apply(fn, args):
                return self._formula(fn, args), ""
            case ops.Round(_, digits, mode):
                return f"保留 {digits} 位，{MODES[mode]}", ""
            case ops.Aggregate(fn):
                return self._sum(node, item) if fn is ops.Reduce.SUM else f"各行{REDUCE[fn]}", ""
            case ops.Rank():
                return "名次", ""
            case ops.Lookup(of) as op:
                by_calendar = made.type.value is ValueType.DATE
                rung = f"，在 “{said}” 一档" if (said := self._rung(op, item)) else ""
                return "按工作日历的期限" if by_calendar else f"对照分档（{self._value(of)}{rung}）", ""
            case ops.Fetch():
                return "取对应的一行", ""
            case ops.Streak():
                return "连续次数", ""
            case ops.Settle():
                return "等次", ""
        return "", ""

    def _formula(self, fn: ops.Fn, args: tuple[NodeId, ...]) -> str:
        """An operation with the numbers in it: ``98% － 96.4%``."""
        if fn is ops.Fn.ADD:
            args = tuple(arg for arg in args if self._cell(arg) != (State.VALUE, Fraction(0))) or args
        values = [self._value(arg) for arg in args]
        if fn in (ops.Fn.MULTIPLY, ops.Fn.DIVIDE):
            values = [self._factor(arg, args, value) for arg, value in zip(args, values, strict=True)]
        if fn in COMPARED:
            return self._compared(fn, args, values)
        if fn in SIGNS:
            return f" {SIGNS[fn]} ".join(values)
        if fn is ops.Fn.POWER:
            return _power(values[0], self._cell(args[1])[1])
        if fn is ops.Fn.LN:
            of = self._cell(args[0])[1]
            values = [plain(of) if isinstance(of, Fraction) else values[0]]
        if fn in (ops.Fn.LEAST, ops.Fn.GREATEST) and len(args) == 2:
            bounds = [isinstance(self.trace.node(arg).op, ops.Constant) for arg in args]
            if bounds.count(True) == 1:
                return f"{values[bounds.index(False)]}，{BOUND[fn]} {values[bounds.index(True)]}"
        return f"{FUNCTIONS[fn]}（{'、'.join(values)}）"

    def _compared(self, fn: ops.Fn, args: tuple[NodeId, ...], values: Sequence[str]) -> str:
        """A comparison as it is written: ``1 不低于 1``, the bound behind what is held against it."""
        if any(map(self._is_count, args)):
            numbers = [self._cell(arg)[1] for arg in args]
            values = [plain(n) if isinstance(n, Fraction) else said for n, said in zip(numbers, values, strict=True)]
        bound_first = isinstance(self.trace.node(args[0]).op, ops.Constant)
        word = COMPARED[fn][bound_first]
        return f" {word} ".join(reversed(values) if bound_first else values)

    def _factor(self, arg: NodeId, args: tuple[NodeId, ...], value: str) -> str:
        """A step of 1% under a gap is 1 个百分点; a number of steps beside points is a plain number."""
        op = self.trace.node(arg).op
        if isinstance(op, ops.Constant) and isinstance(op.value, Fraction) and op.unit == RATIO:
            if any(other != arg and self._is_gap(other) for other in args):
                return percentage_points(op.value)
            if op.value.denominator == 1:
                return plain(op.value)
        return value

    def _rung(self, op: ops.Lookup, item: Item | None) -> str:
        """The row of a table of bands that holds the value, as written; "" where the value says it itself (第 3 名)."""
        value = self._cell(op.of)[1]
        if not isinstance(value, Fraction):
            return ""
        made = [Interval(one.low, one.high, one.low_in, one.high_in) for one in op.bands]
        hit = next((one for one in made if value in one), None)
        if hit is None or (hit.low is not None and hit.low == hit.high):
            return ""
        written = getattr(item.scoring, "bands", ()) if item is not None else ()
        rows = [one for one in written if isinstance(one, Interval)]
        own = next((one for one in rows if (one.low, one.high) == (hit.low, hit.high)), None)
        if own is None and hit.low is None and hit.high is None:
            return "其余"
        return bands.told(own or hit, self.trace.node(op.of).type.unit)

    # ---- groups and rows

    def _sum(self, node: NodeId, item: Item | None) -> str:
        """``国家级 1 次 × 5 分`` for the rows of one level of a ledger that bring the same; else ``各行合计``."""
        op = self.trace.node(node).op
        assert isinstance(op, ops.Aggregate)
        level = self._level(op.where)
        rows = self.trace.members(node, self._row(node))
        values = {value for row in rows if (value := self.trace.cell(op.of, row)[1])}
        if not level and not (isinstance(self.trace.node(op.of).op, ops.Constant) and rows):
            return "各行合计"
        type_, clause = self.trace.node(op.of).type, item.scoring if item is not None else None
        units = dict(zip(getattr(clause, "levels", ()), getattr(clause, "units", ()), strict=False))
        word = f"{level} {len(rows)} {units.get(level, '次')}".strip()
        if len(values) != 1 or any(not self.trace.cell(op.of, row)[1] for row in rows):
            return f"{word}合计"
        return f"{word} × {shown((State.VALUE, values.pop()), type_.value, type_.unit)}"

    def _level(self, where: NodeId) -> str:
        """The level that a condition on rows asks for last."""
        match self.trace.node(where).op:
            case ops.Apply(ops.Fn.AND, args):
                return self._level(args[-1])
            case ops.Apply(ops.Fn.EQUAL, (of, to)):
                column, level = self.trace.node(of).op, self.trace.node(to).op
                if isinstance(column, ops.Column) and isinstance(level, ops.Constant) and isinstance(level.value, str):
                    return level.value
        return ""

    def _group(self, node: NodeId, op: ops.Aggregate, item: Item | None, depth: int) -> Iterator[Step]:
        """Who counts in a group fact: units by number (and name, where asked for), rows of a table one by one."""
        grain = self.trace.grain(op)
        rows = self.trace.members(node, self._row(node))
        of_units = grain == UNIT_GRAIN or (grain in self.rows and self.trace.node(node).type.grain == grain)
        if not of_units:
            own = item.scoring if item is not None else None
            if isinstance(own, Individual) and own.table == grain and item is not None:
                yield from self._own_rows(own, op.of, rows, depth)
                return
            yield from self._rows(grain, op, rows, depth)
            return
        names = "：" + "、".join(self._owner(grain, row) for row in rows) if self.show_others else ""
        yield Step(depth, f"计入 {len(rows)} 个单位{names}", "")
        if op.fn in (ops.Reduce.GREATEST, ops.Reduce.LEAST):
            yield from self._best(op.of, rows, op.fn is ops.Reduce.GREATEST, depth)

    def _owner(self, grain: str, row: int) -> str:
        place = self.trace.owner(grain, row)
        return self.evaluation.units[place] if place is not None else ""

    def _fetched(self, op: ops.Fetch, depth: int) -> Step:
        """The cell of another row, with the period that it is of if there is one."""
        row = self.trace.fetched(op, self._row(op.at[0]))
        made = self.trace.node(op.of)
        column = made.op.name if isinstance(made.op, ops.Column) else ""
        table = self.evaluation.book.table(made.type.grain)
        cadence = table.row_of.cadence if table is not None else None
        if row is None or (cadence is None and not column):
            return Step(depth, "取对应的一行", "")
        which = ""
        if cadence is not None:
            number = self.evaluation.dataset[made.type.grain].columns[cadence.along].cells[row][1]
            which = f"{cadence.called(int(number))}的" if isinstance(number, Fraction) else ""
        value = shown(self.trace.cell(op.of, row), made.type.value, made.type.unit)
        address = self.trace.address(made.type.grain, column, row) if column else None
        return Step(depth, f"{which}数据 “{column}”" if column else f"{which}数", value, str(address or ""))

    def _rows(self, grain: str, counted: ops.Aggregate, rows: Sequence[int], depth: int) -> Iterator[Step]:
        of = counted.of
        type_ = self.trace.node(of).type
        op = self.trace.node(of).op
        if type_.value is ValueType.BOOL:  # rows that a condition counts: what it asks for is in its cells
            for row in rows[:ROWS]:
                address = str(self.trace.address_of(grain, row) or "")
                yield Step(depth, f"“{grain}” 的一行：{cells_of(self.trace, counted.where, row)}", "", address)
            if len(rows) > ROWS:
                yield Step(depth, f"还有 {len(rows) - ROWS} 行", "")
            return
        column = op.name if isinstance(op, ops.Column) else "单位"
        said = [
            (
                shown(self.trace.cell(of, row), type_.value, type_.unit),
                str(self.trace.address(grain, column, row) or ""),
            )
            for row in rows
        ]
        if len(said) <= ROWS:
            for value, address in said:
                yield Step(depth, f"“{grain}” 的一行", value, address)
            return
        values = "、".join(value.split(" ")[0] for value, _ in said)
        where = f"{said[0][1]} 等 {len(said)} 格" if said[0][1] else ""
        yield Step(depth, f"“{grain}” {len(said)} 行：{values}", "", where)

    def _own_rows(self, clause: Individual, of: NodeId, rows: Sequence[int], depth: int) -> Iterator[Step]:
        """Each 个性指标 of the unit: its name, target and method as the 附表 has them, and how its score came about."""
        columns = self.evaluation.dataset[clause.table].columns
        methods, type_, (measured,) = dict(clause.methods), self.trace.node(of).type, row_unit().over
        for row in rows:
            code, name, method, measure = (
                str(columns[one].cells[row][1] or "") if one in columns else ""
                for one in ("编号", "指标", "计分办法", "计量单位")
            )
            full = published(columns["分值"].cells[row])
            value = shown(self.trace.cell(of, row), type_.value, type_.unit)
            address = str(self.trace.address(clause.table, "指标", row) or "")
            rule = methods[method]
            sentence = BY_KEY[rule.scoring.kind].sentence(rule.scoring, rule) if rule.scoring is not None else ""
            yield Step(depth, f"{code} {name}（{full} 分，{method}：{sentence}）", value, address)
            points = self.trace.address(clause.table, "分值", row)
            for step in self.at_row(clause.table, row).steps_of(of, rule):
                if step.address and step.address == str(points):
                    continue  # told with the name
                text, value = (one.replace(measured, measure) for one in (step.text, step.value))
                yield replace(step, text=text, value=value, depth=step.depth + depth + 1)

    def _peers(self, node: NodeId, op: ops.Rank, depth: int) -> Iterator[Step]:
        """Those who are compared: how many, the best, and the unit itself with its rank."""
        rows = self.trace.members(node, self._row(node))
        yield Step(depth, f"比较的单位有 {len(rows)} 个", "")
        yield from self._best(op.of, rows, op.greatest_first, depth, {row: self.trace.cell(node, row) for row in rows})

    def _best(
        self, of: NodeId, rows: Sequence[int], greatest_first: bool, depth: int, ranks: Mapping[int, Cell] | None = None
    ) -> Iterator[Step]:
        """The best values and the unit's own; others by name only where they are asked for."""
        found = [(value, row) for row in rows if isinstance(value := self.trace.cell(of, row)[1], Fraction)]
        found.sort(key=lambda one: (-one[0] if greatest_first else one[0], one[1]))
        values = [value for value, _ in found]
        op, type_ = self.trace.node(of).op, self.trace.node(of).type
        for i, (value, row) in enumerate(found):
            own = row == self.rows.get(type_.grain)
            if i >= BEST and not own:
                continue
            rank = published(ranks[row]) if ranks is not None else str(values.index(value) + 1)
            who = self._owner(type_.grain, row) if self.show_others or own else ""
            level = f"并列 {values.count(value)} 个" if own and values.count(value) > 1 else ""
            who = f"（{'，'.join(one for one in (who, level) if one)}）" if who or level else ""
            address = self.trace.address(type_.grain, op.name, row) if own and isinstance(op, ops.Column) else None
            shown_ = shown((State.VALUE, value), type_.value, type_.unit)
            yield Step(depth, f"第 {rank} 名的值{who}", shown_, str(address or ""))


def _power(base: str, exponent: object) -> str:
    """``0.45 的 3 次方根``; ``7.15 的 1.81 次方``."""
    assert isinstance(exponent, Fraction)
    if exponent == Fraction(1, 2):
        return f"{base} 的平方根"
    return (
        f"{base} 的 {exponent.denominator} 次方根" if exponent.numerator == 1 else f"{base} 的 {plain(exponent)} 次方"
    )


def _state(cell: Cell, said: str) -> str:
    """The state of the facts; 待定 for a score that could not be worked out from facts at hand."""
    return State.PENDING.chinese if said == State.VALUE.chinese and cell[0] >= BLOCKING else said
