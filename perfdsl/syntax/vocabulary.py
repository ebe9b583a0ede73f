"""The words of the language: those of ``keywords.yaml`` and those that the clause kinds' forms declare.

A word has one meaning in each place where words stand: at the head of a block, before a colon, at the head of a
table column, and inside a value. The same spelling with two meanings in one place is a mistake of ours, so it is an
``AssertionError`` here and no message to an officer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from perfdsl.syntax.characters import plain
from perfdsl.text.form import Form, Label, Shape, Word
from perfdsl.text.records import dataclass


def grammar_dir() -> Path:
    """The folder of the grammar files: inside an installed wheel, else in the checkout."""
    installed = Path(__file__).parent.parent / "grammar"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "grammar"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a spelling means inside a value: its terminal, its key, and the word it belongs to."""

    terminal: str
    key: str
    word: Word


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Every word, by place. ``words`` are those inside values by terminal, ``phrases`` the fixed phrases by key.

    ``tables`` are labels that take the rows below them even where a value stands on their line;
    ``column_shapes`` says how cells under a known heading are read; ``terminals`` is how messages call what is no word.
    """

    headers: Mapping[str, Word]
    labels: Mapping[str, Label]
    columns: Mapping[str, Word]
    words: Mapping[str, tuple[Word, ...]]
    phrases: Mapping[str, Word]
    units: frozenset[str]
    tables: frozenset[str]
    column_shapes: Mapping[str, str]
    terminals: Mapping[str, str]

    @cached_property
    def header_spellings(self) -> Mapping[str, Word]:
        """Spelling without blanks → header word."""
        return _spellings("headers", self.headers.values())

    @cached_property
    def label_spellings(self) -> Mapping[str, Label]:
        """Spelling without blanks → label."""
        words = _spellings("labels", (label.word for label in self.labels.values()))
        return {spelling: self.labels[word.key] for spelling, word in words.items()}

    @cached_property
    def column_spellings(self) -> Mapping[str, Word]:
        """Spelling without blanks → word of a table heading."""
        return _spellings("columns", self.columns.values())

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """Spelling without blanks → what it means inside a value."""
        found: dict[str, Meaning] = {}
        for terminal, words in self.words.items():
            for word in words:
                for spelling in word.spellings:
                    known = found.setdefault(plain(spelling), Meaning(terminal, word.key, word))
                    if (known.terminal, known.key) != (terminal, word.key):
                        raise AssertionError(f"{spelling}: {known.terminal}.{known.key} and {terminal}.{word.key}")
        return found

    @cached_property
    def _spellings_by_key(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for words in self.words.values():
            for word in words:
                found.setdefault(word.key, set()).update(word.spellings)
        return {key: frozenset(spellings) for key, spellings in found.items()}

    def spellings(self, key: str) -> frozenset[str]:
        """Every way to write the word ``key`` inside a value."""
        return self._spellings_by_key.get(key, frozenset())

    def canonical(self, terminal: str, key: str = "") -> str:
        """The spelling the formatter prints (of the terminal's first word, if no ``key`` is given)."""
        return next(word.canonical for word in self.words[terminal] if key in ("", word.key))

    def english(self, meaning: Meaning) -> str:
        """The English spelling of a word inside a value; a sign is the same in both languages."""
        return meaning.word.english or meaning.word.canonical


def _spellings(place: str, words: Iterable[Word]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for word in words:
        for spelling in word.spellings:
            known = found.setdefault(plain(spelling), word)
            if known.key != word.key:
                raise AssertionError(f"{place}: {spelling} is both {known.key} and {word.key}")
    return found


KEYWORDS = "keywords.json"


@lru_cache(maxsize=1)
def _keywords() -> dict[str, Any]:
    """``keywords.yaml``: from its likeness, which is read ten times as fast, where that was made of the same text."""
    text = _keywords_text()
    path = grammar_dir() / KEYWORDS
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    loaded: dict[str, Any] = told["words"] if told.get("of") == hashed(text) else _from_yaml(text)
    return loaded


def _keywords_text() -> str:
    return (grammar_dir() / "keywords.yaml").read_text(encoding="utf-8")


def _from_yaml(text: str) -> dict[str, Any]:
    import yaml  # loads where the likeness is made, not where it is kept

    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # strings only
    return loaded


def keywords_json() -> str:
    """``grammar/keywords.json``: what ``keywords.yaml`` says, and its hash."""
    text = _keywords_text()
    told = {"of": hashed(text), "words": _from_yaml(text)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("},", "},\n") + "\n"


def hashed(text: str) -> str:
    """What a file made beforehand names the text by that it was made of."""
    return sha256(text.encode()).hexdigest()


def _word(key: str, entry: Mapping[str, Any]) -> Word:
    canonical, *accepted = entry["zh"]
    return Word(key.partition(".")[0], canonical, tuple(accepted), entry.get("en", ""))


def widened(known: Word | None, word: Word) -> Word:
    """``known`` with the spellings of ``word`` added; ``word`` itself where nothing is known yet."""
    if known is None:
        return word
    more = tuple(spelling for spelling in word.spellings if spelling not in set(known.spellings))
    return Word(known.key, known.canonical, known.accepted + more, known.english)


def vocabulary(forms: Iterable[Form] = ()) -> Vocabulary:
    """The words of ``keywords.yaml`` and of ``forms``. The order of the forms means nothing.

    A form whose ``header`` is not in ``keywords.yaml`` brings the header word itself: its ``name``. A form may
    widen a word that exists by naming its key.

    Raises:
        AssertionError: one spelling has two meanings in the same place.
    """
    told = _keywords()
    made = Vocabulary(*_merged(told, sorted(forms, key=lambda form: form.name.key)))
    _ = made.header_spellings, made.label_spellings, made.column_spellings, made.meanings
    return made


def _merged(told: Mapping[str, Any], forms: Iterable[Form]) -> tuple[Any, ...]:
    headers = {key: _word(key, entry) for key, entry in told["headers"].items()}
    labels = {key: Label(_word(key, entry), Shape(entry["shape"])) for key, entry in told["labels"].items()}
    columns = {key: _word(key, entry) for key, entry in told["columns"].items()}
    words = {
        terminal: tuple(_word(key, entry) for key, entry in entries.items())
        for terminal, entries in told["words"].items()
    }
    phrases: dict[str, Word] = {}
    for word in words["PHRASE"]:
        phrases.setdefault(word.key, word)
    alternates = words["PHRASE"][:0] + tuple(w for w in words["PHRASE"] if phrases[w.key] is not w)
    for form in forms:
        if form.header and form.header not in told["headers"]:
            headers[form.header] = widened(headers.get(form.header), _as(form.header, form.name))
        for label in form.labels:
            known = labels.get(label.key)
            assert known is None or known.shape is label.shape, f"label {label.key} has two shapes"
            labels[label.key] = Label(widened(known.word if known else None, label.word), label.shape)
        for word in form.phrases:
            phrases[word.key] = widened(phrases.get(word.key), word)
        for heading in form.table:
            if heading.word is not None:
                columns[heading.word.key] = widened(columns.get(heading.word.key), heading.word)
    words["PHRASE"] = (*phrases.values(), *alternates)
    return (
        headers,
        labels,
        columns,
        words,
        phrases,
        frozenset(unit for line in told["units"] for unit in line),
        frozenset(key for key, entry in told["labels"].items() if entry.get("table") == "true")
        | {label.key for form in forms for label in form.labels if label.table},
        {key: entry["shape"] for key, entry in told["columns"].items() if "shape" in entry},
        told["terminals"],
    )


def _as(key: str, word: Word) -> Word:
    return Word(key, word.canonical, word.accepted, word.english)


def words_lark(words: Vocabulary) -> str:
    """``grammar/words.lark``: one terminal a word, from ``keywords.yaml`` and the forms."""
    return "\n".join(_word_lines(words)) + "\n"


def _word_lines(words: Vocabulary) -> Iterator[str]:
    yield "// Generated from keywords.yaml and the forms of the clause kinds: python -m perfdsl.tools.generate words"
    yield "// The lexer reads the same words; spellings stand here without blanks and with widths made equal."
    for terminal, meanings in words.words.items():
        spellings = sorted({plain(s) for word in meanings for s in word.spellings}, key=lambda s: (-len(s), s))
        yield f"\n{terminal}: " + "\n    | ".join(f'"{_escaped(spelling)}"' for spelling in spellings)


def _escaped(spelling: str) -> str:
    return spelling.replace("\\", "\\\\").replace('"', '\\"')
