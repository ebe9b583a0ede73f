"""What follows from a mistake that has been told already is not told again.

A line that could not be read leaves a hole: the field is missing, the sum does not add up, the code does not fit its
parent. The author mends the line and checks again; until then the holes would only hide the line. Nothing is kept
back but where its cause is told as 必须改.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from perfdsl.syntax.nodes import Block, Tree
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import writing
from perfdsl.text.near import alike, in_place
from perfdsl.text.problem import Problem, Problems, Severity
from perfdsl.text.records import replace
from perfdsl.text.source import Source, Span

_MOST = 50
GROUPS = ("group1", "group2", "group3")

LACKS = {
    "score": {"K144", "K248", "K141", "K343"},
    "points": {"K144", "K145"},
    "none": {"K150"},
    "beyond": {"K229"},
    "offset": {"K229"},
    "floor": {"K228"},
    "rank_effect": {"K365"},
    "taken_from": {"K172"},
    "way": {"K391"},
    "checklist": {"K144", "K248"},
    "target": {"K113", "K201", "K206"},
    "value": {"K184", "K206"},
    "direction": {"K202"},
    "columns": {"K109", "K130", "K134"},
    "ledger_use": {"K188"},
    "same_matter": {"K222"},
    "absent": {"K309"},
    "total": {"K305", "K306", "K307"},
    "rounding": {"K302", "K303", "K304"},
    "bounds": {"K161"},
    "period": {"K125"},
    "ties": {"K356"},
    "mean": {"K129"},
    "quota_base": {"K351"},
    "quota_rounding": {"K352"},
    "quota_tie": {"K353"},
    "quota_over": {"K354"},
    "quota": {"K350"},
    "effect": {"K142", "K372"},
    "when": {"K142", "K370"},
    "any_of": {"K142", "K370"},
}
"""Field that could not be read → what is then found missing, though it is written."""

ANYWHERE = {"applies": {"K216"}, "article": {"K340"}, "taken_from": {"K172"}}
"""Field that could not be read → what is then found missing in other blocks: who is meant, which number is left out."""

DECLARES = frozenset({"columns", "facts"})
"""Fields that declare names; what is not declared then is told as unknown wherever it is read."""

UNKNOWN = frozenset({"K040", "K041", "K110", "K113", "K131", "K184", "K422"})
"""What is said of names that are not declared."""

WHOLE = ("total", "rounding", "bounds", "period", "ties", "mean")
"""Fields of the first block: what lacks for them is told anywhere."""

ASKED = {"ties": frozenset({"K215"}), "total": frozenset({"K218"})}
"""What is asked of them besides, by the code of an item."""

SUMS = {"K301", "K315"}
HOLES = {"K301", "K315", "K107", "K172", "K313"}
"""What a block that was not read leaves behind."""

WRONG_LINE = {
    "K004": {"K173", "K177"},
    "K014": {"K105"},
    "K017": {"K144", "K154", "K155"},
    "K137": {"K144"},
    "K136": {"K230", "K235"},
}

EVERYWHERE = {"K172": SUMS, "K305": {"K306"}, "K364": {"K373", "K397"}}
"""Problem of the whole → what follows from it anywhere: with grades out of order nothing is higher or lower."""
"""Problem of a header or a row → what follows from it in the same block."""

ONCE = {"K161", "K125", "K013"}
"""One cause, told at its first place."""

AT = {
    "K307": ("total",),
    "K344": ("total",),
    "K530": ("total",),
    "K359": ("effect",),
    "K373": ("effect",),
    "K374": ("effect",),
    "K375": ("effect",),
    "K376": ("effect",),
    "K377": ("effect",),
}
"""Problems of a whole rule, or of the whole, that are about one of its fields: they are shown there."""


def where_asked(code: str) -> str:
    """The field of the first block in which the reading that ``code`` asks for is written; "" where it is none of these."""
    return next((key for key in WHOLE if code in LACKS[key] | ASKED.get(key, frozenset())), "")


def told(problems: Sequence[Problem], tree: Tree) -> Problems:
    """``problems``, in the order of the file, without those that only follow from others, each at its place."""
    if not problems:
        return ()
    places = _Places(tree)
    problems, lines = _as_fields(problems, places)
    placed = [_placed(_meant(one, places), places) for one in problems]
    causes = _Causes(placed, places, lines)
    return tuple(_once([one for one in placed if not causes.explain(one)]))


EMPTY = frozenset({"K130", "K135"})
"""A block that holds nothing of what such a block is for."""


def _as_fields(problems: Sequence[Problem], places: _Places) -> tuple[list[Problem], list[str]]:
    """``problems``, those of fields that lost their colon and so read as headers (数据, 台账 and 等次 are both) told as that;
    and the lines of these."""
    from perfdsl.workspace.fields import could_have  # loads where something is wrong

    lost: dict[int, str] = {}
    blocks = places.tree.blocks
    for one in problems:
        at = places.index(one.span) if one.code in EMPTY else 0
        block = blocks[at] if at > 0 else None
        if block is None or one.span is None or one.span.start != block.span.start:
            continue
        line, before = block.span.source.line(block.span.line), blocks[at - 1]
        label = places.label(block.word.text)
        if line[:1] in " \t　" and before.span.source is block.span.source and label in could_have(before.kind):
            lost[at] = line.strip()
    if not lost:
        return list(problems), []
    kept, lacking = [], frozenset[str]().union(*LACKS.values(), {"K142"})
    for one in problems:
        at = places.index(one.span)
        if at in lost and one.code in EMPTY and one.span is not None:
            word, text = blocks[at].word.text, lost[at]
            told_ = f"{word}：{text.removeprefix(word).strip()}"
            place = Span(one.span.source, one.span.start, one.span.start + len(text))
            kept.append(writing.unreadable_line(place, text, told_, "栏目和内容之间要有冒号"))
        elif not (at in lost and one.code >= "K100") and not (at + 1 in lost and one.code in lacking):
            kept.append(one)
    return kept, list(lost.values())


def _meant(problem: Problem, places: _Places) -> Problem:
    """A field or a name that nobody knows, with advice that such a block can follow: the nearest of its own fields, a place
    to declare the name where it has no 数据."""
    block, vocabulary, span = places.block(problem.span), places.tree.vocabulary, problem.span
    if problem.code == "K040" and block is not None and (name := DECLARED.search(problem.mend)) is not None:
        return _declared_elsewhere(problem, block, name.group(1))
    if problem.code != "K011" or block is None or span is None or not isinstance(vocabulary, Vocabulary):
        return problem
    from perfdsl.workspace.fields import could_have  # loads where something is wrong

    written = {field.key for field in block.fields}
    labels = [vocabulary.labels[key] for key in could_have(block.kind) if key not in written]
    own = {spelling: label for label in labels for spelling in label.word.spellings}
    like = alike(span.text, [spelling for spelling in own if not spelling.isascii()])
    if not like:
        return problem
    near = max(like, key=lambda one: (in_place(span.text, one), one == own[one].word.canonical))
    places.meant[span.source, span.start] = own[near].key
    line_end = span.source.text.find("\n", span.end)
    rest = span.source.text[span.end : None if line_end < 0 else line_end].lstrip(" 　:：").rstrip()
    return replace(writing.unknown_label(span, span.text, own[near].word.canonical, rest), citation=problem.citation)


DECLARED = re.compile("数据：(.+?)（")
"""Advice that declares a name in a 数据 field of the same block."""


def _declared_elsewhere(problem: Problem, block: Block, name: str) -> Problem:
    from perfdsl.workspace.fields import fields_of

    able = fields_of(block.kind)
    if "facts" in able:
        return problem
    column = f"在附表、台账的列或一个指标的数据里写明“{name}”"
    if "any_of" in able and not any(field.key == "any_of" for field in block.fields):
        return replace(problem, mend=f"逐个单位填是或否的，写成 情形之一： 下面一行 · {name}\n{column}")
    return replace(problem, mend=column)


def _placed(problem: Problem, places: _Places) -> Problem:
    block = places.block(problem.span)
    if block is None or problem.span is None or problem.span.start != block.span.start:
        return problem
    for key in AT.get(problem.code, ()):
        if (found := block.field(key)) is not None:
            line = f"{found.label.text}：{found.value.text}"
            unknown = re.match("没有“(.+?)”这个等次", problem.message)
            if unknown is not None:
                near = re.findall("“(.+?)”", problem.mend)
                told = "\n".join(line.replace(unknown.group(1), one) for one in near)
                return replace(problem, span=found.value.span, citation=None, mend=told or problem.mend)
            return replace(problem, span=found.value.span, citation=None)
    for row in block.rows[1:]:
        if problem.code in ("K359", "K386") and row.cells and f"“{row.cells[0].text}”" in problem.message:
            return replace(problem, span=row.span, citation=None)
    return problem


class _Causes:
    """The mistakes from which others may follow, by the block they stand in."""

    def __init__(self, problems: Sequence[Problem], places: _Places, undeclared: Sequence[str]) -> None:
        self.places = places
        self.groups = [block for block in places.tree.blocks if block.kind in GROUPS]
        must = [one for one in problems if one.severity is Severity.MUST and one.span is not None]
        self.here: dict[int, list[Problem]] = {}
        for one in must:
            mine = self.here.setdefault(places.index(one.span), [])
            if len(mine) < _MOST:
                mine.append(one)
        codes = {one.code for one in must}
        self.holes = [one for one in must if one.code == "K012"][:_MOST]
        self.elsewhere: set[str] = set()
        self.undeclared = list(undeclared)
        for code, follows in EVERYWHERE.items():
            if code in codes:
                self.elsewhere |= follows
        for one in must if {"K010", "K011"} & codes else ():
            block = places.block(one.span) if one.code in ("K010", "K011") else None
            for key in _unread(one, places) if block is not None else ():
                self.elsewhere |= ANYWHERE.get(key, set())
                self.elsewhere |= SUMS if key == "applies" else set()
                self.elsewhere |= {"K144"} if key == "score" and block is not None and block.kind == "method" else set()
                if key in DECLARES and one.span is not None:
                    self.undeclared.append(one.span.source.line(one.span.line))
        for one in self.here.get(0, []):
            for key in _unread(one, places):
                if key in WHOLE:
                    self.elsewhere |= LACKS[key] - {one.code}

    def explain(self, problem: Problem) -> bool:
        """Whether ``problem`` only follows from one of them."""
        if problem.code in self.elsewhere or self._undeclared(problem):
            return True
        place = self.places.index(problem.span)
        block = self.places.block(problem.span)
        if any(_of_block(problem, one, block, self.places) for one in self.here.get(place, ()) if one is not problem):
            return block is not None
        return problem.code in HOLES and any(self._hole(problem, one) for one in self.holes)

    def _undeclared(self, problem: Problem) -> bool:
        """Whether a name is unknown because the line that declares it could not be read."""
        if problem.code not in UNKNOWN or problem.span is None or not self.undeclared:
            return False
        names = [problem.span.text, *re.findall("“(.+?)”", problem.message)]
        return any(name in line for name in names if len(name) > 1 for line in self.undeclared)

    def _hole(self, problem: Problem, cause: Problem) -> bool:
        """Whether a sum or a code is wrong because the block that ``cause`` tells of is not there."""
        assert cause.span is not None
        at = problem.span.start if problem.span is not None else 0
        if problem.span is not None and problem.span.source is not cause.span.source:
            return problem.code in SUMS
        groups = [one.span.start for one in self.groups if one.span.source is cause.span.source]
        before = next((start for start in reversed(groups) if start < cause.span.start), 0)
        after = next((start for start in groups if start > cause.span.start), None)
        if problem.code in SUMS:
            return at <= before or problem.code == "K315"
        return at >= before and (after is None or at < after)


def _of_block(problem: Problem, cause: Problem, block: Block | None, places: _Places) -> bool:
    """Whether ``problem`` follows from ``cause`` inside ``block``."""
    if problem.code in WRONG_LINE.get(cause.code, ()):
        return cause.code != "K017" or _line(problem) == _line(cause)
    graded = block is not None and block.kind == "grades"
    if (
        cause.code == "K010"
        and block is not None
        and problem.code in ({"K357", "K362", "K364"} if graded else {"K248"})
    ):
        return True
    keys = tuple(_unread(cause, places)) if problem.code != cause.code else ()
    if problem.code == "K142" and isinstance(places.tree.vocabulary, Vocabulary):
        labels = places.tree.vocabulary.labels
        return any(f"“{labels[key].word.canonical}”" in problem.message for key in keys if key in labels)
    return any(problem.code in LACKS.get(key, ()) for key in keys)


def _unread(cause: Problem, places: _Places) -> Iterator[str]:
    """The fields that ``cause`` keeps from being read."""
    assert cause.span is not None
    vocabulary = places.tree.vocabulary
    if cause.code == "K011" and (key := places.meant.get((cause.span.source, cause.span.start))):
        yield key
    if cause.code == "K010" and isinstance(vocabulary, Vocabulary) and "：" in cause.mend:
        label = vocabulary.label_spellings.get(cause.mend.partition("：")[0])
        if label is not None:
            yield label.key
    block = places.block(cause.span)
    if block is not None and cause.code < "K050":
        for field in block.fields:
            if field.span.start <= cause.span.start < field.span.end:
                yield field.key


def _once(problems: Sequence[Problem]) -> Iterator[Problem]:
    counted = {code: [one for one in problems if one.code == code] for code in ONCE}
    for one in problems:
        if one.code not in ONCE:
            yield one
        elif one is counted[one.code][0]:
            more = [other for other in counted[one.code][1:] if other.span is not None]
            lines = "、".join(str(line) for line, _ in groupby(sorted(_line(other) for other in more)))
            rest = f"同样的另有 {len(more)} 处（第 {lines} 行）" if more else ""
            yield replace(one, why="；".join(part for part in (one.why, rest) if part))


def _line(problem: Problem) -> int:
    return problem.span.line if problem.span is not None else 0


class _Places:
    """Finds the block that a place stands in; the blocks of one file stand in its order, others may stand between."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.starts: dict[Source, tuple[list[int], list[int]]] = {}
        for number, block in enumerate(tree.blocks):
            starts, numbers = self.starts.setdefault(block.span.source, ([], []))
            starts.append(block.span.start)
            numbers.append(number)
        self.meant = {(span.source, span.start): key for span, key in tree.meant}

    def label(self, text: str) -> str:
        """The key of the field that ``text`` names; "" where it names none."""
        vocabulary = self.tree.vocabulary
        label = vocabulary.label_spellings.get(text) if isinstance(vocabulary, Vocabulary) else None
        return label.key if label is not None else ""

    def index(self, span: Span | None) -> int:
        """The number of the block; -1 for none."""
        if span is None or span.source not in self.starts:
            return -1
        starts, numbers = self.starts[span.source]
        at = bisect_right(starts, span.start) - 1
        return numbers[at] if at >= 0 else -1

    def block(self, span: Span | None) -> Block | None:
        """The block itself."""
        place = self.index(span)
        return self.tree.blocks[place] if place >= 0 else None


__all__ = ["told", "where_asked"]
