"""Helpers who fit: the mismatch of those equipped for it, the rule of placement, the cost."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, filled, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.matching_help import MatchingHelp
from wijksim.state.roles import CASE_ROLES


def test_strength_zero_leaves_no_trace():
    no_trace(MatchingHelp)


def test_half_of_the_workers_fit_better_and_cases_are_placed_by_fit():
    ctx = staff_town()
    touched = act(ctx, MatchingHelp({**AT_ONCE, "strength": 0.8}, target=Target(**NORTH)))
    assert touched == {"professionals.mismatch", "placement"}
    gap = ratio(ctx, "professionals.mismatch", "professional")
    mine = of_role(ctx, *CASE_ROLES, district=0)
    equipped = np.flatnonzero(gap < 1)
    np.testing.assert_allclose(gap[equipped], 0.6)
    assert np.isin(equipped, mine).all()
    assert 0 < equipped.size < mine.size
    assert ctx.effects.choices() == {
        "placement": [("best_match", {"weight": pytest.approx(1.6), "districts": "north"})]
    }
    expected = filled(ctx, equipped) * indexed(ctx, 1500, 2024) / 12
    assert bill(ctx, "matching_help") == pytest.approx(expected)
