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
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.ledger import PARTIES, CostItem
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.prices import price_of
from wijksim.state.codes import Fate
from wijksim.state.column import Column
from wijksim.state.roles import Profession
from wijksim.state.table import Rows

Euros = NDArray[np.float64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

SHELTER = "places.shelter"  # what levers fund: places for people without a home
_HAPPENED = ("crises", "patients", "admissions", "suspects", "placed", "reports", "burglaries", "mediations")
_OF_HOUSEHOLDS = _HAPPENED.index("reports")
_PLACED = 1  # value of resident.away: placed out of home
_FTE = tuple(f"fte_{role.key}" for role in Profession)


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

_STAFF_ITEMS = tuple(entry.item.name for entry in ENTRIES if entry.item.kind == "staff")
_BEHIND_PRICES = "prices."
_COSTS = tuple(f"cost_{party}" for party in PARTIES)
_TRANSFERS = tuple(f"transfer_{party}" for party in PARTIES)


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
        self._kept: tuple[itemgetter[Any], tuple[float, ...], Euros] | None = None

    def step(self, ctx: Context) -> None:
        """Count, price, book, and add up by party."""
        world = ctx.world
        self._homeless(ctx)
        amounts = self.quantities(ctx)
        euros = np.array([amounts[entry.quantity] for entry in ENTRIES]) * self._prices(ctx)
        for entry, booked in zip(ENTRIES, euros, strict=True):
            ctx.ledger.book(entry.item.name, booked)
        world.district.staff_cost[:] = sum(ctx.ledger.month[name] for name in _STAFF_ITEMS)
        (resources, transfers), used = ctx.ledger.settled(world.n_districts)
        net = resources + transfers
        for cost, transfer, paid, moved in zip(_COSTS, _TRANSFERS, net, transfers, strict=True):
            world.district[cost][:] = paid
            world.district[transfer][:] = moved
        world.district.resource_cost[:] = used
        # what parties paid in all is what was used up, and what one receives another has paid
        turnover = max(float(np.abs(resources).sum() + np.abs(transfers).sum()), 1.0)
        lost = np.abs(resources.sum(axis=0) - world.district.resource_cost) + np.abs(transfers.sum(axis=0))
        ctx.counters.peak("accounts.largest_party_error_share", float(lost.sum()) / turnover)

    def _prices(self, ctx: Context) -> Euros:
        """What this payer pays for one of every entry, shape ``(entries, 1)``; anew if a parameter is."""
        if self._kept is None:
            names = [name for name in ctx.values if name.startswith(_BEHIND_PRICES)]
            names += [name for entry in ENTRIES for name in (entry.price, entry.share) if name]
            self._kept = itemgetter(*names), (), np.empty(0)
        getter, known, prices = self._kept
        values = getter(ctx.values)
        if values != known:
            prices = np.array([[price_of(ctx, entry.price) * _part(ctx, entry)] for entry in ENTRIES])
            self._kept = getter, values, prices
        return prices

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Year of the euros, and what is left out of every total."""
        return {
            "accounts.price_year": int(ctx.values["prices.base_year"]),
            "accounts.pm": [item.name for item in PM_ITEMS],
        }

    def quantities(self, ctx: Context) -> dict[str, Euros]:
        """What happened this month by key, per district; staff, patients and the homeless in years."""
        world = ctx.world
        resident, household, staff = world.resident, world.household, world.professional
        counts, posts = (
            np.zeros((len(_HAPPENED), world.n_districts)),
            np.zeros((len(_FTE), world.n_districts)),
        )
        _happened(
            resident.district, resident.crises, resident.psychiatric, resident.admitted, resident.suspect,
            resident.away, _PLACED, household.district, household.nuisance_report, household.burgled,
            household.mediation, counts,
        )  # fmt: skip
        _staffed(staff.district, staff.role, staff.alive, staff.vacant, staff.fte, posts)
        crises, patients, admissions, suspects, placed, reports, burglaries, mediations = counts
        return {
            "crises": crises,
            "patient_years": patients / MONTHS_PER_YEAR,
            "admissions": admissions,
            # whoever has a place that a programme pays for is not paid for twice
            "homeless_years": (world.district.homeless - _sheltered(ctx)) / MONTHS_PER_YEAR,
            "nuisance_fte": reports
            * ctx.values["prices.nuisance_hours"]
            / ctx.values["prices.productive_hours"],
            "suspects": suspects,
            "burglaries": burglaries,
            "placed_years": placed / MONTHS_PER_YEAR,
            "mediations": mediations,
            **dict(zip(_FTE, posts, strict=True)),
        }

    def _homeless(self, ctx: Context) -> None:
        """People put out of their homes join those without one; these find a home after a year or so.

        Whoever has a place that a programme pays for (``places.shelter``) finds one sooner.
        """
        district = ctx.world.district
        n = ctx.world.n_districts
        where = ctx.log.column("exits", "district")
        where = where[(ctx.log.column("exits", "fate") == int(Fate.SHELTER)) & (where >= 0)]
        stay = -np.expm1(-1 / ctx.values["prices.shelter_months"])
        sooner = max(-float(np.expm1(-1 / ctx.values["prices.crisis_place_months"])) - stay, 0.0)
        helped = sooner * _sheltered(ctx)
        district.homeless[:] += np.bincount(where, minlength=n) - stay * district.homeless
        district.homeless[:] -= helped


def _sheltered(ctx: Context) -> Euros:
    """People without a home who have a place that a programme pays for, per district."""
    places = ctx.effects.funded(SHELTER, ctx.world.n_districts)
    taken: Euros = np.minimum(places, ctx.world.district.homeless)
    return taken


def _part(ctx: Context, entry: Entry) -> float:
    """Part of the price that the payer of an entry bears."""
    if not entry.share:
        return 1.0
    share = ctx.values[entry.share]
    return 1 - share if entry.rest else share


# fmt: off
@compiled
def _happened(
    district: Rows, crises: NDArray[Any], psychiatric: NDArray[Any], admitted: NDArray[Any], suspect: NDArray[Any],
    away: NDArray[np.int8], placed: int, home: Rows, report: Bools, burgled: Bools, mediation: Bools, counts: Floats,
) -> None:
    # fmt: on
    """Add to ``counts``, shape ``(len(_HAPPENED), n)``, what happened to residents and to households.

    ``away`` holds the code ``placed`` for children out of home. Little happens to most, so that there is one branch
    on whether anything did.
    """
    for i in range(district.size):
        gone = away[i] == placed
        if (crises[i] != 0) | (psychiatric[i] != 0) | (admitted[i] != 0) | (suspect[i] != 0) | gone:
            where = district[i]
            if where >= 0:
                counts[0, where] += crises[i]
                counts[1, where] += psychiatric[i]
                counts[2, where] += admitted[i]
                counts[3, where] += suspect[i]
                counts[4, where] += gone
    for i in range(home.size):
        if (report[i] | burgled[i] | mediation[i]) and home[i] >= 0:
            counts[_OF_HOUSEHOLDS, home[i]] += report[i]
            counts[_OF_HOUSEHOLDS + 1, home[i]] += burgled[i]
            counts[_OF_HOUSEHOLDS + 2, home[i]] += mediation[i]


@compiled
def _staffed(
    district: Rows, role: NDArray[np.int8], alive: Bools, vacant: Bools, fte: Floats, posts: Floats
) -> None:
    """Add a month of the filled posts to ``posts``, in years, shape ``(roles, n)``."""
    for i in range(district.size):
        if alive[i] and not vacant[i] and district[i] >= 0:
            posts[role[i], district[i]] += fte[i] / MONTHS_PER_YEAR
