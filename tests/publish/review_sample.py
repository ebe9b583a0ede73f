"""An invented comparison of two years of 示例市 (虚构): changes of all kinds, units that gain, lose, come, go and stay open.

Every unit's effects add up to its difference, and ranks follow from totals: both are made here from one small table.
"""

from __future__ import annotations

from decimal import Decimal

from perfdsl.reports.findings import RulebookFinding
from perfdsl.reports.reviews import (
    CaseCell,
    CaseUnit,
    ChangeFinding,
    ClassFinding,
    EffectFinding,
    FieldFinding,
    ImpactFinding,
    QuotaShift,
    ReachFinding,
    ReviewFinding,
    SideFinding,
    SquareCell,
    UnitShift,
    WitnessFinding,
)

SCORE, RANK, GRADE = ClassFinding("影响得分"), ClassFinding("影响名次", False), ClassFinding("影响等次", False)


def signed(value: Decimal) -> str:
    """＋0.50, －2.00, 0.00."""
    return f"{'＋' if value > 0 else '－' if value < 0 else ''}{abs(value):.2f}"


HEADING = ChangeFinding(
    number=1,
    how="修改",
    block="开头",
    code="",
    name="开头",
    article="第三条",
    sentence="第三条 总分由保留 1 位小数改为保留 2 位小数",
    fields=(
        FieldFinding("小数", "总分保留 1 位，四舍五入", "总分保留 2 位，四舍五入", "总分由保留 1 位改为保留 2 位"),
    ),
    old_name="开头",
    old_article="第三条",
    official=("总分保留一位小数，四舍五入。", "总分保留两位小数，四舍五入。"),
    reason="同分过多，末位难以分出先后",
    classes=(SCORE, RANK, GRADE),
    basis="试算",
    units=9,
    impact="9 个单位的总分有变动，最多 ＋0.04、最少 －0.05；1 对同分分出先后",
    witness=WitnessFinding(
        "两个单位总分 90.04 和 90.01：原来同为 90.0 并列，现在分出先后",
        (
            CaseUnit("甲县", (CaseCell("办结率", "96.04%", "96%"),), (("名次", "1", "1"),)),
            CaseUnit("乙县", (CaseCell("办结率", "96.01%", "96%"),), (("名次", "1", "2"),)),
        ),
        tried=212,
    ),
)
POINTS = ChangeFinding(
    number=2,
    how="修改",
    block="指标",
    code="B101",
    name="重点工作任务完成率",
    article="第六条第（一）项",
    sentence="第六条第（一）项 “重点工作任务完成率” 分值由 8 分改为 6 分",
    fields=(
        FieldFinding("分值", "8 分", "6 分", "分值由 8 分改为 6 分"),
        FieldFinding("评分单位", "市政府办公室", "市政府督查室", "评分单位由市政府办公室改为市政府督查室"),
    ),
    old_code="B101",
    old_name="重点工作任务完成率",
    old_article="第六条第（一）项",
    official=(
        "重点工作任务完成率 8 分。完成率达到 100% 的得满分，每低 1 个百分点扣 0.5 分。",
        "重点工作任务完成率 6 分。完成率达到 100% 的得满分，每低 1 个百分点扣 0.5 分。",
    ),
    reason="与 B203 合计仍为 8 分以内，突出机关数字化",
    classes=(SCORE, RANK, GRADE),
    basis="试算",
    units=11,
    impact="11 个单位的总分降低 1.50 至 2.00 分",
    witness=WitnessFinding(
        "完成率 100%：原来得 8.00 分，现在得 6.00 分",
        (CaseUnit("任一单位", (CaseCell("完成率", "100%"),), (("B101", "8.00", "6.00"), ("总分", "92.00", "90.00"))),),
        tried=1,
    ),
)
STEP = ChangeFinding(
    number=3,
    how="修改",
    block="指标",
    code="B102",
    name="按时办结率",
    article="第六条第（二）项",
    sentence="第六条第（二）项 “按时办结率” 不足 1 个百分点的由按比例计改为不计",
    fields=(
        FieldFinding(
            "计分", "不足 1 个百分点的按比例计", "不足 1 个百分点的不计", "不足 1 个百分点的由按比例计改为不计"
        ),
    ),
    old_code="B102",
    old_name="按时办结率",
    old_article="第六条第（二）项",
    official=(
        "每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计算。",
        "每低 1 个百分点扣 0.5 分，不足 1 个百分点的不扣分。",
    ),
    reason="尾数争议多，申诉 7 件中有 4 件因此",
    classes=(SCORE, ClassFinding("影响名次", False)),
    basis="试算",
    units=6,
    impact="6 个单位的总分提高 0.05 至 0.45 分",
    witness=WitnessFinding(
        "办结率 96.4%，目标 98%：原来扣 0.80 分，现在扣 0.50 分",
        (CaseUnit("任一单位", (CaseCell("办结率", "96.4%", "98%"),), (("B102", "7.20", "7.50"),)),),
        tried=36,
    ),
)
ADDED = ChangeFinding(
    number=4,
    how="新增",
    block="指标",
    code="B203",
    name="机关数字化应用",
    article="第六条第（八）项",
    sentence="第六条第（八）项 新增指标 “机关数字化应用”，3 分",
    fields=(
        FieldFinding("计分", "", "上线应用每有 1 个得 0.5 分，最高 3 分", "上线应用每有 1 个得 0.5 分，最高 3 分"),
    ),
    official=("", "机关数字化应用 3 分。上线应用每有 1 个得 0.5 分，最高得 3 分。"),
    reason="落实数字机关建设要求",
    classes=(SCORE, ClassFinding("影响范围")),
    basis="试算",
    units=11,
    impact="2024 年没有这项数据，不参加可比口径；按 2025 年数据 11 个单位得 0.50 至 3.00 分",
    witness=WitnessFinding("上线应用 1 个：原来没有这项，现在得 0.50 分", tried=2),
)
MERGED = ChangeFinding(
    number=5,
    how="合并",
    block="指标",
    code="C204",
    name="普法宣传",
    article="第七条第（四）项",
    sentence="第七条第（四）项 “法律进机关”（1 分）和 “法律进社区”（1 分）合并为 “普法宣传”（2 分）",
    fields=(
        FieldFinding(
            "要点", "法律进机关、法律进社区各为一项指标", "两个要点，各 1 分", "两项指标改为一项指标的两个要点"
        ),
    ),
    old_code="C204、C205",
    old_name="法律进机关、法律进社区",
    old_article="第七条第（四）（五）项",
    official=("法律进机关 1 分；法律进社区 1 分。", "普法宣传 2 分：法律进机关 1 分，法律进社区 1 分。"),
    reason="减少指标个数",
    classes=(ClassFinding("证明等价"),),
    basis="证明：各要点分值、计分、取舍相同，合计相同",
)
SPLIT = ChangeFinding(
    number=6,
    how="拆分",
    block="指标",
    code="D201、D202",
    name="精文简会、督查落实",
    article="第八条第（五）（六）项",
    sentence="第八条第（五）项 “精文简会和督查落实”（3 分）拆为 “精文简会”（2 分）和 “督查落实”（1 分）",
    fields=(FieldFinding("分值", "3 分", "2 分、1 分", "3 分拆为 2 分和 1 分"),),
    old_code="D201",
    old_name="精文简会和督查落实",
    old_article="第八条第（五）项",
    official=("精文简会和督查落实 3 分，扣完为止。", "精文简会 2 分，扣完为止。督查落实 1 分，扣完为止。"),
    classes=(SCORE,),
    basis="试算",
    units=2,
    impact="2 个单位各降低 0.20、0.60 分：督查扣分不再由发文控制得分弥补",
    witness=WitnessFinding("督查扣 1.5 分、发文不超：原来得 1.50 分，现在得 2.00 分", tried=58),
)
RENAMED = ChangeFinding(
    number=7,
    how="改名",
    block="指标",
    code="D104",
    name="党务公开",
    article="第八条第（四）项",
    sentence="第八条第（四）项 “党务信息公开” 改称 “党务公开”",
    fields=(FieldFinding("名称", "党务信息公开", "党务公开", "名称由党务信息公开改为党务公开"),),
    old_code="D104",
    old_name="党务信息公开",
    old_article="第八条第（四）项",
    official=("党务信息公开 2 分。", "党务公开 2 分。"),
    classes=(ClassFinding("仅措辞"),),
    basis="证明",
)
MOVED = ChangeFinding(
    number=8,
    how="移动",
    block="指标",
    code="A304",
    name="生产安全事故死亡人数控制情况（含道路交通、火灾和建筑施工）",
    article="第五条第（十二）项",
    sentence="第五条第（十二）项 “生产安全事故死亡人数控制情况（含道路交通、火灾和建筑施工）” 由 “社会治理” 移到 “安全发展”",
    fields=(FieldFinding("上级", "社会治理", "安全发展", "由社会治理移到安全发展"),),
    old_code="A303",
    old_name="生产安全事故死亡人数控制情况（含道路交通、火灾和建筑施工）",
    old_article="第五条第（十一）项",
    guessed=True,
    classes=(ClassFinding("影响得分", False),),
    basis="试算",
    units=0,
    impact="各单位总分不变，“社会治理” 和 “安全发展” 两个一级指标的得分互有增减",
    witness=WitnessFinding("试了 1,000 个，没有找到总分不同的单位", tried=1000),
)
REMOVED = ChangeFinding(
    number=9,
    how="删除",
    block="指标",
    code="A106",
    name="粮食面积目标完成率",
    article="",
    sentence="删除第五条第（六）项 “粮食面积目标完成率”，2 分",
    fields=(FieldFinding("计分", "按完成比例，最高得满分", "", "原来按完成比例计，最高得满分"),),
    old_code="A106",
    old_name="粮食面积目标完成率",
    old_article="第五条第（六）项",
    official=("粮食面积目标完成率 2 分，按完成比例计分，最高得满分。", ""),
    reason="已列入省对市专项考核，避免重复",
    classes=(SCORE, RANK),
    basis="试算",
    units=5,
    impact="5 个区县的总分降低 1.20 至 2.00 分",
    witness=WitnessFinding("完成率 100%：原来得 2.00 分，现在没有这项", tried=1),
)
SCHEDULE = ChangeFinding(
    number=10,
    how="附表",
    block="附表",
    code="",
    name="年度目标",
    article="附件 2",
    sentence="附表 “年度目标” 云泽区 办结率目标由 98% 改为 96%，固投目标额由 52 亿元改为 48 亿元",
    fields=(
        FieldFinding("云泽区 办结率目标", "98%", "96%", "云泽区办结率目标由 98% 改为 96%"),
        FieldFinding("云泽区 固投目标额", "52 亿元", "48 亿元", "云泽区固投目标额由 52 亿元改为 48 亿元"),
    ),
    old_name="年度目标",
    old_article="附件 2",
    classes=(SCORE, RANK, GRADE),
    basis="试算",
    units=1,
    impact="云泽区 ＋1.00 分，由良好进入优秀",
    witness=WitnessFinding(
        "云泽区办结率 96%：原来扣 1.00 分，现在不扣",
        (
            CaseUnit(
                "云泽区", (CaseCell("办结率", "96%", "98%"),), (("B102", "7.00", "8.00"), ("等次", "良好", "优秀"))
            ),
        ),
        tried=14,
    ),
)
CAP = ChangeFinding(
    number=11,
    how="修改",
    block="加分项",
    code="J01",
    name="获得表彰",
    article="第十二条",
    sentence="第十二条 “获得表彰” 累计上限由 5 分改为 3 分",
    fields=(FieldFinding("最高", "5 分", "3 分", "累计上限由 5 分改为 3 分"),),
    old_code="J01",
    old_name="获得表彰",
    old_article="第十二条",
    official=("同一单位累计加分不超过 5 分。", "同一单位累计加分不超过 3 分。"),
    reason="加分拉开差距过大",
    classes=(SCORE, RANK, GRADE),
    basis="试算",
    units=3,
    impact="3 个单位降低，最多 －2.00 分，1 个单位由优秀降为良好",
    witness=WitnessFinding("国家级表彰 2 项：原来加 5.00 分，现在加 3.00 分", tried=9),
)
QUOTA = ChangeFinding(
    number=12,
    how="修改",
    block="等次",
    code="",
    name="等次",
    article="第十六条",
    sentence="第十六条 “优秀” 名额由 35%（进一）改为 30%（四舍五入）",
    fields=(
        FieldFinding("名额", "35%", "30%", "优秀名额由 35% 改为 30%"),
        FieldFinding("名额取整", "进一", "四舍五入", "名额取整由进一改为四舍五入"),
    ),
    old_name="等次",
    old_article="第十六条",
    official=("优秀等次不超过参评单位的 35%，不足 1 个的按 1 个计。", "优秀等次不超过参评单位的 30%，四舍五入取整。"),
    classes=(ClassFinding("影响等次"), ClassFinding("影响结果运用", False)),
    basis="试算",
    needs=(1,),
    reached=1,
    regraded=1,
    impact="优秀名额由 5 个减为 4 个，1 个单位由优秀降为良好",
    witness=WitnessFinding("3 个单位：原来 2 个优秀，现在 1 个", tried=3),
)
CHANGES = (HEADING, POINTS, STEP, ADDED, MERGED, SPLIT, RENAMED, MOVED, REMOVED, SCHEDULE, CAP, QUOTA)

ROWS: tuple[tuple[str, str, str, dict[int, str]], ...] = (
    ("云泽区", "区县", "90.60", {0: "0.85", 2: "-1.50", 3: "0.05", 4: "3.00", 9: "-1.20", 10: "1.00"}),
    ("松涛区", "区县", "92.10", {0: "-0.40", 1: "0.04", 2: "-2.00", 4: "1.50", 9: "-2.00", 11: "-0.50"}),
    ("望江县", "区县", "88.30", {0: "1.10", 1: "-0.05", 2: "-1.80", 3: "0.20", 4: "2.50", 9: "-1.60"}),
    ("青禾县", "区县", "86.90", {0: "0.30", 2: "-1.70", 3: "0.45", 4: "0.50", 6: "-0.20", 9: "-1.80"}),
    ("石桥县", "区县", "84.00", {2: "-1.50", 4: "1.00", 9: "-2.00"}),
    ("市发展和改革委员会", "市直", "94.20", {0: "-0.20", 1: "0.02", 2: "-2.00", 4: "2.00", 11: "-2.00"}),
    ("市人力资源和社会保障局（市公务员局）", "市直", "93.80", {0: "0.10", 2: "-2.00", 3: "0.15", 4: "3.00"}),
    ("市住房和城乡建设局", "市直", "91.50", {0: "0.60", 1: "-0.01", 2: "-1.90", 4: "2.50"}),
    ("市农业农村局", "市直", "90.00", {0: "-1.30", 2: "-1.60", 4: "1.50", 6: "-0.60", 11: "-0.20"}),
    ("市市场监督管理局", "市直", "89.40", {2: "-1.80", 3: "0.30", 4: "1.50"}),
)
"""Unit, category, the old total, what each change and the data (0) add."""

GRADES = {
    "云泽区": ("良好", "优秀"),
    "松涛区": ("优秀", "良好"),
    "望江县": ("良好", "良好"),
    "市发展和改革委员会": ("优秀", "良好"),
    "市人力资源和社会保障局（市公务员局）": ("优秀", "优秀"),
    "市住房和城乡建设局": ("良好", "优秀"),
}
WHY = {
    "云泽区": "办结率目标调低（＋1.00）、新增机关数字化应用（＋3.00），由区县第 2 名升到第 1 名，进入优秀",
    "松涛区": "删除粮食面积目标完成率（－2.00）、加分上限调低（－0.50），由区县第 1 名降到第 2 名，退出优秀",
    "市发展和改革委员会": "加分上限调低（－2.00），由市直第 1 名降到第 3 名，优秀名额由 3 个减为 2 个，退出优秀",
    "市住房和城乡建设局": "由市直第 3 名升到第 2 名，进入优秀",
}
EDGE = {"市住房和城乡建设局": "超出优秀末位 0.67 分", "市发展和改革委员会": "差 0.67 分进入优秀"}
APPLICATIONS = {
    "云泽区": (("年终绩效奖系数", "1.0", "1.2"),),
    "松涛区": (("年终绩效奖系数", "1.2", "1.0"),),
    "市发展和改革委员会": (("年终绩效奖系数", "1.2", "1.0"), ("优秀公务员名额", "20%", "15%")),
}
NAMES = {0: "数据变动", **{one.number: f"{one.code} {one.name}".strip() for one in CHANGES}}


def effects(added: dict[int, str]) -> tuple[EffectFinding, ...]:
    """A line a change; the new indicator cannot be run alone on the old data."""
    return tuple(
        EffectFinding(number, NAMES[number], "" if number == 4 else signed(Decimal(value)), signed(Decimal(value)))
        for number, value in sorted(added.items())
    )


def shift(row: tuple[str, str, str, dict[int, str]], places: tuple[int, int]) -> UnitShift:
    """A unit that is in both years."""
    unit, category, before, added = row
    delta = sum(map(Decimal, added.values()), Decimal())
    return UnitShift(
        unit=unit,
        category=category,
        presence="两年都有",
        total=(before, f"{Decimal(before) + delta:.2f}"),
        delta=signed(delta),
        rank=(str(places[0]), str(places[1])),
        grade=GRADES.get(unit, ("良好", "良好")),
        effects=effects(added),
        why=WHY.get(unit, ""),
        edge=EDGE.get(unit, ""),
        applications=APPLICATIONS.get(unit, ()),
    )


def ranked(rows: tuple[tuple[str, str, str, dict[int, str]], ...]) -> tuple[UnitShift, ...]:
    """All rows with their places within the category, before and after."""

    def after(row: tuple[str, str, str, dict[int, str]]) -> Decimal:
        return Decimal(row[2]) + sum(map(Decimal, row[3].values()), Decimal())

    made = []
    for row in rows:
        peers = [one for one in rows if one[1] == row[1]]
        old = 1 + sum(Decimal(one[2]) > Decimal(row[2]) for one in peers)
        made.append(shift(row, (old, 1 + sum(after(one) > after(row) for one in peers))))
    return tuple(made)


ODD = (
    UnitShift(
        "市教育局",
        "市直",
        "两年都有",
        ("90.20", ""),
        "",
        ("5", ""),
        ("良好", ""),
        rank_span="第 3–5 名",
        open="2025 年按时办结率没有报（数据来源：市政务服务局），总分待定",
    ),
    UnitShift(
        "市数据局",
        "市直",
        "只在新的一份",
        ("", "88.75"),
        "",
        ("", "6"),
        ("", "良好"),
        open="2025 年新列入名册",
    ),
    UnitShift(
        "市外事办公室",
        "市直",
        "只在旧的一份",
        ("87.10", ""),
        "",
        ("6", ""),
        ("良好", ""),
        open="2025 年改为单列，不参加排名",
    ),
)

QUOTAS = (
    QuotaShift("区县", "优秀", ("2", "2"), (1, 1), ("92.10", "92.80"), ("云泽区",), ("松涛区",)),
    QuotaShift(
        "市直",
        "优秀",
        ("3", "2"),
        (2, 2),
        ("93.80", "92.69"),
        ("市住房和城乡建设局",),
        ("市发展和改革委员会",),
    ),
)
OLD_DATA, LAST = "旧数据，单独改这一条", "新数据，其他修订都改了以后再改这一条"
REACH = (
    *(
        ReachFinding(2, OLD_DATA, unit, ("93.80", "91.80"), "－2.00", ("1", "1"), ("优秀", "优秀"))
        for unit in ("甲局", "乙局", "丙局", "丁局")
    ),
    ReachFinding(2, OLD_DATA, "戊局", ("91.00", "89.00"), "－2.00", ("2", "3"), ("优秀", "良好")),
    ReachFinding(2, OLD_DATA, "己局", ("90.00", "90.00"), "0.00", ("3", "2"), ("良好", "良好")),
    ReachFinding(2, OLD_DATA, "庚局", ("", "90.00"), "", ("", ""), ("", "")),
    ReachFinding(
        11, LAST, "辛局", ("90.00", "90.00"), "0.00", ("3", "3"), ("良好", "不合格"), (("“约谈”", "否", "是"),)
    ),
)
SQUARE = (
    SquareCell("2024", "2024", 12, "89.93", (("优秀", 3), ("良好", 9))),
    SquareCell("2024", "2025", 11, "89.80", (("优秀", 3), ("良好", 8)), "2025 年没有粮食面积数据，2 分不计"),
    SquareCell("2025", "2024", 12, "86.41", (("优秀", 2), ("良好", 10)), "2024 年没有机关数字化应用数据，3 分不计"),
    SquareCell("2025", "2025", 11, "89.77", (("优秀", 3), ("良好", 8))),
)


def many(count: int) -> tuple[tuple[str, str, str, dict[int, str]], ...]:
    """``count`` invented units with long names, made by plain arithmetic: the same each time."""
    return tuple(
        (
            f"示例市第{i + 1}综合行政执法和公共资源交易监督管理局",
            ("区县", "市直")[i % 2],
            f"{70 + (i * 37 % 251) / 10:.2f}",
            {
                number: f"{((i * 7 + number * 13) % 41 - 20) / 10:.2f}"
                for number in (0, 1, 2, 3, 4, 6, 9, 10, 11)
                if (i + number) % 3
            },
        )
        for i in range(count)
    )


def sample(units: int = 0, anonymous: bool = False) -> ReviewFinding:
    """The comparison; with ``units``, so many more invented ones."""
    shifts = (*ranked((*ROWS, *many(units))), *ODD)
    return ReviewFinding(
        old=SideFinding(
            RulebookFinding("示例市2024年度综合绩效考评", "2024", "印发稿", "a" * 64, "2024"),
            "rulebooks/示例市/2024.perf",
            "rulebooks/示例市/2024/数据",
        ),
        new=SideFinding(
            RulebookFinding("示例市2025年度综合绩效考评", "2025", "征求意见稿", "b" * 64, "2025"),
            "rulebooks/示例市/2025.perf",
            "rulebooks/示例市/2025/数据",
        ),
        overview=(
            "修改 5 条、新增 1 条、删除 1 条、改名 1 条、移动 1 条、拆分 1 条、合并 1 条、附表 1 处；"
            "影响 10 个单位的总分，4 个单位等次变化（2 个进入优秀，2 个退出优秀）"
        ),
        changes=CHANGES,
        renumbered=(("B203", "B204", "机关运行成本"), ("D203", "D204", "保密和档案")),
        unaffected=(
            "一票否决、一票否优、限等 6 条没有修改，两年适用的单位相同",
            "其余 61 项指标的计分、分值和取舍没有修改",
            "石桥县、市市场监督管理局的名次和等次不变",
        ),
        impact=ImpactFinding(
            comparable="100 分中 87 分可比；新增 1 项 3 分无上年数据，删除 1 项 2 分无本年数据",
            square=SQUARE,
            shifts=shifts,
            quotas=QUOTAS,
            reach=REACH,
            method="单独影响：在旧办法上只改这一条，用新数据试算，减去旧办法、新数据的总分；叠加影响：按编号先后逐条改，"
            "各条前后之差。数据变动：旧办法上新旧两年数据之差。全部用精确的分数计算，合计等于公布的总分之差",
            filled="没有补数",
        ),
        checklist=(
            "B102 尾数改法已征求评分单位意见",
            "A304 与旧办法 A303 是看着像对应上的，请核对“上年对应”",
            "优秀名额减少 1 个，已报领导小组",
            "市教育局办结率退回补报后重新对照",
        ),
        anonymous=anonymous,
    )
