"""Moves, dwellings, lettings, and who lives where."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.kernel.where import STANDING, Where, code
from wijksim.measures._base import Flow, Mean, MeanAmong, RowCount, Share, ShareAmong, logged
from wijksim.state.codes import Fate, SeekerCategory, Tenure

THEME = "housing"
PRIORITY = (SeekerCategory.STATUS, SeekerCategory.URGENT, SeekerCategory.SHELTER, SeekerCategory.DIRECT)


class _Moves(Flow):
    theme: ClassVar[str] = THEME


@compiled
def _count_apart(here: NDArray[np.int32], there: NDArray[np.int32], total: NDArray[np.float64]) -> None:
    for row in range(here.size):
        if here[row] >= 0 and here[row] != there[row]:
            total[here[row]] += 1


@compiled
def _count_other(
    district: NDArray[np.int32], fate: NDArray[np.int8], but: int, total: NDArray[np.float64]
) -> None:
    for row in range(district.size):
        if district[row] >= 0 and fate[row] != but:
            total[district[row]] += 1


def _add_crossed(ctx: Context, total: NDArray[np.float64], here: str, there: str) -> NDArray[np.float64]:
    """Add the moves from one simulated district to another, by the district ``here``."""
    for moves in ctx.log.entries.get("moves", ()):
        _count_apart(moves[here], moves[there], total)
    return total


@MEASURES.register
class MovesIn(_Moves):
    """Residents who move in from elsewhere."""

    name = "moves_in"
    label, label_nl = "Moves in", "Verhuisd naar de wijk"

    def value(self, ctx: Context) -> NDArray[Any]:
        """Arrivals, and movers from other districts."""
        return _add_crossed(ctx, logged(ctx, "arrivals"), "target", "source")


@MEASURES.register
class MovesOut(_Moves):
    """Residents who move elsewhere; deaths are not counted."""

    name = "moves_out"
    label, label_nl = "Moves out", "Verhuisd uit de wijk"

    def value(self, ctx: Context) -> NDArray[Any]:
        """Leavers, and movers to other districts."""
        total = np.zeros(ctx.world.n_districts)
        for exits in ctx.log.entries.get("exits", ()):
            _count_other(exits["district"], exits["fate"], int(Fate.DIED), total)
        return _add_crossed(ctx, total, "source", "target")


@MEASURES.register
class Turnover(ShareAmong):
    """Corporation dwellings that fall vacant, per cent a year (mutatiegraad)."""

    name = "corporation_turnover"
    label, label_nl = "Turnover of corporation dwellings", "Mutatiegraad corporatiewoningen"
    unit = "% a year"
    table = "dwelling"
    theme = THEME
    scale = PERCENT * MONTHS_PER_YEAR
    flow = True
    among_if = (code("dwelling.owner", Tenure.CORPORATION),)

    def counted(self, ctx: Context) -> NDArray[Any]:
        """Fell vacant this month."""
        hit = np.zeros(ctx.world.dwelling.size, dtype=bool)
        for emptied in ctx.log.entries.get("vacated", ()):
            hit[emptied["dwelling"]] = True
        return hit


@MEASURES.register
class Vacancy(Share):
    """Dwellings that stand empty; building sites are not counted as such."""

    name = "vacancy"
    label, label_nl = "Vacant dwellings", "Leegstand"
    table = "dwelling"
    theme = THEME
    direction = -1
    counts_if = (Where("dwelling.household", high=-1), STANDING)


@MEASURES.register
class DwellingQuality(Mean):
    """Quality of dwellings, standardised on the national stock."""

    name = "dwelling_quality"
    label, label_nl = "Quality of dwellings", "Woningkwaliteit"
    unit = "sd"
    direction = 1
    table = "dwelling"
    theme = THEME
    column = "dwelling.quality"
    outcome = ("O28",)


class _Lettings(Measure):
    table: ClassVar[str] = "letting"
    theme: ClassVar[str] = THEME
    groups: ClassVar[bool] = False
    flow: ClassVar[bool] = True


@MEASURES.register
class PriorityLettings(_Lettings, Share):
    """Corporation lettings of this month on grounds of priority."""

    name = "priority_lettings"
    label, label_nl = "Lettings with priority", "Toewijzingen met voorrang"
    column = "letting.category"
    codes = PRIORITY


@MEASURES.register
class SupportLettings(_Lettings, Share):
    """Corporation lettings of this month to households that need support."""

    name = "support_lettings"
    label, label_nl = "Lettings to households that need support", "Toewijzingen aan kwetsbare huishoudens"
    column = "letting.support"


@MEASURES.register
class RegistrationTime(_Lettings, MeanAmong):
    """Years of registration of regular tenants at their letting."""

    name = "registration_years"
    label, label_nl = "Registration time of regular tenants", "Inschrijfduur bij reguliere toewijzing"
    unit = "years"
    direction = -1
    scale = 1 / MONTHS_PER_YEAR
    column = "letting.waited"
    among_if = (code("letting.category", SeekerCategory.REGULAR),)


class _OfHouseholds(Share):
    table: ClassVar[str] = "household"
    theme: ClassVar[str] = THEME


@MEASURES.register
class MoveWish(_OfHouseholds):
    """Households that look for another dwelling."""

    name = "move_wish"
    label, label_nl = "Households that want to move", "Huishoudens met verhuiswens"
    direction = -1
    column = "household.move_wish"
    outcome = ("O03",)


@MEASURES.register
class Vulnerable(_OfHouseholds):
    """Households that need support: complex problems of a member, or problem debt."""

    name = "vulnerable_households"
    label, label_nl = "Households that need support", "Kwetsbare huishoudens"

    def counted(self, ctx: Context) -> NDArray[Any]:
        """Households in need."""
        table = ctx.world.household
        return np.asarray((table.complex_members > 0) | table.problem_debt)


@MEASURES.register
class Residents(RowCount):
    """Residents per district."""

    name = "residents"
    theme = THEME
    label, label_nl = "Residents", "Inwoners"
    unit = "persons per district"


@MEASURES.register
class Households(RowCount):
    """Households per district."""

    name = "households"
    theme = THEME
    label, label_nl = "Households", "Huishoudens"
    unit = "households per district"
    weight = "household"
