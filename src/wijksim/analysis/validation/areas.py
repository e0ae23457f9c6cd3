"""Statements about differences and change between areas."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.panel import WEAK_UPPER_BOUND, Panel
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.statistics import (
    INPUT,
    SIMULATED,
    Panels,
    Statistic,
    rule,
    says,
)
from wijksim.core.units import PERCENT

type Floats = NDArray[np.float64]

# words for a figure of an area, longest first where one holds another
FIGURES: tuple[tuple[str, str], ...] = (
    ("corporation share", "corporation_share"),
    ("social rent", "corporation_share"),
    ("benefit share", "benefit_share"),
    ("low income", "poverty"),
    ("bijstand", "assistance_share"),
    ("assistance", "assistance_share"),
    ("wmo", "care_clients"),
    ("youth care", "youth_care"),
    ("participation", "participation"),
    ("nuisance/insecurity", "liveability_onv"),
    ("nuisance score", "liveability_onv"),
    ("cohesion", "liveability_soc"),
    ("flat share", "flat_share"),
    ("single-parent", "single_parent_share"),
    ("one-person", "single_share"),
    ("woz", "value"),
    ("total score", "liveability_index"),
    ("dwelling stock", "liveability_won"),
    ("physical environment", "liveability_fys"),
    ("amenities", "liveability_vrz"),
)
SHARES = frozenset(
    {"corporation_share", "benefit_share", "flat_share", "single_parent_share", "single_share"}
)
TOTAL = "liveability_reading"
LIVE_CONDITIONS = ("conditions_onv", "conditions_soc", "conditions_won")
_BUURT = "buurt level"
_CONDITIONS = "score that simulated conditions alone would give, start scores left out"
_BEGAN = "districts that all began with the people of the whole country"
_BLIND = f"{_BEGAN}, second half of the run"
_BY_YEAR = f"{_BEGAN}, mean over the years of the second half of the run"
# a score of the index begins at what is published; scored is what conditions alone would give
CONDITIONS = {
    name: name.replace("liveability", "conditions") for name in ("liveability_onv", "liveability_soc")
}


def _with_people(panels: Panels) -> Panel:
    return panels.real


def _without_people(panels: Panels) -> Panel:
    return panels.blind


def figure(words: str) -> str | None:
    """Name in the panel of the figure that the words speak of."""
    found = [(words.find(text), name) for text, name in FIGURES if text in words]
    return min(found)[1] if found else None


def correlation(one: Floats, other: Floats) -> float:
    """Pearson correlation over the areas that have both."""
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 3 or one[both].std() == 0 or other[both].std() == 0:
        return float("nan")
    return float(np.corrcoef(one[both], other[both])[0, 1])


def correlation_of_a_year(panel: Panel, one: str, other: str) -> float:
    """Mean over the years of the second half of the correlation over areas in one year."""
    first, second = panel.yearly(one), panel.yearly(other)
    years = range(panel.years // 2, panel.years)
    return float(np.nanmean([correlation(first[:, year], second[:, year]) for year in years]))


def of_words(panel: Panel, words: str) -> Panel:
    """Urban areas if the words say so and there are enough to speak of."""
    rows = panel.urban.nonzero()[0]
    return panel.take(rows) if "urban" in words and rows.size > 3 else panel


@rule(r"correlation (.+?) ~ (.+)")
def _correlate(match: re.Match[str], pattern: Pattern) -> Statistic | None:
    one, other = figure(match.group(1)), figure(match.group(2))
    if one is None or other is None:
        return None
    words = pattern.words
    scored = any(name in CONDITIONS for name in (one, other))
    source, about = (_with_people, _CONDITIONS) if scored else (_without_people, _BLIND)
    one, other = CONDITIONS.get(one, one), CONDITIONS.get(other, other)
    # a buurt has about as many residents as our districts, and its figures are of one year: the luck of small numbers
    # is part of what was published, and would be lost in a mean over years
    small = _BUURT in words and not scored
    about = _BY_YEAR if small else about

    def compute(panels: Panels) -> float:
        panel = of_words(source(panels), words)
        if small:
            return correlation_of_a_year(panel, one, other)
        return correlation(panel.late(one), panel.late(other))

    block = "liveability" if scored or "liveability" in one + other else "composition"
    if {one, other} == {"value", "liveability_index"}:
        about = "prices follow the index by one equation, which carries this correlation"
        return Statistic(block, INPUT, compute, about, (one, other))
    return Statistic(block, SIMULATED, compute, f"correlation of {one} and {other}, {about}", (one, other))


def _band(text: str) -> tuple[float, float] | None:
    """Bounds in per cent of ``<=10%``, ``10-20%`` or ``>60%``."""
    low = re.search(r"> ?(\d+(?:\.\d+)?)", text)
    high = re.search(r"<=? ?(\d+(?:\.\d+)?)", text)
    both = re.search(r"(\d+(?:\.\d+)?) ?- ?(\d+(?:\.\d+)?)", text)
    if both:
        return float(both.group(1)), float(both.group(2))
    if low:
        return float(low.group(1)), float("inf")
    return (-1.0, float(high.group(1))) if high else None


@rule(r"(.+?) where corporation share is (.+)")
def _by_band(match: re.Match[str], pattern: Pattern) -> Statistic | None:
    name, band = figure(match.group(1)), _band(match.group(2))
    if name is None or band is None:
        return None
    low, high = band
    words = pattern.words + " " + pattern.note.lower()
    scored = name in CONDITIONS
    source, about = (_with_people, _CONDITIONS) if scored else (_without_people, _BLIND)
    name = CONDITIONS.get(name, name)

    def compute(panels: Panels) -> float:
        whole = source(panels)
        panel = of_words(whole, words)
        share = panel.late("corporation_share")
        values = panel.late(name)[(share > low) & (share <= high)]
        # conditions have no zero of their own: the country's mean is the zero of the published score
        zero = float(np.nanmean(whole.late(name))) if scored else 0.0
        return float(np.nanmean(values)) - zero if np.isfinite(values).any() else float("nan")

    block = "liveability" if scored else "composition"
    about = f"mean {name} where the corporation share is {match.group(2)}, {about}"
    return Statistic(block, SIMULATED, compute, about, (name, "corporation_share"))


def hinge_gain(x: Floats, y: Floats) -> float:
    """Gain in R2 of the best broken line over a straight one."""
    straight = _r2(np.stack([np.ones_like(x), x], axis=1), y)
    knots = np.quantile(x, np.linspace(0, 1, 21)[2:-2])
    broken = [_r2(np.stack([np.ones_like(x), x, np.maximum(x - knot, 0)], axis=1), y) for knot in knots]
    return float(max(broken) - straight)


def _r2(design: Floats, y: Floats) -> float:
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(1 - (rest**2).sum() / ((y - y.mean()) ** 2).sum())


says(
    r"gain in r2 of best hinge",
    "liveability",
    lambda panels: hinge_gain(panels.real.late("corporation_share"), panels.real.late("conditions_onv")),
    f"gain in R2 of a broken line of nuisance score on corporation share, {_CONDITIONS}",
    ("corporation_share", "conditions_onv"),
)


@rule(r"partial slope of (.+?)(?: on nuisance score)?$")
def _partial(match: re.Match[str], pattern: Pattern) -> Statistic | None:
    name = figure(match.group(1))
    drivers = ("corporation_share", "benefit_share", "flat_share", "single_share", "single_parent_share")
    if name not in drivers:
        return None
    place = drivers.index(name) + 1

    def compute(panels: Panels) -> float:
        panel = of_words(panels.real, pattern.words + " urban")
        columns = [np.ones(len(panel.areas)), *(panel.late(driver) / PERCENT for driver in drivers)]
        if np.isfinite(panel.density).all():
            columns.append(np.log(panel.density))
        design = np.stack(columns, axis=1)
        return float(np.linalg.lstsq(design, panel.late("conditions_onv"), rcond=None)[0][place])

    return Statistic(
        "liveability",
        SIMULATED,
        compute,
        f"slope of the nuisance {_CONDITIONS}, other shares and density held constant",
        (*drivers, "conditions_onv"),
    )


@rule(r"gap weak (?:buurten|areas) minus rest: (.+)")
def _gap(match: re.Match[str], pattern: Pattern) -> Statistic | None:
    name = figure(match.group(1).replace("nuisance/insecurity", "nuisance score").replace("social ", ""))
    if name is None:
        return None

    # start scores of places are imposed; what simulated conditions alone would give is not
    simulated = name.replace("liveability", "conditions")
    live = simulated in LIVE_CONDITIONS
    name = simulated if live else name

    def compute(panels: Panels) -> float:
        weak = panels.real.start <= WEAK_UPPER_BOUND
        values = panels.real.late(name)
        if not weak.any() or weak.all():
            return float("nan")
        return float(np.nanmean(values[weak]) - np.nanmean(values[~weak]))

    if live:
        return Statistic(
            "liveability",
            SIMULATED,
            compute,
            f"weak areas less the rest, of the {_CONDITIONS}",
            (name,),
        )
    return Statistic("liveability", INPUT, compute, "start scores of places carry this gap", (name,))


# --- segregation and concentration -----------------------------------------------------------------


def dissimilarity(one: Floats, other: Floats) -> float:
    """Index of dissimilarity of two counts per area: half the sum of absolute differences of their shares."""
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)


def _dissimilar(panels: Panels) -> float:
    panel = panels.real
    top, bottom = panel.top["corporation_share"][:, -1], panel.bottom["corporation_share"][:, -1]
    return dissimilarity(top, bottom - top)


says(
    r"dissimilarity index corporation",
    "composition",
    _dissimilar,
    "the stock of places carries it",
    ("corporation_share",),
    kind=INPUT,
)
says(
    r"residents in pc4 with >=2/3 corporation",
    "composition",
    lambda panels: PERCENT * float((panels.real.late("corporation_share") >= PERCENT * 2 / 3).mean()),
    "the stock of places carries it",
    ("corporation_share",),
    kind=INPUT,
)
says(
    r"correlation sign between change in vulnerable share",
    "liveability",
    lambda panels: _change_sign(panels.real),
    "sign of the correlation of changes of vulnerable households and of frequent nuisance",
    ("vulnerable_households", "nuisance_often"),
)


def _change_sign(panel: Panel) -> float:
    one, other = (_change(panel, name) for name in ("vulnerable_households", "nuisance_often"))
    return float(np.sign(correlation(one, other)))


def _change(panel: Panel, name: str) -> Floats:
    third = max(panel.years // 3, 1)
    return panel.between(name, panel.years - third, panel.years) - panel.between(name, 0, third)


def _falling(panels: Panels, years: int = 6) -> float:
    values = panels.real.yearly("vulnerable_households")
    span = min(years, panels.real.years - 1)
    dense = panels.real.yearly("corporation_share")[:, 0] >= np.median(
        panels.real.yearly("corporation_share")[:, 0]
    )
    change = (values[:, span] - values[:, 0])[dense]
    return PERCENT * float((change < -1).mean())


says(
    r"share of wijken with falling concentration",
    "composition",
    _falling,
    "corporation-rich areas where the share of vulnerable households fell by more than a point in six years",
    ("vulnerable_households", "corporation_share"),
)
says(
    r"neighbourhood mark poor urban against rich urban",
    "wellbeing",
    lambda panels: _marks(panels.real),
    "satisfaction with the neighbourhood (0-10), poorest less richest fifth of urban areas",
    ("satisfaction_neighbourhood", "poverty"),
)


def _marks(panel: Panel) -> float:
    panel = of_words(panel, "urban")
    poverty, mark = panel.late("poverty"), 10 * panel.late("satisfaction_neighbourhood")
    low, high = np.nanquantile(poverty, [0.2, 0.8])
    return float(np.nanmean(mark[poverty >= high]) - np.nanmean(mark[poverty <= low]))
