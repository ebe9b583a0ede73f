"""What click says by itself, in Chinese: usage, headings of the help, and what is wrong with a command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import click

HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "要写的"}
WORDS = {"Show this message and exit.": "显示帮助", "Show the version and exit.": "显示版本"}
TOO_MUCH = "Got unexpected extra argument"


class Formatter(click.HelpFormatter):
    """Help pages."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")
        super().write_usage(prog, words, "用法：" if prefix is None else prefix)

    @contextlib.contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(HEADINGS.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(name, WORDS.get(text, text).replace("[required]", "[必写]")) for name, text in rows]
        super().write_dl(told, col_max, col_spacing)


def told(error: click.ClickException) -> str:
    """What is wrong with the command line, and what could be written."""
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            return f"没有写 {named(param)}"
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"没有 {name} 这个选项" + (f"，是不是 {'、'.join(near)}？" if near else "，可用的见 --help")
        case click.BadOptionUsage(option_name=name):
            return f"{name} 后面要写内容"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            return f"{named(param)} 只能写：{'、'.join(map(str, choices))}"
        case click.BadParameter(param=click.Parameter(type=click.IntRange() as range_) as param):
            return f"{named(param)} 要写阿拉伯数字，{range_.min} 至 {range_.max}"
        case click.BadParameter(param=click.Parameter(type=click.Path()) as param):
            return f"{named(param)} 要写文件，写的是文件夹，或是打不开的文件"
        case click.UsageError(message=message) if message.startswith(TOO_MUCH):
            return f"多写了 {message.partition('(')[2].removesuffix(')')}；路径里有空格的，整个用引号括起来"
    return error.format_message()


def named(param: click.Parameter) -> str:
    """How people know a parameter."""
    if isinstance(param, click.Argument):
        return param.make_metavar(click.Context(click.Command(None)))
    return " ".join(param.opts)
