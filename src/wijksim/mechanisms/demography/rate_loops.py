"""Compiled passes that choose who can be hit by an event at all, and look up the base rates of these."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import below
from wijksim.state.codes import Role

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]

_CHILD = int(Role.CHILD)


@inlined
def _near(rows: Rows, chosen: Rows, u: Floats, uid: Uids, key: Uids, highest: float) -> int:
    """Fill ``chosen`` and ``u`` with those of ``rows`` whose draw is below the highest chance, all without a key."""
    if key.size:
        count = below(uid, rows, key, highest, chosen, u)
    else:
        count = rows.size
        chosen[:] = rows
    return count


# fmt: off
@compiled
def fertility(
    rows: Rows, chosen: Rows, u: Floats, out: Floats, uid: Uids, key: Uids, highest: float, age: Months,
    household: Rows, children: Months, role: Codes, partnered: Bools, edges: Floats, rates: Floats,
    parity: tuple[float, ...], single: float,
) -> int:
    # fmt: on
    """Choose as :func:`hazards` does; the rates are births: by age, times ratios for children and for no partner.

    The children at home of a woman who still lives with her parents are her brothers and sisters.
    """
    count = _near(rows, chosen, u, uid, key, highest)
    for i in range(count):
        row, piece = chosen[i], 0
        while piece < edges.size and edges[piece] <= age[row]:
            piece += 1
        own = 0
        if role[row] != _CHILD:
            own = int(children[household[row]])
            own = own if own < len(parity) else len(parity) - 1
        out[i] = rates[piece] * parity[own]
        if not partnered[row]:
            out[i] *= single
    return count


# fmt: off
@compiled
def by_head(
    rows: Rows, chosen: Rows, u: Floats, out: Floats, uid: Uids, key: Uids, highest: float, head: Rows, age: Months,
    edges: Floats, rates: Floats,
) -> int:
    # fmt: on
    """Choose as :func:`hazards` does; the rates are those of the piece in which the age of a household's head lies."""
    count = _near(rows, chosen, u, uid, key, highest)
    for i in range(count):
        years, piece = age[head[chosen[i]]], 0
        while piece < edges.size and edges[piece] <= years:
            piece += 1
        out[i] = rates[piece]
    return count


# fmt: off
@compiled
def hazards(
    rows: Rows, chosen: Rows, u: Floats, out: Floats, uid: Uids, key: Uids, highest: float, age: Months, sex: Codes,
    table: Floats, level: float,
) -> int:
    # fmt: on
    """Choose those of ``rows`` who can be hit at all, and look up their rates; return how many they are.

    Parameters
    ----------
    chosen, u, out
        Filled with these rows, their draws and their rates.
    uid, key, highest
        Under which all draw, and the chance below which a draw has to be; without a key all are chosen.
    table, level
        The rate by sex and age, and by what it is raised.
    """
    last, count = table.shape[1] - 1, _near(rows, chosen, u, uid, key, highest)
    for i in range(count):
        out[i] = table[sex[chosen[i]], min(age[chosen[i]], last)] * level
    return count
