"""Construction: sale, demolition with rehousing, replacement and renovation of dwellings."""

from wijksim.mechanisms.construction.mechanism import Construction

__all__ = ["Construction"]
