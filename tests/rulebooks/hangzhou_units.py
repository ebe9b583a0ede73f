"""The units of the Hangzhou appraisal of 2020 with invented scores in the published order.

Published: the units named below and their grades, in this order; how many there are in every grade. Invented: all
scores, and the names of the units that the circular leaves out. The two promoted units are not named either; here
they are the last two of the list, with scores behind the quota.

``python tests/rulebooks/hangzhou_units.py`` writes roster, data and expected results of both rulebooks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

HOME = Path(__file__).parents[2] / "rulebooks" / "杭州综合考评2020"
APART = ["市委办公厅", "市人大常委会机关", "市政府办公厅", "市政协机关"]
EXCELLENT = [
    "市委组织部",
    "市纪委市监委机关",
    "市委政法委",
    "市财政局",
    "市公安局",
    "市发改委",
    "市卫生健康委",
    "市建委",
    "市委宣传部",
    "市法院",
    "市人力社保局",
    "市民政局",
    "市交通运输局",
    "市检察院",
    "市城管局",
    "市规划和自然资源局",
]
PROMOTED = ["市地方金融监管局", "市投资促进局"]
GOOD = [
    "市科技局",
    "市委直属机关工委",
    "市生态环境局",
    "市司法局",
    "市市场监管局",
    "市商务局",
    "市经信局",
    "市信访局",
    "杭州西湖风景名胜区管委会",
    "市委编办",
    "市文化广电旅游局",
    "市委党校",
    "市机关事务局",
    "市国资委",
    "市统计局",
    "市委统战部",
]
PASSED = [f"市直达标{number:02}" for number in range(1, 45)]
TWO_LINES_EXCELLENT = ["市税务局", "市消防救援支队", "杭州海关"]
TWO_LINES_GOOD = ["国网杭州供电公司", "市邮政管理局", "市气象局"]
TWO_LINES_PASSED = [f"双管达标{number:02}" for number in range(1, 10)]

Unit = tuple[str, str, Decimal, bool, str, str]
"""Name, category, score, promoted, expected rank, expected grade."""


def units() -> list[Unit]:
    """All 97 units, with what is expected of them."""
    made: list[Unit] = []
    score, step = Decimal("97.500"), Decimal("0.125")
    order = [(name, "优秀") for name in EXCELLENT] + [(name, "良好") for name in GOOD]
    order += [(name, "优秀") for name in PROMOTED] + [(name, "达标") for name in PASSED]
    for rank, (name, grade) in enumerate(order, 1):
        made.append((name, "市直", score - step * (rank - 1), name in PROMOTED, str(rank), grade))
    second = [(name, "优秀") for name in TWO_LINES_EXCELLENT] + [(name, "良好") for name in TWO_LINES_GOOD]
    second += [(name, "达标") for name in TWO_LINES_PASSED]
    for rank, (name, grade) in enumerate(second, 1):
        made.append((name, "双管", score - step * rank, False, str(rank), grade))
    made += [(name, "单列", Decimal("95.000"), False, "", "优秀") for name in APART]
    return made


def half() -> list[tuple[str, Decimal, str, str]]:
    """25 invented units: 10% are 2.5 places, half up 3."""
    grades = ["优秀"] * 3 + ["良好"] * 3 + ["达标"] * 19
    return [(f"单位{rank:02}", Decimal("96.0") - rank, str(rank), grade) for rank, grade in enumerate(grades, 1)]


def write(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """``rows`` as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main() -> None:
    """Write both folders."""
    made, folder = units(), HOME / "市直单位"
    write(folder / "附表/单位名册.csv", [("单位", "类别"), *((name, category) for name, category, *_ in made)])
    facts = [(name, score, "是" if promoted else "否") for name, _, score, promoted, *_ in made]
    write(folder / "数据/实绩.csv", [("单位", "综合考评得分", "专项晋优"), *facts])
    results = [(name, score, rank, grade) for name, _, score, _, rank, grade in made]
    write(folder / "预期.csv", [("单位", "总分", "名次", "等次"), *results])
    second, folder = half(), HOME / "半个名额"
    write(folder / "附表/单位名册.csv", [("单位",), *((name,) for name, *_ in second)])
    write(folder / "数据/实绩.csv", [("单位", "考评得分"), *((name, score) for name, score, *_ in second)])
    write(folder / "预期.csv", [("单位", "总分", "名次", "等次"), *second])


if __name__ == "__main__":
    main()
