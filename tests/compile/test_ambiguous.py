"""A phrase that two kinds claim is asked about: the registry's order never decides."""

from __future__ import annotations

from dataclasses import replace

from problem_cases import HEAD

from perfdsl.clauses import BY_KEY, KINDS
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

TEXT = HEAD + "指标 甲（10 分）\n  计分：按完成比例，最高得满分\n"


def test_two_kinds_claim_one_phrase() -> None:
    twin = replace(BY_KEY["proportional"], key="twin", form=replace(BY_KEY["proportional"].form, phrases=()))
    for kinds in ((*KINDS, twin), (twin, *KINDS)):
        (problem,) = open_text(Source("试.perf", TEXT), kinds).problems
        assert problem.code == "K158"
        assert problem.span is not None and problem.span.text == "按完成比例，最高得满分"
        assert "读得出两种计分方式" in problem.message


def test_one_kind_claims_it() -> None:
    assert open_text(Source("试.perf", TEXT)).problems == ()
