"""K51x, K52x: files that a rulebook includes (引用), and the version that it follows (上年度)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Span

SHOWN = 5
"""Files that a message names."""

MUST, CONFIRM = Severity.MUST, Severity.CONFIRM


# ---- 引用


@entry(
    "K510",
    MUST,
    "引用的文件不在本文件夹里",
    "included file outside the folder",
    bad="引用：../别的市/共用定义.perf",
    good="引用：共用/共用定义.perf",
)
def included_outside(span: Span, name: str) -> Problem:
    """只能引用考评办法所在文件夹里的文件，或其下级文件夹里的。外面的文件改了，本办法也跟着变，而看这个文件夹的人不知道。"""
    file = name.replace("\\", "/").rstrip("/").rpartition("/")[2] or "共用定义.perf"
    return say(
        span,
        f"“{name}” 不在本办法的文件夹里",
        why="外面的文件改了，本办法的含义也跟着变，看这个文件夹的人却不知道",
        mend=f"把文件复制到本文件夹，再写：引用：{file}",
    )


@entry(
    "K511",
    MUST,
    "引用的文件读不了",
    "included file unreadable",
    bad="引用：共用定义.perf（没有这个文件）",
    good="引用：共用定义.perf（与办法放在同一个文件夹）",
)
def included_unreadable(span: Span, name: str, reason: str) -> Problem:
    """引用的文件是办法的一部分，读不了就不知道办法写了什么。"""
    return say(
        span,
        f"引用的 “{name}” 读不了：{reason}",
        why="它是本办法的一部分，读不了就不知道办法写了什么",
        mend="核对文件名，并把文件放在本办法的文件夹里",
    )


@entry(
    "K512",
    MUST,
    "引用成圈",
    "circular include",
    bad="甲.perf 引用 乙.perf，乙.perf 引用 甲.perf",
    good="两个文件共用的部分放进第三个文件，各自引用它",
)
def included_in_a_circle(span: Span, files: Sequence[str], name: str) -> Problem:
    """文件直接或间接地引用了自己。"""
    return say(
        span,
        f"引用成圈：{' → '.join([*files, name])}",
        why="没有一个文件可以先读完",
        mend="删去这一处，共用的部分放进另一个文件，各自引用它",
    )


@entry(
    "K513",
    MUST,
    "引用太多或太深",
    "too many includes",
    bad="引用了 200 个文件",
    good="共用的定义合成几个文件",
)
def too_many_included(span: Span, name: str, files: int, depth: int) -> Problem:
    """引用的文件个数、层数和总字数都有上限，好让人读得完。"""
    return say(
        span,
        f"“{name}” 没有读：最多引用 {files} 个文件、{depth} 层，合起来不超过 2 MB",
        why="再多就没有人读得完这份办法",
        mend="把共用的定义合成几个文件，由办法直接引用",
    )


@entry(
    "K514",
    MUST,
    "这一段不能放在引用的文件里",
    "block that cannot be included",
    bad="共用定义.perf：一票否决 安全事故",
    good="共用定义.perf：附表、数据、台账、类别、计分办法、指标",
)
def not_to_be_included(span: Span, word: str, rulebook: bool) -> Problem:
    """引用的文件里可以有附表、数据、台账、类别、计分办法、各级指标和加分扣分项；决定等次和结果的段落写在办法本身。"""
    if rulebook:
        message, mend = "引用的文件是另一份考评办法", "只把共用的表、计分办法和指标放进被引用的文件"
    else:
        message, mend = f"引用的文件里不能有 “{word}”", f"把 “{word}” 这一段移到办法本身"
    return say(span, message, why="决定等次和结果的段落写在办法本身，印发的文件里才看得到", mend=mend)


@entry(
    "K515",
    MUST,
    "引用了两次",
    "included twice",
    bad="引用：指标.perf、指标.perf",
    good="引用：指标.perf",
)
def included_twice(span: Span, name: str, first: Span) -> Problem:
    """有指标的文件引用两次，同样的指标就算两次。只有表、类别和计分办法的文件可以引用几次，只读一次。"""
    return say(
        span,
        f"“{name}” 引用了两次，其中的指标会算两次",
        why="同一项指标只能有一处",
        mend="删去这一处",
        related=(Related(first, "已经在这里引用"),),
    )


@entry(
    "K516",
    MUST,
    "引用的不是办法文件",
    "included file of another kind",
    bad="引用：年度目标.xlsx",
    good="引用：共用定义.perf",
)
def included_no_rulebook_file(span: Span, name: str) -> Problem:
    """引用的是 .perf 文件。附表的数据另存为 附表 文件夹里的 CSV 或 xlsx，不用引用。"""
    return say(
        span,
        f"“{name}” 不是 .perf 文件",
        why="引用的是用同样写法写的定义；表里的数放在 “附表”、“数据” 文件夹里，不用引用",
        mend="引用：共用定义.perf",
    )


@entry(
    "K517",
    MUST,
    "没有存盘的办法不能引用",
    "include without a file",
    bad="从标准输入读的办法里写 引用：共用定义.perf",
    good="存为 2025.perf 再校核",
)
def included_from_nowhere(span: Span, name: str) -> Problem:
    """引用的文件按办法所在的文件夹找；从标准输入读的办法没有文件夹。"""
    return say(
        span,
        f"不知道到哪里去找 “{name}”",
        why="引用的文件按办法所在的文件夹找，从标准输入读的办法没有文件夹",
        mend="先把办法存为文件",
    )


# ---- 上年度


@entry(
    "K520",
    CONFIRM,
    "找不到上年度的办法",
    "predecessor not found",
    bad="上年度：示例市@2024（文件夹里没有它）",
    good="2024.perf 与 2025.perf 放在同一个文件夹",
)
def previous_missing(span: Span, name: str, known: Sequence[str]) -> Problem:
    """上年度的办法在本办法的文件夹和相邻的文件夹里找；对照两年、核对连续几年的等次都要它。"""
    found = f"；这里有的是 {'、'.join(known[:5])}{' 等' if len(known) > 5 else ''}" if known else ""
    return say(
        span,
        f"没有找到上年度的办法 “{name}”{found}",
        why="对照两年的变化要有它；不影响本年的得分",
        mend="把上年度的办法放进同一个文件夹，或核对名称和版本",
    )


@entry(
    "K521",
    MUST,
    "上年度成圈",
    "circular predecessor",
    bad="2025.perf 的上年度是 2024，2024.perf 的上年度是 2025",
    good="上年度：示例市@2024（2025.perf）；上年度：示例市@2023（2024.perf）",
)
def previous_in_a_circle(span: Span, names: Sequence[str]) -> Problem:
    """沿着上年度一年一年往前，又回到了已经走过的一份。"""
    steps = "，".join(f"{one} 的上年度是 {other}" for one, other in pairwise(names))
    return say(span, f"上年度成圈：{steps}", why="没有最早的一年", mend="核对各份办法的 “上年度”")


@entry(
    "K522",
    MUST,
    "上年度晚于本年度",
    "predecessor is not earlier",
    bad="年度：2025；上年度：示例市@2026",
    good="年度：2025；上年度：示例市@2024",
)
def previous_not_earlier(span: Span, name: str, its: str, own: str) -> Problem:
    """上年度的办法，考核期（没有写的，年度）不能晚于本办法。同一年的定稿写它的征求意见稿，可以。"""
    return say(
        span,
        f"上年度 “{name}” 是{its}，晚于本办法的{own}",
        why="上年度应当早于本年度",
        mend="核对 “上年度” 和两份办法的 “考核期”",
    )


@entry(
    "K523",
    MUST,
    "上年度有两份",
    "two files for the predecessor",
    bad="2024.perf 和 2024副本.perf 都是【示例市@2024】",
    good="副本改为【示例市@2024征求意见】",
)
def previous_twice(span: Span, name: str, files: Sequence[str]) -> Problem:
    """两个文件都说自己是同一个办法的同一个版本，不知道上年度是哪一份。"""
    return say(
        span,
        f"“{name}” 有 {len(files)} 份：{'、'.join(files[:SHOWN])}{' 等' if len(files) > SHOWN else ''}",
        why="不知道上年度是哪一份",
        mend="多出来的（备份、副本）移到别的文件夹，或在它的题头改版本号；上年的那一份也可以放到本办法的文件夹里，就只认它",
    )


@entry(
    "K524",
    CONFIRM,
    "上年度的办法里没有这个编号",
    "predecessor has no such code",
    bad="上年对应：【A99】（上年度的办法里没有 A99）",
    good="上年对应：【A09】",
)
def predecessor_unknown(span: Span, code: str, name: str, near: str | None, category: bool = False) -> Problem:
    """上年对应写上年度办法里的编号（类别写名称）。那里没有的不起作用，对照时这一条会当作新增。"""
    what = f"类别 “{code}”" if category else f"编号 {code}"
    guess = f"，是不是 {near}？" if near else ""
    return say(
        span,
        f"上年度的办法 “{name}” 里没有{what}{guess}",
        why="对照两年时，这一条会当作新增，上年的那一条当作删去",
        mend=f"核对{'名称' if category else '编号'}；上年没有对应的，删去这一行"
        if not near
        else near
        if category
        else f"【{near}】",
    )


@entry(
    "K196",
    MUST,
    "上年度没有写成 名称@版本",
    "predecessor is not name@version",
    bad="上年度：去年的办法",
    good="上年度：示例市@2024",
)
def previous_unreadable(span: Span, text: str, proposal: str) -> Problem:
    """上年度写办法【】里的名称和版本，中间是 @。"""
    return say(
        span,
        f"“{text}” 不是 名称@版本",
        why="要知道上年度是哪一份文件，才能对照两年",
        mend=f"上年度：{proposal}",
    )


@entry(
    "K197",
    MUST,
    "有效期读不懂",
    "validity unreadable",
    bad="有效期：两年",
    good="有效期：2025年3月1日至2027年2月28日",
)
def validity_unreadable(span: Span, text: str, year: str) -> Problem:
    """有效期写起止两天，或者只写从哪一天起。"""
    return say(
        span,
        f"“{text}” 不是一段日期",
        why="按日期找办法时要知道它从哪一天起、到哪一天止",
        mend=f"有效期：{year}年1月1日至{year}年12月31日 或 有效期：{year}年1月1日起",
    )
