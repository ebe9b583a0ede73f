"""Value shapes: a written value → its node.

A phrase is read segment by segment. Each is first taken for words of the language; where that fails and the grammar
has a place for free words (``按时报送得满分``), the segment's head is taken as those. A segment that cannot be read
either way is reported and left out, and the next one is read: one run tells everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from perfdsl.syntax import grammars
from perfdsl.syntax.lexer import Lexeme, Lexer, Names, Refused, Value, check_numbers, lexicon
from perfdsl.syntax.mending import Failure, explained
from perfdsl.syntax.nodes import Node, Phrase, Written
from perfdsl.syntax.parser import END, Parser, Unexpected
from perfdsl.syntax.typing import slips
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import writing
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass
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
    if typed := slips(squeezed, start, reading.lexer.lexicon):
        return None, typed
    node, failures = reading.node()
    if not failures and node is None:
        return None, (writing.empty_value(value.span, "这里"),)
    return node, tuple(problem for failure in failures for problem in explained(failure, reading.again))


def reads(start: str, value: Written, vocabulary: Vocabulary, names: Names) -> Node | None:
    """``value`` as the shape ``start`` where :func:`read` finds nothing wrong, else None; nothing is put into words."""
    found = _read_well(start, value, vocabulary, names)
    return found[0] if found is not None and not slips(Value(value), start, lexicon(vocabulary, names)) else None


def lexemes(start: str, value: Written, vocabulary: Vocabulary, names: Names) -> tuple[Lexeme, ...] | None:
    """The tokens of a value that reads without problems, else None. For the formatter and highlighters."""
    found = _read_well(start, value, vocabulary, names)
    return tuple(found[1]) if found is not None else None


def _read_well(start: str, value: Written, vocabulary: Vocabulary, names: Names) -> tuple[Node, list[Lexeme]] | None:
    squeezed = Value(value)
    if not squeezed.text or _limits(squeezed) or _pairs(squeezed) or check_numbers(squeezed):
        return None
    reading = _Reading(Lexer(squeezed, lexicon(vocabulary, names)), start)
    node, _ = reading.node()
    return (node, reading.taken) if node is not None else None


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
        problems.append(writing.bracket_unpaired(value.span(place, place + 1), mark, _closed(value, place)))
    return tuple(problems)


def _closed(value: Value, place: int) -> str:
    """The whole value with the half that it lacks at its end, or without the half that is too many."""
    text = value.written.text
    mark = value.text[place]
    if value.text.count(mark) > 1 or value.text.count("(") > 1:
        return ""
    if mark in _CLOSING:
        at = value.at[place]
        return text[:at] + text[at + 1 :]
    return text + {"(": "）", "[": "]", "【": "】"}[mark]


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

    def node(self) -> tuple[Node | None, list[Failure]]:
        """What was read, or why nothing was."""
        return self._phrase() if self.start == "phrase" else self._whole()

    def _whole(self) -> tuple[Node | None, list[Failure]]:
        """A value without segments."""
        piece = _Piece(0, len(self.value.text))
        trials = [self._trial(piece, self.start)]
        if self.start == "band" and trials[0].failure and not any(c.isdigit() for c in self.value.text):
            trials.append(self._trial(piece, self.start, free_to=piece.stop))
        good = next((trial for trial in trials if trial.failure is None), None)
        if good is None:
            assert trials[0].failure is not None
            return None, [trials[0].failure]
        self.taken.extend(good.tokens)
        return good.result, []

    def _phrase(self) -> tuple[Node | None, list[Failure]]:
        """A phrase, segment by segment."""
        failures: list[Failure] = []
        clauses: list[list[Any]] = [[]]
        for piece in self._pieces():
            good, failed = self._segment(piece)
            if good is None:
                assert failed is not None
                failures.append(failed)
                continue
            if self.taken:
                separator = self._separator(piece.start - 1)
                self.taken.append(separator)
                if separator.terminal == "SEMI":
                    clauses.append([])
            self.taken.extend(good.tokens)
            clauses[-1].extend(good.result)
        if failures or not self.taken:
            return None, failures
        span = clauses[0][0].span.to(clauses[-1][-1].span)
        return Phrase(tuple(tuple(clause) for clause in clauses), span=span), []

    def _separator(self, place: int) -> Lexeme:
        text = self.value.text[place]
        span = self.value.span(place, place + 1)
        meaning = self.lexer.lexicon.vocabulary.meanings[text]
        return Lexeme(meaning.terminal, text, place, place + 1, span, meaning.key, meaning)

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

    def _segment(self, piece: _Piece) -> tuple[_Trial | None, Failure | None]:
        first = self._trial(piece, "part")
        if first.failure is None:
            return first, None
        if first.failure.problems or self.lexer.structured(piece.start):
            return None, first.failure
        end = self.lexer.object_end(piece.start, piece.stop, piece.start + 1)
        if end > piece.start and not self.lexer.bounded(piece.start, end) and not self.lexer.turns(piece.start, end):
            return self._trial(piece, "part", free_to=end), None
        return None, first.failure

    def _trial(self, piece: _Piece, start: str, free_to: int = 0) -> _Trial:
        """Feed the tokens of ``piece`` to a new parser, the characters up to ``free_to`` as free words."""
        trial = Parser(grammars.shapes(), start)
        tokens: list[Lexeme] = []
        place = piece.start
        try:
            if free_to:
                tokens.append(self.lexer.free(place, free_to))
                trial.feed("OBJECT", tokens[0])
                place = free_to
            while place < piece.stop:
                found = self._next(trial, place, piece)
                if found is None:
                    return _Trial(tokens, None, self._failure(trial, piece, tokens, place, None))
                if found.terminal not in trial.choices():
                    return _Trial(tokens, None, self._failure(trial, piece, tokens, place, found))
                trial.feed(found.terminal, found)
                tokens.append(found)
                place = found.end
            result = trial.feed(END)
        except Unexpected:
            again = self._replayed(start, tokens)
            found = self._next(again, place, piece) if place < piece.stop else None
            return _Trial(tokens, None, self._failure(again, piece, tokens, place, found))
        except Refused as refused:
            return _Trial(tokens, None, Failure.because(refused.problems))
        return _Trial(tokens, result, None)

    def _replayed(self, start: str, tokens: list[Lexeme]) -> Parser:
        """A parser that has read ``tokens``: one that refused a token is left half-way through reducing."""
        parser = Parser(grammars.shapes(), start)
        for token in tokens:
            parser.feed(token.terminal, token)
        return parser

    def _next(self, parser: Parser, place: int, piece: _Piece) -> Lexeme | None:
        wanted = parser.choices()
        if place > piece.start and "OBJECT" in wanted:
            unit = self.lexer.lexeme(place, piece.stop, wanted)
            if unit is not None and unit.terminal == "UNIT":
                return unit
            end = self.lexer.object_end(place, piece.stop)
            if end > place and parser.takes("OBJECT"):
                return self.lexer.free(place, end)
        return self.lexer.lexeme(place, piece.stop, wanted)

    def _failure(
        self, parser: Parser, piece: _Piece, tokens: list[Lexeme], place: int, found: Lexeme | None
    ) -> Failure:
        return Failure(
            lexer=self.lexer,
            shape=self.start,
            start=piece.start,
            stop=piece.stop,
            tokens=tuple(tokens),
            place=place,
            found=found,
            parser=parser,
        )

    def again(self, text: str) -> bool:
        """Whether ``text`` in the place of the whole value would read."""
        span = self.value.written.span
        vocabulary, names = self.lexer.lexicon.vocabulary, self.lexer.lexicon.given
        other = _Reading(
            Lexer(Value(Written(text, Span(span.source, span.start, span.start))), lexicon(vocabulary, names)),
            self.start,
        )
        piece = _Piece(0, len(other.value.text))
        if not other.value.text or _pairs(other.value):
            return False
        if self.start == "phrase":
            return other._segment(piece)[0] is not None
        return other._trial(piece, self.start).failure is None


@dataclass(frozen=True, slots=True)
class _Trial:
    tokens: list[Lexeme]
    result: Any
    failure: Failure | None


__all__ = ["Names", "lexemes", "read", "reads"]
