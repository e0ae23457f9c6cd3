"""Substep 4: allocation of corporation vacancies.

(1) legal filter; (2) category with the largest backlog in months times target weight, keyed on the vacancy; (3) within
the category by registration date; (4) regular seekers weigh the offer, priority seekers have one offer, those who must
leave for demolition as many as it takes; (5) after five refusals the dwelling goes to direct mediation. This asymmetric
refusal, and no parameter of a district, brings priority households to unattractive estates (PAT-15, PAT-16, HP25a).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import floor
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.housing import offer_loops
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.mechanisms.housing.desk import desk_of, ledger_of, pressure
from wijksim.mechanisms.housing.offers import (
    Candidates,
    Luck,
    Vacancies,
    asked,
    describe,
    lawful,
    respondents,
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
_REGULAR = int(REGULAR)
_CATEGORIES = len(SeekerCategory)
_NOBODY: Rows = np.empty(0, dtype=np.int32)
_CITY = np.zeros(1, np.uint64)  # the one that draws for the rest
_TINY = float(np.finfo(np.float64).tiny)


class AllocationRule(Protocol):
    """What a strategy of kind ``allocation`` must offer."""

    def rank(self, ctx: Context, vacancies: dict[str, Any], candidates: dict[str, Any]) -> Floats:
        """Order of offers, shape ``(vacancies, responses)``: lowest first, infinity for who gets no offer."""

    def steers(self, ctx: Context, vacancies: dict[str, Any]) -> NDArray[np.bool_]:
        """Which vacancies the rule treats otherwise than by registration date, shape ``(vacancies,)``."""


@dataclass
class Outcome:
    """Lettings of this month, in parallel arrays.

    Beside them, ``taken`` marks the seekers who are housed or had their only offer, ``demoted`` are the latter,
    ``passed_over`` who was kept out by steering, once for each time, and ``made`` counts all offers by category.
    """

    dwellings: Rows
    seekers: Rows
    categories: Codes
    offers: Codes
    refusals: Codes
    steered: NDArray[np.bool_]
    taken: NDArray[np.bool_]
    demoted: Rows
    passed_over: list[int]
    made: NDArray[np.int64]


def nothing_let(ctx: Context) -> Outcome:
    """Outcome of a month without vacancies or seekers."""
    none, no = np.empty(0, dtype=np.int64), np.zeros(ctx.world.seeker.size, dtype=bool)
    made = np.zeros(_CATEGORIES, np.int64)
    return Outcome(_NOBODY, _NOBODY, none, none, none, no[:0], no, _NOBODY, [], made)


def allocate(ctx: Context, queue: Queue, rows: Rows, vulnerable: Floats) -> tuple[Outcome, Rows]:
    """Let corporation dwellings and give the rest of the city its share of every queue.

    Parameters
    ----------
    queue
        Seekers of the whole city.
    rows
        Corporation dwellings on the market.
    vulnerable
        Share of the dwellings behind each entrance with a household in need.

    Returns
    -------
    Outcome, Rows
        Lettings here, and the seekers housed in the rest of the city.
    """
    table = ctx.world.seeker
    counts = queue.count + queue.local
    # who must leave and looks in the own district alone comes first there, and asks nothing of the rest
    counts[SeekerCategory.REHOUSED] -= queue.local[SeekerCategory.REHOUSED]
    score = pressure(ctx, counts)
    tally = np.zeros(score.size)
    if rows.size and counts.sum():
        vacancies = describe(ctx, rows, vulnerable)
        first = _near_first(ctx, queue, vacancies, choose_category(vacancies, score, Luck.CATEGORY))
        # (5) direct mediation finds a priority household; what no priority seeker may have goes to the others
        other = score.copy()
        other[REGULAR] = 0
        second = np.where(first == _REGULAR, choose_category(vacancies, other, Luck.MEDIATION), _REGULAR)
        outcome = _let(ctx, queue, vacancies, (first, second))
        tally += np.bincount(outcome.categories, minlength=tally.size)
        _after_refusal(ctx, outcome)
    else:
        outcome = nothing_let(ctx)
    housed = rest_share(ctx, queue, score, outcome.taken)
    tally += np.bincount(table.category[housed], minlength=tally.size)
    desk = desk_of(ctx)
    desk.city_lettings = tally
    served = np.concatenate([outcome.seekers, housed])
    outside = (table.kind[served] == int(SeekerKind.NEWCOMER)) & (table.category[served] == _REGULAR)
    desk.regular_to_newcomers = float(np.count_nonzero(outside))
    return outcome, housed


def choose_category(vacancies: Vacancies, score: Floats, luck: Luck) -> Codes:
    """Category of each vacancy, with chances in proportion to backlog times weight (largest with a Gumbel of its own).

    Proportional and keyed, so that one seeker more in a queue changes the category of few vacancies and not of all.
    """
    uniform = np.maximum(vacancies.luck[:, luck : luck + score.size], _TINY)
    gumbel = np.log(np.negative(np.log(uniform, out=uniform), out=uniform), out=uniform)
    chance = np.log(score, out=np.full(score.size, -np.inf), where=score > 0)
    return np.subtract(chance, gumbel, out=gumbel).argmax(axis=1)


def _near_first(ctx: Context, queue: Queue, vacancies: Vacancies, category: Codes) -> Codes:
    """Category of each vacancy where those of the district who must leave for demolition come first."""
    if queue.local[SeekerCategory.REHOUSED] == 0:
        return category
    table, rows = ctx.world.seeker, queue.local_rows
    rows = rows[table.category[rows] == int(SeekerCategory.REHOUSED)]
    waiting = np.bincount(table.scope[rows], minlength=ctx.world.n_districts)
    near = waiting[vacancies.facts["district"]] > 0
    near &= vacancies.luck[:, Luck.NEAR] < ctx.values["housing.rehoused_first"]
    return np.where(near, int(SeekerCategory.REHOUSED), category)


def _let(ctx: Context, queue: Queue, vacancies: Vacancies, categories: tuple[Codes, Codes]) -> Outcome:
    """Offer every vacancy in its first category, and those that find nobody in their second.

    Both lists of candidates are made at once: a matrix of twice as many rows costs hardly more than one.
    """
    n = len(vacancies)
    category = np.concatenate(categories)
    seekers = respondents(ctx, queue, vacancies, category)
    # with every priority queue empty there is no second list
    seekers[n:][categories[0] == categories[1]] = -1
    rank, steered, barred = _ranked(ctx, vacancies, seekers, lawful(ctx, vacancies, seekers))
    most = int(ctx.values["housing.most_refusals"])
    # only the top of each list can be reached: a few are taken by other vacancies, a few refuse
    who = asked(ctx, vacancies, seekers, rank, 2 * most + n)
    lettings, demoted = np.empty((n, len(offer_loops.LETTING)), np.int64), np.empty(who.names.size, np.int32)
    taken, made = np.zeros(ctx.world.seeker.size, dtype=bool), np.zeros(_CATEGORIES, np.int64)
    # vacancies in an order of their own, so that none has precedence by where it stands in the table
    let, lost = offer_loops.settle(
        vacancies.key.argsort(), category, who.ends, who.names, (who.regular, who.priority), most, taken, made,
        lettings, demoted,
    )  # fmt: skip
    at, winners, offers, refusals = lettings[:let].T.copy()
    by_rule = steered.take(at)
    passed_over: list[int] = []
    for one, winner in lettings[:let][by_rule, :2].tolist():
        earlier = barred[one] & (seniority(ctx, seekers[one]) < seniority(ctx, np.array([winner])))
        passed_over.extend(seekers[one][earlier].tolist())
    # fmt: off
    return Outcome(
        vacancies.rows.take(at, mode="wrap"), winners.astype(np.int32), category.take(at), offers, refusals, by_rule,
        taken, demoted[:lost], passed_over, made,
    )
    # fmt: on


def _ranked(
    ctx: Context, vacancies: Vacancies, seekers: NDArray[Any], allowed: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Order of offers, which lists are steered, and whom steering keeps out though the law would allow."""
    rule = ctx.strategies.get("allocation")
    if rule is None:
        nobody = np.zeros(seekers.shape, dtype=bool)
        rank = ctx.world.seeker.seniority.take(seekers, mode="wrap")
        return np.where(allowed, rank, np.inf), nobody[:, 0], nobody
    facts = Candidates(ctx, seekers)
    chosen, twice = cast(AllocationRule, rule), vacancies.twice()
    steered = chosen.steers(ctx, twice)
    rank = chosen.rank(ctx, twice, facts)
    barred = allowed & ~np.isfinite(rank)
    return np.where(allowed, rank, np.inf), steered, barred


def _after_refusal(ctx: Context, outcome: Outcome) -> None:
    """A priority seeker who refuses the one offer goes on as a regular seeker."""
    table = ctx.world.seeker
    if outcome.demoted.size:
        table.category[outcome.demoted] = REGULAR
    if outcome.passed_over:
        np.add.at(table.passed_over, outcome.passed_over, 1)


def rest_share(ctx: Context, queue: Queue, score: Floats, taken: NDArray[np.bool_]) -> Rows:
    """Seekers housed in the rest of the city: its vacancies take their share of every queue by the same rule.

    The rest has dwellings of every kind, so its share is statistical: of regular offers a part is refused by five
    seekers in a row, and goes to direct mediation.
    """
    table, values = ctx.world.seeker, ctx.values
    room, total = ledger_of(ctx).room(Tenure.CORPORATION), score.sum()
    if room == 0 or total <= 0:
        return _NOBODY
    # a handful of numbers: plain ones are quicker than arrays
    share: list[float] = (score / total).tolist()
    fallen = share[REGULAR] * (1 - values["housing.offer_mean"]) ** values["housing.most_refusals"]
    direct = [0.0 if category == REGULAR else part for category, part in enumerate(share)]
    others = float(np.add.reduce(direct))
    if others > 0:
        share = [part + fallen * other / others for part, other in zip(share, direct, strict=True)]
        share[REGULAR] -= fallen
    luck = float(ctx.draws.uniform("housing.rest_share", _CITY, ctx.month)[0])
    ends = [floor(part * room + luck) for part in accumulate(share)]
    begins, sizes = queue.start.tolist(), queue.count.tolist()
    housed, before = [], 0
    for begin, size, end in zip(begins, sizes, ends, strict=True):
        count, before = end - before, end
        if count <= 0 or size == 0:
            continue
        here = queue.rows[begin : begin + size]
        here = here[~taken[here]]
        count = min(count, here.size)
        if count:
            housed.append(here[table.seniority[here].argpartition(count - 1)[:count]])
    return np.concatenate(housed) if housed else _NOBODY
