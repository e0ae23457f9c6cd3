"""Norms, tax and allowances of 2024 against amounts that were published."""

import numpy as np
import pytest

from wijksim.mechanisms.income import allowances, rule_loops
from wijksim.mechanisms.income.tax import net_line
from wijksim.parameters.store import ParameterStore


@pytest.fixture(scope="module")
def values():
    return ParameterStore().at(0, "2025-01")


def net(values, gross, *, working=True):
    return float(np.interp(gross, *net_line(values, working=working)))


def rent_allowance(values, rent, yearly, persons, old):
    found, rows = np.empty(rent.size), np.arange(rent.size, dtype=np.int32)
    rule_loops.rent(allowances.rent_rules(values), rent, yearly, rows, persons, old, found)
    return found


def care_allowance(values, yearly, paired):
    found = np.empty(yearly.size)
    rule_loops.care(allowances.care_rules(values), yearly, paired, found)
    return found


def child_budget(values, yearly, children, extra, alone):
    found, rows = np.empty(yearly.size), np.arange(yearly.size, dtype=np.int32)
    rule_loops.children(allowances.child_rules(values), yearly, rows, children, extra, alone, found)
    return found


def exact_tax(wage):
    """Schedule of 2024 written out for one yearly wage below the top bracket."""
    general = max(3362 - 0.0663 * max(wage - 24813, 0), 0)
    if wage <= 11491:
        work = 0.08425 * wage
    elif wage <= 24821:
        work = 968 + 0.31433 * (wage - 11491)
    elif wage <= 39958:
        work = 5158 + 0.02471 * (wage - 24821)
    else:
        work = max(5532 - 0.0651 * (wage - 39958), 0)
    return max(0.3697 * wage - general - work, 0)


@pytest.mark.parametrize("wage", [6000, 11000, 20000, 27650, 36000, 48000, 70000])
def test_net_of_tax_follows_the_schedule(values, wage):
    values = {**values, "income.pension_contribution": 0.0}
    assert net(values, wage / 12) * 12 == pytest.approx(wage - exact_tax(wage), abs=2)


def test_credits_are_never_paid_out_and_top_rate_holds(values):
    values = {**values, "income.pension_contribution": 0.0}
    assert net(values, 500) == pytest.approx(500)
    assert net(values, 20000) - net(values, 19000) == pytest.approx(1000 * (1 - 0.495))


def test_net_rises_with_gross(values):
    gross = np.linspace(0, 15000, 4000)
    for working in (True, False):
        assert np.all(np.diff(np.interp(gross, *net_line(values, working=working))) > 0)


def test_assistance_norms(values):
    single, couple, three = allowances.assistance_norm(values, np.array([1, 2, 3]))
    assert single == pytest.approx(1308.45, abs=0.01)  # LAB-28
    assert 2 * couple == pytest.approx(1869.21, abs=0.01)  # LAB-29
    assert three == pytest.approx(1869.21 * 0.4333, rel=1e-3)


def test_state_pension_net(values):
    """Published net of July 2024: 1,486.24 and 1,010.69 before holiday pay of 78.34 and 55.96 gross."""
    keep = 1 - values["income.care_contribution"]
    assert values["income.aow_single"] * keep == pytest.approx(1486.24 + 78.34 * keep, abs=0.1)
    assert values["income.aow_couple"] * keep == pytest.approx(1010.69 + 55.96 * keep, abs=0.1)


# published table of 2024, two persons of pension age: income, then the allowance at four rents
RENTS = (879.66, 679.66, 479.66, 279.0)
TABLE = [
    (29293, (485, 405, 282, 91)),
    (33775, (396, 316, 193, 2)),
    (38775, (280, 200, 77, 0)),
    (42775, (189, 109, 0, 0)),
    (47775, (92, 12, 0, 0)),
]


@pytest.mark.parametrize(("income", "expected"), TABLE)
def test_rent_allowance_of_elderly_couples(values, income, expected):
    rent = np.array(RENTS)
    n = rent.size
    found = rent_allowance(values, rent, np.full(n, float(income)), np.full(n, 2), np.ones(n, dtype=bool))
    assert found == pytest.approx(np.array(expected), abs=6)


def test_rent_allowance_of_singles_ends_where_it_should(values):
    """At the quality limit of 454.47 the allowance of a single ends at a yearly income of 31,625.62."""

    def at(income):
        found = rent_allowance(
            values, np.array([454.47]), np.array([income]), np.array([1]), np.zeros(1, bool)
        )
        return float(found[0])

    assert at(20000.0) == pytest.approx(454.47 - 192)
    assert at(31000.0) > 0
    assert at(32300.0) == 0


def test_no_rent_allowance_above_the_limit(values):
    found = rent_allowance(values, np.array([880.0]), np.array([15000.0]), np.array([1]), np.zeros(1, bool))
    assert found[0] == 0


def test_families_get_nothing_above_the_cap(values):
    poor = np.full(2, 20000.0)
    found = rent_allowance(values, np.array([697.07, 870.0]), poor, np.array([4, 4]), np.zeros(2, bool))
    assert found[0] == pytest.approx(found[1])


def test_care_allowance(values):
    single, pair = np.array([False]), np.array([True])
    assert care_allowance(values, np.array([20000.0]), single)[0] == 123
    assert care_allowance(values, np.array([20000.0]), pair)[0] == 236
    assert care_allowance(values, np.array([37000.0]), single)[0] > 0
    assert care_allowance(values, np.array([37700.0]), single)[0] == 0
    assert care_allowance(values, np.array([47600.0]), pair)[0] == 0


def test_child_benefit_and_budget(values):
    ages = np.array([3, 8, 14])
    assert allowances.child_benefit(values, ages) * 3 == pytest.approx([281.69, 342.05, 402.41])
    assert allowances.child_extra(values, np.array([8, 14, 17])) == pytest.approx([0, 694, 924])
    alone = child_budget(values, np.array([20000.0]), np.array([2]), np.array([0.0]), np.array([True]))
    assert alone[0] * 12 == pytest.approx(2 * 2436 + 3480)
    pair = child_budget(values, np.array([45850.0]), np.array([2]), np.array([0.0]), np.array([False]))
    assert pair[0] * 12 == pytest.approx(2 * 2436 - 0.0675 * 10000)
    none = child_budget(values, np.array([10000.0]), np.array([0]), np.array([0.0]), np.array([True]))
    assert none[0] == 0


def test_gain_of_a_minimum_wage_over_assistance(values):
    """LAB-30: 50 to 600 euros a month for a single; local schemes, which are lost too, are not in the model."""
    wage, norm, rent = values["income.minimum_wage"] * 1.08, 1308.45, np.array([600.0])
    one, young = np.array([1]), np.zeros(1, bool)

    def left(income, gross):
        yearly = np.array([gross * 12])
        help_rent = rent_allowance(values, rent, yearly, one, young)[0]
        return income + help_rent + care_allowance(values, yearly, young)[0]

    assert 50 <= left(net(values, wage), wage) - left(norm, norm) <= 650
