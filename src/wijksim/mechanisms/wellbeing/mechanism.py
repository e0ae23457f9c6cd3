"""Wellbeing: six states of mind that relax to what life gives cause for.

All drivers count against the national reference, so that the national level holds for the country and districts
differ by who lives there and what happens to them. Weights are per standard deviation of the driver; for a driver
that is there or not, with prevalence p, that is the difference between the two groups times ``sqrt(p (1 - p))``.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.mechanisms.wellbeing.driver_loops import of_households, of_residents, remember
from wijksim.mechanisms.wellbeing.shared import SharedRelax, Together
from wijksim.state.codes import Activity, Education, HouseholdType, Tenure
from wijksim.state.column import Column
from wijksim.state.row_loops import write_same
from wijksim.state.table import Rows
from wijksim.state.world import World

WITHOUT_WORK = (int(Activity.UNEMPLOYED), int(Activity.ASSISTANCE))
IN_WORK = (int(Activity.EMPLOYED), int(Activity.BASIC_JOB))
_QUEUE, _OPEN = 1, 2  # stages of resident.case
_TURN = np.zeros(len(Activity), dtype=np.float32)  # what it means to have taken up an activity
_TURN[list(IN_WORK)], _TURN[list(WITHOUT_WORK)] = 1, -1
_SHARES = np.isin(np.arange(len(HouseholdType)), [HouseholdType.COUPLE, HouseholdType.FAMILY])  # by type
_ORDER = 2  # stage of household.eviction_stage: the court has ordered it


def _share(attribute: str, doc: str) -> Column:
    """Column of residents that runs from 0 to 1."""
    return Column(f"resident.{attribute}", np.float32, "share", doc, low=0, high=1)


class _Numbers(NamedTuple):
    """Numbers of the drivers, as :func:`of_households` and :func:`of_residents` take them.

    Attributes
    ----------
    homes
        Least income that counts, how far changes of money count, months over which they do, where arrears count in full
        and spare rooms begin to, what neighbours remember of evictions after a month, and the stage of an order.
    people
        How far changes of money count, where waiting and a steady worker count in full, and the stages of a case.
    """

    homes: tuple[float, float, float, float, float, float, int]
    people: tuple[float, float, float, int, int]


@Kept
def _numbers(values: dict[str, float]) -> _Numbers:
    bound = values["wellbeing.change_bound"]
    return _Numbers(
        (
            values["wellbeing.income_floor"], bound, MONTHS_PER_YEAR, values["wellbeing.arrears_full"],
            values["wellbeing.ample"], 2 ** (-1 / values["wellbeing.eviction_memory"]), _ORDER,
        ),
        (bound, values["wellbeing.waiting_full"], values["wellbeing.continuity_full"], _QUEUE, _OPEN),
    )  # fmt: skip


type _Given = tuple[NDArray[Any], ...]


def _room(world: World) -> tuple[_Given, _Given, NDArray[np.float32], Rows]:
    """What :func:`of_households` and :func:`of_residents` take last; changes of income, and who is listed."""
    household, resident, entrance = world.household, world.resident, world.entrance
    change, fresh = np.empty(household.size, np.float32), np.empty(resident.size + 1, np.int32)
    homes = (
        household.income, household.debt, household.housing_cost, household.income_memory, household.debt_memory,
        household.arrears, household.burden, household.debt_change, household.behind, _SHARES, household.type,
        household.persons, household.dwelling, world.dwelling.rooms, household.room_misfit, household.eviction_stage,
        household.entrance, entrance.dwellings, entrance.evictions, change,
    )  # fmt: skip
    people = (
        _TURN, resident.alive, resident.activity_since, resident.activity, resident.work_change, resident.case,
        resident.case_since, resident.worker, resident.worker_since, resident.waiting, resident.continuity,
        resident.settled, household.income_change, change, fresh,
    )  # fmt: skip
    return homes, people, change, fresh


@MECHANISMS.register
class Wellbeing(Mechanism):
    """Stress, trust, perspective, satisfaction and self-reliance (welbevinden)."""

    name = "wellbeing"
    owns = (
        _share("stress", "Stress, as the chance of psychological distress"),
        _share("trust", "Trust in institutions (vertrouwen in instanties)"),
        _share("perspective", "Confidence in the own future (toekomstperspectief)"),
        _share("satisfaction", "Satisfaction with the neighbourhood (woonomgeving)"),
        _share("satisfaction_home", "Satisfaction with the dwelling (woning)"),
        _share("self_reliance", "Self-reliance (zelfredzaamheid)"),
        Column(
            "resident.work_change",
            np.float32,
            "-",
            "Found work (1) or lost it (-1) in the last twelve months",
            low=-1,
            high=1,
        ),
        _share("waiting", "Waits for help, 1 from so many months on (wachtlijst)"),
        _share("continuity", "Has had the same worker, 1 from so many months on (vaste hulpverlener)"),
        Column(
            "resident.settled", np.bool_, "-", "States follow the own circumstances: not yet, for a newcomer"
        ),
        Column("household.income_memory", np.float64, "EUR/month", "Income of about a year ago"),
        Column("household.debt_memory", np.float64, "EUR", "Debt of about a year ago"),
        Column("household.income_change", np.float32, "log ratio", "Income against that of about a year ago"),
        Column("household.debt_change", np.float32, "years of income", "Debt less that of about a year ago"),
        Column("household.behind", np.float32, "share", "Arrears, 1 from so many months on", low=0, high=1),
        Column(
            "household.burden", np.float32, "share", "Housing cost as a share of income (woonquote)", low=0
        ),
        Column(
            "household.room_misfit", np.float32, "rooms", "Rooms too few, or half of those too many", low=0
        ),
        Column(
            "entrance.evictions",
            np.float32,
            "per dwelling",
            "Eviction orders among neighbours, remembered",
            low=0,
        ),
    )
    reads = (
        "resident.activity", "resident.activity_since", "resident.education", "resident.cognitive",
        "resident.dutch", "resident.basic_skills", "resident.frailty", "resident.psychiatric",
        "resident.addiction", "resident.need", "resident.lonely", "resident.support",
        "resident.knows_neighbours", "resident.contact_quality", "entrance.cohesion", "resident.case",
        "resident.case_since", "resident.worker", "resident.worker_since", "resident.need_met",
        "household.income", "household.housing_cost", "household.poor", "household.problem_debt",
        "household.arrears", "household.debt", "household.eviction_stage", "household.exposure",
        "household.nuisance_often", "entrance.disorder", "household.persons", "household.type",
        "household.tenure", "dwelling.rooms", "resident.victim_memory", "resident.felt_safety",
        "resident.broken_promise", "resident.watched",
    )  # fmt: skip
    lagged = ("dwelling.quality",)

    stress = SharedRelax(
        "resident.stress",
        half_life="wellbeing.stress_half_life",
        level="wellbeing.stress_level",
        influences=(
            Influence(
                "resident.activity", "wellbeing.stress_without_work", loop="scarcity", equals=WITHOUT_WORK
            ),
            Influence("household.problem_debt", "wellbeing.stress_problem_debt", loop="scarcity"),
            Influence("household.behind", "wellbeing.stress_arrears", loop="scarcity"),
            Influence("household.poor", "wellbeing.stress_poor", loop="scarcity"),
            Influence("household.exposure", "wellbeing.stress_nuisance", loop="concentration"),
            Influence("resident.lonely", "wellbeing.stress_lonely", loop="ties"),
            Influence("resident.support", "wellbeing.stress_support", loop="support"),
            Influence("resident.need", "wellbeing.stress_need"),
            Influence("resident.need_met", "wellbeing.stress_need_met", loop="firefighting"),
            Influence("resident.psychiatric", "wellbeing.stress_psychiatric"),
            Influence("resident.victim_memory", "wellbeing.stress_victim", loop="street"),
        ),
        doc="Stress follows money, work, nuisance, loneliness and whether help comes",
    )
    trust = SharedRelax(
        "resident.trust",
        half_life="wellbeing.trust_half_life",
        level="wellbeing.trust_level",
        influences=(
            Influence("resident.waiting", "wellbeing.trust_waiting", loop="trust"),
            Influence("resident.continuity", "wellbeing.trust_continuity", loop="trust"),
            Influence("resident.need_met", "wellbeing.trust_need_met", loop="trust"),
            Influence("entrance.evictions", "wellbeing.trust_evictions", loop="trust"),
            Influence("resident.broken_promise", "wellbeing.trust_promise", loop="trust", per_unit=True),
            Influence("resident.watched", "wellbeing.trust_watched", per_unit=True),
            Influence("household.nuisance_often", "wellbeing.trust_nuisance", loop="concentration"),
            Influence("entrance.disorder", "wellbeing.trust_disorder", loop="street"),
            Influence("household.poor", "wellbeing.trust_poor", loop="scarcity"),
            Influence("resident.education", "wellbeing.trust_education", equals=int(Education.HIGHER)),
        ),
        doc="Trust grows where promises are kept and workers stay, and is lost by waiting and broken promises",
    )
    perspective = SharedRelax(
        "resident.perspective",
        half_life="wellbeing.perspective_half_life",
        level="wellbeing.perspective_level",
        influences=(
            Influence("household.income_change", "wellbeing.perspective_income", loop="scarcity"),
            Influence("household.debt_change", "wellbeing.perspective_debt", loop="scarcity"),
            Influence("resident.work_change", "wellbeing.perspective_turn", loop="employment"),
            Influence("resident.activity", "wellbeing.perspective_work", loop="employment", equals=IN_WORK),
            Influence("resident.stress", "wellbeing.perspective_stress", loop="scarcity"),
        ),
        doc="The future looks the way the last twelve months went",
    )
    satisfaction = SharedRelax(
        "resident.satisfaction",
        half_life="wellbeing.satisfaction_half_life",
        level="wellbeing.satisfaction_level",
        influences=(
            Influence("household.nuisance_often", "wellbeing.satisfaction_nuisance", loop="concentration"),
            Influence("entrance.disorder", "wellbeing.satisfaction_disorder", loop="street"),
            Influence("entrance.cohesion", "wellbeing.satisfaction_cohesion", loop="ties"),
            Influence("resident.knows_neighbours", "wellbeing.satisfaction_knows", loop="ties"),
            Influence("resident.contact_quality", "wellbeing.satisfaction_quality", loop="ties"),
            Influence("resident.felt_safety", "wellbeing.satisfaction_safety", loop="street"),
        ),
        doc="Satisfaction with the neighbourhood follows nuisance, disorder and how people get on",
    )
    satisfaction_home = SharedRelax(
        "resident.satisfaction_home",
        half_life="wellbeing.satisfaction_home_half_life",
        level="wellbeing.satisfaction_home_level",
        influences=(
            Influence("dwelling.quality", "wellbeing.home_quality"),
            Influence("household.room_misfit", "wellbeing.home_misfit"),
            Influence("household.burden", "wellbeing.home_burden", loop="scarcity"),
            Influence("household.tenure", "wellbeing.home_owner", equals=int(Tenure.OWNER)),
            Influence("household.exposure", "wellbeing.home_nuisance", loop="concentration"),
        ),
        doc="Satisfaction with the dwelling follows its quality, fit and cost",
    )
    self_reliance = SharedRelax(
        "resident.self_reliance",
        half_life="wellbeing.self_reliance_half_life",
        level="wellbeing.self_reliance_level",
        influences=(
            Influence("resident.cognitive", "wellbeing.reliance_cognitive"),
            Influence("resident.dutch", "wellbeing.reliance_language"),
            Influence("resident.basic_skills", "wellbeing.reliance_skills"),
            Influence("resident.psychiatric", "wellbeing.reliance_psychiatric"),
            Influence("resident.addiction", "wellbeing.reliance_addiction"),
            Influence("resident.frailty", "wellbeing.reliance_frailty"),
            Influence("resident.stress", "wellbeing.reliance_stress", loop="scarcity"),
            Influence("resident.need_met", "wellbeing.reliance_need_met", loop="firefighting"),
            Influence("resident.support", "wellbeing.reliance_support", loop="support"),
        ),
        doc="Self-reliance rests on capacities, is eaten by stress and held up by help",
    )

    # stress first, as others depend on it
    moving = Together((stress,), (trust, perspective, satisfaction, satisfaction_home, self_reliance))

    def __init__(self) -> None:
        self._room = KeptColumns(_room, "resident", "household", "dwelling", "entrance")

    def setup(self, ctx: Context) -> None:
        """Start with nothing changed in the last year, and every state at its target."""
        household = ctx.world.household
        household.income_memory[:], household.debt_memory[:] = household.income, household.debt
        self._drivers(ctx, fraction=0.0)
        for state in self.states():
            state.settle(ctx)

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers come in at the national level; a household begins a memory of its own.

        At the next :meth:`step`, which computes the targets of everybody anyway, newcomers go to what their
        circumstances give cause for: to compute those for a handful of people would cost as much as for all,
        and it is only then that it is known what their home, debts and neighbours are like.
        """
        del how
        if table == "household":
            household = ctx.world.household
            remember(rows, household.income, household.debt, household.income_memory, household.debt_memory)
        elif table == "resident":
            write_same(*ctx.world.resident.lines(_STATES), rows, _national(ctx.values))

    def step(self, ctx: Context) -> None:
        """Bring the drivers up to date, then move every state."""
        self.moving.step(ctx, self._drivers(ctx, fraction=1 / MONTHS_PER_YEAR))

    def _drivers(self, ctx: Context, *, fraction: float) -> Rows:
        """Bring up to date what drives the states; return newcomers since the last time, who are settled from now on.

        Income and debt are compared with an exponential memory that is twelve months old on average. Rooms that fit
        are one to live in, and one for each member, a couple sharing. Neighbours remember an eviction order as long
        as they would anything else that costs trust. Residents know how long they have been waiting, or have had the
        same worker.
        """
        (homes, people), (of_homes, of_people, change, fresh) = _numbers(ctx.values), self._room(ctx.world)
        of_households(fraction, *homes, *of_homes)
        np.log(change, out=change)
        count = of_residents(ctx.month, ctx.month - MONTHS_PER_YEAR, *people, *of_people)
        return fresh[:count]


_STATES = tuple([state.attribute for state in Wellbeing.states()])
_LEVELS = itemgetter(*[state.level for state in Wellbeing.states()])


@Kept
def _national(values: dict[str, float]) -> NDArray[np.float32]:
    """Values of ``_STATES`` at the national level."""
    return np.array(_LEVELS(values), np.float32)
