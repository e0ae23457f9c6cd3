"""Which vacancies a rule of allocation steers: a share of those in the chosen districts and complexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.strategy import Strategy

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Steering(Strategy):
    """Strategy with arguments ``steered_share``, ``districts`` and ``complexes``."""

    def steers(self, ctx: Context, vacancies: dict[str, Any]) -> NDArray[np.bool_]:
        """Steered vacancies, shape ``(vacancies,)``: a larger share contains those of a smaller one."""
        chosen = vacancies["steering"] < float(self.arguments["steered_share"])
        if self.arguments["districts"]:
            wanted = {word.strip() for word in str(self.arguments["districts"]).split(",")}
            known = np.array([name in wanted for name in ctx.settings["district_names"]], dtype=bool)
            chosen = chosen & known[vacancies["district"]]
        if self.arguments["complexes"]:
            numbers = [int(word) for word in str(self.arguments["complexes"]).split(",")]
            chosen = chosen & np.isin(vacancies["complex"], numbers)
        return np.asarray(chosen)
