"""Who computes W200: what each of them is handed beforehand, what is timed, what came out."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from exact import Column
from w200 import Numbers


class Side(Protocol):
    """One engine.

    ``given`` turns the numbers into the columns that the engine reads best (not timed), ``run`` computes everything
    (timed), ``answers`` tells what came out in the terms of :mod:`exact` (not timed).
    """

    name: str

    def given(self, found: Numbers) -> Any: ...

    def run(self, given: Any) -> Any: ...

    def answers(self, given: Any, made: Any) -> Iterable[Column]: ...


@dataclass(frozen=True, slots=True)
class Timed:
    """Medians of each call: seconds by the clock, and by the processors, all threads together; what its last run gave."""

    seconds: Mapping[str, float]
    work: Mapping[str, float]
    made: Mapping[str, Any]


def in_turns(
    calls: Mapping[str, Callable[[], Any]], times: int, keep: Sequence[str] = (), rehearsed: bool = True
) -> Timed:
    """Each call ``times`` times, taken in turns, so that all see the same machine; ``rehearsed``: a first one is not counted.

    Only what ``keep`` names is held after its run.
    """
    spent: dict[str, list[float]] = {name: [] for name in calls}
    worked: dict[str, list[float]] = {name: [] for name in calls}
    made: dict[str, Any] = {}
    for turn in range(times + rehearsed):
        for name, call in calls.items():
            made.pop(name, None)
            begun, busy = time.perf_counter(), time.process_time()
            found = call()
            if turn or not rehearsed:
                spent[name].append(time.perf_counter() - begun)
                worked[name].append(time.process_time() - busy)
            if name in keep:
                made[name] = found
            del found
        gc.collect()
    clock, work = ({name: median(each) for name, each in one.items()} for one in (spent, worked))
    return Timed(clock, work, made)
