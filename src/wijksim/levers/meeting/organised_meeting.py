"""Organised meeting in mixed districts (L080)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

MEETING_EVENTS = CostItem(
    "meeting_events", "Organised meetings", "Georganiseerde ontmoetingen", (("municipality", 1.0),), grade="D"
)


@LEVERS.register
class OrganisedMeeting(Lever):
    """Hold events at which residents may get to know each other (ontmoeting organiseren).

    Contact does not come about by itself even where people say they want it. Of those who come some become acquainted,
    most of them with their own kind (``homophily``). Ties are all it makes: a review finds little support for an effect
    of promoting contact on safety, and critics contest its scope (L080). That the same people come each time, and
    would have met anyway, is in ``deadweight``. The 2.5 euros per euro that such activities claim to bring in (LON-15)
    are used nowhere.
    """

    name: ClassVar[str] = "organised-meeting"
    title: ClassVar[str] = "Organised meetings"
    title_nl: ClassVar[str] = "Ontmoeting organiseren"
    explain: ClassVar[str] = (
        "Welfare and residents hold events in the neighbourhood at which people get to know others."
    )
    explain_nl: ClassVar[str] = (
        "Welzijnswerk en bewoners organiseren activiteiten in de wijk waar mensen anderen leren kennen."
    )
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L080", "LON-15")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (MEETING_EVENTS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L080", moves="acquaintances", sign=1,
            differs="People come for the sake of meeting, and mostly meet their own kind.",
        ),
    )  # fmt: skip

    events = Param(
        2.0,
        "events/month",
        (0.5, 6.0),
        "policy",
        "D",
        ("L080",),
        "Events a month in each district at full dose",
    )
    visitors = Param(40.0, "persons", (10.0, 150.0), "assumed", "D", ("design",), "Visitors of an event")
    tie_chance = Param(
        0.03, "chance", (0.01, 0.08), "assumed", "D", ("L080",), "Chance that a visitor becomes acquainted at one event"
    )  # fmt: skip
    homophily = Param(
        0.7,
        "share",
        (0.5, 0.9),
        "assumed",
        "D",
        ("L080",),
        "Part of these ties that is within the own milieu",
    )
    deadweight = Param(
        0.2, "share", (0.0, 1.0), "assumed", "D", ("design",),
        "Part of these ties that would have come about anyway; range includes all",
    )  # fmt: skip
    price = Param(
        600.0, "EUR per event", (150.0, 2500.0), "assumed", "D", ("design",), "Full cost of an event", price_year=2023
    )  # fmt: skip
    uptake = Param(
        0.1,
        "share",
        (0.03, 0.4),
        "assumed",
        "D",
        ("L085", "design"),
        "Adults who ever come, at average trust",
    )
    decay = Param(
        0.0, "months", (0.0, 24.0), "policy", "D", ("design",), "Half-life of the meetings after the money"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for the ties that this month's events make, and book them."""
        world = ctx.world
        table = world.resident
        reached = self.reached(ctx, self.adults(ctx), 1.0)
        public = np.bincount(table.district[reached], minlength=world.n_districts)
        events = self.number("events") * dose * (public > 0)
        # a tie is of two visitors
        visits = events * np.minimum(public, self.number("visitors"))
        pairs = visits * self.number("tie_chance") * (1 - self.number("deadweight")) / 2
        self.request(
            ctx,
            "contacts",
            "introduce",
            residents=reached,
            pairs=pairs,
            across=1 - self.number("homophily"),
            strength=ctx.values["contacts.tie_start"],
        )
        self.book(ctx, MEETING_EVENTS, "price", np.asarray(events, np.float64))
