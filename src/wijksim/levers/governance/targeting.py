"""Where the effort goes: an equal dose everywhere, or a dose that follows need (blauwdruk of maatwerk)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever
from wijksim.levers.governance import EVERYWHERE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Targeting(Lever):
    """Divide the dose of programmes over the target districts by need, as far as need is seen.

    The mean dose over residents of its target stays what it was, so that a blueprint and tailoring cost about the same:
    aim it where the programmes are, and with ``aim`` at the programmes to which it applies. Posts stand where need is,
    so that a package of posts costs some per cent more. Where a programme reaches everybody already, it does more for
    each as far as the range of its effect goes; what has no room there goes to the other districts. What is followed is
    counted in the model: residents who get help or wait for it (``help``), households with problem debts
    (``debt``) or households that often have nuisance (``lived``, what residents themselves put first).
    """

    name: ClassVar[str] = "targeting"
    title: ClassVar[str] = "Dose follows need"
    title_nl: ClassVar[str] = "Maatwerk: inzet volgt behoefte"
    explain: ClassVar[str] = "Programmes give more where need is greater and less where it is smaller."
    explain_nl: ClassVar[str] = (
        "Programma's doen meer waar de behoefte groter is en minder waar die kleiner is."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G003", "G026")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G003",
            moves="unmet_need",
            sign=-1,
            differs="The municipality directs: the dose follows the need that it sees, with a fit of 0.8.",
            with_levers=EVERYWHERE,
        ),
        Carries(
            "G026",
            moves="unmet_need",
            sign=-1,
            arguments={"by": "lived", "fit": 0.5},
            differs="Common goals with a route of one's own: each district follows what its residents put first.",
            with_levers=EVERYWHERE,
        ),
    )

    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    by = Argument("help", ("help", "debt", "lived"), "Need that the dose follows")
    fit = Param(
        0.8, "share", (0.0, 1.0), "assumed", "D", ("G003",), "How far the dose follows need; 0 is a blueprint"
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Weigh the districts."""
        ratio = self.need(ctx)
        weights = np.where(self.districts(ctx), 1 + self.number("fit") * dose * (ratio - 1), 1.0)
        self.govern(ctx, self.aimed(), Governed(weights=weights))

    def need(self, ctx: Context) -> NDArray[np.float64]:
        """Need per resident over its mean in the target districts, shape ``(n_districts,)``; 1 if nobody has any."""
        world = ctx.world
        if self.arguments["by"] == "help":
            count = world.by_district("resident", world.resident.case > 0)
        elif self.arguments["by"] == "debt":
            count = world.by_district("household", world.household.problem_debt)
        else:
            count = world.by_district("household", world.household.nuisance_often)
        residents = world.by_district("resident")
        here = self.districts(ctx)
        whole, people = float(count[here].sum()), float(residents[here].sum())
        if whole <= 0:
            return np.ones(residents.size)
        rate = np.divide(count, residents, out=np.zeros(residents.size), where=residents > 0)
        return np.asarray(rate / (whole / people))
