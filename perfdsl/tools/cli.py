"""The command line: one file a command under ``commands``, imported when it is called.

Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 unreadable input, 4 internal fault.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

import perfdsl
from perfdsl.text.refusal import Refusal
from perfdsl.text.source import Unreadable
from perfdsl.tools.chinese import Formatter, told
from perfdsl.tools.verbs import ALIASES, COMMANDS, HELP, TOLD, page

FINDINGS, USAGE, UNREADABLE, FAULT = 1, 2, 3, 4


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

    def get_help(self, ctx: click.Context) -> str:
        return page().rstrip()


click.Context.formatter_class = Formatter  # every command's help is made by it


@click.group(cls=Lazy, help=TOLD, context_settings={"help_option_names": list(HELP)})
@click.version_option(perfdsl.__version__, "--version", "--版本", prog_name="perfdsl", message="%(prog)s %(version)s")
def group() -> None:
    """Root of the commands."""


def main() -> None:
    """Run the command line. Every ending has its code; a traceback never reaches the screen."""
    try:
        sys.exit(group(standalone_mode=False))  # without click's own ending it returns what a command's Exit holds
    except Exception as fault:
        ended(fault)


def ended(fault: BaseException) -> None:
    """Say what came in the way of a command, and end with its code."""
    match fault:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(fault.format_message(), err=True)
            sys.exit(USAGE)
        case click.ClickException():
            click.echo(f"用法不对：{told(fault)}", err=True)
            sys.exit(USAGE)
        case click.Abort() | KeyboardInterrupt():
            click.echo("已中止", err=True)
            sys.exit(FINDINGS)
        case Unreadable():
            click.echo(f"读不了：{fault}", err=True)
            sys.exit(UNREADABLE)
        case Refusal():
            click.echo(f"没有运行：{fault}", err=True)
            sys.exit(FINDINGS)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        case _:  # the last net: whatever it is, the officer gets a sentence and we get a report
            click.echo(f"程序内部出错，不是您的文件有问题。请把 {_fault_report()} 发给我们。", err=True)
            sys.exit(FAULT)


def _fault_report() -> str:
    """A file with the traceback of what is being handled; the traceback's last line where no file can be written."""
    import traceback
    from tempfile import mkstemp

    text = traceback.format_exc()
    try:
        handle, name = mkstemp(prefix="perfdsl-故障-", suffix=".txt")
        with os.fdopen(
            handle, "w", encoding="utf-8", errors="backslashreplace"
        ) as out:  # names of files may be no text
            out.write(text)
    except OSError:
        return text.splitlines()[-1]
    return name
