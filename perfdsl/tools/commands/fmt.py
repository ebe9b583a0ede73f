"""fmt 整理."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from perfdsl.text.source import read_source
from perfdsl.tools.shared import write_file


@click.command("fmt", help="整理排版：词用规范写法，标点、对齐统一，含义不变。")
@click.argument("rulebooks", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="考评办法文件…")
@click.option("--check", "--只看", "check", is_flag=True, help="只看要不要整理，不改文件")
@click.option("--english", "--英文", "english", is_flag=True, help="词用英文写法，名称和文字照旧")
@click.option("--chinese", "--中文", "chinese", is_flag=True, help="词用中文规范写法（不写时也是）")
@click.option("--diff", "--对比", "diff", is_flag=True, help="显示会改哪些行，不改文件")
def command(rulebooks: tuple[Path, ...], check: bool, english: bool, chinese: bool, diff: bool) -> None:
    """Format rulebooks in place."""
    from perfdsl.workspace.formatting import formatted

    if english and chinese:
        raise click.UsageError("--英文 和 --中文 只能写一个")
    changed = False
    for path in rulebooks:
        source = read_source(path)
        text, repairs = formatted(source, "en" if english else "zh")
        if text == path.read_bytes().decode("utf-8", errors="replace"):
            click.echo(f"{path}：已经是规范的写法", err=True)
            continue
        changed = True
        if diff:
            click.echo(
                "\n".join(
                    difflib.unified_diff(source.text.splitlines(), text.splitlines(), str(path), str(path), lineterm="")
                )
            )
        elif not check:
            write_file(path, text)
        for repair in repairs:
            click.echo(f"{path}:{repair.line} {repair.what}", err=True)
        click.echo(f"{path}：{'要整理' if check or diff else '已整理'}", err=True)
    if changed and (check or diff):
        raise click.exceptions.Exit(1)
