"""A checked experiment: what is varied, over which scenarios, in which futures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from wijksim.core.documents import Node
from wijksim.scenario.prices import Price
from wijksim.scenario.resolve import Scenario, SetValue

SET, LEVER = "set", "lever"


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    Attributes
    ----------
    name
        Full name of a parameter, or ``USE.ARGUMENT`` of a lever.
    kind
        ``set`` for a parameter, ``lever`` for an argument of a lever.
    low, high
        Range.
    levels
        Values of a full factorial; empty for a range.
    value
        Value when it is not varied; NaN for an argument that has none of its own.
    grade
        Evidence grade of a parameter; ``-`` for an argument.
    """

    name: str
    kind: Literal["set", "lever"]
    low: float
    high: float
    levels: tuple[float, ...] = ()
    value: float = float("nan")
    grade: str = "-"

    @property
    def subject(self) -> str:
        """Group to which it belongs: the room of a parameter, the use of a lever."""
        return self.name.partition(".")[0] if self.kind == SET else f"lever {self.name.rpartition('.')[0]}"


@dataclass(frozen=True)
class Design:
    """How rows are chosen; see :class:`wijksim.runs.sweeps.grammar.DesignEntry`."""

    kind: str
    rows: int
    levels: int
    groups: bool
    seed: int


@dataclass(frozen=True)
class Budget:
    """Where a sweep, and a run of it, end at the latest; None is no bound."""

    runs: int | None = None
    hours: float | None = None
    run_minutes: float = 60.0


@dataclass(frozen=True)
class Experiment:
    """An experiment with everything filled in.

    Attributes
    ----------
    id
        Name of its folder, or stem of its file.
    title, question, expectation
        Prose.
    scenarios
        The first is the null alternative.
    months, replications, seed
        Length of a run, futures per row, first future.
    own_luck
        True gives every row futures of its own.
    factors
        What is varied, in the order of the columns of ``table``.
    design
        How the rows came about.
    table
        One row per design point, one column per factor, shape ``(rows, factors)``.
    measures, readout
        Measures that are kept (None is all), and the years whose mean is kept.
    budget
        Bounds.
    """

    id: str
    title: str
    question: str
    expectation: str
    scenarios: tuple[Scenario, ...]
    months: int
    replications: int
    seed: int
    own_luck: bool
    factors: tuple[Factor, ...]
    design: Design
    table: NDArray[np.float64]
    measures: tuple[str, ...] | None
    readout: tuple[int, ...]
    budget: Budget
    nodes: Node | None = field(default=None, repr=False, compare=False)

    @property
    def rows(self) -> int:
        """Design points."""
        return int(self.table.shape[0])

    @property
    def runs(self) -> int:
        """Runs in all."""
        return self.rows * self.replications * len(self.scenarios)

    @property
    def prices(self) -> tuple[Price, ...]:
        """The user's own prices, which all scenarios share."""
        return self.scenarios[0].prices

    def seed_of(self, row: int, replication: int) -> int:
        """Future of a replication of a row: the same for every scenario, so that differences are paired."""
        return self.seed + replication + (row * self.replications if self.own_luck else 0)

    def parts(self) -> dict[str, Any]:
        """What determines the results, by part, as plain data; the number of replications is not among it."""
        own = {"prices": {one.name: one.value for one in self.prices}} if self.prices else {}
        return {
            **own,
            "scenarios": {scenario.id: scenario.digest for scenario in self.scenarios},
            "null": self.scenarios[0].id,
            "months": self.months,
            "seed": self.seed,
            "luck": f"own, {self.replications} a row" if self.own_luck else "common",
            "factors": [[one.name, one.kind, one.low, one.high, list(one.levels)] for one in self.factors],
            "design": {**vars(self.design), "table": hashlib.sha256(self.table.tobytes()).hexdigest()},
            "measures": "all" if self.measures is None else list(self.measures),
            "readout": list(self.readout),
        }

    @property
    def digest(self) -> str:
        """SHA-256 over all that influences the results of a run."""
        text = json.dumps(self.parts(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def values(self, row: int) -> dict[str, float]:
        """Values of a row by factor."""
        return {one.name: float(value) for one, value in zip(self.factors, self.table[row], strict=True)}


def scenario_at(scenario: Scenario, factors: tuple[Factor, ...], values: Mapping[str, float]) -> Scenario:
    """A scenario with the values of a row: parameters for the whole run, arguments where the lever is used."""
    wanted = {one.name: SetValue(values[one.name]) for one in factors if one.kind == SET}
    uses = list(scenario.levers)
    for one in factors:
        if one.kind != LEVER:
            continue
        identity, _, argument = one.name.rpartition(".")
        for place, use in enumerate(uses):
            if use.id == identity:
                uses[place] = replace(use, arguments={**use.arguments, argument: values[one.name]})
    return replace(scenario, set={**scenario.set, **wanted}, levers=tuple(uses))
