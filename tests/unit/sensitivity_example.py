"""Folders of sweeps whose runs are functions with known sensitivities."""

from pathlib import Path

import numpy as np

from wijksim.model.known import load_scenarios
from wijksim.runs.sweeps.designs import table_of
from wijksim.runs.sweeps.experiment import Budget, Design, Experiment, Factor
from wijksim.runs.sweeps.folder import begin
from wijksim.runs.sweeps.results import SweepResults
from wijksim.runs.sweeps.store import write_chunk
from wijksim.runs.sweeps.work import FailureInfo, Outcome

SMALL = {"world.size": 300, "months": 12}


def factors(*bounds, names=None):
    """Parameters ``room0.x0``, ``room0.x1``, ..., two to a room, over their bounds."""
    found = names or [f"room{place // 2}.x{place}" for place in range(len(bounds))]
    return tuple(Factor(name, "set", *each) for name, each in zip(found, bounds, strict=True))


def experiment(given, kind, rows, *, scenarios=("baseline",), replications=1, groups=False, luck="common"):
    design = Design(kind, rows, levels=4, groups=groups, seed=7)
    return Experiment(
        id="known",
        title="Known answer",
        question="Does the analysis find what is known?",
        expectation="",
        scenarios=load_scenarios(list(scenarios), overrides=SMALL),
        months=12,
        replications=replications,
        seed=0,
        own_luck=luck == "own",
        factors=given,
        design=design,
        table=table_of(design, given),
        measures=("problem_debt", "crises"),
        readout=(1,),
        budget=Budget(),
    )


def swept(folder: Path, what: Experiment, function, *, fails=(), until=None, undone=()) -> SweepResults:
    """Store what ``function(points, scenario, rng)`` gives for every replication, by the store's own functions.

    ``fails`` are rows whose runs fail, ``until`` is the number of chunks that are done, ``undone`` are
    rows that the last of them lacks.
    """
    begun = begin(what, folder, what.rows)
    places = len(what.scenarios[0].world.districts) + 1
    numbers = list(begun.plan)[:until]
    for number in numbers:
        chunk = begun.plan.chunk(number)
        rng = np.random.default_rng([3, number])
        values = [function(what.table, scenario, rng) for scenario in range(len(what.scenarios))]
        found = []
        for task in chunk.tasks:
            if number == numbers[-1] and task.row in undone:
                continue
            for scenario, of in enumerate(values):
                bad = task.row in fails
                cells = np.full((1, 2, places), of[task.row], np.float32)
                failure = FailureInfo("ValueError", "no", "") if bad else None
                run = (scenario, task.row, task.replication, what.seed_of(task.row, task.replication))
                status = "FAILED" if bad else "SUCCEEDED"
                found.append(Outcome(*run, status, 0.1, None if bad else cells, failure))
        write_chunk(folder, what, chunk, found)
    return SweepResults.open(folder)


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
