"""来自：附表: a group whose indicators and 要点 are rows of a 附表.

Each row is a bag of fields like any other: headings that are fields (方向, 目标值, 计分 …) are the item's fields,
the others are parameters of the 计分办法 that its 计分 names. Rows of one 编号 with different 要点 are one indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from perfdsl.compile.context import Coded, squeezed
from perfdsl.compile.fields import Bag
from perfdsl.compile.items import ItemMaker, Place
from perfdsl.model.item import Item, Level
from perfdsl.model.table import RuleCell, Table
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import FieldNode, Phrase, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.citation import Address
from perfdsl.text.records import replace
from perfdsl.text.source import Source, Span

OWN_COLUMNS = ("编号", "指标", "要点", "分值", "一级指标")


def members(maker: ItemMaker, place: Place, fields: Bag) -> Iterable[Item]:
    """The items below ``place`` that its 来自 names."""
    table, grouped = _rows(maker, fields["taken_from"].value, place.name, place.code)
    for code, lines in grouped.items():
        assert table is not None
        yield _member(maker, place, table, code, lines)


def member_fields(maker: ItemMaker, given: Written, name: str, code: str) -> Iterator[tuple[str, Coded]]:
    """The codes that the 来自 of the group ``name`` brings, with the fields of their rows."""
    table, grouped = _rows(maker, given, name, code)
    for key, lines in grouped.items():
        assert table is not None
        fields, parameters = _fields(maker, table, lines[0])
        fields.pop("column_points", None)
        yield key, Coded(_cell(table, lines[0], "指标").text or key, given.span, fields, parameters)


Grouped = dict[str, list[tuple[RuleCell, ...]]]


def _rows(maker: ItemMaker, given: Written, name: str, code: str) -> tuple[Table | None, Grouped]:
    """The table of a 来自, and its rows for the group by their 编号."""
    node = maker.context.read("phrase", given)
    if not isinstance(node, Phrase):
        return None, {}
    use = next((one for one in node.segments if isinstance(one, nodes.TableUse)), None)
    table = maker.context.tables.get(use.table) if use else None
    if use is None or table is None:
        maker.context.say(say.table_unknown(given.span, use.table if use else given.text, None))
        return None, {}
    lacking = [column for column in ("编号", "指标") if table.column(column) is None]
    for column in lacking:
        maker.context.say(say.member_column_missing(given.span, table.name, column))
    if lacking:
        return None, {}
    rows = [row for row in table.rows if _belongs(maker, use, table, row, name, code)]
    if not rows:
        maker.context.say(say.members_none(given.span, table.name))
    grouped: Grouped = {}
    for row in rows:
        grouped.setdefault(_cell(table, row, "编号").text, []).append(row)
    return table, grouped


def _belongs(
    maker: ItemMaker, use: nodes.TableUse, table: Table, row: tuple[RuleCell, ...], group: str, code: str
) -> bool:
    if use.where is not None:
        match use.where:
            case nodes.IsOneOf(nodes.Name(name), values, negated):
                return (_cell(table, row, name).text in values) is not negated
        maker.context.say(say.not_a_text(use.where.span))
        return False
    if table.column("一级指标") is None:
        return True
    return squeezed(_cell(table, row, "一级指标").text) in (squeezed(group), squeezed(code))


def _cell(table: Table, row: tuple[RuleCell, ...], name: str) -> RuleCell:
    return next((cell for column, cell in zip(table.columns, row, strict=False) if column.name == name), RuleCell(""))


def _member(maker: ItemMaker, group: Place, table: Table, code: str, rows: list[tuple[RuleCell, ...]]) -> Item:
    first = rows[0]
    name = _cell(table, first, "指标").text or code
    points = table.column("要点") is not None and bool(_cell(table, first, "要点").text)
    place = Place(
        Level.INDICATOR,
        code,
        name,
        "",
        None,
        Fraction(0),
        None,
        replace(group.citation, code=code, name=name),
        group.span,
    )
    if not points:
        fields, parameters = _fields(maker, table, first)
        full = maker.points_of(fields.pop("column_points", None))
        return maker.leaf(replace(place, full=full), fields, parameters)
    children = []
    for row in rows:
        fields, parameters = _fields(maker, table, row)
        full = maker.points_of(fields.pop("column_points", None))
        below = replace(
            place,
            level=Level.POINT,
            code=f"{code}·{_cell(table, row, '要点').text}",
            name=_cell(table, row, "要点").text,
            owner=name,
            full=full,
        )
        children.append(maker.leaf(below, fields, parameters))
    whole = sum((child.full or Fraction(0) for child in children), Fraction(0))
    return Item(Level.INDICATOR, code, name, whole, children=tuple(children), citation=place.citation, span=place.span)


def _fields(
    maker: ItemMaker, table: Table, row: tuple[RuleCell, ...]
) -> tuple[dict[str, FieldNode], dict[str, nodes.ExpressionNode]]:
    fields: dict[str, FieldNode] = {}
    parameters: dict[str, nodes.ExpressionNode] = {}
    for column, cell in zip(table.columns, row, strict=False):
        if not cell.text or (column.name in OWN_COLUMNS and column.name != "分值"):
            continue
        written = written_cell(cell)
        if column.name == "分值":
            fields["column_points"] = FieldNode("column_points", written, written, span=written.span)
            continue
        key = maker.context.label_key(column.name)
        if key == "weight":
            maker.context.say(say.field_unused(written.span, column.name))
        elif key:
            fields[key] = FieldNode(key, Written(column.name, written.span), written, span=written.span)
        if key or column.choices:
            continue
        node: Any = maker.context.read("expression", written)
        if node is not None:
            parameters[column.name] = node
    return fields, parameters


def written_cell(cell: RuleCell) -> Written:
    """A cell of a 附表 as words with a place, wherever it stands."""
    if isinstance(cell.place, Span):
        start = cell.place.text.find(cell.text)
        span = cell.place.part(start, start + len(cell.text)) if start >= 0 else cell.place
        return Written(cell.text, span)
    name = str(cell.place) if isinstance(cell.place, Address) else "附表"
    return Written(cell.text, Span(Source(name, cell.text), 0, len(cell.text)))
