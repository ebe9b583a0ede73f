"""Files made from others are fresh."""

from __future__ import annotations

from pathlib import Path

from perfdsl.publish.pages import pages

PROBLEMS = Path(__file__).parents[1] / "docs" / "problems"


def test_every_problem_code_has_its_page_and_no_page_is_left_over() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in PROBLEMS.glob("*.md")}
    assert found == pages(), "make pages"
