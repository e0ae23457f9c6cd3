"""Jobs kept for seekers from the district (lokaal werk): part of what opens in its workspaces (L095).

A lever funds the share of jobs in newly opened workspaces for which residents come first. Premises say what opened last
month; the jobs are given by lot to the unemployed of the district who found nothing else this month. Many of them would
have found work soon anyway, as a quarter of the unemployed do every month: that follows from their own luck and is no
parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.matching import fill
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

SHARE = "work.local_hire"
"""Capacity that a lever may fund per district: part of the jobs that open there for which residents come first."""


def hire(ctx: Context, unemployed: Rows, busy: list[Rows]) -> Rows:
    """Unemployed residents who get a job in the district this month; nobody where no lever asks for it.

    Parameters
    ----------
    busy
        Those of ``unemployed`` whose month is decided otherwise.
    """
    if SHARE not in ctx.effects.capacities:
        return unemployed[:0]
    share = np.clip(ctx.effects.funded(SHARE, ctx.world.n_districts), 0, 1)
    if not share.any():
        return unemployed[:0]
    district, table = ctx.world.district, ctx.world.resident
    jobs = share * district.jobs_opened
    # a part of a job is one job now and then, so that small districts get their due
    luck = ctx.draws.uniform("work.local_jobs", district.uid, ctx.month)
    places = np.floor(jobs) + (luck < jobs - np.floor(jobs))
    idle = np.zeros(table.size, np.bool_)
    idle[unemployed] = True
    for decided in busy:
        idle[decided] = False
    free = idle.nonzero()[0].astype(np.int32)
    free = free[table.district[free] >= 0]
    if not places.any() or free.size == 0:
        return free[:0]
    lot = ctx.draws.uniform("work.local_hire", table.uid[free], ctx.month)
    granted = fill(places, group=table.district[free], score=lot, uid=table.uid[free])
    ctx.counters.add("work.hired_locally", int(np.count_nonzero(granted)))
    hired: Rows = free[granted]
    return hired
