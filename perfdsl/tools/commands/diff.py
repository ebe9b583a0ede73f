"""diff 对照."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfdsl.reports.reviews import ReviewFinding
from perfdsl.text.problem import Severity
from perfdsl.text.render import render
from perfdsl.text.source import Unreadable
from perfdsl.tools.answers import colours
from perfdsl.tools.shared import FILES as OTHERS
from perfdsl.tools.shared import ending, in_scratch, located, scratch, write_file
from perfdsl.workspace.opened import DATA
from perfdsl.workspace.opening import Opened, open_rulebook

if TYPE_CHECKING:
    from perfdsl.workspace.review.whole import Review

FORMATS = ("text", "md", "html", "json", "xlsx", "docx")
FILES = ("xlsx", "docx")
"""Formats that are files: they need --out."""


@click.command("diff", help="对照两份办法：改了什么，影响什么，影响谁。两份写文件、示例市@2024，或 git:版本:文件。")
@click.argument("old", metavar="旧办法")
@click.argument("new", metavar="新办法")
@click.option(
    "--data", "--数据", "data", type=click.Path(path_type=Path), help="旧数据（默认：旧办法旁的“数据”文件夹）"
)
@click.option(
    "--new-data", "--新数据", "new_data", type=click.Path(path_type=Path), help="新数据（默认：新办法旁的“数据”文件夹）"
)
@click.option(
    "--assume",
    "--假设",
    "assume",
    type=click.Path(path_type=Path),
    help="旧数据里没有的栏目先用这里的数：数据文件夹、工作簿，或一份表头同“实绩”的 CSV",
)
@click.option("--last-value", "--沿用", "last_value", is_flag=True, help="一年没有的栏目沿用另一年的数")
@click.option("--no-data", "--不试算", "no_data", is_flag=True, help="只对照条文，不用数据试算")
@click.option("--shapley", "--精确分摊", "shapley", is_flag=True, help="互相影响的修订按精确的 Shapley 值分摊")
@click.option(
    "--format",
    "--格式",
    "form",
    type=click.Choice(FORMATS),
    help="输出格式（默认：--out 的文件名结尾说的格式，否则 text）",
)
@click.option("--out", "--输出", "out", type=click.Path(path_type=Path, dir_okay=False), help="写进这个文件")
@click.option("--exit-code", "--退出码", "exit_code", is_flag=True, help="有修订时退出码为 1")
@click.option("--anonymous", "--匿名", "hide", is_flag=True, help="单位名称换成编号")
def command(
    old: str,
    new: str,
    data: Path | None,
    new_data: Path | None,
    assume: Path | None,
    last_value: bool,
    no_data: bool,
    shapley: bool,
    form: str | None,
    out: Path | None,
    exit_code: bool,
    hide: bool,
) -> None:
    """Compare two rulebooks."""
    from perfdsl.reports.diff import anonymous, diff
    from perfdsl.workspace.filling import as_folder
    from perfdsl.workspace.review.ledger import TooMany
    from perfdsl.workspace.review.whole import review
    from perfdsl.workspace.revisions import is_revision

    form = _form(form, out)
    if form in FILES and out is None:
        raise click.UsageError(f"{form} 是文件，用 --out 写明写到哪里，例如 --out 对照.{form}")
    if out is not None and not out.absolute().parent.is_dir():
        raise Unreadable(f"没有 “{out.parent}” 这个文件夹，写不了 {out}；先建文件夹，或换一个地方")
    fetches = is_revision(old) or is_revision(new) or assume is not None
    with scratch() if fetches else nullcontext(Path()) as folder:
        before, after = _opened(old, folder / "旧"), _opened(new, folder / "新")
        _sound(before, "旧办法", old, hide)
        _sound(after, "新办法", new, hide)
        places = (None, None) if no_data else (data or before.data_folder, new_data or after.data_folder)
        for place in (*places, assume):
            if place is not None and not place.exists():
                raise Unreadable(f"没有 “{place}” 这个数据文件夹或文件")
        if not no_data:
            click.echo("".join(_lacking(places)), err=True, nl=False)
        if places[0] is None:
            places = (None, None)
        click.echo("".join(_asked(before, after, places)), err=True, nl=False)
        try:
            with in_scratch():
                filled = as_folder(assume, folder / "假设")
            found = review(before, after, *places, shapley=shapley, assume=filled, last_value=last_value)
        except TooMany as error:
            raise click.UsageError(
                f"有 {error.args[0]} 条修订互相影响，精确分摊要试算 2 的 {error.args[0]} 次方遍，算不了；去掉 --shapley，看叠加影响"
            ) from error
        shown = (_place(places[0], data, old), _place(places[1], new_data, new))
        finding = diff(found, (old, new), shown, _filled(found, assume, last_value))
    if hide:
        finding = anonymous(finding, found)
    made = _published(finding, form)
    if out is None:
        click.echo(made, nl=False)
    else:
        write_file(out, made)
        click.echo(f"已写入 {out}：{finding.overview}", err=True)
    if wrong := [one for one in finding.problems if one.severity is Severity.MUST]:
        click.echo(
            f"有 {len(wrong)} 处必须改（报告的“问题”里逐处列出），改好以后再看影响：{wrong[0].message}", err=True
        )
    unreadable = any(one is not None and one.unreadable for one in (found.before, found.after))
    code = ending(finding.problems, waiting=exit_code and not finding.same, unreadable=unreadable)
    if code:
        raise click.exceptions.Exit(code)


ENDINGS = {
    **{f".{form}": form for form in FORMATS},
    ".txt": "text",
    ".markdown": "md",
    ".htm": "html",
}
"""Ending of a file name → the format that it promises."""


def _form(asked: str | None, out: Path | None) -> str:
    """The format: what is asked for, else what the name of the file promises.

    Raises:
        UsageError: the name promises another format, or one that there is not.
    """
    ending = out.suffix.lower() if out is not None else ""
    promised = ENDINGS.get(ending)
    if out is not None and promised is None and ending in OTHERS:
        raise click.UsageError(
            f"写不了 {ending} 文件：{out}。可以写 {'、'.join(f'{out.stem}.{one}' for one in FORMATS[1:])}"
        )
    if asked is None or promised is None or asked == promised:
        return asked or promised or "text"
    raise click.UsageError(
        f"--format {asked} 和文件名 {out} 不一致（{ending} 是 {promised} 格式）；改文件名，或去掉 --format"
    )


def _filled(found: Review, assume: Path | None, last_value: bool) -> str:
    """Which columns were taken from elsewhere."""
    told = []
    for taken, side, place in (
        (found.filled[0], "旧数据", f"按假设文件 {assume} 补" if assume is not None else "沿用新数据"),
        (found.filled[1], "新数据", "沿用旧数据"),
    ):
        if last_value or (assume is not None and side == "旧数据"):
            told.append(f"{side}：" + (f"{'、'.join(taken)}（{len(taken)} 栏）{place}" if taken else "没有可补的栏目"))
    return "；".join(told)


def _place(place: Path | None, given: Path | None, rulebook: str) -> str:
    return "" if place is None else str(given or f"{rulebook} 旁的数据")


def _opened(written: str, folder: Path) -> Opened:
    from perfdsl.workspace.revisions import fetched, is_revision

    if is_revision(written):
        with in_scratch():
            folder.mkdir()
            laid = fetched(written, folder)
        return open_rulebook(laid)
    return open_rulebook(located(written))


def _sound(opened: Opened, which: str, written: str, hide: bool) -> None:
    """Stop where one of the two cannot be read. ``hide``: only where, since the lines themselves name units."""
    if opened.sound:
        return
    wrong = tuple(one for one in opened.problems if one.severity is Severity.MUST)
    lines = "\n".join(
        f"必须改 {one.code}" + (f"：第 {one.span.line} 行" if one.span is not None else "") for one in wrong
    )
    click.echo(lines if hide else render(wrong, colours()).rstrip(), err=True)
    click.echo(f"{which}（{written}）有必须改的问题，改好以后再对照", err=True)
    raise click.exceptions.Exit(1)


def _lacking(places: tuple[Path | None, Path | None]) -> Iterator[str]:
    """What is not run since there are no data, and folders that hold the data one level below."""
    match places:
        case None, None:
            yield (
                "两份办法旁边都没有数据（2025.perf 的数据放在 2025/数据），只对照条文；"
                "数据在别处的，用 --data、--new-data 写明\n"
            )
        case None, _:
            yield "没有旧数据，只对照条文；试算要用 --data 写明旧数据\n"
        case _, None:
            yield "没有新数据，两份办法都在旧数据上试算；有新数据的，用 --new-data 写明\n"
    for place in places:
        if place is not None and place.name != DATA and (place / DATA).is_dir():
            yield f"请确认：“{place}”下面有“{DATA}”文件夹，数据像是在 {place / DATA}\n"


def _asked(before: Opened, after: Opened, places: tuple[Path | None, Path | None]) -> Iterator[str]:
    """What looks like a slip, said before anything is run: files in the wrong order, of another rulebook, data swapped."""
    old, new = before.rulebook, after.rulebook
    assert old is not None
    assert new is not None
    if old.period is not None and new.period is not None and new.period.last < old.period.first:
        yield (
            f"请确认：旧的一份是 {old.period.last.year} 年度，新的一份是 {new.period.last.year} 年度，像是写反了；"
            "“上年对应”说的是再上一年，这样对照对不上\n"
        )
    if None not in places and places[0] != places[1] and places == (after.data_folder, before.data_folder):
        yield "请确认：旧办法用的是新办法旁的数据，新办法用的是旧办法旁的数据，像是写反了\n"
    yield _strangers(before, after)


def _strangers(before: Opened, after: Opened) -> str:
    """A message where the two are no versions of one rulebook, as it seems."""
    from perfdsl.workspace.review.matching import kinship, matching

    old, new = before.rulebook, after.rulebook
    assert old is not None
    assert new is not None
    kin = kinship(old, new, matching(old, new))
    if kin.related:
        return ""
    return (
        f"请确认：这两份看来不是同一个办法的两版。名称不同（“{old.name}”，“{new.name}”），旧的一份 {kin.old} 条条款中只有 {kin.both} 条在新的一份里"
        "有对应。对照照样列出，多半是一份全删、一份全增；拿错了文件请换一份\n"
    )


def _published(finding: ReviewFinding, form: str) -> str | bytes:
    """The comparison in a format; each is imported only when it is asked for."""
    match form:
        case "md":
            from perfdsl.publish import review_markdown

            return review_markdown.page(finding)
        case "html":
            from perfdsl.publish import review_html

            return review_html.page(finding)
        case "json":
            from perfdsl.publish import review_json

            return review_json.document(finding)
        case "xlsx":
            from perfdsl.publish import review_xlsx

            return review_xlsx.workbook(finding)
        case "docx":
            from perfdsl.publish import review_docx

            try:
                return review_docx.document(finding)
            except review_docx.NoLibrary as error:
                raise click.UsageError(str(error)) from error
        case _:
            from perfdsl.publish import review_text

            return review_text.text(finding)
