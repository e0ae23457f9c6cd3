"""A small town with crime for tests of levers on safety; what they act on and who takes part is set by hand."""

from __future__ import annotations

import numpy as np

from tests.mechanisms.crime_world import OTHERS
from tests.worlds import run_months, small_world
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever
from wijksim.mechanisms.crime import Crime
from wijksim.mechanisms.facilities.columns import COLUMNS
from wijksim.state.column import Column

EXTRA = (
    *OTHERS,
    *(column for column in COLUMNS if column.table == "facility"),
    Column("resident.trust", np.float32, "share", "x"),
    Column("resident.ties", np.int16, "persons", "x"),
)
WILLING = {"ramp": 0.0, "uptake": 1.0}


def town(*, dwellings: int = 600, trust: float = 1.0, **values: float) -> Context:
    """A town where everybody trusts as given; ``values`` are parameters, ``__`` standing for the dot."""
    ctx = small_world((Crime,), extra=EXTRA, dwellings=dwellings, setup=False)
    for name, value in values.items():
        ctx.parameters.set(name.replace("__", "."), value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    ctx.world.entrance.control[:] = 0
    ctx.world.resident.trust[:] = trust
    ctx.world.resident.ties[:] = 8
    ctx.world.district.police_hours[:] = 20
    Crime().setup(ctx)
    return ctx


def act(ctx: Context, lever: Lever | None) -> None:
    """What a lever does this month, ready to be heard; only what it books stands in the ledger."""
    ctx.effects.clear()
    ctx.ledger.clear()
    if lever is not None:
        for item in lever.costs:
            ctx.ledger.declare(item)
        lever.step(ctx)
    ctx.effects.prepare(ctx.world, 0.1, 10.0)
    ctx.values = {**ctx.parameters.at(ctx.month, "2025-01"), **ctx.effects.values()}


def months(ctx: Context, lever: Lever | None, number: int = 1) -> None:
    """The lever and crime together."""
    for _ in range(number):
        act(ctx, lever)
        run_months(ctx, [Crime()], 1)


def ratio(ctx: Context, rate: str) -> np.ndarray:
    """Ratio that levers put on a rate of each resident; none touched is an error."""
    offsets = ctx.effects.offsets(rate, "resident")
    assert offsets is not None, rate
    return np.exp(offsets)


def young(ctx: Context) -> np.ndarray:
    """Who can be recruited."""
    table = ctx.world.resident
    return table.alive & (table.age >= 12) & (table.age <= 22)


def people(ctx: Context) -> np.ndarray:
    """Residents by district."""
    return ctx.world.by_district("resident").astype(float)


def untouched(ctx: Context, lever: Lever) -> bool:
    """Whether a lever leaves no trace at all."""
    act(ctx, lever)
    return not (ctx.effects.touched() or ctx.effects.acts or ctx.effects.programmes or ctx.ledger.month)
