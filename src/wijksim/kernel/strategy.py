"""A strategy: one of several rules for the same decision (allocation, triage, placement)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from wijksim.core.registry import Registry
from wijksim.kernel.arguments import Argument, Param, arguments_of, fill_arguments


class Strategy:
    """Base class; the kind's own protocol (which methods it needs) is defined by the mechanism that asks.

    Attributes
    ----------
    name
        Word for scenarios.
    kind
        Decision it rules: ``allocation``, ``triage`` ...
    default
        True for the one rule of its kind that is current policy.
    """

    name: ClassVar[str]
    kind: ClassVar[str]
    default: ClassVar[bool] = False

    def __init__(self, arguments: Mapping[str, Any] | None = None) -> None:
        self.arguments: dict[str, Any] = fill_arguments(type(self), arguments or {})

    @classmethod
    def declared(cls) -> dict[str, Argument | Param]:
        """Arguments a scenario may give."""
        return arguments_of(cls)


STRATEGIES: Registry[Strategy] = Registry("strategy")
