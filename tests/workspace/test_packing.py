"""Rulebooks and graphs in lists and back: nothing is lost, nothing is added, and they run alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from generated.books import case
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdsl.compile.lower import lower
from perfdsl.engine.columnar import run
from perfdsl.model.expression import Number
from perfdsl.model.units import Unit
from perfdsl.text.source import Source, Span
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.packing import Unpackable, packed, unpacked

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
BOOKS = [path for path in sorted(RULEBOOKS.rglob("*.perf")) if path.parent.parent.name != "写法"]
EXAMPLES = sorted(RULEBOOKS.glob("写法/*/例.perf"))


def again(value: Any, *sources: Source) -> Any:
    """``value`` packed, said in JSON, and unpacked; it is packed alike once more, places and all."""
    told = json.loads(json.dumps(packed(value, sources)))
    made = unpacked(told, sources)
    assert packed(made, sources) == told
    return made


@pytest.mark.parametrize("path", [*BOOKS, *EXAMPLES], ids=lambda path: str(path.relative_to(RULEBOOKS)))
def test_every_rulebook_comes_back(path: Path) -> None:
    opened = open_rulebook(path)
    graph = lower(opened.rulebook) if opened.sound and opened.rulebook is not None else None
    value = (opened.rulebook, graph, opened.schedules, opened.problems)
    assert again(value, opened.source, *opened.parts)[:3] == value[:3]  # a text of no file is equal to itself alone


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(10**6, 10**9), st.integers(1, 9))
def test_rulebooks_that_nobody_wrote_run_alike(seed: int, units: int) -> None:
    made = case(seed, units)
    graph = lower(made.book)
    book, back = again((made.book, graph))
    assert (book, back) == (made.book, graph)
    assert lower(book) == graph
    first, second = run(graph, made.data), run(back, made.data)
    assert first.faults == second.faults
    for name in graph.outputs:
        assert first.output(name, "单位") == second.output(name, "单位"), name


def test_what_is_one_stays_one() -> None:
    one = (1, "甲")
    first, second, third = again((one, one, True))
    assert first is second
    assert third is True


def test_what_is_alike_in_every_part_becomes_one() -> None:
    """Fields that are not compared are parts too: places in the text keep what is written there twice apart."""
    source = Source("甲", "2 分，2 分")
    here, there = (Number(Fraction(2), Unit(("分",)), span=Span(source, at, at + 3)) for at in (0, 4))
    assert here == there
    first, second, third, fourth = again((here, there, (1, frozenset({2})), (1, frozenset({2}))), source)
    assert first is not second
    assert (first.span, second.span) == (here.span, there.span)
    assert first.unit is second.unit
    assert third is fourth


def test_doubles_come_back_to_the_last_bit() -> None:
    numbers = (0.0, -0.0, 0.1, 5e-324, 2.0**52 + 0.5, 1e300)
    assert [one.hex() for one in again(numbers)] == [one.hex() for one in numbers]


@dataclass(frozen=True)
class Foreign:
    """A dataclass, and none of the program's."""

    of: int


@pytest.mark.parametrize("value", [1j, [1], {1}, b"1", Foreign(1), Path(), Source("另一份", "", Path())])
def test_what_it_does_not_know_it_refuses(value: Any) -> None:
    with pytest.raises(Unpackable):
        packed((value,), ())


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("subprocess", "Popen"),
        ("os", "system"),
        ("perfdsl.text.files", "os.system"),
        ("perfdsl.text.source", "Path"),
        ("perfdsl.text.files", "changed"),
    ],
)
def test_nothing_but_ours_is_called(module: str, name: str) -> None:
    with pytest.raises(Unpackable):
        unpacked([[[module, name, ["args"]]], [[-7, "echo"], [0, 0]]], ())
