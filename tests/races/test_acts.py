"""Acts that are asked for and made by many at the same moment."""

from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from counterparties.models import Contract
from documents.models import Act, ActLine, Document, NumberSequence
from documents.services.act_making import act_make
from documents.services.act_requests import act_request
from documents.services.act_schedules import SchedulePlace, act_schedule_save, acts_due
from documents.services.act_stale import acts_stale_mark
from documents.states import ActState
from portal.outbox.models import Job
from tests.documents.acts.conftest import golden, on, quick_act, target
from tests.documents.acts.test_making import MADE, at
from tests.factories import AT, World, actor_of, make_contract, make_world
from tests.finance.debts import make_debt
from tests.races.crowd import crowd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick_act")]
CROWD = 6

__all__ = ["quick_act"]


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    golden(world)
    return world


def asked(world: World) -> Act:
    return act_request(actor=actor_of(world.head), target=target(world), at=AT)[0]


def faults(outcomes: list[object]) -> list[object]:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def test_clicks_of_one_moment_are_one_act(world: World) -> None:
    actor, wish = actor_of(world.head), target(world)

    outcomes = crowd([partial(act_request, actor=actor, target=wish, at=AT)] * CROWD)

    assert faults(outcomes) == []
    assert (Act.objects.count(), Job.objects.filter(handler=MADE).count()) == (1, 1)


def test_beats_of_one_moment_are_one_act(world: World) -> None:
    place = SchedulePlace(organization_id=world.organization.pk, legal_entity_id=world.entity.pk)
    act_schedule_save(actor=actor_of(world.head), place=place, period="quarter", day=5, is_active=True)

    outcomes = crowd([partial(acts_due, at=at(2026, 10, 5))] * CROWD)

    assert faults(outcomes) == []
    assert (Act.objects.count(), Job.objects.filter(handler=MADE).count()) == (1, 1)


def test_workers_of_one_moment_make_one_paper(world: World) -> None:
    act = asked(world)

    outcomes = crowd([partial(act_make, act_id=act.pk, at=AT)] * CROWD)

    assert faults(outcomes) == []
    act.refresh_from_db()
    assert (act.state, Document.objects.count(), ActLine.objects.count()) == (ActState.GENERATED, 1, 2)
    assert NumberSequence.objects.get().last_number == 1


def test_two_papers_would_be_made_without_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: what the lock prevents, the constraints of the database refuse."""
    act = asked(world)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)

    outcomes = crowd([partial(act_make, act_id=act.pk, at=AT)] * CROWD)

    assert IntegrityError in {type(outcome) for outcome in faults(outcomes)}
    assert Document.objects.count() == 1


# --- an entry that is on its way while acts are looked at -----------------------------------------------
def late_entry_passed_over(world: World) -> tuple[int, bool]:
    """An entry of one contract is written but not committed; a newer one of another contract is there.

    What the look in between found, and whether the act is stale once all is committed and looked at.
    """
    other = make_contract(world.entity, is_default=False)
    make_debt(other, "1", **on(2026, 6, 1), number="0")
    act = asked(world)
    act_make(act_id=act.pk, at=AT)
    is_written, may_commit = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=world.contract.pk)
            make_debt(world.contract, "700", **on(2026, 8, 1), number="УТ-LATE")
            is_written.set()
            may_commit.wait(timeout=30)

    def look() -> int:
        is_written.wait(timeout=30)
        try:
            make_debt(other, "5", **on(2026, 12, 1), number="УТ-AFTER")  # after the period: changes nothing
            return acts_stale_mark(at=AT, is_thorough=True)
        finally:
            may_commit.set()

    outcomes = crowd([slow, look])
    assert faults(outcomes) == []
    acts_stale_mark(at=AT, is_thorough=True)
    act.refresh_from_db()
    return int(str(outcomes[1])), act.is_stale


def test_entry_that_is_committed_while_acts_are_looked_at_is_not_passed_over(world: World) -> None:
    assert late_entry_passed_over(world) == (0, True)


def test_it_would_be_passed_over_without_the_locks(world: World, settings: Any) -> None:
    """Negative control: the newest number was noted, and the smaller one that came later is never seen."""
    settings.TEST_SKIP_LOCKS = True

    assert late_entry_passed_over(world) == (0, False)
