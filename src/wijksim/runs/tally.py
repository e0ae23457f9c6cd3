"""Count people and what they do during a run, so that the run can prove that nobody got lost.

Reads the log of the month and nothing else, apart from one count of activities; changes nothing.
"""

from __future__ import annotations

import numpy as np

from wijksim.kernel.context import Context
from wijksim.state.codes import Activity

FLOWS = ("births", "arrivals", "exits")
_NAMES = tuple(activity.name.lower() for activity in Activity)


class Tally:
    """Observer of an engine that adds to the counters of the run.

    ``people.at_start``, ``people.births``, ``people.arrivals``, ``people.exits`` count persons;
    ``person_months.<activity>`` counts months lived in an activity, ``left.<activity>`` changes to another one.

    Parameters
    ----------
    ctx
        The run at its start.
    """

    def __init__(self, ctx: Context) -> None:
        ctx.counters.add("people.at_start", len(ctx.world.resident))

    def __call__(self, ctx: Context) -> None:
        """Count one month, when all its transitions have been made."""
        add, entries = ctx.counters.add, ctx.log.entries
        for flow in FLOWS:
            for entry in entries.get(flow, ()):
                add(f"people.{flow}", entry["uid"].size)
        n = len(_NAMES)
        # rows that nobody holds stand at activity 0
        held = np.bincount(ctx.world.resident.activity, minlength=n)
        held[0] -= ctx.world.resident.size - len(ctx.world.resident)
        left = np.zeros(n, dtype=np.int64)
        for entry in entries.get("activities", ()):
            left += np.bincount(entry["before"], minlength=n)
        for name, months, changes in zip(_NAMES, held.tolist(), left.tolist(), strict=True):
            if months:
                add(f"person_months.{name}", months)
                add(f"left.{name}", changes)
