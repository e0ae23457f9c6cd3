"""Projects on their way: permit, rehousing, demolition and building, delivery; renovation around the people.

``permit -> (rehousing -> site) -> delivered``. From the reference date (peildatum) nobody new moves in. When the time
for rehousing is over, whoever is left is housed elsewhere by the corporation; the builders begin when the last
dwelling is empty, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.requests import Conversion
from wijksim.mechanisms.construction import additions, costs
from wijksim.mechanisms.construction.book import Act, Book, Project, Stage, Terms, by_owner
from wijksim.state.codes import Tenure, Works
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def finish(ctx: Context, book: Book) -> None:
    """Works whose result was written by last month's transitions are over."""
    for rows in book.done:
        ctx.world.dwelling.works[rows] = Works.NONE
    book.done.clear()


def advance(ctx: Context, book: Book) -> bool:
    """Move every project whose stage is over to the next one; tell whether there was any."""
    if not book.projects:
        return False
    table, moved = ctx.world.dwelling, False
    for number in book.pipeline.pop(ctx.month)["project"].tolist():
        moved = True
        project = book.projects[number]
        # a dwelling taken away by hand is not built again
        project.dwellings = project.dwellings[table.alive[project.dwellings]]
        if project.stage == Stage.BUILDING:
            _deliver(ctx, book, project)
            del book.projects[number]
        elif project.act in (Act.ADD, Act.ELSEWHERE):
            additions.begin(ctx, project, new_owners(ctx, project.dwellings, project.terms))
            _wait(ctx, book, number, ctx.values["construction.building_months"])
        elif project.act in (Act.RENOVATE, Act.IMPROVE):
            _renovate(ctx, book, number)
        elif project.stage == Stage.PERMIT:
            project.stage = Stage.REHOUSING
            table.works[project.dwellings] = Works.REHOUSING
            _contract(ctx, project)
            _wait(ctx, book, number, ctx.values["construction.rehousing_months"])
        else:
            table.works[project.dwellings] = Works.CLEARING
            _wait(ctx, book, number, 1)
    for number, project in book.projects.items():
        if project.stage == Stage.REHOUSING and np.all(table.household[project.dwellings] < 0):
            _demolish(ctx, book, number)
            moved = True
    return moved


def _wait(ctx: Context, book: Book, number: int, months: float) -> None:
    book.pipeline.push(np.array([ctx.month + int(months)]), project=np.array([number]))


def _contract(ctx: Context, project: Project) -> None:
    """Book everything at the reference date: when the last household leaves must not decide on the year of the cost."""
    costs.buy_out(ctx, project.dwellings)
    costs.demolish(ctx, project)
    for places in (project.dwellings, beside(project)):
        costs.build(ctx, places, new_owners(ctx, places, project.terms))


def _renovate(ctx: Context, book: Book, number: int) -> None:
    """Builders come in; people stay, and dwellings that fall vacant are let."""
    project = book.projects[number]
    project.stage = Stage.BUILDING
    ctx.world.dwelling.works[project.dwellings] = Works.RENOVATION
    costs.renovate(ctx, project)
    _wait(ctx, book, number, ctx.values["construction.renovation_months"])


def _demolish(ctx: Context, book: Book, number: int) -> None:
    """Pull down what is empty and begin to build."""
    project = book.projects[number]
    table, rows = ctx.world.dwelling, project.dwellings
    project.stage = Stage.BUILDING
    # the end of the time for rehousing no longer matters
    book.pipeline.drop(book.pipeline.fields["project"] == number)
    book.stock.spend(by_owner(ctx.world, rows))
    table.works[rows] = Works.SITE
    ctx.log.record("demolished", dwelling=rows, district=table.district[rows])
    _wait(ctx, book, number, ctx.values["construction.building_months"])


def _deliver(ctx: Context, book: Book, project: Project) -> None:
    """Hand over renovated or new dwellings; the lifecycle writes them with this month's transitions."""
    table, rows = ctx.world.dwelling, project.dwellings
    if project.act == Act.ELSEWHERE:
        additions.ready_elsewhere(ctx, project.terms)
        return
    if project.act == Act.ADD:
        number = np.full(rows.size, project.started)
        uids = derive_uid("dwelling built beside", table.uid[rows], number, np.arange(rows.size))
        additions.deliver(ctx, book, rows, uids, columns=new_dwellings(ctx, rows, project.terms))
        return
    book.done.append(rows)
    if project.act in (Act.RENOVATE, Act.IMPROVE):
        ctx.requests.convert(Conversion(rows, {"quality": _renovated(ctx, rows, project.terms)}, empty=False))
        table.energy_label[rows] = _relabelled(ctx, rows, project.terms)
        table.renovated[rows] = True
        ctx.log.record("renovated", dwelling=rows, district=table.district[rows])
        return
    columns = new_dwellings(ctx, rows, project.terms)
    ctx.requests.convert(Conversion(rows, columns))
    additions.receive(book, columns["owner"])
    places = beside(project)
    uids = derive_uid("dwelling added", table.uid[places], np.arange(places.size))
    additions.deliver(ctx, book, places, uids, columns=new_dwellings(ctx, places, project.terms))
    table.energy_label[rows] = np.int8(ctx.values["construction.new_label"])
    table.replaced[rows] = True
    table.renovated[rows] = False
    ctx.log.record("replaced", dwelling=rows, district=table.district[rows])


def beside(project: Project) -> Rows:
    """Dwellings beside which more are built, evenly over the place, in the number nearest to the growth."""
    rows = project.dwellings
    extra = round(project.terms.growth * rows.size)
    return np.asarray(rows[np.arange(extra) * rows.size // max(extra, 1)])


def _renovated(ctx: Context, rows: Rows, terms: Terms) -> NDArray[np.float32]:
    """Quality after renovation: raised, to no more than that of a new dwelling; never lowered."""
    quality = ctx.world.dwelling.quality[rows]
    gain = ctx.values["construction.renovation_gain"] * terms.depth
    better = np.minimum(quality + gain, ctx.values["construction.new_quality"])
    return np.asarray(np.maximum(quality, better), dtype=np.float32)


def _relabelled(ctx: Context, rows: Rows, terms: Terms) -> NDArray[np.int8]:
    """Energy label after renovation: a deep one goes all the way, a lighter one the nearest part of the steps."""
    label = ctx.world.dwelling.energy_label[rows]
    steps = np.maximum(label - int(ctx.values["construction.renovated_label"]), 0)
    return np.asarray(label - np.rint(steps * terms.depth), dtype=np.int8)


def new_owners(ctx: Context, rows: Rows, terms: Terms) -> NDArray[np.int8]:
    """Owner of each dwelling that is built: whole numbers nearest to the shares agreed, or as it was."""
    table = ctx.world.dwelling
    if terms.owner_share is None:
        return np.asarray(table.owner[rows].copy())
    owners = np.full(rows.size, int(Tenure.CORPORATION), dtype=np.int8)
    order = np.argsort(ctx.draws.life("construction.mix", table.uid[rows]), kind="stable")
    sold = round(terms.owner_share * rows.size)
    let = min(round(terms.private_share * rows.size), rows.size - sold)
    owners[order[:sold]] = Tenure.OWNER
    owners[order[sold : sold + let]] = Tenure.PRIVATE
    return owners


def new_dwellings(ctx: Context, rows: Rows, terms: Terms) -> dict[str, NDArray[Any]]:
    """Columns of dwellings built on the spot of ``rows``: owner, quality, value and rent; rooms and kind stay.

    Corporation rents lie within the limit of the rent benefit, private ones in the middle segment (middenhuur). Dearer
    dwellings are dearer to buy or to rent privately; smaller ones are worth less in proportion to their rooms.
    """
    table, values = ctx.world.dwelling, ctx.values
    owners = new_owners(ctx, rows, terms)
    luck = ctx.draws.life_normal("construction.quality", table.uid[rows])
    quality = values["construction.new_quality"] + values["construction.new_quality_sd"] * luck
    rent = np.zeros(rows.size)
    rent[owners == int(Tenure.CORPORATION)] = (
        values["construction.new_rent_share"] * values["housing.rent_cap"]
    )
    rent[owners == int(Tenure.PRIVATE)] = values["construction.middle_rent"] * terms.dearer
    if terms.rent > 0:
        rent[owners == int(Tenure.CORPORATION)] = terms.rent
    value = table.value[rows] * values["construction.new_value"]
    if terms.dearer != 1:
        value *= np.where(owners == int(Tenure.OWNER), terms.dearer, 1.0)
    columns: dict[str, NDArray[Any]] = {
        "owner": owners,
        "quality": quality.astype(np.float32),
        "value": value.astype(np.float32),
        "rent": rent.astype(np.float32),
    }
    if terms.rooms:
        columns["value"] *= (terms.rooms / np.maximum(table.rooms[rows], 1)).astype(np.float32)
        columns["rooms"] = np.full(rows.size, terms.rooms, dtype=np.int8)
    if terms.form:
        columns["form"] = np.full(rows.size, terms.form, dtype=np.int8)
    return columns
