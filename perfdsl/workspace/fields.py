"""Which fields a block can have."""

from __future__ import annotations

from perfdsl.clauses import KINDS, periodic
from perfdsl.compile import dedupe
from perfdsl.compile.fields import ABOUT, READ, WHEN
from perfdsl.workspace.opening import words


def fields_of(header: str) -> tuple[str, ...]:
    """Keys of the fields that a block reads: its own, and those of the clause kinds that are such a block."""
    lent = {"dedupe": dedupe.READ, "method": READ["indicator"]}  # a 计分办法 lends its fields to the item that names it
    own = {*lent.get(header, frozenset()), *READ.get(header, ABOUT - WHEN)}  # a rule says of itself what any block may
    for kind in KINDS:
        if kind.form.header == header:
            own |= {take.key for take in kind.form.takes} | {label.key for label in kind.form.labels}
    if READ["indicator"] <= own:
        own |= {take.key for take in periodic.FORM.takes}  # 按月计分: in every block that is scored as an indicator is
    return tuple(key for key in words().labels if key in own)


def could_have(header: str) -> tuple[str, ...]:
    """:func:`fields_of`, and what its 计分 may ask for, whichever that is."""
    own = fields_of(header)
    lent = {take.key for kind in KINDS if not kind.form.header for take in kind.form.takes} if "score" in own else set()
    return tuple(key for key in words().labels if key in own or key in lent)
