"""What is heard of one resident in a run: hits with their causes, facts, and a picture a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wijksim.core.clock import Clock

POLICY = "policy"
"""Key of the cause that stands for all levers together."""


@dataclass(frozen=True)
class Cause:
    """One influence on a chance or a state.

    Attributes
    ----------
    key
        Driver (see ``Influence.key``), or :data:`POLICY`.
    weight
        Its contribution on the log scale of a chance, or on the scale of a state's target; above 0 raises.
    high
        True if the driver stands above its national mean (for a truth value: if it is true).
    label
        What the driver is, from the declaration of its column.
    truth
        True if the driver is a truth value or one code of several.
    """

    key: str
    weight: float
    high: bool
    label: str
    truth: bool


@dataclass(frozen=True)
class Hit:
    """An event that happened to the resident, the household or the dwelling.

    Attributes
    ----------
    month, event, table, doc
        When, which event, whose, and what the mechanism says about it.
    chance
        Chance of this month.
    usual
        Chance at the national rate.
    stepped
        True if the national rate itself depends on age, stage or duration.
    causes
        Influences, the largest first.
    rest
        Log ratio that no named influence explains (place, offer of help, who is asked first).
    """

    month: int
    event: str
    table: str
    doc: str
    chance: float
    usual: float
    stepped: bool
    causes: tuple[Cause, ...]
    rest: float


@dataclass(frozen=True)
class Fact:
    """A transition or a change of state: ``kind`` is the log entry or the column that changed."""

    month: int
    kind: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Picture:
    """How the resident was at the end of a month: plain values by column, and what stood behind the states."""

    month: int
    values: Mapping[str, Any]
    levels: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, tuple[Cause, ...]] = field(default_factory=dict)


@dataclass
class Life:
    """Everything that was heard of one resident.

    Attributes
    ----------
    uid, scenario, seed, months
        Of whom, and in which run.
    clock, districts
        Calendar, and names of the districts by row.
    first, last
        First and last month in which the resident lived in the districts.
    pictures
        When the resident comes into view, at the end of every year, and at the end of the run.
    """

    uid: int
    scenario: str
    seed: int
    months: int
    clock: Clock
    districts: tuple[str, ...]
    first: int = -1
    last: int = -1
    hits: list[Hit] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
