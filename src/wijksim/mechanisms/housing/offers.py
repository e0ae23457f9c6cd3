"""Who may be offered a vacancy, in what order, and who says yes: whole matrices of vacancies and candidates at once.

Vacancies meet seekers on a ring: a dwelling is seen by the seekers who stand next to it for their category. Which
seekers see it depends on the two of them alone, so that one vacancy more or less leaves the others as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache, partial
from math import inf
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.uids import namespace_key
from wijksim.kernel.kept import Kept
from wijksim.kernel.steering import LABEL
from wijksim.mechanisms.housing import offer_loops, response_loops, vacancy_loops
from wijksim.mechanisms.housing.appeal import appeal_of
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.mechanisms.housing.facts import Facts, LookedUp
from wijksim.mechanisms.housing.luck import AtHand, ForLife
from wijksim.mechanisms.housing.queue import Queue
from wijksim.mechanisms.housing.support import entrance_share
from wijksim.mechanisms.housing.vacancy_facts import add_facts, needs, seeker_stages
from wijksim.state.codes import SeekerCategory
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Matrix = NDArray[Any]

_CAPS = itemgetter("housing.rent_cap", "housing.rent_cap_large")
_LIMITS = itemgetter(
    "housing.benefit_income",
    "housing.benefit_income_large",
    "housing.income_limit",
    "housing.income_limit_large",
)
_BURDEN = Kept(
    itemgetter("housing.quote_mean", "housing.quote_sd", "housing.burden_most", "housing.offer_quote")
)
_SIZES = itemgetter("housing.cap_persons", "housing.letting_spare_rooms")
_EXCEPTIONS = itemgetter("housing.passend_share", "housing.free_share", "housing.rehoused_first")
_NO_CHANCE = np.full(len(SeekerCategory), -inf)
_OFFER = AtHand((Stream("housing.offer"), 0))
_TINY = float(np.finfo(np.float64).tiny)


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


_OF_DWELLING = frozenset(("district", "entrance", "complex", "rooms", "rent"))
_OF_LUCK = {"steering": int(Luck.STEERING), "quota": int(Luck.QUOTA)}
_OF_VACANCY = (*sorted(_OF_DWELLING), "vulnerable", *_OF_LUCK, "key")
_OF_SEEKER = frozenset(("seniority", "support", "contributor", "persons", "fifth", "uid"))
_OF_CANDIDATE = (*sorted(_OF_SEEKER), "priority", "rehoused", "own", "stage")
_COLUMNS = Luck.NEAR + 1
_CATEGORY, _NEAR = int(Luck.CATEGORY), int(Luck.NEAR)
_WORDS = namespace_key("vacancy"), namespace_key("luck of a vacancy")
_PAIR = namespace_key("pair")
_LUCK = ForLife(("housing.vacancy", 0))
_SOUGHT = attrgetter("uid", "occupancies", "on_market")
_DRAWN = int(Luck.RING), int(Luck.BENEFIT), int(Luck.INCOME), _NEAR


@dataclass(slots=True)
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
    gumbels
        Gumbels made of those by category, for a first and a second choice.
    """

    rows: Rows
    key: NDArray[np.uint64]
    appeal: Floats
    luck: Floats
    gumbels: Floats


def describe(ctx: Context, rows: Rows) -> Vacancies:
    """Collect what is known of vacant corporation dwellings."""
    dwelling, n = ctx.world.dwelling, rows.size
    key, luck, gumbels = np.empty(n, np.uint64), np.empty((n, _COLUMNS)), np.empty((n, _NEAR - _CATEGORY))
    vacancy_loops.describe(
        rows, ctx.month, _SOUGHT(dwelling), _WORDS, _LUCK(ctx)[0], _CATEGORY, _TINY, key, luck, gumbels
    )
    np.log(np.negative(np.log(gumbels, out=gumbels), out=gumbels), out=gumbels)
    appeal = appeal_of(ctx, rows)
    label = ctx.effects.offsets(LABEL, "district") if ctx.effects.scales else None
    if label is not None:
        appeal = appeal + label[dwelling.district.take(rows)]
    return Vacancies(rows, key, appeal, luck, gumbels)


def facts_of(ctx: Context, vacancies: Vacancies, needy: NDArray[np.bool_]) -> Facts:
    """What a strategy may know of vacancies; ``needy`` are the households that need support.

    ``district``, ``entrance``, ``complex``, ``rooms``, ``rent``, ``key``, ``steering`` and ``quota`` (uniform luck of
    the vacancy for a steering rule) and ``vulnerable`` (share of the dwellings of the entrance with a household that
    needs support); with it what the rule in force needs.
    """
    facts = LookedUp(_OF_VACANCY, partial(_of_vacancy, ctx, needy, vacancies))
    if needs(ctx):
        add_facts(ctx, facts, entrance_share(ctx, needy))
    return facts


def _of_vacancy(ctx: Context, needy: NDArray[np.bool_], vacancies: Vacancies, name: str) -> Matrix:
    """Look up what a strategy may know of vacancies."""
    dwelling = ctx.world.dwelling
    if name in _OF_DWELLING:
        return dwelling[name].take(vacancies.rows)
    if name in _OF_LUCK:
        return vacancies.luck[:, _OF_LUCK[name]]
    if name == "key":
        return vacancies.key
    share: Floats = entrance_share(ctx, needy)[dwelling.entrance.take(vacancies.rows)]
    return share


@dataclass(slots=True)
class Responses:
    """Who responds to vacancies in their first category, and then in their second: twice as many lists as vacancies.

    ``category`` of each list, ``seekers`` in it (-1 for nobody), and to whom of them the dwelling may be let by law.
    """

    category: NDArray[np.int64]
    seekers: Matrix
    allowed: NDArray[np.bool_]


def respond(ctx: Context, queue: Queue, vacancies: Vacancies, score: Floats) -> Responses:
    """Choose the categories of each vacancy, and find the seekers who respond and to whom it may be let.

    A category has a chance in proportion to its ``score``, backlog times weight (the largest log of a chance with a
    Gumbel of its own), so that one seeker more in a queue changes the category of few vacancies and not of all. Regular
    vacancies are also seen by movers who only look in that district, those for rehousing by who must leave a dwelling
    there. The exceptions that the law allows belong to the vacancy.
    """
    table, dwelling = ctx.world.seeker, ctx.world.dwelling
    widest, for_local, exceptions, law = _RULES(ctx.values)
    chances = np.log(score, out=_NO_CHANCE.copy(), where=score > 0)
    width = min(widest, max(queue.longest, 1))
    lists = 2 * vacancies.rows.size
    category = np.empty(lists, np.int64)
    found = np.empty((lists, width + for_local if queue.local_rows.size else width), np.int32)
    allowed = np.empty(found.shape, np.bool_)
    # fmt: off
    response_loops.respond(
        vacancies.rows, (dwelling.district, dwelling.rooms, dwelling.rent), vacancies.luck, _DRAWN, chances,
        vacancies.gumbels,
        (queue.rows, queue.place, queue.counted), queue.local_rows,
        (table.category, table.scope, table.persons, table.income), exceptions, law, width, category, found, allowed,
    )
    # fmt: on
    return Responses(category, found, allowed)


def law(values: Mapping[str, float]) -> response_loops.Law:
    """Rents, incomes and sizes by which the law says to whom a dwelling may be let."""
    return _CAPS(values), _LIMITS(values), _SIZES(values)


def _rules(values: Mapping[str, float]) -> tuple[int, int, tuple[float, float, float], response_loops.Law]:
    """How many respond, those who look in the own district alone, exceptions that the law allows, and the law."""
    widest, for_local = int(values["housing.responses"]), int(values["housing.local_responses"])
    return widest, for_local, _EXCEPTIONS(values), law(values)


_RULES = Kept(_rules)


def seniority(ctx: Context, seekers: Matrix) -> Floats:
    """Registration month with the place on the ring to break ties: lowest first, never the same twice."""
    return np.asarray(ctx.world.seeker.seniority[seekers])


@dataclass(slots=True)
class Asked:
    """Who can be offered the vacancies, list after list in the order of offers.

    ``ends`` of the lists, ``names`` of the seekers, ``words`` of each with the vacancy, which draw under a ``key``, and
    ``against``: the odds with which each refuses who weighs the offer.
    """

    ends: NDArray[np.int64]
    names: Rows
    words: NDArray[np.uint64]
    key: NDArray[np.uint64]
    against: Floats


def asked(ctx: Context, vacancies: Vacancies, responses: Responses, rank: Floats, most: int) -> Asked:
    """List the first ``most`` by ``rank`` of those who may have each dwelling, and say how likely each is to accept."""
    table, dwelling = ctx.world.seeker, ctx.world.dwelling
    seekers = responses.seekers
    ends, (names, pairs, odds) = np.empty(seekers.shape[0], np.int64), _room(1 << seekers.size.bit_length())
    # fmt: off
    count = offer_loops.ask(
        seekers, responses.allowed, rank, most, vacancies.rows, vacancies.key, vacancies.appeal, dwelling.rent,
        table.uid, table.income, _BURDEN(ctx.values), _PAIR, ends, names, pairs, odds,
    )
    # fmt: on
    words, against = pairs[:count], odds[:count]
    return Asked(ends, names[:count], words, _OFFER(ctx, words)[0], np.exp(against, out=against))


@lru_cache(maxsize=2**4)
def _room(most: int) -> tuple[Rows, NDArray[np.uint64], Floats]:
    """Room for the offers of a month: their names, words and odds; nobody keeps what is in it."""
    return np.empty(most, np.int32), np.empty(most, np.uint64), np.empty(most)


def candidates(ctx: Context, seekers: Matrix) -> Facts:
    """What a strategy may know of the candidates, each of shape ``(vacancies, responses)``.

    ``seniority``, ``support``, ``contributor``, ``priority`` (not a regular seeker), ``rehoused`` (must leave for
    demolition), ``own`` (of the districts), ``persons``, ``fifth`` (of income), ``stage`` (of life) and ``uid``. A rule
    that goes by registration date alone needs one of the ten.
    """
    return LookedUp(_OF_CANDIDATE, partial(_of_candidate, ctx, seekers))


def _of_candidate(ctx: Context, seekers: Matrix, name: str) -> Matrix:
    """Look up what a strategy may know of candidates."""
    table = ctx.world.seeker
    if name in _OF_SEEKER:
        return table[name].take(seekers, mode="wrap")
    if name == "own":
        return np.asarray(table.kind[seekers] != int(SeekerKind.NEWCOMER))
    if name == "stage":
        return seeker_stages(ctx, seekers)
    category = table.category[seekers]
    if name == "rehoused":
        return np.asarray(category == int(SeekerCategory.REHOUSED))
    return np.asarray(category != int(SeekerCategory.REGULAR))
