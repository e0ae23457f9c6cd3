"""Allocation with a quota for contributors: part of the vacancies goes to them first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, ahead
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class ContributorQuota(Steering):
    """Steered vacancies are offered first to seekers who are willing and able to help neighbours (dragers).

    Nobody is kept out: if no contributor responds or accepts, the registration date decides.
    """

    name: ClassVar[str] = "contributor_quota"

    steered_share = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("L002",), "Vacancies offered first to contributors"
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Put contributors ahead."""
        return ahead(rank, steered[:, None] & candidates["contributor"])
