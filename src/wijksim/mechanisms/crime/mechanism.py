"""Crime: few begin young, fewer go on, and most cases are of people with cases behind them.

A youth comes to the fringe of a local world of crime through peers, siblings and an unstable home, and may go on to
offend as a habit. Being a suspect makes being one again more likely, additively, and the effect fades. Where
offenders are active, residents become victims, at home and elsewhere in the city; police hours take activity away and
move part of it. Registered crime is what is reported and recorded of it, and is a process apart.
"""

from __future__ import annotations

from math import ceil, floor
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.calm import Calm
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.crime import answers, loops, peers, start, streets, victims
from wijksim.mechanisms.crime.cohort import again_rate, branching_ratio, retention
from wijksim.mechanisms.crime.columns import OWNS, CrimeStage
from wijksim.mechanisms.crime.room import ROOM, Room
from wijksim.state.codes import Activity, HouseholdType, Sex
from wijksim.state.table import Rows

NONE, FRINGE, ACTIVE = (int(stage) for stage in CrimeStage)
_IN_WORK = (int(Activity.EMPLOYED), int(Activity.BASIC_JOB))
_IDLE = (int(Activity.UNEMPLOYED), int(Activity.ASSISTANCE), int(Activity.OTHER))
COVER = Influence("district.police_cover", "crime.police_elasticity", loop="enforcement")
OFFENDING = Influence("district.offending", "crime.home_share")
_AGES = ("crime.age_young", "crime.age_adult")
_LAW = itemgetter("crime.youngest", "crime.memory_floor")
_NEVER = Calm()  # the mark of no month
_NO_HOURS = np.empty(0, dtype=np.float32)
_MALE = int(Sex.MALE)
_SINGLE_PARENT = int(HouseholdType.SINGLE_PARENT)

_DOOR = (
    Influence("entrance.control", "crime.victim_control", loop="street"),
    Influence("entrance.disorder", "crime.victim_disorder", loop="street"),
    Influence("entrance.turnover", "crime.victim_turnover"),
)


def _about(pressure: str) -> tuple[Influence, ...]:
    """Offenders about, as far as the police let them, and what the front door adds."""
    return (
        Influence("district.offending_log", pressure),
        Influence("district.enforcement_log", pressure, loop="enforcement"),
        *_DOOR,
    )


class _Terms(NamedTuple):
    """What follows from parameters alone.

    Attributes
    ----------
    kept
        What is left of memories of cases and of having been a victim after a month.
    recruited
        Chance of a month to be recruited in the nation.
    market
        Log of what the outside market does to those who may go deeper.
    offending
        What :func:`loops.offending` takes of parameters.
    """

    kept: tuple[float, float]
    recruited: float
    market: float
    offending: tuple[float, float, float, float, float, float, int]


def _mean(ctx: Context, driver: Influence) -> float:
    """National mean of what a place is measured against."""
    mean, _ = ctx.reference.moments(ctx, "crime.place", "district", driver)
    return mean


@Kept
def _terms(values: dict[str, float]) -> _Terms:
    return _Terms(
        (retention(values["crime.memory_half_life"]), retention(values["crime.victim_half_life"])),
        -np.expm1(-values["crime.fringe_rate"] / MONTHS_PER_YEAR),
        float(np.log(values["crime.outside_market"])),
        (
            values["crime.memory_floor"], values["crime.offence_fringe"], values["crime.offence_active"],
            again_rate(values, values["crime.age_adult"]), values["crime.offence_adult"],
            1 - retention(values["crime.cover_half_life"]), ceil(values["crime.victim_from"]),
        ),
    )  # fmt: skip


@MECHANISMS.register
class Crime(Mechanism):
    """Recruitment, offending, enforcement with displacement, victims, registered crime (CRI-03, CRI-28, EFF-19).

    Notes
    -----
    Hazard of becoming a suspect = rate of the stage and age x drivers + ``again x memory``; drivers never act on the
    second part, so that the branching ratio is the same for everybody.
    """

    name = "crime"
    channels = tuple(f"{answers.OWNER}.{act}" for act in (answers.GUARD, answers.ORGANISE))
    owns = OWNS
    reads = (
        "resident.addiction", "household.violence_memory", "household.income", "household.poor",
        "household.problem_debt", "district.police_hours", "entrance.control", "entrance.disorder",
        "entrance.turnover", "resident.ties",
    )  # fmt: skip
    lagged = ("resident.perspective", "resident.trust")

    fringe = Event(
        "crime.fringe",
        table="resident",
        base="crime.fringe_rate",
        influences=(
            Influence("resident.sex", "crime.recruit_male", equals=_MALE),
            Influence("resident.peer_exposure", "crime.peer_ratio", loop="youth"),
            Influence("resident.sibling_offends", "crime.sibling_ratio", loop="youth"),
            Influence("household.violence_memory", "crime.recruit_violence", loop="youth"),
            Influence("resident.activity", "crime.recruit_idle", loop="youth", equals=_IDLE),
            Influence("resident.perspective", "crime.recruit_perspective", loop="youth"),
            Influence("household.poor", "crime.recruit_poor", loop="scarcity"),
            Influence("household.type", "crime.recruit_single_parent", equals=_SINGLE_PARENT),
        ),
        doc="A youth comes to the fringe of a group of offenders",
    )
    deeper = Event(
        "crime.active",
        table="resident",
        base="crime.active_rate",
        influences=(
            Influence("household.income_gap", "crime.active_gap", loop="scarcity"),
            Influence("household.problem_debt", "crime.active_debt", loop="scarcity"),
            Influence("resident.peer_exposure", "crime.active_peers", loop="youth"),
        ),
        doc="Somebody at the fringe goes on to offend as a habit",
    )
    leave = Event(
        "crime.leave",
        table="resident",
        base="crime.fringe_exit",
        influences=(Influence("resident.activity", "crime.exit_work", loop="employment", equals=_IN_WORK),),
        doc="Somebody leaves the fringe",
    )
    stop = Event(
        "crime.stop",
        table="resident",
        base=Piecewise(
            "resident.age", _AGES, tuple(f"crime.exit_{name}" for name in ("minor", "young", "adult"))
        ),
        influences=(Influence("resident.activity", "crime.exit_work", loop="employment", equals=_IN_WORK),),
        doc="A habitual offender gives it up",
    )
    offence = Event(
        "crime.offence",
        table="resident",
        base=Piecewise(
            "resident.age",
            (*_AGES, "crime.age_older"),
            tuple(f"crime.offence_{name}" for name in ("minor", "young", "adult", "older")),
        ),
        influences=(
            Influence("resident.sex", "crime.offence_male", equals=_MALE),
            Influence("household.poor", "crime.offence_poor", loop="scarcity"),
            Influence("household.problem_debt", "crime.offence_debt", loop="scarcity"),
            Influence("resident.addiction", "crime.offence_addiction"),
        ),
        doc="Somebody outside the world of crime becomes a suspect",
    )
    offence_fringe = Event(
        "crime.offence_fringe", table="resident", base="crime.offence_fringe",
        doc="Somebody at the fringe becomes a suspect",
    )  # fmt: skip
    offence_active = Event(
        "crime.offence_active", table="resident", base="crime.offence_active",
        doc="A habitual offender becomes a suspect",
    )  # fmt: skip
    again = Event(
        "crime.again",
        table="resident",
        base=Piecewise("resident.age", _AGES[:1], ("crime.again_minor", "crime.again_adult")),
        doc="A former suspect becomes one again (recidive)",
    )
    release = Event(
        "crime.release", table="resident", base="crime.release_rate", doc="A detained resident is released"
    )
    victim = Event(
        "crime.victim",
        table="resident",
        base="crime.victim_rate",
        influences=(
            *_about("crime.victim_pressure"),
            Influence("resident.victim_memory", "crime.victim_repeat"),
        ),
        doc="A resident becomes the victim of a traditional crime, at home or elsewhere",
    )
    burglary = Event(
        "crime.burglary",
        table="household",
        base="crime.burglary_rate",
        influences=_about("crime.burglary_pressure"),
        doc="A dwelling is broken into",
    )

    def __init__(self) -> None:
        # national means with the mark of the months for which they hold
        self._offending: tuple[Calm, float] | None = None
        self._cover: tuple[Calm, float] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what belongs to one run."""
        return {**self.__dict__, "_offending": None, "_cover": None}

    def setup(self, ctx: Context) -> None:
        """Draw pasts from the stationary profile; police cover counts from the first month on."""
        known = ctx.reference
        if self.fringe.name not in known.stored:
            # perspective is not set up yet: what is measured here must not become the national mean
            ctx.reference = Reference()
        resident = ctx.world.resident
        terms = _terms(ctx.values)
        start.pasts(ctx, resident.rows, self._odds(ctx, terms), lane=0)
        peers.expose(ctx)
        self._activity(ctx, ROOM(ctx.world), terms, patrolled=False)
        self._surroundings(ctx)
        ctx.world.district.registered_crime[:] = ctx.values["crime.registered_level"] * np.exp(
            ctx.world.district.offending_log
        )
        ctx.reference = known

    def step(self, ctx: Context) -> None:
        """Careers, cases, where offenders are active, and who is hit."""
        terms, laid = _terms(ctx.values), ROOM(ctx.world)
        careers = peers.expose(ctx, terms.kept, laid)
        self._careers(ctx, careers, terms)
        self._cases(ctx, laid)
        new = careers[-1]
        if new.size:
            start.pasts(ctx, new, self._odds(ctx, terms, new), lane=1)
        victims.strike(ctx, self.victim, self.burglary, self._activity(ctx, laid, terms), laid)

    # ---------------------------------------------------------------- careers
    def _youths(self, ctx: Context) -> Rows:
        resident, values = ctx.world.resident, ctx.values
        young = (resident.age >= values["crime.youngest"]) & (resident.age <= values["crime.recruit_to"])
        young &= resident.alive & (resident.crime_stage == NONE)
        found: Rows = young.nonzero()[0].astype(np.int32)
        return found

    def _odds(self, ctx: Context, terms: _Terms, rows: Rows | None = None) -> NDArray[np.float64]:
        """Recruitment of each of ``rows`` against the national rate: who had more reason came in more often."""
        if rows is None or ctx.reference.tracking:
            self.fringe.probability(ctx, self._youths(ctx))  # the national mean is that of those at risk
        rows, national = ctx.world.resident.rows if rows is None else rows, terms.recruited
        if national <= 0 or rows.size == 0:
            return np.zeros(rows.size)
        odds: NDArray[np.float64] = self.fringe.probability(ctx, rows) / national
        return odds

    def _careers(self, ctx: Context, who: peers.Careers, terms: _Terms | None = None) -> None:
        """Leave, go deeper, come in: each from the stage at the beginning of the month."""
        stage, (youths, at_fringe, active, _) = ctx.world.resident.crime_stage, who
        gone = self.leave.draw(ctx, at_fringe)
        staying = at_fringe
        if gone.size:
            left = np.zeros(stage.size, dtype=bool)
            left[gone] = True
            staying = at_fringe[~left[at_fringe]]
        risen = self.deeper.draw(ctx, staying, offset=(terms or _terms(ctx.values)).market)
        stopped, resistance = self.stop.draw(ctx, active), None
        if ctx.effects.acts:
            organised = answers.asked(ctx, answers.ORGANISE)
            resistance = answers.resisted(ctx, youths, organised) if organised else None
        begun = self.fringe.draw(ctx, youths, offset=resistance)
        if gone.size:
            stage[gone] = NONE
        if stopped.size:
            stage[stopped] = NONE
        if risen.size:
            stage[risen] = ACTIVE
        if begun.size:
            stage[begun] = FRINGE

    def _cases(self, ctx: Context, laid: Room) -> None:
        """Who becomes a suspect, for the first time or again, and who is held for it."""
        outside, fringe, active, known, held = laid.at_risk
        a, b, c, d, e = loops.exposed_to_law(*_LAW(ctx.values), *laid.law)
        memory = laid.cases[:d]
        count = loops.booked(
            self.release.draw(ctx, held[:e]),
            self.offence.draw(ctx, outside[:a]),
            self.offence_fringe.draw(ctx, fringe[:b]),
            self.offence_active.draw(ctx, active[:c]),
            self.again.draw(ctx, known[:d], offset=np.log(memory, out=memory)),
            *laid.booked,
        )  # fmt: skip
        if count:
            resident, share = ctx.world.resident, ctx.values["crime.detention_share"]
            taken, _ = ctx.draws.near("crime.detention", resident.uid, laid.hit[:count], ctx.month, share)
            resident.detained[taken] = True

    # ---------------------------------------------------------------- places
    def _activity(self, ctx: Context, laid: Room, terms: _Terms, *, patrolled: bool = True) -> Rows:
        """Offender activity per district before and after enforcement.

        Recent police hours come first, unless nobody has been ``patrolled`` yet. Return who is at large and old enough
        to become a victim; how many people live in each district is counted on the way.
        """
        values, district = ctx.values, ctx.world.district
        hours = district.police_hours if patrolled else _NO_HOURS
        number, seen = loops.offending(hours, *terms.offending, *laid.offending)
        if not patrolled:
            seen = seen or bool(district.police_hours.any())
        held = self._offending
        if held is None or held[0] is not ctx.calm:
            held = self._offending = ctx.calm or _NEVER, _mean(ctx, OFFENDING)
        raised, activity = streets.drawn(values, district.offending, held[1], laid.people)
        district.offending_log[:] = np.log(raised, out=raised)
        # cover holds what hours brought, and fades: mostly there is some
        change = self._enforcement(ctx, activity) if seen else np.zeros(activity.size)
        if ctx.effects.acts:
            watches = answers.asked(ctx, answers.GUARD)
            if watches:
                change = change + answers.guarded(ctx, activity * np.exp(change), watches)
        district.enforcement_log[:] = change
        return laid.old[:number]

    def _enforcement(self, ctx: Context, activity: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log of what police hours and displacement do to activity in each district."""
        district, values = ctx.world.district, ctx.values
        held = self._cover
        if held is None or held[0] is not ctx.calm:
            held = self._cover = ctx.calm or _NEVER, _mean(ctx, COVER)
        mean = held[1]
        seen = (
            COVER.values(ctx, "district", slice(None))
            if ctx.loops.off or ctx.loops.watched
            else district.police_cover
        )
        live = seen.astype(np.float64)
        # patrols and emergency teams are there anyway: neighbourhood police come on top of them
        patrol = values["crime.patrol_hours"]
        cover = (patrol + live) / (patrol + mean) if patrol + mean > 0 else np.ones(activity.size)
        after, to_rest = streets.displaced(values, activity, cover, streets.deterrence(values, cover))
        ctx.counters.add("crime.displaced_to_rest", to_rest)
        after /= activity
        result: NDArray[np.float64] = np.log(np.maximum(after, values["crime.cover_floor"], out=after))
        return result

    def _surroundings(self, ctx: Context) -> None:
        """Young offenders at large, and what happened to neighbours, by front door."""
        resident, entrance = ctx.world.resident, ctx.world.entrance
        loops.behind_doors(
            resident.crime_stage, resident.detained, resident.age, resident.victim_memory, resident.entrance,
            floor(ctx.values["crime.recruit_to"]), ctx.values["crime.memory_floor"],
            entrance.dwellings, entrance.petty_disorder, entrance.victimised,
        )  # fmt: skip

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Further cases that one case brings about, and offenders now."""
        resident = ctx.world.resident
        return {
            "crime.branching_ratio_minors": branching_ratio(ctx.values, "crime.again_minor"),
            "crime.branching_ratio_adults": branching_ratio(ctx.values, "crime.again_adult"),
            "crime.active_offenders": int(np.count_nonzero(resident.crime_stage == ACTIVE)),
            "crime.at_the_fringe": int(np.count_nonzero(resident.crime_stage == FRINGE)),
        }
