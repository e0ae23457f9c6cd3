"""Substep 2: which vacant dwellings are on the market.

Between leaving and letting lie the months of the tenure; a part of the vacated dwellings is withheld longer (works,
sale, probate). That part follows from turnover and the vacancy found, so that the start vacancy is stationary.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.housing import vacancy_loops
from wijksim.mechanisms.housing.rest import by_tenure, names_by_tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


_NUMBERS = itemgetter(
    *(name for kind in ("vacancy", "turnover", "vacancy_months") for name in names_by_tenure(kind)),
    "housing.withheld_months",
)
_LISTS = len(("vacant", "for youths", "social", "others"))
_NOTHING = np.empty(0, np.int8)  # a world in which nobody builds


def withheld_share(ctx: Context) -> NDArray[np.float64]:
    """Chance per tenure that a vacated dwelling is withheld, shape ``(n_tenures,)``.

    With turnover ``t`` a year and vacancy ``v`` a dwelling is vacant ``12 v / (t (1 - v))`` months on average.
    """
    return _withheld(_NUMBERS(ctx.values))[0]


@lru_cache(maxsize=2**4)
def _withheld(numbers: tuple[float, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share withheld and ordinary months for the parameters at hand; they hardly ever change in a run."""
    vacancy, turnover, ordinary = np.array(numbers[:-1]).reshape(3, -1)
    mean = MONTHS_PER_YEAR * np.divide(
        vacancy, turnover * (1 - vacancy), out=np.zeros(vacancy.size), where=turnover > 0
    )
    share = (mean - ordinary) / numbers[-1]
    return np.minimum(np.maximum(share, 0), 1), ordinary


def set_on_market(ctx: Context, rows: Rows) -> None:
    """Decide for newly vacant dwellings when they come on the market; luck belongs to the dwelling and its vacancy."""
    dwelling, values = ctx.world.dwelling, ctx.values
    key = derive_uid("vacated", dwelling.uid.take(rows), dwelling.occupancies.take(rows))
    spell = np.log1p(-ctx.draws.life("housing.withheld", key, lane=1))
    vacancy_loops.decide(
        rows, dwelling.owner, ctx.draws.life("housing.withheld", key), -spell * values["housing.withheld_months"],
        *_withheld(_NUMBERS(values)), dwelling.vacant_since, dwelling.on_market,
    )  # fmt: skip


def vacancies(ctx: Context) -> tuple[Rows, Rows, Rows]:
    """Dwellings that are let or sold this month; not those that wait for demolition, a sale or the builders.

    Returns
    -------
    Rows, Rows, Rows
        Those made for youths, others of the corporation, and the rest.
    """
    dwelling = ctx.world.dwelling
    works, form = (dwelling["works"], dwelling["form"]) if "works" in dwelling else (_NOTHING, _NOTHING)
    vacant, young, social, others = np.empty((_LISTS, dwelling.size), np.int32)
    # fmt: off
    count, undecided = vacancy_loops.fresh(  # nobody stands in the other lists yet
        dwelling.alive, dwelling.household, works, dwelling.on_market, dwelling.vacant_since, (vacant, young)
    )
    # fmt: on
    if undecided:
        set_on_market(ctx, young[:undecided])
    many = vacancy_loops.offered(
        vacant[:count], dwelling.on_market, ctx.month, form, dwelling.owner, (young, social, others)
    )
    return young[: many[0]], social[: many[1]], others[: many[2]]


def start_vacancies(ctx: Context) -> None:
    """Spread the vacancies of a new world over their stationary durations."""
    dwelling = ctx.world.dwelling
    dwelling.on_market[:] = ctx.month - 1
    rows = ((dwelling.household < 0) & dwelling.alive).nonzero()[0].astype(np.int32)
    owner = dwelling.owner[rows]
    ordinary = by_tenure(ctx.values, "vacancy_months")
    spell = ctx.values["housing.withheld_months"]
    total = ordinary + withheld_share(ctx) * spell
    waiting = np.divide(ordinary, total, out=np.ones(total.size), where=total > 0)[owner]
    luck = ctx.draws.life("housing.start_vacancy", dwelling.uid[rows])
    rest = -np.log1p(-ctx.draws.life("housing.start_vacancy", dwelling.uid[rows], lane=1)) * spell
    # an ordinary vacancy is anywhere in its months; a withheld one has a memoryless spell and then those months to go
    inside = np.divide(luck, waiting, out=np.zeros(luck.size), where=waiting > 0) * ordinary[owner]
    months = np.where(luck < waiting, inside, rest)
    dwelling.vacant_since[rows] = np.minimum(dwelling.vacant_since[rows], ctx.month)
    dwelling.on_market[rows] = ctx.month + np.floor(months).astype(np.int16)
