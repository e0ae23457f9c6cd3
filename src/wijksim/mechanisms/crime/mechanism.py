"""Recruitment, offending with recurrence, desistance, victims, and crime per district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.reference import Reference
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.crime import start, street
from wijksim.mechanisms.crime.columns import COLUMNS, Career
from wijksim.state.codes import Activity, Sex
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_MALE = int(Sex.MALE)
_IDLE = (int(Activity.UNEMPLOYED), int(Activity.ASSISTANCE), int(Activity.OTHER))
BASE_COVER = "crime.base_cover"
COHORT = "crime.cohort"


def _temptations(prefix: str) -> tuple[Influence, ...]:
    """What tempts into crime: debts, low income, nothing to do, friends who do it."""
    return (
        Influence("household.poor", f"crime.{prefix}_poor", loop="scarcity"),
        Influence("household.problem_debt", f"crime.{prefix}_debt", loop="youth"),
        Influence("resident.idle", f"crime.{prefix}_idle", loop="youth"),
        Influence("resident.peer_pull", f"crime.{prefix}_peers", loop="youth"),
    )


@MECHANISMS.register
class Crime(Mechanism):
    """Recruitment over peers, siblings, debts and idleness; offending repeats itself and ends with age.

    Registered suspects are the visible part (CRI-01 to CRI-03, CRI-09); crime in a district follows the activity of
    offenders there, not their address (:mod:`wijksim.mechanisms.crime.street`).
    """

    name = "crime"
    owns = COLUMNS
    reads = (
        "household.poor", "household.problem_debt", "district.police_hours", "entrance.disorder",
    )  # fmt: skip
    lagged = ("resident.stress",)

    recruit = Event(
        "crime.recruit",
        table="resident",
        base="crime.recruit_rate",
        influences=(
            Influence("resident.sex", "crime.recruit_male", equals=_MALE),
            *_temptations("recruit"),
            Influence("resident.offender_at_home", "crime.recruit_sibling", loop="youth"),
            Influence("resident.stress", "crime.recruit_stress", loop="youth"),
        ),
        doc="A young person comes to the fringe of a group that offends (rekrutering)",
    )
    advance = Event(
        "crime.advance",
        table="resident",
        base="crime.advance_rate",
        influences=_temptations("advance"),
        doc="Somebody on the fringe becomes active",
    )
    drift = Event(
        "crime.drift",
        table="resident",
        base="crime.drift_rate",
        doc="Somebody on the fringe loses touch with the group",
    )
    adult = Event(
        "crime.adult",
        table="resident",
        base="crime.adult_rate",
        influences=(
            Influence("resident.sex", "crime.adult_male", equals=_MALE),
            Influence("household.poor", "crime.adult_poor", loop="scarcity"),
            Influence("household.problem_debt", "crime.adult_debt", loop="scarcity"),
            Influence("resident.idle", "crime.adult_idle", loop="employment"),
        ),
        doc="An adult without a past begins to offend",
    )
    desist = Event(
        "crime.desist",
        table="resident",
        base=Piecewise(
            "resident.age", edges=("crime.youth_to",), rates=("crime.desist_young", "crime.desist_grown")
        ),
        influences=(
            Influence("resident.idle", "crime.desist_idle", loop="employment"),
            Influence("resident.persistence", "crime.desist_persistence"),
        ),
        doc="An active offender stops (uitstroom)",
    )
    relapse = Event(
        "crime.relapse",
        table="resident",
        base="crime.relapse_rate",
        influences=(
            *_temptations("relapse"),
            Influence("resident.persistence", "crime.relapse_persistence"),
        ),
        doc="A former offender begins again (terugval)",
    )
    offence = Event(
        "crime.offence",
        table="resident",
        base="crime.offence_rate",
        doc="An active offender is registered as a suspect",
    )
    victim = Event(
        "crime.victim",
        table="resident",
        base="crime.victim_rate",
        influences=(
            Influence("district.crime_pressure", "crime.victim_pressure", loop="street"),
            Influence("entrance.disorder", "crime.victim_disorder", loop="street"),
        ),
        doc="A resident becomes a victim of theft, violence or vandalism (slachtofferschap)",
    )

    def setup(self, ctx: Context) -> None:
        """Careers as in a cohort that lives by today's rates; crime at the level that goes with them."""
        world = ctx.world
        world.stores[BASE_COVER] = np.zeros(world.n_districts)
        world.stores[COHORT] = start.cohort(ctx.values)
        world.resident.peer_pull[:] = np.log(ctx.values["crime.peer_floor"])
        self._circumstances(ctx)
        self._careers(ctx, world.resident.rows)
        self._peers(ctx)
        self._street(ctx, 1.0)
        world.resident.victim_memory[:] = 0

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers bring the past that people of their age and kind have; the newborn have none."""
        if table == "resident" and how == "arrived":
            self._careers(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Careers move on, offences are registered, districts get their crime, residents are victims."""
        resident, values = ctx.world.resident, ctx.values
        self._circumstances(ctx)
        self._peers(ctx)
        career, age = resident.career, resident.age
        none = (career == Career.NONE) & resident.alive & (age >= int(values["crime.youth_from"]))
        grown = age >= int(values["crime.youth_to"])
        young = (none & ~grown).nonzero()[0].astype(np.int32)
        adults = (none & grown & (age < int(values["crime.adult_to"]))).nonzero()[0].astype(np.int32)
        begun = (career > Career.NONE).nonzero()[0].astype(np.int32)
        stage = career.take(begun)
        fringe, active, former = (
            begun[stage == one] for one in (Career.FRINGE, Career.ACTIVE, Career.FORMER)
        )
        moves = (
            (self.recruit.draw(ctx, young), Career.FRINGE),
            (self.adult.draw(ctx, adults), Career.ACTIVE),
            (self.drift.draw(ctx, fringe), Career.NONE),
            (self.advance.draw(ctx, fringe), Career.ACTIVE),
            (self.desist.draw(ctx, active), Career.FORMER),
            (self.relapse.draw(ctx, former), Career.ACTIVE),
        )
        registered = self.offence.draw(ctx, active)
        for rows, to in moves:
            career[rows] = to
        self._register(ctx, registered)
        self._street(ctx, step_fraction(values["crime.rate_half_life"]))
        self._victims(ctx)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Branching ratio of offending (over the elasticity of peers) and active offenders."""
        values = ctx.values
        # one active offender more raises recruitment of acquaintances by the elasticity; each recruit who advances
        # is one: what an offender brings forth is the elasticity times what all recruitment keeps up
        keep = values["crime.advance_rate"] / (values["crime.advance_rate"] + values["crime.drift_rate"])
        return {
            "crime.branching_ratio": float(np.log(values["crime.recruit_peers"]) * keep),
            "crime.active": int(np.count_nonzero(ctx.world.resident.career == Career.ACTIVE)),
        }

    # ------------------------------------------------------------------ parts of the month
    def _circumstances(self, ctx: Context) -> None:
        resident = ctx.world.resident
        idle = resident.activity == _IDLE[0]
        for code in _IDLE[1:]:
            idle |= resident.activity == code
        resident.idle[:] = idle

    def _peers(self, ctx: Context) -> None:
        """Active offenders among personal ties and among the youths of the complex, for the young and the fringe."""
        world, values = ctx.world, ctx.values
        resident, ties = world.resident, world.ties
        active = resident.career == Career.ACTIVE
        rows = active.nonzero()[0]
        at_home = np.bincount(resident.household[rows] + 1, minlength=world.household.size + 1)[1:]
        resident.offender_at_home[:] = at_home.take(resident.household, mode="wrap") - active > 0
        known = np.zeros(resident.size)
        for one, other in ((ties.a, ties.b), (ties.b, ties.a)):
            known += np.bincount(one[active.take(other)], minlength=resident.size)
        home = world.household.complex.take(resident.household, mode="wrap") + 1
        young = (resident.age >= int(values["crime.youth_from"])) & (
            resident.age < int(values["crime.peer_to"])
        )
        size = world.complex.size + 1
        near = np.bincount(home[young & active], minlength=size) / np.maximum(
            np.bincount(home[young], minlength=size), 1
        )
        near[0] = 0
        pull = known / np.maximum(resident.ties, 1) + near.take(home)
        resident.peer_pull[:] = np.log(pull + values["crime.peer_floor"])

    def _register(self, ctx: Context, rows: Rows) -> None:
        resident = ctx.world.resident
        resident.suspect[:] = False
        resident.suspect[rows] = True
        ctx.log.record(
            "suspects",
            row=rows,
            uid=resident.uid[rows],
            district=resident.district[rows].copy(),
            age=resident.age[rows].copy(),
            before=resident.suspect_before[rows].copy(),
            since=ctx.month - resident.offence_last[rows],
        )
        resident.suspect_before[rows] = True
        resident.offence_last[rows] = ctx.month

    def _street(self, ctx: Context, fraction: float) -> None:
        """Activity per district, police cover and displacement, and the rate of registered crime."""
        world, values = ctx.world, ctx.values
        district = world.district
        residents = world.by_district("resident")
        active = world.by_district("resident", world.resident.career == Career.ACTIVE)
        rest = ctx.settings["rest"] * residents.sum()
        days = street.visiting(
            active,
            residents,
            home=values["crime.home_share"],
            rest=rest,
            density=values["crime.city_density"],
        )
        cover = self._cover(ctx, residents)
        spread = street.enforce(
            days,
            cover,
            elasticity=values["crime.police_elasticity"],
            share=values["crime.displaced_share"],
            rest=rest * values["crime.city_density"],
        )
        ctx.counters.add("crime.days_prevented", spread.prevented)
        ctx.counters.add("crime.days_to_rest", spread.rest)
        rate = values["crime.crimes_per_active"] * spread.local / np.maximum(residents, 1)
        district.offender_days[:] = spread.local
        district.crime_rate[:] += (fraction * (rate - district.crime_rate)).astype(np.float32)
        floor = np.finfo(np.float32).eps
        district.crime_pressure[:] = np.log(
            np.maximum(district.crime_rate, floor) / values["crime.national_rate"]
        )

    def _cover(self, ctx: Context, residents: NDArray[np.float64]) -> NDArray[np.float64]:
        """Police hours per resident over those of the first months; 1 until they are known."""
        world = ctx.world
        hours = np.asarray(
            ctx.loops.null_value(ctx, "enforcement", "district.police_hours"), dtype=np.float64
        )
        per_head = hours / np.maximum(residents, 1)
        base = world.stores[BASE_COVER]
        if ctx.month < 0 or not base.any():
            # the mean of the warm-up: a single month has chance in it
            part = step_fraction(ctx.values["crime.cover_half_life"])
            world.stores[BASE_COVER] = np.where(base > 0, base + part * (per_head - base), per_head)
            cover = np.ones(residents.size)
        else:
            cover = np.divide(per_head, base, out=np.ones(residents.size), where=base > 0)
            # most police in the street are not of the neighbourhood team, and stay as they are
            cover = 1 + ctx.values["crime.team_part"] * (cover - 1)
        part = step_fraction(ctx.values["crime.cover_half_life"])
        world.district.police_cover[:] += (part * (cover - world.district.police_cover)).astype(np.float32)
        return np.asarray(world.district.police_cover, dtype=np.float64)

    def _victims(self, ctx: Context) -> None:
        resident, values = ctx.world.resident, ctx.values
        resident.victim_memory[:] *= np.float32(2 ** (-1 / values["crime.victim_half_life"]))
        grown = resident.alive & (resident.age >= int(values["crime.victim_from"]))
        hit = self.victim.draw(ctx, grown.nonzero()[0].astype(np.int32))
        resident.victim[:] = False
        resident.victim[hit] = True
        resident.victim_memory[hit] += 1

    # ------------------------------------------------------------------ first values
    def _careers(self, ctx: Context, rows: Rows) -> None:
        """Draw stages by age, more likely for those with more of what tempts."""
        known = ctx.reference
        if self.recruit.name not in known.stored:
            # stress is not set up yet: what is measured here must not become the national mean
            ctx.reference = Reference()
        resident = ctx.world.resident
        resident.persistence[rows] = ctx.draws.life_normal("crime.persistence", resident.uid[rows])
        old = ctx.world.resident.age[rows] >= int(ctx.values["crime.youth_from"])
        chosen = rows[old]
        if chosen.size:
            base = 1 - np.exp(-ctx.values["crime.recruit_rate"] / MONTHS_PER_YEAR)
            chance = self.recruit.probability(ctx, chosen)
            ratio = chance / base if base > 0 else np.ones(chosen.size)
            start.draw_careers(ctx, chosen, ratio, by_age=ctx.world.stores[COHORT])
        ctx.reference = known
