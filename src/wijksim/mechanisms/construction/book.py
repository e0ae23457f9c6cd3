"""What construction remembers: projects on their way, the account of dwellings, money to invest, answers given."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import Account
from wijksim.kernel.pipeline import Pipeline
from wijksim.kernel.stock import standing
from wijksim.state.codes import HousingForm, Tenure
from wijksim.state.table import Rows
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

BOOK = "construction.book"
OWNER = "corporation"
CURRENT_POLICY = "current policy"

ACCEPTED, DELAYED, REFUSED = "accepted", "delayed", "refused"

type Floats = NDArray[np.float64]


class Act(IntEnum):
    """What an owner may be asked for.

    ``REPLACE`` demolish and build anew (sloop-nieuwbouw), ``RENOVATE`` renovate what the corporation owns, ``IMPROVE``
    renovate what belongs to others, with a grant, ``ADD`` build beside what stands there (verdichting), ``ELSEWHERE``
    build in the rest of the city.
    """

    REPLACE = 0
    RENOVATE = 1
    IMPROVE = 2
    ADD = 3
    ELSEWHERE = 4


class Stage(IntEnum):
    """Where a project is: permit awaited, households being rehoused, builders at work."""

    PERMIT = 0
    REHOUSING = 1
    BUILDING = 2


@dataclass
class Terms:
    """On what terms dwellings are rebuilt or renovated.

    Attributes
    ----------
    by
        Lever that asked, or :data:`CURRENT_POLICY`.
    owner_share, private_share
        Part of the replacement that is sold, and let by private landlords; None gives every dwelling back to whom it
        belonged.
    growth
        Dwellings added per dwelling pulled down.
    subsidy
        Part paid by the state, euros per dwelling of the year of the accounts.
    dearer
        Value of new dwellings that are sold, and rent of those let by private landlords, over the ordinary.
    depth
        How far renovation goes: part of the cost, of the quality and of the steps of the label of a deep one.
    delay
        Months of preparation before the permit is asked for.
    form, rooms, rent
        What added dwellings are made for, their rooms (0: as beside) and the rent of the corporation (0: the usual).
    works_ratio
        Cost of an added dwelling over that of an ordinary new one.
    number
        Dwellings built in the rest of the city.
    paid_by
        Part of that number whose costs are booked in each district, shape ``(n_districts,)``.
    """

    by: str = CURRENT_POLICY
    owner_share: float | None = None
    private_share: float = 0.0
    growth: float = 0.0
    subsidy: float = 0.0
    dearer: float = 1.0
    depth: float = 1.0
    delay: int = 0
    form: int = int(HousingForm.ORDINARY)
    rooms: int = 0
    rent: float = 0.0
    works_ratio: float = 1.0
    number: float = 0.0
    paid_by: Floats | None = None


@dataclass
class Project:
    """Dwellings that go through the works together."""

    act: Act
    dwellings: Rows
    terms: Terms
    stage: Stage = Stage.PERMIT
    started: int = 0


@dataclass
class Book:
    """Memory of the owners of dwellings.

    Attributes
    ----------
    projects
        On their way, by number.
    pipeline
        Number of each project and the month in which its stage is over at the earliest.
    stock
        Account of standing dwellings by owner, shape ``(n_tenures,)``: what is rebuilt comes in, what is pulled down
        goes out, what is sold does both.
    done
        Dwellings whose works end with this month's transitions.
    money
        Euros that the corporations may still put into projects for which levers ask; below zero what was borrowed.
    base
        Dwellings per target district of which a lever asks a part, when it first asked.
    taken
        Dwellings that were taken in hand for a lever, per district.
    sites
        Complexes beside which dwellings were built, by lever.
    answers
        Dwellings by lever and answer; those delayed count every month.
    refused
        Places whose permit is refused, by the act asked for.
    """

    stock: Account
    projects: dict[int, Project] = field(default_factory=dict)
    pipeline: Pipeline = field(default_factory=lambda: Pipeline(project=np.int32))
    done: list[Rows] = field(default_factory=list)
    money: float = 0.0
    base: dict[str, Floats] = field(default_factory=dict)
    taken: dict[str, Floats] = field(default_factory=dict)
    answers: dict[str, dict[str, float]] = field(default_factory=dict)
    refused: set[tuple[int, str, int]] = field(default_factory=set)
    sites: set[tuple[str, int]] = field(default_factory=set)
    numbered: int = 0

    def start(self, project: Project, due: int) -> None:
        """Send a project on its way."""
        self.projects[self.numbered] = project
        self.pipeline.push(np.array([due]), project=np.array([self.numbered]))
        self.numbered += 1

    def answer(self, by: str, answer: str, dwellings: float) -> None:
        """Note what the owner answered, in dwellings."""
        given = self.answers.setdefault(by, {ACCEPTED: 0.0, DELAYED: 0.0, REFUSED: 0.0})
        given[answer] += dwellings


def book_of(ctx: Context) -> Book:
    """Memory of this world."""
    return cast(Book, ctx.world.stores[BOOK])


def by_owner(world: World, rows: Rows | None = None) -> Floats:
    """Standing dwellings by owner, or ``rows`` by owner; shape ``(n_tenures,)``."""
    owner = world.dwelling.owner[standing(world).nonzero()[0] if rows is None else rows]
    return np.bincount(owner, minlength=len(Tenure)).astype(np.float64)
