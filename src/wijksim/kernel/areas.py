"""Districts that a strategy is meant for, by name in one of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def named(ctx: Context, text: str) -> NDArray[np.bool_]:
    """Mask of the districts whose names stand in ``text``, separated by commas; all if it is empty."""
    names: list[str] = ctx.settings["district_names"]
    wanted = {word.strip() for word in text.split(",") if word.strip()}
    return np.array([not wanted or name in wanted for name in names], dtype=bool)
