"""``memo`` and ``variance``: variants against the null alternative, in the same futures."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.console import compile_first, grid, out, progress, say, write_json
from wijksim.cli.memo_files import ExcelFile, MemoFiles, PageFile, PageLanguage, PdfFile, language_of
from wijksim.cli.options import (
    RUNNING,
    Json,
    Months,
    Null,
    Pairs,
    Prices,
    Seed,
    Size,
    Variants,
    Verbose,
    Workers,
    precision_of,
    register,
)
from wijksim.cli.variants import SHIPPED, chosen
from wijksim.core.reads import files_read

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison
    from wijksim.analysis.precision import Reached
    from wijksim.report.language import Language
    from wijksim.report.memo import Page
    from wijksim.report.sections import Beside
    from wijksim.scenario.resolve import Scenario

NULL = "baseline"
STORED = Path("results")  # where knockout and shapley write, as the page says
DEFAULT_PAIRS, MOST_PAIRS = 10, 100  # without and with a precision that is asked
VARIANCE_MEASURES = ("problem_debt", "share_in_assistance", "crises", "nuisance_often", "liveability_index")
_HUGE = 1000
VARIANCE_YEARS = (4, 8)

MemoPairs = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        show_default=False,
        help="Futures in which every scenario is run: 10 if left out; with --precision the most, 100 if left out.",
    ),
]
Asked = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="10%|NUMBER",
        show_default=False,
        help="Run futures until the intervals of the headlines are this narrow: a share of the difference (or the "
        "smallest effect that matters), or a number in the unit of the measure.",
    ),
]


StoredFolder = Annotated[
    Path,
    typer.Option(
        "--stored",
        metavar="DIR",
        help="Folder in which results of knockout, shapley and sweep are looked for; those of the very same "
        "scenarios are shown.",
    ),
]
Stories = Annotated[
    bool,
    typer.Option(
        "--stories/--no-stories",
        help="Follow three residents per variant and tell their lives; does the first future once more.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    register(
        app,
        "memo",
        RUNNING,
        examples=(
            "wijksim memo",
            "wijksim memo staffing-cut --pairs 30",
            "wijksim memo staffing-cut --precision 10%",
            "wijksim memo staffing-cut --prices prices.yaml",
            "wijksim memo my-idea.yaml --out my-idea.html --excel my-idea.xlsx --pdf my-idea.pdf",
        ),
        then="open the page in a browser. Too few pairs to tell? Raise --pairs.",
    )(memo)
    register(
        app,
        "variance",
        RUNNING,
        examples=("wijksim variance", "wijksim variance staffing-cut --pairs 20 --json"),
        then="wijksim memo, whose intervals are narrower by the square root of these ratios.",
    )(variance)


def memo(
    scenarios: Variants = None,
    *,
    null: Null = NULL,
    pairs: MemoPairs = None,
    asked: Asked = None,
    seed: Seed = 0,
    workers: Workers = None,
    months: Months = None,
    size: Size = None,
    prices: Prices = None,
    out_file: PageFile = Path("memo.html"),
    excel: ExcelFile = None,
    pdf: PdfFile = None,
    stored: StoredFolder = STORED,
    stories: Stories = True,
    lang: PageLanguage = "nl",
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Compare variants with current policy and write one page about the differences.

    Every scenario is run in the same futures (same people, same luck), so that what differs is the policy. The page
    is in Dutch, or in English with --lang en; it needs no network, and says where there are too few pairs to tell.
    With --precision it runs blocks of futures until every headline is precise enough or the pairs are used up, and
    says what was reached. The page is written in any case; --excel and --json give its tables to other programs,
    --pdf puts it on paper. --prices puts your own prices in the place of those of the model, and the page says which.
    """
    del verbose
    from wijksim.analysis.precision import precise_enough, reached
    from wijksim.report.headlines import HEADLINES, memo_measures
    from wijksim.report.memo import Page

    language = language_of(lang)
    files = MemoFiles(out_file, excel, pdf)
    files.refuse_early()
    wanted = None if asked is None else precision_of(asked)
    most = pairs or (DEFAULT_PAIRS if wanted is None else MOST_PAIRS)
    specs = _safely(files, stored, null, scenarios, size=size, months=months, prices=prices)
    warn_of_few(most, language)
    started = _begun()
    comparison = run_compared(
        specs,
        pairs=most,
        seed=seed,
        workers=workers,
        measures=memo_measures(),
        enough=None if wanted is None else precise_enough(wanted, HEADLINES),
        for_memo=True,
    )
    found = None if wanted is None else reached(comparison, wanted, HEADLINES)
    command = _command(
        "memo", scenarios, null=null, pairs=most, precision=asked, seed=seed, months=months, size=size,
        prices=None if prices is None else str(prices), stored=None if stored == STORED else str(stored),
    ) + ("" if stories else " --no-stories") + ("" if language == "nl" else f" --lang {language}")  # fmt: skip
    page = Page(comparison, command, found, _beside(comparison, stored), language)
    _add_lives(page, workers, wanted=stories)
    files.write(page, json=json)
    _told(specs, len(comparison.seeds), time.perf_counter() - started)
    _show_reached(None if json else found, most)


def _safely(files: MemoFiles, stored: Path, *names: Any, **how: Any) -> tuple[Scenario, ...]:
    """Load what is to be compared, and refuse files in whose place something that is read would be lost."""
    with files_read() as read:
        specs = chosen(*names, **how)
    files.refuse_loss(specs, read, stored)
    return specs


def _show_reached(found: Reached | None, most: int) -> None:
    from wijksim.cli.precision import show_reached

    if found is not None:
        show_reached(found, most)


def _begun() -> float:
    """When the comparison begins: compiling, which is done once, is no part of the time that it takes."""
    compile_first()
    return time.perf_counter()


def _told(specs: Sequence[Scenario], count: int, seconds: float) -> None:
    """Say what was compared, and how long it took."""
    names = ", ".join(spec.id for spec in specs[1:])
    futures = "1 future" if count == 1 else f"{count} futures"
    say(f"compared {names} with {specs[0].id} in {futures}, {seconds:.0f} s; open the page in a browser")


def warn_of_few(pairs: int, language: Language = "nl") -> None:
    """Say before anything runs that fewer pairs than this can prove nothing."""
    from wijksim.analysis.intervals import LIKELY_SHARE, pairs_needed
    from wijksim.report.words import Words

    fewest = pairs_needed(LIKELY_SHARE)
    if pairs < fewest:
        word = "pair proves" if pairs == 1 else "pairs prove"
        say(
            f"warning: {pairs} {word} nothing; verdicts will read '{Words(language).verdict('too_few')}'. "
            f"Give --pairs {fewest} or more"
        )


def _beside(comparison: Comparison, folder: Path) -> Beside:
    """Stored results of other analyses, which the page tells beside the comparison."""
    from wijksim.analysis.stored import stored_results
    from wijksim.report.headlines import headlines, weakest_district
    from wijksim.report.sections import Beside

    weakest = weakest_district(comparison)
    measures = tuple(kind.name for kind in headlines(comparison))
    return Beside(stored_results(folder, comparison, measures, district=comparison.districts[weakest]))


def _add_lives(page: Page, workers: int | None, *, wanted: bool) -> None:
    """Follow some residents if that is wanted, and draw the pictures while other processes do it."""
    if not wanted:
        return
    from wijksim.analysis.twins import twins
    from wijksim.cli.interrupts import workers_stop_too
    from wijksim.runs.batch import default_workers

    cores = workers or default_workers()
    with workers_stop_too(), progress("lives of some residents, parts done") as tick:
        page.add_lives(twins(page.comparison, page.weakest, workers=cores, done=tick, meanwhile=page.draw))


def variance(
    scenarios: Variants = None,
    *,
    null: Null = NULL,
    pairs: Pairs = DEFAULT_PAIRS,
    seed: Seed = 0,
    workers: Workers = None,
    months: Months = None,
    size: Size = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show what it gains to run variants in the same futures.

    Prints how many times wider the variance of a difference would be with independent futures than with paired
    ones, for problem debt, assistance, crises, nuisance and liveability in years 4 and 8, and the median per variant.
    """
    del verbose
    if pairs < 2:
        raise typer.BadParameter("a variance takes at least two pairs", param_hint="--pairs")
    specs = chosen(null, scenarios, size=size, months=months)
    comparison = run_compared(specs, pairs=pairs, seed=seed, workers=workers, measures=VARIANCE_MEASURES)
    rows = ratio_rows(comparison)
    if json:
        write_json({"pairs": pairs, "seed": seed, "ratios": rows, "median": medians(rows)})
        return
    _show_ratios(comparison, rows)


def run_compared(
    specs: tuple[Scenario, ...],
    *,
    pairs: int,
    seed: int,
    workers: int | None,
    measures: Sequence[str],
    enough: Callable[[Comparison], bool] | None = None,
    for_memo: bool = False,
) -> Comparison:
    """Run the scenarios and record ``measures``, or what the scenarios ask for themselves.

    A memo also wants to look at the first future from nearby, for pictures, and the books of every run.
    """
    from wijksim.analysis.compare import compare
    from wijksim.cli.interrupts import workers_stop_too

    with workers_stop_too(), progress(f"{len(specs)} scenarios, futures done") as tick:
        tick(0, pairs)
        asked = any(spec.record.measures for spec in specs)
        only = None if asked else measures
        return compare(
            specs,
            pairs=pairs,
            seed=seed,
            workers=workers,
            done=tick,
            measures=only,
            enough=enough,
            closely=for_memo,
            books=for_memo,
        )


def ratio_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Variance ratios of the five measures, as far as they were recorded and the run goes."""
    names = [kind.name for kind in comparison.measures]
    measures = [name for name in VARIANCE_MEASURES if name in names]
    full = [year for year in VARIANCE_YEARS if year <= len(comparison.yearly(names[0])[0, 0])]
    table = comparison.variance_ratios(measures, full or [1])
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def medians(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Median per variant over measures, years and districts."""
    import statistics

    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row["scenario"], []).append(row["ratio"])
    return {name: statistics.median(ratios) for name, ratios in found.items()}


def _show_ratios(comparison: Comparison, rows: list[dict[str, Any]]) -> None:
    variants = [spec.id for spec in comparison.scenarios[1:]]
    lines: dict[tuple[str, int, str], dict[str, float]] = {}
    for row in rows:
        key = (row["measure"], row["year"], row["district"])
        lines.setdefault(key, {})[row["scenario"]] = row["ratio"]
    table = [
        [measure, str(year), district, *(_ratio(ratios[name]) for name in variants)]
        for (measure, year, district), ratios in lines.items()
    ]
    median = medians(rows)
    table.append(["median", "", "", *(_ratio(median[name]) for name in variants)])
    console = out()
    console.print(f"Variance of a difference, independent over paired futures, {len(comparison.seeds)} pairs")
    console.print(grid(["measure", "yr", "district", *variants], table, numbers=["yr", *variants]))
    say(
        "2 means: half as many runs for the same certainty; 'inf' means that every pair differs by the same amount"
    )


def _ratio(ratio: float) -> str:
    """A ratio with one decimal; beyond a thousand, paired futures hardly differ at all."""
    if ratio == float("inf"):
        return "inf"
    return f">{_HUGE}" if ratio > _HUGE else f"{ratio:.1f}"


def _command(name: str, scenarios: Sequence[str] | None, **options: int | str | None) -> str:
    """The command as it would be typed again; standard values are written out, so that it stays true."""
    words = ["wijksim", name, *(_name(scenario) for scenario in scenarios or SHIPPED)]
    for option, value in options.items():
        if value is not None:
            words += [f"--{option}", _name(value) if isinstance(value, str) else str(value)]
    return shlex.join(words)


def _name(scenario: str) -> str:
    """A scenario without the folders of this machine: the page may be passed on."""
    return Path(scenario).name if Path(scenario).is_absolute() else scenario
