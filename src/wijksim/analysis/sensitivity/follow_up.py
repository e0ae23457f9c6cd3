"""The experiment that follows a screening: Sobol's indices of the factors that it leaves in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wijksim.analysis.sensitivity.analyse import Sensitivity
from wijksim.core.errors import InputError, Problem
from wijksim.runs.sweeps.experiment import LEVER, SET, Factor
from wijksim.runs.sweeps.folder import PRICES
from wijksim.runs.sweeps.load import DEFAULT_ROWS
from wijksim.runs.sweeps.results import SweepResults
from wijksim.runs.sweeps.store import write_text
from wijksim.scenario.load import COMMAND_LINE
from wijksim.scenario.text import to_yaml

NO_SCREENING = Problem(
    COMMAND_LINE, 1, 1, "--survivors is for a screening: a sweep with design morris, analysed with morris"
)


def survivors_of(found: Sequence[Sensitivity]) -> tuple[Factor, ...]:
    """Factors that survive in at least one analysis, in the order of the design; whole groups if there were groups."""
    names = {name for one in found for name in one.survivors}
    sample = found[0].sample
    return tuple(one for one in sample.factors if (one.subject if sample.grouped else one.name) in names)


def write_follow_up(results: SweepResults, found: Sequence[Sensitivity], path: Path) -> tuple[Factor, ...]:
    """Write an experiment file of Saltelli's design over the survivors.

    Parameters
    ----------
    results
        The screening; its resolved scenarios are used again, so its folder must stay where it is.
    found
        Analyses of it.
    path
        Of the file to write.

    Returns
    -------
    tuple
        The survivors; none, and no file, if nothing survives.

    Raises
    ------
    InputError
        If the sweep was no screening.
    """
    if any(one.method != "morris" for one in found):
        raise InputError([NO_SCREENING])
    factors = survivors_of(found)
    if not factors:
        return factors
    data = _experiment(results, found, factors, path)
    lines = to_yaml(data, lambda _: "").splitlines()
    write_text("\n".join(line.removesuffix("  # ") for line in lines) + "\n", path)  # no value has a remark
    return factors


def _experiment(
    results: SweepResults, found: Sequence[Sensitivity], factors: Sequence[Factor], path: Path
) -> dict[str, Any]:
    manifest = results.manifest
    parts = manifest["parts"]
    measures = ", ".join(one.outcome.measure["name"] for one in found)
    here = path.absolute().parent
    # the resolved scenarios hold world, months and every value that was set
    files = [_seen_from(here, results.folder / "scenarios" / f"{name}.yaml") for name in results.scenarios]
    own = {"prices": _seen_from(here, results.folder / PRICES)} if manifest.get("prices") else {}
    return {
        "schema": 1,
        "title": f"{manifest['title']}: survivors",
        "question": (
            f"How much of the variance of {measures} does each factor carry, alone and with others? Varied is what the "
            f"screening {manifest['experiment']} leaves in: {len(factors)} of {len(results.factors)}."
        ),
        "scenarios": files,
        "months": results.months,
        "replications": manifest["replications"],
        "seed": parts["seed"],
        "luck": "common" if parts["luck"] == "common" else "own",
        "uncertainties": _ranges(factors, SET) or "none",
        **({"levers": levers} if (levers := _ranges(factors, LEVER)) else {}),
        "design": {"kind": "saltelli", "rows": DEFAULT_ROWS["saltelli"], "seed": parts["design"]["seed"]},
        **own,
        "measures": parts["measures"],
        "readout": parts["readout"],
    }


def _seen_from(here: Path, path: Path) -> str:
    return str(path.absolute().relative_to(here, walk_up=True))


def _ranges(factors: Sequence[Factor], kind: str) -> dict[str, dict[str, float]]:
    return {one.name: {"low": one.low, "high": one.high} for one in factors if one.kind == kind}
