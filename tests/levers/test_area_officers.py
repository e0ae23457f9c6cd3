"""Area officers: which premises open sooner, vacancies that last shorter, what officers cost."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.area_officers import AreaOfficers
from wijksim.mechanisms.facilities.columns import COLUMNS, Kind
from wijksim.state.table import Table

DECIDED = (Kind.THIRD_PLACE, Kind.CENTRE, Kind.INFORMAL)


def town_with_premises():
    """One premises of every kind in every district."""
    ctx = staff_town()
    table = Table("facility", [column for column in COLUMNS if column.table == "facility"], 3 * len(Kind))
    ctx.world.tables["facility"] = table
    rows = table.add(np.arange(1, 3 * len(Kind) + 1))
    table.district[rows] = np.repeat(np.arange(3), len(Kind))
    table.kind[rows] = np.tile([int(kind) for kind in Kind], 3)
    return ctx


def test_strength_zero_leaves_no_trace():
    ctx = town_with_premises()
    assert not act(ctx, AreaOfficers({"strength": 0.0}))
    assert not ctx.ledger.month


def test_places_that_take_a_decision_open_sooner():
    ctx = town_with_premises()
    touched = act(ctx, AreaOfficers(AT_ONCE, target=Target(**NORTH)))
    assert touched == {"facilities.opening", "professionals.vacancy_months"}
    table = ctx.world.facility
    sooner = (table.district == 0) & np.isin(table.kind, [int(kind) for kind in DECIDED])
    opens = ratio(ctx, "facilities.opening", "facility")
    np.testing.assert_allclose(opens[sooner], 1.4)
    np.testing.assert_allclose(opens[~sooner], 1)


def test_posts_are_filled_sooner_by_the_dose():
    ctx = town_with_premises()
    act(ctx, AreaOfficers({**AT_ONCE, "strength": 0.5}, target=Target(**NORTH)))
    assert ratio(ctx, "professionals.vacancy_months", "district") == pytest.approx([0.75**0.5, 1, 1])


def test_officers_are_paid_by_the_residents_of_the_district():
    ctx = town_with_premises()
    act(ctx, AreaOfficers(AT_ONCE, target=Target(**NORTH)))
    people = ctx.world.by_district("resident") * [1, 0, 0]
    assert bill(ctx, "area_officers") == pytest.approx(people / 10000 * 0.5 * indexed(ctx, 88400, 2024) / 12)


def test_half_of_the_officers_do_half_and_none_do_nothing():
    ctx = town_with_premises()
    act(ctx, AreaOfficers({**AT_ONCE, "officers": 0.25}, target=Target(**NORTH)))
    assert ratio(ctx, "professionals.vacancy_months", "district") == pytest.approx([0.75**0.5, 1, 1])
    assert ratio(ctx, "facilities.opening", "facility").max() == pytest.approx(1.4**0.5)
    assert not act(ctx, AreaOfficers({**AT_ONCE, "officers": 0.0}))
