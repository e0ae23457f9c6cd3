"""From work to pension."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import demography_world, only_rates, put
from tests.worlds import run_months
from wijksim.mechanisms.demography.process import Demography
from wijksim.state.codes import Activity


def test_pension_comes_at_its_dated_age():
    ctx = demography_world()
    only_rates(ctx, "demography")
    put(ctx, demography__works_on_share=0.0)
    table = ctx.world.resident
    rows = table.rows
    table.activity[rows] = np.where(np.arange(rows.size) % 2, Activity.EMPLOYED, Activity.INCAPACITY)
    table.birth_month[rows] = ctx.month - 67 * 12 + 2
    run_months(ctx, (Demography(),), 2)
    assert not np.any(table.activity[rows] == Activity.RETIRED)
    run_months(ctx, (Demography(),), 1)
    assert np.all(table.activity[rows] == Activity.RETIRED)
    assert ctx.parameters.at(36, "2028-01")["demography.pension_age"] == 807


def test_some_work_on_and_stop_later():
    ctx = demography_world(500)
    only_rates(ctx, "demography", keep=("late_retirement",))
    table = ctx.world.resident
    rows = table.rows
    table.activity[rows] = Activity.EMPLOYED
    table.birth_month[rows] = ctx.month - 67 * 12
    run_months(ctx, (Demography(),), 1)
    share = ctx.values["demography.works_on_share"]
    assert np.mean(table.activity[rows] == Activity.EMPLOYED) == pytest.approx(share, abs=0.05)
    run_months(ctx, (Demography(),), 60)
    left = share * np.exp(-5 * ctx.values["demography.late_retirement_rate"])
    assert np.mean(table.activity[rows] == Activity.EMPLOYED) == pytest.approx(left, abs=0.03)
