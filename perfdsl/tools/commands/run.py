"""run 试算."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from perfdsl.tools.options import AS_OF, ON, kept
from perfdsl.tools.trial import run
from perfdsl.workspace.evaluate import ASSUMPTIONS


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
    type=click.Choice(["columnar", "reference", "spark"]),
    default="columnar",
    help="columnar 列式；reference 逐单位按规则文字复算；spark 单位在 Parquet 里、一台机器放不下时用，结果只写 Parquet",
)
@click.option(
    "--master",
    "--主机",
    metavar="地址",
    help="Spark 在哪里算：local[2]（本机两个进程，默认 local[*]）、spark://主机:7077",
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
def command(**options: Any) -> None:
    """Run one rulebook on one year's data."""
    run(**options)
