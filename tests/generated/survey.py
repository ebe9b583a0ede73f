"""Many seeds: run both engines on each, count what was met, tell what differs."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from generated.books import Case, case
from generated.compare import both, compared, differences
from generated.hits import Hits, count
from generated.shrink import breaks_like, differs_like, first, short, smallest, told

TOLD = 3
"""How many failures one worker reports in full."""


@dataclass
class Survey:
    """What came out of some seeds."""

    cells: int = 0
    hits: Hits = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Survey) -> None:
        """Take in what another worker found."""
        self.cells += other.cells
        self.hits.update(other.hits)
        self.failures += other.failures


def survey(seeds: Iterable[int], watch: bool = True) -> Survey:
    """Run ``seeds`` one after the other."""
    found = Survey()
    for seed in seeds:
        if len(found.failures) < TOLD:
            _one(case(seed), found, watch)
    return found


def _one(made: Case, found: Survey, watch: bool) -> None:
    try:
        ran = both(made, watch)
    except Exception as error:
        found.failures.append(_broken(made, error))
        return
    found.cells += compared(ran)
    if differences(ran):
        small = smallest(made, differs_like(first(ran)))
        found.failures.append(told(both(small)))
    elif watch:
        found.hits.update(count(ran))


def _broken(made: Case, error: Exception) -> str:
    small = smallest(made, breaks_like(error))
    items = "\n".join(f"  item {short(item)}" for item in small.book.walk())
    trace = "".join(traceback.format_exception(error)[-3:])
    return f"seed {made.seed}: {trace}\n{items}"


def shared_out(seeds: Sequence[int], workers: int = 2) -> Survey:
    """The same by several processes."""
    found = Survey()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for part in pool.map(survey, [list(seeds[n::workers]) for n in range(workers)]):
            found.add(part)
    return found
