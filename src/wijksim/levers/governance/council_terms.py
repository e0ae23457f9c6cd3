"""Programmes that depend on who governs after each election (collegeperiodes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class CouncilTerms(Lever):
    """Keep a programme after each election or stop it until the next.

    One chance is drawn for each word of ``aim`` and term: with ``all`` everything stands or falls together, with
    names each on its own. A programme that a later council takes up begins at the foot of its ramp.
    """

    name: ClassVar[str] = "council-terms"
    title: ClassVar[str] = "Programmes by council term"
    title_nl: ClassVar[str] = "Programma's per collegeperiode"
    explain: ClassVar[str] = "After each election a programme is kept or stopped for the term that follows."
    explain_nl: ClassVar[str] = (
        "Na elke verkiezing gaat een programma door of stopt het voor de periode die volgt."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G018",)
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    keep = Param(
        0.6, "share", (0.3, 1.0), "assumed", "D", ("G018",), "Chance that a new council keeps a programme"
    )
    term = Param(48.0, "months", (12.0, 72.0), "measured", "A", ("G018",), "Months between elections")
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Keep or stop each programme for the term, by a chance that is drawn once for a programme and a term."""
        term = round(self.number("term"))
        passed = ctx.month - self.window.start
        for word in sorted(self.aimed()):
            course = self._course_of(ctx, word, passed, term)
            self.govern(ctx, frozenset((word,)), Governed(course=course, steady=1 - dose))

    def _course_of(self, ctx: Context, word: str, passed: int, term: int) -> tuple[int, int]:
        """Months in force since it was last taken up, and months since it was last stopped; the first term is safe."""
        terms = np.arange(passed // term + 1, dtype=np.uint64)
        kept = ctx.draws.life(f"lever.{self.name}.{word}", terms) < self.number("keep")
        kept[0] = True
        now = int(kept.size - 1)
        same = int(np.argmax((kept != kept[now])[::-1])) if (kept != kept[now]).any() else now + 1
        since = passed - (now + 1 - same) * term + 1
        if kept[now]:
            return since, 0
        before = kept[: now + 1 - same]
        ran = int(np.argmin(before[::-1])) if not before.all() else int(before.size)
        return ran * term, since
