"""The command line: one file a command under ``commands``, imported when it is called.

Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 a file that cannot be read or written, 4 internal fault.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click

import perfdsl
from perfdsl.text.refusal import Refusal
from perfdsl.text.source import Unreadable, Unwritable
from perfdsl.tools.chinese import Formatter
from perfdsl.tools.chinese import told as in_chinese
from perfdsl.tools.shared import NO_ROOM, no_place, unwritable
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
            _say(fault.format_message())
            sys.exit(USAGE)
        case click.ClickException():
            _say(f"用法不对：{in_chinese(fault)}")
            sys.exit(USAGE)
        case click.Abort() | KeyboardInterrupt():
            _say("已中止")
            sys.exit(FINDINGS)
        case Unwritable():
            _say(str(fault))
            sys.exit(UNREADABLE)
        case Unreadable():
            _say(f"读不了：{fault}")
            sys.exit(UNREADABLE)
        case Refusal():
            _say(f"没有运行：{fault}")
            sys.exit(FINDINGS)
        case BrokenPipeError():  # who reads has seen enough; what is left of the answer is not told
            _drop(sys.stdout)
            sys.exit(FINDINGS)
        case OSError() if (told := _no_room(fault)) is not None:
            _say(str(told))
            _flush()
            sys.exit(UNREADABLE)
        case _:  # the last net: whatever it is, the officer gets a sentence and we get a report
            _say(f"程序内部出错，不是您的文件有问题。请把 {_fault_report()} 发给我们。")
            sys.exit(FAULT)


def _say(sentence: str) -> None:
    """Say it on stderr; where that cannot be written either, the exit code alone tells."""
    try:
        click.echo(sentence, err=True)
    except OSError:
        _drop(sys.stderr)


def _no_room(fault: OSError) -> Unwritable | None:
    """That there is no room for what was written, where ``fault`` means that.

    Whoever writes files has words of his own, so what has no name is the screen, or what stands for it.
    """
    if fault.filename is None and fault.errno == errno.ENOENT:
        return no_place(fault)  # no folder for temporary files
    return unwritable(fault.filename or "打印的结果", fault) if fault.errno in NO_ROOM else None


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _drop(stream)


def _drop(stream: TextIO) -> None:
    """What is not yet printed goes nowhere: Python would try again at the end, and say so in English."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fault_report() -> str:
    """A file with the traceback of what is being handled; the traceback's last line where no file can be written."""
    import traceback
    from tempfile import mkstemp

    text, name = traceback.format_exc(), ""
    try:
        handle, name = mkstemp(prefix="perfdsl-故障-", suffix=".txt")
        with os.fdopen(
            handle, "w", encoding="utf-8", errors="backslashreplace"
        ) as out:  # names of files may be no text
            out.write(text)
    except OSError:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        return text.splitlines()[-1]
    return name
