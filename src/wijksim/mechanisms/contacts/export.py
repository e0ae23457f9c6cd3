"""The network of personal ties as a NetworkX graph, and what one asks of it.

NetworkX is imported inside the functions: it takes half a second, and a run does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.contacts.focus import layer_word
from wijksim.state.codes import Activity, Education
from wijksim.state.world import World

if TYPE_CHECKING:
    import networkx as nx

# attributes of a node, and the enumeration that names the codes of some
NODE_COLUMNS: dict[str, Any] = {
    "age": None,
    "milieu": None,
    "education": Education,
    "activity": Activity,
    "household": None,
    "entrance": None,
    "district": None,
    "contributor": None,
    "lonely": None,
    "good_ties": None,
    "support": None,
    "bridging": None,
}


def to_networkx(world: World, complex_row: int | None = None) -> nx.Graph:
    """Make a graph of residents and their personal ties.

    Parameters
    ----------
    world
        A world with contacts.
    complex_row
        Row of a complex: only its residents and the ties among them. None: everybody.

    Returns
    -------
    networkx.Graph
        Nodes are uids (int), with the columns of ``NODE_COLUMNS`` that exist; edges have ``strength`` and
        ``focus`` (a word) and ``bridging`` (between two milieus). Isolated residents are nodes too.
    """
    import networkx as nx

    resident, ties = world.resident, world.ties
    rows = resident.rows
    if complex_row is not None:
        rows = rows[world.household.complex[resident.household[rows]] == complex_row]
    inside = np.zeros(resident.size, dtype=bool)
    inside[rows] = True
    graph = nx.Graph()
    names = [name for name in NODE_COLUMNS if name in resident]
    columns = [_words(resident[name][rows], NODE_COLUMNS[name]) for name in names]
    uid = resident.uid
    for node, *values in zip(uid[rows].tolist(), *columns, strict=True):
        graph.add_node(node, **dict(zip(names, values, strict=True)))
    kept = np.flatnonzero(inside[ties.a] & inside[ties.b])
    a, b = ties.a[kept], ties.b[kept]
    bridging = resident.milieu[a] != resident.milieu[b]
    focus = [layer_word(code) for code in ties.layer[kept].tolist()]
    strength = ties.strength[kept].astype(float).tolist()
    for first, second, weight, word, bridge in zip(
        uid[a].tolist(), uid[b].tolist(), strength, focus, bridging.tolist(), strict=True
    ):
        graph.add_edge(first, second, strength=weight, focus=word, bridging=bridge)
    return graph


def assortativity(world: World, values: NDArray[Any], *, among: NDArray[np.bool_] | None = None) -> float:
    """Newman's assortativity of the ties by a code: 1 all alike, 0 by chance, negative if unlike.

    Parameters
    ----------
    values
        A small code per resident row, shape ``(n_residents,)``.
    among
        Mask of residents; ties with an end outside it are left out.

    Returns
    -------
    float
        0 if there are no ties or only one code.
    """
    a, b = world.ties.a, world.ties.b
    if among is not None:
        inside = among[a] & among[b]
        a, b = a[inside], b[inside]
    if a.size == 0:
        return 0.0
    codes, place = np.unique(np.concatenate([values[a], values[b]]), return_inverse=True)
    first, second = place[: a.size], place[a.size :]
    mixing = np.bincount(first * codes.size + second, minlength=codes.size**2).reshape(codes.size, codes.size)
    share = (mixing + mixing.T) / (2 * a.size)
    chance = float((share.sum(axis=0) ** 2).sum())
    return 0.0 if chance >= 1 else (float(np.trace(share)) - chance) / (1 - chance)


def bridging_share(world: World, values: NDArray[Any]) -> float:
    """Share of the ties between residents with different codes; 0 without ties."""
    ties = world.ties
    return float(np.mean(values[ties.a] != values[ties.b])) if len(ties) else 0.0


def components(world: World) -> NDArray[np.int64]:
    """Sizes of the connected components of adults with ties, largest first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ties, size = world.ties, world.resident.size
    graph = coo_array((np.ones(len(ties), dtype=np.int8), (ties.a, ties.b)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    tied = np.unique(np.concatenate([ties.a, ties.b]))
    sizes = np.bincount(label[tied]) if tied.size else np.empty(0, dtype=np.int64)
    return np.sort(sizes[sizes > 0])[::-1].astype(np.int64)


def clustering(world: World) -> float:
    """Mean local clustering over everybody with two ties or more."""
    from scipy.sparse import csr_array

    ties, size = world.ties, world.resident.size
    ends = (np.concatenate([ties.a, ties.b]), np.concatenate([ties.b, ties.a]))
    matrix = csr_array((np.ones(2 * len(ties), dtype=np.int32), ends), shape=(size, size))
    return mean_local_clustering(matrix)


def mean_local_clustering(matrix: Any) -> float:
    """Mean local clustering of a symmetric 0-1 matrix (scipy CSR), rows with two entries or more."""
    degree = np.diff(matrix.indptr)
    some = degree > 1
    if not some.any():
        return 0.0
    triangles = np.asarray((matrix @ matrix).multiply(matrix).sum(axis=1)).ravel()
    return float((triangles[some] / (degree[some] * (degree[some] - 1.0))).mean())


def _words(values: NDArray[Any], codes: Any) -> list[Any]:
    return values.tolist() if codes is None else [codes(code).name.lower() for code in values.tolist()]
