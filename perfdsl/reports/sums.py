"""The tree of a rulebook with its sums at every level, and the points per 评分单位."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import constant
from perfdsl.model.item import Item, Level
from perfdsl.model.rulebook import Combine, Rulebook
from perfdsl.reports.findings import SumFinding, SumsFinding
from perfdsl.text.numbers import decimal
from perfdsl.text.records import replace
from perfdsl.workspace.totals import category_sum

NOBODY = "没有写评分单位"


def sums(book: Rulebook) -> SumsFinding:
    """Every item in the order of the codes, bonuses and deductions behind the groups."""
    base = [item for item in book.items if item.level not in (Level.BONUS, Level.DEDUCTION, Level.STEP)]
    more = [item for item in book.items if item.level in (Level.BONUS, Level.DEDUCTION)]
    parts = _sum(base) if book.total.combine is Combine.SUM else None
    declared = book.full
    whole = SumFinding(
        0,
        "考评办法",
        book.version,
        book.name,
        _shown(declared),
        _shown(parts),
        declared is None or parts is None or declared == parts or bool(book.categories),
        note="" if book.total.combine is Combine.SUM else book.total.combine.value,
    )
    if book.categories:
        whole = replace(whole, parts="")
    lines = [
        whole,
        *_categories(book),
        *(line for item in (*base, *more) for line in _lines(item, 1, book.meta.scorer)),
    ]
    return SumsFinding(book.name, tuple(lines), _scorers(lines))


def _categories(book: Rulebook) -> Iterator[SumFinding]:
    """What applies to each category adds up to its own full mark, or to that of the whole."""
    for category in book.categories:
        full, parts = category.full if category.full is not None else book.full, category_sum(book, category)
        agree = full is None or full == parts or book.total.combine is not Combine.SUM
        yield SumFinding(0, "类别", "", category.name, _shown(full), _shown(parts), agree)


def _lines(item: Item, depth: int, above: tuple[str, ...]) -> Iterator[SumFinding]:
    scorers = item.meta.scorer or above
    children = [child for child in item.children if child.level is not Level.STEP]
    parts = _sum(children) if children and item.combine is None else None
    leaf = not children
    yield SumFinding(
        depth,
        item.level.value,
        item.code,
        item.name,
        _shown(item.full),
        _shown(parts),
        item.full is None or parts is None or item.full == parts,
        scorers if leaf or (all(not child.meta.scorer for child in children) and item.scoring is not None) else (),
        _note(item),
    )
    for child in children:
        yield from _lines(child, depth + 1, scorers)


def _sum(items: list[Item]) -> Fraction | None:
    found = Fraction(0)
    for item in items:
        full = item.full
        if full is None:
            full = _sum([child for child in item.children if child.level is not Level.STEP]) if item.children else None
        if full is None:
            return None
        found += full
    return found


def _note(item: Item) -> str:
    if item.weight is not None:
        return f"权重 {decimal(item.weight * 100)}%"
    if item.level in (Level.BONUS, Level.DEDUCTION) and item.scoring is not None:
        cap = constant(BY_KEY[item.scoring.kind].cap(item.scoring))
        most = item.full if item.full is not None else cap
        word = "最高" if item.level is Level.BONUS else "最多扣"
        return f"{word} {decimal(most)} 分" if most is not None else "不封顶"
    if item.combine is not None:
        return "各要点不相加"
    return "只适用于一部分单位" if item.applies is not None else ""


def _scorers(lines: list[SumFinding]) -> tuple[tuple[str, str, int], ...]:
    found: dict[str, tuple[Fraction, int]] = {}
    for number, line in enumerate(lines):
        below = lines[number + 1].depth > line.depth if number + 1 < len(lines) else False
        if line.depth == 0 or below or line.kind in ("加分项", "扣分项"):
            continue
        name = "、".join(line.scorers) or NOBODY
        points, count = found.get(name, (Fraction(0), 0))
        found[name] = (points + Fraction(line.full or 0), count + 1)
    ordered = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    return tuple((name, decimal(points), count) for name, (points, count) in ordered)


def _shown(number: Fraction | None) -> str:
    return "" if number is None else decimal(number)
