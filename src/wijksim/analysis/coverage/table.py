"""The table of effects as it is kept: one line per row and carrier, with a hash over all of them."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from dataclasses import dataclass
from pathlib import Path

from wijksim.analysis.precision import smallest_effect
from wijksim.kernel.measure import MEASURES
from wijksim.parameters.store import shipped_parameters

EFFECTS = Path(__file__).parent / "effects.csv"

AS_EXPECTED, EQUIVALENT, OPPOSITE, UNDECIDED = "as expected", "equivalent to zero", "opposite", "undecided"
MEASURED, STALE, NONE = "measured", "stale", "no carrier"

_COLUMNS = (
    "row", "carrier", "measure", "where", "expected", "digest", "level", "effect", "low", "high", "first", "holds"
)  # fmt: skip
_NUMBERS = ("level", "effect", "low", "high", "first")
_DIGITS = 9


@dataclass(frozen=True)
class Effect:
    """What one row did: paired difference with its 95 % interval, and the difference in the first future.

    For an outcome: its level without any lever.
    """

    row: str
    carrier: str
    measure: str
    where: str
    expected: int
    digest: str
    level: float
    effect: float
    low: float
    high: float
    first: float
    holds: str = ""
    """Named things of which the levers of the row take hold."""

    @property
    def smallest(self) -> float:
        """Smallest effect that matters: where none is stated for the measure, a share of its level."""
        kind = MEASURES.get(self.measure)
        stated = smallest_effect(kind.name, kind.unit)
        if stated is not None:
            return stated
        return abs(self.level) * shipped_parameters()["validation.relative_effect"].value

    @property
    def precise(self) -> bool:
        """Whether the half-width is at most the smallest effect that matters."""
        return (self.high - self.low) / 2 <= self.smallest

    @property
    def clears(self) -> bool:
        """Whether the whole interval lies beyond the smallest effect that matters, on either side."""
        return self.low > self.smallest or self.high < -self.smallest

    @property
    def verdict(self) -> str:
        """What came of it, beside what the source expects."""
        if not self.digest:
            return MEASURED
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return UNDECIDED
        if -self.smallest <= self.low and self.high <= self.smallest:
            return EQUIVALENT
        if self.low <= 0 <= self.high:
            return UNDECIDED
        return AS_EXPECTED if (self.effect > 0) == (self.expected > 0) and self.expected else OPPOSITE


@dataclass(frozen=True)
class Table:
    """All effects, and how they were found."""

    effects: tuple[Effect, ...]
    pairs: int
    months: int
    residents: int
    seed: int

    def of(self, row: str) -> tuple[Effect, ...]:
        """Effects of a row, one per carrier."""
        return tuple(effect for effect in self.effects if effect.row == row)

    def text(self) -> str:
        """The file: settings, hash of the lines, lines."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for one in self.effects:
            numbers = [
                f"{value:.{_DIGITS}g}" for value in (one.level, one.effect, one.low, one.high, one.first)
            ]
            writer.writerow(
                [one.row, one.carrier, one.measure, one.where, one.expected, one.digest, *numbers, one.holds]
            )
        body = lines.getvalue()
        head = (
            f"# pairs={self.pairs} months={self.months} residents={self.residents} seed={self.seed} "
            f"sha256={_hash(body)}\n"
        )
        return head + body


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def read_table(path: Path = EFFECTS) -> Table:
    """Read the table.

    Raises
    ------
    ValueError
        If its lines do not have the hash that its head says: it was changed by hand.
    """
    head, body = path.read_text(encoding="utf-8").split("\n", 1)
    settings = dict(word.split("=", 1) for word in head.removeprefix("# ").split())
    if _hash(body) != settings["sha256"]:
        raise ValueError(f"{path.name} was changed by hand: run wijksim coverage --refresh")
    effects = tuple(_effect(entry) for entry in csv.DictReader(io.StringIO(body)))
    return Table(effects, *(int(settings[name]) for name in ("pairs", "months", "residents", "seed")))


def _effect(entry: dict[str, str]) -> Effect:
    level, effect, low, high, first = (float(entry[name]) for name in _NUMBERS)
    row, carrier, measure, where = (entry[name] for name in ("row", "carrier", "measure", "where"))
    expected, digest = int(entry["expected"]), entry["digest"]
    return Effect(
        row, carrier, measure, where, expected, digest, level, effect, low, high, first, entry["holds"]
    )
