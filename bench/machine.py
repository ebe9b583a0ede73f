"""The machine, as far as it matters to the figures: no names, no paths."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "lark", "polars", "duckdb", "pyarrow", "openfisca-core", "zen-engine")
GIB = 1 << 30


def described() -> str:
    """Processor, cores, memory, system and versions, and how busy the machine is already."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = _meminfo("MemTotal")
    parts = [_processor(), f"{cores} 核", *([f"内存 {memory / GIB:.0f} GiB"] if memory else []), platform.system()]
    parts.append(f"Python {platform.python_version()}")
    parts += [f"{name} {found}" for name in PACKAGES if (found := installed(name))]
    if hasattr(os, "getloadavg"):
        parts.append(f"开始时的负载 {os.getloadavg()[0]:.1f}")
    return "，".join(parts)


def installed(name: str) -> str | None:
    """The version of a package, None where it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def free_memory() -> int | None:
    """Bytes that can be had, None where the system does not tell."""
    return _meminfo("MemAvailable")


def _meminfo(key: str) -> int | None:
    return _kilobytes(Path("/proc/meminfo"), key)


def own_memory(key: str) -> int | None:
    """A size of this process in bytes: ``VmRSS`` now, ``VmHWM`` at most so far."""
    return _kilobytes(Path("/proc/self/status"), key)


def _kilobytes(file: Path, key: str) -> int | None:
    if not file.exists():
        return None
    found = re.search(rf"^{key}:\s*(\d+) kB", file.read_text(encoding="ascii", errors="replace"), re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    told = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return found[1].strip() if found else platform.processor() or platform.machine()
