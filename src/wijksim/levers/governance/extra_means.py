"""Extra means for the social base, as fast as they can be used (extra middelen, nationale pot)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed, price_of
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

NATIONAL_POT = CostItem(
    "national_pot",
    "Contribution of the State to districts",
    "Rijksbijdrage aan wijken",
    payers=(("state", 1.0),),
    receivers=(("municipality", 1.0),),
    grade="C",
    source=("G012",),
    kind="programme",
)

_BASE = "professionals.base_fte"
_SPENDERS: dict[str, tuple[Profession, ...]] = {
    "municipality": (
        Profession.SOCIAL_WORKER,
        Profession.COMMUNITY_BUILDER,
        Profession.DEBT_COUNSELLOR,
        Profession.YOUTH_WORKER,
        Profession.JOB_COACH,
    ),
    "care": (Profession.MENTAL_HEALTH_WORKER, Profession.DISTRICT_NURSE),
    "corporation": (Profession.CARETAKER,),
    "police": (Profession.POLICE_OFFICER,),
}


@LEVERS.register
class ExtraMeans(Lever):
    """A sum per resident a year for professionals, spent by who may spend it and no faster than posts can grow.

    The sum is divided over the spender's roles as their posts stand, and turned into posts at the prices of the
    accounts, which book them while they are filled. What cannot be used in time is not spent. From a national pot the
    State pays the municipality what the funded posts cost, also while they are vacant; where others spend, and without
    a national pot, the payers of the roles bear it.
    """

    name: ClassVar[str] = "extra-means"
    title: ClassVar[str] = "Extra means"
    title_nl: ClassVar[str] = "Extra middelen"
    explain: ClassVar[str] = (
        "A sum per resident a year becomes posts, as fast as organisations can take it in."
    )
    explain_nl: ClassVar[str] = (
        "Een bedrag per inwoner per jaar wordt omgezet in personeel, zo snel als organisaties het aankunnen."
    )
    family: ClassVar[str] = "governance"
    verbs: ClassVar[tuple[str, ...]] = ("fund",)
    evidence: ClassVar[tuple[str, ...]] = ("G012", "G002", "L065")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (NATIONAL_POT,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G012",
            moves="unmet_need",
            sign=-1,
            differs="The sum that mayors asked, limited by how fast organisations grow.",
        ),
    )

    spender = Argument("municipality", tuple(_SPENDERS), "Whose roles the sum is for")
    pot = Argument("national", ("national", "own"), "Who pays: the State, or the payers of the roles")
    per_resident = Param(
        400, "EUR per resident a year", (0, 600), "policy", "C", ("G012", "L065"), "Sum at full dose",
        price_year=2021,
    )  # fmt: skip
    absorption = Param(
        0.15, "1/year", (0.05, 0.5), "assumed", "D", ("G012",), "Growth of posts a year that can be absorbed"
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to the full sum")
    decay = Param(
        0.0, "months", (0.0, 120.0), "assumed", "D", ("design",), "Half-life of posts after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the posts and let the State pay for them."""
        base = ctx.world.stores.get(_BASE)
        if base is None:
            return
        roles = [int(role) for role in _SPENDERS[str(self.arguments["spender"])]]
        standing = base[roles].sum(axis=1)
        price = np.array([price_of(ctx, f"prices.fte_{Profession(role).key}") for role in roles])[:, None]
        whole = (standing * price).sum(axis=0)
        euros = indexed(ctx, self.number("per_resident"), self.per_resident.price_year) * dose
        wanted = euros * self.number("coverage") * self.number("uptake") * ctx.world.by_district("resident")
        wanted = np.where(self.districts(ctx) & (whole > 0), wanted, 0.0)
        years = (ctx.month - self.window.start + 1) / MONTHS_PER_YEAR
        growth = (1 + self.number("absorption")) ** years - 1
        share = np.minimum(np.divide(wanted, whole, out=np.zeros_like(wanted), where=whole > 0), growth)
        for role, posts in zip(roles, standing * share, strict=True):
            self.fund(ctx, f"fte.{Profession(role).key}", posts)
        if self.arguments["pot"] == "national" and self.arguments["spender"] == "municipality":
            # others than the municipality get what the State pays them by other ways, which are not in the accounts
            ctx.ledger.book(NATIONAL_POT.name, share * whole / MONTHS_PER_YEAR)
