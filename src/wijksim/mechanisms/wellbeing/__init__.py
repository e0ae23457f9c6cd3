"""Wellbeing: stress, trust, perspective, satisfaction and self-reliance (welbevinden)."""

from wijksim.mechanisms.wellbeing.mechanism import Wellbeing

__all__ = ["Wellbeing"]
