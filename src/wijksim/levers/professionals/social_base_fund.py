"""Structural money of the state for the social base."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.kernel.prices import indexed, price_of
from wijksim.state.roles import FRONTLINE, Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

GRANT = CostItem(
    "social_base_grant",
    "Structural grant for the social base",
    "Structurele bijdrage voor de sociale basis",
    (("state", 1.0),),
    receivers=(("municipality", 1.0),),
    grade="C",
    source=("L065",),
)
ROOMS = CostItem(
    "social_base_rooms",
    "Rooms and activities of the social base",
    "Ruimten en activiteiten van de sociale basis",
    (("municipality", 1.0),),
    grade="D",
    source=("L065",),
)

_BUYS = (Profession.SOCIAL_WORKER, Profession.COMMUNITY_BUILDER, Profession.YOUTH_WORKER)


@LEVERS.register
class SocialBaseFund(PostLever):
    """The state gives municipalities earmarked money for good, with which they employ people (sociale basis, Rijk).

    Euros per resident a year become posts at the prices of the accounts: social workers, community builders and youth
    workers in the shares given. The grant is a transfer from state to municipality; posts cost what they cost while
    they are filled, so that money stays over as long as nobody can be found. Lasting money makes lasting contracts:
    fewer people of these roles leave. Mayors asked for 400 euros per resident a year, and the national programme
    began with 583 once (L065). Posts grow no faster than organisations can take people in, and what cannot be used is
    not given. Part of the money is for rooms and activities: it is spent as posts come, and has no effect of its own.
    """

    name: ClassVar[str] = "social-base-fund"
    title: ClassVar[str] = "Structural money of the state for the social base"
    title_nl: ClassVar[str] = "Toerusting van de sociale basis door het Rijk"
    explain: ClassVar[str] = (
        "The state gives an amount per resident every year, for which the municipality employs professionals."
    )
    explain_nl: ClassVar[str] = (
        "Het Rijk geeft elk jaar een bedrag per inwoner, waarvoor de gemeente professionals in dienst neemt."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L065", "STF-01", "STF-02", "ASM-06")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (GRANT, ROOMS)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L065",
            moves="frontline_staff",
            sign=1,
            differs="An amount of euros and not of posts, paid by the state, for good and over several roles at once.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = (*FRONTLINE, Profession.YOUTH_WORKER)

    euros = Param(
        400, "EUR/resident a year", (0, 583), "policy", "C", ("L065",),
        "Grant per resident of the target districts", price_year=2021,
    )  # fmt: skip
    social_workers = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of it for social workers"
    )
    community_builders = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of it for community builders"
    )
    youth_workers = Param(
        0.2, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of it for youth workers"
    )
    activities = Param(
        0.2, "share", (0.0, 0.5), "assumed", "D", ("design",), "Part of the grant for rooms and activities"
    )
    absorption = Param(
        0.15, "1/year", (0.05, 0.5), "assumed", "D", ("G012",), "Growth of posts a year that can be absorbed"
    )
    departure_ratio = Param(
        0.9, "ratio", (0.6, 1.0), "assumed", "D", ("L065", "design"),
        "Professionals who leave with a lasting contract, with over without",
    )  # fmt: skip
    ramp = Param(
        36.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months over which the grant grows"
    )
    decay = Param(
        0.0, "months", (0.0, 300.0), "assumed", "D", ("design",), "Half-life of the grant after the end"
    )

    people: NDArray[np.float64] | None = None

    def act(self, ctx: Context, dose: float) -> None:
        """Fund posts as far as they can be filled, keep who holds one, book the grant and the rooms."""
        if self.people is None:
            # posts for the residents of the first month, or every birth and death would open or close a part of one
            self.people = ctx.world.by_district("resident").astype(np.float64)
        part = dose * self.number("coverage") * self.number("uptake")
        euros = indexed(ctx, self.number("euros"), self.euros.price_year)
        grant = euros * part * self.people * self.districts(ctx)
        shares = [self.number(f"{role.key}s") for role in _BUYS]
        # shares that come to more than the whole divide it
        whole = max(sum(shares), 1.0)
        rooms = self.number("activities")
        years = (ctx.month - self.window.start + 1) / MONTHS_PER_YEAR
        growth = (1 + self.number("absorption")) ** years - 1
        staff = np.zeros(grant.size)
        for role, share in zip(_BUYS, shares, strict=True):
            price = price_of(ctx, f"prices.fte_{role.key}")
            most = self.standing(ctx, role) * growth
            added = np.minimum(grant * (1 - rooms) * (share / whole) / price, most)
            staff += added * price
            if added.any():
                self.fund(ctx, f"fte.{role.key}", added)
        posts = self.posts(ctx, dose)
        if posts.size:
            self.scale_posts(ctx, "professionals.depart", self.holders(ctx, posts), "departure_ratio")
        # money for rooms comes with the people who use them
        spent = staff / (1 - rooms)
        self.pay(ctx, ROOMS, spent * rooms / MONTHS_PER_YEAR)
        ctx.ledger.book(GRANT.name, spent / MONTHS_PER_YEAR)
