"""The registry of clause kinds as a whole."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from itertools import combinations
from pathlib import Path

from perfdsl import clauses
from perfdsl.clauses import BY_KEY, KINDS
from perfdsl.clauses.kind import Kind
from perfdsl.text.form import Slot


def scoring() -> list[Kind]:
    return [kind for kind in KINDS if not kind.form.header]


def required(kind: Kind) -> set[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]:
    return {(slot.shape, slot.where) for slot in kind.form.pattern if slot.required}


def could_fit(slot: Slot, kind: Kind) -> bool:
    """Whether a segment that ``slot`` asks for could be taken by ``kind`` as well."""
    return any(other.shape == slot.shape and _compatible(slot, other) for other in kind.form.pattern)


def _compatible(one: Slot, other: Slot) -> bool:
    wanted = dict(other.where)
    return all(name not in wanted or set(values) & set(wanted[name]) for name, values in one.where)


def test_every_kind_stands_under_its_own_key() -> None:
    assert [(key, kind.key) for key, kind in BY_KEY.items() if key != kind.key] == []
    assert len({id(kind) for kind in KINDS}) == len(BY_KEY)


def test_every_kind_there_is_is_registered() -> None:
    files = Path(clauses.__file__).parent.glob("*.py")
    made = [
        one
        for file in sorted(files)
        for one in vars(import_module(f"perfdsl.clauses.{file.stem}")).values()
        if isinstance(one, Kind) and file.stem != "__init__"
    ]
    assert {id(one) for one in made} == {id(one) for one in KINDS}


def test_no_phrase_is_made_of_the_required_parts_of_two_kinds() -> None:
    """Two kinds whose required slots fit each other must be told apart by what stands beside the phrase."""
    same = []
    for one, other in combinations(scoring(), 2):
        if one.combines != other.combines or not required(one) or not required(other):
            continue
        asked = [slot for slot in one.form.pattern if slot.required]
        back = [slot for slot in other.form.pattern if slot.required]
        if all(could_fit(slot, other) for slot in asked) and all(could_fit(slot, one) for slot in back):
            beside = {take.key for take in one.form.takes if take.required} | {
                take.key for take in other.form.takes if take.required
            }
            if not beside & (set(one.form.without) | set(other.form.without)):
                same.append((one.key, other.key))
    assert same == []


def test_every_kind_has_a_name_in_both_languages() -> None:
    for kind in KINDS:
        assert kind.form.name.canonical and kind.form.name.english, kind.key


def test_every_step_of_a_form_is_a_field_of_its_node() -> None:
    stepped = {kind.key: kind.steps for kind in KINDS if kind.steps}
    assert {"step_down", "step_up", "up_and_down", "count_loss", "manual"} <= set(stepped)
    for key, names in stepped.items():
        assert set(names) <= {one.name for one in fields(BY_KEY[key].node)}, key
