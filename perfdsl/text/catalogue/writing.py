"""K001 to K099: characters, lines and values that cannot be read.

What stands in ``“…”`` inside a message is what the officer typed. ``mend`` is a line to paste where one can be given.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from fractions import Fraction

from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


def shown(text: str, most: int = 24) -> str:
    """What was typed, fit for a message: one line, nothing invisible, cut."""
    line = "".join(c if c.isprintable() else " " for c in text).strip()
    return line if len(line) <= most else line[:most] + "…"


# ---- characters


@entry(
    "K001",
    MUST,
    "看不见的字符",
    "invisible character",
    bad="指标 按时\u200b办结率（20 分）",
    good="指标 按时办结率（20 分）",
)
def hidden_character(span: Span, character: str) -> Problem:
    """零宽字符、双向控制符、文中的字节序标记（BOM）等看不见，却能改变名称，甚至让一行字看起来和读起来不同。

    多半是从网页或聊天软件粘贴来的。审稿人看不到它们，所以不能留。运行“整理”可自动删去。
    """
    name = unicodedata.name(character, "控制字符")
    return say(
        span,
        f"这里有一个看不见的字符 U+{ord(character):04X}（{name}）",
        why="看不见的字符会让两个看上去一样的名称不相同",
        mend="删去这个字符；运行“整理”可自动删去",
    )


@entry("K002", CONFIRM, "易混字", "look-alike character", bad="责任单位：市⼈社局", good="责任单位：市人社局")
def lookalike(span: Span, character: str, ordinary: str) -> Problem:
    """部首字符和兼容汉字与普通汉字看上去一样，却是另一个字，从 PDF 复制时常见。本工具按普通字读入，请改正原文件。"""
    instead = f"改为普通的“{ordinary}”" if ordinary else "请重新输入这个字"
    return say(span, f"“{character}”（U+{ord(character):04X}）是易混字，不是常用汉字", mend=instead)


@entry(
    "K003",
    MUST,
    "引号不成对",
    "unpaired quote",
    bad="目标值：附表 “年度目标 的 “办结率”",
    good="目标值：附表 “年度目标” 的 “办结率”",
)
def quote_unpaired(span: Span, mark: str) -> Problem:
    """引号须在同一行内成对。名称、等次、可选内容用 “ ”。"""
    return say(span, f"引号 {mark} 在这一行里没有另一半", mend="补上另一半引号，名称写成 “名称”")


@entry("K004", MUST, "括号不成对", "unpaired bracket", bad="指标值：（甲 + 乙 ÷ 丙", good="指标值：（甲 + 乙） ÷ 丙")
def bracket_unpaired(span: Span, mark: str, closed: str = "") -> Problem:
    """括号须在同一行内成对，否则不知道算到哪里为止。"""
    return say(span, f"括号 {mark} 在这一行里没有另一半", mend=closed or "补上另一半括号")


@entry("K005", MUST, "一行太长", "line too long", bad="原文：（超过 2000 字的一行）", good="原文：（分成几行列项）")
def line_too_long(span: Span, length: int, most: int) -> Problem:
    """一行最多 2000 字。超过的多半是粘贴时丢了换行。"""
    return say(span, f"这一行有 {length} 个字符，最多 {most} 个", mend="在合适的地方换行，或分成列项（· 开头）")


@entry(
    "K006",
    MUST,
    "条款太多",
    "too many blocks",
    bad="（一个文件里写了 6000 个指标）",
    good="（每个单位不同的内容放进附表）",
)
def too_many_blocks(span: Span, count: int, most: int) -> Problem:
    """一个文件最多 5000 个条款。每个单位各不相同的内容应放进附表。"""
    return say(span, f"这个文件有 {count} 个条款，最多 {most} 个", mend="每个单位不同的内容请放进附表")


@entry(
    "K007",
    MUST,
    "式子太深或太长",
    "expression too deep or too long",
    bad="指标值：（（（…甲…）））",
    good="指标值：中间结果 ÷ 乙",
)
def too_deep(span: Span, what: str, count: int, most: int) -> Problem:
    """括号最多套 32 层，一个式子最多 100 个运算符。再复杂的式子人看不懂，请分成几个过程指标。"""
    return say(span, f"{what} {count}，最多 {most}", mend="分成几个过程指标，各写一个短式子")


# ---- lines


@entry(
    "K016",
    CONFIRM,
    "块名和名称连在一起",
    "header word and name run together",
    bad="一票否优秀 受到省通报【F02】",
    good="一票否优 受到省通报【F02】",
)
def glued_header(span: Span, word: str, name: str, told: str) -> Problem:
    """块名后面空一格再写名称。连在一起、后面又有空格的，多半是块名多打了一个字。"""
    return say(span, f"这里读作 {word}，名称是“{shown(name)}”，对不对？", why="块名后面没有空格", mend=told)


@entry("K010", MUST, "读不懂这一行", "unreadable line", bad="按时办结率要达到百分之九十八", good="目标值：98%")
def unreadable_line(span: Span, text: str, row: str = "", why: str = "") -> Problem:
    """一行只能是四种样子之一：条款的开头（指标 名称（10 分））、栏目（计分：…）、列项（· …）、表格的一行（| … | … |）。"""
    return say(
        span,
        f"读不懂这一行：“{shown(text)}”",
        why=why
        or "一行要么是条款的开头，要么是“栏目：内容”，要么是 · 开头的列项，要么是 | 隔开的表格行；只是说明的，行首加 #",
        mend=row or f"# {shown(text, 200)}",
    )


@entry("K011", MUST, "没有这个栏目", "unknown label", bad="评份单位：市水利局", good="评分单位：市水利局")
def unknown_label(span: Span, label: str, near: str | None, rest: str) -> Problem:
    """冒号前面的词须是已知的栏目。写错的栏目若被略过，规则就少了一条。"""
    mend = f"{near}：{rest}" if near else f"如果是说明，在行首加 # ：# {label}：{rest}"
    return say(span, f"没有“{shown(label)}”这个栏目" + (f"，是不是“{near}”？" if near else ""), mend=mend)


@entry(
    "K012", MUST, "没有这种条款", "unknown header", bad="一级指表 经济发展（30 分）", good="一级指标 经济发展（30 分）"
)
def unknown_header(span: Span, word: str, near: Sequence[str], rest: str) -> Problem:
    """条款开头的词须是已知的。读不懂的条款连同它下面的栏目都没有读入。"""
    could = f"，是不是“{near[0]}”？" if len(near) == 1 else "，是" + "还是".join(f"“{one}”" for one in near) + "？"
    message = f"没有“{shown(word)}”这种条款" + (could if near else "")
    lines = "\n".join(f"{one} {rest}".rstrip() for one in near)
    mend = lines or "条款以考评办法、附表、指标、加分项、等次等词开头"
    return say(span, message, why="改好之前，这一条和它下面的栏目都没有读入", mend=mend)


@entry(
    "K013", MUST, "不知道属于谁", "stray line", bad="计分：达到得满分", good="指标 一河一策（2 分）\n  计分：达到得满分"
)
def stray_line(span: Span, what: str) -> Problem:
    """栏目、列项和表格行都属于上面的条款；列项属于上面的栏目。前面没有可归属的，就不知道它说的是谁。"""
    return say(
        span, f"这{what}不知道属于谁，上面没有可归属的条款或栏目", mend="先写条款的开头，例如：指标 名称（10 分）"
    )


@entry("K014", MUST, "没有名称", "header without a name", bad="指标（10 分）", good="指标 按时办结率（10 分）")
def nameless(span: Span, word: str, named: str) -> Problem:
    """每个条款都要有名称，后面才好说到它。"""
    return say(span, f"“{word}”后面没有写名称", mend=f"{word} {named}")


@entry("K015", MUST, "写了两个编号", "two codes", bad="指标 甲（10 分）【A1】【A2】", good="指标 甲（10 分）【A1】")
def two_codes(span: Span, first: str, second: str) -> Problem:
    """一个条款只有一个编号。"""
    return say(span, f"同一条写了两个编号：【{first}】和【{second}】", mend=f"留下一个，例如：【{first}】")


@entry(
    "K017",
    MUST,
    "表格行的格数不对",
    "wrong number of cells",
    bad="| 等次 | 总分 |\n| 优秀 |",
    good="| 等次 | 总分 |\n| 优秀 | 90 分以上 |",
)
def cells_differ(span: Span, count: int, wanted: int, heading: Span) -> Problem:
    """表格每一行的格数须与表头相同，否则不知道哪一格属于哪一栏。空格子也要写出来。"""
    return say(
        span,
        f"这一行有 {count} 格，表头有 {wanted} 格",
        mend="每一行的格数要与表头相同，空格子写成 |  |",
        related=[Related(heading, "表头在这里")],
    )


@entry(
    "K018",
    MUST,
    "已知悉没有写理由",
    "acknowledgement without a reason",
    bad="# 已知悉 K301",
    good="# 已知悉 K301：原文如此，已请示",
)
def acknowledged_without_reason(span: Span, text: str) -> Problem:
    """“已知悉”让一处提示不再出现，须写明是哪一个编号、什么理由，别人才能复查。"""
    code = re.search("K[0-9]{3}", text)
    mend = f"# 已知悉 {code.group() if code else 'K310'}：理由"
    return say(span, f"“{shown(text)}”没有写明编号和理由", mend=mend)


@entry(
    "K051",
    HINT,
    "没有可以已知悉的",
    "nothing there to acknowledge",
    bad="# 已知悉 K310：已请示\n加分项 获得表彰（最高 3 分）【J01】",
    good="加分项 获得表彰（最高 3 分）【J01】",
)
def nothing_to_acknowledge(span: Span, code: str, must: bool) -> Problem:
    """“已知悉”写在出问题的那一行或它的上一行，只对那一处、那一个编号起作用。问题改好了，这句就可以删去。"""
    if must:
        return say(span, f"{code} 是必须改的，不能用“已知悉”略过", mend="照 " + code + " 的“怎么改”改好，再删去这一行")
    return say(span, f"这一行和下一行没有 {code} 这个问题", why="可能已经改好，或写在了别处", mend="删去这一行")


@entry(
    "K052",
    HINT,
    "没有这个问题编号",
    "unknown problem code",
    bad="# 已知悉 K999：已请示",
    good="# 已知悉 K310：已请示",
)
def unknown_code(span: Span, code: str) -> Problem:
    """“已知悉”要写程序提到的那个编号。"""
    return say(span, f"没有 {code} 这个问题编号", mend="写程序提到的编号，例如：# 已知悉 K310：理由")


@entry("K019", MUST, "栏目没有填", "empty field", bad="计分：", good="计分：达到得满分，否则不得分")
def empty_value(span: Span, what: str) -> Problem:
    """写了栏目就要填内容。还没有定的写“待定”。"""
    return say(span, f"{what}没有填", mend="填上内容；还没有定的写：待定")


# ---- numbers, dates


@entry("K030", MUST, "不是数", "not a number", bad="目标值：1e9", good="目标值：1000000000")
def not_a_number(span: Span, text: str, meant: str = "") -> Problem:
    """数只写阿拉伯数字和小数点（98、0.5），或中文数（十二、三分之一、百分之八十五、二成），不用字母、下划线。

    字母 O 和数字 0、字母 l 和数字 1 很像，常常打错。
    """
    guess = meant or text.translate(str.maketrans("OoIl", "0011")).replace("_", "")
    mend = guess if guess.replace(".", "", 1).isdigit() else "写成普通的数，例如 1000000"
    return say(span, f"“{shown(text)}”不是数", mend=mend)


@entry("K031", MUST, "数里有分节号", "thousands separator", bad="每篇 1,000 元", good="每篇 1000 元")
def thousands_separator(span: Span, number: str) -> Problem:
    """逗号在这里是分句用的，“1，000”会被读成两段。数里不写分节号。"""
    return say(span, f"“{span.text}”里的逗号是分节号，还是分句？数里不写分节号", mend=number)


@entry("K032", MUST, "数太长", "too many digits", bad="目标值：9999999999999999999", good="目标值：1000 亿元")
def too_many_digits(span: Span) -> Problem:
    """整数最多 18 位，小数最多 12 位。更长的多半是打错了。"""
    return say(
        span, f"“{shown(span.text)}”太长：整数最多 18 位，小数最多 12 位", mend="换一个大的单位，例如 万元、亿元"
    )


@entry(
    "K033",
    MUST,
    "没有这一天",
    "no such day",
    bad="考核期：2025年2月30日至2025年12月31日",
    good="考核期：2025年2月28日至2025年12月31日",
)
def no_such_day(span: Span) -> Problem:
    """写出来的日期须是日历上有的。"""
    figures = re.findall("[0-9]+", span.text)
    last = f"{figures[0]}年{figures[1]}月{_last(int(figures[0]), int(figures[1]))}日" if len(figures) == 3 else ""
    return say(span, f"日历上没有“{shown(span.text)}”这一天", mend=last or "请核对月份和日子，例如 2025年2月28日")


def _last(year: int, month: int) -> int:
    """The last day of a month; of December where there is no such month."""
    return monthrange(year, month)[1] if 1 <= month <= 12 and 1 <= year <= 9999 else 31


@entry(
    "K034",
    MUST,
    "考核期读不懂",
    "unreadable period",
    bad="考核期：2025年全年",
    good="考核期：2025年1月1日至2025年12月31日",
)
def period_unreadable(span: Span, year: str) -> Problem:
    """考核期写成从哪一天到哪一天，两头都算在内。事项是否在考核期内要按它判断。"""
    return say(span, "考核期要写明从哪一天到哪一天", mend=f"考核期：{year}年1月1日至{year}年12月31日")


@entry(
    "K035",
    MUST,
    "考核期倒了",
    "period ends before it begins",
    bad="考核期：2025年12月31日至2025年1月1日",
    good="考核期：2025年1月1日至2025年12月31日",
)
def period_reversed(span: Span, first: str, last: str) -> Problem:
    """考核期的末日不能早于首日。"""
    return say(span, "考核期的末日早于首日", mend=f"考核期：{last}至{first}")


@entry(
    "K053",
    CONFIRM,
    "单位名称写成了条款",
    "an article where a name should stand",
    bad="评分单位：第六条第（二）项",
    good="评分单位：市政府办公室",
)
def article_for_a_name(span: Span, label: str, text: str) -> Problem:
    """评分单位、责任单位、数据来源填单位的名称；条款号写在“条款”栏。两栏写反了，催报时就找错了人。"""
    return say(span, f"“{label}”填的是“{shown(text)}”，像条款号，不像单位名称", mend=f"条款：{text}")


@entry(
    "K048",
    MUST,
    "并列的数之间用了逗号",
    "numbers in a list parted by commas",
    bad="计分：按名次得 10，9，8 分",
    good="计分：按名次得 10、9、8 分",
)
def comma_in_list(span: Span, listed: str) -> Problem:
    """逗号在这里是分句用的，并列的几个数之间用顿号。"""
    return say(span, f"“{shown(span.text)}”是几个并列的数，之间用顿号", why="逗号会把它断成几句", mend=listed)


@entry(
    "K049",
    MUST,
    "日期没有写年份",
    "a day without its year",
    bad="计分：12月20日前报送得满分，逾期或未报送不得分",
    good="计分：2025年12月20日前报送得满分，逾期或未报送不得分",
)
def year_missing(span: Span, day: str) -> Problem:
    """期限要写到哪一年，跨年报送的（次年1月）才不会算错。"""
    return say(span, f"“{day}”没有写是哪一年", why="没有年份，不知道是当年还是次年", mend=f"2025年{day}")


# ---- values


@entry(
    "K040",
    MUST,
    "没有这个名称",
    "unknown name",
    bad="指标值：按时办结量 ÷ 应办结件数",
    good="指标值：按时办结件数 ÷ 应办结件数",
)
def unknown_name(span: Span, name: str, near: str | None, declare: str) -> Problem:
    """式子和条件里的名称须在数据、附表或台账里写明过，或者是一个指标的名称。"""
    if near:
        return say(span, f"没有写明过“{shown(name)}”，是不是“{near}”？", mend=near)
    return say(span, f"没有写明过“{shown(name)}”", mend=declare)


@entry(
    "K041",
    MUST,
    "这里读不懂",
    "unexpected words",
    bad="计分：每低 1 个百分点罚 0.5 分",
    good="计分：每低 1 个百分点扣 0.5 分",
)
def unexpected(span: Span, text: str, what: str, examples: Sequence[str], mend: str) -> Problem:
    """一句话读到一半遇到了接不上的词。画线处是第一个接不上的地方，后面举例说这里可以写什么。"""
    could = f"；这里可以写{_such_as(what, examples)}" if examples else ""
    return say(span, f"读到“{shown(text)}”接不下去{could}", mend=mend or f"换成：{_either(examples)}")


@entry(
    "K042",
    MUST,
    "话没有说完",
    "value ends too early",
    bad="计分：每低 1 个百分点扣",
    good="计分：每低 1 个百分点扣 0.5 分",
)
def ends_early(span: Span, text: str, what: str, examples: Sequence[str], mend: str) -> Problem:
    """一句话缺了后半截。"""
    could = f"后面要写{_such_as(what, examples)}" if examples else "后面还缺内容"
    return say(span, f"“{shown(text)}”没有说完，{could}", mend=mend or f"在后面写：{_either(examples)}")


def _such_as(what: str, examples: Sequence[str]) -> str:
    listed = "、".join(examples)
    return f"{what}，例如：{listed}" if what else f"：{listed}"


def _either(examples: Sequence[str]) -> str:
    return " 或 ".join(examples) or "补全这句话"


def see_manual(manual: str, field: str, examples: Sequence[str]) -> str:
    """Where to look for what a field takes; no problem by itself."""
    near = f"，相近的写法：{'；或者 '.join(f'“{example}”' for example in examples)}" if examples else ""
    return f"见 {manual} 的“{field}”一节{near}。只是说明的话写进“原文”或 # 后面"


@entry("K043", MUST, "没有这种说法", "unknown phrase", bad="计分：扣完本指标止", good="计分：扣完本指标为止")
def unknown_phrase(span: Span, text: str, near: str | None, mend: str) -> Problem:
    """计分等栏目用固定的说法，差一个字也可能是另一个意思，所以不猜。"""
    if near:
        return say(span, f"没有“{shown(text)}”这种说法，是不是“{near}”？", mend=mend or near)
    return say(span, f"读不懂“{shown(text)}”", mend=mend or "见 docs/手册.md；只是说明的话写进“原文”或 # 后面")


@entry(
    "K044",
    MUST,
    "先算“且”还是先算“或”",
    "and/or without brackets",
    bad="适用：甲 为 “有” 且 乙 为 “有” 或 丙 为 “有”",
    good="适用：（甲 为 “有” 且 乙 为 “有”） 或 丙 为 “有”",
)
def and_or_mixed(span: Span, first: str, second: str) -> Problem:
    """“且”和“或”写在一起有两种读法，结果可能不同，须用括号写明。"""
    return say(
        span,
        "“且”和“或”写在一起，先算哪一个没有写明",
        why=f"两种读法：“{shown(first, 80)}”；“{shown(second, 80)}”",
        mend=f"{first}\n{second}",
    )


@entry(
    "K045",
    MUST,
    "两个条件之间没有写“且”或“或”",
    "conditions joined by a comma",
    bad="适用：甲 为 “有”，乙 为 “有”",
    good="适用：甲 为 “有” 且 乙 为 “有”",
)
def comma_between_conditions(span: Span) -> Problem:
    """两个条件之间的逗号可以读成“且”，也可以读成“或”，须写明。"""
    return say(span, "两个条件之间是“且”还是“或”，没有写明", mend="且\n或")


@entry("K046", MUST, "不能当界限", "not a bound", bad="总分：基本分，超过 100 分", good="总分：基本分，最高 100 分")
def not_a_bound(span: Span, text: str) -> Problem:
    """上下限写“最高、最低、不超过、不低于”。“超过 100 分”单独写，不知道是上限还是条件。"""
    number = re.sub(r"^[^-−0-9]+", "", text) or "100 分"
    return say(
        span,
        f"“{shown(text)}”单独写在这里，不知道是上限还是条件",
        mend=f"最高 {number}\n最低 {number}\n{text}{' ' if text[-1:].isdigit() else ''}得满分",
    )


@entry("K047", MUST, "栏名读不懂", "unreadable column", bad="列：单位、（件）", good="列：单位、件数（件）")
def column_unreadable(span: Span, text: str) -> Problem:
    """列和数据写成 名称（计量单位，其他说明），几个之间用顿号隔开。"""
    wide = text.replace("(", "（").replace(")", "）")
    closed = wide.count("（") == wide.count("）") + 1 and not wide.startswith("（")
    return say(span, f"读不懂这一栏：“{shown(text)}”", mend=f"{wide}）" if closed else "名称（件，每月）、名称（%）")


# ---- what people often write


@entry(
    "K581",
    MUST,
    "总分要从基本分写起",
    "the total begins with the base score",
    bad="总分：基准分 100 分 + 加分 － 扣分",
    good="总分：基本分 + 加分 － 扣分，总分最高 110 分，最低 0 分",
)
def total_without_base(span: Span, text: str, mend: str) -> Problem:
    """基本分是各一级指标得分之和。每个单位都先有的 100 分写成一项指标：指标值：100 分，计分：按指标值得分，最高得满分，最低 0 分。"""
    return say(
        span,
        f"总分要从“基本分”写起，读不懂“{shown(text)}”",
        why="基本分＝各一级指标得分之和；每个单位都先有的 100 分，写成一项指标（指标值：100 分；计分：按指标值得分，最高得满分，最低 0 分）",
        mend=mend,
    )


@entry(
    "K588",
    MUST,
    "插值没有写明从几分到几分",
    "a line without its two ends",
    bad="计分：达到 7% 得 4 分；未达到 3% 得 0 分；3% 至 7% 之间按线性内插法计算",
    good="计分：达到 7% 得 4 分；未达到 3% 得 0 分；其间按插值从 0 分到 4 分",
)
def line_between(span: Span, text: str, mend: str) -> Problem:
    """两头之间按直线计分的，写“其间按插值从几分到几分”：先写差的一头，再写好的一头。"""
    return say(
        span,
        f"两头之间按直线计分的，要写“其间按插值从几分到几分”，读不懂“{shown(text)}”",
        why="两头各接几分要写明：从差的一头的分，到好的一头的分",
        mend=mend or "前面写明两头：达到……得……分；未达到……得……分；这一句写：其间按插值从……分到……分",
    )


@entry(
    "K589",
    MUST,
    "没有达到目标的按比例",
    "a share of the target",
    bad="计分：达到得满分；未达到的按比例得分",
    good="计分：按完成比例，最高得满分",
)
def share_of_target(span: Span, text: str, loses: bool) -> Problem:
    """“达到得满分，没有达到的按比例得分”是一种计分方式，整句写成“按完成比例，最高得满分”。按差多少扣分的写“每低……扣……”。"""
    steps = "每低 1 个百分点扣 …… 分，不足 1 个百分点的按比例计，扣完本指标为止"
    share = "按完成比例，最高得满分"
    return say(
        span,
        f"“达到得满分，没有达到的按比例”要写明是哪一种，读不懂“{shown(text)}”",
        why="得分按完成的比例（完成 80% 得八成的分），还是按差多少扣分，结果不同",
        mend="整个计分写成：" + (f"{steps}\n或  {share}" if loses else f"{share}\n或  {steps}"),
    )


@entry(
    "K585",
    MUST,
    "台账里数件数，只写“以上”",
    "rows of a ledger are counted from below",
    bad="情形：台账 “事故” 中 类型 为 “重大” 的 2 起以下",
    good="情形：并非（台账 “事故” 中 类型 为 “重大” 的 3 起以上）",
)
def count_below(span: Span, text: str, number: Fraction, unit: str) -> Problem:
    """“几起以上”是至少有几起。“2 起以下”没有一起也算，写成：并非有 3 起以上；有 1 起到 2 起的，两个条件用“且”连起来。"""
    more = f"{decimal(number + 1)} {unit}以上"
    return say(
        span,
        f"台账里数件数，只能写“以上”：“{text}以下”没有一件也符合吗？",
        why="没有一件的单位，两种读法结果不同",
        mend=f"并非（台账 “……” 中 …… 的 {more}）\n或  台账 “……” 中 …… 的 1 {unit}以上 且 并非（台账 “……” 中 …… 的 {more}）",
    )


@entry(
    "K582",
    MUST,
    "降等没有底",
    "a drop has no floor",
    bad="后果：降 1 个等次，最低降到 “C”",
    good="后果：降 1 个等次",
)
def drop_with_a_floor(span: Span, text: str, grade: str) -> Problem:
    """降等降几个就是几个，到最低的等次为止，不能另写一个底。要“不论原来几等，都不高于某一等”的，写成限等。"""
    return say(
        span,
        f"降等不能写底：“{shown(text)}”",
        why="降几个等次就是几个，降到最低的等次为止",
        mend=f"“{grade}”是最低的等次的，删去这一句，写：后果：降 1 个等次"
        f"\n或  不论原来几等都不高于“{grade}”的，另写一块“限等”：后果：等次不高于 “{grade}”",
    )


@entry(
    "K583",
    MUST,
    "连续几年的名次要从历年实绩里取",
    "a run of ranks is read from the table of earlier years",
    bad="对象：连续 2 年名次在后 1 名",
    good="对象：名次在后 1 名（并列的一并计入） 且 上年（倒数第几） ≤ 1 名",
)
def run_of_ranks(span: Span, text: str, years: int, last: bool, count: str) -> Problem:
    """“连续几年”后面只接等次。往年的名次是公布过的事实，填在 历年实绩 里，用 上年（…）、往年（…、2 年） 取出来。"""
    column, word = ("倒数第几", "后") if last else ("第几", "前")
    earlier = [f"上年（{column}） ≤ {count} 名", *(f"往年（{column}、{i} 年） ≤ {count} 名" for i in range(2, years))]
    whole = " 且 ".join((f"名次在{word} {count} 名（并列的一并计入）", *(earlier if years > 1 else ())))
    return say(
        span,
        f"“连续 {years} 年”后面只能写等次，读不懂“{shown(text)}”",
        why="往年的名次是公布过的数，要有一张按年度列出的表：数据 历年实绩（每个单位多行），"
        f"列：单位、年度、{column}（名）；并列的计不计入也要写明",
        mend=whole,
    )
