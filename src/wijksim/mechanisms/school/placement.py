"""Schools and who goes where: distance, advice, seats, and parents who skip the school around the corner.

Most segregation between schools comes from where families live (EFF-35: 75 %); the rest from parents who pass the
local school by. So utility has three terms: distance, disadvantage among pupils as seen by families who are not
disadvantaged themselves, and taste. The rule of the city adds to distance (postcode rule) or to disadvantage above
the mean of the city for everybody (mixing rule). A school that is full admits children of its own district first.
A strategy of kind ``school_choice`` may hold part of the homes to the schools of their own district.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream, derive_uid
from wijksim.core.uids import namespace_key
from wijksim.core.variates import to_gumbel
from wijksim.mechanisms.school import learning_loops, placement_loops
from wijksim.mechanisms.school.codes import PRIMARY, SCHOOLED, Level, Track
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


LEVELS, TRACKS = len(Level), len(Track)
_WISHES = itemgetter("school.distance_cost", "school.postcode_rule", "school.avoidance", "school.mixing_rule")
_LOT, _CHOICE = Stream("school.lot"), Stream("school.choice")
_CHOOSES = "school-choice"
_PAIRS = namespace_key(_CHOOSES)


class SchoolChoice(Protocol):
    """What a strategy of kind ``school_choice`` answers."""

    def held(self, ctx: Context, pupils: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
        """What a school outside the own district costs each home beyond distance, in utility, shape ``(pupils,)``.

        ``pupils`` holds ``uid``, ``district`` and ``primary`` of those who ask for a place.
        """


def found_schools(ctx: Context, rows: Rows) -> None:
    """Make the schools of the city, with seats for the pupils there are and a margin.

    Parameters
    ----------
    rows
        Residents who are or will be at a school, with their track.
    """
    world, value = ctx.world, ctx.values
    level = (world.resident.track[rows] > PRIMARY).astype(np.int64)
    n = world.n_districts
    pupils = np.zeros((len(Level), n), dtype=np.int64)
    np.add.at(pupils, (level, world.resident.district[rows]), 1)
    margin = 1 + value["school.spare_seats"]
    for kind, size in ((Level.PRIMARY, "school.primary_size"), (Level.SECONDARY, "school.secondary_size")):
        count = np.maximum(np.round(pupils[kind] / value[size]), 1 if kind == Level.PRIMARY else 0)
        if count.sum() == 0:
            count[np.argmax(pupils[kind])] = 1
        for district in range(n):
            number = int(count[district])
            if number == 0:
                continue
            uids = derive_uid(f"school-{kind.name}", np.int64(district), np.arange(number))
            made = world.school.add(uids)
            world.school.district[made] = district
            world.school.level[made] = kind
            share = (
                pupils[kind].sum() / count.sum()
                if kind == Level.SECONDARY
                else pupils[kind][district] / number
            )
            world.school.seats[made] = max(int(np.ceil(margin * share)), 1)
    world.school.shortage[:] = value["school.shortage_level"]


def wants_place(track: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Tell whose track is taught at a school of the city."""
    wanted: NDArray[np.bool_] = track <= SCHOOLED
    return wanted


def place(ctx: Context, rows: Rows) -> None:
    """Give each of ``rows`` (pupils without a place) a school of the right level."""
    school = ctx.world.school
    asking, offered = np.empty((LEVELS, rows.size), np.int32), np.empty((LEVELS, school.size), np.int32)
    counts = placement_loops.by_level(
        rows, ctx.world.resident.track, school.alive, school.level, asking, offered
    )
    match(ctx, asking, offered, counts)


def match(ctx: Context, asking: Rows, offered: Rows, counts: Sequence[int]) -> None:
    """Give who is asking a school of the right level: lists of pupils and schools by level, and how many each holds."""
    primary, secondary, schools, higher_schools = counts
    if primary and schools:
        _match(ctx, asking[0, :primary], offered[0, :schools])
    if secondary and higher_schools:
        _match(ctx, asking[1, :secondary], offered[1, :higher_schools])


def _hold(ctx: Context, rows: Rows, wish: NDArray[np.float64], near: NDArray[np.bool_]) -> None:
    """Lower the wishes for schools elsewhere of homes that the rule of the city holds to their district."""
    rule = ctx.strategies["school_choice"]
    table = ctx.world.resident
    pupils = {
        "uid": table.uid[rows], "district": table.district[rows], "primary": table.track[rows] == PRIMARY,
    }  # fmt: skip
    held = cast(SchoolChoice, rule).held(ctx, pupils)
    if held.any():
        wish -= held[:, None] * ~near


def _match(ctx: Context, rows: Rows, offered: Rows) -> None:
    """Places by wish; full schools admit their own district first, then by lot. Who finds none is squeezed in."""
    table, school, month, wish = (
        ctx.world.resident,
        ctx.world.school,
        ctx.month,
        np.empty((rows.size, offered.size)),
    )
    key = ctx.draws.key(_CHOICE, table.uid, rows[:0], month, 0)
    placement_loops.choice_luck(rows, offered, table.uid, school.uid, _PAIRS, key, wish)
    if ctx.draws.audited:  # what a pass draws for itself is not seen
        pairs = derive_uid(_CHOOSES, table.uid.take(rows)[:, None], school.uid.take(offered))
        ctx.draws.uniform(_CHOICE.name, pairs, month)
    to_gumbel(wish)
    rule = ctx.strategies.get("school_choice")
    if rule is None or rule.default:
        squeezed = placement_loops.wished_and_placed(
            wish, rows, table.uid, ctx.draws.key(_LOT, table.uid, rows, month, 0), table.district,
            table.disadvantaged, offered, school.district, school.pupils, school.disadvantaged, school.seats,
            table.school, *_WISHES(ctx.values),
        )  # fmt: skip
    else:
        near = np.empty(wish.shape, np.bool_)
        placement_loops.wishes(
            wish, rows, table.district, table.disadvantaged, offered, school.district, school.pupils,
            school.disadvantaged, near, *_WISHES(ctx.values),
        )  # fmt: skip
        _hold(ctx, rows, wish, near)
        lot = ctx.draws.uniform("school.lot", table.uid.take(rows), month)
        squeezed = placement_loops.placed(
            rows, wish, lot, near, offered, school.seats, school.pupils, table.school
        )
    ctx.counters.add("school.squeezed_in", float(squeezed))


def compose(ctx: Context, rows: Rows) -> None:
    """Count pupils per school and the disadvantaged among them; tell each pupil about the class.

    A class is a track within a school. Pupils of tracks taught elsewhere (mbo, hbo) see the mean of all.
    """
    table, school = ctx.world.resident, ctx.world.school
    learning_loops.composed(
        rows, table.school, table.disadvantaged, table.track, TRACKS, school.pupils, school.disadvantaged,
        table.peers,
    )  # fmt: skip
