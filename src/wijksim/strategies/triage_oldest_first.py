"""Crises first, then whoever has waited longest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class OldestFirst(Triage):
    """Order of arrival (volgorde van aanmelding), which looks fair and leaves the worst cases waiting."""

    name: ClassVar[str] = "oldest_first"

    weight = Param(
        1.0, "share", (0.0, 1.0), "policy", "D", ("design",), "Weight of the wait; the rest is that of need"
    )
    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")

    def score(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64]:
        """Longest wait first, in part or altogether."""
        need = np.asarray(cases["need"], dtype=np.float64)
        waiting = np.asarray(cases["waiting"], dtype=np.float64)
        weight = float(self.arguments["weight"]) * self.rules(ctx)[cases["district"]]
        # over the longest wait, so that it runs from 0 to 1 as need does
        longest = max(float(waiting.max(initial=0)), 1.0)
        return np.asarray((1 - weight) * need + weight * waiting / longest)
