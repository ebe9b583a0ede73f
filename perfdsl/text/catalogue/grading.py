"""K350 to K399: what can be wrong with grades, quotas, vetoes, limits and result applications."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Span

Place = Span | None
MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


def _quoted(names: Sequence[str], most: int = 8) -> str:
    return "、".join(f"“{name}”" for name in names[:most]) + (" 等" if len(names) > most else "")


def _percent(share: Fraction) -> str:
    number = share * 100
    return f"{number.numerator if number.denominator == 1 else float(number):g}%"


# Quotas


@entry(
    "K350",
    MUST,
    "空出的名额归谁没有写明",
    "who takes the freed place is not stated",
    bad="一票否优 重大事故【F01】（没有写“名额”一行）",
    good="名额：空出的由下一名递补",
)
def backfill_unstated(place: Place, word: str, grade: str) -> Problem:
    """有名额的等次里，排在名额内的单位被否决、否优或限等，空出的名额由下一名递补，还是空着，得奖的单位不同。"""
    return say(
        place,
        f"{word}没有写明空出的“{grade}”名额归谁",
        why=f"“{grade}” 6 个名额、第 3 名被取消：递补时第 7 名评为“{grade}”，仍是 6 个；不递补时只评 5 个。原文是哪一种？",
        mend="名额：空出的由下一名递补\n或  名额：空出的不递补",
    )


@entry(
    "K351",
    MUST,
    "名额基数没有写明",
    "the base of a quota is not stated",
    bad="| 优秀 | 90 分以上 | 30% |（没有写“名额基数”）",
    good="名额基数：参加排名的单位数",
)
def quota_base_unstated(place: Place, grade: str, share: Fraction) -> Problem:
    """名额按比例给的，要写明是谁的百分之几：参加排名的、参加考核的（含单列的），还是达到分数线的。"""
    ranked, appraised, qualified = (_half_up(share * count) for count in (60, 70, 40))
    return say(
        place,
        f"“{grade}”的名额是 {_percent(share)}，没有写明以什么为基数",
        why=f"参加考核 70 家，其中参加排名 60 家、符合条件 40 家：按参加排名的有 {ranked} 个名额，"
        f"按参加考核的有 {appraised} 个，按符合条件的有 {qualified} 个。原文是哪一种？",
        mend="名额基数：参加排名的单位数\n或  名额基数：参加考核的单位数\n或  名额基数：符合条件的单位数",
    )


def _half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


@entry(
    "K352",
    MUST,
    "名额取整没有写明",
    "the rounding of a quota is not stated",
    bad="| 优秀 | 90 分以上 | 20% |（没有写“名额取整”）",
    good="名额取整：四舍五入",
)
def quota_rounding_unstated(place: Place, grade: str, share: Fraction) -> Problem:
    """比例乘以单位数常常不是整数，取整的办法不同，名额差一个。"""
    count = next((n for n in (78, 72, 65, 63, 77, 71) if (share * n).denominator != 1), 78)
    exact = share * count
    return say(
        place,
        f"“{grade}”的名额是 {_percent(share)}，没有写明怎样取整",
        why=f"{count} 家的 {_percent(share)} 是 {float(exact):g}：四舍五入 {_half_up(exact)} 个，"
        f"舍去尾数 {floor(exact)} 个，进一 {ceil(exact)} 个。原文是哪一种？",
        mend="名额取整：四舍五入\n或  名额取整：舍去尾数\n或  名额取整：进一",
    )


@entry(
    "K353",
    MUST,
    "名额末位同分没有写明",
    "a tie at the cut is not settled",
    bad="| 优秀 | 90 分以上 | 30% |（没有写“名额末位同分”）",
    good="名额末位同分：一并计入",
)
def quota_tie_unstated(place: Place, grade: str) -> Problem:
    """最后一个名额上有几个单位同分，都评上还是都不评，必须事先写明。"""
    return say(
        place,
        f"没有写明“{grade}”最后一个名额上同分的单位怎么办",
        why="6 个名额，第 6 名有两家同分：一并计入时评 7 家，一并不计入时评 5 家。原文是哪一种？",
        mend="名额末位同分：一并计入\n或  名额末位同分：一并不计入",
    )


@entry(
    "K354",
    MUST,
    "超出名额的去向没有写明",
    "what becomes of units beyond the quota is not stated",
    bad="| 优秀 | 90 分以上 | 30% |（没有写“超出名额”）",
    good="超出名额：列入下一等次",
)
def quota_over_unstated(place: Place, grade: str) -> Problem:
    """分数够了、名额不够的单位评什么等次，要写明。"""
    return say(
        place,
        f"没有写明分数够“{grade}”、名额不够的单位评什么等次",
        why="不写明，这些单位就没有等次",
        mend="超出名额：列入下一等次",
    )


@entry(
    "K355",
    MUST,
    "名额不对",
    "a quota that cannot be",
    bad="| 优秀 | 90 分以上 | 130% |",
    good="| 优秀 | 90 分以上 | 30% |",
)
def bad_quota(place: Place, grade: str, written: str) -> Problem:
    """比例在 0 到 100% 之间，名额数是 0 或正整数。"""
    return say(
        place,
        f"“{grade}”的名额写的是 {written}",
        why="比例应在 0 到 100% 之间，名额数应是整数",
        mend=f"| {grade} | 90 分以上 | 30% |",
    )


@entry(
    "K356",
    MUST,
    "有名额，没有名次",
    "a quota without a ranking",
    bad="等次 年度等次 里有名额，全文没有写“同分”",
    good="同分：并列占位（1、2、2、4）",
)
def quota_without_ranking(place: Place, grade: str) -> Problem:
    """名额按名次给，名次要写明同分怎样排。"""
    return say(
        place,
        f"“{grade}”按名次给名额，全文没有写明名次怎样排",
        why="两家并列第 2 名时，下一家是第 4 名还是第 3 名，没有写明",
        mend="同分：并列占位（1、2、2、4）\n或  同分：并列不占位（1、2、2、3）",
    )


# Bands and names of grades


@entry(
    "K357",
    MUST,
    "等次的分数段有空当",
    "a gap between the bands of grades",
    bad="优秀 90 分以上；良好 80 分以上 89 分以下",
    good="优秀 90 分以上；良好 80 分以上不足 90 分",
)
def band_gap(place: Place, example: str, low: str, high: str, *, mend: str) -> Problem:
    """总分落在两段之间的单位没有等次。总分有小数时，“80 至 89、90 以上”之间就有空当。"""
    between = f"{low}和{high}之间" if low and high else (f"{high}之下" if high else f"{low}之上")
    return say(
        place,
        f"{between}没有等次：总分 {example} 分评什么？",
        why="落在空当里的单位没有等次",
        mend=mend,
    )


@entry(
    "K358",
    MUST,
    "等次的分数段重叠",
    "the bands of grades overlap",
    bad="优秀 90 分以上；良好 80 分以上 90 分以下",
    good="优秀 90 分以上；良好 80 分以上不足 90 分",
)
def band_overlap(place: Place, example: str, first: str, second: str, *, mend: str, other: Place) -> Problem:
    """同一个总分在两个等次的分数段里。以上、以下都含本数时，交界的那一分常常两边都算。"""
    return say(
        place,
        f"总分 {example} 分既在“{first}”又在“{second}”的分数段里",
        why=f"评“{first}”还是“{second}”，没有写明（名额不够时列入下一等次，用“超出名额”写，不用把分数段写重）",
        mend=mend,
        related=(Related(other, f"“{first}”在这里"),) if other else (),
    )


@entry(
    "K359",
    MUST,
    "没有这个等次",
    "unknown grade",
    bad="后果：不得评为 “优良”",
    good="后果：不得评为 “优秀”",
)
def unknown_grade(place: Place, name: str, near: str | None, known: Sequence[str]) -> Problem:
    """等次的名称以“等次”表里写的为准。"""
    guess = f"，是不是“{near}”？" if near else ""
    return say(
        place,
        f"没有“{name}”这个等次{guess}",
        why=f"等次表里有的是：{_quoted(known)}",
        mend=f"“{near}”" if near else f"写等次表里有的一个：{_quoted(known)}",
    )


@entry(
    "K360",
    MUST,
    "没有等次",
    "there are no grades",
    bad="有一票否优，没有“等次”一块",
    good="等次 年度等次（按类别分别评定）",
)
def no_grades(place: Place) -> Problem:
    """否决、否优、限等、降等和按等次的结果运用，都要先有等次。"""
    return say(
        place,
        "全文没有等次，这一条无从执行",
        why="否决、否优、限等、降等和结果运用都落在等次上",
        mend="等次 年度等次（全部单位一起评定）\n  | 等次 | 总分 | 名额 |\n  | 优秀 | 90 分以上 | 不限 |\n  | 合格 | 其余 | 不限 |",
    )


@entry(
    "K361",
    MUST,
    "等次写了两次",
    "a grade stands twice",
    bad="| 优秀 | 90 分以上 | … | 优秀 | 85 分以上 |",
    good="每个等次一行",
)
def grade_twice(place: Place, name: str) -> Problem:
    """每个等次在表里只有一行。"""
    return say(place, f"等次“{name}”写了两行", why="不知道以哪一行为准", mend="删去一行，或改成另一个等次的名称")


@entry(
    "K362",
    MUST,
    "最低的等次还有条件",
    "the last grade does not take everybody that is left",
    bad="| 不合格 | 不足 60 分 | 10% |",
    good="| 不合格 | 不足 60 分 | 不限 |",
)
def last_grade_conditional(place: Place, name: str) -> Problem:
    """最低的等次要接住所有剩下的单位，不能再设名额、名次或另需符合的条件。"""
    return say(
        place,
        f"最低的等次“{name}”还设了名额、名次或另需符合的条件",
        why="不符合的单位没有等次可评",
        mend=f"| {name} | 其余 | 不限 |",
    )


@entry(
    "K363",
    MUST,
    "“其余”写了两次",
    "其余 stands twice",
    bad="| 良好 | 其余 | … | 合格 | 其余 |",
    good="| 合格 | 其余 | 不限 |",
)
def rest_twice(place: Place, first: str, second: str) -> Problem:
    """“其余”是别的等次都不收的分数，只能有一个等次写它。"""
    return say(
        place,
        f"“{first}”和“{second}”的总分都写“其余”",
        why="剩下的单位评哪一个，没有写明",
        mend=f"| {first} | 60 分以上不足 90 分 | 不限 |",
    )


@entry(
    "K364",
    MUST,
    "等次没有从高到低排",
    "grades do not go from the best to the worst",
    bad="| 合格 | 60 分以上不足 90 分 | 在 | 优秀 | 90 分以上 | 的上面",
    good="| 优秀 | 90 分以上 | 在上面",
)
def grades_out_of_order(place: Place, above: str, below: str) -> Problem:
    """等次表从高到低写，次序就是高低；分数段应与次序一致。"""
    return say(
        place,
        f"“{below}”的分数比“{above}”高，却写在它的下面",
        why="等次表从上到下就是从高到低，降等、限等都按它来数",
        mend=f"把“{below}”一行移到“{above}”的上面",
    )


# Vetoes, limits and drops


@entry(
    "K370",
    MUST,
    "没有写明情形",
    "no case is stated",
    bad="一票否决 重大事故【F01】（没有写“情形”）",
    good="情形：台账 “事故” 中 类型 为 “重大责任事故” 的 1 起以上",
)
def case_unstated(place: Place, word: str) -> Problem:
    """在什么情形下执行，必须写明。"""
    return say(
        place,
        f"{word}没有写明在什么情形下执行",
        why="没有情形，不知道对谁执行",
        mend="情形：台账 “事故” 中 类型 为 “重大责任事故” 的 1 起以上\n或  情形之一：\n    · 受到省级以上通报批评",
    )


@entry(
    "K371",
    MUST,
    "情形写了两处",
    "both 情形 and 情形之一 are stated",
    bad="情形：…；情形之一：…",
    good="情形之一：\n    · 第一种\n    · 第二种",
)
def case_twice(place: Place) -> Problem:
    """“情形”和“情形之一”同时出现，是都要符合，还是符合一处就算，读得出两种意思。"""
    return say(
        place,
        "“情形”和“情形之一”都写了，是都要符合，还是符合一处就执行？",
        why="某单位只符合其中一处：前一种读法不执行，后一种读法执行",
        mend="只留一处：符合一种就执行的，都列入“情形之一”；都要符合的，在“情形”里用“且”连接",
    )


@entry(
    "K372",
    MUST,
    "没有写明后果",
    "no effect is stated",
    bad="降等 违反纪律【F03】（没有写“后果”）",
    good="后果：降 1 个等次",
)
def effect_unstated(place: Place, word: str, mend: str) -> Problem:
    """降几个等次、不高于哪个等次，必须写明。"""
    return say(place, f"{word}没有写明后果", why="降到哪里、以什么为限，没有写明", mend=mend)


@entry(
    "K373",
    MUST,
    "不得评为的等次上面还有等次",
    "grades above the barred one are left open",
    bad="后果：不得评为 “良好”（上面还有 “优秀”）",
    good="后果：不得评为 “优秀”、“良好”",
)
def bar_below_top(place: Place, barred: Sequence[str], order: Sequence[str]) -> Problem:
    """不得评为某个等次，比它高的等次自然也不得评；写全了，才不会有人按字面去读。"""
    last = max(order.index(name) for name in barred)
    return say(
        place,
        f"写的是不得评为{_quoted(barred)}，比它高的等次没有一并写上",
        why=f"按字面读，{_quoted([name for name in order[:last] if name not in barred])}反而可以评",
        mend=f"后果：不得评为 {'、'.join(f'“{name}”' for name in order[: last + 1])}",
    )


@entry(
    "K374",
    MUST,
    "最低的等次也不得评",
    "the last grade is barred",
    bad="后果：不得评为 “不合格”",
    good="后果：不得评为 “优秀”",
)
def last_grade_barred(place: Place, name: str) -> Problem:
    """最低的等次也不得评，单位就没有等次可评了。"""
    return say(
        place,
        f"“{name}”是最低的等次，不得评为它，就没有等次可评了",
        why="符合情形的单位没有等次",
        mend="后果：不得评为 “优秀”",
    )


@entry(
    "K375",
    MUST,
    "等次定为的不是最低等次",
    "a grade is set that is not the last",
    bad="后果：等次定为 “合格”（下面还有 “不合格”）",
    good="后果：等次不高于 “合格”",
)
def set_above_last(place: Place, name: str, lower: str) -> Problem:
    """定为一个不是最低的等次，本来更低的单位会不会因此升上来，读得出两种意思。"""
    return say(
        place,
        f"等次定为“{name}”，本来应评“{lower}”的单位怎么办，没有写明",
        why=f"本来评“{lower}”的单位：按“定为”读升为“{name}”，按“不高于”读仍是“{lower}”。原文是哪一种？",
        mend=f"后果：等次不高于 “{name}”",
    )


@entry(
    "K376",
    MUST,
    "限等没有效果",
    "a limit that limits nothing",
    bad="后果：等次不高于 “优秀”",
    good="后果：等次不高于 “良好”",
)
def limit_without_effect(place: Place, best: str) -> Problem:
    """不高于最高的等次，等于没有限制。"""
    return say(place, f"“{best}”已经是最高的等次，不高于它等于没有限制", mend="后果：等次不高于 “良好”")


@entry(
    "K377",
    MUST,
    "降等的个数不对",
    "a drop by an impossible number of grades",
    bad="后果：降 0.5 个等次",
    good="后果：降 1 个等次",
)
def bad_drop(place: Place, grades: int) -> Problem:
    """降几个等次是正整数，且少于等次的个数。"""
    return say(
        place,
        f"降几个等次应是 1 到 {grades - 1} 的整数",
        why=f"一共 {grades} 个等次，最多降 {grades - 1} 个",
        mend="后果：降 1 个等次",
    )


@entry(
    "K378",
    MUST,
    "降等空不出名额",
    "a drop cannot pass a place on",
    bad="降等 …\n  名额：空出的由下一名递补",
    good="限等 …\n  名额：空出的由下一名递补",
)
def drop_cannot_pass_on(place: Place) -> Problem:
    """降等在名额分完以后执行，单位先占了名额再往下降，别的单位不动。要递补的，用限等或一票否优。"""
    return say(
        place,
        "降等在名额分完以后执行，空出的名额不再递补",
        why="要下一名递补，就要在分名额以前限制：用“限等”或“一票否优”",
        mend="删去“名额”一行，或把“降等”改成“限等”，后果写：等次不高于 “良好”",
    )


# Applications


@entry(
    "K385",
    MUST,
    "结果运用漏了等次",
    "an application misses a grade",
    bad="| 优秀 | 1.2 | … | 良好 | 1.0 |（没有合格、不合格）",
    good="每个等次一行，不给的写 0",
)
def application_misses(place: Place, missing: Sequence[str]) -> Problem:
    """按等次给数的结果运用，每个等次都要有一行；不给的写 0，不能空着。"""
    return say(
        place,
        f"没有写明{_quoted(missing)}给多少",
        why="没有写的不当作 0",
        mend="\n".join(f"| {name} | 0 |" for name in missing),
    )


@entry(
    "K386",
    MUST,
    "结果运用里一个等次写了两次",
    "an application names a grade twice",
    bad="| 优秀 | 1.2 | … | 优秀 | 1.1 |",
    good="每个等次一行",
)
def application_twice(place: Place, name: str) -> Problem:
    """同一个等次有两行，不知道按哪一行给。"""
    return say(place, f"“{name}”写了两行", why="不知道按哪一行给", mend="删去一行")


@entry(
    "K387",
    MUST,
    "结果运用的表里不是数",
    "an application gives no number",
    bad="| 优秀 | 上浮 |",
    good="| 优秀 | 1.2 |",
)
def application_not_number(place: Place, name: str) -> Problem:
    """等次对应的是数。要写文字措施的，用“对象”和“措施”。"""
    return say(
        place,
        f"“{name}”后面应写一个数",
        why="要写文字措施的，每个等次另写一块",
        mend=f"| {name} | 1.0 |\n或  对象：等次 为 “{name}”\n    措施：……",
    )


@entry(
    "K388",
    MUST,
    "结果运用没有对象",
    "a measure does not say whom it concerns",
    bad="结果运用 连续优秀【Y02】\n  措施：记集体三等功",
    good="对象：连续 3 年等次为 “优秀”",
)
def whom_unstated(place: Place) -> Problem:
    """措施用在谁身上，必须写明。"""
    return say(
        place,
        "没有写明措施用在哪些单位上",
        why="没有对象，不知道对谁执行",
        mend="对象：等次 为 “优秀”",
    )


@entry(
    "K389",
    MUST,
    "结果运用没有措施",
    "a measure does not say what is done",
    bad="结果运用 连续优秀【Y02】\n  对象：连续 3 年等次为 “优秀”",
    good="措施：记集体三等功",
)
def action_unstated(place: Place) -> Problem:
    """对这些单位做什么，必须写明。"""
    return say(place, "没有写明对这些单位采取什么措施", why="没有措施，无从执行", mend="措施：通报表扬")
