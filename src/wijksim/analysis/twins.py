"""Twins: one resident under two policies, chosen by a rule so that nobody can pick the story that suits.

In the first future everybody meets the same luck with and without the variant. A resident's gain is the stress that
the variant takes away by the end of the run. Told are the resident in the middle, the one with the largest gain and
the one with the largest loss, of all adults who live in the district at the start and, without the variant, at the end;
of several alike the one with the lowest number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import Comparison
from wijksim.model.life import Life
from wijksim.runs.people import People
from wijksim.runs.twins import follow_all

RULES = ("median", "gain", "loss")
FEWEST_PEOPLE = 3


@dataclass(frozen=True)
class Pick:
    """A resident and the rule by which it was chosen.

    Attributes
    ----------
    rule
        One of :data:`RULES`.
    uid, gain
        Who, and the stress that the variant takes away (on a scale of 0 to 1; below zero it adds some).
    """

    rule: str
    uid: int
    gain: float


@dataclass(frozen=True)
class Twin:
    """A resident with two lives.

    Attributes
    ----------
    pick
        Who, and why.
    null, variant
        Life without and with the variant.
    """

    pick: Pick
    null: Life
    variant: Life


def picks(null: People, variant: People, district: int) -> tuple[Pick, ...]:
    """Choose residents; none if hardly anybody is there in both runs.

    Parameters
    ----------
    null, variant
        People at the end of two runs of one future.
    district
        Place of the district in which they live at the start and, without the variant, at the end.
    """
    uid, here, there = np.intersect1d(null.uid, variant.uid, assume_unique=True, return_indices=True)
    inside = (null.start[here] == district) & (null.district[here] == district)
    uid, gain = uid[inside], (null.stress[here] - variant.stress[there])[inside]
    if uid.size < FEWEST_PEOPLE:
        return ()
    order = np.lexsort((uid, gain))
    most = gain == gain.max()
    places = {
        "median": _middle(order, gain),
        "gain": int(np.flatnonzero(most)[np.argmin(uid[most])]),
        "loss": int(order[0]),
    }
    return tuple(Pick(rule, int(uid[places[rule]]), float(gain[places[rule]])) for rule in RULES)


def _middle(order: NDArray[np.intp], gain: NDArray[np.float64]) -> int:
    """The first of those who are as the one in the middle."""
    value = gain[order[(order.size - 1) // 2]]
    return int(order[np.flatnonzero(gain[order] == value)[0]])


def twins(
    comparison: Comparison,
    district: int,
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[tuple[Twin, ...], ...]:
    """Do the first future again, in ``workers`` processes, and follow the residents that were chosen.

    ``meanwhile`` is what this process does once while others are at work.

    Returns
    -------
    tuple of tuple of Twin
        Per variant, in the order of :data:`RULES`; empty tuples if no books were kept.
    """
    ledgers = comparison.futures[0].ledgers
    if not ledgers:
        return tuple(() for _ in comparison.scenarios[1:])
    chosen = [picks(ledgers[0].people, one.people, district) for one in ledgers[1:]]
    uids = sorted({pick.uid for mine in chosen for pick in mine})
    if not uids:
        return tuple(() for _ in chosen)
    lives = follow_all(
        comparison.scenarios,
        uids,
        seed=comparison.seeds[0],
        months=comparison.months,
        workers=workers,
        done=done,
        meanwhile=meanwhile,
    )
    by_uid = [{life.uid: life for life in mine} for mine in lives]
    return tuple(_pairs(mine, by_uid[0], by_uid[number]) for number, mine in enumerate(chosen, start=1))


def _pairs(chosen: Sequence[Pick], null: dict[int, Life], variant: dict[int, Life]) -> tuple[Twin, ...]:
    return tuple(Twin(pick, null[pick.uid], variant[pick.uid]) for pick in chosen)
