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

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        world = ctx.world
        entrance, resident = world.entrance, world.resident
        doors = entrance.dwellings
        here = entrance.district == np.arange(world.n_districts)[:, None]
        sums = here.astype(np.float64) @ np.stack(
            [
                *households,
                doors,
                entrance.disorder * doors,
                entrance.cohesion * doors,
                entrance.turnover * doors,
            ]
        ).T.astype(np.float64)
        often, count, dwellings, disorder, cohesion, turnover = sums.T
        grown = resident.alive & (resident.age >= ADULT_AGE)
        people = world.by_district("household", world.household.adults)
        unsafe = world.by_district("resident", np.where(grown, resident.unsafe, 0))
        knowing = np.flatnonzero(resident.knows_neighbours & (resident.age >= ADULT_AGE))
        known = np.bincount(resident.district[knowing] + 1, minlength=world.n_districts + 1)[1:]
        return np.stack(
            [
                _per(often, count),
                _per(disorder, dwellings),
                _per(cohesion, dwellings),
                _per(turnover, dwellings),
                _per(known, people),
                _per(world.by_district("dwelling", world.dwelling.quality), dwellings),
                _per(unsafe, people),
                np.asarray(world.district.registered_crime, dtype=np.float64),
                np.log(np.maximum(world.district.amenities, np.finfo(np.float32).eps)),
                _per(world.by_district("dwelling", world.dwelling.replaced), dwellings),
            ]
        )

    def _households(self, ctx: Context) -> NDArray[np.float64]:
        household, size = ctx.world.household, ctx.world.entrance.size + 1
        door = household.entrance + 1
        often = np.bincount(door, weights=household.nuisance_often, minlength=size)[1:]
        return np.stack([often, np.bincount(door, minlength=size)[1:]])

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
        share = {
            name: ctx.values[f"liveability.weight_{name}"]
            * delta[row]
            / ctx.values[f"liveability.gap_{name}"]
            for row, name in enumerate(CONDITIONS)
        }
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
        start = world.stores[BASELINE]
        often, count = households
        place = entrance.district
        parts = {
            "nuisance": _per(often, count),
            "disorder": entrance.disorder,
            "cohesion": entrance.cohesion,
            "turnover": entrance.turnover,
        }
        share = {
            name: values[f"liveability.weight_{name}"]
            * (level - start[CONDITIONS.index(name)][place])
            / values[f"liveability.gap_{name}"]
            for name, level in parts.items()
        }
        onv = -values["liveability.gap_onv"] * (share["nuisance"] + share["disorder"])
        soc = values["liveability.gap_soc"] * (share["cohesion"] - share["turnover"])
        entrance.index[:] = onv + soc


def _words(ctx: Context) -> NDArray[np.uint64]:
    """Whose luck it is: the city first, then the districts, one word per dimension and room for the months."""
    who = np.concatenate([[CITY], ctx.world.district.uid.astype(np.int64)])
    return np.asarray(derive_uid("liveability.walk", who[:, None], np.arange(len(DIMENSIONS))))


def _per(total: NDArray[Any], count: NDArray[Any]) -> NDArray[np.float64]:
    """Ratio, 0 where nothing is counted."""
    return np.asarray(np.divide(total, count, out=np.zeros(total.shape), where=count > 0))
