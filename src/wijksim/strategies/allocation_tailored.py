"""Tailor-made allocation: each complex has its own target, reviewed as its load changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, known_need
from wijksim.kernel.strategy import STRATEGIES
from wijksim.state.codes import Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Tailored(Steering):
    """Target per complex that follows its load (maatwerk per complex, biotoop).

    Every so many months the landlord sets for each complex the share of homes up to which households known to need
    support are let to: ``cap * exp(-response * information * load)``, load in standard deviations of disorder over all
    complexes. What the landlord knows, of the complex and of who applies, grows with the hours of caretakers in the
    district. Without information every complex has the same target, and the rule is a fixed quota.
    """

    name: ClassVar[str] = "tailored"
    needs = ("vulnerable_complex",)

    steered_share = Param(0.5, "share", (0.0, 1.0), "policy", "D", ("L003",), "Vacancies that are steered")
    vulnerable_cap = Param(
        0.35, "share", (0.0, 1.0), "assumed", "D", ("L001",), "Target of a complex with the mean load"
    )
    response = Param(
        0.3,
        "log ratio per sd",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L003",),
        "Lower target per standard deviation of load",
    )
    information_least = Param(
        0.3, "share", (0.0, 1.0), "assumed", "D", ("L003",), "What the landlord knows without a caretaker"
    )
    information_most = Param(
        0.9,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L003",),
        "What the landlord knows with caretakers at the norm",
    )
    review_interval = Param(
        3.0, "months", (1.0, 12.0), "policy", "D", ("L003",), "Months between reviews of the targets"
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Pass over known need where the complex has reached its target."""
        room = ctx.world.complex.room[vacancies["complex"]]
        full = steered & (vacancies["vulnerable_complex"] >= room)
        if full.any():
            knows = self.information(ctx)[vacancies["district"]]
            rank[full[:, None] & known_need(ctx, candidates, knows[:, None])] = np.inf
        return rank

    def review(self, ctx: Context) -> Floats:
        """Targets of the complexes whose turn it is: all of them at a review, and those that never had one."""
        table = ctx.world.complex
        due = table.alive & self.in_districts(ctx)[table.district]
        if self.arguments["complexes"]:
            due &= np.isin(np.arange(table.size), self.numbers())
        if ctx.month % int(self.arguments["review_interval"]):
            due &= table.room == 0
        targets = np.full(table.size, np.nan)
        if due.any():
            knows = self.information(ctx)[table.district[due]]
            change = -float(self.arguments["response"]) * knows * _load(ctx)[due]
            cap = max(float(self.arguments["vulnerable_cap"]), np.finfo(np.float32).tiny)
            targets[due] = np.minimum(cap * np.exp(change), 1)
        return targets

    def information(self, ctx: Context) -> Floats:
        """Part that the landlord knows by district: more with more hours of caretakers per corporation dwelling."""
        dwelling = ctx.world.dwelling
        social = dwelling.alive & (dwelling.owner == int(Tenure.CORPORATION))
        homes = np.bincount(dwelling.district[social], minlength=ctx.world.n_districts)
        hours = ctx.loops.null_value(ctx, "firefighting", "district.caretaker_hours") / np.maximum(homes, 1)
        cover = np.minimum(hours / ctx.values["nuisance.caretaker_norm"], 1)
        least, most = (float(self.arguments[f"information_{end}"]) for end in ("least", "most"))
        return np.asarray(least + (most - least) * cover, dtype=np.float64)


def _load(ctx: Context) -> Floats:
    """Disorder per complex, mean of its entrances by dwellings, in standard deviations over all complexes."""
    entrance, table = ctx.world.entrance, ctx.world.complex
    rows = entrance.rows
    where, weight = entrance.complex[rows], entrance.dwellings[rows].astype(np.float64)
    homes = np.bincount(where, weights=weight, minlength=table.size)
    total = np.bincount(where, weights=weight * entrance.disorder[rows], minlength=table.size)
    mean = total / np.maximum(homes, 1)
    here = mean[table.alive & (homes > 0)]
    deviation = float(here.std()) if here.size else 0.0
    return (mean - float(here.mean())) / deviation if deviation > 0 else np.zeros(table.size)
