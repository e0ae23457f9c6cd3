"""Shapes of luck: uniforms on [0, 1) with 53 bits turned into other distributions.

All are inversions: each rises with the uniform and uses one of it, so that a draw keeps its meaning
(lucky stays lucky) when a parameter of the distribution differs between two variants.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["POISSON_MEAN_LIMIT", "poisson_counts", "to_exponential", "to_gumbel", "to_normal"]

type Floats = NDArray[np.float64]
type Ratio = tuple[tuple[float, ...], tuple[float, ...]]

POISSON_MEAN_LIMIT: Final = 64.0
_HALF_UNIT: Final = 2.0**-54

# Wichura (1988), algorithm AS 241 (PPND16), Applied Statistics 37: numerator and denominator
# coefficients of the normal quantile, highest power first, in the centre, the tails and far out.
_CENTRE: Final[Ratio] = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
_TAIL: Final[Ratio] = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1.0),
)  # fmt: skip
_FAR_TAIL: Final[Ratio] = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip
_CENTRE_HALF_WIDTH: Final = 0.425
_CENTRE_EDGE: Final = 0.180625
_TAIL_SHIFT: Final = 1.6
_TAIL_END: Final = 5.0


def to_exponential(u: Floats) -> None:
    """Turn uniforms into exponentials with mean 1, in place (0 up to 36.7)."""
    # 1 - u is exact and above 0: the log is finite and nothing is lost.
    np.subtract(1.0, u, out=u)
    np.log(u, out=u)
    np.subtract(0.0, u, out=u)


def to_gumbel(u: Floats) -> None:
    """Turn uniforms into standard Gumbels, in place (-3.6 up to 36.7)."""
    # 0 alone has no log; half a unit keeps it below every other draw.
    np.maximum(u, _HALF_UNIT, out=u)
    np.log(u, out=u)
    np.negative(u, out=u)
    np.log(u, out=u)
    np.negative(u, out=u)


def to_normal(u: Floats) -> None:
    """Turn uniforms into standard normals, in place.

    The quantile of u + 2**-54, which lies symmetrically in (0, 1): at most 8.3 from 0, 16 digits.
    """
    q = u - 0.5
    q += _HALF_UNIT
    r = q * q
    np.subtract(_CENTRE_EDGE, r, out=r)
    np.maximum(r, 0.0, out=r)
    np.multiply(_ratio(_CENTRE, r), q, out=u)
    tail = np.flatnonzero(np.abs(q, out=r) > _CENTRE_HALF_WIDTH)
    if tail.size:
        u[tail] = np.copysign(_tail_quantile(0.5 - r[tail]), q[tail])


def _tail_quantile(chance: Floats) -> Floats:
    """Distance from 0 beyond which lies ``chance``, for chances below 0.075."""
    depth = np.sqrt(-np.log(chance))
    value = _ratio(_TAIL, depth - _TAIL_SHIFT)
    far = np.flatnonzero(depth > _TAIL_END)
    if far.size:
        value[far] = _ratio(_FAR_TAIL, depth[far] - _TAIL_END)
    return value


def _ratio(coefficients: Ratio, r: Floats) -> Floats:
    """Quotient of two polynomials in r, by Horner's rule."""
    above, below = (np.full_like(r, row[0]) for row in coefficients)
    for a, b in zip(coefficients[0][1:], coefficients[1][1:], strict=True):
        above *= r
        above += a
        below *= r
        below += b
    return np.divide(above, below, out=above)


def poisson_counts(u: Floats, mean: Floats) -> NDArray[np.int64]:
    """Poisson counts of one-dimensional uniforms and their means, by inversion.

    Raises
    ------
    ValueError
        When a mean is negative, not a number or above 64 (inversion would be slow and inexact).
    """
    if not bool(np.all((mean >= 0) & (mean <= POISSON_MEAN_LIMIT))):
        raise ValueError(f"poisson means must lie in 0 .. {POISSON_MEAN_LIMIT:g}")
    counts = np.zeros(u.size, np.int64)
    term = np.exp(-mean)
    rows = np.flatnonzero(u >= term)
    u, mean, term = u[rows], mean[rows], term[rows]
    below = term.copy()
    k = 0
    while rows.size:
        k += 1
        counts[rows] = k
        term *= mean / k
        below += term
        # The sum may stop just short of 1 by rounding: past the mean a vanishing term ends the walk.
        higher = np.flatnonzero((u >= below) & ((term > _HALF_UNIT) | (mean > k)))
        rows, u, mean = rows[higher], u[higher], mean[higher]
        term, below = term[higher], below[higher]
    return counts
