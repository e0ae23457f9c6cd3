"""``sweep``: thousands of runs of one experiment, none of them lost."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from wijksim.cli.console import counted, err, grid, out, pairs, progress, say, tool, write_json
from wijksim.cli.options import (
    RUNNING,
    Json,
    Prices,
    Verbose,
    Workers,
    register,
    tell_beforehand,
    writable_folder,
)
from wijksim.cli.outputs import in_folder, plugin_files, refuse_overwriting
from wijksim.core.reads import files_read

if TYPE_CHECKING:
    from wijksim.runs.sweeps.experiment import Experiment
    from wijksim.runs.sweeps.sweep import Swept

ExperimentName = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT", show_default=False, help="Name of a shipped experiment, a folder or a file."
    ),
]
SweepFolder = Annotated[Path, typer.Argument(metavar="DIR", show_default=False, help="Folder of a sweep.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        show_default=False,
        help="Dask cluster that does the runs: tcp://host:port, a scheduler file, or local.",
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", show_default=False, help="Folder of the runs; sweep-EXPERIMENT if left out."
    ),
]
Resume = Annotated[bool, typer.Option("--resume", metavar=" ", help="Go on with the runs that lie in DIR.")]
Limit = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", show_default=False, help="Stop after so many runs (whole chunks)."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", metavar=" ", help="Say how many runs, hours and megabytes; run nothing.")
]
Asked = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="HOW",
        show_default=False,
        help="Stop after a replication when every paired difference is so precise: 10% of itself, or a number.",
    ),
]
MeasureNames = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        metavar="NAME",
        show_default=False,
        help="Measure that must be precise; all that are kept if left out.",
    ),
]
RunKey = Annotated[
    str | None,
    typer.Option(
        "--run", metavar="KEY", show_default=False, help="Repeat one run by its key, and show why it fails."
    ),
]
MINUTE, HOUR, MEGA = 60.0, 3600.0, 1e6
SHOWN_FAILURES = 5
REPORT_EVERY = 30.0  # seconds between lines of progress where there is no terminal


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    register(
        app,
        "sweep",
        RUNNING,
        examples=(
            "wijksim sweep staffing-levels --dry-run",
            "wijksim sweep my-experiment/experiment.yaml --workers 8 --out results",
            "wijksim sweep my-experiment --out results --resume",
            "wijksim sweep my-experiment --prices prices.yaml --out results",
            "wijksim sweep my-experiment --scheduler tcp://10.0.0.5:8786 --out /shared/results",
        ),
        then="wijksim results DIR.",
    )(sweep)


def sweep(
    experiment: ExperimentName,
    *,
    workers: Workers = None,
    scheduler: Scheduler = None,
    prices: Prices = None,
    out_dir: OutFolder = None,
    resume: Resume = False,
    limit: Limit = None,
    dry_run: DryRun = False,
    asked: Asked = None,
    measure: MeasureNames = None,
    key: RunKey = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Do all runs of an experiment, and lose none of them.

    Every row of the design is run with all scenarios in the same futures. Results are stored as they come: Ctrl-C, a
    kill or a dead machine loses no more than the last seconds, and --resume does the rest. A run that fails does not
    stop the others; it is reported with the command that repeats it, and the exit code is 1. --prices goes before the
    price file that the experiment names.
    """
    del verbose
    from wijksim.runs.sweeps.load import load_experiment

    with files_read() as read:
        spec = load_experiment(experiment, prices=prices)
    tell_beforehand(spec.scenarios)
    folder = out_dir or Path(f"sweep-{spec.id}")
    names = _kept(spec, measure)
    if key is not None:
        _repeat(spec, key)
        return
    if dry_run:
        _forecast(spec, workers, folder, json=json)
        return
    writable_folder(folder, "--out")
    _refuse_loss(spec, folder, read)
    how: dict[str, Any] = {"workers": workers, "scheduler": scheduler, "resume": resume, "limit": limit}
    if asked is not None:
        from wijksim.analysis.precision import enough_for
        from wijksim.cli.options import precision_of

        how["enough"] = enough_for(folder, names, precision_of(asked))
    found = _sweep(spec, folder, how)
    if json:
        write_json(_as_json(found))
    else:
        again = f"{experiment} --prices {prices}" if prices is not None else experiment
        _show(found, again, folder)
        if limit is not None and found.now > limit:
            say(f"--limit {limit} did {found.now:,}: what is stored together, a chunk, is run together")
        if asked is not None:
            _show_precision(spec, folder, asked, names)
    if found.failed:
        raise typer.Exit(1)


def _refuse_loss(spec: Experiment, folder: Path, read: list[Path]) -> None:
    """Refuse a folder in which a new sweep would replace what its experiment was read from."""
    from wijksim.runs.sweeps.folder import DESIGN, PRICES, is_sweep

    if is_sweep(folder):
        return  # nothing of what it was begun with is written again
    names = [f"scenarios/{scenario.id}.yaml" for scenario in spec.scenarios] + [DESIGN]
    names += [PRICES] if spec.prices else []
    refuse_overwriting(in_folder("--out", folder, names), [*read, *plugin_files(spec.scenarios)])


def _kept(spec: Experiment, names: list[str] | None) -> list[str]:
    """Measures asked for, which must be among those that the experiment keeps."""
    from wijksim.core.errors import did_you_mean
    from wijksim.kernel.measure import MEASURES

    kept = spec.measures or tuple(MEASURES.names())
    found = []
    for name in names or ():
        if name not in kept:
            near = did_you_mean(name, kept)
            hint = f"did you mean '{near}'?" if near else f"it keeps {len(kept)} measures"
            found.append(f"the experiment keeps no measure '{name}'; {hint}")
    if found:
        raise typer.BadParameter("\n".join(found), param_hint="--measure")
    return list(names or ())


def _show_precision(spec: Experiment, folder: Path, asked: str, names: list[str]) -> None:
    from wijksim.analysis.precision import reached_in
    from wijksim.cli.options import precision_of
    from wijksim.cli.precision import show_reached

    show_reached(reached_in(folder, names, precision_of(asked)), spec.replications)


def _sweep(spec: Experiment, folder: Path, how: dict[str, Any]) -> Swept:
    from wijksim.cli.interrupts import asked, workers_stop_too
    from wijksim.runs.sweeps.sweep import Manner
    from wijksim.runs.sweeps.sweep import sweep as do

    try:
        with workers_stop_too(raising=False), _progress(f"{spec.id}, runs") as tick:
            return do(spec, folder, Manner(**how, stopped=asked), tick=tick)
    except KeyboardInterrupt:
        _stopped(folder)


def _stopped(folder: Path) -> NoReturn:
    """Say what there is after Ctrl-C, and end."""
    from wijksim.cli.app import INTERRUPTED
    from wijksim.runs.sweeps.folder import is_sweep
    from wijksim.runs.sweeps.store import read_runs

    if is_sweep(folder):
        say(f"stopped: {len(read_runs(folder)):,} runs are stored in {folder}; --resume goes on with them")
    else:
        say("stopped before any run was stored")
    raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere a line now and then, with rate and time left."""
    if err().is_terminal:
        with progress(doing) as bar:
            yield bar
        return
    yield _Lines(doing)


class _Lines:
    """Progress as lines."""

    def __init__(self, doing: str) -> None:
        self.doing, self.first = doing, -1
        self.begun = self.said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say something if it is time to."""
        now = time.monotonic()
        if self.first < 0:
            self.first, self.begun = done, now
        if now - self.said < REPORT_EVERY or done == self.first:
            return
        self.said = now
        rate = (done - self.first) / (now - self.begun)
        left = _time((total - done) / rate)
        say(f"{self.doing}: {done:,} of {total:,}, {rate * MINUTE:.0f} a minute, {left} left")


def _time(seconds: float) -> str:
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"


def _as_json(found: Swept) -> dict[str, Any]:
    return {
        "folder": str(found.folder),
        "runs": found.runs,
        "done": found.done,
        "now": found.now,
        "failed": [{"key": key, "reason": reason} for key, reason in found.failed],
        "seconds": found.seconds,
        "deviations": list(found.deviations),
        "ended": found.ended,
    }


def _show(found: Swept, name: str, folder: Path) -> None:
    for words in found.deviations:
        say(f"otherwise than at the first run: {words}")
    left = found.runs - found.done
    console = out()
    console.print(
        f"{found.done:,} of {found.runs:,} runs are in {folder}: {found.now:,} done now in {_time(found.seconds)}",
        soft_wrap=True,
    )
    if found.ended:
        console.print(f"ended at the {found.ended}" if left else found.ended, soft_wrap=True)
    if left:
        console.print(
            f"{left:,} runs are left: {tool()} sweep {name} --out {folder} --resume", soft_wrap=True
        )
    for key, reason in found.failed[:SHOWN_FAILURES]:
        say(f"failed: {reason}\n  repeat it with: {tool()} sweep {name} --run {key}")
    if len(found.failed) > SHOWN_FAILURES:
        say(f"and {len(found.failed) - SHOWN_FAILURES:,} more failed: {tool()} results {folder}")


def _forecast(spec: Experiment, workers: int | None, folder: Path, *, json: bool) -> None:
    from wijksim.runs.batch import default_workers
    from wijksim.runs.sweeps.forecast import forecast

    many = workers or default_workers()
    found = forecast(spec, many)
    if json:
        write_json({**vars(found), "workers": many, "factors": len(spec.factors), "rows": spec.rows})
        return
    rows = [
        ("question", spec.question),
        ("scenarios", ", ".join(scenario.id for scenario in spec.scenarios)),
        (
            "varied",
            f"{counted(len(spec.factors), 'parameter or argument', 'parameters and arguments')}, "
            f"{counted(spec.rows, 'row', 'rows')} ({spec.design.kind})",
        ),
        (
            "replications",
            f"{spec.replications:,} a row, {'futures of its own' if spec.own_luck else 'in the same futures'}",
        ),
        *([("own prices", ", ".join(one.name for one in spec.prices))] if spec.prices else []),
        ("runs", f"{found.runs:,} of {spec.months} months"),
        (
            "time",
            "-"
            if found.failed
            else f"{_time(found.seconds)} with {many} workers (measured on the first row)",
        ),
        ("disk", f"{found.bytes / MEGA:.1f} MB in {found.chunks:,} chunks, in {folder}"),
    ]
    out().print(pairs(rows))
    if found.failed:
        say(f"the first row fails already: {found.failed}")
        raise typer.Exit(1)


def _repeat(spec: Experiment, key: str) -> None:
    """Do one run again and show what it does."""
    from wijksim.runs.sweeps.plan import Task, parse_key
    from wijksim.runs.sweeps.work import do_task

    found = parse_key(key)
    digests = [scenario.digest[:12] for scenario in spec.scenarios]
    if found is None or found[0] not in digests or found[1] >= spec.rows:
        raise typer.BadParameter(f"'{key}' is no run of this experiment", param_hint="--run")
    digest, row, replication = found
    place = digests.index(digest)
    one = do_task(spec, Task(row, replication))[place]
    console = out()
    console.print(f"{spec.scenarios[place].id}, row {row}, seed {one.seed}: {one.status}", soft_wrap=True)
    console.print(
        grid(("varied", "value"), [(n, f"{v:g}") for n, v in spec.values(row).items()], numbers=["value"])
    )
    if one.failure is not None:
        sys.stderr.write(one.failure.trace)
        raise typer.Exit(1)
