"""Small experiments for the tests of sweeps."""

from __future__ import annotations

import textwrap
from pathlib import Path

from wijksim.runs.sweeps.experiment import Experiment
from wijksim.runs.sweeps.load import load_experiment

SMALL = """\
question: Does a sweep lose nothing?
scenarios: [baseline, staffing-cut]
world: {size: 200, warmup: 0}
months: 2
replications: 2
uncertainties: [debt.settle_rate]
levers: {staffing.change: {low: -0.5, high: 0}}
design: {kind: lhs, rows: 4}
measures: [problem_debt, residents]
"""
PLUGIN = """\
from wijksim.kernel.arguments import Param
from wijksim.kernel.lever import LEVERS, Lever


@LEVERS.register
class Fragile(Lever):
    \"\"\"Breaks under a load.\"\"\"

    name = "fragile-of-tests"
    title = title_nl = "Fragile"
    explain = explain_nl = "Breaks under a load."
    family = "own"
    load = Param(0.0, "share", (0.0, 1.0), "assumed", "D", ("design",), "Load")

    def act(self, ctx, dose):
        if self.number("load") > 0.95:
            while True:
                pass
        if self.number("load") > 0.5:
            raise ZeroDivisionError("the load was too much")
"""
BROKEN = """\
question: Does one broken row stop the rest?
scenarios: [baseline, fragile]
world: {size: 200, warmup: 0}
months: 1
levers: {fragile-of-tests.load: [0.1, 0.9, 0.2]}
uncertainties: none
design: {kind: full-factorial}
measures: [residents]
"""
FRAGILE = """\
schema: 1
title: Fragile
extends: baseline
plugins: [fragile_plugin_of_tests]
levers: [{lever: fragile-of-tests, load: 0.0}]
"""


def write(folder: Path, text: str = SMALL) -> Path:
    """Write an experiment file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "experiment.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def small(folder: Path, text: str = SMALL) -> Experiment:
    """A small experiment of two scenarios."""
    return load_experiment(write(folder, text))


def broken(folder: Path) -> Path:
    """An experiment of which one row breaks one scenario."""
    (folder / "fragile_plugin_of_tests.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "fragile.yaml").write_text(FRAGILE, encoding="utf-8")
    return write(folder, BROKEN)
