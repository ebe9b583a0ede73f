"""The faults: one token each, in what makes and runs the graph. The reference is never touched."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """In ``module``, ``old`` (which stands there once) becomes ``new``."""

    module: str
    old: str
    new: str


LOWER = "perfdsl.compile.lower"
GATE = "perfdsl.compile.gate"
EXPRESSIONS = "perfdsl.compile.lower_expressions"
INPUTS = "perfdsl.compile.inputs"
KINDS = "perfdsl.clauses"
STEPPING = "perfdsl.clauses.shared.stepping"
BUILDER = "perfdsl.graph.builder"
REALS = "perfdsl.graph.reals"
ROWS = "perfdsl.engine.rowwise"
ACROSS = "perfdsl.engine.across"
GROUPS = "perfdsl.engine.groups"
ROUNDING = "perfdsl.engine.rounding"

FAULTS = (
    # the shell around a score
    Fault(
        LOWER,
        "Fn.GREATEST, builder.apply(Fn.LEAST, score, cap), zero",
        "Fn.GREATEST, builder.apply(Fn.GREATEST, score, cap), zero",
    ),
    Fault(LOWER, "else builder.number(-item.full, POINTS)", "else builder.number(item.full, POINTS)"),
    Fault(
        LOWER,
        "floor = builder.apply(Fn.NEGATE, cap) if item.full is None",
        "floor = cap if item.full is None",
    ),
    Fault(LOWER, "return scored.exact if self.book", "return scored.score if self.book"),
    Fault(LOWER, "return builder.number(answer.points, POINTS)", "return builder.number(0, POINTS)"),
    Fault(
        LOWER,
        "item.rounding or self.book.roundings.score)\n        return Scored(published, score",
        "self.book.roundings.score)\n        return Scored(published, score",
    ),
    Fault(
        LOWER,
        "self.book.roundings.group if item.level in GROUPS",
        "self.book.roundings.group if item.level not in GROUPS",
    ),
    Fault(
        LOWER,
        "made = builder.apply(Fn.LEAST, made, self.full(item))",
        "made = builder.apply(Fn.GREATEST, made, self.full(item))",
    ),
    Fault(
        LOWER,
        "made = builder.choose((self.met(given.when, item), made), otherwise=score)",
        "made = builder.choose((self.met(given.when, item), score), otherwise=made)",
    ),
    Fault(
        LOWER, "return builder.choose(*cases, otherwise=builder.number(0))", "return builder.number(item.weight or 0)"
    ),
    Fault(LOWER, "if item.floored:", "if not item.floored:"),
    Fault(
        GATE,
        "tuple(state for state in sorted(State, reverse=True) if",
        "tuple(state for state in sorted(State) if",
    ),
    Fault(
        GATE,
        "builder.apply(Fn.NOT, self.part_of), Answer(AnswerKind.SKIP)",
        "builder.apply(Fn.NOT, self.part_of), Answer(AnswerKind.ZERO)",
    ),
    Fault(GATE, "builder.apply(Fn.NOT, self.requires)", "self.requires"),
    Fault(LOWER, "(self.met(item.exempt, item), scope.full)", "(self.met(item.exempt, item), scope.least)"),
    Fault(
        GATE,
        "return self.builder.mean(published, key=key, to=UNIT_GRAIN)",
        "return self.builder.mean(own, key=key, to=UNIT_GRAIN)",
    ),
    Fault(GATE, "undecided = answer is None or answer.kind is AnswerKind.RETURN", "undecided = answer is None"),
    Fault(LOWER, "return Peers(self.ranked, self.group)", "return Peers(self.builder.truth(), self.group)"),
    Fault(LOWER, "return Peers(self.builder.truth(), (self.category,))", "return Peers(self.builder.truth(), ())"),
    Fault(LOWER, "return not isinstance(item.value, ColumnRef)", "return isinstance(item.value, ColumnRef)"),
    Fault(GATE, "Fn.AND, node, *stronger) if stronger else node", "Fn.AND, node, *stronger) if not stronger else node"),
    # functions of expressions
    Fault(EXPRESSIONS, "model.Fn.POWER: Fn.POWER", "model.Fn.POWER: Fn.GREATEST"),
    Fault(EXPRESSIONS, "model.Fn.LN: Fn.LN", "model.Fn.LN: Fn.ABSOLUTE"),
    Fault(EXPRESSIONS, "builder.number(Fraction(1, len(nodes)))", "builder.number(Fraction(1, len(nodes) + 1))"),
    Fault(EXPRESSIONS, "(negative, builder.number(-1, unit))", "(negative, builder.number(1, unit))"),
    Fault(
        EXPRESSIONS,
        "builder.number(len(nodes)), builder.apply(Fn.ADD, *shares)",
        "builder.number(1), builder.apply(Fn.ADD, *shares)",
    ),
    Fault(
        EXPRESSIONS,
        "builder.apply(Fn.LESS_EQUAL, builder.number(least), count)\n        # too few",
        "builder.apply(Fn.LESS, builder.number(least), count)\n        # too few",
    ),
    Fault(
        EXPRESSIONS,
        "total, builder.apply(Fn.GREATEST, count, one))\n        open_",
        "total, builder.number(len(nodes)))\n        open_",
    ),
    Fault(
        EXPRESSIONS,
        "[builder.has(node, State.PENDING) for node in nodes]\n        pending",
        "[builder.has(node, State.MISSING) for node in nodes]\n        pending",
    ),
    Fault(
        EXPRESSIONS,
        "rounding.digits, rounding.mode)\n            case model.MeanOf",
        "rounding.digits + 1, rounding.mode)\n            case model.MeanOf",
    ),
    Fault(EXPRESSIONS, "among.count, among.one) if sample else", "among.count, among.one) if not sample else"),
    Fault(
        EXPRESSIONS,
        "among.divided(spread, under), builder.number(Fraction(1, 2))",
        "among.divided(spread, under), builder.number(Fraction(1, 3))",
    ),
    Fault(
        EXPRESSIONS,
        "builder.apply(Fn.SUBTRACT, squares, builder.apply(Fn.MULTIPLY, total, mean))",
        "builder.apply(Fn.ADD, squares, builder.apply(Fn.MULTIPLY, total, mean))",
    ),
    Fault(
        f"{KINDS}.z_score",
        'graph.number(1 if clause.deviation == "as_sample" else 0)',
        'graph.number(0 if clause.deviation == "as_sample" else 1)',
    ),
    Fault(
        f"{KINDS}.z_score",
        "((mean, of) if scope.item.higher_is_better is False",
        "((of, mean) if scope.item.higher_is_better is False",
    ),
    Fault(
        f"{KINDS}.z_score",
        "graph.choose((equal, points(scope, clause.zero[0])), otherwise=score)",
        "graph.choose((equal, points(scope, clause.base[0])), otherwise=score)",
    ),
    Fault(f"{KINDS}.z_score", "graph.number(Fraction(1, 2))", "graph.number(Fraction(1))"),
    Fault(
        f"{KINDS}.shared.between",
        "scope.graph.apply(Fn.GREATEST, score, points(scope, clause.least))",
        "scope.graph.apply(Fn.LEAST, score, points(scope, clause.least))",
    ),
    # roots and logarithms
    Fault(
        ROWS, "return power(value, exponent) if fn is Fn.POWER", "return power(value, exponent + 1) if fn is Fn.POWER"
    ),
    Fault(
        REALS,
        "term = cut(term * square_over, square_under)\n        n += 2",
        "term = cut(term * square_over, square_under)\n        n += 3",
    ),
    Fault(REALS, "known *= part\n", "known += part\n"),
    # sums, weights, bounds of the total
    Fault(
        LOWER,
        "return builder.apply(Fn.DIVIDE, total, safe)\n\n    def _gate(",
        "return builder.apply(Fn.DIVIDE, safe, total)\n\n    def _gate(",
    ),
    Fault(
        LOWER,
        "builder.apply(Fn.DIVIDE, builder.apply(Fn.MULTIPLY, total, whole), safe)",
        "builder.apply(Fn.DIVIDE, builder.apply(Fn.MULTIPLY, total, safe), whole)",
    ),
    Fault(
        STEPPING,
        "graph.choose((negative, graph.nothing(State.PENDING, each)), otherwise=each)",
        "graph.choose((negative, graph.nothing(State.ABSENT, each)), otherwise=each)",
    ),
    Fault(
        LOWER,
        "rounding = template.rounding or item.rounding or self.book.roundings.score",
        "rounding = item.rounding or self.book.roundings.score",
    ),
    Fault(
        LOWER,
        "left = builder.apply(Fn.SUBTRACT, full, self._combined(groups, lost))",
        "left = builder.apply(Fn.ADD, full, self._combined(groups, lost))",
    ),
    Fault(
        LOWER,
        "builder.apply(Fn.LESS_EQUAL, builder.number(rule.at_least)",
        "builder.apply(Fn.LESS, builder.number(rule.at_least)",
    ),
    Fault(
        LOWER,
        "builder.apply(Fn.LEAST, part, builder.number(cap, POINTS))",
        "builder.apply(Fn.GREATEST, part, builder.number(cap, POINTS))",
    ),
    Fault(LOWER, "part, builder.number(-cap, POINTS)", "part, builder.number(cap, POINTS)"),
    Fault(
        LOWER,
        "total = builder.apply(Fn.LEAST, total, builder.number(rule.most, POINTS))",
        "total = builder.apply(Fn.GREATEST, total, builder.number(rule.most, POINTS))",
    ),
    Fault(
        LOWER,
        "total = self.rounded(total, self.book.roundings.total)",
        "total = self.rounded(total, self.book.roundings.group)",
    ),
    Fault(LOWER, "builder.apply(Fn.LEAST, lowest, score)", "builder.apply(Fn.GREATEST, lowest, score)"),
    # ranks, limits, grades
    Fault(LOWER, "return self.place(True, self", "return self.place(False, self"),
    Fault(LOWER, "for limit in before if not limit.holds_place", "for limit in before if limit.holds_place"),
    Fault(
        LOWER,
        "{EffectKind.SET: 0, EffectKind.DROP: 1, EffectKind.AT_MOST: 2",
        "{EffectKind.SET: 0, EffectKind.DROP: 2, EffectKind.AT_MOST: 1",
    ),
    Fault(
        f"{KINDS}.grades",
        "place = graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, count, graph.number(1)), from_below)",
        "place = graph.apply(Fn.SUBTRACT, count, from_below)",
    ),
    Fault(
        f"{KINDS}.grades",
        "return self.all(rivals, self.certain(graph.apply(Fn.LESS_EQUAL, place, places)))",
        "return self.all(rivals, self.certain(graph.apply(Fn.LESS, place, places)))",
    ),
    Fault(
        f"{KINDS}.grades",
        "graph.rounded(share, 0, self.scheme.rounding)",
        "graph.rounded(share, 1, self.scheme.rounding)",
    ),
    Fault(
        f"{KINDS}.grades",
        "if self.scheme.tie is not TieAtCut.ALL_IN:\n            from_below",
        "if self.scheme.tie is TieAtCut.ALL_IN:\n            from_below",
    ),
    Fault(f"{KINDS}.grades", "self.any(permitted, self.no(self.held))", "self.any(permitted, self.held)"),
    Fault(f"{KINDS}.grades", "fn = Fn.LESS_EQUAL if interval.low_in else Fn.LESS\n", "fn = Fn.LESS_EQUAL\n"),
    Fault(f"{KINDS}.bar_top", "EffectKind.AT_MOST, max(barred) + 1, holds)", "EffectKind.AT_MOST, max(barred), holds)"),
    Fault(
        f"{KINDS}.veto",
        "case _:\n            return Limit(when, EffectKind.AT_MOST, len(scope.grades) - 1, holds)",
        "case _:\n            return Limit(when, EffectKind.AT_MOST, len(scope.grades) - 2, holds)",
    ),
    Fault(
        f"{KINDS}.shared.ruling",
        "(graph.has(node, *WEAKER), graph.truth(False))",
        "(graph.has(node, *WEAKER), graph.truth())",
    ),
    Fault(LOWER, "(node, first is greatest_first) for node", "(node, first is not greatest_first) for node"),
    Fault(
        LOWER,
        "builder.choose((weak, builder.number(0)), otherwise",
        "builder.choose((weak, builder.number(2)), otherwise",
    ),
    # expressions and conditions
    Fault(EXPRESSIONS, "return apply(Fn.LESS, right, left)", "return apply(Fn.LESS_EQUAL, right, left)"),
    Fault(EXPRESSIONS, "return apply(Fn.LESS_EQUAL, left, right)", "return apply(Fn.LESS, left, right)"),
    Fault(EXPRESSIONS, "return apply(Fn.NOT, apply(Fn.EQUAL, left, right))", "return apply(Fn.EQUAL, left, right)"),
    Fault(
        EXPRESSIONS,
        "return self.on_rows(builder.apply(Fn.LESS_EQUAL, builder.number(least), count)",
        "return self.on_rows(builder.apply(Fn.LESS, builder.number(least), count)",
    ),
    Fault(
        EXPRESSIONS,
        "enough = builder.apply(Fn.LESS_EQUAL, builder.number(condition.years - 1), self.years_before",
        "enough = builder.apply(Fn.LESS_EQUAL, builder.number(condition.years), self.years_before",
    ),
    Fault(EXPRESSIONS, "limit = condition.years if condition.restart else None", "limit = None"),
    Fault(
        EXPRESSIONS,
        "(builder.apply(Fn.AND, zero, known), builder.nothing(State.NONE, quotient))",
        "(builder.apply(Fn.AND, zero, known), builder.nothing(State.ABSENT, quotient))",
    ),
    Fault(
        EXPRESSIONS, "if self.with_self:\n            return whole", "if not self.with_self:\n            return whole"
    ),
    Fault(
        EXPRESSIONS,
        "return among.told(among.at(lambda size: size))",
        "return among.told(among.at(lambda size: builder.number(1)))",
    ),
    Fault(EXPRESSIONS, "builder.apply(Fn.ADD, fewer, self.one)", "builder.apply(Fn.SUBTRACT, fewer, self.one)"),
    Fault(
        EXPRESSIONS,
        "behind_own = builder.apply(Fn.LESS_EQUAL, last, fewer)",
        "behind_own = builder.apply(Fn.LESS, last, fewer)",
    ),
    Fault(EXPRESSIONS, "place = builder.apply(Fn.CEIL, builder", "place = builder.apply(Fn.FLOOR, builder"),
    Fault(EXPRESSIONS, "return builder.apply(Fn.CEIL, exact(size))", "return builder.apply(Fn.FLOOR, exact(size))"),
    Fault(EXPRESSIONS, "among.divided(among.sum(of), among.sum(weight))", "among.divided(among.sum(of), among.count)"),
    Fault(
        EXPRESSIONS,
        "peers.group, asked.greatest_first, asked.ties",
        "peers.group, not asked.greatest_first, asked.ties",
    ),
    Fault(
        EXPRESSIONS,
        "lowering.place(condition.first, Ties.COMPETITION)",
        "lowering.place(not condition.first, Ties.COMPETITION)",
    ),
    Fault(EXPRESSIONS, "if not condition.tied_in:", "if condition.tied_in:"),
    Fault(
        EXPRESSIONS,
        "return builder.apply(Fn.LESS_EQUAL, place, builder",
        "return builder.apply(Fn.LESS, place, builder",
    ),
    Fault(EXPRESSIONS, "builder.number(cadence.periods, builder", "builder.number(cadence.periods - 1, builder"),
    Fault(EXPRESSIONS, "model.Fn.LEAST: Fn.LEAST", "model.Fn.LEAST: Fn.GREATEST"),
    Fault(EXPRESSIONS, "self._logic(Fn.OR, parts", "self._logic(Fn.AND, parts"),
    Fault(INPUTS, "if item.target is not None:", "if item.target is None and item.scoring is None:"),
    # kinds
    Fault(f"{KINDS}.shared.stepping", "count = graph.apply(Fn.CEIL, count)", "count = graph.apply(Fn.FLOOR, count)"),
    Fault(
        f"{KINDS}.shared.stepping",
        'if remainder == "not_counted":\n        count',
        'if remainder == "pro_rata":\n        count',
    ),
    Fault(
        f"{KINDS}.shared.stepping",
        '(scope.value, other) if steps.way == "below"',
        '(scope.value, other) if steps.way == "above"',
    ),
    Fault(
        f"{KINDS}.shared.stepping",
        "graph.apply(Fn.GREATEST, count, graph.number(0))",
        "graph.apply(Fn.LEAST, count, graph.number(0))",
    ),
    Fault(
        f"{KINDS}.shared.bounds",
        "return scope.graph.apply(Fn.GREATEST, score, scope.least)",
        "return scope.graph.apply(Fn.LEAST, score, scope.least)",
    ),
    Fault(
        f"{KINDS}.shared.bounds",
        'OWN_FLOOR = ("until_point", "until_item")',
        'OWN_FLOOR = ("until_point", "until_group")',
    ),
    Fault(
        f"{KINDS}.shared.bounds",
        "scope.graph.apply(Fn.LEAST, gain, scope.full)",
        "scope.graph.apply(Fn.GREATEST, gain, scope.full)",
    ),
    Fault(
        f"{KINDS}.shared.comparing",
        'case "ge":\n            return apply(low, other, value)',
        'case "ge":\n            return apply(high, other, value)',
    ),
    Fault(
        f"{KINDS}.shared.comparing",
        'case "le":\n            return apply(low, value, other)',
        'case "le":\n            return apply(high, value, other)',
    ),
    Fault(
        f"{KINDS}.meet_or_zero",
        "scope.graph.apply(Fn.LESS_EQUAL, scope.target, scope.value)",
        "scope.graph.apply(Fn.LESS, scope.target, scope.value)",
    ),
    Fault(f"{KINDS}.deadline", "in_time = graph.apply(Fn.LESS_EQUAL,", "in_time = graph.apply(Fn.LESS,"),
    Fault(
        f"{KINDS}.none_occurred",
        "graph.choose((scope.value, happened), otherwise=award_node(clause.award, scope))",
        "graph.choose((scope.value, award_node(clause.award, scope)), otherwise=happened)",
    ),
    Fault(
        f"{KINDS}.shared.placing",
        "low_first(scope.item) is from_last, ties",
        "low_first(scope.item) is not from_last, ties",
    ),
    Fault(
        f"{KINDS}.shared.placing",
        "for at, given in enumerate(points, start=1)",
        "for at, given in enumerate(points, start=0)",
    ),
    Fault(
        f"{KINDS}.ratio_to_first",
        "reduce = Reduce.LEAST if low else Reduce.GREATEST",
        "reduce = Reduce.GREATEST if low else Reduce.LEAST",
    ),
    Fault(
        f"{KINDS}.interpolate",
        "score = graph.apply(Fn.LEAST, points(scope, clause.high), score)",
        "score = graph.apply(Fn.GREATEST, points(scope, clause.high), score)",
    ),
    Fault(
        f"{KINDS}.interpolate",
        "far = graph.apply(Fn.SUBTRACT, scope.value, worse)",
        "far = graph.apply(Fn.SUBTRACT, scope.value, better)",
    ),
    Fault(
        f"{KINDS}.bands",
        "Band(node, band.low, band.high, band.low_in, band.high_in)",
        "Band(node, band.low, band.high, band.high_in, band.low_in)",
    ),
    Fault(f"{KINDS}.agreed", "same = graph.apply(Fn.AND, same, alike)", "same = graph.apply(Fn.OR, same, alike)"),
    Fault(f"{KINDS}.agreed", "one = graph.choose((graph.has(one, *WEAKER), child), otherwise=one)", "one = child"),
    Fault(
        f"{KINDS}.converted",
        "graph.apply(Fn.MULTIPLY, share, scope.full)",
        "graph.apply(Fn.MULTIPLY, share, scope.value)",
    ),
    Fault(
        f"{KINDS}.shared.voting", "several = graph.apply(Fn.LESS, graph.number(1), count)", "several = graph.truth()"
    ),
    Fault(f"{KINDS}.shared.voting", "graph.apply(Fn.LESS, different, count)", "graph.apply(Fn.LESS, count, different)"),
    Fault(
        f"{KINDS}.shared.voting",
        'ends = (limit, beyond) if bound == "most"',
        'ends = (limit, beyond) if bound == "present"',
    ),
    Fault(f"{KINDS}.shared.voting", 'Fn.LESS_EQUAL if op in ("ge", "le")', 'Fn.LESS_EQUAL if op in ("gt", "lt")'),
    Fault(
        f"{KINDS}.shared.voting",
        "many = graph.apply(Fn.LESS, graph.number(clause.over_number), raters)",
        "many = graph.apply(Fn.LESS_EQUAL, graph.number(clause.over_number), raters)",
    ),
    Fault(
        f"{KINDS}.shared.voting",
        "equal = graph.apply(Fn.ADD, beside, beside, one)",
        "equal = graph.apply(Fn.ADD, beside, one)",
    ),
    Fault(
        f"{KINDS}.shared.voting",
        "weights.append(graph.choose((none, zero), otherwise=weight))",
        "weights.append(weight)",
    ),
    Fault(
        f"{KINDS}.shared.voting",
        "kept = self.kept((events.unit, layer), there)",
        "kept = self.kept((events.unit,), there)",
    ),
    Fault(f"{KINDS}.satisfaction", "return graph.apply(Fn.NOT, some)", "return some"),
    Fault(f"{KINDS}.borda", "graph.apply(Fn.SUBTRACT, place, one)", "graph.apply(Fn.ADD, place, one)"),
    Fault(f"{KINDS}.by_conditions", "return held if cell else", "return held if not cell else"),
    Fault(
        f"{KINDS}.by_conditions",
        "Fn.LESS_EQUAL if low_in else Fn.LESS, end, value",
        "Fn.LESS if low_in else Fn.LESS_EQUAL, end, value",
    ),
    Fault(f"{KINDS}.by_conditions", "nothing if clause.rest is None else", "nothing if clause.rest is not None else"),
    Fault(
        f"{KINDS}.shared.rows",
        "key = (events.unit, *(events.column(name) for name in clause.matter))\n    height",
        "key = (events.unit,)\n    height",
    ),
    Fault(
        f"{KINDS}.shared.rows",
        "Fn.LESS if before else Fn.LESS_EQUAL, best, height",
        "Fn.LESS_EQUAL if before else Fn.LESS, best, height",
    ),
    Fault(
        f"{KINDS}.shared.rows",
        "if by_order and not before:\n            continue",
        "if by_order:\n            continue",
    ),
    Fault(
        f"{KINDS}.shared.rows",
        "graph.choose((held, graph.number(2)), otherwise=graph.number(1))",
        "graph.choose((held, graph.number(1)), otherwise=graph.number(2))",
    ),
    Fault(
        f"{KINDS}.shared.rows",
        "most = points(scope, clause.row_most)\n        value = graph.apply(Fn.LEAST, most,",
        "most = points(scope, clause.row_most)\n        value = graph.apply(Fn.GREATEST, most,",
    ),
    Fault(f"{KINDS}.shared.rows", "otherwise=graph.number(rest))", "otherwise=graph.number(1))"),
    Fault(f"{KINDS}.shared.rows", "if set(rate.cells) < set(other.cells)", "if set(other.cells) < set(rate.cells)"),
    Fault(
        f"{KINDS}.shared.rows",
        "nothing = graph.apply(Fn.EQUAL, count, graph.number(0))",
        "nothing = graph.apply(Fn.EQUAL, count, graph.number(1))",
    ),
    Fault(
        f"{KINDS}.turns",
        "many = graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, times, graph.number(1)), nth)",
        "many = graph.apply(Fn.SUBTRACT, times, nth)",
    ),
    Fault(f"{KINDS}.turns", "came = graph.apply(Fn.LESS_EQUAL, nth, times)", "came = graph.apply(Fn.LESS, nth, times)"),
    Fault(
        EXPRESSIONS,
        "where = builder.apply(Fn.AND, where, builder.apply(Fn.NOT, self._met_by_rows(use.excused, use.ledger)))",
        "where = builder.apply(Fn.AND, where, self._met_by_rows(use.excused, use.ledger))",
    ),
    Fault(
        EXPRESSIONS,
        "return builder.choose((builder.has(node, *weak), builder.truth(False)), otherwise=node)",
        "return builder.choose((builder.has(node, *weak), builder.truth(True)), otherwise=node)",
    ),
    Fault(
        EXPRESSIONS, "for other in names[:at] if use.once else ():", "for other in names[:at] if not use.once else ():"
    ),
    Fault(
        EXPRESSIONS,
        "there = builder.has(cell, State.VALUE)\n        if",
        "there = builder.has(cell, State.ABSENT)\n        if",
    ),
    Fault(
        f"{KINDS}.larger_of",
        'Fn.GREATEST if clause.which == "larger_of" else Fn.LEAST',
        'Fn.LEAST if clause.which == "larger_of" else Fn.GREATEST',
    ),
    Fault(
        f"{KINDS}.shared.combining",
        "graph.apply(Fn.LESS_EQUAL, graph.number(wanted(least)), present(scope))",
        "graph.apply(Fn.LESS, graph.number(wanted(least)), present(scope))",
    ),
    Fault(
        f"{KINDS}.count_quota",
        "more = graph.apply(Fn.LEAST, more, points(scope, clause.most))",
        "more = graph.apply(Fn.GREATEST, more, points(scope, clause.most))",
    ),
    Fault(
        f"{KINDS}.checklist", "there = [item_node(item, one, none, scope)", "there = [item_node(item, none, one, scope)"
    ),
    # the graph and the engine
    Fault(BUILDER, "where = self.truth() if where is None else where\n        at", "where = self.truth()\n        at"),
    Fault(ROUNDING, "size += 0.5\n            np.floor(size, out=size)", "np.rint(size, out=size)"),
    Fault(ROUNDING, "np.ceil(size, out=size)", "np.add(np.floor(size), 1, out=size)"),
    Fault(ROUNDING, "np.where((number.p > 0) == up", "np.where((number.p > 0) != up"),
    Fault(ROWS, "op.fn is Fn.OR)", "op.fn is Fn.AND)"),
    Fault(ROWS, "asked[arg.states]", "~asked[arg.states]"),
    Fault(
        ROWS,
        "Fn.LESS_EQUAL: np.less_equal,\n    Fn.EQUAL: np.equal,\n}",
        "Fn.LESS_EQUAL: np.less,\n    Fn.EQUAL: np.equal,\n}",
    ),
    Fault(ROWS, "return np.minimum(grade + case.amount, worst)", "return np.minimum(grade + case.amount, worst - 1)"),
    Fault(
        ROWS,
        "case EffectKind.AT_MOST:  # no better than: positions count from the best\n            return np.maximum",
        "case EffectKind.AT_MOST:  # no better than: positions count from the best\n            return np.minimum",
    ),
    Fault(ROWS, "zip(reversed(op.bands), reversed(values), strict=True)", "zip(op.bands, values, strict=True)"),
    Fault(ROWS, "inside &= at_most(number, high) if high_in", "inside &= at_most(number, high) if not high_in"),
    Fault(
        ROWS,
        "return np.where(faulty, np.uint8(State.PENDING), states)",
        "return np.where(faulty, np.uint8(State.MISSING), states)",
    ),
    Fault(
        ACROSS,
        "return before - found.begin + 1",
        "return before - found.begin",
    ),
    Fault(
        ACROSS,
        "return 2 * _competition(found) + found.count - 1",
        "return 2 * _competition(found) + found.count",
    ),
    Fault(ACROSS, "taken = np.cumsum(np.sign(found.count))", "taken = np.cumsum(found.count)"),
    Fault(ACROSS, "(count - 1) % op.limit + 1", "(count - 1) % op.limit"),
    Fault(ACROSS, "np.where(empty, np.uint8(State.ABSENT)", "np.where(empty, np.uint8(State.PENDING)"),
    Fault(GROUPS, "counts = where.true & (measure == State.VALUE)", "counts = where.true & (measure <= State.NIL)"),
    Fault(
        GROUPS,
        "block = np.where(where.true & (measure >= BLOCKING), measure, block)",
        "block = np.where(where.true & (measure > BLOCKING), measure, block)",
    ),
    # runs, calendars, earlier years
    Fault(f"{KINDS}.escalation", "return 2 ** (run - 1) if way == DOUBLING", "return 2 ** run if way == DOUBLING"),
    Fault(
        f"{KINDS}.escalation",
        "graph.choose((unbroken, longer), otherwise=run)",
        "graph.choose((unbroken, run), otherwise=run)",
    ),
    Fault(
        EXPRESSIONS,
        "longest = builder.aggregate(\n            Reduce.GREATEST",
        "longest = builder.aggregate(\n            Reduce.LEAST",
    ),
    Fault(EXPRESSIONS, "builder.number(1)), builder.number(5))", "builder.number(1)), builder.number(6))"),
    Fault(EXPRESSIONS, "sum_, low = sum_ + changes[one], one", "sum_, low = sum_ - changes[one], one"),
    Fault(EXPRESSIONS, "calendar.after(end - timedelta(1), count)", "calendar.after(end, count)"),
    Fault("perfdsl.compile.lower_history", "period.last.year - back", "period.last.year - back + 1"),
    Fault(
        "perfdsl.compile.lower_history",
        "builder.apply(Fn.LESS_EQUAL, later, earlier)",
        "builder.apply(Fn.LESS, later, earlier)",
    ),
    Fault(
        "perfdsl.compile.lower_history",
        "builder.apply(Fn.LESS, builder.number(1), rows)",
        "builder.apply(Fn.LESS, builder.number(2), rows)",
    ),
    Fault(
        "perfdsl.compile.lower_history",
        "Fn.DIVIDE, whole, builder.number(len(years))",
        "Fn.DIVIDE, whole, builder.number(len(years) + 1)",
    ),
    # periods of the year, and scores by the period
    Fault(f"{KINDS}.periodic", "Reduce.COUNT, score", "Reduce.SUM, score"),
    Fault(
        f"{KINDS}.periodic", "if clause.way == MEAN:\n        # dividing", "if clause.way == SUM:\n        # dividing"
    ),
    Fault(f"{KINDS}.periodic", "count, graph.number(0))", "count, graph.number(1))"),
    Fault(LOWER, "gate.answered(gate.own_score), clause.rounding)", "gate.answered(gate.own_score), None)"),
    Fault(GATE, "lowering.rounded(own, lowering.period_rounding(self.item))", "lowering.rounded(own, None)"),
    Fault(
        LOWER,
        "group = (builder.column(grain, cadence.along), *(on_rows",
        'group = (builder.column(grain, "单位"), *(on_rows',
    ),
    Fault(LOWER, "found.where, applies), found.group)", "found.where, found.where), found.group)"),
    Fault(GATE, "key=(self.builder.column(grain, cadence.along), *key), to=grain", "key=key, to=grain"),
    Fault(EXPRESSIONS, "if column.to_year is ToYear.RUNNING:", "if column.to_year is ToYear.LAST:"),
    Fault(EXPRESSIONS, "builder.has(of, State.NOT_DUE))\n", "builder.has(of, State.NONE))\n"),
    Fault(EXPRESSIONS, "builder.apply(Fn.SUBTRACT, period, one))))", "builder.apply(Fn.ADD, period, one))))"),
    Fault(
        EXPRESSIONS, "grown = builder.apply(Fn.SUBTRACT, total, before)", "grown = builder.apply(Fn.ADD, total, before)"
    ),
)
