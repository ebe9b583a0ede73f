"""What is kept on disk: whole or not at all, by many at once, never another program's, never in the way."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pytest

from perfdsl.text import store

ASKED = ["甲", 1, None]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PERFDSL_CACHE", str(tmp_path / "存"))
    return tmp_path / "存"


def entries(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def test_what_is_written_is_read() -> None:
    assert store.read("one", ASKED) is None
    store.write("one", ASKED, {"乙": [1, "2"]})
    assert store.read("one", ASKED) == {"乙": [1, "2"]}
    assert store.read("other", ASKED) is None
    assert store.read("one", ["甲", 2, None]) is None


@pytest.mark.parametrize("harm", ["empty", "half", "flipped", "no json", "a list", "another question"])
def test_what_is_harmed_is_not_there_and_is_written_anew(place: Path, harm: str) -> None:
    store.write("one", ASKED, [1])
    (path,) = entries(place)
    whole = path.read_bytes()
    bodies = {
        "no json": b"{",
        "a list": b"[]",
        "another question": json.dumps({"asked": ["乙"], "program": store.program(), "entry": [1]}).encode(),
    }
    harmed = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "flipped": whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:],
    }
    body = bodies.get(harm, b"")
    path.write_bytes(harmed.get(harm, sha256(body).hexdigest().encode() + b"\n" + body))
    assert store.read("one", ASKED) is None
    store.write("one", ASKED, [1])
    assert path.read_bytes() == whole


def test_another_program_reads_nothing() -> None:
    store.write("one", ASKED, [1])
    with patch.object(store, "program", return_value="another"):
        assert store.read("one", ASKED) is None
    with patch.object(store, "FORMAT", store.FORMAT + 1):
        assert store.read("one", ASKED) is None
    assert store.read("one", ASKED) == [1]


def test_closed_it_neither_reads_nor_keeps(place: Path) -> None:
    store.write("one", ASKED, [1])
    with store.closed():
        assert store.read("one", ASKED) is None
        store.write("two", ASKED, [1])
    assert len(entries(place)) == 1
    assert store.read("one", ASKED) == [1]


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "是文件").write_text("")
    monkeypatch.setenv("PERFDSL_CACHE", str(tmp_path / "是文件"))
    store.write("one", ASKED, [1])
    assert store.read("one", ASKED) is None


def test_a_disk_that_is_full_leaves_nothing_behind(place: Path) -> None:
    with patch("os.replace", side_effect=OSError(28, "full")):
        store.write("one", ASKED, [1])
    assert entries(place) == []


def test_many_at_once_write_and_read_whole_entries(place: Path) -> None:
    def one(number: int) -> object:
        store.write("one", ASKED, ["x" * 50_000])
        return store.read("one", ASKED)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(64)))
    assert all(kept == ["x" * 50_000] for kept in found)
    assert len(entries(place)) == 1


def test_only_the_latest_stay_and_no_long_one(place: Path) -> None:
    with patch.object(store, "MOST_ENTRIES", 3):
        for number in range(6):
            store.write("one", [number], [number])
    assert len(entries(place)) == 3
    assert store.read("one", [5]) == [5]
    store.write("one", ["long"], ["x" * 200], most=100)
    assert store.read("one", ["long"]) is None
