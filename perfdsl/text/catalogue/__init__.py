"""Everything the tool can complain about, one function a mistake.

``writing`` K0xx characters and lines · ``names`` K1xx names, codes and structure · ``scoring`` K2xx phrases and
their two readings · ``totals`` K3xx sums, bands, grades · ``data`` K4xx files and cells · ``running`` K5xx what a
run finds.

A file that is imported from here loads when it is first asked for something: where nothing is wrong, most never do.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from perfdsl.text.problem import CATALOGUE, Entry

if not TYPE_CHECKING:

    def __getattr__(name):
        """The file ``name``, which has yet to load."""
        spec = find_spec(f"{__name__}.{name}") if not name.startswith("_") else None
        if spec is None or spec.loader is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        spec.loader = LazyLoader(spec.loader)
        module = sys.modules[spec.name] = globals()[name] = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def entries() -> Mapping[str, Entry]:
    """What is known of every code, with all files loaded."""
    for one in iter_modules(__path__):
        vars(import_module(f"{__name__}.{one.name}"))  # asks it for something
    return CATALOGUE
