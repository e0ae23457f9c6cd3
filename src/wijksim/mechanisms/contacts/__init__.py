"""Contacts: who meets whom, what ties come of it, and what flows over them.

Layers are of two kinds. Household, entrance, complex and district are *memberships* (a column and a count).
*Personal ties* (``world.ties``) are made at chance meetings in a shared focus, grow with encounters and fade
without. Kin and friends who live elsewhere are counted and not simulated.
"""

from wijksim.mechanisms.contacts.mechanism import Contacts

__all__ = ["Contacts"]
