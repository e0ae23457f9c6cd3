"""Who works, looks for work or lives on a benefit: compiled passes over residents, their clocks and their couples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Activity, Role, Tenure

type Rows = NDArray[np.int32]
type Lists = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Wages = NDArray[np.float32]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Pieces = tuple[float, float, float]

_EMPLOYED, _UNEMPLOYED, _ASSISTANCE = (
    int(Activity.EMPLOYED),
    int(Activity.UNEMPLOYED),
    int(Activity.ASSISTANCE),
)
_INCAPACITY, _OTHER, _BASIC_JOB = int(Activity.INCAPACITY), int(Activity.OTHER), int(Activity.BASIC_JOB)
_HEAD, _PARTNER, _OWNER = int(Role.HEAD), int(Role.PARTNER), int(Tenure.OWNER)

# "insured" are the employed and then the unemployed; "rest" is whoever else was looked at
LISTS = (
    "insured", "regular", "recent", "without", "unemployed", "others", "incapable", "recipients", "holders", "rest",
)  # fmt: skip
_REGULAR, _RECENT, _WITHOUT, _LOOKING, _OTHERS, _INCAPABLE, _RECEIVING, _HOLDERS, _REST = range(1, len(LISTS))
_PARTNER_OF = len(LISTS)
BY_ACTIVITY = np.full(len(Activity), _REST)  # the list of each activity but work
BY_ACTIVITY[[_UNEMPLOYED, _OTHER, _INCAPACITY, _ASSISTANCE, _BASIC_JOB]] = [
    LISTS.index(name) for name in ("unemployed", "others", "incapable", "recipients", "holders")
]


@compiled
def advance(rows: Rows, activity: Codes, forget: float, follow: float, clock: Months, out: Months) -> None:
    """Move the clocks of ``rows`` one month: months on assistance and months out of it.

    Months on assistance count up; a basic job holds the clock still (it is a funded place, not a way out); any other
    month counts as out of assistance. After ``forget`` months out the clock goes back to zero, after ``follow`` months
    a job no longer counts as one found from assistance.
    """
    for i in rows:
        if activity[i] == _ASSISTANCE:
            clock[i] += 1
            out[i] = 0
        elif activity[i] != _BASIC_JOB and (clock[i] != 0 or out[i] != 0):
            months = out[i] + 1
            if months >= forget:
                clock[i] = 0
            out[i] = 0 if months >= follow and clock[i] == 0 else months


# fmt: off
@compiled
def parted(
    activity: Codes, since: Months, month: int, clock: Months, out: Months, job_months: Months, wage: Wages,
    employed: Rows, others: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Fill two lists with the employed, and with all others who have or had to do with work; return how many.

    Months in the job follow from since when it is, and wages of those who do not work go to zero. ``others`` are all on
    a list of :data:`BY_ACTIVITY` and, employed or not, whose clock runs.
    """
    now, concerned = np.int16(month), np.empty(activity.size, np.bool_)
    # loops without a branch, for one width of numbers each
    for i in range(activity.size):
        job_months[i] = np.int16(now - since[i]) if activity[i] == _EMPLOYED else np.int16(0)
    for i in range(activity.size):
        works = (activity[i] == _EMPLOYED) | (activity[i] == _BASIC_JOB)
        wage[i] = wage[i] if works else np.float32(0)
    for i in range(activity.size):
        doing = activity[i]
        listed = (doing == _UNEMPLOYED) | (doing == _ASSISTANCE) | (doing == _INCAPACITY)
        listed |= (doing == _OTHER) | (doing == _BASIC_JOB)
        concerned[i] = listed | (clock[i] != 0) | (out[i] != 0)
    a, b = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(activity.size)):
        employed[a] = others[b] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        a += np.uint32(activity[i] == _EMPLOYED)
        b += np.uint32(concerned[i])
    return int(a), int(b)


# fmt: off
@compiled
def at_work(
    rows: Rows, birth_month: Months, age: Months, job_months: Months, assistance_out: Months, district: Rows,
    pension: int, peak_age: int, growth: float, wage: Wages, lists: Lists, counts: Whole, wages: Floats,
) -> None:
    # fmt: on
    """List the employed of working age, all and by whether assistance lies a short time behind them.

    Those whose job has its anniversary go a step up the age profile; then the wages of all are added up by district.
    """
    a, b, c = 0, 0, 0
    for i in rows:
        if birth_month[i] > pension:
            lists[0, a] = i
            lists[_REGULAR, b] = lists[_RECENT, c] = i
            recent = assistance_out[i] > 0
            a += 1
            b += not recent
            c += recent
            if job_months[i] > 0 and job_months[i] % MONTHS_PER_YEAR == 0 and age[i] < peak_age:
                wage[i] = np.float32(np.float64(wage[i]) * growth)
        if district[i] >= 0:
            wages[district[i]] += np.float64(wage[i])
    counts[0], counts[_REGULAR], counts[_RECENT] = a, b, c


@compiled
def couples(rows: Rows, role: Codes, household: Rows, slot: Rows, other: Rows) -> None:
    """Fill ``other`` with the one of ``rows`` who is head or partner of the same household, -1 for none.

    ``slot`` holds -1 per household.
    """
    for i in range(rows.size):
        other[i] = -1
        if role[rows[i]] <= _PARTNER:
            home = household[rows[i]]
            if slot[home] >= 0:
                other[slot[home]] = rows[i]
                other[i] = rows[slot[home]]
            else:
                slot[home] = i


# fmt: off
@compiled
def exit_offsets(
    rows: Rows, clock: Months, edges: tuple[float, float], alone: Pieces, half: float, joint: Bools, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with the offset of each recipient: ``alone`` by piece of the clock, and ``half`` for couples."""
    for i in range(rows.size):
        piece = int(clock[rows[i]] >= edges[0]) + int(clock[rows[i]] >= edges[1])
        out[i] = alone[piece] + half if joint[i] else alone[piece]


# fmt: off
@compiled
def exits(
    rows: Rows, role: Codes, household: Rows, homes: int, clock: Months, edges: tuple[float, float], to_work: Pieces,
    to_other: Pieces, half: float, partner: Rows, work_offset: Floats, other_offset: Floats,
) -> None:
    # fmt: on
    """Fill the partner on the same benefit of each recipient, -1 for none, and the offsets of both ways out.

    There are so many ``homes`` in the table of households; see :func:`exit_offsets` for the offsets of those alone.
    """
    couples(rows, role, household, np.full(homes, -1, np.int32), partner)
    joint = partner >= 0
    exit_offsets(rows, clock, edges, to_work, half, joint, work_offset)
    exit_offsets(rows, clock, edges, to_other, half, joint, other_offset)


# fmt: off
@compiled
def look_over(
    homes: int, month: int, to_work: Pieces, to_other: Pieces, forget: float, follow: float, pension_age: float,
    peak_age: int, growth: float, middle: float, late: float, half: float, by_activity: Whole, activity: Codes,
    since: Months, birth_month: Months, age: Months, benefit_end: Months, district: Rows, clock: Months, out: Months,
    job_months: Months, wage: Wages, role: Codes, household: Rows, lists: Lists, offsets: Floats, wages: Floats,
) -> tuple[int, int, int, int, int, int, int, int, int, int]:
    # fmt: on
    """Move the clocks on, list who stands where, and add up the ``wages`` of regular jobs by district.

    A list per group of working age is filled, ascending, in the order of :data:`LISTS`, and after them that of the
    partners of recipients. ``without`` are the unemployed whose benefit has run out, ``holders`` have a basic job,
    whatever their age. Return how many of the insured are employed, and how many are on each list up to ``holders``.
    Recipients have ``offsets`` to both ways out: see :func:`exits`, with the months at which pieces of the clock begin;
    ``forget`` and ``follow`` are months in :func:`advance`.
    """
    counts, pension = np.zeros(len(LISTS), np.int64), int(month - pension_age)
    wages[:] = 0.0
    employed, others = np.empty(activity.size + 1, np.int32), np.empty(activity.size + 1, np.int32)
    a, b = parted(activity, since, month, clock, out, job_months, wage, employed, others)
    advance(others[:b], activity, forget, follow, clock, out)
    for i in others[:b]:
        # to a list by number: branches would be guessed wrong
        place = by_activity[activity[i]]
        place = place if (birth_month[i] > pension) | (place == _HOLDERS) else _REST
        lists[place, counts[place]] = i
        counts[place] += 1
    at_work(
        employed[:a], birth_month, age, job_months, out, district, pension, peak_age, growth, wage, lists, counts, wages
    )
    working = counts[0]
    for k in range(counts[_LOOKING]):
        i = lists[_LOOKING, k]
        lists[0, working + k] = lists[_WITHOUT, counts[_WITHOUT]] = i
        counts[_WITHOUT] += benefit_end[i] <= month
    counts[0] += counts[_LOOKING]
    number = counts[_RECEIVING]
    exits(
        lists[_RECEIVING, :number], role, household, homes, clock, (middle, late), to_work, to_other, half,
        lists[_PARTNER_OF, :number], offsets[0, :number], offsets[1, :number],
    )  # fmt: skip
    return (
        working, counts[0], counts[1], counts[2], counts[_WITHOUT], counts[_LOOKING], counts[_OTHERS],
        counts[_INCAPABLE], counts[_RECEIVING], counts[_HOLDERS],
    )  # fmt: skip


@compiled
def leave_together(rows: Rows, partner: Rows, to_work: Rows, to_other: Rows, size: int, gone: Rows) -> int:
    """Fill ``gone`` with who leaves assistance other than for work: ``to_other``, and all partners of who leaves.

    There are so many residents (``size``) in the table; return how many are gone.
    """
    leaves = np.zeros(size, np.bool_)
    for row in to_work:
        leaves[row] = True
    count = 0
    for row in to_other:
        leaves[row] = True
        gone[count] = row
        count += 1
    for i in range(rows.size):
        if leaves[rows[i]] and partner[i] >= 0:
            gone[count] = partner[i]
            count += 1
    return count


@compiled
def partners(rows: Rows, role: Codes, household: Rows, head: Rows, slot: Rows, other: Rows) -> None:
    """Fill ``other`` with the partner of each of ``rows``, -1 for none; ``slot`` holds -1 per household."""
    second, count = np.empty(role.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(role.size)):
        second[count] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(role[i] == _PARTNER)
    for i in second[:count]:
        slot[household[i]] = i
    for i in range(rows.size):
        row = rows[i]
        other[i] = -1
        if role[row] <= _PARTNER:
            home = household[row]
            found = slot[home] if role[row] == _HEAD else head[home]
            if found != row:
                other[i] = found


# fmt: off
@compiled
def means_tested(
    rows: Rows, role: Codes, household: Rows, head: Rows, activity: Codes, tenure: Codes, savings: Floats,
    equity: Floats, lists: Lists, alone: float, together: float, little: float,
) -> tuple[int, int]:
    # fmt: on
    """Fill the lists with who of ``rows`` can have assistance, and with the partners who join; return how many.

    Limits to savings are those of one person ``alone`` and of a couple; owners have ``little`` in their home where
    ``equity``, a draw, lies below that.
    """
    granted, along = lists[0], lists[1]
    partner, slot = np.empty(rows.size, np.int32), np.full(savings.size, -1, np.int32)
    partners(rows, role, household, head, slot, partner)
    number, others = 0, 0
    for i in range(rows.size):
        other = partner[i]
        home = household[rows[i]]
        limit = together if other >= 0 else alone
        within = savings[home] <= limit and (equity[i] < little or tenure[home] != _OWNER)
        if not within and role[rows[i]] <= _PARTNER:
            continue
        doing = activity[other] if other >= 0 else _OTHER
        if doing not in (_OTHER, _UNEMPLOYED, _ASSISTANCE):
            continue
        granted[number] = rows[i]
        number += 1
        if other >= 0 and doing != _ASSISTANCE:
            along[others] = other
            others += 1
    return number, others
