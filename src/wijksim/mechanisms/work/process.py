"""The work mechanism: who finds, loses and leaves work, and who is on assistance for how long.

The stocks follow from the flows. Out of work come those who lose a job (0.49 % a month), stop or become
incapable; the unemployed find work at 23 % a month; assistance is entered at 0.07 % a month of those of working
age who have none and left at 4.7, 3.6 and 0.55 % by months on a clock that does not reset. With death and the
state pension (0.3 % among the long-term) that makes a quarter of recipients who leave in a year and half of them
in for five years or more.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import PERCENT
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.kept import KeptTerms
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.mechanisms.work import basic_jobs, flows, group_loops, local_jobs, wages
from wijksim.mechanisms.work.small_loops import grant_benefit
from wijksim.state.codes import Activity
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.world import World

type Floats = NDArray[np.float64]

LONG_AGO = int(np.iinfo(np.int16).min) // 2

# the right to unemployment benefit
_CAREER = itemgetter(
    "work.career_start_age",
    "work.benefit_least",
    "work.benefit_per_year",
    "work.benefit_most",
    "work.benefit_job_months",
)
_LOOKS = itemgetter(
    "work.forget_months",
    "work.follow_months",
    "demography.pension_age",
    "work.wage_peak_age",
    "work.wage_growth",
)
_UNKNOWN = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))  # offsets that are still to be measured
_LISTS = len(group_loops.LISTS) + len(("partners",))
_GROUPS = (
    Activity.EMPLOYED, Activity.UNEMPLOYED, Activity.ASSISTANCE, Activity.INCAPACITY, Activity.OTHER,
)  # fmt: skip


class Groups(NamedTuple):
    """Rows of those of working age by what they do, as :func:`group_loops.look_over` lists them.

    ``ways`` is what :func:`flows.exits` says of the recipients, None while offsets are still to be measured.
    """

    ways: tuple[Rows, Floats, Floats] | None
    employed: Rows
    insured: Rows
    regular: Rows
    recent: Rows
    without: Rows
    unemployed: Rows
    others: Rows
    incapable: Rows
    recipients: Rows
    holders: Rows


class _Terms(NamedTuple):
    """What a month takes from parameters alone.

    Attributes
    ----------
    look
        As :func:`group_loops.look_over` takes them.
    losing, finding
        Offset of the state of the labour market to losing work and to finding it, None if it is as usual.
    euro
        Euro of wages in euros of the accounts.
    """

    look: tuple[float, float, float, int, float, float, float, float]
    losing: float | None
    finding: float | None
    euro: float


def _terms(ctx: Context) -> _Terms:
    forget, follow, pension_age, peak_age, growth = _LOOKS(ctx.values)
    # wage after a step up the age profile, over that before it
    raised, cycle = float(np.exp(growth)), flows.log_cycle(ctx)
    return _Terms(
        (forget, follow, pension_age, int(peak_age), raised, *flows.EDGES(ctx.values), flows.HALF),
        cycle or None, -cycle or None, wages.euro(ctx),
    )  # fmt: skip


@MECHANISMS.register
class Work(Mechanism):
    """Jobs, unemployment, social assistance, incapacity, wages and basic jobs."""

    name = "work"
    channels = (
        basic_jobs.CAPACITY, f"work.{basic_jobs.OFFER}", f"work.{basic_jobs.CO_FINANCE}", local_jobs.SHARE,
    )  # fmt: skip
    owns = (
        Column("resident.wage", np.float32, "EUR/month", "Gross wage in the present job, 0 without one", low=0),
        Column("resident.benefit_end", np.int16, "month", "Month in which unemployment benefit (WW) has run out",
               default=LONG_AGO),
        Column("resident.assistance_clock", np.int16, "months", "Months on assistance (bijstand); does not reset",
               low=0),
        Column("resident.assistance_out", np.int16, "months", "Months since assistance ended, 0 if not followed",
               low=0),
        Column("resident.job_months", np.int16, "months", "Months in work without interruption", low=0),
        Column("resident.wants_work", np.bool_, "-", "Would take a (basic) job if on assistance for long"),
        Column("resident.basic_district", np.int32, "row", "District that pays for the basic job", ref="district"),
        Column("resident.would_have_left", np.bool_, "-", "In a basic job, and would have found work without it"),
    )  # fmt: skip
    reads = ("resident.dutch", "resident.basic_skills")
    lagged = (
        "resident.psychiatric",
        "resident.addiction",
        "resident.stress",
        "resident.good_ties",
        "resident.bridging",
        "household.problem_debt",
        "household.savings",
        "district.jobs_opened",
    )
    costs = (
        wages.PAID, basic_jobs.WAGE, basic_jobs.CHARGES, basic_jobs.SUPPORT, basic_jobs.BENEFIT_AS_WAGE,
    )  # fmt: skip

    job_loss = flows.JOB_LOSS
    job_loss_after = flows.JOB_LOSS_AFTER
    job_finding = flows.JOB_FINDING
    to_work = flows.TO_WORK
    to_other = flows.TO_OTHER
    after_benefit = flows.AFTER_BENEFIT
    direct_entry = flows.DIRECT_ENTRY
    withdrawal = flows.WITHDRAWAL
    discouraged = flows.DISCOURAGED
    returning = flows.RETURN
    incapacity = flows.INCAPACITY
    recovery = flows.RECOVERY
    drop_out = basic_jobs.DROP_OUT
    move_on = basic_jobs.MOVE_ON

    def __init__(self) -> None:
        self._terms = KeptTerms(_terms)
        self._room = KeptColumns(_room, "resident", "household", "district")

    def setup(self, ctx: Context) -> None:
        """Clocks, wages and running benefits that fit the activities the world begins with."""
        self._settle(ctx, ctx.world.resident.rows)

    @only(("resident", "arrived"), ("resident", "born"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Same for newcomers; newborns get their wish to work, everything else of theirs begins at zero."""
        if how == "born":
            resident, share = ctx.world.resident, ctx.values["work.wants_share"]
            willing, _ = ctx.draws.life_near("work.wants", resident.uid, rows, share)
            resident.wants_work[willing] = True
        else:
            self._settle(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Post the transitions of this month."""
        terms = self._terms(ctx)
        group, paid = self._look_over(ctx, terms)
        self._employed(ctx, group, terms.losing)
        found, applying = self._unemployed(ctx, group, terms.finding)
        self._seek(ctx, flows.RETURN.draw(ctx, group.others))
        self._apply(ctx, _joined(applying, flows.DIRECT_ENTRY.draw(ctx, group.others)))
        # only those insured through a job or an unemployment benefit can come to an incapacity benefit
        ctx.requests.become(flows.INCAPACITY.draw(ctx, group.insured), Activity.INCAPACITY)
        self._seek(ctx, flows.RECOVERY.draw(ctx, group.incapable))
        to_work, leaving = self._recipients(ctx, group)
        hired = _joined(found, to_work)
        if hired.size:
            ctx.world.resident.wage[hired] = wages.offered(ctx, hired)
            ctx.requests.become(hired, Activity.EMPLOYED)
        basic_jobs.step(ctx, group.holders, leaving)
        # what employers pay to residents for regular jobs; basic jobs are booked apart
        ctx.ledger.book(wages.PAID.name, paid * terms.euro)

    def _look_over(self, ctx: Context, terms: _Terms | None = None) -> tuple[Groups, Floats]:
        """Rows of each group, and wages paid by district; clocks move on on the way. Both hold until the next look."""
        columns, lines, (by_work, by_other), paid = self._room(ctx.world)
        pieces = flows.EXITS.known(ctx)
        to_work, to_other = pieces or _UNKNOWN
        working, a, b, c, d, e, f, g, h, i = group_loops.look_over(
            ctx.world.household.size,
            ctx.month,
            to_work,
            to_other,
            *(terms or self._terms(ctx)).look,
            *columns,
        )
        insured, regular, recent, without, unemployed, others, incapable, recipients, holders, _, partner = (
            lines
        )
        ways = None if pieces is None else (partner[:h], by_work[:h], by_other[:h])
        return Groups(
            ways, insured[:working], insured[:a], regular[:b], recent[:c], without[:d], unemployed[:e], others[:f],
            incapable[:g], recipients[:h], holders[:i],
        ), paid  # fmt: skip

    def _employed(self, ctx: Context, group: Groups, cycle: float | None) -> None:
        lost = _joined(
            flows.JOB_LOSS.draw(ctx, group.regular, offset=cycle),
            flows.JOB_LOSS_AFTER.draw(ctx, group.recent, offset=cycle),
        )
        if lost.size:
            self._grant_benefit(ctx, lost)
            ctx.requests.become(lost, Activity.UNEMPLOYED)
        ctx.requests.become(flows.WITHDRAWAL.draw(ctx, group.employed), Activity.OTHER)

    def _unemployed(self, ctx: Context, group: Groups, cycle: float | None) -> tuple[Rows, Rows]:
        """Return who finds work, and who applies for assistance as benefit has run out."""
        found = flows.JOB_FINDING.draw(ctx, group.unemployed, offset=cycle)
        discouraged = flows.DISCOURAGED.draw(ctx, group.unemployed)
        ctx.requests.become(discouraged, Activity.OTHER)
        applying = flows.AFTER_BENEFIT.draw(ctx, group.without)
        hired = local_jobs.hire(ctx, group.unemployed, [found, discouraged, applying])
        return _joined(found, hired), applying

    def _recipients(self, ctx: Context, group: Groups) -> tuple[Rows, Rows]:
        """Exits from assistance; return who goes to work and everybody who leaves this month."""
        recipients = group.recipients
        if recipients.size == 0:
            return recipients, recipients
        partner, by_work, by_other = group.ways or flows.exits(ctx, recipients)
        to_work = flows.TO_WORK.draw(ctx, recipients, offset=by_work)
        to_other = flows.TO_OTHER.draw(ctx, recipients, offset=by_other)
        if to_work.size + to_other.size == 0:
            return to_work, to_other
        gone = np.empty(to_other.size + recipients.size, dtype=np.int32)
        size = ctx.world.resident.size
        gone = gone[: group_loops.leave_together(recipients, partner, to_work, to_other, size, gone)]
        ctx.requests.become(gone, Activity.OTHER)
        return to_work, _joined(to_work, gone)

    def _seek(self, ctx: Context, rows: Rows) -> None:
        """Begin to look for work without a right to unemployment benefit."""
        if rows.size == 0:
            return
        ctx.world.resident.benefit_end[rows] = ctx.month
        ctx.requests.become(rows, Activity.UNEMPLOYED)

    def _apply(self, ctx: Context, rows: Rows) -> None:
        """Apply for assistance: who is entitled gets it, with a partner who has no income."""
        if rows.size:
            granted, along = flows.entitled(ctx, rows)
            ctx.requests.become(_joined(granted, along), Activity.ASSISTANCE)
            ctx.counters.add("assistance.refused", rows.size - granted.size)

    def _grant_benefit(self, ctx: Context, lost: Rows) -> None:
        table = ctx.world.resident
        grant_benefit(lost, table.age, table.job_months, _CAREER(ctx.values), ctx.month, table.benefit_end)

    def _settle(self, ctx: Context, rows: Rows) -> None:
        table, value = ctx.world.resident, ctx.values
        luck, share = ctx.draws.life("work.wants", table.uid.take(rows)), value["work.wants_share"]
        wants = luck < share
        on, jobless = wages.settle(ctx, rows)
        if on.size:
            wants[on] = luck[on] < flows.wanting_after(ctx, ctx.month - table.activity_since[rows[on]])
        table.wants_work[rows] = wants
        if jobless.size:
            luck = ctx.draws.life("work.benefit", table.uid[jobless])
            months = np.where(luck < value["work.benefit_share"], value["work.benefit_most"] / 2, 0)
            table.benefit_end[jobless] = table.activity_since[jobless] + months.astype(np.int16)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Months lived in each activity during the run, and how many of a hundred ended in another one."""
        sums = ctx.counters.sums
        names = [code.name.lower() for code in (*_GROUPS, Activity.BASIC_JOB)]
        months = {name: sums.get(f"person_months.{name}", 0.0) for name in names}
        return {
            "work.person_months": months,
            "work.changes_per_100_person_months": {
                name: PERCENT * sums[f"left.{name}"] / count for name, count in months.items() if count
            },
        }


def _room(world: World) -> tuple[tuple[Any, ...], tuple[Rows, ...], tuple[Floats, Floats], Floats]:
    """What :func:`group_loops.look_over` takes last, and of what it fills the lists, the offsets and wages paid."""
    table = world.resident
    lists, offsets = np.empty((_LISTS, table.size + 1), np.int32), np.empty((2, table.size))
    paid = np.empty(world.district.size)
    columns = (
        group_loops.BY_ACTIVITY, table.activity, table.activity_since, table.birth_month, table.age, table.benefit_end,
        table.district, table.assistance_clock, table.assistance_out, table.job_months, table.wage, table.role,
        table.household, lists, offsets, paid,
    )  # fmt: skip
    return columns, tuple(lists), (offsets[0], offsets[1]), paid


def _joined(first: Rows, second: Rows) -> Rows:
    """Both one after the other; mostly one of the two is empty."""
    if not second.size:
        return first
    return np.concatenate((first, second)) if first.size else second
