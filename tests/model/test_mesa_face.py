"""Mesa's face: agents, AgentSets, copies, pickles, data collection, own rules, two models at once."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest
from mesa.datacollection import DataCollector

from wijksim import Dwelling, Household, Professional, Resident, WijkModel, load_scenario
from wijksim.model.agents import RESERVED, VIEWS
from wijksim.runs.digest import digest_arrays
from wijksim.state.codes import Activity, Tenure

SMALL = {"world.size": 400, "world.warmup": 3, "months": 240}


def small(rng: int = 5, **classes: type) -> WijkModel:
    return WijkModel(load_scenario("baseline", overrides=SMALL), rng=rng, **classes)


@pytest.fixture(scope="module")
def frozen() -> bytes:
    return pickle.dumps(small())


@pytest.fixture
def model(frozen: bytes) -> WijkModel:
    made: WijkModel = pickle.loads(frozen)
    return made


def state(model: WijkModel) -> str:
    arrays = {
        f"{name}.{attribute}": table[attribute]
        for name, table in model.world.tables.items()
        for attribute in table.columns
    }
    return digest_arrays({**arrays, "ties.a": model.world.ties.a, "ties.strength": model.world.ties.strength})


def test_it_is_a_mesa_model_and_counts_its_agents(model: WijkModel) -> None:
    assert isinstance(model, mesa.Model)
    counts = model.counts()
    for kind, table in ((Resident, "resident"), (Household, "household"), (Dwelling, "dwelling")):
        assert len(model.agents_by_type[kind]) == counts[table]
    assert len(model.agents_by_type[Professional]) == counts["professional"] > 0
    assert len(model.agents) == sum(counts[table] for table in VIEWS)


def test_unique_ids_are_unique_over_tables(model: WijkModel) -> None:
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == len(ids)


def test_agentset_methods_work_as_in_any_mesa_model(model: WijkModel) -> None:
    residents = model.agents_by_type[Resident]
    stressed = residents.select(lambda r: r.stress > 0.3)
    by_hand = np.count_nonzero(model.world.resident.stress[model.world.resident.rows] > 0.3)
    assert len(stressed) == by_hand
    mean = residents.agg("trust", np.mean)
    assert mean == pytest.approx(model.world.resident.trust[model.world.resident.rows].mean(), rel=1e-5)
    groups = residents.groupby("activity").count()
    assert sum(groups.values()) == len(residents)
    assert all(isinstance(key, Activity) for key in groups)
    assert residents.get("age") == [r.age for r in residents]
    residents.select(lambda r: r.age < 5).set("stress", 0.25)
    assert all(r.stress == 0.25 for r in residents if r.age < 5)
    seen: list[int] = []
    residents.shuffle_do(lambda r: seen.append(r.unique_id))
    assert sorted(seen) == sorted(r.unique_id for r in residents)
    residents.do(lambda r: setattr(r, "note", 1))
    assert all(r.note == 1 for r in residents)


def test_links_lead_from_person_to_home_and_back(model: WijkModel) -> None:
    for resident in list(model.agents_by_type[Resident])[:50]:
        household = resident.household
        assert resident in household.members
        assert household.dwelling is not None
        assert household.dwelling.household is household
        assert resident.dwelling is household.dwelling
        assert resident.district in model.district_names
        assert all(resident in friend.friends for friend in resident.friends)
    workers = model.agents_by_type[Professional].select(lambda p: p.clients)
    assert all(client.alive for worker in workers for client in worker.clients)


def test_attributes_are_python_values_and_writing_checks_types(model: WijkModel) -> None:
    resident = model.agents_by_type[Resident][0]
    assert type(resident.stress) is float
    assert type(resident.age) is int
    assert type(resident.contributor) is bool
    assert isinstance(resident.activity, Activity)
    assert isinstance(model.agents_by_type[Dwelling][0].owner, Tenure)
    resident.stress = 0.75
    assert model.world.resident.stress[model.world.resident.row_of(resident.unique_id)] == 0.75
    for name, wrong in (("stress", "much"), ("contributor", 1), ("milieu", 0.5), ("stress", True)):
        with pytest.raises(TypeError):
            setattr(resident, name, wrong)
    with pytest.raises(ValueError, match="must lie in"):
        resident.milieu = 1000
    for name in ("age", "household", "district"):
        with pytest.raises(AttributeError):
            setattr(resident, name, 1)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = resident.shoe_size


def test_no_column_hides_a_name_of_mesa(model: WijkModel) -> None:
    names = {name for name in dir(mesa.Agent) if not name.startswith("_")} | RESERVED
    for table in VIEWS:
        assert not names & set(model.world.tables[table].columns)


def test_a_removed_agent_is_out_of_the_model_and_can_be_read_not_written(model: WijkModel) -> None:
    resident = next(r for r in model.agents_by_type[Resident] if len(r.household.members) > 1)
    household, age = resident.household, resident.age
    resident.remove()
    assert resident not in model.agents
    assert resident not in household.members
    assert not resident.alive
    assert resident.age == age
    with pytest.raises(AttributeError, match="gone"):
        resident.stress = 0.1
    resident.remove()
    home = household.dwelling
    household.remove()
    assert home is not None
    assert home.household is None
    home.remove()
    assert home not in model.agents
    worker = next(p for p in model.agents_by_type[Professional])
    clients = worker.clients
    worker.remove()
    assert worker not in model.agents
    assert all(model.world.resident.worker[model.world.resident.row_of(c.unique_id)] == -1 for c in clients)
    model.run_for(2)


def test_months_pass_and_agents_come_and_go(model: WijkModel) -> None:
    before = {agent.unique_id for agent in model.agents_by_type[Resident]}
    model.run_for(12)
    assert model.month == 12
    after = {agent.unique_id for agent in model.agents_by_type[Resident]}
    assert after != before
    assert len(after) == len(model.world.resident)


def test_copies_and_pickles_go_on_to_the_last_bit_and_apart(model: WijkModel) -> None:
    _ = model.agents
    twins = [copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
    start = state(model)
    for twin in twins:
        twin.run_for(4)
        assert state(model) == start
    model.run_for(4)
    assert {state(twin) for twin in twins} == {state(model)}
    assert twins[0].agents_by_type[Resident][0].model is twins[0]


def test_touching_agents_changes_nothing(model: WijkModel) -> None:
    twin = copy.deepcopy(model)
    _ = [agent.unique_id for agent in model.agents]
    model.run_for(3)
    twin.run_for(3)
    assert state(model) == state(twin)


def test_two_live_models_never_touch(model: WijkModel) -> None:
    other = small(rng=6)
    before = state(other)
    for resident in model.agents_by_type[Resident]:
        resident.stress = 0.9
    model.run_for(2)
    assert state(other) == before


class Worrier(Resident):
    """A resident with a rule of its own."""

    def step(self) -> None:
        if self.draw("worry") < 0.5:
            self.stress = min(1.0, self.stress + 0.25)


def test_a_subclass_of_resident_lives_by_its_own_rule() -> None:
    model, plain = small(resident_class=Worrier), small()
    assert len(model.agents_by_type[Worrier]) == len(model.agents_by_type[Resident])
    assert all(type(r) is Worrier for r in model.agents_by_type[Resident])
    model.run_for(3)
    plain.run_for(3)
    mean = model.agents_by_type[Resident].agg("stress", np.mean)
    assert mean > plain.agents_by_type[Resident].agg("stress", np.mean) + 0.1
    again = small(resident_class=Worrier)
    again.run_for(3)
    assert state(again) == state(model)
    with pytest.raises(TypeError, match="not a subclass"):
        small(resident_class=Household)


def test_the_data_collector_of_mesa_works(model: WijkModel) -> None:
    collector = DataCollector(
        model_reporters={"residents": lambda m: len(m.agents_by_type[Resident])},
        agenttype_reporters={Resident: {"stress": "stress"}},
    )
    collector.collect(model)
    model.run_for(1)
    collector.collect(model)
    table = collector.get_model_vars_dataframe()
    assert len(table) == 2
    assert len(collector.get_agenttype_vars_dataframe(Resident)) == table["residents"].sum()


def test_a_model_without_holders_is_collected() -> None:
    model = small()
    assert len(model.agents) > 0
    ghost = weakref.ref(model)
    del model
    gc.collect()
    assert ghost() is None


@pytest.mark.slow
def test_twenty_years_run() -> None:
    model = small()
    model.run_for(240)
    assert model.month == 240
    assert not model.running
