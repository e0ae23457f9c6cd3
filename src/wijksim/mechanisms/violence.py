"""What violence at home leads to: what becomes known of it, and children placed elsewhere.

Violence itself is an event of the household that makes its own repetition more likely; health draws it
(``household.violence``, ``household.violence_memory``). Most of it stays unknown. What becomes known, with strain,
debt, addiction and help that does not come, leads to placement of a child out of home (uithuisplaatsing). The child
stays a member of the household and keeps the link with the guardian; it lives elsewhere until it returns.

``resident.away`` says who lives elsewhere and why, whatever the reason: this mechanism is its one writer, and takes
over who is detained from crime, which keeps its own account of that.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.reference import Reference
from wijksim.kernel.relax import step_fraction
from wijksim.state.codes import Role
from wijksim.state.column import Column
from wijksim.state.roles import CaseStage
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows
from wijksim.state.world import World

CAME_FROM_OUTSIDE = 1  # value of resident.origin


class Away(IntEnum):
    """Why a member of a household lives elsewhere.

    ``HOME`` lives here, ``PLACED`` uithuisgeplaatst (pleegzorg, jeugdhulp met verblijf), ``DETAINED`` gedetineerd.
    """

    HOME = 0
    PLACED = 1
    DETAINED = 2


_HOME, _PLACED, _DETAINED = (int(reason) for reason in Away)
_NO_CASE, _QUEUE, _OPEN = int(CaseStage.NONE), int(CaseStage.QUEUE), int(CaseStage.OPEN)
_CHILD = int(Role.CHILD)
_HEAD_STRESS = "household.head_stress"
_ALL = np.float32(1)
_LISTS = ("at_home", "placed", "new")  # of children; the last are those who came from outside last month


type Rows32 = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Shares = NDArray[np.float32]


# fmt: off
@compiled
def look_home(
    kept: np.float32, violent: Rows32, alive: Bools, children: NDArray[np.int16], head: Rows32, stress: Shares,
    addiction: Bools, psychiatric: Bools, case: Codes, household: Rows32, head_stress: Shares, head_addicted: Bools,
    head_psychiatric: Bools, unserved: Bools, served: Bools, violence: NDArray[Any], memory: Shares,
    became_known: Bools,
) -> int:
    # fmt: on
    """What goes on around the heads of families, and in which households somebody waits or is helped.

    Of known reports so much is ``kept`` in memory, and nothing has become known yet. List households in which there was
    violence, return how many.
    """
    unserved[:] = False
    served[:] = False
    became_known[:] = False
    for home in range(alive.size):
        memory[home] *= kept
    head_stress[:] = 0
    head_addicted[:] = False
    head_psychiatric[:] = False
    families, count = np.empty(alive.size + 1, np.uint32), np.uint32(0)
    for home in range(np.uint32(alive.size)):
        families[count] = home  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(alive[home] & (children[home] > 0))
    for home in families[:count]:
        one = np.uint32(max(head[home], 0))
        head_stress[home], head_addicted[home], head_psychiatric[home] = stress[one], addiction[one], psychiatric[one]
    number = 0
    for home in range(alive.size):
        if violence[home] > 0 and alive[home]:  # here and below few are: branches are hardly ever guessed wrong
            violent[number] = home
            number += 1
    for i in range(case.size):
        if case[i] != _NO_CASE:
            if case[i] == _QUEUE:
                unserved[household[i]] = True
            if case[i] == _OPEN:
                served[household[i]] = True
    return number


@compiled
def minors(alive: Bools, age: NDArray[np.int16], role: Codes, adult: int, out: Rows32) -> int:
    """Fill ``out`` with minors who are the child of a household, return how many."""
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        out[count] = i
        count += np.uint32(alive[i] & (age[i] < adult) & (role[i] == _CHILD))
    return int(count)


# fmt: off
@compiled
def children_now(
    month: int, at_home: Rows32, placed: Rows32, new: Rows32, alive: Bools, age: NDArray[np.int16], role: Codes,
    away: Codes, since: NDArray[np.int16], guardian: Rows32, arrived: NDArray[np.int16], origin: Codes,
    just_placed: Bools, returned: Bools,
) -> tuple[int, int, int]:
    # fmt: on
    """End placement of those who came of age or left home; part minors who are the child of a household.

    The lists are those of :data:`_LISTS`. Return how many each holds. Nobody was ``just_placed`` or ``returned`` this
    month yet.
    """
    just_placed[:] = False
    returned[:] = False
    rows, count, child = np.empty(alive.size + 1, np.int32), np.uint32(0), np.empty(alive.size, np.bool_)
    for i in range(child.size):
        child[i] = (age[i] < ADULT_AGE) & (role[i] == _CHILD)
    for i in range(np.uint32(alive.size)):
        rows[count] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(alive[i] & child[i])
    over = False
    for i in range(away.size):
        over |= (away[i] == _PLACED) & (not child[i])
    if over:
        for i in range(away.size):
            if away[i] == _PLACED and not child[i]:
                away[i], since[i], guardian[i] = _HOME, month, -1
    a, b, c = 0, 0, 0
    for row in rows[:count]:
        at_home[a] = placed[b] = new[c] = row
        gone = away[row] == _PLACED
        a += not gone
        b += gone
        c += (arrived[row] == month - 1) & (origin[row] == CAME_FROM_OUTSIDE)
    return a, b, c


# fmt: off
@compiled
def began(
    kept: np.float32, month: int, violent: Rows32, lists: Rows32, living: Bools, children: NDArray[np.int16],
    head: Rows32, stress: Shares, addiction: Bools, psychiatric: Bools, case: Codes, household: Rows32,
    head_stress: Shares, head_addicted: Bools, head_psychiatric: Bools, unserved: Bools, served: Bools,
    violence: NDArray[Any], memory: Shares, became_known: Bools, alive: Bools, age: NDArray[np.int16], role: Codes,
    away: Codes, since: NDArray[np.int16], guardian: Rows32, arrived: NDArray[np.int16], origin: Codes,
    just_placed: Bools, returned: Bools,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Begin a month: do what :func:`look_home` does for ``living`` households, and what :func:`children_now` does."""
    number = look_home(
        kept, violent, living, children, head, stress, addiction, psychiatric, case, household, head_stress,
        head_addicted, head_psychiatric, unserved, served, violence, memory, became_known,
    )  # fmt: skip
    a, b, c = children_now(
        month, lists[0], lists[1], lists[2], alive, age, role, away, since, guardian, arrived, origin, just_placed,
        returned,
    )  # fmt: skip
    return number, a, b, c


@compiled
def hold(detained: Bools, away: Codes, since: NDArray[np.int16], month: int) -> None:
    """Take over who is held; a child that is placed stays placed."""
    for i in range(away.size):
        if detained[i] != (away[i] == _DETAINED) and away[i] != _PLACED:
            away[i], since[i] = (_DETAINED if detained[i] else _HOME), month


@Kept
def _still_known(values: dict[str, float]) -> np.float32:
    """Part of known reports that is left in memory after a month."""
    return np.float32(1 - step_fraction(values["violence.known_half_life"]))


# the masks of the living by which columns are known to be the same ones, columns of homes, and these with all others;
# and lists to be filled, of households and of residents, which nobody keeps
type _Columns = tuple[Bools, Bools, tuple[Any, ...], tuple[Any, ...], Rows32, Rows32]


@MECHANISMS.register
class Violence(Mechanism):
    """Known violence at home, out-of-home placement and return (O22, O11)."""

    name = "violence"
    owns = (
        Column("resident.away", np.int8, "code", "Lives elsewhere while a member of the household", codes=Away),
        Column("resident.away_since", np.int16, "month", "Month in which that began", default=-(2**14)),
        Column("resident.guardian", np.int32, "row",
               "Parent of a child that is placed elsewhere (gezag)", ref="resident"),
        Column("resident.placed", np.bool_, "-", "Placed out of home this month"),
        Column("resident.returned", np.bool_, "-", "Returned home from placement this month"),
        Column("household.violence_known", np.bool_, "-",
               "Violence of this month became known (melding Veilig Thuis)"),
        Column("household.known_memory", np.float32, "reports", "Known reports, fading", low=0),
        Column("household.head_stress", np.float32, "share", "Stress of the reference person", low=0, high=1),
        Column("household.head_addicted", np.bool_, "-", "The reference person is addicted"),
        Column("household.head_psychiatric", np.bool_, "-",
               "The reference person has severe psychiatric problems"),
        Column("household.unserved", np.bool_, "-", "A member waits for help"),
        Column("household.served", np.bool_, "-", "A professional works with a member"),
    )  # fmt: skip
    reads = (
        "household.violence", "household.problem_debt", "resident.addiction", "resident.psychiatric",
        "resident.case", "resident.detained",
    )  # fmt: skip
    lagged = ("resident.stress",)

    placement = Event(
        "violence.placement",
        table="resident",
        base="violence.place_rate",
        influences=(
            Influence(_HEAD_STRESS, "violence.place_stress", loop="scarcity"),
            Influence("household.problem_debt", "violence.place_debt", loop="scarcity"),
            Influence("household.known_memory", "violence.place_known"),
            Influence("household.unserved", "violence.place_waiting", loop="firefighting"),
            Influence("household.head_addicted", "violence.place_addiction"),
            Influence("household.head_psychiatric", "violence.place_psychiatric"),
        ),
        doc="A child is placed out of home",
    )
    back = Event(
        "violence.return",
        table="resident",
        base="violence.return_rate",
        influences=(Influence(_HEAD_STRESS, "violence.return_stress", loop="scarcity"),),
        doc="A child placed elsewhere returns home",
    )

    _kept: _Columns | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without columns: those of a copy are its own."""
        return {**self.__dict__, "_kept": None}

    def setup(self, ctx: Context) -> None:
        """Place as many children as are placed in the long run."""
        known = ctx.reference
        if self.placement.name not in known.stored:
            # stress is not set up yet: what is measured here must not become the national mean
            ctx.reference = Reference()
        _, _, homes, *_ = self._columns(ctx.world)
        look_home(_ALL, np.empty(ctx.world.household.size, np.int32), *homes)
        self._start(ctx, self._children(ctx), lane=0)
        self._detained(ctx)
        ctx.reference = known

    def step(self, ctx: Context) -> None:
        """What becomes known, who is placed, who returns."""
        world, resident = ctx.world, ctx.world.resident
        _, _, _, everything, violent, lists = self._columns(world)
        number, a, b, c = began(_still_known(ctx.values), ctx.month, violent, lists, *everything)
        if number:
            self._known(ctx, violent[:number])
        placed = self.placement.draw(ctx, lists[0, :a])
        returned = self.back.draw(ctx, lists[1, :b])
        if returned.size:
            self._bring_home(ctx, returned)
        if placed.size:
            self._place(ctx, placed, ctx.month)
            resident.placed[placed] = True
        if c:
            new = lists[2, :c]
            self._start(ctx, new[resident.away[new] == _HOME], lane=1)
        self._detained(ctx)

    def _children(self, ctx: Context) -> Rows:
        """Minors who are the child of a household."""
        resident = ctx.world.resident
        found = np.empty(resident.size + 1, dtype=np.int32)
        return found[: minors(resident.alive, resident.age, resident.role, ADULT_AGE, found)]

    def _columns(self, world: World) -> _Columns:
        """Columns in the order in which :func:`look_home` and :func:`began` take them, as long as they are the same."""
        resident, household, kept = world.resident, world.household, self._kept
        if kept is None or kept[0] is not resident.alive or kept[1] is not household.alive:
            homes: tuple[Any, ...] = (
                household.alive, household.children, household.head, resident.stress, resident.addiction,
                resident.psychiatric, resident.case, resident.household, household.head_stress,
                household.head_addicted, household.head_psychiatric, household.unserved, household.served,
                household.violence, household.known_memory, household.violence_known,
            )  # fmt: skip
            everything = (
                *homes, resident.alive, resident.age, resident.role, resident.away, resident.away_since,
                resident.guardian, resident.arrived, resident.origin, resident.placed, resident.returned,
            )  # fmt: skip
            lists = np.empty((len(_LISTS), resident.size + 1), np.int32)
            violent = np.empty(household.size, np.int32)
            kept = self._kept = resident.alive, household.alive, homes, everything, violent, lists
        return kept

    def _known(self, ctx: Context, rows: Rows) -> None:
        """Draw what becomes known of the violence of this month, which was in households ``rows``."""
        household, values = ctx.world.household, ctx.values
        share = values["violence.known_share"] * np.where(
            household.served[rows], values["violence.known_case"], 1
        )
        # each report has a chance of its own, and no chance exceeds certainty
        chance = 1 - (1 - np.minimum(share, 1)) ** household.violence[rows]
        luck = ctx.draws.uniform("violence.known", household.uid[rows], ctx.month)
        told = rows[luck < chance]
        household.violence_known[told] = True
        household.known_memory[told] += 1

    def _place(self, ctx: Context, rows: Rows, since: int | NDArray[np.int64]) -> None:
        resident, household = ctx.world.resident, ctx.world.household
        resident.away[rows] = _PLACED
        resident.away_since[rows] = since
        mother = resident.mother[rows]
        at_home = (mother >= 0) & (resident.household[mother] == resident.household[rows])
        resident.guardian[rows] = np.where(at_home, mother, household.head[resident.household[rows]])

    def _bring_home(self, ctx: Context, rows: Rows) -> None:
        resident = ctx.world.resident
        resident.away[rows] = _HOME
        resident.away_since[rows] = ctx.month
        resident.guardian[rows] = -1
        resident.returned[rows] = True

    def _detained(self, ctx: Context) -> None:
        """Take over who is held; a child that is placed stays placed."""
        resident = ctx.world.resident
        hold(resident.detained, resident.away, resident.away_since, ctx.month)

    def _start(self, ctx: Context, children: Rows, *, lane: int) -> None:
        """Place children with the chance that they would be placed by their age, had things always been so.

        A child of age ``a`` that was placed at rate ``p`` and returned at rate ``r`` all its life is away with
        chance ``p / (p + r) * (1 - exp(-(p + r) a))``.
        """
        resident = ctx.world.resident
        if children.size == 0:
            return
        # while national means are being measured, measure them on everybody, not on newcomers alone
        pool = self._children(ctx) if ctx.reference.tracking else children
        rates = np.empty((2, pool.size))
        rates[0], rates[1] = self.placement.probability(ctx, pool), self.back.probability(ctx, pool)
        np.log1p(np.negative(rates, out=rates), out=rates)
        rates *= -MONTHS_PER_YEAR
        away, home = rates if pool is children else rates[:, pool.searchsorted(children)]
        total = away + home
        months = (ctx.month - resident.birth_month[children]) / MONTHS_PER_YEAR
        part = np.divide(away, total, out=np.zeros(total.size), where=total > 0)
        chance = part * -np.expm1(-total * months)
        uid = resident.uid[children]
        hit = ctx.draws.uniform("violence.start", uid, ctx.month, lane) < chance
        rows = children[hit]
        if rows.size == 0:
            return
        wait = ctx.draws.exponential("violence.start_since", uid[hit], ctx.month, lane)
        back = home[hit]
        since = np.minimum(np.divide(wait, back, out=np.full_like(wait, np.inf), where=back > 0), months[hit])
        self._place(ctx, rows, ctx.month - np.floor(since * MONTHS_PER_YEAR).astype(np.int64))

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Children who live elsewhere, and residents held, now."""
        away = ctx.world.resident.away
        return {
            "violence.children_placed": int(np.count_nonzero(away == _PLACED)),
            "violence.detained": int(np.count_nonzero(away == _DETAINED)),
        }
