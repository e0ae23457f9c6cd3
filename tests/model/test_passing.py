"""What is kept of a world goes with it, and takes nothing from a world that stays."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from weakref import ref

import numpy as np
import pytest

from wijksim.core.keeper import Keeper
from wijksim.kernel.event import Event
from wijksim.model.assemble import warmed_up
from wijksim.model.engine import Engine
from wijksim.model.known import load_scenario
from wijksim.state.world import World

MONTHS = 14  # long enough for every event of a year
type Copies = Callable[[Engine], Engine]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """A world with many levers, of which others are made."""
    small = {"world.size": 300, "world.warmup": 3}
    return warmed_up(load_scenario("drie-sporen", overrides=small), 5)


def pickled(one: Engine) -> Engine:
    """A copy as another process gets it."""
    copied: Engine = pickle.loads(pickle.dumps(one))
    return copied


def advanced(one: Engine, months: int = MONTHS) -> Engine:
    """The same, some months later."""
    for _ in range(months):
        one.advance()
    return one


def memory_of(world: World) -> dict[str, tuple[ref[Any], ...]]:
    """The world, its tables and the memory of these, held by nobody."""
    tables = {name: (ref(table), ref(table.memory)) for name, table in world.tables.items()}
    return {"world": (ref(world),), **tables}


def state_of(world: World) -> dict[str, bytes]:
    """Every column of a world."""
    return {
        f"{name}.{column}": np.asarray(table[column]).tobytes()
        for name, table in world.tables.items()
        for column in table.columns
    }


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_nothing_of_a_world_stays_when_it_is_gone(engine: Engine, copied: Copies) -> None:
    one = advanced(copied(engine))
    memory = memory_of(one.ctx.world)
    del one
    gc.collect()
    assert not {
        name: left for name, refs in memory.items() if (left := [one() for one in refs if one() is not None])
    }


def test_a_world_that_is_built_is_forgotten_as_well() -> None:
    one = advanced(
        warmed_up(load_scenario("baseline", overrides={"world.size": 300, "world.warmup": 1}), 7), 2
    )
    memory = memory_of(one.ctx.world)
    del one
    gc.collect()
    assert all(found() is None for refs in memory.values() for found in refs)


@pytest.mark.slow
def test_a_world_that_stays_does_not_notice(engine: Engine) -> None:
    alone, among = copy.deepcopy(engine), copy.deepcopy(engine)
    advanced(alone)
    for _ in range(MONTHS):
        other = advanced(copy.deepcopy(engine), 1)
        among.advance()
        del other
        gc.collect()
    assert state_of(among.ctx.world) == state_of(alone.ctx.world)


def test_who_is_made_in_another_way_forgets_as_well() -> None:
    one: Keeper = object.__new__(Event)
    one.__setstate__({"name": "t.one", "_ready": 1, "_settled": 2})
    world = World()
    del world
    gc.collect()
    assert (one.name, one._ready, one._settled) == ("t.one", None, None)  # type: ignore[attr-defined]


def test_a_copy_begins_without_what_was_kept() -> None:
    class Counting(Keeper):
        passing: ClassVar[Mapping[str, Any]] = {"found": None}

        def __init__(self) -> None:
            self.found: list[int] | None = [1]
            self.own = 2

    one = Counting()
    for another in (copy.deepcopy(one), copy.copy(one)):
        assert (another.found, another.own) == (None, 2)
        assert one.found == [1]
    one.forget()
    assert (one.found, one.own) == (None, 2)
