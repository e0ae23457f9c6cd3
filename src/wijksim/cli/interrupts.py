"""Ctrl-C: remembered, as not every library lets it through; and with many processes, all stop and only one says so."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_asked = False
_ENDINGS = (signal.SIGINT, signal.SIGTERM)
"""Ctrl-C, and the plain ``kill`` of a queue or a system that shuts down: after both, no worker may stay behind."""


def remember() -> None:
    """From now on, remember that the user asked to stop; the interrupt itself stays what it was.

    Compiled code turns an exception that arrives while it looks up its types into one of its own, which would then
    be told as a fault of the program. Does nothing outside the main thread, where no signal arrives.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _stop)


def asked() -> bool:
    """Tell whether the user asked to stop since :func:`remember`."""
    return _asked


def _stop(number: int, frame: FrameType | None) -> None:
    global _asked
    del number, frame
    _asked = True
    raise KeyboardInterrupt


@contextmanager
def workers_stop_too(*, raising: bool = True) -> Iterator[None]:
    """Let an interrupt end worker processes, silently, before it ends the command.

    A terminal sends Ctrl-C to every process of a command. Workers must not answer with a traceback each, so the
    server that forks them is started with the signal blocked, which they inherit; and whoever stops only the command
    must not wait until all workers have finished their futures, so they are ended first.

    With ``raising`` off, who waits for workers hears of it by their end and must ask :func:`asked`: an exception out
    of nowhere may land in a place that swallows it. Where no worker runs, and the second time, it is raised anyway.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _start_server_deaf()

    def stop(number: int, frame: FrameType | None) -> None:
        global _asked
        children = multiprocessing.active_children()
        for child in children:
            child.terminate()
        if children and not raising and not _asked:
            _asked = True
            return
        _stop(number, frame)

    before = {one: signal.signal(one, stop) for one in _ENDINGS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _start_server_deaf() -> None:
    """Start the server that forks workers with SIGINT blocked; nothing to do where there is no such server."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return
    from multiprocessing.forkserver import ensure_running

    from wijksim.runs.batch import share_imports

    share_imports()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
