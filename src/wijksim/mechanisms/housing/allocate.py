"""Substep 4: allocation of corporation vacancies.

(1) legal filter; (2) category with the largest backlog in months times target weight, keyed on the vacancy; (3) within
the category by registration date; (4) regular seekers weigh the offer, priority seekers have one offer, those who must
leave for demolition as many as it takes; (5) after five refusals the dwelling goes to direct mediation. This asymmetric
refusal, and no parameter of a district, brings priority households to unattractive estates (PAT-15, PAT-16, HP25a).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.mechanisms.housing.desk import desk_of, ledger_of, pressure
from wijksim.mechanisms.housing.offers import (
    Candidates,
    Luck,
    Vacancies,
    accepts,
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
type Codes = NDArray[np.integer]

REGULAR = SeekerCategory.REGULAR
_TINY = float(np.finfo(np.float64).tiny)


class AllocationRule(Protocol):
    """What a strategy of kind ``allocation`` must offer."""

    def rank(self, ctx: Context, vacancies: dict[str, Any], candidates: dict[str, Any]) -> Floats:
        """Order of offers, shape ``(vacancies, responses)``: lowest first, infinity for who gets no offer."""

    def steers(self, ctx: Context, vacancies: dict[str, Any]) -> NDArray[np.bool_]:
        """Which vacancies the rule treats otherwise than by registration date, shape ``(vacancies,)``."""


@dataclass
class Outcome:
    """Lettings of this month, in parallel lists; ``made`` counts all offers by category."""

    dwellings: list[int] = field(default_factory=list)
    seekers: list[int] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    offers: list[int] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    steered: list[bool] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    demoted: list[int] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=lambda: [0] * len(SeekerCategory))


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
    outcome = Outcome()
    tally = np.zeros(len(SeekerCategory))
    if rows.size and counts.sum():
        vacancies = describe(ctx, rows, vulnerable)
        first = _near_first(ctx, queue, vacancies, choose_category(vacancies, score, Luck.CATEGORY))
        # (5) direct mediation finds a priority household; what no priority seeker may have goes to the others
        other = score.copy()
        other[REGULAR] = 0
        second = np.where(first == REGULAR, choose_category(vacancies, other, Luck.MEDIATION), REGULAR)
        _let(ctx, queue, vacancies, (first, second), outcome)
        tally += np.bincount(np.array(outcome.categories, dtype=np.int64), minlength=tally.size)
    _after_refusal(ctx, outcome)
    housed = rest_share(ctx, queue, score, outcome.taken)
    tally += np.bincount(table.category[housed], minlength=tally.size)
    desk = desk_of(ctx)
    desk.city_lettings = tally
    served = np.concatenate([np.array(outcome.seekers, dtype=np.int32), housed])
    outside = (table.kind[served] == int(SeekerKind.NEWCOMER)) & (table.category[served] == REGULAR)
    desk.regular_to_newcomers = float(np.count_nonzero(outside))
    return outcome, housed


def choose_category(vacancies: Vacancies, score: Floats, luck: Luck) -> Codes:
    """Category of each vacancy, with chances in proportion to backlog times weight (largest with a Gumbel of its own).

    Proportional and keyed, so that one seeker more in a queue changes the category of few vacancies and not of all.
    """
    uniform = np.maximum(vacancies.luck[:, luck : luck + score.size], _TINY)
    chance = np.log(score, out=np.full(score.size, -np.inf), where=score > 0)
    return np.asarray((chance - np.log(-np.log(uniform))).argmax(axis=1))


def _near_first(ctx: Context, queue: Queue, vacancies: Vacancies, category: Codes) -> Codes:
    """Category of each vacancy where those of the district who must leave for demolition come first."""
    if queue.local[SeekerCategory.REHOUSED] == 0:
        return category
    table, rows = ctx.world.seeker, queue.local_rows
    rows = rows[table.category[rows] == int(SeekerCategory.REHOUSED)]
    waiting = np.bincount(table.scope[rows], minlength=ctx.world.n_districts)
    near = waiting[vacancies.facts["district"]] > 0
    near &= vacancies.luck[:, Luck.NEAR] < ctx.values["housing.rehoused_first"]
    return np.where(near, SeekerCategory.REHOUSED.value, category)


def _let(
    ctx: Context, queue: Queue, vacancies: Vacancies, categories: tuple[Codes, Codes], outcome: Outcome
) -> None:
    """Offer every vacancy in its first category, and those that find nobody in their second.

    Both lists of candidates are made at once: a matrix of twice as many rows costs hardly more than one.
    """
    n = len(vacancies)
    category = np.concatenate(categories)
    part = vacancies.part(np.concatenate([np.arange(n), np.arange(n)]))
    seekers = respondents(ctx, queue, part, category)
    # with every priority queue empty there is no second list
    seekers[n:][categories[0] == categories[1]] = -1
    rank, steered, barred = _ranked(ctx, part, seekers, lawful(ctx, part, seekers))
    most = int(ctx.values["housing.most_refusals"])
    # only the top of each list can be reached: a few are taken by other vacancies, a few refuse
    order = rank.argsort(axis=1)[:, : 2 * most + n]
    order += np.arange(0, rank.size, rank.shape[1])[:, None]
    top = seekers.take(order)
    reachable = np.isfinite(rank.take(order))
    answers = accepts(ctx, part, np.where(reachable, top, -1), category).tolist()
    names, known, ground = top.tolist(), reachable.sum(axis=1).tolist(), category.tolist()
    # vacancies in an order of their own, so that none has precedence by where it stands in the table
    turn = np.argsort(vacancies.key).tolist()
    tried = dict.fromkeys(turn, 0)
    for offset in (0, n):
        left = []
        for i in turn:
            at = i + offset
            regular = ground[at] == REGULAR
            limit = most if regular else None
            once = not regular and ground[at] != int(SeekerCategory.REHOUSED)
            winner, offers = _offer(names[at][: known[at]], answers[at], outcome, once=once, limit=limit)
            outcome.made[ground[at]] += offers
            tried[i] += (offers - (winner >= 0)) * regular
            if winner < 0:
                left.append(i)
                continue
            outcome.dwellings.append(int(part.rows[at]))
            outcome.seekers.append(winner)
            outcome.categories.append(ground[at])
            outcome.offers.append(offers)
            outcome.refusals.append(tried[i])
            outcome.steered.append(bool(steered[at]))
            outcome.taken.add(winner)
            if steered[at]:
                earlier = barred[at] & (seniority(ctx, seekers[at]) < seniority(ctx, np.array([winner])))
                outcome.passed_over.extend(seekers[at][earlier].tolist())
        turn = left


def _ranked(
    ctx: Context, part: Vacancies, seekers: NDArray[Any], allowed: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Order of offers, which vacancies are steered, and whom steering keeps out though the law would allow."""
    facts = Candidates(ctx, seekers)
    rule = ctx.strategies.get("allocation")
    if rule is None:
        steered = np.zeros(len(part), dtype=bool)
        rank = facts["seniority"]
    else:
        chosen = cast(AllocationRule, rule)
        steered = chosen.steers(ctx, part.facts)
        rank = chosen.rank(ctx, part.facts, facts)
    barred = allowed & ~np.isfinite(rank)
    return np.where(allowed, rank, np.inf), steered, barred


def _offer(
    names: list[int], answers: list[bool], outcome: Outcome, *, once: bool, limit: int | None
) -> tuple[int, int]:
    """Go down the list until somebody accepts; (-1, offers) if nobody does.

    With ``once`` who refuses loses priority; after ``limit`` refusals no more offers are made.
    """
    offers = 0
    for seeker, answer in zip(names, answers, strict=False):
        if seeker in outcome.taken:
            continue
        offers += 1
        if answer:
            return seeker, offers
        if limit is not None and offers >= limit:
            return -1, offers
        if once:
            outcome.demoted.append(seeker)
            outcome.taken.add(seeker)
    return -1, offers


def _after_refusal(ctx: Context, outcome: Outcome) -> None:
    """A priority seeker who refuses the one offer goes on as a regular seeker."""
    table = ctx.world.seeker
    if outcome.demoted:
        table.category[outcome.demoted] = REGULAR
    if outcome.passed_over:
        np.add.at(table.passed_over, outcome.passed_over, 1)


def rest_share(ctx: Context, queue: Queue, score: Floats, taken: set[int]) -> Rows:
    """Seekers housed in the rest of the city: its vacancies take their share of every queue by the same rule.

    The rest has dwellings of every kind, so its share is statistical: of regular offers a part is refused by five
    seekers in a row, and goes to direct mediation.
    """
    ledger, values = ledger_of(ctx), ctx.values
    room = ledger.room(Tenure.CORPORATION)
    if room == 0 or score.sum() <= 0:
        return np.empty(0, dtype=np.int32)
    share = score / score.sum()
    direct = share.copy()
    direct[REGULAR] = 0
    fallen = share[REGULAR] * (1 - values["housing.offer_mean"]) ** values["housing.most_refusals"]
    if direct.sum() > 0:
        share = share + fallen * direct / direct.sum()
        share[REGULAR] -= fallen
    luck = ctx.draws.uniform("housing.rest_share", 0, ctx.month)
    ends = np.floor(np.cumsum(share) * room + luck)
    wanted = ends.astype(int)
    wanted[1:] -= wanted[:-1].copy()
    free = np.ones(ctx.world.seeker.size, dtype=bool)
    free[list(taken)] = False
    housed = []
    for category, count in enumerate(wanted.tolist()):
        begin, size = int(queue.start[category]), int(queue.count[category])
        if count <= 0 or size == 0:
            continue
        here = queue.rows[begin : begin + size]
        here = here[free[here]]
        count = min(count, here.size)
        if count:
            housed.append(here[seniority(ctx, here).argpartition(count - 1)[:count]])
    return np.concatenate(housed) if housed else np.empty(0, dtype=np.int32)
