"""Energy cost: label of the home x use of the household x price of this month (O28).

The bill is part of what a household cannot do without. The basic budget of the debt account holds the energy of a
mean home at the prices of that budget; ``household.energy_excess`` is what a household pays above or below it. On the
national reference that is zero in the mean, so that energy moves who comes into trouble and, when prices move, how
many; the national level of problem debt stays where it was fitted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.prices import indexed
from wijksim.state.codes import Activity, DwellingKind, EnergyLabel
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]

_HEAT = tuple(f"energy.heat_{label.name.lower()}" for label in EnergyLabel)
_SHARES = tuple(f"build.energy_{label.name.lower()}" for label in EnergyLabel)
_FLAT, _STUDENT = int(DwellingKind.FLAT), int(Activity.STUDENT)


@MECHANISMS.register
class Energy(Mechanism):
    """The energy bill of households and who pays too much of the income for it (energiearmoede)."""

    name = "energy"
    owns = (
        Column("dwelling.energy_label", np.int8, "code", "Energy label (energielabel)", codes=EnergyLabel),
        Column("household.energy_use", np.float32, "ratio", "Use against like households in like homes", low=0),
        Column("household.energy_cost", np.float32, "EUR/month", "Energy bill (energierekening)", low=0),
        Column("household.energy_excess", np.float32, "EUR/month",
               "Energy bill less what the basic budget holds for it"),
        Column("household.energy_poor", np.bool_, "-",
               "Pays a large part of income for energy (hoge energiequote); students not counted"),
    )  # fmt: skip
    reads = ("household.income",)
    costs = (
        CostItem("energy_bill", "Energy bills of households", "Energierekeningen", (("residents", 1.0),), grade="D",
                 kind="energy"),
    )  # fmt: skip

    def setup(self, ctx: Context) -> None:
        """Draw how much households use, and labels where the builder gave none; then a first bill."""
        dwelling, household = ctx.world.dwelling, ctx.world.household
        if dwelling.size and not dwelling.energy_label.any():
            share = np.cumsum([ctx.values[name] for name in _SHARES])
            luck = ctx.draws.life("energy.label", dwelling.uid)
            dwelling.energy_label[:] = np.searchsorted(share[:-1] / share[-1], luck)
        self._use(ctx, household.rows)
        self._bills(ctx)

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """New households use more or less than others by luck; the next step sends the bill."""
        del how
        if table == "household":
            self._use(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Bills of this month, booked to the residents who pay them."""
        self._bills(ctx)
        spent = ctx.world.by_district("household", ctx.world.household.energy_cost)
        year = ctx.parameters["energy.gas_price"].price_year
        ctx.ledger.book("energy_bill", spent * indexed(ctx, 1.0, year))

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Mean bill now, and what it is above the basic budget, EUR a month."""
        table = ctx.world.household
        rows = table.rows
        return {
            "energy.mean_bill": float(table.energy_cost[rows].mean()) if rows.size else None,
            "energy.mean_excess": float(table.energy_excess[rows].mean()) if rows.size else None,
        }

    def _use(self, ctx: Context, rows: Rows) -> None:
        """Lognormal with mean 1, once in the life of a household."""
        table, spread = ctx.world.household, ctx.values["energy.use_spread"]
        z = ctx.draws.life_normal("energy.use", table.uid[rows])
        table.energy_use[rows] = np.exp(spread * z - spread**2 / 2)

    def _bills(self, ctx: Context) -> None:
        world, values = ctx.world, ctx.values
        table, dwelling = world.household, world.dwelling
        rows = table.rows
        home = table.dwelling[rows]
        heat = np.array([values[name] for name in _HEAT])[dwelling.energy_label[home]]
        heat *= np.where(dwelling.kind[home] == _FLAT, values["energy.flat_ratio"], 1)
        persons = table.persons[rows].astype(np.float64)
        prices = (values["energy.gas_price"], values["energy.power_price"])
        cost = bill(values, heat, persons, prices=prices, use=table.energy_use[rows])
        prices = (values["energy.budget_gas_price"], values["energy.budget_power_price"])
        held = bill(values, values["energy.budget_heat"], persons, prices=prices)
        for column in ("energy_cost", "energy_excess", "energy_poor"):
            table[column].fill(0)
        table.energy_cost[rows] = cost
        table.energy_excess[rows] = cost - held
        learning = world.resident.activity[table.head[rows]] == _STUDENT
        table.energy_poor[rows] = (cost > values["energy.poverty_share"] * table.income[rows]) & ~learning


def bill(
    values: dict[str, float],
    heat: Floats | float,
    persons: Floats,
    *,
    prices: tuple[float, float],
    use: NDArray[Any] | float = 1.0,
) -> Floats:
    """Energy bill in EUR a month.

    Parameters
    ----------
    heat
        Gas for heating, m3 a year.
    persons
        Members of the households, shape of the result.
    prices
        Of gas and of electricity, EUR per m3 and per kWh.
    use
        Use against like households.
    """
    gas = heat + values["energy.water_person"] * persons
    power = values["energy.power_household"] + values["energy.power_person"] * persons
    yearly = use * (gas * prices[0] + power * prices[1])
    result: Floats = yearly / MONTHS_PER_YEAR + values["energy.standing_charge"]
    return result
