"""以上, 以下, 以内: whether they include their number is what 本数 declares, once for the whole rulebook."""

from __future__ import annotations

from collections.abc import Mapping

DECLARED = {"or_more": "以上", "or_less": "以下"}
"""Edges whose belonging the rulebook declares (本数)."""

Edges = Mapping[str, bool]
"""Word → whether it includes the number itself."""
WITHIN = ("以内", "within-limit")
"""An upper edge that 本数 may declare apart from 以下."""


def included(op: str, written: str, edges: Edges) -> bool | None:
    """Whether ``written`` (90 分以上), whose word is ``op``, includes its number; None where 本数 does not say."""
    other = edges.get(DECLARED[op])
    return edges.get(WITHIN[0], other) if written.endswith(WITHIN) else other
