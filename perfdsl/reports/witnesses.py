"""A witness, told: the smallest case whose result differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.individual import row_unit
from perfdsl.model import outputs
from perfdsl.model.expression import AcrossUnits
from perfdsl.model.item import Clause, Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import TableColumn
from perfdsl.model.units import Unit, decimal
from perfdsl.model.walking import nodes
from perfdsl.reports.results import as_measured, as_written
from perfdsl.reports.reviews import CaseCell, CaseUnit, WitnessFinding
from perfdsl.reports.words import EYE, measured, published, rounding_of, shown
from perfdsl.text.records import dataclass
from perfdsl.workspace.review.bench import Result
from perfdsl.workspace.review.changes import Change
from perfdsl.workspace.review.judging import RECUT, Verdict
from perfdsl.workspace.review.witness import Witness, WitnessCell, WitnessUnit

FAR = 12
"""So many digits are looked at to tell two numbers apart."""

MOST = 3
"""Results and cells that the sentence names."""

WHAT = {outputs.TOTAL: "总分", outputs.BASE: "基本分", outputs.RANK: "名次", outputs.GRADE: "等次"}
BASES = {"old": "以{}的旧数据为底", "new": "以{}的新数据为底", "": "以{}的附表为底，其余取通常的数"}
"""Where the cells of a unit come from that a case does not name, by the data that it is made after."""
SUM = "合计得分"
"""What several items come to that became one, or one that became several."""
KINDS = {"score": "得分", "full": "分值", "value": "指标值", "veto": "适用", "application": "", "since": "起算日"}
ALONG = {"月份": " {} 月", "季度": "第 {} 季度", "半年": "第 {} 个半年", "年度": " {} 年"}
WITHOUT = {outputs.RANK: "不排名", outputs.GRADE: "不评等次"}
"""What it is called where a unit has no such thing."""
FIRST = (outputs.TOTAL, outputs.GRADE, outputs.RANK)
"""What a sentence speaks of before all else."""


@dataclass(frozen=True)
class Cases:
    """Tells witnesses of a comparison; ``new`` names the clauses."""

    new: Rulebook
    old: Rulebook

    def tell(self, verdict: Verdict, change: Change) -> WitnessFinding | None:
        """The case in words; that there is none, where none was found; None where nothing could differ."""
        if verdict.witness is not None:
            witness = verdict.witness
            sums = [self._summed(pair, change) for pair in witness.sums]
            units = tuple(
                self._unit(witness, one, verdict.side, sums[place] if sums else ())
                for place, one in enumerate(witness.units)
            )
            return WitnessFinding(f"{_compared(change)}{self._sentence(witness, units)}", units, verdict.tried)
        if verdict.exists is False:
            return WitnessFinding("没有结果不同的情形（已证明）", (), verdict.tried) if verdict.tried else None
        if verdict.tried:
            return WitnessFinding(f"试了 {verdict.tried:,} 个例子，没有找到结果不同的", (), verdict.tried)
        return None

    def _summed(self, pair: tuple[Cell, Cell], change: Change) -> tuple[tuple[str, str, str], ...]:
        """What the items that were cut otherwise come to on both sides; none where a side does not know it."""
        if any(state in UNKNOWN for state, _ in pair):
            return ()
        old, new = self.values(outputs.score(change.new[0]), *pair)
        return ((SUM, old, new),)

    def _unit(self, witness: Witness, one: WitnessUnit, side: str, sums: tuple[tuple[str, str, str], ...]) -> CaseUnit:
        cells = tuple(cell for cell, _ in _told(one))
        results = tuple(self._results(one.results, witness.measures))
        base = BASES[side].format(one.like) if one.like else ""
        return CaseUnit(one.name, cells, (*sums, *results) if results else (), base)

    def _results(self, results: Sequence[Result], measures: Mapping[str, Unit | None]) -> list[tuple[str, str, str]]:
        ordered = sorted(
            results,
            key=lambda one: (FIRST.index(one.name) if one.name in FIRST else len(FIRST), _later(one.name), one.name),
        )
        told = [(self.what(one.name), *self.values(one.name, one.old, one.new, measures)) for one in ordered]
        return list(dict.fromkeys(one for one in told if one[0] and one[1] != one[2]))

    def _sentence(self, witness: Witness, units: Sequence[CaseUnit]) -> str:
        moved = [unit for unit in units if unit.results]
        results = "；".join(
            f"{unit.unit if len(units) > 1 else ''}{what} {old or '没有'} → {new or '没有'}"
            for unit in moved[:MOST]
            for what, old, new in unit.results[: (1 if len(units) > 1 else 2) + bool(witness.sums)]
        )
        cells = [
            f"{f'{unit.unit}' if len(units) > 1 else ''}{said}"
            for unit, case in zip(units, witness.units, strict=True)
            for _, said in _told(case)
        ]
        case = "、".join(cells[:MOST]) + (f" 等 {len(cells)} 处" if len(cells) > MOST else "")
        who = f"{len(units)} 个单位" if len(units) > 1 else units[0].unit
        if (base := units[0].base) and all(unit.base == base for unit in units):
            who += f"（{'都' if len(units) > 1 else ''}{base}）"
        if len(units) == 1 and any(self._hangs_on_others(one.name) for one in witness.results):
            who = f"只有{who}一个单位时"
        return f"{who}{f'，{case}' if case else ''}：{results}"

    def _hangs_on_others(self, name: str) -> bool:
        """Whether a result may be another one where there are more units."""
        kind, _, code = name.partition(":")
        if kind in (outputs.TOTAL, outputs.BASE):
            return bool(self._comparing)
        return kind in (outputs.RANK, outputs.GRADE) or code in self._comparing

    @cached_property
    def _comparing(self) -> frozenset[str]:
        """Codes of the items in which, or below which, units are compared."""
        return frozenset(code for book in (self.old, self.new) for code in _comparing(book))

    def what(self, name: str) -> str:
        """What a result is called; "" for one that nobody is told of."""
        kind, _, code = name.partition(":")
        if not code:
            return WHAT.get(kind, "")
        if kind == "grade":
            return f"{code}等次"
        if kind not in KINDS:
            return ""
        item, rule = self._item(code), self._rule(code)
        named = item.name if item is not None else rule or code
        return f"“{named}”{KINDS[kind]}"

    def _item(self, code: str) -> Item | None:
        return self._items.get(code)

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.code: item for book in (self.old, self.new) for item in book.walk()}

    def _rule(self, code: str) -> str:
        return next((rule.name for rules in self._rules for rule in rules if rule.code == code), "")

    @cached_property
    def _rules(self) -> tuple[tuple[Rule, ...], ...]:
        """The vetoes and applications of the new rulebook, those of the old one."""
        return tuple((*book.vetoes, *book.applications) for book in (self.new, self.old))

    def values(
        self, name: str, old: Cell | None, new: Cell | None, measures: Mapping[str, Unit | None] = MappingProxyType({})
    ) -> tuple[str, str]:
        """A result on both sides, "" for none; numbers that differ have as many digits as it takes to tell them apart."""
        for digits in (EYE, *range(EYE + 1, FAR)):
            told = tuple(self._value(name, cell, side, measures, digits) for side, cell in ((1, old), (0, new)))
            if told[0] != told[1] or old == new:
                break
        return told[0], told[1]

    def _value(self, name: str, cell: Cell | None, side: int, measures: Mapping[str, Unit | None], digits: int) -> str:
        if cell is None:
            return ""
        if cell[0] is not State.VALUE:
            return WITHOUT.get(name, cell[0].chinese) if cell[0] is State.ABSENT else cell[0].chinese
        value = cell[1]
        if isinstance(value, bool):
            return "是" if value else "否"
        if not isinstance(value, Fraction):
            return published(cell) or ""
        kind, _, code = name.partition(":")
        item = self._item(code)
        rounding = None
        if kind in (outputs.TOTAL, outputs.BASE):
            rounding = self.new.roundings.total
        elif item is not None and kind == "score":
            rounding = rounding_of(self.new, item)
        elif kind == "application":
            given = next((rule for rule in self._rules[side] if rule.code == code), None)
            if given is not None and (said := as_written(given, cell) or as_measured(given, cell)):
                return said
        if rounding is None or (value * 10**rounding.digits).denominator != 1:  # the old rulebook may have more digits
            return measured(value, measures.get(name), digits)
        return published(cell, rounding) or ""


def _comparing(book: Rulebook) -> set[str]:
    found: set[str] = set()
    for item in reversed(tuple(book.walk())):  # what stands below an item comes after it
        if any(child.code in found for child in item.children) or _compares(item.alone):
            found.add(item.code)
    return found


def _compares(item: Item) -> bool:
    """Whether an item looks at other units."""
    return any(
        isinstance(node, AcrossUnits) or (isinstance(node, Clause) and BY_KEY[node.kind].cross_unit)
        for node in nodes(item)
    )


def _compared(change: Change) -> str:
    """Where several clauses became one, or one several: which of the two sides stand against each other."""
    if change.how not in RECUT:
        return ""
    old, new = (
        f"“{'”“'.join(names.split('、'))}”{'合起来' if '、' in names else ''}"
        for names in (change.old_name, change.name)
    )
    return f"旧的{old}和新的{new}相比，"


def _later(name: str) -> int:
    """Steps on the way to a score after the scores."""
    kind = name.partition(":")[0]
    return ("value", "full").index(kind) + 1 if kind in ("value", "full") else 0


def _told(one: WitnessUnit) -> list[tuple[CaseCell, str]]:
    """The cells that are other than in the baseline, those that matter where none is; a new row as a whole. With each the
    words of the sentence."""
    changed = [cell for cell in one.cells if cell.changed and cell.baseline is not None]
    fresh = [cell for cell in one.cells if cell.baseline is None]
    found = []
    for cell in changed or ([] if fresh or one.dropped else [cell for cell in one.cells if not cell.row][:MOST]):
        case = CaseCell(_column(cell), _shown(cell.value, cell.declared), _before(cell))
        found.append((case, f"{case.column} 为 {case.value}"))
    rows: dict[tuple[str, int], list[str]] = {}
    for cell in fresh:
        rows.setdefault((cell.table, cell.row), []).append(f"{cell.column} {_shown(cell.value, cell.declared)}")
    alike = Counter((table, "，".join(cells)) for (table, _), cells in rows.items())
    more = [(table, f"加 {count} 行（{cells}）") for (table, cells), count in alike.items()]
    fewer = [(table, f"少 {count} 行") for table, count in one.dropped if count]
    found += [(CaseCell(f"“{table}”", said), f"“{table}”{said}") for table, said in (*more, *fewer)]
    return found


def _column(cell: WitnessCell) -> str:
    if not cell.row:
        return cell.column
    if cell.along is None:
        return f"{cell.column}（{cell.table}第 {cell.row} 行）"
    name, number = cell.along
    return f"{cell.column}（{cell.table}{ALONG.get(name, f'{name} {{}}').format(number)}）"


def _before(cell: WitnessCell) -> str:
    return _shown(cell.baseline, cell.declared) if cell.changed and cell.baseline is not None else ""


def _shown(cell: Cell, column: TableColumn | None) -> str:
    if cell[0] is not State.VALUE:
        return cell[0].chinese
    if column is not None and isinstance(cell[1], Fraction) and column.unit_word:
        number = decimal(cell[1] / column.factor)
        return f"{number}{column.unit_word}" if column.unit_word in ("%", "‰") else f"{number} {column.unit_word}"
    if column is not None:
        return shown(cell, column.kind, column.unit if column.unit != row_unit() else None)
    return published(cell) or ""
