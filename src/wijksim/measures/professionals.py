"""Help: who waits, who is helped, what hours go to, who stays in the job."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where, code
from wijksim.measures._base import Across, Mean, MeanAmong, OfDistrict, ShareAmong, Tally
from wijksim.state.roles import CASE_ROLES, FRONTLINE, N_PROFESSIONS, CaseStage, Profession

THEME = "professionals"
# a fall-back within two years counts as a relapse
STABLE_MONTHS = 24

type Floats = NDArray[np.float64]
type Narrow = NDArray[np.float32]
type Truth = NDArray[np.bool_]


@compiled
def _needed(need: Narrow, threshold: float, met: Narrow, unmet: bool, out: Narrow) -> None:
    least = np.float32(threshold)
    for row in range(need.size):
        asked = need[row] if need[row] >= least else np.float32(0)
        out[row] = asked * (np.float32(1) - met[row]) if unmet else asked


@compiled
def _filled(
    alive: Truth, vacant: Truth, role: NDArray[np.int8], fte: Floats, wanted: Truth, out: Floats
) -> None:
    for row in range(fte.size):
        out[row] = fte[row] if alive[row] and not vacant[row] and wanted[role[row]] else 0.0


@MEASURES.register
class Waiting(Mean):
    """Residents who wait for an intake, per 1,000 residents."""

    name = "waiting_for_help"
    label, label_nl = "Waiting for help", "Wachtend op hulp"
    unit = "per 1,000 residents"
    direction = -1
    theme = THEME
    scale = PER_THOUSAND
    column = "resident.case"
    codes = (CaseStage.QUEUE,)


@MEASURES.register
class WaitingMonths(MeanAmong):
    """Months that those in the queue have waited."""

    name = "waiting_months"
    label, label_nl = "Months waited for help", "Maanden wachttijd voor hulp"
    unit = "months"
    direction = -1
    theme = THEME
    among_if = (code("resident.case", CaseStage.QUEUE),)

    def counted(self, ctx: Context) -> NDArray[Any]:
        """Months since they entered it."""
        return np.asarray(np.subtract(ctx.month, ctx.world.resident.case_since, dtype=np.int32))


@MEASURES.register
class Helped(Mean):
    """Residents with an open case, per 1,000 residents."""

    name = "open_cases"
    label, label_nl = "Open cases", "Lopende hulptrajecten"
    unit = "per 1,000 residents"
    theme = THEME
    scale = PER_THOUSAND
    column = "resident.case"
    codes = (CaseStage.OPEN,)


@MEASURES.register
class UnmetNeed(Tally):
    """Part of the need that no professional meets, among residents whose need calls for professional help."""

    name = "unmet_need"
    label, label_nl = "Need that is not met", "Onvervulde ondersteuningsbehoefte"
    unit = "%"
    direction = -1
    theme = THEME
    scale = PERCENT

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Need times what is lacking."""
        return self._of_those_above(ctx, unmet=True)

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Need of those above the threshold at which help is sought."""
        return self._of_those_above(ctx, unmet=False)

    def _of_those_above(self, ctx: Context, *, unmet: bool) -> Narrow:
        table = ctx.world.resident
        found = np.empty(table.size, np.float32)
        _needed(table.need, ctx.values["professionals.need_threshold"], table.need_met, unmet, found)
        return found


@MEASURES.register
class CrisisShare(OfDistrict):
    """Part of the hours of neighbourhood teams that goes to crises and not to prevention."""

    name = "crisis_share"
    label, label_nl = (
        "Hours on crises, of all frontline hours",
        "Uren naar crises, van alle uren van wijkteams",
    )
    unit = "%"
    direction = -1
    theme = THEME
    scale = PERCENT
    column = "district.crisis_share"


@MEASURES.register
class Cooperation(OfDistrict):
    """Mean level of cooperation over all pairs of organisations: referrals that arrive, effect that is kept."""

    name = "cooperation"
    label, label_nl = "Cooperation between organisations", "Samenwerking tussen organisaties"
    unit = "0-1"
    direction = 1
    theme = THEME
    column = "district.cooperation"


@MEASURES.register
class Continuity(ShareAmong):
    """Open cases whose worker has not changed lately."""

    name = "continuity"
    label, label_nl = "Open cases with the same worker", "Trajecten met dezelfde hulpverlener"
    direction = 1
    theme = THEME
    among_if = (code("resident.case", CaseStage.OPEN), Where("resident.worker", 0))
    counts_if = (Where("resident.worker_new", high=0),)


@MEASURES.register
class Stability(ShareAmong):
    """Cases ended in the last two years that have not come back."""

    name = "stability"
    label, label_nl = "No relapse after help, two years", "Geen terugval na hulp, twee jaar"
    direction = 1
    theme = THEME
    outcome = ("O20",)
    among_if = (Where("resident.case_closed", 1 - STABLE_MONTHS, 0, now=True),)
    counts_if = (code("resident.case", CaseStage.NONE),)


class _OfStaff(Tally):
    table: ClassVar[str] = "professional"
    theme: ClassVar[str] = THEME
    groups: ClassVar[bool] = False
    direction: ClassVar[int] = -1


def _roles(wanted: tuple[Profession, ...]) -> NDArray[np.bool_]:
    """Whether a role is among those wanted, by its code."""
    return np.isin(np.arange(N_PROFESSIONS), wanted)


_CARRY_CASES = _roles(CASE_ROLES)
_IN_TEAM = _roles(FRONTLINE)
_EVERY_ROLE = _roles(tuple(Profession))


def _in_post(ctx: Context, wanted: Truth) -> Floats:
    """Filled fte of some roles, per post."""
    table = ctx.world.professional
    found = np.empty(table.size)
    _filled(table.alive, table.vacant, table.role, table.fte, wanted, found)
    return found


@MEASURES.register
class Caseload(_OfStaff, Across):
    """Open cases per filled fte of the roles that carry cases."""

    name = "caseload"
    label, label_nl = "Cases per professional", "Trajecten per fte"
    unit = "cases per fte"
    across = "resident.case"
    codes = (CaseStage.OPEN,)

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Open cases per post, by its worker."""
        table = ctx.world.resident
        workers = table.worker[(table.case == int(CaseStage.OPEN)) & (table.worker >= 0)]
        return np.bincount(workers, minlength=ctx.world.professional.size)

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Filled fte."""
        return _in_post(ctx, _CARRY_CASES)


@MEASURES.register
class StaffTurnover(_OfStaff):
    """Professionals who leave, per cent of filled fte a year."""

    name = "staff_turnover"
    label, label_nl = "Staff turnover", "Personeelsverloop"
    unit = "% a year"
    scale = PERCENT * MONTHS_PER_YEAR
    flow = True

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Fte of those who left this month (a post that is new and vacant has not been left)."""
        table = ctx.world.professional
        gone = np.zeros(table.size, dtype=bool)
        if "departures" not in ctx.log.entries:
            return np.asarray(gone * table.fte)
        gone[ctx.log.column("departures", "row")] = True
        held = np.maximum(table.person, 0)
        return np.asarray(np.where((gone[held] & (table.person >= 0)) | gone, table.fte, 0))

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Filled fte."""
        return _in_post(ctx, _EVERY_ROLE)


@MEASURES.register
class StaffVacancies(_OfStaff):
    """Posts that nobody holds, per cent of fte."""

    name = "staff_vacancies"
    label, label_nl = "Vacant posts", "Openstaande vacatures"
    unit = "%"
    scale = PERCENT

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Vacant fte."""
        table = ctx.world.professional
        return np.asarray(table.fte * table.vacant)

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """All fte."""
        fte: NDArray[Any] = ctx.world.professional.fte
        return fte


@MEASURES.register
class Frontline(_OfStaff):
    """Filled fte of neighbourhood teams per 10,000 residents."""

    name = "frontline_staff"
    label, label_nl = "Neighbourhood team in post", "Bezetting wijkteam"
    unit = "fte per 10,000 residents"
    direction = 0
    scale = PERCENT * PERCENT
    per = "resident"

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Filled fte."""
        return _in_post(ctx, _IN_TEAM)
