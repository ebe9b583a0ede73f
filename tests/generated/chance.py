"""Seeded choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """What a generator asks where it may go either way. The same seed gives the same answers."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def yes(self, odds: float = 0.5) -> bool:
        """True in ``odds`` of all cases."""
        return self._random.random() < odds

    def one(self, options: Sequence[T]) -> T:
        """One of ``options``."""
        return options[int(self._random.random() * len(options))]

    def maybe(self, option: T, odds: float = 0.5) -> T | None:
        """``option`` or nothing."""
        return option if self.yes(odds) else None

    def weighted(self, odds: Mapping[T, float]) -> T:
        """One of the keys, as often as its number says."""
        return self._random.choices(tuple(odds), tuple(odds.values()))[0]

    def some(self, options: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        """From ``least`` to ``most`` different ones of ``options``, in their order."""
        count = self.whole(least, min(len(options), len(options) if most is None else most))
        places = sorted(self._random.sample(range(len(options)), count))
        return [options[place] for place in places]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """``options`` in any order."""
        return self._random.sample(list(options), len(options))

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return low + int(self._random.random() * (high - low + 1))

    def halves(self, low: int, high: int) -> Fraction:
        """A number of halves from ``low`` to ``high``."""
        return Fraction(self.whole(2 * low, 2 * high), 2)
