"""Everything the tool can complain about, one function a mistake.

``writing`` K0xx characters and lines · ``names`` K1xx names, codes and structure · ``scoring`` K2xx phrases and
their two readings · ``totals`` K3xx sums, bands, grades · ``data`` K4xx files and cells · ``running`` K5xx what a
run finds.

A file that is imported from here loads when it is first asked for something: where nothing is wrong, most never do.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from perfdsl.text.problem import CATALOGUE, Entry

if not TYPE_CHECKING:

    class _Later:
        """Stands for a file that has yet to load."""

        def __init__(self, file):
            self._file = file

        def __getattr__(self, name):
            return getattr(import_module(self._file), name)

    def __getattr__(name):
        if name.startswith("_"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return _Later(f"{__name__}.{name}")


def entries() -> Mapping[str, Entry]:
    """What is known of every code, with all files loaded."""
    for one in iter_modules(__path__):
        import_module(f"{__name__}.{one.name}")
    return CATALOGUE
