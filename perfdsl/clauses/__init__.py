"""One file per clause kind: form, checks, lowering, by-hand reading, sentence.

Adding a kind is one file and one entry in ``KINDS``, whose order means nothing: the stages of the model decide.
"""

from __future__ import annotations

from perfdsl.clauses import (
    agreed,
    application,
    bands,
    bar_top,
    by_conditions,
    cap_grade,
    checklist,
    converted,
    count_gain,
    count_loss,
    count_quota,
    deadline,
    drop_grade,
    grades,
    individual,
    interpolate,
    larger_of,
    ledger,
    manual,
    mean_of,
    measure,
    meet_or_zero,
    none_occurred,
    periodic,
    proportional,
    rank_list,
    ratio_to_first,
    reach,
    step_down,
    step_up,
    sum_of,
    up_and_down,
    veto,
    yes_no,
)
from perfdsl.clauses.kind import Kind

KINDS: tuple[Kind, ...] = (
    agreed.KIND,
    application.KIND,
    bands.KIND,
    bar_top.KIND,
    by_conditions.KIND,
    cap_grade.KIND,
    checklist.KIND,
    converted.KIND,
    count_gain.KIND,
    count_gain.RATE_KIND,
    count_loss.KIND,
    count_loss.RATE_KIND,
    count_quota.KIND,
    deadline.KIND,
    drop_grade.KIND,
    grades.KIND,
    individual.KIND,
    interpolate.KIND,
    larger_of.KIND,
    ledger.KIND,
    manual.KIND,
    mean_of.KIND,
    measure.KIND,
    meet_or_zero.KIND,
    none_occurred.KIND,
    periodic.KIND,
    proportional.KIND,
    rank_list.KIND,
    ratio_to_first.KIND,
    reach.KIND,
    step_down.KIND,
    step_up.KIND,
    sum_of.KIND,
    up_and_down.KIND,
    veto.KIND,
    yes_no.KIND,
)

BY_KEY = {kind.key: kind for kind in KINDS}

__all__ = ["BY_KEY", "KINDS", "Kind"]
