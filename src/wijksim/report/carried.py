"""Which mechanism carries an effect, and what levers do together: from results that were stored before."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wijksim.analysis.knockout import FIRST, REMAINDER, TOTAL
from wijksim.analysis.shapley import ALONE, CONTRIBUTION, FEWEST_LEVERS, MOST_LEVERS, SYNERGY
from wijksim.analysis.shapley import TOTAL as WHOLE
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.report import texts
from wijksim.report.costs import Estimate
from wijksim.report.numbers import decimals_for
from wijksim.report.words import DUTCH, Words

if TYPE_CHECKING:
    import pandas as pd

    from wijksim.analysis.compare import Comparison
    from wijksim.analysis.knockout import Knockout
    from wijksim.analysis.shapley import Shapley
    from wijksim.analysis.stored import Stored
    from wijksim.scenario.resolve import Scenario

MOST_MEASURES = 3
FOLDER = "results"
"""Where the commands on the page write, and where a memo looks if nothing else is said."""


@dataclass(frozen=True)
class Part:
    """A part of an effect, with the name of the loop or lever that has it."""

    name: str
    kind: str
    estimate: Estimate


@dataclass(frozen=True)
class Taken:
    """One effect taken apart."""

    measure: type[Measure]
    year: int
    parts: tuple[Part, ...]

    @property
    def decimals(self) -> int:
        """Decimals for all numbers of it."""
        return decimals_for(
            [one.estimate.half_width for one in self.parts], [one.estimate.mean for one in self.parts]
        )


@dataclass(frozen=True)
class Carried:
    """What is known of one variant, and how to know more.

    Attributes
    ----------
    loops, levers
        Effects taken apart by feedback loop and by lever; empty if nothing was stored.
    loops_pairs, levers_pairs
        Futures behind them.
    loops_command, levers_command
        What makes them; the second is empty for a variant without a package of levers that can be shared out.
    too_many
        Levers of a package that is too large to be shared out; 0 if it is not.
    """

    loops: tuple[Taken, ...]
    levers: tuple[Taken, ...]
    loops_pairs: int
    levers_pairs: int
    loops_command: str
    levers_command: str
    too_many: int = 0


def carried(
    comparison: Comparison,
    variant: int,
    stored: Stored,
    measures: Sequence[type[Measure]],
    district: str,
    *,
    words: Words = DUTCH,
) -> Carried:
    """What carries the effects of a variant in a district.

    Parameters
    ----------
    measures
        Headline measures in the order of the page; those with the clearest stored effects are shown.
    words
        Language; Dutch if omitted.
    """
    spec = comparison.scenarios[variant]
    own = {use.id for use in spec.levers if use not in comparison.null.levers}
    package = FEWEST_LEVERS <= len(own) <= MOST_LEVERS
    found, shared = stored.knockout, stored.shapley
    return Carried(
        loops=() if found is None else _loops(found, measures, district, words),
        levers=()
        if shared is None
        else _levers(shared, measures, district, names=_lever_names(spec, words), words=words),
        loops_pairs=0 if found is None else found.pairs,
        levers_pairs=0 if shared is None else shared.pairs,
        loops_command=_command("knockout", comparison, variant),
        levers_command=_command("shapley", comparison, variant) if package else "",
        too_many=len(own) if len(own) > MOST_LEVERS else 0,
    )


def _command(name: str, comparison: Comparison, variant: int) -> str:
    null, spec = comparison.null, comparison.scenarios[variant]
    words = ["wijksim", name, spec.id, "--null", null.id, "--pairs", str(len(comparison.seeds))]
    words += [
        "--seed",
        str(comparison.seeds[0]),
        "--months",
        str(spec.months),
        "--size",
        str(spec.world.size),
    ]
    if spec.prices:
        words += ["--prices", Path(spec.prices[0].file).name]
    return shlex.join([*words, "--out", FOLDER])


def _loops(
    found: Knockout, measures: Sequence[type[Measure]], district: str, words: Words
) -> tuple[Taken, ...]:
    names = {TOTAL: words._("Hele effect"), FIRST: words._("Zonder terugkoppeling")}
    names |= {loop: texts.sentence(words.loop(loop)) for loop in found.loops}
    names[REMAINDER] = words._("Rest (verbanden samen)")
    return _taken(found.table, measures, district, names=names, whole=TOTAL, column="part")


def _lever_names(spec: Scenario, words: Words) -> dict[str, str]:
    """Name per use of a lever; two uses of one lever are told apart by the names that the scenario gave."""
    registered = set(LEVERS.names())
    titles = {use.id: words.lever(use.lever) if use.lever in registered else use.id for use in spec.levers}
    shared = list(titles.values())
    return {
        key: f"“{title}” ({key})" if shared.count(title) > 1 else f"“{title}”"
        for key, title in titles.items()
    }


def _levers(
    found: Shapley, measures: Sequence[type[Measure]], district: str, *, names: dict[str, str], words: Words
) -> tuple[Taken, ...]:
    table = found.table[found.table["kind"].isin([WHOLE, CONTRIBUTION, ALONE, SYNERGY])]
    keys = table["kind"].str.cat(table["part"], sep=" ").str.strip()
    shown = {WHOLE: words._("Hele pakket"), SYNERGY: words._("Samenspel (synergie)")}
    for lever in found.levers:
        shown[f"{CONTRIBUTION} {lever}"] = words._("Bijdrage van {lever}", lever=names.get(lever, lever))
        shown[f"{ALONE} {lever}"] = words._("Alleen {lever}", lever=names.get(lever, lever))
    return _taken(table.assign(key=keys), measures, district, names=shown, whole=WHOLE, column="key")


def _taken(
    table: pd.DataFrame,
    measures: Sequence[type[Measure]],
    district: str,
    *,
    names: dict[str, str],
    whole: str,
    column: str,
) -> tuple[Taken, ...]:
    """Effects of the last year, those whose whole lies clearest away from zero first."""
    here = table[(table["district"] == district) & (table["year"] == table["year"].max())]
    found: list[tuple[float, Taken]] = []
    for kind in measures:
        rows = here[here["measure"] == kind.name].set_index(column)
        if whole not in rows.index:
            continue
        figures = {
            key: [float(rows.loc[key, one]) for one in ("effect", "low", "high")] for key in rows.index
        }
        parts = tuple(
            Part(text, key, Estimate(mean, low, high))
            for key, text in names.items()
            for mean, low, high in ([figures[key]] if key in figures else [])
        )
        effect = parts[0].estimate
        clear = abs(effect.mean) / effect.half_width if effect.half_width > 0 else 0.0
        found.append((clear, Taken(MEASURES.get(kind.name), int(rows["year"].iloc[0]), parts)))
    ranked = sorted(found, key=lambda one: -one[0])
    return tuple(one for clear, one in ranked[:MOST_MEASURES] if clear > 0)
