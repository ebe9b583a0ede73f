"""Boxes and arrows as mermaid, dot or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from perfdsl.reports.findings import Box
from perfdsl.text.records import fields


def mermaid(boxes: Sequence[Box]) -> str:
    """For Markdown pages."""
    lines = ["flowchart TD"]
    lines += [f'  n{box.id}["{_safe(_words(box))}"]' for box in boxes]
    lines += [f"  n{one} --> n{box.id}" for box in boxes for one in box.inputs]
    return "\n".join(lines)


def dot(boxes: Sequence[Box]) -> str:
    """For Graphviz."""
    lines = ["digraph 考评办法 {", "  rankdir=BT;", '  node [shape=box, fontname="SimSun"];']
    lines += [f'  n{box.id} [label="{_safe(_words(box))}"];' for box in boxes]
    lines += [f"  n{one} -> n{box.id};" for box in boxes for one in box.inputs]
    return "\n".join([*lines, "}"])


def as_json(boxes: Sequence[Box]) -> str:
    """For programs."""
    nodes = [{one.name: getattr(box, one.name) for one in fields(box)} for box in boxes]
    return json.dumps({"format_version": "1.0", "nodes": nodes}, ensure_ascii=False, indent=1)


def _words(box: Box) -> str:
    names = "、".join(box.titles)
    return f"{names}：{box.label}" if names else box.label


def _safe(text: str) -> str:
    return text.replace('"', "”").replace("\\", "＼").replace("\n", " ")
