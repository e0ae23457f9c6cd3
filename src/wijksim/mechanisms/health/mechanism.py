"""Severe psychiatric problems, addiction, crises that repeat, and the need for support that follows from them."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.health import need, start
from wijksim.mechanisms.health.chance_loops import at_risk, reported, troubled
from wijksim.mechanisms.health.columns import COLUMNS
from wijksim.mechanisms.health.room import room
from wijksim.mechanisms.health.self_exciting import SelfExciting, branching_ratio, retention
from wijksim.mechanisms.health.staged import StagedEvent, Together
from wijksim.state.codes import Activity
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_WITHOUT_WORK = (
    int(Activity.UNEMPLOYED),
    int(Activity.ASSISTANCE),
    int(Activity.INCAPACITY),
    int(Activity.OTHER),
)
_STRESS = "resident.stress"
_UNSETTLED = "health.unsettled"

_CRISIS_DRIVERS = (
    Influence(_STRESS, "health.crisis_hr_stress", loop="scarcity"),
    Influence("resident.unmet_need", "health.crisis_hr_unmet", loop="firefighting"),
    Influence("resident.support", "health.crisis_hr_support", loop="support"),
    Influence("resident.frailty", "health.crisis_hr_frailty"),
    Influence("resident.addiction", "health.crisis_hr_addiction"),
    Influence("resident.reached", "health.prevention_ratio", loop="firefighting"),
    Influence("resident.crisis_unserved", "health.crisis_hr_unserved", loop="firefighting"),
)


class _Pace(NamedTuple):
    """Part of the way that need goes in a month, and what passes over crises and homes take of parameters.

    These are ages between which one is young and what is kept of memories of crises; and what is kept of those of
    violence and the stage from which an eviction is imminent: bounds are whole, as ages and stages are.
    """

    need: float
    crises: tuple[int, int, float, float, int]


@Kept
def _pace(values: dict[str, float]) -> _Pace:
    return _Pace(
        step_fraction(values["health.need_half_life"]),
        (
            ceil(values["health.youth_from"]), floor(values["health.youth_to"]),
            retention(values["health.crisis_half_life"]), retention(values["health.violence_half_life"]),
            ceil(values["health.eviction_crisis_stage"]),
        ),
    )  # fmt: skip


@MECHANISMS.register
class Health(Mechanism):
    """Onset, relapse and recovery, and crises as an additive self-exciting process (HEA-14 to HEA-16, PAT-14)."""

    name = "health"
    owns = COLUMNS
    reads = (
        "resident.activity",
        "household.problem_debt",
        "household.eviction_stage",
        "household.children",
    )
    lagged = (
        "resident.stress",
        "resident.self_reliance",
        "resident.support",
        "resident.help_effect",
        "resident.need_met",
        "resident.reached",
        "resident.crisis_unserved",
        "household.debt_help",
    )

    onset = StagedEvent(
        "health.psychiatric_onset",
        table="resident",
        base="health.psychiatric_onset_rate",
        influences=(
            Influence(_STRESS, "health.onset_hr_stress", loop="scarcity"),
            Influence("resident.frailty", "health.onset_hr_frailty"),
            Influence(
                "resident.activity", "health.onset_hr_no_work", loop="employment", equals=_WITHOUT_WORK
            ),
            Influence("resident.addiction", "health.onset_hr_addiction"),
        ),
        doc="An adult comes to have severe psychiatric problems (EPA)",
    )
    relapse = StagedEvent(
        "health.psychiatric_relapse",
        table="resident",
        base="health.psychiatric_relapse_rate",
        influences=(
            Influence(_STRESS, "health.onset_hr_stress", loop="scarcity"),
            Influence("resident.need_met", "health.relapse_hr_care", loop="firefighting"),
            Influence("resident.support", "health.crisis_hr_support", loop="support"),
        ),
        doc="Stabilised severe psychiatric problems flare up; twice as often without support (HEA-25)",
    )
    stabilise = StagedEvent(
        "health.psychiatric_stabilise",
        table="resident",
        base="health.psychiatric_stabilise_rate",
        influences=(Influence("resident.need_met", "health.stabilise_hr_care", loop="firefighting"),),
        doc="A relapse is over",
    )
    recovery = StagedEvent(
        "health.psychiatric_recovery",
        table="resident",
        base="health.psychiatric_recovery_rate",
        influences=(
            Influence("resident.need_met", "health.recovery_hr_care", loop="firefighting"),
            Influence(
                "resident.activity",
                "health.recovery_hr_work",
                loop="employment",
                equals=(int(Activity.EMPLOYED), int(Activity.BASIC_JOB)),
            ),
        ),
        doc="Lasting functional recovery from severe psychiatric problems (HEA-24)",
    )
    addiction_onset = StagedEvent(
        "health.addiction_onset",
        table="resident",
        base="health.addiction_onset_rate",
        influences=(
            Influence(_STRESS, "health.onset_hr_stress", loop="scarcity"),
            Influence("resident.frailty", "health.onset_hr_frailty"),
            Influence(
                "resident.activity", "health.onset_hr_no_work", loop="employment", equals=_WITHOUT_WORK
            ),
            Influence("resident.psychiatric", "health.onset_hr_psychiatric"),
        ),
        doc="An adult becomes addicted, for the first time or after lasting recovery",
    )
    addiction_relapse = StagedEvent(
        "health.addiction_relapse",
        table="resident",
        base="health.addiction_relapse_rate",
        influences=(
            Influence(_STRESS, "health.onset_hr_stress", loop="scarcity"),
            Influence("resident.support", "health.crisis_hr_support", loop="support"),
        ),
        doc="Somebody who had stopped is addicted again",
    )
    addiction_remission = StagedEvent(
        "health.addiction_remission",
        table="resident",
        base="health.addiction_remission_rate",
        influences=(Influence("resident.need_met", "health.recovery_hr_care", loop="firefighting"),),
        doc="An addicted resident stops",
    )
    addiction_lasting = StagedEvent(
        "health.addiction_lasting",
        table="resident",
        base="health.addiction_lasting_rate",
        doc="Remission becomes lasting recovery",
    )
    crisis_psychiatric = SelfExciting(
        "health.crisis_psychiatric",
        table="resident",
        base="health.crisis_rate_psychiatric",
        memory="resident.crisis_memory",
        excitation="health.crisis_excitation",
        influences=(*_CRISIS_DRIVERS, Influence("resident.unstable", "health.crisis_hr_unstable")),
        doc="Incident of confused behaviour (verward gedrag) of a resident with severe psychiatric problems",
    )
    crisis_other = SelfExciting(
        "health.crisis_other",
        table="resident",
        base="health.crisis_rate_other",
        memory="resident.crisis_memory",
        excitation="health.crisis_excitation",
        influences=_CRISIS_DRIVERS,
        doc="The same of any other adult",
    )
    admission = StagedEvent(
        "health.admission",
        table="resident",
        base="health.admission_rate",
        influences=(Influence("resident.crises", "health.admission_hr_crisis"),),
        doc="Admission to a psychiatric hospital of a resident in relapse, voluntary or not (opname)",
    )
    violence = SelfExciting(
        "health.violence",
        table="household",
        base="health.violence_rate",
        memory="household.violence_memory",
        excitation="health.violence_excitation",
        influences=(
            Influence(_STRESS, "health.violence_hr_stress", loop="scarcity"),
            Influence("household.problem_debt", "health.violence_hr_debt", loop="scarcity"),
            Influence("resident.addiction", "health.violence_hr_addiction"),
        ),
        doc="Violence at home (huiselijk geweld) that calls for help, in a household with children",
    )
    youth_crisis = Event(
        "health.youth_crisis",
        table="resident",
        base="health.youth_crisis_rate",
        influences=(
            Influence("household.violence_memory", "health.youth_hr_violence"),
            Influence("household.problem_debt", "health.youth_hr_debt", loop="scarcity"),
            Influence("resident.frailty", "health.crisis_hr_frailty"),
        ),
        doc="A youth runs away, is expelled or otherwise needs somebody at once",
    )
    debt_crisis = StagedEvent(
        "health.debt_crisis",
        table="household",
        base="health.debt_crisis_rate",
        influences=(Influence("household.debt_help", "health.debt_crisis_hr_help", loop="firefighting"),),
        doc="Cut-off of energy or water, or seizure, that cannot wait (crisisinterventie schuldhulp)",
    )

    illness = Together(onset, stabilise, recovery, relapse, sieved=0, problems=("psychiatric", "psychiatric"))
    dependence = Together(
        addiction_onset, addiction_remission, addiction_lasting, addiction_relapse,
        sieved=0, problems=("addiction", "addiction_past"),
    )  # fmt: skip
    crisis = Together(crisis_psychiatric, crisis_other, sieved=1, problems=("psychiatric", "psychiatric"))
    household_crisis = Together(violence, debt_crisis)

    def __init__(self) -> None:
        self._room = KeptColumns(room, "resident", "household")

    def setup(self, ctx: Context) -> None:
        """Give problems to those who bear them, unless the builder did; memories from the base rates.

        Need follows in the first month, when the states that it depends on have been set by their owners.
        """
        table, values = ctx.world.resident, ctx.values
        adults = self._adults(ctx)
        for column in ("psychiatric", "addiction"):
            if not table[column].any():
                share = values[f"health.{column}_share"]
                table[column][start.bearers(ctx, adults, column, share=share)] = True
        relapse, stabilise = (
            values["health.psychiatric_relapse_rate"],
            values["health.psychiatric_stabilise_rate"],
        )
        ill = table.psychiatric.nonzero()[0]
        draw = ctx.draws.life("health.unstable_start", table.uid[ill])
        table.unstable[ill[draw < relapse / (relapse + stabilise)]] = True
        start.past_addiction(ctx, adults)
        start.remember_crises(ctx, adults)
        ctx.world.household.eviction_seen[:] = ctx.world.household.eviction_stage
        ctx.world.stores[_UNSETTLED] = True

    @only(("household", "arrived"), ("resident", "arrived"), ("resident", "born"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers arrive with the need that goes with their problems; nothing else is remembered here."""
        if table == "household":
            # a pool may bring households in a procedure, which then did not begin here
            ctx.world.household.eviction_seen[rows] = ctx.world.household.eviction_stage[rows]
            return
        resident = ctx.world.resident
        if how == "born":
            # need, of which minors have none of their own, is 0 in every new row
            resident.psychiatric[rows] = False
            resident.addiction[rows] = False
            return
        need.settle(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Illness, addiction, need, then crises on the need of this month."""
        laid, pace = self._room(ctx.world), _pace(ctx.values)
        first, second, third, fourth, _ = laid.lines
        a, b, c, d = at_risk(*laid.risk)
        self._psychiatric(ctx, first[:a], second[:b])
        self._addiction(ctx, third[:c], fourth[:d])
        settled = not ctx.world.stores.pop(_UNSETTLED, False)
        need.follow(ctx, pace.need if settled else 1.0, laid.need)
        a, b, c, longest, families, indebted, longest_at_home = troubled(*pace.crises, *laid.crises)
        self._crises(ctx, first[:a], longest)
        self._admissions(ctx, second[:b])
        at_home, in_debt = laid.home_lines
        self._households(ctx, at_home[:families], in_debt[:indebted], longest_at_home)
        runaways = self.youth_crisis.draw(ctx, third[:c])
        if runaways.size:
            ctx.world.resident.youth_crisis[runaways] = True

    # ---------------------------------------------------------------- parts of the month
    def _adults(self, ctx: Context) -> Rows:
        table = ctx.world.resident
        return (table.alive & (table.age >= ADULT_AGE)).nonzero()[0].astype(np.int32)

    def _psychiatric(self, ctx: Context, unstable: Rows, stable: Rows) -> None:
        table = ctx.world.resident
        psychiatric = table.psychiatric
        fresh, calmed, recovered, flared = self.illness.draw(ctx, table.rows, unstable, stable, stable)
        if calmed.size:
            table.unstable[calmed] = False
        if recovered.size:
            psychiatric[recovered] = False
        for struck in (flared, fresh):
            if struck.size:
                psychiatric[struck] = True
                table.unstable[struck] = True

    def _addiction(self, ctx: Context, addicts: Rows, former: Rows) -> None:
        table = ctx.world.resident
        active, past = table.addiction, table.addiction_past
        fresh, stopped, lasting, again = self.dependence.draw(ctx, table.rows, addicts, former, former)
        if stopped.size:
            active[stopped] = False
            past[stopped] = True
        if lasting.size:
            past[lasting] = False
        if again.size:
            past[again] = False
            active[again] = True
        if fresh.size:
            active[fresh] = True

    def _crises(self, ctx: Context, ill: Rows, longest: float) -> None:
        table = ctx.world.resident
        patients, others = self.crisis.draw(ctx, ill, table.rows, longest=longest)
        if patients.size or others.size:
            hit = np.concatenate((patients, others))
            size = hit.size
            uid, reports, earlier = (
                np.empty(size, np.uint64),
                np.empty(size, np.int8),
                np.empty(size, np.bool_),
            )
            reported(
                hit, self._twice(ctx, "health.crisis", "resident", hit), ctx.month, table.uid, table.crises,
                table.crisis_memory, table.crisis_last, uid, reports, earlier,
            )  # fmt: skip
            ctx.log.record("crises", row=hit, uid=uid, reports=reports, earlier=earlier)

    def _admissions(self, ctx: Context, unstable: Rows) -> None:
        """Who is admitted this month; a stay of weeks is a cost, not an absence (GGZ-02)."""
        admitted = self.admission.draw(ctx, unstable)
        if admitted.size:
            ctx.world.resident.admitted[admitted] = True

    def _households(self, ctx: Context, families: Rows, indebted: Rows, longest: float) -> None:
        """Violence at home, imminent evictions and crises of debt."""
        household = ctx.world.household
        struck, in_crisis = self.household_crisis.draw(ctx, families, indebted, longest=longest)
        if struck.size:
            household.violence[struck] = 1
            household.violence[self._twice(ctx, "health.violence", "household", struck)] = 2
            household.violence_memory[struck] += household.violence[struck]
        if in_crisis.size:
            household.debt_crisis[in_crisis] = True

    def _twice(self, ctx: Context, process: str, table: str, rows: Rows) -> Rows:
        """Those of whom there is one more report in the same month: a share of those hit."""
        uid, share = ctx.world.tables[table].uid, ctx.values[f"{process}_extra_share"]
        return ctx.draws.near(f"{process}_extra", uid, rows, ctx.month, share)[0]

    # ---------------------------------------------------------------- the start
    def facts(self, ctx: Context) -> dict[str, Any]:
        """Further events that one event brings about, on average; at 1 the process explodes."""
        return {
            f"health.branching_ratio_{name}": branching_ratio(ctx.values, f"health.{process}")
            for name, process in (("crises", "crisis"), ("violence", "violence"))
        }
