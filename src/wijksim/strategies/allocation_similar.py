"""Allocation of like with like: homes go first to seekers in the stage of life of the building."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, ahead
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Similar(Steering):
    """Steered vacancies go first to seekers in the stage of life that is commonest there (homogeen portiek).

    Stage of life is young without children, with children, middle or old. Each entrance or complex keeps its own kind,
    so that the district stays as mixed as it is while neighbours behind one door grow alike. Income, need and origin
    are not looked at.
    """

    name: ClassVar[str] = "similar"
    needs = ("stage_entrance", "stage_complex")

    steered_share = Param(
        0.7,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L008",),
        "Vacancies offered first to seekers who resemble the neighbours",
    )
    level = Argument(
        "entrance", ("entrance", "complex"), "Neighbours to resemble: behind one entrance or in a complex"
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Put seekers who resemble the neighbours ahead; an empty building resembles nobody."""
        stage = vacancies[f"stage_{self.arguments['level']}"]
        return ahead(rank, steered[:, None] & (candidates["stage"] == stage[:, None]))
