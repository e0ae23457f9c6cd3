"""Fitted values and the national reference, stored with their provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from wijksim.parameters.schema import Parameter

OVERLAYS = Path(__file__).parent / "overlays"
REFERENCE = OVERLAYS / "reference.json"
FITTED = OVERLAYS / "fitted.json"
FIT = "fitted"  # source key of a value that was found by fitting


@lru_cache(maxsize=1)
def reference_overlay() -> dict[str, Any]:
    """The whole overlay: ``provenance`` and ``reference``; empty parts if it was never made."""
    if not REFERENCE.exists():
        return {"provenance": {}, "reference": {}}
    overlay: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return overlay


def stored_reference() -> dict[str, Any]:
    """Means, standard deviations and normalisers by process (see :mod:`wijksim.kernel.reference`)."""
    stored: dict[str, Any] = reference_overlay()["reference"]
    return dict(stored)


def write_reference(reference: dict[str, Any], provenance: dict[str, Any]) -> Path:
    """Store a reference that was measured on the archetypes in equilibrium."""
    OVERLAYS.mkdir(exist_ok=True)
    text = json.dumps({"provenance": provenance, "reference": reference}, indent=1, sort_keys=True)
    REFERENCE.write_text(text + "\n", encoding="utf-8")
    reference_overlay.cache_clear()
    return REFERENCE


@lru_cache(maxsize=1)
def fitted_overlay() -> dict[str, Any]:
    """Fitted values and how they were found: ``provenance`` and ``values``; empty parts if nothing was fitted."""
    if not FITTED.exists():
        return {"provenance": {}, "values": {}}
    overlay: dict[str, Any] = json.loads(FITTED.read_text(encoding="utf-8"))
    return overlay


def write_fitted(values: dict[str, float], provenance: dict[str, Any]) -> Path:
    """Store fitted values beside the shipped ones, which keep what they were before."""
    OVERLAYS.mkdir(exist_ok=True)
    text = json.dumps({"provenance": provenance, "values": values}, indent=1, sort_keys=True)
    partial = FITTED.with_suffix(".tmp")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(FITTED)
    fitted_overlay.cache_clear()
    return FITTED


def with_fitted(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Parameters with their fitted values: ``estimated`` from then on, and traced to the overlay.

    Raises
    ------
    ValueError
        If the overlay names a parameter that does not exist, or a value outside its range.
    """
    found = dict(parameters)
    for name, value in fitted_overlay()["values"].items():
        known = found.get(name)
        if known is None or not known.low <= value <= known.high:
            raise ValueError(f"{FITTED.name}: {name} = {value} fits no declared parameter and range")
        found[name] = replace(known, value=value, kind="estimated", source=(*known.source, FIT))
    return found
