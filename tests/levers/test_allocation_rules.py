"""Rules of allocation: who comes first and who is passed over, for the steered vacancies and no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.levers.letting_city import busy_city, let
from tests.mechanisms.housing_city import city
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS, Target, Window
from wijksim.kernel.strategy import STRATEGIES
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.mechanisms.housing.offers import candidates
from wijksim.mechanisms.housing.queue import open_queue
from wijksim.mechanisms.housing.vacancy_facts import Stage, add_facts, stages
from wijksim.state.codes import SeekerCategory

RULES = {name: kind for name, kind in LEVERS.items() if issubclass(kind, LettingLever)}
WIDE = {"steered_share": 1.0}

# four seekers, the longest registered first
SEEKERS = {
    "seniority": [-40.0, -30.0, -20.0, -10.0],
    "support": [True, False, True, False],
    "contributor": [False, False, True, False],
    "priority": [False, False, True, True],
    "rehoused": [False, False, False, True],
    "own": [True, False, False, True],
    "fifth": [0, 1, 3, 4],
    "stage": [Stage.YOUNG, Stage.OLD, Stage.OLD, Stage.CHILDREN],
}
# a steered vacancy in a loaded place, a steered one in a calm place, and one that is not steered
HOMES = {
    "steering": [0.1, 0.2, 0.9], "quota": [0.5, 0.5, 0.5], "district": [0, 1, 0], "complex": [0, 1, 0],
    "vulnerable": [0.6, 0.1, 0.6], "vulnerable_complex": [0.6, 0.1, 0.6], "vulnerable_district": [0.4, 0.1, 0.4],
    "vulnerable_mean": [0.2, 0.2, 0.2], "stage_entrance": [Stage.OLD, -1, Stage.OLD],
    "stage_complex": [Stage.YOUNG, -1, Stage.OLD],
}  # fmt: skip


def order(name: str, **arguments: Any) -> list[list[int]]:
    """Seekers by vacancy in the order of offers, those passed over left out; half of the vacancies is steered."""
    ctx = city(dwellings=300)
    homes = {word: np.array(values) for word, values in HOMES.items()}
    homes["key"] = np.arange(3, dtype=np.uint64)
    seekers = {word: np.tile(np.array(values), (3, 1)) for word, values in SEEKERS.items()}
    seekers["uid"] = np.tile(np.arange(4, dtype=np.uint64), (3, 1))
    rule = STRATEGIES.get(name)({"steered_share": 0.5, **arguments})
    assert rule.steers(ctx, homes).tolist() == [True, True, False]
    rank = rule.rank(ctx, homes, seekers)
    return [[i for i in np.argsort(row) if np.isfinite(row[i])] for row in rank]


PLAIN = [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "arguments", "loaded", "calm"),
    [
        ("contributor_quota", {}, [2, 0, 1, 3], [2, 0, 1, 3]),
        ("priority_cap", {"cap": 0.3}, [0, 1, 3], PLAIN),
        ("priority_cap", {"cap": 0.05}, [0, 1, 3], [0, 1, 3]),
        ("priority_cap", {"cap": 0.3, "level": "complex"}, [0, 1, 3], PLAIN),
        ("priority_cap", {"cap": 0.5, "level": "district"}, PLAIN, PLAIN),
        ("direct", {"most_load": 0.3}, PLAIN, [2, 3]),
        ("income_band", {"lowest": 1, "highest": 3}, [1, 2, 3], [1, 2, 3]),
        ("income_band", {"lowest": 0, "highest": 0}, [0, 2, 3], [0, 2, 3]),
        ("similar", {}, [1, 2, 0, 3], PLAIN),
        ("similar", {"level": "complex"}, [0, 1, 2, 3], PLAIN),
        ("arrival", {"fifth_most": 1}, [1, 0, 2, 3], [1, 0, 2, 3]),
        ("arrival", {"fifth_most": 4}, [1, 2, 0, 3], [1, 2, 0, 3]),
        ("spread", {"share_directed": 1.0, "information": 1.0}, [1, 3], [0, 2, 1, 3]),
        ("spread", {"share_directed": 1.0, "information": 0.0}, [0, 1, 3], [2, 0, 1, 3]),
        ("spread", {"share_directed": 0.0}, PLAIN, PLAIN),
    ],
)
def test_who_is_offered_first_and_who_nothing(
    name: str, arguments: dict[str, Any], loaded: list[int], calm: list[int]
) -> None:
    assert order(name, **arguments) == [loaded, calm, PLAIN]


def test_a_lot_gives_everybody_the_same_chance_and_leaves_priority_alone() -> None:
    ctx, n = city(dwellings=300), 2000
    homes = {"steering": np.zeros(n), "district": np.zeros(n, int), "complex": np.zeros(n, int)}
    homes["key"] = np.arange(n, dtype=np.uint64)
    seekers = {
        "seniority": np.tile([-300.0, -20.0, -10.0, -1.0], (n, 1)),
        "priority": np.zeros((n, 4), bool),
        "uid": np.tile(np.arange(4, dtype=np.uint64), (n, 1)),
    }
    rule = STRATEGIES.get("lottery")({"steered_share": 1.0})
    first = np.bincount(rule.rank(ctx, homes, seekers).argmin(axis=1), minlength=4) / n
    assert first == pytest.approx(np.full(4, 0.25), abs=0.04)
    seekers["priority"][:] = True
    assert np.array_equal(rule.rank(ctx, homes, seekers), seekers["seniority"])


def test_facts_of_places_add_up() -> None:
    ctx = busy_city(600)
    world, vulnerable = ctx.world, np.zeros(ctx.world.entrance.size)
    rows = world.entrance.rows
    vulnerable[rows[world.entrance.district[rows] == 0]] = 0.5
    ctx.strategies = {"allocation": STRATEGIES.get("spread")()}
    facts = {"district": np.array([0, 1, 2]), "complex": world.dwelling.complex[:3]}
    add_facts(ctx, facts, vulnerable)
    assert facts["vulnerable_district"] == pytest.approx([0.5, 0, 0])
    homes = np.bincount(world.dwelling.district[world.dwelling.rows])
    assert facts["vulnerable_mean"] == pytest.approx(np.full(3, 0.5 * homes[0] / homes.sum()))
    ctx.strategies = {"allocation": STRATEGIES.get("priority_cap")()}
    add_facts(ctx, facts, vulnerable)
    assert facts["vulnerable_complex"] == pytest.approx(
        np.where(world.complex.district[facts["complex"]] == 0, 0.5, 0)
    )


def test_the_stage_of_a_building_is_that_of_most_and_seekers_have_one() -> None:
    ctx = busy_city(600)
    world = ctx.world
    world.resident.age[:] = np.where(world.resident.age >= 18, 40, world.resident.age)
    ctx.strategies = {"allocation": STRATEGIES.get("similar")()}
    facts = {"entrance": world.entrance.rows, "complex": world.entrance.complex[world.entrance.rows]}
    add_facts(ctx, facts, np.zeros(world.entrance.size))
    home = world.household.rows
    for i, entrance in enumerate(facts["entrance"][:20]):
        here = home[world.household.entrance[home] == entrance]
        families = np.count_nonzero(world.household.children[here] > 0)
        others = here.size - families
        expected = -1 if not here.size else Stage.CHILDREN if families >= others else Stage.MIDDLE
        assert facts["stage_entrance"][i] == expected
    assert stages(ctx, np.array([20, 40, 80, 80]), np.array([False, False, False, True])).tolist() == [
        0,
        2,
        3,
        1,
    ]
    queue, table = open_queue(ctx), world.seeker
    seekers = np.concatenate([queue.rows, queue.local_rows])
    stage = candidates(ctx, seekers[None])["stage"][0]
    assert set(np.unique(stage).tolist()) == {0, 1, 2, 3}
    newcomers = table.kind[seekers] == int(SeekerKind.NEWCOMER)
    alone = newcomers & (table.persons[seekers] == 1)
    assert not np.any(stage[alone] == Stage.CHILDREN)
    regular = newcomers & (table.category[seekers] == int(SeekerCategory.REGULAR))
    heads = world.pools["regular"].extra["age_months"][table.record[seekers[regular]]] / 12
    assert np.all(heads[stage[regular] == Stage.OLD] >= 67)


@pytest.mark.parametrize("name", sorted(RULES))
def test_only_the_target_is_steered_and_only_in_the_window(name: str) -> None:
    kind = RULES[name]
    full = {"ramp": 0.0, "steered_share": kind.steered_share.range[1]}
    lever = kind(full, window=Window(1, 3), target=Target(districts=("north", "middle")))
    found = let([lever], 4, busy_city(600))
    steered = found["steered"].astype(bool)
    assert steered.any()
    assert set(found["district"][steered].tolist()) <= {0, 1}
    before = let([lever], 1, busy_city(600))
    assert not before["steered"].any()
    after = let([kind(full, window=Window(0, 1))], 3, busy_city(600))
    first = let([kind(full, window=Window(0, 1))], 1, busy_city(600))
    assert after["steered"].sum() == first["steered"].sum()


@pytest.mark.parametrize("name", sorted(name for name, kind in RULES.items() if kind.price))
def test_a_steered_letting_has_its_price(name: str) -> None:
    kind = RULES[name]
    full = {"ramp": 0.0, "steered_share": kind.steered_share.range[1]}
    found = let([kind(full, target=Target(districts=("north",)))], 4, busy_city(600))
    item, argument = kind.price or (STEERED_LETTING, "letting_cost")
    each = kind.declared()[argument].value * 1.033  # euros of 2023 in those of 2024
    booked = found.booked[item.name] / each
    assert booked == pytest.approx(round(booked))
    assert 0 < booked <= np.count_nonzero(found["steered"])


def test_a_cap_on_priority_lets_to_others_and_direct_placement_to_nobody_else() -> None:
    null = let([], 12)
    cap = let([LEVERS.get("priority-cap")({"cap": 0.3, "ramp": 0.0})], 12)
    full = cap["vulnerable"] >= 0.3
    regular = int(SeekerCategory.REGULAR)
    assert np.all(cap["category"][full & cap["steered"]] == regular)
    assert np.mean(null["category"][null["vulnerable"] >= 0.3] != regular) > 0.2
    placed = let([LEVERS.get("direct-placement")({"steered_share": 0.6, "ramp": 0.0})], 12)
    room = placed["steered"] & (placed["vulnerable"] < 0.3)
    assert room.sum() > 10
    assert np.all(placed["category"][room] != regular)
