"""What a result must carry to be made again: code, scenario, seed, machine features."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Any

import numpy as np

from wijksim.scenario.resolve import Scenario

NOTICE = "modelindex, geen Leefbaarometerscore; geen selectie-instrument"
SCHEMA = 1
_PACKAGES = ("numpy", "scipy", "mesa", "pandas")


def cpu_features() -> list[str]:
    """Vector instruction sets on which NumPy's ``exp`` and ``log`` depend in their last bit."""
    info: Any = np.show_config(mode="dicts")
    found = info.get("SIMD Extensions", {}).get("found", []) if isinstance(info, dict) else []
    return sorted(str(feature) for feature in found)


def package_version() -> str:
    """Version of wijksim."""
    try:
        return importlib.metadata.version("wijksim")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def manifest(scenario: Scenario, seed: int, months: int) -> dict[str, Any]:
    """Everything that determines a run, and the notice that goes with every output."""
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "wijksim": package_version(),
        "scenario": scenario.id,
        "scenario_digest": scenario.digest,
        "seed": seed,
        "months": months,
        "warmup": scenario.world.warmup,
        "size": scenario.world.size,
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "cpu_features": cpu_features(),
    }
