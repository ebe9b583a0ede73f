"""W200 by everybody: times in turns, and wrong answers beside them."""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import events
import numpy as np
from exact import by_fractions, whole, wrong
from figures import Line
from machine import GIB, free_memory
from side import Side, Timed, in_turns
from side_ours import Ours, Reference
from w200 import Numbers, numbers

PEERS = {
    "polars": ("side_polars", "Polars"),
    "streaming": ("side_polars", "Streaming"),
    "numpy": ("side_numpy", "Numpy"),
    "duckdb": ("side_duckdb", "DuckDB"),
}
LATE_UNITS, LONG_LEDGER = 100_000, 10_000_000
"""Sizes that the goals name; smaller ones are told and not held against them."""
MILLION = 1_000_000
NEEDED = 13 * GIB
"""For a million units: the numbers, the columns of one peer, and what one run makes."""
SAMPLE = 4000


class Bench:
    """Collects lines, figures and remarks as it goes."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.lines: list[Line] = []
        self.local: list[Line] = []
        self.measured: dict[str, float] = {"wrong": 0, "reference": 0}
        self.work: dict[str, float] = {}
        self.remarks: list[str] = []
        self.per_unit: dict[int, tuple[float, float]] = {}
        self.missing: set[str] = set()

    # ---- parts -------------------------------------------------------------------------------------------------------

    def whole_rulebook(self, units: int, times: int) -> None:
        """All 200 indicators, totals, ranks, grades: ours and the columnar peers."""
        self.say(f"W200，{units:,} 单位")
        found = numbers(units)
        truth = whole(found)
        sides = {"ours": Ours(), **self._there(PEERS)}
        given = {key: side.given(found) for key, side in sides.items()}
        self._cold(sides["ours"], given["ours"], units)
        timed = in_turns({key: _call(side, given[key]) for key, side in sides.items()}, times, tuple(sides))
        self._told(units, sides, given, timed, timed.made, truth)

    def million(self, times: int) -> None:
        """The same at a million units: ours in turns with one peer after another, for what memory there is."""
        free = free_memory()
        if free is not None and free < NEEDED:
            self.remarks.append(f"100 万单位没有量：可用内存只有 {free / GIB:.0f} GiB，要 {NEEDED / GIB:.0f} GiB")
            return
        found = numbers(MILLION)
        truth = whole(found)
        self._judged(found, truth, SAMPLE)
        ours = Ours()
        mine = ours.given(found)
        self._cold(ours, mine, MILLION)
        for key, side in self._there(PEERS).items():
            self.say(f"W200，{MILLION:,} 单位：{side.name}")
            sides: dict[str, Side] = {"ours": ours, key: side}
            given = {"ours": mine, key: side.given(found)}
            timed = in_turns({name: _call(one, given[name]) for name, one in sides.items()}, times)
            made: dict[str, Any] = {}
            for name, one in sides.items():  # one result at a time
                made = {name: one.run(given[name])}
                self._told(MILLION, {name: one}, given, timed, made, truth)
                made.clear()
            del given, made
            gc.collect()
        self._best_polars(MILLION)

    def row_local(self, units: int, times: int) -> None:
        """The 170 indicators that need no other unit, beside OpenFisca."""
        self.say(f"只看本单位的 170 项，{units:,} 单位")
        self._local(units, times, self._there({"openfisca": ("side_openfisca", "OpenFisca")}))

    def rows_of_python(self, units: int, times: int) -> None:
        """Engines that take a unit at a time: Decimal for everything, zen-engine for the row-local part."""
        self.say(f"逐行计算，{units:,} 单位")
        from side_decimal import Decimals

        found = numbers(units)
        sides: dict[str, Side] = {"ours": Ours(), "decimal": Decimals()}
        given = {key: side.given(found) for key, side in sides.items()}
        timed = in_turns({key: _call(side, given[key]) for key, side in sides.items()}, times, tuple(sides))
        self._told(units, {"decimal": sides["decimal"]}, given, timed, timed.made, whole(found))
        self._ratio("decimal", timed, "decimal")
        zen = {"zen": ("side_zen", "Decision"), "zen expressions": ("side_zen", "Expressions")}
        self._local(units, times, self._there(zen))

    def spark(self, units: int, times: int) -> None:
        """All 200 indicators by our own engine on Spark; every cell is held against the truth."""
        self.say(f"Spark，{units:,} 单位")
        found = numbers(units)
        for key, side in self._there({"spark": ("side_spark", "Spark")}).items():
            sides: dict[str, Side] = {"ours": Ours(), key: side}
            given = {name: one.given(found) for name, one in sides.items()}
            calls = {name: _call(one, given[name]) for name, one in sides.items()}
            timed = in_turns(calls, times, tuple(sides), rehearsed=False)
            errors = wrong(side.answers(given[key], timed.made[key]), whole(found))
            seconds = timed.seconds[key]  # its work is done by other processes
            self.lines.append(Line(units, side.name, seconds, None, seconds / timed.seconds["ours"], errors))
            self.measured["reference"] += sum(errors.values())

    def judged(self, units: int, sample: int) -> None:
        """The judge of everybody is judged: whole columns against fractions, unit by unit."""
        self.say(f"核对：{units:,} 单位，逐格用分数")
        found = numbers(units)
        self._judged(found, whole(found), sample)

    def reference(self, units: int) -> None:
        """Every cell of the columnar engine against the reference, which is as slow as an auditor."""
        self.say(f"对照算法，{units:,} 单位")
        found = numbers(units)
        side = Reference()
        given = side.given(found)
        begun = time.perf_counter()
        made = side.run(given)
        spent = time.perf_counter() - begun
        told = dict(side.answers(given, made))
        self.lines.append(Line(units, side.name, spent, None, None, wrong(told.items(), whole(found))))
        ours = Ours()
        mine = ours.given(found)
        differing = sum(
            wrong(ours.answers(mine, ours.run(mine)), {k: v.astype(np.int32) for k, v in told.items()}).values()
        )
        self.measured["reference"] += differing
        cells = len(told) * units
        self.remarks.append(f"列式引擎与对照算法逐格相比：{units:,} 单位 {cells:,} 格，不同 {differing} 格。")

    def memory(self, found: Mapping[str, int] | None) -> None:
        """What :mod:`memory` found in a process of its own."""
        if found is None:
            self.remarks.append("内存没有量：要 Linux 的 /proc。")
            return
        self.measured["memory"] = found["added"] / found["columns"]
        self.remarks.append(
            f"内存：另起一个进程，备好 {MILLION:,} 单位的列（{found['columns'] / GIB:.2f} GiB）后把系统记的常驻内存峰值（VmHWM）归零，"
            f"算头一次，峰值比算前的常驻内存多 {found['added'] / GIB:.2f} GiB，结果在内。"
        )

    def late(self, found: Mapping[str, Any]) -> None:
        """What :mod:`late` found."""
        if found["units"] == LATE_UNITS:
            self.measured["late"], self.work["late"] = found["ours"] / found["floats"], found["work"]
        self.measured["wrong"] += found["wrong"]
        self.remarks.append(
            f"后取舍：{found['units']:,} 单位，每个是 20 个不取舍的比例的和；我们 {found['ours']:.3f} 秒（档 {found['tier']}），"
            f"numpy 浮点一遍 {found['floats']:.4f} 秒；{found['flagged']:.2%} 的单位落在分界上；"
            f"用分数核对 {found['judged']:,} 个单位：我们错 {found['wrong']}，浮点错 {found['floats wrong']}。"
        )

    def events(self, units: int, count: int, times: int, rehearsed: bool) -> None:
        """A long ledger, beside DuckDB."""
        self.say(f"台账，{count:,} 行")
        try:
            found = events.measured(units, count, times, rehearsed)
        except ImportError as absent:
            self.remarks.append(f"台账没有量：{absent}。")
            return
        if count == LONG_LEDGER:
            self.measured["events"], self.work["events"] = found["ours"] / found["duckdb"], found["work"]
        self.measured["wrong"] += found["wrong"]
        self.remarks.append(
            f"台账：{units:,} 单位、{count:,} 行，同一事项只计最高、每类封顶、到总分；我们 {found['ours']:.2f} 秒，错 {found['wrong']} 个总分；"
            f"手写 DuckDB 浮点 {found['duckdb']:.2f} 秒，错 {found['duckdb wrong']} 个。"
        )

    def finished(self) -> None:
        """What takes two sizes."""
        if MILLION in self.per_unit and 10_000 in self.per_unit:
            many, few = self.per_unit[MILLION], self.per_unit[10_000]
            self.measured["growth"], self.work["growth"] = many[0] / few[0], many[1] / few[1]

    # ---- how -----------------------------------------------------------------------------------------------------------

    def _there(self, wanted: Mapping[str, tuple[str, str]]) -> dict[str, Side]:
        found: dict[str, Side] = {}
        for key, (module, name) in wanted.items():
            try:
                found[key] = getattr(importlib.import_module(module), name)()
            except ImportError as absent:
                if module not in self.missing:
                    self.missing.add(module)
                    self.remarks.append(f"{module.removeprefix('side_')} 没有装上（{absent}），没有量。")
        return found

    def _cold(self, ours: Any, given: Any, units: int) -> None:
        begun = time.perf_counter()
        ours.cold(given)
        self.lines.append(
            Line(units, f"{ours.name}，头一次（含排程序）", time.perf_counter() - begun, None, None, None)
        )

    def _told(
        self,
        units: int,
        sides: Mapping[str, Side],
        given: Mapping[str, Any],
        timed: Timed,
        made: Mapping[str, Any],
        truth: Any,
    ) -> None:
        for key, side in sides.items():
            errors = wrong(side.answers(given[key], made[key]), truth)
            self.lines.append(self._line(units, key, side, timed, errors))
            if key == "ours":
                self.measured["wrong"] += sum(errors.values())
                self.per_unit[units] = timed.seconds[key] / units, timed.work[key] / units
        if "ours" in sides and len(sides) > 1:
            self._best_polars(units)

    def _line(self, units: int, key: str, side: Side, timed: Timed, errors: Mapping[str, int]) -> Line:
        seconds = timed.seconds[key]
        beside = timed.work["ours"] / timed.work[key]
        return Line(units, side.name, seconds, timed.work[key], seconds / timed.seconds["ours"], errors, beside)

    def _best_polars(self, units: int) -> None:
        """Ours / polars in its faster way at this size, in turns with it."""
        found = [line for line in self.lines if line.units == units and line.name.startswith("polars") and line.ratio]
        if found:
            self.measured[f"polars {units}"] = 1 / min(line.ratio for line in found if line.ratio)
            self.work[f"polars {units}"] = max(line.beside for line in found if line.beside)

    def _ratio(self, goal: str, timed: Timed, key: str) -> None:
        """How many times ours the side ``key`` takes."""
        self.measured[goal] = timed.seconds[key] / timed.seconds["ours"]
        self.work[goal] = timed.work[key] / timed.work["ours"]

    def _local(self, units: int, times: int, peers: Mapping[str, Side]) -> None:
        if not peers:
            return
        found = numbers(units)
        truth = whole(found, only_local=True)
        sides: dict[str, Side] = {"ours": Ours(only_local=True), **peers}
        given = {key: side.given(found) for key, side in sides.items()}
        timed = in_turns({key: _call(side, given[key]) for key, side in sides.items()}, times, tuple(sides))
        for key, side in sides.items():
            errors = wrong(side.answers(given[key], timed.made[key]), truth)
            self.local.append(self._line(units, key, side, timed, errors))
            if key == "ours":
                self.measured["wrong"] += sum(errors.values())
        if "openfisca" in sides:
            self._ratio(f"openfisca {units}", timed, "openfisca")
        if "zen" in sides:
            self._ratio("zen", timed, "zen")

    def _judged(self, found: Numbers, truth: Any, sample: int) -> None:
        units = len(found.category)
        chosen = np.random.default_rng(3).choice(units, min(units, sample), replace=False)
        errors = int(sum(by_fractions(found, chosen.tolist(), truth).values()))
        self.measured["wrong"] += errors
        self.remarks.append(
            f"判对错用的整数算法，与逐单位的分数算法相比：{units:,} 单位中的 {len(chosen):,} 个、"
            f"{len(chosen) * len(truth):,} 格，不同 {errors} 格。"
        )


def _call(side: Side, given: Any) -> Callable[[], Any]:
    return lambda: side.run(given)
