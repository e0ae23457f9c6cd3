"""Keep freed memory instead of handing it back to the system every month.

A month of a large world makes and frees arrays of megabytes. The C library of Linux returns such blocks to the
system at once and asks for them again a moment later; the page faults then cost as much as the arithmetic.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of the two settings in malloc.h
_KEEP = 256 * 1024 * 1024  # bytes that may stay with the process
_LARGE = 64 * 1024 * 1024  # blocks up to this size come from memory that is kept


def keep_freed_memory() -> bool:
    """Tell the C library to keep freed blocks; does nothing where there is no such setting.

    Returns
    -------
    bool
        True if the setting was made.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(set_option(_MMAP_THRESHOLD, _LARGE)) and bool(set_option(_TRIM_THRESHOLD, _KEEP))
