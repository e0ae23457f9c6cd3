"""What levers on access ask of professionals, and the columns that remember it.

Without such a lever nothing here does anything: every column is at its default and no draw is made. How residents and
help find each other is a matter of who sees whom (:mod:`sight`), of what is done with what was seen (:mod:`sharing`)
and of how easy it is to come by (this module: opening hours, language, visits, stairwells that staff stay away from).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.relax import step_fraction
from wijksim.state.codes import Activity, Tenure
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

OWNER = "professionals"
THRESHOLD = "professionals.threshold"
LOOK_OUT, HEAR_LATE, WALK_IN, SHARE = "look_out", "hear_late", "walk_in", "share_signals"
SEEK_OUT, OPEN_LONGER, BILINGUAL = "seek_out", "open_longer", "hire_bilingual"
WATCH, WITHDRAW = "watch", "withdraw"
ACTS = (LOOK_OUT, HEAR_LATE, WALK_IN, SHARE, SEEK_OUT, OPEN_LONGER, BILINGUAL, WATCH, WITHDRAW)
CHANNELS = (THRESHOLD, *(f"{OWNER}.{act}" for act in ACTS))
"""What levers may move: the need from which help is given, and the acts that are answered."""

TOUCHED = "professionals.access"
BILINGUAL_POSTS = "professionals.bilingual_posts"
_FORGOTTEN = np.float32(2**-10)
_BUSY = {
    Activity.EMPLOYED: "employed",
    Activity.BASIC_JOB: "employed",
    Activity.PUPIL: "student",
    Activity.STUDENT: "student",
}


def asked(ctx: Context, act: str) -> list[dict[str, Any]]:
    """What levers ask of professionals this month under one name, in the order of their names."""
    found = [
        (lever, details) for lever, owner, name, details in ctx.effects.acts if (owner, name) == (OWNER, act)
    ]
    return [details for _, details in sorted(found, key=lambda post: post[0])]


def prepare(ctx: Context) -> None:
    """Bring the columns of access up to date; when nothing is asked any more they go back to what they were."""
    stores = ctx.world.stores
    if not ctx.effects.acts and not stores.get(TOUCHED):
        return
    busy = any(owner == OWNER and act in ACTS for _, owner, act, _ in ctx.effects.acts)
    if not busy and not stores.get(TOUCHED):
        return
    resident = ctx.world.resident
    resident.relations_hurt.fill(0)
    _open_longer(ctx)
    _hire_bilingual(ctx)
    _withdraw(ctx)
    _watch(ctx)
    stores[TOUCHED] = busy or bool(resident.watched.any())


# ---------------------------------------------------------------- thresholds
def least_need(ctx: Context) -> float | NDArray[np.float32]:
    """Need from which professional help is in place: one for all, or per resident where a lever moves it."""
    usual = ctx.values["professionals.need_threshold"]
    lever = ctx.effects.offsets(THRESHOLD, "resident")
    return usual if lever is None else (usual * np.exp(lever)).astype(np.float32)


def met(ctx: Context, rows: Rows, usual: float, *, written: bool = False) -> float | Floats:
    """Chance that somebody is met after a signal, per entry of ``rows`` where a lever has them sought out.

    Parameters
    ----------
    usual
        Chance for everybody else.
    written
        True for a signal that is usually followed by a letter or call, False where somebody goes by.
    """
    found = asked(ctx, SEEK_OUT) if ctx.effects.acts else None
    if not found:
        return usual
    chance = np.full(ctx.world.resident.size, usual)
    for details in found:
        if written or details["all_signals"]:
            chance[details["residents"]] = details["contact"]
    result: Floats = chance[rows]
    return result


# ---------------------------------------------------------------- opening hours
def free_hours(ctx: Context) -> Floats:
    """Office hours a week in which people of each activity can come by, shape ``(activities,)``."""
    values = ctx.values
    hours = np.full(len(Activity), values["professionals.office_hours"])
    for activity, key in _BUSY.items():
        hours[activity] *= values[f"professionals.office_free_{key}"]
    return hours


def _open_longer(ctx: Context) -> None:
    """Hours beyond office hours in which help is open and a resident is free; the longest opening counts."""
    resident = ctx.world.resident
    resident.extra_open_hours.fill(0)
    free = np.float32(ctx.values["professionals.evening_free"])
    for details in asked(ctx, OPEN_LONGER):
        rows = details["residents"]
        rows = rows[resident.alive[rows]]
        hours = np.float32(details["hours"]) * free
        resident.extra_open_hours[rows] = np.maximum(resident.extra_open_hours[rows], hours)


def _hours_shift(ctx: Context, rows: Rows) -> float | Floats:
    """Log of how much readier people come by, as more of the hours in which they are free are open."""
    found = asked(ctx, OPEN_LONGER)
    if not found:
        return 0.0
    resident = ctx.world.resident
    usual = free_hours(ctx)[resident.activity[rows]]
    response = max(details["response"] for details in found)
    result: Floats = response * np.log1p(resident.extra_open_hours[rows] / np.maximum(usual, 1))
    return result


# ---------------------------------------------------------------- language
def _hire_bilingual(ctx: Context) -> None:
    """Posts held by somebody who bridges a language gap; a lot for life decides which, the same every month."""
    table, stores = ctx.world.professional, ctx.world.stores
    rows, wanted = table.rows, asked(ctx, BILINGUAL)
    if rows.size == 0 or not (wanted or stores.pop(BILINGUAL_POSTS, False)):
        return
    stores[BILINGUAL_POSTS] = bool(wanted)
    share = np.zeros(ctx.world.n_districts)
    for details in wanted:
        np.maximum(share, details["share"], out=share)
    lot = ctx.draws.life("professionals.bilingual", table.uid[rows])
    table.language_skill[rows] = lot < share[table.district[rows]]


def language(ctx: Context, rows: Rows) -> float | Floats:
    """Log of how much more contact and acceptance there is where staff speak the language of people with little Dutch.

    Fit rises from ``professionals.match_floor`` at no common language to 1 (ASM-14); the chance of meeting somebody
    who speaks it is the part of the filled posts of the district that does.
    """
    found = asked(ctx, BILINGUAL)
    if not found:
        return 0.0
    table, resident = ctx.world.professional, ctx.world.resident
    posts = table.rows[~table.vacant[table.rows]]
    n = ctx.world.n_districts
    fte = np.bincount(table.district[posts], weights=table.fte[posts], minlength=n)
    able = np.bincount(
        table.district[posts], weights=table.fte[posts] * table.language_skill[posts], minlength=n
    )
    # the last is for residents without a district
    share = np.append(np.divide(able, fte, out=np.zeros(n), where=fte > 0), 0.0)
    floor, dutch = ctx.values["professionals.match_floor"], resident.dutch[rows].astype(np.float64)
    before = floor + (1 - floor) * dutch
    after = floor + (1 - floor) * (dutch + (1 - dutch) * share[resident.district[rows]])
    result: Floats = max(details["reach"] for details in found) * np.log(after / before)
    return result


# ---------------------------------------------------------------- stairwells and tenants
def _withdraw(ctx: Context) -> None:
    """Part of the usual presence that staff withdraw from stairwells where people do not feel safe."""
    world = ctx.world
    entrance, resident = world.entrance, world.resident
    entrance.withdrawn.fill(0)
    found = asked(ctx, WITHDRAW)
    if not found:
        return
    rows = np.flatnonzero(resident.alive & (resident.age >= ADULT_AGE) & (resident.entrance >= 0))
    place = resident.entrance[rows]
    people = np.bincount(place, minlength=entrance.size)
    felt = np.bincount(place, weights=resident.felt_safety[rows], minlength=entrance.size)
    safe = np.divide(felt, people, out=np.ones(entrance.size), where=people > 0)
    for details in found:
        limit = details["safe_from"]
        here = np.append(details["districts"], False)[entrance.district]
        part = here * details["share"] * np.maximum(limit - safe, 0) / limit
        np.maximum(entrance.withdrawn, part, out=entrance.withdrawn, casting="same_kind")


def presence(ctx: Context) -> Floats | None:
    """Part of the usual presence of caretakers that is left per district, by their dwellings; None for all of it."""
    if not asked(ctx, WITHDRAW):
        return None
    world = ctx.world
    homes = world.dwelling.rows[world.dwelling.owner[world.dwelling.rows] == int(Tenure.CORPORATION)]
    place, n = world.dwelling.district[homes], world.n_districts
    away = world.entrance.withdrawn[world.dwelling.entrance[homes]].astype(np.float64)
    total = np.bincount(place, minlength=n)
    lost = np.bincount(place, weights=away, minlength=n)
    return np.asarray(1 - np.divide(lost, total, out=np.zeros(n), where=total > 0))


def _presence_shift(ctx: Context, rows: Rows) -> float | Floats:
    """Log of the part of the usual presence of staff at the door of each resident."""
    if not asked(ctx, WITHDRAW):
        return 0.0
    place = ctx.world.resident.entrance[rows]
    away = np.where(place >= 0, ctx.world.entrance.withdrawn[place], 0)
    result: Floats = np.log(np.maximum(1 - away.astype(np.float64), np.finfo(np.float32).eps))
    return result


def _watch(ctx: Context) -> None:
    """Tenants among whom the landlord goes looking know it, and forget it slowly when that ends."""
    resident = ctx.world.resident
    watched = resident.watched
    watched *= np.float32(1 - step_fraction(ctx.values["professionals.watched_half_life"]))
    watched[watched < _FORGOTTEN] = 0
    for details in asked(ctx, WATCH):
        rows = details["residents"]
        watched[rows[resident.alive[rows]]] = 1


# ---------------------------------------------------------------- all of it
def shifts(ctx: Context, rows: Rows) -> tuple[float | Floats, float | Floats, float | Floats]:
    """Logs of what opening hours and language do to asking, what language does to accepting, and of presence."""
    spoken = language(ctx, rows)
    return _hours_shift(ctx, rows) + spoken, spoken, _presence_shift(ctx, rows)
