"""Apply transition requests as one transaction, at fixed points of the month and in a fixed precedence.

Precedence: death, leaving, departure of whole households, activity changes (retirement before graduation before
job loss before job found before assistance), births, partners joining, moves, foundings, arrivals, dwellings
renovated, sold, rebuilt or added. Whoever is gone takes no further part. Afterwards the derived columns of everybody
touched are recomputed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import child_uid, derive_uid
from wijksim.kernel import derive, exit_loops, stock
from wijksim.kernel.requests import Arrival, Founding
from wijksim.state.codes import Activity, Education, Fate, Role
from wijksim.state.intake import Intake
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Enter = Callable[["Context", str, Rows, str], None]

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
_RANK = {int(activity): rank for rank, activity in enumerate(ACTIVITY_PRECEDENCE)}


class Lifecycle:
    """Applies requests; tells every mechanism about new rows through its ``enter``.

    Parameters
    ----------
    enter
        Callbacks ``(ctx, table, rows, how)`` in month order; ``how`` is ``born``, ``arrived`` or ``founded``.
    """

    def __init__(self, enter: tuple[Enter, ...] = ()) -> None:
        self.enter = enter
        self._new: dict[tuple[str, str], list[Rows]] = {}
        self._laid_out: Intake | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without the pools as laid out, which follow from the world."""
        return {**self.__dict__, "_laid_out": None}

    def apply(self, ctx: Context) -> None:
        """Apply and clear everything that was requested, then announce the new rows, once per table and way in."""
        requests = ctx.requests
        touched: list[NDArray[np.int32]] = [self._exits(ctx)]
        self._activities(ctx)
        self._educations(ctx)
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
        households = np.concatenate(touched)
        if households.size:
            self._close(ctx, households)
        if self._new:
            self._announce(ctx)

    def _exits(self, ctx: Context) -> Rows:
        """All who die, leave or depart, in one pass; who is named twice goes the way named first."""
        world, requests = ctx.world, ctx.requests
        if not requests.exits and not requests.departures:
            return world.resident.rows[:0]
        # written from last to first, so that the way named first stays
        own = np.full(world.resident.size, -1, dtype=np.int8)
        posts = sorted(requests.exits, key=lambda post: post[1] != Fate.DIED)
        for residents, fate in reversed(posts):
            own[residents] = fate
        way = np.full(world.household.size + 1, -1, dtype=np.int8)  # a spare place for no household
        for households, fate in reversed(requests.departures):
            way[households] = fate
        rows = np.empty(own.size, dtype=np.int32)
        fates = np.empty_like(own)
        count = exit_loops.leavers(world.resident.alive, world.resident.household, own, way, rows, fates)
        return self._remove(ctx, rows[:count].copy(), fates[:count].copy())

    def _remove(self, ctx: Context, residents: Rows, fates: NDArray[np.int8]) -> Rows:
        world = ctx.world
        table = world.resident
        if residents.size == 0:
            return residents
        households = table.household.take(residents)
        ctx.log.record(
            "exits",
            uid=table.uid.take(residents),
            district=table.district.take(residents),
            age=table.age.take(residents),
            fate=fates,
            household=world.household.uid.take(households),
            arrived=table.arrived.take(residents),
            origin=table.origin.take(residents),
        )
        if ctx.before_release is not None:
            ctx.before_release("resident", residents)
        gone = np.zeros(table.size + 1, dtype=bool)
        gone[residents] = True
        world.ties.drop_rows(gone[:-1])
        for reference in ctx.resident_references:
            exit_loops.forget(world.column(reference), gone)
        table.release(residents)
        return households

    def _activities(self, ctx: Context) -> None:
        table = ctx.world.resident
        if not ctx.requests.activities:
            return
        posts = sorted(ctx.requests.activities, key=lambda post: _RANK[post[1]])
        residents = np.concatenate([post[0] for post in posts])
        wanted = np.array([(post[0].size, post[1]) for post in posts], dtype=np.int64)
        rows = np.empty(residents.size, dtype=np.int32)
        before = np.empty(residents.size, dtype=np.int8)
        count = exit_loops.become(residents, wanted, table.alive, table.activity, rows, before)
        changed = rows[:count]
        table.activity_since[changed] = ctx.month
        ctx.log.record(
            "activities",
            row=changed,
            uid=table.uid.take(changed),
            before=before[:count],
            after=table.activity.take(changed),
        )

    def _educations(self, ctx: Context) -> None:
        table = ctx.world.resident
        for residents, level in ctx.requests.educations:
            living = residents[table.alive[residents]]
            table.education[living] = np.maximum(table.education[living], level)

    def _births(self, ctx: Context, mothers: Rows, sex: NDArray[np.int8]) -> Rows:
        table = ctx.world.resident
        living = table.alive[mothers]
        mothers, sex = mothers[living], sex[living]
        if mothers.size == 0:
            return mothers
        uids = child_uid(table.uid[mothers], table.births[mothers].astype(np.int64))
        table.births[mothers] += 1
        rows = table.add(uids)
        table.household[rows] = table.household[mothers]
        table.mother[rows] = mothers
        table.birth_month[rows] = ctx.month
        table.sex[rows] = sex
        table.role[rows] = Role.CHILD
        table.activity[rows] = Activity.CHILD
        table.activity_since[rows] = ctx.month
        table.education[rows] = Education.NONE
        table.arrived[rows] = ctx.month
        table.origin[rows] = 2
        derive.link_residents(ctx.world, rows)
        ctx.log.record("births", row=rows, uid=uids, mother=table.uid[mothers], district=table.district[rows])
        self._note("resident", "born", rows)
        return table.household[rows]

    def _joins(
        self, ctx: Context, households: Rows, source: tuple[str, NDArray[np.int64], NDArray[np.uint64]]
    ) -> Rows:
        pool_name, records, uids = source
        alive = ctx.world.household.alive[households]
        households, records, uids = households[alive], records[alive], uids[alive]
        if households.size == 0:
            return households
        intake = self._intake(ctx)
        rows = ctx.world.resident.add(uids)
        first = intake.start[intake.records(pool_name, records)]
        intake.fill_residents(ctx.world, rows, first, ctx.month)
        table = ctx.world.resident
        table.household[rows] = households
        table.role[rows] = Role.PARTNER
        derive.link_residents(ctx.world, rows)
        ctx.log.record("arrivals", uid=uids, district=table.district[rows], row=rows)
        self._note("resident", "arrived", rows)
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
        ok = world.household.alive[households] & (world.dwelling.household[dwellings] < 0)
        households, dwellings = households[ok], dwellings[ok]
        if households.size == 0:
            return households
        homes, movers = world.dwelling.size, world.household.size
        if not (derive.differ(dwellings, homes) and derive.differ(households, movers)):
            raise ValueError("two moves claim one dwelling or one household moves twice")
        table = world.resident
        rows = derive.members(world, households)
        source = table.district[rows]
        self._vacate(ctx, world.household.dwelling[households])
        self._occupy(ctx, households, dwellings)
        ctx.log.record(
            "moves",
            row=rows,
            uid=table.uid[rows],
            source=source,
            target=world.dwelling.district[world.household.dwelling[table.household[rows]]],
        )
        return households

    def _foundings(self, ctx: Context, founding: Founding) -> list[Rows]:
        world = ctx.world
        table = world.resident
        ok = table.alive[founding.residents] & (world.dwelling.household[founding.dwellings] < 0)
        residents, dwellings, uids = founding.residents[ok], founding.dwellings[ok], founding.uids[ok]
        if residents.size == 0:
            return []
        old = table.household[residents]
        source = table.district[residents]
        households = world.household.add(uids)
        table.household[residents] = households
        table.role[residents] = Role.HEAD
        for resident, household in zip(residents.tolist(), households.tolist(), strict=True):
            for follower in founding.followers.get(resident, ()):
                if table.alive[follower]:
                    table.household[follower] = household
        self._occupy(ctx, households, dwellings)
        ctx.log.record(
            "moves",
            row=residents,
            uid=table.uid[residents],
            source=source,
            target=world.dwelling.district[dwellings],
        )
        self._note("household", "founded", households)
        return [old.astype(np.int32), households]

    def _arrivals(self, ctx: Context, arrivals: list[Arrival]) -> Rows:
        """Households from all channels move in, in one pass: rows are given out once."""
        world = ctx.world
        intake = self._intake(ctx)
        dwellings = np.concatenate([post.dwellings for post in arrivals])
        uids = np.concatenate([post.uids for post in arrivals])
        records = np.concatenate([intake.records(post.pool, post.records) for post in arrivals])
        free = world.dwelling.household.take(dwellings) < 0
        taken = not free.all()  # a dwelling may have been taken since it was promised
        if taken:
            dwellings, uids, records = dwellings[free], uids[free], records[free]
        if dwellings.size == 0:
            return dwellings
        households = world.household.add(uids)
        intake.fill_households(world, households, records)
        first = done = 0
        for arrival in arrivals:
            here = free[first : first + arrival.dwellings.size]
            count = int(np.count_nonzero(here)) if taken else here.size
            rows = households[done : done + count]
            for name, values in arrival.extra.items():
                world.column(name)[rows] = values[here] if taken else values
            first, done = first + here.size, done + count
        positions, owner, rank = intake.persons(records)
        persons = world.resident.add(derive_uid("member", uids[owner], rank))
        intake.fill_residents(world, persons, positions, ctx.month)
        world.resident.household[persons] = households[owner]
        self._occupy(ctx, households, dwellings)
        ctx.log.record(
            "arrivals",
            uid=world.resident.uid[persons],
            row=persons,
            district=world.dwelling.district[dwellings][owner],
        )
        self._note("household", "arrived", households)
        self._note("resident", "arrived", persons)
        return households

    def _intake(self, ctx: Context) -> Intake:
        """Pools laid out for taking in, made anew only if pools or columns changed."""
        if self._laid_out is None or not self._laid_out.fits(ctx.world):
            self._laid_out = Intake(ctx.world)
        return self._laid_out

    def _vacate(self, ctx: Context, dwellings: Rows) -> None:
        dwelling = ctx.world.dwelling
        dwellings = dwellings[dwellings >= 0]
        dwelling.household[dwellings] = -1
        dwelling.vacant_since[dwellings] = ctx.month
        ctx.log.record("vacated", dwelling=dwellings)

    def _occupy(self, ctx: Context, households: Rows, dwellings: Rows) -> None:
        world = ctx.world
        world.household.dwelling[households] = dwellings
        world.household.moved_in[households] = ctx.month
        world.dwelling.household[dwellings] = households
        world.dwelling.occupancies[dwellings] += 1

    def _note(self, table: str, how: str, rows: Rows) -> None:
        self._new.setdefault((table, how), []).append(rows)

    def _announce(self, ctx: Context) -> None:
        """Let every mechanism give the new rows their first values, now that all derived columns hold."""
        for (name, how), parts in sorted(self._new.items()):
            rows = np.concatenate(parts)
            rows = rows[ctx.world.tables[name].alive[rows]]
            if rows.size:
                for enter in self.enter:
                    enter(ctx, name, rows, how)
        self._new.clear()

    def _close(self, ctx: Context, households: Rows) -> None:
        """Appoint heads, send away households of minors only, release empty ones, derive the rest."""
        world = ctx.world
        kept, rows, orphaned, empty = derive.gather(world, households)
        if orphaned.size:
            # minors without an adult go to kin or a foster family outside the simulated districts
            self._remove(ctx, orphaned, np.full(orphaned.size, int(Fate.REST_OF_CITY), dtype=np.int8))
        if empty.size:
            if ctx.before_release is not None:
                ctx.before_release("household", empty)
            self._vacate(ctx, world.household.dwelling[empty])
            gone = np.zeros(world.household.size + 1, dtype=bool)
            gone[empty] = True
            for reference in ctx.household_references:
                exit_loops.forget(world.column(reference), gone)
            world.household.release(empty)
        derive.refresh_households(world, kept, rows)
