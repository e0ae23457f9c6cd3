"""Compiled: mortgages of households, by what their dwelling is worth and what they have repaid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Floats = NDArray[np.float64]
type Euros = NDArray[np.float32]

_OWNER = int(Tenure.OWNER)
_THOUSAND, _MONTHS, _NOTHING = np.float32(1000), np.float32(MONTHS_PER_YEAR), np.float32(0)


# fmt: off
@compiled
def mortgages(
    rows: Rows, heads: Rows, households: tuple[Rows, Codes, Months, Floats], value: Euros, month: int,
    terms: tuple[float, np.float32, float], mortgage: Euros, home_sought: Codes,
) -> None:
    # fmt: on
    """Write what households ``rows`` pay a month for the home they own, 0 for tenants; their heads look for no home.

    Parameters
    ----------
    heads, households
        Head of all households, or none; dwelling, tenure, month moved in and income.
    terms
        Part of a loan that is paid in a year, as is that part of the price in every year lived there; and the highest
        loan, as a part of the price and as a multiple of yearly income.
    """
    (dwelling, tenure, moved_in, income), (payment, share, multiple) = households, terms
    for i in range(rows.size):
        row = rows[i]
        if heads.size and heads[row] >= 0:
            home_sought[heads[row]] = -1
        if tenure[row] != _OWNER:
            mortgage[row] = 0
            continue
        price = value[dwelling[row]] * _THOUSAND
        years = max(month - moved_in[row], 0) / MONTHS_PER_YEAR
        repaid = min(years * payment, 1.0) * np.float64(price)
        loan = min(np.float64(price * share), max(np.float64(price) - repaid, 0.0))
        loan = min(loan, income[row] * MONTHS_PER_YEAR * multiple)
        mortgage[row] = loan * payment / MONTHS_PER_YEAR


# fmt: off
@compiled
def new_mortgages(
    rows: Rows, homes: Rows, households: tuple[Floats, Codes, Rows], dwellings: tuple[Euros, Codes],
    terms: tuple[float, float, float], mortgage: Euros, move_wish: NDArray[np.bool_], sought: Codes,
) -> None:
    # fmt: on
    """Write what households ``rows`` pay a month for ``homes`` to which they move, and that they no longer look.

    Owners put in what their present dwelling is worth, less what is owed on it; tenants pay nothing.

    Parameters
    ----------
    households, dwellings
        Income, tenure and present dwelling; value and owner.
    terms
        Part of a loan that is paid in a year; highest loan, as a part of the price and as a multiple of yearly income.
    """
    (income, tenure, lives_in), (value, owner), (payment, share, multiple) = households, dwellings, terms
    for i in range(rows.size):
        row = rows[i]
        move_wish[row], sought[row] = False, -1
        price, own = value[homes[i]] * _THOUSAND, _NOTHING
        if tenure[row] == _OWNER:
            owed = mortgage[row] * _MONTHS / np.float32(payment)
            own = max(value[lives_in[row]] * _THOUSAND - owed, _NOTHING)
        loan = np.float64(min(price * np.float32(share), max(price - own, _NOTHING)))
        loan = min(loan, income[row] * MONTHS_PER_YEAR * multiple)
        mortgage[row] = loan * payment / MONTHS_PER_YEAR if owner[homes[i]] == _OWNER else 0.0
