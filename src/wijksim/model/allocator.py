"""How the system holds the memory of worlds: freed blocks stay, and a process of many runs gets large pages.

A month of a large world makes and frees arrays of megabytes. The C library of Linux returns such blocks to the
system at once and asks for them again a moment later; the page faults then cost as much as the arithmetic.

A month touches what it needs once, all over the memory of the process, and by the next month most of it has left the
caches. Where each piece lies is then looked up anew, page by page, which pages of two megabytes make rare.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of the two settings in malloc.h
_KEEP = 256 * 1024 * 1024  # bytes that may stay with the process
_LARGE = 64 * 1024 * 1024  # blocks up to this size come from memory that is kept
_COLLAPSE = 25  # name of the advice in mman.h, which kernels know from 6.1 on
_PAGE = 2 * 1024 * 1024  # bytes of a large page
_ALLOWED = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_REGIONS = Path("/proc/self/maps")
_SECOND = len(("one world", "another"))


def keep_freed_memory() -> bool:
    """Tell the C library to keep freed blocks; does nothing where there is no such setting.

    Returns
    -------
    bool
        True if the setting was made.
    """
    set_option = _of_the_system("mallopt")
    if set_option is None:
        return False
    return bool(set_option(_MMAP_THRESHOLD, _LARGE)) and bool(set_option(_TRIM_THRESHOLD, _KEEP))


class LargePages:
    """Asks for large pages when a process has made its second world, as it then is one that goes on making them.

    It takes a tenth of a second, which a single run would hardly earn back.
    """

    def __init__(self) -> None:
        self.worlds = 0

    def made(self) -> None:
        """Hear that a world has been made."""
        self.worlds += 1
        if self.worlds == _SECOND:
            hold_in_large_pages()


def hold_in_large_pages() -> int:
    """Have the memory of this process put together in large pages; no number that anybody computes is another.

    Does nothing where the system has none, is told never to use them, or does not know how.

    Returns
    -------
    int
        Bytes in regions that the system has put together.
    """
    advise = _of_the_system("madvise")
    if advise is None or not _allowed():
        return 0
    advise.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)
    held = 0
    for begin, end in list(_regions()):
        # a region of which one page could not be had counts for nothing, but has the others
        if advise(begin, end - begin, _COLLAPSE) == 0:
            held += end - begin
    return held


def _allowed() -> bool:
    """Whether whoever runs this machine lets programs have large pages."""
    try:
        return "[never]" not in _ALLOWED.read_text()
    except OSError:
        return False


def _regions() -> Iterator[tuple[int, int]]:
    """Where memory lies that is the own of this process, in whole large pages: the heap, and blocks beside it."""
    for line in _REGIONS.read_text().splitlines():
        place, rights, _, _, _, *name = line.split(
            maxsplit=len(("place", "rights", "offset", "device", "node"))
        )
        if rights != "rw-p" or name not in ([], ["[heap]"]):
            continue
        low, high = (int(part, 16) for part in place.split("-"))
        begin, end = -(-low // _PAGE) * _PAGE, high // _PAGE * _PAGE
        if begin < end:
            yield begin, end


@lru_cache
def _of_the_system(name: str) -> Any:
    """A function of the C library of Linux; None elsewhere, and where it has no such function."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
