"""What a change of rules does to units: the square of old and new, each unit's ledger, places, ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from perfdsl.model import outputs
from perfdsl.model.grade import Grade, GradeScheme
from perfdsl.model.item import Level
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.units import decimal
from perfdsl.reports.cuts import Cut
from perfdsl.reports.findings import WAITING, ApplicationFinding, UnitFinding
from perfdsl.reports.grading import Reasons
from perfdsl.reports.results import standings
from perfdsl.reports.reviews import ChangeFinding, EffectFinding, ImpactFinding, QuotaShift, SquareCell, UnitShift
from perfdsl.reports.waiting import totals
from perfdsl.reports.words import published
from perfdsl.text.records import dataclass
from perfdsl.workspace.review.changes import Change, Patch
from perfdsl.workspace.review.doubting import doubtful
from perfdsl.workspace.review.ledger import UnitLedger
from perfdsl.workspace.review.units import categories_of, moved_units
from perfdsl.workspace.review.whole import Review

NEAR = Fraction(1, 200)
"""A unit is told to stand near a grade where less than this share of the full mark is missing."""

DATA_OF = ("旧数据", "新数据")
TURNS = {True: "升为", False: "降为", None: "改为"}

METHOD = (
    "单独影响：只改这一条（须一并修订的先改），在旧办法上试算；数据变动的是旧办法在新旧数据上的差。叠加影响：按条目次序逐条改过去，每一步的差；各步加上数据变动"
    "等于总分差，残差 0。先在旧数据上改，旧数据里没有的新指标最后在新数据上改。没有修订的日期在旧数据上用旧的一份写的，"
    "在新数据上顺延到新的年度。同一组输入，结果总是一样。"
)

SHAPLEY = "精确分摊一栏代替叠加影响，是精确的 Shapley 值：互相影响的修订按各种先后次序的平均分摊。"


def signed(value: Fraction, digits: int) -> str:
    """＋0.50, －2.00, 0.00."""
    mark = "＋" if value > 0 else "－" if value < 0 else ""
    return f"{mark}{decimal(abs(value), digits)}"


def impact(review: Review, changes: Sequence[ChangeFinding]) -> ImpactFinding:
    """Who gains, who loses, and why."""
    return _Impact(review, changes).finding()


@dataclass(frozen=True)
class _Standing:
    """Where a unit ends up on the last step that could be run."""

    total: Fraction | None
    rank: str
    grade: str
    waits: bool = False


class _Impact:
    def __init__(self, review: Review, changes: Sequence[ChangeFinding]) -> None:
        assert review.sides is not None
        assert review.before is not None
        self.review, self.changes, self.sides = review, changes, review.sides
        self.before = standings(review.before)
        self.after = standings(review.after) if review.after is not None else None
        self.old_book, self.new_book = review.comparison.old, review.comparison.new
        self.digits = max(
            (one.roundings.total.digits for one in (self.old_book, self.new_book) if one.roundings.total is not None),
            default=2,
        )
        self.items = {item.code: item.name for item in self.new_book.walk() if item.level is not Level.POINT}
        self.names = {change.number: change.name or change.block for change in changes}
        late = [change for change in review.comparison.changes if change.number in self.sides.late]
        self.gain, self.loss = _reach(self.new_book, late, old=False), _reach(review.comparison.before, late, old=True)

    def finding(self) -> ImpactFinding:
        """All of it."""
        shifts = tuple(self._shifts())
        return ImpactFinding(
            comparable=self._comparable(sum(one.waiting for one in shifts)),
            square=tuple(self._square()),
            shifts=shifts,
            quotas=tuple(self._quotas()),
            method=METHOD + (SHAPLEY if self.shapley else ""),
            shapley=self.shapley,
        )

    @cached_property
    def shapley(self) -> bool:
        """Whether what the changes do together was shared out exactly."""
        return any(one.shapley for one in self.review.ledgers.values())

    # ---- what can be compared

    def _comparable(self, waiting: int) -> str:
        """How much of the rules can be compared; ``waiting`` units of both years cannot, since a total is missing."""
        late = [change for change in self.review.comparison.changes if change.number in self.sides.late]
        gone = self._gone()
        some = "、".join(gone[:4]) + (" 等" if len(gone) > 4 else "")
        still = f"；{len(gone)} 个单位（{some}）不在新名册里，旧数据里有，名次、名额照样算上" if gone else ""
        still += "".join(f"；{one}，旧数据里还没有合并，名次、名额按合并以前的算" for one in self._merged())
        still += f"；另有 {waiting} 个单位有一边没有总分，没有比较" if waiting else ""
        doubt = "数据是不是这一年的要先核对（见概述），核对以前不算可比；" if doubtful(self.review) else ""
        if not late and doubt:
            return f"{doubt}栏目全部对得上{still}"
        if not late and waiting and waiting == len(self.review.same_unit):
            return "没有可比的：没有一个单位两边都有总分，原因见“问题”"
        if not late:
            return f"两边的数据口径一致，{'各项规则' if waiting else ''}全部可比{still}"
        named = "、".join(
            f"{'、'.join(change.new or change.old)} {change.name or change.old_name}" for change in late[:5]
        )
        full, missing = self.new_book.full, self.gain
        points = ""
        if full is not None and missing.base:
            left = full - missing.base
            points = f"{decimal(full)} 分" + (f"中 {decimal(left)} 分可比；" if left else "全都不可比；")
        if missing.bonus:
            points += f"另有加分 {decimal(missing.bonus)} 分无上年数据；"
        if missing.cut:
            points += f"另有扣分 {decimal(missing.cut)} 分无上年数据；"
        how = "只在新数据上试算" if self.sides.has_new else "没有试算"
        return f"{doubt}{points}{len(late)} 条修订（{named}{' 等' if len(late) > 5 else ''}）所用的数据上年没有，{how}{still}"

    # ---- the square

    def _square(self) -> Iterator[SquareCell]:
        early, every = frozenset(self.sides.early), frozenset(self.sides.order)
        yield self._corner("旧办法", "旧数据", "old", frozenset(), "")
        notes = ["不含上年没有数据的修订（可比口径）"] if self.sides.late else []
        notes += [f"含不在新名册里的 {len(gone)} 个单位"] if (gone := self._gone()) else []
        notes += [f"{one}，按合并以前的算" for one in self._merged()]
        yield self._corner("新办法", "旧数据", "old", early, "；".join(notes))
        if self.sides.has_new:
            yield self._corner("旧办法", "新数据", "new", frozenset(), "")
            yield self._corner("新办法", "新数据", "new", every, "")

    def _corner(self, rules: str, data: str, side: str, chosen: frozenset[int], note: str) -> SquareCell:
        totals = [one for one in self.sides.totals(side, chosen).values() if one is not None]
        whole = len(self.sides.together(side).units)
        mean = decimal(_round(sum(totals, start=Fraction(0)) / len(totals), self.digits), self.digits) if totals else ""
        counts: dict[str, int] = {}
        if self.sides.has(side, chosen, outputs.GRADE):
            for state, value in self.sides.cells(side, chosen, outputs.GRADE):
                if state is State.VALUE:
                    counts[str(value)] = counts.get(str(value), 0) + 1
        graded = sum(counts.values())
        if counts and graded < len(totals):
            note = "；".join(
                filter(None, (note, f"{len(totals) - graded} 个有总分的单位没有等次（缺评等次要的数据，或不评）"))
            )
        if len(totals) < whole:
            note = "；".join(
                filter(None, (note, f"{whole - len(totals)} 个单位没有总分（不参加考核，或缺{rules}要的数据）"))
            )
        order = self.new_book.grade_names if rules == "新办法" else self.old_book.grade_names
        return SquareCell(rules, data, len(totals), mean, tuple((name, counts.get(name, 0)) for name in order), note)

    # ---- units

    def _shifts(self) -> Iterator[UnitShift]:
        olds = {one.unit: one for one in self.before}
        if self.after is None:
            ends = self._ends()
            for unit in sorted(olds.values(), key=lambda one: _by_rank(one.rank, one.unit)):
                end = ends[unit.unit] if unit.unit in self.review.same_unit else None
                yield self._shift(unit.unit, self._category(unit.unit), unit, None, end)
            return
        seen = set()
        for unit in sorted(self.after, key=lambda one: _by_rank(one.rank, one.unit)):
            was = self.review.same_unit.get(unit.unit)
            seen.add(was)
            yield self._shift(unit.unit, unit.category, olds.get(was or ""), unit, None)
        for name, old in olds.items():
            if name not in seen:
                yield self._shift(name, old.category, old, None, None)

    def _gone(self) -> list[str]:
        """Without new data: the units of the old data that the new roster has not, nor a unit that they are put together in."""
        if self.after is not None:
            return []
        kept = {*self.review.same_unit, *(unit for olds in self.review.merged.values() for unit in olds)}
        return [one.unit for one in self.before if one.unit not in kept]

    def _merged(self) -> list[str]:
        """Without new data: the units that are put together, which are still apart in the old data."""
        merged = self.review.merged if self.after is None else {}
        return [f"{'、'.join(olds)} 合并为 {unit}" for unit, olds in merged.items()]

    def _ends(self) -> dict[str, _Standing]:
        """Without new data: where the units stand under the new rules on the old data."""
        chosen = frozenset(self.sides.early)
        totals = self.sides.totals("old", chosen)
        units = self.sides.together("old").units

        def row(name: str) -> Sequence[Cell]:
            if self.sides.has("old", chosen, name):
                return self.sides.cells("old", chosen, name)
            return [(State.ABSENT, None)] * len(units)

        return {
            unit: _Standing(totals[unit], published(rank) or "", published(grade) or "", grade[0] in UNKNOWN)
            for unit, rank, grade in zip(units, row(outputs.RANK), row(outputs.GRADE), strict=True)
        }

    def _shift(
        self, unit: str, category: str, old: UnitFinding | None, new: UnitFinding | None, end: _Standing | None
    ) -> UnitShift:
        ledger = self.review.ledgers.get(unit)
        now = self._places.get(unit) if end is not None or new is not None else None
        after_total = self._total(end.total) if end is not None else (new.total if new is not None else None) or ""
        pair = (old.total or "" if old is not None else "", after_total)
        presence = "两年都有" if old is not None and (new is not None or end is not None) else ""
        presence = presence or ("只在新的一份" if new is not None else "只在旧的一份")
        grade = (
            old.grade or "" if old is not None else "",
            end.grade if end is not None else new.grade or "" if new is not None else "",
        )
        rank = (
            old.rank or "" if old is not None else "",
            end.rank if end is not None else new.rank or "" if new is not None else "",
        )
        edge = self._edge(category, new, end, now)
        return UnitShift(
            unit=unit,
            category=category,
            presence=presence,
            total=pair,
            delta=signed(Fraction(pair[1]) - Fraction(pair[0]), self.digits) if all(pair) else "",
            rank=rank,
            grade=grade,
            effects=tuple(self._effects(ledger)) if ledger is not None else (),
            why=self._why(grade, old, new, ledger, now) if presence == "两年都有" else "",
            edge=edge,
            held=self._held(category, now) if not edge and now is not None else "",
            was_category=old.category
            if old is not None and presence == "两年都有" and self._now(old.category) != category
            else "",
            rank_span=self._span(unit) if end is not None else "",
            applications=tuple(self._applications(old, new)),
            open=self._joined(unit) or self._open(unit, presence, old, new, ledger),
        )

    def _total(self, value: Fraction | None) -> str:
        rounding = self.new_book.roundings.total
        return "" if value is None else decimal(value, rounding.digits if rounding is not None else self.digits)

    def _effects(self, ledger: UnitLedger) -> Iterator[EffectFinding]:
        for n in self.sides.order:
            if n not in ledger.together:
                continue
            alone, together = ledger.alone[n], ledger.shapley.get(n, ledger.together[n])
            if alone is None or alone or together or ledger.together[n]:
                yield EffectFinding(
                    n, self.names[n], "" if alone is None else signed(alone, self.digits), self._exact(together)
                )
        if self.sides.has_new:
            alone = ledger.data_alone
            # what goes the way of the whole comes first: the rest does not say why
            moved = sorted(ledger.data_of.items(), key=lambda one: (one[1] * ledger.data < 0, -abs(one[1])))
            yield EffectFinding(
                0,
                "数据变动",
                "" if alone is None else signed(alone, self.digits),
                signed(ledger.data, self.digits),
                tuple((code, self.items.get(code, ""), self._exact(value)) for code, value in moved),
            )

    def _exact(self, value: Fraction) -> str:
        """A Shapley value may have no finite decimal: then it is a fraction."""
        scaled = value * 10**self.digits
        if scaled.denominator == 1:
            return signed(value, self.digits)
        return f"{'＋' if value > 0 else '－'}{decimal(abs(value))}"

    def _why(
        self,
        grade: tuple[str, str],
        old: UnitFinding | None,
        new: UnitFinding | None,
        ledger: UnitLedger | None,
        now: int | None,
    ) -> str:
        """Why the grade is another one, by the rules of both sides; ``now``: the unit's place in the last run."""
        if grade[0] == grade[1] or not grade[0] or not grade[1]:
            return ""
        if grade[0] not in self.new_book.grade_names and _place(self.old_book, grade[0]) == _place(
            self.new_book, grade[1]
        ):
            return f"“{grade[0]}”改称“{grade[1]}”"
        better = self._better(*grade)
        was = old.why if old is not None else ""
        is_now = self.reasons.why(now) if self.reasons is not None and now is not None else ""
        told = [f"{side}：{why}" for side, why in zip(reversed(self.called), (is_now, was), strict=True) if why]
        said = [f"由“{grade[0]}”{TURNS[better]}“{grade[1]}”", *told]
        rules = [rule.name for book in (self.old_book, self.new_book) for rule in book.vetoes]
        ruled = any(f"“{rule}”" in why for why in (was, is_now) for rule in rules)
        same = old is not None and (new is None or self._now(old.category) == new.category)
        if ledger is not None and same and better is not None and not ruled:
            named = [(self.names[n], value) for n, value in ledger.together.items()] + [("数据变动", ledger.data)]
            main = max(named, key=lambda one: one[1] if better else -one[1])
            if main[1] and ledger.delta and (main[1] > 0) is better is (ledger.delta > 0):
                said.append(
                    f"总分变动 {signed(ledger.delta, self.digits)}，最大一项 {main[0]} {signed(main[1], self.digits)}"
                )
        return "；".join(said)

    @cached_property
    def called(self) -> tuple[str, str]:
        """What the two sides are called: two years, or two rulebooks of one year or on the same data."""
        old, new = self.old_book, self.new_book
        years = old.period != new.period and self.after is not None
        return ("上年", "今年") if years else ("旧办法", "新办法")

    def _better(self, old: str, new: str) -> bool | None:
        """Whether ``new`` stands above ``old``; None where no table of grades has both."""
        for order in (self.new_book.grade_names, self.old_book.grade_names):
            if old in order and new in order:
                return order.index(new) < order.index(old)
        return None

    def _applications(self, old: UnitFinding | None, new: UnitFinding | None) -> Iterator[tuple[str, str, str]]:
        if old is None or new is None:
            return
        codes = self.review.comparison.terms.codes
        before = {codes.get(one.code, one.code): one for one in old.applications}
        after = {one.code: one for one in new.applications}
        for code, one in {**after, **{code: was for code, was in before.items() if code not in after}}.items():
            pair = _given(before.get(code)), _given(after.get(code))
            if pair[0] != pair[1]:
                yield one.name, *pair

    def _joined(self, unit: str) -> str:
        """What became of a unit that was put together with others, or of what it was made."""
        for new, olds in self.review.merged.items():
            if unit == new:
                return f"由 {'、'.join(olds)} 合并而成，前后总分不相比"
            if unit in olds:
                return f"并入 {new}，前后总分不相比"
        return ""

    def _open(
        self, unit: str, presence: str, old: UnitFinding | None, new: UnitFinding | None, ledger: UnitLedger | None
    ) -> str:
        if self.after is None and unit not in self.review.same_unit:
            return "已不在新的单位名册里，前后总分不相比"
        if presence != "两年都有" or ledger is not None:
            return ""
        for side, one in enumerate((old, new)):
            if one is not None and one.total is None:
                if causes := self._waits[side].get(one.unit):
                    return f"{DATA_OF[side]}上总分待定：{'；'.join(causes)}"
                return f"{self.called[side]}没有总分（{one.total_state}）"
        was = self.review.same_unit.get(unit, unit)
        for count, n in enumerate(self.sides.early, 1):
            if self.sides.totals("old", frozenset(self.sides.early[:count])).get(was) is None:
                return f"改了第 {n} 条（{self.names[n]}），旧数据算不出总分：缺数，或不合新的规定；逐条影响列不出"
        return "新数据按旧规定算不出总分：缺数，或不合旧的规定；逐条影响列不出"

    @cached_property
    def _waits(self) -> tuple[Mapping[str, tuple[str, ...]], ...]:
        """For both sides: unit whose total waits → for what, without the cells (a row tells whose it is)."""
        return tuple(
            {
                unit: tuple(dict.fromkeys(one.partition(" ← ")[0] for one in causes))
                for unit, causes in (totals(ran) if ran is not None else {}).items()
            }
            for ran in (self.review.before, self.review.after)
        )

    # ---- near a line, and what is possible

    def _edge(self, category: str, new: UnitFinding | None, end: _Standing | None, unit: int | None) -> str:
        """How many points are missing to a better grade, and what else is where points alone do not bring it; that a total
        is on the very line of the grade that it brought."""
        total = end.total if end is not None else _number(new.total if new is not None else None)
        grade = end.grade if end is not None else (new.grade if new is not None else "") or ""
        scheme = self._scheme(category)
        if total is None or scheme is None or grade not in scheme.order or not _ranked(self.new_book, category):
            return ""
        place = scheme.order.index(grade)
        if unit is not None and self.reasons is not None and self.reasons.first(scheme, unit) != place:
            return ""  # its points brought it another grade, and a rule took it down
        band = scheme.grades[place].band
        on_line = [f"总分 {self._total(total)} 正好压在“{grade}”的分数线上"] if band and band.low == total else []
        near = (self._short(scheme, better, total, unit) for better in reversed(range(place)))
        return "；".join([*on_line, *[said for said in near if said][:1]])

    def _held(self, category: str, unit: int) -> str:
        """That the total is enough for a better grade whose places are full; "" where it is not."""
        scheme, total = self._scheme(category), _number(self._total_of(unit)) if self.reasons else None
        place = self.reasons.first(scheme, unit) if self.reasons is not None and scheme is not None else None
        if scheme is None or self.reasons is None or place is None or total is None:
            return ""
        for better in range(place):
            nodes, cut = self.reasons.cuts.places(scheme, better), self.reasons.cuts.cut(scheme, better, unit)
            if nodes is None or cut is None or not cut.won or not self.reasons.cuts.true(nodes.rivals, unit):
                continue
            last = _number(self._total_of(cut.won[-1]))
            if last is not None and last > total:
                gap = decimal(last - total, self.digits)
                full = f"名额 {cut.count} 个已满（末位 {self._total(last)}，差 {gap} 分）"
                return f"够“{scheme.order[better]}”的分数线，{full}"
        return ""

    @cached_property
    def reasons(self) -> Reasons | None:
        """Why the units have their new grades: on the new data, else on the old ones; None where nobody has a total."""
        final = self.review.after or self.review.ending
        return Reasons(final) if final is not None else None

    def _scheme(self, category: str) -> GradeScheme | None:
        """The table of grades of the last run: without new data it lacks what the old ones cannot show."""
        book = self.reasons.book if self.reasons is not None else self.new_book
        return book.scheme_of(category)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """Unit → its place in the last run."""
        final = self.review.after or self.review.ending
        return {unit: place for place, unit in enumerate(final.units)} if final is not None else {}

    def _short(self, scheme: GradeScheme, place: int, total: Fraction, unit: int | None) -> str:
        """What is missing to the grade at ``place``; "" where it is much, or where no points bring it."""
        grade, reach = scheme.grades[place], (self.new_book.full or Fraction(100)) * NEAR
        if unit is not None and self.reasons is not None and self.reasons.barred(scheme, place, unit):
            return ""
        line = grade.band.low if grade.band is not None else None
        short = line - total if line is not None else Fraction(0)
        also = "，还要符合另需条件" if grade.also is not None else ""
        said = [f"差 {decimal(short, self.digits)} 分到“{grade.name}”的分数线{also}"] if 0 < short <= reach else []
        if line == total and grade.band is not None and total not in grade.band:
            said = [f"总分正好是“{grade.name}”的分数线 {self._total(total)}，超过才够{also}"]
        if grade.quota is None or unit is None or self.reasons is None:
            limited = "，名额另计" if grade.quota is not None else ""
            return "".join(f"{one}{limited}" for one in said)
        cut = self.reasons.cuts.cut(scheme, place, unit)
        if cut is None or not cut.count:
            return ""
        level = cut.level if not cut.taken_in else ()
        if not cut.full and not level:
            return "".join(said)
        last = _number(self._total_of((cut.won if cut.full else level)[-1]))
        if last is None or not 0 <= last - total <= reach:
            return (
                "，".join([*said, f"“{grade.name}”名额 {cut.count} 个已满（末位 {self._total(last)}）"]) if said else ""
            )
        if level and not cut.full:
            said.append(f"“{grade.name}”名额 {cut.count} 个，{cut.words}，总分超过 {self._total(last)} 才进入{also}")
            return "，".join(said)
        gap = (
            f"差 {decimal(last - total, self.digits)} 分追平末位 {self._total(last)}"
            if last > total
            else "总分与末位相同"
        )
        how = "追平的一并计入" if cut.taken_in and not self.new_book.breaks else "追平的不一定进入"
        said.append(f"“{grade.name}”名额 {cut.count} 个已满，{gap}" + (f"（{how}）" if last > total else "") + also)
        return "，".join(said)

    def _total_of(self, unit: int) -> str | None:
        assert self.reasons is not None
        return published(self.reasons.evaluation.cell(outputs.TOTAL, unit), self.new_book.roundings.total)

    def _at_the_end(self) -> Iterator[_Placed]:
        for unit, end in self._ends().items():
            total = self._total(end.total) or None
            yield _Placed(unit, self._category(unit), total, end.rank or None, end.grade or None, end.waits)

    def _span(self, unit: str) -> str:
        """The places that are possible whatever the missing part brings or takes; none where nothing is missing."""
        up, down = self.gain.base + self.gain.bonus + self.loss.cut, self.gain.cut + self.loss.base + self.loss.bonus
        if (not up and not down) or not _ranked(self.new_book, self._category(unit)):
            return ""
        totals = self.sides.totals("old", frozenset(self.sides.early))
        mine = totals[unit]
        if mine is None:
            return ""
        kin = self._kin(unit)
        theirs = [value for other in kin if (value := totals[other]) is not None]
        best = 1 + sum(value - down > mine + up for value in theirs)
        worst = 1 + sum(value + up > mine - down for value in theirs)
        return f"第 {best}–{worst} 名" if best != worst else f"第 {best} 名"

    def _kin(self, unit: str) -> list[str]:
        """The units that it is ranked among, itself not among them."""
        apart = bool(self.new_book.scheme and self.new_book.scheme.by_category)
        return [
            one.unit
            for one in self.before
            if one.unit != unit
            and _ranked(self.new_book, self._category(one.unit))
            and (not apart or self._category(one.unit) == self._category(unit))
        ]

    def _category(self, unit: str) -> str:
        """Its category under the new rules, where they say; else what the old data call it."""
        return self._new_category.get(unit) or self._old_category.get(unit, "")

    @cached_property
    def _old_category(self) -> dict[str, str]:
        return {one.unit: self._now(one.category) for one in self.before}

    def _now(self, category: str) -> str:
        """What the new rulebook calls a category of the old one."""
        return self.review.comparison.terms.categories.get(category, category)

    @cached_property
    def _new_category(self) -> dict[str, str]:
        return categories_of(self.new_book)

    # ---- places

    def _quotas(self) -> Iterator[QuotaShift]:
        olds = [_Placed.of(one) for one in self.before]
        if self.after is None:  # the new rules on the old data
            news, was = list(self._at_the_end()), {one.unit: one.unit for one in olds}
        else:
            news, was = [_Placed.of(one) for one in self.after], dict(self.review.same_unit)
        before = {(self._now(group), grade): them for (group, grade), them in _graded(olds, self.old_book).items()}
        after = _graded(news, self.new_book)
        formerly = {now: was for was, now in self.review.comparison.terms.categories.items()}
        apart = any(scheme.by_category for scheme in self.new_book.schemes)
        # one total that is open leaves every place of its group open
        open_ = [{self._now(one.category) if apart else "" for one in them if one.waits} for them in (olds, news)]
        of_old = "（按旧名册）" if self.after is None and moved_units(self.old_book, self.new_book) else ""
        grades = (
            {one.unit: one.grade for one in olds if one.grade is not None},
            {was.get(one.unit): one.grade for one in news if one.grade is not None},
        )
        for key, mine in after.items():
            group, grade = key
            scheme = self.new_book.scheme_of(group) or self.new_book.scheme
            if scheme is None or not _quota(scheme, grade) or not _ranked(self.new_book, group):
                continue
            was_called = formerly.get(group, group)
            old_cut, new_cut = self._cut(self._old_reasons, was_called, grade), self._cut(self.reasons, group, grade)
            theirs = before.get(key, [])  # who changes the group alone neither enters nor leaves
            yield QuotaShift(
                group=(group or "全部单位") + of_old,
                grade=grade,
                places=(_places(self.old_book, was_called, grade), _places(self.new_book, group, grade)),
                taken=(len(theirs), len(mine)),
                last=(_last(theirs), _last(mine)),
                entered=tuple(one.unit for one in mine if grades[0].get(was.get(one.unit, ""), grade) != grade),
                left=tuple(one.unit for one in theirs if grades[1].get(one.unit, grade) != grade),
                seats=("" if group in open_[0] else _seats(old_cut), "" if group in open_[1] else _seats(new_cut)),
                bases=(old_cut.base if old_cut is not None else "", new_cut.base if new_cut is not None else ""),
                cuts=(old_cut.words if old_cut is not None else "", new_cut.words if new_cut is not None else ""),
            )

    @cached_property
    def _old_reasons(self) -> Reasons:
        assert self.review.before is not None
        return Reasons(self.review.before)

    def _cut(self, reasons: Reasons | None, group: str, grade: str) -> Cut | None:
        """The end of the places of a grade in a group; None where nothing was run, or they are not limited."""
        if reasons is None:
            return None
        scheme = reasons.book.scheme_of(group) or reasons.book.scheme
        if scheme is None or grade not in scheme.order or not _quota(scheme, grade):
            return None
        return reasons.cuts.of_group(scheme, scheme.order.index(grade), group if scheme.by_category else "")


@dataclass(frozen=True)
class _Placed:
    """Where a unit stands: total, rank and grade as published, None where there is none; ``waits``: its grade is 待定."""

    unit: str
    category: str
    total: str | None
    rank: str | None
    grade: str | None
    waits: bool = False

    @staticmethod
    def of(one: UnitFinding) -> _Placed:
        return _Placed(one.unit, one.category, one.total, one.rank, one.grade, one.grade_state in WAITING)


def _place(book: Rulebook, grade: str) -> tuple[int, int] | None:
    """Which one a grade is, and of how many."""
    order = book.grade_names
    return (order.index(grade), len(order)) if grade in order else None


def _given(one: ApplicationFinding | None) -> str:
    """What an application gives, "" where it gives nothing."""
    return (one.written or one.text or "适用") if one is not None and one.value else ""


@dataclass(frozen=True)
class _Points:
    """Points of clauses: in the 100, bonus beside them, deductions."""

    base: Fraction = Fraction(0)
    bonus: Fraction = Fraction(0)
    cut: Fraction = Fraction(0)


def _reach(book: Rulebook, late: Sequence[Change], *, old: bool) -> _Points:
    """What the clauses of ``late`` can give and take in ``book``: on the old side, as much as they gave so far."""
    codes = {
        code
        for change in late
        if change.block not in ("开头", "附表")
        for patch in change.patches
        for code in _code(patch, old)
    }
    found = {level: Fraction(0) for level in Level}
    for item in book.walk():
        if item.code in codes:
            found[item.level] += item.full or Fraction(0)
    return _Points(found[Level.INDICATOR], found[Level.BONUS], found[Level.DEDUCTION])


def _code(patch: Patch, old: bool) -> tuple[str, ...]:
    """The code of a clause that stands on that side."""
    there = patch.old if old else patch.new
    return (patch.key[1],) if patch.key[0] == "item" and there is not None else ()


def _round(value: Fraction, digits: int) -> Fraction:
    """For the eye: a mean is no published number."""
    scale = 10**digits
    return Fraction((value * scale * 2 + 1) // 2, scale)


def _number(text: str | None) -> Fraction | None:
    return Fraction(text) if text else None


def _by_rank(rank: str | None, unit: str) -> tuple[int, Fraction, str]:
    """The first place first; a mean place (1.5) lies between two, who has none stands last."""
    return (0, Fraction(rank), unit) if rank else (1, Fraction(0), unit)


def _ranked(book: Rulebook, group: str) -> bool:
    """Whether places are given in a group: a category that is not ranked takes none."""
    return all(one.ranked for one in book.categories if one.name == group)


def _quota(scheme: GradeScheme, name: str) -> bool:
    return any(grade.name == name and grade.quota is not None for grade in scheme.grades)


def _graded(units: Sequence[_Placed], book: Rulebook) -> Mapping[tuple[str, str], list[_Placed]]:
    """(category or "", grade) → its units, the best first."""
    found: dict[tuple[str, str], list[_Placed]] = {}
    for unit in sorted(units, key=lambda one: _by_rank(one.rank, one.unit)):
        scheme = book.scheme_of(unit.category)
        apart = scheme is not None and scheme.by_category
        if scheme is not None:
            for grade in scheme.order:
                found.setdefault((unit.category if apart else "", grade), [])
        if unit.grade is not None and unit.rank is not None:
            found.setdefault((unit.category if apart else "", unit.grade), []).append(unit)
    return found


def _places(book: Rulebook, group: str, name: str) -> str:
    scheme = book.scheme_of(group) or book.scheme
    grade: Grade | None = next((one for one in scheme.grades if one.name == name), None) if scheme is not None else None
    if grade is None or grade.quota is None:
        return "不限"
    amount = grade.quota.amount
    return f"{decimal(amount * 100)}%" if grade.quota.kind.value == "比例" else f"{decimal(amount)} 个"


def _seats(cut: Cut | None) -> str:
    return "" if cut is None else str(cut.count)


def _last(units: Sequence[_Placed]) -> str:
    scored = [one for one in units if one.total is not None]
    if not scored:
        return ""
    low = min(scored, key=lambda one: Fraction(one.total or "0"))
    return f"{low.unit} {low.total}"
