"""The problems of a run as a text file that Notepad and WPS open rightly: what the screen shows, and all that waits."""

from __future__ import annotations

from perfdsl.publish.csv import BOM
from perfdsl.publish.stamp import stamp
from perfdsl.reports.findings import ResultsFinding
from perfdsl.text.render import render


def text(finding: ResultsFinding) -> str:
    """The stamp, every problem, and every unit's open results with what they wait for."""
    waits = [
        f"  {unit.unit} {one.what}：{'；'.join(one.causes) or '待定'}" for unit in finding.units for one in unit.waits
    ]
    waiting = "\n待定的结果，和它们在等什么\n" + "\n".join(waits) + "\n" if waits else ""
    return BOM + stamp(finding.assumed, finding.as_of) + render(finding.problems) + waiting
