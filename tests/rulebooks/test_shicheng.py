"""石城县 2018: the parts of every hand-worked number add up, and the proportional ones are worked out once more."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "rulebooks" / "石城县河长制2018" / "改定"
SHARES = {
    "一.5·注册使用": (2, "已注册人数", "应注册人数"),
    "三.9·禁养区关停搬迁": (5, "已关停户数", "应关停户数"),
    "三.9·规模场治污设施": (2, "已配套场数", "应配套场数"),
    "四.16·农村污水设施": (2, "已建设施处数", "应建设施处数"),
    "四.20·查处案件": (3, "已办结案件", "非法捕捞案件"),
    "四.21": (4, "已治理水库", "应治理水库"),
}
PARTS = ["一", "二", "三", "四", "五"]


def read(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["单位"]: row for row in csv.DictReader(file)}


def cents(score: Fraction) -> Fraction:
    return Fraction(int(score * 100 + Fraction(1, 2)), 100)


@pytest.mark.parametrize("unit", ["琴江镇", "甲镇", "乙镇"])
def test_shares(unit: str) -> None:
    facts, expected = read("数据/实绩.csv")[unit], read("预期.csv")[unit]
    for code, (full, done, due) in SHARES.items():
        share = Fraction(0) if facts[done] == "未发生" else Fraction(facts[done]) / Fraction(facts[due])
        assert cents(full * share) == Fraction(expected[f"得分【{code}】"]), code


@pytest.mark.parametrize("unit", ["琴江镇", "甲镇", "乙镇"])
def test_sums(unit: str) -> None:
    expected = {key: Fraction(cell) for key, cell in read("预期.csv")[unit].items() if key != "单位"}
    for part in PARTS:
        children = [cell for key, cell in expected.items() if key.startswith(f"得分【{part}.") and "·" not in key]
        assert sum(children) == expected[f"得分【{part}】"], part
    base = sum(expected[f"得分【{part}】"] for part in PARTS)
    assert base == expected["基本分"]
    total = base + expected["得分【六.1】"] + expected["得分【六.2】"]
    assert max(total, Fraction(0)) == expected["总分"]
