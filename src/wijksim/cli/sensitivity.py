"""``sensitivity``: which of the things that a sweep varied move its outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from wijksim.cli.console import grid, number, out, progress, say, tool, write_json
from wijksim.cli.options import READING, Json, Verbose, register, writable_file, writable_folder
from wijksim.cli.outputs import SWEPT, below, refuse_overwriting

if TYPE_CHECKING:
    from wijksim.analysis.sensitivity.analyse import Indices, Sensitivity
    from wijksim.analysis.sensitivity.sample import Sample
    from wijksim.runs.sweeps.results import SweepResults

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", show_default=False, help="Folder of a finished sweep.")
]
MeasureNames = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        metavar="NAME",
        show_default=False,
        help="Measure to analyse; the headlines that were kept if left out.",
    ),
]
DistrictName = Annotated[
    str | None,
    typer.Option("--district", metavar="NAME", show_default=False, help="District; the city if left out."),
]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="N", show_default=False, help="Year that was kept; the last if left out."),
]
ScenarioId = Annotated[
    str | None,
    typer.Option(
        "--scenario", metavar="ID", show_default=False, help="Scenario; the first variant if left out."
    ),
]
Difference = Annotated[
    bool | None,
    typer.Option(
        "--difference/--level",
        metavar=" ",
        show_default=False,
        help="Its difference from the null alternative, which is the default for a variant, or its level.",
    ),
]
Method = Annotated[
    Literal["morris", "sobol", "pawn"] | None,
    typer.Option("--method", show_default=False, help="The one that suits the design if left out."),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        show_default=False,
        help="Folder for tables and pictures; 'sensitivity' in the sweep's if left out.",
    ),
]
Survivors = Annotated[
    Path | None,
    typer.Option(
        "--survivors",
        metavar="FILE.yaml",
        show_default=False,
        help="Write the experiment that follows a screening: Sobol over the factors that survive.",
    ),
]

SCREENING = "morris"
MOST_LINES = 25
MANY = 8  # measures when none of the headlines was kept
COLUMNS = {
    "morris": ("mu_star", "mu", "sigma"),
    "sobol": ("ST", "S1"),
    "pawn": ("median", "maximum"),
}
READ = {
    "morris": "mu_star is how far the outcome moves, on average, over the whole range of a factor; mu keeps the sign, "
    "and a sigma as large as mu_star means that the effect depends on other factors.",
    "sobol": "ST is the share of the variance in which a factor takes part, S1 the share that it carries alone; "
    "their difference is interaction.",
    "pawn": "median and maximum are distances between all outcomes and those where the factor is held in a slice "
    "of its range; 0 is no influence, 1 the most there can be.",
}


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "sensitivity",
        READING,
        examples=(
            "wijksim sensitivity out/morris-all",
            "wijksim sensitivity out/morris-all --measure crises --survivors sobol.yaml",
            "wijksim sensitivity out/sobol --scenario baseline --year 8 --json",
        ),
        then="the pictures in DIR/sensitivity; after a screening, sweep the file of --survivors.",
    )(sensitivity)


def sensitivity(
    folder: Folder,
    *,
    measure: MeasureNames = None,
    district: DistrictName = None,
    year: Year = None,
    scenario: ScenarioId = None,
    difference: Difference = None,
    method: Method = None,
    out_dir: OutFolder = None,
    survivors: Survivors = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show which of the things that a sweep varied move its outcomes.

    On the mean over replications and on the spread between them, with an interval over the rows of the design, one over
    the replications, and a floor below which an index is noise. The method follows the design: Morris for morris, Sobol
    for saltelli, PAWN for the others.
    """
    del verbose
    from wijksim.analysis.sensitivity.analyse import sensitivity as analyse
    from wijksim.analysis.sensitivity.sample import outcome_of
    from wijksim.runs.recorder import CITY
    from wijksim.runs.sweeps.results import SweepResults

    results = SweepResults.open(folder)
    where = out_dir or folder / "sensitivity"
    writable_folder(where, "--out")
    if survivors is not None:
        writable_file(survivors, "--survivors")
        refuse_overwriting([("--survivors", survivors)], below([folder], SWEPT))
    named = {"scenarios": [scenario] if scenario else (), "district": district, "year": year}
    sample = _asked(results, method, screening=survivors is not None, measures=measure or (), **named)
    names = list(dict.fromkeys(measure)) if measure else _headlines(results)
    outcomes = [
        outcome_of(
            results, name, scenario=scenario, difference=difference, district=district or CITY, year=year
        )
        for name in names
    ]
    found: list[Sensitivity] = []
    with progress("measures analysed") as tick:
        for outcome in outcomes:
            tick(len(found), len(outcomes))
            found.append(analyse(sample, outcome, method=method))
    _write(found, where)
    if json:
        write_json([one.as_dict() for one in found])
    else:
        for one in found:
            _show(one)
        _explain(results, found)
    if survivors is not None:
        _write_survivors(results, found, survivors, len(sample.factors))


def _asked(results: SweepResults, method: str | None, *, screening: bool, **names: Any) -> Sample:
    """Points of a sweep; InputError with everything that was asked and is not there or does not fit."""
    from wijksim.analysis.sensitivity.analyse import fits
    from wijksim.analysis.sensitivity.follow_up import NO_SCREENING
    from wijksim.analysis.sensitivity.sample import sample_of
    from wijksim.core.errors import InputError

    problems = results.unknown(**names)
    sample = None
    try:
        sample = sample_of(results)
        fits(sample, method or sample.method)
    except InputError as error:
        problems += error.problems
    if sample is not None and screening and (method or sample.method) != SCREENING:
        problems.append(NO_SCREENING)
    if problems or sample is None:
        raise InputError(problems)
    return sample


def _write(found: list[Sensitivity], folder: Path) -> None:
    """Write tables and pictures."""
    from wijksim.report.sensitivity import draw_sensitivity

    for one in found:
        written = [*one.save(folder), *draw_sensitivity(one, folder)]
        say(f"wrote {written[0].with_suffix('')}.{{{','.join(path.suffix[1:] for path in written)}}}")


def _write_survivors(results: SweepResults, found: list[Sensitivity], path: Path, factors: int) -> None:
    """Write the experiment over the factors that survive, if there are any."""
    from wijksim.analysis.sensitivity.follow_up import write_follow_up

    kept = write_follow_up(results, found, path)
    if kept:
        say(f"wrote {path}: {len(kept)} of {factors} factors; next: {tool()} sweep {path}")
    else:
        say("no factor survives: none has an index whose interval lies above the noise; no file written")


def _headlines(results: SweepResults) -> list[str]:
    from wijksim.cli.headlines import HEADLINES

    kept = [one["name"] for one in results.measures()]
    return [name for name in HEADLINES if name in kept] or kept[:MANY]


def _show(found: Sensitivity) -> None:
    console = out()
    rows, replications = found.outcome.values.shape
    futures = f"{replications} replication{'s' if replications > 1 else ''}"
    console.print(
        f"\n{found.outcome.words}: {found.method}, {rows:,} rows, {futures}", soft_wrap=True, markup=False
    )
    for part in found.parts:
        unit = found.outcome.measure["unit"]
        console.print(
            f"\n{part.statistic.capitalize()} over replications, over the rows {number(part.middle)} "
            f"with standard deviation {number(part.deviation)} ({unit})",
            soft_wrap=True,
            markup=False,
        )
        if not part.table.empty:
            _table(found, part)
        for remark in part.remarks:
            console.print(remark, soft_wrap=True, markup=False)
    if found.method == "morris":
        names = found.survivors
        listed = ", ".join(names[:MOST_LINES]) + (" ..." if len(names) > MOST_LINES else "")
        console.print(
            f"\nSurvive the screening: {len(names)} of {len(found.sample.names)}{': ' if names else ''}{listed}",
            soft_wrap=True,
            markup=False,
        )


def _table(found: Sensitivity, part: Indices) -> None:
    console = out()
    heads, rows = ["factor"], []
    indices = COLUMNS[found.method]
    for name in indices:
        if part.table[name].notna().any():
            heads.append(name)
            heads += [
                f"± {words}"
                for key, words in (("conf", "rows"), ("noise", "repl."))
                if f"{name}_{key}" in part.table and part.table[f"{name}_{key}"].notna().any()
            ]
    has_floor = part.table["floor"].notna().any()
    heads += ["floor"] if has_floor else []
    for line in part.table.head(MOST_LINES).to_dict("records"):
        rows.append(_cells(line, part, indices, floor=bool(has_floor)))
    console.print(grid([*heads, "above"], rows, numbers=heads[1:]))
    more = len(part.table) - MOST_LINES
    if more > 0:
        console.print(f"and {more} more, in the files")


def _cells(line: dict[Any, Any], part: Indices, indices: tuple[str, ...], *, floor: bool) -> list[str]:
    cells = [str(line["factor"])]
    for name in indices:
        for key in (name, f"{name}_conf", f"{name}_noise"):
            if key in part.table and part.table[key].notna().any():
                cells.append(number(line[key]))
    if floor:
        cells.append(number(line["floor"]))
    return [*cells, "yes" if line["above_floor"] else "-"]


def _explain(results: SweepResults, found: list[Sensitivity]) -> None:
    for remark in dict.fromkeys(remark for one in found for remark in one.remarks):
        say(remark)
    say(READ[found[0].method])
    say(
        "± rows: half of the 95% interval over the points of the design; ± repl.: over replications. "
        "Floor: below it come 95 of 100 factors that do nothing."
    )
    others = [one for one in results.scenarios if one not in (found[0].outcome.scenario, results.null)]
    if others:
        say(f"other variants: {', '.join(others)}; choose one with --scenario")
