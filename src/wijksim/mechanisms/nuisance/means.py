"""National means of what drives nuisance, looked up once for as long as they stay what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.calm import Calm
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence


class Means:
    """Means of drivers in the reference population, kept until the reference is another or knows more.

    Parameters
    ----------
    owner, table
        For whom they are measured, and whose rows they are means over.
    influences
        Drivers.
    """

    def __init__(self, owner: str, table: str, influences: Sequence[Influence]) -> None:
        self.owner, self.table, self.influences = owner, table, tuple(influences)
        self._kept: tuple[dict[str, Any], int, list[float], NDArray[np.float32]] | None = None
        self._calm: Calm | None = None  # mark of the months for which the means hold without another look

    def __getstate__(self) -> dict[str, Any]:
        """State without the mark, which belongs to one run."""
        return {**self.__dict__, "_calm": None}

    def of(self, ctx: Context) -> list[float]:
        """Means in the order of the drivers."""
        return self._known(ctx)[0]

    def narrow(self, ctx: Context) -> NDArray[np.float32]:
        """Do what :meth:`of` does, in float32; only to be read."""
        return self._known(ctx)[1]

    def _known(self, ctx: Context) -> tuple[list[float], NDArray[np.float32]]:
        reference, kept, calm = ctx.reference, self._kept, ctx.calm
        if kept is not None and calm is not None and calm is self._calm:
            return kept[2:]
        if (
            kept is not None
            and kept[0] is reference.stored
            and kept[1] == len(kept[0])
            and not reference.tracking
        ):
            self._calm = calm
            return kept[2:]
        found = [reference.moments(ctx, self.owner, self.table, one)[0] for one in self.influences]
        narrow = np.array(found, np.float32)
        self._kept = reference.stored, len(reference.stored), found, narrow
        return found, narrow
