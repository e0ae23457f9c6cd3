"""A small world with money in it, for the tests of debt."""

import numpy as np

from tests.worlds import small_world
from wijksim.kernel.context import Context
from wijksim.mechanisms.debt.mechanism import Debt
from wijksim.state.column import Column

EXTRA = tuple(
    Column(name, dtype, "-", "read by debt")
    for name, dtype in (
        ("household.income", np.float64),
        ("household.housing_cost", np.float64),
        ("household.energy_excess", np.float32),
        ("household.debt_help", np.bool_),
        ("resident.stress", np.float32),
        ("resident.trust", np.float32),
        ("resident.psychiatric", np.bool_),
        ("resident.addiction", np.bool_),
    )
)
RATES = ("entry_rate", "exit_rate_new", "exit_rate_middle", "exit_rate_long", "application_rate", "shock_rate",
         "signal_rate_paying", "signal_rate_behind", "notice_rate", "order_rate", "execution_rate", "settle_rate",
         "dropout_rate", "charge_rate")  # fmt: skip


def set_values(ctx: Context, **values: float) -> None:
    """Set parameters of debt for the whole run."""
    for name, value in values.items():
        ctx.parameters.set(f"debt.{name}", value)
    ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))


def flat(ctx: Context) -> None:
    """Make everybody alike: all hazard ratios one."""
    for name in list(ctx.parameters.parameters):
        if name.startswith("debt.hr_"):
            ctx.parameters.set(name, 1.0)
    ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))


def make(
    dwellings: int = 300, *, seed: int = 1, still: bool = False, alike: bool = False, **values: float
) -> Context:
    """World with incomes by household size; ``still`` sets all rates to zero, ``values`` override."""
    ctx = small_world((Debt,), extra=EXTRA, dwellings=dwellings, seed=seed, setup=False)
    table, rng = ctx.world.household, np.random.default_rng(seed)
    size = 1 + 0.41 * np.maximum(table.adults - 1, 0) + 0.26 * table.children
    table.income[:] = 1900 * size * np.exp(0.35 * rng.standard_normal(table.size)) * table.alive
    table.housing_cost[:] = np.minimum(500, 0.3 * table.income)
    ctx.world.resident.stress[:] = rng.beta(2, 6, ctx.world.resident.size)
    ctx.world.resident.psychiatric[:] = rng.random(ctx.world.resident.size) < 0.02
    if still:
        set_values(ctx, **dict.fromkeys(RATES, 0.0))
    if alike:
        flat(ctx)
    set_values(ctx, **values)
    table.savings[:] = 0  # without savings or problem debt, setup draws both
    Debt().setup(ctx)
    return ctx
