"""Picture of a sensitivity: a bar per factor with its two intervals, and the line below which all is noise.

It can be read without colour: what is more than noise is filled, what is not is hollow, and the two intervals differ
in place and in their ends.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from wijksim.analysis.sensitivity.analyse import INDEX, Indices, Sensitivity
from wijksim.report.svg import house_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist

MOST_BARS = 15  # more cannot be read, and the table has them all
BAR, FILL = "#0072B2", "#9CC6E4"  # of an edge, and so light that lines are seen on it
NOISE = "#B34700"  # stands out from blue and from white for every kind of colour vision
DARK = "#1b1f24"
_ROW, _BAR_HEIGHT, _ASIDE = 0.27, 0.68, 0.19  # inches; then parts of a row
_PANEL, _GAP = 3.2, 0.3  # inches
_HEAD, _FOOT, _RIGHT = 0.85, 1.1, 0.2
_LETTER, _BESIDE = 0.072, 0.25  # inches of a letter of a name, and around it
_NARROWEST, _LONGEST = 12, 40  # letters of a name
_LONGER_LEGEND = 0.3  # inches, where it stands in one column
_TITLE = {1: 55, 2: 95}  # letters that fit above so many panels
_DPI = 160

AXIS = {
    "morris": "mean size of the effect over the whole range (µ*){unit}",
    "sobol": "total share of the variance (ST)",
    "pawn": "distance between distributions (median KS)",
}
FLOOR = {
    "morris": "noise floor: 95 of 100 factors without effect stay below",
    "sobol": "noise floor: 95 of 100 factors without effect stay below",
    "pawn": "dummy: 95 of 100 random factors stay below",
}


def draw_sensitivity(found: Sensitivity, folder: Path) -> list[Path]:
    """Write ``sensitivity-MEASURE.svg`` and ``.png``; nothing if no statistic varies.

    Parameters
    ----------
    found
        The indices.
    folder
        Where the pictures go.
    """
    parts = [part for part in found.parts if not part.table.empty]
    if not parts:
        return []
    stem = folder / f"sensitivity-{found.outcome.measure['name']}"
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        figure = _figure(found, parts)
        svg, png = stem.with_suffix(".svg"), stem.with_suffix(".png")
        figure.savefig(svg, facecolor="white", metadata={"Date": None})
        figure.savefig(png, facecolor="white", dpi=_DPI)
    return [svg, png]


def _figure(found: Sensitivity, parts: list[Indices]) -> Figure:
    rows = max(min(len(part.table), MOST_BARS) for part in parts)
    names = [len(name) for part in parts for name in part.table["factor"].head(MOST_BARS)]
    margin = _BESIDE + _LETTER * float(np.clip(max(names), _NARROWEST, _LONGEST))
    width = len(parts) * (margin + _PANEL) + (len(parts) - 1) * _GAP + _RIGHT
    height = _HEAD + max(rows, 2) * _ROW + _FOOT + (_LONGER_LEGEND if len(parts) == 1 else 0)
    figure = Figure(figsize=(width, height))
    figure.text(
        0.1 / width, 1 - 0.1 / height, _title(found, len(parts)), va="top", weight="bold", fontsize=10
    )
    figure.text(0.1 / width, 1 - 0.32 / height, _under(found), va="top", color="#3d444d")
    for place, part in enumerate(parts):
        left = place * (margin + _PANEL + _GAP) + margin
        shown = min(len(part.table), MOST_BARS)
        tall = max(shown, 2) * _ROW
        axes = figure.add_axes((left / width, 1 - (_HEAD + tall) / height, _PANEL / width, tall / height))
        _bars(axes, part, found)
    figure.legend(
        handles=_legend(found, parts),
        loc="lower left",
        bbox_to_anchor=(0.0, 0.0),
        ncols=3 if len(parts) > 1 else 1,
        frameon=False,
        fontsize=7.5,
        handlelength=1.6,
        columnspacing=1.4,
        labelspacing=0.3,
    )
    return figure


def _title(found: Sensitivity, panels: int) -> str:
    outcome = found.outcome
    of = outcome.scenario if outcome.null is None else f"{outcome.scenario} minus {outcome.null}"
    return textwrap.shorten(f"{outcome.measure['label']}: {of}", _TITLE[panels], placeholder=" …")


def _under(found: Sensitivity) -> str:
    outcome = found.outcome
    rows, n = outcome.values.shape
    return (
        f"{outcome.district}, year {outcome.year}; {found.method}, {rows:,} rows of "
        f"{n} replication{'s' if n > 1 else ''}"
    )


def _bars(axes: Axes, part: Indices, found: Sensitivity) -> None:
    index = INDEX[found.method]
    table = part.table.head(MOST_BARS)
    values = table[index].to_numpy(np.float64)
    places = np.arange(len(table))
    above = table["above_floor"].to_numpy(bool)
    axes.barh(
        places,
        values,
        height=_BAR_HEIGHT,
        color=[FILL if one else "white" for one in above],
        edgecolor=BAR,
        linewidth=0.9,
    )
    _intervals(axes, table, index)
    for place, floor in zip(places, table["floor"], strict=True):
        if floor == floor:
            axes.plot(
                [floor, floor], [place - 0.5, place + 0.5], color=DARK, linewidth=1.2, dashes=(2.5, 1.5)
            )
    axes.set_yticks(places, [_short(name) for name in table["factor"]])
    axes.set_ylim(max(len(table), 2) - 0.5, -0.5)
    low = min(0.0, float((values - table[f"{index}_conf"]).min())) if found.method == "sobol" else 0.0
    axes.set_xlim(low, _reach(table, index))
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    # a power of ten apart from its axis would lie over the words below
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))
    unit = found.outcome.measure["unit"]
    axes.set_xlabel(AXIS[found.method].format(unit=f"\n({unit})" if unit not in ("", "-") else ""))
    more = len(part.table) - len(table)
    which = "mean over replications" if part.statistic == "mean" else "spread between replications"
    axes.set_title(f"{which}{f' (and {more:,} more)' if more else ''}", fontsize=8.5, loc="left", color=DARK)


def _intervals(axes: Axes, table: pd.DataFrame, index: str) -> None:
    """The interval over points above the middle of a bar, that over replications below it."""
    for key, colour, aside, cap in (("conf", DARK, -_ASIDE, 2.2), ("noise", NOISE, _ASIDE, 0.0)):
        half = table[f"{index}_{key}"].to_numpy(np.float64)
        known = np.isfinite(half)
        if known.any():
            axes.errorbar(
                table[index].to_numpy(np.float64)[known],
                np.flatnonzero(known) + aside,
                xerr=half[known],
                fmt="none",
                ecolor=colour,
                elinewidth=1.5,
                capsize=cap,
                capthick=1.2,
            )


def _reach(table: pd.DataFrame, index: str) -> float:
    ends = [table[index] + table[f"{index}_{key}"].fillna(0.0) for key in ("conf", "noise")]
    largest = max(float(each.max()) for each in (*ends, table["floor"].fillna(0.0)))
    return 1.05 * largest or 1.0


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _legend(found: Sensitivity, parts: list[Indices]) -> list[Artist]:
    floors = any(part.table["floor"].notna().any() for part in parts)
    words = (
        ("more than noise", "not told from noise") if floors else ("interval above zero", "not above zero")
    )
    handles: list[Artist] = [
        Patch(facecolor=FILL, edgecolor=BAR, label=words[0]),
        Patch(facecolor="white", edgecolor=BAR, label=words[1]),
        Line2D([], [], color=DARK, linewidth=1.4, marker="|", markersize=5, label="95% interval over rows"),
    ]
    if any(part.table[f"{INDEX[found.method]}_noise"].notna().any() for part in parts):
        handles.append(Line2D([], [], color=NOISE, linewidth=1.6, label="95% interval over replications"))
    if floors:
        handles.append(
            Line2D([], [], color=DARK, linewidth=1.2, dashes=(2.5, 1.5), label=FLOOR[found.method])
        )
    return handles
