"""Settings for all tests: property tests try the same examples every time, workers find loops compiled, no test leaves
anything registered.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

import wijksim.model.known  # noqa: F401  (registers all that ships)
from wijksim.core import ahead
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.kernel.strategy import STRATEGIES

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Compile once what each worker would compile for itself."""
    if getattr(config.option, "numprocesses", None) and ahead.is_wanted():
        print(ahead.NOTICE, file=sys.stderr, flush=True)  # noqa: T201
        ahead.compile_ahead()


@pytest.fixture(autouse=True)
def _no_plug_in_stays() -> Iterator[None]:
    """Forget what a test registered, and its module: parameters that it carries are part of what others digest."""
    registries = (LEVERS, MEASURES, MECHANISMS, STRATEGIES)
    before = [dict(registry._classes) for registry in registries]
    yield
    for registry, known in zip(registries, before, strict=True):
        for name in registry._classes.keys() - known.keys():
            sys.modules.pop(registry._classes.pop(name).__module__, None)
