"""A memo of too few pairs says so before it runs."""

from __future__ import annotations

import pytest

from wijksim.cli.compare import warn_of_few


@pytest.mark.parametrize(("pairs", "said"), [(1, "1 pair proves"), (4, "4 pairs prove"), (5, ""), (100, "")])
def test_fewer_than_five_pairs_are_warned_of(capsys, pairs: int, said: str) -> None:
    warn_of_few(pairs)
    told = capsys.readouterr()
    assert told.out == ""
    assert (said in told.err) if said else told.err == ""
    assert ("te weinig paren" in told.err) == bool(said)
