"""A staffed small town for levers on professionals, and a month of one lever in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.care_world import care_world
from tests.worlds import run_months
from wijksim.kernel.context import Context
from wijksim.kernel.lever import FORBIDDEN_WORDS, Lever
from wijksim.mechanisms.professionals import Professionals
from wijksim.state.roles import Profession

NORTH = {"districts": ("north",)}
AT_ONCE = {"ramp": 0.0}


def staff_town(**sets: float) -> Context:
    """Town of three districts, all posts of the standing formation open, everybody of average trust."""
    ctx = care_world(staffed=True, dwellings=1500, **sets)
    ctx.world.resident.trust[:] = ctx.values["wellbeing.trust_level"]
    return ctx


def act(ctx: Context, lever: Lever) -> set[str]:
    """Let a lever act, its effects made ready as in a run; returns everything that it touched."""
    ctx.effects.clear()
    ctx.ledger.clear()
    for item in type(lever).costs:
        ctx.ledger.declare(item)
    lever.step(ctx)
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    touched = ctx.effects.touched()
    assert not any(word in name.split(".")[-1] for name in touched for word in FORBIDDEN_WORDS)
    return touched


def month(ctx: Context, lever: Lever) -> set[str]:
    """A month of the lever and the professionals together."""
    touched = act(ctx, lever)
    run_months(ctx, [Professionals()], 1)
    return touched


def ratio(ctx: Context, target: str, table: str) -> Any:
    """Factor on a rate per row of a table."""
    offsets = ctx.effects.offsets(target, table)
    size = ctx.world.tables[table].size
    return np.ones(size) if offsets is None else np.exp(offsets)


def bill(ctx: Context, item: str) -> Any:
    """Euros of the month by district."""
    return ctx.ledger.month.get(item, np.zeros(ctx.world.n_districts))


def of_role(ctx: Context, *roles: Profession, district: int | None = None) -> Any:
    """Posts of some roles, in one district or all."""
    table = ctx.world.professional
    rows = table.rows[np.isin(table.role[table.rows], [int(role) for role in roles])]
    return rows if district is None else rows[table.district[rows] == district]


def filled(ctx: Context, rows: Any) -> Any:
    """Filled fte by district."""
    table = ctx.world.professional
    held = rows[~table.vacant[rows]]
    return np.bincount(table.district[held], weights=table.fte[held], minlength=ctx.world.n_districts)


def no_trace(kind: type[Lever]) -> None:
    """Check that at strength zero nothing is touched, asked or booked."""
    ctx = staff_town()
    lever = kind({"strength": 0.0})
    assert not act(ctx, lever)
    assert not ctx.effects.acts
    assert not ctx.effects.programmes
    assert not ctx.ledger.month
