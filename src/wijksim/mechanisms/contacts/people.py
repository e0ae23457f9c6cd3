"""What makes one resident meet more people than another, and how alike two residents are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from itertools import product
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from wijksim.core.rng import Draws
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.contacts.acts import MIXING
from wijksim.mechanisms.contacts.focus import Focus as Focus
from wijksim.mechanisms.contacts.pair_loops import unlike
from wijksim.mechanisms.contacts.people_loops import begun, parted, roots
from wijksim.mechanisms.contacts.room import HURT as HURT
from wijksim.mechanisms.contacts.room import MARKED, ROOM, Room
from wijksim.state.codes import Activity
from wijksim.state.table import Rows
from wijksim.state.world import World

ADULT_AGE = "contacts.adult_age"
WORKING = (Activity.EMPLOYED, Activity.BASIC_JOB)
WORKS = np.isin(np.arange(len(Activity)), WORKING)  # by activity
_NOTHING = np.empty(0, np.float32)


type Made[A] = Callable[[Mapping[str, float]], A]


def remembered[A: NDArray[Any] | tuple[Any, ...]](*names: str) -> Callable[[Made[A]], Made[A]]:
    """Keep what a function makes of the parameters ``contacts.<name>``: they hardly ever change in a run.

    The function sees these parameters only, so that none can be forgotten here. Arrays that it gives are read-only.
    """
    full = tuple(f"contacts.{name}" for name in names)
    read = itemgetter(*full)

    def decorate(make: Made[A]) -> Made[A]:
        last: tuple[Mapping[str, float], A] | None = None

        @lru_cache(maxsize=len(Activity))
        def made(numbers: tuple[float, ...]) -> A:
            result = make(dict(zip(full, numbers, strict=True)))
            for part in result if isinstance(result, tuple) else (result,):
                if isinstance(part, np.ndarray):
                    part.flags.writeable = False
            return result

        @wraps(make)
        def look_up(values: Mapping[str, float]) -> A:
            nonlocal last
            found = last
            if found is None or found[0] is not values:
                found = last = values, made(read(values))
            return found[1]

        return look_up

    return decorate


EFFECTS = "contacts.effects"  # store of the person effects of everybody, while a world is built
_EFFECTS = ("contacts.sociability", "contacts.outside")


def effects(draws: Draws, uid: NDArray[np.uint64], values: Mapping[str, float]) -> NDArray[np.float32]:
    """Person effects on all encounters, and on good contacts outside the districts (kin and friends).

    Gamma with mean 1, drawn once for life, shape ``(2, n)``: few connectors, many who keep to themselves.
    """
    often, elsewhere = _EFFECTS
    luck = np.empty((len(_EFFECTS), uid.size))
    luck[0], luck[1] = draws.life(often, uid), draws.life(elsewhere, uid)
    return _gamma(luck, _shapes(values))


@remembered("sociability_shape", "outside_shape")
def _shapes(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Shapes of the distributions of both effects."""
    return np.array([[values[f"{stream}_shape"]] for stream in _EFFECTS])


def _gamma(luck: NDArray[np.float64], shape: NDArray[np.float64] | float) -> NDArray[np.float32]:
    """Gamma with mean 1."""
    return np.asarray(gammaincinv(shape, luck) / shape, np.float32)


def home_time(values: Mapping[str, float]) -> NDArray[np.float32]:
    """Share of time in and around the home by activity, shape ``(n_activities,)``."""
    table = np.full(len(Activity), values["contacts.home_time_home"], dtype=np.float32)
    table[[Activity.EMPLOYED, Activity.BASIC_JOB]] = values["contacts.home_time_work"]
    table[Activity.STUDENT] = values["contacts.home_time_study"]
    table[Activity.RETIRED] = values["contacts.home_time_retired"]
    # ill health keeps people in the house as well as around it
    table[Activity.INCAPACITY] = values["contacts.home_time_home"] * values["contacts.mobility_low"]
    return table


MEETING = Influence("district.meeting_access", "contacts.meeting_weight", loop="facilities")


def _built(ctx: Context) -> bool:
    """Whether mechanisms have had a month: until then what they own holds no values yet."""
    return ctx.month > -int(ctx.settings.get("warmup", 0))


SAFETY = Influence("resident.felt_safety", "contacts.gate_slope", loop="street")
GATE = "contacts.gate"
"""Odds of going out, which levers may scale for those whom they make it safe for."""


class _Terms(NamedTuple):
    """What parameters make of who is about, kept together as it is needed together every month.

    ``slope`` (negative) and ``middle`` are of fear; ``about`` is what :func:`people_loops.begun` takes first: age of
    adults, what :func:`about` gives, and what meeting places, a shared room and space laid out are worth.
    """

    slope: np.float32
    middle: np.float32
    about: tuple[int, NDArray[np.float32], np.float32, np.float32, np.float32]


def _terms(values: dict[str, float]) -> _Terms:
    slope, middle, meeting, bonus, gain = map(np.float32, (
        -values["contacts.gate_slope"], values["contacts.gate_middle"], values["contacts.meeting_weight"],
        1 + values["contacts.room_bonus"], values["contacts.space_bonus"],
    ))  # fmt: skip
    return _Terms(slope, middle, (int(values[ADULT_AGE]), about(values), meeting, bonus, gain))


_KNOWN = Kept(_terms)


def fear(ctx: Context) -> NDArray[np.float32]:
    """Odds of staying in for fear, ``exp(-slope * (felt safety - middle))``, over what levers add to ``GATE``.

    What is left of encounters is ``1 / (1 + odds)``. Everybody's own safety of last month counts, shape
    ``(n_residents,)``; that of the country while the world is built.
    """
    return _fear(ctx, _KNOWN(ctx.values), _built(ctx))


def _fear(ctx: Context, known: _Terms, built: bool) -> NDArray[np.float32]:
    resident = ctx.world.resident
    if not built:
        felt = np.float32(ctx.values["contacts.felt_safety"] - known.middle)
        return np.full(resident.size, np.exp(felt * known.slope), np.float32)
    own = SAFETY.loop not in ctx.loops.special
    distance = (resident.felt_safety if own else SAFETY.values(ctx, "resident", slice(None))) - known.middle
    distance *= known.slope
    lever = ctx.effects.offsets(GATE, "resident") if ctx.effects.scales else None
    if lever is not None:
        distance -= lever.astype(np.float32)
    result: NDArray[np.float32] = np.exp(distance, out=distance)
    return result


def adults(ctx: Context) -> NDArray[np.bool_]:
    """Mask of living residents old enough to have ties of their own, shape ``(n_residents,)``."""
    resident = ctx.world.resident
    mask: NDArray[np.bool_] = resident.alive & (resident.age >= int(ctx.values[ADULT_AGE]))
    return mask


class Present(NamedTuple):
    """Who is there this month: a mask and rows of adults, of whom some are not lonely and some are.

    ``moved`` marks who has another dwelling than at the last look, if anybody has; ``hurt`` tells whether relations of
    anybody were hurt, and ``left`` whether there is anything left of what levers asked for in other months: shared
    rooms, space laid out, greetings. ``root`` is what :func:`activity` gives, None where levers or what they left come
    first.
    """

    grown: NDArray[np.bool_]
    rows: Rows
    free: Rows
    lonely: Rows
    moved: NDArray[np.bool_] | None
    hurt: bool
    left: bool
    root: NDArray[np.float32] | None


def present(ctx: Context, laid: Room | None = None) -> Present:
    """Look once over all residents for what the rest of the month needs. What is given holds until the next look."""
    given, grown, moved, (rows, free, lonely), root, *_ = ROOM(ctx.world) if laid is None else laid
    slope, middle, about_them = _KNOWN(ctx.values)
    if ctx.effects.acts or ctx.loops.off or ctx.loops.watched or (ctx.month <= 0 and not _built(ctx)):
        marked = *given[:MARKED], grown, moved, rows, free, lonely
        a, b, c, moves, hurt, left = parted(about_them[0], *marked)
        return Present(grown, rows[:a], free[:b], lonely[:c], moved if moves else None, hurt, left, None)
    odds = ctx.world.resident.felt_safety - middle
    odds *= slope
    lift = _NOTHING
    if ctx.effects.scales:
        odds, lift = _levered(ctx, odds)
    np.exp(odds, out=odds)
    a, b, c, moves, hurt, left = begun(*about_them, odds, lift, *given)
    found = None if left else root
    return Present(grown, rows[:a], free[:b], lonely[:c], moved if moves else None, hurt, left, found)


def _levered(ctx: Context, distance: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Distance to felt safety less what levers add to ``GATE``, and what they make of encounters, if anything."""
    gate, lever = (ctx.effects.offsets(name, "resident") for name in (GATE, "contacts.encounters"))
    if gate is not None:
        distance -= gate.astype(np.float32)
    return distance, _NOTHING if lever is None else np.exp(lever).astype(np.float32)


_AGES = np.iinfo(np.int8).max + 1  # columns of a table by age


@remembered(
    "home_time_home", "home_time_work", "home_time_study", "home_time_retired", "mobility_low", "mobility_age",
    "stage_middle", "about_young",
)  # fmt: skip
def about(values: Mapping[str, float]) -> NDArray[np.float32]:
    """How much people are about by activity and age, shape ``(n_activities, n_ages)``.

    Home time, less for the young and for the old.
    """
    age = np.arange(_AGES)
    by_age = np.where(age < int(values["contacts.stage_middle"]), values["contacts.about_young"], 1.0)
    by_age[age >= int(values["contacts.mobility_age"])] *= values["contacts.mobility_low"]
    return (home_time(values)[:, None] * by_age).astype(np.float32)


def activity(ctx: Context, grown: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Square root of how much each resident is about, shape ``(n_residents,)``; 0 for minors.

    ``a = about(activity, age) * language * sociability * safety gate``, times what levers add to
    ``contacts.encounters``, to a shared room and to public space at the entrance, and times access to meeting places of
    last month (derde plekken), 1 at the national level. Two residents meet at a rate ``r * sqrt(a_i) * sqrt(a_j)``, so
    the roots are what the rest of the month needs.
    """
    root = np.empty(ctx.world.resident.size, dtype=np.float32)
    roots(*_about(ctx, _KNOWN(ctx.values), grown, root))
    return root


def _about(
    ctx: Context, known: _Terms, grown: NDArray[np.bool_], root: NDArray[np.float32]
) -> tuple[Any, ...]:
    """What :func:`roots` takes to fill ``root``."""
    world, built, (_, table, worth, bonus, gain) = ctx.world, _built(ctx), known.about
    resident = world.resident
    access, home = world.district.meeting_access, resident.district
    if built and MEETING.loop in ctx.loops.special:
        access = MEETING.values(ctx, "resident", slice(None))
        home = np.arange(resident.size, dtype=np.int32)
    lever = ctx.effects.offsets("contacts.encounters", "resident") if ctx.effects.scales else None
    return (
        resident.activity, resident.age, table, resident.sociability,
        resident.dutch if built else resident.language, grown, _fear(ctx, known, built), access,
        worth if built else np.float32(0), home,
        _NOTHING if lever is None else np.exp(lever).astype(np.float32), world.complex.shared_room, resident.room_user,
        bonus, world.entrance.space, gain, resident.entrance, root,
    )  # fmt: skip


_STAGES = ("contacts.stage_middle", "contacts.stage_old")
_UNLIKE = (
    "contacts.homophily_milieu", "contacts.homophily_stage", "contacts.homophily_overlap", "contacts.overlap_full",
)  # fmt: skip


@remembered("homophily_milieu", "homophily_stage", "homophily_overlap", "overlap_full")
def alike(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Do what :func:`likeness` does without levers, as a table: by another milieu, another stage, and months together.

    Shape ``(2, 2, months)``, the last month holding for all after it.
    """
    milieu, stage, overlap, full = (values[name] for name in _UNLIKE)
    log = np.empty((2, 2, ceil(full) + 1))
    log[:] = overlap * (1 - np.minimum(np.arange(log.shape[-1]) / full, 1.0))
    log[1] += milieu
    log[:, 1] += stage
    return np.asarray(np.exp(-log))


def likeness(ctx: Context, first: Rows, second: Rows) -> NDArray[np.float64]:
    """How readily two residents take to each other, 1 for the most alike; shape of ``first``.

    ``exp(m * [same milieu] + s * [same stage of life] + t * months as neighbours / full)``, divided by its
    largest value. The weight of milieu does double duty: a tie with somebody of another milieu is then made
    at ``exp(-0.8)``, about half, of the rate. What levers add to ``contacts.mixing`` counts for one half with each end
    of such a pair, until another milieu matters no more.
    """
    world, values = ctx.world, ctx.values
    resident, household = world.resident, world.household
    log = np.empty(first.size)
    unlike(
        np.asarray(first, np.int32),
        np.asarray(second, np.int32),
        resident.milieu,
        resident.age,
        resident.household,
        household.children,
        household.moved_in,
        ctx.month,
        np.array([int(values[name]) for name in _STAGES], dtype=np.float64),
        np.array([values[name] for name in _UNLIKE]),
        log,
    )
    lever = ctx.effects.offsets(MIXING, "resident")
    if lever is not None:
        across = resident.milieu[first] != resident.milieu[second]
        lift = (lever[first] + lever[second]) / 2
        log -= np.where(across, np.minimum(lift, values["contacts.homophily_milieu"]), 0)
    return np.asarray(np.exp(-log))


SHARES = tuple(f"share_{focus.name.lower()}" for focus in Focus)


def focus_shares(values: Mapping[str, float], *, parent: bool, works: bool) -> NDArray[np.float64]:
    """Share of chance meetings by focus for one kind of resident, shape ``(n_foci,)``, sum 1.

    The school gate is open to those who live with minors, work to those who have it; others meet in the rest.
    """
    shares = np.array([values[f"contacts.{name}"] for name in SHARES])
    shares[Focus.SCHOOL] *= parent
    shares[Focus.WORK] *= works
    return np.asarray(shares / shares.sum())


@remembered(*SHARES)
def focus_table(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Shares by focus of the four kinds of resident, row ``kind`` as :func:`focus_kind` gives it."""
    kinds = product((False, True), repeat=2)
    return np.array([focus_shares(values, parent=parent, works=works) for parent, works in kinds])


def focus_kind(world: World, rows: Rows) -> NDArray[np.int64]:
    """Kind of each of ``rows``: 2 for a parent of minors, plus 1 for somebody in work."""
    parent = world.household.children.take(world.resident.household.take(rows)) > 0
    kind = parent.astype(np.int64)
    kind *= 2
    kind += WORKS.take(world.resident.activity.take(rows))
    return kind
