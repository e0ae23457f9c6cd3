"""A strategy: one of several rules for the same decision (allocation, triage, placement)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from wijksim.core.registry import Registry
from wijksim.kernel.arguments import Argument, Param, arguments_of, fill_arguments

PLACES: tuple[str, ...] = ("districts", "complexes")
"""Arguments with which a strategy says where it holds: words separated by commas, empty for everywhere."""


class Choice(NamedTuple):
    """A strategy by name with the arguments that were given."""

    name: str
    arguments: Mapping[str, Any]


class Strategy:
    """Base class; the kind's own protocol (which methods it needs) is defined by the mechanism that asks.

    A strategy with arguments named as in :data:`PLACES` holds there only. If its kind works ``side_by_side``, others
    can hold elsewhere in the same month; if not, there is one for the whole model.

    Attributes
    ----------
    name
        Word for scenarios.
    kind
        Decision it rules: ``allocation``, ``triage`` ...
    default
        True for the one rule of its kind that is current policy.
    side_by_side
        True if :meth:`together` makes one rule out of several of this kind, each in places of its own.
    """

    name: ClassVar[str]
    kind: ClassVar[str]
    default: ClassVar[bool] = False
    side_by_side: ClassVar[bool] = False

    def __init__(self, arguments: Mapping[str, Any] | None = None) -> None:
        self.arguments: dict[str, Any] = fill_arguments(type(self), arguments or {})

    @classmethod
    def declared(cls) -> Mapping[str, Argument | Param]:
        """Arguments a scenario may give."""
        return arguments_of(cls)

    @classmethod
    def together(cls, rules: Sequence[Strategy]) -> Strategy:
        """One rule out of several of this kind, each of which holds in places of its own."""
        raise TypeError(f"{len(rules)} strategies such as {cls.name} cannot hold at the same time")


STRATEGIES: Registry[Strategy] = Registry("strategy")


def rule_of(choices: Sequence[Choice]) -> Strategy:
    """Make the rule for a decision out of the strategies that hold in one place or another."""
    rules = [STRATEGIES.get(choice.name)(choice.arguments) for choice in choices]
    return rules[0] if len(rules) == 1 else type(rules[0]).together(rules)


def decided_by_place(kind: str) -> bool:
    """Tell whether strategies of a kind can hold side by side, each in places of its own."""
    return _by_place(kind, len(STRATEGIES))


@lru_cache(maxsize=2**6)
def _by_place(kind: str, known: int) -> bool:
    """Look it up once for as long as there are as many strategies."""
    del known
    return any(strategy.kind == kind and strategy.side_by_side for _, strategy in STRATEGIES.items())


def words(given: str | Iterable[Any]) -> frozenset[str]:
    """Names of places out of an argument or a list."""
    parts = given.split(",") if isinstance(given, str) else [str(one) for one in given]
    return frozenset(part.strip() for part in parts if part.strip())


def meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two strategies, by their arguments, can hold in the same place.

    In which district a complex lies shows only when the world is built, so a rule for a complex can meet one for a
    district.
    """
    for name in PLACES:
        mine, theirs = words(one.get(name, "")), words(other.get(name, ""))
        if mine and theirs and not mine & theirs:
            return False
    return True
