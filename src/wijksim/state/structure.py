"""Columns that make up the skeleton of a world: who lives with whom, where, and what is derived from that.

Only :mod:`wijksim.kernel.lifecycle` writes them. The derived columns (marked so) are recomputed after every
batch of transitions and belong to nobody.
"""

from __future__ import annotations

import numpy as np

from wijksim.state.codes import Activity, DwellingKind, Education, HouseholdType, Role, Sex, Tenure
from wijksim.state.column import Column

MAX_CHILDREN = 127
ADULT_AGE = 18  # years: age of majority in Dutch law (meerderjarigheid)

STRUCTURE: tuple[Column, ...] = (
    # resident
    Column("resident.household", np.int32, "row", "Household the resident belongs to", ref="household"),
    Column(
        "resident.birth_month",
        np.int16,
        "month",
        "Month of birth on the clock of the run (negative: before it)",
    ),
    Column("resident.sex", np.int8, "code", "Sex, for demography only", codes=Sex),
    Column("resident.role", np.int8, "code", "Place in the household", codes=Role),
    Column(
        "resident.education", np.int8, "code", "Highest level reached (opleidingsniveau)", codes=Education
    ),
    Column("resident.activity", np.int8, "code", "Main activity, source of income", codes=Activity),
    Column("resident.activity_since", np.int16, "month", "Month in which the present activity began"),
    Column(
        "resident.mother", np.int32, "row", "Mother, if she lives in the simulated districts", ref="resident"
    ),
    Column("resident.births", np.int8, "count", "Children born to this resident", high=MAX_CHILDREN),
    Column("resident.arrived", np.int16, "month", "Month of arrival in a simulated district"),
    Column(
        "resident.origin",
        np.int8,
        "code",
        "Stayer (0), came from the rest of the city (1), born here (2)",
        low=0,
        high=2,
    ),
    Column("resident.age", np.int16, "years", "Derived: age in whole years", low=0),
    Column("resident.dwelling", np.int32, "row", "Derived: dwelling of the household", ref="dwelling"),
    Column(
        "resident.entrance", np.int32, "row", "Derived: entrance (portiek) of the dwelling", ref="entrance"
    ),
    Column("resident.district", np.int32, "row", "Derived: district of the dwelling", ref="district"),
    # household
    Column("household.dwelling", np.int32, "row", "Dwelling the household occupies", ref="dwelling"),
    Column("household.moved_in", np.int16, "month", "Month in which the household moved into this dwelling"),
    Column("household.head", np.int32, "row", "Derived: reference person (eldest head)", ref="resident"),
    Column("household.persons", np.int16, "persons", "Derived: members", low=0),
    Column("household.adults", np.int16, "persons", "Derived: members of 18 and over", low=0),
    Column("household.children", np.int16, "persons", "Derived: members under 18", low=0),
    Column("household.type", np.int8, "code", "Derived: household type", codes=HouseholdType),
    Column("household.entrance", np.int32, "row", "Derived: entrance of the dwelling", ref="entrance"),
    Column("household.complex", np.int32, "row", "Derived: complex of the dwelling", ref="complex"),
    Column("household.district", np.int32, "row", "Derived: district of the dwelling", ref="district"),
    Column("household.tenure", np.int8, "code", "Derived: tenure of the dwelling", codes=Tenure, default=-1),
    # dwelling
    Column("dwelling.entrance", np.int32, "row", "Entrance (portiek, galerij, rij)", ref="entrance"),
    Column("dwelling.complex", np.int32, "row", "Complex of the owner", ref="complex"),
    Column("dwelling.district", np.int32, "row", "District (wijk)", ref="district"),
    Column(
        "dwelling.owner",
        np.int8,
        "code",
        "Owner: corporation, owner-occupier or private landlord",
        codes=Tenure,
    ),
    Column("dwelling.kind", np.int8, "code", "Flat or single-family house", codes=DwellingKind),
    Column("dwelling.rooms", np.int8, "rooms", "Rooms", low=0),
    Column("dwelling.household", np.int32, "row", "Household that lives here", ref="household"),
    Column("dwelling.vacant_since", np.int16, "month", "Month in which the dwelling fell vacant"),
    Column(
        "dwelling.occupancies",
        np.int16,
        "count",
        "Households that have lived here since the run began",
        low=0,
    ),
    # entrance, complex, district
    Column("entrance.complex", np.int32, "row", "Complex", ref="complex"),
    Column("entrance.district", np.int32, "row", "District", ref="district"),
    Column("entrance.dwellings", np.int16, "count", "Dwellings behind this entrance", low=0),
    Column("complex.district", np.int32, "row", "District", ref="district"),
    Column("complex.dwellings", np.int32, "count", "Dwellings in the complex", low=0),
    Column(
        "district.weight",
        np.float32,
        "share",
        "Share of the national reference mixture carried by this district",
    ),
)

# person effects and skills: written once, when a resident is made, and never changed in this version
TRAITS: tuple[Column, ...] = (
    Column(
        "resident.cognitive", np.bool_, "-", "Mild intellectual limitation (licht verstandelijke beperking)"
    ),
    Column("resident.frailty", np.float32, "sd", "Person effect on health hazards, standard normal"),
    Column("resident.ability", np.float32, "sd", "Person effect on schooling and work, standard normal"),
    Column(
        "resident.nuisance_intensity",
        np.float32,
        "ratio",
        "Person effect on nuisance, lognormal with mean 1",
        low=0,
    ),
    Column(
        "resident.uptake",
        np.float32,
        "rank",
        "Willingness to take part, uniform; lower where need is higher",
        low=0,
        high=1,
    ),
    Column("resident.contributor", np.bool_, "-", "Willing and able to help neighbours (drager)"),
    Column("resident.language", np.float32, "share", "Proficiency in Dutch (taalvaardigheid)", low=0, high=1),
    Column(
        "resident.skills",
        np.float32,
        "share",
        "Digital and reading skills (basisvaardigheden)",
        low=0,
        high=1,
    ),
    Column(
        "resident.milieu", np.int8, "code", "Abstract label for homophily, unrelated to need or income", low=0
    ),
)

DERIVED: frozenset[str] = frozenset(column.name for column in STRUCTURE if column.doc.startswith("Derived"))

TABLES: tuple[str, ...] = (
    "resident",
    "household",
    "dwelling",
    "entrance",
    "complex",
    "district",
    "professional",
)

# how a row of one table finds its row in another: the structural reference that holds it
REACH: dict[tuple[str, str], str] = {
    ("resident", "household"): "household",
    ("resident", "dwelling"): "dwelling",
    ("resident", "entrance"): "entrance",
    ("resident", "district"): "district",
    ("household", "resident"): "head",
    ("household", "dwelling"): "dwelling",
    ("household", "entrance"): "entrance",
    ("household", "complex"): "complex",
    ("household", "district"): "district",
    ("dwelling", "household"): "household",
    ("dwelling", "entrance"): "entrance",
    ("dwelling", "complex"): "complex",
    ("dwelling", "district"): "district",
    ("entrance", "complex"): "complex",
    ("entrance", "district"): "district",
    ("complex", "district"): "district",
}
