"""``run --format json``: the published format, and that nothing but rulebook and data has a say in its bytes."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from shuffler import shuffled

from perfdsl.clauses import KINDS
from perfdsl.clauses.kind import Kind
from perfdsl.publish import json as published
from perfdsl.publish.schema import Results, json_schema
from perfdsl.reports.results import results
from perfdsl.text.source import Source
from perfdsl.tools.cli import group
from perfdsl.workspace.cases import find, specs
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

HOME = Path(__file__).parents[2]
RULEBOOKS = HOME / "rulebooks"


def with_data() -> list[Path]:
    """Every rulebook under rulebooks/ that has data, in the order of their paths."""
    found = {
        (case.parent / spec.rulebook).resolve() for case in find(RULEBOOKS) for spec in specs(case) if spec.expected
    }
    return sorted(path for path in found if (path.with_suffix("") / "数据").exists())


BOOKS = with_data()
named = pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)


def run_again(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["run", *map(str, arguments), "--format", "json"])


@cache
def run(book: Path) -> Result:
    return run_again(book)


@named
def test_the_document_is_as_published(book: Path) -> None:
    """It validates, and nothing in it is unknown to the models."""
    text = run(book).stdout
    read = Results.model_validate_json(text)
    assert read.model_dump(exclude_unset=True) == json.loads(text)
    assert read.units and all(unit.items for unit in read.units)


@named
def test_a_reader_can_add_the_total_up(book: Path) -> None:
    """Parents come before their children, every parent is there, codes are unique."""
    for unit in Results.model_validate_json(run(book).stdout).units:
        seen: set[str] = set()
        for item in unit.items:
            assert item.parent is None or item.parent in seen
            assert item.code not in seen
            seen.add(item.code)
            assert (item.score is None) <= (item.state != "有值"), item


@named
def test_both_engines_and_two_runs_give_the_same_bytes(book: Path) -> None:
    first, second, by_hand = run(book), run_again(book), run_again(book, "--engine", "reference")
    assert first.stdout == second.stdout
    assert first.stdout == by_hand.stdout
    assert first.exit_code == by_hand.exit_code


def test_the_schema_is_fresh() -> None:
    path = HOME / "docs" / "schema" / "results.json"
    assert path.read_text(encoding="utf-8") == json_schema(), "python -m perfdsl.tools.generate schema"


# ---- order has no meaning


def document(book: Path, source: Source | None = None) -> dict[str, Any]:
    """The results, from ``source`` where it is given, with the data of ``book``."""
    from perfdsl.workspace.opening import open_text

    opened = open_rulebook(book) if source is None else open_text(source)
    assert opened.sound, [(one.code, one.message, one.span and one.span.line) for one in opened.problems]
    return published.as_dict(results(evaluate(opened, book.with_suffix("") / "数据")))


def without_places(value: Any) -> Any:
    """A document without lines and hashes, and without the order of its problems."""
    if isinstance(value, dict):
        kept = {
            key: without_places(one) for key, one in value.items() if key not in ("line", "column", "sha256", "place")
        }
        if "problems" in kept:
            kept["problems"] = sorted(kept["problems"], key=lambda one: json.dumps(one, ensure_ascii=False))
        return kept
    return [without_places(one) for one in value] if isinstance(value, list) else value


@named
@pytest.mark.parametrize("seed", [1])
def test_the_order_of_blocks_and_fields_has_no_meaning(book: Path, seed: int) -> None:
    text = book.read_text(encoding="utf-8")
    mixed = shuffled(text, seed)
    assert mixed != text and sorted(mixed.split()) == sorted(text.split())
    found = document(book, Source(book.name, mixed, book))
    assert without_places(found) == without_places(document(book))


@named
def test_the_order_of_the_registry_has_no_meaning(book: Path) -> None:
    """A text that is read and resolved by the kinds in another order comes to the same bytes."""
    mixed = tuple(random.Random(book.stem).sample(KINDS, len(KINDS)))
    assert mixed != KINDS
    assert published_bytes(book, mixed) == published_bytes(book, KINDS)


def published_bytes(book: Path, kinds: Sequence[Kind]) -> bytes:
    """What a run prints of the text, resolved by ``kinds``."""
    opened = open_rulebook(book, kinds)
    assert opened.sound
    return published.results(results(evaluate(opened, book.with_suffix("") / "数据"))).encode()


def test_the_hash_seed_has_no_meaning() -> None:
    """Three processes, three seeds, three time zones: the same bytes."""
    import os
    import subprocess

    book = RULEBOOKS / "石城县河长制2018" / "改定.perf"
    outs = {
        subprocess.run(
            [sys.executable, "-m", "perfdsl", "run", str(book), "--format", "json"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONUTF8": "1"},
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Shanghai"), ("4242", "America/Anchorage"))
    }
    assert len(outs) == 1
