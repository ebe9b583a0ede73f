"""A comparison as text: what fits a screen first (60 lines of 80 columns), the details after it.

The first screen is read alone: what changed, who gains, who loses, why. What says so goes on over several lines, and is
left out as a whole (等 2 处, 另有 26 条) before it is cut; a line that is cut ends with …, and stands below in full.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from perfdsl.publish import review_parts as parts
from perfdsl.publish.widths import columns
from perfdsl.reports.reviews import ChangeFinding, ImpactFinding, QuotaShift, ReviewFinding, UnitShift
from perfdsl.text.render import padded, render, visible, width

WIDTH, HEIGHT = 80, 60
SIZES = ((3, 16), (3, 12), (2, 12), (2, 10), (2, 8), (2, 7), (2, 6), (1, 6), (1, 5), (1, 4), (1, 3))
"""How many units of each sort and how many changes the first screen shows: the first pair that fits is taken."""
LONG = 4
"""How many lines one thing may take on the first screen."""


def text(finding: ReviewFinding) -> str:
    """The first screen and, where something changed, the details."""
    if finding.same and not finding.problems and finding.impact is None:
        return first_screen(finding)
    return first_screen(finding) + "\n" + "\n\n".join(_details(finding)) + "\n"


def first_screen(finding: ReviewFinding) -> str:
    """What changed, who gains, who loses, why."""
    for units, changes in SIZES:
        screen = _screen(finding, units, changes)
        if screen.count("\n") <= HEIGHT:
            break
    return screen


def _screen(finding: ReviewFinding, units: int, changes: int) -> str:
    head = lines_of(f"【{parts.HEADER}】{parts.title(finding)}", 2)
    head += lines_of(finding.overview, LONG + 6)
    blocks = [head, list(_changes(finding.changes, changes))]
    if finding.impact is not None:
        titles = {number: said.replace("、", "/") for number, said in parts.titles(finding.changes).items()}
        quotas = parts.quotas(finding.impact.quotas)
        blocks += [list(_who(finding.impact, titles, units)), list(_quotas(quotas, units, finding.overview))]
    blocks.append(list(_closing(finding)))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _closing(finding: ReviewFinding) -> Iterator[str]:
    for one in finding.unaffected[:2]:
        yield from lines_of(f"未受影响：{one}", 2)
    if finding.impact is not None:
        yield from lines_of(f"可比口径：{finding.impact.comparable}", LONG)
    more = [f"签发前核对 {len(finding.checklist)} 项"] if finding.checklist else []
    more += [f"问题 {len(finding.problems)} 处"] if finding.problems else []
    if more:
        yield f"{'，'.join(more)}，见最后"


def _changes(changes: Sequence[ChangeFinding], most: int) -> Iterator[str]:
    """Sign, number, clause, what, and what it does, on one line where there is room; of many, the gravest."""
    if not changes:
        return
    shown = parts.gravest(changes, most)
    digits = len(str(changes[-1].number))
    yield from lines_of(f"修订 {len(changes)} 条（旧 → 新；{parts.legend(shown)}）", 2)
    for change in shown:
        start = f"{parts.MARKS.get(change.how, '~')} {change.number:>{digits}} "
        does = parts.does(change)
        said = parts.short(change, 2 * (WIDTH - len(start)) - 4)
        if width(f"{start}{said}{does}") + 2 <= WIDTH:
            yield f"{padded(start + said, WIDTH - width(does))}{does}"
            continue
        yield from lines_of(f"{start}{said}", 2, len(start))
        yield f"{' ' * len(start)}{does}"
    if len(shown) < len(changes):
        yield f"  {parts.first(changes, len(shown))}，另有 {len(changes) - len(shown)} 条，见下"


def _who(impact: ImpactFinding, titles: Mapping[int, str], most: int) -> Iterator[str]:
    ups, downs, graded = (found(impact.shifts) for found in (parts.gained, parts.lost, parts.regraded))
    if not ups and not downs and not graded:
        yield parts.still(impact)
    for word, units in (("得分上升", ups), ("得分下降", downs)):
        if units:
            yield f"{word} {len(units)} 个单位" + (f"，最多的 {most} 个" if len(units) > most else "")
            yield from (line for unit in units[:most] for line in _mover(unit, titles))
    if graded:
        yield f"等次变化 {len(graded)} 个单位" + (f"，先列 {most + 1} 个" if len(graded) > most + 1 else "")
        for unit in _of_each_step(impact.shifts)[: most + 1]:
            yield from lines_of(f"  {unit.unit} {parts.grade(unit)}：{_why(unit, titles)}", LONG, 4)
    if strange := parts.odd(impact.shifts):
        told = "；".join(f"{one.unit}（{one.open or one.presence}）" for one in strange)
        yield from lines_of(f"不能直接比较 {len(strange)} 个单位：{told}", LONG)


def _of_each_step(shifts: Sequence[UnitShift]) -> list[UnitShift]:
    """Those whose grade is another one: of each step (良好 → 优秀) one before the second of any."""
    places: dict[tuple[str, str], int] = {}
    found = []
    for unit in parts.regraded(shifts):
        places[unit.grade] = place = places.get(unit.grade, 0) + 1
        found.append((place, unit))
    return [unit for _, unit in sorted(found, key=lambda one: one[0])]


def _why(unit: UnitShift, titles: Mapping[int, str]) -> str:
    """Why the grade is another one, without saying again from which to which."""
    if not unit.why:
        return parts.causes(unit, titles)
    first, _, rest = unit.why.partition("；")
    return rest if rest and first.startswith("由") else unit.why


def _mover(unit: UnitShift, titles: Mapping[int, str]) -> Iterator[str]:
    rank = f"，名次 {parts.arrow(unit.rank)}" if any(unit.rank) else ""
    why = parts.causes(unit, titles)
    told = f"  {unit.unit} {unit.delta}（{parts.total(unit)}{rank}）" + ("：" if why else "")
    if width(told + why) <= WIDTH:
        yield visible(told + why)
        return
    yield from lines_of(told, 2, 4)
    yield from lines_of(f"    {why}", LONG, 4)


def _quotas(quotas: Sequence[QuotaShift], most: int, overview: str) -> Iterator[str]:
    """Who enters and leaves is said where the overview does not say it."""
    for one in quotas[:most]:
        yield from lines_of(parts.quota(one, names=f"{one.group}：" not in overview), LONG)
    if len(quotas) > most:
        yield f"另有 {len(quotas) - most} 组名额，见下"


def _details(finding: ReviewFinding) -> Iterator[str]:
    """Everything, under headings."""
    yield "─" * (WIDTH // 2)
    yield "对照的两份\n" + "\n".join(
        lines_of(f"  旧：{parts.side(finding.old)}", 9) + lines_of(f"  新：{parts.side(finding.new)}", 9)
    )
    if finding.changes:
        yield "逐条\n\n" + "\n\n".join("\n".join(_change(one)) for one in finding.changes)
    if finding.renumbered:
        yield "只改编号\n" + columns([(f"{old} → {new}", name) for old, new, name in finding.renumbered])
    if finding.impact is not None:
        titles = parts.titles(finding.changes)
        if finding.impact.reach:
            yield "逐条影响的单位\n" + "\n".join(_reach(finding.impact, titles))
        yield from _impact(finding.impact, titles)
    for heading, lines in (("未受影响", finding.unaffected), ("签发前核对", finding.checklist)):
        if lines:
            sign = "□" if lines is finding.checklist else "·"
            yield heading + "\n" + "\n".join(line for one in lines for line in lines_of(f"  {sign} {one}", 9))
    if finding.problems:
        yield "问题\n" + render(finding.problems).rstrip("\n")


def _change(change: ChangeFinding) -> Iterator[str]:
    """The whole of one change."""
    yield from lines_of(f"{change.number}. {change.sentence}", 20)
    old, new = parts.official(change)
    rows = [
        ("原条文", old),
        ("新条文", new),
        *(
            (f"改动 {i}" if len(change.fields) > 1 else "改动", parts.told(one))
            for i, one in enumerate(change.fields, 1)
        ),
        ("理由", change.reason),
        ("类别", parts.classes(change) + (f"（{change.basis}）" if change.basis else "")),
        ("影响", change.impact),
        ("须一并", f"第 {'、'.join(map(str, change.needs))} 条" if change.needs else ""),
        ("请核对", f"与旧的 {change.old_code} {change.old_name} 是看着像对应上的" if change.guessed else ""),
    ]
    if change.witness is not None:
        tried = f"（试了 {change.witness.tried:,} 个例子）" if change.witness.tried and change.witness.units else ""
        rows.append(("最小例", change.witness.sentence + tried))
    for label, said in rows:
        for i, line in enumerate(said.split("\n") if said else ()):
            yield from lines_of(f"   {padded('' if i else label, 6)} {line}", 20, 10)
    for said in parts.cases(change.witness.units) if change.witness else ():
        yield from lines_of(f"          {said}", 5, 12)


def _reach(impact: ImpactFinding, titles: Mapping[int, str]) -> Iterator[str]:
    """Every unit that a change reaches, change by change."""
    for number, ways in parts.reach(impact.reach).items():
        for way, groups in ways.items():
            yield from lines_of(f"  {number}. {titles[number]}（{way}）", 4, 4)
            for one in groups:
                yield from lines_of(f"     {one.moved} {one.count} 个：{'；'.join(one.units)}", sys.maxsize, 8)


def _impact(impact: ImpactFinding, titles: Mapping[int, str]) -> Iterator[str]:
    yield "口径和方法\n" + "\n".join(
        line
        for word, said in (("可比口径", impact.comparable), ("补数", impact.filled), ("方法", impact.method))
        if said
        for line in lines_of(f"  {word}：{said}", 20, 4)
    )
    head = ("单位", "类别", "总分", "变动", "名次", "等次", "说明")
    rows = [
        (
            visible(one.unit),
            one.category,
            parts.total(one),
            one.delta,
            parts.rank(one),
            parts.grade(one),
            parts.remark(one, titles),
        )
        for one in parts.grouped(impact.shifts)
    ]
    yield "各单位\n" + columns([head, *rows], right=(3,))
    units = [one for one in parts.grouped(impact.shifts) if one.effects]
    moving = [one for one in units if parts.is_moving(one)]
    ledger = [
        (one.unit if i == 0 else "", titles.get(line.change) or line.name, parts.alone(line), parts.shared_out(line))
        for one in moving
        for i, line in enumerate(parts.ledger(one))
    ]
    still = len(units) - len(moving)
    if ledger:
        yield (
            "归因账（合计等于总分之差，残差 0）\n"
            + columns([("单位", "修订", "单独影响", parts.shared(impact)), *ledger], right=(2, 3))
            + (f"\n  另有 {still} 个单位各行都是 0" if still else "")
        )
    if impact.quotas:
        yield "名额\n" + "\n".join(line for one in impact.quotas for line in lines_of(f"  {parts.quota(one)}", 20, 4))
    if impact.square:
        yield "新旧办法 × 新旧数据\n" + columns(
            [
                ("办法", "数据", "单位数", "平均", "等次", "说明"),
                *(
                    (one.rules, one.data, str(one.units), one.mean, parts.spread(one.grades), one.note)
                    for one in impact.square
                ),
            ],
            right=(2, 3),
        )


def clipped(said: str, room: int) -> str:
    """``said`` on one line of at most ``room`` columns; what is cut off shows as …."""
    said = visible(said)
    if width(said) <= room:
        return said
    used = 0
    for i, character in enumerate(said):
        used += width(character)
        if used > room - 2:
            return said[:i].rstrip("，；、：（ ") + "…"
    return said


def lines_of(said: str, most: int, indent: int = 2) -> list[str]:
    """``said`` broken into at most ``most`` lines of WIDTH columns; the last is clipped."""
    lines: list[str] = []
    rest = visible(said)
    while rest:
        prefix = " " * indent if lines else ""
        room = WIDTH - len(prefix)
        if len(lines) == most - 1 or _fits(rest, room):
            return [*lines, prefix + clipped(rest, room)]
        end = _break(rest, room)
        lines.append(prefix + rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _fits(said: str, room: int) -> bool:
    """Whether ``said`` is no wider than ``room``; of a long list no more is looked at than it takes to know."""
    used = 0
    for character in said:
        used += width(character)
        if used > room:
            return False
    return True


def _break(said: str, room: int) -> int:
    """Where a line ends: no closing mark begins the next, no opening one stands last, no number and no code is torn."""
    used = end = 0
    for i, character in enumerate(said):
        used += width(character)
        if used > room:
            end = i
            break
    back = end
    while back > end - 12 and back > 1 and (said[back] in "，。；：、）”’】％%" or _torn(said, back)):
        back -= 1
    return back if back > end - 12 else end


def _torn(said: str, at: int) -> bool:
    before, after = said[at - 1], said[at]
    return before in "“‘（【＋－" or (_joined(before) and _joined(after))


def _joined(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in ".,%-")
