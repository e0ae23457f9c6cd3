"""Loops in machine code, for the few places where a month spends its time.

NumPy makes a pass over memory, and a call, for every step of a formula; a compiled loop makes one of both. A function
under :func:`compiled` is plain Python over arrays and numbers, compiled by numba when it is first used and kept on
disk beside its file. Rules, held by tests:

* it stays small, takes arrays and numbers only, and returns a number or fills arrays it is given, which are then only
  lent to it (:mod:`wijksim.core.lent`), so that no exception it raises may hold one; one that returns arrays is handed
  its own over, which takes longer;
* it calls no compiled function of another file but :mod:`wijksim.core.mixing`, on which every copy on disk depends: it
  would not notice a change there;
* one that calls itself is called with the types with which it does so, never with a number as it stands: it would
  abort in the next process;
* it computes what a reader of its Python would: no fast-math, the order of sums as written;
* arithmetic of uint64 stays among uint64, as a mix with signed integers would become a float.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.extending import typeof_impl

from wijksim.core.kept_code import keep, tried
from wijksim.core.lent import lend

# numba looks for the class of a scalar it has not met among all classes there are, which takes a twentieth of a second
for _scalar in (np.float32, np.float64, np.uint64):
    typeof_impl.register(_scalar, typeof_impl.dispatch(np.generic))
# what follows reaches into parts of numba that may change, and reads words of eight bytes
_TRIED = tried(numba.__version__) and np.dtype(np.intp).itemsize == np.dtype(np.int64).itemsize
if _TRIED:
    lend()


def compiled[F: Callable[..., object]](function: F) -> F:
    """Compile a function at its first use for every combination of array types; results are kept on disk.

    Division by zero follows NumPy (infinity, not an exception), and indices are not checked: a caller hands over
    rows that exist. Arguments are given by position, all of them, so that numba need not sort them out at each call.
    """
    Dispatcher._fold_args = not _TRIED
    try:
        made = numba.njit(error_model="numpy", no_cfunc_wrapper=True)(function)
    finally:
        Dispatcher._fold_args = True
    keep(made)
    return cast(F, made)


def inlined[F: Callable[..., object]](function: F) -> F:
    """Compile a helper of compiled functions of the same file into them."""
    return cast(F, numba.njit(inline="always")(function))
