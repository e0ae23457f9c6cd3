"""Crime: careers of offenders, crimes in the street, victims (criminaliteit)."""

from wijksim.mechanisms.crime.mechanism import Crime

__all__ = ["Crime"]
