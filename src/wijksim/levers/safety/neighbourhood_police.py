"""More neighbourhood police officers, and more of their time in the neighbourhood (L060)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_STANDING = "professionals.base_fte"
_FTE = f"fte.{Profession.POLICE_OFFICER.key}"
_HOURS = f"hours.{Profession.POLICE_OFFICER.key}"


@LEVERS.register
class NeighbourhoodPolice(Lever):
    """Fund posts of neighbourhood officers (wijkagenten), and free those in post from work elsewhere.

    New posts begin vacant, are filled after the usual months and are booked by the accounts. Officers spend 65 % of
    their time in or for their area against a goal of 80 % (TIM-01); what is freed of that costs no money here, but
    emergency duty elsewhere in the city, which is outside the model. What hours do to crime is a number of crime
    (``crime.police_elasticity``, EFF-19): about 20 % more police of all kinds for 10 % less crime. A neighbourhood
    officer is a small part of all police on the street, and part of what is taken away turns up elsewhere (EFF-24,
    ASM-15). That officers know people and act early comes in through the signals that they pass on; that they are
    trusted more than a patrol, and that more cases are solved (the source expects more detection), is left out.
    """

    name = "neighbourhood-police"
    title = "More neighbourhood police"
    title_nl = "Meer wijkagenten"
    explain = "More neighbourhood officers per resident, who spend more of their time in the neighbourhood."
    explain_nl = "Er komen meer wijkagenten per inwoner, en zij zijn een groter deel van hun tijd in de wijk."
    family = "safety"
    verbs = ("fund",)
    evidence = ("L060", "EFF-19", "EFF-22", "EFF-24", "TIM-01", "PRO-01", "ASM-15")
    grade = "C"
    carries = (
        Carries(
            "L060",
            moves="victims",
            sign=-1,
            differs="Standing presence of officers who belong to the area: posts and time, nothing else",
        ),
    )

    extra_per_10k = Param(
        2.0, "fte per 10,000", (0.0, 5.0), "policy", "B", ("L060", "PRO-01"),
        "Officers per 10,000 residents beyond those in post (the norm is 2 in all)",
    )  # fmt: skip
    freed_share = Param(
        0.15, "share", (0.0, 0.25), "policy", "B", ("TIM-01", "L060"),
        "Part of their time that officers spend more in the area; 0.15 brings 65 % to the goal of 80 %",
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Half-life of the posts after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund posts, and the hours of officers in post that are freed."""
        world, here = ctx.world, self.districts(ctx)
        part = dose * self.number("coverage") * self.number("uptake")
        extra = (
            self.number("extra_per_10k")
            * world.by_district("resident")
            / ctx.values["professionals.per_residents"]
        )
        if extra.any():
            self.fund(ctx, _FTE, extra * part * here)
        freed = self.number("freed_share")
        standing: NDArray[np.float64] | None = world.stores.get(_STANDING)
        if freed > 0 and standing is not None:
            month = ctx.values["professionals.net_hours"] * (1 - ctx.values["professionals.admin_share"])
            officers = standing[Profession.POLICE_OFFICER].sum(axis=0)
            self.fund(ctx, _HOURS, officers * month * freed * part * here)
