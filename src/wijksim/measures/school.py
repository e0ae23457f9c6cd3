"""School: leaving early, advice, attendance, classmates, and literacy."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where, above, code, true
from wijksim.measures._base import Among, Mean, MeanAmong, Share, ShareAmong
from wijksim.state.codes import Activity, Education

HAVO, HIGHER = 3, 7  # codes of tracks
LITERACY_AGES = (16, 65)
EARLY_AGES = (12, 23)
YOUNG_AGES = (18, 27)
QUALIFIED_AGES = (23, 28)


LEARNING = code("resident.activity", Activity.PUPIL, Activity.STUDENT)
AT_SCHOOL = Where("resident.school", 0)
_LEARNERS = (int(Activity.PUPIL), int(Activity.STUDENT))


# fmt: off
@compiled
def _leavers_and_pupils(
    age: NDArray[np.int16], track: NDArray[np.int8], activity: NDArray[np.int8], dropped_out: NDArray[np.bool_],
    ages: tuple[int, int], higher: int, learning: tuple[int, int], out: NDArray[np.bool_],
) -> None:
    # fmt: on
    for row in range(age.size):
        young = (age[row] >= ages[0]) & (age[row] < ages[1]) & (track[row] < higher)
        learns = (activity[row] >= learning[0]) & (activity[row] <= learning[1])
        out[row] = young & (learns | dropped_out[row])


@MEASURES.register
class SchoolDropout(Among):
    """Early school leavers a year (voortijdig schoolverlaters), of those of 12 to 22 in secondary school or mbo."""

    name = "school_dropout"
    label, label_nl = "Early school leaving", "Voortijdig schoolverlaten"
    unit: ClassVar[str] = "% a year"
    direction = -1
    theme = "school"
    scale: ClassVar[float] = PERCENT * MONTHS_PER_YEAR
    flow: ClassVar[bool] = True
    column = "resident.dropped_out"
    outcome = ("O06",)

    def among(self, ctx: Context) -> NDArray[np.bool_]:
        """Those in secondary school or mbo, and those who left this month."""
        table = ctx.world.resident
        found = np.empty(table.size, np.bool_)
        _leavers_and_pupils(
            table.age, table.track, table.activity, table.dropped_out, EARLY_AGES, HIGHER, _LEARNERS, found
        )
        return found


@MEASURES.register
class EarlyLeavers(Share):
    """Young people out of education without a basic qualification, of residents of 18 to 26."""

    name = "early_leavers"
    label, label_nl = (
        "Young without basic qualification or school",
        "Jongeren zonder startkwalificatie en niet op school",
    )
    direction = -1
    theme = "school"
    ages = YOUNG_AGES
    outcome = ("O06",)
    counts_if = (Where("resident.education", high=Education.MIDDLE - 1), LEARNING._replace(but=True))


@MEASURES.register
class YoungQualified(Share):
    """A basic qualification (startkwalificatie) of residents of 23 to 27."""

    name = "young_start_qualification"
    label, label_nl = "Young adults with a basic qualification", "Jongvolwassenen met startkwalificatie"
    direction = 1
    theme = "school"
    column = "resident.education"
    codes = (Education.MIDDLE, Education.HIGHER)
    ages = QUALIFIED_AGES
    outcome = ("O05",)


@MEASURES.register
class AdviceHigh(ShareAmong):
    """Advice for vmbo-gt/havo or higher (schooladvies), of pupils of secondary school."""

    name = "advice_high"
    label, label_nl = "Advice of vmbo-gt/havo or higher", "Schooladvies vmbo-gt/havo of hoger"
    direction = 1
    theme = "school"
    outcome = ("O05",)
    among_if = (code("resident.activity", Activity.PUPIL), above("resident.advice", 0))
    counts_if = (Where("resident.advice", HAVO),)


class _OfPupils(MeanAmong):
    theme: ClassVar[str] = "school"
    among_if: ClassVar[tuple[Where, ...]] = (AT_SCHOOL,)


@MEASURES.register
class Achievement(_OfPupils):
    """Achievement of pupils, in standard deviations from the national mean."""

    name = "achievement"
    label, label_nl = "Achievement at school", "Leerprestaties"
    unit = "sd"
    direction = 1
    column = "resident.achievement"
    outcome = ("O05",)


@MEASURES.register
class Attendance(_OfPupils):
    """Part of the lessons that pupils attend."""

    name = "attendance"
    label, label_nl = "Lessons attended", "Bijgewoonde lessen"
    unit = "0-1"
    direction = 1
    column = "resident.attendance"
    outcome = ("O06",)


@MEASURES.register
class SchoolIsolation(_OfPupils):
    """Disadvantaged among the classmates of disadvantaged pupils (segregation between schools)."""

    name = "school_isolation"
    label, label_nl = (
        "Disadvantaged classmates of disadvantaged pupils",
        "Klasgenoten in achterstand van leerlingen in achterstand",
    )
    unit = "0-1"
    direction = -1
    column = "resident.peers"
    outcome = ("O21",)
    among_if = (AT_SCHOOL, true("resident.disadvantaged"))


@MEASURES.register
class SchoolContact(_OfPupils):
    """Disadvantaged among the classmates of other pupils; its distance to isolation is segregation."""

    name = "school_contact"
    label, label_nl = (
        "Disadvantaged classmates of other pupils",
        "Klasgenoten in achterstand van andere leerlingen",
    )
    unit = "0-1"
    column = "resident.peers"
    outcome = ("O21",)
    among_if = (AT_SCHOOL, true("resident.disadvantaged")._replace(but=True))


@MEASURES.register
class LowLiteracy(Share):
    """Low literacy (laaggeletterdheid), of residents of 16 to 64."""

    name = "low_literacy"
    label, label_nl = "Low literacy", "Laaggeletterdheid"
    direction = -1
    theme = "school"
    column = "resident.low_literacy"
    ages = LITERACY_AGES
    outcome = ("O23",)


@MEASURES.register
class HousingSkill(Mean):
    """Skills of keeping a home, of households."""

    name = "housing_skill"
    label, label_nl = "Skills of keeping a home", "Woonvaardigheden"
    unit = "0-1"
    direction = 1
    theme = "school"
    table = "household"
    column = "household.housing_skill"
    outcome = ("O23",)
