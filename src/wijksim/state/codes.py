"""Enumerations that every room shares: what a small integer in a column means.

Columns store the integer (int8); code compares with the member. The numbers are part of
the saved results, so a member may be added at the end but never renumbered.
"""

from enum import IntEnum


class Sex(IntEnum):
    """Sex in the municipal register (geslacht)."""

    FEMALE = 0
    MALE = 1


class Education(IntEnum):
    """Highest level attained (onderwijsniveau): geen/basis, vmbo-mbo1, mbo2-4/havo/vwo, hbo/wo."""

    NONE = 0
    LOWER = 1
    MIDDLE = 2
    HIGHER = 3


class Activity(IntEnum):
    """Main activity of a resident (maatschappelijke positie); exactly one at a time.

    ``CHILD`` kind tot leerplicht, ``PUPIL`` leerling, ``STUDENT`` student, ``EMPLOYED``
    werkend, ``BASIC_JOB`` basisbaan, ``UNEMPLOYED`` werkloos (WW of niet-uitkeringsgerechtigd),
    ``ASSISTANCE`` bijstand, ``INCAPACITY`` arbeidsongeschikt (WIA, Wajong), ``RETIRED``
    AOW-gerechtigd, ``OTHER`` overig zonder werk of uitkering.
    """

    CHILD = 0
    PUPIL = 1
    STUDENT = 2
    EMPLOYED = 3
    BASIC_JOB = 4
    UNEMPLOYED = 5
    ASSISTANCE = 6
    INCAPACITY = 7
    RETIRED = 8
    OTHER = 9


class Role(IntEnum):
    """Place of a resident in the household (positie in het huishouden).

    ``HEAD`` referentiepersoon, ``PARTNER`` partner, ``CHILD`` thuiswonend kind,
    ``OTHER`` overig lid.
    """

    HEAD = 0
    PARTNER = 1
    CHILD = 2
    OTHER = 3


class HouseholdType(IntEnum):
    """Composition of a household (huishoudenstype).

    ``SINGLE`` alleenstaande, ``COUPLE`` paar zonder kinderen, ``FAMILY`` paar met kinderen,
    ``SINGLE_PARENT`` eenoudergezin.
    """

    SINGLE = 0
    COUPLE = 1
    FAMILY = 2
    SINGLE_PARENT = 3


class Tenure(IntEnum):
    """Who owns the dwelling (eigendom): woningcorporatie, eigenaar-bewoner, particuliere verhuur."""

    CORPORATION = 0
    OWNER = 1
    PRIVATE = 2


class DwellingKind(IntEnum):
    """Building type (woningtype): meergezinswoning or eengezinswoning."""

    FLAT = 0
    HOUSE = 1


class EnergyLabel(IntEnum):
    """Energy label of a dwelling (energielabel); ``A`` stands for A and better."""

    A = 0
    B = 1
    C = 2
    D = 3
    E = 4
    F = 5
    G = 6


class EntranceKind(IntEnum):
    """What neighbours share at the front door (ontsluiting).

    ``PORTIEK`` portiek, ``GALLERY`` one floor cluster of a galerijflat, ``ROW`` rijtje huizen.
    """

    PORTIEK = 0
    GALLERY = 1
    ROW = 2


class Works(IntEnum):
    """What is being done to a dwelling (werkzaamheden); from ``SALE`` on nobody new moves in.

    ``NONE`` niets, ``PLANNED`` vergunning aangevraagd, ``RENOVATION`` renovatie in bewoonde staat, ``SALE`` na
    mutatie te koop gezet, ``REHOUSING`` peildatum voorbij, bewoners zoeken met voorrang, ``CLEARING`` laatste
    bewoners worden geherhuisvest, ``SITE`` gesloopt en in aanbouw.
    """

    NONE = 0
    PLANNED = 1
    RENOVATION = 2
    SALE = 3
    REHOUSING = 4
    CLEARING = 5
    SITE = 6


class HousingForm(IntEnum):
    """What a dwelling was made for, if not for anybody (woonvorm).

    ``ORDINARY`` gewone woning, ``SHARED`` zelfstandige woning met gedeelde ruimten voor alleenstaanden, ``YOUTH``
    jongerenwoning voor wie in de wijk uit huis gaat.
    """

    ORDINARY = 0
    SHARED = 1
    YOUTH = 2


class Fate(IntEnum):
    """Where a resident is, or went (bestemming); all but the first are exits from the districts.

    ``PRESENT`` woont hier, ``REST_OF_CITY`` verhuisd binnen de stad, ``LEFT_CITY`` vertrokken
    uit de stad, ``DIED`` overleden, ``CARE_HOME`` verpleeghuis, ``INSTITUTION`` opgenomen of
    gedetineerd zonder eigen woning, ``SHELTER`` dakloos of in de opvang.
    """

    PRESENT = 0
    REST_OF_CITY = 1
    LEFT_CITY = 2
    DIED = 3
    CARE_HOME = 4
    INSTITUTION = 5
    SHELTER = 6


class SeekerCategory(IntEnum):
    """On what ground a household seeks a corporation dwelling (toewijzingscategorie).

    ``REGULAR`` regulier woningzoekend, ``STATUS`` statushouder (legal category, kept on the
    letting only), ``URGENT`` urgent, ``SHELTER`` uitstroom opvang en beschermd wonen,
    ``DIRECT`` overige directe bemiddeling, ``REHOUSED`` herhuisvesting na sloop.
    """

    REGULAR = 0
    STATUS = 1
    URGENT = 2
    SHELTER = 3
    DIRECT = 4
    REHOUSED = 5
