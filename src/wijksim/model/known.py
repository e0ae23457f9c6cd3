"""What a scenario may name, gathered from the registries; and the short way from a name to a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import wijksim.levers
import wijksim.measures
import wijksim.mechanisms
import wijksim.strategies  # noqa: F401  (registers the shipped parts)
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.kernel.arguments import Param
from wijksim.kernel.event import Event
from wijksim.kernel.govern import EVERYTHING
from wijksim.kernel.groups import GROUPS, group_labels
from wijksim.kernel.lever import GOVERN, LEVERS
from wijksim.kernel.loops import LOOPS
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.kernel.relax import Relax
from wijksim.kernel.strategy import STRATEGIES, decided_by_place, meet, words
from wijksim.model.lever_parameters import lever_parameters
from wijksim.model.series import SERIES
from wijksim.parameters.store import ParameterStore, shipped_parameters
from wijksim.places.load import place_names, read_place
from wijksim.scenario.findings import listed
from wijksim.scenario.known import Known, LeverSpec, SeriesSpec, StrategySpec, argument_specs
from wijksim.scenario.load import load_scenarios as _load_all
from wijksim.scenario.prices import Price, load_prices
from wijksim.scenario.resolve import LeverUse, Scenario

_NEVER = 10**9


def all_parameters() -> ParameterStore:
    """Shipped parameters and those that registered levers carry."""
    store = ParameterStore(shipped_parameters())
    store.declare(lever_parameters())
    return store


def live_loops() -> tuple[str, ...]:
    """Feedback loops that an influence of a registered mechanism carries."""
    found = set()
    for _, mechanism in MECHANISMS.items():
        processes: list[Event | Relax] = [*mechanism.events(), *mechanism.states()]
        for process in processes:
            found |= {influence.loop for influence in process.index.influences if influence.loop}
    return tuple(name for name in LOOPS if name in found)


def known() -> Known:
    """Everything that a scenario may name at this moment (plug-ins included)."""
    strategies: dict[str, dict[str, StrategySpec]] = {}
    for name, strategy in STRATEGIES.items():
        strategies.setdefault(strategy.kind, {})[name] = StrategySpec(argument_specs(strategy.declared()))
    return Known(
        parameters=all_parameters().parameters,
        levers={
            name: LeverSpec(argument_specs(lever.declared()), lever.targets) for name, lever in LEVERS.items()
        },
        measures=MEASURES.names(),
        strategies=strategies,
        series={name: SeriesSpec(series.low, series.high, series.unit) for name, series in SERIES.items()},
        loops=live_loops(),
        places=place_names(),
        groups=tuple(GROUPS),
        group_labels=group_labels(),
        read_place=read_place,
    )


def load_scenario(
    source: str | Path,
    *,
    overrides: Mapping[str, Any] | None = None,
    prices: str | Path | None = None,
) -> Scenario:
    """Load and check a scenario by name or path.

    Parameters
    ----------
    source
        Name of a shipped scenario, or path of a file.
    overrides
        What the command line would say: ``{"months": 60, "world.size": 2000, "set.debt.entry_rate": 0.02}``.
    prices
        File of the user's own prices (see :mod:`wijksim.scenario.prices`).

    Raises
    ------
    InputError
        With every problem as ``file:line:col: what is wrong, did you mean ...?``.
    """
    return load_scenarios([source], overrides=overrides, prices=prices)[0]


def load_scenarios(
    sources: Sequence[str | Path],
    *,
    overrides: Mapping[str, Any] | None = None,
    prices: str | Path | None = None,
) -> tuple[Scenario, ...]:
    """Load and check several scenarios, all with the same prices; the problems of all files are reported together."""
    scenarios: tuple[Scenario, ...] = ()
    problems: list[Problem] = []
    try:
        scenarios = _load_all(
            sources,
            known=known,
            overrides=overrides,
            checks=(_rival_choices, _aims, _faults, _rival_governors),
        )
    except InputError as error:
        problems += error.problems
    own: tuple[Price, ...] = ()
    if prices is not None:
        try:
            own = load_prices(prices, all_parameters().parameters)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(replace(scenario, prices=own) for scenario in scenarios) if own else scenarios


def _aims(scenario: Scenario) -> list[Problem]:
    """Words by which a lever governs others that no lever and no family of levers has."""
    known = {EVERYTHING, *scenario.written_uses}
    for name, lever in LEVERS.items():
        known |= {name, lever.family}
    found = []
    for use in scenario.levers:
        if LEVERS.get(use.lever).phase != GOVERN or "aim" not in use.arguments:
            continue
        place = scenario.origin(("levers", use.id))
        for word in (one.strip() for one in str(use.arguments["aim"]).split(",")):
            if word not in known:
                message = f"lever '{use.id}' is aimed at '{word}': there is no lever or family of this name"
                found.append(
                    Problem(place.file, place.line, place.column, message, did_you_mean(word, sorted(known)))
                )
    return found


def _faults(scenario: Scenario) -> list[Problem]:
    """Arguments that each fit their declaration and still mean nothing to their lever."""
    found = []
    for use in scenario.levers:
        fault = LEVERS.get(use.lever)(use.arguments).fault()
        if fault:
            place = scenario.origin(("levers", use.id))
            found.append(Problem(place.file, place.line, place.column, f"lever '{use.id}': {fault}"))
    return found


def _rival_choices(scenario: Scenario) -> list[Problem]:
    """Levers that choose the strategy of one decision at once, or against a strategy of the scenario.

    At once is in the same months and, where strategies of that kind hold by place, where the two can meet.
    """
    found = []
    for position, use in enumerate(scenario.levers):
        here = scenario.origin(("levers", use.id))
        for kind in LEVERS.get(use.lever).chooses:
            by_place = decided_by_place(kind)
            rivals = [
                (f"lever '{other.id}'", scenario.origin(("levers", other.id)), _shared(use, other))
                for other in scenario.levers[:position]
                if kind in LEVERS.get(other.lever).chooses
                and _overlap(use, other)
                and (not by_place or meet(use.target.plain(), other.target.plain()))
            ]
            standing = scenario.strategies.get(kind)
            if standing is not None and (not by_place or meet(use.target.plain(), standing.arguments)):
                rivals.append(
                    (f"'strategies: {kind}'", scenario.origin(("strategies", kind)), _shared(use, use))
                )
            where = "where both can meet, " if by_place else ""
            apart = ", let them follow each other" + (" or keep them in different places" if by_place else "")
            for rival, there, months in rivals:
                message = (
                    f"lever '{use.id}' and {rival} ({there.file}:{there.line}) both choose the strategy for {kind} "
                    f"{where}{months}; leave one out{apart if rival.startswith('lever') else ''}"
                )
                found.append(Problem(here.file, here.line, here.column, message))
    return found


def _rival_governors(scenario: Scenario) -> list[Problem]:
    """Levers of a kind that may not govern one lever twice, such as two budgets, where two of them do."""
    found = []
    alone = [use for use in scenario.levers if LEVERS.get(use.lever).alone]
    for position, use in enumerate(alone):
        for other in alone[:position]:
            both = sorted(governed_by(use, scenario) & governed_by(other, scenario))
            same = use.lever == other.lever and meet(use.target.plain(), other.target.plain())
            if not same or not both or not _overlap(use, other):
                continue
            here, there = scenario.origin(("levers", use.id)), scenario.origin(("levers", other.id))
            message = (
                f"lever '{use.id}' and lever '{other.id}' ({there.file}:{there.line}) both hold for {listed(both)} in "
                "the same place and months; give one, or aim them at different levers or districts"
            )
            found.append(Problem(here.file, here.line, here.column, message))
    return found


def governed_by(use: LeverUse, scenario: Scenario) -> set[str]:
    """Levers of a scenario that one of them governs."""
    aim = words(str(use.arguments.get("aim", EVERYTHING)))
    governed = set()
    for other in scenario.levers:
        kind = LEVERS.get(other.lever)
        if kind.phase != GOVERN and (EVERYTHING in aim or aim & {other.id, other.lever, kind.family}):
            governed.add(other.id)
    return governed


def _overlap(one: LeverUse, other: LeverUse) -> bool:
    one_end, other_end = _end(one), _end(other)
    return one.start < other_end and other.start < one_end


def _shared(one: LeverUse, other: LeverUse) -> str:
    """Months that two uses have in common, in words."""
    start, end = max(one.start, other.start), min(_end(one), _end(other))
    fades = end == _NEVER and (one.end is not None or other.end is not None)
    until = "on" if end == _NEVER else f"to {end - 1}"
    return f"from month {start} {until}" + (", as their doses fade slowly (decay)" if fades else "")


def _end(use: LeverUse) -> int:
    """First month in which a use has no dose any more; what fades after its end is in force for long."""
    decay = use.arguments.get("decay", LEVERS.get(use.lever).declared()["decay"])
    fades = float(decay.value if isinstance(decay, Param) else decay) > 0
    return _NEVER if use.end is None or fades else use.end


def scenario_of(spec: Scenario | str | Path) -> Scenario:
    """Return a scenario as it is, or load it by name or path."""
    return spec if isinstance(spec, Scenario) else load_scenario(spec)
