"""Values of parameters by month: dates of policy, overrides, and when anything changes."""

from __future__ import annotations

from wijksim.parameters.schema import Parameter
from wijksim.parameters.store import ParameterStore


def parameter(name: str, value: float, dated: tuple[tuple[str, float], ...] = ()) -> Parameter:
    return Parameter(
        name=name,
        value=value,
        low=0,
        high=10,
        unit="-",
        kind="policy",
        grade="A",
        source=("test",),
        label=name,
        dated=dated,
        price_year=None,
    )


def test_values_change_at_their_dates_and_at_overrides_only() -> None:
    store = ParameterStore({"a.one": parameter("a.one", 1, (("2025-03", 2), ("2026-01", 3)))})
    store.set("a.one", 9, 5)
    labels = {month: f"2025-{month + 1:02d}" for month in range(12)}
    assert [month for month, label in labels.items() if store.changes_at(month, label)] == [2, 5]
    assert store.changes_at(12, "2026-01")
    assert store.at(1, "2025-02") == {"a.one": 1}
    assert store.at(2, "2025-03") == {"a.one": 2}
    assert store.at(5, "2025-06") == {"a.one": 9}


def test_a_parameter_declared_later_brings_its_dates() -> None:
    store = ParameterStore({"a.one": parameter("a.one", 1)})
    assert not store.changes_at(0, "2025-01")
    store.declare([parameter("a.two", 1, (("2025-01", 4),))])
    assert store.changes_at(0, "2025-01")
    assert store.at(0, "2025-01")["a.two"] == 4


def test_a_twin_goes_its_own_way() -> None:
    store = ParameterStore({"a.one": parameter("a.one", 1, (("2025-03", 2),))})
    store.set("a.one", 9, 5)
    twin = store.twin()
    twin.set("a.one", 7, 5)
    twin.declare([parameter("a.two", 4)])
    assert twin.at(5, "2025-06") == {"a.one": 7, "a.two": 4}
    assert store.at(5, "2025-06") == {"a.one": 9}
    assert "a.two" not in store
