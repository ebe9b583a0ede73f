"""What each change does: by a proof or by a run, never by a guess from how it is written."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from typing import Any

from perfdsl.compile.grains import UNIT_GRAIN, key_of
from perfdsl.data.columns import Dataset
from perfdsl.model import outputs
from perfdsl.model.item import Meta
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import UNITS, TableColumn
from perfdsl.model.walking import nodes
from perfdsl.text.records import dataclass, replace
from perfdsl.workspace.review import measures
from perfdsl.workspace.review.baseline import Standard
from perfdsl.workspace.review.bench import Bench, Result, unlike
from perfdsl.workspace.review.changes import Change, Comparison
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides
from perfdsl.workspace.review.proving import Prover
from perfdsl.workspace.review.reading import taken_otherwise
from perfdsl.workspace.review.samples import Base, Layout, from_data
from perfdsl.workspace.review.shelf import Shelf
from perfdsl.workspace.review.together import UNFIT
from perfdsl.workspace.review.units import NAMES, renamed_units
from perfdsl.workspace.review.witness import STEPS, WORK, Search, Witness

WORDING, SAME, SCORE, RANK, GRADE, SCOPE, USE, OPEN = (
    "仅措辞",
    "证明等价",
    "影响得分",
    "影响名次",
    "影响等次",
    "影响范围",
    "影响结果运用",
    "不能判定",
)
ORDER = (SCORE, RANK, GRADE, SCOPE, USE)
BY_CASES = "证明：逐一推算各种情形和上下限，各项结果都相同"
BY_SUMS = "证明：各项得分之和相同，上级得分、总分、名次、等次都不变，只是分到各项的不同"
RECUT = ("合并", "拆分")
"""Changes after which the scores are those of other items: they are judged by what these come to."""
ENDS = frozenset({outputs.TOTAL, outputs.RANK, outputs.GRADE, "veto", "application", "since"})
"""Kinds of results that a unit is told of; the others lead to them."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a change does. ``classes``: (class, whether it is the clause's own output that differs).

    ``basis`` says how it was found. ``tried``: how many cases were looked at. ``exists``: False where it is proved that no
    case differs, None where nobody knows. Of the units of the data, ``scored`` are those with another result anywhere,
    ``reached`` those with another total, place, grade, veto or application. ``filling``: which cells are read otherwise,
    where that is all that the change does. ``side``: the data that the witness is made after, ``old`` or ``new``; "" without.
    """

    number: int
    classes: tuple[tuple[str, bool], ...]
    basis: str
    witness: Witness | None = None
    tried: int = 0
    exists: bool | None = None
    scored: int = 0
    reached: int = 0
    filling: str = ""
    side: str = ""


@dataclass(frozen=True, eq=False)
class Ground:
    """What the cases of one side (``old``, ``new``, "" without data) stand on: the units of the data, else a usual unit."""

    side: str
    units: list[Base]
    shelf: Shelf
    usual: Standard | None = None


def judge(hybrids: Hybrids, sides: Sides | None = None, work: int = WORK) -> dict[int, Verdict]:
    """The verdict on every change. ``sides``: the runs on the data, where there are any."""
    found = {}
    grounds: dict[str, Ground] = {}
    for change in hybrids.comparison.changes:
        found[change.number] = _judged(change, hybrids, sides, grounds, work)
    return found


def _judged(change: Change, hybrids: Hybrids, sides: Sides | None, grounds: dict[str, Ground], work: int) -> Verdict:
    number = change.number
    if change.wording:
        if (filled := _filled_otherwise(change, *_bench(number, hybrids, sides, grounds)[:1])) is not None:
            return filled
        if headed := _headed_otherwise(change):
            why = f"表的栏目{headed}：格里的数没有变，是不是同一种数请人工核对"
            return Verdict(number, ((USE, True),), why)
        named = SAME if _answerable(change) else WORDING
        return Verdict(number, ((named, True),), "证明：参与计算的内容没有不同", exists=False)
    if change.structural and _only_names(hybrids.comparison, change):
        return Verdict(number, ((WORDING, True),), "只是单位改了名称，被考核的单位没有增减", exists=False)
    if change.structural:
        of_roster = any(patch.key[:2] == ("rows", UNITS) for patch in change.patches)
        why = "名册的行有增减，被考核的单位不同" if of_roster else "只是名册里增减的单位的行，随名册增减"
        return Verdict(number, ((SCOPE, True),), why, exists=None)
    bench, ground = _bench(number, hybrids, sides, grounds)
    whole = bench
    measured = "、".join(remeasured(change))
    if bench is None:
        why = f"{measured}，不是同一种量，同一份数据不能两边都用" if measured else "这一条单独不能试算"
        return Verdict(number, ((OPEN, True),), why)
    if not bench.differing:
        if (filled := _filled_otherwise(change, bench)) is not None:
            return filled
        if (used := _done_otherwise(change, sides)) is not None:
            return used
        found = [*_on_data(number, sides)[0], *_this_year(number, sides)]
        if found and (does := classes(found, _own(change, bench))):
            return Verdict(number, does, "试算：算法相同，读出来的数据不同", exists=True, reached=_reached(found))
        also = f"；{measured}，数照样读" if measured else ""
        return Verdict(number, ((SAME, True),), f"证明：各项结果的算法完全相同{also}", exists=False)
    own = _own(change, bench)
    (ran, count), later = _on_data(number, sides), _this_year(number, sides)
    if change.how in RECUT:
        # another cut of the same: what the parts come to, since no part is what it was
        parts = {patch.key[1] for patch in change.patches if patch.key[0] == "item"}
        bench = bench.apart_from(parts)
        ran, later = ([one for one in them if one.name.partition(":")[2] not in parts] for them in (ran, later))
        own |= {outputs.score(code) for book in (bench.old, bench.new) for code in _above(book, parts)}
    prover = Prover(bench)
    if not ran and not later and prover.equivalent(cases=0):
        return Verdict(number, ((SAME, True),), BY_SUMS if change.how in RECUT else BY_CASES, exists=False)
    scored = {one.unit for one in ran if one.name.partition(":")[0] not in STEPS}
    if not ran and (renamed := _grades_renamed(bench)):
        does = classes([Result(0, outputs.GRADE, *renamed)], own)
        told = f"等次改了名称：评为“{renamed[0][1]}”的，新规定评为“{renamed[1][1]}”"
        return Verdict(number, does, told, exists=True)
    said = [f"试算：{count} 个单位中 {len(scored)} 个有结果变化"] if scored else []
    if not said and (met := {one.unit for one in later if one.name.partition(":")[0] not in STEPS}):
        said = [f"试算：在新数据上，其他修订都改了以后再改这一条，{len(met)} 个单位有结果变化"]
    usual = ground.usual.put if ground.usual is not None else None
    search = Search(bench.of_whole(), ground.units, own, work, number, usual, prover)
    witness, tried = search.find(), search.tried
    if witness is None and not ran and not later and bench.counts and not prover.proved:
        wider = Search(bench, ground.units, own, work // 4, number, usual, prover)
        witness = wider.find()
        if witness is not None and (split := _split(witness, bench)):
            told = f"{split}填了小数的，新旧规定结果不同；都是整数的，试了 {tried} 个例子，没有找到不同的"
            return Verdict(number, classes(witness.results, own), told, exists=True)
        tried += wider.tried
    if witness is not None and whole is not None and change.how in RECUT:
        codes = hybrids.comparison.terms.codes
        cut = [codes.get(code, code) for code in change.old], change.new
        witness = replace(witness, sums=whole.summed(witness.population, cut))
    if witness is None and not ran and not later:
        if prover.proved or prover.equivalent():
            by = BY_SUMS if change.how in RECUT else BY_CASES
            return Verdict(number, ((SAME, True),), by, tried=tried, exists=False)
        said = [f"试了 {tried} 个例子，没有找到结果不同的", "没有证明"]
        return Verdict(number, ((OPEN, True),), "；".join(said), tried=tried)
    if witness is not None:
        size = len(witness.units)
        said.append(
            f"举例：{size} 个单位的例子，新旧规定结果不同" if size > 1 else "举例：一个单位的例子，新旧规定结果不同"
        )
    results = [*ran, *later, *(witness.results if witness is not None else ())]
    does = classes(results, own)
    return Verdict(
        number, does, "；".join(said), witness, tried + count, True, len(scored), _reached(ran), side=ground.side
    )


def _split(witness: Witness, bench: Bench) -> str:
    """The columns that hold a part of a piece; "" where cases of whole numbers might have met it as well."""
    keys = [key for one in witness.population for key in bench.parts_of_pieces(one)]
    columns = [bench.layout.split(column)[1] if grain == UNIT_GRAIN else column for grain, column in keys]
    return "、".join(f"“{column}”" for column in dict.fromkeys(columns))


def _reached(ran: Iterable[Result]) -> int:
    """How many units get another total, place, grade, veto or application."""
    return len({one.unit for one in ran if one.name.partition(":")[0] in ENDS})


def _grades_renamed(bench: Bench) -> tuple[Cell, Cell] | None:
    """The first grade that has another name at the same place, where there are as many as before."""
    old, new = bench.old.grade_names, bench.new.grade_names
    pairs = [(one, other) for one, other in zip(old, new, strict=False) if one != other]
    return ((State.VALUE, pairs[0][0]), (State.VALUE, pairs[0][1])) if pairs and len(old) == len(new) else None


def _done_otherwise(change: Change, sides: Sides | None) -> Verdict | None:
    """The same units, and something else is done with them: 措施, 办理, 期限."""
    codes = [
        patch.key[1]
        for patch in change.patches
        if patch.key[0] == "application" and None not in (patch.old, patch.new) and not patch.wording
    ]
    if not codes:
        return None
    met: set[int] = set()
    if sides is not None:
        for name in map(outputs.application, codes):
            if sides.has("old", (), name):
                cells = sides.cells("old", (), name)
                met |= {
                    unit
                    for unit, (state, value) in enumerate(cells)
                    if state is State.VALUE and value not in (False, None)
                }
    told = f"；旧数据上有 {len(met)} 个单位用得上" if sides is not None else ""
    return Verdict(change.number, ((USE, True),), f"对象没有变，做法变了{told}", exists=True, reached=len(met))


def _headed_otherwise(change: Change) -> str:
    """Which column of numbers that are given for a grade is called otherwise: a bonus may have become a deduction."""
    both = [
        (one.old.meta.headings, one.new.meta.headings)
        for one in change.patches
        if one.key[0] == "application" and None not in (one.old, one.new)
    ]
    return "，".join(
        f"由 “{'、'.join(old)}” 改为 “{'、'.join(new)}”" for old, new in both if old and new and old != new
    )


def _filled_otherwise(change: Change, bench: Bench | None) -> Verdict | None:
    """Nothing is computed otherwise, but some cell is read otherwise that results rest on."""
    read = {
        patch.key[1:]: tuple(taken_otherwise(patch.old, patch.new))
        for patch in change.patches
        if patch.key[0] == "column" and patch.old is not None and patch.new is not None
    }
    if bench is None or not any(read.values()):
        return None
    keys = {key_of(table, column) for (name, column), said in read.items() if said and (table := bench.new.table(name))}
    unread, there = (State.PENDING, None), (State.VALUE, Fraction(1))
    results = [Result(0, name, unread, there) for name in bench.names if keys & set(bench.columns([name]))]
    if not results:
        return None
    told = "；".join(one for said in read.values() for one in said)
    basis = f"{told}：各项结果的算法没有变，变的是这样填的格；有这样填的，新旧规定读出来的不同"
    return Verdict(change.number, classes(results, _own(change, bench)), basis, exists=True, filling=told)


def remeasured(change: Change) -> tuple[str, ...]:
    """What the change measures in other words: “培训数” 由 件 改为 人."""
    found = (measures.told(patch.old, patch.new) for patch in change.patches if patch.key[0] == "column")
    return tuple(one for one in found if one)


def _answerable(change: Change) -> bool:
    """Whether somebody else scores, answers or supplies: more than words, though no result differs."""

    def who(side: object) -> list[object]:
        if isinstance(side, TableColumn):
            return [side.source]
        return [(one.scorer, one.responsible, one.source) for one in nodes(side) if isinstance(one, Meta)]

    return any(who(patch.old) != who(patch.new) for patch in change.patches if None not in (patch.old, patch.new))


def _only_names(comparison: Comparison, change: Change) -> bool:
    """Whether the roster is that of the old rulebook but for the names of its units."""
    renamed = renamed_units(comparison.before, comparison.new)
    cells: tuple[dict[tuple[str, ...], Any], dict[tuple[str, ...], Any]] = {}, {}
    for patch in change.patches:
        if patch.key[0] == "rows":
            if [renamed.get(was, was) for was in patch.old or ()] != list(patch.new or ()):
                return False
        elif patch.key[0] != "cell":
            return False
        elif patch.key[3] not in NAMES:
            _, _, unit, column = patch.key
            if patch.old is not None:
                cells[0][renamed.get(unit, unit), column] = patch.old
            if patch.new is not None:
                cells[1][unit, column] = patch.new
    return cells[0] == cells[1]


def _bench(
    number: int, hybrids: Hybrids, sides: Sides | None, grounds: dict[str, Ground]
) -> tuple[Bench | None, Ground]:
    """The two rulebooks, in the years of the data that the cases are made after."""
    before = hybrids.closed([number]) - {number}
    side = "" if sides is None else "new" if number in sides.late and sides.has_new else "old"
    old_year = side == "old"
    old, new = (hybrids.book(chosen, old_year) for chosen in (before, before | {number}))
    if side not in grounds:
        shelf = hybrids.shelf(old_year)
        if sides is not None:
            dataset: Dataset = sides.together(side).dataset
            grounds[side] = Ground(side, from_data(dataset, Layout(sides.together(side).books[0])), shelf)
        else:
            grounds[side] = Ground(side, [], shelf, _usual(*hybrids.ends(old_year), shelf))
    ground = grounds[side]
    try:
        return Bench(old, new, ground.shelf), ground
    except UNFIT:
        return None, ground


def _usual(old: Rulebook, new: Rulebook, shelf: Shelf) -> Standard | None:
    try:
        return Standard(Bench(old, new, shelf))
    except UNFIT:
        return None


def _on_data(number: int, sides: Sides | None) -> tuple[list[Result], int]:
    """What differs on the data, and how many units there are."""
    step = sides.step(number) if sides is not None else None
    if sides is None or step is None:
        return [], 0
    return _differing(sides, *step), len(sides.together(step[0]).units)


def _this_year(number: int, sides: Sides | None) -> list[Result]:
    """What differs on the new data, all other changes made, of a change that is tried on the old ones."""
    if sides is None or number in sides.late or (step := sides.this_year(number)) is None:
        return []
    return _differing(sides, "new", *step)


def _differing(sides: Sides, side: str, before: frozenset[int], after: frozenset[int]) -> list[Result]:
    ran = sides.together(side)
    one, other = sides.ask(side, before), sides.ask(side, after)
    names = dict.fromkeys((*ran.names(one), *ran.names(other)))
    found = []
    for name in names:
        if name.startswith("state:"):
            continue
        has = ran.has(one, name), ran.has(other, name)
        if all(has) and ran.node(one, name) == ran.node(other, name):
            continue
        olds: Sequence[Cell | None] = ran.cells(one, name) if has[0] else (None,) * len(ran.units)
        news: Sequence[Cell | None] = ran.cells(other, name) if has[1] else (None,) * len(ran.units)
        found += [Result(unit, name, a, b) for unit, (a, b) in enumerate(zip(olds, news, strict=True)) if unlike(a, b)]
    return found


# ---- classes


def classes(results: Iterable[Result], own: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """The classes of results that differ; direct where one of them is the clause's own."""
    found: dict[str, bool] = {}
    for one in results:
        for name in _class(one):
            found[name] = found.get(name, False) or one.name in own
    return tuple((name, found[name]) for name in ORDER if name in found)


def _class(one: Result) -> Iterable[str]:
    what = one.name.partition(":")[0]
    if what in ("score", "total", outputs.RANK) and _covered(one):
        yield SCOPE
        if what != outputs.RANK:
            return
    match what:
        case "score" | "value" | "full" | "base" | "total":
            yield SCORE
        case outputs.RANK:
            yield RANK
        case outputs.GRADE:
            yield GRADE
        case "veto":
            yield SCOPE
        case _:
            yield USE


def _covered(one: Result) -> bool:
    """Whether there is a score or a rank on one side, and none on the other since the unit has none."""
    if one.old is None or one.new is None:
        return False
    states = {one.old[0], one.new[0]}
    return State.VALUE in states and any(state is not State.VALUE and state not in UNKNOWN for state in states)


def _own(change: Change, bench: Bench) -> frozenset[str]:
    """Outputs of the changed clause itself."""
    found: set[str] = set()
    for patch in change.patches:
        kind, code = patch.key[0], patch.key[1]
        if kind == "item":
            found |= {outputs.score(code), outputs.value(code), outputs.full(code)}
        elif kind == "veto":
            found |= {outputs.veto(code), outputs.GRADE}
        elif kind == "application":
            found |= {outputs.application(code), outputs.since(code)}
        elif kind in ("scheme", "scope"):
            found |= {name for name in bench.names if name.partition(":")[0] == outputs.GRADE}
        elif kind == "category":
            found |= {outputs.RANK, outputs.GRADE, outputs.TOTAL}
        elif kind == "dedupe":
            found |= {name for name in bench.names if name.startswith("score:")}
        elif kind == "head":
            found |= _of_head(code, bench)
        elif kind in ("cell", "rows", "column", "table"):
            column = patch.key[-1] if kind in ("cell", "column") else ""
            found |= set(_reading(patch.key[1], column, bench))
    return frozenset(found)


def _above(book: Rulebook, codes: Container[str]) -> Iterable[str]:
    """The codes of the items that have one of ``codes`` right below them."""
    for item in book.walk():
        if item.code not in codes and any(child.code in codes for child in item.children):
            yield item.code


def _of_head(field: str, bench: Bench) -> set[str]:
    if field == "total":
        return {outputs.TOTAL, outputs.BASE}
    if field in ("ties", "breaks"):
        return {outputs.RANK}
    return {name for name in bench.names if name.partition(":")[0] in ("score", "value", "base", "total", "full")}


def _reading(table: str, column: str, bench: Bench) -> Iterable[str]:
    """Outputs of the clauses that read a table, or a column of it, themselves."""
    from perfdsl.model.expression import ColumnRef

    items = {item.code: item for item in (*bench.old.walk(), *bench.new.walk())}
    for code, item in items.items():
        if any(
            isinstance(node, ColumnRef) and node.table == table and column in (node.column, "")
            for node in nodes(item.alone)
        ):
            yield from (outputs.score(code), outputs.value(code), outputs.full(code))
    if table == UNITS:
        yield from (outputs.RANK, outputs.GRADE, outputs.TOTAL)
