"""Settings for all tests: property tests try the same examples every time, and workers find loops compiled."""

from __future__ import annotations

import sys

import pytest
from hypothesis import settings

from wijksim.core import ahead

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Compile once what each worker would compile for itself."""
    if getattr(config.option, "numprocesses", None) and ahead.is_wanted():
        print(ahead.NOTICE, file=sys.stderr, flush=True)  # noqa: T201
        ahead.compile_ahead()
