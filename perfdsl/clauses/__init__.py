"""One file per clause kind: form, checks, lowering, by-hand reading, sentence.

Adding a kind is one file and one entry in ``KINDS``, whose order means nothing: the stages of the model decide.
"""

from __future__ import annotations

from perfdsl.clauses import (
    application,
    bar_top,
    cap_grade,
    checklist,
    count_gain,
    count_loss,
    deadline,
    drop_grade,
    grades,
    individual,
    larger_of,
    manual,
    mean_of,
    measure,
    meet_or_zero,
    none_occurred,
    proportional,
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
    application.KIND,
    bar_top.KIND,
    cap_grade.KIND,
    checklist.KIND,
    count_gain.KIND,
    count_loss.KIND,
    deadline.KIND,
    drop_grade.KIND,
    grades.KIND,
    individual.KIND,
    larger_of.KIND,
    manual.KIND,
    mean_of.KIND,
    measure.KIND,
    meet_or_zero.KIND,
    none_occurred.KIND,
    proportional.KIND,
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
