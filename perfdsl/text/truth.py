"""The words of yes and no that officers write, in rules and in data."""

from __future__ import annotations

TRUE_WORDS = frozenset(["是", "有", "达到", "达标", "完成", "按时", "通过", "√", "1", "TRUE"])
FALSE_WORDS = frozenset(["否", "无", "未达到", "未达标", "未完成", "逾期", "未通过", "×", "0", "FALSE"])
