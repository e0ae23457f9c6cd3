"""Large pages: which memory is meant, when they are asked for, and that nothing happens where they are not wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wijksim.model import allocator
from wijksim.model.allocator import LargePages, hold_in_large_pages

PAGE = 2 * 1024 * 1024
MAPS = """\
55d000000000-55d000800000 r-xp 00000000 fe:00 12 /usr/bin/some program
55d001000000-55d001100000 rw-p 00000000 00:00 0 [heap]
55d001100000-55d001f00000 rw-p 00000000 00:00 0                          [heap]
7f0000001000-7f00005ff000 rw-p 00000000 00:00 0
7f0000800000-7f0000c00000 ---p 00000000 00:00 0
7f0001000000-7f0001200000 rw-s 00000000 00:01 77 /dev/zero (deleted)
7f0002000000-7f0002400000 rw-p 00000000 fe:00 13 /usr/lib/some library.so
7f0003000000-7f00031ff000 rw-p 00000000 00:00 0
7ffc00000000-7ffc00400000 rw-p 00000000 00:00 0 [stack]
"""


class Advised:
    """Stands in for the call of the system, and says what it was asked."""

    def __init__(self, answer: int = 0) -> None:
        self.asked: list[tuple[int, int]] = []
        self.answer = answer
        self.argtypes: Any = None

    def __call__(self, begin: int, size: int, advice: int) -> int:
        """Note where and how much."""
        del advice
        self.asked.append((begin, size))
        return self.answer


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Advised:
    """A system whose memory lies as in MAPS and that allows large pages where asked for."""
    advised = Advised()
    (tmp_path / "maps").write_text(MAPS)
    (tmp_path / "enabled").write_text("always [madvise] never\n")
    monkeypatch.setattr(allocator, "_REGIONS", tmp_path / "maps")
    monkeypatch.setattr(allocator, "_ALLOWED", tmp_path / "enabled")
    monkeypatch.setattr(allocator, "_of_the_system", lambda name: advised if name == "madvise" else None)
    return advised


def test_only_whole_large_pages_of_own_memory_are_meant(system: Advised) -> None:
    """Neither programs, libraries, what is shared, the stack nor what is less than a large page."""
    assert hold_in_large_pages() == sum(size for _, size in system.asked)
    assert system.asked == [(0x55D001200000, 6 * PAGE), (0x7F0000200000, PAGE)]


def test_a_system_that_refuses_is_left_alone(system: Advised) -> None:
    """An old kernel knows no such advice: that is no error, and nothing is said to be held."""
    system.answer = -1
    assert hold_in_large_pages() == 0
    assert len(system.asked) == 2


@pytest.mark.parametrize("said", ["always madvise [never]\n", None])
def test_never_means_never(system: Advised, tmp_path: Path, said: str | None) -> None:
    """Whoever runs the machine may forbid large pages, and some systems have none."""
    if said is None:
        (tmp_path / "enabled").unlink()
    else:
        (tmp_path / "enabled").write_text(said)
    assert hold_in_large_pages() == 0
    assert system.asked == []


def test_no_call_where_there_is_none(system: Advised, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Linux."""
    monkeypatch.setattr(allocator, "_of_the_system", lambda name: None)
    assert hold_in_large_pages() == 0
    assert system.asked == []


def test_they_are_asked_for_once_at_the_second_world(system: Advised) -> None:
    """A single run would not earn them back."""
    pages = LargePages()
    pages.made()
    assert system.asked == []
    pages.made()
    first = list(system.asked)
    assert first
    pages.made()
    assert system.asked == first


def test_a_process_gets_them_and_computes_the_same() -> None:
    """What is in memory stays, where this system has large pages to give."""
    text = """
import numpy as np
from wijksim.model.allocator import hold_in_large_pages, keep_freed_memory
keep_freed_memory()
kept = [np.full(1000, k) for k in range(8000)]
before = [float(part.sum()) for part in kept]
held = hold_in_large_pages()
assert before == [float(part.sum()) for part in kept]
huge = sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("AnonHugePages"))
print(held, huge * 1024)
"""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux is asked")
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    held, huge = map(int, done.stdout.split())
    assert huge >= held
