"""The causal-loop picture: which mechanism drives which, one panel per feedback loop."""

from __future__ import annotations

from math import cos, pi, sin

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wijksim.kernel.event import Event
from wijksim.kernel.loops import LOOPS
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.kernel.relax import Relax
from wijksim.model.month import MONTH, TRANSITIONS
from wijksim.report.svg import house_style, inline

_COLUMNS = 3
_PANEL = 2.9
_INK, _PALE, _LINE = "#1b1f24", "#c3c8cf", "#0072B2"
_LABEL_RADIUS = 1.16
Links = dict[tuple[str, str], int]


def loop_links() -> dict[str, Links]:
    """For each loop, how many declared influences lead from the owner of a driver to a mechanism."""
    owner = {column.name: name for name, one in MECHANISMS.items() for column in one.owns}
    found: dict[str, Links] = {name: {} for name in LOOPS}
    for name, one in MECHANISMS.items():
        every: list[Event | Relax] = [*one.events(), *one.states()]
        for process in every:
            for influence in process.index.influences:
                if influence.loop:
                    # structure (activity, age) is moved by requests of many and has no owner of its own
                    link = (owner.get(influence.column, "lifecycle"), name)
                    found[influence.loop][link] = found[influence.loop].get(link, 0) + 1
    return found


def loop_picture() -> str:
    """Draw all loops; returns an SVG document."""
    links = {name: found for name, found in loop_links().items() if found}
    nodes = [
        "lifecycle",
        *(name for name in dict.fromkeys(MONTH) if name != TRANSITIONS and name in MECHANISMS),
    ]
    rows = -(-len(links) // _COLUMNS)
    with house_style():
        figure = Figure(figsize=(_COLUMNS * _PANEL, rows * _PANEL), layout="constrained")
        axes = figure.subplots(rows, _COLUMNS, squeeze=False)
        for panel in axes.flat:
            panel.set_axis_off()
        for panel, (name, found) in zip(axes.flat, links.items(), strict=False):
            _panel(panel, name, found, nodes)
        text = inline(figure, name="loops", title="Feedback loops: which mechanism drives which")
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" ', 1)


def _panel(panel: Axes, name: str, links: Links, nodes: list[str]) -> None:
    place = {
        node: (sin(2 * pi * number / len(nodes)), cos(2 * pi * number / len(nodes)))
        for number, node in enumerate(nodes)
    }
    taking_part = {node for link in links for node in link}
    panel.set_title(f"{LOOPS[name].split(':')[0]} {name}", fontsize=9, fontweight="bold")
    panel.set_xlim(-1.75, 1.75)
    panel.set_ylim(-1.3, 1.3)
    panel.set_aspect("equal")
    for (start, end), count in sorted(links.items()):
        _arrow(panel, place[start], place[end], width=min(0.8 + 0.35 * count, 3))
    for node, (x, y) in place.items():
        here = node in taking_part
        panel.plot(x, y, "o", markersize=5 if here else 2.5, color=_INK if here else _PALE)
        side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        panel.text(
            x * _LABEL_RADIUS, y * _LABEL_RADIUS, node, ha=side, va="center", fontsize=6.5 if here else 5.5,
            color=_INK if here else "#8a919b",
        )  # fmt: skip


def _arrow(panel: Axes, start: tuple[float, float], end: tuple[float, float], *, width: float) -> None:
    if start == end:
        x, y = start
        panel.annotate(
            "", (0.93 * x - 0.06 * y, 0.93 * y + 0.06 * x), (0.93 * x + 0.06 * y, 0.93 * y - 0.06 * x),
            arrowprops={"arrowstyle": "-|>", "color": _LINE, "lw": width, "connectionstyle": "arc3,rad=-1.6",
                        "shrinkA": 0, "shrinkB": 0, "mutation_scale": 6},
        )  # fmt: skip
        return
    panel.annotate(
        "", end, start,
        arrowprops={"arrowstyle": "-|>", "color": _LINE, "lw": width, "alpha": 0.85,
                    "connectionstyle": "arc3,rad=0.12", "shrinkA": 4, "shrinkB": 4, "mutation_scale": 7},
    )  # fmt: skip
