"""Statements about people, households and services, in the country or in corporation-rich areas."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.panel import WEAK_UPPER_BOUND, Panel
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.statistics import SIMULATED, Compute, Panels, Statistic, cannot, rule, says
from wijksim.core.units import PERCENT
from wijksim.mechanisms.professionals.posts import effective_hours
from wijksim.parameters.store import ParameterStore, shipped_parameters


def weak(panel: Panel) -> NDArray[np.bool_]:
    """Areas that were weak or lower at the start."""
    return np.asarray(panel.start <= WEAK_UPPER_BOUND)


def rich_in_corporation(panel: Panel) -> NDArray[np.bool_]:
    """The third of the areas with most corporation dwellings."""
    share = panel.yearly("corporation_share")[:, 0]
    return np.asarray(share >= np.quantile(share, 2 / 3))


_VERY_URBAN = (
    2500.0  # addresses per square kilometre: lower bound of the first class of urbanity (stedelijkheid)
)


def very_urban(panel: Panel) -> NDArray[np.bool_]:
    """Areas of the first class of urbanity; all urban ones where the table gives no density."""
    return np.asarray(np.where(np.isfinite(panel.density), panel.density >= _VERY_URBAN, panel.urban))


def pooled(name: str) -> Compute:
    """Level in the country."""
    return lambda panels: panels.real.pooled(name)


def ratio(name: str, base: str, *, where: str = "all") -> Compute:
    """Level of one figure over that of another in the country."""

    def compute(panels: Panels) -> float:
        rows = (
            weak(panels.real)
            if where == "weak"
            else rich_in_corporation(panels.real)
            if where == "rich"
            else None
        )
        below = panels.real.pooled(base)
        return panels.real.pooled(name, rows) / below if below else float("nan")

    return compute


def in_areas(name: str, *, where: str) -> Compute:
    """Level in weak or corporation-rich areas."""

    def compute(panels: Panels) -> float:
        rows = weak(panels.real) if where == "weak" else rich_in_corporation(panels.real)
        return panels.real.pooled(name, rows)

    return compute


def _simple(words: str, block: str, name: str, *, also: str | None = None, about: str | None = None) -> None:
    says(
        words,
        block,
        pooled(name),
        about or f"{name.replace('_', ' ')}, whole ensemble, second half",
        (name,),
        also=also,
    )


# --- work and assistance --------------------------------------------------------------------------
says(
    r"ratio of welfare share vulnerable",
    "work",
    ratio("assistance_share", "assistance_share", where="weak"),
    "assistance in weak areas over the whole, second half",
    ("assistance_share",),
)
_simple(r"share of stock >=5 years", "work", "assistance_spell_long", also="welfare|assistance")
_simple(r"exits per year / stock", "work", "assistance_exits", also="welfare|assistance")
says(
    r"exit chance <1yr divided by >3yr",
    "work",
    lambda panels: _early_over_late(panels.real),
    "yearly chance of leaving assistance in the first year over that after three",
    ("assistance_exits_first_year", "assistance_exits_after_three"),
)


def _early_over_late(panel: Panel) -> float:
    early, late = (
        _chance(panel.pooled(f"assistance_exits_{when}")) for when in ("first_year", "after_three")
    )
    return early / late if late else float("nan")


def _chance(rate: float) -> float:
    return float(1 - np.exp(-rate / PERCENT))


says(
    r"employment in focus areas",
    "work",
    in_areas("participation", where="weak"),
    "participation in weak areas, second half",
    ("participation",),
)
says(
    r"pp change in share working",
    "work",
    lambda panels: _gap_change(panels.real),
    "change in six years of participation in weak areas",
    ("participation",),
)


def _gap_change(panel: Panel, years: int = 6) -> float:
    rows = weak(panel)
    if not rows.any():
        return float("nan")
    span = min(years, panel.years - 1)
    values = panel.yearly("participation")[rows]
    return float(np.nanmean(values[:, span] - values[:, 0]))


# --- debt -----------------------------------------------------------------------------------------
_simple(r"debt persons new within a year", "debt", "debt_new")
_simple(r"debt households known to help", "debt", "debt_known")
_simple(r"accepted help / signals|signals to accepted help", "debt", "signals_accepted")
_simple(r"executed / orders|orders executed", "debt", "orders_executed")
says(
    r"arrangement x completion",
    "debt",
    pooled("tracks_completed"),
    "debt tracks that end with debts settled, of those begun",
    ("tracks_completed",),
)
cannot(
    r"evictions 2021 / 2014|corporate evictions|amsterdam versus nation",
    "history",
    "needs the dated history of evictions",
)
cannot(r"home visit against overall", "debt", "a ratio of two parameters")

# --- health and care ------------------------------------------------------------------------------
_simple(r"reports by persons with an earlier report", "health", "crises_repeated")
says(
    r"ratio corporation-heavy / no social rent",
    "health",
    ratio("psychiatric_corporation", "psychiatric_elsewhere"),
    "psychiatric problems of corporation tenants over others",
    ("psychiatric_corporation", "psychiatric_elsewhere"),
    also="psychiatric",
)
says(
    r"share in corporation-heavy neighbourhoods vs nl",
    "health",
    ratio("cognitive_corporation", "cognitive"),
    "cognitive limitation of corporation tenants over the whole",
    ("cognitive_corporation", "cognitive"),
)
says(
    r"residents with psychiatric problems there",
    "health",
    in_areas("psychiatric_in_care", where="rich"),
    "corporation tenants in corporation-rich areas with psychiatric problems and in care: the figure is by use of care",
    ("psychiatric_in_care",),
)
says(
    r"mild intellectual disability there",
    "health",
    in_areas("cognitive_corporation", where="rich"),
    "cognitive limitation of corporation tenants in corporation-rich areas",
    ("cognitive_corporation",),
)
cannot(r"annual growth e33|police reports 2011", "history", "needs the dated series of reports")
_simple(r"share severely lonely", "contacts", "severe_loneliness")
_simple(r"job changes per year", "care", "staff_turnover", also="social workers|turnover")
_simple(
    r"undone tasks",
    "care",
    "teams_with_queue",
    about="district-months in which a team has people waiting for an intake, so that tasks that can wait are left",
)
says(
    r"caseload norm versus practice",
    "care",
    lambda panels: panels.real.pooled("caseload") / standing_caseload(),
    "open cases per fte over those that full hours allow",
    ("caseload",),
)
cannot(r"time in own area", "care", "the share of hours in the area is a parameter")
cannot(r"structural cooperation", "care", "no state of the model carries it")


def standing_caseload() -> float:
    """Cases for which the hours of a social worker suffice: the norm of the profession (ASM-02)."""
    values = ParameterStore(shipped_parameters()).at(0, "2025-01")
    return effective_hours(values) / values["professionals.case_hours_social_worker"]


# --- nuisance and safety --------------------------------------------------------------------------
_SMALL = ("nuisance_weakest", "nuisance_often")
_WEAKEST = "the fifth of the estates of corporations with most households that need support"
_SMALL_ABOUT = f"frequent nuisance in {_WEAKEST}, over the whole"
says(r"ratio often nuisance from direct neighbours", "nuisance", ratio(*_SMALL), _SMALL_ABOUT, _SMALL)
says(r"^ratio$", "nuisance", ratio(*_SMALL), _SMALL_ABOUT, _SMALL, also="nuisance")
_simple(r"national baseline often nuisance", "nuisance", "nuisance_often")
cannot(
    r"excess nuisance against national",
    "nuisance",
    "another indicator than frequent nuisance from neighbours, as the table says; the model has none like it",
)
says(
    r"afraid of harassment or robbery|share in worst areas vs elsewhere",
    "safety",
    pooled("fear_weakest"),
    f"afraid of harassment or robbery in {_WEAKEST}",
    ("fear_weakest",),
)
_simple(r"nl share and worst municipalities", "safety", "feels_unsafe", also="unsafe")
_simple(
    r"reconviction of juveniles",
    "crime",
    "reconviction_juvenile",
    about="young suspects of a year with another case in the two years after it",
)
cannot(r"sign of gentrification on victimisation", "crime", "no shipped lever upgrades an area")
says(r"vsv mbo", "school", pooled("dropout_mbo"), "dropout in vocational education a year", ("dropout_mbo",))
cannot(r"effect on achievement or advice", "gates", "judged by the gate on extra school hours")
cannot(r"turnout", "trust", "the model has no elections")
cannot(r"income gap adjacent", "school", "needs incomes of grown children by the street of their youth")

# --- homes ----------------------------------------------------------------------------------------
_simple(r"lowest incomes among social renters", "allocation", "lowest_income_renters")
_simple(r"freed corporation dwellings per year|existing-stock mutation rate", "moves", "corporation_turnover")
_simple(r"freed dwellings to refugees", "allocation", "lettings_status")
_simple(r"vulnerable groups in .*lettings", "allocation", "lettings_vulnerable")
_simple(r"allocations to regular seekers", "allocation", "lettings_regular")
cannot(
    r"priority lettings to status holders that fell in",
    "allocation",
    "needs that city with its own districts",
)
_simple(r"definite intention to move .* if dissatisfied", "moves", "wish_if_dissatisfied")
_simple(r"^satisfied social renters", "wellbeing", "satisfied_renters")
_simple(r"^satisfied owners", "wellbeing", "satisfied_owners")


@rule(r"moves per year at age (\d+)")
def _moves(match: re.Match[str], pattern: Pattern) -> Statistic:
    name = f"moves_at_{match.group(1)}"
    return Statistic(
        "moves", SIMULATED, pooled(name), f"persons of {match.group(1)} who moved in a year", (name,)
    )


says(
    r"sign of income difference leavers minus entrants",
    "moves",
    lambda panels: _income_sign(panels.real),
    "income of households that left weak areas against those that came",
    ("leavers_income", "entrants_income"),
)


def _income_sign(panel: Panel) -> float:
    left, came = (panel.pooled(name, weak(panel)) for name in ("leavers_income", "entrants_income"))
    return float(np.sign(left - came))


_simple(
    r"residents per complex in sites",
    "nuisance",
    "trouble_estate_size",
    about="mean residents of estates with two or more reports of confused behaviour in a year",
)

# --- contacts -------------------------------------------------------------------------------------
_simple(r"weekly contact with neighbours", "contacts", "contact_weekly")
_simple(r"daily contact with neighbours", "contacts", "contact_daily")
_simple(r"social cohesion score", "contacts", "cohesion")
says(
    r"cohesion score very urban",
    "contacts",
    lambda panels: panels.real.pooled("cohesion", very_urban(panels.real)),
    "cohesion score in very urban areas (2,500 addresses per square kilometre and more)",
    ("cohesion",),
)
_simple(r"hardly know each other", "contacts", "strangers_lowest_fifth", also="lowest")

# --- programmes: judged by gates ------------------------------------------------------------------
cannot(
    r"main price effect|claim versus control|"
    r"perceived improvement|rehous|not homeless again|jobs 20\d\d|relative fall in ggz|solved share|goal attainment|"
    r"choice part|welfare staff lost|fall in detours|eur per resident|strongest district|teacher",
    "gates",
    "the outcome of a programme that no shipped lever expresses, or of its history",
)
