"""Nudges, third places, community centres and shopkeepers: whom they reach, what they scale and fund, their bills."""

import numpy as np
import pytest

from tests.contracts.engines import engine
from tests.levers.meeting_world import act, asked, funded, here, made, offsets, residents, run
from wijksim.kernel.lever import LEVERS, Window
from wijksim.kernel.prices import indexed, price_of
from wijksim.levers.meeting.community_centre import CommunityCentre
from wijksim.levers.meeting.nudges import Nudges
from wijksim.levers.meeting.shop_hosts import ShopHosts
from wijksim.levers.meeting.third_places import ThirdPlaces

FAMILY = [name for name in LEVERS.names() if LEVERS.get(name).family == "meeting"]


def in_target(ctx):
    return ctx.world.resident.district == here(ctx)


def one_district(ctx, value):
    found = np.zeros(3)
    found[here(ctx)] = value
    return found


# ---------------------------------------------------------------- nudges


@pytest.mark.parametrize(
    ("force", "ratio"), [(0.0, 1.0), (0.3, 1.2**0.5), (0.6, 1.2), (0.8, 1.0), (1.0, 1 / 1.2)]
)
def test_cues_help_up_to_a_force_and_then_turn_against_themselves(force, ratio):
    assert Nudges({"ratio": 1.2, "force": force}).encounters() == pytest.approx(ratio)


def test_nudges_scale_encounters_of_adults_in_the_target_and_are_paid_by_head():
    ctx = asked(made(Nudges, ratio=1.2))
    log = offsets(ctx, "contacts.encounters")
    touched = log != 0
    assert log[touched] == pytest.approx(np.log(1.2))
    assert np.all(in_target(ctx)[touched])
    assert np.all(ctx.world.resident.age[touched] >= 18)
    assert ctx.ledger.month["nudges"] == pytest.approx(
        one_district(ctx, touched.sum() * indexed(ctx, 3, 2023) / 12)
    )


# ---------------------------------------------------------------- third places


def test_third_places_are_funded_by_residents_less_what_they_take_from_others():
    lever = made(ThirdPlaces, places_per_10k=6.0, deadweight=0.3, mixing=1.2)
    ctx = asked(lever)
    places = 6 * residents(ctx)[here(ctx)] / 10_000
    assert funded(ctx, "facilities.places.third_place") == pytest.approx(one_district(ctx, 0.7 * places))
    log = offsets(ctx, "contacts.mixing")
    assert log[log != 0] == pytest.approx(np.log(1.2))
    assert np.all(in_target(ctx)[log != 0])
    assert ctx.ledger.month["third_places"] == pytest.approx(
        one_district(ctx, places * indexed(ctx, 10_000, 2021) / 12)
    )
    plain, ctx = run(), run(lever)
    gain = ctx.world.district.meeting_access - plain.world.district.meeting_access
    assert gain[here(ctx)] > 0.3
    assert np.delete(gain, here(ctx)) == pytest.approx(0, abs=1e-6)


# ---------------------------------------------------------------- community centres


def test_a_centre_is_booked_once_and_its_users_make_ties_and_volunteer():
    lever = made(CommunityCentre, centres_per_10k=2.0, uptake=0.15)
    ctx = asked(lever)
    centres = funded(ctx, "facilities.places.centre")
    assert centres == pytest.approx(one_district(ctx, 2 * residents(ctx)[here(ctx)] / 10_000))
    for rate, ratio in (("contacts.new_ties", 1.3), ("facilities.begins", 1.2)):
        log = offsets(ctx, rate)
        assert log[log != 0] == pytest.approx(np.log(ratio))
        assert np.all(in_target(ctx)[log != 0])
    plain, ctx = run(), run(lever)
    more = ctx.ledger.month["community_centre"] - plain.ledger.month["community_centre"]
    assert more == pytest.approx(centres * price_of(ctx, "facilities.centre_price") / 12, abs=1)
    assert CommunityCentre.costs == ()


def test_a_closing_saves_money_and_takes_access_and_scales_nothing():
    plain, ctx = run(), run(made(CommunityCentre, centres_per_10k=-0.33))
    where = here(ctx)
    assert ctx.ledger.month["community_centre"][where] < plain.ledger.month["community_centre"][where]
    assert ctx.world.district.meeting_access[where] < plain.world.district.meeting_access[where]
    assert ctx.effects.touched() == {"facilities.places.centre"}


# ---------------------------------------------------------------- shopkeepers


def test_customers_meet_more_in_proportion_to_the_shops_there_are():
    lever = made(ShopHosts, visits=10.0, per_visit=0.01, mixing=1.2)
    ctx = asked(lever)
    shops = lever.shops(ctx)[here(ctx)]
    supply = min(1000 * shops / residents(ctx)[here(ctx)] / ctx.values["facilities.shop_density"], 1)
    log = offsets(ctx, "contacts.encounters")
    assert log[log != 0] == pytest.approx(0.1 * supply)
    assert np.all(in_target(ctx)[log != 0])
    mixing = offsets(ctx, "contacts.mixing")
    assert mixing[log != 0] == pytest.approx(np.log(1.2) * supply)


def test_without_shops_there_is_nothing_to_host():
    machine = engine()
    table = machine.ctx.world.facility
    table.open[table.kind == 0] = False
    ctx = asked(made(ShopHosts), machine)
    assert not offsets(ctx, "contacts.encounters").any()
    assert not ctx.ledger.month["shop_hosts"].any()


def test_each_shop_has_its_cost():
    lever = made(ShopHosts)
    machine = engine()
    shops = lever.shops(machine.ctx)
    ctx = asked(lever, machine)
    expected = one_district(ctx, shops[here(ctx)] * indexed(ctx, 500, 2023) / 12)
    assert ctx.ledger.month["shop_hosts"] == pytest.approx(expected)


# ---------------------------------------------------------------- the family


@pytest.mark.parametrize("name", FAMILY)
def test_more_dose_never_asks_for_less(name):
    """What is asked, funded and scaled at a third of the dose lies below that at the full dose."""
    sums = []
    for strength in (0.0, 0.3, 1.0):
        ctx = asked(made(LEVERS.get(name), strength=strength))
        total = sum(np.abs(offsets(ctx, rate)).sum() for rate in ("contacts.encounters", "contacts.mixing"))
        total += sum(np.abs(funded(ctx, one)).sum() for one in ctx.effects.touched() if one.count(".") > 0)
        for _, _, _, details in ctx.effects.acts:
            for part in ("residents", "others"):
                total += 0 if details.get(part) is None else np.size(details[part])
            total += np.sum(details.get("pairs", 0)) + np.sum(details.get("quality", 0))
        sums.append(total)
    assert sums[0] == 0
    assert sums == sorted(sums)
    assert sums[-1] > 0


def test_where_nothing_was_found_the_range_includes_no_effect():
    for kind, argument, none in (
        (Nudges, "ratio", 1), (ThirdPlaces, "mixing", 1), (ShopHosts, "mixing", 1), (ShopHosts, "per_visit", 0),
        (LEVERS.get("shared-table"), "tie_chance", 0),
    ):  # fmt: skip
        low, high = kind.declared()[argument].range
        assert low <= none <= high


def test_what_is_asked_goes_to_contacts():
    assert act(asked(made(LEVERS.get("greeting"))), "contacts", "greet")


@pytest.mark.parametrize("name", ["nudges", "greeting", "neighbour-help", "shop-hosts", "public-space"])
def test_what_lingers_after_the_end_costs_nothing(name):
    lever = made(LEVERS.get(name), window=Window(-20, -10), decay=12.0)
    ctx = asked(lever)
    assert ctx.effects.touched() or ctx.effects.acts
    assert not any(ctx.ledger.month.get(item.name, np.zeros(3)).any() for item in lever.costs)
