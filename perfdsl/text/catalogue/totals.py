"""K300–K349: sums, totals, rounding, ties."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT
SUBJECTS = {"value": "指标值", "point": "要点得分", "score": "指标得分", "group": "一级指标得分", "total": "总分"}


@entry(
    "K301",
    MUST,
    "合计与标称分值不符",
    "declared total differs from its parts",
    bad="指标 采砂（3 分）\n  要点：1 分 “规划许可”，…；1 分 “现场监管”，…",
    good="指标 采砂（2 分）\n  要点：1 分 “规划许可”，…；1 分 “现场监管”，…",
)
def sum_differs(
    span: Span | None, name: str, declared: Fraction, parts: Sequence[tuple[str, Fraction]], what: str
) -> Problem:
    """每一级标称的分值都要等于下一级之和。多数真实的考评办法都有这种错。"""
    total = sum((points for _, points in parts), Fraction(0))
    gap = declared - total
    shown = " + ".join(decimal(points) for _, points in parts[:12]) + (" + …" if len(parts) > 12 else "")
    return say(
        span,
        f"“{name}” 标称 {decimal(declared)} 分，{what}合计 {decimal(total)} 分，{'少' if gap > 0 else '多'} {decimal(abs(gap))} 分",
        why=f"{shown} = {decimal(total)}",
        mend=f"改标称分值为（{decimal(total)} 分），或改{what}的分值",
    )


@entry(
    "K302",
    MUST,
    "没有写小数怎么保留",
    "no rounding",
    bad="考评办法 甲（100 分）",
    good="小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍",
)
def rounding_missing(span: Span) -> Problem:
    """每个公布的数都要写明保留几位、怎样取舍；89.995 在哪一步取舍，决定是不是优秀。"""
    return say(
        span,
        "没有写小数保留几位、怎样取舍",
        why="89.995 四舍五入是 90.00，舍去尾数是 89.99",
        mend="小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍",
    )


@entry(
    "K303",
    MUST,
    "保留位数没有写明",
    "digits are not said",
    bad="小数：总分保留 2 位，四舍五入",
    good="小数：指标得分、总分均保留 2 位，四舍五入",
)
def digits_unstated(span: Span, subject: str) -> Problem:
    """指标得分和总分都要写明；不取舍也要写 “不取舍”。"""
    word = SUBJECTS[subject]
    return say(
        span,
        f"没有写明{word}保留几位",
        why="先各项取舍再相加，与最后一次取舍，结果可能差 0.01 分以上",
        mend=f"{word}保留 2 位，四舍五入 或 {word}不取舍",
    )


@entry(
    "K304",
    MUST,
    "取舍方式没有写明",
    "rounding mode is not said",
    bad="小数：总分保留 2 位",
    good="小数：总分保留 2 位，四舍五入",
)
def mode_unstated(span: Span, subject: str) -> Problem:
    """四舍五入、四舍六入五成双、舍去尾数、进一，要写明是哪一种。"""
    return say(
        span,
        f"{SUBJECTS[subject]}怎样取舍没有写明",
        why="0.125 四舍五入是 0.13，舍去尾数、四舍六入五成双都是 0.12",
        mend="在位数后写：，四舍五入",
    )


@entry(
    "K305",
    MUST,
    "总分怎么组成没有写明",
    "composition of the total is not said",
    bad="考评办法 甲（100 分）",
    good="总分：基本分 + 加分 － 扣分，总分最高 105 分，最低 0 分",
)
def composition_missing(span: Span) -> Problem:
    """总分由哪些部分组成、最高最低是多少，要写明。"""
    return say(
        span,
        "总分怎么组成没有写明",
        why="加分算不算在 100 分之内，决定谁能超过满分",
        mend="总分：基本分 + 加分 － 扣分，总分最高 105 分，最低 0 分",
    )


@entry(
    "K306",
    MUST,
    "有加分项或扣分项，总分里没有",
    "bonuses or deductions outside the total",
    bad="总分：基本分\n加分项 表彰（最高 3 分）",
    good="总分：基本分 + 加分，总分最高 103 分",
)
def part_left_out(span: Span, word: str) -> Problem:
    """写了加分项、扣分项，总分的组成里却没有它。"""
    return say(
        span,
        f"有{word}项，总分的组成里没有{word}",
        why=f"这样{word}不起作用",
        mend=f"在 “总分：” 里加上 {'+ 加分' if word == '加分' else '－ 扣分'}",
    )


@entry(
    "K307",
    MUST,
    "总分有没有上下限没有写明",
    "bounds of the total are not said",
    bad="总分：基本分 + 加分",
    good="总分：基本分 + 加分，总分最高 105 分",
)
def bound_unstated(span: Span, word: str, example: str) -> Problem:
    """有加分就要写总分最高多少或不封顶，有扣分就要写最低多少或不保底。"""
    return say(span, f"总分{word}多少没有写明", mend=example)


@entry(
    "K308",
    MUST,
    "满分与各一级指标合成的不符",
    "the declared full mark is not what the groups come to",
    bad="考评办法 甲（100 分）\n  总分：各一级指标得分的平均\n一级指标 乙（80 分）\n一级指标 丙（100 分）",
    good="考评办法 甲（90 分）",
)
def full_differs(span: Span | None, name: str, declared: Fraction, found: Fraction, shown: str) -> Problem:
    """总分按权重、取平均、取最低的，各一级指标都得满分时的总分，要等于办法（或类别）标称的满分。"""
    return say(
        span,
        f"“{name}” 标称 {decimal(declared)} 分，各一级指标都得满分时总分是 {decimal(found)} 分",
        why=f"{shown} = {decimal(found)}",
        mend=f"改标称分值为（{decimal(found)} 分），或改各一级指标的分值、权重",
    )


@entry(
    "K309",
    MUST,
    "不涉及时给什么没有写明",
    "not applicable is not answered",
    bad="适用：类别 为 “区县”",
    good="适用：类别 为 “区县”\n不涉及：分值按比例调到同一级指标",
)
def absent_unanswered(span: Span | None, name: str) -> Problem:
    """只适用于一部分单位的指标，要写明其余单位给什么。"""
    return say(
        span,
        f"“{name}” 只适用于一部分单位，没有写明其余单位给什么",
        why="得满分、不得分、分值调给别的指标，总分各不相同",
        mend="不涉及：得满分（或 不得分、得同类平均分、分值按比例调到同一级指标、按折算满分、不计分）",
    )


@entry(
    "K310",
    CONFIRM,
    "不封顶的条款一次就占基本分一成以上",
    "uncapped clause weighs a tenth of the base",
    bad="加分项 通报表扬\n  计分：省级每次 20 分\n  上限：不封顶",
    good="加分项 通报表扬（最高 5 分）\n  计分：省级每次 2 分",
)
def heavy_uncapped(span: Span | None, name: str, once: Fraction, base: Fraction) -> Problem:
    """不封顶又一次就占基本分一成以上的条款，几次就能盖过全部指标。"""
    return say(
        span,
        f"“{name}” 不封顶，一次 {decimal(once)} 分，占基本分 {decimal(base)} 分的 {decimal(once / base * 100)}%",
        why="几次就能盖过其他全部指标",
        mend="写最高多少分，或加注：# 已知悉 K310：理由",
    )


@entry(
    "K311",
    CONFIRM,
    "满分之外的部分不封顶",
    "item may exceed its full mark without a cap",
    bad="超出部分：计入本指标，不封顶",
    good="超出部分：计入本指标，最高加 2 分",
)
def beyond_uncapped(span: Span | None, name: str) -> Problem:
    """指标可以超过自己的分值，又没有上限。"""
    return say(
        span,
        f"“{name}” 可以超过自己的分值，没有上限",
        why="一项就能改变总分和名次",
        mend="写最高多少分，或加注：# 已知悉 K311：理由",
    )


@entry(
    "K312",
    MUST,
    "权重之和不是 100%",
    "weights do not add up to 100%",
    bad="权重 50% + 25% + 20%",
    good="权重 50% + 25% + 25%",
)
def weights_differ(span: Span | None, total: Fraction) -> Problem:
    """各一级指标权重之和应为 100%。"""
    return say(span, f"各一级指标权重之和是 {decimal(total * 100)}%，不是 100%", mend="改权重，使合计为 100%")


@entry(
    "K313",
    MUST,
    "总分之外的标注",
    "label outside the total",
    bad="一级指标 六、奖扣分（7 分）（另有 100 分）",
    good="加分项 六、通报表扬【六.1】",
)
def label_outside(span: Span, name: str, declared: Fraction) -> Problem:
    """奖扣分不在基本分之内，标注的分值与内容对不上。"""
    return say(
        span, f"“{name}” 标注 {decimal(declared)} 分，但不在总分之内", mend="去掉这个标注，或写成最高加多少、最多扣多少"
    )


@entry(
    "K314",
    MUST,
    "比较范围没有写明",
    "population is not said",
    bad="计分：最高者得满分，其余按与最高者的比例",
    good="比较范围：同类别\n计分：最高者得满分，其余按与最高者的比例",
)
def population_unstated(span: Span | None, name: str) -> Problem:
    """最高者、第一名、名次是在同类别里比，还是全部单位一起比，要写明。"""
    return say(
        span,
        f"“{name}” 在哪些单位里比没有写明",
        why="分类别比和一起比，第一名不是同一个单位",
        mend="比较范围：同类别（或 参加排名的单位、全部单位）",
    )


@entry(
    "K315",
    MUST,
    "类别满分与指标合计不符",
    "category's full mark differs from its items",
    bad="类别 市直（100 分）（市直适用的指标合计 90 分）",
    good="类别 市直（90 分）",
)
def category_differs(span: Span | None, name: str, declared: Fraction, found: Fraction) -> Problem:
    """每个类别适用的指标，分值合计要等于该类别的满分。"""
    return say(
        span,
        f"类别 “{name}” 标称 {decimal(declared)} 分，适用的指标合计 {decimal(found)} 分",
        mend=f"改类别满分为（{decimal(found)} 分），或调整指标",
    )


@entry(
    "K317",
    MUST,
    "权重没有写",
    "weight missing",
    bad="一级指标 产出（100 分）",
    good="一级指标 产出（权重 25%，100 分）",
)
def weight_missing(span: Span | None, name: str) -> Problem:
    """总分按权重合成时，每个一级指标都要有权重。"""
    return say(span, f"“{name}” 没有权重", mend="（权重 25%，100 分）")


@entry(
    "K318",
    MUST,
    "个性指标合计不符",
    "individual points differ",
    bad="单位 甲局 合计 35 分，应为 40 分",
    good="每个单位合计 40 分",
)
def individual_differs(span: Span | None, unit: str, declared: Fraction, found: Fraction) -> Problem:
    """每个单位的个性指标分值合计要相等，否则起点就不公平。"""
    return say(
        span, f"{unit} 的个性指标合计 {decimal(found)} 分，应为 {decimal(declared)} 分", mend="改附表里该单位各行的分值"
    )


@entry(
    "K316",
    MUST,
    "权重没有用到",
    "a weight that the total does not use",
    bad="总分：各一级指标得分的平均\n一级指标 产出（权重 25%，100 分）",
    good="总分：各一级指标得分 × 权重 之和\n一级指标 产出（权重 25%，100 分）",
)
def weight_unused(span: Span | None, name: str, root: bool) -> Problem:
    """权重只在总分按 “各一级指标得分 × 权重 之和” 合成时起作用，只有最上一级有权重。"""
    mend = "总分：各一级指标得分 × 权重 之和" if root else "删去权重，把分值写成折算以后的数"
    return say(span, f"“{name}” 的权重没有用到", why="总分不是按这个权重合成的", mend=mend)


@entry(
    "K319",
    MUST,
    "两条规定先后不同，结果不同",
    "the order of two rules decides",
    bad="降等 甲：后果：降 1 个等次\n降等 乙：后果：等次定为 “合格”",
    good="降等 乙：后果：等次不高于 “合格”",
)
def order_decides(
    span: Span | None, one: str, other: str, start: str, results: tuple[str, str], first: Span | None
) -> Problem:
    """同一环节的两条规定都适用于一个单位时，先后不同、结果不同的，要改写得与先后无关。"""
    return say(
        span,
        f"“{one}” 和 “{other}” 都适用时，先后不同，结果不同",
        why=f"原为 “{start}” 的单位：先 “{one}” 后 “{other}” 是 “{results[0]}”，反过来是 “{results[1]}”",
        mend=f"改其中一条的后果，如：等次不高于 “{results[1]}”",
        related=[Related(first, "另一条在这里")] if first else [],
    )


@entry(
    "K334",
    MUST,
    "按类别的权重不合",
    "weights by category do not add up",
    bad="权重：\n  | 类别 | 权重 |\n  | 区县 | 60% |（另一项 30%）",
    good="权重：\n  | 类别 | 权重 |\n  | 区县 | 60% |（另一项 40%）",
)
def category_weight(span: Span | None, category: str, what: str) -> Problem:
    """权重按类别不同的，每个类别的权重都要写，合计 100%。"""
    return say(
        span,
        f"类别 “{category}” 的权重：{what}",
        why="权重不到或超过 100%，总分就不对",
        mend="改权重表，使每个类别合计 100%",
    )


@entry(
    "K335",
    MUST,
    "权重表里没有今年",
    "a table of weights lacks the year",
    bad="年度：2015；权重：| 年度 | 权重 |，| 2014 | 30% |",
    good="权重：| 年度 | 权重 |，| 2014 | 30% |，| 2015 | 40% |",
)
def weight_of_year_missing(span: Span | None, year: str, head: str, names: Sequence[str]) -> Problem:
    """权重表第一列写 年度 的，取办法年度那一行；写 类别 的，各类别取各自的一行。"""
    return say(
        span,
        f"权重表第一列是“{head}”（{'、'.join(names)}），没有 {year or '年度没有写'} 这一行",
        why="不知道今年用哪一个权重",
        mend=f"加一行：| {year or '2025'} | 40% |",
    )


@entry(
    "K336",
    MUST,
    "分别评分的怎样合成没有写明",
    "how separate scores become one is not stated",
    bad="评分单位：环保局、水文局，分别评分",
    good="评分单位：环保局、水文局，分别评分，取平均",
)
def scorers_unstated(span: Span | None, scorers: Sequence[str], low: str, high: str) -> Problem:
    """几家各打各的分，一项只能有一个得分。一致才算、取低、取平均、取高，结果各不相同。"""
    return say(
        span,
        f"{'、'.join(scorers)}分别评分，没有写明怎样合成：一家给 {low} 分、一家给 {high} 分，这一项得几分？",
        why="几家的分合成一个，读法不止一种",
        mend="\n".join(
            f"{'、'.join(scorers)}，分别评分，{how}" for how in ("结果一致方可计分", "取低", "取平均", "取高")
        ),
    )


@entry(
    "K337",
    MUST,
    "分别评分没有各自的数",
    "separate scorers without numbers of their own",
    bad="评分单位：环保局、水文局，分别评分，取低\n指标值：达标率",
    good="评分单位：环保局、水文局，分别评分，取低\n计分：人工评分，0.5 分一档，写明理由",
)
def scorers_alike(span: Span | None, name: str) -> Problem:
    """分别评分的，数据里每家各有一列。写了指标值、台账的，几家用的是同一个数，评出来总是一样。"""
    return say(
        span,
        f"{name}：写了分别评分，几家用的却是同一个数",
        why="分别评分要有各自的数：不写指标值和台账，每家各填一列",
        mend="删去指标值（台账），或只写一个评分单位",
    )


@entry(
    "K338",
    MUST,
    "加分项只扣不加",
    "bonus that never adds",
    bad="加分项 年度任务（最高 0.5 分）\n  计分：每有 1 项未完成扣 0.1 分，扣完本项为止",
    good="加分项 年度任务（最高 0.5 分）\n  计分：全部完成加 0.5 分；每有 1 项未完成扣 0.1 分，扣完本项为止",
)
def bonus_only_loses(span: Span | None, name: str, most: str, loss: str) -> Problem:
    """加分项从 0 分加起，只写扣分的，谁都得 0 分。要从某个分数往下扣的，写明没有一件时加几分。"""
    return say(
        span,
        f"“{name}” 只扣不加：加分项从 0 分起，每个单位都是 0 分",
        why="从几分往下扣没有写；读作扣分项，又会多扣",
        mend=f"全部完成加 {most or '0.5'} 分；{loss}",
    )


@entry(
    "K584",
    MUST,
    "加分项没有扣分可免",
    "exemption from losses in a bonus",
    bad="加分项 表彰（最高 5 分）\n  计分：每次得 2 分，不封顶\n  免扣：人口 ≥ 50 万人",
    good="加分项 表彰（最高 5 分）\n  计分：每次得 2 分，不封顶\n  适用：人口 < 50 万人\n  不涉及：得 2 分",
)
def exempt_bonus(span: Span | None, name: str, full: Fraction | None) -> Problem:
    """免扣是“不扣，得满分”，写在扣分的指标和扣分项里。加分项从 0 分加起，没有扣分可免；写了，符合的单位一件没做也得满分。"""
    given = f"一件没有也得满分 {decimal(full)} 分" if full is not None else "原来加的分也没有了"
    return say(
        span,
        f"“{name}” 是加分项，没有扣分可免",
        why=f"免扣是不扣、得满分：符合的单位{given}",
        mend="删去“免扣”一行\n或  符合的单位另给几分的，写“适用”（不符合的单位）和“不涉及”（如：得 2 分）"
        "\n或  本来是扣分的，块头改成“扣分项”",
    )


@entry(
    "K339",
    MUST,
    "等次的分数段有重叠或空档",
    "printed ranges overlap or leave gaps",
    bad="| 完成 | 80-94 |\n| 基本完成 | 60-80 |",
    good="| 完成 | 80 以上不足 95 |\n| 基本完成 | 60 以上不足 80 |",
)
def printed_dashes(
    span: Span,
    twice: Sequence[tuple[Fraction, Fraction, str, str]],
    nowhere: Sequence[tuple[Fraction, Fraction]],
    lows: Sequence[tuple[str, Fraction | None]],
) -> Problem:
    """印成 80-94、60-80 的等次表，两头都算进去读，80 分在两个等次里，94 分到 95 分的小数哪个等次都不归。"""
    said = [f"{_run(low, high)}在 “{upper}” 和 “{lower}” 里都有" for low, high, upper, lower in twice]
    said += [f"{decimal(low)} 分到 {decimal(high)} 分之间的，哪个等次都不归" for low, high in nowhere]
    rows, above = [], None
    for grade, low in lows:
        part = f"{decimal(low)} 以上" if low is not None else ""
        rows.append(f"| {grade} | {part}{f'不足 {decimal(above)}' if above is not None else ''} |")
        above = low
    return say(
        span,
        f"两头都算进去读：{'；'.join(said)}",
        why="落在这里的单位，等次有两种或者没有",
        mend="\n".join(rows),
    )


def _run(low: Fraction, high: Fraction) -> str:
    return f"{decimal(low)} 分" if low == high else f"{decimal(low)} 分至 {decimal(high)} 分"


@entry(
    "K328",
    MUST,
    "个性指标的一行不能这样答复",
    "an answer that has no meaning for a row",
    bad="计分办法 完成率法\n  不涉及：得同类平均分",
    good="计分办法 完成率法\n  不涉及：不计分",
)
def row_answer(span: Span | None, method: str, answer: str) -> Problem:
    """个性指标各单位的行不同：一行没有同类可以平均，分值也只在本单位的行里。该行不计分，或写给几分。"""
    return say(
        span,
        f"计分办法 “{method}” 写在个性指标的行上，“{answer}”说不清和谁比、调给谁",
        why="各单位的行不同，行和行不能平均，也不能互相调分值",
        mend="不计分",
    )


@entry(
    "K329",
    MUST,
    "个性指标的行不能和别的单位比",
    "a row of one unit compared with other units",
    bad="计分办法 完成率法\n  计分：最高者得满分，其余按与最高者的比例",
    good="计分办法 完成率法\n  计分：按完成比例，最高得满分",
)
def row_compared(span: Span | None, method: str, what: str) -> Problem:
    """个性指标各单位的行不同，一行的数没有别的单位的数可比，也没有自己的台账。要比的、按台账数的，单写一项指标。"""
    return say(
        span,
        f"计分办法 “{method}” 写在个性指标的行上，{what}",
        why="各单位的行不同：一行只有自己的完成值、目标值、分值",
        mend="另写一项指标，或改用这一行自己的数，例如：按完成比例，最高得满分",
    )


@entry(
    "K300",
    MUST,
    "一级指标不是 100 分",
    "a group that has not 100 points",
    bad="总分：各一级指标得分 × 权重 之和（一级指标各按 100 分计）\n一级指标 甲（权重 40%，50 分）",
    good="一级指标 甲（权重 40%，100 分）",
)
def group_of_100(span: Span | None, name: str, full: Fraction) -> Problem:
    """“一级指标各按 100 分计” 说的是各一级指标的分值都是 100 分；不是 100 分的，不会自动折算。"""
    half, share = full / 2, Fraction(50)
    return say(
        span,
        f"写了“一级指标各按 100 分计”，“{name}” 是 {decimal(full)} 分",
        why=f"得 {decimal(half)} 分的，按 {decimal(half)} 分算，还是折算成 {decimal(share)} 分算？分值写成 100 分，就只有一种读法",
        mend="（100 分）",
    )


@entry(
    "K330",
    MUST,
    "最高百分之几，没有写明是什么的百分之几",
    "a cap in per cent of what is not stated",
    bad="加分项 创新（最高 8%）",
    good="加分项 创新（最高 基本分 × 8%）",
)
def cap_share_unstated(span: Span | None, written: str) -> Problem:
    """上限写百分之几的，写明是单位实得的基本分的百分之几，还是某一项得分、分值的百分之几。"""
    return say(
        span,
        f"最高 {written}：实得基本分 92 分的 8% 是 7.36 分，满分 100 分的 8% 是 8 分。原文是哪一种？",
        why="读法不同，上限不同",
        mend=f"最高 基本分 × {written}\n最高 8 分",
    )


@entry(
    "K331",
    MUST,
    "按折算满分有两种读法",
    "scaling to the full mark can be read in two ways",
    bad="总分：各一级指标得分的最低者\n一级指标 甲（100 分）\n指标 执法（50 分）\n  不涉及：按折算满分",
    good="不涉及：分值按比例调到同一级指标",
)
def smaller_full_unclear(
    span: Span | None, name: str, among: str, example: str, readings: Sequence[tuple[str, str]], mend: str
) -> Problem:
    """相加、按权重、取平均的，去掉一项以后满分少多少算得出；取最低者的、不是相加的要点，先后不同得数不同，要改成说得清的写法。"""
    told = "；".join(f"{how}，总分 {points} 分" for how, points in readings)
    shown = "，还是 ".join(f"{points} 分" for _, points in readings)
    return say(span, f"“{name}” 按折算满分，{among}：总分是 {shown}？", why=f"{example}：{told}", mend=mend)


@entry(
    "K332",
    MUST,
    "按折算满分，没有写满分是多少",
    "no full mark to scale to",
    bad="考评办法 甲\n指标 执法（50 分）\n  不涉及：按折算满分",
    good="考评办法 甲（100 分）",
)
def smaller_full_of_nothing(span: Span | None, name: str, whole: str, full: str) -> Problem:
    """按折算满分是得分 ÷ 有的满分 × 全部满分；全部满分写在办法开头，各类别不同的写在各类别。"""
    return say(
        span,
        f"“{name}” 按折算满分，{whole}没有写满分，不知道折算到多少分",
        why="得 40 分、其余满分 50 分的：折算到 100 分是 80 分，折算到 120 分是 96 分",
        mend=f"（{full} 分）",
    )


@entry(
    "K333",
    MUST,
    "系数和得同类平均分在同一项里",
    "a coefficient and the mean of the others in one item",
    bad="指标 招商（100 分）\n  不涉及：得同类平均分\n  系数：难度系数",
    good="一级指标 招商（100 分）\n  系数：难度系数\n指标 招商项目（100 分）\n  不涉及：得同类平均分",
)
def mean_beside_a_coefficient(
    span: Span | None, name: str, state: str, example: str, readings: Sequence[tuple[str, str]]
) -> Problem:
    """平均的是乘系数以前的分，还是公布的分？两种都有人用，得数不同。系数写到上一级，平均的就是这一项公布的得分。"""
    return say(
        span,
        f"{name}：{state}得同类平均分，平均的是乘系数以前的分，还是公布的分？",
        why=f"{example}：" + "；".join(f"{reading}，是 {points} 分" for reading, points in readings),
        mend="把系数、系数封顶两行写到上一级，平均的就是这一项公布的得分；或者不写得同类平均分，写明得几分",
    )
