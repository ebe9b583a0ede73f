"""The ways of pasting a proposal are those of the problem cases."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "compile"))
