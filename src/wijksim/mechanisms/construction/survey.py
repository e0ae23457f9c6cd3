"""What a month of construction needs to know of all dwellings, in one look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.construction import loops
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

_TENURES = len(Tenure)


@dataclass(slots=True)
class Survey:
    """What was seen.

    Attributes
    ----------
    by_owner
        Standing dwellings by owner.
    homes, of_corporation
        Dwellings, and those of the corporation, building sites among them.
    entrances
        Entrances that may be pulled down.
    fresh
        Corporation dwellings that fell vacant since housing last looked, and with which nothing is planned.
    upkeep
        Euros of upkeep by district this month.
    """

    by_owner: Floats
    homes: int
    of_corporation: int
    entrances: Rows
    fresh: Rows
    upkeep: Floats


def look(ctx: Context) -> Survey:
    """Look at all dwellings, and write the mean quality behind each entrance.

    Upkeep is that of every standing corporation dwelling; a new one asks less (HOU-05).
    """
    world, table, values = ctx.world, ctx.world.dwelling, ctx.values
    price = price_of(ctx, "construction.upkeep") / MONTHS_PER_YEAR
    by_owner, upkeep = np.empty(_TENURES), np.empty(world.n_districts)
    entrances, fresh = np.empty(world.entrance.size, np.int32), np.empty(table.size, np.int32)
    # fmt: off
    homes, own, count, many = loops.survey(
        (table.alive, table.owner, table.works, table.replaced), (table.entrance, table.district), table.quality,
        (table.household, table.on_market, table.vacant_since), (price, values["construction.upkeep_new"] * price),
        values["construction.corporation_majority"], by_owner, world.entrance.quality, upkeep, fresh, entrances,
    )
    # fmt: on
    return Survey(by_owner, homes, own, entrances[:many], fresh[:count], upkeep)
