"""``knockout``: which feedback loop carries the effect of a variant."""

from __future__ import annotations

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
    Workers,
    known_names,
    register,
    writable_folder,
)
from wijksim.cli.outputs import in_folder, plugin_files, refuse_overwriting
from wijksim.cli.parted import known_measures_and_place, last_year, show_parts
from wijksim.cli.variants import chosen
from wijksim.core.reads import files_read

if TYPE_CHECKING:
    from wijksim.analysis.knockout import Knockout
    from wijksim.scenario.resolve import Scenario

Names = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Variants: shipped scenarios, or files.")
]
LoopNames = Annotated[
    list[str] | None,
    typer.Option("--loop", metavar="LOOP", show_default=False, help="Loop to knock out; all if left out."),
]
MeasureNames = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        metavar="NAME",
        show_default=False,
        help="Measure to report; the headlines, crime and safety if left out.",
    ),
]
DistrictName = Annotated[
    str | None,
    typer.Option(
        "--district",
        metavar="NAME",
        show_default=False,
        help="District to show, or city; the first if left out.",
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", show_default=False, help="Folder to write results to (JSON)."),
]

STREET = ("registered_crime", "suspects_young", "feels_unsafe")  # what the loops of crime and fear act on
FEW = 5  # pairs below which an interval says nothing
ALWAYS = ("total", "first_order", "remainder")


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "knockout",
        RUNNING,
        examples=(
            "wijksim knockout staffing-cut",
            "wijksim knockout basic-jobs --loop scarcity --loop employment --pairs 20",
            "wijksim knockout allocation-mixing --measure nuisance_often --out results",
        ),
        then="wijksim run --help, for loops switched off in a scenario of your own (loops: {firefighting: false}).",
    )(knockout)


def knockout(
    scenarios: Names,
    *,
    null: Null = NULL,
    loop: LoopNames = None,
    measure: MeasureNames = None,
    district: DistrictName = None,
    pairs: Pairs = DEFAULT_PAIRS,
    seed: Seed = 0,
    workers: Workers = None,
    months: Months = None,
    size: Size = None,
    prices: Prices = None,
    out_dir: OutFolder = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show which feedback loops carry the effect of a variant.

    Runs it with all loops on, with all off and with each one off, in the same futures. A loop that is off reads its
    drivers from the null run. Prints the total effect, the first-order effect (before anything feeds back), the part
    that disappears with each loop, and the remainder: parts of loops that need each other do not add up.
    """
    del verbose
    from wijksim.model.known import live_loops

    if out_dir is not None:
        writable_folder(out_dir, "--out")
    with files_read() as read:
        specs = chosen(null, scenarios, size=size, months=months, prices=prices)
    if out_dir is not None:
        names = [f"knockout-{spec.id}.json" for spec in specs[1:]]
        refuse_overwriting(in_folder("--out", out_dir, names), [*read, *plugin_files(specs)])
    known_names("--loop", loop, live_loops())
    known_measures_and_place(specs[0], measure, district)
    _fit_to_knock_out(specs, pairs)
    found = []
    for spec in specs[1:]:
        result = _knocked_out(
            spec, specs[0], loop, measure, {"pairs": pairs, "seed": seed, "workers": workers}
        )
        found.append(result)
        if out_dir is not None:
            say(f"wrote {result.save(out_dir)}")
    if json:
        write_json([one.as_dict() for one in found])
        return
    for one in found:
        _show(one, district)


def _knocked_out(
    spec: Scenario,
    null: Scenario,
    loops: Sequence[str] | None,
    measures: Sequence[str] | None,
    futures: Mapping[str, Any],
) -> Knockout:
    """Run one variant, with the progress on the screen."""
    from wijksim.analysis.knockout import knockout as analyse
    from wijksim.cli.headlines import HEADLINES
    from wijksim.cli.interrupts import workers_stop_too
    from wijksim.model.known import live_loops

    runs = 2 + 1 + len(loops or live_loops())
    with workers_stop_too(), progress(f"{spec.id}, {runs} runs a future, futures done") as tick:
        tick(0, futures["pairs"])
        return analyse(
            spec,
            null=null,
            loops=loops,
            measures=measures or [*HEADLINES, *STREET],
            done=tick,
            **futures,
        )


def _fit_to_knock_out(specs: Sequence[Scenario], pairs: int) -> None:
    for spec in specs:
        if spec.loops_off:
            raise typer.BadParameter(
                f"'{spec.id}' switches loops off itself ({', '.join(spec.loops_off)}); knocking out is done here",
                param_hint="SCENARIO",
            )
    if pairs < FEW:
        say(f"{pairs} futures show no more than an example; --pairs 20 gives intervals")


def _show(found: Knockout, district: str | None) -> None:
    place = district or str(found.table["district"].iloc[0])

    def cells(line: dict[Any, Any]) -> list[str] | None:
        part = line["part"]
        return None if line["effect"] == 0 and part not in ALWAYS else [part.replace("_", " ")]

    show_parts(found, place, ["part"], cells)
    here = last_year(found, place)
    moving = here["part"].isin(ALWAYS) | (here["effect"] != 0)
    silent = set(here["part"]) - set(here["part"][moving])
    if silent:
        say(f"carry nothing here: {', '.join(sorted(silent))}")
    say(
        "A part is what disappears with that loop off. Where loops need each other the parts do not add up: "
        "the remainder says by how much."
    )
