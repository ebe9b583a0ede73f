"""What ``run`` (试算) does, without the reading of its options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.tools.shared import (
    a_folder,
    day_of,
    ending,
    err,
    located,
    making_folder,
    scratch,
    tell,
    unwritable,
    working,
    write_folder,
    wrong,
)
from perfdsl.tools.shared import out as say
from perfdsl.workspace.evaluate import Assumption, Engine, Evaluation, evaluate
from perfdsl.workspace.keeping import Programs, open_kept

if TYPE_CHECKING:
    from datetime import date

    from perfdsl.reports.findings import ResultsFinding
    from perfdsl.workspace.opened import Opened
    from perfdsl.workspace.spreading import Sheet


def run(
    rulebook: Path,
    on: str | None = None,
    data: Path | None = None,
    form: str = "table",
    whole: bool = False,
    out: Path | None = None,
    engine: str = "columnar",
    master: str | None = None,
    assume: Assumption | None = None,
    show_plan: bool = False,
    until: str | None = None,
) -> None:
    """Run one rulebook on one year's data."""
    from perfdsl.reports.results import results

    if out is not None:
        a_folder(out)
    if show_plan and engine != "spark" and (out is not None or form != "table"):
        raise wrong("--plan 只看计算方案，不写结果，不能和 --out、--format 同用")
    if form == "parquet":
        _can_be_parquet(out)
    if engine == "spark":
        _can_be_spread(out, form, show_plan)
    elif master is not None:
        raise wrong("--master 只和 --engine spark 同用")
    opened = open_kept(located(rulebook, on))
    if not opened.sound:
        tell(opened.problems)
        err("有必须改的问题，不能试算。\n")
        raise SystemExit(ending(opened.problems))
    day = day_of(until, opened)
    if engine == "spark":
        assert out is not None
        _spread(opened, data, master or "local[*]", out, assume or "", day)
        return
    with working("试算"):
        by: Engine = "reference" if engine == "reference" else "columnar"
        shelf = None if show_plan else Programs(opened)  # a plan is one for the data at hand
        evaluation = evaluate(opened, data, engine=by, assume=assume or "", until=day, shelf=shelf)
        finding = results(evaluation, engine, items=form != "table" or out is not None)
    if show_plan:
        _show_plan(evaluation, whole)
        return
    if out is not None:  # before anything is printed: nobody may be there to read it
        _write(out, finding, form)
    match form:
        case "json":
            from perfdsl.publish import json

            say(json.results(finding))
        case "csv":
            from perfdsl.publish import csv

            say(csv.long(finding))
        case "table" | "parquet":
            from perfdsl.publish import table

            say(table.results(finding, whole))
    if form != "json":  # which holds them
        tell(finding.problems)
    if out is not None:
        err(f"结果已写入 {out}\n")
    if code := ending(finding.problems, waiting=bool(finding.pending), unreadable=finding.unreadable):
        raise SystemExit(code)


def _write(out: Path, finding: ResultsFinding, form: str) -> None:
    """Write the folder of results, whole or not at all."""
    from perfdsl.publish import folder, manifest, parquet

    tables = None
    if form == "parquet":
        try:
            with scratch() as aside:
                tables = parquet.files(finding, aside)
        except OSError as error:
            raise unwritable(f"{out}（先写在临时文件夹里）", error) from None
    write_folder(out, folder.files(finding, tables), recognise=manifest.NAME)


def _can_be_parquet(out: Path | None) -> None:
    """Refuse before anything is run.

    Raises:
        UsageError: no folder is named, or the extra is missing.
    """
    from perfdsl.publish import parquet

    if out is None:
        raise wrong("parquet 是文件，用 --out 写明写到哪个文件夹，例如 --out 结果")
    try:
        parquet.needed()
    except parquet.NoLibrary as error:
        raise wrong(str(error)) from error


def _can_be_spread(out: Path | None, form: str, show_plan: bool) -> None:
    """Refuse before anything is started.

    Raises:
        UsageError: no folder is named, another form is asked for, or the extra is missing.
    """
    from perfdsl.workspace.spreading import NoSpark, needed

    if out is None:
        raise wrong("--engine spark 的结果是 Parquet，用 --out 写明写到哪个文件夹，例如 --out 结果")
    if form not in ("table", "parquet"):
        raise wrong(f"--engine spark 只写 Parquet，不能用 --format {form}")
    if show_plan:
        raise wrong("--plan 看的是列式的计算方案，和 --engine spark 不能同用")
    try:
        needed()
    except NoSpark as missing:
        raise wrong(str(missing)) from missing


def _spread(opened: Opened, data: Path | None, master: str, out: Path, assume: Assumption, day: date | None) -> None:
    """Run with Spark; the folder is written whole or not at all."""
    from perfdsl.publish import manifest, problems
    from perfdsl.publish.stamp import named, stamp
    from perfdsl.reports.results import results
    from perfdsl.workspace.spreading import spread

    with making_folder(out, manifest.NAME) as temporary:
        with working("试算"):
            found = spread(opened, data, master, sheets, temporary, assume, day)
        finding = results(found.evaluation, "spark")
        text = problems.text(finding)
        name = named("问题.txt", finding.assumed, finding.as_of)
        (temporary / name).write_text(text, encoding="utf-8", newline="")
        digests = {one.name: _digest(one) for one in sorted(temporary.iterdir())}
        (temporary / manifest.NAME).write_text(
            manifest.of_digests(finding, digests, found.units), encoding="utf-8", newline=""
        )
    tell(finding.problems)
    say(
        stamp(finding.assumed, finding.as_of)
        + f"{found.units} 个单位"
        + (f"，其中 {found.pending} 个有待定的结果" if found.pending else "")
        + "\n"
    )
    err(f"结果已写入 {out}\n")
    if code := ending(finding.problems, waiting=bool(found.pending), unreadable=finding.unreadable):
        raise SystemExit(code)


def sheets(evaluation: Evaluation) -> dict[str, Sheet]:
    """The rows that the units of one part have in the two tables of results."""
    from perfdsl.publish import parquet
    from perfdsl.publish.stamp import named, short
    from perfdsl.reports.results import as_of, units
    from perfdsl.workspace.spreading import Sheet

    found, day = units(evaluation), as_of(evaluation)
    mark = short(evaluation.assumed, day)
    made = {}
    for name, (head, numbers), rows, order in (
        (parquet.LONG, parquet.long_head(), parquet.long_rows(found), ("单位",)),
        (parquet.WIDE, parquet.wide_head(found), parquet.wide_rows(found), ("类别", "名次", "单位")),
    ):
        marked = [(mark, *row) for row in rows] if mark else list(rows)
        made[named(name, evaluation.assumed, day)] = Sheet(("说明", *head) if mark else head, numbers, marked, order)
    return made


def _digest(path: Path) -> str:
    """Hash of a file, or of the hashes of the files of a folder."""
    from hashlib import file_digest, sha256

    if path.is_dir():
        return sha256("".join(_digest(one) for one in sorted(path.glob("part-*"))).encode()).hexdigest()
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _show_plan(evaluation: Evaluation, every: bool) -> None:
    from perfdsl.publish import plan as screen
    from perfdsl.reports.plan import plan
    from perfdsl.workspace.planning import planned

    made, problems = planned(evaluation), evaluation.problems
    if made is not None:
        finding = plan(made, every)
        say(screen.text(finding))
        problems = (*problems, *finding.problems)
    tell(problems)
    if code := ending(problems, unreadable=evaluation.unreadable):
        raise SystemExit(code)
