"""The shipped table of facts, with the source of each."""

from __future__ import annotations

from pathlib import Path

from wijksim.analysis.validation.patterns import Pattern, read_patterns

FACTS = Path(__file__).parent / "facts.csv"


def shipped_facts() -> list[Pattern]:
    """Facts that come with the model: 45 to fit and 112 to check."""
    return read_patterns([FACTS])
