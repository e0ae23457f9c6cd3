"""Residents worth following: chosen by rule, so that the same run always names the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.state.codes import Activity
from wijksim.state.roles import CaseStage
from wijksim.state.structure import ADULT_AGE

_WORK = (int(Activity.EMPLOYED), int(Activity.BASIC_JOB))


@dataclass(frozen=True)
class Suggestion:
    """A resident and why the life shows something."""

    uid: int
    why: str


class Casting:
    """Observer that looks out for residents whose lives show something.

    Candidates are adults when the run begins who still live in the districts when it ends. Of those, the first to
    lose work, the first to move and the first whose case a professional takes on are named; ties go to the lowest
    uid, and nobody is named twice.
    """

    def __init__(self, ctx: Context) -> None:
        table = ctx.world.resident
        rows = table.rows
        self._adults = np.sort(table.uid[rows[table.age[rows] >= ADULT_AGE]])
        self._seen: dict[str, list[NDArray[np.uint64]]] = {"lost work": [], "moved": [], "was helped": []}
        self._helped = self._clients(ctx)

    def __call__(self, ctx: Context) -> None:
        """Note who lost work, moved or has a case this month."""
        log = ctx.log
        lost = np.isin(log.column("activities", "before"), _WORK) & (
            log.column("activities", "after") == Activity.UNEMPLOYED
        )
        self._note("lost work", log.column("activities", "uid")[lost])
        self._note("moved", log.column("moves", "uid"))
        helped = self._clients(ctx)
        self._note("was helped", np.setdiff1d(helped, self._helped))
        self._helped = helped

    def suggestions(self, ctx: Context) -> tuple[Suggestion, ...]:
        """Name up to three residents, or one who simply stayed if nothing happened to anybody."""
        present = np.intersect1d(self._adults, ctx.world.resident.uid[ctx.world.resident.rows])
        words = {
            "lost work": "loses a job",
            "moved": "moves to another home",
            "was helped": "gets help from a professional",
        }
        found: list[Suggestion] = []
        for kind, months in self._seen.items():
            taken = [suggestion.uid for suggestion in found]
            for uids in months:
                left = np.setdiff1d(np.intersect1d(uids, present), np.array(taken, dtype=np.uint64))
                if left.size:
                    found.append(Suggestion(int(left[0]), words[kind]))
                    break
        if not found and present.size:
            found.append(Suggestion(int(present[0]), "lives here from the first month to the last"))
        return tuple(found)

    def _clients(self, ctx: Context) -> NDArray[np.uint64]:
        table = ctx.world.resident
        if "case" not in table:  # a world without professionals
            return np.empty(0, dtype=np.uint64)
        clients: NDArray[np.uint64] = table.uid[table.alive & (table.case == CaseStage.OPEN)]
        return clients

    def _note(self, kind: str, uids: NDArray[np.generic]) -> None:
        if uids.size:
            self._seen[kind].append(np.unique(uids).astype(np.uint64))
