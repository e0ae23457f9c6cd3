"""Death and entry into a care home: a Dutch life table, split into what happens at home and in care.

The table of the population counts everybody, residents of care homes included. Whoever enters a care home leaves
the simulated districts, so the hazard at home must be lower than the table at high ages. It is derived and not
assumed: with ``s`` the share of survivors in care, ``h`` the hazard of the table and ``d`` that in care homes
(one over the mean stay), ``h = (1 - s) h_home + s d``, and ``s`` follows from the entry rates. So the life
expectancy of the whole stays that of the table, whatever the entry rates are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.demography.looked_up import ByPass, LookedUp
from wijksim.mechanisms.demography.rate_loops import hazards
from wijksim.state.codes import Fate, Sex
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

ANCHORS: tuple[str, ...] = ("0", "1", "10", "21", "40", "61", "71", "81", "91", "101")
CARE_PIECES: tuple[str, ...] = ("65", "75", "80", "85", "90")
_OLDEST = 2**7  # length of the tables; nobody in the model gets older


@dataclass(frozen=True)
class LifeTable(ByPass):
    """Base hazard at home by sex and single year of age, looked up for those who can be hit only."""

    below: str | None = None  # parameter that names the first age without this event

    look_up = staticmethod(hazards)

    def given(self, ctx: Context) -> tuple[Any, ...]:
        """What :func:`hazards` takes last."""
        resident, value = ctx.world.resident, ctx.values
        return resident.age, resident.sex, schedule(ctx), value["demography.mortality_level"]

    def highest(self, ctx: Context) -> float:
        """Highest hazard at the ages in question, per year."""
        end = _OLDEST if self.below is None else int(ctx.values[self.below])
        return _top(_PICK(ctx.values), end) * ctx.values["demography.mortality_level"]


EARLY_DEATH = LookedUp(
    "demography.early_death",
    table="resident",
    base=LifeTable("resident.age", (), (), below="demography.care_home_age_65"),
    influences=(
        Influence("resident.frailty", "demography.early_death_frailty_ratio"),
        Influence("resident.psychiatric", "demography.early_death_psychiatric_ratio"),
        Influence("resident.addiction", "demography.early_death_addiction_ratio"),
        Influence("household.income_fifth", "demography.early_death_income_ratio"),
    ),
    doc="Dying before the age of 65 (sterfte)",
)
DEATH = LookedUp(
    "demography.death",
    table="resident",
    base=LifeTable("resident.age", (), ()),
    influences=(
        Influence("resident.frailty", "demography.death_frailty_ratio"),
        Influence("resident.psychiatric", "demography.death_psychiatric_ratio"),
        Influence("resident.addiction", "demography.death_addiction_ratio"),
        Influence("household.income_fifth", "demography.death_income_ratio"),
    ),
    doc="Dying at home from the age of 65 on (sterfte)",
)
CARE_HOME = Event(
    "demography.care_home",
    table="resident",
    base=Piecewise(
        "resident.age",
        tuple(f"demography.care_home_age_{piece}" for piece in CARE_PIECES[1:]),
        tuple(f"demography.care_home_rate_{piece}" for piece in CARE_PIECES),
    ),
    influences=(
        Influence("resident.partnered", "demography.care_home_partnered_ratio"),
        Influence("resident.frailty", "demography.care_home_frailty_ratio"),
        Influence("resident.support", "demography.care_home_support_ratio", loop="ties"),
    ),
    doc="Moving into a care home (verpleeghuis)",
)


def population_table(ages: tuple[float, ...], rates: tuple[float, ...]) -> Floats:
    """Yearly hazard of death by age in whole years, log-linear between anchors, shape ``(128,)``."""
    return np.exp(np.interp(np.arange(_OLDEST), ages, np.log(rates)))


def care_entry(edges: tuple[float, ...], rates: tuple[float, ...]) -> Floats:
    """Yearly rate of entry into a care home by age in whole years; none below the first edge."""
    return np.array((0.0, *rates))[np.searchsorted(edges, np.arange(_OLDEST), side="right")]


def home_table(table: Floats, entry: Floats, stay: float, least: float) -> tuple[Floats, Floats]:
    """Hazard at home, and share of survivors in care at the start of each year of age.

    Parameters
    ----------
    table
        Yearly hazard of the whole population.
    entry
        Yearly rate of entry into care of those at home.
    stay
        Mean months in a care home, until death.
    least
        Lowest hazard at home relative to the table.
    """
    in_care = MONTHS_PER_YEAR / stay
    home = np.empty_like(table)
    share = np.empty_like(table)
    s = 0.0
    for age in range(table.size):
        share[age] = s
        within = 0.0
        for _ in range(MONTHS_PER_YEAR):
            within += s / MONTHS_PER_YEAR
            s += (entry[age] * (1 - s) - s * (in_care - table[age])) / MONTHS_PER_YEAR
            s = min(max(s, 0.0), 1 - least)
        home[age] = max((table[age] - within * in_care) / (1 - within), least * table[age])
    return home, share


def schedule(ctx: Context) -> Floats:
    """Yearly hazard at home by sex and age, shape ``(2, 128)``."""
    return _schedule(_PICK(ctx.values))


def _picker() -> itemgetter[Any]:
    groups = (
        *(f"mortality_age_{anchor}" for anchor in ANCHORS),
        *(f"mortality_female_{anchor}" for anchor in ANCHORS),
        *(f"mortality_male_{anchor}" for anchor in ANCHORS),
        *(f"care_home_age_{piece}" for piece in CARE_PIECES),
        *(f"care_home_rate_{piece}" for piece in CARE_PIECES),
        "care_home_stay",
        "mortality_home_least",
    )
    return itemgetter(*(f"demography.{name}" for name in groups))


_PICK = _picker()


@lru_cache(maxsize=64)
def _schedule(numbers: tuple[float, ...]) -> Floats:
    n, k = len(ANCHORS), len(CARE_PIECES)
    ages, women, men, rest = (
        numbers[:n],
        numbers[n : 2 * n],
        numbers[2 * n : -2 * k - 2],
        numbers[-2 * k - 2 :],
    )
    entry = care_entry(rest[:k], rest[k : 2 * k])
    stay, least = rest[-2:]
    result = np.empty((len(Sex), _OLDEST))
    for sex, rates in ((Sex.FEMALE, women), (Sex.MALE, men)):
        result[sex] = home_table(population_table(ages, rates), entry, stay, least)[0]
    return result


@lru_cache(maxsize=64)
def _top(numbers: tuple[float, ...], end: int) -> float:
    return float(_schedule(numbers)[:, :end].max())


def step(ctx: Context, young: Rows, old: Rows) -> None:
    """Deaths and moves to care homes of this month among the ``young`` (below 65) and the ``old``."""
    early, late, cared_for = EARLY_DEATH.draw(ctx, young), DEATH.draw(ctx, old), CARE_HOME.draw(ctx, old)
    for died in (early, late):
        if died.size:
            ctx.requests.die(died)
    if cared_for.size:
        ctx.requests.leave(cared_for, Fate.CARE_HOME)
