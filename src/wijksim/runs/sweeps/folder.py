"""The folder of a sweep: what was asked, hashed at the first run, and whether what is asked now is still the same."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wijksim.core.errors import InputError, Problem
from wijksim.runs.manifest import NOTICE, cpu_features, package_version, parameters_digest
from wijksim.runs.run import describe
from wijksim.runs.sweeps.experiment import Experiment
from wijksim.runs.sweeps.plan import Plan, plan_of
from wijksim.runs.sweeps.store import write_text
from wijksim.runs.sweeps.work import measures_of
from wijksim.scenario.prices import prices_text

SWEEP, DESIGN, PRICES, LOCK = "sweep.json", "design.csv", "prices.yaml", ".lock"
SCHEMA = 1


@dataclass(frozen=True)
class Begun:
    """A sweep that has a folder.

    Attributes
    ----------
    folder
        Where it is.
    plan
        Its chunks.
    deviations
        What is otherwise than at the first run, in words.
    """

    folder: Path
    plan: Plan
    deviations: tuple[str, ...]


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep."""
    return (folder / SWEEP).is_file()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What was noted when the sweep began.

    Raises
    ------
    InputError
        If the folder holds no sweep, or one of another version.
    """
    path = folder / SWEEP
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except NotADirectoryError:
        raise InputError([Problem(str(folder), 1, 1, "is a file; give the folder of a sweep")]) from None
    except FileNotFoundError:
        raise InputError([Problem(str(folder), 1, 1, "no sweep lies in this folder")]) from None
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), 1, 1, f"cannot be read: {error}")]) from None
    if found.get("schema") != SCHEMA:
        raise InputError([Problem(str(path), 1, 1, f"is of version {found.get('schema')}, not {SCHEMA}")])
    return found


def begin(experiment: Experiment, folder: Path, per_chunk: int) -> Begun:
    """Make the folder of a new sweep; ``sweep.json`` comes last and makes it one."""
    plan = plan_of(experiment, per_chunk)
    folder.mkdir(parents=True, exist_ok=True)
    for scenario in experiment.scenarios:
        write_text(scenario.to_yaml(), folder / "scenarios" / f"{scenario.id}.yaml")
    write_text(_design_text(experiment), folder / DESIGN)
    if experiment.prices:
        write_text(prices_text(experiment.prices), folder / PRICES)
    measures = [describe(measure) for measure in measures_of(experiment)]
    write_text(json.dumps(measures, indent=1) + "\n", folder / "measures.json")
    manifest = {
        "schema": SCHEMA,
        "notice": NOTICE,
        "experiment": experiment.id,
        "title": experiment.title,
        "question": experiment.question,
        "expectation": experiment.expectation,
        "digest": experiment.digest,
        "parts": experiment.parts(),
        "rows": experiment.rows,
        "replications": experiment.replications,
        "per_chunk": plan.per_chunk,
        "code": _code(),
        "factors": [asdict(one) for one in experiment.factors],
        "prices": [one.plain() for one in experiment.prices],
        "deviations": [],
    }
    _write(folder, manifest)
    return Begun(folder, plan, ())


def go_on(experiment: Experiment, folder: Path) -> Begun:
    """Take up a sweep that was begun.

    More replications are run after those that are there, and fewer leave the rest undone; another machine is noted.
    Anything else that changes results is refused: two experiments do not belong in one table.

    Raises
    ------
    InputError
        With everything that is otherwise.
    """
    manifest = read_manifest(folder)
    now = json.loads(json.dumps(experiment.parts()))
    then = manifest["parts"]
    other = [name for name in dict.fromkeys([*then, *now]) if now.get(name) != then.get(name)]
    changed = []
    if "prices" in other:
        # scenarios are others with other prices: one cause is told once
        other = [name for name in other if name not in ("prices", "scenarios")]
        remedy = (
            f"--prices {folder / PRICES} gives them again" if then.get("prices") else "leave --prices out"
        )
        changed.append(f"prices: others than at the first run; {remedy}")
    changed += [
        f"{name}: {_short(then.get(name))} at the first run, {_short(now.get(name))} now" for name in other
    ]
    code = _code()
    if code["parameters"] != manifest["code"]["parameters"]:
        changed.append("parameters: the shipped values are others than at the first run")
    if code["wijksim"] != manifest["code"]["wijksim"]:
        changed.append(f"wijksim: {manifest['code']['wijksim']} at the first run, {code['wijksim']} now")
    if changed:
        path = str(folder / SWEEP)
        problems = [
            Problem(path, 1, 1, f"the experiment is not the one that was begun here; {one}")
            for one in changed
        ]
        raise InputError(problems)
    deviations = _deviations(manifest, experiment, code)
    if deviations and set(deviations) - set(manifest["deviations"]):
        manifest["deviations"] = sorted({*manifest["deviations"], *deviations})
        manifest["replications"] = max(manifest["replications"], experiment.replications)
        _write(folder, manifest)
    return Begun(folder, plan_of(experiment, manifest["per_chunk"]), deviations)


def _deviations(
    manifest: Mapping[str, Any], experiment: Experiment, code: Mapping[str, Any]
) -> tuple[str, ...]:
    found = []
    if experiment.replications != manifest["replications"]:
        found.append(
            f"replications: {manifest['replications']} at the first run, {experiment.replications} now"
        )
    if code["cpu_features"] != manifest["code"]["cpu_features"]:
        found.append("processor: other vector instructions than at the first run; last bits may differ")
    if experiment.question != manifest["question"] or experiment.expectation != manifest["expectation"]:
        found.append("question or expectation: worded otherwise than at the first run")
    if [one.plain() for one in experiment.prices] != manifest.get("prices", []):
        found.append("prices: written otherwise than at the first run, for the same amounts")
    return tuple(found)


def _code() -> dict[str, Any]:
    return {
        "wijksim": package_version(),
        "parameters": parameters_digest(),
        "cpu_features": cpu_features(),
        "numpy": np.__version__,
    }


def _design_text(experiment: Experiment) -> str:
    lines = [",".join(["row", *(one.name for one in experiment.factors)])]
    for row, values in enumerate(experiment.table.tolist()):
        lines.append(",".join([str(row), *(repr(value) for value in values)]))
    return "\n".join(lines) + "\n"


def _write(folder: Path, manifest: Mapping[str, Any]) -> None:
    write_text(json.dumps(manifest, indent=1) + "\n", folder / SWEEP)


def _short(value: Any, most: int = 60) -> str:
    text = "none" if value is None else json.dumps(value)
    return text if len(text) <= most else text[: most - 3] + "..."


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second sweep out of a folder while one works in it; a killed one lets go by itself.

    Raises
    ------
    InputError
        If another one works there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError([Problem(str(folder), 1, 1, "another sweep works in this folder")]) from None
        yield
    finally:
        os.close(handle)
