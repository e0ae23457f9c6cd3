"""Accounts: prices of one year, one payer per item, transfers that cancel, and PM that is never zero."""

import numpy as np
import pytest

import wijksim.mechanisms  # noqa: F401  (registers them)
from tests.worlds import run_months, small_world
from wijksim.kernel.ledger import KINDS, PARTIES, CostItem
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.accounts import ENTRIES, PM_ITEMS, Accounts
from wijksim.mechanisms.violence import Away
from wijksim.parameters.schema import Parameter
from wijksim.state.codes import Fate
from wijksim.state.column import Column
from wijksim.state.guard import guarded
from wijksim.state.roles import Profession

OTHERS = (
    Column("professional.fte", np.float64, "-", "x"),
    Column("professional.role", np.int8, "-", "x"),
    Column("professional.vacant", np.bool_, "-", "x"),
    Column("professional.district", np.int32, "-", "x", ref="district"),
    Column("resident.crises", np.int8, "-", "x"),
    Column("resident.psychiatric", np.bool_, "-", "x"),
    Column("resident.admitted", np.bool_, "-", "x"),
    Column("household.nuisance_report", np.bool_, "-", "x"),
    Column("household.mediation", np.bool_, "-", "x"),
    Column("resident.suspect", np.bool_, "-", "x"),
    Column("household.burgled", np.bool_, "-", "x"),
    Column("resident.away", np.int8, "-", "x"),
)


def world(seed=1):
    return small_world((Accounts,), extra=OTHERS, dwellings=120, seed=seed)


def step(ctx):
    with guarded(ctx.world, Accounts.owns):
        Accounts().step(ctx)


def post(ctx, role, fte, district, *, vacant=False):
    staff = ctx.world.professional
    row = staff.add([10**8 + staff.size])[0]
    staff.role[row], staff.fte[row], staff.district[row], staff.vacant[row] = role, fte, district, vacant


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("prices.fte_police_officer", 1.357),  # 2010: the factor of 2012 is a lower bound
        ("prices.homeless_year", 1.357),
        ("prices.mental_illness_year", 1.281),
        ("prices.mediation", 1.227),
        ("prices.crisis_care", 1.073),
        ("prices.fte_youth_worker", 1.033),
        ("prices.fte_social_worker", 1.0),
    ],
)
def test_a_price_of_its_own_year_becomes_one_of_2024(name, factor):
    ctx = world()
    assert price_of(ctx, name) == pytest.approx(ctx.values[name] * factor)
    ctx.parameters.set("prices.base_year", 2023)
    ctx.values = ctx.parameters.at(0, "2025-01")
    assert price_of(ctx, name) == pytest.approx(ctx.values[name] * factor / 1.033)


def test_the_youngest_price_can_be_shown_in_older_euros():
    ctx = world()
    ctx.parameters.set("prices.base_year", 2017)
    ctx.values = ctx.parameters.at(0, "2025-01")
    assert price_of(ctx, "prices.mental_illness_year") == pytest.approx(13400)
    assert price_of(ctx, "prices.fte_social_worker") == pytest.approx(93600 / 1.281)


def test_a_price_without_year_or_index_is_refused():
    ctx = world()
    with pytest.raises(ValueError, match="no price_year"):
        price_of(ctx, "prices.productive_hours")
    new = Parameter("prices.new", 1, 0, 2, "EUR", "assumed", "D", ("design",), "x", price_year=2031)
    ctx.parameters.declare([new])
    ctx.values = ctx.parameters.at(0, "2025-01")
    with pytest.raises(ValueError, match="2031"):
        price_of(ctx, "prices.new")


def test_every_price_states_its_year():
    ctx = world()
    for entry in ENTRIES:
        assert ctx.parameters[entry.price].price_year is not None
        assert ctx.parameters[entry.price].unit.startswith("EUR")


# ---------------------------------------------------------------- quantities


def test_posts_in_service_cost_their_price_and_vacant_ones_nothing():
    ctx = world()
    post(ctx, Profession.SOCIAL_WORKER, 1.0, 0)
    post(ctx, Profession.SOCIAL_WORKER, 0.5, 2)
    post(ctx, Profession.SOCIAL_WORKER, 1.0, 2, vacant=True)
    post(ctx, Profession.POLICE_OFFICER, 1.0, 1)
    step(ctx)
    assert ctx.ledger.month["staff_social_worker"] == pytest.approx([93600 / 12, 0, 93600 / 24])
    district = ctx.world.district
    assert district.cost_municipality == pytest.approx([93600 / 12, 0, 93600 / 24])
    assert district.cost_police_justice == pytest.approx([0, 112500 * 1.357 / 12, 0])


def test_every_role_is_booked_in_full_whoever_shares_it():
    ctx = world()
    for role in Profession:
        post(ctx, role, 1.2, 1)
    step(ctx)
    expected = sum(1.2 * price_of(ctx, f"prices.fte_{role.key}") / 12 for role in Profession)
    assert ctx.world.district.resource_cost == pytest.approx([0, expected, 0])
    tenants = 1.2 * price_of(ctx, "prices.fte_caretaker") / 12 * ctx.values["prices.caretaker_tenants"]
    assert ctx.world.district.cost_residents == pytest.approx([0, tenants, 0])


def test_crises_patients_reports_and_mediation_by_hand():
    ctx = world()
    resident, household = ctx.world.resident, ctx.world.household
    here = np.flatnonzero(resident.district == 1)
    resident.crises[here[:3]] = [1, 2, 1]
    resident.psychiatric[here[:6]] = True
    resident.admitted[here[0]] = True
    homes = np.flatnonzero(household.district == 1)
    household.nuisance_report[homes[:4]] = True
    household.mediation[homes[:2]] = True
    step(ctx)
    month = {name: amount[1] for name, amount in ctx.ledger.month.items()}
    # neighbourhood officers, whose posts are booked apart, do a fifth of the call-outs
    assert month["crisis_police"] == pytest.approx(4 * 400 * 1.357 * 0.8)
    assert month["crisis_care"] == pytest.approx(4 * 402 * 1.073 * 0.5)
    assert month["mental_illness"] == pytest.approx(6 / 12 * 13400 * 1.281 * 0.9)
    assert month["psychiatric_admission"] == pytest.approx(19300 * 1.073)
    assert month["nuisance_case"] == pytest.approx(4 * 3 / 1363 * 93600)
    assert month["mediation_municipality"] + month["mediation_corporation"] == pytest.approx(2 * 1800 * 1.227)
    assert ctx.ledger.month["crisis_police"][[0, 2]] == pytest.approx([0, 0])


def test_handled_offences_burglaries_and_placed_children_by_hand():
    ctx = world()
    resident, household = ctx.world.resident, ctx.world.household
    here = np.flatnonzero(resident.district == 2)
    resident.suspect[here[:5]] = True
    resident.away[here[:3]] = [Away.PLACED, Away.DETAINED, Away.PLACED]
    household.burgled[np.flatnonzero(household.district == 0)[:2]] = True
    step(ctx)
    month = ctx.ledger.month
    assert month["crime_chain"] == pytest.approx([0, 0, 5 * 10600 * 1.073])
    assert month["burglary_loss"] == pytest.approx([2 * 1526 * 1.357, 0, 0])
    assert month["placement"] == pytest.approx([0, 0, 2 / 12 * 40000 * 1.357])
    assert ctx.world.district.cost_police_justice == pytest.approx(month["crime_chain"])
    assert ctx.world.district.cost_municipality == pytest.approx(month["placement"])


def test_every_item_has_payer_beneficiary_and_kind_among_those_that_exist():
    for _, kind in MECHANISMS.items():
        for item in kind.costs:
            assert item.kind in KINDS
            for side in (item.payers, item.beneficiaries):
                assert side
                assert {party for party, _ in side} <= set(PARTIES)
                assert sum(share for _, share in side) == pytest.approx(1)
    kinds = {item.kind for _, mechanism in MECHANISMS.items() for item in mechanism.costs}
    assert {"staff", "crises", "crime", "youth", "wages", "benefits", "energy", "debt"} <= kinds


def test_an_item_without_payer_or_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="nobody pays"):
        CostItem("x", "x", "x", ())
    with pytest.raises(ValueError, match="nobody gains"):
        CostItem("x", "x", "x", (("state", 1.0),), gains=())
    with pytest.raises(ValueError, match="unknown kind"):
        CostItem("x", "x", "x", (("state", 1.0),), kind="odd")
    with pytest.raises(ValueError, match="shares"):
        CostItem("x", "x", "x", (("state", 1.0),), gains=(("state", 0.5),))


@pytest.mark.slow
def test_an_evicted_person_is_homeless_for_a_year_on_average():
    ctx = world()
    fates = np.array([Fate.SHELTER, Fate.DIED, Fate.SHELTER], np.int8)
    ctx.log.record("exits", fate=fates, district=np.array([2, 2, -1]))
    step(ctx)
    months = float(ctx.world.district.homeless[2])
    assert months == pytest.approx(1)
    assert ctx.world.district.homeless[:2] == pytest.approx([0, 0])
    spent = ctx.ledger.month["homeless_municipality"][2] + ctx.ledger.month["homeless_insurer"][2]
    assert spent == pytest.approx(23236 * 1.357 / 12)
    ctx.log.clear()
    for _ in range(400):
        step(ctx)
        months += float(ctx.world.district.homeless[2])
    # the sum over the months of those still there is the mean stay; half a month of it is rounding
    assert months == pytest.approx(12.5, abs=0.1)


# ---------------------------------------------------------------- who pays


def test_transfers_cancel_and_parties_add_up_to_the_resources_used():
    ctx = world()
    post(ctx, Profession.CARETAKER, 2.0, 0)
    post(ctx, Profession.DISTRICT_NURSE, 2.0, 1)
    benefit = CostItem(
        "test_benefit", "Benefit", "Uitkering", (("municipality", 1.0),), (("residents", 1.0),)
    )
    split = CostItem(
        "test_split",
        "Split",
        "Gedeeld",
        (("state", 0.4), ("owners", 0.6)),
        (("creditors", 0.5), ("residents", 0.5)),
    )
    for item in (benefit, split):
        ctx.ledger.declare(item)
        ctx.ledger.book(item.name, np.array([1000.0, 20.0, 3.0]))
    step(ctx)
    district = ctx.world.district
    costs = sum(district[f"cost_{party}"] for party in PARTIES)
    transfers = sum(district[f"transfer_{party}"] for party in PARTIES)
    assert costs == pytest.approx(district.resource_cost)
    assert costs == pytest.approx(ctx.ledger.resource_cost(3))
    assert transfers == pytest.approx([0, 0, 0], abs=1e-9)
    assert district.transfer_residents == pytest.approx([-1500, -30, -4.5])
    assert district.cost_municipality == pytest.approx([1000, 20, 3])
    ledger = ctx.ledger.by_party(3)
    for party in PARTIES:
        assert district[f"cost_{party}"] == pytest.approx(ledger[party])


def test_shared_items_are_complements():
    shared = {}
    for entry in ENTRIES:
        assert len(entry.item.payers) == 1
        assert not entry.item.transfer
        if entry.share and entry.quantity not in ("crises", "patient_years"):
            shared.setdefault((entry.quantity, entry.price, entry.share), []).append(entry.rest)
    assert shared
    assert all(sorted(rests) == [False, True] for rests in shared.values())


def test_no_item_is_booked_by_two_owners():
    names = [item.name for _, kind in MECHANISMS.items() for item in kind.costs]
    assert len(names) == len(set(names))
    labels = [item.label.lower() for _, kind in MECHANISMS.items() for item in kind.costs]
    assert len(labels) == len(set(labels))


def test_pm_is_listed_and_never_booked():
    ctx = world()
    step(ctx)
    assert PM_ITEMS
    for item in PM_ITEMS:
        assert item.reason
        assert item.evidence
        assert item.label != item.label_nl
        assert item.name not in ctx.ledger.items
        assert item.name not in ctx.ledger.month
        with pytest.raises(KeyError, match=item.name):
            ctx.ledger.book(item.name, np.zeros(3))


def test_same_world_same_accounts():
    first, second = world(), world()
    for ctx in (first, second):
        post(ctx, Profession.JOB_COACH, 1.0, 0)
        run_months(ctx, [Accounts()], 3)
    for column in Accounts.owns:
        assert first.world.column(column.name).tobytes() == second.world.column(column.name).tobytes()
