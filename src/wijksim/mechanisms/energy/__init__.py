"""Energy bills of households and who pays too much for energy."""

from wijksim.mechanisms.energy.mechanism import Energy

__all__ = ["Energy"]
