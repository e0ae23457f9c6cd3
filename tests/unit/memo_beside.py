"""What a memo may be given beside its comparison, invented: stored results of other analyses for the first variant."""

from __future__ import annotations

import pandas as pd

from wijksim.analysis.compare import Comparison
from wijksim.analysis.knockout import Knockout
from wijksim.analysis.leaning import Leaning
from wijksim.analysis.shapley import Shapley
from wijksim.analysis.stored import Stored
from wijksim.report.headlines import headlines, weakest_district
from wijksim.report.sections import Beside

LOOPS = ("scarcity", "trust")


def beside(comparison: Comparison, numbers: tuple[str, ...]) -> Beside:
    """A knockout, the parts of the package and what its effects lean on, for every headline measure.

    ``numbers`` names the parameters on which the effects lean, in falling order.
    """
    null, first, *others = comparison.scenarios
    district = comparison.districts[weakest_district(comparison)]
    measures = [kind.name for kind in headlines(comparison)]
    digests = {"scenario": first.digest, "null": null.digest}
    year = comparison.years[-1]
    levers = tuple(use.lever for use in first.levers)

    def table(parts: tuple[tuple[str, str, float], ...]) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"measure": name, "district": district, "year": year, "kind": kind, "part": part,
                 "effect": effect, "low": effect - 0.1, "high": effect + 0.1}
                for name in measures
                for kind, part, effect in parts
            ]
        )  # fmt: skip

    loops = (("total", "total", 1.25), ("first_order", "first_order", 0.5),
             *(("loop", loop, 0.3) for loop in LOOPS), ("remainder", "remainder", 0.15))  # fmt: skip
    shares = (("total", "", 2.0), *(("contribution", lever, 1.5) for lever in levers),
              *(("alone", lever, 1.0) for lever in levers), ("synergy", "", -0.25))  # fmt: skip
    leanings = tuple(
        Leaning(name, first.id, district, year, 400, len(numbers),
                {number: 0.6 / 2**place for place, number in enumerate(numbers)}, 0.8, 0.6)
        for name in measures
    )  # fmt: skip
    mine = Stored(
        Knockout(first.id, null.id, digests, LOOPS, 8, 0, comparison.months,
                 table(loops).drop(columns="kind")),
        Shapley(first.id, null.id, digests, levers, 6, 0, comparison.months, table(shares)),
        leanings,
    )  # fmt: skip
    return Beside((mine, *(Stored() for _ in others)))
