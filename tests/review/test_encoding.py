"""The diff applied to the old rulebook, with nothing at hand but its JSON, gives the new one's model."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from generated.books import case
from generated.edits import edited

from perfdsl.clauses import KINDS
from perfdsl.model.rulebook import Rulebook
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.encoding import (
    BadDocument,
    Misfit,
    applied,
    as_document,
    classes,
    decoded,
    encoded,
)
from perfdsl.workspace.review.parts import assembled, parts

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
BOOKS = [path for path in sorted(RULEBOOKS.rglob("*.perf")) if path.parent.name != "共用"]
YEARS = [RULEBOOKS / "示例市" / f"{year}.perf" for year in (2023, 2024, 2025)]
EDITED = [
    *permutations(YEARS, 2),
    *(
        pair
        for mended in sorted(RULEBOOKS.glob("*/改定.perf"))
        for pair in permutations((mended.with_stem("原文"), mended))
    ),
]


@cache
def book(path: Path) -> Rulebook:
    opened = open_rulebook(path)
    assert opened.rulebook is not None
    return opened.rulebook


def through_json(document: Any) -> Any:
    """As another program gets it."""
    return json.loads(json.dumps(document, ensure_ascii=False))


def test_every_clause_kind_can_be_written() -> None:
    known = set(classes().values())
    assert not [kind.key for kind in KINDS if kind.node not in known]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: str(path.relative_to(RULEBOOKS)))
def test_a_rulebook_goes_through_json_and_back(path: Path) -> None:
    whole = book(path)
    assert decoded(through_json(encoded(whole))) == whole
    assert assembled(parts(whole)) == whole


@pytest.mark.parametrize(
    ("old", "new"), EDITED, ids=lambda path: f"{path.parent.name[:3]}{path.stem}" if isinstance(path, Path) else ""
)
def test_the_patch_gives_the_new_rulebook(old: Path, new: Path) -> None:
    document = through_json(as_document(compare(book(old), book(new))))
    patched = applied(book(old), document)
    assert parts(patched) == parts(book(new))
    assert patched == book(new)


@pytest.mark.parametrize("seed", range(40))
def test_the_patch_gives_the_edited_rulebook(seed: int) -> None:
    old = case(seed, units=3).book
    new = edited(old, seed, 1 + seed % 6)
    assert new != old
    for one, other in ((old, new), (new, old)):
        assert parts(applied(one, through_json(as_document(compare(one, other))))) == parts(other)


def test_nothing_to_patch() -> None:
    document = as_document(compare(book(YEARS[2]), book(YEARS[2])))
    assert document == {
        "terms": {
            "codes": {},
            "columns": [],
            "years": 0,
            "units": [],
            "categories": {},
            "schemes": {},
            "words": [],
        },
        "parts": [],
        "order": [],
    }
    assert applied(book(YEARS[2]), document) == book(YEARS[2])


def test_what_becomes_none_stays_a_part() -> None:
    """No full mark any more, and one where there was none."""
    old = book(YEARS[2])
    new = replace(old, full=None)
    for one, other in ((old, new), (new, old)):
        assert applied(one, through_json(as_document(compare(one, other)))) == other


# ---- what does not fit


def test_another_old_rulebook_is_refused() -> None:
    document = as_document(compare(book(YEARS[1]), book(YEARS[2])))
    with pytest.raises(Misfit) as told:
        applied(book(YEARS[0]), document)
    assert ("item", "A105") in told.value.differing or len(told.value.differing) > 8
    assert "这份修订不是对这份办法作的，下面各处与修订前的内容不同：" in str(told.value)


def test_one_part_that_is_another_one_is_named() -> None:
    old, new = book(YEARS[1]), book(YEARS[2])
    document = as_document(compare(old, new))
    touched = replace(old, total=replace(old.total, most=Fraction(99)))
    with pytest.raises(Misfit) as told:
        applied(touched, document)
    assert told.value.differing == (("head", "total"),)
    assert str(told.value).endswith("：head total")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.5, "1.5"),
        ({"is": "1/3"}, "读不懂"),
        ({"$": "Fraction", "is": "1/0"}, "1/0"),
        ({"$": "Fraction", "is": 3}, "Fraction 3"),
        ({"$": "date", "is": "2025-02-30"}, "2025-02-30"),
        ({"$": "Fraction", "is": "1", "more": 1}, "应当只有 “is”"),
        ({"$": "Nobody"}, "“Nobody”"),
        ({"$": "Level", "is": "NOTHING"}, "没有 'NOTHING'"),
        ({"$": "Rounding", "digits": 2}, "缺 “mode”"),
        ({"$": "Rounding", "digits": True, "mode": {"$": "Mode", "is": "UP"}}, "Rounding.digits 不能是 True"),
        ({"$": "Rounding", "digits": 2, "mode": "UP"}, "Rounding.mode 不能是 'UP'"),
        ({"$": "Rounding", "digits": 2, "mode": {"$": "Mode", "is": "UP"}, "span": None}, "没有 “span” 这一栏"),
        ({"$": "AllOf", "parts": [{"$": "Rounding", "digits": 2, "mode": {"$": "Mode", "is": "UP"}}]}, "AllOf.parts"),
    ],
)
def test_what_is_no_value_is_refused(value: Any, why: str) -> None:
    with pytest.raises(BadDocument) as told:
        decoded(value)
    assert why in str(told.value)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"terms": {}, "parts": [], "order": []},
        {"terms": {"codes": {}, "columns": [], "years": "1"}, "parts": [], "order": []},
        {"terms": {"codes": {}, "columns": [["a"]], "years": 0}, "parts": [], "order": []},
        {
            "terms": {"codes": {}, "columns": [], "years": 0},
            "parts": [{"key": [], "old": None, "new": None}],
            "order": [],
        },
    ],
)
def test_what_is_no_patch_is_refused(document: Any) -> None:
    with pytest.raises(BadDocument, match="这不是对照写出的修订"):
        applied(book(YEARS[0]), document)
