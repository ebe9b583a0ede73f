"""Value shapes: a written value → its node.

A phrase is read segment by segment. Each is first taken for words of the language; where that fails and the grammar
has a place for free words (``按时报送得满分``), the segment's head is taken as those. A segment that cannot be read
either way is reported and left out, and the next one is read: one run tells everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lark import Token
from lark.parsers.lalr_interactive_parser import InteractiveParser

from perfdsl.syntax import grammars
from perfdsl.syntax.grammars import END, UnexpectedToken
from perfdsl.syntax.lexer import Lexeme, Lexer, Names, Refused, Value, check_numbers, lexicon
from perfdsl.syntax.mending import Failure, explained
from perfdsl.syntax.nodes import Node, Written
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import writing
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.source import Span

DEEPEST, MOST_OPERATORS = 32, 100
_OPERATORS = frozenset("+-*/×÷")


def read(start: str, value: Written, vocabulary: Vocabulary, names: Names) -> tuple[Node | None, Problems]:
    """``value`` as the shape ``start``: expression, condition, phrase, ledger, band or quantity.

    The node is None where anything was wrong that a reader must not guess at.
    """
    squeezed = Value(value)
    if not squeezed.text:
        return None, (writing.empty_value(value.span, "这里"),)
    before = _limits(squeezed) or _pairs(squeezed) or check_numbers(squeezed)
    if before:
        return None, before
    reading = _Reading(Lexer(squeezed, lexicon(vocabulary, names)), start)
    return reading.phrase() if start == "phrase" else reading.whole()


def lexemes(start: str, value: Written, vocabulary: Vocabulary, names: Names) -> tuple[Lexeme, ...] | None:
    """The tokens of a value that reads without problems, else None. For the formatter and highlighters."""
    squeezed = Value(value)
    if not squeezed.text or _limits(squeezed) or _pairs(squeezed) or check_numbers(squeezed):
        return None
    reading = _Reading(Lexer(squeezed, lexicon(vocabulary, names)), start)
    node, problems = reading.phrase() if start == "phrase" else reading.whole()
    return tuple(reading.taken) if node is not None and not problems else None


def _limits(value: Value) -> Problems:
    depth = deepest = operators = 0
    for character in value.text:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
        elif character in _OPERATORS:
            operators += 1
    whole = value.span(0, len(value.text))
    if deepest > DEEPEST:
        return (writing.too_deep(whole, "括号套了", deepest, DEEPEST),)
    if operators > MOST_OPERATORS:
        return (writing.too_deep(whole, "运算符有", operators, MOST_OPERATORS),)
    return ()


_CLOSING = {")": "(", "]": "[", "】": "【"}


def _pairs(value: Value) -> Problems:
    """Quotes and brackets without their other half."""
    problems: list[Problem] = []
    open_at: list[int] = []
    quoted = False
    for place, character in enumerate(value.text):
        if character == "“":
            if value.text.find("”", place) < 0:
                return (writing.quote_unpaired(value.span(place, place + 1), value.as_written(place, place + 1)),)
            quoted = True
        elif character == "”" and quoted:
            quoted = False
        elif quoted:
            continue
        elif character in '”"＂「」『』':
            return (writing.quote_unpaired(value.span(place, place + 1), value.as_written(place, place + 1)),)
        elif character in "([【":
            open_at.append(place)
        elif character in _CLOSING:
            if not open_at or value.text[open_at[-1]] != _CLOSING[character]:
                open_at.append(place)
                break
            open_at.pop()
    for place in open_at[:1]:
        mark = value.as_written(place, place + 1)
        problems.append(writing.bracket_unpaired(value.span(place, place + 1), mark))
    return tuple(problems)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A segment of a phrase and the separator behind it (its place is ``stop``)."""

    start: int
    stop: int


class _Reading:
    """One value being read. ``taken`` are the tokens that were accepted."""

    def __init__(self, lexer: Lexer, start: str) -> None:
        self.lexer = lexer
        self.value = lexer.value
        self.start = start
        self.taken: list[Lexeme] = []

    def whole(self) -> tuple[Node | None, Problems]:
        """A value without segments."""
        piece = _Piece(0, len(self.value.text))
        parser = grammars.begin(grammars.shapes(), self.start)
        trials = [self._trial(parser, piece, END)]
        if self.start == "band" and trials[0].failure and not any(c.isdigit() for c in self.value.text):
            trials.append(self._trial(parser, piece, END, free_to=piece.stop))
        good = next((trial for trial in trials if trial.failure is None), None)
        if good is None:
            return None, explained(trials[0].failed, self._again)
        self.taken.extend(good.tokens)
        return good.result, ()

    def phrase(self) -> tuple[Node | None, Problems]:
        """A phrase, segment by segment."""
        parser = grammars.begin(grammars.shapes(), "phrase")
        problems: list[Problem] = []
        separator = ""
        pieces = list(self._pieces())
        result: Any = None
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            good, failed = self._segment(parser, piece, separator)
            if good is None:
                problems.extend(explained(failed, self._again))
                continue
            self.taken.extend(good.tokens)
            parser, result = good.parser, good.result
            if not last:
                separator = self._separator(piece.stop)
        if problems or not pieces:
            return None, tuple(problems) or (writing.empty_value(self.value.written.span, "这里"),)
        return result, ()

    def _separator(self, place: int) -> str:
        return "COMMA" if self.value.text[place] == "," else "SEMI"

    def _pieces(self) -> Iterator[_Piece]:
        """Segments: parted by ， and ； outside brackets and quotes; empty ones are left out."""
        text, depth, start, quoted = self.value.text, 0, 0, False
        for place, character in enumerate(text):
            if character in "“【":
                quoted = True
            elif character in "”】":
                quoted = False
            elif quoted:
                continue
            elif character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            elif character in ",;" and depth == 0:
                if place > start:
                    yield _Piece(start, place)
                start = place + 1
        if start < len(text):
            yield _Piece(start, len(text))

    def _segment(self, parser: InteractiveParser, piece: _Piece, separator: str) -> tuple[_Trial | None, Failure]:
        begun = grammars.fork(parser)
        lead: list[Lexeme] = []
        if separator:
            lead = [self._punctuation(separator, piece.start - 1)]
            begun.feed_token(Token(separator, lead[0]))
        first = self._trial(begun, piece, END)
        if first.failure is None:
            return replace(first, tokens=lead + first.tokens), Failure.none()
        end = self.lexer.object_end(piece.start, piece.stop, piece.start + 1)
        while end > piece.start:
            trial = self._trial(begun, piece, END, free_to=end)
            if trial.failure is None:
                return replace(trial, tokens=lead + trial.tokens), Failure.none()
            following = self.lexer.object_end(piece.start, piece.stop, end + 1)
            end = following if following > end else 0
        return None, first.failed

    def _punctuation(self, terminal: str, place: int) -> Lexeme:
        meanings = self.lexer.lexicon.vocabulary.meanings
        text = self.value.text[place]
        return Lexeme(terminal, text, place, place + 1, self.value.span(place, place + 1), meaning=meanings.get(text))

    def _trial(self, parser: InteractiveParser, piece: _Piece, then: str, free_to: int = 0) -> _Trial:
        """Feed the tokens of ``piece`` to a copy of ``parser``, the first ``free_to`` characters as free words."""
        trial = grammars.fork(parser)
        tokens: list[Lexeme] = []
        place = piece.start
        try:
            if free_to:
                tokens.append(self.lexer.free(place, free_to))
                trial.feed_token(Token("OBJECT", tokens[0]))
                place = free_to
            while place < piece.stop:
                found = self._next(trial, place, piece)
                if found is None:
                    return _Trial(trial, tokens, None, self._failure(trial, piece, tokens, place, None))
                if found.terminal not in trial.choices():
                    return _Trial(trial, tokens, None, self._failure(trial, piece, tokens, place, found))
                before = grammars.fork(trial)
                try:
                    trial.feed_token(Token(found.terminal, found))
                except UnexpectedToken:
                    return _Trial(before, tokens, None, self._failure(before, piece, tokens, place, found))
                tokens.append(found)
                place = found.end
            ended = grammars.fork(trial)
            result = ended.feed_token(Token(END, ""))
        except UnexpectedToken:
            return _Trial(trial, tokens, None, self._failure(trial, piece, tokens, place, None))
        except Refused as refused:
            return _Trial(trial, tokens, None, Failure.because(refused.problems))
        return _Trial(trial, tokens, result, None)

    def _next(self, parser: InteractiveParser, place: int, piece: _Piece) -> Lexeme | None:
        wanted = parser.choices()
        if place > piece.start and "OBJECT" in wanted:
            unit = self.lexer.lexeme(place, piece.stop, wanted)
            if unit is not None and unit.terminal == "UNIT":
                return unit
            end = self.lexer.object_end(place, piece.stop)
            if end > place and _accepts(parser, words := self.lexer.free(place, end)):
                return words
        return self.lexer.lexeme(place, piece.stop, wanted)

    def _failure(
        self, parser: InteractiveParser, piece: _Piece, tokens: list[Lexeme], place: int, found: Lexeme | None
    ) -> Failure:
        return Failure(
            lexer=self.lexer,
            shape=self.start,
            start=piece.start,
            stop=piece.stop,
            tokens=tuple(tokens),
            place=place,
            found=found,
            accepts=frozenset(parser.accepts()),
        )

    def _again(self, text: str) -> bool:
        """Whether ``text`` in the place of the whole value would read."""
        span = self.value.written.span
        vocabulary, names = self.lexer.lexicon.vocabulary, self.lexer.lexicon.given
        other = _Reading(Lexer(Value(Written(text, Span(span.source, span.start, span.start))), lexicon(vocabulary, names)), self.start)
        piece = _Piece(0, len(other.value.text))
        if not other.value.text or _pairs(other.value):
            return False
        parser = grammars.begin(grammars.shapes(), self.start)
        if self.start == "phrase":
            return other._segment(parser, piece, "")[0] is not None
        return other._trial(parser, piece, END).failure is None


def _accepts(parser: InteractiveParser, lexeme: Lexeme) -> bool:
    try:
        grammars.fork(parser).feed_token(Token(lexeme.terminal, lexeme))
    except UnexpectedToken:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Trial:
    parser: InteractiveParser
    tokens: list[Lexeme]
    result: Any
    failure: Failure | None

    @property
    def failed(self) -> Failure:
        """The failure of a trial that failed."""
        assert self.failure is not None
        return self.failure


__all__ = ["Names", "lexemes", "read"]
