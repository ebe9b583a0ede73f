"""Eight graphs built by hand, with results worked out by hand: what the operations must be able to say.

They were written before any clause was lowered. If a clause cannot be written with the operations, it shows here.
"""

from __future__ import annotations

from fractions import Fraction

from small import Hand, bools, hand, numbers, table, texts

from perfdsl.graph.ops import (
    Band,
    EffectKind,
    Fetch,
    Fn,
    Lookup,
    NodeId,
    Rank,
    Reduce,
    Settle,
    SettleCase,
    Stack,
    Streak,
)
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, RATIO, Mode, Ties, ValueType

ORDER = ("优秀", "良好", "合格", "不合格")
EXCELLENT, GOOD, FAIR, FAILED = range(4)


def grade(h: Hand, place: int) -> NodeId:
    return h.build.constant(place, ValueType.GRADE)


def compare(h: Hand, fn: Fn, node: NodeId, number: int | Fraction) -> NodeId:
    unit = h.build.type(node).unit or RATIO
    return h.build.apply(fn, node, h.build.number(number, unit))


def test_score_then_rank_then_score_then_sum_then_rank() -> None:
    """Two indicators are ranked; first place gives 10 points, second 8, all others 5; their sum is ranked.

    投资 5 4 4 3 ranks 1 2 2 4 and gives 10 8 8 5; 信访 90 95 80 70 ranks 2 1 3 4 and gives 8 10 5 5.
    The sums are 18 18 13 10: ranks 1 1 3 4.
    """
    h = hand(table("单位", 投资=numbers("5 4 4 3"), 信访=numbers("90 95 80 70")))
    b = h.build

    def points(column: str) -> NodeId:
        place = b.add(Rank(h["单位", column], b.truth(), (), True, Ties.COMPETITION))
        one, two, more = Fraction(1), Fraction(2), Fraction(2)
        bands = (
            Band(b.number(10, POINTS), key=one),
            Band(b.number(8, POINTS), key=two),
            Band(b.number(5, POINTS), low=more, low_in=False),
        )
        return b.add(Lookup(place, bands))

    total = b.apply(Fn.ADD, points("投资"), points("信访"))
    assert h.values(total) == numbers("18 18 13 10")
    assert h.values(b.add(Rank(total, b.truth(), (), True, Ties.COMPETITION))) == numbers("1 1 3 4")


def test_trimmed_mean_of_raters_with_void_ballots() -> None:
    """去掉一个最高分和一个最低分，其余平均；废票不计.

    甲: ballots 90 80 85 95 and a void 10: drop 95 and 80, (90 + 85) / 2 = 87.5.
    乙: 70 72 77 and a void 99: drop 77 and 70, 72 / 1 = 72. 丙: 60 61: fewer than 3 ballots, 不涉及.
    """
    h = hand(
        table("单位", 名称=texts("甲 乙 丙")),
        table(
            "评分",
            单位=texts("甲 甲 甲 甲 甲 乙 乙 乙 乙 丙 丙"),
            分=numbers("90 80 85 95 10 70 72 77 99 60 61"),
            废票=bools("0 0 0 0 1 0 0 0 1 0 0"),
        ),
    )
    b = h.build
    valid = b.apply(Fn.NOT, h["评分", "废票"])

    def of(fn: Reduce) -> NodeId:
        key, at = [h["评分", "单位"]], [h["单位", "名称"]]
        return b.aggregate(fn, h["评分", "分"], where=valid, key=key, at=at)

    kept = b.apply(Fn.SUBTRACT, b.apply(Fn.SUBTRACT, of(Reduce.SUM), of(Reduce.GREATEST)), of(Reduce.LEAST))
    count = b.apply(Fn.SUBTRACT, of(Reduce.COUNT), b.number(2))
    mean = b.apply(Fn.DIVIDE, kept, b.apply(Fn.GREATEST, count, b.number(1)))
    enough = b.choose((compare(h, Fn.LESS, count, 1), b.nothing(State.ABSENT, mean)), otherwise=mean)
    assert h.values(enough) == [Fraction("87.5"), Fraction(72), State.ABSENT]


def test_quota_with_ties_at_the_cut_and_backfill() -> None:
    """30% of the units are 优秀, rounded down; who ties at the cut shares the place; a barred unit makes room.

    10 units, quota 3. Scores 99 98 97 96 96 96 90 …; the unit with 98 is barred (一票否优). Among the others the
    ranks are 99→1, 97→2, 96→3 3 3: all five are in, though the quota is 3. With overflow forbidden (the whole tie
    out) it is two.
    """
    h = hand(
        table("单位", 分=numbers("99 98 97 96 96 96 90 89 88 87"), 否优=bools("0 1 0 0 0 0 0 0 0 0")),
    )
    b = h.build
    eligible = b.apply(Fn.NOT, h["单位", "否优"])
    everyone = b.aggregate(Reduce.COUNT, h["单位", "分"])
    quota = b.rounded(b.apply(Fn.MULTIPLY, everyone, b.number(Fraction(3, 10))), 0, Mode.DOWN)
    place = b.add(Rank(h["单位", "分"], eligible, (), True, Ties.COMPETITION))
    inside = b.apply(Fn.LESS_EQUAL, place, quota)
    assert h.values(quota) == [3]
    assert h.values(inside) == [True, State.ABSENT, True, True, True, True, False, False, False, False]
    # how many share a place decides whether the tie still fits
    sharing = b.aggregate(Reduce.COUNT, place, key=[place])
    last = b.apply(Fn.SUBTRACT, b.apply(Fn.ADD, place, sharing), b.number(1))
    fits = b.apply(Fn.LESS_EQUAL, last, quota)
    excellent = b.choose((b.has(place, State.ABSENT), b.truth(False)), otherwise=fits)
    assert h.values(excellent) == bools("1 0 1 0 0 0 0 0 0 0")


def test_the_higher_of_two_ledgers_before_caps() -> None:
    """同一事项就高不就低，再按类封顶: the same matter in two ledgers counts once, the higher; then 5 points at most.

    甲: matter 获奖 3 and 4 → 4; matter 试点 2 → together 6, capped at 5. 乙: 获奖 2 and 1 → 2.
    """
    h = hand(
        table("单位", 名称=texts("甲 乙")),
        table("市级台账", 单位=texts("甲 甲 乙"), 事项=texts("获奖 试点 获奖"), 加分=numbers("3 2 2")),
        table("省级台账", 单位=texts("甲 乙"), 事项=texts("获奖 获奖"), 加分=numbers("4 1")),
    )
    b = h.build

    def stacked(name: str) -> NodeId:
        return b.add(Stack((h["市级台账", name], h["省级台账", name]), "全部台账"))

    unit, matter, points = stacked("单位"), stacked("事项"), stacked("加分")
    # each row brings its share of the highest of its matter, so that a matter counts once however ties lie
    highest = b.aggregate(Reduce.GREATEST, points, key=[unit, matter])
    rows = b.aggregate(Reduce.COUNT, points, key=[unit, matter])
    share = b.apply(Fn.DIVIDE, highest, rows)
    total = b.aggregate(Reduce.SUM, share, key=[unit], at=[h["单位", "名称"]])
    assert h.values(total) == numbers("6 2")
    assert h.values(b.apply(Fn.LEAST, total, b.number(5, POINTS))) == numbers("5 2")


def test_escalation_over_consecutive_months_with_reset() -> None:
    """连续两个月未达标扣 1 分，记一次后重新起算.

    甲 misses months 1 2 3 4 of 1…5: runs 1 2 1 2 0, two deductions. 乙 misses 1 2 4 5, has no month 3:
    1 2, then 1 2 again: two. 丙 misses 1, 3 is 未报: the run from there on is not known, until month 4 is met.
    """
    h = hand(
        table("单位", 名称=texts("甲 乙 丙")),
        table(
            "月报",
            单位=texts("甲 甲 甲 甲 甲 乙 乙 乙 乙 丙 丙 丙 丙"),
            月=numbers("1 2 3 4 5 5 4 2 1 1 2 3 4"),
            未达标=[*bools("1 1 1 1 0  1 1 1 1  1 0"), State.MISSING, False],
        ),
        unit=RATIO,
    )
    b = h.build
    run = b.add(Streak(h["月报", "未达标"], (h["月报", "单位"],), h["月报", "月"], limit=2))
    months: list[object] = [*numbers("1 2 1 2 0  2 1 2 1  1 0"), State.MISSING, Fraction(0)]
    assert h.values(run) == months
    hit = compare(h, Fn.EQUAL, run, 2)
    times = b.aggregate(Reduce.COUNT, run, where=hit, key=[h["月报", "单位"]], at=[h["单位", "名称"]])
    lost = b.apply(Fn.MULTIPLY, times, b.number(1, POINTS))
    assert h.values(lost) == [Fraction(2), Fraction(2), State.MISSING]


def test_redistribution_of_a_missing_weight() -> None:
    """不涉及的指标，其权重按比例分摊到其余指标: the score is the weighted sum over the weight that is there.

    Weights 50 30 20. 甲 has 80 90 100: 4000 + 2700 + 2000 = 8700, / 100 = 87.
    乙 does not have the second: (80 × 50 + 100 × 20) / 70 = 6000 / 70 = 85.714… → 85.71. 丙 did not report the third.
    """
    h = hand(
        table(
            "单位",
            一=numbers("80 80 80"),
            二=[Fraction(90), State.ABSENT, Fraction(90)],
            三=[Fraction(100), Fraction(100), State.MISSING],
        ),
    )
    b = h.build
    zero, nothing = b.number(0, POINTS), b.number(0)
    sums, weights = [], []
    for name, weight in (("一", 50), ("二", 30), ("三", 20)):
        score = h["单位", name]
        absent = b.has(score, State.ABSENT)
        present = b.choose((absent, zero), otherwise=score)
        counted = b.choose((absent, nothing), otherwise=b.number(weight))
        sums.append(b.apply(Fn.MULTIPLY, present, counted))
        weights.append(counted)
    score = b.apply(Fn.DIVIDE, b.apply(Fn.ADD, *sums), b.apply(Fn.ADD, *weights))
    assert h.values(score) == [Fraction(87), Fraction(6000, 70), State.MISSING]
    assert h.values(b.rounded(score, 2)) == [Fraction(87), Fraction("85.71"), State.MISSING]


def test_a_veto_lattice_with_precedence() -> None:
    """一票否决 (to 不合格) goes before 一票否优 (no better than 良好), which goes before 降一等; a rescue comes last.

    Start 优秀 everywhere. no veto: 优秀; barred: 良好; barred and dropped: 合格; vetoed, barred and dropped: 不合格
    (dropping the worst changes nothing, so the veto decided); vetoed and rescued (不低于合格): 合格;
    vetoed, and whether it is to be dropped not yet decided: 待定.
    """
    undecided: list[bool | State] = [*bools("0 0 1 1 0"), State.PENDING]
    h = hand(
        table(
            "单位",
            否决=bools("0 0 0 1 1 1"),
            否优=bools("0 1 1 1 0 0"),
            降等=undecided,
            保底=bools("0 0 0 0 1 0"),
        ),
    )
    cases = (
        SettleCase(h["单位", "否决"], EffectKind.SET, FAILED),
        SettleCase(h["单位", "否优"], EffectKind.AT_MOST, GOOD),
        SettleCase(h["单位", "降等"], EffectKind.DROP, 1),
        SettleCase(h["单位", "保底"], EffectKind.AT_LEAST, FAIR),
    )
    settled = h.build.add(Settle(grade(h, EXCELLENT), cases, ORDER))
    assert h.values(settled) == [EXCELLENT, GOOD, FAIR, FAILED, FAIR, State.PENDING]
    assert h.run(settled).decided(settled).tolist() == [-1, 1, 2, 0, 3, -1]


def test_a_value_fetched_from_another_grain() -> None:
    """负责人等次不得高于单位等次: the head's grade is no better than that of the unit.

    张 (甲 优秀) scored 优秀: 优秀. 李 (乙 良好) scored 优秀: 良好. 王 (乙) scored 合格: 合格.
    赵 belongs to a unit that is not appraised: nobody knows, 未报. 钱 belongs to one that is listed twice: 待定.
    """
    h = hand(
        table("单位", 名称=texts("甲 乙 戊 戊"), 分=numbers("95 85 60 61")),
        table("干部", 单位=texts("甲 乙 乙 丁 戊"), 分=numbers("91 92 70 99 99")),
    )
    b = h.build

    def graded(score: NodeId) -> NodeId:
        ninety, eighty = Fraction(90), Fraction(80)
        bands = (
            Band(grade(h, EXCELLENT), low=ninety),
            Band(grade(h, GOOD), low=eighty, high=ninety),
            Band(grade(h, FAIR), high=eighty),
        )
        return b.add(Lookup(score, bands))

    of_unit = b.add(Fetch(graded(h["单位", "分"]), (h["单位", "名称"],), (h["干部", "单位"],)))
    # the worse of two grades is the greater position
    head = b.apply(Fn.GREATEST, graded(h["干部", "分"]), of_unit)
    assert h.values(head) == [EXCELLENT, GOOD, FAIR, State.MISSING, State.PENDING]
