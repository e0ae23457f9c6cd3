"""The firefighting trap in closed form, to test the simulation against and to print with every staffing report.

``P = C - L0 (1 - e P / (P + P50))``: prevention ``P`` is what crises leave of capacity ``C``, and crisis work falls
with prevention from ``L0`` at ``P = 0``. All in fte per 10,000 residents. The answer turns on ``C / L0``, a ratio
of three assumptions (ASM-01, ASM-09, ASM-10); that is why it is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from wijksim.state.roles import FRONTLINE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@dataclass(frozen=True)
class FixedPoint:
    """Equilibria of prevention and crisis work.

    Attributes
    ----------
    capacity, crisis_at_zero
        ``C`` and ``L0``, fte per 10,000.
    prevention
        Stable equilibria, highest first: interior ones, and 0 where crises can take everything. Never empty.
    interior
        Whether the highest of them is above zero.
    phi
        Share of hours on crises at the highest equilibrium.
    gain
        Part of a change in prevention that comes back as further prevention, at that equilibrium; at 1 the
        equilibrium disappears.
    """

    capacity: float
    crisis_at_zero: float
    prevention: tuple[float, ...]
    phi: float
    gain: float

    @property
    def interior(self) -> bool:
        """Whether any prevention is left at the best equilibrium."""
        return self.prevention[0] > 0

    @property
    def regimes(self) -> int:
        """Number of stable regimes: 1, or 2 in a narrow band of ``L0 / C``."""
        return len(self.prevention)

    @property
    def ratio(self) -> float:
        """``C / L0``, printed in every staffing report."""
        return self.capacity / self.crisis_at_zero if self.crisis_at_zero > 0 else float("inf")


def crisis_work(values: Mapping[str, float], crisis_at_zero: float, prevention: float) -> float:
    """Crisis work at a level of prevention, fte per 10,000."""
    largest = 1 - values["health.prevention_ratio"]
    return crisis_at_zero * (
        1 - largest * prevention / (prevention + values["professionals.prevention_half"])
    )


def crisis_at_zero(values: Mapping[str, float], capacity: float, phi: float) -> float:
    """``L0`` that goes with a capacity and a share of hours on crises in equilibrium."""
    prevention = capacity * (1 - phi)
    return capacity * phi / crisis_work(values, 1.0, prevention)


def firefighting_fixed_point(values: Mapping[str, float], capacity: float, l0: float) -> FixedPoint:
    """Solve ``P = C - L(P)`` for the stable equilibria.

    Parameters
    ----------
    values
        Parameter values of the run.
    capacity, l0
        Capacity and crisis work at zero prevention, fte per 10,000 residents.

    Notes
    -----
    With ``u = C - L0``: ``P^2 + P (P50 - u - e L0) - u P50 = 0``. The larger root is stable, the smaller one
    separates it from ``P = 0``, which is an equilibrium as soon as ``L0 >= C``.
    """
    half = values["professionals.prevention_half"]
    largest = 1 - values["health.prevention_ratio"]
    spare = capacity - l0
    linear = half - spare - largest * l0
    middle = -linear / 2
    square = middle**2 + spare * half
    stable: list[float] = []
    if square >= 0:
        root = middle + sqrt(square)
        if root > 0:
            stable.append(min(root, capacity))
    if spare <= 0:
        stable.append(0.0)
    best = stable[0] if stable else 0.0
    gain = l0 * largest * half / (best + half) ** 2
    phi = 1 - best / capacity if capacity > 0 else 1.0
    return FixedPoint(capacity, l0, tuple(stable) or (0.0,), phi, gain)


def measured(ctx: Context) -> list[FixedPoint | None]:
    """Fixed point of each district at its present capacity and pressure; None without a team.

    Pressure is the strain of those in post, which averages over half a year of crises. What crises ask for beyond
    capacity is not in it, so a district in the trap shows ``C / L0`` of at most 1.
    """
    table, n = ctx.world.professional, ctx.world.n_districts
    rows = table.rows
    team = rows[np.isin(table.role[rows], [int(role) for role in FRONTLINE]) & ~table.vacant[rows]]
    place, fte = table.district[team], table.fte[team]
    filled = np.bincount(place, weights=fte, minlength=n) + 0.0
    strain = np.bincount(place, weights=fte * table.strain[team], minlength=n) + 0.0
    residents = ctx.world.by_district("resident") / ctx.values["professionals.per_residents"]
    prevention = ctx.world.district.prevention_fte.astype(np.float64)
    found: list[FixedPoint | None] = []
    for place_fte, place_strain, people, p in zip(filled, strain, residents, prevention, strict=True):
        if place_fte <= 0 or people <= 0:
            found.append(None)
            continue
        at_zero = float(place_strain / people) / crisis_work(ctx.values, 1.0, float(p))
        found.append(firefighting_fixed_point(ctx.values, float(place_fte / people), at_zero))
    return found
