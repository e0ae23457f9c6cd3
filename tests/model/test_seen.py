"""What has to be seen is seen, once, however short the way that a month takes otherwise."""

from __future__ import annotations

import pytest

from wijksim.kernel.reference import Reference
from wijksim.mechanisms.demography import families, mortality
from wijksim.model.assemble import warmed_up
from wijksim.model.known import load_scenario

YEAR = 12
LOOKED_UP = (mortality.EARLY_DEATH, mortality.DEATH, families.BIRTH, families.PARTING)


@pytest.fixture(scope="module")
def small() -> dict[str, object]:
    """A world that is quick to make."""
    return {"world.size": 300, "world.warmup": 3}


def test_the_reference_measures_an_event_once_a_month(small: dict[str, object]) -> None:
    engine = warmed_up(load_scenario("baseline", overrides=small), 5)
    engine.advance()
    ctx, months = engine.ctx, 4
    ctx.reference = Reference(ctx.reference.stored, tracking=True)
    ctx.reference.start_tracking()
    for _ in range(months):
        engine.advance()
    counted = {
        event.name: ctx.reference._sums[event.name][0] for event in LOOKED_UP if event.index.influences
    }
    assert counted == dict.fromkeys(counted, months)
    assert len(counted) > 1


def test_an_audit_sees_pairs_and_school_choices_as_well(small: dict[str, object]) -> None:
    engine = warmed_up(load_scenario("baseline", overrides=small), 5, audit=True)
    plain = warmed_up(load_scenario("baseline", overrides=small), 5)
    seen: set[str] = set()
    for _ in range(YEAR):
        engine.advance()
        plain.advance()
        audit = engine.ctx.draws._audit
        assert audit is not None
        seen |= {stream for (stream, _, _), uids in audit._seen.items() if uids.size}
    assert {"contacts.pair", "contacts.meet", "school.choice", "school.lot"} <= seen
    one, other = engine.ctx.world, plain.ctx.world
    assert one.ties.a.tolist() == other.ties.a.tolist()
    assert one.resident.school.tolist() == other.resident.school.tolist()
