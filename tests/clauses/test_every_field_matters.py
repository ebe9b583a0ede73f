"""No field of a clause is read from the paper and then forgotten.

For every kind, each field in turn is given another valid value. That must change what ``lower`` builds and what
``by_hand`` gives, or what the clause tells the shell around it (answers of states, limits of typed scores, the
fact that is asked for), or ``check`` must say something else. Fields that only document are listed here.
"""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from field_samples import Sample, samples

from perfdsl.clauses import BY_KEY

DOCUMENT: dict[str, dict[str, str]] = {
    "count_gain": {"what": "names the fact", "unit": "per piece: 每有 1 件 says the unit"},
    "rate_gain": {"what": "a rate names no object"},
    "count_loss": {"what": "names the fact", "unit": "per piece: 每有 1 件 says the unit", "done": "words of 全部完成"},
    "rate_loss": {"what": "a rate names no object", "done": "words of 全部完成"},
    "by_conditions": {"heads": "the headings, for messages"},
    "checklist": {"what": "names the fact"},
    "escalation": {"unit": "a measure word: 每次, 每月"},
    "yes_no": {"text": "names the fact"},
    "deadline": {"text": "names the thing done"},
    "manual": {"reason": "写明理由 is a duty of whoever scores"},
    "ledger": {"units": "measure words of the rows"},
    "bar_top": {"decided": "who decides"},
    "cap_grade": {"decided": "who decides"},
    "veto": {"decided": "who decides"},
    "drop_grade": {"decided": "who decides"},
    "promote": {"decided": "who decides"},
    "undetermined": {"decided": "who decides"},
    "application": {"action": "in words", "procedure": "in words", "ways": "in words"},
    "measure": {"action": "in words; check wants it", "procedure": "in words", "ways": "in words"},
    **{
        key: {"action": "in words", "procedure": "in words", "ways": "in words; an issued rulebook asks for them"}
        for key in ("staff_quota", "pay_scale", "by_rank", "by_rank_from_below")
    },
    "ladder": {"procedure": "in words", "ways": "in words; an issued rulebook asks for them"},
    "grades": {"name": "a name", "citation": "where it stands", "meta": "what the block says of itself"},
}
"""Kind → field → why no computation reads it."""

ALL = list(samples())
CASES = [(key, at, sample, name) for at, (key, sample) in enumerate(ALL) for name in sample.others]


def test_every_kind_has_a_sample() -> None:
    assert {key for key, _ in ALL} == set(BY_KEY)


@pytest.mark.parametrize(("key", "sample"), ALL, ids=[f"{at}-{key}" for at, (key, _) in enumerate(ALL)])
def test_every_field_is_tried_or_listed(key: str, sample: Sample) -> None:
    names = {one.name for one in fields(sample.clause)} - {"kind", "span"}
    listed = set(DOCUMENT.get(key, ())) | set(sample.aside)
    assert names - listed - set(sample.others) == set()
    assert listed - names == set()


@pytest.mark.parametrize(("key", "sample"), ALL, ids=[f"{at}-{key}" for at, (key, _) in enumerate(ALL)])
def test_a_sample_is_sound(key: str, sample: Sample) -> None:
    assert not sample.look(sample.clause).refused


@pytest.mark.parametrize(
    ("key", "at", "sample", "name"), CASES, ids=[f"{at}-{key}-{name}" for key, at, _, name in CASES]
)
def test_a_field_matters(key: str, at: int, sample: Sample, name: str) -> None:
    if name in DOCUMENT.get(key, ()) or name in sample.aside:
        return
    other = replace(sample.clause, **{name: sample.others[name]})
    assert other != sample.clause
    before, after = sample.look(sample.clause), sample.look(other)
    if before.problems == after.problems and before.shell == after.shell:
        assert before.built != after.built, f"lower of {key} does not read {name}"
        assert before.by_hand != after.by_hand, f"by_hand of {key} does not read {name}"
