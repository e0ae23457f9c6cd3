"""Which dwellings are taken in hand: what levers ask for, and the small flow of current policy.

A lever names districts and the part of their corporation dwellings that should have been taken in hand by now; the
owner takes the places with the poorest dwellings first. A place is an entrance or a whole complex. The answer is
accepted (a project starts), delayed (no money this year) or refused (no permit, no such dwellings left). Owners of
other dwellings pay themselves what the state does not, so that no money of the corporation is needed for theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.construction import costs, loops, ranking
from wijksim.mechanisms.construction.book import (
    ACCEPTED,
    DELAYED,
    OWNER,
    REFUSED,
    Act,
    Book,
    Floats,
    Project,
    Terms,
)
from wijksim.mechanisms.construction.survey import Survey
from wijksim.state.codes import Tenure, Works
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ACTS: dict[str, Act] = {
    "demolish_and_replace": Act.REPLACE,
    "renovate": Act.RENOVATE,
    "improve_private": Act.IMPROVE,
}
_TERMS = (
    "private_share", "growth", "subsidy", "dearer", "depth", "delay", "form", "rooms", "rent", "works_ratio",
)  # fmt: skip


@dataclass
class Places:
    """Entrances or complexes that may be taken in hand, poorest dwellings first; parallel arrays.

    Attributes
    ----------
    rows
        Row in the table of the places.
    uid
        Identity of each.
    district
        Where it is.
    counted
        Dwellings in it that count: of the corporation, or of others where these are what is asked for.
    """

    rows: Rows
    uid: NDArray[np.uint64]
    district: NDArray[np.int32]
    counted: Floats


def open_dwellings(ctx: Context, act: Act, complexes: tuple[int, ...] = ()) -> NDArray[np.bool_]:
    """Dwellings with which nothing has been done and nothing is planned, shape ``(dwellings,)``."""
    table = ctx.world.dwelling
    free = table.alive & (table.works == Works.NONE.value) & ~table.replaced
    if act in (Act.RENOVATE, Act.IMPROVE):
        free &= ~table.renovated & ((table.owner == int(Tenure.CORPORATION)) == (act == Act.RENOVATE))
    if complexes:
        free &= np.isin(table.complex, complexes)
    return np.asarray(free)


def places(
    ctx: Context, act: Act, unit: str, complexes: tuple[int, ...] = (), *, kind: str = ranking.ANY,
    social: float = 0.0,
) -> Places:  # fmt: skip
    """Places that may be taken in hand.

    For demolition every dwelling of the place must be free and the corporation must own most of them; what others own
    is bought. Renovation takes the corporation's own dwellings, or with a grant those of others. ``kind`` of building
    and weight of ``social`` return are those of :mod:`wijksim.mechanisms.construction.ranking`.
    """
    rows, quality, count = fitting(ctx, act, unit, complexes, kind=kind)
    first = ranking.first(ctx, unit, rows, quality, social=social)
    rows, holder = rows[first], ctx.world.tables[unit]
    return Places(rows, holder.uid[rows], holder["district"][rows], count[first].astype(np.float64))


def fitting(
    ctx: Context, act: Act, unit: str, complexes: tuple[int, ...] = (), *, kind: str = ranking.ANY
) -> tuple[Rows, Floats, NDArray[np.int64]]:
    """Rows of the :func:`places` by row, mean quality of the free dwellings in each, and dwellings that count."""
    dwelling, size = ctx.world.dwelling, ctx.world.tables[unit].size
    free = open_dwellings(ctx, act, complexes)
    of_corporation = dwelling.owner == Tenure.CORPORATION.value
    place, quality = dwelling[unit], dwelling.quality
    open_, count = np.empty((2, size), np.int64)
    worth, unused = np.empty((2, size))
    loops.tally(place, free, quality, open_, worth)
    loops.tally(place, free if act == Act.IMPROVE else free & of_corporation, quality, count, unused)
    if act == Act.REPLACE:
        standing, fits = np.empty(size, np.int64), np.empty(size, np.bool_)
        loops.tally(place, dwelling.alive, quality, standing, unused)
        loops.replaceable(open_, count, standing, ctx.values["construction.corporation_majority"], fits)
    else:
        fits = count > 0
    if kind != ranking.ANY:
        fits &= ranking.of_kind(ctx, unit, kind)
    rows = fits.nonzero()[0].astype(np.int32)
    return rows, worth[rows] / open_[rows], count[rows]


def asked(ctx: Context, act: str) -> list[tuple[str, dict[str, Any]]]:
    """What levers ask of corporations this month, in the order of their names."""
    if not ctx.effects.acts:
        return []
    found = [
        (lever, details) for lever, owner, name, details in ctx.effects.acts if (owner, name) == (OWNER, act)
    ]
    return sorted(found, key=lambda post: post[0])


def _saving(ctx: Context) -> tuple[float, float, float]:
    """The corporations' part of the rest of the city, investment per dwelling a year, and years it is kept."""
    values, each = ctx.values, price_of(ctx, "construction.investment")
    return values["housing.rest_corporation"], each, values["construction.saving_years"]


_SAVING = KeptTerms(_saving)


def save_money(ctx: Context, book: Book, seen: Survey) -> None:
    """A month of investment for the corporations of the city; what is not spent is kept for a few years at most."""
    part, each, years = _SAVING(ctx)
    rest = float(ctx.settings.get("rest", 0.0)) * seen.homes * part
    yearly = (seen.of_corporation + rest) * each
    book.money = min(book.money + yearly / MONTHS_PER_YEAR, yearly * years)


def answer(ctx: Context, book: Book) -> None:
    """Start what levers ask for, as far as permits and money go."""
    for word, act in ACTS.items():
        for lever, details in asked(ctx, word):
            _programme(ctx, book, act, (lever, details))


def terms_of(lever: str, details: dict[str, Any]) -> Terms:
    """Terms that a lever asks for; what it leaves out is as usual."""
    given = {name: details[name] for name in _TERMS if name in details}
    return Terms(lever, details.get("owner_share"), **given)


def _programme(ctx: Context, book: Book, act: Act, post: tuple[str, dict[str, Any]]) -> None:
    lever, details = post
    complexes = tuple(details.get("complexes", ()))
    unit = str(details.get("unit", "complex"))
    kind, social = str(details.get("kind", ranking.ANY)), float(details.get("social", 0.0))
    found = places(ctx, act, unit, complexes, kind=kind, social=social)
    # one lever may ask for both kinds of renovation: each has a count of its own
    name = f"{lever}, other owners" if act == Act.IMPROVE else lever
    if name not in book.base:
        book.base[name] = _stock(ctx, complexes, corporation=act != Act.IMPROVE) * details["districts"]
        book.taken[name] = np.zeros(ctx.world.n_districts)
    wanted = book.base[name] * float(details["share"])
    taken = book.taken[name]
    terms = terms_of(lever, details)
    for district in np.flatnonzero(details["districts"]).tolist():
        for i in (found.district == district).nonzero()[0].tolist():
            count = float(found.counted[i])
            # half a place more or less: the nearest one can come to the part asked for
            if taken[district] + count / 2 > wanted[district]:
                break
            given = _ask(ctx, book, act, (unit, int(found.rows[i]), found.uid[i]), terms=terms)
            if given:
                book.answer(lever, given, count)
            if given == DELAYED:
                break
            if given == ACCEPTED:
                taken[district] += count


def permitted(ctx: Context, book: Book, act: Act, place: tuple[str, int, np.uint64]) -> bool:
    """Tell whether works are allowed in a place; a refusal is remembered."""
    unit, row, uid = place
    if ctx.draws.life("construction.permit", np.array([uid]))[0] >= ctx.values["construction.permit_refused"]:
        return True
    book.refused.add((int(act), unit, row))
    return False


def _ask(ctx: Context, book: Book, act: Act, place: tuple[str, int, np.uint64], *, terms: Terms) -> str:
    """Start a project in a place if there is a permit and money; the answer, empty if refused before."""
    unit, row, _ = place
    if (int(act), unit, row) in book.refused:
        return ""
    if not permitted(ctx, book, act, place):
        return REFUSED
    rows = ((ctx.world.dwelling[unit] == row) & open_dwellings(ctx, act)).nonzero()[0].astype(np.int32)
    if book.money <= 0 and act != Act.IMPROVE:
        return DELAYED
    # a place is begun as soon as there is money at all, and what it asks beyond that is borrowed from coming years
    book.money -= costs.estimate(ctx, act, rows, terms)
    plan(ctx, book, Project(act, rows, terms, started=ctx.month))
    return ACCEPTED


def plan(ctx: Context, book: Book, project: Project) -> None:
    """Ask for a permit; people live on and dwellings are let as before."""
    ctx.world.dwelling.works[project.dwellings] = Works.PLANNED
    book.start(project, ctx.month + project.terms.delay + int(ctx.values["construction.permit_months"]))


def current_policy(ctx: Context, book: Book, entrances: Rows) -> None:
    """Entrances that are demolished under current policy: replaced like for like, out of the ordinary budget."""
    table = ctx.world.dwelling
    for row in entrances.tolist():
        rows = (table.alive & (table.entrance == row)).nonzero()[0].astype(np.int32)
        plan(ctx, book, Project(Act.REPLACE, rows, Terms(), started=ctx.month))


def _stock(ctx: Context, complexes: tuple[int, ...], *, corporation: bool) -> Floats:
    """Dwellings of the corporation, or of others, per district, in some complexes or all."""
    table = ctx.world.dwelling
    counted = table.alive & ((table.owner == int(Tenure.CORPORATION)) == corporation)
    if complexes:
        counted &= np.isin(table.complex, complexes)
    return ctx.world.by_district("dwelling", counted)
