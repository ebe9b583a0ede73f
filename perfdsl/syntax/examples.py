"""What may stand in a field, as whole values: shown where a value cannot be read. A test reads every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

MANUAL = "docs/手册.md"

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "score": (
        "达到得满分，否则不得分",
        "按完成比例",
        "每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计，扣完本指标为止",
        "每有 1 件未按期办结扣 1 分，扣完本指标为止",
        "每有 1 份简报得 1 分，最高得满分",
        "国家级每次 3 分；省级每次 2 分",
        "2025年6月30日前印发得满分，否则不得分",
        "按名次得 60、57、54 分，其余不得分",
        "最高者得满分，其余按与最高者的比例",
        "人工评分，0.5 分一档，写明理由",
        "分档",
    ),
    "same_matter": ("只计最高一次，按事项编号", "各计各的"),
    "total": (
        "基本分 + 加分 - 扣分，加分最高 5 分，最低 0 分",
        "各一级指标得分 × 权重 之和",
        "各一级指标得分的最低者",
        "基本分，最高 100 分",
    ),
    "ties": (
        "先比 得分【A01】，仍相同的并列占位",
        "并列占位（1、2、2、4）",
        "并列不占位（1、2、2、3）",
        "取平均名次（1、2.5、2.5、4）",
    ),
    "rounding": ("指标得分、总分均保留 2 位，四舍五入", "指标得分、总分均保留 2 位，四舍五入；指标值不取舍"),
    "own_rounding": ("保留 2 位，四舍五入", "不取舍"),
    "bounds": (
        "以上、以下、不低于均含本数；超过、低于、不足均不含本数",
        "以上、不低于均含本数；以下、超过、低于、不足均不含本数",
    ),
    "mean": ("各单位简单平均，含本单位", "各单位简单平均，不含本单位"),
    "status": ("征求意见稿", "送审稿", "印发稿"),
    "units": ("全部单位", "参加排名的单位"),
    "population": ("同类别", "参加排名的单位", "全部单位"),
    "direction": ("越高越好", "越低越好"),
    "weight": ("30%", "50%"),
    "missing": ("退回补报", "不得分"),
    "absent": ("得满分", "得同类平均分", "不计分", "分值按比例调到同一级指标"),
    "nil": ("视为未发生", "得满分"),
    "none": ("得满分", "不得分"),
    "not_due": ("得满分", "不计分"),
    "equal_rank": ("都得该名次分，并列占位", "都得该名次分，并列不占位"),
    "cap": ("最高 5 分", "不封顶"),
    "floor": ("扣完本指标为止", "扣完本一级指标为止", "不保底"),
    "effect": ("不得评为 “优秀”", "等次定为 “不合格”", "等次不高于 “合格”", "等次降 1 个等次"),
    "quota": ("空出的由下一名递补", "空出的不递补"),
    "quota_base": ("参加排名的单位数", "参加考核的单位数", "符合条件的单位数"),
    "quota_rounding": ("四舍五入", "舍去尾数", "进一"),
    "quota_tie": ("一并计入", "一并不计入"),
    "quota_over": ("列入下一等次",),
    "beyond": ("计入本指标，不封顶", "计入本指标，最高 5 分"),
    "offset": ("不抵补", "可抵补"),
    "way": ("直接运用", "综合运用", "重点运用"),
}
"""Key of a field of fixed phrases → values that are right there."""


def near_examples(key: str, text: str, most: int = 2) -> tuple[str, ...]:
    """The examples of field ``key`` that are most like ``text``."""

    def unlike(example: str) -> float:
        return -SequenceMatcher(None, text, example, autojunk=False).ratio()

    return tuple(sorted(EXAMPLES.get(key, ()), key=unlike)[:most])
