"""示例市 2023、2024（虚构）的附表、数据和预期，由 2025 年的事实往回推：一次生成，此后不变。

2025 年数据里的“上年”各栏就是 2024 年的实绩，2024 年的“上年”各栏就是 2023 年的；2025 年历年等次里写的 2023、2024 两年的等次，
就是这两年算出来的等次。Scores are worked out by :class:`Score24` from the sentences of 2024.perf, on fractions; nothing of
perfdsl is used. Run this file to write everything anew: the bytes are the same every time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from fractions import Fraction
from functools import cache
from math import ceil

from 示例市数据 import (
    BUREAU,
    COMMON,
    CONDITIONS,
    DISTRICT,
    FORMER,
    GIVEN,
    GRADES,
    HOME,
    MONEY,
    MONTHLY,
    MONTHS,
    PARTS,
    ROSTER,
    SHARE,
    STATISTICS,
    Cells,
    City,
    Points,
    Rows,
    Score,
    Unit,
    as_csv,
    as_xlsx,
    rounded,
    steps_whole,
    written,
)
from 示例市数据 import (
    _turn as turn,
)
from 示例市数据 import (
    facts as this_year,
)

HOMES = {year: HOME.with_name(str(year)) for year in (2023, 2024)}

LASTS = {
    "上年到位资金": "到位资金",
    "上年满意度得分": "满意度得分",
    "上年机关运行成本": "机关运行成本",
    "上年编外用工人数": "编外用工人数",
}
"""今年的“上年”一栏 → 上年的那一栏。"""

RENAMED = {
    "A303": "A304",
    "A304": "A303",
    "B204": "B203",
    "C204·法律进机关": "C204",
    "C204·法律进社区": "C205",
    "D203": "D202",
    "D204": "D203",
}
"""2025 年的编号 → 2024 年的编号。"""

RATES = {"云泽区": "98", "市水利局": "98", "市教育局": "98"}
GRAIN = {"松涛区": 8000}
"""2025 年调低了的目标：办结率上年是多少，粮食面积上年多多少。"""


# ================================================================ 事实 ================================================


@cache
def facts(year: int) -> City:
    """The facts of ``year``, tuned to the grades that 2025's 历年等次 gives for it."""
    later = this_year() if year == 2024 else facts(year + 1)
    city = City([_unit(unit, year) for unit in later.units], _ledgers(year))
    for unit, after in zip(city.units, later.units, strict=True):
        for column, own in LASTS.items():
            if column in after.cells:
                unit.cells[own] = after.cells[column]
    for unit in city.units:
        _tune(city, unit, year)
    return city


def _unit(after: Unit, year: int) -> Unit:
    """A unit as it may have been the year before: the same targets and tasks, other results."""
    dice = random.Random(f"{year}{after.name}")
    category = "市直" if after.category == "单列" else after.category
    unit = Unit(after.code, after.name, category, deepcopy(after.cells), deepcopy(after.months), deepcopy(after.tasks))
    unit.grades = {one: grade for one, grade in after.grades.items() if one < year}
    cells = unit.cells
    for gone in ("机关数字化", "督查落实", "拒不接受绩效核查", "编造绩效数据造成严重影响"):
        cells.pop(gone, None)
    if year == 2024:
        cells["办结率目标"] = RATES.get(unit.name, cells["办结率目标"])
        if unit.name in GRAIN:
            cells["粮食面积目标"] = str(int(cells["粮食面积目标"]) + GRAIN[unit.name])
    (_district if unit.category == "区县" else _bureau)(unit, dice)
    if unit.category != "区县":
        cells["年度工作总结"] = f"{year}年12月{dice.randint(8, 31)}日"
    _common(unit, dice, year)
    for task in unit.tasks:
        target = int(task["目标值"])
        done = target + dice.randint(0, 9) if task["计分办法"] == "完成率法" else target - dice.randint(0, 9)
        task["完成值"] = str(done)
    return unit


def _common(unit: Unit, dice: random.Random, year: int) -> None:
    cells, months = unit.cells, unit.months
    calls, issued = dice.randint(200, 900), int(cells["发文控制数"]) + dice.randint(-6, 5)
    cells |= {
        "好评率": written(Fraction(dice.randint(9705, 9985), 100)),
        "热线交办件数": str(calls),
        "热线按时响应件数": str(calls - dice.randint(0, 5)),
        "热线办结件数": str(calls - dice.randint(0, 6)),
        "行政行为被撤销或者确认违法": "0" if dice.randint(0, 7) else "1",
        "出庭应诉率": "100",
        "法律进社区": str(dice.randint(3, 6)),
        "数据共享": dice.choice(["4", "4", "3"]),
        "国家级刊发": dice.choice(["1", "1", "0"]),
        "省级刊发": dice.choice(["1", "2"]),
        "市级刊发": dice.choice(["2", "3", "1"]),
        "网络安全事件": "否",
        "数据泄露事件": "否",
        "党务信息公开": f"{year}年6月{dice.randint(5, 30)}日",
        "基层党建": "3",
        "责任问题": "0",
        "发文数": str(issued),
        "迟报": str(dice.choice([0, 0, 1])),
        "领导班子年度考核未达到良好以上": "否",
        "核查认定主要数据失实": "否",
    }
    cells.pop("党务公开", None)
    cells |= {name: "是" for name, group in CONDITIONS.items() if group != "A"}
    handled = [dice.randint(60, 400) for _ in MONTHS]
    months["应办结件数"] = [str(n) for n in handled]
    months["按时办结件数"] = [str(n - dice.randint(0, max(1, n * 2 // 100))) for n in handled]


def _district(unit: Unit, dice: random.Random) -> None:
    cells = unit.cells
    growth, money = dice.randint(58, 74), dice.randint(180000, 620000)
    known = {name: cells[name] for name in ("固投目标额", "粮食面积目标")}
    cells |= {
        "地区生产总值增幅": written(Fraction(growth, 10)),
        "规上工业增加值增幅": written(Fraction(dice.randint(50, 92), 10)),
        "一般公共预算收入": str(money),
        "税收收入": str(money * dice.randint(680, 780) // 1000),
        "年度能耗降低率": written(Fraction(dice.randint(27, 33), 10)),
        "累计能耗降低率": written(Fraction(dice.randint(134, 148), 10)),
        "新增就业人数": str(int(cells["新增就业目标"]) + dice.randint(5, 200)),
        "居民收入增幅": written(Fraction(growth + dice.randint(-4, 12), 10)),
        "民生实事未完成": "0",
        "水质不达标": dice.choice(["0", "0", "1"]),
        "事故死亡人数": str(max(0, int(cells["事故死亡控制数"]) - dice.randint(0, 3))),
        "社零增幅": written(Fraction(cells["社零增速目标"]) + Fraction(dice.randint(0, 25), 10)),
    }
    asked = dice.randint(40, 150)
    cells |= {"交办积案数": str(asked), "化解积案数": str(asked - dice.randint(0, 2))}
    cells |= {name: "是" for name, group in CONDITIONS.items() if group == "A"}
    if known["固投目标额"] != "/":
        cells["固投完成额"] = written(Fraction(int(known["固投目标额"]) * dice.randint(970, 1050), 1000), 1)
    if known["粮食面积目标"] != "/":
        cells["粮食播种面积数"] = str(int(known["粮食面积目标"]) * dice.randint(992, 1004) // 1000)
    cells["上年到位资金"] = written(Fraction(cells["上年到位资金"]) * dice.randint(880, 990) / 1000, 1)
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    unit.months["有效监测天数"] = [str(n) for n in days]
    unit.months["优良天数"] = [str(n - dice.randint(0, 3)) for n in days]


def _bureau(unit: Unit, dice: random.Random) -> None:
    cells = unit.cells
    work, own, budget, task = (dice.randint(*ends) for ends in ((30, 80), (20, 60), (4000, 90000), (8, 60)))
    asked = [dice.randint(2, 12) for _ in MONTHS]
    cells |= {
        "重点工作应完成数": str(work),
        "重点工作完成数": str(work - dice.choice([0, 0, 1])),
        "主办件数": str(own),
        "满意件数": str(own - dice.choice([0, 0, 1])),
        "争取资金任务": str(task * 100),
        "争取资金": str(task * dice.randint(1080, 1190) // 10),
        "调研成果被采用": str(dice.randint(3, 6)),
        "主动公开按时率": written(Fraction(dice.randint(9740, 10000), 100)),
        "依申请公开按期答复率": dice.choice(["100", "100", "98.75"]),
        "预算安排数": str(budget),
        "预算支出数": str(budget * dice.randint(940, 999) // 1000),
        "公文差错": str(dice.randint(0, 2)),
        "上级采用": str(dice.randint(2, 4)),
        "本市采用": str(dice.randint(5, 10)),
    }
    for column, low, high in (("上年机关运行成本", 985, 1040), ("上年编外用工人数", 960, 1100)):
        cells[column] = str(max(1, int(Fraction(cells[column])) * dice.randint(low, high) // 1000))
    cells["上年满意度得分"] = written(Fraction(cells["上年满意度得分"]) - Fraction(dice.choice([0, 2, 1]), 2))
    unit.months["督查交办数"] = [str(n) for n in asked]
    unit.months["督查按时办结数"] = [str(n - (1 if dice.randint(0, 40) < 2 else 0)) for n in asked]


LEDGERS = {
    2024: {
        "表彰": """
            云泽区 B24-001 国家级 2024年4月10日 示表〔2024〕1号
            青岚区 B24-002 省级 2024年6月2日 示表〔2024〕2号
            芦荻县 B25-005 省级 2024年12月30日 示表〔2024〕88号
            市发展改革委 B24-003 国家级 2024年5月6日 示表〔2024〕3号
            市发展改革委 B24-004 国家级 2024年9月3日 示表〔2024〕4号
            市公安局 B24-005 省级 2024年7月1日 示表〔2024〕5号
        """,
        "推广": """
            市发展改革委 B24-003 省委省政府 2024年10月8日 示推〔2024〕1号
            市司法局 T24-001 国家部委 2024年8月20日 示推〔2024〕2号
        """,
        "事故": """
            金稻市 S25-006 重大责任事故 2024年12月28日 示应认〔2024〕9号
            双汊县 S24-001 一般责任事故 2024年3月3日 示应认〔2024〕1号
        """,
        "通报": """
            茶岭县 P24-001 市通报 2024年2月2日 示督通〔2024〕1号
            茶岭县 P24-002 市通报 2024年5月5日 示督通〔2024〕2号
            市妇联 P24-003 省通报 2024年8月8日 示督通〔2024〕3号
        """,
        "作风问题": """
            古驿县 Z24-001 2024年4月4日 示纪认〔2024〕1号
        """,
    },
    2023: {
        "表彰": """
            云泽区 B23-001 省级 2023年4月10日 示表〔2023〕1号
            市公安局 B23-002 国家级 2023年6月6日 示表〔2023〕2号
        """,
        "推广": """
            市司法局 T23-001 省直部门 2023年8月20日 示推〔2023〕1号
        """,
        "事故": """
            松涛区 S23-001 一般责任事故 2023年7月3日 示应认〔2023〕1号
        """,
        "通报": """
            市妇联 P23-001 市通报 2023年8月8日 示督通〔2023〕1号
        """,
        "作风问题": """
            金稻市 Z23-001 2023年4月4日 示纪认〔2023〕1号
        """,
    },
}
HEADS = {
    "表彰": "单位 事项编号 级别 认定日期 文号",
    "推广": "单位 事项编号 推广层次 发文日期 文号",
    "事故": "单位 事项编号 事故类型 发生日期 文号",
    "通报": "单位 事项编号 通报层级 通报日期 文号",
    "作风问题": "单位 事项编号 认定日期 文号",
}


def _ledgers(year: int) -> dict[str, list[Cells]]:
    return {
        name: [dict(zip(HEADS[name].split(), line.split(), strict=True)) for line in text.strip().splitlines()]
        for name, text in LEDGERS[year].items()
    }


WITHIN = {"优秀": (91, 95), "良好": (82, 89), "合格": (66, 79), "不合格": (66, 79)}
"""等次 → 总分调到哪里。2024 年金稻市的不合格来自一票否决，不来自总分。"""


def _tune(city: City, unit: Unit, year: int) -> None:
    """Turn the knobs that no other unit depends on until the total lies where the grade asks for it."""
    low, high = WITHIN[wanted(unit.name, year)]
    aim = Fraction(random.Random(f"{unit.name}{year}").randint(low * 10, high * 10), 10)
    for _ in range(16):
        lack = Score24.of(city, year).total_exact(unit) - aim
        if lack < Fraction(1, 2):
            break
        _turn(unit, lack)
    found = Score24.of(city, year).total_exact(unit)
    least, most = {"优秀": (90, 101), "良好": (80, 90), "合格": (60, 80), "不合格": (60, 80)}[wanted(unit.name, year)]
    if not least + Fraction(1, 5) <= found < most - Fraction(1, 5):
        raise AssertionError(f"{year} {unit.name} 要 {wanted(unit.name, year)}，是 {written(found, 3)}")


def _turn(unit: Unit, lack: Fraction) -> None:
    """Lose about ``lack`` points, never more than a little over."""
    cells = unit.cells
    if lack > 6 and cells["理论学习"] == "是":  # 1.5 + 0.5 + 2 + 1 分
        cells |= {"数据共享": "1", "集体讨论决定": "否", "理论学习": "否", "法律进机关": "否"}
    else:
        turn(unit, lack)


def wanted(name: str, year: int) -> str:
    """The grade that 2025's 历年等次 gives for ``year``."""
    return this_city().unit(name).grades[year]


@cache
def this_city() -> City:
    """The facts of 2025."""
    return this_year()


# ================================================================ 手算 ================================================


class Score24(Score):
    """2024.perf, clause by clause where it differs from 2025.perf. 2023.perf scores the same."""

    now = 2024
    digits = 2
    total_digits = 1
    parts = PARTS | {
        "B2": ["B201", "B202", "B204"],
        "C2": ["C201", "C202", "C203", "C204·法律进机关", "C204·法律进社区"],
        "D2": ["D201", "D203", "D204"],
    }
    most_bonus = 3
    most = 103
    city_notice = Fraction(3, 10)

    @staticmethod
    def of(city: City, year: int) -> Score24:
        """The sheet of ``year``."""
        return (Score24 if year == 2024 else Score23)(city)

    def a105(self, unit: Unit) -> Fraction:
        over = self.number(unit, "社零增幅") - self.number(unit, "社零增速目标")
        if over < 0:
            return Fraction(0)
        return min(Fraction(2), Fraction(3, 2) + Fraction(1, 5) * steps_whole(over, Fraction(1)))

    def a301(self, unit: Unit) -> Fraction:
        share = self.year(unit, "优良天数") / self.year(unit, "有效监测天数")
        return Fraction(3 if share >= Fraction(9, 10) else 2 if share >= Fraction(8, 10) else 0)

    def b101(self, unit: Unit) -> Fraction:
        lack = 1 - self.number(unit, "重点工作完成数") / self.number(unit, "重点工作应完成数")
        return max(Fraction(0), 8 - Fraction(3, 10) * ceil(100 * lack))

    def b102(self, unit: Unit) -> Fraction:
        lack = 98 - 100 * self.year(unit, "督查按时办结数") / self.year(unit, "督查交办数")
        return max(Fraction(0), 4 - Fraction(1, 5) * max(Fraction(0), lack))

    def b106(self, unit: Unit) -> Fraction:
        return Fraction(2 if unit.cells["年度工作总结"].startswith(f"{self.now}年12月") else 0)

    def b201a(self, unit: Unit) -> Fraction:
        return rounded(min(Fraction(5), 5 * self.number(unit, "满意度得分") / 95), self.digits)

    def b201b(self, unit: Unit) -> Fraction:
        return Fraction(5 if self.number(unit, "满意度得分") - self.number(unit, "上年满意度得分") >= 3 else 0)

    def party(self, unit: Unit, points: Points) -> None:
        points["D101"] = Fraction(2 if self.says(unit, "理论学习") else 0)
        points["D102"] = self.number(unit, "基层党建")
        points["D103"] = max(Fraction(0), 2 - self.number(unit, "责任问题"))
        points["D104"] = Fraction(1) if unit.cells["党务信息公开"].startswith(f"{self.now}年6月") else Fraction(1, 2)
        over = self.number(unit, "发文数") - self.number(unit, "发文控制数")
        points["D201"] = max(Fraction(0), 3 - Fraction(1, 10) * steps_whole(over, Fraction(2)))
        points["D203"] = 2 - self.number(unit, "迟报") / 4
        points["D204"] = Fraction(2) if self.says(unit, "保密和档案") else Fraction(-1, 2)
        points["D901"] = Fraction(-len(self.events("作风问题", unit, "认定日期")))

    def outside(self, unit: Unit, points: Points) -> None:
        super().outside(unit, points)
        del points["J04"]

    def points(self, unit: Unit) -> Points:
        """2024 keeps one digit of each level, from the second up."""
        if unit.name in self.kept:
            return self.kept[unit.name]
        points = super().points(unit)
        for code in ("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3", "D1", "D2"):
            if points.get(code) is not None:
                points[code] = rounded(points[code] or Fraction(0), 1)
        for code in "ABCE":
            if code in points:
                points[code] = sum(
                    (points[part] or Fraction(0) for part in self.parts[code] if part in points), Fraction(0)
                )
                points[code] = rounded(points[code] or Fraction(0), 1)
        whole = sum((points[part] or Fraction(0) for part in ("D1", "D2", "D901")), Fraction(0))
        points["D"] = rounded(max(Fraction(0), whole), 1)
        points.pop("C204", None)
        return points

    def limits(self, unit: Unit) -> dict[str, bool]:
        points, notices = self.points(unit), self.events("通报", unit, "通报日期")
        return {
            "F01": any(row["事故类型"] == "重大责任事故" for row in self.events("事故", unit, "发生日期")),
            "F02": False,
            "F11": any(row["通报层级"] in ("中央通报", "省通报") for row in notices),
            "F12": (points["E01"] or Fraction(0)) < 10,
            "F21": self.says(unit, "领导班子年度考核未达到良好以上"),
            "F22": (points["D"] or Fraction(0)) < 9,
            "F31": self.says(unit, "核查认定主要数据失实"),
            "F32": sum(row["通报层级"] == "市通报" for row in notices) >= 4,
        }

    def places(self, count: int) -> int:
        """35%，进一."""
        return ceil(Fraction(35, 100) * count)


class Score23(Score24):
    """2023.perf: the same points; 40%，进一."""

    now = 2023

    def places(self, count: int) -> int:
        return ceil(Fraction(40, 100) * count)


# ================================================================ 文件 ================================================

LESS = {"机关数字化", "督查落实", "编造绩效数据造成严重影响", "拒不接受绩效核查"}


def _columns(names: list[str]) -> list[str]:
    return [{"党务公开": "党务信息公开"}.get(name, name) for name in names if name not in LESS]


def tables(city: City, year: int) -> dict[str, Rows]:
    """Every file as rows, headings first."""

    def sheet(heads: list[str], chosen: Callable[[Unit], bool]) -> Rows:
        units = [unit for unit in city.units if chosen(unit)]
        return [["单位", *heads], *([unit.name, *(unit.cells.get(head, "") for head in heads)] for unit in units)]

    units = city.units
    tasks = ["编号", "指标", "分值", "目标值", "计量单位", "计分办法", "评分单位"]
    found = {
        "附表/单位名册.csv": [
            ["单位代码", "单位", "类别", "曾用名", *ROSTER],
            *([u.code, u.name, u.category, FORMER.get(u.name, ""), *(u.cells[n] for n in ROSTER)] for u in units),
        ],
        "附表/年度目标.csv": [["单位", *GIVEN], *([u.name, *(u.cells.get(n, "/") for n in GIVEN)] for u in units)],
        "附表/个性指标.csv": [
            ["单位", *tasks],
            *([u.name, *(task[n] for n in tasks)] for u in units for task in u.tasks),
        ],
        "数据/实绩-市统计局.xlsx": sheet(STATISTICS, lambda u: u.category == "区县"),
        "数据/实绩-区县.csv": sheet(DISTRICT, lambda u: u.category == "区县"),
        "数据/实绩-市直.csv": sheet(_columns(BUREAU), lambda u: u.category != "区县"),
        "数据/实绩-共性.csv": sheet(_columns(COMMON), lambda _: True),
        "数据/月报.csv": [
            ["单位", "月份", *MONTHLY],
            *(
                [u.name, str(m), *(u.months[n][m - 1] if n in u.months else "" for n in MONTHLY)]
                for u in units
                for m in MONTHS
            ),
        ],
        "数据/个性指标实绩.csv": [
            ["单位", "编号", "完成值"],
            *([u.name, task["编号"], task["完成值"]] for u in units for task in u.tasks),
        ],
    }
    if year == 2024:  # 2023 年的办法不看往年等次
        found["数据/历年等次.csv"] = [
            ["单位", "年度", "等次"],
            *([u.name, str(one), grade] for u in units for one, grade in u.grades.items()),
        ]
    for name, rows in city.ledgers.items():
        found[f"数据/{name}.csv"] = [list(rows[0]), *(list(row.values()) for row in rows)]
    return found


def expected(city: City, year: int) -> Rows:
    """预期.csv: totals, ranks, grades, vetoes, every score."""
    score = Score24.of(city, year)
    grades = score.grades()
    every = {unit.name: _named(score.points(unit)) for unit in city.units}
    codes = sorted({code for points in every.values() for code in points})
    limits = [code for code in score.limits(city.units[0]) if code != "F02"]
    uses = ["Y01", "Y02", *(["Y03"] if year == 2024 else []), "Y04"]
    heads = ["单位", "总分", "名次", "等次"]
    rows: Rows = [
        [
            *heads,
            *(f"否决【{c}】" for c in limits),
            *(f"结果运用【{c}】" for c in uses),
            *(f"得分【{c}】" for c in codes),
        ]
    ]
    for unit in city.units:
        grade, rank, points = grades[unit.name], score.rank(unit), every[unit.name]
        held, used = score.limits(unit), _applied(unit, grade, year)
        rows.append(
            [
                unit.name,
                written(score.total(unit), 1),
                "" if rank is None else str(rank),
                grade,
                *("是" if held[code] else "" for code in limits),
                *(used[code] for code in uses),
                *(_printed(code, points.get(code)) for code in codes),
            ]
        )
    return rows


def _named(points: Points) -> Points:
    return {RENAMED.get(code, code): score for code, score in points.items()}


def _printed(code: str, score: Fraction | None) -> str:
    group = len(code) == 1 or code in ("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3", "D1", "D2")
    return "" if score is None else written(score, 1 if group else 2)


def _applied(unit: Unit, grade: str, year: int) -> dict[str, str]:
    run, again = 0, unit.grades | {year: grade}
    for one in sorted(again):
        run = run + 1 if again[one] == "优秀" else 0
    money = {2024: MONEY | {"优秀": "1.15"}, 2023: MONEY | {"优秀": "1.1"}}[year]
    return {
        "Y01": money[grade],
        "Y02": SHARE[grade],
        "Y03": "是" if run == 3 else "",
        "Y04": "是" if grade in GRADES[2:] else "",
    }


def files(year: int) -> Mapping[str, bytes]:
    """Every file that this script makes for ``year``."""
    city = facts(year)
    found = {
        path: as_xlsx(rows) if path.endswith("xlsx") else as_csv(rows) for path, rows in tables(city, year).items()
    }
    return found | {"预期.csv": as_csv(expected(city, year))}


def main() -> None:
    """Write every file anew."""
    for year, home in HOMES.items():
        for path, raw in files(year).items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(raw)
            print(year, path, len(raw))


if __name__ == "__main__":
    main()
