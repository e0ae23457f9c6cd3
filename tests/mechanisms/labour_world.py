"""Worlds for tests of demography, work and basic jobs, and parameters that make their answers known."""

from __future__ import annotations

import numpy as np

from tests.worlds import small_world
from wijksim.kernel.context import Context
from wijksim.kernel.mechanism import Mechanism
from wijksim.mechanisms.demography.process import Demography
from wijksim.mechanisms.work.group_loops import partners
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity, Education, HouseholdType, Role, Sex
from wijksim.state.column import Column
from wijksim.state.pool import Pool
from wijksim.state.table import Rows

OTHERS = (
    Column("resident.psychiatric", np.bool_, "-", "Owned by health"),
    Column("resident.addiction", np.bool_, "-", "Owned by health"),
    Column("resident.support", np.float32, "hours", "Owned by contacts"),
    Column("resident.good_ties", np.float32, "count", "Owned by contacts"),
    Column("resident.bridging", np.float32, "count", "Owned by contacts"),
    Column("resident.stress", np.float32, "share", "Owned by wellbeing"),
    Column("resident.trust", np.float32, "share", "Owned by wellbeing"),
    Column("household.income_fifth", np.int8, "code", "Owned by income"),
    Column("household.problem_debt", np.bool_, "-", "Owned by debt"),
    Column("household.savings", np.float64, "EUR", "Owned by debt"),
)


def people_world(
    *mechanisms: type[Mechanism], dwellings: int = 300, setup: bool = True, seed: int = 1
) -> Context:
    """Small world in which the drivers of both mechanisms vary."""
    ctx = small_world(mechanisms, extra=OTHERS, dwellings=dwellings, setup=False, seed=seed)
    rng = np.random.default_rng(seed + 100)
    table, household = ctx.world.resident, ctx.world.household
    table.psychiatric[:] = rng.random(table.size) < 0.03
    table.addiction[:] = rng.random(table.size) < 0.02
    table.stress[:] = rng.beta(2, 6, table.size)
    table.good_ties[:] = rng.gamma(2, 1.5, table.size)
    household.income_fifth[:] = rng.integers(0, 5, household.size)
    household.problem_debt[:] = rng.random(household.size) < 0.1
    if setup:
        for mechanism in mechanisms:
            mechanism().setup(ctx)
    return ctx


def demography_world(dwellings: int = 300, seed: int = 1) -> Context:
    return people_world(Demography, dwellings=dwellings, seed=seed)


def work_world(dwellings: int = 300, seed: int = 1) -> Context:
    return people_world(Work, dwellings=dwellings, seed=seed)


def partners_of(ctx: Context, rows: Rows) -> Rows:
    """Partner of each of ``rows``, -1 if none."""
    table, household = ctx.world.resident, ctx.world.household
    slot, other = np.full(household.size, -1, np.int32), np.empty(rows.size, np.int32)
    partners(rows, table.role, table.household, household.head, slot, other)
    return other


def put(ctx: Context, **values: float) -> None:
    """Override parameters; ``demography__birth_rate_20=0`` sets ``demography.birth_rate_20``."""
    for name, value in values.items():
        set_value(ctx, name.replace("__", "."), value)


def set_value(ctx: Context, name: str, value: float) -> None:
    ctx.parameters.set(name, value)
    ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))


def neutral(ctx: Context, room: str) -> None:
    """Set every hazard ratio of a room to one, so that all at risk have the base rate."""
    for name, parameter in ctx.parameters.parameters.items():
        if name.startswith(f"{room}.") and parameter.unit == "hazard ratio":
            ctx.parameters.set(name, 1.0)
    ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))


def only_rates(ctx: Context, room: str, *, keep: tuple[str, ...] = ()) -> None:
    """Set all yearly rates of a room to zero but those whose name starts with one of ``keep``."""
    for name, parameter in ctx.parameters.parameters.items():
        if name.startswith(f"{room}.") and parameter.unit == "1/year":
            short = name.split(".", 1)[1]
            if not short.startswith(keep or ("-",)) and not short.startswith("mortality"):
                ctx.parameters.set(name, 0.0)
    if room == "demography" and "mortality" not in keep:
        ctx.parameters.set("demography.mortality_level", 0.0)
    ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))


def all_adults(ctx: Context, activity: Activity, *, age: int = 40, alone: bool = True) -> np.ndarray:
    """Give everybody one activity and age; ``alone`` makes each a head, so that nobody has a partner."""
    table, household = ctx.world.resident, ctx.world.household
    rows = table.rows
    table.activity[rows] = activity
    table.activity_since[rows] = ctx.month
    table.birth_month[rows] = ctx.month - age * 12 - 6
    table.age[rows] = age
    table.education[rows] = Education.MIDDLE
    if alone:
        table.role[rows] = Role.OTHER
        household.type[:] = HouseholdType.SINGLE
    return rows


def partner_pool(count: int = 200, seed: int = 3) -> Pool:
    """Single adults of both sexes and all ages, ready to move in."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18 * 12, 80 * 12, count)
    resident = {
        "sex": np.where(np.arange(count) % 2 == 0, Sex.FEMALE, Sex.MALE).astype(np.int8),
        "age_months": age.astype(np.int64),
        "activity": np.full(count, Activity.EMPLOYED, np.int8),
        "education": np.full(count, Education.MIDDLE, np.int8),
    }
    return Pool("partner", {}, resident, np.arange(count + 1, dtype=np.int64))
