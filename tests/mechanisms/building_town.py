"""A small city that builds, for the tests of construction and of the levers that ask for it."""

from __future__ import annotations

import numpy as np

from tests.mechanisms.housing_city import AFW, EXTRA, pools
from tests.worlds import small_world
from wijksim.kernel import derive
from wijksim.kernel.lever import Lever, Target, Window
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.levers.housing.restructuring import Restructuring
from wijksim.mechanisms.construction import Construction
from wijksim.mechanisms.housing import Housing
from wijksim.state.codes import EnergyLabel, Tenure
from wijksim.state.guard import guarded

QUIET = {
    "construction.demolition_rate": 0.0,
    "construction.sale_rate": 0.0,
    "construction.permit_refused": 0.0,
}
QUICK = {
    "construction.permit_months": 6.0,
    "construction.rehousing_months": 12.0,
    "construction.building_months": 14.0,
}


def town(*, dwellings=600, seed=1, values=None, social=None, extra=()):
    """A city with housing and construction; ``social`` complexes belong wholly to the corporation."""
    ctx = small_world(
        (Construction, Housing), extra=(*EXTRA, *extra), dwellings=dwellings, seed=seed, setup=False
    )
    for name, value in {**QUIET, **(values or {})}.items():
        ctx.parameters.set(name, value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    world, rng = ctx.world, np.random.default_rng(seed)
    if social is not None:
        world.dwelling.owner[np.isin(world.dwelling.complex, social)] = Tenure.CORPORATION
        derive.refresh_world(world, 0)
    n, m = world.resident.size, world.household.size
    world.resident.psychiatric[:] = rng.random(n) < 0.02
    world.resident.satisfaction[:] = rng.beta(7, 3, n)
    renting = world.household.tenure == Tenure.CORPORATION
    world.household.income[:] = np.where(renting, 1900, 3800) * np.exp(0.3 * rng.standard_normal(m))
    world.household.income_fifth[:] = np.searchsorted([2083, 3125, 4417, 6167], world.household.income)
    world.dwelling.rent[world.dwelling.owner == Tenure.OWNER] = 0
    world.dwelling.energy_label[:] = EnergyLabel.F
    world.entrance.disorder[:] = 0.3
    world.district.afw[:] = AFW
    world.dwelling.quality[:] = rng.standard_normal(world.dwelling.size) * 0.5
    world.pools = dict(pools())
    Construction().setup(ctx)
    Housing().setup(ctx)
    return ctx


class Months:
    """Steps a city, with what levers ask; adds up what is booked and what happened."""

    def __init__(self, ctx, levers: tuple[Lever, ...] = ()):
        self.ctx, self.levers = ctx, levers
        self.machines = (Construction(), Housing())
        self.lifecycle = Lifecycle(tuple(machine.enter for machine in self.machines))
        self.booked: dict[str, float] = {}
        self.events: dict[str, list[tuple[int, int]]] = {}
        self.lettings: list[tuple[int, int]] = []

    def run(self, months: int):
        ctx = self.ctx
        for _ in range(months):
            ctx.log.clear()
            ctx.ledger.clear()
            ctx.effects.clear()
            derive.ages(ctx.world, ctx.month)
            for lever in self.levers:
                lever.step(ctx)
            for machine in self.machines:
                with guarded(ctx.world, type(machine).owns):
                    machine.step(ctx)
            letting = ctx.world.letting
            self.lettings += [(ctx.month, int(row)) for row in letting.dwelling[letting.rows]]
            self.lifecycle.apply(ctx)
            for item, amount in ctx.ledger.month.items():
                self.booked[item] = self.booked.get(item, 0.0) + float(amount.sum())
            for kind in ("demolished", "replaced", "added", "sold", "renovated"):
                self.events.setdefault(kind, [])
                self.events[kind] += [(ctx.month, int(row)) for row in ctx.log.column(kind, "dwelling")]
            ctx.world.end_month()
            ctx.month += 1
            ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))
        return self


def whole(complexes, **arguments):
    """Restructuring of whole complexes at once."""
    given = {"share": 1.0, "ramp": 0.0, "owner_share": 0.5, "private_share": 0.25, **arguments}
    return Restructuring(given, target=Target(complexes=tuple(complexes)), window=Window(0))
