"""Who may be offered a vacancy, in what order, and who says yes: whole matrices of vacancies and candidates at once.

Vacancies meet seekers on a ring: a dwelling is seen by the seekers who stand next to it for their category. Which
seekers see it depends on the two of them alone, so that one vacancy more or less leaves the others as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import inf, log
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.influence import Index, Influence
from wijksim.kernel.steering import LABEL
from wijksim.mechanisms.housing import offer_loops
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.mechanisms.housing.queue import Queue
from wijksim.mechanisms.housing.vacancy_facts import add_facts, seeker_stages
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
_CAPS = itemgetter("housing.rent_cap", "housing.rent_cap_large")
_LIMITS = itemgetter(
    "housing.benefit_income",
    "housing.benefit_income_large",
    "housing.income_limit",
    "housing.income_limit_large",
)
_BURDEN = itemgetter("housing.quote_mean", "housing.quote_sd", "housing.burden_most", "housing.offer_quote")
_SIZES = itemgetter("housing.cap_persons", "housing.letting_spare_rooms")


class Luck(IntEnum):
    """Columns of the luck of a vacancy; two begin a block with one draw per category."""

    STEERING = 0
    QUOTA = 1
    RING = 2
    BENEFIT = 3
    INCOME = 4
    CATEGORY = 5
    MEDIATION = 11
    NEAR = 17


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
        What a strategy may know: ``district``, ``entrance``, ``complex``, ``rooms``, ``rent``, ``key``, ``steering``
        and ``quota`` (uniform luck of the vacancy for a steering rule) and ``vulnerable`` (share of the dwellings of
        the entrance with a household that needs support); with it what the rule in force needs.
    """

    rows: Rows
    key: NDArray[np.uint64]
    appeal: Floats
    luck: Floats
    facts: dict[str, Matrix]

    def __len__(self) -> int:
        """Count the vacancies."""
        return int(self.rows.size)

    def twice(self) -> dict[str, Matrix]:
        """What a strategy may know of the vacancies, and of all of them once more."""
        return {name: np.concatenate([values, values]) for name, values in self.facts.items()}


def describe(ctx: Context, rows: Rows, vulnerable: Floats) -> Vacancies:
    """Collect what is known of vacant corporation dwellings."""
    dwelling = ctx.world.dwelling
    months = ctx.month - dwelling.on_market[rows]
    key = derive_uid("vacancy", dwelling.uid[rows], dwelling.occupancies[rows], months)
    # nothing is cut off and nothing taken away: the sum of an event, for the pace of one
    appeal = np.asarray(APPEAL.powers(ctx, rows, APPEAL.factors(ctx), clip=inf, c=0.0)) + intercept(ctx)
    facts: dict[str, Matrix] = {
        name: dwelling[name][rows] for name in ("district", "entrance", "complex", "rooms", "rent")
    }
    columns = np.arange(Luck.NEAR + 1)
    luck = ctx.draws.life("housing.vacancy", derive_uid("luck of a vacancy", key[:, None], columns))
    facts["steering"], facts["quota"] = luck[:, Luck.STEERING], luck[:, Luck.QUOTA]
    facts["key"], facts["vulnerable"] = key, vulnerable[facts["entrance"]]
    add_facts(ctx, facts, vulnerable)
    label = ctx.effects.offsets(LABEL, "district")
    if label is not None:
        appeal = appeal + label[facts["district"]]
    return Vacancies(rows, key, appeal, luck, facts)


def intercept(ctx: Context) -> float:
    """Log odds with which the mean corporation dwelling of the national reference is accepted as often as assumed.

    Solved once and kept with the reference, like the normaliser of an event.
    """
    known = ctx.reference.stored.get("housing.offer")
    if known is not None and not ctx.reference.tracking:
        return float(known)
    dwelling = ctx.world.dwelling
    rows = (dwelling.alive & (dwelling.owner == int(Tenure.CORPORATION))).nonzero()[0].astype(np.int32)
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
    return ctx.reference.remember("housing.offer", [(low + high) / 2])[0]


def respondents(ctx: Context, queue: Queue, vacancies: Vacancies, category: NDArray[np.int64]) -> Matrix:
    """Seekers who respond, shape ``(categories, responses)``; -1 fills the rows of short queues.

    Regular vacancies are also seen by movers who only look in that district, those for rehousing by who must leave a
    dwelling there. More categories than vacancies are a second list of them.
    """
    table, values = ctx.world.seeker, ctx.values
    local = queue.local_rows
    local = local[table.seniority[local].argsort()]
    most = int(values["housing.local_responses"]) if local.size else 0
    width = min(int(values["housing.responses"]), max(int(queue.count.max()), 1))
    found = np.empty((category.size, width + most), dtype=np.int32)
    # fmt: off
    offer_loops.respond(
        category, vacancies.luck, int(Luck.RING), vacancies.facts["district"],
        (queue.rows, queue.place, queue.start, queue.count), local, table.category, table.scope, width, found,
    )
    # fmt: on
    return found


def seniority(ctx: Context, seekers: Matrix) -> Floats:
    """Registration month with the place on the ring to break ties: lowest first, never the same twice."""
    return np.asarray(ctx.world.seeker.seniority[seekers])


def lawful(ctx: Context, vacancies: Vacancies, seekers: Matrix) -> NDArray[np.bool_]:
    """Candidates to whom the dwelling may be let: size, appropriate letting (H323), income limit (H325).

    The exceptions that the law allows belong to the vacancy.
    """
    table, values = ctx.world.seeker, ctx.values
    excepted = vacancies.luck[:, Luck.BENEFIT] >= values["housing.passend_share"]
    free = vacancies.luck[:, Luck.INCOME] < values["housing.free_share"]
    allowed = np.empty(seekers.shape, dtype=bool)
    # fmt: off
    offer_loops.lawful(
        seekers, table.persons, table.income, vacancies.facts["rooms"], vacancies.facts["rent"], excepted, free,
        np.array(_CAPS(values), np.float32), np.array(_LIMITS(values), np.float64),
        np.array(_SIZES(values), np.float64), allowed,
    )
    # fmt: on
    return allowed


@dataclass
class Asked:
    """Who can be offered the vacancies, list after list in the order of offers.

    ``ends`` of the lists, ``names`` of the seekers, and who says yes: as a ``regular`` seeker, who weighs the offer,
    and with ``priority``, who can hardly refuse.
    """

    ends: NDArray[np.int64]
    names: Rows
    regular: NDArray[np.bool_]
    priority: NDArray[np.bool_]


def asked(ctx: Context, vacancies: Vacancies, seekers: Matrix, rank: Floats, most: int) -> Asked:
    """List the first ``most`` of each row of ``seekers`` by ``rank``, and say who would accept."""
    table, values = ctx.world.seeker, ctx.values
    order = rank.argsort(axis=1)
    ends, names = np.empty(order.shape[0], np.int64), np.empty(order.size, np.int32)
    first, second = np.empty((2, order.size), np.uint64)
    odds = np.empty(order.size)
    # fmt: off
    count = offer_loops.ask(
        seekers, rank, order, most, (vacancies.key, vacancies.appeal, vacancies.facts["rent"]), table.uid, table.income,
        _BURDEN(values), ends, names, (first, second), odds,
    )
    # fmt: on
    luck = ctx.draws.pair("housing.offer", first[:count], second[:count], ctx.month)
    weighed = luck < 1 / (1 + np.exp(odds[:count]))
    return Asked(ends, names, weighed, luck < values["housing.priority_accept"])


class Candidates(dict[str, Matrix]):
    """What a strategy may know of the candidates, each of shape ``(vacancies, responses)``, looked up when asked for.

    ``seniority``, ``support``, ``contributor``, ``priority`` (not a regular seeker), ``rehoused`` (must leave for
    demolition), ``own`` (of the districts), ``persons``, ``fifth`` (of income), ``stage`` (of life) and ``uid``. A rule
    that goes by registration date alone needs one of the ten.
    """

    def __init__(self, ctx: Context, seekers: Matrix) -> None:
        super().__init__()
        self._ctx, self._table, self._seekers = ctx, ctx.world.seeker, seekers

    def __missing__(self, name: str) -> Matrix:
        """Look a fact up and keep it."""
        table, seekers = self._table, self._seekers
        if name == "priority":
            self[name] = table.category[seekers] != int(SeekerCategory.REGULAR)
        elif name == "rehoused":
            self[name] = table.category[seekers] == int(SeekerCategory.REHOUSED)
        elif name == "stage":
            self[name] = seeker_stages(self._ctx, seekers)
        elif name == "own":
            self[name] = table.kind[seekers] != int(SeekerKind.NEWCOMER)
        elif name in ("seniority", "support", "contributor", "persons", "fifth", "uid"):
            self[name] = getattr(table, name).take(seekers, mode="wrap")
        else:
            raise KeyError(name)
        return self[name]
