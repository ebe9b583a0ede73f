"""Why a unit has its grade, in one sentence. Counts and places are those of the graph's own nodes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.graph.ops import EffectKind
from perfdsl.model import outputs
from perfdsl.model.expression import Condition
from perfdsl.model.grade import UNDETERMINED, UNIT, Grade, GradeScheme, QuotaKind
from perfdsl.model.rulebook import Rule
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.model.units import Mode, decimal, percent
from perfdsl.reports.cuts import Cuts
from perfdsl.reports.words import MODES, published
from perfdsl.text.records import dataclass
from perfdsl.workspace.evaluate import Evaluation


@dataclass(frozen=True)
class Applies:
    """What a rule's ``by_hand`` is asked with: its case is one that the run found to hold."""

    grades: tuple[str, ...]

    def holds(self, condition: Condition) -> bool:
        """It does."""
        return True


class Reasons:
    """Tells the units of one evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.book = evaluation.book
        self.cuts = Cuts(evaluation)
        self.trace = self.cuts.trace

    def why(self, unit: int) -> str:
        """The sentence; "" for a unit whose grade is 待定, or where there are no grades."""
        scheme = self.cuts.scheme(unit)
        if scheme is None or self.trace is None:
            return ""
        state, given = self.evaluation.cell(outputs.GRADE, unit)
        apart = self._apart(unit)
        if apart and state <= State.ABSENT:
            return apart
        if state is not State.VALUE:
            return ""
        if given == UNDETERMINED:
            return "；".join(self._rule(rule) for rule in self._active(Stage.CONFIRMATION, unit))
        place = self.first(scheme, unit)
        if place is None:
            return ""
        parts = [part for i in range(place) if (part := self._missed(scheme, i, place, unit))]
        if parts:
            parts.append(f"列入 “{scheme.order[place]}”")
        else:
            parts.append(self._reached(scheme, place, unit))
        drops = [self._rule(rule) for rule in self._active(Stage.ADJUSTMENT, unit)]
        if drops and given != scheme.order[place]:
            parts += [*drops, f"定为 “{given}”"]
        return "，".join(dict.fromkeys(parts))

    def ladder(self, unit: int) -> Iterator[tuple[str, str]]:
        """Each grade from the best to the one that the points and places of the unit brought: whether it took it, and why."""
        scheme = self.cuts.scheme(unit)
        place = self.first(scheme, unit) if scheme is not None else None
        if scheme is None or place is None:
            if said := self.why(unit):
                yield self._given(unit), said
            return
        for i in range(place):
            missed = self._missed(scheme, i, place, unit) or self._below(scheme, i, unit)
            yield scheme.order[i], missed
        total = published(self.evaluation.cell(outputs.TOTAL, unit), self.book.roundings.total)
        reached = self._reached(scheme, place, unit).removeprefix(f"总分 {total}，")
        yield scheme.order[place], reached.removeprefix(f"“{scheme.order[place]}” ")

    def _given(self, unit: int) -> str:
        return published(self.evaluation.cell(outputs.GRADE, unit)) or "等次"

    def _below(self, scheme: GradeScheme, place: int, unit: int) -> str:
        """How far a unit is from the line of a grade, and where its places end."""
        grade, total = scheme.grades[place], self._number(outputs.TOTAL, unit)
        low = grade.band.low if grade.band is not None else None
        short = f"，差 {decimal(low - total)} 分" if low is not None and total is not None and total < low else ""
        cut = self.cuts.cut(scheme, place, unit)
        end = f"，{cut.words}" if cut is not None and cut.words else ""
        quota = f"；{said}{end}" if (said := self.quota(scheme, place, unit)) is not None else ""
        return f"{_band(grade)}，没有达到{short}{quota}"

    def first(self, scheme: GradeScheme, unit: int) -> int | None:
        """The grade before drops, as a place in the table; None where it is open, or there is none."""
        if self.trace is None:
            return None
        state, first = self.trace.cell(self.cuts.tables[self.book.schemes.index(scheme)].first, unit)
        return int(first) if state is State.VALUE and isinstance(first, (int, Fraction)) else None

    def barred(self, scheme: GradeScheme, place: int, unit: int) -> bool:
        """Whether a veto or a limit keeps the unit out of the grade, whatever its points."""
        return any(self._bars(rule, scheme, place) for rule in self._active(Stage.ELIGIBILITY, unit))

    def _apart(self, unit: int) -> str:
        name = self.cuts.category(unit)
        category = self.book.category(name)
        if category is None or (category.ranked and not category.treated_as):
            return ""
        if category.excluded:
            return f"“{name}” 不参加考核"
        given = f"，等次按 “{category.treated_as}” 对待" if category.treated_as else "，不评等次"
        return f"“{name}” 不参加排名{given}"

    def _reached(self, scheme: GradeScheme, place: int, unit: int) -> str:
        grade = scheme.grades[place]
        total = self._number(outputs.TOTAL, unit)
        said = [f"总分 {published(self.evaluation.cell(outputs.TOTAL, unit), self.book.roundings.total)}"]
        if grade.position is not None:
            said.append(f"名次 {published(self.evaluation.cell(outputs.RANK, unit))}")
        raised = [rule for rule in self._active(Stage.GRADE, unit) if self._gives(rule, scheme, place)]
        if raised and not self._in_band(scheme, place, total):
            return "，".join([*said, self._rule(raised[0])])
        if not self._in_band(scheme, place, total) and place == 0 and scheme.promoted is not None:
            said.append(f"名额外晋级，列为 “{grade.name}”")
            return "，".join(said)
        said.append(f"“{grade.name}” {_band(grade)}")
        if (quota := self.quota(scheme, place, unit)) is not None:
            cut = self.cuts.cut(scheme, place, unit)
            beyond = cut is not None and cut.taken_in and unit in cut.of_level
            said.append(f"{quota}，{cut.words}" if beyond and cut is not None else f"{quota}以内")
        return "，".join(said)

    def _missed(self, scheme: GradeScheme, place: int, given: int, unit: int) -> str:
        """Why a better grade whose line the unit reached did not take it; "" where it did not reach the line."""
        grade, total, rank = (
            scheme.grades[place],
            self._number(outputs.TOTAL, unit),
            self._number(outputs.RANK, unit),
        )
        if not self._in_band(scheme, place, total):
            return ""
        if grade.position is not None and (rank is None or rank not in grade.position):
            return ""
        if barred := [rule for rule in self._active(Stage.ELIGIBILITY, unit) if self._bars(rule, scheme, place)]:
            return "；".join(self._rule(rule) for rule in barred)
        places = self.cuts.places(scheme, place)
        if places is not None and self.cuts.true(places.rivals, unit) and not self.cuts.true(places.wins, unit):
            return f"够 “{grade.name}” 线，{self._lost(scheme, place, unit)}"
        last = [lower for lower in scheme.grades[place + 1 : given + 1] if lower.forced is not None]
        if last and grade.also is None:
            return f"够 “{grade.name}” 线，名次在末位"
        return f"够 “{grade.name}” 线，不符合 “{grade.name}” 的另需条件" if grade.also is not None else ""

    def _number(self, name: str, unit: int) -> Fraction | None:
        if name not in self.evaluation.outcome:
            return None
        value = self.evaluation.cell(name, unit)[1]
        return Fraction(value) if isinstance(value, (Fraction, int)) else None

    def _in_band(self, scheme: GradeScheme, place: int, total: Fraction | None) -> bool:
        """Whether the total lies in the grade's band or in a better one's; a grade without a band takes what is left."""
        if total is None:
            return False
        bands = [grade.band for grade in scheme.grades if grade.band is not None]
        for grade in scheme.grades[: place + 1]:
            if grade.band is None and (grade.quota is None and grade.position is None):
                if not any(total in band for band in bands):
                    return True
            elif grade.band is None or total in grade.band:
                return True
        return False

    def _lost(self, scheme: GradeScheme, place: int, unit: int) -> str:
        """How the places ended before the unit: all given, kept free, or not given to units that are level."""
        quota, cut = self.quota(scheme, place, unit), self.cuts.cut(scheme, place, unit)
        if cut is None:
            return f"{quota}已满"
        if cut.level and not cut.taken_in:
            return f"{quota}，{cut.words}"
        mine = self._number(outputs.TOTAL, unit)
        level = cut.won and mine is not None and self._number(outputs.TOTAL, cut.won[-1]) == mine
        behind = "，总分与末位相同，按同分办法排在后面" if level else ""
        return f"{quota}已满{f'（{cut.words}）' if cut.words else ''}{behind}"

    def quota(self, scheme: GradeScheme, place: int, unit: int) -> str | None:
        """``名额 6 × 30% = 1.8，四舍五入 2 个``."""
        places = self.cuts.places(scheme, place)
        assert self.trace is not None
        quota = scheme.grades[place].quota
        if quota is None or places is None:
            return None
        count, left = self._shown(places.whole, unit), self._shown(places.count, unit)
        used = f"，名次以外已用，余 {left} 个" if left != count else ""
        if quota.kind is QuotaKind.COUNT or places.base is None or places.share is None:
            return f"名额 {count} 个{used}"
        base, share = self._shown(places.base, unit), self._shown(places.share, unit)
        told = f"名额 {base} × {percent(quota.amount)} = {share}"
        return f"{told}，{_mode(scheme.rounding)} {count} 个{used}" if share != count else f"{told} 个{used}"

    def _shown(self, node: int, unit: int) -> str:
        assert self.trace is not None
        value = self.trace.cell(node, unit)[1]
        return decimal(Fraction(value)) if isinstance(value, (Fraction, int)) else "待定"

    def _active(self, stage: Stage, unit: int) -> Iterator[Rule]:
        for rule in self.book.vetoes:
            held = self.evaluation.cell(outputs.veto(rule.code), unit) == (State.VALUE, True)
            if held and BY_KEY[rule.clause.kind].stage is stage:
                yield rule

    def _gives(self, rule: Rule, scheme: GradeScheme, place: int) -> bool:
        return tuple(getattr(rule.clause, "grades", ())[:1]) == (scheme.order[place],)

    def _bars(self, rule: Rule, scheme: GradeScheme, place: int) -> bool:
        clause: Any = rule.clause
        if not clause.concerns(scheme) or UNIT not in clause.scopes:
            return False
        effect: Any = BY_KEY[rule.clause.kind].by_hand(rule.clause, Applies(scheme.order))
        return effect.effect in (EffectKind.AT_MOST, EffectKind.SET) and effect.amount > place

    def _rule(self, rule: Rule) -> str:
        """``一票否优 “重大舆情”，不得评为 “优秀”``."""
        kind = BY_KEY[rule.clause.kind]
        word = kind.form.name.canonical
        return f"{word} “{rule.name}”，{kind.sentence(rule.clause, rule).removeprefix(f'{word}：')}"


def _band(grade: Grade) -> str:
    written = [span.text for part in (grade.band, grade.position) if part is not None and (span := part.span)]
    return "、".join(written) or "其余"


def _mode(mode: Mode | None) -> str:
    return MODES[mode] if mode is not None else ""
