"""Which districts a national policy selects, and what the others do without (gebiedsselectie)."""

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
class AreaSelection(Lever):
    """Give the whole of a programme to the districts with the lowest index, or spread it without a cliff.

    The index is read when the selection begins and the list then stands, as with the forty of 2007 and the twenty of
    2022: part of what the selected gain later is what low readings gain by themselves. The mean dose over residents
    stays what it was.
    """

    name: ClassVar[str] = "area-selection"
    title: ClassVar[str] = "Selection of districts"
    title_nl: ClassVar[str] = "Selectie van wijken"
    explain: ClassVar[str] = (
        "The effort goes to the districts with the lowest index, all or nothing or by degree."
    )
    explain_nl: ClassVar[str] = (
        "De inzet gaat naar de wijken met de laagste index, alles of niets of naar verhouding."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G002", "G031", "PT17")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G002",
            moves="unmet_need",
            sign=-1,
            differs="All of it to the selected part of the districts, nothing to the others.",
            with_levers=EVERYWHERE,
            where="vulnerable",
        ),
        Carries(
            "G031",
            moves="unmet_need",
            sign=-1,
            arguments={"rule": "degree"},
            differs="Weak districts of every city by degree: no cliff between those in and those out.",
            with_levers=EVERYWHERE,
        ),
    )

    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    rule = Argument("list", ("list", "degree"), "All or nothing for a list, or by degree")
    selected = Param(
        0.34, "share", (0.05, 1.0), "policy", "C", ("G002",), "Part of the districts on the list"
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    _weights: NDArray[np.float64] | None = None

    def act(self, ctx: Context, dose: float) -> None:
        """Weigh the districts as they stood when the selection began."""
        if self._weights is None:
            self._weights = self.weights(ctx)
        self.govern(ctx, self.aimed(), Governed(weights=1 + dose * (self._weights - 1)))

    def weights(self, ctx: Context) -> NDArray[np.float64]:
        """Dose over the mean dose by district, shape ``(n_districts,)``: mean 1 over the residents of the target."""
        world, here = ctx.world, self.districts(ctx)
        index, residents = world.district.afw.astype(np.float64), world.by_district("resident")
        weights = np.zeros(index.size)
        inside = np.flatnonzero(here)
        if self.arguments["rule"] == "list":
            wanted = max(round(self.number("selected") * inside.size), 1)
            weights[inside[np.argsort(index[inside], kind="stable")[:wanted]]] = 1
        else:
            weights[inside] = index[inside].max() - index[inside]
            if not weights.any():
                weights[inside] = 1
        mean = float((weights * residents)[inside].sum() / residents[inside].sum())
        return np.where(here, weights / mean, 1.0)
