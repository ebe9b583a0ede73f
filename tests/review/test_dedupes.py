"""A 去重 block is a change of its own: what its items lose to each other is its effect, and not theirs."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model.rulebook import Rulebook
from perfdsl.workspace.opening import Opened, open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides, ledgers
from perfdsl.workspace.review.parts import assembled, parts
from perfdsl.workspace.review.together import Source
from perfdsl.workspace.review.units import roster, same_units
from perfdsl.workspace.review.whole import review

EXAMPLE = Path(__file__).parents[2] / "rulebooks" / "写法" / "B02" / "例.perf"
DATA = EXAMPLE.with_suffix("") / "数据"
"""甲县: B1 国家级 and B2 省级 in both ledgers; 乙县: B3 省级 in 表彰, B4 省级 in 试点."""

HONOURS = """\
加分项 其他表彰（最高 4 分）【J03】
  条款：第六条
  台账：表彰，认定日期在考核期内
  计分：国家级每次 2 分；省级每次 1 分
"""
ONCE = "  同一事项：只计最高一次，按事项编号\n"
WITH = EXAMPLE.read_text(encoding="utf-8")
BLOCK = WITH[WITH.index("去重 同一奖项") :]
WITHOUT = WITH.removesuffix(BLOCK)
LISTED = BLOCK.replace("【J02】", "【J02】、加分项【J03】")
APART = WITHOUT.replace("省级每次 2 分\n", f"省级每次 2 分\n{ONCE}")


def opened(folder: Path, name: str, text: str) -> Rulebook:
    path = folder / f"{name}.perf"
    path.write_text(text, encoding="utf-8")
    found = open_rulebook(path)
    assert found.rulebook is not None, found.problems
    return found.rulebook


def effects(folder: Path, before: str, after: str) -> tuple[Hybrids, dict[str, dict[str, Fraction]]]:
    """Unit → name of what changed → how many points it moves, behind those before it; on the same data."""
    old, new = opened(folder, "旧", before), opened(folder, "新", after)
    comparison = compare(old, new)
    hybrids = Hybrids(comparison)
    names = {change.number: change.name or change.old_name for change in comparison.changes}
    found = ledgers(Sides(hybrids, *[Source(DATA, None)] * 2), same_units(new, roster(old), roster(new)))
    assert not any(one.residual or one.data for one in found.values())
    return hybrids, {
        unit: {names[number]: value for number, value in one.together.items() if value} for unit, one in found.items()
    }


def test_an_item_that_comes_into_a_block(tmp_path: Path) -> None:
    """其他表彰 alone: 甲县 B1 2 and B2 1, of which 8 - 6 are left under the cap; 乙县 B3 1. The other two have all three higher."""
    hybrids, found = effects(tmp_path, WITH, WITHOUT + HONOURS + LISTED)
    assert found == {
        "甲县": {"其他表彰": Fraction(2), "同一奖项": Fraction(-2)},
        "乙县": {"其他表彰": Fraction(1), "同一奖项": Fraction(-1)},
        "丙局": {},
    }
    assert hybrids.needs == {1: frozenset(), 2: frozenset({1})}  # nothing is listed that is not there


def test_an_item_that_goes_with_its_place_in_a_block(tmp_path: Path) -> None:
    """The same the other way round; the block lets go of it first."""
    hybrids, found = effects(tmp_path, WITHOUT + HONOURS + LISTED, WITH)
    assert found["甲县"] == {"同一奖项": Fraction(2), "其他表彰": Fraction(-2)}
    assert hybrids.needs == {1: frozenset({2}), 2: frozenset()}


@pytest.mark.parametrize(("before", "after", "by"), [(APART, WITH, -2), (WITH, APART, 2)])
def test_a_block_that_comes_or_goes(before: str, after: str, by: int, tmp_path: Path) -> None:
    """甲县 apart: 3 + 2 and 4 + 2, each at most 4, 8 in all; together B1 counts in 试点 and B2 in 表彰: 2 + 4."""
    hybrids, found = effects(tmp_path, before, after)
    assert found == {"甲县": {"同一奖项": Fraction(by)}, "乙县": {}, "丙局": {}}
    assert len(hybrids.comparison.changes) == 1


def test_a_block_with_another_number_is_the_same(tmp_path: Path) -> None:
    comparison = compare(opened(tmp_path, "旧", WITH), opened(tmp_path, "新", WITH.replace("Q01", "Q07")))
    assert comparison.same
    assert comparison.renumbered == (("Q01", "Q07", "同一奖项"),)


def test_parts_put_together_again(tmp_path: Path) -> None:
    book = opened(tmp_path, "新", WITHOUT + HONOURS + LISTED)
    assert assembled(parts(book)) == book


NUMBERED = WITH.replace("认定日期\n台账 试点", "认定日期、文号\n台账 试点")
BY_NUMBER = NUMBERED[: NUMBERED.index("加分项 承担试点")] + ONCE.replace("事项编号", "文号")


@pytest.mark.parametrize("data", [True, False], ids=["data", "no data"])
def test_a_key_of_another_kind_is_a_key_all_the_same(data: bool, tmp_path: Path) -> None:
    """文号 becomes a number of pieces, which nothing is worked out with; what differs is 2.5 points for 3."""
    after = BY_NUMBER.replace("文号\n台账", "文号（件）\n台账").replace("每次 3 分", "每次 2.5 分")
    old, new = written(tmp_path, "旧", BY_NUMBER, "甲字{}号"), written(tmp_path, "新", after, "{}")
    found = review(old, new, old.data_folder, new.data_folder) if data else review(old, new)
    (change,) = found.comparison.changes
    assert {patch.key[0] for patch in change.patches} == {"item", "column"}
    verdict = found.verdicts[change.number]
    assert verdict.classes[0] == ("影响得分", True)
    assert verdict.witness is not None


def written(folder: Path, name: str, text: str, number: str) -> Opened:
    """A rulebook, and the data of the example with a 文号 in each row of 表彰."""
    path = folder / f"{name}.perf"
    path.write_text(text, encoding="utf-8")
    shutil.copytree(DATA, folder / name / "数据")
    ledger = folder / name / "数据" / "表彰.csv"
    head, *rows = ledger.read_text(encoding="utf-8-sig").split()
    lines = [f"{head},文号", *(f"{row},{number.format(place)}" for place, row in enumerate(rows))]
    ledger.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_rulebook(path)
