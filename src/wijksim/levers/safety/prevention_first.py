"""One safety budget, shared out between prevention and repression (L070)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed, price_of
from wijksim.state.roles import Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

YOUTH_PREVENTION = CostItem(
    "youth_prevention",
    "Prevention of youth crime: places",
    "Preventie van jeugdcriminaliteit: trajecten",
    payers=(("state", 1.0),),
    grade="C",
    source=("L070",),
    kind="programme",
    gains=(("residents", 1.0),),
)
_OFFICERS = f"fte.{Profession.POLICE_OFFICER.key}"
_OFFICER_PRICE = f"prices.fte_{Profession.POLICE_OFFICER.key}"


@LEVERS.register
class PreventionFirst(Lever):
    """Spend a fixed sum on places in prevention and, for the rest, on neighbourhood police (Preventie met Gezag).

    The share of prevention is the choice between *preventie voorop* and *handhaving voorop*: the sum stays the same.
    Its prevention buys places: youths of the recruitment ages who hold one, by luck and own will, not by a profile,
    come to the fringe less often. Its repression funds posts of police, booked by the accounts, with displacement as
    of all police. Suspects among those who hold a place may be dealt with person by person; the one controlled study
    of that (Top600, EFF-26) found no less recidivism, and its ratio here is around 1. No outcome of Preventie met
    Gezag was measured (CRI-26): the range on entry holds no effect.

    143 million euros a year went to 27 municipalities; over the 1.2 million residents of the focus areas, which are
    most of what it is meant for, that is about 120 euros a year per resident.
    """

    name = "prevention-first"
    title = "Prevention first, repression beside it"
    title_nl = "Preventie voorop, repressie ernaast"
    explain = (
        "A yearly sum per resident goes to places for youths, and the rest of it to neighbourhood police."
    )
    explain_nl = (
        "Een jaarlijks bedrag per inwoner gaat naar trajecten voor jongeren, en de rest naar wijkagenten."
    )
    family = "safety"
    verbs = ("fund", "scale")
    evidence = ("L070", "EFF-26", "CRI-26", "CRI-18", "EFF-19", "EFF-24")
    grade = "D"
    costs = (YOUTH_PREVENTION,)
    targets = ("districts", "groups")
    carries = (
        Carries(
            "L070",
            moves="suspects",
            sign=-1,
            differs="One sum for keeping youths out and police on the street: more of one is less of the other",
        ),
    )

    budget = Param(
        100.0, "EUR per resident a year", (0.0, 300.0), "policy", "C", ("L070",), "Sum for both together",
        price_year=2023,
    )  # fmt: skip
    prevention_share = Param(
        0.7, "share", (0.0, 1.0), "policy", "D", ("L070",), "Part of the sum that goes to prevention"
    )
    place_price = Param(
        5000.0, "EUR per place a year", (2000.0, 15000.0), "assumed", "D", ("design",),
        "What a place in prevention costs", price_year=2023,
    )  # fmt: skip
    entry_ratio = Param(
        0.85, "ratio", (0.6, 1.05), "assumed", "D", ("L070", "CRI-26"),
        "Coming to the fringe of youths who hold a place, against without",
    )  # fmt: skip
    again_ratio = Param(
        1.0, "ratio", (0.95, 1.15), "measured", "B", ("EFF-26", "L070"),
        "Becoming a suspect again of those who hold a place (Top600: no less than its controls)",
    )  # fmt: skip
    uptake = Param(
        0.6, "share", (0.3, 1.0), "assumed", "D", ("design",), "Part of those approached that takes part"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life after the end; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund police with the one part, and give youths places with the other."""
        here = self.districts(ctx) * ctx.world.by_district("resident") * dose
        money = here * indexed(ctx, self.number("budget"), self.budget.price_year)
        prevention = self.number("prevention_share")
        officers = money * (1 - prevention) * self.number("coverage") / price_of(ctx, _OFFICER_PRICE)
        if officers.any():
            self.fund(ctx, _OFFICERS, officers)
        price = indexed(ctx, self.number("place_price"), self.place_price.price_year)
        places = money * prevention / price
        held = self._held(ctx, places) if places.any() else np.empty(0, np.int32)
        if not held.size:
            return
        for rate, ratio in (("crime.fringe", "entry_ratio"), ("crime.again", "again_ratio")):
            if self.number(ratio) != 1:
                self.scale(ctx, rate, "resident", held, self.number(ratio))
        taken = np.bincount(ctx.world.resident.district[held], minlength=places.size).astype(np.float64)
        self.book(ctx, YOUTH_PREVENTION, "place_price", taken, per=MONTHS_PER_YEAR)

    def _held(self, ctx: Context, places: NDArray[np.float64]) -> Rows:
        """Youths who hold a place: as many as there are, given that not all take part, by luck for life."""
        table, values = ctx.world.resident, ctx.values
        young = (table.age >= values["crime.youngest"]) & (table.age <= values["crime.recruit_to"])
        youths = np.flatnonzero(table.alive & young & (table.district >= 0)).astype(np.int32)
        youths = self.in_target(ctx, "resident", youths)
        count = np.bincount(table.district[youths], minlength=places.size)
        willing = max(self.number("uptake"), float(np.finfo(np.float32).eps))
        share = places / np.maximum(count, 1) / willing
        luck = ctx.draws.life(f"lever.{self.name}.place", table.uid[youths])
        # the sum has the dose in it already
        return self.reached(ctx, youths[luck < share[table.district[youths]]], 1.0)
