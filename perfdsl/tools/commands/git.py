"""git: make ``git diff``, ``git log -p`` and ``git show`` speak of clauses and cells."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from perfdsl.tools.shared import must, tell, write_file


@click.group("git", help="让 git 按条款、按单元格显示修订。")
def command() -> None:
    """Root of the commands for git."""


@command.command("setup", help="在当前 git 仓库里写好设置，可以反复运行。")
@click.option("--check", "--只看", "check", is_flag=True, help="只看缺什么，不写")
def setup(check: bool) -> None:
    """Write .gitattributes and the repository's config."""
    from perfdsl.workspace.repository import configure, missing, with_lines

    lacks = missing(Path())
    if not lacks:
        click.echo("已经设置好，没有要写的")
        return
    if not check:
        configure(lacks)  # first: without the lines of .gitattributes it does nothing
        if lacks.lines:
            write_file(lacks.attributes, with_lines(lacks))
    did = "缺" if check else "写了"
    for line in lacks.lines:
        click.echo(f"{did} .gitattributes：{line}")
    for key, value in lacks.config:
        shown = value.replace("\n", "\\n").replace("\t", "\\t")
        click.echo(f"{did} git 设置：{key} = {shown}")
    if check:
        raise click.exceptions.Exit(1)
    click.echo(
        ".gitattributes 要提交，别人拉取后各自运行一次 perfdsl git setup；git diff、git log -p、git show 从此按条款显示"
    )


@command.command("textconv", hidden=True, help="把一份办法写成一行一条，供 git 对照。")
@click.argument("path", type=click.Path(path_type=Path), metavar="文件")
def textconv(path: Path) -> None:
    """The facts of a rulebook; called by git."""
    from perfdsl.workspace.facts import of_rulebook

    _print(of_rulebook, path)


@command.command("textconv-xlsx", hidden=True, help="把工作簿写成一行一个单元格，供 git 对照。")
@click.argument("path", type=click.Path(path_type=Path), metavar="文件")
def textconv_xlsx(path: Path) -> None:
    """The cells of a workbook; called by git."""
    from perfdsl.workspace.facts import of_workbook

    _print(of_workbook, path)


@command.command("textconv-csv", hidden=True, help="把 CSV 写成一行一个单元格，供 git 对照。")
@click.argument("path", type=click.Path(path_type=Path), metavar="文件")
def textconv_csv(path: Path) -> None:
    """The cells of a table of text; called by git."""
    from perfdsl.workspace.facts import of_table

    _print(of_table, path)


def _print(made: Callable[[Path], str], path: Path) -> None:
    """UTF-8 whatever the console's encoding is: git reads it, not the screen."""
    sys.stdout.buffer.write(made(path).encode("utf-8"))
    sys.stdout.buffer.flush()


@command.command("pre-commit", hidden=True, help="提交前校核几份办法。")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="文件…")
def pre_commit(paths: tuple[Path, ...]) -> None:
    """Check each rulebook among ``paths``; called by pre-commit, which hands over several at once."""
    from perfdsl.text.source import read_source
    from perfdsl.workspace.opening import open_rulebook, words
    from perfdsl.workspace.versions import edition

    wrong = False
    for path in paths:
        if edition(read_source(path), words()) is None:
            continue  # a part that rulebooks include has no meaning alone
        problems = open_rulebook(path).problems
        tell(problems)
        wrong = wrong or must(problems)
    if wrong:
        raise click.exceptions.Exit(1)
