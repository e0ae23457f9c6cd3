"""Cheap workspaces in ground floors and garages, with jobs kept for residents (L095)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import PER_TEN_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class CheapWorkspaces(Lever):
    """Make workspaces, lower the rent of those there are, and keep part of the jobs for residents (werkruimtes).

    Premises are made as the dose rises and stay; they begin vacant and are taken as demand carries them, which is why
    earlier policy never got the economy of neighbourhoods going. Cheap rent is subsidy on top of that of current
    policy. Of the jobs in workspaces that open, part goes to unemployed residents first; many of them would have
    found work anyway, as the paired run without the lever shows. Whether firms move here from elsewhere in the city
    is not followed, so that jobs in the district are not jobs won. What premises and rent cost is booked where they
    are made and let.
    """

    name: ClassVar[str] = "cheap-workspaces"
    title: ClassVar[str] = "Cheap workspaces"
    title_nl: ClassVar[str] = "Goedkope werkruimtes"
    explain: ClassVar[str] = "Makes cheap workspaces in ground floors and garages of the chosen districts."
    explain_nl: ClassVar[str] = (
        "Maakt goedkope werkruimtes in plinten en garages van de gekozen wijken voor startende ondernemers."
    )
    family: ClassVar[str] = "work"
    verbs: ClassVar[tuple[str, ...]] = ("fund",)
    evidence: ClassVar[tuple[str, ...]] = ("L095",)
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L095", moves="local_jobs", sign=1,
            differs="It makes room for jobs that nobody is sure to fill, and does not choose who works there.",
        ),
    )  # fmt: skip

    workspaces_per_10k = Param(
        10.0, "1/10,000 residents", (2.0, 40.0), "policy", "D", ("L095",), "Workspaces made at full dose"
    )
    subsidy = Param(
        1.0, "ratio", (0.0, 3.0), "policy", "D", ("design",),
        "Subsidy of all workspaces there, on top of that of current policy and over it",
    )  # fmt: skip
    local_hire = Param(
        0.3,
        "share",
        (0.0, 0.6),
        "assumed",
        "D",
        ("L095",),
        "Jobs in workspaces that open, for which residents come first",
    )
    ramp = Param(
        36.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months over which premises are made"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",),
        "Half-life of the cheap rent after the money; premises stay",
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund premises, rent and the share of jobs for residents; coverage and uptake are of owners of premises."""
        part = np.where(self.districts(ctx), dose * self.number("coverage") * self.number("uptake"), 0.0)
        residents = ctx.world.by_district("resident")
        per_10k = self.number("workspaces_per_10k")
        self.fund(ctx, "premises.workspace", residents / PER_TEN_THOUSAND * per_10k * part)
        self.fund(ctx, "facilities.subsidy.workspace", self.number("subsidy") * part)
        self.fund(ctx, "work.local_hire", self.number("local_hire") * part)
