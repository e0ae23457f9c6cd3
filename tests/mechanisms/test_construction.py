"""Dwellings are sold, pulled down, replaced and renovated, and none is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import QUICK, Months, town, whole
from tests.mechanisms.housing_city import EXTRA
from tests.worlds import check_structure, small_world
from wijksim.kernel import derive
from wijksim.kernel.account import ConservationError
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import price_of
from wijksim.kernel.requests import Conversion
from wijksim.kernel.stock import convert, standing
from wijksim.levers.housing.renovation import Renovation
from wijksim.levers.housing.sale import Sale
from wijksim.mechanisms.construction import Construction
from wijksim.mechanisms.construction.book import Terms, book_of
from wijksim.mechanisms.construction.works import new_owners
from wijksim.mechanisms.housing import Housing
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.model.assemble import demolish_dwelling
from wijksim.state.codes import EnergyLabel, SeekerCategory, Tenure, Works


def test_a_complex_is_replaced_wholly_and_in_time():
    ctx = town(values=QUICK, social=[2])
    table = ctx.world.dwelling
    rows = np.flatnonzero(table.complex == 2)
    poor = table.quality[rows].mean()
    months = Months(ctx, (whole([2]),))
    months.run(6)
    assert np.all(table.works[rows] == Works.PLANNED)
    assert not book_of(ctx).answers["restructuring"]["refused"]
    months.run(1)
    assert np.all(table.works[rows] == Works.REHOUSING)
    months.run(15)
    assert np.all(table.works[rows] == Works.SITE), "everybody has been housed soon after the time for it"
    assert np.all(table.household[rows] < 0)
    assert np.array_equal(standing(ctx.world), table.works != Works.SITE)
    months.run(16)
    assert sorted(row for _, row in months.events["demolished"]) == rows.tolist()
    assert sorted(row for _, row in months.events["replaced"]) == rows.tolist()
    begun, ready = months.events["demolished"][0][0], months.events["replaced"][0][0]
    assert 6 < begun <= 6 + 12 + 4
    assert ready == begun + 14
    assert np.all(table.replaced[rows])
    assert np.all(table.works[rows] == Works.NONE)
    assert np.bincount(table.owner[rows], minlength=3).tolist() == [10, 20, 10]
    assert table.quality[rows].mean() > poor + 1
    assert np.all(table.energy_label[rows] == EnergyLabel.A)
    assert np.all(table.rent[rows][table.owner[rows] == Tenure.OWNER] == 0)
    assert np.all(table.rent[rows][table.owner[rows] == Tenure.CORPORATION] <= ctx.values["housing.rent_cap"])
    months.run(24)
    assert np.count_nonzero(table.household[rows] >= 0) > 0.8 * rows.size, "people live there again"


def test_nobody_moves_into_a_dwelling_that_is_to_be_pulled_down():
    ctx = town(values=QUICK, social=[2])
    rows = set(np.flatnonzero(ctx.world.dwelling.complex == 2).tolist())
    months = Months(ctx, (whole([2]),)).run(38)
    ready = months.events["replaced"][0][0]
    assert not [row for month, row in months.lettings if row in rows and 6 <= month <= ready]
    assert [row for _, row in months.lettings if row not in rows]


def test_tenants_have_priority_and_find_homes_before_the_end():
    ctx = town(dwellings=1200, values={**QUICK, "construction.rehousing_months": 24.0}, social=[2])
    rows = np.flatnonzero(ctx.world.dwelling.complex == 2)
    months = Months(ctx, (whole([2]),)).run(8)
    table = ctx.world.seeker
    waiting = table.rows[table.category[table.rows] == SeekerCategory.REHOUSED]
    lived = ctx.world.dwelling.household[rows]
    assert set(table.household[waiting].tolist()) == set(lived[lived >= 0].tolist())
    at_first = np.count_nonzero(lived >= 0)
    months.run(16)
    assert np.count_nonzero(ctx.world.dwelling.household[rows] >= 0) < 0.4 * at_first
    assert ctx.world.stores["housing.rest"].error() < 1e-6


def test_an_owner_who_must_leave_gives_up_the_place_in_the_queue():
    """Who stood in the queue and looked on the market too could be housed twice in one month."""
    values = {
        **QUICK,
        "housing.move_rate_owner": 2.0,
        "housing.stay_owner_share": 0.0,
        "housing.corporation_share": 1.0,
    }
    values |= {f"housing.income_limit{size}": 1e6 for size in ("", "_large")}
    ctx = town(values=values)
    household, table, dwelling = ctx.world.household, ctx.world.seeker, ctx.world.dwelling
    months = Months(ctx).run(2)

    def queued():
        return table.household[table.rows[table.kind[table.rows] == SeekerKind.HOUSEHOLD]]

    owners = queued()
    owners = owners[household.tenure[owners] == Tenure.OWNER]
    assert owners.size > 5
    dwelling.works[household.dwelling[owners]] = Works.REHOUSING
    months.run(1)
    left = household.rows[dwelling.works[household.dwelling[household.rows]] == Works.REHOUSING]
    assert np.all(household.sought[left] == Tenure.OWNER)
    assert left.size > 0
    assert not np.isin(left, queued()).any()


def test_who_wants_to_stay_in_the_district_comes_first_there():
    stayed = []
    for share in (0.0, 1.0):
        values = {**QUICK, "housing.rehoused_near": share, "construction.rehousing_months": 24.0}
        ctx = town(
            dwellings=1200, values={**values, "housing.move_rate_corporation": 0.2}, social=list(range(10))
        )
        household = ctx.world.household
        Months(ctx, (whole([2]),)).run(7)
        called = household.uid[household.rows[household.complex[household.rows] == 2]]
        Months(ctx).run(20)
        rows = household.rows
        here = rows[(household.district[rows] == 0) & (household.complex[rows] != 2)]
        stayed.append(np.isin(called, household.uid[here]).mean())
    assert stayed[1] > stayed[0] + 0.3


@pytest.mark.parametrize("seed", [1, 2])
def test_dwellings_and_households_are_conserved_every_month(seed):
    values = {**QUICK, "construction.demolition_rate": 0.05, "construction.sale_rate": 0.01}
    ctx = town(values=values, seed=seed, social=[2, 3, 9])
    levers = (whole([2]), Sale({"ramp": 0.0, "share": 0.5}), Renovation({"ramp": 0.0, "share": 0.3}))
    months = Months(ctx, levers)
    dwelling = ctx.world.dwelling
    start = np.bincount(dwelling.owner, minlength=3)
    for _ in range(60):
        months.run(1)
        check_structure(ctx.world)
        lived_in = dwelling.household >= 0
        assert np.count_nonzero(lived_in) == len(ctx.world.household)
        assert not np.any(lived_in & (dwelling.works == Works.SITE))
        assert len(dwelling) == dwelling.size == start.sum()
    pulled, built, sold = (len(months.events[kind]) for kind in ("demolished", "replaced", "sold"))
    assert min(pulled, built, sold, len(months.events["renovated"])) > 0
    sites = np.count_nonzero(dwelling.works == Works.SITE)
    just_built = sum(month == ctx.month - 1 for month, _ in months.events["replaced"])
    assert pulled - built == sites - just_built
    assert np.count_nonzero(standing(ctx.world)) == start.sum() + built - pulled - just_built


def test_a_dwelling_lost_is_noticed():
    ctx = town()
    months = Months(ctx).run(1)
    ctx.world.dwelling.owner[np.flatnonzero(ctx.world.dwelling.owner == Tenure.CORPORATION)[0]] = Tenure.OWNER
    with pytest.raises(ConservationError, match="standing dwellings"):
        months.run(1)


def test_current_policy_replaces_and_sells_at_its_rates():
    values = {
        "construction.demolition_rate": 0.03,
        "construction.sale_rate": 0.02,
        "housing.move_rate_corporation": 0.3,
    }
    ctx = town(dwellings=3000, values=values, social=list(range(40)))
    owners = ctx.world.dwelling.owner.copy()
    social = np.count_nonzero(owners == Tenure.CORPORATION)
    months = Months(ctx).run(48)
    planned = book_of(ctx).numbered * 8
    # the rate per place holds for places of one owner, which are nearly all of the corporation's dwellings here
    assert planned == pytest.approx(0.03 * 4 * social, rel=0.35)
    assert {row for _, row in months.events["replaced"]} <= {row for _, row in months.events["demolished"]}
    sold = {row for _, row in months.events["sold"]}
    assert sold
    changed = set(np.flatnonzero(ctx.world.dwelling.owner != owners).tolist())
    assert changed == sold, "what current policy pulls down comes back to whom it belonged"
    assert "works_subsidy" not in months.booked


def test_what_is_sold_goes_to_a_buyer():
    values = {"construction.sale_rate": 1.0, "housing.move_rate_corporation": 0.3}
    ctx = town(values=values)
    table = ctx.world.dwelling
    social = table.owner == Tenure.CORPORATION
    months = Months(ctx).run(18)
    sold = np.array(sorted({row for _, row in months.events["sold"]}))
    assert sold.size == len(months.events["sold"]) > 10
    assert np.all(social[sold])
    assert np.all(table.owner[sold] == Tenure.OWNER)
    assert np.all(table.rent[sold] == 0)
    lived = table.household[sold]
    assert np.count_nonzero(lived >= 0) > sold.size / 2
    assert np.all(ctx.world.household.tenure[lived[lived >= 0]] == Tenure.OWNER)
    assert np.all(ctx.world.household.mortgage[lived[lived >= 0]] > 0)


def test_renovation_raises_quality_around_the_people():
    ctx = town(social=[1])
    table = ctx.world.dwelling
    rows = np.flatnonzero(table.complex == 1)
    quality, homes = table.quality[rows].copy(), table.household[rows].copy()
    lever = Renovation({"share": 1.0, "ramp": 0.0, "subsidy": 18_800}, target=Target(complexes=(1,)))
    months = Months(ctx, (lever,))
    lag = int(ctx.values["construction.permit_months"] + ctx.values["construction.renovation_months"])
    months.run(lag)
    assert np.array_equal(table.quality[rows], quality)
    months.run(1)
    expected = np.minimum(
        quality + ctx.values["construction.renovation_gain"], ctx.values["construction.new_quality"]
    )
    assert table.quality[rows] == pytest.approx(np.maximum(expected, quality), abs=1e-6)
    assert np.all(table.energy_label[rows] == EnergyLabel.B)
    assert {month for month, _ in months.events["renovated"]} == {lag}
    stayed = table.household[rows] == homes
    assert np.count_nonzero(stayed) > 0.7 * rows.size
    price, grant = price_of(ctx, "construction.renovation"), 18_800 * ctx.values["prices.cpi_2021"]
    assert months.booked["renovation"] == pytest.approx(rows.size * price)
    assert months.booked["works_subsidy"] == pytest.approx(rows.size * grant)


def test_costs_are_dwellings_times_prices():
    ctx = town(values=QUICK, social=[2])
    rows = np.flatnonzero(ctx.world.dwelling.complex == 2)
    months = Months(ctx, (whole([2]),)).run(36)
    new = price_of(ctx, "construction.new_dwelling")
    assert months.booked["demolition"] == pytest.approx(40 * price_of(ctx, "construction.demolition"))
    assert months.booked["new_dwelling_corporation"] == pytest.approx(10 * new)
    assert months.booked["new_dwelling_market"] == pytest.approx(30 * new)
    assert months.booked["works_subsidy"] == pytest.approx(40 * 18_800 * ctx.values["prices.cpi_2021"])
    allowance = price_of(ctx, "construction.moving_allowance")
    assert months.booked["moving_allowance"] / allowance == pytest.approx(
        round(months.booked["moving_allowance"] / allowance)
    )
    assert months.booked["moving_allowance"] <= rows.size * allowance
    assert "dwelling_purchase" not in months.booked


def test_more_may_be_built_than_stood_there():
    ctx = town(values=QUICK, social=[2])
    table = ctx.world.dwelling
    months = Months(ctx, (whole([2], growth=0.5, owner_share=0.5, private_share=0.0),)).run(40)
    assert len(table) == 620
    assert len(months.events["added"]) == 20
    here = np.flatnonzero(table.complex == 2)
    assert here.size == 60 == ctx.world.complex.dwellings[2]
    doors = np.bincount(table.entrance[here])[10:15]
    assert doors.tolist() == [12] * 5 == ctx.world.entrance.dwellings[10:15].tolist()
    assert np.bincount(table.owner[here], minlength=3).tolist() == [30, 30, 0]
    assert np.all(table.replaced[here])
    new = price_of(ctx, "construction.new_dwelling")
    assert months.booked["new_dwelling_corporation"] + months.booked["new_dwelling_market"] == pytest.approx(
        60 * new
    )
    months.run(20)
    check_structure(ctx.world)
    added = here[here >= 600]
    assert np.count_nonzero(table.household[added] >= 0) > 0.7 * added.size, "people live in what was added"


def test_others_are_bought_out_of_a_mixed_complex():
    ctx = town(values=QUICK, social=[2])
    table = ctx.world.dwelling
    rows = np.flatnonzero(table.complex == 2)
    table.owner[rows[:5]] = Tenure.OWNER
    derive.refresh_world(ctx.world, 0)
    Construction().setup(ctx)
    worth = table.value[rows[:5]].sum() * 1000
    months = Months(ctx, (whole([2]),)).run(36)
    assert months.booked["dwelling_purchase"] == pytest.approx(worth, rel=0.05)
    assert len(months.events["replaced"]) == 40


def test_upkeep_is_paid_for_standing_dwellings_only():
    ctx = town(values={**QUICK}, social=[2])
    each = price_of(ctx, "construction.upkeep") / 12
    social = np.count_nonzero(ctx.world.dwelling.owner == Tenure.CORPORATION)
    months = Months(ctx, (whole([2], owner_share=0.0, private_share=0.0),)).run(1)
    assert months.booked["upkeep"] == pytest.approx(social * each)
    months.run(23)
    assert np.all(ctx.world.dwelling.works[ctx.world.dwelling.complex == 2] == Works.SITE)
    months.booked.clear()
    months.run(1)
    assert months.booked["upkeep"] == pytest.approx((social - 40) * each)
    months.run(24)
    months.booked.clear()
    months.run(1)
    new = ctx.values["construction.upkeep_new"]
    assert months.booked["upkeep"] == pytest.approx((social - 40 + 40 * new) * each)


def test_no_money_no_building():
    ctx = town(values={"construction.investment": 0.0}, social=[2])
    months = Months(ctx, (whole([2]),)).run(4)
    assert book_of(ctx).answers["restructuring"] == {"accepted": 0, "delayed": 160, "refused": 0}
    assert not book_of(ctx).projects
    assert not months.events["demolished"]


def test_no_permit_no_building():
    ctx = town(values={"construction.permit_refused": 1.0}, social=[2])
    Months(ctx, (whole([2]),)).run(4)
    assert book_of(ctx).answers["restructuring"] == {"accepted": 0, "delayed": 0, "refused": 40}
    assert not np.any(ctx.world.dwelling.works)


def test_shares_become_whole_dwellings():
    ctx = town()
    rows = np.arange(10, dtype=np.int32)
    for shares, expected in (((0.0, 0.0), [10, 0, 0]), ((0.5, 0.25), [3, 5, 2]), ((1.0, 1.0), [0, 10, 0])):
        owners = new_owners(ctx, rows, Terms("x", *shares))
        assert np.bincount(owners, minlength=3).tolist() == expected
    assert np.array_equal(new_owners(ctx, rows, Terms()), ctx.world.dwelling.owner[rows])


def test_a_home_is_not_converted_over_the_heads_of_people():
    ctx = town()
    lived = np.flatnonzero(ctx.world.dwelling.household >= 0)[:1].astype(np.int32)
    owner = np.array([Tenure.OWNER], dtype=np.int8)
    with pytest.raises(ValueError, match="somebody lives"):
        convert(ctx, Conversion(lived, {"owner": owner}))
    with pytest.raises(ValueError, match="changes hands"):
        convert(ctx, Conversion(lived, {"owner": owner}, empty=False))


def test_a_world_without_works_stands():
    world = small_world((Housing,), extra=EXTRA, setup=False).world
    assert standing(world).all()


def test_a_dwelling_taken_away_by_hand_is_booked():
    ctx = town()
    months = Months(ctx).run(1)
    empty = int(np.flatnonzero(ctx.world.dwelling.household < 0)[0])
    demolish_dwelling(ctx, empty)
    months.run(2)
    assert not ctx.world.dwelling.alive[empty]
