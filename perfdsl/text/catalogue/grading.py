"""K350 to K399, and K468: what can be wrong with grades, quotas, vetoes, limits and result applications."""

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
    "K580",
    MUST,
    "按名次评定的等次不会递补",
    "a grade held to ranks is never refilled",
    bad="| A | 2 名以内 | … 一票否优 …\n  名额：空出的由下一名递补",
    good="| A | 2 个 | …（写在“名额”一列） … 一票否优 …\n  名额：空出的由下一名递补",
)
def rank_never_refills(place: Place, grade: str, most: int) -> Problem:
    """等次表里写“名次”的，只看名次；前几名里有单位被否决、否优或限等，后面的单位名次不变，补不上。要递补的写成名额。"""
    return say(
        place,
        f"写了递补，可是“{grade}”按名次评定（{most} 名以内），空出来没有人递补",
        why=f"第 1 名被取消：“{grade}”有 {most} 个名额的，第 {most + 1} 名递补；只看名次的，第 {most + 1} 名不在"
        f" {most} 名以内，“{grade}”少 1 个。原文是哪一种？",
        mend=f"名额：空出的不递补\n或  等次表里“{grade}”的“名次”一列改成“名额”一列，写：{most} 个",
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
def last_grade_barred(place: Place, name: str, best: str) -> Problem:
    """最低的等次也不得评，单位就没有等次可评了。"""
    return say(
        place,
        f"“{name}”是最低的等次，不得评为它，就没有等次可评了",
        why="符合情形的单位没有等次",
        mend=f"后果：不得评为 “{best}”",
    )


@entry(
    "K375",
    MUST,
    "等次定为的不是最低等次",
    "a grade is set that is not the last",
    bad="后果：等次定为 “合格”（下面还有 “不合格”）",
    good="后果：等次不高于 “合格”",
)
def set_above_last(place: Place, name: str, lower: str, last: str) -> Problem:
    """定为一个不是最低的等次，本来更低的单位会不会因此升上来，读得出两种意思。"""
    return say(
        place,
        f"等次定为“{name}”，本来应评“{lower}”的单位怎么办，没有写明",
        why=f"本来评“{lower}”的单位：按“定为”读升为“{name}”，按“不高于”读仍是“{lower}”。原文是哪一种？"
        f"“等次定为”只能写最低的“{last}”，否决、限制没有升等次的写法",
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
def limit_without_effect(place: Place, best: str, next_: str) -> Problem:
    """不高于最高的等次，等于没有限制。"""
    return say(place, f"“{best}”已经是最高的等次，不高于它等于没有限制", mend=f"后果：等次不高于 “{next_}”")


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
def drop_cannot_pass_on(place: Place, limit: str) -> Problem:
    """降等在名额分完以后执行，单位先占了名额再往下降，别的单位不动。要递补的，用限等或一票否优。"""
    return say(
        place,
        "降等在名额分完以后执行，空出的名额不再递补",
        why="要下一名递补，就要在分名额以前限制：用“限等”或“一票否优”",
        mend="删去“名额”一行，或把“降等”改成“限等”" + (f"，后果写：等次不高于 “{limit}”" if limit else ""),
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


# Whose grade, which table of grades, what becomes of the rank


@entry(
    "K365",
    MUST,
    "被否决的单位还排不排名次没有写明",
    "whether a vetoed unit keeps its rank is not stated",
    bad="一票否决 重大事故【F01】（没有写“名次”一行）",
    good="名次：保留名次",
)
def rank_unstated(place: Place, word: str) -> Problem:
    """被否决的单位留在名次里，后面的单位名次不动；退出排名，后面的都进一名，名额基数也少一个。"""
    return say(
        place,
        f"{word}没有写明被否决的单位还排不排名次",
        why="总分第 2 名被否决：保留名次的，第 3 名仍是第 3 名；不参加排名的，第 3 名成为第 2 名。原文是哪一种？",
        mend="名次：保留名次\n或  名次：不参加排名",
    )


@entry(
    "K366",
    MUST,
    "否决、限等管到谁没有写明",
    "whose grade a rule acts on is not stated",
    bad="一票否优 …（办法里有“对象等次 领导班子”）",
    good="范围：单位、领导班子",
)
def scope_unstated(place: Place, word: str, scopes: Sequence[str]) -> Problem:
    """办法里除单位等次外还评班子、负责人等次的，每条否决、限等都要写明管到谁。"""
    everyone = "、".join(["单位", *scopes])
    return say(
        place,
        f"{word}没有写明管的是单位等次，还是{_quoted(scopes)}的等次",
        why="单位 “优秀” 而班子 “良好” 是有的：只管单位的，班子另有起点的不受影响；一并管的，都降下来。原文是哪一种？",
        mend=f"范围：单位\n或  范围：{everyone}",
    )


@entry(
    "K367",
    MUST,
    "提到的等次不在该类别的等次表里",
    "a rule names a grade that one table of grades does not have",
    bad="后果：不得评为 “优秀”（园区的等次是 A、B、C）",
    good="适用：类别 为 “区县”",
)
def grade_of_other_table(place: Place, names: Sequence[str], table: str, categories: Sequence[str]) -> Problem:
    """各类别等次名称不同时，每条规则要写明适用哪些类别，另一些类别另写一条。"""
    whom = f"（{'、'.join(categories)}）" if categories else ""
    return say(
        place,
        f"等次表“{table}”{whom}里没有{_quoted(names)}，这一条对它怎样执行没有写明",
        why="对没有这个等次的类别：是不执行，还是按相当的等次执行，读得出两种意思",
        mend="适用：类别 为 “……”（其他类别另写一条，用它自己的等次名称）",
    )


@entry(
    "K368",
    CONFIRM,
    "没有单位能评上的等次",
    "a grade that nobody can reach",
    bad="总分最高 100 分，| 优秀 | 105 分以上 |",
    good="| 优秀 | 90 分以上 |",
)
def grade_unreachable(place: Place, name: str, why: str) -> Problem:
    """分数线高过总分上限、名额为零的等次，谁也评不上，多半是抄漏了加分或改了满分。"""
    return say(
        place, f"“{name}”没有单位能评上：{why}", why="等次写在表里却永远空着", mend="改分数线或名额，或删去这一行"
    )


@entry(
    "K369",
    MUST,
    "范围没有声明",
    "an unknown scope",
    bad="范围：分管领导（没有“对象等次 分管领导”）",
    good="对象等次 分管领导",
)
def scope_unknown(place: Place, name: str, known: Sequence[str]) -> Problem:
    """范围里除“单位”外，写的都应是“对象等次”声明过的。"""
    return say(
        place,
        f"没有声明“{name}”的等次",
        why=f"可写的有：{_quoted(known)}",
        mend=f"另加一块：对象等次 {name}\n    与单位等次：随单位等次",
    )


@entry(
    "K379",
    MUST,
    "单列单位占不占名额没有写明",
    "whether units that stand apart use places is not stated",
    bad="类别 单列（不参加排名）\n  等次：按 “优秀” 对待",
    good="等次：按 “优秀” 对待，不占名额",
)
def treated_place_unstated(place: Place, name: str, grade: str) -> Problem:
    """单列单位按某个等次对待，占不占这个等次的名额，得奖的别的单位不同。"""
    return say(
        place,
        f"“{name}”按“{grade}”对待，占不占“{grade}”的名额，没有写明",
        why=f"“{grade}” 10 个名额、单列 4 家：不占的，别的单位仍评 10 个；占的，别的单位只评 6 个。原文是哪一种？",
        mend=f"等次：按 “{grade}” 对待，不占名额\n或  等次：按 “{grade}” 对待，占用名额",
    )


@entry(
    "K380",
    MUST,
    "占的是谁的名额没有写明",
    "places of which table are used is not stated",
    bad="等次 年度等次（按类别分别评定），类别 单列 按 “优秀” 对待，占用名额",
    good="等次 年度等次（全部单位一起评定）",
)
def treated_place_nowhere(place: Place, name: str) -> Problem:
    """按类别分别评定时，每个类别有自己的名额，单列单位占用名额，不知道占哪个类别的。"""
    return say(
        place,
        f"“{name}”占用名额，而名额按类别分别计算，不知道占哪个类别的",
        why="各类别名额分开数，单列的自己没有名额",
        mend="等次 年度等次（全部单位一起评定）\n或  等次：按 “优秀” 对待，不占名额",
    )


@entry(
    "K381",
    MUST,
    "不定等次的单位占不占名额没有写明",
    "what becomes of the place of a unit without a grade is not stated",
    bad="不定等次 立案未结【F05】（没有写“名额”一行）",
    good="名额：空出的由下一名递补",
)
def open_case_place_unstated(place: Place, grade: str) -> Problem:
    """立案未结的单位暂不定等次，它本来会占的名额是给它留着，还是让给下一名，得奖的单位不同。"""
    return say(
        place,
        f"暂不定等次的单位，本来会占的“{grade}”名额怎么办，没有写明",
        why=f"“{grade}” 6 个名额、第 3 名立案未结：名额保留的，先评 5 个，结案后再定；递补的，第 7 名评为“{grade}”。原文是哪一种？",
        mend="名额：名额保留\n或  名额：空出的由下一名递补",
    )


@entry(
    "K382",
    MUST,
    "类别与等次表对不上",
    "a category has no table of grades, or two",
    bad="等次 区县等次（类别：区县） 之外，“市直”没有等次表",
    good="等次 市直等次（类别：市直）",
)
def scheme_of_category(place: Place, name: str, tables: Sequence[str]) -> Problem:
    """每个参加排名的类别正好用一张等次表；不写类别的那一张管其余各类别。"""
    if tables:
        return say(
            place,
            f"类别“{name}”有两张等次表：{_quoted(tables)}",
            why="不知道按哪一张评",
            mend=f"只在一张的名称后写（类别：{name}）",
        )
    return say(place, f"类别“{name}”没有等次表", why="这些单位没有等次可评", mend=f"等次 {name}等次（类别：{name}）")


@entry(
    "K383",
    MUST,
    "直接评定的单位占不占名额没有写明",
    "whether a unit that is raised uses a place is not stated",
    bad="晋级 国家级表彰【F06】\n  后果：直接评为 “优秀”",
    good="名额：不占名额",
)
def raise_place_unstated(place: Place, grade: str) -> Problem:
    """直接评为某个等次的单位，占不占名额，别的单位评上的个数不同。"""
    return say(
        place,
        f"直接评为“{grade}”的单位占不占名额，没有写明",
        why=f"“{grade}” 6 个名额、直接评定 1 个：不占的，共评 7 个；占的，共评 6 个，别的单位 5 个。原文是哪一种？",
        mend="名额：不占名额\n或  名额：占用名额",
    )


@entry(
    "K468",
    MUST,
    "直接评定的不是单位的等次",
    "a raising of another grade than the unit's",
    bad="晋级 国家级表彰【F06】\n  范围：领导班子",
    good="范围：单位",
)
def raise_of_other_scope(place: Place, name: str) -> Problem:
    """晋级直接评定单位的等次；班子和负责人的等次从单位等次或起点来，再受各条限制。"""
    return say(
        place,
        f"晋级只评定单位的等次，范围里的“{name}”用不上",
        why="对象等次从单位等次或起点来，随单位等次的自然跟着晋级",
        mend=f"从范围里删去“{name}”",
    )


@entry(
    "K384",
    MUST,
    "对象等次的起点与“与单位等次”对不上",
    "the start of a grade and its bond to the unit's disagree",
    bad="与单位等次：随单位等次（又写了“起点”）",
    good="起点：班子考核等次，与单位等次：不得高于单位等次",
)
def scope_start(place: Place, name: str, follows: bool) -> Problem:
    """随单位等次的，没有自己的起点；有自己起点的，要写明能不能高于单位等次。"""
    if follows:
        return say(
            place,
            f"“{name}”写了随单位等次，又写了起点",
            why="是从单位等次算起，还是从起点的等次算起，读得出两种意思",
            mend="删去“起点”一行，或写：与单位等次：不得高于单位等次",
        )
    return say(
        place,
        f"“{name}”没有写起点",
        why="不随单位等次的，要写明它的等次从哪里来",
        mend="起点：班子考核等次（数据里的一栏，填等次名称）\n或  与单位等次：随单位等次",
    )


# Applications


@entry(
    "K390",
    CONFIRM,
    "结果运用没有上限",
    "an application without an upper bound",
    bad="| 优秀 | 3000 元 |，计发基数：在编人数（没有写“上限”）",
    good="上限：最高 50 万元",
)
def application_uncapped(place: Place, name: str) -> Problem:
    """按人数、基数计发的，人数是单位自己报的，没有上限就没有预算数。"""
    return say(
        place,
        f"“{name}”按基数计发，没有写上限",
        why="每人 3000 元、在编 800 人就是 240 万元；预算里有没有这个数？",
        mend="上限：最高 50 万元\n或  上限：不封顶",
    )


@entry(
    "K391",
    CONFIRM,
    "结果运用没有写明方式",
    "an application does not say its way",
    bad="状态：印发稿，结果运用 年度奖金【Y01】（没有写“方式”）",
    good="方式：综合运用、直接运用、当前运用",
)
def way_unstated(place: Place, name: str, missing: Sequence[str]) -> Problem:
    """结果运用要讲综合与重点、直接与适度、当前与长远三个相结合；定稿里每一条写明属于哪一种。"""
    return say(
        place,
        f"“{name}”没有写明是{'、'.join(missing)}",
        why="定稿的结果运用，每一条写明综合还是重点、直接还是适度、当前还是长远，才看得出有没有用过头",
        mend="方式：综合运用、直接运用、当前运用",
    )


@entry(
    "K392",
    MUST,
    "分数不在等次分数段内的怎样计发没有写明",
    "a total outside the band of its grade is not provided for",
    bad="| A | 2 | 3 |（A 有名额，超出名额的列入 B）",
    good="段外：按最近的端点计",
)
def outside_band_unstated(place: Place, grade: str) -> Problem:
    """有名额、否决或限等时，单位的总分可以不在它等次的分数段里，插值会算到段外去。"""
    return say(
        place,
        f"“{grade}”里有的单位总分不在“{grade}”的分数段内，怎样计发没有写明",
        why="总分 95 分、限等评为 80 分以上不足 90 分的一档：按最近的端点计得这一档的止点；不计发得 0。原文是哪一种？",
        mend="段外：按最近的端点计\n或  段外：不计发",
    )


@entry(
    "K393",
    MUST,
    "算出的数怎样取整没有写明",
    "how the number is made whole is not stated",
    bad="| 优秀 | 20% |，人数：参加考核人数（没有写“取整”）",
    good="取整：舍去尾数",
)
def share_rounding_unstated(place: Place, name: str) -> Problem:
    """优秀比例乘人数多半不是整数，“不超过”也要写明怎样取整。"""
    return say(
        place,
        f"“{name}”的名额怎样取整，没有写明",
        why="38 人的 20% 是 7.6 人：舍去尾数 7 名，四舍五入 8 名，进一 8 名；37 人的 20% 是 7.4 人：7、7、8 名。原文是哪一种？",
        mend="取整：舍去尾数\n或  取整：四舍五入\n或  取整：进一",
    )


@entry(
    "K394",
    MUST,
    "到最高一档以后怎样起算没有写明",
    "what follows the last step of a ladder is not stated",
    bad="| 连续 3 年以上 | 调整岗位 |（没有写“起算”）",
    good="起算：不重新起算",
)
def ladder_restart_unstated(place: Place, years: int) -> Problem:
    """连续到最高一档以后，下一年是仍在最高一档，还是从第一年重新数，措施不同。"""
    return say(
        place,
        f"连续 {years} 年以后再有一年，怎样起算没有写明",
        why=f"连续 {years + 1} 年：不重新起算的，仍按最高一档；计一次后重新起算的，又是第 1 年。原文是哪一种？",
        mend="起算：不重新起算\n或  起算：计一次后重新起算",
    )


@entry(
    "K395",
    MUST,
    "上一档的措施还执行不执行没有写明",
    "whether the steps of a ladder add up is not stated",
    bad="| 连续 2 年 | 一年内不得提拔 |（没有写“叠加”）",
    good="叠加：连同以前各档",
)
def ladder_adds_unstated(place: Place, first: str, second: str) -> Problem:
    """连续第二年的措施，是代替第一年的，还是在第一年的之外，读得出两种意思。"""
    return say(
        place,
        "高一档的措施是代替低一档的，还是一并执行，没有写明",
        why=f"连续 2 年的单位：只执行本档的是“{second}”；连同以前各档的是“{first}；{second}”。原文是哪一种？",
        mend="叠加：只执行本档\n或  叠加：连同以前各档",
    )


@entry(
    "K396",
    CONFIRM,
    "同一事实在几处受罚",
    "one fact is punished in several places",
    bad="台账“事故”既扣分又一票否优",
    good="# 已知悉 K396：既扣分又否优是会议定的",
)
def punished_twice(place: Place, fact: str, where: Sequence[str]) -> Problem:
    """同一件事既扣分，又否决，又在结果运用里处理，是过罚还是本意，要有人点头。"""
    return say(
        place,
        f"同一事实（{fact}）在 {len(where)} 处受罚：{'；'.join(where)}",
        why="一件事既扣分又降等又扣奖金，是本意还是重复，写办法的人要拿主意",
        mend="删去重复的一处\n或  在这一行的上一行写：# 已知悉 K396：理由",
    )


@entry(
    "K397",
    CONFIRM,
    "对同一等次的措施互相矛盾",
    "measures for one grade contradict each other",
    bad="| 良好 | 1.2 | … | 优秀 | 1.0 |",
    good="| 优秀 | 1.2 | … | 良好 | 1.0 |",
)
def measures_contradict(place: Place, told: str, mend: str) -> Problem:
    """低的等次给得比高的多，或同一等次既表扬又批评，多半是抄错了行。"""
    return say(place, told, why="多半是抄错了行；真是这样定的，在这一行的上一行写：# 已知悉 K397：理由", mend=mend)


@entry(
    "K398",
    MUST,
    "名次并列时怎样给没有写明",
    "what equal ranks give is not stated",
    bad="| 1 名 | 100 万元 | …（没有写“同名次”）",
    good="同名次：各得该名次的数",
)
def equal_rank_unstated(place: Place, first: str, second: str) -> Problem:
    """两个单位并列第 1 名，是各拿第 1 名的，还是平分第 1、2 名的，总数不同。"""
    return say(
        place,
        "名次并列时怎样给，没有写明",
        why=f"两个单位并列第 1 名：各得该名次的，每个 {first}；平分所占名次的，每个是 {first} 与 {second} 的平均。原文是哪一种？",
        mend="同名次：各得该名次的数\n或  同名次：平分所占名次的数",
    )


@entry(
    "K399",
    MUST,
    "结果运用的表读不通",
    "the table of an application does not hold together",
    bad="| 1 名 | 100 | … | 1 至 2 名 | 80 |",
    good="| 1 名 | 100 | … | 2 名 | 80 |",
)
def bad_table(place: Place, told: str, mend: str) -> Problem:
    """名次、年数各行不能重叠，插值的等次要有起止分数。"""
    return say(place, told, why="不知道按哪一行给", mend=mend)
