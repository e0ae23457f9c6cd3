"""Does a run in which nothing is changed stand still? The null run held against its bounds.

Four questions: do the districts keep their rank, does the liveability index drift, does the first year go on where
the warm-up ended, and do the stocks of vacancies, seekers, cases, assistance and problem debt stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.intervals import mean_interval
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.parameters.schema import Parameter
from wijksim.runs.null import NullRuns
from wijksim.runs.recorder import CITY

INDEX, RELATIVE = "liveability_index", "liveability_relative"
MIXTURE = "national mixture"
YEARS = (1, 4, 8, 20)
VACANCIES = ("vacancy_corporation", "vacancy_owner", "vacancy_private")
WITHOUT_LEVEL = ("seekers", "caseload")
STOCKS = (*VACANCIES, *WITHOUT_LEVEL, "share_in_assistance", "problem_debt")
_BANDS = {"share_in_assistance": "assistance", "problem_debt": "problem_debt"}

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> Interval:
        """Mean and Student interval of one value per seed; seeds without a value (NaN) are left out."""
        return cls(*mean_interval(values[np.isfinite(values)]))


@dataclass(frozen=True)
class IndexDrift:
    """Change of the liveability index of a district over the run.

    ``raw``, ``relative`` (less the national rise) and ``by_conditions`` (what simulated conditions did, without the
    exogenous walk); ``kept`` if the mean of ``relative`` is within the bound, ``proven`` if its interval is too.
    """

    district: str
    raw: Interval
    relative: Interval
    by_conditions: Interval
    kept: bool
    proven: bool


@dataclass(frozen=True)
class Unsettled:
    """A measure whose first year does not go on where its first month stood, by one yardstick or both.

    ``z`` in standard deviations between seeds of the months 0 to 12 together, ``z_month_0`` in those of month 0
    alone, which is stricter with measures that differ little in that month and endless where nobody was hit in it.
    """

    measure: str
    place: str
    first: float
    after: float
    z: float
    z_month_0: float


@dataclass(frozen=True)
class Stock:
    """A stock over the years.

    ``levels`` by year, ``slope`` per year, ``lowest`` and ``highest`` yearly mean of all seeds together; ``band`` and
    ``kept`` are None where nothing is asked.
    """

    measure: str
    place: str
    unit: str
    levels: dict[int, float]
    slope: Interval
    lowest: float
    highest: float
    band: tuple[float, float] | None
    kept: bool | None


@dataclass(frozen=True)
class Drift:
    """The diagnosis: what was found, the bounds it was held against, and which of them were broken."""

    rank_kept: float
    year_ends: int
    index: tuple[IndexDrift, ...]
    unsettled: tuple[Unsettled, ...]
    settled_of: int
    stocks: tuple[Stock, ...]
    bounds: dict[str, float]

    @property
    def judged_unsettled(self) -> int:
        """Measures by place beyond the bound by the spread of all thirteen months, which decides."""
        return sum(abs(one.z) > self.bounds["settling"] for one in self.unsettled)

    @property
    def broken(self) -> tuple[str, ...]:
        """Bounds that were broken, in words."""
        found = []
        if self.rank_kept < self.bounds["rank"]:
            found.append(f"ranking kept in {PERCENT * self.rank_kept:.1f}% of year-ends")
        found += [f"liveability of {one.district} drifts" for one in self.index if not one.kept]
        if self.judged_unsettled:
            found.append(f"{self.judged_unsettled} of {self.settled_of} measures by place do not settle")
        found += [f"{one.measure} leaves its band ({one.place})" for one in self.stocks if one.kept is False]
        return tuple(found)


def rank_kept(index: Floats) -> tuple[float, int]:
    """Share of seeds and times at which districts stand in the order in which they began, and how many those are.

    Parameters
    ----------
    index
        Shape ``(seeds, times, districts)``; the first time is the start.
    """
    order = np.argsort(index, axis=2, kind="stable")
    kept = (order[:, 1:] == order[:, :1]).all(axis=2)
    return float(kept.mean()), kept.size


def slopes(yearly: Floats) -> Floats:
    """Least-squares slope per year; shape ``(seeds, years)`` in, ``(seeds,)`` out, NaN for less than two years."""
    years = yearly.shape[1]
    if years < 2:
        return np.full(yearly.shape[0], np.nan)
    away = np.arange(years) - (years - 1) / 2
    return np.asarray((yearly - yearly.mean(axis=1, keepdims=True)) @ away / (away @ away))


def distances(monthly: Floats, after: Floats) -> Floats:
    """Mean of ``after`` less that of the first month, in standard deviations of a month between seeds.

    Parameters
    ----------
    monthly
        Shape ``(seeds, months, places)``, the first month first. The spread between seeds is pooled over all of
        them: in one month alone a rare event may happen to nobody in any seed.
    after
        Value over the months that follow, shape ``(seeds, places)``. Values that do not exist (NaN) are left out.

    Returns
    -------
    NDArray
        Shape ``(places,)``; NaN for fewer than two seeds, infinite for a change of what never differs between seeds.
    """
    known = np.isfinite(monthly)
    n = known.sum(axis=0)
    mean = np.where(known, monthly, 0).sum(axis=0) / np.maximum(n, 1)
    squares = (np.where(known, monthly - mean, 0) ** 2).sum(axis=(0, 1))
    spread = np.sqrt(squares / np.maximum((n - 1).clip(0).sum(axis=0), 1))
    both = known[:, 0] & np.isfinite(after)
    pairs = both.sum(axis=0)
    change = np.where(both, after - monthly[:, 0], 0).sum(axis=0) / np.maximum(pairs, 1)
    rounding = np.finfo(np.float32).eps * np.abs(mean).max(initial=0)
    z = np.divide(change, spread, out=np.copysign(np.inf, change), where=spread > rounding)
    still = np.abs(change) <= rounding
    return np.asarray(np.where(pairs < 2, np.nan, np.where(still, 0.0, z)))


class Series:
    """Values of null runs by measure: per district, for the city, and for the national mixture where there is one."""

    def __init__(self, runs: NullRuns) -> None:
        self.runs = runs
        self.names = [measure.name for measure in runs.measures]
        self.months = runs.numerator.shape[1]
        self.years = max(self.months // MONTHS_PER_YEAR, 1)
        self.mixed = bool(runs.weights.sum() > 0)
        self.places = (*runs.districts, CITY, *((MIXTURE,) if self.mixed else ()))

    def over(self, measure: str, months: slice) -> Floats:
        """Mean over some months, shape ``(seeds, places)``; counts are added up before they are divided."""
        k = self.names.index(measure)
        top = self.runs.numerator[:, months, k].sum(axis=1)
        bottom = self.runs.denominator[:, months, k].sum(axis=1)
        top, bottom = (np.append(one, one.sum(axis=1, keepdims=True), axis=1) for one in (top, bottom))
        value = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
        value *= self.runs.measures[k].scale
        if self.mixed:
            share = self.runs.weights / self.runs.weights.sum()
            weighed = np.where(share > 0, value[:, :-1] * share, 0).sum(axis=1, keepdims=True)
            value = np.append(value, weighed, axis=1)
        return np.asarray(value)

    def yearly(self, measure: str) -> Floats:
        """Means over the years, shape ``(seeds, years, places)``."""
        length = min(self.months, MONTHS_PER_YEAR)
        parts = [self.over(measure, slice(y * length, (y + 1) * length)) for y in range(self.years)]
        return np.stack(parts, axis=1)


def diagnose(runs: NullRuns, parameters: Mapping[str, Parameter]) -> Drift:
    """Hold null runs of at least two seeds and two months against the bounds.

    Parameters
    ----------
    runs
        See :func:`wijksim.runs.null.null_runs`.
    parameters
        Declarations by name: the bounds are ``analysis.*``, the bands of vacancies the ranges of ``build.vacancy_*``.
    """
    series = Series(runs)
    n = len(runs.districts)
    ends = sorted({0, *range(MONTHS_PER_YEAR - 1, series.months, MONTHS_PER_YEAR), series.months - 1})
    index = np.stack([series.over(INDEX, slice(t, t + 1))[:, :n] for t in ends], axis=1)
    share, year_ends = rank_kept(index)
    bounds = {
        name: parameters[f"analysis.{parameter}"].value
        for name, parameter in (
            ("rank", "drift_rank_share"),
            ("index", "drift_index"),
            ("settling", "drift_settling"),
        )
    }
    unsettled, compared = _settling(series, bounds["settling"])
    return Drift(
        rank_kept=share,
        year_ends=year_ends,
        index=_index(series, bounds["index"]),
        unsettled=unsettled,
        settled_of=compared,
        stocks=tuple(stock for name in STOCKS for stock in _stock(series, name, parameters)),
        bounds=bounds,
    )


def _index(series: Series, bound: float) -> tuple[IndexDrift, ...]:
    first, last = slice(0, 1), slice(series.months - 1, series.months)
    raw, relative = (series.over(name, last) - series.over(name, first) for name in (INDEX, RELATIVE))
    found = []
    for d, district in enumerate(series.runs.districts):
        less_rise = Interval.of(relative[:, d])
        found.append(
            IndexDrift(
                district,
                Interval.of(raw[:, d]),
                less_rise,
                Interval.of(series.runs.by_conditions[:, d]),
                kept=abs(less_rise.mean) < bound,
                proven=-bound < less_rise.low and less_rise.high < bound,
            )
        )
    return tuple(found)


def _settling(series: Series, most: float) -> tuple[tuple[Unsettled, ...], int]:
    """Measures by place whose months 1 to 12 lie further from month 0 than allowed, and how many were compared."""
    found, compared = [], 0
    for name in series.names:
        after = series.over(name, slice(1, MONTHS_PER_YEAR + 1))
        monthly = [series.over(name, slice(t, t + 1)) for t in range(min(series.months, MONTHS_PER_YEAR + 1))]
        z, alone = (distances(np.stack(part, axis=1), after) for part in (monthly, monthly[:1]))
        for p, place in enumerate((*series.runs.districts, CITY)):
            compared += bool(z[p] == z[p])
            if abs(z[p]) > most or abs(alone[p]) > most:
                both = np.isfinite(monthly[0][:, p]) & np.isfinite(after[:, p])
                start, year = (float(one[both, p].mean()) for one in (monthly[0], after))
                found.append(Unsettled(name, place, start, year, float(z[p]), float(alone[p])))
    return tuple(sorted(found, key=lambda one: -abs(one.z))), compared


def _stock(series: Series, name: str, parameters: Mapping[str, Parameter]) -> list[Stock]:
    yearly = series.yearly(name)
    unit = series.runs.measures[series.names.index(name)].unit
    shown = sorted({year for year in YEARS if year <= series.years} | {series.years})
    # the queue is that of the whole city
    places = (CITY,) if name == "seekers" else series.places
    found = []
    for p, place in enumerate(series.places):
        if place not in places or not np.isfinite(yearly[:, :, p]).any(axis=0).all():
            continue
        mean = np.nanmean(yearly[:, :, p], axis=0)
        band = _band(name, place, float(mean[0]), parameters)
        low, high = float(mean.min()), float(mean.max())
        found.append(
            Stock(
                measure=name,
                place=place,
                unit=unit,
                levels={year: float(mean[year - 1]) for year in shown},
                slope=Interval.of(slopes(yearly[:, :, p])),
                lowest=low,
                highest=high,
                band=band,
                kept=None if band is None else bool(band[0] <= low and high <= band[1]),
            )
        )
    return found


def _band(
    name: str, place: str, start: float, parameters: Mapping[str, Parameter]
) -> tuple[float, float] | None:
    """Published levels hold for the nation; a stock without one may not leave its first year behind."""
    if name in WITHOUT_LEVEL:
        width = parameters["analysis.stock_change"].value
        return (start * (1 - width), start * (1 + width)) if place == CITY else None
    if place != MIXTURE:
        return None
    if name in VACANCIES:
        stated = parameters[f"build.{name}"]
        return PERCENT * stated.low, PERCENT * stated.high
    words = _BANDS[name]
    low, high = (parameters[f"analysis.{words}_{end}"].value for end in ("lowest", "highest"))
    return PERCENT * low, PERCENT * high


def as_dict(drift: Drift) -> dict[str, Any]:
    """Plain data, ready for JSON."""
    return {**asdict(drift), "broken": list(drift.broken)}
