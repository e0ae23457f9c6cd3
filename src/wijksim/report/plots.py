"""Pictures of the memo: bands over time, dots with intervals, costs by payer.

Every picture can be read without colour: lines differ by dashes, dots by shape, and each has its name beside it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from wijksim.report.costs import ALL_PARTIES, PartyCost
from wijksim.report.money import MILLIONS, MoneyUnit
from wijksim.report.svg import house_style, inline
from wijksim.report.tables import Block, Course
from wijksim.report.words import DUTCH, Words

NULL_COLOUR = "#4b5563"
_WIDTH = 3.6
_BAND_HEIGHT = 2.1
_ROW_HEIGHT = 0.2
_MOST_YEARS = 5  # ticks on the axis of time
_PARTY_LETTERS = 26
_LETTER = 0.0181  # width of a letter beside an axis, as a part of the picture
_APART = 0.11  # smallest distance between two names, as a part of the height


@dataclass(frozen=True)
class Look:
    """Colour, dashes and marker of a variant; colours pass WCAG AA as text on white.

    Triangles are left to verdicts.
    """

    colour: str
    dashes: tuple[float, ...]
    marker: str
    shape: str


LOOKS: tuple[Look, ...] = (
    Look("#0072B2", (5, 1.5), "o", "●"),
    Look("#B34700", (2, 1.2), "s", "■"),
    Look("#00765A", (6, 1.5, 1.5, 1.5), "D", "◆"),
    Look("#7A3E9D", (8, 2), "*", "★"),
    Look("#8C1D40", (1, 1), "P", "✚"),
)


def look(variant: int) -> Look:
    """How the variant at a place (0 is the first variant) looks; after five they come round again."""
    return LOOKS[variant % len(LOOKS)]


def band_panels(course: Course, names: Sequence[str], *, where: str, words: Words = DUTCH) -> list[str]:
    """One picture per variant: mean and band over the futures, against those of the null alternative.

    Parameters
    ----------
    names
        Of all scenarios, null first.
    where
        Name of the district, for the text alternative.
    words
        Language.
    """
    spread = np.concatenate([course.low.ravel(), course.high.ravel()])
    spread = spread[np.isfinite(spread)]
    if not spread.size:
        return []
    bottom, top = float(spread.min()), float(spread.max())
    margin = 0.08 * (top - bottom) or 0.05 * abs(top) or 1.0
    panels = []
    for variant in range(1, len(names)):
        title = words.say(
            "{measure} in {where}: {name} against the null alternative. The numbers stand in the table below.",
            measure=words.label(course.measure),
            where=where,
            name=names[variant],
        )
        with house_style():
            figure = Figure(figsize=(_WIDTH, _BAND_HEIGHT))
            axes = figure.add_axes((0.13, 0.14, 0.69, 0.81))
            axes.set_ylim(bottom - margin, top + margin)
            _band(axes, course, 0)
            _band(axes, course, variant)
            _names_at_end(axes, course, variant, words)
            plain_ticks(axes, words)
            axes.grid(visible=False, axis="x")
            axes.set_xlim(1, max(course.years[-1], 2))
            axes.set_xticks(year_ticks(int(course.years[-1])))
            axes.xaxis.set_major_formatter(
                FuncFormatter(lambda year, _: words.say("year {year}", year=f"{year:.0f}"))
            )
            panels.append(inline(figure, name=f"band-{course.measure.name}-{variant}", title=title))
    return panels


def _band(axes: Axes, course: Course, scenario: int) -> None:
    years = course.years
    if scenario == 0:
        axes.fill_between(years, course.low[0], course.high[0], color="#9ca3af", alpha=0.35, linewidth=0)
        axes.plot(years, course.mean[0], color=NULL_COLOUR, linewidth=1.5)
        return
    style = look(scenario - 1)
    axes.fill_between(
        years, course.low[scenario], course.high[scenario], color=style.colour, alpha=0.16, linewidth=0
    )
    for edge in (course.low[scenario], course.high[scenario]):
        axes.plot(years, edge, color=style.colour, linewidth=0.5, alpha=0.7)
    (line,) = axes.plot(years, course.mean[scenario], color=style.colour, linewidth=1.9)
    line.set_dashes(style.dashes)


def _names_at_end(axes: Axes, course: Course, variant: int, words: Words) -> None:
    """Write the names beside the last known values, moved apart where they would overlap."""
    bottom, top = axes.get_ylim()
    ends = []
    both = ((0, words.say("null"), NULL_COLOUR), (variant, words.say("variant"), look(variant - 1).colour))
    for scenario, word, colour in both:
        known = np.flatnonzero(np.isfinite(course.mean[scenario]))
        if known.size:
            ends.append([(course.mean[scenario, known[-1]] - bottom) / (top - bottom), word, colour])
    if len(ends) == 2 and abs(ends[0][0] - ends[1][0]) < _APART:
        middle = float(np.clip((ends[0][0] + ends[1][0]) / 2, _APART / 2, 1 - _APART / 2))
        first_above = ends[0][0] > ends[1][0]
        ends[0][0] = middle + (_APART / 2 if first_above else -_APART / 2)
        ends[1][0] = middle - (_APART / 2 if first_above else -_APART / 2)
    for height, word, colour in ends:
        axes.text(1.03, height, word, color=colour, transform=axes.transAxes, va="center", weight="bold")


def year_ticks(last: int) -> NDArray[np.int64]:
    """Years that are named on an axis that ends in year ``last``: a handful, evenly apart."""
    step = -(-last // _MOST_YEARS)
    return np.arange(step, last + 1, step)


def plain_ticks(axes: Axes, words: Words) -> None:
    """Name a few round numbers on the upright axis."""
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.tick(value)))


def difference_plot(block: Block, names: Sequence[str], *, where: str, words: Words = DUTCH) -> str:
    """Dots and intervals of a measure: a row per variant and year.

    Parameters
    ----------
    names
        Of the variants.
    where
        Name of the district, for the text alternative.
    words
        Language.
    """
    rows: list[tuple[float, int, int]] = []
    heads: list[tuple[float, int]] = []
    height = 0.0
    for variant in range(len(names)):
        heads.append((height, variant))
        height += 1
        for line in range(len(block.lines)):
            rows.append((height, variant, line))
            height += 1
        height += 0.4
    title = words.say(
        "{measure} in {where}: difference from the null alternative per variant and year, with 95% interval. The "
        "numbers stand in the core table.",
        measure=words.label(block.measure),
        where=where,
    )
    with house_style():
        figure = Figure(figsize=(_WIDTH, _ROW_HEIGHT * (height + 2.6)))
        inches = float(figure.get_figheight())
        axes = figure.add_axes((0.17, 0.3 / inches, 0.79, 1 - 0.56 / inches))
        _zero_line(axes)
        for place, variant, line in rows:
            cell = block.lines[line].cells[variant]
            _dot(axes, place, (cell.difference, cell.low, cell.high), variant, words)
        _frame(axes, height, words)
        axes.set_yticks(
            [place for place, _, _ in rows],
            [words.say("year {year}", year=block.lines[i].year) for _, _, i in rows],
        )
        for place, variant in heads:
            axes.text(
                -0.2,
                place,
                textwrap.shorten(names[variant], 46, placeholder=" …"),
                color=look(variant).colour,
                weight="bold",
                transform=axes.get_yaxis_transform(),
                va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )  # fmt: skip  (the white box keeps the zero line out of the name)
        _which_way(axes, block.measure.direction, words)
        return inline(figure, name=f"verschil-{block.measure.name}", title=title)


def _zero_line(axes: Axes) -> None:
    axes.axvline(0, color="#1b1f24", linewidth=0.9)


def _dot(axes: Axes, place: float, values: tuple[float, float, float], variant: int, words: Words) -> None:
    mean, low, high = values
    style = look(variant)
    if not np.isfinite(mean):
        axes.text(0, place, f" {words.say('no value')}", color=style.colour, va="center")
        return
    if np.isfinite(low) and np.isfinite(high):
        axes.plot([low, high], [place, place], color=style.colour, linewidth=1.6, solid_capstyle="butt")
    axes.plot([mean], [place], marker=style.marker, color=style.colour, markersize=4.5, linestyle="none")


def _frame(axes: Axes, height: float, words: Words) -> None:
    axes.set_ylim(height - 0.2, -0.7)
    low, high = axes.get_xlim()
    reach = max(abs(low), abs(high))
    axes.set_xlim(-reach, reach)  # zero in the middle, so that small and large effects cannot be mistaken
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10], symmetric=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.tick(value)))


def _which_way(axes: Axes, direction: int, words: Words) -> None:
    if direction == 0:
        left, right = words.say("← lower"), words.say("higher →")
    elif direction > 0:
        left, right = words.say("← worse"), words.say("better →")
    else:
        left, right = words.say("← better"), words.say("worse →")
    _at_ends(axes, left, right)


def _at_ends(axes: Axes, left: str, right: str) -> None:
    """Say above a picture what its two sides mean."""
    for x, word, align in ((0.0, left, "left"), (1.0, right, "right")):
        axes.text(
            x, 1.01, word, transform=axes.transAxes, ha=align, va="bottom", color="#3d444d", style="italic"
        )


def cost_plot(
    costs: Sequence[PartyCost],
    variant: int,
    name: str,
    *,
    reach: float,
    unit: MoneyUnit = MILLIONS,
    words: Words = DUTCH,
) -> str:
    """Present value per payer with its interval; to the right of zero a party pays more.

    Parameters
    ----------
    variant
        Place among the variants, 0 is the first.
    reach
        Largest amount on the axis, the same for all variants, in that unit.
    unit
        Unit of money.
    words
        Language.
    """
    title = words.say(
        "{name}: difference in costs per payer, present value in {money} with 95% interval. The numbers stand in the "
        "table below.",
        name=name,
        money=words.money(unit),
    )
    height = len(costs) + 0.2
    with house_style():
        figure = Figure(figsize=(_WIDTH, _ROW_HEIGHT * 1.15 * (height + 2.4)))
        inches = float(figure.get_figheight())
        labels = [
            words.say("all parties")
            if cost.party == ALL_PARTIES
            else textwrap.shorten(words.party(cost.party), _PARTY_LETTERS, placeholder=" …")
            for cost in costs
        ]
        left = max(0.37, _LETTER * max(map(len, labels)))
        axes = figure.add_axes((left, 0.3 / inches, 0.96 - left, 1 - 0.56 / inches))
        _zero_line(axes)
        for place, cost in enumerate(costs):
            if cost.booked:
                present = unit.estimate(cost.present)
                _dot(axes, place, (present.mean, present.low, present.high), variant, words)
        axes.axhline(len(costs) - 1.5, color="#9ca3af", linewidth=0.6)
        axes.set_xlim(-reach, reach)
        _frame(axes, height, words)
        axes.set_yticks(range(len(costs)), labels)
        _at_ends(axes, words.say("← pays less"), words.say("pays more →"))
        return inline(figure, name=f"kosten-{variant}", title=title)


def cost_reach(all_costs: Sequence[Sequence[PartyCost]], unit: MoneyUnit = MILLIONS) -> float:
    """Half width of an axis on which all costs of all variants fit, in a unit of money."""
    ends = [
        abs(unit.of(value))
        for costs in all_costs
        for cost in costs
        for value in (cost.present.mean, cost.present.low, cost.present.high)
        if np.isfinite(value)
    ]
    return 1.08 * max(ends, default=0.0) or 1.0
