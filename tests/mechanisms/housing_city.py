"""A small city for the housing tests: three districts with traits, incomes and pools of newcomers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tests.worlds import small_world
from wijksim.build.arrivals import newcomer_pools
from wijksim.core.rng import Draws
from wijksim.kernel.context import Context
from wijksim.mechanisms.housing import Housing
from wijksim.parameters.store import ParameterStore
from wijksim.state.codes import Tenure
from wijksim.state.column import Column
from wijksim.state.pool import Pool

EXTRA = (
    Column("resident.wants_home", np.int8, "code", "Wants a home of their own"),
    Column("resident.psychiatric", np.bool_, "-", "Severe psychiatric problems"),
    Column("resident.addiction", np.bool_, "-", "Addiction"),
    Column("resident.satisfaction", np.float32, "-", "Satisfaction with the neighbourhood"),
    Column("resident.self_reliance", np.float32, "-", "Self-reliance"),
    Column("household.income", np.float64, "EUR/month", "Disposable income"),
    Column("household.income_fifth", np.int8, "fifth", "Income fifth"),
    Column("household.problem_debt", np.bool_, "-", "Problem debt"),
    Column("entrance.disorder", np.float32, "-", "Disorder"),
    Column("district.afw", np.float32, "points", "Liveability"),
    Column("district.caretaker_hours", np.float32, "hours", "Hours of caretakers"),
    Column("resident.climbed", np.bool_, "-", "In a higher income fifth than some years ago"),
    Column("resident.trust", np.float32, "-", "Trust"),
)
AFW = (-0.235, -0.04, 0.137)


@lru_cache(maxsize=2)
def pools(seed: int = 1) -> dict[str, Pool]:
    return newcomer_pools(Draws(seed), ParameterStore().at(0, "2025-01"))


def city(
    *, dwellings: int = 600, seed: int = 1, vacancy: float = 0.03, rest: float = 10.0, newcomers: bool = True,
    afw: tuple[float, ...] = AFW, values: dict[str, float] | None = None,
) -> Context:  # fmt: skip
    """A city in which everything that housing reads has a value; ``values`` overrides parameters by short name."""
    ctx = small_world((Housing,), extra=EXTRA, dwellings=dwellings, seed=seed, vacancy=vacancy, setup=False)
    for name, value in (values or {}).items():
        ctx.parameters.set(f"housing.{name}", value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    ctx.settings["rest"] = rest
    world, rng = ctx.world, np.random.default_rng(seed)
    n, m = world.resident.size, world.household.size
    adult = world.resident.age >= 18
    world.resident.psychiatric[:] = adult & (rng.random(n) < 0.03)
    world.resident.addiction[:] = adult & (rng.random(n) < 0.01)
    world.resident.satisfaction[:] = rng.beta(7, 3, n)
    social = world.household.tenure == Tenure.CORPORATION
    world.household.income[:] = np.where(social, 1900, 3800) * np.exp(0.3 * rng.standard_normal(m))
    world.household.income_fifth[:] = np.searchsorted([2083, 3125, 4417, 6167], world.household.income)
    world.household.problem_debt[:] = rng.random(m) < 0.08
    world.dwelling.rent[world.dwelling.owner == Tenure.OWNER] = 0
    world.entrance.disorder[:] = 0.3 + 0.1 * rng.standard_normal(world.entrance.size)
    world.district.afw[:] = afw
    if newcomers:
        world.pools = dict(pools())
    Housing().setup(ctx)
    return ctx
