"""Series from outside that a scenario may date: each drives one parameter.

What comes from outside the city (the economy, the inflow of home seekers) is never explained by the model. A
scenario gives values by year or month; the default is flat.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """A driver from outside: the parameter it sets, its bounds, unit and a sentence."""

    parameter: str
    low: float
    high: float
    unit: str
    label: str


SERIES: dict[str, Series] = {
    "labour_market": Series(
        "work.cycle", 0.6, 1.8, "ratio", "Difficulty of finding and keeping work against the long-run mean"
    ),
    "frontline_staff": Series(
        "professionals.frontline_index", 0.3, 2, "ratio",
        "Posts of social and community workers against the standing formation",
    ),
    "care_outflow": Series(
        "housing.inflow_direct", 0, 30, "per 1000 corporation dwellings per year",
        "People who come out of care and get a dwelling directly (extramuralisering)",
    ),
    "shelter_outflow": Series(
        "housing.inflow_shelter", 0, 15, "per 1000 corporation dwellings per year",
        "People who come out of shelter with priority",
    ),
    "urgent_inflow": Series(
        "housing.inflow_urgent", 0, 20, "per 1000 corporation dwellings per year",
        "Households with an urgent need of a dwelling",
    ),
    "permit_inflow": Series(
        "housing.inflow_status", 0, 20, "per 1000 corporation dwellings per year",
        "Households that municipalities have to house by the national target (taakstelling)",
    ),
    "sale_of_dwellings": Series(
        "construction.sale_rate", 0, 0.02, "1/year", "Corporation dwellings sold under current policy"
    ),
    "renewal": Series(
        "construction.demolition_rate", 0, 0.02, "1/year",
        "Corporation dwellings pulled down and replaced under current policy",
    ),
    "home_working": Series(
        "contacts.home_time_work", 0.1, 0.8, "share", "Waking time that people with work spend in the neighbourhood"
    ),
    "drug_market": Series(
        "crime.fringe_rate", 0.001, 0.03, "1/year", "Pull of an outside market in drugs: youths who are drawn in"
    ),
}  # fmt: skip
"""By the name that a scenario uses."""
