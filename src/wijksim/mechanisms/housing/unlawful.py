"""Unlawfully used corporation dwellings (woonfraude): sublet, left to others or used for something else.

Whether a letting is unlawful is settled by one draw for each letting, kept nowhere and known to nobody: it changes
nothing in the model until a lever has it looked into. So a world without that lever is bit for bit as it was. Where
somebody behind the door causes nuisance or offends as a habit, an unlawful letting is more likely, by a ratio that is
assumed. A lever says how many unlawful lettings can be ended in each district this month; which ones is luck. Who lived
there moves to a private dwelling elsewhere in the city, as vacancies there allow, and the dwelling is let by the rules.
Households and trouble move on with them: they do not disappear, they leave the district.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.mechanisms.housing.desk import ledger_of
from wijksim.state.codes import Fate, SeekerCategory, Tenure, Works
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

REQUEST = "end_unlawful"
ACTIVE = 2  # value of resident.crime_stage: offends as a habit


def end_lettings(ctx: Context, needy: NDArray[np.bool_]) -> bool:
    """End as many unlawful lettings as levers have found, and move those who live there; tell whether any was ended."""
    posts = [details for _, owner, act, details in ctx.effects.acts if (owner, act) == ("housing", REQUEST)]
    if not posts:
        return False
    found = np.sum([np.asarray(details["finds"], dtype=np.float64) for details in posts], axis=0)
    homes = _found(ctx, lettings(ctx), found)
    homes = homes[: ledger_of(ctx).room(Tenure.PRIVATE)]
    if homes.size:
        _move(ctx, homes, needy)
    return homes.size > 0


def lettings(ctx: Context) -> Rows:
    """Households in corporation dwellings that are let unlawfully now."""
    world, values = ctx.world, ctx.values
    dwelling = world.dwelling
    let = dwelling.alive & (dwelling.owner == int(Tenure.CORPORATION)) & (dwelling.household >= 0)
    if "works" in dwelling:
        let &= dwelling["works"] < Works.SALE.value
    rows = let.nonzero()[0].astype(np.int32)
    homes = dwelling.household[rows]
    share = np.full(rows.size, values["housing.unlawful_share"])
    share[_trouble(ctx)[homes]] *= values["housing.unlawful_trouble"]
    luck = ctx.draws.life(
        "housing.unlawful", derive_uid("letting looked into", dwelling.uid[rows], dwelling.occupancies[rows])
    )
    return np.asarray(homes[luck < share])


def _trouble(ctx: Context) -> NDArray[np.bool_]:
    """Households with a member who causes nuisance or offends as a habit, shape ``(households,)``."""
    resident = ctx.world.resident
    member = resident.alive & (resident.nuisance_source | (resident.crime_stage == ACTIVE))
    result = np.zeros(ctx.world.household.size, dtype=bool)
    result[resident.household[member]] = True
    return result


def _found(ctx: Context, homes: Rows, number: NDArray[np.float64]) -> Rows:
    """Those of ``homes`` that are found out: ``number`` are expected per district, each as likely as the other."""
    household = ctx.world.household
    district = household.district[homes]
    there = np.bincount(district, minlength=number.size)
    chance = np.divide(number, there, out=np.zeros(number.size), where=there > 0)[district]
    luck = ctx.draws.uniform("housing.unlawful_found", household.uid[homes], ctx.month)
    return np.asarray(homes[luck < chance])


def _move(ctx: Context, homes: Rows, needy: NDArray[np.bool_]) -> None:
    household, ledger = ctx.world.household, ledger_of(ctx)
    category = np.full(homes.size, SeekerCategory.REGULAR, np.int8)
    ledger.house(Tenure.PRIVATE, category, household.income_fifth[homes], needy[homes])
    ledger.from_districts[Tenure.PRIVATE] += homes.size
    household.move_wish[homes] = False
    household.sought[homes] = -1
    ctx.log.record("unlawful", household=household.uid[homes], district=household.district[homes].copy())
    ctx.requests.depart(homes, Fate.REST_OF_CITY)
