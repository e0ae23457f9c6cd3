"""Housing: who moves, which dwellings fall vacant, and who gets them.

One month in five substeps: leave, vacate, enter seekers, allocate, move in. The city is the simulated districts plus
the rest, a ledger ten times as large that takes leavers and seekers and closes every month; households are dwellings
less vacancies, always. Corporation dwellings are allocated by law and registration date or by a chosen strategy, owner
and private dwellings by price and income.

Dwellings that wait for demolition, a sale or the builders are not let; their households have priority elsewhere
(:mod:`wijksim.mechanisms.housing.rehouse`). What is done to dwellings is decided by the mechanism ``construction``.
Dwellings made for youths go to those who leave home in the district (:mod:`wijksim.mechanisms.housing.youth`). Which
dwellings are let unlawfully shows only where a lever has it looked into (:mod:`wijksim.mechanisms.housing.unlawful`).
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.kernel.steering import LABEL, PUBLIC_CONTROL
from wijksim.mechanisms.housing import (
    allocate,
    leave,
    market,
    movein,
    rehouse,
    seekers,
    unlawful,
    vacate,
    youth,
)
from wijksim.mechanisms.housing.columns import COLUMNS, IncomeFifth
from wijksim.mechanisms.housing.desk import DESK, REST, Desk, city_stock, expected_regular, ledger_of
from wijksim.mechanisms.housing.mortgage_loops import mortgages
from wijksim.mechanisms.housing.queue import last_queue, merged
from wijksim.mechanisms.housing.rest import RestLedger, open_ledger
from wijksim.mechanisms.housing.support import households_in_need
from wijksim.mechanisms.housing.vacancy_facts import review_targets
from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_BOUGHT = attrgetter("dwelling", "tenure", "moved_in", "income")
_NO_HEADS: Rows = np.empty(0, np.int32)
_COUNTED = tuple(
    (f"housing.offers_{category.name.lower()}", f"housing.lettings_{category.name.lower()}")
    for category in SeekerCategory
)


@MECHANISMS.register
class Housing(Mechanism):
    """Moves, vacancies, seekers, allocation and the housing market of the city."""

    name = "housing"
    channels = (PUBLIC_CONTROL, LABEL, f"housing.{unlawful.REQUEST}")
    owns = COLUMNS
    reads = (
        "resident.wants_home",
        "household.income",
        "household.income_fifth",
        "household.problem_debt",
        "resident.psychiatric",
        "resident.addiction",
        "resident.satisfaction",
        "resident.self_reliance",
        "entrance.disorder",
        "dwelling.works",
        "district.caretaker_hours",
        "dwelling.form",
        "resident.nuisance_source",
        "resident.crime_stage",
    )
    lagged = ("district.afw",)

    move_corporation = leave.MOVES[Tenure.CORPORATION]
    move_owner = leave.MOVES[Tenure.OWNER]
    move_private = leave.MOVES[Tenure.PRIVATE]

    def setup(self, ctx: Context) -> None:
        """Open the rest ledger, fill the queue, date the vacancies and complete what the builder left open."""
        world = ctx.world
        dwelling = world.dwelling
        if dwelling.size and not dwelling.quality.any():
            # a world made by hand: quality by luck of the dwelling
            dwelling.quality[:] = ctx.draws.life_normal("housing.quality", dwelling.uid)
        if not world.household.mortgage.any():  # else the builder has given them
            _mortgages(ctx, world.household.rows, _NO_HEADS)
        vacate.start_vacancies(ctx)
        _open_ledger(ctx)
        stock = city_stock(ctx)
        regular = expected_regular(ctx, stock)
        own = stock - float(ledger_of(ctx).dwellings[Tenure.CORPORATION])
        internal = (
            own * ctx.values["housing.move_rate_corporation"] * (1 - ctx.values["housing.left_city_share"])
        )
        internal *= ctx.values["housing.corporation_share"] / MONTHS_PER_YEAR
        world.stores[DESK] = Desk(stock, regular, max(regular - internal, 0.0))
        seekers.start_queue(ctx)
        market.start_reputations(ctx)
        leave.refresh_drivers(ctx)

    @only(("household", "founded"), ("household", "arrived"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Give arriving and founding households a mortgage if they bought; nobody who found a home still looks."""
        _mortgages(ctx, rows, ctx.world.household.head)

    def step(self, ctx: Context) -> None:
        """Do one month."""
        stores, table = ctx.world.stores, ctx.world.seeker
        ledger: RestLedger = stores[REST]
        desk: Desk = stores[DESK]
        movein.clear_lettings(ctx)
        market.move(ctx, desk)
        for tenure, built in ctx.requests.outside:
            ledger.build(tenure, built)
        ledger.open_month(ctx.values)
        needy, at_risk = leave.look_over(ctx)
        queue = desk.queue
        if queue is None or queue.version != table.version:
            queue = last_queue(ctx)
        vacant, undecided, leaving, last = vacate.look_over(ctx)
        if leaving.size:
            desk.queue = queue
            rehoused, upgraded = rehouse.call(ctx, leaving)
            rehouse.upgrade(ctx, upgraded)
            queue = desk.queue
        if last.size:
            rehouse.clear(ctx, last, needy)
        ended = unlawful.end_lettings(ctx, needy) if ctx.effects.acts else False
        if ended or leaving.size or last.size:
            at_risk = leave.look_again(ctx, at_risk)
        movers, people = leave.leave(ctx, needy, at_risk)
        homes = movein.Homes()
        places, social, others = vacate.set_on_market(ctx, undecided, vacant)
        if places.size:
            youth.house(ctx, places, homes)
        dropped = seekers.drop_out(ctx)
        came = seekers.register(ctx, movers, people, needy)
        if leaving.size and rehoused.size:
            came = np.concatenate([came, rehouse.register(ctx, rehoused, needy)])
        queue = desk.queue = merged(ctx, queue, dropped, came)
        review_targets(ctx)
        outcome, gone = allocate.allocate(ctx, queue, social, needy)
        movein.move_in(ctx, outcome, homes)
        movein.to_rest(ctx, desk, ledger, gone, outcome.seekers.size)
        # who left the queue, for whatever reason, keeps the row until here: one release a month
        released = np.concatenate([dropped, gone]) if dropped.size else gone
        if released.size:
            table.release(released)
        queue.again = outcome.demoted
        queue.left = np.concatenate([gone, queue.again]) if queue.again.size else gone
        queue.version = table.version
        # owner and private vacancies: movers of the districts first, newcomers for what is left
        market.newcomers(ctx, market.search(ctx, others, needy, homes))
        homes.settle(ctx)
        if ctx.month < 0:
            seekers.follow_lettings(ctx)
        ledger.close_month()
        _count_offers(ctx, outcome)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Vacancies, seekers and queue now, lettings and answers to offers over the run, and what does not close."""
        world, sums, ledger = ctx.world, ctx.counters.sums, ledger_of(ctx)
        dwelling = world.dwelling
        empty = (dwelling.alive & (dwelling.household < 0)).nonzero()[0]
        vacant = np.bincount(dwelling.owner[empty], minlength=len(Tenure))
        seeking = len(world.seeker)
        in_city = vacant[Tenure.CORPORATION] + float(ledger.vacant[Tenure.CORPORATION])
        offers = {
            code.name.lower(): sums.get(f"housing.offers_{code.name.lower()}", 0.0) for code in SeekerCategory
        }
        accepted = {name: sums.get(f"housing.lettings_{name}", 0.0) for name in offers}
        found: dict[str, Any] = {
            "housing.vacant_dwellings": {tenure.name.lower(): int(vacant[tenure]) for tenure in Tenure},
            "housing.seekers": seeking,
            "housing.seekers_per_vacancy": seeking / in_city if in_city > 0 else None,
            "housing.accepted_offers_percent": {
                name: PERCENT * accepted[name] / count for name, count in offers.items() if count
            },
            "housing.rest_error_dwellings": ledger.error(),
            "housing.dwellings_unaccounted_for": len(dwelling) - len(world.household) - int(empty.size),
        }
        if ctx.month > 0:
            found["housing.lettings_per_month"] = sum(accepted.values()) / ctx.month
        return found


def _count_offers(ctx: Context, outcome: allocate.Outcome) -> None:
    """Offers and lettings of corporation dwellings by category, for the facts of the run."""
    sums = ctx.counters.sums
    for category, made, accepted in outcome.made.tolist():
        offers, lettings = _COUNTED[category]
        sums[offers] = sums.get(offers, 0.0) + made
        sums[lettings] = sums.get(lettings, 0.0) + accepted


def _mortgages(ctx: Context, rows: Rows, heads: Rows) -> None:
    """Mortgage of households that own; who is head of one, if ``heads`` are given, looks for no home any more."""
    household = ctx.world.household
    mortgages(
        rows, heads, _BOUGHT(household), ctx.world.dwelling.value, ctx.month, _LOANS(ctx.values), household.mortgage,
        ctx.world.resident.home_sought,
    )  # fmt: skip


def _loans(values: dict[str, float]) -> tuple[float, np.float32, float]:
    """Yearly payment as a part of a loan; and the highest loan, as a part of the price and as a multiple of income."""
    share = np.float32(values["housing.loan_share"])
    return values["build.mortgage_payment"], share, values["housing.loan_income_multiple"]


_LOANS = Kept(_loans)


def _open_ledger(ctx: Context) -> None:
    """Compose the rest as the national reference is composed, tenure by tenure."""
    world = ctx.world
    household = world.household
    weight = ctx.reference.weights(ctx, "household")
    needy = households_in_need(ctx)
    n_fifths = len(IncomeFifth)
    fifths = np.full((len(Tenure), n_fifths), 1 / n_fifths)
    support = np.zeros(len(Tenure))
    for tenure in Tenure:
        here = (household.alive & (household.tenure == tenure)).nonzero()[0]
        total = weight[here].sum()
        if total > 0:
            fifths[tenure] = (
                np.bincount(household.income_fifth[here], weights=weight[here], minlength=n_fifths) / total
            )
            support[tenure] = weight[here][needy[here]].sum() / total
    size = float(ctx.settings.get("rest", 0.0)) * float(np.count_nonzero(world.dwelling.alive))
    world.stores[REST] = open_ledger(ctx.values, size, fifths, support)
