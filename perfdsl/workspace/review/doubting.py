"""Why the data of a comparison may be those of another year: their days, their units, the same numbers twice."""

from __future__ import annotations

from collections.abc import Mapping

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.model.states import State
from perfdsl.model.table import TableRole
from perfdsl.text.catalogue.data import UNKNOWN_NAMES, doubts
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.review.units import roster
from perfdsl.workspace.review.whole import Review

ENOUGH = 20
"""Two years in which so many cells are reported do not have the same in all of them by chance."""


def doubtful(review: Review) -> tuple[str, ...]:
    """Why the data of a side may be those of another year, in words."""
    said = []
    for side, ran in (("旧", review.before), ("新", review.after)):
        found = () if ran is None else doubts(ran.problems, more="")
        said += [f"{side}{one}" for one in found]
    if review.before is None or review.after is None:
        return tuple(said)
    old, new = review.comparison.old, review.comparison.new
    left = set(roster(old)) - set(roster(new)) - set(review.same_unit.values())
    unknown = [one.message for one in review.after.problems if one.code in UNKNOWN_NAMES]
    if there := {unit for unit in left if any(message.startswith(f"“{unit}”") for message in unknown)}:
        said.append(f"新数据里 {len(there)} 个单位只在旧名册上，像是以前年度的")
    years = [book.period.last.year if book.period is not None else 0 for book in (old, new)]
    if years[0] != years[1] and (count := _repeated(review.before, review.after, review.same_unit)):
        said.append(f"新数据和旧数据一模一样（{count} 格）")
    return tuple(said)


def _repeated(before: Evaluation, after: Evaluation, same: Mapping[str, str]) -> int:
    """How many cells both years report, where all of them say the same; 0 where one differs, or they are few."""
    olds, news = (ran.dataset[UNIT_GRAIN].columns if UNIT_GRAIN in ran.dataset else {} for ran in (before, after))
    facts = {
        f"{table.name}.{column.name}"
        for table in after.book.tables
        if table.role is TableRole.FACT
        for column in table.columns
        if column.name != UNIT_COLUMN
    }
    at = {unit: place for place, unit in enumerate(before.units)}
    count = 0
    for name in [name for name in news if name in olds and name in facts]:
        old, new = olds[name].cells, news[name].cells
        for place, unit in enumerate(after.units):
            was = at.get(same.get(unit, ""))
            if was is not None and State.VALUE in (old[was][0], new[place][0]):
                if old[was] != new[place]:
                    return 0
                count += 1
    return count if count >= ENOUGH else 0
