"""diff as the officer meets it: what changed on one screen, exit codes, and a clear message where something is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from running import BOOK, FACTS, RULEBOOKS, perfdsl, project

from perfdsl.model.states import State
from perfdsl.publish.review_json import document
from perfdsl.publish.review_markdown import page
from perfdsl.publish.review_schema import Review as Published
from perfdsl.publish.review_text import text
from perfdsl.reports.diff import anonymous, diff
from perfdsl.reports.reviews import ReviewFinding
from perfdsl.text.records import replace
from perfdsl.text.render import width
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review import whole
from perfdsl.workspace.review.encoding import applied
from perfdsl.workspace.review.matching import kinship, matching
from perfdsl.workspace.review.whole import Review, review

OLD, NEW = RULEBOOKS / "示例市" / "2024.perf", RULEBOOKS / "示例市" / "2025.perf"
ROSTER = "  | 甲局 | 市直 |  |\n  | 乙局 | 市直 | 乙委 |\n  | 丙县 | 区县 |  |\n"


def pair(folder: Path, *changes: tuple[str, str], facts: str = FACTS, new_facts: str = FACTS) -> tuple[Path, Path]:
    """The pilot's rulebook, and one with ``changes``, each with data."""
    book = BOOK
    for old, new in changes:
        assert old in book
        book = book.replace(old, new)
    return project(folder / "旧", facts), project(folder / "新", new_facts, book=book)


# ---- what it shows


@cache
def two_years(data: bool = True) -> Review:
    """2024 against 2025, with the data of both; no case is looked for, which takes minutes."""
    old, new = open_rulebook(OLD), open_rulebook(NEW)
    with patch.object(whole, "judge", lambda *_, **__: {}):
        return review(old, new, *((old.data_folder, new.data_folder) if data else (None, None)))


def findings(data: bool = True) -> ReviewFinding:
    return diff(two_years(data), ("示例市@2024", "示例市@2025"))


def test_the_first_screen_of_two_years() -> None:
    first_screen(text(findings()))


def test_what_the_changes_do_to_units_is_told_of_each() -> None:
    """A new application counts for whom it concerns; two changes that make up for each other name one another."""
    told = {one.number: one.impact for one in findings().changes}
    (later,) = [one for one in findings().changes if one.name == "连续靠后"]
    after = two_years().after
    assert after is not None
    assert sum(cell == (State.VALUE, True) for cell in after.outcome["application:Y05"]) == 4
    assert later.impact.endswith("其他修订都改了以后再改这一条：4 个单位结果运用变化")
    for one, other in ((4, 14), (14, 4)):
        assert f"与第 {other} 条在 6 个单位上此消彼长，抵去 227.49 分，两条要合起来看" in told[one]
    assert sum("此消彼长" in said for said in told.values()) == 2


def test_what_moved_a_total_is_what_is_added_up_to_it() -> None:
    """过程指标 are no part of the total; what goes the way of the whole comes first."""
    found = findings().impact
    assert found is not None
    for unit in found.shifts:
        for effect in unit.effects:
            if effect.parts:
                assert not {code for code, _, _ in effect.parts} & {"A1a", "A1b"}
                ways = [value[0] == effect.together[0] for _, _, value in effect.parts]
                assert ways == sorted(ways, reverse=True)
    (city,) = [one for one in found.shifts if one.unit == "金稻市"]
    (data,) = [one for one in city.effects if one.change == 0]
    assert [code for code, _, _ in data.parts[:2]] == ["E01", "A302"]


@pytest.mark.full
def test_the_first_screen_as_the_command_writes_it() -> None:
    ran = perfdsl("diff", OLD, NEW)
    assert (ran.code, ran.err) == (0, "")
    first_screen(ran.out)


def first_screen(shown: str) -> None:
    screen, line, _ = shown.partition("\n──────────")
    assert line
    lines = screen.splitlines()
    assert len(lines) <= 60
    assert max(map(width, lines)) <= 80
    assert not [one for one in lines if one.endswith("…")]
    for said in (
        "示例市2025年度综合绩效考评 修订对照",
        "35 条",
        "得分上升 38 个单位",
        "得分下降 24 个单位",
        "等次变化 26 个单位",
        "市直“优秀”：名额 17 → 13（35% → 30%，基数 48 → 42），评上 17 → 14",
        "新：末位 3 个单位同分 91.27，一并计入，1 个空出，不递补",
        "区县：银杏区进入“优秀”，松涛区、石坪县退出“优秀”",
        "100 分中 94 分可比",
        "未受影响",
    ):
        assert said in screen.replace("\n  ", "")


def test_two_years_without_data_say_nothing_of_units() -> None:
    found = Published.model_validate_json(document(findings(data=False)))
    assert found.impact is None
    assert len(found.changes) >= 20


def test_the_json_holds_the_patch() -> None:
    old, new = open_rulebook(OLD).rulebook, open_rulebook(NEW).rulebook
    assert old is not None
    assert applied(old, json.loads(document(findings(data=False)))["patch"]) == new


def test_without_data_nothing_is_run(tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("总分最高 103 分", "总分最高 102 分"))
    found = perfdsl("diff", old, new, "--no-data", "--format", "json").json
    assert found["impact"] is None
    assert [found["old"]["data"], found["new"]["data"]] == [None, None]


def test_the_same_file_twice(tmp_path: Path) -> None:
    path = project(tmp_path)
    ran = perfdsl("diff", path, path, "--exit-code")
    assert (ran.code, ran.err) == (0, "")
    assert "没有修订" in ran.out


def test_the_exit_code_is_only_for_who_asks(tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("加分，总分最高 103 分", "加分，总分最高 102 分"))
    assert perfdsl("diff", old, new).code == 0
    assert perfdsl("diff", old, new, "--exit-code").code == 1
    assert perfdsl("对照", old, new, "--退出码", "--不试算").code == 1


def test_what_is_not_run_for_want_of_data_is_said(tmp_path: Path) -> None:
    """Data are looked for where run looks for them; that there are none is said, and is no fault."""
    old, new = pair(tmp_path, ("总分最高 103 分", "总分最高 102 分"))
    assert perfdsl("diff", old, new).err == ""
    shutil.rmtree(new.with_suffix(""))
    only = perfdsl("diff", old, new)
    assert (only.code, only.err) == (
        0,
        "没有新数据，两份办法都在旧数据上试算；有新数据的，用 --new-data 写明\n",
    )
    (old.with_suffix("")).rename(new.with_suffix(""))
    assert perfdsl("diff", old, new).err == "没有旧数据，只对照条文；试算要用 --data 写明旧数据\n"
    shutil.rmtree(new.with_suffix(""))
    neither = perfdsl("diff", old, new)
    assert neither.code == 0
    assert neither.err.startswith("两份办法旁边都没有数据（2025.perf 的数据放在 2025/数据），只对照条文；")
    assert "影响得分" in neither.out
    assert perfdsl("diff", old, new, "--no-data").err == ""


def test_data_that_give_nobody_a_total_are_a_finding(tmp_path: Path) -> None:
    """The folder above the data: the changes are told and judged all the same, what is wrong is said, the code is 1."""
    old, new = pair(tmp_path, ("总分最高 103 分", "总分最高 102 分"))
    above = old.with_suffix(""), new.with_suffix("")
    for place in above:
        (place / "名单.csv").write_text("单位,年度\n甲局,2025\n", encoding="utf-8")
    ran = perfdsl("diff", old, new, "--data", above[0], "--new-data", above[1], "--format", "json")
    assert ran.code == 1
    assert f"请确认：“{above[0]}”下面有“数据”文件夹，数据像是在 {above[0] / '数据'}\n" in ran.err
    assert "处必须改（报告的“问题”里逐处列出），改好以后再看影响：旧数据：没有找到" in ran.err
    (change,) = ran.json["changes"]
    assert change["classes"] == [{"name": "影响得分", "direct": True}]
    assert change["witness"]["units"]


def test_the_result_goes_to_a_file(tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("总分最高 103 分", "总分最高 102 分"))
    out = tmp_path / "对照.md"
    ran = perfdsl("diff", old, new, "--format", "md", "--out", out)
    assert ran.out == ""
    assert ran.err.startswith(f"已写入 {out}：修改 1 条")
    assert "103" in out.read_text(encoding="utf-8")
    blocked = perfdsl("diff", old, new, "--out", tmp_path / "没有" / "对照.md")
    assert blocked.code == 3
    assert "写不了" in blocked.err


# ---- what cannot be compared


def test_a_syntax_error_in_one_side(tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("每低 1 个百分点扣 0.5 分", "每低一点扣一点"))
    ran = perfdsl("diff", old, new)
    assert ran.code == 1
    assert ran.out == ""
    assert f"新办法（{new}）有必须改的问题，改好以后再对照" in ran.err
    assert "每低一点扣一点" in ran.err
    back = perfdsl("diff", new, old)
    assert (back.code, back.out) == (1, "")
    assert "旧办法（" in back.err


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    ran = perfdsl("diff", OLD, tmp_path / "没有.perf")
    assert ran.code == 3
    assert "没有.perf" in ran.err


def test_a_folder_of_data_that_is_not_there(tmp_path: Path) -> None:
    old, new = pair(tmp_path)
    ran = perfdsl("diff", old, new, "--data", tmp_path / "没有")
    assert (ran.code, ran.out) == (3, "")
    assert f"没有 “{tmp_path / '没有'}” 这个数据文件夹或文件" in ran.err


OTHER = BOOK.replace("试点", "河长").replace("按时办结率", "水质达标").replace("满意度", "清淤").replace("培训", "巡河")


def test_two_different_rulebooks(tmp_path: Path) -> None:
    other = OTHER.replace("考评办法 河长办法", "考评办法 河道湖泊保护考核细则").replace("表彰（最高", "护河有功（最高")
    other = other.replace("0.5 分一档", "1 分一档")
    old, new = project(tmp_path / "旧"), project(tmp_path / "新", book=other)
    ran = perfdsl("diff", old, new, "--no-data")
    assert ran.code == 0
    assert ran.err == (
        "请确认：这两份看来不是同一个办法的两版。名称不同（“试点办法”，“河道湖泊保护考核细则”），旧的一份 4 条条款中只有 0 条在新的一份里"
        "有对应。对照照样列出，多半是一份全删、一份全增；拿错了文件请换一份\n"
    )
    assert "修订对照" in ran.out
    assert "移动" not in ran.out
    old_book, new_book = (open_rulebook(path).rulebook for path in (old, new))
    assert old_book is not None
    assert new_book is not None
    # A01, A02 and J01 score as they did under another name; of A03 nothing but its number is the same
    assert [one.old for one in matching(old_book, new_book).lineages] == [("A01",), ("A02",), ("J01",)]
    assert "删去指标 “培训”" in ran.out
    assert "A03 新增指标 “巡河”" in ran.out


def test_two_years_and_two_drafts_are_one_rulebook() -> None:
    books = {path: open_rulebook(path).rulebook for path in (OLD, NEW, *RULEBOOKS.glob("*/改定.perf"))}
    for old, one in books.items():
        for new, other in books.items():
            assert one is not None
            assert other is not None
            assert kinship(one, other, matching(one, other)).related == (old.parent == new.parent), (old, new)


# ---- revisions of git


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose last commit has the pilot, which the first one had under another name; the file at hand differs."""
    folder = tmp_path / "材料"
    folder.mkdir()
    path = project(folder)
    commit = ["add", "-A"], ["commit", "-q", "-m", "试点"]
    renamed = ["mv", "试点.perf", "旧名.perf"], *commit, ["mv", "旧名.perf", "试点.perf"], *commit
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        *renamed,
        ["branch", "trial"],
        ["tag", "年度"],
        ["remote", "add", "origin", "."],
    ):
        who = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"]
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ})
    path.write_text(path.read_text(encoding="utf-8").replace("扣 0.5 分", "扣 1 分"), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_the_last_commit_against_the_file(repository: Path) -> None:
    ran = perfdsl("diff", "git:HEAD:试点.perf", "试点.perf", "--format", "json")
    assert ran.code == 0
    [change] = ran.json["changes"]
    assert change["new"]["code"] == "A01"
    assert "由 0.5 分改为 1 分" in change["sentence"]
    # 甲局 98%, 丙县 100%: the target is met. 乙局 90%: 8 steps below 98%, 4 points before, 8 points now
    shifts = {one["unit"]: one["delta"] for one in ran.json["impact"]["units"]}
    assert shifts == {"甲局": "0.00", "乙局": "-4.00", "丙县": "0.00"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "git:nothing:试点.perf",
            "git 里没有 “nothing” 这个版本；用 git log --oneline --all 看有哪些版本，还没有取来的先运行 git fetch",
        ),
        ("git:tria1:试点.perf", "git 里没有 “tria1” 这个版本；是不是 “trial”？用 git log"),
        ("git:HEAD~4:试点.perf", "“HEAD” 往前只有 1 个版本，用 git log --oneline HEAD 看"),
        ("git:HEAD^^:试点.perf", "“HEAD” 往前只有 1 个版本"),
        ("git:HEAD1:试点.perf", "git 里没有 “HEAD1” 这个版本；用 git log --oneline --all 看有哪些版本"),
        ("git:HEAD^2:试点.perf", "git 里没有 “HEAD^2” 这个版本；用 git log --oneline --all 看有哪些版本"),
        (
            "git:年度2024:试点.perf",
            "git 里没有 “年度2024” 这个版本；是不是 “年度”？用 git log --oneline --all 看有哪些版本",
        ),
        ("git:HEAD:旧名.perf", "别的版本里有过这个文件，最近一次改动在 "),
        ("git:HEAD:试点", "那一版里的办法有：试点.perf；“试点” 是文件夹，要写办法文件"),
        ("git:HEAD:别的.perf", "版本 “HEAD” 里没有 “别的.perf”；那一版里的办法有：试点.perf"),
        ("git:HEAD", "写成 git:版本:文件"),
    ],
)
def test_a_revision_that_is_not_there(repository: Path, written: str, said: str) -> None:
    ran = perfdsl("diff", written, "试点.perf")
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err


def test_the_revision_that_is_named_for_a_file_has_it(repository: Path) -> None:
    told = re.search(r"最近一次改动在 (\w+)", perfdsl("diff", "git:HEAD:旧名.perf", "试点.perf").err)
    assert told is not None
    assert perfdsl("diff", f"git:{told[1]}:旧名.perf", "试点.perf").code == 0


def test_a_repository_without_its_history(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = repository.parent / "浅"
    subprocess.run(["git", "clone", "-q", "--depth", "1", repository.as_uri(), str(few)], check=True)
    monkeypatch.chdir(few)
    ran = perfdsl("diff", "git:HEAD~1:试点.perf", "试点.perf")
    assert (ran.code, ran.out) == (3, "")
    assert "这个仓库没有取全历史，先运行 git fetch --unshallow" in ran.err


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    ran = perfdsl("diff", "git:HEAD:试点.perf", path)
    assert ran.code == 3
    assert "这里不是 git 仓库" in ran.err and "not a git" not in ran.err


# ---- units that come, go and are put together


def facts(*rows: str) -> str:
    return "\n".join((FACTS.splitlines()[0], *rows)) + "\n"


def test_a_unit_only_in_one_year(tmp_path: Path) -> None:
    old, new = pair(
        tmp_path,
        (ROSTER, ROSTER.replace("丙县", "丁县")),
        new_facts=FACTS.replace("丙县", "丁县"),
    )
    units = {one["unit"]: one for one in perfdsl("diff", old, new, "--format", "json").json["impact"]["units"]}
    assert {name: one["presence"] for name, one in units.items()} == {
        "甲局": "两年都有",
        "乙局": "两年都有",
        "丙县": "只在旧的一份",
        "丁县": "只在新的一份",
    }
    assert units["丙县"]["old_total"] == units["丁县"]["new_total"] == "87.00"
    assert (units["丙县"]["new_total"], units["丁县"]["delta"]) == (None, None)


def test_a_unit_with_another_name(tmp_path: Path) -> None:
    old, new = pair(
        tmp_path,
        ("  | 乙局 | 市直 | 乙委 |\n", "  | 乙中心 | 市直 | 乙局 |\n"),
        new_facts=FACTS.replace("乙局", "乙中心"),
    )
    units = {one["unit"]: one for one in perfdsl("diff", old, new, "--format", "json").json["impact"]["units"]}
    assert set(units) == {"甲局", "乙中心", "丙县"}
    assert (units["乙中心"]["presence"], units["乙中心"]["delta"]) == ("两年都有", "0.00")


def test_two_units_become_one(tmp_path: Path) -> None:
    merged = "  | 丁局 | 市直 | 甲局、乙局 |\n  | 丙县 | 区县 |  |\n"
    old, new = pair(tmp_path, (ROSTER, merged), new_facts=facts("丁局,95,100,85%,好,9", "丙县,100,100,60%,差,7"))
    ran = perfdsl("diff", old, new, "--format", "json")
    units = {one["unit"]: one for one in ran.json["impact"]["units"]}
    assert units["丁局"]["open"] == "由 甲局、乙局 合并而成，前后总分不相比"
    assert units["甲局"]["open"] == units["乙局"]["open"] == "并入 丁局，前后总分不相比"
    assert units["丁局"]["delta"] is None
    assert "甲局、乙局 合并为 丁局：前后总分不相比，只列各自一年的" in ran.json["checklist"]
    assert "合并为 丁局" in perfdsl("diff", old, new).out


# ---- names replaced


ROWS = (NEW.with_suffix("") / "附表" / "单位名册.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
NAMES = [row.split(",")[1] for row in ROWS]


@pytest.mark.parametrize("data", [True, False], ids=["with data", "without"])
def test_no_name_of_a_unit_stands_in_an_anonymous_report(data: bool) -> None:
    finding = anonymous(findings(data), two_years(data))
    assert len(NAMES) == 62
    for published in (text(finding), page(finding), document(finding)):
        assert [name for name in NAMES if name in published] == []
        assert ("单位01" if data else "某单位") in published
    assert finding.patch is None


def test_old_names_are_names_too(tmp_path: Path) -> None:
    old, new = pair(
        tmp_path,
        ("  | 乙局 | 市直 | 乙委 |\n", "  | 乙中心 | 市直 | 乙局、乙办 |\n"),
        new_facts=FACTS.replace("乙局", "乙中心"),
    )
    said = perfdsl("diff", old, new, "--anonymous", "--format", "json").out
    assert [name for name in ("甲局", "乙局", "乙中心", "乙委", "乙办", "丙县") if name in said] == []


def test_a_renamed_unit_of_a_draft_has_one_number(tmp_path: Path) -> None:
    """Without new data it goes by its old name, on the rosters of both years it is one unit."""
    renamed = BOOK.replace("| 乙局 | 市直 | 乙委 |", "| 乙中心 | 市直 | 乙局 |")
    drafts = project(tmp_path / "旧"), project(tmp_path / "新", book=renamed)
    shutil.rmtree(tmp_path / "新" / "试点")
    old, new = map(open_rulebook, drafts)
    with patch.object(whole, "judge", lambda *_, **__: {}):
        found = review(old, new, old.data_folder)
    made = replace(diff(found, ("旧", "新")), unaffected=("乙局", "乙中心"))
    shown = anonymous(made, found)
    assert shown.impact is not None
    assert [one.unit for one in shown.impact.shifts] == ["单位1", "单位2", "单位3"]
    assert shown.unaffected == ("单位2", "单位2")


def test_that_a_name_is_an_old_one_is_not_told_where_names_are_replaced(tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("市直 | 乙委", "市直 | 乙委、乙办"), new_facts=FACTS.replace("乙局", "乙委"))
    assert "“乙委”是曾用名，按“乙局”读入" in perfdsl("diff", old, new).out
    assert "曾用名，按" not in perfdsl("diff", old, new, "--anonymous").out


def test_a_name_that_nobody_knows_is_not_told_either(tmp_path: Path) -> None:
    """Whoever reads 甲委 thinks of 甲局; neither the report nor the screen says it."""
    old, new = pair(tmp_path, ("省级", "省级"), new_facts=FACTS.replace("甲局", "甲委"))
    said = perfdsl("diff", old, new)
    assert "“甲委”不在单位名册上" in said.out
    assert "甲委" in said.err
    for form in ("text", "md", "json"):
        hidden = perfdsl("diff", old, new, "--anonymous", "--format", form)
        assert "甲委" not in hidden.out + hidden.err
        assert "填的单位名称不在单位名册上" in hidden.out + hidden.err


def test_codes_of_units_are_names_too(tmp_path: Path) -> None:
    """In the roster, and in the keys of rows."""
    folder = RULEBOOKS / "示例市"
    for name in ("旧", "新"):
        (tmp_path / name).mkdir()
        shutil.copy(NEW, tmp_path / name)
        shutil.copytree(folder / "2025" / "附表", tmp_path / name / "2025" / "附表")
    for table, was, now in (("单位名册", "Q001,", "Q0Z1,"), ("个性指标", ",900,", ",901,")):
        path = tmp_path / "新" / "2025" / "附表" / f"{table}.csv"
        rows = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        at = next(i for i, row in enumerate(rows) if was in row)
        rows[at] = rows[at].replace(was, now, 1)
        path.write_text("".join(rows), encoding="utf-8")
    said = perfdsl("diff", tmp_path / "旧" / NEW.name, tmp_path / "新" / NEW.name, "--no-data", "--anonymous").out
    assert "某代码" in said
    assert re.findall(r"[QS]0[0-9A-Z]{2}(?![0-9])", said) == []


def test_a_side_that_is_not_sound_does_not_show_its_lines_where_names_are_replaced(tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("  | 甲局 | 市直 |  |\n", "  | 甲局 | 市直 |  |\n  | 甲局 | 区县 | | |\n"))
    assert "甲局" in perfdsl("diff", old, new).err
    hidden = perfdsl("diff", old, new, "--anonymous")
    assert "甲局" not in hidden.err + hidden.out
    assert "必须改 K" in hidden.err and "行" in hidden.err
    assert hidden.code == 1


def test_data_of_another_year_are_told_at_the_head(tmp_path: Path) -> None:
    """Of a run and of a comparison, before any number."""
    old, new = pair(tmp_path, ("省级", "省级"))
    doubt = "数据像是别的年度的（台账“表彰”有日期的 "
    assert doubt not in perfdsl("diff", old, new).out + perfdsl("run", new).out
    path = new.with_suffix("") / "数据" / "表彰.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2025-", "2021-"), encoding="utf-8")
    lines = perfdsl("run", new).out.splitlines()
    assert "试算结果" in lines[0] and lines[1].startswith(doubt) and lines[1].endswith("），见“问题”")
    lines = perfdsl("diff", old, new).out.splitlines()
    assert lines[0].startswith("【") and lines[1].startswith(f"新{doubt}")  # of the two, which one
    assert "）；两份办法含义相同" in "".join(line.strip() for line in lines[:6]) and any(
        "K478" in line for line in lines
    )


def test_what_looks_like_a_slip_is_asked_before_anything_is_run(tmp_path: Path) -> None:
    old, new = project(tmp_path / "甲"), project(tmp_path / "乙")
    new.write_text(new.read_text(encoding="utf-8").replace("2025", "2026"), encoding="utf-8")
    said = perfdsl("diff", new, old, "--no-data").err
    assert "旧的一份是 2026 年度，新的一份是 2025 年度，像是写反了" in said
    swapped = perfdsl(
        "diff", old, new, "--data", new.with_suffix("") / "数据", "--new-data", old.with_suffix("") / "数据"
    )
    assert "像是写反了" in swapped.err
    assert perfdsl("diff", old, new, "--no-data").err == ""
    nowhere = perfdsl("diff", old, new, "--out", tmp_path / "没有" / "对照.md", "--format", "md")
    assert nowhere.code == 3
    assert "这个文件夹，写不了" in nowhere.err


@pytest.mark.parametrize(
    ("name", "begins"), [("对照.xlsx", b"PK"), ("对照.json", b"{"), ("对照.md", b"#"), ("对照", b"\xe3\x80\x90")]
)
def test_the_name_of_the_file_says_the_format(name: str, begins: bytes, tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("98%", "97%"))
    ran = perfdsl("diff", old, new, "--no-data", "--out", tmp_path / name)
    assert ran.code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [
        ("对照.xlsx", ["--format", "md"], "--format md 和文件名"),
        ("对照.pdf", [], "写不了 .pdf 文件"),
    ],
)
def test_a_name_that_promises_another_format(name: str, more: list[str], says: str, tmp_path: Path) -> None:
    old, new = pair(tmp_path, ("98%", "97%"))
    ran = perfdsl("diff", old, new, "--no-data", "--out", tmp_path / name, *more)
    assert ran.code == 2 and says in ran.err
    assert not (tmp_path / name).exists()


def test_what_is_wrong_with_assumed_data_is_told(tmp_path: Path) -> None:
    """A bad cell, a column and a unit that nobody knows: each with its place in the file, and no word of what it lacks."""
    old, new = pair(tmp_path, ("目标值：98%", "目标值：97%"), facts=FACTS.replace(",办结件数", ",没有的", 1))
    assumed = tmp_path / "假设.csv"
    assumed.write_text("单位,办结件数,备注\n甲局,很多,1\n乙局,90,\n丙线,90,\n", encoding="utf-8")
    found = perfdsl("diff", old, new, "--assume", assumed, "--format", "json").json["problems"]
    places = {(one["code"], one["address"]["file"], one["address"]["cell"]) for one in found if one["address"]}
    assert places >= {("K427", "假设.csv", "B2"), ("K422", "假设.csv", "C1"), ("K439", "假设.csv", "A4")}
    assert not [one for one in found if one["code"] == "K425" and one["file"] == "假设.csv"]


NEW_ITEM = (
    "加分项 表彰",
    "指标 虚构项（5 分）【A04】\n  条款：第五条第（四）项\n  计分：人工评分，0.5 分一档，写明理由\n加分项 表彰",
)
LESS = ("培训（10 分）", "培训（5 分）")


@pytest.mark.parametrize("as_folder", [False, True])
def test_cells_that_stand_in_for_a_new_column_are_held_against_the_new_rules(as_folder: bool, tmp_path: Path) -> None:
    """Out of range, off the step and unreadable: each once, with its file and cell; the column is one that is read."""
    old, new = pair(tmp_path, LESS, NEW_ITEM)
    assumed = tmp_path / ("补数" if as_folder else "补数.csv")
    if as_folder:
        assumed.mkdir()
    path = assumed / "实绩.csv" if as_folder else assumed
    path.write_text("单位,虚构项,备注\n甲局,7,\n乙局,2.3,\n丙县,很好,1\n", encoding="utf-8")
    ran = perfdsl("diff", old, new, "--assume", assumed, "--format", "json")
    file = f"{tmp_path.name}/补数/实绩.csv" if as_folder else "补数.csv"
    said = [(one["code"], one["address"]["cell"]) for one in ran.json["problems"] if one["file"] == file]
    assert sorted(said) == [("K422", "C1"), ("K427", "B4"), ("K504", "B2"), ("K504", "B3")]
    assert ran.code == 1
    assert "应为 0 至 5 分，0.5 分一档，填的是 “7”（虚构项）" in {one["message"] for one in ran.json["problems"]}


def test_a_column_that_both_rulebooks_lack_data_of_is_told_once(tmp_path: Path) -> None:
    """What the old rules say of a cell is not said again by the new ones."""
    old, new = pair(tmp_path, LESS, ("满意度（30 分）", "满意度（35 分）"), facts=FACTS.replace(",培训", ",没有的", 1))
    assumed = tmp_path / "补数.csv"
    assumed.write_text("单位,培训\n甲局,7\n乙局,12\n丙县,3.2\n", encoding="utf-8")
    found = perfdsl("diff", old, new, "--assume", assumed, "--format", "json").json["problems"]
    said = [(one["address"]["cell"], one["message"]) for one in found if one["file"] == "补数.csv"]
    assert [cell for cell, _ in sorted(said)] == ["B2", "B3", "B4"]
    assert dict(said)["B3"].startswith("应为 0 至 10 分") and dict(said)["B2"].startswith("应为 0 至 5 分")


def test_columns_of_the_other_rulebook_are_not_called_unread(tmp_path: Path) -> None:
    """A comparison reads the old data for the new rules as well, and the new data for the old ones."""
    more = "\n".join(
        f"{line},{cell}" for line, cell in zip(FACTS.split("\n"), ("虚构项", "4", "很多", "2"), strict=False)
    )
    old, new = pair(
        tmp_path,
        ("满意度（30 分）", "满意度（25 分）"),
        NEW_ITEM,
        facts=f"{more}\n",
        new_facts=f"{more.replace('很多', '3')}\n",
    )
    found = perfdsl("diff", old, new, "--format", "json").json["problems"]
    assert [(one["code"], one["address"]["cell"]) for one in found if one["file"] == "实绩.csv"] == [("K427", "G3")]
    found = perfdsl("diff", new, old, "--format", "json").json["problems"]
    assert [(one["code"], one["address"]["cell"]) for one in found if one["file"] == "实绩.csv"] == [("K427", "G3")]
    (old.with_suffix("") / "数据" / "实绩.csv").write_text(FACTS, encoding="utf-8")
    assert "不是这个表的列" not in perfdsl("diff", old, new, "--last-value").out


# ---- units that leave the roster

TASKS = """\
附表 个性指标（每个单位多行）
  列：单位、编号、指标、分值、目标值、计量单位、计分办法
  | 单位 | 编号 | 指标 | 分值 | 目标值 | 计量单位 | 计分办法 |
  | 甲局 | 1 | 虚构任务 | 10 | 10 | 项 | 完成率法 |
  | 乙局 | 2 | 虚构任务 | 10 | 10 | 项 | 完成率法 |
  | 丙县 | 3 | 虚构任务 | 10 | 10 | 项 | 完成率法 |
计分办法 完成率法
  指标值：完成值
  方向：越高越好
  计分：按完成比例，最高得满分
个性指标 虚构任务（10 分）【A03】
  条款：第五条第（三）项
  来自：附表 “个性指标”，每个单位合计 10 分
  数据：完成值（每个单位每个编号一个，计量单位随附表）
  计分：按各行 “计分办法” 列
"""


def left(folder: Path, *more: tuple[str, str]) -> tuple[Path, Path]:
    """乙局 leaves the roster of a draft, and its row of the 附表; the draft has no data."""
    own = BOOK[BOOK.index("指标 培训") : BOOK.index("加分项 表彰")]
    book = BOOK.replace(own, TASKS)
    new = book.replace("  | 乙局 | 市直 | 乙委 |\n", "").replace(
        "  | 乙局 | 2 | 虚构任务 | 10 | 10 | 项 | 完成率法 |\n", ""
    )
    for old, other in more:
        assert old in new
        new = new.replace(old, other)
    drafts = project(folder / "旧", book=book), project(folder / "新", book=new)
    (folder / "旧" / "试点" / "数据" / "个性指标实绩.csv").write_text(
        "单位,编号,完成值\n甲局,1,10\n乙局,2,8\n丙县,3,9\n", encoding="utf-8"
    )
    shutil.rmtree(folder / "新" / "试点")
    return drafts


def test_a_unit_that_leaves_the_roster_of_a_draft_loses_no_points(tmp_path: Path) -> None:
    """Its rows go with it; its total is compared with nothing, and what still counts it in says so."""
    found = perfdsl("diff", *left(tmp_path), "--format", "json").json
    (gone,) = (one for one in found["impact"]["units"] if one["unit"] == "乙局")
    assert (gone["new_total"], gone["delta"], gone["effects"]) == (None, None, [])
    assert gone["open"] == "已不在新的单位名册里，前后总分不相比"
    assert [one["unit"] for one in found["impact"]["units"] if one["presence"] == "两年都有"] == ["甲局", "丙县"]
    assert "1 个单位（乙局）不在新名册里，旧数据里有，名次、名额照样算上" in found["impact"]["comparable"]
    assert {one["basis"] for one in found["changes"]} == {
        "名册的行有增减，被考核的单位不同",
        "只是名册里增减的单位的行，随名册增减",
    }


def test_cells_of_units_that_stay_are_a_change_of_their_own(tmp_path: Path) -> None:
    lowered = ("| 丙县 | 3 | 虚构任务 | 10 | 10 |", "| 丙县 | 3 | 虚构任务 | 10 | 9 |")
    found = perfdsl("diff", *left(tmp_path, lowered), "--format", "json").json
    classes = [one["classes"][0]["name"] for one in found["changes"]]
    assert classes == ["影响范围", "影响得分", "影响范围"]
    deltas = {one["unit"]: one["delta"] for one in found["impact"]["units"]}
    assert deltas == {"甲局": "0.00", "乙局": None, "丙县": "1.00"}


def test_a_unit_that_is_put_together_in_a_draft_is_told_as_such(tmp_path: Path) -> None:
    drafts = left(tmp_path, ("| 甲局 | 市直 |  |", "| 甲局 | 市直 | 乙局 |"))
    found = perfdsl("diff", *drafts, "--format", "json").json
    told = {one["unit"]: one["open"] for one in found["impact"]["units"]}
    assert told["乙局"] == "并入 甲局，前后总分不相比" and "合并而成" in told["甲局"]
    assert found["impact"]["comparable"].endswith(
        "；甲局、乙局 合并为 甲局，旧数据里还没有合并，名次、名额按合并以前的算"
    )
    assert found["impact"]["square"][1]["note"] == "甲局、乙局 合并为 甲局，按合并以前的算"
    said = perfdsl("diff", *drafts).out
    assert "不在新名册里" not in said and "只在旧的一份" not in said


def test_places_of_a_draft_without_data_are_those_of_its_run(tmp_path: Path) -> None:
    ran = perfdsl("diff", *left(tmp_path))
    assert "名额 1（30%），评上 1" in ran.out and "待定（30%）" not in ran.out
