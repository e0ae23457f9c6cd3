"""The initial network: personal ties by focus, alike with alike, clustered.

Pairs are only ever drawn within a shared focus. A part of the ties closes open wedges (the friends of a friend get
acquainted) until the clustering is what it should be. Everything is an array: 12,000 residents take a fraction of a
second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.build.tie_loops import acquaint, fresh, know, propose, wedges
from wijksim.core.rng import derive_uid
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts import encounters, people
from wijksim.mechanisms.contacts.people import WORKS, Focus
from wijksim.mechanisms.contacts.ties import shared_focus
from wijksim.state.table import Rows

STREAM = "build.ties"

type Floats = NDArray[np.float64]
type Pairs = tuple[Rows, Rows]

_ROUNDS = 4  # closing of wedges, between looks at the clustering
_SURPLUS = 10  # proposals per wanted tie: refused as they do not fit, or drawn before
_SEARCH = 40  # halvings of a bracket: more than enough digits


def initial_ties(ctx: Context) -> None:
    """Fill ``world.ties``; the columns of the residents, traits included, must be there.

    Numbers: ``weak_mean + strong_mean`` ties per adult, shared over foci as the ``share_*`` parameters say, with
    ``P(tie) ~ likeness * sqrt(a_i a_j) * (1 - 2^(-months / start_half_life))`` inside a focus, with the months that the
    two have been neighbours: who came lately knows few. ``triadic_share`` of them at most close wedges. Strengths are
    where the monthly map would have brought them in these months.
    """
    resident, values = ctx.world.resident, ctx.values
    # ties last longer among the alike than they are made: a world that starts as ties are made would drift
    stronger = values["contacts.homophily_milieu"] * values["contacts.start_homophily_ratio"]
    ctx.values = {**values, "contacts.homophily_milieu": stronger}
    rows = resident.rows
    effects = people.effects(ctx.draws, resident.uid[rows], values)
    ctx.world.stores[people.EFFECTS] = effects  # until the mechanism takes them
    resident.sociability[rows] = effects[0]
    grown = people.adults(ctx)
    root = people.activity(ctx, grown)
    adults = np.flatnonzero(grown).astype(np.int32)
    if adults.size == 0:
        return
    wanted = (values["contacts.weak_mean"] + values["contacts.strong_mean"]) * adults.size / 2
    found = _Found(ctx)
    base = 1 - values["contacts.triadic_share"]
    shares = _shares(ctx, adults)
    for focus, share in shares.items():
        _fill(ctx, found, adults, root=root, focus=focus, number=int(wanted * share * base))
    _close_wedges(ctx, found, int(wanted), shares)
    missing = wanted - found.size
    for focus, share in shares.items():
        # where clustering was reached before the number of ties, chance supplies the rest
        _fill(ctx, found, adults, root=root, focus=focus, number=int(missing * share), lane=1)
    _store(ctx, found, root)
    ctx.values = values


class _Found:
    """Pairs found so far, each once, the lower row first, with the focus in which they were found first."""

    def __init__(self, ctx: Context) -> None:
        self.size_of_table = ctx.world.resident.size
        self.first = np.empty(0, np.int32)
        self.second = np.empty(0, np.int32)
        self.layer = np.empty(0, np.int8)
        self._turn, self._bits, self._used = 0, 1, 0
        self._clear()

    @property
    def size(self) -> int:
        """Count the pairs."""
        return int(self.layer.size)

    def new(self, first: Rows, second: Rows, most: int | None = None) -> Rows:
        """Positions of pairs that are not known yet, each once, in the order given and no more than so many."""
        self._turn += 1
        self._make_room(first.size)
        index = np.empty(first.size if most is None else min(most, first.size), np.int32)
        count = fresh(
            first, second, self.size_of_table, self._turn, self._slots, self._turns, self._bits, index
        )
        self._used += count
        return index[:count]

    def add(self, first: Rows, second: Rows, focus: int) -> None:
        """Add pairs of a focus, proposed as new in the last turn."""
        know(first, second, self.size_of_table, self._slots, self._turns, self._bits)
        self.first = np.concatenate([self.first, np.minimum(first, second)])
        self.second = np.concatenate([self.second, np.maximum(first, second)])
        self.layer = np.concatenate([self.layer, np.full(first.size, focus, np.int8)])

    def _make_room(self, number: int) -> None:
        """Keep half of the places free if so many pairs are new; what was proposed and not added is forgotten."""
        if 2 * (self._used + number) > self._slots.size:
            self._bits = (2 * (self.size + number)).bit_length()
            self._clear()
            know(self.first, self.second, self.size_of_table, self._slots, self._turns, self._bits)
            self._used = self.size

    def _clear(self) -> None:
        self._slots = np.full(2**self._bits, 2**64 - 1, np.uint64)
        self._turns = np.zeros(2**self._bits, np.int32)


def _shares(ctx: Context, adults: Rows) -> dict[Focus, float]:
    """Share of the ties by focus; what is not to be had for want of parents or workers goes to the others."""
    mean = people.focus_table(ctx.values)[people.focus_kind(ctx.world, adults)].mean(axis=0)
    return {focus: float(mean[focus]) for focus in Focus}


def _fill(
    ctx: Context,
    found: _Found,
    adults: Rows,
    *,
    root: NDArray[np.float32],
    focus: Focus,
    number: int,
    lane: int = 0,
) -> None:
    if number <= 0:
        return
    if focus == Focus.ENTRANCE and lane == 0:
        first, second = _in_entrances(ctx, adults, root, number)
    else:
        first, second = _in_places(ctx, adults, root=root, focus=focus, number=number, lane=lane)
    index = found.new(first, second, number)
    found.add(first[index], second[index], int(focus))


def _in_entrances(ctx: Context, adults: Rows, root: NDArray[np.float32], number: int) -> Pairs:
    """All pairs of each entrance, each kept with chance ``1 - exp(-c * weight)``, c such that the number is met."""
    first, second = _all_pairs(ctx.world.resident.entrance[adults], adults)
    apart = ctx.world.resident.household[first] != ctx.world.resident.household[second]
    first, second = _both(apart, first, second)
    weight = _fit(ctx, first, second) * root[first] * root[second]
    low, high = 0.0, 1.0
    number = min(number, int(np.count_nonzero(weight)) - 1)
    if number <= 0:
        return first[:0], second[:0]
    missed = np.empty_like(weight)

    def expected(constant: float) -> float:
        np.multiply(weight, -constant, out=missed)
        np.expm1(missed, out=missed)
        return -float(missed.sum())

    while expected(high) < number:
        high *= 2
    for _ in range(_SEARCH):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < number else (low, middle)
    uid = ctx.world.resident.uid
    luck = ctx.draws.pair(f"{STREAM}.entrance", uid[first], uid[second], ctx.month)
    hit = luck < -np.expm1(-high * weight)
    return _both(hit, first, second)


def _neighbours_since(ctx: Context, first: Rows, second: Rows) -> NDArray[np.int16]:
    """Month since which both ends of each pair live where they do."""
    home, moved_in = ctx.world.resident.household, ctx.world.household.moved_in
    since: NDArray[np.int16] = np.maximum(moved_in[home[first]], moved_in[home[second]])
    return since


def _fit(ctx: Context, first: Rows, second: Rows) -> Floats:
    """How readily pairs are friends by now: by likeness, and by how long they have been neighbours."""
    half_lives = np.maximum(ctx.month - _neighbours_since(ctx, first, second), 0) / np.float32(
        ctx.values["contacts.start_half_life"]
    )
    return people.likeness(ctx, first, second) * (1 - (1 / 2) ** half_lives)


def _both(hit: NDArray[np.bool_], first: Rows, second: Rows) -> Pairs:
    """Both ends of the pairs that were hit."""
    index = hit.nonzero()[0]
    return first.take(index), second.take(index)


def _all_pairs(place: NDArray[np.int32], adults: Rows) -> Pairs:
    """Every pair of adults with the same place, each once."""
    order = np.argsort(place, kind="stable")
    order = order[place[order] >= 0]
    sorted_place = place[order]
    position = np.arange(order.size)
    end = np.searchsorted(sorted_place, sorted_place, side="right")
    partners = end - position - 1
    first = np.repeat(position, partners)
    offset = np.arange(first.size) - np.repeat(np.cumsum(partners) - partners, partners)
    return adults[order[first]], adults[order[first + 1 + offset]]


def _in_places(
    ctx: Context, adults: Rows, *, root: NDArray[np.float32], focus: Focus, number: int, lane: int
) -> Pairs:
    """Pairs of one focus: both ends drawn by how much they are about, kept with chance ``likeness``."""
    world = ctx.world
    home = world.resident.household[adults]
    if focus == Focus.ENTRANCE:
        place = world.household.entrance[home]
    elif focus == Focus.COMPLEX:
        place = world.household.complex[home]
    else:
        place = world.household.district[home]
    member = place >= 0
    if focus == Focus.SCHOOL:
        member &= world.household.children[home] > 0
    elif focus == Focus.WORK:
        member &= WORKS[world.resident.activity[adults]]
    group, place = adults[member], place[member]
    if group.size < 2:
        return group[:0], group[:0]
    order = np.argsort(place, kind="stable")
    group, place = group[order], place[order]
    weight = np.cumsum(root[group].astype(np.float64))
    ids = derive_uid(f"{STREAM}.{focus.name}.{lane}", np.arange(number * _SURPLUS))
    one, other, luck = (
        ctx.draws.uniform(f"{STREAM}.{focus.name}", ids, ctx.month, part) for part in range(3)
    )
    (first, second), kept = np.empty((2, ids.size), np.int32), np.empty(ids.size)
    count = propose(group, place, weight, world.resident.household, one, other, luck, first, second, kept)
    first, second = first[:count], second[:count]
    return _both(kept[:count] < _fit(ctx, first, second), first, second)


class _Known(NamedTuple):
    """Whom each resident knows, ends of a row from ``starts[row]`` on, and how many pairs of these know each other."""

    starts: NDArray[np.int64]
    ends: Rows
    triangles: NDArray[np.int64]

    @property
    def clustering(self) -> float:
        """Mean local clustering over everybody with two ties or more."""
        degree = np.diff(self.starts)
        some = degree > 1
        if not some.any():
            return 0.0
        return float((self.triangles[some] / (degree[some] * (degree[some] - 1.0))).mean())


def _known(found: _Found) -> _Known:
    size, n = found.size_of_table, 2 * found.size
    known = _Known(np.empty(size + 1, np.int64), np.empty(n, np.int32), np.empty(size, np.int64))
    acquaint(
        found.first, found.second, known.starts, known.ends, np.empty(max(size, n), np.int32), known.triangles
    )
    return known


def _close_wedges(ctx: Context, found: _Found, wanted: int, shares: dict[Focus, float]) -> None:
    """Close open wedges until the clustering or the number of ties is reached.

    The middle is any resident with two ties or more, all alike, so that the clustering of the many with few ties
    rises as well; its two ends are drawn from its ties, kept with chance ``likeness``, and no more of them per
    place than belong there.
    """
    target, missing = ctx.values["contacts.clustering"], wanted - found.size
    for number in range(_ROUNDS):
        known = _known(found)
        if found.size >= wanted or known.clustering >= target:
            return
        first, second = _wedges(ctx, known, missing * _SURPLUS, number)
        ids = derive_uid(f"{STREAM}.likeness.{number}", np.arange(first.size))
        hit = ctx.draws.uniform(f"{STREAM}.likeness", ids, ctx.month) < _fit(ctx, first, second)
        first, second = _both(hit, first, second)
        index = found.new(first, second)
        layer = shared_focus(ctx.world, first[index], second[index])
        for focus in (Focus.ENTRANCE, Focus.COMPLEX, Focus.DISTRICT):
            share = (
                shares[focus]
                if focus < Focus.DISTRICT
                else sum(shares[other] for other in Focus if other >= focus)
            )
            here = index[layer == focus][: int(missing * share) // _ROUNDS + 1]
            found.add(first[here], second[here], int(focus))


def _wedges(ctx: Context, known: _Known, number: int, lane: int) -> Pairs:
    """Pairs who know one and the same, drawn so many times; those of two districts or one household are left out."""
    degree = np.diff(known.starts)
    middles = np.flatnonzero(degree > 1)
    if middles.size == 0:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    ids = derive_uid(f"{STREAM}.wedge.{lane}", np.arange(number))
    middle, one, other = (ctx.draws.uniform(f"{STREAM}.wedge", ids, ctx.month, part) for part in range(3))
    first, second = np.empty((2, number), np.int32)
    resident = ctx.world.resident
    count = wedges(
        known.starts,
        known.ends,
        middles,
        middle,
        one,
        other,
        resident.district,
        resident.household,
        first,
        second,
    )
    return first[:count], second[:count]


def _store(ctx: Context, found: _Found, root: NDArray[np.float32]) -> None:
    world, values = ctx.world, ctx.values
    resident = world.resident
    first, second = found.first, found.second
    kept, gain = encounters.strength_map(values, 1)
    rate = root[first] * root[second] * encounters.focus_rates(values)[found.layer]
    limit = gain * rate / (1 - kept)
    since = _neighbours_since(ctx, first, second)
    # made at any moment since the two became neighbours
    made = ctx.draws.pair(f"{STREAM}.made", resident.uid[first], resident.uid[second], ctx.month)
    months = np.maximum((ctx.month - since) * made, 1)
    start = values["contacts.tie_start"]
    strength = np.clip(limit + (start - limit) * kept**months, values["contacts.tie_floor"], 1)
    phase = derive_uid(f"{STREAM}.phase", resident.uid[first] ^ resident.uid[second]) % encounters.PHASES
    world.ties.add(first, second, strength, found.layer, phase=phase.astype(np.int8))
