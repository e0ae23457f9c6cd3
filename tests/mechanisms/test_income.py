"""Income of households: hand-made cases, incremental against full assessment, take-up, bookings, ownership."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.kernel import derive
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.mechanisms.income.assessment import assess
from wijksim.mechanisms.income.mechanism import Income
from wijksim.mechanisms.income.norms import budgets
from wijksim.mechanisms.income.watch import Watch
from wijksim.state.codes import Activity, HouseholdType, Role, Tenure
from wijksim.state.column import Column
from wijksim.state.guard import guarded

EXTRA = (
    Column("resident.wage", np.float32, "EUR/month", "wage"),
    Column("resident.trust", np.float32, "-", "trust"),
    Column("resident.help_hours", np.float32, "hours", "help"),
    Column("household.savings", np.float64, "EUR", "savings"),
    Column("household.mortgage", np.float32, "EUR/month", "mortgage"),
    Column("dwelling.rent", np.float32, "EUR/month", "rent"),
)


def make(dwellings=150, seed=1):
    ctx = small_world((Income,), extra=EXTRA, dwellings=dwellings, seed=seed, setup=False)
    resident, household = ctx.world.resident, ctx.world.household
    rng = np.random.default_rng(seed)
    wage = 2800 * np.exp(0.4 * rng.standard_normal(resident.size))
    resident.wage[:] = np.where(resident.activity == Activity.EMPLOYED, wage, 0)
    household.savings[:] = 1000
    household.mortgage[:] = np.where(household.tenure == Tenure.OWNER, 800, 0)
    Income().setup(ctx)
    return ctx


@pytest.fixture(scope="module")
def base():
    return make()


def one(ctx, kind, tenure=Tenure.CORPORATION):
    """Row of a household of a kind, put in a home of the given tenure."""
    table = ctx.world.household
    row = int(np.flatnonzero(table.alive & (table.type == kind))[0])
    ctx.world.dwelling.owner[table.dwelling[row]] = tenure
    derive.refresh_households(ctx.world, np.array([row], dtype=np.int32))
    table.takeup[row] = False
    return row


def members(ctx, row):
    return np.flatnonzero(ctx.world.resident.alive & (ctx.world.resident.household == row))


def assessed(ctx, row):
    rows, table = np.array([row], dtype=np.int32), ctx.world.household
    assess(ctx, rows, budgets(ctx.values))
    return SimpleNamespace(
        income=table.income[rows], housing_cost=table.housing_cost[rows], assistance=table.assistance[rows],
        recipients=table.assistance_count[rows], benefits=table.benefits[rows],
    )  # fmt: skip


def test_single_on_assistance_gets_the_norm():
    ctx = make()
    row = one(ctx, HouseholdType.SINGLE)
    ctx.world.resident.activity[members(ctx, row)] = Activity.ASSISTANCE
    ctx.values["income.health_premium"] = 0.0
    found = assessed(ctx, row)
    assert found.income[0] == pytest.approx(1308.45, abs=0.01)
    assert found.assistance[0] == pytest.approx(1308.45, abs=0.01)
    assert found.recipients[0] == 1
    assert found.housing_cost[0] == pytest.approx(620)


@pytest.mark.parametrize("both", [True, False])
def test_couple_on_assistance_gets_one_benefit(both):
    ctx = make()
    row = one(ctx, HouseholdType.COUPLE)
    pair = members(ctx, row)
    ctx.world.resident.wage[pair] = 0
    ctx.world.resident.activity[pair] = Activity.ASSISTANCE if both else [Activity.ASSISTANCE, Activity.OTHER]
    ctx.values["income.health_premium"] = 0.0
    found = assessed(ctx, row)
    assert found.income[0] == pytest.approx(1869.21, abs=0.01)
    assert found.recipients[0] == 1


def test_wage_of_a_partner_is_set_off():
    ctx = make()
    row = one(ctx, HouseholdType.COUPLE)
    pair = members(ctx, row)
    ctx.world.resident.activity[pair] = [Activity.ASSISTANCE, Activity.EMPLOYED]
    ctx.world.resident.wage[pair] = [0, 600]
    few = assessed(ctx, row)
    assert 0 < few.assistance[0] < 1869.21 - 500
    ctx.world.resident.wage[pair] = [0, 4000]
    assert assessed(ctx, row).assistance[0] == 0


def test_rent_allowance_lowers_the_housing_cost_and_income_stays():
    ctx = make()
    row = one(ctx, HouseholdType.SINGLE)
    ctx.world.resident.activity[members(ctx, row)] = Activity.ASSISTANCE
    without = assessed(ctx, row)
    ctx.world.household.takeup[row] = True
    claimed = assessed(ctx, row)
    assert 200 < without.housing_cost[0] - claimed.housing_cost[0] < 400
    assert claimed.income[0] - without.income[0] == pytest.approx(123)
    ctx.world.household.savings[row] = 40000
    rich = assessed(ctx, row)
    assert rich.housing_cost[0] == pytest.approx(without.housing_cost[0])


def test_owner_pays_the_mortgage():
    ctx = make()
    row = one(ctx, HouseholdType.COUPLE, Tenure.OWNER)
    ctx.world.household.mortgage[row] = 777
    assert assessed(ctx, row).housing_cost[0] == pytest.approx(777)


def test_unemployment_benefit_ends():
    ctx = make()
    row = one(ctx, HouseholdType.SINGLE, Tenure.OWNER)
    person = members(ctx, row)
    resident = ctx.world.resident
    resident.activity[person], resident.last_wage[person], resident.wage[person] = (
        Activity.UNEMPLOYED,
        3000,
        0,
    )
    resident.activity_since[person] = ctx.month
    insured = assessed(ctx, row)
    # 70 percent of 3,000 is 25,200 a year: tax 9,316 less a general credit of 3,336
    assert insured.benefits[0] == pytest.approx((25200 - 9316 + 3336) / 12, abs=1)
    resident.activity_since[person] = ctx.month - 24
    assert assessed(ctx, row).benefits[0] == 0


def test_basic_job_without_a_wage_pays_the_minimum_wage_for_its_hours():
    ctx = make()
    row = one(ctx, HouseholdType.SINGLE, Tenure.OWNER)
    person = members(ctx, row)
    ctx.world.resident.activity[person], ctx.world.resident.wage[person] = Activity.BASIC_JOB, 0
    poor = assessed(ctx, row)
    assert 1500 < poor.income[0] + 147.34 < 2133.6 * 30 / 36


def test_more_wage_never_makes_poorer_than_the_taper_allows():
    """Allowances and tax together take at most nine tenths of a further euro on average over 500 euros."""
    ctx = make()
    row = one(ctx, HouseholdType.SINGLE)
    person = members(ctx, row)
    ctx.world.resident.activity[person] = Activity.EMPLOYED
    ctx.world.household.takeup[row] = True
    left = []
    for wage in range(1500, 6001, 500):
        ctx.world.resident.wage[person] = wage
        found = assessed(ctx, row)
        left.append(found.income[0] - found.housing_cost[0])
    assert np.all(np.diff(left) > 50)


def test_incremental_assessment_equals_a_full_one():
    ctx = make(200)
    machine = Income()
    rng = np.random.default_rng(3)
    resident, household = ctx.world.resident, ctx.world.household
    for _ in range(40):
        some = rng.choice(resident.rows, 6, replace=False)
        resident.activity[some] = rng.integers(3, 10, 6)
        resident.activity_since[some] = ctx.month
        resident.wage[some] = np.where(resident.activity[some] == Activity.EMPLOYED, 2500, 0)
        household.savings[rng.choice(household.rows, 5)] = rng.choice([0, 9000, 50000], 5)
        ctx.world.dwelling.rent[rng.integers(0, ctx.world.dwelling.size, 3)] += 10
        leaver = rng.choice(np.flatnonzero(resident.alive & (resident.role == Role.PARTNER)))
        ctx.requests.leave(np.array([leaver], dtype=np.int32), 2)
        run_months(ctx, (machine,), 1)
    ctx.month -= 1
    derive.ages(ctx.world, ctx.month)
    kept = {
        name: household[name].copy() for name in ("income", "housing_cost", "poor", "income_fifth", "tax")
    }
    # the lifecycle applied one more departure after the last step: assess with the same people
    ctx.world.stores["income.watch"].due(ctx)
    touched = np.zeros(household.size, dtype=bool)
    fresh = ctx.log.column("exits", "household")
    touched[np.isin(household.uid, fresh)] = True
    assess(ctx, household.rows, budgets(ctx.values))
    same = household.alive & ~touched
    for name, before in kept.items():
        assert before[same] == pytest.approx(household[name][same]), name


def test_first_income_of_an_arrival_is_what_it_brings_less_the_premium():
    ctx = make()
    table = ctx.world.household
    row = one(ctx, HouseholdType.COUPLE)
    where = np.array([row], dtype=np.int32)
    table.income[row], table.poor[row], table.income_fifth[row] = 3000, True, 0
    Income().enter(ctx, "household", where, "arrived")
    assert table.income[row] == pytest.approx(3000 - 2 * ctx.values["income.health_premium"])
    assert table.housing_cost[row] == pytest.approx(620)
    assert not table.poor[row]
    assert table.income_fifth[row] > 0


def test_first_income_of_who_leaves_home_is_near_the_assessment():
    ctx = make()
    table = ctx.world.household
    row = one(ctx, HouseholdType.SINGLE, Tenure.OWNER)
    person = members(ctx, row)
    for activity, wage in ((Activity.EMPLOYED, 2500), (Activity.ASSISTANCE, 0)):
        ctx.world.resident.activity[person], ctx.world.resident.wage[person] = activity, wage
        table.income[row] = 0
        Income().enter(ctx, "household", np.array([row], dtype=np.int32), "founded")
        guess = table.income[row]
        table.takeup[row] = False
        assert guess == pytest.approx(assessed(ctx, row).income[0])


def test_who_is_left_behind_is_assessed_anew():
    ctx = make()
    table, resident = ctx.world.household, ctx.world.resident
    family = int(np.flatnonzero(table.alive & (table.children > 0))[0])
    child = int(np.flatnonzero((resident.household == family) & (resident.age < 18))[0])
    watch = ctx.world.stores["income.watch"]
    assert watch.due(ctx).size == 0
    ctx.requests.leave(np.array([child], dtype=np.int32), 2)
    Lifecycle().apply(ctx)
    assert watch.due(ctx).tolist() == [family]


def test_watch_finds_a_changed_parameter(base):
    watch = Watch()
    assert watch.due(base).size == len(base.world.household)
    assert watch.due(base).size == 0
    old = base.values["income.care_single"]
    base.values["income.care_single"] = old + 1
    assert watch.due(base).size == len(base.world.household)
    base.values["income.care_single"] = old


def test_takeup_is_a_two_state_process():
    ctx = make(600)
    for name in ("skills", "trust", "help", "assistance"):
        for kind in ("claim", "lapse"):
            full = f"income.hr_{kind}_{name}"
            if full in ctx.parameters:
                ctx.parameters.set(full, 1.0)
    ctx.parameters.set("income.claim_rate", 3.0)
    ctx.parameters.set("income.lapse_rate", 1.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    ctx.world.household.takeup[:] = False
    run_months(ctx, (Income(),), 24)
    claim, lapse = -np.expm1(-3 / 12), -np.expm1(-1 / 12)
    expected = claim / (claim + lapse)
    n = len(ctx.world.household)
    assert ctx.world.household.takeup.mean() == pytest.approx(expected, abs=4 * np.sqrt(0.19 / n))


@pytest.mark.parametrize(("claim", "lapse", "share"), [(0.0, 12000.0, 0.0), (12000.0, 0.0, 1.0)])
def test_extreme_rates(claim, lapse, share):
    ctx = make(100)
    ctx.parameters.set("income.claim_rate", claim)
    ctx.parameters.set("income.lapse_rate", lapse)
    run_months(ctx, (Income(),), 24)  # chances are capped at one half a month
    assert ctx.world.household.takeup[ctx.world.household.rows].mean() == share


def test_assistance_recipients_hardly_miss_their_allowances():
    ctx = make(1500)
    table = ctx.world.household
    on = table.alive & (ctx.world.resident.activity[table.head] == Activity.ASSISTANCE)
    assert table.takeup[on].mean() > 0.95
    assert 0.75 < table.takeup[table.alive & ~on].mean() < 0.93


def test_trust_loop_switched_off_keeps_trust_as_it_was():
    def claims(off):
        ctx = make(400, seed=5)
        ctx.loops.off = frozenset(("trust",)) if off else frozenset()
        ctx.world.resident.trust[:] = 0.6
        ctx.world.household.takeup[:] = False
        p0 = Income.claim.probability(ctx, ctx.world.household.rows)
        ctx.world.resident.trust[:] = 0.1
        return p0, Income.claim.probability(ctx, ctx.world.household.rows)

    before, after = claims(False)
    assert np.all(after < before)
    before, after = claims(True)
    assert after == pytest.approx(before)


def test_bookings_add_up(base):
    ctx = make()
    machine = Income()
    machine.step(ctx)
    table = ctx.world.household
    month = ctx.ledger.month
    assert month["assistance"].sum() == pytest.approx(table.assistance.sum())
    assert month["allowances"].sum() == pytest.approx(table.allowances.sum())
    assert month["assistance_handling"].sum() == pytest.approx(table.assistance_count.sum() * 3558 / 12)
    assert ctx.ledger.resource_cost(3) == pytest.approx(month["assistance_handling"])
    parties = ctx.ledger.by_party(3)
    assert sum(parties.values()) == pytest.approx(month["assistance_handling"])


def test_same_seed_same_incomes_and_only_own_columns():
    first, second = make(200), make(200)
    for ctx in (first, second):
        run_months(ctx, (Income(),), 6)  # run_months refuses whatever income does not own
    for column in Income.owns:
        assert np.array_equal(first.world.column(column.name), second.world.column(column.name)), column.name
    with pytest.raises(ValueError, match="does not own"), guarded(first.world, ()):
        Income().step(first)


def test_dead_rows_hold_defaults():
    ctx = make(100)
    row = np.array([3], dtype=np.int32)
    ctx.requests.depart(row, 2)
    run_months(ctx, (Income(),), 2)
    table = ctx.world.household
    assert not table.alive[3]
    for name in ("income", "housing_cost", "assistance", "allowances", "tax", "poor", "takeup"):
        assert table[name][3] == 0, name
