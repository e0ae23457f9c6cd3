"""Coverage of the rows as it stands: what carries each, what came of it, and which come down to one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wijksim.analysis.coverage.cases import Case, Row, cases, measures_of, rows
from wijksim.analysis.coverage.table import NONE, STALE, Effect, Table, read_table
from wijksim.kernel.measure import MEASURES


@dataclass(frozen=True)
class Line:
    """One row as it stands.

    Attributes
    ----------
    row
        The row.
    case
        How it is switched on; None for an outcome and for a row without carrier.
    carriers
        Everything that carries it: levers, cases or measures.
    effect
        What came of it; None if nothing is stored, or what is stored is of another setting.
    stored
        Whether something is stored at all.
    """

    row: Row
    case: Case | None
    carriers: tuple[str, ...]
    effect: Effect | None
    stored: bool

    @property
    def verdict(self) -> str:
        """As expected, equivalent to zero, opposite, undecided, measured, stale or without carrier."""
        if not self.carriers:
            return NONE
        if self.effect is None:
            return STALE
        return self.effect.verdict

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        effect = self.effect
        return {
            "row": self.row.key,
            "name": self.row.en,
            "carrier": ", ".join(self.carriers) or None,
            "scenario": self.case.setting if self.case else None,
            "measure": effect.measure if effect else self.case.moves if self.case else None,
            "unit": MEASURES.get(effect.measure).unit if effect else None,
            "where": effect.where if effect else None,
            "expected": self.case.sign if self.case else None,
            "effect": effect.effect if effect else None,
            "interval": [effect.low, effect.high] if effect else None,
            "smallest": effect.smallest if effect and self.case else None,
            "moves": effect.holds if effect else None,
            "differs": self.case.differs if self.case else None,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class Coverage:
    """All rows, and how effects were found."""

    lines: tuple[Line, ...]
    table: Table | None

    @property
    def missing(self) -> tuple[Line, ...]:
        """Rows without carrier."""
        return tuple(line for line in self.lines if not line.carriers)

    @property
    def stale(self) -> tuple[Line, ...]:
        """Rows whose effect is not known in their present setting."""
        return tuple(line for line in self.lines if line.carriers and line.effect is None)

    def counts(self) -> dict[str, int]:
        """Rows by verdict."""
        return dict(Counter(line.verdict for line in self.lines))

    def precise(self) -> tuple[Line, ...]:
        """Levers and ideas whose interval is narrow enough to tell an effect that matters."""
        return tuple(line for line in self.lines if line.case and line.effect and line.effect.precise)

    def clearing(self) -> tuple[Line, ...]:
        """Of those, the ones whose whole interval lies beyond the smallest effect that matters."""
        return tuple(line for line in self.precise() if line.effect and line.effect.clears)

    def alike(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """Rows that take hold of the same named things over the same target, where there are several."""
        groups: dict[tuple[str, str], list[Line]] = {}
        for line in self.lines:
            if line.case and line.effect and line.effect.holds:
                groups.setdefault((line.effect.holds, line.effect.where), []).append(line)
        return tuple((key[0], tuple(group)) for key, group in sorted(groups.items()) if len(group) > 1)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        table = self.table
        return {
            "rows": len(self.lines),
            "carried": len(self.lines) - len(self.missing),
            "pairs": table.pairs if table else 0,
            "months": table.months if table else 0,
            "residents": table.residents if table else 0,
            "verdicts": self.counts(),
            "precise": len(self.precise()),
            "clearing": [line.row.key for line in self.clearing()],
            "alike": [
                {"moves": name, "rows": [one.row.key for one in group]} for name, group in self.alike()
            ],
            "lines": [line.as_dict() for line in self.lines],
        }


def coverage(table: Table | None = None) -> Coverage:
    """Bring rows, carriers and stored effects together; rows without carrier come first."""
    kept = table or _stored()
    by_row: dict[str, list[Case]] = {}
    for case in cases():
        by_row.setdefault(case.row, []).append(case)
    lines = [_line(row, by_row.get(row.key, ()), kept) for row in rows().values()]
    return Coverage(tuple(sorted(lines, key=lambda line: bool(line.carriers))), kept)


def _stored() -> Table | None:
    try:
        return read_table()
    except FileNotFoundError:
        return None


def _line(row: Row, made: Sequence[Case], table: Table | None) -> Line:
    stored = table.of(row.key) if table else ()
    if row.outcome:
        names = measures_of(row.key)
        return Line(
            row, None, names, next((one for one in stored if one.measure in names), None), bool(stored)
        )
    if not made:
        return Line(row, None, (), None, bool(stored))
    case = made[0]
    effect = next((one for one in stored if one.carrier == case.carrier and one.digest == case.digest), None)
    return Line(row, case, tuple(dict.fromkeys(one.carrier for one in made)), effect, bool(stored))
