"""Arrays that may be too long for memory: they lie in files without a name, in the folder for temporary files.

An array is mapped, not read: the system holds of it what memory allows. Its file goes with the array, and with the
process at the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, overload

import numpy as np

from perfdsl.data.arrays import Array
from perfdsl.text.refusal import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt


BLOCK = 1 << 20
"""Rows that are gone through at a time."""

HELD = 1 << 24
"""Bytes of an array that are held in memory; a longer one goes to the disk."""


class NoRoom(Refusal):
    """There is no room for temporary files, or no folder for them."""

    def __init__(self) -> None:
        import tempfile  # loads with what is large

        try:
            folder = f" {tempfile.gettempdir()} "
        except OSError:  # there is none that can be written
            folder = ""
        super().__init__(
            f"临时文件夹{folder}放不下这些数据，没有算，也没有写任何结果。"
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
        import tempfile

        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="perfdsl-")  # noqa: SIM115  lives as long as its array
            for one in (*self._held, block):
                self._file.write(one.data)
        except OSError:
            raise NoRoom from None
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
        except OSError:
            raise NoRoom from None
        return np.asarray(np.memmap(self._file, self.dtype, "r", shape=(self.rows,)))


class Texts(Sequence[str]):
    """Texts that lie as bytes behind one another; ``ends``: where each ends."""

    def __init__(self, written: Array, ends: Array) -> None:
        self._written, self._ends = written, ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            low, high, step = index.indices(len(self))
            assert step == 1
            return self._read(low, max(low, high))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        return self._read(at, at + 1)[0]

    def __iter__(self) -> Iterator[str]:
        for span in spans(len(self), TEXTS):
            yield from self._read(span.start, span.stop)

    def _read(self, low: int, high: int) -> list[str]:
        if low == high:
            return []
        ends = self._ends[low:high].tolist()
        begin = int(self._ends[low - 1]) if low else 0
        written = self._written[begin : ends[-1]].tobytes()
        places = [end - begin for end in ends]
        return [written[a:b].decode() for a, b in zip([0, *places], places, strict=False)]


TEXTS = 1 << 16
"""Texts that are looked at at a time; so many are simply held."""


def kept_texts(texts: Iterable[str]) -> Sequence[str]:
    """``texts``, a tuple where they are few.

    Raises:
        NoRoom: the disk is full.
    """
    rest = iter(texts)
    first = tuple(islice(rest, TEXTS))
    if len(first) < TEXTS:
        return first
    written, ends, size = Pile(np.uint8), Pile(np.int64), 0
    block: Sequence[str] = first
    while block:
        read = [text.encode() for text in block]
        ends.add(size + np.cumsum([len(each) for each in read]))
        size += sum(map(len, read))
        written.add(np.frombuffer(b"".join(read), np.uint8))
        block = tuple(islice(rest, TEXTS))
    return Texts(written.array(), ends.array())


def spans(rows: int, block: int = 0) -> Iterator[slice]:
    """``rows`` rows in blocks, of :data:`BLOCK` if nothing else is said."""
    block = block or BLOCK
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


def holds_somewhere(asked: Callable[..., Any], *arrays: Array) -> bool:
    """Whether ``asked`` holds of some row of ``arrays``, which are of the same length."""
    return any(bool(np.any(asked(*(array[span] for array in arrays)))) for span in spans(len(arrays[0])))
