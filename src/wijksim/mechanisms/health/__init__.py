"""Health: severe psychiatric problems, addiction, crises and the need for support."""

from wijksim.mechanisms.health.mechanism import Health

__all__ = ["Health"]
