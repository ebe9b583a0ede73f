"""What has to do with time: scores by the period (K290–K299), calendars and dates (K320–K324), runs as of a day."""

from __future__ import annotations

from collections.abc import Sequence

from perfdsl.text.problem import Problem, Severity, entry, say
from perfdsl.text.source import Span

Place = Span | None
MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


@entry(
    "K290",
    MUST,
    "各期得分怎样成为全年得分没有写明",
    "periods to the year is not said",
    bad="按月计分：各月得分不取舍",
    good="按月计分：各月得分不取舍，全年取各月得分的平均",
)
def periods_to_year_unstated(place: Place, period: str) -> Problem:
    """分期计分要写明全年取各期的平均还是合计。"""
    return say(
        place,
        f"各{period}得分怎样成为全年得分，没有写明",
        why=f"三个{period}得 1、0、1 分：平均 0.67 分，合计 2 分",
        mend=f"各{period}得分不取舍，全年取各{period}得分的平均",
    )


@entry(
    "K291",
    MUST,
    "各期得分先不先取舍没有写明",
    "rounding of period scores is not said",
    bad="按月计分：全年取各月得分的平均",
    good="按月计分：各月得分保留 2 位，四舍五入，全年取各月得分的平均",
)
def period_rounding_unstated(place: Place, period: str) -> Problem:
    """各期得分先取舍再平均，与最后才取舍，全年得分会差 0.01 分以上。"""
    return say(
        place,
        f"各{period}得分先不先取舍，没有写明",
        why=f"三个{period}各 0.335 分：先保留 2 位再相加是 1.02 分，最后才取舍是 1.01 分",
        mend=f"各{period}得分保留 2 位，四舍五入，全年取各{period}得分的平均",
    )


@entry(
    "K292",
    MUST,
    "每期满分几分没有写明",
    "what one period is worth is not said",
    bad="指标 督查（12 分）\n  按月计分：各月得分不取舍，全年取各月得分之和",
    good="指标 督查（12 分）\n  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和",
)
def period_worth_unstated(place: Place, period: str, periods: int, share: str, full: str) -> Problem:
    """全年取各期得分之和的，计分里的“满分”是一期的满分还是全年的分值，要写明。"""
    return say(
        place,
        f"全年取各{period}得分之和，每{period}满分几分没有写明",
        why=f"得满分是得 {share} 分（{periods} 期合计 {full} 分），还是每期都得 {full} 分？",
        mend=f"每{period}满分 {share} 分，各{period}得分不取舍，全年取各{period}得分之和",
    )


@entry(
    "K293",
    MUST,
    "各期满分合计不等于分值",
    "periods do not add up to the points",
    bad="指标 督查（10 分）\n  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和",
    good="指标 督查（12 分）\n  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和",
)
def periods_differ(place: Place, period: str, periods: int, each: str, total: str, full: str) -> Problem:
    """每期满分 × 期数（取平均的，每期满分）要等于分值。"""
    sum_ = f"{periods} 期合计 {total} 分" if periods > 1 else f"全年取平均最多 {total} 分"
    return say(
        place,
        f"每{period}满分 {each} 分，{sum_}，分值是 {full} 分",
        why="全年最多能得几分，两处写的不一样",
        mend=f"分值改为 {total} 分，或改每{period}满分",
    )


@entry(
    "K294",
    MUST,
    "分期计分不能这样答复",
    "an answer that has no meaning for a period",
    bad="按月计分：…\n  不涉及：分值按比例调到同一级指标",
    good="按月计分：…\n  不涉及：不计分",
)
def period_answer(place: Place, answer: str, period: str) -> Problem:
    """某一期没有分时，分值不能只在那一期调给别的指标；该期不计分，或写给几分。"""
    return say(
        place,
        f"按期计分的指标，某{period}“{answer}”说不清调给谁",
        why="调分值是全年的事，这里答复的是一期",
        mend="不计分",
    )


@entry(
    "K295",
    MUST,
    "这种写法不能分期计分",
    "cannot be scored by the period",
    bad="按月计分：…\n  要点：…",
    good="每个要点单写一项指标，各写 按月计分",
)
def not_by_period(place: Place, what: str, mend: str) -> Problem:
    """要点、台账、个性指标的分不是从一期的数来的，不能分期计分。"""
    return say(place, f"{what}不能分期计分", why="它的分不是从一个月（季、半年）的数算出来的", mend=mend)


@entry(
    "K296",
    MUST,
    "累计数在分期计分里有两种读法",
    "running or single number",
    bad="按月计分：…\n  指标值：投资额",
    good="按月计分：…\n  指标值：当期数（投资额）",
)
def running_or_single(place: Place, name: str, period: str) -> Problem:
    """按累计数报的列，分期计分时要写明用截至该期的累计数，还是该期当期的数。"""
    return say(
        place,
        f"“{name}”报的是累计数，每{period}计分用累计数还是当期数？",
        why="3 月累计 30，4 月累计 42：4 月的累计数是 42，当期数是 12",
        mend=f"当期数（{name}） 或 累计数（{name}）",
    )


@entry(
    "K297",
    MUST,
    "这里没有“当期”",
    "no current period here",
    bad="指标值：当期数（投资额）",
    good="按月计分：…\n  指标值：当期数（投资额）",
)
def no_period_here(place: Place, name: str) -> Problem:
    """当期数是按月（季、半年）报的累计数前后两期之差，只在分期计分的指标里有。"""
    return say(
        place,
        f"“当期数（{name}）”只能用在分期计分的指标里，并且是同样分期报的列",
        why="全年只有一个数，说不清是哪一期",
        mend=f"{name}",
    )


# Calendars


@entry(
    "K320",
    MUST,
    "工作日历覆盖哪些天没有写明",
    "the calendar does not say what it covers",
    bad="附表 工作日历\n  列：日期、至日期、安排（放假、上班）",
    good="附表 工作日历\n  覆盖：2025年1月1日至2026年1月31日\n  列：日期、至日期、安排（放假、上班）",
)
def calendar_without_range(place: Place) -> Problem:
    """没有列出的日子按星期几算，所以要写明这张表管到哪一天；次年 1 月的报送期限也要管到。"""
    return say(
        place,
        "工作日历没有写明覆盖哪些天",
        why="没有列出的日子，是照常上班，还是还没有公布，分不清",
        mend="  覆盖：2025年1月1日至2026年1月31日",
    )


@entry(
    "K321",
    MUST,
    "工作日历有一行不对",
    "a row of the calendar is wrong",
    bad="| 2025年1月28日 | 2025年2月4日 | 春节 |",
    good="| 2025年1月28日 | 2025年2月4日 | 放假 |",
)
def calendar_columns(place: Place) -> Problem:
    """工作日历要有 日期、安排 两列，连着几天的加 至日期。"""
    return say(
        place,
        "工作日历要有“日期”“安排”两列",
        why="少了就不知道哪一天放假、哪一天调休上班",
        mend="  列：日期、至日期、安排（放假、上班）",
    )


@entry(
    "K322",
    MUST,
    "工作日历的日期不对",
    "a day of the calendar is wrong",
    bad="| 2025年2月30日 | | 放假 |",
    good="| 2025年1月28日 | 2025年2月4日 | 放假 |",
)
def day_unreadable(place: Place, written: str) -> Problem:
    """日期写作 2025年1月28日；至日期不早于日期。"""
    return say(place, f"工作日历里“{written}”不是能用的日期", why="不知道是哪一天", mend="2025年1月28日")


@entry(
    "K298",
    MUST,
    "工作日历的安排不认识",
    "unknown arrangement",
    bad="| 2025年1月28日 | | 春节 |",
    good="| 2025年1月28日 | | 放假 |",
)
def arrangement_unknown(place: Place, written: str) -> Problem:
    """安排只填 放假 或 上班（调休上班）。节日名称另立一列。"""
    return say(place, f"工作日历的安排“{written}”不认识", why="是放假还是上班，分不清", mend="放假")


def day_outside_calendar(place: Place, day: str) -> Problem:
    """列出的日子要在覆盖的范围以内。"""
    return calendar_day(place, f"{day}不在工作日历覆盖的范围以内", "改覆盖的起止，或删去这一行")


def day_twice(place: Place, day: str) -> Problem:
    """同一天不能又放假又上班。"""
    return calendar_day(place, f"{day}又是放假又是上班", "删去一行")


@entry(
    "K323",
    MUST,
    "工作日历前后不一",
    "the calendar contradicts itself",
    bad="覆盖：2025年1月1日至2025年12月31日，又列了 2026年1月1日 放假",
    good="覆盖：2025年1月1日至2026年1月31日",
)
def calendar_day(place: Place, what: str, mend: str) -> Problem:
    """列出的日子要在覆盖的范围以内，同一天只列一次。"""
    return say(place, what, why="这一天算不算工作日，两处说的不一样", mend=mend)


@entry(
    "K324",
    MUST,
    "工作日历不够长",
    "the calendar is too short",
    bad="考核期到 2025年12月31日，工作日历覆盖到 2025年6月30日",
    good="工作日历覆盖整个考核期",
)
def calendar_too_short(place: Place, first: str, last: str, begins: str, ends: str) -> Problem:
    """工作日历要覆盖整个考核期；期后报送的，还要覆盖到报送期限以后。"""
    return say(
        place,
        f"工作日历覆盖 {first}至{last}，考核期是 {begins}至{ends}",
        why="没有覆盖的日子，不知道上不上班",
        mend=f"{begins}至{ends}",
    )


@entry(
    "K299",
    MUST,
    "没有工作日历",
    "no calendar of working days",
    bad="指标值：工作日数（应报日期、报送日期）",
    good="附表 工作日历（见 K320）；指标值：工作日数（应报日期、报送日期）",
)
def no_calendar(place: Place, what: str, why: str, mend: str) -> Problem:
    """工作日要照国务院公布的放假调休安排数，列成附表 工作日历。"""
    return say(place, what, why=why, mend=mend)


# Runs as of a day


@entry(
    "K506",
    MUST,
    "到期日读不懂",
    "due day cannot be read",
    bad="到期：年底前",
    good="到期：2025年12月20日",
)
def due_unreadable(place: Place, written: str) -> Problem:
    """到期写一个日子；试算写 --as-of（截至）时，到期日在那一天以后的指标是未到期。"""
    return say(
        place, f"到期“{written}”不是一个日子", why="截至某一天试算时，要知道这一项到没到期", mend="2025年12月20日"
    )


@entry(
    "K507",
    MUST,
    "时序进度怎样算没有写明",
    "progress is not said",
    bad="目标值：全年目标 × 时序进度",
    good="时序进度：按月均匀（写在办法开头）",
)
def progress_unstated(place: Place) -> Problem:
    """时序进度是到截至日期应完成全年任务的几分之几：按天均匀、按月均匀，或附表里逐月写明。全年的试算是 100%。"""
    return say(
        place,
        "时序进度怎样算没有写明：按天均匀、按月均匀，还是逐月写在附表里",
        why="截至 5 月 15 日：按天 135/365（约 37.0%），按月只算满的 4 个月（33.3%）",
        mend="时序进度：按月均匀 或 时序进度：按天均匀 或 时序进度：附表 “进度表”（列：月份、应完成（%），12 月为 100）",
    )


@entry(
    "K518",
    MUST,
    "考核期不是自然年，月份对不上",
    "months of a period that is no calendar year",
    bad="考核期：2024年7月1日至2025年6月30日\n数据：投资额（亿元，每月，全年合计）",
    good="考核期：2025年1月1日至2025年12月31日\n数据：投资额（亿元，每月，全年合计）",
)
def months_of_no_year(place: Place, what: str, period: str, why: str, mend: str) -> Problem:
    """按月、按季、按半年报的数按 1 至 12 月编号，逐月的进度表也是。考核期不是 1 月 1 日至 12 月 31 日的，1 月是考核期的第 1 个月还是日历上的 1 月，有两种读法。"""
    return say(place, f"考核期 {period} 不是一个自然年，{what}", why=why, mend=mend)


@entry(
    "K508",
    HINT,
    "没有写到期的指标",
    "items without a due day",
    bad="指标 节能（10 分）（没有 到期、频次）",
    good="指标 节能（10 分）\n  到期：2025年12月31日",
)
def due_unstated(place: Place, names: str, count: int, day: str) -> Problem:
    """截至某一天试算时，没有写 到期、频次 的指标都按已到期计。"""
    return say(
        place,
        f"{count} 项没有写到期和频次，截至{day}都按已到期计：{names}",
        why="年底才有数的指标，现在会是未报",
        mend="年底才考的，在指标里写 到期：2025年12月31日（或 频次：年度）",
    )


@entry(
    "K509",
    MUST,
    "截至日期不在考核期内",
    "as-of day outside the period",
    bad="--as-of 2024-06-30（考核期 2025年）",
    good="--as-of 2025-06-30",
)
def day_outside_period(place: Place, day: str, period: str) -> Problem:
    """截至日期要在考核期以内；办法要写考核期。"""
    return say(place, f"截至{day}不在考核期（{period}）以内", why="不知道哪些已经到期", mend="换一个考核期以内的日子")


# Earlier years


@entry(
    "K194",
    MUST,
    "没有往年的数",
    "no numbers of earlier years",
    bad="目标值：上年（固投完成额）",
    good="数据 历年实绩（每个单位多行）\n  列：单位、年度、固投完成额（亿元）",
)
def no_history(place: Place, name: str, tables: Sequence[str]) -> Problem:
    """上年、往年、往年平均、连增年数 从按年度列出的表里取数：每个单位每年一行，有 单位、年度 和这一列。"""
    if len(tables) > 1:
        what, why = f"“{name}”在 {'、'.join(tables)} 里都有", "取哪一张表的数，分不清"
    else:
        what, why = f"“{name}”没有按年度列出的表", "往年的数要有一张 单位、年度 的表"
    return say(place, what, why=why, mend=f"数据 历年实绩（每个单位多行）\n  列：单位、年度、{name}（亿元）")


@entry(
    "K462",
    MUST,
    "几年没有写明",
    "years are not said",
    bad="指标值：连增年数（三产比重）",
    good="指标值：连增年数（三产比重、3 年）",
)
def years_unstated(place: Place, word: str, name: str) -> Problem:
    """逐年增长是连着几年，往年是几年前，往年平均是几年的平均，都要写明（1 至 10 年）。上年不用写。"""
    written = f"上年（{name}）" if word == "上年" else f"{word}（{name}、3 年）"
    return say(
        place,
        f"“{word}”的年数没有写明，或写得不对",
        why="逐年增长看 2 年还是 3 年，结果不同",
        mend=written if word != "往年平均" else f"往年平均（{name}、3 年、缺年按未报）",
    )


@entry(
    "K463",
    MUST,
    "缺的年份怎样算没有写明",
    "missing years are not answered",
    bad="目标值：往年平均（固投完成额、3 年）",
    good="目标值：往年平均（固投完成额、3 年、缺年不计）",
)
def gaps_unstated(place: Place, name: str, years: int) -> Problem:
    """新设、合并的单位往年没有数。缺年不计：有几年平均几年；缺年按未报：没有就是未报。"""
    return say(
        place,
        f"往年平均（{name}、{years} 年）：有一年没有数的，怎样算没有写明",
        why="往年 8、10，还有一年没有：缺年不计是 9，缺年按未报是未报",
        mend=f"往年平均（{name}、{years} 年、缺年不计） 或 往年平均（{name}、{years} 年、缺年按未报）",
    )


# Runs


@entry(
    "K464",
    MUST,
    "连续加倍有三种读法",
    "doubled has three readings",
    bad="计分：每次扣 0.4 分，连续的加倍，每年重新起算",
    good="计分：每次扣 0.4 分，连续的按连续次数成倍计，每年重新起算",
)
def doubled_unclear(place: Place, each: str) -> Problem:
    """连续的加倍：第三次扣几分，有三种读法。"""
    return say(
        place,
        f"“连续的加倍”有三种读法：第二次是 {each} 的两倍，第三次是三倍、四倍，还是仍是两倍？",
        why="每次扣 0.4 分，连续三次：0.4、0.8、1.2；0.4、0.8、1.6；0.4、0.8、0.8",
        mend="连续的按连续次数成倍计 或 连续的每次比上次翻一番 或 连续第二次起每次加倍",
    )


@entry(
    "K465",
    MUST,
    "连续次数跨不跨年没有写明",
    "the turn of the year is not said",
    bad="计分：每次扣 0.4 分，连续的按连续次数成倍计",
    good="计分：每次扣 0.4 分，连续的按连续次数成倍计，每年重新起算",
)
def turn_of_year(place: Place) -> Problem:
    """上年 12 月已经末位的，今年 1 月再末位算第几次，要写明。连同上年的，写上年末连续次数在哪一列。"""
    return say(
        place,
        "上年末连着的次数，今年接不接着算，没有写明",
        why="上年 12 月末位，今年 1 月又末位：是第一次，还是连续第二次？",
        mend="每年重新起算 或 连同上年末的 上年末连续次数（数据里加一列：上年末连续次数（次））",
    )


@entry(
    "K466",
    MUST,
    "连续加重写错了地方",
    "escalation in the wrong place",
    bad="指标 月度排名（10 分）\n  情形：…\n  计分：每次扣 0.4 分，连续的按连续次数成倍计，每年重新起算",
    good="扣分项 月度末位【K01】\n  按月计分：各月得分不取舍，全年取各月得分之和\n  情形：…\n  计分：每次扣 0.4 分，连续的按连续次数成倍计，每年重新起算",
)
def escalation_misplaced(place: Place) -> Problem:
    """连续加重要逐月（季、半年）看，写在扣分项或加分项里，并写 按月计分。"""
    return say(
        place,
        "连续加重要写在扣分项或加分项里，并按月（季、半年）计分",
        why="没有逐月的事实，看不出连续几次",
        mend="  按月计分：各月得分不取舍，全年取各月得分之和",
    )


@entry(
    "K467",
    MUST,
    "看不出先后",
    "no order to be in a row",
    bad="台账 “事故” 的连续 2 次以上",
    good="数据 “月报” 中 排名结果 为 “末位” 的连续 2 个月以上",
)
def no_order(place: Place, table: str) -> Problem:
    """连续几个月（几年）要有月份、季度、半年或年度一列；台账的事项没有这样的先后。"""
    return say(
        place,
        f"“{table}”没有月份、季度或年度，看不出连续",
        why="连续是一期接一期，中间不断",
        mend="用按月（季、半年、年度）列出的表，或去掉“连续”",
    )
