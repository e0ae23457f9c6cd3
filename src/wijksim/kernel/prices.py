"""Prices of several years brought to the year of the accounts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


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
    base = int(ctx.values["prices.base_year"])
    return amount * _index(ctx, year, base) / _index(ctx, base, base)


def _index(ctx: Context, year: int, base: int) -> float:
    """Consumer prices of the newest year against ``year``; for a year before the index, those of its first year."""
    known = ctx.values.get(_cpi(year))
    if known is not None:
        return known
    for one in range(year, max(year, base) + 1):
        known = ctx.values.get(_cpi(one))
        if known is not None:
            return known
    raise ValueError(f"no consumer prices for {year}")


@cache
def _cpi(year: int) -> str:
    """Parameter with the consumer prices of the newest year against this one."""
    return f"prices.cpi_{year}"
