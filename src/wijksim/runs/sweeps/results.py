"""Read the results of a sweep: tables for analysis, SQL for questions of one's own, one digest for all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.runs.recorder import CITY
from wijksim.runs.sweeps.experiment import Factor
from wijksim.runs.sweeps.folder import DESIGN, read_manifest
from wijksim.runs.sweeps.plan import FAILED
from wijksim.runs.sweeps.store import RESULTS, read_runs, shards
from wijksim.scenario.load import COMMAND_LINE

if TYPE_CHECKING:
    import pandas as pd

_MANY = 12  # names that still read well in one message
_KEYS = ("scenario_id", "row", "replication_id", "month", "district", "group", "measure")


@dataclass(frozen=True)
class SweepResults:
    """What lies in the folder of a sweep; it may still be growing.

    Attributes
    ----------
    folder
        Of the sweep.
    manifest
        What was noted when it began.
    """

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> SweepResults:
        """Open a folder; InputError if it holds no sweep."""
        return cls(folder, read_manifest(folder))

    @property
    def null(self) -> str:
        """Id of the null alternative."""
        return str(self.manifest["parts"]["null"])

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Ids, the null alternative first."""
        return tuple(self.manifest["parts"]["scenarios"])

    @property
    def months(self) -> int:
        """Length of a run."""
        return int(self.manifest["parts"]["months"])

    @property
    def years(self) -> tuple[int, ...]:
        """Years whose mean is kept."""
        return tuple(self.manifest["parts"]["readout"])

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What was varied."""
        made = [Factor(**{**one, "levels": tuple(one["levels"])}) for one in self.manifest["factors"]]
        return tuple(made)

    @cached_property
    def design(self) -> pd.DataFrame:
        """Values by row: index ``row``, a column per factor."""
        import pandas as pd

        # as text first: NumPy then reads back the very bits that were written
        found = pd.read_csv(self.folder / DESIGN, dtype=str)
        return found.astype(np.float64).astype({"row": np.int64}).set_index("row")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """What became of every run that is stored."""
        found: pd.DataFrame = read_runs(self.folder)
        return found

    @property
    def failed(self) -> pd.DataFrame:
        """Runs that failed."""
        found: pd.DataFrame = self.runs[self.runs["status"] == FAILED]
        return found

    @cached_property
    def _files(self) -> list[str]:
        return [str(path) for path in shards(self.folder, RESULTS)]

    def table(self, **wanted: Any) -> pd.DataFrame:
        """Readings as a tidy long table.

        Parameters
        ----------
        wanted
            Columns and the value that they must have: ``measure="problem_debt", district="city"``.
        """
        import pyarrow.compute as pc
        import pyarrow.dataset as ds

        if not self._files:
            raise InputError([Problem(str(self.folder), 1, 1, "no run is stored here yet")])
        rule = None
        for name, value in wanted.items():
            part = pc.field(name) == value
            rule = part if rule is None else rule & part
        table = ds.dataset(self._files, format="parquet").to_table(filter=rule)
        found: pd.DataFrame = table.to_pandas()
        return found.drop_duplicates(list(_KEYS), keep="last", ignore_index=True)

    def outcomes(self, measure: str, *, district: str = CITY, year: int | None = None) -> pd.DataFrame:
        """Values of one measure by run.

        Parameters
        ----------
        measure, district
            Name of the measure; a district, or ``city``.
        year
            One of :attr:`years`; the last if None.

        Returns
        -------
        pandas.DataFrame
            Index ``(row, replication_id)``, a column per scenario; NaN where a run failed or is not done.

        Raises
        ------
        InputError
            If there is no such measure, district or year.
        """
        at = self.years[-1] if year is None else year
        month = min(at * MONTHS_PER_YEAR, self.months)
        if at not in self.years:
            self._refuse(f"year {at} was not kept; there are {', '.join(map(str, self.years))}")
        found = self.table(measure=measure, month=month, district=district)
        if found.empty:
            self._unknown(measure, district)
        wide = found.astype({"scenario_id": str}).pivot_table(
            index=["row", "replication_id"],
            columns="scenario_id",
            values="value",
            dropna=False,
            observed=True,
        )
        return wide.reindex(columns=list(self.scenarios)).astype(np.float64)

    def measures(self) -> list[dict[str, Any]]:
        """Name, unit, direction and labels of the measures that are kept."""
        import json

        found: list[dict[str, Any]] = json.loads((self.folder / "measures.json").read_text(encoding="utf-8"))
        return found

    def unknown(
        self,
        *,
        measures: Iterable[str] = (),
        scenarios: Iterable[str] = (),
        district: str | None = None,
        year: int | None = None,
    ) -> list[Problem]:
        """Say of everything that is asked for on a command line whether it is here; nothing said is nothing asked."""
        kept = [str(one["name"]) for one in self.measures()]
        problems = [_absent("--measure", "measure", name, kept) for name in measures if name not in kept]
        problems += [
            _absent("--scenario", "scenario", name, self.scenarios)
            for name in scenarios
            if name not in self.scenarios
        ]
        if district is not None:
            here = tuple(sorted(set(self.table(measure=kept[0])["district"].astype(str))))
            problems += [] if district in here else [_absent("--district", "district", district, here)]
        if year is not None and year not in self.years:
            there = ", ".join(map(str, self.years))
            problems.append(
                Problem(COMMAND_LINE, 1, 1, f"--year: year {year} was not kept; there are {there}")
            )
        return problems

    def _unknown(self, measure: str, district: str) -> None:
        names = [one["name"] for one in self.measures()]
        if measure not in names:
            guess = did_you_mean(measure, names)
            self._refuse(
                f"measure '{measure}' was not kept" + (f", did you mean '{guess}'?" if guess else "")
            )
        districts = sorted(set(self.table(measure=measure)["district"]))
        self._refuse(f"there is no district '{district}'; there are {', '.join(districts)}")

    def _refuse(self, message: str) -> None:
        raise InputError([Problem(str(self.folder), 1, 1, message)])

    def digest(self) -> str:
        """SHA-256 over all readings and statuses in a fixed order: the same for any engine and number of kills."""
        state = hashlib.sha256()
        table = self.table().sort_values(list(_KEYS), kind="stable")
        for name in _KEYS:
            state.update("\x1f".join(table[name].astype(str)).encode())
        state.update(np.ascontiguousarray(table["value"].to_numpy(np.float32)).tobytes())
        runs = self.runs.sort_values("key", kind="stable")
        for name in ("key", "status"):
            state.update("\x1f".join(runs[name].astype(str)).encode())
        return state.hexdigest()

    def query(self, sql: str) -> pd.DataFrame:
        """Answer a question in SQL.

        Parameters
        ----------
        sql
            Tables: ``results`` (readings), ``runs`` (statuses), ``design`` (values by row).

        Raises
        ------
        InputError
            If the question cannot be understood; the words are those of DuckDB.
        """
        import duckdb

        with duckdb.connect() as base:
            base.execute("SET autoinstall_known_extensions = false")
            for name, files in (
                ("results", self._files),
                ("runs", [str(p) for p in shards(self.folder, "runs")]),
            ):
                listed = ", ".join(_quoted(path) for path in files)
                base.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")
            path = _quoted(str(self.folder / DESIGN))
            base.execute(f"CREATE VIEW design AS SELECT * FROM read_csv({path}, header = true)")
            # a question looks; it neither writes, nor reads elsewhere, nor asks the network
            base.execute(f"SET allowed_directories = [{_quoted(str(self.folder))}]")
            base.execute("SET enable_external_access = false")
            base.execute("SET lock_configuration = true")
            try:
                kinds = [one.type for one in base.extract_statements(sql)]
                if kinds != [duckdb.StatementType.SELECT]:
                    message = "--sql: give one question that begins with SELECT"
                    raise InputError([Problem("command line", 1, 1, message)])
                return base.execute(sql).df()
            except duckdb.Error as error:
                raise InputError([Problem("command line", 1, 1, f"--sql: {error}")]) from None


def _absent(option: str, kind: str, name: str, there: Sequence[str]) -> Problem:
    guess = did_you_mean(name, there)
    more = " ..." if len(there) > _MANY else ""
    choice = "" if guess else f"; there are {', '.join(there[:_MANY])}{more}"
    return Problem(COMMAND_LINE, 1, 1, f"{option}: there is no {kind} '{name}' in this sweep{choice}", guess)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
