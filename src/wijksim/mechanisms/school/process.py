"""The school mechanism: who is at which school, what they learn, and with what diploma they leave.

A pupil of the districts has a place at a school, a track, a class and an achievement; a stable and calm home and
classmates matter, extra hours alone hardly do. Education decides levels and leaving: nobody else makes pupils,
students or graduates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.core.units import MONTHS_PER_QUARTER
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.school import (
    achievement,
    careers,
    hours,
    learning_loops,
    loops,
    placement,
    placement_loops,
    programmes,
)
from wijksim.mechanisms.school import terms as made
from wijksim.mechanisms.school.codes import PRIMARY, Level, Track
from wijksim.mechanisms.school.room import Room, room
from wijksim.mechanisms.school.terms import Terms
from wijksim.state.codes import Activity
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

# plain whole numbers, for quick comparisons
PUPIL, STUDENT = int(Activity.PUPIL), int(Activity.STUDENT)


@MECHANISMS.register
class School(Mechanism):
    """Places, classes, achievement, advice, attendance, dropout, diplomas, return (EDU-01 to EDU-18, EFF-35)."""

    name = "school"
    channels = ("school.teach_longer", f"{programmes.OWNER}.{programmes.ADVOCATE}", programmes.TEACHERS)
    owns = (
        Column("school.district", np.int32, "row", "District of the school", ref="district"),
        Column("school.level", np.int8, "code", "Primary or secondary", codes=Level),
        Column("school.seats", np.int32, "places", "Places", low=0),
        Column("school.pupils", np.int32, "persons", "Pupils", low=0),
        Column("school.disadvantaged", np.float32, "share", "Disadvantaged among the pupils", low=0, high=1),
        Column("school.shortage", np.float32, "share", "Teaching posts unfilled (lerarentekort)", low=0, high=1),
        Column("household.home_calm", np.float32, "share", "Calm and stability of the home, 0 without children",
               low=0, high=1),
        Column("resident.school", np.int32, "row", "School attended", ref="school"),
        Column("resident.track", np.int8, "code", "Track of education, present or last (onderwijssoort)", codes=Track),
        Column("resident.class_year", np.int8, "years", "Class within the track from 0, -1 out of education",
               default=-1, low=-1),
        Column("resident.advice", np.int8, "code", "Advised track (schooladvies), primary before it", codes=Track),
        Column("resident.parents", np.int8, "code", "Education of the head of the parental home, -1 unknown",
               default=-1, low=-1, high=3),
        Column("resident.school_luck", np.float32, "sd", "What ability and home do not explain, for life"),
        Column("resident.disadvantaged", np.bool_, "-",
               "Pupil of low-educated parents or of the lowest income fifth (achterstandsleerling)"),
        Column("resident.peers", np.float32, "share", "Disadvantaged among classmates", low=0, high=1),
        Column("resident.achievement", np.float32, "sd", "Achievement at school, standard normal in the reference"),
        Column("resident.extra_hours", np.float32, "hours/week",
               "Hours beyond the timetable that the pupil would not have had (verlengde schooldag)", low=0),
        Column("resident.attendance", np.float32, "share", "Lessons attended", default=1, low=0, high=1),
        Column("resident.home_moves", np.int8, "count", "House moves while a child or in education", low=0),
        Column("resident.frequent_mover", np.bool_, "-", "Moved house often while growing up"),
        Column("resident.dropped_out", np.bool_, "-", "Left school early this month (voortijdig schoolverlater)"),
    )  # fmt: skip
    lagged = (
        "resident.stress", "household.problem_debt", "household.nuisance_often", "household.income_fifth",
    )  # fmt: skip
    costs = (hours.EXTRA_HOURS,)

    dropout_secondary = careers.DROPOUT_SECONDARY
    dropout_vocational = careers.DROPOUT_VOCATIONAL
    dropout_entry = careers.DROPOUT_ENTRY
    leave_higher = careers.LEAVE_HIGHER
    return_ = careers.RETURN
    diploma = careers.DIPLOMA
    move_up = careers.MOVE_UP
    move_down = careers.MOVE_DOWN

    def __init__(self) -> None:
        self._terms = KeptTerms(made.terms)
        self._room = KeptColumns(room, "resident", "household", "school")
        self._innate: tuple[dict[str, float], dict[str, Any], learning_loops.Innate] | None = None

    def setup(self, ctx: Context) -> None:
        """Tracks and classes by age, schools with their pupils, achievement at its target."""
        known = ctx.reference
        if "school.achievement|ability" not in known.stored:
            # what is measured before stress is known must not become the national mean
            ctx.reference = Reference()
        table = ctx.world.resident
        rows = _learning(ctx)
        if rows.size:
            self._begin(ctx, rows, self._terms(ctx), self._room(ctx.world))
        schooled = rows[placement.wants_place(table.track[rows])]
        if schooled.size:
            placement.found_schools(ctx, schooled)
            placement.place(ctx, schooled)
        placement.compose(ctx, rows)
        ctx.reference = known

    def step(self, ctx: Context) -> None:
        """School starters and newcomers, the state of pupils, the calendar, and ways in and out."""
        terms, laid = self._terms(ctx), self._room(ctx.world)
        longer, starting, learning, new, moved, left = loops.learners(
            ctx.month - 1, *terms.bounds, *laid.learners
        )
        starters, rows, unknown, movers, early = laid.listed
        rows = rows[:learning]
        if starting:
            ctx.requests.become(starters[:starting].copy(), Activity.PUPIL)
        if new:
            self._begin(ctx, unknown[:new], terms, laid)
        if moved:
            self._moved(ctx, movers[:moved])
        if longer or ctx.effects.acts:
            hours.teach(ctx, now=longer)
        # in the first month of a world the calm of homes is not known
        if ctx.month % MONTHS_PER_QUARTER == 0 or not ctx.world.household.home_calm.any():
            self._term(ctx, rows)
        staying, up, down, ready, higher, old = careers.ways_on(ctx, rows, terms, laid)
        careers.shift(ctx, up, down)
        careers.later(ctx, (ready, higher, old), terms, laid)
        careers.come_back(ctx, early[:left])
        self._calendar(ctx, staying, terms, laid)
        # who needs a school gets one, and pupils old enough become students
        grown, *counts = placement_loops.end_of_month(staying, terms.leaving_age, *laid.end)
        placement.match(ctx, laid.asking, laid.offered, counts)
        if grown:
            ctx.requests.become(laid.asking[placement_loops.ADULTS, :grown].copy(), Activity.STUDENT)

    def _term(self, ctx: Context, rows: Rows) -> None:
        """Once a quarter, as schools report: homes, classes, teachers, achievement and attendance."""
        achievement.report(ctx, rows, placement.TRACKS)
        achievement.shortages(ctx)
        achievement.learn(ctx, rows)

    # ---------------------------------------------------------------- begin and end
    def _begin(self, ctx: Context, rows: Rows, terms: Terms, laid: Room) -> None:
        """First values of those who are in education and not yet known here."""
        draws, innate, uid = ctx.draws, self._born_with(ctx, rows), ctx.world.resident.uid.take(rows)
        luck, moved = draws.life_normal("school.luck", uid), draws.life("school.past_moves", uid)
        learning_loops.begun(rows, luck, moved, innate, *terms.begin, *laid.begun)

    def _born_with(self, ctx: Context, rows: Rows) -> learning_loops.Innate:
        """What :func:`achievement.innate` says, kept once it is measured; until then, measured among ``rows``."""
        kept, reference = self._innate, ctx.reference
        if (
            kept is not None
            and kept[0] is ctx.values
            and kept[1] is reference.stored
            and not reference.tracking
        ):
            return kept[2]
        if not achievement.measured(ctx):
            self._standing(ctx, rows)
        found = achievement.innate(ctx, rows)
        if achievement.measured(ctx):
            self._innate = ctx.values, reference.stored, found
        return found

    # ---------------------------------------------------------------- state
    def _standing(self, ctx: Context, rows: Rows) -> None:
        """Education of the parents, and who counts as disadvantaged."""
        table, household = ctx.world.resident, ctx.world.household
        learning_loops.standing(
            rows, table.role, table.household, household.head, table.education, household.income_fifth,
            int(ctx.values["school.low_parents"]), table.parents, table.disadvantaged,
        )  # fmt: skip

    def _moved(self, ctx: Context, moved: Rows) -> None:
        """Count house moves of last month; part of the young pupils who left the district change school."""
        table, value, away = ctx.world.resident, ctx.values, np.empty(moved.size, np.int32)
        away = away[: loops.moved_house(
            moved, value["school.frequent_moves"], table.school, table.track, table.district,
            ctx.world.school.district, table.home_moves, table.frequent_mover, away,
        )]  # fmt: skip
        if away.size:
            changing, _ = ctx.draws.near(
                "school.change", table.uid, away, ctx.month, value["school.change_school"]
            )
            table.school[changing] = -1

    def _calendar(self, ctx: Context, rows: Rows, terms: Terms, laid: Room) -> None:
        """Advice in March, a new class in August, for those of ``rows`` who are still in a class."""
        table, value, month = ctx.world.resident, ctx.values, ctx.clock.month_of_year(ctx.month)
        if month == value["school.advice_month"]:
            final = rows[
                (table.class_year[rows] >= value["school.years_primary"] - 1) & (table.track[rows] == PRIMARY)
            ]
            table.advice[final] = achievement.advised(ctx, final, programmes.heard(ctx))
        if month == value["school.class_month"]:
            careers.new_class(ctx, rows, terms, laid)


def _learning(ctx: Context) -> Rows:
    activity = ctx.world.resident.activity
    mask = (activity == PUPIL) | (activity == STUDENT)
    rows: Rows = mask.nonzero()[0].astype(np.int32)
    return rows
