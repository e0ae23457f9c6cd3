"""The commonest lever on signalling: somebody sees residents anyway, and passes on what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Param
from wijksim.kernel.lever import Lever
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class LookoutLever(Lever):
    """Name the residents in sight of a channel; the professionals do the rest (act ``look_out``).

    Whether a signal comes of it hangs on the need of the resident, whether it leads to contact and help on visits,
    acceptance and trust, and whether help follows on the hours that there are.

    Attributes
    ----------
    channel
        Word for who sees them, in the random stream and in the counters of a run.
    warm
        True if whoever sees them also introduces the professional, so that little trust in institutions does not count.
    """

    verbs: ClassVar[tuple[str, ...]] = ("request",)
    channel: ClassVar[str]
    warm: ClassVar[bool] = False

    chance = Param(
        0.02,
        "1/month",
        (0.0, 0.1),
        "assumed",
        "D",
        ("L055", "design"),
        "Chance a month that need which shows is passed on",
    )
    contact = Param(
        0.58,
        "share",
        (0.35, 1.0),
        "estimated",
        "C",
        ("TIM-11",),
        "Part of those signalled who are met: two visits, each with contact in 0.35",
    )
    from_need = Param(
        0.15,
        "share",
        (0.05, 0.4),
        "assumed",
        "D",
        ("design",),
        "Need from which it shows; 0.15 is that from which teams help",
    )
    intake = Param(
        1.0,
        "share",
        (0.1, 1.0),
        "assumed",
        "D",
        ("design",),
        "Part of the usual intake for those found below the need from which teams help",
    )

    def whom(self, ctx: Context) -> Rows:
        """Residents in sight: adults, unless a subclass narrows them; target and groups come later."""
        return self.adults(ctx)

    def chances(self, ctx: Context, reached: Rows) -> float | NDArray[np.float64]:
        """Chance a month, one for all or one for each of those reached."""
        del ctx, reached
        return self.number("chance")

    def act(self, ctx: Context, dose: float) -> None:
        """Ask professionals to hear what this channel sees."""
        reached = self.reached(ctx, self.whom(ctx), dose)
        self.request(
            ctx,
            "professionals",
            "look_out",
            residents=reached,
            channel=self.channel,
            chance=self.chances(ctx, reached),
            contact=self.number("contact"),
            from_need=self.number("from_need"),
            warm=self.warm,
            intake=self.number("intake"),
        )
        self.costs_of(ctx, reached, dose)

    def costs_of(self, ctx: Context, reached: Rows, dose: float) -> None:
        """Book what the channel costs; nothing, unless a subclass says so."""

    def people(self, ctx: Context, residents: Rows) -> NDArray[np.float64]:
        """How many of ``residents`` live in each district, shape ``(n_districts,)``."""
        district = ctx.world.resident.district[residents]
        return np.bincount(district[district >= 0], minlength=ctx.world.n_districts).astype(np.float64)
