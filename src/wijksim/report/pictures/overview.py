"""Dots and intervals: all variants on all headline measures at a glance, better always to the right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wijksim.report.pictures.axes import INK, PALE, SOFT, WIDTH
from wijksim.report.pictures.picture import Cell, DataTable, Panel, Picture, Row
from wijksim.report.plots import look
from wijksim.report.svg import house_style, inline
from wijksim.report.tables import Block
from wijksim.report.tables import Cell as Estimate
from wijksim.report.words import Words

_PER_PANEL = 5  # measures
_STEP = 0.17  # inches a line takes
_HEAD = 1.15  # lines for the name of a measure
_GAP = 0.7  # lines between measures
_ROOM = 1.06  # half width of the axis, in longest reaches
_LETTERS = 48  # of a name on one line


def overview(blocks: Sequence[Block], names: Sequence[str], *, where: str, words: Words) -> Picture:
    """One panel per handful of measures: a line per variant with its difference in the last year.

    Parameters
    ----------
    blocks
        Core table of a district.
    names
        Of the variants.
    where
        Name of the district, as in a sentence.
    """
    year = blocks[0].lines[-1].year
    parts = [blocks[start : start + _PER_PANEL] for start in range(0, len(blocks), _PER_PANEL)]
    return Picture(
        key="overzicht",
        title=words.say(
            "All variants at a glance: difference from the null alternative in year {year}", year=year
        ),
        explanation=words.say(
            "Each sign is the mean difference in {where}, with its 95% interval. To the right is better. Each "
            "indicator has a scale of its own: the numbers at both ends of its axis. So compare variants on one "
            "indicator, not indicators with each other.",
            where=where,
        ),
        panels=tuple(
            Panel("", _panel(part, names, number, where=where, words=words))
            for number, part in enumerate(parts)
        ),
        tables=(_table(blocks, names, where=where, words=words),),
    )


def _panel(blocks: Sequence[Block], names: Sequence[str], number: int, *, where: str, words: Words) -> Markup:
    lines = sum(_HEAD + len(names) + _GAP for _ in blocks)
    with house_style():
        figure = Figure(figsize=(WIDTH, _STEP * (lines + 1.2)))
        axes = figure.add_axes((0.02, 0.01, 0.96, 0.98))
        axes.set_xlim(-_ROOM, _ROOM)
        axes.set_ylim(lines, -1.2)
        axes.set_axis_off()
        for x, word, side in ((-1, words.say("← worse"), "left"), (1, words.say("better →"), "right")):
            axes.text(x, -0.75, word, ha=side, va="center", style="italic", color="#3d444d")
        place = 0.0
        for block in blocks:
            _measure(axes, place, block, words)
            place += _HEAD + len(names) + _GAP
        return Markup(
            inline(
                figure,
                name=f"overzicht-{number}",
                title=_alternative(blocks, names, where=where, words=words),
            )
        )


def reach(block: Block) -> float:
    """Half width of the axis of a measure: the farthest end of an interval, 0 if there is none."""
    cells = block.lines[-1].cells
    ends = [abs(end) for cell in cells for end in (cell.difference, cell.low, cell.high) if np.isfinite(end)]
    return max(ends, default=0.0)


def _measure(axes: Axes, top: float, block: Block, words: Words) -> None:
    far = reach(block)
    name = words.label(block.measure)
    if block.measure.direction == 0:
        name = words.say("{measure} (right: more)", measure=name)
    axes.text(-1, top + 0.35, shortened(name), weight="bold", fontsize=8, va="center", ha="left")
    cells = block.lines[-1].cells
    bottom = top + _HEAD + len(cells) - 0.35
    axes.plot([0, 0], [top + 0.8, bottom], color=INK, linewidth=0.9)
    axes.plot([-1, 1], [bottom, bottom], color="#d6dae0", linewidth=0.6)
    for sign in (-1, 1):
        axes.text(
            sign,
            bottom + 0.1,
            words.number(sign * far * (block.measure.direction or 1), _decimals(far), sign=True),
            color=SOFT,
            fontsize=6.5,
            va="top",
            ha="left" if sign < 0 else "right",
        )
    for variant, cell in enumerate(cells):
        _line(axes, top + _HEAD + variant, cell, variant, scale=(block.measure.direction or 1) / (far or 1))


def shortened(name: str) -> str:
    """Keep a name on one line."""
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1].rstrip()}…"


def _decimals(far: float) -> int:
    return 0 if far == 0 else int(np.clip(1 - np.floor(np.log10(far)), 0, 4))


def _line(axes: Axes, place: float, cell: Estimate, variant: int, *, scale: float) -> None:
    style = look(variant)
    if not cell.known:
        axes.plot([0], [place], marker="x", color=PALE, markersize=4, linestyle="none")
        return
    if cell.bounded:
        ends = (cell.low * scale, cell.high * scale)
        axes.plot(ends, [place, place], color=style.colour, linewidth=1.6, solid_capstyle="butt")
    axes.plot(
        [cell.difference * scale],
        [place],
        marker=style.marker,
        color=style.colour,
        markersize=5,
        linestyle="none",
    )


def _alternative(blocks: Sequence[Block], names: Sequence[str], *, where: str, words: Words) -> str:
    """Say of each variant on which of these measures the verdict names a side, and on which it lacks pairs."""
    parts = []
    for variant, name in enumerate(names):
        found: dict[str, list[str]] = {"better": [], "worse": [], "too_few": []}
        for block in blocks:
            verdict = block.lines[-1].cells[variant].verdict
            found.get(verdict.key, found.get(verdict.tone, [])).append(words.label(block.measure))
        better, worse, few = (", ".join(found[side]) for side in ("better", "worse", "too_few"))
        none = words.say("none")
        if few and not (better or worse):
            parts.append(words.say("{name}: too few pairs to say: {few}.", name=name, few=few))
            continue
        parts.append(
            words.say(
                "{name}: at least likely better: {better}; at least likely worse: {worse}.",
                name=name,
                better=better or none,
                worse=worse or none,
            )
        )
    measures = ", ".join(words.label(block.measure) for block in blocks)
    start = words.say(
        "Differences from the null alternative in {where} with 95% intervals, for {measures}.",
        where=where,
        measures=measures,
    )
    return " ".join([start, *parts])


def _table(blocks: Sequence[Block], names: Sequence[str], *, where: str, words: Words) -> DataTable:
    rows = []
    for block in blocks:
        heads = (words.label(block.measure), words.difference_unit(block.measure))
        cells: list[Cell] = []
        for cell in block.lines[-1].cells:
            decimals = block.decimals_of(cell)
            cells += [
                Cell(words.number(value, decimals, sign=first), value)
                for value, first in ((cell.difference, True), (cell.low, False), (cell.high, False))
            ]
        rows.append(Row(heads, tuple(cells)))
    parts = (words.say("difference"), words.say("95% interval from"), words.say("95% interval to"))
    return DataTable(
        key="overzicht",
        caption=words.say(
            "Difference from the null alternative in {where} in year {year}, all variants",
            where=where,
            year=blocks[0].lines[-1].year,
        ),
        stubs=(words.say("Indicator"), words.say("Unit")),
        heads=tuple(f"{words.named(name)} {part}" for name in names for part in parts),
        rows=tuple(rows),
    )
