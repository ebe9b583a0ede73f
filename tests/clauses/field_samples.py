"""For every clause kind: clauses without a problem, facts to try them on, and another valid value for each field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from rules import ORDER, Facts, Unit, points, scheme
from rules import fact as condition
from rules import scope as rule_scope
from rules import setting as rule_setting
from scope import (
    FULL,
    TARGET,
    VALUE,
    ZERO,
    Trial,
    add,
    amount,
    book,
    call,
    deduct,
    fact,
    get,
    item,
    ledger,
    numbers,
    ratios,
)
from test_application import AppliedFacts as ApplicationFacts
from test_application import Scope as ApplicationScope
from test_application import numbers as grade_numbers
from test_grades import hand, lowered

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Setting
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Fn as GraphFn
from perfdsl.graph.ops import Reduce
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.expression import TRUE, Fn, Holds, InGrade
from perfdsl.model.grade import Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.item import Answer, AnswerKind, Item, LedgerUse, Level, Numbers
from perfdsl.model.rounding import rounded
from perfdsl.model.rulebook import Period
from perfdsl.model.states import State
from perfdsl.model.table import RowOf, RuleCell, Table, TableColumn, TableRole
from perfdsl.model.units import POINTS, RATIO, Mode, ValueType, unit_of
from perfdsl.text.problem import Problem, Severity


@dataclass(frozen=True)
class Seen:
    """What a clause comes to: what is said of it, what it builds, what it gives, what it tells the shell around it."""

    problems: tuple[tuple[str, str], ...]
    built: Any = None
    by_hand: Any = None
    shell: Any = None

    @property
    def refused(self) -> bool:
        return any(severity == Severity.MUST.name for _, severity in self.problems)


@dataclass(frozen=True)
class Sample:
    """``others``: field → another valid value. ``aside``: field → why it does not matter in this sample."""

    clause: Any
    look: Callable[[Any], Seen]
    others: Mapping[str, Any]
    aside: Mapping[str, str] = field(default_factory=dict)


def told(problems: Iterator[Problem] | Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((one.code, one.severity.name) for one in problems))


# ---- scoring kinds -------------------------------------------------------------------------------------------------


def look(made: Item, rows: Sequence[Mapping[str, Any]], **more: Any) -> Callable[[Any], Seen]:
    """A look at a clause that scores (or combines) ``made``."""

    def seen(clause: Any) -> Seen:
        kind = BY_KEY[clause.kind]
        here = replace(made, **{"combine" if kind.combines else "scoring": clause})
        trial = Trial(here, rows, **more)
        problems = told(kind.check(clause, Setting(here, trial.rulebook)))
        shell = (
            getattr(clause, "answers", None),
            kind.limits(clause, here) if kind.limits else None,
            kind.fact_of(clause),
            kind.fact_unit(clause) if kind.fact_of(clause) is ValueType.NUMBER else "",
            getattr(clause, "rows", None) or getattr(clause, "use", None),
            kind.row_limits(clause) if kind.row_limits else None,
        )
        found = Seen(problems, shell=shell)
        return found if found.refused else replace(found, built=trial.graph(), by_hand=trial.by_hand())

    return seen


def made(key: str, **fields: Any) -> Any:
    return BY_KEY[key].node(kind=key, **fields)


FLOORS = {"floor": "until_group", "least": amount("1 分"), "total_least": amount("5 分")}
NO_FLOORS = {"floor": "until_item", "least": amount("1 分"), "total_least": amount("5 分")}
PIECES = {"each": amount("2 件"), "remainder": "not_counted", "under": amount("3 件"), "counted_as": amount("3 件")}
POINT, PERCENT = amount("1 个百分点"), amount("2 个百分点")
STEPS = {"each": PERCENT, "points": amount("0.7 分"), "under": PERCENT, "counted_as": PERCENT}
UNDER_A_DEDUCTION = {"floor": "under 扣分项 compile reads it: the group then stops at 0"}


def counts(unit: str, *, level: Level = Level.INDICATOR, full: str = "4") -> Callable[[Any], Seen]:
    return look(item(None, full, level=level, value=fact("实际", unit)), numbers("0", "1", "2.5", "4", "9"))


def losses() -> Iterator[Sample]:
    bounds = {"most": amount("5 分"), "floor": "until_item"}
    rest = {"points": amount("2 分"), "most": amount("3 分"), "all_done": add("1 分"), "none": get("3 分"), **FLOORS}
    by_piece = made("count_loss", each=amount("1 件"), points=amount("1 分"), remainder="pro_rata", **bounds)
    yield Sample(by_piece, counts("件"), rest | PIECES)
    by_rate = made("rate_loss", unit="件", points=amount("1 分"), remainder="pro_rata", none=FULL, **bounds)
    yield Sample(by_rate, counts("件"), rest | PIECES | {"unit": "人"}, {"each": "the rate has a unit instead"})


def gains() -> Iterator[Sample]:
    rest = {"points": amount("2 分"), "most": amount("3 分"), "times": amount("3 次"), "none": ZERO, **NO_FLOORS}
    by_piece = made("count_gain", each=amount("1 件"), points=amount("1 分"), remainder="pro_rata", cap="full_at_most")
    yield Sample(by_piece, counts("件"), rest | PIECES | {"cap": "uncapped"})
    by_rate = made("rate_gain", unit="件", points=amount("1 分"), remainder="pro_rata", cap="full_at_most")
    others = rest | PIECES | {"cap": "uncapped", "unit": "人"}
    yield Sample(by_rate, counts("件"), others, {"each": "the rate has a unit instead"})
    taken = made("rate_gain", unit="件", points=amount("1 分"), remainder="pro_rata")
    others |= {"times": amount("2 次"), "most": amount("2 分"), "least": amount("-2 分")}
    aside = {"each": "the rate has a unit instead", **UNDER_A_DEDUCTION}
    yield Sample(taken, counts("件", level=Level.DEDUCTION, full="10"), others, aside)


def steps() -> Iterator[Sample]:
    at = item(None, "4", target=amount("98%"), higher_is_better=True)
    gap = call(Fn.DIVIDE, call(Fn.SUBTRACT, TARGET, VALUE), TARGET)
    down = made(
        "step_down", way="below", each=POINT, points=amount("0.5 分"), remainder="pro_rata",
        most=amount("5 分"), floor="until_item",
    )  # fmt: skip
    others = STEPS | FLOORS | {"way": "above", "gap": gap, "remainder": "count_as", "most": amount("1 分")}
    others |= {"met_op": "le", "met_against": amount("95%")}
    yield Sample(down, look(at, ratios("99", "97", "95.5", "80")), others)
    rows, above = ratios("90", "98", "98.5", "99.2", "120"), call(Fn.DIVIDE, call(Fn.SUBTRACT, VALUE, TARGET), TARGET)
    up = made(
        "step_up", way="above", each=POINT, points=amount("0.5 分"), remainder="pro_rata", most_added=amount("5 分"),
        cap="full_at_most", base_op="reach", base=get("6 分"), missed=ZERO,
    )  # fmt: skip
    others = STEPS | {"way": "below", "gap": above, "remainder": "count_as", "most_added": amount("3 分")}
    others |= {"most": amount("8 分"), "cap": "uncapped", "base_op": "le", "base_against": amount("95%")}
    others |= {"base": get("5 分"), "missed": get("1 分"), "missed_against": amount("95%"), "otherwise": get("1 分")}
    yield Sample(up, look(replace(at, full=Fraction(10)), rows), others)
    beyond = made("step_up", way="above", each=POINT, points=amount("1 分"), remainder="pro_rata", cap="full_at_most")
    bonus = replace(at, level=Level.BONUS, full=Fraction(3))
    aside = {"base_op": "stands with base only", "missed_against": "stands with missed only"}
    less = {key: value for key, value in others.items() if key not in aside}
    yield Sample(beyond, look(bonus, rows), less | {"most": amount("2 分"), "most_added": amount("2 分")}, aside)


def ups_and_downs() -> Iterator[Sample]:
    change = item(None, "2", value=fact("实际", "人"), least=Fraction(-1, 2))
    both = made(
        "up_and_down", even=get("1.5 分"), up_way="above", up_each=amount("1 人"), up_points=amount("0.05 分"),
        up_remainder="pro_rata", down_way="below", down_each=amount("1 人"), down_points=amount("0.1 分"),
        down_remainder="pro_rata", cap="full_at_most", floor="until_item",
    )  # fmt: skip
    others: dict[str, Any] = {"even": get("1 分"), "cap": "uncapped", **FLOORS}
    for prefix, most in (("up_", "0.3 分"), ("down_", "1 分")):
        way = "below" if prefix == "up_" else "above"
        one = {"way": way, "each": amount("2 人"), "points": amount("0.2 分"), "most": amount(most)}
        one |= {"gap": fact("别的", "人"), "remainder": "not_counted"}
        one |= {"under": amount("2 人"), "counted_as": amount("2 人")}
        others |= {prefix + name: value for name, value in one.items()}
    rows = [row | {"别的": Fraction(3)} for row in numbers("0", "4.5", "30", "-3.5", "-40")]
    yield Sample(both, look(change, rows, units={"别的": unit_of("人")[0]}), others)


def conditions() -> Iterator[Sample]:
    at = item(None, "5", target=amount("98%"), higher_is_better=True)
    rows = ratios("80", "98", "99")
    other = {"award": get("3 分"), "otherwise": get("1 分")}
    reach = made("reach", op="reach", award=FULL, otherwise=ZERO)
    yield Sample(reach, look(at, rows), other | {"op": "better", "against": amount("90%")})
    yield Sample(made("meet_or_zero", otherwise=ZERO), look(at, rows), {"otherwise": get("1 分")})
    done = look(item(None, "5", value=fact("实际", kind=ValueType.BOOL)), [{"实际": True}, {"实际": False}])
    yield Sample(made("yes_no", text="按时报送", award=FULL, otherwise=ZERO), done, other)
    yield Sample(made("none_occurred", award=FULL, otherwise=ZERO), done, other)
    days = [{"实际": date(2025, 7, day)} for day in (30, 31)]
    by = made("deadline", day=date(2025, 7, 31), text="印发", award=FULL, late=ZERO)
    dated = look(item(None, "5", value=fact("实际", kind=ValueType.DATE)), [*days, {"实际": date(2025, 8, 1)}])
    yield Sample(by, dated, other | {"day": date(2025, 7, 30), "late": get("1 分")})


def shares() -> Iterator[Sample]:
    at = item(None, "10", target=amount("80%"), higher_is_better=True)
    caps = {"cap": "uncapped", "most": amount("3 分")}
    yield Sample(made("proportional", cap="full_at_most"), look(at, ratios("40", "120")), caps)
    told_ = ((State.MISSING, Answer(AnswerKind.RETURN)),)
    scored_ = look(item(None, "70", value=fact("实际", "分"), answers=told_), numbers("905", "1010"))
    out = made("converted", out_of=(amount("1000 分"),), cap="full_at_most")
    yield Sample(out, scored_, caps | {"out_of": (amount("900 分"),)})
    there = tuple(fact(name, kind=ValueType.BOOL) for name in ("方案", "台账"))
    rows = [{"方案": True, "台账": True}, {"方案": True, "台账": False}]
    listed = made("checklist", each=amount("1 项"), points=amount("3 分"), items=there, cap="full_at_most")
    others = caps | {"each": amount("2 项"), "points": amount("4 分"), "items": there[:1]}
    yield Sample(listed, look(item(None, "5", value=None), rows), others)
    counted = made("checklist", each=amount("1 项"), points=amount("1 分"), cap="full_at_most")
    plain = look(item(None, "4", value=fact("实际", "项")), [row | rows[0] for row in numbers("2", "9")])
    yield Sample(counted, plain, others | {"items": there})
    taken = look(item(None, "4", level=Level.DEDUCTION, value=fact("实际", "项")), numbers("2", "9"))
    yield Sample(made("checklist", each=amount("1 项"), points=amount("1 分")), taken, others | {"cap": "full_at_most"})
    norm = made(
        "count_quota", norm=amount("2 篇"), unit="篇", within=amount("1 分"), extra=amount("0.5 分"),
        beyond="within_item", cap="uncapped", offset="no_offset",
    )  # fmt: skip
    others = {"norm": amount("3 篇"), "unit": "件", "within": amount("2 分"), "extra": None, "beyond": None}
    others |= {"cap": None, "most": amount("1 分"), "offset": "offset"}
    yield Sample(norm, look(item(None, "2", value=fact("实际", "篇")), numbers("1", "9")), others)


def by_place(at: Item) -> Iterator[Sample]:
    """The families of points by place."""
    rows = ratios("99", "98", "98", "97", "96", "95")
    equal = {"equal": "tie_void", "ties": "dense"}
    switch = made(
        "rank_switch", points=(Fraction(6), Fraction(5), Fraction(4)), rest="rest_nothing", few=(amount("6 个"),),
        few_points=tuple(map(Fraction, (5, 4, 2))), few_rest="rest_nothing",
    )  # fmt: skip
    others: dict[str, Any] = {
        "few": (amount("5 个"),),
        "few_points": (Fraction(4), Fraction(3)),
        "few_rest": None,
    } | equal
    many = {"points": "few units", "less": "few units", "rest": "few units", "few_less": "with few_rest it contradicts"}
    yield Sample(switch, look(at, rows), others, many)
    long = replace(switch, few=(amount("2 个"),))
    others = {"points": (Fraction(6), Fraction(4)), "rest": None, "less": (amount("1 分"),)} | equal
    few = dict.fromkeys(("few_points", "few_rest", "few_less"), "many units")
    yield Sample(long, look(at, rows), others | {"few": (amount("9 个"),)}, few)
    less = replace(switch, few_rest=None, few_less=(amount("1 分"),))
    aside = dict.fromkeys(("points", "less", "rest", "few", "few_points", "few_rest", "equal", "ties"), "tried above")
    yield Sample(less, look(at, rows), {"few_less": (amount("0.5 分"),)}, aside)
    fall = made("rank_falling", award=FULL, of="less_of_first", less=(amount("10%"),), least=amount("60%"))
    others = {"award": get("5 分"), "of": "less_of_before", "less": (amount("5%"),), "least": amount("3 分")} | equal
    yield Sample(fall, look(at, rows), others)
    even = made("rank_even", first=FULL, last=get("1 分"), alone="alone_first")
    yield Sample(even, look(at, rows), {"first": get("5 分"), "last": get("2 分")} | equal, {"alone": "many units"})
    alone = dict.fromkeys(("first", "last", "equal", "ties"), "tried above")
    yield Sample(even, look(at, ratios("99")), {"alone": "alone_last"}, alone)
    low = replace(at, least=Fraction(-6))
    ends = made(
        "rank_ends", sides=("top", "bottom"), counts=(Fraction(3), Fraction(2)), turns=("turn", "turn_from_last"),
        points=(tuple(map(Fraction, (3, 2, 1))), tuple(map(Fraction, (3, 1)))), verbs=("add", "deduct"),
        both="overlap_both",
    )  # fmt: skip
    others = {
        "points": (tuple(map(Fraction, (3, 1, 0))), tuple(map(Fraction, (3, 1)))),
        "verbs": ("add", "add"),
    } | equal
    others |= {"sides": ("bottom", "top"), "counts": (Fraction(3), Fraction(3)), "turns": ("turn", "turn_in_order")}
    yield Sample(ends, look(low, rows), others, {"both": "nobody is in both"})
    aside = dict.fromkeys(others, "tried above")
    yield Sample(ends, look(low, ratios("99", "98", "97")), {"both": "overlap_top"}, aside)
    places = {"starts": (amount("2 名"),), "ends": (amount("3 名"),), "awards": (get("4 分"),)}
    spans = made("rank_spans", first=FULL, rest=get("1 分"), **places)
    others = {"ends": (amount("4 名"),), "awards": (get("3 分"),), "first": get("5 分"), "rest": get("2 分")} | equal
    yield Sample(spans, look(at, rows), others | {"starts": (amount("3 名"),), "rest_nothing": "rest_nothing"})


def among_others() -> Iterator[Sample]:
    at = item(None, "6", higher_is_better=True)
    ranks = made("rank_list", points=(Fraction(6), Fraction(5), Fraction(3)))
    others: dict[str, Any] = {"points": (Fraction(6), Fraction(4)), "rest": "rest_nothing", "ties": "dense"}
    others |= {"equal": "mean_points", "less": (amount("1 分"),)}
    yield Sample(ranks, look(at, ratios("99", "98", "98", "97")), others, {"least": "only behind less"})
    tied = made("rank_list", points=(Fraction(6), Fraction(5), Fraction(4)), rest="rest_nothing")
    less = others | {"rest": None, "equal": "tie_void"}
    step = {"less": "with rest the two contradict", "least": "only behind less"}
    yield Sample(tied, look(at, ratios("99", "99", "98", "97")), less, step)
    on = made("rank_list", points=(Fraction(6), Fraction(5)), less=(amount("1 分"),), least=amount("1 分"))
    more = {
        "points": (Fraction(6), Fraction(4)),
        "less": (amount("2 分"),),
        "least": amount("3.5 分"),
        "equal": "tie_void",
    }
    yield Sample(
        on, look(at, ratios("99", "98", "98", "97")), more | {"ties": "dense"}, {"rest": "with less the two contradict"}
    )
    yield from by_place(at)
    scored = made(
        "z_score", base=(amount("4 分"),), each=(amount("1 分"),), deviation="as_population", zero=(amount("3 分"),),
        cap="uncapped", most=None, least=None, bottom="no_floor",
    )  # fmt: skip
    changed: dict[str, Any] = {"base": (amount("3 分"),), "each": (amount("2 分"),), "deviation": "as_sample"}
    changed |= {"cap": "full_at_most", "most": amount("5 分"), "least": amount("4 分"), "bottom": None}
    yield Sample(
        scored,
        look(at, ratios("1", "1", "1", "1", "9", "1", "1", "1", "1", "1", "1", "1")),
        changed,
        {"zero": "somebody differs"},
    )
    flat = replace(scored, zero=(amount("3 分"),))
    others_ = ("base", "each", "deviation", "cap", "most", "least", "bottom")
    yield Sample(
        flat, look(at, ratios("1", "1")), {"zero": (amount("2 分"),)}, dict.fromkeys(others_, "nobody differs")
    )
    formula = made("by_value", cap="uncapped", most=None, least=None, bottom="no_floor")
    ends = {"cap": "full_at_most", "most": amount("5 分"), "least": amount("0 分"), "bottom": None}
    yield Sample(formula, look(item(None, "6", value=fact("实际", "分")), numbers("-1", "9")), ends)
    first = made("ratio_to_first", which="first", award=FULL)
    yield Sample(
        first,
        look(at, ratios("90", "45")),
        {"which": "lowest", "award": get("3 分")},
        {"negative": "no value is below 0", "nothing": "the best is not 0"},
    )
    signed = made("ratio_to_first", which="first", award=FULL, negative="negative_nothing", nothing="first_nobody")
    other = {"which": "highest", "award": get("3 分"), "negative": "negative_signed", "nothing": "first_alone"}
    zero = {"nothing": "the best is above 0", "which": "means the same where more is better"}
    yield Sample(signed, look(at, ratios("90", "45", "-9")), other, zero)
    nothing = {"which": "means the same where more is better", "negative": "the best is below 0", "award": "nobody"}
    yield Sample(signed, look(at, ratios("-1", "-9")), other, nothing)
    ends = {"satisfactory": amount("95%"), "unacceptable": amount("60%")}
    line = made("efficacy", base=(amount("60%"),), low="base_floor", cap="full_at_most", **ends)
    other = {
        "satisfactory": amount("90%"),
        "unacceptable": amount("50%"),
        "base": (amount("50%"),),
        "low": "until_item",
    }
    other |= {"cap": "uncapped", "most": amount("5 分")}
    yield Sample(line, look(at, ratios("99", "80", "40")), other, {"spread": "the ends are numbers that differ"})
    columns = {"satisfactory": fact("甲", "%"), "unacceptable": fact("乙", "%")}
    line = made(
        "efficacy", base=(amount("60%"),), low="base_floor", spread="spread_full", cap="full_at_most", **columns
    )
    rows = [one | {"甲": Fraction(1, 2), "乙": Fraction(1, 2)} for one in ratios("99", "80")]
    aside = dict.fromkeys(("satisfactory", "unacceptable", "base", "low", "cap", "most"), "tried above")
    yield Sample(line, look(at, rows), {"spread": "spread_least"}, aside)
    span = made("min_max", base=(amount("60%"),), spread="spread_full")
    yield Sample(span, look(at, ratios("99", "80", "40")), {"base": ()}, {"spread": "the ends differ"})
    yield Sample(span, look(at, ratios("80", "80")), {"spread": "spread_least"}, {"base": "all get the full mark"})
    band = made("bands", bands=(Interval(Fraction(9, 10)), None), gives=(amount("6 分"), amount("2 分")))
    lower = (Interval(Fraction(8, 10)), None)
    yield Sample(band, look(at, ratios("95", "85")), {"bands": lower, "gives": (amount("6 分"), amount("1 分"))})
    yes = {name: fact(name, kind=ValueType.BOOL) for name in ("年度", "累计", "别的")}
    asked = made(
        "by_conditions", facts=(yes["年度"], yes["累计"]), heads=("年度", "累计"), cells=((True, True), (True, False)),
        gives=(amount("6 分"), amount("2 分")), rest=amount("0 分"),
    )  # fmt: skip
    others = {"facts": (yes["年度"], yes["别的"]), "cells": ((True, True), (False, True)), "rest": amount("1 分")}
    others |= {"gives": (amount("6 分"), amount("3 分"))}
    rows_ = [
        dict(zip(yes, held, strict=True)) for held in ((True, True, False), (True, False, True), (False, True, True))
    ]
    yield Sample(asked, look(item(None, "6", value=None), rows_), others)


def lines() -> Iterator[Sample]:
    best, worst = fact("标杆", "%"), fact("门槛", "%")
    line = made(
        "interpolate", ops=("reach", "miss"), againsts=(best, worst), awards=(get("10 分"), get("0 分")),
        start=amount("0.5 分"), end=amount("9.5 分"), digits=0, mode="half_up", low=amount("0 分"),
        high=amount("9 分"), in_order="in_order",
    )  # fmt: skip
    others = {
        "ops": ("better", "miss"), "againsts": (best, best), "awards": (get("9 分"), get("0 分")),
        "start": amount("2.5 分"), "end": amount("7.5 分"), "digits": 1, "mode": "down", "low": amount("3 分"),
        "high": amount("6 分"), "in_order": None,
    }  # fmt: skip
    rows = [
        row | {"标杆": Fraction(9, 10), "门槛": Fraction(5, 10)} for row in ratios("40", "50.5", "66", "89.9", "90")
    ]
    yield Sample(line, look(item(None, "10", higher_is_better=True), rows), others)


def by_people() -> Iterator[Sample]:
    given = made("manual", grid=amount("0.5 分"))
    others = {"word": "discretion", "grid": amount("1 分"), "low": amount("1 分"), "high": amount("3 分")}
    yield Sample(given, look(item(None, "5", value=fact("实际", "分")), numbers("3")), others)


USE = LedgerUse("表彰", TRUE)
MORE_COLUMNS = (
    TableColumn("件数", ValueType.NUMBER, unit_of("件")[0]),
    TableColumn("核定分", ValueType.NUMBER, POINTS),
    TableColumn("另计分", ValueType.NUMBER, POINTS),
)
AWARDS = ledger("表彰", 级别=("国家级", "省级", "市级"), 角色=("主办", "协办"))
LEDGER = book(replace(AWARDS, columns=(*AWARDS.columns, *MORE_COLUMNS)), ledger("批评"))
ROWS = [
    {
        "单位": f"单位{unit}", "事项编号": matter, "级别": level, "角色": role, "件数": Fraction(count),
        "核定分": Fraction(points), "另计分": Fraction(1),
    }
    for unit, matter, level, role, count, points in (
        (0, "甲", "国家级", "主办", 1, 2), (0, "甲", "省级", "协办", 1, 1), (0, "乙", "国家级", "协办", 2, 2),
        (1, "丙", "省级", "主办", 2, 3),
    )
]  # fmt: skip
UNITS_OF_ROWS = {"件数": unit_of("件")[0], "核定分": POINTS, "另计分": POINTS}
WATCHED = [{"受监督": True}, {"受监督": True}, {"受监督": False}]
MORE: dict[str, Any] = {
    "use": LedgerUse("批评", TRUE), "excused": Holds(fact("批准", kind=ValueType.BOOL)), "quantity": "件数", "owners": ("属地",), "doubled": Holds(fact("受监督", kind=ValueType.BOOL)),
    "row_most": amount("1 分"), "none": get("1 分"), "same_matter": "each_counts", "matter": ("级别",),
    "across": "across_bonus", "most": amount("4 分"),
}  # fmt: skip
ALONE = {
    "shared": "says nothing without its part",
    "shares": "says nothing without 折算",
    "owner_shares": "nor this",
    "owner_rule": "nor this",
}


def ledgers() -> Iterator[Sample]:
    def seen(clause: Any, level: Level, full: str) -> Callable[[Any], Seen]:
        rival = made("ledger", use=USE, levels=("",), awards=(get("9 分"),), same_matter="each_counts")
        rival = replace(rival, matter=("事项编号",), across="across_bonus")
        return look(
            item(None, full, level=level, value=None),
            WATCHED,
            rulebook=LEDGER,
            lines=ROWS,
            units=UNITS_OF_ROWS,
            others=[(False, item(rival, full, level=level))],
        )

    rates = {"levels": ("国家级", "省级"), "awards": (get("3 分"), get("2 分"))}
    once = {"same_matter": "highest_once", "matter": ("事项编号",)}
    won = made("ledger", use=USE, **rates, **once, cap="uncapped")
    others: dict[str, Any] = MORE | {
        "levels": ("国家级", "市级"), "awards": (get("3 分"), get("1 分")), "more": (("协办",), ()),
        "most_each": (amount("2 分"), None), "cap": "full_at_most", **NO_FLOORS,
    }  # fmt: skip
    yield Sample(won, seen(won, Level.BONUS, "5"), others, ALONE)
    each = made("ledger", use=USE, **rates, same_matter="each_counts", cap="uncapped")
    unlike = {"same_matter": None, "across": "across_bonus"}
    yield Sample(each, seen(each, Level.BONUS, "5"), others | unlike, ALONE)
    lost = made("ledger", use=USE, **(rates | {"awards": (deduct("3 分"), deduct("2 分"))}), **once, floor="until_item")
    awards = {"awards": (deduct("3 分"), deduct("1 分"))}
    yield Sample(lost, seen(lost, Level.INDICATOR, "5.5"), others | awards | FLOORS, ALONE)
    taken = made("ledger", use=USE, **rates, **once)
    least = {"least": amount("-4 分")}
    yield Sample(taken, seen(taken, Level.DEDUCTION, "9"), others | least, UNDER_A_DEDUCTION | ALONE)
    parts = {"shared": ("主办", "协办"), "shares": (amount("100%"), amount("50%"))}
    belongs = {"owners": ("单位",), "owner_shares": (amount("100%"),), "owner_rule": "unit_once"}
    shared = made("ledger", use=USE, **rates, **once, **parts, **belongs, cap="uncapped")
    changed: dict[str, Any] = {
        "shared": ("协办", "主办"),
        "shares": (amount("100%"), amount("80%")),
        "owners": ("属地",),
    }
    changed |= {"owner_shares": (amount("50%"),), "owner_rule": "unit_each"}
    yield Sample(shared, seen(shared, Level.BONUS, "4"), others | changed)

    table: dict[str, Any] = {
        "keys": (("级别", ("国家级", "国家级")), ("角色", ("主办", "其余"))),
        "gives": (amount("3 分"), amount("1 分")),
    }
    by_table = made("ledger_table", use=USE, **table, **once, cap="uncapped")
    other_table: dict[str, Any] = {
        "keys": (("级别", ("国家级", "省级")), ("角色", ("主办", "其余"))),
        "gives": (amount("3 分"), amount("2 分")),
    }
    other_table |= {"way": "table_loses", "cap": "full_at_most", **NO_FLOORS}
    yield Sample(by_table, seen(by_table, Level.BONUS, "3"), MORE | other_table, ALONE)
    bounds = {"low": amount("0 分"), "high": amount("3 分")}
    given = made("ledger_points", use=USE, way="each_row_gives", column="核定分", **bounds, **once, cap="uncapped")
    other_points = {"way": "each_row_loses", "column": "另计分", "low": amount("1 分"), "high": amount("4 分")}
    other_points |= {"cap": "full_at_most", **NO_FLOORS}
    yield Sample(given, seen(given, Level.BONUS, "3"), MORE | other_points, ALONE)


def by_turns() -> Iterator[Sample]:
    times = {"turns": (amount("1 次"), amount("2 次")), "onward": (False, True)}
    won = made("turns", **times, awards=(get("1 分"), get("2 分")), cap="uncapped")
    others: dict[str, Any] = {
        "turns": (amount("1 次"), amount("3 次")), "awards": (get("1 分"), get("3 分")), "onward": (False, False),
        "use": USE, "excused": TRUE, "same_matter": "each_counts", "cap": "full_at_most", "most": amount("2 分"),
        **NO_FLOORS,
    }  # fmt: skip
    told = item(None, "2", level=Level.BONUS, value=fact("次数", "次"))
    yield Sample(
        won,
        look(told, numbers_called("次数", "0", "1", "3"), rulebook=LEDGER, lines=ROWS, units=UNITS_OF_ROWS),
        others,
        {"matter": "there is no ledger"},
    )
    rows = made("turns", use=USE, **times, awards=(get("1 分"), get("2 分")), cap="uncapped")
    rows = replace(rows, same_matter="highest_once", matter=("事项编号",))
    seen = look(
        item(None, "2", level=Level.BONUS, value=None), WATCHED, rulebook=LEDGER, lines=ROWS, units=UNITS_OF_ROWS
    )
    more = {"use": LedgerUse("批评", TRUE), "excused": Holds(fact("批准", kind=ValueType.BOOL)), "matter": ("单位",)}
    yield Sample(rows, seen, others | more)
    lost = made("turns", use=USE, **times, awards=(deduct("1 分"), deduct("2 分")), floor="until_item")
    lost = replace(lost, same_matter="highest_once", matter=("事项编号",))
    seen = look(item(None, "2", value=None), WATCHED, rulebook=LEDGER, lines=ROWS, units=UNITS_OF_ROWS)
    loss = {"awards": (deduct("2 分"), deduct("3 分")), "most": amount("1 分")} | FLOORS
    yield Sample(lost, seen, others | more | loss)


def numbers_called(name: str, *values: str) -> list[dict[str, Any]]:
    return [{name: Fraction(one)} for one in values]


def combined() -> Iterator[Sample]:
    children = tuple(item(None, level=Level.POINT, code=f"点{at}") for at in range(2))
    rows: list[dict[str, Any]] = [{"点0": Fraction(4), "点1": Fraction(2)}, {"点0": Fraction(3), "点1": None}]
    at = look(item(None, "10", value=None, children=children), rows)
    least = {"least": amount("2 项")}
    yield Sample(made("larger_of", which="larger_of"), at, least | {"which": "smaller_of"})
    yield Sample(made("mean_of"), at, least | {"times": (amount("2"),)})
    yield Sample(made("sum_of"), at, least)
    yield Sample(made("agreed"), at, {})


def voted() -> Iterator[Sample]:
    layers, text, number = ("领导", "代表"), ValueType.TEXT, ValueType.NUMBER
    columns = (
        TableColumn("单位", text), TableColumn("评委", text), TableColumn("层别", text, choices=layers),
        TableColumn("打分", number, POINTS), TableColumn("次分", number, POINTS), TableColumn("评价", text, choices=("好", "差", "无")),
    )  # fmt: skip
    sheets = Table("票", TableRole.FACT, RowOf.RATER, columns)
    other = replace(sheets, name="别票", row_of=RowOf.EVENT)
    given = ["90", "90", "90", "80", "60", "60", "50", "40"]
    lines: list[dict[str, Any]] = [
        {"单位": f"单位{unit}", "评委": f"评委{at}", "层别": layers[at % 2], "打分": Fraction(one) + unit * at,
         "次分": Fraction(at), "评价": "好差无"[at % 3]}
        for unit in (0, 1) for at, one in enumerate(given)
    ]  # fmt: skip
    lines += [
        {"单位": "单位2", "评委": "评委0", "层别": "领导", "打分": Fraction(90), "次分": Fraction(1), "评价": "好"}
    ]
    units = {"打分": POINTS, "次分": POINTS, "名次": unit_of("名次")[0]}

    def seen(book_: Any, rows: list[dict[str, Any]]) -> Callable[[Any], Seen]:
        return look(item(None, "100", value=None), [{}, {}, {}], rulebook=book_, lines=rows, units=units)

    def weights(one: str, two: str) -> Numbers:
        return Numbers("层别", layers, ("权重",), ((amount(one),), (amount(two),)))

    use = LedgerUse("票", TRUE)
    shared: dict[str, Any] = {
        "use": LedgerUse("别票", TRUE), "times": (amount("50%"),), "drop": "drop_ends", "ends": (amount("2"),),
        "over": (amount("9"),), "equal": "all_equal", "among": "in_all", "void": ("two_alike",),
        "layers": weights("30%", "70%"), "empty": "zero_empty",
    }  # fmt: skip
    plain = {"use": use, "layers": weights("60%", "40%"), "empty": "share_empty"}
    ends = {"drop": "drop_one", "over": (amount("2"),), "equal": "as_many", "among": "in_layer"}
    spread = {
        "spread_ops": ("ge",),
        "spread_edges": (amount("91 分"),),
        "spread_bounds": ("most",),
        "spread_counts": (amount("1"),),
    }
    others: dict[str, Any] = {
        "spread_ops": ("lt",),
        "spread_edges": (amount("60 分"),),
        "spread_bounds": ("present",),
        "spread_counts": (amount("0"),),
    }
    aside = {"drop": "names the number of ends", "ends": "stands with drop_ends"}
    first = made("raters", by=("打分",), **plain, **ends, **spread)
    less = {key: one for key, one in (shared | others | {"by": ("次分",)}).items() if key not in aside}
    yield Sample(first, seen(book(sheets, other), lines), less, aside)
    alike = [line | {"评价": "好" if line["评委"] == "评委0" else line["评价"]} for line in lines]
    one_two = (Interval(Fraction(1), Fraction(1), True, True), Interval(Fraction(0), Fraction(0), True, True))
    index = made(
        "satisfaction",
        which="index",
        options=("好", "差", "无"),
        counts=(*one_two, "无效"),
        **(plain | ends | {"times": (amount("100 分"),)}),
    )
    edges = dict.fromkeys(spread, "answers are no scores")
    mine = {
        "times": (amount("50 分"),),
        "which": "rate",
        "options": ("差", "好", "无"),
        "counts": (*one_two[::-1], "无效"),
    }
    which = {"which": "a rate is an index whose coefficients are 1 and 0: a word, and what check asks"}
    less = {key: one for key, one in (shared | mine).items() if key not in {**aside, **which}}
    yield Sample(index, seen(book(sheets, other), alike), less, {**aside, **edges, **which})
    places = Table("票", TableRole.FACT, RowOf.RATER, (*columns[:3], TableColumn("名次", number, unit_of("名次")[0])))
    ranks = [
        {**{key: line[key] for key in ("单位", "评委", "层别")}, "名次": Fraction(line["打分"] // 10)} for line in lines
    ]
    votes = made(
        "borda",
        first=(amount("100 分"),),
        step=(amount("3 分"),),
        **plain,
        **ends,
        **(spread | {"spread_edges": (amount("89 分"),)}),
    )
    mine = (
        {"first": (amount("99 分"),), "step": (amount("2 分"),)}
        | others
        | {"spread_edges": (amount("85 分"),), "spread_counts": (amount("2"),)}
    )
    less = {key: one for key, one in (shared | mine).items() if key not in aside}
    yield Sample(votes, seen(book(places, replace(places, name="别票", row_of=RowOf.EVENT)), ranks), less, aside)
    counted = made(
        "satisfaction_counted",
        which="index",
        votes=(fact("好票", "票"), fact("差票", "票")),
        counts=one_two,
        times=(amount("100 分"),),
    )
    rows = [{"好票": Fraction(3), "差票": Fraction(1)}, {"好票": Fraction(0), "差票": Fraction(4)}]
    mine = {"votes": (fact("差票", "票"), fact("好票", "票")), "counts": one_two[::-1], "times": (amount("10 分"),)}
    columns_ = {name: unit_of("票")[0] for name in ("好票", "差票")}
    yield Sample(counted, look(item(None, "100", value=None), rows, units=columns_), mine, which)


def individuals() -> Iterator[Sample]:
    columns = (TableColumn("单位", ValueType.TEXT), TableColumn("分值", ValueType.NUMBER))
    table = Table("个性", TableRole.RULE, RowOf.UNIT, columns, ((RuleCell("甲局"), RuleCell("10")),))
    other = replace(table, name="个性二", rows=((RuleCell("甲局"), RuleCell("9")),))

    def seen(clause: Any) -> Seen:
        kind, setting = BY_KEY[clause.kind], Setting(item(clause), book(table, other))
        rows = SimpleNamespace(row_scores=lambda asked: [Fraction(len(asked.methods)), Fraction(asked.facts == "实绩")])
        scope = SimpleNamespace(sum_of_rows=lambda asked: asked)
        return Seen(told(kind.check(clause, setting)), kind.lower(clause, scope), kind.by_hand(clause, rows))

    others = {"table": "个性二", "facts": "别表", "methods": (("比例", item()),), "each": Fraction(9)}
    yield Sample(made("individual", table="个性", facts="实绩", methods=()), seen, others)


def by_period() -> Iterator[Sample]:
    """Three months of which one has no score; the nodes are stood in for by what is asked."""
    rule = item(code="期")

    def seen(clause: Any) -> Seen:
        kind, setting = BY_KEY[clause.kind], Setting(item(clause, "12"), book())
        graph = Builder({("单位", "分"): NodeType("单位", ValueType.NUMBER, POINTS, ALL_STATES)})
        asked: list[Any] = []

        def scores(asked_for: Any) -> Any:
            asked.append((asked_for.rule, asked_for.rounding, asked_for.table, asked_for.each))
            return graph.column("单位", "分")

        scope = SimpleNamespace(
            graph=graph,
            period_scores=scores,
            per_period=lambda table, fn, of: (
                graph.number(2) if fn is Reduce.COUNT else graph.apply(GraphFn.ABSOLUTE, of)
            ),
        )
        facts = SimpleNamespace(
            period_scores=lambda one: [
                rounded(Fraction(n, 7), one.rounding) + len(one.rule.name) + "月季".index(one.table[0]) for n in (1, 2)
            ]
        )
        built = (kind.lower(clause, scope), graph.graph(), asked)
        return Seen(told(kind.check(clause, setting)), built, kind.by_hand(clause, facts))

    others = {
        "table": "季报",
        "rule": item(code="期", name="别的规则"),
        "way": None,
        "subjects": None,
        "digits": 3,
        "mode": "down",
        "each": (amount("2 分"),),
    }
    sample = made(
        "periodic", table="月报", rule=rule, way="sum_of_periods", subjects=("period",), digits=2, mode="half_up",
        each=(amount("1 分"),),
    )  # fmt: skip
    yield Sample(sample, seen, others)
    yield Sample(replace(sample, way="mean_of_periods", each=()), seen, others)


def in_a_row() -> Iterator[Sample]:
    """The third time in a row, in the third period, with two of last year's before it."""

    def seen(clause: Any) -> Seen:
        kind = BY_KEY[clause.kind]
        made_for = item(clause, None, level=Level.DEDUCTION, code="K01·按月计分")
        graph = Builder({("月报", "上年"): NodeType("月报", ValueType.NUMBER, RATIO, ALL_STATES)})
        asked: list[Any] = []

        def run(condition: Any) -> Any:
            asked.append(condition)
            return graph.number(3), graph.number(3)

        def number(expression: Any) -> Any:
            return graph.number(expression.value, expression.unit)

        scope = SimpleNamespace(graph=graph, item=made_for, run=run, number=number, grain="月报")
        hand = SimpleNamespace(
            item=made_for, run=lambda one: (3, 3) if one == FRAUD else (1, 3), number=lambda one: one.value
        )
        built = (kind.lower(clause, scope), graph.graph(), asked)
        return Seen(told(kind.check(clause, Setting(made_for, book()))), built, kind.by_hand(clause, hand))

    others: dict[str, Any] = {
        "award": deduct("0.5 分"), "when": OTHER, "way": "doubling", "across": "fresh", "most": amount("1 分"),
        "before": (amount("3 次"),),
    }  # fmt: skip
    given = {
        "award": deduct("0.4 分"),
        "when": FRAUD,
        "way": "by_run",
        "across": "carried",
        "before": (amount("2 次"),),
    }
    yield Sample(made("escalation", **given), seen, others)


# ---- kinds of the later stages -------------------------------------------------------------------------------------

FRAUD, OTHER = condition("虚报"), condition("迟报")


def rule(clause: Any) -> Seen:
    """A look at a veto, a limit or a drop."""
    kind = BY_KEY[clause.kind]
    found = Seen(told(kind.check(clause, rule_setting(scheme()))))
    if found.refused:
        return found
    scope = rule_scope("虚报", "迟报")
    limit = kind.lower(clause, scope)
    met = (frozenset({FRAUD}), frozenset({OTHER}), frozenset({FRAUD, OTHER}))
    hands = [kind.by_hand(clause, Facts(case)) for case in met]
    return replace(found, built=(limit, scope.graph.graph()), by_hand=hands, shell=(clause.rank, clause.codes))


def rulings() -> Iterator[Sample]:
    case = {"when": FRAUD, "quota": "no_backfill"}
    others: dict[str, Any] = {"when": OTHER, "any_of": (OTHER,), "quota": "backfill", "applies": OTHER}
    others |= {"rank": "unranked", "scope": "领导班子", "codes": ("A01",)}
    bar = made("bar_top", **case, effect="bar", grades=("优秀",))
    aside = {"effect": "the form takes no other", "count": "the form takes none"}
    yield Sample(bar, rule, others | {"grades": ("优秀", "良好")}, aside)
    cap = made("cap_grade", **case, effect="no_better", grades=("良好",))
    yield Sample(cap, rule, others | {"grades": ("合格",)}, aside)
    veto = made("veto", **case, effect="no_better", grades=("合格",), rank="keeps_rank")
    less = {"count": "the form takes none"}
    yield Sample(veto, rule, others | {"effect": "bar", "grades": ("不合格",)}, less)
    drop = made("drop_grade", when=FRAUD, effect="drop", count=amount("1"))
    aside = {"effect": "stands with count", "grades": "stands with the other effects"}
    yield Sample(drop, rule, others | {"count": amount("2")}, aside)
    to = made("drop_grade", when=FRAUD, effect="no_better", grades=("合格",))
    less = {"count": "stands with 降 1 个等次"}
    yield Sample(to, rule, others | {"effect": "set", "grades": ("良好",)}, less)
    raised = made("promote", when=FRAUD, effect="direct", grades=("优秀",), quota="no_quota")
    aside = {"effect": "the form takes no other", "count": "the form takes none"}
    aside |= {"scope": "a raising is the unit's own"}
    yield Sample(raised, rule, others | {"grades": ("良好",), "quota": "takes_quota"}, aside)
    open_case = made("undetermined", when=FRAUD, quota="keeps_place")
    aside = dict.fromkeys(("effect", "count", "grades"), "the form takes none")
    yield Sample(open_case, rule, others, aside)


def teams() -> Iterator[Sample]:
    column = fact("班子等次", "", ValueType.TEXT)

    def seen(clause: Any) -> Seen:
        kind = BY_KEY[clause.kind]
        found = Seen(told(kind.check(clause, rule_setting(scheme()))))
        if found.refused:
            return found
        types = {("单位", name): NodeType("单位", ValueType.GRADE, None, ALL_STATES) for name in ("等次",)}
        types |= {("单位", "班子等次"): NodeType("单位", ValueType.TEXT, None, ALL_STATES)}
        builder = Builder(types)
        unit = builder.column("单位", "等次")
        scope = SimpleNamespace(
            graph=builder, grades=ORDER, unit_grade=unit, number=lambda _: builder.column("单位", "班子等次"),
            limited=lambda start: start,
        )  # fmt: skip
        built = kind.lower(clause, scope)
        hands = [
            kind.by_hand(
                clause,
                SimpleNamespace(grades=ORDER, unit_grade=grade, text=lambda _: "良好", limited=lambda start: start),
            )
            for grade in ORDER
        ]
        return replace(found, built=(built, builder.graph()), by_hand=hands)

    own = made("scoped_grade", bound="free_of_unit", start=column)
    yield Sample(own, seen, {"bound": "no_better_than_unit", "start": None})


PERIOD = Period(date(2025, 1, 1), date(2025, 12, 31))
PAST = Table("历年等次", TableRole.FACT, RowOf.UNIT, (TableColumn("单位", ValueType.TEXT),), ())


def applied(clause: Any) -> Seen:
    """A look at a result application."""
    kind = BY_KEY[clause.kind]
    found = Seen(told(kind.check(clause, rule_setting(scheme(), period=PERIOD, tables=(PAST,)))))
    if found.refused:
        return found
    types = {("单位", name): NodeType("单位", ValueType.BOOL, None, ALL_STATES) for name in ("虚报", "迟报")}
    types |= {("单位", "等次"): NodeType("单位", ValueType.GRADE, None, ALL_STATES)}
    numbers = {
        name: NodeType("单位", ValueType.NUMBER, RATIO, ALL_STATES) for name in ("人数", "别人", "总分", "名次", "年数")
    }
    builder = Builder(types | {("单位", name): one for name, one in numbers.items()})
    built = kind.lower(clause, ApplicationScope(builder))
    hands = [
        kind.by_hand(clause, ApplicationFacts(frozenset({case}), grade=grade, total=Fraction(total)))
        for case in (FRAUD, OTHER)
        for grade, total in zip(ORDER, (97, 97, 65, 20), strict=True)
    ]
    told_ = (getattr(clause, "from_day", None), getattr(clause, "within", None), getattr(clause, "again", None))
    return replace(found, built=(built, builder.graph()), by_hand=hands, shell=told_)


def applications() -> Iterator[Sample]:
    table = made("application", grades=ORDER, numbers=grade_numbers("1.2", "1", "0.8", "0"))
    others: dict[str, Any] = {
        "grades": (*ORDER[:2], ORDER[3], ORDER[2]),
        "numbers": grade_numbers("1.3", "1", "0.8", "0"),
    }
    heads = fact("人数", "人")
    others |= {"whom": FRAUD, "base": heads, "most": amount("1.1"), "uncapped": "uncapped", "digits": 0, "mode": "down"}
    unpaid = {"uncapped": "asked for beside 计发基数", "digits": "stands with mode", "mode": "stands with digits"}
    yield Sample(table, applied, others, unpaid)
    paid = replace(table, base=heads, most=amount("20"), digits=0, mode="down")
    others = others | {"most": amount("9"), "digits": 1, "mode": "up", "base": fact("别人", "人")}
    yield Sample(paid, applied, others, {"uncapped": "stands in the place of 上限"})
    uncapped = replace(table, base=heads, uncapped="uncapped")
    yield Sample(uncapped, applied, {"uncapped": None}, dict.fromkeys(tuple(others), "tried above"))
    day = fact("通报日期", "", ValueType.DATE)
    term = {"from_day": day, "within": amount("1 个月")}
    yield Sample(made("measure", whom=FRAUD, action="约谈"), applied, {"whom": OTHER, **term})
    yield from of_heads(heads)
    yield from of_ranks(heads)
    yield from of_years()


def of_heads(heads: Any) -> Iterator[Sample]:
    shares = grade_numbers("0.2", "0.15", "0.1", "0")
    quota = made("staff_quota", grades=ORDER, shares=shares, heads=heads, mode="down")
    turned = (*ORDER[:2], ORDER[3], ORDER[2])
    others = {"grades": turned, "shares": grade_numbers("0.25", "0.15", "0.1", "0"), "whom": FRAUD}
    yield Sample(quota, applied, others | {"heads": fact("别人", "人"), "mode": "up"})
    scale = made(
        "pay_scale", grades=ORDER, starts=grade_numbers("2", "1.5", "1", "0"), ends=grade_numbers("3", "2", "1.5", "0"),
        outside="nearest_end", base=heads, most=amount("100"), digits=1, mode="down",
    )  # fmt: skip
    others = {"starts": grade_numbers("2.5", "1.5", "1", "0"), "ends": grade_numbers("4", "2", "1.5", "0")}
    others |= {"grades": turned, "whom": FRAUD, "outside": "not_paid", "base": fact("别人", "人"), "most": amount("9")}
    aside = {"uncapped": "stands in the place of 上限"}
    yield Sample(scale, applied, others | {"digits": 0, "mode": "up"}, aside)


def of_ranks(heads: Any) -> Iterator[Sample]:
    def place(low: int, high: int) -> Interval:
        return Interval(Fraction(low), Fraction(high), True, True)

    for key in ("by_rank", "by_rank_from_below"):
        prize = made(
            key, places=(place(1, 1), place(2, 2), place(3, 3)), numbers=grade_numbers("100", "70.55", "45"), equal="each_gets",
            base=heads, most=amount("2000"), digits=0, mode="down",
        )  # fmt: skip
        others: dict[str, Any] = {
            "places": (place(2, 2), place(1, 1), place(3, 3)),
            "numbers": grade_numbers("90", "60", "45"),
            "equal": "shared",
        }
        others |= {"whom": FRAUD, "base": fact("别人", "人"), "most": amount("700"), "digits": -2, "mode": "up"}
        yield Sample(prize, applied, others, {"uncapped": "stands in the place of 上限"})


def of_years() -> Iterator[Sample]:
    steps = made(
        "ladder", whom=InGrade(("不合格",)), years=(Interval(Fraction(1)), Interval(Fraction(2))),
        measures=("通报", "约谈"), again="not_again", steps="only_this_step",
    )  # fmt: skip
    others = {"whom": InGrade(("合格",)), "years": (Interval(Fraction(1)), Interval(Fraction(3)))}
    others |= {"measures": ("通报", "免职"), "steps": "all_steps", "again": "restart"}
    yield Sample(steps, applied, others, {"action": "the table says it"})


def schemes() -> Iterator[Sample]:
    def seen(given: Any) -> Seen:
        problems = told(BY_KEY["grades"].check(given, rule_setting(given)))
        found = Seen(problems)
        if found.refused:
            return found
        return replace(found, built=lowered(given, units), by_hand=hand(given, units))

    units = [
        *points(99, 97, 95, 95, 85, 70),
        Unit(points(94)[0].total, "乙"),
        *[Unit(points(50)[0].total, ranked=False)] * 6,
    ]
    units[4] = replace(units[4], promoted=(units[4].promoted[0], True))
    own = scheme(Fraction(5, 14))
    changed = (own.grades[0], replace(own.grades[1], band=Interval(Fraction(86), Fraction(90))),
               replace(own.grades[2], band=Interval(Fraction(60), Fraction(86))), own.grades[3])  # fmt: skip
    others = {"grades": changed, "by_category": True, "base": QuotaBase.APPRAISED, "rounding": Mode.DOWN}
    others |= {"tie": TieAtCut.ALL_OUT, "promoted": condition("晋级"), "overflow": False}
    whom = {"categories": "compile reads it: which units the table grades"}
    yield Sample(own, seen, others, whom)
    counted = replace(own, grades=(replace(own.grades[0], quota=Quota(QuotaKind.COUNT, Fraction(3))), *own.grades[1:]))
    none = {"base": "a number of places has no base", "rounding": "a number of places is whole", **whom}
    yield Sample(counted, seen, {key: value for key, value in others.items() if key not in none}, none)


MAKERS = (
    losses, gains, steps, ups_and_downs, conditions, shares, among_others, lines, by_people, ledgers,
    by_turns, combined, voted,
    individuals, by_period, in_a_row, rulings, teams, applications, schemes,
)  # fmt: skip


def samples() -> Iterator[tuple[str, Sample]]:
    """All samples with the key of their kind."""
    for maker in MAKERS:
        for sample in maker():
            yield getattr(sample.clause, "kind", "grades"), sample


__all__ = ["Sample", "Seen", "samples"]
