"""Morris's screening: how far an outcome moves over the whole range of a factor, on average over trajectories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.intervals import CONFIDENCE
from wijksim.analysis.sensitivity.noise import DESIGN_RESAMPLES, SEED, half_width, no_noise, small_sample
from wijksim.analysis.sensitivity.sample import Sample

if TYPE_CHECKING:
    import pandas as pd


def morris(
    sample: Sample, y: NDArray[np.float64], again: NDArray[np.float64] | None, replications: int
) -> pd.DataFrame:
    """Analyse a Morris design.

    Parameters
    ----------
    sample
        Trajectories.
    y
        Outcome by row, shape ``(rows,)``.
    again
        The same over replications drawn again, shape ``(rows, resamples)``; None with one replication.
    replications
        Futures per row.

    Returns
    -------
    pandas.DataFrame
        A line per factor or group: ``mu_star`` (mean size of an elementary effect, in units of the outcome over the
        whole range) with the half-widths of its 95 % interval over trajectories, ``mu_star_conf``, and over
        replications, ``mu_star_noise``; ``mu`` and ``sigma`` (NaN for a group, whose members move in different
        directions); ``floor``, below which 95 of 100 factors without any effect would come by the noise alone.
    """
    import pandas as pd
    from SALib.analyze import morris as salib

    problem = sample.problem
    found = salib.analyze(
        problem,
        sample.table,
        y,
        num_resamples=DESIGN_RESAMPLES,
        conf_level=CONFIDENCE,
        num_levels=sample.design.levels,
        seed=SEED,
    )
    noise, floor = _noise(sample, y, again, replications)
    several = np.array([sample.grouped and _members(sample, name) > 1 for name in sample.names])
    return pd.DataFrame(
        {
            "factor": list(found["names"]),
            "mu_star": _plain(found["mu_star"]),
            "mu_star_conf": _plain(found["mu_star_conf"]),
            "mu_star_noise": noise,
            "mu": np.where(several, np.nan, _plain(found["mu"])),
            "sigma": np.where(several, np.nan, _plain(found["sigma"])),
            "floor": floor,
        }
    )


def _noise(
    sample: Sample, y: NDArray[np.float64], again: NDArray[np.float64] | None, replications: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What replications add: half-widths of the effects over them, and the floor, by factor."""
    if again is None:
        count = len(sample.names)
        return no_noise(count), no_noise(count)
    moves = _Moves(sample)
    wider = small_sample(replications)
    base = moves.effects(y[:, None])
    drawn = moves.effects(again)
    # what the noise moves where nothing else does: the same steps, with their own effect taken off
    alone = np.abs(drawn - base).mean(axis=1) * wider
    return half_width(np.abs(drawn).mean(axis=1)) * wider, np.quantile(alone, CONFIDENCE, axis=1)


def _plain(values: Any) -> NDArray[np.float64]:
    return np.asarray(np.ma.getdata(values), dtype=np.float64)


def _members(sample: Sample, name: str) -> int:
    return sum(one.subject == name for one in sample.factors)


class _Moves:
    """Which step of a trajectory moves what: elementary effects of many outcomes at once."""

    def __init__(self, sample: Sample) -> None:
        count = len(sample.names)
        self.trajectories = len(sample.table) // (count + 1)
        where = {name: place for place, name in enumerate(sample.names)}
        owner = np.array([where[one.subject if sample.grouped else one.name] for one in sample.factors])
        points = sample.table.reshape(self.trajectories, count + 1, len(sample.factors))
        steps = np.diff(points, axis=1)
        first = np.argmax(steps != 0, axis=2)  # the first factor of those that move
        moved = owner[first]
        sign = np.sign(np.take_along_axis(steps, first[:, :, None], axis=2)[:, :, 0])
        levels = sample.design.levels
        self._order = np.argsort(moved, axis=1)
        # a step goes half of the levels far, as a part of the range
        self._scale = np.take_along_axis(sign, self._order, axis=1) * 2 * (levels - 1) / levels

    def effects(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Elementary effects, shape ``(factors, trajectories, outcomes)``, of ``y``, shape ``(rows, outcomes)``."""
        paths = y.reshape(self.trajectories, -1, y.shape[1])
        steps = np.take_along_axis(np.diff(paths, axis=1), self._order[:, :, None], axis=1)
        return np.asarray(np.swapaxes(steps * self._scale[:, :, None], 0, 1), dtype=np.float64)
