"""From an experiment file to a checked experiment: nothing is written, all problems come at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wijksim.core.documents import Document, KeyPath, load
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.resources import shipped
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import MEASURES
from wijksim.model.known import all_parameters, load_scenarios
from wijksim.parameters.schema import Parameter
from wijksim.runs.sweeps.designs import size_of, table_of
from wijksim.runs.sweeps.experiment import LEVER, SET, Budget, Design, Experiment, Factor
from wijksim.runs.sweeps.grammar import KEYS, BudgetEntry, DesignEntry, ExperimentFile, FactorEntry
from wijksim.runs.sweeps.rows import read_rows
from wijksim.scenario.findings import Findings, range_message
from wijksim.scenario.known import COMMON_ARGUMENTS, argument_specs
from wijksim.scenario.layers import copied, fit
from wijksim.scenario.load import COMMAND_LINE
from wijksim.scenario.prices import Price, load_prices
from wijksim.scenario.resolve import Scenario

FILE_NAME = "experiment.yaml"
DEFAULT_READOUT = (4, 8, 20)
DEFAULT_ROWS = {"lhs": 100, "saltelli": 64, "morris": 10, "full-factorial": 0, "csv": 0}
MORRIS_LEVELS, FACTORIAL_LEVELS = 4, 3
MOST_ROWS = 1_000_000
UNCERTAIN = ("estimated", "assumed")
_NEEDED = {"question": "-", "scenarios": "baseline"}
# rooms that no run reads (what judges results, not what makes them), and figures of the synthetic population, which
# must agree with each other and would not if each were drawn on its own
_OUTSIDE = ("analysis", "validation", "build")


def shipped_experiments() -> tuple[str, ...]:
    """Names of the shipped experiments that a sweep can run, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in shipped("experiments").glob(f"*/{FILE_NAME}")))


def find_experiment(source: str | Path) -> Path:
    """Return the file that a name, folder or path stands for.

    Raises
    ------
    InputError
        If there is none.
    """
    text, names = str(source), shipped_experiments()
    if not text.strip():
        raise InputError([Problem(COMMAND_LINE, 1, 1, "the name of an experiment is empty")])
    if text in names:
        return shipped("experiments") / text / FILE_NAME
    path = Path(source)
    if path.is_dir():
        if not (path / FILE_NAME).is_file():
            message = f"this is a folder without {FILE_NAME}; a YAML file is expected"
            raise InputError([Problem(text, 1, 1, message)])
        return path / FILE_NAME
    if path.is_file():
        return path
    guess = path.stem if path.stem in names else did_you_mean(text, names)
    message = "there is no experiment of this name, and no such file or folder"
    raise InputError(
        [Problem(text, 1, 1, message + ("" if guess else f"; shipped are {', '.join(names)}"), guess)]
    )


def load_experiment(
    source: str | Path,
    *,
    overrides: Mapping[str, Any] | None = None,
    prices: str | Path | None = None,
) -> Experiment:
    """Load and check an experiment.

    Parameters
    ----------
    source
        Name of a shipped experiment, or path of a file or of its folder.
    overrides
        What the command line says of its scenarios: ``{"world.size": 500, "months": 24}``.
    prices
        File of the user's own prices, in the place of the one that the experiment names.

    Raises
    ------
    InputError
        With every problem of the file, of the prices and of the scenarios it names.
    """
    path = find_experiment(source)
    document = load(path, lenient=True)
    root = copied(document.positions)
    malformed = document.and_what_follows(fit(root, ExperimentFile, _NEEDED, KEYS))
    if malformed and root.find(("scenarios",)).data() != document.data.get("scenarios"):
        raise InputError(malformed)  # without its scenarios nobody can say more
    name = path.parent.name if path.name == FILE_NAME else path.stem
    whole = replace(document, data=root.data(), positions=root)
    check = _Check(whole, path.parent, dict(overrides or {}), prices, malformed)
    return check.experiment(name or path.stem)


class _Check:
    """Check of one experiment; what was malformed is told already, and is no part of ``document``."""

    def __init__(
        self,
        document: Document,
        folder: Path,
        overrides: dict[str, Any],
        prices: str | Path | None,
        malformed: Sequence[Problem],
    ) -> None:
        self.document, self.folder, self.overrides = document, folder, overrides
        self.file = ExperimentFile.model_validate(document.data)
        self.own_file, self.own = prices, dict[str, Price]()
        self.malformed = malformed
        self.findings = Findings(document.positions)
        self.findings.problems += malformed

    def experiment(self, name: str) -> Experiment:
        """Return the experiment; InputError with everything that is wrong."""
        file = self.file
        scenarios = self._scenarios()
        self.own = {one.name: one for one in self._prices()}
        design = self._design(file.design)
        factors = (*self._uncertainties(design), *self._arguments(scenarios))
        months = min((scenario.months for scenario in scenarios), default=1)
        measures = self._measures(scenarios)
        readout = self._readout(months)
        table = self._table(design, factors)
        if self.findings.problems:
            raise InputError(self.document.and_what_follows(self.findings.problems))
        sampled = bool(factors) and design.kind in ("lhs", "csv")
        return Experiment(
            id=name,
            title=file.title or name,
            question=file.question,
            expectation=file.expectation or "",
            scenarios=tuple(replace(each, prices=tuple(self.own.values())) for each in scenarios),
            months=months,
            replications=file.replications,
            seed=file.seed,
            own_luck=file.luck == "own" or (file.luck is None and sampled),
            factors=factors,
            design=design,
            table=table,
            measures=measures,
            readout=readout,
            budget=_budget(file.budget),
            nodes=self.document.positions,
        )

    def _scenarios(self) -> tuple[Scenario, ...]:
        overrides: dict[str, Any] = {}
        if self.file.world is not None:
            overrides["world"] = self.document.data["world"]
        if self.file.months is not None:
            overrides["months"] = self.file.months
        found: list[Scenario] = []
        for place, source in enumerate(self.file.scenarios):
            beside = [self.folder / source, self.folder / f"{source}.yaml"]
            path: str | Path = next((each for each in beside if each.is_file()), source)
            try:
                found += load_scenarios([path], overrides={**overrides, **self.overrides})
            except InputError as error:
                self._scenario_problems(error, ("scenarios", place), source)
        names = [scenario.id for scenario in found]
        for place, scenario in enumerate(found):
            if names.index(scenario.id) != place:
                self.findings.add(("scenarios", place), f"scenario '{scenario.id}' stands here twice")
            self._same_frame(place, scenario, found[0])
        return tuple(found)

    def _prices(self) -> tuple[Price, ...]:
        """The user's own prices: of the command line, else of the file that the experiment names."""
        path = self.own_file
        if path is None and self.file.prices is not None:
            path = self.folder / self.file.prices
            if not path.is_file():
                guess = did_you_mean(self.file.prices, [each.name for each in self.folder.glob("*.yaml")])
                message = f"there is no file '{self.file.prices}' beside the experiment"
                self.findings.add(("prices",), message, guess)
                return ()
        if path is None:
            return ()
        try:
            return load_prices(path, all_parameters().parameters)
        except InputError as error:
            self.findings.problems += error.problems
            return ()

    def _scenario_problems(self, error: InputError, path: KeyPath, source: str) -> None:
        for problem in error.problems:
            if problem.file == source and problem.line == 1:  # a name that nobody knows
                self.findings.add(path, problem.message.replace("of this name", f"'{source}'"), problem.hint)
            elif problem.file == COMMAND_LINE:
                key = "world" if "world" in problem.message or self.file.months is None else "months"
                self.findings.add((key,), problem.message, problem.hint)
            else:
                self.findings.problems.append(problem)

    def _same_frame(self, place: int, scenario: Scenario, null: Scenario) -> None:
        frames = [[district.name for district in each.world.districts] for each in (scenario, null)]
        if frames[0] != frames[1]:
            message = f"'{scenario.id}' has other districts than '{null.id}', so that nothing can be compared"
            self.findings.add(("scenarios", place), message)

    def _design(self, entry: DesignEntry | None) -> Design:
        nothing = self.file.uncertainties == {} and not self.file.levers
        kind = entry.kind if entry is not None else ("full-factorial" if nothing else "lhs")
        if entry is not None and entry.file is not None and kind != "csv":
            self.findings.add(("design", "file"), f"design {kind} makes its own rows and reads no file")
        if entry is not None and kind == "csv" and entry.file is None:
            self.findings.add(("design",), "design csv needs 'file'")
        default = FACTORIAL_LEVELS if kind == "full-factorial" else MORRIS_LEVELS
        if entry is None:
            return Design(kind, DEFAULT_ROWS[kind], default, groups=False, seed=0)
        if kind == "saltelli" and entry.rows is not None and entry.rows & (entry.rows - 1):
            self.findings.add(
                ("design", "rows"), f"rows of saltelli must be a power of two, not {entry.rows}"
            )
        if kind == "morris" and entry.levels is not None and entry.levels % 2:
            self.findings.add(("design", "levels"), f"levels of morris must be even, not {entry.levels}")
        return Design(
            kind, entry.rows or DEFAULT_ROWS[kind], entry.levels or default, entry.groups, entry.seed
        )

    def _uncertainties(self, design: Design) -> tuple[Factor, ...]:
        declared = all_parameters().parameters
        given = self.file.uncertainties
        if given is None:
            if "uncertainties" not in self.document.data and (design.kind in ("full-factorial", "csv")):
                return ()  # nobody crosses all parameters with each other, and a table names its own
            return tuple(
                _factor_of(one)
                for name, one in declared.items()
                if one.kind in UNCERTAIN
                and one.low < one.high
                and name.partition(".")[0] not in _OUTSIDE
                and name not in self.own
            )
        found = []
        for name, entry in given.items():
            path = self._path("uncertainties", name)
            if (own := self.own.get(name)) is not None:
                message = (
                    f"'{name}' has a price of your own ({own.file}:{own.line}): give it or vary it, not both"
                )
                self.findings.add(path, message, at_key=True)
            elif self.findings.exists("parameter", name, declared, path, at_key=True):
                one = declared[name]
                found.append(
                    self._factor(name, SET, entry, bounds=(one.low, one.high), path=path, parameter=one)
                )
        return tuple(each for each in found if each is not None)

    def _path(self, key: str, name: str) -> KeyPath:
        """Where a name stands: as a key, or as an item of a list."""
        written = self.document.data[key]
        return (key, written.index(name)) if isinstance(written, list) else (key, name)

    def _arguments(self, scenarios: Sequence[Scenario]) -> tuple[Factor, ...]:
        """Arguments of levers that are varied: wherever a scenario uses the lever."""
        uses = {use.id: use for scenario in scenarios for use in scenario.levers}
        found = []
        for name, entry in (self.file.levers or {}).items():
            identity, _, argument = name.rpartition(".")
            path = self._path("levers", name)
            if identity not in uses:
                guess = did_you_mean(identity, uses)
                known = f"; they use {', '.join(sorted(uses))}" if uses and not guess else ""
                message = f"no scenario uses a lever '{identity or name}'{known} (write USE.ARGUMENT)"
                hint = f"{guess}.{argument}" if guess else None
                self.findings.add(path, message, hint, at_key=True)
                continue
            specs = {**COMMON_ARGUMENTS, **argument_specs(LEVERS.get(uses[identity].lever).declared())}
            numeric = {key: spec for key, spec in specs.items() if spec.type in ("number", "integer")}
            if self.findings.exists("numeric argument", argument, numeric, path, at_key=True):
                spec = numeric[argument]
                one = self._factor(name, LEVER, entry, bounds=(spec.low, spec.high), path=path)
                found.append(one)
        return tuple(each for each in found if each is not None)

    def _factor(
        self,
        name: str,
        kind: Any,
        entry: FactorEntry,
        *,
        bounds: tuple[float | None, float | None],
        path: KeyPath,
        parameter: Parameter | None = None,
    ) -> Factor | None:
        low, high = bounds
        if entry.levels is not None:
            if entry.low is not None or entry.high is not None:
                self.findings.add(path, "give levels, or low and high, not both")
                return None
            low, high = min(entry.levels), max(entry.levels)
        low = entry.low if entry.low is not None else low
        high = entry.high if entry.high is not None else high
        if low is None or high is None:
            self.findings.add(path, f"'{name}' has no range of its own: give low and high, or levels")
            return None
        if low > high or (low == high and entry.levels is None):
            self.findings.add(path, f"'low' ({low:g}) must lie below 'high' ({high:g})")
            return None
        for value in (low, high):
            message = range_message(value, *bounds, "" if parameter is None else parameter.unit)
            if message is not None:
                self.findings.add(path, f"'{name}' {message}")
                return None
        levels = tuple(entry.levels or ())
        if parameter is None:
            return Factor(name, kind, low, high, levels)
        return Factor(name, kind, low, high, levels, parameter.value, parameter.grade)

    def _measures(self, scenarios: Sequence[Scenario]) -> tuple[str, ...] | None:
        if self.file.measures is None:
            return None
        for place, name in enumerate(self.file.measures):
            self.findings.exists("measure", name, MEASURES.names(), ("measures", place))
        del scenarios
        return tuple(self.file.measures)

    def _readout(self, months: int) -> tuple[int, ...]:
        years = months // MONTHS_PER_YEAR
        if self.file.readout is None:
            return tuple(year for year in DEFAULT_READOUT if year <= years) or (max(years, 1),)
        for place, year in enumerate(self.file.readout):
            if year > max(years, 1):
                self.findings.add(("readout", place), f"year {year} lies outside the run of {months} months")
        return tuple(sorted(set(self.file.readout)))

    def _table(self, design: Design, factors: tuple[Factor, ...]) -> Any:
        entry = self.file.design
        if design.kind == "csv":
            if self.malformed:
                return None  # what its columns should be is not known
            path = None if entry is None or entry.file is None else self.folder / entry.file
            return read_rows(path, factors, self.findings)
        if design.kind != "full-factorial" and any(one.levels for one in factors):
            name = next(one.name for one in factors if one.levels)
            key = (
                "levers"
                if any(one.name == name and one.kind == LEVER for one in factors)
                else "uncertainties"
            )
            self.findings.add(
                (key, name), f"levels are for a full factorial; {design.kind} needs low and high"
            )
        size = size_of(design, factors)
        if size > MOST_ROWS:
            self.findings.add(("design",), f"this design has {size:,} rows, more than {MOST_ROWS:,}")
        return None if self.findings.problems else table_of(design, factors)


def _budget(entry: BudgetEntry | None) -> Budget:
    if entry is None:
        return Budget()
    return Budget(entry.runs, entry.hours, entry.run_minutes or Budget.run_minutes)


def _factor_of(one: Parameter) -> Factor:
    return Factor(one.name, "set", one.low, one.high, (), one.value, one.grade)
