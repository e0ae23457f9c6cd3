"""All pictures of a memo beside its bands and differences, made from one comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.measure import Measure
from wijksim.report.pictures.circle import circle_picture
from wijksim.report.pictures.districts import small_multiples
from wijksim.report.pictures.hours import hours_picture
from wijksim.report.pictures.overview import overview
from wijksim.report.pictures.picture import Picture
from wijksim.report.pictures.town import town_map
from wijksim.report.tables import Block, course
from wijksim.report.words import DUTCH, Words
from wijksim.runs.closeup import MAPPED, Closeup

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison


@dataclass(frozen=True)
class Gallery:
    """Pictures by the place of the page where they stand.

    Attributes
    ----------
    overview
        All variants on all measures.
    districts
        Small multiples, one picture per measure.
    close
        Maps, contacts and hours in the first future; empty if nobody looked closely.
    drawn
        Name of the variant on the maps and in the contacts.
    seed
        The first future.
    """

    overview: Picture
    districts: tuple[Picture, ...]
    close: tuple[Picture, ...]
    drawn: str
    seed: int


def gallery(
    comparison: Comparison,
    measures: Sequence[type[Measure]],
    blocks: Sequence[Block],
    *,
    names: Sequence[str],
    district: int,
    words: Words = DUTCH,
) -> Gallery:
    """Draw everything.

    Parameters
    ----------
    comparison
        What is reported.
    measures
        Those that get small multiples.
    blocks
        Core table of the district that the memo is about.
    names
        Of all scenarios, null first.
    district
        Place of that district.
    words
        Language; Dutch if omitted.
    """
    where = words.place(comparison.districts[district])
    places = comparison.districts[:-1]
    variant = most_changed(comparison.closeups, district)
    return Gallery(
        overview=overview(blocks, names[1:], where=where, words=words),
        districts=tuple(
            small_multiples([course(comparison, kind, d) for d in range(len(places))], places, names, words)
            for kind in measures
        ),
        close=_close(comparison.closeups, variant, names, district=district, where=where, words=words),
        drawn=names[variant],
        seed=comparison.seeds[0],
    )


def most_changed(closeups: Sequence[Closeup], district: int) -> int:
    """Place of the variant in which front doors end up least like those of the null alternative; 1 is the first."""
    if len(closeups) < 2:
        return 1

    def change(one: Closeup) -> float:
        null, mine = closeups[0].doors[-1], one.doors[-1]
        both, at, here = np.intersect1d(null.uid, mine.uid, assume_unique=True, return_indices=True)
        del both
        apart = np.abs(mine.share(MAPPED[0])[here] - null.share(MAPPED[0])[at])
        return float(np.nansum(apart[null.district[at] == district]))

    return 1 + int(np.argmax([change(one) for one in closeups[1:]]))


def _close(
    closeups: Sequence[Closeup],
    variant: int,
    names: Sequence[str],
    *,
    district: int,
    where: str,
    words: Words,
) -> tuple[Picture, ...]:
    if not closeups:
        return ()
    pair, titles = (closeups[0], closeups[variant]), (names[0], names[variant])
    found = [
        town_map(measure, pair, titles, district, variant=variant - 1, where=where, words=words)
        for measure in MAPPED
    ]
    end = words.moment(closeups[0].moments[-1])
    seen = [
        (pair[0].circles[0][district], words.moment(0), None),
        (pair[0].circles[-1][district], f"{end}: {titles[0]}", None),
        (pair[1].circles[-1][district], f"{end}: {titles[1]}", variant - 1),
    ]
    known = [(one, label[:1].upper() + label[1:], place) for one, label, place in seen if one is not None]
    if len(known) == len(seen):
        circles, labels, variants = zip(*known, strict=True)
        found.append(circle_picture(circles, labels, variants, where=where, words=words))
    found.append(hours_picture(closeups, names, district, where=where, words=words))
    return tuple(found)
