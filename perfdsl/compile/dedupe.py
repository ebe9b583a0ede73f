"""去重: a matter that stands in several items counts in one of them.

    去重 同一奖项【Q1】
      去重各项：加分项【J01】、加分项【J02】
      同一事项：只计最高一次，按事项编号，同样高的计入排在前面的

The block settles the matter for its items: inside each of them as well it counts once, by the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from perfdsl.clauses.shared.rows import EACH, ONCE, Rows
from perfdsl.compile.about import meta_of
from perfdsl.compile.context import Context
from perfdsl.compile.fields import ABOUT, bag, report_unused
from perfdsl.compile.rules import citation_of
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Dedupe
from perfdsl.model.table import Table
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import Block, Phrase, Tree, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import scoring
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem
from perfdsl.text.records import replace
from perfdsl.text.source import folded

READ = ABOUT | {"dedupe_items", "same_matter"}
CODE = re.compile("【([^【】]+)】")
CALLED = re.compile("[、，,；;\\s]|一级指标|二级指标|三级指标|过程指标|指标|要点|加分项|扣分项|和|与|及")
"""What may stand beside the codes."""


def deduped(tree: Tree, context: Context, items: tuple[Item, ...]) -> tuple[tuple[Item, ...], tuple[Dedupe, ...]]:
    """The items with what the 去重 blocks settle for them, and the blocks."""
    known = {item.code: item for root in items for item in root.walk()}
    taken: dict[str, str] = {}
    made = []
    for block in tree.blocks:
        if block.kind == "dedupe" and (one := _made(block, context, known, taken)) is not None:
            made.append(one)
    blocks = tuple(sorted(made, key=lambda block: block.code))
    return settled(items, blocks), blocks


def settled(items: Iterable[Item], blocks: Iterable[Dedupe]) -> tuple[Item, ...]:
    """The items, those that a block lists with what it settles: a matter counts once, in which of them the block says."""
    listed = {code: block for block in blocks for code in block.items}
    if not listed:
        return tuple(items)

    def settle(item: Item) -> Item:
        below, block = tuple(map(settle, item.children)), listed.get(item.code)
        made = replace(item, children=below) if below else item
        if block is None or not isinstance(item.scoring, Rows):
            return made
        return replace(made, scoring=replace(item.scoring, same_matter=ONCE, matter=block.matter, across=block.code))

    return tuple(map(settle, items))


def by_itself(item: Item, blocks: Iterable[Dedupe]) -> Item:
    """``item`` without its block: a matter still counts once, whatever the other items have of it."""
    if isinstance(item.scoring, Rows) and any(
        block.code == item.scoring.across and item.code in block.items for block in blocks
    ):
        return replace(item, scoring=replace(item.scoring, across=None))
    return item


def _made(block: Block, context: Context, known: Mapping[str, Item], taken: dict[str, str]) -> Dedupe | None:
    fields = bag(block.fields, context)
    report_unused(fields, READ, context)
    for note in block.notes:
        context.say(say.field_unused(note.span, note.text))
    for key, label in (("dedupe_items", "去重各项"), ("same_matter", "同一事项")):
        if key not in fields:
            context.say(say.field_missing(block.span, block.name.text, label))
    if not {"dedupe_items", "same_matter"} <= set(fields):
        return None
    before = len(context.problems)
    codes = tuple(_codes(fields["dedupe_items"].value, context, known))
    rule, tie, matter = _rule(fields["same_matter"].value, context)
    if len(context.problems) > before:
        return None
    said = fields["same_matter"].value.span
    if len(codes) < 2:
        context.say(
            scoring.dedupe_unfit(block.span, codes[0], "只有一项，没有别的项可以去重", "去重各项：【J01】、【J02】")
        )
        return None
    if rule == ONCE and not tie:
        context.say(scoring.dedupe_tie_unstated(said, codes[0], codes[1]))
        return None
    name = block.code.text if block.code else block.name.text
    for code in codes:
        context.say(*_fits(block, known[code], matter, taken.get(code, ""), context.tables))
        taken[code] = name
    if len(context.problems) > before:
        return None
    return Dedupe(
        code=name,
        name=block.name.text,
        items=codes,
        matter=matter,
        rule=rule,
        tie=tie or "first",
        meta=meta_of(fields, context),
        citation=citation_of(block, fields),
        span=block.span,
    )


def _codes(given: Written, context: Context, known: Mapping[str, Item]) -> Iterator[str]:
    text = folded(given.text)
    found = CODE.findall(text)
    left = CALLED.sub("", CODE.sub("", text))
    if not found or left:
        context.say(say.field_unreadable(given.span, "去重各项", [given.span], [], ["加分项【J01】、加分项【J02】"]))
    for code in dict.fromkeys(found):
        if code in known:
            yield code
        else:
            context.say(say.code_unknown(given.span, code, nearest(code, known)))


def _rule(given: Written, context: Context) -> tuple[str, str, tuple[str, ...]]:
    """(where it counts, which of equals, the columns that tell a matter)."""
    node = context.read("phrase", given)
    if not isinstance(node, Phrase):
        return ONCE, "", ()
    words = [one.key for one in node.segments if isinstance(one, nodes.Word)]
    matter = tuple(name for one in node.segments if isinstance(one, nodes.By) for name in one.names)
    rule = next((key for key in words if key in (ONCE, "listed_first")), "")
    tie = next((key.removeprefix("tie_") for key in words if key in ("tie_first", "tie_last")), "")
    if not rule:
        could = [context.vocabulary.canonical("PHRASE", key) for key in (ONCE, "listed_first")]
        context.say(say.field_unreadable(given.span, "同一事项", [], could, could))
    elif not matter:
        context.say(scoring.matter_unstated(given.span, ()))
    return rule, tie, matter


def _fits(
    block: Block, item: Item, matter: Iterable[str], other: str, tables: Mapping[str, Table]
) -> Iterator[Problem]:
    """Why an item cannot take part."""
    clause = item.scoring
    if other:
        yield scoring.dedupe_unfit(block.span, item.code, f"已在去重【{other}】里", "合成一个去重")
    elif not isinstance(clause, Rows):
        yield scoring.dedupe_unfit(block.span, item.code, "不是按台账逐行计分的", "从范围里去掉这一项")
    elif clause.same_matter == EACH or clause.across is not None:
        said = "各计各的" if clause.same_matter == EACH else "跨加分项有效"
        yield scoring.dedupe_unfit(block.span, item.code, f"自己另写了“{said}”", "删去这一项的 同一事项 一栏")
    else:
        table = tables.get(clause.use.ledger)
        lacking = [name for name in matter if table is None or table.column(name) is None]
        if lacking:
            mend = f"台账 {clause.use.ledger} 的列里加上：{'、'.join(lacking)}"
            yield scoring.dedupe_unfit(block.span, item.code, f"的台账没有“{'、'.join(lacking)}”一列", mend)
