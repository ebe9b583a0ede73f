"""What reports hand to ``publish``: frozen values, numbers already as published strings."""

from __future__ import annotations

from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True)
class RulebookFinding:
    """Which rulebook. ``sha256`` is of its bytes, and of what it includes. ``year`` "" where it says none."""

    name: str
    version: str
    status: str
    sha256: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """One item of one unit. ``score`` None: there is none (see ``state``), or it is still to come (``waiting``).

    Deductions are negative.
    """

    code: str
    parent: str | None
    name: str
    kind: str
    score: str | None
    full: str | None
    article: str
    line: int
    state: str
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class ApplicationFinding:
    """What a result application gives; ``value`` None where it does not apply. ``written``: as the rule wrote it.

    ``text`` is what is done, in the rule's words; ``ways`` 方式; ``since`` and ``due`` the first and the last day of its
    term (ISO), "" where there is none or it is not known.
    """

    code: str
    name: str
    value: str | None
    written: str | None = None
    text: str = ""
    ways: tuple[str, ...] = ()
    since: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class ScopedFinding:
    """The grade of a team or a leader (对象等次); ``grade`` None: there is none (see ``state``)."""

    name: str
    grade: str | None
    state: str


WAITING = ("待定", "未报")
"""States of a result that is still to come; any other state without a value means that there is none."""


@dataclass(frozen=True, slots=True)
class WaitFinding:
    """``what`` (an item, 总分, 名次 …) of a unit is 待定, since it waits for ``causes``."""

    what: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """One unit. ``vetoes`` are the names of the vetoes, limits and drops that apply.

    ``total_state``, ``rank_state`` and ``grade_state`` are words of state: 有值, 待定 …, 不涉及 for a unit outside the
    ranking. ``why`` says in one sentence why it has its grade, "" where it has none.
    """

    unit: str
    code: str
    category: str
    total: str | None
    rank: str | None
    grade: str | None
    items: tuple[ItemFinding, ...]
    vetoes: tuple[str, ...]
    applications: tuple[ApplicationFinding, ...]
    base: str | None = None
    total_state: str = "有值"
    rank_state: str = "有值"
    grade_state: str = "有值"
    why: str = ""
    waits: tuple[WaitFinding, ...] = ()
    scoped: tuple[ScopedFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFinding:
    """A file that was read."""

    name: str
    sha256: str
    rows: int
    encoding: str


@dataclass(frozen=True, slots=True)
class OwedFinding:
    """A datum that nobody has handed in: who owes it, for which unit, which items wait for it."""

    source: str
    unit: str
    column: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultsFinding:
    """A whole run. ``assumed``: what 暂按 gave, "" if nothing was assumed.

    ``pending``: units of which something published is 待定 (``waits`` says what for what). ``incomplete``: tables that
    lack rows. ``unreadable``: a file could not be read at all.
    """

    rulebook: RulebookFinding
    units: tuple[UnitFinding, ...]
    problems: Problems
    owed: tuple[OwedFinding, ...]
    files: tuple[FileFinding, ...]
    grades: tuple[str, ...]
    assumed: str
    engine: str
    pending: tuple[str, ...]
    incomplete: tuple[str, ...] = ()
    unreadable: bool = False
    as_of: AsOfFinding | None = None


@dataclass(frozen=True, slots=True)
class StepFinding:
    """How one operation is computed: ``tier`` 0, 1, 1w, 2 or exact, bounds of its numbers, and why this tier."""

    place: str
    operation: str
    tier: str
    low: str
    high: str
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """How the facts that ``place`` takes from a ledger of ``rows`` are worked out."""

    name: str
    rows: str
    place: str
    how: str


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """How a run is computed. ``counts``: operations by tier; ``steps``: those that divide or round, or every one.

    ``nodes`` of the rules come to ``left`` operations on these data, of which ``straight`` run as straight-line code.
    ``ledgers``: how their rows are added up.
    """

    nodes: int
    left: int
    straight: int
    counts: tuple[tuple[str, int], ...]
    steps: tuple[StepFinding, ...]
    ledgers: tuple[LedgerFinding, ...]
    problems: Problems


@dataclass(frozen=True, slots=True)
class AsOfFinding:
    """A run before the year is over. ``day`` in words, ``date`` as 2025-06-30; ``items`` are due, worth ``points``;
    ``not_due`` are the names of those that are not.
    """

    day: str
    date: str
    items: int
    points: str
    not_due: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation. ``depth`` from 0; ``value`` as text; ``address`` of the cell it was read from."""

    depth: int
    text: str
    value: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """Why an item has its score: the rule in a sentence, then the numbers step by step."""

    code: str
    name: str
    place: str
    score: str | None
    full: str | None
    state: str
    sentence: str
    official: str
    steps: tuple[Step, ...]
    waits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """Why a veto, a limit or a drop holds for a unit or not, or how its grade came about.

    ``verdict``: 成立, 不成立, 待定; the grade. ``says`` are the lines of the rule as written, ``follows`` its 后果 in words.
    """

    name: str
    place: str
    verdict: str
    says: tuple[str, ...]
    follows: str = ""
    official: str = ""
    steps: tuple[Step, ...] = ()
    waits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitExplanation:
    """Everything about one unit. ``rules``: the vetoes, limits and drops that hold or were asked for, and its grade."""

    unit: str
    total: str | None
    rank: str | None
    grade: str | None
    items: tuple[ItemExplanation, ...]
    closing: tuple[str, ...]
    provisional: str
    total_state: str = "有值"
    rank_state: str = "有值"
    grade_state: str = "有值"
    why: str = ""
    as_of: AsOfFinding | None = None
    rules: tuple[RuleExplanation, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """A heading to fill in: what may stand under it, who supplies it, which items read it."""

    name: str
    holds: str
    source: str
    frequency: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableFinding:
    """A table that the data must hold: its name is that of its file or sheet."""

    name: str
    role: str
    row_of: str
    columns: tuple[ColumnFinding, ...]


@dataclass(frozen=True, slots=True)
class EditionFinding:
    """A version of a rulebook as it lies in a folder. ``file`` is seen from the folder that was looked through.

    ``must``, ``confirm``, ``hints`` count its problems; None where they were not looked for. ``twins`` are other files
    that claim the same name and version; ``unreadable`` says why a file could not be read.
    """

    name: str
    version: str
    title: str
    year: str
    status: str
    period: str
    validity: str
    previous: str
    file: str
    data: bool
    parts: tuple[str, ...] = ()
    must: int | None = None
    confirm: int | None = None
    hints: int | None = None
    twins: tuple[str, ...] = ()
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its operation, that in words (``label``), its grain, the clause it was made for.

    ``names`` are the outputs that it is, ``titles`` the same in words.
    """

    id: int
    operation: str
    label: str
    grain: str
    clause: str
    inputs: tuple[int, ...]
    names: tuple[str, ...]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageFinding:
    """A clause of real rulebooks: how it is written (what kind of thing, its name), what must be chosen, its example.

    ``readings`` are (question, answers, problem codes); ``reason`` says why it is left out, where it is.
    """

    group: str
    code: str
    name: str
    english: str
    ways: tuple[tuple[str, str], ...] = ()
    readings: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    remark: str = ""
    example: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SumFinding:
    """A line of the tree: the declared 分值 and what the parts below add up to ("" where there is none of it).

    ``scorers`` give the score; ``note`` says what the sum leaves out (权重, 不封顶).
    """

    depth: int
    kind: str
    code: str
    name: str
    full: str
    parts: str
    agree: bool
    scorers: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SumsFinding:
    """The tree with its sums, and the points that each 评分单位 gives: (name, points, number of items)."""

    rulebook: str
    lines: tuple[SumFinding, ...]
    scorers: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A reading that was not chosen; where it was ``tried`` on data, the units that it would move.

    ``alone`` is why it cannot be put in the place of the one chosen by itself; "" where it can. ``proved``: no data
    whatever tell the two apart.
    """

    reading: str
    score: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    alone: str = ""
    tried: bool = False
    proved: bool = False

    @property
    def units(self) -> frozenset[str]:
        """Every unit that it would move in any way."""
        return frozenset((*self.score, *self.rank, *self.grade, *self.applied))


@dataclass(frozen=True, slots=True)
class ChoiceFinding:
    """A reading that a rulebook chose. ``problem`` is the code that asks where nothing is written."""

    code: str
    name: str
    article: str
    line: int
    asks: str
    chosen: str
    problem: str
    others: tuple[OtherReading, ...]


@dataclass(frozen=True, slots=True)
class ChoicesFinding:
    """The register of readings of one rulebook. ``units`` None: without data."""

    name: str
    version: str
    sha256: str
    units: int | None
    choices: tuple[ChoiceFinding, ...]


@dataclass(frozen=True, slots=True)
class WordFinding:
    """A word of the language: as the formatter prints it, what else is accepted, in English."""

    chinese: str
    accepted: tuple[str, ...]
    english: str


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A field: its word, what stands in it, the blocks that may carry it."""

    word: WordFinding
    shape: str
    blocks: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockFinding:
    """A block: its header word, the fields it reads, grouped as the reader looks for them."""

    word: WordFinding
    fields: tuple[str, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartFinding:
    """A segment of a phrase: ways to write it in both languages, and how often it stands there.

    ``inside`` is the field in which it stands ("" for the phrase itself); ``behind`` says that it belongs to the
    segment before it.
    """

    ways: tuple[tuple[str, str], ...]
    required: bool
    many: bool
    inside: str = ""
    behind: bool = False


@dataclass(frozen=True, slots=True)
class BlockExample:
    """A block of a rulebook that the tests run, in both languages; ``path`` from the top of the repository."""

    path: str
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class KindFinding:
    """A clause kind. ``reads`` are (field, required); ``heads`` columns of its table; ``readings`` (question, ways, code)."""

    key: str
    word: WordFinding
    block: str
    parts: tuple[PartFinding, ...]
    words: tuple[WordFinding, ...]
    labels: tuple[WordFinding, ...]
    reads: tuple[tuple[str, bool], ...]
    heads: tuple[str, ...]
    readings: tuple[tuple[str, tuple[str, ...], str], ...]
    example: BlockExample


@dataclass(frozen=True, slots=True)
class FunctionFinding:
    """A function, and a line of an example that the tests run ("" where none uses it)."""

    word: WordFinding
    line: str
    path: str


@dataclass(frozen=True, slots=True)
class RecipeFinding:
    """A section of the manual on rules that take several words together: its paragraphs and its examples, in order."""

    heading: str
    parts: tuple[str | BlockExample, ...]


@dataclass(frozen=True, slots=True)
class LanguageFinding:
    """The whole language, for its reference. ``notes`` and ``answers`` are (Chinese, English, what it says).

    The examples of the ``recipes`` stand below the ``frame``.
    """

    blocks: tuple[BlockFinding, ...]
    fields: tuple[FieldFinding, ...]
    kinds: tuple[KindFinding, ...]
    functions: tuple[FunctionFinding, ...]
    states: tuple[tuple[str, str, str], ...]
    answers: tuple[tuple[str, str, str], ...]
    notes: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, ...], ...]
    frame: BlockExample
    recipes: tuple[RecipeFinding, ...]
