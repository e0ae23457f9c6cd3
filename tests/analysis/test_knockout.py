"""Known answers for knock-outs: parts of effects made by hand, and one small experiment."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wijksim.analysis.knockout import FIRST, REMAINDER, TOTAL, knockout, split
from wijksim.core.errors import InputError
from wijksim.model.known import load_scenario


def parts(total: float, first: float, **without: float) -> dict[str, float]:
    def row(value: float) -> np.ndarray:
        return np.array([value, value + 1])

    split_up = split(row(total), row(first), {name: row(value) for name, value in without.items()})
    return {name: float(values[0]) for name, values in split_up}


def test_independent_loops_leave_no_remainder() -> None:
    # 1 by the lever itself, 2 over loop a, 3 over loop b
    found = parts(6, 1, a=4, b=3)
    assert (found[TOTAL], found[FIRST], found["a"], found["b"]) == (6, 1, 2, 3)
    assert found[REMAINDER] == 0


def test_loops_that_need_each_other_leave_a_negative_remainder() -> None:
    # the effect of 5 needs both loops: it goes with either of them, and is counted twice
    assert parts(6, 1, a=1, b=1)[REMAINDER] == -5


def test_loops_that_stand_in_for_each_other_leave_a_positive_remainder() -> None:
    assert parts(6, 1, a=6, b=6)[REMAINDER] == 5


def small(name: str) -> object:
    return load_scenario(name, overrides={"world.size": 400, "world.warmup": 2, "months": 12})


@pytest.mark.slow
def test_a_small_experiment_adds_up(tmp_path) -> None:
    found = knockout(
        small("staffing-cut"),
        null=small("baseline"),
        loops=("firefighting", "trust"),
        measures=("trust", "caseload"),
        pairs=2,
        workers=1,
    )
    table = found.table.set_index(["measure", "district", "year", "part"])["effect"].unstack()
    assert list(table.columns.sort_values()) == sorted([TOTAL, FIRST, "firefighting", "trust", REMAINDER])
    whole = table[[FIRST, "firefighting", "trust", REMAINDER]].sum(axis=1)
    np.testing.assert_allclose(whole, table[TOTAL], atol=1e-9)
    stored = json.loads(found.save(tmp_path).read_text())
    assert stored["digests"]["scenario"] == small("staffing-cut").digest
    assert len(stored["effects"]) == len(found.table)


def test_a_null_has_no_effect_to_split() -> None:
    found = knockout(
        small("baseline"), null=small("baseline"), loops=("ties",), measures=("trust",), pairs=1, workers=1
    )
    assert found.table["effect"].tolist() == [0.0] * len(found.table)


@pytest.mark.parametrize("loops", [("firefigting",), ("nothing",)])
def test_unknown_loops_are_refused(loops: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no influence carries the loop"):
        knockout(small("staffing-cut"), null=small("baseline"), loops=loops)


def test_a_variant_that_switches_loops_off_itself_is_refused() -> None:
    variant = load_scenario("staffing-cut", overrides={"loops.trust": False, "months": 12})
    with pytest.raises(ValueError, match="all loops on"):
        knockout(variant, null=small("baseline"))


def test_a_missing_scenario_is_an_input_error() -> None:
    with pytest.raises(InputError):
        knockout("no-such-scenario")
