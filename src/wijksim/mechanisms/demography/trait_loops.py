"""Compiled: traits of newborns from those of their mothers and from luck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Traits = NDArray[np.float32]
type Floats = NDArray[np.float64]


# fmt: off
@inlined
def _minds(
    rows: Rows, mother: Rows, luck: Floats, normal: Floats, places: tuple[int, int, int],
    limited: tuple[float, float, float], kept: tuple[float, float], fresh: tuple[float, float],
    cognitive: Bools, ability: Traits, frailty: Traits, frail: Floats,
) -> None:
    # fmt: on
    """Write limitation, ability and frailty of newborns; ``frail`` becomes frailty in full precision.

    Parameters
    ----------
    luck, normal
        Uniform and normal luck, shape ``(newborns, traits)``, and ``places`` of the three traits in it.
    limited
        Chance of a limitation if the mother has it and if not, and what it does to ability.
    kept, fresh
        Weight of the mother and of luck, of ability and of frailty.
    """
    affected, others, shift = limited
    for i in range(rows.size):
        row, other = rows[i], mother[rows[i]]
        her_ability, her_frailty, chance = 0.0, np.float32(0), others
        if other >= 0:
            her_ability = np.float64(ability[other]) - (shift if cognitive[other] else 0.0)
            her_frailty = frailty[other]
            chance = affected if cognitive[other] else others
        cognitive[row] = luck[i, places[0]] < chance
        mind = kept[0] * her_ability + fresh[0] * normal[i, places[1]]
        frail[i] = np.float64(np.float32(kept[1]) * her_frailty) + fresh[1] * normal[i, places[2]]
        ability[row] = mind + (shift if cognitive[row] else 0.0)
        frailty[row] = frail[i]


# fmt: off
@inlined
def _manners(
    rows: Rows, mother: Rows, luck: Floats, normal: Floats, places: tuple[int, int, int], contributes: float,
    closing: float, milieus: float, skilled: tuple[float, float, float, float],
    contributor: Bools, language: Traits, skills: Traits, milieu: NDArray[np.int8],
) -> None:
    # fmt: on
    """Write who contributes, language, skills and milieu of newborns.

    Parameters
    ----------
    luck, normal
        Uniform and normal luck, shape ``(newborns, traits)``; ``places`` of contributor, milieu and skills in it.
    closing
        Part of the distance in language that is closed.
    skilled
        Mean and spread of skills, and the weights of the mother and of luck.
    """
    mean, spread, kept, fresh = skilled
    one, nothing = np.float32(1), np.float32(0)
    for i in range(rows.size):
        row, other = rows[i], mother[rows[i]]
        contributor[row] = luck[i, places[0]] < contributes
        home, above = one, nothing
        if other >= 0:
            home, above = language[other], (skills[other] - np.float32(mean)) / np.float32(spread)
        language[row] = min(max(home + np.float32(closing) * (one - home), nothing), one)
        child = np.float64(np.float32(kept) * above) + fresh * normal[i, places[2]]
        skills[row] = min(max(mean + spread * child, 0.0), 1.0)
        milieu[row] = milieu[other] if other >= 0 else np.int8(luck[i, places[1]] * milieus)


# fmt: off
@compiled
def traits(
    rows: Rows, mother: Rows, luck: Floats, normal: Floats, cognitive: Bools, ability: Traits, frailty: Traits,
    contributor: Bools, language: Traits, skills: Traits, milieu: NDArray[np.int8], intensity: Floats, uptake: Floats,
    minds: tuple[int, int, int], manners: tuple[int, int, int], limited: tuple[float, float, float],
    kept: tuple[float, float], fresh: tuple[float, float], even: tuple[float, float, float],
    skilled: tuple[float, float, float, float], others: tuple[int, int], wide: tuple[float, float],
    needy: tuple[float, float],
) -> None:
    # fmt: on
    """Write traits of newborns as :func:`_minds` and :func:`_manners` say.

    Parameters
    ----------
    minds, manners, others
        Places of traits in luck; the last are those of nuisance and uptake.
    even
        Who contributes, the distance in language that is closed, and the number of milieus.
    wide, intensity
        Spread of nuisance and half its square; filled with the log of its intensity.
    needy, uptake
        Weights of frailty and of luck in the uptake of help; filled with it as a normal score.
    """
    frail = np.empty(rows.size)
    _minds(rows, mother, luck, normal, minds, limited, kept, fresh, cognitive, ability, frailty, frail)
    contributes, closing, milieus = even
    _manners(
        rows, mother, luck, normal, manners, contributes, closing, milieus, skilled, contributor, language, skills,
        milieu,
    )  # fmt: skip
    for i in range(rows.size):
        intensity[i] = wide[0] * normal[i, others[0]] - wide[1]
        uptake[i] = needy[0] * frail[i] + needy[1] * normal[i, others[1]]
