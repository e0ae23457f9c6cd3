"""School: places, classes, achievement, advice, dropout, diplomas and the way to work."""

from wijksim.mechanisms.school.process import School

__all__ = ["School"]
