"""Functions of expressions: how many numbers each takes, in what unit its result is, what must be written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl.model import expression as model
from perfdsl.model.expression import Expression, Fn
from perfdsl.model.rounding import Rounding
from perfdsl.model.units import RATIO, Mode, Unit, ValueType
from perfdsl.syntax import nodes
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import scoring

if TYPE_CHECKING:
    from perfdsl.compile.expressions import Reader, Typed

MODES = {"half_up": Mode.HALF_UP, "half_even": Mode.HALF_EVEN, "down": Mode.DOWN, "up": Mode.UP}
"""Words of rounding."""
ONE, SOME = (1, 1), (2, None)
COUNTS: dict[str, tuple[int, int | None]] = {
    "ln": ONE,
    "power": (2, 2),
    "root": ONE,
    "geometric": SOME,
    "harmonic": SOME,
    "mean_of": SOME,
    "round": ONE,
    "whole": ONE,
    "within": (3, 3),
    "least": SOME,
    "greatest": SOME,
    "absolute": ONE,
}
"""Function → least and most numbers in its brackets."""
SAMPLES = {
    "ln": "自然对数（指标值）",
    "power": "幂（指标值、1÷3）",
    "root": "平方根（指标值）",
    "geometric": "几何平均（甲、乙、丙）",
    "harmonic": "调和平均（甲、乙）",
    "mean_of": "各项平均（甲、乙、丙、至少 2 项有数）",
    "round": "取舍（指标值、保留 2 位、四舍五入）",
    "whole": "取整（指标值、舍去尾数）",
    "within": "限于（指标值、0、1）",
    "least": "取小（甲、乙）",
    "greatest": "取大（甲、乙）",
    "absolute": "绝对值（指标值）",
}
OPTIONS = {"round": frozenset({"digits", "mode"}), "whole": frozenset({"mode"}), "mean_of": frozenset({"present"})}
"""Function → what may be written behind its numbers."""
LARGEST = 1000
"""The largest numerator and denominator of an exponent."""


def function(reader: Reader, node: nodes.Function, typed: Sequence[Typed]) -> Typed | None:
    """The meaning of ``node`` with its arguments read, or None where something was reported."""
    least, most = COUNTS[node.name]
    if len(typed) < least or (most is not None and len(typed) > most):
        reader.context.say(say.function_arguments(node.span, f"括号里写了 {len(typed)} 个数", SAMPLES[node.name]))
        return None
    fitting = OPTIONS.get(node.name, frozenset())
    strange = "mode" not in fitting or not set(node.options) <= MODES.keys() or len(node.options) > 1
    if (
        (node.options and strange)
        or (node.kept is not None and "digits" not in fitting)
        or (node.present is not None and "present" not in fitting)
    ):
        reader.context.say(say.function_arguments(node.span, "后面几个词不是这样用的", SAMPLES[node.name]))
        return None
    match node.name:
        case "ln":
            return _ln(reader, node, typed[0])
        case "power":
            return _power(reader, node, typed[0], constant(typed[1].expression))
        case "root":
            return _power(reader, node, typed[0], Fraction(1, 2))
        case "round" | "whole":
            return _rounded(reader, node, typed[0])
        case "within":
            return _within(reader, node, typed)
        case "mean_of":
            return _mean_of(reader, node, typed)
    parts = lent(typed)
    fn = {"geometric": Fn.GEOMETRIC, "harmonic": Fn.HARMONIC, "least": Fn.LEAST}.get(node.name)
    fn = fn or {"greatest": Fn.GREATEST, "absolute": Fn.ABSOLUTE}[node.name]
    return reader.same_unit(node, model.Call(fn, tuple(one.expression for one in parts), span=node.span), parts)


def _ln(reader: Reader, node: nodes.Function, of: Typed) -> Typed | None:
    from perfdsl.compile.expressions import Typed

    unit = of.unit or RATIO
    if unit != RATIO:
        reader.context.say(scoring.unit_in_function(node.span, "取对数", str(unit), _over_one(of, unit)))
        return None
    return Typed(model.Call(Fn.LN, (of.expression,), span=node.span), ValueType.NUMBER, RATIO)


def _power(reader: Reader, node: nodes.Function, of: Typed, exponent: Fraction | None) -> Typed | None:
    from perfdsl.compile.expressions import Typed

    if exponent is None or max(abs(exponent.numerator), exponent.denominator) > LARGEST:
        what = "指数要写成一个数" if exponent is None else f"指数的分子、分母不能大于 {LARGEST}"
        reader.context.say(say.function_arguments(node.span, what, SAMPLES["power"]))
        return None
    unit = of.unit or RATIO
    raised = unit.power(exponent)
    if raised is None:
        reader.context.say(scoring.unit_in_function(node.span, "开方、乘方", str(unit), _over_one(of, unit)))
        return None
    call = model.Call(Fn.POWER, (of.expression, model.Number(exponent, RATIO, span=node.span)), span=node.span)
    return Typed(call, ValueType.NUMBER, raised)


def _over_one(of: Typed, unit: Unit) -> str:
    written = of.expression.span.text if of.expression.span else "指标值"
    return f"（{written}）÷ 1 {unit}"


def _rounded(reader: Reader, node: nodes.Function, of: Typed) -> Typed | None:
    from perfdsl.compile.expressions import Typed

    places = node.kept.digits if node.kept is not None else 0 if node.name == "whole" else None
    if places is None or not node.options:
        reader.context.say(scoring.rounding_in_function(node.span, SAMPLES[node.name]))
        return None
    rounding = Rounding(places, MODES[node.options[0]])
    return Typed(model.Rounded(of.expression, rounding, span=node.span), ValueType.NUMBER, of.unit)


def _within(reader: Reader, node: nodes.Function, typed: Sequence[Typed]) -> Typed | None:
    of, low, high = lent(typed)
    ends = constant(low.expression), constant(high.expression)
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        reader.context.say(say.function_arguments(node.span, "下限大于上限", SAMPLES["within"]))
        return None
    floor = model.Call(Fn.GREATEST, (of.expression, low.expression), span=node.span)
    return reader.same_unit(node, model.Call(Fn.LEAST, (floor, high.expression), span=node.span), (of, low, high))


def _mean_of(reader: Reader, node: nodes.Function, typed: Sequence[Typed]) -> Typed | None:
    parts = lent(typed)
    present, least = node.present, None
    if present is not None:
        count = present.count.number if isinstance(present.count, nodes.Quantity) else Fraction(0)
        if count.denominator != 1 or not 1 <= count <= len(parts):
            reader.context.say(scoring.present_of_parts(present.span, len(parts)))
            return None
        least = int(count)
    mean = model.MeanOf(tuple(one.expression for one in parts), least, span=node.span)
    return reader.same_unit(node, mean, parts)


def lent(typed: Sequence[Typed]) -> list[Typed]:
    """Numbers written without a unit take that of the others."""
    from perfdsl.compile.expressions import lend_unit

    model_ = next((one for one in typed if not one.bare), None)
    return list(typed) if model_ is None else [lend_unit(one, model_) for one in typed]


def constant(expression: Expression) -> Fraction | None:
    """The number that an expression of written numbers comes to (1÷3), else None."""
    match expression:
        case model.Number(value=value, unit=unit):
            return value if unit == RATIO else None
        case model.Call(fn=Fn.NEGATE, args=(one,)):
            inner = constant(one)
            return None if inner is None else -inner
        case model.Call(fn=Fn.DIVIDE, args=(one, other)):
            over, under = constant(one), constant(other)
            return None if over is None or not under else over / under
    return None
