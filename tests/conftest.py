"""Settings of all tests: generated cases are the same on every run, so that a red test is a change of ours.

``make test-full`` looks for new ones (PERFDSL_RANDOM=1).
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from perfdsl.workspace.review import whole

os.environ["PERFDSL_CACHE"] = os.devnull  # nothing is kept from one test to the next; tests/tools/test_answers.py keeps

settings.register_profile("steady", derandomize=True)
if not os.environ.get("PERFDSL_RANDOM"):
    settings.load_profile("steady")


@pytest.fixture
def no_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases that show a change take long to look for; ledgers, and what is said of the files, need none."""
    monkeypatch.setattr(whole, "judge", lambda *_, **__: {})
