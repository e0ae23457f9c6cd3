"""Three wheels: what programmes for home, school and work do together, beyond what each does alone (L102)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

WHEELS: tuple[tuple[str, ...], ...] = (("housing", "tenancy", "money"), ("school",), ("work",))
"""Families of levers that turn each wheel: the home, school and work."""
HOME = 0
_PROGRAMMES = "promises.programmes"
_PERSONS = (
    ("school.dropout_secondary", "stay_ratio"),
    ("school.dropout_vocational", "stay_ratio"),
    ("school.dropout_entry", "stay_ratio"),
    ("work.job_finding", "job_ratio"),
    ("work.assistance_to_work", "job_ratio"),
)
_HOMES = (("debt.order", "home_ratio"),)


class _Reached(Protocol):
    """Whom a programme has reached, as the model remembers it."""

    def since(self, ctx: Context, month: int) -> Rows:
        """Residents still here whom it reached after ``month``."""


def ces(doses: Floats, rho: float) -> Floats:
    """Mean of the doses with constant elasticity of substitution; ``doses`` of shape ``(wheels, n)``, from 0 to 1.

    ``(mean of d ** rho) ** (1 / rho)``: the plain mean for 1, the geometric one for 0, and the lower the more the
    least of them limits all. With ``rho`` at or below 0 nothing comes of it where one is missing.
    """
    if rho > 0:
        return np.asarray(np.mean(doses**rho, axis=0) ** (1 / rho))
    found = np.zeros(doses.shape[1])
    whole = (doses > 0).all(axis=0)
    if rho == 0:
        found[whole] = np.exp(np.mean(np.log(doses[:, whole]), axis=0))
    else:
        found[whole] = np.mean(doses[:, whole] ** rho, axis=0) ** (1 / rho)
    return found


def together(doses: Floats, rho: float) -> Floats:
    """What the doses do together beyond the sum of each alone, shape ``(n,)``: 0 for one wheel, and for ``rho`` = 1."""
    if rho == 1:
        return np.zeros(doses.shape[1])
    alone = np.zeros(doses.shape[1])
    for wheel in range(doses.shape[0]):
        one = np.zeros_like(doses)
        one[wheel] = doses[wheel]
        alone += ces(one, rho)
    return np.maximum(ces(doses, rho) - alone, 0)


@LEVERS.register
class ThreeWheels(Lever):
    """Make programmes for home, school and work complements for the people who get them (wonen, school en werk).

    Each programme keeps its own effect. This lever adds what the source texts claim beyond it: that the wheels only
    turn together. The dose of a wheel is measured at the person: 1 for whom a programme of that wheel reached in the
    last months, a part of it for those who live with somebody whom it reached (a home is shared, and so is the work
    of a parent), and for the home also where it was renovated. The three doses are joined with constant elasticity of
    substitution; what comes out above the sum of each alone scales the ways out of school, into work and out of the
    home. With ``rho`` = 1 the wheels only add up, and this lever does nothing at all: that is the null it is tested
    against; at or below 0 it needs all three. It has no cost of its own, reads what was remembered last month, and
    does nothing where no other lever reaches anybody. Whether wheels are complements at all has never been tested
    (single packages did little, SCP 2013), so the ranges of the ratios include nothing.
    """

    name: ClassVar[str] = "three-wheels"
    title: ClassVar[str] = "Three wheels: home, school and work"
    title_nl: ClassVar[str] = "Drie raderen: wonen, school en werk"
    explain: ClassVar[str] = (
        "Who is helped with home, school and work at once gains more than the sum of the three."
    )
    explain_nl: ClassVar[str] = (
        "Wie tegelijk hulp krijgt bij wonen, school en werk heeft daar meer aan dan aan elk van de drie apart."
    )
    family: ClassVar[str] = "work"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L102", "L090")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L102", moves="early_leavers", sign=-1,
            differs="It reaches nobody: it joins what other levers give to one person, and is nothing without them.",
            with_levers=(
                {"lever": "stable-home"}, {"lever": "renovation"}, {"lever": "mentors"},
                {"lever": "school-housing-talks"}, {"lever": "work-threshold"},
                {"lever": "basic-job", "places_per_1000": 5},
            ),
        ),
    )  # fmt: skip

    rho = Param(
        -1.0, "power", (-4.0, 1.0), "assumed", "D", ("L102",),
        "How far wheels stand in for each other: 1 they add up, 0 and below all three are needed",
    )  # fmt: skip
    stay_ratio = Param(
        0.8, "ratio", (0.6, 1.0), "assumed", "D", ("L102", "design"),
        "Early leaving where all three wheels turn in full, against the sum of each alone",
    )  # fmt: skip
    job_ratio = Param(
        1.2, "ratio", (1.0, 1.5), "assumed", "D", ("L102", "design"), "The same for finding work"
    )
    home_ratio = Param(
        0.8, "ratio", (0.6, 1.0), "assumed", "D", ("L102", "design"), "The same for court orders of eviction"
    )
    shared = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("design",),
        "Part of a dose that counts for those who live with who gets it",
    )
    apart = Argument(
        "home-worker-places", (), "Levers of these families that turn no wheel, by id, separated by commas"
    )
    memory = Param(
        24.0,
        "months",
        (1.0, 60.0),
        "assumed",
        "D",
        ("design",),
        "Months for which a person who was reached counts as reached",
    )
    ramp = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "None: doses come from the other levers"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "None: doses come from the other levers"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the ways out for those in whom more than one wheel turns."""
        doses = self.doses(ctx)
        table, rho = ctx.world.resident, self.number("rho")
        rows = np.flatnonzero(table.alive & ((doses > 0).sum(axis=0) > 1)).astype(np.int32)
        rows = self.in_target(ctx, "resident", rows)
        gain = together(doses[:, rows], rho) * dose
        self._scale(ctx, "resident", _PERSONS, rows, gain)
        # a home has what the member with the most has
        home = np.zeros(ctx.world.household.size)
        np.maximum.at(home, table.household[rows], gain)
        homes = np.flatnonzero(home > 0).astype(np.int32)
        self._scale(ctx, "household", _HOMES, homes, home[homes])

    def _scale(
        self, ctx: Context, table: str, rates: tuple[tuple[str, str], ...], rows: Rows, gain: Floats
    ) -> None:
        for rate, argument in rates:
            self.scale(ctx, rate, table, rows, self.number(argument) ** gain)

    def doses(self, ctx: Context) -> Floats:
        """Dose of each wheel by resident, shape ``(wheels, n_residents)``."""
        table = ctx.world.resident
        found = np.zeros((len(WHEELS), table.size))
        shared = self.number("shared")
        for wheel, families in enumerate(WHEELS):
            own = self._own(ctx, families)
            if wheel == HOME:
                own |= self._renovated(ctx)
            own &= table.alive
            home = np.zeros(ctx.world.household.size, dtype=np.bool_)
            home[table.household[own]] = True
            found[wheel] = np.where(own, 1.0, shared * home.take(table.household, mode="wrap"))
        return found

    def _own(self, ctx: Context, families: tuple[str, ...]) -> NDArray[np.bool_]:
        """Residents whom a lever of these families reached in the last months; levers that have ended do not count."""
        mask = np.zeros(ctx.world.resident.size, dtype=np.bool_)
        apart = {name.strip() for name in str(self.arguments["apart"]).split(",")}
        known: dict[str, _Reached] = ctx.world.stores.get(_PROGRAMMES, {})
        for lever, reached in known.items():
            if lever not in apart and ctx.effects.families.get(lever) in families:
                mask[reached.since(ctx, ctx.month - int(self.number("memory")) - 1)] = True
        return mask

    def _renovated(self, ctx: Context) -> NDArray[np.bool_]:
        """Residents of a dwelling that was renovated in this run, which only levers bring about."""
        table, dwelling = ctx.world.resident, ctx.world.dwelling
        mask = np.zeros(table.size, dtype=np.bool_)
        if "renovated" in dwelling.columns and dwelling.renovated.any():
            rows = np.flatnonzero(table.alive & (table.dwelling >= 0))
            mask[rows] = dwelling.renovated[table.dwelling[rows]]
        return mask
