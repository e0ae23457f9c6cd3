"""Connectors: professionals who bring residents of different milieus together (L050)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import PER_TEN_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.task_lever import TaskLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Connectors(TaskLever):
    """Put connectors in post who introduce residents to each other (verbindingsofficieren).

    They are community builders whose hours go to introductions. Each pair is of two milieus and begins acquainted;
    their tie grows if they meet and fades with a half-life of its own (``contacts.introduced_half_life``), so that it
    does not outlast the upkeep by much. How many ties a connector makes nobody has counted; a review finds that
    promoting contact does not reliably raise safety (L050), and here nothing but a tie comes of it. Longer support of a
    pair is left out but for the strength with which the tie begins.
    """

    name: ClassVar[str] = "connectors"
    title: ClassVar[str] = "Connectors"
    title_nl: ClassVar[str] = "Verbindingsofficieren"
    explain: ClassVar[str] = (
        "Professionals introduce residents to neighbours who live another kind of life, and get them started."
    )
    explain_nl: ClassVar[str] = (
        "Professionals brengen bewoners in contact met buurtgenoten die een ander leven leiden, en helpen hen op weg."
    )
    family: ClassVar[str] = "meeting"
    evidence: ClassVar[tuple[str, ...]] = ("L050", "STF-01")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L050", moves="bridging", sign=1,
            differs="A professional makes the pairs one by one, so it stops and fades with the post.",
        ),
    )  # fmt: skip

    fte_per_10k = Param(
        1.0, "fte/10,000 residents", (0.3, 3.0), "policy", "D", ("L050",), "Connectors per 10,000 residents"
    )
    ties_per_fte = Param(
        6.0, "ties/month", (2.0, 12.0), "assumed", "D", ("L050",), "Pairs that a full-time connector brings together"
    )  # fmt: skip
    tie_strength = Param(
        0.4, "strength", (0.2, 0.6), "assumed", "D", ("design",),
        "Strength with which such a tie begins (one made by chance: 0.2)",
    )  # fmt: skip
    uptake = Param(
        0.3, "share", (0.05, 0.8), "assumed", "D", ("design",),
        "Adults who let themselves be introduced, at average trust",
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the posts after the end; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the posts and ask for the introductions for which there are hours."""
        residents = ctx.world.by_district("resident")
        fte = self.number("fte_per_10k") * dose * residents / PER_TEN_THOUSAND * self.districts(ctx)
        hours = self.employ(ctx, fte)
        self.request(
            ctx,
            "contacts",
            "introduce",
            residents=self.reached(ctx, self.adults(ctx), 1.0),
            pairs=hours / self.full_time(ctx) * self.number("ties_per_fte"),
            across=1.0,
            strength=self.number("tie_strength"),
        )
