"""Every kind says a clause of its own in one sentence that an officer's screen can show, and its node names the kind."""

from __future__ import annotations

from dataclasses import fields

import pytest
from field_samples import Sample, samples
from scope import item

from perfdsl.clauses import BY_KEY
from perfdsl.model.rulebook import Rule

ALL = list(samples())


@pytest.mark.parametrize(("key", "sample"), ALL, ids=[f"{key}-{at}" for at, (key, _) in enumerate(ALL)])
def test_a_clause_is_one_sentence(key: str, sample: Sample) -> None:
    kind, clause = BY_KEY[key], sample.clause
    scored = not kind.form.header or kind.form.header in ("indicator", "individual")
    said = kind.sentence(clause, item(clause) if scored else Rule("Y01", "名称", clause))
    assert said.strip() == said != ""
    assert not set(said) & set("\n{}<>") and "None" not in said
    said.encode("cp936")


def test_the_nodes_of_clauses_name_their_kind() -> None:
    for key, sample in ALL:
        kind = BY_KEY[key]
        assert type(sample.clause) is kind.node
        if "kind" in {one.name for one in fields(kind.node)}:
            assert sample.clause.kind == kind.key
    assert {key for key, _ in ALL} == set(BY_KEY)
