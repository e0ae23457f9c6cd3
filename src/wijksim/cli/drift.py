"""``drift``: whether a run in which nothing is changed stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.console import WIDE, grid, number, out, progress, say, write_json
from wijksim.cli.options import RUNNING, Json, Months, Seed, Size, Verbose, Workers, overrides, register

if TYPE_CHECKING:
    from rich.console import Console

    from wijksim.analysis.drift import Drift, Interval, Stock

NULL = "baseline"
DEFAULT_SEEDS = 30
_DIGITS = 9


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "drift",
        RUNNING,
        examples=("wijksim drift", "wijksim drift my-null.yaml --seeds 10 --size 3000"),
        then="wijksim parameters analysis, which lists the bounds and where they come from.",
    )(drift)


def drift(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Null: a shipped scenario, or a file.")
    ] = NULL,
    *,
    seeds: Annotated[int, typer.Option(min=2, metavar="N", help="Futures to run.")] = DEFAULT_SEEDS,
    seed: Seed = 0,
    workers: Workers = None,
    months: Months = None,
    size: Size = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show whether the null alternative stands still.

    Runs it in many futures and prints whether districts keep their rank, whether liveability drifts, whether the
    first year goes on where the warm-up ended, and whether stocks stay in their bands. Exit code 1 if a bound is
    broken.
    """
    del verbose
    from wijksim.analysis.drift import as_dict, diagnose
    from wijksim.cli.interrupts import workers_stop_too
    from wijksim.model.known import load_scenario
    from wijksim.parameters.store import shipped_parameters
    from wijksim.runs.batch import default_workers
    from wijksim.runs.null import null_runs

    spec = load_scenario(scenario, overrides=overrides(size, months))
    if spec.months < 2:
        raise typer.BadParameter("a drift takes at least two months", param_hint="--months")
    with workers_stop_too(), progress(f"{spec.id}, futures done") as tick:
        tick(0, seeds)
        runs = null_runs(
            spec, range(seed, seed + seeds), spec.months, workers=workers or default_workers(), done=tick
        )
    found = diagnose(runs, shipped_parameters())
    if json:
        frame = {
            "scenario": spec.id,
            "seeds": seeds,
            "seed": seed,
            "months": spec.months,
            "size": spec.world.size,
        }
        write_json({**frame, **as_dict(found)})
    else:
        console = out()
        console.print(f"{spec.id}: {seeds} futures of {spec.months} months, {spec.world.size:,} residents")
        _show(console, found)
    if found.broken:
        say("broken: " + "; ".join(found.broken))
        raise typer.Exit(1)
    say("no bound is broken")


def _show(console: Console, found: Drift) -> None:
    bounds = found.bounds
    console.print(
        f"\nRanking of the districts kept at {found.rank_kept:.1%} of {found.year_ends} year-ends, "
        f"at least {bounds['rank']:.0%} asked: {_verdict(kept=found.rank_kept >= bounds['rank'])}"
    )
    console.print(f"\nLiveability index, change over the run with 95% interval; bound {bounds['index']:g}")
    parts_of = ("raw", "less national rise", "by conditions alone")
    gap = _gap(console)
    rows = []
    for one in found.index:
        word = _verdict(kept=one.kept) + ("" if one.proven or not one.kept else ", not proven")
        parts = (_interval(each, "+.3f", gap) for each in (one.raw, one.relative, one.by_conditions))
        rows.append([one.district, *parts, word])
    console.print(grid(["district", *parts_of, "bound"], rows, numbers=parts_of))
    most = bounds["settling"]
    alone = sum(abs(one.z_month_0) > most for one in found.unsettled)
    console.print(
        f"\nFirst year against first month: {found.judged_unsettled} of {found.settled_of} measures by place further "
        f"than {most:g} sd between seeds, the spread of months 0-12 pooled; {alone} by the spread of month 0 alone",
        soft_wrap=True,
    )
    if found.unsettled:
        heads = ("month 0", "months 1-12", "sd pooled", "sd month 0")
        rows = [
            [
                one.measure,
                one.place,
                number(one.first),
                number(one.after),
                f"{one.z:+.1f}",
                f"{one.z_month_0:+.1f}",
            ]
            for one in found.unsettled
        ]
        console.print(grid(["measure", "place", *heads], rows, numbers=heads))
    _show_stocks(console, found)


def _show_stocks(console: Console, found: Drift) -> None:
    years = list(found.stocks[0].levels) if found.stocks else []
    by_year, against = [f"year {year}" for year in years], ["slope a year", "range", "band"]
    gap = _gap(console)
    names, levels, judged, before = [], [], [], ""
    for one in found.stocks:
        names.append([f"{one.measure}\n({one.unit})" if one.measure != before else "", one.place])
        levels.append([number(one.levels[year]) for year in years])
        judged.append(
            [
                _interval(one.slope, "+.3g", gap),
                f"{number(one.lowest)}-{number(one.highest)}",
                _band(one, gap),
            ]
        )
        before = one.measure
    console.print("\nStocks: mean of all futures by year; range of its yearly means against the band")
    # a narrow terminal gets two tables below each other instead of one with squeezed columns
    together = [[*left, *right] for left, right in zip(levels, judged, strict=True)]
    parts = [([*by_year, *against], together)] if gap == " " else [(by_year, levels), (against, judged)]
    for place, (heads, cells) in enumerate(parts):
        if place:
            console.print()
        rows = [[*name, *cell] for name, cell in zip(names, cells, strict=True)]
        console.print(grid(["stock", "place", *heads], rows, numbers=heads))


def _band(one: Stock, gap: str) -> str:
    if one.band is None or one.kept is None:
        return ""
    return f"{number(one.band[0])}-{number(one.band[1])}{gap}{_verdict(kept=one.kept)}"


def _gap(console: Console) -> str:
    """What stands between the two halves of a long cell: a new line where the terminal is narrow."""
    return " " if console.width >= WIDE else "\n"


def _interval(one: Interval, form: str, gap: str = " ") -> str:
    if one.mean != one.mean:
        return "-"
    # what is left of a sum of rounding errors reads as nothing
    mean, low, high = (round(each, _DIGITS) + 0.0 for each in (one.mean, one.low, one.high))
    return f"{mean:{form}}{gap}[{low:{form}}, {high:{form}}]"


def _verdict(*, kept: bool) -> str:
    return "kept" if kept else "BROKEN"
