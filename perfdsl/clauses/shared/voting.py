"""People who rate and vote: a table of one row a unit and rater, and how its rows become one number for each unit.

What a row is worth is a kind's own business (a score, the weight of an answer, a place). The rest is common, in this
order: a void ballot is left out (all rows of one rater are one ballot, over all units), the highest and lowest are
dropped, what is left is averaged, layer by layer where voters stand in layers, and the layers are weighted.

What real rules leave open is asked for: with how few raters nothing is dropped, whether of several equal extremes one
goes or all, whether extremes are those of a layer or of all raters, what an empty layer does with its weight. 弃权 is a
mark that the column declares (可填“弃权”表示不涉及) and is left out; a cell that is merely empty leaves the score open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Event, Events, Facts, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.awards import turned, turned_node
from perfdsl.clauses.shared.measures import amount_in, points
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId, Rank, Reduce
from perfdsl.model.expression import ColumnRef, Compare, Comparison, Condition, Expression, TextLiteral
from perfdsl.model.item import Clause, LedgerUse, Numbers
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import RATERS, UNITS, RowOf, Table
from perfdsl.model.units import POINTS, RATIO, Ties, Unit, ValueType, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Label, Shape, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, replace

CATEGORY = "类别"
VOTE = Unit(("票",))
UP = ("ge", "gt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes(Clause):
    """``use``: the table of ballots, and which rows count. ``times``: what the mean is multiplied with.

    ``drop`` set: ``ends`` (one, where nothing is said) of the highest and of the lowest are dropped where there are more
    than ``over`` raters; of several equal ones ``equal`` is ``as_many`` or ``all_equal``; ``among`` is ``in_layer`` or
    ``in_all``. ``void`` are reasons for which a ballot is void; ``spread_ops`` and so on say how many of its scores may
    (``most``) or must (``present``) lie beyond an edge. ``layers`` are the weights, by name of the layer, one column or
    one a category; ``empty`` is what a layer without votes does with its weight.
    """

    use: LedgerUse | None = None
    times: tuple[Expression, ...] = ()
    drop: str | None = None
    ends: tuple[Expression, ...] = ()
    over: tuple[Expression, ...] = ()
    equal: str | None = None
    among: str | None = None
    void: tuple[str, ...] = ()
    spread_ops: tuple[str, ...] = ()
    spread_edges: tuple[Expression, ...] = ()
    spread_bounds: tuple[str, ...] = ()
    spread_counts: tuple[Expression, ...] = ()
    layers: Numbers | None = None
    empty: str | None = None

    @property
    def ends_number(self) -> int:
        """How many are dropped at each end."""
        number = constant(self.ends[0]) if self.ends else Fraction(1)
        return int(number or 0)

    @property
    def over_number(self) -> Fraction:
        """Up to so many raters nothing is dropped."""
        return (constant(self.over[0]) if self.over else None) or Fraction(0)

    @property
    def voids(self) -> bool:
        """Whether a ballot can be void."""
        return bool(self.void or self.spread_ops)


# ---- the form

PHRASES = (
    Word("raters_over", "评委超过", ("评委人数超过", "评委多于", "票数超过"), "more-raters-than"),
    Word("drop_one", "去掉一个最高分和一个最低分", ("去掉1个最高分和1个最低分", "去掉最高分和最低分"), "drop-the-ends"),
    Word("drop_ends", "去掉最高分和最低分各", (), "drop-at-each-end"),
    Word("as_many", "同分的按个数去掉", ("同分的只去掉一个", "同分的只去掉 1 个"), "equal-ends-by-number"),
    Word("all_equal", "同分的全部去掉", ("同分的都去掉",), "equal-ends-all"),
    Word("in_layer", "各层别内去掉", ("在各层别内去掉",), "drop-in-each-layer"),
    Word("in_all", "全部评委中去掉", ("在全部评委中去掉",), "drop-among-all"),
    Word("all_alike", "全部同分的票", ("打分全部相同的票", "所有单位打分相同的票"), "all-alike"),
    Word("two_alike", "有同分的票", ("有并列的票", "打分没有拉开的票"), "any-alike"),
    Word("share_empty", "没有票的层别权重按比例分给其他", ("没有票的层别权重分给其他",), "share-empty-layers"),
    Word("zero_empty", "没有票的层别不得分", (), "empty-layers-give-nothing"),
    Word("open_empty", "没有票的层别待定", ("没有票的层别退回补评",), "empty-layers-open"),
)
LABELS = (
    Label(Word("vote_table", "打分表", ("评分表", "票表", "测评表"), "ballots"), Shape.LEDGER),
    Label(Word("void_ballots", "无效票", ("废票", "作废"), "void-ballots"), Shape.PHRASE),
    Label(Word("layers", "层别权重", ("各层别权重",), "layer-weights"), Shape.PHRASE, table=True),
)
DROPPING = (
    slot("word", {"amounts": "over"}, required=False, key="raters_over"),
    slot("word", {"key": "drop", "amounts": "ends"}, required=False, key=("drop_one", "drop_ends")),
    fixed("as_many", "all_equal", into="equal", required=False),
    fixed("in_layer", "in_all", into="among", required=False),
)
TAKES = (
    Take("vote_table", into="use"),
    Take(
        "void_ballots",
        slots=(
            slot("word", {"key": "void"}, required=False, many=True, key=("all_alike", "two_alike")),
            slot(
                "spread",
                {"op": "spread_ops", "edge": "spread_edges", "bound": "spread_bounds", "count": "spread_counts"},
                required=False,
                many=True,
            ),
        ),
    ),
    Take(
        "layers",
        numbers="layers",
        slots=(fixed("share_empty", "zero_empty", "open_empty", into="empty", required=False),),
    ),
)
REQUIRED = tuple(replace(take, required=take.key == "vote_table") for take in TAKES)
CHOICES = (
    Choice("equal", "几个同为最高（最低）的怎样去掉", (("as_many", "同分的按个数去掉"), ("all_equal", "同分的全部去掉")), "K283"),
    Choice("among", "在哪些评委中去掉最高最低", (("in_layer", "各层别内去掉"), ("in_all", "全部评委中去掉")), "K286"),
    Choice(
        "empty",
        "没有票的层别",
        (
            ("share_empty", "没有票的层别权重按比例分给其他"),
            ("zero_empty", "没有票的层别不得分"),
            ("open_empty", "没有票的层别待定"),
        ),
        "K286",
    ),
)  # fmt: skip


# ---- the table


def table_of(clause: Votes, rulebook: Rulebook) -> Table | None:
    """The table of ballots."""
    return rulebook.table(clause.use.ledger) if clause.use is not None else None


def rater_of(table: Table | None) -> str:
    """The column that tells whose row it is."""
    return next((name for name in RATERS if table is not None and table.column(name) is not None), RATERS[0])


def number_column(table: Table | None, unit: Unit | None = None) -> str | None:
    """The one column of numbers, if there is one and no other; ``unit``: of that unit only."""
    found = [
        one.name
        for one in (table.columns if table is not None else ())
        if one.kind is ValueType.NUMBER and (unit is None or one.unit == unit)
    ]
    return found[0] if len(found) == 1 else None


def is_layer(name: str) -> Condition:
    """类别 of the unit is ``name``."""
    return Comparison(Compare.EQUAL, ColumnRef(UNITS, CATEGORY, ValueType.TEXT), TextLiteral(name))


# ---- by hand

Row = tuple[Event, Fraction]
"""A row that counts, and what it is worth."""
Worth = Callable[[Event], Fraction]
"""What a row is worth."""
IsVote = Callable[[Event], bool]
"""Whether a row is a vote at all (不了解 is none)."""


def score_by_hand(clause: Votes, facts: Facts, worth: Worth, is_vote: IsVote = lambda event: True) -> Fraction:
    """Sort out the ballots that are void, drop the ends, average layer by layer, weight the layers."""
    rows = counted(clause, facts, worth, is_vote)
    if clause.layers is None:
        mean = mean_of(kept(clause, rows))
        if mean is None:
            raise Undecided("没有有效的评分")
    else:
        mean = weighted_by_hand(clause, facts, rows)
    for factor in clause.times:
        mean *= facts.number(factor)
    return turned(mean, facts)


def counted(clause: Votes, facts: Facts, worth: Worth, is_vote: IsVote) -> list[Row]:
    """The unit's rows that are votes and stand on a valid ballot."""
    assert clause.use is not None
    rater = rater_of(table_of(clause, facts.rulebook))

    def read(event: Event) -> Fraction:
        if clause.layers is not None:
            event[clause.layers.head]  # whose layer nobody knows leaves the score open
        return worth(event)

    mine = [(event, read(event)) for event in facts.events(clause.use) if is_vote(event)]
    if not clause.voids:
        return mine
    names = {event[rater] for event, _ in mine}
    ballots: dict[object, list[Fraction]] = {name: [] for name in names}
    for counts, event in facts.sheets(clause.use):
        if event[rater] in names and counts() and is_vote(event):
            ballots[event[rater]].append(read(event))
    return [(event, value) for event, value in mine if not is_void(clause, ballots[event[rater]], facts)]


def is_void(clause: Votes, scores: Sequence[Fraction], facts: Facts) -> bool:
    """Whether a ballot with these scores is void; one score alone can be like no other."""
    different = len(set(scores))
    if "all_alike" in clause.void and len(scores) > 1 and different == 1:
        return True
    if "two_alike" in clause.void and different < len(scores):
        return True
    for op, edge, bound, count in spreads(clause):
        at, many = facts.number(edge), facts.number(count)
        beyond = sum(1 for score in scores if beyond_by_hand(op, score, at))
        if beyond > many if bound == "most" else beyond < many:
            return True
    return False


def spreads(clause: Votes) -> Iterator[tuple[str, Expression, str, Expression]]:
    """(which way, the edge, most or present, how many)."""
    return zip(clause.spread_ops, clause.spread_edges, clause.spread_bounds, clause.spread_counts, strict=True)


def beyond_by_hand(op: str, score: Fraction, edge: Fraction) -> bool:
    """Whether a score lies beyond an edge."""
    match op:
        case "ge":
            return score >= edge
        case "gt":
            return score > edge
        case "le":
            return score <= edge
    return score < edge


def kept(clause: Votes, rows: Sequence[Row]) -> list[Row]:
    """What is left when the ends are dropped."""
    ends = clause.ends_number
    if clause.drop is None or len(rows) <= clause.over_number:
        return list(rows)
    ordered = sorted(rows, key=lambda row: row[1])
    if clause.equal == "all_equal":
        low, high = ordered[ends - 1][1], ordered[-ends][1]
        return [row for row in rows if low < row[1] < high]
    return ordered[ends : len(ordered) - ends]


def mean_of(rows: Sequence[Row]) -> Fraction | None:
    """Their mean; None of nothing."""
    return sum((value for _, value in rows), Fraction(0)) / len(rows) if rows else None


def weighted_by_hand(clause: Votes, facts: Facts, rows: Sequence[Row]) -> Fraction:
    """Each layer's mean times its weight."""
    layers = clause.layers
    assert layers is not None
    everywhere = kept(clause, rows) if clause.among == "in_all" else rows
    total, here = Fraction(0), Fraction(0)
    for name, weight in zip(layers.names, weights_by_hand(layers, facts), strict=True):
        if weight == 0:
            continue
        of_layer = [row for row in everywhere if row[0][layers.head] == name]
        mean = mean_of(of_layer if clause.among == "in_all" else kept(clause, of_layer))
        if mean is not None:
            total, here = total + mean * weight, here + weight
        elif clause.empty == "open_empty":
            raise Undecided(f"{name} 没有票")
    if clause.empty != "share_empty":
        return total
    if here == 0:
        raise Undecided("各层别都没有票")
    return total / here


def weights_by_hand(layers: Numbers, facts: Facts) -> list[Fraction]:
    """The weights that hold for the unit."""
    if len(layers.columns) == 1:
        return [facts.number(row[0]) for row in layers.cells]
    for category in layers.columns:
        if facts.holds(is_layer(category)):
            return [facts.number(cell) for cell in layers.column(category)]
    raise Undecided("没有这一类别的权重")


# ---- in the graph


def score_node(
    clause: Votes, scope: Scope, worth: Callable[[Events], NodeId], votes: Callable[[Events], NodeId] | None = None
) -> NodeId:
    """The mean of the rows' ``worth``, or of the layers'; ``votes``: which rows are votes at all."""
    assert clause.use is not None
    graph, events = scope.graph, scope.events(clause.use)
    if votes is not None:
        events = narrowed(events, votes(events), scope)
    if clause.layers is not None:
        layer = events.column(clause.layers.head)
        events = narrowed(events, graph.apply(Fn.EQUAL, layer, layer), scope)  # whose layer is open leaves it open
    value = worth(events)
    events = narrowed(events, graph.apply(Fn.EQUAL, value, value), scope)
    if clause.voids:
        events = narrowed(events, graph.apply(Fn.NOT, void_node(clause, events, value, scope)), scope)
    rows = Rows(clause, scope, events, value)
    score = rows.mean() if clause.layers is None else rows.weighted(clause.layers)
    for factor in clause.times:
        unit = POINTS if graph.type(score).unit == RATIO else RATIO
        score = graph.apply(Fn.MULTIPLY, score, amount_in(scope, factor, unit))
    return turned_node(score, scope)


def narrowed(events: Events, among: NodeId, scope: Scope) -> Events:
    """Those that are also ``among``; of a row whose condition nobody knows nothing else is asked."""
    graph = scope.graph
    return replace(events, where=graph.choose((events.where, among), otherwise=graph.truth(False)))


def void_node(clause: Votes, events: Events, value: NodeId, scope: Scope) -> NodeId:
    """Whether the ballot that a row stands on is void."""
    graph, where = scope.graph, events.where
    key = (events.column(rater_of(table_of(clause, scope.rulebook))),)

    def of_ballot(fn: Reduce, of: NodeId, rows: NodeId) -> NodeId:
        return graph.aggregate(fn, of, where=rows, key=key, to=events.grain)

    count = of_ballot(Reduce.COUNT, value, where)
    found = []
    if "all_alike" in clause.void:
        least, most = (of_ballot(fn, value, where) for fn in (Reduce.LEAST, Reduce.GREATEST))
        several = graph.apply(Fn.LESS, graph.number(1), count)
        found.append(graph.apply(Fn.AND, several, graph.apply(Fn.EQUAL, least, most)))
    if "two_alike" in clause.void:
        place = graph.add(Rank(value, where, key, True, Ties.DENSE))
        different = of_ballot(Reduce.GREATEST, place, where)
        found.append(graph.apply(Fn.LESS, different, count))
    for op, edge, bound, many in spreads(clause):
        among = narrowed(events, beyond_node(op, value, edge, scope), scope).where
        beyond = of_ballot(Reduce.COUNT, value, among)
        limit = graph.number(constant(many) or 0)
        ends = (limit, beyond) if bound == "most" else (beyond, limit)
        found.append(graph.apply(Fn.LESS, *ends))
    return found[0] if len(found) == 1 else graph.apply(Fn.OR, *found)


def beyond_node(op: str, value: NodeId, edge: Expression, scope: Scope) -> NodeId:
    """Whether a score lies beyond an edge."""
    graph, at = scope.graph, points(scope, edge)
    fn = Fn.LESS_EQUAL if op in ("ge", "le") else Fn.LESS
    return graph.apply(fn, at, value) if op in UP else graph.apply(fn, value, at)


@dataclass(frozen=True)
class Rows:
    """The rows that count, what each is worth."""

    clause: Votes
    scope: Scope
    events: Events
    value: NodeId

    @property
    def one_each(self) -> NodeId:
        """1 票 for each row; as open as its worth, so that a row of which nobody knows does not count as none."""
        graph = self.scope.graph
        same, one = graph.apply(Fn.EQUAL, self.value, self.value), graph.number(1, VOTE)
        return graph.choose((same, one), otherwise=one)

    def kept(self, group: tuple[NodeId, ...], where: NodeId) -> NodeId:
        """How much of each row is left when the ends of its ``group`` are dropped: 1, 0, or a share among equals."""
        graph, clause = self.scope.graph, self.clause
        if clause.drop is None:
            return self.one_each
        one, ends = graph.number(1), graph.number(clause.ends_number)
        left = one
        for high_first in (True, False):
            place = graph.add(Rank(self.value, where, group, high_first, Ties.COMPETITION))
            if clause.equal == "all_equal":
                gone = graph.choose((graph.apply(Fn.LESS_EQUAL, place, ends), one), otherwise=graph.number(0))
                left = graph.apply(Fn.GREATEST, graph.apply(Fn.SUBTRACT, left, gone), graph.number(0))
                continue
            middle = graph.add(Rank(self.value, where, group, high_first, Ties.AVERAGE))
            # so many are equal: their mean place lies (n − 1) ÷ 2 behind the place they share
            beside = graph.apply(Fn.SUBTRACT, middle, place)
            equal = graph.apply(Fn.ADD, beside, beside, one)
            before = graph.apply(Fn.SUBTRACT, place, one)
            wanted = graph.apply(Fn.GREATEST, graph.apply(Fn.SUBTRACT, ends, before), graph.number(0))
            gone = graph.apply(Fn.DIVIDE, graph.apply(Fn.LEAST, wanted, equal), equal)
            left = graph.apply(Fn.SUBTRACT, left, gone)
        raters = graph.aggregate(Reduce.COUNT, self.value, where=where, key=group, to=self.events.grain)
        many = graph.apply(Fn.LESS, graph.number(clause.over_number), raters)
        vote = graph.number(1, VOTE)
        return graph.choose((many, graph.apply(Fn.MULTIPLY, left, vote)), otherwise=self.one_each)

    def over(self, kept: NodeId, where: NodeId) -> tuple[NodeId, NodeId]:
        """For each unit: the mean of the rows ``where``, and whether there is none."""
        graph, scope = self.scope.graph, self.scope
        number = scope.per_unit(self.events, kept, where)
        total = scope.per_unit(self.events, graph.apply(Fn.MULTIPLY, kept, self.value), where)
        none = graph.apply(Fn.EQUAL, number, graph.number(0, VOTE))
        # dividing by 1 instead of 0 keeps the branch that is not taken from being reported as a zero divisor
        mean = graph.apply(Fn.DIVIDE, total, graph.choose((none, graph.number(1, VOTE)), otherwise=number))
        return mean, none

    def mean(self) -> NodeId:
        """The mean of all rows of a unit."""
        graph = self.scope.graph
        mean, none = self.over(self.kept((self.events.unit,), self.events.where), self.events.where)
        return graph.choose((none, graph.nothing(State.PENDING, mean)), otherwise=mean)

    def weighted(self, layers: Numbers) -> NodeId:
        """Σ weight × the layer's mean."""
        graph, events, clause = self.scope.graph, self.events, self.clause
        layer = events.column(layers.head)
        zero = graph.number(0)
        if clause.among == "in_all":
            kept = self.kept((events.unit,), events.where)
        else:
            there = graph.apply(Fn.AND, events.where, graph.has(layer, State.VALUE))
            kept = self.kept((events.unit, layer), there)
        parts, weights = [], []
        for name, weight in zip(layers.names, self.weights(layers), strict=True):
            here = graph.apply(Fn.EQUAL, layer, graph.constant(name, ValueType.TEXT))
            mean, none = self.over(kept, graph.apply(Fn.AND, events.where, here))
            nought = graph.number(0, graph.type(mean).unit or RATIO)
            instead = graph.nothing(State.PENDING, nought) if clause.empty == "open_empty" else nought
            unasked = graph.apply(Fn.EQUAL, weight, zero)
            instead = graph.choose((unasked, nought), otherwise=instead)
            part = graph.apply(Fn.MULTIPLY, mean, weight)
            parts.append(graph.choose((none, instead), otherwise=part))
            weights.append(graph.choose((none, zero), otherwise=weight))
        total = parts[0] if len(parts) == 1 else graph.apply(Fn.ADD, *parts)
        if clause.empty != "share_empty":
            return total
        asked = weights[0] if len(weights) == 1 else graph.apply(Fn.ADD, *weights)
        nobody = graph.apply(Fn.EQUAL, asked, zero)
        shared = graph.apply(Fn.DIVIDE, total, graph.choose((nobody, graph.number(1)), otherwise=asked))
        return graph.choose((nobody, graph.nothing(State.PENDING, shared)), otherwise=shared)

    def weights(self, layers: Numbers) -> list[NodeId]:
        """The weight of each layer, for the unit."""
        graph, scope = self.scope.graph, self.scope
        if len(layers.columns) == 1:
            return [scope.number(row[0]) for row in layers.cells]
        met = [scope.condition(is_layer(category)) for category in layers.columns]
        found = []
        for row in layers.cells:
            cells = [scope.number(cell) for cell in row]
            nothing = graph.nothing(State.PENDING, cells[0])
            found.append(graph.choose(*zip(met, cells, strict=True), otherwise=nothing))
        return found


# ---- checks


def check_votes(clause: Votes, setting: Setting) -> Iterable[Problem]:
    """A table of one row a unit and rater; whatever rules leave open."""
    table = table_of(clause, setting.rulebook)
    if clause.use is None or table is None:
        yield scoring.ballots_unfit(setting.item.span or clause.span, "没有写打分表", "加一行：打分表：评委打分")
        return
    if table.row_of is not RowOf.RATER or not any(table.column(name) for name in RATERS):
        what = f"“{table.name}” 不是每个单位每个评委一行的表"
        yield scoring.ballots_unfit(
            clause.span, what, f"数据 {table.name}（每个单位每个评委一行）\n  列：单位、评委、打分（分）"
        )
    yield from check_dropping(clause)
    yield from check_layers(clause, setting, table)


def check_dropping(clause: Votes) -> Iterator[Problem]:
    """With how few raters nothing is dropped, and which of several equal extremes go."""
    if clause.drop is None:
        if clause.over or clause.equal or clause.among:
            yield scoring.dropping_incomplete(clause.span, "没有写去掉几个", ["去掉一个最高分和一个最低分"])
        return
    ends = clause.ends_number
    if not clause.over or clause.over_number < 2 * ends:
        asked = f"评委多于几人才去掉最高分、最低分没有写明（至少要多于 {2 * ends} 人，不然剩不下）"
        yield scoring.dropping_incomplete(clause.span, asked, [f"评委超过 {max(5, 2 * ends)} 人的"])
    if clause.equal is None:
        yield scoring.equal_ends_unstated(clause.span)


def check_layers(clause: Votes, setting: Setting, table: Table) -> Iterator[Problem]:
    """Every layer has a weight, the weights are a whole, and what an empty layer does is written."""
    layers = clause.layers
    if layers is None:
        if clause.among == "in_layer":
            yield scoring.layers_unfit(clause.span, "写了各层别内去掉，没有写层别权重", "层别权重：没有票的层别待定")
        return
    if clause.empty is None:
        yield scoring.layers_incomplete(
            clause.span,
            "没有票的层别，它的权重怎样算没有写明：60% 的层别得 90 分、40% 的层别没有票，按比例分给其他是 90 分，不得分是 54 分",
            ["层别权重：没有票的层别权重按比例分给其他", "层别权重：没有票的层别不得分", "层别权重：没有票的层别待定"],
        )
    if clause.drop is not None and clause.among is None:
        yield scoring.layers_incomplete(
            clause.span,
            "去掉最高最低，是在各层别内去掉，还是在全部评委中去掉，没有写明",
            ["各层别内去掉", "全部评委中去掉"],
        )
    if clause.among == "in_all" and clause.equal == "as_many":
        yield scoring.layers_incomplete(
            clause.span, "同为最高的在两个层别，按个数去掉时去掉哪一个，没有写明", ["同分的全部去掉", "各层别内去掉"]
        )
    column = table.column(layers.head)
    if column is None or column.kind is not ValueType.TEXT:
        yield scoring.layers_unfit(
            clause.span,
            f"“{table.name}” 没有 “{layers.head}” 这一列",
            f"列：单位、评委、{layers.head}（{'、'.join(layers.names)}）、打分（分）",
        )
    elif column.choices and set(column.choices) != set(layers.names):
        odd = "、".join(sorted(set(column.choices) ^ set(layers.names)))
        yield scoring.layers_unfit(clause.span, f"层别对不上：{odd}", "层别权重的表和打分表的层别写成一样")
    categories = [one.name for one in setting.rulebook.categories]
    if len(layers.columns) > 1 and set(layers.columns) != set(categories):
        odd = "、".join(sorted(set(categories) ^ set(layers.columns)))
        yield scoring.layers_unfit(
            clause.span, f"各列应是全部类别：{odd}", f"| {layers.head} | {' | '.join(categories)} |"
        )
    for heading in layers.columns:
        whole = sum((constant(cell) or Fraction(0) for cell in layers.column(heading)), Fraction(0))
        if whole != 1:
            yield scoring.layers_unfit(
                clause.span, f"“{heading}” 一列的权重合计 {decimal(whole * 100)}%，应为 100%", "改权重，使每列合计 100%"
            )


# ---- words


def votes_in_words(clause: Votes, mean: str) -> str:
    """各评委打分的平均，评委超过 5 人的去掉一个最高分和一个最低分 …"""
    told = mean + "".join(f" × {amount(factor)}" for factor in clause.times)
    if clause.drop is not None:
        equal = {"as_many": "（同分的按个数去掉）", "all_equal": "（同分的全部去掉）"}.get(clause.equal or "", "")
        among = {"in_layer": "各层别内", "in_all": "全部评委中"}.get(clause.among or "", "")
        told += f"，评委超过 {decimal(clause.over_number)} 人的，{among}去掉最高、最低各 {clause.ends_number} 个{equal}"
    void = [{"all_alike": "全部同分的票", "two_alike": "有同分的票"}[one] for one in clause.void]
    if clause.voids:
        told += f"；无效票：{'、'.join([*void, *('打分没有按规定拉开的票' for _ in clause.spread_ops[:1])])}"
    if clause.layers is not None:
        told += f"；各{clause.layers.head}加权"
    return told
