"""Crime: recruitment of the young, offending, enforcement and its displacement, and victims (criminaliteit)."""

from wijksim.mechanisms.crime.mechanism import Crime

__all__ = ["Crime"]
