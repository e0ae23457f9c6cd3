"""Tables for people: a figure that is cut short is another figure."""

from __future__ import annotations

import pytest

from wijksim.cli.console import grid, out


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_no_cell_is_cut_however_narrow_the_terminal(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    figures = [f"{number}.{number}e-0{number}" for number in range(1, 9)]
    heads = ["name", *(f"figure{number}" for number in range(8))]
    out().print(grid(heads, [["work.exit_rate", *figures]], numbers=heads[1:]))
    shown = capsys.readouterr().out
    assert all(cell in shown for cell in ["work.exit_rate", *figures, *heads])
