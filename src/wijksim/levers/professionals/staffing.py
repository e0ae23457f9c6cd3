"""More or fewer professionals, by role and employer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.employers import PAYERS
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import EMPLOYERS, Organisation, Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ALL = "all"
_STORE = "professionals.base_fte"


@LEVERS.register
class Staffing(Lever):
    """Change the formation (formatie) of one role or of all, up or down.

    Coverage and uptake make the change smaller: the part of the posts it is meant for, and of those the part
    for which employers carry it out. Up: new posts begin vacant and are filled after the usual months of
    recruitment, then half productive while their holders are trained in. Down: vacant posts go first, then the
    last that came; their residents are handed over to others and lose their worker. The accounts book every
    filled post at its price (ASM-06, STF-02) to its payer, so a cut shows as a saving and a post that stays
    vacant costs nothing.
    """

    name: ClassVar[str] = "staffing"
    title: ClassVar[str] = "Staffing change"
    title_nl: ClassVar[str] = "Meer of minder professionals"
    explain: ClassVar[str] = "Adds or removes a share of the posts of a role in the chosen districts."
    explain_nl: ClassVar[str] = (
        "Breidt de formatie van een functie in de gekozen wijken uit of bezuinigt erop."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("fund",)
    evidence: ClassVar[tuple[str, ...]] = (
        "L030",
        "ASM-01",
        "ASM-06",
        "PRO-10",
        "PRO-11",
        "EFF-42",
        "M003",
        "M006",
    )
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L030",
            moves="crises",
            sign=-1,
            differs="Posts alone, half more of social workers and community builders; how they work is as before.",
            arguments={"role": Profession.SOCIAL_WORKER.key, "change": 1 / 2},
            together=(
                {
                    "lever": "staffing",
                    "id": "community-builders",
                    "role": Profession.COMMUNITY_BUILDER.key,
                    "change": 1 / 2,
                },
            ),
        ),
    )
    role = Argument(
        Profession.SOCIAL_WORKER.key, (ALL, *(role.key for role in Profession)), "Role that changes"
    )
    organisation = Argument(
        ALL, (ALL, *(employer.key for employer in Organisation)), "Employer whose posts change"
    )
    change = Param(
        0.25,
        "share of standing fte",
        (-1.0, 2.0),
        "policy",
        "D",
        ("ASM-01", "PRO-11"),
        "Change in fte, -0.25 is a cut",
    )
    ramp = Param(
        12.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months over which the change is phased in"
    )
    decay = Param(
        0.0, "months", (0.0, 300.0), "assumed", "D", ("design",), "Half-life of the change after the end"
    )

    def fault(self) -> str:
        """An employer that has nobody in the role: the change would be of nothing."""
        wanted, employer = self.arguments["role"], self.arguments["organisation"]
        if employer == ALL:
            return ""
        has = [role.key for role in Profession if Organisation[employer.upper()] in EMPLOYERS[role]]
        if wanted in (ALL, *has):
            return ""
        others = ", ".join(one.key for one in EMPLOYERS[Profession[wanted.upper()]])
        return f"'{employer}' employs no {wanted}, but {', '.join(has)}; a {wanted} works for {others}"

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the change; the accounts book posts by role and payer as long as they are filled."""
        for capacity, amount in self.changes(ctx, dose).items():
            self.fund(ctx, capacity, amount)

    def changes(self, ctx: Context, dose: float) -> dict[str, NDArray[np.float64]]:
        """Change in fte by capacity, each of shape ``(n_districts,)``; nothing where nothing stands."""
        base: NDArray[np.float64] | None = ctx.world.stores.get(_STORE)
        change = self.number("change") * dose * self.number("coverage") * self.number("uptake")
        found: dict[str, NDArray[np.float64]] = {}
        if base is None or change == 0:
            return found
        here = self.districts(ctx)
        wanted, employer = self.arguments["role"], self.arguments["organisation"]
        for role in Profession:
            if wanted not in (ALL, role.key):
                continue
            if employer == ALL:
                standing, capacity = base[role].sum(axis=0), f"fte.{role.key}"
            else:
                standing = base[role, Organisation[employer.upper()]]
                capacity = f"fte.{role.key}.{employer}"
            amount = np.where(here, standing * change, 0.0)
            if amount.any():
                found[capacity] = amount
        return found

    def yearly_cost(self, ctx: Context, dose: float) -> dict[str, float]:
        """Full cost a year of the change by payer, negative for a saving, at the prices of the accounts.

        For tables that announce what a lever costs; what is booked is what posts cost while they are filled.
        """
        total: dict[str, float] = {}
        for capacity, amount in self.changes(ctx, dose).items():
            role = Profession[capacity.split(".")[1].upper()]
            payer = PAYERS[role]
            price = ctx.values[f"prices.fte_{role.key}"]
            total[payer] = total.get(payer, 0.0) + float(amount.sum()) * price
        return total
