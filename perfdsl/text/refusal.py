"""A run that cannot be made."""

from __future__ import annotations


class Refusal(Exception):
    """Nothing was computed and nothing was written; the message says why, for people."""
