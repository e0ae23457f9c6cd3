"""What housing remembers from month to month besides its columns, and the small sums that several of its parts need."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.kept import KeptTerms
from wijksim.mechanisms.housing import share_loops
from wijksim.mechanisms.housing.columns import CHANNELS, PRIORITY
from wijksim.mechanisms.housing.rest import RestLedger
from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.housing.queue import Queue

type Floats = NDArray[np.float64]

DESK = "housing.desk"
REST = "housing.rest"

_CATEGORIES = len(SeekerCategory)

PRIORITY_INFLOW = tuple(f"housing.inflow_{category.name.lower()}" for category in PRIORITY)
_INFLOWS = itemgetter(*PRIORITY_INFLOW)
# categories of a kind follow each other, those with a channel first
_PRIORITY = slice(min(PRIORITY), max(PRIORITY) + 1)
_WEIGHTS = itemgetter(*(f"housing.target_weight_{category.name.lower()}" for category in CHANNELS))
_REHOUSING = itemgetter("housing.rehousing_months", "housing.rehousing_most")


@dataclass
class Desk:
    """Memory of the letting agency and the market.

    Attributes
    ----------
    corporation_stock
        Corporation dwellings in the whole city when the world was built.
    regular_lettings
        Regular lettings a month in the whole city; follows what happens in the warm-up and is then frozen.
    registrations
        New registrations a month besides those that replace drop-outs: as many as regular lettings to newcomers in the
        warm-up, then frozen, so that in a run the queue answers to policy.
    afw_start
        Liveability per district when prices were set; empty until the first month.
    level, trend, price
        Price level per district that follows liveability, the trend of all prices, and their product.
    files, market_files
        Pools of the corporation channels, and those of the market, as one list of applications each.
    opened
        Which categories have any record.
    regular_to_newcomers
        Regular lettings this month, in the whole city, that did not go to somebody from the districts.
    city_lettings
        Lettings by category this month in the whole city, rest included.
    queue
        The queue in the order in which vacancies meet it, as it was sorted last.
    owned
        Version of the dwelling table, and the dwellings that were owner-occupied in it.
    """

    corporation_stock: float
    regular_lettings: float
    registrations: float
    afw_start: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    level: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    trend: float = 1.0
    price: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    files: tuple[NDArray[Any], ...] = ()
    opened: tuple[bool, ...] = ()
    market_files: tuple[NDArray[Any], ...] = ()
    regular_to_newcomers: float = 0.0
    city_lettings: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(SeekerCategory)))
    queue: Queue | None = None
    owned: tuple[int, Rows] | None = None


def desk_of(ctx: Context) -> Desk:
    """Memory of this world."""
    desk: Desk = ctx.world.stores[DESK]
    return desk


def ledger_of(ctx: Context) -> RestLedger:
    """Rest-of-city ledger of this world."""
    ledger: RestLedger = ctx.world.stores[REST]
    return ledger


def priority_inflow(ctx: Context) -> Floats:
    """Priority seekers a month by category, shape ``(n_categories,)``.

    A flow into the city, not a share of vacancies: when vacancies fall, the share of priority rises by itself.
    """
    return inflow(_INFLOWS(ctx.values), desk_of(ctx).corporation_stock)


@lru_cache(maxsize=2**4)
def inflow(numbers: tuple[float, ...], stock: float) -> Floats:
    """Do :func:`priority_inflow` for the parameters at hand; they hardly ever change in a run."""
    flow = np.zeros(_CATEGORIES)
    flow[_PRIORITY] = numbers
    return flow * stock / (1000 * MONTHS_PER_YEAR)


def queue_target(ctx: Context) -> float:
    """Standing stock of regular seekers: so many years of regular lettings (H306)."""
    return desk_of(ctx).regular_lettings * MONTHS_PER_YEAR * ctx.values["housing.queue_years"]


def pressure(ctx: Context, queue: Queue) -> tuple[Floats, int]:
    """What decides on the ground of the next letting, and how many wait.

    That is the backlog in months times target weight by category. Rehousing (herhuisvesting) has no usual inflow; it
    weighs as much as its deadline asks.
    """
    desk: Desk = ctx.world.stores[DESK]
    score = np.empty(_CATEGORIES)
    return score, share_loops.pressure(queue.counted, desk.regular_lettings, *_WEIGHING(ctx), score)


def _weighing(ctx: Context) -> tuple[Floats, Floats, tuple[float, float]]:
    """Priority seekers a month and target weight of every category, and terms of rehousing."""
    weight = np.zeros(_CATEGORIES)
    given = _WEIGHTS(ctx.values)
    weight[: len(given)] = given  # those without a channel have none
    return priority_inflow(ctx), weight, _REHOUSING(ctx.values)


_WEIGHING = KeptTerms(_weighing)


def regular_pressure(ctx: Context, waiting: float) -> float:
    """What regular seekers, so many ``waiting``, weigh in the choice of the next letting."""
    usual = desk_of(ctx).regular_lettings
    weight: float = _WEIGHTS(ctx.values)[SeekerCategory.REGULAR]
    return (waiting / usual if usual > 0 else waiting) * weight


def expected_regular(ctx: Context, stock: float) -> float:
    """Regular lettings a month that a corporation stock yields before anything has been observed."""
    values = ctx.values
    priority = sum(values[name] for name in PRIORITY_INFLOW) / 1000
    return float(max(stock * (values["housing.turnover_corporation"] - priority), 0.0) / MONTHS_PER_YEAR)


def city_stock(ctx: Context) -> float:
    """Corporation dwellings of the districts and the rest together."""
    world = ctx.world
    here = np.count_nonzero(world.dwelling.alive & (world.dwelling.owner == int(Tenure.CORPORATION)))
    return float(here) + float(ledger_of(ctx).dwellings[Tenure.CORPORATION])
