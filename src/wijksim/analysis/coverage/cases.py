"""The rows of the source texts and what carries each: a lever, a case composed of several things, or measures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import wijksim.levers
import wijksim.measures  # noqa: F401  (registers what is shipped)
from wijksim.core.documents import load
from wijksim.core.resources import shipped
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import GOVERN, LEVERS
from wijksim.kernel.measure import MEASURES
from wijksim.scenario.resolve import Scenario

HERE = Path(__file__).parent
TREATED = "vulnerable"
"""District at which levers are aimed that can be aimed at districts."""

_POLICY = ("levers", "set", "series", "strategies", "loops")


@dataclass(frozen=True)
class Row:
    """A row of the source texts."""

    key: str
    en: str
    nl: str

    @property
    def outcome(self) -> bool:
        """Whether it is something to be measured, not something to be done."""
        return self.key.startswith("O")


@dataclass(frozen=True)
class Case:
    """How a row is switched on.

    Attributes
    ----------
    row, carrier
        Key of the row, and the lever that carries it (or a few words on what the case is composed of).
    moves, sign, differs
        As :class:`wijksim.kernel.carry.Carries` has them.
    policy, against
        What a scenario says with the row and without it: levers, ``set``, ``series``, ``strategies``, ``loops``.
    where
        District in which the measure is read; None for the whole city.
    apart
        Parts of the row, each as a scenario has it alone. What is told is then what the whole does beyond the sum of
        its parts: with the row, less without it, less what each part does alone.
    """

    row: str
    carrier: str
    moves: str
    sign: int
    differs: str
    policy: Mapping[str, Any] = field(default_factory=dict)
    against: Mapping[str, Any] = field(default_factory=dict)
    where: str | None = TREATED
    apart: tuple[Mapping[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """Changes with anything by which the effect of the row could."""
        content: list[Any] = [self.moves, self.where, self.policy, self.against]
        content += [self.apart] if self.apart else []
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def setting(self) -> str:
        """The row in a few words: levers with their arguments, and whatever else is set."""
        words = [
            _use_in_words(use)
            for use in self.policy.get("levers", ())
            if use not in self.against.get("levers", ())
        ]
        for kind in _POLICY[1:]:
            given, base = self.policy.get(kind, {}), self.against.get(kind, {})
            words += [
                f"{kind} {name}={_short(value)}" for name, value in given.items() if base.get(name) != value
            ]
        return "; ".join(words)


def _use_in_words(use: Mapping[str, Any]) -> str:
    rest = [f"{name}={_short(value)}" for name, value in use.items() if name not in ("lever", "id", "target")]
    return " ".join([str(use["lever"]), *rest])


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@lru_cache(maxsize=1)
def rows() -> dict[str, Row]:
    """All rows by key, in the order of the sources."""
    data = load(HERE / "rows.yaml").data["rows"]
    return {key: Row(key, entry["en"], entry["nl"]) for key, entry in data.items()}


def cases() -> tuple[Case, ...]:
    """Every way in which a row is switched on, by row; the lever to which the row is closest comes first."""
    found = [
        _case_of(name, carried) for name, lever in LEVERS.items() for carried in lever.carries
    ] + _composed()
    return tuple(sorted(found, key=lambda case: (case.row, _rank(case), case.carrier, case.digest)))


def _rank(case: Case) -> int:
    """How far down its own list of evidence a lever names the row: who names it first carries it first."""
    if case.carrier not in LEVERS:
        return 0
    return LEVERS.get(case.carrier).evidence.index(case.row)


def measures_of(row: str) -> tuple[str, ...]:
    """Measures that carry an outcome."""
    return tuple(name for name, kind in MEASURES.items() if row in kind.outcome)


def _case_of(name: str, carried: Carries) -> Case:
    own = _aimed({"lever": name, **carried.arguments})
    others = [_aimed(use) for use in carried.with_levers]
    together = [_aimed(use) for use in carried.together]
    against = {"levers": _with_ids(others)} if others else {}
    aimed = any("target" in use for use in (own, *others, *together))
    where = carried.where or (TREATED if aimed else None)
    policy = {"levers": _with_ids([*others, own, *together])}
    return Case(carried.row, name, carried.moves, carried.sign, carried.differs, policy, against, where)


def _aimed(use: Mapping[str, Any]) -> dict[str, Any]:
    """A use of a lever aimed at the treated district, if it can be and says nothing else; a target of None is all."""
    kind = LEVERS.get(str(use["lever"]))
    plain = {name: value for name, value in use.items() if (name, value) != ("target", None)}
    free = "target" in use or "districts" not in kind.targets or kind.phase == GOVERN
    return plain if free else {**plain, "target": {"districts": [TREATED]}}


def _with_ids(uses: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Levers that are used twice need a name of their own."""
    seen: dict[str, int] = {}
    result = []
    for use in uses:
        name = str(use.get("id", use["lever"]))
        seen[name] = seen.get(name, 0) + 1
        result.append(dict(use) if seen[name] == 1 else {**use, "id": f"{name}-{seen[name]}"})
    return result


def _composed() -> list[Case]:
    """Rows that no single lever carries: drivers from outside, mechanisms, and packages."""
    found = []
    for entry in load(HERE / "cases.yaml").data["cases"]:
        written = [entry.get("with", {}), entry.get("without", {}), *entry.get("apart", ())]
        sides = [{kind: _side(kind, side[kind]) for kind in _POLICY if kind in side} for side in written]
        where = entry.get("where", TREATED)
        found.append(
            Case(
                entry["row"],
                entry["carrier"],
                entry["moves"],
                entry["sign"],
                " ".join(entry["differs"].split()),
                sides[0],
                sides[1],
                None if where == "city" else where,
                tuple(sides[2:]),
            )
        )
    return found


def _side(kind: str, content: Any) -> Any:
    return _with_ids([_aimed(use) for use in content]) if kind == "levers" else content


def scenarios_of(
    wanted: Sequence[Case], *, overrides: Mapping[str, Any] | None = None
) -> tuple[list[Scenario], list[tuple[int, ...]]]:
    """Scenarios that try some cases, each distinct one once.

    Returns
    -------
    scenarios
        The plain world first.
    places
        Per case the place of the scenario with the row, of the one without, and of those with a part of it alone.
    """
    from wijksim.model.known import load_scenario

    path = shipped("scenarios") / "coverage" / "base.yaml"
    made: dict[str, int] = {}
    scenarios: list[Scenario] = []

    def place(policy: Mapping[str, Any]) -> int:
        key = json.dumps(policy, sort_keys=True)
        if key not in made:
            plain = load_scenario(path, overrides={**(overrides or {}), **policy})
            made[key] = len(scenarios)
            scenarios.append(replace(plain, id=f"case-{len(scenarios)}"))
        return made[key]

    place({})
    return scenarios, [
        tuple(place(policy) for policy in (case.policy, case.against, *case.apart)) for case in wanted
    ]
