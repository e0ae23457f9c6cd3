"""Allocation with an eye on who lives there: part of the vacancies is matched to what the entrance can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.steering import Steering
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Steered(Steering):
    """Mix target groups per entrance when allocating (gericht toewijzen, doelgroepen mengen).

    Of the steered vacancies, those in an entrance at its cap are not offered to households that are known to need
    support, and part of them goes first to seekers who contribute. The others follow the registration date. Whoever
    is passed over stays in the queue and is housed elsewhere, mostly in the rest of the city: what an entrance gains,
    another place takes in.
    """

    name = "steered"
    kind = "allocation"

    steered_share = Param(0.25, "share", (0.0, 1.0), "policy", "C", ("L001",), "Vacancies that are steered")
    vulnerable_cap = Param(
        0.35,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L001",),
        "Dwellings of an entrance with a household needing support",
    )
    contributor_quota = Param(
        0.2,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L002",),
        "Steered vacancies offered first to seekers who contribute",
    )
    information = Param(
        0.6,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L003",),
        "Regular seekers whose need for support the landlord knows",
    )
    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")
    complexes = Argument("", (), "Numbers of the complexes, separated by commas; empty for all")

    def rank(
        self, ctx: Context, vacancies: dict[str, Any], candidates: dict[str, Any]
    ) -> NDArray[np.float64]:
        """Order of offers, shape ``(vacancies, candidates)``: infinity for who is passed over."""
        rank = np.array(candidates["seniority"], dtype=np.float64)
        steered = self.steers(ctx, vacancies)
        full = steered & (vacancies["vulnerable"] >= float(self.arguments["vulnerable_cap"]))
        if full.any():
            luck = ctx.draws.life("strategy.steered.information", candidates["uid"])
            known = candidates["priority"] | (luck < float(self.arguments["information"]))
            rank[full[:, None] & candidates["support"] & known] = np.inf
        first = steered & (vacancies["quota"] < float(self.arguments["contributor_quota"]))
        if first.any():
            # ahead of everybody else, among themselves by registration date
            rank = np.where(first[:, None] & candidates["contributor"], rank - _span(rank), rank)
        return rank


def _span(rank: NDArray[np.float64]) -> float:
    """Shift that puts anybody ahead of everybody."""
    known = rank[np.isfinite(rank)]
    return float(known.max() - known.min()) + 1 if known.size else 0.0
