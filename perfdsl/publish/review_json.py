"""A comparison as JSON, in the format of ``docs/schema/diff.json``: numbers are strings that hold exact decimals.

The same comparison gives the same bytes.
"""

from __future__ import annotations

import json
from typing import Any

from perfdsl.publish.review_parts import plain
from perfdsl.reports.reviews import (
    ChangeFinding,
    ImpactFinding,
    QuotaShift,
    ReachFinding,
    ReviewFinding,
    SideFinding,
    SquareCell,
    UnitShift,
    WitnessFinding,
)
from perfdsl.text.render import to_json

FORMAT_VERSION = "1.0"
"""Additions are free, changes need a new major."""


def document(finding: ReviewFinding) -> str:
    """The whole comparison."""
    return json.dumps(review(finding), ensure_ascii=False, indent=1) + "\n"


def review(finding: ReviewFinding) -> dict[str, Any]:
    """The document as plain values."""
    return {
        "format_version": FORMAT_VERSION,
        "old": _side(finding.old),
        "new": _side(finding.new),
        "same": finding.same,
        "anonymous": finding.anonymous,
        "overview": finding.overview,
        "changes": [_change(one) for one in finding.changes],
        "renumbered": [{"old": old, "new": new, "name": name} for old, new, name in finding.renumbered],
        "unaffected": list(finding.unaffected),
        "impact": _impact(finding.impact) if finding.impact is not None else None,
        "checklist": list(finding.checklist),
        "problems": to_json(finding.problems),
        "patch": finding.patch,
    }


def _side(one: SideFinding) -> dict[str, Any]:
    book = one.rulebook
    return {
        "name": book.name,
        "version": book.version,
        "year": book.year,
        "status": book.status,
        "sha256": book.sha256,
        "file": one.file,
        "data": one.data or None,
    }


def _change(one: ChangeFinding) -> dict[str, Any]:
    old = {"code": one.old_code, "name": one.old_name, "article": one.old_article, "text": one.official[0]}
    new = {"code": one.code, "name": one.name, "article": one.article, "text": one.official[1]}
    return {
        "number": one.number,
        "how": one.how,
        "block": one.block,
        "sentence": one.sentence,
        "old": None if one.how == "新增" else old,
        "new": None if one.how == "删除" else new,
        "fields": [{"where": f.where, "old": f.old, "new": f.new, "words": f.words} for f in one.fields],
        "guessed": one.guessed,
        "reason": one.reason,
        "classes": [{"name": c.name, "direct": c.direct} for c in one.classes],
        "basis": one.basis,
        "duties": list(one.duties),
        "needs": list(one.needs),
        "units": one.units,
        "reached": one.reached,
        "impact": one.impact,
        "witness": _witness(one.witness) if one.witness is not None else None,
    }


def _witness(one: WitnessFinding) -> dict[str, Any]:
    return {
        "sentence": one.sentence,
        "units": [
            {
                "unit": unit.unit,
                "base": unit.base or None,
                "cells": [{"column": c.column, "value": c.value, "baseline": c.baseline or None} for c in unit.cells],
                "results": _results(unit.results),
            }
            for unit in one.units
        ],
        "tried": one.tried,
    }


def _results(found: tuple[tuple[str, str, str], ...]) -> list[dict[str, Any]]:
    return [{"what": what, "old": old or None, "new": new or None} for what, old, new in found]


def _impact(one: ImpactFinding) -> dict[str, Any]:
    return {
        "comparable": one.comparable,
        "method": one.method,
        "shapley": one.shapley,
        "filled": one.filled,
        "square": [_corner(corner) for corner in one.square],
        "units": [_shift(shift) for shift in one.shifts],
        "quotas": [_quota(quota) for quota in one.quotas],
        "reach": [_reach(reached) for reached in one.reach],
    }


def _reach(one: ReachFinding) -> dict[str, Any]:
    return {
        "change": one.change,
        "way": one.way,
        "unit": one.unit,
        "old_total": _number(one.total[0]),
        "new_total": _number(one.total[1]),
        "delta": _number(one.delta),
        "old_rank": one.rank[0] or None,
        "new_rank": one.rank[1] or None,
        "old_grade": one.grade[0] or None,
        "new_grade": one.grade[1] or None,
        "others": _results(one.others),
    }


def _corner(one: SquareCell) -> dict[str, Any]:
    return {
        "rules": one.rules,
        "data": one.data,
        "units": one.units,
        "mean": _number(one.mean),
        "grades": [{"grade": grade, "units": units} for grade, units in one.grades],
        "note": one.note,
    }


def _shift(one: UnitShift) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "category": one.category,
        "presence": one.presence,
        "old_total": _number(one.total[0]),
        "new_total": _number(one.total[1]),
        "delta": _number(one.delta),
        "old_rank": one.rank[0] or None,
        "new_rank": one.rank[1] or None,
        "rank_span": one.rank_span or None,
        "old_grade": one.grade[0] or None,
        "new_grade": one.grade[1] or None,
        "effects": [
            {
                "change": e.change,
                "name": e.name,
                "alone": _number(e.alone),
                "together": plain(e.together),
                "items": [{"code": code, "name": name, "moved": plain(by)} for code, name, by in e.parts],
            }
            for e in one.effects
        ],
        "why": one.why,
        "edge": one.edge,
        "held": one.held,
        "old_category": one.was_category or None,
        "applications": _results(one.applications),
        "open": one.open,
    }


def _quota(one: QuotaShift) -> dict[str, Any]:
    return {
        "group": one.group,
        "grade": one.grade,
        "old_places": one.places[0] or None,
        "new_places": one.places[1] or None,
        "old_seats": one.seats[0] or None,
        "new_seats": one.seats[1] or None,
        "old_cut": one.cuts[0],
        "new_cut": one.cuts[1],
        "old_taken": one.taken[0],
        "new_taken": one.taken[1],
        "old_last": one.last[0] or None,
        "new_last": one.last[1] or None,
        "entered": list(one.entered),
        "left": list(one.left),
    }


def _number(text: str) -> str | None:
    return plain(text) or None
