"""Professionals: crises first, and what that leaves for everything else (R2, firefighting)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel import cooperation
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.mechanisms.professionals import (
    access,
    cases,
    craft,
    crises,
    hours,
    outreach,
    posts,
    settle,
    sight,
    signals,
    staff,
    trap,
)
from wijksim.mechanisms.professionals.channels import CARETAKER_CHANNEL, NEIGHBOUR, OUTREACH, SELF
from wijksim.mechanisms.professionals.columns import COLUMNS
from wijksim.mechanisms.professionals.hours import Use
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@MECHANISMS.register
class Professionals(Mechanism):
    """Capacity, signals, queue, cases with continuity, and prevention as what is left of the hours."""

    name = "professionals"
    channels = (
        "fte.*",
        "hours.*",
        "professionals.hours",
        "cooperation",
        "cooperation.*",
        *signals.LEVERS_MOVE,
        *craft.CHANNELS,
        *access.CHANNELS,
    )
    owns = COLUMNS
    reads = (
        "resident.need",
        "resident.crises",
        "resident.crisis_memory",
        "resident.youth_crisis",
        "resident.psychiatric",
        "resident.addiction",
        "household.problem_debt",
        "household.early_signal",
        "household.violence",
        "household.eviction_stage",
        "household.eviction_crisis",
        "household.debt_crisis",
        "resident.knows_neighbours",
        "resident.dutch",
    )
    lagged = ("resident.trust", "resident.felt_safety")

    signal_self = SELF
    signal_neighbour = NEIGHBOUR
    signal_caretaker = CARETAKER_CHANNEL
    signal_outreach = OUTREACH
    queue_left = cases.GIVE_UP
    case_closed = cases.CLOSE
    case_dropped = cases.DROP
    fall_ill = staff.FALL_ILL
    come_back = staff.RETURN
    depart = staff.DEPART

    def setup(self, ctx: Context) -> None:
        """Make the stores; the builder adds posts and the stationary caseload."""
        posts.prepare_stores(ctx)
        crises.prepare_stores(ctx)

    def step(self, ctx: Context) -> None:
        """One month: staff, signals, hours in order, cases, effects."""
        settle.start(ctx)
        room = staff.turn_over(ctx)
        opened, waiting = cases.take_over(ctx, room)
        cases.give_up(ctx, waiting)
        seen = signals.look(ctx, room)
        signals.listen(ctx, room, seen)
        use, worked, pace = hours.share_out(ctx, room, seen.there, seen.happened)
        self._counter(ctx, use)
        lost, team = cases.effects(ctx, room, cases.move_on(ctx, room, opened, worked, pace), use)
        if ctx.loops.off or ctx.loops.watched:
            outreach.reach(ctx)
        self._count(ctx, lost, team)

    def _counter(self, ctx: Context, use: Use) -> None:
        """Small problems brought to a walk-in point take hours that would have gone to outreach."""
        if sight.COUNTER in ctx.world.stores:
            spent = sight.serve(ctx, use.outreach[Profession.SOCIAL_WORKER])
            use.outreach[Profession.SOCIAL_WORKER] -= spent
            use.intake[Profession.SOCIAL_WORKER] += spent

    def _count(self, ctx: Context, lost: float, team: NDArray[np.float64]) -> None:
        """Note hours that are ``lost`` and those of the ``team``, and what is left of caretakers who stay away."""
        district, counters = ctx.world.district, ctx.counters
        present = access.presence(ctx) if ctx.effects.acts else None
        if present is not None:
            district.caretaker_hours[:] *= present.astype(np.float32)
        counters.peak("professionals.largest_hours_error", lost)
        whole, on_crises = np.add.reduce(team, axis=1).tolist()
        counters.add("professionals.frontline_hours", whole)
        counters.add("professionals.frontline_crisis_hours", on_crises)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """C / L0 by district, hours on crises in the run, cooperation by pair, and how long staff have been in post."""
        sums, table = ctx.counters.sums, ctx.world.professional
        hours_in_all = sums.get("professionals.frontline_hours", 0.0)
        filled = table.rows[~table.vacant[table.rows]]
        fte = table.fte[filled]
        months = float(fte @ (ctx.month - table.since[filled].astype(np.float64)))
        points = trap.measured(ctx)
        by_pair = cooperation.levels(ctx)
        return {
            "professionals.capacity_over_crisis_work": [None if one is None else one.ratio for one in points],
            "professionals.crisis_share_of_frontline_hours": sums.get(
                "professionals.frontline_crisis_hours", 0.0
            )
            / hours_in_all
            if hours_in_all
            else None,
            "professionals.cooperation": {
                cooperation.pair_name(one, other).split(".")[1]: float(by_pair[:, one, other].mean())
                for one, other in cooperation.PAIRS
            },
            "professionals.shared_cases_share": sums.get("professionals.shared_months", 0.0)
            / max(sums.get("professionals.helped_months", 0.0), 1.0),
            "professionals.mean_tenure_years": months / fte.sum() / MONTHS_PER_YEAR if fte.size else None,
        }
