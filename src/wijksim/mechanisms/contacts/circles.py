"""Neighbourhood circles and peer groups (buurtcirkels, lotgenotengroepen): groups held together by a coach."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.acts import COACH, asked, present
from wijksim.mechanisms.contacts.encounters import PHASES
from wijksim.mechanisms.contacts.focus import Focus, Staged
from wijksim.state.table import Rows

STORE = "contacts.circles"

Book = dict[str, NDArray[Any]]


def step(ctx: Context, grown: NDArray[np.bool_]) -> None:
    """Found, fill and end circles; nothing at all happens as long as nobody has asked for one.

    Details of a request: ``residents`` who may join, ``circles`` that can be coached by district (a number with a
    fraction: that part of a circle is coached or not, for life), ``size``, and ``click``, the chance that somebody who
    joins and a member become acquainted. The oldest circles are coached first. A circle without a coach ends with
    ``contacts.circle_collapse_rate``; its ties stay, and fade as those of the district.
    """
    wanted = asked(ctx, COACH)
    book: Book | None = ctx.world.stores.get(STORE)
    if not wanted and (book is None or not book["alive"].any()):
        return
    if book is None:
        book = {
            "uid": np.empty(0, np.uint64),
            "district": np.empty(0, np.int32),
            "alive": np.empty(0, np.bool_),
        }
    member = ctx.world.resident.circle
    _part(ctx, book, grown)
    part = ctx.draws.life("contacts.circle_part", ctx.world.district.uid)
    coached = np.zeros(ctx.world.n_districts, np.int64)
    for _, details in wanted:
        coached += np.floor(np.asarray(details["circles"]) + part).astype(np.int64)
    for _, details in wanted:
        here = np.where(np.asarray(details["circles"]) > 0, coached, 0)
        candidates = present(ctx, details["residents"], grown)
        book = _filled(ctx, book, candidates, here, details)
    _end(ctx, book, coached)
    ctx.world.stores[STORE] = book
    # ties of a circle stay when it is over, or when one of the two has left it
    ties = ctx.world.ties
    position = (ties.layer == int(Staged.CIRCLE)).nonzero()[0]
    one, other = member[ties.a[position]], member[ties.b[position]]
    ties.layer[position[(one < 0) | (one != other)]] = int(Focus.DISTRICT)


def _part(ctx: Context, book: Book, grown: NDArray[np.bool_]) -> None:
    """Whoever has moved to another district is no longer a member."""
    resident = ctx.world.resident
    rows = (resident.circle >= 0).nonzero()[0].astype(np.int32)
    away = book["district"][resident.circle[rows]] != resident.district[rows]
    resident.circle[rows[away | ~grown[rows]]] = -1


def _sizes(ctx: Context, book: Book) -> NDArray[np.int64]:
    member = ctx.world.resident.circle
    return np.bincount(member[member >= 0], minlength=book["uid"].size)


def _rank(book: Book) -> NDArray[np.int64]:
    """Place of each circle that exists among those of its district, oldest first; -1 for those that have ended."""
    rank = np.full(book["uid"].size, -1, np.int64)
    live = book["alive"].nonzero()[0]
    order = live[np.argsort(book["district"][live], kind="stable")]
    district = book["district"][order]
    rank[order] = np.arange(order.size) - np.searchsorted(district, district)
    return rank


def _filled(
    ctx: Context, book: Book, candidates: Rows, coached: NDArray[np.int64], details: dict[str, Any]
) -> Book:
    """Found the circles for which there is a coach, and fill up all that have one."""
    resident, size = ctx.world.resident, round(details["size"])
    free = candidates[resident.circle[candidates] < 0]
    free = free[np.argsort(ctx.draws.life("contacts.circle_join", resident.uid[free]), kind="stable")]
    joined = []
    for district in coached.nonzero()[0]:
        waiting = free[resident.district[free] == district]
        exist = int(np.count_nonzero(book["alive"] & (book["district"] == district)))
        new = min(int(coached[district]) - exist, waiting.size // size)
        if new > 0:
            book = _found(ctx, book, int(district), new)
        sizes, rank = _sizes(ctx, book), _rank(book)
        led = (book["district"] == district) & (rank >= 0) & (rank < coached[district])
        room = np.maximum(size - sizes[led], 0)
        places = np.repeat(led.nonzero()[0], room)[: waiting.size]
        resident.circle[waiting[: places.size]] = places
        joined.append(waiting[: places.size])
    if joined:
        _acquaint(ctx, np.concatenate(joined), float(details["click"]))
    return book


def _found(ctx: Context, book: Book, district: int, number: int) -> Book:
    serial = book["uid"].size + np.arange(number)
    uid = derive_uid("contacts.circle", ctx.world.district.uid[district], serial)
    more = {"uid": uid, "district": np.full(number, district, np.int32), "alive": np.ones(number, np.bool_)}
    return {name: np.concatenate([book[name], more[name]]) for name in book}


def _acquaint(ctx: Context, joined: Rows, click: float) -> None:
    """Those who joined become acquainted with some of the members."""
    if joined.size == 0:
        return
    resident, ties = ctx.world.resident, ctx.world.ties
    fresh = np.zeros(resident.size, np.bool_)
    fresh[joined] = True
    rows = (resident.circle >= 0).nonzero()[0].astype(np.int32)
    rows = rows[np.argsort(resident.circle[rows], kind="stable")]
    circle = resident.circle[rows]
    # members of a circle lie side by side: each with the next, with the one after, and so on
    ahead = np.arange(1, int(np.bincount(circle).max()))
    one, other = np.arange(rows.size)[:, None], np.arange(rows.size)[:, None] + ahead
    one, other = np.broadcast_to(one, other.shape)[other < rows.size], other[other < rows.size]
    paired = (circle[one] == circle[other]) & (fresh[rows[one]] | fresh[rows[other]])
    first, second = rows[one[paired]], rows[other[paired]]
    strangers = resident.household[first] != resident.household[second]
    first, second = first[strangers], second[strangers]
    luck = ctx.draws.pair("contacts.circle", resident.uid[first], resident.uid[second], ctx.month)
    first, second = first[luck < click], second[luck < click]
    strength = np.full(first.size, ctx.values["contacts.tie_start"], dtype=np.float32)
    layer = np.full(first.size, int(Staged.CIRCLE), dtype=np.int8)
    ties.add(first, second, strength, layer, phase=ctx.month % PHASES, counts=resident.ties)


def _end(ctx: Context, book: Book, coached: NDArray[np.int64]) -> None:
    """End circles that lost their members, and some of those without a coach."""
    sizes, rank = _sizes(ctx, book), _rank(book)
    live = book["alive"]
    over = live & (sizes < int(ctx.values["contacts.circle_least"]))
    alone = (live & (rank >= coached[book["district"]])).nonzero()[0]
    luck = ctx.draws.uniform("contacts.circle_ends", book["uid"][alone], ctx.month)
    over[alone[luck < -np.expm1(-ctx.values["contacts.circle_collapse_rate"] / MONTHS_PER_YEAR)]] = True
    live[over] = False
    member = ctx.world.resident.circle
    rows = (member >= 0).nonzero()[0]
    member[rows[over[member[rows]]]] = -1
