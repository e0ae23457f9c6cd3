"""Sale of corporation dwellings that fall vacant (verkoop na mutatie): they go to the owner market as they are.

Which vacancies are sold belongs to the dwelling and its vacancy, so that more sale adds to what is sold anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.requests import Conversion
from wijksim.mechanisms.construction import costs, programme
from wijksim.mechanisms.construction.book import ACCEPTED, REFUSED, Book, by_owner
from wijksim.state.codes import Tenure, Works
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

SELL = "sell"


def sell(ctx: Context, book: Book, rows: Rows, vacancies: NDArray[np.uint64]) -> None:
    """Sell part of the fresh vacancies ``rows``: what current policy sells, and what levers ask for.

    ``vacancies`` are their identities.
    """
    asked = programme.asked(ctx, SELL) if ctx.effects.acts else ()
    if rows.size == 0 and not asked:
        return
    table, values = ctx.world.dwelling, ctx.values
    luck = ctx.draws.life("construction.sale", vacancies)
    usual = min(values["construction.sale_rate"] / values["housing.turnover_corporation"], 1.0)
    sold = luck < usual
    for lever, details in asked:
        if lever not in book.base:
            counted = table.alive & (table.owner == int(Tenure.CORPORATION))
            book.base[lever] = ctx.world.by_district("dwelling", counted)
            book.taken[lever] = np.zeros(ctx.world.n_districts)
        wanted = ~sold & (luck < usual + float(details["share"])) & details["districts"][table.district[rows]]
        sold |= _within(ctx, book, (lever, float(details["most"])), rows, wanted=wanted, luck=luck)
    rows = rows[sold]
    if rows.size:
        _convert(ctx, book, rows)


def _within(
    ctx: Context, book: Book, post: tuple[str, float], rows: Rows, *, wanted: NDArray[np.bool_],
    luck: NDArray[np.float64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Those of ``wanted`` that the owner agrees to sell: no more of its stock than agreed."""
    lever, most = post
    given = np.zeros(rows.size, dtype=bool)
    district = ctx.world.dwelling.district[rows]
    for place in np.unique(district[wanted]).tolist():
        left = max(int(most * book.base[lever][place] - book.taken[lever][place]), 0)
        here = (wanted & (district == place)).nonzero()[0]
        here = here[np.argsort(luck[here], kind="stable")]
        given[here[:left]] = True
        taken = min(left, here.size)
        book.taken[lever][place] += taken
        book.answer(lever, ACCEPTED, taken)
        book.answer(lever, REFUSED, here.size - taken)
    return given


def _convert(ctx: Context, book: Book, rows: Rows) -> None:
    table = ctx.world.dwelling
    table.works[rows] = Works.SALE
    book.done.append(rows)
    book.stock.spend(by_owner(ctx.world, rows))
    owner = np.full(rows.size, int(Tenure.OWNER), dtype=np.int8)
    book.stock.receive(np.bincount(owner, minlength=len(Tenure)).astype(np.float64))
    costs.book(ctx, costs.SALE, rows, costs.value_of(ctx, rows))
    ctx.requests.convert(Conversion(rows, {"owner": owner, "rent": np.zeros(rows.size, dtype=np.float32)}))
    ctx.log.record("sold", dwelling=rows, district=table.district[rows])
