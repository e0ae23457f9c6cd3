"""Problems in what people write: where, what, and what was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering

_LONGEST_WORD = 80  # difflib takes quadratic time, and no name of ours comes near
_NEAR, _CLOSE = 0.6, 0.8  # likeness from which a word may be meant, and from which it can hardly be another
# share of the letters that may be wrong, and that of a long name, of which one whole word may be another
_SLIPS, _SLIPS_LONG, _LONG = 1 / 3, 0.4, 12
_BEGUN = 4  # letters from which the beginning of a name stands for it, if it is the only one
_LIKELY = 8  # words that are most alike, among which the one with the fewest slips is taken


@total_ordering
@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file, with its place.

    Attributes
    ----------
    file
        The file as the reader knows it, or ``command line``.
    line, column
        Place, counted from 1.
    message
        What is wrong, in plain words, without a final stop.
    hint
        The name that was perhaps meant.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        guess = "" if self.hint is None else f", did you mean '{self.hint}'?"
        return f"{self.file}:{self.line}:{self.column}: {self.message}{guess}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Problem):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.message, self.hint or "")


LAST_SEED = 2**64 - 1  # the seed of a future is a word of 64 bits


class SeedError(ValueError):
    """A seed that is none: what it is; futures are numbered from 0 to :data:`LAST_SEED`."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.seed = seed

    def __str__(self) -> str:
        return f"a seed must lie in 0 to 2**64 - 1, got {self.seed}"


def known_seed(seed: int) -> int:
    """Return a seed of a future.

    Raises
    ------
    SeedError
        If it does not lie in 0 to 2**64 - 1.
    """
    if not 0 <= seed <= LAST_SEED:
        raise SeedError(seed)
    return seed


class WorkerDiedError(RuntimeError):
    """A process that did runs for this one ended before its work was done, and not because anybody asked it to.

    Parameters
    ----------
    workers
        Processes at work.
    done, total
        Futures that were done, and in all.
    """

    def __init__(self, workers: int, done: int, total: int) -> None:
        super().__init__(workers, done, total)
        self.workers, self.done, self.total = workers, done, total

    def __str__(self) -> str:
        return (
            f"one of {self.workers} worker processes died after {self.done} of {self.total} futures, most likely for "
            f"lack of memory; nothing half-done was left behind. Try again with fewer: --workers {self.fewer}"
        )

    @property
    def fewer(self) -> int:
        """How many processes to try next; one process does all by itself and has no worker."""
        return max(self.workers // 2, 1)


class InputError(Exception):
    """What was written cannot be used; carries every problem that was found.

    Parameters
    ----------
    problems
        At least one problem; they are sorted by place and each is kept once.

    Raises
    ------
    ValueError
        If there is no problem to report.
    """

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def did_you_mean(word: str, options: Iterable[str], *, surely: bool = False) -> str | None:
    """Return the option that was most likely meant, or None if none is near; ``surely`` asks for a slip of the pen.

    Case, hyphens, underscores, dots and spaces count for nothing, so that ``Basic_Job`` finds ``basic-job``;
    the last part of a dotted name finds the whole (``onset_rate`` finds ``debt.onset_rate``) if only one ends
    so. The word itself is never the answer.
    """
    names = sorted({option for option in options if option != word})
    if not word or len(word) > _LONGEST_WORD:
        return None
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(_fold(name), name)
    wanted = _fold(word)
    if wanted in folded:
        return folded[wanted]
    near = difflib.get_close_matches(wanted, folded, n=_LIKELY, cutoff=_CLOSE if surely else _NEAR)
    # the same letters in another order are one slip, however far apart: M280 for M028
    slips = {one: 1 if sorted(one) == sorted(wanted) else _slips(wanted, one) for one in near}
    longest = {one: max(len(one), len(wanted)) for one in near}
    meant = [
        one for one in near if slips[one] <= longest[one] * (_SLIPS if longest[one] < _LONG else _SLIPS_LONG)
    ]
    if meant:
        return folded[min(meant, key=slips.__getitem__)]  # of several the likest, which stands first
    begun = [one for one in folded if one.startswith(wanted)]
    if len(begun) == 1 and len(wanted) >= _BEGUN and not surely:
        return folded[begun[0]]
    last_parts = [name for name in names if wanted and _fold(name.rpartition(".")[2]) == wanted]
    return last_parts[0] if len(last_parts) == 1 else None


def _slips(word: str, other: str) -> int:
    """Letters left out, put in, taken for another or swapped with the next, to come from one word to the other."""
    before, last = list[int](), list(range(len(other) + 1))
    for row, letter in enumerate(word, start=1):
        here = [row]
        for place, wanted in enumerate(other, start=1):
            fewest = min(last[place] + 1, here[-1] + 1, last[place - 1] + (letter != wanted))
            if before and place > 1 and word[row - 2] == wanted and letter == other[place - 2]:
                fewest = min(fewest, before[place - 2] + 1)
            here.append(fewest)
        before, last = last, here
    return last[-1]


def _fold(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
