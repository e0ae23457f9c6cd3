"""Parts of housing on their own: the rest ledger, vacancy durations, law, offers and the queue."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.housing_city import city
from tests.worlds import run_months
from wijksim.core.rng import derive_uid
from wijksim.core.uids import namespace_key
from wijksim.kernel.account import ConservationError
from wijksim.mechanisms.housing import Housing, vacancy_facts
from wijksim.mechanisms.housing.appeal import APPEAL, appeal_of, intercept
from wijksim.mechanisms.housing.columns import CHANNELS, SeekerKind
from wijksim.mechanisms.housing.desk import desk_of, priority_inflow, queue_target
from wijksim.mechanisms.housing.facts import LookedUp, Twice
from wijksim.mechanisms.housing.leave import refresh_drivers
from wijksim.mechanisms.housing.market import move
from wijksim.mechanisms.housing.offers import describe, law, respond
from wijksim.mechanisms.housing.queue import last_queue, open_queue
from wijksim.mechanisms.housing.response_loops import lawful
from wijksim.mechanisms.housing.rest import open_ledger
from wijksim.mechanisms.housing.seeker_loops import arriving
from wijksim.mechanisms.housing.vacate import look_over, set_on_market, start_vacancies, withheld_share
from wijksim.parameters.store import ParameterStore
from wijksim.state.codes import SeekerCategory, Tenure

VALUES = ParameterStore().at(0, "2025-01")
FIFTHS = np.full((3, 5), 0.2)
SUPPORT = np.array([0.2, 0.05, 0.1])


# ---------------------------------------------------------------- the ledger
def serve_corporation(ledger):
    count = ledger.room(Tenure.CORPORATION)
    ledger.house(Tenure.CORPORATION, np.zeros(count, int), np.zeros(count, int), np.zeros(count, bool))


def test_the_ledger_is_stationary_when_its_offer_is_taken():
    ledger = open_ledger(VALUES, 60_000, FIFTHS, SUPPORT)
    start = ledger.vacant / ledger.dwellings
    assert start == pytest.approx([0.015, 0.03, 0.06])
    for _ in range(240):
        ledger.open_month(VALUES)
        serve_corporation(ledger)
        ledger.close_month()
    assert ledger.error() < 1e-6
    assert ledger.vacant / ledger.dwellings == pytest.approx(start, rel=0.01)
    assert ledger.support[1:] / ledger.occupied[1:] == pytest.approx(SUPPORT[1:], rel=0.02)


def test_support_in_social_rent_is_intake_against_turnover_and_recovery():
    ledger = open_ledger(VALUES, 60_000, FIFTHS, SUPPORT)
    share = ledger.support[0] / ledger.occupied[0]
    assert share == pytest.approx(0.33 * 0.064 / (0.064 + 0.042), abs=0.015)


def test_the_ledger_refuses_a_household_from_nowhere():
    ledger = open_ledger(VALUES, 60_000, FIFTHS, SUPPORT)
    ledger.open_month(VALUES)
    ledger.category[0, 0] += 5
    with pytest.raises(ConservationError):
        ledger.close_month()


def test_cohorts_hold_the_last_five_years():
    ledger = open_ledger(VALUES, 60_000, FIFTHS, SUPPORT)
    expected = 1 - np.exp(-np.array([0.064, 0.05, 0.13]) * 5)
    assert ledger.cohorts.sum(axis=1) / ledger.occupied == pytest.approx(expected, rel=0.001)


# ---------------------------------------------------------------- vacancies
def test_the_withheld_share_closes_vacancy_and_turnover():
    ctx = city(dwellings=300)
    mean = withheld_share(ctx) * 12 + np.array([1, 3, 1])
    turnover = np.array([0.064, 0.05, 0.13])
    assert mean / 12 * turnover == pytest.approx(
        np.array([0.015, 0.03, 0.06]) / (1 - np.array([0.015, 0.03, 0.06]))
    )


def test_dwellings_come_on_the_market_after_the_months_of_their_tenure():
    ctx = city(dwellings=3000, vacancy=0.5)
    dwelling = ctx.world.dwelling
    rows = np.flatnonzero(dwelling.household < 0).astype(np.int32)
    dwelling.vacant_since[rows], dwelling.on_market[rows] = 0, -1
    vacancies(ctx)
    for tenure, least in ((Tenure.CORPORATION, 1), (Tenure.OWNER, 3), (Tenure.PRIVATE, 1)):
        months = dwelling.on_market[rows[dwelling.owner[rows] == tenure]]
        assert months.min() == least
        prompt = 1 - withheld_share(ctx)[tenure]
        assert np.mean(months == least) == pytest.approx(prompt, abs=0.06)
    before = dwelling.on_market[rows].copy()
    dwelling.on_market[rows] = -1
    vacancies(ctx)
    assert np.array_equal(before, dwelling.on_market[rows])


def vacancies(ctx):
    vacant, undecided, *_ = look_over(ctx)
    return set_on_market(ctx, undecided, vacant)


def test_a_dwelling_is_offered_the_month_after_it_falls_vacant():
    ctx = city(vacancy=0.0, values={"vacancy_corporation": 0.0})
    dwelling = ctx.world.dwelling
    row = np.flatnonzero(dwelling.owner == Tenure.CORPORATION)[0]
    dwelling.household[row] = -1
    dwelling.vacant_since[row] = 0
    assert not any(rows.size for rows in vacancies(ctx))
    ctx.month = 1
    _, social, others = vacancies(ctx)
    assert social.tolist() == [row]
    assert others.size == 0


def test_a_new_world_has_vacancies_of_every_age():
    ctx = city(dwellings=3000, vacancy=0.3)
    start_vacancies(ctx)
    dwelling = ctx.world.dwelling
    rows = np.flatnonzero((dwelling.household < 0) & (dwelling.owner == Tenure.OWNER))
    waiting = dwelling.on_market[rows]
    assert waiting.min() == 0
    assert 3 < waiting.mean() < 9


# ---------------------------------------------------------------- drivers
def test_what_makes_households_move():
    ctx = city()
    household, dwelling = ctx.world.household, ctx.world.dwelling
    one = int(household.rows[0])
    dwelling.rooms[household.dwelling[one]] = household.persons[one] - 1
    household.moved_in[one] = -3
    refresh_drivers(ctx)
    assert household.misfit[one] == 1
    assert household.recent[one]
    dwelling.rooms[household.dwelling[one]] = household.persons[one] + 3
    household.moved_in[one] = -30
    refresh_drivers(ctx)
    assert household.misfit[one] == 1
    assert not household.recent[one]
    weight = ctx.reference.weights(ctx, "household")
    mean = np.average(household.dissatisfied, weights=weight)
    assert mean == pytest.approx(0, abs=1e-4)
    assert np.average(household.dissatisfied**2, weights=weight) == pytest.approx(1, abs=1e-3)


def test_reputation_follows_disorder_slowly():
    ctx = city()
    ctx.world.entrance.disorder[ctx.world.entrance.district == 0] = 0.9
    before = ctx.world.complex.stigma.copy()
    move(ctx, desk_of(ctx))
    change = ctx.world.complex.stigma - before
    bad = ctx.world.complex.district == 0
    assert np.all(change[bad] > 0)
    assert np.all(change[bad] < 0.05)
    assert np.allclose(change[~bad], 0, atol=1e-6)


# ---------------------------------------------------------------- queue and offers
def test_the_queue_starts_at_its_stationary_size():
    ctx = city(dwellings=1500)
    table = ctx.world.seeker
    count = np.bincount(table.category[table.rows], minlength=6)
    assert count[SeekerCategory.REGULAR] == round(queue_target(ctx))
    assert np.all(count[1:5] > 0)
    assert np.all(table.kind[table.rows] == SeekerKind.NEWCOMER)
    waited = -table.registered[table.rows[table.category[table.rows] == 0]] / 12
    assert waited.mean() == pytest.approx(4 / 1.6, rel=0.1)


def test_priority_inflow_is_a_flow_into_the_city():
    ctx = city()
    stock = desk_of(ctx).corporation_stock
    flow = priority_inflow(ctx)
    assert flow[SeekerCategory.STATUS] * 12 == pytest.approx(4.8 * stock / 1000)
    assert flow.sum() * 12 / stock == pytest.approx(0.0251)
    assert flow[SeekerCategory.REGULAR] == 0


def test_queues_stay_as_long_as_they_are():
    ctx = city(dwellings=1500, values={"turnover_corporation": 0.064, "move_rate_corporation": 0.064})
    start = len(ctx.world.seeker)
    run_months(ctx, (Housing(),), 60)
    assert len(ctx.world.seeker) == pytest.approx(start, rel=0.2)


def test_the_law_decides_who_may_be_offered_what():
    terms = law(city().values)

    def may(rent, persons, income, *, rooms=3, exempt=False):
        return lawful(
            np.int64(persons), np.float32(income), np.int64(rooms), np.float32(rent), exempt, exempt, terms
        )

    assert may(600, 1, 1400)
    assert not may(680, 1, 1400)
    assert may(680, 3, 1400)
    assert may(680, 1, 2500)
    assert may(680, 1, 1400, exempt=True)
    assert not may(600, 1, 4000)
    assert may(600, 1, 4000, exempt=True)
    assert not may(600, 5, 1400)
    assert not may(600, 1, 1400, rooms=6)


def test_the_mean_dwelling_of_the_reference_is_accepted_as_assumed():
    ctx = city(dwellings=1500)
    rows = np.flatnonzero(ctx.world.dwelling.owner == Tenure.CORPORATION).astype(np.int32)
    chance = 1 / (1 + np.exp(-(APPEAL.at(ctx, rows) + intercept(ctx))))
    weight = ctx.reference.weights(ctx, "dwelling")[rows]
    assert np.average(chance, weights=weight) == pytest.approx(0.4, abs=1e-4)
    assert appeal_of(ctx, rows) == pytest.approx(APPEAL.at(ctx, rows) + intercept(ctx), abs=1e-5)


def test_vacancies_have_the_identity_and_the_luck_of_the_core():
    ctx = city(dwellings=300)
    dwelling = ctx.world.dwelling
    rows = np.flatnonzero(dwelling.owner == Tenure.CORPORATION)[:20].astype(np.int32)
    dwelling.occupancies[rows] = np.arange(rows.size)
    dwelling.on_market[rows], ctx.month = -np.arange(rows.size) % 5, 7
    found, words = describe(ctx, rows), (dwelling.uid[rows], dwelling.occupancies[rows])
    key = derive_uid("vacancy", *words, ctx.month - dwelling.on_market[rows])
    assert np.array_equal(found.key, key)
    of_luck = derive_uid("luck of a vacancy", key[:, None], np.arange(found.luck.shape[1]))
    assert np.array_equal(found.luck, ctx.draws.life("housing.vacancy", of_luck))
    dwelling.household[rows], dwelling.on_market[rows] = -1, dwelling.vacant_since[rows] - 1
    _, (undecided, luck), *_ = look_over(ctx)
    here = np.isin(undecided, rows)
    assert np.count_nonzero(here) == rows.size
    for lane in range(2):
        drawn = ctx.draws.life("housing.withheld", derive_uid("vacated", *words), lane=lane)
        assert np.array_equal(luck[lane, : undecided.size][here], drawn)


def test_newcomers_and_movers_have_the_identity_of_the_core():
    flow, key = np.array([2.5, 0.0, 1.0]), np.array([3, 5], np.uint64)
    own, movers = np.array([7, 2**62, 9], np.uint64), np.array([2, 0], np.int32)
    category, uids = np.empty(4, np.int64), np.empty(8, np.uint64)
    words = namespace_key("seeker"), namespace_key("seeker from the districts")
    known = arriving(
        flow, np.arange(3, dtype=np.uint64), key, words, -3, (movers, movers), (own, own), category, uids
    )
    number = np.concatenate([np.arange(many) for many in np.bincount(category[:known], minlength=3)])
    assert set(category[:known].tolist()) == {0, 2}
    assert np.array_equal(uids[:known], derive_uid("seeker", category[:known], number, -3))
    moved = derive_uid("seeker from the districts", own[movers], -3)
    assert np.array_equal(uids[known : known + 4], np.tile(moved, 2))


def test_categories_follow_backlog_times_weight():
    ctx = city(dwellings=3000)
    rows = np.flatnonzero(ctx.world.dwelling.owner == Tenure.CORPORATION).astype(np.int32)
    vacancy, queue = describe(ctx, rows), open_queue(ctx)
    score = np.array([6.0, 1.0, 1.0, 0.0, 2.0, 0.0])
    first, second = respond(ctx, queue, vacancy, score).category.reshape(2, -1)
    assert np.bincount(first, minlength=6) / rows.size == pytest.approx(score / score.sum(), abs=0.05)
    # who finds nobody is offered to a priority household, and what was for one to the others
    assert np.all((second == 0) == (first != 0))
    score[SeekerCategory.DIRECT] = 2.2
    changed = respond(ctx, queue, vacancy, score).category[: rows.size]
    assert np.all(changed[changed != first] == SeekerCategory.DIRECT)
    assert np.mean(changed != first) < 0.05


def test_seekers_respond_in_their_category_and_local_movers_in_their_district():
    ctx = city(dwellings=1500, values={"local_share": 1.0, "move_rate_corporation": 0.5})
    run_months(ctx, (Housing(),), 3)
    table = ctx.world.seeker
    rows = np.flatnonzero(ctx.world.dwelling.owner == Tenure.CORPORATION)[::20].astype(np.int32)
    vacancy = describe(ctx, rows)
    for code in CHANNELS:
        score = np.where(np.arange(6) == code, 1.0, 0.0)
        responses = respond(ctx, open_queue(ctx), vacancy, score)
        assert np.all(responses.category[: rows.size] == code)
        for i in range(rows.size):
            found = responses.seekers[i][responses.seekers[i] >= 0]
            assert np.unique(found).size == found.size
            assert np.all(table.category[found] == code)
            place = table.scope[found]
            assert np.all((place < 0) | (place == ctx.world.dwelling.district[rows[i]]))
            assert not responses.allowed[i][responses.seekers[i] < 0].any()
    assert np.any(table.scope[table.rows] >= 0)


def test_no_second_list_without_anybody_with_priority():
    ctx = city(dwellings=300)
    rows = np.flatnonzero(ctx.world.dwelling.owner == Tenure.CORPORATION)[:10].astype(np.int32)
    responses = respond(ctx, open_queue(ctx), describe(ctx, rows), np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]))
    assert not responses.category.any()
    assert np.all(responses.seekers[rows.size :] == -1)
    assert np.any(responses.seekers[: rows.size] >= 0)


def test_the_queue_is_kept_as_it_would_be_made_anew():
    ctx = city(dwellings=600, values={"move_rate_corporation": 0.3, "priority_accept": 0.5, "dropout": 2.0})
    demoted = 0
    for _ in range(8):
        run_months(ctx, (Housing(),), 1)
        desk, table = desk_of(ctx), ctx.world.seeker
        before = desk.queue
        assert last_queue(ctx) is before, "nobody else added seekers, so that nothing is sorted anew"
        kept = open_queue(ctx)
        demoted += np.count_nonzero(table.category[table.rows] != table.channel[table.rows])
        desk.queue = None
        made = open_queue(ctx)
        desk.queue = kept
        assert np.array_equal(kept.rows, made.rows)
        assert np.array_equal(kept.place, made.place)
        assert np.array_equal(kept.counted, made.counted)
        assert np.array_equal(np.sort(kept.local_rows), np.sort(made.local_rows))
    assert demoted > 0


def test_a_queue_changed_by_somebody_else_is_made_anew():
    ctx = city()
    run_months(ctx, (Housing(),), 1)
    gone = open_queue(ctx).rows[:3].copy()
    ctx.world.seeker.release(gone)
    assert not np.isin(gone, open_queue(ctx).rows).any()


def test_facts_are_all_there_and_each_is_looked_up_once():
    asked = []

    def look_up(name):
        asked.append(name)
        return np.array([3, 4])

    facts = LookedUp(("rooms", "rent", "quota"), look_up)
    assert list(facts) == ["rooms", "rent", "quota"]
    assert "rooms" in facts
    assert "colour" not in facts
    assert not asked
    both = Twice(facts)
    assert list(both) == list(facts)
    assert both["rooms"].tolist() == [3, 4, 3, 4]
    assert facts.get("rooms").tolist() == [3, 4]
    assert facts.get("colour") is None
    assert "rent" in both
    assert len(both) == len(facts)
    assert asked == ["rooms"]
    with pytest.raises(KeyError, match="colour"):
        both["colour"]
    del facts["rooms"]
    assert set(dict(facts)) == {"rent", "quota"}


def test_a_rule_that_needs_an_unknown_fact_is_told_which_was_meant(monkeypatch):
    monkeypatch.setattr(vacancy_facts, "needs", lambda ctx: ("vulnerable_distrct",))
    with pytest.raises(ValueError, match=r"needs 'vulnerable_distrct' .* did you mean 'vulnerable_district'"):
        vacancy_facts.add_facts(None, {}, np.zeros(1))
