"""Fitted values and the national reference, stored with their provenance."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

OVERLAYS = Path(__file__).parent / "overlays"
REFERENCE = OVERLAYS / "reference.json"


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
