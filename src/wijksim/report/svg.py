"""From a matplotlib figure to an SVG that can stand in a page, the same bytes every time."""

from __future__ import annotations

import html
import io
import re
from contextlib import AbstractContextManager
from typing import Any, cast

import matplotlib as mpl
from matplotlib.figure import Figure

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wijksim",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.edgecolor": "#6b7280",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelcolor": "#3d444d",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e7eb",
    "grid.linewidth": 0.6,
    "xtick.color": "#3d444d",
    "ytick.color": "#3d444d",
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "text.color": "#1b1f24",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "path.simplify": False,
}

_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(?:url\(#|href="#)([^)"]+)')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_TAG = re.compile(r"<[^>]*>")
_FONT = re.compile(r"font: (?:(?:bold|\d+|italic) )*([\d.]+)px [^;\"]+")
_WEIGHT = re.compile(r"font: (bold|700|600)\b")


def house_style() -> AbstractContextManager[None]:
    """Settings under which all pictures are drawn; the page, not the picture, chooses the letter."""
    return mpl.rc_context(cast("Any", _STYLE))


def inline(figure: Figure, *, name: str, title: str) -> str:
    """Write a figure as the ``<svg>`` element of a page.

    Parameters
    ----------
    figure
        Drawn in :func:`house_style`.
    name
        Prefix that keeps ids of several pictures on one page apart; letters, digits and hyphens.
    title
        What the picture shows, for those who cannot see it.
    """
    stream = io.StringIO()
    figure.savefig(
        stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = text.replace("xlink:href", "href")
    box = re.search(r'viewBox="[^"]+"', text)
    if box is None:
        raise ValueError("this version of matplotlib writes no view box")
    head = (
        f'<svg {box.group()} role="img" aria-labelledby="{name}-title" preserveAspectRatio="xMidYMid meet">'
        f'<title id="{name}-title">{html.escape(title)}</title>'
    )
    body = _tidy(text[text.index(">") + 1 :], name)
    return head + body


def _tidy(body: str, name: str) -> str:
    """Keep only ids that are referred to, made unique; shorten numbers; leave the letter to the page."""
    used = set(_REFERENCE.findall(body))

    def rename(match: re.Match[str]) -> str:
        return f'id="{name}-{match.group(1)}"' if match.group(1) in used else ""

    body = _ID.sub(rename, body)
    body = _REFERENCE.sub(
        lambda match: match.group().replace(match.group(1), f"{name}-{match.group(1)}"), body
    )
    body = _TAG.sub(lambda tag: _LONG_NUMBER.sub(_shortened, tag.group()), body)  # and no number that is read
    body = _FONT.sub(_font, body)
    return re.sub(r"\s*\n\s*", "\n", body).strip()


def _shortened(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")


def _font(match: re.Match[str]) -> str:
    weight = "; font-weight: 700" if _WEIGHT.match(match.group()) else ""
    return f"font-size: {match.group(1)}px{weight}"
