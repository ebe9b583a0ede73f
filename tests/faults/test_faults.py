"""Every planted fault is found by the generated rulebooks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from faults.planted import FAULTS, Fault
from faults.runner import source_of

LEAST = 40


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.module}: {fault.new[:40]}")
def test_the_fault_can_be_planted(fault: Fault) -> None:
    _, text = source_of(fault.module)
    assert text.count(fault.old) == 1, f"{fault.module} has {text.count(fault.old)} times: {fault.old}"
    assert fault.old != fault.new


def survivors(every: int) -> tuple[int, list[Fault]]:
    """How many faults were planted, and those that nothing caught."""
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "faults.runner", str(every)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert not found["unsound"], f"the engines differ without any fault, seeds {found['unsound']}"
    return len(found["caught"]), [FAULTS[number] for number, by in found["caught"] if not by]


@pytest.mark.parametrize("every", [45, pytest.param(1, marks=pytest.mark.full)])
def test_every_fault_is_caught(every: int) -> None:
    """A spread of them on every day, all of them in the full run: each takes a process of its own."""
    planted, left = survivors(every)
    print(f"\n{planted - len(left)} of {planted} planted faults caught")
    assert len(FAULTS) >= LEAST
    assert not left, "survived:\n" + "\n".join(f"{one.module}: {one.old} → {one.new}" for one in left)
