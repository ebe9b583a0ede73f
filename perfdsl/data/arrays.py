"""What arrays are called. What is in them is told to the type checker alone: ``numpy.typing`` takes its time to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    States = npt.NDArray[np.uint8]
    Array = npt.NDArray[Any]
else:
    Ints = Bools = States = Array = np.ndarray
