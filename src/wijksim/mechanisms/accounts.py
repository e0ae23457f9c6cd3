"""Costs by payer: quantities of this month times prices, in euros of one year.

Prices keep their own year in the value files and are brought to the year of the accounts with consumer prices
(for staff and building that understates the rise). What moves between parties is a transfer and is shown apart; the
parties add up to the resources used. Average cost is not avoidable cost: a bed or a post saves cash only when it
closes.

Owners of a process book what they cause (benefits, debt tracks, evictions); this mechanism books what nobody else
does. What nobody can price is listed in :data:`PM_ITEMS` and never booked, not even as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.context import Context
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.ledger import PARTIES, CostItem
from wijksim.kernel.ledger_loops import told
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.prices import price_of
from wijksim.state.codes import Fate
from wijksim.state.column import Column
from wijksim.state.roles import Profession
from wijksim.state.table import Rows
from wijksim.state.world import World

Euros = NDArray[np.float64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

SHELTER = "places.shelter"  # what levers fund: places for people without a home
_PLACED = 1  # value of resident.away: placed out of home
_SHELTERED = int(Fate.SHELTER)
# what is counted of residents, of households, of those without a home and of staff by role
_HAPPENED = (
    "crises", "patient_years", "admissions", "suspects", "placed_years", "nuisance_fte", "burglaries", "mediations",
)  # fmt: skip
_QUANTITIES = (*_HAPPENED, "homeless_years", *(f"fte_{role.key}" for role in Profession))
_PATIENTS, _CHILDREN, _REPORTS = (
    _HAPPENED.index(key) for key in ("patient_years", "placed_years", "nuisance_fte")
)
_HOMELESS = _QUANTITIES.index("homeless_years")
_POSTS = _HOMELESS + 1


@dataclass(frozen=True)
class Entry:
    """One item of the accounts: what is counted, its price and who pays which part.

    Attributes
    ----------
    item
        Item of the ledger, with one payer.
    quantity
        Key in the quantities of the month.
    price
        Parameter with the price per unit.
    share
        Parameter with the part of the price that this payer bears; empty for all of it.
    rest
        True if this payer bears what ``share`` leaves.
    """

    item: CostItem
    quantity: str
    price: str
    share: str = ""
    rest: bool = False


@dataclass(frozen=True)
class PmItem:
    """An effect without a usable price (pro memorie): listed with every total, never booked.

    Attributes
    ----------
    name, label, label_nl
        Key and texts.
    reason
        Why it has no price here.
    evidence
        Rows that say so.
    """

    name: str
    label: str
    label_nl: str
    reason: str
    evidence: tuple[str, ...]


PM_ITEMS: tuple[PmItem, ...] = (
    PmItem("crime_victims", "What crime costs its victims", "Schade van slachtoffers van misdrijven",
           "handled cases and burglaries are booked; what other offences cost victims has no price", ("NF-01",)),
    PmItem("dropout", "School dropout", "Schooluitval",
           "schools are in the model, but there is no lifetime cost per dropout", ("EDU-01",)),
    PmItem("youth_care", "Youth care at home and secure care", "Ambulante en gesloten jeugdzorg",
           "placement out of home is booked; no price for secure care, no count of other youth care", ("NF-04",)),
    PmItem("domestic_violence", "Domestic violence", "Huiselijk geweld",
           "prices hold for handled offences, not for incidents at home", ("NF-01",)),
    PmItem("addiction_treatment", "Treatment of addiction", "Verslavingszorg",
           "no regular tariff, only private clinics and extreme cases", ("ADD-01",)),
    PmItem("neighbours", "What nuisance costs neighbours", "Wat overlast buren kost",
           "no Dutch price of nuisance to those who live beside it", ("NF-02",)),
    PmItem("wellbeing", "Wellbeing of residents", "Welzijn van bewoners",
           "no official Dutch value; shown in its own units, never in euros", ("VAL-02",)),
)  # fmt: skip
"""Items without a price."""

_STAFF: tuple[tuple[Profession, str, str, str], ...] = (
    (Profession.SOCIAL_WORKER, "municipality", "Social workers", "Maatschappelijk werkers"),
    (Profession.COMMUNITY_BUILDER, "municipality", "Community builders", "Opbouwwerkers"),
    (Profession.DEBT_COUNSELLOR, "municipality", "Debt counsellors", "Schuldhulpverleners"),
    (Profession.MENTAL_HEALTH_WORKER, "insurer", "Mental-health workers", "Ggz-behandelaars (FACT)"),
    (Profession.DISTRICT_NURSE, "insurer", "District nurses", "Wijkverpleegkundigen"),
    (Profession.YOUTH_WORKER, "municipality", "Youth workers", "Jongerenwerkers"),
    (Profession.JOB_COACH, "municipality", "Job coaches", "Jobcoaches"),
    (Profession.POLICE_OFFICER, "police_justice", "Neighbourhood officers", "Wijkagenten"),
)


def _entry(
    words: tuple[str, str, str], payer: str, quantity: str, price: str, *, share: str = "", rest: bool = False,
    grade: str = "C", kind: str, gains: str = "",
) -> Entry:  # fmt: skip
    """Entry with one payer; without ``gains``, who pays gains if it is avoided."""
    name, label, label_nl = words
    item = CostItem(
        name, label, label_nl, ((payer, 1.0),), grade=grade, kind=kind, gains=((gains or payer, 1.0),)
    )
    return Entry(item, quantity, f"prices.{price}", f"prices.{share}" if share else "", rest)


ENTRIES: tuple[Entry, ...] = (
    *(
        _entry((f"staff_{role.key}", label, label_nl), payer, f"fte_{role.key}", f"fte_{role.key}",
               kind="staff", gains="residents")
        for role, payer, label, label_nl in _STAFF
    ),
    _entry(("staff_caretaker", "Caretakers, paid by the landlord", "Huismeesters, deel verhuurder"),
           "corporation", "fte_caretaker", "fte_caretaker", share="caretaker_tenants", rest=True, grade="D",
           kind="staff", gains="residents"),
    _entry(("staff_caretaker_tenants", "Caretakers, service charge", "Huismeesters, servicekosten"),
           "residents", "fte_caretaker", "fte_caretaker", share="caretaker_tenants", grade="D", kind="staff"),
    _entry(("crisis_police", "Police call-outs, confused behaviour", "Politie-inzet verward gedrag"),
           "police_justice", "crises", "crisis_police", share="crisis_police_patrol", kind="crises"),
    _entry(("crisis_care", "Crisis interventions, mental health care", "Crisisinterventies ggz"),
           "insurer", "crises", "crisis_care", share="crisis_care_share", grade="D", kind="crises"),
    _entry(("mental_illness", "Care of severe mental illness", "Zorg bij ernstige psychische aandoening"),
           "insurer", "patient_years", "mental_illness_year", share="mental_illness_beyond_team", grade="B",
           kind="care", gains="residents"),
    _entry(("psychiatric_admission", "Psychiatric admissions", "Psychiatrische opnamen"),
           "insurer", "admissions", "psychiatric_admission", grade="C", kind="crises"),
    _entry(("homeless_municipality", "Shelter, municipality", "Opvang, gemeente"),
           "municipality", "homeless_years", "homeless_year", share="homeless_insurer", rest=True, kind="shelter"),
    _entry(("homeless_insurer", "Care of homeless people", "Zorg voor daklozen"),
           "insurer", "homeless_years", "homeless_year", share="homeless_insurer", kind="shelter"),
    _entry(("nuisance_case", "Nuisance cases of landlords", "Overlastzaken van verhuurders"),
           "corporation", "nuisance_fte", "fte_social_worker", grade="D", kind="nuisance"),
    _entry(("mediation_municipality", "Neighbour mediation, municipality", "Buurtbemiddeling, gemeente"),
           "municipality", "mediations", "mediation", share="mediation_corporation", rest=True, grade="D",
           kind="nuisance", gains="residents"),
    _entry(("mediation_corporation", "Neighbour mediation, corporation", "Buurtbemiddeling, corporatie"),
           "corporation", "mediations", "mediation", share="mediation_corporation", grade="D",
           kind="nuisance", gains="residents"),
    # the chain price holds police, prosecution, courts and prison: detention is not booked beside it
    _entry(("crime_chain", "Handled offences, police to prison", "Afgehandelde misdrijven, politie tot gevangenis"),
           "police_justice", "suspects", "handled_offence", grade="D", kind="crime"),
    _entry(("burglary_loss", "Burglaries, loss of victims", "Woninginbraken, schade van bewoners"),
           "residents", "burglaries", "burglary_loss", grade="D", kind="crime"),
    _entry(("placement", "Children placed out of home", "Uithuisgeplaatste kinderen"),
           "municipality", "placed_years", "placement_year", grade="C", kind="youth"),
)  # fmt: skip
"""Everything this mechanism books, one payer each."""

_ENTRIES = len(ENTRIES)
_ITEMS = tuple(entry.item.name for entry in ENTRIES)
_WHICH = np.array([_QUANTITIES.index(entry.quantity) for entry in ENTRIES])
_IN_POST = np.array([entry.item.kind == "staff" for entry in ENTRIES])
_LINES = (
    *(f"cost_{party}" for party in PARTIES), *(f"transfer_{party}" for party in PARTIES), "resource_cost",
)  # fmt: skip
_NOWHERE, _NO_FATES, _NO_PLACES = np.empty(0, np.int32), np.empty(0, np.int8), np.empty(0)


class _Numbers(NamedTuple):
    """What follows from parameters.

    Attributes
    ----------
    prices
        What this payer pays for one of every entry, shape ``(entries,)``.
    ways
        See :func:`_ways_home`.
    hours
        Of a case of nuisance, and that somebody works in a year.
    """

    prices: Euros
    ways: tuple[float, float]
    hours: tuple[float, float]


@MECHANISMS.register
class Accounts(Mechanism):
    """Books what is used and tells every party what it paid (model-index of costs, EUR of one year).

    Notes
    -----
    ``district.cost_<party>`` is net expense, transfers included; ``district.transfer_<party>`` is the part of it
    that is transfers and sums to zero over the parties; ``district.resource_cost`` is their sum.
    """

    name = "accounts"
    channels = (SHELTER,)
    owns = (
        *(Column(f"district.cost_{party}", np.float64, "EUR/month", f"Net expense of {party} this month")
          for party in PARTIES),
        *(Column(f"district.transfer_{party}", np.float64, "EUR/month", f"Net transfers paid by {party} this month")
          for party in PARTIES),
        Column("district.resource_cost", np.float64, "EUR/month", "Resources used this month, by all parties"),
        Column("district.staff_cost", np.float64, "EUR/month", "Cost of professionals in post this month (inzet)"),
        Column("district.homeless", np.float64, "persons",
               "People from this district who are homeless or in shelter (dakloos)", low=0),
    )  # fmt: skip
    reads = (
        "professional.fte", "professional.role", "professional.vacant", "professional.district", "resident.crises",
        "resident.psychiatric", "resident.admitted", "household.nuisance_report", "household.mediation",
        "resident.suspect", "household.burgled", "resident.away",
    )  # fmt: skip
    costs = tuple(entry.item for entry in ENTRIES)

    def __init__(self) -> None:
        self._numbers = KeptTerms(_numbers)

    def step(self, ctx: Context) -> None:
        """Count, price, book, and add up by party."""
        district, ledger = ctx.world.district, ctx.ledger
        ledger.enter(_ITEMS, self._counted(ctx))
        sizes, off = told(*ledger.booked(district.size), *district.lines(_LINES))
        resources, transfers = np.add.reduce(sizes, axis=1).tolist()
        error = float(np.add.reduce(off)) / max(resources + transfers, 1.0)
        ctx.counters.peak("accounts.largest_party_error_share", error)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Year of the euros, and what is left out of every total."""
        return {
            "accounts.price_year": int(ctx.values["prices.base_year"]),
            "accounts.pm": [item.name for item in PM_ITEMS],
        }

    def _counted(self, ctx: Context) -> Euros:
        """Euros by entry and district of what happened this month; people come to be without a home, and find one."""
        where, fates, places, districts = _NOWHERE, _NO_FATES, _NO_PLACES, ctx.world.district.size
        # mostly nobody was put out
        if any(_SHELTERED in one["fate"].tolist() for one in ctx.log.entries.get("exits", ())):
            where, fates = ctx.log.column("exits", "district"), ctx.log.column("exits", "fate")
        if SHELTER in ctx.effects.capacities:
            places = ctx.effects.funded(SHELTER, districts)
        euros = np.empty((_ENTRIES, districts))
        _booked(where, fates, places, euros, *self._numbers(ctx), *_COLUMNS(ctx.world))
        return euros


def _columns(world: World) -> tuple[Any, ...]:
    """What :func:`_booked` takes last."""
    resident, household, staff, district = world.resident, world.household, world.professional, world.district
    return (
        _WHICH, _IN_POST, resident.district, resident.crises, resident.psychiatric, resident.admitted, resident.suspect,
        resident.away, household.district, household.nuisance_report, household.burgled, household.mediation,
        staff.district, staff.role, staff.alive, staff.vacant, staff.fte, district.homeless, district.staff_cost,
    )  # fmt: skip


_COLUMNS = KeptColumns(_columns, "resident", "household", "professional", "district")


def _numbers(ctx: Context) -> _Numbers:
    """Make the numbers of the parameters in force."""
    values = ctx.values
    return _Numbers(
        np.array([price_of(ctx, entry.price) * _part(ctx, entry) for entry in ENTRIES]),
        _ways_home(values["prices.shelter_months"], values["prices.crisis_place_months"]),
        (values["prices.nuisance_hours"], values["prices.productive_hours"]),
    )


def _ways_home(months: float, sooner: float) -> tuple[float, float]:
    """Part of the homeless who find a home in a month, and how much larger that is with a place that is paid for."""
    stay = float(-np.expm1(-1 / months))
    return stay, max(-float(np.expm1(-1 / sooner)) - stay, 0.0)


def _part(ctx: Context, entry: Entry) -> float:
    """Part of the price that the payer of an entry bears."""
    if not entry.share:
        return 1.0
    share = ctx.values[entry.share]
    return 1 - share if entry.rest else share


# fmt: off
@inlined
def _happened(
    district: Rows, crises: NDArray[Any], psychiatric: NDArray[Any], admitted: NDArray[Any], suspect: NDArray[Any],
    away: NDArray[np.int8], home: Rows, report: Bools, burgled: Bools, mediation: Bools, counts: Floats,
) -> None:
    # fmt: on
    """Add to ``counts``, in the order of :data:`_HAPPENED`, what happened to residents and to households.

    ``away`` holds the code :data:`_PLACED` for children out of home. Little happens to most, so that there is one
    branch on whether anything did.
    """
    for i in range(district.size):
        gone = away[i] == _PLACED
        if (crises[i] != 0) | (psychiatric[i] != 0) | (admitted[i] != 0) | (suspect[i] != 0) | gone:
            where = district[i]
            if where >= 0:
                counts[0, where] += crises[i]
                counts[_PATIENTS, where] += psychiatric[i]
                counts[2, where] += admitted[i]
                counts[_PATIENTS + 2, where] += suspect[i]
                counts[_CHILDREN, where] += gone
    for i in range(home.size):
        if (report[i] | burgled[i] | mediation[i]) and home[i] >= 0:
            counts[_REPORTS, home[i]] += report[i]
            counts[_REPORTS + 1, home[i]] += burgled[i]
            counts[_REPORTS + 2, home[i]] += mediation[i]


# fmt: off
@inlined
def _without_home(
    where: Rows, fates: NDArray[np.int8], places: Floats, ways: tuple[float, float], homeless: Floats, left: Floats,
) -> None:
    # fmt: on
    """People put out of their homes join those without one; these find a home after a year or so.

    Whoever has a place that a programme pays for (``places``, empty if none does) finds one sooner. ``left`` is filled
    with those without a home who have no such place: nobody is paid for twice.
    """
    out = np.zeros(homeless.size)
    for i in range(where.size):
        if fates[i] == _SHELTERED and where[i] >= 0:
            out[where[i]] += 1
    for d in range(homeless.size):
        before, there = homeless[d], places[d] if places.size else 0.0
        homeless[d] = (before + (out[d] - ways[0] * before)) - ways[1] * min(there, before)
        left[d] = homeless[d] - min(there, homeless[d])


# fmt: off
@compiled
def _booked(
    where: Rows, fates: NDArray[np.int8], places: Floats, euros: Floats, prices: Floats, ways: tuple[float, float],
    hours: tuple[float, float], which: NDArray[np.int64], staff: Bools, district: Rows, crises: NDArray[Any],
    psychiatric: NDArray[Any], admitted: NDArray[Any], suspect: NDArray[Any], away: NDArray[np.int8], home: Rows,
    report: Bools, burgled: Bools, mediation: Bools, post: Rows, role: NDArray[np.int8], alive: Bools, vacant: Bools,
    fte: Floats, homeless: Floats, staff_cost: Floats,
) -> None:
    # fmt: on
    """Count the month by district and fill ``euros`` per entry, of one of the quantities (``which``) at its price.

    Parameters
    ----------
    district, home, post
        District of residents, households and posts, before what happened to each or what it is.
    where, fates, places, ways, homeless
        As :func:`_without_home` takes them, of all who left.
    hours
        Of a case of nuisance, and that somebody works in a year.
    staff, staff_cost
        Entries that are staff in post, and what they cost.
    """
    counts = np.zeros((len(_QUANTITIES), homeless.size))
    _happened(district, crises, psychiatric, admitted, suspect, away, home, report, burgled, mediation, counts)
    for i in range(post.size):
        if alive[i] and not vacant[i] and post[i] >= 0:
            counts[_POSTS + role[i], post[i]] += fte[i] / MONTHS_PER_YEAR
    _without_home(where, fates, places, ways, homeless, counts[_HOMELESS])
    for d in range(homeless.size):
        counts[_REPORTS, d] = counts[_REPORTS, d] * hours[0] / hours[1]
        for k in (_PATIENTS, _CHILDREN, _HOMELESS):
            counts[k, d] /= MONTHS_PER_YEAR
        staff_cost[d] = 0.0
        for k in range(which.size):
            euros[k, d] = counts[which[k], d] * prices[k]
            if staff[k]:
                staff_cost[d] += euros[k, d]
