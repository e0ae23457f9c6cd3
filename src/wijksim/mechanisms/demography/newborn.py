"""Traits of a newborn: like the mother as far as traits run in families, and stationary over generations.

A trait with mother-child correlation ``r`` is ``r * mother + sqrt(1 - r^2) * luck``: mean and spread of the
population stay what they are. A limitation with national share ``p`` that a child of an affected mother has with
chance ``q`` befalls other children with chance ``p (1 - q) / (1 - p)``, so that the share stays ``p``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wijksim.core.rng import derive_uid
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


LUCK: tuple[str, ...] = (
    "cognitive", "ability", "frailty", "nuisance", "uptake", "contributor", "skills", "milieu",
)  # fmt: skip
_LEAST = float(np.finfo(np.float64).eps) / 2  # the quantile of zero is not finite


def like_mother(
    mother: NDArray[np.floating], luck: NDArray[np.float64], correlation: float
) -> NDArray[np.float64]:
    """Standard normal trait of children whose mothers have ``mother``."""
    return np.asarray(correlation * mother + np.sqrt(1 - correlation**2) * luck)


def chance_of_limitation(mother: NDArray[np.bool_], share: float, affected: float) -> NDArray[np.float64]:
    """Chance of a limitation, by whether the mother has it; the mean over mothers is ``share``."""
    return np.where(mother, affected, share * (1 - affected) / (1 - share))


def give_traits(ctx: Context, rows: Rows) -> None:
    """Write the traits of newborn ``rows``; without a known mother the mean of the population stands in."""
    table, value, draws = ctx.world.resident, ctx.values, ctx.draws
    mother = table.mother[rows]
    known = mother >= 0
    uid = table.uid[rows]

    # one draw for all traits: one stream per trait would cost more than all the rest of a birth
    luck = draws.life("demography.trait", derive_uid("trait", uid[:, None], np.arange(len(LUCK))))
    uniform = dict(zip(LUCK, luck.T, strict=True))
    normal = dict(zip(LUCK, ndtri(np.maximum(luck, _LEAST)).T, strict=True))
    share = value["demography.cognitive_share"]
    chance = chance_of_limitation(
        known & table.cognitive[mother], share, value["demography.cognitive_mother"]
    )
    cognitive = uniform["cognitive"] < chance
    shift = value["demography.ability_cognitive"]
    ability_mother = np.where(known, table.ability[mother] - shift * table.cognitive[mother], 0)
    ability = like_mother(ability_mother, normal["ability"], value["demography.ability_correlation"])
    frailty = like_mother(
        np.where(known, table.frailty[mother], 0), normal["frailty"], value["demography.frailty_correlation"]
    )
    spread = value["demography.nuisance_spread"]
    need = value["demography.uptake_need_correlation"]
    table.cognitive[rows] = cognitive
    table.ability[rows] = ability + shift * cognitive
    table.frailty[rows] = frailty
    table.nuisance_intensity[rows] = np.exp(spread * normal["nuisance"] - spread**2 / 2)
    table.uptake[rows] = ndtr(need * frailty + np.sqrt(1 - need**2) * normal["uptake"])
    table.contributor[rows] = uniform["contributor"] < value["demography.contributor_share"]
    closing = value["demography.language_closing"]
    home = np.where(known, table.language[mother], 1)
    table.language[rows] = np.minimum(np.maximum(home + closing * (1 - home), 0), 1)
    _skills(ctx, rows, mother, known, normal["skills"])
    table.milieu[rows] = np.where(
        known, table.milieu[mother], uniform["milieu"] * value["demography.milieus"]
    )


def _skills(
    ctx: Context, rows: Rows, mother: Rows, known: NDArray[np.bool_], luck: NDArray[np.float64]
) -> None:
    """Skills that the child will grow up to have: around the national mean, part of the way to the mother's."""
    value, table = ctx.values, ctx.world.resident
    mean, spread = value["demography.skills_mean"], value["demography.skills_spread"]
    above = np.where(known, (table.skills[mother] - mean) / spread, 0)
    child = like_mother(above, luck, value["demography.skills_correlation"])
    table.skills[rows] = np.clip(mean + spread * child, 0, 1)
