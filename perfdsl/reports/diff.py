"""A comparison of two rulebooks → what is published of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from typing import Any

from perfdsl.model import outputs
from perfdsl.model.item import Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import UNITS
from perfdsl.model.units import decimal
from perfdsl.reports.changes import Telling
from perfdsl.reports.checklist import checklist, numbers_of, reheaded
from perfdsl.reports.findings import RulebookFinding
from perfdsl.reports.impact import impact
from perfdsl.reports.reaching import Step, reached
from perfdsl.reports.reviews import (
    ChangeFinding,
    ClassFinding,
    ReviewFinding,
    SideFinding,
    SquareCell,
    UnitShift,
)
from perfdsl.reports.witnesses import Cases
from perfdsl.text.catalogue.data import OTHER_NAMES, UNKNOWN_NAMES
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problems, Related, Severity
from perfdsl.text.records import fields, is_dataclass, replace
from perfdsl.text.source import Span
from perfdsl.workspace.opened import Opened
from perfdsl.workspace.opening import rule_problems
from perfdsl.workspace.review.bench import unlike
from perfdsl.workspace.review.changes import Change
from perfdsl.workspace.review.doubting import doubtful
from perfdsl.workspace.review.encoding import as_document
from perfdsl.workspace.review.judging import USE, Verdict
from perfdsl.workspace.review.ledger import Sides, UnitLedger
from perfdsl.workspace.review.units import former_names, renamed_units, roster
from perfdsl.workspace.review.whole import Review, computed_alike
from perfdsl.workspace.review.written import Writing


def diff(review: Review, files: tuple[str, str], data: tuple[str, str] = ("", ""), filled: str = "") -> ReviewFinding:
    """Everything that a comparison publishes. ``files`` and ``data`` as the user wrote them."""
    telling = Telling(review.comparison, Writing(review.old), Writing(review.new))
    cases = Cases(review.comparison.new, review.comparison.before)
    changes = tuple(_judged(telling.tell(change), review, change, cases) for change in review.comparison.changes)
    changes = _opposed(changes, review.ledgers.values())
    found = None
    if review.sides is not None:
        reach = tuple(reached(review, cases, _digits(review.sides)))
        met = [len({one.unit for one in reach if one.change == change.number}) for change in changes]
        changes = tuple(replace(one, reached=max(one.reached, count)) for one, count in zip(changes, met, strict=True))
        found = replace(impact(review, changes), filled=filled, reach=reach)
    made = ReviewFinding(
        old=_side(review.old, files[0], data[0]),
        new=_side(review.new, files[1], data[1]),
        overview="",
        changes=changes,
        renumbered=review.comparison.renumbered,
        unaffected=tuple(_unaffected(review, changes)),
        impact=found,
        problems=_problems(review),
        patch=as_document(review.comparison),
    )
    headings = reheaded(review)
    made = replace(made, overview=_overview(made, headings, doubtful(review)))
    return replace(made, checklist=checklist(made, review))


def _side(opened: Opened, file: str, data: str) -> SideFinding:
    book = opened.rulebook
    assert book is not None
    status = book.status.value if book.status is not None else ""
    year = str(book.period.last.year) if book.period is not None else ""
    return SideFinding(RulebookFinding(book.name, book.version, status, opened.sha256, year), file, data)


def _problems(review: Review) -> Problems:
    # that the year before the old one is not at hand concerns nobody here, and the one before the new one may be the old one
    head = next((block for block in review.old.tree.blocks if block.kind == "rulebook"), None)
    called = head.code.text if head is not None and head.code is not None else ""
    follows = bool(called) and review.comparison.new.previous == called
    found: list[Any] = [one for one in review.old.problems if one.code != NO_PREVIOUS]
    found += [one for one in review.new.problems if one.code != NO_PREVIOUS or not follows]
    sides = review.sides
    two = sides is not None and sides.new is not None and sides.old.data != sides.new.data
    two = two and not any(review.filled)  # what stands in is of neither, and says where it is
    for side, opened, ran in (("旧", review.old, review.before), ("新", review.new, review.after)):
        more = ran.problems if ran is not None else rule_problems(opened)
        found += _sided(more, f"{side}数据") if two else more
    return tuple(dict.fromkeys(found))  # what both rulebooks say of the same data, once


def _sided(problems: Problems, side: str) -> Problems:
    """Those of the data, each with whose data they are."""
    return tuple(one if one.span is not None else replace(one, message=f"{side}：{one.message}") for one in problems)


NO_PREVIOUS = "K520"


# ---- what a change does


def _judged(told: ChangeFinding, review: Review, change: Change, cases: Cases) -> ChangeFinding:
    number = change.number
    verdict = review.verdicts.get(number)
    needs = tuple(sorted(review.hybrids.needs.get(number, ())))
    if verdict is not None:
        told = replace(
            told,
            classes=tuple(ClassFinding(name, direct) for name, direct in verdict.classes),
            basis=verdict.basis,
            reached=verdict.reached,
            witness=cases.tell(verdict, change),
        )
    told = replace(told, needs=needs)
    if verdict is not None and verdict.filling:
        return replace(told, impact=f"算法没有变，影响这样填的格：{verdict.filling}")
    if review.sides is None or number not in review.sides.order:
        return told
    units, words = _alone(review.sides, number, verdict)
    this_year = review.sides.this_year(number)
    steps = [review.sides.step(number), ("new", *this_year) if this_year is not None else None]
    regraded = max((_regraded(review.sides, one) for one in steps if one is not None), default=0)
    return replace(told, units=units, impact=words, regraded=regraded)


def _opposed(changes: Sequence[ChangeFinding], ledgers: Collection[UnitLedger]) -> tuple[ChangeFinding, ...]:
    """The changes, each pair told of which one takes back half of the other or more, and does so only beside it: neither
    is to be read alone."""
    said: dict[int, list[str]] = {}
    for change in changes:
        mine = [one for one in ledgers if one.together.get(change.number)]
        back: dict[int, list[Fraction]] = {}
        for one in mine:
            own = one.together[change.number]
            for other, moved in one.together.items():
                beside = moved - (one.alone[other] or Fraction(0))
                if own * beside < 0:
                    back.setdefault(other, []).append(min(abs(own), abs(beside)))
        whole = sum((abs(one.together[change.number]) for one in mine), start=Fraction(0))
        for other, taken in back.items():
            if 2 * (whole_back := sum(taken, start=Fraction(0))) >= whole:
                told = f"在 {len(taken)} 个单位上此消彼长，抵去 {decimal(whole_back)} 分，两条要合起来看"
                said.setdefault(change.number, []).append(f"与第 {other} 条{told}")
                said.setdefault(other, []).append(f"与第 {change.number} 条{told}")
    return tuple(
        replace(one, impact="。".join(dict.fromkeys((one.impact, *said[one.number])))) if one.number in said else one
        for one in changes
    )


def _alone(sides: Sides, number: int, verdict: Verdict | None) -> tuple[int, str]:
    """How many totals a change moves by itself, and the change of totals, grades and applications in words."""
    step = sides.step(number)
    if step is None:
        return 0, "上年没有数据，没有试算"
    side, before, after = step
    if not all(sides.has(side, chosen, outputs.TOTAL) for chosen in (before, after)):
        return 0, "单独改这一条算不出结果，要和别的修订一起看"
    gaps = _gaps(sides, *step)
    words = [*_points(sides, gaps), *_moved(sides, *step)]
    told = "；".join(words) or ("没有单位算得出总分，看不出影响" if not gaps else _beside(sides, step, verdict))
    count = sum(map(bool, gaps))
    if side == "new":
        return count, f"在新数据上：{told}"
    this_year = sides.this_year(number)
    if this_year is None or (words and not sides.rules(number)):
        return count, told
    there = _gaps(sides, "new", *this_year)
    others = [*_points(sides, there), *_moved(sides, "new", *this_year)]
    if not others and not sides.rules(number):
        return count, told
    said = "；".join(others) or "没有单位受影响"
    told = f"在旧数据上：{told}。在新数据上，其他修订都改了以后再改这一条：{said}"
    return max(count, sum(map(bool, there))), told


def _gaps(sides: Sides, side: str, before: frozenset[int], after: frozenset[int]) -> list[Fraction]:
    """The differences of the totals, of units that have one on both sides; 0 where it is the same."""
    olds, news = sides.totals(side, before), sides.totals(side, after)
    return [b - a for unit, a in olds.items() if a is not None and (b := news.get(unit)) is not None]


def _points(sides: Sides, gaps: Sequence[Fraction]) -> list[str]:
    moved = [gap for gap in gaps if gap]
    if not moved:
        return []
    digits, up, down = _digits(sides), max(moved), min(moved)
    ends = [f"最多升 {decimal(up, digits)}"] if up > 0 else []
    ends += [f"最多降 {decimal(-down, digits)}"] if down < 0 else []
    return [f"{len(moved)} 个单位的总分变动，{'、'.join(ends)}"]


def _beside(sides: Sides, step: Step, verdict: Verdict | None) -> str:
    """What differs by a step where no known total, place, grade or application becomes another one."""
    if verdict is not None and verdict.reached and verdict.classes == ((USE, True),) and verdict.witness is None:
        return f"{verdict.reached} 个单位用得上，做法和旧办法不同"
    if ends := [
        f"{count} 个单位的{called}不同（含有无、待定）"
        for called, head in ENDS
        if (count := _unlike(sides, step, head))
    ]:
        return "；".join((*ends, *_vetoed(sides, step)))
    if vetoed := _vetoed(sides, step):
        return f"{vetoed[0]}，总分、名次、等次都不变"
    if verdict is not None and verdict.scored:
        return f"{verdict.scored} 个单位的单项得分变化，总分、名次、等次都不变"
    seen = verdict.witness.results if verdict is not None and verdict.witness is not None else ()
    if seen and all(one.name.startswith("full:") for one in seen):
        return "公布的分值不同，没有单位的得分因此变化"
    if verdict is not None and dict(verdict.classes).get(USE) and not verdict.reached:
        return "旧数据上没有单位用得上"
    return "没有单位受影响"


ENDS = (("总分", outputs.TOTAL), ("名次", outputs.RANK), ("等次", outputs.GRADE), ("起算日", "since"))


def _vetoed(sides: Sides, step: Step) -> list[str]:
    count = _unlike(sides, step, "veto")
    return [f"{count} 个单位触发的否决、限制变化"] if count else []


def _unlike(sides: Sides, step: Step, head: str) -> int:
    """How many units have other results of a kind by a step."""
    side, *both = step
    names = {name for chosen in both for name in sides.names(side, chosen) if name.partition(":")[0] == head}
    pairs = [zip(*(_cells(sides, side, chosen, name) for chosen in both), strict=True) for name in names]
    return sum(any(unlike(a, b) for a, b in unit) for unit in zip(*pairs, strict=True))


FEW = 3
"""So many units are named one by one."""


def _moved(sides: Sides, side: str, before: frozenset[int], after: frozenset[int]) -> list[str]:
    words: list[str] = []
    if all(sides.has(side, chosen, outputs.TOTAL) for chosen in (before, after)):
        totals = (sides.cells(side, chosen, outputs.TOTAL) for chosen in (before, after))
        words += _settled(list(zip(*totals, strict=True)), "总分")
    for name, called in ((outputs.GRADE, "等次"), (outputs.RANK, "名次")):
        if sides.has(side, before, name) and sides.has(side, after, name):
            both = list(zip(sides.cells(side, before, name), sides.cells(side, after, name), strict=True))
            words += _settled(both, called)
            known = [a != b and (a[1], b[1]) if a[0] is b[0] is State.VALUE else False for a, b in both]
            found = [(unit, pair) for unit, pair in zip(sides.together(side).units, known, strict=True) if pair]
            some = "、".join(f"{unit} {a} → {b}" for unit, (a, b) in found) if name == outputs.GRADE else ""
            if found:
                words.append(f"{len(found)} 个单位{called}变化" + (f"（{some}）" if some and len(found) <= FEW else ""))
    if count := _unlike(sides, (side, before, after), "application"):
        words.append(f"{count} 个单位结果运用变化")
    return words


def _settled(both: Sequence[tuple[Cell, Cell]], called: str) -> Iterator[str]:
    """How many results the one side leaves open and the other does not."""
    come = sum(a[0] in UNKNOWN and b[0] is State.VALUE for a, b in both)
    gone = sum(a[0] is State.VALUE and b[0] in UNKNOWN for a, b in both)
    yield from (
        f"{count} 个单位{called}{how}" for count, how in ((come, "由待定变为确定"), (gone, "变为待定")) if count
    )


def _cells(sides: Sides, side: str, chosen: frozenset[int], name: str) -> Sequence[Cell | None]:
    """The results of the units; None where there is no such result."""
    if sides.has(side, chosen, name):
        return sides.cells(side, chosen, name)
    return [None] * len(sides.together(side).units)


def _regraded(sides: Sides, step: Step) -> int:
    """How many units have another grade by a step."""
    side, *chosen = step
    olds, news = (_cells(sides, side, one, outputs.GRADE) for one in chosen)
    return sum(a is not None and b is not None and a != b for a, b in zip(olds, news, strict=True))


def _digits(sides: Sides) -> int:
    books = (sides.comparison.old, sides.comparison.new)
    return max((book.roundings.total.digits for book in books if book.roundings.total is not None), default=2)


# ---- the whole in words


def _overview(finding: ReviewFinding, headings: Sequence[str] = (), doubt: Sequence[str] = ()) -> str:
    """Doubts of the data come first: what follows rests on them."""
    if doubt:
        return "；".join((*doubt, _overview(finding, headings)))
    if finding.same:
        only = [*(["编号变动"] if finding.renumbered else []), *headings]
        return "两份办法含义相同，没有修订" + (f"（只有{'；'.join(only)}）" if only else "")
    counts: dict[str, int] = {}
    for change in finding.changes:
        counts[change.how] = counts.get(change.how, 0) + 1
    said = "、".join(f"{how} {count} 条" for how, count in counts.items())
    idle = sum(change.idle for change in finding.changes)
    parts = [f"{said}" + (f"（其中 {idle} 条不影响结果）" if idle else "")]
    found = finding.impact
    if found is not None:
        both = [one for one in found.shifts if one.presence == "两年都有"]
        moved = [one for one in both if one.delta.startswith(("＋", "－"))]
        grades = [one for one in both if one.regraded]
        waiting = [one for one in both if one.waiting]
        up = sum(one.delta.startswith("＋") for one in both)
        down = sum(one.delta.startswith("－") for one in both)
        graded = f"，{len(grades)} 个等次变化" if any(any(one.grade) for one in both) else ""
        open_ = sum(all(one.total) and any(one.grade) and not all(one.grade) and not one.was_category for one in both)
        if open_:
            parts.append(f"{open_} 个单位只有一份评出等次，等次的个数没有比较")
        elif counted := _counted(found.square):
            graded += f"（{counted}）"
        parts.append(f"{len(moved)} 个单位总分变动（升 {up}、降 {down}）{graded}")
        if waiting:
            parts.append(f"{len(waiting)} 个单位有一边没有总分，没有比较")
        moving = [quota for quota in found.quotas if quota.entered or quota.left]
        for quota in moving[:GROUPS]:
            gained = [f"{_few(quota.entered)}进入“{quota.grade}”"] if quota.entered else []
            gained += [f"{_few(quota.left)}退出“{quota.grade}”"] if quota.left else []
            parts.append(f"{quota.group}：{'，'.join(gained)}")
        if len(moving) > GROUPS:
            parts.append(f"另有 {len(moving) - GROUPS} 组有进出，见名额")
        parts += _recategorised(both)
    if wrong := [one for one in finding.problems if one.severity is Severity.MUST]:
        parts.append(f"有 {len(wrong)} 处必须改，改好再看结果：{wrong[0].message}")
    return "；".join(parts)


GROUPS = 2
"""Groups whose places are told in the overview."""


def _few(units: Sequence[str]) -> str:
    return "、".join(units[:FEW]) + (f"等 {len(units)} 个" if len(units) > FEW else "")


def _counted(square: Sequence[SquareCell]) -> str:
    """``优秀 22 → 24、不合格 1 → 4``: how many units have each grade, under the old rules and in the end; those that differ."""
    before, after = dict(square[0].grades), dict(square[-1].grades)
    if not sum(before.values()) or not sum(after.values()):
        return ""  # a side whose rules give no grade on these data
    both = [(name, before.get(name, 0), after.get(name, 0)) for name in dict.fromkeys((*before, *after))]
    return "、".join(f"{name} {old} → {new}" for name, old, new in both if old != new)


def _recategorised(shifts: Sequence[UnitShift]) -> list[str]:
    """Units that stand in another category: they leave one ranking for another, or for none."""
    found: dict[tuple[str, str], list[UnitShift]] = {}
    for one in shifts:
        if one.was_category:
            found.setdefault((one.was_category, one.category), []).append(one)
    said = []
    for (old, new), units in found.items():
        unranked = "，不再排名" if all(one.rank[0] and not one.rank[1] for one in units) else ""
        graded = sum(one.regraded for one in units)
        without = sum(bool(one.grade[0] and one.total[1] and not one.grade[1]) for one in units)
        more = f"，其中 {graded} 个等次变化" if graded else ""
        more += f"，{without} 个不再评等次" if without else ""
        became = f"由“{old}”改为“{new}”" if new else f"原为“{old}”，现在没有类别"
        said.append(f"{_few([one.unit for one in units])}{became}{unranked}{more}")
    return said


def _unaffected(review: Review, changes: Sequence[ChangeFinding]) -> list[str]:
    """What was looked at and is the same."""
    new = review.comparison.new
    touched = {code for change in review.comparison.changes for code in change.new}
    groups = [item for item in new.items if not any(below.code in touched for below in item.walk())]
    alike = computed_alike(review.hybrids)
    groups = [item for item in groups if all(below.code in alike for below in item.walk() if _scores(below))]
    found = []
    if groups:
        found.append(f"{'、'.join(f'{item.code} {item.name}' for item in groups)}：没有修订，得分的算法也没有变")
    scored = list(filter(_scores, new.walk()))
    same = [item for item in scored if item.code not in touched]
    led = [item.code for item in same if item.code not in alike]
    some = f"{'、'.join(led[:4])}{' 等' if len(led) > 4 else ''}"
    follow = f"条文没有改的 {len(led)} 项（{some}），算法里用到改了的规定，得分可能随之变"
    if len(led) < len(same):
        steady = f"{len(scored)} 项得分规则中 {len(same) - len(led)} 项没有修订，算法也没有变"
        found.append(steady + (f"；另有{follow}" if led else ""))
    elif led:
        rest = "，其余的有修订" if len(led) < len(scored) else ""
        found.append(f"得分规则没有：{len(scored)} 项里{follow}{rest}")
    for called, rules in (("否决和限制", new.vetoes), ("结果运用", new.applications)):
        kept = [rule.name for rule in rules if rule.code not in touched]
        if rules and kept:
            found.append(
                f"{called} {len(rules)} 条中 {len(kept)} 条的条文没有修订（{'、'.join(kept[:4])}{' 等' if len(kept) > 4 else ''}）"
            )
    if idle := [change for change in changes if change.idle]:
        found.append(f"修订第 {numbers_of(idle)} 条不影响任何结果")
    if review.sides is not None and (same_grade := [u for u in _grades(review) if u[1] == u[2]]):
        found.append(f"{len(same_grade)} 个单位等次不变")
    return found


def _scores(item: Item) -> bool:
    return item.scoring is not None or item.combine is not None


def _grades(review: Review) -> list[tuple[str, Any, Any]]:
    before, after = review.before, review.after
    if before is None or after is None or outputs.GRADE not in before.outcome or outputs.GRADE not in after.outcome:
        return []
    olds = dict(zip(before.units, before.outcome[outputs.GRADE], strict=True))
    news = dict(zip(after.units, after.outcome[outputs.GRADE], strict=True))
    return [(unit, olds.get(was), news.get(unit)) for unit, was in review.same_unit.items()]


# ---- names replaced


def anonymous(finding: ReviewFinding, review: Review) -> ReviewFinding:
    """The same with units called 单位01, 单位02 … in the order of the new ranking; both names of a renamed one are one.

    Where a rule or a case names a unit it is 某单位: the rules are public, and would tell who 单位07 is. The patch is left
    out: it holds the roster as it is.
    """
    shifts = finding.impact.shifts if finding.impact is not None else ()
    # without new data the units go by their old names
    was = {old: unit for unit, old in review.same_unit.items()}
    was |= renamed_units(review.comparison.old, review.comparison.new)
    listed = [*(was.get(one.unit, one.unit) for one in shifts), *roster(review.comparison.new)]
    olds = [was.get(unit, unit) for unit in roster(review.comparison.old)]
    ours = list(dict.fromkeys((*listed, *olds)))
    names = {unit: f"单位{number:0{len(str(len(ours)))}d}" for number, unit in enumerate(ours, 1)}
    names |= {old: names[unit] for old, unit in was.items() if unit in names}
    for book in (review.comparison.new, review.comparison.old):
        for unit, former in former_names(book).items():
            names |= {name: names[was.get(unit, unit)] for name in former if name not in names}
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    if not names:
        return replace(finding, anonymous=True, patch=None)
    unnamed = replace(finding, problems=_unnamed(finding.problems))
    unnamed = replace(unnamed, overview=_overview(unnamed, reheaded(review), doubtful(review)), changes=())
    found: ReviewFinding = _renamed(unnamed, pattern, names)
    some = dict.fromkeys(names, SOMEBODY)
    changes = _renamed(tuple(_uncoded(one, review) for one in finding.changes), pattern, some)
    return replace(found, changes=changes, anonymous=True, patch=None)


SOMEBODY, SOME_CODE = "某单位", "某代码"


def _unnamed(problems: Problems) -> Problems:
    """What quotes a name that is on no roster, without it; what only tells two names apart is left out."""
    told = (one for one in problems if one.code not in OTHER_NAMES)
    said, mend = "填的单位名称不在单位名册上", "按原表改成名册上的名称"
    return tuple(replace(one, message=said, mend=mend) if one.code in UNKNOWN_NAMES else one for one in told)


def _uncoded(change: ChangeFinding, review: Review) -> ChangeFinding:
    """A change of a 附表 without the codes of units, which are as public as names: in the roster, and in keys of rows."""
    if change.block != "附表":
        return change
    both = (review.comparison.old, review.comparison.new)
    # a bare number may be anything
    codes = {code for book in both for code in _codes(book) if not code.isdigit() or len(code) > DIGITS}
    if not codes:
        return change
    found_in = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![0-9A-Za-z])(?:{found_in})(?![0-9A-Za-z])")
    found: ChangeFinding = _renamed(change, pattern, dict.fromkeys(codes, SOME_CODE))
    return found


def _codes(book: Rulebook) -> Iterator[str]:
    table = book.table(UNITS)
    at = next((i for i, one in enumerate(table.columns) if one.name == UNIT_CODE), None) if table is not None else None
    if table is not None and at is not None:
        yield from (code for row in table.rows if (code := row[at].text.strip()))


UNIT_CODE = "单位代码"
DIGITS = 3
"""A code of so many digits, or fewer, is not told from other numbers."""


_KEPT = (type, RulebookFinding, SideFinding, Enum)
_OURS = ("perfdsl.reports", "perfdsl.text")


def _renamed(value: Any, pattern: re.Pattern[str], names: Mapping[str, str]) -> Any:
    """``value`` with other names; places in files are left out, since they quote them."""
    if isinstance(value, str):
        return pattern.sub(lambda found: names[found.group()], value)
    if isinstance(value, tuple):
        return tuple(_renamed(one, pattern, names) for one in value if not isinstance(one, Related))
    if isinstance(value, Span):
        return None
    if isinstance(value, Address):  # a file is called after who sends it: its name would tell who 单位07 is
        return replace(value, file=pattern.sub(SOMEBODY, value.file))
    if is_dataclass(value) and not isinstance(value, _KEPT) and type(value).__module__.startswith(_OURS):
        made = {one.name: _renamed(getattr(value, one.name), pattern, names) for one in fields(value)}
        return replace(value, **made)
    return value
