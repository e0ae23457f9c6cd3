"""Small multiples: one measure in every district, on one scale, all scenarios together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from wijksim.report.pictures.axes import SOFT, WIDTH
from wijksim.report.pictures.picture import Cell, DataTable, Panel, Picture, Row
from wijksim.report.plots import NULL_COLOUR, look, plain_ticks, year_ticks
from wijksim.report.svg import house_style, inline
from wijksim.report.tables import Course
from wijksim.report.words import Words

_HEIGHT = 1.8  # inches
_SPACE = (0.13, 0.15, 0.82, 0.80)
_SIGNS = 4  # markers along a line
_BAND = "#9ca3af"


def small_multiples(
    courses: Sequence[Course], places: Sequence[str], names: Sequence[str], words: Words
) -> Picture:
    """One panel per district.

    Parameters
    ----------
    courses
        Of one measure, one per district.
    places
        Names of these districts.
    names
        Of the scenarios, null first.
    """
    kind = courses[0].measure
    limits = _limits(courses)
    return Picture(
        key=f"wijken-{kind.name}",
        title=f"{words.label(kind)} ({words.unit(kind)})",
        explanation="",
        panels=tuple(
            Panel(
                _sentence(words.place(place)),
                _panel(course, names, where=words.place(place), limits=limits, key=number, words=words),
            )
            for number, (course, place) in enumerate(zip(courses, places, strict=True))
        )
        if limits
        else (),
        tables=(_table(courses, places, names, words),),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _limits(courses: Sequence[Course]) -> tuple[float, float] | None:
    """Bottom and top of the axis that all districts share; None if no district has a value."""
    every = np.concatenate(
        [values.ravel() for one in courses for values in (one.mean, one.low[0], one.high[0])]
    )
    every = every[np.isfinite(every)]
    if every.size == 0:
        return None
    bottom, top = float(every.min()), float(every.max())
    margin = 0.08 * (top - bottom) or 0.05 * abs(top) or 1.0
    return bottom - margin, top + margin


def _panel(
    course: Course, names: Sequence[str], *, where: str, limits: tuple[float, float], key: int, words: Words
) -> Markup:
    with house_style():
        figure = Figure(figsize=(WIDTH, _HEIGHT))
        axes = figure.add_axes(_SPACE)
        axes.set_ylim(*limits)
        axes.fill_between(course.years, course.low[0], course.high[0], color=_BAND, alpha=0.35, linewidth=0)
        for scenario in range(len(names)):
            _line(axes, course, scenario)
        plain_ticks(axes, words)
        axes.grid(visible=False, axis="x")
        last = max(int(course.years[-1]), 2)
        axes.set_xlim(1, last)
        axes.set_xticks(year_ticks(int(course.years[-1])))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
        axes.text(
            1,
            -0.13,
            words.say("year"),
            transform=axes.transAxes,
            ha="right",
            va="top",
            color=SOFT,
            fontsize=6.5,
        )
        title = _alternative(course, names, where=where, words=words)
        return Markup(inline(figure, name=f"wijken-{course.measure.name}-{key}", title=title))


def _line(axes: Axes, course: Course, scenario: int) -> None:
    if scenario == 0:
        axes.plot(course.years, course.mean[0], color=NULL_COLOUR, linewidth=2.2)
        return
    style = look(scenario - 1)
    # signs of the variants stand at different years, so that they do not hide each other
    gap = max(len(course.years) // _SIGNS, 1)
    (line,) = axes.plot(
        course.years,
        course.mean[scenario],
        color=style.colour,
        linewidth=1.2,
        marker=style.marker,
        markersize=4,
        markevery=((scenario - 1) % gap, gap),
        clip_on=False,
    )
    line.set_dashes(style.dashes)


def _alternative(course: Course, names: Sequence[str], *, where: str, words: Words) -> str:
    parts = [
        words.say(
            "{name}: {first} in year 1, {last} in year {year}",
            name=name,
            first=words.number(course.mean[scenario, 0], course.decimals),
            last=words.number(course.mean[scenario, -1], course.decimals),
            year=int(course.years[-1]),
        )
        for scenario, name in enumerate(names)
    ]
    start = words.say(
        "{measure} in {where}, mean over the futures.", measure=words.label(course.measure), where=where
    )
    return f"{start} {'; '.join(parts)}."


def _table(courses: Sequence[Course], places: Sequence[str], names: Sequence[str], words: Words) -> DataTable:
    kind = courses[0].measure
    rows = []
    for course, place in zip(courses, places, strict=True):
        for year in course.years:
            values = course.mean[:, year - 1].tolist()
            cells = tuple(Cell(words.number(value, course.decimals), value) for value in values)
            rows.append(Row((_sentence(words.place(place)), str(year)), cells))
    return DataTable(
        key=f"wijken-{kind.name}",
        caption=words.say(
            "{measure} ({unit}) per district and year, mean over the futures",
            measure=words.label(kind),
            unit=words.unit(kind),
        ),
        stubs=(words.say("District"), words.say("Year")),
        heads=tuple(names),
        rows=tuple(rows),
    )
