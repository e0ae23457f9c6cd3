"""Parameters that levers carry in their class body."""

from __future__ import annotations

from functools import lru_cache

from wijksim.kernel.lever import LEVERS, Lever
from wijksim.parameters.schema import Parameter


def lever_parameters() -> tuple[Parameter, ...]:
    """Parameters of all levers that are registered at this moment."""
    return _carried(tuple([lever for _, lever in LEVERS.items()]))


@lru_cache(maxsize=1)
def _carried(levers: tuple[type[Lever], ...]) -> tuple[Parameter, ...]:
    return tuple([parameter for lever in levers for parameter in lever.parameters()])
