"""Arrays that may be too long for memory: they lie in files without a name, in the folder for temporary files.

An array is mapped, not read: the system holds of it what memory allows. Its file goes with the array, and with the
process at the latest.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from perfdsl.text.refusal import Refusal

Array = npt.NDArray[Any]

BLOCK = 1 << 20
"""Rows that are gone through at a time."""

HELD = 1 << 24
"""Bytes of an array that are held in memory; a longer one goes to the disk."""


class NoRoom(Refusal):
    """There is no room for temporary files."""

    def __init__(self) -> None:
        super().__init__(
            f"临时文件夹 {tempfile.gettempdir()} 放不下这些数据，没有算，也没有写任何结果。"
            "请腾出空间，或用环境变量 TMPDIR 换一个空间大的文件夹，再运行一次"
        )


class Pile:
    """An array of ``dtype`` that grows at its end. What is no plain number (``object``) stays in memory."""

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self._held: list[Array] = []
        self._file: IO[bytes] | None = None
        self.rows = 0

    def add(self, block: Array) -> None:
        """Lay ``block`` at the end.

        Raises:
            NoRoom: the disk is full.
        """
        block = np.ascontiguousarray(block, dtype=self.dtype)
        self.rows += len(block)
        if self._file is None and (self.dtype.hasobject or self.rows * self.dtype.itemsize <= HELD):
            self._held.append(block)
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="perfdsl-")  # noqa: SIM115  lives as long as its array
            for one in (*self._held, block):
                self._file.write(one.data)
        except OSError as error:
            raise _no_room(error) from None
        self._held.clear()

    def array(self) -> Array:
        """All of it, not to be written into; nothing is laid on it any more.

        Raises:
            NoRoom: the disk is full.
        """
        if self._file is None:
            return np.concatenate(self._held) if self._held else np.zeros(0, self.dtype)
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from None
        return np.asarray(np.memmap(self._file, self.dtype, "r", shape=(self.rows,)))


def spans(rows: int, block: int = BLOCK) -> Iterator[slice]:
    """``rows`` rows in blocks."""
    return (slice(at, min(at + block, rows)) for at in range(0, rows, block))


def by_blocks(made: Callable[..., Array], *arrays: Array) -> Array:
    """What ``made`` makes of each block of ``arrays``, which are of the same length, one behind another.

    Raises:
        NoRoom: the disk is full.
    """
    rows = len(arrays[0])
    if rows <= BLOCK:
        return made(*arrays)
    blocks = (made(*(array[span] for array in arrays)) for span in spans(rows))
    first = next(blocks)
    pile = Pile(first.dtype)
    pile.add(first)
    for block in blocks:
        pile.add(block)
    return pile.array()


def _no_room(error: OSError) -> Exception:
    full = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return NoRoom() if error.errno in full else error
