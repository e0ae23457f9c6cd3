"""The stored national reference knows every driver and every event of the model, and nothing else."""

from __future__ import annotations

import numpy as np

import wijksim.mechanisms  # noqa: F401  (registers them)
from wijksim.kernel.event import Event
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.kernel.relax import Relax
from wijksim.parameters.overlay import reference_overlay, stored_reference


def processes() -> list[Event | Relax]:
    found: list[Event | Relax] = []
    for _, mechanism in MECHANISMS.items():
        found += [*mechanism.events(), *mechanism.states()]
    assert len(found) > 50
    return found


def test_every_declared_driver_has_a_yardstick() -> None:
    """Run ``wijksim reference`` after a change of declarations."""
    stored = stored_reference()
    missing = [key for process in processes() for key in process.index.keys if key not in stored]
    assert not missing, f"measure the reference again: {missing}"


def test_every_event_with_drivers_has_a_normaliser() -> None:
    stored = stored_reference()
    events = [process for process in processes() if isinstance(process, Event) and process.index.influences]
    missing = [
        event.name
        for event in events
        if not any(key.split(".")[0:2] == event.name.split(".") for key in stored)
    ]
    assert not missing, f"measure the reference again: {missing}"


def test_no_yardstick_is_left_over() -> None:
    rooms = {name for name, _ in MECHANISMS.items()}
    columns = {column.name for _, mechanism in MECHANISMS.items() for column in mechanism.owns}
    strange = [
        key
        for key in stored_reference()
        if key.split(".")[0] not in rooms and key.split("|")[0] not in columns
    ]
    assert not strange


def test_yardsticks_are_numbers_with_provenance() -> None:
    overlay = reference_overlay()
    assert {"archetypes", "size", "burn_in", "tracked", "seed", "wijksim"} <= set(overlay["provenance"])
    for key, value in overlay["reference"].items():
        assert np.isfinite(value).all(), key
        if "|" in key:
            assert value[1] >= 0, key
