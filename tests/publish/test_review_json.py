"""A comparison as JSON: it is what its schema says, and the ledger adds up in it."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError
from review_sample import sample

from perfdsl.publish.review_json import FORMAT_VERSION, document
from perfdsl.publish.review_schema import Review, json_schema

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "diff.json"


def test_the_document_is_what_the_schema_says() -> None:
    read = Review.model_validate_json(document(sample(30)))
    assert read.format_version == FORMAT_VERSION == "1.0"
    assert [one.number for one in read.changes] == list(range(1, 13))
    assert read.changes[3].old is None
    assert read.changes[8].new is None
    assert read.model_dump(mode="json") == json.loads(document(sample(30)))


def test_effects_add_up_to_the_difference() -> None:
    read = Review.model_validate_json(document(sample(30)))
    assert read.impact is not None
    whole = [one for one in read.impact.units if one.effects]
    assert len(whole) == 40
    for one in whole:
        assert sum(Decimal(line.together) for line in one.effects) == Decimal(one.delta or "")
        assert Decimal(one.new_total or "") - Decimal(one.old_total or "") == Decimal(one.delta or "")


def test_what_is_not_there_is_null() -> None:
    read = json.loads(document(sample()))
    open_unit = next(one for one in read["impact"]["units"] if one["unit"] == "市教育局")
    assert (open_unit["new_total"], open_unit["delta"], open_unit["new_grade"]) == (None, None, None)
    assert open_unit["rank_span"] == "第 3–5 名"
    assert json.loads(document(replace(sample(), impact=None)))["impact"] is None


def test_another_version_is_refused() -> None:
    with pytest.raises(ValidationError):
        Review.model_validate_json(document(sample()).replace('"1.0"', '"2.0"', 1))


def test_the_schema_is_fresh() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == json_schema(), "python -m perfdsl.tools.generate schema"
