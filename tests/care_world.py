"""Small worlds with health and professionals alone: what other mechanisms own is filled with constants."""

from __future__ import annotations

from typing import Any

import numpy as np

import wijksim.strategies  # noqa: F401  (registers the rules of triage and placement)
from tests.worlds import small_world
from wijksim.build.professionals import staff_world
from wijksim.kernel.context import Context
from wijksim.mechanisms.health import Health
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.posts import BASE, actual, open_posts
from wijksim.state.column import Column
from wijksim.state.roles import EMPLOYERS, CaseStage, Profession

FOREIGN = (
    Column("household.problem_debt", np.bool_, "-", "from debt"),
    Column("household.eviction_stage", np.int8, "code", "from debt"),
    Column("household.early_signal", np.bool_, "-", "from debt"),
    Column("resident.stress", np.float32, "share", "from wellbeing"),
    Column("resident.trust", np.float32, "share", "from wellbeing"),
    Column("resident.self_reliance", np.float32, "share", "from wellbeing"),
    Column("resident.support", np.float32, "hours", "from contacts"),
    Column("resident.knows_neighbours", np.bool_, "-", "from contacts"),
)


def care_world(
    *, dwellings: int = 600, seed: int = 1, staffed: bool = False, setup: bool = True, **sets: float
) -> Context:
    """World of Health and Professionals; ``sets`` overrides parameters, ``__`` standing for the dot."""
    ctx = small_world((Health, Professionals), extra=FOREIGN, dwellings=dwellings, seed=seed, setup=False)
    for name, value in sets.items():
        ctx.parameters.set(name.replace("__", "."), value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    rng = np.random.default_rng(seed)
    ctx.world.household.problem_debt[:] = (
        rng.random(ctx.world.household.size) < 0.1
    ) & ctx.world.household.alive
    if staffed:
        staff_world(ctx)
    if setup:
        for mechanism in (Health(), Professionals()):
            mechanism.setup(ctx)
    return ctx


def health_world(*, dwellings: int = 600, seed: int = 1, **sets: float) -> Context:
    """World of Health alone; what professionals own is zero."""
    read = ("help_effect", "need_met", "reached", "crisis_unserved", "debt_help")
    lent = tuple(column for column in Professionals.owns if column.attribute in read)
    ctx = small_world((Health,), extra=(*FOREIGN, *lent), dwellings=dwellings, seed=seed, setup=False)
    for name, value in sets.items():
        ctx.parameters.set(name.replace("__", "."), value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    Health().setup(ctx)
    return ctx


def hire(ctx: Context, role: Profession, fte: float, district: int = 0) -> Any:
    """One experienced professional; the standing formation includes the post."""
    row = open_posts(ctx, (int(role), int(EMPLOYERS[role][0]), district), np.array([fte]))
    ctx.world.professional.since[row] = -240
    ctx.world.stores[BASE] = actual(ctx)
    return row


def open_case(ctx: Context, rows: Any, role: Profession = Profession.SOCIAL_WORKER) -> None:
    """Give residents an open case."""
    table = ctx.world.resident
    table.case[rows] = CaseStage.OPEN
    table.case_role[rows] = role
    table.case_since[rows] = ctx.month


def residents_of(ctx: Context, district: int = 0) -> Any:
    """Adults of a district."""
    table = ctx.world.resident
    return np.flatnonzero(table.alive & (table.age >= 18) & (table.district == district)).astype(np.int32)


NO_TURNOVER = {
    "professionals__departure_rate": 0.0,
    "professionals__sick_rate": 0.0,
    "professionals__close_rate": 0.0,
    "professionals__drop_rate": 0.0,
}
NO_SIGNALS = {
    "professionals__signal_self_rate": 0.0,
    "professionals__signal_neighbour_rate": 0.0,
    "professionals__signal_caretaker_rate": 0.0,
    "professionals__signal_outreach_rate": 0.0,
    "professionals__signal_police_share": 0.0,
}
NO_CRISES = {
    "health__crisis_rate_psychiatric": 0.0,
    "health__crisis_rate_other": 0.0,
    "health__crisis_excitation": 0.0,
    "health__violence_rate": 0.0,
    "health__violence_excitation": 0.0,
    "health__youth_crisis_rate": 0.0,
    "health__debt_crisis_rate": 0.0,
}
