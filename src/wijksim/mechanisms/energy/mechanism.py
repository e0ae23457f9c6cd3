"""Energy cost: label of the home x use of the household x price of this month (O28).

The bill is part of what a household cannot do without. The basic budget of the debt account holds the energy of a
mean home at the prices of that budget; ``household.energy_excess`` is what a household pays above or below it. On the
national reference that is zero in the mean, so that energy moves who comes into trouble and, when prices move, how
many; the national level of problem debt stays where it was fitted.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.core.variates import to_normal
from wijksim.kernel.kept import Kept, KeptTerms
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.kernel.prices import indexed
from wijksim.mechanisms.energy import loops
from wijksim.state.codes import EnergyLabel
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

OWNER, ADVISE = "energy", "advise"
_BOOKED = ("energy_bill",)

_HEAT = itemgetter(*(f"energy.heat_{label.name.lower()}" for label in EnergyLabel))
_SHARES = tuple(f"build.energy_{label.name.lower()}" for label in EnergyLabel)
_NEEDS = itemgetter(
    "energy.flat_ratio", "energy.water_person", "energy.power_household", "energy.power_person", "energy.gas_price",
    "energy.power_price", "energy.standing_charge",
)  # fmt: skip
_HELD = itemgetter("energy.budget_heat", "energy.budget_gas_price", "energy.budget_power_price")


@Kept
def _figures(
    values: dict[str, float],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """Heat by label, needs and prices, the basic budget and the share of income above which a bill is too high."""
    heat, needs, held = (np.array(given(values)) for given in (_HEAT, _NEEDS, _HELD))
    return heat, needs, held, values["energy.poverty_share"]


@KeptTerms
def _euro(ctx: Context) -> float:
    """Euros of the year of the accounts in a euro of bills: these are in the euros in which energy is priced."""
    return indexed(ctx, 1.0, ctx.parameters["energy.gas_price"].price_year)


@MECHANISMS.register
class Energy(Mechanism):
    """The energy bill of households and who pays too much of the income for it (energiearmoede)."""

    name = "energy"
    channels = (f"{OWNER}.{ADVISE}",)
    owns = (
        Column("household.energy_use", np.float32, "ratio", "Use against like households in like homes", low=0),
        Column("household.energy_cost", np.float32, "EUR/month", "Energy bill (energierekening)", low=0),
        Column("household.energy_excess", np.float32, "EUR/month",
               "Energy bill less what the basic budget holds for it"),
        Column("household.energy_saved", np.float32, "EUR/month",
               "Saved on the bill by energy advice (energiecoach, energiebox)", low=0),
        Column("household.energy_poor", np.bool_, "-",
               "Pays a large part of income for energy (hoge energiequote); students not counted"),
    )  # fmt: skip
    reads = ("household.income",)
    lagged = ("dwelling.energy_label",)
    costs = (
        CostItem(_BOOKED[0], "Energy bills of households", "Energierekeningen", (("residents", 1.0),), grade="D",
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

    @only(("household", "founded"), ("household", "arrived"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """New households use more or less than others by luck; the next step sends the bill."""
        self._use(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Bills of this month, booked to the residents who pay them."""
        if ctx.effects.acts:
            self._advise(ctx)
        ctx.ledger.enter(_BOOKED, self._bills(ctx) * _euro(ctx))

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
        use = ctx.draws.life("energy.use", table.uid.take(rows))
        to_normal(use)
        use *= spread
        use -= spread**2 / 2
        table.energy_use[rows] = np.exp(use, out=use)

    def _advise(self, ctx: Context) -> None:
        """Households that a programme advises: it asks ``energy`` to ``advise`` ``households`` on ``saving``.

        The saving, in euros a year of the year of the accounts, stays with the household; advice given twice saves no
        more than the better of the two.
        """
        asked = [details for _, owner, act, details in ctx.effects.acts if (owner, act) == (OWNER, ADVISE)]
        if not asked:
            return
        table = ctx.world.household
        euro = _euro(ctx)
        for details in asked:
            rows = details["households"]
            rows = rows[table.alive[rows]]
            monthly = np.float32(details["saving"] / euro / MONTHS_PER_YEAR)
            table.energy_saved[rows] = np.maximum(table.energy_saved[rows], monthly)
        ctx.counters.peak("energy.advised_households", float(np.count_nonzero(table.energy_saved)))

    def _bills(self, ctx: Context) -> NDArray[np.float64]:
        """Bills of this month, and what they add up to by district, shape ``(1, n_districts)``."""
        world = ctx.world
        table, dwelling, spent = world.household, world.dwelling, np.zeros((1, world.n_districts))
        loops.bills(
            table.alive, table.dwelling, table.persons, table.head, table.income, table.energy_use,
            dwelling.energy_label, dwelling.kind, world.resident.activity, *_figures(ctx.values), table.energy_saved,
            table.energy_cost, table.energy_excess, table.energy_poor, table.district, spent[0],
        )  # fmt: skip
        return spent
