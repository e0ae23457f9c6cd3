"""Workspaces that levers add: ground floors and garages made fit for small firms (L095).

Premises that a lever funds are made once and stay; they begin vacant, and are taken at the pace at which vacant
workspaces are, faster where support is more than they need and slower where it is less. Nobody is sure to come. What
making them costs is booked when they are made, and cheap rent by the workspaces that are open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.facilities.columns import Kind
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PREMISES = "premises.workspace"
"""Capacity that a lever may fund per district: workspaces beyond those that were there."""
LOCAL_HIRE = "work.local_hire"
SUBSIDY = "facilities.subsidy.workspace"

FITTING_OUT = CostItem(
    "workspaces_made", "Workspaces made in ground floors and garages", "Werkruimtes maken in plinten en garages",
    payers=(("municipality", 0.5), ("corporation", 0.5)), grade="D", source=("L095",), kind="facilities",
)  # fmt: skip
CHEAP_RENT = CostItem(
    "workspaces_rent", "Cheap rent of workspaces", "Lage huur van werkruimtes",
    payers=(("municipality", 1.0),), receivers=(("employers", 1.0),), grade="D", source=("L095",), kind="facilities",
)  # fmt: skip

_MADE = "facilities.workspaces_made"


def make(ctx: Context) -> None:
    """Add vacant premises up to what levers have funded so far; what has been made is never taken away."""
    world = ctx.world
    if PREMISES not in ctx.effects.capacities:
        return
    wanted = ctx.effects.funded(PREMISES, world.n_districts)
    if not wanted.any():
        return
    made = world.stores.setdefault(_MADE, np.zeros(world.n_districts))
    short = wanted - made
    # whole premises; only the first may be the part of one that a small district shares
    least = np.where(made > 0, 1.0, ctx.values["facilities.least_premises"])
    here = np.flatnonzero(short >= least)
    if here.size == 0:
        return
    count = np.maximum(np.floor(short[here]).astype(np.int64), 1)
    size = np.where(short[here] < 1, short[here], 1.0)
    district = np.repeat(here, count)
    number = world.facility.size + np.arange(district.size)
    rows = world.facility.add(derive_uid("facilities.made", world.district.uid[district], number))
    table = world.facility
    table.district[rows], table.kind[rows] = district, Kind.WORKSPACE
    table.units[rows] = np.repeat(size, count)
    table.open[rows], table.since[rows] = False, ctx.month
    made[here] += count * size
    new = np.zeros(world.n_districts)
    new[here] = count * size
    cost = new * price_of(ctx, "facilities.workspace_price")
    ctx.effects.booked_for(PREMISES, cost, once=True)
    ctx.ledger.book(FITTING_OUT.name, cost)


def count(ctx: Context, opened: Rows) -> None:
    """Say how many jobs opened in workspaces this month, for a lever that keeps part of them for residents."""
    world, n = ctx.world, ctx.world.n_districts
    if LOCAL_HIRE not in ctx.effects.capacities or not ctx.effects.funded(LOCAL_HIRE, n).any():
        world.district.jobs_opened[:] = 0
        return
    table = world.facility
    rows = opened[table.kind[opened] == int(Kind.WORKSPACE)]
    units = np.bincount(table.district[rows], weights=table.units[rows], minlength=n)
    world.district.jobs_opened[:] = units * ctx.values["facilities.workspace_jobs"]


def book_rent(ctx: Context, open_units: NDArray[np.float64]) -> None:
    """Book what levers add to the subsidy of the workspaces that are open, shape ``(n_districts,)``."""
    if SUBSIDY not in ctx.effects.capacities:
        return
    extra = np.maximum(ctx.effects.funded(SUBSIDY, ctx.world.n_districts), 0)
    if extra.any():
        price = price_of(ctx, "facilities.workspace_rent") / MONTHS_PER_YEAR
        ctx.effects.booked_for(SUBSIDY, open_units * extra * price)
        ctx.ledger.book(CHEAP_RENT.name, open_units * extra * price)
