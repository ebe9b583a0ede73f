"""Terms of nodes, under what is assumed of a row; see :mod:`perfdsl.workspace.review.proving`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import floor
from typing import TYPE_CHECKING, Any

from perfdsl.graph.exact import COMPUTED, rounded
from perfdsl.graph.ops import (
    ACROSS,
    Aggregate,
    Apply,
    Band,
    Choose,
    Column,
    Constant,
    Fetch,
    Fn,
    Lookup,
    NodeId,
    Rank,
    Reduce,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.graph.types import ONLY_VALUES
from perfdsl.model.states import State
from perfdsl.model.units import Ties, ValueType
from perfdsl.text.records import replace
from perfdsl.workspace.review.known import (
    BOTH,
    ONE,
    ZERO,
    End,
    Known,
    after,
    can_be,
    common,
    compared,
    either,
    greatest,
    grid_of,
    holds,
    hull,
    inside,
    inverse,
    less,
    meets,
    not_zero,
    plus,
    scaled,
    smallest,
    stepped,
    times,
    truth_of,
)

if TYPE_CHECKING:
    from perfdsl.workspace.review.proving import Prover

LOOKED = 150
"""Parts of two terms that are looked at for a reason why they part."""
Term = int
"""Number of a term."""
Parting = tuple[NodeId, End | None]
"""A condition, or a number and where its lower part ends."""
Goal = tuple[NodeId, Known]
"""What a node must be."""
STRICT = (Fn.ADD, Fn.SUBTRACT, Fn.MULTIPLY, Fn.DIVIDE, Fn.NEGATE, Fn.ABSOLUTE, Fn.LEAST, Fn.GREATEST)
COMPARING = (Fn.LESS, Fn.LESS_EQUAL, Fn.EQUAL)
ALONE = -1
"""Stands for no term."""


class Assuming:
    """Terms of the nodes of one row, with facts assumed of it.

    ``facts``: term without assumptions → what is known of it more than ``parent`` knows. ``assumed``: what led here.
    """

    def __init__(
        self,
        prover: Prover,
        parent: Assuming | None = None,
        facts: Mapping[Term, Known] | None = None,
        goal: Goal | None = None,
    ) -> None:
        self.prover, self.parent, self.fresh = prover, parent, facts or {}
        self.facts: dict[Term, Known] = {**parent.facts, **self.fresh} if parent is not None else {}
        before = parent.assumed if parent is not None else ()
        self.assumed: tuple[Goal, ...] = before if goal is None else (*before, goal)
        self._terms: dict[NodeId, Term] = {}
        self._moved: set[NodeId] = set()
        self._known: dict[Term, Known] = dict(parent._known) if parent is not None else {}
        self._nodes: dict[Term, NodeId] = {}
        self._impossible = False

    # ---- assumptions

    @property
    def possible(self) -> bool:
        """Whether nothing speaks against what is assumed."""
        for node, _ in self.assumed:
            self.of(node)
        return not self._impossible

    def split(self, at: Parting) -> Iterator[Assuming]:
        """With a condition true, false, and without a value, or a number below, above, and without a value; what cannot
        be is left out."""
        node, end = at
        for first in (True, False):
            made: dict[Term, Known] = {}
            if end is None:
                goal = Known(ONLY_VALUES, truths=frozenset({first}))
                can = self._assume(node, first, made)
            else:
                goal = Known(ONLY_VALUES, high=end) if first else Known(ONLY_VALUES, low=(end[0], not end[1]))
                can = self._fact(node, goal, made)
            if can:
                yield Assuming(self.prover, self, made, (node, goal))
        made, goal = {}, Known(frozenset(State) - ONLY_VALUES)
        if self._fact(node, goal, made):
            yield Assuming(self.prover, self, made, (node, goal))

    def _assume(self, node: NodeId, truth: bool, facts: dict[Term, Known]) -> bool:
        """Put that ``node`` is ``truth`` into ``facts``; whether it can be."""
        if not self._fact(node, Known(ONLY_VALUES, truths=frozenset({truth})), facts):
            return False
        op = self._op(node)
        if not isinstance(op, Apply):
            return True
        match op.fn:
            case Fn.NOT:
                return self._assume(op.args[0], not truth, facts)
            case Fn.AND | Fn.OR if truth is (op.fn is Fn.AND):
                return all(self._assume(arg, truth, facts) for arg in op.args)
            case Fn.OR:
                return self._any_of(op.args, facts)
            case Fn.HAS:
                states = op.states if truth else frozenset(State) - op.states
                return self._fact(op.args[0], Known(states), facts)
            case Fn.LESS | Fn.LESS_EQUAL | Fn.EQUAL:
                return all(self._fact(*one, facts) for one in self._compared(op, truth))
        return True

    def _any_of(self, args: Sequence[NodeId], facts: dict[Term, Known]) -> bool:
        """Put what holds whichever of conditions is true into ``facts``; whether one can be."""
        ways = []
        for arg in args:
            condition, made = self.known(self.of(arg)), dict(facts)
            can = State.VALUE in condition.states and True in condition.truths
            if can and self._assume(arg, True, made):
                ways.append(made)
        for term in ways[0] if ways else ():
            if all(term in way for way in ways):
                facts[term] = either([way[term] for way in ways])
        return bool(ways)

    def _narrow_choice(self, op: Choose, known: Known, facts: dict[Term, Known]) -> bool:
        for when, value in op.cases:
            condition = self.known(self.of(when))
            holds = State.VALUE in condition.states and True in condition.truths
            if (
                holds and can_be(self.known(self.of(value)).meet(known))
            ) or condition.states & known.states - ONLY_VALUES:
                fails = State.VALUE in condition.states and False in condition.truths
                last = len(op.cases) == 1 and condition.certain and fails
                if last and not can_be(self.known(self.of(op.otherwise)).meet(known)):
                    return self._assume(when, True, facts) and self._taken(value, known, facts)
                return True
            if not self._assume(when, False, facts):
                return False
        return self._taken(op.otherwise, known, facts)

    def _taken(self, node: NodeId, known: Known, facts: dict[Term, Known]) -> bool:
        """The same of what a choice takes."""
        if known.certain and len(known.truths) == 1:
            return self._assume(node, next(iter(known.truths)), facts)
        return self._fact(node, known, facts)

    def _compared(self, op: Apply, truth: bool) -> Iterator[tuple[NodeId, Known]]:
        """What a comparison says of its two sides."""
        one, other = op.args
        for node, fixed, left in ((one, other, True), (other, one, False)):
            number = self.known(self.of(fixed)).number if self._is_number(node) else None
            if (words := self._words(op.fn, node, fixed, left, truth)) is not None:
                yield node, Known(ONLY_VALUES, words=words)
            elif number is None or (op.fn is Fn.EQUAL and not truth):
                yield node, Known(ONLY_VALUES)
            elif op.fn is Fn.EQUAL:
                yield node, Known(ONLY_VALUES, (number, True), (number, True))
            else:
                below = left is truth  # a < b says that a is below; that it is not, that a is above
                end = number, (op.fn is Fn.LESS_EQUAL) is truth
                yield node, Known(ONLY_VALUES, None if below else end, end if below else None)

    def _words(self, fn: Fn, node: NodeId, fixed: NodeId, left: bool, truth: bool) -> frozenset[Any] | None:
        """Which words a node can be, if that a comparison with another says ``truth``."""
        mine, theirs = self.known(self.of(node)).words, self.known(self.of(fixed)).words
        if theirs is None or mine is None:
            return theirs if fn is Fn.EQUAL and truth else None
        sides = ((frozenset({one}), theirs) if left else (theirs, frozenset({one})) for one in mine)
        return frozenset(one for one, pair in zip(mine, sides, strict=True) if truth in compared(fn, *pair))

    def _fact(self, node: NodeId, known: Known, facts: dict[Term, Known]) -> bool:
        plain, mine = self.prover.plain.of(node), self.known(self.of(node))
        mine = mine.meet(facts[plain]) if plain in facts else mine
        met = mine.meet(known)
        if met == mine:
            return can_be(mine)
        facts[plain] = met
        return can_be(met) and self._narrow(node, met, facts)

    def _narrow(self, node: NodeId, known: Known, facts: dict[Term, Known]) -> bool:
        """What ``known`` of ``node`` says of its operands; whether it can be."""
        op = self._op(node)
        if isinstance(op, Choose):
            return self._narrow_choice(op, known, facts)
        if isinstance(op, Round) or (isinstance(op, Apply) and op.fn in STRICT):
            weaker = Known(frozenset(state for state in State if state <= max(known.states)))
            operands = [op.of] if isinstance(op, Round) else op.args
            if not all(self._fact(one, weaker, facts) for one in operands):
                return False
        if not known.certain:
            return True
        if isinstance(op, Apply) and op.fn is Fn.ADD:
            every = [self.known(self.of(arg)) for arg in op.args]
            for place, arg in enumerate(op.args):
                others = every[:place] + every[place + 1 :]
                nothing: End | None = (ZERO, True)
                least = reduce(plus, (one.low for one in others), nothing)
                most = reduce(plus, (one.high for one in others), nothing)
                narrower = Known(ONLY_VALUES, less(known.low, most), less(known.high, least))
                if not self._fact(arg, narrower, facts):
                    return False
        return True

    # ---- terms of nodes

    def _op(self, node: NodeId) -> Any:
        return self.prover.bench.graph.nodes[node].op

    def _is_number(self, node: NodeId) -> bool:
        return self.prover.bench.graph.nodes[node].type.value is ValueType.NUMBER

    def known(self, term: Term) -> Known:
        """What is known of a term."""
        return self._known[term]

    def of(self, node: NodeId) -> Term:
        """The term of a node."""
        node = self.prover.first(node)
        if node not in self._terms:
            for one in self._under(node):
                self._terms[one] = self._made(one)
        return self._terms[node]

    def _under(self, node: NodeId) -> list[NodeId]:
        """What is needed of ``node`` and not there, operands first."""
        found: set[NodeId] = set()
        todo = [node]
        while todo:
            one = self.prover.first(todo.pop())
            if one not in found and one not in self._terms:
                found.add(one)
                if self.parent is None or not isinstance(self._op(one), ACROSS):
                    todo += self.prover.bench.shelf.below(one)
        return sorted(found)

    def _made(self, node: NodeId) -> Term:
        prover = self.prover
        made = prover.bench.graph.nodes[node]
        plain = ALONE if self.parent is None else prover.plain.of(node)
        across = isinstance(made.op, ACROSS)
        if self.parent is not None:
            before = self.parent.of(node)
            self._known.setdefault(before, self.parent.known(before))
            moved = not across and any(prover.first(one) in self._moved for one in made.reads)
            if plain not in self.fresh and not moved:
                self._nodes.setdefault(before, node)
                return before
            self._moved.add(node)
        if self.parent is not None and across:
            term = self.parent.of(node)
        elif made.type.real or any(prover.bench.graph.nodes[one].type.real for one in made.reads):
            term = self._whole(node)
        else:
            term = _MADE[type(made.op)](self, node, made.op)
        known = self._known[term].meet(Known(made.type.states))
        if plain in self.facts:
            known = known.meet(self.facts[plain])
            self._impossible = self._impossible or not can_be(known)
        self._known[term] = known
        term = self._settled(term, known, made.type.value)
        self._nodes.setdefault(term, node)
        return term

    def _intern(self, known: Known, *key: Any) -> Term:
        term = self.prover.term(key)
        self._known[term] = known if term not in self._known else self._known[term].meet(known)
        return term

    def _settled(self, term: Term, known: Known, kind: ValueType) -> Term:
        """A term that can be one thing only is that, where it has a value."""
        if State.VALUE not in known.states:
            return self._void(term, known)
        if kind is ValueType.NUMBER and known.number is not None:
            return self._with(self._constant(known.number), self._stateful(term))
        if kind is ValueType.BOOL and len(known.truths) == 1:
            return self._with(self._constant(next(iter(known.truths))), self._stateful(term))
        if known.words is not None and len(known.words) == 1:
            return self._with(self._constant(next(iter(known.words))), self._stateful(term))
        return term

    def _void(self, term: Term, known: Known) -> Term:
        """A term that has no value is nothing but a state."""
        if len(known.states) == 1:
            return self._nothing(next(iter(known.states)))
        parts = tuple(sorted(self._stateful(term)))
        return parts[0] if len(parts) == 1 else self._intern(known, "void", parts)

    def _constant(self, value: Any) -> Term:
        if isinstance(value, bool):
            return self._intern(Known(ONLY_VALUES, truths=frozenset({value})), "constant", value)
        if isinstance(value, Fraction):
            return self._intern(Known(ONLY_VALUES, (value, True), (value, True), abs(value)), "constant", value)
        return self._intern(Known(ONLY_VALUES, words=frozenset({value})), "constant", value)

    def _nothing(self, state: State) -> Term:
        return self._intern(Known(frozenset({state})), "nothing", state)

    def _value(self, term: Term) -> Any:
        """The value of a constant term; None of others."""
        key = self.prover.key(term)
        return key[1] if key[0] == "constant" else None

    # ---- states

    def _stateful(self, term: Term) -> frozenset[Term]:
        """The terms whose states make up the state of ``term``."""
        if self._known[term].certain:
            return frozenset()
        key = self.prover.key(term)
        match key[0]:
            case "strict":
                return frozenset().union(*(self._stateful(one) for one in key[2]))
            case "with":
                return self._stateful(key[1]) | frozenset().union(*(self._stateful(one) for one in key[2]))
            case "round":
                return self._stateful(key[1])
            case "void":
                return frozenset().union(*(self._stateful(one) for one in key[1]))
        return frozenset({term})

    def _state_of(self, term: Term) -> Term:
        """A term with the same state, and without what does not matter to it."""
        if self._known[term].certain:
            return self._constant(True)
        key = self.prover.key(term)
        if key[0] == "choose":
            cases = [(when, self._state_of(value)) for when, value in key[1]]
            return self._chosen(cases, self._state_of(key[2]))
        if key[0] == "lookup" and all(self._known[gives].certain for _, gives in key[2]):
            return self._state_of(key[1])
        parts = self._stateful(term)
        return next(iter(parts)) if len(parts) == 1 else term

    def _with(self, term: Term, states: frozenset[Term]) -> Term:
        """``term`` where all of ``states`` have a value, else the strongest of their states."""
        more = states - self._stateful(term)
        if not more:
            return term
        known = self._known[term]
        every = frozenset().union(known.states, *(self._known[one].states for one in more))
        return self._intern(replace(known, states=every), "with", term, tuple(sorted(more)))

    def _states(self, terms: Iterable[Term]) -> frozenset[State]:
        """The states that strict operations on ``terms`` can have."""
        every = [self._known[one].states for one in terms]
        weakest = max((min(one) for one in every if one), default=State.VALUE)
        return frozenset(state for one in every for state in one if state >= weakest) | frozenset({weakest})

    # ---- operations

    def _whole(self, node: NodeId) -> Term:
        """An operation that is taken as it is, on the terms of its operands."""
        op = self._op(node)
        reads = tuple(self.of(one) for one in op.operands())
        kind = "across" if isinstance(op, ACROSS) else "op"
        known = Known(self.prover.bench.graph.nodes[node].type.states)
        return self._intern(known, kind, op.moved(lambda _: 0), reads)

    def _column(self, node: NodeId, op: Column) -> Term:
        return self._intern(Known(self.prover.bench.graph.nodes[node].type.states), "column", op.grain, op.name)

    def _fixed(self, node: NodeId, op: Constant) -> Term:
        return self._constant(op.value) if op.state is State.VALUE else self._nothing(op.state)

    def _apply(self, node: NodeId, op: Apply) -> Term:
        args = tuple(self.of(arg) for arg in op.args)
        match op.fn:
            case Fn.HAS:
                return self._has(args[0], op.states)
            case Fn.AND | Fn.OR:
                return self._and_or(op.fn, args)
            case Fn.NOT:
                return self._not(args[0])
            case Fn.LESS | Fn.LESS_EQUAL | Fn.EQUAL if self._is_number(op.args[0]):
                return self._comparison(op.fn, *args)
            case Fn.ADD | Fn.SUBTRACT | Fn.MULTIPLY | Fn.DIVIDE | Fn.NEGATE | Fn.ABSOLUTE | Fn.LEAST | Fn.GREATEST if (
                all(self._is_number(arg) for arg in op.args)
            ):
                return self._arithmetic(op.fn, args)
        if op.fn is Fn.EQUAL and args[0] == args[1]:
            return self._with(self._constant(True), self._stateful(args[0]))
        if op.fn in COMPARING:
            ones, others = (self._known[arg].words for arg in args)
            says = compared(op.fn, ones, others) if ones is not None and others is not None else ()
            if len(says) == 1:
                return self._with(self._constant(*says), self._stateful(args[0]) | self._stateful(args[1]))
        known = Known(self.prover.bench.graph.nodes[node].type.states)
        strict = op.fn not in (Fn.POWER, Fn.LN)
        return self._intern(known, "strict" if strict else "op", (op.fn,), args)

    def _has(self, arg: Term, states: frozenset[State]) -> Term:
        mine = self._known[arg].states
        if mine <= states:
            return self._constant(True)
        if not mine & states:
            return self._constant(False)
        of = self._state_of(arg)
        if of != arg:
            return self._has(of, states)
        key = self.prover.key(arg)
        if key[0] == "choose" and self._known[(first := key[1][0])[0]].certain:
            one = self._has(first[1], states)
            if isinstance(taken := self._value(one), bool):
                rest = self._has(self._chosen(list(key[1][1:]), key[2]), states)
                return (
                    self._and_or(Fn.OR, (first[0], rest))
                    if taken
                    else self._and_or(Fn.AND, (self._not(first[0]), rest))
                )
        return self._intern(Known(ONLY_VALUES), "has", arg, tuple(sorted(mine & states)))

    def _and_or(self, fn: Fn, args: Sequence[Term]) -> Term:
        decides = fn is Fn.OR
        left: dict[Term, None] = {}
        for one in args:
            key = self.prover.key(one)
            left |= dict.fromkeys(key[2] if key[0] == "logic" and key[1] is fn else (one,))
        if any(self._value(one) is decides for one in left):
            return self._constant(decides)
        terms = sorted(one for one in left if self._value(one) is not (not decides))
        if not terms:
            return self._constant(not decides)
        if len(terms) == 1:
            return terms[0]
        states = frozenset().union(*(self._known[one].states for one in terms)) | ONLY_VALUES
        settled = any(self._known[one].truths == {decides} for one in terms)
        truths = frozenset({decides}) if settled else BOTH
        return self._intern(Known(states, truths=truths), "logic", fn, tuple(terms))

    def _not(self, arg: Term) -> Term:
        value, key = self._value(arg), self.prover.key(arg)
        if isinstance(value, bool):
            return self._constant(not value)
        if key[0] == "strict" and key[1] == (Fn.NOT,):
            return key[2][0]  # type: ignore[no-any-return]
        known = self._known[arg]
        return self._intern(
            Known(known.states, truths=frozenset(not one for one in known.truths)), "strict", (Fn.NOT,), (arg,)
        )

    def _comparison(self, fn: Fn, one: Term, other: Term) -> Term:
        a, b = self._known[one], self._known[other]
        truth = truth_of(fn, a, b) if one != other else fn is not Fn.LESS
        if truth is not None:
            return self._with(self._constant(truth), self._stateful(one) | self._stateful(other))
        states = self._states((one, other))
        if fn is Fn.EQUAL:
            return self._intern(Known(states), "strict", (fn,), tuple(sorted((one, other))))
        for number, known, term, left in ((b.number, a, one, True), (a.number, b, other, False)):
            if (
                number is None
                or known.grid is None
                or not known.grid
                or not self._known[other if left else one].certain
            ):
                continue
            steps = number / known.grid  # on a grid every comparison is whether it is below one of its points
            # a < n, not n <= a: the first point from n on; a <= n, not n < a: the first above n
            point = -floor(-steps) if (fn is Fn.LESS) is left else floor(steps) + 1
            below = self._intern(
                Known(self._known[term].states), "strict", (Fn.LESS,), (term, self._constant(point * known.grid))
            )
            return below if left else self._not(below)
        if fn is Fn.LESS_EQUAL:
            return self._not(self._comparison(Fn.LESS, other, one))
        return self._intern(Known(states), "strict", (fn,), (one, other))

    def _arithmetic(self, fn: Fn, args: tuple[Term, ...]) -> Term:
        if fn is Fn.ADD:
            args = tuple(addend for one in args for addend in self._addends(one))
        values = [self._value(one) for one in args]
        if all(isinstance(one, Fraction) for one in values) and not (fn is Fn.DIVIDE and not values[1]):
            return self._constant(COMPUTED[fn](values))
        if any(State.VALUE not in self._known[one].states for one in args):
            return self._intern(Known(self._states(args)), "strict", (fn,), args)
        if fn in (Fn.LEAST, Fn.GREATEST):
            return self._extreme(fn, args)
        neutral = {Fn.ADD: ZERO, Fn.MULTIPLY: ONE}.get(fn)
        if neutral is not None:
            left = sorted(one for one, value in zip(args, values, strict=True) if value != neutral)
            if len(left) == 1:
                return left[0]
            args = tuple(left)
        if fn is Fn.DIVIDE and values[1] == ONE:
            return args[0]
        if fn is Fn.DIVIDE and args[0] == args[1] and inverse(self._known[args[0]]) is not None:
            return self._with(self._constant(ONE), self._stateful(args[0]))
        known = self._bounds(fn, args)
        if fn is Fn.DIVIDE and (divisor := self._known[args[1]]) and inverse(divisor) is None and not divisor.number:
            return self._intern(replace(known, states=known.states | {State.PENDING}), "op", (fn,), args)
        return self._intern(known, "strict", (fn,), args)

    def _addends(self, term: Term) -> tuple[Term, ...]:
        """What a sum is made of: exact numbers add up to the same in any order, and the weakest state is the same."""
        key = self.prover.key(term)
        return key[2] if key[:2] == ("strict", (Fn.ADD,)) else (term,)

    def _bounds(self, fn: Fn, args: Sequence[Term]) -> Known:
        """Bounds of an arithmetic operation."""
        every, states = [self._known[one] for one in args], self._states(args)
        match fn:
            case Fn.ADD:
                low, high = reduce(plus, (one.low for one in every)), reduce(plus, (one.high for one in every))
                return Known(states, low, high, reduce(common, map(grid_of, every)))
            case Fn.SUBTRACT:
                low, high = scaled(every[1], -ONE)
                grid = common(grid_of(every[0]), grid_of(every[1]))
                return Known(states, plus(every[0].low, low), plus(every[0].high, high), grid)
            case Fn.NEGATE:
                return Known(states, *scaled(every[0], -ONE), every[0].grid)
            case Fn.ABSOLUTE:
                ends = every[0].low, every[0].high
                most = None if None in ends else (max(abs(end[0]) for end in ends if end), True)
                return Known(states, (ZERO, True), most, every[0].grid)
            case Fn.MULTIPLY:
                return replace(reduce(_product, every), states=states)
        other = inverse(not_zero(every[1]))
        if other is not None:
            return Known(states, *times(every[0], other))
        divided = every[1].number
        return Known(states, *scaled(every[0], 1 / divided)) if divided else Known(states)

    def _extreme(self, fn: Fn, args: Sequence[Term]) -> Term:
        """The least or the greatest, without those that are always at least as great, or as small, as another."""
        left = sorted(dict.fromkeys(args))
        gone: list[Term] = []
        for one in list(left):
            others = [other for other in left if other != one]
            if any(self._never(fn, one, other) for other in others):
                left.remove(one)
                gone.append(one)
        states = frozenset().union(*(self._stateful(one) for one in gone))
        if len(left) == 1:
            return self._with(left[0], states)
        every = [self._known[one] for one in left]
        lows, highs = [one.low for one in every], [one.high for one in every]
        if fn is Fn.LEAST:
            low, high = hull(every).low if None not in lows else None, smallest(highs)
        else:
            low, high = greatest(lows), hull(every).high if None not in highs else None
        known = Known(self._states(left), low, high, reduce(common, map(grid_of, every)))
        return self._with(self._intern(known, "strict", (fn,), tuple(left)), states)

    def _never(self, fn: Fn, one: Term, other: Term) -> bool:
        """Whether ``one`` never is the extreme where ``other`` is there."""
        mine, theirs = self._known[one], self._known[other]
        if fn is Fn.LEAST:
            return mine.low is not None and theirs.high is not None and mine.low[0] >= theirs.high[0]
        return mine.high is not None and theirs.low is not None and mine.high[0] <= theirs.low[0]

    def _choose(self, node: NodeId, op: Choose) -> Term:
        cases: list[tuple[Term, Term]] = []
        otherwise = self.of(op.otherwise)
        for when, value in op.cases:
            condition = self.of(when)
            truth = self._value(condition)
            if truth is True or State.VALUE not in self._known[condition].states:
                # true: the end of it; without a value always: the state of the condition
                otherwise = self.of(value) if truth is True else condition
                break
            if truth is False or any(condition == known for known, _ in cases):
                continue
            cases.append((condition, self.of(value)))
        return self._chosen(cases, otherwise)

    def _chosen(self, cases: list[tuple[Term, Term]], otherwise: Term) -> Term:
        """A choice of terms; one that goes on with another choice is one choice."""
        key = self.prover.key(otherwise)
        if cases and key[0] == "choose":
            known = {when for when, _ in cases}
            cases, otherwise = [*cases, *(case for case in key[1] if case[0] not in known)], key[2]
        while cases and cases[-1][1] == otherwise and self._known[cases[-1][0]].certain:
            cases.pop()
        if not cases:
            return otherwise
        taken = [value for when, value in cases if True in self._known[when].truths]
        values = [self._known[value] for value in (*taken, otherwise)]
        states = frozenset().union(*(one.states for one in values[:-1]), self._left(cases, otherwise))
        states |= frozenset().union(*(self._known[when].states - ONLY_VALUES for when, _ in cases))
        return self._intern(replace(hull(values), states=states), "choose", tuple(cases), otherwise)

    def _left(self, cases: Sequence[tuple[Term, Term]], otherwise: Term) -> frozenset[State]:
        """The states that are left to the last branch where the others ask for those of it that they answer."""
        states, names = self._known[otherwise].states, {otherwise, self._state_of(otherwise)}
        keys = [self.prover.key(when) for when, _ in cases]
        asked = frozenset().union(*(key[2] for key in keys if key[0] == "has" and key[1] in names))
        return states - asked or states

    def _lookup(self, node: NodeId, op: Lookup) -> Term:
        of = self.of(op.of)
        if State.VALUE not in self._known[of].states:
            return of
        if not self._is_number(op.of):
            return self._by_word(of, op)
        pieces = self._pieces(self._known[of], op.bands)
        gives = list(dict.fromkeys(one for _, one in pieces))
        if len(gives) == 1:
            return self._with(gives[0], self._stateful(of))
        every = [self._known[one] for one in gives]
        states = frozenset().union(self._known[of].states - ONLY_VALUES, *(one.states for one in every))
        return self._intern(replace(hull(every), states=states), "lookup", of, tuple(pieces))

    def _by_word(self, of: Term, op: Lookup) -> Term:
        """A table of words; those that cannot come up leave it, and one that it does not have gives 待定."""
        words = self._known[of].words
        key = tuple(
            (type(band.key), band.key, self.of(band.gives)) for band in op.bands if words is None or band.key in words
        )
        missed = words is None or not words <= {band.key for band in op.bands}
        if len({one for *_, one in key}) == 1 and not missed:
            return self._with(key[0][-1], self._stateful(of))
        every = [self._known[one] for *_, one in key]
        states = self._states((of,)).union(*(one.states for one in every), {State.PENDING} if missed else ())
        return self._intern(replace(hull(every), states=states), "words", of, key)

    def _pieces(self, known: Known, bands: Sequence[Band]) -> list[tuple[Any, Term]]:
        """(where it begins, what it gives) of the pieces of a ladder that numbers can fall in, in order."""
        ends = sorted({end for band in bands for end in (band.low, band.high) if end is not None})
        found: list[tuple[Any, Term]] = []
        for place, end in enumerate((None, *ends)):
            spans: list[tuple[Fraction | None, Fraction | None, bool]] = [] if end is None else [(end, end, True)]
            spans.append((end, ends[place] if place < len(ends) else None, False))
            for low, high, point in spans:
                if not meets(known, low, high, point):
                    continue
                at = inside(low, high, point)
                gives = next((self.of(band.gives) for band in bands if holds(band, at)), None)
                term = self._nothing(State.PENDING) if gives is None else gives
                if not found or found[-1][1] != term:
                    found.append(((low, point) if found else None, term))
        return found

    def _round(self, node: NodeId, op: Round) -> Term:
        of = self.of(op.of)
        value, known, unit = self._value(of), self._known[of], Fraction(10) ** -op.digits
        if isinstance(value, Fraction):
            return self._constant(rounded(value, op.digits, op.mode))
        if State.VALUE not in known.states or (known.grid and (known.grid / unit).denominator == 1):
            return of
        low, high = (
            None if end is None else (stepped(*end, up, op.digits, op.mode), True)
            for end, up in ((known.low, False), (known.high, True))
        )
        return self._intern(Known(known.states, low, high, unit), "round", of, op.digits, op.mode)

    def _settle(self, node: NodeId, op: Settle) -> Term:
        cases = tuple(
            (self.of(case.when), case.effect, case.amount)
            for case in op.cases
            if self._value(self.of(case.when)) is not False
        )
        words = self._known[self.of(op.start)].words or frozenset(range(len(op.order)))
        for when, effect, amount in cases:
            condition = self._known[when]
            moved = frozenset(after(effect, amount, word, len(op.order) - 1) for word in words)
            if State.VALUE in condition.states and True in condition.truths:
                words = moved if condition.certain and False not in condition.truths else words | moved
        known = Known(self.prover.bench.graph.nodes[node].type.states, words=words)
        return self._intern(known, "settle", self.of(op.start), cases, op.order)

    def _aggregate(self, node: NodeId, op: Aggregate) -> Term:
        made, of = self._whole(node), self._known[self.of(op.of)]
        states = self._known[made].states
        zero = (ZERO, True)
        match op.fn:
            case Reduce.COUNT:
                known = Known(states, zero, None, ONE)
            case Reduce.SUM:
                low = zero if of.low is not None and of.low[0] >= 0 else None
                high = zero if of.high is not None and of.high[0] <= 0 else None
                known = Known(states, low, high, of.grid)
            case _:
                known = replace(of, states=states)
        self._known[made] = known
        return made

    def _rank(self, node: NodeId, op: Rank) -> Term:
        made, of = self._whole(node), self._known[self.of(op.of)]
        alike = of.number is not None and not op.then and op.ties is not Ties.AVERAGE
        grid = Fraction(1, 2) if op.ties is Ties.AVERAGE else ONE
        one = (ONE, True)
        self._known[made] = Known(self._known[made].states, one, one if alike else None, grid)
        return made

    # ---- where two terms part

    def parting(self, one: Term, other: Term) -> Parting | None:
        """What may be why two terms are not the same; of several the one nearest to the data, on which others hang."""
        found: list[Parting] = []
        compared: list[Term] = []
        todo, seen = [(one, other)], set[tuple[Term, Term]]()
        while todo and len(seen) < LOOKED:
            pair = todo.pop()
            if pair[0] == pair[1] or pair in seen:
                continue
            seen.add(pair)
            terms = [term for term in pair if term != ALONE]
            opened = [at for term in terms if (at := self._open(term)) is not None]
            found += opened
            if any(end is None for _, end in opened):
                continue  # what a choice goes by comes before what it chooses
            keys = [self.prover.key(term) for term in terms]
            if len(keys) == 2 and all(key[0] == "strict" and key[1][0] in COMPARING for key in keys):
                compared += [part for part in keys[0][2] if part in keys[1][2]]
            parts = [_parts(key) for key in keys]
            if len(keys) == 2 and all(key[:2] == ("strict", (Fn.ADD,)) for key in keys):
                parts = [list(_without(mine, theirs)) for mine, theirs in zip(parts, reversed(parts), strict=True)]
            if len(parts) == 2 and len(parts[0]) == len(parts[1]):
                todo += zip(*parts, strict=True)
            else:
                todo += [(part, ALONE) for every in parts for part in every]
        nearest = min(found, key=lambda at: (at[0], at[1] is not None, at[1] or (ZERO, False)), default=None)
        return nearest if nearest is not None else self._opened(compared)

    def _opened(self, terms: Sequence[Term]) -> Parting | None:
        """What a number goes by that two comparisons share: of one case of it both may say the same. The uppermost comes
        first, since with it all that it chooses between is decided."""
        todo, seen = list(terms), set[Term]()
        for term in todo:
            if term not in seen and len(seen) < LOOKED:
                seen.add(term)
                if (at := self._open(term)) is not None:
                    return at
                todo += _parts(self.prover.key(term))
        return None

    def _open(self, term: Term) -> Parting | None:
        """The first condition of a choice, a part of a condition, where a cap or a band begins, that is not known."""
        key = self.prover.key(term)
        match key[0]:
            case "choose":
                node = self._condition(key[1][0][0])
                return None if node is None else (node, None)
            case "logic" | "has":
                node = self._condition(term)
                return None if node is None else (node, None)
            case "strict" if key[1] in ((Fn.LEAST,), (Fn.GREATEST,)):
                for cap in key[2]:
                    number = self._value(cap)
                    for one in key[2] if isinstance(number, Fraction) else ():
                        if one != cap and one in self._nodes:
                            return self._nodes[one], (number, False)
            case "lookup" if key[1] in self._nodes and key[2][0][0] is None:
                low, point = key[2][1][0]
                return self._nodes[key[1]], (low, not point)
        return None

    def _condition(self, term: Term) -> NodeId | None:
        """The node of a condition, or of the first part of it that has one and is not known."""
        known = self._known[term]
        if State.VALUE not in known.states or (known.certain and len(known.truths) < 2):
            return None
        if (node := self._nodes.get(term)) is not None and self.prover.key(term)[0] != "logic":
            return node
        key = self.prover.key(term)
        if key[0] == "logic":
            return min((found for one in key[2] if (found := self._condition(one)) is not None), default=None)
        if key[0] == "strict" and key[1] == (Fn.NOT,):
            return self._condition(key[2][0])
        return None


def _product(one: Known, other: Known) -> Known:
    """The bounds of a product; its grid, where one of them is one number."""
    fixed, moving = (other, one) if other.number is not None else (one, other)
    grid = grid_of(moving)
    finer = abs(fixed.number) * grid if fixed.number is not None and grid is not None else None
    return Known(one.states, *times(one, other), finer)


def _without(terms: Sequence[Term], others: Sequence[Term]) -> tuple[Term, ...]:
    """The addends of one sum that another does not have as well."""
    left = Counter(terms)
    left.subtract(others)
    return tuple((+left).elements())


def _parts(key: tuple[Any, ...]) -> list[Term]:
    """The terms that a term is made of."""
    match key[0]:
        case "strict" | "op" | "logic":
            return list(key[2])
        case "with":
            return [key[1], *key[2]]
        case "has" | "round":
            return [key[1]]
        case "choose":
            return [*(one for case in key[1] for one in case), key[2]]
        case "lookup" | "words":
            return [key[1], *(piece[-1] for piece in key[2])]
        case "settle":
            return [key[1], *(case[0] for case in key[2])]
        case "void":
            return list(key[1])
    return []


_MADE: Mapping[type[Any], Any] = {
    Column: Assuming._column,
    Constant: Assuming._fixed,
    Apply: Assuming._apply,
    Choose: Assuming._choose,
    Lookup: Assuming._lookup,
    Round: Assuming._round,
    Settle: Assuming._settle,
    Aggregate: Assuming._aggregate,
    Rank: Assuming._rank,
    Fetch: lambda self, node, op: self._whole(node),
    Stack: lambda self, node, op: self._whole(node),
    Streak: lambda self, node, op: self._whole(node),
}
