"""A hand-made world of names for the tests of scenarios, and a way to write and load files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wijksim.core.errors import InputError
from wijksim.parameters.schema import Parameter
from wijksim.scenario.known import ArgumentSpec, Known, LeverSpec, SeriesSpec, StrategySpec
from wijksim.scenario.load import load_scenario, load_scenarios
from wijksim.scenario.resolve import Scenario


def _parameter(name: str, value: float, low: float, high: float) -> Parameter:
    return Parameter(name, value, low, high, "1/year", "estimated", "B", ("DEB-05", "DEB-07"), name)


SHARE = ArgumentSpec("number", 0, 1, unit="share")
KNOWN = Known(
    parameters={
        "debt.onset_rate": _parameter("debt.onset_rate", 0.03, 0.01, 0.1),
        "work.job_loss_rate": _parameter("work.job_loss_rate", 0.05, 0.01, 0.2),
    },
    levers={
        "allocation-mixing": LeverSpec(
            {"steered_share": SHARE, "vulnerable_cap": SHARE, "contributor_quota": SHARE},
            ("districts", "complexes"),
        ),
        "basic-job": LeverSpec(
            {"places_per_1000": ArgumentSpec("number", 0, 60, unit="per 1,000 residents")},
            ("districts", "groups"),
        ),
        "staffing": LeverSpec(
            {
                "role": ArgumentSpec(
                    "text", choices=("social_worker", "youth_worker"), required=True, doc="which"
                ),
                "organisation": ArgumentSpec("text", choices=("welfare", "municipality")),
                "change": ArgumentSpec("number", -1, 3, unit="share"),
                "strength": ArgumentSpec("number", 0, 2, unit="share"),
                "teams": ArgumentSpec("integer", 1),
                "shift": ArgumentSpec("texts", choices=("day", "night")),
                "permanent": ArgumentSpec("boolean"),
                "review": ArgumentSpec("month"),
            }
        ),
    },
    measures=("problem_debt", "assistance", "crises"),
    strategies={
        "allocation": {"standard": StrategySpec(), "capped": StrategySpec({"cap": SHARE})},
        "triage": {"crisis_first": StrategySpec()},
    },
    series={"priority_inflow": SeriesSpec(0.1, 3, "ratio")},
    loops=("concentration", "firefighting", "scarcity", "trust", "support", "ties", "employment"),
    places=("vulnerable-urban", "average-urban", "affluent-suburban", "overvecht"),
    groups=("age_band", "income_fifth"),
    group_labels=("age=18-29", "age=30-44"),
)

HEAD = "schema: 1\ntitle: Try\n"


class Desk:
    """A folder in which scenario files are written and loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "try.yaml", *, head: bool = True) -> Path:
        path = self.folder / name
        path.write_text((HEAD if head else "") + text, encoding="utf-8")
        return path

    def load(self, text: str, **overrides: Any) -> Scenario:
        return load_scenario(self.write(text), known=KNOWN, overrides=overrides or None)

    def problems(self, *paths: Path, overrides: dict[str, Any] | None = None) -> list[str]:
        """Messages without the folder."""
        with pytest.raises(InputError) as caught:
            load_scenarios(paths, known=KNOWN, overrides=overrides)
        return [str(problem).replace(f"{self.folder}/", "") for problem in caught.value.problems]

    def refused(self, text: str, **overrides: Any) -> list[str]:
        return self.problems(self.write(text), overrides=overrides or None)
