"""explain 查分."""

from __future__ import annotations

from pathlib import Path

import click

from perfdsl.text.near import nearest
from perfdsl.tools.options import AS_OF, ON
from perfdsl.tools.shared import day_of, ending, located, tell, working
from perfdsl.workspace.evaluate import ASSUMPTIONS, Assumption, evaluate
from perfdsl.workspace.opening import open_rulebook


@click.command("explain", help="查一个单位的分：每个数的规则、条款、运算和数据所在的格。")
@click.argument("rulebook", type=click.Path(path_type=Path), metavar="考评办法文件")
@ON
@click.option("--unit", "--单位", required=True, help="单位名称")
@click.option("--item", "--指标", "code", help="只看这一项：指标、否决、限等的编号或名称，或 等次")
@click.option("--data", "--数据", type=click.Path(path_type=Path), help="数据文件夹、工作簿或 data.yaml")
@click.option("--show-others", "--含他单位", "others", is_flag=True, help="比较时显示别的单位的名称")
@click.option("--assume-pending", "--暂按", "assume", type=click.Choice(list(ASSUMPTIONS)), help="待定的项目先按这个给")
@AS_OF
def command(
    rulebook: Path,
    on: str | None,
    unit: str,
    code: str | None,
    data: Path | None,
    others: bool,
    assume: Assumption | None,
    until: str | None,
) -> None:
    """Explain one unit."""
    from perfdsl.publish.explanation import text
    from perfdsl.reports.explain import Asked, asked, explain, explained, known

    opened = open_rulebook(located(rulebook, on))
    if not opened.sound:
        tell(opened.problems)
        raise click.exceptions.Exit(1)
    day = day_of(until, opened)
    with working("试算"):
        evaluation = evaluate(opened, data, assume=assume or "", until=day)
    if unit not in evaluation.units:
        near = nearest(unit, evaluation.units)
        raise click.UsageError(f"名册里没有 “{unit}”" + (f"，是不是 “{near}”？" if near else ""))
    wanted = asked(evaluation, code) if code is not None else Asked(explained(evaluation))
    if not wanted:
        near = nearest(code or "", known(evaluation))
        raise click.UsageError(f"没有 “{code}” 这一项" + (f"，是不是 “{near}”？" if near else ""))
    told = explain(
        evaluation,
        unit,
        wanted.items,
        rules=wanted.rules,
        graded=wanted.graded,
        whole=code is None,
        show_others=others,
    )
    click.echo(text(told), nl=False)
    if left_with := ending(evaluation.problems, unreadable=evaluation.unreadable):
        tell(evaluation.problems)
        raise click.exceptions.Exit(left_with)
