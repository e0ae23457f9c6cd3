"""Caretakers: one for so many dwellings, who sees, speaks and mends (L056)."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Tenure
from wijksim.state.roles import Profession
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_STANDING = "professionals.base_fte"
_CORPORATION = int(Tenure.CORPORATION)


@LEVERS.register
class Caretakers(Lever):
    """Give corporation tenants a caretaker for fewer dwellings (huismeesters, sociaal beheerders).

    *Sees*: caretakers raise the alarm in proportion to the caretakers at work, which the professionals do by
    themselves. *Speaks*: somebody who causes trouble stops sooner, at the ratio of the source's curve, which is
    steepest where a caretaker has few dwellings; the usual hours of caretakers at a norm are in the model already and
    bring nothing above that norm. *Mends*: litter and damage beyond the usual are put right sooner in entrances with
    tenants. Found: trouble fell in half of 31 complexes within a year, without a control group. Posts are booked by the
    accounts, part of it in the service charge; they are vacant first and filled after some months.
    """

    name: ClassVar[str] = "caretakers"
    title: ClassVar[str] = "Caretakers for fewer dwellings"
    title_nl: ClassVar[str] = "Huismeesters en beheerders"
    explain: ClassVar[str] = "Each caretaker has fewer dwellings, and is there daily to see, speak and mend."
    explain_nl: ClassVar[str] = (
        "Elke huismeester heeft minder woningen en is er elke dag om te kijken, aan te spreken en te repareren."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L056", "ASM-03", "NUI-23")
    grade: ClassVar[str] = "C"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L056", moves="nuisance_often", sign=-1,
            differs="Daily presence in the stairwell: signals, talking to those who cause trouble, and repairs in one.",
        ),
    )  # fmt: skip

    dwellings_per_caretaker = Param(
        150.0, "dwellings/fte", (75.0, 600.0), "policy", "D", ("L056", "ASM-03"),
        "Corporation dwellings per caretaker at full dose (now 300)",
    )  # fmt: skip
    most = Param(
        0.3, "share", (0.0, 0.5), "assumed", "D", ("L056",), "Trouble that a caretaker for one dwelling would take away"
    )  # fmt: skip
    reach = Param(
        400.0, "dwellings", (200.0, 800.0), "assumed", "D", ("L056",), "Dwellings over which that falls to 0.37"
    )  # fmt: skip
    mending = Param(
        1.5, "ratio", (1.0, 3.0), "assumed", "D", ("L056", "design"),
        "Litter and damage put right a month, with twice the caretakers over without",
    )  # fmt: skip
    ramp = Param(12.0, "months", (0.0, 60.0), "estimated", "C", ("L056",), "Months to the full effect")
    decay = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Half-life after the money; 0 ends it"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund posts, and let trouble end and damage be mended sooner."""
        world = ctx.world
        homes = world.by_district("dwelling", world.dwelling.owner == _CORPORATION) * self.districts(ctx)
        base: NDArray[np.float64] = world.stores[_STANDING][Profession.CARETAKER].sum(axis=0)
        wanted = homes / self.number("dwellings_per_caretaker") - base * self.districts(ctx)
        self.fund(ctx, "fte.caretaker", wanted * dose * self.number("coverage"))
        usual = ctx.values["professionals.dwellings_per_caretaker"]
        denser = usual / self.number("dwellings_per_caretaker")
        tenants = self.reached(ctx, self._tenants(ctx), dose)
        if tenants.size == 0 or denser == 1:
            return
        less = self._left(usual / denser) / self._left(usual)
        self.scale(ctx, "nuisance.end", "resident", tenants, 1 / less)
        doors: Rows = np.unique(world.resident.entrance[tenants])
        # twice as many caretakers give the ratio of the argument, and half as many the inverse
        self.scale(ctx, "nuisance.repair", "entrance", doors, self.number("mending") ** np.log2(denser))

    def _tenants(self, ctx: Context) -> Rows:
        table = ctx.world.resident
        rented = ctx.world.gather("resident", slice(None), "household.tenure") == _CORPORATION
        mine = table.alive & (table.age >= ADULT_AGE) & (table.entrance >= 0) & rented
        return np.flatnonzero(mine).astype(np.int32)

    def _left(self, dwellings: float) -> float:
        """Trouble left over that without any caretaker."""
        return 1 - self.number("most") * exp(-dwellings / self.number("reach"))
