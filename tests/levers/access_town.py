"""A small warmed-up town for tests of levers on access, one for a process, copied per test."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.contracts.engines import engine
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever, Target, Window
from wijksim.model.engine import Engine

HERE = Target(districts=("vulnerable",))
AT_ONCE = {"ramp": 0.0}


def town() -> Context:
    """Three districts of about 300 residents, everything of the model at work."""
    return engine().ctx


def acts(ctx: Context, lever: Lever) -> Context:
    """The lever acts in this month; its effects are ready to be read."""
    for item in lever.costs:
        ctx.ledger.declare(item)
    ctx.effects.clear()
    ctx.ledger.clear()
    lever.step(ctx)
    ctx.effects.prepare(
        ctx.world, ctx.values["kernel.lever_ratio_low"], ctx.values["kernel.lever_ratio_high"]
    )
    return ctx


def asked(ctx: Context, act: str) -> dict[str, Any]:
    """Details of the one request of this name."""
    (found,) = [details for _, _, name, details in ctx.effects.acts if name == act]
    return found


def nothing(ctx: Context) -> bool:
    """Whether a lever has left no trace."""
    return not (ctx.effects.touched() or ctx.effects.acts or ctx.ledger.month or ctx.effects.programmes)


def ratios(ctx: Context, rate: str, table: str) -> Any:
    """Ratio by which levers scale a rate, per row of its table."""
    offsets = ctx.effects.offsets(rate, table)
    return np.exp(np.zeros(ctx.world.tables[table].size) if offsets is None else offsets)


def adults(ctx: Context, district: int | None = None) -> Any:
    """Rows of adults, of one district or all."""
    table = ctx.world.resident
    mask = table.alive & (table.age >= 18)
    return np.flatnonzero(mask if district is None else mask & (table.district == district))


def months(levers: list[Lever], number: int) -> tuple[Engine, list[dict[str, Any]]]:
    """Run some months of the whole model; returns the engine and what each month cost by item."""
    machine, bills = engine(), []
    machine.set_levers(levers)
    for lever in levers:
        for item in lever.costs:
            machine.ctx.ledger.declare(item)
    for _ in range(number):
        machine.advance()
        bills.append(dict(machine.ctx.ledger.month))
    return machine, bills


def from_start(kind: type[Lever], **arguments: Any) -> Lever:
    """The lever in full from the first month on, in the vulnerable district."""
    return kind({**AT_ONCE, **arguments}, target=HERE, window=Window(0))
