"""个性指标: one item whose parts are the unit's own rows of a 附表, each scored by the 计分办法 that it names."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.clauses.individual import Individual, row_unit
from perfdsl.compile import amounts
from perfdsl.compile.about import meta_of
from perfdsl.compile.due import due_day
from perfdsl.compile.fields import Bag
from perfdsl.compile.items import ItemMaker, Place
from perfdsl.compile.tables import SIGNED, column
from perfdsl.model.item import Item, Level
from perfdsl.model.table import FACTS_OF, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import POINTS, ValueType
from perfdsl.syntax import nodes
from perfdsl.syntax.names import columns
from perfdsl.syntax.nodes import Block, FieldNode, Phrase
from perfdsl.text.catalogue import names as say
from perfdsl.text.records import replace
from perfdsl.text.source import folded


def individual(maker: ItemMaker, place: Place, fields: Bag, block: Block) -> Item | None:
    """The item of a 个性指标 block."""
    context = maker.context
    given = fields.get("taken_from")
    node = context.read("phrase", given.value) if given else None
    use = (
        next((one for one in node.segments if isinstance(one, nodes.TableUse)), None)
        if isinstance(node, Phrase)
        else None
    )
    table = context.tables.get(use.table) if use else None
    if use is None or table is None:
        context.say(say.field_missing(block.span, place.name, "来自"))
        return None
    lacking = [name for name in ("单位", "编号", "指标", "分值", "计分办法") if table.column(name) is None]
    for needed in lacking:
        context.say(say.member_column_missing(given.value.span if given else block.span, table.name, needed))
    if lacking:
        return None
    table = _typed(table)
    facts = _facts(maker, table, fields)
    context.tables = {**context.tables, table.name: table, facts.name: facts}
    each = None
    for one in node.segments if isinstance(node, Phrase) else ():
        if isinstance(one, nodes.Word) and one.key == "unit_sum" and len(one.amounts) == 1:
            each = amounts.points(one.amounts[0], context)
        elif one is not use:
            context.say(say.field_unused(one.span, one.span.text))
    names = {_method_of(table, row) for row in table.rows}
    methods = []
    for name in sorted(names):
        method = context.methods.get(name)
        if method is None:
            context.say(say.table_unknown(given.value.span if given else block.span, f"计分办法 {name}", None))
            continue
        methods.append((name, _template(maker, place, table, name, method)))
    clause = Individual(
        kind="individual", span=block.span, table=table.name, facts=facts.name, methods=tuple(methods), each=each
    )
    return Item(
        level=place.level,
        code=place.code,
        name=place.name,
        full=place.full,
        weight=place.weight,
        weights=place.weights,
        scoring=clause,
        rounding=maker.own_rounding(fields),
        due=due_day(fields, context),
        meta=meta_of(fields, context),
        citation=place.citation,
        span=place.span,
    )


def _typed(table: Table) -> Table:
    """目标值 and 分值 of the rows are numbers; the target's unit is the row's own."""
    unit = row_unit()

    def one(made: TableColumn) -> TableColumn:
        if made.name == "目标值":
            return replace(made, kind=ValueType.NUMBER, unit=unit, factor=Fraction(1))
        if made.name == "分值":
            return replace(made, kind=ValueType.NUMBER, unit=POINTS)
        return made

    return replace(table, columns=tuple(one(made) for made in table.columns))


def _facts(maker: ItemMaker, table: Table, fields: Bag) -> Table:
    keys = (TableColumn("单位", ValueType.TEXT), TableColumn("编号", ValueType.TEXT))
    made: list[TableColumn] = []
    if "facts" in fields:
        found, problems = columns(fields["facts"].value)
        maker.context.say(*problems)
        for node in found:
            one = column(replace(node, notes=()), TableRole.RULE, maker.context)
            signed = any(folded(note.text).strip() == SIGNED for note in node.notes)
            made.append(replace(one, kind=ValueType.NUMBER, unit=row_unit(), factor=Fraction(1), signed=signed))
    return Table(f"{table.name}{FACTS_OF}", TableRole.FACT, RowOf.UNIT_ITEM, (*keys, *made))


def _method_of(table: Table, row: tuple[object, ...]) -> str:
    at = next(i for i, made in enumerate(table.columns) if made.name == "计分办法")
    return str(getattr(row[at], "text", ""))


def _template(maker: ItemMaker, place: Place, table: Table, name: str, method: Block) -> Item:
    """The rule of one method, with the row's columns for its names."""
    fields: dict[str, FieldNode] = {one.key: one for one in method.fields}
    own = replace(
        place,
        level=Level.POINT,
        code=f"{place.code}·{name}",
        name=name,
        full=None,
        citation=replace(place.citation, name=f"{place.name}·{name}"),
    )
    target = None
    if table.column("目标值") is not None and "target" not in fields:
        target = table.column("目标值")
    return replace(maker.row_leaf(own, fields, table, target), method=name)
