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

from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.state.column import Column
from wijksim.state.structure import ADULT_AGE

DIMENSIONS: tuple[str, ...] = ("won", "fys", "vrz", "soc", "onv")
CONDITIONS: tuple[str, ...] = (
    "nuisance", "disorder", "cohesion", "turnover", "knowing", "quality", "unsafe", "crime", "amenities",
    "replaced",
)  # fmt: skip
ONV: tuple[str, ...] = ("nuisance", "disorder", "unsafe", "crime")  # what the dimension of nuisance hears
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
_DOORS = ("nuisance", "disorder", "cohesion", "turnover")  # conditions that differ by front door
_DOOR_WEIGHTS = itemgetter(*(f"liveability.weight_{name}" for name in _DOORS))
_DOOR_GAPS = itemgetter(*(f"liveability.gap_{name}" for name in _DOORS))
_AT_DOORS = [CONDITIONS.index(name) for name in _DOORS]

type Floats = NDArray[np.float64]
type Levels = NDArray[np.float32]


@compiled
def behind_doors(entrance: NDArray[np.int32], often: Levels, sums: Floats) -> None:
    """Add to ``sums``, shape ``(2, n_entrances)``, the households that often have nuisance (expected), and all."""
    for i in range(entrance.size):
        if entrance[i] >= 0:
            sums[0, entrance[i]] += np.float64(often[i])
            sums[1, entrance[i]] += 1


# fmt: off
@compiled
def lay_out(
    households: Floats, doors: NDArray[np.int16], disorder: Levels, cohesion: Levels, turnover: Levels,
    district: NDArray[np.int32], parts: Floats, here: Floats,
) -> None:
    # fmt: on
    """Fill ``parts`` with what is added up over entrances, and ``here`` with 1 where an entrance is of a district."""
    for i in range(doors.size):
        dwellings = np.float32(doors[i])
        parts[0, i], parts[1, i], parts[2, i] = households[0, i], households[1, i], dwellings
        parts[3, i] = disorder[i] * dwellings
        parts[4, i] = cohesion[i] * dwellings
        parts[5, i] = turnover[i] * dwellings
        for one in range(here.shape[0]):
            here[one, i] = district[i] == one


# fmt: off
@compiled
def count_people(
    alive: NDArray[np.bool_], age: NDArray[np.int16], adult: int, district: NDArray[np.int32], unsafe: Levels,
    knows: NDArray[np.bool_], sums: Floats,
) -> None:
    # fmt: on
    """Add adults who feel unsafe (expected) and who know neighbours to ``sums``, shape ``(2, n_districts)``."""
    for i in range(age.size):
        if district[i] >= 0:
            grown = age[i] >= adult
            sums[0, district[i]] += np.float64(unsafe[i]) if grown & alive[i] else 0.0
            sums[1, district[i]] += 1.0 if grown & knows[i] else 0.0


@compiled
def count_homes(district: NDArray[np.int32], values: NDArray[Any], sums: Floats) -> None:
    """Add values up per district."""
    for i in range(district.size):
        if district[i] >= 0:
            sums[district[i]] += np.float64(values[i])


@compiled
def shares(total: Floats, count: Floats, out: Floats) -> None:
    """Fill ``out`` with ratios, 0 where nothing is counted."""
    for i in range(out.size):
        out[i] = total[i] / count[i] if count[i] > 0 else 0.0


# fmt: off
@compiled
def by_door(
    households: Floats, disorder: Levels, cohesion: Levels, turnover: Levels, place: NDArray[np.int32],
    start: Floats, weights: Floats, gaps: Floats, onv: float, soc: float, out: Levels,
) -> None:
    # fmt: on
    """Fill ``out`` with the parts of onv and soc behind each front door, against the district at the ``start``."""
    for i in range(out.size):
        nuisance = households[0, i] / households[1, i] if households[1, i] > 0 else 0.0
        troubled = weights[0] * (nuisance - start[0, place[i]]) / gaps[0]
        troubled += weights[1] * (disorder[i] - start[1, place[i]]) / gaps[1]
        close = weights[2] * (cohesion[i] - start[2, place[i]]) / gaps[2]
        close -= weights[3] * (turnover[i] - start[3, place[i]]) / gaps[3]
        out[i] = -onv * troubled + soc * close


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
        households = self._households(ctx)
        now = self.conditions(ctx, households)
        if ctx.month < 0:
            if ctx.month >= -ctx.values["liveability.baseline_months"]:
                count, total = stores[SUMS]
                stores[SUMS] = [count + 1, total + now]
            return
        if BASELINE not in stores:
            count, total = stores[SUMS]
            stores[BASELINE] = total / count if count else now
        on = ctx.values["liveability.walk"]
        stores[WALK] = stores[WALK] + self.walk(ctx)
        years = (ctx.month + 1) / MONTHS_PER_YEAR
        path = ctx.values["liveability.trend"] * years
        index = stores[START] + self.change(ctx, now - stores[BASELINE])
        index = index + on * stores[WALK] + path / len(DIMENSIONS)
        self._write(ctx, index, "")
        ctx.world.district.afw_gap[:] = ctx.world.district.afw - path
        if ctx.month % int(ctx.values["liveability.reading_interval"]) == 0:
            self._write(ctx, index + on * self.noise(ctx), "_read")
        self._entrances(ctx, households)

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

    def conditions(self, ctx: Context, households: NDArray[np.float64]) -> NDArray[np.float64]:
        """Conditions per district, shape ``(10, n_districts)``.

        Parameters
        ----------
        households
            Households that often have nuisance (expected) and households, per entrance, shape ``(2, n_entrances)``.
        """
        world, n = ctx.world, ctx.world.n_districts
        entrance, resident, dwelling = world.entrance, world.resident, world.dwelling
        parts, here = np.empty((2 * (1 + 2), entrance.size)), np.empty((n, entrance.size))
        lay_out(
            households, entrance.dwellings, entrance.disorder, entrance.cohesion, entrance.turnover, entrance.district,
            parts, here,
        )  # fmt: skip
        often, count, dwellings, disorder, cohesion, turnover = np.ascontiguousarray((here @ parts.T).T)
        feel, people, homes = np.zeros((2, n)), np.zeros(n), np.zeros((2, n))
        count_people(
            resident.alive, resident.age, ADULT_AGE, resident.district, resident.unsafe, resident.knows_neighbours, feel
        )
        count_homes(world.household.district, world.household.adults, people)
        count_homes(dwelling.district, dwelling.quality, homes[0])
        count_homes(dwelling.district, dwelling.replaced, homes[1])
        found = np.empty((len(CONDITIONS), n))
        for name, total, whole in (
            ("nuisance", often, count), ("disorder", disorder, dwellings), ("cohesion", cohesion, dwellings),
            ("turnover", turnover, dwellings), ("knowing", feel[1], people), ("quality", homes[0], dwellings),
            ("unsafe", feel[0], people), ("replaced", homes[1], dwellings),
        ):  # fmt: skip
            shares(total, whole, found[CONDITIONS.index(name)])
        found[CONDITIONS.index("crime")] = world.district.registered_crime
        amenities = np.log(np.maximum(world.district.amenities, np.finfo(np.float32).eps))
        found[CONDITIONS.index("amenities")] = amenities
        return found

    def _households(self, ctx: Context) -> NDArray[np.float64]:
        sums = np.zeros((2, ctx.world.entrance.size))
        behind_doors(ctx.world.household.entrance, ctx.world.household.nuisance_often, sums)
        return sums

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
        parts = np.array(_WEIGHTS(ctx.values))[:, None] * delta / np.array(_GAPS(ctx.values))[:, None]
        share = dict(zip(CONDITIONS, parts, strict=True))
        onv = -ctx.values["liveability.gap_onv"] * sum(share[name] for name in ONV)
        soc = ctx.values["liveability.gap_soc"] * (share["cohesion"] - share["turnover"] + share["knowing"])
        won = ctx.values["liveability.gap_won"] * (share["quality"] + share["replaced"])
        vrz = ctx.values["liveability.gap_vrz"] * share["amenities"]
        return np.stack([won, np.zeros_like(onv), vrz, soc, onv], axis=1)

    def walk(self, ctx: Context) -> NDArray[np.float64]:
        """Step of the exogenous walk this month: the city's and the district's own, shape ``(n_districts, 5)``.

        Keyed on city and district alone, so that both runs of a pair walk alike and the walk cancels.
        """
        stores, month = ctx.world.stores, ctx.month % MONTHS_PER_YEAR
        january = ctx.month - month
        if YEAR not in stores or stores[YEAR][0] != january:
            # one look-up a year: luck of few districts costs as much as luck of many
            words = _words(ctx)[None] + np.arange(MONTHS_PER_YEAR, dtype=np.uint64)[:, None, None]
            stores[YEAR] = (january, ctx.draws.normal("liveability.walk", words, january))
        luck = stores[YEAR][1][month]
        common = ctx.values["liveability.city_share"]
        size = np.array([ctx.values[f"liveability.walk_{name}"] for name in DIMENSIONS])
        together: NDArray[np.float64] = np.sqrt(common) * luck[0] + np.sqrt(1 - common) * luck[1:]
        return np.asarray(together * size / np.sqrt(MONTHS_PER_YEAR))

    def noise(self, ctx: Context) -> NDArray[np.float64]:
        """Reading noise, shape ``(n_districts, 5)``, keyed on the district."""
        size = np.array([ctx.values[f"liveability.reading_{name}"] for name in DIMENSIONS])
        words = _words(ctx)[1:]
        luck: NDArray[np.float64] = ctx.draws.normal("liveability.reading", words, ctx.month)
        return np.asarray(luck * size)

    def _write(self, ctx: Context, index: NDArray[np.float64], suffix: str) -> None:
        """Write the five dimensions and their sum, added up from left to right."""
        district = ctx.world.district
        total = np.zeros(index.shape[0])
        for column, name in enumerate(DIMENSIONS):
            district[name + suffix][:] = index[:, column]
            total = total + index[:, column]
        district["afw" + suffix][:] = total

    def _entrances(self, ctx: Context, households: NDArray[np.float64]) -> None:
        """Parts of onv and soc behind each front door, against the district at the start."""
        world, values = ctx.world, ctx.values
        entrance = world.entrance
        by_door(
            households, entrance.disorder, entrance.cohesion, entrance.turnover, entrance.district,
            world.stores[BASELINE][_AT_DOORS], np.array(_DOOR_WEIGHTS(values)), np.array(_DOOR_GAPS(values)),
            values["liveability.gap_onv"], values["liveability.gap_soc"], entrance.index,
        )  # fmt: skip


def _words(ctx: Context) -> NDArray[np.uint64]:
    """Whose luck it is: the city first, then the districts, one word per dimension and room for the months."""
    who = np.concatenate([[CITY], ctx.world.district.uid.astype(np.int64)])
    return np.asarray(derive_uid("liveability.walk", who[:, None], np.arange(len(DIMENSIONS))))
