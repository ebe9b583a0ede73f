"""What to say about a value that cannot be read: which words, what could stand there, and a line to paste.

A mend is only given where one small change makes the value read and no other change of that kind does: with two
candidates the message lists what could stand there and leaves the choice to the author.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lark.parsers.lalr_interactive_parser import InteractiveParser

from perfdsl.syntax import grammars
from perfdsl.syntax.lexer import Lexeme, Lexer
from perfdsl.text.catalogue import writing
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.source import Span

Reads = Callable[[str], bool]

_VALUES = frozenset({"NAME", "NUMBER", "OWN", "QUOTED"})
_BREAKS = frozenset(
    {"COMPARE", "UNDER", "OR_BEYOND", "IS", "IS_NOT", "AND", "OR", "PERIOD", "OF", "AMONG", "EACH", "TO"}
)
_JOINTS = frozenset(
    [
        "GET",
        "ADD",
        "DEDUCT",
        "FULL_MARKS",
        "OF",
        "IS",
        "SEP",
        "TO",
        "COUNT_AS",
        "AS",
        "EQUALS",
        "KEEP",
        "PLACES",
        "OR_BEYOND",
        "PLUS",
        "ACCUMULATE",
        "GRID",
        "TREATED",
    ]
)
_LOSABLE = frozenset({"UNIT", "SEP", "COMMA", "OF", "BOTH", "GET", "IS"})
_SHOWN = 6
_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Failure:
    """Where reading stopped: ``tokens`` were read, ``found`` (None: nothing known) stands at ``place``."""

    lexer: Lexer | None = None
    shape: str = ""
    start: int = 0
    stop: int = 0
    tokens: tuple[Lexeme, ...] = ()
    place: int = 0
    found: Lexeme | None = None
    parser: InteractiveParser | None = None
    problems: Problems = ()

    @property
    def accepts(self) -> frozenset[str]:
        """Terminals that could stand at ``place``."""
        return grammars.accepts(self.parser) if self.parser is not None else frozenset()

    @staticmethod
    def because(problems: Problems) -> Failure:
        """A failure that is already described."""
        return Failure(problems=problems)


def explained(failure: Failure | None, reads: Reads) -> Problems:
    """The problems of a value or segment that could not be read; ``reads`` tries a mended text."""
    if failure is None:
        return ()
    if failure.problems or failure.lexer is None:
        return failure.problems
    return (_Explanation(failure, failure.lexer, reads).problem(),)


@dataclass(frozen=True, slots=True)
class _Explanation:
    failure: Failure
    lexer: Lexer
    reads: Reads

    def problem(self) -> Problem:
        failure = self.failure
        if mixed := self._mixed():
            return mixed
        if failure.place >= failure.stop:
            return self._ends_early()
        if failure.shape == "band":
            return self._unreadable_band()
        if failure.shape == "phrase" and (near := self._near_phrase()):
            return near
        if name := self._unknown_name():
            return name
        if failure.shape == "phrase" and failure.found is None and self._unread() == failure.start:
            return self._unknown_phrase(failure.start, "", "")
        return self._unexpected()

    # the text

    def _text(self, start: int, end: int) -> str:
        return self.lexer.value.as_written(start, end).strip()

    def _span(self, start: int, end: int) -> Span:
        return self.lexer.value.span(start, end)

    def _with(self, start: int, end: int, instead: str) -> str:
        """The segment with ``instead`` in the place of characters ``start`` to ``end``."""
        before = self._text(self.failure.start, start)
        after = self._text(end, self.failure.stop)
        return " ".join(part for part in (before, instead, after) if part)

    def _unreadable_band(self) -> Problem:
        failure = self.failure
        text = self._text(failure.start, failure.stop)
        mend = "写成 90 分以上、80 分以上不足 90 分、不足 60 分，或者 其余"
        return writing.unknown_phrase(self._span(failure.start, failure.stop), text, None, mend)

    # 且 and 或

    def _mixed(self) -> Problem | None:
        failure, found = self.failure, self.failure.found
        if found is None or found.terminal not in ("AND", "OR"):
            return None
        other = "OR" if found.terminal == "AND" else "AND"
        joint = next((t for t in reversed(failure.tokens) if t.terminal == other), None)
        if joint is None:
            return None
        left, middle = self._text(failure.start, joint.start), self._text(joint.end, found.start)
        right = self._text(found.end, failure.stop)
        first = f"（{left} {joint.text} {middle}） {found.text} {right}"
        second = f"{left} {joint.text} （{middle} {found.text} {right}）"
        return writing.and_or_mixed(found.span, first, second)

    # names

    def _unknown_name(self) -> Problem | None:
        failure = self.failure
        named = bool(failure.accepts & {"NAME", "CHOICE"})
        if failure.found is not None and failure.found.terminal not in ("CHOICE", "METHOD"):
            if not self._torn(failure.found):
                return None
        elif not named and (failure.shape == "phrase" or not failure.tokens or not self._torn(failure.tokens[-1])):
            return None
        start, end = self._unknown_run()
        if failure.shape == "phrase" and start <= failure.start and not self._names_fit(start):
            return None
        name = self._text(start, end)
        if not name or not _is_wordy(name[0]):
            return None
        near = nearest(name, self._known(start))
        if near is None and failure.shape == "phrase" and start > failure.start == self._unread():
            return None
        return writing.unknown_name(self._span(start, end), name, near, self._declare(name))

    def _declare(self, name: str) -> str:
        """How to declare ``name`` where it stands."""
        if self.failure.shape == "ledger":
            return f"先写明台账：台账 {name}（每个事项一行）"
        if self.failure.shape == "phrase":
            return f"在附表、台账的列里写明“{name}”，例如：列：单位、级别（{name}、其他）"
        if self.failure.shape == "condition":
            return f"在附表、台账的列或本条的数据里写明“{name}”，例如：数据：{name}（是、否）"
        return f"在本条加一行：数据：{name}（计量单位）"

    def _names_fit(self, start: int) -> bool:
        """Whether a level stands here: ``国家级`` in 国家级每次 3 分."""
        end = self._unknown_run()[1]
        lexicon, value = self.lexer.lexicon, self.lexer.value
        if end >= self.failure.stop:
            return False
        meaning = lexicon.vocabulary.meanings.get(lexicon.longest(lexicon.words, value, end))
        return meaning is not None and meaning.terminal == "EACH" and end > start

    def _torn(self, token: Lexeme) -> bool:
        """Whether a token is only the head of a longer unbroken run: 按 in 按时办结量, 办结 in 办结率."""
        if token.meaning is None and token.terminal not in ("CHOICE", "NAME", "METHOD"):
            return False
        if token.terminal in _BREAKS and token.terminal not in ("OF", "AMONG", "EACH", "TO", "OR", "AND"):
            return False
        head = len(token.text) == 1 or (token.terminal in ("CHOICE", "NAME", "METHOD") and self.failure.found is None)
        return (
            head
            and _is_wordy(token.text[-1])
            and self.lexer.value.adjacent(token.end)
            and token.end < self.failure.stop
            and _is_wordy(self.lexer.value.text[token.end])
        )

    def _unknown_run(self) -> tuple[int, int]:
        """From the end of what is surely known to the next word that can only stand between names."""
        failure, value = self.failure, self.lexer.value
        start = failure.place if failure.shape == "phrase" else self._unread()
        end = start
        while end < failure.stop and _is_wordy(value.text[end]):
            number = value.text[end].isdigit() and not value.adjacent(end)
            if end > start and (number or self._break_at(end, start)):
                break
            end += 1
        return start, max(end, start + 1)

    def _break_at(self, place: int, start: int) -> bool:
        lexicon, value = self.lexer.lexicon, self.lexer.value
        word = lexicon.longest(lexicon.words, value, place)
        meaning = lexicon.vocabulary.meanings.get(word)
        if meaning is None or meaning.terminal not in _BREAKS:
            return False
        if len(word) > 1:
            return True
        after = place + len(word)
        apart = not value.adjacent(place) or (after < len(value.text) and not value.adjacent(after))
        return apart or meaning.terminal == "EACH" or (after < len(value.text) and value.text[after] in "“[0123456789")

    def _known(self, start: int) -> frozenset[str]:
        given = self.lexer.lexicon.given
        if self.failure.shape == "phrase" and self._names_fit(start):
            return given.choices
        if "CHOICE" in self.failure.accepts:
            return given.names | given.choices
        return given.names | given.objects

    # phrases

    def _near_phrase(self) -> Problem | None:
        """The whole segment, then its unread rest, against the words of the language."""
        failure = self.failure
        text = self.lexer.value.text
        for start in dict.fromkeys((failure.start, self._unread(), failure.place)):
            near = self._near_word(text[start : failure.stop], start == failure.start)
            if near and self.reads(mend := self._with(start, failure.stop, near)):
                return self._unknown_phrase(start, near, mend)
        return None

    def _near_word(self, text: str, whole: bool) -> str:
        known = {
            spelling: meaning.word.canonical
            for spelling, meaning in self.lexer.lexicon.vocabulary.meanings.items()
            if len(spelling) > 2 and (meaning.terminal == "PHRASE" or not whole)
        }
        near = nearest(text, known)
        if near is None or len(text) < 3 or abs(len(near) - len(text)) > 2 or _likeness(text, near) <= _LIKE:
            return ""
        return known[near]

    def _unread(self) -> int:
        """Where the unread rest begins, words that are only its head included."""
        start = self.failure.place
        for token in reversed(self.failure.tokens):
            if token.end != start or not self._torn(token):
                break
            start = token.start
        return start

    def _unknown_phrase(self, start: int, near: str, mend: str) -> Problem:
        stop = self.failure.stop
        return writing.unknown_phrase(self._span(start, stop), self._text(start, stop), near or None, mend)

    # tokens

    def _expected(self) -> list[str]:
        """What could stand here, in Chinese: words by their first spellings, the rest by what it is."""
        vocabulary = self.lexer.lexicon.vocabulary
        shown: list[str] = []
        for terminal in sorted(self.failure.accepts, key=self._weight):
            if terminal in vocabulary.terminals:
                shown.append(vocabulary.terminals[terminal])
            elif terminal in vocabulary.words:
                shown.append(f"“{vocabulary.words[terminal][0].canonical}”")
        return list(dict.fromkeys(shown))[:_SHOWN]

    def _weight(self, terminal: str) -> tuple[int, str]:
        order = (
            "GET",
            "ADD",
            "DEDUCT",
            "FULL_MARKS",
            "ZERO",
            "NUMBER",
            "NAME",
            "OWN",
            "QUOTED",
            "UNIT",
            "COMPARE",
            "IS",
        )
        last = ("COUNT_AS", "MINUS", "LPAR", "COMMA", "SEMI", "$END", "OBJECT", "METHOD", "CHOICE")
        if terminal in order:
            return order.index(terminal), terminal
        return (99 + last.index(terminal) if terminal in last else 50), terminal

    def _ends_early(self) -> Problem:
        failure = self.failure
        start = failure.tokens[-1].start if failure.tokens else failure.start
        text = self._text(failure.start, failure.stop)
        mend = self._one_of(f"{text} {word}" for word in self._words())
        return writing.ends_early(self._span(start, failure.stop), text, self._expected(), mend)

    def _unexpected(self) -> Problem:
        failure = self.failure
        if failure.found is not None:
            start, end = failure.found.start, failure.found.end
        else:
            start, end = failure.place, self._end_of_unknown()
        return writing.unexpected(
            self._span(start, end), self._text(start, end), self._expected(), self._mend(start, end)
        )

    def _end_of_unknown(self) -> int:
        lexicon, value, failure = self.lexer.lexicon, self.lexer.value, self.failure
        end = failure.place + 1
        while end < failure.stop and _is_wordy(value.text[end]) and _is_wordy(value.text[end - 1]):
            if lexicon.longest(lexicon.words, value, end) or lexicon.longest(lexicon.names, value, end):
                break
            if value.text[end].isdigit():
                break
            end += 1
        return end

    def _words(self) -> Iterator[str]:
        """Every word that could stand here."""
        words = self.lexer.lexicon.vocabulary.words
        for terminal in sorted(self.failure.accepts & words.keys()):
            if terminal in _JOINTS:
                yield words[terminal][0].canonical

    def _mend(self, start: int, end: int) -> str:
        """The one change that makes the segment read: a word put in, the wrong one replaced, or left out."""
        put_in = self._one_of(self._with(start, start, word) for word in self._words())
        if put_in:
            return put_in
        text = self.lexer.value.text[start:end]
        near = nearest(text, [word for word in self._words() if not word.isascii()])
        if near and self.reads(self._with(start, end, near)):
            return self._with(start, end, near)
        replaced = self._one_of(self._with(start, end, word) for word in self._words())
        found = self.failure.found
        losable = found is not None and found.terminal in _LOSABLE
        return replaced or (self._one_of([self._with(start, end, "")]) if losable else "")

    def _one_of(self, candidates: Iterable[str]) -> str:
        good = [candidate for candidate in dict.fromkeys(candidates) if candidate and self.reads(candidate)]
        return good[0] if len(good) == 1 else ""


def _is_wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # only in the way of a mistake

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
