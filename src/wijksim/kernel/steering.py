"""Which vacancies a rule of allocation steers, and what such rules have in common.

A steering rule takes a share of the vacancies in the chosen districts and complexes; for all others the registration
date decides. So rules that hold in different places work side by side (:class:`Together`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument
from wijksim.kernel.strategy import Strategy, words

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Facts = Mapping[str, Any]

PUBLIC_CONTROL = "housing.public_control"
"""Rate by which levers widen the part of the vacancies over which public parties decide, per district."""

LABEL = "housing.label"
"""Rate by which levers change the odds that who can choose comes to live in a district."""


class Steering(Strategy):
    """Strategy that steers a share of the vacancies, argument ``steered_share`` of each subclass.

    Attributes
    ----------
    needs
        What it must know of a vacancy beyond the usual (:mod:`wijksim.mechanisms.housing.vacancy_facts`).
    """

    kind: ClassVar[str] = "allocation"
    side_by_side: ClassVar[bool] = True
    needs: tuple[str, ...] = ()

    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")
    complexes = Argument("", (), "Numbers of the complexes, separated by commas; empty for all")

    @classmethod
    def together(cls, rules: Sequence[Strategy]) -> Strategy:
        """One rule out of several steering rules."""
        steering = [rule for rule in rules if isinstance(rule, Steering)]
        return Together(steering) if len(steering) == len(rules) else super().together(rules)

    def steers(self, ctx: Context, vacancies: Facts) -> Flags:
        """Steered vacancies, shape ``(vacancies,)``: a larger share contains those of a smaller one."""
        share = float(self.arguments["steered_share"])
        control = ctx.effects.offsets(PUBLIC_CONTROL, "district")
        if control is None:
            chosen = vacancies["steering"] < share
        else:
            chosen = vacancies["steering"] < np.minimum(share * np.exp(control[vacancies["district"]]), 1)
        if self.arguments["districts"]:
            chosen = chosen & self.in_districts(ctx)[vacancies["district"]]
        if self.arguments["complexes"]:
            chosen = chosen & np.isin(vacancies["complex"], self.numbers())
        return np.asarray(chosen)

    def in_districts(self, ctx: Context) -> Flags:
        """Mask of the districts in which it holds."""
        wanted = words(str(self.arguments["districts"]))
        names: list[str] = ctx.settings["district_names"]
        return np.array([not wanted or name in wanted for name in names], dtype=bool)

    def numbers(self) -> list[int]:
        """Complexes for which it holds; empty for all."""
        return [int(word) for word in words(str(self.arguments["complexes"]))]

    def rank(self, ctx: Context, vacancies: Facts, candidates: Facts) -> Floats:
        """Order of offers, shape ``(vacancies, candidates)``: lowest first, infinity for who gets no offer."""
        rank = np.array(candidates["seniority"], dtype=np.float64)
        steered = self.steers(ctx, vacancies)
        return self.order(ctx, rank, steered, vacancies, candidates) if steered.any() else rank

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Change the order by registration date, for the steered vacancies only; overridden by every rule."""
        raise TypeError(f"allocation strategy {self.name} orders nothing")

    def review(self, ctx: Context) -> Floats | None:
        """Targets per complex that are set anew this month, NaN where none is; None if the rule sets no targets."""
        del ctx
        return None


class Together(Steering):
    """Several steering rules, each in places of its own; elsewhere the registration date decides."""

    name: ClassVar[str] = "together"

    def __init__(self, rules: Sequence[Steering]) -> None:
        super().__init__()
        self.rules = tuple(rules)
        self.needs = tuple(sorted({need for rule in rules for need in rule.needs}))

    def steers(self, ctx: Context, vacancies: Facts) -> Flags:
        """Vacancies that one of the rules steers."""
        return np.asarray(np.logical_or.reduce([rule.steers(ctx, vacancies) for rule in self.rules]))

    def rank(self, ctx: Context, vacancies: Facts, candidates: Facts) -> Floats:
        """Order of the rule that steers a vacancy."""
        rank = np.array(candidates["seniority"], dtype=np.float64)
        for rule in self.rules:
            mine = rule.steers(ctx, vacancies)
            if mine.any():
                rank[mine] = rule.rank(ctx, vacancies, candidates)[mine]
        return rank

    def review(self, ctx: Context) -> Floats | None:
        """Targets of the rules that set any."""
        found = [target for rule in self.rules if (target := rule.review(ctx)) is not None]
        if not found:
            return None
        targets = found[0]
        for more in found[1:]:
            targets = np.where(np.isnan(targets), more, targets)
        return targets


def known_need(ctx: Context, candidates: Facts, information: Floats | float) -> Flags:
    """Candidates of whom the landlord knows that they need support.

    Of who comes with priority that is known; of the part ``information`` of regular seekers it comes out in the
    interview, and the same ones whatever the rule.
    """
    luck = ctx.draws.life("strategy.steered.information", candidates["uid"])
    known: Flags = candidates["support"] & (candidates["priority"] | (luck < information))
    return known


def ahead(rank: Floats, first: Flags) -> Floats:
    """Order with ``first`` ahead of everybody else, among themselves as they stood."""
    known = rank[np.isfinite(rank)]
    span = float(known.max() - known.min()) + 1 if known.size else 0.0
    return np.where(first, rank - span, rank)
