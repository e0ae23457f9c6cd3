"""A schematic map of one district: a tile per entrance, darker and with more strokes where a share is higher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wijksim.kernel.measure import MEASURES
from wijksim.report.pictures.axes import INK, PALE, WIDTH, bare, boxes, rectangles, strokes
from wijksim.report.pictures.ground import Ground, lay_out, on_ground
from wijksim.report.pictures.picture import Cell, DataTable, Panel, Picture, Row
from wijksim.report.svg import house_style, inline
from wijksim.report.words import Words
from wijksim.runs.closeup import Closeup, Doors

SHADES: tuple[str, ...] = ("#f2f6fa", "#b5cfe5", "#5f9bcb", "#0b4a7f")
"""From the lowest class to the highest; they stay apart in grey and for all colour-blind readers."""

BOUNDS: tuple[int, ...] = (10, 25, 50)
"""Per cents at which a class begins, the same on every map, so that maps can be laid side by side."""

_STROKES: tuple[tuple[float, ...], ...] = (
    (),
    (0.5,),
    (0.34, 0.66),
    (0.25, 0.5, 0.75),
)  # heights in a tile, by class
_ON_DARK = 2  # class from which strokes are white
_EDGE, _HEAVY = 0.45, 1.5  # points


@dataclass(frozen=True)
class Tiles:
    """What a map shows at one moment, per entrance of the ground, shape ``(entrances,)``.

    Attributes
    ----------
    share
        Per cent of households; NaN where nobody lives.
    site, rebuilt
        Pulled down and not built again yet; built since the beginning of the run, for the larger part.
    """

    share: NDArray[np.float64]
    site: NDArray[np.bool_]
    rebuilt: NDArray[np.bool_]

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Where nobody lives and nothing is built."""
        return np.isnan(self.share) & ~self.site


def tiles(ground: Ground, doors: Doors, measure: str) -> Tiles:
    """Read a moment on the ground."""
    place = on_ground(ground, doors)
    known = place >= 0

    def of(values: NDArray[np.float64], default: float) -> NDArray[np.float64]:
        return np.where(known, np.append(values, default)[place], default)

    dwellings = np.maximum(of(doors.dwellings.astype(np.float64), 1), 1)
    share = of(doors.share(measure), float("nan"))
    return Tiles(
        share=share,
        site=np.isnan(share) & (of(doors.sites.astype(np.float64), 0) * 2 > dwellings),
        rebuilt=of(doors.replaced.astype(np.float64), 0) * 2 > dwellings,
    )


def classes(share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Class of each share, 0 the lowest; -1 where there is none."""
    return np.where(np.isnan(share), -1, np.searchsorted(BOUNDS, share, side="right"))


def town_map(
    measure: str,
    closeups: Sequence[Closeup],
    names: Sequence[str],
    district: int,
    *,
    variant: int,
    where: str,
    words: Words,
) -> Picture:
    """Draw the null alternative and one variant at each moment.

    Parameters
    ----------
    measure
        One of :data:`wijksim.runs.closeup.MAPPED`.
    closeups, names
        Of the null alternative and of the variant.
    district, where
        Row of the district, and its name as in a sentence.
    variant
        Place of the variant, 0 is the first.
    """
    ground = lay_out([doors for one in closeups for doors in one.doors], district)
    seen = [[tiles(ground, doors, measure) for doors in one.doors] for one in closeups]
    label = words.label(MEASURES.get(measure))
    panels = [
        Panel(
            f"{_sentence(words.moment(month))}: {name}",
            _panel(
                ground, seen[scenario][number],
                key=f"kaart-{measure}-{scenario}-{number}",
                title=_alternative(
                    seen[scenario][number], label=label, where=where, name=name,
                    moment=words.moment(month), words=words,
                ),
            ),
            variant if scenario else None,
        )
        for scenario, name in enumerate(names)
        for number, month in enumerate(closeups[scenario].moments)
    ]  # fmt: skip
    return Picture(
        key=f"kaart-{measure}",
        title=words.say("Map: {measure}", measure=label),
        explanation=words.say(
            "Each tile is an entrance in {where}; tiles on one ground belong to one complex. The darker a tile and the "
            "more strokes in it, the higher the share of households.",
            where=where,
        ),
        panels=tuple(panels),
        tables=(_table(ground, seen, closeups, names, key=measure, caption=label, words=words),),
        legend=_legend(measure, words),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _panel(ground: Ground, shown: Tiles, *, key: str, title: str) -> Markup:
    with house_style():
        figure = Figure(figsize=(WIDTH, WIDTH * ground.height / ground.width))
        axes = figure.add_axes((0.005, 0.005, 0.99, 0.99))
        bare(axes, ground.width, ground.height)
        boxes(axes, ground.plots, facecolor="#eceff3", edgecolor="none", linewidth=0)
        draw_tiles(axes, ground.spots, ground.tile, shown)
        return Markup(inline(figure, name=key, title=title))


def draw_tiles(axes: Axes, spots: NDArray[np.float64], side: float, shown: Tiles) -> None:
    """Draw tiles by class: a shade and as many strokes; what is empty or a site stays white."""
    found = classes(shown.share)
    for number in range(len(SHADES)):
        here = spots[found == number]
        rectangles(axes, here, (side, side), facecolor=SHADES[number], edgecolor="#4b6a86", linewidth=_EDGE)
        for height in _STROKES[number]:
            starts = here + np.array((0.2, height)) * side
            strokes(
                axes, starts, starts + np.array((0.6, 0)) * side, linewidth=0.8,
                edgecolor="white" if number >= _ON_DARK else INK,
            )  # fmt: skip
    rectangles(
        axes, spots[shown.empty], (side, side), facecolor="white", edgecolor=PALE, linewidth=0.7,
        linestyle=(0, (1.5, 1.5)),
    )  # fmt: skip
    site = spots[shown.site]
    rectangles(axes, site, (side, side), facecolor="white", edgecolor=INK, linewidth=_EDGE)
    strokes(axes, site, site + side, edgecolor=INK, linewidth=_EDGE)
    right, low = np.array((side, 0)), np.array((0, side))
    strokes(axes, site + right, site + low, edgecolor=INK, linewidth=_EDGE)
    rectangles(axes, spots[shown.rebuilt], (side, side), fill=False, edgecolor="#B34700", linewidth=_HEAVY)


def class_names(words: Words) -> list[str]:
    """Names of the classes, lowest first."""
    between = [words.say("{low} to {high} %", low=low, high=high) for low, high in pairwise(BOUNDS)]
    return [
        words.say("under {high} %", high=BOUNDS[0]),
        *between,
        words.say("{low} % or more", low=BOUNDS[-1]),
    ]


def _alternative(
    shown: Tiles,
    *,
    label: str,
    where: str,
    name: str,
    moment: str,
    words: Words,
) -> str:
    found = classes(shown.share)
    counts = ", ".join(
        f"{word}: {int((found == number).sum())}" for number, word in enumerate(class_names(words))
    )
    return words.say(
        "Map of {where} {moment}, {name}. Entrances by {measure}: {counts}; nobody lives there: {empty}; pulled down: "
        "{sites}; new: {rebuilt}.",
        where=where,
        moment=moment,
        name=name,
        measure=label,
        counts=counts,
        empty=int(shown.empty.sum()),
        sites=int(shown.site.sum()),
        rebuilt=int(shown.rebuilt.sum()),
    )


def state(shown: Tiles, place: int, words: Words) -> Cell:
    """What a table says of one entrance at one moment."""
    if shown.site[place]:
        return Cell(words.say("pulled down"))
    if shown.empty[place]:
        return Cell(words.say("nobody lives there"))
    value = float(shown.share[place])
    text = words.number(value)
    return Cell(words.say("{share} (new)", share=text) if shown.rebuilt[place] else text, value)


def _table(
    ground: Ground,
    seen: Sequence[Sequence[Tiles]],
    closeups: Sequence[Closeup],
    names: Sequence[str],
    *,
    key: str,
    caption: str,
    words: Words,
) -> DataTable:
    within = np.concatenate([np.arange(1, n + 1) for n in np.unique(ground.complex, return_counts=True)[1]])
    return DataTable(
        key=f"kaart-{key}",
        caption=words.say("{measure}: per cent of the households behind each entrance", measure=caption),
        stubs=(words.say("Complex"), words.say("Entrance")),
        heads=tuple(
            f"{name}, {words.moment(month)}"
            for name, one in zip(names, closeups, strict=True)
            for month in one.moments
        ),
        rows=tuple(
            Row(
                (str(number), str(door)),
                tuple(state(shown, place, words) for row in seen for shown in row),
            )
            for place, (number, door) in enumerate(zip(ground.complex.tolist(), within.tolist(), strict=True))
        ),
    )


def _legend(measure: str, words: Words) -> Markup:
    nan = float("nan")
    steps = (0.0, *map(float, BOUNDS))
    entries = [(step, False, False, name) for step, name in zip(steps, class_names(words), strict=True)]
    entries += [
        (nan, False, False, words.say("nobody lives there")),
        (nan, True, False, words.say("pulled down")),
        (0.0, False, True, words.say("thick edge: new")),
    ]
    rows = -(-len(entries) // 2)
    title = words.say("Legend: {names}.", names=", ".join(entry[3] for entry in entries))
    with house_style():
        figure = Figure(figsize=(WIDTH, 0.24 * rows))
        axes = figure.add_axes((0, 0, 1, 1))
        bare(axes, WIDTH / 0.24, rows)
        spots = np.array([(0.1 + (place // rows) * 7.4, place % rows + 0.1) for place in range(len(entries))])
        shown = Tiles(
            np.array([entry[0] for entry in entries]),
            np.array([entry[1] for entry in entries]),
            np.array([entry[2] for entry in entries]),
        )
        draw_tiles(axes, spots, 0.8, shown)
        for (x, y), entry in zip(spots.tolist(), entries, strict=True):
            axes.text(x + 1.1, y + 0.4, entry[3], va="center", ha="left")
        return Markup(inline(figure, name=f"kaart-{measure}-legenda", title=title))
