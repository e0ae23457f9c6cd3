"""Who needs support, by the reading used for the intake of tenants (H322).

Severe psychiatric problems, addiction, problem debt, or a cognitive limitation with low self-reliance: about half of
the adults with such a limitation manage on their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.housing import mover_loops

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def households_in_need(ctx: Context) -> NDArray[np.bool_]:
    """Households with a member who needs support or with problem debt, shape ``(households,)``."""
    household, resident = ctx.world.household, ctx.world.resident
    found = np.empty(household.size, dtype=bool)
    # fmt: off
    mover_loops.needy(
        household.alive, household.problem_debt, resident.alive, resident.household, resident.age,
        resident.psychiatric, resident.addiction, resident.cognitive, resident.self_reliance,
        np.float32(ctx.values["housing.support_self_reliance"]), found,
    )
    # fmt: on
    return found


def entrance_share(ctx: Context, needy: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the dwellings behind each entrance with a household in need, shape ``(entrances,)``."""
    entrance = ctx.world.entrance
    share = np.empty(entrance.size)
    mover_loops.behind_entrances(needy, ctx.world.household.entrance, entrance.dwellings, share)
    return share
