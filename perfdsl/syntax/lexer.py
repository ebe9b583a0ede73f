"""The lexer of values: at each place the longest among declared names and words, then numbers with units.

Blanks carry no meaning, and Chinese puts none between words, so a lexer that looked at characters alone would tear
``按时办结率`` into 按 and 时办结率. This one knows what the rulebook declares. The name wins a tie, with two
exceptions: 指标值, 目标值 and 分值 always mean the item's own, and where the grammar has no place for a name the word
is taken. Measure words are looked for only where the grammar has a place for one.

A piece of free words (``未按期办结`` in 每有 1 件未按期办结扣 1 分) is never torn by the words in it: it goes on to the
award that ends its segment.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache

from perfdsl.syntax.characters import BRACKETED, OUTSIDE, QUOTE_MARKS, cleaned, plain
from perfdsl.syntax.nodes import Written
from perfdsl.syntax.vocabulary import Meaning, Vocabulary
from perfdsl.text.catalogue import writing
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass
from perfdsl.text.source import BLANKS, SOFT_BREAKS, Span, folded


@dataclass(frozen=True, slots=True)
class Names:
    """Every name the rulebook declares, as it was declared.

    ``choices`` are the values of enumerated columns and the categories, ``objects`` what counting phrases count,
    ``units`` the measure words that columns declare.
    """

    names: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def plus(
        self,
        names: Iterable[str] = (),
        choices: Iterable[str] = (),
        methods: Iterable[str] = (),
        objects: Iterable[str] = (),
        units: Iterable[str] = (),
    ) -> Names:
        """These names and more."""
        return Names(
            self.names.union(names),
            self.choices.union(choices),
            self.methods.union(methods),
            self.objects.union(objects),
            self.units.union(units),
        )


class Refused(Exception):
    """Something in a value that is wrong by itself, whatever stands around it. Never leaves this room."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One token of a value. ``start`` and ``end`` count characters of the squeezed value."""

    terminal: str
    text: str
    start: int
    end: int
    span: Span
    key: str = ""
    meaning: Meaning | None = None
    number: Fraction = Fraction(0)
    unit: str = ""
    day: date = date.min

    def __str__(self) -> str:
        return self.text


class Value:
    """A written value without the blanks outside quotes; knows where each character came from."""

    __slots__ = ("at", "text", "written")

    def __init__(self, written: Written) -> None:
        self.written = written
        raw = folded(cleaned(written.text)) if not written.text.isascii() else written.text
        raw = BRACKETED.sub(r"【\1】", raw) if "[" in raw else raw
        pieces: list[str] = []
        at: list[int] = []
        done = 0
        for found in OUTSIDE.finditer(raw):
            _squeeze(raw, done, found.start(), pieces, at)
            inner = written.text[found.start() + 1 : found.end() - 1]
            marks = "“”" if found.group("quoted") else "【】"
            pieces.append(marks[0] + inner + marks[1])
            at.extend(range(found.start(), found.end()))
            done = found.end()
        _squeeze(raw, done, len(raw), pieces, at)
        text = "".join(pieces)
        text = text.rstrip("。")
        self.text = text
        self.at = at[: len(text)]

    def span(self, start: int, end: int) -> Span:
        """Where characters ``start`` to ``end`` (excluded) of the squeezed text stand in the source."""
        whole = self.written.span
        if not self.at or len(self.written.text) != whole.end - whole.start:
            return whole
        if start >= len(self.at):
            return whole.part(self.at[-1] + 1, self.at[-1] + 1)
        return whole.part(self.at[start], self.at[max(end - 1, start)] + 1)

    def adjacent(self, place: int) -> bool:
        """Whether no blank stands before character ``place``."""
        return 0 < place < len(self.at) and self.at[place] == self.at[place - 1] + 1

    def as_written(self, start: int, end: int) -> str:
        """The characters as they were typed, blanks between them included."""
        return self.written.text[self.at[start] : self.at[end - 1] + 1] if end > start else ""


_BLANKS = frozenset(BLANKS + SOFT_BREAKS + "\n")


def _squeeze(raw: str, start: int, end: int, pieces: list[str], at: list[int]) -> None:
    for place in range(start, end):
        character = raw[place]
        if character not in _BLANKS:
            pieces.append(character)
            at.append(place)


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_YEAR = "[〇零一二三四五六七八九]{4}"
_DAY = "[一二三四五六七八九十]{1,3}"
DATE = re.compile(rf"([0-9]{{4}}|{_YEAR})年([0-9]{{1,2}}|{_DAY})月([0-9]{{1,2}}|{_DAY})[日号]")
"""A day in Arabic or Chinese figures: 2025年6月1日, 二〇二五年六月一日."""
_CN = "零〇一二两三四五六七八九十百千万亿"
_CHINESE = re.compile(rf"百分之([{_CN}]+)|([{_CN}]+)分之([{_CN}]+)|([{_CN}]+)成|([零〇一二两三四五六七八九十][{_CN}]*)")
_NOT_A_NUMBER = re.compile(r"[0-9A-Za-z_.,]+")
_WORDY = re.compile(r"[0-9A-Za-z_\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
MOST_DIGITS, MOST_DECIMALS = 18, 12


def chinese_number(text: str) -> int | None:
    """``三百二十`` → 320; None where the characters make no number (``三五百``)."""
    total = section = 0
    digit: int | None = None
    last = 10**9
    for character in text:
        if character in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[character]
        elif character in _SCALES:
            if _SCALES[character] >= last or digit == 0:
                return None
            last = _SCALES[character]
            section += (1 if digit is None else digit) * last
            digit = None
        else:
            section += digit or 0
            if not section:
                return None
            total = (total + section) * _BIG[character]
            section, digit, last = 0, None, 10**9
    return total + section + (digit or 0)


def figures(text: str) -> int:
    """A part of a date: 2025, 二〇二五, 十二. 0 (no such day) where the characters make no number."""
    if text.isascii():
        return int(text)
    if len(text) == 4:
        return int("".join(str(_DIGITS[character]) for character in text))
    return chinese_number(text) or 0


class Lexicon:
    """Names and words, by their first character, the longest first."""

    def __init__(self, vocabulary: Vocabulary, names: Names) -> None:
        self.vocabulary = vocabulary
        self.given = names
        self.words = Spellings(vocabulary.meanings)
        self.kinds: dict[str, frozenset[str]] = {}
        self.declared: dict[str, str] = {}
        for terminal, known in (
            ("NAME", names.names),
            ("CHOICE", names.choices),
            ("METHOD", names.methods),
            ("NAME", names.objects),
        ):
            for name in sorted(known):
                if key := plain(name):
                    self.declared.setdefault(key, name)
                    self.kinds[key] = self.kinds.get(key, frozenset()) | {terminal}
        self.names = Spellings(self.declared)
        self.units = Spellings({plain(unit): unit for unit in (*vocabulary.units, *names.units)})

    def longest(self, table: Spellings, value: Value, place: int) -> str:
        """The longest entry of ``table`` that stands at ``place``, or ""."""
        return next(table.at(value, place), "")


class Spellings:
    """Words or names, found by their first character and their length."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self.known = frozenset(spellings) - {""}
        lengths: dict[str, set[int]] = {}
        for spelling in self.known:
            lengths.setdefault(spelling[0], set()).add(len(spelling))
        self.lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def at(self, value: Value, place: int) -> Iterator[str]:
        """Those that stand at ``place``, the longest first."""
        text = value.text
        for length in self.lengths.get(text[place], ()):
            spelling = text[place : place + length]
            if len(spelling) == length and spelling in self.known and not _cut_short(value, spelling, place + length):
                yield spelling


def _by_first(spellings: Iterable[str]) -> dict[str, tuple[str, ...]]:
    buckets: dict[str, list[str]] = {}
    for spelling in spellings:
        if spelling:
            buckets.setdefault(spelling[0], []).append(spelling)
    return {first: tuple(sorted(bucket, key=lambda s: (-len(s), s))) for first, bucket in buckets.items()}


def _ascii_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _cut_short(value: Value, spelling: str, end: int) -> bool:
    """Whether ``spelling`` ends inside a longer run of letters or digits (``GDP`` in ``GDPX``, ``PM2`` in ``PM2.5``)."""
    if end >= len(value.text) or not _ascii_word(spelling[-1]) or not value.adjacent(end):
        return False
    after = value.text[end]
    if after == "." and spelling[-1].isdigit():
        return end + 1 < len(value.text) and value.text[end + 1].isdigit()
    return _ascii_word(after)


def lexicon(vocabulary: Vocabulary, names: Names) -> Lexicon:
    """The lexicon for these words and names; made once."""
    for words, asked, made in _latest:
        if words is vocabulary and asked is names:
            return made
    found = _lexicon(vocabulary, names)
    _latest[:] = [(vocabulary, names, found)]
    return found


_latest: list[tuple[Vocabulary, Names, Lexicon]] = []
"""What was asked last. A rulebook asks for its thousand names thousands of times: the same object need not be compared."""


@lru_cache(maxsize=256)
def _lexicon(vocabulary: Vocabulary, names: Names) -> Lexicon:
    return Lexicon(vocabulary, names)


@dataclass(frozen=True, slots=True)
class Lexer:
    """Reads one value. ``stop`` ends the segment that is being read."""

    value: Value
    lexicon: Lexicon

    def lexeme(self, place: int, stop: int, wanted: Container[str]) -> Lexeme | None:
        """The token at ``place``, or None where nothing known stands there. ``wanted`` are terminals with a place here."""
        first = self.value.text[place]
        if first == "“":
            return self._enclosed(place, "QUOTED", "”")
        if first == "【":
            return self._enclosed(place, "CODE", "】")
        number = self._number(place, stop)
        unit = self._unit(place) if "UNIT" in wanted else ""
        known = self._known(place, stop, wanted, max(len(unit), number.end - place if number else 0))
        if known is not None:
            return known
        if number is not None:
            return number
        if unit:
            return self._make("UNIT", place, place + len(unit), unit=unit)
        return None

    def object_end(self, place: int, stop: int, after: int = 0) -> int:
        """Where free words that begin at ``place`` end: at the first award beyond ``after`` that ends the segment."""
        for end in range(max(place, after), stop):
            if self._award_at(end, stop):
                return end
        return place

    def structured(self, place: int) -> bool:
        """Whether a word stands at ``place`` that begins a sentence of the language, so that free words cannot."""
        lexicon = self.lexicon
        meaning = lexicon.vocabulary.meanings.get(lexicon.longest(lexicon.words, self.value, place))
        name = lexicon.longest(lexicon.names, self.value, place)
        if meaning is None or len(name) >= len(meaning.word.canonical):
            return False
        return meaning.terminal in _BEGINNINGS and (meaning.terminal != "COMPARE" or meaning.key not in _FREE_COMPARES)

    def bounded(self, start: int, end: int) -> bool:
        """Whether the words between speak of a limit (90 分以上): then they are a condition and no plain fact."""
        return self.limit(start, end) is not None

    def turns(self, start: int, end: int) -> bool:
        """Whether 否则 stands inside: then two sentences have run together, and these are no words for one fact."""
        return any(self.word_at(place, end) == "OTHERWISE" for place in range(start, end))

    def limit(self, start: int, end: int) -> tuple[str, int, int] | None:
        """The limit that the words between speak of: the word to write before it, and where its number stands."""
        for place in range(start, end):
            number = self.value.text[place].isdigit() or self.value.text.startswith("百分之", place)
            found = self._number(place, end) if number else None
            if found is not None and found.terminal == "NUMBER":
                after = found.end + len(self._unit_at(found.end))
                if self.word_at(after, end) == "OR_BEYOND":
                    beyond = self._meaning_at(after).key  # type: ignore[union-attr]
                    return ("达到" if beyond == "or_more" else "不高于"), place, after
                before = self._meaning_before(start, place)
                if before is not None and before.terminal in ("UNDER", "COMPARE"):
                    return before.word.canonical, place, after
        return None

    def word_at(self, place: int, end: int) -> str:
        """The terminal of the word at ``place``, or ""."""
        meaning = self._meaning_at(place) if place < end else None
        return meaning.terminal if meaning is not None else ""

    def _meaning_at(self, place: int) -> Meaning | None:
        lexicon = self.lexicon
        return lexicon.vocabulary.meanings.get(lexicon.longest(lexicon.words, self.value, place))

    def _meaning_before(self, start: int, place: int) -> Meaning | None:
        meanings = self.lexicon.vocabulary.meanings
        before = (meanings.get(self.value.text[begun:place]) for begun in range(start, place))
        return next((meaning for meaning in before if meaning is not None), None)

    def free(self, place: int, end: int) -> Lexeme:
        """Free words, with one blank where letters or digits would run together."""
        written = self.value.as_written(place, end)
        text = re.sub(r"(?<=[0-9A-Za-z]) +(?=[0-9A-Za-z])", "\0", folded_blanks(written))
        return self._make("OBJECT", place, end, text=text.replace(" ", "").replace("\0", " "))

    def run(self, place: int, stop: int) -> tuple[int, int]:
        """The longest unbroken run of letters and characters around ``place``."""
        text = self.value.text
        for found in _WORDY.finditer(text, 0, stop):
            if found.start() <= place < found.end():
                return found.start(), found.end()
        return place, min(place + 1, stop)

    def _make(self, terminal: str, start: int, end: int, *, text: str = "", **more: object) -> Lexeme:
        return Lexeme(terminal, text or self.value.text[start:end], start, end, self.value.span(start, end), **more)  # type: ignore[arg-type]

    def _enclosed(self, place: int, terminal: str, close: str) -> Lexeme:
        end = self.value.text.find(close, place + 1) + 1
        if not end:
            raise Refused(writing.quote_unpaired(self.value.span(place, place + 1), self.value.text[place]))
        inner = self.value.text[place + 1 : end - 1].strip()
        return self._make(terminal, place, end, text=folded(inner).strip() if terminal == "CODE" else inner)

    def _known(self, place: int, stop: int, wanted: Container[str], other: int) -> Lexeme | None:
        lexicon, value = self.lexicon, self.value
        name = lexicon.longest(lexicon.names, value, place)
        word = lexicon.longest(lexicon.words, value, place)
        if place + len(name) > stop:
            name = ""
        if place + len(word) > stop:
            word = ""
        terminal = self._terminal(lexicon.kinds.get(name, frozenset()), wanted)
        meaning = lexicon.vocabulary.meanings.get(word)
        if name and (len(name) > len(word) or (len(name) == len(word) and not _word_wins(meaning, terminal, wanted))):
            if len(name) < other or (len(name) == other and name.isdigit()):
                return None
            return self._make(terminal, place, place + len(name), text=lexicon.declared[name])
        if meaning is None or len(word) < other or (len(word) == other and "UNIT" in wanted):
            return None
        return self._make(meaning.terminal, place, place + len(word), key=meaning.key, meaning=meaning)

    def _terminal(self, kinds: frozenset[str], wanted: Container[str]) -> str:
        for terminal in ("NAME", "CHOICE", "METHOD"):
            if terminal in kinds and terminal in wanted:
                return terminal
        return next((terminal for terminal in ("NAME", "CHOICE", "METHOD") if terminal in kinds), "NAME")

    def _unit(self, place: int) -> str:
        """The longest measure word that does not cut a word in two: 项 in 1 项目标未完成, 项目 in 1 个项目."""
        fitting = list(self.lexicon.units.at(self.value, place))
        for unit in fitting:
            if not any(self._crosses(place + inner, place + len(unit)) for inner in range(1, len(unit))):
                return unit
        return fitting[0] if fitting else ""

    def _crosses(self, start: int, end: int) -> bool:
        lexicon, text = self.lexicon, self.value.text
        if len(lexicon.longest(lexicon.names, self.value, start)) > end - start:
            return True
        words = _label_words(lexicon.vocabulary).get(text[start], ()) if start < end else ()
        return any(text.startswith(word, start) and len(word) > end - start for word in words)

    def _number(self, place: int, stop: int) -> Lexeme | None:
        first = self.value.text[place]
        if first.isascii() and first.isdigit():
            return self._date(place) or self._digits(place, stop)
        return self._date(place) or self._chinese(place, stop) if first in _CN else None

    def _date(self, place: int) -> Lexeme | None:
        found = DATE.match(self.value.text, place)
        if found is None:
            return None
        year, month, day = map(figures, found.groups())
        try:
            when = date(year, month, day)
        except ValueError:
            raise Refused(writing.no_such_day(self.value.span(place, found.end()))) from None
        return self._make("DATE", place, found.end(), day=when)

    def _digits(self, place: int, stop: int) -> Lexeme | None:
        found = _NUMBER.match(self.value.text, place, stop)
        assert found is not None
        end = next((i for i in range(place + 1, found.end()) if not self.value.adjacent(i)), found.end())
        text = self.value.text[place:end].rstrip(".")
        end = place + len(text)
        whole, _, decimals = text.partition(".")
        if len(whole) > MOST_DIGITS or len(decimals) > MOST_DECIMALS:
            raise Refused(writing.too_many_digits(self.value.span(place, end)))
        number = Fraction(text) if decimals else Fraction(int(whole))
        following = self.value.text[end : end + 1]
        if following and following in _BIG and not self._unit_at(end):
            number *= _BIG[following]
            end += 1
        elif end < stop and self.value.adjacent(end) and (_ascii_word(following) or following == "."):
            self._refuse_number(place, end)
        return self._make("NUMBER", place, end, number=number)

    def _refuse_number(self, place: int, end: int) -> None:
        """1e9, 1_000, 1O: refused as a whole, unless a name or a unit begins here."""
        lexicon = self.lexicon
        if self._unit_at(end) or len(lexicon.longest(lexicon.names, self.value, place)) > end - place:
            return
        if lexicon.longest(lexicon.names, self.value, end) or lexicon.longest(lexicon.words, self.value, end):
            return
        found = _NOT_A_NUMBER.match(self.value.text, place)
        assert found is not None
        raise Refused(writing.not_a_number(self.value.span(place, found.end()), found.group()))

    def _unit_at(self, place: int) -> str:
        if place >= len(self.value.text):
            return ""
        return self.lexicon.longest(self.lexicon.units, self.value, place)

    def _chinese(self, place: int, stop: int) -> Lexeme | None:
        found = _CHINESE.match(self.value.text, place, stop)
        if found is None:
            return None
        hundredth, below, above, tenth, single = found.groups()
        parts = [chinese_number(part) for part in (hundredth, below, above, tenth, single) if part]
        if None in parts:
            return None
        numbers = [number for number in parts if number is not None]
        if hundredth:
            return self._make("NUMBER", place, found.end(), number=Fraction(numbers[0]), unit="%")
        if tenth:
            return self._make("NUMBER", place, found.end(), number=Fraction(numbers[0] * 10), unit="%")
        if below:
            return (
                self._make("NUMBER", place, found.end(), number=Fraction(numbers[1], numbers[0]))
                if numbers[0]
                else None
            )
        end = found.end()
        while end > place + 1 and not self._unit_at(end) and self._unit_at(end - 1):
            end -= 1
        number = chinese_number(single[: end - place])
        if number is None or not (end == stop or self._unit_at(end)):
            return None
        return self._make("NUMBER", place, end, number=Fraction(number))

    def _award_at(self, place: int, stop: int) -> bool:
        """Whether an award that ends the segment begins at ``place``: a verb, then 满分, a number or a parameter, then the end."""
        lexicon, value = self.lexicon, self.value
        word = lexicon.longest(lexicon.words, value, place)
        meaning = lexicon.vocabulary.meanings.get(word)
        if meaning is None or place + len(word) > stop:
            return False
        end = place + len(word)
        if meaning.terminal == "ZERO":
            return end == stop
        if meaning.terminal not in ("GET", "COUNT_AS", "ADD", "DEDUCT", "REVERSE") or end >= stop:
            return False
        amount = self.lexeme(end, stop, ("NAME",))
        if amount is None:
            return False
        if amount.terminal == "FULL_MARKS":
            return amount.end == stop
        if amount.terminal not in ("NUMBER", "NAME", "OWN"):
            return False
        return amount.end + len(self._unit_at(amount.end)) == stop


_BEGINNINGS = frozenset(
    [
        "EACH",
        "EACH_HAS",
        "EACH_BELOW",
        "EACH_ABOVE",
        "UNDER",
        "COMPARE",
        "GET",
        "ADD",
        "DEDUCT",
        "REVERSE",
        "MOST",
        "LEAST",
        "OTHERWISE",
        "OVERDUE",
        "BEST",
        "BY_RANK",
        "EVEN",
        "KEEP",
        "TREAT_AS",
        "EFFECT",
        "WEIGHT",
        "FILE",
        "WITHIN",
        "BETWEEN",
        "BASE",
        "TOTAL",
        "SUBJECT",
        "OWN",
    ]
)
_FREE_COMPARES = frozenset({"reach", "miss", "better", "not_better"})


def _word_wins(meaning: Meaning | None, terminal: str, wanted: Container[str]) -> bool:
    if meaning is None:
        return False
    return meaning.terminal == "OWN" or (terminal not in wanted and meaning.terminal in wanted)


@lru_cache(maxsize=16)
def _label_words(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Labels of more than one character, by their first."""
    return _by_first(spelling for spelling in vocabulary.label_spellings if len(spelling) > 1)


_BLANK_RUN = re.compile(f"[{BLANKS}{SOFT_BREAKS}]+")


def folded_blanks(text: str) -> str:
    """``text`` cleaned, every run of blanks as one."""
    return _BLANK_RUN.sub(" ", cleaned(text)).strip()


def check_numbers(value: Value) -> tuple[Problem, ...]:
    """Numbers written with thousands separators, which would otherwise fall apart at the comma."""
    problems = []
    for start, end in _outside_quotes(value.text):
        for found in _THOUSANDS.finditer(value.text, start, end):
            adjacent = all(value.adjacent(i) for i in range(found.start() + 1, found.end()))
            if adjacent:
                span = value.span(found.start(), found.end())
                problems.append(writing.thousands_separator(span, found.group().replace(",", "")))
    return tuple(problems)


def _outside_quotes(text: str) -> Iterable[tuple[int, int]]:
    done = 0
    for found in OUTSIDE.finditer(text):
        yield done, found.start()
        done = found.end()
    yield done, len(text)


__all__ = [
    "DATE",
    "QUOTE_MARKS",
    "Lexeme",
    "Lexer",
    "Lexicon",
    "Names",
    "Refused",
    "Value",
    "chinese_number",
    "figures",
    "lexicon",
]
