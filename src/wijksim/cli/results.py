"""``results`` and ``compact``: look at what lies in the folder of a sweep, and make few files of many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.console import grid, out, pairs, say, write_json
from wijksim.cli.options import MANY_NAMES, READING, Json, Verbose, register

if TYPE_CHECKING:
    import pandas as pd

SweepFolder = Annotated[Path, typer.Argument(metavar="DIR", show_default=False, help="Folder of a sweep.")]
HOUR = 3600.0
SHOWN_FAILURES = 5


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    register(
        app,
        "results",
        READING,
        examples=(
            "wijksim results results",
            'wijksim results results --sql "SELECT scenario_id, avg(value) FROM results '
            "WHERE measure = 'problem_debt' AND district = 'city' GROUP BY 1\"",
        ),
        then="wijksim sensitivity DIR, wijksim discover DIR.",
    )(results)
    register(
        app,
        "compact",
        READING,
        examples=("wijksim compact results",),
        then="wijksim results DIR, which reads the merged files as it read the small ones.",
    )(compact)


def results(
    folder: SweepFolder,
    *,
    sql: Annotated[
        str | None,
        typer.Option(
            metavar="QUESTION", show_default=False, help="Question in SQL over results, runs and design."
        ),
    ] = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show what lies in the folder of a sweep, or answer a question about it in SQL.

    Tables: results (scenario_id, row, replication_id, seed, month, district, group, measure, value), runs (key, status,
    seconds, message ...) and design (row and a column per factor). The files can be read with pandas, polars, DuckDB
    or R at any moment, also while the sweep runs: DIR/results/*.parquet.
    """
    del verbose
    from wijksim.runs.sweeps.results import SweepResults

    found = SweepResults.open(folder)
    if sql is not None:
        _answer(found.query(sql), json=json)
        return
    runs, total = found.runs, _runs_in_all(found.manifest)
    failed = found.failed
    facts = {
        "experiment": found.manifest["experiment"],
        "question": found.manifest["question"],
        "succeeded": len(runs) - len(failed),
        "failed": len(failed),
        "pending": total - len(runs),
        "processor_hours": float(runs["seconds"].sum() / HOUR) if len(runs) else 0.0,
        "measures": len(found.measures()),
        "measure_names": [one["name"] for one in found.measures()],
        "years": list(found.years),
        "prices": found.manifest.get("prices", []),
        "deviations": found.manifest["deviations"],
        "digest": found.digest() if len(runs) > len(failed) else "",
    }
    if json:
        write_json(facts)
        return
    few = facts["measures"] <= MANY_NAMES
    left_out = {"measures" if few else "measure_names", *([] if facts["prices"] else ["prices"])}
    shown = {name: value for name, value in facts.items() if name not in left_out}
    out().print(pairs([(name.replace("_", " "), _words(value)) for name, value in shown.items()]))
    for one in failed.head(SHOWN_FAILURES).itertuples():
        say(f"failed: {one.key} ({one.scenario_id}, row {one.row}): {one.error}: {one.message}")


def _words(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "your own: " + ", ".join(f"{one['name']} {one['value']:,g} ({one['year']})" for one in value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return (
        f"{value:.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    )


def _runs_in_all(manifest: dict[str, Any]) -> int:
    return int(manifest["rows"] * manifest["replications"] * len(manifest["parts"]["scenarios"]))


def _answer(table: pd.DataFrame, *, json: bool) -> None:
    if json:
        write_json(table.astype(object).where(table.notna(), None).to_dict(orient="records"))
        return
    names = [str(name) for name in table.columns]
    figures = [name for name, kind in zip(names, table.dtypes, strict=True) if kind.kind in "fiu"]
    rows = [
        [f"{v:.6g}" if isinstance(v, float) else str(v) for v in row] for row in table.itertuples(index=False)
    ]
    out().print(grid(names, rows, numbers=figures))
    if not rows or table.isna().all(axis=None):
        say("no row answers the question; wijksim results DIR says what lies there")


def compact(folder: SweepFolder, *, verbose: Verbose = False) -> None:
    """Merge the many small files of a sweep into few: clusters count files.

    Whoever reads meanwhile may miss runs for a moment and never sees one twice. A compaction that was killed is
    finished by the next one, or by the sweep when it goes on.
    """
    del verbose
    from wijksim.runs.sweeps.compact import compact as merge

    before, after = merge(folder)
    out().print(f"{before:,} files are {after:,} now", soft_wrap=True)
