"""Posts: how many there are, who is funded, and the hours they give.

A post is a part of one person's week worked in one district for one organisation. Posts are fractional, and the
remainders of several districts make one person's week: 4,000 residents have 0.6 debt counsellors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.kept import Kept
from wijksim.kernel.pipeline import Pipeline
from wijksim.mechanisms.professionals import craft, look_loops, placing, staff_loops
from wijksim.mechanisms.professionals.room import room_of
from wijksim.state.codes import Tenure
from wijksim.state.roles import EMPLOYERS, FRONTLINE, N_ORGANISATIONS, N_PROFESSIONS, Organisation, Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.room import Room

BASE = "professionals.base_fte"
HIRES = placing.HIRES
COUNT = "professionals.posts_made"
HOURS = "professionals.hours"  # what levers scale: hours of all roles, by district

_TINY = 1e-9
_ALIKE = np.empty(0)  # hours of all posts are worth the same
_NO_MORE = np.empty((0, 0))  # hours without posts


def prepare_stores(ctx: Context) -> None:
    """Make the stores of posts if the builder has not."""
    stores = ctx.world.stores
    stores.setdefault(HIRES, Pipeline(row=np.int32, uid=np.uint64))
    stores.setdefault(COUNT, 0)
    stores.setdefault(BASE, actual(ctx))


def actual(ctx: Context) -> NDArray[np.float64]:
    """Fte by role, organisation and district, vacant posts included; shape ``(roles, organisations, districts)``."""
    table, total = ctx.world.professional, np.zeros((N_PROFESSIONS, N_ORGANISATIONS, ctx.world.n_districts))
    rows = table.rows
    np.add.at(total, (table.role[rows], table.organisation[rows], table.district[rows]), table.fte[rows])
    return total


# what levers may fund: by role, and after it by each employer of the role alone
_CAPACITIES: tuple[tuple[str, Profession, Organisation | None], ...] = tuple(
    (f"fte.{role.key}" if employer is None else f"fte.{role.key}.{employer.key}", role, employer)
    for role in Profession
    for employer in (None, *Organisation)
)


def funded(ctx: Context) -> NDArray[np.float64]:
    """Fte in force this month: the standing formation and what levers add or take away, never below zero.

    Levers fund ``fte.<role>`` (shared over the employers as the standing formation is) or
    ``fte.<role>.<organisation>``.
    """
    base: NDArray[np.float64] = ctx.world.stores[BASE]
    index = ctx.values["professionals.frontline_index"]
    if index != 1:
        # what comes from outside: budgets of the State and of the whole municipality
        base = base.copy()
        base[list(FRONTLINE)] *= index
    named = ctx.effects.capacities
    changes = [entry for entry in _CAPACITIES if entry[0] in named] if named else []
    if not changes:
        return base
    total, n = base.copy(), ctx.world.n_districts
    for name, role, employer in changes:
        if employer is not None:
            total[role, employer] += ctx.effects.funded(name, n)
            continue
        employers = list(map(int, EMPLOYERS[role]))
        parts = base[role][employers]
        whole = parts.sum(axis=0)
        share = np.divide(parts, whole, out=np.full_like(parts, 1 / len(employers)), where=whole > 0)
        total[role, employers] += share * ctx.effects.funded(name, n)
    return np.maximum(total, 0)


def at_work(ctx: Context, room: Room) -> tuple[Rows, Rows, Rows, bool, bool]:
    """Posts that stand for a person and are held: all, those of the sick, the others; if posts are as funded.

    Last is whether recruits begin this month.
    """
    world = ctx.world
    held, ill, well, as_funded, awaited = staff_loops.at_work(
        world.professional.rows, funded(ctx), _TINY, world.stores[HIRES].due, ctx.month, *room.at_work
    )
    lists = room.of_posts
    return lists[0, :held], lists[1, :ill], lists[2, :well], as_funded, awaited


def reconcile(ctx: Context) -> Rows:
    """Open posts where more is funded than there is, close posts where less is; return the posts that closed.

    New posts are vacant until somebody is hired. A cut takes the vacant posts first and then the last that
    came; the residents of a closed post are handed over, which costs them their worker.
    """
    difference = funded(ctx) - actual(ctx)
    off = np.abs(difference) > _TINY
    closed: list[Rows] = []
    for cell in np.argwhere(off) if off.any() else ():
        role, employer, district = (int(index) for index in cell)
        amount = float(difference[role, employer, district])
        if amount > 0:
            _grow(ctx, (role, employer, district), amount)
        else:
            closed.append(_shrink(ctx, (role, employer, district), -amount))
    return np.concatenate(closed) if closed else np.empty(0, dtype=np.int32)


def open_posts(
    ctx: Context, cell: tuple[int | Rows, int | Rows, int | Rows], sizes: NDArray[np.float64]
) -> Rows:
    """Add posts of given sizes in a cell (role, organisation, district) or one each, every one of somebody else."""
    role, employer, district = cell
    world = ctx.world
    made = int(world.stores[COUNT])
    world.stores[COUNT] = made + sizes.size
    rows = world.professional.add(derive_uid("post", made + np.arange(sizes.size)))
    table = world.professional
    table.role[rows], table.organisation[rows], table.district[rows] = role, employer, district
    table.fte[rows] = sizes
    table.person[rows] = rows
    table.since[rows] = ctx.month
    table.strain[rows] = world.district.crisis_share[district]
    table.language_skill[rows] = 0
    trained = np.equal(role, Profession.MENTAL_HEALTH_WORKER)
    table.mental_skill[rows] = np.where(trained, 1, ctx.values["professionals.mental_skill"])
    return rows


def _of_cell(ctx: Context, cell: tuple[int, int, int]) -> Rows:
    table = ctx.world.professional
    rows = table.rows
    role, employer, district = cell
    mine: Rows = rows[
        (table.role[rows] == role)
        & (table.organisation[rows] == employer)
        & (table.district[rows] == district)
    ]
    return mine


def _grow(ctx: Context, cell: tuple[int, int, int], amount: float) -> None:
    """First fill up posts that are still open (a ramp adds a little every month), then open new ones."""
    table, size = ctx.world.professional, ctx.values["professionals.post_size"]
    mine = _of_cell(ctx, cell)
    for row in mine[table.vacant[mine]]:
        room = min(max(size - float(table.fte[row]), 0.0), amount)
        table.fte[row] += room
        amount -= room
    if amount <= _TINY:
        return
    whole = int(amount / size)
    sizes = np.append(np.full(whole, size), amount - whole * size)
    rows = open_posts(ctx, cell, sizes[sizes > _TINY])
    table = ctx.world.professional
    table.vacant[rows] = True
    ctx.world.stores[HIRES].push(craft.vacancy_ends(ctx, rows), row=rows, uid=table.uid[rows])


def _shrink(ctx: Context, cell: tuple[int, int, int], amount: float) -> Rows:
    table = ctx.world.professional
    mine = _of_cell(ctx, cell)
    order = np.lexsort((table.uid[mine], -table.since[mine].astype(np.int64), ~table.vacant[mine]))
    gone: list[int] = []
    for row in mine[order]:
        taken = min(float(table.fte[row]), amount)
        table.fte[row] -= taken
        amount -= taken
        if table.fte[row] <= _TINY:
            gone.append(int(row))
        if amount <= _TINY:
            break
    return np.array(gone, dtype=np.int32)


def close_posts(ctx: Context, rows: Rows) -> None:
    """Release closed posts; another post of the same person takes over as its first."""
    if rows.size == 0:
        return
    table = ctx.world.professional
    kept = np.setdiff1d(table.rows, rows)
    for row in rows:
        rest = kept[table.person[kept] == row]
        if rest.size:
            table.person[rest] = rest[0]
    if ctx.before_release is not None:
        ctx.before_release("professional", rows)
    table.release(rows)


def hire(ctx: Context) -> None:
    """Fill the vacancies whose time has come; the new holder begins from nothing."""
    table = ctx.world.professional
    due = ctx.world.stores[HIRES].pop(ctx.month)
    rows, uid = due["row"], due["uid"]
    if rows.size == 0:
        return
    if placing.rule(ctx) is not None:
        rows = placing.redirect(ctx, rows[table.alive[rows] & (table.uid[rows] == uid)])
        uid = table.uid[rows]
    staff_loops.begin(
        rows, uid, ctx.month, table.uid, table.alive, table.vacant, table.since, table.district,
        ctx.world.district.crisis_share, table.strain,
    )  # fmt: skip


def hours(ctx: Context) -> NDArray[np.float64]:
    """Net hours of :func:`present`."""
    return present(ctx)[0]


def present(ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Net hours this month by role and district, shape ``(roles, districts)``, and caretakers at work.

    ``fte x net hours of a month x (1 - administration)``, nothing for the sick and for vacancies, half for those
    who are being trained in, and for police the part of the time that is spent in the own area (TIM-01). Hours that
    levers fund without posts (``hours.<role>``) come on top; what they take for a task of their own comes off.
    Caretakers are over the standing formation by district, with a zero at the end.
    """
    whole, caretakers = blank(ctx), np.empty(ctx.world.n_districts + 1)
    given = *held(ctx), whole, caretakers, *room_of(ctx.world).posts
    look_loops.net_hours(*given)
    return scaled(ctx, whole), caretakers


def blank(ctx: Context) -> NDArray[np.float64]:
    """Room for hours by role and district."""
    return np.empty((N_PROFESSIONS, ctx.world.district.size))


def held(ctx: Context) -> tuple[Any, ...]:
    """Posts and what they are worth, as :func:`look_loops.net_hours` takes them first."""
    effects, rows, worth, extra = ctx.effects, ctx.world.professional.rows, _ALIKE, _NO_MORE
    if effects.scales:
        worth = craft.worth(ctx, rows)
    if effects.capacities:
        extra = _funded_hours(ctx)
    return rows, _worth(ctx.values), worth, extra, ctx.world.stores[BASE], ctx.month


def scaled(ctx: Context, whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours after what levers make of those of all roles, by district."""
    lever = ctx.effects.offsets(HOURS, "district") if ctx.effects.scales else None
    return whole if lever is None or ctx.world.professional.rows.size == 0 else whole * np.exp(lever)


@Kept
def _worth(values: dict[str, float]) -> tuple[float, float, float, float]:
    """Hours of one fte, months of training in and what they are worth, and the part of the police's in the own area."""
    return (
        full_time_hours(values), values["professionals.lead_in_months"], values["professionals.lead_in_productivity"],
        values["professionals.police_area_share"],
    )  # fmt: skip


def _funded_hours(ctx: Context) -> NDArray[np.float64]:
    """Net hours that levers add without posts (``hours.<role>``: volunteers, hired help), by role and district."""
    n = ctx.world.n_districts
    extra = np.zeros((N_PROFESSIONS, n))
    for name in ctx.effects.capacities:
        if name.startswith("hours."):
            extra[Profession[name.removeprefix("hours.").upper()]] = ctx.effects.funded(name, n)
    return extra


def full_time_hours(values: dict[str, float]) -> float:
    """Hours for residents in a month of one fte that is present and trained in."""
    return values["professionals.net_hours"] * (1 - values["professionals.admin_share"])


def effective_hours(values: dict[str, float]) -> float:
    """Net hours of one standing fte in a month after absence, vacancy and training-in."""
    absent = values["professionals.sick_share"] + values["professionals.vacant_share"]
    absent -= values["professionals.sick_share"] * values["professionals.vacant_share"]
    return full_time_hours(values) * (1 - absent)


def formation(ctx: Context, need_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standing formation by role, organisation and district.

    Parameters
    ----------
    need_ratio
        Mean need of the district over that of the national reference: the dose follows need by half.
    """
    world, values = ctx.world, ctx.values
    residents = world.by_district("resident") / values["professionals.per_residents"]
    dose = 1 + values["professionals.dose_slope"] * (need_ratio - 1)
    result = np.zeros((N_PROFESSIONS, N_ORGANISATIONS, world.n_districts))
    for role in Profession:
        employers = EMPLOYERS[role]
        if role == Profession.CARETAKER:
            rented = world.by_district("dwelling", world.dwelling.owner == int(Tenure.CORPORATION))
            amount = rented / values["professionals.dwellings_per_caretaker"]
        else:
            amount = values[f"professionals.fte_{role.key}"] * residents
            if role != Profession.POLICE_OFFICER:
                amount = amount * dose
        for employer in employers:
            result[role, employer] = amount / len(employers)
    return result


def forget_worker(ctx: Context, posts: NDArray[Any]) -> None:
    """Residents of ``posts`` lose their worker."""
    resident = ctx.world.resident
    if posts.size:
        staff_loops.forget(
            posts, ctx.world.professional.size, ctx.month, resident.worker, resident.worker_since,
            resident.worker_changed,
        )  # fmt: skip
