"""test 验算."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("test", help="按验算文件（验算.yaml）逐格核对结果。")
@click.argument("where", type=click.Path(path_type=Path), metavar="文件夹或验算文件")
@click.option("--engine", type=click.Choice(["columnar", "reference"]), default="columnar", help="用哪一种算法")
def command(where: Path, engine: str) -> None:
    """Run the cases at or below a folder."""
    from perfdsl.reports.results import published_output
    from perfdsl.workspace.cases import run_cases, totals

    results = []
    for result in run_cases(where, published_output, engine):  # type: ignore[arg-type]
        results.append(result)
        mark = "√" if result.passed else "×"
        click.echo(f"{mark} {result.name}：核对 {result.compared} 格，{len(result.mismatches)} 格不符")
        for line in result.trouble:
            click.echo(f"    {line}")
        for one in result.mismatches[:20]:
            click.echo(f"    {one.unit} {one.column}：应为 “{one.expected}”，算出 “{one.found}”")
        if len(result.mismatches) > 20:
            click.echo(f"    …另有 {len(result.mismatches) - 20} 格")
    cases, compared, mismatches = totals(results)
    failed = sum(not one.passed for one in results)
    click.echo(
        f"共 {cases} 个验算，核对 {compared} 格，不符 {mismatches} 格" + (f"，未通过 {failed} 个" if failed else "")
    )
    if failed:
        raise click.exceptions.Exit(1)
