"""Facilities: shops, meeting places, workspaces, volunteers (voorzieningen)."""

from wijksim.mechanisms.facilities.mechanism import Facilities

__all__ = ["Facilities"]
