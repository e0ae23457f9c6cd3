"""``fit``: find values of uncertain parameters from the facts that may be fitted."""

from __future__ import annotations

from typing import Annotated

import typer

from wijksim.cli.console import grid, number, out, say
from wijksim.cli.options import WRITING, Places, Seed, Verbose, Workers, register


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "fit",
        WRITING,
        examples=("wijksim fit --places pc4.csv", "wijksim fit --block work --rounds 3"),
        then="wijksim reference, since drivers are measured with the new values; then wijksim validate.",
    )(fit)


BlockNames = Annotated[
    list[str] | None,
    typer.Option("--block", metavar="NAME", show_default=False, help="Block to fit; all if left out."),
]
Rounds = Annotated[int, typer.Option(min=1, metavar="N", help="Steps per block.")]
Nudge = Annotated[
    float,
    typer.Option(
        min=0.005,
        max=0.5,
        metavar="SHARE",
        help="Part of its range by which a value is moved to see what it does.",
    ),
]
Districts = Annotated[int, typer.Option(min=8, metavar="N", help="Districts in the ensemble.")]
Years = Annotated[int, typer.Option(min=2, metavar="N", help="Years per run.")]
Residents = Annotated[int, typer.Option(min=200, metavar="N", help="Residents per district.")]


def fit(
    *,
    places: Places = None,
    block: BlockNames = None,
    rounds: Rounds = 2,
    nudge: Nudge = 0.1,
    districts: Districts = 60,
    years: Years = 12,
    residents: Residents = 1200,
    seed: Seed = 0,
    workers: Workers = None,
    verbose: Verbose = False,
) -> None:
    """Fit named parameters, block by block, to the facts marked for it.

    Least squares inside the declared ranges, levers off. Facts marked as check are never read. What is found is
    stored beside the shipped values with its provenance, and every run uses it from then on.
    """
    del verbose
    from wijksim.analysis.identify import BLOCKS, Search, Setting, Step, identify
    from wijksim.analysis.validation.ensemble import drawn, mixed
    from wijksim.analysis.validation.facts import shipped_facts
    from wijksim.parameters.overlay import fitted_overlay, write_fitted
    from wijksim.places.table import read_table
    from wijksim.runs.manifest import package_version

    chosen = [one for one in BLOCKS if not block or one.name in block]
    unknown = sorted(set(block or ()) - {one.name for one in BLOCKS})
    if unknown:
        names = ", ".join(one.name for one in BLOCKS)
        raise typer.BadParameter(f"there is no block '{unknown[0]}'; there are {names}", param_hint="--block")
    spots = drawn(read_table(places)[0], districts, seed) if places else mixed(districts, seed)
    setting = Setting(spots, years, residents, seed, workers)

    def watch(step: Step) -> None:
        what = f", {step.moved} moved" if step.moved else ""
        say(f"{step.block}: misfit {step.misfit:.3g}{what}" + (" (kept)" if step.kept else ""))

    search = Search(rounds, nudge)
    values, misfits = identify(shipped_facts(), setting, search, blocks=chosen, watch=watch)
    before = fitted_overlay()
    how = {
        "rounds": rounds, "nudge": search.nudge, "hold": search.hold,
        "districts": districts, "years": years, "residents": residents, "seed": seed,
        "wijksim": package_version(), "places": places.name if places else "mixtures of the shipped places",
    }  # fmt: skip
    provenance = {
        **before["provenance"],
        **{
            name: {"misfit_before": first, "misfit_after": last, **how}
            for name, (first, last) in misfits.items()
        },
    }
    path = write_fitted({**before["values"], **values}, provenance)
    rows = [[name, number(value)] for name, value in sorted(values.items())]
    out().print(grid(["parameter", "fitted"], rows, numbers=["fitted"]))
    say(f"{len(values)} values are in {path}")
