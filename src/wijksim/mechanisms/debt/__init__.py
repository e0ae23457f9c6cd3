"""Debt: the monthly balance of a household, problem debt, help with it, and eviction."""

from wijksim.mechanisms.debt.mechanism import Debt

__all__ = ["Debt"]
