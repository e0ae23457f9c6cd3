"""What levers may ask of contacts: introductions, greetings, public space, help in a complex, mixing."""

import pickle
from functools import lru_cache

import numpy as np
import pytest

from tests.mechanisms.test_contacts import check_ties, world
from tests.worlds import run_months
from wijksim.mechanisms.contacts import (
    Contacts,
    acts,
    descriptions,
    encounters,
    greetings,
    introductions,
    loneliness,
    people,
    support,
)
from wijksim.mechanisms.contacts.focus import LAYERS, Focus, Staged, layer_word
from wijksim.state.guard import guarded


@lru_cache(maxsize=1)
def _frozen():
    return pickle.dumps(world(1200))


def town():
    """A copy of one small town."""
    return pickle.loads(_frozen())


def ask(ctx, act, lever="test", **details):
    ctx.effects.clear()
    ctx.effects.request(lever, "contacts", act, details)
    ctx.effects.prepare(ctx.world, 1 / 3, 3.0)


def adults(ctx):
    return np.flatnonzero(people.adults(ctx)).astype(np.int32)


def introduced(ctx):
    return np.flatnonzero(ctx.world.ties.layer == Staged.INTRODUCED)


# ---------------------------------------------------------------- layers


def test_layers_go_on_where_places_end():
    assert [int(one) for one in (*Focus, *Staged)] == list(range(LAYERS))
    assert layer_word(Focus.WORK) == "work"
    assert layer_word(Staged.CIRCLE) == "circle"


def test_ties_of_places_fade_by_their_half_life_and_introduced_ones_by_theirs():
    ctx = town()
    kept, gain = encounters.fading(ctx.values)
    assert kept[: len(Focus)] == pytest.approx(2 ** (-3 / 12))
    assert kept[Staged.CIRCLE] == kept[Focus.DISTRICT]
    assert kept[Staged.INTRODUCED] == pytest.approx(2 ** (-3 / 9))
    assert gain[Staged.INTRODUCED] < gain[Focus.DISTRICT]


# ---------------------------------------------------------------- introductions


def test_as_many_pairs_as_are_asked_for_where_they_are_asked_for():
    ctx = town()
    rows = adults(ctx)
    before = ctx.world.resident.ties.astype(int)
    ask(ctx, "introduce", residents=rows, pairs=np.array([120.0, 0, 0]), across=1.0, strength=0.4)
    introductions.introduce(ctx, people.adults(ctx))
    new, net, resident = introduced(ctx), ctx.world.ties, ctx.world.resident
    # a few find somebody they know already
    assert new.size == pytest.approx(120, abs=35)
    assert np.all(resident.district[net.a[new]] == 0)
    assert np.all(resident.milieu[net.a[new]] != resident.milieu[net.b[new]])
    assert net.strength[new] == pytest.approx(0.4)
    assert (resident.ties - before).sum() == 2 * new.size
    check_ties(ctx)


@pytest.mark.parametrize("across", [0.0, 0.3, 1.0])
def test_the_share_with_another_milieu_is_the_one_asked_for(across):
    ctx = town()
    ask(ctx, "introduce", residents=adults(ctx), pairs=np.full(3, 250.0), across=across, strength=0.2)
    introductions.introduce(ctx, people.adults(ctx))
    new, net, milieu = introduced(ctx), ctx.world.ties, ctx.world.resident.milieu
    share = np.mean(milieu[net.a[new]] != milieu[net.b[new]])
    assert share == pytest.approx(across, abs=4 * np.sqrt(across * (1 - across) / new.size) + 0.02)


def test_without_a_wish_milieus_mix_as_they_are():
    ctx = town()
    ask(ctx, "introduce", residents=adults(ctx), pairs=np.full(3, 250.0), strength=0.2)
    introductions.introduce(ctx, people.adults(ctx))
    new, net, milieu = introduced(ctx), ctx.world.ties, ctx.world.resident.milieu
    assert np.mean(milieu[net.a[new]] != milieu[net.b[new]]) == pytest.approx(0.75, abs=0.08)


def test_two_groups_are_brought_together_and_nobody_else():
    ctx = town()
    rows = adults(ctx)
    hosts, guests = rows[::7], rows[3::7]
    ask(ctx, "introduce", residents=hosts, others=guests, pairs=np.full(3, 20.0), strength=0.2)
    introductions.introduce(ctx, people.adults(ctx))
    new, net = introduced(ctx), ctx.world.ties
    assert new.size > 20
    for tie in new:
        ends = {int(net.a[tie]), int(net.b[tie])}
        assert len(ends & set(hosts.tolist())) == len(ends & set(guests.tolist())) == 1


def test_nobody_to_meet_makes_no_tie_and_no_fuss():
    ctx = town()
    rows = adults(ctx)
    for residents, others in ((rows[:0], rows), (rows, rows[:0]), (rows[:1], rows[:1])):
        ask(ctx, "introduce", residents=residents, others=others, pairs=np.full(3, 9.0), strength=0.2)
        introductions.introduce(ctx, people.adults(ctx))
        assert introduced(ctx).size == 0
        ctx.month += 1


def test_one_more_who_takes_part_changes_few_pairs():
    pairs = []
    for left_out in (0, 1):
        ctx = town()
        rows = adults(ctx)[left_out:]
        number = np.bincount(ctx.world.resident.district[rows], minlength=3)
        ask(ctx, "introduce", residents=rows, pairs=0.3 * number, across=0.5, strength=0.2)
        introductions.introduce(ctx, people.adults(ctx))
        new, net = introduced(ctx), ctx.world.ties
        pairs.append(set(zip(net.a[new].tolist(), net.b[new].tolist(), strict=True)))
    assert len(pairs[0]) > 100
    assert len(pairs[0] ^ pairs[1]) <= 12


def test_what_was_introduced_halves_in_nine_months_without_encounters():
    ctx = world(600, rate_entrance=0, rate_complex=0, rate_district=0, rate_place=0, draws=0, tie_floor=0)
    ask(ctx, "introduce", residents=adults(ctx), pairs=np.full(3, 60.0), strength=0.4)
    run_months(ctx, [Contacts()], 1)
    assert introduced(ctx).size > 50
    ctx.effects.clear()
    run_months(ctx, [Contacts()], 9)
    assert ctx.world.ties.strength[introduced(ctx)] == pytest.approx(0.2, abs=1e-5)


def test_those_introduced_meet_as_equals_whatever_their_incomes():
    """Quality of contact: chance contact of rich and poor does not count, an introduction does."""
    ctx = town()
    ctx.world.ties.drop(np.arange(len(ctx.world.ties)))
    resident, home = ctx.world.resident, ctx.world.household
    rows = adults(ctx)
    first = rows[0]
    poor = rows[(resident.milieu[rows] != resident.milieu[first]) & (resident.district[rows] == 0)]
    second = poor[resident.household[poor] != resident.household[first]][0]
    home.income_fifth[:] = 0
    home.income_fifth[resident.household[first]] = 4
    root = people.activity(ctx, people.adults(ctx))
    found = []
    for layer in (Focus.DISTRICT, Staged.INTRODUCED):
        resident.contact_quality[:] = 0.5
        ctx.world.ties.drop(np.arange(len(ctx.world.ties)))
        ctx.world.ties.add(
            np.array([first]), np.array([second]), np.array([0.4]), np.array([int(layer)], np.int8)
        )
        descriptions.look(ctx, root)
        found.append(resident.contact_quality[[first, second]].copy())
    assert found[0] == pytest.approx(0.5)
    assert np.all(found[1] > 0.5)


# ---------------------------------------------------------------- mixing


def test_mixing_is_a_ratio_on_ties_across_milieus_up_to_blindness():
    ctx = town()
    rows = adults(ctx)
    first, second = rows[:-1], rows[1:]
    across = ctx.world.resident.milieu[first] != ctx.world.resident.milieu[second]
    plain = people.likeness(ctx, first, second)
    for log, expected in ((0.5, np.exp(0.5)), (5.0, np.exp(0.8)), (-0.5, np.exp(-0.5))):
        ctx.effects.clear()
        ctx.effects.scale("test", acts.MIXING, "resident", rows=rows, log_ratio=log)
        ctx.effects.prepare(ctx.world, 1 / 100, 100)
        found = people.likeness(ctx, first, second) / plain
        assert found[across] == pytest.approx(expected)
        assert found[~across] == pytest.approx(1)
        assert people.likeness(ctx, first, second).max() <= 1 + 1e-9


# ---------------------------------------------------------------- greetings


def test_greetings_are_the_encounters_at_the_door_with_those_who_greet():
    ctx = town()
    resident = ctx.world.resident
    grown = people.adults(ctx)
    root = people.activity(ctx, grown)
    rows = adults(ctx)
    greeter = rows[0]
    ask(ctx, "greet", residents=rows[:1], share=0.5, most=10.0)
    greetings.greet(ctx, root, grown)
    near = (resident.entrance == resident.entrance[greeter]) & grown
    near &= resident.household != resident.household[greeter]
    expected = 0.5 * ctx.values["contacts.rate_entrance"] * root * root[greeter]
    assert near.any()
    assert resident.greetings[near] == pytest.approx(expected[near], rel=1e-5)
    assert not resident.greetings[~near].any()
    ask(ctx, "greet", residents=rows, share=1.0, most=0.25)
    greetings.greet(ctx, root, grown)
    assert resident.greetings.max() == pytest.approx(0.25)
    ctx.effects.clear()
    greetings.greet(ctx, root, grown)
    assert not resident.greetings.any()


def test_ten_greetings_a_month_are_two_per_cent_and_none_change_nothing():
    ctx = town()
    rows = adults(ctx)
    assert greetings.shield(ctx, rows) is None
    before = loneliness.ONSET.probability(ctx, rows)
    ctx.world.resident.greetings[rows[::2]] = 10
    ratio = loneliness.ONSET.probability(ctx, rows, offset=greetings.shield(ctx, rows)) / before
    assert ratio[::2] == pytest.approx(0.98, abs=1e-3)
    assert ratio[1::2] == pytest.approx(1)


# ---------------------------------------------------------------- public space


def test_public_space_lifts_those_who_live_at_it_and_goes_with_the_request():
    ctx = town()
    grown = people.adults(ctx)
    resident, entrance = ctx.world.resident, ctx.world.entrance
    plain = people.activity(ctx, grown)
    rows = np.flatnonzero(entrance.district == 0)
    ask(ctx, "lay_out", entrances=rows, quality=0.5)
    acts.lay_out(ctx)
    there = resident.district == 0
    # encounters of two of them rise by 1 + 0.5 * 0.5; activity is the root of being about
    lifted = people.activity(ctx, grown)
    assert lifted[there & grown] == pytest.approx(plain[there & grown] * np.sqrt(1.25), rel=1e-5)
    assert np.array_equal(lifted[~there], plain[~there])
    ctx.effects.clear()
    acts.lay_out(ctx)
    assert np.array_equal(people.activity(ctx, grown), plain)


# ---------------------------------------------------------------- help in a complex


def help_world(spillover, threshold, part=1.0):
    ctx = town()
    grown = people.adults(ctx)
    flow = support.flow(ctx, grown)
    before = flow.received.copy(), flow.given.copy()
    rows = adults(ctx)
    ask(
        ctx,
        "share_help",
        residents=rows[: int(part * rows.size)],
        spillover=spillover,
        threshold=threshold,
    )
    support.share_in_complexes(ctx, flow, grown)
    return ctx, flow, *before


def test_help_in_a_complex_is_conserved_and_within_what_givers_have_and_takers_lack():
    ctx, flow, received, given = help_world(0.25, 0.3)
    more, gave = flow.received - received, flow.given - given
    home = ctx.world.household.complex[ctx.world.resident.household]
    asks = support.in_need(ctx, people.adults(ctx))
    assert more.sum() > 10
    assert np.bincount(home, weights=more) == pytest.approx(np.bincount(home, weights=gave))
    assert np.all(more >= -1e-9)
    assert not gave[asks].any()
    assert not more[~asks].any()
    assert np.all(gave <= 0.25 * (flow.capacity - given) + 1e-9)
    full = ctx.world.resident.need * ctx.values["contacts.support_need_hours"]
    assert np.all(flow.received <= full + 1e-5)


def test_it_fails_where_too_few_are_strong():
    ctx, flow, received, _ = help_world(0.25, 0.3)
    home = ctx.world.household.complex[ctx.world.resident.household]
    grown = people.adults(ctx)
    weak = support.in_need(ctx, grown)
    share = np.bincount(home[grown & ~weak]) / np.bincount(home[grown])
    middle = float(np.median(share))
    _, tight, before, _ = help_world(0.25, middle)
    gained = np.bincount(home, weights=tight.received - before) > 1e-9
    assert gained.any()
    assert not gained[share < middle].any()
    _, none, before, _ = help_world(0.25, 1.01)
    assert np.array_equal(none.received, before)
    assert (flow.received - received).sum() > (tight.received - before).sum()


def test_who_does_not_take_part_neither_gives_nor_gets():
    ctx, flow, received, given = help_world(0.25, 0.0, part=0.5)
    rows = adults(ctx)
    out = rows[int(0.5 * rows.size) :]
    assert np.array_equal(flow.received[out], received[out])
    assert np.array_equal(flow.given[out], given[out])


def test_a_month_with_everything_asked_keeps_ties_and_columns_sound():
    ctx = town()
    rows, every = adults(ctx), np.full(3, 5.0)
    machine = Contacts()
    with guarded(ctx.world, Contacts.owns):
        for _ in range(6):
            ctx.effects.clear()
            for act, details in (
                ("introduce", {"residents": rows, "pairs": every, "across": 0.5, "strength": 0.3}),
                ("coach_circles", {"residents": rows, "circles": every, "size": 8, "click": 0.3}),
                ("greet", {"residents": rows, "share": 0.5, "most": 10.0}),
                ("lay_out", {"entrances": ctx.world.entrance.rows, "quality": 0.4}),
                ("share_help", {"residents": rows, "spillover": 0.1, "threshold": 0.3}),
            ):
                ctx.effects.request("test", "contacts", act, details)
            ctx.effects.prepare(ctx.world, 1 / 3, 3.0)
            machine.step(ctx)
            ctx.month += 1
    check_ties(ctx)
    assert np.array_equal(ctx.world.resident.ties, ctx.world.ties.degree(ctx.world.resident.size))
