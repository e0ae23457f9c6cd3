"""``precision``: how many pairs a comparison needs, told from a pilot; and how precise one came out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.compare import NULL, run_compared
from wijksim.cli.console import WIDE, err, grid, number, out, say, write_json
from wijksim.cli.options import (
    RUNNING,
    Json,
    Months,
    Null,
    Seed,
    Size,
    Variants,
    Verbose,
    Wanted,
    Workers,
    known_names,
    precision_of,
    register,
)
from wijksim.cli.variants import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from wijksim.analysis.precision import Precision, Reached
    from wijksim.scenario.resolve import Scenario

PILOT = 10
PRECISION = "10%"
_PARTS = (0.5, 0.75, 0.9, 1.0)  # of the differences, for which the answer tells the pairs
_FEWEST = 2
_COLUMNS = (
    "measure", "yr", "district", "mean", "+/-", "sd", "var apart", "paired", "ratio", "pairs", "between",
)  # fmt: skip

Pilot = Annotated[int, typer.Option("--pilot", min=_FEWEST, metavar="N", help="Pairs to learn from.")]
Years = Annotated[
    list[int] | None,
    typer.Option(
        "--year",
        min=1,
        metavar="N",
        show_default=False,
        help="Year to look at; the read-out years if left out.",
    ),
]
Asked = Annotated[
    str,
    typer.Option(
        "--precision",
        metavar="10%|NUMBER",
        help="Half-width wanted: a share of the difference, or a number in the unit of the measure.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "precision",
        RUNNING,
        examples=(
            "wijksim precision staffing-cut",
            "wijksim precision basic-jobs --precision 20% --pilot 20 --year 8",
            "wijksim precision staffing-cut --measure crises --precision 0.5",
        ),
        then="wijksim memo --pairs N, or wijksim memo --precision 10%, which stops by itself.",
    )(precision)


def precision(
    scenarios: Variants = None,
    *,
    null: Null = NULL,
    asked: Asked = PRECISION,
    pilot: Pilot = PILOT,
    measure: Wanted = None,
    year: Years = None,
    seed: Seed = 0,
    workers: Workers = None,
    months: Months = None,
    size: Size = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Tell how many pairs of futures a comparison needs.

    Runs a few pairs and measures how much the difference between variant and null varies. An interval is small
    enough when its half-width is at most the asked share of the mean difference, or at most the smallest effect that
    matters (0.01 of the liveability index, one percentage point of a share), whichever takes fewer pairs.
    """
    del verbose
    from wijksim.cli.headlines import HEADLINES
    from wijksim.kernel.measure import MEASURES

    wanted = precision_of(asked)
    specs = chosen(null, scenarios, size=size, months=months)
    known_names("--measure", measure, MEASURES.names())
    _years_within(specs, year)
    comparison = run_compared(specs, pairs=pilot, seed=seed, workers=workers, measures=measure or HEADLINES)
    from wijksim.analysis.pilot import pilot_table

    table = pilot_table(comparison, wanted, measures=measure, years=year)
    if json:
        answer = [
            {"scenario": spec.id, "pairs": enough_pairs(table[table["scenario"] == spec.id])}
            for spec in specs[1:]
        ]
        write_json(
            {
                "precision": str(wanted),
                "pilot": pilot,
                "seed": seed,
                "answer": answer,
                "differences": table.to_dict("records"),
            }
        )
        return
    for spec in specs[1:]:
        _show(table[table["scenario"] == spec.id], spec.id, specs[0].id, wanted, pilot)


def _years_within(specs: Sequence[Scenario], years: Sequence[int] | None) -> None:
    from wijksim.core.units import MONTHS_PER_YEAR

    longest = max(min(spec.months for spec in specs) // MONTHS_PER_YEAR, 1)
    for year in years or ():
        if year > longest:
            raise typer.BadParameter(f"the runs last {longest} years, not {year}", param_hint="--year")


def enough_pairs(table: pd.DataFrame) -> dict[str, float]:
    """Pairs that are enough for half of the differences, for three quarters, for nine tenths and for all."""
    needed = sorted(table["needed"].dropna())
    if not needed:
        return {}
    places = {part: max(int(-(-part * len(needed) // 1)) - 1, 0) for part in _PARTS}
    return {f"{part:.0%}": float(needed[place]) for part, place in places.items()}


def _show(table: pd.DataFrame, variant: str, null: str, wanted: Precision, pilot: int) -> None:
    console = out()
    console.print(
        f"\n{variant} against {null}: {pilot} pairs, aim +/- {wanted}"
        + (" of the mean or the smallest effect that matters" if wanted.relative is not None else ""),
        soft_wrap=True,
    )
    left_out = () if console.width >= WIDE else ("sd", "var apart", "paired")
    cells = [
        {name: cell for name, cell in _cells(line).items() if name not in left_out}
        for line in ({str(key): value for key, value in one.items()} for one in table.to_dict("records"))
    ]
    names = [name for name in _COLUMNS if name not in left_out]
    numbers = [name for name in names if name not in ("measure", "district")]
    console.print(grid(names, [list(one.values()) for one in cells], numbers=numbers, whole=("district",)))
    answer = enough_pairs(table)
    if answer:
        words = ", ".join(f"{count(pairs)} for {part}" for part, pairs in answer.items())
        console.print(f"Pairs that are enough: {words} of the differences", soft_wrap=True)
    _warn(table, wanted, pilot)


def _cells(line: dict[str, Any]) -> dict[str, str]:
    """One line of the table by column."""
    between = f"{count(line['needed_low'])}-{count(line['needed_high'])}"
    numbers = [
        number(line[name]) for name in ("difference", "half_width", "sd", "independent", "paired", "ratio")
    ]
    values = (
        line["measure"],
        str(line["year"]),
        line["district"],
        *numbers,
        count(line["needed"]),
        between if line["needed"] == line["needed"] else "-",
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _warn(table: pd.DataFrame, wanted: Precision, pilot: int) -> None:
    say(
        f"A pilot of {pilot} pairs is itself uncertain: 'between' holds the 95% interval of the pairs needed, from "
        "that of the standard deviation. 'ratio': how many times the variance would be with independent futures."
    )
    # with a smallest effect as the wider aim the mean plays no part
    by_share = table["for_precision"] <= table["for_smallest"].fillna(float("inf"))
    unseen = int((by_share & ~table["seen"] & (table["needed"] > _FEWEST)).sum())
    if wanted.relative is not None and unseen:
        say(
            f"{unseen} of {len(table)} differences cannot be told from nothing in this pilot and have no stated "
            "smallest effect that is wider: a share of a mean near zero asks more pairs than anyone has. Give those "
            "a number (--precision 0.5)."
        )


def count(pairs: float) -> str:
    """A number of pairs; 'never' where none is enough."""
    if pairs != pairs:
        return "-"
    return "never" if pairs == float("inf") else f"{pairs:,.0f}"


def show_reached(found: Reached, most: int) -> None:
    """Say what a precision came to: per measure the difference that is furthest from its aim.

    Parameters
    ----------
    found
        What was reached.
    most
        Pairs that might have been run.
    """
    rows = [
        [
            row["measure"],
            f"{row['reached']} of {row['differences']}",
            number(row["half_width"]),
            number(row["aim"]),
            f"{row['scenario']}, {row['district']}, year {row['year']}",
            "yes" if row["met"] else "no",
        ]
        for row in found.by_measure()
    ]
    console = err()
    numbers = ["precise", "+/-", "aim"]
    console.print(f"Precision {found.precision}, per measure the difference that is furthest from it:")
    console.print(grid(["measure", *numbers, "which", "met"], rows, numbers=numbers))
    if found.met:
        say(f"every difference is precise enough after {found.pairs} pairs")
    else:
        short = sum(not row["met"] for row in found.rows)
        say(
            f"{short} of {len(found.rows)} differences are less precise than asked after {found.pairs} pairs"
            + (", all that were allowed; --pairs raises them" if found.pairs >= most else "")
        )
