"""Loops that are off stand still at the path of the null run: with no lever nothing changes, with one its echo goes."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from wijksim.kernel.context import Context
from wijksim.kernel.loops import LOOPS, Seen
from wijksim.model.assemble import assemble
from wijksim.model.engine import Engine
from wijksim.model.known import live_loops, load_scenario

MONTHS = 5
SMALL = {"world.size": 600, "world.warmup": 2}


def engine(name: str, off: tuple[str, ...] = ()) -> Engine:
    overrides = {**SMALL, **{f"loops.{loop}": False for loop in off}}
    return assemble(load_scenario(name, overrides=overrides), 3)


def advanced(made: Engine, months: int = MONTHS) -> Context:
    for _ in range(months):
        made.advance()
    return made.ctx


def differing(one: Context, other: Context) -> set[str]:
    found = set()
    for name, table in one.world.tables.items():
        twin = other.world.tables[name]
        for attribute in table.columns:
            same = table.size == twin.size and np.array_equal(
                table[attribute],
                twin[attribute],
                equal_nan=np.issubdtype(table[attribute].dtype, np.floating),
            )
            if not same:
                found.add(f"{name}.{attribute}")
    return found


@pytest.fixture(scope="module")
def null() -> Context:
    return advanced(engine("baseline"))


@pytest.mark.parametrize("loop", [*live_loops(), "all"])
def test_without_levers_a_run_with_loops_off_is_its_null_run(loop: str, null: Context) -> None:
    off = live_loops() if loop == "all" else (loop,)
    assert differing(null, advanced(engine("baseline", off))) == set()


def test_what_a_lever_sets_off_goes_with_the_loops() -> None:
    """A staffing cut reaches crises, stress and debt over feedbacks alone; caseloads it reaches by itself."""
    months = 14
    null = advanced(engine("baseline"), months)
    cut = differing(null, advanced(engine("staffing-cut"), months))
    alone = differing(null, advanced(engine("staffing-cut", live_loops()), months))
    assert "resident.stress" in cut
    assert "resident.stress" not in alone
    assert "resident.need_met" in alone
    assert alone < cut


def test_a_run_with_a_shadow_is_copied_and_stored_with_it() -> None:
    made = engine("staffing-cut", ("firefighting", "trust"))
    advanced(made, 2)
    twins = [copy.deepcopy(made), pickle.loads(pickle.dumps(made))]
    whole = advanced(made, 3)
    for twin in twins:
        assert differing(whole, advanced(twin, 3)) == set()
        assert twin.ctx.loops.shadow is twin.shadow.ctx


def test_rows_are_found_by_identity_wherever_they_are() -> None:
    seen = Seen(np.array([5, 9, 7, 9, 3], dtype=np.uint64), np.arange(5.0))
    uid = np.array([5, 7, 9, 3, 8], dtype=np.uint64)
    place = seen.find(uid, np.arange(5))
    assert place[[0, 1, 3, 4]].tolist() == [0, 2, 4, -1]
    assert seen.uid[place[2]] == 9
    assert seen.find(np.array([3], dtype=np.uint64), np.array([70])).tolist() == [4]


def test_every_loop_has_its_line() -> None:
    assert set(live_loops()) <= set(LOOPS)
    codes = [text.split(":")[0] for text in LOOPS.values()]
    assert codes == [*(f"R{n}" for n in range(1, 8)), *(f"B{n}" for n in range(1, 5))]
