"""Rulebooks and data for the measurements: real text, invented numbers (全部虚构)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

HEAD = """\
# 全部虚构，只用来量时间
考评办法 示例市{year}年度测速考评（{full} 分）【示例市测速@{year}】
  状态：征求意见稿
  考核期：{year}年1月1日至{year}年12月31日
  本数：以上、不低于均含本数；不足、低于均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分
  同分：并列占位（1、2、2、4）
  平均：全部单位，各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位代码、单位
"""
GRADES = """\
等次 年度等次（全部单位一起评定）
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次   | 总分                      | 名额 |
  | 优秀   | {high} 分以上             | 30%  |
  | 良好   | {low} 分以上不足 {high} 分 | 不限 |
  | 合格   | 不足 {low} 分             | 不限 |
"""
PER_GROUP = 10
KINDS = ("steps", "share", "bands", "count", "first")


def indicator(number: int, edit: int = 0) -> str:
    """One indicator of 1 to 5 points; ``edit`` changes its rule."""
    kind, full = KINDS[number % len(KINDS)], 2 + number % 4
    head = f"指标 项目{number:03d}（{full} 分）【{code(number)}】\n"
    if kind == "steps":
        lost = "0.3" if edit else "0.2"
        return head + (
            f"  数据：办结{number:03d}（件）、应办{number:03d}（件）\n  指标值：办结{number:03d} ÷ 应办{number:03d}\n"
            f"  目标值：98%\n  方向：越高越好\n"
            f"  计分：达到得满分；每低 1 个百分点扣 {lost} 分，不足 1 个百分点的按 1 个百分点计，扣完本指标为止\n"
        )
    if kind == "share":
        return head + (
            f"  数据：完成{number:03d}（万元）、任务{number:03d}（万元）\n  指标值：完成{number:03d} ÷ 任务{number:03d}\n"
            f"  目标值：{'95%' if edit else '100%'}\n  方向：越高越好\n  计分：按完成比例，最高得满分\n"
        )
    if kind == "bands":
        edge = "85" if edit else "80"
        return head + (
            f"  数据：比率{number:03d}（%）\n  指标值：比率{number:03d}\n  计分：分档\n    | 比率 | 得分 |\n"
            f"    | 90% 以上 | {full} |\n    | {edge}% 以上不足 90% | 1 |\n    | 不足 {edge}% | 0 |\n"
        )
    if kind == "count":
        return head + f"  计分：每有 1 件差错{number:03d}扣 {'0.5' if edit else '0.25'} 分，扣完本指标为止\n"
    return head + (
        f"  数据：产出{number:03d}（万元）\n  指标值：产出{number:03d}\n  方向：越高越好\n  比较范围：全部单位\n"
        f"  计分：最高者{'得 1.5 分' if edit else '得满分'}，其余按与最高者的比例\n"
    )


def code(number: int) -> str:
    """A code that its group's begins: A01 … A10, B01 …"""
    group, place = divmod(number, PER_GROUP)
    return f"{group_code(group)}{place + 1:02d}"


def group_code(group: int) -> str:
    """A … Z, AA, AB …"""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[group] if group < 26 else letters[group // 26 - 1] + letters[group % 26]


def rulebook(indicators: int, edited: frozenset[int] = frozenset(), year: int = 2025) -> str:
    """A whole rulebook; the indicators in ``edited`` have another rule."""
    groups = range((indicators + PER_GROUP - 1) // PER_GROUP)
    worth = {number: 2 + number % 4 for number in range(indicators)}
    parts = [HEAD.format(year=year, full=sum(worth.values()))]
    for group in groups:
        mine = [number for number in worth if number // PER_GROUP == group]
        parts.append(f"一级指标 方面{group:02d}（{sum(worth[n] for n in mine)} 分）【{group_code(group)}】\n")
        parts += [indicator(number, number in edited) for number in mine]
    full = sum(worth.values())
    parts.append(GRADES.format(high=full * 8 // 10, low=full * 6 // 10))
    return "".join(parts)


# ---- as an office prints it: articles, who scores, who is responsible, ledgers, vetoes

OFFICES = ("市统计局", "市财政局", "市水利局", "市应急管理局", "市政务服务局")
FIGURES = "零一二三四五六七八九"
BONUS = """\
加分项 表彰奖励{number:03d}（最高 2 分）【J{number:03d}】
  条款：第{article}条第（{place}）项
  评分单位：市绩效办
  台账：表彰，认定日期在考核期内
  同一事项：只计最高一次，按事项编号
  计分：国家级每次 {worth} 分；省级每次 0.5 分；市级每次 0.25 分
"""
VETO = """\
一票否优 重大事项{number:03d}【F{number:03d}】
  条款：第{article}条第（{place}）项
  情形之一：
    · 发生重大责任事件{number:03d}
    · 拒不整改事项{number:03d}
  后果：不得评为 “优秀”
  名额：空出的由下一名递补
"""
LEDGER = """\
台账 表彰（每个事项一行）
  列：单位、事项编号、级别（国家级、省级、市级）、认定日期、文号
"""


def article(number: int) -> str:
    """``四十二``: below a hundred."""
    tens, ones = divmod(number, 10)
    begins = "" if tens < 2 else FIGURES[tens]
    return (begins + "十" if tens else "") + (FIGURES[ones] if ones or not tens else "")


def rulebook_as_printed(indicators: int, extras: int = 40) -> str:
    """A long rulebook with everything an office writes beside the rule: 415 indicators are 5,000 lines."""
    most = sum(2 + number % 4 for number in range(indicators)) + 5
    total = f"  总分：基本分 + 加分，加分最高 5 分，总分最高 {most} 分，最低 0 分\n"
    plain = rulebook(indicators).replace("  总分：基本分\n", total)
    plain = plain.replace("\n一级指标 ", f"\n{LEDGER}一级指标 ", 1)
    body, grades = plain.split("\n等次 ", 1)
    lines, seen, groups = [], 0, 0
    for line in body.split("\n"):
        lines.append(line)
        if line.startswith("一级指标 "):
            groups += 1
            lines.append(f"  条款：第{article(groups + 4)}条")
        if line.startswith("指标 "):
            place = article(seen % PER_GROUP + 1)
            lines += [
                f"  条款：第{article(groups + 4)}条第（{place}）项",
                f"  评分单位：{OFFICES[seen % len(OFFICES)]}",
                "  责任单位：各单位",
                f"  数据来源：{OFFICES[seen % len(OFFICES)]}",
                "  未报：退回补报",
            ]
            seen += 1
    told = [
        form.format(
            number=number,
            article=article(first + number // PER_GROUP),
            place=article(number % PER_GROUP + 1),
            worth=1 + number % 2,
        )
        for first, form in ((groups + 5, BONUS), (groups + 5 + extras // PER_GROUP, VETO))
        for number in range(extras)
    ]
    return "\n".join([*lines, *"".join(told).splitlines(), "等次 " + grades])


def data(indicators: int, units: int, seed: int = 1) -> Mapping[str, str]:
    """附表 and 数据 as CSV."""
    chance = random.Random(seed)
    names = [f"单位{number:05d}" for number in range(units)]
    head, columns = ["单位"], []
    for number in range(indicators):
        kind = KINDS[number % len(KINDS)]
        if kind == "steps":
            head += [f"办结{number:03d}", f"应办{number:03d}"]
            asked = [chance.randint(50, 400) for _ in names]
            columns += [[chance.randint(int(n * 0.9), n) for n in asked], asked]
        elif kind == "share":
            head += [f"完成{number:03d}", f"任务{number:03d}"]
            columns += [[chance.randint(500, 1200) for _ in names], [chance.choice((800, 900, 1000)) for _ in names]]
        elif kind == "bands":
            head.append(f"比率{number:03d}")
            columns.append([f"{chance.randint(700, 1000) / 10}" for _ in names])
        elif kind == "count":
            head.append(f"差错{number:03d}")
            columns.append([chance.choice((0, 0, 0, 1, 1, 2, 3)) for _ in names])
        else:
            head.append(f"产出{number:03d}")
            columns.append([chance.randint(100, 999) for _ in names])
    rows = [",".join(map(str, row)) for row in zip(names, *columns, strict=True)]
    roster = "\n".join(["单位代码,单位", *(f"{i:05d},{name}" for i, name in enumerate(names))])
    return {"附表/单位名册.csv": roster, "数据/实绩.csv": "\n".join([",".join(head), *rows])}


def lay_out(folder: Path, name: str, text: str, files: Mapping[str, str]) -> Path:
    """Write a rulebook with its folder; its path."""
    path = folder / f"{name}.perf"
    path.write_text(text, encoding="utf-8")
    for inside, content in files.items():
        place = folder / name / inside
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
    return path
