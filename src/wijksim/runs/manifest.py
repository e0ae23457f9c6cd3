"""What a result must carry to be made again: code, scenario, seed, machine features."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from wijksim.model.known import all_parameters
from wijksim.scenario.resolve import Scenario

NOTICE = "modelindex, geen Leefbaarometerscore; geen selectie-instrument"
SCHEMA = 1
_PACKAGES = ("numpy", "scipy", "mesa", "pandas")


def cpu_features() -> list[str]:
    """Vector instruction sets on which NumPy's ``exp`` and ``log`` depend in their last bit."""
    info: Any = np.show_config(mode="dicts")
    found = info.get("SIMD Extensions", {}).get("found", []) if isinstance(info, dict) else []
    return sorted(str(feature) for feature in found)


UNKNOWN = "unknown"
"""Version of a package that is not installed."""


def package_version() -> str:
    """Version of wijksim."""
    try:
        return importlib.metadata.version("wijksim")
    except importlib.metadata.PackageNotFoundError:
        return UNKNOWN


def parameters_digest() -> str:
    """SHA-256 over the values and ranges of all parameters that ship."""
    state = hashlib.sha256()
    for name, one in sorted(all_parameters().parameters.items()):
        state.update(f"{name}|{one.value!r}|{one.low!r}|{one.high!r}|{one.dated!r}\n".encode())
    return state.hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    """Versions of what results depend on: each is read from a file, which stays as it is."""
    return tuple(importlib.metadata.version(name) for name in _PACKAGES)


@cache
def code_digest() -> str:
    """SHA-256 over the source of the package: between two versions code changes too."""
    package = Path(__file__).resolve().parents[1]
    state = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        state.update(path.relative_to(package).as_posix().encode())
        state.update(path.read_bytes())
    return state.hexdigest()


def manifest(scenario: Scenario, seed: int, months: int) -> dict[str, Any]:
    """Everything that determines a run, and the notice that goes with every output.

    ``prices`` is there if the user has prices of their own: what was written, and what it is in the euros of the model.
    """
    own = {"prices": [price.plain() for price in scenario.prices]} if scenario.prices else {}
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
        "packages": dict(zip(_PACKAGES, _versions(), strict=True)),
        "cpu_features": cpu_features(),
        **own,
    }
