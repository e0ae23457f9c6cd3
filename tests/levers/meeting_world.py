"""One small town, and what a lever on meeting asks, scales, funds and books in it within a month."""

from __future__ import annotations

import numpy as np

from tests.contracts.engines import engine
from wijksim.kernel.lever import Target, Window
from wijksim.state.roles import Profession

DISTRICT = "vulnerable"


def here(ctx) -> int:
    return ctx.settings["district_names"].index(DISTRICT)


def made(kind, window=None, **arguments):
    """The lever at full dose at once, in one district; as many take part as its range allows."""
    given = {"ramp": 0.0, "uptake": kind.declared()["uptake"].range[1], **arguments}
    return kind(given, window=window or Window(0), target=Target(districts=(DISTRICT,)))


def run(*levers, months=1, machine=None):
    """Advance a town with these levers; returns its context."""
    machine = machine or engine()
    machine.set_levers(list(levers))
    for lever in levers:
        for item in lever.costs:
            machine.ctx.ledger.declare(item)
    for _ in range(months):
        machine.advance()
    return machine.ctx


def asked(lever, machine=None):
    """What the lever does at the start of a month, before anything moves; returns the context."""
    ctx = (machine or engine()).ctx
    ctx.effects.clear()
    ctx.ledger.clear()
    for item in lever.costs:
        ctx.ledger.declare(item)
    lever.step(ctx)
    ctx.effects.prepare(ctx.world, 1 / 3, 3.0)
    return ctx


def act(ctx, owner, what):
    """Details of the one request of this kind."""
    (found,) = [details for _, who, name, details in ctx.effects.acts if (who, name) == (owner, what)]
    return found


def offsets(ctx, rate, table="resident"):
    """Log ratios of a rate, zero where it is not touched."""
    found = ctx.effects.offsets(rate, table)
    return np.zeros(ctx.world.tables[table].size) if found is None else found


def funded(ctx, capacity):
    return ctx.effects.funded(capacity, ctx.world.n_districts)


def residents(ctx):
    return ctx.world.by_district("resident")


def all_at_work(role=Profession.COMMUNITY_BUILDER):
    """A town with ten times its posts of a role, all filled and trained in."""
    machine = engine()
    table = machine.ctx.world.professional
    rows = table.rows[table.role[table.rows] == int(role)]
    table.vacant[rows] = table.sick[rows] = False
    table.since[rows] = -600
    table.fte[rows] *= 10
    return machine
