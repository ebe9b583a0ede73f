"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from perfdsl.tools.shared import finishing
from perfdsl.tools.start import NO_CACHE

ON = click.option(
    "--on",
    "--日期",
    "on",
    metavar="日期",
    help="按名称找办法时，用这一天有效的版本，例如 2025-06-30",
)
"""The option of commands that find a rulebook by its name."""


AS_OF = click.option(
    "--as-of",
    "--截至",
    "until",
    metavar="日期",
    help="只看到这一天：没有到期的不计，不评等次，例如 2025-06-30",
)
"""The option of commands that run before the year is over."""


P = ParamSpec("P")


def kept(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose answer is kept, with the option that asks anew."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        kwargs.pop("no_cache")  # the console script has read it
        with finishing():
            command(*args, **kwargs)

    return click.option(*NO_CACHE, "no_cache", is_flag=True, help="不用上次的答案，重新算")(run)
