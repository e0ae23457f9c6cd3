"""Recruits go where it is hardest."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument
from wijksim.kernel.placement import Placement
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class HardestAreasFirst(Placement):
    """Whoever is recruited fills the vacancy of the hardest district first (schaarse krachten naar zwaarste wijken).

    Hardest are the districts named, and among these and the others those where crises take most hours. Recruits are
    as many as before: what one district no longer waits for, another waits for longer.
    """

    name: ClassVar[str] = "hardest_areas_first"

    districts = Argument("", (), "Names of the districts that go first, separated by commas; empty for none")

    def recruits(self, ctx: Context) -> NDArray[np.float64]:
        """Part of the hours that crises took last month, and one more for the districts named."""
        return ctx.world.district.crisis_share.astype(np.float64) + self.rules(ctx)
