"""The command line: ``wijksim``.

Modules of this room import nothing heavy at the top: what a command needs, it imports when it runs, so that help
comes at once.
"""

from __future__ import annotations

import gc
import os
import sys

_OBJECTS = 10**5  # made since the last look, from which it is worth looking for garbage again
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


def main() -> None:
    """Run the tool; the entry point of ``wijksim``."""
    for variable in _THREADS:
        # nothing here is large enough to share out within a run, and threads that wait for work burn time: set before
        # NumPy is imported, unless somebody has chosen otherwise
        os.environ.setdefault(variable, "1")
    # what is imported and read at the start stays: to look through it again and again for garbage takes longer
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    try:
        from wijksim.cli.app import start

        start()
    except KeyboardInterrupt:  # before there is a command that could say something about it
        sys.stderr.write("stopped\n")
        sys.exit(130)
    finally:
        # nor does the interpreter have to look through it all once more before it ends
        gc.freeze()
