"""One change of a comparison, told: the clause, each field old → new in words, the two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.model.item import Item, Level, Meta
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.walking import rebuilt, texts
from perfdsl.reports.reviews import ChangeFinding, FieldFinding
from perfdsl.reports.wording import from_to, told
from perfdsl.text.records import replace
from perfdsl.text.source import Span
from perfdsl.workspace.review.changes import Change, Comparison, Patch
from perfdsl.workspace.review.parts import unnumbered
from perfdsl.workspace.review.terms import years_of
from perfdsl.workspace.review.units import NAMES, renamed_units
from perfdsl.workspace.review.written import HEADER, Clause, Writing

HEAD_LABELS: Mapping[str, tuple[str, ...]] = {
    "roundings": ("小数",),
    "total": ("总分",),
    "full": (HEADER,),
    "ties": ("同分",),
    "breaks": ("同分",),
    "period": ("考核期",),
    "validity": ("有效期",),
    "status": ("状态",),
    "document": ("文件",),
}
"""Part of the first block → the labels under which it is written; of others, all that differ are shown."""

TAKEN = ("平均", "比较范围", "同分")
"""Labels of the first block that hold for the clauses that say nothing else."""
SHOWN = {HEADER: "分值", "表": "表"}
ALWAYS = frozenset({"文件", "状态", "年度", "上年度", "考核期", "有效期"})
"""Labels of the first block that every year has anew."""


class Telling:
    """Tells the changes of one comparison."""

    def __init__(self, comparison: Comparison, old: Writing, new: Writing) -> None:
        self.comparison, self.old, self.new = comparison, old, new
        self._old_spans, self._new_spans = _spans(comparison.old), _spans(comparison.new)
        self._renamed = renamed_units(comparison.before, comparison.new)
        self._tables = [{table.name: table for table in book.tables} for book in (comparison.old, comparison.new)]

    def tell(self, change: Change) -> ChangeFinding:
        """The change in words; classes, impact and witness are added by others."""
        before, after = self._clauses(change, old=True), self._clauses(change, old=False)
        fields = tuple(self._fields(change, before, after))
        first, last = (before[0] if before else None), (after[0] if after else None)
        main = last or first
        return ChangeFinding(
            number=change.number,
            how=change.how,
            block=change.block,
            code="、".join(change.new if change.block != "附表" else ()) if _coded(change) else "",
            name=change.name or self._head_name(change) or change.old_name,
            article=main.article if main is not None else "",
            sentence=self._sentence(change, main, fields),
            fields=fields,
            old_code="、".join(change.old) if _coded(change) else "",
            old_name=change.old_name,
            old_article=first.article if first is not None else "",
            guessed=change.guessed,
            official=self._official(change, before, after, fields),
            reason=self._reason(change, before, after),
            duties=tuple(dict.fromkeys((*filter(None, map(_duty, fields)), *_supplied(change, fields)))),
        )

    # ---- the texts

    def _clauses(self, change: Change, *, old: bool) -> list[Clause]:
        writing, spans = (self.old, self._old_spans) if old else (self.new, self._new_spans)
        if change.block == "开头":
            head = writing.head
            return [head] if head is not None else []
        kind = change.patches[0].key[0]
        kind = "table" if kind in ("column", "cell", "rows") and change.block != "指标" else kind
        found = []
        for code in change.old if old else change.new:
            clause = writing.at(spans.get((kind, code)) or spans.get(("item", code)))
            if clause is not None and clause not in found:
                found.append(clause)
        return found

    def _head_name(self, change: Change) -> str:
        if change.block != "开头":
            return ""
        labels = HEAD_LABELS.get(change.patches[0].key[1], ())
        return SHOWN.get(labels[0], labels[0]) if labels else "开头"

    def _official(
        self, change: Change, before: Sequence[Clause], after: Sequence[Clause], fields: Sequence[FieldFinding]
    ) -> tuple[str, str]:
        if change.block in ("开头", "附表"):
            fields = [one for one in fields if one.old or one.new]
            shown = [(f"{one.where}：{one.old}", f"{one.where}：{one.new}") for one in fields[:MOST_CELLS]]
            more = f"\n……共 {len(fields)} 处" if len(fields) > MOST_CELLS else ""
            return "\n".join(one for one, _ in shown) + more, "\n".join(one for _, one in shown) + more
        return "\n\n".join(_whole(one) for one in before), "\n\n".join(_whole(one) for one in after)

    def _reason(self, change: Change, before: Sequence[Clause], after: Sequence[Clause]) -> str:
        """What the new side gives as the reason; one that the old side has as well speaks of an earlier change."""
        if change.block == "开头" and change.patches[0].key[1] not in ("roundings", "total", "full", "ties", "breaks"):
            return ""
        earlier = {one.reason for one in before}
        return "；".join(dict.fromkeys(one.reason for one in after if one.reason and one.reason not in earlier))

    # ---- the fields

    def _fields(self, change: Change, before: Sequence[Clause], after: Sequence[Clause]) -> Iterator[FieldFinding]:
        if change.block == "附表":
            yield from self._cells(change)
            return
        if len(before) != 1 or len(after) != 1:
            return
        same = self._same if self._put_whole(change) else tuple.__eq__
        labels = list(dict.fromkeys((*after[0].fields, *before[0].fields)))
        if change.block == "开头":
            wanted = TAKEN if _is_taken(change) else HEAD_LABELS.get(change.patches[0].key[1])
            labels = [label for label in labels if (label in wanted if wanted else label not in ALWAYS)]
        for label in labels:
            old, new = before[0].fields.get(label, ()), after[0].fields.get(label, ())
            if not same(tuple(map(self._this_year, old)), new):
                yield _field(SHOWN.get(label, label), old, new)
        if _is_taken(change):
            codes = self._taking(change)
            some = "、".join(codes[:3]) + (" 等" if len(codes) > 3 else "")
            said = f"{len(codes)} 条没有另写的随之改变（{some}）" if codes else "没有条款用到"
            yield FieldFinding("随之改变的条款", "", "", said)
        if not same((before[0].official,), (after[0].official,)) and change.block != "开头":
            yield FieldFinding("原文", before[0].official, after[0].official, "原文改写")

    def _taking(self, change: Change) -> list[str]:
        """Of the items of a change of the first block those that do otherwise for it, themselves or in a 要点."""
        taking = {patch.key[1] for patch in change.patches if _takes(patch)}
        items = {item.code: item for item in self.comparison.new.walk()}
        points = {code: [one.code for one in items[code].children if one.level is Level.POINT] for code in change.new}
        return [code for code in change.new if not taking.isdisjoint((code, *points[code]))]

    def _put_whole(self, change: Change) -> bool:
        """Whether no name of a category is left that a clause goes by in another way: it differs in meaning."""
        olds = self.comparison.terms.categories.keys()
        return olds.isdisjoint(text for patch in change.patches for text in texts(patch.old, Meta))

    def _same(self, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
        """Whether the lines are the same, but for what categories are called now."""
        same = self.comparison.terms.same_words
        return len(old) == len(new) and all(map(same, old, new))

    def _this_year(self, line: str) -> str:
        """A line with its dates moved as the whole rulebook's are."""
        years, period = self.comparison.terms.years, self.comparison.old.period
        if not years or period is None:
            return line
        near = years_of(period)
        return _DATE.sub(lambda found: str(int(found.group()) + (years if int(found.group()) in near else 0)), line)

    def _cells(self, change: Change) -> Iterator[FieldFinding]:
        for patch in change.patches:
            if patch.key[0] == "rows":
                gone = [key for key in patch.old or () if key not in (patch.new or ())]
                come = [key for key in patch.new or () if key not in (patch.old or ())]
                where = f"附表 “{patch.key[1]}”"
                renamed = {was: unit for was, unit in self._renamed.items() if was in gone and unit in come}
                words = [f"“{was}” 改称 “{unit}”" for was, unit in renamed.items()]
                come = [key for key in come if key not in renamed.values()]
                gone = [key for key in gone if key not in renamed]
                words += [f"增加 {len(come)} 行（{_some(come)}）"] if come else []
                words += [f"删去 {len(gone)} 行（{_some(gone)}）"] if gone else []
                if words:
                    yield FieldFinding(
                        where, "、".join((*renamed, *gone)), "、".join((*renamed.values(), *come)), "，".join(words)
                    )
                yield from self._of_renamed(change, patch.key[1], renamed)
        for patch in change.patches:
            if patch.key[0] == "column" and patch.old is not None and patch.new is not None:
                _, table, column = patch.key
                said = f"{column} 的单位{_become(patch.old.unit_word, patch.new.unit_word)}"
                yield FieldFinding(f"附表 “{table}” {column} 的单位", patch.old.unit_word, patch.new.unit_word, said)
        keys = self._row_changes(change)
        for patch in change.patches:
            if patch.key[0] == "cell" and patch.key[2] not in keys:
                _, table, row, column = patch.key
                units = self._units(table, column)
                old = _with(self._as_written(table, column, patch.old or ""), units[0])
                new = _with(patch.new or "", units[1])
                where = f"附表 “{table}” {row} {column}"
                yield FieldFinding(where, old, new, f"{row} {column}{_become(old, new)}")

    def _of_renamed(self, change: Change, table: str, renamed: Mapping[str, str]) -> Iterator[FieldFinding]:
        """What else a 附表 says of units that have another name now."""
        olds = {patch.key[2:]: patch.old for patch in change.patches if patch.key[:2] == ("cell", table)}
        news = {patch.key[2:]: patch.new for patch in change.patches if patch.key[:2] == ("cell", table)}
        for was, unit in renamed.items():
            for column in [column for row, column in news if row == unit and column not in NAMES]:
                before, after = olds.get((was, column)) or "", news[unit, column] or ""
                units = self._units(table, column)
                old, new = _with(self._as_written(table, column, before), units[0]), _with(after, units[1])
                if (before, units[0]) != (after, units[1]) and old != new:
                    where = f"附表 “{table}” {unit} {column}"
                    yield FieldFinding(where, old, new, f"{unit} {column}{_become(old, new)}")

    def _as_written(self, table: str, column: str, cell: str) -> str:
        """A cell of the old side, where it is a category by the name that stands there."""
        words = self.comparison.terms.words.items()
        return next((was for (*place, was), now in words if (*place, now) == (table, column, cell)), cell)

    def _row_changes(self, change: Change) -> set[str]:
        found: set[str] = set()
        for patch in change.patches:
            if patch.key[0] == "rows":
                found |= set(patch.old or ()) ^ set(patch.new or ())
        return found

    def _units(self, table: str, column: str) -> tuple[str, str]:
        """The unit of a column on both sides; where only one has the column, its unit."""
        found = [side[table].column(column) if table in side else None for side in self._tables]
        old, new = (one.unit_word if one is not None else None for one in found)
        return old if old is not None else new or "", new if new is not None else old or ""

    # ---- the sentence

    def _sentence(self, change: Change, main: Clause | None, fields: Sequence[FieldFinding]) -> str:
        place = f"{main.article} " if main is not None and main.article and change.block != "开头" else ""
        worth = _worth(main)
        match change.how:
            case "新增":
                return f"{place}新增{change.block} “{change.name}”{worth}"
            case "删除":
                return f"{place}删去{change.block} “{change.old_name}”{worth}"
            case "拆分":
                return f"{place}“{change.old_name}” 拆成 {_quoted(change.name)}"
            case "合并":
                return f"{place}{_quoted(change.old_name)} 合并为 “{change.name}”"
            case "附表":
                column = f" 的 “{change.new[1]}”" if len(change.new) > 1 else ""
                what = "；".join(one.words for one in fields[:3]) + (
                    f"；等 {len(fields)} 处" if len(fields) > 3 else ""
                )
                return f"附表 “{change.name}”{column}：{what or '行序调整'}"
            case _:
                words = [one.words for one in fields]
                if change.name != change.old_name and change.block == "类别":
                    return "；".join((f"{place}类别 “{change.old_name}” 改称 “{change.name}”", *words))
                if change.name != change.old_name and change.block != "开头":
                    words.insert(0, f"改名为 “{change.name}”")
                if change.how == "移动":
                    words.insert(0, self._moved(change))
                if not words:
                    words = [self._indirect(change)]
                name = "" if change.block == "开头" else f"“{change.old_name or change.name}” "
                return f"{place}{name}{'；'.join(words)}"

    def _moved(self, change: Change) -> str:
        names = {item.code: item.name for book in (self.comparison.before, self.comparison.new) for item in book.walk()}
        patch = next(one for one in change.patches if one.key[0] == "item" and one.old and one.new)
        return f"由 “{names.get(patch.old[0], '顶层')}” 移到 “{names.get(patch.new[0], '顶层')}”"

    def _indirect(self, change: Change) -> str:
        """A clause whose meaning changed though its own words did not: by words that hold for all."""
        before, after = self.old.head, self.new.head
        labels = [
            label
            for label in (after.fields if after else ())
            if before is not None and label not in ALWAYS and before.fields.get(label) != after.fields.get(label)  # type: ignore[union-attr]
        ]
        named = "、".join(f"“{label}”" for label in labels)
        if named and all(one.key[0] == "item" and one.old and one.new and not _takes(one) for one in change.patches):
            return f"文字没有改；开头的 {named} 改了，这一条用不到"
        return f"文字没有改，随开头的 {named} 改变" if named else "文字没有改，含义随别处的写法改变"


SUPPLIER = "数据来源"


def _is_taken(change: Change) -> bool:
    """Whether a change of the first block is told by the clauses that take it from there."""
    return change.block == "开头" and change.patches[0].key[0] == "item"


def _takes(patch: Patch) -> bool:
    """Whether an item does otherwise for what the first block says of whom units are compared with: it is kept with all."""
    old, new = (rebuilt(side, _with_nobody) for side in (unnumbered(patch.old), unnumbered(patch.new)))
    item: Item = patch.new[1]
    compares = any(one is not None and BY_KEY[one.kind].cross_unit for one in (item.scoring, item.combine))
    return compares or bool(old != new)


def _with_nobody(node: Any) -> Any:
    return replace(node, population=None) if isinstance(node, Item) else node


DUTIES = frozenset({"评分单位", "责任单位", SUPPLIER})
DECIDED = "认定"
_DECIDER = re.compile(
    "^.{2,}?(?:局|委|办|室|会|部|厅|院|处|中心|政府|机关|小组)(?=出具|认定|确认|核定|核实|提出|会同|牵头|通报|负责|$)"
)


def _duty(field: FieldFinding) -> str:
    """What a field says of who does what: “评分单位”; “认定单位” where only the unit that finds the case is another; else ""."""
    if field.where in DUTIES:
        return field.where
    if field.where != DECIDED:
        return ""
    old, new = (text.removeprefix("由") for text in (field.old, field.new))
    if old == new:
        return ""
    both = [(found, _DECIDER.sub("", text)) for text in (old, new) if (found := _DECIDER.match(text))]
    return "认定单位" if len(both) == 2 and both[0][1] == both[1][1] else DECIDED


def _supplied(change: Change, fields: Sequence[FieldFinding]) -> Iterator[str]:
    """“数据来源” where a column is written to be supplied by another unit; where none is written it is who scores."""
    columns = [patch for patch in change.patches if patch.key[0] == "column" and None not in (patch.old, patch.new)]
    where = {field.where for field in fields}
    if any(patch.old.source != patch.new.source for patch in columns) and ("数据" in where or not where & DUTIES):
        yield SUPPLIER


_DATE = re.compile(r"(?<![0-9])20[0-9]{2}(?=年[0-9]{1,2}月|([-/.])[0-9]{1,2}\1[0-9])")
MOST_CELLS = 12
"""Cells of a 附表 that are quoted one by one."""


def _spans(book: Rulebook) -> dict[tuple[str, str], Span | None]:
    found: dict[tuple[str, str], Span | None] = {("item", item.code): item.span for item in book.walk()}
    rules: tuple[tuple[str, Sequence[Any]], ...] = (
        ("veto", book.vetoes),
        ("application", book.applications),
        ("scope", book.scopes),
        ("dedupe", book.dedupes),
    )
    for kind, blocks in rules:
        found |= {(kind, one.code): one.span for one in blocks}
    named: tuple[tuple[str, Sequence[Any]], ...] = (
        ("category", book.categories),
        ("table", book.tables),
        ("method", book.methods),
        ("scheme", book.schemes),
    )
    for kind, blocks in named:
        found |= {(kind, one.name): one.span for one in blocks}
    return found


def _coded(change: Change) -> bool:
    return change.block not in ("开头", "附表", "类别", "等次", "计分办法", "栏目", "数据", "台账", "对象等次")


def _field(where: str, old: Sequence[str], new: Sequence[str]) -> FieldFinding:
    before, after = "；".join(old), "；".join(new)
    if not old:
        words = f"增加 “{where}：{after}”"
    elif not new:
        words = f"删去 “{where}：{before}”"
    else:
        phrases = told(old, new)
        said = "；".join(phrases)
        words = f"{where}{said}" if said.startswith("由") else f"{where} {said}"
        if where == "分值" and not said.startswith("由"):
            words = said
    return FieldFinding(where, before, after, words)


def _whole(clause: Clause) -> str:
    notes = "".join(f"（{note}）" for note in clause.fields.get(HEADER, ()))
    code = f"【{clause.code}】" if clause.code else ""
    body = clause.official or "\n".join(
        f"{label}：{'；'.join(lines)}" for label, lines in clause.fields.items() if label != HEADER and lines
    )
    return f"{clause.word} {clause.name}{notes}{code}\n{body}"


def _worth(clause: Clause | None) -> str:
    notes = clause.fields.get(HEADER, ()) if clause is not None else ()
    return f"（{'，'.join(notes)}）" if notes else ""


def _quoted(names: str) -> str:
    return "".join(f"“{name}”" for name in names.split("、"))


def _with(text: str, unit: str) -> str:
    """A cell with its unit, where it is a number."""
    if not unit or not re.fullmatch(r"[－\u2212-]?[0-9]+(?:\.[0-9]+)?", text):
        return text
    return f"{text}{unit}" if unit in ("%", "‰") else f"{text} {unit}"


def _become(old: str, new: str) -> str:
    if not old:
        return f" 填 {new}"
    return f" {from_to(old, new)}" if new else f" 删去 {old}"


def _some(keys: Sequence[str]) -> str:
    return "、".join(keys[:3]) + (" 等" if len(keys) > 3 else "")
