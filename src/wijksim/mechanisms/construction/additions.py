"""Dwellings built beside what stands there, or elsewhere in the city: nobody has to leave, and it takes years.

``permit -> built``. Places are complexes, in an order of their own that no policy changes; each gets so many dwellings
per dwelling that it has. The kernel knows no new entrances: what is added stands behind those that are there. Dwellings
in the rest of the city go into its ledger, which housing keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.requests import Addition
from wijksim.mechanisms.construction import costs, programme
from wijksim.mechanisms.construction.book import (
    ACCEPTED,
    DELAYED,
    REFUSED,
    Act,
    Book,
    Project,
    Stage,
    Terms,
)
from wijksim.state.codes import DwellingKind, Tenure, Works
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

BESIDE, OUTSIDE = "add", "build_elsewhere"


def answer(ctx: Context, book: Book) -> None:
    """Start what levers ask for, as far as permits, places and money go."""
    for lever, details in programme.asked(ctx, BESIDE):
        _beside(ctx, book, lever, details)
    for lever, details in programme.asked(ctx, OUTSIDE):
        _elsewhere(ctx, book, lever, details)


def _beside(ctx: Context, book: Book, lever: str, details: dict[str, Any]) -> None:
    world = ctx.world
    here = np.asarray(details["districts"])
    if lever not in book.base:
        book.base[lever] = world.by_district("dwelling", world.dwelling.alive) * here
        book.taken[lever] = np.zeros(world.n_districts)
    wanted, taken = book.base[lever] * float(details["share"]), book.taken[lever]
    if not np.any(wanted > taken):
        return
    order = _sites(ctx, tuple(details.get("complexes", ())), flats=bool(details.get("flats", False)))
    terms = programme.terms_of(lever, details)
    for district in np.flatnonzero(here).tolist():
        for row in order[world.complex.district[order] == district].tolist():
            each = details.get("each", float(details.get("density", 0)) * int(world.complex.dwellings[row]))
            count = max(round(each), 1)
            # half a place more or less: the nearest one can come to the part asked for
            if taken[district] + count / 2 > wanted[district]:
                break
            given = _ask(ctx, book, row, count, terms=terms)
            if given:
                book.answer(lever, given, count)
            if given == DELAYED:
                break
            if given == ACCEPTED:
                taken[district] += count


def _sites(ctx: Context, complexes: tuple[int, ...], *, flats: bool) -> Rows:
    """Complexes where nobody has to leave at present, in an order of their own."""
    world = ctx.world
    dwelling, table = world.dwelling, world.complex
    rows = dwelling.rows
    busy = dwelling.complex[rows[dwelling.works[rows] >= Works.REHOUSING.value]]
    free = table.alive & (table.dwellings > 0)
    free[busy] = False
    if flats:
        free[dwelling.complex[rows[dwelling.kind[rows] != int(DwellingKind.FLAT)]]] = False
    if complexes:
        free &= np.isin(np.arange(table.size), complexes)
    found = free.nonzero()[0].astype(np.int32)
    return found[np.argsort(ctx.draws.life("construction.site", table.uid[found]), kind="stable")]


def _ask(ctx: Context, book: Book, row: int, count: int, *, terms: Terms) -> str:
    """Start building beside a complex if that is allowed and there is money; the answer, empty if asked before."""
    if (terms.by, row) in book.sites or (int(Act.ADD), "complex", row) in book.refused:
        return ""
    if not programme.permitted(ctx, book, Act.ADD, ("complex", row, ctx.world.complex.uid[row])):
        return REFUSED
    table = ctx.world.dwelling
    rows = (table.alive & (table.complex == row)).nonzero()[0].astype(np.int32)
    # evenly over the complex
    places = rows[np.arange(count) * rows.size // count]
    price = costs.estimate(ctx, Act.ADD, places, terms)
    if price > 0 and book.money <= 0:
        return DELAYED
    book.money -= price
    book.sites.add((terms.by, row))
    _start(ctx, book, Project(Act.ADD, places, terms, started=ctx.month))
    return ACCEPTED


def _start(ctx: Context, book: Book, project: Project) -> None:
    book.start(project, ctx.month + project.terms.delay + int(ctx.values["construction.permit_months"]))


def _elsewhere(ctx: Context, book: Book, lever: str, details: dict[str, Any]) -> None:
    """Whole dwellings for the rest of the city, the rest of the number waits for next month."""
    here = np.asarray(details["districts"])
    residents = ctx.world.by_district("resident") * here
    total = float(residents.sum())
    taken = book.taken.setdefault(lever, np.zeros(1))
    count = float(np.floor(float(details["dwellings"]) - taken[0]))
    if count < 1 or total <= 0:
        return
    terms = programme.terms_of(lever, details)
    terms.number, terms.paid_by = count, residents / total
    if book.money <= 0:
        book.answer(lever, DELAYED, count)
        return
    book.money -= costs.estimate(ctx, Act.ELSEWHERE, np.empty(0, dtype=np.int32), terms)
    taken[0] += count
    book.answer(lever, ACCEPTED, count)
    _start(ctx, book, Project(Act.ELSEWHERE, np.empty(0, dtype=np.int32), terms, started=ctx.month))


def begin(ctx: Context, project: Project, owners: NDArray[np.int8]) -> None:
    """Contracts are signed, builders begin; what stands there is lived in as before."""
    project.stage = Stage.BUILDING
    if project.act == Act.ELSEWHERE:
        costs.elsewhere(ctx, project.terms)
        return
    costs.build(ctx, project.dwellings, owners, ratio=project.terms.works_ratio)
    social = project.dwellings[owners == int(Tenure.CORPORATION)]
    costs.book(ctx, costs.SUBSIDY, social, project.terms.subsidy)


def deliver(
    ctx: Context, book: Book, places: Rows, uids: NDArray[np.uint64], *, columns: dict[str, NDArray[Any]]
) -> None:
    """Hand over dwellings that are more than stood there (verdichting); the lifecycle makes them this month."""
    if places.size == 0:
        return
    receive(book, columns["owner"])
    columns |= {
        "replaced": np.ones(places.size, dtype=bool),
        "energy_label": np.full(places.size, ctx.values["construction.new_label"], dtype=np.int8),
        # before the month in which it is vacant: housing has not looked at it yet
        "on_market": np.full(places.size, ctx.month - 1, dtype=np.int16),
    }
    ctx.requests.add(Addition(places, uids, columns))
    ctx.log.record("added", dwelling=places, district=ctx.world.dwelling.district[places])


def ready_elsewhere(ctx: Context, terms: Terms) -> None:
    """Hand over dwellings of the corporation in the rest of the city."""
    ctx.requests.build_outside(int(Tenure.CORPORATION), terms.number)


def receive(book: Book, owners: NDArray[np.int8]) -> None:
    """Enter new dwellings in the account."""
    book.stock.receive(np.bincount(owners, minlength=len(Tenure)).astype(np.float64))
