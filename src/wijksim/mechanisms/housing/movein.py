"""Substep 5: turn outcomes into transition requests and write the lettings of the month.

The category of a letting (status holder among them) is written in the letting table alone, which lasts a month. The
household that moves in does not carry it, and the row in the queue goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.requests import Arrival, Founding
from wijksim.mechanisms.housing import seeker_loops
from wijksim.mechanisms.housing.allocate import Outcome
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.mechanisms.housing.desk import ledger_of
from wijksim.mechanisms.housing.leave import followers, leave_with_children
from wijksim.mechanisms.housing.market import equity, mortgage_payment
from wijksim.state.codes import Fate, SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


_POOLS = tuple(category.name.lower() for category in SeekerCategory)


def clear_lettings(ctx: Context) -> None:
    """Forget last month's lettings."""
    table = ctx.world.letting
    if table.rows.size:
        table.release(table.rows)


@dataclass
class Homes:
    """Moves within the districts found this month, in parallel lists: requested together when all markets are done."""

    households: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    residents: list[int] = field(default_factory=list)
    started: list[int] = field(default_factory=list)

    def add(self, rows: Rows, dwellings: Rows, whole: NDArray[np.bool_]) -> None:
        """Note moves of households, where ``whole``, and of residents."""
        self.households += rows[whole].tolist()
        self.taken += dwellings[whole].tolist()
        self.residents += rows[~whole].tolist()
        self.started += dwellings[~whole].tolist()

    def settle(self, ctx: Context) -> None:
        """Request the moves."""
        if self.households:
            relocate(ctx, np.array(self.households, dtype=np.int32), np.array(self.taken, dtype=np.int32))
        if self.residents:
            found(ctx, np.array(self.residents, dtype=np.int32), np.array(self.started, dtype=np.int32))


def move_in(ctx: Context, outcome: Outcome, homes: Homes) -> None:
    """Write the corporation lettings of a month, request the arrivals and note who moves within the districts."""
    table = ctx.world.seeker
    seekers, dwellings = outcome.seekers, outcome.dwellings
    if seekers.size == 0:
        return
    _write_lettings(ctx, outcome)
    kind = table.kind.take(seekers)
    new = (kind == int(SeekerKind.NEWCOMER)).nonzero()[0]
    if new.size:
        _request_arrivals(ctx, seekers.take(new), dwellings.take(new))
    if new.size == seekers.size:
        return
    own, people = kind == int(SeekerKind.HOUSEHOLD), kind == int(SeekerKind.RESIDENT)
    homes.households += table.household[seekers[own]].tolist()
    homes.taken += dwellings[own].tolist()
    homes.residents += table.resident[seekers[people]].tolist()
    homes.started += dwellings[people].tolist()


def _request_arrivals(ctx: Context, seekers: Rows, dwellings: Rows) -> None:
    """Request the arrival of newcomers, channel by channel."""
    table = ctx.world.seeker
    record, uids = (
        table.record.take(seekers).astype(np.int64),
        derive_uid("household of seeker", table.uid.take(seekers)),
    )
    ways = table.channel.take(seekers).tolist()
    for one in sorted(set(ways)):
        new = [i for i, way in enumerate(ways) if way == one]
        ctx.requests.arrive(Arrival(dwellings[new], _POOLS[one], record[new], uids[new]))


def relocate(ctx: Context, households: Rows, dwellings: Rows) -> None:
    """Households of the districts move to another dwelling in the districts."""
    table, dwelling = ctx.world.household, ctx.world.dwelling
    price = dwelling.value[dwellings] * 1000.0
    payment = mortgage_payment(ctx, price, equity(ctx, households), table.income[households])
    table.mortgage[households] = np.where(dwelling.owner[dwellings] == int(Tenure.OWNER), payment, 0)
    table.move_wish[households] = False
    table.sought[households] = -1
    ctx.requests.relocate(households, dwellings)


def found(ctx: Context, residents: Rows, dwellings: Rows) -> None:
    """Residents who leave home or part start a household of their own."""
    uids = derive_uid("founded", ctx.world.resident.uid[residents], ctx.month)
    ctx.requests.found(Founding(residents, dwellings, uids, followers(ctx, residents)))


def to_rest(ctx: Context, housed: Rows) -> None:
    """Enter seekers housed in the rest in its ledger; those of the districts leave."""
    if housed.size == 0:
        return
    table, ledger = ctx.world.seeker, ledger_of(ctx)
    ledger.house(Tenure.CORPORATION, table.category[housed], table.fifth[housed], table.support[housed])
    kind = table.kind[housed]
    ledger.from_districts[Tenure.CORPORATION] += np.count_nonzero(kind != int(SeekerKind.NEWCOMER))
    ctx.requests.depart(table.household[housed[kind == int(SeekerKind.HOUSEHOLD)]], Fate.REST_OF_CITY)
    leave_with_children(ctx, table.resident[housed[kind == int(SeekerKind.RESIDENT)]], Fate.REST_OF_CITY)


def _write_lettings(ctx: Context, outcome: Outcome) -> None:
    world, seekers, dwellings = ctx.world, outcome.seekers, outcome.dwellings
    dwelling, table, seeker = world.dwelling, world.letting, world.seeker
    rows = table.add(derive_uid("letting", dwelling.uid[dwellings], dwelling.occupancies[dwellings]))
    # fmt: off
    seeker_loops.write_lettings(
        rows, ctx.month,
        (dwellings, seekers, outcome.categories, outcome.offers, outcome.refusals, outcome.steered),
        (dwelling.entrance, dwelling.complex, dwelling.district, dwelling.vacant_since),
        (seeker.kind, seeker.registered, seeker.support, seeker.persons),
        (table.dwelling, table.entrance, table.complex, table.district),
        (table.category, table.kind, table.offers, table.refusals),
        (table.waited, table.vacant, table.support, table.persons, table.steered),
    )
    # fmt: on


def arrive_from_outside(
    ctx: Context, arrivals: list[tuple[str, Rows, NDArray[np.int64], NDArray[np.uint64]]]
) -> None:
    """Request the arrivals on the owner and private market; identities follow from dwelling and vacancy."""
    for pool, dwellings, records, uids in arrivals:
        ctx.requests.arrive(Arrival(dwellings, pool, records, uids))
