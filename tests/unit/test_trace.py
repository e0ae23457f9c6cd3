"""Following one resident: what is heard, why a chance was what it was, and how it is told."""

from datetime import date

import numpy as np
import pytest
from tests.worlds import small_world

from wijksim.core.clock import Clock
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.casting import Casting
from wijksim.model.explain import explain
from wijksim.model.known import load_scenario
from wijksim.model.life import Cause, Fact, Hit, Life, Picture
from wijksim.model.story import because, tell
from wijksim.model.trace import Follower, UnknownResidentError, follow, suggest
from wijksim.state.codes import Activity, Fate, Sex

SMALL = {"world.size": 400, "world.warmup": 2, "months": 18}
NOBODY = 7 * 10**9


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("staffing-cut", overrides=SMALL)


def _life(uid=1, **fields):
    given = {"scenario": "test", "seed": 0, "months": 24, "districts": ("north", "middle", "south"), **fields}
    return Life(uid=uid, clock=Clock(date(2025, 1, 1)), **given)


def _state(world):
    """Every column of every living row, by identity."""
    found = {}
    for name, table in world.tables.items():
        rows = table.rows[np.argsort(table.uid[table.rows], kind="stable")]
        found[name] = {"uid": table.uid[rows], **{column: table[column][rows] for column in table.columns}}
    return found


# ---------------------------------------------------------------- a traced run is the run


def test_a_traced_run_equals_the_untraced_one_to_the_last_bit(scenario):
    def end(listener):
        engine = with_policy(warmed_up(scenario, 3), scenario)
        if listener is not None:
            follower = Follower(_life(listener))
            engine.ctx.tracer = follower
            engine.observers += [follower, Casting(engine.ctx)]
            follower.open(engine.ctx)
        for _ in range(scenario.months):
            engine.advance()
        return engine.ctx

    plain = end(None)
    traced = end(int(plain.world.resident.uid[plain.world.resident.rows[0]]))
    assert traced.counters.sums == plain.counters.sums
    assert traced.reference.stored == plain.reference.stored
    for name, columns in _state(plain.world).items():
        for column, values in columns.items():
            assert values.tobytes() == _state(traced.world)[name][column].tobytes(), f"{name}.{column}"


class _Everybody:
    """Explains every hit of a run."""

    def __init__(self):
        self.hits = []

    def event(self, ctx, event, rows, p, hit):
        clip = ctx.values["kernel.hazard_clip"]
        for place in np.flatnonzero(hit).tolist():
            found = explain(ctx, event, int(rows[place]), float(p[place]))
            named = sum(cause.weight for cause in found.causes)
            self.hits.append((found, abs(named) < clip))

    def state(self, ctx, relax):
        pass


def test_the_causes_account_for_the_chance(scenario):
    """Where nothing but declared influences works on a rate, they leave nothing unexplained."""
    engine = with_policy(warmed_up(scenario, 3), scenario)
    engine.ctx.tracer = _Everybody()
    for _ in range(6):
        engine.advance()
    plain = ("school.diploma", "demography.leaving_home", "income.claim", "income.lapse", "work.job_loss")
    hits = [hit for hit, unclipped in engine.ctx.tracer.hits if hit.event in plain and unclipped]
    assert len(hits) > 5
    assert max(abs(hit.rest) for hit in hits) < 1e-3
    for hit in hits:
        weights = [abs(cause.weight) for cause in hit.causes]
        assert weights == sorted(weights, reverse=True)
        assert 0 < hit.usual < 1


# ---------------------------------------------------------------- what is heard


@pytest.fixture
def ctx():
    return small_world(dwellings=120)


def _adult(ctx, activity=Activity.EMPLOYED, sex=Sex.FEMALE):
    table = ctx.world.resident
    mask = table.alive & (table.age >= 25) & (table.age < 40) & (table.sex == sex)
    return int(np.flatnonzero(mask & (table.activity == activity))[0])


def _follow(ctx, row, act):
    """Hear what a request brings to the resident in a row."""
    follower = Follower(_life(int(ctx.world.resident.uid[row])))
    follower.open(ctx)
    act(np.array([row], dtype=np.int32))
    Lifecycle().apply(ctx)
    follower(ctx)
    return follower.life


def test_a_change_of_activity_is_heard_and_told(ctx):
    row = _adult(ctx)
    life = _follow(ctx, row, lambda rows: ctx.requests.become(rows, Activity.UNEMPLOYED))
    (fact,) = life.facts
    assert (fact.kind, fact.details["before"], fact.details["after"]) == (
        "activities",
        Activity.EMPLOYED,
        Activity.UNEMPLOYED,
    )
    assert "She loses her job." in [line.text for line in tell(life).lines]


def test_a_death_ends_the_story(ctx):
    row = _adult(ctx)
    life = _follow(ctx, row, ctx.requests.die)
    assert life.facts[0].details["fate"] == Fate.DIED
    age = life.pictures[0].values["resident.age"]
    texts = [line.text for line in tell(life).lines]
    assert f"She dies, {age} years old." in texts
    assert texts[-1] == "Here the story ends."


def test_a_mother_hears_of_her_child_and_the_child_of_its_birth(ctx):
    row = _adult(ctx)
    mother = _follow(ctx, row, lambda rows: ctx.requests.bear(rows, np.zeros(1, np.int8)))
    assert "She has a child." in [line.text for line in tell(mother).lines]
    born = Follower(_life(int(ctx.log.column("births", "uid")[0])))
    born(ctx)
    assert born.life.first == 0
    assert any("is born in district" in line.text for line in tell(born.life).lines)


def test_a_move_is_heard_but_the_states_of_the_new_household_are_no_change(ctx):
    world = ctx.world
    row = _adult(ctx)
    home = np.array([world.resident.household[row]], np.int32)
    free = np.flatnonzero(world.dwelling.household < 0)[:1].astype(np.int32)
    life = _follow(ctx, row, lambda _: ctx.requests.relocate(home, free))
    assert [fact.kind for fact in life.facts] == ["moves"]


def test_others_are_not_heard(ctx):
    row, other = np.flatnonzero(ctx.world.resident.alive)[:2]
    follower = Follower(_life(int(ctx.world.resident.uid[row])))
    follower.open(ctx)
    ctx.requests.become(np.array([other], np.int32), Activity.OTHER)
    Lifecycle().apply(ctx)
    follower(ctx)
    assert follower.life.facts == []


# ---------------------------------------------------------------- following a run


def test_suggested_residents_live_there_from_first_to_last_and_are_always_the_same(scenario):
    found = suggest(scenario, seed=1)
    assert found == suggest(scenario, seed=1)
    assert 1 <= len({person.uid for person in found}) == len(found) <= 3
    for person in found:
        life = follow(scenario, person.uid, seed=1)
        assert (life.first, life.last) == (0, 17)
        reasons = {"loses a job": "activities", "moves to another home": "moves"}
        kind = reasons.get(person.why, "resident.case")
        assert kind in {fact.kind for fact in life.facts}
    assert [picture.month for picture in life.pictures] == [0, 11, 17]


def test_an_unknown_resident_brings_suggestions(scenario):
    with pytest.raises(UnknownResidentError) as caught:
        follow(scenario, NOBODY, seed=1)
    assert caught.value.suggestions == suggest(scenario, seed=1)


def test_progress_is_told(scenario):
    ticks = []
    suggest(scenario, seed=1, months=2, progress=lambda done, total: ticks.append((done, total)))
    assert ticks == [(1, 2), (2, 2)]


# ---------------------------------------------------------------- how it is told

DEBT = Cause("household.problem_debt", 0.8, high=True, label="In problem debt", truth=True)
WORK = Cause("resident.stress", 0.3, high=True, label="Stress", truth=False)
CALM = Cause("resident.stress", -0.7, high=False, label="Stress", truth=False)


def _hit(chance, usual, causes, *, event="work.job_loss", stepped=False, rest=0.0, month=3):
    return Hit(month, event, "resident", "Losing a job (baanverlies)", chance, usual, stepped, causes, rest)


@pytest.mark.parametrize(
    ("hit", "words"),
    [
        (
            _hit(0.019, 0.008, (DEBT, WORK)),
            "chance 1.9% this month, 2.4 times the national mean, mostly because of problem debt and stress",
        ),
        (_hit(0.0081, 0.008, (DEBT, CALM)), "chance 0.81% this month, about the national mean"),
        (
            _hit(0.004, 0.008, (DEBT, CALM), stepped=True),
            "chance 0.4% this month, 50% of the national mean at this age or stage, "
            "held down mostly by little stress",
        ),
        (
            _hit(0.019, 0.008, (DEBT,), rest=2.0),
            "chance 1.9% this month, 2.4 times the national mean, partly because of problem debt",
        ),
        (_hit(0.5, 0.0, (DEBT,)), "chance 50% this month"),
    ],
)
def test_a_chance_in_words(hit, words):
    assert because(hit) == words


def _told(life):
    start = {"resident.age": 30, "resident.sex": int(Sex.MALE), "resident.activity": int(Activity.EMPLOYED)}
    start |= {"household.type": 0, "household.tenure": 0, "district": 1}
    life.first, life.last, life.pictures = 0, 23, [Picture(0, start)]
    return [(line.date, line.text) for line in tell(life).lines]


def test_a_hit_explains_the_change_of_its_month_and_is_told_once():
    life = _life()
    life.hits = [_hit(0.019, 0.008, (DEBT,))]
    life.facts = [Fact(3, "activities", {"before": Activity.EMPLOYED, "after": Activity.UNEMPLOYED})]
    told = _told(life)
    assert told[0] == (
        "2025-01",
        "This is a man of 30 in district 'middle', in paid work. He lives alone in a corporation dwelling.",
    )
    assert told[1][0] == "2025-04"
    assert told[1][1].startswith("He loses his job (chance 1.9% this month, 2.4 times")
    assert told[2:] == [("2026-12", "Here the run ends.")]


def test_a_hit_of_another_month_stands_by_itself_and_repetition_is_counted():
    life = _life()
    life.hits = [_hit(0.01, 0.01, (), event="nuisance.report", month=month) for month in (2, 4, 5, 14)]
    told = _told(life)[1:-1]
    assert [day for day, _ in told] == ["2025-03", "2026-03"]
    assert told[0][1].endswith("and again 2 times this year.")
    assert told[1][1] == (
        "The household reports nuisance from neighbours (chance 1% this month, about the national mean)."
    )


def test_an_unknown_event_is_told_in_the_words_of_its_mechanism():
    life = _life()
    life.hits = [_hit(0.01, 0.01, (), event="school.dropout")]
    assert _told(life)[1][1].startswith("Losing a job (chance 1% this month")


def test_names_with_braces_do_no_harm():
    life = _life(districts=("a", "{b}", "c"))
    assert "district '(b)'" in _told(life)[0][1]
