"""What facilities live on: how far demand carries the premises that share it.

Support of a kind is a weighted mean of its sources, each over what it is nationally. Demand is divided over all that
is open, so that a closing helps those who stay, except that people who find less nearby go elsewhere for part of it
(retention). That is what keeps the number of premises near what a district can carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.facilities import initiatives
from wijksim.mechanisms.facilities.columns import KEYS, MEETING, SOURCES, Kind
from wijksim.mechanisms.facilities.loops import supported
from wijksim.state.codes import Activity

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_STILL = 1e-9
_PARTS = tuple(f"facilities.{key}_{source}" for key in KEYS for source in SOURCES)
_DENSITY, _JOB = (tuple(f"facilities.{key}_{what}" for key in KEYS) for what in ("density", "jobs"))
_DENSITIES, _JOBS = itemgetter(*_DENSITY), itemgetter(*_JOB)
_NORMAL = itemgetter("facilities.normal_power", "facilities.normal_use", "facilities.normal_hours")
_RULING = (*_PARTS, *_DENSITY, *_JOB)

type Floats = NDArray[np.float64]


class Demand(NamedTuple):
    """Sources of one moment per district, each of shape ``(n,)`` and over the national level.

    Attributes
    ----------
    local, use, hours
        Purchasing power, visitors and volunteer hours per resident.
    outside
        Demand from outside the district per resident: what came at the start, over the residents of now.
    subsidy
        Subsidy of each kind over that of current policy, shape ``(n, kinds)``; it is a place's own, not shared.
    """

    local: Floats
    use: Floats
    hours: Floats
    outside: Floats
    subsidy: Floats


class Rules(NamedTuple):
    """What parameters make of kinds, kept together as it is needed together every month.

    ``parts`` and ``rest`` are the :func:`mixture`, ``dense`` the :func:`density`; see also :func:`of_trade`,
    :func:`of_places` and :func:`jobs`.
    """

    parts: Floats
    rest: Floats
    dense: Floats
    trade: Floats
    places: float
    jobs: Floats


class Terms(NamedTuple):
    """What a month takes from parameters alone.

    Attributes
    ----------
    first, hours
        Age from which people volunteer; the spread of the hours that they give, half its square, and their mean.
    demand, crowd, support
        What the passes ``demanded``, after that ``shared``, and ``weighed`` take in the end.
    divided
        How demand falls with the choice that is left, and how much of it is kept then: powers of what is divided.
    bound
        Log of support that is the most and the least to be told apart.
    pace, described
        What the pass ``described`` takes of initiatives, and after that.
    jobs, trade
        Jobs of one premises per kind, and part of each kind in trade.
    centre
        What a month of a community centre costs, EUR.
    """

    first: int
    hours: tuple[float, float, float]
    demand: tuple[tuple[int, int, float], tuple[float, float, float], float]
    crowd: tuple[Floats, float]
    support: tuple[Floats, Floats, float, float, int, float]
    divided: tuple[float, float]
    bound: float
    pace: tuple[float, int, float]
    described: tuple[float, float, float]
    jobs: Floats
    trade: Floats
    centre: float


def _terms(ctx: Context) -> Terms:
    values = ctx.values
    rule, first = rules(values), int(values["facilities.volunteer_from"])
    bound, elasticity = values["facilities.support_bound"], values["facilities.retention_elasticity"]
    retained = values["facilities.retention"] * values["facilities.normal_power"]
    # who is not at work has the day to come by; who feels unsafe stays at home (M013)
    visits = first, int(Activity.EMPLOYED), values["facilities.day_use"]
    spread = values["facilities.hours_spread"]
    return Terms(
        first,
        (spread, spread**2 / 2, values["facilities.hours_mean"]),
        (visits, _NORMAL(values), values["facilities.hours_local"]),
        (rule.dense, values["facilities.crowd_floor"]),
        (rule.parts, rule.rest, values["facilities.outside"], float(np.exp(-bound)), int(Kind.SHOP), retained),
        (1 - elasticity, elasticity),
        bound,
        initiatives.pace(values),
        (rule.places, values["facilities.initiative_place"], values["facilities.informal_members"]),
        rule.jobs,
        rule.trade,
        price_of(ctx, "facilities.centre_price") / MONTHS_PER_YEAR,
    )  # fmt: skip


KNOWN = KeptTerms(_terms)


def rules(values: Mapping[str, float]) -> Rules:
    """Work out the rules under the parameters in force."""
    return _ruled(tuple(map(values.get, _RULING)))


@lru_cache(maxsize=2**6)
def _ruled(numbers: tuple[float | None, ...]) -> Rules:
    values = {name: number for name, number in zip(_RULING, numbers, strict=True) if number is not None}
    return Rules(*mixture(values), density(values), of_trade(values), of_places(values), jobs(values))


@lru_cache(maxsize=2**6)
def _numbers(numbers: tuple[float, ...], columns: int) -> Floats:
    """Parameters as an array of so many columns, kept: they hardly ever change in a run."""
    made = np.array(numbers).reshape(-1, columns).squeeze()
    made.flags.writeable = False
    return made


def mixture(values: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Part of each source in the support of each kind, shape ``(kinds, sources)``, and what comes from outside.

    Parts that are varied on their own may come to more than the whole; then they share it.
    """
    return _mixed(tuple(map(values.get, _PARTS, repeat(0.0))))


@lru_cache(maxsize=2**6)
def _mixed(numbers: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Do :func:`mixture` with the parts at hand, kept as :func:`_numbers` are."""
    parts = _numbers(numbers, len(SOURCES))
    made: Floats = parts / np.maximum(parts.sum(axis=1, keepdims=True), 1)
    rest: Floats = 1 - made.sum(axis=1)
    made.flags.writeable = rest.flags.writeable = False
    return made, rest


def density(values: Mapping[str, float]) -> Floats:
    """Premises open per resident in the national reference, shape ``(kinds,)``."""
    return _dense(_DENSITIES(values))


@lru_cache(maxsize=2**6)
def _dense(numbers: tuple[float, ...]) -> Floats:
    made: Floats = np.array(numbers) / PER_THOUSAND
    made.flags.writeable = False
    return made


def of_places(values: Mapping[str, float]) -> float:
    """Meeting places of all kinds together, per resident in the national reference."""
    return _of_places(_DENSITIES(values))


@lru_cache(maxsize=2**6)
def _of_places(numbers: tuple[float, ...]) -> float:
    return float(_dense(numbers)[[int(kind) for kind in MEETING]].sum())


def of_trade(values: Mapping[str, float]) -> Floats:
    """Part of each kind in shops and services together, in the national reference."""
    return _of_trade(_DENSITIES(values))


@lru_cache(maxsize=2**6)
def _of_trade(numbers: tuple[float, ...]) -> Floats:
    trade = _dense(numbers)[: Kind.SERVICE + 1]
    made: Floats = trade / trade.sum()
    return made


def jobs(values: Mapping[str, float]) -> Floats:
    """Jobs of one premises per kind, shape ``(kinds,)``."""
    return _numbers(_JOBS(values), 1)


def rates(values: Mapping[str, float], which: str) -> Floats:
    """Yearly rates of closing or opening per kind, shape ``(kinds,)``."""
    return _numbers(tuple([values[f"facilities.{which}_{key}"] for key in KEYS]), 1)


def support(values: Mapping[str, float], demand: Demand, crowd: Floats) -> Floats:
    """Support over need, of the shape of ``crowd``, not in logs.

    Parameters
    ----------
    crowd
        Premises open per resident over the national number, shape ``(n, kinds)`` or several of these.
    """
    return _supported(demand, shares(values, crowd), mixture(values), values["facilities.outside"])


def _supported(
    demand: Demand, divided: tuple[Floats, Floats], mixed: tuple[Floats, Floats], outside: float
) -> Floats:
    """Do :func:`support` with what :func:`shares` and :func:`mixture` give."""
    (left, kept), (parts, rest) = divided, mixed
    total, several = np.empty(left.shape), (-1, *left.shape[-2:])
    supported(
        demand.local, demand.use, demand.hours, demand.outside, demand.subsidy, kept.reshape(several),
        left.reshape(several), parts, rest, outside, total.reshape(several),
    )  # fmt: skip
    return total


def shares(values: Mapping[str, float], crowd: Floats) -> tuple[Floats, Floats]:
    """What is left of demand for each of those who share it, and of the spending here, for each ``crowd``."""
    divided = np.maximum(crowd, values["facilities.crowd_floor"])
    np.divide(1, divided, out=divided)
    # fewer shops keep less of the spending here: it falls with the choice that is left
    return divided, divided ** (1 - values["facilities.retention_elasticity"])


def carried(values: Mapping[str, float], demand: Demand) -> Floats:
    """Premises open per resident, over the national number, that demand carries exactly; ``(n, kinds)``.

    The fixed point of free entry: support equals need. Support falls less than in proportion with what is open, so
    that going there step by step converges.

    Raises
    ------
    ArithmeticError
        If support is no number: then the values make no sense together.
    """
    crowd = np.ones((demand.local.size, len(KEYS)))
    floor, ceiling = values["facilities.crowd_floor"], values["facilities.crowd_ceiling"]
    mixed, outside = mixture(values), values["facilities.outside"]
    while True:
        better = crowd * np.sqrt(_supported(demand, shares(values, crowd), mixed, outside))
        np.minimum(np.maximum(better, floor, out=better), ceiling, out=better)
        step = np.abs(better - crowd).max()
        if np.isnan(step):  # it would never be small
            raise ArithmeticError(
                "no number of facilities is carried by this demand: its parts make no sense together"
            )
        if step < _STILL:
            return better
        crowd = better
