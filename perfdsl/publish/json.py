"""Results as JSON, in the format of ``docs/schema/results.json``: numbers are strings that hold exact decimals.

The same run gives the same bytes: nothing in it depends on time, place or order of files.
"""

from __future__ import annotations

import json
from typing import Any

from perfdsl.reports.findings import ApplicationFinding, AsOfFinding, ItemFinding, ResultsFinding, UnitFinding
from perfdsl.text.render import to_json

FORMAT_VERSION = "1.0"
"""Additions are free, changes need a new major."""


def results(finding: ResultsFinding) -> str:
    """The whole run."""
    return json.dumps(as_dict(finding), ensure_ascii=False, indent=1) + "\n"


def as_dict(finding: ResultsFinding) -> dict[str, Any]:
    """The document as plain values."""
    book = finding.rulebook
    return {
        "format_version": FORMAT_VERSION,
        "rulebook": {"name": book.name, "version": book.version, "status": book.status, "sha256": book.sha256},
        "provisional": bool(finding.assumed),
        **({"assumed": finding.assumed} if finding.assumed else {}),
        **({"as_of": as_of(finding.as_of)} if finding.as_of is not None else {}),
        "units": [_unit(unit) for unit in finding.units],
        "problems": to_json(finding.problems),
    }


def as_of(found: AsOfFinding) -> dict[str, Any]:
    """The day of a run before the year is over, and what was due by then."""
    return {
        "date": found.date,
        "due_items": found.items,
        "due_points": found.points,
        "not_due": [name.partition(" ")[0] for name in found.not_due],
    }


def _unit(unit: UnitFinding) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "code": unit.code,
        "category": unit.category,
        "total": unit.total,
        "rank": unit.rank,
        "grade": unit.grade,
        **({"scoped_grades": [{"name": one.name, "grade": one.grade} for one in unit.scoped]} if unit.scoped else {}),
        "items": [_item(item) for item in unit.items],
        "vetoes": list(unit.vetoes),
        "applications": [_application(one) for one in unit.applications],
    }


def _application(one: ApplicationFinding) -> dict[str, Any]:
    more = {"text": one.text, "ways": list(one.ways), "since": one.since, "due": one.due}
    return {"code": one.code, "name": one.name, "value": one.value, **{key: told for key, told in more.items() if told}}


def _item(item: ItemFinding) -> dict[str, Any]:
    return {
        "code": item.code,
        "parent": item.parent,
        "name": item.name,
        "kind": item.kind,
        "score": item.score,
        "full": item.full,
        "article": item.article,
        "line": item.line,
        "state": item.state,
    }
