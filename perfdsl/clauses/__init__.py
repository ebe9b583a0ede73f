"""One file per clause kind: form, checks, lowering, by-hand reading, sentence.

Adding a kind is one file and one line in ``FILES``, whose order means nothing: the stages of the model decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfdsl.clauses.kind import Kind

FILES: Mapping[str, str] = {
    "agreed": "agreed.KIND",
    "application": "application.KIND",
    "bands": "bands.KIND",
    "bar_top": "bar_top.KIND",
    "borda": "borda.KIND",
    "by_conditions": "by_conditions.KIND",
    "by_rank": "by_rank.KIND",
    "by_rank_from_below": "by_rank.LAST_KIND",
    "by_value": "by_value.KIND",
    "cap_grade": "cap_grade.KIND",
    "checklist": "checklist.KIND",
    "converted": "converted.KIND",
    "count_gain": "count_gain.KIND",
    "rate_gain": "count_gain.RATE_KIND",
    "count_loss": "count_loss.KIND",
    "rate_loss": "count_loss.RATE_KIND",
    "count_quota": "count_quota.KIND",
    "deadline": "deadline.KIND",
    "drop_grade": "drop_grade.KIND",
    "efficacy": "efficacy.KIND",
    "escalation": "escalation.KIND",
    "grades": "grades.KIND",
    "individual": "individual.KIND",
    "interpolate": "interpolate.KIND",
    "ladder": "ladder.KIND",
    "larger_of": "larger_of.KIND",
    "ledger": "ledger.KIND",
    "ledger_points": "ledger_points.KIND",
    "ledger_table": "ledger_table.KIND",
    "manual": "manual.KIND",
    "mean_of": "mean_of.KIND",
    "measure": "measure.KIND",
    "meet_or_zero": "meet_or_zero.KIND",
    "min_max": "min_max.KIND",
    "none_occurred": "none_occurred.KIND",
    "pay_scale": "pay_scale.KIND",
    "periodic": "periodic.KIND",
    "promote": "promote.KIND",
    "proportional": "proportional.KIND",
    "rank_ends": "rank_ends.KIND",
    "rank_even": "rank_even.KIND",
    "rank_falling": "rank_falling.KIND",
    "rank_list": "rank_list.KIND",
    "rank_spans": "rank_spans.KIND",
    "rank_switch": "rank_switch.KIND",
    "raters": "raters.KIND",
    "ratio_to_first": "ratio_to_first.KIND",
    "reach": "reach.KIND",
    "satisfaction_counted": "satisfaction.COUNTED_KIND",
    "satisfaction": "satisfaction.KIND",
    "scoped_grade": "scoped_grade.KIND",
    "staff_quota": "staff_quota.KIND",
    "step_down": "step_down.KIND",
    "step_up": "step_up.KIND",
    "sum_of": "sum_of.KIND",
    "turns": "turns.KIND",
    "undetermined": "undetermined.KIND",
    "up_and_down": "up_and_down.KIND",
    "veto": "veto.KIND",
    "yes_no": "yes_no.KIND",
    "z_score": "z_score.KIND",
}
"""A kind's key and where it stands: its file and its name in it."""


class Registry(Mapping[str, "Kind"]):
    """The kinds by their keys; a kind's file loads when the kind is asked for, since few rulebooks use many."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.loaded: dict[str, Kind] = {}

    def __getitem__(self, key: str) -> Kind:
        if key not in self.loaded:
            file, _, name = self.files[key].partition(".")
            self.loaded[key] = getattr(import_module(f"{__name__}.{file}"), name)
        return self.loaded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


BY_KEY = Registry(FILES)
KINDS: tuple[Kind, ...]
"""Every kind; loads them all."""


def __getattr__(name: str) -> Any:
    if name == "KINDS":
        globals()[name] = tuple(BY_KEY.values())
        return globals()[name]
    raise AttributeError(name)


__all__ = ["BY_KEY", "FILES", "KINDS"]
