"""The demonstration behind ``make demo``: 示例市, invented."""

from __future__ import annotations

from pathlib import Path

import click

import perfdsl
from perfdsl.text.source import Unreadable

RULEBOOK = Path("rulebooks") / "示例市" / "2025.perf"
EARLIER = (2023, 2024)
PRAISE = "Y03"
"""连续优秀: the result application that looks at three years."""


def found() -> Path:
    """The rulebook of the demonstration: in the checkout that this package lies in, or below the folder we are in.

    Raises:
        Unreadable: it is in neither.
    """
    home = Path(perfdsl.__file__).parent
    for place in (Path(), home.parent, home):
        if (place / RULEBOOK).is_file():
            return place / RULEBOOK
    raise Unreadable(f"{RULEBOOK}：没有找到示例，它在源代码的文件夹里")


@click.command("demo", hidden=True)
def command() -> None:
    """Run 示例市 2025 and say where the rest lies."""
    from perfdsl.publish import table
    from perfdsl.publish.years import years
    from perfdsl.reports.results import results
    from perfdsl.workspace.evaluate import evaluate
    from perfdsl.workspace.opening import open_rulebook

    rulebook = found()
    before = [path for year in EARLIER if (path := rulebook.with_name(f"{year}.perf")).is_file()]
    *earlier, finding = [results(evaluate(open_rulebook(path), None)) for path in (*before, rulebook)]
    click.echo(table.results(finding), nl=False)
    if earlier:
        click.echo(years([*earlier, finding], PRAISE), nl=False)
    unit = min(finding.units, key=table.place).unit
    shown = f'"{rulebook}"' if " " in str(rulebook) else str(rulebook)
    click.echo(
        f"\n接下来（命令找不到时，先启用安装它的环境）：\n"
        f"  看规则          {rulebook}（示例市是虚构的，数据也是虚构的）\n"
        f"  查一个单位的分  perfdsl explain {shown} --unit {unit}\n"
        f"  全部结果存盘    perfdsl run {shown} --out 结果\n"
        f"  校核一份办法    perfdsl check {shown}\n"
        f"  数据要填哪些    perfdsl check {shown} --columns\n"
        f"  有哪些办法      perfdsl list"
    )
