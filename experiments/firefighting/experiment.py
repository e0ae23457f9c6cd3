"""Is there a firefighting trap? Staffing levels, each approached from below and from above.

A trap would show as two regimes: after a shock of a few years the same staffing would settle at another share of hours
on crises, depending on where it came from. Nothing in the model is tuned for it; the answer is whatever it is.

Run ``python experiments/firefighting/experiment.py [--seeds 4] [--size 6000] [--workers 2]``; writes ``results.csv``
and ``README.md`` beside this file.
"""

from __future__ import annotations

import argparse
import csv
import sys
from functools import partial
from pathlib import Path

import numpy as np

from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.known import load_scenario
from wijksim.runs.batch import in_seeds
from wijksim.runs.run import engine_facts, record_run

HERE = Path(__file__).parent
LEVELS = (-0.5, -0.35, -0.2, 0.0, 0.25, 0.5)
SHOCKS = {"from below": -0.6, "from above": 0.6}
SHOCK_MONTHS = 36
MONTHS = 240
LEAST_POINTS, LEAST_ERRORS = 5, 3  # a gap between two regimes is at least this wide and this sure
MEASURES = ("crisis_share", "crises", "unmet_need", "staff_turnover")


def policy(level: float, shock: float) -> list[dict[str, object]]:
    """A shock of three years, then the level; social workers and community builders alike."""
    uses = []
    for role in ("social_worker", "community_builder"):
        for name, change, start, end in (
            ("shock", shock, 0, SHOCK_MONTHS - 1),
            ("level", level, SHOCK_MONTHS, MONTHS - 1),
        ):
            if change:
                uses.append({"lever": "staffing", "id": f"{name}-{role}", "role": role, "change": change, "ramp": 0,
                             "start": start, "end": end})  # fmt: skip
    return uses


def one(size: int, job: int) -> list[dict[str, object]]:
    """All levels from both sides in one future."""
    rows = []
    for level in LEVELS:
        for side, shock in SHOCKS.items():
            spec = load_scenario("baseline", overrides={"world.size": size, "levers": policy(level, shock)})
            engine = with_policy(warmed_up(spec, job), spec)
            recorder = record_run(engine, spec, MONTHS, only=MEASURES)
            values = recorder.values()[-60:].mean(axis=0)
            names = [measure.name for measure in recorder.measures]
            facts = engine_facts(engine)
            for d, district in enumerate(recorder.districts):
                row = {"seed": job, "level": level, "side": side, "district": district}
                row |= {name: float(values[k, d]) for k, name in enumerate(names)}
                rows.append(
                    row | {"capacity_over_crisis_work": facts["professionals.capacity_over_crisis_work"][d]}
                )
    return rows


def regimes(rows: list[dict[str, object]], district: str, level: float) -> tuple[float, float, float]:
    """Share of hours on crises from below and from above, and the standard error of their paired difference."""
    share = {
        side: np.array(
            [
                row["crisis_share"]
                for row in rows
                if (row["district"], row["level"], row["side"]) == (district, level, side)
            ],
            dtype=float,
        )
        for side in SHOCKS
    }
    below, above = share["from below"], share["from above"]
    gap = below - above
    error = float(gap.std(ddof=1) / np.sqrt(gap.size)) if gap.size > 1 else float("nan")
    return float(below.mean()), float(above.mean()), error


def verdict(gaps: list[tuple[str, float, float]]) -> str:
    """What the gaps (name, points, standard error) say, and how large a gap would have gone unseen."""
    apart = [name for name, gap, error in gaps if abs(gap) > LEAST_POINTS and abs(gap) > LEAST_ERRORS * error]
    unseen = max(LEAST_POINTS, LEAST_ERRORS * max(error for _, _, error in gaps))
    if apart:
        return "**Two regimes** show, beyond three standard errors, at " + ", ".join(apart) + "."
    largest = max(abs(gap) for _, gap, _ in gaps)
    return (
        f"**No second regime found.** The largest gap is {largest:.1f} points. At the noisiest level a gap below "
        f"{unseen:.1f} points could have gone unseen with this many futures, so a small one is not ruled out."
    )


def page(rows: list[dict[str, object]], seeds: int, size: int) -> str:
    """What was found, in words and one table."""
    districts = list(dict.fromkeys(str(row["district"]) for row in rows))
    lines = [
        "# Firefighting: one regime or two?",
        "",
        "Do crises eat the hours that would prevent them, so that the same staffing can settle in a good or in a bad "
        "regime?",
        f"{len(LEVELS)} levels of staffing, each reached from three years far below and three years far above it, "
        f"{seeds} futures of twenty years, {size:,} residents. Mean over the last five years. C/L0 is the capacity "
        "of the team over the crisis work that would come in without prevention.",
        "",
        "| district | staffing | C/L0 | crisis share from below, % | from above, % | difference ± standard error |",
        "|---|---|---|---|---|---|",
    ]
    gaps = []
    for district in districts:
        for level in LEVELS:
            below, above, error = regimes(rows, district, level)
            ratios = [
                row["capacity_over_crisis_work"]
                for row in rows
                if (row["district"], row["level"]) == (district, level)
            ]
            known = [float(ratio) for ratio in ratios if ratio is not None]
            ratio = f"{np.mean(known):.2f}" if known else "-"
            gap = f"{below - above:+.1f} ± {error:.1f}"
            lines.append(f"| {district} | {level:+.0%} | {ratio} | {below:.1f} | {above:.1f} | {gap} |")
            gaps.append((f"{district} {level:+.0%}", below - above, error))
    return "\n".join(
        [
            *lines,
            "",
            verdict(gaps),
            "",
            "Made by `experiment.py`; figures of every run are in `results.csv`.",
            "",
        ]
    )


def main() -> None:
    """Run it and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--size", type=int, default=6000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    found = in_seeds(partial(one, options.size), range(options.seeds), workers=options.workers)
    rows = [row for each in found for row in each]
    with (HERE / "results.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    text = page(rows, options.seeds, options.size)
    (HERE / "README.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
