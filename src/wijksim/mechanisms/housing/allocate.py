"""Substep 4: allocation of corporation vacancies.

(1) legal filter; (2) category with the largest backlog in months times target weight, keyed on the vacancy; (3) within
the category by registration date; (4) regular seekers weigh the offer, priority seekers have one offer, those who must
leave for demolition as many as it takes; (5) after five refusals the dwelling goes to direct mediation. This asymmetric
refusal, and no parameter of a district, brings priority households to unattractive estates (PAT-15, PAT-16, HP25a).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.uids import namespace_key
from wijksim.mechanisms.housing import offer_loops, share_loops
from wijksim.mechanisms.housing.desk import REST, pressure
from wijksim.mechanisms.housing.facts import Twice
from wijksim.mechanisms.housing.luck import AtHand
from wijksim.mechanisms.housing.offers import (
    Responses,
    Vacancies,
    asked,
    candidates,
    describe,
    facts_of,
    respond,
    seniority,
)
from wijksim.mechanisms.housing.queue import Queue
from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Codes = NDArray[np.int64]

REGULAR = SeekerCategory.REGULAR
_CATEGORIES = len(SeekerCategory)
_NOBODY: Rows = np.empty(0, dtype=np.int32)
_NO_UIDS = np.empty(0, np.uint64)
_LET, _LETTING_WORDS = attrgetter("uid", "occupancies"), namespace_key("letting")
_CITY = np.zeros(1, np.uint64)  # the one that draws for the rest
_SHARE = AtHand((Stream("housing.rest_share"), 0))
_LETTING = len(("list", "category", "offers", "refusals"))  # what is noted of each
_MADE = len(("category", "offers", "accepted"))
# where those of a category stand among all who are housed, and who can be housed in the rest; and how many are
_PART = len(("at", "first", "end", "number"))


class AllocationRule(Protocol):
    """What a strategy of kind ``allocation`` must offer; the ``default`` one goes by registration date alone."""

    default: ClassVar[bool]

    def rank(self, ctx: Context, vacancies: Mapping[str, Any], candidates: Mapping[str, Any]) -> Floats:
        """Order of offers, shape ``(vacancies, responses)``: lowest first, infinity for who gets no offer."""

    def steers(self, ctx: Context, vacancies: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Which vacancies the rule treats otherwise than by registration date, shape ``(vacancies,)``."""


@dataclass(slots=True)
class Outcome:
    """Lettings of this month, in parallel arrays.

    ``uids`` are their identities, and ``how`` has a line for the list, the category, the offers made and the refusals
    of regular seekers each, with room for more. Beside them, ``taken`` marks the seekers who are housed or had their
    only offer, ``demoted`` are the latter, ``passed_over`` who was kept out by steering, once for each time, and
    ``made`` has a line for each category in which offers were made: its code, how many, and how many were accepted.
    """

    dwellings: Rows
    seekers: Rows
    uids: NDArray[np.uint64]
    how: Codes
    steered: NDArray[np.bool_]
    taken: NDArray[np.bool_]
    demoted: Rows
    passed_over: list[int]
    made: NDArray[np.int64]


def nothing_let(ctx: Context) -> Outcome:
    """Outcome of a month without vacancies or seekers."""
    none, no = np.empty((_LETTING, 0), dtype=np.int64), np.zeros(ctx.world.seeker.size, dtype=bool)
    made = np.empty((0, _MADE), np.int64)
    return Outcome(_NOBODY, _NOBODY, _NO_UIDS, none, no[:0], no, _NOBODY, [], made)


def allocate(ctx: Context, queue: Queue, rows: Rows, needy: NDArray[np.bool_]) -> tuple[Outcome, Rows]:
    """Let corporation dwellings and give the rest of the city its share of every queue.

    Parameters
    ----------
    queue
        Seekers of the whole city.
    rows
        Corporation dwellings on the market.
    needy
        Households that need support.

    Returns
    -------
    Outcome, Rows
        Lettings here, and all seekers who are housed: those here and then those in the rest of the city.
    """
    score, waiting = pressure(ctx, queue)
    if rows.size and waiting:
        outcome = _let(ctx, queue, rows, needy, score)
        if outcome.demoted.size or outcome.passed_over:
            _after_refusal(ctx, outcome)
    else:
        outcome = nothing_let(ctx)
    return outcome, with_rest(ctx, queue, score, outcome.taken, here=outcome.seekers)


def _let(ctx: Context, queue: Queue, rows: Rows, needy: NDArray[np.bool_], score: Floats) -> Outcome:
    """Offer every vacancy in its first category, and those that find nobody in their second.

    Both lists of candidates are made at once: a matrix of twice as many rows costs hardly more than one.
    """
    n, table, vacancies = rows.size, ctx.world.seeker, describe(ctx, rows)
    responses = respond(ctx, queue, vacancies, score)
    rank, steered = _ranked(ctx, vacancies, responses, needy)
    most = int(ctx.values["housing.most_refusals"])
    # only the top of each list can be reached: a few are taken by other vacancies, a few refuse
    who = asked(ctx, vacancies, responses, rank, 2 * most + n)
    let_to, uids, demoted = (
        np.empty((2, n), np.int32),
        np.empty(n, np.uint64),
        np.empty(who.names.size, np.int32),
    )
    how, made = np.empty((_LETTING, n), np.int64), np.empty((_CATEGORIES, _MADE), np.int64)
    taken = np.zeros(table.size, np.bool_)
    let, lost, asked_in = offer_loops.settle(
        rows, vacancies.key, _LET(ctx.world.dwelling), _LETTING_WORDS, responses.category,
        (who.ends, who.names, who.words, who.against), who.key, ctx.values["housing.priority_accept"], most, taken,
        made, let_to, how, demoted, uids,
    )  # fmt: skip
    dwellings, winners = let_to[:, :let]
    at = how[0, :let]
    by_rule = np.zeros(let, np.bool_) if steered is None else steered.take(at)
    passed_over: list[int] = []
    if steered is not None and by_rule.any():
        for i in by_rule.nonzero()[0].tolist():
            seekers = responses.seekers[at[i]]
            barred = responses.allowed[at[i]] & ~np.isfinite(rank[at[i]])
            earlier = barred & (seniority(ctx, seekers) < seniority(ctx, winners[i : i + 1]))
            passed_over.extend(seekers[earlier].tolist())
    return Outcome(
        dwellings, winners, uids[:let], how, by_rule, taken, demoted[:lost], passed_over, made[:asked_in]
    )


def _ranked(
    ctx: Context, vacancies: Vacancies, responses: Responses, needy: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_] | None]:
    """Order of offers, infinite for whom the rule gives none, and which lists are steered; None if none can be."""
    rule: AllocationRule | None = ctx.strategies.get("allocation")  # type: ignore[assignment]  # of that kind
    seekers = responses.seekers
    if rule is None or rule.default:  # by registration date alone
        return ctx.world.seeker.seniority.take(seekers, mode="wrap"), None
    facts = Twice(facts_of(ctx, vacancies, needy))
    steered = rule.steers(ctx, facts)
    return np.ascontiguousarray(rule.rank(ctx, facts, candidates(ctx, seekers))), steered


def _after_refusal(ctx: Context, outcome: Outcome) -> None:
    """A priority seeker who refuses the one offer goes on as a regular seeker."""
    table = ctx.world.seeker
    if outcome.demoted.size:
        table.category[outcome.demoted] = REGULAR
    if outcome.passed_over:
        np.add.at(table.passed_over, outcome.passed_over, 1)


def with_rest(ctx: Context, queue: Queue, score: Floats, taken: NDArray[np.bool_], *, here: Rows) -> Rows:
    """Seekers housed ``here`` and in the rest of the city: its vacancies take their share of every queue by that rule.

    The rest has dwellings of every kind, so its share is statistical: of regular offers a part is refused by five
    seekers in a row, and goes to direct mediation.
    """
    values, ledger = ctx.values, ctx.world.stores[REST]
    room = ledger.room(Tenure.CORPORATION)
    if room == 0:
        return here
    found, since = _room(1 << queue.rows.size.bit_length())
    # fractions are settled by one draw: not more than one beyond the room
    housed, parts = np.empty(here.size + room + 1, np.int32), np.empty((_CATEGORIES, _PART), np.int64)
    count, total = share_loops.rest_share(
        score, room, _CITY, _SHARE(ctx, _CITY)[0],
        (1 - values["housing.offer_mean"]) ** values["housing.most_refusals"], queue.rows, queue.counted, taken,
        ctx.world.seeker.seniority, here, found, since, housed, parts,
    )  # fmt: skip
    for at, first, end, number in parts[:count].tolist():
        longest = since[first:end].argpartition(number - 1)[:number]
        housed[at : at + number] = found[first:end].take(longest)
    return housed[:total]


@lru_cache(maxsize=2**2)
def _room(most: int) -> tuple[Rows, Floats]:
    """Room for a list of seekers and of their places: the same in many months, and nobody keeps what is in it."""
    return np.empty(most, np.int32), np.empty(most)
