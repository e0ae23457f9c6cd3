"""Posts of professionals in a new world: formation by role, employer and district, who fills it and since when.

The caseload that goes with them is solved by :mod:`wijksim.mechanisms.professionals.settle` in the first month, when
needs and trust are known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.build.choose import bernoulli_balanced
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.professionals import posts
from wijksim.mechanisms.professionals.settle import UNSETTLED
from wijksim.state.roles import EMPLOYERS, Profession
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

_TINY = 1e-9


def staff_world(ctx: Context) -> None:
    """Open all posts of the standing formation and fill them as in a stationary year.

    Some posts are vacant and some holders ill, in the shares that departures, recruitment and sick leave imply;
    months in post follow from the departure rate. A world without professionals gets none.
    """
    if "fte" not in ctx.world.professional:
        return
    posts.prepare_stores(ctx)
    base = posts.formation(ctx, need_ratio(ctx))
    ctx.world.stores[posts.BASE] = base
    _open(ctx, base)
    _fill(ctx)
    ctx.world.stores[UNSETTLED] = True


def need_ratio(ctx: Context) -> NDArray[np.float64]:
    """Mean need of adults from known conditions over the national mean, per district."""
    world, values = ctx.world, ctx.values
    table = world.resident
    debt = world.gather("resident", slice(None), "household.problem_debt")
    limited = values["health.need_cognitive"] * (1 - values["wellbeing.self_reliance_level"])
    left = (
        (1 - values["health.need_psychiatric"] * table.psychiatric)
        * (1 - values["health.need_addiction"] * table.addiction)
        * (1 - limited * table.cognitive)
        * (1 - values["health.need_debt"] * debt)
    )
    adult = table.age >= ADULT_AGE
    need = world.by_district("resident", (1 - left) * adult)
    adults = world.by_district("resident", adult)
    mean = np.divide(need, adults, out=np.zeros_like(need), where=adults > 0)
    result: NDArray[np.float64] = mean / values["professionals.need_national"]
    return result


def divide(amounts: NDArray[np.float64], size: float) -> list[tuple[int, float, int]]:
    """Cut the fte of several districts into posts: whole ones first, then remainders joined into one week.

    Parameters
    ----------
    amounts
        Fte per district.
    size
        Usual size of a post.

    Returns
    -------
    list of (district, fte, person)
        ``person`` numbers the holders; one holder may have posts in several districts. The fte sum to
        ``amounts`` exactly, apart from rounding.
    """
    made: list[tuple[int, float, int]] = []
    person = 0
    rest: list[tuple[int, float]] = []
    for district, amount in enumerate(amounts.tolist()):
        whole = int(amount / size + _TINY)
        for _ in range(whole):
            made.append((district, size, person))
            person += 1
        rest.append((district, amount - whole * size))
    room = size
    for district, left in rest:
        remaining = left
        while remaining > _TINY:
            part = min(remaining, room)
            made.append((district, part, person))
            remaining -= part
            room -= part
            if room <= _TINY:
                person, room = person + 1, size
    return made


def _open(ctx: Context, base: NDArray[np.float64]) -> None:
    """Open all posts at once; a holder of several is known by the first of them."""
    size = ctx.values["professionals.post_size"]
    made: list[tuple[int, int, int, float, int]] = []
    for role in Profession:
        for employer in map(int, EMPLOYERS[role]):
            first: dict[int, int] = {}
            for district, fte, person in divide(base[role, employer], size):
                made.append((int(role), employer, district, fte, first.setdefault(person, len(made))))
    if made:
        role_, employer_, district_, fte_, first_ = map(np.array, zip(*made, strict=True))
        rows = posts.open_posts(ctx, (role_, employer_, district_), fte_)
        ctx.world.professional.person[rows] = rows[first_]


def _fill(ctx: Context) -> None:
    """Vacancies, sick leave and months in post of the stationary year."""
    table, values, draws = ctx.world.professional, ctx.values, ctx.draws
    rows = table.rows
    if rows.size == 0:
        return
    person = table.person[rows]
    leads = np.unique(person)
    uid = table.uid[leads]
    leaving = values["professionals.departure_rate"]
    vacancy = values["professionals.vacancy_months"]
    gap = leaving * vacancy / MONTHS_PER_YEAR
    start = float(draws.life("professionals.start_vacant", int(uid[0]), lane=1))
    vacant = bernoulli_balanced(
        np.full(leads.size, gap / (1 + gap)), draws.life("professionals.start_vacant", uid), start
    )
    sick = ~vacant & (draws.life("professionals.start_sick", uid) < values["professionals.sick_share"])
    longest = values["professionals.longest_in_post"]
    mean = MONTHS_PER_YEAR / leaving if leaving > 0 else longest
    in_post = -np.log1p(-draws.life("professionals.start_since", uid)) * mean
    since = ctx.month - np.minimum(in_post, longest).astype(np.int16)
    open_for = np.floor(draws.life("professionals.start_since", uid) * round(vacancy)).astype(np.int16)
    since = np.where(vacant, ctx.month - open_for, since)
    position = np.searchsorted(leads, person)
    table.vacant[rows] = vacant[position]
    table.sick[rows] = sick[position]
    table.since[rows] = since[position]
    _recruit(ctx, rows[vacant[position]])


def _recruit(ctx: Context, rows: Rows) -> None:
    table = ctx.world.professional
    due = np.maximum(table.since[rows] + round(ctx.values["professionals.vacancy_months"]), ctx.month)
    ctx.world.stores[posts.HIRES].push(due, row=rows, uid=table.uid[rows])
