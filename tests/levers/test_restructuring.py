"""Restructuring: the poorest complexes of the target go, a mix comes back, and it takes years."""

from __future__ import annotations

import numpy as np
import pytest

from tests.contracts.engines import engine
from tests.mechanisms.building_town import QUICK, Months, town
from tests.worlds import check_structure
from wijksim.kernel.lever import FORBIDDEN_WORDS, Target, Window
from wijksim.kernel.measure import MEASURES
from wijksim.levers.housing.restructuring import Restructuring
from wijksim.mechanisms.construction.book import book_of
from wijksim.state.codes import DwellingKind, Tenure, Works

NORTH = Target(districts=("north",))
RICH = {"construction.investment": 3000.0, **QUICK}


def asked(lever: Restructuring, month: int) -> list[dict]:
    ctx = town(dwellings=240)
    ctx.month = month
    lever.step(ctx)
    return [
        details
        for _, owner, act, details in ctx.effects.acts
        if (owner, act) == ("corporation", "demolish_and_replace")
    ]


def test_it_asks_for_a_growing_part_of_the_stock_while_it_lasts():
    lever = Restructuring({"share": 0.4, "ramp": 20.0, "coverage": 0.5}, target=NORTH, window=Window(2, 12))
    assert not asked(lever, 1)
    assert [asked(lever, month)[0]["share"] for month in (2, 6, 11)] == pytest.approx([0.01, 0.05, 0.1])
    assert not asked(lever, 12), "no more is begun after the end"
    (details,) = asked(lever, 5)
    assert details["districts"].tolist() == [True, False, False]
    assert details["subsidy"] == pytest.approx(18_800 * town().values["prices.cpi_2021"])


def test_it_only_requests_and_touches_no_outcome():
    ctx = town(dwellings=240)
    Restructuring(target=NORTH).step(ctx)
    assert not ctx.effects.touched()
    assert len(ctx.effects.acts) == 1
    assert not any(word in str(act[2]) for act in ctx.effects.acts for word in FORBIDDEN_WORDS)


def test_the_poorest_complexes_of_the_target_go_until_the_share_is_reached():
    ctx = town(dwellings=1200, values=RICH, social=list(range(10)))
    table = ctx.world.dwelling
    poor = np.isin(table.complex, [3, 7])
    table.quality[poor] -= 3
    Months(ctx, (Restructuring({"share": 0.2, "ramp": 0.0}, target=NORTH),)).run(2)
    assert np.array_equal(np.flatnonzero(table.works == Works.PLANNED), np.flatnonzero(poor))


def test_more_is_asked_more_is_taken_and_the_smaller_lies_in_the_larger():
    taken = []
    for strength in (0.25, 0.5, 1.0):
        ctx = town(dwellings=1200, values=RICH, social=list(range(10)))
        lever = Restructuring({"share": 0.5, "ramp": 0.0, "strength": strength}, target=NORTH)
        Months(ctx, (lever,)).run(12)
        taken.append(set(np.flatnonzero(ctx.world.dwelling.works != Works.NONE).tolist()))
    assert 0 < len(taken[0]) < len(taken[1]) < len(taken[2])
    assert taken[0] < taken[1] < taken[2]


def test_money_spreads_a_programme_over_years():
    ctx = town(dwellings=1200, values={"construction.investment": 700.0}, social=list(range(10)))
    months = Months(ctx, (Restructuring({"share": 1.0, "ramp": 0.0}, target=NORTH),))
    months.run(1)
    first = book_of(ctx).answers["restructuring"]["accepted"]
    months.run(40)
    given = book_of(ctx).answers["restructuring"]
    assert first < given["accepted"] < 400
    assert given["delayed"] > 0


def test_ten_years_on_dwellings_are_better_fewer_are_social_and_people_have_moved():
    ends = []
    for levers in ((), (Restructuring({"share": 0.3, "ramp": 0.0, "owner_share": 0.5}, target=NORTH),)):
        ctx = town(dwellings=1200, values=RICH, social=list(range(10)))
        months = Months(ctx, levers).run(72)
        table = ctx.world.dwelling
        north = table.district == 0
        ends.append((table.quality[north].mean(), (table.owner[north] == Tenure.CORPORATION).mean(), months))
    (before, social, _), (after, left, months) = ends
    assert after > before + 0.3
    # 0.3 of the dwellings is replaced, 0.6 of these are no longer the corporation's
    assert left == pytest.approx(social - 0.3 * 0.6, abs=0.03)
    assert len(months.events["replaced"]) == pytest.approx(0.3 * 400, abs=20)
    ledger = months.ctx.world.stores["housing.rest"]
    assert ledger.error() < 1e-6


@pytest.mark.slow
def test_a_whole_month_copes_with_dwellings_that_come_and_go():
    """Everything that looks at dwellings does so when there are more of them, a loop switched off included."""
    machine = engine()
    before = len(machine.ctx.world.dwelling)
    given = {"share": 0.8, "ramp": 0.0, "growth": 0.5, "unit": "entrance"}
    machine.set_levers([Restructuring(given, target=Target(districts=("vulnerable",)))])
    machine.switch_off(("concentration",))
    measures = [MEASURES.get(name)() for name in MEASURES.names()]
    for _ in range(60):
        machine.advance()
        check_structure(machine.ctx.world)
        machine.ctx.month -= 1
        for measure in measures:
            assert all(np.isfinite(part).all() for part in measure.districts(machine.ctx)), measure.name
        machine.ctx.month += 1
    assert len(machine.ctx.world.dwelling) > before


def test_walk_up_flats_are_flats_with_few_neighbours_at_the_door():
    """The worst places are houses, then flats with many neighbours at the door: neither is a walk-up flat."""
    ctx = town(dwellings=1200, values=RICH, social=list(range(10)))
    world = ctx.world
    table = world.dwelling
    table.kind[:] = DwellingKind.FLAT
    table.kind[table.complex == 1] = DwellingKind.HOUSE
    world.entrance.dwellings[world.entrance.complex == 2] = 12
    for place, worse in ((1, 5), (2, 4), (3, 3)):
        table.quality[table.complex == place] -= worse
    given = {"unit": "entrance", "kind": "walk_up", "share": 0.1, "ramp": 0.0}
    Months(ctx, (Restructuring(given, target=NORTH),)).run(1)
    assert set(table.complex[table.works == Works.PLANNED].tolist()) == {3}


def test_dearer_homes_are_sold_dearer_and_rents_of_the_corporation_stay():
    ends = []
    for dearer in (1.0, 1.25):
        ctx = town(values=QUICK, social=[2])
        value = ctx.world.dwelling.value.copy()
        given = {"share": 1.0, "ramp": 0.0, "owner_share": 0.5, "private_share": 0.25, "dearer": dearer}
        Months(ctx, (Restructuring(given, target=Target(complexes=(2,))),)).run(40)
        ends.append(ctx.world.dwelling)
    usual, high = ends
    rows = np.flatnonzero(usual.replaced)
    sold, let = (rows[usual.owner[rows] == owner] for owner in (Tenure.OWNER, Tenure.PRIVATE))
    rest = rows[usual.owner[rows] == Tenure.CORPORATION]
    assert np.array_equal(usual.owner, high.owner)
    assert high.value[sold] == pytest.approx(1.25 * usual.value[sold])
    assert usual.value[sold] == pytest.approx(1.3 * value[sold])
    assert high.rent[let] == pytest.approx(1.25 * usual.rent[let])
    assert np.array_equal(high.rent[rest], usual.rent[rest])
