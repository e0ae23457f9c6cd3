"""Cooperation between organisations: symmetric levels, what is kept of help, and how levers move it."""

from itertools import combinations

import numpy as np
import pytest

from tests.worlds import small_world
from wijksim.kernel import cooperation
from wijksim.state.roles import ASKED, PARTNER_OF, Ask, Organisation, Partner

MUNICIPALITY, CARE, POLICE = Partner.MUNICIPALITY, Partner.CARE, Partner.POLICE


def mask(*asks):
    return sum(1 << ask for ask in asks)


def test_every_pair_has_one_level_and_the_matrix_is_symmetric():
    ctx = small_world()
    assert len(cooperation.PAIRS) == 21
    assert set(PARTNER_OF) == set(Organisation)
    assert set(ASKED) == set(Ask)
    assert set(ASKED.values()) == set(Partner)
    ctx.values["cooperation.police_school_board"] = 0.31
    levels = cooperation.levels(ctx)[0]
    assert np.array_equal(levels, levels.T)
    assert levels[Partner.SCHOOL_BOARD, POLICE] == 0.31
    assert np.count_nonzero(levels != 0.6) == 2


def test_at_the_start_each_further_organisation_keeps_six_tenths_up_to_the_cap():
    ctx = small_world()
    kept = cooperation.kept(cooperation.levels(ctx), 3)
    assert kept.shape == (3, 256)
    for size in range(len(Ask) + 1):
        for asks in combinations(Ask, size):
            assert kept[:, mask(*asks)] == pytest.approx(0.6 ** (min(max(size, 1), 3) - 1))


def test_what_is_kept_is_the_geometric_mean_of_the_pairs_needed():
    ctx = small_world()
    ctx.values |= {"cooperation.municipality_care": 0.9, "cooperation.within": 0.5}
    kept = cooperation.kept(cooperation.levels(ctx), 3)[0]
    assert kept[mask(Ask.DEBT, Ask.MENTAL)] == pytest.approx(0.9)
    assert kept[mask(Ask.DEBT, Ask.LIMITATION)] == pytest.approx(0.6)
    # mental health and home care: two organisations of one kind
    assert kept[mask(Ask.MENTAL, Ask.OLD_AGE)] == pytest.approx(0.5)
    three = (0.9 * 0.6 * 0.6) ** (2 / 3)
    assert kept[mask(Ask.DEBT, Ask.MENTAL, Ask.LIMITATION)] == pytest.approx(three)


def test_a_lever_sets_a_pair_for_the_city_and_scales_odds_in_a_district():
    ctx = small_world()
    ctx.effects.set_value("a", "cooperation.municipality_police", 0.8)
    where = np.array([1], np.int32)
    ctx.effects.scale("b", "cooperation", "district", rows=where, log_ratio=np.log(2.0))
    ctx.effects.scale("c", "cooperation.welfare_care", "district", rows=where, log_ratio=np.log(0.5))
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    ctx.values = {**ctx.values, **ctx.effects.values()}
    level = cooperation.levels(ctx)
    assert level[[0, 2], MUNICIPALITY, POLICE] == pytest.approx([0.8, 0.8])
    assert level[1, MUNICIPALITY, POLICE] == pytest.approx(8 / 9)
    assert level[1, CARE, MUNICIPALITY] == pytest.approx(0.75)
    # doubled and halved: as it was
    assert level[1, Partner.WELFARE, CARE] == level[1, CARE, Partner.WELFARE] == pytest.approx(0.6)
    assert np.array_equal(level, level.transpose(0, 2, 1))
    expected = [(0.8 + 20 * 0.6) / 21, (8 / 9 + 19 * 0.75 + 0.6) / 21, (0.8 + 20 * 0.6) / 21]
    assert cooperation.mean_level(level) == pytest.approx(expected)


def test_levels_of_nothing_and_of_everything_stay_there():
    ctx = small_world()
    ctx.values |= {"cooperation.municipality_care": 0.0, "cooperation.municipality_police": 1.0}
    ctx.effects.scale("b", "cooperation", "district", rows=None, log_ratio=np.log(3.0))
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    level = cooperation.levels(ctx)
    assert level[0, MUNICIPALITY, CARE] == 0
    assert level[0, MUNICIPALITY, POLICE] == 1
    assert level[0, CARE, POLICE] == pytest.approx(4.5 / 5.5)


def test_a_lever_scales_what_lies_between_departments_of_one_kind():
    ctx = small_world()
    where = np.array([1], np.int32)
    ctx.effects.scale("a", "cooperation.within", "district", rows=where, log_ratio=np.log(2.0))
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    levels = cooperation.levels(ctx)
    assert np.diagonal(levels[1]) == pytest.approx(0.75)  # odds of 1.5 doubled
    assert levels[1, MUNICIPALITY, CARE] == pytest.approx(0.6)
    assert np.diagonal(levels[0]) == pytest.approx(0.6)
