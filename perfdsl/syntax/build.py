"""Tokens → nodes, as the parser reduces: each method is called with the children of the rule of its name.

Nothing here recurses: children are finished nodes.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.syntax import nodes
from perfdsl.syntax.lexer import Lexeme, Refused
from perfdsl.syntax.parser import Token
from perfdsl.text.catalogue import writing
from perfdsl.text.records import replace
from perfdsl.text.source import Span

Children = list[Any]
PLACES_MOVED = ("每前进", "每后退")
"""Behind these, 1 位 and 1 名 are places of a ranking."""


def _span(children: Children) -> Span:
    first, last = children[0], children[-1]
    return _place(first).to(_place(last))


def _place(child: Any) -> Span:
    return child.value.span if isinstance(child, Token) else child.span  # type: ignore[no-any-return]


def _lexemes(children: Children, *terminals: str) -> list[Lexeme]:
    return [child.value for child in children if isinstance(child, Token) and child.type in terminals]


def _lexeme(children: Children, *terminals: str) -> Lexeme | None:
    return next(iter(_lexemes(children, *terminals)), None)


def _key(children: Children, *terminals: str) -> str:
    found = _lexeme(children, *terminals)
    return found.key if found else ""


def _has(children: Children, *terminals: str) -> bool:
    return _lexeme(children, *terminals) is not None


def _nodes(children: Children) -> list[Any]:
    return [child for child in children if isinstance(child, nodes.Node)]


def _award(children: Children) -> nodes.Award:
    return next(child for child in children if isinstance(child, nodes.Award))


def _amounts(children: Children) -> list[Any]:
    return [child for child in children if isinstance(child, nodes.Quantity | nodes.Name | nodes.Own)]


def day_text(day: date) -> str:
    """2025年1月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _amount(children: Children) -> Any:
    return next(iter(_amounts(children)), None)


def _text(children: Children, terminal: str) -> str:
    found = _lexeme(children, terminal)
    return found.text if found else ""


def _counted(children: Children) -> nodes.Quantity:
    number = _lexeme(children, "NUMBER")
    assert number is not None
    value = -number.number if _has(children, "MINUS") else number.number
    return nodes.Quantity(value, _text(children, "UNIT") or number.unit, span=_span(children))


class Builder:
    """One method a rule of ``shapes.lark``."""

    # expressions

    def expression(self, children: Children) -> Any:
        return children[0]

    def add(self, children: Children) -> Any:
        return self._binary("add", children)

    def subtract(self, children: Children) -> Any:
        return self._binary("subtract", children)

    def multiply(self, children: Children) -> Any:
        return self._binary("multiply", children)

    def divide(self, children: Children) -> Any:
        return self._binary("divide", children)

    def _binary(self, op: str, children: Children) -> nodes.Arithmetic:
        return nodes.Arithmetic(op, (children[0], children[2]), span=_span(children))

    def negate(self, children: Children) -> Any:
        inner = children[1]
        if isinstance(inner, nodes.Quantity):
            return replace(inner, number=-inner.number, span=_span(children))
        return nodes.Arithmetic("negate", (inner,), span=_span(children))

    def group(self, children: Children) -> Any:
        return replace(children[1], span=_span(children))

    def measure(self, children: Children) -> nodes.Quantity:
        return _counted(children)

    def quantity(self, children: Children) -> nodes.Quantity:
        return _counted(children)

    def name(self, children: Children) -> nodes.Name:
        return nodes.Name(_text(children, "NAME"), span=_span(children))

    def named(self, children: Children) -> nodes.Name:
        return nodes.Name(_text(children, "NAME"), _text(children, "UNIT"), span=_span(children))

    def day(self, children: Children) -> nodes.Day:
        return nodes.Day(children[0].value.day, span=_span(children))

    def quoted(self, children: Children) -> nodes.Quoted:
        return nodes.Quoted(_text(children, "QUOTED"), span=_span(children))

    def own(self, children: Children) -> nodes.Own:
        return nodes.Own(_key(children, "OWN"), span=_span(children))

    def item_number(self, children: Children) -> nodes.ItemNumber:
        return nodes.ItemNumber(_key(children, "OWN", "SCORE"), _text(children, "CODE"), span=_span(children))

    def total(self, children: Children) -> nodes.Total:
        return nodes.Total(span=_span(children))

    def base_score(self, children: Children) -> nodes.BaseScore:
        return nodes.BaseScore(span=_span(children))

    def table_cell(self, children: Children) -> nodes.TableCell:
        table, column = (lexeme.text for lexeme in _lexemes(children, "QUOTED"))
        return nodes.TableCell(table, column, span=_span(children))

    def rank(self, children: Children) -> nodes.Rank:
        return nodes.Rank(span=_span(children))

    def function(self, children: Children) -> nodes.Function:
        found = _nodes(children)
        weights = [one for one in found if isinstance(one, nodes.Weighted)]
        if len(weights) > 1:
            raise Refused(writing.unknown_phrase(weights[1].span, weights[1].span.text, None, ""))
        beside = (nodes.Weighted, nodes.Option, nodes.Rounding, nodes.Present)
        return nodes.Function(
            _key(children, "FUNCTION", "WITHIN"),
            tuple(one for one in found if not isinstance(one, beside)),
            weights[0].of if weights else None,
            tuple(one.key for one in found if isinstance(one, nodes.Option)),
            next((one for one in found if isinstance(one, nodes.Rounding)), None),
            next((one for one in found if isinstance(one, nodes.Present)), None),
            span=_span(children),
        )

    def weighted(self, children: Children) -> nodes.Weighted:
        return nodes.Weighted(children[1], span=_span(children))

    def option(self, children: Children) -> nodes.Option:
        return nodes.Option(_key(children, "PHRASE"), span=_span(children))

    def kept(self, children: Children) -> nodes.Rounding:
        return self.rounding(children)

    def having(self, children: Children) -> nodes.Present:
        return nodes.Present(_amount(children), span=_span(children))

    # conditions

    def condition(self, children: Children) -> Any:
        first, *rest = _nodes(children)
        if not rest:
            return first
        return self._with_tail(first, rest, children)

    def _with_tail(self, first: Any, rest: list[Any], children: Children) -> Any:
        otherwise = None
        if isinstance(rest[-1], nodes.Otherwise):
            otherwise = rest.pop()
        words = [word for word in rest if isinstance(word, nodes.Word)]
        conditions = [one for one in rest if not isinstance(one, nodes.Word | nodes.Otherwise)]
        if any(isinstance(one, nodes.Otherwise) for one in rest):
            raise Refused(writing.comma_between_conditions(_place(rest[0])))
        if conditions:
            if not isinstance(first, nodes.EventCount):
                comma = next(c for c in children if isinstance(c, Token) and c.type == "COMMA")
                raise Refused(writing.comma_between_conditions(_place(comma)))
            first = replace(first, where=(*first.where, *conditions), span=first.span.to(conditions[-1].span))
        if words:
            if not isinstance(first, nodes.GradeIs):
                raise Refused(writing.unknown_phrase(words[0].span, words[0].span.text, None, ""))
            first = replace(first, options=tuple(word.key for word in words), span=first.span.to(words[-1].span))
        if otherwise is not None:
            return nodes.Requirement(first, otherwise.award, span=_span(children))
        return first

    def ledger(self, children: Children) -> nodes.Ledger:
        name = children[0].value.text
        return nodes.Ledger(name, tuple(_nodes(children)), span=_span(children))

    def any_of(self, children: Children) -> nodes.Logic:
        return nodes.Logic("any", tuple(_nodes(children)), span=_span(children))

    def all_of(self, children: Children) -> nodes.Logic:
        return nodes.Logic("all", tuple(_nodes(children)), span=_span(children))

    def comparison(self, children: Children) -> nodes.Comparison:
        left, right = _nodes(children)
        op = _key(children, "COMPARE", "UNDER", "EQUALS", "OR_BEYOND")
        return nodes.Comparison(op, left, right, span=_span(children))

    def is_one_of(self, children: Children) -> nodes.IsOneOf:
        values = tuple(lexeme.text for lexeme in _lexemes(children, "QUOTED", "CHOICE", "NAME"))
        return nodes.IsOneOf(_nodes(children)[0], values, _has(children, "IS_NOT"), span=_span(children))

    def in_period(self, children: Children) -> nodes.InPeriod:
        return nodes.InPeriod(children[0], span=_span(children))

    def in_days(self, children: Children) -> nodes.InDays:
        first, last = (lexeme.day for lexeme in _lexemes(children, "DATE"))
        if last < first:
            raise Refused(writing.period_reversed(_span(children), day_text(first), day_text(last)))
        return nodes.InDays(children[0], first, last, span=_span(children))

    def by_day(self, children: Children) -> nodes.ByDay:
        return nodes.ByDay(children[0], _lexemes(children, "DATE")[0].day, span=_span(children))

    def filled(self, children: Children) -> nodes.Filled:
        name = nodes.Name(_text(children, "NAME"), span=_place(children[-1]))
        return nodes.Filled(name, _key(children, "FILLED") == "unfilled", span=_span(children))

    def event_count(self, children: Children) -> nodes.EventCount:
        *where, least = _nodes(children)
        running = _has(children, "CONSECUTIVE")
        if _key(children, "OR_BEYOND") != "or_more":
            raise Refused(writing.count_below(_span(children), least.span.text, least.number, least.unit))
        return nodes.EventCount(_text(children, "QUOTED"), tuple(where), least, running, span=_span(children))

    def grade_is(self, children: Children) -> Any:
        grades = tuple(lexeme.text for lexeme in _lexemes(children, "QUOTED", "CHOICE", "NAME"))
        found = nodes.GradeIs(grades, next(iter(_nodes(children)), None), span=_span(children))
        return nodes.Logic("not", (found,), span=found.span) if _has(children, "IS_NOT") else found

    def placed(self, children: Children) -> nodes.Placed:
        count = _nodes(children)[0]
        return nodes.Placed(_key(children, "PLACED"), count, _key(children, "TIED"), span=_span(children))

    def rule_holds(self, children: Children) -> nodes.RuleHolds:
        return nodes.RuleHolds(_text(children, "CODE"), span=_span(children))

    def negated(self, children: Children) -> nodes.Logic:
        return nodes.Logic("not", (children[2],), span=_span(children))

    def bracketed(self, children: Children) -> Any:
        return replace(children[1], span=_span(children))

    # bands

    def band(self, children: Children) -> nodes.Band | nodes.LooseBand:
        first = children[0]
        if isinstance(first, nodes.Bound):
            return nodes.Band(tuple(children), span=_span(children))
        return first  # type: ignore[no-any-return]

    def bound(self, children: Children) -> nodes.Bound:
        op = _key(children, "OR_BEYOND", "COMPARE", "UNDER")
        return nodes.Bound(op, _nodes(children)[0], span=_span(children))

    def rest(self, children: Children) -> nodes.Band:
        return nodes.Band(rest=True, span=_span(children))

    def loose_band(self, children: Children) -> nodes.LooseBand:
        low, high = _nodes(children)
        return nodes.LooseBand(low, high, span=_span(children))

    def exact(self, children: Children) -> nodes.Band:
        only = children[0]
        if isinstance(only, nodes.Quantity):
            return nodes.Band(exact=only, span=_span(children))
        lexeme = only.value
        text = lexeme.meaning.word.canonical if lexeme.meaning else lexeme.text
        return nodes.Band(exact=text, span=_span(children))

    # phrases

    def part(self, children: Children) -> tuple[Any, ...]:
        segments: list[Any] = []
        for child in _nodes(children):
            if isinstance(child, nodes.Gap):
                segments[-1] = self._gapped(segments[-1], child)
            else:
                segments.append(child)
        return tuple(segments)

    def _gapped(self, step: Any, gap: nodes.Gap) -> nodes.Step:
        if not isinstance(step, nodes.Step):
            raise Refused(writing.unknown_phrase(gap.span, gap.span.text, None, ""))
        return replace(step, gap=gap.formula, span=step.span.to(gap.span))

    def aside(self, children: Children) -> Any:
        return replace(children[1], span=_span(children))

    def gap(self, children: Children) -> nodes.Gap:
        return nodes.Gap(children[2], span=_span(children))

    def amount(self, children: Children) -> Any:
        if _has(children, "NUMBER"):
            return _counted(children)
        if _has(children, "OWN"):
            return nodes.Own(_key(children, "OWN"), span=_span(children))
        return nodes.Name(_text(children, "NAME"), _text(children, "UNIT"), span=_span(children))

    def word(self, children: Children) -> nodes.Word:
        key = _key(children, "PHRASE")
        return nodes.Word(key, tuple(_nodes(children)), _has(children, "TIMES"), span=_span(children))

    def award(self, children: Children) -> nodes.Award:
        terminal = children[0].type
        if _has(children, "FULL_MARKS"):
            return nodes.Award("full", span=_span(children))
        kinds = {"ZERO": "zero", "REVERSE": "reverse", "ADD": "add", "DEDUCT": "deduct"}
        return nodes.Award(kinds.get(terminal, "get"), _amount(children), span=_span(children))

    def reach(self, children: Children) -> nodes.Reach:
        op = _key(children, "COMPARE", "UNDER", "OR_BEYOND")
        return nodes.Reach(op, _amount(children), _award(children), span=_span(children))

    def statement(self, children: Children) -> nodes.Statement:
        return nodes.Statement(_text(children, "OBJECT"), _award(children), span=_span(children))

    def deadline(self, children: Children) -> nodes.Deadline:
        day = children[0].value.day
        return nodes.Deadline(day, _text(children, "OBJECT"), _award(children), span=_span(children))

    def overdue(self, children: Children) -> nodes.Overdue:
        return nodes.Overdue(_award(children), span=_span(children))

    def otherwise(self, children: Children) -> nodes.Otherwise:
        return nodes.Otherwise(_award(children), span=_span(children))

    def even(self, children: Children) -> nodes.Even:
        return nodes.Even(_award(children), span=_span(children))

    def none_occurred(self, children: Children) -> nodes.NoneOccurred:
        return nodes.NoneOccurred(_award(children), span=_span(children))

    def step(self, children: Children) -> nodes.Step:
        way = _key(children, "EACH_BELOW", "EACH_ABOVE")
        each = _amount(children)
        if children[0].value.text in PLACES_MOVED and isinstance(each, nodes.Quantity) and each.unit in ("位", "名"):
            each = replace(each, unit="名次")
        return nodes.Step(way, each, _award(children), span=_span(children))

    def tie_break(self, children: Children) -> nodes.TieBreak:
        return nodes.TieBreak(children[1], span=_span(children))

    def count(self, children: Children) -> nodes.Count:
        what = _text(children, "OBJECT")
        return nodes.Count(_amount(children), what, _award(children), span=_span(children))

    def rate(self, children: Children) -> nodes.Rate:
        last = children[-1]
        award = last if isinstance(last, nodes.Award) else nodes.Award("get", last, span=last.span)
        level, *more = [lexeme.text for lexeme in _lexemes(children, "CHOICE")] or [""]
        return nodes.Rate(_text(children, "UNIT"), award, level, tuple(more), span=_span(children))

    def each_most(self, children: Children) -> nodes.EachMost:
        return nodes.EachMost(_text(children, "UNIT"), _amount(children), span=_span(children))

    def share(self, children: Children) -> nodes.Share:
        who = _lexeme(children, "CHOICE", "NAME", "REST")
        assert who is not None
        half = _lexeme(children, "HALVED")
        amount = nodes.Quantity(Fraction(50), "%", span=half.span) if half else _amount(children)
        kind = {"CHOICE": "choice", "NAME": "name"}.get(children[0].type, "rest")
        return nodes.Share(who.text if kind != "rest" else "", amount, kind, span=_span(children))

    def nth(self, children: Children) -> nodes.Nth:
        last = children[-1]
        award = last if isinstance(last, nodes.Award) else nodes.Award("get", last, span=last.span)
        at, *to = [one for one in _amounts(children) if one is not last]
        places = any(getattr(one, "unit", "") in ("名", "位", "名次") for one in (at, *to))
        return nodes.Nth(
            at, award, _has(children, "ONWARD"), to[0] if to else None, places=places, span=_span(children)
        )

    def remainder(self, children: Children) -> nodes.Remainder:
        amounts = _amounts(children)
        treat = _key(children, "PRO_RATA", "NOT_COUNTED", "COUNT_AS")
        counted = amounts[1] if len(amounts) > 1 else None
        return nodes.Remainder(amounts[0], treat, counted, span=_span(children))

    def accumulate(self, children: Children) -> nodes.Accumulate:
        return nodes.Accumulate(_amount(children), span=_span(children))

    def at_most(self, children: Children) -> nodes.AtMost:
        subject, verb = _key(children, "TOTAL", "BONUS", "DEDUCTION"), _key(children, "GET", "ADD", "DEDUCT")
        return nodes.AtMost(next(iter(_nodes(children)), None), subject, verb, span=_span(children))

    def at_least(self, children: Children) -> nodes.AtLeast:
        subject = _key(children, "TOTAL", "BONUS", "DEDUCTION")
        return nodes.AtLeast(_amount(children), subject, span=_span(children))

    def limit(self, children: Children) -> nodes.AtMost | nodes.AtLeast:
        subject, op = _key(children, "TOTAL", "BONUS", "DEDUCTION"), _key(children, "COMPARE")
        if op == "le":
            return nodes.AtMost(_amount(children), subject, span=_span(children))
        if op == "ge":
            return nodes.AtLeast(_amount(children), subject, span=_span(children))
        raise Refused(writing.not_a_bound(_span(children), _span(children).text))

    def rank_list(self, children: Children) -> nodes.RankList:
        points: list[Any] = []
        negative = False
        for child in children:
            if isinstance(child, Token) and child.type in ("MINUS", "NUMBER"):
                if child.type == "NUMBER":
                    points.append(-child.value.number if negative else child.value.number)
                negative = child.type == "MINUS"
        if not _has(children, "BEFORE", "AFTER"):
            return nodes.RankList(tuple(points), span=_span(children))
        end = "top" if _has(children, "BEFORE") else "bottom"
        count = _amount(children).number
        award = next((child for child in children if isinstance(child, nodes.Award)), None)
        if award is None:
            verb = _key(children, "GET", "ADD", "DEDUCT") or "get"
            return nodes.RankList(tuple(points), end, count, _key(children, "IN_TURN"), verb, span=_span(children))
        if not isinstance(award.points, nodes.Quantity) or award.kind not in ("get", "add", "deduct") or count > 1000:
            raise Refused(writing.unknown_phrase(award.span, award.span.text, None, ""))
        same = (award.points.number,) * int(count)
        return nodes.RankList(same, end, count, "each", award.kind, span=_span(children))

    def best(self, children: Children) -> nodes.Best:
        last = children[-1]
        award = last if isinstance(last, nodes.Award) else nodes.Award("get", last, span=last.span)
        return nodes.Best(_key(children, "BEST"), award, span=_span(children))

    def grid(self, children: Children) -> nodes.Grid:
        return nodes.Grid(_amount(children), span=_span(children))

    def points(self, children: Children) -> nodes.Points:
        return nodes.Points(_amount(children), _text(children, "QUOTED"), span=_span(children))

    def between(self, children: Children) -> nodes.Between:
        start, end = _amounts(children)
        return nodes.Between(start, end, span=_span(children))

    def within(self, children: Children) -> nodes.Within:
        low, high = _amounts(children)
        return nodes.Within(low, high, span=_span(children))

    def rounding(self, children: Children) -> nodes.Rounding:
        subjects = tuple(lexeme.key for lexeme in _lexemes(children, "SUBJECT", "TOTAL", "SCORE", "OWN"))
        digits = _lexeme(children, "NUMBER")
        if digits is None:
            return nodes.Rounding(subjects, None, span=_span(children))
        if digits.number.denominator != 1 or digits.number > 12:
            raise Refused(writing.not_a_number(digits.span, digits.text))
        return nodes.Rounding(subjects, int(digits.number), span=_span(children))

    def total_sum(self, children: Children) -> nodes.TotalSum:
        return nodes.TotalSum(_has(children, "BONUS"), _has(children, "DEDUCTION"), span=_span(children))

    def sum_formula(self, children: Children) -> nodes.SumFormula:
        return nodes.SumFormula(children[2], span=_span(children))

    def inclusive(self, children: Children) -> nodes.Inclusive:
        edges = _lexemes(children, "OR_BEYOND", "COMPARE", "UNDER")
        words = tuple(lexeme.meaning.word.canonical for lexeme in edges if lexeme.meaning)
        return nodes.Inclusive(words, _key(children, "INCLUSIVE") == "inclusive", span=_span(children))

    def treat_as(self, children: Children) -> nodes.TreatAs:
        state = _key(children, "STATE", "NONE_OCCURRED")
        return nodes.TreatAs(state, _text(children, "QUOTED") or _text(children, "CHOICE"), span=_span(children))

    def effect(self, children: Children) -> nodes.Effect:
        if _has(children, "DROP"):
            return nodes.Effect("drop", count=_amount(children), span=_span(children))
        if _has(children, "ZERO"):
            codes = tuple(lexeme.text for lexeme in _lexemes(children, "CODE"))
            return nodes.Effect("item_zero", codes=codes, span=_span(children))
        grades = tuple(lexeme.text for lexeme in _lexemes(children, "QUOTED", "CHOICE", "NAME"))
        return nodes.Effect(_key(children, "EFFECT"), grades, span=_span(children))

    def weight(self, children: Children) -> nodes.Weight:
        return nodes.Weight(_amount(children), span=_span(children))

    def file(self, children: Children) -> nodes.File:
        return nodes.File(_text(children, "QUOTED"), span=_span(children))

    def by(self, children: Children) -> nodes.By:
        return nodes.By(tuple(lexeme.text for lexeme in _lexemes(children, "NAME")), span=_span(children))

    def present(self, children: Children) -> nodes.Present:
        return nodes.Present(_amount(children), span=_span(children))

    def spread(self, children: Children) -> nodes.Spread:
        edge, count = _amounts(children)
        bound = "most" if _has(children, "MOST") else "present"
        return nodes.Spread(_key(children, "COMPARE", "UNDER"), edge, bound, count, span=_span(children))

    def method_call(self, children: Children) -> nodes.MethodCall:
        return nodes.MethodCall(_text(children, "METHOD"), tuple(_amounts(children)), span=_span(children))

    def table_use(self, children: Children) -> nodes.TableUse:
        where = next(iter(_nodes(children)), None)
        return nodes.TableUse(_text(children, "QUOTED"), where, span=_span(children))
