"""The words of the language as grammar text, and as tables for the manual."""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses import KINDS
from perfdsl.syntax.grammars import MADE, made
from perfdsl.syntax.vocabulary import KEYWORDS, grammar_dir, keywords_json, words_lark
from perfdsl.text.form import Shape, Word
from perfdsl.workspace.opening import words

SHAPES = {
    Shape.TEXT: "文字，照录",
    Shape.NAMES: "单位名称，用 、 隔开",
    Shape.COLUMNS: "列名（计量单位，来源）、…",
    Shape.EXPRESSION: "算式",
    Shape.CONDITION: "条件",
    Shape.PHRASE: "固定的说法",
    Shape.LEDGER: "台账名，条件",
    Shape.PERIOD: "某日至某日",
}


def write_words() -> None:
    """Write ``grammar/words.lark`` from ``keywords.yaml`` and the forms of every clause kind."""
    (grammar_dir() / "words.lark").write_text(words_lark(words()), encoding="utf-8", newline="\n")


def write_tables() -> None:
    """Write ``grammar/tables.json`` from the grammars and ``grammar/keywords.json`` from ``keywords.yaml``."""
    (grammar_dir() / KEYWORDS).write_text(keywords_json(), encoding="utf-8", newline="\n")
    (grammar_dir() / MADE).write_text(made(), encoding="utf-8", newline="\n")


def manual_tables() -> dict[str, list[tuple[str, ...]]]:
    """The tables of ``docs/手册.md`` that are made from the words, by name; the first row is the headings."""
    known = words()
    heads = ("规范写法", "也认得", "English")
    labels = known.labels.values()
    scoring = [kind.form.name for kind in KINDS if not kind.form.header]
    phrases = {word.key: word for group in (known.phrases.values(), *(k.form.phrases for k in KINDS)) for word in group}
    return {
        "块": [heads, *map(_row, known.headers.values())],
        "栏": [(*heads, "填什么"), *((*_row(label.word), SHAPES[label.shape]) for label in labels)],
        "计分方法": [("叫法", "English"), *((word.canonical, word.english) for word in scoring)],
        "表头": [heads, *map(_row, known.columns.values())],
        "用语": [heads, *map(_row, _merged(phrases.values()))],
        "连接词": [
            heads,
            *map(_row, _merged(word for group in known.words.values() for word in group if word.key not in phrases)),
        ],
    }


def _row(word: Word) -> tuple[str, str, str]:
    return word.canonical, "、".join(word.accepted), word.english


def _merged(found: Iterable[Word]) -> Iterable[Word]:
    """Each spelling once."""
    return {word.canonical: word for word in found}.values()
