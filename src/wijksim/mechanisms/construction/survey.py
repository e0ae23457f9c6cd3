"""What a month of construction needs to know of all dwellings, in one look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.uids import namespace_key
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.account import Account
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.construction import loops
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]

_TENURES = len(Tenure)
_VACATED = namespace_key("vacated")


@dataclass(slots=True)
class Survey:
    """What was seen.

    Attributes
    ----------
    by_owner
        Standing dwellings by owner.
    homes, of_corporation
        Dwellings, and those of the corporation, building sites among them.
    entrances
        Entrances that may be pulled down.
    fresh, vacancies
        Corporation dwellings that fell vacant since housing last looked, and with which nothing is planned; and the
        identities of these vacancies.
    upkeep
        Euros of upkeep by district this month.
    moved
        Whether the account of standing dwellings has to be closed: without any change it stays as it is.
    """

    by_owner: Floats
    homes: int
    of_corporation: int
    entrances: Rows
    fresh: Rows
    vacancies: Uids
    upkeep: Floats
    moved: bool


# columns in the order in which the pass asks for them
_DWELLINGS = attrgetter(
    "alive", "owner", "works", "replaced", "entrance", "district", "quality", "household", "on_market", "vacant_since",
    "uid", "occupancies",
)  # fmt: skip


def _terms(ctx: Context) -> tuple[tuple[float, float], float]:
    """Upkeep of a dwelling that stood here already and of a new one, a month, and what makes a majority."""
    price = price_of(ctx, "construction.upkeep") / MONTHS_PER_YEAR
    new = ctx.values["construction.upkeep_new"] * price
    return (price, new), ctx.values["construction.corporation_majority"]


_TERMS = KeptTerms(_terms)


def look(ctx: Context, stock: Account) -> Survey:
    """Look at all dwellings, and write the mean quality behind each entrance.

    Upkeep is that of every standing corporation dwelling; a new one asks less (HOU-05). ``stock`` is the account of
    standing dwellings.
    """
    world, table = ctx.world, ctx.world.dwelling
    by_owner, upkeep = np.empty(_TENURES), np.empty(world.n_districts)
    entrances, fresh, vacancies = _room(world.entrance.size, table.size)
    homes, own, count, many, moved = loops.survey(
        _DWELLINGS(table), *_TERMS(ctx), _VACATED, (stock.opening, stock.inflow, stock.outflow), by_owner,
        world.entrance.quality, upkeep, fresh, vacancies, entrances,
    )  # fmt: skip
    return Survey(by_owner, homes, own, entrances[:many], fresh[:count], vacancies[:count], upkeep, moved)


@lru_cache(maxsize=2)
def _room(entrances: int, dwellings: int) -> tuple[Rows, Rows, Uids]:
    """Room for entrances, and for vacancies and their identities: nobody keeps what is in it after a month."""
    return np.empty(entrances, np.int32), np.empty(dwellings, np.int32), np.empty(dwellings, np.uint64)
