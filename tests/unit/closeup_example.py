"""Invented looks from nearby, for the tests of pictures: small enough to count by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from wijksim.runs.closeup import HOURS, MAPPED, Circle, Closeup, Doors, Standing

MOMENTS = (0, 24, 48)
COMPLEXES = {901: (11, 12, 13), 902: (21, 22), 903: (31,)}  # of the first district, and their entrances
ELSEWHERE = {904: (41, 42)}
PER_ENTRANCE = 8


def doors(shares: dict[int, float], *, sites: tuple[int, ...] = (), replaced: tuple[int, ...] = ()) -> Doors:
    """Entrances with a per cent of eight households each; one that is not named has nobody."""
    found = [(owner, uid, 0) for owner, uids in COMPLEXES.items() for uid in uids]
    found += [(owner, uid, 1) for owner, uids in ELSEWHERE.items() for uid in uids]
    uids = [uid for _, uid, _ in found]
    lived = np.array([PER_ENTRANCE if uid in shares else 0 for uid in uids])
    top = np.array([shares.get(uid, 0.0) for uid in uids]) * lived / 100
    return Doors(
        uid=np.array(uids, np.uint64),
        complex=np.array([owner for owner, _, _ in found], np.uint64),
        district=np.array([district for _, _, district in found], np.int32),
        dwellings=np.full(len(uids), PER_ENTRANCE),
        sites=np.array([PER_ENTRANCE if uid in sites else 0 for uid in uids]),
        replaced=np.array([PER_ENTRANCE if uid in replaced else 0 for uid in uids]),
        households=lived,
        top=dict.fromkeys(MAPPED, top),
        bottom=dict.fromkeys(MAPPED, lived.astype(np.float64)),
    )


def circle(people: dict[int, Standing], ties: dict[tuple[int, int], float]) -> Circle:
    """Adults by uid, all behind one of two doors, and ties by pair."""
    uids, pairs = sorted(people), sorted(ties)
    return Circle(
        complex=901,
        uid=np.array(uids, np.uint64),
        entrance=np.array([11 + uid % 2 for uid in uids], np.uint64),
        standing=np.array([people[uid] for uid in uids], np.int8),
        first=np.array([pair[0] for pair in pairs], np.uint64),
        second=np.array([pair[1] for pair in pairs], np.uint64),
        strength=np.array([ties[pair] for pair in pairs], np.float32),
        strong=0.7,
    )


PEOPLE = dict.fromkeys(range(1, 9), Standing.OTHER) | {
    1: Standing.SOURCE,
    2: Standing.HELPED,
    3: Standing.CONTRIBUTOR,
}
START = circle(PEOPLE, {(1, 2): 0.1, (2, 3): 0.4, (3, 4): 0.9, (4, 5): 0.8, (5, 6): 0.2})
LATER = circle(
    {1: Standing.OTHER, 3: Standing.CONTRIBUTOR, 4: Standing.HELPED, 20: Standing.OTHER, 21: Standing.SOURCE},
    {(1, 3): 0.75, (3, 4): 0.95, (20, 21): 0.05},
)
GONE = circle({}, {})

SHARES = {11: 0.0, 12: 12.5, 13: 25.0, 21: 62.5, 22: 37.5, 31: 0.0, 41: 50.0, 42: 0.0}


def closeups(count: int = 2, *, months: int = 48, districts: int = 3) -> tuple[Closeup, ...]:
    """Looks at the null alternative and at variants; the last variant pulls down and builds anew."""
    start = doors(SHARES)
    calm = doors({**SHARES, 21: 50.0})
    busy = doors({uid: share for uid, share in SHARES.items() if uid not in (11, 12, 31)}, sites=(11, 12))
    rebuilt = doors({**SHARES, 11: 100.0, 12: 87.5}, replaced=(11, 12))
    hours = np.random.default_rng(5).uniform(5, 40, (months, len(HOURS), districts))
    found = []
    for scenario in range(count):
        last = scenario == count - 1 and scenario > 0
        seen: tuple[Any, ...] = (start, busy, rebuilt) if last else (start, calm, calm)
        known = (START, GONE, LATER) if last else (START, START, START)
        found.append(
            Closeup(MOMENTS, seen, tuple((one,) * districts for one in known), hours * (1 + 0.1 * scenario))
        )
    return tuple(found)
