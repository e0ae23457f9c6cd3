"""Facilities: two-state limits, free entry, sums per district, volunteers, and what must not change."""

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.mechanisms.facilities import Facilities
from wijksim.mechanisms.facilities.columns import KEYS, SOURCES, Kind
from wijksim.mechanisms.facilities.room import room_of
from wijksim.mechanisms.facilities.support import KNOWN, Demand, carried, density, mixture, rates, support
from wijksim.state.codes import Activity
from wijksim.state.column import Column

OTHERS = (
    Column("household.income", np.float64, "-", "x"),
    Column("household.housing_cost", np.float64, "-", "x"),
    Column("household.poor", np.bool_, "-", "x"),
    Column("resident.felt_safety", np.float32, "-", "x", default=1),
    Column("resident.trust", np.float32, "-", "x"),
    Column("resident.self_reliance", np.float32, "-", "x"),
    Column("resident.stress", np.float32, "-", "x"),
)
DENSE = {f"{key}_density": 40.0 for key in KEYS}
STILL = {"close_support": 1.0, "open_support": 1.0}
ALIKE = {
    f"volunteer_{what}": 1.0
    for what in ("poor", "contributor", "trust", "self_reliance", "stress", "employed")
}


def world(dwellings=600, setup=True, **values):
    ctx = small_world((Facilities,), extra=OTHERS, dwellings=dwellings, setup=False)
    for name, value in values.items():
        ctx.parameters.set(f"facilities.{name}", value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    if setup:
        Facilities().setup(ctx)
    return ctx


def demand(n=3, subsidy=1.0, **other):
    levels = {name: np.full(n, other.get(name, 1.0)) for name in ("local", "use", "hours", "outside")}
    return Demand(**levels, subsidy=np.full((n, len(KEYS)), subsidy))


def open_by_district(ctx, kind):
    table = ctx.world.facility
    units = table.units * (table.open & (table.kind == kind))
    return np.bincount(table.district, weights=units, minlength=ctx.world.n_districts)


def open_share(ctx, kind=None):
    table = ctx.world.facility
    chosen = np.ones(table.size, bool) if kind is None else table.kind == kind
    return np.average(table.open[chosen], weights=table.units[chosen])


# ---------------------------------------------------------------- support


def test_at_national_levels_support_is_what_is_needed():
    values = world(setup=False).values
    assert support(values, demand(), np.ones((3, len(KEYS)))) == pytest.approx(np.ones((3, len(KEYS))))
    assert carried(values, demand()) == pytest.approx(np.ones((3, len(KEYS))))
    parts = mixture(values)[0]
    assert np.all(parts.sum(axis=1) <= 1)
    assert np.all(parts >= 0)


def test_what_demand_carries_is_a_fixed_point():
    values = world(setup=False).values
    poor = demand(local=0.6, use=0.8, hours=0.7)
    crowd = carried(values, poor)
    assert support(values, poor, crowd) == pytest.approx(np.ones_like(crowd), abs=1e-6)
    assert np.all(crowd <= 1)
    assert np.all(crowd[:, Kind.SHOP] < carried(values, demand(local=0.8))[:, Kind.SHOP])


def test_shops_on_local_spending_alone_have_a_closed_form():
    """Support is power * crowd ** (e - 1): free entry gives crowd = power ** (1 / (1 - e))."""
    values = world(setup=False, shop_local=1.0, retention_elasticity=0.3).values
    crowd = carried(values, demand(local=0.5))[0, Kind.SHOP]
    assert crowd == pytest.approx(0.5 ** (1 / 0.7), rel=1e-6)


def test_a_closing_helps_those_who_stay_but_not_in_full():
    values = world(setup=False).values
    half = support(values, demand(), np.full((3, len(KEYS)), 0.5))[0]
    assert np.all(half > 1)
    assert np.all(half <= 2)
    assert half[Kind.CENTRE] < half[Kind.INFORMAL]  # subsidy is not divided


def test_each_source_lifts_only_what_lives_on_it():
    values = world(setup=False).values
    crowd = np.ones((3, len(KEYS)))
    usual = support(values, demand(), crowd)[0]
    for row, name in enumerate(("local", "use", "hours")):
        more = support(values, demand(**{name: 2.0}), crowd)[0]
        assert more - usual == pytest.approx(mixture(values)[0][:, row])
    assert support(values, demand(outside=2.0), crowd)[0] - usual == pytest.approx(
        1 - mixture(values)[0].sum(axis=1)
    )


# ---------------------------------------------------------------- premises


def test_premises_are_as_many_as_demand_carries():
    ctx = world()
    machine, table = Facilities(), ctx.world.facility
    needs, people, _ = machine._demand(ctx)
    close, open_ = rates(ctx.values, "close"), rates(ctx.values, "open")
    expected = carried(ctx.values, needs) * density(ctx.values) * people[:, None] * (open_ + close) / open_
    place = table.district * len(KEYS) + table.kind
    found = np.bincount(place, weights=table.units, minlength=expected.size)
    assert found == pytest.approx(expected.ravel(), rel=1e-5)
    assert np.unique(table.uid).size == table.size


def test_two_rates_settle_where_they_balance_and_the_start_is_there():
    ctx = world(**DENSE, **STILL)
    close, open_ = rates(ctx.values, "close"), rates(ctx.values, "open")
    for kind in Kind:
        expected = open_[kind] / (open_[kind] + close[kind])
        # per district the start is off by less than one row
        assert open_share(ctx, kind) == pytest.approx(expected, abs=0.08)
    seen = []
    for _ in range(6):
        run_months(ctx, [Facilities()], 12)
        seen.append(open_share(ctx, Kind.SHOP))
    p, q = (-np.expm1(-rate[Kind.SHOP] / 12) for rate in (close, open_))
    assert np.mean(seen) == pytest.approx(q / (p + q), abs=0.05)


def test_premises_are_never_made_nor_lost():
    ctx = world(**{f"close_{key}": 6.0 for key in KEYS})
    table = ctx.world.facility
    before = (table.units.copy(), table.kind.copy(), table.district.copy())
    run_months(ctx, [Facilities()], 24)
    assert all(
        np.array_equal(*pair) for pair in zip(before, (table.units, table.kind, table.district), strict=True)
    )
    facts = Facilities().facts(ctx)
    both = sum(facts["facilities.open"].values()) + sum(facts["facilities.vacant"].values())
    assert both == pytest.approx(table.units.sum())


def test_without_closing_all_open_and_without_opening_all_close():
    ctx = world(**{f"close_{key}": 0.0 for key in KEYS})
    run_months(ctx, [Facilities()], 3)
    assert open_share(ctx) == 1
    assert ctx.world.district.premises_vacant == pytest.approx(0, abs=1e-6)
    for key in KEYS:
        ctx.parameters.set(f"facilities.close_{key}", 50.0)
        ctx.parameters.set(f"facilities.open_{key}", 0.0)
    ctx.values = ctx.parameters.at(ctx.month, "2025-04")
    run_months(ctx, [Facilities()], 40)
    assert open_share(ctx) == 0
    assert np.all(ctx.world.district.amenities == 0)
    assert np.all(ctx.world.district.informal_reach == 0)
    assert np.all(np.isfinite(ctx.world.facility.support))


def test_poorer_residents_mean_more_closings_of_shops_and_not_of_centres():
    ctx = world(**DENSE)
    machine, table = Facilities(), ctx.world.facility
    rows = table.rows
    before = machine.closing.probability(ctx, rows)
    ctx.world.household.income[:] -= 500
    machine._weigh(ctx, KNOWN(ctx), room_of(ctx.world))
    after = machine.closing.probability(ctx, rows)
    shops = (table.kind == Kind.SHOP) & table.open
    assert np.all(after[shops] > before[shops])
    centre = table.kind == Kind.CENTRE
    assert after[centre] == pytest.approx(before[centre])


def test_a_district_that_grows_poor_ends_with_fewer_shops():
    rich, poor = world(**DENSE), world(**DENSE)
    poor.world.household.income[:] -= 600
    for ctx in (rich, poor):
        run_months(ctx, [Facilities()], 120)
    assert open_share(poor, Kind.SHOP) < open_share(rich, Kind.SHOP) - 0.05
    assert poor.world.district.premises_vacant.mean() > rich.world.district.premises_vacant.mean()


def test_demand_over_what_is_open_brings_new_shops():
    ctx = world(**DENSE)
    machine, table = Facilities(), ctx.world.facility
    vacant = np.flatnonzero(~table.open & (table.kind == Kind.SHOP)).astype(np.int32)
    before = machine.opening.probability(ctx, vacant)
    ctx.world.household.income[:] += 800
    machine._weigh(ctx, KNOWN(ctx), room_of(ctx.world))
    assert np.all(machine.opening.probability(ctx, vacant) > before)


def test_a_single_row_reckons_with_itself():
    """Where nothing of a kind is open, who would open sees the support of being there, not of an empty market."""
    ctx = world(120)
    machine, table = Facilities(), ctx.world.facility
    table.open[:] = True
    machine._weigh(ctx, KNOWN(ctx), room_of(ctx.world))
    there = table.support.copy()
    table.open[table.kind == Kind.CENTRE] = False
    machine._weigh(ctx, KNOWN(ctx), room_of(ctx.world))
    assert table.support == pytest.approx(there, abs=1e-5)


def test_what_closes_is_logged_and_stays_vacant_that_month():
    ctx = world(**DENSE, **{f"close_{key}": 3.0 for key in KEYS}, **{f"open_{key}": 5.0 for key in KEYS})
    run_months(ctx, [Facilities()], 1)
    table = ctx.world.facility
    closed, opened = (ctx.log.column(f"facilities_{what}", "row") for what in ("closed", "opened"))
    assert closed.size
    assert opened.size
    assert not np.intersect1d(closed, opened).size
    assert not table.open[closed].any()
    assert table.open[opened].all()
    assert np.all(table.since[closed] == 0)


# ---------------------------------------------------------------- district figures


def test_sums_of_compiled_loops_are_those_of_numpy():
    ctx = world()
    w = ctx.world
    needs, people, _ = Facilities()._demand(ctx)
    assert np.array_equal(people, w.by_district("resident"))
    free = np.maximum(w.household.income - w.household.housing_cost, 0)
    assert w.district.purchasing_power == pytest.approx(w.by_district("household", free) / people)
    r = w.resident
    weight = np.where(r.activity == Activity.EMPLOYED, 1.0, 1 + ctx.values["facilities.day_use"])
    use = w.by_district("resident", r.felt_safety * weight * (r.age >= 15)) / people
    assert needs.use * ctx.values["facilities.normal_use"] == pytest.approx(use, rel=1e-5)


def test_subsidy_of_a_district_is_its_own_and_is_paid():
    ctx = world(**{f"close_{key}": 0.0 for key in KEYS})
    ctx.effects.clear()
    ctx.effects.fund("test", "facilities.subsidy.centre", np.array([1.0, 0, 0]))
    ctx.effects.prepare(ctx.world, 1 / 3, 3.0)
    machine = Facilities()
    needs, _, _ = machine._demand(ctx)
    assert needs.subsidy[:, Kind.CENTRE] == pytest.approx([2, 1, 1])
    assert needs.subsidy[:, Kind.SERVICE] == pytest.approx([1, 1, 1])
    run_months(ctx, [machine], 1)
    centres = open_by_district(ctx, Kind.CENTRE)
    paid = ctx.ledger.month["community_centre"]
    assert paid == pytest.approx(centres * [2, 1, 1] * ctx.values["facilities.centre_price"] / 12)


def test_fear_empties_places():
    ctx = world()
    before, _, _ = Facilities()._demand(ctx)
    ctx.world.resident.felt_safety[:] *= 0.5
    after, _, _ = Facilities()._demand(ctx)
    assert after.use == pytest.approx(before.use / 2)
    assert after.local == pytest.approx(before.local)


# ---------------------------------------------------------------- volunteers


def test_volunteers_begin_and_stop_in_balance():
    ctx = world(1200, **ALIKE)
    begin, end = (ctx.values[f"facilities.volunteer_{what}"] for what in ("rate", "end_rate"))
    p, q = -np.expm1(-begin / 12), -np.expm1(-end / 12)
    resident = ctx.world.resident
    grown = np.flatnonzero(resident.alive & (resident.age >= 15))
    expected = p / (p + q)
    error = np.sqrt(expected * (1 - expected) / grown.size)
    assert np.mean(resident.volunteer_hours[grown] > 0) == pytest.approx(expected, abs=4 * error)
    run_months(ctx, [Facilities()], 36)
    assert np.mean(resident.volunteer_hours[grown] > 0) == pytest.approx(expected, abs=4 * error)


def test_hours_have_the_national_mean_and_come_back_for_life():
    ctx = world(2000, **ALIKE, hours_spread=0.5)
    resident = ctx.world.resident
    chosen = np.flatnonzero(resident.volunteer_hours > 0).astype(np.int32)
    hours = resident.volunteer_hours[chosen].copy()
    assert hours.mean() == pytest.approx(ctx.values["facilities.hours_mean"], rel=0.08)
    assert Facilities()._hours(ctx, chosen, KNOWN(ctx)) == pytest.approx(hours, rel=1e-5)


def test_children_do_not_volunteer_and_contributors_do_more():
    ctx = world(2000)
    resident = ctx.world.resident
    assert np.all(resident.volunteer_hours[resident.age < 15] == 0)
    grown = resident.alive & (resident.age >= 15)
    active = resident.volunteer_hours > 0
    assert active[grown & resident.contributor].mean() > active[grown & ~resident.contributor].mean() + 0.04


def test_same_seed_same_bytes():
    one, two = world(), world()
    for ctx in (one, two):
        run_months(ctx, [Facilities()], 6)
    for column in Facilities.owns:
        assert np.array_equal(one.world.column(column.name), two.world.column(column.name)), column.name


def test_parts_that_come_to_more_than_the_whole_share_it():
    values = world(setup=False).values
    usual = mixture(values)[0]
    assert (usual.sum(axis=1) <= 1 + 1e-12).all()
    names = [f"facilities.{KEYS[0]}_{source}" for source in SOURCES]
    crowded = mixture({**values, **dict.fromkeys(names, 0.9)})[0]
    assert crowded[0].sum() == pytest.approx(1)
    assert crowded[0] == pytest.approx(1 / len(SOURCES))
    assert np.array_equal(crowded[1:], usual[1:])


def test_support_without_a_resting_point_is_an_error_and_no_endless_search():
    values = world(setup=False).values
    with pytest.raises(ArithmeticError, match="no sense together"):
        carried(values, demand(local=np.nan))
