"""One yearly budget per resident, to which the levers of a variant scale (gelijk budget)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever
from wijksim.kernel.prices import indexed, price_of

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_FTE, _JOB = "fte.", "places.basic_job"
_JOB_COSTS = ("work.basic_job_wage_cost", "work.basic_job_charges_cost", "work.basic_job_support_cost")


@LEVERS.register
class YearlyBudget(Lever):
    """Scale the doses of programmes together until what they use at full dose is the budget.

    Counted is what the programmes used last month, brought to their full dose: posts and basic jobs at their prices,
    and what levers book for themselves. What others book because a lever asked for it (hours of school, language
    classes, premises) is not counted, so a package that leans on those costs more than its budget. Works on dwellings
    have their own money and are not scaled; nor is what comes back as a saving. A budget larger than programmes can
    use at ``most`` times their dose is not used up. It holds from the second month on, counts what programmes use in
    all districts against the residents of its target, and two budgets for one package multiply: give one.
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

    def act(self, ctx: Context, dose: float) -> None:
        """Set the factor from what was used last month; it holds until something is known."""
        full = self.at_full_dose(ctx)
        if full > 0:
            people = float(ctx.world.by_district("resident")[self.districts(ctx)].sum())
            euros = indexed(ctx, self.number("per_resident"), self.per_resident.price_year) * people
            self._factor = min(euros / MONTHS_PER_YEAR / full, self.number("most"))
        self.govern(ctx, self.aimed(), Governed(dose=1 + dose * (self._factor - 1)))

    def at_full_dose(self, ctx: Context) -> float:
        """Euros a month of the programmes of last month, each brought to its full dose without this budget."""
        spent, total = ctx.effects.spending, 0.0
        used: dict[str, float] = {}
        for lever, capacity, amount in spent.funded:
            used[lever] = used.get(lever, 0.0) + amount * self._price(ctx, capacity)
        for lever, euros in spent.booked:
            used[lever] = used.get(lever, 0.0) + euros
        for lever, euros in used.items():
            # the doses of last month hold the factor of that month, which stands for one of this one
            if spent.doses.get(lever, 0) > 0:
                total += euros / spent.doses[lever]
        return max(total, 0.0)

    def _price(self, ctx: Context, capacity: str) -> float:
        """Euros a month of one unit of a capacity; nothing for what has no price of its own."""
        if capacity.startswith(_FTE):
            return price_of(ctx, f"prices.fte_{capacity.split('.')[1]}") / MONTHS_PER_YEAR
        if capacity == _JOB:
            return sum(price_of(ctx, name) for name in _JOB_COSTS) / MONTHS_PER_YEAR
        return 0.0
