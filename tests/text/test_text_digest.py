"""Both ways to hash say the same as the standard library."""

from __future__ import annotations

from hashlib import sha256

import pytest

from perfdsl.text.digest import LARGE, digest


@pytest.mark.parametrize("size", [0, 1, 1000, LARGE - 1, LARGE, LARGE + 1])
def test_it_is_sha256(size: int) -> None:
    raw = bytes(at % 251 for at in range(1000)) * (size // 1000) + b"~" * (size % 1000)
    assert len(raw) == size
    assert digest(raw) == sha256(raw).hexdigest()
