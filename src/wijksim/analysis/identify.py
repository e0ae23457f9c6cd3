"""Identification: find values of uncertain parameters with which the model meets the facts that are there to fit.

Block by block in a fixed order, so that what comes later leans on what was found before; levers off; only rows marked
``fit``. A plain random search: each proposal moves the parameters of a block a little inside their ranges and is kept
if the misfit falls. All proposals meet the same people and the same luck, so that what differs is the values. Rows
marked ``check`` are never read here.

What these facts cannot tell (convexity of nuisance, saturation of help, stigma, homophily, decay of ties, cooperation)
is not fitted: it stays assumed and is sampled as uncertainty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wijksim.analysis.validation import areas, change, people  # noqa: F401  (declare the rules)
from wijksim.analysis.validation.ensemble import Spot, run_ensemble
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.statistics import SIMULATED, Panels, bind
from wijksim.model.known import all_parameters
from wijksim.parameters.schema import Parameter


@dataclass(frozen=True)
class Block:
    """Parameters that are fitted together.

    Attributes
    ----------
    name
        Subject.
    parameters
        Full names.
    families
        Families of facts that they have to meet.
    """

    name: str
    parameters: tuple[str, ...]
    families: tuple[str, ...]


BLOCKS: tuple[Block, ...] = (
    Block(
        "work",
        ("work.exit_rate_early", "work.exit_rate_mid", "work.exit_rate_long", "work.assistance_direct_rate"),
        ("PAT-03", "PAT-04", "PAT-05"),
    ),
    Block(
        "debt",
        (
            "debt.exit_rate_new", "debt.exit_rate_middle", "debt.exit_rate_long", "debt.application_rate",
            "debt.execution_rate",
        ),
        ("PAT-08", "PAT-09", "PAT-10", "PAT-12", "PT12", "PT16", "PT34"),
    ),
    Block(
        "crises",
        (
            "health.crisis_excitation", "health.crisis_half_life", "health.crisis_extra_share",
            "health.crisis_hr_frailty",
        ),
        ("PAT-14",),
    ),
    Block(
        "moves",
        (
            "housing.move_rate_corporation", "housing.move_rate_private", "housing.move_ratio_under_25",
            "housing.move_ratio_25_34",
        ),
        ("HP23", "HP27"),
    ),
    Block(
        "allocation",
        ("housing.inflow_status", "housing.inflow_urgent", "housing.inflow_shelter", "housing.inflow_direct"),
        ("HP22", "HP24"),
    ),
    Block(
        "nuisance",
        (
            "nuisance.onset_rate", "nuisance.complex_share", "nuisance.onset_psychiatric",
            "nuisance.onset_addiction", "nuisance.onset_stress",
        ),
        ("HP20", "PAT-17"),
    ),
    Block("contacts", ("contacts.rate_entrance", "contacts.rate_complex"), ("HP28",)),
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """Ensemble on which values are tried."""

    spots: Sequence[Spot]
    years: int
    size: float
    seed: int = 0
    workers: int | None = None


@dataclass(frozen=True)
class Step:
    """A proposal and its misfit."""

    block: str
    values: Mapping[str, float]
    misfit: float
    kept: bool


def identify(
    facts: Sequence[Pattern],
    setting: Setting,
    *,
    proposals: int,
    stride: float,
    blocks: Sequence[Block] = BLOCKS,
    watch: Callable[[Step], None] | None = None,
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Search block by block.

    Parameters
    ----------
    facts
        Only those to fit are looked at.
    setting
        Where values are tried.
    proposals
        Per block.
    stride
        Standard deviation of a proposal, as part of the range of a parameter.
    blocks
        In order.
    watch
        Called with every proposal.

    Returns
    -------
    values : dict
        Fitted values by parameter; only those that differ from the shipped ones.
    misfits : dict
        Misfit of each block before and after.
    """
    declared = all_parameters().parameters
    luck = np.random.default_rng(setting.seed)
    found: dict[str, float] = {}
    misfits: dict[str, tuple[float, float]] = {}
    for block in blocks:
        wanted = to_fit(facts, block)
        if not wanted:
            continue
        values = {name: declared[name].value for name in block.parameters}
        best = first = misfit(wanted, setting, {**found, **values})
        for _ in range(proposals):
            trial = propose(values, declared, luck, stride)
            now = misfit(wanted, setting, {**found, **trial})
            if watch is not None:
                watch(Step(block.name, trial, now, now < best))
            if now < best:
                best, values = now, trial
        misfits[block.name] = (first, best)
        found |= {name: value for name, value in values.items() if value != declared[name].value}
    return found, misfits


def to_fit(facts: Sequence[Pattern], block: Block) -> list[Pattern]:
    """Rows that a block may be fitted to: marked ``fit``, with a band, and answered by simulated state."""
    return [
        one
        for one in facts
        if one.use == "fit"
        and one.family in block.families
        and one.low is not None
        and bind(one).kind == SIMULATED
    ]


def propose(
    values: Mapping[str, float], declared: Mapping[str, Parameter], luck: np.random.Generator, stride: float
) -> dict[str, float]:
    """Values a little further, inside the declared ranges."""
    trial = {}
    for name, value in values.items():
        low, high = declared[name].low, declared[name].high
        moved = value + luck.normal() * stride * (high - low)
        trial[name] = float(np.clip(moved, low, high))
    return trial


def misfit(facts: Sequence[Pattern], setting: Setting, values: Mapping[str, float]) -> float:
    """Mean squared distance to the middles of the bands, in half-widths: below 1 all could lie inside."""
    panel = run_ensemble(
        setting.spots,
        years=setting.years,
        size=setting.size,
        seed=setting.seed,
        workers=setting.workers,
        values=values,
    )
    panels = Panels(panel, panel)
    total = 0.0
    for one in facts:
        statistic = bind(one)
        if (
            statistic.compute is None
            or one.low is None
            or one.high is None
            or not panel.has(*statistic.needs)
        ):
            continue
        middle = (one.low + one.high) / 2
        half = max((one.high - one.low) / 2, float(np.finfo(np.float32).eps))
        total += ((statistic.compute(panels) - middle) / half) ** 2
    return total / len(facts)
