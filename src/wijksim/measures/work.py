"""Work and benefits."""

from __future__ import annotations

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where, code
from wijksim.measures._base import ADULTS, Mean, Share, ShareAmong
from wijksim.places.schema import BENEFIT_AGES, PARTICIPATION_AGES
from wijksim.state.codes import Activity, Education

LONG_YEARS = 5
QUALIFICATION_AGES = (23, 65)
LABOUR_FORCE = tuple(range(Activity.EMPLOYED, Activity.UNEMPLOYED + 1))


class _Activity(Share):
    """Residents of 15 to 64 by main activity."""

    theme = "work"
    column = "resident.activity"
    ages = BENEFIT_AGES


@MEASURES.register
class InWork(_Activity):
    """Net participation: paid work, basic jobs included, of residents of 15 to 74."""

    name = "share_in_work"
    label, label_nl = "In paid work", "Aandeel met betaald werk"
    direction = 1
    ages = PARTICIPATION_AGES
    codes = (Activity.EMPLOYED, Activity.BASIC_JOB)
    outcome = ("O04",)


@MEASURES.register
class InAssistance(_Activity):
    """Social assistance, of residents of 15 to 64."""

    name = "share_in_assistance"
    label, label_nl = "On social assistance", "Aandeel in de bijstand"
    direction = -1
    codes = (Activity.ASSISTANCE,)
    outcome = ("O04",)


@MEASURES.register
class InBasicJob(_Activity):
    """Neighbourhood basic jobs, of residents of 15 to 64."""

    name = "share_in_basic_job"
    label, label_nl = "In a basic job", "Aandeel met een basisbaan"
    codes = (Activity.BASIC_JOB,)
    outcome = ("O04",)


@MEASURES.register
class OnIncapacity(_Activity):
    """Incapacity benefits, of residents of 15 to 64."""

    name = "share_incapacity"
    label, label_nl = "On an incapacity benefit", "Aandeel arbeidsongeschikt"
    direction = -1
    codes = (Activity.INCAPACITY,)
    outcome = ("O04",)


@MEASURES.register
class Unemployed(Share):
    """Unemployed, of the labour force of 15 to 74."""

    name = "unemployment"
    label, label_nl = "Unemployed, of the labour force", "Werkloosheid, van de beroepsbevolking"
    direction = -1
    theme = "work"
    column = "resident.activity"
    codes = (Activity.UNEMPLOYED,)
    base_codes = LABOUR_FORCE
    ages = PARTICIPATION_AGES
    outcome = ("O04",)


@MEASURES.register
class LongAssistance(ShareAmong):
    """Five years or more on assistance, of those on assistance; short breaks do not restart the clock."""

    name = "assistance_long"
    label, label_nl = (
        "Five years or more, of those on assistance",
        "Vijf jaar of langer, van bijstandsontvangers",
    )
    direction = -1
    theme = "work"
    outcome = ("O04",)
    among_if = (code("resident.activity", Activity.ASSISTANCE),)
    counts_if = (Where("resident.assistance_clock", LONG_YEARS * MONTHS_PER_YEAR),)


@MEASURES.register
class StartQualification(Share):
    """A basic qualification (startkwalificatie: havo, vwo, mbo-2 or higher), of residents of 23 to 64."""

    name = "start_qualification"
    label, label_nl = "With a basic qualification", "Aandeel met startkwalificatie"
    direction = 1
    theme = "work"
    column = "resident.education"
    codes = (Education.MIDDLE, Education.HIGHER)
    ages = QUALIFICATION_AGES
    outcome = ("O05",)


@MEASURES.register
class BasicSkills(Mean):
    """Digital and reading skills of adults."""

    name = "basic_skills"
    label, label_nl = "Basic skills", "Basisvaardigheden"
    unit = "0-1"
    direction = 1
    theme = "work"
    column = "resident.basic_skills"
    ages = ADULTS
    outcome = ("O23",)
