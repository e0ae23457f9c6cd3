"""``shapley``: what each lever of a package contributes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.compare import DEFAULT_PAIRS, NULL, chosen
from wijksim.cli.console import grid, number, out, progress, say, write_json
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
    known_names,
    register,
    writable_folder,
)

if TYPE_CHECKING:
    from wijksim.analysis.shapley import Shapley

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
    from wijksim.analysis.forecast import forecast
    from wijksim.analysis.shapley import package_of
    from wijksim.analysis.shapley import shapley as analyse
    from wijksim.cli.headlines import HEADLINES
    from wijksim.cli.interrupts import workers_stop_too
    from wijksim.kernel.measure import MEASURES
    from wijksim.runs.batch import default_workers
    from wijksim.runs.recorder import CITY

    if out_dir is not None:
        writable_folder(out_dir, "--out")
    base, variant = chosen(null, [scenario], size=size, months=months, prices=prices)
    known_names("--measure", measure, MEASURES.names())
    places = [*(one.name for one in base.world.districts), CITY]
    known_names("--district", [district] if district else None, places)
    package = package_of(variant, base)
    expected = forecast(
        variant,
        scenarios=len(package.subsets),
        pairs=pairs,
        months=min(base.months, variant.months),
        workers=workers or default_workers(),
        seed=seed,
    )
    what = f"{len(package.subsets)} runs a future"
    _announce(f"{len(package.levers)} levers, {what}: {expected.words}", expected.seconds, yes=yes)
    with workers_stop_too(), progress(f"{variant.id}, {what}, futures done") as tick:
        tick(0, pairs)
        found = analyse(
            variant, null=base, measures=measure or HEADLINES, pairs=pairs, seed=seed, workers=workers, done=tick,
        )  # fmt: skip
    if out_dir is not None:
        say(f"wrote {found.save(out_dir)}")
    if json:
        write_json(found.as_dict())
    else:
        _show(found, district or CITY)


def _announce(words: str, seconds: float, *, yes: bool) -> None:
    """Say what is coming, and let a person at a terminal think again before something long begins."""
    say(words)
    if seconds > LONG and not yes and sys.stdin.isatty():
        typer.confirm("Go on?", abort=True, err=True)


def _show(found: Shapley, district: str) -> None:
    console = out()
    table = found.table
    year = int(table["year"].max())
    console.print(
        f"\n{found.scenario} against {found.null} in {district}, year {year}: "
        f"{found.pairs} futures of {found.months} months, mean effect with its 95% interval",
        soft_wrap=True,
    )
    rows = []
    here = table[(table["year"] == year) & (table["district"] == district)]
    for measure, block in here.groupby("measure", sort=False):
        name = str(measure)
        for line in block.to_dict("records"):
            low, high = line["low"], line["high"]
            interval = f"{number(low)} to {number(high)}" if low == low else "-"
            rows.append([name, line["kind"], line["part"], number(line["effect"]), interval])
            name = ""
    console.print(
        grid(["measure", "kind", "lever", "effect", "95% interval"], rows, numbers=["effect", "95% interval"])
    )
    say(
        "Contributions sum to the total. Synergy is the total minus the effects alone: what the levers do only "
        "together, or, with the other sign, what they do twice."
    )
