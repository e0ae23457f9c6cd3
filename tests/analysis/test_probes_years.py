"""Probes that follow persons over a year or longer, against answers by hand."""

from types import SimpleNamespace

import numpy as np

from wijksim.analysis.validation import probes_years, programmes  # noqa: F401  (declare their probes and rules)
from wijksim.analysis.validation.facts import shipped_facts
from wijksim.analysis.validation.probes import PROBES
from wijksim.analysis.validation.statistics import SIMULATED, bind


class _World:
    """What the probes look at of a world with residents who stay."""

    def __init__(self, residents: int, districts: int = 1) -> None:
        self.n_districts = districts
        self.resident = SimpleNamespace(
            uid=np.arange(1, residents + 1, dtype=np.uint64),
            district=np.zeros(residents, dtype=np.int32),
            age=np.full(residents, 16),
            alive=np.ones(residents, dtype=bool),
            suspect=np.zeros(residents, dtype=bool),
            rows=np.arange(residents),
        )


def _told(reports: dict[int, dict[int, int]], months: int) -> tuple[float, float]:
    """Sums of the probe of repeated reports over months, with the reports per row of each month."""
    world, top, bottom = _World(6), 0.0, 0.0
    for month in range(months):
        now = reports.get(month, {})
        columns = {"row": np.array(list(now), np.int64), "reports": np.array(list(now.values()), np.int64)}
        log = SimpleNamespace(column=lambda kind, name, columns=columns: columns[name])
        above, below = PROBES["crises_repeated"].look(SimpleNamespace(world=world, month=month, log=log))
        top, bottom = top + float(above[0]), bottom + float(below[0])
    return top, bottom


def test_all_reports_of_a_repeater_count():
    # row 0 three times, rows 1 and 2 once, row 3 twice in one month
    assert _told({1: {0: 1, 1: 1}, 4: {0: 1, 2: 1}, 9: {0: 1, 3: 2}}, 12) == (5.0, 7.0)


def test_an_earlier_report_counts_for_twelve_months_and_no_longer():
    assert _told({11: {0: 1}, 20: {0: 1}}, 24) == (1.0, 2.0)
    assert _told({2: {0: 1}, 20: {0: 1}}, 24) == (0.0, 2.0)


def test_young_suspects_are_followed_for_two_years():
    """One has a new case in month 20, one in month 30, one has none; an adult is not followed."""
    world, top, bottom = _World(4), 0.0, 0.0
    world.resident.age[3] = 40
    cases = {3: [0, 1, 2, 3], 20: [0], 30: [1]}
    for month in range(40):
        world.resident.suspect[:] = False
        world.resident.suspect[cases.get(month, [])] = True
        above, below = PROBES["reconviction_juvenile"].look(SimpleNamespace(world=world, month=month))
        top, bottom = top + float(above[0]), bottom + float(below[0])
    assert (top, bottom) == (1.0, 3.0)


def test_who_left_is_followed_no_more():
    world, bottom = _World(2), 0.0
    for month in range(30):
        world.resident.suspect[:] = month == 0
        if month == 5:
            world.resident.rows = np.array([0])
        bottom += float(PROBES["reconviction_juvenile"].look(SimpleNamespace(world=world, month=month))[1][0])
    assert bottom == 1.0


def test_negative_controls_are_bound_to_their_programmes():
    facts = {one.id: one for one in shipped_facts()}
    assert bind(facts["PT26"]).needs[0] == "pair:selective"
    assert bind(facts["HP31b"]).needs[0] == "pair:package"
    assert bind(facts["PT26"]).kind == SIMULATED
