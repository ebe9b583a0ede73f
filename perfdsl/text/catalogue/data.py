"""K400 to K461 and K470 to K480: what can be wrong with data files and their cells.

Places are addresses as officers see them (``实绩.xlsx 工作表“实绩” C17``); a cell of a 附表 written in the rulebook
points at its line. ``column`` is always the column as messages call it, see ``data.convert.called``.
"""

from __future__ import annotations

from collections.abc import Sequence

from perfdsl.text.citation import Address, Citation
from perfdsl.text.problem import Problem, Problems, Severity, entry, say
from perfdsl.text.source import Span

Place = Address | Span | None
MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT

NO_DATA = frozenset({"K415", "K416", "K479"})
"""Codes that mean: there are no data at all where they were looked for. What is missing then needs no word of its own."""
UNREADABLE = NO_DATA | {"K400", "K401", "K402", "K403", "K404", "K405", "K418", "K470", "K471"}
"""Codes that mean: nothing could be read. The command line ends with 3."""
LACKING = frozenset({"K421", "K425"})
"""Codes that mean: a table or a column is not there."""
OTHER_NAMES = frozenset({"K440"})
"""Codes of notes that only say which of two names of a unit is meant: of no use where names are replaced."""
UNKNOWN_NAMES = frozenset({"K439"})
"""Codes of notes that quote a name nobody knows: whoever reads it guesses whose it is."""
_DOUBTS = {"K478": "数据像是别的年度的", "K480": "数据像是以前年度的"}
"""Code → what it puts the whole run in doubt for."""


def doubts(problems: Problems, more: str = "，见“问题”") -> tuple[str, ...]:
    """What puts a whole run in doubt, one sentence each, for the head of a report: its first problem, how many others;
    ``more``: what is said behind."""
    said = []
    for code, doubt in _DOUBTS.items():
        if found := [one.message for one in problems if one.code == code]:
            others = f"；共 {len(found)} 处" if len(found) > 1 else ""
            said.append(f"{doubt}（{found[0]}{others}）{more}")
    return tuple(said)


def _quoted(names: Sequence[str], most: int = 8) -> str:
    return "、".join(f"“{name}”" for name in names[:most]) + (" 等" if len(names) > most else "")


def _short(text: str) -> str:
    """What stands in a cell, fit for a message: one line, no control characters, cut."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= 40 else plain[:40] + "…"


def _cells(where: str) -> str:
    """The cells that are meant, in brackets; data that came from no file have none."""
    return f"（{where}）" if where else ""


# Files


@entry(
    "K400",
    MUST,
    "数据文件读不出来",
    "data file cannot be read",
    bad="实绩.xlsx 正被 WPS 打开",
    good="关闭 WPS/Excel 中的实绩.xlsx，再运行一次",
)
def unreadable(place: Place, sentence: str) -> Problem:
    """文件不存在、被占用、没有权限、超过大小或编码无法辨认，都读不出来。没有读到的数据不会当作 0。"""
    return say(place, sentence, why="这个文件的数据一个也没有读入")


@entry(
    "K401",
    MUST,
    "不是能读的表格文件",
    "not a table file that can be read",
    bad="实绩.xls",
    good="实绩.xlsx（在 WPS/Excel 中另存为“Excel 工作簿 (*.xlsx)”）",
)
def not_a_table_file(place: Place, what: str) -> Problem:
    """数据只从 xlsx 工作簿、CSV 文本和 Parquet 读入。其他格式请先另存。"""
    return say(
        place,
        f"{what}，读不了",
        why="数据只从 xlsx 工作簿、CSV 文本和 Parquet 读入",
        mend="在 WPS/Excel 中打开，另存为“Excel 工作簿 (*.xlsx)”",
    )


def old_format(place: Place) -> Problem:
    """The same mistake for Excel 97 and WPS files."""
    return not_a_table_file(place, "这是旧格式的表格（.xls 或 .et）")


@entry(
    "K402",
    MUST,
    "文件有密码",
    "file is protected by a password",
    bad="实绩.xlsx 设了打开密码",
    good="在 WPS/Excel 中去掉打开密码后另存",
)
def locked_with_password(place: Place) -> Problem:
    """加密的工作簿无法核对内容，也无法留下可以复查的校验码。"""
    return say(
        place,
        "文件设有打开密码，读不了",
        why="加密的内容无法核对，也无法复查",
        mend="在 WPS/Excel 中打开，文件 → 文档加密（或“保护工作簿”）里清除密码，再保存",
    )


@entry(
    "K403",
    MUST,
    "工作簿带有宏",
    "workbook contains macros",
    bad="实绩.xlsm",
    good="实绩.xlsx（另存为“Excel 工作簿 (*.xlsx)”，宏即去掉）",
)
def with_macros(place: Place) -> Problem:
    """宏可以在打开时改动数据，因此带宏的工作簿不作为考核数据。"""
    return say(
        place,
        "工作簿里带有宏，不作为考核数据读入",
        why="宏可以在打开时改动数据",
        mend="在 WPS/Excel 中另存为“Excel 工作簿 (*.xlsx)”",
    )


@entry(
    "K404",
    MUST,
    "文件损坏",
    "file is damaged",
    bad="从邮箱下载到一半的实绩.xlsx",
    good="重新下载或复制，能在 WPS/Excel 中打开的文件",
)
def damaged(place: Place, what: str) -> Problem:
    """文件的内部结构不完整，通常是传输中断或改了扩展名。"""
    return say(
        place,
        f"文件可能损坏：{what}",
        why="读出一半的数据比没有数据更危险，因此整个文件都没有读",
        mend="请在 WPS/Excel 中打开看一看，再另存为 xlsx",
    )


@entry(
    "K405",
    MUST,
    "文件超出限度",
    "file exceeds the limits",
    bad="解压后有 1 GB 的 xlsx",
    good="只保留要用的工作表和行列，另存一份",
)
def too_big(place: Place, what: str) -> Problem:
    """压缩文件里可以藏下比内存还大的内容，因此边读边数，超出限度就停。"""
    return say(
        place,
        f"没有读完：{what}",
        why="这样的文件不像是填报表，硬读会耗尽内存",
        mend="只保留要用的行和列，复制到新的工作簿再保存；明细很多时分成几个文件",
    )


@entry(
    "K406",
    MUST,
    "没有这张工作表",
    "no such sheet",
    bad="工作表: 实际",
    good="工作表: 实绩",
)
def no_such_sheet(place: Place, sheet: str, sheets: Sequence[str]) -> Problem:
    """指定的工作表在文件里找不到。"""
    return say(place, f"没有名为“{sheet}”的工作表，有的是：{_quoted(sheets)}", mend="改工作表的名称，或改 data.yaml")


@entry(
    "K407",
    MUST,
    "不知道读哪张工作表",
    "which sheet to read is not clear",
    bad="实绩.xlsx 里有 Sheet1 和 旧数据 两张",
    good="把要读的一张改名为“实绩”",
)
def which_sheet(place: Place, table: str, sheets: Sequence[str]) -> Problem:
    """一个文件有几张工作表，没有一张以表名开头。读错一张，全部得分就错了。"""
    return say(
        place,
        f"有 {len(sheets)} 张工作表（{_quoted(sheets)}），没有写明哪一张是“{table}”",
        why="读错一张工作表，得分就全错了",
        mend=f"把要读的工作表改名为“{table}”",
    )


@entry(
    "K408",
    MUST,
    "表里没有内容",
    "table is empty",
    bad="空白的实绩.csv",
    good="第一行是表头：单位,按时办结率",
)
def nothing_in_it(place: Place) -> Problem:
    """连表头也没有的表，看不出各列是什么。确实没有事项的台账，请留下表头。"""
    return say(
        place,
        "里面一个字也没有，连表头都没有",
        why="看不出各列是什么",
        mend="第一行填表头；确实没有事项的台账只留表头",
    )


@entry(
    "K409",
    MUST,
    "CSV 的一行对不上表头",
    "a CSV row does not fit its headings",
    bad="市水利局,1,000,98",
    good="市水利局,1000,98",
)
def row_too_long(place: Place, has: int, width: int, extra: str) -> Problem:
    """一行的格数比表头多，后面各格就错了位。多半是数字里用了千分位逗号。"""
    return say(
        place,
        f"这一行有 {has} 格，表头只有 {width} 格，多出“{_short(extra)}”",
        why="从多出的逗号起，后面各格都错了位",
        mend="去掉数字里的千分位逗号（1,000 写成 1000）；文字里有逗号的，整格用英文双引号括起来",
    )


@entry(
    "K410",
    MUST,
    "CSV 的引号没有配对",
    "quotation marks in CSV do not pair",
    bad='市水利局,"第3号',
    good='市水利局,"第3号"',
)
def bad_quotes(place: Place, line: int) -> Problem:
    """一个没有配对的英文双引号会把后面许多行并成一格。"""
    return say(
        place,
        f"从这一行起（文本第 {line} 行以前）有英文双引号没有配对",
        why="后面的行会被并成一格",
        mend="用 WPS/Excel 打开改好后另存，或把单个英文双引号改成中文引号",
    )


@entry(
    "K411",
    HINT,
    "按国标编码读入",
    "read as GB18030",
    bad="GBK 编码的实绩.csv",
    good="另存为“CSV UTF-8”的实绩.csv",
)
def read_as_national(place: Place) -> Problem:
    """文件不是 UTF-8，按 GB18030（国标编码）读入。中文正常就不用管。"""
    return say(place, "按 GB18030（国标编码）读入", mend="另存为“CSV UTF-8（逗号分隔）”就不再提示")


@entry(
    "K412",
    CONFIRM,
    "合并单元格",
    "merged cells",
    bad="A5:A7 合并，只有 A5 有字",
    good="A5、A6、A7 各填一遍",
)
def merged(place: Place, cells: str, text: str) -> Problem:
    """合并区域只有首格有内容，其余各格按首格取值。"""
    return say(
        place,
        f"{cells} 是合并单元格，各行都已按首格“{_short(text)}”取值",
        why="合并区域里只有首格有内容，是不是每一行都是它，表里看不出来",
        mend="取消合并，逐行填写",
    )


@entry(
    "K413",
    CONFIRM,
    "有隐藏的内容",
    "hidden rows, columns or sheets",
    bad="第 12 行被隐藏",
    good="取消隐藏，不要的行删去",
)
def hidden(place: Place, what: str) -> Problem:
    """隐藏或被筛选掉的行列照样读入，看表的人却看不见。"""
    return say(
        place,
        f"{what}被隐藏（或被筛选掉），是否参与？现已按参与读入",
        why="看表的人看不见这些数，得分里却有它们",
        mend="要参与的取消隐藏，不要的删去",
    )


@entry(
    "K414",
    HINT,
    "表头上面有别的内容",
    "lines above the headings",
    bad="第 1 行：2025 年度实绩表",
    good="第 1 行就是表头",
)
def lines_above(place: Place, count: int, header: int) -> Problem:
    """表头上面的标题、说明没有读入。"""
    return say(place, f"以第 {header} 行为表头，上面 {count} 行（标题、说明）没有读")


# Where the data lies


@entry(
    "K415",
    MUST,
    "文件夹里没有数据文件",
    "no data files in the folder",
    bad="空的“2025数据”文件夹",
    good="2025数据/实绩.xlsx",
)
def empty_folder(place: Place, tables: Sequence[str]) -> Problem:
    """数据文件按表名找：名称以表名开头的 xlsx 或 CSV。"""
    return say(
        place,
        "文件夹里没有一个 xlsx 或 CSV 文件",
        mend=f"把数据放进来（下级文件夹里的不读），文件名以表名开头：{'、'.join(f'{name}.xlsx' for name in tables[:5]) or '实绩.xlsx'}",
    )


@entry(
    "K416",
    MUST,
    "数据位置不对",
    "the place of the data is wrong",
    bad="--data 2025.docx",
    good="--data 2025数据",
)
def wrong_place(place: Place, what: str) -> Problem:
    """数据的位置是一个文件夹、一个 xlsx 或 CSV 文件，或一个 data.yaml。"""
    return say(place, what, mend="写成放数据的文件夹，或其中的 data.yaml，或一个 xlsx 工作簿")


@entry(
    "K479",
    MUST,
    "没有数据文件夹",
    "no folder of data",
    bad="2025.perf 旁边没有 2025/数据",
    good="把数据放进 2025/数据，或写 --data 放数据的文件夹",
)
def no_folder(place: Place, folder: str, tables: Sequence[str]) -> Problem:
    """没有另外指明时，数据在办法旁边的同名文件夹里的“数据”文件夹里找。没有它，各项都没有数。"""
    return say(
        place,
        f"没有数据：找的是 {folder}，没有这个文件夹",
        why="没有写 --data 时，数据在办法旁的同名文件夹里的“数据”文件夹里找；没有数据，各项都待定",
        mend=f"把数据（{'、'.join(f'{name}.xlsx' for name in tables[:5])}{' 等' if len(tables) > 5 else ''}）放进 {folder}，"
        "或用 --data 写明放在哪里",
    )


@entry(
    "K417",
    HINT,
    "没有用到的文件或工作表",
    "file or sheet that no table uses",
    bad="实积.xlsx",
    good="实绩.xlsx",
)
def unclaimed(place: Place, what: str, near: str | None) -> Problem:
    """文件名、工作表名不以任何一个表名开头，没有读。"""
    return say(place, f"{what}不以任何一个表名开头，没有读", mend=f"如果是“{near}”，请改名为“{near}”" if near else "")


@entry(
    "K418",
    MUST,
    "data.yaml 读不懂",
    "data.yaml cannot be understood",
    bad="实绩：实绩.xlsx",
    good="实绩: 实绩.xlsx",
)
def bad_yaml(place: Place, what: str, mend: str = "") -> Problem:
    """data.yaml 每行一个表：表名、英文冒号、空格、文件名。不用锚点和别名，同一个表不写两次。"""
    return say(place, what, mend=mend or "实绩: 实绩.xlsx")


@entry(
    "K419",
    MUST,
    "data.yaml 里没有这个表",
    "data.yaml names an unknown table",
    bad="实积: 实绩.xlsx",
    good="实绩: 实绩.xlsx",
)
def unknown_table(place: Place, name: str, near: str | None, known: Sequence[str]) -> Problem:
    """data.yaml 左边写的是办法里的表名。"""
    return say(
        place,
        f"办法里没有名为“{name}”的表" + (f"，是不是“{near}”？" if near else f"，有的是：{_quoted(known)}"),
        mend=near or "",
    )


@entry(
    "K420",
    MUST,
    "文件不在规定的文件夹里",
    "file outside the folder",
    bad="实绩: ../去年/实绩.xlsx",
    good="实绩: 实绩.xlsx",
)
def leaves_folder(place: Place, written: str) -> Problem:
    """文件写相对名称，只在本文件夹（及其下级）里找，换一台电脑结果才相同。"""
    return say(
        place,
        f"“{_short(written)}”不在本文件夹里",
        why="只读本文件夹和下级文件夹里的文件，换一台电脑结果才相同",
        mend="把文件复制到本文件夹，只写文件名",
    )


@entry(
    "K421",
    MUST,
    "没有找到表的文件",
    "no file for a table",
    bad="办法里有台账“表彰”，文件夹里没有表彰.xlsx",
    good="表彰.xlsx（确实没有事项的，只留表头）",
)
def no_file(place: Place, what: str, table: str, sources: Sequence[str], put: str) -> Problem:
    """办法声明的表没有数据文件。没有文件不等于没有事项：相关的得分都是未报，不按 0 计。"""
    return say(
        place,
        f"没有找到{what}“{table}”的文件" + (f"（提供单位：{'、'.join(sources[:5])}）" if sources else ""),
        why="没有文件不等于 0，也不等于没有事项：用到它的得分暂作未报",
        mend=put + ("（确实没有事项的，只留表头）" if what == "台账" else ""),
    )


# Headings


@entry(
    "K422",
    HINT,
    "没有用到的列",
    "column that nothing uses",
    bad="按时办洁率",
    good="按时办结率",
)
def unknown_heading(place: Place, heading: str, near: str | None, shared: Sequence[str] = ()) -> Problem:
    """表头与办法里的列名对不上，这一列没有读。几项指标、条款用同一个说法作数据名称的，表头要写全是哪一项的。"""
    if shared:
        return say(
            place,
            f"“{_short(heading)}”有 {len(shared)} 处要用（{_quoted(shared)}），分不清是谁的，没有读",
            why="几处用了同一个说法作数据的名称",
            mend=f"表头写全：{' 或 '.join(shared)}；或在办法里给其中一处换个说法",
        )
    guess = f"，是不是“{near}”？" if near else ""
    return say(place, f"“{_short(heading)}”不是这个表的列，没有读{guess}", mend=near or "")


@entry(
    "K423",
    MUST,
    "一列出现两次",
    "a column stands twice",
    bad="单位,办结率,办结率",
    good="单位,办结率",
)
def heading_twice(place: Place, column: str, other: Address) -> Problem:
    """同一张表里有两列都是它，不知道用哪一列。"""
    return say(place, f"“{column}”在 {other.cell} 已经有一列了", why="不知道用哪一列", mend="删去一列，或改成别的表头")


@entry(
    "K424",
    MUST,
    "表头的单位与办法不同",
    "unit in the heading differs",
    bad="固投完成额（万元），办法里是亿元",
    good="固投完成额（亿元）",
)
def heading_unit(place: Place, column: str, written: str, declared: str) -> Problem:
    """表头写明了计量单位，与办法声明的不同。照读会差几个数量级。"""
    return say(
        place,
        f"表头的单位是“{written}”，办法里“{column}”的单位是“{declared or '没有单位'}”",
        why="照读会差几个数量级，这一列没有读",
        mend=f"把数换算好，表头改成：{column}（{declared}）" if declared else f"表头改成：{column}",
    )


@entry(
    "K425",
    MUST,
    "缺少列",
    "a column is missing",
    bad="单位",
    good="单位,按时办结率",
)
def no_column(
    place: Place,
    column: str,
    heading: str,
    source: str,
    files: Sequence[str] = (),
    name: str = "",
    others: Sequence[str] = (),
) -> Problem:
    """办法要用的一列，哪个文件里都没有。一个表分几个文件的，指的是同一指标、相近指标的各列所在的那个文件。几项指标、条款用同一个说法作数据名称的，各写全名。"""
    who = f"，由{source}提供" if source else ""
    where = f"在其中一个文件里（{'、'.join(files[:5])}{' 等' if len(files) > 5 else ''}）" if len(files) > 1 else ""
    taken = f"{'、'.join(others)}也用“{name}”这个说法，表头只写它分不清是谁的，不读；" if others else ""
    own = f"；原来写“{name}”的那一列如果就是它，把表头改成这个；也可以在办法里给其中一处换个说法" if others else ""
    return say(
        place,
        f"没有{column}这一列{who}",
        why=f"{taken}没有它，用到它的得分都是未报",
        mend=f"{where}加一列，表头写：{heading}{own}",
    )


@entry(
    "K426",
    MUST,
    "缺少对号入座的列",
    "the column that says whose row it is is missing",
    bad="按时办结率",
    good="单位,按时办结率",
)
def no_key_column(place: Place, table: str, column: str) -> Problem:
    """没有这一列，不知道每一行是谁的，整张表都没有读。"""
    return say(
        place,
        f"“{table}”缺少“{column}”列，不知道每一行是谁的",
        why="整张表都没有读",
        mend=f"加一列，表头写：{column}",
    )


# Cells


@entry(
    "K427",
    MUST,
    "单元格填得不对",
    "a cell does not hold what it should",
    bad="1.2万",
    good="12000",
)
def wrong_cell(place: Place, column: str, expected: str, written: str, mend: str = "") -> Problem:
    """数字列只写数字，日期列只写日期，是否列只写是或否。能猜到的写在改法里，但不代为更改。"""
    return say(
        place, f"{column}应为{expected}，填的是“{_short(written)}”", mend=mend or f"请填报单位核对后重填：{expected}"
    )


@entry(
    "K428",
    MUST,
    "不是可选内容",
    "not one of the choices",
    bad="国家",
    good="国家级",
)
def not_a_choice(place: Place, column: str, expected: str, written: str, near: str) -> Problem:
    """这一列只能填办法里列出的内容。相近的只作提示，不代为更改。"""
    guess = f"，是不是“{near}”？" if near else ""
    return say(place, f"{column}应为{expected}，填的是“{_short(written)}”{guess}", mend=near)


@entry(
    "K429",
    MUST,
    "没有写明记号的意思",
    "a mark whose meaning is not declared",
    bad="/",
    good="列：固投目标额（亿元，可填“/”表示不涉及）",
)
def unexplained_mark(place: Place, column: str, written: str, declaration: str) -> Problem:
    """“/”“-”“无”可以是不涉及、未发生、没有报，也可以是 0，后果各不相同。办法里写明了才能用。"""
    return say(
        place,
        f"{column}填的是“{_short(written)}”，办法没有写明它的意思",
        why="可以是不涉及、未发生、零报告、未报，也可以是 0，得分各不相同",
        mend=f"在办法里写：{declaration}；或在单元格里直接写 不涉及、未发生、零报告、未报",
    )


@entry(
    "K430",
    MUST,
    "单元格是错误值",
    "a cell holds an error value",
    bad="#DIV/0!",
    good="98.5%",
)
def error_cell(place: Place, column: str, written: str) -> Problem:
    """公式算不出结果，表格软件写下了错误值。"""
    return say(
        place,
        f"{column}的单元格是错误值 {_short(written)}",
        why="公式没有算出结果，不能当作 0 也不能当作没有填",
        mend="改好公式，或直接填数；除数为 0 的，按实际情况写 未发生 或 不涉及",
    )


@entry(
    "K431",
    MUST,
    "公式没有计算结果",
    "a formula without a result",
    bad="=B2/C2（从未计算）",
    good="在 WPS/Excel 中打开，保存一次",
)
def not_calculated(place: Place, column: str, formula: str) -> Problem:
    """文件里只有公式，没有算出的数。软件导出、从未用 WPS/Excel 打开过的文件常常这样。"""
    return say(
        place,
        f"{column}的公式没有计算结果：{_short(formula)}",
        why="文件里只有公式，没有数",
        mend="在 WPS/Excel 中打开，保存一次",
    )


@entry(
    "K432",
    MUST,
    "长数字已经失真",
    "a long number has lost its digits",
    bad="110101199001011000（常规格式）",
    good="110101199001011234（文本格式）",
)
def too_many_digits(place: Place, column: str, written: str) -> Problem:
    """表格软件只保存 15 位有效数字，16 位以上的编号存成数字，后几位已经变成 0。"""
    return say(
        place,
        f"{column}里 16 位以上的数存成了数字（{_short(written)}），后几位已经失真",
        why="表格软件只保存 15 位有效数字",
        mend="先把单元格设成“文本”格式，再重新填一次",
    )


@entry(
    "K433",
    MUST,
    "文字被变成了日期",
    "a text was turned into a date",
    bad="1-2 变成 1月2日",
    good="1-2（文本格式）",
)
def turned_into_date(place: Place, column: str, written: str) -> Problem:
    """在常规格式的单元格里键入 1-2，表格软件会自动变成日期，原来写的是什么已经看不出来。"""
    return say(
        place,
        f"{column}不是日期，单元格里却是日期 {_short(written)}",
        why="键入 1-2 一类的内容会被表格软件自动变成日期，原来写的已经看不出来",
        mend="先把单元格设成“文本”格式，再重新填一次",
    )


@entry(
    "K434",
    CONFIRM,
    "百分数还是小数",
    "a percentage or a share",
    bad="0.98",
    good="98%",
)
def percent_or_share(place: Place, column: str, written: str, share: str, *, count: int, where: str) -> Problem:
    """百分数的列里填了 0 到 1 之间、不带百分号的数。按列的单位读是百分之零点几，填表人多半不是这个意思。"""
    return say(
        place,
        f"{column}的单位是 %，有 {count} 处填的是 0 到 1 之间的数（{where}）。"
        f"“{written}”是 {written}%，还是 {share}？现按 {written}% 读入",
        why="两种读法相差 100 倍",
        mend=f"带上百分号：{share} 或 {written}%",
    )


@entry(
    "K435",
    CONFIRM,
    "百分数大得出奇",
    "a very large percentage",
    bad="9800%",
    good="98%",
)
def percent_very_large(place: Place, column: str, written: str, count: int, where: str) -> Problem:
    """超过 1000% 的百分数，常常是在百分比格式的单元格里粘贴了已经乘过 100 的数。"""
    return say(
        place,
        f"{column}有 {count} 处超过 1000%（{where}），如“{written}”，是否多乘了 100？现按原样读入",
        why="在百分比格式的单元格里粘贴 98，会变成 9800%",
        mend="98%",
    )


@entry(
    "K436",
    HINT,
    "读入时作了整理",
    "tidied while reading",
    bad="“市水利局 ”",
    good="“市水利局”",
)
def tidied(place: Place, column: str, what: str, count: int, where: str) -> Problem:
    """空格、全角字符不改变意思，读入时作了整理。"""
    return say(place, f"{column}有 {count} 处{what}（{where}）")


@entry(
    "K437",
    MUST,
    "必填的单元格没有填",
    "a required cell is blank",
    bad="表彰台账一行的“级别”没有填",
    good="国家级",
)
def blank_cell(place: Place, column: str) -> Problem:
    """台账的一行缺了内容，这件事就没法计分。单位、编号没有填，整行都不知道是谁的。"""
    return say(place, f"{column}没有填", why="缺了它，这一行没法计分", mend="补填；确实没有的写 不涉及 或 待定")


@entry(
    "K438",
    MUST,
    "不知道是哪一行",
    "a key cell is blank or not a name",
    bad="单位一栏空白",
    good="市水利局",
)
def no_key(place: Place, column: str, written: str) -> Problem:
    """单位、编号、月份决定一行是谁的。没有填或填成状态词，整行都没有读。"""
    what = f"填的是“{_short(written)}”" if written else "没有填"
    return say(place, f"“{column}”{what}，不知道这一行是谁的", why="整行没有读", mend=f"补填{column}，或删去这一行")


# Units


@entry(
    "K439",
    MUST,
    "单位不在名册上",
    "unit is not on the roster",
    bad="市发改委",
    good="市发展改革委",
)
def unknown_unit(place: Place, written: str, near: str | None, advice: str = "") -> Problem:
    """数据里的单位必须在单位名册上，或是名册所列的曾用名。相近的只作提示，不代为更改：也可能是另一个单位，如已不在名册上的。"""
    guess = f"，是不是“{near}”？" if near else ""
    typed = f"是笔误的，改成“{near}”；不是被考核的单位，删去这一行；改了名称的，在名册的“曾用名”栏登记" if near else ""
    return say(
        place,
        f"“{_short(written)}”不在单位名册上{guess}",
        why="这一行没有读，不会记到任何单位头上",
        mend=typed or advice or "改成名册上的名称，或在名册的“曾用名”栏里登记",
    )


@entry(
    "K440",
    HINT,
    "按曾用名认定",
    "matched by a former name",
    bad="市环保局",
    good="市生态环境局",
)
def former_name(place: Place, written: str, unit: str, count: int) -> Problem:
    """名册的“曾用名”栏登记了这个名称。"""
    times = f"，共 {count} 处" if count > 1 else ""
    return say(place, f"“{written}”是曾用名，按“{unit}”读入{times}", mend=unit)


@entry(
    "K441",
    MUST,
    "一张表里出现两次",
    "twice in one table",
    bad="实绩.xlsx 第 5 行和第 9 行都是市水利局",
    good="每个单位只有一行",
)
def row_twice(place: Place, who: str, other: Address, unlike: Sequence[str]) -> Problem:
    """每个单位一行的表里，同一个单位有两行；两行不同的内容都作待定。"""
    same = not unlike
    return say(
        place,
        f"“{who}”在 {other} 已经有一行了，两行" + ("填的相同，现按一行计" if same else f"不同的有：{_quoted(unlike)}"),
        why="这张表一行一个，多出的一行可能是重复报送，也可能把别人填成了它"
        if same
        else "不知道用哪一行，不同的各格暂作待定",
        mend="重复的删去一行；填错名称的改正" if same else "核实后只留一行",
    )


@entry(
    "K442",
    MUST,
    "两处填的不一样",
    "two files disagree",
    bad="实绩-水利局.csv 填 98，实绩.xlsx 填 97",
    good="两处相同，或只留一处",
)
def disagree(place: Place, column: str, who: str, written: str, *, other: Address, there: str) -> Problem:
    """同一单位的同一列在两个文件里填得不一样，暂作待定。"""
    return say(
        place,
        f"“{who}”的{column}这里填“{_short(written)}”，{other} 填“{_short(there)}”",
        why="不知道以哪个为准，暂作待定",
        mend="核实后只留一处",
    )


@entry(
    "K443",
    MUST,
    "单位名册有误",
    "a mistake in the roster",
    bad="名册里市水利局出现两次",
    good="每个单位一行，名称各不相同",
)
def roster_clash(place: Place, written: str, what: str) -> Problem:
    """名册上的名称、曾用名必须各不相同，否则数据不知道记到谁的头上。"""
    return say(
        place,
        f"单位名册里“{_short(written)}”{what}",
        why="数据不知道记到谁的头上",
        mend="改成各不相同的名称",
    )


@entry(
    "K444",
    CONFIRM,
    "没有单位名册",
    "no roster of units",
    bad="办法里没有“附表 单位名册”",
    good="附表 单位名册（每个单位一行）",
)
def no_roster(place: Place, count: int) -> Problem:
    """没有名册，就按数据里出现过的单位计算：一个单位所有的表都漏报了，没有人会发现。"""
    return say(
        place,
        f"没有单位名册，按数据里出现的 {count} 个单位计算",
        why="哪个单位整个漏了，看不出来；名称写法不同会被当作两个单位",
        mend="附表 单位名册（每个单位一行）",
    )


@entry(
    "K445",
    CONFIRM,
    "台账有完全相同的两行",
    "two rows of a ledger are the same",
    bad="第 4 行和第 9 行一字不差",
    good="删去重复的一行",
)
def same_row(place: Place, other: Address) -> Problem:
    """两行一字不差，可能是同一件事登记了两次。现按两件计。"""
    return say(
        place,
        f"与 {other} 那一行一字不差，是否同一件事登记了两次？现按两件读入",
        why="重复登记会重复加分或扣分",
        mend="是同一件事的，删去一行；是两件事的，把事项编号写开",
    )


@entry(
    "K446",
    HINT,
    "附表已在办法里",
    "rule table already stands in the rulebook",
    bad="办法里写了单位名册，数据文件夹里又有单位名册.xlsx",
    good="只留办法里的一份",
)
def rule_in_rulebook(place: Place, table: str) -> Problem:
    """附表是规则，随办法定稿；办法里已有各行的，数据文件夹里的同名文件不读。"""
    return say(place, f"附表“{table}”以办法为准，没有读这个文件", why="附表是规则，改它要改办法")


@entry(
    "K460",
    CONFIRM,
    "累计数变小了",
    "a running total falls",
    bad="5月累计 30 件，6月累计 28 件",
    good="6月累计 34 件",
)
def running_total_falls(
    place: Place, unit: str, column: str, periods: tuple[str, str], numbers: Sequence[str]
) -> Problem:
    """声明为累计数的列，后一期不应小于前一期；小了，可能填成了当期数，也可能是核减。当期数按两期之差计。"""
    first, second = numbers[0], numbers[-1]
    return say(
        place,
        f"{unit} 的“{column}” {periods[0]}累计 {first}，{periods[-1]}累计 {second}，变小了",
        why="填成了当期数，还是前期数核减了？当期数按两期之差计，会是负数",
        mend="填成当期数的，改填累计数；确是核减的，请说明后照旧",
    )


@entry(
    "K447",
    MUST,
    "数据里有不能开方、取对数的数",
    "root or logarithm of a number that has none",
    bad="指标值：自然对数（人均收入 ÷ 1 元），人均收入 填了 0",
    good="人均收入 填大于 0 的数；可能是 0 的，先写 取大（…、1）",
)
def out_of_domain(citation: Citation, units: Sequence[str], logarithm: bool) -> Problem:
    """负数不能开方，0 和负数没有对数。这一项算不出来，成为待定。"""
    who = "、".join(units[:5]) + (f" 等 {len(units)} 个单位" if len(units) > 5 else "")
    what = "要取对数的数不大于 0" if logarithm else "要开方的数是负数"
    return say(
        None,
        f"{citation.code} {citation.name}：{who or '有单位'}{what}，这一项待定",
        why="0 和负数没有对数" if logarithm else "负数没有平方根这样的方根",
        mend="核对数据；可能出现这样的数的，在规则里写明按多少计，如：取大（指标值、0）",
    ).cited(citation)


@entry(
    "K448",
    MUST,
    "两个数分不出大小",
    "numbers that cannot be told apart",
    bad="指标值：平方根（甲）+ 自然对数（乙），与目标值相差不到 10 的负 2000 次方",
    good="先取舍再比较：取舍（平方根（甲）、保留 6 位、四舍五入）",
)
def unsettled(citation: Citation, units: Sequence[str]) -> Problem:
    """开方、对数没有准确的小数，比较和取舍时逐步逼近；逼近到上千位仍分不出大小的，不猜，成为待定。"""
    who = "、".join(units[:5]) + (f" 等 {len(units)} 个单位" if len(units) > 5 else "")
    return say(
        None,
        f"{citation.code} {citation.name}：{who or '有单位'}的数与界限太近，分不出大小，这一项待定",
        why="有对数或开方的数只能逼近，逼近到上千位仍与界限相同",
        mend="在规则里先取舍，再比较：取舍（…、保留 6 位、四舍五入）",
    ).cited(citation)


@entry(
    "K450",
    MUST,
    "台账的一行没有填单位",
    "a row of a ledger that names no unit",
    bad="属地单位、主管部门两格都空着",
    good="属地单位 甲县，主管部门 空着（主管部门可不填）",
)
def row_of_nobody(place: Place, ledger: str, columns: Sequence[str]) -> Problem:
    """双责的台账，几列单位至少填一列。都空着的，不知道算在谁的头上，用到这个台账的得分都待定。"""
    return say(
        place,
        f"台账“{ledger}”这一行的 {'、'.join(columns)} 都没有填",
        why="不知道算在谁的头上",
        mend="填上单位；不是事项的行请删去",
    )


@entry(
    "K451",
    MUST,
    "台账里的分超出范围",
    "points in a ledger out of range",
    bad="核定分 5（规定 1 至 3 分）",
    good="核定分 3",
)
def row_points_out_of_range(place: Place, column: str, value: str, low: str, high: str) -> Problem:
    """每行分值由认定的人填，要在办法写明的范围内。超出的，这一行的分待定。"""
    return say(
        place,
        f"“{column}”应为 {low} 至 {high} 分，填的是 “{value}”",
        why="超出范围的分不能计入，用到这一行的得分待定",
        mend="请认定单位核对后重填",
    )


@entry(
    "K474",
    MUST,
    "件数、人数、天数是负数",
    "a number of pieces or days that is less than none",
    bad="未化解积案（件）填了 -1",
    good="未化解积案（件）填 0",
)
def fewer_than_none(place: Place, column: str, unit: str, written: str, count: int, where: str) -> Problem:
    """件、人、次、个、天一类的数是数出来的，最少是 0。填了负数的成为待定，不照着计分。本来就有增有减的，在列的说明里写 可为负数。"""
    return say(
        place,
        f"{column}有 {count} 处是负数{_cells(where)}，如 {written} {unit}",
        why=f"有几{unit}是数出来的，最少是 0；照着计分会多给或少扣，现按待定",
        mend="核对后重填，没有的填 0；本来就可增可减的，在办法里这一列的说明（计量单位后面）写：可为负数",
    )


@entry(
    "K475",
    CONFIRM,
    "件数、人数有小数",
    "a number of pieces that is no whole number",
    bad="办结件数（件）填了 1.5",
    good="办结件数（件）填 1 或 2",
)
def part_of_a_piece_perhaps(place: Place, column: str, unit: str, written: str, count: int, where: str) -> Problem:
    """件、人、次、个一类的数多是整数。平均数、折算的数可以有小数，所以只问一声，照填的数计分。"""
    return say(
        place,
        f"{column}有 {count} 处不是整数{_cells(where)}，如 {written} {unit}，是平均数、折算数，还是填错了？现按原数计",
        why=f"有几{unit}一般是整数",
        mend="填错了的改成整数；是平均数、折算数的不用改",
    )


@entry(
    "K476",
    MUST,
    "件数有小数，规则没有写不足 1 件的怎样计",
    "a part of a piece where the rule counts whole ones",
    bad="每有 1 件未按期办结扣 1 分，数据填了 1.5 件",
    good="数据填 2 件，或规则写明：不足 1 件的按比例计",
)
def part_of_a_piece(place: Place, column: str, unit: str, written: str, count: int, where: str) -> Problem:
    """规则按整数来数，没有写不足 1 件的怎样计。数据里有小数，就有几种算法，不猜，成为待定。"""
    return say(
        place,
        f"{column}有 {count} 处不是整数{_cells(where)}，如 {written} {unit}",
        why=f"规则按整{unit}数来数，没有写不足 1 {unit}的怎样计，现按待定",
        mend=f"填错了的改成整数；确有小数的，在计分里写明：不足 1 {unit}的按比例计（或 不计、按 1 {unit}计）",
    )


@entry(
    "K477",
    CONFIRM,
    "部分大于全部",
    "a part that is greater than the whole",
    bad="办结件数 1985 ÷ 应办件数 1000，目标值 98%",
    good="办结件数 985 ÷ 应办件数 1000",
)
def part_above_whole(place: Place, part: str, whole: str, shown: Sequence[str], count: int) -> Problem:
    """两个件数相除、要求不超过 100% 的率，分子大于分母多半是填错了，得分却是满分，看不出来。确有超额完成的照计。"""
    rest = f" 等 {count} 个单位" if count > len(shown) else ""
    return say(
        place,
        f"{part}大于{whole}：{'；'.join(shown)}{rest}，现按原数计",
        why="相除超过 100%，而规则最高只要求 100%：填错了也得满分",
        mend="填错了的改正；确实超额完成的不用改",
    )


@entry(
    "K478",
    CONFIRM,
    "台账的日期都不在考核期内",
    "all dates of a ledger lie outside the period",
    bad="考核期 2024 年，表彰.csv 里都是 2025 年的日期",
    good="用同一年度的办法和数据：--data 2024/数据",
)
def ledger_of_other_year(
    place: Place, ledger: str, rows: int, columns: Sequence[str], days: tuple[str, str], period: tuple[str, str]
) -> Problem:
    """一个台账里没有一个日期在考核期内，多半是拿错了年度的办法或数据。写明考核期内才计的规则，一行也不会计。"""
    return say(
        place,
        f"台账“{ledger}”有日期的 {rows} 行都不在考核期内：{'、'.join(columns)} 是 {days[0]}至{days[-1]}，"
        f"考核期是 {period[0]}至{period[-1]}",
        why="可能拿错了年度的办法或数据；写明考核期内才计的，这个台账一行也没有计",
        mend="换成同一年度的办法或数据（--data）；没有拿错的不用改",
    )


@entry(
    "K480",
    CONFIRM,
    "期限指标的日期都早于考核期",
    "all days of a deadline lie before the period",
    bad="考核期 2025 年，2025年12月31日前报送得满分，各单位填的都是 2024 年的日期",
    good="用同一年度的办法和数据：--data 2025/数据",
)
def days_of_earlier_year(place: Place, column: str, rows: int, days: tuple[str, str], first: str) -> Problem:
    """某日前完成得满分的，各单位（3 个以上）填的日期都早于考核期，又都比期限早 180 天以上，多半是拿错了年度的办法或数据：照填的日期算，都按时完成。"""
    return say(
        place,
        f"{column}填了 {rows} 个日期，都早于考核期：{days[0]}至{days[-1]}，考核期从 {first}开始",
        why="可能拿错了年度的办法或数据；照填的日期算，都按时完成",
        mend="换成同一年度的办法或数据（--data）；没有拿错的不用改",
    )


@entry(
    "K461",
    MUST,
    "日期在工作日历以外",
    "a day that the calendar does not cover",
    bad="工作日历覆盖到 2026年1月31日，报送日期填了 2026年3月2日",
    good="把工作日历接着列下去，改覆盖的止日",
)
def day_uncovered(place: Place, column: str, day: str, first: str, last: str) -> Problem:
    """要数工作日的日期都要在工作日历覆盖的范围以内；以外的不知道哪天放假，结果待定。"""
    return say(
        place,
        f"“{column}”是 {day}，工作日历只覆盖 {first}至{last}",
        why="没有覆盖的日子，不知道上不上班，迟报几个工作日数不出来",
        mend="填错了的改日期；没有错的，把工作日历接着列下去，并改“覆盖”",
    )


@entry(
    "K470",
    MUST,
    "读这种文件要另装部件",
    "an extra is needed to read this file",
    bad="表彰.parquet，没有装 perfdsl[large]",
    good="pip install 'perfdsl[large]'",
)
def needs_extra(place: Place, what: str) -> Problem:
    """Parquet 和超过 64 MB 的 CSV 由 DuckDB 读入，它不随 perfdsl 安装，要另装一次。"""
    return say(
        place,
        f"读{what}要另装一个部件，现在没有装，这个文件没有读",
        why="大文件由 DuckDB 读入，只读填报表的电脑用不着它",
        mend="运行 pip install 'perfdsl[large]'，再运行一次；不大的文件也可以另存为 xlsx 或 CSV",
    )


@entry(
    "K471",
    MUST,
    "列的类型不是表格里的内容",
    "a column of a type that no cell can hold",
    bad="级别 一列是 VARCHAR[]（一格里有几个值）",
    good="级别 一列是 VARCHAR，一行写一个级别",
)
def type_of_no_cell(place: Place, column: str, type_: str) -> Problem:
    """一格只能是数、文字、日期或是否。列表、结构、二进制、带时区的时间没有唯一的读法。"""
    return say(
        place,
        f"“{column}”一列的类型是 {_short(type_)}，不是数、文字、日期或是否，整个文件没有读",
        why="这样的内容没有唯一的读法，不猜",
        mend="导出时把这一列转成文字、数（整数或 DECIMAL）、日期或是否，一格一个值",
    )


@entry(
    "K472",
    MUST,
    "读不了的内容太多",
    "too many cells that cannot be read",
    bad="认定日期 一列有 3,000 种写法读不了",
    good="先按列出的改好，再运行一次",
)
def many_wrong(place: Place, column: str, more: int) -> Problem:
    """大文件里一列的坏格很多时，先列出前面的，其余只报种数；这些行都成为待定，没有当作 0。"""
    return say(
        place,
        f"{column}还有 {more} 种内容读不了，没有逐一列出",
        why="整列的格式可能导出错了",
        mend="按前面列出的改好导出的格式，再运行一次",
    )


@entry(
    "K473",
    MUST,
    "同一台账的文件有大有小",
    "files of one ledger are read in two ways",
    bad="表彰-上半年.parquet 和 表彰-下半年.xlsx",
    good="表彰-上半年.parquet 和 表彰-下半年.parquet",
)
def mixed_files(place: Place, table: str) -> Problem:
    """Parquet 和大的 CSV 整列读入，xlsx 和小的 CSV 逐格读入，一个台账只用一种。"""
    return say(
        place,
        f"台账“{table}”的文件有的是 Parquet 或大的 CSV，有的不是；不是的没有读",
        why="少读了行，用到这个台账的得分都不确定",
        mend="把这个台账的文件都存成 Parquet，或都存成 xlsx、CSV",
    )
