"""Wellbeing: six states of mind that relax to what life gives cause for.

All drivers count against the national reference, so that the national level holds for the country and districts
differ by who lives there and what happens to them. Weights are per standard deviation of the driver; for a driver
that is there or not, with prevalence p, that is the difference between the two groups times ``sqrt(p (1 - p))``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import Relax, logistic, logit
from wijksim.state.codes import Activity, Education, HouseholdType, Tenure
from wijksim.state.column import Column
from wijksim.state.structure import REACH
from wijksim.state.table import Rows

WITHOUT_WORK = (int(Activity.UNEMPLOYED), int(Activity.ASSISTANCE))
IN_WORK = (int(Activity.EMPLOYED), int(Activity.BASIC_JOB))
_QUEUE, _OPEN = 1, 2  # stages of resident.case
_ORDER = 2  # stage of household.eviction_stage: the court has ordered it


class SharedRelax(Relax):
    """A state of residents whose drivers are added up where they live, and handed down once.

    Half of the drivers are facts about a household, an entrance or a dwelling. Summed up per household and per
    entrance first, they cost a gather in all and not a gather each. The result is the same as of ``Relax``.
    """

    def target(self, ctx: Context, rows: Rows | slice = slice(None)) -> NDArray[Any]:
        """Value to which the state moves; the quick way for the whole column.

        The sum of the drivers is kept within a bound, as that of an event is: a rare driver has a small
        standard deviation, and several at once would leave no doubt about anybody.
        """
        if isinstance(rows, slice) and rows == slice(None):
            total = self._whole(ctx)
        else:
            size = np.arange(ctx.world.tables[self.table].size)[rows].size
            total = np.zeros(size, dtype=np.float32) + self.index.at(ctx, rows)
        bound = ctx.values["wellbeing.index_bound"]
        np.clip(total, -bound, bound, out=total)
        total += np.float32(logit(ctx.values[self.level]))
        return logistic(total)

    def _whole(self, ctx: Context) -> NDArray[np.float32]:
        constant = 0.0
        sums: dict[str, NDArray[np.float32]] = {}
        for influence in self.index.influences:
            mean, deviation = ctx.reference.moments(ctx, self.index.owner, self.table, influence)
            factor = ctx.values[influence.weight] / deviation if deviation > 0 else 0.0
            if factor == 0:
                continue
            constant -= mean * factor
            self._add(ctx, sums, influence, np.float32(factor))
        total = self._handed_down(ctx, sums)
        total += np.float32(constant)
        return total

    def _add(
        self, ctx: Context, sums: dict[str, NDArray[np.float32]], influence: Influence, factor: np.float32
    ) -> None:
        """Add one driver to the sum of its table; the last place is for rows that have no such link."""
        source = influence.column.split(".")[0]
        table = ctx.world.tables[source]
        if source not in sums:
            sums[source] = np.zeros(table.size + 1, dtype=np.float32)
        values = influence.values(ctx, source, slice(None))
        sums[source][:-1] += np.multiply(values, factor, dtype=np.float32, casting="unsafe")
        if source != self.table:
            default = ctx.world.declaration(influence.column).default
            codes = influence.equals if isinstance(influence.equals, tuple) else (influence.equals,)
            sums[source][-1] += factor * (default if influence.equals is None else default in codes)

    def _handed_down(self, ctx: Context, sums: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        world = ctx.world
        household = sums.pop("household", None)
        for source in [name for name in sums if name in ("dwelling", "entrance", "district")]:
            link = world.household[REACH["household", source]]
            part = sums.pop(source).take(link, mode="wrap")
            if household is None:
                household = np.zeros(world.household.size + 1, dtype=np.float32)
            household[:-1] += part
        total = sums.pop("resident", None)
        result = np.zeros(world.resident.size, dtype=np.float32) if total is None else total[:-1]
        if household is not None:
            result += household.take(world.resident.household, mode="wrap")
        return result


@MECHANISMS.register
class Wellbeing(Mechanism):
    """Stress, trust, perspective, satisfaction and self-reliance (welbevinden)."""

    name = "wellbeing"
    owns = (
        Column(
            "resident.stress",
            np.float32,
            "share",
            "Stress, as the chance of psychological distress",
            low=0,
            high=1,
        ),
        Column(
            "resident.trust",
            np.float32,
            "share",
            "Trust in institutions (vertrouwen in instanties)",
            low=0,
            high=1,
        ),
        Column(
            "resident.perspective",
            np.float32,
            "share",
            "Confidence in the own future (toekomstperspectief)",
            low=0,
            high=1,
        ),
        Column(
            "resident.satisfaction",
            np.float32,
            "share",
            "Satisfaction with the neighbourhood (woonomgeving)",
            low=0,
            high=1,
        ),
        Column(
            "resident.satisfaction_home",
            np.float32,
            "share",
            "Satisfaction with the dwelling (woning)",
            low=0,
            high=1,
        ),
        Column(
            "resident.self_reliance", np.float32, "share", "Self-reliance (zelfredzaamheid)", low=0, high=1
        ),
        Column(
            "resident.work_change",
            np.float32,
            "-",
            "Found work (1) or lost it (-1) in the last twelve months",
            low=-1,
            high=1,
        ),
        Column(
            "resident.waiting",
            np.float32,
            "share",
            "Waits for help, 1 from so many months on (wachtlijst)",
            low=0,
            high=1,
        ),
        Column(
            "resident.continuity",
            np.float32,
            "share",
            "Has had the same worker, 1 from so many months on (vaste hulpverlener)",
            low=0,
            high=1,
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
        "resident.language", "resident.skills", "resident.frailty", "resident.psychiatric",
        "resident.addiction", "resident.need", "resident.lonely", "resident.support",
        "resident.knows_neighbours", "resident.contact_quality", "entrance.cohesion", "resident.case",
        "resident.case_since", "resident.worker", "resident.worker_since", "resident.need_met",
        "household.income", "household.housing_cost", "household.poor", "household.problem_debt",
        "household.arrears", "household.debt", "household.eviction_stage", "household.exposure",
        "household.nuisance_often", "entrance.disorder", "household.persons", "household.type",
        "household.tenure", "dwelling.rooms",
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
            Influence("household.nuisance_often", "wellbeing.trust_nuisance", loop="concentration"),
            Influence("entrance.disorder", "wellbeing.trust_disorder", loop="street"),
            Influence("household.poor", "wellbeing.trust_poor", loop="scarcity"),
            Influence("resident.education", "wellbeing.trust_education", equals=int(Education.HIGHER)),
        ),
        doc="Trust grows where promises are kept and workers stay, and is lost by waiting",
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
            Influence("resident.language", "wellbeing.reliance_language"),
            Influence("resident.skills", "wellbeing.reliance_skills"),
            Influence("resident.psychiatric", "wellbeing.reliance_psychiatric"),
            Influence("resident.addiction", "wellbeing.reliance_addiction"),
            Influence("resident.frailty", "wellbeing.reliance_frailty"),
            Influence("resident.stress", "wellbeing.reliance_stress", loop="scarcity"),
            Influence("resident.need_met", "wellbeing.reliance_need_met", loop="firefighting"),
            Influence("resident.support", "wellbeing.reliance_support", loop="support"),
        ),
        doc="Self-reliance rests on capacities, is eaten by stress and held up by help",
    )

    def setup(self, ctx: Context) -> None:
        """Start with nothing changed in the last year, and every state at its target."""
        household = ctx.world.household
        household.income_memory[:] = household.income
        household.debt_memory[:] = household.debt
        self._drivers(ctx, fraction=0.0)
        for state in self.states():
            state.settle(ctx)

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers feel what their circumstances give cause for; a household begins a memory of its own."""
        del how
        if table == "household":
            household = ctx.world.household
            household.income_memory[rows] = household.income[rows]
            household.debt_memory[rows] = household.debt[rows]
        elif table == "resident":
            for state in self.states():
                state.settle(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Bring the drivers up to date, then move every state; stress first, as others depend on it."""
        self._drivers(ctx, fraction=1 / MONTHS_PER_YEAR)
        for state in self.states():
            state.step(ctx)

    def _drivers(self, ctx: Context, *, fraction: float) -> None:
        self._money(ctx, fraction)
        self._home(ctx)
        self._work(ctx)
        self._help(ctx)
        self._evictions(ctx)

    def _money(self, ctx: Context, fraction: float) -> None:
        """Compare income and debt with an exponential memory that is twelve months old on average."""
        household, values = ctx.world.household, ctx.values
        income, memory = household.income, household.income_memory
        unknown = memory <= 0
        memory[unknown] = income[unknown]
        memory += (income - memory) * fraction
        debts = household.debt_memory
        debts += (household.debt - debts) * fraction
        floor = values["wellbeing.income_floor"]
        now = np.maximum(income, floor)
        bound = values["wellbeing.change_bound"]
        change = np.log((now / np.maximum(memory, floor)).astype(np.float32))
        household.income_change[:] = np.clip(change, -bound, bound)
        owed = (household.debt - debts) / (now * MONTHS_PER_YEAR)
        household.debt_change[:] = np.clip(owed, -bound, bound)
        household.burden[:] = np.clip(household.housing_cost / now, 0, 1)
        full = np.float32(values["wellbeing.arrears_full"])
        np.minimum(household.arrears / full, 1, out=household.behind)

    def _home(self, ctx: Context) -> None:
        """Rooms that fit: one to live in, and one for each member, a couple sharing."""
        household = ctx.world.household
        couple = (household.type == HouseholdType.COUPLE) | (household.type == HouseholdType.FAMILY)
        wanted = household.persons + 1 - couple
        rooms = ctx.world.dwelling.rooms.take(household.dwelling, mode="clip")
        spare = rooms - wanted.astype(np.float32)
        spare[household.dwelling < 0] = 0
        ample = np.float32(ctx.values["wellbeing.ample"])
        household.room_misfit[:] = np.where(spare < 0, -spare, np.maximum(spare - ample, 0) / 2)

    def _work(self, ctx: Context) -> None:
        resident = ctx.world.resident
        change = resident.work_change
        change[:] = 0
        recent = np.flatnonzero(resident.alive & (resident.activity_since > ctx.month - MONTHS_PER_YEAR))
        now = resident.activity[recent]
        change[recent] = np.isin(now, IN_WORK).astype(np.float32) - np.isin(now, WITHOUT_WORK)

    def _help(self, ctx: Context) -> None:
        """How long somebody has been waiting, or has had the same worker; nobody else is touched."""
        resident, values = ctx.world.resident, ctx.values
        resident.waiting[:] = 0
        resident.continuity[:] = 0
        known = np.flatnonzero(resident.case)
        stage = resident.case[known]
        queued = known[stage == _QUEUE]
        months = ctx.month - resident.case_since[queued]
        resident.waiting[queued] = np.clip(months / values["wellbeing.waiting_full"], 0, 1)
        served = known[(stage == _OPEN) & (resident.worker[known] >= 0)]
        months = ctx.month - resident.worker_since[served]
        resident.continuity[served] = np.clip(months / values["wellbeing.continuity_full"], 0, 1)

    def _evictions(self, ctx: Context) -> None:
        """Neighbours remember an eviction order as long as they would anything else that costs trust."""
        entrance, household = ctx.world.entrance, ctx.world.household
        memory = entrance.evictions
        memory *= np.float32(2 ** (-1 / ctx.values["wellbeing.eviction_memory"]))
        ordered = np.flatnonzero(household.eviction_stage == _ORDER)
        if ordered.size:
            place = household.entrance[ordered]
            count = np.bincount(place[place >= 0], minlength=entrance.size)
            share = (count / np.maximum(entrance.dwellings, 1)).astype(np.float32)
            np.maximum(memory, share, out=memory)
