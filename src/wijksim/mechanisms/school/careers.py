"""The way through education: promotion, diplomas, dropout and return, each with a national rate.

Schools of the city keep the calendar: advice in March, a new class in August. In mbo and higher education people
finish when they are ready. Leaving without a basic qualification (startkwalificatie) before 23 is early school
leaving (voortijdig schoolverlaten); its rates per track are national (EDU-02 to EDU-04), and what districts differ in
comes out of moves, debts, stress, absence and classmates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.school import exam_loops, loops
from wijksim.mechanisms.school.codes import ENTRY, SECONDARY, VOCATIONAL, Track
from wijksim.state.codes import Activity, Education
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.school.room import Room
    from wijksim.mechanisms.school.terms import Terms

_LEAST = {int(one): f"school.least_{one.name.lower()}" for one in (Track.VOCATIONAL, Track.HIGHER)}
_LENGTHS = {int(one): f"school.years_{one.name.lower()}" for one in (Track.PRIMARY, *SECONDARY)}
_ONWARD = {int(one): f"school.next_{one.name.lower()}" for one in (*SECONDARY, Track.ENTRY, Track.VOCATIONAL)}
_LEAST_OF, _LENGTH_OF, _ONWARD_OF = (itemgetter(*names.values()) for names in (_LEAST, _LENGTHS, _ONWARD))
_AT_LEAST, _TAUGHT, _FOLLOWED = tuple(_LEAST), tuple(_LENGTHS), tuple(_ONWARD)
_LEVELS = tuple(Education)
# of who stops and who leaves, each grown-up and not
_ENDS = (Activity.UNEMPLOYED, Activity.OTHER) * 2
_STOPS, _LISTS = exam_loops.STOPS, exam_loops.LISTS
_NEXT = Stream("school.next")
_NOBODY = np.empty(0, np.int32)
LATER: tuple[Track, ...] = (Track.ENTRY, Track.VOCATIONAL, Track.HIGHER)
_LATER_TRACKS = np.array(LATER[1:], np.float64)


@dataclass(frozen=True)
class ByTrack(Piecewise):
    """Base rate by track, for the tracks that come after the schools of the city, which no parameter names."""

    def pieces(self, values: dict[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Tracks but the first, and the rates of all; tracks before the first have its rate."""
        return _LATER_TRACKS, _rates(self._rates(values))

    @cached_property
    def _rates(self) -> Callable[[dict[str, float]], tuple[float, ...]]:
        return itemgetter(*self.rates)


@lru_cache(maxsize=8)
def _rates(rates: tuple[float, ...]) -> NDArray[np.float64]:
    """Rates as an array, kept: they hardly ever change in a run."""
    return np.array(rates)


RISKS: tuple[Influence, ...] = (
    Influence("resident.frequent_mover", "school.dropout_moves", loop="youth"),
    Influence("household.problem_debt", "school.dropout_debt", loop="youth"),
    Influence("resident.stress", "school.dropout_stress", loop="youth"),
    Influence("resident.attendance", "school.dropout_attendance", loop="youth"),
    Influence("resident.peers", "school.dropout_peers", loop="youth"),
    Influence("resident.achievement", "school.dropout_achievement"),
)
DROPOUT_SECONDARY = Event(
    "school.dropout_secondary", table="resident", base="school.dropout_secondary_rate", influences=RISKS,
    doc="Leaving secondary school without a basic qualification",
)  # fmt: skip
DROPOUT_VOCATIONAL = Event(
    "school.dropout_vocational", table="resident", base="school.dropout_vocational_rate", influences=RISKS,
    doc="Leaving mbo-2 to 4 without a basic qualification",
)  # fmt: skip
DROPOUT_ENTRY = Event(
    "school.dropout_entry", table="resident", base="school.dropout_entry_rate", influences=RISKS,
    doc="Leaving mbo-1 without a basic qualification",
)  # fmt: skip
LEAVE_HIGHER = Event(
    "school.leave_higher", table="resident", base="school.leave_higher_rate",
    influences=(Influence("resident.achievement", "school.leave_higher_achievement"),
                Influence("resident.stress", "school.leave_higher_stress")),
    doc="Leaving higher education without its diploma",
)  # fmt: skip
RETURN = Event(
    "school.return", table="resident", base="school.return_rate",
    influences=(Influence("resident.stress", "school.return_stress"),
                Influence("resident.achievement", "school.return_achievement")),
    doc="An early school leaver goes back to school",
)  # fmt: skip
DIPLOMA = Event(
    "school.diploma", table="resident",
    base=ByTrack("resident.track", (), tuple(f"school.diploma_{track.name.lower()}_rate" for track in LATER)),
    influences=(Influence("resident.achievement", "school.diploma_achievement"),),
    doc="Finishing mbo or higher education with its diploma",
)  # fmt: skip
MOVE_UP = Event(
    "school.move_up", table="resident", base="school.move_up_rate",
    influences=(Influence("resident.achievement", "school.move_up_achievement"),),
    doc="Going up to a higher track of secondary school (opstroom)",
)  # fmt: skip
MOVE_DOWN = Event(
    "school.move_down", table="resident", base="school.move_down_rate",
    influences=(Influence("resident.achievement", "school.move_down_achievement"),),
    doc="Going down to a lower track of secondary school (afstroom)",
)  # fmt: skip


def lengths(ctx: Context) -> NDArray[np.float64]:
    """Classes by track that are taught by the calendar; tracks without end at a class have infinitely many."""
    return _filled(_TAUGHT, _LENGTH_OF(ctx.values), np.inf)


@lru_cache(maxsize=2**5)
def _filled(tracks: tuple[int, ...], given: tuple[float, ...], others: float) -> NDArray[np.float64]:
    """Numbers by track, kept: they hardly ever change in a run."""
    found = np.full(len(Track), others)
    found[list(tracks)] = given
    found.flags.writeable = False
    return found


def least(ctx: Context) -> NDArray[np.float64]:
    """Years by track after which a diploma may come."""
    return _filled(_AT_LEAST, _LEAST_OF(ctx.values), 0.0)


def exam(ctx: Context) -> tuple[NDArray[np.float64], float, int, int]:
    """What :func:`exam_loops.after_exam` takes of parameters."""
    value = ctx.values
    return (
        _filled(_FOLLOWED, _ONWARD_OF(value), 0.0), value["school.theoretical_to_havo"],
        int(value["school.havo_entry_class"]), int(value["school.leaving_age"]),
    )  # fmt: skip


def enter_track(ctx: Context, rows: Rows, track: NDArray[np.integer]) -> None:
    """Begin in the first class of a track; the place at a school is found later in the month."""
    table = ctx.world.resident
    table.track[rows] = track
    table.class_year[rows] = 0
    table.school[rows] = -1


def after_exam(ctx: Context, leavers: tuple[Rows, Rows, Rows], terms: Terms, laid: Room) -> None:
    """Give who passed the level of the track, and further education or work.

    The first of ``leavers`` are these; who goes without a diploma and who is too old leave as well.
    """
    passed, gone, old = leavers
    size = passed.size + gone.size + old.size
    if size == 0:
        return
    lists, counts = np.empty((_LISTS, size), np.int32), np.zeros(_LISTS, np.int32)
    key = ctx.draws.key(_NEXT, ctx.world.resident.uid, passed, ctx.month, 0)
    exam_loops.after_exam(passed, gone, old, key, lists, counts, *terms.exam, *laid.exam)
    for number in counts.nonzero()[0].tolist():
        rows = lists[number, : counts[number]]
        if number >= _STOPS:
            ctx.requests.become(rows, _ENDS[number - _STOPS])
        elif number:  # the lowest level is none
            ctx.requests.educate(rows, _LEVELS[number])


def new_class(ctx: Context, rows: Rows, terms: Terms, laid: Room) -> None:
    """August: one class up, a few stay down, and those past the last class leave with its diploma or on advice.

    ``rows`` may hold others than those in a class.
    """
    table, value, passed = ctx.world.resident, ctx.values, np.empty(rows.size, np.int32)
    luck = ctx.draws.uniform("school.repeat", table.uid.take(rows), ctx.month)
    repeats = value["school.repeat_primary"], value["school.repeat_secondary"]
    count = exam_loops.promoted(
        rows, luck, repeats, value["school.entry_limit"], terms.lengths, table.advice, table.achievement, table.track,
        table.class_year, table.school, passed,
    )  # fmt: skip
    after_exam(ctx, (passed[:count], _NOBODY, _NOBODY), terms, laid)


def ways_on(ctx: Context, rows: Rows, terms: Terms, laid: Room) -> tuple[Rows, ...]:
    """Early school leavers of this month go at once; return the ways that are open to those of ``rows`` who stay.

    These are who is in a class, who may go up and down, and for whom education may end: who is ready, in higher
    education or too old; rows, ascending.
    """
    in_secondary, in_vocational, in_entry, staying, up, down, ready, higher, old = laid.open
    a, b, c, *left = loops.ways(rows, *terms.ways, *laid.ways)
    secondary = DROPOUT_SECONDARY.draw(ctx, in_secondary[:a])
    vocational = DROPOUT_VOCATIONAL.draw(ctx, in_vocational[:b])
    entry = DROPOUT_ENTRY.draw(ctx, in_entry[:c])
    if secondary.size or vocational.size or entry.size:
        left = _dropped(ctx, (secondary, vocational, entry), laid.ways[-1], left, terms)
    a, b, c, d, e, f = left
    return staying[:a], up[:b], down[:c], ready[:d], higher[:e], old[:f]


def _dropped(
    ctx: Context, gone: tuple[Rows, Rows, Rows], lists: Rows, counts: list[int], terms: Terms
) -> list[int]:
    """Early leavers go to the labour market, or to nothing while still of the age of compulsory schooling.

    Return how many the lists of ways then hold, of which there were ``counts``.
    """
    table, left = ctx.world.resident, np.array(counts)
    grown, young = np.empty((2, sum(one.size for one in gone) + 1), np.int32)
    a, b = loops.dropped(
        *gone, terms.leaving_age, table.age, table.class_year, table.school, table.dropped_out, lists, left, grown,
        young,
    )  # fmt: skip
    ctx.requests.become(grown[:a], Activity.UNEMPLOYED)
    ctx.requests.become(young[:b], Activity.OTHER)
    found: list[int] = left.tolist()
    return found


def later(ctx: Context, ending: tuple[Rows, Rows, Rows], terms: Terms, laid: Room) -> None:
    """Mbo and higher education: diplomas when ready, leaving, and an end to studying at some age."""
    ready, higher, old = ending
    after_exam(ctx, (DIPLOMA.draw(ctx, ready), LEAVE_HIGHER.draw(ctx, higher), old), terms, laid)


def shift(ctx: Context, rising: Rows, falling: Rows) -> None:
    """Up and down between tracks of secondary school, while the last class is still to come (EDU-11)."""
    up, down = MOVE_UP.draw(ctx, rising), MOVE_DOWN.draw(ctx, falling)
    if up.size or down.size:
        loops.changed(up, down, ctx.world.resident.track)


def come_back(ctx: Context, rows: Rows) -> None:
    """Those of ``rows``, early school leavers, who return to mbo."""
    table, value = ctx.world.resident, ctx.values
    back = RETURN.draw(ctx, rows)
    if back.size == 0:
        return
    enter_track(ctx, back, np.where(table.education[back] == Education.NONE, ENTRY, VOCATIONAL))
    grown = table.age[back] >= int(value["school.leaving_age"])
    ctx.requests.become(back[grown], Activity.STUDENT)
    ctx.requests.become(back[~grown], Activity.PUPIL)
