"""Who works in a neighbourhood, and for which organisation.

Columns store the integer; the numbers are part of saved results, so a member may be added at the end but never
renumbered. The lower-case name of a profession is its key everywhere else: capacity ``fte.social_worker``,
parameter ``professionals.fte_social_worker``.
"""

from __future__ import annotations

from enum import IntEnum


class Profession(IntEnum):
    """Frontline role (functie).

    ``SOCIAL_WORKER`` maatschappelijk werker in het wijkteam, ``COMMUNITY_BUILDER`` opbouwwerker or verbinder,
    ``DEBT_COUNSELLOR`` schuldhulpverlener, ``MENTAL_HEALTH_WORKER`` FACT-behandelaar (ggz), ``DISTRICT_NURSE``
    wijkverpleegkundige, ``YOUTH_WORKER`` jongerenwerker, ``JOB_COACH`` jobcoach, ``CARETAKER`` huismeester,
    ``POLICE_OFFICER`` wijkagent.
    """

    SOCIAL_WORKER = 0
    COMMUNITY_BUILDER = 1
    DEBT_COUNSELLOR = 2
    MENTAL_HEALTH_WORKER = 3
    DISTRICT_NURSE = 4
    YOUTH_WORKER = 5
    JOB_COACH = 6
    CARETAKER = 7
    POLICE_OFFICER = 8

    @property
    def key(self) -> str:
        """Name in parameters, capacities and scenarios."""
        return self.name.lower()


class Organisation(IntEnum):
    """Employer of a professional (organisatie).

    ``MUNICIPALITY`` gemeente, ``WELFARE`` welzijnsorganisatie, ``MENTAL_HEALTH`` ggz-instelling, ``HOME_CARE``
    thuiszorg, ``POLICE`` politie, ``CORPORATION`` woningcorporatie.
    """

    MUNICIPALITY = 0
    WELFARE = 1
    MENTAL_HEALTH = 2
    HOME_CARE = 3
    POLICE = 4
    CORPORATION = 5

    @property
    def key(self) -> str:
        """Name in parameters, capacities and scenarios."""
        return self.name.lower()


class Partner(IntEnum):
    """Kind of organisation that has to work with the others in a neighbourhood (samenwerkingspartner).

    ``MUNICIPALITY`` gemeente, ``CORPORATION`` woningcorporatie, ``POLICE`` politie, ``WELFARE`` welzijnsorganisatie,
    ``CARE`` zorg (ggz and home care), ``SCHOOL_BOARD`` schoolbestuur, ``EMPLOYERS`` werkgevers.
    """

    MUNICIPALITY = 0
    CORPORATION = 1
    POLICE = 2
    WELFARE = 3
    CARE = 4
    SCHOOL_BOARD = 5
    EMPLOYERS = 6

    @property
    def key(self) -> str:
        """Name in parameters and tables."""
        return self.name.lower()


class Ask(IntEnum):
    """What a case brings with it that an organisation of its own has to act on (leefgebied)."""

    MENTAL = 0
    DEBT = 1
    LIMITATION = 2
    OLD_AGE = 3
    HOME_AT_RISK = 4
    VIOLENCE = 5
    SCHOOL = 6
    BASIC_JOB = 7


N_PROFESSIONS = len(Profession)
N_ORGANISATIONS = len(Organisation)
N_PARTNERS = len(Partner)

# at which table of the cooperation an employer of professionals sits
PARTNER_OF: dict[Organisation, Partner] = {
    Organisation.MUNICIPALITY: Partner.MUNICIPALITY,
    Organisation.WELFARE: Partner.WELFARE,
    Organisation.MENTAL_HEALTH: Partner.CARE,
    Organisation.HOME_CARE: Partner.CARE,
    Organisation.POLICE: Partner.POLICE,
    Organisation.CORPORATION: Partner.CORPORATION,
}

# who has to act on what; mental health care and home care are two organisations of one kind
ASKED: dict[Ask, Partner] = {
    Ask.MENTAL: Partner.CARE,
    Ask.DEBT: Partner.MUNICIPALITY,
    Ask.LIMITATION: Partner.WELFARE,
    Ask.OLD_AGE: Partner.CARE,
    Ask.HOME_AT_RISK: Partner.CORPORATION,
    Ask.VIOLENCE: Partner.POLICE,
    Ask.SCHOOL: Partner.SCHOOL_BOARD,
    Ask.BASIC_JOB: Partner.EMPLOYERS,
}

# the employers of each role; social workers are shared by wijkteam and welfare organisation
EMPLOYERS: dict[Profession, tuple[Organisation, ...]] = {
    Profession.SOCIAL_WORKER: (Organisation.MUNICIPALITY, Organisation.WELFARE),
    Profession.COMMUNITY_BUILDER: (Organisation.WELFARE,),
    Profession.DEBT_COUNSELLOR: (Organisation.MUNICIPALITY,),
    Profession.MENTAL_HEALTH_WORKER: (Organisation.MENTAL_HEALTH,),
    Profession.DISTRICT_NURSE: (Organisation.HOME_CARE,),
    Profession.YOUTH_WORKER: (Organisation.WELFARE,),
    Profession.JOB_COACH: (Organisation.MUNICIPALITY,),
    Profession.CARETAKER: (Organisation.CORPORATION,),
    Profession.POLICE_OFFICER: (Organisation.POLICE,),
}

# what a neighbourhood team does itself: its hours are those that crises take from prevention
FRONTLINE: tuple[Profession, ...] = (Profession.SOCIAL_WORKER, Profession.COMMUNITY_BUILDER)

# roles that carry a caseload of residents
CASE_ROLES: tuple[Profession, ...] = (
    Profession.SOCIAL_WORKER,
    Profession.DEBT_COUNSELLOR,
    Profession.MENTAL_HEALTH_WORKER,
    Profession.DISTRICT_NURSE,
)


class CaseStage(IntEnum):
    """Where a resident stands with professional help (casusfase): none, waiting for intake, open."""

    NONE = 0
    QUEUE = 1
    OPEN = 2


class CrisisKind(IntEnum):
    """What kind of crisis takes hours (crisissoort).

    ``CONFUSED`` melding verward gedrag, ``EVICTION`` dreigende ontruiming, ``VIOLENCE`` huiselijk geweld,
    ``YOUTH`` jeugdcrisis, ``DEBT`` schuldencrisis (afsluiting, beslag).
    """

    CONFUSED = 0
    EVICTION = 1
    VIOLENCE = 2
    YOUTH = 3
    DEBT = 4

    @property
    def key(self) -> str:
        """Name in parameters."""
        return self.name.lower()


# who works on what kind of crisis; the share of each is parameter professionals.crisis_<kind>_<role>
CRISIS_ROLES: dict[CrisisKind, tuple[Profession, ...]] = {
    CrisisKind.CONFUSED: (
        Profession.SOCIAL_WORKER,
        Profession.MENTAL_HEALTH_WORKER,
        Profession.POLICE_OFFICER,
        Profession.CARETAKER,
    ),
    CrisisKind.EVICTION: (Profession.SOCIAL_WORKER, Profession.DEBT_COUNSELLOR, Profession.CARETAKER),
    CrisisKind.VIOLENCE: (Profession.SOCIAL_WORKER, Profession.POLICE_OFFICER, Profession.YOUTH_WORKER),
    CrisisKind.YOUTH: (Profession.YOUTH_WORKER, Profession.SOCIAL_WORKER, Profession.POLICE_OFFICER),
    CrisisKind.DEBT: (Profession.DEBT_COUNSELLOR, Profession.SOCIAL_WORKER),
}
