"""Why a unit has its grade, in one sentence. Counts and places are those of the graph's own nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.graph.ops import EffectKind
from perfdsl.model import outputs
from perfdsl.model.expression import Condition
from perfdsl.model.grade import Grade, GradeScheme, QuotaKind
from perfdsl.model.rulebook import Rule
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.model.table import UNITS
from perfdsl.model.units import Mode, decimal, percent
from perfdsl.reports.words import MODES, published
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.graphs import Grading, Places, Trace, grading, kept


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
        self.trace: Trace | None = kept(evaluation)
        self.nodes: Grading | None = grading(self.trace.graph) if self.trace is not None else None

    def why(self, unit: int) -> str:
        """The sentence; "" for a unit whose grade is 待定, or where there are no grades."""
        scheme = self.book.scheme
        if scheme is None or self.trace is None or self.nodes is None:
            return ""
        state, given = self.evaluation.cell(outputs.GRADE, unit)
        apart = self._apart(unit)
        if apart and state <= State.ABSENT:
            return apart
        if state is not State.VALUE:
            return ""
        state, first = self.trace.cell(self.nodes.first, unit)
        if state is not State.VALUE or not isinstance(first, (int, Fraction)):
            return ""
        place = int(first)
        parts = [part for i in range(place) if (part := self._missed(scheme, i, unit))]
        if parts:
            parts.append(f"列入 “{scheme.order[place]}”")
        else:
            parts.append(self._reached(scheme, place, unit))
        drops = [self._rule(rule) for rule in self._active(Stage.ADJUSTMENT, unit)]
        if drops and given != scheme.order[place]:
            parts += [*drops, f"定为 “{given}”"]
        return "，".join(dict.fromkeys(parts))

    def _apart(self, unit: int) -> str:
        table = self.evaluation.dataset["单位"].columns.get(f"{UNITS}.类别")
        name = str(table.cells[unit][1]) if table is not None else ""
        category = self.book.category(name)
        if category is None or (category.ranked and not category.treated_as):
            return ""
        given = f"，等次按 “{category.treated_as}” 对待" if category.treated_as else "，不评等次"
        return f"“{name}” 不参加排名{given}"

    def _reached(self, scheme: GradeScheme, place: int, unit: int) -> str:
        grade = scheme.grades[place]
        total = self._number(outputs.TOTAL, unit)
        said = [f"总分 {published(self.evaluation.cell(outputs.TOTAL, unit), self.book.roundings.total)}"]
        if grade.position is not None:
            said.append(f"名次 {published(self.evaluation.cell(outputs.RANK, unit))}")
        if not self._in_band(scheme, place, total) and place == 0 and scheme.promoted is not None:
            said.append(f"名额外晋级，列为 “{grade.name}”")
            return "，".join(said)
        said.append(f"“{grade.name}” {_band(grade)}")
        if (quota := self._quota(place, unit)) is not None:
            said.append(f"{quota}以内")
        return "，".join(said)

    def _missed(self, scheme: GradeScheme, place: int, unit: int) -> str:
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
        if barred := [rule for rule in self._active(Stage.ELIGIBILITY, unit) if self._bars(rule, place)]:
            return "；".join(self._rule(rule) for rule in barred)
        places = self._places(place)
        if places is not None and self._true(places.rivals, unit) and not self._true(places.wins, unit):
            return f"够 “{grade.name}” 线，{self._quota(place, unit)}已满"
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

    def _places(self, place: int) -> Places | None:
        found = self.nodes.places if self.nodes is not None else ()
        return found[place] if place < len(found) else None

    def _true(self, node: int, unit: int) -> bool:
        assert self.trace is not None
        return self.trace.cell(node, unit) == (State.VALUE, True)

    def _quota(self, place: int, unit: int) -> str | None:
        """``名额 6 × 30% = 1.8，四舍五入 2 个``."""
        scheme, places = self.book.scheme, self._places(place)
        assert scheme is not None and self.trace is not None
        quota = scheme.grades[place].quota
        if quota is None or places is None:
            return None
        count = self._shown(places.count, unit)
        if quota.kind is QuotaKind.COUNT or places.base is None or places.share is None:
            return f"名额 {count} 个"
        base, share = self._shown(places.base, unit), self._shown(places.share, unit)
        told = f"名额 {base} × {percent(quota.amount)} = {share}"
        return f"{told}，{_mode(scheme.rounding)} {count} 个" if share != count else f"{told} 个"

    def _shown(self, node: int, unit: int) -> str:
        assert self.trace is not None
        value = self.trace.cell(node, unit)[1]
        return decimal(Fraction(value)) if isinstance(value, (Fraction, int)) else "待定"

    def _active(self, stage: Stage, unit: int) -> Iterator[Rule]:
        for rule in self.book.vetoes:
            held = self.evaluation.cell(outputs.veto(rule.code), unit) == (State.VALUE, True)
            if held and BY_KEY[rule.clause.kind].stage is stage:
                yield rule

    def _bars(self, rule: Rule, place: int) -> bool:
        assert self.book.scheme is not None
        effect: Any = BY_KEY[rule.clause.kind].by_hand(rule.clause, Applies(self.book.scheme.order))
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
