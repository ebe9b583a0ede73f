"""docs 导出."""

from __future__ import annotations

from pathlib import Path

import click

from perfdsl.tools.options import ON
from perfdsl.tools.shared import ending, located, tell, working, write_file
from perfdsl.workspace.opening import open_rulebook


@click.command("docs", help="导出办法的读法登记：每处选了哪一种读法，换一种会变几个单位。")
@click.argument("rulebook", type=click.Path(path_type=Path), metavar="考评办法文件")
@ON
@click.option("--choices", "--读法", "register", is_flag=True, help="读法登记")
@click.option("--data", "--数据", type=click.Path(path_type=Path), help="用这份数据逐个试另一读法")
@click.option("--format", "--格式", "form", type=click.Choice(["text", "md", "json"]), default="text", help="输出格式")
@click.option("--out", "--输出", type=click.Path(path_type=Path), help="写进这个文件")
def command(rulebook: Path, on: str | None, register: bool, data: Path | None, form: str, out: Path | None) -> None:
    """Write the register of readings."""
    from perfdsl.publish import choices as publish
    from perfdsl.reports.choices import choices
    from perfdsl.workspace.evaluate import evaluate

    if not register:
        raise click.UsageError("写明导出什么：--choices（读法）")
    opened = open_rulebook(located(rulebook, on))
    if not opened.sound:
        tell(opened.problems)
        click.echo("有必须改的问题，不能导出。", err=True)
        raise click.exceptions.Exit(ending(opened.problems))
    with working("逐个试另一读法" if data is not None else "导出"):
        evaluation = evaluate(opened, data) if data is not None else None
        found = choices(opened, evaluation, data)
    shown = {"json": publish.as_json, "md": publish.as_markdown, "text": publish.text}[form](found)
    if out is None:
        click.echo(shown, nl=False)
    else:
        write_file(out, shown)
        click.echo(f"已写入 {out}", err=True)
    if evaluation is not None and (code := ending(evaluation.problems, unreadable=evaluation.unreadable)):
        tell(evaluation.problems)
        raise click.exceptions.Exit(code)
