"""Net of tax as a broken line: the schedule is evaluated at its kinks and read off in between.

Tax brackets and credits are piecewise linear, so a line through the kinks is exact, and reading it is much
cheaper than applying every rule to every resident.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR

Line = tuple[NDArray[np.float64], NDArray[np.float64]]
_STRETCHES = ("1", "2", "3")
NAMES = (
    "income.tax_rate_low",
    "income.tax_rate_top",
    "income.tax_top_from",
    "income.general_credit",
    "income.general_credit_from",
    "income.general_credit_taper",
    *(f"income.work_credit_edge_{step}" for step in _STRETCHES),
    *(f"income.work_credit_rate_{step}" for step in _STRETCHES),
    "income.work_credit_taper",
    "income.pension_contribution",
)


def net_line(values: Mapping[str, float], *, working: bool) -> Line:
    """Kinks of gross and net pay in euros a month, two arrays of equal length.

    Parameters
    ----------
    values
        Parameter values in force (``income.tax_*``, ``income.general_credit*``, ``income.work_credit*``).
    working
        True for wages: employment credit (arbeidskorting) and the employee's pension contribution apply.
        False for taxed benefits.
    """
    edges = [values[f"income.work_credit_edge_{step}"] for step in _STRETCHES]
    top = values["income.tax_top_from"]
    fall = values["income.general_credit_from"]
    general_end = fall + _ratio(values["income.general_credit"], values["income.general_credit_taper"])
    credit = _work_credit(values, edges)
    work_end = credit[0][-1]
    last = max(top, general_end, work_end) * 1000
    taxable = np.unique(np.array([0.0, *edges, top, fall, general_end, work_end, last]))
    tax = values["income.tax_rate_low"] * np.minimum(taxable, top)
    tax += values["income.tax_rate_top"] * np.maximum(taxable - top, 0)
    tax -= np.interp(taxable, [0, fall, general_end], [values["income.general_credit"]] * 2 + [0.0])
    if working:
        tax -= np.interp(taxable, *credit)
    taxable, tax = _floor_at_zero(taxable, tax)
    net = (taxable - tax) / MONTHS_PER_YEAR
    contribution = values["income.pension_contribution"] if working else 0.0
    return taxable / (1 - contribution) / MONTHS_PER_YEAR, net


def _work_credit(values: Mapping[str, float], edges: list[float]) -> Line:
    """Kinks of the employment credit: it rises over three stretches and then falls to nothing."""
    x, y = [0.0], [0.0]
    for step, edge in zip(_STRETCHES, edges, strict=True):
        rate = values[f"income.work_credit_rate_{step}"]
        y.append(y[-1] + rate * (edge - x[-1]))
        x.append(edge)
    x.append(x[-1] + _ratio(y[-1], values["income.work_credit_taper"]))
    y.append(0.0)
    return np.array(x), np.array(y)


def _ratio(amount: float, rate: float) -> float:
    """Length over which ``amount`` is used up; a rate of zero never uses it up."""
    return amount / max(rate, float(np.finfo(np.float32).eps))


def _floor_at_zero(x: NDArray[np.float64], y: NDArray[np.float64]) -> Line:
    """Cut the broken line off at zero (credits are not paid out), with a kink where it crosses."""
    cross = np.flatnonzero((y[:-1] < 0) != (y[1:] < 0))
    at = x[cross] - y[cross] * (x[cross + 1] - x[cross]) / (y[cross + 1] - y[cross])
    order = np.argsort(np.concatenate([x, at]), kind="stable")
    return np.concatenate([x, at])[order], np.maximum(np.concatenate([y, np.zeros(at.size)]), 0)[order]
