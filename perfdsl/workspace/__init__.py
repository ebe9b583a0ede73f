"""The library: open a rulebook, check it, run it. Reports and tools call nothing below this room."""

from perfdsl.workspace.evaluate import Evaluation, evaluate
from perfdsl.workspace.opening import Opened, open_rulebook, open_text

__all__ = ["Evaluation", "Opened", "evaluate", "open_rulebook", "open_text"]
