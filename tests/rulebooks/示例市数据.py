"""示例市 2025（虚构）的附表、数据、台账和预期：一次生成，此后不变。

Two halves that share nothing but the facts:

* the first makes the facts of 62 invented units (seeded, whole numbers only) and engineers the units that 手算.md works
  out;
* the second works out every score, total, rank, grade, veto and application from the sentences of 2025.perf, article by
  article, on fractions. It imports nothing of perfdsl: 预期.csv is what an office clerk with a calculator gets.

Run this file to write everything anew: the bytes are the same every time.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import ClassVar

HOME = Path(__file__).resolve().parents[2] / "rulebooks" / "示例市" / "2025"

DISTRICTS = [
    "云泽区",
    "青岚区",
    "鹤鸣区",
    "银杏区",
    "白石区",
    "松涛区",
    "澜桥区",
    "石坪县",
    "芦荻县",
    "枫谷县",
    "双汊县",
    "古驿县",
    "茶岭县",
    "金稻市",
]
BUREAUS = [
    "市发展改革委",
    "市交通运输局",
    "市财政局",
    "市公安局",
    "市生态环境局",
    "市司法局",
    "市人力资源社会保障局",
    "市自然资源局",
    "市住房城乡建设局",
    "市农业农村局",
    "市商务局",
    "市教育局",
    "市科技局",
    "市市场监管局",
    "市水利局",
    "市文化旅游局",
    "市民政局",
    "市审计局",
    "市工业和信息化局",
    "市卫生健康委",
    "市应急管理局",
    "市林业局",
    "市城市管理局",
    "市退役军人事务局",
    "市医保局",
    "市统计局",
    "市国资委",
    "市数据局",
    "市政务服务局",
    "市体育局",
    "市信访局",
    "市地方金融局",
    "市机关事务局",
    "市民族宗教局",
    "市委宣传部",
    "市委统战部",
    "市委政法委",
    "市委编办",
    "市委网信办",
    "市总工会",
    "团市委",
    "市妇联",
]
APART = ["市委办公室", "市人大常委会办公室", "市政府办公室", "市政协办公室", "市纪委监委机关", "市委组织部"]
LAWLESS = set(BUREAUS[25:]) - {"市统计局", "市民族宗教局"} | set(APART) - {"市纪委监委机关"}
"""没有执法职能的单位。"""
FUNDLESS = {"市审计局", "市统计局", "市政务服务局", "市信访局", "市机关事务局", *BUREAUS[34:], *APART}
"""没有向上争取资金任务的单位。"""
FORMER = {
    "市数据局": "市大数据管理局",
    "市国资委": "市政府国有资产监督管理委员会",
    "金稻市": "金稻县",
    "市地方金融局": "市金融办",
}

MONTHS = range(1, 13)
Cells = dict[str, str]


@dataclass
class Unit:
    """一个单位的全部事实，都是单元格里的字。"""

    code: str
    name: str
    category: str
    cells: Cells = field(default_factory=dict)  # 名册、年度目标、实绩
    months: dict[str, list[str]] = field(default_factory=dict)  # 月报
    tasks: list[Cells] = field(default_factory=list)  # 个性指标和完成值
    grades: dict[int, str] = field(default_factory=dict)  # 历年等次


@dataclass
class City:
    """全市：单位和台账。"""

    units: list[Unit]
    ledgers: dict[str, list[Cells]]

    def unit(self, name: str) -> Unit:
        return next(unit for unit in self.units if unit.name == name)


def written(number: Fraction | int, digits: int | None = None) -> str:
    """A number as it stands in a cell; ``digits`` None: as many as it needs."""
    exact = Fraction(number)
    if digits is None:
        digits = next(n for n in range(13) if (exact * 10**n).denominator == 1)
    scaled = rounded(exact, digits) * 10**digits
    whole = f"{abs(int(scaled)):0{digits + 1}d}"
    text = f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole
    return f"-{text}" if scaled < 0 else text


def rounded(number: Fraction, digits: int) -> Fraction:
    """四舍五入."""
    scaled = abs(number) * 10**digits
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole, 10**digits)


# ================================================================ 事实 ================================================

TARGETS: dict[str, str] = {
    # 区县：名额 14 × 30% = 4.2，取 4 个
    "云泽区": "95.120",
    "青岚区": "92.384",
    "鹤鸣区": "91.057",
    "银杏区": "89.995",
    "白石区": "89.994",
    "松涛区": "88.410",
    "澜桥区": "87.906",
    "石坪县": "86.733",
    "芦荻县": "85.270",
    "枫谷县": "83.918",
    "双汊县": "82.466",
    "古驿县": "79.995",
    "茶岭县": "76.580",
    "金稻市": "58.240",
    # 市直：名额 42 × 30% = 12.6，取 13 个
    "市发展改革委": "96.402",
    "市交通运输局": "94.350",
    "市财政局": "95.313",
    "市公安局": "94.901",
    "市生态环境局": "94.620",
    "市司法局": "94.157",
    "市人力资源社会保障局": "93.884",
    "市自然资源局": "93.500",
    "市住房城乡建设局": "93.216",
    "市农业农村局": "92.943",
    "市商务局": "92.700",
    "市教育局": "92.461",
    "市科技局": "92.118",
    "市市场监管局": "91.835",
    "市水利局": "91.270",
    "市文化旅游局": "91.272",
    "市民政局": "91.268",
    "市审计局": "90.660",
    "市工业和信息化局": "89.512",
    "市卫生健康委": "88.976",
    "市应急管理局": "88.040",
    "市林业局": "87.655",
    "市城市管理局": "86.380",
    "市退役军人事务局": "85.914",
    "市医保局": "84.772",
    "市统计局": "84.105",
    "市民族宗教局": "81.337",
    # 没有执法职能的，只能大致调到
    "市国资委": "88.3",
    "市数据局": "87.2",
    "市政务服务局": "86.9",
    "市体育局": "85.4",
    "市信访局": "84.4",
    "市地方金融局": "83.6",
    "市机关事务局": "82.9",
    "市委宣传部": "88.7",
    "市委统战部": "86.1",
    "市委政法委": "87.8",
    "市委编办": "82.1",
    "市委网信办": "83.1",
    "市总工会": "80.7",
    "团市委": "76.3",
    "市妇联": "57.2",
    "市委办公室": "93.4",
    "市人大常委会办公室": "91.6",
    "市政府办公室": "92.2",
    "市政协办公室": "90.1",
    "市纪委监委机关": "92.9",
    "市委组织部": "93.7",
}
"""总分取舍以前调到多少。"""

CONDITIONS = {
    "义务教育学校全部达到办学标准": "A",
    "校际差异系数达到规定要求": "A",
    "随迁子女公办学校就读比例达到规定要求": "A",
    "县域内教师交流轮岗全面落实": "A",
    "事前公众参与": "C",
    "专家论证": "C",
    "合法性审查": "C",
    "集体讨论决定": "C",
    "法律进机关": "C",
    "理论学习": "D",
    "保密和档案": "D",
}
"""是或否的事实，平常都是“是”。"""

TASKS = (
    ("重点项目投资完成额", "亿元", "完成率法", 8),
    ("新建改建基础设施数量", "个", "完成率法", 7),
    ("惠民服务覆盖户数", "户", "完成率法", 7),
    ("行业标准制定数", "项", "完成率法", 7),
    ("培训从业人员数", "人次", "完成率法", 7),
    ("专项任务平均办理天数", "天", "控制数法", 5),
    ("群众投诉件数", "件", "控制数法", 5),
    ("公务用车油耗", "升", "控制数法", 5),
)


def facts() -> City:
    """The facts, engineered, and tuned to :data:`TARGETS`."""
    dice = random.Random(2025)
    names = [*((n, "区县") for n in DISTRICTS), *((n, "市直") for n in BUREAUS), *((n, "单列") for n in APART)]
    letters = {"区县": "Q", "市直": "S", "单列": "D"}
    city = City([Unit(f"{letters[c]}{i + 1:03d}", n, c) for i, (n, c) in enumerate(names)], {})
    for unit in city.units:
        _common(unit, dice)
        (_district if unit.category == "区县" else _bureau)(unit, dice)
        _tasks(unit, dice)
        _history(unit, dice)
    _ledgers(city)
    _engineer(city)
    _tune(city)
    return city


def _slack(unit: Unit) -> int:
    """0 for a unit that is to come out on top, more for the others: how bad its numbers may be."""
    return max(0, (95 - int(Fraction(TARGETS[unit.name]))) // 4)


def _common(unit: Unit, dice: random.Random) -> None:
    bad = _slack(unit)
    handled = [dice.randint(60, 400) for _ in MONTHS]
    unit.cells |= {
        "人数": str(dice.randint(45, 95) if unit.category != "区县" else dice.randint(900, 2400)),
        "有无执法职能": "无" if unit.name in LAWLESS else "有",
        "有无争取任务": "无" if unit.name in FUNDLESS or unit.category == "区县" else "有",
        "办结率目标": dice.choice(["96", "97", "98"]),
        "发文控制数": str(dice.randint(30, 60)),
        "好评率": written(Fraction(dice.randint(9705, 9990), 100)),
        "热线交办件数": str(dice.randint(200, 900)),
        "行政行为被撤销或者确认违法": "0" if dice.randint(0, 9) else str(dice.randint(1, 2)),
        "出庭应诉率": "100",
        "法律进社区": str(dice.randint(3, 7)),
        "数据共享": "4" if bad < 2 or dice.randint(0, 1) else "3",
        "国家级刊发": dice.choice(["1", "1", "2", "0"]),
        "省级刊发": dice.choice(["1", "2", "1"]),
        "市级刊发": dice.choice(["2", "3", "2", "1"]),
        "网络安全事件": "否",
        "数据泄露事件": "否",
        "党务公开": f"2025年6月{dice.randint(5, 30)}日",
        "基层党建": "3",
        "责任问题": "0",
        "督查落实": "1",
        "迟报": str(dice.randint(0, min(bad, 3))),
        "编造绩效数据造成严重影响": "否",
        "拒不接受绩效核查": "否",
        "领导班子年度考核未达到良好以上": "否",
        "核查认定主要数据失实": "否",
    }
    unit.cells |= {name: "是" for name, group in CONDITIONS.items() if group != "A"}
    calls = int(unit.cells["热线交办件数"])
    unit.cells["热线按时响应件数"] = str(calls - dice.randint(0, 3 + 2 * bad))
    unit.cells["热线办结件数"] = str(calls - dice.randint(0, 4 + 2 * bad))
    unit.cells["发文数"] = str(int(unit.cells["发文控制数"]) + dice.randint(-6, 2 + 2 * bad))
    unit.months["应办结件数"] = [str(n) for n in handled]
    unit.months["按时办结件数"] = [str(n - dice.randint(0, max(1, n * (2 + bad) // 100))) for n in handled]


def _district(unit: Unit, dice: random.Random) -> None:
    bad = _slack(unit)
    growth = dice.randint(62, 78) - 3 * min(bad, 6)
    invest, jobs, grain = dice.randint(80, 320), dice.randint(30, 90) * 100, dice.randint(90, 420) * 1000
    money, revenue = dice.randint(40, 160), dice.randint(180000, 620000)
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    unit.cells |= {
        "固投目标额": str(invest),
        "社零增速目标": dice.choice(["5", "5.5", "6"]),
        "到位资金目标": str(money),
        "新增就业目标": str(jobs),
        "粮食面积目标": str(grain),
        "事故死亡控制数": str(dice.randint(6, 14)),
        "地区生产总值增幅": written(Fraction(growth, 10)),
        "固投完成额": written(Fraction(invest * (1000 - dice.randint(-60, 30 * bad)), 1000), 1),
        "规上工业增加值增幅": written(Fraction(dice.randint(52, 96), 10)),
        "一般公共预算收入": str(revenue),
        "税收收入": str(revenue * (780 - dice.randint(0, 60 + 20 * bad)) // 1000),
        "到位资金": written(Fraction(money * dice.randint(960 - 20 * bad, 1080), 1000), 1),
        "上年到位资金": written(Fraction(money * dice.randint(880, 960), 1000), 1),
        "年度能耗降低率": written(Fraction(dice.randint(27, 34), 10)),
        "累计能耗降低率": written(Fraction(dice.randint(132, 150), 10)),
        "新增就业人数": str(jobs + dice.randint(10, 300)),
        "居民收入增幅": written(Fraction(growth + dice.randint(-6, 14), 10)),
        "粮食播种面积数": str(grain * (1000 - dice.randint(-5, 8 * bad)) // 1000),
        "民生实事未完成": "0" if bad < 2 else str(dice.randint(0, 1)),
        "水质不达标": str(dice.choice([0, 0, 0, 1]) if bad else 0),
        "交办积案数": str(dice.randint(40, 160)),
    }
    unit.cells["社零增幅"] = written(Fraction(unit.cells["社零增速目标"]) + Fraction(dice.randint(0, 30), 10))
    unit.cells["化解积案数"] = str(int(unit.cells["交办积案数"]) - dice.randint(0, 1 + 2 * bad))
    unit.cells["事故死亡人数"] = str(int(unit.cells["事故死亡控制数"]) - dice.randint(0, 4))
    unit.cells |= {name: "是" for name, group in CONDITIONS.items() if group == "A"}
    if bad > 2:
        unit.cells["校际差异系数达到规定要求"] = "否"
    unit.months["有效监测天数"] = [str(n - dice.randint(0, 1)) for n in days]
    unit.months["优良天数"] = [str(int(n) - dice.randint(0, 2 + min(bad, 3))) for n in unit.months["有效监测天数"]]


def _bureau(unit: Unit, dice: random.Random) -> None:
    bad = _slack(unit)
    work, asked, own = dice.randint(30, 80), [dice.randint(2, 12) for _ in MONTHS], dice.randint(20, 60)
    budget, cost, staff, task = (
        dice.randint(4000, 90000),
        dice.randint(200, 900),
        dice.randint(4, 60),
        dice.randint(8, 60) * 100,
    )
    unit.cells |= {
        "重点工作应完成数": str(work),
        "重点工作完成数": str(work - dice.randint(0, min(bad, 2))),
        "主办件数": str(own),
        "满意件数": str(own - dice.randint(0, 1 + bad)),
        "争取资金任务": str(task),
        "争取资金": str(task * dice.randint(1120 - 25 * min(bad, 4), 1180) // 1000),
        "调研成果被采用": str(dice.randint(3 if bad > 2 else 4, 6)),
        "年度工作总结": f"2025年12月{dice.randint(8, 20)}日",
        "满意度得分": written(Fraction(level := dice.randint(9350 - 60 * min(bad, 6), 9680), 100)),
        "上年满意度得分": written(Fraction(level - dice.choice([-40, 60, 110, 300, 180]), 100)),
        "主动公开按时率": written(Fraction(dice.randint(9720, 10000), 100)),
        "依申请公开按期答复率": dice.choice(["100", "100", "98.75", "97.5"]),
        "机关数字化": "3",
        "上年机关运行成本": str(cost),
        "机关运行成本": str(cost * (1000 - dice.randint(-8 * bad, 45)) // 1000),
        "预算安排数": str(budget),
        "预算支出数": str(budget * dice.randint(951 if bad < 3 else 925, 999) // 1000),
        "公文差错": str(dice.randint(0, 1 + min(bad, 3))),
        "上年编外用工人数": str(staff),
        "编外用工人数": str(max(0, staff - dice.randint(-bad, 4))),
        "上级采用": str(dice.randint(2, 5) if bad < 3 else dice.randint(0, 3)),
        "本市采用": str(dice.randint(6, 12) if bad < 3 else dice.randint(3, 8)),
    }
    unit.months["督查交办数"] = [str(n) for n in asked]
    unit.months["督查按时办结数"] = [str(n - (1 if dice.randint(0, 40) < bad else 0)) for n in asked]


def _tasks(unit: Unit, dice: random.Random) -> None:
    second, third = dice.randint(1, 4), dice.randint(5, 7)
    for number, kind in enumerate((0, second, third), 1):
        name, measure, method, points = TASKS[kind]
        target = dice.randint(20, 90) * 10
        done = target + dice.randint(0, 12) if method == "完成率法" else target - dice.randint(0, 15)
        unit.tasks.append(
            {
                "编号": f"{unit.code}-{number}",
                "指标": name,
                "分值": str(points),
                "目标值": str(target),
                "计量单位": measure,
                "计分办法": method,
                "评分单位": dice.choice(["市发展改革委", "市政府办公室", "市绩效办"]),
                "完成值": str(done),
            }
        )


def _history(unit: Unit, dice: random.Random) -> None:
    low = Fraction(TARGETS[unit.name]) < 84
    for year in (2022, 2023, 2024):
        unit.grades[year] = dice.choice(["良好", "良好", "合格"] if low else ["良好", "良好", "优秀"])


def _ledgers(city: City) -> None:
    def rows(heads: str, text: str) -> list[Cells]:
        return [dict(zip(heads.split(), line.split(), strict=True)) for line in text.strip().splitlines()]

    city.ledgers["表彰"] = rows(
        "单位 事项编号 级别 认定日期 文号",
        """
        云泽区 B25-001 国家级 2025年3月18日 示表〔2025〕1号
        云泽区 B25-002 国家级 2025年7月2日 示表〔2025〕2号
        青岚区 B25-003 省级 2025年5月9日 示表〔2025〕3号
        银杏区 B25-004 市级 2025年9月12日 示表〔2025〕4号
        芦荻县 B25-005 省级 2024年12月30日 示表〔2024〕88号
        市发展改革委 B25-006 省级 2025年4月22日 示表〔2025〕6号
        市教育局 B25-007 国家级 2025年6月11日 示表〔2025〕7号
        市科技局 B25-008 省级 2025年6月25日 示表〔2025〕8号
        市农业农村局 B25-009 国家级 2025年2月20日 示表〔2025〕9号
        市农业农村局 B25-010 国家级 2025年8月15日 示表〔2025〕10号
        市农业农村局 B25-011 省级 2025年10月16日 示表〔2025〕11号
        市商务局 B25-012 市级 2025年11月3日 示表〔2025〕12号
        市大数据管理局 B25-013 省级 2025年5月30日 示表〔2025〕13号
        市委组织部 B25-014 国家级 2025年12月31日 示表〔2025〕14号
        市退役军人事务局 B25-015 市级 2025年1月1日 示表〔2025〕15号
        市退役军人事务局 B25-015 省级 2025年8月1日 示表〔2025〕16号
    """,
    )
    city.ledgers["推广"] = rows(
        "单位 事项编号 推广层次 发文日期 文号",
        """
        云泽区 T25-001 国家部委 2025年4月10日 示推〔2025〕1号
        云泽区 T25-002 省委省政府 2025年9月1日 示推〔2025〕2号
        青岚区 T25-003 省直部门 2025年6月6日 示推〔2025〕3号
        市教育局 B25-007 国家部委 2025年9月20日 示推〔2025〕4号
        市科技局 B25-008 国家部委 2025年11月5日 示推〔2025〕5号
        市农业农村局 B25-010 国家部委 2025年12月1日 示推〔2025〕6号
        市财政局 T25-004 省委省政府 2025年7月17日 示推〔2025〕7号
        市政务服务局 T25-005 省直部门 2026年1月8日 示推〔2026〕1号
    """,
    )
    city.ledgers["事故"] = rows(
        "单位 事项编号 事故类型 发生日期 文号",
        """
        市交通运输局 S25-001 重大责任事故 2025年8月19日 示应认〔2025〕1号
        松涛区 S25-002 一般责任事故 2025年2月7日 示应认〔2025〕2号
        松涛区 S25-003 一般责任事故 2025年10月29日 示应认〔2025〕3号
        茶岭县 S25-004 较大责任事故 2025年5月26日 示应认〔2025〕4号
        市住房城乡建设局 S25-005 一般责任事故 2025年11月11日 示应认〔2025〕5号
        金稻市 S25-006 重大责任事故 2024年12月28日 示应认〔2024〕9号
    """,
    )
    city.ledgers["通报"] = rows(
        "单位 事项编号 通报层级 通报日期 文号",
        """
        市生态环境局 P25-001 省通报 2025年6月3日 示督通〔2025〕1号
        市生态环境局 P25-001 市通报 2025年5月12日 示督通〔2025〕2号
        枫谷县 P25-002 市通报 2025年3月4日 示督通〔2025〕3号
        枫谷县 P25-003 市通报 2025年7月8日 示督通〔2025〕4号
        枫谷县 P25-004 市通报 2025年11月18日 示督通〔2025〕5号
        市城市管理局 P25-005 市通报 2025年9月9日 示督通〔2025〕6号
    """,
    )
    city.ledgers["作风问题"] = rows(
        "单位 事项编号 认定日期 文号",
        """
        芦荻县 Z25-001 2025年4月2日 示纪认〔2025〕1号
        芦荻县 Z25-002 2025年9月24日 示纪认〔2025〕2号
        市林业局 Z25-003 2025年6月19日 示纪认〔2025〕3号
        市国资委 Z25-004 2025年10月10日 示纪认〔2025〕4号
    """,
    )


def _engineer(city: City) -> None:
    """The units of 手算.md."""
    change: dict[str, Cells] = {
        # 不涉及
        "鹤鸣区": {"固投目标额": "/", "固投完成额": "不涉及"},
        "云泽区": {"粮食面积目标": "/", "粮食播种面积数": "不涉及", "固投目标额": "200", "固投完成额": "212"},
        # 未报已有规定的缺格
        "石坪县": {"民生实事未完成": ""},
        "市工业和信息化局": {"调研成果被采用": ""},
        # 零报告视为未发生
        "青岚区": {"化解积案数": "零报告", "交办积案数": "零报告"},
        # 没有主办件
        "市审计局": {"主办件数": "未发生", "满意件数": "未发生"},
        # 得 −0.5 分
        "市城市管理局": {"上年编外用工人数": "40", "编外用工人数": "60"},
        "市应急管理局": {"上年编外用工人数": "25", "编外用工人数": "62"},
        "市医保局": {"保密和档案": "否"},
        # 材料迟报 10 次：2 − 2.5 = −0.5，扣到本一级指标
        "市统计局": {"迟报": "10"},
        # 限等、否决、降等
        "市财政局": {"领导班子年度考核未达到良好以上": "是"},
        "市民族宗教局": {"编造绩效数据造成严重影响": "是"},
        "双汊县": {"核查认定主要数据失实": "是"},
        # 网络安全事件、意识形态问题、逾期
        "市体育局": {"网络安全事件": "是", "责任问题": "1"},
        "市信访局": {"年度工作总结": "2025年12月21日"},
        "市委编办": {"预算支出数": "9010", "预算安排数": "9000"},
        "团市委": {"责任问题": "2", "理论学习": "否", "党务公开": "2025年7月3日", "迟报": "7", "保密和档案": "否"},
        "古驿县": {"事故死亡控制数": "9", "事故死亡人数": "10", "好评率": "96.99"},
        "茶岭县": {"水质不达标": "4", "好评率": "97"},
        "金稻市": {
            "新增就业人数": "2999",
            "新增就业目标": "3000",
            "好评率": "93.2",
            "水质不达标": "3",
            "数据共享": "1",
            "社零增幅": "5.4",
            "社零增速目标": "5.5",
            "理论学习": "否",
            "事前公众参与": "否",
            "专家论证": "否",
            "固投目标额": "240",
            "固投完成额": "101.5",
        },
        "市妇联": {
            "重点工作应完成数": "40",
            "重点工作完成数": "31",
            "好评率": "95.1",
            "调研成果被采用": "1",
            "理论学习": "否",
            "预算支出数": "7912",
            "预算安排数": "10000",
            "公文差错": "12",
            "数据共享": "1",
            "合法性审查": "否",
        },
    }
    for name, cells in change.items():
        city.unit(name).cells |= cells
    city.unit("澜桥区").months["应办结件数"][6] = ""  # 七月没有报
    city.unit("澜桥区").months["按时办结件数"][6] = ""
    for name, years in {
        "市发展改革委": "良好 优秀 优秀",
        "市公安局": "优秀 优秀 优秀",
        "市司法局": "优秀 良好 优秀",
        "云泽区": "合格 优秀 优秀",
        "市财政局": "良好 优秀 优秀",
        "茶岭县": "良好 良好 合格",
        "金稻市": "良好 合格 不合格",  # 2024 年 12 月 28 日的重大责任事故，2024 年度一票否决
        "市妇联": "良好 合格 合格",
        "市委组织部": "良好 优秀 优秀",
        "市委办公室": "优秀 优秀 优秀",
    }.items():
        city.unit(name).grades = dict(zip((2022, 2023, 2024), years.split(), strict=True))


def _tune(city: City) -> None:
    """Turn the knobs that no other unit depends on until the exact totals are those of :data:`TARGETS`."""
    for unit in city.units:
        wanted = Fraction(TARGETS[unit.name])
        for _ in range(12):
            lack = Score(city).total_exact(unit) - wanted
            if lack == 0 or (unit.name in LAWLESS and abs(lack) < Fraction(1, 4)):
                break
            if lack < 0:
                raise AssertionError(f"{unit.name}：最多只有 {written(lack + wanted, 3)}，达不到 {TARGETS[unit.name]}")
            _turn(unit, lack)
        else:
            raise AssertionError(f"{unit.name} 调不到 {TARGETS[unit.name]}，还差 {written(lack, 3)}")


def _turn(unit: Unit, lack: Fraction) -> None:
    """Lose about ``lack`` points, leaving the last thousandths to 出庭应诉率."""
    cells = unit.cells
    lawful = unit.name not in LAWLESS
    if lawful and lack <= 2 and cells["出庭应诉率"] == "100":
        cells["出庭应诉率"] = written(100 - 10 * lack)
        return
    room = lack - (1 if lawful else 0)
    for name, least in (("基层党建", "1.5"), ("机关数字化", "1.5"), ("督查落实", "0.5")):
        now = Fraction(cells.get(name, "0"))
        give = min(max(now - Fraction(least), Fraction(0)), floor(room * 2) * Fraction(1, 2))
        if name in cells and give > 0:
            cells[name] = written(now - give)
            room -= give
    for task in unit.tasks[:2]:
        points, target = Fraction(task["分值"]), Fraction(task["目标值"])
        now = min(Fraction(task["完成值"]), target)
        give = min(room, points * now / target * Fraction(7, 10))
        if give > 0:
            task["完成值"] = str(ceil(now - give * target / points))
            room -= give


# ================================================================ 手算 ================================================

A_ITEMS = [
    "A101",
    "A102",
    "A103",
    "A104",
    "A105",
    "A106",
    "A107",
    "A201",
    "A202",
    "A203",
    "A204",
    "A205",
    "A301",
    "A302",
    "A303",
    "A304",
]
FULL_A = dict(zip(A_ITEMS, (4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 2, 2), strict=True))
PARTS = {
    "A1": A_ITEMS[:7],
    "A2": A_ITEMS[7:12],
    "A3": A_ITEMS[12:],
    "A": ["A1", "A2", "A3"],
    "C303": ["C303·网络安全事件", "C303·数据泄露事件"],
    "B202": ["B202·主动公开", "B202·依申请公开"],
    "B304": ["B304·上级采用", "B304·本市采用"],
    "B1": [f"B10{n}" for n in range(1, 7)],
    "B2": [f"B20{n}" for n in range(1, 5)],
    "B3": [f"B30{n}" for n in range(1, 5)],
    "B": ["B1", "B2", "B3"],
    "C204": ["C204·法律进机关", "C204·法律进社区"],
    "C302": ["C302·国家级刊发", "C302·省级刊发", "C302·市级刊发"],
    "C1": ["C101", "C102", "C103"],
    "C2": ["C201", "C202", "C203", "C204"],
    "C3": ["C301", "C302", "C303"],
    "C": ["C1", "C2", "C3"],
    "D1": ["D101", "D102", "D103", "D104"],
    "D2": ["D201", "D202", "D203", "D204"],
    "E": ["E01"],
}
"""什么由什么相加。A107 取两个要点的高者，D 另含 D901、最低 0 分，不在这里。"""

GRADES = ("优秀", "良好", "合格", "不合格")
MONEY = dict(zip(GRADES, ("1.2", "1", "0.8", "0"), strict=True))
SHARE = dict(zip(GRADES, ("0.25", "0.2", "0.15", "0.1"), strict=True))
PENDING = ""
"""预期里待定和没有都是空格；是哪一种，由“状态”一列说。"""

Points = dict[str, Fraction | None]
"""编号 → 得分；None 是这个单位没有这一项。"""


class Open(Exception):
    """缺格没有规定，只能待定。"""


def steps_begun(gap: Fraction, step: Fraction) -> int:
    """不足一档按一档计."""
    return max(0, ceil(gap / step))


def steps_whole(gap: Fraction, step: Fraction) -> int:
    """不足一档的不计."""
    return max(0, floor(gap / step))


@dataclass
class Score:
    """Works out the city, unit by unit, from the sentences of the rulebook."""

    city: City
    kept: dict[str, Points] = field(default_factory=dict)

    # what earlier years wrote otherwise: see 示例市往年.py
    now: ClassVar[int] = 2025
    digits: ClassVar[int] = 3
    total_digits: ClassVar[int] = 2
    parts: ClassVar[Mapping[str, list[str]]] = PARTS
    most_bonus: ClassVar[int] = 5
    most: ClassVar[int] = 105
    city_notice: ClassVar[Fraction] = Fraction(1, 2)

    def peers(self, unit: Unit) -> list[Unit]:
        return [other for other in self.city.units if other.category == unit.category]

    # ---- 格子

    @staticmethod
    def number(unit: Unit, column: str) -> Fraction:
        if not unit.cells[column]:
            raise Open(column)
        return Fraction(unit.cells[column])

    @staticmethod
    def says(unit: Unit, column: str) -> bool:
        return {"是": True, "否": False}[unit.cells[column]]

    @staticmethod
    def year(unit: Unit, column: str) -> Fraction:
        if not all(unit.months[column]):
            raise Open(column)
        return sum((Fraction(cell) for cell in unit.months[column]), Fraction(0))

    # ---- 第五条至第七条：区县

    def a101(self, unit: Unit) -> Fraction:
        growth = self.number(unit, "地区生产总值增幅")
        if growth >= 7:
            return Fraction(4)
        return Fraction(0) if growth < 3 else 4 * (growth - 3) / (7 - 3)

    def a102(self, unit: Unit) -> Fraction | None:
        if unit.cells["固投目标额"] == "/":
            return None
        return min(Fraction(4), 4 * self.number(unit, "固投完成额") / self.number(unit, "固投目标额"))

    def by_place(self, unit: Unit, value: Callable[[Unit], Fraction], first: Fraction, less: Fraction) -> Fraction:
        better = sum(value(other) > value(unit) for other in self.peers(unit))
        return first - better * less

    def a103(self, unit: Unit) -> Fraction:
        return self.by_place(unit, lambda one: self.number(one, "规上工业增加值增幅"), Fraction(3), Fraction(1, 10))

    def a104(self, unit: Unit) -> Fraction:
        def share(one: Unit) -> Fraction:
            return self.number(one, "税收收入") / self.number(one, "一般公共预算收入")

        return 3 * share(unit) / max(map(share, self.peers(unit)))

    def a105(self, unit: Unit) -> Fraction:
        over = self.number(unit, "社零增幅") - self.number(unit, "社零增速目标")
        if over < 0:
            return Fraction(0)
        return min(Fraction(2), Fraction(3, 2) + Fraction(1, 10) * steps_whole(over, Fraction(1, 2)))

    def a1a(self, unit: Unit) -> Fraction:
        def done(one: Unit) -> Fraction:
            return self.number(one, "到位资金") / self.number(one, "到位资金目标")

        return rounded(60 * done(unit) / max(map(done, self.peers(unit))), self.digits)

    def a1b(self, unit: Unit) -> Fraction:
        def grown(one: Unit) -> Fraction:
            return self.number(one, "到位资金") / self.number(one, "上年到位资金")

        return rounded(40 * grown(unit) / max(map(grown, self.peers(unit))), self.digits)

    def a106(self, unit: Unit) -> Fraction:
        return self.by_place(unit, lambda one: self.a1a(one) + self.a1b(one), Fraction(2), Fraction(1, 20))

    def a107a(self, unit: Unit) -> Fraction:
        return min(Fraction(2), 2 * self.number(unit, "年度能耗降低率") / 3)

    def a107b(self, unit: Unit) -> Fraction:
        return Fraction(2 if self.number(unit, "累计能耗降低率") >= 14 else 0)

    def a201(self, unit: Unit) -> Fraction:
        return Fraction(2 if self.number(unit, "新增就业人数") >= self.number(unit, "新增就业目标") else 0)

    def a202(self, unit: Unit) -> Fraction:
        ahead, step = self.number(unit, "居民收入增幅") - self.number(unit, "地区生产总值增幅"), Fraction(1, 2)
        more = min(Fraction(1, 2), Fraction(1, 10) * steps_whole(ahead, step))
        less = min(Fraction(3, 2), Fraction(1, 5) * steps_begun(-ahead, step))
        return Fraction(3, 2) + more - less

    def a203_own(self, unit: Unit) -> Fraction | None:
        if unit.cells["粮食面积目标"] == "/":
            return None
        return min(Fraction(2), 2 * self.number(unit, "粮食播种面积数") / self.number(unit, "粮食面积目标"))

    def or_mean(self, unit: Unit, own: Callable[[Unit], Fraction | None]) -> Fraction:
        """得同类平均分：同类别各单位自己得的分（已取舍）的平均."""
        mine = own(unit)
        if mine is not None:
            return mine
        others = [rounded(score, self.digits) for other in self.peers(unit) if (score := own(other)) is not None]
        return sum(others, Fraction(0)) / len(others)

    def a203(self, unit: Unit) -> Fraction:
        return self.or_mean(unit, self.a203_own)

    def a204(self, unit: Unit) -> Fraction:
        if not unit.cells["民生实事未完成"]:
            return Fraction(0)  # 未报：不得分
        return max(Fraction(0), 2 - self.number(unit, "民生实事未完成") / 2)

    def a205(self, unit: Unit) -> Fraction:
        return Fraction(sum(self.says(unit, name) for name, group in CONDITIONS.items() if group == "A"), 2)

    def a301(self, unit: Unit) -> Fraction:
        share = self.year(unit, "优良天数") / self.year(unit, "有效监测天数")
        for least, points in ((90, 30), (85, 24), (80, 15)):
            if share >= Fraction(least, 100):
                return Fraction(points, 10)
        return Fraction(0)

    def a302(self, unit: Unit) -> Fraction:
        return max(Fraction(0), 3 - self.number(unit, "水质不达标"))

    def a303(self, unit: Unit) -> Fraction:
        if unit.cells["交办积案数"] in ("零报告", "未发生"):
            return Fraction(2)
        solved = 100 * self.number(unit, "化解积案数") / self.number(unit, "交办积案数")
        return max(Fraction(0), 2 - Fraction(1, 10) * max(Fraction(0), 98 - solved))

    def a304(self, unit: Unit) -> Fraction:
        limit = self.number(unit, "事故死亡控制数")
        over = (self.number(unit, "事故死亡人数") - limit) / limit
        return max(Fraction(0), 2 - Fraction(1, 20) * steps_begun(over, Fraction(1, 100)))

    def district(self, unit: Unit, points: Points) -> None:
        own: Points = {code: getattr(self, code.lower())(unit) for code in A_ITEMS if code != "A107"}
        concerned = sum(FULL_A[code] for code in A_ITEMS if code == "A107" or own[code] is not None)
        grow = Fraction(40, concerned)  # 不涉及的分值按比例调到同一级指标
        points |= {code: None if score is None else rounded(score * grow, self.digits) for code, score in own.items()}
        points["A107·年度降低"] = rounded(self.a107a(unit) * grow, self.digits)
        points["A107·累计进度"] = rounded(self.a107b(unit) * grow, self.digits)
        points["A107"] = max(
            rounded(self.a107a(unit) * grow, self.digits), rounded(self.a107b(unit) * grow, self.digits)
        )
        points["A1a"], points["A1b"] = self.a1a(unit), self.a1b(unit)

    # ---- 第八条至第十条：市直、单列

    def b101(self, unit: Unit) -> Fraction:
        lack = 1 - self.number(unit, "重点工作完成数") / self.number(unit, "重点工作应完成数")
        return max(Fraction(0), 6 - Fraction(3, 10) * steps_begun(lack, Fraction(1, 100)))

    def b102(self, unit: Unit) -> Fraction:
        lack = Fraction(98, 100) - self.year(unit, "督查按时办结数") / self.year(unit, "督查交办数")
        return max(Fraction(0), 4 - Fraction(1, 5) * steps_whole(lack, Fraction(1, 100)))

    def b103(self, unit: Unit) -> Fraction:
        if unit.cells["主办件数"] == "未发生":
            return Fraction(3)
        share = 100 * self.number(unit, "满意件数") / self.number(unit, "主办件数")
        if share >= 98:
            return Fraction(3)
        return Fraction(0) if share < 80 else 1 + (3 - 1) * (share - 80) / (98 - 80)

    def b104(self, unit: Unit) -> Fraction:
        def won(one: Unit) -> Fraction:
            return self.number(one, "争取资金") / self.number(one, "争取资金任务")

        if unit.cells["有无争取任务"] == "无":
            return Fraction(3)
        return 3 * won(unit) / max(won(other) for other in self.peers(unit) if other.cells["有无争取任务"] == "有")

    def b105(self, unit: Unit) -> Fraction:
        if not unit.cells["调研成果被采用"]:
            return Fraction(0)  # 未报：不得分
        return min(Fraction(2), self.number(unit, "调研成果被采用") / 2)

    def b106(self, unit: Unit) -> Fraction:
        day = unit.cells["年度工作总结"].removeprefix("2025年12月").removesuffix("日")
        return Fraction(2 if int(day) <= 20 else 0)

    def b201(self, unit: Unit) -> Fraction:
        return max(self.b201a(unit), self.b201b(unit))

    def b201a(self, unit: Unit) -> Fraction:
        return rounded(min(Fraction(4), 4 * self.number(unit, "满意度得分") / 95), self.digits)

    def b201b(self, unit: Unit) -> Fraction:
        return Fraction(4 if self.number(unit, "满意度得分") - self.number(unit, "上年满意度得分") >= 3 else 0)

    def b202(self, unit: Unit) -> tuple[Fraction, Fraction]:
        full = Fraction(3, 2)
        first = full - Fraction(1, 10) * max(Fraction(0), 98 - self.number(unit, "主动公开按时率"))
        second = full - Fraction(1, 5) * max(Fraction(0), 100 - self.number(unit, "依申请公开按期答复率"))
        return max(Fraction(0), first), max(Fraction(0), second)

    def b203(self, unit: Unit) -> Fraction:
        return self.number(unit, "机关数字化")

    def b204(self, unit: Unit) -> Fraction:
        before = self.number(unit, "上年机关运行成本")
        change = 100 * (self.number(unit, "机关运行成本") - before) / before
        more = min(Fraction(1, 2), Fraction(1, 10) * steps_whole(-change, Fraction(1)))
        less = min(Fraction(3, 2), Fraction(1, 5) * max(Fraction(0), change))
        return Fraction(3, 2) + more - less

    def b301(self, unit: Unit) -> Fraction:
        share = 100 * self.number(unit, "预算支出数") / self.number(unit, "预算安排数")
        if share > 100:
            return Fraction(1)
        return Fraction(3 if share >= 95 else 2 if share >= 90 else 1 if share >= 80 else 0)

    def b302(self, unit: Unit) -> Fraction:
        return max(Fraction(0), 2 - self.number(unit, "公文差错") / 5)

    def b303(self, unit: Unit) -> Fraction:
        change = self.number(unit, "编外用工人数") - self.number(unit, "上年编外用工人数")
        more = min(Fraction(1, 2), max(Fraction(0), -change) / 10)
        less = min(Fraction(2), max(Fraction(0), change) / 10)
        return Fraction(3, 2) + more - less

    def b304(self, unit: Unit) -> tuple[Fraction, Fraction]:
        high, low = self.number(unit, "上级采用"), self.number(unit, "本市采用")
        extra = min(Fraction(1, 2), max(Fraction(0), high - 2) / 10)
        return min(high, Fraction(2)) / 5 + extra, min(low, Fraction(6)) / 10

    def bureau(self, unit: Unit, points: Points) -> None:
        for code in (*self.parts["B1"], *self.parts["B2"], *self.parts["B3"]):
            found = getattr(self, code.lower())(unit)
            if isinstance(found, tuple):
                points |= {
                    part: rounded(score, self.digits) for part, score in zip(self.parts[code], found, strict=True)
                }
            else:
                points[code] = rounded(found, self.digits)
        points["B201·满意度水平"], points["B201·满意度提升"] = self.b201a(unit), self.b201b(unit)

    # ---- 第十一条至第十三条：全部单位

    def c101(self, unit: Unit) -> Fraction:
        if not all((*unit.months["按时办结件数"], *unit.months["应办结件数"])):
            return Fraction(0)  # 未报：不得分
        share = self.year(unit, "按时办结件数") / self.year(unit, "应办结件数")
        lack = self.number(unit, "办结率目标") / 100 - share
        return max(Fraction(0), 4 - Fraction(1, 2) * steps_begun(lack, Fraction(1, 100)))

    def c102(self, unit: Unit) -> Fraction:
        return Fraction(3 if self.number(unit, "好评率") >= 97 else 0)

    def c103(self, unit: Unit) -> Fraction:
        calls = self.number(unit, "热线交办件数")
        answered, solved = self.number(unit, "热线按时响应件数") / calls, self.number(unit, "热线办结件数") / calls
        return min(Fraction(3), 3 * (answered * Fraction(40, 100) + solved * Fraction(60, 100)))

    def c201_own(self, unit: Unit) -> Fraction | None:
        if unit.cells["有无执法职能"] == "无":
            return None
        return max(Fraction(0), 3 - self.number(unit, "行政行为被撤销或者确认违法"))

    def c201(self, unit: Unit) -> Fraction | None:
        if not any(other.cells["有无执法职能"] == "有" for other in self.peers(unit)):
            return None  # 同类没有一个单位有这一项，无平均可言
        return self.or_mean(unit, self.c201_own)

    def c202(self, unit: Unit) -> Fraction | None:
        if unit.cells["有无执法职能"] == "无":
            return None
        return max(Fraction(0), 2 - Fraction(1, 10) * (100 - self.number(unit, "出庭应诉率")))

    def c203(self, unit: Unit) -> Fraction:
        names = ("事前公众参与", "专家论证", "合法性审查", "集体讨论决定")
        return Fraction(sum(self.says(unit, name) for name in names), 2)

    def common(self, unit: Unit, points: Points) -> None:
        own: Points = {
            code: getattr(self, code.lower())(unit) for code in ("C101", "C102", "C103", "C201", "C202", "C203")
        }
        own["C204·法律进机关"] = Fraction(1 if self.says(unit, "法律进机关") else 0)
        own["C204·法律进社区"] = min(Fraction(1), self.number(unit, "法律进社区") / 4)
        own["C301"] = self.number(unit, "数据共享") / 2
        nation, province, city = (self.number(unit, name) for name in ("国家级刊发", "省级刊发", "市级刊发"))
        extra = min(Fraction(2, 5), max(Fraction(0), nation - 1) / 5)
        own["C302·国家级刊发"] = min(nation, Fraction(1)) / 2 + extra
        own["C302·省级刊发"] = min(province, Fraction(1)) * Fraction(7, 10)
        own["C302·市级刊发"] = min(city, Fraction(2)) * Fraction(2, 5)
        for name in ("网络安全事件", "数据泄露事件"):
            own[f"C303·{name}"] = Fraction(0 if self.says(unit, name) else 1)
        scored = 25 - (2 if own["C202"] is None else 0) - (3 if own["C201"] is None else 0)
        grow = Fraction(scored + (2 if own["C202"] is None else 0), scored)
        points |= {code: None if score is None else rounded(score * grow, self.digits) for code, score in own.items()}

    # ---- 第十四条、第十五条：全部单位

    def party(self, unit: Unit, points: Points) -> None:
        points["D101"] = Fraction(2 if self.says(unit, "理论学习") else 0)
        points["D102"] = self.number(unit, "基层党建")
        points["D103"] = max(Fraction(0), 2 - self.number(unit, "责任问题"))
        points["D104"] = Fraction(1) if unit.cells["党务公开"].startswith("2025年6月") else Fraction(1, 2)
        over = self.number(unit, "发文数") - self.number(unit, "发文控制数")
        points["D201"] = max(Fraction(0), 2 - Fraction(1, 10) * steps_whole(over, Fraction(2)))
        points["D202"] = self.number(unit, "督查落实")
        points["D203"] = 2 - self.number(unit, "迟报") / 4
        points["D204"] = Fraction(2) if self.says(unit, "保密和档案") else Fraction(-1, 2)
        points["D901"] = Fraction(-len(self.events("作风问题", unit, "认定日期")))

    # ---- 第十六条

    def tasks(self, unit: Unit) -> Fraction:
        total = Fraction(0)
        for task in unit.tasks:
            full, target, done = (Fraction(task[name]) for name in ("分值", "目标值", "完成值"))
            if task["计分办法"] == "完成率法":
                score = min(full, full * done / target)
            else:
                score = max(
                    Fraction(0), full - Fraction(1, 5) * steps_whole((done - target) / target, Fraction(1, 100))
                )
            total += rounded(score, self.digits)
        return total

    # ---- 第十七条

    def events(self, ledger: str, unit: Unit, day: str) -> list[Cells]:
        names = {unit.name, FORMER.get(unit.name, unit.name)}
        return [
            row for row in self.city.ledgers[ledger] if row["单位"] in names and row[day].startswith(f"{self.now}年")
        ]

    def outside(self, unit: Unit, points: Points) -> None:
        worth: dict[str, tuple[Fraction, str]] = {}
        praised = {"国家级": Fraction(2), "省级": Fraction(1), "市级": Fraction(1, 2)}
        spread = {"国家部委": Fraction(3, 2), "省委省政府": Fraction(1), "省直部门": Fraction(1, 2)}
        rates = (("J01", "表彰", "认定日期", "级别", praised), ("J02", "推广", "发文日期", "推广层次", spread))
        for code, ledger, day, level, table in rates:
            for row in self.events(ledger, unit, day):
                here = (table[row[level]], code)
                if row["事项编号"] not in worth or here[0] > worth[row["事项编号"]][0]:
                    worth[row["事项编号"]] = here
        for code, most in (("J01", 3), ("J02", 2)):
            points[code] = min(Fraction(most), sum((n for n, owner in worth.values() if owner == code), Fraction(0)))
        points["J03"] = Fraction(0)
        if unit.category == "区县" and unit.cells["固投目标额"] != "/":
            over = 100 * (self.number(unit, "固投完成额") / self.number(unit, "固投目标额") - 1)
            points["J03"] = min(Fraction(1), max(Fraction(0), over) / 5 * Fraction(1, 5))
        points["J04"] = Fraction(0)
        if unit.cells["有无争取任务"] == "有":
            over = 100 * self.number(unit, "争取资金") / self.number(unit, "争取资金任务") - 110
            points["J04"] = min(Fraction(1), Fraction(1, 5) * steps_begun(over, Fraction(2)))
        accidents = Counter(row["事故类型"] for row in self.events("事故", unit, "发生日期"))
        lost = (
            3 * accidents["重大责任事故"]
            + Fraction(3, 2) * accidents["较大责任事故"]
            + Fraction(accidents["一般责任事故"], 2)
        )
        points["K01"] = -min(Fraction(5), lost)
        matters: dict[str, Fraction] = {}
        for row in self.events("通报", unit, "通报日期"):
            once = {"中央通报": Fraction(2), "省通报": Fraction(1), "市通报": self.city_notice}[row["通报层级"]]
            matters[row["事项编号"]] = max(once, matters.get(row["事项编号"], Fraction(0)))
        points["K02"] = -min(Fraction(3), sum(matters.values(), Fraction(0)))
        for code in ("J01", "J02", "J03", "J04", "K01", "K02"):
            points[code] = rounded(points[code] or Fraction(0), self.digits)

    # ---- 合计

    def points(self, unit: Unit) -> Points:
        """Every score that the unit has."""
        if unit.name in self.kept:
            return self.kept[unit.name]
        points: Points = {}
        (self.district if unit.category == "区县" else self.bureau)(unit, points)
        self.common(unit, points)
        self.party(unit, points)
        points["E01"] = self.tasks(unit)
        self.outside(unit, points)
        for code in (
            "B202",
            "B304",
            "C204",
            "C302",
            "C303",
            *(c for c in self.parts if len(c) == 2),
            *(c for c in self.parts if len(c) == 1),
        ):
            parts = [points[part] for part in self.parts[code] if part in points]
            if parts:
                points[code] = sum((part for part in parts if part is not None), Fraction(0))
        points["D"] = max(Fraction(0), sum((points[part] or Fraction(0) for part in ("D1", "D2", "D901")), Fraction(0)))
        self.kept[unit.name] = points
        return points

    def base(self, unit: Unit) -> Fraction:
        """基本分."""
        points = self.points(unit)
        return sum((points[code] or Fraction(0) for code in "ABCDE" if code in points), Fraction(0))

    def total_exact(self, unit: Unit) -> Fraction:
        """总分，取舍以前."""
        points, base = self.points(unit), self.base(unit)
        bonuses = (points.get(code) or Fraction(0) for code in ("J01", "J02", "J03", "J04"))
        more = min(Fraction(self.most_bonus), sum(bonuses, Fraction(0)))
        less = sum((points[code] or Fraction(0) for code in ("K01", "K02")), Fraction(0))
        return min(Fraction(self.most), max(Fraction(0), base + more + less))

    def total(self, unit: Unit) -> Fraction:
        """总分，公布的."""
        return rounded(self.total_exact(unit), self.total_digits)

    def rank(self, unit: Unit) -> int | None:
        if unit.category == "单列":
            return None
        return 1 + sum(self.total(other) > self.total(unit) for other in self.peers(unit))

    # ---- 第十八条

    def limits(self, unit: Unit) -> dict[str, bool]:
        points, notices = self.points(unit), self.events("通报", unit, "通报日期")
        return {
            "F01": any(row["事故类型"] == "重大责任事故" for row in self.events("事故", unit, "发生日期")),
            "F02": self.says(unit, "编造绩效数据造成严重影响") or self.says(unit, "拒不接受绩效核查"),
            "F11": any(row["通报层级"] in ("中央通报", "省通报") for row in notices),
            "F12": (points["E01"] or Fraction(0)) < 10,
            "F21": self.says(unit, "领导班子年度考核未达到良好以上"),
            "F22": (points["D"] or Fraction(0)) < 9,
            "F31": self.says(unit, "核查认定主要数据失实"),
            "F32": sum(row["通报层级"] == "市通报" for row in notices) >= 3,
        }

    # ---- 第十九条

    def grades(self) -> dict[str, str]:
        """等次：先否决和限制，再名额，再降等."""
        found: dict[str, str] = {unit.name: "优秀" for unit in self.city.units if unit.category == "单列"}
        for category in ("区县", "市直"):
            units = [unit for unit in self.city.units if unit.category == category]
            winners = self.winners(units)
            for unit in units:
                limit, total = self.limits(unit), self.total(unit)
                best = (
                    3
                    if limit["F01"] or limit["F02"]
                    else 2
                    if limit["F22"]
                    else 1
                    if limit["F11"] or limit["F12"] or limit["F21"]
                    else 0
                )
                home = 0 if total >= 90 else 1 if total >= 80 else 2 if total >= 60 else 3
                if home == 0 and unit.name not in winners:
                    home = 1
                found[unit.name] = GRADES[max(home, best)]
        for unit in self.city.units:
            limit = self.limits(unit)
            found[unit.name] = GRADES[min(3, GRADES.index(found[unit.name]) + limit["F31"] + limit["F32"])]
        return found

    def places(self, count: int) -> int:
        """优秀名额：30%，四舍五入."""
        return int(rounded(Fraction(30, 100) * count, 0))

    def winners(self, units: Sequence[Unit]) -> set[str]:
        """占到优秀名额的：空出的由下一名递补；F21 不递补，名额空着；末位同分一并计入."""
        places = self.places(len(units))
        rivals = []
        for unit in units:
            limit = self.limits(unit)
            passed_on = limit["F01"] or limit["F02"] or limit["F11"] or limit["F12"] or limit["F22"]
            if self.total(unit) >= 90 and not passed_on:
                rivals.append(unit)
        ahead = {unit.name: sum(self.total(other) > self.total(unit) for other in rivals) for unit in rivals}
        return {unit.name for unit in rivals if ahead[unit.name] < places and not self.limits(unit)["F21"]}

    # ---- 第二十条

    def applied(self, unit: Unit, grade: str) -> dict[str, str]:
        run, again = 0, unit.grades | {self.now: grade}
        third = False
        for year in (2022, 2023, 2024, 2025):
            run = run + 1 if again[year] == "优秀" else 0
            third = run == 3
            run = 0 if third else run
        low = ("合格", "不合格")
        return {
            "Y01": MONEY[grade],
            "Y02": SHARE[grade],
            "Y03": "是" if third else "",
            "Y04": "是" if grade in low else "",
            "Y05": "是" if grade in low and again[2024] in low else "",
        }


# ================================================================ 文件 ================================================

GIVEN = [
    "固投目标额",
    "社零增速目标",
    "到位资金目标",
    "新增就业目标",
    "粮食面积目标",
    "事故死亡控制数",
    "办结率目标",
    "发文控制数",
]
ROSTER = ["人数", "有无执法职能", "有无争取任务"]
STATISTICS = [
    "地区生产总值增幅",
    "固投完成额",
    "规上工业增加值增幅",
    "社零增幅",
    "年度能耗降低率",
    "累计能耗降低率",
    "居民收入增幅",
]
DISTRICT = [
    "税收收入",
    "一般公共预算收入",
    "到位资金",
    "上年到位资金",
    "新增就业人数",
    "粮食播种面积数",
    "民生实事未完成",
    "水质不达标",
    "化解积案数",
    "交办积案数",
    "事故死亡人数",
    "义务教育学校全部达到办学标准",
    "校际差异系数达到规定要求",
    "随迁子女公办学校就读比例达到规定要求",
    "县域内教师交流轮岗全面落实",
]
BUREAU = [
    "重点工作应完成数",
    "重点工作完成数",
    "主办件数",
    "满意件数",
    "争取资金任务",
    "争取资金",
    "调研成果被采用",
    "年度工作总结",
    "满意度得分",
    "上年满意度得分",
    "主动公开按时率",
    "依申请公开按期答复率",
    "机关数字化",
    "上年机关运行成本",
    "机关运行成本",
    "预算安排数",
    "预算支出数",
    "公文差错",
    "上年编外用工人数",
    "编外用工人数",
    "上级采用",
    "本市采用",
]
COMMON = [
    "好评率",
    "热线交办件数",
    "热线按时响应件数",
    "热线办结件数",
    "行政行为被撤销或者确认违法",
    "出庭应诉率",
    "事前公众参与",
    "专家论证",
    "合法性审查",
    "集体讨论决定",
    "法律进机关",
    "法律进社区",
    "数据共享",
    "国家级刊发",
    "省级刊发",
    "市级刊发",
    "网络安全事件",
    "数据泄露事件",
    "理论学习",
    "基层党建",
    "责任问题",
    "党务公开",
    "发文数",
    "督查落实",
    "迟报",
    "保密和档案",
    "编造绩效数据造成严重影响",
    "拒不接受绩效核查",
    "领导班子年度考核未达到良好以上",
    "核查认定主要数据失实",
]
MONTHLY = ["优良天数", "有效监测天数", "督查按时办结数", "督查交办数", "按时办结件数", "应办结件数"]

Rows = list[list[str]]


def tables(city: City) -> dict[str, Rows]:
    """Every file as rows, headings first."""

    def sheet(heads: Sequence[str], units: Sequence[Unit]) -> Rows:
        return [["单位", *heads], *([unit.name, *(unit.cells.get(head, "") for head in heads)] for unit in units)]

    units = city.units
    districts = [unit for unit in units if unit.category == "区县"]
    bureaus = [unit for unit in units if unit.category != "区县"]
    task_heads = ["编号", "指标", "分值", "目标值", "计量单位", "计分办法", "评分单位"]
    found = {
        "附表/单位名册.csv": [
            ["单位代码", "单位", "类别", "曾用名", *ROSTER],
            *(
                [unit.code, unit.name, unit.category, FORMER.get(unit.name, ""), *(unit.cells[n] for n in ROSTER)]
                for unit in units
            ),
        ],
        "附表/年度目标.csv": [["单位", *GIVEN], *([u.name, *(u.cells.get(n, "/") for n in GIVEN)] for u in units)],
        "附表/个性指标.csv": [
            ["单位", *task_heads],
            *([u.name, *(task[n] for n in task_heads)] for u in units for task in u.tasks),
        ],
        "数据/实绩-市统计局.xlsx": sheet(STATISTICS, districts),
        "数据/实绩-区县.csv": sheet(DISTRICT, districts),
        "数据/实绩-市直.csv": sheet(BUREAU, bureaus),
        "数据/实绩-共性.csv": sheet(COMMON, units),
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
        "数据/历年等次.csv": [
            ["单位", "年度", "等次"],
            *([u.name, str(year), grade] for u in units for year, grade in u.grades.items()),
        ],
    }
    for name, rows in city.ledgers.items():
        found[f"数据/{name}.csv"] = [list(rows[0]), *(list(row.values()) for row in rows)]
    return found


def expected(city: City) -> Rows:
    """预期.csv: every score, total, rank, grade, veto and application."""
    score = Score(city)
    grades = score.grades()
    every = [score.points(unit) for unit in city.units]
    codes = sorted({code for points in every for code in points})
    limits = list(score.limits(city.units[0]))
    uses = list(score.applied(city.units[0], "优秀"))
    rows: Rows = [
        [
            "单位",
            "总分",
            "名次",
            "等次",
            *(f"否决【{c}】" for c in limits),
            *(f"结果运用【{c}】" for c in uses),
            *(f"状态【{c}】" for c in STATES),
            *(f"得分【{c}】" for c in codes),
        ]
    ]
    for unit, points in zip(city.units, every, strict=True):
        limit, rank, grade = score.limits(unit), score.rank(unit), grades[unit.name]
        applied = score.applied(unit, grade)
        scores = [points.get(code) for code in codes]
        rows.append(
            [
                unit.name,
                written(score.total(unit), 2),
                "" if rank is None else str(rank),
                grade,
                *("是" if limit[code] else "" for code in limits),
                *(applied[code] for code in uses),
                *(state(unit, code) for code in STATES),
                *("" if one is None else written(one, 3) for one in scores),
            ]
        )
    return rows


WITHOUT = ("枫谷县", "地区生产总值增幅")
"""数据-缺报 里没有报的一格：第五条第（一）项规定退回补报，所以得分待定，区县的名次和等次都待定。"""


def expected_without(city: City) -> Rows:
    """预期-缺报.csv: what one open cell leaves open, and what stays certain."""
    heads, *rows = expected(city)
    unit = WITHOUT[0]
    districts = {one.name for one in city.units if one.category == "区县"}
    own = {"总分", *(f"得分【{code}】" for code in ("A101", "A202", "A1", "A2", "A"))}
    shared = {"名次", "等次", *(head for head in heads if head.startswith("结果运用"))}
    made = [heads]
    for row in rows:
        gone = shared if row[0] in districts else set()
        gone = gone | own if row[0] == unit else gone
        cells = [PENDING if head in gone else cell for head, cell in zip(heads, row, strict=True)]
        if row[0] == unit:
            cells[heads.index("状态【A101】")] = "未报"
        made.append(cells)
    return made


STATES = {
    "A101": "地区生产总值增幅",
    "A204": "民生实事未完成",
    "A303": "交办积案数",
    "B103": "主办件数",
    "B105": "调研成果被采用",
}
"""Items of which 预期 says the state as well: what it stands on."""


def state(unit: Unit, code: str) -> str:
    """What is known of the fact that an item stands on, before any answer."""
    if (code[0] == "A") != (unit.category == "区县"):
        return "不涉及"
    cell = unit.cells[STATES[code]]
    return "未报" if not cell else cell if cell in ("零报告", "未发生") else "有值"


def as_csv(rows: Rows) -> bytes:
    """UTF-8 with the mark that Excel and WPS look for."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


XLSX = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="实绩" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}
"""The least that a workbook of one sheet consists of."""


def as_xlsx(rows: Rows) -> bytes:
    """A workbook of one sheet; numbers as numbers, the same bytes every time."""

    def cell(place: str, text: str) -> str:
        if text.replace(".", "", 1).lstrip("-").isdigit():
            return f'<c r="{place}"><v>{text}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>' if text else ""

    lines = "".join(
        f'<row r="{i}">{"".join(cell(f"{chr(65 + j)}{i}", text) for j, text in enumerate(row))}</row>'
        for i, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = XLSX | {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'}
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as book:
        for name, text in parts.items():
            body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'
            book.writestr(zipfile.ZipInfo(name, (2026, 1, 8, 0, 0, 0)), body.encode("utf-8"))
    return raw.getvalue()


def files(city: City) -> Mapping[str, bytes]:
    """Every file below :data:`HOME` that this script makes."""
    found: dict[str, bytes] = {}
    for path, rows in tables(city).items():
        found[path] = as_xlsx(rows) if path.endswith("xlsx") else as_csv(rows)
    unit, column = WITHOUT
    for path, rows in tables(city).items():
        if path.startswith("数据/"):
            at = rows[0].index(column) if column in rows[0] else None
            less = [["" if i == at and row[0] == unit else cell for i, cell in enumerate(row)] for row in rows]
            found[path.replace("数据/", "数据-缺报/")] = as_xlsx(less) if path.endswith("xlsx") else as_csv(less)
    return found | {"预期.csv": as_csv(expected(city)), "预期-缺报.csv": as_csv(expected_without(city))}


def main() -> None:
    """Write every file anew."""
    from 示例市手算 import hand

    city = facts()
    for path, raw in {**files(city), "手算.md": hand(city).encode("utf-8")}.items():
        (HOME / path).parent.mkdir(parents=True, exist_ok=True)
        (HOME / path).write_bytes(raw)
        print(path, len(raw))


if __name__ == "__main__":
    main()
