"""Small worlds for tests of crime, felt safety and placement."""

from __future__ import annotations

import numpy as np

from tests.worlds import small_world
from wijksim.kernel.context import Context
from wijksim.kernel.mechanism import Mechanism
from wijksim.mechanisms.crime import Crime
from wijksim.state.column import Column

OTHERS = (
    Column("resident.addiction", np.bool_, "-", "x"),
    Column("resident.psychiatric", np.bool_, "-", "x"),
    Column("resident.perspective", np.float32, "-", "x"),
    Column("resident.stress", np.float32, "-", "x"),
    Column("resident.case", np.int8, "-", "x"),
    Column("household.violence", np.int8, "-", "x"),
    Column("household.violence_memory", np.float32, "-", "x"),
    Column("household.income", np.float64, "-", "x"),
    Column("household.poor", np.bool_, "-", "x"),
    Column("household.problem_debt", np.bool_, "-", "x"),
    Column("household.nuisance_often", np.float32, "-", "x"),
    Column("entrance.control", np.float32, "-", "x"),
    Column("entrance.disorder", np.float32, "-", "x"),
    Column("entrance.turnover", np.float32, "-", "x"),
    Column("district.police_hours", np.float32, "-", "x"),
    Column("district.disorder", np.float32, "-", "x"),
)


def city(
    *mechanisms: type[Mechanism],
    dwellings: int = 900,
    seed: int = 1,
    setup: bool = True,
    values: dict[str, float] | None = None,
) -> Context:
    """A world in which nothing differs but people, with parameters as given."""
    kinds = mechanisms or (Crime,)
    ctx = small_world(kinds, extra=OTHERS, dwellings=dwellings, seed=seed, setup=False)
    for name, value in (values or {}).items():
        ctx.parameters.set(name, value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    ctx.world.entrance.control[:] = 0
    if setup:
        for kind in kinds:
            kind().setup(ctx)
    return ctx


def neutral() -> dict[str, float]:
    """Values under which no driver of a career or a case matters."""
    names = (
        "recruit_male", "peer_ratio", "sibling_ratio", "recruit_violence", "recruit_idle", "recruit_perspective",
        "recruit_poor", "recruit_single_parent", "active_gap", "active_debt", "active_peers", "exit_work",
        "offence_male", "offence_poor", "offence_debt", "offence_addiction",
    )  # fmt: skip
    return {f"crime.{name}": 1.0 for name in names}
