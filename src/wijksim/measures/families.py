"""Violence at home that is known, and children placed elsewhere."""

from __future__ import annotations

from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import code
from wijksim.measures._base import Rate, Share
from wijksim.state.structure import ADULT_AGE

CHILDREN = (0, ADULT_AGE)
PLACED = 1  # value of resident.away


@MEASURES.register
class KnownViolence(Rate):
    """Households of which violence at home became known, per 1,000 a year; most of it stays unknown."""

    name = "violence_known"
    label, label_nl = "Known violence at home", "Bekend huiselijk geweld"
    table = "household"
    theme = "families"
    column = "household.violence_known"
    outcome = ("O22",)


@MEASURES.register
class Placements(Rate):
    """Children placed out of home, per 1,000 children a year."""

    name = "placements"
    label, label_nl = "Out-of-home placements of children", "Uithuisplaatsingen van kinderen"
    direction = -1
    theme = "families"
    column = "resident.placed"
    ages = CHILDREN
    outcome = ("O11",)


@MEASURES.register
class ChildrenAway(Share):
    """Children who live elsewhere after a placement."""

    name = "children_away"
    label, label_nl = "Children placed out of home", "Uithuisgeplaatste kinderen"
    direction = -1
    theme = "families"
    column = "resident.away"
    ages = CHILDREN
    outcome = ("O11",)
    counts_if = (code("resident.away", PLACED),)
