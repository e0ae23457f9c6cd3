"""Closing and opening of premises, volunteers, and what a district has to offer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.balance import list_balanced
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.mechanisms.facilities import initiatives, provided, workspaces
from wijksim.mechanisms.facilities.columns import COLUMNS, KEYS, MEETING, Kind
from wijksim.mechanisms.facilities.loops import FOUND, demanded, described, grown, shared, weighed
from wijksim.mechanisms.facilities.room import Room, room_of
from wijksim.mechanisms.facilities.support import KNOWN, Demand, Terms, carried, density, rates
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

FOUNDED = "facilities.founded"
FUNDED = tuple(f"facilities.subsidy.{key}" for key in KEYS)
"""Capacities that a lever may fund per district, in units of the subsidy of current policy."""
PLACES = tuple(f"facilities.places.{KEYS[kind]}" for kind in MEETING)
"""Meeting places that a lever may fund (or close) per district, apart from those that live on their support."""
_CENTRE = int(Kind.CENTRE)
_KIND_OF = {name: kind for kind, name in enumerate(FUNDED)}
_PLACE = {name: place for place, name in enumerate(PLACES)}
_CODES = np.arange(1, len(KEYS), dtype=np.float64)


class _Weighed(NamedTuple):
    """What was found when support was weighed.

    Attributes
    ----------
    subsidy
        Subsidy over that of current policy (see :class:`Demand`).
    taken, vacant
        Premises open and vacant.
    """

    subsidy: Floats
    taken: Rows
    vacant: Rows


@lru_cache(maxsize=8)
def _alike(districts: int, subsidy: float) -> Floats:
    """The same subsidy for every kind in every district, where levers fund nothing; only to be read."""
    return np.full((districts, len(KEYS)), max(subsidy, 0.0))


@lru_cache(maxsize=8)
def _none_funded(districts: int) -> Floats:
    """Meeting places where levers fund none; only to be read."""
    return np.zeros((len(PLACES), districts))


_CENTRES = ("community_centre",)
_STILL = (0.0, MONTHS_PER_YEAR, 0.0)  # pace of initiatives that neither begin nor end


@dataclass(frozen=True)
class ByKind(Piecewise):
    """A base rate per kind of premises: the pieces are the codes."""

    def pieces(self, values: dict[str, float]) -> tuple[Floats, Floats]:
        """Codes but the first, and the rate of each."""
        return _CODES, super().pieces(values)[1]


def _base(which: str) -> ByKind:
    return ByKind("facility.kind", edges=(), rates=tuple(f"facilities.{which}_{key}" for key in KEYS))


@MECHANISMS.register
class Facilities(Mechanism):
    """Shops and services live on purchasing power, places on visitors, volunteers and subsidy (voorzieningen).

    Every row of the table ``facility`` is premises: open or vacant. They close sooner and are taken again later where
    their support falls short of what their kind needs; the premises stay. Volunteers are residents with hours to
    give; informal and religious organisations, kept up by them, know people whom services do not know (L054, PRO-41).
    """

    name = "facilities"
    channels = (
        *FUNDED,
        *PLACES,
        workspaces.PREMISES,
        f"facilities.{provided.REQUEST}",
        f"{initiatives.OWNER}.{initiatives.ACT}",
    )
    owns = COLUMNS
    reads = (
        "household.income", "household.housing_cost", "household.poor", "resident.felt_safety", "resident.trust",
        "resident.self_reliance", "resident.stress",
    )  # fmt: skip
    costs = (
        CostItem(
            "community_centre", "Community centres", "Buurthuizen", (("municipality", 1.0),), grade="C",
            source=("FAC-01",), kind="facilities",
        ),
        workspaces.FITTING_OUT, workspaces.CHEAP_RENT,
    )  # fmt: skip

    closing = Event(
        "facilities.closing",
        table="facility",
        base=_base("close"),
        influences=(Influence("facility.support", "facilities.close_support", loop="facilities"),),
        doc="A shop, service, meeting place, workspace or organisation closes and leaves its premises vacant",
    )
    opening = Event(
        "facilities.opening",
        table="facility",
        base=_base("open"),
        influences=(Influence("facility.support", "facilities.open_support", loop="facilities"),),
        doc="Vacant premises are taken again",
    )
    begins = Event(
        "facilities.begins",
        table="resident",
        base="facilities.volunteer_rate",
        influences=(
            Influence("resident.contributor", "facilities.volunteer_contributor"),
            Influence("household.poor", "facilities.volunteer_poor", loop="scarcity"),
            Influence("resident.trust", "facilities.volunteer_trust", loop="trust"),
            Influence("resident.self_reliance", "facilities.volunteer_self_reliance"),
            Influence("resident.activity", "facilities.volunteer_employed", equals=int(Activity.EMPLOYED)),
        ),
        doc="A resident begins to work as a volunteer",
    )
    ends = Event(
        "facilities.ends",
        table="resident",
        base="facilities.volunteer_end_rate",
        influences=(Influence("resident.stress", "facilities.volunteer_stress", loop="scarcity"),),
        doc="A volunteer stops",
    )

    # ------------------------------------------------------------------ beginning
    def setup(self, ctx: Context) -> None:
        """As many premises as demand carries, open as the two rates balance; volunteers likewise."""
        world = ctx.world
        world.resident.volunteer_hours[:] = 0
        known = KNOWN(ctx)
        self._volunteers(ctx, self._grown(known.first, room_of(world))[1], known)
        world.stores[FOUNDED] = world.by_district("resident")
        if not world.facility.size:
            self._found(ctx)
        initiatives.settle(ctx)
        space = room_of(world)
        self._weigh(ctx, known, space)
        self._describe(ctx, known, space, _STILL)

    @only(("resident", "arrived"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers volunteer as people like them do."""
        known = KNOWN(ctx)
        self._volunteers(ctx, rows[ctx.world.resident.age.take(rows) >= known.first], known)

    def _found(self, ctx: Context) -> None:
        """Give every district the premises that its demand carries, at the stationary share of open ones."""
        world, values = ctx.world, ctx.values
        close, open_ = rates(values, "close"), rates(values, "open")
        share = open_ / (open_ + close)
        demand, people, _ = self._demand(ctx)
        wanted = carried(values, demand) * density(values) * people[:, None] / share
        count = np.maximum(np.rint(wanted), 1).astype(np.int64).ravel()
        place = np.repeat(np.arange(count.size), count)
        number = np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
        district, kind = place // len(KEYS), place % len(KEYS)
        uid = derive_uid("facilities.premises", world.district.uid[district], kind, number)
        rows = world.facility.add(uid)
        table = world.facility
        table.district[rows], table.kind[rows] = district, kind
        table.units[rows] = (wanted.ravel() / count)[place]
        # every kind of every district is open in the same part, up to one: no luck in how many, only in which
        luck = np.asarray(ctx.draws.life("facilities.start", uid[np.cumsum(count) - count]))[place]
        reach = share[kind]
        table.open[rows] = np.floor((number + 1) * reach + luck) > np.floor(number * reach + luck)
        pace = np.where(table.open[rows], close[kind], open_[kind])
        luck = np.asarray(ctx.draws.life("facilities.spell", uid))
        # ages of spells follow the exponential of their rate; a spell that never ends has no age to draw
        longest = float(np.iinfo(np.int16).max)
        spell = np.full(pace.size, longest)
        np.divide(-np.log1p(-luck) * MONTHS_PER_YEAR, pace, out=spell, where=pace > 0)
        table.since[rows] = -np.minimum(spell, longest).astype(np.int16)

    def _volunteers(self, ctx: Context, rows: Rows, known: Terms) -> None:
        """Volunteers among ``rows``, nobody so far, as beginning and stopping balance for people like them."""
        if rows.size == 0:
            return
        resident, active = ctx.world.resident, np.empty(rows.size, np.int32)
        begin, end = self.begins.probability(ctx, rows), self.ends.probability(ctx, rows)
        luck = ctx.draws.life("facilities.volunteer", resident.uid.take(rows))
        count = list_balanced(rows, begin, end, luck, active)
        if count:
            active = active[:count]
            resident.volunteer_hours[active] = self._hours(ctx, active, known)

    def _hours(self, ctx: Context, rows: Rows, known: Terms) -> Floats:
        """Hours a month that each of ``rows`` gives when a volunteer: for life, lognormal with the national mean."""
        spread, half, mean = known.hours
        hours = ctx.draws.life_normal("facilities.hours", ctx.world.resident.uid.take(rows))
        hours *= spread
        hours -= half
        np.exp(hours, out=hours)
        hours *= mean
        return hours

    # ------------------------------------------------------------------ the month
    def step(self, ctx: Context) -> None:
        """Volunteers begin and stop; support is weighed; premises close and open."""
        resident, funded, known = ctx.world.resident, ctx.effects.capacities, KNOWN(ctx)
        if ctx.effects.acts:
            provided.provide(ctx)
        space = room_of(ctx.world)
        busy, idle = self._grown(known.first, space)
        stopped = self.ends.draw(ctx, busy)
        begun = self.begins.draw(ctx, idle)
        if stopped.size:
            resident.volunteer_hours[stopped] = 0
            resident.guided[stopped] = False
        if begun.size:
            resident.volunteer_hours[begun] = self._hours(ctx, begun, known)
        if funded:
            workspaces.make(ctx)
            space = room_of(ctx.world)
        if ctx.effects.scales:
            self._guided(ctx, begun)
        found = self._weigh(ctx, known, space)
        opened = self._turn(ctx, found.taken, found.vacant)
        workspaces.count(ctx, opened)
        self._describe(ctx, known, space, known.pace)
        if funded:
            workspaces.book_rent(ctx, space.offered[:, Kind.WORKSPACE])
        spent: Floats = space.offered[:, _CENTRE] * found.subsidy[:, _CENTRE] * known.centre
        ctx.ledger.enter(_CENTRES, spent.reshape(1, -1))

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Premises open and vacant per kind, whole city."""
        table = ctx.world.facility
        units = np.bincount(table.kind, weights=table.units, minlength=len(KEYS))
        open_ = np.bincount(table.kind, weights=table.units * table.open, minlength=len(KEYS))
        return {
            "facilities.open": {key: float(one) for key, one in zip(KEYS, open_, strict=True)},
            "facilities.vacant": {key: float(one) for key, one in zip(KEYS, units - open_, strict=True)},
        }

    # ------------------------------------------------------------------ parts of the month
    def _guided(self, ctx: Context, begun: Rows) -> None:
        """Remember who began with guidance: their chance to begin is raised by a lever, and draws decided on more."""
        lever = ctx.effects.offsets(self.begins.name, "resident")
        if lever is not None:
            ctx.world.resident.guided[begun[lever[begun] > 0]] = True

    def _grown(self, first: int, space: Room) -> tuple[Rows, Rows]:
        """Residents old enough to volunteer: those who do, and those who do not."""
        busy, idle = grown(first, *space.grown)
        return space.busy[:busy], space.idle[:idle]

    def _demand(self, ctx: Context) -> tuple[Demand, Floats, Floats]:
        """Sources of support per resident, over the national level; residents and volunteers per district."""
        found = np.empty((FOUND, ctx.world.n_districts))
        given: tuple[Any, ...] = (*KNOWN(ctx).demand, *room_of(ctx.world).sources, found)
        demanded(ctx.world.stores[FOUNDED], *given)
        demand = Demand(found[0], found[1], found[2], found[3], self._subsidy(ctx))
        return demand, found[4], found[5]

    def _subsidy(self, ctx: Context) -> Floats:
        """Subsidy over that of current policy, shape ``(n, kinds)``: the policy of all, and what levers fund here."""
        named = ctx.effects.capacities
        if not named:
            return _alike(ctx.world.n_districts, ctx.values["facilities.subsidy"])
        extra = np.zeros((ctx.world.n_districts, len(KEYS)))
        for name in named.keys() & _KIND_OF.keys():
            extra[:, _KIND_OF[name]] = ctx.effects.funded(name, ctx.world.n_districts)
        extra += ctx.values["facilities.subsidy"]
        return np.maximum(extra, 0, out=extra)

    def _weigh(self, ctx: Context, known: Terms, space: Room) -> _Weighed:
        """Support of every kind in every district, turnover of shops and services."""
        world, subsidy = ctx.world, self._subsidy(ctx)
        table, district = world.facility, world.district
        # who thinks of taking vacant premises reckons with sharing demand with those already there
        shared(world.stores[FOUNDED], *known.demand, *known.crowd, *space.shared)
        (kept, nearby), divided, ratio = known.divided, space.divided, space.support
        taken, vacant = weighed(
            space.demand, subsidy, divided**kept, divided, space.shops**nearby, *known.support, *space.weighed
        )
        np.log(ratio, out=ratio)
        np.maximum(ratio, -known.bound, out=ratio)
        np.minimum(ratio, known.bound, out=table.support, casting="same_kind")
        district.support_base[:] = space.traded @ known.trade
        return _Weighed(subsidy, space.taken[:taken], space.vacant[:vacant])

    def _turn(self, ctx: Context, taken: Rows, vacant: Rows) -> Rows:
        """Close and open premises and return what opens; whoever closes this month is not taken again this month."""
        table = ctx.world.facility
        closed = self.closing.draw(ctx, taken)
        opened = self.opening.draw(ctx, vacant)
        if closed.size:
            table.open[closed] = False
            self._note(ctx, "facilities_closed", closed)
        if opened.size:
            table.open[opened] = True
            self._note(ctx, "facilities_opened", opened)
        return opened

    def _note(self, ctx: Context, entry: str, rows: Rows) -> None:
        """Write down which premises are open or vacant from this month on."""
        table = ctx.world.facility
        table.since[rows] = ctx.month
        ctx.log.record(
            entry, row=rows, district=table.district[rows], what=table.kind[rows], units=table.units[rows]
        )

    def _describe(self, ctx: Context, known: Terms, space: Room, pace: tuple[float, int, float]) -> None:
        """What the district has to offer now, initiatives at this pace among it.

        A place that is funded has no support of its own and needs none: it is there as long as it is paid for, in
        a building of somebody else. It draws no visitors from the others, and its jobs are not counted. A closing
        takes no more than there is.
        """
        world, unknown, named = ctx.world, space.unknown, ctx.effects.capacities
        district, number = world.district, world.n_districts
        funded = _none_funded(number)
        if named:
            funded = funded.copy()
            for place in named.keys() & _PLACE.keys():
                funded[_PLACE[place]] = ctx.effects.funded(place, number)
        begun = world.stores[initiatives.STORE]
        described(funded, initiatives.coached(ctx), begun, pace, *known.described, *space.described)
        district.local_jobs[:] = space.stock @ known.jobs * PER_THOUSAND / space.demand[4]
        np.subtract(1, np.exp(unknown, out=unknown), out=district.informal_reach, casting="same_kind")
