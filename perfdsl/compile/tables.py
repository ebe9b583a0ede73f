"""附表, 数据, 台账: blocks and 数据 fields → :class:`~perfdsl.model.table.Table`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from perfdsl.compile.context import Context, squeezed
from perfdsl.compile.fields import READ, bag, report_unused
from perfdsl.model.states import BY_CHINESE
from perfdsl.model.table import CADENCES, FACTS, RATERS, RowOf, RuleCell, Table, TableColumn, TableRole, ToYear
from perfdsl.model.units import POINTS, ValueType, unit_of
from perfdsl.syntax.names import ColumnNode, columns
from perfdsl.syntax.nodes import Block, Tree
from perfdsl.text.catalogue import names as say
from perfdsl.text.problem import Problems
from perfdsl.text.records import replace
from perfdsl.text.source import Span, folded

ROLES = {"schedule": TableRole.RULE, "data": TableRole.FACT, "ledger": TableRole.LEDGER}
ROWS_OF = {
    "row_unit": RowOf.UNIT,
    "row_unit_item": RowOf.UNIT_ITEM,
    "row_event": RowOf.EVENT,
    "row_member": RowOf.MEMBER,
    "row_month": RowOf.MONTH,
    "row_quarter": RowOf.QUARTER,
    "row_half": RowOf.HALF,
    "row_rater": RowOf.RATER,
}
USUAL_ROWS = {TableRole.RULE: RowOf.MEMBER, TableRole.FACT: RowOf.UNIT, TableRole.LEDGER: RowOf.EVENT}
TO_YEAR = {
    "全年合计": ToYear.SUM,
    "各月平均": ToYear.MEAN,
    "各季平均": ToYear.MEAN,
    "各半年平均": ToYear.MEAN,
    "取12月数": ToYear.LAST,
    "取四季度数": ToYear.LAST,
    "取下半年数": ToYear.LAST,
    "各月累计数": ToYear.RUNNING,
    "各季累计数": ToYear.RUNNING,
    "各半年累计数": ToYear.RUNNING,
}
OPTIONAL = "可不填"
SIGNED = "可为负数"
FORMERLY = re.compile('曾用名[ :：]*["“「]?(.+?)["”」]?')
"""What a column was called before; several names with 、 between them."""
KINDS = {"单位": ValueType.TEXT, "日期": ValueType.DATE, "文字": ValueType.TEXT, "是否": ValueType.BOOL}
PERIODS = {"月份": "月", "季度": "季度", "半年": "半年", "年度": "年"}
"""Columns that number periods, and their unit."""
MARK = re.compile('可填[“"「](.+?)[”"」]表示(.+)')
FREQUENCIES = frozenset(f"每{one}" for one in ("日", "周", "旬", "月", "季", "季度", "半年", "年"))
RULE_LIKE = re.compile(
    "^曾用名|可填|可为|表示|^每|每(?:个|月|季|年|周|日|行)|全年|平均|累计|合计|[0-9一二两三多][ ]*行|取.*数$|[0-9]+[ ]*(?:次|月|年|%)"
)
"""A note that speaks of more than who supplies the numbers."""
ROW_NOTES = (
    "每个单位一行、每个单位多行、每个事项一行、每行一项、每个单位每月（每季、每半年）一行 或 每个单位每个评委一行"
)
COLUMN_NOTES = "可填“/”表示不涉及、可不填、可为负数、曾用名 “办结数”、每月、每季、每半年、全年合计、各月平均、取12月数 或 各月累计数"
CADENCE_OF = {cadence.word: row_of for row_of, cadence in CADENCES.items()} | {"每季度": RowOf.QUARTER}
"""每月, 每季, 每半年 → the table that a column so reported stands in."""


RowsOf = Callable[[Table], tuple[tuple[tuple[RuleCell, ...], ...], Problems]]
"""Reads the rows of a 附表 that lies in a file beside the rulebook, in the order of its columns."""


def no_files(table: Table) -> tuple[tuple[tuple[RuleCell, ...], ...], Problems]:
    """For rulebooks that stand alone."""
    return (), ()


def tables(tree: Tree, context: Context, rows_of: RowsOf) -> dict[str, Table]:
    """Every table of the rulebook, by name; the facts under indicators make 实绩 and 月报."""
    found: dict[str, Table] = {}
    for block in tree.blocks:
        if block.kind in ROLES:
            table = _declared(block, context, rows_of)
            report_unused(bag(block.fields, context), READ[block.kind], context)
            if table.name in found:
                context.say(say.name_twice(block.name.span, table.name, found[table.name].span))
            found[table.name] = table
    declared_facts = _facts(tree, context)
    for row_of in (RowOf.UNIT, *CADENCES):
        name = cadence.table if (cadence := row_of.cadence) is not None else FACTS
        facts = tuple(one for one in declared_facts if CADENCE_OF.get(one.frequency, RowOf.UNIT) is row_of)
        if facts:
            declared = found.get(name)
            own = declared.columns if declared else key_columns(row_of)
            found[name] = Table(name, TableRole.FACT, row_of, (*own, *facts), span=declared.span if declared else None)
    for table in found.values():
        _told_apart(table, context)
    return found


def _told_apart(table: Table, context: Context) -> None:
    """A former name is no other column's name, now or before."""
    taken = {one.name: one for one in table.columns}
    for one in table.columns:
        for name in one.former:
            if taken.setdefault(name, one) is not one or name == one.name:
                context.say(say.name_twice(one.span, name, taken[name].span))


def key_columns(row_of: RowOf) -> tuple[TableColumn, ...]:
    """The columns that say whose a row of facts is, and of which period."""
    unit = TableColumn("单位", ValueType.TEXT)
    cadence = row_of.cadence
    return (
        (unit,)
        if cadence is None
        else (unit, TableColumn(cadence.along, ValueType.NUMBER, *unit_of(PERIODS[cadence.along])))
    )


def _declared(block: Block, context: Context, rows_of: RowsOf) -> Table:
    role = ROLES[block.kind]
    row_of, source = _notes(block, context, USUAL_ROWS[role])
    field = block.field("columns")
    nodes: tuple[ColumnNode, ...] = ()
    if field is None:
        context.say(say.columns_missing(block.span, block.name.text))
    else:
        nodes, problems = columns(field.value)
        context.say(*problems)
        for extra in block.fields:
            if extra.key == "columns" and extra is not field:
                more, problems = columns(extra.value)
                context.say(*problems)
                nodes += more
    made = tuple(column(node, role, context) for node in nodes)
    seen: dict[str, TableColumn] = {}
    for one in made:
        if one.name in seen:
            context.say(say.name_twice(one.span, one.name, seen[one.name].span))
        seen.setdefault(one.name, one)
    table = Table(
        block.name.text, role, row_of, made, (), _file(block), source or _named(block, "source", context), block.span
    )
    rows = _inline_rows(block)
    if rows:
        return replace(table, rows=_by_heading(made, rows[0], rows[1:], context))
    if role is TableRole.RULE:
        cells, problems = rows_of(table)
        context.say(*problems)
        return replace(table, rows=cells)
    return table


def _inline_rows(block: Block) -> list[list[tuple[str, object]]]:
    field = block.field("columns")
    rows = (*(field.rows if field else ()), *block.rows)
    return [[(cell.text, cell.span) for cell in row.cells] for row in rows]


def _by_heading(
    made: tuple[TableColumn, ...],
    heads: Iterable[tuple[str, object]],
    rows: Iterable[Iterable[tuple[str, object]]],
    context: Context,
) -> tuple[tuple[RuleCell, ...], ...]:
    """Rows in the order of the declared columns; a column without a heading is blank throughout."""
    places = {squeezed(text): i for i, (text, _) in enumerate(heads)}
    result = []
    for row in rows:
        cells = list(row)
        line = []
        for one in made:
            at = places.get(squeezed(one.name))
            text, place = cells[at] if at is not None and at < len(cells) else ("", None)
            line.append(RuleCell(text.strip(), place))  # type: ignore[arg-type]
        result.append(tuple(line))
    for text, place in heads:
        if squeezed(text) not in {squeezed(one.name) for one in made} and text.strip():
            context.say(say.heading_undeclared(place, text, [one.name for one in made]))  # type: ignore[arg-type]
    return tuple(result)


def _notes(block: Block, context: Context, usual: RowOf) -> tuple[RowOf, str]:
    row_of, source = usual, ""
    unread = re.search(r"\(([^()]+)\)$", folded(block.name.text))
    if unread is not None and RULE_LIKE.search(unread.group(1)):
        context.say(say.note_unreadable(block.name.span, unread.group(1), ROW_NOTES))
    for note in block.notes:
        for part in re.split("[，,]", note.text):
            text = part.strip()
            word = next((key for key in ROWS_OF if squeezed(text) in context.vocabulary.spellings(key)), None)
            if word:
                row_of = ROWS_OF[word]
            elif RULE_LIKE.search(folded(text)) and not text.startswith("文件"):
                context.say(say.note_unreadable(note.span, text, ROW_NOTES))
            elif not text.startswith("文件"):
                source = f"{source}、{text}" if source else text
    return row_of, source


FILE_NOTE = re.compile('文件\\s*[“"「《](.+?)[”"」》]')
"""What a header says of the file that its rows lie in."""


def _file(block: Block) -> str:
    for note in block.notes:
        if (found := FILE_NOTE.search(note.text)) is not None:
            return found.group(1)
    return ""


def column(node: ColumnNode, role: TableRole, context: Context) -> TableColumn:
    """One declared column: what stands in its （…） tells unit or choices, frequency, way to the year, marks, source."""
    name = node.name.text
    notes = [folded(note.text).strip() for note in node.notes]
    kind, unit, factor, word = ValueType.TEXT, None, None, ""
    of_units = False
    choices: tuple[str, ...] = ()
    if notes and "、" in notes[0]:
        choices = tuple(part.strip() for part in notes.pop(0).split("、"))
    elif notes and notes[0] in KINDS:
        of_units = notes[0] == "单位"
        kind = KINDS[notes.pop(0)]
    elif notes and notes[0] != OPTIONAL and not RULE_LIKE.search(notes[0]):
        word = notes.pop(0)
        kind = ValueType.NUMBER
        unit, factor = unit_of(word)
    elif name.endswith("日期"):
        kind = ValueType.DATE
    elif name == "分值":
        kind, unit, word = ValueType.NUMBER, POINTS, "分"
    elif role is TableRole.FACT and name not in ("单位", "编号", *PERIODS, *RATERS):
        context.say(say.unit_missing(node.name.span, name))
    elif name in PERIODS:
        kind, (unit, factor) = ValueType.NUMBER, unit_of(PERIODS[name])
    made = TableColumn(name, kind, unit, unit_word=word, choices=choices, of_units=of_units, span=node.name.span)
    if factor is not None:
        made = replace(made, factor=factor)
    for note in notes:
        noted = _noted(made, note)
        if noted is None:
            context.say(say.note_unreadable(node.notes[-1].span, note, COLUMN_NOTES))
        else:
            made = noted
    if made.frequency in CADENCE_OF and made.to_year is None and role is TableRole.FACT and kind is ValueType.NUMBER:
        context.say(say.to_year_unstated(node.name.span, name, word))
    return made


def _noted(made: TableColumn, note: str) -> TableColumn | None:
    """The column with what ``note`` says of it; None where it says something that is not understood."""
    if note in FREQUENCIES:
        return replace(made, frequency=note)
    if note == OPTIONAL:
        return replace(made, optional=True)
    if note == SIGNED:
        return replace(made, signed=True)
    if note in TO_YEAR:
        return replace(made, to_year=TO_YEAR[note])
    if (former := FORMERLY.fullmatch(note)) is not None:
        names = tuple(one.strip(' "“”「」') for one in former.group(1).split("、"))
        return replace(made, former=(*made.former, *names)) if all(names) else None
    if (mark := MARK.fullmatch(note)) is not None and mark.group(2) in BY_CHINESE:
        return replace(made, marks=(*made.marks, (mark.group(1), BY_CHINESE[mark.group(2)])))
    if RULE_LIKE.search(note):
        return None
    return replace(made, source=f"{made.source}、{note}" if made.source else note)


def _facts(tree: Tree, context: Context) -> tuple[TableColumn, ...]:
    found: dict[str, TableColumn] = {}
    for block, made in facts_of(tree, context):
        code = block.code.text if block.code else block.name.text
        known = found.get(made.name)
        if known is None:
            source = made.source or _named(block, "source", context) or _named(block, "scorer", context)
            found[made.name] = replace(made, source=source, for_items=(code,))
        elif replace(known, source="", for_items=(), former=()) == replace(made, source="", for_items=(), former=()):
            former = tuple(dict.fromkeys((*known.former, *made.former)))
            found[made.name] = replace(known, for_items=(*known.for_items, code), former=former)
        else:
            context.say(say.column_differs(made.span, made.name, known.span))
    return tuple(found.values())


def facts_of(tree: Tree, context: Context) -> Iterator[tuple[Block, TableColumn]]:
    """The columns declared by the 数据 fields of indicators; those of 个性指标 belong to their own table."""
    for block in tree.blocks:
        if block.kind in ROLES or block.kind == "individual":
            continue
        for field in block.fields:
            if field.key == "facts":
                nodes, problems = columns(field.value)
                context.say(*problems)
                seen: dict[str, Span] = {}
                for node in nodes:
                    if node.name.text in seen:
                        context.say(say.name_twice(node.name.span, node.name.text, seen[node.name.text]))
                    seen[node.name.text] = node.name.span
                    yield block, column(node, TableRole.FACT, context)


def _named(block: Block, key: str, context: Context) -> str:
    field = block.field(key)
    return context.in_chinese(field) if field else ""
