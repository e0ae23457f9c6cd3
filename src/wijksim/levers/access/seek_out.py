"""Go to the client: after a signal, visit and try again, instead of writing (L037)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import CaseStage
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "seek_out", "Seeking residents out", "Bewoners actief opzoeken", (("municipality", 1.0),), grade="C",
    source=("L037", "WMO-01"),
)  # fmt: skip

_OTHERS = ("neighbour", "caretaker", "outreach")


@LEVERS.register
class SeekOut(Lever):
    """Reach people by letter, phone or visit, in one or more attempts (outreachend werken, eropaf).

    For residents reached the chance of contact after a signal becomes ``1 - (1 - p) ** attempts`` with the ``p`` of the
    channel. Now arrears signals lead to contact in one in six, all channels together, and other signals are followed by
    two visits. A letter can therefore make it worse. Whoever is met must still accept help. Attempts after arrears
    signals are booked, as many as are needed until contact; after other signals the visits that the
    team makes already are part of its work, and those beyond are booked by the signals to be expected.
    """

    name: ClassVar[str] = "seek-out"
    title: ClassVar[str] = "Seeking residents out"
    title_nl: ClassVar[str] = "Bewoners actief opzoeken"
    explain: ClassVar[str] = "After a signal somebody goes by, again and again, until the resident is met."
    explain_nl: ClassVar[str] = (
        "Na een signaal gaat er iemand langs, desnoods een paar keer, tot er contact is met de bewoner."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L037", "TIM-10", "TIM-11", "WMO-01")
    grade: ClassVar[str] = "B"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L037", moves="unmet_need", sign=-1,
            differs="Signals are there already; what changes is how, and how often, one tries to get in touch.",
            arguments={"channel": "visit"},
        ),
    )  # fmt: skip

    channel = Argument("visit", ("letter", "phone", "visit"), "How residents are approached")
    signals = Argument("all", ("arrears", "all"), "After which signals")
    attempts = Param(4.0, "attempts", (1.0, 6.0), "policy", "D", ("L037",), "Attempts to get in touch")
    contact_letter = Param(
        0.08, "share", (0.02, 0.17), "assumed", "D", ("L037",), "Letters that lead to contact"
    )
    contact_phone = Param(
        0.15, "share", (0.05, 0.25), "assumed", "D", ("L037",), "Calls that lead to contact"
    )
    contact_visit = Param(
        0.35,
        "share",
        (0.3, 0.4),
        "measured",
        "A",
        ("L037", "TIM-11"),
        "Visits that lead to contact",
    )
    price_letter = Param(
        2.0, "EUR", (1.0, 5.0), "assumed", "D", ("design",), "One letter", price_year=2022
    )  # fmt: skip
    price_phone = Param(
        16.0, "EUR", (5.0, 32.0), "assumed", "D", ("WMO-01", "design"), "One call, a quarter of an hour",
        price_year=2022,
    )  # fmt: skip
    price_visit = Param(
        95.0, "EUR", (65.0, 125.0), "estimated", "C", ("WMO-01",), "One home visit", price_year=2022
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the approach after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Name those who are sought out, and book the attempts after arrears signals of last month."""
        channel = self.arguments["channel"]
        reached = self.reached(ctx, self.adults(ctx), dose)
        once = self.number(f"contact_{channel}")
        contact = 1 - (1 - once) ** self.number("attempts")
        self.request(
            ctx, "professionals", "seek_out", residents=reached, contact=contact,
            all_signals=self.arguments["signals"] == "all",
        )  # fmt: skip
        # an attempt that leads to contact is the last
        tried = contact / once
        attempts = self._people(ctx, self._signalled(ctx, reached)) * tried
        if self.arguments["signals"] == "all":
            # after other signals the team calls already: what is more than that is paid
            usual = (
                1 - (1 - ctx.values["professionals.contact_visit"]) ** ctx.values["professionals.visits"]
            ) / (ctx.values["professionals.contact_visit"])
            attempts = attempts + self._other_signals(ctx, reached) * max(tried - usual, 0.0)
        self.book(ctx, COST, f"price_{channel}", attempts)

    def _people(self, ctx: Context, residents: Rows) -> NDArray[np.float64]:
        """How many of ``residents`` live in each district, shape ``(n_districts,)``."""
        place = ctx.world.resident.district[residents]
        return np.bincount(place[place >= 0], minlength=ctx.world.n_districts).astype(np.float64)

    def _other_signals(self, ctx: Context, reached: Rows) -> NDArray[np.float64]:
        """Signals of others that are to be expected this month of those in need without help, by district."""
        table, values = ctx.world.resident, ctx.values
        in_need = table.need[reached] >= values["professionals.need_threshold"]
        waiting = reached[in_need & (table.case[reached] == int(CaseStage.NONE))]
        rate = sum(values[f"professionals.signal_{way}_rate"] for way in _OTHERS)
        return self._people(ctx, waiting) * rate / MONTHS_PER_YEAR

    def _signalled(self, ctx: Context, reached: Rows) -> Rows:
        """Heads among those reached of whose household an arrears signal came in."""
        household, home = ctx.world.household, ctx.world.resident.household[reached]
        found: Rows = reached[household.early_signal[home] & (household.head[home] == reached)]
        return found
