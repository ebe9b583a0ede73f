"""The console script. What needs nothing is answered first: the version, the page of help, what was answered before.

The rest of the program, click included, is loaded when a command really runs.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress

import perfdsl
from perfdsl.tools import verbs

NO_CACHE = ("--no-cache", "--重新算")
VERSION = ("--version", "--版本")
KEPT = ("check", "run")
"""Commands whose answer is kept (:mod:`perfdsl.tools.answers`)."""
WRITES = ("--out", "--输出")
STANDARD_INPUT = "-"


def main() -> None:
    """The console script: the answer, and the end.

    A process that is soon over is not searched for what refers to itself, and one that has only read and printed does not
    tidy away its memory, which would take as long as most of the work.
    """
    gc.set_threshold(*SELDOM)
    code: object = None
    try:
        answer()
    except SystemExit as leaving:
        code = leaving.code
    if only_prints(sys.argv[1:]) and isinstance(code, int | None):
        with suppress(OSError):  # the screen is gone
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code or 0)
    sys.exit(code)  # type: ignore[arg-type]


SELDOM = (500_000, 20, 20)
"""Objects that come before the youngest are searched, and searches of one age before the next."""


def answer() -> None:
    """Answer the command line. Every ending has its code (:mod:`perfdsl.tools.cli`)."""
    _streams()
    arguments = sys.argv[1:]
    try:
        if len(arguments) == 1 and arguments[0] in VERSION:
            _say(f"perfdsl {perfdsl.__version__}\n")
        elif len(arguments) == 1 and arguments[0] in verbs.HELP:
            _say(verbs.page())
        else:
            _command(arguments)
    except OSError as fault:
        from perfdsl.tools.cli import ended  # has a sentence for whatever came in the way

        ended(fault)


def _streams() -> None:
    """A stream that the caller closed leads nowhere; a character that the screen does not know is shown as ``?``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _command(arguments: Sequence[str]) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads for matrices: there are none here
    kept: AbstractContextManager[None] = nullcontext()
    if can_be_kept(arguments):
        from perfdsl.tools import answers

        if (asked := answers.request(arguments)) is not None:
            if (found := answers.find(asked)) is not None:
                answers.show(found[0])
                sys.exit(found[1])
            kept = answers.keeping(asked)
    elif any(one in NO_CACHE for one in arguments):
        from perfdsl.text import store

        kept = store.closed()
    with kept:
        if is_plain(plain := [one for one in arguments if one not in NO_CACHE]):
            _run(plain[1])
        else:
            from perfdsl.tools.cli import main as run

            run()


def is_plain(arguments: Sequence[str]) -> bool:
    """Whether the command line is ``run`` and a file, which needs no reading of options (nor click, which reads them).

    Where something stands that a shell or click may put in the place of, it is not.
    """
    if len(arguments) != 2 or verbs.ALIASES.get(arguments[0], arguments[0]) != "run":
        return False
    return not arguments[1].startswith("-") and not OPEN.intersection(arguments[1])


OPEN = frozenset("*?[]~$%")


def _run(rulebook: str) -> None:
    from pathlib import Path

    from perfdsl.tools.shared import finishing
    from perfdsl.tools.trial import run

    try:
        with finishing():
            run(Path(rulebook))
    except (Exception, KeyboardInterrupt) as fault:
        from perfdsl.tools.cli import ended

        ended(fault)


def only_prints(arguments: Sequence[str]) -> bool:
    """Whether a command only reads and prints, and leaves nothing behind that must be closed."""
    if not arguments or verbs.ALIASES.get(arguments[0], arguments[0]) not in KEPT:
        return False
    return not any(one.partition("=")[0] in WRITES for one in arguments)


def can_be_kept(arguments: Sequence[str]) -> bool:
    """Whether what a command says can be said again: it only prints, by files alone, and is not told to work anew."""
    return only_prints(arguments) and not any(one in (*NO_CACHE, STANDARD_INPUT) for one in arguments)
