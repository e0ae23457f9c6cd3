"""Professionals: crises first, and what that leaves for everything else (R2, firefighting)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel import cooperation
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.professionals import (
    access,
    cases,
    craft,
    crises,
    hours,
    outreach,
    posts,
    service,
    settle,
    sight,
    signals,
    staff,
    trap,
)
from wijksim.mechanisms.professionals.channels import CARETAKER_CHANNEL, NEIGHBOUR, OUTREACH, SELF
from wijksim.mechanisms.professionals.columns import COLUMNS
from wijksim.mechanisms.professionals.hours import Use
from wijksim.state.roles import FRONTLINE, Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


_TEAM = np.array([int(role) for role in FRONTLINE])
# those of whose outreach a district keeps the hours
_ALONE = np.array([int(Profession.CARETAKER), int(Profession.POLICE_OFFICER), int(Profession.YOUTH_WORKER)])


@Kept
def _pace(values: dict[str, float]) -> tuple[float, float, float, np.float32]:
    """Residents to whom staff are counted and hours of one of them; what prevention and strain cover in a month."""
    strain = np.float32(step_fraction(values["professionals.strain_half_life"]))
    covered = step_fraction(values["professionals.prevention_half_life"])
    return values["professionals.per_residents"], hours.effective_hours(values), covered, strain


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
        staff.turn_over(ctx)
        opened, waiting = cases.take_over(ctx)
        cases.give_up(ctx, waiting)
        there, caretakers = posts.present(ctx)
        signals.listen(ctx, caretakers)
        use = hours.share_out(ctx, there)
        self._counter(ctx, use)
        cases.end_cases(ctx, opened)
        waiting = cases.open_cases(ctx)
        cases.effects(ctx)
        self._districts(ctx, use, waiting)
        outreach.reach(ctx)

    def _counter(self, ctx: Context, use: Use) -> None:
        """Small problems brought to a walk-in point take hours that would have gone to outreach."""
        if sight.COUNTER in ctx.world.stores:
            spent = sight.serve(ctx, use.outreach[Profession.SOCIAL_WORKER])
            use.outreach[Profession.SOCIAL_WORKER] -= spent
            use.intake[Profession.SOCIAL_WORKER] += spent

    def _districts(self, ctx: Context, use: Use, waiting: Rows) -> None:
        """Pressure, prevention and strain per district; ``waiting`` are those in the queue."""
        world, values, counters = ctx.world, ctx.values, ctx.counters
        district, table = world.district, world.professional
        total, crisis = np.zeros(world.n_districts), np.zeros(world.n_districts)
        per_residents, full_time, fraction, adapts = _pace(values)
        lost = service.pressure(
            use.total, use.crisis, use.cases, use.intake, use.outreach, _TEAM, _ALONE,
            per_residents, full_time, fraction, waiting, world.resident.district, total,
            crisis, district.crisis_share, district.queue, district.outreach_hours, district.prevention_fte,
            district.caretaker_hours, district.police_hours, district.youth_hours, table.rows, table.district,
            adapts, table.strain,
        )  # fmt: skip
        present = access.presence(ctx) if ctx.effects.acts else None
        if present is not None:
            district.caretaker_hours[:] *= present.astype(np.float32)
        counters.peak("professionals.largest_hours_error", lost)
        counters.add("professionals.frontline_hours", float(np.add.reduce(total)))
        counters.add("professionals.frontline_crisis_hours", float(np.add.reduce(crisis)))

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
