"""Statements about how areas change: persistence, spread of change, and who stays weak."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.areas import TOTAL, correlation, of_words
from wijksim.analysis.validation.panel import WEAK_UPPER_BOUND, Panel
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.statistics import (
    INPUT,
    SIMULATED,
    Panels,
    Statistic,
    cannot,
    rule,
    says,
)
from wijksim.core.units import PERCENT

type Floats = NDArray[np.float64]


def _lagged(panel: Panel, years: int) -> list[tuple[Floats, Floats]]:
    """Readings of all areas ``years`` apart, for every year in which both lie in the run (start included)."""
    readings = np.concatenate([panel.start[:, None], panel.yearly(TOTAL)], axis=1)
    last = readings.shape[1] - 1
    return [(readings[:, first], readings[:, first + years]) for first in range(last - years + 1)]


@rule(r"autocorrelation of total score over (\d+) years")
def _persistence(match: re.Match[str], pattern: Pattern) -> Statistic:
    years = int(match.group(1))

    def compute(panels: Panels) -> float:
        pairs = _lagged(panels.real, years)
        return float(np.mean([correlation(*pair) for pair in pairs])) if pairs else float("nan")

    return Statistic(
        "liveability", SIMULATED, compute, f"correlation of readings {years} years apart", (TOTAL,)
    )


@rule(r"sd of (\d+)-year change")
def _spread(match: re.Match[str], pattern: Pattern) -> Statistic:
    years = int(match.group(1))

    def compute(panels: Panels) -> float:
        pairs = _lagged(panels.real, years)
        return (
            float(np.mean([(later - first).std(ddof=1) for first, later in pairs])) if pairs else float("nan")
        )

    return Statistic("liveability", SIMULATED, compute, f"spread of change over {years} years", (TOTAL,))


def _bottom_stays(panels: Panels) -> float:
    panel = panels.real
    last = panel.yearly(TOTAL)[:, -1]
    count = max(round(len(panel.areas) / 10), 1)
    then, now = np.argsort(panel.start)[:count], np.argsort(last)[:count]
    return PERCENT * float(np.isin(then, now).mean())


says(
    r"bottom 10% in \d+ still bottom 10%",
    "liveability",
    _bottom_stays,
    "areas in the lowest tenth at the start that are in it at the end",
    (TOTAL,),
)
says(
    r"mean change per year",
    "liveability",
    lambda panels: float(np.mean(panels.real.yearly(TOTAL)[:, -1] - panels.real.start)) / panels.real.years,
    "mean change of readings a year: the national rise is a parameter",
    (TOTAL,),
    also="national",
    kind=INPUT,
)
says(
    r"slope of .*nuisance change on corporation share",
    "liveability",
    lambda panels: _slope_of_change(panels.real),
    "slope of the eight-year change of the nuisance score on corporation share",
    ("liveability_onv", "corporation_share"),
)


def _slope_of_change(panel: Panel, years: int = 8) -> float:
    panel = of_words(panel, "urban")
    values = panel.yearly("liveability_onv")
    span = min(years, panel.years - 1)
    change = values[:, span] - values[:, 0]
    share = panel.yearly("corporation_share")[:, 0] / PERCENT
    return float(np.polyfit(share, change, 1)[0])


def _neighbours(panels: Panels, years: int = 10) -> float:
    panel = panels.real
    pairs = _lagged(panel, min(years, panel.years))
    change = np.mean([later - first for first, later in pairs], axis=0)
    same = (panel.world[:, None] == panel.world[None, :]) & ~np.eye(change.size, dtype=bool)
    one, other = same.nonzero()
    return correlation(change[one], change[other]) if one.size else float("nan")


says(
    r"correlation of \d+-year change with adjacent",
    "liveability",
    _neighbours,
    "correlation of ten-year change between areas of one city: the city's part of the walk is a parameter",
    (TOTAL,),
    kind=INPUT,
)


def _share_weak(choose: Callable[[Panel], NDArray[np.bool_]], first: bool) -> Callable[[Panels], float]:
    def compute(panels: Panels) -> float:
        panel = panels.real
        rows = choose(panel)
        score = panel.start if first else panel.yearly(TOTAL)[:, -1]
        return PERCENT * float((score[rows] <= WEAK_UPPER_BOUND).mean()) if rows.any() else float("nan")

    return compute


def _all(panel: Panel) -> NDArray[np.bool_]:
    return np.ones(len(panel.areas), dtype=bool)


says(
    r"residents in class weak or lower, 20(1|2)\d",
    "liveability",
    _share_weak(_all, first=True),
    "start scores of places carry this share",
    (TOTAL,),
    kind=INPUT,
)
cannot(r"residents in class weak or lower, 200\d", "liveability", "needs the dated history before the start")
says(
    r"dwellings weak or lower nationally",
    "liveability",
    _share_weak(_all, first=True),
    "start scores of places carry this share",
    (TOTAL,),
    kind=INPUT,
)
_SPAN = 6  # years between the two published figures of the focus areas
_CHOSEN = 4  # the areas were chosen in 2022, in the fourth of these years
_PART = 0.07  # 1.2 of 17.9 million residents live in them


def _focus_shares(panel: Panel) -> tuple[float, float]:
    """Per cent of dwellings of the focus areas that are weak, at first and six years on; mean over spans of the run.

    In the fourth year of each span the areas with most weak dwellings are taken, as many as hold the part of all
    residents that lives in the twenty areas. Chosen at the beginning, they would improve by chance alone.
    """
    weak, all_ = panel.top["weak_dwellings"], panel.bottom["weak_dwellings"]
    span, count = min(_SPAN, panel.years - 1), max(round(_PART * len(panel.areas)), 1)
    first, later = [], []
    for year in range(panel.years - span):
        then = min(year + _CHOSEN, year + span)
        rows = np.argsort(-weak[:, then] / all_[:, then], kind="stable")[:count]
        first.append(weak[rows, year].sum() / all_[rows, year].sum())
        later.append(weak[rows, year + span].sum() / all_[rows, year + span].sum())
    return PERCENT * float(np.mean(first)), PERCENT * float(np.mean(later))


says(
    r"dwellings weak or lower in .*focus areas",
    "liveability",
    lambda panels: _focus_shares(panels.real)[1],
    "dwellings that are weak in the weakest areas, as many as the twenty, two years after they were chosen",
    ("weak_dwellings",),
)
says(
    r"pp per year change in share of weak",
    "liveability",
    lambda panels: float(np.subtract(*_focus_shares(panels.real)[::-1])) / min(_SPAN, panels.real.years - 1),
    "change a year of the share of dwellings that are weak, from four years before the weakest are chosen to two after",
    ("weak_dwellings",),
)
cannot(
    r"nuisance score change 20\d\d-\d\d in|20-year change of total score|in decline after|"
    r"target / rest|since late 1990s",
    "history",
    "needs the dated history of that place and its programmes",
)
