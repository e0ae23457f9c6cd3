"""Apply transition requests as one transaction, at fixed points of the month and in a fixed precedence.

Precedence: death, leaving, departure of whole households, activity changes (retirement before graduation before
job loss before job found before assistance), births, partners joining, moves, foundings, arrivals, dwellings
renovated, sold, rebuilt or added. Whoever is gone takes no further part. Afterwards the derived columns of everybody
touched are recomputed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import child_uid, derive_uid
from wijksim.kernel import derive, entry_loops, exit_loops, member_loops, stock
from wijksim.kernel.held import Held
from wijksim.kernel.mechanism import Enter, hearing
from wijksim.kernel.requests import Arrival, Founding
from wijksim.state.codes import Activity, Fate, Role
from wijksim.state.intake import Intake
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


# the later in this tuple, the stronger: a person who both finds a job and turns 67 retires
ACTIVITY_PRECEDENCE = (
    Activity.OTHER,
    Activity.ASSISTANCE,
    Activity.BASIC_JOB,
    Activity.EMPLOYED,
    Activity.UNEMPLOYED,
    Activity.INCAPACITY,
    Activity.STUDENT,
    Activity.PUPIL,
    Activity.CHILD,
    Activity.RETIRED,
)
_RANK = np.empty(len(Activity), np.int8)
_RANK[list(ACTIVITY_PRECEDENCE)] = np.arange(len(ACTIVITY_PRECEDENCE))
# table and way in of new rows; they are announced in the order of these words
_MOVED_IN, _FOUNDED = ("household", "arrived"), ("household", "founded")
_ARRIVED, _BORN = ("resident", "arrived"), ("resident", "born")


class Lifecycle:
    """Applies requests; tells every mechanism about new rows through its ``enter``.

    Parameters
    ----------
    enter
        Callbacks ``(ctx, table, rows, how)`` in month order; ``how`` is ``born``, ``arrived`` or ``founded``. See also
        :func:`wijksim.kernel.mechanism.only`.
    """

    def __init__(self, enter: tuple[Enter, ...] = ()) -> None:
        self.enter = enter
        self._heard: dict[tuple[str, str], tuple[Enter, ...]] = {}
        self._new: dict[tuple[str, str], list[Rows]] = {}
        self._laid_out: Intake | None = None
        self._held: Held | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without pools as laid out and columns, which follow from the world, and without who hears of what."""
        return {**self.__dict__, "_laid_out": None, "_held": None, "_heard": {}}

    def apply(self, ctx: Context) -> None:
        """Apply and clear everything that was requested, then announce the new rows, once per table and way in."""
        requests, held = ctx.requests, self._columns(ctx)
        touched: list[Rows] = []
        if requests.exits or requests.departures:
            touched.append(self._exits(ctx, held))
        if requests.activities:
            self._activities(ctx, held)
        if requests.educations:
            levels, table = _listed(requests.educations), ctx.world.resident
            exit_loops.educate(*levels, table.alive, table.education)
        for mothers, sex in requests.births:
            touched.append(self._births(ctx, mothers, sex))
        for households, pool, records, uids in requests.joins:
            touched.append(self._joins(ctx, households, (pool, records, uids)))
        for stay, move in requests.unions:
            touched.extend(self._unions(ctx, stay, move))
        for households, dwellings in requests.relocations:
            touched.append(self._relocations(ctx, households, dwellings))
        for founding in requests.foundings:
            touched.extend(self._foundings(ctx, founding))
        if requests.arrivals:
            touched.append(self._arrivals(ctx, requests.arrivals))
        for conversion in requests.conversions:
            stock.convert(ctx, conversion)
        for addition in requests.additions:
            stock.add(ctx, addition)
        requests.clear()
        if touched:
            self._close(ctx, np.concatenate(touched))
        if self._new:
            self._announce(ctx)

    def _columns(self, ctx: Context) -> Held:
        """Columns as they lie now; to be asked for anew where rows may have been added."""
        held = self._held
        if held is None or held.shown != Table.shown or held.ctx is not ctx:
            held = self._held = Held(ctx)
        return held

    def _exits(self, ctx: Context, held: Held) -> Rows:
        """All who die, leave or depart, in one pass; who is named twice goes the way named first."""
        own, theirs, size = ctx.requests.exits, ctx.requests.departures, held.leaving[0].size
        rows, fates = np.empty(size, np.int32), np.empty(size, np.int8)
        count = exit_loops.leavers(
            *_listed(own + theirs), len(own), ctx.world.household.size, rows, fates, *held.leaving
        )
        return self._remove(ctx, held, rows[:count], fates[:count])

    def _remove(self, ctx: Context, held: Held, residents: Rows, fates: NDArray[np.int8]) -> Rows:
        count = residents.size
        if count == 0:
            return residents
        if ctx.before_release is not None:
            ctx.before_release("resident", residents)
        table = ctx.world.resident
        names, places = np.empty((2, count), np.uint64), np.empty((2, count), np.int32)
        months, origin = np.empty((2, count), np.int16), np.empty(count, np.int8)
        gone = np.zeros(table.size + 1, np.bool_)
        exit_loops.part(residents, names, places, months, origin, gone, held.residents, *held.parting)
        ctx.log.record(
            "exits", uid=names[0], district=places[0], age=months[0], fate=fates, household=names[1], arrived=months[1],
            origin=origin,
        )  # fmt: skip
        ctx.world.ties.drop_rows(gone)
        table.release(residents)
        households: Rows = places[1]
        return households

    def _activities(self, ctx: Context, held: Held) -> None:
        residents, wanted = _listed(ctx.requests.activities)
        size = residents.size
        rows, uid = np.empty(size, np.int32), np.empty(size, np.uint64)
        before, after = np.empty((2, size), np.int8)
        count = exit_loops.become(
            residents, wanted, _RANK, ctx.month, rows, uid, before, after, *held.becoming
        )
        ctx.log.record(
            "activities", row=rows[:count], uid=uid[:count], before=before[:count], after=after[:count]
        )

    def _births(self, ctx: Context, mothers: Rows, sex: NDArray[np.int8]) -> Rows:
        table = ctx.world.resident
        if not entry_loops.all_of(table.alive, mothers):
            living = table.alive[mothers]
            mothers, sex = mothers[living], sex[living]
            if mothers.size == 0:
                return mothers
        names = table.uid.take(mothers)
        uids = child_uid(names, table.births.take(mothers))
        rows = table.add(uids)
        homes, districts = np.empty((2, rows.size), np.int32)
        entry_loops.born(rows, mothers, sex, ctx.month, homes, districts, *self._columns(ctx).born)
        ctx.log.record("births", row=rows, uid=uids, mother=names, district=districts)
        self._new.setdefault(_BORN, []).append(rows)
        return homes

    def _joins(
        self, ctx: Context, households: Rows, source: tuple[str, NDArray[np.int64], NDArray[np.uint64]]
    ) -> Rows:
        pool_name, records, uids = source
        if not entry_loops.all_of(ctx.world.household.alive, households):
            alive = ctx.world.household.alive[households]
            households, records, uids = households[alive], records[alive], uids[alive]
            if households.size == 0:
                return households
        intake, table = self._intake(ctx), ctx.world.resident
        first = intake.start.take(records + intake.first[pool_name])
        rows = table.add(uids, intake.residents(first, ctx.month))
        district = np.empty(rows.size, np.int32)
        entry_loops.join(rows, households, table.household, table.role, district, *self._columns(ctx).housed)
        ctx.log.record("arrivals", uid=uids, district=district, row=rows)
        self._new.setdefault(_ARRIVED, []).append(rows)
        return households

    def _unions(self, ctx: Context, stay: Rows, move: Rows) -> list[Rows]:
        world = ctx.world
        ok = world.household.alive[stay] & world.household.alive[move] & (stay != move)
        stay, move = stay[ok], move[ok]
        if stay.size == 0:
            return []
        target = np.full(world.household.size, -1, dtype=np.int32)
        target[move] = stay
        table = world.resident
        rows = derive.members(world, move)
        heads = rows[table.role[rows] == int(Role.HEAD)]
        table.role[heads] = Role.PARTNER
        table.household[rows] = target[table.household[rows]]
        ctx.log.record(
            "moves",
            row=rows,
            uid=table.uid[rows],
            source=table.district[rows],
            target=world.household.district[table.household[rows]],
        )
        return [stay, move]

    def _relocations(self, ctx: Context, households: Rows, dwellings: Rows) -> Rows:
        world = ctx.world
        table, home, dwelling = world.resident, world.household, world.dwelling
        ok = home.alive.take(households) & (dwelling.household.take(dwellings) < 0)
        if not ok.all():
            households, dwellings = households[ok], dwellings[ok]
            if households.size == 0:
                return households
        if not (entry_loops.differ(dwellings, dwelling.size) and entry_loops.differ(households, home.size)):
            raise ValueError("two moves claim one dwelling or one household moves twice")
        rows = derive.members(world, households)
        held = self._columns(ctx)
        self._vacate(ctx, held, households)
        uid, (source, target) = np.empty(rows.size, np.uint64), np.empty((2, rows.size), np.int32)
        entry_loops.relocate(
            households, dwellings, ctx.month, rows, table.uid, table.district, table.household, dwelling.district, uid,
            source, target, *held.occupied,
        )  # fmt: skip
        ctx.log.record("moves", row=rows, uid=uid, source=source, target=target)
        return households

    def _foundings(self, ctx: Context, founding: Founding) -> list[Rows]:
        world = ctx.world
        table, home, dwelling = world.resident, world.household, world.dwelling
        residents, dwellings, uids = founding.residents, founding.dwellings, founding.uids
        ok = table.alive.take(residents) & (dwelling.household.take(dwellings) < 0)
        if not ok.all():
            residents, dwellings, uids = residents[ok], dwellings[ok], uids[ok]
            if residents.size == 0:
                return []
        households = home.add(uids)
        uid, old = np.empty(residents.size, np.uint64), np.empty(residents.size, np.int32)
        source, target = np.empty((2, residents.size), np.int32)
        entry_loops.found(
            households, dwellings, ctx.month, residents, table.household, table.role, table.uid, table.district,
            dwelling.district, old, uid, source, target, *self._columns(ctx).occupied,
        )  # fmt: skip
        if founding.followers:
            for resident, household in zip(residents.tolist(), households.tolist(), strict=True):
                for follower in founding.followers.get(resident, ()):
                    if table.alive[follower]:
                        table.household[follower] = household
        ctx.log.record("moves", row=residents, uid=uid, source=source, target=target)
        self._new.setdefault(_FOUNDED, []).append(households)
        return [old, households]

    def _arrivals(self, ctx: Context, arrivals: list[Arrival]) -> Rows:
        """Households from all channels move in, in one pass: rows are given out once."""
        world, intake = ctx.world, self._intake(ctx)
        posts = [(post.dwellings, post.uids, post.records + intake.first[post.pool]) for post in arrivals]
        dwellings, uids, records = map(np.concatenate, zip(*posts, strict=True))
        if not entry_loops.vacant(dwellings, world.dwelling.household):
            # a dwelling was taken since it was promised
            free = world.dwelling.household.take(dwellings) < 0
            dwellings, uids, records = dwellings[free], uids[free], records[free]
            if dwellings.size == 0:
                return dwellings
        table = world.resident
        households = world.household.add(uids, intake.households(records, ctx.month))
        positions, owner, rank = intake.persons(records)
        names = derive_uid("member", uids.take(owner), rank)
        persons = table.add(names, intake.residents(positions, ctx.month))
        district = np.empty(persons.size, np.int32)
        entry_loops.arrive(
            households, dwellings, ctx.month, persons, owner, table.household, world.dwelling.district, district,
            *self._columns(ctx).occupied,
        )  # fmt: skip
        ctx.log.record("arrivals", uid=names, row=persons, district=district)
        self._new.setdefault(_MOVED_IN, []).append(households)
        self._new.setdefault(_ARRIVED, []).append(persons)
        return households

    def _intake(self, ctx: Context) -> Intake:
        """Pools laid out for taking in, made anew only if pools or columns changed."""
        if self._laid_out is None or not self._laid_out.fits(ctx.world):
            self._laid_out = Intake(ctx.world)
        return self._laid_out

    def _vacate(self, ctx: Context, held: Held, households: Rows) -> None:
        """Let the dwellings of ``households`` fall vacant; they move or go."""
        emptied = np.empty(households.size, np.int32)
        count = exit_loops.vacate(households, ctx.month, emptied, *held.vacated)
        ctx.log.record("vacated", dwelling=emptied[:count])

    def _announce(self, ctx: Context) -> None:
        """Let every mechanism give the new rows their first values, now that all derived columns hold."""
        new, heard = self._new, self._heard
        for way in sorted(new):
            parts = new[way]
            rows = np.concatenate(parts) if len(parts) > 1 else parts[0]
            if rows.size:
                if way not in heard:
                    heard[way] = hearing(self.enter, way)
                table, how = way
                for enter in heard[way]:
                    enter(ctx, table, rows, how)
        new.clear()

    def _leave_out(self, table: Table) -> None:
        """Nothing is announced of those who came and went at once."""
        for (name, _), parts in self._new.items():
            if name == table.name:
                parts[:] = [
                    rows if entry_loops.all_of(table.alive, rows) else rows[table.alive[rows]]
                    for rows in parts
                ]

    def _close(self, ctx: Context, households: Rows) -> None:
        """Appoint heads, derive the rest, then send away households of minors only and release empty ones."""
        world, held = ctx.world, self._columns(ctx)
        home = world.household
        lists = held.lists
        lost, left = member_loops.settle(households, lists, *held.settled)
        if lost:
            # minors without an adult go to kin or a foster family outside the simulated districts
            self._remove(ctx, held, lists[0, :lost], np.full(lost, int(Fate.REST_OF_CITY), np.int8))
            self._leave_out(world.resident)
        if left:
            empty, emptied = lists[1, :left], np.empty(left, np.int32)
            if ctx.before_release is not None:
                ctx.before_release("household", empty)
            count = exit_loops.dissolve(empty, ctx.month, emptied, home.size, held.households, *held.vacated)
            ctx.log.record("vacated", dwelling=emptied[:count])
            home.release(empty)
            if self._new:
                self._leave_out(home)


def _listed(posts: Sequence[tuple[Rows, int]]) -> tuple[Rows, NDArray[np.int64]]:
    """Rows of all posts one after another; for each post how many they are and what is asked for them, ``(2, n)``."""
    rows, asked = zip(*posts, strict=True)
    lines = np.array((list(map(len, rows)), asked), np.int64)
    return np.concatenate(rows) if len(rows) > 1 else rows[0], lines
