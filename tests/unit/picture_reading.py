"""Drawings read back for the tests of pictures, and a gallery to draw."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wijksim.analysis.compare import Comparison
from wijksim.kernel.measure import MEASURES
from wijksim.report.pictures import gallery
from wijksim.report.pictures.picture import Picture
from wijksim.report.tables import blocks, read_lines
from wijksim.report.words import DUTCH, Words

NAMES = ("liveability_index", "problem_debt", "moves_out", "stress", "trust", "share_in_work")
VARIANTS = ("Huidig", "Eén", "Twee", "Drie")


def whole(comparison: Comparison, words: Words = DUTCH) -> gallery.Gallery:
    """All pictures of a comparison, small multiples of two measures only."""
    measures = tuple(MEASURES.get(name) for name in NAMES)
    found = blocks(measures, read_lines(comparison, comparison.table()), "vulnerable", comparison.years)
    return gallery.gallery(comparison, measures[:2], found, names=VARIANTS, district=0, words=words)


def every(found: gallery.Gallery) -> Iterator[Picture]:
    yield found.overview
    yield from found.districts
    yield from found.close


def by_key(found: gallery.Gallery, key: str) -> Picture:
    return next(picture for picture in every(found) if picture.key == key)


def shapes(svg: str) -> list[tuple[str, str]]:
    """Style and outline of each path of a drawing, in the order of drawing."""
    found = []
    for tag in re.findall(r"<path\b[^>]*>", svg):
        style, line = re.search(r'style="([^"]*)"', tag), re.search(r'\bd="([^"]*)"', tag)
        found.append((style.group(1) if style else "", line.group(1) if line else ""))
    return found


def starts(line: str) -> list[tuple[float, float]]:
    """Where each part of an outline begins."""
    return [(float(x), float(y)) for x, y in re.findall(r"M (-?[\d.]+) (-?[\d.]+)", line)]


def points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", line)]


def filled(svg: str, colour: str) -> int:
    """Rectangles with a fill."""
    return sum(len(starts(line)) for style, line in shapes(svg) if f"fill: {colour}" in style)


def used(svg: str, colour: str) -> list[tuple[float, float]]:
    """Where markers stand that are drawn in a colour."""
    found = []
    for tag in re.findall(r"<use\b[^>]*>", svg):
        if f"fill: {colour}" in tag:
            x, y = re.search(r'\bx="([^"]*)"', tag), re.search(r'\by="([^"]*)"', tag)
            assert x is not None
            assert y is not None
            found.append((float(x.group(1)), float(y.group(1))))
    return found


def hatches(svg: str) -> list[tuple[str, str]]:
    """Id and ground colour of each hatch."""
    return re.findall(r'<pattern id="([^"]+)"[^>]*>\s*<rect [^>]*fill="([^"]+)"', svg)


def box(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    return float(found.group(1)), float(found.group(2))
