"""What every form of a comparison (对照) says alike: counts, classes, who moved, which words changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from perfdsl.publish.review_words import shortened
from perfdsl.publish.stamp import NONE, PENDING
from perfdsl.reports.reviews import (
    CLASSES,
    CaseUnit,
    ChangeFinding,
    EffectFinding,
    FieldFinding,
    ImpactFinding,
    QuotaShift,
    ReachFinding,
    ReviewFinding,
    SideFinding,
    UnitShift,
)
from perfdsl.text.records import dataclass, replace
from perfdsl.text.render import width

HEADER = "内部资料"
"""What stands at the head of a comparison: drafts and scores are not for everybody."""

MARKS = {"新增": "+", "删除": "-", "修改": "~", "附表": "~", "改名": "=", "移动": ">", "拆分": "<", "合并": "&"}
DATA, BOTH, UNKNOWN = "数据变动", "两年都有", "待定"


def title(finding: ReviewFinding) -> str:
    """``示例市综合绩效考评 2024 → 2025 对照``."""
    old, new = finding.old.rulebook, finding.new.rulebook
    if old.name == new.name:
        return f"{new.name}　修订对照（{edition(finding.old)} → {edition(finding.new)}）"
    return f"{new.name}　修订对照（与{old.name}比较）"


def edition(side: SideFinding) -> str:
    """Version and status: ``2025，印发稿``."""
    book = side.rulebook
    return "，".join(part for part in (book.version or book.year, book.status) if part) or side.file


def years(finding: ReviewFinding) -> tuple[str, str]:
    """What the two are called for short: their versions; 旧 and 新 where these are the same (two drafts of a year)."""
    old, new = (one.rulebook.version or one.rulebook.year for one in (finding.old, finding.new))
    return (old, new) if old and new and old != new else ("旧", "新")


def side(one: SideFinding) -> str:
    """Which rulebook, as one line: name, version, status, file, the head of its hash, its data."""
    book = one.rulebook
    marks = "，".join(
        part
        for part in (book.version, book.status, one.file, f"校验码 {book.sha256[:12]}" if book.sha256 else "")
        if part
    )
    return f"{book.name}（{marks}）" + (f"，数据 {one.data}" if one.data else "")


def counts(changes: Sequence[ChangeFinding]) -> str:
    """``修改 3 条、新增 1 条``."""
    return "、".join(f"{how} {count} 条" for how, count in Counter(one.how for one in changes).items())


def named(change: ChangeFinding) -> str:
    """Code and name of a clause; header and schedules by their word."""
    name = change.name if change.name != change.block else ""
    return " ".join(part for part in (change.code, name if change.code else f"{change.block}{_quoted(name)}") if part)


def both_names(change: ChangeFinding) -> str:
    """The same with the old name of what is called otherwise now: ``B105 调查研究 → 课题调研``."""
    if not change.old_name or change.name in ("", change.old_name):
        return named(change)
    return " ".join(part for part in (change.code or change.block, arrow((change.old_name, change.name))) if part)


def _quoted(name: str) -> str:
    return f" “{name}”" if name else ""


def place(change: ChangeFinding) -> str:
    """Where it stands: the new article, of what was taken out the old one."""
    return change.article or change.old_article


def classes(change: ChangeFinding) -> str:
    """``影响得分、名次；间接影响等次``; ``不影响得分（评分单位变动）`` where only somebody else does it."""
    if change.dutiful:
        return f"不影响得分（{'、'.join(change.duties)}变动）"
    alone = [one.name for one in change.classes if not one.name.startswith("影响")]
    direct = [one.name.removeprefix("影响") for one in change.classes if one.name.startswith("影响") and one.direct]
    through = [
        one.name.removeprefix("影响") for one in change.classes if one.name.startswith("影响") and not one.direct
    ]
    parts = [
        *alone,
        *([f"影响{'、'.join(direct)}"] if direct else []),
        *([f"间接影响{'、'.join(through)}"] if through else []),
    ]
    parts += [f"{'、'.join(change.duties)}变动"] if change.duties and parts else []
    return "；".join(parts) or "不能判定"


def gravity(change: ChangeFinding) -> tuple[int, int, bool, int]:
    """How much a change does: how many get another grade, how many it reaches, what it does to nobody yet, its gravest class."""
    direct = {one.name for one in change.classes if one.direct}
    gravest = max((CLASSES.index(one.name) for one in change.classes if one.name in CLASSES), default=0)
    return change.regraded, count(change), bool(direct & {"影响等次", "影响范围"}), gravest


def gravest(changes: Sequence[ChangeFinding], most: int) -> list[ChangeFinding]:
    """The ``most`` that do most, in their order."""
    chosen = {one.number for one in sorted(changes, key=gravity, reverse=True)[:most]}
    return [one for one in changes if one.number in chosen]


def first(changes: Sequence[ChangeFinding], most: int) -> str:
    """What the ``most`` gravest are called: where nothing says how many units a change reaches its class alone decides."""
    if any(change.regraded or change.reached or change.units for change in changes):
        return f"以上是涉及等次和单位最多的 {most} 条"
    return f"以上 {most} 条按影响的类别先列"


def legend(changes: Sequence[ChangeFinding]) -> str:
    """What the signs before the changes mean, those that stand there: ``+ 新增，~ 修改``."""
    used = {MARKS.get(change.how, MARKS["修改"]) for change in changes}
    said = {sign: how for how, sign in reversed(MARKS.items())}  # of two words with one sign the first
    return "，".join(f"{sign} {said[sign]}" for sign in dict.fromkeys(MARKS.values()) if sign in used)


def does(change: ChangeFinding) -> str:
    """What a change does, in few words: ``影响得分；间接名次；11 个单位``."""
    many = count(change)
    return classes(change).replace("间接影响", "间接") + (f"；{many} 个单位" if many else "")


def count(change: ChangeFinding) -> int:
    """How many units of the data a change reaches."""
    return max(change.units, change.reached)


def short(change: ChangeFinding, room: int) -> str:
    """The clause, and what changed without saying its name and its place again: as many fields as there is room for."""
    name = named(change)
    guess = "（疑似）" if change.guessed else ""
    if not change.fields:
        return guess + " ".join(part for part in (change.code, _without(change.sentence, place(change))) if part)
    how = "" if change.how in ("修改", "附表", "改名") else f"{change.how}："
    said = f"{both_names(change)}  {guess}{how}"
    for shown, field in enumerate(change.fields):
        short = f"{_without(field.where, name)}：{field.old} → {field.new}"
        # units that come and go did not become each other
        plain = field.old and field.new and width(field.old + field.new) <= SHORT and " 行（" not in field.words
        words = short if plain else _without(told(field), change.name)
        rest = f"；等 {len(change.fields)} 处"
        last = shown == len(change.fields) - 1
        if shown and width(f"{said}；{words}{'' if last else rest}") > room:
            return said + rest
        said += f"；{words}" if shown else words
    return said


SHORT = 44
"""Two texts of so many columns stand side by side, old → new; longer ones are told."""


def _without(said: str, start: str) -> str:
    """``said`` without what has been said before it."""
    return said.removeprefix(start).lstrip() or said


def still(impact: ImpactFinding) -> str:
    """What is said where no total and no grade is another one: of whom it is known."""
    known = sum(bool(one.delta) for one in impact.shifts)
    if not known:
        return "没有一个单位前后都有总分，得分没有比较"
    rest = len(impact.shifts) - known
    return f"{known} 个单位总分不变，{rest} 个单位没有比较" if rest else "各单位总分都不变"


def moves(change: ChangeFinding) -> bool:
    """Whether a change does more than say the same in other words."""
    return not change.idle


def words(change: ChangeFinding) -> str:
    """The change in a few words, without its name: what each field says."""
    return "；".join(told(one) for one in change.fields) or change.sentence


def told(field: FieldFinding) -> str:
    """A field in words, else old → new."""
    return field.words or f"{field.where}：{arrow((field.old, field.new), '没有')}"


def arrow(pair: Sequence[str], none: str = NONE) -> str:
    """``old → new``; one of them where they are the same, "" where there is neither."""
    if not any(pair):
        return ""
    old, new = (one or none for one in pair)
    return old if old == new else f"{old} → {new}"


def official(change: ChangeFinding) -> tuple[str, str]:
    """The old and the new 条文; the fields as written where there is no official text.

    Of a text of several lines that is changed only in some, the others are left out (……), its first line is not.
    """
    if any(change.official):
        old, new = (text.strip() for text in change.official)
        return shortened(old.split("\n"), new.split("\n")) if old and new else (old, new)
    return (_fields(change.fields, 0), _fields(change.fields, 1))


def _fields(fields: Iterable[FieldFinding], which: int) -> str:
    pairs = [(one.where, (one.old, one.new)[which]) for one in fields]
    return "；".join(f"{where}：{text}" for where, text in pairs if text)


def effect(change: ChangeFinding) -> str:
    """What it does, for the table: class, impact, and what it needs."""
    needs = f"须与第 {'、'.join(map(str, change.needs))} 项一并修订" if change.needs else ""
    return "。".join(part for part in (classes(change), change.impact, needs) if part)


def number(signed: str) -> Fraction | None:
    """A published number (＋0.50, －2.00, 2/3); None where there is none."""
    try:
        return Fraction(plain(signed))
    except (ValueError, ZeroDivisionError):
        return None


def plain(signed: str) -> str:
    """A number as programs write it: -2.00, 0.50."""
    return signed.translate(_PLAIN)


_PLAIN = str.maketrans({"＋": "", "+": "", "－": "-", ",": "", " ": ""})


def delta(shift: UnitShift) -> Fraction:
    """The difference of a unit's totals; 0 where there is none."""
    return number(shift.delta) or Fraction()


def gained(shifts: Iterable[UnitShift]) -> list[UnitShift]:
    """Who gains, the most first; of equals in the order they came."""
    return sorted((one for one in shifts if delta(one) > 0), key=delta, reverse=True)


def lost(shifts: Iterable[UnitShift]) -> list[UnitShift]:
    """Who loses, the most first."""
    return sorted((one for one in shifts if delta(one) < 0), key=delta)


def regraded(shifts: Iterable[UnitShift]) -> list[UnitShift]:
    """Whose grade is another one."""
    return [one for one in shifts if one.regraded]


def steps(shifts: Iterable[UnitShift]) -> list[tuple[str, list[str]]]:
    """Who went from which grade to which: ``良好 → 优秀`` and the units, in the order in which they came."""
    found: dict[str, list[str]] = {}
    for one in regraded(shifts):
        found.setdefault(arrow(one.grade), []).append(one.unit)
    return list(found.items())


def quotas(found: Iterable[QuotaShift]) -> list[QuotaShift]:
    """Those where there is something to see: a place taken in one of the years."""
    return [one for one in found if any(one.taken) or one.entered or one.left]


def odd(shifts: Iterable[UnitShift]) -> list[UnitShift]:
    """Units of one year only, and those whose result is open."""
    return [one for one in shifts if one.presence != BOTH or one.open]


def codes(changes: Iterable[ChangeFinding]) -> dict[int, str]:
    """Number of a change → the shortest name that tells it; 0 is the data."""
    return {0: DATA, **{one.number: one.code.replace("、", "/") or named(one) for one in changes}}


def titles(changes: Iterable[ChangeFinding]) -> dict[int, str]:
    """Number of a change → code and name; 0 is the data."""
    return {0: DATA, **{one.number: named(one) for one in changes}}


def grouped(shifts: Iterable[UnitShift]) -> list[UnitShift]:
    """Units by category, in the order in which they came."""
    found = list(shifts)
    order = {category: i for i, category in enumerate(dict.fromkeys(one.category for one in found))}
    return sorted(found, key=lambda one: order[one.category])


def causes(shift: UnitShift, called: Mapping[int, str], most: int = 3) -> str:
    """The effects that moved a unit most: ``B203 ＋3.00、数据变动 ＋0.85（A101 ＋0.50、B102 ＋0.35）``."""
    found = sorted((one for one in shift.effects if number(one.together)), key=_size)
    more = " 等" if len(found) > most else ""
    told = (f"{called.get(one.change) or one.name} {nearly(one.together)}{items(one)}" for one in found[:most])
    return "、".join(told) + more


def items(effect: EffectFinding, most: int = 2) -> str:
    """The items whose scores the data moved most."""
    if not effect.parts:
        return ""
    more = " 等" if len(effect.parts) > most else ""
    told = (" ".join(part for part in (*one[:2], nearly(one[2])) if part) for one in effect.parts[:most])
    return f"（{'、'.join(told)}{more}）"


def nearly(signed: str) -> str:
    """``≈＋0.333`` for a number that has no end: nobody reads ＋1/3 as points."""
    if "/" not in signed or (value := number(signed)) is None:
        return signed
    whole, rest = divmod((abs(value) * 2 * NEARLY + 1) // 2, NEARLY)
    return f"≈{'＋' if value > 0 else '－'}{whole}.{rest:03d}"


NEARLY = 1000
"""Points are told to a thousandth where they have no end."""


def shared_out(line: EffectFinding) -> str:
    """What a line of the ledger adds up with, exactly; what that comes to where it is a fraction (＋1/3 ≈＋0.333)."""
    return " ".join(dict.fromkeys((line.together, nearly(line.together))))


def _size(effect: EffectFinding) -> Fraction:
    return -abs(number(effect.together) or Fraction())


def shared(impact: ImpactFinding) -> str:
    """What the second number of a ledger's line is called."""
    return "精确分摊" if impact.shapley else "叠加影响"


def ledger(shift: UnitShift) -> tuple[EffectFinding, ...]:
    """The lines of a unit's ledger and their sum; none where there is no difference to divide."""
    return (*shift.effects, EffectFinding(-1, "合计", "", shift.delta)) if shift.effects else ()


def is_moving(shift: UnitShift) -> bool:
    """Whether a line of a unit's ledger is other than 0."""
    return any(number(one.together) or number(one.alone) for one in shift.effects)


def alone(effect: EffectFinding) -> str:
    """单独影响, or that there is none."""
    return effect.alone or ("" if effect.change < 0 else "不能单独算")


def total(shift: UnitShift) -> str:
    """``90.60 → 92.80``."""
    return arrow(shift.total, _missing(shift))


def rank(shift: UnitShift) -> str:
    """``5 → 3``; the places that are possible where it is open."""
    old, new = shift.rank
    return arrow((old, new or shift.rank_span), _missing(shift))


def grade(shift: UnitShift) -> str:
    """``良好 → 优秀``."""
    return arrow(shift.grade, _missing(shift))


def _missing(shift: UnitShift) -> str:
    """What stands for a result that is not there: still to come, or none."""
    return PENDING if shift.open and shift.presence == BOTH else NONE


def reason(shift: UnitShift, called: Mapping[int, str]) -> str:
    """Why its grade is another one, else which changes moved its total most, else that others moved its place."""
    return shift.why or causes(shift, called) or _passed(shift)


def _passed(shift: UnitShift) -> str:
    moved = all(shift.rank) and shift.rank[0] != shift.rank[1]
    return "总分没有变，名次因别的单位而变" if moved and shift.delta and not delta(shift) else ""


def remark(shift: UnitShift, called: Mapping[int, str]) -> str:
    """What else is to be said of a unit: never nothing where its total moved."""
    told = "；".join(part for part in (standing(shift), shift.why, near(shift), applications(shift)) if part)
    return told or reason(shift, called)


def standing(shift: UnitShift) -> str:
    """Why it cannot be compared, else that it is there in one year only; and the category that it came from."""
    presence = shift.presence if shift.presence != BOTH else ""
    return "；".join(part for part in (shift.open or presence, moved_to(shift)) if part)


def moved_to(shift: UnitShift) -> str:
    """``类别 市直 → 单列``; "" where it is the same."""
    return f"类别 {arrow((shift.was_category, shift.category))}" if shift.was_category else ""


def near(shift: UnitShift) -> str:
    """How near it stands to a line, or that the places were full."""
    return shift.edge or shift.held


def applications(shift: UnitShift) -> str:
    """Applications that change: ``年度绩效奖 1.0 → 1.2；…``."""
    return "；".join(f"{name} {arrow((old, new))}" for name, old, new in shift.applications)


def quota(one: QuotaShift, *, names: bool = True) -> str:
    """``市直“优秀”：名额 3 → 2，评上 3 → 2，末位 93.80 → 92.69；进入 …；退出 …``; the last two only with ``names``."""
    units = (("进入", one.entered), ("退出", one.left)) if names else ()
    moved = [f"{word} {'、'.join(found)}" for word, found in units if found]
    of = f"（{said}）" if (said := shares(one)) else ""
    places = f"名额 {arrow(seats(one))}{of}，" if any(one.places) else ""
    last = f"，末位 {arrow(one.last)}" if any(one.last) else ""
    taken = f"评上 {arrow(tuple(UNKNOWN if _open(one, side) else str(one.taken[side]) for side in (0, 1)))}"
    return "；".join([f"{one.group}“{one.grade}”：{places}{taken}{last}", *cuts(one), *moved])


def seats(one: QuotaShift) -> tuple[str, str]:
    """How many places there are, 不限 where they are not limited; what the rule says where nothing was run."""
    both = zip(one.seats, one.places, strict=True)
    old, new = (number or (UNKNOWN if _open(one, side) else said) for side, (number, said) in enumerate(both))
    return old, new


def _open(one: QuotaShift, side: int) -> bool:
    """Whether nobody can tell how many places there are on a side, since nothing came of its run."""
    return not one.seats[side] and bool(one.seats[1 - side]) and one.places[side] != "不限"


def shares(one: QuotaShift) -> str:
    """``35% → 30%，基数 48 → 42`` beside the number of places; "" where the rule gives numbers, or nothing was run."""
    if not any("%" in said for said in one.places) or not any(one.seats):
        return ""
    of = f"，基数 {arrow(one.bases)}" if all(one.bases) and one.bases[0] != one.bases[1] else ""
    return f"{arrow(one.places)}{of}"


def places(one: QuotaShift) -> tuple[str, str]:
    """The same with the share that they are: ``14（30%）``."""
    both = zip(one.seats, one.places, strict=True)
    old, new = (f"{number}（{said}）" if number and "%" in said else said for number, said in both)
    return old, new


def cuts(one: QuotaShift) -> list[str]:
    """Why more or fewer units got a place than there are: ``新：末位 3 个单位同分 90.00，一并计入，实评 16 个``."""
    if one.cuts[0] == one.cuts[1]:
        return [one.cuts[1]] if one.cuts[1] else []
    return [f"{side}：{said}" for side, said in zip(("旧", "新"), one.cuts, strict=True) if said]


RESULTS = 8
"""Results of one unit of a case that are told one by one: another rounding of all scores moves dozens."""


def cases(units: Iterable[CaseUnit]) -> list[str]:
    """The units of a witness, a line each; those that hold and get the same are told together, and so are all that are as
    they were and get what they got. What all are made after the sentence of the witness says."""
    alike: dict[object, list[CaseUnit]] = {}
    found = list(units)
    if len({one.base for one in found}) == 1:
        found = [replace(one, base="") for one in found]
    for one in found:
        alike.setdefault("still" if _is_still(one) else (one.cells, one.results), []).append(one)
    return [case(*mine) for mine in alike.values()]


def _is_still(unit: CaseUnit) -> bool:
    """Whether a unit is only there: no cell off the baseline, no new row, no other result."""
    return not unit.results and not any(cell.baseline or cell.column.startswith("“") for cell in unit.cells)


TOGETHER = 3
"""So many units that are alike are named one by one."""


def case(unit: CaseUnit, *others: CaseUnit) -> str:
    """A unit of a witness: its cells, and what comes out differently; ``others`` are like it."""
    same = all(one.cells == unit.cells for one in others)
    cells = "，".join(
        f"{one.column} {one.value}{f'（原 {one.baseline}）' if one.baseline else ''}" for one in unit.cells if same
    )
    results = "，".join(f"{what} {arrow((old, new))}" for what, old, new in unit.results[:RESULTS])
    if len(unit.results) > RESULTS:
        results += f"，等 {len(unit.results)} 项"
    who = "、".join(f"{one.unit}（{one.base}）" if one.base else one.unit for one in (unit, *others))
    if len(others) >= TOGETHER:
        who = f"{unit.unit}、{others[0].unit}等 {1 + len(others)} 个单位相同"
    return f"{who}：{cells or '数据照原样'}；{results or '结果不变'}"


# ---- whom each change reaches


@dataclass(frozen=True, slots=True)
class Reached:
    """Units whose totals move alike (－2.00, 总分不变): ``names`` alone, ``units`` with what else they get: ``甲局、乙局（等次
    良好 → 优秀）``; ``graded``: the same of those with another grade."""

    moved: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    graded: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many."""
        return len(self.names)


def reach(found: Iterable[ReachFinding]) -> dict[int, dict[str, list[Reached]]]:
    """Number of a change → the run that shows it → its units, those whose totals move alike together, the most first."""
    told: dict[int, dict[str, dict[str, list[ReachFinding]]]] = {}
    for one in found:
        moved = one.delta if number(one.delta) else "总分不变" if one.delta else "一边没有总分"
        told.setdefault(one.change, {}).setdefault(one.way, {}).setdefault(moved, []).append(one)
    return {
        change: {
            way: [
                Reached(
                    moved,
                    tuple(one.unit for one in units),
                    tuple(_together(units)),
                    tuple(_together(one for one in units if one.grade[0] != one.grade[1])),
                )
                for moved, units in sorted(groups.items(), key=lambda one: _first(one[0]))
            ]
            for way, groups in ways.items()
        }
        for change, ways in told.items()
    }


def _first(moved: str) -> tuple[int, Fraction]:
    """Who gains before who loses, the most first; then those whose totals stay."""
    value = number(moved) or Fraction()
    return (0 if value > 0 else 1 if value else 2), -abs(value)


def _together(units: Iterable[ReachFinding]) -> Iterator[str]:
    """Units that get the same besides: named together."""
    alike: dict[str, list[str]] = {}
    for one in units:
        alike.setdefault(gets(one), []).append(one.unit)
    for said, names in alike.items():
        each = "都是 " if len(names) > 1 else ""
        yield f"{'、'.join(names)}（{each}{said}）" if said else "、".join(names)


def gets(one: ReachFinding) -> str:
    """What a unit gets by a change besides its total: ``名次 12 → 20，等次 优秀 → 良好``; a total that comes or goes."""
    pairs = (("总分", one.total if not one.delta else ("", "")), ("名次", one.rank), ("等次", one.grade))
    said = [f"{what} {arrow(pair)}" for what, pair in pairs if pair[0] != pair[1]]
    return "，".join([*said, *(f"{what} {arrow((old, new))}" for what, old, new in one.others)])


def method(finding: ReviewFinding) -> list[tuple[str, str]]:
    """How classes, cases and the ledger are made: (what, how)."""
    impact = finding.impact
    told = [("对照", COMPARED), ("类别", CLASSED), ("最小例", CASED)]
    if impact is not None:
        told += [("逐条影响", REACHED)] if impact.reach else []
        told += [("归因账", impact.method)] if impact.method else []
        told += [("可比口径", impact.comparable)] if impact.comparable else []
        told += [("补数", impact.filled)] if impact.filled else []
    return told


COMPARED = "按含义进行：排版、次序、编号、注释、用词的写法不算修订。"
CLASSED = (
    "“仅措辞”“证明等价”由证明得出：不论什么数据，结果都相同；“不影响得分（评分单位变动）”一类也是证明等价，变的是谁评分、谁负责、谁供数、谁认定。"
    "其余类别由试算得出：在数据上，或者举出一个新旧结果不同的例子。“间接”是经过总分、名额、别的单位才变的。"
    "“不能判定”是既没有证明，也没有找到例子。"
)
CASED = (
    "照规定写到的界限、封顶、日期、词去试，找新旧结果不同的例子：先要单位最少，再要改动的格最少，再要改得最小。甲单位、乙单位是代称，"
    "“以某单位的旧数据为底”是没有写出的格都取那个单位的旧数据。例子都由另一套逐条推算的办法复核过。"
)
REACHED = "总分、名次、等次、否决、结果运用有一样不同的单位，逐个列出；写明是在哪一年的数据上、别的修订改了没有。"


def spread(grades: Iterable[tuple[str, int]]) -> str:
    """``优秀 3、良好 9``."""
    return "、".join(f"{grade} {count}" for grade, count in grades)
