"""Public space laid out for different users (L083)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PUBLIC_SPACE = CostItem(
    "public_space", "Public space for meeting", "Openbare ruimte voor ontmoeting", (("municipality", 1.0),), grade="D"
)  # fmt: skip


@LEVERS.register
class PublicSpace(Lever):
    """Lay out the space outside entrances so that different people use it together (publieke ruimte).

    Benches, green and no fences (L083, qualitative). Whoever lives there is about more: encounters rise by up to half
    at full quality, and the range of that number (``contacts.space_bonus``) includes nothing. Space is no programme
    that somebody takes part in: ``coverage`` is the part of the entrances, ``uptake`` the part of the quality that is
    really used. It wears off when upkeep ends. A better view of each other's behaviour, and trouble on the benches,
    are left out.
    """

    name: ClassVar[str] = "public-space"
    title: ClassVar[str] = "Public space for different users"
    title_nl: ClassVar[str] = "Publieke ruimte voor verschillende gebruikers"
    explain: ClassVar[str] = (
        "Streets and squares are laid out so that people of all kinds use them at the same time."
    )
    explain_nl: ClassVar[str] = (
        "De gemeente richt straten en pleinen zo in dat allerlei mensen er tegelijk gebruik van maken."
    )
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L083",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PUBLIC_SPACE,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L083", moves="weekly_contact", sign=1,
            differs="A place does it, for everybody who lives there, and it stays when a programme ends.",
        ),
    )  # fmt: skip

    quality = Param(
        0.5,
        "share",
        (0.2, 0.9),
        "policy",
        "D",
        ("L083",),
        "Quality of the space for different users at full dose",
    )
    price = Param(
        150.0, "EUR per dwelling a year", (30.0, 600.0), "assumed", "D", ("design",),
        "Works and upkeep, spread over their life", price_year=2023,
    )  # fmt: skip
    ramp = Param(36.0, "months", (0.0, 120.0), "assumed", "D", ("design",), "Months until all is laid out")
    decay = Param(
        60.0, "months", (0.0, 300.0), "assumed", "D", ("design",), "Half-life of the quality without upkeep"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for the quality of this month at the entrances that are part of it."""
        entrance = ctx.world.entrance
        rows = self.in_target(ctx, "entrance", entrance.rows)
        part = ctx.draws.life(f"lever.{self.name}.coverage", entrance.uid[rows])
        rows = rows[part < self.number("coverage")]
        quality = self.number("quality") * dose * self.number("uptake")
        self.request(ctx, "contacts", "lay_out", entrances=rows, quality=quality)
        if self.in_force(ctx.month, self.governed(ctx)):
            number = np.bincount(
                entrance.district[rows], weights=entrance.dwellings[rows], minlength=ctx.world.n_districts
            )
            self.book(ctx, PUBLIC_SPACE, "price", number * dose, per=MONTHS_PER_YEAR)
