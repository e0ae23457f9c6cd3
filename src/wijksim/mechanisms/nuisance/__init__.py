"""Nuisance between neighbours, and disorder and control per entrance (overlast, verloedering)."""

from wijksim.mechanisms.nuisance.mechanism import Nuisance, often

__all__ = ["Nuisance", "often"]
