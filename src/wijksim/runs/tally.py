"""Count people and what they do during a run, so that the run can prove that nobody got lost.

Reads the log of the month and nothing else, apart from one count of activities; changes nothing.
"""

from __future__ import annotations

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.state.codes import Activity, Tenure
from wijksim.state.row_loops import count_codes

FLOWS = ("births", "arrivals", "exits")
_NAMES = tuple(activity.name.lower() for activity in Activity)


class Tally:
    """Observer of an engine that counts during a run and adds to the counters at its end.

    ``people.at_start``, ``people.births``, ``people.arrivals``, ``people.exits`` count persons;
    ``person_months.<activity>`` counts months lived in an activity, ``left.<activity>`` changes to another one;
    ``vacated.<tenure>`` dwellings left empty, ``tenancy.mean_years`` how long households have lived where they live.

    Parameters
    ----------
    ctx
        The run at its start.
    """

    def __init__(self, ctx: Context) -> None:
        self.people = {"at_start": len(ctx.world.resident), **dict.fromkeys(FLOWS, 0)}
        self.vacated = np.zeros(len(Tenure), dtype=np.int64)
        self.held = np.zeros(len(_NAMES), dtype=np.int64)
        self.left = np.zeros(len(_NAMES), dtype=np.int64)

    def __call__(self, ctx: Context) -> None:
        """Count one month, when all its transitions have been made."""
        entries, resident = ctx.log.entries, ctx.world.resident
        for flow in FLOWS:
            for entry in entries.get(flow, ()):
                self.people[flow] += entry["uid"].size
        count_codes(resident.activity, self.held)
        # rows that nobody holds stand at activity 0
        self.held[0] -= resident.size - len(resident)
        owner = ctx.world.dwelling.owner
        for entry in entries.get("vacated", ()):
            count_codes(owner[entry["dwelling"]], self.vacated)
        for entry in entries.get("activities", ()):
            count_codes(entry["before"], self.left)

    def close(self, ctx: Context) -> None:
        """Add what was counted to the counters of the run."""
        for flow, persons in self.people.items():
            ctx.counters.add(f"people.{flow}", persons)
        for tenure, count in zip(Tenure, self.vacated.tolist(), strict=True):
            ctx.counters.add(f"vacated.{tenure.name.lower()}", count)
        household = ctx.world.household
        housed = household.rows[household.dwelling[household.rows] >= 0]
        if housed.size:
            spell = ctx.month - household.moved_in[housed].astype(np.float64)
            ctx.counters.add("tenancy.mean_years", float(spell.mean()) / MONTHS_PER_YEAR)
        for name, months, changes in zip(_NAMES, self.held.tolist(), self.left.tolist(), strict=True):
            if months:
                ctx.counters.add(f"person_months.{name}", months)
                ctx.counters.add(f"left.{name}", changes)
