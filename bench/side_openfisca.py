"""The row-local part of W200 in OpenFisca: one variable with a formula for each indicator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from exact import Column, hundredths, local, score_key
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from w200 import Indicator, Numbers, indicators

YEAR = 2025
COLUMNS = {"share": ("实绩", "任务"), "between": ("实绩", "上年", "任务"), "weighted": ("实绩", "另项", "任务")}


class OpenFisca:
    """Its own arrays of float32 in and out; setting the inputs is part of the run, as every simulation needs it."""

    name = "OpenFisca"

    def __init__(self) -> None:
        unit = build_entity("unit", "units", "a unit", is_person=True)
        self.system = TaxBenefitSystem([unit])
        for one in filter(local, indicators()):
            names = inputs(one)
            for name in names:
                self.system.add_variable(_variable(name, unit))
            self.system.add_variable(_variable(score_key(one), unit, _formula(one, names)))

    def given(self, found: Numbers) -> Mapping[str, Any]:
        return {
            name: found.columns[f"{word}{one.number:03d}"] / 10**one.digits
            for one in filter(local, indicators())
            for name, word in zip(inputs(one), COLUMNS.get(one.kind, ("实绩",)), strict=True)
        }

    def run(self, given: Mapping[str, Any]) -> dict[str, Any]:
        simulation = SimulationBuilder().build_default_simulation(self.system, len(next(iter(given.values()))))
        for name, values in given.items():
            simulation.set_input(name, YEAR, values)
        keys = [score_key(one) for one in indicators() if local(one)]
        return {key: simulation.calculate(key, YEAR) for key in keys}

    def answers(self, given: Mapping[str, Any], made: dict[str, Any]) -> Iterable[Column]:
        for name, values in made.items():
            yield name, hundredths(values)


def inputs(one: Indicator) -> list[str]:
    """Names of the columns of an indicator."""
    return [f"c{one.number:03d}_{place}" for place in range(len(COLUMNS.get(one.kind, ("实绩",))))]


def _variable(name: str, entity: Any, formula: Callable[..., Any] | None = None) -> type[Variable]:
    told = {"value_type": float, "entity": entity, "definition_period": DateUnit.YEAR}
    return type(name, (Variable,), told | ({"formula": formula} if formula else {}))


def _formula(one: Indicator, names: list[str]) -> Callable[..., Any]:
    full = one.cents / 100

    def formula(unit: Any, period: Any) -> Any:
        of, *others = (unit(name, period) for name in names)
        match one.kind:
            case "share":
                score = np.minimum(of / others[0] * full, full)
            case "between":
                score = np.clip(full * (of - others[0]) / (others[1] - others[0]), 0, full)
            case "weighted":
                score = np.minimum((3 * of + 7 * others[0]) / (10 * others[1]) * full, full)
            case "bands":
                edges = np.array(one.edges[::-1])
                points = np.array([0, *(one.share(p) / 100 for p in reversed(range(len(one.edges))))])
                return points[np.searchsorted(edges, of, side="right")]
            case _:
                score = np.maximum(full - np.ceil(np.maximum(of - one.allowed, 0)) * (one.lost / 100), 0)
        return np.floor(score * 100 + 0.5) / 100

    return formula
