"""A page for every problem code, from the catalogue."""

from __future__ import annotations

from perfdsl.text import catalogue
from perfdsl.text.problem import Entry


def entries() -> list[Entry]:
    """The whole catalogue, in the order of codes."""
    found = catalogue.entries()
    return [found[code] for code in sorted(found)]


def pages() -> dict[str, str]:
    """File name → Markdown: one page a code, and ``README.md`` with the list."""
    found = entries()
    return {**{f"{entry.code}.md": page(entry) for entry in found}, "README.md": contents(found)}


def page(entry: Entry) -> str:
    """What the code means, why it matters, a bad and a good example."""
    return (
        f"# {entry.code} {entry.title}\n\n"
        f"{entry.severity.value} · {entry.english}\n\n"
        f"{entry.text}\n\n"
        f"## 错的写法\n\n```\n{entry.bad}\n```\n\n"
        f"## 对的写法\n\n```\n{entry.good}\n```\n"
    )


def contents(found: list[Entry]) -> str:
    """The list of codes."""
    rows = "\n".join(f"| [{one.code}]({one.code}.md) | {one.severity.value} | {one.title} |" for one in found)
    return f"# 问题一览\n\n由问题目录生成（make pages），共 {len(found)} 个。\n\n| 编号 | 轻重 | 说的是什么 |\n|---|---|---|\n{rows}\n"
