"""The command line: one file a command under ``commands``, imported when it is called.

Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 unreadable input, 4 internal fault.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from tempfile import mkstemp

import click

import perfdsl
from perfdsl.text.source import Unreadable
from perfdsl.tools.chinese import Formatter, told

FINDINGS, USAGE, UNREADABLE, FAULT = 1, 2, 3, 4

COMMANDS = {
    "check": ("校核", "check", "校核考评办法：读得懂吗，加得平吗，有没有两种读法"),
    "run": ("试算", "run", "用数据试算得分、名次、等次和结果运用"),
    "explain": ("查分", "explain", "查一个单位的分是怎么来的"),
    "fmt": ("整理", "fmt", "整理排版，含义不变"),
    "graph": ("关系图", "graph", "画出计算关系"),
    "test": ("验算", "test", "按验算文件逐格核对"),
    "diff": ("对照", "diff", "对照两份办法：改了什么，影响什么，影响谁"),
    "list": ("目录", "list", "文件夹里有哪些办法、各是什么版本"),
    "new-year": ("转年度", "new_year", "由上一年的办法起草下一年的，列出要看的地方"),
    "git": ("版本库", "git", "让 git 按条款、按单元格显示修订"),
    "docs": ("导出", "docs", "导出读法登记：选了哪些读法，换一种会变几个单位"),
    "demo": ("", "demo", "试算随附的示例市 2025 年度"),
}
ALIASES = {alias: name for name, (alias, _, _) in COMMANDS.items() if alias}


class Lazy(click.Group):
    """Commands by name or Chinese alias; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (alias, _, _) in COMMANDS.items() if alias]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"perfdsl.tools.commands.{COMMANDS[name][1]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = "、".join(f"{name}（{alias}）" for name, (alias, _, _) in COMMANDS.items() if alias)
            raise click.UsageError(f"没有 “{args[0]}” 这个命令，可用的有：{known}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(f"{name} {alias}", told) for name, (alias, _, told) in COMMANDS.items() if alias]
        with formatter.section("命令"):
            formatter.write_dl(rows)


click.Context.formatter_class = Formatter  # every command's help is made by it


@click.group(
    cls=Lazy, help="考评办法：校核、试算、查分。", context_settings={"help_option_names": ["-h", "--help", "--帮助"]}
)
@click.version_option(perfdsl.__version__, "--version", "--版本", prog_name="perfdsl", message="%(prog)s %(version)s")
def group() -> None:
    """Root of the commands."""


def main() -> None:
    """The console script. Every ending has its code; a traceback never reaches the screen."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        sys.exit(group(standalone_mode=False))  # without click's own ending it returns what a command's Exit holds
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE)
    except click.ClickException as error:
        click.echo(f"用法不对：{told(error)}", err=True)
        sys.exit(USAGE)
    except click.Abort:
        click.echo("已中止", err=True)
        sys.exit(FINDINGS)
    except Unreadable as error:
        click.echo(f"读不了：{error}", err=True)
        sys.exit(UNREADABLE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception:  # the last net: whatever it is, the officer gets a sentence and we get a report
        click.echo(f"程序内部出错，不是您的文件有问题。请把 {_fault_report()} 发给我们。", err=True)
        sys.exit(FAULT)


def _fault_report() -> str:
    """A file with the traceback of what is being handled; the traceback's last line where no file can be written."""
    text = traceback.format_exc()
    try:
        handle, name = mkstemp(prefix="perfdsl-故障-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
    except OSError:
        return text.splitlines()[-1]
    return name
