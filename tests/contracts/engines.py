"""One small built and warmed-up world, made once and copied per test."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

import numpy as np

from wijksim.kernel.context import Context
from wijksim.model.assemble import warmed_up
from wijksim.model.engine import Engine
from wijksim.model.known import load_scenario
from wijksim.runs.digest import digest_arrays

OVERRIDES: dict[str, Any] = {"world.size": 900, "world.warmup": 6, "months": 60}


@lru_cache(maxsize=4)
def _frozen(seed: int) -> bytes:
    scenario = load_scenario("baseline", overrides=OVERRIDES)
    return pickle.dumps(warmed_up(scenario, seed, guard=True, audit=True))


def engine(seed: int = 3) -> Engine:
    """A copy of the warmed-up engine, columns guarded and draws audited."""
    made: Engine = pickle.loads(_frozen(seed))
    return made


def state(ctx: Context) -> str:
    """Digest of all columns and ties."""
    arrays: dict[str, Any] = {}
    for name, table in ctx.world.tables.items():
        for attribute in table.columns:
            arrays[f"{name}.{attribute}"] = table[attribute]
        arrays[f"{name}.alive"], arrays[f"{name}.uid"] = table.alive, table.uid
    ties = ctx.world.ties
    arrays |= {"ties.a": ties.a, "ties.b": ties.b, "ties.strength": ties.strength}
    return digest_arrays({name: np.asarray(array) for name, array in arrays.items()})
