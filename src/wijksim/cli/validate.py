"""``validate``: the score card of facts that the model must reproduce."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.console import grid, number, out, progress, say, write_json
from wijksim.cli.options import RUNNING, Json, Places, Seed, Verbose, Workers, register, writable_folder
from wijksim.cli.outputs import in_folder, refuse_overwriting
from wijksim.core.units import PERCENT

if TYPE_CHECKING:
    from rich.console import Console

    from wijksim.analysis.validation.score import Card


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "validate",
        RUNNING,
        examples=(
            "wijksim validate",
            "wijksim validate --places pc4.csv --out card",
            "wijksim validate --patterns my-facts.csv --districts 60 --years 10 --json",
            "wijksim validate --gates --pairs 20",
        ),
        then="wijksim run baseline, whose facts say more about one run.",
    )(validate)


CARD_FILES = ("card.md", "card.csv", "card.json")
Facts = Annotated[
    list[Path] | None,
    typer.Option(
        "--patterns", metavar="FILE.csv", show_default=False, help="Facts; the shipped ones if left out."
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", show_default=False, help="Folder for card.md, card.csv and card.json."
    ),
]


def validate(
    *,
    patterns: Facts = None,
    places: Places = None,
    gates: Annotated[
        bool, typer.Option("--gates", metavar=" ", help="Try the reality gates instead of the facts.")
    ] = False,
    pairs: Annotated[int, typer.Option(min=1, metavar="N", help="Futures for the gates.")] = 10,
    districts: Annotated[int, typer.Option(min=8, metavar="N", help="Districts in the ensemble.")] = 120,
    years: Annotated[int, typer.Option(min=2, metavar="N", help="Years to run.")] = 20,
    residents: Annotated[int, typer.Option(min=200, metavar="N", help="Residents per district.")] = 1500,
    seed: Seed = 0,
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="Futures of the ensemble.")] = 1,
    workers: Workers = None,
    out_dir: OutFolder = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Score the model against facts that it must reproduce.

    Runs many districts under current policy, and once more from a start that is blind to tenure, and compares what
    comes out with published figures. What is imposed on the model counts as input, not as a result; what nothing in
    the model carries is listed as not yet measurable. Beside it stands a trivial model without mechanisms: only facts
    that it fails say something for the mechanisms.

    With --gates it tries policies whose outcome is known, in twelve districts, by tests of equivalence and direction.
    """
    del verbose
    from wijksim.analysis.validation.facts import shipped_facts
    from wijksim.analysis.validation.patterns import read_patterns
    from wijksim.analysis.validation.run import validate as judge
    from wijksim.cli.interrupts import workers_stop_too

    if out_dir is not None:
        writable_folder(out_dir, "--out")
    if gates:
        _gates(pairs=pairs, seed=seed, workers=workers, out_dir=out_dir, json=json)
        return
    _refuse_loss(out_dir, [*(patterns or ()), *([places] if places else ())])
    facts = read_patterns(patterns) if patterns else shipped_facts()
    with workers_stop_too(), progress("cities done") as tick:
        card = judge(
            facts,
            places=places,
            districts=districts,
            years=years,
            residents=residents,
            seed=seed,
            seeds=seeds,
            workers=workers,
            done=tick,
        )
    if out_dir is not None:
        _save(card, out_dir)
    if json:
        write_json(card.as_dict())
    else:
        _show(out(), card, own=bool(patterns))


def _refuse_loss(folder: Path | None, read: list[Path]) -> None:
    if folder is not None:
        refuse_overwriting(in_folder("--out", folder, CARD_FILES), read)


def _gates(*, pairs: int, seed: int, workers: int | None, out_dir: Path | None, json: bool) -> None:
    import json as plain

    from wijksim.analysis.validation.gates import run_gates
    from wijksim.cli.interrupts import workers_stop_too
    from wijksim.report.card import gates_page

    with workers_stop_too(), progress("gates, futures done") as tick:
        tick(0, pairs)
        outcome = run_gates(pairs=pairs, seed=seed, workers=workers, done=tick)
    if out_dir is not None:
        texts = {
            "gates.md": gates_page(outcome),
            "gates.json": plain.dumps(outcome.as_dict(), indent=1) + "\n",
        }
        _write(out_dir, texts)
    if json:
        write_json(outcome.as_dict())
        return
    rows = [
        [
            one.gate,
            one.claim.says if one.claim else "-",
            number(one.effect) if one.claim else "",
            f"{number(one.low)} to {number(one.high)}" if one.claim else "",
            one.verdict,
            one.why,
        ]
        for one in outcome.judged
    ]
    heads = ["gate", "claim", "effect", "90% interval", "verdict", "why"]
    out().print(grid(heads, rows, numbers=["effect"], wrap=True))
    say(f"{pairs} futures; nothing is loosened for a gate that fails")


def _write(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        partial = folder / f".{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder / name)
    say(f"written to {folder}: {', '.join(texts)}")


def _save(card: Card, folder: Path) -> None:
    import json as plain

    from wijksim.report.card import card_page

    _write(
        folder,
        {
            "card.md": card_page(card),
            "card.csv": card.as_csv(),
            "card.json": plain.dumps(card.as_dict(), indent=1) + "\n",
        },
    )


def _show(console: Console, card: Card, *, own: bool = False) -> None:
    """Print the card; of facts of one's own also why some could not be compared."""
    found = card.summary()
    console.print(
        f"{found['measurable']} of {found['rows']} facts measured, {found['passed']} passed; "
        f"{found['input']} are imposed (input), {found['unmeasurable']} not yet measurable",
        soft_wrap=True,
    )
    rows = [
        [block, str(part["families"]), _share(part["share_passed"]), str(part["trivial"])]
        for block, part in found["blocks"].items()
    ]
    rows += [
        [f"all {use}", str(sum(one.use == use for one in card.families)), _share(share), ""]
        for use, share in found["share_passed"].items()
    ]
    console.print(
        grid(
            ["block", "families", "passed", "trivial model"],
            rows,
            numbers=["families", "passed", "trivial model"],
        )
    )
    console.print("\n[bold]Facts not reproduced[/bold]")
    failed = [
        [
            one.pattern.id,
            one.pattern.statistic,
            number(one.simulated or 0.0),
            f"{_bound(one.pattern.low)} to {_bound(one.pattern.high)}",
            one.pattern.use,
        ]
        for one in card.verdicts
        if one.status == "fail"
    ]
    heads = ["id", "fact", "simulated", "band", "use"]
    console.print(grid(heads, failed, numbers=["simulated"], wrap=True))
    if own:
        unbound = [
            [one.pattern.id, one.pattern.statistic, one.reason]
            for one in card.verdicts
            if one.status == "unmeasurable"
        ]
        if unbound:
            console.print("\n[bold]Facts that nothing in the model could be compared with[/bold]")
            console.print(grid(["id", "fact", "why"], unbound, wrap=True))
            console.print(
                "A fact is known by its words (pattern, statistic): word it as the shipped ones in facts.csv are.",
                soft_wrap=True,
            )
    evidence = ", ".join(found["evidence"]) or "none"
    say(f"families that the model has and a trivial model has not: {evidence}")


def _bound(value: float | None) -> str:
    return "" if value is None else number(value)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{PERCENT * value:.0f}%"
