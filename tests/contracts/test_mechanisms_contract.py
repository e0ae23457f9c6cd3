"""Every mechanism, present and future, keeps the same promises."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tests.contracts.engines import engine, state
from tests.worlds import check_structure

from wijksim.kernel.context import Context
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import Relax
from wijksim.model.month import MONTH, TRANSITIONS, order_of
from wijksim.parameters.store import shipped_parameters
from wijksim.state.structure import STRUCTURE, TRAITS

NAMES = MECHANISMS.names()
OWNER = {column.name: name for name, kind in MECHANISMS.items() for column in kind.owns}
FREE = {column.name for column in (*STRUCTURE, *TRAITS)}


def test_the_month_and_the_registry_name_the_same_mechanisms() -> None:
    assert sorted(name for name in MONTH if name != TRANSITIONS) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_made_without_arguments_and_says_what_it_is(name: str) -> None:
    kind = MECHANISMS.get(name)
    assert kind().name == name
    assert kind.__doc__
    assert kind.owns or name == "accounts"
    for process in (*kind.events(), *kind.states()):
        assert process.doc, f"{process.name} lacks a sentence"


def test_a_column_has_one_owner() -> None:
    columns = [column.name for _, kind in MECHANISMS.items() for column in kind.owns]
    assert len(columns) == len(set(columns))
    assert not set(columns) & FREE


@pytest.mark.parametrize("name", NAMES)
def test_what_it_reads_stands_above_and_what_is_lagged_does_not(name: str) -> None:
    kind = MECHANISMS.get(name)
    here = order_of(name)
    for column in kind.reads:
        if column in OWNER:
            assert order_of(OWNER[column]) < here, (
                f"{name} reads {column} of {OWNER[column]}, which comes later"
            )
        else:
            assert column in FREE or "." not in column, f"{name} reads {column}, which nobody owns"
    for column in kind.lagged:
        assert column in OWNER, f"{name} lags {column}, which nobody owns"
        assert order_of(OWNER[column]) >= here, f"{name} lags {column}, but {OWNER[column]} stands above it"


@pytest.mark.parametrize("name", NAMES)
def test_every_driver_of_a_process_is_declared(name: str) -> None:
    kind = MECHANISMS.get(name)
    known = {*kind.reads, *kind.lagged, *(column.name for column in kind.owns), *FREE}
    for process in (*kind.events(), *kind.states()):
        for influence in process.index.influences:
            assert influence.column in known, f"{process.name} is driven by undeclared {influence.column}"


@pytest.mark.parametrize("name", NAMES)
def test_every_number_it_names_is_a_parameter(name: str) -> None:
    parameters = shipped_parameters()
    for process in (*MECHANISMS.get(name).events(), *MECHANISMS.get(name).states()):
        for influence in process.index.influences:
            assert influence.weight in parameters
        if isinstance(process, Relax):
            assert process.level in parameters
            assert process.half_life in parameters


def test_a_year_with_guarded_columns_and_audited_draws() -> None:
    """Nobody writes what it does not own, nobody draws twice, nothing is NaN, domains and structure hold."""
    machine = engine()
    for _ in range(12):
        machine.advance()
        check_structure(machine.ctx.world)
    for table in machine.ctx.world.tables.values():
        alive = table.alive
        for attribute, column in table.columns.items():
            values = table[attribute][alive]
            if values.dtype.kind == "f":
                assert np.isfinite(values).all(), column.name
            tolerance = 1e-6
            if column.low is not None and values.size:
                assert values.min() >= column.low - tolerance, column.name
            if column.high is not None and values.size:
                assert values.max() <= column.high + tolerance, column.name
            if column.codes is not None:
                assert set(np.unique(values).tolist()) <= {*(int(code) for code in column.codes), -1}, (
                    column.name
                )
            if column.ref is not None:
                target = machine.ctx.world.tables[column.ref]
                linked = values[values >= 0]
                assert target.alive[linked].all(), f"{column.name} points to the dead"


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    ends = []
    for seed in (3, 3, 4):
        machine = engine(seed)
        for _ in range(3):
            machine.advance()
        ends.append(state(machine.ctx))
    assert ends[0] == ends[1] != ends[2]


@pytest.mark.slow
def test_another_hash_seed_changes_nothing() -> None:
    code = (
        "from tests.contracts.engines import engine, state\n"
        "machine = engine()\n"
        "[machine.advance() for _ in range(4)]\n"
        "print(state(machine.ctx))"
    )
    ends = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "src:.", "PATH": ""},
        ).stdout
        for hash_seed in ("0", "1", "77")
    }
    assert len(ends) == 1


def test_a_mechanism_that_writes_what_it_does_not_own_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = engine()
    (skills,) = (one for one in machine.mechanisms if one.name == "skills")
    step = type(skills).step

    def meddling(self: Mechanism, ctx: Context) -> None:
        step(self, ctx)
        ctx.world.resident.stress[ctx.world.resident.rows[0]] += 1

    monkeypatch.setattr(type(skills), "step", meddling)
    with pytest.raises(
        ValueError, match=r"^mechanism 'skills' wrote what it does not own: resident\.stress$"
    ):
        machine.advance()
