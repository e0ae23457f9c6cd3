"""Professionals: posts, hours, cases, continuity, and crises that eat the hours of prevention."""

from wijksim.mechanisms.professionals.mechanism import Professionals

__all__ = ["Professionals"]
