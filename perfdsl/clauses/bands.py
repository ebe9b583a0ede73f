"""Bands: points by the band in which the value lies (分档, with a table below).

Each edge belongs to one band and every number to some band: a gap leaves a unit without a score, an overlap gives
it two. Both are found here, before anything runs. A value may also be a word (优秀、良好). 其余 is what no other row
takes. A bottom band that starts at 0 is taken to be the bottom; below it a value is 待定.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.awards import scored, signed, signed_node
from perfdsl.clauses.shared.measures import bare, measured, shown
from perfdsl.clauses.shared.readings import EDGES
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId
from perfdsl.model.expression import ColumnRef, Expression, Number
from perfdsl.model.grade import Interval
from perfdsl.model.item import Clause, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import POINTS, Unit, ValueType, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Heading, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass
from perfdsl.text.source import Span

Cell = Interval | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Clause):
    """Row by row: ``bands`` (an interval, a word, or None for 其余) and what each ``gives``."""

    bands: tuple[Cell, ...]
    gives: tuple[Expression, ...]


FORM = Form(
    name=Word("bands", "分档", english="bands"),
    phrases=(Word("bands", "分档", ("分段", "区间", "按分档计分", "分档计分", "分段计分"), "bands"),),
    pattern=(fixed("bands"),),
    table=(
        Heading("bands", "band"),
        Heading("gives", "amount", Word("gives", "得分", ("加分", "扣分"), "gives")),
    ),
)


# ---- meaning, twice


def rest_of(clause: Bands) -> Expression | None:
    """What 其余 gives."""
    return next((gives for band, gives in zip(clause.bands, clause.gives, strict=True) if band is None), None)


def lower(clause: Bands, scope: Scope) -> NodeId:
    """lookup(value, bands); 其余 comes last."""
    rows = [(band, signed_node(gives, scope)) for band, gives in zip(clause.bands, clause.gives, strict=True)]
    rest = next((node for band, node in rows if band is None), None)
    words = [(band, node) for band, node in rows if isinstance(band, str)]
    if words:
        return _by_word(words, rest, scope)
    found = [
        Band(node, band.low, band.high, band.low_in, band.high_in) for band, node in rows if isinstance(band, Interval)
    ]
    if rest is not None:
        found.append(Band(rest))
    return scope.graph.add(Lookup(scope.value, tuple(found)))


def _by_word(words: Sequence[tuple[str, NodeId]], rest: NodeId | None, scope: Scope) -> NodeId:
    graph = scope.graph
    if rest is None:
        return graph.add(Lookup(scope.value, tuple(Band(node, key=word) for word, node in words)))
    cases = [(graph.apply(Fn.EQUAL, scope.value, graph.constant(word, ValueType.TEXT)), node) for word, node in words]
    return graph.choose(*cases, otherwise=rest)


def by_hand(clause: Bands, facts: Facts) -> Fraction:
    """Find the row that has the value; 其余 is for values that no row has."""
    for band, gives in zip(clause.bands, clause.gives, strict=True):
        if facts.value == band if isinstance(band, str) else band is not None and facts.value in band:
            return signed(gives, facts)
    rest = rest_of(clause)
    if rest is None:
        raise Undecided("哪一档都不在")
    return signed(rest, facts)


def sentence(clause: Bands, item: Item) -> str:
    """分档：95% 以上得 6 分；其余得 0 分."""
    rows = [f"{told(band)}得 {amount(gives)} 分" for band, gives in zip(clause.bands, clause.gives, strict=True)]
    return f"分档：{'；'.join(rows)}"


def told(band: Cell, unit: Unit | None = None) -> str:
    """A band as it was written."""
    if band is None:
        return "其余"
    if isinstance(band, str):
        return f"“{band}”"
    if band.span is not None:
        return band.span.text
    if band.low is not None and band.low == band.high:
        return shown(band.low, unit)
    low = "" if band.low is None else f"{'' if band.low_in else '超过 '}{shown(band.low, unit)}{' 以上' * band.low_in}"
    high = "" if band.high is None else f"{'不高于' if band.high_in else '不足'} {shown(band.high, unit)}"
    return low + high


# ---- checks


def check(clause: Bands, setting: Setting) -> Iterable[Problem]:
    """Every number in one band, every award within the full mark."""
    yield from check_awards(clause, setting)
    words = [band for band in clause.bands if isinstance(band, str)]
    intervals = [band for band in clause.bands if isinstance(band, Interval)]
    if words and intervals:
        yield scoring.bands_mixed(clause.span)
    elif words:
        yield from check_words(clause, setting)
    else:
        yield from check_intervals(clause, setting)


def check_awards_of(awards: Iterable[Expression], span: Span | None, setting: Setting) -> Iterator[Problem]:
    """Awards are points, and none is above the full mark."""
    full = setting.item.full
    for gives in awards:
        given = constant(gives)
        if isinstance(gives, Number) and gives.unit != POINTS and not bare(gives):
            yield scoring.points_wanted(gives.span or span, gives.written)
        elif given is not None and full is not None and given > full and scored(setting.item):
            yield scoring.award_above_full(gives.span or span, decimal(given), decimal(full))


def check_awards(clause: Bands, setting: Setting) -> Iterator[Problem]:
    """Awards fit, and 其余 stands once."""
    yield from check_awards_of(clause.gives, clause.span, setting)
    rests = [amount(gives) for band, gives in zip(clause.bands, clause.gives, strict=True) if band is None]
    if len(rests) > 1:
        yield scoring.word_twice(clause.span, "其余", rests[:2])


def check_words(clause: Bands, setting: Setting) -> Iterator[Problem]:
    """No word twice, no choice of the column forgotten."""
    for word, times in Counter(band for band in clause.bands if isinstance(band, str)).items():
        if times > 1:
            given = [amount(gives) for band, gives in zip(clause.bands, clause.gives, strict=True) if band == word]
            yield scoring.word_twice(clause.span, word, given[:2])
    missing = [word for word in choices(setting.item, setting.rulebook) if word not in clause.bands]
    if missing and None not in clause.bands:
        yield scoring.word_missing(clause.span, missing)


def choices(item: Item, rulebook: Rulebook) -> tuple[str, ...]:
    """What may stand in the column that the item reads."""
    if not isinstance(item.value, ColumnRef):
        return ()
    table = rulebook.table(item.value.table)
    column = table.column(item.value.column) if table is not None else None
    return column.choices if column is not None else ()


@dataclass(frozen=True, slots=True)
class Row:
    """An interval and what it gives, in the order of the line."""

    band: Interval
    gives: str

    @property
    def start(self) -> tuple[bool, Fraction, bool]:
        """Sort key: where the interval begins."""
        return self.band.low is not None, self.band.low or Fraction(0), not self.band.low_in


def empty(band: Interval) -> bool:
    """Whether no number lies in ``band``."""
    if band.low is None or band.high is None:
        return False
    return band.low > band.high or (band.low == band.high and not (band.low_in and band.high_in))


def check_intervals(clause: Bands, setting: Setting) -> Iterator[Problem]:
    """Neighbours on the line meet: no gap, no overlap, each edge once."""
    unit = measured(setting.item.value)
    rows = []
    for band, gives in zip(clause.bands, clause.gives, strict=True):
        if not isinstance(band, Interval):
            continue
        if empty(band):
            yield scoring.band_unreachable(band.span or clause.span, told(band, unit), "下限不低于上限")
        else:
            rows.append(Row(band, amount(gives)))
    rows.sort(key=lambda row: row.start)
    whole = None in clause.bands
    reach: Row | None = None
    for row in rows:
        if reach is None:
            yield from _below(row, unit, clause.span, whole)
        else:
            yield from _meet(reach, row, unit, clause.span, whole)
        if reach is None or _ends_later(row.band, reach.band):
            reach = row
    if reach is not None:
        yield from _beyond(reach, unit, clause.span, whole)
    if whole and rows and covered([row.band for row in rows]):
        yield scoring.band_unreachable(clause.span, "其余", "别的档已经包括了所有的数")


def covered(bands: Sequence[Interval]) -> bool:
    """Whether sorted intervals leave no number out."""
    if bands[0].low is not None:
        return False
    reach = bands[0]
    for band in bands[1:]:
        if reach.high is None:
            return True
        if band.low is not None and (band.low, not band.low_in) > (reach.high, reach.high_in):
            return False
        reach = band if _ends_later(band, reach) else reach
    return reach.high is None


def _ends_later(one: Interval, other: Interval) -> bool:
    if other.high is None:
        return False
    return one.high is None or (one.high, one.high_in) > (other.high, other.high_in)


def _meet(reach: Row, row: Row, unit: Unit | None, span: Span | None, whole: bool) -> Iterator[Problem]:
    before, after = reach.band, row.band
    place = after.span or span
    low = after.low
    if before.high is None or low is None or low < before.high:
        inside = _inside(before, after)
        gives = (reach.gives, row.gives)
        both = (told(before, unit), told(after, unit))
        yield scoring.band_overlap(place, both, shown(inside, unit), gives, before.span)
    elif low > before.high:
        if not whole:
            gap, cell = _between(before, low, after.low_in, unit)
            yield scoring.band_gap(place, gap, cell)
    elif before.high_in and after.low_in:
        at = shown(low, unit)
        mend = f"| {_from(before, unit)}不足 {at} | {reach.gives} |"
        yield scoring.edge_twice(place, at, (reach.gives, row.gives), mend, before.span)
    elif not before.high_in and not after.low_in and not whole:
        yield scoring.edge_missing(place, shown(low, unit))


def _from(band: Interval, unit: Unit | None) -> str:
    if band.low is None:
        return ""
    at = shown(band.low, unit)
    return f"{at} 以上" if band.low_in else f"超过 {at} "


def _between(before: Interval, low: Fraction, low_in: bool, unit: Unit | None) -> tuple[str, str]:
    assert before.high is not None
    begin, end = shown(before.high, unit), shown(low, unit)
    first = f"超过 {begin} " if before.high_in else f"{begin} 以上"
    last = f"不足 {end}" if low_in else f"不高于 {end}"
    return f"{begin} 至 {end} 之间", first + last


def _inside(before: Interval, after: Interval) -> Fraction:
    """A number in both."""
    ends = [end for end in (before.high, after.high) if end is not None]
    low = after.low
    if low is None:
        return min(ends) - 1 if ends else Fraction(0)
    return (low + min(ends)) / 2 if ends and min(ends) != low else low + (0 if ends else 1)


def _below(row: Row, unit: Unit | None, span: Span | None, whole: bool) -> Iterator[Problem]:
    low = row.band.low
    if whole or low is None or (low == 0 and row.band.low_in):
        return
    at = shown(low, unit)
    word = "不足" if row.band.low_in else "不高于"
    yield scoring.band_end_open(row.band.span or span, f"{word} {at} ", f"| {word} {at} | 0 |")


def _beyond(row: Row, unit: Unit | None, span: Span | None, whole: bool) -> Iterator[Problem]:
    high = row.band.high
    if whole or high is None:
        return
    at = shown(high, unit)
    told_, cell = (f"超过 {at} ", f"超过 {at}") if row.band.high_in else (f"{at} 以上", f"{at} 以上")
    yield scoring.band_end_open(row.band.span or span, told_, f"| {cell} | {row.gives} |")


def _fact(clause: Bands) -> ValueType:
    return ValueType.TEXT if any(isinstance(band, str) for band in clause.bands) else ValueType.NUMBER


def _fact_unit(clause: Bands) -> str:
    texts = [band.span.text for band in clause.bands if isinstance(band, Interval) and band.span is not None]
    return "%" if any("%" in text or "％" in text for text in texts) else ""


KIND = Kind(
    key="bands",
    form=FORM,
    node=Bands,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact_by=_fact,
    fact_unit=_fact_unit,
    choices=(EDGES,),
)
