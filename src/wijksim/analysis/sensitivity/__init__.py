"""Sensitivity: which of the things that a sweep varied move its outcomes, and how sure that is."""
