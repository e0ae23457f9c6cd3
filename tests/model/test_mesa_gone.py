"""Agents that are gone: what they show is theirs, never that of whoever has a row now."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from wijksim import Dwelling, Household, Professional, Resident, WijkModel, load_scenario
from wijksim.mechanisms.professionals.posts import close_posts

SMALL = {"world.size": 300, "world.warmup": 3, "months": 240}


def small(**classes: type) -> WijkModel:
    return WijkModel(load_scenario("baseline", overrides=SMALL), rng=5, **classes)


@pytest.fixture(scope="module")
def made() -> WijkModel:
    return small()


@pytest.fixture
def model(made: WijkModel) -> WijkModel:
    return copy.deepcopy(made)


def test_a_gone_resident_belongs_nowhere_and_keeps_its_last_values(model: WijkModel) -> None:
    resident = next(r for r in model.agents_by_type[Resident] if len(r.household.members) > 1 and r.friends)
    last, district, friends = resident.snapshot(), resident.district, resident.friends
    resident.remove()
    model.run_for(2)  # somebody else may have the row by now
    assert resident.household is None
    assert resident.dwelling is None
    assert resident.friends == []
    assert resident.district == district
    assert {**resident.snapshot(), "activity_since": 0} == {**last, "activity_since": 0}
    assert all(resident not in friend.friends for friend in friends)


def test_a_gone_household_has_neither_home_nor_members(model: WijkModel) -> None:
    household = next(h for h in model.agents_by_type[Household] if h.persons > 1)
    last, district, members = household.snapshot(), household.district, household.members
    household.remove()
    model.run_for(2)
    assert household.dwelling is None
    assert household.members == []
    assert household.district == district
    assert household.debt == last["debt"]
    assert household.persons in (0, last["persons"])
    assert all(member.household is None and member.district == district for member in members)


def test_a_dwelling_pulled_down_houses_nobody(model: WijkModel) -> None:
    dwelling = next(d for d in model.agents_by_type[Dwelling] if d.household is not None)
    last, district, household = dwelling.snapshot(), dwelling.district, dwelling.household
    dwelling.remove()
    model.run_for(2)
    assert household is not None
    assert household.dwelling is None
    assert dwelling.household is None
    assert dwelling.district == district
    assert {**dwelling.snapshot(), "household": -1, "vacant_since": 0} == {
        **last,
        "household": -1,
        "vacant_since": 0,
        "on_market": dwelling.on_market,
    }


def test_a_post_given_up_has_no_clients(model: WijkModel) -> None:
    worker = next(p for p in model.agents_by_type[Professional] if p.clients)
    last, district = worker.snapshot(), worker.district
    worker.remove()
    model.run_for(2)
    assert worker.clients == []
    assert worker.district == district
    assert worker.snapshot() == last


def test_a_post_given_up_is_opened_again_vacant(model: WijkModel) -> None:
    worker = next(p for p in model.agents_by_type[Professional] if not p.vacant)
    role, alike = worker.role, worker.district
    worker.remove()
    model.run_for(1)
    mine = model.agents_by_type[Professional].select(lambda p: (p.role, p.district) == (role, alike))
    assert mine.select(lambda p: p.vacant)


def test_a_post_that_closes_during_a_month_can_be_read(model: WijkModel) -> None:
    worker = next(iter(model.agents_by_type[Professional]))
    last = worker.snapshot()
    close_posts(model.context, np.array([model.world.professional.row_of(worker.unique_id)], np.int32))
    model.apply_requests()
    assert not worker.alive
    assert worker.snapshot() == last


def test_another_post_of_the_same_person_comes_first_when_one_is_given_up(model: WijkModel) -> None:
    table = model.world.professional
    first = next(p for p in table.rows.tolist() if (table.person[table.rows] == p).sum() > 1)
    model.view("professional", first).remove()
    assert table.alive[table.person[table.rows]].all()


class Imitator(Resident):
    """Hands its trust on to friends: the order of steps shows in the result."""

    def step(self) -> None:
        self.model.order.append(self.unique_id)
        for friend in self.friends[:2]:
            friend.trust = self.trust


def _trust(model: WijkModel) -> dict[int, Any]:
    return {resident.unique_id: resident.trust for resident in model.agents_by_type[Resident]}


def test_own_steps_run_in_one_order_whoever_looked_when() -> None:
    plain, looked, late = (small(resident_class=Imitator) for _ in range(3))
    for model in (plain, looked, late):
        model.order = []
    _ = looked.agents
    born = len(plain.world.resident)
    plain.run_for(6)
    for _ in range(6):
        looked.run_for(1)
        _ = list(looked.agents)
    late.run_for(3)
    late = copy.deepcopy(late)
    late.run_for(3)
    assert plain.order == looked.order == late.order
    assert _trust(plain) == _trust(looked) == _trust(late)
    assert born != len(plain.world.resident)


def test_agents_stand_by_uid_over_births_and_deaths(model: WijkModel) -> None:
    late = copy.deepcopy(model)
    start = {agent.unique_id for agent in model.agents}
    model.run_for(6)
    late.run_for(6)
    for kind in (Resident, Household, Dwelling, Professional):
        ids = [agent.unique_id for agent in model.agents_by_type[kind]]
        assert ids == sorted(ids) == [agent.unique_id for agent in late.agents_by_type[kind]]
    ids = [agent.unique_id for agent in model.agents]
    assert ids == sorted(ids) == [agent.unique_id for agent in late.agents]
    assert set(ids) - start
    assert start - set(ids)
