"""The user's own prices on the page: what was put in the place of which price of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijksim.parameters.schema import Parameter
from wijksim.report.certainty import number_name
from wijksim.report.words import Words

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison


@dataclass(frozen=True)
class OwnPrice:
    """One price for readers.

    Attributes
    ----------
    name, code
        What it is, and what it is called in the file.
    unit
        In words.
    value, year
        As the user wrote it.
    shipped, low, high, shipped_year
        The price of the model, the range that sources name, and the year of their euros.
    beyond
        Whether the own price lies outside that range.
    source
        In the user's words; empty if nothing was said.
    """

    name: str
    code: str
    unit: str
    value: float
    year: int
    shipped: float
    low: float
    high: float
    shipped_year: int
    beyond: bool
    source: str


def own_prices(comparison: Comparison, known: Mapping[str, Parameter], words: Words) -> tuple[OwnPrice, ...]:
    """Prices that differ from those of the model, in the order of their codes; all scenarios share them."""
    units = words.words("price_units")
    return tuple(
        OwnPrice(
            name=number_name(price.name, known, words)[0],
            code=price.name,
            unit=str(units.get(price.parameter.unit, price.parameter.unit)),
            value=price.written,
            year=price.year,
            shipped=price.parameter.value,
            low=price.parameter.low,
            high=price.parameter.high,
            shipped_year=price.parameter.price_year or price.year,
            beyond=price.beyond,
            source=price.source,
        )
        for price in comparison.null.prices
    )


def own_price_table(
    comparison: Comparison, known: Mapping[str, Parameter], words: Words
) -> tuple[str, str, tuple[tuple[str | float, ...], ...]]:
    """Title, headings parted by bars, and rows of the same for other programs."""
    title = words._(
        "Eigen prijzen in de plaats van die van het model, gelijk in het nulalternatief en in elke variant"
    )
    heads = words._(
        "Prijs|Code|Eenheid|Eigen prijs|Prijspeil|Prijs van het model|Laagste|Hoogste|Prijspeil van het model|"
        "Bron van de eigen prijs"
    )
    rows = (
        (
            one.name,
            one.code,
            one.unit,
            one.value,
            one.year,
            one.shipped,
            one.low,
            one.high,
            one.shipped_year,
            one.source,
        )
        for one in own_prices(comparison, known, words)
    )
    return title, heads, tuple(rows)
