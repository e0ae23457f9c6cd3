"""The score card: every fact against its simulated value, families with one vote each, beside a trivial model."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation import areas, change, people, programmes  # noqa: F401  (declare the rules)
from wijksim.analysis.validation.patterns import USES, Pattern
from wijksim.analysis.validation.statistics import INPUT, NULL, UNMEASURABLE, Panels, Statistic, bind

PASS, FAIL = "pass", "fail"
RESAMPLES = 200
_INSIDE = (0.025, 0.975)
_SEED = 1


@dataclass(frozen=True)
class Verdict:
    """One fact and what became of it.

    Attributes
    ----------
    pattern, statistic
        The fact, and what answers it.
    status
        ``pass``, ``fail``, ``input`` or ``unmeasurable``.
    simulated, interval
        Estimate and its 95 % bootstrap interval over areas; None if there is none.
    trivial
        The same of the frozen trivial model.
    reason
        Why it is not measured; empty if it is.
    """

    pattern: Pattern
    statistic: Statistic
    status: str
    simulated: float | None = None
    interval: tuple[float, float] | None = None
    trivial: float | None = None
    reason: str = ""

    @property
    def trivial_passes(self) -> bool:
        """Whether a model without mechanisms has it too."""
        return self.trivial is not None and inside(self.pattern, self.trivial)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        one = self.pattern
        return {
            "id": one.id, "status": self.status, "simulated": self.simulated,
            "interval": list(self.interval) if self.interval else None, "low": one.low, "high": one.high,
            "use": one.use, "block": self.statistic.block, "family": one.family, "value": one.value,
            "unit": one.unit, "statistic": one.statistic, "computed": self.statistic.about,
            "trivial": self.trivial, "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True)
class Family:
    """Rows about one thing: they pass together if at least half of them do."""

    name: str
    use: str
    block: str
    passes: bool
    trivial: bool


@dataclass(frozen=True)
class Card:
    """Score card.

    Attributes
    ----------
    verdicts
        In the order of the tables.
    families
        Measured families.
    setting
        How the ensemble was made.
    """

    verdicts: tuple[Verdict, ...]
    families: tuple[Family, ...]
    setting: dict[str, Any] = field(default_factory=dict)

    def count(self, status: str) -> int:
        """Rows with a status."""
        return sum(one.status == status for one in self.verdicts)

    @property
    def measured(self) -> int:
        """Rows that were scored."""
        return self.count(PASS) + self.count(FAIL)

    def share(self, families: Iterable[Family]) -> float | None:
        """Part of families that pass; None if there are none."""
        chosen = list(families)
        return sum(one.passes for one in chosen) / len(chosen) if chosen else None

    def summary(self) -> dict[str, Any]:
        """Scores by use and block, and what the trivial model gets."""
        blocks = sorted({one.block for one in self.families})
        return {
            "rows": len(self.verdicts),
            "measurable": self.measured,
            "input": self.count(INPUT),
            "unmeasurable": self.count(UNMEASURABLE),
            "passed": self.count(PASS),
            "families": len(self.families),
            "share_passed": {use: self.share(one for one in self.families if one.use == use) for use in USES},
            "blocks": {
                block: {
                    "families": sum(one.block == block for one in self.families),
                    "share_passed": self.share(one for one in self.families if one.block == block),
                    "trivial": sum(one.trivial for one in self.families if one.block == block),
                }
                for block in blocks
            },
            "evidence": [one.name for one in self.families if one.passes and not one.trivial],
        }

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for ``--json`` and files."""
        return {
            "setting": self.setting,
            "summary": self.summary(),
            "patterns": [one.as_dict() for one in self.verdicts],
        }

    def as_csv(self) -> str:
        """One line per fact."""
        stream = io.StringIO()
        rows = [one.as_dict() for one in self.verdicts]
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            interval = row["interval"]
            writer.writerow(
                {**row, "interval": " to ".join(f"{end:.4g}" for end in interval) if interval else ""}
            )
        return stream.getvalue()


def inside(pattern: Pattern, value: float) -> bool:
    """Whether a value lies in the band of a fact."""
    return pattern.low is not None and pattern.high is not None and pattern.low <= value <= pattern.high


def score(patterns: Sequence[Pattern], panels: Panels, *, resamples: int = RESAMPLES) -> Card:
    """Judge every fact.

    Parameters
    ----------
    patterns
        Facts.
    panels
        The model's districts.
    resamples
        Bootstrap samples of districts for the intervals.
    """
    trivial = panels.frozen()
    luck = np.random.default_rng(_SEED)
    count = len(panels.real.areas)
    others = len(panels.pairs[NULL].areas) if NULL in panels.pairs else 0
    verdicts = [_judge(one, panels, trivial) for one in patterns]
    compared = [number for number, one in enumerate(verdicts) if one.status in (PASS, FAIL, INPUT)]
    spread = np.empty((resamples, len(compared)))
    for row in spread:  # one sample at a time: all of them together are gigabytes
        sample = panels.take(luck.integers(0, count, count), luck.integers(0, max(others, 1), others))
        row[:] = [compute(verdicts[number].statistic, sample) for number in compared]
    for number, values in zip(compared, spread.T, strict=True):
        verdicts[number] = replace(verdicts[number], interval=_interval(values))
    return Card(tuple(verdicts), tuple(_families(verdicts)))


def _interval(spread: NDArray[np.float64]) -> tuple[float, float] | None:
    """95 % of the values that could be computed; None if none could."""
    known = spread[np.isfinite(spread)]
    if not known.size:
        return None
    low, high = np.quantile(known, _INSIDE)
    return float(low), float(high)


def compute(statistic: Statistic, panels: Panels) -> float:
    """Value of a statistic; NaN where there is nothing to divide by or no area of the kind."""
    if statistic.compute is None:
        return float("nan")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            return float(statistic.compute(panels))
        except (ZeroDivisionError, np.linalg.LinAlgError):
            return float("nan")


def _judge(pattern: Pattern, panels: Panels, trivial: Panels) -> Verdict:
    """Judge a fact, its interval left open."""
    statistic = bind(pattern)
    if statistic.kind == UNMEASURABLE or statistic.compute is None:
        return Verdict(pattern, statistic, UNMEASURABLE, reason=statistic.about)
    missing = [name for name in statistic.needs if not panels.has(name)]
    if missing:
        return Verdict(
            pattern,
            statistic,
            UNMEASURABLE,
            reason=f"the model does not record {', '.join(name.removeprefix('pair:') for name in missing)}",
        )
    value = compute(statistic, panels)
    if not np.isfinite(value):
        return Verdict(
            pattern, statistic, UNMEASURABLE, reason="too few areas or years of this kind in the ensemble"
        )
    if pattern.low is None:
        return Verdict(pattern, statistic, UNMEASURABLE, simulated=value, reason="the table gives no band")
    beside = compute(statistic, trivial)
    status = INPUT if statistic.kind == INPUT else PASS if inside(pattern, value) else FAIL
    return Verdict(
        pattern, statistic, status, float(value), None, float(beside) if np.isfinite(beside) else None
    )


def _families(verdicts: Sequence[Verdict]) -> list[Family]:
    members: dict[str, list[Verdict]] = {}
    for one in verdicts:
        if one.status in (PASS, FAIL):
            members.setdefault(one.pattern.family, []).append(one)
    found = []
    for name, rows in members.items():
        passed = sum(one.status == PASS for one in rows)
        # a trivial model that cannot say anything is no evidence against itself
        easy = sum(one.trivial is None or one.trivial_passes for one in rows)
        use = "fit" if sum(one.pattern.use == "fit" for one in rows) * 2 >= len(rows) else "check"
        block = max(
            sorted({one.statistic.block for one in rows}), key=[one.statistic.block for one in rows].count
        )
        found.append(Family(name, use, block, passed * 2 >= len(rows), easy * 2 >= len(rows)))
    return found
