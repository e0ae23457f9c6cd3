"""Effects taken apart: what knock-outs and Shapley contributions have in common, and how they are kept in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wijksim.analysis.compare import Comparison, difference
from wijksim.analysis.intervals import mean_interval
from wijksim.scenario.resolve import Scenario

_WHERE = ("measure", "district", "year")
_FIGURES = ("effect", "low", "high")

type Part = tuple[tuple[str, ...], NDArray[np.float64]]
"""What names a part, a value for each of the columns that do, and its values per future."""


@dataclass(frozen=True)
class Parted:
    """Effects of one variant in parts; each kind of analysis is a class of its own.

    Attributes
    ----------
    scenario, null
        Ids.
    digests
        Hashes of variant and null, by which a report finds this result again.
    over
        What the effect is taken apart over, by name.
    pairs, seed, months
        Size of the experiment.
    table
        Columns ``measure, district, year``, those that name a part, ``effect, low, high``. Effects in the unit of
        the measure, with 95 % intervals over the pairs.
    """

    command: ClassVar[str]
    """Command that makes these results, with which the name of a file begins."""
    heading: ClassVar[str]
    """What stands over :attr:`over` in a file."""
    naming: ClassVar[tuple[str, ...]]
    """Columns that name a part."""

    scenario: str
    null: str
    digests: dict[str, str]
    over: tuple[str, ...]
    pairs: int
    seed: int
    months: int
    table: pd.DataFrame

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        variant: Scenario,
        over: tuple[str, ...],
        parts: Callable[..., list[Part]],
    ) -> Self:
        """Take the effects of a comparison apart.

        Parameters
        ----------
        comparison
            Its first scenario is the null alternative of ``variant``.
        over
            What the effects are taken apart over.
        parts
            Gives the parts in one place and year, from changes against the null per future and run of the
            comparison, shape ``(pairs, runs)``; those of the null itself are zero.
        """
        return cls(
            scenario=variant.id,
            null=comparison.null.id,
            digests={"scenario": variant.digest, "null": comparison.null.digest},
            over=over,
            pairs=len(comparison.seeds),
            seed=comparison.seeds[0],
            months=comparison.months,
            table=cls.effects(comparison, parts),
        )

    @classmethod
    def columns(cls) -> list[str]:
        """Columns of the table."""
        return [*_WHERE, *cls.naming, *_FIGURES]

    @classmethod
    def effects(cls, comparison: Comparison, parts: Callable[..., list[Part]]) -> pd.DataFrame:
        """Table of the parts of all effects of a comparison; ``parts`` as for :meth:`of`."""
        rows: list[dict[str, Any]] = []
        for kind in comparison.measures:
            values = comparison.yearly(kind.name)
            for year in comparison.years:
                for place, district in enumerate(comparison.districts):
                    here = values[:, :, year - 1, place]
                    change = [difference(here[:, run], here[:, 0]) for run in range(here.shape[1])]
                    where = dict(zip(_WHERE, (kind.name, district, year), strict=True))
                    rows += [
                        {**where, **dict(zip(cls.naming, names, strict=True)), **_summary(each)}
                        for names, each in parts(np.stack(change, axis=1))
                    ]
        return pd.DataFrame(rows, columns=cls.columns())

    def described(self) -> Any:
        """What a file says about :attr:`over`."""
        return list(self.over)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for files and ``--json``."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        return {
            "scenario": self.scenario,
            "null": self.null,
            "digests": self.digests,
            self.heading: self.described(),
            "pairs": self.pairs,
            "seed": self.seed,
            "months": self.months,
            "effects": rows.to_dict(orient="records"),
        }

    def save(self, folder: Path) -> Path:
        """Write ``COMMAND-SCENARIO.json``, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.command}-{self.scenario}.json"
        partial = path.with_suffix(".tmp")
        partial.write_text(json.dumps(self.as_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        partial.replace(path)
        return path

    @classmethod
    def stored(cls, folder: Path, digests: Mapping[str, str]) -> Self | None:
        """Find a stored result again; None if the folder has none of these scenarios.

        Parameters
        ----------
        folder
            Where :meth:`save` wrote.
        digests
            Of ``scenario`` and ``null``; a result of another version of either is passed over, and so is a file that
            cannot be read.
        """
        for path in sorted(folder.glob(f"{cls.command}-*.json")):
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                if data["digests"] != dict(digests):
                    continue
                table = pd.DataFrame(data["effects"], columns=cls.columns())
                table = table.astype(dict.fromkeys(_FIGURES, np.float64))
                names = ("scenario", "null", "digests", "pairs", "seed", "months")
                return cls(**{name: data[name] for name in names}, over=tuple(data[cls.heading]), table=table)
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return None


def _summary(values: NDArray[np.float64]) -> dict[str, float]:
    mean, low, high = mean_interval(values[np.isfinite(values)])
    bounded = np.isfinite(low) and np.isfinite(high)
    return {"effect": mean, "low": low if bounded else np.nan, "high": high if bounded else np.nan}
