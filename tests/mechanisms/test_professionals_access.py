"""Access: what levers ask of professionals, with known answers, and that nothing happens unless they ask."""

import numpy as np
import pytest

from tests.care_world import care_world, hire, open_case, residents_of
from tests.mechanisms.access_world import QUIET, ask, month, needy, still_world
from tests.worlds import run_months
from wijksim.mechanisms.professionals import Professionals, access, posts, signals
from wijksim.mechanisms.professionals.hours import USED
from wijksim.mechanisms.professionals.room import room_of
from wijksim.state.codes import Activity
from wijksim.state.roles import CaseStage, Profession

SOCIAL = Profession.SOCIAL_WORKER
NEVER = -(2**14)
LOOK = {"channel": "test", "chance": 1.0, "contact": 1.0, "from_need": 0.15, "warm": False, "intake": 1.0}


# ---------------------------------------------------------------- somebody sees residents
def test_whom_a_channel_sees_is_found_and_nobody_else():
    ctx = still_world()
    rows = needy(ctx)
    ask(ctx, "look_out", **LOOK | {"residents": rows[:20]})
    np.testing.assert_array_equal(month(ctx), rows[:20])
    assert ctx.counters.sums["professionals.sighted_test"] == 20
    assert (ctx.world.resident.case[rows[:20]] == CaseStage.QUEUE).all()  # no staff: they wait


def test_too_little_need_a_case_and_childhood_are_not_seen():
    ctx = still_world()
    table = ctx.world.resident
    rows = needy(ctx)
    table.need[rows[:10]] = 0.14
    open_case(ctx, rows[10:20])
    children = np.flatnonzero(table.alive & (table.age < 18))[:5].astype(np.int32)
    table.need[children] = 0.9
    ask(ctx, "look_out", **LOOK | {"residents": np.concatenate([rows, children])})
    np.testing.assert_array_equal(month(ctx), rows[20:])


def test_chance_contact_acceptance_and_trust_multiply():
    ctx = still_world(dwellings=3000, professionals__acceptance=0.5)
    everybody = np.concatenate([residents_of(ctx, district) for district in range(3)])
    table = ctx.world.resident
    table.need[everybody] = 0.5
    table.trust[everybody] = 1.2 * ctx.values["wellbeing.trust_level"]
    ask(ctx, "look_out", **LOOK | {"residents": everybody, "chance": 0.5, "contact": 0.6})
    expected = everybody.size * 0.5 * 0.6 * 0.5 * 1.2
    assert month(ctx).size == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_whoever_is_introduced_by_somebody_trusted_needs_no_trust_in_institutions():
    for warm, found in ((True, 40), (False, 0)):
        ctx = still_world()
        rows = needy(ctx)
        ctx.world.resident.trust[rows] = 0.0
        ask(ctx, "look_out", **LOOK | {"residents": rows, "warm": warm})
        assert month(ctx).size == found


def test_an_early_case_takes_part_of_an_intake():
    ctx = still_world()
    rows = needy(ctx, need=0.5)
    ctx.world.resident.need[rows[:10]] = 0.1
    ask(ctx, "look_out", **LOOK | {"residents": rows, "from_need": 0.05, "intake": 0.25})
    assert month(ctx).size == rows.size
    left = ctx.world.resident.intake_left[rows]
    np.testing.assert_allclose(left, np.where(np.arange(40) < 10, 2.5, 10.0))


def test_two_levers_on_one_channel_have_luck_of_their_own():
    ctx = still_world(dwellings=3000)
    everybody = np.concatenate([residents_of(ctx, district) for district in range(3)])
    ctx.world.resident.need[everybody] = 0.5
    for lever in ("a", "b"):
        ask(ctx, "look_out", lever, **LOOK | {"residents": everybody, "chance": 0.5})
    expected = 0.75 * everybody.size
    assert month(ctx).size == pytest.approx(expected, abs=4 * np.sqrt(expected / 4))


def test_without_hours_for_intake_only_the_queue_grows():
    queues = []
    for fte in (0.0, 20.0):
        ctx = still_world()
        if fte:
            hire(ctx, SOCIAL, fte)
            hire(ctx, Profession.DISTRICT_NURSE, fte)
            hire(ctx, Profession.DEBT_COUNSELLOR, fte)
            hire(ctx, Profession.MENTAL_HEALTH_WORKER, fte)
        rows = needy(ctx)
        ask(ctx, "look_out", **LOOK | {"residents": rows})
        month(ctx)
        queues.append(int((ctx.world.resident.case == CaseStage.QUEUE).sum()))
    assert queues == [40, 0]


# ---------------------------------------------------------------- the need from which help is given
def test_a_lower_threshold_makes_more_residents_count_as_in_need():
    ctx = still_world()
    rows = needy(ctx, need=0.1)
    assert signals.in_need(ctx).size == 0
    ctx.effects.scale("test", "professionals.threshold", "resident", rows=rows[:10], log_ratio=np.log(0.6))
    ctx.effects.prepare(ctx.world, 0.2, 5.0)
    np.testing.assert_array_equal(signals.in_need(ctx), rows[:10])


# ---------------------------------------------------------------- sought out
@pytest.mark.parametrize(("contact", "found"), [(1.0, 40), (0.0, 0)])
def test_who_is_sought_out_after_an_arrears_signal_is_met_or_not(contact, found):
    ctx = still_world()
    household = ctx.world.household
    homes = np.flatnonzero(household.alive & (household.district == 0))[:40]
    household.early_signal[homes] = True
    ask(ctx, "seek_out", residents=household.head[homes], contact=contact, all_signals=False)
    assert month(ctx).size == found


def test_other_signals_are_only_touched_if_asked_for():
    ctx = still_world()
    rows = residents_of(ctx)[:4]
    for every in (False, True):
        ctx.effects.clear()
        ask(ctx, "seek_out", residents=rows[:2], contact=0.9, all_signals=every)
        expected = [0.9, 0.9, 0.5, 0.5] if every else [0.5] * 4
        np.testing.assert_allclose(access.met(ctx, rows, 0.5), expected)
        np.testing.assert_allclose(access.met(ctx, rows, 0.2, written=True), [0.9, 0.9, 0.2, 0.2])


def test_who_is_drawn_first_is_nobody_too_few_where_levers_raise_contact():
    """Candidates are drawn under the highest chance that anybody can have: the result is that of all chances."""
    ctx = still_world(dwellings=1500, professionals__acceptance=0.5, professionals__signal_neighbour_rate=2.0,
                      professionals__signal_self_rate=1.0)  # fmt: skip
    table = ctx.world.resident
    rows = np.sort(np.concatenate([needy(ctx, 400, district=district) for district in range(3)]))
    table.knows_neighbours[:] = True
    table.dutch[rows] = np.linspace(0, 1, rows.size)
    table.trust[rows] = np.linspace(0.2, 0.9, rows.size)
    hire(ctx, SOCIAL, 5.0)
    ask(ctx, "seek_out", residents=rows[::2], contact=0.95, all_signals=True)
    ask(ctx, "open_longer", residents=rows[::3], hours=60.0, response=0.41)
    ask(ctx, "hire_bilingual", share=np.ones(3), reach=1.0)
    access.prepare(ctx)
    ratios = signals._ratios(ctx, rows, posts.present(ctx)[1])
    expected = []
    for event, ratio in zip(signals.CHANNELS[:2], ratios[:2], strict=True):
        u = ctx.draws.uniform(event.name, table.uid[rows], ctx.month + 1)
        expected.append(rows[u < event.probability(ctx, rows, offset=ratio)])
    ctx.month += 1
    ctx.draws = type(ctx.draws)(1)
    noticed = rows[:0], rows[:0], rows
    most, (there, caretakers) = float(table.trust[rows].max()), posts.present(ctx)
    nothing = np.empty((3, 0), np.int64), np.empty(0), np.empty(0, np.uint64), (0.0, 0.0, 0.0, 0.0, 0.0)
    usual = signals.usual_of(ctx.values)
    seen = signals.Seen(there, caretakers, table.trust, noticed, most, nothing, usual)
    found, _ = signals.heard(ctx, room_of(ctx.world), seen)
    np.testing.assert_array_equal(np.sort(found), np.sort(np.concatenate(expected)))
    assert found.size > 50


# ---------------------------------------------------------------- opening hours
def test_opening_hours_count_as_far_as_people_are_free():
    """24 hours, of which 0.8 can be used, beside 40 office hours, of which people in work can use 0.3."""
    ctx = still_world()
    rows = residents_of(ctx)[:3]
    table = ctx.world.resident
    table.activity[rows] = [Activity.EMPLOYED, Activity.RETIRED, Activity.RETIRED]
    ask(ctx, "open_longer", residents=rows[:2], hours=24.0, response=0.18)
    access.prepare(ctx)
    np.testing.assert_allclose(table.extra_open_hours[rows], [19.2, 19.2, 0.0], rtol=1e-6)
    asks, accepts, present = access.shifts(ctx, rows)
    expected = 0.18 * np.log([1 + 19.2 / 12, 1 + 19.2 / 40, 1.0])
    np.testing.assert_allclose(asks, expected, rtol=1e-6)
    assert (accepts, present) == (0.0, 0.0)


def test_with_a_response_of_nothing_opening_hours_change_nothing():
    found = []
    for hours in (None, 100.0):
        ctx = care_world(staffed=True)
        for _ in range(6):
            ctx.effects.clear()
            if hours:
                ask(ctx, "open_longer", residents=ctx.world.resident.rows, hours=hours, response=0.0)
            run_months(ctx, [Professionals()], 1)
        found.append(ctx.world.resident.case.copy())
    np.testing.assert_array_equal(*found)


# ---------------------------------------------------------------- language
def test_a_common_language_counts_for_whoever_has_little_dutch():
    """Half of the staff bridges the gap: fit of somebody without Dutch rises from 0.5 to 0.75."""
    ctx = still_world()
    hire(ctx, SOCIAL, 1.0, 0)
    rows = residents_of(ctx, 0)[:2]
    ctx.world.resident.dutch[rows] = [0.0, 1.0]
    for _ in range(40):
        hire(ctx, SOCIAL, 1.0, 0)
        hire(ctx, SOCIAL, 1.0, 1)
    ask(ctx, "hire_bilingual", share=np.array([0.5, 0.0, 0.0]), reach=1.0)
    access.prepare(ctx)
    table = ctx.world.professional
    here = table.district[table.rows] == 0
    part = float(table.language_skill[table.rows][here].mean())
    assert 0.25 < part < 0.75
    assert not table.language_skill[table.rows][~here].any()
    asks, accepts, _ = access.shifts(ctx, rows)
    np.testing.assert_allclose(accepts, [np.log((0.5 + 0.5 * part) / 0.5), 0.0], atol=1e-6)
    np.testing.assert_allclose(asks, accepts)
    ctx.effects.clear()
    ask(ctx, "hire_bilingual", share=np.array([0.5, 0.0, 0.0]), reach=0.0)
    assert not np.any(access.language(ctx, rows))


# ---------------------------------------------------------------- walk-in point
def test_at_the_counter_small_problems_are_solved_out_of_the_hours_left():
    """One fte has 88.5 hours: 44 small problems of 2 hours, and half an hour left for outreach."""
    ctx = still_world(professionals__intake_hours=0.001)
    hire(ctx, SOCIAL, 1.0)
    rows = residents_of(ctx)[:60]
    table = ctx.world.resident
    table.need[rows] = 0.05
    table.need[rows[:3]] = 0.5
    ask(ctx, "walk_in", residents=rows, chance=np.ones(60), from_need=0.03, solved=1.0, hours=2.0)
    assert month(ctx).size == 3
    helped = table.help_hours[rows[3:]] == 2
    assert helped.sum() == 44
    np.testing.assert_allclose(table.need_met[rows[3:]][helped], 1 - np.exp(-2 / 6), rtol=1e-5)
    use = ctx.world.stores[USED]
    assert use.outreach[SOCIAL, 0] == pytest.approx(0.5, abs=0.01)
    np.testing.assert_allclose(use.crisis + use.cases + use.intake + use.outreach, use.total, atol=1e-9)


def test_nobody_behind_the_counter_solves_nothing():
    ctx = still_world()
    rows = needy(ctx, need=0.05)
    ask(ctx, "walk_in", residents=rows, chance=np.ones(40), from_need=0.03, solved=1.0, hours=2.0)
    month(ctx)
    assert ctx.world.resident.help_hours.sum() == 0


# ---------------------------------------------------------------- reports by neighbours
def test_neighbours_report_late_and_it_hurts():
    ctx = still_world()
    table = ctx.world.resident
    rows = needy(ctx, 400, need=0.5)
    bad = rows[:30]
    table.need[bad] = 0.85
    ask(ctx, "hear_late", residents=table.rows, chance=1.0, from_need=0.8, loss=0.3)
    found = month(ctx)
    others = [np.sum((table.entrance == table.entrance[one]) & (table.household != table.household[one]) & table.alive)
              for one in bad]  # fmt: skip
    reported = bad[np.array(others) > 0]
    assert reported.size > 5
    np.testing.assert_allclose(table.relations_hurt[reported], 0.3)
    assert table.relations_hurt.sum() == pytest.approx(0.3 * reported.size)
    assert np.isin(found, reported).all()
    month(ctx)
    assert not table.relations_hurt.any()


def test_nobody_reports_the_own_household():
    ctx = still_world()
    table = ctx.world.resident
    (row,) = needy(ctx, 1, need=0.9)
    mine = np.flatnonzero((table.household == table.household[row]) & table.alive).astype(np.int32)
    ask(ctx, "hear_late", residents=mine, chance=1.0, from_need=0.8, loss=0.3)
    assert month(ctx).size == 0
    assert not table.relations_hurt.any()


# ---------------------------------------------------------------- signals put together
def test_two_shared_signals_within_half_a_year_are_one_that_is_followed_up():
    """A channel that never leads to contact; every signal is shared, and visits always reach."""
    share = {"share": 1.0, "months": 6.0}
    for pause, followed in ((4, True), (8, False)):
        ctx = still_world(professionals__contact_visit=1.0)
        rows = needy(ctx)
        table = ctx.world.resident
        for when in range(pause + 1):
            ask(ctx, "share_signals", residents=rows, **share)
            if when in (0, pause):
                ask(ctx, "look_out", **LOOK | {"residents": rows, "contact": 0.0})
            found = month(ctx)
            assert (found.size > 0) == (followed and when == pause)
        assert (table.sign_month[rows] == (NEVER if followed else pause)).all()


def test_without_sharing_signals_in_vain_leave_nothing():
    ctx = still_world(professionals__contact_visit=1.0)
    rows = needy(ctx)
    for _ in range(3):
        ask(ctx, "look_out", **LOOK | {"residents": rows, "contact": 0.0})
        assert month(ctx).size == 0
    assert (ctx.world.resident.sign_month == NEVER).all()


def test_signals_in_vain_are_those_that_do_not_lead_to_help():
    ctx = care_world(
        **QUIET | {"professionals__signal_neighbour_rate": 0.2, "professionals__acceptance": 0.3}
    )
    rows = needy(ctx)
    table = ctx.world.resident
    table.knows_neighbours[:] = False
    table.knows_neighbours[rows[:20]] = True
    table.reached[:] = False
    table.trust[:] = ctx.values["wellbeing.trust_level"]
    likely = (1 - (1 - 0.35) ** 2) * 0.3
    vain = signals._unheard(ctx, rows)
    np.testing.assert_allclose(vain, np.where(np.arange(40) < 20, 0.2 * (1 - likely), 0.0), rtol=1e-6)


def test_where_nobody_is_in_need_signals_are_still_put_together():
    """Two letters about arrears in vain are enough."""
    ctx = still_world(professionals__contact_visit=1.0, professionals__contact_letter=0.0)
    household = ctx.world.household
    homes = np.flatnonzero(household.alive & (household.district == 0))[:30]
    for when in range(2):
        household.early_signal[homes] = True
        ask(ctx, "share_signals", residents=ctx.world.resident.rows, share=1.0, months=6.0)
        found = month(ctx)
        assert found.size == (30 if when else 0)
    np.testing.assert_array_equal(np.sort(found), np.sort(household.head[homes]))
