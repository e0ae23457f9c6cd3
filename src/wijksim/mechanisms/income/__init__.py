"""Income: what a household has to spend, and what its home costs, by the norms in force."""

from wijksim.mechanisms.income.mechanism import Income

__all__ = ["Income"]
