"""The picture of a box: futures that miss and futures that do not, and where the box lies among them.

Crosses and rings, not colours alone; futures that other limits of the box keep out are drawn pale.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from wijksim.analysis.discovery import Discovery, Limit, percent
from wijksim.analysis.goals import Goal
from wijksim.report.svg import house_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MISS, HIT = "#B34700", "#0072B2"  # told apart by all colour-blind readers, and as grey
_SIZE = (5.6, 4.9)  # inches
_DPI = 160
_PALE, _PALE_SIZE = 0.25, 0.5  # of futures that other limits keep out
_LINE = 46  # letters of an axis label
_LONG_LINE = 72  # letters of the title
_MARGIN = 0.03  # of the range, around the points
_HALF = 0.5  # a future of which this share misses is drawn as one that does
_DENSE = 300  # futures beyond which markers must be smaller
_MARKER, _SMALL_MARKER = 26.0, 13.0


def draw_box(
    found: Discovery, design: pd.DataFrame, missed: pd.Series[float], outcome: pd.Series[float], folder: Path
) -> list[Path]:
    """Draw the first box of a variant over its two tightest limits, as svg and png.

    Parameters
    ----------
    found
        What was found; nothing is drawn without a box.
    design
        Values by row.
    missed
        Share of the replications that miss, by row.
    outcome
        What the first goal looks at, by row: the upright axis where there is one limit only.
    folder
        Where to write ``box-SCENARIO.svg`` and ``.png``.
    """
    if not found.boxes:
        return []
    limits, _ = found.boxes[0]
    rows = missed.index
    x = np.asarray(design.loc[rows, limits[0].factor.name], np.float64)
    alone = len(limits) == 1
    y = np.asarray(outcome.loc[rows] if alone else design.loc[rows, limits[1].factor.name], np.float64)
    kept = np.ones(rows.size, dtype=bool)
    for limit in limits[2:]:
        kept &= _within(np.asarray(design.loc[rows, limit.factor.name], np.float64), limit)
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        figure = Figure(figsize=_SIZE, facecolor="white", layout="constrained")
        axes = figure.add_subplot()
        _points(axes, (x, y), np.asarray(missed, np.float64) >= _HALF, kept)
        _frame(axes, (x, y))
        axes.set_xlabel(_axis(limits[0]))
        if alone:
            axes.set_ylabel(_goal_axis(found.goals[0]))
            _goal_line(axes, found.goals[0])
        else:
            axes.set_ylabel(_axis(limits[1]))
        _rectangle(axes, limits[0], None if alone else limits[1])
        axes.set_title(_title(found), loc="left", fontsize=9)
        figure.legend(
            loc="outside lower center", ncols=2, frameon=False, handletextpad=0.3, columnspacing=1.5
        )
        return _save(figure, folder / f"box-{found.scenario}")


def _within(values: NDArray[np.float64], limit: Limit) -> NDArray[np.bool_]:
    low = -np.inf if limit.low is None else limit.low
    high = np.inf if limit.high is None else limit.high
    return np.asarray((values >= low) & (values <= high))


def _points(
    axes: Axes,
    spot: tuple[NDArray[np.float64], NDArray[np.float64]],
    miss: NDArray[np.bool_],
    kept: NDArray[np.bool_],
) -> None:
    size = _MARKER if miss.size <= _DENSE else _SMALL_MARKER
    for cases, colour, marker, word in ((~miss, HIT, "o", "meets"), (miss, MISS, "x", "misses")):
        for here, strength, part in ((cases & ~kept, _PALE, _PALE_SIZE), (cases & kept, 1.0, 1.0)):
            face: dict[str, Any] = (
                {"facecolors": "none", "edgecolors": colour} if marker == "o" else {"color": colour}
            )
            axes.scatter(
                spot[0][here],
                spot[1][here],
                s=size * part,
                marker=marker,
                linewidths=1.0 if marker == "o" else 1.3,
                alpha=strength,
                label=f"{word} the goal ({int(cases.sum())})" if strength == 1 else None,
                **face,
            )


def _frame(axes: Axes, spot: tuple[NDArray[np.float64], NDArray[np.float64]]) -> None:
    for values, put in ((spot[0], axes.set_xlim), (spot[1], axes.set_ylim)):
        low, high = float(values.min()), float(values.max())
        room = _MARGIN * (high - low) or 1.0
        put(low - room, high + room)


def _rectangle(axes: Axes, across: Limit, up: Limit | None) -> None:
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    x0, x1 = _edges(across, left, right)
    y0, y1 = (bottom, top) if up is None else _edges(up, bottom, top)
    axes.add_patch(
        Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor="#6b7280", alpha=0.14, linewidth=0, zorder=0.5)
    )
    axes.add_patch(
        Rectangle(
            (x0, y0),
            x1 - x0,
            y1 - y0,
            fill=False,
            edgecolor="#1b1f24",
            linewidth=1.6,
            clip_on=False,
            zorder=4,
        )
    )


def _edges(limit: Limit, low: float, high: float) -> tuple[float, float]:
    """Both sides of the box, at the edge of the picture where there is no limit."""
    return low if limit.low is None else limit.low, high if limit.high is None else limit.high


def _goal_line(axes: Axes, goal: Goal) -> None:
    axes.axhline(goal.bound, color="#1b1f24", linewidth=1.0, linestyle=(0, (4, 2)))
    axes.annotate(
        f"goal {goal.sign} {goal.bound:g}",
        (1, goal.bound),
        xycoords=("axes fraction", "data"),
        xytext=(-3, 3),
        textcoords="offset points",
        ha="right",
        bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
    )


def _axis(limit: Limit) -> str:
    name, label, unit = limit.factor.name, limit.factor.label, limit.factor.unit
    text = name if label == name else f"{label} [{name}]"
    return textwrap.fill(text if unit in ("", "-") else f"{text}, {unit}", _LINE)


def _goal_axis(goal: Goal) -> str:
    unit = "" if goal.unit in ("", "-") else f", {goal.unit}"
    return textwrap.fill(f"{goal.subject}{unit}", _LINE)


def _title(found: Discovery) -> str:
    limits, find = found.boxes[0]
    goals = " and ".join(str(goal) for goal in found.goals)
    lines = [
        f"{found.scenario}: where is this missed? {goals}",
        f"Inside the box {percent(find.step.density)} miss, everywhere {percent(find.base)}; "
        f"it holds {percent(find.coverage)} of the misses.",
    ]
    if len(limits) > 2:
        others = "; ".join(str(one) for one in limits[2:])
        lines.append(f"Pale: kept out by other limits of the box: {others}")
    return "\n".join(textwrap.fill(line, _LONG_LINE) for line in lines)


def _save(figure: Figure, stem: Path) -> list[Path]:
    svg, png = stem.with_name(f"{stem.name}.svg"), stem.with_name(f"{stem.name}.png")
    figure.savefig(svg, metadata={"Date": None})
    figure.savefig(png, dpi=_DPI, metadata={"Software": None})
    return [svg, png]
