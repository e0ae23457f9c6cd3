"""Identification: find values of uncertain parameters with which the model meets the facts that are there to fit.

Block by block in a fixed order, so that what comes later leans on what was found before; levers off; only rows marked
``fit``. Least squares: each parameter of a block is moved a little to see what it does to the facts, and the step that
helps most, inside the ranges, is kept if the misfit falls. All runs meet the same people and the same luck, so that
what differs is the values. Values are held to the shipped ones as far as facts leave them free. Rows marked ``check``
are never read here.

What these facts cannot tell (convexity of nuisance, saturation of help, stigma, homophily, decay of ties, cooperation)
is not fitted: it stays assumed and is sampled as uncertainty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from wijksim.analysis.validation import areas, change, people  # noqa: F401  (declare the rules)
from wijksim.analysis.validation.ensemble import Spot, run_ensemble
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.statistics import SIMULATED, Panels, bind
from wijksim.model.known import all_parameters


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
        # exits by spell and inflow are published (LAB-17 to LAB-19, LAB-24)
        ("work.forget_months", "work.exit_wants_ratio", "housing.intake_regular_assistance"),
        ("PAT-01", "PAT-03", "PAT-04", "PAT-05"),
    ),
    Block(
        "debt",
        (
            # how long debts last is published (DEB-08)
            "debt.application_rate", "debt.execution_rate", "professionals.acceptance",
            "professionals.case_speed_debt_counsellor",
        ),
        ("PAT-08", "PAT-09", "PAT-10", "PAT-12", "PT12", "PT16", "PT34"),
    ),
    Block(
        "crises",
        # what one report brings about is published (HEA-14, HEA-15); who has the first one is not
        ("health.crisis_hr_frailty", "health.crisis_hr_addiction", "health.crisis_hr_unstable"),
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
    Block(
        "school",
        ("school.dropout_vocational_rate", "school.dropout_stress", "school.dropout_debt"),
        ("PAT-27",),
    ),
    Block("crime", ("crime.exit_minor", "crime.offence_active", "crime.offence_fringe"), ("PAT-26",)),
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
    """Values that were tried and their misfit; ``moved`` names the parameter moved to see what it does, if any."""

    block: str
    values: Mapping[str, float]
    misfit: float
    kept: bool
    moved: str = ""


@dataclass(frozen=True)
class Search:
    """How far values are moved.

    Attributes
    ----------
    rounds
        Steps per block.
    nudge
        Part of its range by which a parameter is moved to see what it does.
    reach
        Largest step, as part of the range.
    hold
        Half-widths of a band that moving a value over its whole range weighs: what facts leave free stays put.
    """

    rounds: int = 2
    nudge: float = 0.1
    reach: float = 0.4
    hold: float = 0.5


Watch = Callable[[Step], None]
Floats = NDArray[np.float64]


def identify(
    facts: Sequence[Pattern],
    setting: Setting,
    search: Search | None = None,
    *,
    blocks: Sequence[Block] = BLOCKS,
    watch: Watch | None = None,
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Search block by block.

    Parameters
    ----------
    facts
        Only those to fit are looked at.
    setting
        Where values are tried.
    search
        How far they are moved.
    blocks
        In order.
    watch
        Called with everything that was tried.

    Returns
    -------
    values : dict
        Fitted values by parameter; only those that differ from the shipped ones.
    misfits : dict
        Misfit of each block before and after.
    """
    declared = all_parameters().parameters
    found: dict[str, float] = {}
    misfits: dict[str, tuple[float, float]] = {}
    for block in blocks:
        wanted = to_fit(facts, block)
        if not wanted:
            continue
        trial = _Trial(block, wanted, setting, found, watch)
        values, first, best = _fit(trial, search or Search())
        misfits[block.name] = (first, best)
        found |= {name: value for name, value in values.items() if value != declared[name].value}
    return found, misfits


class _Trial:
    """Values of a block as parts of their ranges, and what the facts say of them."""

    def __init__(
        self,
        block: Block,
        wanted: Sequence[Pattern],
        setting: Setting,
        found: Mapping[str, float],
        watch: Watch | None,
    ) -> None:
        self.block, self.wanted, self.setting = block, wanted, setting
        self.found, self.watch = dict(found), watch
        declared = all_parameters().parameters
        self.shipped = np.array([declared[name].value for name in block.parameters])
        self.low = np.array([declared[name].low for name in block.parameters])
        self.width = np.array([declared[name].high for name in block.parameters]) - self.low
        self.home: Floats = (self.shipped - self.low) / self.width

    def values(self, z: Floats) -> dict[str, float]:
        """Values by name: the shipped one itself where nothing was moved, not its like after a round trip."""
        moved = np.where(z == self.home, self.shipped, self.low + self.width * z)
        return dict(zip(self.block.parameters, moved.tolist(), strict=True))

    def run(self, z: Floats, best: float, moved: str = "") -> tuple[Floats, float]:
        """Residuals and misfit."""
        values = self.values(z)
        off = residuals(self.wanted, self.setting, {**self.found, **values})
        now = float(np.mean(off**2))
        if self.watch is not None:
            self.watch(Step(self.block.name, values, now, now < best and not moved, moved))
        return off, now


def _fit(trial: _Trial, search: Search) -> tuple[dict[str, float], float, float]:
    """Values of a block, and its misfit before and after."""
    names = trial.block.parameters
    here = trial.home
    off, best = trial.run(here, np.inf)
    first = best
    for _ in range(search.rounds):
        slopes = np.empty((off.size, len(names)))
        for k, name in enumerate(names):
            by = search.nudge if here[k] + search.nudge <= 1 else -search.nudge
            nudged, _ = trial.run(here + by * (np.arange(len(names)) == k), best, name)
            slopes[:, k] = (nudged - off) / by
        z = here + step(off, slopes, here, trial.home, search)
        then, now = trial.run(z, best)
        if now >= best:
            z = (here + z) / 2
            then, now = trial.run(z, best)
        if now >= best:
            break
        here, off, best = z, then, now
    return trial.values(here), first, best


def step(off: Floats, slopes: Floats, here: Floats, home: Floats, search: Search) -> Floats:
    """Step that brings residuals nearest to nothing, values being held to the shipped ones.

    Parameters
    ----------
    off
        Residuals, shape ``(facts,)``.
    slopes
        Change of each with each parameter over its whole range, shape ``(facts, parameters)``.
    here, home
        Present and shipped values as part of the range, shape ``(parameters,)``.
    search
        Reach and hold.
    """
    hold = np.eye(here.size) * search.hold
    wanted = np.concatenate([-off, search.hold * (home - here)])
    most = np.minimum(search.reach, 1 - here)
    least = np.maximum(-search.reach, -here)
    # a value at the end of its range has no room there; the solver asks for some
    room = float(np.finfo(np.float32).eps)
    found = lsq_linear(np.vstack([slopes, hold]), wanted, (least, np.maximum(most, least + room)))
    return np.asarray(np.clip(found.x, least, most), dtype=np.float64)


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


def residuals(facts: Sequence[Pattern], setting: Setting, values: Mapping[str, float]) -> Floats:
    """Distance of each fact to the middle of its band, in half-widths: within 1 it holds."""
    panel = run_ensemble(
        setting.spots,
        years=setting.years,
        size=setting.size,
        seed=setting.seed,
        workers=setting.workers,
        values=values,
    )
    panels = Panels(panel, panel)
    off = []
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
        off.append((statistic.compute(panels) - middle) / half)
    return np.array(off)
