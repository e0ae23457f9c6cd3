"""What exists and may be named in a scenario; the caller hands it in, so that this room need not look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from wijksim.kernel.arguments import Argument, Param

type ArgumentType = Literal["number", "integer", "boolean", "text", "texts", "month"]

NOT_IN_THIS_VERSION = "building on new sites and what energy costs are not in this version"

_ABSENT_ROOMS = {
    "building on new sites": "newbuild densification infill",
    "energy": "insulation",
}
_ABSENT_WORDS = {word: room for room, words in _ABSENT_ROOMS.items() for word in words.split()}

LOOP_CODES: Mapping[str, tuple[str, ...]] = {
    "R1": ("concentration",),
    "R2": ("firefighting",),
    "R3": ("scarcity",),
    "R4": ("street",),
    "R5": ("youth",),
    "R6": ("trust",),
    "R7": ("facilities",),
    "B1": ("support",),
    "B2": ("ties",),
    "B3": ("work", "employment"),
    "B4": ("enforcement",),
}
"""Code of each feedback loop and the words for it."""


class SeriesInfo(Protocol):
    """What must be known of a series that comes from outside, to check one."""

    @property
    def low(self) -> float:
        """Lowest value that makes sense."""

    @property
    def high(self) -> float:
        """Highest value that makes sense."""

    @property
    def unit(self) -> str:
        """Unit in words."""


class ParameterInfo(SeriesInfo, Protocol):
    """What must be known of a parameter, beside its range and unit, to check a value for it."""

    @property
    def name(self) -> str:
        """Full name, ``<room>.<parameter>``."""

    @property
    def value(self) -> float:
        """Value when nobody says otherwise."""

    @property
    def kind(self) -> str:
        """One of measured, estimated, assumed, policy."""

    @property
    def grade(self) -> str:
        """Evidence grade, A to D."""

    @property
    def source(self) -> Sequence[str]:
        """Source keys."""


@dataclass(frozen=True)
class ArgumentSpec:
    """One argument of a lever or strategy, as its declaration states it.

    Attributes
    ----------
    type
        ``number``, ``integer``, ``boolean``, ``text``, ``texts`` (a list of text) or ``month``.
    low, high
        Bounds of numbers, both included; None is unbounded.
    choices
        Allowed words of ``text`` and ``texts``; empty allows any.
    unit, doc
        For people.
    required
        Must be given: there is no sensible default.
    """

    type: ArgumentType
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = "-"
    doc: str = ""
    required: bool = False


COMMON_ARGUMENTS: Mapping[str, ArgumentSpec] = {
    "strength": ArgumentSpec("number", low=0, unit="share", doc="part of the full dose; 0 equals absence"),
    "ramp": ArgumentSpec("number", low=0, unit="months", doc="from the start to the full dose"),
    "decay": ArgumentSpec("number", low=0, unit="months", doc="half-life of the dose after the end"),
    "coverage": ArgumentSpec(
        "number", low=0, high=1, unit="share", doc="part of the target that is approached"
    ),
    "uptake": ArgumentSpec(
        "number", low=0, high=1, unit="share", doc="part of those approached that takes part"
    ),
}
"""Arguments of every lever; its own declaration of one narrows it."""


def argument_specs(declared: Mapping[str, Param | Argument]) -> dict[str, ArgumentSpec]:
    """Return what the declaration of a lever or strategy says about its arguments."""
    return {
        name: ArgumentSpec("text", choices=item.choices, doc=item.label)
        if isinstance(item, Argument)
        else ArgumentSpec("number", item.range[0], item.range[1], unit=item.unit, doc=item.label)
        for name, item in declared.items()
    }


class LeverInfo(Protocol):
    """What must be known of a lever to check a use of it."""

    @property
    def arguments(self) -> Mapping[str, ArgumentSpec]:
        """Arguments beside the fields that every lever has."""

    @property
    def targets(self) -> Collection[str]:
        """What it can be aimed at: some of ``districts``, ``complexes``, ``groups``."""


class StrategyInfo(Protocol):
    """What must be known of a strategy to check a choice for it."""

    @property
    def arguments(self) -> Mapping[str, ArgumentSpec]:
        """Its arguments."""


@dataclass(frozen=True)
class LeverSpec:
    """A plain :class:`LeverInfo`."""

    arguments: Mapping[str, ArgumentSpec] = field(default_factory=dict)
    targets: Collection[str] = ("districts",)


@dataclass(frozen=True)
class StrategySpec:
    """A plain :class:`StrategyInfo`."""

    arguments: Mapping[str, ArgumentSpec] = field(default_factory=dict)


@dataclass(frozen=True)
class SeriesSpec:
    """A plain :class:`SeriesInfo`."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Known:
    """Everything that a scenario may name.

    Attributes
    ----------
    parameters
        By full name.
    levers
        By name.
    measures
        Names, for ``record``.
    strategies
        By kind (``allocation``, ``triage`` ...), then by name.
    series
        Series from outside, by name.
    loops
        Words of the feedback loops whose mechanisms exist.
    places
        Names of the shipped places.
    groups
        Names of the groupings, for ``record``.
    group_labels
        What levers can be aimed at: ``age=18-29``.
    payers
        Parties whose yearly budget the model enforces; empty if it enforces none.
    read_place
        Reads a place file and raises InputError if it is no good; None checks only that it is YAML.
    """

    parameters: Mapping[str, ParameterInfo] = field(default_factory=dict)
    levers: Mapping[str, LeverInfo] = field(default_factory=dict)
    measures: Collection[str] = ()
    strategies: Mapping[str, Mapping[str, StrategyInfo]] = field(default_factory=dict)
    series: Mapping[str, SeriesInfo] = field(default_factory=dict)
    loops: Collection[str] = ()
    places: Collection[str] = ()
    groups: Collection[str] = ()
    group_labels: Collection[str] = ()
    payers: Collection[str] = ()
    read_place: Callable[[Path], object] | None = None


def absent_room(name: str) -> str | None:
    """Return the room of this piece of the world that is still to come and that a name belongs to, if any."""
    for mark in ".-_ ":
        name = name.replace(mark, " ")
    return next((_ABSENT_WORDS[word] for word in name.casefold().split() if word in _ABSENT_WORDS), None)


def loop_words(name: str) -> tuple[str, ...]:
    """Return the words that a loop may go by, given its code (``R2``) or a word; empty if unknown."""
    for code, words in LOOP_CODES.items():
        if name.casefold() in (code.casefold(), *words):
            return words
    return ()
