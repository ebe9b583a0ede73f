"""The whole catalogue: every message can be said, printed on a Chinese console, and its mend pasted over the mark."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pkgutil import iter_modules

import pytest

from perfdsl.text import catalogue
from perfdsl.text.catalogue import (
    scoring,
)
from perfdsl.text.citation import Address, Citation
from perfdsl.text.problem import CATALOGUE, Problem
from perfdsl.text.source import Source, Span

VALUE = "达到得满分；每低 1 个百分点扣 0.5 分，扣完为止"
NEVER = ("报错", "解析", "缺省", "节点", "枚举", "空值", "标识符")


def span(text: str = VALUE, before: str = "") -> Span:
    """Where ``text`` stands in a file that holds it and ``before``."""
    source = Source("试.perf", before + text)
    return Span(source, len(before), len(before + text))


def describing() -> Iterator[Callable[..., Problem]]:
    """Every function of the catalogue that describes a problem."""
    for one in iter_modules(catalogue.__path__):
        module = import_module(f"{catalogue.__name__}.{one.name}")
        for _, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and hasattr(function, "__wrapped__"):
                yield function


def argument(kind: str, *, empty: bool) -> object:
    """Something of the kind that an argument is annotated with; ``empty``: as little as it allows."""
    if kind.startswith(("Span", "Place")):
        return None if empty and ("None" in kind or kind == "Place") else span()
    if kind == "Citation":
        return Citation(code="A1")
    if kind == "Source":
        return span().source
    if kind == "Sequence[tuple[str, Fraction]]":
        return (("甲", Fraction(1, 2)),)
    if kind.startswith("Sequence[tuple["):  # ranges of totals: numbers and names in the order of the annotation
        of = kind.removeprefix("Sequence[tuple[").rstrip("]").split(", ")
        return (tuple(argument(one, empty=empty) for one in of),)
    if kind.startswith("Address"):
        return Address("实绩.xlsx", "实绩", "C17")
    if "| None" in kind and empty:
        return None
    if kind.startswith("tuple[str, str, str]"):
        return ("低 1 个百分点", "扣 0.5 分", "每低 1 个百分点扣 0.5 分")
    if kind.startswith(("Sequence[Span", "Iterable[Span", "tuple[Span")):
        return () if empty else (span(), span())
    if kind.startswith(("Sequence[str", "Iterable[str", "tuple[str", "list[str", "Collection[str", "frozenset[str")):
        return ("甲", "乙", "丙")
    if kind.startswith(("Sequence[Address", "Iterable[Address", "tuple[Address")):
        return (Address("实绩.xlsx", "实绩", "C17"),)
    return {
        "str": "甲",
        "int": 3,
        "bool": not empty,
        "Fraction": Fraction(1, 2),
        "Sequence[Fraction]": (Fraction(1, 2), Fraction(3)),
        "Sequence[int]": () if empty else (3, 12),
        "Decimal": Decimal(1),
        "object": "10",
    }[kind.removesuffix(" | None")]


@pytest.mark.parametrize("describe", list(describing()), ids=lambda function: function.__name__)
@pytest.mark.parametrize("empty", [False, True])
def test_every_message_can_be_said(describe: Callable[..., Problem], empty: bool) -> None:
    given, named = [], {}
    for name, parameter in inspect.signature(describe).parameters.items():
        value = "total" if name == "subject" else argument(str(parameter.annotation), empty=empty)
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            given.append(value)
    problem = describe(*given, **named)
    said = problem.message + problem.why + problem.mend
    assert problem.code in CATALOGUE
    assert problem.message
    assert not any(word in said for word in NEVER), said
    said.encode("cp936")
    assert not re.search("None|Fraction|<", said), said


def test_every_code_has_one_function() -> None:
    assert len(list(describing())) == len(CATALOGUE)


# ---- mends of 计分: all that the line had, and what was missing


def lines(problem: Problem) -> list[str]:
    return problem.mend.split("\n")


def test_a_missing_phrase_comes_behind_everything() -> None:
    place = span("达到得满分。")
    assert lines(scoring.otherwise_unstated(place)) == ["达到得满分，否则不得分", "达到得满分，否则倒扣 1 分"]
    place = span("每有 1 件未办结扣 1 分")
    assert lines(scoring.floor_unstated(place, "10", "应扣 11 分时"))[0] == "每有 1 件未办结扣 1 分，扣完本指标为止"
    assert lines(scoring.cap_unstated(place))[0] == "每有 1 件未办结扣 1 分，最高得满分"
    assert scoring.more_units_than_places(span("按名次得 5、4 分"), "3", "2").mend == "按名次得 5、4 分，其余不得分"
    assert scoring.order_unstated(span("甲；乙"), "甲", "乙").mend == "甲；乙，依次判断"
    assert scoring.level_without_points(span("省级每次 2 分；"), ["市级"], "次").mend == "省级每次 2 分；市级每次 1 分"
    assert scoring.grid_unstated(span("人工评分，写明理由")).mend == "人工评分，写明理由，0.5 分一档"
    assert scoring.grid_unstated(span("人工评分")).mend == "人工评分，0.5 分一档，写明理由"


def test_a_remainder_comes_behind_its_step() -> None:
    step = "每低 1 个百分点扣 0.5 分"
    problem = scoring.remainder_unstated(span(), "低 1.6 个百分点", step, "1 个百分点", ("0.8", "0.5", "1"))
    assert lines(problem) == [
        f"达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的{treat}，扣完为止"
        for treat in ("按比例计", "不计", "按 1 个百分点计")
    ]
    typed = span("达标得满分;每低１个百分点扣0.5分（低多少 = 目标值 − 指标值）,扣完本指标为止")
    problem = scoring.remainder_unstated(typed, "低 1.6 个百分点", step, "1 个百分点", ("0.8", "0.5", "1"))
    assert lines(problem)[1] == (
        "达标得满分;每低１个百分点扣0.5分（低多少 = 目标值 − 指标值），不足 1 个百分点的不计,扣完本指标为止"
    )
    problem = scoring.remainder_unstated(None, "低 1.6 个百分点", step, "1 个百分点", ("0.8", "0.5", "1"))
    assert lines(problem)[1] == f"{step}，不足 1 个百分点的不计"


def test_a_wrong_segment_alone_is_replaced() -> None:
    assert lines(scoring.floor_scope_unstated(span(), "10", "11"))[0] == VALUE.replace("扣完为止", "扣完本指标为止")
    place = span("每低 5 个百分点扣 1 分，不足 1 个百分点的不计，扣完本指标为止")
    assert lines(scoring.remainder_of_other_step(place, "5 个百分点", "1 个百分点"))[0] == (
        "每低 5 个百分点扣 1 分，不足 5 个百分点的按比例计，扣完本指标为止"
    )
    place = span("各要点得分的平均 × 10，至少 3 项")
    assert scoring.too_many_wanted(place, "3", "2").mend == "各要点得分的平均 × 10，至少 2 项"
    assert scoring.whole_number_wanted(place, "项数").mend == "各要点得分的平均 × 10，至少 2 项"
    assert scoring.whole_number_wanted(span("每月 0.5 分，按 1.5 个月累计"), "次数").mend == (
        "每月 0.5 分，按 12 个月累计"
    )
    place = span("每次 1 分，最高得满分")
    assert scoring.full_missing(place).mend == "每次 1 分，最高 5 分"
    assert scoring.full_missing(span("达到得满分")).mend == "在名称后写：（5 分）"
    assert scoring.floor_of_point(span("扣 2 分，扣完本指标为止"), "10", "11").mend == "扣 2 分，扣完本要点为止"
    assert lines(scoring.below_least(span("扣 1 分，最多扣 12 分"), "-2", "0"))[0] == "扣 1 分，扣完本指标为止"
    assert scoring.floor_of_point(span("乙"), "10", "11").mend == "扣完本要点为止"


def test_an_award_is_replaced_as_it_is_marked() -> None:
    assert scoring.award_above_full(span("12 分"), "12", "10").mend == "10 分"
    assert "把分值改成（12 分）" in scoring.award_above_full(span("达到得 12 分"), "12", "10").mend
    problem = scoring.deduct_from_what(span("1 分", "  计分：达到得满分，否则 扣 "), "10", "1", "9")
    assert problem.span is not None
    assert problem.span.text == "否则 扣 1 分"
    assert lines(problem) == ["否则得 9 分", "否则倒扣 1 分"]
    assert scoring.deduct_from_what(None, "10", "1", "9").span is None
