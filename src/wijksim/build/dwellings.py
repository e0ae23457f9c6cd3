"""The housing stock: who owns which dwelling, in which building, behind which entrance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from wijksim.build.choose import classed, district_uid
from wijksim.build.district import Complexes, Dwellings, Entrances
from wijksim.build.factors import Values, fixed, matrix, names, vector
from wijksim.build.ipf import Fitted, Margin, fit, integerise
from wijksim.core.rng import Draws, derive_uid
from wijksim.places.schema import Place
from wijksim.state.codes import DwellingKind, EntranceKind, Tenure

type Floats = NDArray[np.float64]
type Counts = NDArray[np.int64]
type Uids = NDArray[np.uint64]

_AT_ONCE = 32  # buildings that are drawn for together
_LABELS = ("a", "b", "c", "d", "e", "f", "g")


@dataclass(frozen=True)
class Stock:
    """Dwellings before anybody lives in them."""

    complexes: Complexes
    entrances: Entrances
    dwellings: Dwellings


@dataclass(frozen=True)
class StockPlan:
    """Numbers of dwellings by owner and kind: all of them, and those that stay vacant; shape (tenure, kind)."""

    dwellings: Counts
    vacant: Counts

    @property
    def occupied(self) -> Counts:
        """Number of dwellings that are lived in, which is that of the households."""
        return np.asarray(np.maximum(self.dwellings - self.vacant, 0))


def plan_stock(place: Place, n: int, draws: Draws, values: Values, *, district: int) -> StockPlan:
    """Share out ``n`` dwellings over owners and kinds, and say how many of them stay vacant."""
    luck = district_uid(district)
    counts = tenure_by_kind(place, n, float(draws.life("build.stock", luck)), values)
    rate = vacancy_by_tenure(place, values)
    vacant = integerise(counts * rate[:, np.newaxis], float(draws.life("build.vacant_total", luck)))
    if vacant.sum() == n:
        # A district of a few dwellings may draw them all vacant; somebody lives there.
        vacant[np.unravel_index(vacant.argmax(), vacant.shape)] -= 1
    return StockPlan(counts, vacant)


def build_stock(
    place: Place, planned: StockPlan, uids: Uids, draws: Draws, values: Values, *, district: int
) -> Stock:
    """Make the planned dwellings, all vacant.

    Parameters
    ----------
    uids
        Identities of dwellings, then entrances and complexes; at least three times as many as there are dwellings.
    """
    luck, counts = district_uid(district), planned.dwellings
    n = int(counts.sum())
    uid = uids[:n]
    kind = np.repeat(np.arange(len(DwellingKind)), counts.sum(axis=0))
    blocks = np.concatenate([np.repeat(np.arange(len(Tenure)), column) for column in counts.T])
    owner = _scatter(blocks, kind, uid, draws, values)
    entrance, entrance_kind, entrance_complex = _buildings(kind, luck, draws, values)
    n_entrances, n_complexes = entrance_kind.size, int(entrance_complex[-1]) + 1
    complex_ = entrance_complex[entrance]
    owners = np.zeros((n_complexes, len(Tenure)))
    np.add.at(owners, (complex_, owner), 1)
    complexes = Complexes(
        uid=uids[n + n_entrances : n + n_entrances + n_complexes],
        owner=owners.argmax(axis=1).astype(np.int8),
        kind=kind[np.searchsorted(complex_, np.arange(n_complexes))].astype(np.int8),
        dwellings=np.bincount(complex_, minlength=n_complexes).astype(np.int32),
    )
    entrances = Entrances(
        uid=uids[n : n + n_entrances],
        complex=entrance_complex.astype(np.int32),
        kind=entrance_kind.astype(np.int8),
        dwellings=np.bincount(entrance, minlength=n_entrances).astype(np.int32),
    )
    rooms = _rooms(kind, uid, draws, values)
    quality = _quality(place, owner, complexes.uid[complex_], uid, draws=draws, values=values)
    dwellings = Dwellings(
        uid=uid,
        entrance=entrance.astype(np.int32),
        complex=complex_.astype(np.int32),
        owner=owner.astype(np.int8),
        kind=kind.astype(np.int8),
        rooms=rooms.astype(np.int8),
        rent=_rents(place, owner, rooms, uid, draws=draws, values=values),
        value=_assessed_values(place, owner, kind, rooms, uid, draws=draws, values=values),
        quality=quality.astype(np.float32),
        energy_label=_energy_labels(quality, uid, draws, values),
        household=np.full(n, -1, np.int32),
    )
    return Stock(complexes, entrances, dwellings)


def tenure_by_kind(place: Place, n: int, start: float, values: Values) -> Counts:
    """Whole numbers of dwellings by owner and kind, shape (3, 2); margins of the place to within one."""
    shares, flats, known = place.tenure.shares(), place.dwellings.flat_share.value, fixed(values)
    fitted = known.kept(("stock", n, shares.tobytes(), flats), lambda: _fitted_stock(n, shares, flats, known))
    return integerise(fitted.table, start)


def _fitted_stock(n: int, shares: Floats, flats: float, values: Values) -> Fitted:
    return fit(
        matrix(values, "seed_kind", names(Tenure), names(DwellingKind)),
        (
            Margin((0,), shares * n, "tenure"),
            Margin((1,), np.array([flats, 1 - flats]) * n, "flats"),
        ),
        tolerance=values["build.ipf_tolerance"] * n,
        max_rounds=int(values["build.ipf_rounds"]),
    )


def vacancy_by_tenure(place: Place, values: Values) -> Floats:
    """Share of dwellings vacant by owner.

    Published vacancy is administrative; the part that is on the market keeps the proportions between
    owners that follow from their months between tenants.
    """
    frictional = vector(values, "vacancy", names(Tenure))
    on_market = place.dwellings.vacancy.value * values["build.vacancy_market_share"]
    scale = on_market / float(place.tenure.shares() @ frictional)
    return np.asarray(np.minimum(frictional * scale, values["build.vacancy_highest"]))


def _scatter(owner: Counts, kind: Counts, uid: Uids, draws: Draws, values: Values) -> Counts:
    """Swap owners among a few dwellings of one kind: estates have one owner, mostly."""
    mixed = owner.copy()
    moves = draws.life("build.mixed_owner", uid) < values["build.mixed_ownership"]
    order = draws.life("build.mixed_owner", uid, lane=1)
    for one in range(len(DwellingKind)):
        rows = np.flatnonzero(moves & (kind == one))
        mixed[rows] = owner[rows[np.argsort(order[rows], kind="stable")]]
    return mixed


def _buildings(kind: Counts, luck: int, draws: Draws, values: Values) -> tuple[Counts, Counts, Counts]:
    """Cut the dwellings, in order, into complexes and entrances.

    Returns entrance per dwelling, kind per entrance, complex per entrance.
    """
    sizes: list[int] = []
    kinds: list[int] = []
    complexes: list[int] = []
    bounds = {shape: _bounds(shape, values) for shape in EntranceKind}
    row, gallery = values["build.row_dwellings"], values["build.gallery_share"]
    number, drawn = 0, _building_luck(luck, 0, draws)
    for one in DwellingKind:
        left = int((kind == one).sum())
        while left:
            if number == len(drawn):
                drawn += _building_luck(luck, number, draws)
            u = drawn[number]
            shape = _entrance_kind(one, u[0], gallery)
            of_building, of_entrance = bounds[shape]
            wanted = min(left, _between(*of_building, u[1]))
            # A rest too small for an entrance of its own joins the last building.
            if left - wanted < row:
                wanted = left
            parts = _split(wanted, _between(*of_entrance, u[2]) if of_entrance else int(row))
            sizes += parts
            kinds += [shape] * len(parts)
            complexes += [number] * len(parts)
            left -= wanted
            number += 1
    entrance = np.repeat(np.arange(len(sizes)), sizes)
    return entrance, np.array(kinds), np.array(complexes)


def _building_luck(luck: int, first: int, draws: Draws) -> list[list[float]]:
    """Three draws each for the next buildings: kind, size and size of entrances."""
    numbers = np.arange(first, first + _AT_ONCE)[:, np.newaxis]
    drawn = draws.life("build.building", derive_uid("build.building", luck, numbers, np.arange(3)))
    found: list[list[float]] = drawn.tolist()
    return found


def _entrance_kind(kind: DwellingKind, u: float, gallery_share: float) -> EntranceKind:
    if kind == DwellingKind.HOUSE:
        return EntranceKind.ROW
    return EntranceKind.GALLERY if u < gallery_share else EntranceKind.PORTIEK


def _bounds(shape: EntranceKind, values: Values) -> tuple[tuple[float, float], tuple[float, float] | None]:
    """Fewest and most dwellings of a building and of an entrance; a row has entrances of one size."""
    building, entrance = (
        tuple(f"build.{part}_{shape.name.lower()}_{end}" for end in ("smallest", "largest"))
        for part in ("complex", "entrance")
    )
    of_building = values[building[0]], values[building[1]]
    if shape == EntranceKind.ROW:
        return of_building, None
    return of_building, (values[entrance[0]], values[entrance[1]])


def _between(low: float, high: float, u: float) -> int:
    return int(low + u * (high - low + 1))


def _split(total: int, size: int) -> list[int]:
    """Split into entrances of about ``size``, as equal as whole numbers allow."""
    n = max(1, round(total / size))
    return [total // n + (1 if i < total % n else 0) for i in range(n)]


def _rooms(kind: Counts, uid: Uids, draws: Draws, values: Values) -> Counts:
    luck = draws.life("build.rooms", uid)
    rooms = np.zeros(uid.size, np.int64)
    for one in DwellingKind:
        rows = kind == one
        keys = tuple(str(k) for k in range(1, int(values["build.rooms_most"]) + 1))
        rooms[rows] = 1 + classed(vector(values, f"rooms_{one.name.lower()}", keys), luck[rows])
    return rooms


def _quality(
    place: Place, owner: Counts, complex_uid: Uids, uid: Uids, *, draws: Draws, values: Values
) -> Floats:
    """Quality follows the published dwelling score of the place, then building, owner and dwelling."""
    level = place.liveability.won.value * values["build.quality_per_point"]
    building = draws.life_normal("build.quality_complex", complex_uid) * values["build.quality_sd_complex"]
    own = draws.life_normal("build.quality", uid) * values["build.quality_sd_dwelling"]
    return np.asarray(level + vector(values, "quality", names(Tenure))[owner] + building + own)


def _rents(place: Place, owner: Counts, rooms: Counts, uid: Uids, *, draws: Draws, values: Values) -> Floats:
    """Corporation rents follow the points of the dwelling; private rents the market of the place as well."""
    spread = np.exp(draws.life_normal("build.rent", uid) * values["build.rent_spread"])
    market = (place.dwellings.value.value / values["build.value_nl"]) ** values[
        "build.rent_private_elasticity"
    ]
    rent = np.zeros(uid.size)
    for tenure, level in ((Tenure.CORPORATION, 1.0), (Tenure.PRIVATE, market)):
        base, per_room = (values[f"build.rent_{tenure.name.lower()}_{part}"] for part in ("base", "per_room"))
        rows = owner == tenure
        rent[rows] = ((base + per_room * rooms) * level * spread)[rows]
    return rent


def _assessed_values(
    place: Place, owner: Counts, kind: Counts, rooms: Counts, uid: Uids, *, draws: Draws, values: Values
) -> Floats:
    """Values relative to each other by owner, kind and rooms; the mean is that of the place."""
    relative = (
        vector(values, "value", names(Tenure))[owner]
        * vector(values, "value", names(DwellingKind))[kind]
        * rooms ** values["build.value_rooms_elasticity"]
        * np.exp(draws.life_normal("build.value", uid) * values["build.value_spread"])
    )
    return np.asarray(relative / relative.mean() * place.dwellings.value.value)


def _energy_labels(quality: Floats, uid: Uids, draws: Draws, values: Values) -> NDArray[np.int8]:
    """Labels follow the national shares, better where quality is better."""
    weight = values["build.energy_quality_correlation"]
    latent = -weight * quality + np.sqrt(1 - weight**2) * draws.life_normal("build.energy", uid)
    return classed(vector(values, "energy", _LABELS), ndtr(latent)).astype(np.int8)
