"""new-year 转年度: the next draft beside the old rulebook."""

from __future__ import annotations

from pathlib import Path

import click

from perfdsl.text.source import Unreadable
from perfdsl.tools.shared import located, must, tell, write_files


@click.command("new-year", help="由上一年的办法起草下一年的：顺延年度和日期，别的不动，列出要看的地方。")
@click.argument("rulebook", metavar="考评办法")
@click.argument("year", type=click.IntRange(2000, 2099), metavar="新年度")
@click.option("--out", "--输出", "out", type=click.Path(path_type=Path, dir_okay=False), help="新办法写到哪个文件")
@click.option("--force", "--覆盖", "force", is_flag=True, help="已经有的也覆盖")
def command(rulebook: str, year: int, out: Path | None, force: bool) -> None:
    """Write the draft and the copies of its 附表, then say what is to be looked at."""
    from perfdsl.workspace.next_year import draft
    from perfdsl.workspace.opening import open_rulebook

    made = draft(located(rulebook), year, out)
    there = [path for path in (made.path, *(new for _, new in made.copies)) if path.exists()]
    if there and not force:
        raise Unreadable(f"{there[0]}：已经有了，没有写；要覆盖加 --force，或用 --out 换一个名称")
    write_files({made.path: made.text, **{new: _read(old) for old, new in made.copies}})
    click.echo(f"写好 {made.path}（征求意见稿），复制附表 {len(made.copies)} 份；数据没有复制")
    for heading, notes in made.lists:
        if notes:
            click.echo(f"\n{heading}（{len(notes)}）：")
            for note in notes:
                click.echo(f"  {f'第 {note.line} 行 ' if note.line else ''}{note.text}")
    problems = open_rulebook(made.path).problems
    tell(problems)
    if must(problems):
        raise click.exceptions.Exit(1)


def _read(schedule: Path) -> bytes:
    try:
        return schedule.read_bytes()
    except OSError as error:
        raise Unreadable(f"{schedule}：附表读不出来（{error.strerror or error}），什么都没有写") from None
