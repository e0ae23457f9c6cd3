"""Events that carry people between work, unemployment, assistance, incapacity and the rest.

Every rate is national; the difference between districts comes out of education, health, skills, debts, ties and
age. Exit from assistance is piecewise by a clock that does not reset, and is normalised within each piece, so that
the published hazards by spell hold whatever the sorting within the stock.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.calm import Calm
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.work import clocks, group_loops
from wijksim.mechanisms.work.group_loops import exit_offsets, means_tested
from wijksim.mechanisms.work.small_loops import months_spent
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Pieces = tuple[float, float, float]

_TINY = float(np.finfo(np.float64).tiny)
EXIT_EDGES: tuple[str, ...] = ("work.exit_edge_mid", "work.exit_edge_long")
EDGES = itemgetter(*EXIT_EDGES)
_MEANS = itemgetter("work.asset_limit_single", "work.asset_limit_couple", "work.owner_entitled_share")
_SHAPES = itemgetter("kernel.hazard_clip", "work.exit_work_share", "work.cycle")
HALF = float(np.log(1 / 2))  # either partner ends the benefit of both, so each carries half the rate
EXIT_RATES: tuple[str, ...] = ("work.exit_rate_early", "work.exit_rate_mid", "work.exit_rate_long")
_NUMBERED = tuple(f".{number}" for number in range(len(EXIT_RATES)))


def _find(prefix: str) -> tuple[Influence, ...]:
    """Return what helps or hinders in finding work; the ratios of ``prefix`` are parameters."""
    return (
        Influence("resident.education", f"work.{prefix}_education_ratio"),
        Influence("resident.ability", f"work.{prefix}_ability_ratio"),
        Influence("resident.cognitive", f"work.{prefix}_cognitive_ratio"),
        Influence("resident.dutch", f"work.{prefix}_language_ratio"),
        Influence("resident.basic_skills", f"work.{prefix}_skills_ratio"),
        Influence("resident.age", f"work.{prefix}_age_ratio"),
        Influence("resident.psychiatric", f"work.{prefix}_psychiatric_ratio", loop="employment"),
        Influence("resident.addiction", f"work.{prefix}_addiction_ratio", loop="employment"),
        Influence("household.problem_debt", f"work.{prefix}_debt_ratio", loop="scarcity"),
        Influence("resident.stress", f"work.{prefix}_stress_ratio", loop="scarcity"),
        Influence("resident.good_ties", f"work.{prefix}_ties_ratio"),
        Influence("resident.bridging", f"work.{prefix}_bridging_ratio"),
    )


def _lose(prefix: str) -> tuple[Influence, ...]:
    return (
        Influence("resident.education", f"work.{prefix}_education_ratio"),
        Influence("resident.cognitive", f"work.{prefix}_cognitive_ratio"),
        Influence("resident.psychiatric", f"work.{prefix}_psychiatric_ratio", loop="scarcity"),
        Influence("resident.addiction", f"work.{prefix}_addiction_ratio", loop="scarcity"),
        Influence("household.problem_debt", f"work.{prefix}_debt_ratio", loop="scarcity"),
        Influence("resident.stress", f"work.{prefix}_stress_ratio", loop="scarcity"),
    )


JOB_LOSS = Event(
    "work.job_loss",
    table="resident",
    base=Piecewise(
        "resident.job_months",
        ("work.job_edge_settled", "work.job_edge_long"),
        ("work.job_loss_rate_new", "work.job_loss_rate_settled", "work.job_loss_rate_long"),
    ),
    influences=_lose("loss"),
    doc="Losing a job (baanverlies)",
)
JOB_LOSS_AFTER = Event(
    "work.job_loss_after_assistance",
    table="resident",
    base=Piecewise(
        "resident.job_months",
        ("work.after_edge",),
        ("work.job_loss_after_rate_early", "work.job_loss_after_rate_late"),
    ),
    influences=_lose("loss"),
    doc="Losing a job found from assistance, in its first year and a half",
)
JOB_FINDING = Event(
    "work.job_finding",
    table="resident",
    base=Piecewise(
        "resident.activity_since",
        ("work.finding_edge_mid", "work.finding_edge_long"),
        ("work.finding_rate_early", "work.finding_rate_mid", "work.finding_rate_long"),
        since=True,
    ),
    influences=_find("find"),
    doc="Finding work while unemployed",
)
TO_WORK = Event(
    "work.assistance_to_work",
    table="resident",
    base=Piecewise("resident.assistance_clock", EXIT_EDGES, EXIT_RATES),
    influences=(*_find("exit"), Influence("resident.wants_work", "work.exit_wants_ratio")),
    doc="Leaving assistance for work (uitstroom naar werk)",
)
TO_OTHER = Event(
    "work.assistance_to_other",
    table="resident",
    base=Piecewise("resident.assistance_clock", EXIT_EDGES, EXIT_RATES),
    influences=(
        Influence("resident.age", "work.other_exit_age_ratio"),
        Influence("resident.education", "work.other_exit_education_ratio"),
    ),
    doc="Leaving assistance for a partner's income, study or another reason",
)
AFTER_BENEFIT = Event(
    "work.assistance_after_benefit",
    table="resident",
    base="work.assistance_after_benefit_rate",
    influences=(
        Influence("resident.education", "work.entry_education_ratio"),
        Influence("household.problem_debt", "work.entry_debt_ratio", loop="scarcity"),
        Influence("resident.psychiatric", "work.entry_psychiatric_ratio", loop="scarcity"),
    ),
    doc="Applying for assistance when unemployed without (further) unemployment benefit (instroom bijstand)",
)
DIRECT_ENTRY = Event(
    "work.assistance_direct",
    table="resident",
    base="work.assistance_direct_rate",
    influences=(
        Influence("resident.education", "work.entry_education_ratio"),
        Influence("household.problem_debt", "work.entry_debt_ratio", loop="scarcity"),
        Influence("resident.psychiatric", "work.entry_psychiatric_ratio", loop="scarcity"),
    ),
    doc="Applying for assistance without work or benefit before (instroom bijstand)",
)
WITHDRAWAL = Event(
    "work.withdrawal",
    table="resident",
    base=Piecewise(
        "resident.age", ("work.withdrawal_edge",), ("work.withdrawal_rate_young", "work.withdrawal_rate_old")
    ),
    doc="Stopping with work without a benefit (care for others, early retirement)",
)
DISCOURAGED = Event(
    "work.discouragement", table="resident", base="work.discouragement_rate",
    doc="No longer looking for work",
)  # fmt: skip
RETURN = Event(
    "work.return",
    table="resident",
    base=Piecewise(
        "resident.age",
        ("work.return_edge_mid", "work.return_edge_old"),
        ("work.return_rate_young", "work.return_rate_mid", "work.return_rate_old"),
    ),
    influences=(
        Influence("resident.education", "work.return_education_ratio"),
        Influence("resident.psychiatric", "work.return_psychiatric_ratio", loop="employment"),
        Influence("resident.dutch", "work.return_language_ratio"),
    ),
    doc="Beginning to look for work (again)",
)
INCAPACITY = Event(
    "work.incapacity",
    table="resident",
    base=Piecewise(
        "resident.age",
        ("work.incapacity_edge_mid", "work.incapacity_edge_old"),
        ("work.incapacity_rate_young", "work.incapacity_rate_mid", "work.incapacity_rate_old"),
    ),
    influences=(
        Influence("resident.frailty", "work.incapacity_frailty_ratio"),
        Influence("resident.education", "work.incapacity_education_ratio"),
        Influence("resident.cognitive", "work.incapacity_cognitive_ratio"),
        Influence("resident.psychiatric", "work.incapacity_psychiatric_ratio", loop="scarcity"),
        Influence("resident.addiction", "work.incapacity_addiction_ratio", loop="scarcity"),
    ),
    doc="Becoming incapable of work (WIA, Wajong)",
)
RECOVERY = Event(
    "work.recovery",
    table="resident",
    base="work.recovery_rate",
    influences=(Influence("resident.psychiatric", "work.recovery_psychiatric_ratio", loop="employment"),),
    doc="Leaving an incapacity benefit and looking for work",
)


def log_cycle(ctx: Context) -> float:
    """Log of the state of the labour market: above 0 jobs are harder to find and keep (exogenous series).

    It is an offset to losing work and, below zero, to finding it.
    """
    return _log(ctx.values["work.cycle"])


def _alone(ctx: Context, event: Event, rows: Rows, share: float) -> Pieces:
    """Offset of an exit from assistance by piece of the clock, of who has the benefit alone.

    The mean ratio is 1 within each piece of the clock, not only over all recipients: with one normaliser for all,
    sorting would slow the exits of the long-term and speed those of the new, on top of what the hazards by spell
    already contain. Then comes the log of the ``share`` of this way out.
    """
    reference, clip = ctx.reference, ctx.values["kernel.hazard_clip"]
    common = reference.normaliser(ctx, event.name, event.index, rows, clip)
    own = []
    for number in range(len(EXIT_RATES)):
        name = f"{event.name}{_NUMBERED[number]}"
        here = rows
        if name not in reference.stored or reference.tracking:
            clock = ctx.world.resident.assistance_clock
            here = rows[clocks.piece_of(clock[rows], EDGES(ctx.values)) == number]
        own.append(reference.normaliser(ctx, name, event.index, here, clip))
    early, middle, late = own
    return (common - early) + share, (common - middle) + share, (common - late) + share


def _to_work(ctx: Context, rows: Rows) -> Pieces:
    """Offset of :data:`TO_WORK`: share of exits that go to work, and the cycle."""
    return _alone(ctx, TO_WORK, rows, _log(ctx.values["work.exit_work_share"]) - log_cycle(ctx))


class _Exits:
    """Offsets of both ways out of assistance, kept until a parameter or the reference is another."""

    def __init__(self) -> None:
        self._numbers: tuple[float, ...] = ()
        self._stored: dict[str, Any] | None = None
        self._known = 0
        self._calm: Calm | None = None  # mark of the months for which all of it holds without another look
        self._found: tuple[Pieces, Pieces] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without the mark, which belongs to one run."""
        return {**self.__dict__, "_calm": None}

    def known(self, ctx: Context) -> tuple[Pieces, Pieces] | None:
        """Offsets of :data:`TO_WORK` and of :data:`TO_OTHER` by piece of the clock, of who has the benefit alone.

        None while they are still to be measured.
        """
        calm, stored = ctx.calm, ctx.reference.stored
        if calm is not None and calm is self._calm:
            return self._found
        if (
            self._found is not None
            and _SHAPES(ctx.values) == self._numbers
            and stored is self._stored
            and len(stored) == self._known
            and not ctx.reference.tracking
        ):
            self._calm = calm
            return self._found
        return None

    def pieces(self, ctx: Context, rows: Rows) -> tuple[Pieces, Pieces]:
        """The same, measured if need be among ``rows``."""
        found = self.known(ctx)
        if found is not None:
            return found
        reference, numbers = ctx.reference, _SHAPES(ctx.values)
        stored = reference.stored
        to_other = _alone(ctx, TO_OTHER, rows, _log(1 - ctx.values["work.exit_work_share"]))
        to_work = _to_work(ctx, rows)
        measured = not reference.tracking and all(
            f"{event.name}{piece}" in stored for event in (TO_WORK, TO_OTHER) for piece in ("", *_NUMBERED)
        )
        self._numbers, self._stored, self._known = numbers, stored, len(stored)
        self._found = (to_work, to_other) if measured else None
        return to_work, to_other


EXITS = _Exits()


def to_work_offset(ctx: Context, rows: Rows, joint: NDArray[np.bool_]) -> Floats:
    """Offset of :data:`TO_WORK` for each of ``rows``, with couples on one benefit (``joint``)."""
    clock, offsets = ctx.world.resident.assistance_clock, np.empty(rows.size)
    exit_offsets(rows, clock, EDGES(ctx.values), _to_work(ctx, rows), HALF, joint, offsets)
    return offsets


def exits(ctx: Context, recipients: Rows) -> tuple[Rows, Floats, Floats]:
    """Partner on one benefit with each recipient, -1 if there is none, and offsets of both ways out, shape of input."""
    table, partner = ctx.world.resident, np.empty(recipients.size, dtype=np.int32)
    to_work, to_other = np.empty(recipients.size), np.empty(recipients.size)
    group_loops.exits(
        recipients, table.role, table.household, ctx.world.household.size, table.assistance_clock,
        EDGES(ctx.values), *EXITS.pieces(ctx, recipients), HALF, partner, to_work, to_other,
    )  # fmt: skip
    return partner, to_work, to_other


@lru_cache(maxsize=2**5)
def _log(share: float) -> float:
    """Log of a share that may be zero."""
    return float(np.log(max(share, _TINY)))


def wanting_after(ctx: Context, months: NDArray[np.int16]) -> Floats:
    """Share that wants to work among recipients after some months: they leave sooner, so the share falls."""
    value = ctx.values
    share, ratio = value["work.wants_share"], value["work.exit_wants_ratio"]
    middle, late = (value[name] for name in EXIT_EDGES)
    first, second, third = (value[name] / MONTHS_PER_YEAR for name in EXIT_RATES)
    spent = np.empty(months.size)
    months_spent(months, (middle, late), (first, second, third), spent)
    extra = spent * value["work.exit_work_share"] * (ratio - 1) / (share * ratio + 1 - share)
    odds = share * np.exp(-extra)
    return np.asarray(odds / (odds + 1 - share))


def entitled(ctx: Context, rows: Rows) -> tuple[Rows, Rows]:
    """Those of ``rows`` who can have assistance, and the partners who come onto it with them.

    Savings above the limit and a home of one's own with much of it paid off stand in the way (vermogenstoets,
    Participatiewet art. 34), and so does a partner in work, with a pension or an incapacity benefit (partnertoets); a
    partner without any income shares the benefit. Grown children at home have means of their own.
    """
    resident, household = ctx.world.resident, ctx.world.household
    # what a home is worth beyond its mortgage is not known, only that most have more in it than is exempt
    equity = ctx.draws.life("work.home_equity", household.uid.take(resident.household.take(rows)))
    lists = np.empty((len(("granted", "along")), rows.size), np.int32)
    number, others = means_tested(
        rows, resident.role, resident.household, household.head, resident.activity, household.tenure,
        household.savings, equity, lists, *_MEANS(ctx.values),
    )  # fmt: skip
    return lists[0, :number], lists[1, :others]
