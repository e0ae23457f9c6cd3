"""Allocation by lot: every regular seeker who responds has the same chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.rng import derive_uid
from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Lottery(Steering):
    """Part of the vacancies is drawn by lot among the regular seekers who respond (loting).

    Who has waited long has no better chance than who has just registered. Seekers with priority keep theirs: between
    them the date decides as before. The lot belongs to the vacancy and the seeker, and is drawn anew each month.
    """

    name: ClassVar[str] = "lottery"

    steered_share = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("design",), "Vacancies that are drawn by lot"
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Put regular seekers in the order of their lots."""
        lot = ctx.draws.life(
            "strategy.lottery", derive_uid("lot", vacancies["key"][:, None], candidates["uid"])
        )
        return np.where(steered[:, None] & ~candidates["priority"], lot, rank)
