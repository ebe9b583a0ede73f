"""Units and indicators that come and go between two years: each ledger still adds up, from the old year's run to the new one's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from perfdsl.model import outputs
from perfdsl.model.table import UNITS as UNITS_TABLE
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import Opened, open_rulebook
from perfdsl.workspace.review.changes import Comparison, compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides, UnitLedger, ledgers, number
from perfdsl.workspace.review.together import Source
from perfdsl.workspace.review.units import merged_units, roster, same_units

HEAD = """\
# 虚构
考评办法 试点办法（100 分）【试点@{year}】
  状态：印发稿
  考核期：{year}年1月1日至{year}年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 100 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、曾用名
"""
TARGETS = "附表 目标（每个单位一行）\n  列：单位、培训目标（人）\n"
UNITS = [("甲局", ""), ("乙局", "")]


def falling(name: str, full: int, code: str, target: str, step: str = "2", more: str = "") -> str:
    """An indicator that loses points for every 10 that are missing."""
    return f"""\
指标 {name}（{full} 分）【{code}】
{more}  数据：{name}数（件）
  指标值：{name}数
  目标值：{target}
  方向：越高越好
  计分：达到得满分；每少 10 件扣 {step} 分，不足 10 件的不计，扣完本指标为止
"""


@dataclass(frozen=True)
class Year:
    """A rulebook and its data: ``facts`` unit → the columns in order."""

    year: int
    units: list[tuple[str, str]]
    items: str
    columns: str
    facts: dict[str, str]
    targets: dict[str, int] | None = None

    def written(self, folder: Path) -> Opened:
        book = HEAD.format(year=self.year) + _rows(("单位", "曾用名"), self.units)
        if self.targets is not None:
            book += TARGETS + _rows(("单位", "培训目标"), [(name, str(t)) for name, t in self.targets.items()])
        path = folder / f"{self.year}.perf"
        path.write_text(book + self.items, encoding="utf-8")
        data = folder / str(self.year) / "数据"
        data.mkdir(parents=True)
        rows = "".join(f"{name},{cells}\n" for name, cells in self.facts.items())
        (data / "实绩.csv").write_text(f"单位,{self.columns}\n{rows}", encoding="utf-8")
        opened = open_rulebook(path)
        assert opened.sound, opened.problems
        return opened


def _rows(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    return "".join(f"  | {one} | {other} |\n" for one, other in (head, *rows))


def reviewed(folder: Path, before: Year, after: Year) -> tuple[Comparison, dict[str, UnitLedger]]:
    """The ledgers; each begins and ends where a run of that year alone ends, by both engines."""
    old, new = before.written(folder), after.written(folder)
    assert old.rulebook is not None
    assert new.rulebook is not None
    comparison = compare(old.rulebook, new.rulebook)
    places = [one.folder / "数据" for one in (old, new) if one.folder is not None]
    sides = Sides(Hybrids(comparison), Source(places[0], old.folder), Source(places[1], new.folder))
    same = same_units(new.rulebook, roster(old.rulebook), roster(new.rulebook))
    found = ledgers(sides, same)
    assert set(found) == set(same)
    for engine in ("columnar", "reference"):
        olds, news = (evaluate(one, place, engine) for one, place in zip((old, new), places, strict=True))
        was = dict(zip(olds.units, map(number, olds.outcome[outputs.TOTAL]), strict=True))
        become = dict(zip(news.units, map(number, news.outcome[outputs.TOTAL]), strict=True))
        for unit, one in found.items():
            assert one.residual == 0
            assert (one.before, one.after) == (was[same[unit]], become[unit])
    return comparison, found


def by_name(comparison: Comparison, one: UnitLedger) -> dict[str, Fraction]:
    """Name of the clause → what its change does behind those before it, where it does anything."""
    names = {change.number: change.name or change.old_name for change in comparison.changes}
    return {names[n]: value for n, value in one.together.items() if value}


TRAINING = falling("培训", 60, "A01", "培训目标")
REPORTS = falling("报送", 40, "A02", "50 件", "1")


def test_units_that_come_go_and_are_renamed(tmp_path: Path) -> None:
    """甲局: 80 of 100 is two steps, 56 + 40; of 90 one step, 98. 乙委, now 乙局: 70 of 100, and 40 of 50: 54 + 39; of 80 one
    step, 58 + 39. 丙局 goes, 丁局 comes: neither has a ledger, and neither disturbs the others.
    """
    comparison, found = reviewed(
        tmp_path,
        Year(
            2024,
            [("甲局", ""), ("乙委", ""), ("丙局", "")],
            TRAINING.replace("件", "人") + REPORTS,
            "培训数,报送数",
            {"甲局": "80,50", "乙委": "70,40", "丙局": "100,50"},
            {"甲局": 100, "乙委": 100, "丙局": 100},
        ),
        Year(
            2025,
            [("甲局", ""), ("乙局", "乙委"), ("丁局", "")],
            TRAINING.replace("件", "人") + REPORTS,
            "培训数,报送数",
            {"甲局": "80,50", "乙局": "70,40", "丁局": "60,50"},
            {"甲局": 90, "乙局": 80, "丁局": 70},
        ),
    )
    assert {unit: (one.before, one.after, one.data) for unit, one in found.items()} == {
        "甲局": (Fraction(96), Fraction(98), Fraction(0)),
        "乙局": (Fraction(93), Fraction(97), Fraction(0)),
    }
    assert all(change.name in ("单位名册", "目标") for change in comparison.changes)


def test_a_new_indicator_without_past_data_and_one_that_goes(tmp_path: Path) -> None:
    """A02 of 40 points goes, A03 comes and has no past. 甲局: 60 + 39 before; now 60 + 40 - 2 × 1. What goes is taken away on the
    old data (-39), what is new stands on the new ones (+38).
    """
    first, new = falling("培训", 60, "A01", "100 件"), falling("宣传", 40, "A03", "80 件", "1")
    facts = {"甲局": "100,40", "乙局": "90,50"}
    comparison, found = reviewed(
        tmp_path,
        Year(2024, UNITS, first + REPORTS, "培训数,报送数", facts),
        Year(2025, UNITS, first + new, "培训数,宣传数", {"甲局": "100,60", "乙局": "100,80"}),
    )
    assert [change.how for change in comparison.changes] == ["删除", "新增"]
    assert by_name(comparison, found["甲局"]) == {"报送": -39, "宣传": 38}
    assert found["甲局"].data == 0
    # 乙局: 58 + 40 before, 60 + 40 now; 10 more in the training are 2 points of data
    assert by_name(comparison, found["乙局"]) == {"报送": -40, "宣传": 40}
    assert found["乙局"].data == 2


def test_a_split_and_a_merger(tmp_path: Path) -> None:
    """A01 of 60 is split in A01 of 40 and A03 of 20, by its own words, for which there are no past data of A03."""
    old = falling("培训", 60, "A01", "100 件") + REPORTS
    said = "  上年对应：【A01】\n"
    new = falling("培训", 40, "A01", "100 件", more=said) + REPORTS + falling("宣传", 20, "A03", "80 件", "1", said)
    split, found = reviewed(
        tmp_path,
        Year(2024, UNITS, old, "培训数,报送数", {"甲局": "80,50", "乙局": "100,40"}),
        Year(2025, UNITS, new, "培训数,报送数,宣传数", {"甲局": "80,50,70", "乙局": "90,40,80"}),
    )
    assert [change.how for change in split.changes] == ["拆分"]
    # 甲局: 56 + 40, now 36 + 40 + 19: one change, the data of what was there are the same
    assert [int(n) for n in (found["甲局"].before, found["甲局"].after, found["甲局"].data)] == [96, 95, 0]
    # 乙局: 60 + 39, now 38 + 39 + 20; 10 less in the training are 2 points of data
    assert [int(n) for n in (found["乙局"].delta, found["乙局"].data)] == [-2, -2]
    back = tmp_path / "合并"
    back.mkdir()
    joined = falling("培训", 60, "A01", "100 件", more="  上年对应：【A01】、【A03】\n") + REPORTS
    merged, found = reviewed(
        back,
        Year(2024, UNITS, new.replace(said, ""), "培训数,报送数,宣传数", {"甲局": "80,50,70", "乙局": "90,40,80"}),
        Year(2025, UNITS, joined, "培训数,报送数", {"甲局": "80,50", "乙局": "90,40"}),
    )
    assert [change.how for change in merged.changes] == ["合并"]
    assert [int(found[unit].delta) for unit in ("甲局", "乙局")] == [1, 0]


def test_who_became_whom(tmp_path: Path) -> None:
    """A merger has no single predecessor; two heirs of one unit have none either."""
    items = falling("培训", 100, "A01", "100 件")
    facts = {"甲局": "1", "乙局": "1"}
    old = Year(2024, UNITS, items, "培训数", facts).written(tmp_path).rulebook
    joined = Year(2025, [("丁局", "甲局、乙局")], items, "培训数", {"丁局": "1"}).written(tmp_path).rulebook
    assert old is not None
    assert joined is not None
    assert same_units(joined, ("甲局", "乙局"), ("丁局",)) == {}
    assert merged_units(joined, ("甲局", "乙局"), ("丁局",)) == {"丁局": ("甲局", "乙局")}
    kept = Year(2026, [("甲局", "乙局")], items, "培训数", {"甲局": "1"}).written(tmp_path).rulebook
    assert kept is not None
    assert merged_units(kept, ("甲局", "乙局"), ("甲局",)) == {"甲局": ("甲局", "乙局")}


def test_who_supplies_a_column_is_told_under_its_indicator(tmp_path: Path) -> None:
    facts = {"甲局": "80,50", "乙局": "100,40"}
    first = falling("培训", 60, "A01", "100 件")
    comparison, found = reviewed(
        tmp_path,
        Year(2024, UNITS, first + REPORTS, "培训数,报送数", facts),
        Year(2025, UNITS, first.replace("（件）", "（件，市教育局）") + REPORTS, "培训数,报送数", facts),
    )
    assert [(change.block, change.new, change.how, change.wording) for change in comparison.changes] == [
        ("指标", ("A01",), "修改", True)
    ]
    assert [one.delta for one in found.values()] == [0, 0]


ROSTER_ONLY = (
    [("甲局", ""), ("乙委", "")],
    [("甲局", ""), ("乙局", "乙委")],
)


def test_files_may_keep_the_name_that_a_unit_had(tmp_path: Path) -> None:
    """Only the roster has the new name; the targets and the facts still say 乙委. 乙局: 70 of 100, then 80 of 80."""
    comparison, found = reviewed(
        tmp_path,
        Year(
            2024,
            ROSTER_ONLY[0],
            TRAINING.replace("件", "人") + REPORTS,
            "培训数,报送数",
            {"甲局": "80,50", "乙委": "70,50"},
            {"甲局": 100, "乙委": 100},
        ),
        Year(
            2025,
            ROSTER_ONLY[1],
            TRAINING.replace("件", "人") + REPORTS,
            "培训数,报送数",
            {"甲局": "80,50", "乙委": "80,50"},
            {"甲局": 100, "乙委": 80},
        ),
    )
    assert by_name(comparison, found["甲局"]) == {}
    # 70 of 100 is three steps, of 80 one; 10 more reach the 80
    assert by_name(comparison, found["乙局"]) == {"目标": 4}
    assert found["乙局"].data == found["乙局"].data_alone == 2
    assert sum(found["乙局"].data_of.values()) == 2
    assert all(found["乙局"].data_of.values())


def test_rows_of_a_renamed_unit_stay_its_rows(tmp_path: Path) -> None:
    """示例市 with one unit under another name, in every 附表 and in the data: the roster changes, and nothing else."""
    home = Path(__file__).parents[2] / "rulebooks" / "示例市"
    was, unit = "市林业局", "市林业和草原局"
    opened = []
    for side in ("旧", "新"):
        folder = tmp_path / side
        shutil.copytree(home / "2025", folder / "2025")
        shutil.copy(home / "2025.perf", folder)
        for path in sorted((folder / "2025").rglob("*.csv")) if side == "新" else ():
            text = path.read_text(encoding="utf-8").replace(was, unit)
            path.write_text(text.replace(f",{unit},市直,,", f",{unit},市直,{was},"), encoding="utf-8")
        opened.append(open_rulebook(folder / "2025.perf"))
    old, new = opened
    assert old.rulebook is not None
    assert new.rulebook is not None
    comparison = compare(old.rulebook, new.rulebook)
    assert [(change.how, change.name) for change in comparison.changes] == [("附表", UNITS_TABLE)]
    sides = Sides(Hybrids(comparison), Source(old.data_folder, old.folder), Source(new.data_folder, new.folder))
    same = same_units(new.rulebook, roster(old.rulebook), roster(new.rulebook))
    assert same[unit] == was
    found = ledgers(sides, same)
    assert len(found) == 62
    assert all(one.delta == one.data == one.data_alone == 0 for one in found.values())
