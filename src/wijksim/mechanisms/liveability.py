"""A model index with the five dimensions of the Leefbaarometer 3.0, driven by simulated conditions only.

``afw = won + fys + vrz + soc + onv`` exactly, as deviation from the constant reference 4.1023 (H501). Each
dimension is the published start value of the place, plus what simulated conditions have changed since the start,
plus an exogenous walk. No share of any group of people drives it, so that composition acts through what it does to
nuisance, disorder, contact and dwellings, or not at all. It is a model index, not a Leefbaarometer score.

What is live in this version, and what is not: ``onv`` hears nuisance (weight 0.45), feeling unsafe (0.25), registered
crime (0.20) and disorder (0.10). ``won`` hears the quality of dwellings (0.7) and the part of the stock that has been
replaced by new building (0.3).
``vrz`` hears the shops, services and meeting places that are open. Upkeep of public space behind ``fys`` has no
carrier: that dimension moves with the walk alone.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.context import Context
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.state.column import Column
from wijksim.state.structure import ADULT_AGE
from wijksim.state.world import World

DIMENSIONS: tuple[str, ...] = ("won", "fys", "vrz", "soc", "onv")
CONDITIONS: tuple[str, ...] = (
    "nuisance", "disorder", "cohesion", "turnover", "knowing", "quality", "unsafe", "crime", "amenities",
    "replaced",
)  # fmt: skip
(
    _NUISANCE, _DISORDER, _COHESION, _TURNOVER, _KNOWING, _QUALITY, _UNSAFE, _CRIME, _AMENITIES, _REPLACED,
) = range(len(CONDITIONS))  # fmt: skip
CITY = 0  # word for the city in the luck of the walk; districts have their uid, which is 1 or more
_TITLES = {
    "won": "dwelling stock (woningvoorraad)",
    "fys": "physical environment (fysieke omgeving)",
    "vrz": "amenities (voorzieningen)",
    "soc": "social cohesion (sociale samenhang)",
    "onv": "nuisance and insecurity (overlast en onveiligheid)",
    "afw": "total",
}

START, WALK, BASELINE, SUMS, YEAR = (
    f"liveability.{name}" for name in ("start", "walk", "baseline", "sums", "year")
)

_WEIGHTS = itemgetter(*(f"liveability.weight_{name}" for name in CONDITIONS))
_GAPS = itemgetter(*(f"liveability.gap_{name}" for name in CONDITIONS))
_SCALES = itemgetter(*(f"liveability.gap_{name}" for name in ("onv", "soc", "won", "vrz")))
_WALKS = Kept(itemgetter(*(f"liveability.walk_{name}" for name in DIMENSIONS), "liveability.city_share"))
# columns in the order in which passes ask for them
_HOMES = attrgetter("entrance", "nuisance_often", "district", "adults")
_DOORS = attrgetter("disorder", "cohesion", "turnover", "district")
_PEOPLE = attrgetter("alive", "age", "district", "unsafe", "knows_neighbours")
_STOCK = attrgetter("district", "quality", "replaced")
# what is added up over entrances
_LINES = ("often", "homes", "dwellings", "disorder", "cohesion", "turnover")
_INDEX = (*DIMENSIONS, "afw", "afw_gap")
_LEAST = float(np.finfo(np.float32).eps)

type Floats = NDArray[np.float64]
type Levels = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type _Weights = tuple[Floats, Floats, tuple[float, float, float, float]]
type Places = NDArray[np.int32]


# fmt: off
@compiled
def gather(
    sums: Floats, entrance: Places, often: Levels, home_in: Places, adults: NDArray[Any],
    dwellings: NDArray[np.int16], disorder: Levels, cohesion: Levels, turnover: Levels, door_in: Places, alive: Flags,
    age: NDArray[np.int16], person_in: Places, unsafe: Levels, knows: Flags, dwelling_in: Places, quality: Levels,
    replaced: Flags, adult: int, behind: Floats, parts: Floats, here: Floats, grown: Floats,
) -> None:
    # fmt: on
    """Lay out what is added up over entrances, and add up the rest per district, row by row.

    Nuisance and feeling unsafe are expected ones. Filled in are households ``behind`` each entrance that often have
    nuisance, and all; in ``parts`` what is added up over entrances, and ``here`` 1 where an entrance is of a district;
    per district adults who are ``grown``, and the ``sums`` of those conditions that differ by person or dwelling.
    """
    for k in range(behind.shape[0]):
        for i in range(behind.shape[1]):
            behind[k, i] = 0.0
    for k in range(sums.shape[0]):
        for d in range(grown.size):
            grown[d] = sums[k, d] = 0.0
    for i in range(entrance.size):
        door, place = entrance[i], home_in[i]
        if door >= 0:
            behind[0, door] += np.float64(often[i])
            behind[1, door] += 1
        if place >= 0:
            grown[place] += np.float64(adults[i])
    for i in range(dwellings.size):
        number = np.float32(dwellings[i])
        parts[0, i], parts[1, i], parts[2, i] = behind[0, i], behind[1, i], number
        parts[3, i], parts[4, i], parts[5, i] = disorder[i] * number, cohesion[i] * number, turnover[i] * number
        for one in range(here.shape[0]):
            here[one, i] = door_in[i] == one
    for i in range(alive.size):
        place = person_in[i]
        if place >= 0:
            of_age = age[i] >= adult
            sums[_UNSAFE, place] += np.float64(unsafe[i]) if of_age & alive[i] else 0.0
            sums[_KNOWING, place] += 1.0 if of_age & knows[i] else 0.0
    for i in range(dwelling_in.size):
        place = dwelling_in[i]
        if place >= 0:
            sums[_QUALITY, place] += np.float64(quality[i])
            sums[_REPLACED, place] += np.float64(replaced[i])


@compiled
def shares(doors: Floats, grown: Floats, crime: Floats, amenities: Floats, found: Floats) -> None:
    """Make conditions of the sums in ``found``, 0 where nothing is counted.

    ``doors`` are lines of ``parts`` of :func:`gather` added up by district, district first; ``grown`` are adults.
    """
    for d in range(grown.size):
        homes, dwellings, people = doors[d, 1], doors[d, 2], grown[d]
        found[_NUISANCE, d] = doors[d, 0] / homes if homes > 0 else 0.0
        found[_DISORDER, d] = doors[d, 3] / dwellings if dwellings > 0 else 0.0
        found[_COHESION, d] = doors[d, 4] / dwellings if dwellings > 0 else 0.0
        found[_TURNOVER, d] = doors[d, 5] / dwellings if dwellings > 0 else 0.0
        found[_QUALITY, d] = found[_QUALITY, d] / dwellings if dwellings > 0 else 0.0
        found[_REPLACED, d] = found[_REPLACED, d] / dwellings if dwellings > 0 else 0.0
        found[_KNOWING, d] = found[_KNOWING, d] / people if people > 0 else 0.0
        found[_UNSAFE, d] = found[_UNSAFE, d] / people if people > 0 else 0.0
        found[_CRIME, d], found[_AMENITIES, d] = crime[d], amenities[d]


@compiled
def judge(delta: Floats, weights: Floats, gaps: Floats, scales: tuple[float, float, float, float], out: Floats) -> None:
    """Fill ``out`` with what a change of conditions does to each dimension; ``scales`` are of onv, soc, won and vrz."""
    part = np.empty(weights.size)
    for d in range(delta.shape[1]):
        for k in range(part.size):
            part[k] = weights[k] * delta[k, d] / gaps[k]
        onv = part[_NUISANCE] + part[_DISORDER] + part[_UNSAFE] + part[_CRIME]
        soc = part[_COHESION] - part[_TURNOVER] + part[_KNOWING]
        out[d, 0], out[d, 1] = scales[2] * (part[_QUALITY] + part[_REPLACED]), 0.0
        out[d, 2], out[d, 3], out[d, 4] = scales[3] * part[_AMENITIES], scales[1] * soc, -scales[0] * onv


@compiled
def _by_door(
    households: Floats, disorder: Levels, cohesion: Levels, turnover: Levels, place: NDArray[np.int32],
    start: Floats, weights: Floats, gaps: Floats, onv: float, soc: float, out: Levels,
) -> None:  # fmt: skip
    """Fill ``out`` with the parts of onv and soc behind each front door, against the district at the ``start``."""
    for i in range(out.size):
        nuisance = households[0, i] / households[1, i] if households[1, i] > 0 else 0.0
        troubled = weights[_NUISANCE] * (nuisance - start[_NUISANCE, place[i]]) / gaps[_NUISANCE]
        troubled += weights[_DISORDER] * (disorder[i] - start[_DISORDER, place[i]]) / gaps[_DISORDER]
        close = weights[_COHESION] * (cohesion[i] - start[_COHESION, place[i]]) / gaps[_COHESION]
        close -= weights[_TURNOVER] * (turnover[i] - start[_TURNOVER, place[i]]) / gaps[_TURNOVER]
        out[i] = -onv * troubled + soc * close


# fmt: off
@compiled
def indexed(
    now: Floats, baseline: Floats, weights: Floats, gaps: Floats, scales: tuple[float, float, float, float],
    start: Floats, walk: Floats, on: float, path: float, block: Floats, lines: NDArray[np.intp], households: Floats,
    out: Floats, disorder: Levels, cohesion: Levels, turnover: Levels, place: Places, index: Levels,
) -> None:
    # fmt: on
    """Fill ``out`` with the index of districts, and ``index`` with that of front doors (:func:`_by_door`).

    A change of conditions from the ``baseline`` to ``now`` counts as :func:`judge` has it, and the walk if it is
    ``on``; every dimension has the same part in the national ``path``. Written to ``lines`` of the ``block`` are the
    dimensions, their total, and the total less the path.
    """
    delta, change, size = np.empty(now.shape), np.empty(out.shape), out.shape[1]
    for k in range(now.shape[0]):
        for d in range(now.shape[1]):
            delta[k, d] = now[k, d] - baseline[k, d]
    judge(delta, weights, gaps, scales, change)
    for d in range(out.shape[0]):
        total = 0.0
        for k in range(size):
            out[d, k] = start[d, k] + change[d, k] + on * walk[d, k] + path / size
            block[lines[k], d] = out[d, k]
            total += out[d, k]
        block[lines[size], d], block[lines[size + 1], d] = total, total - path
    _by_door(
        households, disorder, cohesion, turnover, place, baseline, weights, gaps, scales[0], scales[1], index
    )


def _terms(values: dict[str, float]) -> tuple[_Weights, tuple[float, float, float, int]]:
    """Weights and gaps of all conditions and scales; and whether the walk is on, the trend, and months to be counted.

    Those are months before the start over which conditions are averaged, and months between readings.
    """
    weights = np.array(_WEIGHTS(values)), np.array(_GAPS(values)), _SCALES(values)
    interval = int(values["liveability.reading_interval"])
    on, trend = values["liveability.walk"], values["liveability.trend"]
    return weights, (on, trend, values["liveability.baseline_months"], interval)


class _Room(NamedTuple):
    """What passes take last, and what they fill.

    :func:`gather` fills ``across`` (``parts``, turned round), ``here`` and ``grown``; ``amenities`` and ``crime`` are
    columns of districts, and ``total`` is their index, shape ``(n_districts, 5)``, which :func:`indexed` fills.
    """

    gathered: tuple[Any, ...]
    across: Floats
    here: Floats
    grown: Floats
    amenities: Floats
    crime: Floats
    indexed: tuple[Any, ...]
    total: Floats


def _room(world: World) -> _Room:
    doors, district = world.entrance, world.district
    n, of_doors = district.size, _DOORS(doors)
    behind, parts, here = np.empty((2, doors.size)), np.empty((len(_LINES), doors.size)), np.empty((n, doors.size))
    grown, index = np.empty(n), np.empty((n, len(DIMENSIONS)))
    return _Room(
        (
            *_HOMES(world.household), doors.dwellings, *of_doors, *_PEOPLE(world.resident), *_STOCK(world.dwelling),
            ADULT_AGE, behind, parts, here, grown,
        ),
        parts.T, here, grown, district.amenities, district.registered_crime,
        (*district.lines(_INDEX), behind, index, *of_doors, doors.index), index,
    )  # fmt: skip


@MECHANISMS.register
class Liveability(Mechanism):
    """District index and its two-yearly readings; entrance index of the parts that differ by front door.

    Notes
    -----
    Conditions, in the order of :data:`CONDITIONS`: share of households that often have nuisance, disorder and
    cohesion (means over dwellings), households that moved in per dwelling per year, share of adults who know their
    neighbours, mean quality of dwellings, share of adults who feel unsafe, registered crime per resident, log of
    amenities open per resident, share of dwellings built where others stood. Changes count from their mean over the
    last twelve months of the warm-up (without warm-up: from the first month).

    Stores: ``liveability.start`` and ``liveability.walk``, shape ``(n_districts, 5)``; ``liveability.baseline``,
    shape ``(10, n_districts)``.
    """

    name = "liveability"
    owns = (
        *(Column(f"district.{name}", np.float64, "points", f"Liveability index, {_TITLES[name]}")
          for name in (*DIMENSIONS, "afw")),
        *(Column(f"district.{name}_read", np.float64, "points", f"Last two-yearly reading, {_TITLES[name]}")
          for name in (*DIMENSIONS, "afw")),
        Column("district.afw_gap", np.float64, "points", "Total less the national path since the start"),
        Column("entrance.index", np.float32, "points",
               "Parts of onv and soc that differ by front door, against the district at the start"),
    )  # fmt: skip
    reads = (
        "household.nuisance_often", "entrance.disorder", "entrance.turnover", "entrance.cohesion",
        "resident.knows_neighbours", "dwelling.quality", "resident.unsafe", "district.registered_crime",
        "district.amenities", "dwelling.replaced",
    )  # fmt: skip

    def __init__(self) -> None:
        self._terms = Kept(_terms)
        self._room = KeptColumns(_room, "resident", "household", "entrance", "dwelling", "district")

    def setup(self, ctx: Context) -> None:
        """Put every district at the published figures of its place."""
        world = ctx.world
        n = world.n_districts
        start = np.zeros((n, len(DIMENSIONS)))
        for row, place in enumerate(ctx.settings.get("district_places", ())):
            start[row] = [getattr(place.liveability, name).value for name in DIMENSIONS]
        world.stores[START] = start
        world.stores[WALK] = np.zeros_like(start)
        world.stores[SUMS] = [0, np.zeros((len(CONDITIONS), n))]
        self._write(ctx, start, "")
        self._write(ctx, start, "_read")
        world.district.afw_gap[:] = world.district.afw

    def step(self, ctx: Context) -> None:
        """Compare conditions with those at the start, walk, and take a reading if one is due."""
        stores = ctx.world.stores
        weights, (on, trend, months, interval) = self._terms(ctx.values)
        room = self._room(ctx.world)
        now = self.conditions(ctx, room)
        if ctx.month < 0:
            if ctx.month >= -months:
                count, total = stores[SUMS]
                stores[SUMS] = [count + 1, total + now]
            return
        if BASELINE not in stores:
            count, total = stores[SUMS]
            stores[BASELINE] = total / count if count else now
        walk = stores[WALK] = stores[WALK] + self.walk(ctx)
        indexed(
            now, stores[BASELINE], *weights, stores[START], walk, on, trend * ((ctx.month + 1) / MONTHS_PER_YEAR),
            *room.indexed,
        )  # fmt: skip
        if ctx.month % interval == 0:
            self._write(ctx, room.total + on * self.noise(ctx), "_read")

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Where the change since the start came from, per district: conditions, walk, national rise."""
        stores, district = ctx.world.stores, ctx.world.district
        start = stores[START].sum(axis=1)
        walked = ctx.values["liveability.walk"] * stores[WALK].sum(axis=1)
        return {
            "liveability.reference": ctx.values["liveability.reference"],
            "liveability.by_conditions": [float(one) for one in district.afw_gap - start - walked],
            "liveability.reading_noise": float(
                np.sqrt(sum(ctx.values[f"liveability.reading_{name}"] ** 2 for name in DIMENSIONS))
            ),
            "liveability.by_walk": [float(one) for one in walked],
            "liveability.by_national_rise": [float(one) for one in district.afw - district.afw_gap],
        }

    def conditions(self, ctx: Context, room: _Room) -> NDArray[np.float64]:
        """Conditions per district, shape ``(10, n_districts)``; ``room``, that of :meth:`work_room`, is filled."""
        gathered, across, here, grown, amenities, crime, *_ = room
        found = np.empty((len(CONDITIONS), grown.size))
        gather(found, *gathered)
        shares(here @ across, grown, crime, np.log(np.maximum(amenities, _LEAST)), found)
        return found

    def work_room(self, ctx: Context) -> _Room:
        """Columns and arrays to work in, mostly the same every month."""
        return self._room(ctx.world)

    def change(self, ctx: Context, delta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Change of each dimension that goes with a change of conditions.

        Parameters
        ----------
        delta
            Conditions less those at the start, shape ``(10, n)``.

        Returns
        -------
        NDArray
            Shape ``(n, 5)``, in the order of :data:`DIMENSIONS`.
        """
        found = np.empty((delta.shape[1], len(DIMENSIONS)))
        judge(delta, *self._terms(ctx.values)[0], found)
        return found

    def walk(self, ctx: Context) -> NDArray[np.float64]:
        """Step of the exogenous walk this month: the city's and the district's own, shape ``(n_districts, 5)``.

        Keyed on city and district alone, so that both runs of a pair walk alike and the walk cancels.
        """
        stores, month, numbers = ctx.world.stores, ctx.month % MONTHS_PER_YEAR, _WALKS(ctx.values)
        january = ctx.month - month
        kept = stores.get(YEAR)
        if kept is None or kept[0] != january or kept[1] != numbers:
            # one look-up a year: luck of few districts costs as much as luck of many
            words = _words(ctx)[None] + np.arange(MONTHS_PER_YEAR, dtype=np.uint64)[:, None, None]
            luck = ctx.draws.normal("liveability.walk", words, january)
            common, size = numbers[-1], np.array(numbers[:-1])
            together = np.sqrt(common) * luck[:, :1] + np.sqrt(1 - common) * luck[:, 1:]
            kept = stores[YEAR] = (january, numbers, together * size / np.sqrt(MONTHS_PER_YEAR))
        step: NDArray[np.float64] = kept[-1][month]
        return step

    def noise(self, ctx: Context) -> NDArray[np.float64]:
        """Reading noise, shape ``(n_districts, 5)``, keyed on the district."""
        size = np.array([ctx.values[f"liveability.reading_{name}"] for name in DIMENSIONS])
        words = _words(ctx)[1:]
        luck: NDArray[np.float64] = ctx.draws.normal("liveability.reading", words, ctx.month)
        return np.asarray(luck * size)

    def _write(self, ctx: Context, index: NDArray[np.float64], suffix: str) -> None:
        """Write the five dimensions and their sum, added up from left to right."""
        district = ctx.world.district
        for column, name in enumerate(DIMENSIONS):
            district[name + suffix][:] = index[:, column]
        district["afw" + suffix][:] = np.add.reduce(index, axis=1)


def _words(ctx: Context) -> NDArray[np.uint64]:
    """Whose luck it is: the city first, then the districts, one word per dimension and room for the months."""
    who = np.concatenate([[CITY], ctx.world.district.uid.astype(np.int64)])
    return np.asarray(derive_uid("liveability.walk", who[:, None], np.arange(len(DIMENSIONS))))
