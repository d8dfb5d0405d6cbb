"""Managers who decide about one application at the same moment."""

import time
from collections.abc import Callable
from functools import partial

import pytest

from counterparties.models import Holding, Membership, Registration
from counterparties.registration_refusals import WrongStep
from counterparties.services import review
from counterparties.services.review import registration_approve
from tests.counterparties.applications import on_review
from tests.factories import AT, World, actor_of, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def approvals(world: World, registration: Registration) -> list[Callable[[], Holding]]:
    """Two managers press the button together, each three times."""
    people = [world.manager, world.other_manager] * 3
    return [
        partial(
            registration_approve,
            registration_id=registration.pk,
            actor=actor_of(person),
            holding_name="Новичок",
            manager=person,
            contract=None,
            is_new_in_spite=True,
            at=AT,
        )
        for person in people
    ]


def test_two_managers_make_one_client(world: World) -> None:
    registration = on_review(world.city)

    outcomes = crowd(approvals(world, registration))

    made = [one for one in outcomes if isinstance(one, Holding)]
    assert len(made) == 1
    assert {type(one) for one in outcomes if not isinstance(one, Holding)} == {WrongStep}
    assert Holding.objects.filter(name="Новичок").count() == 1
    assert Membership.objects.filter(user=registration.user).count() == 1


def test_without_the_lock_there_would_be_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the test above can fail."""
    registration = on_review(world.city)

    def unlocked(registration_id: int, *_rest: object) -> Registration:
        found = Registration.objects.get(pk=registration_id)
        time.sleep(0.5)  # everybody has looked before anybody writes
        return found

    monkeypatch.setattr(review, "_locked", unlocked)

    outcomes = crowd(approvals(world, registration))

    assert len([one for one in outcomes if isinstance(one, Holding)]) > 1
