"""What the one who signs a comparison looks at: what no computation can decide, and what is to be done after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from perfdsl.model.expression import ColumnRef
from perfdsl.model.item import Item, Level
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import TableRole
from perfdsl.model.walking import nodes
from perfdsl.reports.reviews import ChangeFinding, ReviewFinding
from perfdsl.workspace.review.changes import Change
from perfdsl.workspace.review.judging import remeasured
from perfdsl.workspace.review.whole import Review


def checklist(finding: ReviewFinding, review: Review) -> tuple[str, ...]:
    """A line for each thing to look at."""
    return (
        *_joined(review),
        *_perhaps_renamed(review),
        *_remeasured(review),
        *reheaded(review),
        *_refilled(review),
        *_signed(finding),
    )


def _signed(finding: ReviewFinding) -> list[str]:
    """What is in every comparison."""
    found = []
    guessed = [change for change in finding.changes if change.guessed]
    if guessed:
        found.append(f"第 {numbers_of(guessed)} 条的前后对应是按相近推测的，确认后写上“上年对应”")
    without = [
        change
        for change in finding.changes
        if not change.reason and not change.idle and change.block not in ("附表", "计分办法")
    ]
    if without:
        found.append(f"第 {numbers_of(without)} 条没有写修改理由（附表和不影响结果的不在内）")
    if dutiful := [change for change in finding.changes if change.duties]:
        named = "、".join(dict.fromkeys(duty for change in dutiful for duty in change.duties))
        found.append(f"第 {numbers_of(dutiful)} 条换了{named}：通知有关单位交接")
    grave = [
        change
        for change in finding.changes
        if any(one.name in ("影响等次", "影响范围", "影响结果运用") for one in change.classes)
    ]
    if grave:
        found.append(
            f"第 {numbers_of(grave)} 条在数据或例子里影响等次、范围或结果运用，逐条核对；其余影响得分的，总分正在线上的单位等次也会变"
        )
    unknown = [change for change in finding.changes if any(one.name == "不能判定" for one in change.classes)]
    if unknown:
        found.append(f"第 {numbers_of(unknown)} 条不能判定，请人工核对")
    if finding.impact is not None:
        both = [one for one in finding.impact.shifts if one.presence == "两年都有"]
        listed = sum(not one.open for one in both)
        left = f"；{len(both) - listed} 个单位列不出，各写明原因" if listed < len(both) else ""
        found.append(f"得分变动表：{listed} 个单位各行相加等于总分差，残差 0{left}")
        alone = [one for one in finding.impact.shifts if one.presence != "两年都有" and not one.open]
        if any(one.presence == "只在新的一份" for one in alone) and any(
            one.presence == "只在旧的一份" for one in alone
        ):
            found.append(
                f"{len(alone)} 个单位只在一份里（{'、'.join(one.unit for one in alone[:4])}{' 等' if len(alone) > 4 else ''}）："
                "是改了名称的，在新的单位名册写上“曾用名”再对照"
            )
        close = [one for one in finding.impact.shifts if one.edge]
        if close:
            named = f"{'、'.join(one.unit for one in close[:5])}{' 等' if len(close) > 5 else ''}"
            found.append(f"{len(close)} 个单位离等次线很近，或者正好压线：{named}")
    found.append(
        f"校验码：旧 {finding.old.rulebook.sha256[:12]}，新 {finding.new.rulebook.sha256[:12]}；文件再改过，要重新对照"
    )
    return found


def _joined(review: Review) -> list[str]:
    """Units that were put together: their totals are not compared."""
    return [f"{'、'.join(olds)} 合并为 {unit}：前后总分不相比，只列各自一年的" for unit, olds in review.merged.items()]


def _perhaps_renamed(review: Review) -> list[str]:
    """Clauses that go and clauses that come, one for one, for the same data: by name, number and rule nothing says that they
    are the same, and only the author knows."""
    comparison = review.comparison
    codes = comparison.matched.codes
    gone = list(_reading(comparison.before, comparison.changes, "删除", codes))
    come = list(_reading(comparison.new, comparison.changes, "新增", {}))
    found = []
    for old, was, read in gone:
        same = [(new, now) for new, now, theirs in come if theirs == read]
        if len(same) == 1 and sum(theirs == read for _, _, theirs in gone) == 1:
            ((new, now),) = same
            found.append(
                f"第 {old.number} 条删去的 “{was.name}” 和第 {new.number} 条新增的 “{now.name}” 读的是同样的数据："
                f"是同一项改了名称的，在新条款写上 “上年对应：{old.old[0]}” 再对照"
            )
    return found


def _reading(
    book: Rulebook, changes: Sequence[Change], how: str, codes: Mapping[str, str]
) -> Iterator[tuple[Change, Item, tuple[Level, frozenset[ColumnRef]]]]:
    """Items that come or go, and what they read; those that read nothing are left out."""
    items = {item.code: item for item in book.walk()}
    for change in changes:
        own = change.old or change.new
        item = items.get(codes.get(own[0], own[0])) if change.how == how and own else None
        read = frozenset(node for node in nodes(item) if isinstance(node, ColumnRef))
        if item is not None and read:
            yield change, item, (item.level, read)


def _remeasured(review: Review) -> list[str]:
    """Columns that are filled in other words: whether they count the same thing no computation can say."""
    found = {one.number: "、".join(said) for one in review.comparison.changes if (said := remeasured(one))}
    if not found:
        return []
    numbers = "、".join(map(str, found))
    return [f"第 {numbers} 条改了计量单位（{'；'.join(found.values())}）：核对填报的还是不是同一个数"]


def reheaded(review: Review) -> list[str]:
    """Columns of the data under another name: to the rules it is wording, but files with the old heading are not read."""
    comparison = review.comparison
    found: dict[str, list[str]] = {}
    for (table, was), name in comparison.terms.columns.items():
        facts = comparison.new.table(table)
        if was != name and facts is not None and facts.role is not TableRole.RULE:
            found.setdefault(table, []).append(f"“{was}” 改为 “{name}”")
    return [
        f"数据 “{table}” 的栏目改名（{'、'.join(names)}）：报送的文件，表头照新的改，并核对还是同一件事"
        for table, names in found.items()
    ]


def _refilled(review: Review) -> list[str]:
    """Changes after which other columns are to be filled in."""
    new, old = review.comparison.new, review.comparison.before
    facts = {table.name for table in (*old.tables, *new.tables) if table.role is not TableRole.RULE}
    found, both = [], []
    for change in review.comparison.changes:
        moved = [patch for patch in change.patches if patch.key[0] == "column" and patch.key[1] in facts]
        gone, come = any(patch.new is None for patch in moved), any(patch.old is None for patch in moved)
        found += [str(change.number)] if gone or come else []
        both += [str(change.number)] if gone and come else []
    renamed = f"；第 {'、'.join(both)} 条只是改了栏目名称的，新办法这一列的括号里写：曾用名 “旧名”" if both else ""
    return [f"第 {'、'.join(found)} 条增减了报送的栏目，填报表照新的改{renamed}"] if found else []


def numbers_of(changes: Sequence[ChangeFinding]) -> str:
    """Their numbers, for a sentence."""
    return "、".join(str(change.number) for change in changes)
