"""What a block says about itself that no computation reads: 条款、依据、评分单位、修改理由 …"""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfdsl.clauses.kind import Kind
from perfdsl.compile.context import Context, squeezed
from perfdsl.compile.fields import Bag
from perfdsl.model.item import Meta
from perfdsl.syntax.nodes import Row
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import writing
from perfdsl.text.form import Heading
from perfdsl.text.source import folded

AN_ARTICLE = re.compile("第[零〇一二三四五六七八九十百0-9]+[条款项].*")
"""What stands where the name of a unit should: 第六条第（二）项."""


def meta_of(own: Bag, context: Context, kind: Kind | None = None, rows: Sequence[Row] = ()) -> Meta:
    """What the block says of itself; ``rows``: the table of its clause, which is of ``kind``."""

    def text(key: str) -> str:
        return own[key].value.text.strip() if key in own else ""

    def names(key: str) -> tuple[str, ...]:
        if found := AN_ARTICLE.match(text(key)):
            context.say(writing.article_for_a_name(own[key].value.span, own[key].label.text, found.group()))
        return parts_of(text(key))

    scorer = names("scorer")
    together = context.vocabulary.spellings("agreed") & set(scorer)
    if together:
        context.say(say.scored_together(own["scorer"].value.span, [one for one in scorer if one not in together]))
    return Meta(
        article=text("article"),
        scorer=tuple(one for one in scorer if one not in together),
        responsible=names("responsible"),
        source=names("source"),
        basis=text("basis"),
        official_text=text("official"),
        reason=text("reason"),
        replaces=codes_of(text("replaces")),
        headings=_headings(kind.form.table, rows[0], context) if kind is not None and rows else (),
    )


def _headings(table: tuple[Heading, ...], head: Row, context: Context) -> tuple[str, ...]:
    """The headings that are the author's own words (奖金系数) and stand in no clause; a word of the language (系数) has
    other spellings."""
    if any(one.heads or one.many for one in table):
        return ()
    known = {spelling for one in table if one.word is not None for spelling in one.word.spellings}
    known |= {*context.vocabulary.label_spellings, *context.vocabulary.column_spellings}
    return tuple(text for cell in head.cells if (text := squeezed(cell.text)) not in known) if table else ()


def parts_of(text: str) -> tuple[str, ...]:
    """The names of a list: 环保局、水文局，结果一致方可计分."""
    return tuple(part.strip() for part in re.split("[、，,]", text) if part.strip())


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of a list, in brackets or not: 【A01】、【A02】."""
    return tuple(one for part in parts_of(folded(text)) if (one := part.strip("【】[] 。")))
