"""Sale, demolition, replacement and renovation of dwellings.

Current policy has small flows: 0.28 % of corporation dwellings a year is pulled down and rebuilt, 0.13 % sold (H704);
renovation beyond upkeep, with or without grants for other owners, comes with levers only. Dwellings are rebuilt on the
spot, in the rows they had; a lever may ask for more than stood there (``growth``), or for dwellings beside what stays,
which come behind the same entrances. Rooms and kind stay, quality, owner, rent, value and energy label are new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.kernel.account import Account
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.mechanisms.construction import additions, costs, programme, sale, survey, works
from wijksim.mechanisms.construction.book import BOOK, OWNER, Book, book_of
from wijksim.mechanisms.construction.columns import COLUMNS
from wijksim.state.codes import Tenure, Works

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_STOCK = "standing dwellings by owner"
_TOLERANCE = float(np.finfo(np.float32).eps)


@MECHANISMS.register
class Construction(Mechanism):
    """What owners do to their dwellings, with the months that permits, rehousing and building take.

    Notes
    -----
    Levers ask the owner ``corporation`` for ``demolish_and_replace`` or ``renovate`` with ``districts`` (mask),
    ``share`` (part of the corporation dwellings that should have been taken in hand by now), ``unit`` (``complex`` or
    ``entrance``), ``complexes`` (rows, all if empty), ``owner_share``, ``private_share`` and ``growth`` of what is
    rebuilt and ``subsidy`` (euros per dwelling); or for ``sell`` with ``districts``, ``share`` (of vacancies) and
    ``most`` (of the stock). Dwellings are an account per owner that is closed every month.

    ``improve_private`` is ``renovate`` for dwellings of others. ``add`` takes ``share`` of all dwellings and
    ``density`` (added per dwelling of a complex) or ``each`` (added to each complex), ``flats`` (only beside flats) and
    the terms of what is built;
    ``build_elsewhere`` takes ``dwellings``, whole city, by now. Further terms: ``kind`` (``any`` or ``walk_up``),
    ``social`` (weight of social return), ``depth`` of renovation, ``delay``, ``dearer``, ``form``, ``rooms``,
    ``rent`` and ``works_ratio`` (see :class:`~wijksim.mechanisms.construction.book.Terms`).
    """

    name = "construction"
    channels = (
        "corporation.demolish_and_replace", "corporation.renovate", "corporation.improve_private", "corporation.sell",
        "corporation.add", "corporation.build_elsewhere",
    )  # fmt: skip
    owns = COLUMNS
    reads = ("household.energy_poor", "entrance.disorder")
    lagged = ("dwelling.quality", "dwelling.value", "dwelling.on_market")
    costs = costs.ITEMS

    demolition = Event(
        "construction.demolition",
        table="entrance",
        base="construction.demolition_rate",
        influences=(Influence("entrance.quality", "construction.demolition_quality"),),
        doc="A corporation decides to pull down and replace an entrance under current policy (sloop-nieuwbouw)",
    )

    def setup(self, ctx: Context) -> None:
        """Open the account of dwellings; a year of investment has been saved."""
        seen = survey.look(ctx, Account(_STOCK, np.zeros(len(Tenure))))
        book = Book(Account(_STOCK, seen.by_owner))
        ctx.world.stores[BOOK] = book
        for _ in range(int(ctx.values["construction.money_months"])):
            programme.save_money(ctx, book, seen)

    def step(self, ctx: Context) -> None:
        """Do one month; dwellings are looked at again where something was done to them."""
        book = book_of(ctx)
        if book.done:
            works.finish(ctx, book)
        seen = survey.look(ctx, book.stock)
        if seen.moved:
            book.stock.close(seen.by_owner, _TOLERANCE)
        programme.save_money(ctx, book, seen)
        if ctx.effects.acts and any(owner == OWNER for _, owner, _, _ in ctx.effects.acts):
            programme.answer(ctx, book)
            additions.answer(ctx, book)
            seen = survey.look(ctx, book.stock)
        begun = self.demolition.draw(ctx, seen.entrances)
        if begun.size:
            programme.current_policy(ctx, book, begun)
        moved = works.advance(ctx, book)
        if moved or begun.size:
            seen = survey.look(ctx, book.stock)
        sale.sell(ctx, book, seen.fresh, seen.vacancies)
        costs.upkeep(ctx, seen.upkeep)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Projects on their way, dwellings in works, and what owners answered to levers, in dwellings."""
        book, dwelling = book_of(ctx), ctx.world.dwelling
        now = np.bincount(dwelling.works[dwelling.alive], minlength=len(Works))
        return {
            "construction.projects": len(book.projects),
            "construction.dwellings_in_works": {
                code.name.lower(): int(now[code]) for code in Works if code != Works.NONE
            },
            "construction.answers": {name: dict(given) for name, given in sorted(book.answers.items())},
        }
