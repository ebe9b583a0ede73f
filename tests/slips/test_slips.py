"""Typical slips: what is said, on which line, and that pasting the proposal puts it right."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from slips_in_text import SLIPS, TENS, Slip
from slips_paste import pasted_into

from perfdsl.text.source import Source
from perfdsl.tools.cli import group
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.opening import open_text

BOOK = (Path(__file__).parent / "底本.perf").read_text(encoding="utf-8")
NAMED = {slip.name: slip for slip in SLIPS}
LEAST_FOUND, MOST_INVENTED = 8, 2


@lru_cache
def check(text: str) -> list[dict[str, Any]]:
    """What ``perfdsl check`` says."""
    found = CliRunner().invoke(
        group, ["check", "-", "--stdin-filename", "试.perf", "--format", "json"], input=text.encode()
    )
    problems: list[dict[str, Any]] = json.loads(found.stdout)["problems"]
    return problems


def slipped(slip: Slip, text: str = BOOK) -> str:
    assert slip.old in text, slip.name
    return text.replace(slip.old, slip.new, 1)


def problem(slip: Slip) -> dict[str, Any]:
    return next(one for one in check(slipped(slip)) if (one["code"], one["line"]) == (slip.code, slip.line))


def test_there_are_enough() -> None:
    said = [slip for slip in SLIPS if slip.code]
    in_data = (Path(__file__).parents[1] / "tools" / "slips.py").read_text(encoding="utf-8").count("    Slip(")
    mended = sum(bool(slip.paste) for slip in said)
    codes = len({slip.code for slip in said})
    print(f"{len(said)} slips in the text ({codes} codes, {mended} mended by pasting), {in_data} in data files")
    assert len(NAMED) == len(SLIPS)
    assert len(said) >= 150
    assert len(said) + in_data >= 200
    assert mended >= 100


def test_the_rulebook_is_good() -> None:
    assert check(BOOK) == []


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if slip.code], ids=lambda slip: slip.name)
def test_what_is_said(slip: Slip) -> None:
    found = check(slipped(slip))
    said = [one for one in found if (one["code"], one["line"]) == (slip.code, slip.line)]
    assert said, [(one["code"], one["line"], one["message"]) for one in found]
    assert any(one["message"].startswith(slip.says) for one in said)
    assert all(one["mend"] for one in said)
    assert len(found) <= 1 + 4, "one slip, a page of problems"


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if slip.paste], ids=lambda slip: slip.name)
def test_pasting_the_proposal_puts_it_right(slip: Slip) -> None:
    before = check(slipped(slip))
    after = check(pasted_into(slipped(slip), problem(slip), slip.paste))
    assert problem(slip)["message"] not in [one["message"] for one in after]
    assert {one["code"] for one in after} <= {one["code"] for one in before}
    assert len(after) < len(before)


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if not slip.code], ids=lambda slip: slip.name)
def test_what_is_understood_as_it_stands(slip: Slip) -> None:
    text = slipped(slip)
    good, typed = open_text(Source("试.perf", BOOK)), open_text(Source("试.perf", text))
    assert typed.problems == ()
    assert typed.rulebook == good.rulebook
    tidy, _ = formatted(Source("试.perf", text))
    assert open_text(Source("试.perf", tidy)).rulebook == good.rulebook


def begins(slip: Slip) -> int:
    return BOOK.count("\n", 0, BOOK.index(slip.old))


@pytest.mark.parametrize("names", TENS, ids=lambda names: names[0])
def test_ten_slips_in_one_file(names: tuple[str, ...]) -> None:
    """At least eight are told, each with its code on its line, and at most two things that are none."""
    made = [NAMED[name] for name in names]
    text = BOOK
    for slip in made:
        text = slipped(slip, text)
    left = [(one["code"], one["line"]) for one in check(text)]
    found = 0
    for slip in made:
        above = [one for one in made if begins(one) < begins(slip)]
        line = slip.line + sum(one.new.count("\n") - one.old.count("\n") for one in above)
        if (slip.code, line) in left:
            left.remove((slip.code, line))
            found += 1
    print(f"{found} of ten told, {len(left)} invented")
    assert len(set(names)) == 10
    assert found >= LEAST_FOUND
    assert len(left) <= MOST_INVENTED, left
