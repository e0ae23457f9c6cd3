"""From school to work and from work to pension: a plain ladder until schools are simulated.

Everybody has a final level (``resident.goal``), fixed at the age of school advice from ability, the education of
the head of the parental home and luck; its distribution is the national one. The level is reached step by step,
with a rate per step from a minimum age on. Who has the final level, or is too old, looks for work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wijksim.kernel.event import Event, Piecewise
from wijksim.state.codes import Activity, Education
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

LEVELS: tuple[str, ...] = tuple(level.name.lower() for level in Education)
UNKNOWN = -1

STEPS: tuple[Education, ...] = (Education.LOWER, Education.MIDDLE, Education.HIGHER)


@dataclass(frozen=True)
class Ladder(Piecewise):
    """Base rate of the next diploma, by the level already reached."""

    def values(self, ctx: Context, table: str, rows: Rows) -> NDArray[np.float64]:
        """Rate per row, per year."""
        rates = np.array([ctx.values[name] for name in self.rates])
        level = ctx.world.gather(table, rows, self.column)
        return np.asarray(rates[np.minimum(level, rates.size - 1)])


DIPLOMA = Event(
    "demography.diploma",
    table="resident",
    base=Ladder(
        "resident.education", (), tuple(f"demography.diploma_{step.name.lower()}_rate" for step in STEPS)
    ),
    doc="Reaching the next level of education (diploma)",
)
FINISH_STUDY = Event(
    "demography.finish_study", table="resident", base="demography.finish_study_rate",
    doc="Leaving education after the final level",
)  # fmt: skip
RETIRE_LATE = Event(
    "demography.late_retirement", table="resident", base="demography.late_retirement_rate",
    doc="Stopping with work after the state pension age",
)  # fmt: skip


def final_level(
    ability: NDArray[np.floating],
    parents: NDArray[np.integer],
    luck: NDArray[np.float64],
    value: dict[str, float],
) -> NDArray[np.int8]:
    """Final level of education.

    Parameters
    ----------
    ability
        Person effect, standard normal.
    parents
        Education of the head of the parental home.
    luck
        Standard normal.
    value
        Parameter values.

    Returns
    -------
    NDArray
        Codes of :class:`Education`; among children of the reference population, whose parents and abilities are
        correlated as the same formula implies, the levels have their national shares.
    """
    cuts, mean, sd = _cuts(tuple(value[f"demography.education_share_{level}"] for level in LEVELS))
    own, home = value["demography.education_ability_weight"], value["demography.education_parents_weight"]
    # a mother's education goes with her ability as the child's does, and the child's ability with hers
    common = own * value["demography.ability_correlation"]
    noise = np.sqrt(max(1 - own**2 - home**2 - 2 * own * home * common, 0))
    score = own * ability + home * (parents - mean) / sd + noise * luck
    codes: NDArray[np.int8] = np.searchsorted(cuts, score).astype(np.int8)
    return codes


@lru_cache(maxsize=64)
def _cuts(weights: tuple[float, ...]) -> tuple[NDArray[np.float64], float, float]:
    """Limits of the score between levels; mean and spread of the level."""
    shares = np.array(weights) / sum(weights)
    codes = np.arange(shares.size)
    mean = float(shares @ codes)
    return ndtri(np.cumsum(shares)[:-1]), mean, float(np.sqrt(shares @ (codes - mean) ** 2))


def _learning(ctx: Context) -> NDArray[np.bool_]:
    activity = ctx.world.resident.activity
    learning: NDArray[np.bool_] = (activity == Activity.PUPIL.value) | (activity == Activity.STUDENT.value)
    return learning


def set_goals(ctx: Context) -> None:
    """Fix the final level of those who are in education, are old enough to have one and have none yet."""
    table, value = ctx.world.resident, ctx.values
    unknown = (table.goal == UNKNOWN) & (table.age >= int(value["demography.advice_age"])) & _learning(ctx)
    rows = unknown.nonzero()[0].astype(np.int32)
    if rows.size == 0:
        return
    parents = ctx.world.gather("household", table.household[rows], "resident.education")
    luck = ctx.draws.life_normal("demography.final_level", table.uid[rows])
    goal = final_level(table.ability[rows], parents, luck, value)
    # a student of unknown plans has at least one level to go, or is about to finish the highest
    student = table.activity[rows] == Activity.STUDENT.value
    least = np.minimum(table.education[rows] + student, Education.HIGHER)
    table.goal[rows] = np.maximum(goal, least)


def step(ctx: Context) -> None:
    """School advice, diplomas and leaving education this month for those who are pupils or students."""
    table, value = ctx.world.resident, ctx.values
    set_goals(ctx)
    grown = _learning(ctx) & (table.age >= int(value["demography.diploma_lower_age"]))
    studying = grown.nonzero()[0].astype(np.int32)
    age, pupil = table.age[studying], table.activity[studying] == Activity.PUPIL.value
    level, goal = table.education[studying], table.goal[studying]
    done = level >= goal
    least = np.array([int(value[f"demography.diploma_{reached.name.lower()}_age"]) for reached in STEPS])
    ready = ~done & (age >= least[np.minimum(level, len(STEPS) - 1)])
    passed = DIPLOMA.draw(ctx, studying[ready])
    before = table.education[passed]
    for reached in STEPS:
        ctx.requests.educate(passed[before == reached - 1], reached)
    adult = pupil & (age >= int(value["demography.leaving_school_age"]))
    ctx.requests.become(studying[adult & done], Activity.UNEMPLOYED)
    ctx.requests.become(studying[adult & ~done], Activity.STUDENT)
    too_old = ~pupil & (age >= int(value["demography.study_last_age"]))
    finished = FINISH_STUDY.draw(ctx, studying[~pupil & done & ~too_old])
    ctx.requests.become(np.concatenate([studying[too_old], finished]), Activity.UNEMPLOYED)


def retire(ctx: Context, old: Rows) -> None:
    """State pension (AOW) for those of ``old`` who reach the pension age; a few work on for some years."""
    table, value = ctx.world.resident, ctx.values
    waiting = old[table.activity[old] != Activity.RETIRED.value]
    months = ctx.month - table.birth_month[waiting]
    pension = value["demography.pension_age"]
    due = months >= pension
    waiting, months = waiting[due], months[due]
    working = table.activity[waiting] == Activity.EMPLOYED.value
    now = working & (months < pension + 1)
    reaching = waiting[now]
    stays = ctx.draws.life("demography.works_on", table.uid[reaching]) < value["demography.works_on_share"]
    late = RETIRE_LATE.draw(ctx, waiting[working & ~now])
    ctx.requests.become(np.concatenate([waiting[~working], reaching[~stays], late]), Activity.RETIRED)
