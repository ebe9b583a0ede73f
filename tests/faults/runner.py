"""Runs the generated rulebooks against every fault; called as a program of its own, since it forks.

The reference is run once, on sound source. Then each fault gets a process in which ``perfdsl`` is imported afresh,
one of its modules with the fault in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from faults.planted import FAULTS, Fault

CALM, ALL = range(5000, 5060), tuple(range(5000, 5180))
DAILY = (*CALM, *range(5096, 5108))
"""Seeds of every day, a few of them whole, and of the full run, which looks at the later ones where no earlier one
catches a fault."""
UNITS = 20
BROKEN = (ImportError, SyntaxError, NameError, AttributeError, TypeError)
"""A fault that leads to one of these is no fault of meaning, but a mistake in planting it."""

Cells = dict[str, list[tuple[int, str]]]

expected: dict[int, Cells] = {}


def source_of(module: str) -> tuple[str, str]:
    """(path, text) of a module's source."""
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    return spec.origin, Path(spec.origin).read_text(encoding="utf-8")


class Faulty(SourceFileLoader):
    """Loads a module from text that is not in its file."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")


class Planter(MetaPathFinder):
    """Finds one module with a fault in it."""

    def __init__(self, fault: Fault) -> None:
        self.module = fault.module
        self.path, text = source_of(fault.module)
        self.text = text.replace(fault.old, fault.new)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        return spec_from_file_location(fullname, self.path, loader=Faulty(fullname, self.path, self.text))


def plain(outcome: Any) -> Cells:
    """Cells without classes of the package, which every import makes anew."""
    near = import_module("near").plain
    return {name: [(int(state), repr(near(value))) for state, value in cells] for name, cells in outcome.items()}


def made(seed: int) -> Any:
    """The case of a seed: every other one calm, the later ones of these whole, so that totals, ranks and grades are there."""
    books, stock = import_module("generated.books"), import_module("generated.stock")
    calm = stock.Mood.CALM if seed in CALM else stock.Mood.WHOLE
    return books.case(seed, UNITS, calm if seed % 2 else None)


def by_hand(seeds: Sequence[int]) -> None:
    """Fill :data:`expected` from the reference."""
    from perfdsl.reference import evaluate

    for seed in seeds:
        case = made(seed)
        expected[seed] = plain(evaluate(case.book, case.data))


def caught(number: int) -> str:
    """By what the fault was caught; empty if it survived."""
    fault = FAULTS[number]
    planter = Planter(fault)
    for name in [name for name in sys.modules if name.split(".")[0] in ("perfdsl", "generated", "near")]:
        del sys.modules[name]
    sys.meta_path.insert(0, planter)
    try:
        for seed in expected:
            if found := _differs(seed):
                return f"seed {seed}: {found}"
    except BROKEN:
        raise
    except Exception as error:
        return f"raised {type(error).__name__}"
    return ""


def _differs(seed: int) -> str:
    cells = plain(import_module("generated.compare").by_graph(made(seed)))
    for name, column in cells.items():
        if column != expected[seed][name]:
            return name
    return ""


def main(every: int) -> None:
    """Print [number, what caught it] of every so-manieth fault as JSON, after the seeds themselves were found sound."""
    by_hand(ALL if every == 1 else DAILY)
    numbers = range(0, len(FAULTS), every)
    sound = [seed for seed in expected if _differs(seed)]
    with get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        results = pool.map(caught, numbers, chunksize=1)
    print(json.dumps({"unsound": sound, "caught": list(zip(numbers, results, strict=True))}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
