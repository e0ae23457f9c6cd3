"""Less silos and bureaucracy: clients meet fewer hand-overs, workers less paper, and the budget is paid."""

import numpy as np
import pytest

from tests.care_world import open_case, residents_of
from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.less_bureaucracy import LessBureaucracy
from wijksim.mechanisms.professionals.posts import hours
from wijksim.state.roles import Profession


def test_strength_zero_leaves_no_trace():
    no_trace(LessBureaucracy)


def test_clients_and_workers_of_the_district_are_spared():
    ctx = staff_town()
    clients = np.concatenate([residents_of(ctx, 0)[:10], residents_of(ctx, 1)[:10]])
    open_case(ctx, clients)
    before = hours(ctx)[Profession.SOCIAL_WORKER]
    touched = act(ctx, LessBureaucracy(AT_ONCE, target=Target(**NORTH)))
    assert touched == {"professionals.handovers", "professionals.paperwork"}
    spared = ratio(ctx, "professionals.handovers", "resident")
    np.testing.assert_allclose(spared[clients[:10]], 0.5)
    assert np.count_nonzero(spared < 1) == 10
    paper = ratio(ctx, "professionals.paperwork", "professional")
    caretakers = of_role(ctx, Profession.CARETAKER, Profession.POLICE_OFFICER, Profession.YOUTH_WORKER)
    np.testing.assert_allclose(paper[caretakers], 1)
    gained = hours(ctx)[Profession.SOCIAL_WORKER] / before
    # 0.8 of a quarter is a fifth: 80 hours where there were 75
    assert gained == pytest.approx([80 / 75, 1, 1])
    assert bill(ctx, "breakthrough_budget") == pytest.approx([10 * indexed(ctx, 500, 2024) / 12, 0, 0])
