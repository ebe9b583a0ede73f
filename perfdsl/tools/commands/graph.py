"""graph 关系图."""

from __future__ import annotations

from pathlib import Path

import click

from perfdsl.tools.options import ON
from perfdsl.tools.shared import located, tell
from perfdsl.workspace.opening import open_rulebook


@click.command("graph", help="画出计算关系：mermaid（默认）、dot 或 json。")
@click.argument("rulebook", type=click.Path(path_type=Path), metavar="考评办法文件")
@ON
@click.option(
    "--format", "--格式", "form", type=click.Choice(["mermaid", "dot", "json"]), default="mermaid", help="输出格式"
)
@click.option("--item", "--指标", "code", help="只画这一项的计算")
def command(rulebook: Path, on: str | None, form: str, code: str | None) -> None:
    """Draw the graph of a rulebook."""
    from perfdsl.publish import drawing
    from perfdsl.reports.drawing import drawing as found

    opened = open_rulebook(located(rulebook, on))
    if not opened.sound or opened.rulebook is None:
        tell(opened.problems)
        raise click.exceptions.Exit(1)
    finding = found(opened.rulebook, code)
    if finding is None:
        raise click.UsageError(f"没有编号为 “{code}” 的指标")
    click.echo({"mermaid": drawing.mermaid, "dot": drawing.dot, "json": drawing.as_json}[form](finding))
