"""A firm hand in the street, with an inclusive message beside it (L072)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import Profession
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ENFORCEMENT = CostItem(
    "targeted_enforcement",
    "Targeted enforcement",
    "Gerichte handhaving",
    payers=(("police_justice", 1.0),),
    grade="C",
    source=("POL-02",),
    kind="programme",
    gains=(("residents", 1.0),),
)
_HOURS = f"hours.{Profession.POLICE_OFFICER.key}"


@LEVERS.register
class FirmHand(Lever):
    """Targeted, stricter enforcement (harde hand), and what it costs in trust if it is not seen as fair.

    Three things follow from the level of enforcement. Hours on the street take offender activity away and move part of
    it, as of all police: 2 to 3 % less crime in the Dutch figures (EFF-20). Whoever would give trouble does so less
    often where it is enforced: 5 % less nuisance (3 to 16 %, EFF-20, EFF-23). And some residents in the ages that are
    checked most are checked without having done anything, which breaks a promise to them: they trust institutions less
    for a few years (``promises.let_down``). The message beside it (explaining, apologising, treating all alike) avoids
    part of that. Checks fall on all of an age alike; origin does not exist in the model, so that the row's loss of
    trust of one group is a loss of the young. That only a third of residents welcomes more presence is left out.
    """

    name = "firm-hand"
    title = "Firm hand, inclusive message"
    title_nl = "Harde hand en diversiteit koesteren"
    explain = (
        "Stricter enforcement in the street, with a message that everybody belongs and is treated alike."
    )
    explain_nl = (
        "Strenger handhaven op straat, met de boodschap dat iedereen erbij hoort en gelijk wordt behandeld."
    )
    family = "safety"
    verbs = ("fund", "scale", "request")
    evidence = ("L072", "EFF-20", "EFF-23", "EFF-19", "POL-02", "M005")
    grade = "C"
    costs = (ENFORCEMENT,)
    targets = ("districts", "groups")
    carries = (
        Carries(
            "L072",
            moves="victims",
            sign=-1,
            differs="Enforcement without posts, felt by those who are checked: it may cost trust by itself",
        ),
    )

    enforcement_hours = Param(
        0.011, "hours per resident a month", (0.0, 0.05), "estimated", "C", ("EFF-20", "EFF-19"),
        "Hours on the street at full dose: about 5 % more police of all kinds",
    )  # fmt: skip
    hour_price = Param(
        100.0,
        "EUR per hour",
        (70.0, 107.0),
        "estimated",
        "C",
        ("POL-02",),
        "A productive hour of police",
        price_year=2010,
    )
    trouble_ratio = Param(
        0.95,
        "ratio",
        (0.84, 1.0),
        "estimated",
        "B",
        ("EFF-20", "EFF-23"),
        "Becoming a source of nuisance under enforcement",
    )
    unfair_checks = Param(
        0.2, "1/year", (0.0, 1.0), "assumed", "D", ("L072", "design"),
        "Checks a year felt as unfair by a resident of the ages that are checked, without the message",
    )  # fmt: skip
    checked_from = Param(
        12.0, "years", (12.0, 18.0), "assumed", "D", ("design",), "First age that is checked"
    )
    checked_to = Param(30.0, "years", (20.0, 40.0), "assumed", "D", ("design",), "Last age that is checked")
    message = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L072", "design"),
        "Part of unfair checks that the inclusive message avoids",
    )
    decay = Param(
        0.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Half-life of enforcement after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Put the hours on the street, and let those who are under it feel it."""
        world = ctx.world
        hours = self.number("enforcement_hours") * dose * world.by_district("resident") * self.districts(ctx)
        if hours.any():
            self.fund(ctx, _HOURS, hours)
            self.book(ctx, ENFORCEMENT, "hour_price", hours)
        table = world.resident
        under = self._under(ctx, dose)
        adults = under[table.age[under] >= ADULT_AGE]
        for rate in ("nuisance.onset", "nuisance.onset_other"):
            self.scale(ctx, rate, "resident", adults, self.number("trouble_ratio"))
        struck = self._checked(ctx, under)
        if struck.size:
            self.request(ctx, "promises", "let_down", residents=struck)

    def _under(self, ctx: Context, dose: float) -> Rows:
        """Residents who live under enforcement: nobody is asked whether they take part."""
        table = ctx.world.resident
        rows = self.in_target(ctx, "resident", table.rows)
        luck = ctx.draws.life(f"lever.{self.name}.coverage", table.uid[rows])
        return rows[luck < self.number("coverage") * dose]

    def _checked(self, ctx: Context, rows: Rows) -> Rows:
        """Those of ``rows`` who are checked this month in a way that is felt as unfair."""
        table = ctx.world.resident
        first, last = self.number("checked_from"), self.number("checked_to")
        rows = rows[(table.age[rows] >= first) & (table.age[rows] <= last)]
        chance = self.number("unfair_checks") * (1 - self.number("message")) / MONTHS_PER_YEAR
        luck = ctx.draws.uniform(f"lever.{self.identity}.check", table.uid[rows], ctx.month)
        return np.asarray(rows[luck < chance], dtype=np.int32)
