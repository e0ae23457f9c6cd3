"""Social rise: where people come from, by income and by parents."""

from wijksim.mechanisms.mobility.mechanism import Mobility

__all__ = ["Mobility"]
