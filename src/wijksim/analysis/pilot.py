"""How many pairs are needed, told from a few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wijksim.analysis.compare import Comparison, difference
from wijksim.analysis.intervals import half_width, pairs_for, sd_interval
from wijksim.analysis.precision import Precision, smallest_effect


def pilot_table(
    comparison: Comparison,
    precision: Precision,
    *,
    measures: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Spread of the paired differences of a pilot, and the pairs that would do.

    Parameters
    ----------
    comparison
        The pilot.
    precision
        Half-width that is asked.
    measures, years
        What to look at; all recorded measures, and the read-out years, if omitted.

    Returns
    -------
    pandas.DataFrame
        One row per measure, district, year and scenario, with columns

        * ``pairs, difference, sd, half_width``: of the pilot;
        * ``independent, paired, ratio``: variance of a difference with independent futures, with the same ones, and
          how many times the first is larger;
        * ``smallest``: smallest effect that matters, NaN where none is stated;
        * ``for_precision, for_smallest``: pairs for either aim; ``needed``: for the one that is met sooner;
        * ``needed_low, needed_high``: the same at both ends of the 95 % interval of the standard deviation. The mean,
          of which a relative aim is a share, is taken as it came out.
        * ``seen``: whether the interval of the pilot excludes zero; without that a share of the mean says little.
    """
    rows = []
    for kind in comparison.measures:
        if measures is not None and kind.name not in measures:
            continue
        values = comparison.yearly(kind.name)
        smallest = smallest_effect(kind.name, kind.unit)
        for year in years or comparison.years:
            for d, district in enumerate(comparison.districts):
                base = values[:, 0, year - 1, d]
                for s, scenario in enumerate(comparison.scenarios[1:], start=1):
                    change = difference(values[:, s, year - 1, d], base)
                    there = np.isfinite(change)
                    rows.append(
                        {
                            "measure": kind.name,
                            "unit": kind.unit,
                            "district": district,
                            "year": year,
                            "scenario": scenario.id,
                            **_spread(base[there], change[there]),
                            "smallest": np.nan if smallest is None else smallest,
                        }
                    )
    return _with_needs(pd.DataFrame(rows), precision)


def _spread(base: np.ndarray, change: np.ndarray) -> dict[str, float]:
    """Moments of one difference; NaN where there are fewer than two values."""
    n = change.size
    if n < 2:
        mean = float(change.mean()) if n else np.nan
        empty = dict.fromkeys(("sd", "half_width", "independent", "paired", "ratio"), np.nan)
        return {"pairs": n, "difference": mean, **empty}
    apart = float(np.var(base, ddof=1) + np.var(base + change, ddof=1))
    joint = float(np.var(change, ddof=1))
    sd = float(np.sqrt(joint))
    nothing = joint <= np.finfo(np.float64).eps * apart
    return {
        "pairs": n,
        "difference": float(change.mean()),
        "sd": sd,
        "half_width": half_width(sd, n),
        "independent": apart,
        "paired": joint,
        "ratio": (np.inf if apart > 0 else 1.0) if nothing else apart / joint,
    }


def _with_needs(table: pd.DataFrame, precision: Precision) -> pd.DataFrame:
    sd, mean, smallest = (table[name].to_numpy(np.float64) for name in ("sd", "difference", "smallest"))
    own = np.array([precision.aim(one, None) for one in mean])
    aim = np.array(
        [
            precision.aim(one, None if np.isnan(least) else least)
            for one, least in zip(mean, smallest, strict=True)
        ]
    )
    table["for_precision"] = pairs_for(sd, own)
    table["for_smallest"] = pairs_for(sd, smallest)
    table["needed"] = pairs_for(sd, aim)
    low, high = sd.copy(), sd.copy()
    for n in set(table["pairs"]):
        here = (table["pairs"] == n).to_numpy()
        low[here], high[here] = sd_interval(sd[here], int(n))
    table["needed_low"], table["needed_high"] = pairs_for(low, aim), pairs_for(high, aim)
    table["seen"] = np.abs(mean) > table["half_width"].to_numpy()
    return table
