"""All mechanisms: every module of this folder is imported in sorted order; a new file needs no list."""

from wijksim.core.registry import discover

discover(__name__)
