"""A comparison as Markdown for a merge request: what matters stands open, the rest is folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from perfdsl.publish import review_parts as parts
from perfdsl.reports.reviews import ChangeFinding, ImpactFinding, ReviewFinding
from perfdsl.text.render import place

MOVERS = 5
"""So many that gain, and that lose, stand open; all of them up to twice as many."""

LEDGERS = 60
"""So many units' ledgers are shown; a forge cuts long comments off."""


def page(finding: ReviewFinding) -> str:
    """The whole comparison."""
    return "\n\n".join(_parts(finding)) + "\n"


def _parts(finding: ReviewFinding) -> Iterator[str]:
    yield f"## {cell(parts.title(finding))}"
    yield f"> {parts.HEADER}"
    yield f"**{cell(finding.overview)}**"
    if finding.changes:
        yield table(("序号", "条款", "修订", "类别", "单位"), [_row(one) for one in finding.changes])
    if finding.impact is not None:
        yield from _who(finding.impact, parts.codes(finding.changes))
    if finding.unaffected:
        yield "### 未受影响"
        yield _items(finding.unaffected)
    if finding.changes:
        yield folded("修订对照表", _official(finding.changes))
        if cases := [one for one in finding.changes if one.witness is not None]:
            yield folded("最小例", "\n".join(line for one in cases for line in _case(one)))
    if finding.renumbered:
        yield folded("只改编号", table(("旧编号", "新编号", "名称"), finding.renumbered))
    if finding.impact is not None:
        yield from _impact(finding.impact, parts.titles(finding.changes))
    if finding.checklist:
        yield "### 签发前核对"
        yield "\n".join(f"- [ ] {cell(one)}" for one in finding.checklist)
    if finding.problems:
        rows = [(one.severity.value, one.code, place(one), one.message, one.mend) for one in finding.problems]
        yield folded("问题", table(("轻重", "编号", "哪里", "问题", "怎么改"), rows))
    yield folded(
        "对照的两份",
        _items((f"旧：{parts.side(finding.old)}", f"新：{parts.side(finding.new)}")),
    )


def _row(change: ChangeFinding) -> tuple[str, ...]:
    guess = "（疑似对应，请核对）" if change.guessed else ""
    named = "\n".join(part for part in (parts.place(change), parts.named(change)) if part)
    told = f"{change.how}：{parts.words(change)}{guess}"
    return str(change.number), named, told, parts.classes(change), str(parts.count(change) or "")


def _who(impact: ImpactFinding, codes: dict[int, str]) -> Iterator[str]:
    head = ("单位", "总分", "变动", "名次", "等次", "为什么")
    sides = parts.gained(impact.shifts), parts.lost(impact.shifts)
    movers = [one for side in sides for one in (side if len(side) <= 2 * MOVERS else side[:MOVERS])]
    chosen = dict.fromkeys((*parts.regraded(impact.shifts), *movers))
    more = sum(one not in chosen for side in sides for one in side)
    yield "### 谁受影响"
    if chosen:
        yield table(
            head,
            [
                (
                    one.unit,
                    parts.total(one),
                    one.delta,
                    parts.rank(one),
                    parts.grade(one),
                    parts.reason(one, codes),
                )
                for one in chosen
            ],
            right=(2,),
        )
        if more:
            yield f"另有 {more} 个单位等次不变、总分有变动，见下面的“各单位”。"
    else:
        yield "各单位总分和等次都不变。"
    if strange := parts.odd(impact.shifts):
        yield "不能直接比较：" + cell("；".join(f"{one.unit}（{one.open or one.presence}）" for one in strange))
    if impact.quotas:
        yield "### 名额"
        yield _items(map(parts.quota, parts.quotas(impact.quotas)))


def _official(changes: Sequence[ChangeFinding]) -> str:
    rows = []
    for one in changes:
        old, new = parts.official(one)
        rows.append(
            (str(one.number), parts.place(one), old or "（无）", new or "（删去）", one.reason, parts.effect(one))
        )
    return table(("序号", "条款", "原条文", "新条文", "修改理由", "影响"), rows)


def _case(change: ChangeFinding) -> Iterator[str]:
    if change.witness is not None:
        yield f"- {change.number}. {cell(parts.named(change))}：{cell(change.witness.sentence)}"
        yield from (f"  - {cell(said)}" for said in parts.cases(change.witness.units))


def _impact(impact: ImpactFinding, titles: dict[int, str]) -> Iterator[str]:
    rows = [
        (
            one.unit,
            one.category,
            parts.total(one),
            one.delta,
            parts.rank(one),
            parts.grade(one),
            parts.remark(one, titles),
        )
        for one in parts.grouped(impact.shifts)
    ]
    if rows:
        yield folded("各单位", table(("单位", "类别", "总分", "变动", "名次", "等次", "说明"), rows, right=(3,)))
    kept = [one for one in parts.grouped(impact.shifts) if one.effects]
    if kept:
        ledger = [
            (one.unit, titles.get(line.change) or line.name, parts.alone(line), parts.shared_out(line))
            for one in kept[:LEDGERS]
            for line in parts.ledger(one)
        ]
        more = f"\n\n另有 {len(kept) - LEDGERS} 个单位，见表格文件（--format xlsx）。" if len(kept) > LEDGERS else ""
        told = table(("单位", "修订", "单独影响", parts.shared(impact)), ledger, right=(2, 3))
        yield folded("归因账", f"合计等于总分之差，残差 0。\n\n{told}{more}")
    if impact.reach:
        yield folded(
            "逐条影响的单位",
            table(
                ("序号", "修订", "试算", "总分变动", "单位数", "单位"),
                [
                    (str(number), titles.get(number, ""), way, one.moved, str(one.count), "；".join(one.units))
                    for number, ways in parts.reach(impact.reach).items()
                    for way, groups in ways.items()
                    for one in groups
                ],
                right=(3, 4),
            ),
        )
    if impact.square:
        square = [
            (one.rules, one.data, str(one.units), one.mean, parts.spread(one.grades), one.note) for one in impact.square
        ]
        yield folded(
            "新旧办法 × 新旧数据", table(("办法", "数据", "单位数", "平均", "等次", "说明"), square, right=(2, 3))
        )
    told_ = [("可比口径", impact.comparable), ("补数", impact.filled), ("方法", impact.method)]
    yield folded("口径和方法", _items(f"{word}：{said}" for word, said in told_ if said))


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {cell(one)}" for one in lines)


def folded(summary: str, body: str) -> str:
    """A part that opens on a click; the blank lines make forges read what is inside as Markdown."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table; every cell is made safe."""
    rule = "|".join("---:" if i in right else "---" for i in range(len(head)))
    lines = [" | ".join(map(cell, row)) for row in (head, *rows)]
    return "\n".join([f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])])


_SAFE = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "\\`*_[]|~"},
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "&#64;",
        "#": "&#35;",
        "\n": "<br>",
        "\r": "",
        "\t": " ",
    }
)


def cell(text: str) -> str:
    """Text that no forge reads as a table's edge, markup, a mention (示例市@2025) or a number of an issue."""
    return text.translate(_SAFE)
