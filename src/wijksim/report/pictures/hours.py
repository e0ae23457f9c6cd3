"""What the hours of neighbourhood teams go to over the years: crises against prevention."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.report.pictures.axes import INK, WIDTH, boxes
from wijksim.report.pictures.picture import Cell, DataTable, Panel, Picture, Row
from wijksim.report.plots import plain_ticks, year_ticks
from wijksim.report.svg import house_style, inline
from wijksim.report.words import Words
from wijksim.runs.closeup import HOURS, Closeup

type Floats = NDArray[np.float64]

_HEIGHT = 2.2  # inches
_BAR = 0.8  # of a year
STACK = ("crises", "prevention", "cases")
"""From the bottom up: crises and prevention lie against each other."""

FILLS: dict[str, tuple[str, str]] = {
    "crises": ("#B34700", "////"),
    "prevention": ("#8ec6e8", "---"),
    "cases": ("#eef0f3", ""),
}
"""Colour and hatch; they differ in lightness as well."""


def yearly_hours(closeup: Closeup, district: int) -> Floats:
    """Hours a month, mean per year, shape ``(years, len(HOURS))``; a last year may be a part of one."""
    hours = closeup.hours[:, :, district]
    starts = range(0, len(hours), MONTHS_PER_YEAR)
    return np.stack([hours[start : start + MONTHS_PER_YEAR].mean(axis=0) for start in starts])


def hours_picture(
    closeups: Sequence[Closeup], names: Sequence[str], district: int, *, where: str, words: Words
) -> Picture:
    """One panel per scenario, on one scale.

    Parameters
    ----------
    closeups, names
        Of the scenarios, null first.
    district, where
        Row of the district, and its name as in a sentence.
    """
    found = [yearly_hours(one, district) for one in closeups]
    top = 1.06 * max(float(one.sum(axis=1).max()) for one in found) or 1.0
    return Picture(
        key="uren",
        title=words.say("Hours of neighbourhood teams on crises and on prevention"),
        explanation=words.say(
            "Hours a month of social workers and community builders in {where}, mean per year. What goes to crises is "
            "not there for prevention. Prevention is outreach and community work: the hours that crises and cases "
            "leave.",
            where=where,
        ),
        panels=tuple(
            Panel(
                name,
                _panel(hours, name, scenario, top=top, where=where, words=words),
                scenario - 1 if scenario else None,
            )
            for scenario, (hours, name) in enumerate(zip(found, names, strict=True))
        ),
        tables=(_table(found, names, where=where, words=words),),
        legend=_legend(words),
    )


def part_name(part: str, words: Words) -> str:
    """What hours go to, in words."""
    return {
        "crises": words.say("crises"),
        "prevention": words.say("prevention"),
        "cases": words.say("cases and intake"),
    }[part]


def _panel(hours: Floats, name: str, scenario: int, *, top: float, where: str, words: Words) -> Markup:
    years = len(hours)
    with house_style():
        figure = Figure(figsize=(WIDTH, _HEIGHT))
        axes = figure.add_axes((0.13, 0.13, 0.85, 0.83))
        axes.set_xlim(1 - 0.6, years + 0.6)
        axes.set_ylim(0, top)
        base = np.zeros(years)
        for part in STACK:
            height = hours[:, HOURS.index(part)]
            _bars(axes, np.arange(1, years + 1), base, height, part)
            base = base + height
        plain_ticks(axes, words)
        axes.grid(visible=False, axis="x")
        axes.set_xticks(year_ticks(years))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda year, _: words.say("year {year}", year=f"{year:.0f}"))
        )
        title = _alternative(hours, name, where=where, words=words)
        return Markup(inline(figure, name=f"uren-{scenario}", title=title))


def _bars(axes: Axes, years: NDArray[np.int64], base: Floats, height: Floats, part: str) -> None:
    colour, hatch = FILLS[part]
    frames = [
        (year - _BAR / 2, bottom, _BAR, tall)
        for year, bottom, tall in zip(years.tolist(), base.tolist(), height.tolist(), strict=True)
    ]
    boxes(axes, frames, facecolor=colour, edgecolor=INK, linewidth=0.5, hatch=hatch)


def share_of(hours: Floats, part: str) -> float:
    """Per cent of a year's hours that goes to a part; NaN where there were none."""
    total = float(hours.sum())
    return PERCENT * float(hours[HOURS.index(part)]) / total if total else float("nan")


def _alternative(hours: Floats, name: str, *, where: str, words: Words) -> str:
    return words.say(
        "Hours of neighbourhood teams in {where}, {name}. In year 1 {first} % goes to crises and {early} % to "
        "prevention, in year {year} {last} % and {late} %.",
        where=where,
        name=name,
        first=words.number(share_of(hours[0], "crises")),
        early=words.number(share_of(hours[0], "prevention")),
        year=len(hours),
        last=words.number(share_of(hours[-1], "crises")),
        late=words.number(share_of(hours[-1], "prevention")),
    )


def _table(found: Sequence[Floats], names: Sequence[str], *, where: str, words: Words) -> DataTable:
    rows = [
        Row(
            (str(year + 1),),
            tuple(
                Cell(words.number(value, 1), value)
                for hours in found
                for value in (float(hours[year, HOURS.index(part)]) for part in STACK)
            ),
        )
        for year in range(len(found[0]))
    ]
    return DataTable(
        key="uren",
        caption=words.say(
            "Hours a month of neighbourhood teams in {where}, mean per year, in one future", where=where
        ),
        stubs=(words.say("Year"),),
        heads=tuple(f"{name}: {part_name(part, words)}" for name in names for part in STACK),
        rows=tuple(rows),
    )


def _legend(words: Words) -> Markup:
    title = words.say("Legend, from the top of a bar down: cases and intake, prevention, crises.")
    with house_style():
        figure = Figure(figsize=(WIDTH, 0.3))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0.3, 0)
        for place, part in enumerate(STACK):
            colour, hatch = FILLS[part]
            x = 0.05 + place * 1.05
            boxes(axes, [(x, 0.06, 0.24, 0.18)], facecolor=colour, edgecolor=INK, linewidth=0.5, hatch=hatch)
            axes.text(x + 0.3, 0.15, part_name(part, words), va="center", ha="left")
        return Markup(inline(figure, name="uren-legenda", title=title))
