"""Two sides measured in turns: what is compared, who calls whom a peer, and how a table is printed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what, our median, the other side's, and how many times it may be at most."""

    what: str
    ours: float
    theirs: float
    most: float

    @property
    def ratio(self) -> float:
        """How many times as long ours takes."""
        return self.ours / self.theirs


def paired(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    times: int,
    before: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """Medians of both, taken in turns; ``before`` is done before each turn and not counted."""
    mine, others = [], []
    for _ in range(times):
        before()
        for call, into in ((ours, mine), (theirs, others)):
            begun = time.perf_counter()
            call()
            into.append(time.perf_counter() - begun)
    return median(mine), median(others)


def process(
    arguments: Sequence[str], accepted: Sequence[int] = (0,), surroundings: Mapping[str, str] | None = None
) -> Callable[[], object]:
    """A run of this Python with ``arguments`` in the folder of the project; its ending is looked at.

    ``-P`` keeps the folder off the path: what is installed is measured, and bare Python looks for as little.
    ``surroundings``: the variables of the environment, those of this process if None.
    """

    def run() -> None:
        done = subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=ROOT,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=surroundings,
        )
        if done.returncode not in accepted:
            raise SystemExit(f"{' '.join(arguments)}: {done.returncode}\n{done.stderr.decode(errors='replace')}")

    return run


def table(rows: Iterable[Row]) -> str:
    """The rows in Markdown."""
    head = ["| 量什么 | 我们（秒） | 比着量的（秒） | 倍数 | 不超过 |", "|---|---|---|---|---|"]
    return "\n".join(
        [*head, *(f"| {r.what} | {r.ours:.3f} | {r.theirs:.3f} | {r.ratio:.2f} | {r.most:g} |" for r in rows)]
    )
