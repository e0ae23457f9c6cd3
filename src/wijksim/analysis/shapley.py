"""Shapley contributions: what each lever of a package adds, whatever is there already.

Every subset of the levers is run, in the same futures and against the same null alternative. Per future

* the *total* effect is that of the whole package;
* the *contribution* of a lever is what it adds, averaged over all orders in which the levers could come in (Shapley).
  Contributions sum to the total, exactly;
* *alone* is the effect of a lever without the others, and *synergy* the total minus the sum of those: above zero
  levers need each other, below zero they stand in for each other (for a measure of which more is better);
* the *interaction* of two levers is what both do together beyond what each does without the other, averaged in the
  same way over what else is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import DEFAULT_PAIRS, compare
from wijksim.analysis.parted import Part, Parted
from wijksim.core.errors import InputError, Problem
from wijksim.model.known import scenario_of
from wijksim.scenario.resolve import LeverUse, Scenario

FEWEST_LEVERS, MOST_LEVERS = 2, 6  # one lever has nothing to share; 7 would be 128 runs a future
TOTAL, CONTRIBUTION, ALONE, SYNERGY, INTERACTION = "total", "contribution", "alone", "synergy", "interaction"
BETWEEN = " + "


@dataclass(frozen=True)
class Shares:
    """A package taken apart, per future; the last axis of ``values`` that were given is gone.

    Attributes
    ----------
    total, synergy
        Shape ``(futures,)``.
    contributions, alone
        Shape ``(futures, levers)``.
    interactions
        By pair of places of levers, shape ``(futures,)`` each.
    """

    total: NDArray[np.float64]
    contributions: NDArray[np.float64]
    alone: NDArray[np.float64]
    synergy: NDArray[np.float64]
    interactions: dict[tuple[int, int], NDArray[np.float64]]


def shares(values: NDArray[np.float64]) -> Shares:
    """Take coalition values apart.

    Parameters
    ----------
    values
        Shape ``(futures, 2 ** levers)``: effect of every subset; bit ``i`` of the place says whether lever ``i`` is
        in it. Place 0 is the empty set; what it holds is taken off the others.

    Raises
    ------
    ValueError
        If the last axis is no power of two above one.
    """
    subsets = values.shape[-1]
    n = subsets.bit_length() - 1
    if subsets != 2**n or n < 1:
        raise ValueError(f"{subsets} values are not one for every subset of a package")
    worth = values - values[:, :1]
    single = worth[:, [1 << i for i in range(n)]]
    return Shares(
        total=worth[:, -1],
        contributions=worth @ _weights(n).T,
        alone=single,
        synergy=worth[:, -1] - single.sum(axis=1),
        interactions={(i, j): worth @ _pair_weights(n, i, j) for i, j in combinations(range(n), 2)},
    )


def _weights(n: int) -> NDArray[np.float64]:
    """What the value of every subset counts for in the contribution of every lever, shape ``(n, 2 ** n)``."""
    found = np.zeros((n, 2**n))
    for i in range(n):
        for subset in range(2**n):
            if not subset >> i & 1:
                size = subset.bit_count()
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                found[i, subset | 1 << i] += weight
                found[i, subset] -= weight
    return found


def _pair_weights(n: int, i: int, j: int) -> NDArray[np.float64]:
    """The same for the interaction of two levers (Shapley interaction index)."""
    found = np.zeros(2**n)
    for subset in range(2**n):
        if not (subset >> i & 1 or subset >> j & 1):
            size = subset.bit_count()
            weight = factorial(size) * factorial(n - size - 2) / factorial(n - 1)
            found[subset | 1 << i | 1 << j] += weight
            found[subset | 1 << i] -= weight
            found[subset | 1 << j] -= weight
            found[subset] += weight
    return found


@dataclass(frozen=True)
class Package:
    """Levers of a variant that its null alternative does not have.

    Attributes
    ----------
    variant, null
        The whole package, and nothing of it.
    levers
        Ids of the uses, in the order of the scenario; uses with one id go together.
    """

    variant: Scenario
    null: Scenario
    levers: tuple[str, ...]

    @property
    def subsets(self) -> tuple[Scenario, ...]:
        """A scenario per subset in the order of :func:`shares`; the first is the null alternative."""
        made = []
        for subset in range(1, 2 ** len(self.levers)):
            names = [name for place, name in enumerate(self.levers) if subset >> place & 1]
            uses = tuple(use for use in self.variant.levers if use.id in names or use in self.null.levers)
            made.append(replace(self.variant, id=f"{self.variant.id}/{BETWEEN.join(names)}", levers=uses))
        return (self.null, *made)


def package_of(scenario: Scenario | str | Path, null: Scenario | str | Path = "baseline") -> Package:
    """Check that a variant is its null alternative and two to six levers more.

    Raises
    ------
    InputError
        If it has fewer or more levers, or differs in something else, whose effect belongs to no lever.
    """
    variant, base = scenario_of(scenario), scenario_of(null)
    own = tuple(dict.fromkeys(use.id for use in variant.levers if use not in base.levers))
    other = _other_than_levers(variant, base)
    message = ""
    if not FEWEST_LEVERS <= len(own) <= MOST_LEVERS:
        count = f"{len(own)} lever{'' if len(own) == 1 else 's'}"
        message = (
            f"'{variant.id}' has {count} that '{base.id}' has not; contributions are shared out among "
            f"{FEWEST_LEVERS} to {MOST_LEVERS}"
        )
    elif other:
        message = (
            f"'{variant.id}' differs from '{base.id}' in more than its levers ({', '.join(other)}); "
            "write a null alternative that has the same, and name it with --null"
        )
    if message:
        place = variant.origin(("levers",))
        raise InputError([Problem(place.file, place.line, place.column, message)])
    return Package(variant, base, own)


def _other_than_levers(variant: Scenario, null: Scenario) -> list[str]:
    """Headings under which two scenarios differ, prose, levers and length left out."""
    same = replace(variant, months=null.months, levers=null.levers)
    if same.digest == null.digest:
        return [] if _keeps(variant.levers, null.levers) else ["a lever of the null alternative is not in it"]
    one, two = same.resolved(), null.resolved()
    prose = {"schema", "title", "question", "source", "assumed", "would_change_our_mind", "levers", "months"}
    return sorted(key for key in (one.keys() | two.keys()) - prose if one.get(key) != two.get(key)) or [
        "world"
    ]


def _keeps(uses: Sequence[LeverUse], base: Sequence[LeverUse]) -> bool:
    return all(use in uses for use in base)


class Shapley(Parted):
    """A package taken apart over its levers.

    ``kind`` of a part is ``total``, ``contribution``, ``alone``, ``synergy`` or ``interaction``; ``part`` names the
    lever, or two.
    """

    command = "shapley"
    heading = "levers"
    naming = ("kind", "part")

    @property
    def levers(self) -> tuple[str, ...]:
        """Ids of the lever uses."""
        return self.over


def shapley(
    scenario: Scenario | str | Path,
    *,
    null: Scenario | str | Path = "baseline",
    measures: Sequence[str] | None = None,
    pairs: int = DEFAULT_PAIRS,
    seed: int = 0,
    months: int | None = None,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Shapley:
    """Run every subset of the levers of a variant, and share its effect out among them.

    Parameters
    ----------
    scenario, null
        Variant and null alternative.
    measures
        Measures to report; all recorded ones if omitted.
    pairs, seed, months, workers, done
        As for :func:`wijksim.analysis.compare.compare`.

    Raises
    ------
    InputError
        If a scenario has errors, or is no package (:func:`package_of`).
    """
    package = package_of(scenario, null)
    comparison = compare(
        package.subsets, pairs=pairs, seed=seed, months=months, workers=workers, done=done, measures=measures
    )
    return Shapley.of(comparison, package.variant, package.levers, partial(_parts, package.levers))


def _parts(levers: Sequence[str], worth: NDArray[np.float64]) -> list[Part]:
    """Parts in one place, of runs that are the subsets of ``levers`` in the order of their bits."""
    return [((kind, part), each) for kind, part, each in named(shares(worth), levers)]


def named(found: Shares, levers: Sequence[str]) -> list[tuple[str, str, NDArray[np.float64]]]:
    """Kind, part and values per future of everything that a package is taken apart into."""
    return [
        (TOTAL, "", found.total),
        *((CONTRIBUTION, name, found.contributions[:, i]) for i, name in enumerate(levers)),
        *((ALONE, name, found.alone[:, i]) for i, name in enumerate(levers)),
        (SYNERGY, "", found.synergy),
        *(
            (INTERACTION, f"{levers[i]}{BETWEEN}{levers[j]}", each)
            for (i, j), each in found.interactions.items()
        ),
    ]
