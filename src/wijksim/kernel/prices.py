"""Prices of several years brought to the year of the accounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_CPI = "prices.cpi_"


def price_of(ctx: Context, name: str) -> float:
    """Price in euros of the year of the accounts.

    Parameters
    ----------
    name
        Parameter with a ``price_year``; a price older than the oldest index is a lower bound.
    """
    year = ctx.parameters[name].price_year
    if year is None:
        raise ValueError(f"price {name} has no price_year")
    return indexed(ctx, ctx.values[name], year)


def indexed(ctx: Context, amount: float, year: int | None) -> float:
    """Amount in euros of ``year`` as euros of the year of the accounts; unchanged without a year."""
    if year is None:
        return amount
    values = ctx.values
    base = int(values["prices.base_year"])
    then, now = values.get(_cpi(year)), values.get(_cpi(base))
    if then is None or now is None:
        then, now = _index(values, year, base), _index(values, base, base)
    return amount * then / now


def brought(values: Mapping[str, float], amount: float, year: int, to: int) -> float:
    """Amount in euros of ``year`` as euros of the year ``to``; the very same amount if that is one year.

    Parameters
    ----------
    values
        Values of parameters by name, the index among them.

    Raises
    ------
    ValueError
        If a year lies after the index; one before it counts as its first year.
    """
    if year == to:
        return amount
    base = int(values["prices.base_year"])
    return amount * _index(values, year, base) / _index(values, to, base)


def indexed_years(values: Mapping[str, float]) -> tuple[int, int]:
    """First and last year of the index."""
    years = [int(name.removeprefix(_CPI)) for name in values if name.startswith(_CPI)]
    return min(years), max(years)


def _index(values: Mapping[str, float], year: int, base: int) -> float:
    """Consumer prices of the newest year against ``year``; for a year before the index, those of its first year."""
    known = values.get(_cpi(year))
    if known is not None:
        return known
    for one in range(year, max(year, base) + 1):
        known = values.get(_cpi(one))
        if known is not None:
            return known
    raise ValueError(f"no consumer prices for {year}")


@cache
def _cpi(year: int) -> str:
    """Parameter with the consumer prices of the newest year against this one."""
    return f"{_CPI}{year}"
