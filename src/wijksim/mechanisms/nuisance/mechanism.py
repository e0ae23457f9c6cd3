"""Nuisance between neighbours: few people cause most of it, and it is felt behind the same front door.

A resident becomes a *source* (veroorzaker) by an event, mostly somebody with complex problems and too little
support, and stays one for about a year. How much a source causes is a person effect with a heavy tail. Households
behind the same entrance are exposed, and their chance of often having nuisance rises more than in proportion with
exposure. Reporting is a process apart: more reports are not more nuisance.

Disorder and social control of each entrance (verloedering, sociale controle) are deviations from the national
mean, 0 by construction; sources, vacancy, crime in the street and turnover of households drive them. Enforcement
acts over the crime that it prevents.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.calm import Calm
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.nuisance import street, street_loops
from wijksim.mechanisms.nuisance.means import Means
from wijksim.mechanisms.nuisance.room import ROOM, Room
from wijksim.mechanisms.nuisance.source_loops import bothered, grown_up, looked_over, reach, started
from wijksim.state.column import Column
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

SETTLING_YEARS = 2
LEVEL_YEARS = 12  # together, disorder and control settle by half in six years
ROUNDS = 2  # of sources and street in turn, until neither moves much
STARTED = "nuisance.started"
_NOBODY = np.empty(0, dtype=np.int32)
_NO_LOGS = np.empty(0)
_NEVER = -inf
_NO_MONTH = Calm()  # the mark of no month
_START = Stream("nuisance.start")
_REACH = itemgetter("nuisance.dilution_dwellings", "nuisance.complex_factor", "nuisance.house_exposure")
_OFTEN = itemgetter("nuisance.often_scale", "nuisance.often_convexity")
_NEWCOMERS = 1  # lane of their luck; 0 is that of a new world, those above it of the rounds

# what counts against its national mean, per table
COMPLEX = Influence("household.complex_members", "nuisance.onset_rate")
PLAIN = Influence("household.plain_adults", "nuisance.onset_rate")
_MEANS = Means("nuisance.level", "household", (COMPLEX, PLAIN))
# care that ends a source, so that the loop can be frozen
CARE = Influence("resident.help_effect", "nuisance.end_managed", loop="support")


@MECHANISMS.register
class Nuisance(Mechanism):
    """Sources, exposure, reports, and disorder and control per entrance (NUI-02, NUI-18, NUI-23).

    Notes
    -----
    ``E_j = sum of intensity of sources behind the same entrance x min(6 / (n - 1), 1)``, plus a tenth of the same
    sum over the other entrances of the complex (diluted over those dwellings); own household left out; less gets
    through to houses, which have neighbours on two sides only.
    ``P(often) = 1 - exp(-3 E^1.5)``.
    """

    name = "nuisance"
    channels = (street.UPKEEP, street.DAYTIME, street.REPAIR)
    owns = (
        Column("resident.nuisance_source", np.bool_, "-", "Causes nuisance to neighbours at present (overlastgever)"),
        Column("resident.complex_problems", np.bool_, "-",
               "Severe psychiatric problem, addiction, or mild intellectual limitation with low self-reliance"),
        Column("household.complex_members", np.int8, "persons", "Members with complex problems", low=0),
        Column("household.plain_adults", np.int8, "persons", "Adult members without complex problems", low=0),
        Column("household.exposure", np.float32, "sources", "Nuisance from neighbours that reaches here", low=0),
        Column("household.nuisance_often", np.float32, "share",
               "Chance that the household often has nuisance from neighbours", low=0, high=1),
        Column("household.nuisance_report", np.bool_, "-", "Reported nuisance this month (overlastmelding)"),
        Column("household.mediation", np.bool_, "-", "Report became a mediation case this month (buurtbemiddeling)"),
        Column("entrance.sources", np.float32, "per dwelling", "Active sources per dwelling", low=0),
        Column("entrance.vacant", np.float32, "share", "Dwellings that stand empty", low=0, high=1),
        Column("entrance.turnover", np.float32, "1/year", "Households that moved in over twelve months per dwelling",
               low=0),
        Column("entrance.disorder", np.float32, "score", "Disorder (verloedering), deviation from the national mean"),
        Column("entrance.control", np.float32, "score",
               "Informal social control (sociale controle), deviation from the national mean"),
        Column("district.disorder", np.float32, "score", "Disorder in the streets: mean over dwellings"),
    )  # fmt: skip
    reads = (
        "resident.psychiatric", "resident.addiction", "resident.crisis_memory", "resident.help_effect",
        "district.prevention_fte", "district.caretaker_hours",
    )  # fmt: skip
    lagged = ("resident.stress", "resident.self_reliance", "entrance.petty_disorder", "dwelling.works")

    onset = Event(
        "nuisance.onset",
        table="resident",
        base="nuisance.onset_rate",
        influences=(
            Influence("resident.psychiatric", "nuisance.onset_psychiatric"),
            Influence("resident.addiction", "nuisance.onset_addiction"),
            Influence("resident.stress", "nuisance.onset_stress", loop="scarcity"),
            Influence("resident.crisis_memory", "nuisance.onset_crisis"),
            Influence("resident.help_effect", "nuisance.onset_support", loop="support"),
            Influence("entrance.control", "nuisance.onset_control", loop="street"),
        ),
        doc="A resident with complex problems becomes a source of nuisance",
    )
    onset_other = Event(
        "nuisance.onset_other",
        table="resident",
        base="nuisance.onset_rate",
        influences=(
            Influence("resident.stress", "nuisance.onset_stress", loop="scarcity"),
            Influence("entrance.control", "nuisance.onset_control", loop="street"),
        ),
        doc="Another adult becomes a source of nuisance",
    )
    onsets = (onset, onset_other)
    end = Event(
        "nuisance.end", table="resident", base="nuisance.end_rate", doc="A source stops causing nuisance"
    )
    report = Event(
        "nuisance.report",
        table="household",
        base="nuisance.report_rate",
        doc="A household that often has nuisance reports it",
    )

    def __init__(self) -> None:
        # what :meth:`_levels` gives, with the mark of the months for which it holds
        self._held: tuple[Calm, tuple[float, float]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what belongs to one run."""
        return {**self.__dict__, "_held": None}

    def setup(self, ctx: Context) -> None:
        """Start from the stationary sources and from disorder and control that fit them."""
        entrance = ctx.world.entrance
        entrance.disorder[:] = 0
        entrance.control[:] = 0
        known = ctx.reference
        if self.onset.name not in known.stored:
            # wellbeing is not set up yet: what is measured here must not become the national mean
            ctx.reference = Reference()
        street.moved_in_year(ctx)
        cover, *_ = self._look(ctx)
        rows = ctx.world.resident.rows
        self._start(ctx, rows, self._managed(ctx, rows, cover), self._levels(ctx), lane=0)
        self._expose(ctx)
        street.surroundings(ctx, 0.0)
        for _ in range(SETTLING_YEARS * MONTHS_PER_YEAR):
            street.move(ctx)
        ctx.reference = known

    def step(self, ctx: Context) -> None:
        """Sources begin and end, neighbours are exposed and some report, the entrance follows."""
        source = ctx.world.resident.nuisance_source
        if ctx.month < 0 and STARTED not in ctx.world.stores:
            ctx.world.stores[STARTED] = True
            self._settle(ctx)
        laid = ROOM(ctx.world)
        cover, sources, new, marked, others = self._look(ctx, laid)
        levels, ended, number = self._levels(ctx), _NOBODY, sources.size
        # newcomers stand behind the sources, so that one look does for both
        together = laid.lines[1][: number + new.size]
        managed = self._managed(ctx, together, cover) if together.size else _NO_LOGS
        if number:
            ended = self.end.draw(ctx, sources, offset=managed[:number])
        first, second = levels
        begun = _NOBODY if first == _NEVER else self.onset.draw(ctx, marked, offset=first)
        begun_other = _NOBODY if second == _NEVER else self.onset_other.draw(ctx, others, offset=second)
        if ended.size:
            source[ended] = False
        if begun.size:
            source[begun] = True
        if begun_other.size:
            source[begun_other] = True
        if new.size:
            self._start(ctx, new, managed[number:], levels, lane=_NEWCOMERS)
        self._reports(ctx, *self._expose(ctx, laid))
        street.move(ctx, fraction=1 / MONTHS_PER_YEAR, laid=laid)

    def _settle(self, ctx: Context) -> None:
        """Bring sources and street into balance in the first month of a warm-up, when all that drives them is there.

        Disorder and control bring each other about and are slow: left to the warm-up, they would move for years. The
        level of a district is settled first, and then the last years of each front door, as sources come and go.
        """
        resident = ctx.world.resident
        cover, *_ = self._look(ctx)
        for number in range(ROUNDS):
            resident.nuisance_source[:] = False
            self._start(
                ctx,
                resident.rows,
                self._managed(ctx, resident.rows, cover),
                self._levels(ctx),
                lane=_NEWCOMERS + 1 + number,
                kept=ctx.values["nuisance.start_kept"],
            )
            self._expose(ctx)
            street.surroundings(ctx, 0.0)
            for _ in range(LEVEL_YEARS * MONTHS_PER_YEAR):
                street.move(ctx, even=True)
            for _ in range(SETTLING_YEARS * MONTHS_PER_YEAR):
                street.move(ctx)

    # ---------------------------------------------------------------- who is a source
    def _look(
        self, ctx: Context, laid: Room | None = None
    ) -> tuple[NDArray[np.float64], Rows, Rows, Rows, Rows]:
        """Mark complex problems, count them per household, and see who may begin or end to be a source.

        Returns
        -------
        cover
            Hours of caretakers per corporation dwelling over the norm, at most 1, shape ``(n_districts,)``.
        sources, new, marked, others
            Sources, newcomers, and adults who are no source, with complex problems and without.
        """
        values, hours = ctx.values, ctx.world.district.caretaker_hours
        if ctx.loops.off:
            hours = ctx.loops.null_value(ctx, "firefighting", "district.caretaker_hours")
        columns, cover, (new, sources, marked, others), *_ = ROOM(ctx.world) if laid is None else laid
        rest = hours, values["nuisance.caretaker_norm"], ctx.month - 1
        resident, limit = ctx.world.resident, values["housing.support_self_reliance"]
        known, a, b, c, d = looked_over(resident.self_reliance, limit, *rest, *columns)
        if not known:  # self-reliance is not there yet in a new world
            luck = ctx.draws.life("nuisance.struggling", resident.uid)
            copes = (luck >= values["nuisance.struggling_share"]).astype(np.float32)
            _, a, b, c, d = looked_over(copes, 1.0, *rest, *columns)
        return cover, sources[:b], new[:a], marked[:c], others[:d]

    def _levels(self, ctx: Context) -> tuple[float, float]:
        """Log of national sources per person at risk over sources per household, of both groups."""
        held = self._held
        if held is None or held[0] is not ctx.calm:
            share, (marked, plain) = ctx.values["nuisance.complex_share"], _MEANS.of(ctx)
            levels = _log_ratio(share, marked), _log_ratio(1 - share, plain)
            held = self._held = ctx.calm or _NO_MONTH, levels
        return held[1]

    def _groups(self, ctx: Context) -> tuple[tuple[Event, float, NDArray[np.bool_]], ...]:
        """Event, log of national sources per person at risk over sources per household, and who is at risk."""
        marked = ctx.world.resident.complex_problems
        return tuple(zip(self.onsets, self._levels(ctx), (marked, ~marked), strict=True))

    def _at_risk(self, ctx: Context) -> NDArray[np.bool_]:
        resident = ctx.world.resident
        free: NDArray[np.bool_] = resident.alive & ~resident.nuisance_source & (resident.age >= ADULT_AGE)
        return free

    def _managed(self, ctx: Context, rows: Rows, cover: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log ratio on the end of each source: care, in full where a caretaker goes with it (``cover``)."""
        resident, result, loops = ctx.world.resident, np.empty(rows.size), ctx.loops
        care = resident.help_effect
        if loops.off or loops.watched:
            care = np.asarray(CARE.values(ctx, "resident", slice(None)), np.float32)
        street_loops.ends(
            *_ending(ctx.values), rows, care, resident.household, ctx.world.household.tenure, resident.district, cover,
            result,
        )  # fmt: skip
        # from the log of the chance of staying to the hazard a year over its national level
        np.log1p(result, out=result)
        result *= -MONTHS_PER_YEAR
        result /= ctx.values["nuisance.end_rate"]
        return np.log(result, out=result)

    def _start(
        self,
        ctx: Context,
        rows: Rows,
        managed: NDArray[np.float64],
        levels: tuple[float, float],
        *,
        lane: int,
        kept: float = 1.0,
    ) -> None:
        """Make ``rows`` sources with ``kept`` times the chance they would have in the long run.

        ``managed`` is what :meth:`_managed` says of each of them.
        """
        resident, found, ending = ctx.world.resident, np.empty(rows.size, np.int32), np.empty(rows.size)
        first, number = grown_up(
            rows, managed, resident.age, resident.nuisance_source, resident.complex_problems, found, ending
        )
        if number == 0:
            return
        rows = found[:number]
        if ctx.reference.tracking:
            # while national means are being measured, measure them on everybody, not on newcomers alone
            chances, free = np.zeros(resident.size), self._at_risk(ctx)
            for event, level, group in self._groups(ctx):
                pool = (free & group).nonzero()[0].astype(np.int32)
                if pool.size and level != _NEVER:
                    chances[pool] = event.probability(ctx, pool, offset=level)
            begin = chances[rows]
        else:
            begin = np.zeros(number)
            if first and levels[0] != _NEVER:
                begin[:first] = self.onset.probability(ctx, rows[:first], offset=levels[0])
            if first < number and levels[1] != _NEVER:
                begin[first:] = self.onset_other.probability(ctx, rows[first:], offset=levels[1])
        stop = self.end.probability(ctx, rows, offset=ending[:number])
        key = ctx.draws.key(_START, resident.uid, rows, ctx.month, lane)
        started(rows, resident.uid, key, begin, stop, kept, resident.nuisance_source)

    # ---------------------------------------------------------------- who is exposed
    def _expose(self, ctx: Context, laid: Room | None = None) -> tuple[Rows, NDArray[np.float64]]:
        """Whom sources reach; return who often has nuisance and how often. Nobody has reported any yet."""
        _, _, _, columns, reached, levels, told, felt, _ = ROOM(ctx.world) if laid is None else laid
        count = reach(*_REACH(ctx.values), *columns)
        # about half of all households have no source near: powers are dear, and a chance of zero stays zero
        felt_by = bothered(often(levels[:count], *_OFTEN(ctx.values)), *told)
        return reached[:felt_by], felt[:felt_by]

    def _reports(self, ctx: Context, rows: Rows, felt: NDArray[np.float64]) -> None:
        """Reports, apart from occurrence; a few become mediation, which ends the strongest source at that door."""
        household, resident = ctx.world.household, ctx.world.resident
        told = self.report.draw(ctx, rows, offset=np.log(felt, out=felt))
        if told.size == 0:
            return
        household.nuisance_report[told] = True
        taken_up = ctx.values["nuisance.mediation_share"]
        mediated, luck = ctx.draws.near("nuisance.mediation", household.uid, told, ctx.month, taken_up)
        if mediated.size == 0:
            return
        household.mediation[mediated] = True
        # one draw decides both: the lowest part of those taken up is solved
        solved = mediated[luck < taken_up * ctx.values["nuisance.mediation_solved"]]
        if solved.size == 0:
            return
        sources = (resident.nuisance_source & resident.alive).nonzero()[0]
        for row in solved.tolist():
            here = sources[
                (resident.entrance[sources] == household.entrance[row]) & (resident.household[sources] != row)
            ]
            if here.size:
                strongest = here[np.lexsort((resident.uid[here], -resident.nuisance_intensity[here]))[0]]
                resident.nuisance_source[strongest] = False

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Residents who are a source of nuisance now."""
        return {"nuisance.active_sources": int(np.count_nonzero(ctx.world.resident.nuisance_source))}


@Kept
def _ending(values: dict[str, float]) -> tuple[float, float, float]:
    """Part of care that counts without a caretaker; chance of a month that a source ends alone, and with all care.

    It is this chance that moves with care, not the rate.
    """
    persistence, ratio = values["nuisance.end_rate"], values["nuisance.end_managed"]
    return (
        values["nuisance.end_unmanaged"],
        float(-np.expm1(-persistence / MONTHS_PER_YEAR)),
        float(-np.expm1(-persistence * ratio / MONTHS_PER_YEAR)),
    )


def often(exposure: NDArray[Any], scale: float, convexity: float) -> NDArray[Any]:
    """Chance of often having nuisance, convex in exposure.

    Parameters
    ----------
    exposure
        Sum of intensities that reach a household, not negative.
    scale, convexity
        ``1 - exp(-scale * exposure ** convexity)``.
    """
    result: NDArray[Any] = exposure ** np.float32(convexity)
    result *= -np.float32(scale)
    np.expm1(result, out=result)
    return np.negative(result, out=result)


@lru_cache(maxsize=8)
def _log_ratio(share: float, mean: float) -> float:
    """Log of ``share / mean``; minus infinity if nobody can or may become a source."""
    return float(np.log(share / mean)) if share > 0 and mean > 0 else -np.inf
