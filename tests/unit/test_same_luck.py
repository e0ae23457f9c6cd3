"""Passes that draw for themselves draw what the core draws.

A compiled function calls none of another file, so that the mix stands wherever a pass draws; here all of it is held to
that of :mod:`wijksim.core.mixing`.
"""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import wijksim
from wijksim.core import mixing
from wijksim.kernel import weigh_loops
from wijksim.mechanisms.crime import loops as crime
from wijksim.mechanisms.health import chance_loops
from wijksim.mechanisms.housing import market_loops, mover_loops, offer_loops, seeker_loops, share_loops
from wijksim.mechanisms.nuisance import source_loops
from wijksim.mechanisms.professionals import signal_loops
from wijksim.mechanisms.school import exam_loops, placement_loops

ROOT = Path(wijksim.__file__).parent
ONE_BY_ONE = (
    crime, exam_loops, market_loops, mover_loops, offer_loops, placement_loops, seeker_loops, share_loops,
)  # fmt: skip
SIEVES: tuple[ModuleType, ...] = (weigh_loops, chance_loops, signal_loops)
EDGES = [0, 1, 2**61 - 1, 2**61, 2**63, 2**64 - 1]
# what is left over after whole blocks is drawn too
SIZE = 2 * mixing.BLOCK + len(EDGES) + 1
RNG = np.random.default_rng(8)
UID = np.concatenate([np.array(EDGES, np.uint64), RNG.integers(0, 2**64, SIZE, np.uint64, endpoint=False)])
ROWS = RNG.permutation(UID.size)[:SIZE].astype(np.int32)
KEYS = [
    np.array(key, np.uint64) for key in ((0, 0), (2**64 - 1, 3), (0x0123456789ABCDEF, 0xFEDCBA9876543210))
]


def drawn(key: Any) -> Any:
    out = np.empty(UID.size)
    mixing.uniforms(UID, key, out)
    return out


def test_every_pass_that_draws_for_itself_is_here() -> None:
    here = {Path(str(one.__file__)) for one in (*ONE_BY_ONE, *SIEVES, source_loops)}
    files = {path for path in ROOT.rglob("*_loops.py") if "MULTIPLIERS" in path.read_text(encoding="utf-8")}
    files |= {path for path in ROOT.rglob("loops.py") if "MULTIPLIERS" in path.read_text(encoding="utf-8")}
    assert files == here


@pytest.mark.parametrize("module", ONE_BY_ONE, ids=lambda one: one.__name__)
@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_a_draw_for_one_row_is_that_of_the_core(module: ModuleType, key: Any) -> None:
    luck: Callable[..., float] = module._luck
    assert [luck(UID, key, row) for row in ROWS] == drawn(key)[ROWS].tolist()


@pytest.mark.parametrize("module", SIEVES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
@pytest.mark.parametrize("high", [0.0, 0.01, 0.5, 1.0])
def test_who_is_drawn_below_a_chance_are_those_of_the_core(module: ModuleType, key: Any, high: float) -> None:
    expected = ROWS[drawn(key)[ROWS] < high]
    found, u = np.full(2 * SIZE, -1, np.int32), np.full(2 * SIZE, -1.0)
    before = (3,) if module is signal_loops else ()  # this one adds to those it has
    count = module._near(UID, ROWS, key, high, found, u, *before)
    first = before[0] if before else 0
    rows = found[first:count]
    if module is weigh_loops:  # this one tells places
        rows = ROWS[rows]
    assert rows.tolist() == expected.tolist()
    assert u[first:count].tolist() == drawn(key)[expected].tolist()
    assert (found[:first] == -1).all()


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_sources_of_nuisance_are_drawn_as_by_the_core(key: Any) -> None:
    source, begin = np.zeros(UID.size, np.bool_), np.full(SIZE, 0.3)
    source_loops.started(ROWS, UID, key, begin, 1 - begin, 0.9, source)
    expected = ROWS[drawn(key)[ROWS] < 0.9 * 0.3]
    assert np.flatnonzero(source).tolist() == sorted(expected.tolist())
