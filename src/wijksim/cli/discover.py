"""``discover``: which futures make a variant miss its goal, and which variant is robust."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.console import grid, number, out, say, write_json
from wijksim.cli.options import READING, Json, Verbose, register, writable_folder
from wijksim.core.units import PERCENT

if TYPE_CHECKING:
    import pandas as pd

    from wijksim.analysis.discovery import Discovery
    from wijksim.analysis.goals import Goal
    from wijksim.analysis.robustness import Robustness
    from wijksim.runs.sweeps.results import SweepResults

Folder = Annotated[Path, typer.Argument(metavar="DIR", show_default=False, help="Folder of a sweep.")]
GoalText = Annotated[
    str,
    typer.Option("--goal", metavar="TEXT", show_default=False, help="What must be reached; see below."),
]
ScenarioIds = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="ID", show_default=False, help="Variant to explain; all if left out."),
]
DistrictName = Annotated[
    str | None,
    typer.Option(
        "--district", metavar="NAME", show_default=False, help="District of goals that name none; the city."
    ),
]
YearNumber = Annotated[
    int | None,
    typer.Option("--year", metavar="N", show_default=False, help="Year of goals that name none; the last."),
]
OutFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", show_default=False, help="Folder for JSON, CSV and pictures."),
]
JSON_FILE, CSV_FILE = "discover.json", "boxes.csv"
RUNS = "runs that do"
FIGURES = {
    "worst": "worst",
    "worst_twentieth": "worst 5 %",
    "max_regret": "largest regret",
    "mean_regret": "mean regret",
}
TINY_P = 0.001  # below which the digits of a p-value say nothing


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "discover",
        READING,
        examples=(
            'wijksim discover results/sweep --goal "problem_debt < 8"',
            'wijksim discover results/sweep --goal "change of trust at year 8 > 0 and crises <= 12" --out found',
        ),
        then="docs/discovery.md tells how to read a box, and what it does not say.",
    )(discover)


@dataclass(frozen=True)
class _Question:
    """What is asked of a sweep: goals, their values, and the variants to explain."""

    results: SweepResults
    goals: tuple[Goal, ...]
    values: list[pd.DataFrame]
    variants: list[str]


def discover(
    folder: Folder,
    *,
    goal: GoalText,
    scenario: ScenarioIds = None,
    district: DistrictName = None,
    year: YearNumber = None,
    out_dir: OutFolder = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    r"""Find the futures in which a variant misses its goal, and compare how robust the variants are.

    A goal reads: \[change of] MEASURE \[in DISTRICT] \[at year N] <|<=|>|>= NUMBER. Several are joined with 'and', and
    all must be met. 'change of' is the difference with the null alternative in the same future.

    Prints how often each variant meets the goal, how bad it gets and how much may be regretted; then, in words, the
    limits on what was varied within which most of the misses lie (PRIM). A box that is no better than chance is not
    shown. The folder may still be growing.
    """
    del verbose
    from wijksim.analysis.discovery import discover as analyse
    from wijksim.analysis.discovery import names_of
    from wijksim.analysis.robustness import robustness

    if out_dir is not None:
        writable_folder(out_dir, "--out")
    asked = _question(folder, goal, scenario, district=district, year=year)
    robust = robustness(asked.goals, asked.values)
    names, design = names_of(asked.results.factors), asked.results.design
    found = [analyse(design, asked.goals, asked.values, one, names=names) for one in asked.variants]
    if out_dir is not None:
        _write(out_dir, asked, robust, found)
    if json:
        write_json(_plain(asked, robust, found))
        return
    _show_robust(asked, robust)
    _show_boxes(found)


def _question(
    folder: Path, text: str, scenarios: Sequence[str] | None, *, district: str | None, year: int | None
) -> _Question:
    """Read what is asked; InputError with everything that is wrong with it."""
    from wijksim.analysis.goals import Known, parse_goals, values_of
    from wijksim.core.errors import InputError, Problem, did_you_mean
    from wijksim.runs.sweeps.results import SweepResults

    results = SweepResults.open(folder)
    problems = []
    for name in scenarios or ():
        if name not in results.scenarios:
            near = did_you_mean(name, results.scenarios)
            there = "" if near else f"; there are {', '.join(results.scenarios)}"
            problems.append(Problem("command line", 1, 1, f"--scenario: there is no '{name}'{there}", near))
    try:
        goals = parse_goals(text, Known.of(results), district=district, year=year)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    variants = list(dict.fromkeys(scenarios or results.scenarios[1:] or results.scenarios))
    return _Question(results, goals, [values_of(results, one) for one in goals], variants)


def _plain(asked: _Question, robust: Robustness, found: Sequence[Discovery]) -> dict[str, Any]:
    return {
        "experiment": asked.results.manifest["experiment"],
        "digest": asked.results.manifest["digest"],
        "null": asked.results.null,
        "goals": [{**vars(goal), "text": str(goal)} for goal in asked.goals],
        "robustness": robust.as_dict(),
        "discovery": [one.as_dict() for one in found],
    }


def _write(folder: Path, asked: _Question, robust: Robustness, found: Sequence[Discovery]) -> None:
    import json

    from wijksim.analysis.robustness import by_future, missed
    from wijksim.cli.console import plain
    from wijksim.report.box_picture import draw_box
    from wijksim.runs.sweeps.store import write_text

    content = plain(_plain(asked, robust, found))
    write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", folder / JSON_FILE)
    write_text(_boxes(found).to_csv(index=False), folder / CSV_FILE)
    say(f"wrote {folder / JSON_FILE} and {CSV_FILE}")
    for one in found:
        cases = missed(asked.goals, asked.values, one.scenario)
        outcome = by_future(asked.values[0][one.scenario])
        pictures = draw_box(one, asked.results.design, cases, outcome, folder)
        if pictures:
            say(f"wrote {pictures[0]} and {pictures[1].name}")


def _boxes(found: Sequence[Discovery]) -> pd.DataFrame:
    """A line per limit of every box."""
    import pandas as pd

    head = (
        "scenario", "box", "factor", "label", "unit", "low", "high", "least", "most", "quasi_p",
        "futures", "mass", "coverage", "density", "base", "chance",
    )  # fmt: skip
    lines = []
    for one in found:
        for place, box in enumerate(one.as_dict()["boxes"], start=1):
            lines += [{"scenario": one.scenario, "box": place, **box, **limit} for limit in box["limits"]]
    return pd.DataFrame(lines, columns=list(head))


def _show_robust(asked: _Question, robust: Robustness) -> None:
    console = out()
    replicated = bool((asked.values[0].groupby(level="row").size() > 1).any())
    for goal, block in robust.table.groupby("goal", sort=False):
        console.print(f"\n{goal}: {int(block['futures'].max())} futures", soft_wrap=True, markup=False)
        rows = [_robust_line(line) for line in block.to_dict("records")]
        hidden = set() if replicated else {RUNS}
        if block["worst"].isna().all():  # all goals together have no unit
            hidden |= set(FIGURES.values())
        shown = [name for name in rows[0] if name not in hidden]
        console.print(grid(shown, [[row[name] for name in shown] for row in rows], numbers=shown[1:]))
    for note in robust.notes:
        say(note)


def _robust_line(line: Mapping[Hashable, Any]) -> dict[str, str]:
    return {
        "variant": str(line["scenario"]),
        "meets it": _share(line["share"]),
        "95 % interval": f"{_share(line['low'])} to {_share(line['high'])}",
        RUNS: _share(line["runs_met"]),
        **{name: number(line[key]) for key, name in FIGURES.items()},
    }


def _share(value: float) -> str:
    """A share for a table: nearly all is never shown as all, nor nearly nothing as nothing."""
    if value != value:
        return "-"
    rounded = round(value * PERCENT)
    close = rounded in (0, PERCENT) and 0 < value < 1
    return f"{value * PERCENT:.1f} %" if close else f"{rounded} %"


def _show_boxes(found: Sequence[Discovery]) -> None:
    console = out()
    for one in found:
        console.print()
        console.print(one.words(), markup=False)
    rows = []
    for one in found:
        for place, (limits, _) in enumerate(one.boxes, start=1):
            for limit in limits:
                tried = f"{number(limit.least)} to {number(limit.most)}"
                quasi = f"< {TINY_P}" if limit.quasi_p < TINY_P else f"{limit.quasi_p:.3f}"
                rows.append([one.scenario, str(place), limit.factor.name, limit.interval, tried, quasi])
    if rows:
        console.print()
        columns = ["variant", "box", "what was varied", "misses lie", "tried", "quasi-p"]
        console.print(grid(columns, rows, numbers=["box", "quasi-p"]))
