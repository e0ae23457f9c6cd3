"""``run``: one run of one scenario."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.console import counted, grid, out, progress, say, tool, write_json
from wijksim.cli.options import (
    RUNNING,
    Json,
    Months,
    Prices,
    ScenarioName,
    Seed,
    Size,
    Verbose,
    overrides,
    register,
    tell_beforehand,
    writable_folder,
)
from wijksim.cli.outputs import in_folder, plugin_files, refuse_overwriting
from wijksim.core.reads import files_read

if TYPE_CHECKING:
    from wijksim.runs.checkpoints.keeper import Checkpoints
    from wijksim.runs.run import RunResult
    from wijksim.scenario.resolve import Scenario


Every = Annotated[
    int | None,
    typer.Option(
        "--checkpoint-every",
        min=1,
        metavar="N",
        show_default=False,
        help="Keep the state of the run in DIR every N months.",
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", metavar=" ", help="Go on from the newest state of this run kept in DIR.")
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", show_default=False, help="Folder to write results to (parquet, JSON)."
    ),
]
Force = Annotated[bool, typer.Option("--force", metavar=" ", help="Write into DIR even if it holds files.")]
Diagnostics = Annotated[
    bool,
    typer.Option(
        "--diagnostics",
        metavar=" ",
        help="Print what tells whether the run can be believed, and what it says of itself.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    register(
        app,
        "run",
        RUNNING,
        examples=(
            "wijksim run baseline",
            "wijksim run staffing-cut --months 60 --seed 3",
            "wijksim run my-idea.yaml --size 2000 --out results",
            "wijksim run baseline --out results --checkpoint-every 60",
            "wijksim run baseline --out results --resume",
        ),
        then="wijksim memo SCENARIO, which says whether a difference is more than luck.",
    )(run)


def run(
    scenario: ScenarioName,
    *,
    seed: Seed = 0,
    months: Months = None,
    size: Size = None,
    prices: Prices = None,
    out_dir: OutFolder = None,
    force: Force = False,
    checkpoint_every: Every = None,
    resume: Resume = False,
    diagnostics: Diagnostics = False,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Run one scenario once and print what became of its districts.

    One run is one possible future: what it shows may be luck. The same scenario, seed and length give the same
    numbers on any number of machines. Without --out nothing is written.
    """
    from wijksim.model.known import load_scenario
    from wijksim.runs.run import run as run_scenario

    del verbose
    checkpoints = _checkpoints(out_dir, checkpoint_every, resume=resume)
    if out_dir is not None:
        _free(out_dir, force=force or _has_checkpoints(out_dir, resume=resume))
    with files_read() as read:
        spec = load_scenario(scenario, overrides=overrides(size, months), prices=prices)
    if out_dir is not None:
        refuse_overwriting(in_folder("--out", out_dir, _names(spec)), [*read, *plugin_files([spec])])
    tell_beforehand([spec])
    if checkpoint_every is not None and checkpoint_every >= spec.months:
        say(
            f"no checkpoint will be written: the run has {spec.months} months, one is due every {checkpoint_every}"
        )
    try:
        with progress(spec.id) as tick:
            result = run_scenario(spec, seed=seed, progress=tick, checkpoints=checkpoints)
    except KeyboardInterrupt:
        if out_dir is not None and any(out_dir.glob("checkpoint-*.json")):
            say(f"checkpoints are in {out_dir}; go on with: {tool()} run {scenario} --out {out_dir} --resume")
        raise
    if out_dir is not None:
        save(result, out_dir)
    if diagnostics:
        _diagnose(result, json=json)
    elif json:
        write_json(_as_json(result))
    else:
        _show(result)
    if out_dir is not None:
        say(f"results are in {out_dir}: {', '.join(_names(spec))}")


def _names(spec: Scenario) -> tuple[str, ...]:
    """Files of a run, the first to look at first."""
    own = ("prices.yaml",) if spec.prices else ()
    return ("results.parquet", "budget.parquet", "measures.json", "manifest.json", "scenario.yaml", *own)


def _checkpoints(folder: Path | None, every: int | None, *, resume: bool) -> Checkpoints | None:
    """Keeper of checkpoints, if there is to be one."""
    from wijksim.runs.checkpoints.keeper import Checkpoints

    if every is None and not resume:
        return None
    if folder is None:
        option = "--resume" if every is None else "--checkpoint-every"
        raise typer.BadParameter(
            "the state of a run is kept in the folder of its results: name it with --out", param_hint=option
        )
    return Checkpoints(folder, every, resume=resume, say=say)


def _has_checkpoints(folder: Path, *, resume: bool) -> bool:
    """Whether a run can go on in a folder, which is then no folder of somebody else."""
    from wijksim.runs.checkpoints.files import is_temporary, months_in

    if not resume or not folder.is_dir():
        return False
    return bool(months_in(folder)) or all(is_temporary(path) for path in folder.iterdir())


def _free(folder: Path, *, force: bool) -> None:
    """Refuse a folder that is in use, unless told otherwise."""
    writable_folder(folder, "--out")
    if folder.is_dir() and not force and any(folder.iterdir()):
        raise typer.BadParameter(
            f"'{folder}' is not empty; choose another folder, or add --force to write into it",
            param_hint="--out",
        )


def save(result: RunResult, folder: Path) -> None:
    """Write the results beside the folder first and move them in together, so that no half result is ever seen."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder.parent / f".{folder.name}.partial"
    shutil.rmtree(waiting, ignore_errors=True)
    try:
        for path in result.save(waiting):
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def _as_json(result: RunResult) -> dict[str, Any]:
    from wijksim.cli.budgets import budget_rows
    from wijksim.cli.headlines import headline_rows

    return {
        "manifest": result.manifest,
        "digest": result.digest,
        "seconds": result.seconds,
        "microseconds_per_resident_month": microseconds(result),
        "headlines": headline_rows(result.recorder),
        "budget": budget_rows(result.budget),
        "doses": result.doses.rows(),
    }


def microseconds(result: RunResult) -> float:
    """Wall time of the run, warm-up left out, per resident and month."""
    facts = result.manifest["facts"]
    residents = (facts["residents_at_start"] + facts["residents"]) / 2
    return float(1e6 * result.seconds["run"] / max(residents * result.manifest["months"], 1))


def _diagnose(result: RunResult, *, json: bool) -> None:
    from wijksim.cli.facts import facts_table
    from wijksim.runs.diagnostics import diagnostics

    lines = diagnostics(result.manifest["facts"], result.recorder)
    if json:
        write_json([{"name": one.name, "value": one.value, "warning": one.warning} for one in lines])
        return
    rows = [[one.name, one.value, one.warning] for one in lines]
    console = out()
    console.print(grid(("what", "value", "look at it"), rows, wrap=True))
    console.print("\n[bold]What the run says of itself[/bold]")
    console.print(facts_table(result.manifest["facts"], result.recorder.districts))
    console.print(f"\n{_speed(result)}", soft_wrap=True)


def _show(result: RunResult) -> None:
    from wijksim.cli.budgets import budget_table
    from wijksim.cli.doses import dose_table
    from wijksim.cli.headlines import headline_table, left_out
    from wijksim.runs.diagnostics import diagnostics

    manifest, facts = result.manifest, result.manifest["facts"]
    console = out()
    console.print(f"[bold]{_plain(result.scenario.title)}[/bold]", soft_wrap=True)
    console.print(
        f"{manifest['scenario']}, seed {manifest['seed']}, {manifest['months']} months, "
        f"{facts['residents_at_start']:,} residents at the start and {facts['residents']:,} at the end\n",
        soft_wrap=True,
    )
    if off := result.scenario.loops_off:
        console.print(
            f"Loops switched off: {', '.join(off)}. Their drivers are those of the same future without levers; "
            "without levers nothing changes.\n",
            soft_wrap=True,
        )
    console.print(headline_table(result.recorder))
    if words := left_out(result.recorder):
        console.print(words, soft_wrap=True)
    console.print("\n[bold]Who pays for what[/bold], EUR per resident a year")
    console.print(budget_table(result.budget, manifest["months"]))
    if result.doses.sums:
        console.print("\n[bold]Doses of levers[/bold], after those that govern; 1 is the full dose")
        console.print(dose_table(result.doses, manifest["months"]))
    console.print(f"\n{_speed(result)}\n{manifest['notice']}", soft_wrap=True)
    if odd := sum(1 for one in diagnostics(facts, result.recorder) if one.warning):
        say(f"{counted(odd, 'thing', 'things')} to look at before this run is believed: add --diagnostics")
    say(f"one run is one possible future: {tool()} memo tells differences from luck")


def _speed(result: RunResult) -> str:
    seconds = result.seconds
    return (
        f"{microseconds(result):.2f} microseconds per resident-month; build and warm-up "
        f"{seconds['build_and_warmup']:.1f} s, run {seconds['run']:.1f} s"
    )


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
