"""Acts that are asked for and made by many at the same moment."""

from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from documents.models import Act, ActLine, Document, NumberSequence
from documents.services.act_making import act_make
from documents.services.act_requests import act_request
from documents.services.act_schedules import SchedulePlace, act_schedule_save, acts_due
from documents.states import ActState
from portal.outbox.models import Job
from tests.documents.acts.conftest import golden, quick_act, target
from tests.documents.acts.test_making import MADE, at
from tests.factories import AT, World, actor_of, make_world
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
