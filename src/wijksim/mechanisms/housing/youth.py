"""Dwellings made for youths of the district (jongerenwoningen): who leaves home nearby comes first, nobody else comes.

They stand outside the queue: a landlord or a partner in the neighbourhood finds the tenant, which is why they count
among no lettings by category. Who is housed stays as long as anybody; a contract that ends with youth is left out.
Without such dwellings, nothing here happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.mechanisms.housing.leave import PARTED
from wijksim.mechanisms.housing.movein import Homes
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def house(ctx: Context, places: Rows, homes: Homes) -> None:
    """House youths who leave home in ``places``, the vacancies meant for them."""
    dwelling, table = ctx.world.dwelling, ctx.world.resident
    young = table.alive & (table.home_sought >= 0) & (table.wants_home != PARTED)
    young &= table.age <= ctx.values["housing.youth_age_to"]
    rows = young.nonzero()[0].astype(np.int32)
    rows = rows[np.argsort(ctx.draws.life("housing.youth_turn", table.uid[rows]), kind="stable")]
    for district in np.unique(dwelling.district[places]).tolist():
        here = places[dwelling.district[places] == district]
        found = rows[table.district[rows] == district][: here.size]
        homes.start(found, here[: found.size])
        # who has a home no longer looks, and leaves the queue this month
        table.home_sought[found] = -1
