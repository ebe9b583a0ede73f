"""A whole comparison: what differs, and, where there are data, what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from perfdsl.model.outputs import TOTAL, score
from perfdsl.model.states import State
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.evaluate import Evaluation, evaluate
from perfdsl.workspace.opened import Opened, block_at
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.changes import Comparison, compare
from perfdsl.workspace.review.faults import of_columns, of_fill
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.judging import Verdict, judge
from perfdsl.workspace.review.ledger import Sides, UnitLedger, ledgers
from perfdsl.workspace.review.together import UNFIT, Source
from perfdsl.workspace.review.units import merged_units, roster, same_units


@dataclass(frozen=True, eq=False)
class Review:
    """``before`` and ``after``: the old rulebook on the old data, the new one on the new data; None where there are none.

    ``ending``: without new data, the new rules on the old data as far as these go (可比口径); None where they give no total.
    ``same_unit``: unit of the new roster → the same unit in the old one; without new data it has its old name on both.
    ``merged``: unit of the new roster → the units of
    the old one that became it, where there are several: their totals are not compared. ``ledgers``: unit → its ledger.
    ``verdicts``: number of a change → its class, how it was found, a case that shows it. ``filled``: the columns of the old
    and of the new data that others stand in for.
    """

    old: Opened
    new: Opened
    comparison: Comparison
    hybrids: Hybrids
    sides: Sides | None = None
    before: Evaluation | None = None
    after: Evaluation | None = None
    same_unit: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ledgers: Mapping[str, UnitLedger] = field(default_factory=dict)
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    filled: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    ending: Evaluation | None = None


def review(
    old: Opened,
    new: Opened,
    old_data: Path | None = None,
    new_data: Path | None = None,
    *,
    shapley: bool = False,
    assume: Path | None = None,
    last_value: bool = False,
) -> Review:
    """Compare two sound rulebooks. Without ``old_data`` nothing is run.

    ``assume``: data that stand in for columns of which the old data have nothing. ``last_value``: the same from the other
    year's data, on both sides (沿用).

    Raises:
        ValueError: one of them is not sound.
        TooMany: ``shapley``, and too many changes act on each other.
    """
    if not old.sound or not new.sound or old.rulebook is None or new.rulebook is None:
        raise ValueError("a rulebook with 必须改 cannot be compared")
    comparison = compare(old.rulebook, new.rulebook, as_written=_as_written(old, new))
    hybrids = Hybrids(comparison)
    if old_data is None:
        return Review(old, new, comparison, hybrids, verdicts=judge(hybrids))
    fill = assume or (new_data if last_value else None), old_data if last_value else None
    source = Source(new_data, new.folder, fill[1]) if new_data is not None else None
    sides = Sides(hybrids, Source(old_data, old.folder, fill[0]), source)
    before = evaluate(old, old_data, fill=fill[0])
    after = evaluate(new, new_data, fill=fill[1]) if new_data is not None else None
    theirs = after.units if after is not None else roster(new.rulebook) or before.units
    same = same_units(new.rulebook, before.units, theirs)
    merged = merged_units(new.rulebook, before.units, theirs)
    if after is None:  # they are called as the old data call them
        same = {was: was for was in before.units if was in same.values()}
    accounts = _certain(ledgers(sides, same, shapley=shapley), before, after, same)
    verdicts = judge(hybrids, sides if _scored(before) else None)
    ending = _ending(old, sides, old_data, fill[0]) if after is None else None
    taken: list[tuple[str, ...]] = [(), ()]
    before = replace(before, problems=of_columns(before.problems, sides.together("old").problems))
    if after is not None:
        after = replace(after, problems=of_columns(after.problems, sides.together("new").problems))
    if fill[0] is not None:
        filling = sides.old.filling(hybrids.book((), old_year=True).tables)
        taken[0] = filling.taken
        if assume is not None:  # data of the other year are told of as such
            more = of_fill(before.problems, filling, hybrids.ends(old_year=True)[1])
            before = replace(before, problems=(*before.problems, *more))
    if fill[1] is not None and source is not None:
        taken[1] = source.filling(new.rulebook.tables).taken
    return Review(
        old,
        new,
        comparison,
        hybrids,
        sides,
        before,
        after,
        same,
        merged,
        accounts,
        verdicts,
        (taken[0], taken[1]),
        ending,
    )


def _as_written(old: Opened, new: Opened) -> Callable[[str], bool]:
    """Whether the block of an item of ``new`` stands in ``old`` word for word."""
    texts = {block.span.text for block in old.tree.blocks}
    spans = {item.code: item.span for item in new.rulebook.walk()} if new.rulebook is not None else {}

    def same(code: str) -> bool:
        span = spans.get(code)
        block = block_at(span, new.tree.blocks) if span is not None else None
        return block is not None and block.span.text in texts

    return same


def computed_alike(hybrids: Hybrids) -> frozenset[str]:
    """Codes of the items whose scores both rulebooks compute alike from the same cells; none where they cannot be put
    beside each other."""
    old, new = hybrids.ends()
    try:
        bench = Bench(old, new, hybrids.shelf())
    except UNFIT:
        return frozenset()
    differing = frozenset(bench.differing)
    names = {item.code: score(item.code) for item in new.walk()}
    return frozenset(code for code, name in names.items() if name in bench.names and name not in differing)


def _ending(old: Opened, sides: Sides, data: Path, fill: Path | None) -> Evaluation | None:
    """The last step on the old data, with all that says why a unit has its grade."""
    chosen = frozenset(sides.early)
    if not sides.has("old", chosen, TOTAL):
        return None
    return evaluate(replace(old, rulebook=sides.seated("old", chosen), graph=None), data, fill=fill)


def _scored(ran: Evaluation) -> bool:
    """Whether any unit has a total: data that give nobody one say nothing about a change."""
    return any(state is State.VALUE for state, _ in ran.outcome.get(TOTAL, ()))


def _certain(
    found: Mapping[str, UnitLedger], before: Evaluation, after: Evaluation | None, same: Mapping[str, str]
) -> dict[str, UnitLedger]:
    """The ledgers whose ends are the totals that the two runs publish; another one would account for something else."""
    olds = dict(zip(before.units, before.outcome[TOTAL], strict=True))
    news = dict(zip(after.units, after.outcome[TOTAL], strict=True)) if after is not None else None
    return {
        unit: one
        for unit, one in found.items()
        if olds[same[unit]][1] == one.before and (news is None or news[unit][1] == one.after)
    }
