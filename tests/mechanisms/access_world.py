"""A still world for tests of access: nobody is found by anybody but as a test says."""

import numpy as np

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world, residents_of
from tests.worlds import run_months
from wijksim.mechanisms.professionals import Professionals
from wijksim.state.roles import CaseStage

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER, "professionals__give_up_rate": 0.0}


def still_world(**sets):
    """Nobody is found by anybody: no need but what a test gives, average trust, acceptance certain."""
    ctx = care_world(**{**QUIET, "professionals__acceptance": 1.0, **sets})
    table = ctx.world.resident
    table.need[:] = 0.0
    table.trust[:] = ctx.values["wellbeing.trust_level"]
    table.dutch[:] = 1.0
    ctx.world.household.early_signal[:] = False
    return ctx


def ask(ctx, act, lever="test", **details):
    ctx.effects.request(lever, "professionals", act, details)


def month(ctx):
    """One month; returns who came to have a case in it."""
    before = ctx.world.resident.case.copy()
    run_months(ctx, [Professionals()], 1)
    ctx.effects.clear()
    return np.flatnonzero((before == CaseStage.NONE) & (ctx.world.resident.case != CaseStage.NONE))


def needy(ctx, count=40, need=0.5, district=0):
    rows = residents_of(ctx, district)[:count]
    ctx.world.resident.need[rows] = need
    return rows
