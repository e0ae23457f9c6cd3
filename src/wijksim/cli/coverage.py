"""``coverage``: whether every row of the source texts is carried, and what comes of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.console import grid, number, out, progress, say, write_json
from wijksim.cli.console import pairs as pairs_of
from wijksim.cli.options import READING, Json, Seed, Verbose, Workers, register

if TYPE_CHECKING:
    from rich.console import Console

    from wijksim.analysis.coverage.report import Coverage, Line
    from wijksim.analysis.coverage.table import Table

DEFAULT_PAIRS = 10
_SIGNS = {1: "up", -1: "down", 0: "none"}
HEADS = ("row", "carrier", "measure", "where", "expected", "effect", "interval", "verdict")


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "coverage",
        READING,
        examples=(
            "wijksim coverage",
            "wijksim coverage --json",
            "wijksim coverage --row M028",
            "wijksim coverage --refresh --pairs 20",
            "wijksim coverage --refresh --row M028",
        ),
        then="wijksim levers NAME, which says what a carrier does and on what evidence.",
    )(coverage)


def coverage(
    *,
    refresh: Annotated[
        bool, typer.Option("--refresh", metavar=" ", help="Run every row again and store what comes of it.")
    ] = False,
    row: Annotated[
        list[str] | None,
        typer.Option(
            "--row",
            metavar="ROW",
            show_default=False,
            help="This row alone; with --refresh run it again, in the futures of the table. May be repeated.",
        ),
    ] = None,
    pairs: Annotated[
        int, typer.Option(min=2, metavar="N", help="Futures for --refresh of all rows.")
    ] = DEFAULT_PAIRS,
    seed: Seed = 0,
    workers: Workers = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show what carries each row of the source texts, and what comes of it.

    One line per lever, idea of governance, driver and outcome: its carrier, and the paired difference on the measure
    on which the text expects an effect, with its 95 % interval and a verdict beside the direction that was expected;
    of an outcome its level without any lever. --row tells everything about a row.
    Exit code 1 if a row has no carrier. --refresh runs everything again, which takes about an hour on two cores.
    """
    del verbose
    from wijksim.analysis.coverage.report import coverage as read

    asked = [one.upper() for one in row or []]
    known_rows(asked, refresh=refresh)
    if refresh:
        _refresh(asked, pairs=pairs, seed=seed, workers=workers)
    found = read()
    if asked:
        _show_rows(out(), found, asked, json=json)
        return
    if json:
        write_json(found.as_dict())
    else:
        _show(out(), found)
    if found.missing:
        say(f"{len(found.missing)} rows have no carrier: " + ", ".join(one.row.key for one in found.missing))
        raise typer.Exit(1)
    say(f"all {len(found.lines)} rows are carried")


def known_rows(asked: list[str], *, refresh: bool) -> None:
    """Refuse rows that no source has, and those that cannot be run alone.

    Raises
    ------
    InputError
        If there are such rows; all problems at once.
    """
    from wijksim.analysis.coverage.cases import cases, rows
    from wijksim.core.errors import InputError, Problem, did_you_mean

    carried = {case.row for case in cases()} | {row.key for row in rows().values() if row.outcome}
    problems = []
    for one in asked:
        if one not in rows():
            hint = did_you_mean(one, sorted(rows()))
            problems.append(
                Problem("command line", 1, 1, f"--row: '{one}' is no row of the sources (L, G, M, O)", hint)
            )
        elif refresh and one not in carried:
            problems.append(
                Problem("command line", 1, 1, f"--row: '{one}' has no carrier: nothing can be run")
            )
    if problems:
        raise InputError(problems)


def _refresh(asked: list[str], *, pairs: int, seed: int, workers: int | None) -> None:
    from wijksim.analysis.coverage.cases import cases
    from wijksim.analysis.coverage.refresh import refresh as run
    from wijksim.analysis.coverage.refresh import refresh_rows
    from wijksim.analysis.coverage.table import EFFECTS, read_table
    from wijksim.cli.interrupts import workers_stop_too
    from wijksim.runs.batch import default_workers

    lost: list[str] = []
    with workers_stop_too(), progress("rows of the sources, futures done") as tick:
        tick(0, pairs)
        again = (
            partial(refresh_rows, read_table(), set(asked))
            if asked
            else partial(run, cases(), pairs=pairs, seed=seed)
        )
        table = again(workers=workers or default_workers(), done=tick, failed=lost.append)
    EFFECTS.write_text(table.text(), encoding="utf-8")
    for words in lost:
        say(f"failed, and left out: {words}")


def _show_rows(console: Console, found: Coverage, wanted: list[str], *, json: bool) -> None:
    """Everything about some rows."""
    whole = found.as_dict()
    chosen = [line for line in whole["lines"] if line["row"] in wanted]
    if json:
        write_json({**{key: whole[key] for key in ("pairs", "months", "residents")}, "lines": chosen})
        return
    if found.table is not None:
        console.print(_futures(found.table), soft_wrap=True)
    for line in chosen:
        kind = "effect" if line["expected"] is not None else "level, without any lever"
        told = {
            "row": f"{line['row']} {line['name']}",
            "carrier": line["carrier"],
            "measure": line["measure"] and f"{line['measure']}, in {line['unit']}",
            "where": line["where"],
            "expected": None if line["expected"] is None else _SIGNS[line["expected"]],
            kind: line["effect"] is not None and number(line["effect"]),
            "95% interval": line["interval"] and " to ".join(map(number, line["interval"])),
            "smallest that matters": line["smallest"] is not None and number(line["smallest"]),
            "differs from the other side in": line["differs"],
            "verdict": line["verdict"],
        }
        console.print()
        console.print(pairs_of([(name, str(value)) for name, value in told.items() if value]))


def _futures(table: Table) -> str:
    return (
        f"effects: {table.pairs} pairs, {table.residents:,} residents, {table.months} months, mean of the last "
        "five years; 95% intervals"
    )


def _show(console: Console, found: Coverage) -> None:
    table = found.table
    console.print(f"{len(found.lines) - len(found.missing)} of {len(found.lines)} rows are carried")
    if table is not None:
        console.print(_futures(table), soft_wrap=True)
    console.print(grid(HEADS, [_cells(line) for line in found.lines], numbers=("effect", "interval")))
    counts = ", ".join(f"{count} {word}" for word, count in sorted(found.counts().items()))
    console.print(f"\n{counts}", soft_wrap=True)
    precise, clearing = found.precise(), found.clearing()
    console.print(
        f"{len(precise)} rows are known to within the smallest effect that matters; {len(clearing)} of them clear it"
        + (f": {', '.join(one.row.key for one in clearing)}" if clearing else ""),
        soft_wrap=True,
    )
    console.print("\nOne mechanism, several rows:", soft_wrap=True)
    for moves, group in found.alike():
        effect = group[0].effect
        where = f" ({effect.where})" if effect else ""
        console.print(f"  {', '.join(one.row.key for one in group)}: {moves}{where}", soft_wrap=True)


def _cells(line: Line) -> list[str]:
    effect, case = line.effect, line.case
    expected = "" if case is None else _SIGNS[case.sign]
    if effect is None:
        return [
            line.row.key,
            ", ".join(line.carriers),
            case.moves if case else "",
            "",
            expected,
            "",
            "",
            line.verdict,
        ]
    interval = f"{number(effect.low)} to {number(effect.high)}"
    return [
        line.row.key, line.carriers[0], effect.measure, effect.where, expected, number(effect.effect), interval,
        line.verdict,
    ]  # fmt: skip
