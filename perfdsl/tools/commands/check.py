"""check 校核."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from perfdsl.text.problem import Problems, Severity
from perfdsl.text.render import render, to_json
from perfdsl.text.source import Source, decode
from perfdsl.tools.answers import colours
from perfdsl.tools.options import ON, kept
from perfdsl.tools.shared import ending, err, located, must, out, wrong
from perfdsl.workspace.opening import Opened, open_rulebook, open_text, rule_problems

LEVELS = {"必须改": (Severity.MUST,), "请确认": (Severity.MUST, Severity.CONFIRM), "提示": tuple(Severity)}


@click.command("check", help="校核考评办法。文件写 - 时从标准输入读。")
@click.argument("rulebook", metavar="考评办法文件")
@ON
@click.option("--format", "--格式", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式")
@click.option(
    "--fail-level", "--不过线", "level", type=click.Choice(list(LEVELS)), default="必须改", help="到哪一级算不通过"
)
@click.option("--columns", "--栏目", "columns", is_flag=True, help="校核通过后，列出数据各表要填的栏目")
@click.option("--tree", "--合计", "tree", is_flag=True, help="列出各级分值和下级的合计，各评分单位给多少分")
@click.option(
    "--data",
    "--数据",
    "data",
    type=click.Path(path_type=Path),
    help="再看数据的表头和每一格对不对得上办法，不试算；数据文件夹、工作簿或 data.yaml",
)
@click.option("--stdin-filename", "name", default="<标准输入>", help="从标准输入读时的文件名")
@kept
def command(
    rulebook: str, on: str | None, form: str, level: str, columns: bool, tree: bool, data: Path | None, name: str
) -> None:
    """Check one rulebook, and data against it."""
    if rulebook == "-" and on is not None:
        raise wrong("从标准输入读时只有一份办法，不用 --on；按日期找办法时写它的名称")
    opened = opened_from(rulebook, name, on)
    problems = (*opened.problems, *rule_problems(opened))
    loaded = None
    if data is not None and _asks(opened, problems):
        from perfdsl.workspace.evaluate import read

        loaded = read(opened, data)
        problems += loaded.problems
    if form == "json":
        told = {"format_version": "1.0", "problems": to_json(problems), **(_tree(opened) if tree else {})}
        if columns and opened.sound and not ending(problems):
            told |= _columns(opened)
        out(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        for notice in opened.source.notices:
            err(f"{notice}\n")
        said = render(problems, colours()).rstrip() if problems else _fine(opened)
        out(f"{said}\n")
        if loaded is not None and loaded.files:
            seen = f"{len(loaded.files)} 个文件，{len(loaded.units)} 个单位"
            out(f"\n数据看了表头和每一格（{seen}），没有试算；还有谁没有报，用 run 看\n")
        if tree and opened.rulebook is not None:
            from perfdsl.publish import sums as told_sums
            from perfdsl.reports.sums import sums

            out("\n" + told_sums.text(sums(opened.rulebook)))
    if code := ending(problems, unreadable=loaded is not None and loaded.unreadable):
        raise SystemExit(code)
    if columns and form == "text" and opened.sound and opened.rulebook is not None:
        from perfdsl.publish.columns import text
        from perfdsl.reports.columns import columns as listed

        out("\n" + text(listed(opened.rulebook)))
    if any(one.severity in LEVELS[level] for one in problems):
        raise SystemExit(1)


def _asks(opened: Opened, problems: Problems) -> bool:
    """Whether the rulebook says already what the data are to be."""
    if opened.sound and not must(problems):
        return True
    err("办法还有必须改的，没有看数据\n")
    return False


def _tree(opened: Opened) -> dict[str, Any]:
    from perfdsl.publish.sums import as_json
    from perfdsl.reports.sums import sums

    return as_json(sums(opened.rulebook)) if opened.rulebook is not None else {}


def _columns(opened: Opened) -> dict[str, Any]:
    from perfdsl.publish.columns import as_json
    from perfdsl.reports.columns import columns as listed

    return as_json(listed(opened.rulebook)) if opened.rulebook is not None else {}


def opened_from(rulebook: str, name: str, on: str | None = None) -> Opened:
    """A rulebook from a file or from standard input."""
    if rulebook != "-":
        return open_rulebook(located(rulebook, on))
    text, notices = decode(sys.stdin.buffer.read(), name)
    return open_text(Source(name, text, None, notices))


def _fine(opened: Opened) -> str:
    book = opened.rulebook
    if book is None:
        return ""
    items = list(book.walk())
    return f"{book.name}：没有发现问题（{len(items)} 项，{len(book.tables)} 张表）"
