"""Words by which a lever governs others have to exist."""

from __future__ import annotations

import pytest

from wijksim.core.errors import InputError
from wijksim.model.known import load_scenario

GIVEN = {"months": 12, "world.size": 600}


def test_a_word_that_nobody_has_is_refused_with_the_one_that_was_meant() -> None:
    uses = [{"lever": "basic-job", "id": "jobs"}, {"lever": "stop-go", "aim": "mony, jobs, arears-contact"}]
    with pytest.raises(InputError) as raised:
        load_scenario("baseline", overrides={**GIVEN, "levers": uses})
    found = sorted(str(problem) for problem in raised.value.problems)
    assert len(found) == 2
    assert "'arears-contact'" in found[0]
    assert "did you mean 'arrears-contact'" in found[0]
    assert "'mony'" in found[1]
    assert "did you mean 'money'" in found[1]


def test_names_families_and_ids_are_known() -> None:
    uses = [{"lever": "basic-job", "id": "jobs"}, {"lever": "stop-go", "aim": "jobs, money, staffing, all"}]
    assert load_scenario("baseline", overrides={**GIVEN, "levers": uses}).levers


def test_a_partner_that_nobody_is_is_refused_before_anything_runs() -> None:
    uses = [
        {"lever": "cooperation", "partners": "police, corporatoin"},
        {"lever": "cooperation", "id": "again", "partners": "xyz"},
    ]
    with pytest.raises(InputError) as raised:
        load_scenario("baseline", overrides={**GIVEN, "levers": uses})
    found = sorted(str(problem) for problem in raised.value.problems)
    assert len(found) == 2
    assert "lever 'again': there is no partner 'xyz', choose from" in found[0]
    assert "there is no partner 'corporatoin', did you mean 'corporation'?" in found[1]
    one = {"lever": "cooperation", "partners": "police, corporation"}
    assert load_scenario("baseline", overrides={**GIVEN, "levers": [one]}).levers


@pytest.mark.parametrize(
    ("role", "employer", "words"),
    [
        ("social_worker", "police", "works for municipality, welfare"),
        ("caretaker", "police", "a caretaker works for corporation"),
        ("all", "police", ""),
        ("social_worker", "welfare", ""),
        ("social_worker", "all", ""),
    ],
)
def test_staff_of_an_employer_that_has_none_is_refused(role: str, employer: str, words: str) -> None:
    uses = [{"lever": "staffing", "role": role, "organisation": employer}]
    if not words:
        assert load_scenario("baseline", overrides={**GIVEN, "levers": uses}).levers
        return
    with pytest.raises(InputError, match=words):
        load_scenario("baseline", overrides={**GIVEN, "levers": uses})
