"""Stronger public steering of housing: more vacancies over which public parties decide (L009)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.steering import PUBLIC_CONTROL

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PUBLIC_LETTING = CostItem(
    "public_letting",
    "Letting under public rules: permits and checks",
    "Toewijzen onder publieke regels: vergunningen en toetsen",
    payers=(("municipality", 1.0),),
    grade="D",
    kind="programme",
)


@LEVERS.register
class PublicSteering(Lever):
    """Widen the share of vacancies under public control (overheidssturing, huisvestingsverordening).

    It chooses no rule of its own: it multiplies the share of vacancies that any rule of allocation steers in the
    district, with ``control / control_now`` to the power of the dose, to at most all of them. So it gives the other
    levers room, and without one of them it changes nothing but costs. Left out are vacancies of private landlords,
    which no rule reaches here, and the building programme, which has levers of its own. No effect was found: the share
    may stay what it is.
    """

    name: ClassVar[str] = "public-steering"
    title: ClassVar[str] = "Stronger public steering"
    title_nl: ClassVar[str] = "Krachtige overheidssturing op wonen"
    explain: ClassVar[str] = (
        "More of the vacancies come under public rules, so that other allocation levers reach further."
    )
    explain_nl: ClassVar[str] = (
        "Meer vrijkomende woningen vallen onder publieke regels, zodat ander toewijzingsbeleid verder reikt."
    )
    family: ClassVar[str] = "allocation"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L009",)
    grade: ClassVar[str] = "D"
    costs = (PUBLIC_LETTING,)
    carries = (
        Carries(
            "L009",
            moves="vulnerable_households",
            sign=-1,
            differs="No rule of its own: it multiplies the reach of the others, here of mixing per entrance.",
            with_levers=(use("allocation-mixing", steered_share=0.25),),
        ),
    )

    control_now = Param(
        0.3, "share", (0.1, 0.9), "assumed", "D", ("L009",), "Vacancies under public control as things stand"
    )
    control = Param(
        0.7, "share", (0.1, 1.0), "policy", "D", ("L009",), "Vacancies under public control at full dose"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "Control ends with the law behind it"
    )
    control_cost = Param(
        100,
        "EUR per letting",
        (0, 400),
        "assumed",
        "D",
        ("design",),
        "Permit and check per letting that comes under public control",
        price_year=2023,
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the steered share of the target districts; book last month's lettings that came under control."""
        part = dose * self.number("coverage") * self.number("uptake")
        now = self.number("control_now")
        ratio = (self.number("control") / now) ** part
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        self.scale(ctx, PUBLIC_CONTROL, "district", here, ratio)
        more = min(now * ratio, 1) - now
        letting = ctx.world.letting
        rows = self.in_target(ctx, "letting", letting.rows)
        if rows.size and more > 0:
            count = np.bincount(letting.district[rows], minlength=ctx.world.n_districts) * more
            self.book(ctx, PUBLIC_LETTING, "control_cost", count.astype(np.float64))
