"""One yearly budget per resident, to which the levers of a variant scale (gelijk budget)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever
from wijksim.kernel.prices import indexed, price_of

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_FTE, _JOB, _CENTRE = "fte.", "places.basic_job", "facilities.places.centre"
_JOB_COSTS = ("work.basic_job_wage_cost", "work.basic_job_charges_cost", "work.basic_job_support_cost")


@LEVERS.register
class YearlyBudget(Lever):
    """Scale the doses of programmes together until what they use in the target districts is the budget.

    Counted is what the programmes it is aimed at used there last month, with their run-up complete: posts, basic jobs
    and community centres at their prices, and all that was booked for them, by themselves or by who acts for them
    (hours of school, language classes, premises). What comes once, such as premises made, counts over a year. Works on
    dwellings have their own money: they are neither scaled nor counted; nor is what comes back as a saving. A budget
    larger than programmes can use at ``most`` times their dose is not used up. It holds from the second month on.

    A programme that works in other districts as well is scaled within the target only: people and capacities there,
    while what it asks or chooses for all districts at once keeps its dose. Two budgets for one programme in the same
    place are refused.
    """

    name: ClassVar[str] = "yearly-budget"
    title: ClassVar[str] = "One budget for the package"
    title_nl: ClassVar[str] = "Eén budget voor het pakket"
    explain: ClassVar[str] = (
        "Programmes are scaled up or down together until they cost one sum per resident a year."
    )
    explain_nl: ClassVar[str] = (
        "Programma's worden samen groter of kleiner gemaakt tot ze een vast bedrag per inwoner per jaar kosten."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L065", "G012")
    targets: ClassVar[tuple[str, ...]] = ("districts",)
    alone: ClassVar[bool] = True

    aim = Argument(EVERYTHING, (), "Levers or families that share the budget, separated by commas")
    per_resident = Param(
        400, "EUR per resident a year", (0, 2000), "policy", "C", ("L065", "G012"),
        "Budget, counted over residents of the target districts", price_year=2021,
    )  # fmt: skip
    most = Param(3.0, "ratio", (1.0, 10.0), "policy", "D", ("design",), "Most that doses are raised")
    ramp = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "Programmes have run-ups of their own"
    )
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    _factor: float = 1
    _applied: float = 1
    _once: tuple[float, ...] = ()

    def act(self, ctx: Context, dose: float) -> None:
        """Set the factor from what was used last month; it holds until something is known."""
        here = self.districts(ctx)
        full = self.at_full_dose(ctx, here)
        if full > 0:
            people = float(ctx.world.by_district("resident")[here].sum())
            euros = indexed(ctx, self.number("per_resident"), self.per_resident.price_year) * people
            self._factor = min(euros / MONTHS_PER_YEAR / full, self.number("most"))
        self._applied = 1 + dose * (self._factor - 1)
        self.govern(ctx, self.aimed(), Governed(means=np.where(here, self._applied, 1.0)))

    def at_full_dose(self, ctx: Context, here: NDArray[np.bool_]) -> float:
        """Euros a month of the programmes of last month in the districts ``here``, run up and without this budget."""
        if self._applied <= 0:
            return 0.0  # nothing is used of which could be told what it would cost
        spent = ctx.effects.spending
        aim = self.aimed()
        scaled = {
            lever: whole / spent.doses[lever]
            for lever, whole in spent.whole.items()
            if EVERYTHING in aim or not aim.isdisjoint(spent.words[lever])
        }
        total = 0.0
        for lever, capacity, amount in spent.funded:
            total += float(amount[here].sum()) * self._price(ctx, capacity) * scaled.get(lever, 0.0)
        for lever, euros in spent.booked:
            total += float(euros[here].sum()) * scaled.get(lever, 0.0)
        once = sum(float(euros[here].sum()) for lever, euros in spent.once if lever in scaled)
        # the doses of last month hold the factor of that month
        self._once = (*self._once, once / self._applied)[-MONTHS_PER_YEAR:]
        return max(total / self._applied + sum(self._once) / MONTHS_PER_YEAR, 0.0)

    def _price(self, ctx: Context, capacity: str) -> float:
        """Euros a month of one unit of a capacity; nothing for what has no price of its own."""
        if capacity.startswith(_FTE):
            return price_of(ctx, f"prices.fte_{capacity.split('.')[1]}") / MONTHS_PER_YEAR
        if capacity == _JOB:
            return sum(price_of(ctx, name) for name in _JOB_COSTS) / MONTHS_PER_YEAR
        if capacity == _CENTRE:
            return price_of(ctx, "facilities.centre_price") / MONTHS_PER_YEAR
        return 0.0
