"""What a birth cohort of the national population looks like at every age: the stationary start of crime.

A new world must hold the offenders, records and memories that decades of the process would have left, and cannot run
those decades. The national rates are therefore followed for one cohort, month by month, from the lowest age of
criminal law on; a resident then draws a past from the profile of the own age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR

NONE, FRINGE, ACTIVE = 0, 1, 2
_STAGES = ACTIVE + 1
PARAMETERS: tuple[str, ...] = tuple(
    f"crime.{name}"
    for name in (
        "youngest", "recruit_to", "age_young", "age_adult", "age_older", "fringe_rate", "active_rate", "fringe_exit",
        "exit_minor", "exit_young", "exit_adult", "offence_minor", "offence_young", "offence_adult", "offence_older",
        "offence_fringe", "offence_active", "again_minor", "again_adult", "memory_half_life",
    )
)  # fmt: skip
"""All that the profile depends on."""
OLDEST = 100  # years: the last age of the profile, which holds for all above


@dataclass(frozen=True)
class Profile:
    """National profile by age in years, arrays of shape ``(OLDEST + 1, 3)`` over stages unless said otherwise.

    Attributes
    ----------
    share
        Part of the cohort in each stage.
    record
        Part of the cohort that is in the stage and has ever been a suspect.
    memory
        Mean memory of cases over the whole cohort, by stage.
    suspects, first
        Cases a year per person, and those of persons without a record, shape ``(OLDEST + 1,)``.
    """

    share: NDArray[np.float64]
    record: NDArray[np.float64]
    memory: NDArray[np.float64]
    suspects: NDArray[np.float64]
    first: NDArray[np.float64]


def chance(rate: float) -> float:
    """Chance in a month of something with a yearly rate."""
    return float(-np.expm1(-rate / MONTHS_PER_YEAR))


def offence_rates(values: Mapping[str, float], age: float) -> tuple[float, float, float]:
    """Suspect cases a year of somebody of this age without recent cases, by stage."""
    if age < values["crime.youngest"]:
        return 0.0, 0.0, 0.0
    names = ("minor", "young", "adult", "older")
    edges = [values[f"crime.age_{name}"] for name in names[1:]]
    return (
        values[f"crime.offence_{names[int(np.searchsorted(edges, age, side='right'))]}"],
        values["crime.offence_fringe"],
        values["crime.offence_active"],
    )


def exit_rates(values: Mapping[str, float], age: float) -> tuple[float, float]:
    """Yearly rates of leaving the fringe and of giving up active crime."""
    edges = [values["crime.age_young"], values["crime.age_adult"]]
    names = ("minor", "young", "adult")
    return (
        values["crime.fringe_exit"],
        values[f"crime.exit_{names[int(np.searchsorted(edges, age, side='right'))]}"],
    )


def again_rate(values: Mapping[str, float], age: float) -> float:
    """Cases a year that one remembered case adds."""
    return values["crime.again_minor" if age < values["crime.age_young"] else "crime.again_adult"]


def retention(half_life: float) -> float:
    """Part of the memory that is left after a month."""
    return float(2 ** (-1 / half_life)) if half_life > 0 else 0.0


def branching_ratio(values: Mapping[str, float], rate: str) -> float:
    """Further cases that one case brings about, on average; at 1 the process explodes."""
    kept = retention(values["crime.memory_half_life"])
    return values[rate] / MONTHS_PER_YEAR * kept / (1 - kept)


def profile(values: Mapping[str, float]) -> Profile:
    """Follow the cohort from the lowest age of criminal law to the oldest."""
    youngest = int(values["crime.youngest"])
    share, record, memory = (np.zeros((OLDEST + 1, _STAGES)) for _ in range(_STAGES))
    suspects, first = np.zeros(OLDEST + 1), np.zeros(OLDEST + 1)
    share[:youngest, NONE] = 1
    now, marked, left = (np.zeros(_STAGES) for _ in range(_STAGES))
    now[NONE] = 1
    kept = retention(values["crime.memory_half_life"])
    for age in range(youngest, OLDEST + 1):
        moves = _moves(values, age)
        hazards = np.array([chance(rate) for rate in offence_rates(values, age)])
        again = again_rate(values, age) / MONTHS_PER_YEAR
        for month in range(MONTHS_PER_YEAR):
            now, marked, left = moves @ now, moves @ marked, moves @ left * kept
            cases = now * hazards + again * left
            fresh = (now - marked) * hazards
            marked, left = marked + fresh, left + cases
            suspects[age] += cases.sum()
            first[age] += fresh.sum()
            if month == MONTHS_PER_YEAR // 2:
                share[age], record[age], memory[age] = now, marked, left
    return Profile(share, record, memory, suspects, first)


def _moves(values: Mapping[str, float], age: int) -> NDArray[np.float64]:
    """Monthly chances of going from one stage (column) to another (row)."""
    recruited = values["crime.youngest"] <= age <= values["crime.recruit_to"]
    enter = chance(values["crime.fringe_rate"]) if recruited else 0.0
    deeper = chance(values["crime.active_rate"])
    leave, stop = (chance(rate) for rate in exit_rates(values, age))
    deeper *= 1 - leave  # who leaves the fringe in a month does not go deeper in it
    return np.array([[1 - enter, leave, stop], [enter, 1 - leave - deeper, 0], [0, deeper, 1 - stop]])
