"""The whole language, for its reference: words and forms of the registry, with examples that are run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from perfdsl.clauses import KINDS
from perfdsl.clauses.kind import Kind
from perfdsl.reports.findings import (
    BlockExample,
    BlockFinding,
    FieldFinding,
    FunctionFinding,
    KindFinding,
    LanguageFinding,
    PartFinding,
    RecipeFinding,
    WordFinding,
)
from perfdsl.text.form import Slot, Word
from perfdsl.workspace import language as shown
from perfdsl.workspace.fields import fields_of
from perfdsl.workspace.opening import words
from perfdsl.workspace.wordlist import SHAPES

ANSWERS = {
    "redistribute": "不涉及的分值按比例调给同一级指标的其他指标",
    "smaller_full": "上级按去掉这一项后的满分折算",
    "group_mean": "得同类别里有分的单位的平均分",
    "return": "不给分，退回补报，补来以前是待定",
    "skip": "这一项不计入合计，满分也不计",
}
STATES = {
    "nil": "报了，写明没有",
    "none": "要评的事没有发生，例如没有案件",
    "absent": "这一项与该单位无关",
    "not_due": "还没有到考核的时点",
    "missing": "该报而没有报；没有写明给什么的，一直待定",
}


def language(root: Path, manual: Path) -> LanguageFinding:
    """The language, with examples of the rulebooks at ``root`` and of the manual."""
    known = words()
    examples = shown.examples(root, manual)
    lines = shown.function_lines(root, manual)
    read = {key: fields_of(key) for key in known.headers}
    scoring = [kind for kind in KINDS if not kind.form.header]
    return LanguageFinding(
        blocks=tuple(
            BlockFinding(_word(word), tuple(known.labels[one].word.canonical for one in read[key]))
            for key, word in known.headers.items()
        ),
        fields=tuple(
            FieldFinding(
                _word(label.word),
                SHAPES[label.shape],
                tuple(word.canonical for header, word in known.headers.items() if key in read[header]),
                tuple(kind.form.name.canonical for kind in scoring if key in _taken(kind)),
            )
            for key, label in known.labels.items()
        ),
        kinds=tuple(_kind(kind, _example(examples.get(kind.key, NO_LINE))) for kind in KINDS),
        functions=tuple(
            FunctionFinding(_word(word), line.chinese, line.path)
            for word in known.words["FUNCTION"]
            for line in [lines.get(word.key, NO_LINE)]
        ),
        states=tuple((known.labels[key].word.canonical, known.labels[key].word.english, STATES[key]) for key in STATES),
        answers=(
            *((phrase.canonical, phrase.english, ANSWERS[key]) for key in ANSWERS for phrase in [known.phrases[key]]),
            *zip(GIVEN, shown.in_english(GIVEN), GIVEN_MEANS, strict=True),
        ),
        notes=tuple((note, shown.NOTES[note]) for note in shown.column_notes()),
        units=shown.unit_groups(),
        frame=_example(shown.frame(manual)),
        recipes=tuple(
            RecipeFinding(heading, tuple(one if isinstance(one, str) else _example(one) for one in parts))
            for heading, parts in shown.recipes(manual)
        ),
    )


NO_LINE = shown.Shown("", "", "")
"""For a function that no example uses."""
GIVEN = ("得满分", "不得分", "得 6 分")
GIVEN_MEANS = ("得满分", "得 0 分", "得写明的分")


def _word(word: Word) -> WordFinding:
    return WordFinding(word.canonical, word.accepted, word.english)


def _example(one: shown.Shown) -> BlockExample:
    return BlockExample(one.path, one.chinese, one.english)


def _taken(kind: Kind) -> set[str]:
    return {take.key for take in kind.form.takes} | {label.key for label in kind.form.labels}


def _kind(kind: Kind, example: BlockExample) -> KindFinding:
    form, known = kind.form, words()
    parts = [*_parts(form.pattern, "")]
    for take in form.takes:
        parts += _parts(take.slots, _called(kind, take.key))
    required = {take.key: take.required for take in form.takes}
    heads = [head.word.canonical if head.word else "（自己定的表头）" for head in form.table]
    return KindFinding(
        key=kind.key,
        word=_word(form.name),
        block=known.headers[form.header].canonical if form.header else "",
        parts=tuple(dict.fromkeys(parts)),
        words=tuple(map(_word, form.phrases)),
        labels=tuple(_word(label.word) for label in form.labels),
        reads=tuple((_called(kind, key), needed) for key, needed in required.items()),
        heads=tuple(dict.fromkeys(heads)),
        readings=tuple((one.asks, tuple(told for _, told in one.readings if told), one.code) for one in kind.choices),
        example=example,
    )


def _called(kind: Kind, key: str) -> str:
    known = words()
    if key in known.labels:
        return known.labels[key].word.canonical
    word = known.columns.get(key) or next(
        (head.word for head in kind.form.table if head.word and head.word.key == key), None
    )
    return word.canonical if word else key


def _parts(slots: Iterable[Slot], inside: str, behind: bool = False) -> Iterator[PartFinding]:
    for slot in slots:
        yield PartFinding(shown.ways(slot), slot.required, slot.many, inside, behind)
        yield from _parts(slot.then, inside, True)
