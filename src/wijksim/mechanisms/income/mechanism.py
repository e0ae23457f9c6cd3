"""Income of households by the rules of the social security, and who misses out on allowances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.balance import write_balanced
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.kernel.prices import indexed
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.income.assessment import assess, assess_and_add, own_income, room
from wijksim.mechanisms.income.book_loops import takeup_split, without_past
from wijksim.mechanisms.income.norms import national
from wijksim.mechanisms.income.rule_loops import ITEMS, first_income
from wijksim.mechanisms.income.watch import Watch
from wijksim.state.codes import Activity
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

MUNICIPALITY = (("municipality", 1.0),)
STATE = (("state", 1.0),)
RESIDENTS = (("residents", 1.0),)
OWNER, HELP = "income", "help_claim"
_UNEMPLOYED = int(Activity.UNEMPLOYED)
_NO_MEANS = np.empty(0)


@MECHANISMS.register
class Income(Mechanism):
    """Disposable income, housing cost and poverty follow from work, household and the norms of 2024.

    Everything is in prices of 2024: wages and norms do not grow in the default, so that a change of income is
    a change of circumstances. Anchors: LAB-28, LAB-29 (assistance), the state pension, the tax schedule and
    the allowances of 2024.
    """

    name = "income"
    channels = (f"{OWNER}.{HELP}",)
    owns = (
        Column(
            "household.income",
            np.float64,
            "EUR/month",
            "Disposable income net of the health premium, without rent allowance (besteedbaar inkomen)",
        ),
        Column(
            "household.housing_cost",
            np.float64,
            "EUR/month",
            "Rent less rent allowance, or mortgage payment (woonlasten)",
        ),
        Column(
            "household.income_fifth",
            np.int8,
            "code",
            "National fifth of standardised income, 0 lowest (inkomenskwintiel)",
            low=0,
            high=4,
        ),
        Column("household.poor", np.bool_, "-", "Below the low-income threshold (laag inkomen)"),
        Column("household.takeup", np.bool_, "-", "Claims the allowances it is entitled to (toeslagen)"),
        Column(
            "household.assistance", np.float64, "EUR/month", "Social assistance received (bijstand)", low=0
        ),
        Column("household.assistance_count", np.float32, "count", "Assistance benefits in payment", low=0),
        Column(
            "household.allowances",
            np.float64,
            "EUR/month",
            "Rent allowance, care allowance and child budget (toeslagen)",
            low=0,
        ),
        Column(
            "household.benefits",
            np.float64,
            "EUR/month",
            "Unemployment, incapacity, student and child benefit, and supplements, net",
            low=0,
        ),
        Column(
            "household.tax", np.float64, "EUR/month", "Tax and contributions on wages and benefits", low=0
        ),
        Column(
            "resident.last_wage", np.float32, "EUR/month", "Latest gross wage, on which benefits rest", low=0
        ),
    )
    reads = ("resident.wage", "resident.basic_skills")
    lagged = (
        "household.savings",
        "household.mortgage",
        "dwelling.rent",
        "resident.trust",
        "resident.help_hours",
    )
    costs = (
        CostItem(
            "assistance",
            "Social assistance",
            "Bijstandsuitkeringen",
            MUNICIPALITY,
            RESIDENTS,
            "A",
            kind="benefits",
        ),
        CostItem(
            "assistance_handling",
            "Handling of social assistance",
            "Uitvoering bijstand",
            MUNICIPALITY,
            grade="B",
            kind="benefits",
        ),
        CostItem(
            "allowances",
            "Rent, care and child allowances",
            "Toeslagen",
            STATE,
            RESIDENTS,
            "B",
            kind="benefits",
        ),
        CostItem(
            "benefits",
            "Unemployment, incapacity, student and child benefits",
            "WW, WIA, studiefinanciering en kinderbijslag",
            STATE,
            RESIDENTS,
            "C",
            kind="benefits",
        ),
        CostItem(
            "income_tax",
            "Tax and contributions on wages and benefits",
            "Loonheffing",
            RESIDENTS,
            STATE,
            "B",
            kind="taxes",
        ),
    )
    claim = Event(
        "income.claim",
        table="household",
        base="income.claim_rate",
        influences=(
            Influence("resident.basic_skills", "income.hr_claim_skills"),
            Influence("resident.trust", "income.hr_claim_trust", loop="trust"),
            Influence("resident.help_hours", "income.hr_claim_help"),
            Influence("resident.activity", "income.hr_claim_assistance", equals=Activity.ASSISTANCE),
        ),
        doc="A household that missed its allowances begins to claim them.",
    )
    lapse = Event(
        "income.lapse",
        table="household",
        base="income.lapse_rate",
        influences=(
            Influence("resident.basic_skills", "income.hr_lapse_skills"),
            Influence("resident.activity", "income.hr_lapse_assistance", equals=Activity.ASSISTANCE),
        ),
        doc="A household stops claiming its allowances.",
    )

    def __init__(self) -> None:
        self._priced: tuple[dict[str, float], tuple[float, float]] | None = None
        self._room = KeptColumns(room, "household", "resident", "dwelling", "entrance")

    def setup(self, ctx: Context) -> None:
        """Give take-up its stationary share, by the composition of the world, and do a first assessment."""
        table = ctx.world.household
        self._past_wages(ctx, ctx.world.resident.rows)
        rows = table.rows
        known = ctx.reference
        if self.claim.name not in known.stored:
            # other mechanisms are not set up yet: what is measured here must not become the reference
            ctx.reference = Reference()
        self._draw_takeup(ctx, rows, composed=True)
        ctx.reference = known
        ctx.world.stores["income.watch"] = watch = Watch()
        due = watch.due(ctx)
        if due.size and watch.rules is not None:
            assess(ctx, due, watch.rules)

    @only(("household", "arrived"), ("household", "founded"), ("resident", "arrived"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Take-up and a first income of new households; the next step assesses them.

        Who arrives from outside brings an income net of tax; others, who leave home or part, have what they bring in
        themselves. Less the nominal health premium that is what they have to spend, but for allowances. Wages of
        newcomers become gross and mortgages are agreed only after this, so that an assessment now would tax wages
        twice. The watch finds all of them at the next step, before anything is booked.
        """
        if table == "resident":
            self._past_wages(ctx, rows)
            return
        self._draw_takeup(ctx, rows, composed=False)
        household, dwelling, own = ctx.world.household, ctx.world.dwelling, _NO_MEANS
        if not np.logical_and.reduce(household.income.take(rows)):
            own = own_income(ctx, rows)
        first_income(
            rows, own, ctx.values["income.health_premium"], household.dwelling, dwelling.rent, household.tenure,
            household.mortgage, household.adults, household.children, national(ctx.values), household.head,
            ctx.world.resident.activity, household.income_fifth, household.poor, household.income,
            household.housing_cost,
        )  # fmt: skip

    def step(self, ctx: Context) -> None:
        """Take-up first, then the assessment of everybody and the bookings."""
        laid = self._room(ctx.world)
        _, takeup, (without, within) = laid.takeup
        missed, claimed = takeup_split(*laid.takeup)
        begin, stop = self.claim.draw(ctx, without[:missed]), self.lapse.draw(ctx, within[:claimed])
        if begin.size:
            takeup[begin] = True
        if ctx.effects.acts:
            takeup[self._helped(ctx)] = True
        if stop.size:
            takeup[stop] = False
        watch: Watch = ctx.world.stores["income.watch"]
        due = watch.look(ctx)
        if watch.rules is not None:
            ctx.ledger.enter(ITEMS, assess_and_add(ctx, due, watch.rules, self._costs(ctx), laid))

    def _costs(self, ctx: Context) -> tuple[float, float]:
        """Cost of handling assistance in a month, and the euro of the rules; anew if parameters are."""
        if self._priced is None or self._priced[0] is not ctx.values:
            # all norms of this mechanism are in euros of one year
            euro = indexed(ctx, 1.0, ctx.parameters["income.low_income"].price_year)
            handling = ctx.values["income.assistance_handling"] / MONTHS_PER_YEAR
            self._priced = ctx.values, (handling, euro)
        return self._priced[1]

    def _helped(self, ctx: Context) -> Rows:
        """Households that begin to claim because a programme helps them.

        Notes
        -----
        A programme asks ``income`` for ``help_claim`` with ``households`` and ``chance``: that help this month makes a
        household claim that missed its allowances. Of several programmes each has its own chance.
        """
        asked = [details for _, owner, act, details in ctx.effects.acts if (owner, act) == (OWNER, HELP)]
        table = ctx.world.household
        if not asked:
            return table.rows[:0]
        missed = np.ones(table.size)
        for details in asked:
            missed[details["households"]] *= 1 - details["chance"]
        rows = ((missed < 1) & table.alive & ~table.takeup).nonzero()[0].astype(np.int32)
        luck = ctx.draws.uniform("income.help_claim", table.uid[rows], ctx.month)
        begun: Rows = rows[luck < 1 - missed[rows]]
        ctx.counters.add("income.claims_with_help", begun.size)
        return begun

    def _past_wages(self, ctx: Context, rows: Rows) -> None:
        """Give part of the unemployed who come without a history the typical wage that benefits rest on."""
        resident = ctx.world.resident
        idle = without_past(rows, resident.activity, _UNEMPLOYED, resident.last_wage)
        if idle.size == 0:
            return
        insured = ctx.draws.life("income.insured", resident.uid[idle]) < ctx.values["income.ww_insured"]
        resident.last_wage[idle[insured]] = ctx.values["income.ww_typical_wage"]

    def _draw_takeup(self, ctx: Context, rows: Rows, *, composed: bool) -> None:
        """Draw take-up once per household from the stationary share of its two-state process."""
        if composed or self.claim.name in ctx.reference.stored:
            claim, lapse = self.claim.probability(ctx, rows), self.lapse.probability(ctx, rows)
        else:
            claim = np.full(rows.size, ctx.values["income.claim_rate"])
            lapse = np.full(rows.size, ctx.values["income.lapse_rate"])
        table = ctx.world.household
        luck = ctx.draws.life("income.takeup", table.uid.take(rows))
        write_balanced(rows, claim, lapse, luck, 1.0, table.takeup)
