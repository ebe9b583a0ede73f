"""What resolving knows while it works: the vocabulary, the declared names, the tables, the problems so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache

from perfdsl.clauses.kind import Kind
from perfdsl.model.calendar import Calendar
from perfdsl.model.expression import Progress
from perfdsl.model.table import FACTS, Table, TableColumn
from perfdsl.model.units import Unit, ValueType
from perfdsl.syntax.layout import printed
from perfdsl.syntax.names import Names, entries
from perfdsl.syntax.nodes import Block, ExpressionNode, FieldNode, Node, Written
from perfdsl.syntax.shapes import lexemes, read
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.form import Shape
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Source, Span, folded


def squeezed(text: str) -> str:
    """A name without blanks and widths, for comparing."""
    return folded(text).replace(" ", "")


Parameters = Mapping[str, ExpressionNode]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a phrase names by itself (the item's own, or what it counts), before it has a column name.

    ``owner`` is the item's name, which qualifies the column where two items name the same fact; ``table`` is where it
    stands.
    """

    name: str
    owner: str
    code: str
    kind: ValueType
    unit: Unit | None
    unit_word: str
    source: str
    span: Span | None
    choices: tuple[str, ...] = ()
    table: str = FACTS

    @property
    def key(self) -> str:
        """The column's name until all facts are known; the bar cannot stand in a declared name."""
        return f"{self.code}|{self.name}"


@dataclass(frozen=True, slots=True)
class Coded:
    """Something with a code that expressions may name: a block, or a row of a 附表 (来自), as its fields."""

    name: str
    span: Span
    fields: Mapping[str, FieldNode]
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """Type of an item's 指标值 or 目标值. ``kind`` None: it is written and could not be read, which was reported."""

    kind: ValueType | None
    unit: Unit | None = None


@dataclass
class Context:
    """Shared by all of resolving. ``problems`` and ``facts`` are collected; everything else is read."""

    source: Source
    vocabulary: Vocabulary
    names: Names
    kinds: tuple[Kind, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)
    methods: Mapping[str, Block] = field(default_factory=dict)
    codes: Mapping[str, Coded] = field(default_factory=dict)
    rule_codes: tuple[str, ...] = ()
    applied: Mapping[str, str] = field(default_factory=dict)
    grades: tuple[str, ...] = ()
    period: tuple[date, date] | None = None
    period_said: bool = False
    calendar: Calendar | None = None
    progress: Progress | None = None
    problems: list[Problem] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    type_of: Callable[[str, str], ValueOf | None] = lambda code, what: None
    _met: dict[tuple[str, int, int], tuple[tuple[Node | None, Problems], object, object]] = field(default_factory=dict)

    def say(self, *problems: Problem) -> None:
        """Remember what to tell the author."""
        self.problems.extend(problems)

    def read(self, start: str, value: Written, also: Iterable[str] = ()) -> Node | None:
        """``value`` by the rule ``start``; what cannot be read is reported and gives None."""
        names = _with(self.names, frozenset(also)) if also else self.names
        asked = start, id(value), id(names)
        if asked not in self._met:
            self._met[asked] = read(start, value, self.vocabulary, names), value, names  # held, so that ids stay theirs
        node, problems = self._met[asked][0]
        self.say(*problems)
        return node

    def in_chinese(self, field: FieldNode) -> str:
        """The value of ``field`` in canonical spelling, whatever language its words are in; as written where it does not read."""
        label, value = self.vocabulary.labels.get(field.key), field.value
        if label is None or label.shape in (Shape.TEXT, Shape.COLUMNS, Shape.PERIOD):
            return value.text.strip()
        if label.shape is not Shape.NAMES:
            return self._spelt_out(label.shape.value, value)
        names, tail = entries(value)
        if tail is None:
            return value.text.strip()
        return f"{'、'.join(name.text for name in names)}，{self._spelt_out('phrase', tail)}"

    def _spelt_out(self, shape: str, value: Written) -> str:
        tokens = lexemes(shape, value, self.vocabulary, self.names)
        return printed(tokens) if tokens is not None else value.text.strip()

    def in_canonical_word(self, text: str) -> str:
        """A heading or cell that is a word of the language, in canonical spelling; else the text itself."""
        label = self.vocabulary.label_spellings.get(squeezed(text))
        return label.word.canonical if label else text

    def column_key(self, text: str) -> str:
        """The key of a heading of a table inside a block, "" if it is none."""
        word = self.vocabulary.column_spellings.get(squeezed(text))
        return word.key if word else ""

    def label_key(self, text: str) -> str:
        """The key of a field's label, "" if it is none."""
        label = self.vocabulary.label_spellings.get(squeezed(text))
        return label.key if label else ""

    def columns_called(self, name: str) -> list[tuple[Table, TableColumn]]:
        """Every column with that name, in the order of the tables."""
        return [(table, column) for table in self.tables.values() for column in table.columns if column.name == name]


@lru_cache(maxsize=64)
def _with(names: Names, also: frozenset[str]) -> Names:
    """``names`` and more; the same ones each time, whose lexicon is known."""
    return names if also <= names.names else names.plus(names=also)
