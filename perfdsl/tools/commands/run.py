"""run 试算."""

from __future__ import annotations

from pathlib import Path

import click

from perfdsl.tools.shared import AS_OF, ON, a_folder, day_of, ending, err, kept, located, tell, working, write_folder
from perfdsl.tools.shared import out as say
from perfdsl.workspace.evaluate import ASSUMPTIONS, Assumption, Engine, Evaluation, evaluate
from perfdsl.workspace.keeping import open_kept


@click.command("run", help="用数据试算。不写 --out 时只在屏幕上看，不留文件。")
@click.argument("rulebook", type=click.Path(path_type=Path), metavar="考评办法文件")
@ON
@click.option(
    "--data",
    "--数据",
    type=click.Path(path_type=Path),
    help="数据文件夹、工作簿或 data.yaml（默认：办法旁的“数据”文件夹）",
)
@click.option(
    "--format",
    "--格式",
    "form",
    type=click.Choice(["table", "json", "csv", "parquet"]),
    default="table",
    help="输出格式；parquet 只写进 --out 的文件夹",
)
@click.option("--all", "--全部", "whole", is_flag=True, help="列出全部单位")
@click.option(
    "--out", "--输出", type=click.Path(path_type=Path), help="把全部结果写进这个文件夹（要么全写好，要么不写）"
)
@click.option(
    "--engine",
    type=click.Choice(["columnar", "reference"]),
    default="columnar",
    help="columnar 列式；reference 逐单位按规则文字复算",
)
@click.option(
    "--assume-pending",
    "--暂按",
    "assume",
    type=click.Choice(list(ASSUMPTIONS)),
    help="待定的项目先按这个给，结果标“暂定”",
)
@click.option(
    "--plan",
    "--计算方案",
    "show_plan",
    is_flag=True,
    help="不看结果，看每一步怎样计算：级、数的范围、为什么（加 --all 看全部步骤）",
)
@AS_OF
@kept
def command(
    rulebook: Path,
    on: str | None,
    data: Path | None,
    form: str,
    whole: bool,
    out: Path | None,
    engine: Engine,
    assume: Assumption | None,
    show_plan: bool,
    until: str | None,
) -> None:
    """Run one rulebook on one year's data."""
    from perfdsl.reports.results import results

    if out is not None:
        a_folder(out)
    if form == "parquet":
        _can_be_parquet(out)
    opened = open_kept(located(rulebook, on))
    if not opened.sound:
        tell(opened.problems)
        err("有必须改的问题，不能试算。\n")
        raise click.exceptions.Exit(ending(opened.problems))
    day = day_of(until, opened)
    with working("试算"):
        evaluation = evaluate(opened, data, engine=engine, assume=assume or "", until=day)
        finding = results(evaluation, engine)
    if show_plan:
        _show_plan(evaluation, whole)
        return
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
    if form in ("table", "parquet"):
        tell(finding.problems)
    if out is not None:
        from perfdsl.publish import folder, manifest, parquet

        tables = parquet.files(finding) if form == "parquet" else None
        write_folder(out, folder.files(finding, tables), recognise=manifest.NAME)
        err(f"结果已写入 {out}\n")
    if code := ending(finding.problems, waiting=bool(finding.pending), unreadable=finding.unreadable):
        raise click.exceptions.Exit(code)


def _can_be_parquet(out: Path | None) -> None:
    """Refuse before anything is run.

    Raises:
        UsageError: no folder is named, or the extra is missing.
    """
    from perfdsl.publish import parquet

    if out is None:
        raise click.UsageError("parquet 是文件，用 --out 写明写到哪个文件夹，例如 --out 结果")
    try:
        parquet.needed()
    except parquet.NoLibrary as error:
        raise click.UsageError(str(error)) from error


def _show_plan(evaluation: Evaluation, every: bool) -> None:
    from perfdsl.publish import plan as screen
    from perfdsl.reports.plan import plan
    from perfdsl.workspace.planning import planned

    made = planned(evaluation)
    if made is None:
        tell(evaluation.problems)
        return
    finding = plan(made, every)
    say(screen.text(finding))
    tell(finding.problems)
