"""``shapley``: what each lever of a package contributes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.compare import DEFAULT_PAIRS, NULL
from wijksim.cli.console import progress, say, write_json
from wijksim.cli.options import (
    RUNNING,
    Json,
    Months,
    Null,
    Pairs,
    Prices,
    Seed,
    Size,
    Verbose,
    Wanted,
    Workers,
    register,
    writable_folder,
)
from wijksim.cli.outputs import in_folder, plugin_files, refuse_overwriting
from wijksim.cli.parted import known_measures_and_place, show_parts
from wijksim.cli.variants import chosen
from wijksim.core.reads import files_read

if TYPE_CHECKING:
    from wijksim.analysis.forecast import Forecast
    from wijksim.analysis.shapley import Package, Shapley

LONG = 300  # seconds: from here on a terminal is asked, as nobody waits five minutes by mistake

Name = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A shipped scenario, or a file, with two to six levers.")
]
OutFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", show_default=False, help="Folder to write the result to (JSON)."),
]
DistrictName = Annotated[
    str | None,
    typer.Option(
        "--district", metavar="NAME", show_default=False, help="District to show; city if left out."
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", metavar=" ", help="Begin without asking, however long it takes.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "shapley",
        RUNNING,
        examples=(
            "wijksim shapley my-package.yaml",
            "wijksim shapley my-package.yaml --pairs 30 --measure problem_debt --out results --yes",
        ),
        then="wijksim knockout my-package.yaml, for the feedback loops that carry the effect.",
    )(shapley)


def shapley(
    scenario: Name,
    *,
    null: Null = NULL,
    measure: Wanted = None,
    district: DistrictName = None,
    pairs: Pairs = DEFAULT_PAIRS,
    seed: Seed = 0,
    workers: Workers = None,
    months: Months = None,
    size: Size = None,
    prices: Prices = None,
    out_dir: OutFolder = None,
    yes: Yes = False,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Share the effect of a package out among its levers.

    Runs every subset of its two to six levers in the same futures. Prints the total effect, the contribution of each
    lever (Shapley: what it adds, averaged over all orders; contributions sum to the total), its effect alone, the
    synergy (total minus the sum of those), and how each two levers work on one another.
    """
    del verbose
    from wijksim.analysis.shapley import package_of
    from wijksim.runs.recorder import CITY

    if out_dir is not None:
        writable_folder(out_dir, "--out")
    with files_read() as read:
        base, variant = chosen(null, [scenario], size=size, months=months, prices=prices)
    if out_dir is not None:
        names = [f"shapley-{spec.id}.json" for spec in [variant]]
        refuse_overwriting(in_folder("--out", out_dir, names), [*read, *plugin_files((base, variant))])
    known_measures_and_place(base, measure, district)
    package = package_of(variant, base)
    futures = {"pairs": pairs, "seed": seed, "workers": workers}
    what = f"{len(package.subsets)} runs a future"
    expected = _expected(package, futures)
    _announce(f"{len(package.levers)} levers, {what}: {expected.words}", expected.seconds, yes=yes)
    found = _shared_out(package, what, measure, futures)
    if out_dir is not None:
        say(f"wrote {found.save(out_dir)}")
    if json:
        write_json(found.as_dict())
    else:
        _show(found, district or CITY)


def _expected(package: Package, futures: Mapping[str, Any]) -> Forecast:
    """How long it will take."""
    from wijksim.analysis.forecast import forecast
    from wijksim.runs.batch import default_workers

    return forecast(
        package.variant,
        scenarios=len(package.subsets),
        pairs=futures["pairs"],
        months=min(package.null.months, package.variant.months),
        workers=futures["workers"] or default_workers(),
        seed=futures["seed"],
    )


def _shared_out(
    package: Package, what: str, measures: Sequence[str] | None, futures: Mapping[str, Any]
) -> Shapley:
    """Run the subsets, with the progress on the screen."""
    from wijksim.analysis.shapley import shapley as analyse
    from wijksim.cli.headlines import HEADLINES
    from wijksim.cli.interrupts import workers_stop_too

    with workers_stop_too(), progress(f"{package.variant.id}, {what}, futures done") as tick:
        tick(0, futures["pairs"])
        return analyse(
            package.variant, null=package.null, measures=measures or HEADLINES, done=tick, **futures
        )


def _announce(words: str, seconds: float, *, yes: bool) -> None:
    """Say what is coming, and let a person at a terminal think again before something long begins."""
    say(words)
    if seconds > LONG and not yes and sys.stdin.isatty():
        typer.confirm("Go on?", abort=True, err=True)


def _show(found: Shapley, district: str) -> None:
    show_parts(found, district, ["kind", "lever"], lambda line: [line["kind"], line["part"]])
    say(
        "Contributions sum to the total. Synergy is the total minus the effects alone: what the levers do only "
        "together, or, with the other sign, what they do twice."
    )
