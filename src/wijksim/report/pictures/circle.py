"""The contacts inside one complex: before and after, everybody at the same place in every drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import pi

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wijksim.report.pictures.axes import INK, WIDTH, strokes
from wijksim.report.pictures.picture import Cell, DataTable, Panel, Picture, Row
from wijksim.report.svg import house_style, inline
from wijksim.report.words import Words
from wijksim.runs.closeup import Circle, Standing

type Places = dict[int, tuple[float, float]]

_SEED = 1  # of the layout, which is a matter of drawing and not of luck in the model
_ROUNDS = 400
_SPACE = 3.0  # distance that nodes keep, in that of the layout by default
_TO_DOOR = 0.15  # pull towards the own entrance, in strengths of a tie
_PUSHES, _CLEAR = 60, 0.1  # rounds, and distance at which signs do not touch (the picture is 2 wide)
_TINY = 1e-6
_HEIGHT = 3.2  # inches
_EDGE = 1.08

MARKS: dict[Standing, tuple[str, str, float]] = {
    Standing.SOURCE: ("X", "#B34700", 7.0),
    Standing.HELPED: ("s", "#7A3E9D", 5.2),
    Standing.CONTRIBUTOR: ("^", "#00765A", 6.4),
    Standing.OTHER: ("o", "#3d444d", 4.6),
}
"""Shape, colour and size in points: the shape alone tells them apart."""

WIDTHS: tuple[tuple[float, str], ...] = ((0.5, "#aab2bd"), (0.9, "#7b8794"), (1.9, "#3d444d"))
"""Width in points and grey of weak, ordinary and strong ties."""


def tie_classes(strength: NDArray[np.float32], strong: float) -> NDArray[np.int64]:
    """Class of each tie: 2 is a good contact, 1 at least half as strong, 0 weaker."""
    return (strength >= strong / 2).astype(np.int64) + (strength >= strong)


def places(circles: Sequence[Circle]) -> Places:
    """Lay out everybody who is ever there, by the strongest tie that two ever have.

    A light pull towards the own entrance, and of entrances towards each other, keeps those without ties in the
    picture. The layout is that of Fruchterman and Reingold; signs that would lie on each other are then moved apart.
    """
    import networkx as nx

    home: dict[int, int] = {}
    strongest: dict[tuple[int, int], float] = {}
    for one in circles:
        for uid, entrance in zip(one.uid.tolist(), one.entrance.tolist(), strict=True):
            home.setdefault(uid, entrance)
        ends = zip(one.first.tolist(), one.second.tolist(), one.strength.tolist(), strict=True)
        for first, second, strength in ends:
            strongest[first, second] = max(strength, strongest.get((first, second), 0.0))
    if not home:
        return {}
    uids, doors = sorted(home), sorted(set(home.values()))
    graph = nx.Graph()
    for (first, second), strength in sorted(strongest.items()):
        graph.add_edge(f"{first}", f"{second}", weight=strength)
    for uid in uids:
        graph.add_edge(f"{uid}", f"door {home[uid]}", weight=_TO_DOOR)
    for first, second in combinations(doors, 2):
        graph.add_edge(f"door {first}", f"door {second}", weight=_TO_DOOR)
    spring = nx.spring_layout(graph, k=_SPACE / np.sqrt(len(graph)), iterations=_ROUNDS, seed=_SEED)
    spots = _apart(_loosened(_fitted(np.array([spring[f"{uid}"] for uid in uids]))))
    return {uid: (float(x), float(y)) for uid, (x, y) in zip(uids, _fitted(spots), strict=True)}


def _fitted(spots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill the picture, from -1 to 1 either way."""
    low, high = spots.min(axis=0), spots.max(axis=0)
    return np.asarray((2 * spots - low - high) / np.maximum(high - low, _TINY))


def _loosened(spots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Go half of the way to where all would lie evenly in both directions, which opens knots and keeps the order."""
    order = np.argsort(np.argsort(spots, axis=0, kind="stable"), axis=0, kind="stable")
    return (spots + 2 * order / max(len(spots) - 1, 1) - 1) / 2


def _apart(spots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push signs away from each other until few of them overlap; a fixed number of rounds, no luck."""
    count = len(spots)
    # a shift that tells apart those who lie on exactly one spot
    turn = 2 * pi * np.arange(count) / max(count, 1)
    spots = spots + _TINY * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    for _ in range(_PUSHES):
        between = spots[:, None] - spots[None, :]
        distance = np.sqrt((between**2).sum(axis=2)) + np.eye(count)
        push = np.clip(_CLEAR - distance, 0, None) / 2
        np.fill_diagonal(push, 0)
        spots = spots + (between / np.maximum(distance, _TINY)[:, :, None] * push[:, :, None]).sum(axis=1) / 2
    return spots


def circle_picture(
    circles: Sequence[Circle],
    labels: Sequence[str],
    variants: Sequence[int | None],
    *,
    where: str,
    words: Words,
) -> Picture:
    """One panel per circle.

    Parameters
    ----------
    circles
        Of one complex, the start first.
    labels
        When and under which scenario each was seen.
    variants
        Place of the variant of each; None for none.
    """
    ground = places(circles)
    before = set(circles[0].uid.tolist())
    return Picture(
        key="contacten",
        title=words.say("Contacts inside one complex"),
        explanation=words.say(
            "Adults of one complex in {where} and the ties among them; contacts with others are left out. Everybody "
            "stands at the same place in each drawing. An open sign is somebody who came to live there later. The "
            "complex is the one with most corporation dwellings of those that can be drawn, chosen at the start.",
            where=where,
        ),
        panels=tuple(
            Panel(
                label,
                _panel(
                    one, ground, before, key=f"contacten-{number}",
                    title=_alternative(one, label, before, where=where, words=words),
                ),
                variant,
            )
            for number, (one, label, variant) in enumerate(zip(circles, labels, variants, strict=True))
        ),
        tables=(_summary(circles, labels, before, words), _people(circles, labels, ground, words)),
        legend=_legend(words),
    )  # fmt: skip


def _panel(one: Circle, ground: Places, before: set[int], *, key: str, title: str) -> Markup:
    with house_style():
        figure = Figure(figsize=(WIDTH, _HEIGHT))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(-_EDGE, _EDGE)
        axes.set_ylim(-_EDGE, _EDGE)
        spots = np.array([ground[uid] for uid in one.uid.tolist()]).reshape(-1, 2)
        _ties(axes, one, ground)
        newcomer = np.array([uid not in before for uid in one.uid.tolist()], dtype=bool)
        for standing in reversed(Standing):
            for late in (False, True):
                _people_of(axes, spots[(one.standing == standing) & (newcomer == late)], standing, late=late)
        return Markup(inline(figure, name=key, title=title))


def _ties(axes: Axes, one: Circle, ground: Places) -> None:
    starts = np.array([ground[uid] for uid in one.first.tolist()]).reshape(-1, 2)
    ends = np.array([ground[uid] for uid in one.second.tolist()]).reshape(-1, 2)
    found = tie_classes(one.strength, one.strong)
    for number, (width, grey) in enumerate(WIDTHS):
        here = found == number
        strokes(axes, starts[here], ends[here], linewidth=width, edgecolor=grey)


def _people_of(axes: Axes, spots: NDArray[np.float64], standing: Standing, *, late: bool) -> None:
    marker, colour, size = MARKS[standing]
    if len(spots):
        axes.plot(
            spots[:, 0], spots[:, 1], linestyle="none", marker=marker, markersize=size,
            markerfacecolor="white" if late else colour, markeredgecolor=colour if late else "white",
            markeredgewidth=1.2 if late else 0.5, clip_on=False,
        )  # fmt: skip


def standing_name(standing: Standing, words: Words) -> str:
    """What a resident is to the others, in words."""
    return {
        Standing.SOURCE: words.say("causes nuisance"),
        Standing.HELPED: words.say("gets professional help"),
        Standing.CONTRIBUTOR: words.say("contributor, helps neighbours"),
        Standing.OTHER: words.say("other resident"),
    }[standing]


def _facts(one: Circle, before: set[int]) -> tuple[int, int, int, int, int]:
    """Adults, those who were there at the start, ties, strong ties, adults without a tie."""
    tied = set(one.first.tolist()) | set(one.second.tolist())
    stayed = len(before & set(one.uid.tolist()))
    strong = int((tie_classes(one.strength, one.strong) == len(WIDTHS) - 1).sum())
    return one.uid.size, stayed, one.first.size, strong, one.uid.size - len(tied)


def _alternative(one: Circle, label: str, before: set[int], *, where: str, words: Words) -> str:
    adults, stayed, ties, strong, alone = _facts(one, before)
    counts = ", ".join(
        f"{standing_name(standing, words)}: {int((one.standing == standing).sum())}" for standing in Standing
    )
    return words.say(
        "Contacts inside one complex in {where}, {label}. Adults: {adults}, of whom {stayed} lived there at the start. "
        "Ties: {ties}, of which {strong} strong; adults without a tie: {alone}. {counts}.",
        where=where,
        label=label,
        adults=adults,
        stayed=stayed,
        ties=ties,
        strong=strong,
        alone=alone,
        counts=counts,
    )


def _summary(circles: Sequence[Circle], labels: Sequence[str], before: set[int], words: Words) -> DataTable:
    facts = [_facts(one, before) for one in circles]
    names = (
        words.say("Adults"), words.say("Of these at the start"), words.say("Ties"), words.say("Strong ties"),
        words.say("Adults without a tie"),
    )  # fmt: skip
    rows = [
        Row((name,), tuple(Cell(words.number(one[place]), float(one[place])) for one in facts))
        for place, name in enumerate(names)
    ]
    rows += [
        Row(
            (_sentence(standing_name(standing, words)),),
            tuple(
                Cell(words.number(count), float(count))
                for count in (int((one.standing == standing).sum()) for one in circles)
            ),
        )
        for standing in Standing
    ]
    return DataTable(
        key="contacten-samen",
        caption=words.say("Contacts inside one complex, counted"),
        stubs=(words.say("What"),),
        heads=tuple(labels),
        rows=tuple(rows),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def ties_of(one: Circle) -> dict[int, tuple[int, float]]:
    """Ties and the sum of their strengths per adult who is there."""
    found = dict.fromkeys(one.uid.tolist(), (0, 0.0))
    for first, second, strength in zip(
        one.first.tolist(), one.second.tolist(), one.strength.tolist(), strict=True
    ):
        for uid in (first, second):
            number, total = found[uid]
            found[uid] = (number + 1, total + strength)
    return found


def _people(circles: Sequence[Circle], labels: Sequence[str], ground: Places, words: Words) -> DataTable:
    known = [ties_of(one) for one in circles]
    standing = [dict(zip(one.uid.tolist(), one.standing.tolist(), strict=True)) for one in circles]
    rows = []
    for number, uid in enumerate(sorted(ground), start=1):
        cells: list[Cell] = []
        for ties, what in zip(known, standing, strict=True):
            if uid in ties:
                count, total = ties[uid]
                cells += [
                    Cell(standing_name(Standing(what[uid]), words)),
                    Cell(words.number(count), float(count)),
                    Cell(words.number(total, 1), total),
                ]
            else:
                cells += [Cell(words.say("not there")), Cell("–"), Cell("–")]
        rows.append(Row((str(number),), tuple(cells)))
    parts = (words.say("standing"), words.say("ties"), words.say("strength together"))
    return DataTable(
        key="contacten-personen",
        caption=words.say("Everybody who ever lives there in the drawings"),
        stubs=(words.say("Adult"),),
        heads=tuple(f"{label}: {part}" for label in labels for part in parts),
        rows=tuple(rows),
    )


def _legend(words: Words) -> Markup:
    people = [(standing, False, standing_name(standing, words)) for standing in Standing]
    people.append((Standing.OTHER, True, words.say("open: came later")))
    ties = (words.say("weak tie"), words.say("ordinary tie"), words.say("strong tie"))
    title = words.say("Legend: {names}.", names=", ".join([*(entry[2] for entry in people), *ties]))
    rows = len(people)
    with house_style():
        figure = Figure(figsize=(WIDTH, 0.2 * rows))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(rows, 0)
        for place, (standing, late, name) in enumerate(people):
            _people_of(axes, np.array([(0.12, place + 0.5)]), standing, late=late)
            axes.text(0.28, place + 0.5, name, va="center", ha="left")
        for place, (name, (width, grey)) in enumerate(zip(ties, WIDTHS, strict=True)):
            axes.plot([2.2, 2.45], [place + 0.5] * 2, linewidth=width, color=grey)
            axes.text(2.52, place + 0.5, name, va="center", ha="left", color=INK)
        return Markup(inline(figure, name="contacten-legenda", title=title))
