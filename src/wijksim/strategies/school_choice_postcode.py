"""School choice limited by postcode: part of the homes is held to the schools of the own district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.school_choice import SchoolChoice
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ALL = "all"


@STRATEGIES.register
class PostcodeChoice(SchoolChoice):
    """Primary schools admit by postcode (postcodebeleid), for homes that find no way round it.

    Who is held to the own district is drawn once per pupil, so that a rule kept more strictly holds those held before
    and others. It counts when a place is sought: who has a school keeps it. Where a district has no school of the kind
    asked for, the rule changes nothing.
    """

    name: ClassVar[str] = "postcode"

    share = Param(
        0.5, "share", (0.0, 1.0), "assumed", "D", ("L092",),
        "Homes that the rule really holds; others rent an address, go private or leave the city's schools",
    )  # fmt: skip
    weight = Param(
        20.0, "utility", (0.0, 40.0), "policy", "D", ("L092", "design"),
        "Weight of the own district against distance and taste; 20 leaves no choice where there is a seat",
    )  # fmt: skip
    levels = Argument("primary", ("primary", ALL), "Schools to which the rule applies")
    districts = Argument(
        "", (), "Names of the districts whose homes are held, separated by commas; empty for all"
    )

    def held(self, ctx: Context, pupils: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
        """The weight for homes that are held, 0 for the others, shape ``(pupils,)``."""
        luck = ctx.draws.life("strategy.postcode.held", pupils["uid"])
        here = luck < float(self.arguments["share"])
        if self.arguments["levels"] != ALL:
            here &= pupils["primary"]
        wanted = [name.strip() for name in str(self.arguments["districts"]).split(",") if name.strip()]
        if wanted:
            names = ctx.settings["district_names"]
            inside = np.array([name in wanted for name in names] + [False])
            here &= inside[pupils["district"]]
        return np.where(here, float(self.arguments["weight"]), 0.0)
