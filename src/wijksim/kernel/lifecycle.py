"""Apply transition requests as one transaction, at fixed points of the month and in a fixed precedence.

Precedence: death, leaving, departure of whole households, activity changes (retirement before graduation before
job loss before job found before assistance), births, partners joining, moves, foundings, arrivals. Whoever is
gone takes no further part. Afterwards the derived columns of everybody touched are recomputed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import child_uid, derive_uid
from wijksim.kernel import derive
from wijksim.kernel.requests import Arrival, Founding
from wijksim.state.codes import Activity, Education, Fate, Role
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
        requests.clear()
        households = np.concatenate(touched)
        if households.size:
            self._close(ctx, np.unique(households))
        self._announce(ctx)

    def _exits(self, ctx: Context) -> Rows:
        """All who die, leave or depart, in one pass; who is named twice goes the way named first."""
        world, requests = ctx.world, ctx.requests
        posts = sorted(requests.exits, key=lambda post: post[1] != Fate.DIED)
        if requests.departures:
            way = np.full(world.household.size, -1, dtype=np.int8)
            for households, fate in reversed(requests.departures):
                way[households] = fate
            rows = world.resident.rows
            going = way[world.resident.household[rows]]
            posts += [(rows[going == fate], Fate(fate)) for fate in np.unique(going[going >= 0]).tolist()]
        if not posts:
            return world.resident.rows[:0]
        residents = np.concatenate([post[0] for post in posts])
        fates = np.repeat([int(post[1]) for post in posts], [post[0].size for post in posts])
        residents, first = np.unique(residents, return_index=True)
        living = world.resident.alive[residents]
        return self._remove(ctx, residents[living], fates[first][living].astype(np.int8))

    def _remove(self, ctx: Context, residents: Rows, fates: NDArray[np.int8]) -> Rows:
        world = ctx.world
        table = world.resident
        if residents.size == 0:
            return residents
        households = np.unique(table.household[residents])
        ctx.log.record(
            "exits",
            uid=table.uid[residents],
            district=table.district[residents],
            age=table.age[residents],
            fate=fates,
            household=world.household.uid[table.household[residents]],
            arrived=table.arrived[residents],
            origin=table.origin[residents],
        )
        if ctx.before_release is not None:
            ctx.before_release("resident", residents)
        gone = np.zeros(table.size + 1, dtype=bool)
        gone[residents] = True
        world.ties.drop_rows(gone[:-1])
        for reference in ctx.resident_references:
            column = world.column(reference)
            column[gone[column]] = -1  # a reference of -1 looks at the spare last place, which is never gone
        table.release(residents.astype(np.int32))
        return households.astype(np.int32)

    def _activities(self, ctx: Context) -> None:
        table = ctx.world.resident
        if not ctx.requests.activities:
            return
        order = {int(activity): rank for rank, activity in enumerate(ACTIVITY_PRECEDENCE)}
        before = table.activity.copy()
        for residents, activity in sorted(ctx.requests.activities, key=lambda post: order[post[1]]):
            table.activity[residents[table.alive[residents]]] = activity
        changed = np.flatnonzero((table.activity != before) & table.alive)
        table.activity_since[changed] = ctx.month
        ctx.log.record(
            "activities",
            row=changed,
            uid=table.uid[changed],
            before=before[changed],
            after=table.activity[changed].copy(),
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
        ctx.log.record(
            "births", row=rows, uid=uids, mother=table.uid[mothers], district=table.district[rows].copy()
        )
        self._note("resident", "born", rows)
        return np.unique(table.household[rows])

    def _joins(
        self, ctx: Context, households: Rows, source: tuple[str, NDArray[np.int64], NDArray[np.uint64]]
    ) -> Rows:
        pool_name, records, uids = source
        alive = ctx.world.household.alive[households]
        households, records, uids = households[alive], records[alive], uids[alive]
        if households.size == 0:
            return households
        pool = ctx.world.pools[pool_name]
        rows = ctx.world.resident.add(uids)
        derive.copy_persons(ctx, rows, pool, pool.start[records])
        table = ctx.world.resident
        table.household[rows] = households
        table.role[rows] = Role.PARTNER
        derive.link_residents(ctx.world, rows)
        ctx.log.record("arrivals", uid=uids, district=table.district[rows].copy(), row=rows)
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
        rows = table.rows[target[table.household[table.rows]] >= 0]
        heads = rows[table.role[rows] == Role.HEAD]
        table.role[heads] = Role.PARTNER
        table.household[rows] = target[table.household[rows]]
        ctx.log.record(
            "moves",
            row=rows,
            uid=table.uid[rows],
            source=table.district[rows].copy(),
            target=world.household.district[table.household[rows]],
        )
        return [stay, move]

    def _relocations(self, ctx: Context, households: Rows, dwellings: Rows) -> Rows:
        world = ctx.world
        ok = world.household.alive[households] & (world.dwelling.household[dwellings] < 0)
        households, dwellings = households[ok], dwellings[ok]
        if households.size == 0:
            return households
        if np.unique(dwellings).size != dwellings.size or np.unique(households).size != households.size:
            raise ValueError("two moves claim one dwelling or one household moves twice")
        moved = np.zeros(world.household.size, dtype=bool)
        moved[households] = True
        table = world.resident
        rows = table.rows[moved[table.household[table.rows]]]
        source = table.district[rows].copy()
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
        old = table.household[residents].copy()
        source = table.district[residents].copy()
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
        free = [world.dwelling.household[arrival.dwellings] < 0 for arrival in arrivals]
        dwellings = np.concatenate([post.dwellings[ok] for post, ok in zip(arrivals, free, strict=True)])
        if dwellings.size == 0:
            return dwellings
        uids = np.concatenate([post.uids[ok] for post, ok in zip(arrivals, free, strict=True)])
        households = world.household.add(uids)
        sizes, owners, parts = [], [], []
        done = 0
        for arrival, ok in zip(arrivals, free, strict=True):
            records, rows = arrival.records[ok], households[done : done + int(ok.sum())]
            pool = world.pools[arrival.pool]
            derive.copy_households(ctx, rows, pool, records)
            for name, values in arrival.extra.items():
                world.column(name)[rows] = values[ok]
            positions, owner = pool.persons(records)
            owners.append(owner + done)
            sizes.append(pool.sizes[records])
            parts.append((pool, positions))
            done += rows.size
        owner, size = np.concatenate(owners), np.concatenate(sizes)
        within = np.arange(owner.size) - (np.cumsum(size) - size)[owner]
        persons = world.resident.add(derive_uid("member", uids[owner], within))
        done = 0
        for pool, positions in parts:
            derive.copy_persons(ctx, persons[done : done + positions.size], pool, positions)
            done += positions.size
        world.resident.household[persons] = households[owner]
        self._occupy(ctx, households, dwellings)
        ctx.log.record(
            "arrivals", uid=world.resident.uid[persons], row=persons, district=world.dwelling.district[dwellings][owner]
        )
        self._note("household", "arrived", households)
        self._note("resident", "arrived", persons)
        return households

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
        households = households[world.household.alive[households]]
        orphaned = derive.appoint_heads(world, households)
        if orphaned.size:
            # minors without an adult go to kin or a foster family outside the simulated districts
            self._remove(ctx, orphaned, np.full(orphaned.size, int(Fate.REST_OF_CITY), dtype=np.int8))
        counts = np.bincount(world.resident.household[world.resident.rows], minlength=world.household.size)
        empty = households[counts[households] == 0].astype(np.int32)
        if empty.size:
            if ctx.before_release is not None:
                ctx.before_release("household", empty)
            self._vacate(ctx, world.household.dwelling[empty])
            for reference in ctx.household_references:
                column = world.column(reference)
                gone = np.zeros(world.household.size, dtype=bool)
                gone[empty] = True
                column[(column >= 0) & gone[column]] = -1
            world.household.release(empty)
        derive.refresh_households(world, households[counts[households] > 0])
