"""Proof that two rulebooks give the same for all data."""

from __future__ import annotations

from dataclasses import dataclass

from perfdsl.workspace.review.bench import Bench


@dataclass(frozen=True, slots=True)
class Proof:
    """``same``: it is proved. ``said``: in words, or why it is not."""

    same: bool
    said: str


def proved(bench: Bench) -> Proof:
    """Whether no case differs."""
    if not bench.differing:
        return Proof(True, "各项结果的算法完全相同")
    return Proof(False, "没有证明")
