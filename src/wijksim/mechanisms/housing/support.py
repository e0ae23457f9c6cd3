"""Who needs support, by the reading used for the intake of tenants (H322).

Severe psychiatric problems, addiction, problem debt, or a cognitive limitation with low self-reliance: about half of
the adults with such a limitation manage on their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def residents_in_need(ctx: Context) -> NDArray[np.bool_]:
    """Residents who need support on their own account, shape ``(residents,)``."""
    table = ctx.world.resident
    low = (table.self_reliance < ctx.values["housing.support_self_reliance"]) & (table.age >= ADULT_AGE)
    return np.asarray(table.alive & (table.psychiatric | table.addiction | (table.cognitive & low)))


def households_in_need(ctx: Context) -> NDArray[np.bool_]:
    """Households with a member who needs support or with problem debt, shape ``(households,)``."""
    world = ctx.world
    rows = np.flatnonzero(residents_in_need(ctx))
    needy = world.household.problem_debt.copy()
    needy[world.resident.household[rows]] = True
    return np.asarray(needy & world.household.alive)


def entrance_share(ctx: Context, needy: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the dwellings behind each entrance with a household in need, shape ``(entrances,)``."""
    world = ctx.world
    entrance = world.household.entrance[needy]
    count = np.bincount(entrance[entrance >= 0], minlength=world.entrance.size)
    return np.asarray(count / np.maximum(world.entrance.dwellings, 1))
