"""What the commands that take an effect apart have in common: the district asked for, and the table they print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from wijksim.cli.console import grid, number, out
from wijksim.cli.options import known_names

if TYPE_CHECKING:
    import pandas as pd

    from wijksim.analysis.parted import Parted
    from wijksim.scenario.resolve import Scenario


def known_measures_and_place(spec: Scenario, measures: Sequence[str] | None, district: str | None) -> None:
    """Refuse measures and a district that do not exist."""
    from wijksim.kernel.measure import MEASURES
    from wijksim.runs.recorder import CITY

    known_names("--measure", measures, MEASURES.names())
    places = [*(one.name for one in spec.world.districts), CITY]
    known_names("--district", [district] if district else None, places)


def last_year(found: Parted, district: str) -> pd.DataFrame:
    """Parts of one district in the last year."""
    table = found.table
    here: pd.DataFrame = table[(table["year"] == table["year"].max()) & (table["district"] == district)]
    return here


def show_parts(
    found: Parted, district: str, heads: Sequence[str], cells: Callable[[dict[Any, Any]], list[str] | None]
) -> None:
    """Print the parts of one district in the last year.

    Parameters
    ----------
    found
        Effects taken apart.
    heads
        Heads of the columns that name a part.
    cells
        What a line of the table puts below those; None leaves it out.
    """
    console = out()
    console.print(
        f"\n{found.scenario} against {found.null} in {district}, year {int(found.table['year'].max())}: "
        f"{found.pairs} futures of {found.months} months, mean effect with its 95% interval",
        soft_wrap=True,
    )
    rows = []
    for measure, block in last_year(found, district).groupby("measure", sort=False):
        name = str(measure)
        for line in block.to_dict("records"):
            named = cells(line)
            if named is not None:
                low, high = line["low"], line["high"]
                interval = f"{number(low)} to {number(high)}" if low == low else "-"
                rows.append([name, *named, number(line["effect"]), interval])
                name = ""
    figures = ["effect", "95% interval"]
    console.print(grid(["measure", *heads, *figures], rows, numbers=figures))
