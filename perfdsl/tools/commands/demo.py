"""The demonstration behind ``make demo``: 示例市, invented."""

from __future__ import annotations

from pathlib import Path

import click

RULEBOOK = Path("rulebooks") / "示例市" / "2025.perf"


@click.command("demo", hidden=True)
def command() -> None:
    """Run 示例市 2025 and say where the rest lies."""
    from perfdsl.publish import table
    from perfdsl.reports.results import results
    from perfdsl.workspace.evaluate import evaluate
    from perfdsl.workspace.opening import open_rulebook

    opened = open_rulebook(RULEBOOK)
    finding = results(evaluate(opened, None))
    click.echo(table.results(finding), nl=False)
    unit = min((one for one in finding.units if one.rank), key=lambda one: (one.rank != "1", one.unit), default=None)
    name = unit.unit if unit else finding.units[0].unit
    click.echo(
        f"\n接下来：\n"
        f"  看规则          {RULEBOOK}（示例市是虚构的，数据也是虚构的）\n"
        f"  查一个单位的分  .venv/bin/perfdsl explain {RULEBOOK} --unit {name}\n"
        f"  全部结果存盘    .venv/bin/perfdsl run {RULEBOOK} --out 结果\n"
        f"  校核一份办法    .venv/bin/perfdsl check {RULEBOOK}"
    )
