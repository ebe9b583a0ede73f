"""The library: open a rulebook, check it, run it. Reports and tools call nothing below this room."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from perfdsl.workspace.evaluate import Evaluation, evaluate
from perfdsl.workspace.opened import Opened

if TYPE_CHECKING:
    from perfdsl.workspace.opening import open_rulebook, open_text

__all__ = ["Evaluation", "Opened", "evaluate", "open_rulebook", "open_text"]


def __getattr__(name: str) -> Any:
    """What reads text is loaded when it is asked for: a run of what was compiled before needs none of it."""
    if name in __all__:
        return getattr(import_module("perfdsl.workspace.opening"), name)
    raise AttributeError(name)
