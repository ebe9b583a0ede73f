"""How much memory one run adds: ``python bench/memory.py UNITS`` in a process of its own prints it as JSON.

The system keeps the greatest resident size of a process (VmHWM), outputs included. It is set back once the columns
stand (5 into /proc/self/clear_refs, Linux only), after what was freed has been given back to the system.
"""

from __future__ import annotations

import ctypes
import gc
import json
import subprocess
import sys
from pathlib import Path

RESET = Path("/proc/self/clear_refs")


def added(units: int) -> dict[str, int] | None:
    """Bytes of the input columns and bytes that a first run adds to them; None where the system cannot tell."""
    if not RESET.exists():
        return None
    told = subprocess.run([sys.executable, __file__, str(units)], capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(told.stdout)
    return found


def main(units: int) -> None:
    """Measure in this process."""
    from machine import own_memory
    from side_ours import Ours
    from w200 import numbers

    ours = Ours()
    given = ours.given(numbers(units))
    columns = sum(column.values.nbytes for table in given.values() for column in table.columns.values())
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    RESET.write_text("5", encoding="ascii")
    before = own_memory("VmRSS")
    made = ours.run(given)
    most = own_memory("VmHWM")
    assert before is not None
    assert most is not None
    assert len(made.vectors) == len(ours.wanted)
    print(json.dumps({"columns": columns, "added": most - before}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
