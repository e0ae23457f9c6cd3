"""Statements about what programmes did, answered by pairs of runs in the same futures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.panel import Panel
from wijksim.analysis.validation.statistics import INPUT, NULL, Panels, says
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT

type Rows = NDArray[np.bool_]
type Years = tuple[int, int]
BLOCK = "programmes"
INDEX = "liveability_relative"
_NOTHING = float("nan")


def level(panel: Panel, name: str, rows: Rows, years: Years) -> float:
    """Value of areas together over the years from the first up to the second."""
    first, end = years
    top, bottom = panel.top[name][rows, first:end].sum(), panel.bottom[name][rows, first:end].sum()
    return float(top / bottom * panel.scale[name]) if bottom else _NOTHING


def count(panel: Panel, name: str, rows: Rows, years: Years) -> float:
    """Sum of what a measure counts, over areas and the years from the first up to the second."""
    return float(panel.top[name][rows, years[0] : years[1]].sum())


def pair(programme: str, judge: Callable[[Panel, Panel, Rows], float]) -> Callable[[Panels], float]:
    """Make a statistic of the run with a programme, the run without, and the areas in which it works."""

    def compute(panels: Panels) -> float:
        variant, null = panels.pairs[programme], panels.pairs[NULL]
        return judge(variant, null, null.treated) if null.treated.any() else _NOTHING

    return compute


def gain(name: str, years: Years, *, relative: bool = False) -> Callable[[Panel, Panel, Rows], float]:
    """Difference a programme makes where it works: in the unit of the measure, or in per cent of it."""

    def judge(variant: Panel, null: Panel, rows: Rows) -> float:
        before, after = level(null, name, rows, years), level(variant, name, rows, years)
        return PERCENT * (after - before) / before if relative else after - before

    return judge


def bound(words: str, programme: str, judge: Callable[[Panel, Panel, Rows], float], about: str, *needs: str,
          also: str | None = None) -> None:  # fmt: skip
    """Declare a statement about a programme."""
    says(words, BLOCK, pair(programme, judge), about, (f"pair:{programme}", *needs), also=also)


# selective allocation and liveability, after six to eight years
_LATE, _REFERENCE = (5, 8), 4.1023  # H501: constant reference of the scale
bound(
    r"selective allocation", "selective", gain(INDEX, _LATE),
    "index where allocation is steered less that without, years six to eight", INDEX,
)  # fmt: skip
bound(
    r"^effect on liveability", "selective",
    lambda variant, null, rows: PERCENT * gain(INDEX, _LATE)(variant, null, rows) / _REFERENCE,
    "the same in per cent of the reference score", INDEX, also="allocation|letting",
)  # fmt: skip


def _safer(variant: Panel, null: Panel, rows: Rows) -> float:
    before, after = (PERCENT - level(panel, "feels_unsafe", rows, _LATE) for panel in (null, variant))
    return PERCENT * (after - before) / before


bound(
    r"effect of selective letting on safety", "selective", _safer,
    "change in per cent of the share that feels safe, years six to eight", "feels_unsafe",
)  # fmt: skip


def _beyond_social(panels: Panels) -> float:
    """Gain of restructuring in its last year less that of the social package in its fourth, where they work."""
    null = panels.pairs[NULL]
    if not null.treated.any():
        return _NOTHING
    built = gain(INDEX, (null.years - 1, null.years))(panels.pairs["restructuring"], null, null.treated)
    return built - gain(INDEX, (3, 4))(panels.pairs["package"], null, null.treated)


says(
    r"effect of restructuring versus social", BLOCK, _beyond_social,
    "index gained by restructuring, decided on in the first month, in the last year, less that by the social package",
    ("pair:restructuring", "pair:package", INDEX),
)  # fmt: skip


def _safer_by_ownership(variant: Panel, null: Panel, rows: Rows) -> float:
    owned = level(null, "corporation_share", rows, _LATE) - level(variant, "corporation_share", rows, _LATE)
    return _safer(variant, null, rows) / owned if owned > 0 else _NOTHING


bound(
    r"safety per 1% more ownership", "sale", _safer_by_ownership,
    "change in per cent of the share that feels safe per point of dwellings that sale has made owner-occupied",
    "feels_unsafe", "corporation_share",
)  # fmt: skip
bound(
    r"krachtwijken|liveability effect of .*social package", "package", gain(INDEX, (3, 4)),
    "index with the social package less that without, in its fourth year", INDEX,
)  # fmt: skip


def _referrals(variant: Panel, null: Panel, rows: Rows) -> float:
    years = (0, 2)
    return PERCENT * (
        count(variant, "cases_begun", rows, years) / count(null, "cases_begun", rows, years) - 1
    )


bound(
    r"referrals with neighbourhood teams", "package", _referrals,
    "extra residents who come to professional help in the first two years of more staff", "cases_begun",
)  # fmt: skip
bound(
    r"share approached proactively", "cut", gain("outreach_share", (1, 3)),
    "outreach among hours of teams, in the second and third year of a quarter fewer social workers", "outreach_share",
)  # fmt: skip


def _saving_lost(variant: Panel, null: Panel, rows: Rows) -> float:
    years = (0, null.years)
    saved = count(null, "staff_cost", rows, years) - count(variant, "staff_cost", rows, years)
    net = count(null, "resource_cost", rows, years) - count(variant, "resource_cost", rows, years)
    return PERCENT * (1 - net / saved) if saved > 0 else _NOTHING


bound(
    r"share of saving lost", "care_cut", _saving_lost,
    "part of what a quarter fewer mental-health workers save that comes back as other costs of all parties",
    "staff_cost", "resource_cost",
)  # fmt: skip


def _employed(variant: Panel, null: Panel, rows: Rows) -> float:
    entered = np.cumsum(variant.top["basic_job_entries"][rows].sum(axis=0))
    people = (variant.top["participation"] - null.top["participation"])[rows].sum(axis=0) / MONTHS_PER_YEAR
    # the first two years fill the places; half of those who enter in a year were there in the middle of it
    middle = (entered - variant.top["basic_job_entries"][rows].sum(axis=0) / 2)[2:].sum()
    return PERCENT * float(people[2:].sum() / middle) if middle else _NOTHING


bound(
    r"employment effect participants", "basic_jobs", _employed,
    "residents in work that basic jobs add, of all who ever entered one, from the third year on",
    "participation", "basic_job_entries",
)  # fmt: skip


def _displaced(variant: Panel, null: Panel, rows: Rows) -> float:
    years = (1, null.years)

    def more(name: str, where: Rows) -> float:
        return count(variant, name, where, years) - count(null, name, where, years)

    fewer = -more("offender_days", rows)
    elsewhere = more("offender_days", ~rows) + more("days_to_rest", rows | ~rows)
    return PERCENT * elsewhere / fewer if fewer > 0 else _NOTHING


def _elasticity(variant: Panel, null: Panel, rows: Rows) -> float:
    years = (1, null.years)
    after, before = (count(panel, "registered_crime", rows, years) for panel in (variant, null))
    # the elasticity is of all police: a programme of neighbourhood officers adds little to patrols
    there, usual = (count(panel, "police_presence", rows, years) for panel in (variant, null))
    return float(np.log(after / before) / np.log(there / usual)) if there > usual else _NOTHING


says(
    r"share of local gain lost: police", BLOCK, pair("police", _displaced),
    "activity of offenders added in other districts and the rest of the city, of that lost where police is added: "
    "the part that moves is a parameter (ASM-15)",
    ("pair:police", "offender_days", "days_to_rest"), kind=INPUT,
)  # fmt: skip
bound(
    r"crime and nuisance per 1% police", "police", _elasticity,
    "per cent of registered crime per per cent of hours of all police on the street", "registered_crime",
    "police_presence",
)  # fmt: skip
