"""Remarks on the lines as they are written: article numbers, and points without 分."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfdsl.model.ordering import chinese
from perfdsl.syntax.nodes import Block, Tree, Written
from perfdsl.text.catalogue import remarks as say
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

PLACE = re.compile(r"第(?:[（(])?([零〇一二两三四五六七八九十百0-9]+)(?:[）)])?项$")
UNNUMBERED = frozenset(("rulebook", "group1", "group2", "group3", "step", "category", "schedule", "data", "ledger"))
"""Blocks that are no items of an article, or share one with others."""
PHRASES = frozenset(("score", "points", "checklist"))
MOST_NUMBERS = 60

_POINTLESS = re.compile(r"(?<![不每])(倒扣|扣|加|得)[ ]*[0-9]+(?:\.[0-9]+)?(?![0-9.])(?=[ ]*(?:[，,；;。](?![0-9])|$))")


def article_numbers(tree: Tree) -> Iterator[Problem]:
    """Numbers of 项 in one 条: none twice, none left out between the first and the last."""
    seen: dict[str, dict[int, Block]] = {}
    for block in tree.blocks:
        article = block.field("article")
        text = re.sub(r"\s", "", article.value.text) if article is not None else ""
        place = PLACE.search(text)
        if article is None or place is None or block.kind in UNNUMBERED:
            continue
        before, number = text[: place.start()], _figure(place[1])
        known = seen.setdefault(before, {})
        if number in known:
            first = known[number]
            yield say.numbering(article.value.span, f"“{text}”", other=first.name.text, first=_article(first))
        else:
            known[number] = block
    for before, known in seen.items():
        numbers = sorted(known)
        missing = [n for n in range(numbers[0], numbers[-1]) if n not in known]
        if missing and len(missing) <= MOST_NUMBERS:
            after = known[min(n for n in numbers if n > missing[0])]
            yield say.numbering(_article(after), f"“{before}”里", missing)


def _article(block: Block) -> Span:
    found = block.field("article")
    return found.value.span if found is not None else block.span


def _figure(text: str) -> int:
    return int(text) if text.isascii() else chinese(text.replace("零", "").replace("两", "二"))


def points_say_so(tree: Tree) -> Iterator[Problem]:
    """扣 0.5 of what? A 计分办法 may have a name that ends so (低一点扣 2)."""
    methods = tuple(block.name.text.strip() for block in tree.blocks if block.kind == "method")
    for block in tree.blocks:
        for field in block.fields:
            if field.key in PHRASES:
                for value in (field.value, *(cell for row in field.rows[1:] for cell in row.cells)):
                    yield from _pointless(value, methods)


def _pointless(value: Written, methods: tuple[str, ...]) -> Iterator[Problem]:
    for found in _POINTLESS.finditer(value.text):
        if value.text[: found.end(1)].endswith(methods):
            continue
        whole = value.span.end - value.span.start == len(value.text)
        span = value.span.part(*found.span()) if whole else value.span
        yield say.points_unsaid(span, found.group().rstrip())
