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
    """Observer of an engine that counts during a run and adds to the counters at its end.

    ``people.at_start``, ``people.births``, ``people.arrivals``, ``people.exits`` count persons;
    ``person_months.<activity>`` counts months lived in an activity, ``left.<activity>`` changes to another one.

    Parameters
    ----------
    ctx
        The run at its start.
    """

    def __init__(self, ctx: Context) -> None:
        self.people = {"at_start": len(ctx.world.resident), **dict.fromkeys(FLOWS, 0)}
        self.held = np.zeros(len(_NAMES), dtype=np.int64)
        self.left = np.zeros(len(_NAMES), dtype=np.int64)

    def __call__(self, ctx: Context) -> None:
        """Count one month, when all its transitions have been made."""
        entries, resident = ctx.log.entries, ctx.world.resident
        for flow in FLOWS:
            for entry in entries.get(flow, ()):
                self.people[flow] += entry["uid"].size
        self.held += np.bincount(resident.activity, minlength=self.held.size)
        # rows that nobody holds stand at activity 0
        self.held[0] -= resident.size - len(resident)
        for entry in entries.get("activities", ()):
            self.left += np.bincount(entry["before"], minlength=self.left.size)

    def close(self, ctx: Context) -> None:
        """Add what was counted to the counters of the run."""
        for flow, persons in self.people.items():
            ctx.counters.add(f"people.{flow}", persons)
        for name, months, changes in zip(_NAMES, self.held.tolist(), self.left.tolist(), strict=True):
            if months:
                ctx.counters.add(f"person_months.{name}", months)
                ctx.counters.add(f"left.{name}", changes)
