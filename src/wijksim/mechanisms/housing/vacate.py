"""Substep 2: which vacant dwellings are on the market.

Between leaving and letting lie the months of the tenure; a part of the vacated dwellings is withheld longer (works,
sale, probate). That part follows from turnover and the vacancy found, so that the start vacancy is stationary.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.uids import namespace_key
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.housing import vacancy_loops
from wijksim.mechanisms.housing.luck import ForLife
from wijksim.mechanisms.housing.rest import by_tenure, names_by_tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Undecided = tuple[Rows, Floats]  # with both draws of each, the second as it is drawn

_NUMBERS = itemgetter(
    *(name for kind in ("vacancy", "turnover", "vacancy_months") for name in names_by_tenure(kind)),
    "housing.withheld_months",
)
_SEEN = len(("vacant", "undecided", "leaving", "last"))
_OFFERED = len(("for youths", "social", "others"))
_NOTHING = np.empty(0, np.int8)  # a world in which nobody builds
_NOBODY: Rows = np.empty(0, np.int32)
_DRAWN = len(("whether withheld", "how long"))
_VACATED, _WITHHOLDING = namespace_key("vacated"), ForLife(("housing.withheld", 0), ("housing.withheld", 1))
# columns in the order in which the pass asks for them
_DWELLINGS = attrgetter("alive", "household", "on_market", "vacant_since", "uid", "occupancies")


def withheld_share(ctx: Context) -> NDArray[np.float64]:
    """Chance per tenure that a vacated dwelling is withheld, shape ``(n_tenures,)``.

    With turnover ``t`` a year and vacancy ``v`` a dwelling is vacant ``12 v / (t (1 - v))`` months on average.
    """
    return _WITHHELD(ctx.values)[0]


def _withheld(values: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Share withheld and ordinary months by tenure, and months for which a dwelling is withheld."""
    *numbers, months = _NUMBERS(values)
    vacancy, turnover, ordinary = np.array(numbers).reshape(3, -1)
    mean = MONTHS_PER_YEAR * np.divide(
        vacancy, turnover * (1 - vacancy), out=np.zeros(vacancy.size), where=turnover > 0
    )
    return np.minimum(np.maximum((mean - ordinary) / months, 0), 1), ordinary, months


_WITHHELD = Kept(_withheld)


def look_over(ctx: Context) -> tuple[Rows, Undecided, Rows, Rows]:
    """Dwellings that may be let or sold and are vacant, undecided ones among them; and who must leave a dwelling.

    The households that must leave are those whose dwelling is to be pulled down, and those for whom the time is up:
    mostly there are none.
    """
    dwelling = ctx.world.dwelling
    lists, luck = _room(dwelling.size)
    vacant, undecided, leaving, last = vacancy_loops.look_over(
        _DWELLINGS(dwelling), getattr(dwelling, "works", _NOTHING), _VACATED, _WITHHOLDING(ctx), lists, luck
    )
    return lists[0, :vacant], (lists[1, :undecided], luck), lists[2, :leaving], lists[3, :last]


@lru_cache(maxsize=2)
def _room(size: int) -> tuple[Rows, Floats]:
    """Room for lists of dwellings and who lives there, and for luck: nobody keeps what is in it after a month."""
    return np.empty((_SEEN, size), np.int32), np.empty((_DRAWN, size))


def set_on_market(ctx: Context, undecided: Undecided, vacant: Rows = _NOBODY) -> tuple[Rows, Rows, Rows]:
    """Decide for newly vacant dwellings when they come on the market; luck belongs to the dwelling and its vacancy.

    Parameters
    ----------
    undecided, vacant
        What :func:`look_over` found.

    Returns
    -------
    Rows, Rows, Rows
        Those of ``vacant`` that are let or sold this month: those made for youths, others of the corporation, and the
        rest.
    """
    dwelling, (rows, luck) = ctx.world.dwelling, undecided
    if rows.size:
        spell = luck[1, : rows.size]
        np.log1p(np.negative(spell, out=spell), out=spell)
    lists = np.empty((_OFFERED, vacant.size), np.int32)
    young, social, others = vacancy_loops.offer(
        vacant, rows, luck, _WITHHELD(ctx.values),
        (getattr(dwelling, "form", _NOTHING), dwelling.owner, dwelling.vacant_since),
        dwelling.on_market, ctx.month, lists,
    )  # fmt: skip
    return lists[0, :young], lists[1, :social], lists[2, :others]


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
