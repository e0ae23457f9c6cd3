"""Income and poverty."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import Mean, Share

# modified OECD scale: each further adult counts for half, each child for three tenths
FURTHER_ADULT = 0.5
CHILD = 0.3


@compiled
def _shared_out(
    income: NDArray[np.float64],
    adults: NDArray[np.int16],
    children: NDArray[np.int16],
    out: NDArray[np.float64],
) -> None:
    for row in range(income.size):
        out[row] = income[row] / (1 + FURTHER_ADULT * max(adults[row] - 1, 0) + CHILD * children[row])


@MEASURES.register
class Income(Mean):
    """Disposable household income per equivalent adult (modified OECD scale), mean over households."""

    name = "income"
    label, label_nl = "Income per equivalent adult", "Gestandaardiseerd besteedbaar inkomen"
    unit = "EUR a month"
    direction = 1
    table = "household"
    theme = "income"
    outcome = ("O25",)

    def counted(self, ctx: Context) -> NDArray[Any]:
        """Income by equivalent adults."""
        table = ctx.world.household
        shared = np.empty(table.size)
        _shared_out(table.income, table.adults, table.children, shared)
        return shared


class _OfHouseholds(Share):
    table: ClassVar[str] = "household"
    theme: ClassVar[str] = "income"


@MEASURES.register
class Poverty(_OfHouseholds):
    """Households below the low-income threshold (laag inkomen)."""

    name = "poverty"
    label, label_nl = "Households in poverty", "Huishoudens met een laag inkomen"
    direction = -1
    column = "household.poor"
    outcome = ("O25",)


@MEASURES.register
class LowestFifth(_OfHouseholds):
    """Households in the lowest fifth of standardised income in the country; places publish disposable income."""

    name = "income_lowest_fifth"
    label, label_nl = "Households in the lowest fifth", "Huishoudens in het laagste inkomenskwintiel"
    column = "household.income_fifth"
    codes = (0,)
    outcome = ("O25",)


@MEASURES.register
class TakeUp(_OfHouseholds):
    """Households that claim the allowances they are entitled to."""

    name = "allowance_takeup"
    label, label_nl = "Households that claim allowances", "Huishoudens die toeslagen gebruiken"
    direction = 1
    column = "household.takeup"


@MEASURES.register
class HousingCosts(Mean):
    """Net rent or mortgage payment."""

    name = "housing_cost"
    label, label_nl = "Housing cost", "Netto woonlasten"
    unit = "EUR a month"
    direction = -1
    table = "household"
    theme = "income"
    column = "household.housing_cost"
    outcome = ("O28",)


@MEASURES.register
class EnergyCost(Mean):
    """What a household pays for heat and electricity."""

    name = "energy_cost"
    label, label_nl = "Energy cost", "Energierekening"
    unit = "EUR a month"
    direction = -1
    table = "household"
    theme = "income"
    column = "household.energy_cost"
    outcome = ("O28",)


@MEASURES.register
class EnergyPoverty(_OfHouseholds):
    """Households that pay more than a tenth of their income for energy; those of students are not counted."""

    name = "energy_poverty"
    label, label_nl = "Households in energy poverty", "Huishoudens met een hoge energiequote"
    direction = -1
    column = "household.energy_poor"
    outcome = ("O28",)
