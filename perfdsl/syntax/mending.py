"""What to say about a value that cannot be read: which words, what could stand there, and a line to paste.

A mend is only given where one small change makes the value read and no other change of that kind does: with two
candidates the message lists what could stand there and leaves the choice to the author.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from perfdsl.syntax import habits
from perfdsl.syntax.characters import plain
from perfdsl.syntax.examples import EXAMPLES, MANUAL, near_examples
from perfdsl.syntax.lexer import Lexeme, Lexer
from perfdsl.syntax.parser import Parser
from perfdsl.text.catalogue import writing
from perfdsl.text.form import Label
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass
from perfdsl.text.source import Span, folded

Reads = Callable[[str], bool]

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
_APART = frozenset({"CAPPED", "MOST", "LEAST", "OTHERWISE", "UNDER", "PHRASE"})
"""Words that may begin a segment where the comma before it was forgotten."""
_SHOWN = 3
_LIKE = 0.6
_LONGEST = 120
"""A sentence longer than this is not looked at for a forgotten comma."""
_AWARDS = {
    "": ("得满分", "得 2 分", "不得分"),
    "EACH_BELOW": ("扣 0.5 分",),
    "EACH_ABOVE": ("加 0.5 分",),
    "EACH_HAS": ("扣 1 分", "得 1 分"),
    "OTHERWISE": ("不得分", "得 1 分"),
    "UNDER": ("的按比例计", "的不计", "得 1 分"),
}
"""First word of a sentence → awards that often end it."""
_AMOUNTS = {
    "GET": ("满分", "2 分"),
    "MOST": ("得满分", "3 分", "扣 2 分"),
    "EACH_BELOW": ("1 个百分点",),
    "EACH_ABOVE": ("1 个百分点",),
    "EACH_HAS": ("1 件",),
    "UNDER": ("1 个百分点",),
    "COMPARE": ("90%",),
    "KEEP": ("2 位",),
    "AS": ("1 个百分点计", "12 个月累计"),
    "BY_RANK": ("10、9、8 分",),
    "DROP": ("1 个等次",),
    "WEIGHT": ("30%",),
}
"""Last word → what often follows."""
_SAID = (("扣除", "扣"), ("扣减", "扣"), ("减去", "扣"), ("罚", "扣"), ("减", "扣"), ("奖励", "加"), ("奖", "加"))
"""What people say, and the word of the language."""
_USUAL = {"EACH_BELOW": "扣", "EACH_ABOVE": "加"}
_AWARD_BEHIND = re.compile("[，,]\\s*((?:倒?扣|得|加|减|罚|奖)[^，,；;。]*[0-9][^，,；;。]*)")
"""A comma, and an amount of points behind it."""
_OWN_AWARD = re.compile("(?:倒?扣|得|加|减|罚|奖)[^0-9，；]{0,2}[0-9][0-9.]*\\s*分")
"""Points that are written where they cannot be read."""
_SENTENCE = re.compile("[0-9扣得加计]")
"""What a sentence has and the name of a level has not."""
_LABEL = re.compile(r"\s*([^:|“”]{1,24}?)\s*:")


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
    parser: Parser | None = None
    problems: Problems = ()

    @property
    def accepts(self) -> frozenset[str]:
        """Terminals that could stand at ``place``."""
        return self.parser.accepts() if self.parser is not None else frozenset()

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
        if habit := self._habit():
            return habit
        if failure.shape == "phrase" and (split := self._split()):
            return split
        if failure.place >= failure.stop and not (failure.shape == "phrase" and self._reached()):
            return self._ends_early()
        if failure.shape == "band":
            return self._unreadable_band()
        if failure.shape == "quantity" and (limit := self._limit()):
            return limit
        if failure.shape == "phrase" and (retold := self._retold() or self._near_phrase()):
            return retold
        if name := self._unknown_name():
            return name
        if failure.shape == "phrase" and failure.found is None and self._unread() == failure.start:
            return self._unknown_phrase(failure.start, "", "")
        if failure.shape == "phrase" and not failure.tokens and self._has_fixed_values():
            return self._unknown_phrase(failure.start, "", "")
        return self._unexpected()

    def _has_fixed_values(self) -> bool:
        """Whether the field takes a few fixed values (总分、同分), so that those say more than what awards could stand here."""
        label = self._field()
        return label is not None and label.key in EXAMPLES and label.key != "score"

    # the text

    def _text(self, start: int, end: int) -> str:
        return self.lexer.value.as_written(start, end).strip()

    def _span(self, start: int, end: int) -> Span:
        return self.lexer.value.span(start, end)

    def _with(self, start: int, end: int, instead: str) -> str:
        """The segment with ``instead`` in the place of characters ``start`` to ``end``."""
        before = self._text(self.failure.start, start)
        after = self._text(end, self.failure.stop)
        return _joined(before, instead, after)

    def _unreadable_band(self) -> Problem:
        failure = self.failure
        text = self._text(failure.start, failure.stop)
        mend = "写成 90 分以上、80 分以上不足 90 分、不足 60 分，或者 其余"
        return writing.unknown_phrase(self._span(failure.start, failure.stop), text, None, mend)

    def _habit(self) -> Problem | None:
        """What people often write, and what stands for it here."""
        start, stop, label = self.failure.start, self.failure.stop, self._field()
        return habits.told(label.key, self._text(start, stop), self._span(start, stop)) if label is not None else None

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
        return writing.and_or_mixed(self._span(failure.start, failure.stop), first, second)

    # sentences that are nearly right

    def _limit(self) -> Problem | None:
        """``不超过 30%`` where only a number has its place."""
        failure, found = self.failure, self.failure.found
        if found is None or found.terminal not in ("COMPARE", "MOST") or failure.tokens:
            return None
        rest = self._text(found.end, failure.stop)
        if not self.reads(rest):
            return None
        span, text = self._span(failure.start, failure.stop), self._text(failure.start, failure.stop)
        return writing.unknown_phrase(span, text, rest, rest)

    def _retold(self) -> Problem | None:
        """The segment as it should be written, where that is plain: 组织 4 次以上得满分, 加 0.5 分封顶 5 分."""
        told = self._reached() or self._parted()
        return self._unknown_phrase(self.failure.start, told, told) if told else None

    def _reached(self) -> str:
        """A fact's limit with other words around it (``组织 4 次以上得满分``): ``达到 4 次得满分``."""
        lexer, start, stop = self.lexer, self.failure.start, self.failure.stop
        limit = lexer.limit(start, stop)
        award = lexer.object_end(start, stop, start + 1)
        if limit is None or award <= start:
            return ""
        word, begun, end = limit
        others = lexer.value.text[start:begun] + lexer.value.text[end:award]
        if "每" in others or any(character.isdigit() for character in others):
            return ""  # a second limit, or how often: it would be lost
        told = _joined(word, self._text(begun, end), self._text(award, stop))
        return told if self.reads(told) and told != self._text(start, stop) else ""

    def _renamed(self) -> str:
        """The segment with 扣 for what people say instead (``罚 2 分``), where it then reads."""
        text = self._text(self.failure.start, self.failure.stop)
        for said, word in _SAID:
            if said in text and self.reads(told := text.replace(said, word, 1)):
                return told
        return ""

    def _split(self) -> Problem | None:
        """The segment with the award that a comma cuts off (``每低 1 个百分点，扣 0.3 分``), in its own numbers."""
        value, start, stop = self.lexer.value, self.failure.start, self.failure.stop
        cut = _AWARD_BEHIND.match(value.text, stop)
        if cut is None:
            return None
        award = self._text(cut.start(1), cut.end())
        for own in dict.fromkeys((self._text(start, stop).removesuffix("的"), self._text(start, stop))):
            for one in dict.fromkeys((award, _verbal(award))):
                if self.reads(told := _joined(own, one)):
                    return writing.unknown_phrase(
                        self._span(start, cut.end()), self._text(start, cut.end()), told, told
                    )
        return None

    def _parted(self) -> str:
        """The segment with the comma that it lacks (``加 0.5 分封顶 5 分``)."""
        lexer, start, stop = self.lexer, self.failure.start, self.failure.stop
        if stop - start > _LONGEST:
            return ""
        found = []
        for place in range(start + 1, stop):
            if lexer.word_at(place, stop) in _APART:
                before, after = self._text(start, place), self._text(place, stop)
                if self.reads(before) and self.reads(after):
                    found.append(f"{before}，{after}")
        return found[0] if len(found) == 1 else ""

    # names

    def _unknown_name(self) -> Problem | None:
        failure = self.failure
        named = bool(failure.accepts & {"NAME", "CHOICE"})
        if failure.shape == "phrase" and failure.tokens and not named:
            return None
        if failure.found is not None and failure.found.terminal not in ("CHOICE", "METHOD"):
            longer = failure.shape == "ledger" and len(failure.tokens) == 1 and self._torn(failure.tokens[0])
            if not longer and not self._torn(failure.found):
                return None
        elif not named and (failure.shape == "phrase" or not failure.tokens or not self._torn(failure.tokens[-1])):
            return None
        start, end = self._unknown_run()
        if failure.shape == "phrase" and start <= failure.start and not self._names_fit(start):
            return None
        name = self._text(start, end)
        if not name or not _is_wordy(name[0]) or (failure.shape == "phrase" and name[0] == "的"):
            return None  # what begins with 的 goes on with what stands before it: no name
        if failure.shape == "phrase" and _SENTENCE.search(name):
            return None  # no level is called so
        near = nearest(name, self._known(start))
        if near is None and failure.shape == "phrase" and start > failure.start == self._unread():
            return None
        return writing.unknown_name(self._span(start, end), name, near, self._declare(name))

    def _declare(self, name: str) -> str:
        """How to declare ``name`` where it stands."""
        if any(token.terminal in ("EFFECT", "TREAT_AS") for token in self.failure.tokens):
            return f"“{name}”"
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
        alone = self.failure.found is None or self.failure.shape == "ledger"
        head = len(token.text) == 1 or (token.terminal in ("CHOICE", "NAME", "METHOD") and alone)
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
            if end > start and (number or self._break_at(end)):
                break
            end += 1
        return start, max(end, start + 1)

    def _break_at(self, place: int) -> bool:
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
            if near and self.reads(self._with(start, failure.stop, near)):
                return self._unknown_phrase(start, near, near)
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
        text = self._text(start, stop)
        return writing.unknown_phrase(self._span(start, stop), text, near or None, mend or self._in_manual(text))

    def _in_manual(self, text: str) -> str:
        """Where the manual tells what the field takes, and what of it comes nearest."""
        label = self._field()
        if label is None:
            return ""
        return writing.see_manual(MANUAL, label.word.canonical, near_examples(label.key, text))

    def _field(self) -> Label | None:
        """The field that the value stands in: on its line, or above the table it stands in."""
        span = self.lexer.value.written.span
        labels = self.lexer.lexicon.vocabulary.label_spellings
        for number in range(span.line, 0, -1):
            line = folded(span.source.line(number))
            found = _LABEL.match(line)
            if found is not None and (label := labels.get(plain(found.group(1)))):
                return label
            if not line.lstrip().startswith("|"):
                return None
        return None

    # tokens

    def _expected(self) -> tuple[str, tuple[str, ...]]:
        """What has to be written here, and up to three ways to write it, the shape of the sentence considered."""
        accepts, last = self.failure.accepts, self._last()
        if last in ("SCORE", "OWN") and "CODE" in accepts:
            return "编号", ("【A01】",)
        if last in _AMOUNTS and "NUMBER" in accepts:
            return "数", self._fitting(_AMOUNTS[last])
        if "GET" in accepts:
            own = _OWN_AWARD.search(self._text(self.failure.place, self.failure.stop))
            usual = _AWARDS.get(self._first(), _AWARDS[""])
            return "得分或扣分", (_verbal(own.group()),) if own is not None else self._fitting(usual)
        if accepts & {"NAME", "OWN"} and self.failure.shape != "phrase":
            known = sorted(self.lexer.lexicon.given.names, key=lambda name: (len(name), name))
            return "名称或数", (*known[: _SHOWN - 1], "100")
        if "NUMBER" in accepts:
            return "数", ("2 分",) if self.failure.shape == "phrase" else ("90",)
        if "COMPARE" in accepts and self.failure.shape in ("condition", "ledger"):
            return "条件", ("为 “是”", "≥ 60")
        if "PLUS" in accepts:
            return "", ("+", "-", "×")
        return "", self._fitting(tuple(self._any_words()))

    def _first(self) -> str:
        return next((token.terminal for token in self.failure.tokens if token.terminal in _AWARDS), "")

    def _last(self) -> str:
        return self.failure.tokens[-1].terminal if self.failure.tokens else ""

    def _fitting(self, examples: tuple[str, ...]) -> tuple[str, ...]:
        """Those that end the sentence well, else the first few."""
        before = self._text(self.failure.start, self.failure.place)
        fitting = [example for example in examples if self.reads(f"{before} {example}")]
        return tuple(fitting or examples)[:_SHOWN]

    def _any_words(self) -> Iterator[str]:
        vocabulary = self.lexer.lexicon.vocabulary
        for terminal in sorted(self.failure.accepts):
            if terminal in vocabulary.terminals and terminal not in ("PHRASE", "MINUS", "$END"):
                yield vocabulary.terminals[terminal]
            elif terminal in vocabulary.words and (word := vocabulary.words[terminal][0].canonical)[0].isalpha():
                yield word

    def _ends_early(self) -> Problem:
        failure = self.failure
        start = failure.tokens[-1].start if failure.tokens else failure.start
        text, last = self._text(failure.start, failure.stop), self._text(start, failure.stop)
        what, examples = self._expected()
        good = [example for example in examples if what and self.reads(f"{text} {example}")]
        if not good and (only := self._only(self._words(), lambda word: f"{text} {word}")):
            good = [only]
        mend = "\n".join(_joined(last, one) for one in good)
        return writing.ends_early(self._span(start, failure.stop), text, what, examples, mend)

    def _unexpected(self) -> Problem:
        failure = self.failure
        if failure.found is not None:
            start, end = failure.found.start, failure.found.end
        else:
            start, end = failure.place, self._end_of_unknown()
        text = self._text(start, end)
        what, examples = self._expected()
        mend, losing = self._mend(start, end)
        if not mend and failure.shape == "phrase" and (told := self._renamed()):
            return self._unknown_phrase(failure.start, told, told)
        if losing and failure.tokens:
            start = failure.tokens[-1].start
            mend = self._text(start, failure.tokens[-1].end)
        if (
            not mend
            and failure.shape == "phrase"
            and not any(self.reads(self._with(start, end, one)) for one in examples)
        ):
            mend = self._in_manual(self._text(failure.start, failure.stop))
        return writing.unexpected(self._span(start, end), text, what, examples, mend)

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

    def _mend(self, start: int, end: int) -> tuple[str, bool]:
        """What to write for the words between: one put before them, another one, or (True) nothing at all."""
        marked = self._text(start, end)
        if self._last() in ("SCORE", "OWN") and "CODE" in self.failure.accepts:
            return _joined("【A01】", marked), False
        put_in = self._only(self._words(), lambda word: self._with(start, start, word))
        if put_in:
            return _joined(put_in, marked), False
        near = nearest(self.lexer.value.text[start:end], [word for word in self._words() if not word.isascii()])
        if near and self.reads(self._with(start, end, near)):
            return near, False
        usual = _USUAL.get(self._first(), "")
        if usual in self._words() and self.reads(self._with(start, end, usual)):
            return usual, False
        replaced = self._only(self._words(), lambda word: self._with(start, end, word))
        found = self.failure.found
        losable = found is not None and found.terminal in _LOSABLE
        return replaced, not replaced and losable and self.reads(self._with(start, end, ""))

    def _only(self, words: Iterable[str], candidate: Callable[[str], str]) -> str:
        """The one word with which the segment reads, or "" where there is none, or a choice."""
        good = [word for word in dict.fromkeys(words) if self.reads(candidate(word))]
        return good[0] if len(good) == 1 else ""


def _verbal(award: str) -> str:
    """``扣 0.3 分`` for ``减 0.3 分``."""
    return next((word + award.removeprefix(said) for said, word in _SAID if award.startswith(said)), award)


def _joined(*parts: str) -> str:
    """The parts as one text, with a blank where figures or signs meet."""
    text = ""
    for part in parts:
        apart = text and part and (text[-1].isascii() or part[0].isascii() or "”" in text[-1] or part[0] in "“【")
        text += f" {part}" if apart else part
    return text


def _is_wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # only in the way of a mistake

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
