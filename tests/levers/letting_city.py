"""A city whose lettings are steered by levers, for the tests of the allocation family."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

import wijksim.levers
import wijksim.strategies  # noqa: F401  (registers what ships)
from tests.mechanisms.housing_city import city
from wijksim.kernel import derive
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.strategy import rule_of
from wijksim.mechanisms.housing import Housing
from wijksim.mechanisms.housing.support import entrance_share, households_in_need

KEPT = ("district", "complex", "category", "kind", "support", "persons", "steered", "dwelling", "entrance")


def busy_city(dwellings: int = 1200) -> Context:
    """A city with much turnover and many households that need support, so that rules bind."""
    ctx = city(dwellings=dwellings, values={"move_rate_corporation": 0.3})
    household = ctx.world.household
    household.problem_debt[:] = ctx.draws.life("test.debt", household.uid) < 0.35
    return ctx


@dataclass
class Lettings:
    """Months of housing under levers: all lettings, euros booked by item, and the need behind each entrance before.

    ``vulnerable`` has the shape of the lettings.
    """

    ctx: Context
    made: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    booked: dict[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        return self.made[name]


def let(levers: Iterable[Lever], months: int = 6, ctx: Context | None = None) -> Lettings:
    """Run housing with levers, as the engine does."""
    levers = tuple(levers)
    found = Lettings(ctx or busy_city())
    ctx = found.ctx
    for lever in levers:
        for item in lever.costs:
            ctx.ledger.declare(item)
    housing = Housing()
    lifecycle = Lifecycle((housing.enter,))
    parts: list[dict[str, NDArray[np.generic]]] = []
    for _ in range(months):
        ctx.log.clear()
        ctx.ledger.clear()
        ctx.effects = type(ctx.effects)()
        derive.ages(ctx.world, ctx.month)
        for lever in levers:
            lever.step(ctx)
        ctx.effects.prepare(
            ctx.world, ctx.values["kernel.lever_ratio_low"], ctx.values["kernel.lever_ratio_high"]
        )
        ctx.strategies = {kind: rule_of(chosen) for kind, chosen in ctx.effects.choices().items()}
        before = entrance_share(ctx, households_in_need(ctx))
        for name, amount in ctx.ledger.month.items():
            found.booked[name] = found.booked.get(name, 0.0) + float(amount.sum())
        housing.step(ctx)
        table = ctx.world.letting
        parts.append({name: table[name][table.rows].copy() for name in KEPT})
        parts[-1]["vulnerable"] = before[parts[-1]["entrance"]]
        lifecycle.apply(ctx)
        ctx.world.end_month()
        ctx.month += 1
    found.made = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return found
