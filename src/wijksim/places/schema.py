"""What a place profile holds: published or estimated figures, each with source and year.

A place says what a population must add up to; it never says how anybody behaves. Shares are
fractions of 1. A figure that nobody publishes is marked ``estimated`` (derived from figures that are)
or ``assumed``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from wijksim.state.codes import HouseholdType

# Sums of published shares are off by their rounding: five figures of one decimal in per cent.
SUM_TOLERANCE = 0.005
# The total is published to three decimals, and so are its five parts.
SCORE_TOLERANCE = 0.004
# Age classes of the CBS key figures: the first year of each.
AGE_CLASSES: tuple[int, ...] = (0, 15, 25, 45, 65)
# Source key of figures on the lines through other places (see ``table.unpublished``).
LINES = "lines"
# Base of benefit figures and of net participation: first year in, first year out.
BENEFIT_AGES: tuple[int, int] = (15, 65)
PARTICIPATION_AGES: tuple[int, int] = (15, 75)

type Shares = NDArray[np.float64]
type KeyPath = tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(_Strict):
    """Where a figure comes from.

    Attributes
    ----------
    text
        Citation in words.
    url
        Address of the publication, if there is one.
    evidence
        Rows of the evidence tables that hold or support it.
    """

    text: Annotated[str, Field(min_length=1)]
    url: str | None = None
    evidence: tuple[str, ...] = ()


class Figure(_Strict):
    """A number with its provenance.

    Attributes
    ----------
    value
        The number; its unit is that of the field it stands in.
    source
        Key in ``sources`` of the same file.
    year
        Year the figure describes.
    kind
        ``measured``, ``estimated`` (derived from measured figures) or ``assumed``.
    note
        How it was derived, when it was.
    """

    value: Annotated[float, Field(allow_inf_nan=False)]
    source: Annotated[str, Field(min_length=1)]
    year: Annotated[int, Field(ge=1990, le=2100)]
    kind: Literal["measured", "estimated", "assumed"]
    note: str | None = None


class Share(Figure):
    """A figure between 0 and 1."""

    value: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Amount(Figure):
    """A figure above 0."""

    value: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Group(_Strict):
    """Figures that belong together."""

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield name and figure."""
        for name in type(self).model_fields:
            figure = getattr(self, name)
            if isinstance(figure, Figure):
                yield name, figure


@lru_cache(maxsize=2**8)
def _scaled(values: tuple[float, ...]) -> Shares:
    """Values over their sum, only to be read: places are asked for their shares in every world."""
    numbers = np.array(values)
    shares = np.asarray(numbers / numbers.sum())
    shares.flags.writeable = False
    return shares


class _Whole(_Group):
    """Shares that must sum to 1; the fields stand in the order of their codes."""

    parts_of: ClassVar[str]

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        parts = [(name, figure.value) for name, figure in self.figures()]
        total = sum(value for _, value in parts)
        if abs(total - 1) > SUM_TOLERANCE:
            listed = " + ".join(f"{name} {value:g}" for name, value in parts)
            raise ValueError(f"shares of {self.parts_of} must sum to 1, these sum to {total:.4g} ({listed})")
        return self

    def shares(self) -> Shares:
        """Return the shares in order of the fields, scaled to sum to exactly 1."""
        return _scaled(tuple([figure.value for figure in vars(self).values()]))


class TenureShares(_Whole):
    """Owners, as shares of dwellings (eigendom)."""

    parts_of = "tenure"
    corporation: Share
    owner: Share
    private: Share


class HouseholdShares(_Whole):
    """Household types, as shares of private households (huishoudenstypen)."""

    parts_of = "household types"
    single: Share
    couple: Share
    family: Share
    single_parent: Share


class AgeShares(_Whole):
    """Age classes of the CBS key figures, as shares of residents."""

    parts_of = "age classes"
    age_0_14: Share
    age_15_24: Share
    age_25_44: Share
    age_45_64: Share
    age_65_plus: Share


class EducationShares(_Whole):
    """Highest level attained, as shares of residents of 15-74."""

    parts_of = "education levels"
    none: Share
    lower: Share
    middle: Share
    higher: Share


class IncomeShares(_Whole):
    """Households by fifth of the national distribution of disposable household income."""

    parts_of = "income fifths"
    fifth_1: Share
    fifth_2: Share
    fifth_3: Share
    fifth_4: Share
    fifth_5: Share


class Dwellings(_Group):
    """The stock.

    Attributes
    ----------
    flat_share
        Multi-family dwellings (meergezins), share of dwellings.
    vacancy
        Dwellings without a registered resident, share of dwellings.
    value
        Mean assessed value (WOZ), thousand euros.
    """

    flat_share: Share
    vacancy: Share
    value: Amount


class Work(_Group):
    """Work and benefits.

    Attributes
    ----------
    any_benefit
        Residents of 15-64 with assistance, incapacity or unemployment benefit.
    assistance
        Residents of 15-64 with social assistance (bijstand); part of ``any_benefit``.
    net_participation
        Residents of 15-74 with paid work, side jobs included (nettoarbeidsparticipatie).
    """

    any_benefit: Share
    assistance: Share
    net_participation: Share


class Liveability(_Group):
    """Leefbaarometer 3.0, deviation from the reference score 4.1023 (H501), in points.

    ``won`` dwelling stock, ``fys`` physical environment, ``vrz`` amenities, ``soc`` social cohesion,
    ``onv`` nuisance and insecurity; ``afw`` their sum.
    """

    won: Figure
    fys: Figure
    vrz: Figure
    soc: Figure
    onv: Figure
    afw: Figure


class Place(_Strict):
    """A neighbourhood as marginals.

    Attributes
    ----------
    name
        Name by which scenarios call it.
    kind
        ``neighbourhood`` (one area) or ``archetype`` (weighted mean of many).
    household_size
        Mean persons per private household.
    address_density
        Addresses per square kilometre around an address (omgevingsadressendichtheid).
    residents
        People who lived there; the size of a simulated district is the scenario's.
    reference_weight
        Share of the national reference mixture that this archetype stands for.
    weak_share
        Residents in buurten of Leefbaarometer class 4 (weak) or lower.
    buurt_spread
        Standard deviation of the Leefbaarometer score over buurten, weighted by residents, in points.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    municipality: str | None = None
    kind: Literal["neighbourhood", "archetype"]
    about: str
    sources: dict[str, Source]
    tenure: TenureShares
    dwellings: Dwellings
    households: HouseholdShares
    household_size: Amount
    ages: AgeShares
    work: Work
    education: EducationShares
    incomes: IncomeShares
    liveability: Liveability
    address_density: Amount | None = None
    residents: Amount | None = None
    reference_weight: Share | None = None
    weak_share: Share | None = None
    buurt_spread: Amount | None = None

    def figures(self) -> Iterator[tuple[KeyPath, Figure]]:
        """Yield key path and figure of everything that has a source."""
        for name in type(self).model_fields:
            item = getattr(self, name)
            if isinstance(item, Figure):
                yield (name,), item
            elif isinstance(item, _Group):
                for below, figure in item.figures():
                    yield (name, below), figure

    @property
    def on_lines(self) -> bool:
        """Whether figures lie on the lines through other places: such a place tells nothing new about these lines."""
        return any(figure.source == LINES for _, figure in self.figures())

    @property
    def partner_share(self) -> float:
        """Share of households with two heads."""
        shares = self.households.shares()
        return float(shares[HouseholdType.COUPLE] + shares[HouseholdType.FAMILY])

    @property
    def child_household_share(self) -> float:
        """Share of households with children."""
        shares = self.households.shares()
        return float(shares[HouseholdType.FAMILY] + shares[HouseholdType.SINGLE_PARENT])

    @property
    def children_per_household(self) -> float:
        """Children living at home per household, implied by size and types."""
        return self.household_size.value - 1 - self.partner_share

    def inconsistencies(self) -> list[tuple[KeyPath, str]]:
        """Say which figures contradict each other: key path and message of each contradiction."""
        found: list[tuple[KeyPath, str]] = [
            ((*path, "source"), f"source '{figure.source}' is not among the sources of this file")
            for path, figure in self.figures()
            if figure.source not in self.sources
        ]
        benefit, assistance = self.work.any_benefit.value, self.work.assistance.value
        if assistance > benefit:
            found.append(
                (
                    ("work", "assistance"),
                    f"assistance {assistance:g} exceeds any_benefit {benefit:g}, of which it is part",
                )
            )
        parts = sum(figure.value for name, figure in self.liveability.figures() if name != "afw")
        total = self.liveability.afw.value
        if abs(parts - total) > SCORE_TOLERANCE:
            found.append(
                (("liveability", "afw"), f"afw {total:g} is not the sum of its five parts, {parts:.4g}")
            )
        children, with_children = self.children_per_household, self.child_household_share
        young = self.ages.shares()[0] * self.household_size.value
        if children < with_children - SUM_TOLERANCE:
            found.append(
                (
                    ("household_size",),
                    f"{self.household_size.value:g} persons per household leave {children:.2f} children per "
                    f"household, fewer than the {with_children:.2f} households with children",
                )
            )
        elif with_children == 0 and children > SUM_TOLERANCE:
            found.append(
                (
                    ("household_size",),
                    f"{self.household_size.value:g} persons per household leave {children:.2f} children per "
                    "household, but no household has children",
                )
            )
        elif young > children + SUM_TOLERANCE:
            found.append(
                (
                    ("ages", "age_0_14"),
                    f"there are {young:.2f} residents under 15 per household, but size and types of households "
                    f"leave room for {children:.2f} children",
                )
            )
        return found
