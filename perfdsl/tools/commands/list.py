"""list 目录."""

from __future__ import annotations

from pathlib import Path

import click

from perfdsl.text.source import Unreadable
from perfdsl.tools.shared import RULEBOOKS, working


@click.command(
    "list", help="列出文件夹里的办法：版本、状态、有效期、上年度、有没有数据；加 --problems 逐份校核，数出问题。"
)
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="文件夹")
@click.option("--format", "--格式", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式")
@click.option("--problems", "--问题", "problems", is_flag=True, help="逐份校核，数出各有几处问题")
def command(folder: Path | None, form: str, problems: bool) -> None:
    """List the rulebooks of a folder; without one, of ./rulebooks, else of the current folder."""
    from perfdsl.publish import editions
    from perfdsl.reports.editions import editions_in

    where = folder or (Path(RULEBOOKS) if Path(RULEBOOKS).is_dir() else Path())
    if not where.is_dir():
        raise Unreadable(f"{where}：{'是文件，这里要的是文件夹' if where.exists() else '没有这个文件夹'}")
    with working("校核" if problems else "读"):
        found = editions_in(where, checked=problems)
    click.echo(editions.as_json(found) if form == "json" else editions.text(found), nl=False)
    if any(one.twins or one.unreadable for one in found):
        raise click.exceptions.Exit(1)
