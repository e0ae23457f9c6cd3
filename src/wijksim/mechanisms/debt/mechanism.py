"""Problem debt is slow to enter and slow to leave, and help reaches a minority (DEB-05 to DEB-30)."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.core.variates import to_normal
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.luck import luck_for
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.debt import terms as made
from wijksim.mechanisms.debt.balance_loops import carried_on, entered
from wijksim.mechanisms.debt.budget import BUDGET, UNPAID, Balance, basic_need, check, firmness, shocks
from wijksim.mechanisms.debt.codes import Eviction, Track
from wijksim.mechanisms.debt.durations import piece_means, stationary_ages
from wijksim.mechanisms.debt.eviction import Procedure, evict
from wijksim.mechanisms.debt.risk_loops import circumstances, saved
from wijksim.mechanisms.debt.room import room
from wijksim.mechanisms.debt.stage_loops import signalled, tracks
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
_EDGES = ("debt.exit_edge_middle", "debt.exit_edge_long")
_NO_CLAIMS = np.empty(0)
_CLAIM = Stream("debt.claim")
# lines of what is added up by district
_ITEMS = ("debt_track", "early_warning", "debt_write_off", "eviction")
_RATES = ("debt.exit_rate_new", "debt.exit_rate_middle", "debt.exit_rate_long")

_RATES_OF, _EDGES_OF = itemgetter(*_RATES), itemgetter(*_EDGES)
_LEAST = float(np.finfo(np.float32).eps)


@MECHANISMS.register
class Debt(Mechanism):
    """The balance of every household, problem debt as an event, the debt track, early signals and eviction.

    Entry and exit of problem debt keep national stock and renewal (DEB-01, DEB-08); savings, debts and arrears
    are accounts, whose sum is tested every month. Evictions of owner-occupiers (forced sales) are left out.
    """

    name = "debt"
    channels = (UNPAID,)
    owns = (
        Column("household.savings", np.float64, "EUR", "Money in the bank (spaargeld)", low=0),
        Column("household.debt", np.float64, "EUR", "Debts, mortgage not counted (schulden)", low=0),
        Column("household.rent_debt", np.float64, "EUR", "Part of the debts owed for this home", low=0),
        Column(
            "household.arrears", np.int8, "months", "Rent or mortgage in arrears (huurachterstand)", low=0
        ),
        Column(
            "household.problem_debt", np.bool_, "-", "In registered problem debt (problematische schulden)"
        ),
        Column(
            "household.debt_since",
            np.int16,
            "month",
            "Month in which problem debt began; moved on by time out when it comes back soon",
            default=-10000,
        ),
        Column(
            "household.debt_left", np.int16, "month", "Month in which problem debt last ended", default=-10000
        ),
        Column("household.debt_track", np.int8, "code", "Debt track (schuldhulptraject)", codes=Track),
        Column(
            "household.debt_track_since",
            np.int16,
            "month",
            "Month in which this stage of the track began",
            default=-10000,
        ),
        Column(
            "household.eviction_stage", np.int8, "code", "Eviction procedure (ontruiming)", codes=Eviction
        ),
        Column("household.evicted", np.bool_, "-", "Put out of the home this month (huisuitzetting)"),
        Column("household.early_signal", np.bool_, "-", "Early-warning signal this month (vroegsignaal)"),
        Column("household.signal_since", np.int16, "month", "Month of the latest signal", default=-10000),
        Column("household.helped_since", np.int16, "month", "Latest month with early help", default=-10000),
        Column("household.income_usual", np.float64, "EUR/month", "Income the household is used to"),
        Column("household.income_drop", np.bool_, "-", "Income fell clearly below what was usual"),
        Column("household.tight", np.bool_, "-", "Income less housing cost is below the basic budget"),
        Column("household.new_tenant", np.bool_, "-", "Lives here for less than a year"),
        Column("household.relapse_risk", np.bool_, "-", "Left problem debt lately"),
        Column("household.early_help", np.bool_, "-", "Protected by early help accepted lately"),
    )
    reads = ("household.income", "household.housing_cost", "household.energy_excess", "resident.basic_skills")
    lagged = (
        "household.debt_help",
        "resident.stress",
        "resident.trust",
        "resident.psychiatric",
        "resident.addiction",
    )
    costs = (
        CostItem("debt_track", "Debt arrangements", "Schuldhulptrajecten", (("municipality", 1.0),), grade="B",
                 kind="debt", gains=(("creditors", 0.5), ("corporation", 0.5))),
        CostItem("debt_write_off", "Debts written off", "Kwijtgescholden schulden", (("creditors", 1.0),),
                 (("residents", 1.0),), "C", kind="debt"),
        CostItem("early_warning", "Early-warning signals", "Vroegsignalering", (("municipality", 1.0),), grade="B",
                 kind="debt", gains=(("creditors", 0.5), ("corporation", 0.5))),
        CostItem("eviction", "Evictions", "Huisuitzettingen", (("corporation", 0.3), ("municipality", 0.7)), grade="C",
                 kind="debt", gains=(("corporation", 0.3), ("municipality", 0.7))),
    )  # fmt: skip
    _never = next(column.default for column in owns if column.name == "household.debt_since")
    entry = Event(
        "debt.entry",
        table="household",
        base="debt.entry_rate",
        influences=(
            Influence("household.income_drop", "debt.hr_income_drop", loop="scarcity"),
            Influence("household.tight", "debt.hr_tight"),
            Influence("household.arrears", "debt.hr_arrears"),
            Influence("household.new_tenant", "debt.hr_new_tenant"),
            Influence("household.relapse_risk", "debt.hr_relapse"),
            Influence("household.early_help", "debt.hr_early_help"),
            Influence("resident.stress", "debt.hr_stress", loop="scarcity"),
            Influence("resident.psychiatric", "debt.hr_psychiatric"),
            Influence("resident.addiction", "debt.hr_addiction"),
            Influence("resident.cognitive", "debt.hr_cognitive"),
            Influence("resident.basic_skills", "debt.hr_skills"),
        ),
        doc="A household comes into problem debt.",
    )
    exit = Event(
        "debt.exit",
        table="household",
        base=Piecewise("household.debt_since", _EDGES, _RATES, since=True),
        doc="A household leaves problem debt other than by the end of an arrangement.",
    )
    application = Event(
        "debt.application",
        table="household",
        base="debt.application_rate",
        influences=(
            Influence("household.debt_help", "debt.hr_apply_help"),
            Influence("resident.trust", "debt.hr_apply_trust", loop="trust"),
        ),
        doc="A household in problem debt applies for debt help.",
    )
    dropout = Event(
        "debt.dropout", table="household", base="debt.dropout_rate", doc="A debt arrangement breaks down."
    )
    signal = Event(
        "debt.signal",
        table="household",
        base="debt.signal_rate_behind",
        influences=(Influence("household.problem_debt", "debt.hr_signal_debt"),),
        doc="A landlord signals a household in arrears to the municipality (vroegsignalering).",
    )
    other_signal = Event(
        "debt.other_signal",
        table="household",
        base="debt.signal_rate_paying",
        influences=(Influence("household.problem_debt", "debt.hr_signal_debt"),),
        doc="A supplier or health insurer signals a household that pays its rent.",
    )
    notice = Event(
        "debt.notice",
        table="household",
        base="debt.notice_rate",
        influences=(Influence("household.debt_help", "debt.hr_notice_help"),),
        doc="The landlord gives notice to a tenant in arrears.",
    )
    order = Event(
        "debt.order",
        table="household",
        base="debt.order_rate",
        influences=(Influence("household.debt_help", "debt.hr_notice_help"),),
        doc="The court orders eviction.",
    )
    execution = Event(
        "debt.execution",
        table="household",
        base="debt.execution_rate",
        influences=(Influence("household.debt_help", "debt.hr_execution_help"),),
        doc="The order is executed: the household loses its home.",
    )
    settlement = Event(
        "debt.settlement",
        table="household",
        base="debt.settle_rate",
        influences=(Influence("household.debt_help", "debt.hr_settle_help"),),
        doc="Tenant and landlord settle after the order.",
    )

    eviction = Procedure(notice, order, execution, settlement)

    def __init__(self) -> None:
        self._terms = KeptTerms(made.terms)
        self._room = KeptColumns(room, "household", "resident")

    def setup(self, ctx: Context) -> None:
        """Keep the savings and debts the builder gave; else draw them stationary, by composition."""
        table = ctx.world.household
        rows = table.rows
        table.income_usual[rows] = table.income[rows]
        built = bool(table.savings[rows].any() or table.problem_debt[rows].any())
        if not built:
            self._savings(ctx, rows)
        need = basic_need(ctx)
        for past in range(int(ctx.values["debt.run_in_months"]), 0, -1):
            balance = Balance(ctx, need)
            balance.settle("debt.run_in", ctx.month - past)
            balance.close()
        circumstances(ctx.month, *self._terms(ctx).risk, *self._room(ctx.world).risk)
        if not built:
            self._start_problem_debt(ctx, rows)
        self._start_debts(ctx, rows[table.problem_debt[rows]], tracks=True)

    @only(("household", "arrived"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Arrivals bring savings and debts; those who leave home or part start without either."""
        del table, how
        households = ctx.world.household
        without = rows[households.savings.take(rows) <= 0]
        if without.size:
            self._savings(ctx, without)
        self._start_debts(ctx, rows[households.problem_debt.take(rows)], tracks=False)

    def step(self, ctx: Context) -> None:
        """Problem debt and tracks, the balance of the month, then signals and evictions."""
        month, (risk, memory, spells, carrying, prices) = ctx.month, self._terms(ctx)
        circumstanced, entering, tracked, carried, signals, on_tracks, lines = self._room(ctx.world)
        behind, paying, *procedures = lines
        sums = np.zeros((len(_ITEMS), ctx.world.n_districts))
        count = circumstances(month, *risk, *circumstanced)
        new, claims = self.entry.draw(ctx, behind[:count]), _NO_CLAIMS
        if new.size:
            claims = self._claims(ctx, new)
        count, opening, claimed = entered(new, claims, month, memory, *entering)
        gone = self.exit.draw(ctx, behind[:count])
        going, finished, told, waiting = tracks(gone, month, spells, sums, *tracked)
        if finished:
            self._completed(ctx, on_tracks[1][:finished])
        broken, luck, answered = self.dropout.draw(ctx, on_tracks[0][:going]), _NO_CLAIMS, on_tracks[2][:told]
        if told:
            luck = self._answers(ctx, answered)
        hit, shock = shocks(ctx, "debt.shock", month)
        error, few, many, *counts = carried_on(
            broken, answered, luck, self.application.draw(ctx, on_tracks[3][:waiting]), month, opening, claimed,
            (gone.size, finished), hit, shock, firmness(ctx), sums[0], *carrying, *carried,
        )  # fmt: skip
        check(ctx, error)
        # two events, so that the high rate of the few does not make candidates of everybody
        warned, others = self.signal.draw(ctx, behind[:few]), self.other_signal.draw(ctx, paying[:many])
        evict(ctx, procedures, counts, self.eviction, sums[-1])
        signalled(warned, others, month, sums, prices, *signals)
        ctx.ledger.enter(_ITEMS, sums)

    def _completed(self, ctx: Context, done: Rows) -> None:
        """Log who completed an arrangement."""
        ctx.log.record("completed", row=done.copy(), district=ctx.world.household.district.take(done))

    def _answers(self, ctx: Context, answered: Rows) -> Floats:
        """Log who gets an answer to an application this month; return their luck."""
        table = ctx.world.household
        ctx.log.record("attempts", row=answered.copy(), district=table.district.take(answered))
        return ctx.draws.uniform("debt.answer", table.uid.take(answered), ctx.month)

    # ---------------------------------------------------------------- first values
    def _exit_means(self, ctx: Context) -> Floats:
        rates = np.array([ctx.values[name] for name in _RATES])
        return piece_means(rates, np.array([ctx.values[name] for name in _EDGES]))

    def _start_problem_debt(self, ctx: Context, rows: Rows) -> None:
        """Draw problem debt from the stationary share of each household: entry times expected duration."""
        table = ctx.world.household
        known = ctx.reference
        if self.entry.name not in known.stored:
            # later mechanisms are not set up yet: what is measured here must not become the reference
            ctx.reference = Reference()
        entry = self.entry.probability(ctx, rows)
        ctx.reference = known
        odds = entry * self._exit_means(ctx).sum()
        table.problem_debt[rows] = ctx.draws.life("debt.start", table.uid[rows]) < odds / (1 + odds)

    def _claims(self, ctx: Context, rows: Rows, lane: int = 0) -> Floats:
        """Debts with which problem debt begins: lognormal with the given mean."""
        spread, skew = (
            ctx.values["debt.claim_spread"],
            luck_for(ctx, _CLAIM, ctx.world.household, rows, ctx.month, lane=lane),
        )
        to_normal(skew)
        result: Floats = ctx.values["debt.claim_mean"] * np.exp(spread * skew - spread**2 / 2)
        return result

    def _savings(self, ctx: Context, rows: Rows) -> None:
        """Savings around the level at which saving and spending them balance, exponentially spread."""
        table, v = ctx.world.household, ctx.values
        luck = ctx.draws.life("debt.savings", table.uid.take(rows))
        np.log1p(np.negative(luck, out=luck), out=luck)
        terms = v["debt.spend_share"], v["debt.buffer_months"], max(v["debt.drawdown"], _LEAST)
        saved(
            rows, table.adults, table.children, table.head, table.energy_excess, ctx.world.resident.activity,
            BUDGET(v), table.income, table.housing_cost, table.problem_debt, table.tight, terms, luck, table.savings,
        )  # fmt: skip

    def _start_debts(self, ctx: Context, rows: Rows, *, tracks: bool) -> None:
        """Durations and amounts of problem debt that is already there, and who is in an arrangement."""
        if rows.size == 0:
            return
        table, v = ctx.world.household, ctx.values
        uid = table.uid.take(rows)
        age = stationary_ages(ctx.draws.life("debt.age", uid), _RATES_OF(v), _EDGES_OF(v))
        unknown = table.debt_since.take(rows) <= self._never
        table.debt_since[rows[unknown]] = ctx.month - np.minimum(age[unknown], 1000)
        without = rows[table.debt.take(rows) <= 0]
        if without.size:
            table.debt[without] = self._claims(ctx, without, lane=1)
        if not tracks:
            return
        age = ctx.month - table.debt_since[rows].astype(np.float64)
        # person-months per month in problem debt: waiting for an answer, and in an arrangement
        apply = v["debt.application_rate"] / MONTHS_PER_YEAR
        waits = apply * v["debt.attempt_months"]
        rates, edges = np.array([v["debt.dropout_rate"], np.inf]), np.array([v["debt.arrangement_months"]])
        runs = apply * v["debt.accepted"] * piece_means(rates, edges)[0]
        u = ctx.draws.life("debt.track", uid) * (1 + waits + runs)
        stages = [u < waits, u < waits + runs]
        table.debt_track[rows] = np.select(stages, [Track.APPLIED, Track.ARRANGED], Track.NONE)
        longest = np.select(stages, [v["debt.attempt_months"], v["debt.arrangement_months"]], 0.0)
        spell = longest * ctx.draws.life("debt.track_age", uid)
        table.debt_track_since[rows] = ctx.month - np.minimum(spell, age)
