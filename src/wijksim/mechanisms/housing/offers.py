"""Who may be offered a vacancy, in what order, and who says yes: whole matrices of vacancies and candidates at once.

Vacancies meet seekers on a ring: a dwelling is seen by the seekers who stand next to it for their category. Which
seekers see it depends on the two of them alone, so that one vacancy more or less leaves the others as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.influence import Index, Influence
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Matrix = NDArray[Any]

APPEAL = Index(
    "housing.offer",
    "dwelling",
    (
        Influence("dwelling.quality", "housing.offer_quality"),
        Influence("district.afw", "housing.offer_afw", loop="concentration"),
        Influence("complex.stigma", "housing.offer_stigma", loop="concentration"),
    ),
    scaled=True,
)


class Luck(IntEnum):
    """Columns of the luck of a vacancy; the last two begin a block with one draw per category."""

    STEERING = 0
    QUOTA = 1
    RING = 2
    BENEFIT = 3
    INCOME = 4
    CATEGORY = 5
    MEDIATION = 11


@dataclass
class Vacancies:
    """Corporation dwellings to be let this month; all arrays of shape ``(n,)``.

    Attributes
    ----------
    rows, key
        Dwelling, and the identity of this vacancy in this month of its search, on which all luck is keyed.
    appeal
        Log odds that a regular seeker accepts, without the rent.
    luck
        Uniform draws, shape ``(n, n_columns)``, see :class:`Luck`.
    facts
        What a strategy may know: ``district``, ``entrance``, ``complex``, ``rooms``, ``rent``, ``steering`` and
        ``quota`` (uniform luck of the vacancy for a steering rule) and ``vulnerable`` (share of the dwellings of the
        entrance with a household that needs support).
    """

    rows: Rows
    key: NDArray[np.uint64]
    appeal: Floats
    luck: Floats
    facts: dict[str, Matrix]

    def __len__(self) -> int:
        """Count the vacancies."""
        return int(self.rows.size)

    def part(self, which: NDArray[np.intp]) -> Vacancies:
        """Some of the vacancies."""
        facts = {name: values[which] for name, values in self.facts.items()}
        return Vacancies(self.rows[which], self.key[which], self.appeal[which], self.luck[which], facts)


@dataclass
class Queue:
    """Seekers without a district of preference, sorted by category and place on the ring.

    ``start`` and ``count`` say where each category stands; ``local`` counts, ``local_rows`` lists the seekers who only
    look in their own district.
    """

    rows: Rows
    place: Floats
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    local: NDArray[np.int64]
    local_rows: Rows


def open_queue(ctx: Context) -> Queue:
    """Sort the seekers who look everywhere."""
    table = ctx.world.seeker
    rows = table.rows
    local = table.scope[rows] >= 0
    here, rows = rows[local], rows[~local]
    place = table.category[rows] + table.ring[rows]
    order = np.argsort(place)
    n = len(SeekerCategory)
    count = np.bincount(table.category[rows], minlength=n)
    own = np.bincount(table.category[here], minlength=n)
    return Queue(rows[order], place[order], np.cumsum(count) - count, count, own, here)


def describe(ctx: Context, rows: Rows, vulnerable: Floats) -> Vacancies:
    """Collect what is known of vacant corporation dwellings."""
    dwelling = ctx.world.dwelling
    months = ctx.month - dwelling.on_market[rows]
    key = derive_uid("vacancy", dwelling.uid[rows], dwelling.occupancies[rows], months)
    appeal = np.asarray(APPEAL.at(ctx, rows), dtype=np.float64) + intercept(ctx)
    facts: dict[str, Matrix] = {
        name: dwelling[name][rows] for name in ("district", "entrance", "complex", "rooms", "rent")
    }
    columns = np.arange(Luck.MEDIATION + len(SeekerCategory))
    luck = ctx.draws.life("housing.vacancy", derive_uid("luck of a vacancy", key[:, None], columns))
    facts["steering"], facts["quota"] = luck[:, Luck.STEERING], luck[:, Luck.QUOTA]
    facts["vulnerable"] = vulnerable[facts["entrance"]]
    return Vacancies(rows, key, appeal, luck, facts)


def intercept(ctx: Context) -> float:
    """Log odds with which the mean corporation dwelling of the national reference is accepted as often as assumed.

    Solved once and kept with the reference, like the normaliser of an event.
    """
    known = ctx.reference.stored.get("housing.offer")
    if known is not None and not ctx.reference.tracking:
        return float(known)
    dwelling = ctx.world.dwelling
    rows = np.flatnonzero(dwelling.alive & (dwelling.owner == Tenure.CORPORATION)).astype(np.int32)
    weight = ctx.reference.weights(ctx, "dwelling")[rows]
    wanted = ctx.values["housing.offer_mean"]
    if weight.sum() <= 0:
        return log(wanted / (1 - wanted))
    index = np.zeros(rows.size) + APPEAL.at(ctx, rows)
    low, high = -float(np.abs(index).max()) - 1, float(np.abs(index).max()) + 1
    low, high = low + log(wanted / (1 - wanted)), high + log(wanted / (1 - wanted))
    while high - low > np.sqrt(np.finfo(np.float64).eps):
        middle = (low + high) / 2
        mean = float((weight / (1 + np.exp(-index - middle))).sum() / weight.sum())
        low, high = (middle, high) if mean < wanted else (low, middle)
    return ctx.reference._remember("housing.offer", [(low + high) / 2])[0]


def respondents(ctx: Context, queue: Queue, vacancies: Vacancies, category: NDArray[np.integer]) -> Matrix:
    """Seekers who respond, shape ``(vacancies, responses)``; -1 fills the rows of short queues.

    Regular vacancies are also seen by movers who only look in that district.
    """
    values = ctx.values
    width = min(int(values["housing.responses"]), max(int(queue.count.max(initial=0)), 1))
    first = np.searchsorted(queue.place, category + vacancies.luck[:, Luck.RING]) - queue.start[category]
    count = queue.count[category]
    step = np.arange(width)
    inside = (first[:, None] + step) % np.maximum(count, 1)[:, None]
    index = np.minimum(queue.start[category][:, None] + inside, max(queue.rows.size - 1, 0))
    found = np.where(step < count[:, None], queue.rows[index] if queue.rows.size else -1, -1)
    regular = category == SeekerCategory.REGULAR
    if queue.local_rows.size == 0 or not regular.any():
        return found
    local = _local(ctx, queue.local_rows, vacancies.facts["district"], int(values["housing.local_responses"]))
    local[~regular] = -1
    return np.concatenate([found, local], axis=1)


def _local(ctx: Context, rows: Rows, district: NDArray[np.integer], most: int) -> Matrix:
    table = ctx.world.seeker
    per_district = np.full((ctx.world.n_districts, most), -1, dtype=np.int32)
    scope = table.scope[rows]
    for place in np.unique(scope).tolist():
        here = rows[scope == place]
        here = here[np.argsort(seniority(ctx, here))][:most]
        per_district[place, : here.size] = here
    return np.asarray(per_district[district])


def seniority(ctx: Context, seekers: Matrix) -> Floats:
    """Registration month with the place on the ring to break ties: lowest first, never the same twice."""
    return np.asarray(ctx.world.seeker.seniority[seekers])


def lawful(ctx: Context, vacancies: Vacancies, seekers: Matrix) -> NDArray[np.bool_]:
    """Candidates to whom the dwelling may be let: size, appropriate letting (H323), income limit (H325).

    The exceptions that the law allows belong to the vacancy.
    """
    table, values = ctx.world.seeker, ctx.values
    persons, income = table.persons[seekers], table.income[seekers]
    rooms, rent = vacancies.facts["rooms"][:, None], vacancies.facts["rent"][:, None]
    size = (persons <= rooms + 1) & (rooms - persons <= values["housing.letting_spare_rooms"])
    alone = persons <= 1
    benefit = income <= np.where(
        alone, values["housing.benefit_income"], values["housing.benefit_income_large"]
    )
    small = persons < values["housing.cap_persons"]
    dear = rent > np.where(small, values["housing.rent_cap"], values["housing.rent_cap_large"])
    excepted = vacancies.luck[:, Luck.BENEFIT] >= values["housing.passend_share"]
    rich = income > np.where(alone, values["housing.income_limit"], values["housing.income_limit_large"])
    free = vacancies.luck[:, Luck.INCOME] < values["housing.free_share"]
    return np.asarray(
        (seekers >= 0) & size & ~(benefit & dear & ~excepted[:, None]) & ~(rich & ~free[:, None])
    )


def accepts(
    ctx: Context, vacancies: Vacancies, seekers: Matrix, category: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Who would say yes, shape of ``seekers``: regular seekers weigh the offer, priority seekers can hardly refuse."""
    table, values = ctx.world.seeker, ctx.values
    quote = vacancies.facts["rent"][:, None] / np.maximum(table.income[seekers], 1)
    most = values["housing.burden_most"]
    burden = np.clip((quote - values["housing.quote_mean"]) / values["housing.quote_sd"], -most, most)
    regular = 1 / (1 + np.exp(-(vacancies.appeal[:, None] + values["housing.offer_quote"] * burden)))
    chance = np.where(
        (category == SeekerCategory.REGULAR)[:, None], regular, values["housing.priority_accept"]
    )
    yes = np.zeros(seekers.shape, dtype=bool)
    row, column = np.nonzero(seekers >= 0)
    uid = table.uid[seekers[row, column]]
    luck = ctx.draws.pair("housing.offer", vacancies.key[row], uid, ctx.month)
    yes[row, column] = luck < chance[row, column]
    return yes


def candidate_facts(ctx: Context, seekers: Matrix) -> dict[str, Matrix]:
    """What a strategy may know of the candidates, each of shape ``(vacancies, responses)``."""
    table = ctx.world.seeker
    return {
        "seniority": seniority(ctx, seekers),
        "support": table.support[seekers],
        "contributor": table.contributor[seekers],
        "priority": table.category[seekers] != SeekerCategory.REGULAR,
        "own": table.kind[seekers] != SeekerKind.NEWCOMER,
        "persons": table.persons[seekers],
        "uid": table.uid[seekers],
    }
