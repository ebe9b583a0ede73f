"""K1xx: names, codes, fields and structure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from perfdsl.text.citation import Address
from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Source, Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


def _instead(span: Span, written: str, near: str | None) -> str:
    """The marked words with ``near`` where ``written`` stands; "" where nothing is near."""
    if not near:
        return ""
    return span.text.replace(written, near) if written in span.text else f"是不是 “{near}”？"


def _near(near: str | None) -> str:
    return f"是不是 “{near}”？" if near else ""


def _listed(names: Iterable[str], most: int = 6) -> str:
    all_names = list(names)
    shown = "、".join(f"“{name}”" for name in all_names[:most])
    return shown + (f" 等 {len(all_names)} 个" if len(all_names) > most else "")


# ---- names


@entry(
    "K101",
    MUST,
    "名称没有声明",
    "unknown name",
    bad="指标值：固投完成率额 ÷ 固投目标额",
    good="指标值：固投完成额 ÷ 固投目标额",
)
def name_unknown(span: Span, name: str, near: str | None) -> Problem:
    """算式和条件里的名称必须先在 “数据” 或 “列” 中声明，写法要一字不差。"""
    return say(
        span,
        f"没有叫 “{name}” 的数据",
        why="算式里的名称要先在 “数据：” 或 “列：” 里写出来",
        mend=_near(near) or f"在本指标下加一行：数据：{name}（件）",
    )


@entry(
    "K102",
    MUST,
    "名称指代不明",
    "ambiguous name",
    bad="指标值：目标值额 ÷ 2",
    good="指标值：附表 “年度目标” 的 “目标额” ÷ 2",
)
def name_ambiguous(span: Span, name: str, tables: Sequence[str]) -> Problem:
    """几张表里有同名的栏目时，要写明是哪一张表的。"""
    return say(
        span,
        f"“{name}” 在 {_listed(tables)} 里都有",
        why="不写明是哪张表，就有两种算法",
        mend=f"附表 “{tables[0]}” 的 “{name}”",
    )


@entry(
    "K103",
    MUST,
    "指标值还是得分",
    "value or score of an item",
    bad="指标值：编制集约程度 + 1",
    good="指标值：得分【2.1】 + 1",
)
def value_or_score(span: Span, name: str, code: str) -> Problem:
    """引用别的指标时要写明用的是它的指标值还是得分。"""
    return say(
        span,
        f"“{name}” 是一项指标，没有写明用它的指标值还是得分",
        why="两个数一般不同",
        mend=f"得分【{code}】 或 指标值【{code}】",
    )


@entry("K104", MUST, "编号没有声明", "unknown code", bad="指标值：得分【A99】", good="指标值：得分【A01】")
def code_unknown(span: Span | None, code: str, near: str | None) -> Problem:
    """【】里的编号必须是本办法中某一项的编号。"""
    return say(
        span, f"没有编号为【{code}】的指标", mend=span.text.replace(code, near) if near and span else "写一个已有的编号"
    )


@entry(
    "K195",
    MUST,
    "否决、限等的编号没有声明",
    "unknown code of a rule",
    bad="对象：【F09】成立",
    good="对象：【F01】成立",
)
def rule_unknown(span: Span, code: str, near: str | None, applied: str | None = None) -> Problem:
    """“【F01】成立”说的是一条否决、否优、限等或降等，编号要是其中一条的。结果运用不能这样引用，把它的条件再写一遍。"""
    if applied is not None:
        return say(
            span,
            f"【{code}】是结果运用，不能用“成立”引用",
            why="“成立”只管否决、否优、限等、降等；结果运用的先后不影响谁符合条件",
            mend=applied or f"把【{code}】“对象”一栏的条件再写一遍",
        )
    mend = f"是不是【{near}】？" if near else "写一条否决、否优、限等或降等的编号"
    return say(span, f"没有编号为【{code}】的否决、否优、限等或降等", mend=mend)


@entry(
    "K105",
    MUST,
    "名称重复",
    "name used twice",
    bad="附表 年度目标（每个单位一行）\n附表 年度目标（每个单位一行）",
    good="附表 年度目标（每个单位一行）\n附表 上年实绩（每个单位一行）",
)
def name_twice(span: Span | None, name: str, first: Span | None) -> Problem:
    """同一张表里栏目不能重名，表与表不能重名。"""
    related = [Related(first, "第一次在这里")] if first else []
    return say(span, f"“{name}” 声明了两次", why="引用它时分不清是哪一个", mend="改名，或删去其中一个", related=related)


@entry(
    "K106",
    MUST,
    "编号重复",
    "code used twice",
    bad="指标 甲（5 分）【A01】\n指标 乙（5 分）【A01】",
    good="指标 甲（5 分）【A01】\n指标 乙（5 分）【A02】",
)
def code_twice(span: Span, code: str, first: Span) -> Problem:
    """编号在全文唯一：改名、调整顺序时靠它认人。"""
    return say(
        span,
        f"编号【{code}】用了两次",
        why="两年对照、查分都按编号认指标",
        mend="给其中一项换一个编号",
        related=[Related(first, "第一次在这里")],
    )


@entry(
    "K107",
    MUST,
    "编号与上级不符",
    "code contradicts its parent",
    bad="一级指标 生态（30 分）【B】\n指标 固投（10 分）【A01】",
    good="一级指标 经济（30 分）【A】\n指标 固投（10 分）【A01】",
)
def code_disagrees(span: Span, code: str, above: str, owner: Span | None, owner_name: str) -> Problem:
    """指标归它上面最近的一级指标；编号以上级的编号开头。整段复制到别处时常出这个错。"""
    related = [Related(owner, f"编号像是这一级 “{owner_name}” 的")] if owner else []
    mend = f"移到 “{owner_name}” 下面，或改编号为【{above}…】" if owner else f"改编号为【{above}…】"
    return say(
        span,
        f"编号【{code}】与上级【{above}】不一致",
        why="指标归它上面最近的标题，分值也计入那一级",
        mend=mend,
        related=related,
    )


@entry(
    "K108",
    MUST,
    "没有这张表",
    "unknown table",
    bad="台账：表扬，认定日期在考核期内",
    good="台账：表彰，认定日期在考核期内",
)
def table_unknown(span: Span, name: str, near: str | None) -> Problem:
    """引用的附表、台账要在本办法中声明。"""
    return say(
        span,
        f"没有叫 “{name}” 的表",
        why="附表和台账要先声明才能引用",
        mend=_instead(span, name, near) or f"加一段：台账 {name}（每个事项一行）",
    )


@entry(
    "K109",
    MUST,
    "表里没有这一栏",
    "unknown column",
    bad="目标值：附表 “年度目标” 的 “办结”",
    good="目标值：附表 “年度目标” 的 “办结率目标”",
)
def column_unknown(span: Span, table: str, column: str, near: str | None) -> Problem:
    """引用的栏目要在那张表的 “列” 里。"""
    return say(
        span,
        f"“{table}” 里没有 “{column}” 这一栏",
        mend=_instead(span, column, near) or f"在 “{table}” 的 “列：” 里加上 {column}",
    )


@entry(
    "K110",
    MUST,
    "可选内容里没有这个",
    "value is not among the choices",
    bad="适用：类别 为 “县区”",
    good="适用：类别 为 “区县”",
)
def choice_unknown(span: Span, column: str, value: str, choices: Sequence[str], near: str | None) -> Problem:
    """栏目声明了可选内容时，条件里只能写其中之一。"""
    return say(
        span,
        f"“{column}” 里没有 “{value}”" + (f"，可选内容是 {_listed(choices)}" if choices else ""),
        why="这样写，条件永远不成立",
        mend=_instead(span, value, near)
        or "\n".join(_instead(span, value, one) for one in choices[:4])
        or "写可选内容中的一个",
    )


@entry("K111", MUST, "没有这个等次", "unknown grade", bad="后果：不得评为 “优等”", good="后果：不得评为 “优秀”")
def grade_unknown(span: Span, name: str, grades: Sequence[str], near: str | None) -> Problem:
    """等次名称以 “等次” 表为准。"""
    return say(
        span,
        f"没有叫 “{name}” 的等次" + (f"，等次表里是 {_listed(grades)}" if grades else "，本办法没有等次表"),
        mend=_near(near) or "写等次表里有的名称",
    )


@entry("K112", MUST, "没有这一级", "unknown group", bad="归入：C", good="归入：B")
def group_unknown(span: Span, name: str) -> Problem:
    """归入要写一级指标的名称或编号。"""
    return say(span, f"没有叫 “{name}” 的一级指标", mend="写一级指标的名称或编号")


@entry(
    "K113",
    MUST,
    "没有目标值或指标值",
    "no target or value of its own",
    bad="计分：不高于目标值得满分，否则不得分",
    good="目标值：5 件\n计分：不高于目标值得满分，否则不得分",
)
def own_missing(span: Span, what: str) -> Problem:
    """计分里提到 “目标值” “指标值” 时，本指标要写出它们。"""
    word = "目标值" if what == "target" else "指标值"
    return say(span, f"提到了{word}，但本指标没有写 “{word}”", mend=f"加一行：{word}：…")


@entry(
    "K114",
    MUST,
    "引用的指标没有指标值",
    "the item has no value",
    bad="指标值：指标值【B02】",
    good="指标值：得分【B02】",
)
def item_without_value(span: Span, code: str) -> Problem:
    """只有写了 “指标值” 的指标才能引用它的指标值。"""
    return say(span, f"【{code}】没有指标值，只有得分", mend=f"得分【{code}】")


@entry(
    "K115",
    MUST,
    "循环引用",
    "circular reference",
    bad="指标 甲【A1】\n  指标值：得分【A2】\n指标 乙【A2】\n  指标值：得分【A1】",
    good="指标 甲【A1】\n  指标值：得分【A2】",
)
def circle(span: Span | None, steps: Sequence[str]) -> Problem:
    """一项的结果不能绕一圈又取决于它自己：指标值用到总分、适用看等次、否决看本年等次，都是。"""
    return say(
        span,
        "循环引用：" + " → ".join(steps),
        why="谁先算都算不出来",
        mend="去掉其中一处引用",
    )


# ---- units and kinds


@entry(
    "K120",
    MUST,
    "单位不同不能相加或比较",
    "unlike units",
    bad="指标值：投诉件数 + 常住人口",
    good="指标值：投诉件数 ÷ 常住人口",
)
def units_differ(span: Span, units: Sequence[str]) -> Problem:
    """件和人不能相加，分和比率不能比较；相除得到比率或 “件／人” 这样的单位。"""
    return say(
        span,
        f"{'与'.join(f'“{unit}”' for unit in dict.fromkeys(units))}不能相加、相减或比较",
        why="单位不同，结果没有意义",
        mend="换成同一单位的数据，或改为相除",
    )


@entry("K121", MUST, "种类不同不能比较", "unlike kinds", bad="适用：类别 ≥ 3", good="适用：类别 为 “区县”")
def kinds_differ(span: Span, left: str, right: str, column: str = "") -> Problem:
    """数与数比，日期与日期比，文字用 “为”。声明的列没有写计量单位，就是文字。"""
    mend = "文字用 “为 “…””，数用 ≥、≤、不低于等"
    if column:
        mend = f"“{column}”是数的，在声明它的地方写上计量单位：{column}（件、%、万元一类）；{mend}"
    return say(span, f"左边是{left}，右边是{right}，不能比较", mend=mend)


@entry("K122", MUST, "这里要数", "a number is needed", bad="指标值：类别 × 2", good="指标值：办结件数 × 2")
def not_a_number(span: Span, kind: str, column: str = "") -> Problem:
    """算式和目标值只能用数。声明的列没有写计量单位，就是文字，不能计算、比较。"""
    if column:
        return say(
            span,
            f"这里要数，写的是{kind}“{column}”",
            mend=f"“{column}”是数的，在声明它的地方写上计量单位：{column}（件、%、万元一类）；不是数的，换成数量栏目",
        )
    return say(span, f"这里要数，写的是{kind}", mend="换成数量栏目，或在声明时写上计量单位：…（件）")


@entry("K123", MUST, "这里要文字栏目", "a text is needed", bad="适用：人口 为 “多”", good="适用：人口 ≥ 60 万人")
def not_a_text(span: Span) -> Problem:
    """“为” 只用于文字和是否；数用 ≥、≤ 等比较。"""
    return say(span, "“为” 前面要文字栏目", mend="数用 ≥、≤、不低于、不超过")


@entry(
    "K124",
    MUST,
    "这里要日期",
    "a date is needed",
    bad="台账：表彰，级别在考核期内",
    good="台账：表彰，认定日期在考核期内",
)
def not_a_date(span: Span) -> Problem:
    """“在考核期内” 前面要日期栏目。"""
    return say(span, "“在考核期内” 前面要日期栏目", mend="写台账里的日期栏目，如：认定日期在考核期内")


@entry(
    "K125",
    MUST,
    "没有写考核期",
    "no appraisal period",
    bad="台账：表彰，认定日期在考核期内（全文没有考核期）",
    good="考核期：2025年1月1日至2025年12月31日",
)
def period_missing(span: Span) -> Problem:
    """用到 “在考核期内” 就要写明考核期。"""
    return say(span, "用到了考核期，但开头没有写", mend="在开头加一行：考核期：2025年1月1日至2025年12月31日")


@entry("K126", MUST, "除以 0", "division by zero", bad="指标值：办结件数 ÷ 0", good="指标值：办结件数 ÷ 应办结件数")
def divisor_zero(span: Span) -> Problem:
    """除数写成了 0。"""
    return say(span, "除数是 0", mend="改除数")


@entry(
    "K127",
    MUST,
    "次数要整数",
    "a whole number is needed",
    bad="情形：台账 “事故” 的 0.5 起以上",
    good="情形：台账 “事故” 的 1 起以上",
)
def count_not_whole(span: Span) -> Problem:
    """几起、几次以上要写 1 以上的整数。"""
    return say(span, "次数要写 1 以上的整数", mend="如：1 起以上")


@entry("K128", MUST, "平均只对一个数", "mean of one thing", bad="目标值：平均（甲、乙）", good="目标值：平均（指标值）")
def mean_of_one(span: Span) -> Problem:
    """平均（…）是各单位的平均，括号里写一个数。"""
    return say(span, "平均（…）里要写一个数", why="它是这个数在各单位的平均", mend="平均（指标值）")


@entry(
    "K129",
    MUST,
    "平均怎么取没有写明",
    "mean is not defined",
    bad="目标值：平均（指标值）（开头没有 “平均”）",
    good="平均：简单平均，含本单位，参加排名的单位",
)
def mean_unstated(span: Span, population: bool, self: bool) -> Problem:
    """平均要写明在哪些单位里取、含不含本单位，两种读法的结果不同。"""
    lacks = "、".join(word for word, absent in (("在哪些单位里取", population), ("含不含本单位", self)) if absent)
    return say(
        span,
        f"平均{lacks}没有写明",
        why="例：三个单位为 90、80、70 时，第一个单位的平均，含本单位是 80，不含是 75",
        mend="在开头写：平均：简单平均，含本单位，参加排名的单位",
    )


# ---- tables


@entry(
    "K130",
    MUST,
    "表没有写 “列”",
    "table without columns",
    bad="附表 年度目标（每个单位一行）",
    good="附表 年度目标（每个单位一行）\n  列：单位、固投目标额（亿元）",
)
def columns_missing(span: Span, name: str) -> Problem:
    """每张表都要列出栏目。"""
    return say(span, f"“{name}” 没有写有哪些栏目", mend="加一行：列：单位、…")


@entry("K131", MUST, "数据没有写计量单位", "fact without a unit", bad="数据：办结件数", good="数据：办结件数（件）")
def unit_missing(span: Span, name: str) -> Problem:
    """数据要写计量单位（或文字、日期、是否、可选内容），否则读不懂填报的数。"""
    return say(
        span,
        f"“{name}” 没有写计量单位",
        why="98 是 98 件还是 98%，算出来不一样",
        mend=f"{name}（点）、{name}（倍）或 {name}（%）"
        if name.endswith(("指数", "系数", "倍数", "比值", "值"))
        else f"{name}（件）、{name}（%）或 {name}（是否）",
    )


@entry(
    "K132",
    MUST,
    "月报怎样成为全年数没有写明",
    "monthly to yearly is not said",
    bad="数据：办结件数（件，每月）",
    good="数据：办结件数（件，每月，全年合计）",
)
def to_year_unstated(span: Span, name: str, unit: str) -> Problem:
    """按月报的数要写明全年怎么取：合计、平均，还是累计数取 12 月。"""
    return say(
        span,
        f"“{name}” 按月报，没有写明全年怎么取",
        why="各月 8、8、10：合计 26，平均 8.67，取 12 月数是最后一个月的数",
        mend=f"{name}（{unit}，每月，全年合计） 或 （{unit}，每月，各月平均） 或 （{unit}，每月，取12月数）",
    )


@entry(
    "K133",
    MUST,
    "同名数据声明不同",
    "column declared differently",
    bad="数据：满意度（分）\n数据：满意度（%）",
    good="数据：满意度（分）",
)
def column_differs(span: Span | None, name: str, first: Span | None) -> Problem:
    """几项指标共用一个数据时，各处的声明要一样。"""
    return say(
        span,
        f"“{name}” 在两处声明得不一样",
        why="是同一个数还是两个数，分不清",
        mend="改成一样，或换一个名称",
        related=[Related(first, "另一处在这里")] if first else [],
    )


@entry("K134", HINT, "表头没有声明", "undeclared heading", bad="| 单位 | 备忘 |", good="| 单位 | 目标额 |")
def heading_undeclared(place: Span | Address | None, text: str, known: Sequence[str]) -> Problem:
    """附表里有 “列” 没有声明的表头，这一栏不会用到。"""
    return say(
        place,
        f"表头 “{text}” 没有在 “列：” 里声明，这一栏用不到",
        why=f"声明的是 {_listed(known)}",
        mend="在 “列：” 里加上，或删去这一栏",
    )


@entry(
    "K135",
    MUST,
    "表格要有表头和内容",
    "table needs rows",
    bad="计分：分档",
    good="计分：分档\n  | 比例 | 得分 |\n  | 95% 以上 | 6 |",
)
def table_rows_missing(span: Span | None, headings: Sequence[str]) -> Problem:
    """分档、等次等要在下面列表。"""
    return say(span, "下面要有一张表", mend="    | " + " | ".join(headings) + " |")


@entry("K136", MUST, "表头缺一栏", "heading missing", bad="| 比例 | 分 |", good="| 比例 | 得分 |")
def heading_missing(span: Span, heading: str) -> Problem:
    """表格要有规定的栏目。"""
    return say(
        span,
        f"表头里没有 “{heading}” 这一栏",
        mend=f"把分数那一栏的表头写作：{heading}" if heading == "得分" else f"加一栏：{heading}",
    )


@entry("K137", MUST, "表头读不懂", "unknown heading", bad="| 要点 | 分值 | 怎么算 |", good="| 要点 | 分值 | 计分 |")
def heading_unknown(span: Span, text: str, near: str | None) -> Problem:
    """要点表、等次表的表头是固定的几种。"""
    return say(
        span,
        f"表头 “{text}” 读不懂",
        mend=_near(near) or "用：要点、分值、评分单位、指标值、目标值、计分、不涉及、未发生",
    )


# ---- fields


@entry(
    "K140",
    MUST,
    "同一栏写了两次",
    "field twice",
    bad="计分：达到得满分，否则不得分\n计分：按完成比例，最高得满分",
    good="计分：达到得满分，否则不得分",
)
def field_twice(span: Span, label: str, first: Span) -> Problem:
    """一段里同一栏只能写一次。"""
    return say(
        span, f"“{label}” 写了两次", why="不知道以哪一个为准", mend="删去一个", related=[Related(first, "第一次在这里")]
    )


@entry(
    "K141",
    MUST,
    "这一栏在这里用不上",
    "field has no use here",
    bad="指标 甲（5 分）\n  名额：30%",
    good="指标 甲（5 分）\n  计分：达到得满分，否则不得分",
)
def field_unused(span: Span | None, label: str) -> Problem:
    """写了却不起作用的内容，会让人以为规则已经生效。"""
    return say(span, f"“{label}” 在这里不起作用", why="这种计分方式或这一段不看这一栏", mend="删去，或移到它该在的地方")


@entry(
    "K142",
    MUST,
    "缺一栏",
    "field missing",
    bad="一票否优 重大事故【F01】",
    good="一票否优 重大事故【F01】\n  情形：…\n  后果：不得评为 “优秀”",
)
def field_missing(span: Span, name: str, label: str) -> Problem:
    """这一段缺少必须写的内容。"""
    return say(span, f"“{name}” 没有写 “{label}”", mend=f"加一行：{label}：…")


@entry("K143", MUST, "这一栏读不懂", "field unreadable", bad="名额：看情况", good="名额：空出的由下一名递补")
def field_unreadable(
    span: Span, label: str, over: Sequence[Span], missing: Sequence[str], could: Sequence[str]
) -> Problem:
    """这一栏里有用不上的话，或缺少必须写的内容。"""
    words = "、".join(f"“{one.text}”" for one in over)
    lacks = f"缺少：{'；'.join(missing)}" if missing else "没有写全"
    return say(
        over[0] if over else span,
        f"“{label}” {f'{words} 在这里用不上' if words else lacks}",
        why=f"这一栏可以写的有：{'；'.join(could)}",
        mend=f"{label}：{missing[0] if missing else could[0] if could else ''}",
    )


@entry(
    "K144",
    MUST,
    "没有写怎么计分",
    "no scoring",
    bad="指标 甲（5 分）【A01】\n  评分单位：市水利局",
    good="指标 甲（5 分）【A01】\n  计分：达到得满分，否则不得分",
)
def scoring_missing(span: Span, name: str) -> Problem:
    """每项指标都要写 “计分”，或列出要点。"""
    return say(span, f"“{name}” 没有写怎么计分", mend="加一行：计分：达到得满分，否则不得分")


@entry(
    "K145",
    MUST,
    "合不成一种计分方式",
    "phrase fits no way of scoring",
    bad="计分：分档，人工评分",
    good="计分：人工评分，0.5 分一档，写明理由",
)
def scoring_unreadable(
    span: Span, kind: str, over: Sequence[Span], missing: Sequence[str], could: Sequence[str], instead: str = ""
) -> Problem:
    """一项指标只有一种计分方式，它的各句要合得起来。"""
    words = "、".join(f"“{one.text}”" for one in over)
    told = [f"{words} 合不进去"] if words else []
    told += [f"还缺：{'；'.join(missing)}"] if missing else []
    return say(
        over[0] if over else span,
        f"这几句合不成一种计分方式：最像 “{kind}”，但{'，'.join(told)}",
        why=f"几种方式混在一起，算法就不确定；“{kind}” 可以写：{'；'.join(could)}",
        mend=instead or "删去合不进去的，或拆成几个要点" + (f"，或补上：{missing[0]}" if missing else ""),
    )


@entry(
    "K188",
    MUST,
    "没有写用哪个台账",
    "no ledger",
    bad="加分项 表彰（最高 3 分）\n  计分：国家级每次 2 分；省级每次 1 分",
    good="加分项 表彰（最高 3 分）\n  台账：表彰，认定日期在考核期内\n  计分：国家级每次 2 分；省级每次 1 分",
)
def ledger_unsaid(span: Span, near: str | None) -> Problem:
    """按级别每次几分的，要写明数哪个台账的事项。"""
    return say(
        span,
        "没有写用哪个台账",
        why="按级别计分，数的是台账里的事项",
        mend=f"加一行：台账：{near or '表彰'}，认定日期在考核期内",
    )


@entry(
    "K189",
    MUST,
    "函数的括号里写得不对",
    "function written wrongly",
    bad="指标值：幂（增长率、指数）",
    good="指标值：幂（增长率、1÷3）",
)
def function_arguments(span: Span, what: str, sample: str) -> Problem:
    """每个函数的括号里写几个数、后面可以写什么，是固定的；幂的指数要写成一个数。"""
    return say(span, what, why="这样写不知道算什么", mend=sample)


@entry("K146", MUST, "待定", "left open", bad="计分：待定（印发稿）", good="状态：征求意见稿\n…\n计分：待定")
def left_open(span: Span) -> Problem:
    """待定的内容在征求意见稿、送审稿里可以留着，印发稿里不行；待定的指标没有得分。"""
    return say(span, "计分待定", why="没有计分方法，这一项和总分都算不出来", mend="写明计分方法")


@entry(
    "K147",
    MUST,
    "前提没有写不符合时怎样",
    "precondition without otherwise",
    bad="前提：是否有效益 为 “是”",
    good="前提：是否有效益 为 “是”，否则不得分",
)
def requires_otherwise(span: Span) -> Problem:
    """前提要写明不符合时给什么。"""
    return say(span, "没有写不符合前提时给什么", mend="在后面加：，否则不得分")


@entry("K148", MUST, "方向读不懂", "direction unreadable", bad="方向：看情况", good="方向：越高越好")
def direction_unreadable(span: Span) -> Problem:
    """方向只有两种。"""
    return say(span, "方向要写 “越高越好” 或 “越低越好”", mend="方向：越高越好")


@entry("K149", MUST, "没有写清给什么", "answer unreadable", bad="不涉及：再说", good="不涉及：得满分")
def answer_unreadable(span: Span) -> Problem:
    """不涉及、未报、未发生等要写明给什么。"""
    return say(
        span,
        "没有写清给什么",
        mend="得满分、不得分、得 2 分、得同类平均分、分值按比例调到同一级指标、按折算满分、退回补报、不计分 之一",
    )


@entry(
    "K150",
    MUST,
    "“视为” 指向没有规定的情形",
    "answer leads nowhere",
    bad="零报告：视为未发生（没有写 “未发生”）",
    good="零报告：视为未发生\n未发生：得满分",
)
def answer_nowhere(span: Span | None, state: str, other: str) -> Problem:
    """视为另一种情形时，那种情形要有规定。"""
    return say(span, f"“{state}” 视为 “{other}”，但没有写 “{other}” 给什么", mend=f"加一行：{other}：得满分")


@entry("K151", MUST, "取舍没有写全", "rounding incomplete", bad="取舍：保留 0 位", good="取舍：保留 0 位，四舍五入")
def rounding_incomplete(span: Span) -> Problem:
    """取舍要写位数和方式。"""
    return say(span, "要写保留几位和怎样取舍", mend="保留 2 位，四舍五入")


@entry(
    "K152",
    MUST,
    "计分办法的参数个数不对",
    "wrong number of arguments",
    bad="计分：比例扣分 0.1 0.2",
    good="计分：比例扣分 0.1",
)
def arguments_differ(span: Span, name: str, names: Sequence[str], found: int) -> Problem:
    """引用计分办法时，参数要与它声明的一一对应。"""
    return say(
        span,
        f"“{name}” 有 {len(names)} 个参数（{'、'.join(names)}），这里写了 {found} 个",
        mend=f"{name} " + " ".join("…" for _ in names),
    )


@entry("K153", MUST, "计分办法缺参数", "argument missing", bad="计分：比例扣分", good="计分：比例扣分 0.1")
def argument_missing(span: Span, name: str, parameter: str) -> Problem:
    """计分办法的每个参数都要给，写在后面或写成表里的一栏。"""
    return say(span, f"“{name}” 的参数 “{parameter}” 没有给", mend=f"写在后面，或在表里加一栏 “{parameter}”")


@entry(
    "K154",
    MUST,
    "要点没有名称",
    "point without a name",
    bad="要点：1 分，达到得满分，否则不得分",
    good="要点：1 分 “达标率”，达到得满分，否则不得分",
)
def point_without_name(span: Span) -> Problem:
    """每个要点都要有分值和名称。"""
    return say(span, "要点要写分值和名称", mend="1 分 “达标率”，达到得满分，否则不得分")


@entry("K155", MUST, "分值读不懂", "points unreadable", bad="| 方案 | 2 个 |", good="| 方案 | 2 |")
def points_unreadable(span: Span) -> Problem:
    """分值一栏写数，单位是分。"""
    return say(span, "分值要写数", mend="2")


@entry(
    "K156",
    HINT,
    "这句话用不上",
    "phrase has no use",
    bad="小数：总分保留 2 位，四舍五入，不封顶",
    good="小数：总分保留 2 位，四舍五入",
)
def segment_unused(span: Span) -> Problem:
    """这句话在这一栏里不起作用。"""
    return say(span, f"“{span.text}” 在这一栏里不起作用", mend="删去，或移到它该在的地方")


@entry(
    "K157",
    MUST,
    "整个一级指标不适用的只能不计分",
    "a part that does not apply is not counted",
    bad="一级指标 经济（30 分）【A】\n  适用：类别 为 “区县”\n  不涉及：得满分",
    good="一级指标 经济（30 分）【A】\n  适用：类别 为 “区县”\n  不涉及：不计分",
)
def group_answer(span: Span, what: str = "一级指标") -> Problem:
    """一级指标写 “适用”，是说其余单位没有这一部分，按各自类别的指标合计满分；要给分的写在各项指标里。有要点的指标也是这样。"""
    return say(
        span,
        f"整个{what}不适用的单位，这一部分只能不计分",
        why="其余单位按各自类别的指标合计满分",
        mend="不涉及：不计分（要给分的，写在各项指标里）",
    )


@entry(
    "K159",
    HINT,
    "几家同评一项，填一个一致的结果",
    "several scorers, one agreed result",
    bad="评分单位：环保局、水文局，结果一致方可计分",
    good="评分单位：环保局、水文局，结果一致方可计分（两家核对一致后填一个数）",
)
def scored_together(span: Span, scorers: Sequence[str]) -> Problem:
    """几家同评一项、结果一致方可计分的，数据里只有一栏：几家核对一致后填一个数；不一致的填 “待定”，这一项就是待定。"""
    return say(
        span,
        f"{'、'.join(scorers)}同评一项，数据里只填一个一致的结果",
        why="本程序不比较几家各自的结果",
        mend="结果不一致的单位，这一格填：待定",
    )


@entry(
    "K116",
    MUST,
    "这一栏每个单位有多行",
    "column of a table with many rows a unit",
    bad="指标值：得奖次数（台账里的一栏）",
    good="情形：台账 “表彰” 的 1 起以上",
)
def many_rows(span: Span, name: str, table: str) -> Problem:
    """台账等一个单位有多行的表，它的栏目不能直接写进算式，不知道取哪一行。"""
    return say(
        span,
        f"“{name}” 在 “{table}” 里每个单位有多行，不能直接用",
        why="不知道取哪一行",
        mend="按台账计分，或写 台账 “…” 中 … 的 … 起以上",
    )


@entry(
    "K158",
    MUST,
    "计分有两种读法",
    "phrase fits two ways of scoring",
    bad="（两种计分方式都读得通的一句话）",
    good="计分：每有 1 件未按期办结扣 1 分，扣完本指标为止",
)
def scoring_ambiguous(span: Span, kinds: Sequence[str]) -> Problem:
    """一句话只能有一种读法；读得出两种的，要改写得只剩一种。"""
    return say(
        span,
        f"这句话读得出两种计分方式：{_listed(kinds)}",
        why="两种方式的得分一般不同",
        mend="按语言参考中其中一种的写法改写",
    )


# ---- bands and edges


@entry(
    "K160",
    MUST,
    "80-90 有两种读法",
    "a dash does not say to whom the edges belong",
    bad="| 80-90 | 4 |",
    good="| 80 以上不足 90 | 4 |",
)
def loose_band(span: Span, low: str, high: str) -> Problem:
    """“80-90”“80 至 90” 没有说正好 80、正好 90 归哪一档，89.5 在 “80-89” 和 “90-100” 之间也没有归处。"""
    return say(
        span,
        f"“{span.text}” 没有写明正好 {low} 和正好 {high} 归哪一档",
        why=f"{high} 可能归两档，也可能哪一档都不归",
        mend=f"{low} 以上不足 {high}",
    )


@entry(
    "K161",
    MUST,
    "以上以下含不含本数没有写明",
    "edge inclusion is not said",
    bad="| 95% 以上 | 6 |（开头没有 “本数”）",
    good="本数：以上、以下、以内、不低于均含本数；超过、低于、不足均不含本数",
)
def edge_unstated(span: Span, text: str, number: str) -> Problem:
    """以上、以下含不含本数要在开头写明，全文一致。"""
    return say(
        span,
        f"“{text}” 含不含 {number} 没有写明",
        why=f"正好 {number} 的单位，两种读法得分不同",
        mend="在开头写：本数：以上、以下、以内、不低于均含本数；超过、低于、不足均不含本数",
    )


@entry(
    "K162",
    MUST,
    "本数写法与词义相反",
    "edge inclusion contradicts the word",
    bad="本数：超过含本数",
    good="本数：以上、以下均含本数；超过、不足均不含本数",
)
def edge_contradicts(span: Span, word: str, inclusive: bool) -> Problem:
    """超过、低于、不足不含本数，不低于、不超过含本数，这是词义，不能另行规定。"""
    return say(
        span, f"“{word}” 按词义{'含' if inclusive else '不含'}本数，这里写的相反", mend="只对 “以上”“以下”“以内” 作规定"
    )


# ---- structure


@entry(
    "K170",
    MUST,
    "没有考评办法",
    "no rulebook header",
    bad="指标 甲（5 分）",
    good="考评办法 示例市2025年度综合绩效考评（100 分）",
)
def no_rulebook(source: Source) -> Problem:
    """文件的第一段是 “考评办法 名称（总分）”。"""
    empty = not source.text.strip()
    return say(
        Span(source, 0, 0),
        f"{'文件是空的，' if empty else ''}没有 “考评办法” 这一段",
        why="不知道是哪个办法、满分多少",
        mend="在第一行写：考评办法 某市2025年度综合绩效考评（100 分）"
        + ("" if empty else "\n供引用的文件不单独校核，校核引用它的办法"),
    )


@entry(
    "K171",
    MUST,
    "一个文件里有两个考评办法",
    "two rulebooks in one file",
    bad="考评办法 甲\n考评办法 乙",
    good="一个办法一个文件",
)
def second_rulebook(span: Span, first: Span) -> Problem:
    """一个文件只写一个办法。"""
    return say(span, "一个文件里只能有一个考评办法", mend="另存为一个文件", related=[Related(first, "第一个在这里")])


@entry(
    "K172",
    MUST,
    "这一级下面没有指标",
    "empty group",
    bad="一级指标 经济（30 分）【A】",
    good="一级指标 经济（30 分）【A】\n指标 固投（30 分）【A01】",
)
def group_empty(span: Span, name: str) -> Problem:
    """一级指标下面至少要有一项指标。"""
    return say(span, f"“{name}” 下面没有指标", mend="在下面写指标，或删去这一级")


@entry("K173", MUST, "没有写分值", "no points", bad="指标 成本【2.4】", good="指标 成本（10 分）【2.4】")
def points_missing(span: Span, name: str) -> Problem:
    """每项指标都要有分值；有名称没有分值的项目，总分凑不齐。"""
    return say(span, f"“{name}” 没有分值", why="有名称没有分值，各级合计就对不上", mend="在名称后写：（10 分）")


@entry(
    "K174",
    MUST,
    "每行一项的表缺一栏",
    "member table lacks a column",
    bad="列：名称、分值",
    good="列：编号、指标、分值、计分",
)
def member_column_missing(span: Span | None, table: str, column: str) -> Problem:
    """从附表取指标时，附表要有编号、指标、分值、计分等栏目。"""
    return say(
        span,
        f"附表 “{table}” 缺 “{column}” 一栏",
        why="从附表取指标，要有编号、指标（或要点）、分值",
        mend=f"在 “列：” 里加上 {column}",
    )


@entry(
    "K175",
    MUST,
    "附表里没有对应的行",
    "no rows for this group",
    bad="来自：附表 “指标参数” 中 域 为 “临”",
    good="来自：附表 “指标参数” 中 域 为 “临床”",
)
def members_none(span: Span, table: str) -> Problem:
    """从附表取指标，一行也没有取到。"""
    return say(span, f"附表 “{table}” 里没有属于这一级的行", mend="核对附表内容和 “中 … 为 “…”” 的条件")


# ---- amounts whose unit is fixed by where they stand


@entry(
    "K176",
    MUST,
    "这里要写几分",
    "points are needed here",
    bad="总分：基本分 + 加分，总分最高 5%",
    good="总分：基本分 + 加分，总分最高 105 分",
)
def points_wanted_here(span: Span) -> Problem:
    """分值、最高、最低写数，单位是分；写百分比、数据名称或别的单位，都定不下来是几分。"""
    return say(
        span,
        f"“{span.text}” 不是几分",
        why="这里只能写一个数，单位是分",
        mend="写几分，如：105 分",
    )


@entry(
    "K177",
    MUST,
    "权重要写百分比",
    "a share is needed here",
    bad="一级指标 产出（权重 20 分，100 分）",
    good="一级指标 产出（权重 20%，100 分）",
)
def share_wanted_here(span: Span, number: Fraction | None) -> Problem:
    """权重是总分里占的份额，写百分比，各一级指标合计 100%。"""
    shown = f"{decimal(number)}%" if number is not None else "25%"
    return say(span, f"“{span.text}” 不是权重", why="权重是占总分的百分之几", mend=f"权重 {shown}")


@entry(
    "K178",
    MUST,
    "这里要整数",
    "a whole number is needed here",
    bad="总分：…，至少 2.5 项",
    good="总分：…，至少 3 项",
)
def whole_wanted_here(span: Span) -> Problem:
    """至少几项、几个，要写 1 以上的整数。"""
    return say(span, f"“{span.text}” 不是 1 以上的整数", why="项数不能有小数", mend="至少 3 项")


@entry(
    "K180",
    MUST,
    "两项的编号或名称相同",
    "two things are called the same",
    bad="指标 满意度（5 分）\n指标 满意度（5 分）",
    good="指标 满意度（5 分）【A01】\n指标 满意度（5 分）【A02】",
)
def called_twice(span: Span | None, name: str, first: Span | None, point: bool) -> Problem:
    """没有写【编号】的，以印的序号或名称作编号；一项指标下的要点以名称区分。相同的两项，得分没法分别公布。"""
    return say(
        span,
        f"有两项都叫 “{name}”",
        why="查分、对照和公布都靠编号和名称分清各项",
        mend="给其中一个要点换一个名称" if point else f"在名称后写不同的编号，如：【{name}2】",
        related=[Related(first, "另一项在这里")] if first else [],
    )


@entry(
    "K181",
    MUST,
    "这一格要写范围",
    "a range is needed here",
    bad="| 优秀 | 较高 | 30% |",
    good="| 优秀 | 90 分以上 | 30% |",
)
def not_a_band(span: Span, text: str) -> Problem:
    """等次表的 “总分” 写分数范围或 “其余”，“名次” 写名次范围，其他写法定不下来哪些单位在内。"""
    return say(
        span,
        f"“{text.strip()}” 不是范围",
        why="写不成范围，就定不下来哪些单位在内",
        mend="90 分以上，或 80 分以上不足 90 分；名次写：3 名以内",
    )


@entry(
    "K182",
    MUST,
    "名额的单位读不懂",
    "a quota is a share or a number of units",
    bad="| 优秀 | 90 分以上 | 15 个百分点 |",
    good="| 优秀 | 90 分以上 | 15% |",
)
def quota_unit(span: Span, number: str) -> Problem:
    """名额写占多大比例（30%），或多少家（3 个）。"""
    return say(
        span,
        f"“{span.text}” 不是名额：是 {number}% 的单位，还是 {number} 家？",
        why=f"60 家单位时，{number}% 与 {number} 家不是一个数",
        mend=f"{number}% 或 {number} 个",
    )


@entry(
    "K183",
    MUST,
    "栏目的说明读不懂",
    "a note of a column or table is not understood",
    bad="列：单位、目标额（亿元，可填“/”表示不涉）",
    good="列：单位、目标额（亿元，可填“/”表示不涉及）",
)
def note_unreadable(span: Span, text: str, known: str) -> Problem:
    """括号里的说明写计量单位、频次、全年怎么取、可填什么、每行是什么；别的当作数据来源，所以像规定的话不能读不懂。"""
    return say(span, f"说明 “{text}” 读不懂", why="这像一条规定，读不懂就不起作用", mend=known)


@entry(
    "K184",
    MUST,
    "数据写了没有用到",
    "a fact that nothing reads",
    bad="指标 培训（5 分）\n  数据：培训次数（次）\n  计分：每有 1 次培训得 1 分，最高得满分",
    good="指标 培训（5 分）\n  数据：培训次数（次）\n  指标值：培训次数\n  计分：每次 1 分，最高得满分",
)
def fact_unused(span: Span | None, name: str, field: str) -> Problem:
    """声明了要填报的数据，却没有一处用到：多半是漏写 “指标值”，计分另外要填一个数。"""
    return say(
        span,
        f"“{name}” 写了没有用到",
        why="填报了这个数，得分也不会变；计分用的是另一个数",
        mend=f"{field}：{name}",
    )


@entry(
    "K185",
    MUST,
    "这一段不起作用",
    "a block that nothing reads",
    bad="去重 表彰",
    good="同一事项：只计最高一次，按事项编号，跨加分项有效",
)
def block_unused(span: Span, word: str, mend: str) -> Problem:
    """读得懂标题，却没有一处用到的段落。"""
    return say(span, f"“{word}” 这一段不起作用", why="写了不起作用的内容，会让人以为规则已经生效", mend=mend)


@entry(
    "K186",
    MUST,
    "是哪一项没有写清",
    "a fact is not of the kind asked for",
    bad="情形之一：\n  · 投诉件数",
    good="情形之一：\n  · 投诉件数 ≥ 3 件",
)
def not_yes_or_no(span: Span, name: str) -> Problem:
    """情形之一的每一条，写成比较，或写一件 “是或否” 的事。"""
    return say(
        span,
        f"“{name}” 不是一件 “是或否” 的事",
        why="数和文字要写明到什么程度才算",
        mend=f"{name} ≥ 3",
    )


@entry(
    "K187",
    MUST,
    "这里不能写 “否则”",
    "no otherwise here",
    bad="适用：类别 为 “区县”，否则不得分",
    good="适用：类别 为 “区县”\n不涉及：不得分",
)
def otherwise_here(span: Span) -> Problem:
    """“否则” 只写在前提里；适用的另一面写在 “不涉及” 一栏。"""
    return say(
        span,
        "这一栏里不能写 “否则”",
        why="只有 “前提” 写不符合时给什么",
        mend="删去 “否则” 以后的话；适用的另一面加一行：不涉及：不得分",
    )


@entry(
    "K193",
    MUST,
    "条件表的这一格读不懂",
    "a cell of a table of conditions is unreadable",
    bad="| 年度目标 | 得分 |，| 大体完成 | 60 |（年度目标 是 是、否 的一列）",
    good="| 年度目标 | 得分 |，| 完成 | 60 |",
)
def case_unreadable(span: Span, text: str, known: str) -> Problem:
    """条件表的每一格写这一列要怎样：是否的列写 完成、未完成，数的列写一段数，文字的列写可选内容；不看这一列的写 不论。"""
    return say(
        span,
        f"“{text}”读不懂：这一列可以写 {known}",
        why="不知道这一行要什么",
        mend="改成 完成、未完成、90% 以上 这样的写法",
    )


@entry(
    "K198",
    MUST,
    "分不出单位的类别",
    "nothing tells the category of a unit",
    bad="附表 单位名册（每个单位一行）\n  列：单位\n类别 区县（100 分）",
    good="附表 单位名册（每个单位一行）\n  列：单位、类别（区县）\n类别 区县（100 分）",
)
def category_untold(span: Span | None, names: Sequence[str], roster: Span | None) -> Problem:
    """办法分了类别，单位名册里就要有“类别”一列，写明每个单位属于哪一类。"""
    column = f"类别（{'、'.join(names)}）" if names else "类别（文字）"
    related = (Related(roster, "单位名册在这里"),) if roster is not None else ()
    missing = "单位名册里没有“类别”一列" if roster is not None else "办法里没有单位名册"
    mend = f"在单位名册的“列”里加：{column}"
    return say(
        span,
        f"{missing}，分不出哪个单位属于哪一类",
        why="按类别的分值、名次、等次没有依据",
        mend=mend if roster is not None else f"加一块：附表 单位名册（每个单位一行），列里写上：单位、{column}",
        related=related,
    )
