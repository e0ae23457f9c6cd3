"""wijksim: an agent-based simulation of Dutch neighbourhood dynamics.

Eight nouns: a **World** (tables and ties) is built from places and **Parameters**; **Mechanisms** step it month by
month; **Levers** act on it; **Measures** read it. A **Scenario** is a small file that says which levers act when; a
**Run** is a pure function of a scenario and a seed; a **Comparison** holds variants against the null alternative in
the same futures.

>>> import wijksim
>>> result = wijksim.run("baseline", seed=1, months=12)      # doctest: +SKIP
>>> result.table.head()                                       # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison, compare
    from wijksim.core.errors import InputError
    from wijksim.kernel.arguments import Param
    from wijksim.kernel.ledger import CostItem
    from wijksim.kernel.lever import LEVERS, Lever
    from wijksim.kernel.rate_lever import RateLever
    from wijksim.model.agents import Dwelling, Household, Professional, Resident
    from wijksim.model.known import load_scenario
    from wijksim.model.model import WijkModel
    from wijksim.places.load import load_place
    from wijksim.runs.run import RunResult, run
    from wijksim.scenario.resolve import Scenario
    from wijksim.state.codes import Activity

__all__ = [
    "LEVERS",
    "Activity",
    "Comparison",
    "CostItem",
    "Dwelling",
    "Household",
    "InputError",
    "Lever",
    "Param",
    "Professional",
    "RateLever",
    "Resident",
    "RunResult",
    "Scenario",
    "WijkModel",
    "compare",
    "load_place",
    "load_scenario",
    "run",
]

_HOME = {
    "LEVERS": "wijksim.kernel.lever",
    "Activity": "wijksim.state.codes",
    "Comparison": "wijksim.analysis.compare",
    "CostItem": "wijksim.kernel.ledger",
    "Dwelling": "wijksim.model.agents",
    "Household": "wijksim.model.agents",
    "InputError": "wijksim.core.errors",
    "Lever": "wijksim.kernel.lever",
    "Param": "wijksim.kernel.arguments",
    "Professional": "wijksim.model.agents",
    "RateLever": "wijksim.kernel.rate_lever",
    "Resident": "wijksim.model.agents",
    "RunResult": "wijksim.runs.run",
    "Scenario": "wijksim.scenario.resolve",
    "WijkModel": "wijksim.model.model",
    "compare": "wijksim.analysis.compare",
    "load_place": "wijksim.places.load",
    "load_scenario": "wijksim.model.known",
    "run": "wijksim.runs.run",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: ``wijksim --help`` must not wait for Mesa and pandas."""
    if name not in _HOME:
        raise AttributeError(f"module 'wijksim' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
