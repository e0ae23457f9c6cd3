"""The school mechanism: who is at which school, what they learn, and with what diploma they leave.

A pupil of the districts has a place at a school, a track, a class and an achievement; a stable and calm home and
classmates matter, extra hours alone hardly do. Education decides levels and leaving: nobody else makes pupils,
students or graduates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import MONTHS_PER_QUARTER, MONTHS_PER_YEAR
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.school import achievement, careers, hours, placement
from wijksim.mechanisms.school.codes import BASIC, ENTRY, HAVO, HIGHER, PRIMARY, VOCATIONAL, Level, Track
from wijksim.state.codes import Activity, Education, Role
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

# plain whole numbers, for quick comparisons
CHILD, PUPIL, STUDENT = int(Activity.CHILD), int(Activity.PUPIL), int(Activity.STUDENT)
AT_HOME, MIDDLE = int(Role.CHILD), int(Education.MIDDLE)


@MECHANISMS.register
class School(Mechanism):
    """Places, classes, achievement, advice, attendance, dropout, diplomas, return (EDU-01 to EDU-18, EFF-35)."""

    name = "school"
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

    def setup(self, ctx: Context) -> None:
        """Tracks and classes by age, schools with their pupils, achievement at its target."""
        known = ctx.reference
        if "school.achievement|ability" not in known.stored:
            # what is measured before stress is known must not become the national mean
            ctx.reference = Reference()
        table = ctx.world.resident
        rows = _learning(ctx)
        self._begin(ctx, rows)
        schooled = rows[placement.wants_place(table.track[rows])]
        if schooled.size:
            placement.found_schools(ctx, schooled)
            placement.place(ctx, schooled)
        placement.compose(ctx, rows)
        ctx.reference = known

    def step(self, ctx: Context) -> None:
        """School starters and newcomers, the state of pupils, the calendar, and ways in and out."""
        table, value = ctx.world.resident, ctx.values
        table.dropped_out[:] = False
        small = (table.activity == CHILD) & (table.age >= int(value["school.start_age"]))
        ctx.requests.become(small.nonzero()[0].astype(np.int32), Activity.PUPIL)
        rows = _learning(ctx)
        self._begin(ctx, rows[table.class_year[rows] < 0])
        self._away(ctx)
        self._moved(ctx, rows)
        hours.teach(ctx)
        if ctx.month % MONTHS_PER_QUARTER == 0 or not self._known(ctx):
            self._term(ctx, rows)
        careers.drop_out(ctx, rows)
        rows = rows[table.class_year[rows] >= 0]
        careers.shift(ctx, rows)
        careers.later(ctx, rows)
        careers.come_back(ctx)
        self._calendar(ctx, rows[table.class_year[rows] >= 0])
        self._places(ctx, rows)
        adult = (table.activity[rows] == PUPIL) & (table.class_year[rows] >= 0)
        adult &= table.age[rows] >= int(value["school.leaving_age"])
        ctx.requests.become(rows[adult], Activity.STUDENT)

    def _term(self, ctx: Context, rows: Rows) -> None:
        """Once a quarter, as schools report: homes, classes, teachers, achievement and attendance."""
        achievement.calm(ctx)
        self._standing(ctx, rows)
        placement.compose(ctx, rows)
        achievement.shortages(ctx)
        achievement.learn(ctx, rows)

    def _known(self, ctx: Context) -> bool:
        """Tell whether the calm of homes is known, which it is not in the first month of a world."""
        return bool(ctx.world.household.home_calm.any())

    # ---------------------------------------------------------------- begin and end
    def _begin(self, ctx: Context, rows: Rows) -> None:
        """First values of those who are in education and not yet known here."""
        if rows.size == 0:
            return
        table, value = ctx.world.resident, ctx.values
        table.school_luck[rows] = ctx.draws.life_normal("school.luck", table.uid[rows])
        self._standing(ctx, rows)
        self._past_moves(ctx, rows)
        table.peers[rows] = 0
        table.achievement[rows] = achievement.target(ctx, rows, settled=False)
        age = table.age[rows].astype(np.int64) - int(value["school.start_age"])
        primary = age < value["school.years_primary"]
        table.track[rows] = PRIMARY
        table.class_year[rows] = np.maximum(age, 0)
        later = rows[~primary]
        table.advice[later] = achievement.advised(ctx, later)
        table.track[later] = table.advice[later]
        table.class_year[later] = age[~primary] - int(value["school.years_primary"])
        self._advance(ctx, later)

    def _advance(self, ctx: Context, rows: Rows) -> None:
        """Those past the classes of their track are in what comes next; students are where their level says."""
        table = ctx.world.resident
        track = table.track[rows]
        over = table.class_year[rows] - careers.length(ctx, track)
        student = table.activity[rows] == STUDENT
        beyond = (over >= 0) | student
        qualified = (table.education[rows] >= MIDDLE) | (~student & (track >= HAVO))
        further = np.where(qualified, HIGHER, VOCATIONAL)
        weak = (track == BASIC) & (table.achievement[rows] < ctx.values["school.entry_limit"])
        further = np.where(weak & (over < 1) & (table.education[rows] < MIDDLE), ENTRY, further)
        table.track[rows[beyond]] = further[beyond]
        table.class_year[rows[beyond]] = np.clip(over[beyond], 0, ctx.values["school.start_class_most"])

    def _past_moves(self, ctx: Context, rows: Rows) -> None:
        """Moves so far of somebody new here: none if the home is older than the child, else at least the last."""
        table, value = ctx.world.resident, ctx.values
        moved_in = ctx.world.gather("resident", rows, "household.moved_in").astype(np.int64)
        before = np.maximum(moved_in - table.birth_month[rows], 0) / MONTHS_PER_YEAR
        luck = ctx.draws.life("school.past_moves", table.uid[rows])
        # a Poisson number of earlier moves, by inversion of its first terms
        mean = before * value["school.child_move_rate"]
        count = (before > 0).astype(np.int64)
        term = np.exp(-mean)
        below = term.copy()
        for k in range(1, int(value["school.past_moves_most"]) + 1):
            count += (before > 0) & (luck > below)
            term = term * mean / k
            below += term
        table.home_moves[rows] = count
        table.frequent_mover[rows] = count >= value["school.frequent_moves"]

    def _away(self, ctx: Context) -> None:
        """Whoever is in education no longer has no class and no place at school."""
        table = ctx.world.resident
        still = (table.activity == PUPIL) | (table.activity == STUDENT)
        gone = ((table.class_year >= 0) & ~still).nonzero()[0]
        table.class_year[gone] = -1
        table.school[gone] = -1

    # ---------------------------------------------------------------- state
    def _standing(self, ctx: Context, rows: Rows) -> None:
        """Education of the parents, and who counts as disadvantaged."""
        table = ctx.world.resident
        at_home = table.role[rows] == AT_HOME
        head = ctx.world.gather("household", table.household[rows], "resident.education")
        table.parents[rows] = np.where(at_home, head, table.parents[rows])
        low = (table.parents[rows] >= 0) & (table.parents[rows] <= int(ctx.values["school.low_parents"]))
        poor = ctx.world.gather("resident", rows, "household.income_fifth") == 0
        table.disadvantaged[rows] = low | (poor & at_home)

    def _moved(self, ctx: Context, rows: Rows) -> None:
        """Count house moves of last month; part of the young pupils who left the district change school."""
        table, school, value = ctx.world.resident, ctx.world.school, ctx.values
        moved = rows[ctx.world.gather("resident", rows, "household.moved_in") == ctx.month - 1]
        moved = moved[table.role[moved] == AT_HOME]
        if moved.size == 0:
            return
        table.home_moves[moved] = np.minimum(table.home_moves[moved], np.iinfo(np.int8).max - 1) + 1
        table.frequent_mover[moved] = table.home_moves[moved] >= value["school.frequent_moves"]
        here = moved[(table.school[moved] >= 0) & (table.track[moved] == PRIMARY)]
        here = here[school.district[table.school[here]] != table.district[here]]
        luck = ctx.draws.uniform("school.change", table.uid[here], ctx.month)
        table.school[here[luck < value["school.change_school"]]] = -1

    def _calendar(self, ctx: Context, rows: Rows) -> None:
        """Advice in March, a new class in August."""
        table, value = ctx.world.resident, ctx.values
        if ctx.month_of_year == value["school.advice_month"]:
            last = table.class_year[rows] >= value["school.years_primary"] - 1
            final = rows[last & (table.track[rows] == PRIMARY)]
            table.advice[final] = achievement.advised(ctx, final)
        if ctx.month_of_year == value["school.class_month"]:
            careers.new_class(ctx, rows)

    def _places(self, ctx: Context, rows: Rows) -> None:
        """Find a school for all who need one this month, in one round of choice."""
        table = ctx.world.resident
        asking = rows[(table.school[rows] < 0) & (table.class_year[rows] >= 0)]
        asking = asking[placement.wants_place(table.track[asking])]
        if asking.size and ctx.world.school.size:
            placement.place(ctx, asking)


def _learning(ctx: Context) -> Rows:
    activity = ctx.world.resident.activity
    mask = (activity == PUPIL) | (activity == STUDENT)
    rows: Rows = mask.nonzero()[0].astype(np.int32)
    return rows
