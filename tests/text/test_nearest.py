"""The nearest name: most candidates are passed over without being compared, and none wrongly."""

from __future__ import annotations

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from perfdsl.text.near import ENOUGH, nearest

NAMES = st.text("按时办结率件数", max_size=6)


@given(NAMES, st.lists(NAMES, max_size=8))
def test_it_is_the_one_that_comparing_all_would_find(name: str, known: list[str]) -> None:
    likeness = {one: SequenceMatcher(None, name, one, autojunk=False).ratio() for one in sorted(set(known))}
    best = max(likeness.values(), default=0.0)
    expected = next(one for one in likeness if likeness[one] == best) if best >= ENOUGH else None
    assert nearest(name, known) == expected
