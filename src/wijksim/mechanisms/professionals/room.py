"""Columns as a month of professionals takes them, and room for what it lists."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.uids import namespace_key
from wijksim.kernel.columns import KeptColumns
from wijksim.mechanisms.professionals import case_loops, look_loops
from wijksim.mechanisms.professionals.channels import ROADS
from wijksim.state.roles import CrisisKind
from wijksim.state.table import Rows
from wijksim.state.world import World

type Given = tuple[Any, ...]

_POSTS = len(("held", "of the sick", "of the others"))


class Room(NamedTuple):
    """What compiled passes take last, and the arrays that they fill: nobody keeps what is in these after a month.

    Attributes
    ----------
    at_work, posts, look
        For ``staff_loops.at_work``, and for ``look_loops.net_hours`` and ``look``.
    take_over, share_out, heard
        For these of ``serving_loops`` and ``signal_loops``.
    move_on, given, done
        For these of ``case_loops`` and ``service``.
    of_posts, caretakers
        Lines of posts, and what there is of caretakers by district, with one place more.
    unheard, noticed, found, crises
        Whom the month begins with, all and line by line; who is brought in; and crises that began, with how many and
        which each is.
    of_cases, helped, worked
        Lines of cases, what is filled for those who are helped, and cases that are worked on with their pace.
    """

    at_work: Given
    posts: Given
    look: Given
    take_over: Given
    share_out: Given
    heard: Given
    move_on: Given
    given: Given
    done: Given
    of_posts: Rows
    caretakers: NDArray[np.float64]
    unheard: Rows
    noticed: tuple[Rows, Rows, Rows]
    found: Rows
    crises: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.uint64]]
    of_cases: Rows
    helped: case_loops.Helped
    worked: tuple[Rows, NDArray[np.float64]]


def room(world: World) -> Room:
    """Lay out what goes with the residents, households and posts there are."""
    table, home, staff, district = world.resident, world.household, world.professional, world.district
    most, events = table.size + 1, len(CrisisKind) * max(table.size, home.size)
    of_posts, of_cases = (
        np.empty((_POSTS, staff.size), np.int32),
        np.empty((case_loops.LISTS, most), np.int32),
    )
    unheard = np.empty((look_loops.LISTS, max(table.size, home.size) + 1), np.int32)
    found = np.empty(len(ROADS) * (max(table.size, home.size) + 1), np.int32)
    crises = np.empty(look_loops.LINES * events, np.int64), np.empty(events), np.empty(events, np.uint64)
    helped = (
        np.empty(most, np.int32), np.empty(most, np.float32), np.empty(most, np.uint8), np.empty(most, np.int32),
        np.empty(most),
    )  # fmt: skip
    worked = np.empty(table.size, np.int32), np.empty(table.size)
    posts = staff.role, staff.district, staff.fte, staff.since, staff.sick, staff.vacant
    leads = table.worker, table.worker_since, table.worker_changed
    helping = (
        table.help_hours, table.household, home.problem_debt, home.eviction_stage, home.violence, table.psychiatric,
        table.addiction, table.cognitive, table.age, table.activity, table.dutch, staff.language_skill,
        table.worker_new, table.need_met, table.help_effect, home.debt_help, helped,
    )  # fmt: skip
    return Room(
        (staff.person, staff.alive, staff.vacant, staff.sick, staff.role, staff.organisation, staff.district, staff.fte,
         of_posts),
        posts,
        (*posts, table.need, table.case, table.alive, table.age, table.crises, table.youth_crisis, table.uid,
         home.early_signal, home.head, home.violence, home.eviction_crisis, home.debt_crisis, unheard, *crises,
         namespace_key("crisis")),
        (table.case, table.district, staff.district, *leads, of_cases[case_loops.OPENED], of_cases[case_loops.WAITING]),
        (table.need, table.case, table.case_role, table.district, table.uid, table.alive, table.help_hours,
         table.intake_left, table.case_share, table.unserved_since, table.crisis_unserved, *worked),
        (table.case_closed, table.district, table.knows_neighbours, table.household, home.tenure, table.reached,
         table.age, home.problem_debt, table.psychiatric, table.addiction, table.case, table.case_since,
         table.case_role, table.intake_left),
        (table.uid, table.case_closed, table.case, table.case_since, table.intake_left, *leads, table.case_role,
         table.district, district.queue, staff.alive, staff.vacant, staff.sick, staff.fte, staff.role, staff.district,
         of_cases, *helping),
        (table.worker, table.case, table.worker_changed, *helping),
        (table.worker_new, table.need_met, table.help_effect, table.case_role, table.worker, staff.organisation,
         table.household, home.debt_help, table.district, district.crisis_share, district.outreach_hours,
         district.prevention_fte, district.caretaker_hours, district.police_hours, district.youth_hours,
         staff.district, staff.strain, table.trust, table.uptake, table.alive, table.reached),
        of_posts, np.empty(district.size + 1), unheard, (unheard[0], unheard[1], unheard[2]), found, crises, of_cases,
        helped, worked,
    )  # fmt: skip


room_of = KeptColumns(room, "resident", "household", "professional", "district")
